//! Records kept, found again, and joined across articles, in one SQLite file.
//!
//! ```text
//! Record --put--> Store --search--> Hits
//!                   |--join--> People    |--lineage--> Lineage
//!                   `--record--> Record  `--verify--> Fault
//! ```
//!
//! The schema is public (`schema.sql`): whoever has a store can open it with any tool that reads SQLite. What the
//! engine found and what people decided are kept apart; see [`decisions`].
//!
//! ```
//! use onrecord_store::{Order, Query, Store};
//!
//! let folder = tempfile::tempdir()?;
//! let store = Store::create(&folder.path().join("news.db"))?;
//! let query: Query = "speaker:brandt bridge said:2016-03".parse()?;
//! assert!(store.search(&query, Order::Newest, 20, 0)?.hits.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod changes;
pub mod decisions;
mod error;
pub mod lineage;
mod names;
mod people;
mod put;
mod query;
mod record;
mod search;
mod verify;
pub mod words;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

pub use changes::{Change, Changes};
pub use error::StoreError;
pub use lineage::{ChangeKind, Edit, Lineage, Version};
pub use people::{Identity, Person};
pub use put::{Batch, Digest, Put};
pub use query::{Query, QueryError};
pub use search::{Hit, Hits, Order, RANKED, StatementRef};
pub use verify::Fault;

/// What makes each version of the schema out of the one before, the first out of an empty file. A released one is never
/// changed; `tests/stores` keeps a store of each.
const STEPS: [&str; 2] = [include_str!("schema.sql"), include_str!("schema-2.sql")];

/// The version of the schema that this program writes.
pub const SCHEMA: i64 = STEPS.len() as i64;

/// A file of records.
pub struct Store {
    db: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens the store, or makes one where there is no file.
    ///
    /// # Errors
    ///
    /// When the file can't be opened, is something else, or is of a later version.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::with(path, flags, true)
    }

    /// Opens a store that is there.
    ///
    /// # Errors
    ///
    /// As [`Store::create`], and when there is no such file.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        Self::with(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX, false)
    }

    fn with(path: &Path, flags: OpenFlags, create: bool) -> Result<Self, StoreError> {
        let of = |e: rusqlite::Error| StoreError::of(path, e.into());
        let db = Connection::open_with_flags(path, flags).map_err(of)?;
        db.busy_timeout(Duration::from_secs(30)).map_err(of)?;
        db.set_prepared_statement_cache_capacity(64);
        let empty = db
            .query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |r| r.get::<_, bool>(0))
            .map_err(of)?;
        if empty && !create {
            return Err(StoreError::Foreign(path.to_owned()));
        }
        // A file in which every page that is committed is on the disk: a power cut costs what was under way, no more.
        db.pragma_update(None, "journal_mode", "wal").map_err(of)?;
        db.pragma_update(None, "synchronous", "full").map_err(of)?;
        db.pragma_update(None, "foreign_keys", true).map_err(of)?;
        db.pragma_update(None, "cache_size", -64_000).map_err(of)?;
        if empty {
            migrate(&db).map_err(of)?;
        }
        let ours = db
            .query_row(
                "SELECT count(*) FROM sqlite_schema WHERE name IN ('articles', 'statements', 'decisions')",
                [],
                |r| r.get::<_, i64>(0),
            )
            .map_err(of)?;
        let version = version(&db).map_err(of)?;
        if ours < 3 || version < 1 {
            return Err(StoreError::Foreign(path.to_owned()));
        }
        if version > SCHEMA {
            return Err(StoreError::Newer(path.to_owned(), version, SCHEMA));
        }
        migrate(&db).map_err(of)?;
        Ok(Self { db, path: path.to_owned() })
    }

    /// The same, with the store's name in the error.
    fn named<T>(&self, result: error::Result<T>) -> Result<T, StoreError> {
        result.map_err(|trouble| StoreError::of(&self.path, trouble))
    }

    /// How many articles (latest versions), versions of articles, and statements there are.
    ///
    /// # Errors
    ///
    /// When the store can't be read.
    pub fn size(&self) -> Result<Size, StoreError> {
        let count = |sql: &str| self.db.query_row(sql, [], |r| r.get::<_, i64>(0));
        let size = (|| {
            Ok(Size {
                articles: count("SELECT count(*) FROM articles WHERE latest")?,
                versions: count("SELECT count(*) FROM articles")?,
                statements: count("SELECT count(*) FROM statements")?,
            })
        })();
        self.named(size)
    }

    /// The number of the article with this number, web address or name; the latest version where there are several.
    fn article(&self, name: &str) -> error::Result<Option<i64>> {
        if let Ok(id) = name.parse::<i64>() {
            let found =
                self.db.query_row("SELECT id FROM articles WHERE id = ?", [id], |r| r.get(0)).optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        let sql = "SELECT id FROM articles WHERE key = ? AND latest";
        Ok(self.db.query_row(sql, [name], |r| r.get(0)).optional()?)
    }
}

fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |r| r.get(0))
}

/// Takes the file to the version of the schema that this program writes, all the way or not at all.
fn migrate(db: &Connection) -> rusqlite::Result<()> {
    if version(db)? >= SCHEMA {
        return Ok(());
    }
    db.execute_batch("BEGIN IMMEDIATE")?;
    // Another process may have done it while this one waited.
    let steps = version(db).and_then(|done| {
        let done = usize::try_from(done).unwrap_or(0);
        STEPS.iter().skip(done).try_for_each(|step| db.execute_batch(step))
    });
    match steps {
        Ok(()) => db.execute_batch("COMMIT"),
        Err(e) => {
            db.execute_batch("ROLLBACK")?;
            Err(e)
        }
    }
}

/// How much a store holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Articles, each in its latest version.
    pub articles: i64,
    /// All versions of them.
    pub versions: i64,
    /// Statements in all versions.
    pub statements: i64,
}
