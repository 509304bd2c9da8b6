//! From paths to documents, with progress and notes on the terminal.

use std::path::PathBuf;

use indicatif::ProgressBar;
use onrecord::page::{Format, Raw};
use onrecord_ingest::inputs;

pub use onrecord_ingest::inputs::{Input, bytes, files};

use crate::failure::{Failure, note};

/// Parses the web address of an article.
pub fn web_address(text: &str) -> Result<String, String> {
    let host = after_scheme(text).and_then(|rest| rest.split(['/', '?', '#']).next());
    if host.is_none_or(str::is_empty) || text.contains(char::is_whitespace) {
        return Err("expected a web address, such as https://news.example/2016/bridge".to_owned());
    }
    Ok(text.to_owned())
}

/// Returns what follows `https://` or `http://` in a web address.
pub fn after_scheme(address: &str) -> Option<&str> {
    address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))
}

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
