//! Handles to an open store, for reading only or also for writing.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::{self, StoreError};

/// A store that is open for reading. Nothing is ever written to its file.
#[derive(Debug)]
pub struct Reader {
    pub(crate) db: Connection,
    pub(crate) path: PathBuf,
}

/// A store that is open for writing. It can also do everything that a [`Reader`] can.
#[derive(Debug)]
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
    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds the path of the store to the error of a result.
    pub(crate) fn named<T>(&self, result: error::Result<T>) -> Result<T, StoreError> {
        result.map_err(|trouble| StoreError::of(&self.path, trouble))
    }
}

impl Store {
    /// Runs some work as one transaction, so that it happens completely or not at all.
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
