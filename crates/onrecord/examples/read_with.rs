//! Reads articles with another model than the one that is built in: for choosing between models.
//!
//! Arguments: a model, its vocabulary, `--events` for event reports, and settings for these, a JSON object. Standard
//! input: JSON Lines with `id`, `text` and `published`. Standard output: their records in wire format 1.

use std::io::{self, BufRead, Write};

use onrecord::Engine;
use onrecord::page::{Hints, read_text};
use onrecord::text::wire;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(model), Some(vocabulary)) = (arguments.next(), arguments.next()) else {
        return Err("usage: read_with MODEL VOCABULARY [--events [SETTINGS]] < ARTICLES.jsonl".into());
    };
    let mut engine = Engine::with_model(std::fs::read(model)?.into(), &std::fs::read_to_string(vocabulary)?)?;
    if arguments.next().is_some_and(|a| a == "--events") {
        engine = engine.with_events();
        if let Some(settings) = arguments.next() {
            engine = engine.with_event_settings(&settings)?;
        }
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let document: serde_json::Value = serde_json::from_str(&line?)?;
        let text = document["text"].as_str().ok_or("a line without text")?;
        let published =
            document["published"].as_str().or(document["date"].as_str()).and_then(|d| d.parse().ok());
        let mut article = read_text(text.to_owned(), &Hints { published, ..Hints::default() });
        article.source_id = document["id"].as_str().unwrap_or_default().to_owned();
        let record = wire::Record::from(&engine.record(article));
        writeln!(out, "{}", serde_json::to_string(&record)?)?;
    }
    Ok(())
}
