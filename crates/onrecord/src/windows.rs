//! Where an article is cut for the encoder: windows of whole paragraphs, each with some of the text before it.

use crate::tokens::{Layout, Token};

/// Pieces that one window shows. With the opening and closing piece that is the length of a training window.
pub const WINDOW: usize = 254;
/// Pieces before the ones to be decided that a window shows too, as far as they fit.
pub const CONTEXT: usize = 64;

/// A stretch of tokens that the encoder sees together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first token that is seen.
    pub first: usize,
    /// The first token that is decided here; those before it were decided in the window before.
    pub start: usize,
    /// The token behind the last one.
    pub end: usize,
}

/// Cuts tokens into windows. Statements seldom cross paragraphs, so cuts lie between paragraphs wherever those fit,
/// else behind a sentence, else anywhere.
pub fn windows(text: &str, tokens: &[Token]) -> Vec<Window> {
    let mut windows = Vec::with_capacity(tokens.len() / (WINDOW - CONTEXT) + 1);
    let mut start = 0;
    while start < tokens.len() {
        // The first window has nothing before it, so all of it is decided.
        let room = WINDOW - CONTEXT.min(start);
        let limit = (start + room).min(tokens.len());
        let end = if limit == tokens.len() {
            limit
        } else {
            let last =
                |fits: &dyn Fn(usize) -> bool, from: usize| (from + 1..=limit).rev().find(|&i| fits(i));
            last(&|i| tokens[i].layout != Layout::Inner, start)
                .or_else(|| last(&|i| ends_sentence(text, tokens, i), start + room / 2))
                .unwrap_or(limit)
        };
        windows.push(Window {
            first: end.saturating_sub(WINDOW).max(start.saturating_sub(CONTEXT)),
            start,
            end,
        });
        start = end;
    }
    windows
}

/// Whether token `i` begins a sentence, as far as punctuation tells.
fn ends_sentence(text: &str, tokens: &[Token], i: usize) -> bool {
    let before = &tokens[i - 1].piece;
    matches!(&text[before.start..before.end], "." | "!" | "?" | "”" | "\"") && tokens[i].piece.starts_word
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::{Case, Layer};
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
                layer: Layer::Outside,
                layout,
            })
            .collect()
    }

    #[test]
    fn cuts_lie_between_paragraphs() {
        let tokens = tokens(&[100, 80, 90]);
        let found = windows(&"x".repeat(270), &tokens);
        assert_eq!(
            found,
            [Window { first: 0, start: 0, end: 180 }, Window { first: 116, start: 180, end: 270 }]
        );
    }

    proptest! {
        #[test]
        fn every_token_is_decided_once(paragraphs in prop::collection::vec(1usize..700, 0..8)) {
            let tokens = tokens(&paragraphs);
            let mut next = 0;
            for w in windows(&"x".repeat(tokens.len()), &tokens) {
                prop_assert_eq!(w.start, next);
                prop_assert!(w.first <= w.start && w.start < w.end && w.end - w.first <= WINDOW);
                next = w.end;
            }
            prop_assert_eq!(next, tokens.len());
        }
    }
}
