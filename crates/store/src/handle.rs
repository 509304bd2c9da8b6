//! Handles to an open store, for reading only or also for writing.

use std::fmt;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, InterruptHandle, Transaction, TransactionBehavior};
use tempfile::TempPath;

use crate::error::{Result, StoreError};

/// A store that is open for reading. Nothing is ever written to its file.
#[derive(Debug)]
pub struct Reader {
    pub(crate) db: Connection,
    pub(crate) path: PathBuf,
    /// The copy that is read in place of a store whose end is missing.
    pub(crate) copy: Option<PaddedCopy>,
}

/// A copy of a store whose end is missing, filled up to its length with zeros.
#[derive(Debug)]
pub(crate) struct PaddedCopy {
    /// The file, which is removed when the reader is.
    pub(crate) _file: TempPath,
    /// The number of bytes that are missing.
    pub(crate) missing: u64,
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

/// Ends the requests that are running on a handle, from another thread.
pub struct Interrupter(InterruptHandle);

impl fmt::Debug for Interrupter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Interrupter")
    }
}

impl Interrupter {
    /// Ends the request that is running now with an error. It does nothing if there is none.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

impl Reader {
    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns a number that changes whenever another handle, or another program, has written to the store.
    ///
    /// Numbers can be compared only if the same handle returned them. If a program asks for the number before it reads,
    /// the answer that it read is at least as new as the number.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn generation(&self) -> Result<i64, StoreError> {
        let generation = self.db.pragma_query_value(None, "data_version", |r| r.get(0));
        self.with_path(generation.map_err(Into::into))
    }

    /// Returns what another thread needs to end a request that is running on this handle.
    #[must_use]
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(self.db.get_interrupt_handle())
    }

    /// Runs several requests on the same state of the store, whatever others write meanwhile.
    pub(crate) fn reading<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T, StoreError> {
        let done = || {
            let state = if self.db.is_autocommit() { Some(self.db.unchecked_transaction()?) } else { None };
            let done = work(&self.db)?;
            drop(state);
            Ok(done)
        };
        self.with_path(done())
    }

    /// Adds the path of the store to the error of a result.
    pub(crate) fn with_path<T>(&self, result: Result<T>) -> Result<T, StoreError> {
        result.map_err(|trouble| StoreError::of(&self.path, trouble))
    }
}

impl Store {
    /// Runs some work as one transaction, so that it happens completely or not at all.
    pub(crate) fn writing<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T, StoreError> {
        let Reader { db, path, .. } = &mut self.reader;
        let done = || {
            let db = Transaction::new(db, TransactionBehavior::Immediate)?;
            let done = work(&db)?;
            db.commit()?;
            Ok(done)
        };
        done().map_err(|trouble| StoreError::of(path, trouble))
    }
}
