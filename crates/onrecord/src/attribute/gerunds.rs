//! Gerunds of speech: who speaks in “banned Holt for saying it was late” and in “After saying it was late, Holt left”.

use onrecord_text::{Pieces, Span};

use super::kind::{kind, reason};
use crate::analysis::{Analysis, Mention};
use crate::english::{BY, FOR, OF, OUT, is_gerund, is_pronoun, is_title_or_office};
use crate::found::Found;
use crate::lists::List;
use crate::reading::{Reading, WordId, WordRange};

/// The maximum number of words in an object before “for”.
const LONGEST_OBJECT: i64 = 12;

/// The maximum number of words from a gerund to the quotation that it governs.
const QUOTED_WITHIN: usize = 8;

/// The maximum number of words between the comma and the name of the subject.
const LONGEST_OFFICE: usize = 6;

/// The statement for which a content blames or praises somebody: “Holt for saying it was late” in “condemned Holt for
/// saying it was late”.
pub(super) fn blamed(reading: &Reading<'_>, analysis: &Analysis, outer: &Found) -> Option<Found> {
    let (first, rest) = outer.content.spans().split_first()?;
    outer.cue.as_ref().filter(|cue| cue.extent().end() <= first.start())?;
    let words = reading.words_of(*first);
    let after_preposition =
        |w: WordId| reading.before(w).is_some_and(|p| matches!(reading.lower(p), FOR | OF));
    let is_gerund = |&w: &WordId| after_preposition(w) && is_blaming(reading, w);
    let gerund = words.iter().skip(2).find(is_gerund)?;
    let source = reading.span_of(WordRange { start: words.start, end: gerund.step(-1)? })?;
    let end = end_of_gerund(reading, gerund)?;
    let cue = reading.span_of(WordRange { start: gerund, end })?;
    let said = reading.span_of(WordRange { start: end, end: words.end })?;
    let somebody =
        analysis.mentions_in(source).any(Mention::names_somebody) || is_pronoun(source.of(reading.text()));
    let content = Pieces::new(std::iter::once(said).chain(rest.iter().copied()).collect())?;
    let kind = kind(reading, reading.quotations(), &content);
    somebody.then(|| Found {
        kind,
        source: Some(source.into()),
        cue: Some(cue.into()),
        content,
        speaks: None,
        parent: None,
        confidence: outer.confidence,
        why: reason(kind, false, true),
    })
}

/// The name before “for saying”, if a cue is such a gerund: whoever is banned, thanked or blamed for saying something
/// said it. Returns `None` for “Holt apologised to Lund for saying it”, where Holt speaks.
pub(super) fn blamed_before(reading: &Reading<'_>, analysis: &Analysis, cue: Span) -> Option<Span> {
    let gerund = reading.words_of(cue).first().filter(|&w| is_blaming(reading, w))?;
    let preposition = reading.before(gerund).filter(|&w| reading.lower(w) == FOR)?;
    let last = reading.before(preposition)?;
    let sentence = reading.sentence_of(last);
    let from = last.step(-LONGEST_OBJECT).unwrap_or(sentence.start).max(sentence.start);
    let near = reading.span_of(WordRange { start: from, end: preposition })?;
    let ends_here = |m: &&Mention| m.span.end() == reading.word(last).span().end();
    let name = analysis.mentions_in(near).filter(|m| m.names_somebody()).find(ends_here)?;
    let first = reading.words_of(name.span).first()?;
    let belongs = |&w: &WordId| {
        w > from && (is_title_or_office(reading.written(w)) || reading.listed(w, List::Articles))
    };
    let before = std::iter::successors(reading.before(first), |&w| reading.before(w));
    let start = before.take_while(belongs).last().unwrap_or(first);
    // “criticised by Holt for saying”, “Lund and Holt for saying”: only the object of a verb is blamed.
    let verb = reading.before(start).filter(|&w| w >= sentence.start && reading.word(w).is_word())?;
    let is_object = !reading.listed(verb, List::Prepositions)
        && !reading.listed(verb, List::Finite)
        && !reading.word(verb).is_capital()
        && !reading.word(verb).is_possessive()
        && !reading.listed(verb, List::Coordinators);
    is_object.then(|| reading.span_of(WordRange { start, end: preposition })).flatten()
}

/// Whether a word is a gerund for which somebody may be blamed. After “calling” and the like, only a quotation says
/// that words are meant.
fn is_blaming(reading: &Reading<'_>, gerund: WordId) -> bool {
    let quoted = || {
        let mut after =
            std::iter::successors(reading.after(gerund), |&w| reading.after(w)).take(QUOTED_WITHIN);
        after.any(|w| reading.word(w).quotation().is_some())
    };
    let plain = reading.word(gerund).quotation().is_none();
    plain
        && (reading.listed(gerund, List::Blamed) || reading.listed(gerund, List::BlamedIfQuoted) && quoted())
}

/// The end of a gerund of speech, including its particle: “pointing out”.
fn end_of_gerund(reading: &Reading<'_>, gerund: WordId) -> Option<WordId> {
    let next = gerund.step(1)?;
    let particle = reading.after(gerund).is_some_and(|w| reading.lower(w) == OUT);
    if particle { next.step(1) } else { Some(next) }
}

/// The words after “for saying” at the start of a content: “apologised | for saying that it was late”. Whoever condemns
/// or praises somebody for saying something did not say it.
pub(super) fn after_gerund(reading: &Reading<'_>, cue: Span, content: Span) -> Option<Span> {
    let admits = reading.words_of(cue).iter().any(|w| reading.listed(w, List::ActsAdmit));
    let words = reading.words_of(content);
    let preposition = words.first().filter(|&w| admits && reading.lower(w) == FOR)?;
    let gerund = reading.after(preposition).filter(|&w| is_blaming(reading, w))?;
    let start =
        end_of_gerund(reading, gerund).filter(|&start| content.start() >= cue.end() && start < words.end)?;
    reading.span_of(WordRange { start, end: words.end })
}

/// The cue with the gerund of speech that a denial governs, and the content without it: “denied saying | that it was late”
/// for “denied | saying that it was late”.
pub(super) fn denied_gerund(reading: &Reading<'_>, cue: Span, content: Span) -> Option<(Span, Span)> {
    let (cue, words) = (reading.words_of(cue), reading.words_of(content));
    let denies = cue.last().is_some_and(|w| reading.listed(w, List::ActsDeny));
    let gerund = words.first().filter(|&w| denies && w == cue.end && is_blaming(reading, w))?;
    let start = end_of_gerund(reading, gerund).filter(|&start| start < words.end)?;
    let denial = reading.span_of(WordRange { start: cue.start, end: start })?;
    Some((denial, reading.span_of(WordRange { start, end: words.end })?))
}

/// Whether a word may be a gerund or participle of speech, judged by its ending.
pub(super) fn may_be_gerund(reading: &Reading<'_>, word: WordId) -> bool {
    is_gerund(reading.lower(word)) && !reading.listed(word, List::Be)
}

/// The subject of a sentence that opens with a gerund of speech: “Ada Brandt” in “After telling viewers that it was
/// late, Ada Brandt left”.
pub(super) fn subject_after_gerund(
    reading: &Reading<'_>,
    analysis: &Analysis,
    cue: Span,
    content: usize,
) -> Option<Span> {
    let gerund = reading.words_of(cue).first().filter(|&w| may_be_gerund(reading, w))?;
    let opening = reading.before(gerund).filter(|&w| reading.listed(w, List::Adjunct))?;
    let sentence = reading.sentence_of(opening);
    let comma = reading.words_of(Span::new(content, content + 1)?).first()?;
    let start = reading.after(comma).filter(|_| reading.written(comma) == ",")?;
    if sentence.start != opening || start >= sentence.end {
        return None;
    }
    subject_at(reading, analysis, WordRange { start, end: sentence.end })
}

/// Whether a source is only the object of the verb before a gerund: “Lund” in “Holt angered Lund by saying it was late”.
pub(super) fn is_object_before_by(reading: &Reading<'_>, source: Span, cue: Span) -> bool {
    let gerund = reading.words_of(cue).first().filter(|&w| may_be_gerund(reading, w));
    let by = gerund.and_then(|w| reading.before(w)).filter(|&w| reading.lower(w) == BY);
    by.is_some() && by.and_then(|w| reading.before(w)) == reading.words_of(source).last()
}

/// The subject at the start of the sentence of a cue, if it is a pronoun or begins with a name or an office: “Holt” in
/// “Holt angered Lund by saying it was late”.
pub(super) fn subject_of_sentence(reading: &Reading<'_>, analysis: &Analysis, cue: Span) -> Option<Span> {
    let cue = reading.words_of(cue).start;
    subject_at(reading, analysis, WordRange { end: cue, ..reading.sentence_of(cue) })
}

/// The subject at the start of some words: a pronoun, or a name with the offices before it.
fn subject_at(reading: &Reading<'_>, analysis: &Analysis, words: WordRange) -> Option<Span> {
    let WordRange { start, end } = words;
    if reading.listed(start, List::PronounsSubject) {
        return reading.span_of(WordRange { start, end: start.step(1)? });
    }
    let mut after = std::iter::successors(Some(start), |&w| reading.after(w)).take(LONGEST_OFFICE);
    let leads = |w: WordId| is_title_or_office(reading.written(w)) || reading.listed(w, List::Articles);
    let first = after.find(|&w| !leads(w))?;
    let rest = reading.span_of(WordRange { start: first, end })?;
    let name = analysis.mentions_in(rest).next().filter(|m| m.names_somebody())?;
    let words = reading.words_of(name.span);
    // In “Fox News host Jon Holm” and “Lund’s lawyer”, the name is not the subject.
    let goes_on = reading.after(words.last()?).is_some_and(|w| {
        reading.word(w).is_possessive()
            || reading.word(w).is_capital()
            || reading.listed(w, List::Coordinators)
            || reading.listed(w, List::NounsOffice)
    });
    let is_subject = words.first() == Some(first) && !goes_on;
    is_subject.then(|| reading.span_of(WordRange { start, end: words.end })).flatten()
}
