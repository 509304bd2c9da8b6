//! Who a source is: a name in full, what a pronoun or a noun goes back to, or what kind of source has no name.
//!
//! The source is resolved, not the whole text: published comparisons found that coreference over the whole document makes
//! speakers worse. What earlier mentions the encoder links is one kind of evidence; who spoke last, who is the subject,
//! gender, number and office are the others.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use onrecord_text::{Article, EntityKind, Pieces, Span, Speaker, SpeakerKind, Statement, Step};

use super::entities::{Cast, gender_agrees};
use super::names::Gender;
use super::phrases::{Class, Phrase, Pronoun, class, modifies, phrase};
use super::words::{Word, folded, sentence, singular, words};
use crate::attribute::quotation_around;
use crate::lists::listed;
use crate::mentions::{Mention, MentionKind};
use crate::quotes::Quotation;

/// A person whom less evidence speaks for is not named.
const ENOUGH: f32 = 0.04;
/// An organisation that less speaks for is not “they”.
const ENOUGH_FOR_THEY: f32 = 0.45;
/// A pronoun that is as surely somebody tells their gender.
const SURE_OF_GENDER: f32 = 0.6;
/// What is known while an article's sources are resolved in text order.
pub(super) struct Sources<'a> {
    pub(super) article: &'a Article,
    /// The blocks of running text.
    pub(super) blocks: Vec<Span>,
    pub(super) quotations: &'a [Quotation],
    pub(super) mentions: &'a [Mention],
    pub(super) cast: &'a Cast,
    /// Whom each mention means, as far as it is read.
    pub(super) known: Vec<Option<Rc<Speaker>>>,
    /// The gender of each member, as far as titles, given names and pronouns tell it.
    pub(super) genders: Vec<Option<Gender>>,
    /// Who spoke, in text order, and where their source stands.
    pub(super) turns: Vec<(Span, Rc<Speaker>)>,
    /// Whom the source at hand can't be.
    pub(super) apart: Vec<usize>,
}

/// Statements that are looked at on either side for one that belongs to another.
pub(super) const NEAR: usize = 64;

/// The speaker of each statement, and whom the words for each one's hearer mean; entities are numbers of the cast.
pub(super) fn speakers(
    article: &Article,
    quotations: &[Quotation],
    mentions: &[Mention],
    cast: &Cast,
    statements: &[Statement],
    heard: &[Option<Span>],
) -> (Vec<Rc<Speaker>>, Vec<Option<usize>>) {
    let mut s = Sources {
        article,
        blocks: article.blocks.iter().filter(|b| b.kind.is_running()).map(|b| b.span).collect(),
        quotations,
        mentions,
        cast,
        genders: cast.members.iter().map(|m| m.gender).collect(),
        known: vec![None; mentions.len()],
        turns: Vec::new(),
        apart: Vec::new(),
    };
    let mut order: Vec<(Span, Option<usize>, Option<usize>)> =
        mentions.iter().enumerate().map(|(n, m)| (m.span, Some(n), None)).collect();
    for (n, statement) in statements.iter().enumerate() {
        let Some(source) = statement.source.as_ref().map(Pieces::extent) else { continue };
        order.push((source, mention_of(mentions, source), Some(n)));
    }
    // A source is read before the names within it.
    order.sort_by_key(|(span, _, statement)| {
        (span.start(), statement.is_none(), std::cmp::Reverse(span.end()))
    });
    let shared = cast.shared_surnames();
    let mut of_source: HashMap<Span, Vec<usize>> = HashMap::new();
    for (statement, heard) in statements.iter().zip(heard) {
        if let Some(source) = statement.source.as_ref().map(Pieces::extent) {
            for member in named_to(article, quotations, cast, &shared, statement, *heard) {
                of_source.entry(source).or_default().push(member);
            }
        }
    }
    // Who speaks a quotation is none whom it calls “he”.
    for (n, statement) in statements.iter().enumerate() {
        let Some(source) = statement.source.as_ref().map(Pieces::extent) else { continue };
        let Some(inside) = quotation_around(quotations, source) else { continue };
        let near = &statements[n.saturating_sub(NEAR)..statements.len().min(n + NEAR)];
        let speak = near.iter().filter(|s| s.content.contains(source)).filter_map(|s| s.source.as_ref());
        let outside = speak.map(Pieces::extent).filter(|by| !inside.span.contains(*by));
        for (_, member) in outside.flat_map(|by| cast.within(by)) {
            of_source.entry(source).or_default().push(member);
        }
    }
    let text = article.text.as_str();
    let mut read: Option<(Span, Rc<Speaker>)> = None;
    let nobody = Rc::new(Speaker::default());
    let mut out = vec![nobody; statements.len()];
    for (span, mention, statement) in order {
        if statement.is_none() && mention.is_some_and(|m| s.known[m].is_some()) {
            continue;
        }
        // Statements that share a source stand side by side.
        if let (Some(n), Some((last, who))) = (statement, &read)
            && *last == span
        {
            out[n] = Rc::clone(who);
            continue;
        }
        s.apart = of_source.get(&span).cloned().unwrap_or_default();
        let mut who = match (mention.map(|m| mentions[m].kind), statement) {
            (Some(MentionKind::Name(_)), None) => s.named(span),
            _ => s.who(span, mention),
        };
        s.learn_gender(span, &who);
        who.chain.shrink_to_fit();
        let who = Rc::new(who);
        if let Some(m) = mention {
            s.known[m] = Some(Rc::clone(&who));
        }
        if let Some(n) = statement {
            // Who speaks inside another's content does not have the article's floor.
            // Nor does “who” behind somebody's name take it.
            let aside = listed("pronouns/relative", span.of(text));
            if who.kind != SpeakerKind::None && statements[n].parent.is_none() && !aside {
                s.turns.push((span, Rc::clone(&who)));
            }
            read = Some((span, Rc::clone(&who)));
            out[n] = who;
        }
    }
    let meant = |span: &Span| match s.who(*span, mention_of(mentions, *span)).entities.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let hearers = heard.iter().map(|span| span.as_ref().and_then(meant)).collect();
    own_words(article, statements, &mut out);
    going_on(article, statements, &mut out);
    (out, hearers)
}

/// Whom a statement names behind its source in the article's own voice, in its content or as its hearer. A pronoun or a
/// noun there is somebody else: in “he said Lund would stay” he isn't Lund (principle C of binding, Chomsky 1981). “Lund
/// supporters” doesn't name Lund, and a surname that several bear may be another's.
fn named_to(
    article: &Article,
    quotations: &[Quotation],
    cast: &Cast,
    shared: &HashSet<String>,
    statement: &Statement,
    heard: Option<Span>,
) -> Vec<usize> {
    let text = article.text.as_str();
    let Some(source) = statement.source.as_ref().map(Pieces::extent) else { return Vec::new() };
    let behind = statement.content.spans().iter().copied().chain(heard).filter(|s| s.start() >= source.end());
    let uses = behind.flat_map(|span| cast.within(span));
    let named = uses.filter(|(name, _)| {
        !modifies(text, *name)
            && quotation_around(quotations, *name).is_none()
            && !shared.contains(&folded(name.of(text)))
    });
    named.map(|(_, member)| member).collect()
}

/// The mention that a source is: one that starts where it starts.
fn mention_of(mentions: &[Mention], source: Span) -> Option<usize> {
    let first = mentions.partition_point(|m| m.span.start() < source.start());
    let here = mentions[first..].iter().take_while(|m| m.span.start() == source.start());
    here.enumerate()
        .max_by_key(|(_, m)| (m.kind == MentionKind::Source, m.span.end().min(source.end())))
        .map(|(n, _)| first + n)
}

/// Gives statements inside a quotation, whose source is “I” or “we”, the speaker of the quotation.
fn own_words(article: &Article, statements: &[Statement], speakers: &mut [Rc<Speaker>]) {
    for n in 0..statements.len() {
        let Some(source) = statements[n].source.as_ref().map(Pieces::extent) else { continue };
        let first = source.of(&article.text).split_whitespace().next().unwrap_or_default();
        if !listed("pronouns/self", first) {
            continue;
        }
        let holds = |m: &usize| *m != n && statements[*m].content.contains(source);
        let near = n.saturating_sub(NEAR)..statements.len().min(n + NEAR);
        let outer = statements[n].parent.or_else(|| near.into_iter().find(holds));
        if let Some(outer) = outer {
            let step =
                statements[outer].source.as_ref().map(|s| Step {
                    mention: s.extent(),
                    why: "“I” and “we” in a quotation are who speaks it",
                });
            let mut speaker = Rc::clone(&speakers[outer]);
            Rc::make_mut(&mut speaker).chain.splice(0..0, step);
            speakers[n] = speaker;
        }
    }
}

/// Gives a statement whose participle begins a sentence, and that has no source of its own, the speaker with whom the
/// sentence goes on: “Answering a question on …, Lund said”.
fn going_on(article: &Article, statements: &[Statement], speakers: &mut [Rc<Speaker>]) {
    let text = article.text.as_str();
    for n in 0..statements.len() {
        let (None, Some(cue)) = (&statements[n].source, &statements[n].cue) else { continue };
        let first = text[cue.start()..cue.end()].split_whitespace().next().unwrap_or_default();
        let Some(block) = article.block_at(cue.start()) else { continue };
        let here = sentence(text, block.span, cue.start());
        if here.start() != cue.start() || !(first.ends_with("ing") || first == "Asked") {
            continue;
        }
        let next = statements[n + 1..].iter().take(2).enumerate().find_map(|(k, s)| {
            let source = s.source.as_ref()?.extent();
            (here.contains(source) && source.start() >= statements[n].content.end())
                .then_some((n + 1 + k, source))
        });
        if let Some((other, source)) = next {
            speakers[n] =
                Rc::new(going_back(&speakers[other], source, "with whom the sentence goes on", 0.8));
        }
    }
}

impl Sources<'_> {
    pub(super) fn text(&self) -> &str {
        &self.article.text
    }

    /// Who a source is.
    fn who(&self, source: Span, mention: Option<usize>) -> Speaker {
        match phrase(self.text(), source, self.cast) {
            Phrase::Names(names, others) => self.names(&names, &others),
            Phrase::Team(span, member) => self.team(span, member),
            Phrase::NewName(span) => Speaker {
                name: Some(span.of(self.text()).to_owned()),
                kind: SpeakerKind::Person,
                confidence: 0.7,
                ..Speaker::default()
            },
            Phrase::Pronoun(Pronoun::One(gender)) => self.one(source, gender, mention),
            Phrase::With(gender, mut names) => {
                let one = self.one(source, gender, mention);
                let Some((step, member)) = one.chain.first().zip(one.entities.first()) else {
                    return Speaker::default();
                };
                names.insert(0, (step.mention, *member));
                self.names(&names, &[])
            }
            Phrase::Pronoun(Pronoun::They) => self.they(source, mention),
            Phrase::Pronoun(Pronoun::It) => self.it(source, mention),
            Phrase::Pronoun(Pronoun::Relative) => self.relative(source, mention),
            Phrase::Pronoun(Pronoun::Self_ | Pronoun::Nobody) => Speaker::default(),
            Phrase::Noun(noun) => self.noun(&noun, source, mention),
        }
    }

    /// An organisation that a person's name names, in the longest form in which the article has it.
    pub(super) fn team(&self, span: Span, member: usize) -> Speaker {
        let text = self.text();
        let noun = words(text, span).last().map(Word::lower).unwrap_or_default();
        let campaign = ["campaign", "camp", "team"];
        let same: &[&str] = if campaign.contains(&noun.as_str()) { &campaign } else { &[noun.as_str()] };
        let forms = self.cast.members[member].mentions.iter().filter_map(|name| {
            let next = words(
                text,
                Span::new(name.end(), text.ceil_char_boundary((name.end() + 24).min(text.len())))?,
            )
            .into_iter()
            .next()?;
            next.is(same).then(|| name.to(next.span))
        });
        // “campaign” says more than “team”, and a given name more than none.
        let says = |s: &Span| (s.of(text).ends_with("campaign"), s.of(text).split(' ').count());
        let longest = forms.fold(span, |a, b| if says(&b) > says(&a) { b } else { a });
        Speaker {
            name: Some(longest.of(text).to_owned()),
            kind: SpeakerKind::Organization,
            confidence: 0.9,
            chain: if longest == span {
                Vec::new()
            } else {
                vec![Step { mention: longest, why: "the fullest form of the name" }]
            },
            ..Speaker::default()
        }
    }

    /// The person or organisation that a name means.
    fn named(&self, span: Span) -> Speaker {
        self.cast
            .within(span)
            .next()
            .map_or_else(Speaker::default, |(at, member)| self.names(&[(at, member)], &[]))
    }

    pub(super) fn names(&self, names: &[(Span, usize)], others: &[Span]) -> Speaker {
        let text = self.text();
        let mut kind = match self.cast.members[names[0].1].kind {
            EntityKind::Person => SpeakerKind::Person,
            EntityKind::Organization | EntityKind::Place => SpeakerKind::Organization,
        };
        if !others.is_empty()
            || names.iter().any(|(_, m)| {
                (self.cast.members[*m].kind == EntityKind::Person) != (kind == SpeakerKind::Person)
            })
        {
            kind = SpeakerKind::Group;
        }
        let mut parts = Vec::new();
        let mut chain = Vec::new();
        let mut entities = Vec::new();
        for &(span, member) in names {
            let country = self
                .cast
                .country(span.of(text))
                .filter(|_| self.cast.members[member].kind == EntityKind::Place);
            let meant = country.unwrap_or(member);
            let fullest = self.cast.members[meant].fullest();
            if meant != member {
                chain.push(Step { mention: fullest, why: "a seat of government stands for its country" });
            } else if fullest.of(text) != span.of(text) {
                chain.push(Step { mention: fullest, why: "the fullest form of the name" });
            }
            parts.push(fullest.of(text).to_owned());
            entities.push(meant);
        }
        parts.extend(others.iter().map(|o| o.of(text).to_owned()));
        let role = match (entities.as_slice(), kind) {
            ([only], SpeakerKind::Person) => {
                self.cast.members[*only].roles.first().map(|r| r.of(text).to_owned())
            }
            _ => None,
        };
        let confidence = if chain.is_empty() { 0.97 } else { 0.93 };
        Speaker { name: Some(parts.join(" | ")), kind, role, entities, confidence, chain }
    }

    /// The speaker that a person is, with the step that leads there.
    pub(super) fn person(&self, member: usize, at: Span, why: &'static str, confidence: f32) -> Speaker {
        let fullest = self.cast.members[member].fullest();
        let mut speaker = self.names(&[(fullest, member)], &[]);
        speaker.chain.insert(0, Step { mention: at, why });
        if fullest != at && !speaker.chain.iter().any(|s| s.mention == fullest) {
            speaker.chain.push(Step { mention: fullest, why: "the fullest form of the name" });
        }
        speaker.confidence = confidence;
        speaker
    }

    /// How many blocks begin up to a place.
    pub(super) fn block_number(&self, at: Span) -> usize {
        self.blocks.partition_point(|b| b.start() <= at.start())
    }

    /// How many blocks further on the second span stands.
    pub(super) fn blocks_between(&self, one: Span, other: Span) -> usize {
        self.block_number(other).saturating_sub(self.block_number(one))
    }

    /// The member that most speaks for, if enough does.
    pub(super) fn likeliest(
        &self,
        at: Span,
        mention: Option<usize>,
        least: f32,
        may_be: impl Fn(usize) -> bool,
    ) -> Option<Speaker> {
        let evidence = self.evidence(at, mention, may_be);
        let all: f32 = evidence.values().map(|e| e.weight).sum();
        let (member, best) = evidence.into_iter().max_by(|a, b| a.1.weight.total_cmp(&b.1.weight))?;
        let share = best.weight / all.max(1.0);
        (best.weight >= least).then(|| self.person(member, best.mention, best.why, share.clamp(0.3, 0.95)))
    }

    /// “he”, “she”.
    fn one(&self, at: Span, gender: Gender, mention: Option<usize>) -> Speaker {
        self.likeliest(at, mention, ENOUGH, |m| self.is_person(m, Some(gender))).unwrap_or_default()
    }

    /// Whether a speaker is somebody whom the source at hand can't be.
    fn is_apart(&self, who: &Speaker) -> bool {
        who.entities.iter().any(|m| self.apart.contains(m))
    }

    pub(super) fn is_person(&self, member: usize, gender: Option<Gender>) -> bool {
        self.cast.members[member].kind == EntityKind::Person && gender_agrees(self.genders[member], gender)
    }

    /// Keeps the gender that a pronoun tells of whom it surely means.
    fn learn_gender(&mut self, span: Span, who: &Speaker) {
        if let ([member], true) = (who.entities.as_slice(), who.confidence >= SURE_OF_GENDER)
            && let Some(gender) = Gender::told("pronouns", span.of(&self.article.text))
        {
            self.genders[*member] = self.genders[*member].or(Some(gender));
        }
    }

    fn is_organization(&self, member: usize) -> bool {
        self.cast.members[member].kind == EntityKind::Organization
    }

    /// The speaker of a mention before, where the encoder is sure that this one goes back to it.
    pub(super) fn linked(
        &self,
        mention: Option<usize>,
        least: f32,
        fits: impl Fn(&Speaker) -> bool,
    ) -> Option<Speaker> {
        let mentions = mention.into_iter().flat_map(|m| &self.mentions[m].earlier);
        mentions.take_while(|(_, share)| *share >= least).find_map(|&(earlier, share)| {
            let who = self.known[earlier].as_ref().filter(|w| fits(w) && !self.is_apart(w))?;
            Some(going_back(
                who,
                self.mentions[earlier].span,
                "the mention that it most likely goes back to",
                share,
            ))
        })
    }

    fn they(&self, at: Span, mention: Option<usize>) -> Speaker {
        let several = |w: &Speaker| {
            let of_several =
                matches!(w.kind, SpeakerKind::Group | SpeakerKind::Organization | SpeakerKind::Unnamed);
            w.name.is_some() && (of_several || w.entities.len() > 1)
        };
        self.linked(mention, 0.3, several)
            .or_else(|| self.group_before(at))
            .or_else(|| self.spoke_last(at, 2, several))
            .or_else(|| self.likeliest(at, mention, ENOUGH_FOR_THEY, |m| self.is_organization(m)))
            .unwrap_or(Speaker { kind: SpeakerKind::Group, confidence: 0.5, ..Speaker::default() })
    }

    fn it(&self, at: Span, mention: Option<usize>) -> Speaker {
        let thing = |w: &Speaker| {
            matches!(w.kind, SpeakerKind::Organization | SpeakerKind::Document) && w.entities.len() < 2
        };
        self.linked(mention, 0.3, thing)
            .or_else(|| self.spoke_last(at, 1, thing))
            .or_else(|| self.likeliest(at, mention, ENOUGH, |m| self.is_organization(m)))
            .unwrap_or_default()
    }

    /// Who spoke last, if not too many blocks ago.
    pub(super) fn spoke_last(
        &self,
        at: Span,
        blocks: usize,
        fits: impl Fn(&Speaker) -> bool,
    ) -> Option<Speaker> {
        let turns = self.turns.iter().rev().filter(|(s, _)| s.end() <= at.start()).take(NEAR);
        let (span, who) = turns.into_iter().find(|(_, who)| fits(who))?;
        let near = self.blocks_between(*span, at) <= blocks;
        near.then(|| going_back(who, *span, "who spoke last", 0.65))
    }

    /// “who”, “which”: what stands right before.
    fn relative(&self, at: Span, mention: Option<usize>) -> Speaker {
        let text = self.text();
        let Some(block) = self.article.block_at(at.start()) else { return Speaker::default() };
        let here = sentence(text, block.span, at.start());
        let Some(before) = Span::new(here.start(), at.start()) else { return Speaker::default() };
        // “Hanne Lund, a harbour pilot who”: the words before are somebody's role.
        let role = self.cast.members.iter().enumerate().find_map(|(n, m)| {
            let ends = |r: &&Span| r.end() <= at.start() && text[r.end()..at.start()].trim().is_empty();
            m.roles.iter().find(ends).map(|r| (n, *r))
        });
        if let Some((member, role)) = role {
            return self.person(member, role, "the role that “who” follows", 0.85);
        }
        let last = self.cast.within(before).last();
        if let Some((span, member)) = last {
            let gap = words(text, Span::new(span.end(), at.start()).unwrap_or(span));
            let plain =
                gap.iter().all(|w| matches!(w.text, "," | "(" | ")" | "—" | "–") || w.text.contains('-'));
            // “a Kanal 5 reporter who” is no broadcaster.
            let one_word = matches!(gap.as_slice(), [word] if class(&singular(word.text)) == Class::Unknown);
            if span.end() <= at.start()
                && (plain
                    || one_word
                    || (gap.first().is_some_and(|w| w.text == ",")
                        && gap.last().is_some_and(|w| w.text == ",")
                        && gap.len() < 16))
            {
                return self.person(member, span, "what “who” follows", 0.85);
            }
        }
        let all = words(text, before);
        let noun = all.iter().rev().find(|w| w.is_word());
        if let Some(noun) = noun {
            let one = singular(noun.text);
            let several = one != noun.lower();
            let kind = match class(&one) {
                Class::Organization => SpeakerKind::Organization,
                Class::Document => SpeakerKind::Document,
                _ if several => SpeakerKind::Group,
                Class::Person => SpeakerKind::Unnamed,
                _ => SpeakerKind::None,
            };
            if kind != SpeakerKind::None {
                // The noun with the words before it that describe it.
                let before = all.partition_point(|w| w.span.end() <= noun.span.start());
                let from = all[..before].iter().rposition(|w| !describes(w)).map_or(0, |n| n + 1);
                let span = all[from].span.to(noun.span);
                return Speaker {
                    name: Some(span.of(text).to_owned()),
                    kind,
                    confidence: 0.6,
                    chain: vec![Step { mention: span, why: "what “who” follows" }],
                    ..Speaker::default()
                };
            }
        }
        self.linked(mention, 0.5, |w| w.kind != SpeakerKind::None).unwrap_or_default()
    }
}

/// Whether a word may stand before a noun that it describes.
pub(super) fn describes(word: &Word<'_>) -> bool {
    let small = ["grammar/prepositions", "grammar/finite", "grammar/front", "grammar/ends-phrase"];
    let ends =
        small.iter().any(|list| word.listed(list)) || word.is(&["and"]) || word.lower().ends_with("ly");
    word.is_possessive() || (word.is_word() && (word.is_capital() || !ends))
}

/// The same speaker, with one more step before.
pub(super) fn going_back(who: &Speaker, at: Span, why: &'static str, confidence: f32) -> Speaker {
    let mut who = who.clone();
    who.chain.insert(0, Step { mention: at, why });
    who.confidence = who.confidence.min(confidence);
    who
}
