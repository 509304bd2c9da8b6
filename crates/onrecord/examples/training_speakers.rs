//! Prints the candidates for the speakers of annotated statements with their features, so that the judge is trained on
//! exactly what the engine sees.
//!
//! Arguments: a model, its vocabulary. Standard input: JSON Lines of articles with `id`, `text`, `published` and
//! `attributions` that have `source`, `cue`, `content`, `speaker` and `speaker_kind`. Standard output: for each
//! statement that was found one line `{"id", "fold", "kind", "names", "features", "right"}`, where `right` are the
//! numbers of the right candidates. Without arguments it prints the names of the features.

use std::io::{self, BufRead, Write};

use onrecord::page::{Hints, read_text};
use onrecord::text::{CodePoints, Pieces, Span, Statement};
use onrecord::training::FEATURES;
use onrecord::{Candidate, Engine};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(model), Some(vocabulary)) = (arguments.next(), arguments.next()) else {
        println!("{}", json!(FEATURES.as_slice()));
        return Ok(());
    };
    let engine = Engine::with_model(std::fs::read(model)?.into(), &std::fs::read_to_string(vocabulary)?)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let document: Value = serde_json::from_str(&line?)?;
        let text = document["text"].as_str().ok_or("a line without text")?;
        let published = document["published"].as_str().and_then(|d| d.parse().ok());
        let explanation =
            engine.explain(read_text(text.to_owned(), &Hints { published, ..Hints::default() }));
        let points = CodePoints::new(text);
        let empty = Vec::new();
        let gold = document["attributions"].as_array().unwrap_or(&empty);
        for (statement, candidates) in explanation.record.statements.iter().zip(&explanation.candidates) {
            let Some(annotated) = gold.iter().find(|g| is_same(&points, g, statement)) else { continue };
            let source = statement.source.as_ref().map(|s| s.text(text));
            let right = right(annotated, candidates, source.as_deref());
            let kind = annotated["speaker_kind"].as_str().unwrap_or("none");
            let features: Vec<Vec<f32>> = candidates.iter().map(dense).collect();
            writeln!(
                out,
                "{}",
                json!({"id": document["id"], "fold": document["fold"], "kind": kind, "names": FEATURES.as_slice(), "features": features, "right": right,
                    "source": source, "gold": annotated["speaker"],
                    "candidates": candidates.iter().map(|c| c.name.clone()).collect::<Vec<_>>()})
            )?;
        }
    }
    Ok(())
}

/// Whether a found statement is an annotated one: their cues touch, and so do their contents.
fn is_same(points: &CodePoints<'_>, gold: &Value, statement: &Statement) -> bool {
    let touches = |field: &str, pieces: Option<&Pieces>| {
        let spans = gold[field].as_array().into_iter().flatten();
        spans.filter_map(|s| span(points, s)).any(|s| pieces.is_some_and(|p| p.overlaps(s)))
    };
    touches("cue", statement.cue.as_ref()) && touches("content", Some(&statement.content))
}

fn span(points: &CodePoints<'_>, value: &Value) -> Option<Span> {
    let number = |n: usize| value[n].as_u64().and_then(|n| usize::try_from(n).ok());
    points.span([number(0)?, number(1)?])
}

/// The numbers of the candidates that are the annotated speaker.
fn right(gold: &Value, candidates: &[Candidate], source: Option<&str>) -> Vec<usize> {
    let named = matches!(gold["speaker_kind"].as_str(), Some("person" | "organization"));
    let speaker = gold["speaker"].as_str().filter(|_| named);
    let described = candidates.iter().position(|c| c.name.is_none());
    let Some(speaker) = speaker else {
        // Whoever has no name is what the source says, or what an earlier one said.
        let earlier = |c: &Candidate| c.features.iter().any(|(name, _)| ["earlier", "phrase"].contains(name));
        let same = |c: &&Candidate| {
            gold["speaker"].as_str().is_some_and(|s| c.name.as_deref().is_some_and(|n| plain(n) == plain(s)))
        };
        let also = candidates.iter().enumerate().filter(|(_, c)| earlier(c) && same(c)).map(|(n, _)| n);
        return described.into_iter().chain(also).collect();
    };
    let names = |s: &str| {
        let mut names: Vec<String> = s.split(" | ").map(plain).collect();
        names.sort();
        names
    };
    let wanted = names(speaker);
    let fits = |c: &Candidate| match &c.name {
        Some(name) => names(name) == wanted,
        None => source.is_some_and(|s| names(s) == wanted),
    };
    candidates.iter().enumerate().filter(|(_, c)| fits(c)).map(|(n, _)| n).collect()
}

fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace(['“', '”', '"'], "").replace('’', "'");
    let name = name.strip_prefix("the ").unwrap_or(&name);
    name.strip_suffix("'s").unwrap_or(name).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn dense(candidate: &Candidate) -> Vec<f32> {
    let mut row = vec![0.0; FEATURES.len()];
    for (name, value) in &candidate.features {
        if let Some(n) = FEATURES.iter().position(|f| f == name) {
            row[n] = (value * 1e4).round() / 1e4;
        }
    }
    row
}
