//! Hints for a query: whom its words name, and what it may mean if it finds nothing.
//!
//! Words are searched for in what was said. Somebody who types a name usually wants to know what that person said.

use std::collections::BTreeSet;

use onrecord_text::EntityKind;
use rusqlite::{Connection, params};

use crate::error::{Result, StoreError};
use crate::find::{self, Order};
use crate::handle::Reader;
use crate::ids::PersonRef;
use crate::people::Person;
use crate::query::{self, Query};
use crate::{names, words};

/// The most people that are returned as named in a query.
const PEOPLE: usize = 3;
/// The most words of a query, and the most runs of words, that are looked up as names.
const WORDS: usize = 12;
/// The most words that are looked up as one name.
const LONGEST: usize = 4;
/// The most letters of a word that is only looked up if it begins with a capital.
const SHORT: usize = 3;
/// The statements of a query are counted up to this number.
const COUNTED: usize = 1_000;
/// The SQL for the statements of those whom articles call by one word only and who are linked to no person. Search
/// leaves out what was rejected and earlier versions.
const UNLINKED: &str = "SELECT e.name FROM entities e
    CROSS JOIN links l ON l.entity = e.id AND l.field = 'speaker'
    WHERE e.alone = ?1 AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.entity = e.id)
    AND EXISTS (SELECT 1 FROM words WHERE words MATCH ?2 AND rowid = l.statement)
    LIMIT ?3";

/// These requests, whose plans a test checks.
#[cfg(test)]
pub(crate) const REQUESTS: [&str; 1] = [UNLINKED];

/// The fields whose values are names.
const NAMES: [&str; 4] = ["speaker", "about", "outlet", "role"];

/// Somebody whom the words of a query name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedInQuery {
    /// The number of the person or organisation.
    pub person: PersonRef,
    /// Their name.
    pub name: String,
    /// The query that finds their statements.
    pub query: String,
    /// The number of statements that it finds.
    pub statements: usize,
    /// Whether it finds more than were counted.
    pub more: bool,
}

/// Somebody whom articles call by one name only, such as a surname, and who is linked to no person.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unlinked {
    /// The name, as an article writes it.
    pub name: String,
    /// The query that finds their statements, among those of others who have the name.
    pub query: String,
    /// The number of statements.
    pub statements: usize,
    /// Whether there are more than were counted.
    pub more: bool,
}

/// What a query may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hint {
    /// What the query language requires.
    pub what: &'static str,
    /// The query that may be meant, if it finds something.
    pub query: Option<String>,
}

/// Returns the parts of a query as the query language requires them, or `None` if nothing needs to change.
type Rule = fn(&[&str]) -> Option<Vec<String>>;

impl Reader {
    /// Returns the people and organisations whose names are words of a query, those with the most words first.
    ///
    /// Only those who made a statement are returned. Words after a field don't count.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn named_in(&self, query: &str) -> Result<Vec<NamedInQuery>, StoreError> {
        let items = items(query);
        let mut all: Vec<NamedInQuery> = Vec::new();
        // A short word in small letters is more likely a preposition than a name.
        let alone = |word: &&str| word.chars().count() > SHORT || word.starts_with(char::is_uppercase);
        let plain: Vec<&[&str]> = items.split(|item| !is_word(item) || is_joint(item)).collect();
        let together = (2..=LONGEST).rev().flat_map(|n| plain.iter().flat_map(move |run| run.windows(n)));
        let single = plain.iter().flat_map(|run| run.chunks(1)).filter(|run| run.iter().all(alone));
        let phrases = items.chunks(1).filter(|run| run.iter().all(|item| item.starts_with('"')));
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        for run in together.take(WORDS).chain(phrases).chain(single.take(WORDS)) {
            // “Ada Brandt” means the person with this name, and not everybody whose name has one of its words.
            if all.len() >= PEOPLE || run.iter().any(|word| taken.contains(word)) {
                continue;
            }
            let before = all.len();
            for person in self.people(&run.join(" "), PEOPLE)? {
                let speaks = matches!(person.kind, EntityKind::Person | EntityKind::Organization);
                if !speaks || all.len() >= PEOPLE || all.iter().any(|other| other.person == person.id) {
                    continue;
                }
                let Some(query) = query::item("speaker", &person.name) else { continue };
                // The query can't tell people of one name apart.
                if all.iter().any(|other| other.query == query) {
                    continue;
                }
                let found = self.counted(&query)?;
                if found > 0 {
                    let (statements, more) = (found.min(COUNTED), found > COUNTED);
                    all.push(NamedInQuery { person: person.id, name: person.name, query, statements, more });
                }
            }
            if all.len() > before {
                taken.extend(run.iter().copied());
            }
        }
        Ok(all)
    }

    /// Returns those who are linked to no person, so that the people whom a name may mean leave them out: by the name
    /// itself, if it has one word, and by the surname of the only person whom it may mean.
    ///
    /// `people` are those whom the name may mean. Only those who made a statement are returned.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn unlinked(&self, name: &str, people: &[Person]) -> Result<Vec<Unlinked>, StoreError> {
        let mut words: BTreeSet<String> = BTreeSet::new();
        if PersonRef::of(name).is_none() {
            words.insert(words::fold(name));
        }
        if let [Person { kind: EntityKind::Person, name, .. }] = people {
            words.extend(names::short_names(name).0);
        }
        let found = words.iter().filter_map(|word| self.reading(|db| unlinked(db, word)).transpose());
        found.collect()
    }

    /// Returns what a query that finds nothing may mean.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn hints(&self, query: &str) -> Result<Vec<Hint>, StoreError> {
        let items = items(query);
        let rules: [(&'static str, Rule); 6] = [
            ("a colon joins a field and its value", with_colon),
            ("a value of several words needs quotation marks", with_marks),
            ("OR between words must be in capitals", with_or),
            ("NOT is written as - directly before a word", with_minus),
            ("only * stands for other letters, and only at the end of a word", with_star),
            ("AND is not needed: all words must match", without_and),
        ];
        // Each rule applies to what the one before it returned, because a query may break several. A query that finds
        // something breaks no more.
        let mut kept: Vec<String> = items.into_iter().map(str::to_owned).collect();
        let (mut broken, mut meant) = (Vec::new(), None);
        for (what, rule) in rules {
            let parts: Vec<&str> = kept.iter().map(String::as_str).collect();
            if let Some(changed) = rule(&parts) {
                kept = changed;
                broken.push(what);
                let query = kept.join(" ");
                if self.counted(&query)? > 0 {
                    meant = Some(query);
                    break;
                }
            }
        }
        let last = broken.len().saturating_sub(1);
        let hint = |(n, what)| Hint { what, query: meant.clone().filter(|_| n == last) };
        Ok(broken.into_iter().enumerate().map(hint).collect())
    }

    /// Returns the number of statements that a query finds, but at most one more than `COUNTED`. A text that is not a
    /// query finds none.
    fn counted(&self, query: &str) -> Result<usize, StoreError> {
        let Ok(query) = query.parse::<Query>() else { return Ok(0) };
        let count = |db: &Connection| {
            find::ids(db, &query, Order::Newest, query.ids(), COUNTED + 1, 0).map(|ids| ids.len())
        };
        self.with_path(count(&self.db))
    }
}

/// Returns those whom articles call by one word only and who are linked to no person, if they made statements.
fn unlinked(db: &Connection, word: &str) -> Result<Option<Unlinked>> {
    let Some(query) = query::item("speaker", word) else { return Ok(None) };
    let Ok(Query { expression, .. }) = query.parse() else { return Ok(None) };
    let mut found = db.prepare_cached(UNLINKED)?;
    let mut rows = found.query(params![word, expression, COUNTED + 1])?;
    let (mut name, mut statements) = (None, 0);
    while let Some(row) = rows.next()? {
        statements += 1;
        if name.is_none() {
            name = Some(row.get::<_, String>(0)?);
        }
    }
    let (statements, more) = (statements.min(COUNTED), statements > COUNTED);
    Ok(name.map(|name| Unlinked { name, query, statements, more }))
}

/// Splits a query at spaces. Words in quotation marks stay together, and with what is directly before them.
fn items(query: &str) -> Vec<&str> {
    let mut inside = false;
    let parts = query.split(|c: char| {
        inside ^= "\"“”".contains(c);
        !inside && c.is_whitespace()
    });
    parts.filter(|part| !part.is_empty()).collect()
}

/// Returns whether a part of a query is a plain word.
fn is_word(item: &str) -> bool {
    let is_field =
        item.split_once(':').is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_alphabetic()));
    !is_field
        && !item.starts_with('-')
        && !item.contains(['"', '“', '”', '(', ')', '*'])
        && !words::words(item).is_empty()
}

/// Returns whether a part of a query joins others.
fn is_joint(item: &str) -> bool {
    item.eq_ignore_ascii_case("or") || item.eq_ignore_ascii_case("and")
}

/// Joins fields and their values with a colon, if they are joined with an equals sign.
fn with_colon(items: &[&str]) -> Option<Vec<String>> {
    let put = |item: &str| match item.split_once('=') {
        Some((name, value)) if query::is_field(name.trim_start_matches('-')) => format!("{name}:{value}"),
        _ => item.to_owned(),
    };
    let all: Vec<String> = items.iter().map(|item| put(item)).collect();
    (all != items).then_some(all)
}

/// Puts quotation marks around the value of a field and the words that follow it: all that begin with a capital, or
/// else one word.
fn with_marks(items: &[&str]) -> Option<Vec<String>> {
    let (mut out, mut at, mut changed) = (Vec::new(), 0, false);
    while let Some(item) = items.get(at) {
        at += 1;
        let (field, value) = match item.split_once(':') {
            Some((name, value)) if NAMES.iter().any(|field| field.eq_ignore_ascii_case(name)) => {
                (Some(name), Some(value).filter(|value| is_word(value)))
            }
            _ => (None, None),
        };
        let rest = &items[at..];
        let capital = |item: &&&str| item.starts_with(char::is_uppercase) && is_word(item) && !is_joint(item);
        let following = match rest.iter().take_while(capital).count() {
            0 => usize::from(rest.first().is_some_and(|next| is_word(next) && !is_joint(next))),
            n => n,
        };
        match (field, value) {
            (Some(field), Some(value)) if following > 0 => {
                let words: Vec<&str> =
                    std::iter::once(value).chain(rest[..following].iter().copied()).collect();
                out.push(format!("{field}:\"{}\"", words.join(" ")));
                at += following;
                changed = true;
            }
            _ => out.push((*item).to_owned()),
        }
    }
    changed.then_some(out)
}

fn with_or(items: &[&str]) -> Option<Vec<String>> {
    let is =
        |n: usize| n > 0 && n + 1 < items.len() && items[n] != "OR" && items[n].eq_ignore_ascii_case("or");
    let put = |n: usize| if is(n) { "OR".to_owned() } else { items[n].to_owned() };
    (0..items.len()).any(is).then(|| (0..items.len()).map(put).collect())
}

/// Writes the word NOT as a minus before what it negates.
fn with_minus(items: &[&str]) -> Option<Vec<String>> {
    let is = |n: usize| items[n] == "NOT" && items.get(n + 1).is_some_and(|next| !next.starts_with('-'));
    let put = |n: usize| match n {
        0 => items[n].to_owned(),
        n if is(n - 1) => format!("-{}", items[n]),
        n => items[n].to_owned(),
    };
    (0..items.len()).any(is).then(|| (0..items.len()).filter(|&n| !is(n)).map(put).collect())
}

/// Ends every word at its first sign for other letters, with a star.
fn with_star(items: &[&str]) -> Option<Vec<String>> {
    let put = |item: &str| match item.find(['*', '?', '%']) {
        Some(at) if at > 0 && !item.contains(['"', '“', '”']) && &item[at..] != "*" => {
            format!("{}*", &item[..at])
        }
        _ => item.to_owned(),
    };
    let all: Vec<String> = items.iter().map(|item| put(item)).collect();
    (all != items).then_some(all)
}

fn without_and(items: &[&str]) -> Option<Vec<String>> {
    let is = |item: &&&str| item.eq_ignore_ascii_case("and");
    let kept: Vec<String> = items.iter().filter(|item| !is(item)).map(|item| (*item).to_owned()).collect();
    (kept.len() < items.len() && !kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(out: Option<Vec<String>>) -> Option<String> {
        out.map(|parts| parts.join(" "))
    }

    #[test]
    fn what_a_query_may_mean() {
        let marked = |query: &str| words(with_marks(&items(query)));
        assert_eq!(marked("speaker:Ada Brandt toll").as_deref(), Some("speaker:\"Ada Brandt\" toll"));
        assert_eq!(marked("x role:transport minister").as_deref(), Some("x role:\"transport minister\""));
        for fine in [
            "speaker:brandt",
            "speaker:\"Ada Brandt\" toll",
            "kind:direct toll",
            "speaker:a OR b",
            "speaker:a -b",
        ] {
            assert_eq!(marked(fine), None, "{fine}");
        }
        assert_eq!(marked("Speaker:Ada Brandt").as_deref(), Some("Speaker:\"Ada Brandt\""));
        let colon = |query: &str| words(with_colon(&items(query)));
        assert_eq!(
            colon("toll Speaker=brandt -kind=\"direct\"").as_deref(),
            Some("toll Speaker:brandt -kind:\"direct\"")
        );
        assert_eq!(
            (colon("toll=free"), colon("\"speaker=brandt\""), colon("speaker:a=b")),
            (None, None, None)
        );
        let or = |query: &str| words(with_or(&items(query)));
        assert_eq!(or("toll or ferry Or boat").as_deref(), Some("toll OR ferry OR boat"));
        assert_eq!((or("toll OR ferry"), or("or toll"), or("\"toll or ferry\"")), (None, None, None));
        let minus = |query: &str| words(with_minus(&items(query)));
        assert_eq!(minus("toll NOT bridge NOT speaker:x").as_deref(), Some("toll -bridge -speaker:x"));
        assert_eq!((minus("toll not bridge"), minus("toll NOT"), minus("NOT -toll")), (None, None, None));
        let star = |query: &str| words(with_star(&items(query)));
        assert_eq!(star("bri?ge t*ll speaker:bran%").as_deref(), Some("bri* t* speaker:bran*"));
        assert_eq!((star("toll bri*"), star("*oll"), star("\"a toll?\"")), (None, None, None));
        let and = |query: &str| words(without_and(&items(query)));
        assert_eq!(and("toll AND bridge and x").as_deref(), Some("toll bridge x"));
        assert_eq!((and("toll bridge"), and("and"), and("\"a and b\"")), (None, None, None));
    }
}
