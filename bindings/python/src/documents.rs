//! From Python values to documents.
//!
//! A value may be a text, the content of a file, a mapping as on a line of JSON Lines, a path of a file or folder, or a
//! record that was read before.

use std::collections::VecDeque;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;

use onrecord::page::{Format, Hints, LIMIT, Raw, read_html, read_text};
use onrecord::text::{PartialDate, wire};
use onrecord::{Desk, Engine};
use onrecord_ingest::inputs::{self, Input, InputError, Opened};
use onrecord_ingest::unless_it_panics;
use pyo3::exceptions::{PyTypeError, PyUnicodeEncodeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator, PyMapping, PyString, PyTuple};

use crate::errors::Unread;
use crate::records::Record;

/// Returns the format with the name that the terminal uses.
pub fn format_of(name: Option<&str>) -> PyResult<Option<Format>> {
    Ok(match name {
        None => None,
        Some("html") => Some(Format::Html),
        Some("text") => Some(Format::Text),
        Some("jsonl") => Some(Format::JsonLines),
        Some("json") => Some(Format::Json),
        Some("feed") => Some(Format::Feed),
        Some("newsml") => Some(Format::NewsMl),
        Some("warc") => Some(Format::Warc),
        Some(other) => {
            let what = format!("“{other}” is not a format: html, text, jsonl, json, feed, newsml, warc");
            return Err(PyValueError::new_err(what));
        }
    })
}

/// What the caller knows about all documents.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Known {
    published: Option<String>,
    url: Option<String>,
    outlet: Option<String>,
    title: Option<String>,
    id: Option<String>,
}

impl Known {
    pub fn hints(self) -> PyResult<Hints> {
        let Self { published, url, outlet, title, id } = self;
        let date =
            |date: String| date.parse::<PartialDate>().map_err(|e| PyValueError::new_err(e.to_string()));
        let published = published.map(date).transpose()?;
        Ok(Hints { source_id: id.unwrap_or_default(), url, outlet, title, published })
    }
}

/// The content of a document.
pub enum Body {
    /// A text, which is kept as it is.
    Text(String),
    /// A page that is already decoded.
    Html(String),
    /// A document of an input.
    Raw(Box<Raw>),
    /// A record that was read before.
    Read(Arc<wire::Record>),
}

/// A document, and its place for messages.
pub struct Document {
    pub place: String,
    pub body: Body,
}

impl Document {
    /// Reads the document.
    pub fn read(self, engine: &Engine, hints: &Hints, desk: &mut Desk) -> Result<Arc<wire::Record>, Unread> {
        let Self { place, body } = self;
        let read = || {
            let named = || {
                let source_id = if hints.source_id.is_empty() { &place } else { &hints.source_id };
                Hints { source_id: source_id.clone(), ..hints.clone() }
            };
            let article = match body {
                Body::Text(text) => read_text(text, &named()),
                Body::Html(page) => read_html(&page, &named()),
                Body::Raw(raw) => raw.read(hints)?,
                Body::Read(record) => return Ok(record),
            };
            Ok(Arc::new(wire::Record::from(&engine.record_with(article, desk))))
        };
        match unless_it_panics(read) {
            Ok(Ok(record)) => Ok(record),
            Ok(Err(e)) => Err(Unread::document(place, &e)),
            Err(_) => Err(Unread::broken(place)),
        }
    }
}

/// The documents of a Python iterable.
pub struct Source {
    values: Py<PyIterator>,
    format: Option<Format>,
    /// Whether the only value is a document that the caller gave by itself.
    alone: bool,
    /// The number of values so far.
    count: usize,
    files: VecDeque<Input>,
    opened: Option<(Opened, Option<PathBuf>)>,
}

/// A document of a source, with the path of the file that it comes from.
pub type Next = (Document, Option<PathBuf>);

impl Source {
    pub fn new(values: &Bound<'_, PyAny>, format: Option<Format>) -> PyResult<Self> {
        // A single text is iterable, but its characters are not documents.
        if values.is_instance_of::<PyString>() || values.is_instance_of::<PyBytes>() {
            let what = "this is one document; give an iterable of documents, such as a list";
            return Err(PyTypeError::new_err(what));
        }
        Self::of(values, format, false)
    }

    /// Returns the documents of a single value.
    pub fn alone(value: &Bound<'_, PyAny>, format: Option<Format>) -> PyResult<Self> {
        Self::of(PyTuple::new(value.py(), [value])?.as_any(), format, true)
    }

    fn of(values: &Bound<'_, PyAny>, format: Option<Format>, alone: bool) -> PyResult<Self> {
        let values = values.try_iter()?.unbind();
        Ok(Self { values, format, alone, count: 0, files: VecDeque::new(), opened: None })
    }

    /// Returns the next document, or why there is none at this place. `None` is the end.
    ///
    /// # Errors
    ///
    /// Returns the exception of the iterable, or of a value that is no document.
    pub fn next(&mut self, py: Python<'_>) -> PyResult<Option<Result<Next, Unread>>> {
        loop {
            if let Some((opened, path)) = &mut self.opened {
                match py.detach(|| opened.next()) {
                    Some(Ok(raw)) => {
                        let place = raw.place.clone();
                        return Ok(Some(Ok((
                            Document { place, body: Body::Raw(Box::new(raw)) },
                            path.clone(),
                        ))));
                    }
                    Some(Err(e)) => {
                        let place = path.as_ref().map(|path| path.display().to_string());
                        let place = place.unwrap_or_else(|| self.place());
                        return Ok(Some(Err(Unread::input(&place, &e))));
                    }
                    None => {
                        let passed = opened.passed_over();
                        self.opened = None;
                        if let Some(passed) = passed {
                            warn(py, &passed)?;
                        }
                    }
                }
            }
            match self.files.pop_front() {
                Some(Ok(path)) => match inputs::open(&path, self.format, |file| Box::new(file)) {
                    Ok(opened) => self.opened = Some((opened, Some(path))),
                    Err(e) => return Ok(Some(Err(Unread::input(&path.display().to_string(), &e)))),
                },
                Some(Err(e)) => return Ok(Some(Err(Unread::input(place_of(&e), &e)))),
                None => match self.value(py)? {
                    Some(next) => {
                        if let Some(next) = next.transpose() {
                            return Ok(Some(next));
                        }
                    }
                    None => return Ok(None),
                },
            }
        }
    }

    /// Returns the place of the current value.
    fn place(&self) -> String {
        if self.alone { "document".to_owned() } else { format!("document {}", self.count) }
    }

    /// Takes the next value of the iterable. A value that stands for several documents is opened instead.
    fn value(&mut self, py: Python<'_>) -> PyResult<Option<Result<Option<Next>, Unread>>> {
        let Some(value) = self.values.bind(py).clone().next() else { return Ok(None) };
        let value = value?;
        self.count += 1;
        let place = self.place();
        let alone = |document| Ok(Some(Ok(Some((document, None)))));
        if let Ok(text) = value.cast::<PyString>() {
            let text = match decoded(text, &place)? {
                Ok(text) => text,
                Err(unread) => return Ok(Some(Err(unread))),
            };
            let body = if self.format == Some(Format::Html) { Body::Html(text) } else { Body::Text(text) };
            return alone(Document { place, body });
        }
        if let Ok(bytes) = value.cast::<PyBytes>() {
            let opened = inputs::parse(Cursor::new(bytes.as_bytes().to_vec()), place, self.format);
            self.opened = Some((opened, None));
            return Ok(Some(Ok(None)));
        }
        if let Ok(record) = value.cast::<Record>() {
            return alone(Document { place, body: Body::Read(Arc::clone(&record.get().record)) });
        }
        if value.hasattr("_native")? {
            let record: Py<Record> = value.getattr("_native")?.extract()?;
            return alone(Document { place, body: Body::Read(Arc::clone(&record.get().record)) });
        }
        if value.cast::<PyMapping>().is_ok() {
            let line = py.import("onrecord._documents")?.getattr("as_json")?.call1((&value,));
            let line: Vec<u8> = match line {
                Ok(line) => line.cast::<PyBytes>()?.as_bytes().to_vec(),
                Err(e) if e.is_instance_of::<PyValueError>(py) || e.is_instance_of::<PyTypeError>(py) => {
                    let message = format!("{place}: not a JSON document: {}", e.value(py));
                    return Ok(Some(Err(Unread { place, message })));
                }
                Err(e) => return Err(e),
            };
            self.opened = Some((inputs::parse(Cursor::new(line), place, Some(Format::Json)), None));
            return Ok(Some(Ok(None)));
        }
        if value.hasattr("__fspath__")? {
            self.files = inputs::files(&[value.extract::<PathBuf>()?]).into();
            return Ok(Some(Ok(None)));
        }
        let missing = py.import("onrecord._documents")?.getattr("is_missing")?.call1((&value,))?;
        if missing.extract()? {
            let message = format!("{place}: a missing value");
            return Ok(Some(Err(Unread { place, message })));
        }
        let kind = value.get_type().name()?;
        let what = format!("{place}: a document is a str, bytes, a mapping, a path or a Record, not {kind}");
        Err(PyTypeError::new_err(what))
    }
}

fn place_of(error: &InputError) -> &str {
    match error {
        InputError::Unreadable(place, _) | InputError::NoArticles(place) | InputError::Broken(place) => place,
        _ => "",
    }
}

/// Returns the text of a string. A string may contain halves of surrogate pairs, which no text has.
pub fn decoded(text: &Bound<'_, PyString>, place: &str) -> PyResult<Result<String, Unread>> {
    let unread = |message: String| Unread { place: place.to_owned(), message: format!("{place}: {message}") };
    match text.to_cow() {
        Ok(text) if text.len() > LIMIT => Ok(Err(unread(format!("larger than {} MiB", LIMIT >> 20)))),
        Ok(text) => Ok(Ok(text.into_owned())),
        Err(e) if e.is_instance_of::<PyUnicodeEncodeError>(text.py()) => {
            Ok(Err(unread(format!("not a text: {}", e.value(text.py())))))
        }
        Err(e) => Err(e),
    }
}

/// Notes something that is not an error, such as that an input contains more than articles.
fn warn(py: Python<'_>, message: &str) -> PyResult<()> {
    let class = py.import("onrecord._errors")?.getattr("ReadWarning")?;
    let message = std::ffi::CString::new(message.replace('\0', "\u{fffd}"))?;
    PyErr::warn(py, &class, &message, 1)
}
