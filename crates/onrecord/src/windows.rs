//! Cuts an article into windows of whole paragraphs for the encoder.
//!
//! Fewer than one in a hundred attributions crosses a line. Windows that begin with some of the preceding text were
//! tried; they were slower and less accurate (docs/EXPERIMENTS.md).

use crate::tokens::{Layout, Token};

/// The number of pieces in one window. Sizes from 126 to 254 are equally accurate, and attention over fewer pieces
/// costs less. With the opening and closing pieces, this is the length of a training window.
pub const WINDOW: usize = 126;

/// The most inputs in one run of the encoder: a window with its opening and closing piece.
pub(crate) const LONGEST: usize = WINDOW + 2;

/// A range of tokens that the encoder processes together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first token.
    pub start: usize,
    /// The token after the last one.
    pub end: usize,
}

/// Cuts tokens into windows. Cuts are made between paragraphs wherever those fit, preferably not after a colon, which
/// introduces what follows; otherwise after a sentence; otherwise anywhere.
#[must_use]
pub fn windows(text: &str, tokens: &[Token]) -> Vec<Window> {
    let mut windows = Vec::with_capacity(tokens.len() / WINDOW + 1);
    let mut start = 0;
    while start < tokens.len() {
        let limit = (start + WINDOW).min(tokens.len());
        let last = |from: usize, fits: &dyn Fn(usize) -> bool| (from + 1..=limit).rev().find(|&i| fits(i));
        let begins_paragraph = |i: usize| tokens[i].layout != Layout::Inner;
        let end = if limit == tokens.len() {
            limit
        } else {
            last(start + WINDOW / 2, &|i| begins_paragraph(i) && before(text, tokens, i) != ":")
                .or_else(|| last(start, &begins_paragraph))
                .or_else(|| last(start + WINDOW / 2, &|i| begins_sentence(text, tokens, i)))
                .unwrap_or(limit)
        };
        windows.push(Window { start, end });
        start = end;
    }
    windows
}

/// The characters of the token before token `i`.
fn before<'a>(text: &'a str, tokens: &[Token], i: usize) -> &'a str {
    let piece = &tokens[i - 1].piece;
    &text[piece.start..piece.end]
}

/// Whether token `i` begins a sentence, judged by punctuation.
fn begins_sentence(text: &str, tokens: &[Token], i: usize) -> bool {
    matches!(before(text, tokens, i), "." | "!" | "?" | "”" | "\"") && tokens[i].piece.starts_word
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::{Case, Enclosure};
    use onrecord_encoder::wordpiece::Piece;
    use proptest::prelude::*;

    fn tokens(paragraphs: &[usize]) -> Vec<Token> {
        let layouts = paragraphs
            .iter()
            .flat_map(|&n| (0..n).map(|i| if i == 0 { Layout::ParagraphStart } else { Layout::Inner }));
        layouts
            .enumerate()
            .map(|(i, layout)| Token {
                piece: Piece { id: 5, start: i, end: i + 1, starts_word: true },
                case: Case::Lower,
                enclosure: Enclosure::Outside,
                layout,
            })
            .collect()
    }

    #[test]
    fn cuts_lie_between_paragraphs_and_not_behind_a_colon() {
        let tokens = tokens(&[50, 30, 30, 45]);
        let text = "x".repeat(155);
        assert_eq!(windows(&text, &tokens), [Window { start: 0, end: 110 }, Window { start: 110, end: 155 }]);
        let announced = format!("{}:{}", &text[..109], &text[110..]);
        assert_eq!(
            windows(&announced, &tokens),
            [Window { start: 0, end: 80 }, Window { start: 80, end: 155 }]
        );
    }

    proptest! {
        #[test]
        fn every_token_is_decided_once(paragraphs in prop::collection::vec(1usize..700, 0..8)) {
            let tokens = tokens(&paragraphs);
            let mut next = 0;
            for w in windows(&"x".repeat(tokens.len()), &tokens) {
                prop_assert_eq!(w.start, next);
                prop_assert!(w.start < w.end && w.end - w.start <= WINDOW);
                next = w.end;
            }
            prop_assert_eq!(next, tokens.len());
        }
    }
}
