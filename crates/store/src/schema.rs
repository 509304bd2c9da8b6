//! The versions of the schema, and the upgrade of a file from one to the next.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::Result;

/// The steps that turn each version of the schema into the next, starting with an empty file.
///
/// A released step is never changed. `tests/stores` keeps one store per version.
const STEPS: [&str; 8] = [
    include_str!("schema.sql"),
    include_str!("schema-2.sql"),
    include_str!("schema-3.sql"),
    include_str!("schema-4.sql"),
    include_str!("schema-5.sql"),
    include_str!("schema-6.sql"),
    include_str!("schema-7.sql"),
    include_str!("schema-8.sql"),
];

/// The version of the schema that this program writes.
pub const SCHEMA: i64 = STEPS.len() as i64;

/// The application id in the header of the file, by which SQLite records the program that a file belongs to.
///
/// It is 0 in stores of the first two schemas.
pub(crate) const APPLICATION: i32 = 0x6f6e_7265;

pub(crate) fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |r| r.get(0))
}

/// Upgrades the file to the schema that this program writes, either completely or not at all.
///
/// `fill` fills in what each step added.
pub(crate) fn migrate(db: &mut Connection, fill: fn(&Connection, i64) -> Result<()>) -> Result<()> {
    if version(db)? >= SCHEMA {
        return Ok(());
    }
    let db = Transaction::new(db, TransactionBehavior::Immediate)?;
    // Another process may have upgraded the file while this one waited.
    let done = version(&db)?;
    let steps = STEPS.iter().zip(1..).filter(|&(_, version)| version > done);
    // The code that fills in knows only the last schema, so all tables come first.
    steps.clone().try_for_each(|(step, _)| db.execute_batch(step))?;
    steps.map(|(_, version)| version).try_for_each(|version| fill(&db, version))?;
    db.commit()?;
    Ok(())
}
