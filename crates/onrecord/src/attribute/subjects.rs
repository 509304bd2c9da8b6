//! The subjects of cues that have no source beside them: “Lund said it was late, adding that …”.

use onrecord_text::{Pieces, Span};

use super::gerunds::{may_be_gerund, subject_of_sentence};
use crate::analysis::Analysis;
use crate::english::{is_negated, is_past_or_irregular};
use crate::found::{Found, NEAR};
use crate::lists::List;
use crate::reading::{Reading, WordId, WordRange};

/// Gives statements without a source the one of an earlier statement in their sentence, where both verbs have the same
/// subject: “adding” and “called on” in “Lund said it was late, adding that …” and “Lund said it was late, and called
/// on …”.
pub(super) fn share_subjects(reading: &Reading<'_>, analysis: &Analysis, found: &mut [Found]) {
    for n in 0..found.len() {
        let without = found[n].source.is_none() && found[n].speaks.is_none();
        let Some(cue) = found[n].cue.as_ref().map(Pieces::extent).filter(|_| without) else { continue };
        let plain = |w: WordId| reading.word(w).quotation().is_none();
        let Some(verb) = reading.words_of(cue).first().filter(|&w| plain(w)) else { continue };
        if !is_later_verb(reading, verb, reading.words_of(cue)) {
            let near = &found[n.saturating_sub(NEAR)..found.len().min(n + NEAR)];
            found[n].source = subject_of_two_verbs(reading, analysis, near, cue).map(Pieces::from);
            continue;
        }
        let sentence = reading.sentence_of(verb);
        let has_same_subject = |earlier: &&Found| {
            let fields =
                earlier.source.as_ref().zip(earlier.cue.as_ref()).map(|(s, c)| (s.extent(), c.extent()));
            fields.is_some_and(|(source, first)| {
                let first_verb = reading.words_of(first).start;
                source.end() <= cue.start()
                    && first.end() <= cue.start()
                    && reading.sentence_of(first_verb) == sentence
                    && plain(first_verb)
                    && !earlier.content.contains(cue)
            })
        };
        let source = found[n.saturating_sub(NEAR)..n]
            .iter()
            .rev()
            .find(has_same_subject)
            .and_then(|f| f.source.clone());
        found[n].source = source;
    }
}

/// The subject of a sentence of which a cue is the second verb: “Lund” in “Lund left the pier and said …”. `None` if a
/// clause stands in between, whose subject may be that of the cue: “Lund met Holm, who left and said …”.
fn subject_of_two_verbs(
    reading: &Reading<'_>,
    analysis: &Analysis,
    found: &[Found],
    cue: Span,
) -> Option<Span> {
    let words = reading.words_of(cue);
    let verb = words.first()?;
    let mut before = std::iter::successors(reading.before(verb), |&w| reading.before(w));
    let and = before.find(|&w| !reading.is_adverb(w)).filter(|&w| reading.listed(w, List::Coordinators))?;
    let subject = subject_of_sentence(reading, analysis, cue).filter(|_| is_active(reading, words))?;
    let between = WordRange { start: reading.words_of(subject).end, end: and };
    let first = between.iter().find(|&w| !reading.is_adverb(w)).filter(|&w| is_finite(reading, w))?;
    // “Has closed” is one verb.
    let goes_on =
        |w: WordId| reading.before(w).is_some_and(|b| reading.is_adverb(b) || is_finite(reading, b));
    let clause = |w: WordId| {
        reading.listed_in(w, &[List::PronounsRelative, List::Subordinating, List::Coordinators])
            || reading.word(w).quotation().is_some()
            || !reading.word(w).is_word() && !reading.word(w).is_possessive()
            || w > first && is_finite(reading, w) && !goes_on(w)
    };
    // “Lund was arrested and accused of lying”, but “Lund was arrested and did not say why”.
    let shares_be = between.iter().any(|w| reading.listed(w, List::Be)) && !has_auxiliary(reading, words);
    let span = reading.span_of(between)?;
    let says = |f: &Found| f.cue.as_ref().is_some_and(|c| span.contains(c.extent()));
    (!shares_be && !between.iter().any(clause) && !found.iter().any(says)).then_some(subject)
}

/// Whether a verb follows another with the same subject: a participle after a comma, or a finite verb after a mark and
/// “and”.
fn is_later_verb(reading: &Reading<'_>, verb: WordId, cue: WordRange) -> bool {
    let Some(before) = reading.before(verb) else { return false };
    match reading.lower(before) {
        "," | "—" | "–" | "-" => may_be_gerund(reading, verb),
        // In “said Lund had lied and claimed …”, Lund may have claimed it.
        word if List::Coordinators.has(word) => {
            is_active(reading, cue) && reading.before(before).is_some_and(|w| !reading.word(w).is_word())
        }
        _ => false,
    }
}

/// Whether a cue is a finite and active verb: “later claimed”, “did not say”, but not “was told”.
fn is_active(reading: &Reading<'_>, cue: WordRange) -> bool {
    let verb = cue.iter().find(|&w| !reading.is_adverb(w));
    verb.is_some_and(|w| is_finite(reading, w) && !reading.listed(w, List::Be))
}

/// Whether a cue begins with “has”, “did” or the like, so that it can't be the participle of a verb before it.
fn has_auxiliary(reading: &Reading<'_>, cue: WordRange) -> bool {
    let first = cue.iter().find(|&w| !reading.is_adverb(w));
    first.is_some_and(|w| is_negated(reading.lower(w)) || reading.listed_in(w, &[List::Do, List::Have]))
}

/// Whether a word is a finite verb, as far as its form tells: “said” is, and “left” may be something else.
fn is_finite(reading: &Reading<'_>, word: WordId) -> bool {
    let lower = reading.lower(word);
    is_past_or_irregular(lower)
        || is_negated(lower)
        || reading.listed_in(word, &[List::Be, List::Do, List::Have])
}
