//! Work that other threads of Python need not wait for, and that Ctrl-C ends.

use std::ops::{Deref, DerefMut};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{LockResult, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;

/// How long to wait for a result before looking whether the user pressed Ctrl-C.
pub const PATIENCE: Duration = Duration::from_millis(50);
/// The size of a worker's stack: that of the thread on which Python usually runs.
const STACK: usize = 8 << 20;

/// A value that one thread uses at a time.
pub struct Guarded<T> {
    value: Mutex<T>,
    user: Mutex<Option<ThreadId>>,
}

impl<T> Guarded<T> {
    pub fn new(value: T) -> Self {
        Self { value: Mutex::new(value), user: Mutex::new(None) }
    }

    /// Waits until no other thread uses the value.
    ///
    /// # Errors
    ///
    /// Returns an exception if this thread uses it already. This happens when an iterable of documents uses the object
    /// that is reading it, which would wait for itself forever.
    pub fn held(&self, py: Python<'_>) -> PyResult<Held<'_, T>> {
        let this = thread::current().id();
        if *unpoisoned(self.user.lock()) == Some(this) {
            let what = "an iterable of documents can't use the store or the results that are reading it";
            return Err(PyRuntimeError::new_err(what));
        }
        let value = unpoisoned(self.value.lock_py_attached(py));
        *unpoisoned(self.user.lock()) = Some(this);
        Ok(Held { value, user: &self.user })
    }
}

fn unpoisoned<'a, T>(lock: LockResult<MutexGuard<'a, T>>) -> MutexGuard<'a, T> {
    lock.unwrap_or_else(PoisonError::into_inner)
}

/// A value that this thread uses.
pub struct Held<'a, T> {
    value: MutexGuard<'a, T>,
    user: &'a Mutex<Option<ThreadId>>,
}

impl<T> Drop for Held<'_, T> {
    fn drop(&mut self) {
        *unpoisoned(self.user.lock()) = None;
    }
}

impl<T> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Held<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// Calls `wait`, which should wait for [`PATIENCE`], until it returns something.
///
/// # Errors
///
/// Returns the exception that Ctrl-C raises.
pub fn patiently<T: Send>(py: Python<'_>, mut wait: impl FnMut() -> Option<T> + Send) -> PyResult<T> {
    loop {
        if let Some(done) = py.detach(&mut wait) {
            return Ok(done);
        }
        py.check_signals()?;
    }
}

/// Does some work, and calls `interrupt` on Ctrl-C until the work ends.
///
/// # Errors
///
/// Returns the exception that Ctrl-C raises, or one if the system can't start a thread.
pub fn until_done<T: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send,
    interrupt: impl Fn() + Send + Sync,
) -> PyResult<T> {
    let mut raised = None;
    let done = py.detach(|| -> std::io::Result<Option<T>> {
        let (sender, done) = channel();
        thread::scope(|scope| {
            let worker = thread::Builder::new().stack_size(STACK);
            worker.spawn_scoped(scope, move || sender.send(work()))?;
            loop {
                match done.recv_timeout(PATIENCE) {
                    Ok(done) => return Ok(Some(done)),
                    // The work panicked, and the scope passes that on.
                    Err(RecvTimeoutError::Disconnected) => return Ok(None),
                    Err(RecvTimeoutError::Timeout) => {}
                }
                if raised.is_none() {
                    raised = Python::attach(|py| py.check_signals().err());
                }
                if raised.is_some() {
                    interrupt();
                }
            }
        })
    })?;
    match (raised, done) {
        (None, Some(done)) => Ok(done),
        (Some(exception), _) => Err(exception),
        (None, None) => Err(PyRuntimeError::new_err("internal error; please report it")),
    }
}
