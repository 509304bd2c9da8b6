//! Offices and affiliations that an article attaches to a name.

use std::collections::HashMap;

use onrecord_text::EntityKind;

use super::cast::{Cast, MemberId};
use crate::analysis::Analysis;
use crate::english::singular;
use crate::lists::List;
use crate::reading::{Reading, WordId, WordRange};

/// Offices that are less sure than this are left out; the figure is a product of two probabilities.
const SURE: f32 = 0.4;
/// Words of an office before a name, at most.
const LONGEST_TITLE: u32 = 6;

/// Attaches to each person the offices that the encoder links to its names, the fullest one first.
pub(super) fn attach(reading: &Reading<'_>, analysis: &Analysis, cast: &mut Cast) {
    let mut found: HashMap<MemberId, Vec<WordRange>> = HashMap::new();
    for office in &analysis.offices {
        let sure = office.bearer.filter(|(_, link)| office.words.score * link >= SURE);
        let Some((bearer, _)) = sure else { continue };
        let first = cast.uses.partition_point(|u| u.span.end() <= bearer.start());
        let Some(name) = cast.uses.get(first).filter(|u| u.span.overlaps(bearer)) else { continue };
        let words = reading.words_of(office.words.span);
        // What the name itself holds, a title say, is no office beside it.
        let end = if words.start < name.words.start { words.end.min(name.words.start) } else { words.end };
        if let Some(words) = trimmed(reading, WordRange { start: words.start, end }) {
            found.entry(name.member).or_default().push(words);
        }
    }
    for name in &cast.uses {
        if cast.member(name.member).kind == EntityKind::Person {
            found.entry(name.member).or_default().extend(title_before(reading, name.words));
        }
    }
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

/// The office that stands right before a name, with the words that belong to it: “U.S. District Judge”, “former vice president”.
fn title_before(reading: &Reading<'_>, name: WordRange) -> Option<WordRange> {
    let office = |w: WordId| {
        let written = reading.lower(w).trim_end_matches('.');
        let noun = List::TitlesOffice.has(written) || List::NounsOffice.has(&singular(written));
        noun && !reading.word(w).is_possessive()
    };
    let last = reading.before(name.start).filter(|&w| office(w))?;
    let belongs = |w: WordId| {
        // “On Monday President Brandt”
        let time = reading.is_time(w);
        let name = reading.word(w).is_capital() && !reading.listed(w, List::NoName) && !time;
        office(w) || name && !reading.word(w).is_possessive()
    };
    let mut start = last;
    while let Some(before) = reading.before(start).filter(|&w| last.0 - w.0 < LONGEST_TITLE && belongs(w)) {
        start = before;
    }
    Some(WordRange { start, end: name.start })
}

/// An office without the marks, the possessives and the articles at its ends.
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
