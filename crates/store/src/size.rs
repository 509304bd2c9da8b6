//! How much a store holds.

use crate::error::StoreError;
use crate::handle::Reader;

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

impl Reader {
    /// How many articles (latest versions), versions of articles, and statements there are.
    ///
    /// # Errors
    ///
    /// When the store can't be read.
    pub fn size(&self) -> Result<Size, StoreError> {
        let count = |sql: &str| self.db.query_row(sql, [], |r| r.get::<_, i64>(0));
        let size = || -> crate::error::Result<Size> {
            Ok(Size {
                articles: count("SELECT count(*) FROM articles WHERE latest")?,
                versions: count("SELECT count(*) FROM articles")?,
                statements: count("SELECT count(*) FROM statements")?,
            })
        };
        self.named(size())
    }
}
