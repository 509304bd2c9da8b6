//! What the fuzz targets begin with is read without a panic, and every block is a span of its article's text.

use std::fs;
use std::path::Path;

use onrecord_page::{Documents, Format, Hints, documents, read_html};
use onrecord_text::Article;

/// The seeds of a fuzz target.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    files("seeds", target)
}

/// The inputs that are kept for a fuzz target.
fn files(kept: &str, target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz").join(kept).join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

fn check(article: &Article) {
    let mut end = 0;
    for block in &article.blocks {
        assert!(article.text.get(block.span.range()).is_some_and(|text| !text.is_empty()));
        assert!(block.span.start() >= end, "blocks are in order and apart");
        end = block.span.end();
    }
}

/// Reads all of an input and says how many articles it has.
fn read(mut all: Documents) -> usize {
    let articles = all.by_ref().flatten().filter_map(|raw| raw.read(&Hints::default()).ok());
    let count = articles.inspect(check).count();
    assert!(count > 0 || all.passed_over().is_some());
    count
}

#[test]
fn seeds_of_formats_hold_articles() {
    for seed in seeds("formats") {
        let format = [Format::Warc, Format::Feed, Format::NewsMl, Format::Json][usize::from(seed[0]) % 4];
        let count = read(documents(&seed[1..], "in", Some(format)));
        assert!(count > 0, "{}", String::from_utf8_lossy(&seed));
    }
}

#[test]
fn seeds_of_inputs_hold_articles() {
    for seed in seeds("input") {
        assert!(read(documents(seed.as_slice(), "in", None)) > 0, "{}", String::from_utf8_lossy(&seed));
    }
}

#[test]
fn seeds_of_pages_are_read() {
    for seed in seeds("html") {
        check(&read_html(&String::from_utf8(seed).unwrap(), &Hints::default()));
    }
}

/// What fuzzing came upon, whatever it is.
#[test]
fn what_fuzzing_kept_is_read_without_a_panic() {
    for target in ["formats", "input", "html"] {
        for bytes in files("regressions", target) {
            let all = match (target, bytes.split_first()) {
                ("html", _) => {
                    if let Ok(page) = std::str::from_utf8(&bytes) {
                        check(&read_html(page, &Hints::default()));
                    }
                    continue;
                }
                ("formats", Some((first, rest))) => {
                    let formats = [Format::Warc, Format::Feed, Format::NewsMl, Format::Json];
                    documents(rest, "in", Some(formats[usize::from(*first) % 4]))
                }
                _ => documents(bytes.as_slice(), "in", None),
            };
            for article in all.flatten().filter_map(|raw| raw.read(&Hints::default()).ok()) {
                check(&article);
            }
        }
    }
}

/// Every seed, cut off and with bytes exchanged: the same at each run.
#[test]
fn damaged_seeds_are_read_without_a_panic() {
    let mut state = 7u32;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(state >> 8).unwrap()
    };
    for target in ["formats", "input"] {
        for seed in seeds(target) {
            for _ in 0..40 {
                let mut bytes = seed.clone();
                bytes.truncate(1 + next() % bytes.len());
                for _ in 0..next() % 6 {
                    let at = next() % bytes.len();
                    bytes[at] = u8::try_from(next() % 256).unwrap();
                }
                let format = (target == "formats").then(|| {
                    [Format::Warc, Format::Feed, Format::NewsMl, Format::Json][usize::from(bytes[0]) % 4]
                });
                for raw in documents(bytes.as_slice(), "in", format).flatten() {
                    if let Ok(article) = raw.read(&Hints::default()) {
                        check(&article);
                    }
                }
            }
        }
    }
}
