//! What people decided, as the store keeps it.
//!
//! Nothing is deleted: a decision that was taken back is kept and marked `undone`.

use onrecord_text::answers::{DecidedField, DecisionKind};
use onrecord_text::hexadecimal;
use rusqlite::{Connection, Row, params};
use sha2::{Digest as _, Sha256};

use crate::error::{Result, StoreError};
use crate::events;
use crate::handle::Reader;
use crate::ids::{DecisionId, EventRef, StatementId};
use crate::kinds::Sql;
use crate::words;

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The decision's number.
    pub id: DecisionId,
    /// When the decision was made, in UTC.
    pub made: String,
    /// Who made the decision, if they gave a name.
    pub by: Option<String>,
    /// The kind of decision.
    pub kind: DecisionKind,
    /// The key of the article that the decision is about.
    pub article: Option<String>,
    /// The content of the statement that the decision is about.
    pub content: Option<String>,
    /// For a decision on a statement: the words of the statement's source.
    pub source: Option<String>,
    pub(crate) start: Option<usize>,
    pub(crate) end: Option<usize>,
    pub(crate) version: Option<String>,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    /// For `set`: the field.
    pub field: Option<DecidedField>,
    /// For `set`: the value. For `split`: the name.
    pub value: Option<String>,
    /// For `merge`: the key of the first person. For a speaker that was set: the speaker's key.
    pub person: Option<String>,
    /// For `merge`: the key of the second person.
    pub other: Option<String>,
    /// Whether the decision is about a report of an event.
    ///
    /// `content` is then the trigger of the report, and `source` the words for the actor.
    pub on_event: bool,
    /// Whether the decision was taken back.
    pub undone: bool,
    pub(crate) seal: Option<String>,
}

impl Decision {
    /// Returns a decision of this kind that says nothing else yet.
    pub(crate) fn new(kind: DecisionKind) -> Self {
        Self {
            id: DecisionId(0),
            made: String::new(),
            by: None,
            kind,
            article: None,
            content: None,
            source: None,
            start: None,
            end: None,
            version: None,
            before: None,
            after: None,
            field: None,
            value: None,
            person: None,
            other: None,
            on_event: false,
            undone: false,
            seal: None,
        }
    }

    /// Returns whether the decision is as it was made.
    pub(crate) fn is_sound(&self) -> bool {
        self.seal.as_deref() == Some(self.sealed().as_str())
    }

    /// Returns whether this decision splits off an entity with this name.
    pub(crate) fn splits(&self, name: &str) -> bool {
        let same = |v: &str| words::fold(v) == words::fold(name);
        self.kind == DecisionKind::Split && self.value.as_deref().is_some_and(same)
    }

    /// Returns a hash of the whole decision. Taking the decision back does not change it.
    pub(crate) fn sealed(&self) -> String {
        let mut hash = Sha256::new();
        let number = |n: Option<usize>| n.map(|n| n.to_string());
        for part in [
            Some(self.id.to_string()),
            Some(self.made.clone()),
            self.by.clone(),
            Some(self.kind.name().to_owned()),
            self.article.clone(),
            self.content.clone(),
            self.source.clone(),
            number(self.start),
            number(self.end),
            self.version.clone(),
            self.before.clone(),
            self.after.clone(),
            self.field.map(|f| f.name().to_owned()),
            self.value.clone(),
            self.person.clone(),
            self.other.clone(),
        ]
        .into_iter()
        // Earlier schemas had no decisions on events, and their seals remain as they are.
        .chain(self.on_event.then(|| Some("event".to_owned())))
        {
            match part {
                Some(part) => {
                    hash.update((part.len() as u64 + 1).to_le_bytes());
                    hash.update(part.as_bytes());
                }
                None => hash.update(0u64.to_le_bytes()),
            }
        }
        hexadecimal(&hash.finalize())
    }
}

/// Defines the functions that read and write decisions from one list: of columns, and of the fields that they hold.
macro_rules! columns {
    ($($column:literal = $field:ident $(as $wrapper:ident)?,)*) => {
        const COLUMNS: &[&str] = &[$($column),*];

        /// Returns the decision in a row of all columns.
        fn of_row(r: &Row) -> rusqlite::Result<Decision> {
            let mut columns = 0..COLUMNS.len();
            let mut column = || columns.next().unwrap_or_default();
            Ok(Decision {
                $($field: {
                    let value = r.get(column())?;
                    $(let $wrapper(value) = value;)?
                    value
                },)*
            })
        }

        /// Inserts a decision as it is.
        pub(crate) fn insert(db: &Connection, decision: &Decision) -> Result<()> {
            let marks = vec!["?"; COLUMNS.len()].join(", ");
            let sql = format!("INSERT INTO decisions ({}) VALUES ({marks})", COLUMNS.join(", "));
            db.prepare_cached(&sql)?.execute(params![$($($wrapper)?(decision.$field),)*])?;
            Ok(())
        }
    };
}

columns! {
    "id" = id,
    "made" = made,
    "decider" = by,
    "kind" = kind as Sql,
    "article" = article,
    "content" = content,
    "source" = source,
    "start" = start,
    "\"end\"" = end,
    "version" = version,
    "before" = before,
    "after" = after,
    "field" = field as Sql,
    "value" = value,
    "person" = person,
    "other" = other,
    "undone" = undone,
    "seal" = seal,
    "on_event" = on_event,
}

/// Returns the decisions that fulfil a condition, oldest first.
pub(crate) fn decisions_where(
    db: &Connection,
    condition: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<Decision>> {
    let columns = COLUMNS.join(", ");
    let mut statement =
        db.prepare_cached(&format!("SELECT {columns} FROM decisions WHERE {condition} ORDER BY id"))?;
    let rows = statement.query_map(values, of_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns all decisions, oldest first.
pub(crate) fn all(db: &Connection) -> Result<Vec<Decision>> {
    decisions_where(db, "1", &[])
}

/// Returns the merges in force, oldest first.
pub(crate) fn merges(db: &Connection) -> Result<Vec<Decision>> {
    decisions_where(db, "kind = 'merge' AND NOT undone", &[])
}

/// Returns the decisions in force for an article, oldest first.
pub(crate) fn of_article(db: &Connection, key: &str) -> Result<Vec<Decision>> {
    decisions_where(db, "article = ? AND NOT undone", &[&key])
}

/// Returns the decisions that apply to a statement, oldest first.
pub(crate) fn on(db: &Connection, statement: StatementId) -> Result<Vec<Decision>> {
    decisions_where(db, "id IN (SELECT decision FROM corrections WHERE statement = ?)", &[&statement])
}

/// Inserts the decisions of another store unchanged.
pub(crate) fn restore(db: &Connection, all: &[Decision]) -> Result<()> {
    all.iter().try_for_each(|decision| insert(db, decision))
}

impl Reader {
    /// Returns all decisions, oldest first.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn decisions(&self) -> Result<Vec<Decision>, StoreError> {
        self.with_path(all(&self.db))
    }

    /// Returns one decision, or `None` if there is none with this number.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn decision(&self, number: DecisionId) -> Result<Option<Decision>, StoreError> {
        self.with_path(decisions_where(&self.db, "id = ?", &[&number]).map(|mut found| found.pop()))
    }

    /// Returns the decisions that apply to a report of an event, oldest first.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such report, or the store can't be read.
    pub fn decisions_on(&self, event: EventRef) -> Result<Vec<Decision>, StoreError> {
        let found = events::id_of(&self.db, event).and_then(|id| {
            decisions_where(
                &self.db,
                "id IN (SELECT decision FROM event_corrections WHERE event = ?)",
                &[&id],
            )
        });
        self.with_path(found)
    }
}
