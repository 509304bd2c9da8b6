//! Splits a text into words and single marks, and says what they look like.

use onrecord_text::{Span, is_invisible, is_mark_on_letter};

use crate::english::takes_full_stop;

/// The visual form of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Punctuation or a symbol, one character.
    Mark,
    /// `’s`, or the apostrophe after a plural.
    Possessive,
    /// Begins with a digit.
    Number,
    /// Begins with a small letter, `@` or `$`.
    Small,
    /// Begins with a capital.
    Capital,
    /// Has two or more letters, all of them capitals: `NATO`, `U.S.`
    Capitals,
}

/// The words and marks in a part of a text, in text order.
pub(crate) fn spans(text: &str, part: Span) -> impl Iterator<Item = Span> {
    let mut at = part.start();
    std::iter::from_fn(move || {
        let rest = text.get(at..part.end())?;
        let word = rest.trim_start();
        let start = at + rest.len() - word.len();
        at = start + word_length(word);
        Span::new(start, at)
    })
}

/// The visual form of a word or mark.
pub(crate) fn shape(word: &str) -> Shape {
    if is_possessive(word) {
        return Shape::Possessive;
    }
    let Some(first) = word.chars().next() else { return Shape::Mark };
    if first.is_numeric() {
        Shape::Number
    } else if first.is_uppercase() {
        let mut letters = word.chars().filter(|c| c.is_alphabetic());
        if letters.clone().count() > 1 && letters.all(char::is_uppercase) {
            Shape::Capitals
        } else {
            Shape::Capital
        }
    } else if first.is_alphabetic() || matches!(first, '@' | '$') && word.len() > 1 {
        Shape::Small
    } else {
        Shape::Mark
    }
}

fn is_possessive(word: &str) -> bool {
    matches!(word, "'s" | "’s" | "'S" | "’S")
}

/// The length in bytes of the word or mark at the start of a text. A word keeps its inner hyphens, apostrophes and full
/// stops, and a number its commas: `vice-president`, `O’Brien`, `U.S.`, `1,200`; the `’s` after it is a separate word.
/// Accents belong to their letters, and what nobody sees does not end a word.
fn word_length(text: &str) -> usize {
    let mut chars = text.char_indices();
    let Some((_, first)) = chars.next() else { return 0 };
    if matches!(first, '\'' | '’') && ends_with_s(&text[first.len_utf8()..]) {
        return first.len_utf8() + 1;
    }
    if !first.is_alphanumeric() && !matches!(first, '@' | '$') {
        return first.len_utf8();
    }
    let digit = |c: char| c.is_ascii_digit();
    for (at, c) in chars {
        if c.is_alphanumeric() || c == '_' || is_mark_on_letter(c) {
            continue;
        }
        let rest = &text[at + c.len_utf8()..];
        let goes_on = rest.starts_with(char::is_alphanumeric);
        let joins = match c {
            '\'' | '’' => goes_on && !ends_with_s(rest),
            '-' | '&' | '.' | '‑' => goes_on,
            c if is_invisible(c) => goes_on,
            ',' => text[..at].ends_with(digit) && rest.starts_with(digit),
            _ => false,
        };
        // An overlong word is cut off, so that the work per word is bounded.
        if !joins || at > LONGEST_WORD {
            return at + usize::from(c == '.' && at <= LONGEST_ABBREVIATION && takes_full_stop(&text[..at]));
        }
    }
    text.len()
}

/// The longest word joined from several, in bytes.
pub(crate) const LONGEST_WORD: usize = 100;
/// The longest abbreviation before its full stop, in bytes.
const LONGEST_ABBREVIATION: usize = 20;

fn ends_with_s(rest: &str) -> bool {
    let mut chars = rest.chars();
    matches!(chars.next(), Some('s' | 'S')) && chars.next().is_none_or(|c| !c.is_alphanumeric())
}
