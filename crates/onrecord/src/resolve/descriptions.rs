//! Sources that are nouns: “the Russian president”, “the company”, “a report”, and which of them go back to a name.

use onrecord_text::{BlockKind, EntityKind, Span, Speaker, SpeakerKind};

use super::entities::gender_agrees;
use super::names::Gender;
use super::phrases::{Before, Class, Noun};
use super::speakers::Sources;
use super::words::{is_title, singular, words};
use crate::lists::{covers, listed, same_country, same_party};

/// Persons with an office that are looked at for one that a noun names, and uses of organisations' names.
const MOST: usize = 500;

impl Sources<'_> {
    /// Who a noun means.
    pub(super) fn noun(&self, noun: &Noun, source: Span, mention: Option<usize>) -> Speaker {
        let block = self.article.block_at(source.start());
        let headline = block.is_some_and(|b| matches!(b.kind, BlockKind::Headline | BlockKind::Lead));
        let paragraph = self.article.blocks.iter().find(|b| b.kind == BlockKind::Paragraph);
        // What a headline or the first paragraph describes the article goes on to name.
        let opening = headline || paragraph.is_some_and(|b| b.span.contains(source));
        let definite = noun.before == Before::The || (noun.before == Before::Nothing && !noun.plural);
        let (kind, confidence, found) = match noun.class {
            Class::Person if noun.plural && noun.before == Before::Few => (SpeakerKind::Unnamed, 0.8, None),
            Class::Person | Class::People if noun.plural || noun.class == Class::People => {
                let before = (noun.before == Before::The).then(|| self.several(noun, source)).flatten();
                (SpeakerKind::Group, 0.8, before)
            }
            Class::Person | Class::People => {
                let person = if definite {
                    self.definite_person(noun, source, mention, headline)
                } else if noun.before == Before::Few {
                    self.by_office(noun, source, true).filter(|_| opening)
                } else {
                    self.linked(mention, 0.8, |w| self.may_be(noun, w))
                };
                (SpeakerKind::Unnamed, if definite { 0.7 } else { 0.8 }, person)
            }
            Class::Organization if noun.plural => (SpeakerKind::Group, 0.7, None),
            Class::Organization => {
                let mention = mention.filter(|_| definite);
                let found = (definite || opening).then(|| self.organization(noun, source, mention, opening));
                (SpeakerKind::Organization, if definite { 0.5 } else { 0.6 }, found.flatten())
            }
            Class::Document => {
                let anaphoric = definite && noun.modifiers.is_empty();
                (SpeakerKind::Document, 0.8, anaphoric.then(|| self.document(noun, source)).flatten())
            }
            // “The Nation”: a name that the encoder missed.
            Class::Unknown if noun.capital && noun.before == Before::The && !headline => {
                (SpeakerKind::Organization, 0.5, None)
            }
            Class::Unknown if definite => {
                (SpeakerKind::Document, 0.4, self.by_office(noun, source, headline))
            }
            Class::Unknown => (SpeakerKind::Unnamed, 0.4, None),
        };
        found.unwrap_or_else(|| self.described(noun, kind, confidence))
    }

    /// A source by its description, as written. An organisation is called by its noun, without the article.
    fn described(&self, noun: &Noun, kind: SpeakerKind, confidence: f32) -> Speaker {
        let words = noun.span.of(self.text());
        let article = words.split_once(' ').filter(|(first, _)| {
            let called = kind == SpeakerKind::Organization && !noun.capital;
            called && ["a", "an", "the"].iter().any(|article| article.eq_ignore_ascii_case(first))
        });
        let name = article.map_or(words, |(_, rest)| rest.trim_start());
        Speaker { name: Some(name.to_owned()), kind, confidence, ..Speaker::default() }
    }

    /// “the minister”: whose office it is, whom the encoder links, or whom most speaks for.
    fn definite_person(
        &self,
        noun: &Noun,
        source: Span,
        mention: Option<usize>,
        headline: bool,
    ) -> Option<Speaker> {
        self.by_office(noun, source, headline)
            .or_else(|| self.linked(mention, 0.5, |w| self.may_be(noun, w)))
            .or_else(|| self.generic(noun, source, mention).filter(|_| noun.alone))
    }

    /// “the senators”: several who spoke last, or a group that was called so.
    fn several(&self, noun: &Noun, source: Span) -> Option<Speaker> {
        let called = |w: &Speaker| w.name.as_deref().is_some_and(|n| n.to_lowercase().contains(&noun.noun));
        self.spoke_last(source, 3, |w| w.entities.len() > 1 || (w.kind == SpeakerKind::Group && called(w)))
    }

    /// “the report”: one that was described more fully before.
    fn document(&self, noun: &Noun, source: Span) -> Option<Speaker> {
        let fuller = |name: &str| {
            name.to_lowercase().contains(&noun.noun) && name.len() > noun.span.of(self.text()).len()
        };
        self.spoke_last(source, usize::MAX, |w| {
            w.kind == SpeakerKind::Document && w.name.as_deref().is_some_and(fuller)
        })
    }

    /// Whether a noun may mean a speaker: one person of its gender.
    fn may_be(&self, noun: &Noun, who: &Speaker) -> bool {
        let [member] = who.entities.as_slice() else { return false };
        who.kind == SpeakerKind::Person && gender_agrees(self.genders[*member], gender_of(noun))
    }

    /// The person whose role a noun names: “the Norwegian minister” where the article names Norwegian Transport Minister Ada
    /// Brandt.
    fn by_office(&self, noun: &Noun, source: Span, headline: bool) -> Option<Speaker> {
        let text = self.text();
        let mut best: Option<(f32, usize, usize, Span)> = None;
        let persons = self.cast.members.iter().enumerate();
        let persons = persons
            .filter(|(_, m)| m.kind == EntityKind::Person && !m.names.is_empty() && !m.roles.is_empty());
        for (member, m) in persons.take(MOST) {
            if !gender_agrees(self.genders[member], gender_of(noun)) {
                continue;
            }
            let last =
                m.mentions.iter().filter(|s| headline || s.end() <= source.start()).max_by_key(|s| s.start());
            let Some(last) = last else { continue };
            for role in &m.roles {
                let own: Vec<String> = words(text, *role)
                    .iter()
                    .filter(|w| w.is_word())
                    .map(|w| w.lower().trim_end_matches('.').to_owned())
                    .collect();
                if !own.iter().any(|w| {
                    singular(w) == noun.noun
                        || w.rsplit('-').next() == Some(noun.noun.as_str())
                        || abbreviates(w, &noun.noun)
                        || covers(&noun.noun, &singular(w))
                }) {
                    continue;
                }
                let matches = |m: &String| {
                    own.iter().any(|w| {
                        w == m || same_country(w, m) || same_party(w, m) || singular(w) == singular(m)
                    })
                };
                let (hit, miss): (Vec<&String>, Vec<&String>) =
                    noun.modifiers.iter().partition(|m| matches(m));
                // “the chief of staff” has “of staff” behind its noun.
                let says_nothing = |m: &str| listed("titles/modifiers", m) || is_title(m) || self.is_place(m);
                let miss = miss.iter().filter(|m| !says_nothing(m)).count();
                let score = 1.0 + hit.len() as f32 - 0.8 * miss as f32;
                // A headline means who the article names first.
                let first = m.mentions.iter().map(|s| s.start()).min().unwrap_or(usize::MAX);
                let nearness = if headline { usize::MAX - first } else { last.start() };
                if score > 0.5 && best.as_ref().is_none_or(|(s, at, ..)| (score, nearness) > (*s, *at)) {
                    best = Some((score, nearness, member, *role));
                }
            }
        }
        let (score, _, member, role) = best?;
        Some(self.person(
            member,
            role,
            "the office that the article gives this person",
            (0.7 + 0.1 * (score - 1.0)).clamp(0.5, 0.95),
        ))
    }

    /// Whether a word is part of a place's name.
    fn is_place(&self, word: &str) -> bool {
        self.cast.members.iter().any(|m| m.kind == EntityKind::Place && m.has(word))
    }

    /// “the official”, “the woman”, “the Tallberg senator”: whom most speaks for, as of a pronoun.
    fn generic(&self, noun: &Noun, source: Span, mention: Option<usize>) -> Option<Speaker> {
        let gender = gender_of(noun);
        let says_little = listed("nouns/generic", &noun.noun) || gender.is_some();
        let least = if says_little { 0.15 } else { 0.3 };
        self.likeliest(source, mention, least, |m| self.is_person(m, gender))
    }

    /// “the company”, “the bank”: an organisation whose name has the noun, else the one that was named last.
    fn organization(
        &self,
        noun: &Noun,
        source: Span,
        mention: Option<usize>,
        ahead: bool,
    ) -> Option<Speaker> {
        let is_org = |w: &Speaker| w.kind == SpeakerKind::Organization && w.entities.len() == 1;
        let of = |member: usize, span: Span, why: &'static str, confidence: f32| {
            self.person(member, span, why, confidence)
        };
        let organizations =
            || self.cast.uses.iter().filter(|(_, m)| self.cast.members[*m].kind == EntityKind::Organization);
        let before = organizations().rev().filter(|(u, _)| u.end() <= source.start());
        if let Some(&(span, member)) =
            before.clone().take(MOST).find(|(_, m)| self.cast.members[*m].has(&noun.noun))
        {
            return Some(of(member, span, "an organisation whose name has the noun", 0.8));
        }
        if let Some(&(span, member)) =
            organizations().find(|(_, m)| ahead && self.cast.members[*m].has(&noun.noun))
        {
            return Some(of(member, span, "an organisation whose name has the noun", 0.6));
        }
        if !noun.alone {
            return None;
        }
        if let Some(linked) = self.linked(mention, 0.4, is_org) {
            return Some(linked);
        }
        if !noun.modifiers.is_empty() || listed("nouns/in-name", &noun.noun) {
            return None;
        }
        if let Some(last) = self.spoke_last(source, 2, is_org) {
            return Some(last);
        }
        let block = self.article.block_at(source.start())?;
        let near = before.clone().next().filter(|(u, _)| u.start() + 600 > block.span.start())?;
        Some(of(near.1, near.0, "the organisation that was named last", 0.5))
    }
}

fn gender_of(noun: &Noun) -> Option<Gender> {
    Gender::told("nouns", &noun.noun)
}

/// `Sen` for `senator`.
fn abbreviates(short: &str, noun: &str) -> bool {
    ["sen", "rep", "gov", "gen", "pres", "sens", "reps"].contains(&short)
        && noun.starts_with(short.trim_end_matches('s'))
}
