//! Any bytes as a model.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord_encoder::{Encoder, Input, Workspace};

fuzz_target!(|bytes: Vec<u8>| {
    if let Ok(encoder) = Encoder::parse(bytes.into()) {
        let _ = encoder.run(&[Input { id: 0, shape: [0; 3] }], &mut Workspace::default());
    }
});
