//! Measures a store: `grow FROM TO TIMES` repeats an archive with other names and later years, `ask STORE` times
//! queries of each kind. `cargo run --release -p onrecord-store --example archive -- ask news.db`

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use onrecord_store::{Digest, FACETED, Order, Query, Relation, Store, StoreError, TIMED};
use onrecord_text::wire;
use serde_json::Value;

/// Records that are committed together.
const TOGETHER: usize = 100;
/// Queries of each kind.
const EACH: usize = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["grow", from, to, times] => grow(Path::new(from), Path::new(to), times.parse()?),
        ["ask", store] => ask(Path::new(store)),
        _ => Err("grow FROM TO TIMES, or ask STORE".into()),
    }
}

fn grow(from: &Path, to: &Path, times: usize) -> Result<(), Box<dyn Error>> {
    let from = Store::open(from)?;
    let mut to = Store::create(to)?;
    let (mut waiting, mut put) = (Vec::new(), 0.0);
    let mut count = 0;
    for n in 0..times {
        for version in from.versions() {
            waiting.push(renamed(version?.1, n)?);
            count += 1;
            if waiting.len() == TOGETHER {
                put += keep(&mut to, &mut waiting)?;
            }
        }
        put += keep(&mut to, &mut waiting)?;
        let begun = Instant::now();
        to.join(|| false)?;
        println!(
            "{count} articles put in {put:.1} s, people joined in {:.1} s",
            begun.elapsed().as_secs_f64()
        );
    }
    Ok(())
}

fn keep(store: &mut Store, waiting: &mut Vec<wire::Record>) -> Result<f64, StoreError> {
    let begun = Instant::now();
    let mut batch = store.batch()?;
    for record in waiting.drain(..) {
        let digest = Digest::of([record.article.source_id.as_bytes(), record.article.id.as_bytes()]);
        batch.put(&record, &digest)?;
    }
    batch.commit()?;
    Ok(begun.elapsed().as_secs_f64())
}

/// The record with other names of the same length, so that offsets hold, and so many years later.
fn renamed(record: wire::Record, n: usize) -> Result<wire::Record, serde_json::Error> {
    if n == 0 {
        return Ok(record);
    }
    let names: HashSet<String> = record
        .entities
        .iter()
        .flat_map(|e| e.name.split(|c: char| !c.is_ascii_alphabetic()))
        .filter(|w| w.len() > 1)
        .map(str::to_owned)
        .collect();
    let mut value = serde_json::to_value(&record)?;
    walk(&mut value, &names, n);
    let mut record: wire::Record = serde_json::from_value(value)?;
    record.article.id = wire::content_hash(&record.article.text);
    record.article.source_id.push_str(&format!("+{n}"));
    Ok(record)
}

fn walk(value: &mut Value, names: &HashSet<String>, n: usize) {
    match value {
        Value::String(text) => {
            let date = text.len() == 10 && text.starts_with("19") && text.as_bytes()[4] == b'-';
            *text = if date {
                let year = text[..4].parse::<usize>().unwrap_or(1987) + n;
                format!("{year}{}", if &text[4..] == "-02-29" { "-02-28" } else { &text[4..] })
            } else {
                words(text, names, n)
            };
        }
        Value::Array(all) => all.iter_mut().for_each(|v| walk(v, names, n)),
        // A name may have a word that is also a value of these fields, such as “group”.
        Value::Object(all) => all
            .iter_mut()
            .filter(|(field, _)| !matches!(field.as_str(), "kind" | "act" | "status" | "schema" | "language"))
            .for_each(|(_, v)| walk(v, names, n)),
        _ => {}
    }
}

/// The text with the words of names turned into others of the same length.
fn words(text: &str, names: &HashSet<String>, n: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_alphabetic() {
            word.push(c);
            continue;
        }
        if names.contains(&word) {
            out.extend(word.chars().map(|c| turned(c, n)));
        } else {
            out.push_str(&word);
        }
        word.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

/// A vowel for a vowel, a consonant for a consonant.
fn turned(c: char, n: usize) -> char {
    for row in ["aeiou", "bcdfghjklmnpqrstvwxz", "AEIOU", "BCDFGHJKLMNPQRSTVWXZ"] {
        if let Some(at) = row.find(c) {
            return char::from(row.as_bytes()[(at + n) % row.len()]);
        }
    }
    c
}

fn ask(path: &Path) -> Result<(), Box<dyn Error>> {
    let store = Store::open(path)?;
    let size = store.size()?;
    println!("{} articles, {} statements", size.articles, size.statements);
    let Sample { common, rare, names, phrases, dates } = sample(&store)?;
    let kinds: Vec<(&str, Vec<String>)> = vec![
        ("a common word", common.clone()),
        ("a rare word", rare.clone()),
        ("two words", common.iter().zip(&rare).map(|(a, b)| format!("{a} {b}")).collect()),
        ("either word", common.iter().zip(&rare).map(|(a, b)| format!("{a} OR {b}")).collect()),
        ("a phrase", phrases.iter().map(|p| format!("\"{p}\"")).collect()),
        (
            "the beginning of a word",
            common.iter().filter_map(|w| Some(format!("{}*", w.get(..3)?))).collect(),
        ),
        ("speaker:", names.iter().map(|n| format!("speaker:\"{n}\"")).collect()),
        ("about:", names.iter().map(|n| format!("about:\"{n}\"")).collect()),
        (
            "speaker: and a word",
            names.iter().zip(&common).map(|(n, w)| format!("speaker:\"{n}\" {w}")).collect(),
        ),
        ("role: and a word", common.iter().map(|w| format!("role:president {w}")).collect()),
        ("kind: and a word", common.iter().map(|w| format!("kind:direct {w}")).collect()),
        ("said: two months", dates.iter().map(|d| format!("said:{}..{}", &d[..7], &d[..7])).collect()),
        (
            "said: and a word",
            dates.iter().zip(&common).map(|(d, w)| format!("said:{}.. {w}", &d[..7])).collect(),
        ),
        (
            "published: and a word",
            dates.iter().zip(&common).map(|(d, w)| format!("published:..{} {w}", &d[..7])).collect(),
        ),
        (
            "a word and not another",
            common.iter().zip(common.iter().skip(1)).map(|(a, b)| format!("{a} -{b}")).collect(),
        ),
    ];
    println!("{:28} {:>18} {:>18} {:>18}", "ms, median / worst", "newest", "oldest", "best");
    let mut plans = HashSet::new();
    for (kind, queries) in &kinds {
        let mut row = format!("{kind:28}");
        for order in [Order::Newest, Order::Oldest, Order::Best] {
            let mut times = Vec::new();
            for text in queries.iter().take(EACH) {
                let query: Query = text.parse()?;
                let begun = Instant::now();
                store.search(&query, order, 20, 0)?;
                times.push(begun.elapsed().as_secs_f64() * 1000.0);
                plans.extend(store.plan(&query, order)?);
            }
            times.sort_by(f64::total_cmp);
            // A small archive has no queries of some kinds.
            if let (Some(median), Some(worst)) = (times.get(times.len() / 2), times.last()) {
                row.push_str(&format!(" {:>18}", format!("{median:.2} / {worst:.1}")));
            }
        }
        println!("{row}");
    }
    let row = |kind: &str, times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        if let (Some(median), Some(worst)) = (times.get(times.len() / 2), times.last()) {
            println!("{kind:28} {:>18}", format!("{median:.2} / {worst:.1}"));
        }
    };
    let (mut who, mut lineage) = (Vec::new(), Vec::new());
    for (name, phrase) in names.iter().zip(&phrases).take(EACH) {
        let begun = Instant::now();
        if let [person] = store.people(name, 10)?.as_slice() {
            store.said_by(person, 20, 0)?;
            store.said_about(person, 20, 0)?;
        }
        who.push(begun.elapsed().as_secs_f64() * 1000.0);
        let begun = Instant::now();
        store.lineage_of(phrase)?;
        lineage.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    row("who", &mut who);
    row("lineage", &mut lineage);
    beyond_search(&store, &Sample { common, rare, names, phrases, dates }, row)?;
    let mut plans: Vec<String> = plans.into_iter().collect();
    plans.sort();
    println!("plans:\n  {}", plans.join("\n  "));
    Ok(())
}

/// Times what pages show beside the statements that a search finds.
fn beyond_search(
    store: &Store,
    Sample { common, names, .. }: &Sample,
    row: impl Fn(&str, &mut Vec<f64>),
) -> Result<(), Box<dyn Error>> {
    let timed = |work: &mut dyn FnMut() -> Result<(), StoreError>| -> Result<f64, StoreError> {
        let begun = Instant::now();
        work()?;
        Ok(begun.elapsed().as_secs_f64() * 1000.0)
    };
    let queries: Vec<Query> = common.iter().take(EACH).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let mut kinds: Vec<(&str, Vec<f64>)> =
        ["facets", "timeline", "facets of everything", "timeline of everything"]
            .map(|kind| (kind, Vec::new()))
            .into();
    for query in &queries {
        kinds[0].1.push(timed(&mut || store.facets(query, FACETED, 10).map(drop))?);
        kinds[1].1.push(timed(&mut || store.timeline(query, TIMED).map(drop))?);
    }
    let everything = Query::everything();
    for _ in 0..10 {
        kinds[2].1.push(timed(&mut || store.facets(&everything, FACETED, 10).map(drop))?);
        kinds[3].1.push(timed(&mut || store.timeline(&everything, TIMED).map(drop))?);
    }
    let (mut statements, mut articles, mut profiles, mut said) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (query, name) in queries.iter().zip(names) {
        for hit in store.search(query, Order::Best, 2, 0)?.hits {
            let address = hit.address.clone();
            statements.push(timed(&mut || store.stored_statement(&address).map(drop))?);
            articles.push(timed(&mut || store.stored_article(&hit.name.article.to_string()).map(drop))?);
        }
        if let [person] = store.people(name, 2)?.as_slice() {
            profiles.push(timed(&mut || store.profile(person.id).map(drop))?);
            let page = &mut || store.statements_by_or_about(person.id, Relation::Said, None, 20).map(drop);
            said.push(timed(page)?);
        }
    }
    let (mut names_of, mut review, mut coverage) = (Vec::new(), Vec::new(), Vec::new());
    for name in names.iter().take(EACH) {
        let beginning: String = name.chars().take(3).collect();
        names_of.push(timed(&mut || store.complete(&beginning, 10).map(drop))?);
    }
    for _ in 0..5 {
        review.push(timed(&mut || store.review(None, 20).map(drop))?);
        coverage.push(timed(&mut || store.coverage().map(drop))?);
    }
    kinds.extend([
        ("a statement", statements),
        ("an article", articles),
        ("a profile", profiles),
        ("what somebody said", said),
        ("names that begin so", names_of),
        ("what to review", review),
        ("coverage", coverage),
    ]);
    for (kind, times) in &mut kinds {
        row(kind, times);
    }
    Ok(())
}

/// What to ask an archive for.
struct Sample {
    common: Vec<String>,
    rare: Vec<String>,
    names: Vec<String>,
    phrases: Vec<String>,
    dates: Vec<String>,
}

/// Words from the most common on, and names, phrases and days spread over the archive.
fn sample(store: &Store) -> Result<Sample, Box<dyn Error>> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let (mut names, mut phrases, mut dates) = (Vec::new(), Vec::new(), Vec::new());
    let step = usize::try_from(store.size()?.statements)? / (EACH * 4) + 1;
    let mut n = 0;
    for stored in store.records(&Query::everything())? {
        let record = stored?.record;
        let published = record.article.published.filter(|d| d.len() == 10);
        for statement in record.statements {
            n += 1;
            let words: Vec<&str> = statement.content.text.split_whitespace().collect();
            for word in &words {
                if word.chars().all(|c| c.is_ascii_lowercase()) {
                    *counts.entry((*word).to_owned()).or_default() += 1;
                }
            }
            if n % step == 0 {
                names.extend(statement.speaker.and_then(|s| s.name).filter(|s| !s.contains('"')));
                phrases.extend((words.len() > 8).then(|| words[2..8].join(" ").replace('"', "")));
                dates.extend(published.clone());
            }
        }
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let words: Vec<String> = counts.into_iter().map(|(word, _)| word).collect();
    Ok(Sample {
        common: words.iter().take(EACH).cloned().collect(),
        rare: words.iter().skip(2_000).step_by(10).take(EACH).cloned().collect(),
        names,
        phrases,
        dates,
    })
}
