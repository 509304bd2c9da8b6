//! Who and what an article names: uses of names that are names of the same.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use onrecord_text::{Article, BlockKind, Entity, EntityKind, Span};

use super::names::{Gender, Name, by_given_name};
use super::words::{Word, folded, sentence, words};
use crate::attribute::quotation_around;
use crate::lists::countries;
use crate::mentions::NameKind;
use crate::quotes::Quotation;

/// An entity while its article is read.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) kind: EntityKind,
    pub(super) gender: Option<Gender>,
    /// Its names, the span of each where it stands first.
    pub(super) names: Vec<(Vec<String>, Span)>,
    /// Those of its names that stand first within a quotation.
    quoted: Vec<Span>,
    /// Roles as written, the fullest one first.
    pub(super) roles: Vec<Span>,
    pub(super) mentions: Vec<Span>,
}

impl Member {
    /// The span of its fullest name: the one of most words, of several such the first. What others call somebody in a
    /// quotation counts only where the article gives no name in full.
    pub(super) fn fullest(&self) -> Span {
        let longer = |a: &(Vec<String>, Span), b: &(Vec<String>, Span)| b.0.len() > a.0.len();
        let own = self.names.iter().filter(|(_, span)| !self.quoted.contains(span));
        let own = own.reduce(|a, b| if longer(a, b) { b } else { a }).filter(|(parts, _)| parts.len() > 1);
        let any = || self.names.iter().reduce(|a, b| if longer(a, b) { b } else { a });
        own.or_else(any).expect("a member has a name").1
    }

    /// Whether it has a name that ends with a word, as a surname does.
    fn is_called(&self, part: &str) -> bool {
        self.names.iter().any(|(parts, _)| parts.last().is_some_and(|p| p == part))
    }

    /// Whether a word is part of one of its names.
    pub(super) fn has(&self, part: &str) -> bool {
        self.names.iter().any(|(parts, _)| parts.iter().any(|p| p == part))
    }
}

/// Members by the words of their names.
#[derive(Default)]
struct Index {
    whole: HashMap<String, Vec<(usize, Vec<String>)>>,
    surnames: HashMap<String, BTreeSet<usize>>,
}

impl Index {
    /// The member whose name words begin with, and how many words that takes. A surname is enough where one alone bears it.
    fn longest_at(&self, all: &[Word<'_>]) -> Option<(usize, usize)> {
        let first = folded(all.first()?.text);
        let begins = |parts: &[String]| {
            parts.len() <= all.len()
                && parts.iter().zip(all).all(|(p, w)| w.is_capital() && *p == folded(w.text))
        };
        let whole = self.whole.get(&first).into_iter().flatten().filter(|(_, parts)| begins(parts));
        if let Some((n, parts)) = whole.max_by_key(|(n, parts)| (parts.len(), std::cmp::Reverse(*n))) {
            return Some((*n, parts.len()));
        }
        let bearers = self.surnames.get(&first).filter(|b| b.len() == 1 && first.len() > 2)?;
        bearers.first().map(|n| (*n, 1))
    }
}

/// All entities of an article and where they are named.
#[derive(Debug, Default)]
pub(super) struct Cast {
    pub(super) members: Vec<Member>,
    /// Uses of names in text order, each with its member.
    pub(super) uses: Vec<Use>,
}

/// Where a name stands, and the number of the member that it names.
pub(super) type Use = (Span, usize);

impl Cast {
    /// Whom the names of an article name.
    pub(super) fn of(article: &Article, quotations: &[Quotation], names: &[Name]) -> Self {
        let mut cast = Self::default();
        let mut of: Vec<Option<usize>> = vec![None; names.len()];
        let order = |whole: bool, kind: NameKind| {
            let fits = move |n: &Name| n.kind == kind && (n.parts.len() > 1) == whole;
            names.iter().enumerate().filter(move |(_, n)| fits(n)).map(|(n, _)| n).collect::<Vec<_>>()
        };
        for n in order(true, NameKind::Person) {
            of[n] = Some(cast.add(&names[n], EntityKind::Person, |member| {
                member.names.iter().any(|(parts, _)| same_person(parts, &names[n].parts))
            }));
        }
        for n in order(false, NameKind::Person) {
            let bearer = cast.bearer(article, &names[n], names, &of);
            of[n] = Some(match bearer {
                Some(member) => cast.name(member, &names[n]),
                None => cast.add(&names[n], EntityKind::Person, |m| m.names[0].0 == names[n].parts),
            });
        }
        for kind in [NameKind::Organization, NameKind::Place] {
            let entity = if kind == NameKind::Place { EntityKind::Place } else { EntityKind::Organization };
            for n in order(true, kind).into_iter().chain(order(false, kind)) {
                of[n] = Some(cast.add(&names[n], entity, |member| {
                    member.names.iter().any(|(parts, _)| {
                        *parts == names[n].parts
                            || (kind == NameKind::Place && one_country(parts, &names[n].parts))
                    }) || (kind == NameKind::Organization
                        && member.names.iter().any(|name| short_for(&article.text, &names[n], name)))
                }));
            }
        }
        cast.uses = names.iter().zip(&of).filter_map(|(name, of)| of.map(|of| (name.span, of))).collect();
        for member in cast.members.iter_mut().filter(|m| m.kind == EntityKind::Person) {
            let quoted = member.names.iter().map(|(_, span)| *span);
            member.quoted = quoted.filter(|span| quotation_around(quotations, *span).is_some()).collect();
        }
        cast.defined(&article.text);
        cast.seek(article);
        cast
    }

    /// The member that a name belongs to, or a new one.
    fn add(&mut self, name: &Name, kind: EntityKind, same: impl Fn(&Member) -> bool) -> usize {
        let found = self
            .members
            .iter()
            .position(|m| m.kind == kind && gender_agrees(m.gender, name.gender) && same(m));
        let member = found.unwrap_or_else(|| {
            let gender = if kind == EntityKind::Person { by_given_name(&name.parts) } else { None };
            self.members.push(Member {
                kind,
                gender,
                names: Vec::new(),
                quoted: Vec::new(),
                roles: Vec::new(),
                mentions: Vec::new(),
            });
            self.members.len() - 1
        });
        self.name(member, name)
    }

    fn name(&mut self, member: usize, name: &Name) -> usize {
        let m = &mut self.members[member];
        m.gender = m.gender.or(name.gender);
        if !m.names.iter().any(|(parts, _)| *parts == name.parts) {
            m.names.push((name.parts.clone(), name.span));
        }
        member
    }

    /// The person whom a single name means: one who bears it as the last name, else as another; of several the one who is
    /// named in full most often, which the headline and the words before in the same paragraph help.
    fn bearer(&self, article: &Article, name: &Name, names: &[Name], of: &[Option<usize>]) -> Option<usize> {
        let part = &name.parts[0];
        let persons = || {
            self.members
                .iter()
                .enumerate()
                .filter(|(_, m)| m.kind == EntityKind::Person && gender_agrees(m.gender, name.gender))
        };
        let mut bearers: Vec<usize> =
            persons().filter(|(_, m)| m.names[0].0.len() > 1 && m.is_called(part)).map(|(n, _)| n).collect();
        if bearers.is_empty() {
            bearers = persons().filter(|(_, m)| m.has(part)).map(|(n, _)| n).collect();
        }
        if bearers.len() < 2 {
            return bearers.first().copied();
        }
        let uses = || {
            names
                .iter()
                .zip(of)
                .filter_map(|(n, of)| of.map(|of| (n.span.start(), of)))
                .filter(|(_, of)| bearers.contains(of))
        };
        let block = article.block_at(name.span.start()).map_or(0, |b| b.span.start());
        let here = uses().filter(|(at, _)| (block..name.span.start()).contains(at));
        // “Wang Sitong, son of Wang Jianhua”: the one whom the sentence begins with goes on.
        let opens = |at: usize| {
            let around = article.block_at(at).map(|b| sentence(&article.text, b.span, at));
            around.is_some_and(|s| !article.text[s.start().min(at)..at].contains(','))
        };
        let here = here.max_by_key(|(at, _)| (opens(*at), *at));
        // The surname alone is the main bearer's, who stands in the headline; others are named in full again.
        let weight = |bearer: usize| {
            // “the son of Lund” is about somebody else.
            let named = |at: usize| {
                let headline = article.block_at(at).is_some_and(|b| b.kind == BlockKind::Headline);
                let other = article.text[..at].ends_with(" of ");
                usize::from(!other) * (1 + 2 * usize::from(headline))
            };
            let often: usize = uses().filter(|(_, of)| *of == bearer).map(|(at, _)| named(at)).sum();
            2 * often + 3 * usize::from(here.is_some_and(|(_, of)| of == bearer))
        };
        bearers.iter().copied().max_by_key(|b| (weight(*b), std::cmp::Reverse(*b)))
    }

    /// Joins names that the text says are the same: `European Chemicals Agency (ECHA)`, `Islamic State, or Daesh`.
    fn defined(&mut self, text: &str) {
        for n in 1..self.uses.len() {
            let ((one, a), (other, b)) = (self.uses[n - 1], self.uses[n]);
            let Some(gap) = text.get(one.end()..other.start()) else { continue };
            if a == b
                || self.members[a].kind == EntityKind::Person
                || self.members[b].kind == EntityKind::Person
                || gap.len() > 60
            {
                continue;
            }
            let closes = text[other.end()..].starts_with([')', ',']);
            let bracket =
                gap.ends_with('(') && !gap.contains(',') && text[other.end()..].starts_with([')', ' ', ',']);
            let brief = |short: usize, long: usize| {
                self.members[short].names.iter().any(|(s, _)| {
                    let [s] = s.as_slice() else { return false };
                    self.members[long].names.iter().any(|(l, span)| initials(text, l, *span).contains(s))
                })
            };
            let said =
                [", or ", ", also known as ", ", also called ", " also known as ", "), or ", ", known as "]
                    .iter()
                    .any(|w| gap.ends_with(w));
            let former = (gap.contains("former name of") || gap.contains("formerly"))
                && self.members[a].kind == self.members[b].kind;
            // Right behind a name an abbreviation in brackets is its own, whichever letters it takes.
            let short = other.of(text);
            let first = |m: &Member| m.names.first().and_then(|(parts, _)| parts.first()?.chars().next());
            let abbreviated = gap.trim() == "("
                && (2..=8).contains(&short.len())
                && short
                    .chars()
                    .all(|c| c.is_uppercase() || matches!(c, '.' | '-' | '&') || c.is_ascii_digit())
                && first(&self.members[a]) == first(&self.members[b]);
            if (bracket && (abbreviated || brief(a, b) || brief(b, a))) || (said && closes) || former {
                self.join(a.min(b), a.max(b));
            }
        }
    }

    /// Makes one member of two.
    fn join(&mut self, into: usize, from: usize) {
        let gone = self.members[from].clone();
        let m = &mut self.members[into];
        m.gender = m.gender.or(gone.gender);
        m.names.extend(gone.names);
        m.roles.extend(gone.roles);
        self.members[from].names.clear();
        for (_, of) in &mut self.uses {
            if *of == from {
                *of = into;
            }
        }
    }

    /// Finds further uses of the names that the encoder missed, in capitals too: `BRANDT: No.`
    fn seek(&mut self, article: &Article) {
        let text = article.text.as_str();
        let index = self.index();
        let mut more: Vec<Use> = Vec::new();
        for block in
            article.blocks.iter().filter(|b| !matches!(b.kind, BlockKind::Byline | BlockKind::Credit))
        {
            let all = words(text, block.span);
            let mut at = 0;
            while at < all.len() {
                let next = self.uses.partition_point(|(u, _)| u.end() <= all[at].span.start());
                if let Some((taken, _)) = self.uses.get(next).filter(|(u, _)| u.start() < all[at].span.end())
                {
                    let end = taken.end();
                    at = all[at..].iter().position(|w| w.span.start() >= end).map_or(all.len(), |n| at + n);
                    continue;
                }
                let found = all[at].is_capital().then(|| index.longest_at(&all[at..])).flatten();
                if let Some((member, length)) = found {
                    more.push((all[at].span.to(all[at + length - 1].span), member));
                    at += length;
                } else {
                    at += 1;
                }
            }
        }
        // “Islamic State”, where the encoder took “State” alone.
        self.uses.retain(|(span, _)| {
            let before = more.partition_point(|(whole, _): &Use| whole.start() <= span.start());
            before.checked_sub(1).is_none_or(|n| !more[n].0.contains(*span))
        });
        self.uses.extend(more);
        self.uses.sort_by_key(|(span, _)| span.start());
        for &(span, of) in &self.uses {
            self.members[of].mentions.push(span);
        }
    }

    /// Where to look for a name: for the first word of each whole name the members that bear it, and for each surname.
    fn index(&self) -> Index {
        let mut index = Index::default();
        for (n, member) in self.members.iter().enumerate() {
            // A single name is sought where it is long enough not to be a common word.
            let told = |parts: &[String]| parts.len() > 1 || parts.iter().all(|p| p.chars().count() > 4);
            for (parts, _) in member.names.iter().filter(|(parts, _)| told(parts)) {
                index.whole.entry(parts[0].clone()).or_default().push((n, parts.clone()));
                if let Some(last) =
                    parts.last().filter(|_| member.kind == EntityKind::Person && parts.len() > 1)
                {
                    index.surnames.entry(last.clone()).or_default().insert(n);
                }
            }
        }
        index
    }

    /// The uses within a span.
    pub(super) fn within(&self, span: Span) -> impl Iterator<Item = (Span, usize)> + '_ {
        let first = self.uses.partition_point(|(u, _)| u.start() < span.start());
        self.uses[first..]
            .iter()
            .take_while(move |(u, _)| u.start() < span.end())
            .filter(move |(u, _)| span.contains(*u))
            .copied()
    }

    /// The surnames that several persons bear.
    pub(super) fn shared_surnames(&self) -> HashSet<String> {
        let persons = self.members.iter().filter(|m| m.kind == EntityKind::Person);
        let surnames =
            persons.map(|m| m.names.iter().filter_map(|(parts, _)| parts.last()).collect::<HashSet<_>>());
        let mut seen = HashSet::new();
        surnames.flatten().filter(|surname| !seen.insert(*surname)).cloned().collect()
    }

    /// The member that is the country which a word names: by its name, or by its seat of government.
    pub(super) fn country(&self, word: &str) -> Option<usize> {
        let country = countries().iter().position(|c| c.names.contains(&word) || c.seats.contains(&word))?;
        let named = |m: &Member| m.names.iter().any(|(parts, _)| country_of(parts) == Some(country));
        self.members.iter().position(|m| m.kind != EntityKind::Person && named(m))
    }

    /// The entities for the record, and the number of each member among them.
    pub(super) fn entities(&self, text: &str) -> (Vec<Entity>, Vec<Option<usize>>) {
        let mut order: Vec<usize> =
            (0..self.members.len()).filter(|&n| !self.members[n].mentions.is_empty()).collect();
        order.sort_by_key(|&n| self.members[n].mentions.iter().map(|m| m.start()).min());
        let mut numbers = vec![None; self.members.len()];
        let entities = order
            .iter()
            .enumerate()
            .map(|(number, &n)| {
                numbers[n] = Some(number);
                let m = &self.members[n];
                let name = m.fullest().of(text).to_owned();
                let mut aliases: Vec<String> =
                    m.mentions.iter().map(|s| s.of(text).to_owned()).filter(|a| *a != name).collect();
                let mut seen = HashSet::new();
                aliases.retain(|a| {
                    seen.insert(a.clone()) && m.names.iter().any(|(parts, _)| parts.join(" ") == plain(a))
                });
                let mut mentions = m.mentions.clone();
                mentions.sort_unstable();
                mentions.dedup();
                Entity {
                    name,
                    kind: m.kind,
                    roles: m.roles.iter().map(|r| r.of(text).to_owned()).collect(),
                    aliases,
                    mentions,
                }
            })
            .collect();
        (entities, numbers)
    }
}

fn plain(name: &str) -> String {
    let span = Span::new(0, name.len());
    let parts: Vec<String> = span
        .map_or_else(Vec::new, |s| words(name, s))
        .iter()
        .filter(|w| w.is_word())
        .map(|w| folded(w.text))
        .collect();
    parts.strip_prefix(&["the".to_owned()]).unwrap_or(&parts).join(" ")
}

pub(super) fn gender_agrees(one: Option<Gender>, other: Option<Gender>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// The number of the country that a name names.
fn country_of(parts: &[String]) -> Option<usize> {
    static NAMES: OnceLock<HashMap<String, usize>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let all = countries()
            .iter()
            .enumerate()
            .flat_map(|(n, c)| c.names.iter().map(move |name| (folded(name), n)));
        all.collect()
    });
    names.get(&parts.join(" ")).copied()
}

/// Whether two names are names of one country: `US`, `United States`.
fn one_country(one: &[String], other: &[String]) -> bool {
    country_of(one).is_some_and(|country| country_of(other) == Some(country))
}

/// Whether two whole names are one person's: the same surname with given names that agree, or one within the other.
fn same_person(one: &[String], other: &[String]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if long.windows(short.len()).any(|w| w == short) {
        return true;
    }
    one.last() == other.last() && given_agree(&one[0], &other[0])
}

/// Whether given names may be the same: an initial, a short form.
fn given_agree(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    long == short || (long.starts_with(short) && (short.chars().count() == 1 || short.chars().count() >= 3))
}

/// Whether a name is a short form of an organisation's: its initials, or, behind it, its first or last words.
fn short_for(text: &str, short: &Name, (long, span): &(Vec<String>, Span)) -> bool {
    if let [only] = short.parts.as_slice()
        && initials(text, long, *span).contains(only)
    {
        return true;
    }
    let fewer = short.parts.len() < long.len() && short.span.start() > span.start();
    let the = short.span.of(text).starts_with("The ")
        || ["the ", "The "].iter().any(|the| text[..short.span.start()].ends_with(the));
    fewer
        && ((the && long.ends_with(&short.parts))
            || (long.starts_with(&short.parts) && short.parts[0].len() > 3))
}

/// The words that a long name's initials make: `sec` for `Securities and Exchange Commission`.
pub(super) fn initials(text: &str, long: &[String], span: Span) -> Vec<String> {
    let capitals = words(text, span).into_iter().filter(|w| w.is_capital() && !w.is(&["the"]));
    let capitals = capitals.filter_map(|w| w.text.chars().next()).flat_map(char::to_lowercase).collect();
    let firsts = |parts: &[String]| parts.iter().filter_map(|p| p.chars().next()).collect::<String>();
    // The Department of Foreign Affairs is the FA.
    let behind_of = long.iter().position(|p| p == "of").map(|n| firsts(&long[n + 1..]));
    let mut all = vec![capitals, firsts(long)];
    all.extend(behind_of);
    all.retain(|i: &String| i.chars().count() > 1 && long.len() > 1);
    all
}
