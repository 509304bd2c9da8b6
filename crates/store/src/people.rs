//! Persons, organisations and places across articles.
//!
//! The same full name always stands for the same person. A one-word name is linked to the bearer of a full name only if
//! role and company agree, or if the bearer is known for that role and no other bearer has it. The link keeps its
//! evidence. If the evidence is not sufficient, the statement keeps the name that its article gives, and it is not
//! linked to anyone across articles.
//!
//! Here, somebody's *company* means the other persons and organisations that the same article names.

use std::collections::{BTreeMap, HashMap, HashSet};

use onrecord_text::EntityKind;
use rusqlite::{Connection, OptionalExtension, params};

use crate::bearers::{self, Candidate, LOOKED_AT, NAMESAKES, Portrait};
use crate::error::{Result, StoreError, Trouble};
use crate::handle::Reader;
use crate::ids::{ArticleId, DecisionId, EntityId, PersonRef, entity_id, json_array};
use crate::kinds::Sql;
use crate::merges::{Merges, group, group_of, root_of};
use crate::{index, names, rows, words};

/// A person, organisation or place across articles.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The person's number.
    pub id: PersonRef,
    /// The numbers of this person and of all others that were merged with them by decision.
    pub(crate) ids: Vec<PersonRef>,
    /// The fullest name.
    pub name: String,
    /// What kind of entity it is.
    pub kind: EntityKind,
    /// The roles that articles give, the most frequent first.
    pub roles: Vec<String>,
    /// The number of articles that name this person.
    pub articles: usize,
}

/// The person whom an article's entity stands for across articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The person's number.
    pub person: PersonRef,
    /// The person's permanent key.
    pub key: String,
    /// The fullest name.
    pub name: String,
    /// What kind of entity it is.
    pub kind: EntityKind,
    /// The evidence that the entity is this person.
    pub evidence: String,
}

impl Reader {
    /// Returns the people whom a name may mean.
    ///
    /// This is the one with exactly this name, or else everyone whose name has these words, those in the most articles
    /// first. `p12` means the person with that number.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn people(&self, name: &str, limit: usize) -> Result<Vec<Person>, StoreError> {
        let people = || -> Result<Vec<Person>> {
            let db = &self.db;
            if let Some(id) = PersonRef::of(name) {
                let there =
                    db.query_row("SELECT id FROM people WHERE id = ?", [id], |r| r.get(0)).optional()?;
                return there.map(|id| person(db, id)).into_iter().collect();
            }
            if let Some(id) = of_name(db, name)? {
                let all = of_one_name(db, id)?.into_iter().take(limit.max(1));
                return all.map(|id| person(db, id)).collect();
            }
            let folded = words::fold(name);
            if folded.is_empty() {
                return Ok(Vec::new());
            }
            let mut found = db.prepare_cached("SELECT rowid FROM names WHERE names MATCH ? LIMIT 1000")?;
            let ids = found
                .query_map([format!("\"{folded}\"")], |r| r.get(0))?
                .collect::<rusqlite::Result<Vec<PersonRef>>>()?;
            let (merges, mut roots) = (Merges::read(db)?, BTreeMap::new());
            for id in ids {
                let root = merges.root_of(id);
                if roots.contains_key(&root) {
                    continue;
                }
                let articles = |person: PersonRef| -> Result<i64> {
                    let sql = "SELECT count(*) FROM (SELECT 1 FROM identities WHERE person = ? LIMIT 1000)";
                    Ok(db.prepare_cached(sql)?.query_row([person], |r| r.get(0))?)
                };
                let articles = match articles(root)? {
                    // Only those who were merged into this person may be in articles.
                    0 => group(db, root)?.into_iter().map(articles).sum::<Result<i64>>()?,
                    own => own,
                };
                // Once a split is undone, nobody is left under the key that it made.
                if articles > 0 {
                    roots.insert(root, articles);
                }
            }
            let mut roots: Vec<(PersonRef, i64)> = roots.into_iter().collect();
            roots.sort_by_key(|&(id, articles)| (-articles, id));
            roots.into_iter().take(limit).map(|(id, _)| person(db, id)).collect()
        };
        self.with_path(people())
    }

    /// Returns the person with a number, or whoever they were merged into.
    ///
    /// # Errors
    ///
    /// Returns an error if nobody has this number, or the store can't be read.
    pub fn person(&self, number: PersonRef) -> Result<Person, StoreError> {
        self.reading(|db| {
            known(db, number)?;
            person(db, number)
        })
    }

    /// Returns the number of the one person whom a name or a number such as `p12` means.
    ///
    /// A number is returned as it is, even if its person was merged into another.
    ///
    /// # Errors
    ///
    /// Returns an error if nobody has the number or the name, several people have the name, or the store can't be read.
    pub fn one_person(&self, named: &str) -> Result<PersonRef, StoreError> {
        if let Some(number) = PersonRef::of(named) {
            self.with_path(known(&self.db, number))?;
            return Ok(number);
        }
        match self.people(named, 2)?.as_slice() {
            [one] => Ok(one.id),
            [] => Err(StoreError::NotFound(format!("“{named}”: nobody in this store has this name"))),
            _ => {
                let what = format!("“{named}” may be several people: give a number, such as p12");
                Err(StoreError::Invalid(what))
            }
        }
    }

    /// Returns the people whom an article's entities stand for, by the entities' ids in its record.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn identities(&self, article: ArticleId) -> Result<HashMap<String, Identity>, StoreError> {
        self.with_path(identities(&self.db, article))
    }
}

/// Queues a name of one word, or the names of one word that are part of a longer one, for [`join_some`] to link: the bearer
/// of the longer name may be meant by them.
pub(crate) fn queue_for_linking(db: &Connection, kind: EntityKind, name: &str) -> Result<()> {
    if kind != EntityKind::Person {
        return Ok(());
    }
    let mut unjoined = db.prepare_cached("INSERT OR IGNORE INTO unjoined VALUES (?)")?;
    let (last, first) = names::short_names(name);
    // “Brandt Jr.” is a name of one word that is not just the surname.
    for name in [bearers::alone(kind, name), last, first].into_iter().flatten() {
        unjoined.execute([name])?;
    }
    Ok(())
}

/// Links some of the waiting names and returns whether there were any.
pub(crate) fn join_some(db: &Connection) -> Result<bool> {
    let surnames = db
        .prepare_cached("SELECT surname FROM unjoined LIMIT 500")?
        .query_map([], |r| r.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    for surname in &surnames {
        join(db, surname)?;
        db.prepare_cached("DELETE FROM unjoined WHERE surname = ?")?.execute([surname])?;
    }
    Ok(!surnames.is_empty())
}

/// Returns the people whom an article's entities stand for, by the entities' ids in its record.
pub(crate) fn identities(db: &Connection, article: ArticleId) -> Result<HashMap<String, Identity>> {
    let mut statement = db.prepare_cached(
        "SELECT e.number, i.evidence, p.id, p.key, p.name, p.kind, p.same_as FROM entities e
         JOIN identities i ON i.entity = e.id JOIN people p ON p.id = i.person WHERE e.article = ?",
    )?;
    let mut merged = db.prepare_cached("SELECT id, key, name, kind FROM people WHERE id = ?")?;
    let mut rows = statement.query([article])?;
    let mut all = HashMap::new();
    while let Some(row) = rows.next()? {
        let evidence: String = row.get(1)?;
        let of = |r: &rusqlite::Row, from: usize| -> rusqlite::Result<Identity> {
            Ok(Identity {
                person: r.get(from)?,
                key: r.get(from + 1)?,
                name: r.get(from + 2)?,
                kind: r.get::<_, Sql<EntityKind>>(from + 3)?.0,
                evidence: evidence.clone(),
            })
        };
        let mut identity = of(row, 2)?;
        if row.get::<_, Option<PersonRef>>(6)?.is_some() {
            let root = root_of(db, identity.person)?;
            let own = identity.name;
            identity = merged.query_row([root], |r| of(r, 0))?;
            identity.evidence = format!("{evidence}; a decision that {own} is {}", identity.name);
        }
        all.insert(entity_id(row.get(0)?), identity);
    }
    Ok(all)
}

/// Returns the key and the name of the person with a number, or an error if nobody has it.
pub(crate) fn known(db: &Connection, number: PersonRef) -> Result<(String, String)> {
    let sql = "SELECT key, name FROM people WHERE id = ?";
    let found = db.prepare_cached(sql)?.query_row([number], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
    found.ok_or_else(|| Trouble::NotFound(format!("{number}: nobody in this store has this number")))
}

pub(crate) fn person(db: &Connection, id: PersonRef) -> Result<Person> {
    let root = root_of(db, id)?;
    let ids = group(db, root)?;
    let (name, kind) = db.query_row("SELECT name, kind FROM people WHERE id = ?", [root], |r| {
        Ok((r.get(0)?, r.get::<_, Sql<EntityKind>>(1)?.0))
    })?;
    let wanted = json_array(&ids);
    let sql = "SELECT count(*) FROM json_each(?) AS wanted JOIN identities i ON i.person = wanted.value";
    let articles = db.prepare_cached(sql)?.query_row([&wanted], |r| r.get(0))?;
    let mut roles = HashMap::<String, usize>::new();
    let mut named = db.prepare_cached(
        "SELECT e.roles FROM json_each(?) AS wanted CROSS JOIN identities i ON i.person = wanted.value
         JOIN entities e ON e.id = i.entity ORDER BY wanted.key, i.entity LIMIT ?",
    )?;
    let mut rows = named.query(params![wanted, LOOKED_AT])?;
    while let Some(row) = rows.next()? {
        for role in serde_json::from_str::<Vec<String>>(row.get_ref(0)?.as_str()?)? {
            *roles.entry(role).or_default() += 1;
        }
    }
    let mut roles: Vec<(String, usize)> = roles.into_iter().collect();
    roles.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(Person {
        id: root,
        ids,
        name,
        kind,
        roles: roles.into_iter().map(|(role, _)| role).collect(),
        articles,
    })
}

/// Returns the person with exactly this name. Persons take precedence over organisations, and these over places.
pub(crate) fn of_name(db: &Connection, name: &str) -> Result<Option<PersonRef>> {
    among(db, &[EntityKind::Person, EntityKind::Organization, EntityKind::Place], name)
}

/// Returns a person and everyone whom decisions split off from them, as far as they are in articles.
pub(crate) fn of_one_name(db: &Connection, person: PersonRef) -> Result<Vec<PersonRef>> {
    let apart = namesakes(db, person)?;
    let mut in_article = db.prepare_cached("SELECT 1 FROM identities WHERE person = ?")?;
    let group = group_of(db, person)?;
    let there = group.iter().map(|id| in_article.exists([id])).collect::<rusqlite::Result<Vec<bool>>>()?;
    if apart.is_empty() || there.contains(&true) {
        return Ok(std::iter::once(person).chain(apart).collect());
    }
    Ok(apart)
}

/// Returns the people whom decisions split off from somebody of the same name, and who are still apart.
fn namesakes(db: &Connection, person: PersonRef) -> Result<Vec<PersonRef>> {
    let mut statement = db.prepare_cached(
        "SELECT p.id FROM people p JOIN people one ON one.id = ?
         WHERE p.key > one.key || '#' AND p.key < one.key || '$' AND p.same_as IS NULL
         AND EXISTS (SELECT 1 FROM identities i WHERE i.person = p.id) ORDER BY p.id",
    )?;
    let ids = statement.query_map([person], |r| r.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// Returns the first of these kinds that somebody or something with exactly this name is of.
pub(crate) fn among(db: &Connection, kinds: &[EntityKind], name: &str) -> Result<Option<PersonRef>> {
    for &kind in kinds {
        let Some(key) = names::key(kind, name) else { continue };
        if let Some(id) = rows::person_with_key(db, &key)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// A person, organisation or place to be found or added.
pub(crate) struct Known<'a> {
    /// The permanent key.
    pub key: &'a str,
    pub kind: EntityKind,
    pub name: &'a str,
    /// The decision that split this person off from others of the same name.
    pub apart: Option<DecisionId>,
    /// The office that identifies a person whose name has only one word.
    pub office: Option<&'a str>,
}

/// Links an entity to the person who is known by its name.
pub(crate) fn identify(
    db: &Connection,
    entity: EntityId,
    key: &str,
    kind: EntityKind,
    name: &str,
) -> Result<()> {
    let known = Known { key, kind, name, apart: None, office: None };
    said_to_be(db, entity, &known, "the same name")
}

/// Links an entity to a separate person of the same name, because of a decision.
pub(crate) fn identify_apart(
    db: &Connection,
    entity: EntityId,
    decision: DecisionId,
    kind: EntityKind,
    name: &str,
) -> Result<()> {
    let key = format!("{}/{}#{decision}", kind.name(), words::fold(name));
    let known = Known { key: &key, kind, name, apart: Some(decision), office: None };
    said_to_be(db, entity, &known, &format!("decision {decision}"))
}

fn said_to_be(db: &Connection, entity: EntityId, known: &Known, evidence: &str) -> Result<()> {
    let person = found_or_added(db, known)?;
    db.prepare_cached("INSERT OR REPLACE INTO identities VALUES (?, ?, ?)")?
        .execute(params![entity, person, evidence])?;
    Ok(())
}

/// Returns the person with this key, adding them if there is none.
fn found_or_added(db: &Connection, Known { key, kind, name, apart, office }: &Known) -> Result<PersonRef> {
    if let Some(id) = rows::person_with_key(db, key)? {
        return Ok(id);
    }
    let surname = if *kind == EntityKind::Person { names::short_names(name).0 } else { None };
    let id = db
        .prepare_cached(
            "INSERT INTO people (kind, key, name, surname, apart, office) VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .insert(params![kind.name(), key, name, surname, apart, office])
        .map(PersonRef)?;
    db.prepare_cached("INSERT INTO names (rowid, name) VALUES (?, ?)")?.execute(params![id, name])?;
    Ok(id)
}

/// An entity with a one-word name.
struct Alone {
    id: EntityId,
    article: ArticleId,
    name: String,
    roles: Vec<String>,
    now: Option<PersonRef>,
}

/// Compares the bearers of a one-word name with people whose full name contains it, and links them if one fits clearly.
fn join(db: &Connection, surname: &str) -> Result<()> {
    let alone = bearers(db, surname)?;
    if alone.is_empty() {
        return Ok(());
    }
    let few = surname.chars().count() < bearers::SHORTEST;
    let (people, candidates) = if few { Default::default() } else { candidates(db, surname)? };
    let mut apart = Vec::new();
    for one in alone {
        let portrait = portrait(db, one.article, &one.roles)?;
        match bearers::bearer(surname, &portrait, &candidates) {
            Some((n, evidence)) => write_identity(db, &one, Some((people[n], &evidence)))?,
            None => apart.push((one, portrait)),
        }
    }
    if !candidates.is_empty() {
        return apart.iter().try_for_each(|(one, _)| write_identity(db, one, None));
    }
    let portraits: Vec<&Portrait> = apart.iter().map(|(_, portrait)| portrait).collect();
    for (office, (one, _)) in bearers::offices(&portraits).into_iter().zip(&apart) {
        let Some(office) = office else {
            write_identity(db, one, None)?;
            continue;
        };
        let (key, evidence) = bearers::holder(surname, &office);
        let kind = EntityKind::Person;
        let known = Known { key: &key, kind, name: &one.name, apart: None, office: Some(&office) };
        let person = found_or_added(db, &known)?;
        write_identity(db, one, Some((person, &evidence)))?;
    }
    Ok(())
}

/// Writes which person an entity is, and updates search if that changed.
fn write_identity(db: &Connection, one: &Alone, person: Option<(PersonRef, &str)>) -> Result<()> {
    match person {
        Some((id, evidence)) => {
            db.prepare_cached("INSERT OR REPLACE INTO identities VALUES (?, ?, ?)")?
                .execute(params![one.id, id, evidence])?;
        }
        None => {
            db.prepare_cached("DELETE FROM identities WHERE entity = ?")?.execute([one.id])?;
        }
    }
    if person.map(|(id, _)| id) != one.now { index::renew_entity(db, one.id) } else { Ok(()) }
}

/// Returns the entities with this one-word name, except for those that a decision split off.
fn bearers(db: &Connection, surname: &str) -> Result<Vec<Alone>> {
    let mut statement = db.prepare_cached(
        "SELECT e.id, e.article, e.name, e.roles, i.person FROM entities e
         LEFT JOIN identities i ON i.entity = e.id LEFT JOIN people p ON p.id = i.person
         WHERE e.alone = ? AND p.apart IS NULL ORDER BY e.id",
    )?;
    let mut rows = statement.query([surname])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(Alone {
            id: row.get(0)?,
            article: row.get(1)?,
            name: row.get(2)?,
            roles: serde_json::from_str(row.get_ref(3)?.as_str()?)?,
            now: row.get(4)?,
        });
    }
    Ok(all)
}

/// Returns the people with this surname, or if there are none, those with this first name, and what is known of them.
fn candidates(db: &Connection, word: &str) -> Result<(Vec<PersonRef>, Vec<Candidate>)> {
    let ids = |sql: &str, values: &[&str]| -> Result<Vec<PersonRef>> {
        let mut statement = db.prepare_cached(sql)?;
        let rows = statement.query_map(rusqlite::params_from_iter(values), |r| r.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    let full = format!("AND apart IS NULL AND office IS NULL ORDER BY id LIMIT {NAMESAKES}");
    let mut found = ids(&format!("SELECT id FROM people WHERE surname = ? {full}"), &[word])?;
    let surname = !found.is_empty();
    if !surname {
        let (from, to) = (format!("person/{word} "), format!("person/{word}!"));
        found = ids(&format!("SELECT id FROM people WHERE key > ? AND key < ? {full}"), &[&from, &to])?;
    }
    let known = found.iter().map(|&id| candidate(db, id, surname)).collect::<Result<_>>()?;
    Ok((found, known))
}

fn candidate(db: &Connection, id: PersonRef, surname: bool) -> Result<Candidate> {
    let mut named = db.prepare_cached(&format!(
        "SELECT e.article, e.roles, a.key FROM identities i JOIN entities e ON e.id = i.entity
         JOIN articles a ON a.id = e.article
         WHERE i.person = ? AND e.alone IS NULL ORDER BY e.id DESC LIMIT {LOOKED_AT}"
    ))?;
    let mut rows = named.query([id])?;
    let mut candidate = Candidate::new(surname);
    let mut articles = HashSet::new();
    while let Some(row) = rows.next()? {
        // An article is evidence once, however many versions it has.
        if !articles.insert(row.get::<_, String>(2)?) {
            continue;
        }
        let roles: Vec<String> = serde_json::from_str(row.get_ref(1)?.as_str()?)?;
        candidate.add(portrait(db, row.get(0)?, &roles)?);
    }
    Ok(candidate)
}

/// Returns what an article says about somebody to whom it gives these roles.
fn portrait(db: &Connection, article: ArticleId, roles: &[String]) -> Result<Portrait> {
    // The others would be left out of the company anyway.
    let mut statement = db.prepare_cached(
        "SELECT e.kind, e.name FROM entities e WHERE e.article = ? AND e.kind <> 'place' AND e.alone IS NULL",
    )?;
    let rows = statement
        .query_map([article], |r| Ok((r.get::<_, Sql<EntityKind>>(0)?.0, r.get::<_, String>(1)?)))?;
    let entities = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let named = entities.iter().map(|(kind, name)| (*kind, name.as_str()));
    Ok(Portrait::new(roles.iter().map(String::as_str), named))
}
