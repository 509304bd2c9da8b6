//! Offices and affiliations that an article gives to the bearer of a name.

use std::collections::HashMap;

use onrecord_text::EntityKind;

use super::cast::{Cast, MemberId, Use};
use crate::analysis::Analysis;
use crate::english::singular;
use crate::lists::List;
use crate::reading::{Reading, WordId, WordRange};

/// The minimum confidence of an office, which is a product of two probabilities.
const SURE: f32 = 0.4;
/// The most words in an office before a name.
const LONGEST_TITLE: u32 = 6;

/// Attaches to each person the offices that the encoder links to their names, the fullest first.
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
        if let Some(words) = trimmed(reading, WordRange { start: words.start, end }) {
            // A title belongs to the name directly after it.
            let next = titles.partition_point(|(_, title)| title.end <= words.start);
            let another =
                titles.get(next).is_some_and(|(m, title)| *m != name.member && title.start < words.end);
            if !another {
                found.entry(name.member).or_default().push(words);
            }
        }
    }
    for (member, title) in titles {
        found.entry(member).or_default().push(title);
    }
    #[expect(clippy::iter_over_hash_type, reason = "each member's roles depend on no other member's")]
    for (member, mut roles) in found {
        roles.sort_by_key(|r| (std::cmp::Reverse(r.len()), r.start));
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

/// The uses of persons' names, in text order.
fn persons(cast: &Cast) -> impl Iterator<Item = &Use> {
    cast.uses.iter().filter(|u| cast.member(u.member).kind == EntityKind::Person)
}

/// The office directly before a name, with the words that belong to it: “U.S. District Judge”, “former vice president”.
fn title_before(reading: &Reading<'_>, name: WordRange) -> Option<WordRange> {
    let office = |w: WordId| {
        let written = reading.lower(w).trim_end_matches('.');
        let noun = List::TitlesOffice.has(written) || List::NounsOffice.has(&singular(written));
        noun && !reading.word(w).is_possessive()
    };
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

/// An office without the marks, possessives and articles at its ends.
fn trimmed(reading: &Reading<'_>, words: WordRange) -> Option<WordRange> {
    let lead = |w| {
        !reading.word(w).is_word()
            || matches!(reading.lower(w), "a" | "an" | "her" | "his" | "its" | "the" | "their")
            || reading.listed(w, List::PronounsRelative)
    };
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
    fn a_title_is_never_that_of_another_name() {
        let text = "Tallberg Mayor [P Jon Holm] met [P Ada Brandt], the harbour master.";
        let linked = [("Tallberg Mayor", "Ada Brandt"), ("harbour master", "Ada Brandt")];
        assert_eq!(roles(text, &linked), [vec!["Tallberg Mayor"], vec!["harbour master"]]);
    }
}
