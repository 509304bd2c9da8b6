//! From paths to documents, with progress and notes on the terminal.

use std::path::PathBuf;

use indicatif::ProgressBar;
use onrecord::page::{Format, Raw};
use onrecord_ingest::inputs;

pub use onrecord_ingest::inputs::{Input, bytes, files};

use crate::failure::{Failure, note};

/// Returns every document of these files, and advances `progress` by the bytes that are read.
///
/// Content other than documents is reported at the end of a file.
pub fn documents_of(
    files: Vec<Input>,
    format: Option<Format>,
    progress: ProgressBar,
) -> impl Iterator<Item = Result<Raw, Failure>> {
    files.into_iter().flat_map(move |file| -> Box<dyn Iterator<Item = Result<Raw, Failure>>> {
        match file
            .and_then(|path: PathBuf| inputs::open(&path, format, |file| Box::new(progress.wrap_read(file))))
        {
            Ok(documents) => Box::new(Noted { documents, bar: progress.clone(), done: false }),
            Err(e) => Box::new(std::iter::once(Err(e.into()))),
        }
    })
}

/// The documents of one file, after which its other content is reported.
struct Noted {
    documents: inputs::Opened,
    bar: ProgressBar,
    done: bool,
}

impl Iterator for Noted {
    type Item = Result<Raw, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.documents.next();
        if next.is_none() && !self.done {
            self.done = true;
            if let Some(passed) = self.documents.passed_over() {
                self.bar.suspend(|| note(&passed));
            }
        }
        next.map(|document| document.map_err(Failure::from))
    }
}
