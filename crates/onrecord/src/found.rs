//! What attribution finds: a statement's words, before anything is known about what they refer to.

use onrecord_text::{Pieces, Span, StatementKind};

/// A statement as attribution finds it. Its parent is a place in the same list, before its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) kind: StatementKind,
    pub(crate) source: Option<Pieces>,
    pub(crate) cue: Option<Pieces>,
    pub(crate) content: Pieces,
    /// Who speaks, where the form of the text says it by itself.
    pub(crate) speaks: Option<Speaks>,
    pub(crate) parent: Option<FoundId>,
    pub(crate) confidence: f32,
    pub(crate) why: &'static str,
}

/// Who the label of a transcript's turn says speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    /// The person of this name.
    Named(Span),
    /// Whoever the label describes: “THE CHAIR”, “Government members”.
    Described,
}

/// The place of a statement among those of its article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FoundId(pub(crate) usize);

impl Found {
    /// Where it starts, whichever of its fields comes first.
    pub(crate) fn start(&self) -> usize {
        self.fields().map(Pieces::start).fold(self.content.start(), usize::min)
    }

    /// From its first character to its last one.
    pub(crate) fn extent(&self) -> Span {
        self.fields().map(Pieces::extent).fold(self.content.extent(), Span::to)
    }

    /// Whether all of another statement stands inside a piece of this one's content.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        self.content.contains(other.extent())
    }

    fn fields(&self) -> impl Iterator<Item = &Pieces> {
        [self.source.as_ref(), self.cue.as_ref()].into_iter().flatten()
    }
}
