//! Both programs on a few made-up articles.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use assert_cmd::Command;
use onrecord::Engine;
use onrecord::page::documents;
use onrecord_ingest::{Document, Ingest};
use onrecord_store::Store;

const NEWS: [(&str, &str, &str); 3] = [
    ("a", "2016-03-04", "\"We are late,\" Minister Ada Brandt said. \"Nobody will pay,\" she added."),
    ("b", "2016-03-05", "\"I have heard this before,\" Pia Lund said."),
    ("c", "2016-05-01", "\"The bridge is open,\" Ada Brandt said."),
];

/// The articles as JSON Lines, and a line that is not one.
fn lines() -> String {
    let line = |(id, day, text): &(&str, &str, &str)| {
        format!(
            "{{\"id\": \"{id}\", \"published\": \"{day}\", \"outlet\": \"The Sound\", \"text\": {text:?}}}\n"
        )
    };
    NEWS.iter().map(line).collect::<String>() + "{}\n"
}

fn program(name: &str) -> Command {
    Command::cargo_bin(name).expect("the program is built")
}

#[test]
fn who_is_quoted_most() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("news.jsonl"), lines()).unwrap();
    let ranked = "    3  Ada Brandt (articles: 2)\n    1  Pia Lund (articles: 1)\n";
    let run = program("most_quoted").arg(folder.path()).assert().success().stdout(ranked);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains("no “text”, “html” or “body”"), "{said}");
    let first = "    3  Ada Brandt (articles: 2)\n";
    program("most_quoted").arg(folder.path()).arg("1").assert().success().stdout(first);
    program("most_quoted").assert().failure();
}

#[test]
fn what_one_person_said_over_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news.db");
    let store = || path.as_path() as &Path;
    let mut kept = Store::create(store()).unwrap();
    let engine = Engine::new();
    let lines = lines();
    let news = documents(lines.as_bytes(), "news.jsonl", None).map(|raw| raw.map(Document::from));
    let count = Ingest::new(&engine, &mut kept).unwrap().run(news, |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((count.new, count.failed), (3, 1));
    let march = "2016-03\n  2016-03-04  \"We are late,\" (The Sound)\n  2016-03-04  \"Nobody will pay,\" (The Sound)\n";
    let all = format!("{march}2016-05\n  2016-05-01  \"The bridge is open,\" (The Sound)\n");
    program("over_time").arg(store()).arg("Ada Brandt").assert().success().stdout(all);
    let late = "2016-03\n  2016-03-04  \"We are late,\" (The Sound)\n";
    program("over_time").arg(store()).args(["Brandt", "late"]).assert().success().stdout(late);
    program("over_time").arg(folder.path().join("none.db")).arg("Brandt").assert().failure();
}
