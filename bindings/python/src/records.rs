//! Reading documents into records.

use std::sync::{Arc, OnceLock};

use onrecord::text::wire;
use onrecord::{Desk, Engine};
use onrecord_export::html;
use onrecord_ingest::Pool;
use pyo3::exceptions::{PyKeyboardInterrupt, PyValueError};
use pyo3::prelude::*;

use crate::documents::{Document, Known, Source, format_of};
use crate::errors::{self, Unread};
use crate::waiting::{Guarded, PATIENCE, patiently};

/// Returns the engine. It is made when it is first needed, and then shared by everything.
pub fn shared(events: bool) -> Arc<Engine> {
    static PLAIN: OnceLock<Arc<Engine>> = OnceLock::new();
    static WITH_EVENTS: OnceLock<Arc<Engine>> = OnceLock::new();
    if events {
        Arc::clone(WITH_EVENTS.get_or_init(|| Arc::new(Engine::new().with_events())))
    } else {
        Arc::clone(PLAIN.get_or_init(|| Arc::new(Engine::new())))
    }
}

/// Returns the version and the model of the engine.
#[pyfunction]
pub fn engine(py: Python<'_>) -> (String, String) {
    let version = py.detach(|| shared(false).version());
    (version.version, version.model)
}

/// A record in the wire format.
#[pyclass(frozen, module = "onrecord._native")]
pub struct Record {
    pub record: Arc<wire::Record>,
}

#[pymethods]
impl Record {
    #[staticmethod]
    fn from_json(py: Python<'_>, json: &str) -> PyResult<Self> {
        let record = py.detach(|| serde_json::from_str::<wire::Record>(json));
        let record = record.map_err(|e| PyValueError::new_err(format!("not a record: {e}")))?;
        if record.schema != wire::SCHEMA {
            let what = format!("not a record of {}: its schema is “{}”", wire::SCHEMA, record.schema);
            return Err(PyValueError::new_err(what));
        }
        Ok(Self { record: Arc::new(record) })
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        let json = py.detach(|| serde_json::to_string(&*self.record));
        json.map_err(|e| PyValueError::new_err(e.to_string()))
    }

    fn to_html(&self, py: Python<'_>) -> String {
        py.detach(|| html::fragment(&self.record))
    }

    fn equals(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.record, &other.record) || self.record == other.record
    }

    fn statement_count(&self) -> usize {
        self.record.statements.len()
    }

    fn article_id(&self) -> &str {
        &self.record.article.id
    }
}

/// Reads one document.
#[pyfunction]
pub fn read(
    py: Python<'_>,
    value: &Bound<'_, PyAny>,
    known: Known,
    format: Option<&str>,
    events: bool,
) -> PyResult<Record> {
    let hints = known.hints()?;
    let mut source = Source::alone(value, format_of(format)?)?;
    let (document, path) = match source.next(py)? {
        Some(Ok(next)) => next,
        Some(Err(unread)) => return Err(unread.exception(py)),
        None => {
            let place = value.str()?.to_string();
            let message = format!("{place}: there is no article in it");
            return Err(Unread { place, message }.exception(py));
        }
    };
    if source.next(py)?.is_some() {
        let name = path.map_or_else(|| document.place.clone(), |path| path.display().to_string());
        return Err(PyValueError::new_err(format!(
            "{name}: more than one article; read_many reads them all"
        )));
    }
    let work = move |document: Document, desk: &mut Desk| document.read(&shared(events), &hints, desk);
    let mut pool = Pool::new(1, work).map_err(errors::threads)?;
    pool.submit(document);
    let record = patiently(py, || pool.next_within(PATIENCE))?;
    record.map(|record| Record { record }).map_err(|unread| unread.exception(py))
}

type Work = Result<Document, Unread>;
type Done = Result<Arc<wire::Record>, Unread>;

/// Records that are read on several threads while Python asks for them.
pub struct Reading {
    source: Source,
    pool: Pool<Work, Done>,
    /// What the iterable ended with: nothing, or an exception.
    ended: Option<Option<PyErr>>,
}

impl Reading {
    pub fn new(
        values: &Bound<'_, PyAny>,
        known: Known,
        format: Option<&str>,
        events: bool,
        threads: usize,
    ) -> PyResult<Self> {
        let hints = known.hints()?;
        let source = Source::new(values, format_of(format)?)?;
        let work = move |document: Work, desk: &mut Desk| document?.read(&shared(events), &hints, desk);
        let pool = Pool::new(threads, work).map_err(errors::threads)?;
        Ok(Self { source, pool, ended: None })
    }

    /// Returns the next result, or `None` at the end.
    pub fn next(&mut self, py: Python<'_>) -> PyResult<Option<Done>> {
        // One document is taken for every result, so that the threads never run out of work, and more of them while
        // there is no result yet. What is in progress is bounded by the pool.
        let mut taken = false;
        loop {
            if taken || self.ended.is_some() || !self.pool.has_room() {
                if let Some(done) = self.pool.next_within(std::time::Duration::ZERO) {
                    return Ok(Some(done));
                }
                if self.ended.is_some() && self.pool.is_idle() {
                    return match self.ended.as_mut().and_then(Option::take) {
                        Some(exception) => Err(exception),
                        None => Ok(None),
                    };
                }
            }
            if self.ended.is_none() && self.pool.has_room() {
                taken = true;
                match self.source.next(py) {
                    Ok(Some(document)) => self.pool.submit(document.map(|(document, _)| document)),
                    Ok(None) => self.ended = Some(None),
                    Err(e) if e.is_instance_of::<PyKeyboardInterrupt>(py) => return Err(e),
                    // The documents before the exception come first.
                    Err(e) => self.ended = Some(Some(e)),
                }
                continue;
            }
            let pool = &mut self.pool;
            if let Some(done) = py.detach(|| pool.next_within(PATIENCE)) {
                return Ok(Some(done));
            }
            py.check_signals()?;
        }
    }
}

/// The records of an iterable of documents, in order. Exceptions for single documents are returned, not raised.
#[pyclass(frozen, module = "onrecord._native")]
pub struct Results {
    reading: Guarded<Reading>,
}

#[pymethods]
impl Results {
    #[new]
    fn new(
        values: &Bound<'_, PyAny>,
        known: Known,
        format: Option<&str>,
        events: bool,
        threads: usize,
    ) -> PyResult<Self> {
        Ok(Self { reading: Guarded::new(Reading::new(values, known, format, events, threads)?) })
    }

    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let mut reading = self.reading.held(py)?;
        Ok(match reading.next(py)? {
            None => None,
            Some(Ok(record)) => Some(Py::new(py, Record { record })?.into_any()),
            Some(Err(unread)) => Some(unread.exception(py).into_value(py).into_any()),
        })
    }
}
