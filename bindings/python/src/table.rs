//! Statements as Arrow batches, handed over through the Arrow C data interface.

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::{Array, RecordBatch, StructArray};
use onrecord_export::Item;
use onrecord_export::table::{Rows, TOGETHER};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::documents::Known;
use crate::errors;
use crate::records::Reading;
use crate::waiting::Guarded;

/// Some rows. The names of the methods are those of the Arrow PyCapsule interface.
#[pyclass(frozen, module = "onrecord._native")]
pub struct Batch {
    pub batch: RecordBatch,
    /// The number of articles that were read for it.
    #[pyo3(get)]
    pub articles: usize,
}

fn failed(error: impl std::fmt::Display) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

#[pymethods]
impl Batch {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Py<PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        // The interface allows a producer to ignore the requested schema.
        drop(requested_schema);
        let schema = FFI_ArrowSchema::try_from(self.batch.schema().as_ref()).map_err(failed)?;
        let array = FFI_ArrowArray::new(&StructArray::from(self.batch.clone()).to_data());
        Ok((
            PyCapsule::new_with_value(py, schema, c"arrow_schema")?,
            PyCapsule::new_with_value(py, array, c"arrow_array")?,
        ))
    }
}

/// The columns of the batches.
#[pyclass(frozen, module = "onrecord._native")]
pub struct Schema;

#[pymethods]
impl Schema {
    #[new]
    fn new() -> Self {
        Self
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(Rows::new().schema().as_ref()).map_err(failed)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }
}

/// The statements of an iterable of documents, some rows at a time. Exceptions for single documents are returned, not
/// raised.
#[pyclass(frozen, module = "onrecord._native")]
pub struct Batches {
    state: Guarded<(Reading, Rows)>,
}

#[pymethods]
impl Batches {
    #[new]
    fn new(
        values: &Bound<'_, PyAny>,
        known: Known,
        format: Option<&str>,
        events: bool,
        threads: usize,
    ) -> PyResult<Self> {
        Ok(Self { state: Guarded::new((Reading::new(values, known, format, events, threads)?, Rows::new())) })
    }

    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let mut state = self.state.held(py)?;
        let (reading, rows) = &mut *state;
        let mut articles = 0;
        while rows.len() < TOGETHER {
            match reading.next(py)? {
                None if rows.is_empty() => return Ok(None),
                None => break,
                Some(Err(unread)) => return Ok(Some(unread.exception(py).into_value(py).into_any())),
                Some(Ok(record)) => py.detach(|| {
                    articles += 1;
                    let record =
                        std::sync::Arc::try_unwrap(record).unwrap_or_else(|shared| (*shared).clone());
                    rows.add(&Item::from(record));
                }),
            }
        }
        let batch = py.detach(|| rows.take()).map_err(|e| errors::export(py, "the table", e))?;
        Ok(Some(Py::new(py, Batch { batch, articles })?.into_any()))
    }
}
