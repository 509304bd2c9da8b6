//! Stores. Answers are handed over as JSON, which `python/onrecord/_store.py` turns into objects.

use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;

use jiff::Timestamp;
use onrecord::page::Raw;
use onrecord::text::{answers, wire};
use onrecord_export::table::{Rows, TOGETHER};
use onrecord_export::target::target;
use onrecord_export::{ExportError, Format, Item, Options, brat, export, of_store};
use onrecord_ingest::{Count, Document, Event, Ingest, Names};
use onrecord_store::decisions::{Decision, Judgement, Verdict};
use onrecord_store::{
    DecidedField, DecisionId, Interrupter, Order, PersonRef, Query, Reader, Relation, Start, StatementRef,
    StoreError,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::documents::{Body, Known, Source, format_of};
use crate::errors::{self, Unread};
use crate::records::{Record, shared};
use crate::table::Batch;
use crate::waiting::{Guarded, PATIENCE, patiently, until_done};

/// How many records are read from a store before somebody asks for them.
const AHEAD: usize = 64;

/// A store. It is opened when it is first needed, and again for writing when something is first written.
#[pyclass(frozen, module = "onrecord._native")]
pub struct Store {
    path: PathBuf,
    reader: Guarded<Option<Reader>>,
    writer: Guarded<Option<onrecord_store::Store>>,
}

impl Store {
    /// Runs a request on a handle for reading, while other threads of Python run. Ctrl-C ends it.
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        request: impl FnOnce(&Reader) -> Result<T, StoreError> + Send,
    ) -> PyResult<T> {
        let mut handle = self.reader.held(py)?;
        let reader = opened(py, &mut handle, || Reader::open_any(&self.path))?;
        let interrupter = Interrupter::default();
        let work = || reader.interruptible(&interrupter, request);
        let answer = until_done(py, work, || interrupter.interrupt())?;
        answer.and_then(|answer| answer).map_err(|e| errors::store(py, e))
    }

    /// Runs a request on a handle for writing. Only an ingest creates a store.
    fn tell<T: Send>(
        &self,
        py: Python<'_>,
        request: impl FnOnce(&mut onrecord_store::Store) -> Result<T, StoreError> + Send,
    ) -> PyResult<T> {
        let mut handle = self.writer.held(py)?;
        let store = opened(py, &mut handle, || onrecord_store::Store::open(&self.path))?;
        let answer = py.detach(|| request(store));
        answer.map_err(|e| errors::store(py, e))
    }
}

/// Returns a handle, which is opened if it isn't yet.
fn opened<'a, H: Send>(
    py: Python<'_>,
    handle: &'a mut Option<H>,
    open: impl FnOnce() -> Result<H, StoreError> + Send,
) -> PyResult<&'a mut H> {
    match handle {
        Some(handle) => Ok(handle),
        None => Ok(handle.insert(py.detach(open).map_err(|e| errors::store(py, e))?)),
    }
}

fn query_of(py: Python<'_>, query: Option<&str>) -> PyResult<Query> {
    query.map_or_else(
        || Ok(Query::everything()),
        |query| query.parse().map_err(|e| errors::query(py, query, &e)),
    )
}

fn hits(hits: &[onrecord_store::Hit], relation: Option<Relation>) -> Vec<answers::Hit> {
    let answer = |hit| {
        let mut answer = answers::Hit::from(hit);
        answer.relation = relation;
        answer
    };
    hits.iter().map(answer).collect()
}

#[pymethods]
impl Store {
    #[new]
    fn new(path: PathBuf) -> Self {
        Self { path, reader: Guarded::new(None), writer: Guarded::new(None) }
    }

    /// Closes the files.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let (reader, writer) = (self.reader.held(py)?.take(), self.writer.held(py)?.take());
        py.detach(|| drop((reader, writer)));
        Ok(())
    }

    fn size(&self, py: Python<'_>) -> PyResult<(i64, i64, i64)> {
        self.ask(py, |store| {
            let size = store.size()?;
            Ok((size.articles, size.versions, size.statements))
        })
    }

    fn statement(&self, py: Python<'_>, name: &str) -> PyResult<String> {
        let hit = self.ask(py, |store| store.statement(store.named_statement(name)?))?;
        Ok(json!(answers::Hit::from(&hit)).to_string())
    }

    fn page(
        &self,
        py: Python<'_>,
        query: Option<&str>,
        order: &str,
        limit: usize,
        after: Option<String>,
    ) -> PyResult<String> {
        let query = query_of(py, query)?;
        let order: Order = order.parse().map_err(|e: StoreError| PyValueError::new_err(e.to_string()))?;
        let start = after.map_or(Start::First, Start::After);
        let page = self.ask(py, |store| store.page(&query, order, limit, &start))?;
        Ok(json!({"hits": hits(&page.hits, None), "more": page.more, "cut": page.cut}).to_string())
    }

    fn people(&self, py: Python<'_>, name: &str, limit: usize) -> PyResult<String> {
        let people = self.ask(py, |store| store.people(name, limit))?;
        Ok(json!(people.iter().map(answers::Person::from).collect::<Vec<_>>()).to_string())
    }

    /// Returns what a person said, or what others said about them, oldest first.
    fn beside(
        &self,
        py: Python<'_>,
        person: &str,
        relation: &str,
        limit: usize,
        skip: usize,
    ) -> PyResult<String> {
        let relation = Relation::named(relation)
            .ok_or_else(|| PyValueError::new_err(format!("“{relation}” is not a relation: said, about")))?;
        let page = self.ask(py, |store| {
            let people = store.people(person, 1)?;
            let person = people.first().ok_or_else(|| {
                StoreError::NotFound(format!("{person}: nobody in this store has this number"))
            })?;
            match relation {
                Relation::Said => store.said_by(person, limit, skip),
                Relation::About => store.said_about(person, limit, skip),
            }
        })?;
        Ok(json!({"hits": hits(&page.hits, Some(relation)), "more": page.more}).to_string())
    }

    fn lineage(&self, py: Python<'_>, quotation: &str) -> PyResult<String> {
        let lineage = self.ask(py, |store| match store.named_statement(quotation) {
            Ok(name) => store.lineage(name),
            Err(e) if quotation.parse::<StatementRef>().is_ok() => Err(e),
            Err(_) => store.lineage_of(quotation),
        })?;
        let versions: Vec<answers::Version> = lineage.answers().collect();
        Ok(json!({"versions": versions, "more": lineage.more}).to_string())
    }

    fn changes(&self, py: Python<'_>, article: &str) -> PyResult<String> {
        let all = self.ask(py, |store| store.changes(article))?;
        let steps = all.iter().map(|step| {
            let changes: Vec<answers::Change> = step.answers().collect();
            json!({"earlier": step.earlier.0, "later": step.later.0, "same": step.same, "changes": changes})
        });
        Ok(Value::from(steps.collect::<Vec<_>>()).to_string())
    }

    fn decisions(&self, py: Python<'_>) -> PyResult<String> {
        let all = self.ask(py, |store| {
            let mut applied = store.applied()?;
            let all = store.decisions()?.into_iter().map(|decision| {
                let now = applied.statements.remove(&decision.id).unwrap_or_default();
                (decision, now)
            });
            Ok(all.collect::<Vec<(Decision, Vec<StatementRef>)>>())
        })?;
        let all = all.iter().map(|(d, now)| {
            json!({
                "number": d.id.0, "made": d.made, "by": d.by, "kind": d.kind.name(), "article": d.article,
                "content": d.content, "field": d.field.map(DecidedField::name), "value": d.value, "person": d.person,
                "other": d.other, "undone": d.undone,
                "statements": now.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })
        });
        Ok(Value::from(all.collect::<Vec<_>>()).to_string())
    }

    /// Records a decision on a statement.
    fn decide(
        &self,
        py: Python<'_>,
        what: &str,
        statement: &str,
        value: Option<String>,
        by: Option<&str>,
    ) -> PyResult<i64> {
        let verdict: Box<dyn FnOnce(StatementRef) -> Verdict + Send> = match what {
            "split" => Box::new(Verdict::Split),
            _ => {
                let judgement = Judgement::named(what, |_| value.unwrap_or_default());
                let judgement = judgement.filter(Judgement::fits_statements).ok_or_else(|| {
                    let all = "accept, reject, split, speaker, role, said";
                    PyValueError::new_err(format!("“{what}” is not a decision: {all}"))
                })?;
                Box::new(|name| judgement.on_statement(name))
            }
        };
        self.tell(py, |store| {
            let name = store.named_statement(statement)?;
            Ok(store.decide(&verdict(name), Timestamp::now(), by)?.0)
        })
    }

    /// Records the decision that two people are the same. Both are given by their numbers.
    fn merge(&self, py: Python<'_>, person: i64, other: i64, by: Option<&str>) -> PyResult<i64> {
        self.tell(py, |store| {
            let same = Verdict::Merge(PersonRef(person), PersonRef(other));
            Ok(store.decide(&same, Timestamp::now(), by)?.0)
        })
    }

    fn undo(&self, py: Python<'_>, decision: i64) -> PyResult<()> {
        self.tell(py, |store| store.undo(DecisionId(decision)))
    }

    fn verify(&self, py: Python<'_>) -> PyResult<Vec<(String, String)>> {
        self.ask(py, |store| {
            let mut faults = Vec::new();
            store.verify(|fault| -> Result<(), StoreError> {
                faults.push((fault.place, fault.what));
                Ok(())
            })?;
            Ok(faults)
        })
    }

    /// Writes the statements that match a query to a file, or for brat to a folder.
    fn export(
        &self,
        py: Python<'_>,
        path: PathBuf,
        format: &str,
        query: Option<&str>,
        plain_cells: bool,
    ) -> PyResult<()> {
        let query = query_of(py, query)?;
        let format = match format {
            "jsonl" => Some(Format::JsonLines),
            "parquet" => Some(Format::Parquet),
            "csv" => Some(Format::Csv),
            "webannotation" => Some(Format::WebAnnotation),
            "ftm" => Some(Format::FollowTheMoney),
            "brat" => None,
            other => {
                let what =
                    format!("“{other}” is not a format: jsonl, parquet, csv, webannotation, brat, ftm");
                return Err(PyValueError::new_err(what));
            }
        };
        let options = Options::default().with_plain_cells(plain_cells);
        let name = path.display().to_string();
        let written = |store: &Reader| -> Result<(), ExportError> {
            let items = of_store(store, &query)?;
            let Some(format) = format else { return brat::to_folder(items, &path) };
            target(&path, &self.path).map_err(|e| ExportError::Output(std::io::Error::other(e)))?.fill(
                |mut out| {
                    export(items, format, options, &mut out)?;
                    Ok(out.flush()?)
                },
            )
        };
        if format.is_some() {
            target(&path, &self.path).map_err(|e| errors::target(py, &e))?;
        }
        self.ask(py, |store| Ok(written(store)))?.map_err(|e| errors::export(py, &name, e))
    }

    /// Returns the records that match a query.
    fn records(&self, py: Python<'_>, query: Option<&str>) -> PyResult<Records> {
        let query = query_of(py, query)?;
        // A missing store is an error now, not when the first record is asked for.
        self.ask(py, |_| Ok(()))?;
        let path = self.path.clone();
        let (items, received) = sync_channel(AHEAD);
        // The iteration keeps one state of the store, so it has a handle of its own.
        let send = move || {
            let all = |path: &Path| -> Result<(), ExportError> {
                let reader = Reader::open_any(path)?;
                for item in of_store(&reader, &query)? {
                    if items.send(Ok(item?)).is_err() {
                        break;
                    }
                }
                Ok(())
            };
            if let Err(e) = all(&path) {
                // If nobody listens any more, nobody needs the error.
                let _ = items.send(Err(e));
            }
        };
        thread::Builder::new().spawn(send)?;
        Ok(Records { received: Guarded::new(received) })
    }

    /// Reads documents into the store, and returns how many were new, changed, read anew, known, and failed.
    ///
    /// `tell` is called for every document: with the exception if it can't be read, and with the counts so far. The
    /// ingest stops when it returns `False`.
    fn ingest(
        &self,
        py: Python<'_>,
        values: &Bound<'_, PyAny>,
        known: Known,
        format: Option<&str>,
        threads: usize,
        tell: Py<PyAny>,
    ) -> PyResult<[usize; 5]> {
        let hints = known.hints()?;
        let mut source = Source::new(values, format_of(format)?)?;
        let mut handle = self.writer.held(py)?;
        let store = opened(py, &mut handle, || onrecord_store::Store::create(&self.path))?;
        let mut raised = None;
        let done = py.detach(|| -> Result<Count, onrecord_ingest::IngestError> {
            // Without events, an article that is read again would lose its reports.
            let engine = shared(store.has_events()?);
            let mut ingest = Ingest::new(&engine, store)?.hints(hints).threads(threads);
            let names = ingest.names()?;
            let documents = std::iter::from_fn(|| next_document(&mut source, &names));
            let count = ingest.run(documents, |event| {
                let (unread, count) = match event {
                    Event::Unread(Trouble::Raised(e)) => {
                        raised = Some(e);
                        return ControlFlow::Break(());
                    }
                    Event::Unread(Trouble::Unread(unread)) => (Some(unread), None),
                    Event::Odd(place, e) => (Some(Unread::document(place, &e)), None),
                    Event::Broken(place) => (Some(Unread::broken(place)), None),
                    Event::Progress(count) => (None, Some(count)),
                };
                let told = Python::attach(|py| -> PyResult<bool> {
                    py.check_signals()?;
                    let unread = unread.map(|unread| unread.exception(py).into_value(py));
                    tell.call1(py, (unread, count.map(counts)))?.extract(py)
                });
                match told {
                    Ok(true) => ControlFlow::Continue(()),
                    Ok(false) => ControlFlow::Break(()),
                    Err(e) => {
                        raised = Some(e);
                        ControlFlow::Break(())
                    }
                }
            })?;
            drop(names);
            // Names are joined later if the user is in a hurry: the next ingest does what this one left.
            let interrupted =
                || Python::attach(|py| py.check_signals().map_err(|e| raised = Some(e)).is_err());
            store.join(interrupted)?;
            Ok(count)
        });
        match (raised, done) {
            (Some(e), _) => Err(e),
            (None, done) => done.map(counts).map_err(|e| errors::ingest(py, e)),
        }
    }
}

fn counts(count: Count) -> [usize; 5] {
    let Count { new, versions, again, known, failed } = count;
    [new, versions, again, known, failed]
}

/// The reason why there is no document at a place.
enum Trouble {
    Unread(Unread),
    Raised(PyErr),
}

/// Returns the next document of a source, under the name by which a store knows it.
fn next_document(source: &mut Source, names: &Names) -> Option<Result<Document, Trouble>> {
    let next = Python::attach(|py| {
        py.check_signals()?;
        source.next(py)
    });
    Some(match next.map_err(Trouble::Raised).transpose()? {
        Err(trouble) => Err(trouble),
        Ok(Err(unread)) => Err(Trouble::Unread(unread)),
        Ok(Ok((document, path))) => {
            let place = document.place;
            let mut raw = match document.body {
                Body::Raw(raw) => *raw,
                Body::Text(text) => Raw::decoded(String::new(), onrecord::page::Format::Text, text),
                Body::Html(page) => Raw::decoded(String::new(), onrecord::page::Format::Html, page),
                Body::Read(_) => {
                    let message = format!("{place}: a record; give the document from which it was read");
                    return Some(Err(Trouble::Unread(Unread { place, message })));
                }
            };
            match path.map(|path| names.of(&path)) {
                // A position in an iterable is no name: another iterable has another document there.
                None => {
                    raw.place = name_of(&raw.bytes);
                    Ok(Document { raw, place })
                }
                Some(Ok(name)) => Ok(name.document(raw)),
                Some(Err(e)) => Err(Trouble::Raised(Python::attach(|py| errors::store(py, e)))),
            }
        }
    })
}

/// Returns a name for a document without one, which depends only on what it says.
fn name_of(content: &[u8]) -> String {
    let hash = wire::content_hash(&String::from_utf8_lossy(content));
    format!("sha256:{}", &hash[..16])
}

/// The records of a store that match a query, in the order of days.
#[pyclass(frozen, module = "onrecord._native")]
pub struct Records {
    received: Guarded<Receiver<Result<Item, ExportError>>>,
}

impl Records {
    fn next(&self, py: Python<'_>) -> PyResult<Option<Item>> {
        let mut received = self.received.held(py)?;
        let received = &mut *received;
        let next = patiently(py, move || match received.recv_timeout(PATIENCE) {
            Ok(item) => Some(Some(item)),
            Err(RecvTimeoutError::Disconnected) => Some(None),
            Err(RecvTimeoutError::Timeout) => None,
        })?;
        next.transpose().map_err(|e| errors::export(py, "the records", e))
    }
}

#[pymethods]
impl Records {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Record>> {
        Ok(self.next(py)?.map(|item| Record { record: Arc::new(item.record) }))
    }

    /// Returns the next rows of the table of statements.
    fn next_batch(&self, py: Python<'_>) -> PyResult<Option<Batch>> {
        let mut rows = Rows::new();
        let mut articles = 0;
        while rows.len() < TOGETHER
            && let Some(item) = self.next(py)?
        {
            articles += 1;
            rows.add(&item);
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let batch = py.detach(|| rows.take()).map_err(|e| errors::export(py, "the table", e))?;
        Ok(Some(Batch { batch, articles }))
    }
}
