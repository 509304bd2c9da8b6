//! Errors of a store, grouped by who can fix them.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// The reason why a store could not do what it was asked to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such file.
    #[error("{0}: no such store")]
    Missing(PathBuf),
    /// The file is not a store.
    #[error("{0}: not an onrecord store")]
    Foreign(PathBuf),
    /// The path is a folder.
    #[error("{0}: this is a folder, not an onrecord store, which is one file")]
    Folder(PathBuf),
    /// The file has no tables, so a store can be created in it.
    #[error("{0}: this file is empty, so it is not an onrecord store")]
    Empty(PathBuf),
    /// A later version of the program made the store.
    #[error("{0}: made by a later version of onrecord (schema {1}; this one knows {2})")]
    Newer(PathBuf, i64, i64),
    /// An earlier version of the program made the store. Opening it for writing upgrades it to the current schema.
    #[error("{0}: made by an earlier version of onrecord (schema {1}; this one reads {2})")]
    Older(PathBuf, i64, i64),
    /// Another program is writing to the store.
    #[error("{0}: another program is writing to this store")]
    Busy(PathBuf),
    /// The disk has no room left for the store.
    #[error("{0}: the disk is full; what was committed is kept")]
    Full(PathBuf),
    /// The store or its folder can't be written.
    #[error("{0}: this store can't be written: it, its folder or the disk is read-only")]
    ReadOnly(PathBuf),
    /// The latest changes are in a file next to the store and can't be read without writing.
    #[error("{0}: the latest changes are in {name}-wal, but its folder is read-only; copy both files to a writable folder", name = .0.display())]
    Unfinished(PathBuf),
    /// The store could not be opened.
    #[error("{0}: {1}")]
    Unreadable(PathBuf, #[source] io::Error),
    /// Parts of the store are damaged.
    #[error("{0}: damaged ({1})")]
    Damaged(PathBuf, String),
    /// The store is so damaged that nothing can be read of it.
    #[error("{0}: damaged so badly that nothing of it can be read ({1})")]
    Ruined(PathBuf, String),
    /// Any other error from SQLite.
    #[error("{0}: {1}")]
    Sqlite(PathBuf, #[source] rusqlite::Error),
    /// A statement, article, person or decision does not exist.
    #[error("{0}")]
    NotFound(String),
    /// The request makes no sense, whatever the store holds.
    #[error("{0}")]
    Invalid(String),
}

/// Who can fix an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The caller: the request makes no sense, or names something that does not exist.
    Request,
    /// The administrator of the machine: there is no room, no permission, or another program is in the way.
    Disk,
    /// The owner of the data: the file is damaged, or has the wrong type or version.
    Data,
}

impl StoreError {
    /// Returns who can fix the error.
    #[must_use]
    pub fn cause(&self) -> Cause {
        match self {
            Self::NotFound(_) | Self::Invalid(_) | Self::Missing(_) | Self::Folder(_) => Cause::Request,
            Self::Busy(_)
            | Self::Full(_)
            | Self::ReadOnly(_)
            | Self::Unfinished(_)
            | Self::Unreadable(..) => Cause::Disk,
            Self::Sqlite(..) => Cause::Disk,
            Self::Foreign(_)
            | Self::Empty(_)
            | Self::Newer(..)
            | Self::Older(..)
            | Self::Damaged(..)
            | Self::Ruined(..) => Cause::Data,
        }
    }
}

/// An error without the path of its store, which the store's methods add.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    NotFound(String),
    #[error("{0}")]
    Invalid(String),
    #[error("the latest changes can't be read")]
    Unfinished,
}

impl From<rusqlite::types::FromSqlError> for Trouble {
    fn from(e: rusqlite::types::FromSqlError) -> Self {
        Self::Sqlite(e.into())
    }
}

/// The result of a function of this crate. Its public functions add the path of the store: they fail with a
/// [`StoreError`].
pub(crate) type Result<T, E = Trouble> = std::result::Result<T, E>;

impl StoreError {
    pub(crate) fn of(path: &Path, trouble: Trouble) -> Self {
        let path = path.to_owned();
        let error = match trouble {
            Trouble::NotFound(what) => return Self::NotFound(what),
            Trouble::Invalid(what) => return Self::Invalid(what),
            Trouble::Unfinished => return Self::Unfinished(path),
            Trouble::Json(e) => return Self::Damaged(path, e.to_string()),
            Trouble::Sqlite(e) => e,
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(path),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(path),
            Some(ErrorCode::NotADatabase) => Self::Foreign(path),
            Some(ErrorCode::ReadOnly) => Self::ReadOnly(path),
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(path, error.to_string()),
            None if is_data(&error) => Self::Damaged(path, error.to_string()),
            _ => Self::Sqlite(path, error),
        }
    }
}

/// Returns whether the error means that a row has a value that no intact store contains.
fn is_data(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    matches!(
        error,
        FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..)
    )
}
