//! The features of candidates, which the trained judge weighs.

use onrecord_text::{BlockKind, EntityKind, Span, SpeakerKind};

use super::cast::{MemberId, genders_agree};
use super::context::{At, Context};
use super::heard::Described;
use super::joint::{Joint, Origin};
use super::source::{self, Source, SourceForm};
use crate::analysis::{Mention, SourceKinds};
use crate::english::{Gender, is_same_office};
use crate::lists::{List, covers, parties_of};
use crate::reading::{Reading, WordId, WordRange};

/// The names of the features of a candidate, in the order that the judge expects.
pub const FEATURES: [&str; 90] = [
    // The form of the source and the encoder's view of it: the same for all of its candidates.
    "absent",
    "he",
    "she",
    "they",
    "it",
    "relative",
    "own",
    "nobody",
    "definite",
    "possessive",
    "indefinite",
    "bare",
    "named",
    "as_person",
    "as_organization",
    "as_group",
    "as_document",
    "as_unnamed",
    "plural",
    "quoted",
    "headline",
    "caption",
    "nobody_share",
    "persons_inside",
    "length",
    "noun_named",
    "noun_before",
    "noun_introduced",
    "noun_is_role",
    "noun_is_office",
    // The kind of candidate.
    "described",
    "earlier",
    "joint",
    "pair",
    "whole",
    "phrase",
    "person",
    "organization",
    "place",
    "kind_fits",
    // The position of its name in the source.
    "inside",
    "inside_alone",
    "inside_first",
    "inside_last",
    "after_preposition",
    "before_possessive",
    "before_noun",
    "after_comma",
    "starts_source",
    "ends_source",
    // The position of its mentions outside the source.
    "share",
    "log_share",
    "before",
    "after",
    "same_sentence",
    "sentence_before",
    "nearness",
    "same_block",
    "block_before",
    "named_last",
    "subject",
    "subject_near",
    "adjacent",
    "rivals",
    "frequency",
    "first_named",
    "in_headline",
    // Who has spoken before.
    "spoke_last",
    "spoke_second",
    "spoke_here",
    "spoke_block_before",
    "spoke",
    "addressed_last",
    "outer_speaker",
    // Agreement with the words of the source.
    "gender_agrees",
    "gender_differs",
    "gender_unknown",
    "role_head",
    "role_covers",
    "other_role",
    "without_role",
    "role_modifiers",
    "modifiers_missing",
    "outdone",
    "name_has_noun",
    "country",
    "same_noun",
    "longer",
    "apart",
    "ambiguous",
];

/// The number of features.
pub(crate) const N: usize = FEATURES.len();

/// The index of a feature; a name that is not a feature does not compile.
macro_rules! at {
    ($name:literal) => {
        const { $crate::resolve::features::place($name) }
    };
}
pub(super) use at;

/// The index of a feature in [`FEATURES`].
pub(super) const fn place(name: &str) -> usize {
    let mut n = 0;
    while n < N {
        if equal(FEATURES[n].as_bytes(), name.as_bytes()) {
            return n;
        }
        n += 1;
    }
    panic!("there is no such feature")
}

const fn equal(a: &[u8], b: &[u8]) -> bool {
    let mut n = 0;
    while n < a.len() && n < b.len() && a[n] == b[n] {
        n += 1;
    }
    n == a.len() && n == b.len()
}

/// Features by name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Features(pub(super) [f32; N]);

impl Features {
    pub(super) fn set(&mut self, feature: usize, value: f32) {
        self.0[feature] = value;
    }

    pub(super) fn flag(&mut self, feature: usize, value: bool) {
        self.set(feature, f32::from(u8::from(value)));
    }

    pub(super) fn get(&self, feature: usize) -> f32 {
        self.0[feature]
    }
}

/// The feature for what a speaker of this kind speaks as; `None` if nobody speaks.
fn as_kind(kind: SpeakerKind) -> Option<usize> {
    match kind {
        SpeakerKind::Person => Some(at!("as_person")),
        SpeakerKind::Organization => Some(at!("as_organization")),
        SpeakerKind::Group => Some(at!("as_group")),
        SpeakerKind::Document => Some(at!("as_document")),
        SpeakerKind::Unnamed => Some(at!("as_unnamed")),
        _ => None,
    }
}

/// The feature for a form of sources.
fn of_form(form: SourceForm) -> usize {
    match form {
        SourceForm::Absent => at!("absent"),
        SourceForm::He => at!("he"),
        SourceForm::She => at!("she"),
        SourceForm::They => at!("they"),
        SourceForm::It => at!("it"),
        SourceForm::Relative => at!("relative"),
        SourceForm::Own => at!("own"),
        SourceForm::Nobody => at!("nobody"),
        SourceForm::Definite => at!("definite"),
        SourceForm::Possessive => at!("possessive"),
        SourceForm::Indefinite => at!("indefinite"),
        SourceForm::Bare => at!("bare"),
        SourceForm::Named => at!("named"),
    }
}

/// What the article says of the noun of a source.
pub(super) struct Noun<'a> {
    /// Whether it is the office of somebody whom the article names.
    pub(super) held: bool,
    /// Its uses before the source.
    pub(super) earlier: &'a [WordId],
}

/// The features that all candidates of a source share.
pub(super) fn of_source(
    at: &At<'_>,
    mention: Option<&Mention>,
    nobody_share: f32,
    noun: &Noun<'_>,
) -> Features {
    let At { context, source, inside, .. } = *at;
    let mut f = Features([0.0; N]);
    f.flag(of_form(source.form), true);
    let speaks_as = mention.map_or(SourceKinds::EVEN, |m| m.speaks_as);
    f.set(at!("as_person"), speaks_as.person);
    f.set(at!("as_organization"), speaks_as.organization);
    f.set(at!("as_group"), speaks_as.group);
    f.set(at!("as_document"), speaks_as.document);
    f.set(at!("as_unnamed"), speaks_as.unnamed);
    f.flag(at!("plural"), source.plural);
    let first = source.words.start;
    f.flag(at!("quoted"), context.reading.quotation_around(source.span).is_some());
    let kind = context.reading.block_kind(first);
    f.flag(at!("headline"), matches!(kind, BlockKind::Headline | BlockKind::Lead));
    f.flag(at!("caption"), kind == BlockKind::Caption);
    f.set(at!("nobody_share"), nobody_share);
    let persons = inside.iter().filter(|&&u| context.is_person(context.cast.uses[u].member));
    f.set(at!("persons_inside"), persons.count().min(3) as f32 / 3.0);
    f.set(at!("length"), source.words.len().min(20) as f32 / 20.0);
    if !source.noun.is_empty() {
        f.flag(at!("noun_named"), source.form == SourceForm::Named);
        // Neither in nor beside a name.
        let alone = |w: &WordId| {
            !context.reading.after(*w).is_some_and(|next| context.reading.word(next).is_capital())
        };
        let introduces = |w: WordId| {
            let phrase = WordRange { start: WordId(w.0.saturating_sub(3)), end: w };
            phrase.iter().any(|w| is_introducing(context.reading, w))
        };
        let alone: Vec<WordId> = noun.earlier.iter().copied().filter(alone).collect();
        f.flag(at!("noun_before"), !alone.is_empty());
        // “a bishop”, “her manager”, “two sailors”
        f.flag(at!("noun_introduced"), alone.iter().any(|&w| introduces(w)));
        f.flag(at!("noun_is_office"), List::NounsOffice.has(&source.noun));
        f.flag(at!("noun_is_role"), noun.held);
    }
    f
}

/// The features of the candidate that stands for nobody named.
pub(super) fn of_nobody(shared: &Features) -> Features {
    let mut f = *shared;
    f.set(at!("described"), 1.0);
    let unnamed = [at!("as_group"), at!("as_document"), at!("as_unnamed")].map(|feature| f.get(feature));
    f.set(at!("kind_fits"), unnamed.iter().sum());
    f.set(at!("share"), f.get(at!("nobody_share")));
    f.set(at!("log_share"), logarithm(f.get(at!("nobody_share"))));
    f
}

/// The features of a member, and the use of their name that is the best evidence. `last` is the member named last
/// before the source.
pub(super) fn of_member(
    at: &At<'_>,
    shared: &Features,
    id: MemberId,
    share: f32,
    last: Option<MemberId>,
) -> (Features, Option<Span>) {
    let At { context, source, inside, around, .. } = *at;
    let (reading, member) = (context.reading, context.cast.member(id));
    let mut f = *shared;
    let person = member.kind == EntityKind::Person;
    f.flag(at!("person"), person);
    f.flag(at!("organization"), member.kind == EntityKind::Organization);
    f.flag(at!("place"), member.kind == EntityKind::Place);
    f.set(at!("kind_fits"), if person { f.get(at!("as_person")) } else { f.get(at!("as_organization")) });
    let own: Vec<usize> = inside.iter().copied().filter(|&u| context.cast.uses[u].member == id).collect();
    let mut mention = None;
    if let Some(&u) = own.first() {
        mention = Some(context.cast.uses[u].span);
        set_inside(&mut f, at, u, person);
    }
    f.set(at!("share"), share);
    f.set(at!("log_share"), logarithm(share));
    // Uses before and after the source.
    let first = source.words.start;
    let split = member.uses.partition_point(|&u| context.cast.uses[u].span.start() < source.span.start());
    let before = member.uses[..split].last().map(|&u| context.cast.uses[u]);
    let later =
        member.uses[split..].iter().map(|&u| context.cast.uses[u]).find(|u| !source.span.contains(u.span));
    if let Some(used) = before {
        mention = mention.or(Some(used.span));
        let between = reading.sentences_between(used.words.start, first);
        f.set(at!("before"), 1.0);
        f.flag(at!("same_sentence"), between == 0);
        f.flag(at!("sentence_before"), between == 1);
        f.set(at!("nearness"), 1.0 / (1.0 + between as f32));
        let blocks = context.blocks_between(used.words.start, first);
        f.flag(at!("same_block"), blocks == 0);
        f.flag(at!("block_before"), blocks == 1);
        f.flag(at!("named_last"), last == Some(id));
        let subject = is_subject(reading, used.words);
        f.flag(at!("subject"), subject);
        f.flag(at!("subject_near"), subject && between <= 1);
        let gap = reading.text().get(used.span.end()..source.span.start());
        f.flag(at!("adjacent"), gap.is_some_and(|g| g.len() <= 2 && g.trim_matches([',', ' ']).is_empty()));
    } else if let Some(later) = later {
        mention = mention.or(Some(later.span));
        f.set(at!("after"), 1.0);
        let between = reading.sentences_between(first, later.words.start);
        f.set(at!("nearness"), 1.0 / (1.0 + between as f32));
    }
    f.set(at!("frequency"), (member.uses.len().min(30) as f32 / 30.0).sqrt());
    f.flag(at!("first_named"), context.is_first(id));
    let headline = member.uses.iter().take(2).any(|&u| {
        matches!(reading.block_kind(context.cast.uses[u].words.start), BlockKind::Headline | BlockKind::Lead)
    });
    f.flag(at!("in_headline"), headline);
    set_spoken(&mut f, at, id);
    set_words_about(&mut f, at, id);
    f.flag(at!("apart"), around.apart.contains(&id));
    (f, mention)
}

/// Sets the features for the position of a name in the source.
fn set_inside(f: &mut Features, at: &At<'_>, used: usize, person: bool) {
    let At { context, source, inside, .. } = *at;
    let (reading, words) = (context.reading, context.cast.uses[used].words);
    f.set(at!("inside"), 1.0);
    let same_kind = |&&u: &&usize| context.is_person(context.cast.uses[u].member) == person;
    f.flag(at!("inside_alone"), inside.iter().filter(same_kind).count() == 1);
    f.flag(at!("inside_first"), inside.first() == Some(&used));
    f.flag(at!("inside_last"), inside.last() == Some(&used));
    let before = WordRange { start: source.words.start, end: words.start };
    let after = WordRange { start: words.end, end: source.words.end };
    // “a spokesman for the bank”, “secretary of state Ada Brandt”.
    let preposition = before.iter().rev().take(4).find(|&w| reading.listed(w, List::Prepositions));
    f.flag(
        at!("after_preposition"),
        preposition.is_some_and(|p| {
            !WordRange { start: p, end: words.start }.iter().any(|w| reading.written(w) == ",")
        }),
    );
    f.flag(at!("before_possessive"), after.first().is_some_and(|w| reading.word(w).is_possessive()));
    let noun = after.first().filter(|&w| {
        reading.word(w).is_word()
            && !reading.listed(w, List::AfterName)
            && !reading.listed(w, List::Prepositions)
    });
    f.flag(at!("before_noun"), noun.is_some());
    f.flag(at!("after_comma"), before.last().is_some_and(|w| reading.written(w) == ","));
    f.flag(at!("starts_source"), before.is_empty());
    f.flag(at!("ends_source"), after.is_empty());
    let surname = words.len() == 1 && person;
    let bearers = surname.then(|| context.called(reading.written(words.start)));
    f.flag(at!("ambiguous"), bearers.is_some_and(|all| all.len() > 1));
}

/// Sets the features for who has spoken before.
fn set_spoken(f: &mut Features, at: &At<'_>, id: MemberId) {
    let At { context, source, heard, around, .. } = *at;
    let rank = heard.rank(id);
    f.flag(at!("spoke_last"), rank == Some(0));
    f.flag(at!("spoke_second"), rank == Some(1));
    f.flag(at!("spoke"), rank.is_some());
    if let Some(turn) = heard.last_turn(id) {
        set_blocks_since(f, context, turn, source);
    }
    f.flag(at!("addressed_last"), heard.addressed == Some(id));
    f.flag(at!("outer_speaker"), around.outer == Some(id));
}

/// Sets the features for what the source's own words say about a member.
fn set_words_about(f: &mut Features, at: &At<'_>, id: MemberId) {
    let At { context, source, heard, .. } = *at;
    let member = context.cast.member(id);
    let gender = heard.gender(id).or(member.gender);
    set_gender(f, gender, source);
    if source.noun.is_empty() {
        return;
    }
    let (heads, own) = (&context.heads[id.0], context.words_of(id));
    f.flag(at!("role_head"), heads.iter().any(|w| is_same_office(w, &source.noun)));
    // “the Democrat” for a Democratic senator
    let party = member.kind == EntityKind::Person
        && parties_of(&source.noun).iter().any(|party| own.parties.contains(party));
    f.flag(at!("role_covers"), party || heads.iter().any(|w| covers(&source.noun, w)));
    f.flag(at!("name_has_noun"), own.name(&source.noun));
    let fits =
        [at!("role_head"), at!("role_covers"), at!("name_has_noun")].iter().any(|&fit| f.get(fit) > 0.0);
    f.flag(at!("other_role"), !heads.is_empty() && !fits);
    f.flag(at!("without_role"), heads.is_empty() && !fits);
    let hits = source.modifiers.iter().filter(|m| own.fit(m)).count();
    let count = source.modifiers.len().max(1) as f32;
    f.set(at!("role_modifiers"), hits as f32 / count);
    f.set(at!("modifiers_missing"), (source.modifiers.len() - hits) as f32 / count);
    f.flag(at!("country"), source.modifiers.iter().any(|m| own.name_country_of(m)));
}

/// The features of several members together.
pub(super) fn of_joint(at: &At<'_>, shared: &Features, joint: &Joint) -> Features {
    let At { context, source, .. } = *at;
    let mut f = *shared;
    f.set(at!("joint"), 1.0);
    f.flag(at!("pair"), joint.from == Origin::Before);
    f.flag(at!("whole"), joint.from == Origin::Source { whole: true });
    f.flag(at!("longer"), joint.rest.is_some());
    let person = joint.members.iter().all(|&m| context.is_person(m));
    f.flag(at!("person"), person);
    f.set(at!("kind_fits"), if person { f.get(at!("as_person")) } else { f.get(at!("as_organization")) });
    f.flag(at!("inside"), matches!(joint.from, Origin::Source { .. }));
    if let Origin::Turn(turn) = joint.from {
        f.flag(at!("spoke_last"), true);
        set_blocks_since(&mut f, context, turn, source);
    }
    f
}

/// Sets the features for how many blocks lie between a turn and a source.
fn set_blocks_since(f: &mut Features, context: &Context<'_>, turn: WordId, source: &Source) {
    let blocks = context.blocks_between(turn, source.words.start);
    f.flag(at!("spoke_here"), blocks == 0);
    f.flag(at!("spoke_block_before"), blocks == 1);
}

/// The features of a speaker whom an earlier source, in a turn at this position, described without a name. `last` says
/// whether nobody has spoken since.
pub(super) fn of_described(
    at: &At<'_>,
    shared: &Features,
    described: &Described,
    turn: WordId,
    last: bool,
) -> Features {
    let At { context, source, .. } = *at;
    let mut f = *shared;
    f.set(at!("earlier"), 1.0);
    f.set(at!("kind_fits"), as_kind(described.kind).map_or(0.0, |feature| shared.get(feature)));
    f.flag(at!("spoke_last"), last);
    set_blocks_since(&mut f, context, turn, source);
    f.flag(at!("same_noun"), !source.noun.is_empty() && described.noun == source.noun);
    f.flag(at!("longer"), described.name.len() > source.span.end() - source.span.start());
    f.flag(at!("organization"), described.kind == SpeakerKind::Organization);
    set_gender(&mut f, Gender::of_noun(&described.noun), source);
    f
}

/// Sets the features for whether a gender, if it is known, agrees with that of a source.
fn set_gender(f: &mut Features, gender: Option<Gender>, source: &Source) {
    if source.gender.is_some() {
        f.flag(at!("gender_agrees"), gender.is_some() && genders_agree(gender, source.gender));
        f.flag(at!("gender_differs"), !genders_agree(gender, source.gender));
        f.flag(at!("gender_unknown"), gender.is_none());
    }
}

/// The features of an earlier phrase that says more than a source.
pub(super) fn of_phrase(at: &At<'_>, shared: &Features, words: WordRange, span: Span) -> Features {
    let At { context, source, .. } = *at;
    let mut f = *shared;
    f.set(at!("phrase"), 1.0);
    f.set(at!("kind_fits"), f.get(at!("as_organization")));
    f.flag(at!("same_noun"), true);
    f.flag(at!("longer"), words.len() > source.words.len());
    f.flag(at!("inside"), context.cast.within(span).next().is_some());
    let between = context.reading.sentences_between(words.start, source.words.start);
    f.set(at!("nearness"), 1.0 / (1.0 + between as f32));
    f
}

/// Whether a name leads its sentence: no other name or preposition precedes it there.
fn is_subject(reading: &Reading<'_>, words: WordRange) -> bool {
    let sentence = reading.sentence_of(words.start);
    let before = WordRange { start: sentence.start, end: words.start };
    if before.len() > 12 {
        return false;
    }
    let plain = |w: WordId| !reading.listed(w, List::Prepositions) && reading.word(w).quotation().is_none();
    let possessive =
        reading.after(WordId(words.end.0.saturating_sub(1))).is_some_and(|w| reading.word(w).is_possessive());
    before.iter().all(plain) && !possessive
}

/// The logarithm of a share, scaled from 0 for a share of one thousandth to 1 for a share of one.
fn logarithm(share: f32) -> f32 {
    (1.0 + libm::logf(share.max(1e-3)) / libm::logf(1e3)).max(0.0)
}

/// Whether a word before a noun introduces somebody whom the article has not mentioned yet.
fn is_introducing(reading: &Reading<'_>, word: WordId) -> bool {
    reading.listed(word, List::Indefinite) || source::is_possessor(reading, word)
}
