//! Processing documents on several threads for a caller that asks for one result after the other.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use onrecord::Desk;

use crate::work::{AHEAD, NoThread, STACK};

/// Threads that work on the items they are given, and return the results in the order of the items.
///
/// [`in_order`](crate::in_order) does the same for a caller that has all items and takes every result. A pool is for a
/// caller that must stay in control in between, such as an iterator of another language:
///
/// ```
/// use std::time::Duration;
///
/// use onrecord_ingest::Pool;
///
/// let mut pool = Pool::new(2, |n: u32, _| n * n)?;
/// let (mut items, mut squares) = (1..=40, Vec::new());
/// loop {
///     while pool.has_room()
///         && let Some(n) = items.next()
///     {
///         pool.submit(n);
///     }
///     if pool.is_idle() {
///         break;
///     }
///     squares.extend(pool.wait(Duration::from_millis(100)));
/// }
/// assert_eq!(squares, (1..=40).map(|n| n * n).collect::<Vec<_>>());
/// # Ok::<(), onrecord_ingest::NoThread>(())
/// ```
#[derive(Debug)]
pub struct Pool<T, R> {
    jobs: SyncSender<(usize, T)>,
    results: Receiver<(usize, R)>,
    waiting: BTreeMap<usize, R>,
    submitted: usize,
    returned: usize,
    most: usize,
}

impl<T: Send + 'static, R: Send + 'static> Pool<T, R> {
    /// Starts the threads. They end once the pool is dropped and they have finished the items that they work on.
    ///
    /// # Errors
    ///
    /// Returns an error if the system can't start a thread.
    pub fn new(
        threads: usize,
        work: impl Fn(T, &mut Desk) -> R + Send + Sync + 'static,
    ) -> Result<Self, NoThread> {
        let threads = threads.max(1);
        let most = threads * AHEAD;
        let (jobs, todo) = mpsc::sync_channel::<(usize, T)>(most);
        let (done, results) = mpsc::channel();
        let shared = Arc::new((Mutex::new(todo), work));
        for _ in 0..threads {
            let (done, shared) = (done.clone(), Arc::clone(&shared));
            let worker = move || {
                let (todo, work) = &*shared;
                let mut desk = Desk::default();
                loop {
                    // The lock is held while waiting: one thread waits for the next item, the others for the lock.
                    let job = todo.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, item)) = job else { return };
                    if done.send((number, work(item, &mut desk))).is_err() {
                        return;
                    }
                }
            };
            thread::Builder::new().stack_size(STACK).spawn(worker).map_err(NoThread)?;
        }
        Ok(Self { jobs, results, waiting: BTreeMap::new(), submitted: 0, returned: 0, most })
    }

    /// Returns whether another item can be submitted without more than a bounded number in progress.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.submitted - self.returned < self.most
    }

    /// Returns whether the results of all items have been returned.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.submitted == self.returned
    }

    /// Gives the threads an item. If the pool has no room, this waits until a thread has taken an item.
    pub fn submit(&mut self, item: T) {
        // The threads outlive the pool, so somebody receives the item unless all of them panicked.
        if self.jobs.send((self.submitted, item)).is_ok() {
            self.submitted += 1;
        }
    }

    /// Returns the result of the next item, or `None` if it isn't there within `patience`.
    pub fn wait(&mut self, patience: Duration) -> Option<R> {
        loop {
            if let Some(result) = self.waiting.remove(&self.returned) {
                self.returned += 1;
                return Some(result);
            }
            match self.results.recv_timeout(patience) {
                Ok((number, result)) => self.waiting.insert(number, result),
                Err(RecvTimeoutError::Timeout) => return None,
                // A panic in `work` ends its thread. Once all have ended, the missing results will never come.
                Err(RecvTimeoutError::Disconnected) => {
                    self.returned = self.waiting.keys().next().copied().unwrap_or(self.submitted);
                    if self.is_idle() {
                        return None;
                    }
                    continue;
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const PATIENCE: Duration = Duration::from_secs(60);

    #[test]
    fn results_come_in_order_and_few_items_are_in_progress() {
        static WORKING: AtomicUsize = AtomicUsize::new(0);
        let mut pool = Pool::new(2, |n: usize, _: &mut Desk| {
            WORKING.fetch_add(1, Ordering::Relaxed);
            // The first items take longest, so later ones are finished before them.
            thread::sleep(Duration::from_millis(if n < 3 { 20 } else { 0 }));
            n
        })
        .unwrap();
        let (mut next, mut taken) = (0, Vec::new());
        while taken.len() < 100 {
            while next < 100 && pool.has_room() {
                pool.submit(next);
                next += 1;
            }
            assert!(next - taken.len() <= 2 * AHEAD);
            taken.extend(pool.wait(PATIENCE));
        }
        assert_eq!(taken, (0..100).collect::<Vec<_>>());
        assert!(pool.is_idle() && WORKING.load(Ordering::Relaxed) == 100);
    }

    #[test]
    fn waiting_ends_without_a_result() {
        let (release, held) = mpsc::channel::<()>();
        let held = Mutex::new(held);
        let mut pool = Pool::new(1, move |n: u8, _: &mut Desk| {
            let _ = held.lock().map(|held| held.recv());
            n
        })
        .unwrap();
        pool.submit(7);
        assert_eq!(pool.wait(Duration::from_millis(1)), None);
        assert!(!pool.is_idle());
        release.send(()).unwrap();
        assert_eq!(pool.wait(PATIENCE), Some(7));
        assert!(pool.is_idle());
    }

    #[test]
    fn a_pool_whose_threads_have_died_does_not_wait_for_them() {
        let mut pool = Pool::new(1, |n: u8, _: &mut Desk| if n == 1 { panic!("broken") } else { n }).unwrap();
        pool.submit(0);
        pool.submit(1);
        assert_eq!(pool.wait(PATIENCE), Some(0));
        assert_eq!(pool.wait(PATIENCE), None);
        assert!(pool.is_idle());
    }
}
