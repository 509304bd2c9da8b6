//! Names as an article uses them: what the encoder found, without titles, each with the kind that most of its uses have.

use std::collections::{HashMap, HashSet};

use onrecord_text::{Article, BlockKind, Span};

use super::entities::initials;
use super::words::{Word, around, folded, is_possessive, is_title, words};
use crate::lists::{entries, is_country, listed};
use crate::mentions::{Mention, MentionKind, NameKind};

/// A person's gender, where the text tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    She,
    He,
}

impl Gender {
    /// The gender that a word tells, by the sections [she] and [he] of a list.
    pub(super) fn told(list: &str, word: &str) -> Option<Self> {
        let of = |section: &str| listed(&format!("{list}/{section}"), word);
        if of("she") { Some(Self::She) } else { of("he").then_some(Self::He) }
    }
}

/// Uses of names that are looked at in one article: a long one has several hundred.
const MOST_NAMES: usize = 3000;

/// One use of a name.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// The name without titles.
    pub(super) span: Span,
    pub(super) kind: NameKind,
    /// Its words for comparing.
    pub(super) parts: Vec<String>,
    pub(super) gender: Option<Gender>,
    /// The number of the mention that it is.
    pub(super) mention: Option<usize>,
}

/// Words behind a surname that are no part of it.
const SUFFIXES: [&str; 6] = ["jr", "sr", "ii", "iii", "iv", "esq"];

impl Name {
    /// A name of a span's words, without titles before it and the possessive behind it.
    pub(super) fn of(text: &str, span: Span, kind: NameKind, mention: Option<usize>) -> Option<Self> {
        let mut all = words(text, whole_words(text, span));
        let mut gender = None;
        while all.len() > 1 && kind == NameKind::Person && is_title(all[0].text) {
            gender = gender.or(by_title(all[0].text));
            all.remove(0);
        }
        while all
            .last()
            .is_some_and(|w| w.is_possessive() || (!w.is_word() && !w.text.ends_with('.') && w.text != ")"))
        {
            all.pop();
        }
        while all.first().is_some_and(|w| !w.is_word()) {
            all.remove(0);
        }
        own_words(&mut all, kind);
        // “ISIL-controlled”.
        if let Some(last) = all.last_mut()
            && let Some(short) = described(text, last.span)
        {
            *last = Word { span: short, text: short.of(text) };
        }
        let (first, last) = (all.first()?, all.last()?);
        let small = all.len() == 1
            && ["grammar/no-role", "grammar/ends-phrase", "grammar/prepositions", "pronouns/self"]
                .iter()
                .any(|l| first.listed(l))
            && !first.text.chars().all(char::is_uppercase);
        if small {
            return None;
        }
        if kind == NameKind::Person
            && all.len() == 1
            && is_title(first.text)
            && !first.text.ends_with('.')
            && mention.is_some()
        {
            return None;
        }
        let span = first.span.to(last.span);
        gender = gender.or_else(|| before(text, span).and_then(by_title));
        let article = kind != NameKind::Person && all.len() > 1 && first.is(&["the"]);
        let parts: Vec<String> = all[usize::from(article)..]
            .iter()
            .filter(|w| w.is_word())
            .map(|w| folded(w.text))
            .filter(|w| kind != NameKind::Person || !SUFFIXES.contains(&w.as_str()))
            .collect();
        // “R-Ohio” behind a politician's name is none.
        let party = kind == NameKind::Person && all.len() == 1 && {
            let (party, place) = first.text.split_once('-').unwrap_or_default();
            party.len() == 1 && place.starts_with(char::is_uppercase)
        };
        if parts.is_empty() || party {
            return None;
        }
        if kind == NameKind::Person && parts.len() > 1 {
            gender = gender.or_else(|| by_given_name(&parts));
        }
        Some(Self { span, kind, parts, gender, mention })
    }
}

/// The whole words that a span touches: the full stops of `S.E.C.` are part of the name.
fn whole_words(text: &str, span: Span) -> Span {
    let start = text[..span.start()].rfind(char::is_whitespace).map_or(0, |n| text.ceil_char_boundary(n + 1));
    let end = text[span.end()..].find(char::is_whitespace).map_or(text.len(), |n| span.end() + n);
    let around = Span::new(start, end).unwrap_or(span);
    let touched = words(text, around).into_iter().filter(|w| w.span.overlaps(span) && w.is_word());
    touched.map(|w| w.span).reduce(Span::to).unwrap_or(span)
}

/// The name in a word that describes by it: `ISIL` in `ISIL-controlled`.
fn described(text: &str, word: Span) -> Option<Span> {
    let (name, behind) = word.of(text).rsplit_once('-')?;
    (name.starts_with(char::is_uppercase) && entries("grammar/describing").contains(behind))
        .then(|| Span::new(word.start(), word.start() + name.len()))?
}

/// Cuts a name off where words begin that have no capital, which names have, but for particles within them.
fn own_words(all: &mut Vec<Word<'_>>, kind: NameKind) {
    let of_a_name =
        |w: &Word<'_>| w.is_capital() || w.text.chars().any(|c| c.is_uppercase() || c.is_numeric());
    let Some(first) = all.iter().position(of_a_name) else { return };
    let particle = |w: &Word<'_>| {
        w.listed("grammar/particles") || (kind != NameKind::Person && w.listed("grammar/joints"))
    };
    // A person’s name may begin with a particle: “de Gaulle”.
    let begin =
        if kind == NameKind::Person && first > 0 && particle(&all[first - 1]) { first - 1 } else { first };
    all.drain(..begin);
    let end = all
        .iter()
        .skip(1)
        .position(|w| !(of_a_name(w) || particle(w) || !w.is_word() || w.is_possessive()))
        .map_or(all.len(), |n| n + 1);
    all.truncate(end);
    while all.len() > 1 && !all.last().is_some_and(|w| of_a_name(w) || w.text == ")") {
        all.pop();
    }
}

/// The word before a span, where only white space stands between.
fn before(text: &str, span: Span) -> Option<&str> {
    let gap = text[..span.start()].trim_end();
    let word = gap.rsplit(char::is_whitespace).next()?;
    (gap.len() < span.start()).then_some(word)
}

fn by_title(title: &str) -> Option<Gender> {
    Gender::told("titles", title.trim_end_matches('.'))
}

/// The gender that a given name tells.
pub(super) fn by_given_name(parts: &[String]) -> Option<Gender> {
    Gender::told("given-names", parts.first()?)
}

/// The names of an article in text order.
pub(super) fn names(article: &Article, mentions: &[Mention]) -> Vec<Name> {
    let text = article.text.as_str();
    let mut names: Vec<Name> = Vec::new();
    for (n, mention) in mentions.iter().enumerate() {
        let MentionKind::Name(kind) = mention.kind else { continue };
        for span in parts_of_list(article, mention.span) {
            names.extend(Name::of(text, span, kind, Some(n)));
        }
    }
    names.sort_by_key(|n| (n.span.start(), n.span.end()));
    names.truncate(MOST_NAMES);
    names.dedup_by(|next, last| last.span.overlaps(next.span));
    joined(text, &mut names);
    for name in &mut names {
        if let Some(longer) = with_purpose(article, name) {
            *name = longer;
        }
    }
    names.sort_by_key(|n| (n.span.start(), std::cmp::Reverse(n.span.end())));
    names.dedup_by(|next, last| last.span.overlaps(next.span));
    joined(text, &mut names);
    one_kind(text, mentions, &mut names);
    in_headlines(article, &mut names);
    names
}

/// An organisation's name with what “of”, “for” or “to” adds to its noun, and with the words before a noun that stands alone:
/// `Committee for a Responsible Budget`, `Executive Committee`.
fn with_purpose(article: &Article, name: &Name) -> Option<Name> {
    let text = article.text.as_str();
    let block = article.block_at(name.span.start())?.span;
    let own = words(text, name.span);
    if !matches!(name.kind, NameKind::Organization | NameKind::Other)
        || !(listed("nouns/organization", &own.last()?.lower())
            || listed("nouns/in-name", &own.last()?.lower()))
    {
        return None;
    }
    let behind = words(text, Span::new(name.span.end(), block.end())?);
    let mut end = 0;
    let joins = |at: usize| {
        let word = behind.get(at)?;
        // “Islamic State of Iraq and the Levant”
        let more = at > 0 && word.is(&["and"]) && behind.get(at + 1).is_some_and(|w| w.is(&["the"]));
        (more || word.is(&["of", "for", "to", "on"])).then_some(())
    };
    while joins(end).is_some() {
        let from =
            end + 1 + usize::from(behind.get(end + 1).is_some_and(|w| w.is(&["a", "an", "the", "our"])));
        let run = behind[from.min(behind.len())..]
            .iter()
            .take_while(|w| w.is_capital() && w.is_word() && !w.is_possessive())
            .count();
        if run == 0 {
            break;
        }
        end = from + run;
    }
    // “Executive Committee”, where the encoder took the noun alone.
    let before = words(text, around(text, block, name.span.start()));
    let before = &before[..before.partition_point(|w| w.span.end() <= name.span.start())];
    let of_name =
        |w: &&Word<'_>| w.is_capital() && w.is_word() && !w.listed("grammar/no-role") && !is_title(w.text);
    let front = before.iter().rev().take(4).take_while(of_name).last().filter(|_| own.len() == 1);
    let start = front.map_or(name.span, |w| w.span.to(name.span));
    let last = end.checked_sub(1).and_then(|n| behind.get(n)).map_or(start, |w| start.to(w.span));
    (last != name.span).then(|| Name::of(text, last, NameKind::Organization, name.mention))?
}

/// Makes one name of a place or organisation and an organisation that stand side by side: `United States` `Citizenship
/// and Immigration Services`.
fn joined(text: &str, names: &mut Vec<Name>) {
    // `Juan “Chico” Lund`, where the encoder took three names.
    for n in (2..names.len()).rev() {
        let three = names[n - 2].span.to(names[n].span);
        if names[n - 2..=n].iter().all(|name| name.kind == NameKind::Person)
            && is_nicknamed(three.of(text))
            && let Some(name) = Name::of(text, three, NameKind::Person, names[n].mention)
        {
            names.splice(n - 2..=n, [name]);
        }
    }
    // From the end on: the last word says what the name is of.
    for n in (1..names.len()).rev() {
        let (one, other) = (&names[n - 1], &names[n]);
        let gap = text.get(one.span.end()..other.span.start());
        // “the Central and East European Coalition”.
        let list = gap == Some(" and ")
            && one.parts.len() == 1
            && ["the ", "The "].iter().any(|the| text[..one.span.start()].ends_with(the))
            && other.parts.len() > 1
            && other.parts.last().is_some_and(|p| listed("nouns/organization", p));
        let beside = gap == Some(" ") || list;
        // “Islamic State”, “Islamic State of Iraq”: a noun for an organisation makes one of what describes it.
        let noun = other
            .parts
            .first()
            .is_some_and(|p| listed("nouns/organization", p) || listed("nouns/in-name", p));
        let kinds = match (one.kind, other.kind) {
            (NameKind::Person, _) | (_, NameKind::Person | NameKind::Other) => false,
            (_, NameKind::Organization) => true,
            (one, NameKind::Place) => one == NameKind::Other && noun,
        };
        if beside
            && kinds
            && let Some(name) = Name::of(text, one.span.to(other.span), NameKind::Organization, other.mention)
        {
            names[n - 1] = name;
            names.remove(n);
        }
    }
}

/// Headlines write every word with a capital, so that a name may seem longer than it is: there it ends where one that
/// the text below has ends.
fn in_headlines(article: &Article, names: &mut [Name]) {
    let headline = |span: Span| {
        let block = article.block_at(span.start());
        block.is_some_and(|b| b.kind == BlockKind::Headline || in_title_case(&article.text, b.span))
    };
    let below: Vec<(NameKind, Vec<String>)> =
        names.iter().filter(|n| !headline(n.span)).map(|n| (n.kind, n.parts.clone())).collect();
    let known = |kind: NameKind, parts: &[String]| {
        below.iter().any(|(k, p)| {
            *k == kind
                && (p == parts || (kind == NameKind::Person && parts.len() == 1 && p.last() == parts.last()))
        })
    };
    for name in names.iter_mut().filter(|n| headline(n.span)) {
        if known(name.kind, &name.parts) {
            continue;
        }
        let all = words(&article.text, name.span);
        let cut = (1..all.len()).rev().find_map(|end| {
            let span = all[0].span.to(all[end - 1].span);
            Name::of(&article.text, span, name.kind, name.mention).filter(|n| known(n.kind, &n.parts))
        });
        if let Some(cut) = cut {
            *name = cut;
        }
    }
}

/// A name that runs over a bracket is two, and so is one that runs over the end of a block; one that runs over the end of
/// a line that was wrapped is not.
fn parts_of_list(article: &Article, span: Span) -> Vec<Span> {
    let text = article.text.as_str();
    let nickname = is_nicknamed(span.of(text));
    let ends = |&(at, c): &(usize, char)| match c {
        '(' | ')' | ';' => true,
        '"' | '“' | '”' => !nickname,
        '\n' => article.block_at(span.start() + at).is_none(),
        _ => false,
    };
    let mut out = Vec::new();
    let mut start = span.start();
    for (at, c) in span.of(text).char_indices().filter(ends) {
        let at = span.start() + at;
        out.extend(Span::trimmed(text, start..at));
        start = at + c.len_utf8();
    }
    out.extend(Span::trimmed(text, start..span.end()));
    out
}

/// Whether a name has another within marks of quotation: `Juan “Chico” Lund`.
fn is_nicknamed(name: &str) -> bool {
    let parts: Vec<&str> = name.split(['"', '“', '”']).collect();
    let [given, nickname, surname] = parts.as_slice() else { return false };
    let one = |part: &str| part.starts_with(char::is_uppercase) && part.split_whitespace().count() == 1;
    one(nickname) && given.ends_with(' ') && surname.starts_with(' ') && one(surname.trim())
}

/// Bytes of a headline, at most.
const HEADLINE: usize = 300;

/// Whether most longer words of a line have a capital, as a headline's may.
fn in_title_case(text: &str, line: Span) -> bool {
    if line.end() - line.start() > HEADLINE {
        return false;
    }
    let longer = words(text, line).into_iter().filter(|w| w.text.len() > 3 && w.is_word());
    let (capital, small): (Vec<_>, Vec<_>) = longer.partition(Word::is_capital);
    capital.len() > 2 * small.len()
}

/// Gives all uses of a name the kind that most of them have, and a surname that was taken for an organisation the kind of
/// the person who bears it.
fn one_kind(text: &str, mentions: &[Mention], names: &mut [Name]) {
    let kinds = [NameKind::Person, NameKind::Organization, NameKind::Place, NameKind::Other];
    let mut votes: HashMap<Vec<String>, [f32; 4]> = HashMap::new();
    for name in names.iter() {
        let score = name.mention.map_or(1.0, |m| mentions[m].score);
        let place = kinds.iter().position(|k| *k == name.kind).unwrap_or(3);
        votes.entry(name.parts.clone()).or_default()[place] += score;
    }
    let whole = |kind: NameKind| names.iter().filter(move |n| n.kind == kind && n.parts.len() > 1);
    let short: HashSet<String> =
        whole(NameKind::Organization).flat_map(|n| initials(text, &n.parts, n.span)).collect();
    let surnames: HashSet<String> = whole(NameKind::Person).filter_map(|n| n.parts.last().cloned()).collect();
    for name in names.iter_mut() {
        if let Some(votes) = votes.get(&name.parts) {
            let best = (0..4).fold(0, |a, b| if votes[b] > votes[a] { b } else { a });
            name.kind = kinds[best];
        }
        let [only] = name.parts.as_slice() else { continue };
        if is_country(name.span.of(text)) && !surnames.contains(only) {
            name.kind = NameKind::Place;
        } else if name.kind != NameKind::Person && short.contains(only) {
            name.kind = NameKind::Organization;
        }
        if matches!(name.kind, NameKind::Organization | NameKind::Other)
            && surnames.contains(only)
            && !is_possessive(name.span.of(text))
        {
            name.kind = NameKind::Person;
        }
        // “the Lunds” are a family.
        if name.kind == NameKind::Person
            && only.strip_suffix('s').is_some_and(|one| surnames.contains(one))
            && !surnames.contains(only)
        {
            name.kind = NameKind::Other;
        }
    }
}

/// The words of a span that a person's name may be: each with a capital, a few at most.
pub(super) fn looks_like_a_name(all: &[Word<'_>]) -> bool {
    let capital = |w: &Word<'_>| w.is_capital() && w.is_word();
    (1..=4).contains(&all.len()) && all.iter().all(capital)
}
