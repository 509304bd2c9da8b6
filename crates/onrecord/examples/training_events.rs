//! What speaks for each event report of annotated articles: what `training/events.py` learns the calibration from.
//!
//! Arguments: a model, its vocabulary, and settings for events, a JSON object, whose `trigger` is best low. Standard
//! input: JSON Lines with `id`, `text` and `published`. Standard output: for each its record in wire format 1, with
//! `evidence` for each event, in the order of `features`.

use std::io::{self, BufRead, Write};

use onrecord::Engine;
use onrecord::page::{Hints, read_text};
use onrecord::text::wire;
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(model), Some(vocabulary), Some(settings)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("usage: training_events MODEL VOCABULARY SETTINGS < ARTICLES.jsonl".into());
    };
    let engine = Engine::with_model(std::fs::read(model)?.into(), &std::fs::read_to_string(vocabulary)?)?;
    let engine = engine.with_events().with_event_settings(&settings)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let document: serde_json::Value = serde_json::from_str(&line?)?;
        let text = document["text"].as_str().ok_or("a line without text")?;
        let published = document["published"].as_str().and_then(|d| d.parse().ok());
        let mut article = read_text(text.to_owned(), &Hints { published, ..Hints::default() });
        article.source_id = document["id"].as_str().unwrap_or_default().to_owned();
        let explanation = engine.explain(article);
        let mut record = serde_json::to_value(wire::Record::from(&explanation.record))?;
        let (names, values): (Vec<Vec<&str>>, Vec<Vec<f32>>) =
            explanation.evidence.into_iter().map(|evidence| evidence.into_iter().unzip()).unzip();
        record["features"] = json!(names.into_iter().next().unwrap_or_default());
        record["evidence"] = json!(values);
        writeln!(out, "{record}")?;
    }
    Ok(())
}
