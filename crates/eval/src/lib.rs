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
use std::path::Path;

use onrecord::Engine;
use onrecord::page::{Hints, read_text};
use onrecord::text::wire;
use onrecord_export::brat;
use serde::Deserialize;

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
    let gold: Vec<Gold> = if gold.is_dir() { from_brat(gold)? } else { lines(gold)? };
    let predicted: Vec<Vec<Attribution>> = match records {
        Some(path) => from_records(path, &gold)?,
        None => {
            let engine = Engine::new();
            gold.iter()
                .map(|g| {
                    let record = engine.record(read_text(g.text.clone(), &Hints::default()));
                    attributions(&wire::Record::from(&record))
                })
                .collect()
        }
    };
    let mut total = Counts::default();
    for (gold, predicted) in gold.iter().zip(&predicted) {
        total.add(&attribution::score(&gold.text, &gold.attributions, predicted));
    }
    if json { total.write_json(out) } else { total.write_table(gold.len(), out) }?;
    out.flush()?;
    baseline.map_or_else(|| Ok(Vec::new()), |path| below(&total, path))
}

/// Returns the annotated articles of a folder of brat files, in the order of their names.
fn from_brat(folder: &Path) -> Result<Vec<Gold>, EvalError> {
    let name = |path: &Path| path.display().to_string();
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|e| EvalError::Unreadable(name(path), e));
    let entries = std::fs::read_dir(folder).map_err(|e| EvalError::Unreadable(name(folder), e))?;
    let mut files: Vec<_> =
        entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "ann")).collect();
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
    let gold: Vec<record::Gold> = lines(gold)?;
    let mut made = records.map(records_by_id).transpose()?;
    let engine = Engine::new();
    let mut counts = record::Counts::default();
    for article in &gold {
        let record = match (&mut made, records) {
            (Some(made), Some(path)) => take_record(made, path, &article.id, &article.text)?,
            _ => {
                let published = article.published.as_deref().map(str::parse).transpose();
                let published = published.map_err(|e| EvalError::Data(format!("{}: {e}", article.id)))?;
                let hints = Hints { published, ..Hints::default() };
                wire::Record::from(&engine.record(read_text(article.text.clone(), &hints)))
            }
        };
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
    let gold: Vec<events::Gold> = lines(gold)?;
    let mut made = records.map(records_by_id).transpose()?;
    let engine = Engine::new().with_events();
    let sure = sure.unwrap_or(f64::from(engine.sure_of_events()));
    let mut scores = events::Scores::of(sure);
    for article in gold {
        let record = match (&mut made, records) {
            (Some(made), Some(path)) => {
                let record = take_record(made, path, &article.id, &article.text)?;
                if record.events.is_none() {
                    let message = format!(
                        "{}: the record of “{}” has no events: read with --events",
                        path.display(),
                        article.id
                    );
                    return Err(EvalError::Data(message));
                }
                record
            }
            _ => {
                let published = article.published.as_deref().map(str::parse).transpose();
                let published = published.map_err(|e| EvalError::Data(format!("{}: {e}", article.id)))?;
                let hints = Hints { published, ..Hints::default() };
                wire::Record::from(&engine.record(read_text(article.text.clone(), &hints)))
            }
        };
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

fn from_records(path: &Path, gold: &[Gold]) -> Result<Vec<Vec<Attribution>>, EvalError> {
    let mut made = records_by_id(path)?;
    gold.iter().map(|g| Ok(attributions(&take_record(&mut made, path, &g.id, &g.text)?))).collect()
}

/// Returns the records of a file by their articles' ids.
fn records_by_id(path: &Path) -> Result<HashMap<String, wire::Record>, EvalError> {
    let records: Vec<wire::Record> = lines(path)?;
    Ok(records.into_iter().map(|r| (r.article.source_id.clone(), r)).collect())
}

/// Takes the record of an annotated article, and checks that its text is the annotated one.
fn take_record(
    made: &mut HashMap<String, wire::Record>,
    path: &Path,
    id: &str,
    text: &str,
) -> Result<wire::Record, EvalError> {
    let missing = || EvalError::Data(format!("{}: no record of article “{id}”", path.display()));
    let record = made.remove(id).ok_or_else(missing)?;
    if record.article.text != text {
        let message = format!("{}: the text of “{id}” differs from the annotated one", path.display());
        return Err(EvalError::Data(message));
    }
    Ok(record)
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

/// Parses each line of a file as a JSON value.
fn lines<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>, EvalError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|e| EvalError::Unreadable(name.clone(), e))?;
    let mut values = Vec::new();
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(|e| EvalError::Unreadable(name.clone(), e))?;
        if !line.trim().is_empty() {
            let value = serde_json::from_str(&line);
            values.push(value.map_err(|e| EvalError::Data(format!("{name}:{}: {e}", number + 1)))?);
        }
    }
    Ok(values)
}
