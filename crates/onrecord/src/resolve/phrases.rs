//! Earlier noun phrases that say more than a source: “the Norwegian foreign ministry”, later “the ministry”.

use onrecord_text::EntityKind;

use super::cast::Use;
use super::context::Context;
use super::source::{Source, SourceForm};
use crate::english::{IN, OF, singular};
use crate::lists::{List, country_of_word};
use crate::reading::{Reading, Shape, WordId, WordRange};

/// The fullest earlier phrase with the same noun as a source, which is not a name by itself. `same` are the earlier uses
/// of the noun. Phrases that say whose or where something is come first.
pub(super) fn fullest(context: &Context<'_>, source: &Source, same: &[WordId]) -> Option<WordRange> {
    if !matches!(source.form, SourceForm::Definite | SourceForm::Bare | SourceForm::Possessive)
        || source.noun.is_empty()
        || (source.plural && !List::NounsPlural.has(&source.noun))
    {
        return None;
    }
    let own = source.words.len();
    let best = phrases(context, source, same)
        .filter(|p| p.len() > own.min(2).saturating_sub(1) && has_all_names(context.reading, source, *p))
        .max_by_key(|p| (owners(context, *p).next().is_some(), p.len(), std::cmp::Reverse(p.start)))?;
    let span = context.reading.span_of(best)?;
    (best.len() > 1 && context.cast.within(span).all(|u| u.words != best)).then_some(best)
}

/// Whether earlier words have all names of the source: “British police” are not “police in Sundby”.
pub(super) fn has_all_names(reading: &Reading<'_>, source: &Source, earlier: WordRange) -> bool {
    source.proper.iter().all(|name| earlier.iter().any(|w| reading.lower(w) == name))
}

/// Whether an earlier phrase tells whose or where an organisation is that a source calls only by its noun, and no other phrase
/// says otherwise: “police” after “Sundby police”.
pub(super) fn is_whose_alone(context: &Context<'_>, source: &Source, phrase: WordRange) -> bool {
    let reading = context.reading;
    let kind = List::NounsOrganization.has(&source.noun) || List::NounsPlace.has(&source.noun);
    if !kind || !source.modifiers.is_empty() || source.words.len() > 2 {
        return false;
    }
    let own: Vec<WordId> = owners(context, phrase).collect();
    let same = |w: WordId| own.iter().any(|&o| reading.lower(o) == reading.lower(w));
    let nouns = context.earlier_uses(source);
    !own.is_empty()
        && phrases(context, source, &nouns).all(|p| owners(context, p).all(same))
        && stands_alone(reading, phrase)
        && !names_a_place_before(context, source, same)
}

/// Whether a phrase is nobody's words and no part of a longer one: not “Sundby police” in “a former Sundby police
/// officer”.
fn stands_alone(reading: &Reading<'_>, phrase: WordRange) -> bool {
    let (before, after) = (reading.before(phrase.start), phrase.last().and_then(|w| reading.after(w)));
    let noun = after.filter(|&w| reading.word(w).shape == Shape::Small).map(|w| singular(reading.lower(w)));
    let lists = [List::NounsOffice, List::NounsOrganization, List::NounsPlace, List::NounsRelation];
    reading.word(phrase.start).quotation().is_none()
        && !before.is_some_and(|w| reading.listed(w, List::Former))
        && !noun.is_some_and(|noun| lists.iter().any(|list| list.has(&noun)))
}

/// Whether the words before a source in its sentence name another place: “In Torp, police said”.
fn names_a_place_before(context: &Context<'_>, source: &Source, same: impl Fn(WordId) -> bool) -> bool {
    let (reading, cast) = (context.reading, context.cast);
    let start = reading.sentence_of(source.words.start).start;
    let Some(before) = reading.span_of(WordRange { start, end: source.words.start }) else { return false };
    let place = |u: &&Use| cast.member(u.member).kind == EntityKind::Place || context.may_govern(u.member);
    cast.within(before).filter(place).any(|u| !u.words.iter().any(&same))
}

/// The phrases around the nouns that are a source's own noun, and not its plural.
fn phrases<'a>(
    context: &'a Context<'_>,
    source: &'a Source,
    same: &'a [WordId],
) -> impl Iterator<Item = WordRange> + 'a {
    let own = same.iter().filter(|&&w| context.reading.lower(w) == source.noun);
    own.filter_map(|&noun| phrase_with_place(context, noun))
}

/// The words of a phrase that say whose or where something is: “Sundby” in “police in Sundby”.
fn owners(context: &Context<'_>, phrase: WordRange) -> impl Iterator<Item = WordId> {
    let (reading, cast) = (context.reading, context.cast);
    let named = move |w: WordId| {
        cast.within(reading.word(w).span()).next().is_some() || country_of_word(reading.lower(w)).is_some()
    };
    phrase.iter().filter(move |&w| reading.word(w).is_capital() && named(w))
}

/// The most adjectives before the name of a place: “police in southern Norland”.
const LONGEST_REGION: usize = 2;

/// The noun phrase around a noun, with the place after it: “police in Sundby”.
fn phrase_with_place(context: &Context<'_>, noun: WordId) -> Option<WordRange> {
    let (reading, cast) = (context.reading, context.cast);
    let next = reading.after(noun).map_or_else(String::new, |w| singular(reading.lower(w)));
    // “The state government” is not the state.
    if List::NounsOrganization.has(&next) || List::NounsPlace.has(&next) {
        return None;
    }
    let phrase = phrase_ending_at(reading, noun)?;
    let named = || {
        let within = reading.after(noun).filter(|&w| matches!(reading.lower(w), IN | OF))?;
        let region = std::iter::successors(reading.after(within), |&w| reading.after(w));
        let mut region = region.take(LONGEST_REGION + 1).take_while(|&w| reading.word(w).is_word());
        let named = region.find_map(|w| cast.use_at(w))?;
        (cast.member(named.member).kind == EntityKind::Place).then_some(named.words)
    };
    let Some(place) = named() else { return Some(phrase) };
    // “Police in Norway’s second city”, “police in Ravn and Torp”.
    let goes_on = place.last().and_then(|w| reading.after(w)).is_some_and(|w| {
        let capital = || reading.after(w).is_some_and(|w| reading.word(w).is_capital());
        reading.word(w).is_possessive() || reading.listed(w, List::Coordinators) && capital()
    });
    (!goes_on).then_some(WordRange { end: place.end, ..phrase })
}

/// The noun phrase that ends with a noun, without its article: adjectives in lower case, preceded by names and
/// possessives. In “asked Lund’s campaign” the phrase stops at the verb.
fn phrase_ending_at(reading: &Reading<'_>, noun: WordId) -> Option<WordRange> {
    let sentence = reading.sentence_of(noun);
    let before = WordRange { start: sentence.start, end: noun };
    let (mut named, mut start) = (false, noun);
    for w in before.iter().rev().take(6) {
        let word = reading.word(w);
        let stops = reading.listed_in(w, &[List::NoName, List::Prepositions, List::Articles]);
        let name = word.is_capital() || word.is_possessive();
        if stops || !(name || word.is_word() && !named && noun.0 - w.0 <= 2) {
            break;
        }
        named |= name;
        if !word.is_possessive() {
            start = w;
        }
    }
    Some(WordRange { start, end: noun.step(1)? })
}

#[cfg(test)]
mod tests {
    use super::super::context::tests::at_source;
    use super::*;
    use crate::testing::marked;

    /// The fullest phrase before the source of the only statement of a text, and whether its owner is the only one.
    fn phrase(text: &str) -> Option<(String, bool)> {
        let marked = marked(&format!("{text} [C said] [T that it is late]."));
        at_source(&marked, &[], |context, source| {
            let phrase = fullest(context, source, &context.earlier_uses(source))?;
            let written = context.reading.span_of(phrase)?.of(context.reading.text()).to_owned();
            Some((written, is_whose_alone(context, source, phrase)))
        })
    }

    #[test]
    fn police_and_governments_belong_to_a_place_country_or_person() {
        let only = |words: &str| Some((words.to_owned(), true));
        for (text, words) in [
            ("A man was shot, [L Sundby] police wrote. [S Police]", "Sundby police"),
            ("Police in [L Sundby] wrote. [S The police]", "Police in Sundby"),
            ("Police in southern [L Sundby] wrote. [S police]", "Police in southern Sundby"),
            ("The [P Lund] government met. [S The government]", "Lund government"),
            ("[P Lund]’s campaign met. [S The campaign]", "Lund’s campaign"),
        ] {
            assert_eq!(phrase(text), only(words), "{text}");
        }
    }

    #[test]
    fn phrases_of_two_places_or_of_none_do_not_say_whose_a_noun_is() {
        for text in [
            "The [L Ravn] police met [L Sundby] police. [S Police]",
            "They met undercover police. [S Police]",
            "The [L Sundby] police met. [S The local police]",
            "The [L Sundby] police met. [S The police who came]",
            // Another place in the sentence, a quotation, part of a longer phrase, and two places.
            "The [L Sundby] police met. In [L Ravn], [S police]",
            "“The [L Sundby] police met,” she wrote. [S Police]",
            "A [L Sundby] police officer left. [S Police]",
            "The former [L Sundby] government left. [S The government]",
            "Police in [L Sundby] and [L Ravn] met. [S Police]",
            "Police in [L Sundby]’s twin town met. [S Police]",
        ] {
            assert!(phrase(text).is_none_or(|(_, alone)| !alone), "{text}");
        }
    }

    #[test]
    fn a_phrase_has_the_noun_and_all_names_of_the_source() {
        for text in [
            // Another place, a plural, another noun after it, the name itself, and no organisation that “in” places.
            "The [L Ravn] police met. [S Police in [L Sundby]]",
            "The [L Ravn] ministries met. [S The ministry]",
            "The [L Ravn] state government met. [S The state]",
            "The [O Ravn Ministry] met. [S The ministry]",
            "They left the ministry in May. [S The ministry]",
        ] {
            assert_eq!(phrase(text), None, "{text}");
        }
    }
}
