//! A statement found by its form, and what the rules for different forms share.

use onrecord_text::{Block, Pieces, Span};

use crate::found::Speaks;
use crate::reading::Reading;

/// The fewest turns in a transcript or interview.
pub(super) const TURNS: usize = 3;
/// The most paragraphs that a turn may have before the next turn.
pub(super) const TURN_PARAGRAPHS: usize = 8;

/// A statement found by its form.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Form {
    pub(crate) source: Span,
    /// The mark or word that signals the attribution, if there is one.
    pub(crate) cue: Option<Span>,
    pub(crate) content: Pieces,
    /// The speaker, if the form itself names one.
    pub(crate) speaks: Option<Speaks>,
    /// Whether a statement about the same words that has its own cue takes precedence.
    pub(crate) yields: bool,
    /// The reason why it was found, in words for the user.
    pub(crate) why: &'static str,
}

/// Whether a span has more than this many words, counting those that white space separates.
pub(super) fn has_more_words(reading: &Reading<'_>, span: Span, than: usize) -> bool {
    reading.runs(span).nth(than).is_some()
}

/// The last word of a name in lower case, which all names of one person share.
pub(super) fn last_word(reading: &Reading<'_>, name: Span) -> Option<String> {
    Some(reading.runs(name).next_back()?.of(reading.text()).to_lowercase())
}

/// The only person whom the running text of these blocks names, by the first mention in full.
pub(super) fn only_person(reading: &Reading<'_>, blocks: &[Block], persons: &[Span]) -> Option<Span> {
    let end = blocks.last()?.span.end();
    let before = &persons[..persons.partition_point(|p| p.start() < end)];
    let named = |person: &&Span| {
        let block = blocks.get(blocks.partition_point(|b| b.span.end() <= person.start()));
        block.is_some_and(|b| b.kind.is_running() && b.span.contains(**person))
    };
    let mut who: Option<Span> = None;
    for &person in before.iter().filter(named) {
        match who {
            Some(known) if last_word(reading, known) == last_word(reading, person) => {}
            // Somebody else is named too, so it is unclear who speaks.
            Some(_) => return None,
            None => who = has_more_words(reading, person, 1).then_some(person),
        }
    }
    who
}
