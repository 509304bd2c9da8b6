//! Statements as attribution finds them: their words, before anything is resolved.

use onrecord_text::{Pieces, Span, StatementKind};

/// How many statements to look back for one that contains a given statement.
pub(crate) const NEAR: usize = 64;

/// A statement as attribution finds it. Its parent is an earlier statement in the same list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) kind: StatementKind,
    pub(crate) source: Option<Pieces>,
    pub(crate) cue: Option<Pieces>,
    pub(crate) content: Pieces,
    /// The speaker, if the form of the text itself names one.
    pub(crate) speaks: Option<Speaks>,
    pub(crate) parent: Option<FoundId>,
    pub(crate) confidence: f32,
    pub(crate) why: &'static str,
}

/// The speaker that the label of a transcript's turn gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    /// The person with this name.
    Named(Span),
    /// Somebody whom the label only describes: “THE CHAIR”, “Government members”.
    Described,
}

/// The index of a statement among those of its article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FoundId(pub(crate) usize);

impl Found {
    /// The start of the statement, whichever of its fields comes first.
    pub(crate) fn start(&self) -> usize {
        self.fields().map(Pieces::start).fold(self.content.start(), usize::min)
    }

    /// The span from the first character of any field to the last.
    pub(crate) fn extent(&self) -> Span {
        self.fields().map(Pieces::extent).fold(self.content.extent(), Span::to)
    }

    /// Whether another statement has the same words as its source.
    pub(crate) fn shares_source(&self, other: &Self) -> bool {
        self.source.is_some() && self.source == other.source
    }

    /// Whether each part of another statement lies inside a piece of this one's content.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        let mut parts = other.fields().chain([&other.content]).flat_map(Pieces::spans);
        parts.all(|&span| self.content.contains(span))
    }

    /// Source and cue, as far as there are any.
    fn fields(&self) -> impl Iterator<Item = &Pieces> {
        [self.source.as_ref(), self.cue.as_ref()].into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_in_pieces_holds_what_lies_in_several_of_them() {
        let span = |start, end| Span::new(start, end).unwrap();
        let statement = |source: Span, content: Vec<Span>| Found {
            kind: StatementKind::Indirect,
            source: Some(source.into()),
            cue: None,
            content: Pieces::new(content).unwrap(),
            speaks: None,
            parent: None,
            confidence: 1.0,
            why: "",
        };
        // “[Holm], Lund said, [thinks that it is late]”.
        let outer = statement(span(6, 10), vec![span(0, 4), span(17, 40)]);
        assert!(outer.holds(&statement(span(0, 4), vec![span(24, 40)])));
        assert!(!outer.holds(&statement(span(6, 10), vec![span(24, 40)])));
        assert!(!outer.holds(&statement(span(0, 4), vec![span(24, 41)])));
    }
}
