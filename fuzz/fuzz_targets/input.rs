//! Any bytes as an input of whatever format they look like.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord_page::{Hints, documents};

fuzz_target!(|bytes: &[u8]| {
    for raw in documents(bytes, "in", None).flatten() {
        let _ = raw.read(&Hints::default());
    }
});
