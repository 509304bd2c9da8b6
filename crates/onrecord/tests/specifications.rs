//! Runs the specifications in `specs/`: prose files with paragraphs of news and the statements expected of them.
//!
//! A case is a heading of the second level, the news as a block quotation (lines join as in Markdown; an empty `>` line separates paragraphs), and
//! a table of the statements with the columns that the case is about: kind, source, cue, content, parent; speaker,
//! as (the speaker's kind), role, addressee, heard by (the entity), medium, occasion, time, about. `–` stands for a field that is absent, ` … ` for
//! a gap. A case without a table expects no statement. A line `Published 2015-12-03.` gives the day of publication.

use std::path::{Path, PathBuf};

use onrecord::page::{Hints, read_text};
use onrecord::text::{PartialDate, Pieces, wire};
use onrecord::{Desk, Engine};

struct Case {
    title: String,
    published: Option<PartialDate>,
    news: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

#[test]
fn every_case_of_every_specification() {
    let engine = Engine::new();
    let mut desk = Desk::default();
    let mut failures = Vec::new();
    let mut count = 0;
    for path in specifications() {
        for case in cases(&std::fs::read_to_string(&path).expect("a specification can be read")) {
            count += 1;
            let found = statements(&engine, &mut desk, &case);
            if found != case.rows {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                failures.push(format!("{name}: {}\n{}", case.title, table(&case.columns, &found)));
            }
        }
    }
    assert!(count > 0, "no specifications found");
    assert!(
        failures.is_empty(),
        "{} of {count} cases differ; found:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

fn specifications() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let entries = std::fs::read_dir(folder).expect("the folder specs is there");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "md"));
    paths.sort();
    paths
}

fn cases(specification: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in specification.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            cases.push(Case {
                title: title.to_owned(),
                published: None,
                news: String::new(),
                columns: Vec::new(),
                rows: Vec::new(),
            });
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(date) = line.strip_prefix("Published ").and_then(|l| l.strip_suffix('.')) {
            case.published = Some(date.parse().expect("a date behind “Published”"));
        } else if let Some(news) = line.strip_prefix('>') {
            let news = news.trim();
            match case.news.chars().next_back() {
                Some(last) if news.is_empty() => case.news.push_str(if last == '\n' { "" } else { "\n\n" }),
                Some(last) if last != '\n' => case.news.push(' '),
                _ => {}
            }
            case.news.push_str(news);
        } else if let Some(row) = line.strip_prefix('|') {
            let cells: Vec<String> =
                row.trim_end_matches('|').split('|').map(|c| c.trim().to_owned()).collect();
            if case.columns.is_empty() {
                case.columns = cells;
            } else if !cells.iter().all(|c| c.chars().all(|c| c == '-')) {
                case.rows.push(cells);
            }
        }
    }
    cases
}

fn statements(engine: &Engine, desk: &mut Desk, case: &Case) -> Vec<Vec<String>> {
    let hints = Hints { published: case.published, ..Hints::default() };
    let record = engine.record(read_text(case.news.clone(), &hints), desk);
    let text = &record.article.text;
    let words = |p: Option<&Pieces>| {
        p.map_or("–".to_owned(), |p| p.text(text).split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let columns = if case.columns.is_empty() { vec!["content".to_owned()] } else { case.columns.clone() };
    let row = |s: &onrecord::text::Statement| {
        let cell = |column: &String| match column.as_str() {
            "kind" => s.kind.name().to_owned(),
            "source" => words(s.source.as_ref()),
            "cue" => words(s.cue.as_ref()),
            "content" => words(Some(&s.content)),
            "parent" => s.parent.map_or("–".to_owned(), wire::statement_id),
            "speaker" => s.speaker.name.as_deref().map_or("–".to_owned(), |n| n.replace(" | ", " & ")),
            "as" => s.speaker.kind.name().to_owned(),
            "role" => s.speaker.role.clone().unwrap_or("–".to_owned()),
            "addressee" => words(s.addressee.as_ref().map(|l| &l.words)),
            "heard by" => {
                let entity = s.addressee.as_ref().and_then(|l| l.entity);
                entity.map_or("–".to_owned(), |n| record.entities[n].name.clone())
            }
            "medium" => words(s.medium.as_ref().map(|l| &l.words)),
            "occasion" => words(s.occasion.as_ref().map(|l| &l.words)),
            "time" => s.time.as_ref().map_or("–".to_owned(), |t| {
                let value = t.value.map_or("–".to_owned(), |d| d.to_string());
                format!("{}: {value}{}", words(Some(&t.words)), if t.carried { ", carried" } else { "" })
            }),
            "about" => {
                let names: Vec<&str> = s.about.iter().map(|&n| record.entities[n].name.as_str()).collect();
                if names.is_empty() { "–".to_owned() } else { names.join(", ") }
            }
            other => panic!("{}: a specification has no column “{other}”", case.title),
        };
        columns.iter().map(cell).collect()
    };
    record.statements.iter().map(row).collect()
}

fn table(columns: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let rule = format!("|{}", "---|".repeat(columns.len()));
    [line(columns), rule].into_iter().chain(rows.iter().map(|r| line(r))).collect::<Vec<_>>().join("\n")
}
