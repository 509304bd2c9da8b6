//! From paths to documents: files, the files in folders, and standard input.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use onrecord::page::{Documents, Format, Raw, SourceError, documents};
use walkdir::{DirEntry, WalkDir};

use crate::work::{Broken, unless_it_panics};

/// The path that stands for standard input.
pub const STDIN: &str = "-";

/// The reason why an input, or a part of it, yields no document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// A file or folder could not be opened or read.
    #[error("{0}: {1}")]
    Unreadable(String, #[source] io::Error),
    /// A folder has no articles.
    #[error(
        "{0}: no articles in this folder (looked for .{endings}, each also .gz)",
        endings = Format::ENDINGS.map(|(ending, _)| ending).join(", .")
    )]
    NoArticles(String),
    /// An input is not in the expected form.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The program failed on an input because of an internal error.
    #[error("{0}: {Broken}")]
    Broken(String),
}

/// A file to read, or the reason why there is none.
pub type Input = Result<PathBuf, InputError>;

/// Returns the files of every path in the given order. The files of a folder are sorted by name. Hidden ones, whose names
/// begin with a dot, are not read.
#[must_use]
pub fn files(paths: &[PathBuf]) -> Vec<Input> {
    paths.iter().flat_map(|path| if path.is_dir() { folder(path) } else { vec![Ok(path.clone())] }).collect()
}

/// The contents of a folder in the order of their names, without hidden files and folders.
fn walk(folder: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let is_hidden = |entry: &DirEntry| entry.file_name().as_encoded_bytes().starts_with(b".");
    let entries = WalkDir::new(folder).sort_by_file_name().follow_links(true).into_iter();
    // The folder itself was named by the user.
    entries.filter_entry(move |entry| entry.depth() == 0 || !is_hidden(entry))
}

fn folder(path: &Path) -> Vec<Input> {
    let files: Vec<Input> = walk(path)
        .filter(|entry| entry.as_ref().map_or(true, |e| e.file_type().is_file() && is_article(e.path())))
        .map(|entry| {
            entry.map(DirEntry::into_path).map_err(|e| {
                let path = e.path().unwrap_or(Path::new("?")).display().to_string();
                InputError::Unreadable(path, without_path(e))
            })
        })
        .collect();
    if files.is_empty() { vec![Err(InputError::NoArticles(path.display().to_string()))] } else { files }
}

/// Why a folder could not be walked, without the path, which the error of the library names.
fn without_path(error: walkdir::Error) -> io::Error {
    match (error.io_error(), error.loop_ancestor()) {
        (Some(reason), _) => io::Error::new(reason.kind(), reason.to_string()),
        (None, Some(ancestor)) => io::Error::other(format!("this link leads back to {}", ancestor.display())),
        (None, None) => error.into(),
    }
}

/// The files of folders that are not read because of their kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// How many there are of each kind. A kind is what a name ends with, such as `.pdf`, or nothing.
    pub kinds: BTreeMap<String, usize>,
    /// The first few, relative to the folder.
    pub first: Vec<PathBuf>,
}

/// How many files are named.
const NAMED: usize = 3;

impl fmt::Display for Skipped {
    /// `skipped 4 files because of their kind: 1 .docx, 3 .pdf (a.docx, b.pdf, c.pdf, …)`, and how to have one read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: usize = self.kinds.values().sum();
        let kind = |(ending, n): (&String, &usize)| match ending.as_str() {
            "" => format!("{n} without an extension"),
            ending => format!("{n} {ending}"),
        };
        let kinds: Vec<String> = self.kinds.iter().map(kind).collect();
        let names: Vec<String> = self.first.iter().map(|path| path.display().to_string()).collect();
        let files = if all == 1 { "file because of its" } else { "files because of their" };
        let more = if all > names.len() { ", …" } else { "" };
        write!(
            f,
            "skipped {all} {files} kind: {} ({}{more}); a file that holds text is read if you name it",
            kinds.join(", "),
            names.join(", ")
        )
    }
}

/// Returns which files of these folders are not read because of their kind, if there are any.
///
/// Hidden files and the files of a store don't count.
#[must_use]
pub fn skipped(paths: &[PathBuf], store: Option<&Path>) -> Option<Skipped> {
    let of_store = store.map(|store| fs::canonicalize(store).unwrap_or_else(|_| store.to_owned()));
    let is_of_store = |path: &Path| {
        of_store.as_ref().is_some_and(|store| {
            let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
            whole.as_os_str().as_encoded_bytes().starts_with(store.as_os_str().as_encoded_bytes())
        })
    };
    let mut skipped = Skipped::default();
    for folder in paths.iter().filter(|path| path.is_dir()) {
        for entry in walk(folder).flatten().filter(|entry| entry.file_type().is_file()) {
            let path = entry.path();
            if !is_article(path) && !is_of_store(path) {
                let ending =
                    path.extension().map(|e| format!(".{}", e.to_string_lossy().to_ascii_lowercase()));
                *skipped.kinds.entry(ending.unwrap_or_default()).or_default() += 1;
                if skipped.first.len() < NAMED {
                    skipped.first.push(path.strip_prefix(folder).unwrap_or(path).to_owned());
                }
            }
        }
    }
    (!skipped.kinds.is_empty()).then_some(skipped)
}

/// Returns the total size of the files in bytes, or 0 if standard input is among them.
#[must_use]
pub fn bytes(files: &[Input]) -> u64 {
    let size = |path: &PathBuf| fs::metadata(path).map_or(0, |m| m.len());
    let stdin = files.iter().flatten().any(|path| path.as_os_str() == STDIN);
    if stdin { 0 } else { files.iter().flatten().map(size).sum() }
}

/// Returns the documents of one file.
///
/// `wrap` receives the opened file and returns what is read in its place, so that a caller can count the bytes. It is
/// not called for standard input.
///
/// # Errors
///
/// Returns an error if the file can't be opened.
pub fn open(
    path: &Path,
    format: Option<Format>,
    wrap: impl FnOnce(File) -> Box<dyn Read + Send>,
) -> Result<Opened, InputError> {
    let name = path.display().to_string();
    let input: Box<dyn Read + Send> = if path.as_os_str() == STDIN {
        Box::new(io::stdin())
    } else {
        wrap(File::open(path).map_err(|e| InputError::Unreadable(name.clone(), e))?)
    };
    Ok(parse(input, name, format))
}

/// Returns the documents of an input that is not a file.
#[must_use]
pub fn parse(input: impl Read + Send + 'static, name: String, format: Option<Format>) -> Opened {
    Opened { documents: documents(input, &name, format), name, done: false }
}

/// The documents of one input. Whatever it contains, parsing it does not affect other inputs.
#[derive(Debug)]
pub struct Opened {
    documents: Documents<'static>,
    name: String,
    done: bool,
}

impl Opened {
    /// Describes what the input contains besides documents, once the iterator has ended.
    #[must_use]
    pub fn passed_over(&self) -> Option<String> {
        self.documents.passed_over()
    }
}

impl Iterator for Opened {
    type Item = Result<Raw, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let documents = &mut self.documents;
        let next = unless_it_panics(|| documents.next());
        match next {
            Ok(Some(document)) => Some(document.map_err(InputError::from)),
            Ok(None) => {
                self.done = true;
                None
            }
            Err(Broken) => {
                self.done = true;
                Some(Err(InputError::Broken(self.name.clone())))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_its_articles_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.txt", "a/z.html.gz", "c.db", "notes.md"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "It rained, Ada Brandt said.").unwrap();
        }
        let found: Vec<PathBuf> =
            files(&[folder.path().to_owned()]).into_iter().map(Result::unwrap).collect();
        assert_eq!(found, [folder.path().join("a/z.html.gz"), folder.path().join("b.txt")]);
        assert_eq!(bytes(&found.into_iter().map(Ok).collect::<Vec<_>>()), 54);
        fs::write(folder.path().join("a/scan.PDF"), "x").unwrap();
        fs::write(folder.path().join("README"), "x").unwrap();
        fs::write(folder.path().join(".hidden.pdf"), "x").unwrap();
        fs::write(folder.path().join("c.db-wal"), "x").unwrap();
        let db = folder.path().join("c.db");
        let said = |store: Option<&Path>| {
            skipped(&[folder.path().to_owned()], store).map(|skipped| skipped.to_string())
        };
        assert_eq!(
            said(Some(&db)).unwrap(),
            "skipped 3 files because of their kind: 1 without an extension, 1 .md, 1 .pdf (README, a/scan.PDF, notes.md); a file that holds text is read if you name it"
        );
        assert!(said(None).unwrap().contains("(README, a/scan.PDF, c.db, …); "), "{:?}", said(None));
        fs::remove_file(folder.path().join("README")).unwrap();
        assert_eq!(skipped(&[folder.path().join("b.txt")], None), None);
        let empty = tempfile::tempdir().unwrap();
        let error = files(&[empty.path().to_owned()]).pop().unwrap().unwrap_err().to_string();
        assert!(error.contains("no articles in this folder (looked for .html, "), "{error}");
    }

    #[test]
    fn hidden_files_of_a_folder_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let hidden = folder.path().join(".news");
        for name in ["b.txt", "._b.txt", ".git/a.txt", "a/.a.html", "a/c.txt"] {
            let path = hidden.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "It rained, Ada Brandt said.").unwrap();
        }
        // What the user names is read, hidden or not.
        let found: Vec<PathBuf> =
            files(&[hidden.clone(), hidden.join("._b.txt")]).into_iter().map(Result::unwrap).collect();
        assert_eq!(found, ["a/c.txt", "b.txt", "._b.txt"].map(|name| hidden.join(name)));
        assert_eq!(skipped(&[hidden], None), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_named_once() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("none", folder.path().join("a.txt")).unwrap();
        std::os::unix::fs::symlink(".", folder.path().join("b")).unwrap();
        let said: Vec<String> =
            files(&[folder.path().to_owned()]).into_iter().map(|e| e.unwrap_err().to_string()).collect();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let missing = fs::metadata(at("none")).unwrap_err();
        let back = format!("{}: this link leads back to {}", at("b"), folder.path().display());
        assert_eq!(said, [format!("{}: {missing}", at("a.txt")), back]);
    }

    #[test]
    fn a_file_says_what_it_has_besides_documents() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feed.rss");
        fs::write(&path, "<rss><channel><item><title>x</title></item></channel></rss>").unwrap();
        let mut opened = open(&path, None, |file| Box::new(file)).unwrap();
        assert!(opened.next().is_none() && opened.next().is_none());
        assert_eq!(
            opened.passed_over(),
            Some(format!("{}: passed over 1 entry without text", path.display()))
        );
        let missing = open(&folder.path().join("none.txt"), None, |file| Box::new(file)).err().unwrap();
        assert!(missing.to_string().contains("none.txt: "), "{missing}");
    }
}
