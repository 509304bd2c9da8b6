//! Spans: ranges of an article's text.

use std::fmt;
use std::ops::Range;

/// A half-open range of bytes of an article's text, never empty.
///
/// The bounds of a span of an [`Article`](crate::Article) lie on character boundaries of its text. On the wire
/// the same span is counted in Unicode code points: see [`CodePoints`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Invariant: `start < end`.
    start: usize,
    end: usize,
}

impl Span {
    /// The span from `start` to `end`, or `None` where that would be empty.
    pub fn new(start: usize, end: usize) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// The span of a range of `text` less the white space at its ends, or `None` where nothing else is there.
    ///
    /// # Panics
    ///
    /// When the range does not lie on character boundaries of `text`.
    pub fn trimmed(text: &str, range: Range<usize>) -> Option<Self> {
        let part = &text[range.clone()];
        let end = range.start + part.trim_end().len();
        let start = range.end - part.trim_start().len();
        Self::new(start, end)
    }

    /// The first byte.
    pub fn start(self) -> usize {
        self.start
    }

    /// The byte behind the last one.
    pub fn end(self) -> usize {
        self.end
    }

    /// The range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The characters that the span covers.
    ///
    /// # Panics
    ///
    /// When the span is not one of this text.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// Whether the two share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether every byte of `other` lies in this span.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The bytes between this span and another; 0 where they touch or overlap.
    #[must_use]
    pub fn gap(self, other: Self) -> usize {
        other.start.saturating_sub(self.end) + self.start.saturating_sub(other.end)
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// What stands between two pieces when they are read as one text.
pub const BETWEEN_PIECES: &str = " … ";

/// One or more spans of an article that together make one field, in text order.
///
/// `“We won,” she said, “again.”` has one content in two pieces.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pieces {
    /// Invariant: not empty, ascending, and no piece overlaps the next.
    spans: Vec<Span>,
}

impl Pieces {
    /// The field made of these spans; overlapping ones are merged. `None` where there are none.
    pub fn new(mut spans: Vec<Span>) -> Option<Self> {
        spans.sort_unstable();
        spans.dedup_by(|next, last| {
            let overlap = last.overlaps(*next);
            if overlap {
                *last = last.to(*next);
            }
            overlap
        });
        (!spans.is_empty()).then_some(Self { spans })
    }

    /// The pieces in text order.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Where the first piece starts.
    pub fn start(&self) -> usize {
        self.spans[0].start
    }

    /// Where the last piece ends.
    pub fn end(&self) -> usize {
        self.spans[self.spans.len() - 1].end
    }

    /// The smallest span that holds every piece.
    pub fn extent(&self) -> Span {
        Span { start: self.start(), end: self.end() }
    }

    /// Whether some piece shares a byte with `span`.
    pub fn overlaps(&self, span: Span) -> bool {
        self.spans.iter().any(|s| s.overlaps(span))
    }

    /// Whether `span` lies within one of the pieces.
    pub fn contains(&self, span: Span) -> bool {
        self.spans.iter().any(|s| s.contains(span))
    }

    /// The characters of the pieces; a gap between two reads [`BETWEEN_PIECES`].
    pub fn text(&self, text: &str) -> String {
        let parts: Vec<&str> = self.spans.iter().map(|s| s.of(text)).collect();
        parts.join(BETWEEN_PIECES)
    }
}

impl From<Span> for Pieces {
    fn from(span: Span) -> Self {
        Self { spans: vec![span] }
    }
}

/// Converts between byte offsets and code point offsets of one text.
///
/// Built once in one pass over the text; each conversion then scans at most one stride.
#[derive(Debug)]
pub struct CodePoints<'a> {
    text: &'a str,
    /// For every multiple of [`STRIDE`] bytes, the code points that start before it.
    before: Vec<usize>,
}

/// Bytes between two entries of the table.
const STRIDE: usize = 256;

impl<'a> CodePoints<'a> {
    /// Reads the text once.
    pub fn new(text: &'a str) -> Self {
        let mut before = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut count = 0;
        for chunk in text.as_bytes().chunks(STRIDE) {
            before.push(count);
            count += starts(chunk);
        }
        before.push(count);
        Self { text, before }
    }

    /// The number of code points that start before byte `at`.
    ///
    /// # Panics
    ///
    /// When `at` lies behind the end of the text.
    pub fn at_byte(&self, at: usize) -> usize {
        let stride = at / STRIDE;
        self.before[stride] + starts(&self.text.as_bytes()[stride * STRIDE..at])
    }

    /// The byte at which code point number `n` starts, or `None` behind the end of the text. The number of code
    /// points itself gives the text's length.
    pub fn to_byte(&self, n: usize) -> Option<usize> {
        let stride = self.before.partition_point(|&count| count <= n) - 1;
        let mut left = n - self.before[stride];
        let from = stride * STRIDE;
        for (i, &b) in self.text.as_bytes().get(from..).unwrap_or_default().iter().enumerate() {
            if is_start(b) {
                if left == 0 {
                    return Some(from + i);
                }
                left -= 1;
            }
        }
        (left == 0).then_some(self.text.len())
    }

    /// A span as the wire shows it.
    pub fn wire(&self, span: Span) -> [usize; 2] {
        [self.at_byte(span.start), self.at_byte(span.end)]
    }

    /// The span that the wire's `[start, end]` names, or `None` where it is empty or not in the text.
    pub fn span(&self, [start, end]: [usize; 2]) -> Option<Span> {
        Span::new(self.to_byte(start)?, self.to_byte(end)?)
    }
}

fn is_start(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&b| is_start(b)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn code_points_are_not_bytes() {
        let text = "😀 “hi” e\u{301}";
        let points = CodePoints::new(text);
        let hi = Span::new(text.find("hi").unwrap(), text.find("hi").unwrap() + 2).unwrap();
        assert_eq!(points.wire(hi), [3, 5]);
        assert_eq!(points.span([3, 5]), Some(hi));
        assert_eq!(points.to_byte(9), Some(text.len()));
        assert_eq!(points.to_byte(10), None);
    }

    #[test]
    fn trimming_leaves_no_empty_span() {
        assert_eq!(Span::trimmed("a  \n b", 1..5), None);
        assert_eq!(Span::trimmed("a  bc ", 1..6), Span::new(3, 5));
    }

    #[test]
    fn pieces_are_ordered_and_merged() {
        let span = |a, b| Span::new(a, b).unwrap();
        let pieces = Pieces::new(vec![span(8, 9), span(0, 3), span(2, 5)]).unwrap();
        assert_eq!(pieces.spans(), [span(0, 5), span(8, 9)]);
        assert_eq!(Pieces::new(vec![]), None);
    }

    proptest! {
        #[test]
        fn every_boundary_survives_the_wire(text in ".{0,900}") {
            let points = CodePoints::new(&text);
            let boundaries = text.char_indices().map(|(i, _)| i).chain([text.len()]);
            for (n, byte) in boundaries.enumerate() {
                prop_assert_eq!(points.at_byte(byte), n);
                prop_assert_eq!(points.to_byte(n), Some(byte));
            }
        }
    }
}
