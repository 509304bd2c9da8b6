//! Processing documents on several threads for a caller that asks for one result after the other.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use onrecord::Desk;

use crate::queue::{AHEAD, Queue, STACK, queue};
use crate::work::NoThread;

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
///     squares.extend(pool.next_within(Duration::from_millis(100)));
/// }
/// assert_eq!(squares, (1..=40).map(|n| n * n).collect::<Vec<_>>());
/// # Ok::<(), onrecord_ingest::NoThread>(())
/// ```
#[derive(Debug)]
pub struct Pool<T, R> {
    queue: Queue<T, R>,
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
        let (queue, worker) = queue(most);
        let work = Arc::new(work);
        for _ in 0..threads {
            let (worker, work) = (worker.clone(), Arc::clone(&work));
            let thread = thread::Builder::new().stack_size(STACK);
            thread.spawn(move || worker.run(&*work)).map_err(NoThread)?;
        }
        Ok(Self { queue, most })
    }

    /// Returns whether another item can be submitted without more than a bounded number in progress.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.queue.in_progress() < self.most
    }

    /// Returns whether the results of all items have been returned.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.queue.in_progress() == 0
    }

    /// Gives the threads an item. If the pool has no room, this waits until a thread has taken an item.
    pub fn submit(&mut self, item: T) {
        self.queue.submit(item);
    }

    /// Returns the result of the next item, or `None` if it isn't there within `patience`.
    ///
    /// # Panics
    ///
    /// If the work on this item panicked, the panic continues here. The results of later items can still be taken.
    pub fn next_within(&mut self, patience: Duration) -> Option<R> {
        self.queue.next(patience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Mutex, mpsc};

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
            taken.extend(pool.next_within(PATIENCE));
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
        assert_eq!(pool.next_within(Duration::from_millis(1)), None);
        assert!(!pool.is_idle());
        release.send(()).unwrap();
        assert_eq!(pool.next_within(PATIENCE), Some(7));
        assert!(pool.is_idle());
    }

    #[test]
    fn a_panic_continues_where_its_result_is_taken() {
        for threads in [1, 2] {
            let work = |n: usize, _: &mut Desk| if n % 5 == 3 { panic!("broken: {n}") } else { n };
            let mut pool = Pool::new(threads, work).unwrap();
            for n in 0..8 {
                pool.submit(n);
            }
            for n in 0..8 {
                let taken = catch_unwind(AssertUnwindSafe(|| pool.next_within(PATIENCE)));
                match taken {
                    Ok(result) => assert!(result == Some(n) && n % 5 != 3),
                    Err(panic) => assert_eq!(panic.downcast_ref(), Some(&format!("broken: {n}"))),
                }
            }
            assert!(pool.is_idle());
            assert_eq!(pool.next_within(PATIENCE), None);
        }
    }
}
