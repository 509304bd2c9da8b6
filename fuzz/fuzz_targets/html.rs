//! Any text as a page.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord_page::{Hints, read_html};

fuzz_target!(|page: &str| {
    let article = read_html(page, &Hints::default());
    for block in &article.blocks {
        assert!(article.text.get(block.span.range()).is_some());
    }
});
