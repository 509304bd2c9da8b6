//! The versions of the schema, and how a file of one becomes a file of the next.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::Result;

/// What makes each version of the schema out of the one before, the first out of an empty file. A released one is never
/// changed; `tests/stores` keeps a store of each.
const STEPS: [&str; 3] =
    [include_str!("schema.sql"), include_str!("schema-2.sql"), include_str!("schema-3.sql")];

/// The version of the schema that this program writes.
pub const SCHEMA: i64 = STEPS.len() as i64;

/// What a store of this program has in its header, where SQLite keeps which program a file belongs to; 0 in stores of the
/// first two schemas.
pub(crate) const APPLICATION: i32 = 0x6f6e_7265;

pub(crate) fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |r| r.get(0))
}

/// Takes the file to the version of the schema that this program writes, all the way or not at all. `fill` fills what each
/// step added.
pub(crate) fn migrate(db: &mut Connection, fill: fn(&Connection, i64) -> Result<()>) -> Result<()> {
    if version(db)? >= SCHEMA {
        return Ok(());
    }
    let db = Transaction::new(db, TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited.
    let done = version(&db)?;
    for (step, version) in STEPS.iter().zip(1..).filter(|&(_, version)| version > done) {
        db.execute_batch(step)?;
        fill(&db, version)?;
    }
    db.commit()?;
    Ok(())
}
