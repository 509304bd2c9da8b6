//! A queue of numbered items between one thread, which submits items and takes results, and the threads that work on
//! them.

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use onrecord::Desk;

/// How many items may be in progress per thread. This bounds the memory that waiting for a slow article costs.
pub(crate) const AHEAD: usize = 8;

/// The stack size of a worker thread. Pages with the deepest allowed nesting need a quarter of it.
pub(crate) const STACK: usize = 16 << 20;

/// The end of the queue that submits items and takes their results, in the order of the items.
///
/// Once this is dropped, the workers end as soon as they have finished the items that were submitted.
#[derive(Debug)]
pub(crate) struct Queue<T, R> {
    jobs: SyncSender<(usize, T)>,
    results: Receiver<(usize, thread::Result<R>)>,
    /// Results that came before the results of earlier items.
    waiting: BTreeMap<usize, thread::Result<R>>,
    submitted: usize,
    returned: usize,
}

/// The end of the queue that takes items and sends results. Every thread has a clone of it.
#[derive(Debug)]
pub(crate) struct Worker<T, R> {
    todo: Arc<Mutex<Receiver<(usize, T)>>>,
    done: Sender<(usize, thread::Result<R>)>,
}

/// Returns both ends of a queue with room for `room` items that no worker has taken yet.
pub(crate) fn queue<T, R>(room: usize) -> (Queue<T, R>, Worker<T, R>) {
    let (jobs, todo) = mpsc::sync_channel(room);
    let (done, results) = mpsc::channel();
    let queue = Queue { jobs, results, waiting: BTreeMap::new(), submitted: 0, returned: 0 };
    (queue, Worker { todo: Arc::new(Mutex::new(todo)), done })
}

impl<T, R> Queue<T, R> {
    /// Returns how many items were submitted whose results were not returned yet.
    pub fn in_progress(&self) -> usize {
        self.submitted - self.returned
    }

    /// Gives the workers an item. If the queue has no room, this waits until a worker has taken an item.
    pub fn submit(&mut self, item: T) {
        self.jobs.send((self.submitted, item)).expect("workers run as long as the queue");
        self.submitted += 1;
    }

    /// Returns the result of the next item, or `None` if it isn't there within `patience`.
    ///
    /// # Panics
    ///
    /// If the work on this item panicked, the panic continues here.
    pub fn next(&mut self, patience: Duration) -> Option<R> {
        while self.in_progress() > 0 {
            if let Some(result) = self.waiting.remove(&self.returned) {
                self.returned += 1;
                return Some(result.unwrap_or_else(|panic| panic::resume_unwind(panic)));
            }
            match self.results.recv_timeout(patience) {
                Ok((number, result)) => self.waiting.insert(number, result),
                Err(RecvTimeoutError::Timeout) => return None,
                Err(RecvTimeoutError::Disconnected) => panic!("workers run as long as the queue"),
            };
        }
        None
    }
}

impl<T, R> Clone for Worker<T, R> {
    fn clone(&self) -> Self {
        Self { todo: Arc::clone(&self.todo), done: self.done.clone() }
    }
}

impl<T, R> Worker<T, R> {
    /// Works on items until the queue is dropped.
    ///
    /// A panic is passed on as the result of its item. If it ended the thread instead, the other end would wait for
    /// this result for ever.
    pub fn run(self, work: impl Fn(T, &mut Desk) -> R) {
        let mut desk = Desk::default();
        loop {
            // The lock is held while waiting: one thread waits for the next item, the others for the lock.
            let job = self.todo.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((number, item)) = job else { return };
            let result = panic::catch_unwind(AssertUnwindSafe(|| work(item, &mut desk)));
            if result.is_err() {
                desk = Desk::default();
            }
            if self.done.send((number, result)).is_err() {
                return;
            }
        }
    }
}
