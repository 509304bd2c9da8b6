//! Where an export may be written, told by what users name with `-o`.

#![cfg(unix)]

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use onrecord_export::target::{Target, TargetError, target};
use tempfile::TempDir;

mod folder;
use folder::names;

/// A folder with a store in it.
fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("news.db");
    fs::write(&store, "a store").unwrap();
    (folder, store)
}

#[test]
fn a_path_leads_to_a_file_whether_or_not_it_exists() {
    let (folder, store) = folder();
    let out = folder.path().join("out.csv");
    assert_eq!(target(&out, &store).unwrap(), Target::File(out.clone()));
    fs::write(&out, "old").unwrap();
    assert_eq!(target(&out, &store).unwrap(), Target::File(out));
}

#[test]
fn a_link_leads_to_its_end_even_if_there_is_no_file_yet() {
    let (folder, store) = folder();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    symlink("second", inner.join("first")).unwrap();
    symlink("out.csv", inner.join("second")).unwrap();
    let end = Target::File(inner.join("out.csv"));
    assert_eq!(target(&inner.join("first"), &store).unwrap(), end);
    fs::write(inner.join("out.csv"), "old").unwrap();
    assert_eq!(target(&inner.join("first"), &store).unwrap(), end);
}

#[test]
fn links_in_a_circle_lead_nowhere() {
    let (folder, store) = folder();
    symlink("b", folder.path().join("a")).unwrap();
    symlink("a", folder.path().join("b")).unwrap();
    let error = target(&folder.path().join("a"), &store).unwrap_err();
    assert!(matches!(error, TargetError::Unwritable(_)));
    assert!(error.to_string().ends_with("/a: links that lead in a circle"), "{error}");
}

#[test]
fn a_folder_and_a_path_through_a_file_are_refused() {
    let (folder, store) = folder();
    let error = target(folder.path(), &store).unwrap_err();
    assert!(matches!(error, TargetError::Folder(_)), "{error}");
    assert_eq!(error.to_string(), format!("{}: this is a folder", folder.path().display()));
    let through = store.join("out.csv");
    let error = target(&through, &store).unwrap_err();
    let TargetError::Unwritable(cause) = &error else { panic!("{error}") };
    assert_eq!(cause.kind(), io::ErrorKind::NotADirectory);
    assert!(error.to_string().contains(&through.display().to_string()), "{error}");
}

#[test]
fn a_device_is_written_through() {
    let (_folder, store) = folder();
    let null = target(Path::new("/dev/null"), &store).unwrap();
    assert_eq!(null, Target::Through(PathBuf::from("/dev/null")));
    null.fill(|mut out| out.write_all(b"anything")).unwrap();
    // Whatever is not a file stays what it is.
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn the_store_and_its_files_are_refused_under_any_name() {
    let (folder, store) = folder();
    let at = |name: &str| folder.path().join(name);
    symlink(&store, at("link.db")).unwrap();
    fs::hard_link(&store, at("hard.db")).unwrap();
    symlink(folder.path(), at("here")).unwrap();
    fs::create_dir(at("sub")).unwrap();
    symlink("news.db-wal", at("link-to-the-log")).unwrap();
    for name in [
        "news.db",
        "link.db",
        "hard.db",
        "sub/../news.db",
        "here/news.db",
        "news.db-wal",
        "news.db-shm",
        "news.db-journal",
        "here/news.db-wal",
        "link-to-the-log",
    ] {
        let error = target(&at(name), &store).unwrap_err();
        assert!(matches!(error, TargetError::Store(_)), "{name}: {error}");
        let expected =
            format!("{}: this is the store itself, which an export must not overwrite", at(name).display());
        assert_eq!(error.to_string(), expected);
        // SQLite names its files after the end of a link, so it does not matter how the store is named.
        assert!(matches!(target(&at(name), &at("link.db")), Err(TargetError::Store(_))), "{name}");
    }
    for name in ["news.db-log", "news.db.csv", "other.db"] {
        assert_eq!(target(&at(name), &store).unwrap(), Target::File(at(name)), "{name}");
    }
}

#[test]
fn a_store_that_does_not_exist_yet_is_refused_too() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    symlink(folder.path(), at("here")).unwrap();
    assert!(matches!(target(&at("here/news.db"), &at("news.db")), Err(TargetError::Store(_))));
    assert!(target(&at("here/other.db"), &at("news.db")).is_ok());
    // Its name may be that of a file in another folder.
    fs::create_dir(at("sub")).unwrap();
    assert_eq!(target(&at("sub/news.db"), &at("news.db")).unwrap(), Target::File(at("sub/news.db")));
    // A name without a folder is one in the folder of the process.
    assert!(matches!(target(Path::new("none.db"), Path::new("./none.db")), Err(TargetError::Store(_))));
    // Without a folder, nothing can be said about a link; the names still count.
    assert!(matches!(target(&at("no/news.db"), &at("no/news.db")), Err(TargetError::Store(_))));
    assert!(target(&at("no/other.db"), &at("no/news.db")).is_ok());
}

#[test]
fn a_file_is_replaced_only_when_everything_is_written_and_keeps_its_permissions() {
    let (folder, store) = folder();
    let out = folder.path().join("out.csv");
    let to = target(&out, &store).unwrap();
    to.fill(|mut file| file.write_all(b"first")).unwrap();
    assert_eq!(fs::read_to_string(&out).unwrap(), "first");
    fs::set_permissions(&out, fs::Permissions::from_mode(0o640)).unwrap();
    let failed = to.fill(|mut file| {
        file.write_all(b"half")?;
        file.flush()?;
        Err(io::Error::other("no more"))
    });
    assert_eq!(failed.unwrap_err().to_string(), "no more");
    assert_eq!(fs::read_to_string(&out).unwrap(), "first");
    to.fill(|mut file| {
        // Until then, the new content is in a file of its own beside the old one.
        let [part] =
            &names(folder.path()).into_iter().filter(|n| n.ends_with(".part")).collect::<Vec<_>>()[..]
        else {
            panic!("one part")
        };
        assert!(part.starts_with(".out.csv."), "{part}");
        file.write_all(b"second")
    })
    .unwrap();
    assert_eq!(fs::read_to_string(&out).unwrap(), "second");
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(names(folder.path()), ["news.db", "out.csv"]);
}

#[test]
fn a_new_file_has_the_permissions_that_the_user_s_mask_leaves() {
    let (folder, store) = folder();
    let (out, usual) = (folder.path().join("out.csv"), folder.path().join("usual"));
    target(&out, &store).unwrap().fill(|mut file| file.write_all(b"x")).unwrap();
    fs::write(&usual, "x").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&out), mode(&usual));
}

#[test]
fn a_file_in_a_folder_that_does_not_exist_fails_without_a_word_of_the_temporary_file() {
    let (folder, store) = folder();
    let to = target(&folder.path().join("no/out.csv"), &store).unwrap();
    let error = to.fill(|mut file| file.write_all(b"x")).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    assert!(!error.to_string().contains(".part"), "{error}");
}
