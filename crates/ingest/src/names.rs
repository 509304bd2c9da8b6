//! The name of a file in a store: the same no matter how the file was reached, and different for every other file.

use std::fs;
use std::path::{Path, PathBuf};

use onrecord_store::{Reader, StoreError};

/// Returns the folder that contains a store.
///
/// Files below it are named relative to it, so that the store and the files can be moved together.
pub(crate) fn folder_of(store: &Path) -> Option<PathBuf> {
    fs::canonicalize(store).ok()?.parent().map(Path::to_owned)
}

/// Returns the name of a file in the store.
///
/// If the store already knows the file only under the path as typed, that path is kept.
pub(crate) fn stable(path: &Path, folder: Option<&Path>, store: &Reader) -> Result<String, StoreError> {
    let typed = path.display().to_string();
    if typed == "-" {
        return Ok(typed);
    }
    let Ok(whole) = fs::canonicalize(path) else { return Ok(typed) };
    let below = folder.and_then(|folder| whole.strip_prefix(folder).ok());
    let name = unpacked(&spelled(below.unwrap_or(&whole)));
    if name != typed && store.has_source(&typed)? && !store.has_source(&name)? {
        return Ok(typed);
    }
    Ok(name)
}

/// Returns a path as text. Bytes that are not text are written in hexadecimal, so that different paths never become the
/// same text.
fn spelled(path: &Path) -> String {
    if let Some(text) = path.to_str() {
        return text.to_owned();
    }
    let mut spelled = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        spelled.push_str(&chunk.valid().replace('%', "%25"));
        chunk.invalid().iter().for_each(|byte| spelled.push_str(&format!("%{byte:02X}")));
    }
    spelled
}

/// Removes the extension of a packed file, because packing an article does not make it a different article.
fn unpacked(name: &str) -> String {
    let ending = name.len().saturating_sub(3);
    match name.get(ending..) {
        Some(gz) if gz.eq_ignore_ascii_case(".gz") && ending > 0 => name[..ending].to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_packing() {
        assert_eq!(unpacked("archive/a.txt.gz"), "archive/a.txt");
        assert_eq!(unpacked("archive/a.TXT.GZ"), "archive/a.TXT");
        assert_eq!(unpacked(".gz"), ".gz");
        assert_eq!(unpacked("é"), "é");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_stay_apart() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let spelled = |bytes: &[u8]| super::spelled(Path::new(OsStr::from_bytes(bytes)));
        assert_eq!(spelled(b"bad\xff1.txt"), "bad%FF1.txt");
        assert_ne!(spelled(b"bad\xff1.txt"), spelled(b"bad\xfe1.txt"));
        assert_ne!(spelled(b"100%\xff"), spelled(b"100%25\xff"));
        assert_eq!(spelled(b"100%.txt"), "100%.txt");
    }
}
