//! Records in the formats of others, an article at a time: those of a store ([`of_store`]), or any.
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

mod annotation;
pub mod brat;
pub mod events;
mod flat;
mod ftm;
#[cfg(feature = "parquet")]
mod parquet;

use std::collections::HashMap;
use std::io::{self, Write};

use onrecord_store::{Identity, Query, Reader, StoreError, Stored};
use onrecord_text::wire;

/// The formats that fit into one file. [`brat::to_folder`] writes the other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Wire format 1, an article a line.
    JsonLines,
    /// A statement a row, spans as lists.
    #[cfg(feature = "parquet")]
    Parquet,
    /// A statement a row, spans as text.
    Csv,
    /// W3C Web Annotation, one page of annotations.
    WebAnnotation,
    /// FollowTheMoney entities, one a line.
    FollowTheMoney,
}

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
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
        Self::Output(e.into())
    }
}

#[cfg(feature = "parquet")]
impl From<::parquet::errors::ParquetError> for ExportError {
    fn from(e: ::parquet::errors::ParquetError) -> Self {
        Self::Output(io::Error::other(e))
    }
}

#[cfg(feature = "parquet")]
impl From<arrow_schema::ArrowError> for ExportError {
    fn from(e: arrow_schema::ArrowError) -> Self {
        Self::Output(io::Error::other(e))
    }
}

/// A record on its way out, with what is known of it beyond its article. Of a record that is in no store nothing is.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// The record.
    pub record: wire::Record,
    /// The number of its article in the store.
    pub article: Option<i64>,
    /// What names its statements for ever, in their order.
    pub addresses: Vec<String>,
    /// Who its entities are across articles, by their ids.
    pub people: HashMap<String, Identity>,
}

impl From<wire::Record> for Item {
    fn from(record: wire::Record) -> Self {
        Self { record, ..Self::default() }
    }
}

impl Item {
    /// What the statement is called: `12.s3` in a store, else by the name of its article.
    fn name(&self, statement: &wire::Statement) -> String {
        match self.article {
            Some(article) => format!("{article}.{}", statement.id),
            None => format!("{}.{}", self.record.article.source_id, statement.id),
        }
    }
}

/// The records of a store that match a query, in the order of days. What people rejected is left out, what they corrected
/// comes out corrected.
///
/// # Errors
///
/// When the store can't be read.
pub fn of_store<'s>(
    store: &'s Reader,
    query: &Query,
) -> Result<impl Iterator<Item = Result<Item, ExportError>> + 's, ExportError> {
    Ok(store.records(query)?.map(|stored| {
        let Stored { article, record, addresses } = stored?;
        let people = store.identities(article)?;
        Ok(Item { record, article: Some(article), addresses, people })
    }))
}

/// What a format may be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Whether text in CSV that a spreadsheet would take for a formula gets an apostrophe before it.
    pub plain_cells: bool,
}

impl Options {
    /// The same, with cells that no spreadsheet takes for a formula.
    #[must_use]
    pub fn with_plain_cells(mut self, plain: bool) -> Self {
        self.plain_cells = plain;
        self
    }
}

/// Writes records.
///
/// # Errors
///
/// The first error among the records, or when the output can't be written.
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
        Format::Csv => flat::csv(items, options, out),
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::write(items, out),
        Format::WebAnnotation => annotation::write(items, out),
        Format::FollowTheMoney => ftm::write(items, out),
    }
}
