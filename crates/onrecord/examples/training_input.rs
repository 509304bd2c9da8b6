//! Prints the encoder's input for texts, so that training sees exactly what the engine sees.
//!
//! Standard input: JSON Lines with a `text`. Standard output: one line each, `{"ids", "spans", "shapes"}`, with
//! spans in code points.

use std::io::{self, BufRead, Write};

use onrecord::page::{Hints, read_text};
use onrecord::quotes;
use onrecord::training::tokens;
use onrecord_encoder::wordpiece::Vocabulary;
use onrecord_text::{CodePoints, Span};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: training_input VOCABULARY < TEXTS.jsonl")?;
    let vocabulary = Vocabulary::parse(&std::fs::read_to_string(path)?)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let document: serde_json::Value = serde_json::from_str(&line?)?;
        let text = document["text"].as_str().ok_or("a line without text")?;
        let article = read_text(text.to_owned(), &Hints::default());
        let tokens = tokens(&article, &quotes::quotations(text, &article.blocks), &vocabulary);
        let points = CodePoints::new(text);
        let spans: Vec<_> = tokens
            .iter()
            .filter_map(|t| Span::new(t.piece.start, t.piece.end))
            .map(|s| points.wire(s))
            .collect();
        let ids: Vec<_> = tokens.iter().map(|t| t.piece.id).collect();
        let shapes: Vec<_> = tokens.iter().map(|t| t.shape()).collect();
        writeln!(out, "{}", serde_json::json!({ "ids": ids, "spans": spans, "shapes": shapes }))?;
    }
    Ok(())
}
