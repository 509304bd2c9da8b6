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
mod open;
mod people;
mod put;
mod query;
mod record;
mod schema;
mod search;
mod verify;
pub mod words;

use std::ops::Deref;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

pub use changes::{Change, Changes};
pub use error::{Cause, StoreError};
pub use lineage::{ChangeKind, Edit, Lineage, Version};
pub use people::{Identity, Person};
pub use put::{Batch, Digest, Put};
pub use query::{Query, QueryError};
pub use schema::SCHEMA;
pub use search::{Hit, Hits, Order, RANKED, StatementRef};
pub use verify::Fault;

/// A store that is only read. Nothing is written to its file, whatever is asked.
pub struct Reader {
    db: Connection,
    path: PathBuf,
}

/// A store that may be written. It answers all that a [`Reader`] does.
pub struct Store {
    reader: Reader,
}

impl Deref for Store {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl Store {
    /// Opens the store, or makes one where there is no file.
    ///
    /// # Errors
    ///
    /// When the file can't be opened or written, is something else, or is of a later version.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        let db = open::to_write(path, true)?;
        Ok(Self { reader: Reader { db, path: path.to_owned() } })
    }

    /// Opens a store that is there, and brings an older one to the present schema.
    ///
    /// # Errors
    ///
    /// As [`Store::create`], and when there is no such file.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let db = open::to_write(path, false)?;
        Ok(Self { reader: Reader { db, path: path.to_owned() } })
    }
}

impl Reader {
    /// Opens a store to read, also one in a folder or on a disk that can't be written.
    ///
    /// # Errors
    ///
    /// When there is no such file, when it can't be read or is something else, and [`StoreError::Older`] for a store of an
    /// earlier schema, which [`Store::open`] brings to the present one.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { db: open::to_read(path)?, path: path.to_owned() })
    }

    /// Opens a temporary copy of a store of any schema, brought to the present one: for an older store that can't be
    /// written.
    ///
    /// # Errors
    ///
    /// As [`Reader::open`], and when there is no room for the copy.
    pub fn copied(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { db: open::copied(path)?, path: path.to_owned() })
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
