//! Any bytes as one of the formats that hold many articles; the first byte says which.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord_page::{Format, Hints, documents};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let format = [Format::Warc, Format::Feed, Format::NewsMl, Format::Json][usize::from(*first) % 4];
    for raw in documents(rest, "in", Some(format)).flatten() {
        let _ = raw.read(&Hints::default());
    }
});
