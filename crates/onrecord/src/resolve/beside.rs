//! The addressee, medium and occasion of a statement, from the words that the encoder links to its cue.

use onrecord_text::{Pieces, Span};

use crate::analysis::{Analysis, Beside, BesideKind, MentionKind};
use crate::english::{OF, is_pronoun, is_reflexive};
use crate::found::Found;
use crate::lists::List;
use crate::reading::{Reading, WordId};

/// The minimum confidence of words beside a cue, which is a product of two probabilities.
const SURE: f32 = 0.4;

/// The circumstances of a statement, in the article's words. Most statements have none.
#[derive(Clone, Debug, Default)]
pub(super) struct Circumstances(Box<[(BesideKind, Span)]>);

impl Circumstances {
    /// The words that give a circumstance.
    pub(super) fn get(&self, kind: BesideKind) -> Option<Span> {
        self.0.iter().find(|(own, _)| *own == kind).map(|(_, words)| *words)
    }
}

/// The circumstances of each statement: for each kind, the most probable words that are linked to its cue.
pub(super) fn circumstances(
    reading: &Reading<'_>,
    analysis: &Analysis,
    found: &[Found],
) -> Vec<Circumstances> {
    let mut by_cue: Vec<&Beside> =
        analysis.beside.iter().filter(|b| b.words.score * b.link >= SURE).collect();
    by_cue.sort_by_key(|b| b.cue.start());
    found
        .iter()
        .map(|f| {
            let Some(cue) = f.cue.as_ref().map(Pieces::extent) else { return Circumstances::default() };
            let first = by_cue.partition_point(|b| b.cue.end() <= cue.start());
            let own = || {
                by_cue[first..]
                    .iter()
                    .take_while(|b| b.cue.start() < cue.end())
                    .filter(|b| b.cue.overlaps(cue))
            };
            let block = reading.block_at(cue.start());
            let surest = |kind: BesideKind| {
                let fits = own().filter(|b| {
                    let here = reading.block_at(b.words.span.start()) == block;
                    b.kind == kind && here && may_stand_beside(f, b)
                });
                let best = fits.max_by(|a, b| sureness(a).total_cmp(&sureness(b)))?;
                let span = without_marks(reading, best.words.span)?;
                Some(Circumstance { kind, span, sureness: sureness(best) })
            };
            let parts = BesideKind::ALL.into_iter().filter_map(surest).collect();
            let whole = |Circumstance { kind, span, .. }: Circumstance| {
                let span = with_noun(reading, analysis, f, kind, span)?;
                (kind != BesideKind::Addressee || hears(reading, f, span)).then_some((kind, span))
            };
            Circumstances(joined(reading, parts).into_iter().filter_map(whole).collect())
        })
        .collect()
}

/// Words that give a circumstance, and the confidence that they do.
#[derive(Clone, Copy)]
struct Circumstance {
    kind: BesideKind,
    span: Span,
    sureness: f32,
}

fn sureness(beside: &Beside) -> f32 {
    beside.words.score * beside.link
}

/// The lists of words that begin a phrase. [`List::NoName`] has others that can't continue a noun phrase.
const OPENINGS: [List; 5] =
    [List::Articles, List::Possessives, List::Prepositions, List::Published, List::NoName];

/// Joins the two parts of a noun phrase that the encoder took for two circumstances: the occasion “a news” and the
/// addressee “conference”. The part with the noun that the phrase is about decides which of them it gives, or if it is
/// unclear which part that is, the surer one.
fn joined(reading: &Reading<'_>, mut parts: Vec<Circumstance>) -> Vec<Circumstance> {
    let opens = |w: WordId| reading.listed_in(w, &OPENINGS);
    let goes_on = |before: &Circumstance, after: &Circumstance| {
        let [whole, rest] = [before, after].map(|part| reading.words_of(part.span));
        let (Some(first), Some(last), Some(next)) = (whole.first(), whole.last(), rest.first()) else {
            return false;
        };
        let timeless = before.kind != BesideKind::Time && after.kind != BesideKind::Time;
        // “an interview with | Kanal 5” is an occasion, and somebody who heard it.
        let open = reading.listed(last, List::Prepositions);
        timeless && !open && reading.after(last) == Some(next) && opens(first) && !opens(next)
    };
    // “a hearing of the | port committee” is a hearing.
    let has_noun = |part: &Circumstance| {
        reading.words_of(part.span).iter().skip(1).any(|w| reading.listed(w, List::Prepositions))
    };
    parts.sort_by_key(|part| part.span.start());
    let mut whole: Vec<Circumstance> = Vec::with_capacity(parts.len());
    for part in parts {
        match whole.last_mut() {
            Some(before) if goes_on(before, &part) => {
                let later = !has_noun(before) && before.sureness < part.sureness;
                before.kind = if later { part.kind } else { before.kind };
                before.span = before.span.to(part.span);
            }
            _ => whole.push(part),
        }
    }
    whole
}

/// Whether words may give a circumstance of a statement. Words of its source may not, and words of its content may, but
/// not as a time: “urged | Congress to act”.
fn may_stand_beside(found: &Found, beside: &Beside) -> bool {
    let span = beside.words.span;
    let own = found.source.iter().any(|s| s.contains(span));
    let quoted = found.content.overlaps(span) && beside.kind == BesideKind::Time;
    !own && !quoted
}

/// Whether words may name the addressee: “himself” may not.
fn hears(reading: &Reading<'_>, found: &Found, span: Span) -> bool {
    let words = reading.words_of(span);
    let only = words.first().filter(|_| words.len() == 1);
    let reflexive = only.is_some_and(|w| is_reflexive(reading.lower(w)));
    let nobody = only.is_some_and(|w| reading.listed(w, List::Prepositions));
    !reflexive && !nobody && !found.source.iter().any(|s| s.overlaps(span))
}

/// The most words that complete a circumstance.
const MISSING: usize = 4;

/// The words of a circumstance. If the encoder marked only an article or preposition, the name after it belongs to
/// them: “the Norland Republic” for “the”. So does a short noun phrase after a preposition with its article: “in an
/// interview” for “in an”. It ends with a mark, or where another preposition, the source or the cue begins. Without
/// such words, they say nothing.
fn with_noun(
    reading: &Reading<'_>,
    analysis: &Analysis,
    found: &Found,
    kind: BesideKind,
    span: Span,
) -> Option<Span> {
    let words = reading.words_of(span);
    let pronoun = |w: WordId| kind != BesideKind::Addressee && reading.listed(w, List::Possessives);
    let empty = |w: WordId| reading.listed(w, List::Articles) || reading.listed(w, List::Prepositions);
    if !words.iter().all(|w| empty(w) || pronoun(w)) {
        return Some(span);
    }
    let (first, last) = (words.first()?, words.last()?);
    let next = reading.after(last)?;
    let mut here = analysis.mentions_in(reading.word(next).span());
    if let Some(named) = here.find(|m| matches!(m.kind, MentionKind::Name(_))) {
        return Some(span.to(named.span));
    }
    let phrase = matches!(kind, BesideKind::Medium | BesideKind::Occasion)
        && reading.listed(first, List::Prepositions)
        && reading.lower(first) != OF
        && !reading.listed(last, List::Prepositions);
    if !phrase {
        return None;
    }
    let taken = |w: WordId| {
        let mut own = found.cue.iter().chain(&found.source);
        own.any(|pieces| pieces.overlaps(reading.word(w).span()))
    };
    let ends = |w: WordId| !reading.word(w).is_word() || reading.listed(w, List::Prepositions) || taken(w);
    let noun = std::iter::successors(Some(next), |&w| reading.after(w)).take_while(|&w| !ends(w));
    let noun: Vec<WordId> = noun.take(MISSING + 1).collect();
    let verb = |&w: &WordId| {
        let lower = reading.lower(w);
        is_pronoun(lower) || reading.listed(w, List::Finite) || reading.listed(w, List::Coordinators)
    };
    let whole = noun.len() <= MISSING && !noun.iter().any(verb);
    let last = noun.last().filter(|_| whole)?;
    Some(span.to(reading.word(*last).span()))
}

/// A span without commas and similar marks at its ends.
fn without_marks(reading: &Reading<'_>, span: Span) -> Option<Span> {
    let words = reading.words_of(span);
    let inside = |w: &WordId| !matches!(reading.written(*w), "," | ";" | ":" | "." | "—" | "–" | "-");
    let first = words.iter().find(inside)?;
    let last = words.iter().rev().find(inside)?;
    Some(reading.word(first).span().to(reading.word(last).span()))
}

#[cfg(test)]
mod tests {
    use super::circumstances;
    use crate::analysis::BesideKind;
    use crate::testing::marked;

    fn check(text: &str, kind: BesideKind, expected: Option<&str>) {
        let marked = marked(text);
        let all = circumstances(&marked.reading(), &marked.analysis, &marked.found());
        assert_eq!(all[0].get(kind).map(|span| span.of(&marked.article.text)), expected, "{text}");
    }

    #[test]
    fn an_article_or_preposition_alone_gets_the_name_after_it_or_says_nothing() {
        let urged = |to: &str| format!("[S Eva Strand] [C urged] {to} [T to meet the envoy].");
        check(&urged("[A the] [L Sund Republic]"), BesideKind::Addressee, Some("the Sund Republic"));
        check(&urged("[A the] envoy of Sund"), BesideKind::Addressee, None);
        check(&urged("[A her]"), BesideKind::Addressee, Some("her"));
        check(&urged("[A the envoy]"), BesideKind::Addressee, Some("the envoy"));
        check("[S Eva Strand] [C said] [D on] May Day [T that she would pay].", BesideKind::Time, None);
    }

    #[test]
    fn the_parts_of_a_noun_phrase_are_one_circumstance() {
        let told = |to: &str| format!("[S Eva Strand] [C told] {to} [T that she would pay].");
        for kind in [BesideKind::Addressee, BesideKind::Medium] {
            let (own, other) = if kind == BesideKind::Addressee { ("A", "M") } else { ("M", "A") };
            // Of two parts that are equally sure, the first decides.
            let split = told(&format!("[{own} a crowded] [{other} hearing]"));
            check(&split, kind, Some("a crowded hearing"));
        }
        check(&told("[M a crowded] [A hearing]"), BesideKind::Addressee, None);
        check(
            &told("[M a hearing of the] [A port committee]"),
            BesideKind::Medium,
            Some("a hearing of the port committee"),
        );
        check(&told("[M an interview with] [A Kanal 5]"), BesideKind::Addressee, Some("Kanal 5"));
        check(&told("[A the envoy] [M via a friend]"), BesideKind::Addressee, Some("the envoy"));
        // A preposition or an article begins another phrase. A time is never part of one.
        check(&told("[A the envoy] [M at a hearing]"), BesideKind::Addressee, Some("the envoy"));
        check(&told("[A the envoy] [M at a hearing]"), BesideKind::Medium, Some("at a hearing"));
        check(&told("[A the envoy] [D Monday]"), BesideKind::Addressee, Some("the envoy"));
        check(&told("[A reporters] [M hearing]"), BesideKind::Addressee, Some("reporters"));
    }

    #[test]
    fn nobody_is_told_by_themselves() {
        let told = |to: &str| format!("[S Eva Strand] [C told] [A {to}] [T that she would pay].");
        check(&told("herself"), BesideKind::Addressee, None);
        check(&told("herself and the envoy"), BesideKind::Addressee, Some("herself and the envoy"));
        check(&told("the envoy"), BesideKind::Addressee, Some("the envoy"));
    }

    #[test]
    fn a_preposition_with_its_article_gets_the_noun_phrase_after_it() {
        let said = |after: &str| format!("[S Eva Strand] [C said] [M {after}, [T that she would pay].");
        check(&said("in an] interview"), BesideKind::Medium, Some("in an interview"));
        check(
            &said("in her] first reported comments about May"),
            BesideKind::Medium,
            Some("in her first reported comments"),
        );
        // A preposition alone, an article alone, and words that are not a noun phrase.
        check(&said("in] an interview"), BesideKind::Medium, None);
        check(&said("an] interview"), BesideKind::Medium, None);
        check(&said("as the] gate is shut"), BesideKind::Medium, None);
        check(&said("of her] last speeches"), BesideKind::Medium, None);
        check(&said("in the] speech and the book"), BesideKind::Medium, None);
        check(&said("in the] long dull grey winter speech"), BesideKind::Medium, None);
        let before = "[M In an] interview [S Eva Strand] [C said] [T that she would pay].";
        check(before, BesideKind::Medium, Some("In an interview"));
    }
}
