//! The statements that people should look at first: the least certain ones that nobody has decided on.

use onrecord_text::answers;
use rusqlite::{Connection, params};

use crate::error::{Result, StoreError};
use crate::handle::Reader;
use crate::ids::StatementId;
use crate::rows;

/// The SQL for the ids of undecided statements after a place in the order.
pub(crate) const UNDECIDED: &str = "SELECT s.id FROM statements s INDEXED BY statements_certainty
    JOIN articles a ON a.id = s.article
    WHERE (s.certainty, s.id) > (?1, ?2) AND a.latest
        AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.statement = s.id)
    ORDER BY s.certainty, s.id LIMIT ?3";

impl Reader {
    /// Returns the statements on which nobody has decided yet, the least certain first, after the statement `after`.
    ///
    /// A statement is as certain as the less certain of two things: that it is a statement, and that its speaker is
    /// right. `after` is the name or address of the last statement of the page before, and may have been decided on
    /// meanwhile.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no statement `after`, or the store can't be read.
    pub fn review(&self, after: Option<&str>, limit: usize) -> Result<answers::Hits, StoreError> {
        self.reading(|db| review(db, after, limit))
    }
}

fn review(db: &Connection, after: Option<&str>, limit: usize) -> Result<answers::Hits> {
    let place = match after {
        None => (-1.0, StatementId(i64::MIN)),
        Some(name) => {
            let id = rows::id_of(db, rows::statement_named(db, name)?)?;
            let sql = "SELECT certainty FROM statements WHERE id = ?";
            (db.prepare_cached(sql)?.query_row([id], |r| r.get(0))?, id)
        }
    };
    let mut statement = db.prepare_cached(UNDECIDED)?;
    let rows = statement.query_map(params![place.0, place.1, limit.saturating_add(1)], |r| r.get(0))?;
    let ids = rows.collect::<rusqlite::Result<Vec<StatementId>>>()?;
    let found = &ids[..ids.len().min(limit)];
    let hits: Vec<answers::Hit> = rows::hits(db, found, &[])?.iter().map(Into::into).collect();
    let last = hits.last().filter(|_| ids.len() > limit);
    Ok(answers::Hits { schema: answers::Schema, next: last.map(|hit| hit.address.clone()), hits, cut: false })
}
