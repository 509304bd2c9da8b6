//! What can go wrong with a store.

use std::path::PathBuf;

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
    /// Another program is writing to it.
    #[error("{0}: another program is writing to this store")]
    Busy(PathBuf),
    /// No room is left for it.
    #[error("{0}: the disk is full; what was committed is kept")]
    Full(PathBuf),
    /// Anything else that SQLite says.
    #[error("{0}: {1}")]
    Sqlite(PathBuf, #[source] rusqlite::Error),
    /// A statement or a person that isn't there.
    #[error("{0}")]
    Unknown(String),
}

/// What SQLite said, before it is known of which file: the store's methods add that.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Unknown(String),
}

impl From<rusqlite::types::FromSqlError> for Trouble {
    fn from(e: rusqlite::types::FromSqlError) -> Self {
        Self::Sqlite(e.into())
    }
}

pub(crate) type Result<T> = std::result::Result<T, Trouble>;

impl StoreError {
    pub(crate) fn of(path: &std::path::Path, trouble: Trouble) -> Self {
        let path = path.to_owned();
        let error = match trouble {
            Trouble::Unknown(what) => return Self::Unknown(what),
            Trouble::Json(e) => {
                rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(e))
            }
            Trouble::Sqlite(e) => e,
        };
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full(path),
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Self::Busy(path),
            Some(rusqlite::ErrorCode::NotADatabase) => Self::Foreign(path),
            _ => Self::Sqlite(path, error),
        }
    }
}
