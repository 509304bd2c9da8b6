//! A store at hand: to read, or to write, too.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::{self, StoreError};

/// A store that is only read. Nothing is written to its file, whatever is asked.
pub struct Reader {
    pub(crate) db: Connection,
    pub(crate) path: PathBuf,
}

/// A store that may be written. It answers all that a [`Reader`] does.
pub struct Store {
    pub(crate) reader: Reader,
}

impl Deref for Store {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl Reader {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The same, with the store's name in the error.
    pub(crate) fn named<T>(&self, result: error::Result<T>) -> Result<T, StoreError> {
        result.map_err(|trouble| StoreError::of(&self.path, trouble))
    }
}

impl Store {
    /// Does some work all the way or not at all.
    pub(crate) fn writing<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> error::Result<T>,
    ) -> Result<T, StoreError> {
        let Reader { db, path } = &mut self.reader;
        let done = || {
            let db = Transaction::new(db, TransactionBehavior::Immediate)?;
            let done = work(&db)?;
            db.commit()?;
            Ok(done)
        };
        done().map_err(|trouble| StoreError::of(path, trouble))
    }
}
