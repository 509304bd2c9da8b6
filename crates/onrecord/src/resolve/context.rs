//! An article in which the candidates for a source are looked for, and what its words say about each member of the
//! cast.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use onrecord_text::{EntityKind, Span, SpeakerKind};

use super::cast::{Cast, MemberId, Use};
use super::heard::Heard;
use super::source::{Source, SourceForm, head};
use crate::analysis::{Mention, SourceKinds, mentions_at};
use crate::english::{folded, is_office_or_gendered, is_title_or_office, singular};
use crate::lists::{List, country_of_word, parties_of};
use crate::odds::greatest;
use crate::reading::{Reading, WordId, WordRange};

/// How many uses of names before a source yield candidates.
pub(super) const BEFORE: usize = 48;
/// How many words before a source are searched for a fuller phrase.
const PHRASES_BEFORE: u32 = 1500;
/// The most members whose roles are compared with a source's noun.
pub(super) const MOST: usize = 400;
/// The most nouns of one member's roles that are compared with a source's noun.
const HEADS: usize = 48;

/// The parts of an article in which candidates are looked for.
pub(super) struct Context<'a> {
    pub(super) reading: &'a Reading<'a>,
    /// In text order.
    pub(super) mentions: &'a [Mention],
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
    pub(super) heads: Vec<Vec<String>>,
    /// The words of each member that was a candidate.
    words: Vec<OnceCell<Words>>,
    /// How many words refer to each country.
    countries: OnceCell<HashMap<usize, usize>>,
}

/// The different words of a member's roles and names, and what they refer to.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Those of its names alone.
    names: HashSet<String>,
    own: HashSet<String>,
    singular: HashSet<String>,
    pub(super) parties: HashSet<usize>,
    countries: HashSet<usize>,
    /// What its roles belong to: the countries, parties and places in them.
    pub(super) owners: HashSet<String>,
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
    pub(super) fn fit(&self, word: &str) -> bool {
        let plain = folded(word);
        self.own.contains(&plain)
            || self.singular.contains(&singular(&plain))
            || parties_of(word).iter().any(|party| self.parties.contains(party))
            || self.name_country_of(word)
    }

    /// Whether a word is part of one of its names.
    pub(super) fn name(&self, word: &str) -> bool {
        self.names.contains(&folded(word))
    }

    /// Whether its roles belong to another country than a word for a country, or to another place than a word for a
    /// place.
    pub(super) fn are_of_another(&self, word: &str) -> bool {
        let country = country_of_word(word).is_some();
        self.owners
            .iter()
            .any(|owner| country_of_word(owner).is_some() == country && parties_of(owner).is_empty())
    }

    /// Whether a word refers to the same country as one of them.
    pub(super) fn name_country_of(&self, word: &str) -> bool {
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
    /// The speaker of the direct quotation that contains the source, in which “he” is somebody else.
    pub(super) quotes: Option<MemberId>,
}

/// A source whose candidates are compared, with what is known at its place in the article.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) source: &'a Source,
    /// The indices of the uses of names inside it.
    pub(super) inside: &'a [usize],
    pub(super) heard: &'a Heard,
    pub(super) around: &'a Around<'a>,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        reading: &'a Reading<'a>,
        mentions: &'a [Mention],
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
            mentions,
            cast,
            mention_of_use,
            running,
            first,
            named,
            called,
            heads: cast.ids().map(|id| role_heads(reading, cast, id)).collect(),
            words: cast.ids().map(|_| OnceCell::new()).collect(),
            countries: OnceCell::new(),
        }
    }

    /// Whether a member is the first one of their kind.
    pub(super) fn is_first(&self, id: MemberId) -> bool {
        self.first.get(&self.cast.member(id).kind) == Some(&id)
    }

    /// Of the first members, those with this word in any of their names.
    pub(super) fn named(&self, word: &str) -> &[MemberId] {
        self.named.get(folded(word).as_str()).map_or(&[], Vec::as_slice)
    }

    /// Of the first members, those with this word at the end of any of their names.
    pub(super) fn called(&self, word: &str) -> &[MemberId] {
        self.called.get(folded(word).as_str()).map_or(&[], Vec::as_slice)
    }

    /// The words of a member's roles and names.
    pub(super) fn words_of(&self, id: MemberId) -> &Words {
        self.words[id.0].get_or_init(|| {
            let member = self.cast.member(id);
            let roles = member.roles.iter().flat_map(|r| r.iter());
            let roles = roles.map(|w| folded(self.reading.written(w)));
            let mut words =
                Words::of(roles, member.names.iter().flat_map(|f| f.parts.iter().cloned()).collect());
            words.owners = member.roles.iter().flat_map(|&r| self.owners(r)).collect();
            words
        })
    }

    /// How many words of the article refer to a country.
    pub(super) fn mentions_of(&self, country: usize) -> usize {
        let countries = self.countries.get_or_init(|| {
            let mut all = HashMap::new();
            let capital = self.reading.all().iter().filter(|&w| self.reading.word(w).is_capital());
            for country in capital.filter_map(|w| country_of_word(self.reading.lower(w))) {
                *all.entry(country).or_default() += 1;
            }
            all
        });
        countries.get(&country).copied().unwrap_or_default()
    }

    /// Whether a word is part of the name of a place.
    pub(super) fn is_place(&self, word: &str) -> bool {
        self.named(word).iter().any(|m| self.cast.member(*m).kind == EntityKind::Place)
    }

    /// The countries, parties and places that an office belongs to, in lower case: “Ravn” for “mayor of Ravn”. An
    /// office that somebody no longer holds has none.
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
        let here = mentions_at(self.mentions, span.start());
        here.filter(|m| m.span.end() <= span.end()).max_by_key(|m| m.span.end())
    }

    /// The indices of the uses of names inside a span.
    pub(super) fn uses_in(&self, span: Span) -> impl Iterator<Item = usize> + '_ {
        let first = self.cast.uses.partition_point(|u| u.span.start() < span.start());
        (first..self.cast.uses.len())
            .take_while(move |&n| self.cast.uses[n].span.start() < span.end())
            .filter(move |&n| span.contains(self.cast.uses[n].span))
    }

    /// The uses of a source's noun before it, in text order.
    pub(super) fn earlier_uses(&self, source: &Source) -> Vec<WordId> {
        let start = source.words.start;
        let before = WordRange { start: WordId(start.0.saturating_sub(PHRASES_BEFORE)), end: start };
        before.iter().filter(|&w| singular_is(self.reading.lower(w), &source.noun)).collect()
    }

    /// How many running blocks later one word is than another.
    pub(super) fn blocks_between(&self, earlier: WordId, later: WordId) -> usize {
        let (a, b) = (self.reading.block_of(earlier), self.reading.block_of(later));
        self.running[b.index()].saturating_sub(self.running[a.index()])
    }

    /// The kind of the speaker if a source names nobody.
    pub(super) fn kind_of(&self, source: &Source) -> SpeakerKind {
        if matches!(source.form, SourceForm::Absent | SourceForm::Nobody) {
            return SpeakerKind::None;
        }
        let Some(mention) = self.mention_at(source.span) else { return SpeakerKind::Unnamed };
        // An occupation or office belongs to a person, whatever else the words suggest.
        if is_office_or_gendered(&source.noun) {
            return if source.plural { SpeakerKind::Group } else { SpeakerKind::Unnamed };
        }
        // One person whom the article does not name is unnamed; several are a group.
        let SourceKinds { person, organization, mut group, document, mut unnamed } = mention.speaks_as;
        *(if source.plural { &mut group } else { &mut unnamed }) += person;
        const KINDS: [SpeakerKind; 4] =
            [SpeakerKind::Organization, SpeakerKind::Group, SpeakerKind::Document, SpeakerKind::Unnamed];
        KINDS[greatest(&[organization, group, document, unnamed])]
    }

    /// Whether a member has the name of a country, its people or its seat of government.
    pub(super) fn may_govern(&self, member: MemberId) -> bool {
        let forms = &self.cast.member(member).names;
        forms.iter().any(|f| country_of_word(&f.parts.join(" ")).is_some())
    }

    /// Whether a member is a person.
    pub(super) fn is_person(&self, member: MemberId) -> bool {
        self.cast.member(member).kind == EntityKind::Person
    }
}

/// Whether a noun, in the singular or plural, is the same as another that is in the singular.
fn singular_is(noun: &str, one: &str) -> bool {
    noun == one || (noun.starts_with(one) && singular(noun) == one)
}

/// For each use of a name, the index of its mention.
pub(super) fn mention_of_use(mentions: &[Mention], cast: &Cast) -> Vec<Option<usize>> {
    let of = |u: &Use| {
        let first = mentions.partition_point(|m| m.span.end() <= u.span.start());
        mentions.get(first).filter(|m| m.span.overlaps(u.span)).map(|_| first)
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
pub(super) fn head_of(reading: &Reading<'_>, role: WordRange) -> Option<String> {
    head(reading, role).map(|w| singular(reading.lower(w).trim_end_matches('.')))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::testing::{Marked, marked};

    /// What a function makes of the only source of a text with a hand-made analysis. `roles` gives people offices.
    pub(in super::super) fn at_source<T>(
        marked: &Marked,
        roles: &[(&str, &str)],
        make: impl FnOnce(&Context<'_>, &Source) -> T,
    ) -> T {
        let reading = marked.reading();
        let mut cast = Cast::of_marked(&reading, marked);
        for (name, role) in roles {
            let holder = |m: &MemberId| cast.member(*m).fullest().unwrap().parts.join(" ") == *name;
            let id = cast.ids().find(holder).unwrap();
            let start = marked.article.text.find(role).unwrap();
            let span = Span::new(start, start + role.len()).unwrap();
            cast.members[id.0].roles.push(reading.words_of(span));
        }
        let mentions = &marked.analysis.mentions;
        let context = Context::new(&reading, mentions, &cast, mention_of_use(mentions, &cast));
        let words = reading.words_of(marked.found()[0].source.as_ref().unwrap().extent());
        make(&context, &Source::of(&reading, &cast, words).unwrap())
    }

    impl Context<'_> {
        /// The parts of a member's full name.
        pub(in super::super) fn full_name(&self, id: MemberId) -> String {
            self.cast.member(id).fullest().unwrap().parts.join(" ")
        }
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
        assert!(words.name("board") && words.name("Board") && !words.name("gop"));
        let accents = Words::of(["chargé".to_owned()].into_iter(), HashSet::from(["malaga".to_owned()]));
        assert!(accents.fit("Málaga") && accents.name("Málaga"));
        assert!(words.name_country_of("norway") && !words.name_country_of("sweden"));
    }
}
