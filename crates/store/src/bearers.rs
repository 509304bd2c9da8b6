//! Who the bearer of a one-word name is, as rules on values.
//!
//! `people.rs` applies them to the rows of a store.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use onrecord_text::EntityKind;

use crate::{names, words};

/// The number of shared names of several words that, without a role, is enough to link a surname to a person.
const ENOUGH_COMPANY: usize = 3;
/// The number of articles in which somebody must have a role to be known for it.
const KNOWN_FOR: usize = 5;
/// The number of a person's articles in which their roles and company are looked up.
pub const LOOKED_AT: usize = 200;
/// The number of people with the same surname or first name whom a one-word name may mean.
pub const NAMESAKES: usize = 50;
/// The minimum length of a one-word name. Shorter ones are linked to nobody with a full name.
pub const SHORTEST: usize = 3;

/// What an article says about somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Portrait {
    /// The words that distinguish their roles.
    pub(crate) roles: BTreeSet<String>,
    /// The persons and organisations that the article names in full, by their keys.
    pub(crate) company: BTreeMap<String, String>,
}

impl Portrait {
    /// Creates a portrait from the roles that an article gives somebody, and from all entities that the article names.
    pub fn new<'a>(
        roles: impl IntoIterator<Item = &'a str>,
        entities: impl IntoIterator<Item = (EntityKind, &'a str)>,
    ) -> Self {
        let mut company = BTreeMap::new();
        for (kind, name) in entities {
            let key = if kind == EntityKind::Place { None } else { names::key(kind, name) };
            if let Some(key) = key.filter(|_| names::tells(kind, name)) {
                company.insert(key, name.to_owned());
            }
        }
        Self { roles: role_words(roles), company }
    }
}

/// Returns the words that distinguish the holders of these roles.
pub fn role_words<'a>(roles: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    roles.into_iter().flat_map(names::telling_role).collect()
}

/// What several articles say about somebody whose full name has a certain word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    /// Whether the word is their last name, by which people are usually called.
    surname: bool,
    roles: HashMap<String, usize>,
    company: BTreeMap<String, String>,
}

impl Candidate {
    /// Creates a candidate of whom nothing is known yet.
    #[must_use]
    pub fn new(surname: bool) -> Self {
        Self { surname, ..Self::default() }
    }

    /// Adds what one article says about them.
    pub fn add(&mut self, Portrait { roles, mut company }: Portrait) {
        for word in roles {
            *self.roles.entry(word).or_default() += 1;
        }
        self.company.append(&mut company);
    }
}

/// Returns which candidate somebody with a one-word name is, and the evidence for it, if one fits clearly.
#[must_use]
pub fn bearer(name: &str, one: &Portrait, candidates: &[Candidate]) -> Option<(usize, String)> {
    let fits = |n: usize, c: &Candidate| {
        let role = one.roles.iter().max_by_key(|r| c.roles.get(*r)).filter(|r| c.roles.contains_key(*r));
        let shared: Vec<&str> = c
            .company
            .iter()
            .filter(|(key, _)| one.company.contains_key(*key))
            .map(|(_, name)| name.as_str())
            .collect();
        let full = shared.iter().filter(|name| name.contains(' ')).count();
        let known_for = role.is_some_and(|role| {
            let mut others = candidates.iter().enumerate().filter(|(other, _)| *other != n);
            c.roles[role] >= KNOWN_FOR && others.all(|(_, other)| !other.roles.contains_key(role))
        });
        let fits = match role {
            Some(_) => !shared.is_empty() || c.surname && (one.company.is_empty() || known_for),
            None => c.surname && full >= ENOUGH_COMPANY,
        };
        let kind = if c.surname { "surname" } else { "first name" };
        let evidence = || evidence(&format!("the {kind} {name}"), role.map(String::as_str), &shared);
        fits.then(|| (usize::from(role.is_some()), shared.len(), evidence()))
    };
    let mut fitting: Vec<_> =
        candidates.iter().enumerate().filter_map(|(n, c)| Some((fits(n, c)?, n))).collect();
    fitting.sort_by_key(|((role, shared, _), _)| std::cmp::Reverse((*role, *shared)));
    let clear = match fitting.as_slice() {
        [first, second, ..] => (first.0.0, first.0.1) > (second.0.0, second.0.1),
        rest => !rest.is_empty(),
    };
    fitting.into_iter().next().filter(|_| clear).map(|((_, _, evidence), n)| (n, evidence))
}

/// Returns the evidence in words, beginning with what is known of the name.
fn evidence(name: &str, role: Option<&str>, shared: &[&str]) -> String {
    let mut evidence = name.to_owned();
    if let Some(role) = role {
        evidence.push_str(&format!("; the role: {role}"));
    }
    if !shared.is_empty() {
        let some: Vec<&str> = shared.iter().take(5).copied().collect();
        evidence.push_str(&format!("; in the company of {}", some.join(", ")));
    }
    evidence
}

/// Returns the office by which each bearer of a one-word name is known, if no full name has that word.
///
/// Those with the same office count as one person, who has only one name.
#[must_use]
pub fn offices(bearers: &[&Portrait]) -> Vec<Option<String>> {
    let mut offices: BTreeMap<&String, usize> = BTreeMap::new();
    for role in bearers.iter().flat_map(|one| &one.roles) {
        *offices.entry(role).or_default() += 1;
    }
    let office = |one: &&Portrait| {
        let shared = one.roles.iter().filter(|r| offices[r] > 1);
        shared.max_by_key(|r| (offices[r], std::cmp::Reverse(*r))).cloned()
    };
    bearers.iter().map(office).collect()
}

/// Returns the key of the person with a one-word name who holds an office, and the evidence for it.
#[must_use]
pub fn holder(name: &str, office: &str) -> (String, String) {
    (format!("person/{name} ({office})"), format!("the same name and role: {office}"))
}

/// Returns the form of a one-word name of a person in which it is looked up. Returns `None` for other names.
#[must_use]
pub fn alone(kind: EntityKind, name: &str) -> Option<String> {
    (kind == EntityKind::Person && names::key(kind, name).is_none()).then(|| words::fold(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: EntityKind = EntityKind::Person;

    fn portrait(role: &str, names: &[&str]) -> Portrait {
        Portrait::new([role], names.iter().map(|name| (PERSON, *name)))
    }

    fn candidate(portraits: &[Portrait]) -> Candidate {
        let mut candidate = Candidate::new(true);
        portraits.iter().cloned().for_each(|p| candidate.add(p));
        candidate
    }

    #[test]
    fn a_role_and_company_make_a_bearer() {
        let ada = candidate(&[portrait("transport minister", &["Ada Brandt", "Pia Lund"])]);
        let jon = candidate(&[portrait("striker", &["Jon Brandt", "Rolf Meyer"])]);
        let both = [ada, jon];
        let bearer = |one: &Portrait| bearer("brandt", one, &both).map(|(n, _)| n);
        assert_eq!(bearer(&portrait("the transport minister", &["Pia Lund"])), Some(0));
        assert_eq!(bearer(&portrait("striker", &["Rolf Meyer"])), Some(1));
        assert_eq!(bearer(&portrait("striker", &["Pia Lund"])), None, "another's company");
        assert_eq!(bearer(&portrait("baker", &["Pia Lund"])), None, "no shared role, little company");
    }

    #[test]
    fn two_who_fit_equally_are_no_answer() {
        let ada = candidate(&[portrait("minister", &["Pia Lund"])]);
        let one = portrait("minister", &["Pia Lund"]);
        assert_eq!(bearer("brandt", &one, &[ada.clone(), ada.clone()]), None);
        let closer = candidate(&[portrait("minister", &["Pia Lund", "Rolf Meyer"])]);
        let one = portrait("minister", &["Pia Lund", "Rolf Meyer"]);
        let evidence = "the surname brandt; the role: minister; in the company of Pia Lund, Rolf Meyer";
        assert_eq!(bearer("brandt", &one, &[ada, closer]), Some((1, evidence.to_owned())));
    }

    #[test]
    fn somebody_may_be_known_for_a_role() {
        let minister = |times: usize| candidate(&vec![portrait("minister", &[]); times]);
        let one = portrait("minister", &["Pia Lund"]);
        assert_eq!(bearer("brandt", &one, &[minister(KNOWN_FOR - 1)]), None);
        assert_eq!(bearer("brandt", &one, &[minister(KNOWN_FOR)]).map(|(n, _)| n), Some(0));
        assert_eq!(bearer("brandt", &one, &[minister(KNOWN_FOR), minister(1)]), None, "another has it, too");
    }

    #[test]
    fn company_is_enough_only_with_a_surname() {
        let known = portrait("", &["Pia Lund", "Rolf Meyer", "Jon Aalto"]);
        assert_eq!(
            bearer("brandt", &known, &[candidate(std::slice::from_ref(&known))]).map(|(n, _)| n),
            Some(0)
        );
        let mut by_first_name = Candidate::new(false);
        by_first_name.add(known.clone());
        assert_eq!(bearer("ada", &known, &[by_first_name]), None);
    }

    #[test]
    fn places_and_names_of_one_word_are_no_company() {
        let names = [
            (PERSON, "Oren"),
            (EntityKind::Place, "New Tallberg"),
            (EntityKind::Organization, "Baltic Rail"),
        ];
        let company: Vec<String> = Portrait::new(["cook"], names).company.into_values().collect();
        assert_eq!(company, ["Baltic Rail"]);
        assert_eq!(alone(PERSON, "Oren").as_deref(), Some("oren"));
        assert_eq!(alone(PERSON, "Ada Brandt").or(alone(EntityKind::Place, "Tallberg")), None);
    }

    #[test]
    fn one_office_is_one_person() {
        let (a, b, c) = (portrait("emperor", &[]), portrait("emperor", &[]), portrait("cook", &[]));
        assert_eq!(offices(&[&a, &b, &c]), [Some("emperor".to_owned()), Some("emperor".to_owned()), None]);
    }
}
