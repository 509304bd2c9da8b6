//! What speaks for somebody as the one that a pronoun or a noun goes back to: the encoder's links, who spoke last, who is
//! the subject of the sentence before, who is named last.

use std::collections::BTreeMap;

use onrecord_text::Span;

use super::entities::Use;
use super::phrases::modifies;
use super::roles::is_office;
use super::speakers::{NEAR, Sources};
use super::words::{Word, around, is_possessive, is_title, sentence, words};
use crate::attribute::quotation_around;
use crate::mentions::MentionKind;

/// What it counts that someone spoke last: in the same paragraph, in the one before, a little earlier.
const SPOKE_LAST: [f32; 7] = [0.4, 0.3, 0.15, 0.1, 0.06, 0.05, 0.05];
/// What it counts that someone is the subject of a sentence before: in the same paragraph, in the one before.
const SUBJECT: [f32; 2] = [0.25, 0.2];
/// The same of the sentence right before.
const SUBJECT_RIGHT_BEFORE: [f32; 2] = [0.45, 0.3];
/// The same of the mention's own sentence.
const SUBJECT_OF_OWN: f32 = 0.55;
/// Words that a sentence's subject has before it, at most.
const SUBJECT_WITHIN: usize = 9;
/// What the encoder's links count.
const LINKED: f32 = 0.4;
/// What it counts that someone is named last.
const NAMED_LAST: f32 = 0.1;
/// What it counts that a sentence is expressly about someone: “As for Lund, he …”.
const TOPIC: f32 = 1.0;
/// What it counts that someone is named in front of the mention's own sentence: “When Lund arrived, he …”.
const IN_FRONT: f32 = 0.7;
/// What it counts that someone was asked in the sentence right before, or in that of the mention.
const ASKED: f32 = 0.6;
/// What evidence counts for somebody whose gender nothing tells, where the mention tells one.
const OF_NO_GENDER: f32 = 0.9;

/// What speaks for somebody as the one that a mention goes back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evidence {
    pub(super) weight: f32,
    /// What the strongest of it counts, the mention that it is about, and why it counts.
    most: f32,
    pub(super) mention: Span,
    pub(super) why: &'static str,
}

impl Sources<'_> {
    /// The evidence for each member that may be meant as what a mention goes back to, and the mention that says most for it.
    pub(super) fn evidence(
        &self,
        at: Span,
        mention: Option<usize>,
        may_be: impl Fn(usize) -> bool,
    ) -> BTreeMap<usize, Evidence> {
        let may_be = |member: usize| may_be(member) && !self.apart.contains(&member);
        let mut all: BTreeMap<usize, Evidence> = BTreeMap::new();
        let mut add = |member: usize, weight: f32, mention: Span, why: &'static str| {
            if may_be(member) {
                let weight = if self.genders[member].is_none() { weight * OF_NO_GENDER } else { weight };
                let evidence = all.entry(member).or_insert(Evidence { weight: 0.0, most: 0.0, mention, why });
                if weight > evidence.most {
                    *evidence = Evidence { most: weight, mention, why, ..*evidence };
                }
                evidence.weight += weight;
            }
        };
        for &(earlier, share) in mention.into_iter().flat_map(|m| &self.mentions[m].earlier) {
            if let Some([member]) = self.known[earlier].as_ref().map(|w| w.entities.as_slice()) {
                let why = "the mention that it most likely goes back to";
                add(*member, LINKED * share, self.mentions[earlier].span, why);
            }
        }
        let turns = self.turns.iter().rev().filter(|(span, _)| span.end() <= at.start()).take(NEAR);
        let last =
            turns.into_iter().find(|(_, who)| matches!(who.entities.as_slice(), [member] if may_be(*member)));
        if let Some((span, who)) = last
            && let ([member], Some(weight)) =
                (who.entities.as_slice(), SPOKE_LAST.get(self.blocks_between(*span, at)))
        {
            add(*member, *weight, *span, "who spoke last");
        }
        let blocks = &self.blocks[..self.block_number(at)];
        let mut named_last = false;
        for (back, block) in blocks.iter().rev().take(SUBJECT.len()).enumerate() {
            let uses = self.uses_before(*block, at, &may_be);
            let named = uses.iter().rev().find(|(span, _)| self.cast.within(*span).next().is_some());
            if let Some((span, member)) = named.filter(|_| !named_last) {
                add(*member, NAMED_LAST, *span, "who was named last");
                named_last = true;
            }
            if uses.is_empty() {
                continue;
            }
            for (weight, why, (span, member)) in self.in_focus(*block, at, &uses) {
                add(member, weight, span, why);
            }
            if let Some((span, member)) = subject(self.text(), *block, &uses, at) {
                let own = block.contains(at) && sentence(self.text(), *block, at.start()).contains(span);
                let weight = if own {
                    SUBJECT_OF_OWN
                } else if self.is_right_before(*block, span, at) {
                    SUBJECT_RIGHT_BEFORE[back]
                } else {
                    SUBJECT[back]
                };
                add(member, weight, span, "the subject of a sentence before");
                break;
            }
        }
        all
    }

    /// Those who may be meant and are named, or meant by a pronoun or a noun, in a block before a place, in the article's own
    /// voice.
    fn uses_before(&self, block: Span, at: Span, may_be: &impl Fn(usize) -> bool) -> Vec<Use> {
        let inside = quotation_around(self.quotations, at).map(|q| q.span);
        let heard =
            |span: Span| quotation_around(self.quotations, span).is_none_or(|q| inside == Some(q.span));
        let near = around(self.text(), block, at.start());
        let first = self.mentions.partition_point(|m| m.span.start() < near.start());
        let pointing = self.mentions[first..].iter().zip(&self.known[first..]);
        let pointing = pointing.take_while(|(m, _)| m.span.end() <= at.start()).filter_map(|(m, who)| {
            let [member] = who.as_ref()?.entities.as_slice() else { return None };
            (!matches!(m.kind, MentionKind::Name(_)) && near.contains(m.span)).then_some((m.span, *member))
        });
        let named = self.cast.within(near).filter(|(span, _)| span.end() <= at.start());
        let mut uses: Vec<Use> = named.chain(pointing).filter(|(u, m)| heard(*u) && may_be(*m)).collect();
        uses.sort_by_key(|(span, _)| (span.start(), span.end()));
        uses
    }

    /// Who stands out in the sentence of a mention or the one before it: “As for Lund, he …”, “When Lund arrived, he …”, “Aalto
    /// asked Lund … He said”.
    fn in_focus(&self, block: Span, at: Span, uses: &[Use]) -> Vec<(f32, &'static str, Use)> {
        let text = self.text();
        let here = sentence(text, self.blocks[self.block_number(at) - 1], at.start());
        let main = main_clause(&words(text, here), here);
        let mut out = Vec::new();
        for &(span, member) in uses {
            let before = text[..span.start()].trim_end();
            let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            if block.contains(at) && here.contains(span) && span.end() <= main && at.start() >= main {
                if text[here.start()..span.start()].trim_end().eq_ignore_ascii_case("as for") {
                    out.push((TOPIC, "whom the sentence is about", (span, member)));
                } else if self.cast.within(span).next().is_some()
                    && !behind_preposition(text, here.start(), span)
                    && stands_alone(text, span)
                {
                    out.push((IN_FRONT, "who is named in front of the sentence", (span, member)));
                }
            }
            if ["asked", "pressed", "questioned"].contains(&word) && self.is_right_before(block, span, at) {
                out.push((ASKED, "who was asked", (span, member)));
            }
        }
        out
    }

    /// Whether no sentence stands between a place and the one of a block that holds a mention.
    fn is_right_before(&self, block: Span, mention: Span, at: Span) -> bool {
        let before = sentence(self.text(), block, mention.start());
        if !block.contains(at) {
            let end = self.text()[before.end()..block.end()].trim();
            let begins = self.blocks[self.block_number(at) - 1];
            return end.is_empty() && sentence(self.text(), begins, at.start()).start() == begins.start();
        }
        let here = sentence(self.text(), block, at.start());
        before.end() >= here.start() || self.text()[before.end()..here.start()].trim().is_empty()
    }
}

/// The subject of the last sentence that has one, as far as the words before a name tell: nothing but what leads up to it.
/// In the sentence of the mention itself the nearest clause counts first.
fn subject(text: &str, block: Span, uses: &[Use], at: Span) -> Option<Use> {
    let mut rest = uses;
    while let Some((last, _)) = rest.last() {
        let here = sentence(text, block, last.start());
        let first = rest.partition_point(|(span, _)| span.start() < here.start());
        let mut clauses = clauses(text, here);
        if here.contains(at) {
            clauses.reverse();
        }
        let own = &rest[first..];
        if let Some(found) = clauses.iter().find_map(|start| subject_of(text, *start, own)) {
            return Some(found);
        }
        // “Asked whether …, who …, Lund hesitated”.
        let behind_comma = |(span, _): &&Use| {
            let next = text[span.end()..].chars().find(|c| !c.is_whitespace());
            text[here.start()..span.start()].trim_end().ends_with(',')
                && next.is_some_and(char::is_lowercase)
                && stands_alone(text, *span)
        };
        if let Some(found) = own.iter().rev().find(behind_comma) {
            return Some(*found);
        }
        rest = &rest[..first];
    }
    None
}

/// The subject of a clause.
fn subject_of(text: &str, start: usize, uses: &[Use]) -> Option<Use> {
    let leading = |(span, _): &&Use| {
        let before = Span::new(start, span.start()).map_or_else(Vec::new, |before| words(text, before));
        span.start() >= start && before.len() <= SUBJECT_WITHIN && leads_up(&before)
    };
    let own: Vec<Use> = uses.iter().filter(leading).copied().collect();
    let alone = |n: &usize| {
        let next = own.get(n + 1).map_or(own[*n].0, |(span, _)| *span);
        stands_alone(text, own[*n].0) && !leads_to_office(text, own[*n].0, next)
    };
    // “Lund’s answer was short” is about Lund where it is about nobody else.
    own.get((0..own.len()).find(alone).unwrap_or(0)).copied()
}

/// Where the clauses of a sentence begin: the main one, and those behind “, and”, “while” and the like.
fn clauses(text: &str, sentence: Span) -> Vec<usize> {
    let all = words(text, sentence);
    let main = main_clause(&all, sentence);
    let joins = |n: usize| {
        let comma = n > 0 && all[n - 1].text == ",";
        all[n].listed("grammar/subordinating") || (comma && all[n].is(&["and", "but", "so", "yet"]))
    };
    let behind =
        (0..all.len()).filter(|n| joins(*n)).map(|n| all[n].span.end()).filter(|start| *start > main);
    std::iter::once(main).chain(behind).collect()
}

/// Where a sentence's main clause begins, behind what stands in front: “In a statement on Friday, …”.
fn main_clause(all: &[Word<'_>], sentence: Span) -> usize {
    let Some(first) = all.iter().find(|w| w.is_word()) else { return sentence.start() };
    let comma = all.iter().find(|w| w.text == ",");
    // “Speaking in Oslo, …”, but not “Fleming, the pilot, …”.
    let participle = |comma: &Word<'_>| {
        first.text.len() > 4 && first.lower().ends_with("ing") && comma.span.start() > first.span.end()
    };
    let comma = comma.filter(|comma| first.listed("grammar/front") || participle(comma));
    comma.map_or(sentence.start(), |comma| comma.span.end())
}

/// Whether words only lead up to a subject: no preposition makes the name behind them part of another's phrase.
fn leads_up(before: &[Word<'_>]) -> bool {
    let preposition = before.iter().rposition(|w| w.listed("grammar/prepositions"));
    preposition.is_none_or(|n| {
        let comma = before[n..].iter().any(|w| w.text == ",");
        let office = n > 0
            && is_office(before[n - 1].text)
            && before[n + 1..].iter().any(|w| w.is_word() && !is_title(w.text));
        comma || office
    })
}

/// Whether a name is not part of another's phrase: “Lund’s lawyer”, “Lund campaign”.
fn stands_alone(text: &str, name: Span) -> bool {
    !is_possessive(
        text[name.end()..].split(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default(),
    ) && !modifies(text, name)
}

/// Whether a name belongs to the office of the next one: “Lund transition director Ada Brandt”.
fn leads_to_office(text: &str, name: Span, next: Span) -> bool {
    let between = Span::new(name.end(), next.start()).map_or_else(Vec::new, |between| words(text, between));
    between.iter().all(Word::is_word) && between.last().is_some_and(|w| is_office(w.text))
}

/// Whether a preposition stands right before a name, with titles and small words between them.
fn behind_preposition(text: &str, start: usize, name: Span) -> bool {
    let before = Span::new(start, name.start()).map_or_else(Vec::new, |before| words(text, before));
    let own = before.iter().rev().find(|w| !is_title(w.text) && !w.is(&["the", "both", "then"]));
    own.is_some_and(|w| w.listed("grammar/prepositions"))
}
