//! Any text as a brat annotation file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord_export::brat;

fuzz_target!(|text: &str| {
    let _ = brat::parse(text);
});
