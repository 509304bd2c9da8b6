//! The size of a store.

use crate::error::StoreError;
use crate::handle::Reader;

/// The size of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// The number of articles, not counting earlier versions.
    pub articles: i64,
    /// The number of versions of all articles.
    pub versions: i64,
    /// The number of statements in all versions.
    pub statements: i64,
}

impl Reader {
    /// Returns the number of articles (latest versions), of versions of articles, and of statements.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn size(&self) -> Result<Size, StoreError> {
        let count = |sql: &str| self.db.query_row(sql, [], |r| r.get::<_, i64>(0));
        let size = || -> crate::error::Result<Size> {
            Ok(Size {
                articles: count("SELECT count(*) FROM articles WHERE latest")?,
                versions: count("SELECT count(*) FROM articles")?,
                statements: count("SELECT count(*) FROM statements")?,
            })
        };
        self.with_path(size())
    }
}
