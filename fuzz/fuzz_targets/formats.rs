//! Any bytes as one of the formats that hold many articles; the first byte says which.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord_page::{Format, Hints, documents};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let format = [Format::Warc, Format::Feed, Format::NewsMl, Format::Json][usize::from(*first) % 4];
    let mut all = documents(rest, "in", Some(format));
    for raw in all.by_ref().flatten() {
        let Ok(article) = raw.read(&Hints::default()) else { continue };
        for block in &article.blocks {
            assert!(article.text.get(block.span.range()).is_some());
        }
    }
    let _ = all.passed_over();
});
