//! `onrecord ingest`: the terminal interface to `onrecord_ingest`.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::mem;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use indicatif::ProgressBar;
use onrecord::Engine;
use onrecord::text::{NoticeKind, answers, counted};
use onrecord_ingest::inputs::STDIN;
use onrecord_ingest::{Count, Document, Event, Ingest};
use onrecord_store::Store;

use crate::IngestArgs;
use crate::failure::{Failure, Outcome};
use crate::inputs::{self, Input};
use crate::plain::clean_line;
use crate::progress::progress;

/// How often a watched folder is checked. A file is read once it is unchanged between two checks.
const LOOK: Duration = Duration::from_secs(1);

pub fn run(args: &IngestArgs) -> Result<Outcome, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let handler = Arc::clone(&stop);
    let installed = ctrlc::set_handler(move || {
        if handler.swap(true, Ordering::Relaxed) {
            // The user pressed Ctrl-C twice. What is committed is safe even then.
            std::process::exit(130);
        }
    });
    // Without a handler, Ctrl-C kills the program, which loses only what is not yet committed.
    let _ = installed;
    let files = if args.watch { Vec::new() } else { inputs::files(&args.input.paths) };
    if !args.watch && !args.store.store.exists() && files.iter().all(is_missing) {
        // If no input exists, no store is made.
        let mut outcome = Outcome::default();
        let unread = inputs::documents_of(files, args.input.format(), ProgressBar::hidden());
        unread.filter_map(Result::err).for_each(|failure| outcome.fail(&failure));
        return Ok(outcome);
    }
    let store = Store::create(&args.store.store)?;
    // Without events, an article that is read again would lose its reports.
    let events = args.events || store.has_events()?;
    let mut command = Command {
        engine: if events { Engine::new().with_events() } else { Engine::new() },
        store,
        args,
        stop,
        count: Count::default(),
        noticed: BTreeMap::new(),
        outcome: Outcome::default(),
    };
    if args.watch {
        command.watch()?
    } else {
        command.ingest(files)?
    }
    let Command { count, noticed, mut outcome, stop, store, .. } = command;
    let size = store.size()?;
    writeln!(
        io::stdout(),
        "{count}; the store has {}, {}",
        counted(size.articles, "article"),
        counted(size.statements, "statement")
    )
    .map_err(Failure::Output)?;
    let skipped = onrecord_ingest::inputs::skipped(&args.input.paths, Some(&args.store.store));
    let skipped = skipped.map(|skipped| clean_line(&skipped.to_string()));
    for line in [told(&noticed), skipped].into_iter().flatten() {
        writeln!(io::stdout(), "{line}").map_err(Failure::Output)?;
    }
    if stop.load(Ordering::Relaxed) && !args.watch {
        outcome.fail(&Failure::Interrupted);
    }
    Ok(outcome)
}

/// Returns whether an input is not there.
fn is_missing(input: &Input) -> bool {
    input.as_ref().map_or(true, |path| path.as_os_str() != STDIN && fs::metadata(path).is_err())
}

/// Returns how many articles have notices of each kind, if any have.
fn told(noticed: &BTreeMap<&'static str, usize>) -> Option<String> {
    let articles = |n: usize| if n == 1 { "1 article".to_owned() } else { format!("{n} articles") };
    let told: Vec<String> = noticed.iter().map(|(what, &n)| format!("{} {what}", articles(n))).collect();
    (!told.is_empty()).then(|| format!("noticed: {}", told.join("; ")))
}

/// Returns what a notice says about an article, if it says why the article may be of no or of less use.
fn meaning(kind: NoticeKind) -> Option<&'static str> {
    match kind {
        NoticeKind::Empty => Some("without text"),
        NoticeKind::Language => Some("not in English, so without statements"),
        NoticeKind::Encoding => Some("with characters that could not be read"),
        NoticeKind::Truncated => Some("incomplete"),
        NoticeKind::Withdrawn => Some(answers::WITHDRAWN),
        NoticeKind::Embargoed => Some("not to be published yet"),
        NoticeKind::Date => Some("with a date that could not be read or has no year"),
        // These concern single statements. `read` shows them.
        _ => None,
    }
}

struct Command<'a> {
    engine: Engine,
    store: Store,
    args: &'a IngestArgs,
    stop: Arc<AtomicBool>,
    count: Count,
    /// The number of articles with each notice, by what it says.
    noticed: BTreeMap<&'static str, usize>,
    outcome: Outcome,
}

impl Command<'_> {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Reads and keeps every document of these files, in order.
    fn ingest(&mut self, files: Vec<Input>) -> Result<(), Failure> {
        let (input, stop, strict) = (&self.args.input, &self.stop, self.args.strict);
        let bar = progress(inputs::bytes(&files), io::stderr().is_terminal());
        let mut ingest =
            Ingest::new(&self.engine, &mut self.store)?.hints(input.hints()).threads(self.args.threads);
        let names = ingest.names()?;
        let documents_of = |file: Input| -> Box<dyn Iterator<Item = Result<Document, Failure>>> {
            let name = match file.as_ref().map(|path| names.of(path)) {
                Ok(Ok(name)) => Some(name),
                Ok(Err(e)) => return Box::new(std::iter::once(Err(e.into()))),
                Err(_) => None,
            };
            let raws = inputs::documents_of(vec![file], input.format(), bar.clone());
            Box::new(raws.map(move |raw| {
                let raw = raw?;
                Ok(match &name {
                    Some(name) => name.document(raw),
                    None => raw.into(),
                })
            }))
        };
        let documents =
            files.into_iter().flat_map(documents_of).take_while(|_| !stop.load(Ordering::Relaxed));
        let (outcome, mut first) = (&mut self.outcome, None);
        let begun = Instant::now();
        let count = ingest.run(documents, |event| {
            let failure = match event {
                Event::Unread(failure) => failure,
                Event::Odd(place, e) => Failure::Document(place, e),
                Event::Broken(place) => Failure::Internal(place),
                Event::Progress(count) => {
                    let (done, seconds) = (count.all(), begun.elapsed().as_secs_f64());
                    let rate = done as f64 / seconds;
                    bar.set_message(format!("{}, {rate:.0} a second", counted(done, "article")));
                    return ControlFlow::Continue(());
                }
            };
            let stops = match failure {
                // If the store can't be read for one document, it can't be read for any other.
                Failure::Store(_) => failure,
                _ if strict => Failure::Strict(Box::new(failure)),
                _ => {
                    bar.suspend(|| outcome.fail(&failure));
                    return ControlFlow::Continue(());
                }
            };
            first = Some(stops);
            ControlFlow::Break(())
        });
        drop(names);
        for (kind, articles) in ingest.notices() {
            if let Some(meaning) = meaning(kind) {
                *self.noticed.entry(meaning).or_default() += articles;
            }
        }
        self.count = self.count.and(count?);
        if let Some(failure) = first {
            return Err(failure);
        }
        bar.finish_and_clear();
        let stop = &self.stop;
        self.store.join(|| stop.load(Ordering::Relaxed))?;
        Ok(())
    }

    /// Reads the existing files and then new ones as they arrive, until the user presses Ctrl-C.
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
