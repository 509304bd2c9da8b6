//! Finds quotations by pairing quotation marks.
//!
//! Newspapers open a quotation again in each of its paragraphs and close it only in the last; marks go missing; an
//! apostrophe looks like a closing single mark. So each mark is judged by the characters beside it, a pair never
//! crosses a line, and a quotation left open records how it ends.

use std::ops::Range;

use onrecord_text::{Block, Span};

/// A stretch of text between quotation marks, within one block. Quotations inside it are part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// The span from the opening mark to the closing mark, including both.
    pub span: Span,
    /// The kind of marks around it.
    pub marks: Marks,
    /// How it ends.
    pub ending: Ending,
    /// Whether it continues the quotation that the preceding block left open.
    pub resumes: bool,
}

impl Quotation {
    /// The part between its marks, which is empty if it has no words.
    pub(crate) fn between_marks(&self, text: &str) -> Range<usize> {
        let quoted = self.span.of(text);
        let is_mark = |c: &char| !c.is_alphanumeric() && !c.is_whitespace();
        let opening = quoted.chars().next().filter(is_mark).map_or(0, char::len_utf8);
        let closing = match self.ending {
            Ending::Closed => quoted.chars().next_back().map_or(0, char::len_utf8),
            Ending::Continued | Ending::Unclosed => 0,
        };
        self.span.start() + opening..self.span.end() - closing
    }

    /// The last character before its closing mark and those of quotations that end with it.
    pub(crate) fn last_character(&self, text: &str) -> Option<char> {
        self.span.of(text).trim_end_matches(['’', '\'', '”', '"']).chars().next_back()
    }
}

/// The kind of quotation mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// `“ ”`, `" "`, `„ “`, ` `` '' `.
    Double,
    /// `‘ ’`, `' '`.
    Single,
    /// `« »`.
    Guillemets,
}

/// How a quotation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With its closing mark.
    Closed,
    /// At the end of its block; the next block opens it again.
    Continued,
    /// Without a closing mark: at the next opening mark, or at the end of the block.
    Unclosed,
}

/// Elided words whose apostrophe does not open a quotation: `’em`, `’twas`, `’til`.
const ELIDED: [&str; 8] = ["em", "twas", "tis", "til", "till", "cause", "bout", "n"];
/// The length of the longest elided word, in bytes.
const LONGEST_ELIDED: usize = 5;

/// Returns the outermost quotations of a text in text order; each lies within one block.
#[must_use]
pub fn quotations(text: &str, blocks: &[Block]) -> Vec<Quotation> {
    let mut found: Vec<Quotation> = Vec::new();
    for block in blocks {
        let first = found.len();
        let left_open = found.last().is_some_and(|q| q.ending == Ending::Continued);
        in_block(block.span.of(text), block.span.start(), &mut found);
        if left_open {
            resume(first, block.span.start(), &mut found);
        }
    }
    if let Some(last) = found.last_mut().filter(|q| q.ending == Ending::Continued) {
        last.ending = Ending::Unclosed;
    }
    found
}

/// Returns the quotations inside another quotation.
#[must_use]
pub fn inside(text: &str, quotation: &Quotation) -> Vec<Quotation> {
    let mut found = Vec::new();
    let outer = quotation.span.of(text);
    let opening = Mark::next(outer, 0).map_or(0, |mark| mark.end);
    in_block(&outer[opening..], quotation.span.start() + opening, &mut found);
    found
}

/// Joins a block's first quotation to the one that the preceding block left open, or marks that one as unclosed.
fn resume(first: usize, block_start: usize, found: &mut [Quotation]) {
    let marks = found[first - 1].marks;
    match found.get_mut(first).filter(|q| q.marks == marks && q.span.start() == block_start) {
        Some(next) => next.resumes = true,
        None => found[first - 1].ending = Ending::Unclosed,
    }
}

/// Adds the quotations of one block that starts at byte `offset` of the text.
fn in_block(line: &str, offset: usize, found: &mut Vec<Quotation>) {
    let mut push = |start: usize, end: usize, marks, ending| {
        if let Some(span) =
            Span::trimmed(line, start..end).and_then(|s| Span::new(s.start() + offset, s.end() + offset))
        {
            found.push(Quotation { span, marks, ending, resumes: false });
        }
    };
    let mut open: Option<(usize, Marks)> = None;
    for mark in judged(line) {
        match open {
            None => {
                if let Some(marks) = mark.opens {
                    open = Some((mark.start, marks));
                }
            }
            Some((start, marks)) => {
                if mark.closes(line, marks) {
                    push(start, mark.end, marks, Ending::Closed);
                    open = None;
                } else if marks != Marks::Single && mark.opens == Some(marks) {
                    push(start, mark.start, marks, Ending::Unclosed);
                    open = Some((mark.start, marks));
                }
            }
        }
    }
    if let Some((start, marks)) = open {
        push(start, line.len(), marks, Ending::Continued);
    }
}

/// The marks of a line, each with its function. The function of a single mark depends on the marks after it, so they
/// are judged from the end.
fn judged(line: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut at = 0;
    while let Some(mark) = Mark::next(line, at) {
        at = mark.end;
        marks.push(mark);
    }
    let mut behind = Behind::default();
    for mark in marks.iter_mut().rev() {
        mark.closes_single = mark.closes_single(line, behind);
        mark.opens = mark.opens(line, behind);
        behind.double |= matches!(mark.kind, '”' | '"');
        behind.single |= mark.closes_single;
        if mark.is_firm(line) {
            behind.firm = true;
        } else if mark.opens.is_some() {
            behind.firm = false;
        }
    }
    marks
}

/// The marks that follow in a line.
#[derive(Clone, Copy, Default)]
struct Behind {
    /// A double closing mark or a straight double mark follows.
    double: bool,
    /// A mark follows that closes a single quotation.
    single: bool,
    /// An apostrophe or single mark that cannot belong to a plural follows before the next opening mark.
    firm: bool,
}

/// A character, or two, that may be a quotation mark.
struct Mark {
    start: usize,
    end: usize,
    kind: char,
    /// The kind of quotation that this mark opens, if any.
    opens: Option<Marks>,
    /// Whether it closes a single quotation.
    closes_single: bool,
}

impl Mark {
    /// The first possible mark at or after `from`.
    fn next(line: &str, from: usize) -> Option<Self> {
        const MARKS: [char; 12] = ['"', '“', '”', '„', '‟', '«', '»', '‘', '’', '\'', '`', '＂'];
        let start = from + line[from..].find(MARKS)?;
        let rest = &line[start..];
        if rest.starts_with("``") || rest.starts_with("''") {
            let kind = if rest.starts_with('`') { '“' } else { '”' };
            return Some(Self { start, end: start + 2, kind, opens: None, closes_single: false });
        }
        let kind = rest.chars().next()?;
        let end = start + kind.len_utf8();
        let kind = if kind == '＂' { '"' } else { kind };
        Some(Self { start, end, kind, opens: None, closes_single: false })
    }

    fn before(&self, line: &str) -> Option<char> {
        line[..self.start].chars().next_back()
    }

    fn after(&self, line: &str) -> Option<char> {
        line[self.end..].chars().next()
    }

    /// Whether the mark is placed like an opening mark: not after a word, and directly before one.
    fn leans_right(&self, line: &str) -> bool {
        let behind_word =
            self.before(line).is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ',' | '!' | '?'));
        let before_space = self.after(line).is_none_or(char::is_whitespace);
        !behind_word && !before_space
    }

    fn opens(&self, line: &str, behind: Behind) -> Option<Marks> {
        match self.kind {
            '“' | '„' | '‟' => Some(Marks::Double),
            '"' => self.leans_right(line).then_some(Marks::Double),
            // A mistyped mark: a closing mark before a word, with another closing mark after it.
            '”' => {
                let behind_space = self.before(line).is_none_or(char::is_whitespace);
                (behind_space && self.leans_right(line) && behind.double).then_some(Marks::Double)
            }
            '«' => Some(Marks::Guillemets),
            '‘' | '\'' | '`' => (behind.single && self.opens_single(line)).then_some(Marks::Single),
            _ => None,
        }
    }

    /// Whether a single mark may open a quotation: a word that is not an elision must follow. `opens` also requires a
    /// closing mark after it.
    fn opens_single(&self, line: &str) -> bool {
        let rest = &line[self.end..];
        let word = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let starts_well = rest
            .starts_with(|c: char| c.is_alphabetic() || matches!(c, '[' | '…' | '“' | '"' | '$'))
            || (rest.starts_with(|c: char| c.is_ascii_digit()) && !word.ends_with('s'));
        let elided = word.len() <= LONGEST_ELIDED && ELIDED.contains(&word.to_lowercase().as_str());
        starts_well && self.leans_right(line) && !elided
    }

    /// Whether the mark closes a quotation that was opened with `marks`.
    fn closes(&self, line: &str, marks: Marks) -> bool {
        match (marks, self.kind) {
            (Marks::Double, '”') | (Marks::Guillemets, '»') => true,
            // „German“ quotations close with the mark that opens English ones; so does a mistyped quotation.
            (Marks::Double, '“') => !self.leans_right(line),
            (Marks::Double, '"') => !self.reopens(line),
            (Marks::Single, _) => self.closes_single,
            _ => false,
        }
    }

    /// Whether a straight mark opens another quotation, even inside one: a space before it and a word after it.
    fn reopens(&self, line: &str) -> bool {
        self.before(line).is_some_and(char::is_whitespace)
            && self.after(line).is_some_and(|c| c.is_alphanumeric() || c == '[')
    }

    /// Whether a mark closes a single quotation. An apostrophe comes between letters (`don’t`) or after a plural
    /// (`workers’ union`); a closing mark comes after the end of a sentence or clause, or before one.
    fn closes_single(&self, line: &str, behind: Behind) -> bool {
        let before = self.before(line);
        let after = self.after(line);
        let apart = before.is_none_or(char::is_whitespace) || after.is_some_and(char::is_alphanumeric);
        if apart || !matches!(self.kind, '’' | '\'') {
            return false;
        }
        let plural = before.is_some_and(|c| c == 's') && after.is_some_and(char::is_whitespace);
        // After an s and before a space it may be either: it closes unless a more likely closing mark follows.
        !plural || !behind.firm
    }

    /// Whether the mark closes and cannot be the apostrophe of a plural.
    fn is_firm(&self, line: &str) -> bool {
        matches!(self.kind, '’' | '\'')
            && self.before(line).is_some_and(|c| !c.is_whitespace() && c != 's')
            && !self.after(line).is_some_and(char::is_alphanumeric)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use onrecord_text::BlockKind;
    use proptest::prelude::*;

    /// The quotations of a text in which every line is a paragraph.
    fn of_lines(text: &str) -> Vec<Quotation> {
        let mut start = 0;
        let mut blocks = Vec::new();
        for line in text.split('\n') {
            let span = Span::trimmed(text, start..start + line.len());
            blocks.extend(span.map(|span| Block { kind: BlockKind::Paragraph, span }));
            start += line.len() + 1;
        }
        quotations(text, &blocks)
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = of_lines(text).iter().map(|q| q.span.of(text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn curly_straight_low_and_angle_marks() {
        check(
            "“One,” she said, \"two\" and „three“, „four” and «five» and ``six''.",
            &["“One,”", "\"two\"", "„three“", "„four”", "«five»", "``six''"],
        );
    }

    #[test]
    fn apostrophes_are_not_marks() {
        check("It’s the workers’ day and ’em dogs don't bark in the '90s.", &[]);
        check("‘It’s the workers’ day,’ he said.", &["‘It’s the workers’ day,’"]);
        check("He said 'don't go' twice.", &["'don't go'"]);
    }

    #[test]
    fn inches_and_stray_marks_open_nothing() {
        check("A 6'2\" man left the room.", &[]);
    }

    #[test]
    fn an_inner_quotation_is_part_of_the_outer_one() {
        check("“She told me ‘no’ and left,” he said.", &["“She told me ‘no’ and left,”"]);
    }

    #[test]
    fn a_quotation_over_paragraphs_is_opened_anew() {
        let text = "“We start.\n\n“We go on.\n\n“We end,” she said.";
        let endings: Vec<_> = of_lines(text).iter().map(|q| (q.ending, q.resumes)).collect();
        assert_eq!(endings, [(Ending::Continued, false), (Ending::Continued, true), (Ending::Closed, true)]);
    }

    #[test]
    fn an_unclosed_mark_ends_with_its_line() {
        let text = "“We start, he said.\n\nNobody came.";
        assert_eq!(of_lines(text)[0].ending, Ending::Unclosed);
        check("\"We start, he said. \"We go.\"", &["\"We start, he said.", "\"We go.\""]);
    }

    proptest! {
        #[test]
        fn quotations_are_ordered_and_apart(text in "[a-z ,.“”\"'‘’«»\n]{0,80}") {
            for pair in of_lines(&text).windows(2) {
                prop_assert!(pair[0].span.end() <= pair[1].span.start());
            }
        }
    }
}
