//! `onrecord ingest`: documents in, records kept.

use std::collections::HashMap;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::mem;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use onrecord::page::{Hints, Raw};
use onrecord::text::wire;
use onrecord::{Desk, Engine};
use onrecord_store::{Digest, Put, Reader, Store, StoreError};

use crate::failure::{Failure, Outcome};
use crate::inputs::{self, Input};
use crate::work::{in_order, progress, unless_it_panics};
use crate::{IngestArgs, InputArgs, names};

/// Records that are committed together …
const TOGETHER: usize = 100;
/// … unless they took as long as this: what a kill costs.
const AT_LEAST: Duration = Duration::from_secs(1);
/// How often a watched folder is looked at. A file is read when it is the same at two looks.
const LOOK: Duration = Duration::from_secs(1);

pub fn run(args: &IngestArgs) -> Result<Outcome, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let handler = Arc::clone(&stop);
    let installed = ctrlc::set_handler(move || {
        if handler.swap(true, Ordering::Relaxed) {
            // Asked twice. What is committed is safe from this, too.
            std::process::exit(130);
        }
    });
    // Without a handler Ctrl-C kills the program, which costs what is not yet committed and no more.
    let _ = installed;
    let mut desk = Ingest {
        engine: Engine::new(),
        store: Store::create(&args.store.store)?,
        known: Reader::open(&args.store.store)?,
        args,
        stop,
        count: Count::default(),
        outcome: Outcome::default(),
    };
    if args.watch {
        desk.watch()?
    } else {
        desk.ingest(inputs::files(&args.input.paths))?
    }
    let Ingest { count, mut outcome, stop, store, .. } = desk;
    let size = store.size()?;
    writeln!(
        io::stdout(),
        "{count}; the store has {} articles, {} statements",
        size.articles,
        size.statements
    )
    .map_err(Failure::Output)?;
    if stop.load(Ordering::Relaxed) && !args.watch {
        outcome.fail(&Failure::Interrupted);
    }
    Ok(outcome)
}

struct Ingest<'a> {
    engine: Engine,
    store: Store,
    /// The same store, to ask what is there while something is being written.
    known: Reader,
    args: &'a IngestArgs,
    stop: Arc<AtomicBool>,
    count: Count,
    outcome: Outcome,
}

/// What became of the documents.
#[derive(Clone, Copy, Default)]
struct Count {
    new: usize,
    versions: usize,
    again: usize,
    same: usize,
    failed: usize,
}

impl Count {
    fn all(self) -> usize {
        self.new + self.versions + self.again + self.same + self.failed
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { new, versions, again, same, failed } = self;
        write!(
            f,
            "{} documents: {new} new, {versions} changed, {again} read anew, {same} known",
            self.all()
        )?;
        if *failed > 0 { write!(f, ", {failed} failed") } else { Ok(()) }
    }
}

/// A document that was known, or what reading it yields.
enum Read {
    Known,
    Record(Box<wire::Record>, Digest),
}

impl Ingest<'_> {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Reads and keeps every document of these files, in their order.
    fn ingest(&mut self, files: Vec<Input>) -> Result<(), Failure> {
        let input = &self.args.input;
        let bar = progress(inputs::bytes(&files), io::stderr().is_terminal());
        let (hints, engine, stop) = (input.hints(), &self.engine, &self.stop);
        let keys = Keys::of(input, engine);
        let (known, store) = (&self.known, &mut self.store);
        let folder = names::folder_of(&self.args.store.store);
        // Within the store a file has one name, whichever way it was reached.
        let named = |file: Input| -> Box<dyn Iterator<Item = Result<(Raw, String), Failure>>> {
            let names = file.as_ref().ok().map(|path| -> Result<_, StoreError> {
                Ok((path.display().to_string(), names::stable(path, &folder, known)?))
            });
            let names = match names.transpose() {
                Ok(names) => names,
                Err(e) => return Box::new(std::iter::once(Err(e.into()))),
            };
            let documents = inputs::documents_of(vec![file], input.format(), bar.clone());
            Box::new(documents.map(move |raw| {
                let mut raw = raw?;
                let place = raw.place.clone();
                if let Some((typed, stable)) = &names
                    && let Some(part) = place.strip_prefix(typed.as_str())
                {
                    raw.place = format!("{stable}{part}");
                }
                Ok((raw, place))
            }))
        };
        type New = Option<(Raw, String, Digest)>;
        let documents = files.into_iter().flat_map(named).take_while(|_| !stop.load(Ordering::Relaxed)).map(
            |raw: Result<_, Failure>| -> Result<New, Failure> {
                let (raw, place) = raw?;
                let digest = keys.digest(&raw);
                Ok(if known.has(&digest)? { None } else { Some((raw, place, digest)) })
            },
        );
        let read = |document: Result<New, Failure>, desk: &mut Desk| {
            let Some((raw, place, digest)) = document? else { return Ok(Read::Known) };
            record(engine, &raw, &place, &hints, desk).map(|record| Read::Record(Box::new(record), digest))
        };
        let (mut waiting, mut since) = (Vec::new(), Instant::now());
        let (count, outcome, strict) = (&mut self.count, &mut self.outcome, self.args.strict);
        let (begun, before) = (Instant::now(), count.all());
        let taken = in_order(documents, self.args.threads, read, |result| {
            let Some(result) = result else {
                since = Instant::now();
                return keep(store, &mut waiting, count);
            };
            match result {
                Ok(Read::Known) => count.same += 1,
                Ok(Read::Record(record, digest)) => {
                    waiting.push((record, digest));
                    if waiting.len() >= TOGETHER || since.elapsed() >= AT_LEAST {
                        keep(store, &mut waiting, count)?;
                        since = Instant::now();
                    }
                }
                Err(failure @ Failure::Store(_)) => return Err(failure),
                Err(failure) => {
                    count.failed += 1;
                    if strict {
                        return Err(failure);
                    }
                    bar.suspend(|| outcome.fail(&failure));
                }
            }
            let done = count.all() + waiting.len() - before;
            bar.set_message(format!(
                "{done} articles, {:.0} a second",
                done as f64 / begun.elapsed().as_secs_f64()
            ));
            Ok(())
        });
        // What was read before a failure is kept all the same.
        let kept = keep(store, &mut waiting, count);
        taken.and(kept)?;
        bar.finish_and_clear();
        let stop = &self.stop;
        self.store.join(|| stop.load(Ordering::Relaxed))?;
        Ok(())
    }

    /// Reads what is there, and what comes in, until somebody presses Ctrl-C.
    fn watch(&mut self) -> Result<(), Failure> {
        type State = (u64, Option<SystemTime>);
        let (mut done, mut seen) = (HashMap::<PathBuf, State>::new(), HashMap::<PathBuf, State>::new());
        let mut first = true;
        while !self.stopped() {
            let now: HashMap<PathBuf, State> = inputs::files(&self.args.input.paths)
                .into_iter()
                .flatten()
                .filter_map(|path| {
                    let about = fs::metadata(&path).ok()?;
                    Some((path, (about.len(), about.modified().ok())))
                })
                .collect();
            let settled = |path: &PathBuf, state: &State| {
                done.get(path) != Some(state) && (first || seen.get(path) == Some(state))
            };
            let mut ready: Vec<PathBuf> = now
                .iter()
                .filter(|&(path, state)| settled(path, state))
                .map(|(path, _)| path.clone())
                .collect();
            ready.sort();
            if !ready.is_empty() {
                let before = mem::take(&mut self.count);
                self.ingest(ready.iter().cloned().map(Ok).collect())?;
                writeln!(io::stdout(), "{}", self.count).map_err(Failure::Output)?;
                self.count = before.and(self.count);
                done.extend(ready.into_iter().filter_map(|path| now.get(&path).map(|&state| (path, state))));
            }
            (seen, first) = (now, false);
            let slept = Instant::now();
            while slept.elapsed() < LOOK && !self.stopped() {
                thread::sleep(Duration::from_millis(50));
            }
        }
        Ok(())
    }
}

impl Count {
    fn and(self, other: Self) -> Self {
        Self {
            new: self.new + other.new,
            versions: self.versions + other.versions,
            again: self.again + other.again,
            same: self.same + other.same,
            failed: self.failed + other.failed,
        }
    }
}

/// The record of a document; `place` is what the user calls it.
fn record(
    engine: &Engine,
    raw: &Raw,
    place: &str,
    hints: &Hints,
    desk: &mut Desk,
) -> Result<wire::Record, Failure> {
    unless_it_panics(place, || {
        let article = raw.read(hints).map_err(|e| Failure::Document(place.to_owned(), e))?;
        Ok(wire::Record::from(&engine.record(article, desk)))
    })
}

/// Commits records.
fn keep(
    store: &mut Store,
    waiting: &mut Vec<(Box<wire::Record>, Digest)>,
    count: &mut Count,
) -> Result<(), Failure> {
    if waiting.is_empty() {
        return Ok(());
    }
    let mut batch = store.batch()?;
    let mut kept = Count::default();
    for (record, digest) in waiting.drain(..) {
        match batch.put(&record, &digest)? {
            Put::New => kept.new += 1,
            Put::Version => kept.versions += 1,
            Put::Findings => kept.again += 1,
            Put::Same => kept.same += 1,
        }
    }
    batch.commit()?;
    *count = count.and(kept);
    Ok(())
}

/// What, beside a document, its record depends on.
struct Keys {
    parts: Vec<String>,
}

impl Keys {
    fn of(input: &InputArgs, engine: &Engine) -> Self {
        let (hints, version) = (input.hints(), engine.version());
        let text = |o: Option<String>| o.unwrap_or_default();
        Self {
            parts: vec![
                version.version,
                version.model,
                text(hints.url),
                text(hints.outlet),
                text(hints.published.map(|d| d.to_string())),
            ],
        }
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
