//! A text's words with their spans, the possessive apart.

use onrecord_text::Span;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::lists::listed;

/// A word or one mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    pub(super) span: Span,
    pub(super) text: &'a str,
}

impl Word<'_> {
    pub(super) fn lower(&self) -> String {
        self.text.to_lowercase()
    }

    pub(super) fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphanumeric() || c == '@' || c == '$')
    }

    pub(super) fn is_capital(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    pub(super) fn is_possessive(&self) -> bool {
        is_possessive(self.text)
    }

    /// Whether a word list has it.
    pub(super) fn listed(&self, list: &str) -> bool {
        listed(list, self.text)
    }

    pub(super) fn is(&self, others: &[&str]) -> bool {
        others.iter().any(|o| o.eq_ignore_ascii_case(self.text))
    }
}

pub(super) fn is_possessive(word: &str) -> bool {
    matches!(word, "'s" | "’s" | "'" | "’" | "'S" | "’S")
}

/// The words and marks of a part of a text. A word keeps its inner hyphens, apostrophes and full stops, a number its commas:
/// `vice-president`, `O’Brien`, `U.S.`, `1,200`; the `’s` behind it is a word of its own.
pub(super) fn words(text: &str, part: Span) -> Vec<Word<'_>> {
    let mut out = Vec::new();
    let mut at = part.start();
    while at < part.end() {
        let rest = &text[at..part.end()];
        let Some(first) = rest.chars().next() else { break };
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let end = at + word_length(rest);
        if let Some(span) = Span::new(at, end) {
            out.push(Word { span, text: span.of(text) });
        }
        at = end;
    }
    out
}

/// The bytes of the word or mark that a text begins with.
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
        if c.is_alphanumeric() || matches!(c, '_') {
            continue;
        }
        let behind = &text[at + c.len_utf8()..];
        let goes_on = behind.starts_with(char::is_alphanumeric);
        let joins = match c {
            '\'' | '’' => goes_on && !ends_with_s(behind),
            '-' | '&' | '.' | '‑' => goes_on,
            ',' => text[..at].ends_with(digit) && behind.starts_with(digit),
            _ => false,
        };
        if !joins {
            let dotted = c == '.' && takes_full_stop(&text[..at]);
            return at + usize::from(dotted);
        }
    }
    text.len()
}

fn ends_with_s(behind: &str) -> bool {
    let mut chars = behind.chars();
    matches!(chars.next(), Some('s' | 'S')) && chars.next().is_none_or(|c| !c.is_alphanumeric())
}

/// Words that have a full stop behind them and end no sentence.
const ABBREVIATIONS: [&str; 24] = [
    "Jr", "Sr", "Inc", "Corp", "Co", "Ltd", "St", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep",
    "Sept", "Oct", "Nov", "Dec", "No", "Mt", "vs", "Ave", "Bros",
];

/// Whether a full stop belongs to a word: `Mr.`, `U.S.`, `J.`.
fn takes_full_stop(word: &str) -> bool {
    let initials =
        word.chars().all(|c| c.is_uppercase() || c == '.') && word.split('.').all(|p| p.chars().count() <= 1);
    initials || word == "Ph.D" || (is_title(word) && word.len() <= 4) || ABBREVIATIONS.contains(&word)
}

/// Whether a word, with or without its full stop, is a title that stands before names.
pub(super) fn is_title(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    ["titles/he", "titles/she", "titles/address", "titles/office"].iter().any(|list| listed(list, word))
}

/// A word for comparing: lower case, no diacritics, no full stops.
pub(super) fn folded(word: &str) -> String {
    word.nfd().filter(|c| !is_combining_mark(*c) && *c != '.').flat_map(char::to_lowercase).collect()
}

/// A noun in the singular, as far as its ending tells.
pub(super) fn singular(noun: &str) -> String {
    let noun = noun.to_lowercase();
    match noun.as_str() {
        "people" => return "people".to_owned(),
        "men" => return "man".to_owned(),
        "women" => return "woman".to_owned(),
        "children" => return "child".to_owned(),
        _ => {}
    }
    for (plural, one) in [("men", "man"), ("ies", "y"), ("ches", "ch"), ("sses", "ss")] {
        if let Some(stem) = noun.strip_suffix(plural).filter(|s| s.len() > 1) {
            return format!("{stem}{one}");
        }
    }
    match noun.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => noun,
    }
}

/// Bytes on either side of a place that can matter to it.
const AROUND: usize = 1500;

/// What of a block stands near a place. A block may be a whole book.
pub(super) fn around(text: &str, block: Span, at: usize) -> Span {
    let start = text.floor_char_boundary(at.saturating_sub(AROUND)).max(block.start());
    let end = text.ceil_char_boundary((at + AROUND).min(text.len())).min(block.end());
    Span::new(start, end).unwrap_or(block)
}

/// Where the sentence around a place begins and ends, within a block.
pub(super) fn sentence(text: &str, block: Span, at: usize) -> Span {
    let part = around(text, block, at);
    let (mut start, mut end) = (part.start(), part.end());
    for (n, c) in part.of(text).char_indices() {
        let here = part.start() + n;
        if !matches!(c, '.' | '!' | '?') || !ends_sentence(text, part, here) {
            continue;
        }
        let behind = &text[here + 1..part.end()];
        let marks = behind.len() - behind.trim_start_matches(['"', '”', '’', '\'', ')', '.', '!', '?']).len();
        let boundary = here + 1 + marks;
        if boundary <= at {
            start = boundary;
        } else {
            end = boundary;
            break;
        }
    }
    Span::trimmed(text, start.min(end)..end).unwrap_or(part)
}

/// Whether a full stop ends a sentence: not one of an abbreviation or an initial.
fn ends_sentence(text: &str, block: Span, at: usize) -> bool {
    let before = &text[block.start()..at];
    let last = before.rsplit(|c: char| !c.is_alphanumeric() && c != '.').next().unwrap_or_default();
    let behind = text[at + 1..block.end()].trim_start_matches(['"', '”', '’', '\'', ')']);
    let next = behind.trim_start();
    let apart = next.len() < behind.len() || next.is_empty();
    apart && !next.starts_with(char::is_lowercase) && !(text[at..].starts_with('.') && takes_full_stop(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_what_belongs_to_them() {
        let text = "Mr. O’Brien’s vice-president, U.S. Sen. Jim J. Lund (R-Ohio), said no.";
        let found: Vec<&str> =
            words(text, Span::new(0, text.len()).unwrap()).iter().map(|w| w.text).collect();
        assert_eq!(
            found,
            [
                "Mr.",
                "O’Brien",
                "’s",
                "vice-president",
                ",",
                "U.S.",
                "Sen.",
                "Jim",
                "J.",
                "Lund",
                "(",
                "R-Ohio",
                ")",
                ",",
                "said",
                "no",
                "."
            ]
        );
    }

    #[test]
    fn a_sentence_does_not_end_at_an_abbreviation() {
        let text = "It rained. Sen. Ada Lund told Mr. Aalto so on Dec. 3. “Go,” he said.";
        let all = Span::new(0, text.len()).unwrap();
        assert_eq!(sentence(text, all, 20).of(text), "Sen. Ada Lund told Mr. Aalto so on Dec. 3.");
    }
}
