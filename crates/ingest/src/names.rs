//! The name that a file has in a store: the same whichever way it was reached, and another one for every other file.

use std::fs;
use std::path::{Path, PathBuf};

use onrecord_store::{Reader, StoreError};

/// The folder in which a store lies. Files below it are named from there, so that both can be moved together.
pub(crate) fn folder_of(store: &Path) -> Option<PathBuf> {
    fs::canonicalize(store).ok()?.parent().map(Path::to_owned)
}

/// What a file is called in the store. The name that it was given in the command holds where the store knows it by that
/// name already.
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

/// A path as text. Bytes that are not text are spelled in hexadecimal, so that two names never become one.
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

/// The name without the ending of a packed file: packing an article makes no other article of it.
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
