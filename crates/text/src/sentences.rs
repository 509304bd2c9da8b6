//! The sentences of a text, by rule.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::lists::section;

/// The maximum number of characters of a sentence on either side of a span. Longer sentences are cut between two words,
/// because an article may be one sentence with thousands of reports.
const LONGEST_SIDE: usize = 500;

/// Finds the sentences of a text by positions in characters.
///
/// Preparing a text takes one pass over it. After that, the time that a search takes depends on the length of the
/// sentence.
#[derive(Debug)]
pub struct Sentences<'t> {
    text: &'t str,
    /// The position in bytes of every [`STRIDE`]th character.
    bytes: Vec<usize>,
}

/// The number of characters from one known position to the next.
const STRIDE: usize = 64;

impl<'t> Sentences<'t> {
    /// Prepares a text.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        Self { text, bytes: text.char_indices().step_by(STRIDE).map(|(at, _)| at).collect() }
    }

    /// Returns the position in bytes of a position in characters.
    fn byte(&self, points: usize) -> usize {
        let known = self.bytes.get(points / STRIDE).copied().unwrap_or(self.text.len());
        self.text[known..].char_indices().nth(points % STRIDE).map_or(self.text.len(), |(at, _)| known + at)
    }

    /// Returns the sentence around a span, on one line, and the position of the span in it, in characters.
    ///
    /// The sentence begins after the last full stop on the same line and ends with the next one after the span.
    /// Initials, as in “U.S.”, do not end a sentence, and neither does a full stop before a lower-case letter. Runs of
    /// white space become one space. If more than 500 characters precede or follow the span, “…” replaces the rest.
    ///
    /// ```
    /// use onrecord_text::Sentences;
    ///
    /// let text = "It rained. The U.S. Navy arrested  an editor. He left.";
    /// let (sentence, trigger) = Sentences::new(text).around([25, 33]);
    /// assert_eq!(sentence, "The U.S. Navy arrested an editor.");
    /// assert_eq!(trigger, (14, 22));
    /// ```
    #[must_use]
    pub fn around(&self, [start, end]: [usize; 2]) -> (String, (usize, usize)) {
        let text = self.text;
        let (start, end) = (self.byte(start), self.byte(end.max(start)));
        let (mut from, mut cut_before) = (0, false);
        for (count, (at, c)) in text[..start].char_indices().rev().enumerate() {
            cut_before = count >= LONGEST_SIDE && c.is_whitespace();
            if cut_before || ends_sentence(text, at, c) {
                from = at + c.len_utf8();
                break;
            }
        }
        let (mut to, mut cut_after) = (text.len(), false);
        for (count, (at, c)) in text[end..].char_indices().map(|(at, c)| (end + at, c)).enumerate() {
            if count >= LONGEST_SIDE && c.is_whitespace() {
                (to, cut_after) = (at, true);
                break;
            }
            if ends_sentence(text, at, c) {
                to = at + c.len_utf8();
                break;
            }
        }
        on_one_line(&text[from..to], (start - from, end - from), (cut_before, cut_after))
    }
}

/// Returns whether a character at a position of a text ends a sentence.
fn ends_sentence(text: &str, at: usize, c: char) -> bool {
    if c == '\n' {
        return true;
    }
    let after = &text[at + c.len_utf8()..];
    if !matches!(c, '.' | '!' | '?') || !after.chars().next().is_none_or(char::is_whitespace) {
        return false;
    }
    let next = after.trim_start_matches([' ', '\t']);
    c != '.'
        || next.is_empty()
        || !(next.starts_with(char::is_lowercase) || takes_full_stop(last_word(&text[..at])))
}

/// Returns the word with which a text ends, or the end of a word that is longer than any abbreviation.
fn last_word(text: &str) -> &str {
    let is_part = |&(_, c): &(usize, char)| c.is_alphanumeric() || c == '.';
    let letters = text.char_indices().rev().take(LONGEST_ABBREVIATION).take_while(is_part);
    &text[letters.last().map_or(text.len(), |(at, _)| at)..]
}

/// More characters than any abbreviation has.
const LONGEST_ABBREVIATION: usize = 20;

/// Returns whether a full stop after a word belongs to it and does not end a sentence: `Mr.`, `U.S.`, `J.`.
///
/// The word is given without its full stop. Titles need a capital, because some are words by themselves (“the col”). Of
/// a word with hyphens, the last part counts: `then-U.S.`.
///
/// ```
/// use onrecord_text::takes_full_stop;
///
/// assert!(takes_full_stop("U.S") && takes_full_stop("then-U.S") && takes_full_stop("Gen") && takes_full_stop("inc"));
/// assert!(!takes_full_stop("NATO") && !takes_full_stop("gen") && !takes_full_stop("Queen"));
/// ```
#[must_use]
pub fn takes_full_stop(word: &str) -> bool {
    static LISTS: LazyLock<[HashSet<&str>; 2]> =
        LazyLock::new(|| ["words", "titles"].map(|name| section(ABBREVIATIONS, name).collect()));
    let [words, titles] = &*LISTS;
    let word = word.rsplit('-').next().unwrap_or(word);
    let lower = || word.to_lowercase();
    let initials = || {
        word.chars().all(|c| c.is_uppercase() || c == '.')
            && word.split('.').all(|part| part.chars().count() <= 1)
    };
    initials()
        || words.contains(&*lower())
        || (word.starts_with(char::is_uppercase) && titles.contains(&*lower()))
}

const ABBREVIATIONS: &str = include_str!("../data/abbreviations.txt");

/// Returns some words with one space for each run of white space, and the new position of a span in them, in
/// characters. “…” replaces what was cut before and after them.
fn on_one_line(
    words: &str,
    (start, end): (usize, usize),
    (cut_before, cut_after): (bool, bool),
) -> (String, (usize, usize)) {
    let (mut line, mut span) = (String::new(), (0, 0));
    if cut_before {
        line.push_str("… ");
    }
    let mut length = line.chars().count();
    let mut space = false;
    for (at, c) in words.char_indices() {
        if c.is_whitespace() {
            space = !line.is_empty() && !line.ends_with(' ');
        } else {
            if space {
                line.push(' ');
                length += 1;
                space = false;
            }
            if at == start {
                span.0 = length;
            }
            line.push(c);
            length += 1;
        }
        if at + c.len_utf8() == end {
            span.1 = length;
        }
    }
    if cut_after {
        line.push_str(" …");
    }
    (line, span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(sentence: &str, (start, end): (usize, usize)) -> String {
        sentence.chars().skip(start).take(end - start).collect()
    }

    /// The sentence around the first place of some words in a text.
    fn around(text: &str, words: &str) -> String {
        let start = text[..text.find(words).unwrap()].chars().count();
        let (sentence, at) = Sentences::new(text).around([start, start + words.chars().count()]);
        assert_eq!(cut(&sentence, at), words);
        sentence
    }

    #[test]
    fn a_sentence_ends_at_marks_before_white_space_and_at_line_ends() {
        assert_eq!(around("Não! Police arrested 1.5 men? Yes.", "arrested"), "Police arrested 1.5 men?");
        assert_eq!(around("One\nPolice  arrested\t him\nTwo.", "arrested"), "Police arrested him");
        assert_eq!(around("arrested", "arrested"), "arrested");
        assert_eq!(around("He was arrested.", "arrested."), "He was arrested.");
    }

    #[test]
    fn initials_and_a_full_stop_before_a_small_letter_do_not_end_a_sentence() {
        assert_eq!(
            around("It is so. The U.S. Navy arrested J. Lund Inc. staff. Yes.", "arrested"),
            "The U.S. Navy arrested J. Lund Inc. staff."
        );
        assert_eq!(
            around("It was NATO. Police arrested him in the U.S.", "arrested"),
            "Police arrested him in the U.S."
        );
        assert_eq!(
            around("It was NATO. Police arrested him in the U.S.\nHe left.", "arrested"),
            "Police arrested him in the U.S."
        );
    }

    #[test]
    fn titles_and_abbreviations_do_not_end_a_sentence() {
        assert_eq!(
            around("It is so. Police arrested Mr. Lund on Dec. 4. Yes.", "arrested"),
            "Police arrested Mr. Lund on Dec. 4."
        );
        assert_eq!(
            around("On Jan. 3 Gen. Holm arrested the Queen. Yes.", "arrested"),
            "On Jan. 3 Gen. Holm arrested the Queen."
        );
    }

    #[test]
    fn the_list_of_abbreviations_is_sorted_unique_and_in_lower_case() {
        let lists = ["words", "titles"].map(|name| (name, ABBREVIATIONS, name));
        assert_eq!(crate::lists::faults(&lists, &[]), Vec::<String>::new());
    }

    #[test]
    fn positions_are_found_in_long_texts_of_any_script() {
        let text = "Ég fór. Él llegó tarde. Police arrested Ørsted. ".repeat(50);
        let sentences = Sentences::new(&text);
        let points: Vec<char> = text.chars().collect();
        for start in (0..points.len()).filter(|&n| points[n..].starts_with(&['a', 'r', 'r', 'e', 's'])) {
            assert_eq!(sentences.around([start, start + 8]), ("Police arrested Ørsted.".to_owned(), (7, 15)));
        }
    }

    #[test]
    fn a_very_long_sentence_is_cut_between_words() {
        let many = "é and ".repeat(400);
        let text = format!("{many}police arrested him {many}");
        let start = many.chars().count() + "police ".len();
        let (sentence, at) = Sentences::new(&text).around([start, start + 8]);
        assert_eq!(cut(&sentence, at), "arrested");
        assert!(sentence.starts_with("… and ") || sentence.starts_with("… é "), "{sentence}");
        assert!(sentence.ends_with(" …"));
        assert!(sentence.chars().count() < 1_050);
        let near = "é and ".repeat(60);
        let text = format!("{near}police arrested him {near}");
        let start = near.chars().count() + "police ".len();
        assert!(!Sentences::new(&text).around([start, start + 8]).0.contains('…'));
    }

    #[test]
    fn a_span_beyond_the_text_is_cut_off() {
        assert_eq!(Sentences::new("It rained.").around([3, 90]), ("It rained.".to_owned(), (3, 10)));
        assert_eq!(Sentences::new("It rained.").around([80, 90]).0, "");
        assert_eq!(Sentences::new("").around([0, 1]).0, "");
    }
}
