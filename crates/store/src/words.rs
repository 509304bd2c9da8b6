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

/// Calls `f` with every word of a text, folded, and the offsets of its first byte and just after its last one.
pub(crate) fn each_word(text: &str, mut f: impl FnMut(&str, usize, usize)) {
    let mut word = String::new();
    let mut open = None;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() || (open.is_some() && !c.is_ascii() && is_combining_mark(c)) {
            open.get_or_insert(at);
            if c.is_ascii() {
                word.push(c.to_ascii_lowercase());
            } else {
                word.extend(c.to_lowercase().nfd().filter(|&c| !is_combining_mark(c)));
            }
            end = at + c.len_utf8();
        } else if let Some(start) = open.take() {
            f(&word, start, end);
            word.clear();
        }
    }
    if let Some(start) = open {
        f(&word, start, end);
    }
}

/// Returns the words of a text.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    each_word(text, |word, start, end| words.push(Word { text: word.to_owned(), start, end }));
    words
}

/// Returns the folded words of a text, separated by single spaces.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut between = "";
    each_word(text, |word, _, _| {
        folded.push_str(std::mem::replace(&mut between, " "));
        folded.push_str(word);
    });
    folded
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
