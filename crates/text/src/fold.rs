//! Words prepared for comparison.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

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
