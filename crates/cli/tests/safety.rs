//! What the binary must not do: lose a file, write to what is only read, obey what an article says.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command as Process;

use common::{folder, onrecord, path};
use serde_json::Value;
use tempfile::TempDir;

/// Runs the binary on a store and returns what it prints, what it says, and its exit code.
fn run(store: &Path, args: &[&str]) -> (String, String, i32) {
    let output = onrecord().args(args).arg("--store").arg(store).output().expect("the binary runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap_or(-1))
}

/// A store of two short articles.
fn small() -> (TempDir, std::path::PathBuf) {
    let folder = folder(&[
        ("a.txt", b"\"We open in May,\" Minister Ada Brandt said on Friday."),
        ("b.txt", b"\"No,\" said Rolf Meyer."),
    ]);
    let store = folder.path().join("news.db");
    let (_, said, code) = run(&store, &["ingest", &path(&folder, "a.txt"), &path(&folder, "b.txt")]);
    assert_eq!((said.as_str(), code), ("", 0));
    (folder, store)
}

#[cfg(unix)]
#[test]
fn an_export_never_overwrites_the_store() {
    let (folder, store) = small();
    let before = fs::read(&store).expect("a store");
    std::os::unix::fs::symlink(&store, folder.path().join("link.csv")).expect("a link");
    std::os::unix::fs::symlink("link.csv", folder.path().join("link of a link.csv")).expect("a link");
    fs::hard_link(&store, folder.path().join("second name.csv")).expect("a second name");
    fs::create_dir(folder.path().join("sub")).expect("a folder");
    let detour = format!("{}/sub/../news.db", folder.path().display());
    let names = [
        "news.db",
        "news.db-wal",
        "news.db-shm",
        "news.db-journal",
        "link.csv",
        "link of a link.csv",
        "second name.csv",
    ];
    for name in names.map(|name| path(&folder, name)).into_iter().chain([detour]) {
        for format in ["csv", "parquet", "jsonl"] {
            let (_, said, code) = run(&store, &["export", "--format", format, "-o", &name]);
            assert!(code == 2 && said.contains("the store itself"), "{name}: {code} {said}");
        }
    }
    // The same where the store is reached through the link.
    let linked = folder.path().join("link.csv");
    let (_, _, code) = run(&linked, &["export", "--format", "csv", "-o", &path(&folder, "news.db-wal")]);
    assert_eq!(code, 2);
    assert_eq!(fs::read(&store).expect("a store"), before);
    assert_eq!(run(&store, &["export", "--format", "csv", "-o", &path(&folder, "news.db.csv")]).2, 0);
    let (_, said, code) = run(&store, &["export", "--format", "csv", "-o", &path(&folder, "sub")]);
    assert!(code == 2 && said.contains("this is a folder"), "{said}");
}

#[cfg(unix)]
#[test]
fn an_export_writes_through_links_and_pipes() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    let (folder, store) = small();
    let at = |name: &str| folder.path().join(name);
    let csv = run(&store, &["export", "--format", "csv"]).0;
    assert!(csv.contains("We open in May"), "{csv}");
    let export = |name: &str| run(&store, &["export", "--format", "csv", "-o", &path(&folder, name)]);
    // A link stays a link; what it leads to is written, with the rights that it has.
    fs::write(at("target.csv"), "old").expect("a file");
    fs::set_permissions(at("target.csv"), fs::Permissions::from_mode(0o640)).expect("rights");
    std::os::unix::fs::symlink("target.csv", at("link.csv")).expect("a link");
    std::os::unix::fs::symlink("to come.csv", at("dangling.csv")).expect("a link");
    assert_eq!(export("link.csv").2, 0);
    assert!(at("link.csv").is_symlink());
    assert_eq!(fs::read_to_string(at("target.csv")).expect("a file"), csv);
    assert_eq!(fs::metadata(at("target.csv")).expect("a file").permissions().mode() & 0o777, 0o640);
    assert_eq!(export("dangling.csv").2, 0);
    assert!(at("dangling.csv").is_symlink());
    assert_eq!(fs::read_to_string(at("to come.csv")).expect("a file"), csv);
    std::os::unix::fs::symlink("circle", at("circle")).expect("a link");
    assert_eq!(export("circle").2, 1);
    // A pipe stays a pipe.
    assert!(Process::new("mkfifo").arg(at("pipe")).status().expect("mkfifo runs").success());
    let reader = std::thread::spawn({
        let pipe = at("pipe");
        move || fs::read_to_string(pipe)
    });
    assert_eq!(export("pipe").2, 0);
    assert_eq!(reader.join().expect("no panic").expect("text"), csv);
    assert!(fs::metadata(at("pipe")).expect("a pipe").file_type().is_fifo());
    // Somebody's file of a likely name is theirs, and nothing else is left behind.
    fs::write(at("x.csv.part"), "mine").expect("a file");
    assert_eq!(export("x.csv").2, 0);
    assert_eq!(fs::read_to_string(at("x.csv.part")).expect("a file"), "mine");
    let left = fs::read_dir(folder.path()).expect("a folder").filter_map(Result::ok);
    let left: Vec<_> = left.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(left.iter().filter(|name| name.ends_with(".part")).count(), 1, "{left:?}");
}

#[test]
fn a_folder_for_brat_keeps_what_is_somebodys() {
    let (folder, store) = small();
    let brat = folder.path().join("brat");
    let out = brat.display().to_string();
    let read = |name: &str| fs::read_to_string(brat.join(name)).expect("a file");
    fs::create_dir(&brat).expect("a folder");
    fs::write(brat.join("notes.md"), "mine").expect("a file");
    fs::write(brat.join("2.txt"), "mine").expect("a file");
    let export =
        |query: &[&str]| run(&store, &[&["export"], query, &["--format", "brat", "-o", &out]].concat());
    let (_, said, code) = export(&[]);
    assert!(code == 1 && said.contains("2.txt: is there already"), "{said}");
    assert_eq!(read("2.txt"), "mine");
    fs::remove_file(brat.join("2.txt")).expect("removed");
    assert_eq!(export(&[]), (String::new(), String::new(), 0));
    assert!(read("1.txt").contains("May") && read("2.txt").contains("Rolf"));
    // The same again is no trouble, and what a narrower query no longer gives is gone.
    assert_eq!(export(&[]).2, 0);
    assert_eq!(export(&["may"]).2, 0);
    assert!(!brat.join("2.txt").exists() && !brat.join("2.ann").exists() && brat.join("1.ann").exists());
    // What somebody annotated since is theirs.
    fs::write(brat.join("1.ann"), "T1\tContent 0 3\tmine\n").expect("a file");
    let (_, said, code) = export(&["may"]);
    let named = format!("{}: 1.ann: is there already", brat.display());
    assert!(code == 1 && said.contains(&named) && said.contains("changed since"), "{said}");
    assert_eq!(read("1.ann"), "T1\tContent 0 3\tmine\n");
    assert_eq!(export(&["meyer"]).2, 0);
    assert_eq!((read("notes.md").as_str(), read("1.ann").as_str()), ("mine", "T1\tContent 0 3\tmine\n"));
}

#[test]
fn a_file_of_another_program_is_left_alone() {
    let folder = TempDir::new().expect("a folder");
    let other = folder.path().join("places.sqlite");
    let db = rusqlite::Connection::open(&other).expect("SQLite");
    db.execute_batch("CREATE TABLE places (name TEXT); INSERT INTO places VALUES ('Tallberg')").expect("SQL");
    drop(db);
    let article = folder.path().join("a.txt");
    fs::write(&article, "\"No,\" said Rolf Meyer.").expect("a file");
    let before = fs::read(&other).expect("a file");
    let article = article.display().to_string();
    for args in [
        &["search", "x"][..],
        &["ingest", &article],
        &["verify"],
        &["export", "--format", "csv"],
        &["correct", "list"],
        &["who", "Rolf"],
    ] {
        let (_, said, code) = run(&other, args);
        assert!(code == 6 && said.contains("not an onrecord store"), "{args:?}: {said}");
        assert_eq!(fs::read(&other).expect("a file"), before, "{args:?}");
    }
    let names: Vec<_> = fs::read_dir(folder.path()).expect("a folder").filter_map(Result::ok).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

/// Lets a command run as somebody who may read the folder and not write to it.
#[cfg(unix)]
fn as_a_reader(folder: &Path) -> Process {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let mode =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("rights");
    for entry in fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
        mode(&entry.path(), 0o444);
    }
    mode(folder, 0o555);
    let mut command = Process::new(env!("CARGO_BIN_EXE_onrecord"));
    // Root may write wherever it likes.
    if fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
        command.uid(65_534).gid(65_534);
    }
    command
}

#[cfg(unix)]
#[test]
fn a_store_in_a_folder_that_cannot_be_written_is_searched_served_exported_and_verified() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, store) = small();
    for schema in 1..=2 {
        let kept = format!("../store/tests/stores/schema-{schema}.db");
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(kept);
        fs::copy(kept, folder.path().join(format!("{schema}.db"))).expect("a store");
    }
    for (store, word, count) in
        [(store, "may", 1), (folder.path().join("1.db"), "toll", 4), (folder.path().join("2.db"), "toll", 4)]
    {
        let before = fs::read(&store).expect("a store");
        let ask = |args: &[&str]| {
            let output =
                as_a_reader(folder.path()).args(args).arg("--store").arg(&store).output().expect("it runs");
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            (text(&output.stdout), text(&output.stderr), output.status.code().unwrap_or(-1))
        };
        let (found, said, code) = ask(&["search", word]);
        assert!(code == 0 && found.lines().count() >= count, "{found}{said}");
        for args in [
            &["export", "--format", "csv"][..],
            &["export", "--format", "jsonl"],
            &["who", "brandt"],
            &["correct", "list"],
            // An assistant that closes its end at once.
            &["mcp"],
        ] {
            let (_, said, code) = ask(args);
            assert_eq!(code, 0, "{args:?}: {said}");
        }
        let (out, said, code) = ask(&["verify"]);
        assert!(code == 0 && out.starts_with("sound"), "{out}{said}");
        let (_, said, code) = ask(&["correct", "accept", "1.s1"]);
        assert!(code == 6 && said.contains("read-only"), "{said}");
        assert_eq!(fs::read(&store).expect("a store"), before);
    }
    let names = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(names, 5, "nothing was put beside the stores");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("rights");
}

#[cfg(unix)]
#[test]
fn what_a_kill_left_beside_a_store_is_not_passed_over() {
    use std::os::unix::fs::PermissionsExt;
    let (from, store) = small();
    // A connection that holds the store keeps its log beside it, as a kill does.
    let held = rusqlite::Connection::open(&store).expect("SQLite");
    let count: i64 = held.query_row("SELECT count(*) FROM articles", [], |r| r.get(0)).expect("a count");
    assert_eq!(count, 2);
    assert_eq!(run(&store, &["correct", "reject", "1.s1"]).2, 0);
    let folder = TempDir::new().expect("a folder");
    for name in ["news.db", "news.db-wal"] {
        fs::copy(from.path().join(name), folder.path().join(name)).expect("a copy");
    }
    let copy = folder.path().join("news.db");
    let output =
        as_a_reader(folder.path()).args(["search", "may", "--store"]).arg(&copy).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(6) && said.contains("the latest changes are in"), "{said}");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("rights");
    for name in ["news.db", "news.db-wal"] {
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o644)).expect("rights");
    }
    let (found, ..) = run(&copy, &["search", "may"]);
    assert!(found.is_empty(), "what was decided last holds: {found}");
}

#[test]
fn reading_leaves_nothing_behind() {
    let (folder, store) = small();
    let before = fs::read(&store).expect("a store");
    for args in [&["search", "may"][..], &["verify"], &["export", "--format", "csv"], &["lineage", "1.s1"]] {
        assert_eq!(run(&store, args).2, 0);
    }
    assert_eq!(fs::read(&store).expect("a store"), before);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 3);
}

#[test]
fn what_an_article_says_does_not_reach_the_terminal_as_a_command() {
    let odd = "\u{1b}]0;gone\u{7}\u{202e}\u{9b}31m";
    let text =
        format!("\"We open in{odd} May,\" Minister Ada{odd} Brandt said. \"It is late,\" Ada Brandt said.");
    let line = serde_json::json!({
        "id": format!("7{odd}"), "text": text, "title": odd, "outlet": format!("The Sound{odd}"), "published": "2016-03-04",
    });
    let folder = folder(&[("in.jsonl", format!("{line}\n").as_bytes())]);
    let store = folder.path().join("news.db");
    let input = path(&folder, "in.jsonl");
    assert_eq!(run(&store, &["ingest", &input]).2, 0);
    let obeyed = |text: &str| text.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{9b}']);
    for args in [
        &["search", "--format", "text", "open"][..],
        &["who", "--format", "text", "brandt"],
        &["lineage", "--format", "text", "1.s1"],
        &["changes", "--format", "text", "1"],
        &["correct", "list"],
        &["correct", "accept", &format!("1.s1{odd}")],
        &["who", &format!("nobody{odd}")],
        &["search", &format!("\"{odd}")],
        &["ingest", &format!("none{odd}.txt")],
        &["changes", &format!("none{odd}")],
    ] {
        let (out, said, _) = run(&store, args);
        assert!(!obeyed(&out) && !obeyed(&said), "{args:?}\n{out:?}\n{said:?}");
        assert!(!said.contains("internal error"), "{said}");
    }
    for args in [&["read", "--format", "text", &input][..], &["explain", &input]] {
        let output = onrecord().args(args).output().expect("the binary runs");
        let out = String::from_utf8(output.stdout).expect("text");
        assert!(!out.contains('\u{1b}') || args[0] == "explain", "{args:?}\n{out:?}");
    }
    // For programs it is what it is.
    let (out, ..) = run(&store, &["search", "open", "--format", "jsonl"]);
    let hit: Value = serde_json::from_str(out.lines().next().expect("a line")).expect("JSON");
    assert!(obeyed(hit["outlet"].as_str().expect("text")));
}

/// The binary on a terminal, which `script` makes; nothing where there is no such program.
#[cfg(target_os = "linux")]
fn on_a_terminal(command: &str) -> Option<String> {
    let output =
        Process::new("script").args(["-qec", command, "/dev/null"]).env("NO_COLOR", "1").output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_no_commands_in_any_format() {
    let odd = "\u{1b}]0;gone\u{7}\u{202e}";
    let line = serde_json::json!({"id": odd, "text": format!("\"We open in{odd} May,\" Ada Brandt said."), "outlet": odd});
    let folder = folder(&[("in.jsonl", format!("{line}\n").as_bytes())]);
    let store = folder.path().join("news.db");
    let input = path(&folder, "in.jsonl");
    assert_eq!(run(&store, &["ingest", &input]).2, 0);
    let binary = env!("CARGO_BIN_EXE_onrecord");
    for args in [
        format!("read {input}"),
        format!("read --format jsonl {input}"),
        format!("explain {input}"),
        format!("search open --store {}", store.display()),
        format!("search open --format jsonl --store {}", store.display()),
        format!("export --format csv --store {}", store.display()),
        format!("export --format jsonl --store {}", store.display()),
        format!("export --format ftm --store {}", store.display()),
    ] {
        let Some(out) = on_a_terminal(&format!("{binary} {args}")) else { return };
        assert!(out.contains("May"), "{args}: {out:?}");
        assert!(!out.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{args}: {out:?}");
    }
}

#[test]
fn a_file_is_one_article_whichever_way_it_is_reached() {
    let (folder, store) = small();
    let archive = folder.path().join("archive");
    fs::create_dir(&archive).expect("a folder");
    let words = b"\"The ferries stop,\" Pia Lund said on Monday. Nobody had expected that from the minister.";
    fs::write(archive.join("c.txt"), words).expect("a file");
    let ingest = |from: &Path, what: &str| -> String {
        let mut command = onrecord();
        let output = command
            .current_dir(from)
            .args(["ingest", what, "--store"])
            .arg(&store)
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(ingest(folder.path(), "archive").contains("1 new"));
    let whole = archive.display().to_string();
    for (from, what) in [
        (folder.path(), "./archive"),
        (folder.path(), whole.as_str()),
        (folder.path(), "archive/c.txt"),
        (archive.as_path(), "."),
        (archive.as_path(), "../archive"),
    ] {
        let out = ingest(from, what);
        assert!(out.starts_with("1 document: 0 new, 0 changed, 0 reread, 1 known"), "{what}: {out}");
    }
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gz, words).expect("memory");
    fs::write(archive.join("c.txt.gz"), gz.finish().expect("memory")).expect("a file");
    fs::remove_file(archive.join("c.txt")).expect("removed");
    assert!(ingest(folder.path(), "archive").contains("0 new, 0 changed"), "packed, it is the same article");
    assert!(run(&store, &["verify"]).0.starts_with("sound: 3 articles in 3 versions"));
    // An error names the file as the user did.
    fs::write(archive.join("d.txt"), b"\x89PNG\0\0").expect("a file");
    let output = onrecord()
        .current_dir(&archive)
        .args(["ingest", "d.txt", "--store"])
        .arg(&store)
        .output()
        .expect("it runs");
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("onrecord: d.txt: a binary file"));
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_two_names() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let (folder, store) = small();
    let archive = folder.path().join("archive");
    fs::create_dir(&archive).expect("a folder");
    let name = |bytes: &[u8]| archive.join(OsStr::from_bytes(bytes));
    fs::write(name(b"bad\xff.txt"), "\"The ferries stop,\" Pia Lund said on Monday.").expect("a file");
    fs::write(name(b"bad\xfe.txt"), "\"The ferries stop,\" Pia Lund said on Tuesday.").expect("a file");
    let (out, _, code) = run(&store, &["ingest", &archive.display().to_string()]);
    assert!(code == 0 && out.contains("2 new, 0 changed"), "{out}");
}

#[test]
fn a_query_that_is_too_much_is_refused_at_its_place() {
    let (_folder, store) = small();
    let nested = format!("{}b{}", "(b OR ".repeat(40), ")".repeat(40));
    let (_, said, code) = run(&store, &["search", &nested]);
    assert!(said.contains("at character 73: parentheses nest at most 12 deep"), "{said}");
    assert_eq!((said.lines().last().map(str::len), code), (Some(2 + 73), 2));
    let (_, said, code) = run(&store, &["search", &"a ".repeat(1_500)]);
    assert!(code == 2 && said.contains("at character 401: a query has at most 200 words"), "{said}");
    let (_, said, code) = run(&store, &["search", &"é".repeat(4_000)]);
    assert!(code == 2 && said.contains("at character 2001: a query has at most 4000 bytes"), "{said}");
    for option in ["--skip", "--limit"] {
        let (_, said, code) = run(&store, &["search", "may", option, "18446744073709551615"]);
        assert!(code == 2 && said.contains(option), "{said}");
        for given in ["-1", "1099511627777"] {
            let (_, said, code) = run(&store, &["search", "may", option, given]);
            let expected =
                format!("invalid value '{given}' for '{option} <N>': {given} is not in 0..=1099511627776");
            assert!(code == 2 && said.contains(&expected), "{said}");
        }
    }
    assert_eq!(run(&store, &["search", "may", "--skip", "1000000"]).2, 0);
}

#[test]
fn two_that_begin_one_store_wait_for_each_other() {
    let folder = folder(&[("a.txt", b"\"No,\" said Rolf Meyer.")]);
    for round in 0..10 {
        let store = folder.path().join(format!("{round}.db"));
        let begin = || {
            Process::new(env!("CARGO_BIN_EXE_onrecord"))
                .args(["ingest", &path(&folder, "a.txt"), "--store"])
                .arg(&store)
                .stdout(std::process::Stdio::null())
                .spawn()
                .expect("it runs")
        };
        for mut child in [begin(), begin(), begin()] {
            assert!(child.wait().expect("it ends").success());
        }
        assert!(run(&store, &["verify"]).0.starts_with("sound: 1 article in 1 version"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_the_size_of_files_is_an_error_and_no_end() {
    let (folder, store) = small();
    let words = "The ferries stop, and nobody had expected that from the minister who spoke. ".repeat(6_000);
    fs::write(folder.path().join("long.txt"), words).expect("a file");
    let script = format!(
        "ulimit -f 800; exec {} ingest {} --store {}",
        env!("CARGO_BIN_EXE_onrecord"),
        path(&folder, "long.txt"),
        store.display()
    );
    let output = Process::new("sh").args(["-c", &script]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(6), "{said}");
    assert!(said.contains("a limit on the size of files"), "{said}");
    assert!(run(&store, &["verify"]).0.starts_with("sound: 2 articles"));
}

#[test]
fn a_salvaged_store_that_finds_no_room_is_removed() {
    let (folder, store) = small();
    let count = || fs::read_dir(folder.path()).expect("a folder").count();
    let before = count();
    let script = format!(
        "ulimit -f 100; exec {} salvage --store {} -o {}",
        env!("CARGO_BIN_EXE_onrecord"),
        store.display(),
        path(&folder, "new.db")
    );
    let output = Process::new("sh").args(["-c", &script]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(6), "{said}");
    assert!(
        said.contains(&format!("; the unfinished store {} was removed", path(&folder, "new.db"))),
        "{said}"
    );
    assert_eq!(count(), before);
    // Where nothing could be created, nothing is removed.
    let (_, said, code) = run(&store, &["salvage", "-o", &path(&folder, "none/new.db")]);
    assert!(code == 6 && !said.contains("removed"), "{said}");
}
