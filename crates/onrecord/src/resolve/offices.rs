//! Offices and affiliations that an article gives to the bearer of a name.

use std::collections::HashMap;

use onrecord_text::EntityKind;

use super::cast::{Cast, MemberId, Use};
use super::source::head;
use crate::analysis::Analysis;
use crate::english::{is_pronoun, singular};
use crate::lists::List;
use crate::reading::{Reading, Shape, WordId, WordRange};

/// The minimum confidence of an office, which is a product of two probabilities.
const SURE: f32 = 0.4;
/// The most words in an office before a name.
const LONGEST_TITLE: u32 = 6;
/// The most words by which an office is completed at either end.
const MISSING: usize = 6;

/// Attaches to each person the offices that the encoder links to their names, the fullest first; organisations that
/// they belong to come last.
pub(super) fn attach(reading: &Reading<'_>, analysis: &Analysis, cast: &mut Cast) {
    let mut found: HashMap<MemberId, Vec<WordRange>> = HashMap::new();
    let titles: Vec<(MemberId, WordRange)> =
        persons(cast).filter_map(|name| Some((name.member, title_before(reading, name.words)?))).collect();
    for office in &analysis.offices {
        let sure = office.bearer.filter(|(_, link)| office.words.score * link >= SURE);
        let Some((bearer, _)) = sure else { continue };
        let first = cast.uses.partition_point(|u| u.span.end() <= bearer.start());
        let Some(name) = cast.uses.get(first).filter(|u| u.span.overlaps(bearer)) else { continue };
        let words = reading.words_of(office.words.span);
        // An office that is part of the name itself, such as a title, does not count separately.
        let end = if words.start < name.words.start { words.end.min(name.words.start) } else { words.end };
        let words = whole(reading, WordRange { start: words.start, end }, name.words);
        if let Some(words) = words.and_then(|words| trimmed(reading, words)) {
            // What stands directly before a name belongs to that name.
            let next = titles.partition_point(|(_, title)| title.end <= words.start);
            let another =
                titles.get(next).is_some_and(|(m, title)| *m != name.member && title.start < words.end);
            let after = cast.uses.partition_point(|u| u.words.start < words.end);
            let described =
                cast.uses.get(after).is_some_and(|u| u.member != name.member && u.words.start == words.end);
            if !another && !described {
                found.entry(name.member).or_default().push(words);
            }
        }
    }
    for (member, title) in titles {
        found.entry(member).or_default().push(title);
    }
    #[expect(clippy::iter_over_hash_type, reason = "each member's roles depend on no other member's")]
    for (member, mut roles) in found {
        roles.sort_by_key(|&r| (is_affiliation(reading, r), std::cmp::Reverse(r.len()), r.start));
        let mut seen: Vec<String> = Vec::new();
        roles.retain(|&r| {
            let words: Vec<&str> = r.iter().map(|w| reading.lower(w)).collect();
            let words = words.join(" ");
            let new = !seen.contains(&words);
            seen.push(words);
            new
        });
        cast.members[member.0].roles = roles;
    }
}

/// Whether words only name an organisation that somebody belongs to: “ferry company”, but not “chairman” or “director of a
/// ferry company”.
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

/// The office directly before a name, with the words that belong to it: “U.S. District Judge”, “former vice president”.
fn title_before(reading: &Reading<'_>, name: WordRange) -> Option<WordRange> {
    let office = |w: WordId| is_office(reading, w) && !reading.word(w).is_possessive();
    let last = reading.before(name.start).filter(|&w| office(w))?;
    let belongs = |w: WordId| {
        // “On Monday President Brandt”
        let time = reading.time_at(w).is_some();
        let name = reading.word(w).is_capital() && !reading.listed(w, List::NoName) && !time;
        office(w) || name && !reading.word(w).is_possessive()
    };
    let mut start = last;
    while let Some(before) = reading.before(start).filter(|&w| last.0 - w.0 < LONGEST_TITLE && belongs(w)) {
        start = before;
    }
    Some(WordRange { start, end: name.start })
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
    let small = matches!(lower, "a" | "an" | "the" | "my" | "our" | "your")
        || is_pronoun(lower)
        || List::PronounsRelative.has(lower);
    // “WHO” and “US” are names and not pronouns.
    !reading.word(word).is_word() || small && reading.word(word).shape != Shape::Capitals
}

/// An office without the marks, possessives and articles at its ends.
fn trimmed(reading: &Reading<'_>, words: WordRange) -> Option<WordRange> {
    let lead = |w| is_lead(reading, w);
    let start = words.iter().find(|&w| !lead(w))?;
    let end =
        words.iter().rev().find(|&w| reading.word(w).is_word() || reading.written(w) == ")")?.step(1)?;
    (start < end).then_some(WordRange { start, end })
}

#[cfg(test)]
mod tests {
    use onrecord_text::Span;

    use super::super::names::names;
    use super::*;
    use crate::analysis::{Office, Scored};
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
        let reading = marked.reading();
        let mut cast = Cast::of(&reading, &names(&reading, &marked.analysis.mentions, &[]));
        attach(&reading, &marked.analysis, &mut cast);
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
                    [P Ola Vik], mayor of South Tallberg until May, stayed, too.";
        let linked = [
            ("harbour master", "Jon Holm"),
            ("for the port", "Ada Brandt"),
            ("adviser for", "Pia Lund"),
            ("one of", "Tom Berg"),
            ("mayor of", "Ola Vik"),
        ];
        let expected = [vec![], vec![], vec!["adviser"], vec!["one"], vec!["mayor of South Tallberg"]];
        assert_eq!(roles(text, &linked), expected);
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
}
