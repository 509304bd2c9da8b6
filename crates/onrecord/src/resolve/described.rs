//! The members whom the words of a source name beside what these words say about them: “the state-owned broadcaster Ravn
//! Radio”, “a Harbour Board statement”.

use onrecord_text::EntityKind;

use super::cast::{MemberId, Use};
use super::context::Context;
use super::names::{country_named, ends_with_medium};
use super::source::{Source, head};
use crate::english::{WITH, singular};
use crate::found::NEAR;
use crate::lists::{List, country_of_word};
use crate::reading::{Reading, Shape, WordId, WordRange};

/// The most words before a name that describe it.
const LONGEST_DESCRIPTION: usize = 12;

/// The organisation or place that a source names, with nothing but an article before the name. `None` if the name may be
/// short for a longer one, as “the Senate” for the Senate Harbour Committee.
pub(super) fn named_alone(context: &Context<'_>, source: &Source) -> Option<MemberId> {
    let (reading, cast) = (context.reading, context.cast);
    let name = cast.within(source.span).next()?;
    let before = WordRange { end: name.words.start, ..source.words };
    let after = WordRange { start: name.words.end, ..source.words };
    let whole = before.iter().all(|w| reading.listed(w, List::Articles))
        && after.iter().all(|w| reading.word(w).is_possessive());
    let member = cast.member(name.member);
    let written = |words: WordRange| words.iter().map(|w| reading.lower(w));
    let fullest = member.fullest()?.words;
    let longer =
        fullest.len() > name.words.len() && written(fullest).zip(written(name.words)).all(|(a, b)| a == b);
    let proper = name.words.iter().all(|w| reading.word(w).shape != Shape::Small);
    (whole && proper && !longer && member.kind != EntityKind::Person).then_some(name.member)
}

/// The organisation that some words name beside what they say about it: “the state-owned broadcaster Ravn Radio”,
/// “Norland’s Ravn Radio news agency”, “one of these groups, the Ravn Rowing Club (RRC)”. `None` for “the Ravn Radio
/// union”, which is another organisation.
pub(super) fn named_and_described(context: &Context<'_>, words: WordRange) -> Option<MemberId> {
    let (reading, cast) = (context.reading, context.cast);
    let span = reading.span_of(words)?;
    let is_organization = |u: &&Use| cast.member(u.member).kind == EntityKind::Organization;
    // “The North Korean news agency” is not North Korea.
    let is_modifier = |u: &Use| is_adjective(reading, *u) || country_named(reading, u.words).is_some();
    let name = cast.within(span).rfind(is_organization).filter(|u| !is_modifier(u))?;
    let before = WordRange { end: name.words.start, ..words };
    let rest = WordRange { start: name.words.end, ..words };
    let article = |w: WordId| reading.listed(w, List::Articles);
    let apposed = before.iter().rev().find(|&w| !article(w)).is_some_and(|w| reading.written(w) == ",");
    if apposed {
        let ends = rest.is_empty() || rest.len() == 3 && reading.written(rest.start) == "(";
        let only = cast.within(span).all(|u| u.member == name.member);
        return (ends && only).then_some(name.member);
    }
    let mark = rest.iter().find(|&w| matches!(reading.written(w), "," | "("));
    let after = WordRange { end: mark.unwrap_or(rest.end), ..rest };
    let place = |w: WordId| {
        let is_place = |u: &Use| cast.member(u.member).kind == EntityKind::Place;
        let part = |u: &Use| is_place(u) && u.words.iter().any(|p| p == w);
        country_of_word(reading.lower(w)).is_some() || cast.within(span).any(part)
    };
    let owner = before.iter().rev().find(|&w| reading.word(w).is_possessive());
    let function = [List::Prepositions, List::PronounsRelative, List::Coordinators];
    let describes = |w: WordId| {
        let word = reading.word(w);
        let opens = reading.sentence_of(w).start == w || reading.written(w).contains('-');
        (word.is_word() || word.is_possessive())
            && !reading.listed_in(w, &function)
            && (w == words.start || !article(w))
            && (!word.is_capital() || opens || place(w) || owner.is_some_and(|mark| w < mark))
    };
    let alone = before.iter().all(article) && after.is_empty();
    let says_what = after.is_empty() || ends_with_medium(reading, after);
    let short = before.len() <= LONGEST_DESCRIPTION;
    (!alone && short && says_what && before.iter().all(describes)).then_some(name.member)
}

/// The member that a source names as the author of an utterance: the only name before its noun, with nothing but an
/// article beside it, or the only name after “by” or “from”. With other words beside the name, the author may be
/// somebody else: “Holm’s lawyer’s statement”, “a statement from Harbour Board member Ada Brandt”, “a fake statement by
/// Holm”. Without a possessive, a name may be what the statement is about: “the Holm statement”.
pub(super) fn author(context: &Context<'_>, source: &Source) -> Option<MemberId> {
    let (reading, cast) = (context.reading, context.cast);
    let noun = head(reading, source.words).filter(|_| List::NounsUtterance.has(&source.noun))?;
    let mut named = cast.within(source.span);
    let name = named.next().filter(|u| cast.member(u.member).kind != EntityKind::Place)?;
    let article = |w: WordId| reading.listed(w, List::Articles);
    let alone = if name.words.end <= noun {
        let before = WordRange { end: name.words.start, ..source.words };
        let mut after = WordRange { start: name.words.end, end: noun }.iter();
        let owner = after.next();
        before.iter().all(article)
            && match owner {
                Some(mark) => reading.word(mark).is_possessive() && after.next().is_none(),
                None => is_of_organization(context, *name),
            }
    } else {
        let before = WordRange { end: noun, ..source.words };
        let between = WordRange { start: reading.after(noun)?, end: name.words.start };
        let by = between.first().is_some_and(|w| reading.listed(w, List::Author));
        let next = reading.after(name.words.last()?).filter(|w| *w < source.words.end);
        let goes_on = |w: WordId| reading.listed(w, List::Prepositions) && reading.lower(w) != WITH;
        // “A long statement by Lund”, but not “a fake statement” or “a draft statement”.
        let doubtful = [List::Disowned, List::EventSupposed, List::Unissued];
        let plain = |w: WordId| {
            article(w) || reading.word(w).shape == Shape::Small && !reading.listed_in(w, &doubtful)
        };
        by && before.iter().all(plain) && between.iter().skip(1).all(article) && next.is_none_or(goes_on)
    };
    // “A Harbour Board statement on Monday” may go on with a preposition, but with no other name.
    (alone && named.next().is_none()).then_some(name.member)
}

/// Whether a name directly before the noun of an utterance is its author's: an organisation's whole name, of which no
/// earlier utterance speaks. “The Harbour Board-led statement” and, after “a tweet about the Harbour Board”, “the
/// Harbour Board tweet” are not the board's.
fn is_of_organization(context: &Context<'_>, name: Use) -> bool {
    let (reading, cast) = (context.reading, context.cast);
    let is_topic = |&u: &usize| {
        let at = reading.before_the(cast.uses[u].words.start);
        let about = at.filter(|&w| reading.listed(w, List::Prepositions) && !reading.listed(w, List::Author));
        let noun = about.and_then(|w| reading.before(w));
        noun.is_some_and(|w| List::NounsUtterance.has(&singular(reading.lower(w))))
    };
    let member = cast.member(name.member);
    let earlier = member.uses.partition_point(|&u| cast.uses[u].words.start < name.words.start);
    let mut near = member.uses[..earlier].iter().rev().take(NEAR);
    member.kind == EntityKind::Organization && !is_adjective(reading, name) && !near.any(is_topic)
}

/// Whether a name is only part of an adjective: “Ravn-led”.
fn is_adjective(reading: &Reading<'_>, name: Use) -> bool {
    let goes_on = |part: &str| part.starts_with(char::is_lowercase);
    name.words.iter().any(|w| reading.written(w).split('-').skip(1).any(goes_on))
}

#[cfg(test)]
mod tests {
    use super::super::context::tests::at_source;
    use super::*;
    use crate::testing::marked;

    /// The full name of the member that a function finds for the only source of a text.
    fn found(text: &str, find: impl FnOnce(&Context<'_>, &Source) -> Option<MemberId>) -> Option<String> {
        at_source(&marked(text), &[], |context, source| Some(context.full_name(find(context, source)?)))
    }

    #[test]
    fn the_author_of_an_utterance_speaks() {
        let author =
            |source: &str| found(&format!("[S {source}] [C said] [T that it is late]."), super::author);
        let board = Some("harbour board".to_owned());
        for source in [
            "A [O Harbour Board] statement",
            "The [O Harbour Board]’s tweets",
            "A statement by the [O Harbour Board]",
            "A long statement from the [O Harbour Board] on Monday",
        ] {
            assert_eq!(author(source), board, "{source}");
        }
        for source in [
            // No utterance, or one about the board.
            "A [O Harbour Board] report",
            "A statement about the [O Harbour Board]",
            "A fake [O Harbour Board] tweet",
            "A fake tweet by the [O Harbour Board]",
            "A draft statement by the [O Harbour Board]",
            "A [O Harbour Board]-led statement",
            // Somebody of the board, or several.
            "The [O Harbour Board]’s lawyer’s statement",
            "A [O Harbour Board] member’s tweet",
            "A statement by lawyers for the [O Harbour Board]",
            "A statement by the [O Harbour Board]’s lawyers",
            "A statement by the [O Harbour Board] and its lawyers",
            "A statement by [O Harbour Board] member [P Ada Brandt]",
            "A statement by the [O Harbour Board], [O Ravn] and the [O Sund Bank]",
            "The [O Harbour Board]’s statement with [O Ravn]",
        ] {
            assert_eq!(author(source), None, "{source}");
        }
        for source in ["The [L Ravn] statement", "The [P Ravn] statement"] {
            assert_eq!(author(source), None, "{source}");
        }
        assert_eq!(author("The [P Ravn]’s statement").as_deref(), Some("ravn"));
        let about = "A tweet about the [O Harbour Board] was late. [S The [O Harbour Board] tweet] [C said] [T that it is late].";
        assert_eq!(found(about, super::author), None);
    }

    #[test]
    fn a_source_names_an_organization_alone() {
        let alone = |text: &str| found(&format!("{text} [C said] [T that it is late]."), named_alone);
        assert_eq!(alone("[S The [O Harbour Board]]").as_deref(), Some("harbour board"));
        assert_eq!(alone("[S [O Harbour Board]’s]").as_deref(), Some("harbour board"));
        assert_eq!(alone("[S [L Ravn]]").as_deref(), Some("ravn"));
        assert_eq!(
            alone("The [O Ravn Rowing Club] ([O RRC]) met. [S The [O RRC]]").as_deref(),
            Some("ravn rowing club")
        );
        for text in [
            "[S The [O Harbour Board] union]",
            "[S The big [O Harbour Board]]",
            "[S [P Ada Brandt]]",
            "[S The [O court]]",
            // Which may be short for another.
            "The [O Harbour Board Union] met. [S The [O Harbour Board]]",
        ] {
            assert_eq!(alone(text), None, "{text}");
        }
    }

    #[test]
    fn a_source_names_an_organization_beside_what_it_says_about_it() {
        let beside = |source: &str| {
            let text = format!("[S {source}] [C said] [T that it is late].");
            found(&text, |context, source| named_and_described(context, source.words))
        };
        for source in [
            "The state-owned broadcaster [O Ravn Radio]",
            "The [O Ravn Radio] news agency",
            "[L Norland]’s [O Ravn Radio] news agency",
            "South Korea’s [O Ravn Radio]",
            "[P Jon Holm]’s state-owned [O Ravn Radio]",
            "One of these groups, the [O Ravn Radio] (RR)",
            "The [L Norland]-based station [O Ravn Radio], which",
            "The station, the [O Ravn Radio]",
            "The [L Sund Norland] station [O Ravn Radio]",
            "Norwegian [O Ravn Radio]",
        ] {
            assert_eq!(beside(source).as_deref(), Some("ravn radio"), "{source}");
        }
        for source in [
            "The [O Ravn Radio]",
            "The [O Ravn Radio] union",
            "A reporter of [O Ravn Radio]",
            "The board and [O Ravn Radio]",
            "The Golden [O Ravn Radio]",
            "The [O North Korean] news agency",
            "The [O Ravn Radio]-led station",
            // Others are named beside it, or something follows.
            "The [O Pier Union], the [O Ravn Radio]",
            "The station, the [O Ravn Radio] and so on",
            "Swift Golden [O Ravn Radio]",
        ] {
            assert_eq!(beside(source), None, "{source}");
        }
    }
}
