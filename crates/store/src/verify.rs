//! Whether a store still says what its articles say.

use std::collections::HashSet;

use onrecord_text::wire;

use crate::error::Result;
use crate::{Reader, StoreError};

/// Something in a store that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: an article's number, a statement's name, or a table.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

impl Reader {
    /// Checks that every article has its hash, that every span reproduces its text, that nothing is outside the text,
    /// that search finds every statement that it should and no other, and the file itself. `each` gets every fault.
    ///
    /// # Errors
    ///
    /// When the store can't be read, or the first of `each`.
    pub fn verify<E: From<StoreError>>(
        &self,
        mut each: impl FnMut(Fault) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let faults = file(self);
        for fault in self.named(faults)? {
            each(fault)?;
        }
        self.each_record(|id, record| faults_of(id, &record).into_iter().try_for_each(&mut each))?;
        let faults = index(self);
        for fault in self.named(faults)? {
            each(fault)?;
        }
        Ok(())
    }
}

/// The file, its tables and the references between them.
fn file(store: &Reader) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let mut lines = store.db.prepare("PRAGMA integrity_check")?;
    for line in lines.query_map([], |r| r.get::<_, String>(0))? {
        let what = line?;
        if what != "ok" {
            faults.push(Fault { place: "file".to_owned(), what });
        }
    }
    let mut lines = store.db.prepare("PRAGMA foreign_key_check")?;
    let rows = lines.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(2)?)))?;
    for row in rows {
        let (place, parent) = row?;
        faults.push(Fault { place, what: format!("refers to a row of {parent} that isn't there") });
    }
    Ok(faults)
}

/// The statements that search should find and those that it does.
fn index(store: &Reader) -> Result<Vec<Fault>> {
    let ids = |sql: &str| -> Result<HashSet<i64>> {
        let mut statement = store.db.prepare(sql)?;
        let rows = statement.query_map([], |r| r.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    let should = ids(
        "SELECT s.id FROM statements s JOIN articles a ON a.id = s.article WHERE a.latest AND NOT EXISTS
         (SELECT 1 FROM corrections c WHERE c.statement = s.id AND c.field = 'verdict' AND c.value = 'rejected')",
    )?;
    let does = ids("SELECT rowid FROM words WHERE words MATCH 'kind : statement'")?;
    let fault = |what: &str, n: usize| {
        (n > 0).then(|| Fault { place: "words".to_owned(), what: format!("{n} statements {what}") })
    };
    Ok([
        fault("are missing from search", should.difference(&does).count()),
        fault("are found that should not be", does.difference(&should).count()),
    ]
    .into_iter()
    .flatten()
    .collect())
}

/// What is wrong with one record.
fn faults_of(id: i64, record: &wire::Record) -> Vec<Fault> {
    let text = &record.article.text;
    let mut faults = Vec::new();
    let mut fault = |place: String, what: String| faults.push(Fault { place, what });
    if wire::content_hash(text) != record.article.id {
        fault(id.to_string(), "the text doesn't have the article's hash".to_owned());
    }
    // The byte at which each code point begins, and the end.
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
    for s in &record.statements {
        for (name, said, spans) in s.fields() {
            let pieces: Option<Vec<&str>> = spans.iter().map(|&[start, end]| slice(start, end)).collect();
            if pieces.is_none_or(|p| p.is_empty() || p.join(onrecord_text::BETWEEN_PIECES) != said) {
                fault(format!("{id}.{}", s.id), format!("the spans of its {name} don't give its text"));
            }
        }
    }
    faults
}
