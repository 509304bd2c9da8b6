//! The subjects of cues that have no source beside them: “Lund said it was late, adding that …”.

use onrecord_text::Pieces;

use super::gerunds::may_be_gerund;
use crate::english::is_past_or_irregular;
use crate::found::{Found, NEAR};
use crate::lists::List;
use crate::reading::{Reading, WordId};

/// Gives statements without a source the one of an earlier statement in their sentence, where both verbs have the same
/// subject: “adding” and “called on” in “Lund said it was late, adding that …” and “Lund said it was late, and called
/// on …”.
pub(super) fn share_subjects(reading: &Reading<'_>, found: &mut [Found]) {
    for n in 0..found.len() {
        let without = found[n].source.is_none() && found[n].speaks.is_none();
        let Some(cue) = found[n].cue.as_ref().map(Pieces::extent).filter(|_| without) else { continue };
        let plain = |w: WordId| reading.word(w).quotation().is_none();
        let verb = reading.words_of(cue).first().filter(|&w| plain(w) && is_later_verb(reading, w));
        let Some(verb) = verb else { continue };
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

/// Whether a verb follows another with the same subject: a participle after a comma, or a finite verb after a mark and
/// “and”.
fn is_later_verb(reading: &Reading<'_>, verb: WordId) -> bool {
    let Some(before) = reading.before(verb) else { return false };
    let adverb = |w: &WordId| reading.is_adverb(*w);
    let main = std::iter::successors(Some(verb), |&w| reading.after(w)).find(|w| !adverb(w));
    let finite = main.is_some_and(|w| is_past_or_irregular(reading.lower(w)));
    match reading.lower(before) {
        "," | "—" | "–" | "-" => may_be_gerund(reading, verb),
        // In “said Lund had lied and claimed …”, Lund may have claimed it.
        word if List::Coordinators.has(word) => {
            finite && reading.before(before).is_some_and(|w| !reading.word(w).is_word())
        }
        _ => false,
    }
}
