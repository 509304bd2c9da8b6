//! Words prepared for comparison.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Whether a character is a mark on the letter before it: the accent of a decomposed “é”.
#[must_use]
pub fn is_mark_on_letter(c: char) -> bool {
    !c.is_ascii() && is_combining_mark(c)
}

/// Whether a character is never seen: a soft hyphen, a joiner, a break of no width, or a mark of the direction of writing.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    )
}

/// Returns words prepared for comparison: in lower case, without diacritics or full stops.
///
/// ```
/// use onrecord_text::folded;
///
/// assert_eq!(folded("Perón of the U.S."), "peron of the us");
/// // “ø” is a separate letter.
/// assert_eq!(folded("Løvén"), "løven");
/// ```
#[must_use]
pub fn folded(words: &str) -> String {
    if words.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return words.to_ascii_lowercase();
    }
    words.nfd().filter(|c| !is_combining_mark(*c) && *c != '.').flat_map(char::to_lowercase).collect()
}
