//! Any bytes as an input: gzip, character sets, JSON Lines, plain text, pages.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord_page::{Hints, documents};

fuzz_target!(|bytes: &[u8]| {
    for raw in documents(bytes, "in", None).flatten() {
        let _ = raw.read(&Hints::default());
    }
});
