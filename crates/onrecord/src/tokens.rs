//! The encoder's input: the word pieces of an article, each with the shape that an uncased vocabulary loses.

use onrecord_encoder::wordpiece::{Piece, Vocabulary};

use onrecord_text::{Article, BlockKind};

use crate::quotes::{Ending, Marks, Quotation};

/// The letter case of a piece's word. The numbers match the trained embedding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Case {
    /// Punctuation and symbols.
    None = 0,
    /// `minister`
    Lower = 1,
    /// `Minister`
    Capitalised = 2,
    /// `NATO`
    Upper = 3,
    /// `McCain`, `iPhone`
    Mixed = 4,
    /// Anything with a digit.
    Digits = 5,
    /// `I`, `A`: a single capital carries little information.
    Initial = 6,
}

/// The kind of quotation around a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Enclosure {
    /// Not in a quotation.
    Outside = 0,
    /// Between double marks.
    Double = 1,
    /// Between single marks.
    Single = 2,
    /// Between guillemets.
    Guillemets = 3,
    /// In a quotation that has no closing mark.
    Unclosed = 4,
}

impl Enclosure {
    fn of(quotation: &Quotation) -> Self {
        match (quotation.ending, quotation.marks) {
            (Ending::Unclosed, _) => Self::Unclosed,
            (_, Marks::Double) => Self::Double,
            (_, Marks::Single) => Self::Single,
            (_, Marks::Guillemets) => Self::Guillemets,
        }
    }
}

/// The position of a piece in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Layout {
    /// Any position except the start.
    Inner = 0,
    /// The first piece of a line.
    LineStart = 1,
    /// The first piece of a line that follows an empty line.
    ParagraphStart = 2,
}

/// A word piece with its shape.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// The piece and its span in bytes.
    pub piece: Piece,
    /// The letter case of the piece's word.
    pub case: Case,
    /// The kind of quotation around it.
    pub enclosure: Enclosure,
    /// Its position in the line.
    pub layout: Layout,
}

impl Token {
    /// Returns the indices that the encoder looks up in addition to the piece's own: case, enclosure and layout.
    #[must_use]
    pub fn shape(&self) -> [u8; 3] {
        [self.case as u8, self.enclosure as u8, self.layout as u8]
    }
}

/// Returns the word pieces of an article with their shapes. Bylines and credits contain no statements and are left out,
/// as is any text outside blocks.
#[must_use]
pub fn tokens(article: &Article, quotations: &[Quotation], vocabulary: &Vocabulary) -> Vec<Token> {
    let text = article.text.as_str();
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 4);
    let mut quotations = quotations.iter().peekable();
    let mut last_end = 0;
    for block in &article.blocks {
        if matches!(block.kind, BlockKind::Byline | BlockKind::Credit) {
            continue;
        }
        let start = block.span.start();
        let breaks = text[last_end..start].bytes().filter(|&b| b == b'\n').count();
        last_end = block.span.end();
        let mut layout = match breaks {
            // A dateline and the paragraph that it opens are two blocks on one line.
            0 if !tokens.is_empty() => Layout::Inner,
            1 => Layout::LineStart,
            _ => Layout::ParagraphStart,
        };
        let pieces = vocabulary.pieces(block.span.of(text));
        let mut case = Case::None;
        for (i, &piece) in pieces.iter().enumerate() {
            let piece = Piece { start: piece.start + start, end: piece.end + start, ..piece };
            if piece.starts_word {
                let last = pieces[i + 1..].iter().take_while(|p| !p.starts_word).last();
                case = case_of(&text[piece.start..last.map_or(piece.end, |p| p.end + start)]);
            }
            while quotations.peek().is_some_and(|q| q.span.end() <= piece.start) {
                quotations.next();
            }
            let enclosure = quotations
                .peek()
                .filter(|q| q.span.start() <= piece.start)
                .map_or(Enclosure::Outside, |q| Enclosure::of(q));
            tokens.push(Token { piece, case, enclosure, layout });
            layout = Layout::Inner;
        }
    }
    tokens
}

fn case_of(word: &str) -> Case {
    if word.chars().any(char::is_numeric) {
        return Case::Digits;
    }
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else { return Case::None };
    let (mut upper, mut lower) = (0, 0);
    for c in letters {
        if c.is_uppercase() {
            upper += 1;
        } else {
            lower += 1;
        }
    }
    match (first.is_uppercase(), upper, lower) {
        (false, 0, _) => Case::Lower,
        (true, 0, 0) => Case::Initial,
        (true, 0, _) => Case::Capitalised,
        (true, _, 0) => Case::Upper,
        _ => Case::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_that_of_the_whole_word() {
        for (word, case) in [
            ("said", Case::Lower),
            ("Ivanov", Case::Capitalised),
            ("RT", Case::Upper),
            ("McCain", Case::Mixed),
            ("A", Case::Initial),
            ("2nd", Case::Digits),
            ("—", Case::None),
        ] {
            assert_eq!(case_of(word), case, "{word}");
        }
    }
}
