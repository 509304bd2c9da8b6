//! What can go wrong, how it is said, and which exit code it has: the one place that decides either.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use onrecord::page::{DocumentError, Format, SourceError};
use onrecord_ingest::{Broken, IngestError, NoThread};
use onrecord_store::{QueryError, StoreError};

use crate::plain;

/// The exit codes, as `--help` shows them.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  everything was read
  1  the output could not be written
  2  the command line is wrong
  3  an input could not be opened or read, or a folder holds no articles
  4  an input is not what it should be: binary, damaged, too large, a line that is not a document, or one
     that causes an internal error
  5  a check failed: eval found an accuracy below the baseline, verify found a fault
  6  the store could not be opened, read or written, or what was asked for isn't in it
130  interrupted; what was committed is kept, and the next run goes on from there

After 3 and 4 the other inputs have been read all the same.";

/// What went wrong with an input or an output.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// An input could not be opened or read.
    #[error("{0}: {1}")]
    Unreadable(String, io::Error),
    /// A folder without articles.
    #[error(
        "{0}: no articles in this folder (looked for .{endings}, each also .gz)",
        endings = Format::ENDINGS.map(|(ending, _)| ending).join(", .")
    )]
    NoArticles(String),
    /// An input is not what it should be.
    #[error("{0}")]
    Source(#[from] SourceError),
    /// A document is not what it should be.
    #[error("{0}: {1}")]
    Document(String, DocumentError),
    /// The program can't cope with a document.
    #[error("{0}: {Broken}")]
    Internal(String),
    /// The system gives no thread.
    #[error(transparent)]
    Threads(#[from] NoThread),
    /// Annotated articles or records that don't fit each other or their format.
    #[error("{0}")]
    Data(String),
    /// An accuracy fell.
    #[error("{metric}: F1 {now:.1}, the baseline has {before:.1}")]
    Worse { metric: String, before: f64, now: f64 },
    /// The store could not do what was asked.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A query that was not understood: the query, and why.
    #[error("the query was not understood, {1}\n  {0}\n  {arrow:>at$}", arrow = "^", at = .1.at)]
    Query(String, QueryError),
    /// A store has faults.
    #[error("{0}: {1} faults")]
    Faults(String, usize),
    /// The command line asks for what doesn't go together.
    #[error("{0}")]
    Usage(&'static str),
    /// The command line asks for what would do harm.
    #[error("{0}")]
    Refused(String),
    /// Somebody pressed Ctrl-C.
    #[error("interrupted; what was read is kept, and the same command goes on from there")]
    Interrupted,
    /// The output could not be written.
    #[error("the output could not be written: {0}")]
    Output(#[from] io::Error),
}

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Store(e) => e.into(),
            IngestError::Threads(e) => e.into(),
        }
    }
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Output(_) | Self::Threads(_) => 1,
            Self::Unreadable(..) | Self::NoArticles(_) | Self::Source(SourceError::Unreadable(..)) => 3,
            Self::Query(..) | Self::Usage(_) | Self::Refused(_) => 2,
            Self::Worse { .. } | Self::Faults(..) => 5,
            Self::Store(StoreError::Invalid(_)) => 2,
            Self::Store(_) => 6,
            Self::Interrupted => 130,
            Self::Source(_) | Self::Document(..) | Self::Data(_) | Self::Internal(_) => 4,
        }
    }

    /// Says what went wrong, on standard error.
    pub fn report(&self) {
        // Where standard error is gone, nobody is left to tell.
        let mut said = self.to_string();
        if matches!(self, Self::Store(_) | Self::Output(_)) && TOO_LARGE.load(Ordering::Relaxed) {
            said.push_str("; a limit on the size of files (ulimit -f) was reached");
        }
        // Only where a query is shown has a message lines of its own; elsewhere an end of a line is in a name.
        let said = match self {
            Self::Query(..) => plain::clean(&said).into_owned(),
            _ => plain::clean_line(&said),
        };
        let _ = writeln!(io::stderr(), "onrecord: {said}");
    }
}

/// Whether the system refused to let a file grow.
static TOO_LARGE: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Lets a limit on the size of files be an error like others, which is reported and loses nothing. Unasked, the system ends
/// the program.
pub fn survive_file_limits() {
    #[cfg(unix)]
    {
        // Where it can't be arranged, things are as the system has them.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::clone(&TOO_LARGE));
    }
}

/// Says on standard error what is no failure: that an input holds more than articles.
pub fn note(what: &str) {
    let _ = writeln!(io::stderr(), "onrecord: {}", plain::clean_line(what));
}

/// What a command left behind: the gravest kind of failure, if any. Each was reported when it happened.
#[derive(Debug, Default)]
pub struct Outcome {
    code: u8,
}

impl Outcome {
    /// Reports a failure and remembers its kind.
    pub fn fail(&mut self, failure: &Failure) {
        failure.report();
        self.code = match (self.code, failure.code()) {
            (0, new) => new,
            (old, new) => old.min(new),
        };
    }
}

/// The exit code of a command. A reader that closed standard output early has what it wanted.
pub fn exit_code(outcome: Result<Outcome, Failure>) -> ExitCode {
    match outcome {
        Ok(outcome) => ExitCode::from(outcome.code),
        Err(Failure::Output(e)) if e.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report();
            ExitCode::from(failure.code())
        }
    }
}
