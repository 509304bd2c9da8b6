//! Offices and affiliations that an article attaches to a name.

use std::collections::HashMap;

use super::cast::{Cast, MemberId};
use crate::analysis::Analysis;
use crate::lists::List;
use crate::reading::{Reading, WordRange};

/// Offices that are less sure than this are left out; the figure is a product of two probabilities.
const SURE: f32 = 0.4;

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
