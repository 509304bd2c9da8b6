//! The candidates for each source.

use std::collections::{HashMap, HashSet};

use onrecord_text::{BlockKind, Span};

use super::cast::MemberId;
use super::context::{Around, At, BEFORE, Context, MOST};
use super::features::{self, Features, N, Noun, at};
use super::heard::{Heard, TURNS};
use super::joint::joint;
use super::phrases::{fullest, has_all_names};
use super::source::{Source, SourceForm};
use crate::analysis::Mention;
use crate::english::is_same_office;
use crate::reading::{WordId, WordRange};

/// What a source may refer to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Who {
    /// Nobody named in the article, only what the source's own words describe.
    Described,
    /// Somebody named in the article.
    Member(MemberId),
    /// Several members whom the source names jointly or who spoke jointly before, with any words for unnamed others:
    /// “Lund and his lawyers”.
    Joint(Vec<MemberId>, Option<WordRange>),
    /// Something that earlier words describe more fully: “the Norwegian foreign ministry”, later “the ministry”.
    Phrase(WordRange),
    /// Somebody whom an earlier source described; the value is the index of its turn.
    Earlier(usize),
}

/// A candidate with its features.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) who: Who,
    pub(super) features: [f32; N],
    pub(super) probability: f32,
    /// The use of a name or the earlier source that is the best evidence for it.
    pub(super) mention: Option<Span>,
}

impl Candidate {
    fn new(who: Who, features: Features, mention: Option<Span>) -> Self {
        Self { who, features: features.0, probability: 0.0, mention }
    }

    /// Whether it stands for several members who make up the whole source.
    pub(super) fn is_whole_source(&self) -> bool {
        matches!(self.who, Who::Joint(..)) && self.features[at!("whole")] == 1.0
    }

    /// Whether this is a guess: the source is a description, and neither an office nor a name in the article accounts for it.
    /// A person is then always a guess, an organisation only if it is likelier not to be meant.
    pub(super) fn is_a_guess(&self, source: &Source) -> bool {
        let explained = [at!("inside"), at!("role_head"), at!("role_covers"), at!("name_has_noun")];
        matches!(self.who, Who::Member(_))
            && matches!(
                source.form,
                SourceForm::Definite | SourceForm::Possessive | SourceForm::Indefinite | SourceForm::Bare
            )
            && (self.features[at!("person")] == 1.0 || self.probability < 0.5)
            && explained.iter().all(|&feature| self.features[feature] == 0.0)
    }

    /// Whether it is a member whom the source does not name.
    pub(super) fn is_member_elsewhere(&self) -> bool {
        matches!(self.who, Who::Member(_)) && self.features[at!("inside")] == 0.0
    }

    /// Whether it is a person whom the source names.
    pub(super) fn is_person_inside(&self) -> bool {
        matches!(self.who, Who::Member(_))
            && self.features[at!("inside")] == 1.0
            && self.features[at!("person")] == 1.0
    }

    /// Whether the source has modifiers, and all of them are in its roles and names.
    pub(super) fn fits_all_modifiers(&self) -> bool {
        self.features[at!("role_modifiers")] == 1.0
    }

    /// Whether it holds the office that the source names.
    pub(super) fn holds_office(&self) -> bool {
        self.features[at!("role_head")] + self.features[at!("role_covers")] > 0.0
    }
}

/// The index of [`Who::Described`] among the candidates for a source.
pub(super) const DESCRIBED: usize = 0;
/// How many uses of names after a source yield candidates.
const AFTER: usize = 8;
/// The most members that are candidates because their names or roles have a word of the source. Those named near the
/// source are candidates in any case.
const FITTING: usize = 48;
/// How many uses of one member are compared with the source's mention.
const USES: usize = 6;

/// The candidates for a source, with their features, [`Who::Described`] at [`DESCRIBED`].
pub(super) fn candidates(
    context: &Context<'_>,
    source: &Source,
    heard: &Heard,
    around: &Around<'_>,
) -> Vec<Candidate> {
    let inside: Vec<usize> = context.uses_in(source.span).collect();
    let at = At { context, source, inside: &inside, heard, around };
    let mention = context.mention_at(source.span);
    let earlier = if source.noun.is_empty() { Vec::new() } else { context.earlier_uses(source) };
    let holders = holders(context, source);
    let members = members(&at, &holders);
    let shares = shares(context, source, mention, &members);
    let noun = Noun { held: !holders.is_empty(), earlier: &earlier };
    let shared = features::of_source(&at, mention, shares.nobody, &noun);
    let mut all = vec![Candidate::new(Who::Described, features::of_nobody(&shared), Some(source.span))];
    let last = named_last(context, source, around);
    all.extend(members.into_iter().map(|member| {
        let share = shares.of.get(&member).copied().unwrap_or_default();
        let (features, mention) = features::of_member(&at, &shared, member, share, last);
        Candidate::new(Who::Member(member), features, mention)
    }));
    count_rivals(&mut all);
    mark_outdone(&mut all);
    all.extend(joint(&at).into_iter().map(|joint| {
        let features = features::of_joint(&at, &shared, &joint);
        Candidate::new(Who::Joint(joint.members, joint.rest), features, Some(joint.mention))
    }));
    all.extend(described_before(&at, &shared));
    all.extend(fuller_phrase(&at, &shared, &earlier));
    all
}

/// Of the first members, those who hold the office that a source's noun names.
fn holders(context: &Context<'_>, source: &Source) -> Vec<MemberId> {
    if source.noun.is_empty() {
        return Vec::new();
    }
    let holds = |m: &MemberId| context.heads[m.0].iter().any(|w| is_same_office(w, &source.noun));
    context.cast.ids().take(MOST).filter(holds).collect()
}

/// The members that are candidates: those named in or near the source, those who spoke last, and those with a word of
/// the source in their names or roles.
fn members(at: &At<'_>, holders: &[MemberId]) -> Vec<MemberId> {
    let At { context, source, inside, heard, around } = *at;
    let (reading, cast) = (context.reading, context.cast);
    let mut members: Vec<MemberId> = inside.iter().map(|&u| cast.uses[u].member).collect();
    let next = cast.uses.partition_point(|u| u.span.start() < source.span.start());
    let near = next.saturating_sub(BEFORE)..(next + AFTER + inside.len()).min(cast.uses.len());
    members.extend(near.rev().map(|u| cast.uses[u].member));
    members.extend(heard.last_members());
    members.extend(around.outer);
    let fitting = |mut members: Vec<MemberId>| {
        members.sort_unstable();
        members.dedup();
        members.into_iter().take(FITTING)
    };
    if !source.noun.is_empty() {
        members.extend(fitting([holders, context.named(&source.noun)].concat()));
    }
    if source.form == SourceForm::Named {
        // A surname that several members share.
        let words = source.words.iter().filter(|&w| reading.word(w).is_capital());
        let mut bearers: Vec<MemberId> = Vec::new();
        for word in words {
            let called = context.called(reading.written(word));
            bearers.extend(called.iter().copied().filter(|&m| context.is_person(m)));
        }
        members.extend(fitting(bearers));
    }
    // Readers of the text do not know those whom only captions, credits and bylines name, such as photographers.
    let aside = |w: WordId| {
        let kind = reading.block_kind(w);
        !kind.is_running() && kind != BlockKind::Attribution
    };
    let only_aside = |m: MemberId| {
        !aside(source.words.start) && cast.member(m).uses.iter().all(|&u| aside(cast.uses[u].words.start))
    };
    let mut seen = HashSet::new();
    members.retain(|&m| seen.insert(m) && cast.member(m).fullest().is_some() && !only_aside(m));
    members
}

/// The member named last before a source, among those that it may refer to.
fn named_last(context: &Context<'_>, source: &Source, around: &Around<'_>) -> Option<MemberId> {
    let next = context.cast.uses.partition_point(|u| u.span.start() < source.span.start());
    context.cast.uses[..next].iter().rev().take(BEFORE).map(|u| u.member).find(|m| !around.apart.contains(m))
}

struct Shares {
    of: HashMap<MemberId, f32>,
    nobody: f32,
}

/// The share of the mention's odds that goes to each member's uses, and the share that goes to nobody.
fn shares(context: &Context<'_>, source: &Source, mention: Option<&Mention>, members: &[MemberId]) -> Shares {
    let Some(mention) = mention else { return Shares { of: HashMap::new(), nobody: 0.0 } };
    let odds = |score: f32| libm::expf(score.clamp(-30.0, 30.0));
    let nobody = odds(mention.pointer.nobody);
    let mut of = HashMap::new();
    let mut sum = nobody;
    for &id in members {
        let uses = &context.cast.member(id).uses;
        let split = uses.partition_point(|&u| context.cast.uses[u].span.start() < source.span.start());
        let near = split.saturating_sub(USES)..(split + 2).min(uses.len());
        let first = (near.start > 0).then(|| uses[0]);
        let own: f32 = near
            .map(|n| uses[n])
            .chain(first)
            .filter(|&u| !source.span.contains(context.cast.uses[u].span))
            .filter_map(|u| context.mention_of_use[u])
            .map(|m| odds(mention.pointer.score(&context.mentions[m].pointer)))
            .sum();
        sum += own;
        of.insert(id, own);
    }
    #[expect(clippy::iter_over_hash_type, reason = "each share is divided by itself")]
    for share in of.values_mut() {
        *share /= sum;
    }
    Shares { of, nobody: nobody / sum }
}

/// Records for each member how many others near the source compete with it: persons with persons, the rest with the rest.
fn count_rivals(all: &mut [Candidate]) {
    let near = at!("sentence_before");
    let here = at!("same_sentence");
    let block = at!("same_block");
    let (person, differs) = (at!("person"), at!("gender_differs"));
    let close = |c: &Candidate| c.features[near] + c.features[here] + c.features[block] > 0.0;
    let count = |persons: f32| {
        let own = all.iter().filter(|c| matches!(c.who, Who::Member(_)) && c.features[person] == persons);
        own.filter(|c| close(c) && c.features[differs] == 0.0).count()
    };
    let (persons, others) = (count(1.0), count(0.0));
    for c in all.iter_mut().filter(|c| matches!(c.who, Who::Member(_))) {
        let all = if c.features[person] == 1.0 { persons } else { others };
        c.features[at!("rivals")] = all.saturating_sub(usize::from(close(c))).min(4) as f32 / 4.0;
    }
}

/// Marks candidates that fit the source's words less well than another holder of the same office: “the Sundby
/// mayor” when there are two mayors.
fn mark_outdone(all: &mut [Candidate]) {
    let fits = |c: &Candidate| c.features[at!("role_modifiers")];
    let most = all.iter().filter(|c| c.holds_office()).map(fits).fold(0.0, f32::max);
    for c in all.iter_mut().filter(|c| c.holds_office() && fits(c) < most) {
        c.features[at!("outdone")] = 1.0;
    }
}

/// Candidates that earlier sources described without naming them.
fn described_before(at: &At<'_>, shared: &Features) -> Vec<Candidate> {
    let turns = &at.heard.turns;
    let mut out = Vec::new();
    let mut seen = Vec::new();
    for (n, turn) in turns.iter().enumerate().rev().take(TURNS).filter(|(_, t)| t.members.is_empty()) {
        let Some(described) = &turn.described else { continue };
        let before = at.context.reading.words_of(turn.span);
        if seen.contains(&&described.name) || !has_all_names(at.context.reading, at.source, before) {
            continue;
        }
        let last = seen.is_empty() && n + 1 == turns.len();
        let features = features::of_described(at, shared, described, turn.at, last);
        out.push(Candidate::new(Who::Earlier(n), features, Some(turn.span)));
        seen.push(&described.name);
    }
    out
}

/// The fullest earlier phrase for a source as a candidate.
fn fuller_phrase(at: &At<'_>, shared: &Features, same: &[WordId]) -> Option<Candidate> {
    let phrase = fullest(at.context, at.source, same)?;
    let span = at.context.reading.span_of(phrase)?;
    Some(Candidate::new(Who::Phrase(phrase), features::of_phrase(at, shared, phrase, span), Some(span)))
}

#[cfg(test)]
mod tests {
    use onrecord_text::Block;

    use super::super::context::tests::at_source;
    use super::super::heard::tests::heard;
    use super::*;
    use crate::testing::marked;

    /// The candidates for the source of the only statement of a text: their names, with the features that are set.
    fn candidates(text: &str) -> Vec<(String, Candidate)> {
        candidates_in(text, |_| ())
    }

    /// The same for an article whose blocks are changed first.
    fn candidates_in(text: &str, change: impl Fn(&mut [Block])) -> Vec<(String, Candidate)> {
        let mut marked = marked(text);
        change(&mut marked.article.blocks);
        at_source(&marked, &[], |context, source| {
            let all = super::candidates(context, source, &Heard::default(), &Around::default());
            let name = |c: &Candidate| match c.who {
                Who::Member(m) => context.full_name(m),
                _ => String::new(),
            };
            all.into_iter().map(|c| (name(&c), c)).collect()
        })
    }

    #[test]
    fn the_persons_that_a_source_names_are_counted_without_other_names() {
        let count = |source: &str| {
            let all = candidates(&format!("[S {source}] [C said] [T that it is late]."));
            all[0].1.features[at!("persons_inside")] * 3.0
        };
        assert_eq!(count("The [O Harbour Board]"), 0.0);
        assert_eq!(count("[P Ada Brandt] of the [O Harbour Board]"), 1.0);
        assert_eq!(count("[P Ada Brandt] and [P Jon Holm] of the [O Harbour Board]"), 2.0);
    }

    #[test]
    fn a_person_has_those_near_the_source_as_rivals() {
        let all = candidates(
            "[P Tom Berg] slept.\n\n[P Jon Holm] met [P Ola Vik] at the [O Harbour Board]. \
             [S The man] [C said] [T that it is late].",
        );
        let rivals = |own: &str| {
            let (_, candidate) = all.iter().find(|(name, _)| name == own).unwrap();
            candidate.features[at!("rivals")] * 4.0
        };
        assert_eq!((rivals("jon holm"), rivals("ola vik")), (1.0, 1.0));
        // Whoever is far away is nobody's rival but has the others as rivals. Organisations do not compete with
        // persons.
        assert_eq!((rivals("tom berg"), rivals("harbour board")), (2.0, 0.0));
    }

    #[test]
    fn who_is_only_named_in_a_caption_is_no_candidate_for_the_text() {
        let names = |text: &str| {
            let all = candidates_in(text, |blocks| blocks[0].kind = BlockKind::Caption);
            let mut names: Vec<String> = all.into_iter().map(|(name, _)| name).collect();
            names.retain(|name| !name.is_empty());
            names.sort();
            names
        };
        let caption = "A gull. Photo: [P Jon Holm].\n\n";
        let said = "[S She] [C said] [T that it is late].";
        assert_eq!(names(&format!("{caption}[P Ada Brandt] left. {said}")), ["ada brandt"]);
        assert_eq!(
            names(&format!("{caption}[P Ada Brandt] left [P Jon Holm]. {said}")),
            ["ada brandt", "jon holm"]
        );
        assert_eq!(
            names(&format!("[P Jon Holm] left. {said}\n\n[P Ada Brandt] left.")),
            ["ada brandt", "jon holm"]
        );
    }

    /// Sentences that name many different groups.
    fn groups(count: usize) -> String {
        let letter = |n: usize| char::from(b'A' + (n % 26) as u8);
        (0..count)
            .map(|n| format!("The [O {0}{1}or Pier Group] left. ", letter(n / 26), letter(n).to_lowercase()))
            .collect()
    }

    #[test]
    fn far_names_with_the_noun_of_a_source_are_candidates_up_to_a_limit() {
        let nobody = "It rained. [L Norden] is wet. ".repeat(60);
        let named = |count: usize| {
            let all =
                candidates(&format!("{}{nobody} [S The group] [C said] [T that it is late].", groups(count)));
            all.iter().filter(|(name, _)| name.contains("group")).count()
        };
        assert_eq!(named(30), 30);
        assert_eq!(named(300), FITTING);
    }

    #[test]
    fn whoever_spoke_before_is_known_to_have_spoken() {
        let marked = marked("[P Jon Holm] left [P Ada Brandt]. [S She] [C said] [T that it is late].");
        let spoke = |heard: &Heard, feature: usize| -> Vec<MemberId> {
            let all =
                at_source(&marked, &[], |c, source| super::candidates(c, source, heard, &Around::default()));
            let own = all.into_iter().filter(|c| c.features[feature] == 1.0);
            own.filter_map(|c| match c.who {
                Who::Member(id) => Some(id),
                _ => None,
            })
            .collect()
        };
        let [holm, brandt] = [0, 1].map(MemberId);
        assert!(spoke(&Heard::default(), at!("spoke")).is_empty());
        let heard = heard(&[holm, brandt]);
        assert_eq!(spoke(&heard, at!("spoke_last")), [brandt]);
        assert_eq!(spoke(&heard, at!("spoke_second")), [holm]);
        assert_eq!(spoke(&heard, at!("spoke_here")).len(), 2);
    }
}
