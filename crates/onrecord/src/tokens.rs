//! What the encoder sees of an article: its word pieces, and for each the shape that an uncased vocabulary loses.

use onrecord_encoder::wordpiece::{Piece, Vocabulary};

use crate::quotes::Quotation;

/// The number of [`Case`] values.
pub const CASES: usize = 7;
/// The number of [`Layer`] values.
pub const LAYERS: usize = 5;
/// The number of [`Layout`] values.
pub const LAYOUTS: usize = 3;

/// The letter case of the word that a piece belongs to. The numbers are those of the trained embedding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Case {
    /// Punctuation and symbols.
    None = 0,
    Lower = 1,
    /// `Minister`
    Capitalised = 2,
    /// `NATO`
    Upper = 3,
    /// `McCain`, `iPhone`
    Mixed = 4,
    /// Anything with a digit.
    Digits = 5,
    /// `I`, `A`: a single capital says little.
    Initial = 6,
}

/// Where a piece stands to quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Layer {
    Outside = 0,
    Double = 1,
    Single = 2,
    Guillemets = 3,
    /// In a quotation whose closing mark is missing.
    Unclosed = 4,
}

/// Where a piece stands in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Layout {
    Inner = 0,
    /// The first piece of a line.
    LineStart = 1,
    /// The first piece of a line that an empty line sets apart.
    ParagraphStart = 2,
}

/// A word piece and its shape.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// The piece and its bytes.
    pub piece: Piece,
    /// Letter case of the piece's word.
    pub case: Case,
    /// Its place in quotation marks.
    pub layer: Layer,
    /// Its place in the line.
    pub layout: Layout,
}

impl Token {
    /// The numbers that the encoder looks up beside the piece's own: case, layer, layout.
    pub fn shape(&self) -> [u8; 3] {
        [self.case as u8, self.layer as u8, self.layout as u8]
    }
}

/// The word pieces of a text with their shapes.
pub fn tokens(text: &str, vocabulary: &Vocabulary, quotations: &[Quotation]) -> Vec<Token> {
    use crate::quotes::{Ending, Marks};
    let pieces = vocabulary.pieces(text);
    let mut tokens: Vec<Token> = Vec::with_capacity(pieces.len());
    let mut quotations = quotations.iter().peekable();
    let mut last_end = 0;
    let mut case = Case::None;
    for (i, &piece) in pieces.iter().enumerate() {
        if piece.starts_word {
            let end = pieces[i + 1..].iter().take_while(|p| !p.starts_word).last().unwrap_or(&piece).end;
            case = case_of(&text[piece.start..end]);
        }
        while quotations.peek().is_some_and(|q| q.span.end() <= piece.start) {
            quotations.next();
        }
        let layer = match quotations.peek().filter(|q| q.span.start() <= piece.start) {
            None => Layer::Outside,
            Some(q) if q.ending == Ending::Unclosed => Layer::Unclosed,
            Some(q) => match q.marks {
                Marks::Double => Layer::Double,
                Marks::Single => Layer::Single,
                Marks::Guillemets => Layer::Guillemets,
            },
        };
        let layout = match text[last_end..piece.start].bytes().filter(|&b| b == b'\n').count() {
            0 if i > 0 => Layout::Inner,
            1 => Layout::LineStart,
            _ => Layout::ParagraphStart,
        };
        last_end = piece.end;
        tokens.push(Token { piece, case, layer, layout });
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
