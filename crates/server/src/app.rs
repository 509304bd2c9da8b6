//! What every request shares: the store, read-only handles to it, and the engine.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Instant;

use axum::http::StatusCode;
use onrecord::Engine;
use onrecord_store::{Interrupter, Reader, Store, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task;

use crate::counts::{Recent, State};
use crate::lineages::Lineages;
use crate::problem::Problem;

/// The maximum number of requests that read the store at the same time. Others wait for their turn.
const READERS: usize = 16;

/// The maximum number of exports at the same time. They leave handles for everybody else, however slow their clients
/// are.
const EXPORTS: usize = 4;

/// What to serve, and to whom.
#[derive(Clone, Debug)]
pub struct Config {
    /// The store.
    pub store: PathBuf,
    /// Whether people may record decisions in the browser.
    pub corrections: Corrections,
    /// The address under which others reach the server, such as `https://news.example`, if it differs from the one it
    /// listens on. Requests for this host are accepted, and permanent addresses begin with it.
    pub public_url: Option<String>,
}

impl Config {
    /// Returns the configuration that serves a store to this machine, without corrections.
    #[must_use]
    pub fn of(store: &Path) -> Self {
        Self { store: store.to_owned(), corrections: Corrections::Off, public_url: None }
    }
}

/// Who may record decisions in the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Corrections {
    /// Nobody.
    Off,
    /// Everybody who reaches the server. This is for servers that only this machine reaches.
    Open,
    /// Everybody who knows this token.
    Token(String),
}

/// The state that all requests share. Clones share it, too.
#[derive(Clone)]
pub struct App(Arc<Inner>);

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

struct Inner {
    config: Config,
    /// Open handles that no request uses at the moment.
    idle: Mutex<Vec<Reader>>,
    reading: Arc<Semaphore>,
    /// A handle that only notices when somebody writes to the store.
    watch: Mutex<Option<Reader>>,
    /// Distinguishes this run of the server from others, in which the same generation number means something else.
    run: u64,
    /// The counts of recent searches.
    counts: Recent,
    /// The lineages of statements that people looked at.
    lineages: Lineages,
    /// Held while an export is sent, which takes as long as its client.
    exporting: Arc<Semaphore>,
    /// Held while articles are read with the engine, which keeps a processor busy.
    thinking: Arc<Semaphore>,
    /// Held while a decision is written.
    writing: Arc<Semaphore>,
    /// The engine is loaded when it is first needed, so that the server starts at once.
    engine: LazyLock<Engine>,
}

impl App {
    /// Opens the store. A store with an earlier schema is upgraded. If it can't be written, every handle is a temporary
    /// copy of it that is upgraded in its place.
    ///
    /// # Errors
    ///
    /// Returns an error if the file is not a store, or can't be read.
    pub fn open(config: Config) -> Result<Self, StoreError> {
        Self::with_readers(config, READERS)
    }

    /// Opens the store for at most this many requests that read it at the same time.
    fn with_readers(config: Config, readers: usize) -> Result<Self, StoreError> {
        let reader = Reader::open_any(&config.store)?;
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        Ok(Self(Arc::new(Inner {
            config,
            idle: Mutex::new(vec![reader]),
            watch: Mutex::new(None),
            run: getrandom::u64().unwrap_or_default(),
            counts: Recent::default(),
            lineages: Lineages::default(),
            reading: Arc::new(Semaphore::new(readers)),
            exporting: Arc::new(Semaphore::new(EXPORTS)),
            thinking: Arc::new(Semaphore::new(cores)),
            writing: Arc::new(Semaphore::new(1)),
            engine: LazyLock::new(Engine::new),
        })))
    }

    /// Returns the counts of recent searches.
    pub(crate) fn counts(&self) -> &Recent {
        &self.0.counts
    }

    /// Returns the lineages of statements that people looked at.
    pub(crate) fn lineages(&self) -> &Lineages {
        &self.0.lineages
    }

    /// Returns the configuration.
    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// Reads the store on a thread that may block.
    ///
    /// The handle is read-only. It goes back to the pool afterwards, unless the work panics. If nobody waits for the answer
    /// any more, because the request took too long or the client is gone, the work is interrupted.
    ///
    /// # Errors
    ///
    /// Returns the error of the work, or a problem if the store can't be opened.
    pub(crate) async fn read<T, E>(
        &self,
        work: impl FnOnce(&Reader) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let app = self.clone();
        let waiting = Waiting::default();
        let interrupter = waiting.0.clone();
        blocking(&self.0.reading, move || {
            let idle = app.idle().pop();
            let mut reader = match idle {
                Some(reader) => reader,
                None => Reader::open_any(&app.0.config.store)?,
            };
            let done = reader.interruptible(&interrupter, work)?;
            app.idle().push(reader);
            // Nobody gets this answer, and the log is for what somebody can fix.
            let unwanted = || Problem::new(StatusCode::GATEWAY_TIMEOUT, "nobody waits for this any more");
            done.map_err(|e| if interrupter.is_interrupted() { unwanted() } else { e.into() })
        })
        .await
    }

    /// Returns the permit for an export, which counts until it is dropped.
    ///
    /// # Errors
    ///
    /// Returns a problem if too many exports are being sent.
    pub(crate) fn place_for_an_export(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let busy = || {
            Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "too many exports at the same time; try again later",
            )
        };
        Arc::clone(&self.0.exporting).try_acquire_owned().map_err(|_| busy())
    }

    /// Returns a tag that is different after anybody has written to the store.
    ///
    /// What is read after the tag is at least as new as the tag.
    ///
    /// # Errors
    ///
    /// Returns a problem if the store can't be opened.
    pub(crate) async fn tag(&self) -> Result<String, Problem> {
        let app = self.clone();
        blocking(&self.0.reading, move || Ok(app.tag_now()?)).await
    }

    /// Returns the tag of [`App::tag`], for work on a thread that may block.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be opened.
    pub(crate) fn tag_now(&self) -> Result<String, StoreError> {
        let mut watch = self.0.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = match watch.take() {
            Some(reader) => reader,
            None => Reader::open_any(&self.0.config.store)?,
        };
        let generation = reader.generation();
        // The numbers of another handle would mean something else, so this one is kept after an error, too.
        *watch = Some(reader);
        Ok(format!("{:x}-{:x}", self.0.run, generation?))
    }

    /// Returns the state of the store. Whatever is read afterwards is at least as new.
    ///
    /// # Errors
    ///
    /// Returns a problem if the store can't be opened.
    pub(crate) async fn state(&self) -> Result<State, Problem> {
        let at = Instant::now();
        Ok(State { tag: self.tag().await?, at })
    }

    /// Records a decision in the store, one at a time.
    ///
    /// # Errors
    ///
    /// Returns the error of the work, or a problem if the store can't be opened for writing.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = self.clone();
        blocking(&self.0.writing, move || {
            let done = work(&mut Store::open(&app.0.config.store)?);
            app.0.counts.drop_all();
            Ok(done?)
        })
        .await
    }

    /// Runs some work with the engine, on a thread that may block.
    ///
    /// # Errors
    ///
    /// Returns the error of the work.
    pub(crate) async fn think<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = self.clone();
        blocking(&self.0.thinking, move || work(&app.0.engine)).await
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Reader>> {
        // No code panics while it holds the lock, and a list of handles is sound after any of its operations.
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Interrupts work when it is dropped, because whoever waited for it waits no longer.
#[derive(Default)]
struct Waiting(Interrupter);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.interrupt();
    }
}

/// Runs some work on a thread that may block, as soon as the semaphore permits it.
///
/// The permit moves to that thread: work that nobody waits for any more still counts until it is done.
async fn blocking<T: Send + 'static>(
    permits: &Arc<Semaphore>,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let permit = Arc::clone(permits).acquire_owned().await.map_err(|_| Problem::internal("stopping"))?;
    let done = task::spawn_blocking(move || {
        let _permit = permit;
        work()
    });
    match done.await {
        Ok(done) => done,
        Err(e) => Err(Problem::internal(&e)),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::Path;

    use onrecord_store::{Order, Query};
    use tokio::sync::oneshot;

    use super::*;

    /// An app over an empty store in a folder, with one handle for reading.
    pub(crate) fn with_one_reader(folder: &Path) -> App {
        let store = folder.join("news.db");
        Store::create(&store).unwrap();
        App::with_readers(Config::of(&store), 1).unwrap()
    }

    /// Asks the store so often.
    pub(crate) fn ask(reader: &Reader, times: usize) -> Result<(), StoreError> {
        (0..times).try_for_each(|_| reader.search(&Query::everything(), Order::Newest, 20, 0).map(drop))
    }

    /// So many requests that they take seconds, unless they are interrupted.
    pub(crate) const MANY: usize = 100_000;

    #[tokio::test]
    async fn what_nobody_waits_for_leaves_its_handle_to_the_next_request() {
        let folder = tempfile::tempdir().unwrap();
        let app = with_one_reader(folder.path());
        for _ in 0..10 {
            let ((begin, begun), (end, ended)) = (oneshot::channel(), oneshot::channel());
            let slow = app.read(move |reader| {
                begin.send(()).unwrap();
                let done = ask(reader, MANY);
                end.send(done.is_err()).unwrap();
                done
            });
            tokio::select! {
                done = slow => panic!("it was interrupted while somebody waited: {done:?}"),
                begun = begun => begun.unwrap(),
            }
            // The only handle is free as soon as the work has ended, and the next work with it is not interrupted.
            app.read(|reader| ask(reader, 100)).await.unwrap();
            assert!(ended.await.unwrap(), "the work went on to its end");
            assert_eq!(app.idle().len(), 1);
        }
    }
}
