//! Work on many documents: through several threads in the order of the input, with progress.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, mpsc};
use std::thread;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use onrecord::Desk;

use crate::failure::Failure;

/// Documents that may be under way for each thread. It bounds the memory that waiting for a slow article costs.
const AHEAD: usize = 8;

/// What `read` gives, or a failure that names the document: one that the program can't cope with must not cost the others.
pub fn unless_it_panics<R>(place: &str, read: impl FnOnce() -> Result<R, Failure>) -> Result<R, Failure> {
    // Whatever was half done is thrown away with the document; buffers are sized anew by whoever uses them.
    let result = panic::catch_unwind(AssertUnwindSafe(read));
    result.unwrap_or_else(|_| Err(Failure::Internal(place.to_owned())))
}

/// Runs `work` over the items on several threads and hands the results to `take` in the order of the items. The first
/// error of `take` ends it all.
pub fn in_order<T: Send, R: Send>(
    items: impl Iterator<Item = T>,
    threads: usize,
    work: impl Fn(T, &mut Desk) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (jobs, todo) = mpsc::sync_channel::<(usize, T)>(threads);
    let todo = Mutex::new(todo);
    thread::scope(|scope| {
        let (done, results) = mpsc::channel();
        for _ in 0..threads {
            let (done, todo, work) = (done.clone(), &todo, &work);
            scope.spawn(move || {
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
        }
        drop(done);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        let mut receive = |sent: usize, most: usize| -> Result<(), Failure> {
            while sent - next > most {
                let Ok((number, result)) = results.recv() else { return Ok(()) };
                waiting.insert(number, result);
                while let Some(result) = waiting.remove(&next) {
                    next += 1;
                    take(result)?;
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

/// Progress on standard error, where a person sees it and the output doesn't go to the same screen: how many bytes of the
/// inputs were read of how many there are (0: nobody knows), and what a message says.
pub fn progress(bytes: u64, screen_is_free: bool) -> ProgressBar {
    let target = if screen_is_free { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let template = if bytes > 0 {
        "{spinner} {msg}  {bytes} of {total_bytes}  {elapsed}, {eta} left"
    } else {
        "{spinner} {msg}  {elapsed}"
    };
    let bar = ProgressBar::with_draw_target((bytes > 0).then_some(bytes), target);
    ProgressStyle::with_template(template).map_or(bar.clone(), |style| bar.with_style(style))
}

/// Whether progress can be shown beside what goes to standard output.
pub fn screen_is_free() -> bool {
    !io::stdout().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_breaks_the_program_costs_no_other() {
        let mut said = Vec::new();
        let work = |n: usize, _: &mut Desk| {
            unless_it_panics("in.html", || if n == 3 { panic!("broken") } else { Ok(n) })
        };
        let taken = in_order(0..40, 2, work, |result| {
            said.push(result.map_err(|e| e.to_string()));
            Ok(())
        });
        assert!(taken.is_ok());
        assert_eq!(said.len(), 40);
        assert_eq!(
            said[3],
            Err("in.html: internal error while reading this input; please report it".to_owned())
        );
        assert_eq!(said[4], Ok(4));
    }
}
