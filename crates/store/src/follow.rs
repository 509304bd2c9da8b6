//! Finding the statement that a decision is about, in any reading and any version of the article.
//!
//! A decision stores the words of the content, their position in one particular text, and the words around them. In the
//! same text, the position identifies the statement. In any other text, its words and the words around them do. If two
//! statements fit the same description, or none fits for certain, the decision applies to neither.

use std::cell::OnceCell;
use std::cmp::Reverse;

use crate::words::{self, Number};

/// How many words are compared on either side of a content.
const AROUND: usize = 12;
/// How many of the words around a content must agree in a different text.
const AGREEING: usize = 4;
/// The minimum number of words in a content that is identified by its own words alone.
///
/// It must occur only once in each of the two texts. Then [`AGREEING`] does not apply.
const TELLING: usize = 5;

/// A statement's content and its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub content: String,
    /// The start and end of the content, in code points of the text.
    pub start: usize,
    pub end: usize,
}

/// The statements of a version of an article, which many decisions are compared with.
pub(crate) struct Statements {
    places: Vec<Place>,
    /// The words of each content.
    words: Vec<Vec<Number>>,
    /// The words around each content, once they are needed.
    around: Vec<OnceCell<[Vec<Number>; 2]>>,
}

impl Statements {
    pub fn of(places: Vec<Place>) -> Self {
        let words = places.iter().map(|place| words::numbers(&place.content)).collect();
        let around = vec![OnceCell::new(); places.len()];
        Self { places, words, around }
    }
}

/// What a decision stores about its statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Described {
    pub place: Place,
    /// The hash of the text that the position refers to, or `None` if it is no longer known.
    pub version: Option<String>,
    pub before: String,
    pub after: String,
    /// That text, if the store has it.
    pub text: Option<String>,
}

/// A version of an article.
pub(crate) struct Version<'a> {
    pub hash: &'a str,
    text: &'a str,
    /// The byte at which each code point starts, plus the end of the text.
    starts: Vec<usize>,
}

impl<'a> Version<'a> {
    pub fn new(hash: &'a str, text: &'a str) -> Self {
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        Self { hash, text, starts }
    }

    fn byte(&self, point: usize) -> usize {
        self.starts.get(point).copied().unwrap_or(self.text.len())
    }

    /// Returns the text before and after a place, with enough words for the comparison.
    pub fn around(&self, place: &Place) -> (String, String) {
        let before = &self.text[..self.byte(place.start)];
        let after = &self.text[self.byte(place.end).max(self.byte(place.start))..];
        let from = before.char_indices().rev().filter(|(_, c)| c.is_whitespace()).nth(2 * AROUND);
        let to = after.char_indices().filter(|(_, c)| c.is_whitespace()).nth(2 * AROUND);
        let before = &before[from.map_or(0, |(at, _)| at)..];
        let after = &after[..to.map_or(after.len(), |(at, _)| at)];
        (before.trim().to_owned(), after.trim().to_owned())
    }

    /// Returns whether the words of a content occur exactly once in the text.
    pub fn has_once(&self, content: &str) -> bool {
        let piece = content.split(onrecord_text::BETWEEN_PIECES).max_by_key(|piece| piece.len());
        let words = |text: &str| format!(" {} ", words::fold(text));
        let (text, piece) = (words(self.text), words(piece.unwrap_or_default()));
        // Neighbouring matches share the space between them.
        text.match_indices(piece.trim_end()).filter(|(at, m)| text[at + m.len()..].starts_with(' ')).count()
            == 1
    }
}

/// Returns the index of the statement in this version that a decision is about, if any.
pub(crate) fn target(decision: &Described, version: &Version, statements: &Statements) -> Option<usize> {
    let content = words::numbers(&decision.place.content);
    let alike = |n: usize| likeness(&content, &statements.words[n]) > 0.5;
    let places = &statements.places;
    if decision.version.as_deref() == Some(version.hash) {
        return in_the_same_text(&decision.place, places, alike);
    }
    let [before, after] = outwards(&decision.before, &decision.after);
    let agreeing = |n: usize| {
        let own = statements.around[n].get_or_init(|| {
            let (before, after) = version.around(&places[n]);
            outwards(&before, &after)
        });
        agreeing(&before, &own[0]) + agreeing(&after, &own[1])
    };
    // Contents are compared in the order in which the words around them agree, because that takes longer.
    let mut order: Vec<(usize, usize)> = (0..places.len()).map(|n| (agreeing(n), n)).collect();
    order.sort_unstable_by_key(|&(agreeing, n)| (Reverse(agreeing), n));
    let mut order = order.into_iter();
    let (most, best) = order.find(|&(_, n)| alike(n))?;
    let clear = !order.take_while(|&(agreeing, _)| agreeing == most).any(|(_, n)| alike(n));
    // Near the start or the end of the text there are fewer words that could agree.
    let possible = before.len() + after.len();
    // Whole texts are searched last.
    let once = || {
        decision.text.as_deref().is_some_and(|text| Version::new("", text).has_once(&decision.place.content))
    };
    let only = || {
        content.len() >= TELLING
            && statements.words[best] == content
            && (0..places.len()).all(|n| n == best || !alike(n))
            && version.has_once(&places[best].content)
            && once()
    };
    (clear && most >= AGREEING.min(possible.max(1)) || only()).then_some(best)
}

/// Returns the statement that covers mostly the same part of the text.
///
/// More than half of its words must agree with the decision's. A statement with exactly the same words is preferred.
fn in_the_same_text(place: &Place, statements: &[Place], alike: impl Fn(usize) -> bool) -> Option<usize> {
    let overlap = |s: &Place| {
        let shared = s.end.min(place.end).saturating_sub(s.start.max(place.start));
        let together = s.end.max(place.end) - s.start.min(place.start);
        (shared * 2 > together).then_some((shared * 1_000).checked_div(together).unwrap_or(0))
    };
    let same = |s: &Place| words::fold(&s.content) == words::fold(&place.content);
    let fits = |(n, s): (usize, &Place)| {
        let overlap = overlap(s)?;
        (same(s) || alike(n)).then_some((same(s), overlap, n))
    };
    let best = statements
        .iter()
        .enumerate()
        .filter_map(fits)
        .max_by_key(|&(same, overlap, n)| (same, overlap, Reverse(n)));
    best.map(|(.., n)| n)
}

/// Returns the share of the longer content's words that also occur in the other, in the same order. Contents of very
/// different lengths are not compared.
fn likeness(a: &[Number], b: &[Number]) -> f64 {
    if a == b {
        return 1.0;
    }
    let (fewer, more) = (a.len().min(b.len()), a.len().max(b.len()));
    if fewer * 2 <= more {
        return 0.0;
    }
    crate::lineage::common(a, b) as f64 / more as f64
}

/// Returns the words that are compared before and after a content, counted outwards from it.
fn outwards(before: &str, after: &str) -> [Vec<Number>; 2] {
    let (mut before, mut after) = (words::numbers(before), words::numbers(after));
    before.reverse();
    before.truncate(AROUND);
    after.truncate(AROUND);
    [before, after]
}

/// Returns how many words of two surroundings agree.
fn agreeing(a: &[Number], b: &[Number]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// Returns whether the text has these words at this place, as a decision from an earlier schema claims.
pub(crate) fn stands_at(text: &str, place: &Place) -> bool {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let (Some(&start), Some(&end)) = (starts.get(place.start), starts.get(place.end)) else { return false };
    let mut pieces = place.content.split(onrecord_text::BETWEEN_PIECES);
    let (first, last) = (pieces.next().unwrap_or_default(), pieces.last());
    start < end && text[start..end].starts_with(first) && text[start..end].ends_with(last.unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(decision: &Described, version: &Version, places: &[Place]) -> Option<usize> {
        super::target(decision, version, &Statements::of(places.to_vec()))
    }

    fn places(text: &str, contents: &[&str]) -> Vec<Place> {
        let mut from = 0;
        let place = |content: &&str| {
            let at = from + text[from..].find(content).unwrap();
            from = at + content.len();
            let point = |byte: usize| text[..byte].chars().count();
            Place { content: (*content).to_owned(), start: point(at), end: point(from) }
        };
        contents.iter().map(place).collect()
    }

    fn described(text: &str, place: &Place) -> Described {
        let version = Version::new(text, text);
        let (before, after) = version.around(place);
        Described {
            place: place.clone(),
            version: Some(text.to_owned()),
            before,
            after,
            text: Some(text.to_owned()),
        }
    }

    const TWINS: &str = "“No,” Minister Ada Brandt said. “No,” said Rolf Meyer. It rained in Tallberg.";

    #[test]
    fn of_two_with_the_same_words_the_place_tells() {
        let all = places(TWINS, &["“No,”", "“No,”"]);
        for n in [0, 1] {
            let decision = described(TWINS, &all[n]);
            assert_eq!(target(&decision, &Version::new(TWINS, TWINS), &all), Some(n));
            assert_eq!(target(&decision, &Version::new(TWINS, TWINS), &all[1 - n..2 - n]), None);
            let later = format!("UPDATE: the bridge stays closed. {TWINS} More follows.");
            let there = places(&later, &["“No,”", "“No,”"]);
            assert_eq!(target(&decision, &Version::new(&later, &later), &there), Some(n), "{n}");
        }
    }

    #[test]
    fn a_decision_does_not_go_over_to_a_twin() {
        let all = places(TWINS, &["“No,”", "“No,”"]);
        for (later, left, gone) in [
            ("“No,” Minister Ada Brandt said. It rained in Tallberg.", 0, 1),
            ("“No,” said Rolf Meyer. It rained in Tallberg.", 1, 0),
        ] {
            let there = places(later, &["“No,”"]);
            let version = Version::new(later, later);
            assert_eq!(target(&described(TWINS, &all[gone]), &version, &there), None, "{later}");
            let kept = target(&described(TWINS, &all[left]), &version, &there);
            assert!(kept == Some(0) || left == 0, "{later}");
        }
    }

    #[test]
    fn telling_words_are_followed_wherever_they_go() {
        let text = "It rained. “We open the bridge in May,” Ada Brandt said.";
        let decision = described(text, &places(text, &["“We open the bridge in May,”"])[0]);
        let later = "The minister came late. Asked when, she had an answer: “We open the bridge in May.” Then she left.";
        let there = places(later, &["“We open the bridge in May.”"]);
        assert_eq!(target(&decision, &Version::new(later, later), &there), Some(0));
        // If the words occur twice and nothing else distinguishes the two, neither is chosen.
        let twice = "One: “We open the bridge in May.” Two: “We open the bridge in May.” Three.";
        let there = places(twice, &["“We open the bridge in May.”", "“We open the bridge in May.”"]);
        assert_eq!(target(&decision, &Version::new(twice, twice), &there), None);
        // Different words at the same place in the same text.
        let other = places(text, &["It rained."]);
        assert_eq!(
            target(&decision, &Version::new(text, text), &places(text, &["We open the bridge in May"])),
            Some(0)
        );
        assert_eq!(target(&decision, &Version::new(text, text), &other), None);
    }
}
