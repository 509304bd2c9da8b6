//! Hashes of runs of words, for finding contents with words in common.
//!
//! Runs of three words are hashed, and of every few neighbouring hashes the smallest is kept (winnowing: Schleimer,
//! Wilkerson and Aiken 2003). As a result, any five consecutive words that two contents share produce a common hash.

use std::collections::BTreeSet;

use onrecord_text::BETWEEN_PIECES;
use sha2::{Digest as _, Sha256};

use crate::words;

/// The number of words in a run.
pub(crate) const RUN: usize = 3;
/// The number of neighbouring hashes of which the smallest is kept.
const WINDOW: usize = 3;

/// Returns the hashes by which contents with words in common are found.
#[must_use]
pub fn fingerprints(content: &str) -> BTreeSet<i64> {
    let mut kept = BTreeSet::new();
    for piece in content.split(BETWEEN_PIECES) {
        let all: Vec<i64> = runs(&words::words(piece));
        if all.len() <= WINDOW {
            kept.extend(all.iter().min());
        }
        kept.extend(all.windows(WINDOW).filter_map(|w| w.iter().min()));
    }
    kept
}

/// Returns the hash of every run of words.
pub(crate) fn runs(words: &[words::Word]) -> Vec<i64> {
    let hash = |run: &[words::Word]| {
        let mut hash = Sha256::new();
        for word in run {
            hash.update(word.text.as_bytes());
            hash.update(b" ");
        }
        let digest: [u8; 32] = hash.finalize().into();
        digest[..8].iter().fold(0, |n: i64, &b| n << 8 | i64::from(b))
    };
    words.windows(RUN).map(hash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_common_words_leave_a_common_hash() {
        let a = fingerprints("he said that nobody in this country will pay for what it is");
        let b = fingerprints("today nobody in this country will be poor");
        assert!(!a.is_disjoint(&b));
    }
}
