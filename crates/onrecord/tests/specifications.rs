//! Runs the specifications in `specs/`: prose files with paragraphs of news and the statements expected of them. Each
//! case is a test of its own, `file::title`, and can be run alone:
//!
//! ```sh
//! cargo test -p onrecord --test specifications -- 'speakers::Names'
//! UPDATE=1 cargo test -p onrecord --test specifications -- 'speakers::Names'   # writes what is found into the file
//! ```
//!
//! A case is a heading of the second level, the news as a block quotation (lines join as in Markdown; an empty `>` line
//! separates paragraphs), and a table of the statements with the columns that the case is about: kind, source, cue,
//! content, parent; speaker, as (the speaker's kind), role, addressee, heard by (the entity), medium, occasion, time,
//! act, status, about. A table with the column trigger expects event reports, with the columns trigger, type, actor,
//! recipient, their country, to country, sector, to sector, status, claimant, historical, place, date (its value and
//! basis). `–` stands for a field that is absent, ` … ` for a gap. A case without a table expects no statement. A line
//! `Published 2015-12-03.` gives the day of publication. A line `Known gap: speaker, role.` says that the case is right
//! and the engine is not: its rows have to differ from those that are found in exactly these columns. `Known gap:
//! rows.` says that a row is missing, or that there is one too many.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use onrecord::Engine;
use onrecord::page::{Hints, read_text};
use onrecord::text::{Event, PartialDate, Party, Pieces, Record, Statement, wire};

struct Case {
    file: PathBuf,
    title: String,
    /// The lines of its table in the file, from the first to after the last.
    table: std::ops::Range<usize>,
    published: Option<PartialDate>,
    news: String,
    /// The columns in which the engine is known to be wrong.
    gap: Option<Gap>,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A line that says that the engine does not do what a case expects.
struct Gap {
    /// The number of the line in the file.
    line: usize,
    columns: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let engine = Arc::new(Engine::new().with_events());
    let mut trials = Vec::new();
    for path in specifications() {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for case in cases(&path) {
            let engine = Arc::clone(&engine);
            let kind = if case.gap.is_some() { "known gap" } else { "" };
            trials.push(
                Trial::test(format!("{name}::{}", case.title), move || check(&engine, &case)).with_kind(kind),
            );
        }
    }
    assert!(!trials.is_empty(), "no specifications found");
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Whether a case holds, or, where it is a known gap, whether it differs in the columns that it names.
fn check(engine: &Engine, case: &Case) -> Result<(), Failed> {
    let found = found(engine, case);
    let differing = differing(case, &found);
    let found = table(&case.columns, &found);
    match &case.gap {
        _ if differing.is_empty() && case.gap.is_none() => Ok(()),
        Some(gap) if differing == gap.columns && !differing.is_empty() => Ok(()),
        Some(_) if differing.is_empty() => {
            Err("this case holds now: take the line “Known gap” out of it".into())
        }
        Some(gap) if std::env::var_os("UPDATE").is_some() => {
            update(case, gap.line..gap.line + 1, &format!("Known gap: {}.", differing.join(", ")))
        }
        Some(_) => {
            Err(format!("a known gap in other columns: {}; found:\n{found}", differing.join(", ")).into())
        }
        None if std::env::var_os("UPDATE").is_some() => update(case, case.table.clone(), &found),
        None => Err(format!("found:\n{found}").into()),
    }
}

/// The columns in which what was found differs from what a case expects, or `rows` if their numbers differ.
fn differing(case: &Case, found: &[Vec<String>]) -> Vec<String> {
    if found.len() != case.rows.len() {
        return vec!["rows".to_owned()];
    }
    let differs = |column: usize| found.iter().zip(&case.rows).any(|(f, e)| f.get(column) != e.get(column));
    let columns = case.columns.iter().enumerate();
    columns.filter(|(n, _)| differs(*n)).map(|(_, column)| column.clone()).collect()
}

/// Writes what was found into lines of a case's file. One case at a time: line numbers move.
fn update(case: &Case, lines: std::ops::Range<usize>, new: &str) -> Result<(), Failed> {
    let text = std::fs::read_to_string(&case.file)?;
    let mut all: Vec<&str> = text.lines().collect();
    all.splice(lines, new.lines());
    Ok(std::fs::write(&case.file, all.join("\n") + "\n")?)
}

fn specifications() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let entries = std::fs::read_dir(folder).expect("the folder specs is there");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "md"));
    paths.sort();
    paths
}

fn cases(path: &Path) -> Vec<Case> {
    let specification = std::fs::read_to_string(path).expect("a specification can be read");
    let mut cases: Vec<Case> = Vec::new();
    for (number, line) in specification.lines().enumerate() {
        if let Some(title) = line.strip_prefix("## ") {
            cases.push(Case {
                file: path.to_owned(),
                title: title.to_owned(),
                table: 0..0,
                published: None,
                news: String::new(),
                gap: None,
                columns: Vec::new(),
                rows: Vec::new(),
            });
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(date) = line.strip_prefix("Published ").and_then(|l| l.strip_suffix('.')) {
            case.published = Some(date.parse().expect("a date after “Published”"));
        } else if let Some(columns) = line.strip_prefix("Known gap") {
            let columns = columns.trim_matches([':', '.', ' ']).split(", ").map(str::to_owned).collect();
            case.gap = Some(Gap { line: number, columns });
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
                case.table = number..number;
                case.columns = cells;
            } else if !cells.iter().all(|c| c.chars().all(|c| c == '-')) {
                case.rows.push(cells);
            }
            case.table.end = number + 1;
        }
    }
    cases
}

/// The rows that the engine finds for a case.
fn found(engine: &Engine, case: &Case) -> Vec<Vec<String>> {
    let hints = Hints { published: case.published, ..Hints::default() };
    let record = engine.record(read_text(case.news.clone(), &hints));
    if case.columns.iter().any(|c| c == "trigger") {
        events(&record, case)
    } else {
        statements(&record, case)
    }
}

fn events(record: &Record, case: &Case) -> Vec<Vec<String>> {
    let text = &record.article.text;
    let absent = || "–".to_owned();
    let name = |p: &Option<Box<Party>>| {
        p.as_ref().and_then(|p| p.name.as_ref()).map_or_else(absent, |n| n.replace(" | ", " & "))
    };
    let code = |code: Option<&String>| code.map_or_else(absent, |c| c.replace(" | ", " & "));
    let row = |e: &Event| {
        let cell = |column: &String| match column.as_str() {
            "trigger" => e.trigger.text(text),
            "type" => e.kind.name().to_owned(),
            "actor" => name(&e.actor),
            "recipient" => name(&e.recipient),
            "country" => code(e.actor.as_ref().and_then(|p| p.country.as_ref())),
            "to country" => code(e.recipient.as_ref().and_then(|p| p.country.as_ref())),
            "sector" => code(e.actor.as_ref().and_then(|p| p.sector.as_ref())),
            "to sector" => code(e.recipient.as_ref().and_then(|p| p.sector.as_ref())),
            "status" => e.status.name().to_owned(),
            "claimant" => e.claimant.map_or_else(|| wire::ARTICLE.to_owned(), wire::statement_id),
            "historical" => if e.historical { "yes" } else { "no" }.to_owned(),
            "place" => e.place.as_ref().map_or_else(absent, |p| p.words.words.text(text)),
            "date" => e.time.as_ref().map_or_else(absent, |t| {
                let value = t.value.map_or_else(absent, |d| d.to_string());
                format!("{value}, {}", t.basis.name())
            }),
            other => panic!("{}: a specification of events has no column “{other}”", case.title),
        };
        case.columns.iter().map(cell).collect()
    };
    record.events.iter().flatten().map(row).collect()
}

fn statements(record: &Record, case: &Case) -> Vec<Vec<String>> {
    let text = &record.article.text;
    let words = |p: Option<&Pieces>| {
        p.map_or("–".to_owned(), |p| p.text(text).split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let columns = if case.columns.is_empty() { vec!["content".to_owned()] } else { case.columns.clone() };
    let row = |s: &Statement| {
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
            "act" => s.act.name().to_owned(),
            "status" => s.status.name().replace('_', " "),
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
