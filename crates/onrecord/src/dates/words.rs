//! A text's words as the forms of dates need them: letters, digits and marks apart.

use onrecord_text::Span;

/// A run of letters, of digits, or one mark.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) span: Span,
    /// In lower case.
    pub(super) text: String,
    pub(super) number: Option<i32>,
    /// Whether the text has a capital first.
    pub(super) capital: bool,
    /// Whether white space stands before it.
    pub(super) apart: bool,
}

#[derive(PartialEq, Clone, Copy)]
enum Class {
    Letter,
    Digit,
    Mark,
}

/// The words of a part of a text.
pub(super) fn words(text: &str, part: Span) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut last: Option<(Class, usize)> = None;
    let mut push = |class: Class, start: usize, end: usize| {
        if let Some(span) = Span::new(start, end) {
            let written = span.of(text);
            let number =
                (class == Class::Digit && written.len() <= 4).then(|| written.parse().ok()).flatten();
            let apart = text[..start].chars().next_back().is_none_or(char::is_whitespace);
            let capital = written.starts_with(char::is_uppercase);
            out.push(Word { span, text: written.to_lowercase(), number, capital, apart });
        }
    };
    for (at, c) in part.of(text).char_indices() {
        let at = at + part.start();
        let class = match c {
            _ if c.is_whitespace() => None,
            _ if c.is_alphabetic() => Some(Class::Letter),
            _ if c.is_ascii_digit() => Some(Class::Digit),
            _ => Some(Class::Mark),
        };
        if let Some((of, start)) = last
            && (class != Some(of) || of == Class::Mark)
        {
            push(of, start, at);
            last = None;
        }
        last = last.or(class.map(|class| (class, at)));
    }
    if let Some((of, start)) = last {
        push(of, start, part.end());
    }
    out
}
