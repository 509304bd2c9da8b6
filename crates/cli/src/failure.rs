//! Failures, their messages and their exit codes. No other module decides these.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use onrecord::page::{DocumentError, SourceError};
use onrecord::text::counted;
use onrecord_eval::{EvalError, Worse};
use onrecord_export::target::TargetError;
use onrecord_ingest::inputs::InputError;
use onrecord_ingest::{Broken, IngestError, NoThread};
use onrecord_server::{DemoError, ServeError};
use onrecord_store::{QueryError, StoreError};

use crate::plain;

/// The exit codes, as `--help` shows them.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  everything was read, or Ctrl-C ended `ingest --watch` or `serve`
  1  the output could not be written, or no thread could be started
  2  the command line or the query is wrong
  3  an input could not be opened or read, or a folder holds no articles
  4  an input is not what it should be (binary, damaged, too large, or a line is not a document),
     or reading it caused an internal error
  5  a check failed: eval found an accuracy below the baseline, verify found a fault,
     or salvage left something out
  6  the store could not be opened, read or written, or what was asked for isn't in it
  7  the server could not listen on its address
130  interrupted; what was committed is kept, and the next run continues from there

After 3 and 4, all other inputs have been read, unless `ingest --strict` stopped at the first failure.";

/// A failure of a command.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// An input could not be opened or read.
    #[error("{0}: {1}")]
    Unreadable(String, io::Error),
    /// An input, or a part of it, yields no document.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A document can't be read as an article.
    #[error("{0}: {1}")]
    Document(String, DocumentError),
    /// The program failed on a document because of an internal error.
    #[error("{0}: {Broken}")]
    Internal(String),
    /// The system can't start a thread.
    #[error(transparent)]
    Threads(#[from] NoThread),
    /// The first failure of an ingest that has to stop there.
    #[error("{0}; --strict stops here with exit code {code}, and what was read before is kept", code = .0.code())]
    Strict(Box<Self>),
    /// Annotated articles or records don't match each other, or their format is wrong.
    #[error("{0}")]
    Data(String),
    /// An accuracy figure fell below its baseline.
    #[error(transparent)]
    Worse(Worse),
    /// The store could not do what was asked.
    #[error("{0}{advice}", advice = advice(.0))]
    Store(#[from] StoreError),
    /// A salvaged store could not be written, and was removed.
    #[error("{what}; the unfinished store {0} was removed", what = why(.1))]
    Unsalvaged(String, StoreError),
    /// A query could not be parsed: the query, and why.
    #[error("the query was not understood, {1}\n  {0}\n  {arrow:>at$}", arrow = "^", at = .1.at)]
    Query(String, QueryError),
    /// A store has faults.
    #[error("{0}: {faults}", faults = counted(*.1, "fault"))]
    Faults(String, usize),
    /// The options on the command line don't go together.
    #[error("{0}")]
    Usage(&'static str),
    /// The command line asks for something that would destroy data.
    #[error("{0}")]
    Refused(String),
    /// The server could not listen, or had to stop.
    #[error("{0}")]
    Serve(ServeError),
    /// The user pressed Ctrl-C.
    #[error("interrupted; what was read is kept, and the same command continues from there")]
    Interrupted,
    /// The output could not be written.
    #[error("the output could not be written: {0}")]
    Output(#[from] io::Error),
}

/// Returns which command helps with an error of a store, as the end of its message.
fn advice(error: &StoreError) -> &'static str {
    match error {
        StoreError::Missing(_) => "; `onrecord ingest` makes one",
        StoreError::Empty(_) => "; `onrecord ingest` makes it one",
        StoreError::Damaged(..) => {
            "; `onrecord verify` lists the faults, `onrecord salvage` recovers the rest"
        }
        _ => "",
    }
}

impl From<TargetError> for Failure {
    fn from(error: TargetError) -> Self {
        match error {
            TargetError::Store(_) => Self::Refused(format!("{error}; give another file with -o")),
            TargetError::Folder(_) => Self::Refused(format!("{error}; give a file with -o")),
            TargetError::Unwritable(e) => Self::Output(e),
        }
    }
}

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Store(e) => e.into(),
            IngestError::Threads(e) => e.into(),
            other => Self::Data(other.to_string()),
        }
    }
}

impl From<EvalError> for Failure {
    fn from(error: EvalError) -> Self {
        match error {
            EvalError::Unreadable(name, e) => Self::Unreadable(name, e),
            EvalError::Output(e) => Self::Output(e),
            other => Self::Data(other.to_string()),
        }
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Store(e) => e.into(),
            other => Self::Serve(other),
        }
    }
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::Folder(e) => Self::Output(e),
            DemoError::Store(e) => e.into(),
            DemoError::Ingest(e) => e.into(),
        }
    }
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Output(_) | Self::Threads(_) => 1,
            Self::Unreadable(..) => 3,
            // What was read is damaged.
            Self::Input(InputError::Source(SourceError::Unreadable(_, e)))
                if e.kind() == io::ErrorKind::InvalidData =>
            {
                4
            }
            Self::Input(
                InputError::Unreadable(..)
                | InputError::NoArticles(_)
                | InputError::Source(SourceError::Unreadable(..)),
            ) => 3,
            Self::Query(..) | Self::Usage(_) | Self::Refused(_) => 2,
            Self::Worse(_) | Self::Faults(..) => 5,
            Self::Store(StoreError::Invalid(_)) => 2,
            Self::Store(_) | Self::Unsalvaged(..) => 6,
            Self::Serve(_) => 7,
            Self::Interrupted => 130,
            Self::Strict(first) => first.code(),
            Self::Input(_) | Self::Document(..) | Self::Data(_) | Self::Internal(_) => 4,
        }
    }

    /// Prints the message on standard error.
    pub fn report(&self) {
        // If standard error is closed, there is nobody left to inform.
        let mut said = self.to_string();
        if matches!(self, Self::Store(_) | Self::Unsalvaged(..) | Self::Output(_))
            && TOO_LARGE.load(Ordering::Relaxed)
        {
            said.push_str("; a limit on the size of files (ulimit -f) was reached");
        }
        // Only messages that show a query have several lines. In all others, a line break is part of a name.
        let said = match self {
            Self::Query(..) => plain::clean(&said).into_owned(),
            _ => plain::clean_line(&said),
        };
        let _ = writeln!(io::stderr(), "onrecord: {said}");
    }
}

/// Why a store that is removed could not be written. Nothing that was committed to it is kept.
fn why(error: &StoreError) -> String {
    match error {
        StoreError::Full(path) => format!("{}: the disk is full", path.display()),
        other => other.to_string(),
    }
}

/// Whether the system refused to let a file grow.
static TOO_LARGE: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Turns a limit on file sizes into an ordinary error, which is reported and loses no data.
///
/// By default, the system would end the program.
pub fn survive_file_limits() {
    #[cfg(unix)]
    {
        // If this fails, the system's default applies.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::clone(&TOO_LARGE));
    }
}

/// Prints a note on standard error that is not a failure, such as that an input contains more than articles.
pub fn note(what: &str) {
    let _ = writeln!(io::stderr(), "onrecord: {}", plain::clean_line(what));
}

/// The most serious kind of failure in a command, if any. Each failure was reported when it occurred.
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

/// Returns the exit code of a command.
///
/// If a reader closes standard output early, it has what it wanted, so this counts as success.
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
