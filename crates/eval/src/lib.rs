//! Accuracy figures from annotated articles, so that anybody who has the corpus can reproduce them. This is the library
//! behind `onrecord eval`.
//!
//! Each function reads a file of annotated articles, runs the engine on them (or takes records that were made before),
//! and writes a table.
//!
//! ```
//! let folder = tempfile::tempdir()?;
//! let gold = folder.path().join("gold.jsonl");
//! std::fs::write(&gold, r#"{"text": "on Monday", "reference": "2016-03-04", "values": ["2016-02-29"]}"#)?;
//! let mut table = Vec::new();
//! onrecord_eval::dates(&gold, &mut table)?;
//! assert_eq!(String::from_utf8(table)?, "1 of 1 (100.0 %)\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]
#![warn(clippy::must_use_candidate, clippy::print_stderr, clippy::print_stdout)]

mod attribution;
mod dates;
mod events;
mod lineage;
mod record;

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use onrecord::Engine;
use onrecord::page::{Hints, read_text};
use onrecord::text::{NotADate, PartialDate, wire, wrong_in_line};
use onrecord_export::brat;
use serde::Deserialize;
use serde_json::error::Category;

use attribution::{Attribution, Counts};

/// The reason why accuracy could not be measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// A file could not be opened or read.
    #[error("{0}: {1}")]
    Unreadable(String, io::Error),
    /// Annotated articles or records don't match each other, or their format is wrong.
    #[error("{0}")]
    Data(String),
    /// The figures could not be written.
    #[error("the output could not be written: {0}")]
    Output(#[from] io::Error),
}

/// A figure that fell below its baseline.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{metric}: F1 {now:.1}, the baseline has {before:.1}")]
#[non_exhaustive]
pub struct Worse {
    /// The name of the figure.
    pub metric: String,
    /// The baseline's F1, from 0 to 100.
    pub before: f64,
    /// The F1 that was measured, from 0 to 100.
    pub now: f64,
}

/// An annotated article. Spans are in code points.
#[derive(Deserialize)]
struct Gold {
    id: String,
    text: String,
    attributions: Vec<Attribution>,
}

/// How far an F1 may fall below the baseline's: half a point.
const SLACK: f64 = 0.005;

/// The form of annotated articles and of records.
const LINES: &str = "the file must be JSON Lines, one object a line";

/// Scores source, cue, content and their relations: those of the engine, or those of existing records.
///
/// `gold` is a file of JSON Lines or a folder of brat files. Returns the figures that are below those of `baseline`.
///
/// # Errors
///
/// Returns an error if a file can't be read or is not in the expected form, or if the output can't be written.
pub fn attribution(
    gold: &Path,
    records: Option<&Path>,
    json: bool,
    baseline: Option<&Path>,
    out: &mut impl Write,
) -> Result<Vec<Worse>, EvalError> {
    let articles: Vec<Gold> =
        if gold.is_dir() { from_brat(gold)? } else { articles(gold, |article: &Gold| &article.id)? };
    let mut records = Records::of(records, Engine::new)?;
    let mut total = Counts::default();
    for Gold { id, text, attributions: annotated } in &articles {
        let record = records.take(gold, id, text, None)?;
        total.add(&attribution::score(text, annotated, &attributions(&record)));
    }
    if json { total.write_json(out) } else { total.write_table(articles.len(), out) }?;
    out.flush()?;
    baseline.map_or_else(|| Ok(Vec::new()), |path| below(&total, path))
}

/// Returns the annotated articles of a folder of brat files, in the order of their names.
fn from_brat(folder: &Path) -> Result<Vec<Gold>, EvalError> {
    let name = |path: &Path| path.display().to_string();
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|e| EvalError::Unreadable(name(path), e));
    let entries = std::fs::read_dir(folder).map_err(|e| EvalError::Unreadable(name(folder), e))?;
    let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut files = paths.map_err(|e| EvalError::Unreadable(name(folder), e))?;
    files.retain(|path| path.extension().is_some_and(|e| e == "ann"));
    files.sort();
    files
        .iter()
        .map(|file| {
            let all =
                brat::parse(&read(file)?).map_err(|e| EvalError::Data(format!("{}: {e}", name(file))))?;
            let of = |a: brat::Attribution| Attribution { source: a.source, cue: a.cue, content: a.content };
            Ok(Gold {
                id: name(file),
                text: read(&file.with_extension("txt"))?,
                attributions: all.into_iter().map(of).collect(),
            })
        })
        .collect()
}

/// The part of a metric that a baseline stores.
#[derive(Deserialize)]
struct Score {
    f1: f64,
}

/// Returns the metrics that are missing or below the baseline.
fn below(total: &Counts, path: &Path) -> Result<Vec<Worse>, EvalError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|e| EvalError::Unreadable(name.clone(), e))?;
    let baseline: BTreeMap<String, Score> = serde_json::from_reader(BufReader::new(file))
        .map_err(|e| EvalError::Data(format!("{name}: no scores as --json prints them: {e}")))?;
    let found: HashMap<String, f64> = total.f1().collect();
    let worse = baseline.into_iter().filter_map(|(metric, Score { f1: before })| {
        let now = found.get(&metric).copied().unwrap_or(0.0);
        (now < before - SLACK).then_some(Worse { metric, before: 100.0 * before, now: 100.0 * now })
    });
    Ok(worse.collect())
}

/// Scores whole records: who said what, to whom and when.
///
/// # Errors
///
/// Returns an error if a file can't be read or is not in the expected form, or if the output can't be written.
pub fn record(gold: &Path, records: Option<&Path>, out: &mut impl Write) -> Result<(), EvalError> {
    let articles = articles(gold, |article: &record::Gold| &article.id)?;
    let mut records = Records::of(records, Engine::new)?;
    let mut counts = record::Counts::default();
    for article in &articles {
        if let Some([start, end]) = article.span_outside() {
            let (gold, id) = (gold.display(), &article.id);
            let message = format!("{gold}: article “{id}”: the span {start}–{end} is not part of its text");
            return Err(EvalError::Data(message));
        }
        let record = records.take(gold, &article.id, &article.text, article.published.as_deref())?;
        counts.add_article(article, &record);
    }
    counts.write(out)?;
    Ok(out.flush()?)
}

/// Scores event reports: who did what to whom, and according to whom.
///
/// `sure` is the confidence at which a report counts as sure. If it is `None`, the model's own applies.
///
/// # Errors
///
/// Returns an error if a file can't be read or is not in the expected form, or if the output can't be written.
pub fn events(
    gold: &Path,
    records: Option<&Path>,
    json: bool,
    sure: Option<f64>,
    out: &mut impl Write,
) -> Result<(), EvalError> {
    let articles = articles(gold, |article: &events::Gold| &article.id)?;
    let mut made = Records::of(records, || Engine::new().with_events())?;
    let sure = sure.unwrap_or_else(|| match &made {
        Records::Read(engine) => engine.sure_of_events().into(),
        Records::Made(..) => Engine::new().sure_of_events().into(),
    });
    let mut scores = events::Scores::of(sure);
    for article in articles {
        let record = made.take(gold, &article.id, &article.text, article.published.as_deref())?;
        if let (None, Some(path)) = (&record.events, records) {
            let (path, id) = (path.display(), &article.id);
            let message = format!("{path}: the record of “{id}” has no events: read with --events");
            return Err(EvalError::Data(message));
        }
        scores.add(article, record);
    }
    if json { scores.write_json(out) } else { scores.write_table(out) }?;
    Ok(out.flush()?)
}

/// Scores time expressions against the dates that are right for each.
///
/// # Errors
///
/// Returns an error if a file can't be read or is not in the expected form, or if the output can't be written.
pub fn dates(gold: &Path, out: &mut impl Write) -> Result<(), EvalError> {
    let gold: Vec<dates::Gold> = lines(gold)?;
    dates::score(&gold, out)?;
    Ok(out.flush()?)
}

/// Scores whether pairs of contents are correctly recognised as versions of the same words.
///
/// # Errors
///
/// Returns an error if a file can't be read or is not in the expected form, or if the output can't be written.
pub fn lineage(gold: &Path, out: &mut impl Write) -> Result<(), EvalError> {
    let gold: Vec<lineage::Gold> = lines(gold)?;
    lineage::score(&gold, out)?;
    Ok(out.flush()?)
}

/// Where the records of annotated articles come from.
enum Records {
    /// They were made before. These are the records of a file, by their articles' ids.
    Made(PathBuf, HashMap<String, wire::Record>),
    /// The engine makes them now.
    Read(Box<Engine>),
}

impl Records {
    /// Returns the records of a file, or an engine if there is no file.
    fn of(path: Option<&Path>, engine: impl FnOnce() -> Engine) -> Result<Self, EvalError> {
        let Some(path) = path else { return Ok(Self::Read(Box::new(engine()))) };
        let records = articles(path, |record: &wire::Record| &record.article.source_id)?;
        let by_id = records.into_iter().map(|r| (r.article.source_id.clone(), r)).collect();
        Ok(Self::Made(path.to_owned(), by_id))
    }

    /// Returns the record of an annotated article in the file `gold`. A record that was made before is taken out.
    fn take(
        &mut self,
        gold: &Path,
        id: &str,
        text: &str,
        published: Option<&str>,
    ) -> Result<wire::Record, EvalError> {
        match self {
            Self::Made(path, made) => {
                let missing = || EvalError::Data(format!("{}: no record of article “{id}”", path.display()));
                let record = made.remove(id).ok_or_else(missing)?;
                if record.article.text != text {
                    let message =
                        format!("{}: the text of “{id}” differs from the annotated one", path.display());
                    return Err(EvalError::Data(message));
                }
                Ok(record)
            }
            Self::Read(engine) => {
                let wrong = |e: NotADate| EvalError::Data(format!("{}: article “{id}”: {e}", gold.display()));
                let published = published.map(str::parse::<PartialDate>).transpose().map_err(wrong)?;
                let hints = Hints { published, ..Hints::default() };
                Ok(wire::Record::from(&engine.record(read_text(text.to_owned(), &hints))))
            }
        }
    }
}

fn attributions(record: &wire::Record) -> Vec<Attribution> {
    let spans = |field: Option<&wire::Field>| field.map(|f| f.spans.clone()).unwrap_or_default();
    record
        .statements
        .iter()
        .map(|s| Attribution {
            source: spans(s.source.as_ref()),
            cue: spans(s.cue.as_ref()),
            content: spans(Some(&s.content)),
        })
        .collect()
}

/// Parses each line of a file as an article or its record. No two of them may have the same id.
fn articles<T: for<'de> Deserialize<'de>>(
    path: &Path,
    id: impl Fn(&T) -> &String,
) -> Result<Vec<T>, EvalError> {
    let all = numbered_lines(path)?;
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (line, article) in &all {
        let id = id(article);
        if let Some(earlier) = known.insert(id, *line) {
            let message =
                format!("{}: article “{id}” is in line {earlier} and in line {line}", path.display());
            return Err(EvalError::Data(message));
        }
    }
    Ok(all.into_iter().map(|(_, article)| article).collect())
}

/// Parses each line of a file as a JSON object.
fn lines<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>, EvalError> {
    Ok(numbered_lines(path)?.into_iter().map(|(_, value)| value).collect())
}

/// Parses each line of a file as a JSON object, which comes with the number of its line, counted from 1.
fn numbered_lines<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<(usize, T)>, EvalError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|e| EvalError::Unreadable(name.clone(), e))?;
    let mut values = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let place = format!("{name}:{number}");
        let line = line.map_err(|e| match e.kind() {
            io::ErrorKind::InvalidData => EvalError::Data(format!("{place}: not text in UTF-8: {LINES}")),
            _ => EvalError::Unreadable(name.clone(), e),
        })?;
        if !line.trim().is_empty() {
            let value = serde_json::from_str(&line).map_err(|e| match e.classify() {
                Category::Data => format!("{place}: {}", wrong_in_line(&e)),
                _ => format!("{place}: not JSON: {LINES} ({})", wrong_in_line(&e)),
            });
            values.push((number, value.map_err(EvalError::Data)?));
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message of an evaluation that fails, without the name of the folder.
    fn message<T: std::fmt::Debug>(folder: &Path, result: Result<T, EvalError>) -> String {
        result.unwrap_err().to_string().replace(&format!("{}/", folder.display()), "")
    }

    #[test]
    fn a_wrong_date_is_reported_with_its_file_and_article() {
        let folder = tempfile::tempdir().unwrap();
        let gold = folder.path().join("gold.jsonl");
        let line = r#"{"id": "a7", "text": "It rains.", "published": "May", "attributions": []}"#;
        std::fs::write(&gold, line).unwrap();
        let said = message(folder.path(), record(&gold, None, &mut Vec::new()));
        assert!(said.starts_with("gold.jsonl: article “a7”: "), "{said}");
    }

    #[test]
    fn a_file_of_another_kind_is_named_with_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let gold = folder.path().join("gold.jsonl");
        let line = r#"{"text": "on Monday", "reference": "2016-03-04", "values": []}"#;
        for (bytes, expected) in [
            (
                b"\x89PNG\r\n\x1a\n\0\0".to_vec(),
                "gold.jsonl:1: not text in UTF-8: the file must be JSON Lines, ",
            ),
            (b"It rained, she said.".to_vec(), "gold.jsonl:1: not JSON: the file must be JSON Lines, "),
            (format!("{line}\n{{\"text\"").into_bytes(), "gold.jsonl:2: not JSON: "),
            (b"{\"text\": \"on Monday\"}".to_vec(), "gold.jsonl:1: missing field `reference`"),
        ] {
            std::fs::write(&gold, bytes).unwrap();
            let error = dates(&gold, &mut Vec::new());
            assert!(matches!(error, Err(EvalError::Data(_))));
            let said = message(folder.path(), error);
            assert!(said.starts_with(expected), "{said}");
        }
        let missing = dates(&folder.path().join("none.jsonl"), &mut Vec::new());
        assert!(matches!(missing, Err(EvalError::Unreadable(..))));
    }

    #[test]
    fn a_span_outside_the_text_is_reported_with_its_file_and_article() {
        let folder = tempfile::tempdir().unwrap();
        let gold = folder.path().join("gold.jsonl");
        let score = |source: &str| {
            let line = format!(
                r#"{{"id": "a7", "text": "Ünder it.", "attributions": [{{"source": [{source}], "cue": [], "content": []}}]}}"#
            );
            std::fs::write(&gold, line).unwrap();
            record(&gold, None, &mut Vec::new())
        };
        assert!(score("[0, 9]").is_ok());
        for (span, shown) in [("[0, 10]", "0–10"), ("[5, 4]", "5–4")] {
            let said = message(folder.path(), score(span));
            let expected = format!("gold.jsonl: article “a7”: the span {shown} is not part of its text");
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn records_that_were_made_before_must_fit() {
        let folder = tempfile::tempdir().unwrap();
        let [gold, records] = ["gold.jsonl", "records.jsonl"].map(|name| folder.path().join(name));
        let engine = Engine::new();
        let made = engine.record(read_text("It rains.".to_owned(), &Hints::default()));
        let mut made = wire::Record::from(&made);
        "a7".clone_into(&mut made.article.source_id);
        std::fs::write(&records, serde_json::to_string(&made).unwrap()).unwrap();
        let score = |id: &str, text: &str| {
            let line = serde_json::json!({"id": id, "text": text, "statements": [], "attributions": [], "events": []});
            std::fs::write(&gold, line.to_string()).unwrap();
            let (gold, records) = (gold.as_path(), Some(records.as_path()));
            let mut out = Vec::new();
            let events = message(folder.path(), events(gold, records, false, None, &mut out));
            (record(gold, records, &mut out).map_err(|e| message::<()>(folder.path(), Err(e))), events)
        };
        let (whole, with_events) = score("a7", "It rains.");
        assert_eq!(whole, Ok(()));
        assert_eq!(with_events, "records.jsonl: the record of “a7” has no events: read with --events");
        assert_eq!(score("b7", "It rains.").0.unwrap_err(), "records.jsonl: no record of article “b7”");
        let differs = "records.jsonl: the text of “a7” differs from the annotated one";
        assert_eq!(score("a7", "It pours.").0.unwrap_err(), differs);
    }

    #[test]
    fn an_article_that_stands_twice_is_reported_with_both_lines() {
        let folder = tempfile::tempdir().unwrap();
        let [gold, records] = ["gold.jsonl", "records.jsonl"].map(|name| folder.path().join(name));
        let annotated = |id: &str| serde_json::json!({"id": id, "text": "It rains.", "statements": [], "attributions": [], "events": []});
        let article = wire::Article { source_id: "a7".to_owned(), ..wire::Article::default() };
        let made = serde_json::to_string(&wire::Record { article, ..wire::Record::default() }).unwrap();
        std::fs::write(&gold, format!("{}\n\n{}\n{}", annotated("a7"), annotated("b7"), annotated("a7")))
            .unwrap();
        std::fs::write(&records, format!("{made}\n{made}\n")).unwrap();
        let out = &mut Vec::new();
        let twice = "gold.jsonl: article “a7” is in line 1 and in line 4";
        assert_eq!(message(folder.path(), attribution(&gold, None, false, None, out)), twice);
        assert_eq!(message(folder.path(), record(&gold, None, out)), twice);
        assert_eq!(message(folder.path(), events(&gold, None, false, None, out)), twice);
        std::fs::write(&gold, annotated("a7").to_string()).unwrap();
        let twice = "records.jsonl: article “a7” is in line 1 and in line 2";
        assert_eq!(message(folder.path(), record(&gold, Some(&records), out)), twice);
    }

    #[test]
    fn a_share_of_no_pairs_is_zero() {
        let folder = tempfile::tempdir().unwrap();
        let gold = folder.path().join("pairs.jsonl");
        let line = r#"{"a": "We open in May", "b": "It rains all week", "one_speaker": false, "same": true,
            "stratum": "near", "weight": 2.0}"#;
        std::fs::write(&gold, line.replace('\n', " ")).unwrap();
        let mut out = Vec::new();
        lineage(&gold, &mut out).unwrap();
        let table = String::from_utf8(out).unwrap();
        assert!(table.contains("near            0.00      0.00"), "{table}");
        assert!(!table.contains("NaN"), "{table}");
    }
}
