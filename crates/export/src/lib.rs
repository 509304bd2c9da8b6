//! Exports records to other formats, one article at a time: records from a store ([`of_store`]) or any others.
//!
//! ```
//! use onrecord_export::{Format, Item, Options, export};
//! use onrecord_text::wire;
//!
//! let article = wire::Article { source_id: "a.txt".to_owned(), ..wire::Article::default() };
//! let record = wire::Record { article, ..wire::Record::default() };
//! let mut out = Vec::new();
//! export([Ok(Item::from(record))], Format::Csv, Options::default(), &mut out)?;
//! assert!(out.starts_with(b"statement,article,"));
//! # Ok::<(), onrecord_export::ExportError>(())
//! ```

#![forbid(unsafe_code)]
#![warn(clippy::must_use_candidate, clippy::print_stderr, clippy::print_stdout)]

mod annotation;
pub mod brat;
pub mod events;
mod flat;
mod ftm;
pub mod html;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "arrow")]
pub mod table;
pub mod target;

use std::collections::HashMap;
use std::io::{self, Write};

use onrecord_store::{ArticleId, Identity, Query, Reader, StoreError, Stored};
use onrecord_text::wire;

/// The formats that consist of one file. [`brat::to_folder`] writes the one that does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Wire format 1, one article per line.
    JsonLines,
    /// One row per statement, with spans as lists.
    #[cfg(feature = "parquet")]
    Parquet,
    /// One row per statement, with spans as text.
    Csv,
    /// W3C Web Annotation, as one page of annotations.
    WebAnnotation,
    /// FollowTheMoney entities, one per line.
    FollowTheMoney,
}

/// The reason why an export failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The output could not be written.
    #[error("the output could not be written: {0}")]
    Output(#[from] io::Error),
}

impl From<serde_json::Error> for ExportError {
    fn from(e: serde_json::Error) -> Self {
        Self::Output(e.into())
    }
}

impl From<csv::Error> for ExportError {
    fn from(e: csv::Error) -> Self {
        Self::Output(match e.kind() {
            csv::ErrorKind::Io(refused) => io::Error::new(refused.kind(), refused.to_string()),
            _ => e.into(),
        })
    }
}

#[cfg(feature = "parquet")]
impl From<::parquet::errors::ParquetError> for ExportError {
    fn from(e: ::parquet::errors::ParquetError) -> Self {
        Self::Output(as_io(e))
    }
}

#[cfg(feature = "arrow")]
impl From<arrow_schema::ArrowError> for ExportError {
    fn from(e: arrow_schema::ArrowError) -> Self {
        Self::Output(as_io(e))
    }
}

/// Returns the error of a format's library as one of the output. If the system refused to write, its kind and its words
/// are kept, so that a caller can tell a reader who has left from a full disk.
#[cfg(feature = "arrow")]
fn as_io(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(one) = next {
        if let Some(refused) = one.downcast_ref::<io::Error>() {
            return io::Error::new(refused.kind(), refused.to_string());
        }
        next = one.source();
    }
    io::Error::other(error)
}

/// A record to export, with what its store knows beyond the article. This part is empty if the record is in no store.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// The record.
    pub record: wire::Record,
    /// The number of the article in the store.
    pub article: Option<ArticleId>,
    /// The permanent key in the store that the article's versions share. It may name a folder, so it is written only as a
    /// hash.
    pub key: Option<String>,
    /// The permanent addresses of the record's statements, in the same order.
    pub addresses: Vec<String>,
    /// The people whom the record's entities stand for across articles, by the entities' ids.
    pub people: HashMap<String, Identity>,
}

impl From<wire::Record> for Item {
    fn from(record: wire::Record) -> Self {
        Self { record, ..Self::default() }
    }
}

impl Item {
    /// Returns the name of a statement or report by its id in the record: `12.s3` in a store, and otherwise one based
    /// on the article's name.
    fn name(&self, id: &str) -> String {
        match self.article {
            Some(article) => format!("{article}.{id}"),
            None => format!("{}.{id}", self.record.article.source_id),
        }
    }
}

/// Returns the records of a store that match a query, in the order of days.
///
/// Statements that people rejected are left out, and people's corrections are applied.
///
/// # Errors
///
/// Returns an error if the store can't be read.
pub fn of_store<'s>(
    store: &'s Reader,
    query: &Query,
) -> Result<impl Iterator<Item = Result<Item, ExportError>> + 's, ExportError> {
    let records = store.records(query)?;
    Ok(records.map(|stored| item(store, stored?)))
}

fn item(store: &Reader, stored: Stored) -> Result<Item, ExportError> {
    let Stored { article, key, record, addresses } = stored;
    let people = store.identities(article)?;
    Ok(Item { record, article: Some(article), key: Some(key), addresses, people })
}

/// Options for a format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Whether CSV text that a spreadsheet would take for a formula gets an apostrophe before it.
    pub plain_cells: bool,
}

impl Options {
    /// Returns the same options, with cells that no spreadsheet takes for a formula.
    #[must_use]
    pub fn with_plain_cells(mut self, plain: bool) -> Self {
        self.plain_cells = plain;
        self
    }
}

/// Writes records in a format.
///
/// # Errors
///
/// Returns the first error among the records, or an error if the output can't be written.
pub fn export(
    items: impl IntoIterator<Item = Result<Item, ExportError>>,
    format: Format,
    options: Options,
    out: impl Write + Send,
) -> Result<(), ExportError> {
    match format {
        Format::JsonLines => {
            let mut out = out;
            for item in items {
                serde_json::to_writer(&mut out, &item?.record)?;
                out.write_all(b"\n")?;
            }
            Ok(out.flush()?)
        }
        Format::Csv => flat::csv::<flat::Statements>(items, options, out),
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::write::<flat::Statements>(items, out),
        Format::WebAnnotation => annotation::write(items, out),
        Format::FollowTheMoney => ftm::write(items, out),
    }
}
