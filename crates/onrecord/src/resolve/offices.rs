//! Offices and affiliations that an article gives to the bearer of a name.

use std::collections::{HashMap, HashSet};

use onrecord_text::{EntityKind, Span};

use super::cast::{Cast, MemberId, Use};
use super::source::head;
use crate::analysis::{Analysis, mentions_at};
use crate::english::{AND, BY, INFINITIVE, OR, THE, WHO, WITH, is_pronoun, is_subject_of_one, singular};
use crate::lists::List;
use crate::reading::{Reading, Shape, WordId, WordRange};
use crate::stance::is_act;

/// The minimum confidence of an office, which is a product of two probabilities.
const SURE: f32 = 0.4;
/// The most words in an office before a name.
const LONGEST_TITLE: u32 = 6;
/// The most words in an office between commas beside a name.
const LONGEST_APPOSITION: usize = 8;
/// The most words by which an office is completed at either end.
const MISSING: usize = 6;

/// Attaches to each person the offices that the encoder links to their names, the fullest first; organisations that
/// they belong to come last. `sources` are the spans of all sources. A noun that describes one, as in “the tenant
/// said”, counts as an office wherever it stands next to a name.
pub(super) fn attach(
    reading: &Reading<'_>,
    analysis: &Analysis,
    sources: impl Iterator<Item = Span>,
    cast: &mut Cast,
) {
    let mut found: HashMap<MemberId, Vec<WordRange>> = HashMap::new();
    let nouns = Nouns { reading, describing: describing_nouns(reading, analysis, sources) };
    let titles: Vec<(MemberId, WordRange)> =
        persons(cast).filter_map(|name| Some((name.member, nouns.title_before(name.words)?))).collect();
    let apposed: Vec<(MemberId, WordRange)> = persons(cast)
        .flat_map(|name| {
            let beside = [nouns.apposed_before(cast, name.words), nouns.apposed_after(cast, name.words)];
            beside.into_iter().flatten().map(|words| (name.member, words))
        })
        .collect();
    for office in &analysis.offices {
        let sure = office.bearer.filter(|(_, link)| office.words.score * link >= SURE);
        let Some((bearer, _)) = sure else { continue };
        let first = cast.uses.partition_point(|u| u.span.end() <= bearer.start());
        let Some(name) = cast.uses.get(first).filter(|u| u.span.overlaps(bearer)) else { continue };
        let words = reading.words_of(office.words.span);
        // An office that is part of the name itself, such as a title, does not count separately.
        let end = if words.start < name.words.start { words.end.min(name.words.start) } else { words.end };
        let words = WordRange { start: words.start, end };
        if !is_held(reading, name.words, words) {
            continue;
        }
        let words = whole(reading, words, name.words);
        if let Some(words) = words.and_then(|words| trimmed(reading, words)) {
            // What stands directly before a name belongs to that name.
            let next = titles.partition_point(|(_, title)| title.end <= words.start);
            let another =
                titles.get(next).is_some_and(|(m, title)| *m != name.member && title.start < words.end);
            let described = cast.use_at(words.end).is_some_and(|u| u.member != name.member);
            let next = apposed.partition_point(|(_, own)| own.end <= words.start);
            let apposed_to_another =
                apposed.get(next).is_some_and(|(m, own)| *m != name.member && own.start < words.end);
            if !another && !apposed_to_another && !described {
                found.entry(name.member).or_default().push(words);
            }
        }
    }
    for (member, own) in titles {
        found.entry(member).or_default().push(own);
    }
    let mut taken: HashSet<(MemberId, WordId)> = HashSet::new();
    #[expect(clippy::iter_over_hash_type, reason = "the words are a set, too")]
    for (&member, roles) in &found {
        taken.extend(roles.iter().flat_map(|role| role.iter()).map(|w| (member, w)));
    }
    for (member, own) in apposed {
        if !own.iter().any(|w| taken.contains(&(member, w))) {
            found.entry(member).or_default().push(own);
            taken.extend(own.iter().map(|w| (member, w)));
        }
    }
    #[expect(clippy::iter_over_hash_type, reason = "each member's roles depend on no other member's")]
    for (member, mut roles) in found {
        roles.sort_by_key(|&r| (is_affiliation(reading, r), std::cmp::Reverse(r.len()), r.start));
        let mut seen: HashSet<String> = HashSet::new();
        roles = roles.into_iter().filter_map(|role| trimmed(reading, role)).collect();
        roles.retain(|&r| {
            let words: Vec<&str> = r.iter().map(|w| reading.lower(w)).collect();
            seen.insert(words.join(" "))
        });
        cast.members[member.0].roles = roles;
    }
}

/// Whether words only name an organisation that somebody belongs to: “ferry company”, but not “chairman” or “director
/// of a ferry company”.
fn is_affiliation(reading: &Reading<'_>, words: WordRange) -> bool {
    let organization = |w: WordId| List::NounsOrganization.has(&singular(reading.lower(w)));
    head(reading, words).is_some_and(organization) && !words.iter().any(|w| is_office(reading, w))
}

/// Whether a word names an office or calling: “President”, “mayors”.
fn is_office(reading: &Reading<'_>, word: WordId) -> bool {
    let written = reading.lower(word).trim_end_matches('.');
    List::TitlesOffice.has(written) || List::NounsOffice.has(&singular(written))
}

/// The uses of persons' names, in text order.
fn persons(cast: &Cast) -> impl Iterator<Item = &Use> {
    cast.uses.iter().filter(|u| cast.member(u.member).kind == EntityKind::Person)
}

/// The nouns by which sources describe a person without a name, in the singular: “tenant” for “the tenant said”.
fn describing_nouns(
    reading: &Reading<'_>,
    analysis: &Analysis,
    sources: impl Iterator<Item = Span>,
) -> HashSet<String> {
    let noun = |span: Span| {
        let words = reading.words_of(span);
        let definite = words.first().is_some_and(|w| reading.lower(w) == THE);
        let here = mentions_at(&analysis.mentions, span.start());
        let likely_person = here.map(|m| m.speaks_as.person + m.speaks_as.unnamed).fold(0.0, f32::max) > 0.5;
        let noun =
            head(reading, words).filter(|&w| definite && likely_person && !reading.word(w).is_capital())?;
        let noun = singular(reading.lower(noun));
        // “the accused” may be the verb elsewhere.
        (!List::NounsOrganization.has(&noun) && !is_act(&noun)).then_some(noun)
    };
    sources.filter_map(noun).collect()
}

/// The nouns that may be an office in an article.
struct Nouns<'a> {
    reading: &'a Reading<'a>,
    /// Nouns that describe a source; they may be missing from the lists of offices.
    describing: HashSet<String>,
}

impl Nouns<'_> {
    fn is_office(&self, word: WordId) -> bool {
        is_office(self.reading, word) || self.describing.contains(self.reading.lower(word))
    }

    /// The office directly before a name, with the words that belong to it: “U.S. District Judge”, “former vice
    /// president”.
    fn title_before(&self, name: WordRange) -> Option<WordRange> {
        let reading = self.reading;
        let office = |w: WordId| self.is_office(w) && !reading.word(w).is_possessive();
        let last = reading.before(name.start).filter(|&w| office(w))?;
        // “Hired to coach Holm”
        let small = !reading.word(last).is_capital();
        if small && reading.before(last).is_some_and(|w| reading.lower(w) == INFINITIVE) {
            return None;
        }
        // In “the tenant Holm met”, Holm need not be the tenant.
        let articled =
            || reading.before(last).is_some_and(|w| reading.word(w).is_word() && is_lead(reading, w));
        if !is_office(reading, last) && articled() {
            return None;
        }
        let belongs = |w: WordId| {
            // “On Monday President Brandt”
            let time = reading.time_at(w).is_some();
            let name = reading.word(w).is_capital() && !reading.listed(w, List::NoName) && !time;
            office(w) || name && !reading.word(w).is_possessive()
        };
        let mut start = last;
        while let Some(before) = reading.before(start).filter(|&w| last.0 - w.0 < LONGEST_TITLE && belongs(w))
        {
            start = before;
        }
        Some(WordRange { start, end: name.start })
    }

    /// Whether a comma, full stop, semicolon or bracket follows some words.
    fn is_closed_after(&self, words: WordRange) -> bool {
        let mark = words.last().and_then(|w| self.reading.after(w));
        mark.is_some_and(|w| matches!(self.reading.written(w), "," | "." | ";" | ")"))
    }

    /// The office in the words between commas after a name: “Pia Lund, the mayor of Ravn, said”.
    fn apposed_after(&self, cast: &Cast, name: WordRange) -> Option<WordRange> {
        let reading = self.reading;
        let comma = reading.after(name.last()?).filter(|&w| reading.written(w) == ",")?;
        let first = reading.after(comma)?;
        let article = reading.listed(first, List::Articles);
        let start = if article { reading.after(first)? } else { first };
        let after = std::iter::successors(Some(start), |&w| reading.after(w)).take(LONGEST_APPOSITION);
        let end = after.take_while(|&w| reading.word(w).is_word()).last()?.step(1)?;
        let words = WordRange { start, end };
        let noun =
            head(reading, words).filter(|&w| self.is_office(w) && (article || is_office(reading, w)))?;
        // “Pia Lund, the mayor said” is no apposition, and in “Pia Lund, the mayor, Jon Holm” it is unclear whose it
        // is.
        let lead = WordRange { start, end: noun };
        if lead.iter().any(|w| reading.listed(w, List::NotHeld)) {
            return None;
        }
        let rest = WordRange { start: noun.step(1)?, end };
        let belongs = |w: WordId| {
            reading.word(w).is_capital()
                || reading.listed(w, List::Prepositions)
                || matches!(reading.lower(w), THE | AND)
        };
        let closed = self.is_closed_after(words);
        // In “with Holm, the mayor, and two priests” and “unlike Holm, the mayor, who”, the mayor may be somebody else,
        // but not in “Holm, the mayor, and Lund, the harbour master”.
        let after = reading.after(end);
        let parallel = || {
            let name = cast.use_at(after?.step(1)?)?.words;
            Some(reading.written(reading.after(name.last()?)?) == ",")
        };
        let goes_on = after.is_some_and(|w| {
            List::PronounsRelative.has(reading.lower(w))
                || matches!(reading.lower(w), AND | OR) && parallel() != Some(true)
        });
        let another = goes_on || after.and_then(|w| cast.use_at(w)).is_some();
        (closed && rest.iter().all(belongs) && !another).then_some(words)
    }

    /// The office in the words up to the comma before a name: “the mayor of Ravn, Pia Lund, said”.
    fn apposed_before(&self, cast: &Cast, name: WordRange) -> Option<WordRange> {
        let reading = self.reading;
        let comma = reading.before(name.start).filter(|&w| reading.written(w) == ",")?;
        let closed = self.is_closed_after(name);
        let before =
            std::iter::successors(reading.before(comma), |&w| reading.before(w)).take(LONGEST_APPOSITION);
        let own = before.take_while(|&w| reading.word(w).is_word() && !is_lead(reading, w));
        let start = own.last().filter(|_| closed)?;
        let lead = reading.before(start).filter(|&w| reading.word(w).is_word() && is_lead(reading, w))?;
        // “The son of the mayor, Jon Holm, left” and “The man who shot the mayor, Jon Holm, left” describe Holm
        // otherwise.
        let first = reading.sentence_of(lead).start == lead;
        let ends = reading.after(name.last()?).is_some_and(|w| reading.written(w) == ".");
        let governed = reading
            .before(lead)
            .is_some_and(|w| reading.listed(w, List::Prepositions) && !matches!(reading.lower(w), BY | WITH));
        let owned = is_pronoun(reading.lower(lead));
        let opens = first || (ends || owned) && !governed;
        let words = WordRange { start, end: comma };
        // In “Pia Lund, the mayor, Jon Holm, left” it is unclear whose office it is.
        let mark = start.step(-2).filter(|&w| reading.written(w) == ",");
        let ends_at = |mark: WordId| cast.uses.binary_search_by_key(&mark, |u| u.words.end).is_ok();
        let another = mark.is_some_and(ends_at);
        head(reading, words).filter(|&w| opens && !another && self.is_office(w)).map(|_| words)
    }
}

/// An office as a whole phrase: the encoder may find only “for the prosecutor” in “a spokesman for the prosecutor’s
/// office, Jon Holm”. `None` if it is unclear where the phrase begins or ends.
fn whole(reading: &Reading<'_>, words: WordRange, name: WordRange) -> Option<WordRange> {
    let WordRange { mut start, mut end } = words;
    let is_capitals = |w: WordId| reading.word(w).shape == Shape::Capitals;
    let preposition = |w: WordId| reading.listed(w, List::Prepositions) && !is_capitals(w);
    if preposition(words.first()?) {
        let comma = start == name.end.step(1)? && reading.written(name.end) == ",";
        start = if start == name.end || comma {
            // An affiliation after a name: “Jon Holm of the Harbour Party”.
            start.step(1)?
        } else {
            noun_before(reading, start)?
        };
    }
    let last = end.step(-1)?;
    let owner = |end: WordId| reading.after(end).is_some_and(|w| reading.word(w).is_possessive());
    if owner(last) {
        end = before_apposition(reading, end, name)?;
    } else if preposition(last) {
        let place = || capitals_after(reading, last).filter(|&end| !owner(end));
        end = before_apposition(reading, end, name).or_else(|| place()?.step(1)).unwrap_or(last);
    }
    (start < end).then_some(WordRange { start, end })
}

/// The first word of a noun phrase that ends at a preposition, after its article: “spokesman” in “a spokesman for”.
fn noun_before(reading: &Reading<'_>, preposition: WordId) -> Option<WordId> {
    let before = std::iter::successors(reading.before(preposition), |&w| reading.before(w)).take(MISSING);
    let own = before.take_while(|&w| !is_lead(reading, w));
    let start = own.last()?;
    let opens = |w: WordId| reading.word(w).is_word() && is_lead(reading, w);
    reading.before(start).is_some_and(opens).then_some(start)
}

/// The last of the words with capitals after a preposition: “London” in “mayor of London said”.
fn capitals_after(reading: &Reading<'_>, preposition: WordId) -> Option<WordId> {
    let after = std::iter::successors(reading.after(preposition), |&w| reading.after(w)).take(MISSING);
    after.take_while(|&w| reading.word(w).is_capital()).last()
}

/// The end of a phrase that continues up to the comma before a name: “the ministry” in “for the ministry, Jon Holm”.
fn before_apposition(reading: &Reading<'_>, from: WordId, name: WordRange) -> Option<WordId> {
    let comma = name.start.step(-1).filter(|&w| reading.written(w) == ",")?;
    let rest = WordRange { start: from, end: comma };
    let inside = |w: WordId| reading.word(w).is_word() || reading.word(w).is_possessive();
    ((1..=MISSING).contains(&rest.len()) && rest.iter().all(inside)).then_some(comma)
}

/// Whether a word may stand before an office without being part of it.
fn is_lead(reading: &Reading<'_>, word: WordId) -> bool {
    let lower = reading.lower(word);
    let small = List::Articles.has(lower)
        || List::Possessives.has(lower)
        || is_pronoun(lower)
        || List::PronounsRelative.has(lower);
    // “WHO” and “US” are names and not pronouns.
    !reading.word(word).is_word() || small && reading.word(word).shape != Shape::Capitals
}

/// Whether somebody holds the office after their name, and not in “no longer mayor”, “who will be mayor” or “whose
/// brother is mayor”. “Who was a passenger” may be true at the time of the article.
fn is_held(reading: &Reading<'_>, name: WordRange, office: WordRange) -> bool {
    let after = WordRange { start: name.end, end: office.end };
    let near = reading.sentence_of(name.start).end >= office.end && after.len() <= LONGEST_APPOSITION;
    let lead = after.iter().take_while(|&w| w < office.start || !is_office(reading, w));
    !near || office.start < name.end || !lead.into_iter().any(|w| reading.listed(w, List::NotHeld))
}

/// The lists of small words that neither begin nor end an office: “was a”, “and”.
const AROUND: [List; 6] =
    [List::Coordinators, List::Be, List::Have, List::Adverbs, List::PronounsRelative, List::Articles];

/// An office without the marks, possessives and small words at its ends: “mayor” for “who was a mayor and”.
///
/// `None` for a clause with another verb: “who leads the union”, “shook his head”. `None` for words that need an office after them:
/// “former” in “former Lund aide”.
fn trimmed(reading: &Reading<'_>, words: WordRange) -> Option<WordRange> {
    let small = |w: WordId| reading.word(w).shape == Shape::Small;
    let around = |w: WordId| small(w) && reading.listed_in(w, &AROUND) && !reading.listed(w, List::Former);
    let start = words.iter().find(|&w| !is_lead(reading, w) && !around(w))?;
    let before = reading.before(words.start).into_iter().chain(WordRange { end: start, ..words }.iter());
    let before: Vec<&str> = before.map(|w| reading.lower(w)).collect();
    let subject = before.iter().any(|w| *w == WHO || is_subject_of_one(w));
    if subject && !before.iter().any(|w| List::Be.has(w)) {
        return None;
    }
    let open = |w: WordId| around(w) || small(w) && reading.listed(w, List::Prepositions);
    let ends = |w: WordId| reading.word(w).is_word() && !open(w) || reading.written(w) == ")";
    let last = words.iter().rev().find(|&w| ends(w))?;
    let own = WordRange { start, end: last.step(1)? };
    // “RAVN - President”
    let dash = own.iter().rev().find(|&w| matches!(reading.written(w), "-" | "–" | "—"));
    let own = WordRange { start: dash.and_then(|w| w.step(1)).unwrap_or(own.start), ..own };
    // “rtd)” in “Capt. (rtd) Lund”
    let opened = own.iter().any(|w| reading.written(w) == "(");
    let closed = own.iter().any(|w| reading.written(w) == ")");
    let says_what = |w: WordId| !reading.listed_in(w, &[List::Former, List::NoName]);
    let governs = own.iter().nth(1).is_some_and(|w| reading.listed(w, List::Possessives));
    (!governs && opened == closed && own.start < own.end && own.iter().any(says_what)).then_some(own)
}

#[cfg(test)]
mod tests {
    use onrecord_text::Pieces;

    use super::super::names::names;
    use super::*;
    use crate::analysis::{Mention, MentionKind, Office, Pointer, Scored, SourceKinds};
    use crate::testing::marked;

    /// The roles of each person marked in a text, in the order of their names. `linked` pairs an office with the name
    /// that the encoder links it to.
    fn roles(text: &str, linked: &[(&str, &str)]) -> Vec<Vec<String>> {
        let mut marked = marked(text);
        let span = |words: &str| {
            let start = marked.article.text.find(words).unwrap();
            Span::new(start, start + words.len()).unwrap()
        };
        marked.analysis.offices = linked
            .iter()
            .map(|(office, name)| Office {
                words: Scored { span: span(office), score: 1.0 },
                bearer: Some((span(name), 1.0)),
            })
            .collect();
        let sources: Vec<Span> =
            marked.found().iter().filter_map(|f| f.source.as_ref().map(Pieces::extent)).collect();
        let unnamed = |&span: &Span| Mention {
            span,
            kind: MentionKind::Source,
            score: 1.0,
            speaks_as: SourceKinds::of([0.0, 0.0, 0.0, 0.0, 1.0]),
            pointer: Pointer::default(),
        };
        marked.analysis.mentions.extend(sources.iter().map(unnamed));
        marked.analysis.mentions.sort_by_key(|m| m.span.start());
        let reading = marked.reading();
        let mut cast = Cast::of(&reading, &names(&reading, &marked.analysis.mentions, &[]));
        attach(&reading, &marked.analysis, sources.into_iter(), &mut cast);
        let text = |words: &WordRange| reading.span_of(*words).unwrap().of(reading.text()).to_owned();
        cast.members.iter().map(|m| m.roles.iter().map(text).collect()).collect()
    }

    #[test]
    fn a_title_before_a_name_is_its_role_with_the_words_that_belong_to_it() {
        let found = roles(
            "On Monday President [P Ada Brandt] met U.S. District Judge [P Jon Holm], former vice president [P Pia Lund] \
             and the dentist’s friend [P Ola Vik].",
            &[],
        );
        assert_eq!(
            found,
            [vec!["President"], vec!["U.S. District Judge"], vec!["former vice president"], vec![]]
        );
    }

    #[test]
    fn a_form_of_address_and_an_owner_before_a_name_are_no_roles() {
        assert_eq!(
            roles("Mr. [P Jon Holm] met the mayor’s [P Ada Brandt].", &[]),
            [Vec::<String>::new(), vec![]]
        );
    }

    #[test]
    fn an_office_is_completed_to_a_whole_phrase() {
        let text = "A spokesman for the prosecutor’s office, [P Jon Holm], left. [P Kim Oda] is WHO director. [P Ada Brandt] of the Harbour Party \
                    met a spokeswoman for the ministry, [P Pia Lund], and my colleague [P Ola Vik], of the port. The council leader’s \
                    deputy, [P Tom Berg], came.";
        let linked = [
            ("for the prosecutor", "Jon Holm"),
            ("WHO director", "Kim Oda"),
            ("of the Harbour Party", "Ada Brandt"),
            ("spokeswoman for", "Pia Lund"),
            ("my colleague", "Ola Vik"),
            ("of the port", "Ola Vik"),
            ("council leader", "Tom Berg"),
        ];
        assert_eq!(
            roles(text, &linked),
            [
                vec!["spokesman for the prosecutor’s office"],
                vec!["WHO director"],
                vec!["Harbour Party"],
                vec!["spokeswoman for the ministry"],
                vec!["colleague", "port"],
                vec!["council leader’s deputy"],
            ]
        );
    }

    #[test]
    fn an_office_whose_phrase_has_no_clear_end_is_left_out() {
        let text = "Critics of the harbour master’s plan said [P Jon Holm] had met lawyers for the port, [P Ada Brandt] \
                    said. [P Pia Lund], who was adviser for years, left. [P Tom Berg], one of Lund’s friends, stayed. \
                    [P Ola Vik], mayor of South Tallberg until May, stayed, too. \
                    [P Mia Dahl], who heads Baltic Rail, and [P Kim Oda], who leads the union, left.";
        let linked = [
            ("harbour master", "Jon Holm"),
            ("for the port", "Ada Brandt"),
            ("adviser for", "Pia Lund"),
            ("one of", "Tom Berg"),
            ("mayor of", "Ola Vik"),
            ("heads Baltic Rail", "Mia Dahl"),
            ("who leads", "Kim Oda"),
        ];
        let expected =
            [vec![], vec![], vec!["adviser"], vec!["one"], vec!["mayor of South Tallberg"], vec![], vec![]];
        assert_eq!(roles(text, &linked), expected);
    }

    #[test]
    fn small_words_around_an_office_are_not_part_of_it() {
        for (text, office, role) in [
            ("[P Pia Lund], a mayor and pilot, left.", "mayor and", "mayor"),
            ("[P Pia Lund], who is also a mayor, left.", "who is also a mayor", "mayor"),
            ("[P Pia Lund], a mayor of the, well, left.", "mayor of the", "mayor"),
            ("[P Pia Lund], then a mayor, left.", "then a mayor", "then a mayor"),
            ("The then mayor [P Pia Lund] left.", "then mayor", "then mayor"),
        ] {
            assert_eq!(roles(text, &[(office, "Pia Lund")]), [[role]], "{text}");
        }
    }

    #[test]
    fn an_office_that_somebody_does_not_hold_is_no_role() {
        let none: [[&str; 0]; 1] = [[]];
        for (text, office) in [
            ("[P Pia Lund], no longer mayor of Ravn, left.", "mayor of Ravn"),
            ("[P Pia Lund], no longer mayor of Ravn, left.", "no longer mayor of Ravn"),
            ("[P Pia Lund], who will become mayor of Ravn, left.", "mayor of Ravn"),
            ("[P Pia Lund], whose brother is mayor of Ravn, left.", "mayor of Ravn"),
            ("[P Pia Lund], not a mayor, left.", "mayor"),
        ] {
            assert_eq!(roles(text, &[(office, "Pia Lund")]), none, "{text}");
        }
        let held = "It was Mayor [P Pia Lund], a pilot who was not late, who left.";
        assert_eq!(roles(held, &[("pilot", "Pia Lund")]), [["Mayor", "pilot"]]);
    }

    #[test]
    fn small_words_and_clauses_are_no_office() {
        let none: [[&str; 0]; 1] = [[]];
        for (text, words) in [
            ("The former [P Pia Lund] aide left.", "former"),
            ("It was then that [P Pia Lund] left.", "then"),
            ("A pilot and [P Pia Lund] left.", "and"),
            ("[P Pia Lund], who also heads the club, left.", "who also heads the club"),
            ("[P Pia Lund], he sees, left.", "he sees"),
            ("She was hired to coach [P Pia Lund].", "hired"),
        ] {
            let linked: &[(&str, &str)] = if words == "hired" { &[] } else { &[(words, "Pia Lund")] };
            assert_eq!(roles(text, linked), none, "{text}");
        }
        assert_eq!(roles("An aide to President [P Pia Lund] left.", &[]), [["President"]]);
        assert_eq!(roles("Capt. (rtd) [P Pia Lund] left.", &[("rtd)", "Pia Lund")]), none);
        let place = "RAVN - President [P Pia Lund] left.";
        assert_eq!(roles(place, &[("RAVN - President", "Pia Lund")]), [["President"]]);
        // A verb with its object.
        let text = "The king, [P Ola Vik], met his ministers. [P Pia Lund], head of her party, left.";
        let linked = [("met his ministers", "Ola Vik"), ("head of her party", "Pia Lund")];
        assert_eq!(roles(text, &linked), [vec!["king"], vec!["head of her party"]]);
    }

    #[test]
    fn an_office_comes_before_a_longer_affiliation() {
        let text = "[P Jon Holm], chairman, left the Ravn ferry company.";
        let linked = [("chairman", "Jon Holm"), ("Ravn ferry company", "Jon Holm")];
        assert_eq!(roles(text, &linked), [vec!["chairman", "Ravn ferry company"]]);
    }

    #[test]
    fn a_title_is_never_that_of_another_name() {
        let text = "Tallberg Mayor [P Jon Holm] met [P Ada Brandt], the harbour master.";
        let linked = [("Tallberg Mayor", "Ada Brandt"), ("harbour master", "Ada Brandt")];
        assert_eq!(roles(text, &linked), [vec!["Tallberg Mayor"], vec!["harbour master"]]);
    }

    #[test]
    fn what_describes_an_organisation_directly_before_its_name_is_nobodys_office() {
        let text = "The ferry company [O Baltic Rail] is in debt, its chairman [P Jon Holm] said.";
        let linked = [("ferry company", "Jon Holm"), ("chairman", "Jon Holm")];
        assert_eq!(roles(text, &linked), [vec!["chairman"], vec![]]);
    }

    #[test]
    fn an_office_between_commas_belongs_to_the_name_beside_it() {
        let text = "[P Jon Holm], the mayor of Ravn, wrote to [P Ada Brandt], the mayor of Sundby. The deputy finance minister, [P Pia Lund], \
                    met her Norwegian counterpart, [P Ola Vik].";
        let linked = [("mayor of Ravn", "Jon Holm"), ("mayor of Sundby", "Jon Holm")];
        assert_eq!(
            roles(text, &linked),
            [
                vec!["mayor of Ravn"],
                vec!["mayor of Sundby"],
                vec!["deputy finance minister"],
                vec!["Norwegian counterpart"],
            ]
        );
    }

    #[test]
    fn an_office_is_not_listed_twice_in_different_lengths() {
        let text = "[P Jon Holm], the deputy mayor of Ravn, left.";
        for linked in ["mayor", "deputy mayor", "mayor of Ravn", "deputy mayor of Ravn"] {
            let found = roles(text, &[(linked, "Jon Holm")]);
            assert_eq!(found[0].len(), 1, "{linked}: {found:?}");
            assert!(found[0][0].contains(linked), "{linked}: {found:?}");
        }
    }

    #[test]
    fn two_names_that_are_joined_may_each_have_an_office() {
        let text = "[P Jon Holm], the mayor, and [P Ada Brandt], the governor, left.";
        assert_eq!(roles(text, &[]), [vec!["mayor"], vec!["governor"]]);
    }

    #[test]
    fn words_between_commas_that_are_no_office_of_the_name_are_left_out() {
        for text in [
            "[P Jon Holm], the mayor said on Friday, was ill.",
            "[P Jon Holm], the mayor, [P Ada Brandt], and the cook left.",
            "Guests were [P Jon Holm], the mayor, and two priests.",
            "Unlike [P Jon Holm], the mayor, who was ill, nobody left.",
            "The son of the mayor, [P Jon Holm], left.",
            "The man who shot the mayor, [P Jon Holm], left.",
            "He is a friend of the mayor, [P Jon Holm].",
            "[P Jon Holm], mayor of Ravn since May and in debt, left.",
            "[P Jon Holm], the tall one, left.",
            "According to the mayor, [P Jon Holm] left.",
            "To nobody in the port, [P Jon Holm], was ill.",
            // At the end of a text, there is nothing after the name.
            "[P Jon Holm], the",
            "It was the mayor, [P Jon Holm]",
        ] {
            assert!(roles(text, &[]).iter().all(Vec::is_empty), "{text}: {:?}", roles(text, &[]));
        }
    }

    #[test]
    fn a_noun_that_describes_a_speaker_is_an_office_beside_a_name() {
        let text = |source| {
            format!(
                "Landlord [P Jon Holm] met tenant [P Pia Lund] and the violinist, [P Ada Brandt]. [S {source}] [C said] [T that it is late]."
            )
        };
        assert_eq!(roles(&text("The tenant"), &[]), [vec![], vec!["tenant"], vec![]] as [Vec<&str>; 3]);
        assert_eq!(roles(&text("The violinist"), &[]), [vec![], vec![], vec!["violinist"]] as [Vec<&str>; 3]);
        let married = "The woman [P Jon Holm] met left. [S The woman] [C said] [T that it is late].";
        assert_eq!(roles(married, &[]), [Vec::<&str>::new()]);
        assert_eq!(roles(&text("A tenant"), &[]), [vec![], vec![], vec![]] as [Vec<&str>; 3]);
    }
}
