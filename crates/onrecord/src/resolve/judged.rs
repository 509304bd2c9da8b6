//! The probabilities of a source's candidates: those of the trained judge, corrected by rules.
//!
//! A rule moves the probability of some candidates to another one, so that all of them still sum to one.

use onrecord_text::SpeakerKind;

use super::candidates::{Candidate, DESCRIBED, Who, candidates};
use super::cast::MemberId;
use super::context::{Around, Context};
use super::described::{author, named_alone, named_and_described};
use super::excluded::{excluded, is_something_else};
use super::heard::Heard;
use super::phrases::is_whose_alone;
use super::source::Source;
use crate::judge::Judge;

/// The candidates for a source, the one that is taken for its speaker first and the others by their probability.
pub(super) fn judged(
    context: &Context<'_>,
    judge: &Judge,
    source: &Source,
    heard: &Heard,
    around: &Around<'_>,
) -> Vec<Candidate> {
    let mut all = candidates(context, source, heard, around);
    let features: Vec<_> = all.iter().map(|c| c.features).collect();
    for (candidate, probability) in all.iter_mut().zip(judge.probabilities(&features)) {
        candidate.probability = probability;
    }
    rule_out(context, source, around, &mut all);
    give_to_all(&mut all);
    give_to(author(context, source), &mut all, |c| c.who == Who::Described);
    let several = source.plural && !source.noun.is_empty();
    let organization = !several && context.kind_of(source) == SpeakerKind::Organization;
    give_to(named_alone(context, source).filter(|_| organization), &mut all, |c| c.who == Who::Described);
    let named = named_and_described(context, source.words).filter(|_| organization);
    give_to(named, &mut all, |c| c.who == Who::Described || c.is_member_elsewhere());
    // “The newspaper” after “the Ravn newspaper”.
    let phrase = all.iter().find_map(|c| if let Who::Phrase(words) = c.who { Some(words) } else { None });
    let explained = phrase.and_then(|words| named_and_described(context, words));
    give_to(explained, &mut all, |c| matches!(c.who, Who::Phrase(_)));
    if phrase.is_some_and(|words| is_whose_alone(context, source, words)) {
        give_to_phrase(&mut all);
    }
    let described = all[DESCRIBED].clone();
    all.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    // In “Jon Holm was sent to prison. The judge said …”, Holm is likely for want of anybody else.
    let doubtful = all[0].is_a_guess(source) || is_something_else(context, source, &all[0]);
    if doubtful && !explained.is_some_and(|member| all[0].who == Who::Member(member)) {
        all.retain(|c| c.who != Who::Described);
        all.insert(0, described);
    }
    all
}

/// Moves the probability of some candidates to one of them.
fn give(all: &mut [Candidate], to: usize, from: impl Fn(usize, &Candidate) -> bool) {
    let mut given = 0.0;
    for (_, c) in all.iter_mut().enumerate().filter(|(n, c)| *n != to && from(*n, c)) {
        given += std::mem::take(&mut c.probability);
    }
    // A sum of rounded numbers may be a little above one.
    all[to].probability = (all[to].probability + given).min(1.0);
}

/// Takes their probability from the candidates that the source's own words rule out. That the likeliest one is ruled
/// out makes none of the others likelier, so nobody named gets it. But in “Lund’s successor, Brandt,” only one of the two
/// can be meant, and so with “the Norwegian president” if only one of two presidents is Norwegian.
fn rule_out(context: &Context<'_>, source: &Source, around: &Around<'_>, all: &mut [Candidate]) {
    let out = excluded(context, source, around, all);
    let only_left = |of: fn(&Candidate) -> bool, fits: fn(&Candidate) -> bool| {
        let any_out = (0..all.len()).any(|n| out[n] && of(&all[n]));
        let mut left = (0..all.len()).filter(|&n| !out[n] && of(&all[n]) && fits(&all[n]));
        left.next().filter(|_| any_out && left.next().is_none())
    };
    let only = only_left(Candidate::is_person_inside, |_| true)
        .or_else(|| only_left(Candidate::holds_office, Candidate::fits_all_modifiers));
    give(all, only.unwrap_or(DESCRIBED), |n, _| out[n]);
}

/// Gives the probabilities of the members that make up a whole source to all of them together: “Lund and Brandt” are
/// not one of the two.
fn give_to_all(all: &mut [Candidate]) {
    let Some(joint) = all.iter().position(Candidate::is_whole_source) else { return };
    let Who::Joint(members, _) = all[joint].who.clone() else { return };
    give(all, joint, |_, c| matches!(&c.who, Who::Member(one) if members.contains(one)));
}

/// Gives the probabilities of some candidates to the member whom their words name: that of “a Harbour Board statement” to
/// the board.
fn give_to(member: Option<MemberId>, all: &mut [Candidate], gives: impl Fn(&Candidate) -> bool) {
    if let Some(to) = member.and_then(|id| all.iter().position(|c| c.who == Who::Member(id))) {
        give(all, to, |_, c| gives(c));
    }
}

/// Gives the probability of nobody named to the fuller phrase, if both together are likelier than anybody else.
fn give_to_phrase(all: &mut [Candidate]) {
    let Some(phrase) = all.iter().position(|c| matches!(c.who, Who::Phrase(_))) else { return };
    let both = all[phrase].probability + all[DESCRIBED].probability;
    if all.iter().all(|c| c.probability < both) {
        give(all, phrase, |_, c| c.who == Who::Described);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;
    use crate::reading::{WordId, WordRange};
    use crate::testing::marked;

    #[test]
    fn no_probability_exceeds_one() {
        let candidate = |probability| Candidate {
            who: Who::Described,
            features: [0.0; super::super::features::N],
            probability,
            mention: None,
        };
        let mut all = [candidate(0.5), candidate(0.5 + f32::EPSILON)];
        give(&mut all, 0, |_, _| true);
        assert_eq!(all.map(|c| c.probability), [1.0, 0.0]);
    }

    #[test]
    fn a_fuller_phrase_gets_the_probability_of_nobody_unless_somebody_else_is_likelier() {
        let candidate = |who: Who, probability: f32| {
            let features = [0.0; super::super::features::N];
            Candidate { who, features, probability, mention: None }
        };
        let words = WordRange { start: WordId(0), end: WordId(2) };
        let given = |other: f32| {
            let mut all = [
                candidate(Who::Described, 0.3),
                candidate(Who::Phrase(words), 0.2),
                candidate(Who::Member(MemberId(0)), other),
            ];
            give_to_phrase(&mut all);
            all.map(|c| c.probability)
        };
        assert_eq!(given(0.4), [0.0, 0.5, 0.4]);
        assert_eq!(given(0.5), [0.3, 0.2, 0.5]);
    }

    #[test]
    fn the_probability_of_those_whom_a_source_excludes_goes_to_nobody() {
        let marked = marked(
            "Chilean minister [P Jon Holm] left. [S The Peruvian minister] [C said] [T that it is late].",
        );
        let engine = Engine::untrained();
        let explanation = engine.explanation(marked.article, &marked.quotations, marked.analysis);
        let all = &explanation.candidates[0];
        let holm = all.iter().find(|c| c.name.as_deref() == Some("Jon Holm")).unwrap();
        assert_eq!(holm.probability, 0.0);
        assert!((all.iter().map(|c| c.probability).sum::<f32>() - 1.0).abs() < 1e-3);
        assert_eq!(all[0].name, None);
    }
}
