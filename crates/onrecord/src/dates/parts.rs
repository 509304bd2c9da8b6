//! The words of a block as the date forms need them: letters, digits and marks separated.

use onrecord_text::Span;

/// A run of letters, of digits, or one mark.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) span: Span,
    /// The text in lower case.
    pub(super) text: String,
    pub(super) number: Option<i32>,
    /// Whether the first letter is a capital.
    pub(super) capital: bool,
    /// Whether white space precedes it.
    pub(super) apart: bool,
}

#[derive(PartialEq, Clone, Copy)]
enum Class {
    Letter,
    Digit,
    Mark,
}

/// The parts of some words of a text.
pub(super) fn parts(text: &str, words: &[Span]) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::with_capacity(words.len());
    for span in words {
        let apart = text[..span.start()].chars().next_back().is_none_or(char::is_whitespace);
        let mut start = 0;
        let written = span.of(text);
        while let Some(length) = part_length(&written[start..]) {
            let part = &written[start..start + length];
            if let Some(span) = Span::new(span.start() + start, span.start() + start + length) {
                out.push(Part {
                    span,
                    text: part.to_lowercase(),
                    number: if part.len() <= 4 { part.parse().ok() } else { None },
                    capital: part.starts_with(char::is_uppercase),
                    apart: apart && start == 0,
                });
            }
            start += length;
        }
    }
    out
}

/// The length in bytes of the part at the start of some letters, digits and marks.
fn part_length(text: &str) -> Option<usize> {
    let class = |c: char| match c {
        _ if c.is_alphabetic() => Class::Letter,
        _ if c.is_ascii_digit() => Class::Digit,
        _ => Class::Mark,
    };
    let first = text.chars().next()?;
    if class(first) == Class::Mark {
        return Some(first.len_utf8());
    }
    Some(text.find(|c| class(c) != class(first)).unwrap_or(text.len()))
}
