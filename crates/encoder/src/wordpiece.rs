//! Splits text into word pieces: the uncased BERT tokenization, with the byte range of every piece.
//!
//! The rules are those of BERT's `BasicTokenizer` and `WordPieceTokenizer` (Devlin et al. 2019), with which the encoder
//! was trained: drop control characters, set CJK ideographs apart, decompose and drop combining marks, lowercase, split
//! at white space and around punctuation, then match the longest known piece from the left. A test compares the result
//! with the `tokenizers` crate. This implementation exists because it keeps byte offsets into the caller's text through
//! every step and because it tokenizes an archive several times as fast as that crate.

use rustc_hash::FxHashMap;
use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::char::decompose_canonical;

/// A word longer than this many characters becomes one unknown piece, as in BERT.
const LONGEST_WORD: usize = 100;

/// One word piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The index of the piece in the vocabulary.
    pub id: u32,
    /// The start of the piece in the text, in bytes.
    pub start: usize,
    /// The end of the piece in the text, in bytes, exclusive.
    pub end: usize,
    /// Whether the piece is the first one of its word.
    pub starts_word: bool,
}

/// A word-piece vocabulary.
#[derive(Debug)]
pub struct Vocabulary {
    /// Pieces that begin a word.
    initial: FxHashMap<Box<str>, u32>,
    /// Pieces that continue a word, without their `##`.
    continuing: FxHashMap<Box<str>, u32>,
    /// The longest piece in bytes, which bounds every search for a match.
    longest: usize,
    unknown: u32,
    opening: u32,
    closing: u32,
}

/// An error for a vocabulary file without one of the pieces that every text needs.
#[derive(Debug, thiserror::Error)]
#[error("the vocabulary has no {0} piece")]
pub struct MissingPiece(&'static str);

impl Vocabulary {
    /// Reads a vocabulary with one piece per line, numbered from 0 in file order.
    ///
    /// # Errors
    ///
    /// If `[UNK]`, `[CLS]` or `[SEP]` is missing.
    pub fn parse(lines: &str) -> Result<Self, MissingPiece> {
        let mut initial = FxHashMap::default();
        let mut continuing = FxHashMap::default();
        let mut longest = 0;
        for (id, line) in (0u32..).zip(lines.lines()) {
            longest = longest.max(line.len());
            match line.strip_prefix("##") {
                Some(rest) => continuing.insert(rest.into(), id),
                None => initial.insert(line.into(), id),
            };
        }
        let special = |name| initial.get(name).copied().ok_or(MissingPiece(name));
        let (unknown, opening, closing) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Ok(Self { initial, continuing, longest, unknown, opening, closing })
    }

    /// Returns the piece that opens every window given to the encoder (`[CLS]`).
    #[must_use]
    pub fn opening(&self) -> u32 {
        self.opening
    }

    /// Returns the piece that closes every window given to the encoder (`[SEP]`).
    #[must_use]
    pub fn closing(&self) -> u32 {
        self.closing
    }

    /// Returns the word pieces of a text, in order. White space belongs to no piece.
    #[must_use]
    pub fn pieces(&self, text: &str) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(text.len() / 4);
        let mut word = Word::default();
        for (at, c) in text.char_indices() {
            match Class::of(c) {
                Class::Letter => word.push(c, at),
                Class::Alone => {
                    self.finish(&mut word, &mut pieces);
                    word.push(c, at);
                    self.finish(&mut word, &mut pieces);
                }
                Class::Space => self.finish(&mut word, &mut pieces),
                Class::Dropped => {}
            }
        }
        self.finish(&mut word, &mut pieces);
        pieces
    }

    /// Splits the collected word into pieces and empties it.
    fn finish(&self, word: &mut Word, pieces: &mut Vec<Piece>) {
        if word.folded.is_empty() {
            word.clear();
            return;
        }
        let first = pieces.len();
        if !self.split(word, pieces) {
            pieces.truncate(first);
            let (start, end) = word.range(0, word.folded.len());
            pieces.push(Piece { id: self.unknown, start, end, starts_word: true });
        }
        word.clear();
    }

    /// Splits a word by the longest match from the left; returns `false` if some part of the word has no piece.
    fn split(&self, word: &Word, pieces: &mut Vec<Piece>) -> bool {
        if word.characters > LONGEST_WORD {
            return false;
        }
        let mut from = 0;
        while from < word.folded.len() {
            let table = if from == 0 { &self.initial } else { &self.continuing };
            let mut to = word.folded.floor_char_boundary(from + self.longest);
            let id = loop {
                if to <= from {
                    return false;
                }
                if let Some(&id) = table.get(&word.folded[from..to]) {
                    break id;
                }
                to = word.folded.floor_char_boundary(to - 1);
            };
            let (start, end) = word.range(from, to);
            pieces.push(Piece { id, start, end, starts_word: from == 0 });
            from = to;
        }
        true
    }
}

/// A word being collected: its folded form and, for each byte of that form, the character that it came from.
#[derive(Default)]
struct Word {
    folded: String,
    /// For each byte of `folded`, the start and end of the source character in the text.
    origin: Vec<(usize, usize)>,
    characters: usize,
}

impl Word {
    fn push(&mut self, c: char, at: usize) {
        let origin = (at, at + c.len_utf8());
        if c.is_ascii() {
            self.folded.push(c.to_ascii_lowercase());
            self.origin.push(origin);
            self.characters += 1;
            return;
        }
        decompose_canonical(c, |part| {
            if get_general_category(part) == GeneralCategory::NonspacingMark {
                // The mark adds no letter, but it belongs to the letter before it.
                if let Some(last) = self.origin.last_mut() {
                    last.1 = origin.1;
                }
                return;
            }
            for lower in part.to_lowercase() {
                self.folded.push(lower);
                self.origin.extend(std::iter::repeat_n(origin, lower.len_utf8()));
                self.characters += 1;
            }
        });
    }

    /// The range in the text that corresponds to a range of the folded form.
    fn range(&self, from: usize, to: usize) -> (usize, usize) {
        (self.origin[from].0, self.origin[to - 1].1)
    }

    fn clear(&mut self) {
        self.folded.clear();
        self.origin.clear();
        self.characters = 0;
    }
}

/// The effect of a character on the word being collected.
enum Class {
    /// Part of a word.
    Letter,
    /// A word of its own: punctuation and CJK ideographs.
    Alone,
    Space,
    /// Ignored: control and format characters.
    Dropped,
}

impl Class {
    fn of(c: char) -> Self {
        use GeneralCategory as G;
        if c.is_ascii() {
            return match c {
                '\t' | '\n' | '\r' | ' ' => Self::Space,
                c if c.is_ascii_control() => Self::Dropped,
                c if c.is_ascii_punctuation() => Self::Alone,
                _ => Self::Letter,
            };
        }
        if c.is_whitespace() {
            return match c {
                '\u{85}' => Self::Dropped,
                _ => Self::Space,
            };
        }
        if c == char::REPLACEMENT_CHARACTER {
            return Self::Dropped;
        }
        match get_general_category(c) {
            G::Control | G::Format | G::PrivateUse | G::Surrogate => Self::Dropped,
            G::ConnectorPunctuation
            | G::DashPunctuation
            | G::OpenPunctuation
            | G::ClosePunctuation
            | G::InitialPunctuation
            | G::FinalPunctuation
            | G::OtherPunctuation => Self::Alone,
            _ if is_cjk(c) => Self::Alone,
            _ => Self::Letter,
        }
    }
}

/// Whether a character is in one of the blocks of CJK ideographs that BERT treats as words of one character.
fn is_cjk(c: char) -> bool {
    matches!(c as u32,
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x20000..=0x2A6DF | 0x2A700..=0x2B73F
        | 0x2B740..=0x2B81F | 0x2B920..=0x2CEAF | 0xF900..=0xFAFF | 0x2F800..=0x2FA1F)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::parse("[UNK]\n[CLS]\n[SEP]\nun\n##believ\n##able\ncafe\n“\n.\nx").expect("complete")
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let pieces = vocabulary().pieces(text);
        let found: Vec<&str> = pieces.iter().map(|p| &text[p.start..p.end]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn longest_piece_wins_and_offsets_are_of_the_text() {
        check("“Unbelievable.", &["“", "Un", "believ", "able", "."]);
    }

    #[test]
    fn accents_fold_but_keep_their_range() {
        check("Café cafe\u{301}", &["Café", "cafe\u{301}"]);
    }

    #[test]
    fn an_unknown_word_is_one_piece() {
        let v = vocabulary();
        let pieces = v.pieces("xylophone x");
        assert_eq!((pieces[0].id, pieces[0].end, pieces.len()), (0, 9, 2));
    }

    #[test]
    fn a_vocabulary_without_its_special_pieces_is_refused() {
        assert_eq!(
            Vocabulary::parse("[UNK]\n[CLS]").unwrap_err().to_string(),
            "the vocabulary has no [SEP] piece"
        );
    }
}
