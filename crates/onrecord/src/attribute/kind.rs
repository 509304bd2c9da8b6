//! Whether a statement is direct, indirect or mixed, and the reason that users see for it.

use onrecord_text::{Pieces, StatementKind};

use crate::quotes::Quotation;
use crate::reading::{Reading, Shape};

/// Whether a content is direct, indirect or mixed, by the share of its words between quotation marks.
pub(super) fn kind(reading: &Reading<'_>, quotations: &[Quotation], content: &Pieces) -> StatementKind {
    let (mut quoted, mut plain) = (false, false);
    for span in content.spans() {
        let words = reading.words_of(*span).iter().map(|w| reading.word(w));
        for word in words.filter(|w| w.shape != Shape::Mark) {
            let at = word.span().start().max(span.start());
            let next = quotations.partition_point(|q| q.span.end() <= at);
            let inside = quotations.get(next).is_some_and(|q| q.span.start() <= at);
            quoted |= inside;
            plain |= !inside;
        }
    }
    match (quoted, plain) {
        (true, false) => StatementKind::Direct,
        (true, true) => StatementKind::Mixed,
        (false, _) => StatementKind::Indirect,
    }
}

/// The reason why a statement was found, in words for the user.
pub(super) fn reason(kind: StatementKind, goes_on: bool, relayed: bool) -> &'static str {
    match (kind, goes_on, relayed) {
        (StatementKind::Indirect, _, false) => "a cue with content",
        (StatementKind::Indirect, _, true) => "a cue with content inside another's content",
        (_, false, false) => "a cue with quoted content",
        (_, false, true) => "a cue with quoted content inside another's content",
        (_, true, _) => "a cue with quoted content; its quotation goes on in the next paragraph",
    }
}
