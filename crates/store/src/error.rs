//! What can go wrong with a store, by who can do something about it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why a store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such file.
    #[error("{0}: no such store; `onrecord ingest` makes one")]
    Missing(PathBuf),
    /// The file is something else.
    #[error("{0}: not an onrecord store")]
    Foreign(PathBuf),
    /// A later version of the program made it.
    #[error("{0}: made by a later version of onrecord (schema {1}; this one knows {2})")]
    Newer(PathBuf, i64, i64),
    /// An earlier version of the program made it; opened to write, it is brought to the present schema.
    #[error("{0}: made by an earlier version of onrecord (schema {1}; this one reads {2})")]
    Older(PathBuf, i64, i64),
    /// Another program is writing to it.
    #[error("{0}: another program is writing to this store")]
    Busy(PathBuf),
    /// No room is left for it.
    #[error("{0}: the disk is full; what was committed is kept")]
    Full(PathBuf),
    /// It, or its folder, can't be written.
    #[error("{0}: this store can't be written: it, its folder or the disk is read-only")]
    ReadOnly(PathBuf),
    /// Its latest changes stand beside it, where they can't be read without writing.
    #[error("{0}: the latest changes stand in {name}-wal, and its folder is read-only; copy both files to a folder that can be written", name = .0.display())]
    Unfinished(PathBuf),
    /// It could not be opened.
    #[error("{0}: {1}")]
    Unreadable(PathBuf, #[source] io::Error),
    /// Parts of it are not what was written.
    #[error("{0}: damaged ({1}); `onrecord verify` names what, `onrecord salvage` gets the rest out")]
    Damaged(PathBuf, String),
    /// Anything else that SQLite says.
    #[error("{0}: {1}")]
    Sqlite(PathBuf, #[source] rusqlite::Error),
    /// A statement, an article, a person or a decision that isn't there.
    #[error("{0}")]
    NotFound(String),
    /// What was asked makes no sense, whatever the store holds.
    #[error("{0}")]
    Invalid(String),
}

/// Who can do something about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Whoever asked: the question names something that isn't there, or makes no sense.
    Request,
    /// Whoever runs the machine: no room, no rights, another program.
    Disk,
    /// Whoever keeps the data: the file is damaged or of another kind or version.
    Data,
}

impl StoreError {
    /// Who can do something about it.
    #[must_use]
    pub fn cause(&self) -> Cause {
        match self {
            Self::NotFound(_) | Self::Invalid(_) | Self::Missing(_) => Cause::Request,
            Self::Busy(_)
            | Self::Full(_)
            | Self::ReadOnly(_)
            | Self::Unfinished(_)
            | Self::Unreadable(..) => Cause::Disk,
            Self::Sqlite(..) => Cause::Disk,
            Self::Foreign(_) | Self::Newer(..) | Self::Older(..) | Self::Damaged(..) => Cause::Data,
        }
    }
}

/// What SQLite said, before it is known of which file: the store's methods add that.
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

pub(crate) type Result<T> = std::result::Result<T, Trouble>;

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

/// Whether a row holds what no row of a store holds.
fn is_data(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    matches!(
        error,
        FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..)
    )
}
