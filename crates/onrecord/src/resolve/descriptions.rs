//! Sources that are nouns: “the Russian president”, “the company”, “a report”, and which of them go back to a name.

use onrecord_text::{BlockKind, EntityKind, Span, Speaker, SpeakerKind, Step};

use super::entities::gender_agrees;
use super::names::Gender;
use super::phrases::{Before, Class, Noun, class};
use super::speakers::{Sources, describes, going_back};
use super::words::{Word, around, is_title, sentence, singular, words};
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
                    // “his ex-wife”
                    let kin = noun.before == Before::Possessive && gender_of(noun).is_some();
                    let known = kin.then(|| self.by_office(noun, source, headline)).flatten();
                    known.or_else(|| self.linked(mention, 0.8, |w| self.may_be(noun, w)))
                };
                (SpeakerKind::Unnamed, if definite { 0.7 } else { 0.8 }, person)
            }
            Class::Organization if noun.plural => (SpeakerKind::Group, 0.7, None),
            Class::Organization => {
                let mention = mention.filter(|_| definite);
                let team = listed("nouns/teams", &noun.noun) && noun.alone && noun.modifiers.is_empty();
                let found = team.then(|| self.team_before(noun, source, mention)).flatten().or_else(|| {
                    (definite || opening).then(|| self.organization(noun, source, mention, opening)).flatten()
                });
                (SpeakerKind::Organization, if definite { 0.5 } else { 0.6 }, found)
            }
            Class::Document => {
                let anaphoric = definite && noun.modifiers.is_empty();
                (SpeakerKind::Document, 0.8, anaphoric.then(|| self.document(noun, source)).flatten())
            }
            // “The Nation”: a name that the encoder missed.
            Class::Unknown if noun.capital && noun.before == Before::The && !headline => {
                (SpeakerKind::Organization, 0.5, None)
            }
            Class::Unknown if definite && ["two", "pair", "duo"].contains(&noun.noun.as_str()) => {
                (SpeakerKind::Group, 0.6, self.two(source))
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
        let words = noun.span.of(self.text()).trim_end_matches([',', ';', ':', '–', '—', '-', ' ']);
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
            .or_else(|| self.unnamed_before(noun, source))
            .or_else(|| self.linked(mention, 0.5, |w| self.may_be(noun, w)))
            .or_else(|| self.generic(noun, source, mention).filter(|_| noun.alone && noun.known))
    }

    /// “the man”, “the person”: somebody without a name, if such a one spoke last.
    fn unnamed_before(&self, noun: &Noun, source: Span) -> Option<Speaker> {
        let (span, who) = self.turns.iter().rev().find(|(span, _)| span.end() <= source.start())?;
        let called = who
            .name
            .as_deref()
            .is_some_and(|name| name.split(|c: char| !c.is_alphanumeric()).any(|w| singular(w) == noun.noun));
        let near = self.blocks_between(*span, source) <= 1;
        let says_little =
            listed("nouns/generic", &noun.noun) || noun.noun == "person" || gender_of(noun).is_some();
        // “the surgeon”, who is not told apart from those with names, may have one.
        let new = !who.name.as_deref().is_some_and(|name| name.to_lowercase().starts_with("the "));
        (who.kind == SpeakerKind::Unnamed && new && near && (says_little || called))
            .then(|| going_back(who, *span, "who spoke last", 0.65))
    }

    /// “the Lund campaign”, called “the campaign” or “his campaign” afterwards.
    fn team_before(&self, noun: &Noun, source: Span, mention: Option<usize>) -> Option<Speaker> {
        let text = self.text();
        let first = words(text, source).first().map(Word::lower).unwrap_or_default();
        let of_whom = match (noun.before, Gender::told("pronouns", &first)) {
            (Before::The, _) => None,
            (Before::Possessive, Some(gender)) => {
                let owner = self.likeliest(source, mention, 0.3, |m| self.is_person(m, Some(gender)))?;
                Some(*owner.entities.first()?)
            }
            _ => return None,
        };
        let before = self.cast.uses.iter().rev().filter(|(name, member)| {
            let person = self.cast.members[*member].kind == EntityKind::Person;
            person && name.end() <= source.start() && of_whom.is_none_or(|m| m == *member)
        });
        before.take(MOST).find_map(|&(name, member)| {
            let behind = Span::new(name.end(), text.ceil_char_boundary((name.end() + 40).min(text.len())))?;
            let next = words(text, behind);
            let team = next.iter().find(|w| !w.is_possessive())?;
            (singular(team.text) == noun.noun).then(|| {
                let mut who = self.team(name.to(team.span), member);
                who.confidence = 0.8;
                who
            })
        })
    }

    /// “they”: the last plural noun for people in the same sentence or the one before, with the words that describe it.
    pub(super) fn group_before(&self, source: Span) -> Option<Speaker> {
        let text = self.text();
        let block = self.article.block_at(source.start())?.span;
        let here = sentence(text, block, source.start());
        let before = Span::new(block.start(), here.start()).and_then(|b| Span::trimmed(text, b.range()));
        let last = before.map(|b| sentence(text, block, b.end() - 1));
        let parts = [Span::new(here.start(), source.start()), last];
        parts.into_iter().flatten().find_map(|part| {
            let all = words(text, part);
            let head = all.iter().position(|w| {
                let one = singular(w.text);
                one != w.lower() && class(&one) == Class::Person && !w.is_possessive()
            })?;
            let start = all[..head].iter().rposition(|w| !describes(w)).map_or(0, |n| n + 1);
            let span = all[start].span.to(all[head].span);
            Some(Speaker {
                name: Some(span.of(text).to_owned()),
                kind: SpeakerKind::Group,
                confidence: 0.5,
                chain: vec![Step { mention: span, why: "the people named before" }],
                ..Speaker::default()
            })
        })
    }

    /// “the two men”: the two persons whom the paragraph names, or the one before.
    fn two(&self, source: Span) -> Option<Speaker> {
        let last = self.block_number(source);
        let found = self.blocks[..last].iter().rev().take(2).find_map(|block| {
            let mut persons: Vec<(Span, usize)> = Vec::new();
            let near = around(self.text(), *block, source.start().min(block.end()));
            for (span, member) in self.cast.within(near).filter(|(span, _)| span.end() <= source.start()) {
                let new = persons.iter().all(|(_, m)| *m != member);
                if new && self.cast.members[member].kind == EntityKind::Person {
                    persons.push((span, member));
                }
            }
            (!persons.is_empty()).then_some(persons)
        })?;
        let [_, _] = found.as_slice() else { return None };
        let mut who = self.names(&found, &[]);
        who.chain.splice(
            0..0,
            found.iter().map(|(span, _)| Step { mention: *span, why: "one of the two named before" }),
        );
        who.confidence = 0.6;
        Some(who)
    }

    /// “the senators”: several who spoke last, or a group that was called so.
    fn several(&self, noun: &Noun, source: Span) -> Option<Speaker> {
        let called = |w: &Speaker| w.name.as_deref().is_some_and(|n| n.to_lowercase().contains(&noun.noun));
        let two = |w: &str| ["two", "pair", "duo"].contains(&w);
        if two(&noun.noun) || noun.modifiers.iter().any(|m| two(m)) {
            return self.two(source);
        }
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
            if !gender_agrees(self.genders[member], gender_of(noun)) || self.apart.contains(&member) {
                continue;
            }
            let last =
                m.mentions.iter().filter(|s| headline || s.end() <= source.start()).max_by_key(|s| s.start());
            let Some(last) = last else { continue };
            for role in &m.roles {
                let all = words(text, *role);
                let plain = |w: &Word<'_>| w.lower().trim_end_matches('.').to_owned();
                let own: Vec<String> = all.iter().filter(|w| w.is_word()).map(plain).collect();
                // The head of “the candidate's daughter” and of “spokesman for the candidate” is no candidate.
                let from = all.iter().rposition(Word::is_possessive).map_or(0, |n| n + 1);
                let head =
                    all[from..].iter().take_while(|w| !w.listed("grammar/prepositions") && w.text != ",");
                let head: Vec<String> = head.map(plain).collect();
                if !head.iter().any(|w| {
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
        if noun.before != Before::The || words(self.text(), source).first().is_some_and(|w| w.is(&["this"])) {
            return None;
        }
        let least = if says_little { 0.25 } else { 0.4 };
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
