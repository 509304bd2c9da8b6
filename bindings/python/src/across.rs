//! The rules by which a store joins people and quotations across articles, for tables of a cluster.

use std::collections::BTreeMap;

use onrecord::text::{EntityKind, StatementKind};
use onrecord_store::across::{self, Candidate, Portrait, Speakers};
use onrecord_store::words;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Returns the bounds of a store by their names.
#[pyfunction]
pub fn bounds() -> BTreeMap<&'static str, usize> {
    BTreeMap::from([
        ("COMMON", across::COMMON),
        ("MOST", across::MOST),
        ("NEAR", across::NEAR as usize),
        ("NAMESAKES", across::NAMESAKES),
        ("LOOKED_AT", across::LOOKED_AT),
        ("SHORTEST", across::SHORTEST),
    ])
}

fn kind(name: &str) -> PyResult<EntityKind> {
    let unknown = || PyValueError::new_err(format!("“{name}” is not a kind: person, organization, place"));
    EntityKind::named(name).ok_or_else(unknown)
}

type Name = (Option<String>, Option<String>, Option<String>, Option<String>);

/// Returns the key of a name, the last and the first word of a full name of a person, and the form of a name of one
/// word.
#[pyfunction]
pub fn name(kind: &str, name: &str) -> PyResult<Name> {
    let kind = self::kind(kind)?;
    let key = across::key(kind, name);
    let full = kind == EntityKind::Person && key.is_some();
    let (last, first) = if full { across::short_names(name) } else { (None, None) };
    Ok((key, last, first, across::alone(kind, name)))
}

/// An article that names somebody: the roles that it gives them, and the kinds and names of all its entities.
type Mention = (Vec<String>, Vec<(String, String)>);

fn portrait((roles, entities): &Mention) -> PyResult<Portrait> {
    let named: Vec<(EntityKind, &str)> =
        entities.iter().map(|(k, name)| Ok((kind(k)?, name.as_str()))).collect::<PyResult<_>>()?;
    Ok(Portrait::new(roles.iter().map(String::as_str), named))
}

/// Returns who each bearer of a one-word name is: the number of a candidate, and the evidence.
#[pyfunction]
pub fn bearers(
    py: Python<'_>,
    word: &str,
    bearers: Vec<Mention>,
    by_surname: bool,
    candidates: Vec<Vec<Mention>>,
) -> PyResult<Vec<Option<(usize, String)>>> {
    py.detach(|| {
        let mut known = Vec::with_capacity(candidates.len());
        for mentions in &candidates {
            let mut candidate = Candidate::new(by_surname);
            for mention in mentions {
                candidate.add(portrait(mention)?);
            }
            known.push(candidate);
        }
        bearers.iter().map(|one| Ok(across::bearer(word, &portrait(one)?, &known))).collect()
    })
}

/// Returns the words that distinguish the holders of these roles.
#[pyfunction]
pub fn role_words(roles: Vec<String>) -> Vec<String> {
    across::role_words(roles.iter().map(String::as_str)).into_iter().collect()
}

/// Returns a number that orders articles by day.
#[pyfunction]
#[pyo3(signature = (published, dateline))]
pub fn day(published: Option<&str>, dateline: Option<&str>) -> Option<i64> {
    across::day_of(published, dateline)
}

/// Returns the key of the person with a one-word name who holds an office, and the evidence for it.
#[pyfunction]
pub fn holder(name: &str, office: &str) -> (String, String) {
    across::holder(name, office)
}

/// Returns the words of a text, folded.
#[pyfunction]
pub fn fold(text: &str) -> String {
    words::fold(text)
}

/// Returns the hashes by which contents with words in common are found.
#[pyfunction]
pub fn fingerprints(content: &str) -> Vec<i64> {
    across::fingerprints(content).into_iter().collect()
}

/// Returns whether two contents are versions of the same words. `one_speaker` means that both are from one month, too.
#[pyfunction]
pub fn same(a: &str, b: &str, one_speaker: bool, two_people: bool) -> bool {
    across::same(a, b, Speakers::of(one_speaker, two_people))
}

/// Returns whether the names of two speakers share a word that distinguishes them from others.
#[pyfunction]
pub fn share_a_name(a: &str, b: &str) -> bool {
    across::share_a_name(a, b)
}

/// Returns how a later statement changes the words of an earlier one.
#[pyfunction]
pub fn change(a: &str, a_indirect: bool, b: &str, b_indirect: bool) -> &'static str {
    let kind = |indirect| if indirect { StatementKind::Indirect } else { StatementKind::Direct };
    across::change(a, kind(a_indirect), b, kind(b_indirect)).name()
}

/// Returns the runs of words of an article's text, except for those of its quotations.
#[pyfunction]
pub fn own_runs(text: &str, quotations: Vec<String>) -> Vec<i64> {
    across::own_runs(text, quotations.iter().map(String::as_str))
}

/// Returns whether two articles with these runs of words are the same wire story.
#[pyfunction]
pub fn same_story(a: Vec<i64>, b: Vec<i64>) -> bool {
    across::same_story(&a, &b)
}
