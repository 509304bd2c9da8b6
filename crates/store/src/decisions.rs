//! What people decided about statements and people, kept apart from what the engine found.
//!
//! A decision on a statement names the article and the content, not the statement's number, so that it holds after the
//! article was read again by another version of the engine, and in a later version of the article that has the same
//! words. Nothing is deleted: a decision that was taken back stays, marked `undone`.

use onrecord_text::wire;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use crate::error::{Result, Trouble};
use crate::{Reader, StatementRef, Store, StoreError, lineage, names, people, search, words};

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its number.
    pub id: i64,
    /// When it was made, in universal time.
    pub made: String,
    /// accept, reject, set, merge, split.
    pub kind: String,
    article: Option<String>,
    /// The content of the statement that it is about.
    pub content: Option<String>,
    start: Option<i64>,
    end: Option<i64>,
    /// For `set`: speaker, role or said.
    pub field: Option<String>,
    /// For `set` its value, for `split` the name.
    pub value: Option<String>,
    /// For `merge`: what names the first across articles.
    pub person: Option<String>,
    /// For `merge`: what names the second.
    pub other: Option<String>,
    /// Whether it was taken back.
    pub undone: bool,
}

impl Decision {
    /// Whether it is about this statement of its article.
    pub(crate) fn concerns(&self, statement: &wire::Statement) -> bool {
        let point = |p: usize| i64::try_from(p).unwrap_or(i64::MAX);
        let spans = &statement.content.spans;
        let bounds = spans.first().zip(spans.last()).map(|(a, b)| (point(a[0]), point(b[1])));
        self.is_about(&statement.content.text, bounds)
    }

    fn is_about(&self, content: &str, bounds: Option<(i64, i64)>) -> bool {
        if !matches!(self.kind.as_str(), "accept" | "reject" | "set") {
            return false;
        }
        let mine = self.content.as_deref().unwrap_or_default();
        if words::fold(mine) == words::fold(content) {
            return true;
        }
        // Other bounds after another reading: the two share more than half of what either covers.
        let (Some((start, end)), Some(from), Some(to)) = (bounds, self.start, self.end) else { return false };
        let shared = end.min(to) - start.max(from);
        let together = end.max(to) - start.min(from);
        shared * 2 > together && lineage::share(mine, content) > 0.5
    }

    /// Whether it parts an entity of this name from the people of that name.
    pub(crate) fn splits(&self, name: &str) -> bool {
        self.kind == "split" && self.value.as_deref().is_some_and(|v| words::fold(v) == words::fold(name))
    }
}

/// The decisions that hold for an article, oldest first.
pub(crate) fn of_article(db: &Connection, key: &str) -> Result<Vec<Decision>> {
    let mut statement =
        db.prepare_cached("SELECT * FROM decisions WHERE article = ? AND NOT undone ORDER BY id")?;
    let rows = statement.query_map([key], of_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn of_row(r: &Row) -> rusqlite::Result<Decision> {
    Ok(Decision {
        id: r.get("id")?,
        made: r.get("made")?,
        kind: r.get("kind")?,
        article: r.get("article")?,
        content: r.get("content")?,
        start: r.get("start")?,
        end: r.get("end")?,
        field: r.get("field")?,
        value: r.get("value")?,
        person: r.get("person")?,
        other: r.get("other")?,
        undone: r.get("undone")?,
    })
}

/// Writes what a decision means for a statement. A later decision on the same field takes the place of an earlier one.
pub(crate) fn apply(db: &Connection, statement: i64, decision: &Decision) -> Result<()> {
    let (field, value) = match decision.kind.as_str() {
        "accept" => ("verdict", "accepted"),
        "reject" => ("verdict", "rejected"),
        "set" => match (decision.field.as_deref(), decision.value.as_deref()) {
            (Some(field), Some(value)) => (field, value),
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    db.prepare_cached("INSERT OR REPLACE INTO corrections VALUES (?, ?, ?, ?)")?.execute(params![
        statement,
        field,
        value,
        decision.id
    ])?;
    Ok(())
}

/// What may be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The statement is right.
    Accept(StatementRef),
    /// The statement is none; search and exports leave it out.
    Reject(StatementRef),
    /// A field of the statement is this: speaker, role or said.
    Set(StatementRef, Field, String),
    /// Two of the people are one.
    Merge(i64, i64),
    /// The statement's speaker is not the one of that name in other articles.
    Split(StatementRef),
}

/// The fields that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Who said it.
    Speaker,
    /// In which office.
    Role,
    /// On which day, in EDTF.
    Said,
}

impl Field {
    fn name(self) -> &'static str {
        match self {
            Self::Speaker => "speaker",
            Self::Role => "role",
            Self::Said => "said",
        }
    }
}

impl Store {
    /// Keeps a decision and lets it hold at once. `now` is the time, `2026-11-24T12:00:00Z`. Returns its number.
    ///
    /// # Errors
    ///
    /// When a statement or person isn't there, a day is none, or the store can't be written.
    pub fn decide(&mut self, verdict: &Verdict, now: &str) -> std::result::Result<i64, StoreError> {
        self.deciding(|db| decide(db, verdict, now))
    }

    /// Takes a decision back.
    ///
    /// # Errors
    ///
    /// When there is no such decision, or the store can't be written.
    pub fn undo(&mut self, decision: i64) -> std::result::Result<(), StoreError> {
        self.deciding(|db| {
            let found = db
                .query_row("SELECT * FROM decisions WHERE id = ? AND NOT undone", [decision], of_row)
                .optional()?
                .ok_or_else(|| {
                    Trouble::NotFound(format!("{decision}: no decision with this number holds"))
                })?;
            db.execute("UPDATE decisions SET undone = 1 WHERE id = ?", [decision])?;
            hold(db, &found)
        })
    }

    fn deciding<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> std::result::Result<T, StoreError> {
        let Reader { db, path } = &mut self.reader;
        let done = || -> Result<T> {
            let db = Transaction::new(db, TransactionBehavior::Immediate)?;
            let done = work(&db)?;
            db.commit()?;
            Ok(done)
        };
        done().map_err(|trouble| StoreError::of(path, trouble))
    }
}

impl Reader {
    /// All decisions, oldest first.
    ///
    /// # Errors
    ///
    /// When the store can't be read.
    pub fn decisions(&self) -> std::result::Result<Vec<Decision>, StoreError> {
        let all = || -> Result<_> {
            let mut statement = self.db.prepare("SELECT * FROM decisions ORDER BY id")?;
            let rows = statement.query_map([], of_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        };
        self.named(all())
    }
}

fn decide(db: &Connection, verdict: &Verdict, now: &str) -> Result<i64> {
    let on_statement = |name: StatementRef,
                        kind: &str,
                        field: Option<Field>,
                        value: Option<&str>|
     -> Result<i64> {
        let id = search::id_of(db, name)?;
        let insert = "INSERT INTO decisions (made, kind, article, content, start, \"end\", field, value)
            SELECT ?2, ?3, a.key, s.content, (SELECT min(start) FROM spans WHERE statement = s.id AND field = 'content'),
            (SELECT max(\"end\") FROM spans WHERE statement = s.id AND field = 'content'), ?4, ?5
            FROM statements s JOIN articles a ON a.id = s.article WHERE s.id = ?1";
        db.execute(insert, params![id, now, kind, field.map(Field::name), value])?;
        Ok(db.last_insert_rowid())
    };
    let id = match verdict {
        Verdict::Accept(name) => on_statement(*name, "accept", None, None)?,
        Verdict::Reject(name) => on_statement(*name, "reject", None, None)?,
        Verdict::Set(name, field, value) => {
            if *field == Field::Said {
                let date = value.parse::<onrecord_text::PartialDate>();
                date.map_err(|e| Trouble::Invalid(e.to_string()))?;
            }
            on_statement(*name, "set", Some(*field), Some(value))?
        }
        Verdict::Merge(a, b) => {
            let key = |id: &i64| -> Result<String> {
                let key =
                    db.query_row("SELECT key FROM people WHERE id = ?", [id], |r| r.get(0)).optional()?;
                key.ok_or_else(|| Trouble::NotFound(format!("p{id}: nobody in this store has this number")))
            };
            if people::root_of(db, *a)? == people::root_of(db, *b)? {
                return Err(Trouble::Invalid(format!("p{a} and p{b} are one already")));
            }
            let insert = "INSERT INTO decisions (made, kind, person, other) VALUES (?, 'merge', ?, ?)";
            db.execute(insert, params![now, key(a)?, key(b)?])?;
            db.last_insert_rowid()
        }
        Verdict::Split(name) => {
            let id = search::id_of(db, *name)?;
            let sql = "SELECT a.key, e.name FROM links l JOIN entities e ON e.id = l.entity
                JOIN articles a ON a.id = e.article WHERE l.statement = ? AND l.field = 'speaker' ORDER BY l.place";
            let found: Option<(String, String)> =
                db.query_row(sql, [id], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
            let (key, entity) =
                found.ok_or_else(|| Trouble::Invalid(format!("{name}: its speaker is nobody named")))?;
            let insert = "INSERT INTO decisions (made, kind, article, value) VALUES (?, 'split', ?, ?)";
            db.execute(insert, params![now, key, entity])?;
            db.last_insert_rowid()
        }
    };
    let made = db.query_row("SELECT * FROM decisions WHERE id = ?", [id], of_row)?;
    hold(db, &made)?;
    Ok(id)
}

/// Draws anew what the decisions mean that may have changed with this one.
fn hold(db: &Connection, changed: &Decision) -> Result<()> {
    match (changed.kind.as_str(), &changed.article) {
        ("merge", _) => merges(db),
        ("split", Some(key)) => splits(db, key, changed),
        (_, Some(key)) => statements(db, key, changed),
        _ => Ok(()),
    }
}

/// All merges, in their order.
fn merges(db: &Connection) -> Result<()> {
    db.execute("UPDATE people SET same_as = NULL WHERE same_as IS NOT NULL", [])?;
    let mut all =
        db.prepare("SELECT person, other FROM decisions WHERE kind = 'merge' AND NOT undone ORDER BY id")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let id =
            |key: String| db.query_row("SELECT id FROM people WHERE key = ?", [key], |r| r.get(0)).optional();
        let (Some(a), Some(b)) = (id(row.get(0)?)?, id(row.get(1)?)?) else { continue };
        let (a, b) = (people::root_of(db, a)?, people::root_of(db, b)?);
        if a != b {
            db.execute("UPDATE people SET same_as = ? WHERE id = ?", [a, b])?;
        }
    }
    Ok(())
}

/// The identity of an article's entities of the name that a decision is about.
fn splits(db: &Connection, key: &str, changed: &Decision) -> Result<()> {
    let mut entities = db.prepare(
        "SELECT e.id, e.kind, e.name FROM entities e JOIN articles a ON a.id = e.article WHERE a.key = ?",
    )?;
    let rows = entities
        .query_map([key], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let decided = of_article(db, key)?;
    for (id, kind, name) in rows.iter().filter(|(_, _, name)| changed.splits(name)) {
        db.execute("DELETE FROM identities WHERE entity = ?", [id])?;
        match (decided.iter().find(|d| d.splits(name)), names::key(kind, name)) {
            (Some(split), _) => people::identify_apart(db, *id, split, kind, name)?,
            (None, Some(key)) => people::identify(db, *id, &key, kind, name, "the same name")?,
            (None, None) => {
                db.execute("INSERT OR IGNORE INTO unjoined VALUES (?)", [words::fold(name)])?;
            }
        }
        people::index_again(db, *id)?;
    }
    Ok(())
}

/// The corrections of an article's statements that a decision is about.
fn statements(db: &Connection, key: &str, changed: &Decision) -> Result<()> {
    let mut all = db.prepare(
        "SELECT s.id, s.content, (SELECT min(start) FROM spans WHERE statement = s.id AND field = 'content'),
         (SELECT max(\"end\") FROM spans WHERE statement = s.id AND field = 'content')
         FROM statements s JOIN articles a ON a.id = s.article WHERE a.key = ?",
    )?;
    let decided = of_article(db, key)?;
    let mut rows = all.query([key])?;
    while let Some(row) = rows.next()? {
        let (id, content): (i64, String) = (row.get(0)?, row.get(1)?);
        let bounds = row.get::<_, Option<i64>>(2)?.zip(row.get(3)?);
        if !changed.is_about(&content, bounds) {
            continue;
        }
        db.execute("DELETE FROM corrections WHERE statement = ?", [id])?;
        for decision in decided.iter().filter(|d| d.is_about(&content, bounds)) {
            apply(db, id, decision)?;
        }
        search::withdraw(db, id)?;
        search::index(db, id)?;
    }
    Ok(())
}
