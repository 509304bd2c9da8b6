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
    let (mut at, mut end) = (0, 0);
    while at < text.len() {
        // Most words are ASCII.
        let plain = text.as_bytes()[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if plain > 0 {
            open.get_or_insert(at);
            let folded = word.len();
            word.push_str(&text[at..at + plain]);
            word[folded..].make_ascii_lowercase();
            at += plain;
            end = at;
        }
        let Some(c) = text[at..].chars().next() else { break };
        at += c.len_utf8();
        if !c.is_ascii() && (c.is_alphanumeric() || (open.is_some() && is_combining_mark(c))) {
            open.get_or_insert(at - c.len_utf8());
            word.extend(c.to_lowercase().nfd().filter(|&c| !is_combining_mark(c)));
            end = at;
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

/// Longer words have more letters than this.
const LONGER: usize = 3;

/// A word as a number, which needs no memory elsewhere and is compared much faster than letters.
///
/// It is a hash of the folded word. The last bit says whether the word is one of the longer ones. Two different words
/// have the same number only by a chance of one in 2^63.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Number(u64);

impl Number {
    /// Returns the number of a folded word.
    pub fn of(word: &str) -> Self {
        let letters = word.chars().take(LONGER + 1).count();
        Self(fnv(word.bytes().map(u64::from)) & !1 | u64::from(letters > LONGER))
    }

    /// Returns whether the word is one of the longer ones, which say more than “of the”.
    pub fn is_longer(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Returns a hash by which runs of words are compared.
pub(crate) fn hash_of(run: &[Number]) -> u64 {
    fnv(run.iter().map(|number| number.0))
}

/// Returns the hash FNV-1a of some values.
fn fnv(values: impl Iterator<Item = u64>) -> u64 {
    values.fold(0xcbf2_9ce4_8422_2325, |hash, value| (hash ^ value).wrapping_mul(0x0100_0000_01b3))
}

/// Returns the numbers of the words of a text.
pub(crate) fn numbers(text: &str) -> Vec<Number> {
    let mut numbers = Vec::with_capacity(text.len() / 5);
    each_word(text, |word, _, _| numbers.push(Number::of(word)));
    numbers
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
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn case_and_diacritics_fall_away() {
        assert_eq!(fold("Été 2016: “We don’t”—ČSSD"), "ete 2016 we don t cssd");
        let at: Vec<_> = words("a É-b").into_iter().map(|w| (w.start, w.end)).collect();
        assert_eq!(at, [(0, 1), (2, 4), (5, 6)]);
        assert_eq!(fold("e\u{301}te\u{301}"), "ete");
        assert_eq!(fold("naïveté5É6 x\u{301}"), "naivete5e6 x");
        let at: Vec<_> = words("ïa5É, \u{301}b¹").into_iter().map(|w| (w.text, w.start, w.end)).collect();
        assert_eq!(at, [("ia5e".to_owned(), 0, 6), ("b¹".to_owned(), 10, 13)]);
        // The capital dotted I becomes two characters, of which one is a mark.
        assert_eq!(fold("İZMİR ẞ"), "izmir ß");
    }

    #[test]
    fn numbers_stand_for_words() {
        let same = numbers("Été: THEM, the été");
        assert_eq!(same[0], same[3]);
        assert_eq!(same.iter().map(|n| n.is_longer()).collect::<Vec<_>>(), [false, true, false, false]);
        // Four letters of two bytes each are as long as four of one byte, three are not.
        assert!(Number::of("ждем").is_longer() && !Number::of("жде").is_longer());
        let words: Vec<String> = (0..20_000).map(|n| format!("{n:x}")).collect();
        let all: HashSet<Number> = words.iter().map(|word| Number::of(word)).collect();
        assert_eq!(all.len(), words.len());
        let [a, b, c] = [Number::of("a"), Number::of("b"), Number::of("c")];
        let runs: HashSet<u64> = [&[a, b, c][..], &[a, c, b], &[b, a, c], &[a, b]].map(hash_of).into();
        assert_eq!(runs.len(), 4, "the order counts");
    }
}
