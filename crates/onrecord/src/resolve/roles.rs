//! Offices and affiliations that an article attaches to a name: before it, or set apart by commas.

use std::collections::HashSet;

use onrecord_text::{Article, EntityKind, Span};

use super::entities::Cast;
use super::words::{Word, around, is_title, singular, words};
use crate::lists::listed;

/// Words before a name that its role has, at most.
const BEFORE: usize = 9;
/// Words of a role behind a name, at most.
const BEHIND: usize = 24;

/// Attaches roles to the persons of a cast. `sources` are spans that hold nothing but a source.
pub(super) fn attach(article: &Article, sources: &[Span], cast: &mut Cast) {
    let text = article.text.as_str();
    let mut sources = sources.to_vec();
    sources.sort_unstable();
    let mut last_person = 0;
    for (name, member) in cast.uses.clone() {
        if cast.members[member].kind != EntityKind::Person {
            continue;
        }
        let Some(block) = article.block_at(name.start()) else { continue };
        let near = around(text, block.span, name.start());
        let before_it = sources[..sources.partition_point(|s| s.start() <= name.start())].iter().rev();
        let source = before_it.take(4).find(|s| s.contains(name)).copied();
        let is_person = |m: usize| cast.members[m].kind == EntityKind::Person;
        let found = [
            before(text, near.start().max(last_person), name, source),
            behind(text, near, name, |span| {
                cast.within(span).any(|(u, m)| is_person(m) && u.end() == span.end())
            }),
            announced(text, name, source),
        ];
        cast.members[member].roles.extend(found.into_iter().flatten());
        last_person = name.end();
    }
    for member in &mut cast.members {
        member.roles.sort_by_key(|r| {
            let words: Vec<&str> = r.of(text).split_whitespace().collect();
            // An office says more than a description: “a rival of the president”.
            let office = words.iter().any(|w| is_office(w)) && !["a", "an"].contains(&words[0]);
            std::cmp::Reverse((office, words.len()))
        });
        let mut seen = HashSet::new();
        member.roles.retain(|r| seen.insert(r.of(text).to_lowercase()));
    }
}

/// Whether a word names an office or a calling.
pub(super) fn is_office(word: &str) -> bool {
    let one = singular(word.trim_end_matches('.'));
    listed("nouns/office", &one)
        || listed("titles/office", &one)
        || one.rsplit('-').next().is_some_and(|last| last.len() < one.len() && listed("nouns/office", last))
}

fn is_person(word: &str) -> bool {
    is_office(word) || listed("nouns/person", &singular(word))
}

/// Words that end a role when read backwards from a name.
fn ends_role(word: &Word<'_>) -> bool {
    let lower = word.lower();
    word.listed("grammar/no-role")
        || (!word.is_word() && !word.is_possessive())
        || listed("relays/speech", &lower)
        || is_day(&lower)
        || (!word.is_capital()
            && lower.len() > 4
            && (lower.ends_with("ed") || lower.ends_with("ing"))
            && !is_person(&lower))
}

pub(super) fn is_day(word: &str) -> bool {
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "yesterday", "today"]
        .contains(&word)
}

/// `Transport Minister Ada Brandt`: the words before a name that hold an office.
fn before(text: &str, from: usize, name: Span, source: Option<Span>) -> Option<Span> {
    let from = source.map_or(from, |s| s.start().max(from));
    let all = words(text, Span::new(from, name.start())?);
    let mut first = all.len();
    while first > 0 && all.len() - first < BEFORE && !ends_role(&all[first - 1]) {
        // Before words with capitals only few others belong to a role: “former Vice President”.
        let (word, next) = (&all[first - 1], all.get(first));
        let small = !word.is_capital()
            && word.is_word()
            && !is_person(word.text)
            && !listed("titles/modifiers", word.text);
        if small
            && next.is_some_and(Word::is_capital)
            && source.is_none_or(|s| s.start() != all[0].span.start())
        {
            break;
        }
        first -= 1;
    }
    // “of” and “for” join words of a role, they don't begin one.
    while first < all.len() && (all[first].is(&["of", "for"]) || !all[first].is_word()) {
        first += 1;
    }
    let mut role = &all[first..];
    // “a spokesman for Republican nominee Ann Lund”: her role begins behind “for”.
    while let Some(at) = role.iter().position(|w| w.is(&["of", "for"])) {
        let behind = &role[at + 1..];
        let own = role[..at].last().is_some_and(|w| is_office(w.text))
            && !behind.iter().any(|w| is_office(w.text) && !is_title(w.text));
        if own {
            break;
        }
        role = behind;
    }
    let says = role.iter().any(|w| is_person(w.text));
    let (first, last) = (role.first()?, role.last()?);
    let last = if role.len() > 1
        && says
        && is_short_title(last.text)
        && role[..role.len() - 1].iter().any(|w| is_office(w.text) && !is_short_title(w.text))
    {
        &role[role.len() - 2]
    } else {
        last
    };
    (says && last.is_word()).then(|| first.span.to(last.span))
}

/// `Gov.` and such behind a role: “vice-presidential nominee Gov. Ann Lund”.
fn is_short_title(word: &str) -> bool {
    word.ends_with('.') && is_title(word)
}

/// `Nadia Holm, director of the Harbour Alliance,`: what stands between commas behind a name.
fn behind(text: &str, block: Span, name: Span, ends_with_person: impl Fn(Span) -> bool) -> Option<Span> {
    let all = words(text, Span::new(name.end(), block.end())?);
    let mut at = 0;
    if all.first()?.text == "(" {
        at = all.iter().take(8).position(|w| w.text == ")")? + 1;
    }
    if all.get(at)?.text != "," {
        return None;
    }
    let role = &all[at + 1..];
    let ends = |w: &Word<'_>| {
        matches!(w.text, "," | ";" | ":" | "." | "—" | "–" | "(" | "\"" | "“" | "”" | "?" | "!")
            || w.is(&["who", "whose", "which", "told", "said", "says", "added"])
    };
    let end = role.iter().take(BEHIND).position(ends)?;
    let role = &role[..end];
    let role = if role.first()?.is(&["its", "his", "her", "their"]) { &role[1..] } else { role };
    let first = role.first()?;
    if first.is(&[
        "and",
        "or",
        "but",
        "who",
        "as",
        "in",
        "on",
        "at",
        "with",
        "to",
        "by",
        "for",
        "which",
        "where",
        "when",
        "while",
        "after",
        "before",
        "is",
        "was",
        "like",
        "including",
    ]) {
        return None;
    }
    // The head of the phrase is a noun for a person: the last word before the first preposition.
    let head = role
        .iter()
        .position(|w| w.is(&["of", "for", "at", "in", "on", "to", "with", "from", "who"]))
        .unwrap_or(role.len());
    let noun = role[..head].iter().rev().find(|w| w.is_word() && !w.is_possessive())?;
    let span = first.span.to(role.last()?.span);
    // What ends with another person is one of a list; “adviser to President Lund” and “a Lund aide” are roles.
    let holds_other = head == role.len() && ends_with_person(span);
    ((is_person(noun.text) && !holds_other) || party_member(role)).then_some(span)
}

/// `Republican of Iowa`.
fn party_member(role: &[Word<'_>]) -> bool {
    role.len() > 2 && role[1].is(&["of", "from"]) && role[0].is(&["republican", "democrat", "independent"])
}

/// `Baltic Rail’s chairman, Jon Aalto,`: what stands before a name and a comma, where it begins a source.
fn announced(text: &str, name: Span, source: Option<Span>) -> Option<Span> {
    let source = source?;
    let all = words(text, Span::new(source.start(), name.start())?);
    let untitled = all.iter().rposition(|w| !is_title(w.text)).map_or(0, |n| n + 1);
    let (comma, role) = all[..untitled].split_last()?;
    if comma.text != "," || role.iter().any(|w| w.text == ",") {
        return None;
    }
    let owned = ["a", "an", "the", "its", "his", "her", "their"];
    let role = if role.first()?.is(&owned) { &role[1..] } else { role };
    let head = role
        .iter()
        .position(|w| w.is(&["of", "for", "at", "in", "on", "to", "with", "from"]))
        .unwrap_or(role.len());
    let noun = role[..head].last()?;
    is_person(noun.text).then(|| role[0].span.to(role[role.len() - 1].span))
}
