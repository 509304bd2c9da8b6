//! A store's statements in the formats of others. Everything streams, an article at a time; a query says which statements,
//! as in search. What people rejected is left out, what they corrected comes out corrected.

mod annotation;
pub mod brat;
pub mod events;
mod flat;
mod ftm;
#[cfg(feature = "parquet")]
mod parquet;

use std::io::{self, Write};

use onrecord_store::{Hit, Query, Store, StoreError};
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

/// Writes the statements that match a query.
///
/// # Errors
///
/// When the store can't be read or the output can't be written.
pub fn export(
    store: &Store,
    query: &Query,
    format: Format,
    out: impl Write + Send,
) -> Result<(), ExportError> {
    match format {
        Format::JsonLines => {
            let mut out = out;
            articles(store, query, |_, record| {
                serde_json::to_writer(&mut out, record)?;
                Ok(out.write_all(b"\n")?)
            })?;
            Ok(out.flush()?)
        }
        Format::Csv => flat::csv(store, query, out),
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::write(store, query, out),
        Format::WebAnnotation => annotation::write(store, query, out),
        Format::FollowTheMoney => ftm::write(store, query, out),
    }
}

/// The articles that have statements for a query, oldest first, each with its number and a record of these statements
/// and those that they are relayed inside.
fn articles(
    store: &Store,
    query: &Query,
    mut each: impl FnMut(i64, &wire::Record) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut flush = |hits: &mut Vec<Hit>| -> Result<(), ExportError> {
        if let Some(first) = hits.first() {
            let article = first.name.article;
            each(article, &store.corrected(article, hits)?)?;
            hits.clear();
        }
        Ok(())
    };
    // The statements of an article stand together in the order of ids.
    store.each_match(query, |hit| {
        if hits.first().is_some_and(|first| first.name.article != hit.name.article) {
            flush(&mut hits)?;
        }
        hits.push(hit);
        Ok::<(), ExportError>(())
    })?;
    flush(&mut hits)
}
