//! Paths to documents: files, the files of folders, standard input.

use std::fs::File;
use std::io;
use std::path::Path;

use onrecord::page::{Raw, documents};
use walkdir::WalkDir;

use crate::InputArgs;
use crate::failure::Failure;

/// The endings of the files that are read in a folder, each also with `.gz`.
pub const ENDINGS: [&str; 15] = [
    "html", "htm", "xhtml", "txt", "text", "jsonl", "ndjson", "json", "ninjs", "rss", "atom", "xml",
    "newsml", "nitf", "warc",
];

/// Every document of every path, in the order given; the files of a folder in the order of their names.
pub fn all(args: &InputArgs) -> impl Iterator<Item = Result<Raw, Failure>> {
    args.paths.iter().flat_map(|path| -> Box<dyn Iterator<Item = Result<Raw, Failure>>> {
        let format = args.format();
        if path.as_os_str() == "-" {
            return Box::new(documents(io::stdin(), "-", format).map(|d| d.map_err(Failure::from)));
        }
        if !path.is_dir() {
            return file(path, format);
        }
        let mut files = WalkDir::new(path)
            .sort_by_file_name()
            .follow_links(true)
            .into_iter()
            .filter(|entry| entry.as_ref().map_or(true, |e| e.file_type().is_file() && is_article(e.path())))
            .peekable();
        if files.peek().is_none() {
            return Box::new(std::iter::once(Err(Failure::NoArticles(path.display().to_string()))));
        }
        Box::new(files.flat_map(move |entry| match entry {
            Ok(entry) => file(entry.path(), format),
            Err(e) => {
                let path = e.path().unwrap_or(Path::new("?")).display().to_string();
                Box::new(std::iter::once(Err(Failure::Unreadable(path, e.into()))))
            }
        }))
    })
}

fn file(
    path: &Path,
    format: Option<onrecord::page::Format>,
) -> Box<dyn Iterator<Item = Result<Raw, Failure>>> {
    let name = path.display().to_string();
    match File::open(path) {
        Ok(file) => Box::new(documents(file, &name, format).map(|d| d.map_err(Failure::from))),
        Err(e) => Box::new(std::iter::once(Err(Failure::Unreadable(name, e)))),
    }
}

fn is_article(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}
