//! From the errors of the crates to the exceptions of the package, with the messages of the terminal.

use onrecord::page::DocumentError;
use onrecord_export::ExportError;
use onrecord_export::target::TargetError;
use onrecord_ingest::inputs::InputError;
use onrecord_ingest::{Broken, IngestError, NoThread};
use onrecord_store::{QueryError, StoreError};
use pyo3::call::PyCallArgs;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyType;

/// Returns a new exception of a class of `onrecord._errors`, or the exception that prevents it.
fn made<'py>(py: Python<'py>, class: &str, args: impl PyCallArgs<'py>) -> PyErr {
    let instance = || -> PyResult<Bound<'py, PyAny>> {
        let class = py.import("onrecord._errors")?.getattr(class)?;
        class.cast::<PyType>()?.call1(args)
    };
    instance().map_or_else(|e| e, PyErr::from_value)
}

/// The reason why one document can't be read.
pub struct Unread {
    /// The place of the document.
    pub place: String,
    /// The message, which names the place.
    pub message: String,
}

impl Unread {
    pub fn document(place: String, error: &DocumentError) -> Self {
        Self { message: format!("{place}: {error}"), place }
    }

    pub fn broken(place: String) -> Self {
        Self { message: format!("{place}: {Broken}"), place }
    }

    /// Describes an input that can't be opened, read or split into documents.
    pub fn input(place: &str, error: &InputError) -> Self {
        Self { place: place.to_owned(), message: error.to_string() }
    }

    pub fn exception(self, py: Python<'_>) -> PyErr {
        made(py, "ReadError", (self.message, self.place))
    }
}

pub fn store(py: Python<'_>, error: StoreError) -> PyErr {
    let class = match error {
        StoreError::NotFound(_) | StoreError::Missing(_) => "NotFoundError",
        _ => "StoreError",
    };
    made(py, class, (error.to_string(),))
}

pub fn query(py: Python<'_>, query: &str, error: &QueryError) -> PyErr {
    let message = format!(
        "the query was not understood, {error}\n  {query}\n  {arrow:>at$}",
        arrow = "^",
        at = error.at
    );
    made(py, "QueryError", (message, query, error.at - 1))
}

pub fn ingest(py: Python<'_>, error: IngestError) -> PyErr {
    match error {
        IngestError::Store(e) => store(py, e),
        IngestError::Threads(e) => threads(e),
        other => made(py, "OnrecordError", (other.to_string(),)),
    }
}

pub fn export(py: Python<'_>, path: &str, error: ExportError) -> PyErr {
    match error {
        ExportError::Store(e) => store(py, e),
        ExportError::Output(e) => {
            made(py, "ExportError", (format!("the output could not be written: {path}: {e}"),))
        }
        other => made(py, "ExportError", (format!("{path}: {other}"),)),
    }
}

pub fn target(py: Python<'_>, error: &TargetError) -> PyErr {
    made(py, "ExportError", (error.to_string(),))
}

pub fn threads(error: NoThread) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}
