//! Reads documents and keeps their records in a store. This is the library behind `onrecord ingest`.
//!
//! Documents that were read before are recognised by their digest and skipped. New ones are read on several threads and
//! kept in input order, one batch at a time. An ingest that is interrupted therefore loses little, and the next run
//! continues where it stopped. A document that can't be read does not affect the others.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use onrecord::Engine;
//! use onrecord_ingest::{Document, Event, Ingest};
//! use onrecord_store::Store;
//!
//! let folder = tempfile::tempdir()?;
//! let mut store = Store::create(&folder.path().join("news.db"))?;
//! let engine = Engine::new();
//! let texts = ["“We open in May,” Ada Brandt said.", "Nobody knew, Rolf Meyer said."];
//! let documents = texts.iter().enumerate().flat_map(|(n, text)| {
//!     let name = format!("{n}.txt");
//!     onrecord::page::documents(text.as_bytes(), &name, None).map(|raw| raw.map(Document::from)).collect::<Vec<_>>()
//! });
//! let count = Ingest::new(&engine, &mut store)?.threads(2).run(documents, |event| {
//!     if let Event::Unread(error) = event {
//!         eprintln!("{error}");
//!     }
//!     ControlFlow::Continue(())
//! })?;
//! assert_eq!((count.new, count.known), (2, 0));
//! assert_eq!(store.search(&"may".parse()?, onrecord_store::Order::Newest, 20, 0)?.hits.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]
#![warn(clippy::must_use_candidate, clippy::print_stderr, clippy::print_stdout)]

pub mod inputs;
mod names;
mod pool;
mod queue;
mod work;

use std::fmt;
use std::mem;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use onrecord::page::{DocumentError, Format, Hints, Raw};
use onrecord::text::{Dateline, NoticeKind, wire};
use onrecord::{Desk, Engine};
use onrecord_store::{Digest, Put, Reader, Store, StoreError};

pub use pool::Pool;
pub use work::{Broken, NoThread, in_order, unless_it_panics};

/// The number of records that are committed together.
const TOGETHER: usize = 100;
/// The time after which fewer than [`TOGETHER`] records are committed. This limits how much work a kill can cost.
const AT_LEAST: Duration = Duration::from_secs(1);

/// A document to be ingested.
#[derive(Debug)]
pub struct Document {
    /// The document. Unless it names itself, the name in its `place` is the one under which the store knows it.
    pub raw: Raw,
    /// The user's name for the document.
    pub place: String,
}

impl From<Raw> for Document {
    fn from(raw: Raw) -> Self {
        Self { place: raw.place.clone(), raw }
    }
}

/// What happens while documents are read.
///
/// The handler of any event may stop the ingest. What was read by then is kept.
#[derive(Debug)]
pub enum Event<E> {
    /// The source of documents failed. This is the error from its iterator.
    Unread(E),
    /// The document at this place can't be read as an article.
    Odd(String, DocumentError),
    /// The program failed on the document at this place because of an internal error.
    Broken(String),
    /// The progress so far, including documents that are waiting to be committed.
    Progress(Count),
}

/// The reason why an ingest ended before its documents did.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The store can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store has reports of events, and the engine finds none: articles that are read again would lose theirs.
    #[error("the store has reports of events, so the engine must find events, too (Engine::with_events)")]
    NeedsEvents,
    /// The system can't start a thread.
    #[error(transparent)]
    Threads(#[from] NoThread),
}

/// The number of documents by result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// New articles.
    pub new: usize,
    /// New texts of articles that were already in the store.
    pub versions: usize,
    /// Texts that were already in the store, for which other information was replaced.
    pub again: usize,
    /// Documents whose record was already in the store. Most of them did not need to be read.
    pub known: usize,
    /// Documents that could not be read.
    pub failed: usize,
}

impl Count {
    /// Returns the total number of documents.
    #[must_use]
    pub fn all(self) -> usize {
        self.new + self.versions + self.again + self.known + self.failed
    }

    /// Returns the sum of both counts.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            new: self.new + other.new,
            versions: self.versions + other.versions,
            again: self.again + other.again,
            known: self.known + other.known,
            failed: self.failed + other.failed,
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { new, versions, again, known, failed } = self;
        let all = self.all();
        let documents = if all == 1 { "document" } else { "documents" };
        write!(f, "{all} {documents}: {new} new, {versions} changed, {again} reread, {known} known")?;
        if *failed > 0 { write!(f, ", {failed} failed") } else { Ok(()) }
    }
}

/// Reads documents into a store.
#[derive(Debug)]
pub struct Ingest<'a> {
    engine: &'a Engine,
    store: &'a mut Store,
    /// The same store, opened for reading while something is being written to it.
    known: Reader,
    folder: Option<PathBuf>,
    hints: Hints,
    threads: usize,
    /// The number of articles that were read with a notice of each kind, in the order of [`NoticeKind::ALL`].
    noticed: [usize; NoticeKind::ALL.len()],
}

/// The result for one document: it is known already, or this is what reading it yields.
enum Read<E> {
    Known,
    Record(Box<wire::Record>, Digest),
    Failed(Event<E>),
    Store(StoreError),
}

/// The reason to stop taking records.
enum Stop {
    Asked,
    Error(IngestError),
}

impl From<NoThread> for Stop {
    fn from(e: NoThread) -> Self {
        Self::Error(e.into())
    }
}

impl<'a> Ingest<'a> {
    /// Creates an ingest into this store, without hints and on one thread.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read, or if it has reports of events and the engine finds none.
    pub fn new(engine: &'a Engine, store: &'a mut Store) -> Result<Self, IngestError> {
        let known = Reader::open(store.path())?;
        if known.has_events()? && !engine.has_events() {
            return Err(IngestError::NeedsEvents);
        }
        let folder = names::folder_of(store.path());
        Ok(Self {
            engine,
            store,
            known,
            folder,
            hints: Hints::default(),
            threads: 1,
            noticed: Default::default(),
        })
    }

    /// Returns the number of articles that were read with a notice of each kind, without kinds that none has.
    pub fn notices(&self) -> impl Iterator<Item = (NoticeKind, usize)> + use<> {
        NoticeKind::ALL.into_iter().zip(self.noticed).filter(|&(_, articles)| articles > 0)
    }

    /// Sets information that applies to all documents, in addition to what they state themselves.
    #[must_use]
    pub fn hints(mut self, hints: Hints) -> Self {
        self.hints = hints;
        self
    }

    /// Sets the number of threads. The resulting store is the same for any number.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Returns the lookup for the names under which the store knows files, however their paths are written.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn names(&self) -> Result<Names, StoreError> {
        Ok(Names { store: Reader::open(self.store.path())?, folder: self.folder.clone() })
    }

    /// Reads and keeps every document, in order. Call [`Store::join`] afterwards, which links surnames to people across
    /// articles.
    ///
    /// `event` is called for everything that happens and may stop the ingest.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read or written. What was committed before is kept.
    pub fn run<E: Send>(
        &mut self,
        documents: impl Iterator<Item = Result<Document, E>>,
        mut event: impl FnMut(Event<E>) -> ControlFlow<()>,
    ) -> Result<Count, IngestError> {
        let (engine, hints, known) = (self.engine, &self.hints, &self.known);
        let keys = Keys::of(hints, engine);
        let documents = documents.map(|document| -> Result<Option<(Document, Digest)>, Read<E>> {
            let document = document.map_err(|e| Read::Failed(Event::Unread(e)))?;
            let digest = keys.digest(&document.raw);
            let there = known.has(&digest).map_err(Read::Store)?;
            Ok(if there { None } else { Some((document, digest)) })
        });
        let read = |document: Result<Option<(Document, Digest)>, Read<E>>, desk: &mut Desk| match document {
            Ok(None) => Read::Known,
            Err(failed) => failed,
            Ok(Some((Document { raw, place }, digest))) => {
                let record = unless_it_panics(|| {
                    let article = raw.read(hints)?;
                    drop(raw);
                    Ok(wire::Record::from(&engine.record_with(article, desk)))
                });
                match record {
                    Ok(Ok(record)) => Read::Record(Box::new(record), digest),
                    Ok(Err(e)) => Read::Failed(Event::Odd(place, e)),
                    Err(Broken) => Read::Failed(Event::Broken(place)),
                }
            }
        };
        let (mut waiting, mut since, mut count) = (Vec::new(), Instant::now(), Count::default());
        let (store, noticed) = (&mut *self.store, &mut self.noticed);
        let taken = in_order(documents, self.threads, read, |result| {
            let mut tell = |what| if event(what).is_break() { Err(Stop::Asked) } else { Ok(()) };
            match result {
                // A document is taking long, so commit what has been read.
                None => {
                    since = Instant::now();
                    return keep(store, &mut waiting, &mut count);
                }
                Some(Read::Known) => count.known += 1,
                Some(Read::Record(record, digest)) => {
                    for (kind, articles) in NoticeKind::ALL.into_iter().zip(noticed.iter_mut()) {
                        *articles += usize::from(record.notices.iter().any(|notice| notice.kind == kind));
                    }
                    waiting.push((record, digest));
                    if is_enough(waiting.len(), since.elapsed()) {
                        keep(store, &mut waiting, &mut count)?;
                        since = Instant::now();
                    }
                }
                Some(Read::Store(e)) => return Err(Stop::Error(e.into())),
                Some(Read::Failed(what)) => {
                    count.failed += 1;
                    tell(what)?;
                }
            }
            tell(Event::Progress(Count { new: count.new + waiting.len(), ..count }))
        });
        // Commit what was read, even if the ingest ended early.
        let kept = keep(store, &mut waiting, &mut count);
        unless_an_error(taken).and(unless_an_error(kept)).map(|()| count)
    }
}

/// Returns whether records are committed: if so many are waiting, or if the last commit was so long ago.
fn is_enough(waiting: usize, since: Duration) -> bool {
    waiting >= TOGETHER || since >= AT_LEAST
}

/// Returns the error that ended an ingest. That the caller ended it is none.
fn unless_an_error(taken: Result<(), Stop>) -> Result<(), IngestError> {
    match taken {
        Err(Stop::Error(e)) => Err(e),
        Ok(()) | Err(Stop::Asked) => Ok(()),
    }
}

/// Commits the waiting records.
fn keep(
    store: &mut Store,
    waiting: &mut Vec<(Box<wire::Record>, Digest)>,
    count: &mut Count,
) -> Result<(), Stop> {
    if waiting.is_empty() {
        return Ok(());
    }
    let mut put = || -> Result<Count, StoreError> {
        let mut batch = store.batch()?;
        let mut kept = Count::default();
        for (record, digest) in mem::take(waiting) {
            match batch.put(&record, &digest)? {
                Put::New => kept.new += 1,
                Put::Version => kept.versions += 1,
                Put::Findings => kept.again += 1,
                Put::Same => kept.known += 1,
            }
        }
        batch.commit()?;
        Ok(kept)
    };
    *count = count.and(put().map_err(|e| Stop::Error(e.into()))?);
    Ok(())
}

/// Returns the name under which a store, whose file is at `at`, knows a file, as [`Names::of`] does.
///
/// # Errors
///
/// Returns an error if the store can't be read.
pub fn name_in(store: &Reader, at: &Path, path: &Path) -> Result<String, StoreError> {
    names::stable(path, names::folder_of(at).as_deref(), store)
}

/// Looks up the names under which a store knows files.
#[derive(Debug)]
pub struct Names {
    store: Reader,
    folder: Option<PathBuf>,
}

/// A file's path as the user gave it, and its name in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// The path, as the user gave it.
    pub typed: String,
    /// The name, as the store knows it.
    pub stable: String,
}

impl Names {
    /// Returns the name of a file in the store.
    ///
    /// This is its path relative to the store's folder if it is below that folder, and otherwise its absolute path.
    /// Links are resolved, and the extension of a packed file is removed. If the store already knows the file only
    /// under the path as given, that path is its name.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn of(&self, path: &Path) -> Result<FileName, StoreError> {
        let stable = names::stable(path, self.folder.as_deref(), &self.store)?;
        Ok(FileName { typed: path.display().to_string(), stable })
    }
}

impl FileName {
    /// Returns a document from the file, under the file's name in the store.
    #[must_use]
    pub fn document(&self, mut raw: Raw) -> Document {
        let place = raw.place.clone();
        if let Some(part) = place.strip_prefix(self.typed.as_str()) {
            raw.place = format!("{}{part}", self.stable);
        }
        Document { raw, place }
    }
}

/// The parts besides the document itself that its record depends on.
struct Keys {
    parts: Vec<String>,
}

impl Keys {
    fn of(hints: &Hints, engine: &Engine) -> Self {
        let version = engine.version();
        let Hints { source_id, url, outlet, title, published } = hints;
        let text = |o: &Option<String>| o.clone().unwrap_or_default();
        let published = published.map(|d| d.to_string()).unwrap_or_default();
        let mut parts = vec![version.version, version.model, text(url), text(outlet), published];
        parts.extend(engine.has_events().then(|| "events".to_owned()));
        // What stores of earlier versions know was read without these.
        let later = [("title", text(title)), ("source_id", source_id.clone())];
        let given = later.into_iter().filter(|(_, hint)| !hint.is_empty());
        parts.extend(given.map(|(name, hint)| format!("{name}:{hint}")));
        Self { parts }
    }

    fn digest(&self, raw: &Raw) -> Digest {
        let Raw { place, format, bytes, stated, charset, fetched, byline, dateline, notices } = raw;
        let Hints { source_id, url, outlet, title, published } = stated;
        let place = if raw.names_itself() { "" } else { place };
        let kind = match format {
            Format::Html => "html",
            Format::Json => "json",
            _ => "text",
        };
        let published = published.map(|day| day.to_string());
        let optional = [url, outlet, title, &published, charset, fetched, byline];
        let optional = optional.map(|part| part.as_deref().unwrap_or_default());
        // If a publisher withdraws an item, it is sent again with the same words and another notice.
        let noticed = notices.iter().flat_map(|notice| [notice.kind.name(), &notice.message]);
        let dateline = dateline.as_ref().map(|Dateline { place, date, agency }| {
            let date = date.map(|day| day.to_string());
            [place, &date, agency].map(|part| part.clone().unwrap_or_default()).join("/")
        });
        let words = [place, kind, source_id].into_iter().chain(optional).chain(noticed);
        let words = words.chain(dateline.as_deref()).map(str::as_bytes);
        let document = words.chain([bytes.as_slice()]);
        Digest::of(document).read_with(self.parts.iter().map(String::as_bytes))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use onrecord_store::ArticleId;

    use super::*;

    #[test]
    fn the_hints_that_were_given_last_hold() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::create(&folder.path().join("news.db")).unwrap();
        let engine = Engine::new();
        let mut ingest = |outlet: &str| {
            let text = "The bridge opens in May, Ada Brandt said.";
            let documents = onrecord::page::documents(text.as_bytes(), "a.txt", None);
            let hints = Hints { outlet: Some(outlet.to_owned()), ..Hints::default() };
            let mut ingest = Ingest::new(&engine, &mut store).unwrap().hints(hints);
            let documents = documents.map(|raw| raw.map(Document::from));
            let count = ingest.run(documents, |_| ControlFlow::Continue(())).unwrap();
            (count, store.record(ArticleId(1)).unwrap().unwrap().article.outlet.unwrap())
        };
        let (new, again, known) = (
            Count { new: 1, ..Count::default() },
            Count { again: 1, ..Count::default() },
            Count { known: 1, ..Count::default() },
        );
        assert_eq!(ingest("Courier"), (new, "Courier".to_owned()));
        assert_eq!(ingest("Courier"), (known, "Courier".to_owned()));
        assert_eq!(ingest("Herald"), (again, "Herald".to_owned()));
        assert_eq!(ingest("Courier"), (again, "Courier".to_owned()));
        assert_eq!(ingest("Courier"), (known, "Courier".to_owned()));
    }

    /// An engine, an empty store in a folder, and documents with a statement each.
    fn newsroom(
        documents: usize,
    ) -> (tempfile::TempDir, Store, Engine, impl Iterator<Item = Result<Document, &'static str>>) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("news.db")).unwrap();
        let text = |n| format!("{{\"id\": {n}, \"text\": \"The bridge opens in May, Ada Brandt said.\"}}");
        let documents = (0..documents).map(move |n| {
            let raw = onrecord::page::documents(std::io::Cursor::new(text(n)), "a.jsonl", None).next();
            Ok(Document::from(raw.unwrap().unwrap()))
        });
        (folder, store, Engine::new(), documents)
    }

    #[test]
    fn an_ingest_that_is_stopped_keeps_what_was_read() {
        let (_folder, mut store, engine, documents) = newsroom(5);
        let mut events = 0;
        let count = Ingest::new(&engine, &mut store).unwrap().run(documents, |_| {
            events += 1;
            if events == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!((count.unwrap().new, events, store.size().unwrap().articles), (2, 2, 2));
    }

    #[test]
    fn a_failed_document_may_stop_an_ingest() {
        let (_folder, mut store, engine, documents) = newsroom(1);
        let all = documents.chain([Err("gone"), Err("gone, too")]);
        let count = Ingest::new(&engine, &mut store).unwrap().run(all, |event| match event {
            Event::Unread(_) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        });
        assert_eq!(count.unwrap(), Count { new: 1, failed: 1, ..Count::default() });
        assert_eq!(store.size().unwrap().articles, 1);
    }

    #[test]
    fn what_was_read_before_a_stop_may_fail_to_be_kept() {
        let full = || Err(Stop::Error(StoreError::Full(PathBuf::from("news.db")).into()));
        let ends_well = |taken, kept| unless_an_error(taken).and(unless_an_error(kept)).is_ok();
        assert!(ends_well(Err(Stop::Asked), Ok(())) && ends_well(Ok(()), Ok(())));
        assert!(!ends_well(Err(Stop::Asked), full()) && !ends_well(full(), Ok(())));
    }

    #[test]
    fn records_are_committed_by_the_hundred_or_by_the_second() {
        let [short, second] = [Duration::from_millis(999), Duration::from_secs(1)];
        assert!(!is_enough(99, short) && is_enough(100, Duration::ZERO) && is_enough(1, second));
    }

    #[test]
    fn each_hint_makes_another_reading() {
        let (engine, hint) = (Engine::new(), || Some("7".to_owned()));
        let published = "2016-03-04".parse().ok();
        let all = [
            Hints::default(),
            Hints { source_id: "7".to_owned(), ..Hints::default() },
            Hints { url: hint(), ..Hints::default() },
            Hints { outlet: hint(), ..Hints::default() },
            Hints { title: hint(), ..Hints::default() },
            Hints { published, ..Hints::default() },
        ];
        let parts: HashSet<Vec<String>> = all.iter().map(|hints| Keys::of(hints, &engine).parts).collect();
        assert_eq!(parts.len(), all.len());
    }

    #[test]
    fn a_document_is_known_by_its_words_its_place_and_what_was_said_of_it() {
        let keys = |parts: &[&str]| Keys { parts: parts.iter().map(|&p| p.to_owned()).collect() };
        let raw = |name: &str, text: &str| {
            onrecord::page::documents(std::io::Cursor::new(text.to_owned()), name, None)
                .next()
                .unwrap()
                .unwrap()
        };
        let digest = |k: &[&str], name: &str, text: &str| keys(k).digest(&raw(name, text));
        let one = digest(&["1"], "a.txt", "It rained, she said.");
        assert_eq!(one, digest(&["1"], "a.txt", "It rained, she said."));
        assert_ne!(one, digest(&["2"], "a.txt", "It rained, she said."));
        assert_ne!(one, digest(&["1"], "b.txt", "It rained, she said."));
        let item = |status: &str| {
            let body = "<contentSet><inlineData>It rained, she said.</inlineData></contentSet>";
            format!(
                "<newsItem guid='7'><itemMeta><pubStatus qcode='stat:{status}'/></itemMeta>{body}</newsItem>"
            )
        };
        assert_eq!(digest(&[], "a.xml", &item("usable")), digest(&[], "b.xml", &item("usable")));
        assert_ne!(digest(&[], "a.xml", &item("usable")), digest(&[], "a.xml", &item("canceled")));
        let named = "{\"id\": 7, \"text\": \"It rained.\"}";
        assert_eq!(digest(&[], "a.jsonl", named), digest(&[], "b.jsonl", &format!("\n{named}")));
        let of = |name: &str, value: &str| {
            let text = format!("{{\"id\": 7, \"text\": \"It rained.\", \"{name}\": \"{value}\"}}");
            digest(&[], "a.jsonl", &text)
        };
        let stated = [of("outlet", "Post"), of("title", "Post"), of("url", "https://post.example/")];
        assert!(stated.iter().enumerate().all(|(n, one)| !stated[..n].contains(one)));
    }

    #[test]
    fn a_store_with_reports_of_events_keeps_them() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::create(&folder.path().join("news.db")).unwrap();
        let (plain, with_events) = (Engine::new(), Engine::new().with_events());
        let text = "Police in Sund arrested the Norland journalist Ada Brandt on Monday.";
        let ingest = |engine: &Engine, store: &mut Store| -> Result<Count, IngestError> {
            let documents = onrecord::page::documents(text.as_bytes(), "a.txt", None);
            let documents = documents.map(|raw| raw.map(Document::from));
            Ingest::new(engine, store)?.run(documents, |_| ControlFlow::Continue(()))
        };
        ingest(&plain, &mut store).unwrap();
        ingest(&with_events, &mut store).unwrap();
        assert!(store.has_events().unwrap());
        assert!(matches!(ingest(&plain, &mut store), Err(IngestError::NeedsEvents)));
        assert!(store.has_events().unwrap());
    }
}
