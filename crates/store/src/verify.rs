//! Checking whether a store still matches its articles.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use onrecord_text::{EntityKind, counted, wire};
use rusqlite::types::{FromSql, Value};
use rusqlite::{Connection, OptionalExtension};

use crate::corrections::{self, Correcting};
use crate::decision;
use crate::error::{Result, StoreError};
use crate::events::{self, EventCorrection};
use crate::handle::Reader;
use crate::ids::{
    ArticleId, DecisionId, EventRef, PersonRef, ReportId, StatementId, StatementRef, json_array,
};
use crate::kinds::Named;
use crate::merges::Merges;
use crate::rows::{self, Correction};
use crate::seal::seal;
use crate::{index, names, record};

/// A fault: something in a store that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The place of the fault: an article's number, a statement's name, a decision, a person, or a table.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

impl Fault {
    fn of(place: impl ToString, what: impl Into<String>) -> Self {
        Self { place: place.to_string(), what: what.into() }
    }
}

impl Reader {
    /// Checks the whole store and passes every fault to `each`.
    ///
    /// It checks that:
    ///
    /// - every article matches its hash,
    /// - every span reproduces its text and lies within it,
    /// - the engine's findings and people's decisions are as they were written,
    /// - people have the names by which they are known,
    /// - the corrections are those that the decisions lead to,
    /// - search finds every statement that it should, and no others,
    /// - the file itself is intact.
    ///
    /// Anything that can't be read counts as one fault, and the check continues with the rest.
    ///
    /// # Errors
    ///
    /// Returns the first error from `each`.
    pub fn verify<E: From<StoreError>>(&self, mut each: impl FnMut(Fault) -> Result<(), E>) -> Result<(), E> {
        let db = &self.db;
        let mut report = |place: &str, faults: Result<Vec<Fault>>| -> Result<(), E> {
            match faults {
                Ok(faults) => faults.into_iter().try_for_each(&mut each),
                Err(trouble) => each(Fault::of(place, format!("can't be read: {trouble}"))),
            }
        };
        report("file", Ok(cut(self).into_iter().collect()))?;
        report("words", refreshed(db).map(|()| Vec::new()))?;
        report("file", lines(db, "PRAGMA integrity_check"))?;
        report("file", references(db))?;
        let (articles, fault) = articles(db);
        report("articles", Ok(fault.into_iter().collect()))?;
        for id in articles {
            report(&id.to_string(), article(db, id))?;
        }
        report("decisions", decided(db))?;
        report("people", people(db))?;
        report("words", searched(db))?;
        Ok(())
    }
}

/// Returns the fault of a store whose end is missing.
pub(crate) fn cut(store: &Reader) -> Option<Fault> {
    let missing = store.copy.as_ref()?.missing;
    let what = if missing == 1 { "is missing" } else { "are missing" };
    Some(Fault::of("file", format!("{} at its end {what}", counted(missing, "byte"))))
}

/// Has SQLite read the structure of the search indexes again.
///
/// A handle keeps that structure from its last query on. SQLite's own check compares it with the file without looking
/// whether another handle has written since then, and reports damage that isn't there.
fn refreshed(db: &Connection) -> Result<()> {
    for table in ["words", "event_words"] {
        let sql = format!("SELECT 1 FROM {table} WHERE {table} MATCH 'kind : statement' LIMIT 1");
        db.query_row(&sql, [], |_| Ok(())).optional()?;
    }
    Ok(())
}

/// Returns the lines that one of SQLite's own checks prints, except for the one that says all is well.
fn lines(db: &Connection, pragma: &str) -> Result<Vec<Fault>> {
    let mut statement = db.prepare(pragma)?;
    let mut rows = statement.query([])?;
    let mut faults = Vec::new();
    loop {
        match rows.next() {
            Ok(Some(row)) => {
                // A row may have several lines, of which the first only names the database.
                let row: String = row.get(0)?;
                let said = row.lines().filter(|line| *line != "ok" && !line.starts_with("***"));
                faults.extend(said.map(|line| Fault::of("file", line)));
            }
            Ok(None) => return Ok(faults),
            Err(e) => {
                faults.push(Fault::of("file", format!("can't be read: {e}")));
                return Ok(faults);
            }
        }
    }
}

fn references(db: &Connection) -> Result<Vec<Fault>> {
    let mut lines = db.prepare("PRAGMA foreign_key_check")?;
    let rows = lines.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(2)?)))?;
    let fault = |(place, parent): (String, String)| {
        Fault::of(place, format!("refers to a row of {parent} that isn't there"))
    };
    Ok(rows.map(|row| row.map(fault)).collect::<rusqlite::Result<_>>()?)
}

/// Returns the numbers of all articles.
///
/// If a damaged page hides some of them, each number up to the highest that any table knows is tried individually.
pub(crate) fn articles(db: &Connection) -> (Vec<ArticleId>, Option<Fault>) {
    let all = || -> Result<Vec<ArticleId>> {
        // Read the table itself, not an index: what is in the index but not in the table is lost.
        let mut statement = db.prepare("SELECT id FROM articles NOT INDEXED ORDER BY id")?;
        let rows = statement.query_map([], |r| r.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    match all() {
        Ok(ids) => (ids, None),
        Err(trouble) => {
            let greatest = |(table, column): (&str, &str)| -> Option<i64> {
                let sql = format!("SELECT max({column}) FROM {table}");
                db.query_row(&sql, [], |r| r.get::<_, Option<i64>>(0)).ok().flatten()
            };
            let known = [
                ("articles", "id"),
                ("statements", "article"),
                ("blocks", "article"),
                ("entities", "article"),
            ]
            .map(greatest);
            let sure = known.iter().flatten().copied().max().unwrap_or(0);
            // The pages with the greatest numbers may be what is missing.
            let possible = if known.contains(&None) { most_articles(db) } else { sure };
            let there = |id: &ArticleId| {
                let found = db
                    .prepare_cached("SELECT 1 FROM articles WHERE id = ?")
                    .and_then(|mut found| found.query_row([id], |_| Ok(())).optional());
                // An article that can't be read still exists, if other tables know it.
                found.map_or(id.0 <= sure, |found| found.is_some())
            };
            let fault = Fault::of("articles", format!("can't be read from end to end: {trouble}"));
            ((1..=sure.max(possible)).map(ArticleId).filter(there).collect(), Some(fault))
        }
    }
}

/// Returns a number that no article of a store exceeds: as many as its pages could hold. None takes less than a hundred
/// bytes, because of its hash and its text.
fn most_articles(db: &Connection) -> i64 {
    let size = "SELECT page_count * page_size / 100 FROM pragma_page_count, pragma_page_size";
    db.query_row(size, [], |r| r.get(0)).unwrap_or(0)
}

/// Returns the faults of one version of an article, and of the corrections that decisions lead to in it.
fn article(db: &Connection, id: ArticleId) -> Result<Vec<Fault>> {
    let mut faults = findings(db, id)?;
    let statement = |number| StatementRef { article: id, number }.to_string();
    faults.extend(corrections::<Correction>(db, id, statement)?);
    faults.extend(columns(db, id)?);
    let report = |number| EventRef { article: id, number }.to_string();
    faults.extend(corrections::<EventCorrection>(db, id, report)?);
    Ok(faults)
}

/// Returns the faults of the corrections in one version of an article. `name` is given the numbers of what they
/// correct.
fn corrections<C: Correcting>(
    db: &Connection,
    article: ArticleId,
    name: impl Fn(i64) -> String,
) -> Result<Vec<Fault>> {
    let ids = C::ids(db, article)?;
    let there = C::written(db, &json_array(&ids))?;
    let decided = corrections::corrections_by_id::<C>(db, article)?;
    let of = |all: &HashMap<C::Id, Vec<C>>, id| all.get(id).cloned().unwrap_or_default();
    let differing = (1..).zip(&ids).filter(|(_, id)| of(&there, id) != of(&decided, id));
    let fault = |(number, _)| Fault::of(name(number), "its corrections are not what was decided");
    Ok(differing.map(fault).collect())
}

/// Returns the event reports whose columns do not repeat what the report says.
fn columns(db: &Connection, article: ArticleId) -> Result<Vec<Fault>> {
    let sql =
        format!("SELECT number, report, {} FROM events WHERE article = ? ORDER BY number", events::COLUMNS);
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([article])?;
    let mut faults = Vec::new();
    while let Some(row) = rows.next()? {
        let (number, report): (i64, String) = (row.get(0)?, row.get(1)?);
        let meant = events::columns(&serde_json::from_str(&report)?);
        let there = (2..2 + meant.len()).map(|n| row.get(n)).collect::<rusqlite::Result<Vec<Value>>>()?;
        if there != meant {
            faults
                .push(Fault::of(format!("{article}.v{number}"), "its columns are not what the report says"));
        }
    }
    Ok(faults)
}

/// Returns the faults of one version of an article, as the engine found it.
pub(crate) fn findings(db: &Connection, id: ArticleId) -> Result<Vec<Fault>> {
    let Some(record) = record::of(db, id)? else {
        return Ok(vec![Fault::of(id, "can't be found by its number")]);
    };
    let mut faults = faults_of(id, &record);
    let sql = "SELECT seal FROM articles WHERE id = ?";
    let sealed: Option<String> = db.prepare_cached(sql)?.query_row([id], |r| r.get(0))?;
    if faults.is_empty() && sealed.as_ref() != Some(&seal(&record)?) {
        faults.push(Fault::of(
            id,
            "something in it is not as it was put: its metadata, its entities or a statement",
        ));
    }
    Ok(faults)
}

/// Returns the faults of the decisions themselves.
fn decided(db: &Connection) -> Result<Vec<Fault>> {
    let broken = |d: &decision::Decision| !d.is_sound();
    let fault = |d: decision::Decision| Fault::of(format!("decision {}", d.id), "is not as it was made");
    Ok(decision::all(db)?.into_iter().filter(broken).map(fault).collect())
}

/// Returns the faults of people: names that don't match their keys, and merges that don't match the decisions.
fn people(db: &Connection) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let mut ids: HashMap<String, PersonRef> = HashMap::new();
    let mut merged: Vec<(PersonRef, PersonRef)> = Vec::new();
    let mut statement =
        db.prepare("SELECT id, kind, key, name, apart, office, same_as FROM people ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let (id, key, name): (PersonRef, String, String) = (r.get(0)?, r.get(2)?, r.get(3)?);
        let kind = <EntityKind as Named>::of(r.get_ref(1)?.as_str()?);
        let plain = r.get::<_, Option<DecisionId>>(4)?.is_none() && r.get::<_, Option<String>>(5)?.is_none();
        let known = kind.is_some_and(|kind| {
            let prefix = format!("{}/", kind.name());
            if plain { names::key(kind, &name).as_ref() == Some(&key) } else { key.starts_with(&prefix) }
        });
        if !known {
            faults.push(Fault::of(id.to_string(), "its name is not the one by which it is known"));
        }
        merged.extend(r.get::<_, Option<PersonRef>>(6)?.map(|other| (id, other)));
        ids.insert(key, id);
    }
    let id = |key: Option<String>| key.and_then(|key| ids.get(&key)).copied();
    let pairs = decision::merges(db)?.into_iter().filter_map(|merge| id(merge.person).zip(id(merge.other)));
    let differing = Merges::decided(pairs).differing(&merged.into_iter().collect());
    faults.extend(differing.into_iter().map(|id| Fault::of(id.to_string(), "is not merged as was decided")));
    Ok(faults)
}

/// Compares the statements and reports that search should find with those that it does find.
fn searched(db: &Connection) -> Result<Vec<Fault>> {
    fn ids<T: FromSql + Eq + Hash>(db: &Connection, sql: &str) -> Result<HashSet<T>> {
        let mut statement = db.prepare(sql)?;
        let rows = statement.query_map([], |r| r.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
    let should: HashSet<StatementId> = ids(
        db,
        &format!(
            "SELECT s.id FROM statements s JOIN articles a ON a.id = s.article WHERE a.latest AND NOT {}",
            rows::is_rejected("s.id")
        ),
    )?;
    let does = ids(db, "SELECT rowid FROM words WHERE words MATCH 'kind : statement'")?;
    let events: HashSet<ReportId> = ids(db, &index::found_events())?;
    let found = ids(db, "SELECT rowid FROM event_words WHERE event_words MATCH 'kind : report'")?;
    let (unlinked, stray) = linked(db)?;
    let with_parties = ids(db, "SELECT event FROM event_parties")?;
    let missing = ["is missing from search", "are missing from search"];
    let extra = ["should not be found, but is", "should not be found, but are"];
    let unlinked_people = ["is not linked to all of its people", "are not linked to all of their people"];
    let stray_people = ["is linked to people it should not be", "are linked to people they should not be"];
    let parties = ["has parties that should not be there", "have parties that should not be there"];
    let faults = [
        ("words", should.difference(&does).count(), "statement", missing),
        ("words", does.difference(&should).count(), "statement", extra),
        ("event_words", events.difference(&found).count(), "report", missing),
        ("event_words", found.difference(&events).count(), "report", extra),
        ("event_words", with_parties.difference(&events).count(), "report", parties),
        ("people_statements", unlinked, "statement", unlinked_people),
        ("people_statements", stray, "statement", stray_people),
    ];
    let fault = |(place, n, thing, [one, many]): (&str, usize, &str, [&str; 2])| {
        let what = if n == 1 { one } else { many };
        (n > 0).then(|| Fault::of(place, format!("{} {what}", counted(n, thing))))
    };
    Ok(faults.into_iter().filter_map(fault).collect())
}

/// Returns how many statements lack people, and how many have people that they should not have.
fn linked(db: &Connection) -> Result<(usize, usize)> {
    let sql = format!(
        "WITH wanted AS MATERIALIZED ({}), linked AS (SELECT person, field, statement FROM people_statements)
         SELECT (SELECT count(DISTINCT statement) FROM (SELECT * FROM wanted EXCEPT SELECT * FROM linked)),
             (SELECT count(DISTINCT statement) FROM (SELECT * FROM linked EXCEPT SELECT * FROM wanted))",
        index::linked_people()
    );
    Ok(db.query_row(&sql, [], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// Returns the faults of one record.
fn faults_of(id: ArticleId, record: &wire::Record) -> Vec<Fault> {
    let text = &record.article.text;
    let mut faults = Vec::new();
    let mut fault = |place: String, what: String| faults.push(Fault { place, what });
    if wire::content_hash(text) != record.article.id {
        fault(id.to_string(), "the text doesn't have the article's hash".to_owned());
    }
    // The byte at which each code point starts, plus the end of the text.
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let slice = |start: usize, end: usize| -> Option<&str> {
        if start < end { text.get(*starts.get(start)?..*starts.get(end)?) } else { None }
    };
    for b in &record.article.blocks {
        if slice(b.start, b.end).is_none() {
            fault(id.to_string(), format!("block {}–{} is outside the text", b.start, b.end));
        }
    }
    for e in &record.entities {
        if e.mentions.iter().any(|m| slice(m.start, m.end).is_none()) {
            fault(format!("{id}.{}", e.id), "a mention is outside the text".to_owned());
        }
    }
    let mut reproduces = |place: String, name: &str, said: &str, spans: &[[usize; 2]]| {
        let pieces: Option<Vec<&str>> = spans.iter().map(|&[start, end]| slice(start, end)).collect();
        if pieces.is_none_or(|p| p.is_empty() || p.join(onrecord_text::BETWEEN_PIECES) != said) {
            fault(place, format!("the spans of its {name} don't give its text"));
        }
    };
    for s in &record.statements {
        for (name, said, spans) in s.fields() {
            reproduces(format!("{id}.{}", s.id), name, said, spans);
        }
    }
    for e in record.events.iter().flatten() {
        let place = format!("{id}.{}", e.id);
        reproduces(place.clone(), "trigger", &e.trigger.text, &e.trigger.spans);
        for (name, party) in [("actor", &e.actor), ("recipient", &e.recipient)] {
            party.iter().for_each(|p| reproduces(place.clone(), name, &p.text, &p.spans));
        }
    }
    faults
}
