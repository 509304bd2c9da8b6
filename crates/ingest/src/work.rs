//! Processing many documents on several threads, in input order, so that one bad document does not affect the others.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::thread;
use std::time::Duration;

use onrecord::Desk;

use crate::queue::{AHEAD, STACK, queue};

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
///
/// # Panics
///
/// If the work on an item panics, the panic continues on the calling thread, once `take` has had the results of the
/// items before it. Use [`unless_it_panics`] for work that may panic without ending everything.
pub fn in_order<T: Send, R: Send, E: From<NoThread>>(
    items: impl Iterator<Item = T>,
    threads: usize,
    work: impl Fn(T, &mut Desk) -> R + Sync,
    mut take: impl FnMut(Option<R>) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.max(1);
    let most = threads * AHEAD;
    thread::scope(|scope| {
        // The queue has room for everything that may be in progress, so that a slow worker does not block the sender.
        let (mut queue, worker) = queue(most + 1);
        for _ in 0..threads {
            let (worker, work) = (worker.clone(), &work);
            let thread = thread::Builder::new().stack_size(STACK);
            thread.spawn_scoped(scope, move || worker.run(work)).map_err(NoThread)?;
        }
        for item in items {
            queue.submit(item);
            while queue.in_progress() > most {
                take(queue.next(QUIET))?;
            }
            // Results that are there already need not wait for the next item, which may take long to arrive.
            while let Some(result) = queue.next(Duration::ZERO) {
                take(Some(result))?;
            }
        }
        while queue.in_progress() > 0 {
            take(queue.next(QUIET))?;
        }
        Ok(())
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

    #[test]
    fn a_panic_continues_after_the_results_before_it() {
        for threads in [1, 2] {
            let work = |n: usize, _: &mut Desk| if n == 20 { panic!("broken") } else { n };
            let mut taken = Vec::new();
            let ended = panic::catch_unwind(AssertUnwindSafe(|| {
                in_order(0..40, threads, work, |result| {
                    taken.extend(result);
                    Ok::<(), NoThread>(())
                })
            }));
            assert_eq!(ended.unwrap_err().downcast_ref(), Some(&"broken"));
            assert_eq!(taken, (0..20).collect::<Vec<_>>());
        }
    }
}
