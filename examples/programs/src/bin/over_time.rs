//! What one person said over time, from a store: every statement with its day, month by month.
//!
//! `cargo run --release -p onrecord-examples --bin over_time -- STORE NAME [WORDS]`

use std::error::Error;
use std::path::Path;

use onrecord_store::{Order, Query, Reader, Start};

/// The number of statements to fetch at a time.
const PAGE: usize = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(store), Some(name)) = (args.next(), args.next()) else {
        return Err("usage: over_time STORE NAME [WORDS]".into());
    };
    let store = Reader::open(Path::new(&store))?;
    let mut query = Query::builder().speaker(&name);
    if let Some(words) = args.next() {
        query = query.words(&words);
    }
    let query = query.build()?;

    let (mut start, mut month) = (Start::First, None);
    loop {
        let page = store.page(&query, Order::Oldest, PAGE, &start)?;
        for hit in &page.hits {
            let day = hit.said.as_deref().or(hit.published.as_deref());
            let this = day.and_then(|day| day.get(..7)).unwrap_or("no date").to_owned();
            if month.as_ref() != Some(&this) {
                println!("{this}");
                month = Some(this);
            }
            println!(
                "  {}  {} ({})",
                day.unwrap_or("?"),
                hit.content,
                hit.outlet.as_deref().unwrap_or(&hit.source_id)
            );
        }
        match page.hits.last() {
            Some(last) if page.more => start = Start::After(last.address.clone()),
            _ => return Ok(()),
        }
    }
}
