//! The README's shell blocks: every command in an `sh` block succeeds, and every command in a `console` block prints what
//! stands below it.

mod common;

use std::fs;
use std::io::Write;
use std::path::Path;

use common::{example, folder, onrecord};
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

const ARTICLE: &str =
    "TALLBERG, March 4 (NOR) -- \"We are late,\" Transport Minister Ada Brandt said on Friday.\n";

/// Returns the blocks of the README with this language.
fn blocks(language: &str) -> Vec<String> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = fs::read_to_string(readme).expect("the README");
    let mut parts = readme.split("```").skip(1).step_by(2);
    let begin = format!("{language}\n");
    parts.by_ref().filter_map(|block| block.strip_prefix(&begin).map(str::to_owned)).collect()
}

/// Returns the arguments of a command line, without its comment and its redirection.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '#' | '>') if word.is_none() => break,
            (None, ' ') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Copies the articles of the folder `examples`.
fn with_examples() -> TempDir {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            let to = to.join(entry.file_name());
            if entry.path().is_dir() { copy(&entry.path(), &to) } else { drop(fs::copy(entry.path(), to)) }
        }
    }
    let folder = folder(&[]);
    fs::create_dir(folder.path().join("examples")).unwrap();
    for file in ["bridge.txt", "rivals.jsonl"] {
        fs::copy(example(file), folder.path().join("examples").join(file)).unwrap();
    }
    copy(&example("archive"), &folder.path().join("examples/archive"));
    folder
}

#[test]
fn commands_succeed() {
    let folder = with_examples();
    let at = |name: &str| folder.path().join(name);
    let page = format!("<h1>Bridge to open in May</h1><p>{ARTICLE}</p>");
    let line = format!("{{\"id\": \"7\", \"attributions\": [], \"text\": {ARTICLE:?}}}\n");
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(line.as_bytes()).unwrap();
    for name in ["archive", "inbox"] {
        fs::create_dir(at(name)).unwrap();
        fs::write(at(name).join("article.html"), &page).unwrap();
    }
    for (name, bytes) in [
        ("article.html", page.into_bytes()),
        ("article.txt", ARTICLE.as_bytes().to_vec()),
        ("dev.jsonl", line.into_bytes()),
        ("feed.jsonl.gz", packed.finish().unwrap()),
    ] {
        fs::write(at(name), bytes).unwrap();
    }
    let mut run = 0;
    for line in blocks("sh").iter().flat_map(|block| block.lines()) {
        let line = line.replace("cargo run --release --", "onrecord");
        let words = words(&line);
        // These go on until somebody stops them.
        let endless = words.iter().any(|w| w == "--watch" || w == "serve");
        if words.first().is_none_or(|w| w != "onrecord") || endless {
            continue;
        }
        let done = onrecord()
            .current_dir(folder.path())
            .env("ONRECORD_STORE", "news.db")
            .args(&words[1..])
            .output()
            .expect("the binary runs");
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
        run += 1;
    }
    assert!(run > 12, "only {run} commands");
}

#[test]
fn output_is_what_the_readme_shows() {
    let folder = with_examples();
    let onrecord = || {
        let mut command = onrecord();
        command.current_dir(folder.path()).env("ONRECORD_STORE", "news.db");
        command
    };
    onrecord().args(["ingest", "--events", "examples/"]).assert().success();
    let blocks = blocks("console");
    assert!(blocks.len() > 2, "only {} blocks", blocks.len());
    for block in blocks {
        let (line, expected) = block.split_once('\n').expect("a command and its output");
        let words = words(line.strip_prefix("$ onrecord ").expect("a block begins with a command"));
        // The README shows a terminal.
        let done = onrecord().args(&words).args(["--format", "text"]).output().expect("the binary runs");
        assert_eq!(String::from_utf8_lossy(&done.stdout).trim_end(), expected.trim_end(), "{line}");
    }
}
