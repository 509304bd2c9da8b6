//! Quotations nested in another quotation, each with its speaker beside it: “The inspector wrote, ‘No defects found,’
//! and left.”

use onrecord_text::{Pieces, Span};

use crate::english::{HABITUAL, INFINITIVE, is_negated, is_of_speaker, is_past_or_irregular, is_pronoun};
use crate::found::Found;
use crate::lists::List;
use crate::quotes::{self, Ending, Quotation};
use crate::reading::{Reading, WordId, WordRange};
use crate::stance::is_act;

/// The most words in the phrase for the speaker.
const LONGEST_SOURCE: usize = 5;

/// The acts of which a quotation tells the words; “published” and “directed” are others.
const SPEAKING: [List; 6] =
    [List::ActsSay, List::ActsAsk, List::ActsDemand, List::ActsPromise, List::ActsThreaten, List::ActsWarn];

/// The source, cue and content of a quotation inside another.
pub(super) struct Nested {
    pub(super) source: Span,
    pub(super) cue: Span,
    pub(super) content: Span,
}

/// The nested quotations whose speaker is named next to them, except those that overlap a statement in `known`.
pub(super) fn nested_quotations(reading: &Reading<'_>, known: &[Found]) -> Vec<Nested> {
    let parts = known.iter().flat_map(|f| f.cue.iter().chain([&f.content]).map(Pieces::extent));
    let mut ends: Vec<(usize, usize)> = parts.map(|span| (span.start(), span.end())).collect();
    ends.sort_unstable();
    // Make each end the greatest so far.
    for n in 1..ends.len() {
        ends[n].1 = ends[n].1.max(ends[n - 1].1);
    }
    let is_known = |span: Span| {
        let next = ends.partition_point(|&(start, _)| start < span.end());
        next.checked_sub(1).is_some_and(|n| ends[n].1 > span.start())
    };
    let outer = reading.quotations().iter().map(|q| (q.span, quotes::inside(reading.text(), q)));
    let all = outer.flat_map(|(outer, inside)| inside.into_iter().map(move |q| (outer, q)));
    let closed = all.filter(|(_, q)| q.ending == Ending::Closed);
    let told =
        closed.filter_map(|(outer, q)| before(reading, outer, &q).or_else(|| after(reading, outer, &q)));
    told.filter(|told| !is_known(told.content) && !is_known(told.cue)).collect()
}

/// “The inspector wrote, | ‘No defects found’”
fn before(reading: &Reading<'_>, outer: Span, q: &Quotation) -> Option<Nested> {
    let first = reading.words_of(q.span).first()?;
    let mark = reading.before(first).filter(|&w| matches!(reading.written(w), "," | ":"))?;
    let hearer = reading.before(mark).filter(|&w| is_personal(reading.lower(w)));
    let verb = reading.before(hearer.unwrap_or(mark))?;
    let is = |w: WordId, word: &str| reading.before(w).filter(|&w| reading.lower(w) == word);
    // “used to say”
    let habit = is(verb, INFINITIVE).and_then(|to| is(to, HABITUAL)).filter(|_| is_act(reading.lower(verb)));
    let start = habit.or(Some(verb).filter(|&w| is_verb(reading, w)))?;
    let inside = |w: &WordId| outer.contains(reading.word(*w).span());
    let words = std::iter::successors(reading.before(start), |&w| reading.before(w)).take_while(inside);
    let subject = words.take_while(|&w| reading.word(w).is_word() && !opens_clause(reading, w)).last()?;
    checked(reading, WordRange { start: subject, end: start }, WordRange { start, end: verb.step(1)? }, q)
}

/// “‘No defects found,’ | the inspector wrote.”
fn after(reading: &Reading<'_>, outer: Span, q: &Quotation) -> Option<Nested> {
    let end = q.last_character(reading.text()).filter(|c| matches!(c, ',' | '!' | '?'))?;
    let last = reading.words_of(q.span).last()?;
    // After “!” or “?”, a capital may begin the next sentence.
    let start = reading.after(last).filter(|&w| end == ',' || !reading.word(w).is_capital())?;
    let inside = |w: &WordId| outer.contains(reading.word(*w).span());
    let rest = std::iter::successors(Some(start), |&w| reading.after(w)).take_while(inside);
    let speaks = |w: &WordId| is_verb(reading, *w) && reading.listed_in(*w, &SPEAKING);
    let verb = rest.skip(1).take(LONGEST_SOURCE).find(speaks)?;
    let next = reading.after(verb).filter(|&w| is_personal(reading.lower(w))).unwrap_or(verb);
    let ends = reading.after(next).is_none_or(|w| !reading.word(w).is_word());
    let cue = WordRange { start: verb, end: verb.step(1)? };
    ends.then(|| checked(reading, WordRange { start, end: verb }, cue, q)).flatten()
}

/// The parts of a nested quotation; `None` if the words for the source neither name nor describe anybody.
fn checked(reading: &Reading<'_>, source: WordRange, cue: WordRange, q: &Quotation) -> Option<Nested> {
    let first = source.first()?;
    let lower = reading.lower(first);
    let capital = reading.word(first).is_capital() && !reading.listed(first, List::NoName);
    let phrase = List::Articles.has(lower) && source.len() > 1 || is_personal(lower) || capital;
    // “I never said”, “It wasn’t Lund who said”, “Lund knows he said”
    let in_clause = |w: WordId| {
        let lower = reading.lower(w);
        reading.listed(w, List::Finite)
            || reading.listed(w, List::Negations)
            || is_negated(lower)
            || w > first && (is_personal(lower) || is_verb(reading, w))
    };
    let plain =
        source.len() <= LONGEST_SOURCE && source.iter().all(|w| reading.word(w).is_word() && !in_clause(w));
    (phrase && plain).then(|| {
        Some(Nested { source: reading.span_of(source)?, cue: reading.span_of(cue)?, content: q.span })
    })?
}

/// Whether a word is a personal pronoun, including “I” and “we”.
fn is_personal(word: &str) -> bool {
    is_pronoun(word) || is_of_speaker(word)
}

/// Whether a word is a finite verb of speech. Others such as “plan” and “claim” may be nouns.
fn is_verb(reading: &Reading<'_>, word: WordId) -> bool {
    let lower = reading.lower(word);
    is_past_or_irregular(lower) && !reading.word(word).is_capital() && is_act(lower)
}

/// Whether a word begins a clause, so that the phrase for a speaker cannot reach back beyond it.
fn opens_clause(reading: &Reading<'_>, word: WordId) -> bool {
    reading.listed(word, List::Subordinating) || reading.listed(word, List::ClauseOpeners)
}
