//! Any text as an article, up to its record.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use onrecord::Engine;
use onrecord::page::{Hints, read_text};
use onrecord::text::wire;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::new);

fuzz_target!(|text: &str| {
    let record = ENGINE.record(read_text(text.to_owned(), &Hints::default()));
    let _ = wire::Record::from(&record);
});
