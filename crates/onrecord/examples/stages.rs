//! Where the time goes: words per second of each stage of reading, one thread.
//!
//! `cargo run --release -p onrecord --example stages -- ARTICLES.jsonl [HOW_MANY]`

use std::hint::black_box;
use std::time::{Duration, Instant};

use onrecord::page::{Hints, documents};
use onrecord::text::wire;
use onrecord::{Desk, Engine, quotes};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: stages ARTICLES.jsonl [HOW_MANY]")?;
    let most = std::env::args().nth(2).map_or(Ok(500), |n| n.parse())?;
    let raws: Vec<_> =
        documents(std::fs::File::open(&path)?, &path, None).take(most).collect::<Result<_, _>>()?;
    let engine = Engine::new();
    let mut desk = Desk::default();
    let mut spent = [Duration::ZERO; 5];
    let (mut words, mut pieces) = (0, 0);
    for raw in &raws {
        let mut clock = Instant::now();
        let mut lap = |stage: usize| {
            spent[stage] += clock.elapsed();
            clock = Instant::now();
        };
        let article = raw.read(&Hints::default())?;
        lap(0);
        let quotations = quotes::quotations(&article.text, &article.blocks);
        lap(1);
        let analysis = engine.analysis(&article, &quotations, &mut desk);
        lap(2);
        pieces += analysis.pieces;
        words += article.text.split_whitespace().count();
        let record = engine.explanation(article, &quotations, analysis).record;
        lap(3);
        black_box(serde_json::to_vec(&wire::written(&record))?);
        lap(4);
    }
    let all: Duration = spent.iter().sum();
    println!("{} articles, {words} words, {pieces} word pieces seen by the encoder", raws.len());
    for (stage, time) in ["page", "quotations", "analysis", "attribution", "wire format"].iter().zip(spent) {
        println!("{stage:12} {:6.1} %", 100.0 * time.as_secs_f64() / all.as_secs_f64());
    }
    let rate = |n: usize| n as f64 / all.as_secs_f64();
    println!("{:.0} words/s, {:.0} pieces/s", rate(words), rate(pieces));
    Ok(())
}
