//! Spans: ranges of an article's text.

use std::fmt;
use std::ops::Range;

/// A non-empty, half-open range of bytes in an article's text.
///
/// The bounds of a span of an [`Article`](crate::Article) lie on character boundaries of its text. The wire format
/// counts the same span in Unicode code points: see [`CodePoints`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Invariant: `start < end`.
    start: usize,
    end: usize,
}

impl Span {
    /// Creates the span from `start` to `end`, or returns `None` if it would be empty.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// Creates the span of a range of `text` without the white space at its ends.
    ///
    /// Returns `None` if the range holds only white space.
    ///
    /// # Panics
    ///
    /// Panics if the range does not lie on character boundaries of `text`.
    #[must_use]
    pub fn trimmed(text: &str, range: Range<usize>) -> Option<Self> {
        let part = &text[range.clone()];
        let end = range.start + part.trim_end().len();
        let start = range.end - part.trim_start().len();
        Self::new(start, end)
    }

    /// Returns the offset of the first byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start
    }

    /// Returns the offset just after the last byte.
    #[must_use]
    pub fn end(self) -> usize {
        self.end
    }

    /// Returns the span as a range of bytes.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Returns the part of `text` that the span covers.
    ///
    /// # Panics
    ///
    /// Panics if the span is not a span of this text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// Returns whether the two spans share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Returns whether every byte of `other` lies in this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns the number of bytes between this span and another, which is 0 if they touch or overlap.
    #[must_use]
    pub fn gap(self, other: Self) -> usize {
        other.start.saturating_sub(self.end) + self.start.saturating_sub(other.end)
    }

    /// Returns the smallest span that contains both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// The separator between two pieces when they are joined into one text.
pub const BETWEEN_PIECES: &str = " … ";

/// One or more spans of an article that together form one field, in text order.
///
/// For example, `“We won,” she said, “again.”` has one content in two pieces.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pieces(Spans);

/// Spans in ascending order and without overlaps. Nearly all fields have one, and a book has millions of fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Spans {
    One(Span),
    /// Invariant: two or more.
    Several(Box<[Span]>),
}

impl Pieces {
    /// Creates a field from these spans, merging any that overlap. Returns `None` if there are no spans.
    #[must_use]
    pub fn new(mut spans: Vec<Span>) -> Option<Self> {
        spans.sort_unstable();
        spans.dedup_by(|next, last| {
            let overlap = last.overlaps(*next);
            if overlap {
                *last = last.to(*next);
            }
            overlap
        });
        match *spans.as_slice() {
            [] => None,
            [only] => Some(only.into()),
            _ => Some(Self(Spans::Several(spans.into()))),
        }
    }

    /// Returns the pieces in text order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        match &self.0 {
            Spans::One(span) => std::slice::from_ref(span),
            Spans::Several(spans) => spans,
        }
    }

    /// Returns the start of the first piece.
    #[must_use]
    pub fn start(&self) -> usize {
        self.spans()[0].start
    }

    /// Returns the end of the last piece.
    #[must_use]
    pub fn end(&self) -> usize {
        self.spans()[self.spans().len() - 1].end
    }

    /// Returns the smallest span that contains every piece.
    #[must_use]
    pub fn extent(&self) -> Span {
        Span { start: self.start(), end: self.end() }
    }

    /// Returns whether any piece shares a byte with `span`.
    #[must_use]
    pub fn overlaps(&self, span: Span) -> bool {
        self.spans().iter().any(|s| s.overlaps(span))
    }

    /// Returns whether `span` lies within one of the pieces.
    #[must_use]
    pub fn contains(&self, span: Span) -> bool {
        self.spans().iter().any(|s| s.contains(span))
    }

    /// Returns the text of the pieces, joined by [`BETWEEN_PIECES`].
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let parts: Vec<&str> = self.spans().iter().map(|s| s.of(text)).collect();
        parts.join(BETWEEN_PIECES)
    }
}

impl From<Span> for Pieces {
    fn from(span: Span) -> Self {
        Self(Spans::One(span))
    }
}

/// Converts between byte offsets and code point offsets of one text.
///
/// Building it takes one pass over the text. Each conversion then scans at most one stride.
#[derive(Debug)]
pub struct CodePoints<'a> {
    text: &'a str,
    /// For every multiple of [`STRIDE`] bytes, the number of code points that start before it.
    before: Vec<usize>,
}

/// The number of bytes between two entries of the table.
const STRIDE: usize = 256;

impl<'a> CodePoints<'a> {
    /// Builds the table in one pass over the text.
    #[must_use]
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

    /// Returns the number of code points that start before byte `at`.
    ///
    /// # Panics
    ///
    /// Panics if `at` is past the end of the text.
    #[must_use]
    pub fn at_byte(&self, at: usize) -> usize {
        let stride = at / STRIDE;
        self.before[stride] + starts(&self.text.as_bytes()[stride * STRIDE..at])
    }

    /// Returns the byte at which code point number `n` starts, or `None` if that is past the end of the text.
    ///
    /// If `n` is the number of code points in the text, this is the text's length.
    #[must_use]
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

    /// Converts a span to the `[start, end]` of the wire format.
    #[must_use]
    pub fn wire(&self, span: Span) -> [usize; 2] {
        [self.at_byte(span.start), self.at_byte(span.end)]
    }

    /// Converts the wire format's `[start, end]` to a span, or returns `None` if that is empty or not in the text.
    #[must_use]
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
