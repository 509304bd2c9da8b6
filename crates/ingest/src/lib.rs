//! Documents in, records kept: what `onrecord ingest` does, for whoever has documents and a store.
//!
//! What was read before is known by its digest and not read again. What is new is read on several threads and kept in the
//! order of the input, a batch at a time, so that an end at any moment costs little and another run goes on from there. A
//! document that can't be read costs no other.
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

mod names;
mod work;

use std::fmt;
use std::mem;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use onrecord::page::{DocumentError, Hints, Raw};
use onrecord::text::wire;
use onrecord::{Desk, Engine};
use onrecord_store::{Digest, Put, Reader, Store, StoreError};

pub use work::{Broken, NoThread, in_order, unless_it_panics};

/// Records that are committed together …
const TOGETHER: usize = 100;
/// … unless they took as long as this: what a kill costs.
const AT_LEAST: Duration = Duration::from_secs(1);

/// A document on its way into a store.
pub struct Document {
    /// The document. The name in its `place` is that under which the store knows it, where it doesn't name itself.
    pub raw: Raw,
    /// What the user calls it.
    pub place: String,
}

impl From<Raw> for Document {
    fn from(raw: Raw) -> Self {
        Self { place: raw.place.clone(), raw }
    }
}

/// What happens while documents are read. Each may be answered with the end of it all; what was read is kept then, too.
#[derive(Debug)]
pub enum Event<E> {
    /// The documents could not be had to their end: what their iterator says.
    Unread(E),
    /// A document, by its place, is not what it should be.
    Odd(String, DocumentError),
    /// The program breaks on a document, by its place.
    Broken(String),
    /// So much is done; of the documents that are waiting for their commit, too.
    Progress(Count),
}

/// Why an ingest ended before its documents did.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The store can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gives no thread.
    #[error(transparent)]
    Threads(#[from] NoThread),
}

/// What became of documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Articles that were new.
    pub new: usize,
    /// Other texts of articles that were there.
    pub versions: usize,
    /// Texts that were there, of which something else is known now.
    pub again: usize,
    /// Documents whose record was there, most of which didn't need to be read.
    pub known: usize,
    /// Documents that could not be read.
    pub failed: usize,
}

impl Count {
    /// All documents.
    #[must_use]
    pub fn all(self) -> usize {
        self.new + self.versions + self.again + self.known + self.failed
    }

    /// These and others.
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
        write!(
            f,
            "{} documents: {new} new, {versions} changed, {again} read anew, {known} known",
            self.all()
        )?;
        if *failed > 0 { write!(f, ", {failed} failed") } else { Ok(()) }
    }
}

/// Reads documents into a store.
pub struct Ingest<'a> {
    engine: &'a Engine,
    store: &'a mut Store,
    /// The same store, to ask what is there while something is being written.
    known: Reader,
    folder: Option<PathBuf>,
    hints: Hints,
    threads: usize,
}

/// A document that was known, or what reading it yields.
enum Read<E> {
    Known,
    Record(Box<wire::Record>, Digest),
    Failed(Event<E>),
    Store(StoreError),
}

/// Why taking records ends.
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
    /// Into this store, without hints, on one thread.
    ///
    /// # Errors
    ///
    /// When the store can't be read.
    pub fn new(engine: &'a Engine, store: &'a mut Store) -> Result<Self, StoreError> {
        let known = Reader::open(store.path())?;
        let folder = names::folder_of(store.path());
        Ok(Self { engine, store, known, folder, hints: Hints::default(), threads: 1 })
    }

    /// With what is known of all documents beside what they say.
    #[must_use]
    pub fn hints(mut self, hints: Hints) -> Self {
        self.hints = hints;
        self
    }

    /// On so many threads; the store is the same at any number.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// What tells under which name the store knows a file, whichever way it was reached.
    ///
    /// # Errors
    ///
    /// When the store can't be read.
    pub fn names(&self) -> Result<Names, StoreError> {
        Ok(Names { store: Reader::open(self.store.path())?, folder: self.folder.clone() })
    }

    /// Reads and keeps every document, in their order. `event` is told what happens and may end it.
    ///
    /// # Errors
    ///
    /// When the store can't be read or written. What was read before is kept.
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
                    Ok(wire::Record::from(&engine.record(article, desk)))
                });
                match record {
                    Ok(Ok(record)) => Read::Record(Box::new(record), digest),
                    Ok(Err(e)) => Read::Failed(Event::Odd(place, e)),
                    Err(Broken) => Read::Failed(Event::Broken(place)),
                }
            }
        };
        let (mut waiting, mut since, mut count) = (Vec::new(), Instant::now(), Count::default());
        let store = &mut *self.store;
        let taken = in_order(documents, self.threads, read, |result| {
            let mut tell = |what| if event(what).is_break() { Err(Stop::Asked) } else { Ok(()) };
            match result {
                // Something takes its time: what is there is put where it is safe.
                None => {
                    since = Instant::now();
                    return keep(store, &mut waiting, &mut count);
                }
                Some(Read::Known) => count.known += 1,
                Some(Read::Record(record, digest)) => {
                    waiting.push((record, digest));
                    if waiting.len() >= TOGETHER || since.elapsed() >= AT_LEAST {
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
        // What was read before the end is kept all the same.
        let kept = keep(store, &mut waiting, &mut count);
        match taken.and(kept) {
            Err(Stop::Error(e)) => Err(e),
            Ok(()) | Err(Stop::Asked) => Ok(count),
        }
    }
}

/// Commits records.
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

/// What tells under which name a store knows a file.
pub struct Names {
    store: Reader,
    folder: Option<PathBuf>,
}

/// A file, by the path that the user gave and by the name that the store has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// As the user gave it.
    pub typed: String,
    /// As the store knows it.
    pub stable: String,
}

impl Names {
    /// The name of a file: its path from the folder of the store, for a file below it, else from the root, without links and
    /// without the ending of a packed file. Where the store knows the file under the path that was given, that is its name.
    ///
    /// # Errors
    ///
    /// When the store can't be read.
    pub fn of(&self, path: &Path) -> Result<FileName, StoreError> {
        let stable = names::stable(path, self.folder.as_deref(), &self.store)?;
        Ok(FileName { typed: path.display().to_string(), stable })
    }
}

impl FileName {
    /// A document of the file, under the name that the store has for it.
    #[must_use]
    pub fn document(&self, mut raw: Raw) -> Document {
        let place = raw.place.clone();
        if let Some(part) = place.strip_prefix(self.typed.as_str()) {
            raw.place = format!("{}{part}", self.stable);
        }
        Document { raw, place }
    }
}

/// What, beside a document, its record depends on.
struct Keys {
    parts: Vec<String>,
}

impl Keys {
    fn of(hints: &Hints, engine: &Engine) -> Self {
        let version = engine.version();
        let text = |o: &Option<String>| o.clone().unwrap_or_default();
        let published = hints.published.map(|d| d.to_string()).unwrap_or_default();
        Self { parts: vec![version.version, version.model, text(&hints.url), text(&hints.outlet), published] }
    }

    fn digest(&self, raw: &Raw) -> Digest {
        let place = if raw.names_itself() { "" } else { raw.place.as_str() };
        let mut stated = format!("{:?} {:?} {:?} {:?}", raw.format, raw.stated, raw.charset, raw.fetched);
        // An item that its publisher withdraws comes again with the same words.
        if raw.byline.is_some() || !raw.notices.is_empty() {
            stated.push_str(&format!(" {:?} {:?}", raw.byline, raw.notices));
        }
        let own = [place.as_bytes(), stated.as_bytes(), raw.bytes.as_slice()];
        Digest::of(self.parts.iter().map(String::as_bytes).chain(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }
}
