//! Processing many documents on several threads, in input order, so that one bad document does not affect the others.

use std::collections::BTreeMap;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

use onrecord::Desk;

/// How many documents may be in progress per thread. This bounds the memory that waiting for a slow article costs.
pub(crate) const AHEAD: usize = 8;

/// The error for a document on which the program panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("internal error while reading this input; please report it")]
pub struct Broken;

/// The system can't start a thread.
#[derive(Debug, thiserror::Error)]
#[error("no thread could be started: {0}")]
pub struct NoThread(#[source] pub io::Error);

/// Runs `read` and returns its result, or an error if it panics.
///
/// A document that the program can't handle must not affect the others.
///
/// # Errors
///
/// Returns an error if `read` panics.
pub fn unless_it_panics<R>(read: impl FnOnce() -> R) -> Result<R, Broken> {
    // Unfinished work is dropped together with the document, and every user of a buffer resizes it first.
    panic::catch_unwind(AssertUnwindSafe(read)).map_err(|_| Broken)
}

/// The stack size of a worker thread. Pages with the deepest allowed nesting need a quarter of it.
pub(crate) const STACK: usize = 16 << 20;

/// How long to wait without results before notifying `take`.
const QUIET: Duration = Duration::from_secs(1);

/// Runs `work` on the items on several threads and passes the results to `take` in the order of the items.
///
/// The first error from `take` stops everything. If an item takes long, `take` is sometimes called with `None`, so that
/// it can save what it has.
///
/// # Errors
///
/// Returns the first error from `take`, or [`NoThread`].
pub fn in_order<T: Send, R: Send, E: From<NoThread>>(
    items: impl Iterator<Item = T>,
    threads: usize,
    work: impl Fn(T, &mut Desk) -> R + Sync,
    mut take: impl FnMut(Option<R>) -> Result<(), E>,
) -> Result<(), E> {
    // The channel has room for everything that may be in progress, so that a slow worker does not block the sender.
    let (jobs, todo) = mpsc::sync_channel::<(usize, T)>(threads * AHEAD + 1);
    let todo = Mutex::new(todo);
    thread::scope(|scope| {
        let (done, results) = mpsc::channel();
        for _ in 0..threads {
            let (done, todo, work) = (done.clone(), &todo, &work);
            let worker = thread::Builder::new().stack_size(STACK);
            let spawned = worker.spawn_scoped(scope, move || {
                let mut desk = Desk::default();
                loop {
                    // The lock is held while waiting: one thread waits for the next job, the others for the lock.
                    let Ok(job) = todo.lock().map(|todo| todo.recv()) else { return };
                    let Ok((number, item)) = job else { return };
                    if done.send((number, work(item, &mut desk))).is_err() {
                        return;
                    }
                }
            });
            spawned.map_err(NoThread)?;
        }
        drop(done);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        let mut receive = |sent: usize, most: usize| -> Result<(), E> {
            while sent - next > most {
                match results.recv_timeout(QUIET) {
                    Ok((number, result)) => waiting.insert(number, result),
                    Err(RecvTimeoutError::Timeout) => {
                        take(None)?;
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => return Ok(()),
                };
                while let Some(result) = waiting.remove(&next) {
                    next += 1;
                    take(Some(result))?;
                }
            }
            Ok(())
        };
        let mut sent = 0;
        let mut outcome = Ok(());
        for item in items {
            if jobs.send((sent, item)).is_err() {
                break;
            }
            sent += 1;
            outcome = receive(sent, threads * AHEAD);
            if outcome.is_err() {
                break;
            }
        }
        drop(jobs);
        outcome.and_then(|()| receive(sent, 0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_breaks_the_program_costs_no_other() {
        let mut said = Vec::new();
        let work = |n: usize, _: &mut Desk| unless_it_panics(|| if n == 3 { panic!("broken") } else { n });
        let taken = in_order(0..40, 2, work, |result| {
            said.extend(result);
            Ok::<(), NoThread>(())
        });
        assert!(taken.is_ok());
        assert_eq!(said.len(), 40);
        assert_eq!(said[3], Err(Broken));
        assert_eq!(said[4], Ok(4));
    }

    #[test]
    fn what_is_there_is_handed_on_while_an_item_takes_its_time() {
        let quiet = std::sync::atomic::AtomicBool::new(false);
        let work = |n: usize, _: &mut Desk| {
            // The second item only finishes after the first has been saved.
            while n == 1 && !quiet.load(std::sync::atomic::Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(1));
            }
            n
        };
        let mut taken = Vec::new();
        let end = in_order(0..2, 1, work, |result| {
            match result {
                Some(n) => taken.push(n),
                None => quiet.store(taken == [0], std::sync::atomic::Ordering::Relaxed),
            }
            Ok::<(), NoThread>(())
        });
        assert!(end.is_ok());
        assert_eq!(taken, [0, 1]);
    }
}
