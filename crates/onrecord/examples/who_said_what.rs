//! Who said what in an article: the shortest program that does it.
//!
//! `cargo run --release -p onrecord --example who_said_what -- ARTICLE`

use onrecord::Engine;
use onrecord::page::{Hints, documents};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: who_said_what ARTICLE")?;
    let engine = Engine::new();
    for raw in documents(std::fs::File::open(&path)?, &path, None) {
        let record = engine.record(raw?.read(&Hints::default())?);
        let text = &record.article.text;
        for statement in &record.statements {
            let source = statement.source.as_ref().map_or("(somebody)".to_owned(), |s| s.text(text));
            println!("{source}: {}", statement.content.text(text));
        }
    }
    Ok(())
}
