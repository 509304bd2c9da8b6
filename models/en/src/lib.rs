//! The English model of onrecord, as data: the weights of the encoder and the vocabulary that they were trained with.
//!
//! The model card, `MODEL.md`, says what the model computes, what it was trained on, and under which licence it may be
//! passed on. The training code writes these files and their checksums; this crate only includes them, so that the
//! library and its packages contain the model and never download it.

#![forbid(unsafe_code)]

/// The weights: an ONNX file.
pub static WEIGHTS: &[u8] = include_bytes!("../model.onnx");

/// The vocabulary: one word piece per line.
pub static VOCABULARY: &str = include_str!("../vocab.txt");

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use sha2::{Digest, Sha256};

    #[test]
    fn the_files_have_their_checksums() {
        let expected = include_str!("../SHA256SUMS");
        let line = |name: &str, bytes: &[u8]| {
            let mut line = String::new();
            for byte in Sha256::digest(bytes) {
                write!(line, "{byte:02x}").unwrap();
            }
            format!("{line}  {name}")
        };
        let found = [line("model.onnx", super::WEIGHTS), line("vocab.txt", super::VOCABULARY.as_bytes())];
        assert_eq!(expected.lines().collect::<Vec<_>>(), found);
    }
}
