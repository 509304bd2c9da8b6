//! `onrecord eval`: accuracy figures from annotated articles, so that anybody who has the corpus can reproduce them.

mod attribution;
mod dates;
mod events;
mod lineage;
mod record;

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use onrecord::page::{Hints, read_text};
use onrecord::text::wire;
use onrecord::{Desk, Engine};
use onrecord_export::brat;
use serde::Deserialize;

use crate::failure::{Failure, Outcome};
use attribution::{Attribution, Counts};

/// An annotated article. Spans are in code points.
#[derive(Deserialize)]
struct Gold {
    id: String,
    text: String,
    attributions: Vec<Attribution>,
}

/// How far an F1 may fall below the baseline's: half a point.
const SLACK: f64 = 0.005;

/// Scores the engine, or existing records, against annotated articles, and compares the scores with a baseline.
pub fn attribution(
    gold: &Path,
    records: Option<&Path>,
    json: bool,
    baseline: Option<&Path>,
) -> Result<Outcome, Failure> {
    let gold: Vec<Gold> = if gold.is_dir() { from_brat(gold)? } else { lines(gold)? };
    let predicted: Vec<Vec<Attribution>> = match records {
        Some(path) => from_records(path, &gold)?,
        None => {
            let (engine, mut desk) = (Engine::new(), Desk::default());
            gold.iter()
                .map(|g| {
                    let record = engine.record(read_text(g.text.clone(), &Hints::default()), &mut desk);
                    attributions(&wire::Record::from(&record))
                })
                .collect()
        }
    };
    let mut total = Counts::default();
    for (gold, predicted) in gold.iter().zip(&predicted) {
        total.add(&attribution::score(&gold.text, &gold.attributions, predicted));
    }
    let mut out = io::stdout().lock();
    let printed = if json { total.write_json(&mut out) } else { total.write_table(gold.len(), &mut out) };
    printed.and_then(|()| out.flush()).map_err(Failure::Output)?;
    let mut outcome = Outcome::default();
    if let Some(path) = baseline {
        for failure in below(&total, path)? {
            outcome.fail(&failure);
        }
    }
    Ok(outcome)
}

/// Returns the annotated articles of a folder of brat files, in the order of their names.
fn from_brat(folder: &Path) -> Result<Vec<Gold>, Failure> {
    let name = |path: &Path| path.display().to_string();
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|e| Failure::Unreadable(name(path), e));
    let entries = std::fs::read_dir(folder).map_err(|e| Failure::Unreadable(name(folder), e))?;
    let mut files: Vec<_> =
        entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "ann")).collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let all = brat::parse(&read(file)?).map_err(|e| Failure::Data(format!("{}: {e}", name(file))))?;
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

/// Returns a failure for each metric that is missing or below the baseline.
fn below(total: &Counts, path: &Path) -> Result<Vec<Failure>, Failure> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|e| Failure::Unreadable(name.clone(), e))?;
    let baseline: BTreeMap<String, Score> = serde_json::from_reader(BufReader::new(file))
        .map_err(|e| Failure::Data(format!("{name}: no scores as --json prints them: {e}")))?;
    let found: HashMap<String, f64> = total.f1().collect();
    let worse = baseline.into_iter().filter_map(|(metric, Score { f1: before })| {
        let now = found.get(&metric).copied().unwrap_or(0.0);
        (now < before - SLACK).then_some(Failure::Worse { metric, before: 100.0 * before, now: 100.0 * now })
    });
    Ok(worse.collect())
}

/// Scores whole records: who said what, to whom and when.
pub fn record(gold: &Path, records: Option<&Path>) -> Result<Outcome, Failure> {
    let gold: Vec<record::Gold> = lines(gold)?;
    let mut made = records.map(records_by_id).transpose()?;
    let (engine, mut desk) = (Engine::new(), Desk::default());
    let mut counts = record::Counts::default();
    for article in &gold {
        let record = match (&mut made, records) {
            (Some(made), Some(path)) => take_record(made, path, &article.id, &article.text)?,
            _ => {
                let published = article.published.as_deref().map(str::parse).transpose();
                let published = published.map_err(|e| Failure::Data(format!("{}: {e}", article.id)))?;
                let hints = Hints { published, ..Hints::default() };
                wire::Record::from(&engine.record(read_text(article.text.clone(), &hints), &mut desk))
            }
        };
        counts.add_article(article, &record);
    }
    let mut out = io::stdout().lock();
    counts.write(&mut out).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::default())
}

/// Scores event reports: who did what to whom, and according to whom.
pub fn events(
    gold: &Path,
    records: Option<&Path>,
    json: bool,
    sure: Option<f64>,
) -> Result<Outcome, Failure> {
    let gold: Vec<events::Gold> = lines(gold)?;
    let mut made = records.map(records_by_id).transpose()?;
    let (engine, mut desk) = (Engine::new().with_events(), Desk::default());
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
                    return Err(Failure::Data(message));
                }
                record
            }
            _ => {
                let published = article.published.as_deref().map(str::parse).transpose();
                let published = published.map_err(|e| Failure::Data(format!("{}: {e}", article.id)))?;
                let hints = Hints { published, ..Hints::default() };
                wire::Record::from(&engine.record(read_text(article.text.clone(), &hints), &mut desk))
            }
        };
        scores.add(article, record);
    }
    let mut out = io::stdout().lock();
    let printed = if json { scores.write_json(&mut out) } else { scores.write_table(&mut out) };
    printed.and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::default())
}

/// Scores time expressions against the dates that are right for each.
pub fn dates(gold: &Path) -> Result<Outcome, Failure> {
    let gold: Vec<dates::Gold> = lines(gold)?;
    let mut out = io::stdout().lock();
    dates::score(&gold, &mut out).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::default())
}

/// Scores whether pairs of contents are correctly recognised as versions of the same words.
pub fn lineage(gold: &Path) -> Result<Outcome, Failure> {
    let gold: Vec<lineage::Gold> = lines(gold)?;
    let mut out = io::stdout().lock();
    lineage::score(&gold, &mut out).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::default())
}

fn from_records(path: &Path, gold: &[Gold]) -> Result<Vec<Vec<Attribution>>, Failure> {
    let mut made = records_by_id(path)?;
    gold.iter().map(|g| Ok(attributions(&take_record(&mut made, path, &g.id, &g.text)?))).collect()
}

/// Returns the records of a file by their articles' ids.
fn records_by_id(path: &Path) -> Result<HashMap<String, wire::Record>, Failure> {
    let records: Vec<wire::Record> = lines(path)?;
    Ok(records.into_iter().map(|r| (r.article.source_id.clone(), r)).collect())
}

/// Takes the record of an annotated article, and checks that its text is the annotated one.
fn take_record(
    made: &mut HashMap<String, wire::Record>,
    path: &Path,
    id: &str,
    text: &str,
) -> Result<wire::Record, Failure> {
    let missing = || Failure::Data(format!("{}: no record of article “{id}”", path.display()));
    let record = made.remove(id).ok_or_else(missing)?;
    if record.article.text != text {
        let message = format!("{}: the text of “{id}” differs from the annotated one", path.display());
        return Err(Failure::Data(message));
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
fn lines<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>, Failure> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|e| Failure::Unreadable(name.clone(), e))?;
    let mut values = Vec::new();
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(|e| Failure::Unreadable(name.clone(), e))?;
        if !line.trim().is_empty() {
            let value = serde_json::from_str(&line);
            values.push(value.map_err(|e| Failure::Data(format!("{name}:{}: {e}", number + 1)))?);
        }
    }
    Ok(values)
}
