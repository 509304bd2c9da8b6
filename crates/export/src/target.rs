//! Exports to files: a file appears completely or not at all, and never replaces one that is still needed.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// The reason why an output can't be written to a path.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The path is that of the store, or of one of SQLite's files next to it.
    #[error("{0}: this is the store itself, which an export must not overwrite")]
    Store(String),
    /// The path is a folder.
    #[error("{0}: this is a folder")]
    Folder(String),
    /// The path can't be read or written.
    #[error("the output could not be written: {0}")]
    Unwritable(#[source] io::Error),
}

/// The suffixes of a store and of the files that SQLite keeps next to it while it is in use.
const BESIDE_A_STORE: [&str; 4] = ["", "-wal", "-shm", "-journal"];
/// How many links are followed before they are taken for a cycle.
const MOST_LINKS: usize = 40;

/// The place that output is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A device, a pipe or a socket. Bytes are written through it, and it is not replaced.
    Through(PathBuf),
    /// A regular file, or one that does not exist yet, after following links.
    File(PathBuf),
}

/// Follows the links of a path to the actual target.
///
/// A path that leads to the store, or to one of SQLite's files next to it, is refused under any name.
///
/// # Errors
///
/// Returns an error if the path is refused, is a folder, or can't be examined.
pub fn target(path: &Path, store: &Path) -> Result<Target, TargetError> {
    let end = end_of_links(path).map_err(|e| unwritable(path, &e))?;
    if beside_a_store(store).iter().any(|file| same_file(&end, file)) {
        return Err(TargetError::Store(path.display().to_string()));
    }
    match fs::metadata(&end) {
        Ok(about) if about.is_dir() => Err(TargetError::Folder(path.display().to_string())),
        Ok(about) if !about.is_file() => Ok(Target::Through(end)),
        Ok(_) => Ok(Target::File(end)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Target::File(end)),
        Err(e) => Err(unwritable(path, &e)),
    }
}

impl Target {
    /// Lets `write` produce the content of the target.
    ///
    /// A regular file is replaced only after everything was written, so a failure leaves the old file in place.
    ///
    /// # Errors
    ///
    /// Returns the error from `write`, or an error if the file can't be written. It does not name the file.
    pub fn fill<E: From<io::Error>>(
        &self,
        write: impl FnOnce(BufWriter<File>) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::Through(path) => {
                let file = OpenOptions::new().write(true).open(path)?;
                write(BufWriter::new(file))
            }
            Self::File(path) => {
                let part = part_of(path).map_err(|e| of_target(&e))?;
                write(BufWriter::new(part.reopen()?))?;
                // The rename may reach the disk before the content does. Without a sync, a power cut could replace a
                // good file by an empty one.
                part.as_file().sync_all()?;
                part.persist(path).map_err(|e| e.error)?;
                Ok(())
            }
        }
    }
}

/// Creates a temporary file next to the file that it will replace, with the permissions that this file has or would
/// get.
fn part_of(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&name).suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The user's mask removes some of these permissions from a new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
        let part = builder.tempfile_in(folder)?;
        if let Ok(about) = fs::metadata(path) {
            part.as_file().set_permissions(about.permissions())?;
        }
        Ok(part)
    }
    #[cfg(not(unix))]
    builder.tempfile_in(folder)
}

/// An error about a temporary file without its name: the user knows only the file that it will replace.
fn of_target(error: &io::Error) -> io::Error {
    let said = error.to_string();
    let said = said.split_once(" at path ").map_or(said.as_str(), |(said, _)| said);
    io::Error::new(error.kind(), said)
}

fn unwritable(path: &Path, error: &io::Error) -> TargetError {
    TargetError::Unwritable(io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

/// Follows all links at the end of a path. The file that they lead to need not exist.
fn end_of_links(path: &Path) -> io::Result<PathBuf> {
    let mut end = path.to_owned();
    for _ in 0..MOST_LINKS {
        // A path that can't be examined is its own end; the caller finds out why it can't.
        if !fs::symlink_metadata(&end).is_ok_and(|about| about.is_symlink()) {
            return Ok(end);
        }
        let to = fs::read_link(&end)?;
        end = end.parent().map_or(to.clone(), |folder| folder.join(&to));
    }
    Err(io::Error::other("links that lead in a circle"))
}

/// Returns whether two paths refer to the same file, whether or not it exists yet.
fn same_file(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    if let (Ok(a), Ok(b)) = (fs::metadata(a), fs::metadata(b)) {
        use std::os::unix::fs::MetadataExt;
        return (a.dev(), a.ino()) == (b.dev(), b.ino());
    }
    resolved(a) == resolved(b)
}

/// Returns the canonical form of a path. If the file does not exist, only its folder is resolved.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(whole) = fs::canonicalize(path) {
        return whole;
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (fs::canonicalize(folder), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// Returns the paths of a store and of the files that SQLite keeps next to it while it is in use.
#[must_use]
pub fn beside_a_store(store: &Path) -> [PathBuf; 4] {
    // SQLite names its files after the file that a link leads to.
    let store = resolved(store);
    BESIDE_A_STORE.map(|suffix| {
        let mut name = store.clone().into_os_string();
        name.push(suffix);
        PathBuf::from(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_does_not_name_the_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none/a.csv");
        let missing = fs::metadata(folder.path().join("none")).unwrap_err();
        let error = Target::File(path).fill(|_| Ok::<(), io::Error>(())).unwrap_err();
        assert_eq!(error.to_string(), missing.to_string());
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
