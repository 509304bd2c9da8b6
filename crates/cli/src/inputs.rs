//! From paths to documents: files, the files in folders, and standard input.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use onrecord::page::{Documents, Format, Raw, documents};
use onrecord_ingest::{Broken, unless_it_panics};
use walkdir::WalkDir;

use crate::failure::{Failure, note};

/// A file to read, or the reason why there is none.
pub type Input = Result<PathBuf, Failure>;

/// Returns the files of every path in the given order. The files of a folder are sorted by name.
pub fn files(paths: &[PathBuf]) -> Vec<Input> {
    paths.iter().flat_map(|path| if path.is_dir() { folder(path) } else { vec![Ok(path.clone())] }).collect()
}

fn folder(path: &Path) -> Vec<Input> {
    let entries = WalkDir::new(path).sort_by_file_name().follow_links(true).into_iter();
    let files: Vec<Input> = entries
        .filter(|entry| entry.as_ref().map_or(true, |e| e.file_type().is_file() && is_article(e.path())))
        .map(|entry| {
            entry.map(walkdir::DirEntry::into_path).map_err(|e| {
                let path = e.path().unwrap_or(Path::new("?")).display().to_string();
                Failure::Unreadable(path, e.into())
            })
        })
        .collect();
    if files.is_empty() { vec![Err(Failure::NoArticles(path.display().to_string()))] } else { files }
}

/// Returns the total size of the files in bytes, or 0 if standard input is among them.
pub fn bytes(files: &[Input]) -> u64 {
    let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |m| m.len());
    let stdin = files.iter().flatten().any(|path| path.as_os_str() == "-");
    if stdin { 0 } else { files.iter().flatten().map(size).sum() }
}

/// Returns every document of these files, and advances `progress` by the bytes that are read.
pub fn documents_of(
    files: Vec<Input>,
    format: Option<Format>,
    progress: ProgressBar,
) -> impl Iterator<Item = Result<Raw, Failure>> {
    files.into_iter().flat_map(move |file| -> Box<dyn Iterator<Item = Result<Raw, Failure>>> {
        let path = match file {
            Ok(path) => path,
            Err(failure) => return Box::new(std::iter::once(Err(failure))),
        };
        let bar = progress.clone();
        if path.as_os_str() == "-" {
            return Box::new(Opened {
                documents: documents(io::stdin(), "-", format),
                name: "-".to_owned(),
                bar,
                done: false,
            });
        }
        let name = path.display().to_string();
        match File::open(&path) {
            Ok(file) => {
                let documents = documents(progress.wrap_read(file), &name, format);
                Box::new(Opened { documents, name, bar, done: false })
            }
            Err(e) => Box::new(std::iter::once(Err(Failure::Unreadable(name, e)))),
        }
    })
}

/// The documents of one file.
///
/// Content other than documents is reported at the end of the file. Whatever the file contains, parsing it does not
/// affect other files.
struct Opened {
    documents: Documents<'static>,
    name: String,
    bar: ProgressBar,
    done: bool,
}

impl Iterator for Opened {
    type Item = Result<Raw, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let documents = &mut self.documents;
        let next = unless_it_panics(|| documents.next());
        match next {
            Ok(Some(document)) => Some(document.map_err(Failure::from)),
            Ok(None) => {
                self.done = true;
                if let Some(passed) = self.documents.passed_over() {
                    self.bar.suspend(|| note(&passed));
                }
                None
            }
            Err(Broken) => {
                self.done = true;
                Some(Err(Failure::Internal(self.name.clone())))
            }
        }
    }
}

fn is_article(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| Format::ENDINGS.iter().any(|(known, _)| *known == ending))
}
