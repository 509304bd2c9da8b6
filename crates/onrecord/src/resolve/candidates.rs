//! The candidates for each source, with the features that the trained judge weighs.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use onrecord_text::{BlockKind, EntityKind, Span, SpeakerKind};

use super::cast::{Cast, MemberId, Use, genders_agree};
use super::heard::Heard;
use super::source::{self, Form, Source, head};
use crate::analysis::{Analysis, Mention};
use crate::english::{
    AS_WELL_AS, BOTH, Gender, THE, folded, is_and, is_pronoun, is_title_or_office, singular,
};
use crate::lists::{List, country_of_word, covers, parties_of};
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
        const { place($name) }
    };
}

const fn place(name: &str) -> usize {
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
    /// Whether it stands for several members who make up the whole source.
    pub(super) fn is_whole_source(&self) -> bool {
        matches!(self.who, Who::Joint(..)) && self.features[at!("whole")] == 1.0
    }

    /// Whether a description is taken for somebody although no office, name or earlier words explain it: for a person, or
    /// for an organisation that is more probably not meant.
    pub(super) fn is_a_guess(&self, source: &Source) -> bool {
        let explained = [at!("inside"), at!("role_head"), at!("role_covers"), at!("name_has_noun")];
        matches!(self.who, Who::Member(_))
            && matches!(source.form, Form::Definite | Form::Possessive | Form::Indefinite | Form::Bare)
            && (self.features[at!("person")] == 1.0 || self.probability < 0.5)
            && explained.iter().all(|&feature| self.features[feature] == 0.0)
    }
}

/// How many uses of names before a source yield candidates.
const BEFORE: usize = 48;
/// How many uses of names after a source yield candidates.
const AFTER: usize = 8;
/// How many words before a source are searched for a fuller phrase.
const PHRASES_BEFORE: u32 = 1500;
/// The most members whose roles are compared with a source's noun.
const MOST: usize = 400;
/// The most members that are candidates because their names or roles have a word of the source. Those named near the
/// source are candidates in any case.
const FITTING: usize = 48;
/// The most nouns of one member's roles that are compared with a source's noun.
const HEADS: usize = 48;
/// How many uses of one member are compared with the source's mention.
const USES: usize = 6;
/// How many turns before a source are searched for an unnamed speaker who may be meant again.
const TURNS: usize = 8;

/// The parts of an article in which candidates are looked for.
pub(super) struct Context<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) analysis: &'a Analysis,
    pub(super) cast: &'a Cast,
    /// For each use of a name, the index of its mention.
    pub(super) mention_of_use: Vec<Option<usize>>,
    /// For each block, the number of running blocks before it.
    running: Vec<usize>,
    /// The first member of each kind.
    first: HashMap<EntityKind, MemberId>,
    /// Of the first [`MOST`] members, those with a word in any of their names, and those with it at its end.
    named: HashMap<&'a str, Vec<MemberId>>,
    called: HashMap<&'a str, Vec<MemberId>>,
    /// The different nouns that head each member's roles.
    heads: Vec<Vec<String>>,
    /// The words of each member that was a candidate.
    words: Vec<OnceCell<Words>>,
}

/// The different words of a member's roles and names, and what they refer to.
#[derive(Debug, Default)]
struct Words {
    /// Those of its names alone.
    names: HashSet<String>,
    own: HashSet<String>,
    singular: HashSet<String>,
    parties: HashSet<usize>,
    countries: HashSet<usize>,
    /// What its roles belong to: the countries, parties and places in them.
    owners: HashSet<String>,
}

impl Words {
    fn of(roles: impl Iterator<Item = String>, names: HashSet<String>) -> Self {
        let mut words = Self { names, ..Self::default() };
        let names: Vec<String> = words.names.iter().cloned().collect();
        for word in roles.chain(names) {
            if words.own.contains(&word) {
                continue;
            }
            words.singular.insert(singular(&word));
            words.parties.extend(parties_of(&word));
            words.countries.extend(country_of_word(&word));
            words.own.insert(word);
        }
        words
    }

    /// Whether a word is among them, in either number, or refers to the same party or country as one of them.
    fn fit(&self, word: &str) -> bool {
        self.own.contains(word)
            || self.singular.contains(&singular(word))
            || parties_of(word).iter().any(|party| self.parties.contains(party))
            || self.name_country_of(word)
    }

    /// Whether its roles belong to another country than a word for a country, or to another place than a word for a place.
    fn are_of_another(&self, word: &str) -> bool {
        let country = country_of_word(word).is_some();
        self.owners
            .iter()
            .any(|owner| country_of_word(owner).is_some() == country && parties_of(owner).is_empty())
    }

    fn name_country_of(&self, word: &str) -> bool {
        country_of_word(word).is_some_and(|country| self.countries.contains(&country))
    }
}

/// What is already known about the surroundings of a source.
#[derive(Clone, Debug, Default)]
pub(super) struct Around<'a> {
    /// Members whom the source cannot refer to: those named in its content, and its addressee.
    pub(super) apart: &'a [MemberId],
    /// The speaker of the content that contains the source.
    pub(super) outer: Option<MemberId>,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        reading: &'a Reading<'a>,
        analysis: &'a Analysis,
        cast: &'a Cast,
        mention_of_use: Vec<Option<usize>>,
    ) -> Self {
        let mut running = vec![0];
        for block in reading.blocks() {
            running.push(running[running.len() - 1] + usize::from(block.kind.is_running()));
        }
        let (mut first, mut named, mut called) = (HashMap::new(), HashMap::new(), HashMap::new());
        for id in cast.ids() {
            first.entry(cast.member(id).kind).or_insert(id);
        }
        for id in cast.ids().take(MOST) {
            let add = |map: &mut HashMap<&'a str, Vec<MemberId>>, word: &'a str| {
                let all = map.entry(word).or_default();
                if all.last() != Some(&id) {
                    all.push(id);
                }
            };
            for form in &cast.member(id).names {
                form.parts.iter().for_each(|part| add(&mut named, part));
                form.parts.last().into_iter().for_each(|last| add(&mut called, last));
            }
        }
        Self {
            reading,
            analysis,
            cast,
            mention_of_use,
            running,
            first,
            named,
            called,
            heads: cast.ids().map(|id| role_heads(reading, cast, id)).collect(),
            words: cast.ids().map(|_| OnceCell::new()).collect(),
        }
    }

    /// Of the first members, those with this word in any of their names.
    fn named(&self, word: &str) -> &[MemberId] {
        self.named.get(word).map_or(&[], Vec::as_slice)
    }

    /// Of the first members, those with this word at the end of any of their names.
    fn called(&self, word: &str) -> &[MemberId] {
        self.called.get(word).map_or(&[], Vec::as_slice)
    }

    /// The words of a member's roles and names.
    fn words_of(&self, id: MemberId) -> &Words {
        self.words[id.0].get_or_init(|| {
            let member = self.cast.member(id);
            let roles = member.roles.iter().flat_map(|r| r.iter());
            let roles = roles.map(|w| self.reading.lower(w).trim_end_matches('.').to_owned());
            let mut words =
                Words::of(roles, member.names.iter().flat_map(|f| f.parts.iter().cloned()).collect());
            words.owners = member.roles.iter().flat_map(|&r| self.owners(r)).collect();
            words
        })
    }

    /// Whether a word is part of the name of a place.
    fn is_place(&self, word: &str) -> bool {
        self.named(word).iter().any(|m| self.cast.member(*m).kind == EntityKind::Place)
    }

    /// The countries, parties and places that an office belongs to, in lower case: “Ravn” for “mayor of Ravn”. An office that
    /// somebody no longer holds has none.
    fn owners(&self, role: WordRange) -> Vec<String> {
        let reading = self.reading;
        if role.iter().any(|w| reading.listed(w, List::Former)) {
            return Vec::new();
        }
        let belongs = |w: &WordId| {
            let lower = reading.lower(*w);
            let after =
                reading.before(*w).is_some_and(|b| reading.listed(b, List::Prepositions) && role.start < *w);
            reading.word(*w).is_capital()
                && !is_title_or_office(reading.written(*w))
                && (after
                    || country_of_word(lower).is_some()
                    || !parties_of(lower).is_empty()
                    || self.is_place(lower))
        };
        role.iter().filter(belongs).map(|w| reading.lower(w).to_owned()).collect()
    }

    /// The mention that corresponds to a source: the longest one that starts at the same position.
    pub(super) fn mention_at(&self, span: Span) -> Option<&'a Mention> {
        let here = self.analysis.mentions_at(span.start());
        here.filter(|m| m.span.end() <= span.end()).max_by_key(|m| m.span.end())
    }

    /// The candidates for a source, with their features. The first one is [`Who::Described`].
    pub(super) fn candidates(&self, source: &Source, heard: &Heard, around: &Around<'_>) -> Vec<Candidate> {
        let mention = self.mention_at(source.span);
        let inside: Vec<usize> = self.uses_in(source.span).collect();
        let mut members: Vec<MemberId> = inside.iter().map(|&u| self.cast.uses[u].member).collect();
        let next = self.cast.uses.partition_point(|u| u.span.start() < source.span.start());
        let near = next.saturating_sub(BEFORE)..(next + AFTER + inside.len()).min(self.cast.uses.len());
        members.extend(near.rev().map(|u| self.cast.uses[u].member));
        members.extend(heard.last_members(TURNS));
        members.extend(around.outer);
        let holds = |m: &MemberId| self.heads[m.0].iter().any(|w| is_same_office(w, &source.noun));
        let (mut held, mut same) = (false, Vec::new());
        if !source.noun.is_empty() {
            let mut fitting: Vec<MemberId> = self.cast.ids().take(MOST).filter(holds).collect();
            held = !fitting.is_empty();
            fitting.extend(self.named(&source.noun));
            fitting.sort_unstable();
            fitting.dedup();
            members.extend(fitting.into_iter().take(FITTING));
            same = self.earlier_uses(source);
        }
        if source.form == Form::Named {
            // A surname that several members share.
            let words = source.words.iter().filter(|&w| self.reading.word(w).is_capital());
            let person = |m: &MemberId| self.cast.member(*m).kind == EntityKind::Person;
            let mut bearers: Vec<MemberId> = Vec::new();
            for word in words.map(|w| folded(self.reading.written(w))) {
                bearers.extend(self.called(&word).iter().copied().filter(person));
            }
            bearers.sort_unstable();
            bearers.dedup();
            members.extend(bearers.into_iter().take(FITTING));
        }
        let mut seen = HashSet::new();
        members.retain(|m| seen.insert(*m) && self.cast.member(*m).fullest().is_some());
        let shares = self.shares(source, mention, &members);
        let noun = Noun { held, earlier: &same };
        let shared = self.shared(source, mention, shares.nobody, &inside, &noun);
        let mut all = vec![self.described(&shared, source)];
        let named_last = self.named_last(source, around);
        for &member in &members {
            let share = shares.of.get(&member).copied().unwrap_or_default();
            let at = At { source, inside: &inside, heard, around, named_last };
            all.push(self.member(&shared, member, share, &at));
        }
        self.rivals(&mut all);
        Self::outdone(&mut all);
        all.extend(self.joint(&shared, source, &inside, heard, around));
        all.extend(self.earlier(&shared, source, heard));
        all.extend(self.fuller_phrase(&shared, source, &same));
        all
    }

    /// The fullest earlier phrase with the same noun as a definite source: “the ministry” after “the Norwegian foreign
    /// ministry”.
    fn fuller_phrase(&self, shared: &Features, source: &Source, same: &[WordId]) -> Option<Candidate> {
        if !matches!(source.form, Form::Definite | Form::Bare | Form::Possessive)
            || source.noun.is_empty()
            || source.plural
        {
            return None;
        }
        let own = source.words.len();
        let phrases = same.iter().filter_map(|&w| self.phrase_ending_at(w));
        let best = phrases
            .filter(|p| p.len() > own.min(2).saturating_sub(1))
            .max_by_key(|p| (p.len(), std::cmp::Reverse(p.start)))?;
        let span = self.reading.span_of(best)?;
        if best.len() < 2 || self.cast.within(span).any(|u| u.words == best) {
            return None;
        }
        let mut f = *shared;
        f.set(at!("phrase"), 1.0);
        f.set(at!("kind_fits"), f.get(at!("as_organization")));
        f.flag(at!("same_noun"), true);
        f.flag(at!("longer"), best.len() > own);
        f.flag(at!("inside"), self.cast.within(span).next().is_some());
        let between = self.reading.sentences_between(best.start, source.words.start);
        f.set(at!("nearness"), 1.0 / (1.0 + between as f32));
        Some(Candidate { who: Who::Phrase(best), features: f.0, probability: 0.0, mention: Some(span) })
    }

    /// The noun phrase that ends with a noun, without its article: adjectives in lower case, preceded by names and
    /// possessives. In “asked Lund’s campaign” the phrase stops at the verb.
    fn phrase_ending_at(&self, noun: WordId) -> Option<WordRange> {
        let sentence = self.reading.sentence_of(noun);
        let before = WordRange { start: sentence.start, end: noun };
        let (mut named, mut start) = (false, noun);
        for w in before.iter().rev().take(6) {
            let word = self.reading.word(w);
            let stops = self.reading.listed(w, List::NoName) || self.reading.listed(w, List::Prepositions);
            let name = word.is_capital() || word.is_possessive();
            if stops || !(name || word.is_word() && !named && noun.0 - w.0 <= 2) {
                break;
            }
            named |= name;
            start = w;
        }
        Some(WordRange { start, end: noun.step(1)? })
    }

    /// The indices of the uses of names inside a span.
    fn uses_in(&self, span: Span) -> impl Iterator<Item = usize> + '_ {
        let first = self.cast.uses.partition_point(|u| u.span.start() < span.start());
        (first..self.cast.uses.len())
            .take_while(move |&n| self.cast.uses[n].span.start() < span.end())
            .filter(move |&n| span.contains(self.cast.uses[n].span))
    }

    /// The features that all candidates of a source share.
    fn shared(
        &self,
        source: &Source,
        mention: Option<&Mention>,
        nobody_share: f32,
        inside: &[usize],
        noun: &Noun<'_>,
    ) -> Features {
        let mut f = Features([0.0; N]);
        // The first features are the forms, in the order of `Form::ALL`.
        for (feature, form) in Form::ALL.into_iter().enumerate() {
            f.flag(feature, source.form == form);
        }
        let speaks_as = mention.map_or([0.2; 5], |m| m.speaks_as);
        f.0[at!("as_person")..=at!("as_unnamed")].copy_from_slice(&speaks_as);
        f.flag(at!("plural"), source.plural);
        let first = source.words.start;
        f.flag(at!("quoted"), self.reading.quotation_around(source.span).is_some());
        let kind = self.reading.block_kind(first);
        f.flag(at!("headline"), matches!(kind, BlockKind::Headline | BlockKind::Lead));
        f.flag(at!("caption"), kind == BlockKind::Caption);
        f.set(at!("nobody_share"), nobody_share);
        let persons =
            inside.iter().filter(|&&u| self.cast.member(self.cast.uses[u].member).kind == EntityKind::Person);
        f.set(at!("persons_inside"), persons.count().min(3) as f32 / 3.0);
        f.set(at!("length"), source.words.len().min(20) as f32 / 20.0);
        if !source.noun.is_empty() {
            f.flag(at!("noun_named"), source.form == Form::Named);
            // Neither in nor beside a name.
            let alone =
                |w: &WordId| !self.reading.after(*w).is_some_and(|next| self.reading.word(next).is_capital());
            let introduces = |w: WordId| {
                let phrase = WordRange { start: WordId(w.0.saturating_sub(3)), end: w };
                phrase.iter().any(|w| is_introducing(self.reading, w))
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

    /// The uses of a source's noun before it, in text order.
    fn earlier_uses(&self, source: &Source) -> Vec<WordId> {
        let start = source.words.start;
        let before = WordRange { start: WordId(start.0.saturating_sub(PHRASES_BEFORE)), end: start };
        before.iter().filter(|&w| singular_is(self.reading.lower(w), &source.noun)).collect()
    }

    /// The candidate for a source that refers to nobody named.
    fn described(&self, shared: &Features, source: &Source) -> Candidate {
        let mut f = *shared;
        f.set(at!("described"), 1.0);
        let unnamed = f.0[at!("as_group")..=at!("as_unnamed")].iter().sum();
        f.set(at!("kind_fits"), unnamed);
        f.set(at!("share"), f.get(at!("nobody_share")));
        f.set(at!("log_share"), logarithm(f.get(at!("nobody_share"))));
        Candidate { who: Who::Described, features: f.0, probability: 0.0, mention: Some(source.span) }
    }

    fn member(&self, shared: &Features, id: MemberId, share: f32, at: &At<'_>) -> Candidate {
        let At { source, inside, heard, around, named_last } = *at;
        let (reading, member) = (self.reading, self.cast.member(id));
        let mut f = *shared;
        let person = member.kind == EntityKind::Person;
        f.flag(at!("person"), person);
        f.flag(at!("organization"), member.kind == EntityKind::Organization);
        f.flag(at!("place"), member.kind == EntityKind::Place);
        f.set(at!("kind_fits"), if person { f.get(at!("as_person")) } else { f.get(at!("as_organization")) });
        let own: Vec<usize> = inside.iter().copied().filter(|&u| self.cast.uses[u].member == id).collect();
        let mut mention = None;
        if let Some(&u) = own.first() {
            mention = Some(self.cast.uses[u].span);
            self.inside(&mut f, source, inside, u, person);
        }
        f.set(at!("share"), share);
        f.set(at!("log_share"), logarithm(share));
        // Uses before and after the source.
        let first = source.words.start;
        let split = member.uses.partition_point(|&u| self.cast.uses[u].span.start() < source.span.start());
        let before = member.uses[..split].last().map(|&u| self.cast.uses[u]);
        let later =
            member.uses[split..].iter().map(|&u| self.cast.uses[u]).find(|u| !source.span.contains(u.span));
        if let Some(last) = before {
            mention = mention.or(Some(last.span));
            let between = reading.sentences_between(last.words.start, first);
            f.set(at!("before"), 1.0);
            f.flag(at!("same_sentence"), between == 0);
            f.flag(at!("sentence_before"), between == 1);
            f.set(at!("nearness"), 1.0 / (1.0 + between as f32));
            let blocks = self.blocks_between(last.words.start, first);
            f.flag(at!("same_block"), blocks == 0);
            f.flag(at!("block_before"), blocks == 1);
            f.flag(at!("named_last"), named_last == Some(id));
            let subject = self.is_subject(last.words);
            f.flag(at!("subject"), subject);
            f.flag(at!("subject_near"), subject && between <= 1);
            let gap = reading.text().get(last.span.end()..source.span.start());
            f.flag(
                at!("adjacent"),
                gap.is_some_and(|g| g.len() <= 2 && g.trim_matches([',', ' ']).is_empty()),
            );
        } else if let Some(later) = later {
            mention = mention.or(Some(later.span));
            f.set(at!("after"), 1.0);
            let between = reading.sentences_between(first, later.words.start);
            f.set(at!("nearness"), 1.0 / (1.0 + between as f32));
        }
        f.set(at!("frequency"), (member.uses.len().min(30) as f32 / 30.0).sqrt());
        f.flag(at!("first_named"), self.first.get(&member.kind) == Some(&id));
        let headline = member.uses.iter().take(2).any(|&u| {
            matches!(reading.block_kind(self.cast.uses[u].words.start), BlockKind::Headline | BlockKind::Lead)
        });
        f.flag(at!("in_headline"), headline);
        self.spoken(&mut f, id, source, heard, around);
        self.words_about(&mut f, id, source, heard);
        f.flag(at!("apart"), around.apart.contains(&id));
        Candidate { who: Who::Member(id), features: f.0, probability: 0.0, mention }
    }

    /// Sets the features for the position of a name in the source.
    fn inside(&self, f: &mut Features, source: &Source, inside: &[usize], at: usize, person: bool) {
        let (reading, words) = (self.reading, self.cast.uses[at].words);
        f.set(at!("inside"), 1.0);
        let same_kind =
            |&&u: &&usize| (self.cast.member(self.cast.uses[u].member).kind == EntityKind::Person) == person;
        f.flag(at!("inside_alone"), inside.iter().filter(same_kind).count() == 1);
        f.flag(at!("inside_first"), inside.first() == Some(&at));
        f.flag(at!("inside_last"), inside.last() == Some(&at));
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
        let bearers = surname.then(|| folded(reading.written(words.start)));
        f.flag(at!("ambiguous"), bearers.is_some_and(|name| self.called(&name).len() > 1));
    }

    /// Sets the features for who has spoken before.
    fn spoken(&self, f: &mut Features, id: MemberId, source: &Source, heard: &Heard, around: &Around<'_>) {
        let rank = heard.rank(id);
        f.flag(at!("spoke_last"), rank == Some(0));
        f.flag(at!("spoke_second"), rank == Some(1));
        f.flag(at!("spoke"), rank.is_some());
        if let Some(turn) = heard.last_turn(id) {
            let blocks = self.blocks_between(turn, source.words.start);
            f.flag(at!("spoke_here"), blocks == 0);
            f.flag(at!("spoke_block_before"), blocks == 1);
        }
        f.flag(at!("addressed_last"), heard.addressed == Some(id));
        f.flag(at!("outer_speaker"), around.outer == Some(id));
    }

    /// Sets the features for what the source's own words say about a member.
    fn words_about(&self, f: &mut Features, id: MemberId, source: &Source, heard: &Heard) {
        let member = self.cast.member(id);
        let gender = heard.gender(id).or(member.gender);
        if source.gender.is_some() {
            f.flag(at!("gender_agrees"), gender.is_some() && genders_agree(gender, source.gender));
            f.flag(at!("gender_differs"), !genders_agree(gender, source.gender));
            f.flag(at!("gender_unknown"), gender.is_none());
        }
        if source.noun.is_empty() {
            return;
        }
        let (heads, own) = (&self.heads[id.0], self.words_of(id));
        f.flag(at!("role_head"), heads.iter().any(|w| is_same_office(w, &source.noun)));
        // “the Democrat” for a Democratic senator
        let party = member.kind == EntityKind::Person
            && parties_of(&source.noun).iter().any(|party| own.parties.contains(party));
        f.flag(at!("role_covers"), party || heads.iter().any(|w| covers(&source.noun, w)));
        f.flag(at!("name_has_noun"), own.names.contains(&source.noun));
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

    /// The member named last before a source, among those that it may refer to.
    fn named_last(&self, source: &Source, around: &Around<'_>) -> Option<MemberId> {
        let next = self.cast.uses.partition_point(|u| u.span.start() < source.span.start());
        self.cast.uses[..next].iter().rev().take(BEFORE).map(|u| u.member).find(|m| !around.apart.contains(m))
    }

    /// Whether a name leads its sentence: no other name or preposition precedes it there.
    fn is_subject(&self, words: WordRange) -> bool {
        let sentence = self.reading.sentence_of(words.start);
        let before = WordRange { start: sentence.start, end: words.start };
        if before.len() > 12 {
            return false;
        }
        let plain = |w: WordId| {
            !self.reading.listed(w, List::Prepositions) && self.reading.word(w).quotation().is_none()
        };
        let possessive = self
            .reading
            .after(WordId(words.end.0.saturating_sub(1)))
            .is_some_and(|w| self.reading.word(w).is_possessive());
        before.iter().all(plain) && !possessive
    }

    fn blocks_between(&self, earlier: WordId, later: WordId) -> usize {
        let (a, b) = (self.reading.block_of(earlier), self.reading.block_of(later));
        self.running[b.index()].saturating_sub(self.running[a.index()])
    }

    /// The share of the mention's odds that goes to each member's uses, and the share that goes to nobody.
    fn shares(&self, source: &Source, mention: Option<&Mention>, members: &[MemberId]) -> Shares {
        let Some(mention) = mention else { return Shares { of: HashMap::new(), nobody: 0.0 } };
        let odds = |score: f32| libm::expf(score.clamp(-30.0, 30.0));
        let nobody = odds(mention.pointer.nobody);
        let mut of = HashMap::new();
        let mut sum = nobody;
        for &id in members {
            let uses = &self.cast.member(id).uses;
            let split = uses.partition_point(|&u| self.cast.uses[u].span.start() < source.span.start());
            let near = split.saturating_sub(USES)..(split + 2).min(uses.len());
            let first = (near.start > 0).then(|| uses[0]);
            let own: f32 = near
                .map(|n| uses[n])
                .chain(first)
                .filter(|&u| !source.span.contains(self.cast.uses[u].span))
                .filter_map(|u| self.mention_of_use[u])
                .map(|m| odds(mention.pointer.score(&self.analysis.mentions[m].pointer)))
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

    /// Marks candidates that fit the source's words less well than another holder of the same office: “the Sundby
    /// mayor” when there are two mayors.
    fn outdone(all: &mut [Candidate]) {
        let holds = |c: &Candidate| c.features[at!("role_head")] + c.features[at!("role_covers")] > 0.0;
        let fits = |c: &Candidate| c.features[at!("role_modifiers")];
        let most = all.iter().filter(|c| holds(c)).map(fits).fold(0.0, f32::max);
        for c in all.iter_mut().filter(|c| holds(c) && fits(c) < most) {
            c.features[at!("outdone")] = 1.0;
        }
    }

    /// For each candidate, whether the source's own words rule it out: “the Peruvian minister” is not a Chilean one, and “the
    /// mayor of Ravn” is no other mayor. Nor is a town a ministry.
    pub(super) fn excluded(&self, source: &Source, all: &[Candidate]) -> Vec<bool> {
        let holds = |c: &Candidate| c.features[at!("role_head")] + c.features[at!("role_covers")] > 0.0;
        let outside = |c: &Candidate| match c.who {
            Who::Member(id) if c.features[at!("inside")] == 0.0 => Some(id),
            _ => None,
        };
        let hits = |id: MemberId| source.proper.iter().filter(|word| self.words_of(id).fit(word)).count();
        let holders = all.iter().filter(|c| holds(c)).filter_map(outside);
        let most = holders.map(hits).max().unwrap_or_default();
        let impersonated = self.impersonated(source);
        // In “a friend of Lund and Brandt”, neither of them speaks.
        let first = self.cast.within(source.span).next().map_or(source.words.end, |u| u.words.start);
        let before = WordRange { end: first, ..source.words };
        let owners = before.iter().any(|w| self.reading.listed(w, List::Prepositions));
        let out = |c: &Candidate| match &c.who {
            Who::Member(id) if impersonated.contains(id) => true,
            Who::Joint(members, _) => {
                owners && c.features[at!("inside")] == 1.0 && c.features[at!("whole")] == 0.0
                    || members.iter().any(|id| impersonated.contains(id))
            }
            _ => match outside(c) {
                Some(id) if self.cast.member(id).kind == EntityKind::Place => {
                    c.features[at!("name_has_noun")] == 0.0 && self.is_mere_place(source, id)
                }
                Some(id) if holds(c) && !source.proper.is_empty() => {
                    let (hits, own) = (hits(id), self.words_of(id));
                    let of_another = |word: &String| {
                        (country_of_word(word).is_some() || self.is_place(word)) && own.are_of_another(word)
                    };
                    hits < most && !own.owners.is_empty() || hits == 0 && source.proper.iter().any(of_another)
                }
                _ => false,
            },
        };
        all.iter().map(out).collect()
    }

    /// Whether a place is neither a country nor a seat of government, so that only nouns for places may refer to it.
    fn is_mere_place(&self, source: &Source, id: MemberId) -> bool {
        let governs =
            self.cast.member(id).names.iter().any(|f| country_of_word(&f.parts.join(" ")).is_some());
        !governs && !source.noun.is_empty() && !List::NounsPlace.has(&source.noun)
    }

    /// The members in whose name somebody else speaks: “an account impersonating Ada Brandt”.
    fn impersonated(&self, source: &Source) -> Vec<MemberId> {
        let participle = source.words.iter().find(|&w| self.reading.listed(w, List::Impersonating));
        let after = |u: &&Use| participle.is_some_and(|w| u.words.start > w);
        self.cast.within(source.span).filter(after).map(|u| u.member).collect()
    }

    /// Records for each person how many others near the source might be called the same.
    fn rivals(&self, all: &mut [Candidate]) {
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

    /// Several members who speak jointly: those whom the source names side by side, or who spoke jointly before.
    fn joint(
        &self,
        shared: &Features,
        source: &Source,
        inside: &[usize],
        heard: &Heard,
        around: &Around<'_>,
    ) -> Vec<Candidate> {
        let mut out = Vec::new();
        let conjuncts = self.conjuncts(source);
        let whole = conjuncts.is_some();
        let mut push = |members: Vec<MemberId>,
                        rest: Option<WordRange>,
                        mention: Span,
                        inside: bool,
                        turn: Option<WordId>| {
            let mut f = *shared;
            f.set(at!("joint"), 1.0);
            f.flag(at!("pair"), !inside && turn.is_none());
            f.flag(at!("whole"), inside && whole);
            f.flag(at!("longer"), rest.is_some());
            let person = members.iter().all(|&m| self.cast.member(m).kind == EntityKind::Person);
            f.flag(at!("person"), person);
            f.set(
                at!("kind_fits"),
                if person { f.get(at!("as_person")) } else { f.get(at!("as_organization")) },
            );
            f.flag(at!("inside"), inside);
            f.flag(at!("spoke_last"), turn.is_some());
            if let Some(turn) = turn {
                f.flag(at!("spoke_here"), self.blocks_between(turn, source.words.start) == 0);
                f.flag(at!("spoke_block_before"), self.blocks_between(turn, source.words.start) == 1);
            }
            out.push(Candidate {
                who: Who::Joint(members, rest),
                features: f.0,
                probability: 0.0,
                mention: Some(mention),
            });
        };
        let coordinated = self.coordinated(inside);
        if let Some((members, rest)) = conjuncts {
            push(members, rest, source.span, true, None);
        } else if coordinated.len() > 1 {
            push(coordinated, None, source.span, true, None);
        } else if let (Some(rest), Some(&u)) = (self.others_beside(source, inside), inside.first()) {
            push(vec![self.cast.uses[u].member], Some(rest), source.span, true, None);
        }
        if matches!(source.form, Form::They | Form::Definite | Form::Relative | Form::Bare | Form::Absent) {
            let last = heard.turns.iter().rev().take(TURNS).find(|t| t.members.len() > 1);
            if let Some(turn) = last {
                push(turn.members.clone(), None, turn.span, false, Some(turn.at));
            }
        }
        if source.plural
            || matches!(source.form, Form::They | Form::Relative)
            || self.reading.lower(source.words.start) == BOTH
        {
            let pair = self.pair_before(source, around);
            if let (Some(last), [_, _]) = (pair.last(), pair.as_slice()) {
                let members = pair.iter().rev().map(|u| u.member).collect();
                push(members, None, last.span, false, None);
            }
        }
        out
    }

    /// The members that a source names side by side, with the words for unnamed others after them, if that is all that it
    /// consists of: “both Harbour Master Ada Brandt, of Ravn, and nurse Pia Lund”, “Lund and his lawyers”, but not “a friend of
    /// Lund and Brandt”.
    fn conjuncts(&self, source: &Source) -> Option<(Vec<MemberId>, Option<WordRange>)> {
        let (reading, end) = (self.reading, source.words.end);
        let mut members = Vec::new();
        let (mut joined, mut placed, mut described) = (false, false, false);
        let mut rest = Some(source.words).filter(|words| words.len() > 2)?;
        if reading.lower(rest.start) == BOTH {
            rest.start = rest.start.step(1)?;
        }
        loop {
            let Some(name) = self.conjunct(rest) else {
                let comma = rest.iter().find(|&w| reading.written(w) == ",");
                let others = WordRange { end: comma.unwrap_or(end), ..rest };
                // In “Lund, an author, and critic”, nobody else speaks, but in “Lund, 22, and his family” others do.
                let own = others.first().is_some_and(|w| is_pronoun(reading.lower(w)));
                if !joined || others.is_empty() || (described && !own) {
                    return None;
                }
                // “Lund and his lawyer, Ada Brandt”.
                let named = comma.and_then(|w| w.step(1)).filter(|_| !placed);
                let named = named.map(|start| WordRange { start, end });
                match named.and_then(|words| self.conjunct(words)).filter(|u| self.is_person(u.member)) {
                    Some(name) => members.push(name.member),
                    None => return Some((members, Some(others))),
                }
                break;
            };
            // The “and” of “Holm of Marks and Spencer” joins no speakers.
            let whole =
                self.is_person(name.member) && (name.words.len() > 1 || name.words.start > rest.start);
            if placed && !whole {
                return None;
            }
            // In “Energy and Commerce Chairman Ada Brandt”, only Brandt speaks.
            if self.is_person(name.member) && members.iter().any(|&m| !self.is_person(m)) {
                return None;
            }
            if !members.contains(&name.member) {
                members.push(name.member);
            }
            rest.start = self.after_place(WordRange { start: name.words.end, end });
            placed = rest.start > name.words.end;
            described = reading
                .after(WordId(rest.start.0.saturating_sub(1)))
                .is_some_and(|w| reading.written(w) == ",");
            match self.joint_at(rest) {
                Some(next) => (joined, rest.start) = (true, next),
                None if rest.is_empty() => break,
                None if reading.written(rest.start) == "," => {
                    let after = WordRange { start: rest.start.step(1)?, end };
                    let listed = self
                        .conjunct(after)
                        .filter(|u| self.is_person(u.member) == self.is_person(name.member));
                    if listed.is_some() {
                        rest = after;
                        continue;
                    }
                    // What follows describes the name, up to the next one.
                    let next = after.iter().filter(|&w| reading.written(w) == ",");
                    let next = next.filter_map(|comma| self.joint_at(WordRange { start: comma, end })).next();
                    let Some(next) = next else { break };
                    (joined, rest.start) = (true, next);
                }
                None => return None,
            }
        }
        (joined && members.len() > 1).then_some((members, None))
    }

    fn is_person(&self, member: MemberId) -> bool {
        self.cast.member(member).kind == EntityKind::Person
    }

    /// The name that some words begin with, with nothing but titles and offices before it.
    fn conjunct(&self, words: WordRange) -> Option<Use> {
        let reading = self.reading;
        let ends = |w: WordId| matches!(reading.written(w), "," | "(") || is_and(reading.lower(w));
        let first = self.cast.uses.partition_point(|u| u.words.start < words.start);
        let inside = || self.cast.uses[first..].iter().take_while(|u| u.words.end <= words.end);
        let head = |u: &&Use| !WordRange { start: words.start, end: u.words.start }.iter().any(ends);
        let person = inside().take_while(head).find(|u| self.is_person(u.member));
        let name = person.or_else(|| inside().take_while(head).next())?;
        let before = WordRange { start: words.start, end: name.words.start };
        let preposition = before.iter().any(|w| reading.listed(w, List::Prepositions));
        let article = |w: WordId| reading.lower(w) == THE;
        let office = before.last().is_none_or(|w| {
            article(w) && before.len() == 1 || is_title_or_office(reading.written(w)) && person.is_some()
        });
        (office && !preposition).then_some(*name)
    }

    /// The position after the brackets and places that follow a name: “Brandt (Labour)”, “Lund of South Ravn”.
    fn after_place(&self, words: WordRange) -> WordId {
        let reading = self.reading;
        let mut rest = words;
        if rest.first().is_some_and(|w| reading.written(w) == "(")
            && let Some(next) = rest.iter().find(|&w| reading.written(w) == ")").and_then(|w| w.step(1))
        {
            rest.start = next;
        }
        let place = |w: WordId| {
            reading.word(w).is_capital() || reading.listed(w, List::Joints) && !is_and(reading.lower(w))
        };
        if rest.first().is_some_and(|w| reading.listed(w, List::Prepositions)) {
            let end = rest.iter().skip(1).find(|&w| !place(w)).unwrap_or(rest.end);
            if end > rest.start.step(1).unwrap_or(end) {
                rest.start = end;
            }
        }
        rest.start
    }

    /// The position after the “and” that some words begin with, if they do.
    fn joint_at(&self, words: WordRange) -> Option<WordId> {
        let reading = self.reading;
        let own = WordRange {
            start: words
                .first()
                .filter(|&w| reading.written(w) == ",")
                .and_then(|w| w.step(1))
                .unwrap_or(words.start),
            ..words
        };
        let lower: Vec<&str> = own.iter().take(AS_WELL_AS.len()).map(|w| reading.lower(w)).collect();
        let length = match lower.as_slice() {
            [first, ..] if is_and(first) => 1,
            first if first == AS_WELL_AS => AS_WELL_AS.len() as i64,
            _ => return None,
        };
        own.start.step(length).filter(|&w| w < words.end)
    }

    /// The last two persons named before a source, in its block or the preceding one.
    fn pair_before(&self, source: &Source, around: &Around<'_>) -> Vec<Use> {
        let next = self.cast.uses.partition_point(|u| u.span.start() < source.span.start());
        let mut pair: Vec<Use> = Vec::new();
        for u in self.cast.uses[..next].iter().rev().take(BEFORE) {
            if self.blocks_between(u.words.start, source.words.start) > 1 || pair.len() == 2 {
                break;
            }
            let person = self.cast.member(u.member).kind == EntityKind::Person;
            if person && !around.apart.contains(&u.member) && pair.iter().all(|p| p.member != u.member) {
                pair.push(*u);
            }
        }
        pair
    }

    /// The words for unnamed others beside the only name in a source: “Lund and | his lawyers”.
    fn others_beside(&self, source: &Source, inside: &[usize]) -> Option<WordRange> {
        let [only] = inside else { return None };
        let name = self.cast.uses[*only].words;
        let after = WordRange { start: name.end, end: source.words.end };
        let and = after.iter().take(2).find(|&w| is_and(self.reading.lower(w)))?;
        let rest = WordRange { start: and.step(1)?, end: after.end };
        (!rest.is_empty()).then_some(rest)
    }

    /// The names in a source that are joined: “Ada Brandt and Pia Lund”, “Brandt, Lund and Aalto”, with titles before
    /// and short descriptions after each.
    fn coordinated(&self, inside: &[usize]) -> Vec<MemberId> {
        let uses: Vec<_> = inside.iter().map(|&u| self.cast.uses[u]).collect();
        let Some(last) = uses.last() else { return Vec::new() };
        let kind = self.cast.member(last.member).kind;
        let mut members = vec![last.member];
        let mut joined = false;
        for pair in uses.windows(2).rev() {
            let (one, other) = (pair[0], pair[1]);
            if self.cast.member(one.member).kind != kind {
                continue;
            }
            let between = WordRange { start: one.words.end, end: other.words.start };
            let and = between.iter().any(|w| is_and(self.reading.lower(w)));
            let comma = between.iter().any(|w| self.reading.written(w) == ",");
            let possessive = between.first().is_some_and(|w| self.reading.word(w).is_possessive());
            if !(and || (comma && joined)) || possessive || between.len() > 14 {
                break;
            }
            joined = true;
            if !members.contains(&one.member) {
                members.push(one.member);
            }
        }
        members.reverse();
        members
    }

    /// Candidates that earlier sources described without naming them.
    fn earlier(&self, shared: &Features, source: &Source, heard: &Heard) -> Vec<Candidate> {
        let mut out = Vec::new();
        let mut seen = Vec::new();
        for (n, turn) in
            heard.turns.iter().enumerate().rev().take(TURNS).filter(|(_, t)| t.members.is_empty())
        {
            let Some(described) = &turn.described else { continue };
            if seen.contains(&&described.name) {
                continue;
            }
            let mut f = *shared;
            f.set(at!("earlier"), 1.0);
            f.set(
                at!("kind_fits"),
                shared.0[at!("as_person")..=at!("as_unnamed")]
                    .get(described.kind as usize)
                    .copied()
                    .unwrap_or_default(),
            );
            f.flag(at!("spoke_last"), seen.is_empty() && n + 1 == heard.turns.len());
            let blocks = self.blocks_between(turn.at, source.words.start);
            f.flag(at!("spoke_here"), blocks == 0);
            f.flag(at!("spoke_block_before"), blocks == 1);
            f.flag(at!("same_noun"), !source.noun.is_empty() && described.noun == source.noun);
            f.flag(at!("longer"), described.name.len() > source.span.end() - source.span.start());
            f.flag(at!("organization"), described.kind == SpeakerKind::Organization);
            if source.gender.is_some() {
                let gender = Gender::of_noun(&described.noun);
                f.flag(at!("gender_agrees"), gender.is_some() && genders_agree(gender, source.gender));
                f.flag(at!("gender_differs"), !genders_agree(gender, source.gender));
                f.flag(at!("gender_unknown"), gender.is_none());
            }
            out.push(Candidate {
                who: Who::Earlier(n),
                features: f.0,
                probability: 0.0,
                mention: Some(turn.span),
            });
            seen.push(&described.name);
        }
        out
    }
}

/// What is known at a source while its candidates are compared.
#[derive(Clone, Copy)]
struct At<'a> {
    source: &'a Source,
    inside: &'a [usize],
    heard: &'a Heard,
    around: &'a Around<'a>,
    named_last: Option<MemberId>,
}

/// What the article says of the noun of a source.
struct Noun<'a> {
    /// Whether it is the office of somebody whom the article names.
    held: bool,
    /// Its uses before the source.
    earlier: &'a [WordId],
}

struct Shares {
    of: HashMap<MemberId, f32>,
    nobody: f32,
}

/// Features by name.
#[derive(Clone, Copy)]
struct Features([f32; N]);

impl Features {
    fn set(&mut self, feature: usize, value: f32) {
        self.0[feature] = value;
    }

    fn flag(&mut self, feature: usize, value: bool) {
        self.set(feature, f32::from(u8::from(value)));
    }

    fn get(&self, feature: usize) -> f32 {
        self.0[feature]
    }
}

/// The logarithm of a share, scaled from 0 for a share of one thousandth to 1 for a share of one.
fn logarithm(share: f32) -> f32 {
    (1.0 + libm::logf(share.max(1e-3)) / libm::logf(1e3)).max(0.0)
}

/// Whether a word before a noun introduces somebody whom the article has not mentioned yet.
fn is_introducing(reading: &Reading<'_>, word: WordId) -> bool {
    reading.listed(word, List::Indefinite) || source::is_possessor(reading, word)
}

/// Whether a noun, in the singular or plural, is the same as another that is in the singular.
fn singular_is(noun: &str, one: &str) -> bool {
    noun == one || (noun.starts_with(one) && singular(noun) == one)
}

/// For each use of a name, the index of its mention.
pub(super) fn mention_of_use(analysis: &Analysis, cast: &Cast) -> Vec<Option<usize>> {
    let of = |u: &Use| {
        let first = analysis.mentions.partition_point(|m| m.span.end() <= u.span.start());
        analysis.mentions.get(first).filter(|m| m.span.overlaps(u.span)).map(|_| first)
    };
    cast.uses.iter().map(of).collect()
}

/// The different nouns that head a member's roles, in the singular.
fn role_heads(reading: &Reading<'_>, cast: &Cast, id: MemberId) -> Vec<String> {
    let mut heads = Vec::new();
    for &role in &cast.member(id).roles {
        // In “foreign minister and deputy chairman” each part has a head of its own.
        let noun = head_of(reading, role);
        // A minister's counterpart is a minister: the last role before it in its sentence counts.
        let other = noun.as_deref().filter(|noun| List::NounsPeer.has(noun)).and_then(|_| {
            let sentence = reading.sentence_of(role.start);
            let next = cast.uses.partition_point(|u| u.words.start < role.start);
            let here =
                cast.uses[..next].iter().rev().take(BEFORE).take_while(|u| u.words.start >= sentence.start);
            let person = |m: &MemberId| *m != id && cast.member(*m).kind == EntityKind::Person;
            let roles =
                here.map(|u| u.member).filter(person).flat_map(|m| cast.member(m).roles.iter().take(HEADS));
            roles.copied().find(|r| r.start >= sentence.start && r.end <= role.start)
        });
        let others = other.into_iter().filter_map(|role| head_of(reading, role));
        for noun in noun.into_iter().chain(others) {
            if heads.len() < HEADS && !heads.contains(&noun) {
                heads.push(noun);
            }
        }
    }
    heads
}

/// The noun that heads a role, in the singular.
fn head_of(reading: &Reading<'_>, role: WordRange) -> Option<String> {
    head(reading, role).map(|w| singular(reading.lower(w).trim_end_matches('.')))
}

/// Whether two nouns name the same office: `senator`, `co-senator`, `Sen`.
fn is_same_office(one: &str, noun: &str) -> bool {
    let short = one.trim_end_matches('s');
    one == noun
        || one.rsplit('-').next() == Some(noun)
        || (noun.starts_with(short) && List::TitlesShort.has(short))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::marked;

    /// The candidates for the source of the only statement of a text: their names, with the features that are set.
    fn candidates(text: &str) -> Vec<(String, Candidate)> {
        let marked = marked(text);
        let reading = marked.reading();
        let cast = Cast::of_marked(&reading, &marked);
        let context =
            Context::new(&reading, &marked.analysis, &cast, mention_of_use(&marked.analysis, &cast));
        let words = reading.words_of(marked.found()[0].source.as_ref().unwrap().extent());
        let source = Source::of(&reading, &cast, words).unwrap();
        let all = context.candidates(&source, &Heard::default(), &Around::default());
        let name = |c: &Candidate| match c.who {
            Who::Member(m) => cast.member(m).fullest().unwrap().parts.join(" "),
            _ => String::new(),
        };
        all.into_iter().map(|c| (name(&c), c)).collect()
    }

    /// The members whom the words of the only source exclude. `roles` gives people offices.
    fn excluded(text: &str, roles: &[(&str, &str)]) -> Vec<String> {
        let marked = marked(text);
        let reading = marked.reading();
        let mut cast = Cast::of_marked(&reading, &marked);
        for (name, role) in roles {
            let holder = |m: &MemberId| cast.member(*m).fullest().unwrap().parts.join(" ") == *name;
            let id = cast.ids().find(holder).unwrap();
            let start = marked.article.text.find(role).unwrap();
            let span = Span::new(start, start + role.len()).unwrap();
            cast.members[id.0].roles.push(reading.words_of(span));
        }
        let context =
            Context::new(&reading, &marked.analysis, &cast, mention_of_use(&marked.analysis, &cast));
        let words = reading.words_of(marked.found()[0].source.as_ref().unwrap().extent());
        let source = Source::of(&reading, &cast, words).unwrap();
        let all = context.candidates(&source, &Heard::default(), &Around::default());
        let out = context.excluded(&source, &all);
        let name = |c: &Candidate| match c.who {
            Who::Member(m) => cast.member(m).fullest().unwrap().parts.join(" "),
            _ => panic!("only members are excluded"),
        };
        all.iter().zip(out).filter(|&(_, out)| out).map(|(c, _)| name(c)).collect()
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
        // Whoever is far away is nobody's rival but has the others as rivals. Organisations do not compete with persons.
        assert_eq!((rivals("tom berg"), rivals("harbour board")), (2.0, 0.0));
    }

    #[test]
    fn a_source_excludes_those_who_hold_its_office_for_others() {
        let mayors = "[P Jon Holm], the mayor of Ravn, met [P Ada Brandt], the mayor of Sundby. ";
        let roles = [("jon holm", "mayor of Ravn"), ("ada brandt", "mayor of Sundby")];
        let out = |source| excluded(&format!("{mayors}[S {source}] [C said] [T that it is late]."), &roles);
        assert_eq!(out("The mayor of Sundby"), ["jon holm"]);
        assert_eq!(out("The Ravn mayor"), ["ada brandt"]);
        assert!(out("The mayor").is_empty());
        // The source may describe either of them in words of its own.
        assert!(out("The Liberal mayor").is_empty());
        // Whose office has no place, or is over, excludes and is excluded by nobody.
        let presidents = "President [P Jon Holm] met the former Norwegian president [P Ada Brandt]. \
                          [S The Norwegian president] [C said] [T that it is late].";
        let roles = [("jon holm", "President"), ("ada brandt", "former Norwegian president")];
        assert!(excluded(presidents, &roles).is_empty());
    }

    #[test]
    fn a_source_excludes_an_office_of_another_country_or_place() {
        let out = |text: &str, role| excluded(text, &[("jon holm", role)]);
        let chilean =
            "Chilean minister [P Jon Holm] left. [S The Peruvian minister] [C said] [T that it is late].";
        assert_eq!(out(chilean, "Chilean minister"), ["jon holm"]);
        let same =
            "Chilean minister [P Jon Holm] left. [S The minister of Chile] [C said] [T that it is late].";
        assert!(out(same, "Chilean minister").is_empty());
        let plain = "Minister [P Jon Holm] left. [S The Peruvian minister] [C said] [T that it is late].";
        assert!(out(plain, "Minister").is_empty());
        let place = "[L Ravn] detective [P Jon Holm] left. [S The [L Sundby] detective] [C said] [T that it is late].";
        assert_eq!(out(place, "Ravn detective"), ["jon holm", "ravn"]);
    }

    #[test]
    fn a_place_is_no_ministry_unless_it_governs() {
        let out = |source: &str| {
            excluded(
                &format!("[L Tallberg] and [L Norway] are cold. [S {source}] [C said] [T that it is late]."),
                &[],
            )
        };
        assert_eq!(out("The ministry"), ["tallberg"]);
        assert!(out("The city").is_empty() && out("It").is_empty());
        assert!(out("Tallberg").is_empty());
    }

    #[test]
    fn whoever_is_impersonated_does_not_speak() {
        let out = |source: &str| excluded(&format!("[S {source}] [C said] [T that it is late]."), &[]);
        assert_eq!(out("An account impersonating Mayor [P Ada Brandt]"), ["ada brandt"]);
        assert_eq!(out("[P Jon Holm], posing as [P Ada Brandt],"), ["ada brandt"]);
        assert!(out("An account of Mayor [P Ada Brandt]").is_empty());
    }

    #[test]
    fn a_counterpart_holds_the_office_of_the_person_named_before() {
        let text = "Finance minister [P Jon Holm] met his counterpart [P Ada Brandt]. [S The minister] [C said] [T that it is late].";
        let marked = marked(text);
        let reading = marked.reading();
        let mut cast = Cast::of_marked(&reading, &marked);
        let words = |words: &str| {
            let start = text.replace("[P ", "").find(words).unwrap();
            reading.words_of(Span::new(start, start + words.len()).unwrap())
        };
        cast.members[0].roles.push(words("Finance minister"));
        cast.members[1].roles.push(words("counterpart"));
        assert_eq!(role_heads(&reading, &cast, MemberId(1)), ["counterpart", "minister"]);
        assert_eq!(role_heads(&reading, &cast, MemberId(0)), ["minister"]);
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
    fn the_words_of_a_member_fit_in_either_number_and_by_party_and_country() {
        let words = Words::of(
            ["gop", "senators"].into_iter().map(str::to_owned),
            ["norwegian", "board"].into_iter().map(str::to_owned).collect(),
        );
        for fits in ["gop", "republican", "senator", "norwegian", "norway", "boards"] {
            assert!(words.fit(fits), "{fits}");
        }
        assert!(!words.fit("labour") && !words.fit("swedish"));
        assert!(words.names.contains("board") && !words.names.contains("gop"));
        assert!(words.name_country_of("norway") && !words.name_country_of("sweden"));
    }
}
