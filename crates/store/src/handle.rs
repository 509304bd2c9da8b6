//! Handles to an open store, for reading only or also for writing.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, Transaction, TransactionBehavior};
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

/// How many steps of its virtual machine SQLite takes before it checks whether the work is still wanted. A thousand
/// take less than a millisecond.
const STEPS: i32 = 1_000;

/// Ends work on a handle from another thread. Clones end the same work.
///
/// It belongs to the work that it is given to ([`Reader::interruptible`]) and not to the handle. It therefore never ends
/// what the handle does before or afterwards.
#[derive(Clone, Debug, Default)]
pub struct Interrupter(Arc<AtomicBool>);

impl Interrupter {
    /// Ends the work: what it asks of the store fails soon, and what it asks later fails, too.
    pub fn interrupt(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns whether the work was to end.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
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

    /// Does some work that another thread can end with this interrupter.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no memory left. What the work itself returns is `T`.
    pub fn interruptible<T>(
        &mut self,
        interrupter: &Interrupter,
        work: impl FnOnce(&Self) -> T,
    ) -> Result<T, StoreError> {
        let interrupter = interrupter.clone();
        let watched = self.db.progress_handler(STEPS, Some(move || interrupter.is_interrupted()));
        self.with_path(watched.map_err(Into::into))?;
        let done = work(self);
        let unwatched = self.db.progress_handler(0, None::<fn() -> bool>);
        self.with_path(unwatched.map_err(Into::into))?;
        Ok(done)
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

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn an_interrupter_ends_the_work_it_was_given_to_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("news.db");
        Store::create(&path).unwrap();
        let mut reader = Reader::open(&path).unwrap();
        let count = |reader: &Reader, most: &str| -> Result<i64, StoreError> {
            let sql = format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n {most}) SELECT count(*) FROM n"
            );
            reader.with_path(reader.db.query_row(&sql, [], |r| r.get(0)).map_err(Into::into))
        };
        let interrupter = Interrupter::default();
        thread::scope(|scope| {
            scope.spawn(|| interrupter.interrupt());
            // Without an end, it would count for ever.
            assert!(reader.interruptible(&interrupter, |reader| count(reader, "")).unwrap().is_err());
        });
        assert!(reader.interruptible(&interrupter, |reader| count(reader, "LIMIT 100000")).unwrap().is_err());
        let other = Interrupter::default();
        let counted = reader.interruptible(&other, |reader| {
            interrupter.interrupt();
            count(reader, "LIMIT 100000")
        });
        assert_eq!(counted.unwrap().unwrap(), 100_000);
        other.interrupt();
        assert_eq!(count(&reader, "LIMIT 100000").unwrap(), 100_000);
    }
}
