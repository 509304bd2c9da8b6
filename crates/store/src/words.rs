//! Splitting text into words the way search compares them: letters and digits only, ignoring case and diacritics.
//!
//! Inside SQLite, FTS5's tokenizer `unicode61` with `remove_diacritics 2` does the same.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, folded: without case and diacritics.
    pub text: String,
    /// The offset of the first byte.
    pub start: usize,
    /// The offset just after the last byte.
    pub end: usize,
}

/// Returns the words of a text.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c.is_alphanumeric() || (open && is_combining_mark(c)) {
            if !open {
                words.push(Word { text: String::new(), start: at, end });
            }
            if let Some(word) = words.last_mut() {
                if c.is_ascii() {
                    word.text.push(c.to_ascii_lowercase());
                } else {
                    word.text.extend(c.to_lowercase().nfd().filter(|&c| !is_combining_mark(c)));
                }
                word.end = end;
            }
            open = true;
        } else {
            open = false;
        }
    }
    words
}

/// Returns the folded words of a text, separated by single spaces.
#[must_use]
pub fn fold(text: &str) -> String {
    let words: Vec<String> = words(text).into_iter().map(|w| w.text).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_diacritics_fall_away() {
        assert_eq!(fold("Été 2016: “We don’t”—ČSSD"), "ete 2016 we don t cssd");
        let at: Vec<_> = words("a É-b").into_iter().map(|w| (w.start, w.end)).collect();
        assert_eq!(at, [(0, 1), (2, 4), (5, 6)]);
        assert_eq!(fold("e\u{301}te\u{301}"), "ete");
        // The capital dotted I becomes two characters, of which one is a mark.
        assert_eq!(fold("İZMİR ẞ"), "izmir ß");
    }
}
