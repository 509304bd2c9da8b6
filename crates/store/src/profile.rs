//! What a store has about one person, organisation or place.
//!
//! Roles, names and mentions are drawn from the newest articles and statements, and the answer says whether these were
//! all. Numbers of statements and their times come from an index and are complete.

use std::collections::{BTreeMap, HashMap, HashSet};

use onrecord_text::answers::{self, Period, Relation};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Result, StoreError};
use crate::find::Hits;
use crate::handle::Reader;
use crate::ids::{EntityId, PersonRef, StatementId, json_array};
use crate::kinds::{Link, Sql};
use crate::merges::Merges;
use crate::rows::dated;
use crate::timeline::Days;
use crate::{merges, people, rows};

/// How many of somebody's newest articles and statements are looked at.
const LOOKED_AT: usize = 2_000;
/// How many roles, names, and people a list has.
const LISTED: usize = 50;

/// The SQL for the statements beside some people, the newest first.
const STATEMENTS: &str = "SELECT p.statement FROM json_each(?1) AS wanted
    CROSS JOIN people_statements p ON p.person = wanted.value AND p.field = ?2";
/// The SQL for a person's newest statements before an id. What people say about themselves doesn't count as about them.
const NEWEST: &str = "SELECT p.statement FROM people_statements p
    WHERE p.person = ?1 AND p.field = ?2 AND p.statement < ?3 AND (?2 = 'speaker' OR NOT EXISTS (
        SELECT 1 FROM json_each(?4) AS one CROSS JOIN people_statements s
        WHERE s.person = one.value AND s.field = 'speaker' AND s.statement = p.statement))
    ORDER BY p.statement DESC LIMIT ?5";
/// The SQL for who else is beside some statements.
const BESIDE: &str = "SELECT p.person, count(*) FROM json_each(?1) AS wanted
    CROSS JOIN people_statements p INDEXED BY people_statements_statement ON p.statement = wanted.value
    WHERE p.field = ?2 GROUP BY p.person";
/// The SQL for somebody's entities in the newest articles.
const ENTITIES: &str = concat!(
    "SELECT e.id, e.name, e.roles, i.evidence, ",
    dated!(),
    " FROM (
        SELECT i.entity, i.evidence FROM json_each(?1) AS wanted
        CROSS JOIN identities i INDEXED BY identities_person ON i.person = wanted.value
        ORDER BY i.entity DESC LIMIT ?2) AS i
    CROSS JOIN entities e ON e.id = i.entity CROSS JOIN articles a ON a.id = e.article
    WHERE a.latest ORDER BY e.id DESC"
);
/// The SQL for the address of a statement by an entity.
const STATEMENT: &str = "SELECT s.address FROM links l JOIN statements s ON s.id = l.statement
    WHERE l.entity = ? AND l.field = 'speaker' LIMIT 1";

/// These requests, whose plans a test checks.
#[cfg(test)]
pub(crate) const REQUESTS: [&str; 5] = [STATEMENTS, NEWEST, BESIDE, ENTITIES, STATEMENT];

impl Reader {
    /// Returns what the store has about a person, organisation or place, given by number.
    ///
    /// # Errors
    ///
    /// Returns an error if nobody has this number, or the store can't be read.
    pub fn profile(&self, person: PersonRef) -> Result<answers::Profile, StoreError> {
        self.reading(|db| {
            people::known(db, person)?;
            profile(db, person)
        })
    }
}

impl Reader {
    /// Returns a page of what a person said, or of what others said about them, the newest first.
    ///
    /// `after` is the name or address of the last statement of the page before. The statements are marked with their
    /// relation to the person.
    ///
    /// # Errors
    ///
    /// Returns an error if nobody has this number, there is no statement `after`, or the store can't be read.
    pub fn statements_by_or_about(
        &self,
        person: PersonRef,
        relation: Relation,
        after: Option<&str>,
        limit: usize,
    ) -> Result<answers::Hits, StoreError> {
        self.reading(|db| {
            people::known(db, person)?;
            let before = match after {
                Some(name) => rows::id_of(db, rows::statement_named(db, name)?)?,
                None => StatementId(i64::MAX),
            };
            let mut ids = newest(db, &merges::group_of(db, person)?, relation, before, limit)?;
            let more = ids.len() > limit;
            ids.truncate(limit);
            let mut answer: answers::Hits =
                (&Hits { hits: rows::hits(db, &ids, &[])?, more, cut: false }).into();
            for hit in &mut answer.hits {
                hit.relation = Some(relation);
            }
            Ok(answer)
        })
    }
}

/// Returns the ids of the newest statements beside some people before an id, and one more than `limit` if there are.
fn newest(
    db: &Connection,
    people: &[PersonRef],
    relation: Relation,
    before: StatementId,
    limit: usize,
) -> Result<Vec<StatementId>> {
    let field = if relation == Relation::Said { Link::Speaker } else { Link::About };
    let wanted = json_array(people);
    let mut statement = db.prepare_cached(NEWEST)?;
    let mut ids = Vec::new();
    // Nearly everybody is one person, whose statements the index has in order.
    for person in people {
        let rows = statement
            .query_map(params![person, field, before, wanted, limit.saturating_add(1)], |r| r.get(0))?;
        ids.extend(rows.collect::<rusqlite::Result<Vec<StatementId>>>()?);
    }
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.dedup();
    ids.truncate(limit.saturating_add(1));
    Ok(ids)
}

fn profile(db: &Connection, person: PersonRef) -> Result<answers::Profile> {
    let person = people::person(db, person)?;
    let wanted = json_array(&person.ids);
    let said = statements(db, &wanted, Link::Speaker)?;
    let own: HashSet<StatementId> = said.iter().copied().collect();
    let mut about = statements(db, &wanted, Link::About)?;
    about.retain(|id| !own.contains(id));
    let (unit, over_time) = over_time(&said, &about);

    let latest = |ids: &[StatementId]| ids[ids.len().saturating_sub(LOOKED_AT)..].to_vec();
    let merges = Merges::read(db)?;
    let (roles, names) = roles_and_names(db, &wanted)?;
    Ok(answers::Profile {
        schema: answers::Schema,
        person: (&person).into(),
        roles,
        said: said.len(),
        about: about.len(),
        unit,
        over_time,
        mentions: beside(db, &latest(&said), Link::About, &person.ids, &merges)?,
        mentioned_by: beside(db, &latest(&about), Link::Speaker, &person.ids, &merges)?,
        names,
        merged: if person.ids.len() > 1 { merged(db, &person.ids)? } else { Vec::new() },
        looked_at: LOOKED_AT,
        complete: said.len().max(about.len()).max(person.articles) <= LOOKED_AT,
    })
}

/// Returns the ids of the statements beside some people, oldest first.
fn statements(db: &Connection, people: &str, field: Link) -> Result<Vec<StatementId>> {
    let mut statement = db.prepare_cached(STATEMENTS)?;
    let rows = statement.query_map(params![people, field], |r| r.get(0))?;
    let mut ids = rows.collect::<rusqlite::Result<Vec<StatementId>>>()?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Returns the numbers of statements by and about somebody over time, and the length of the buckets.
fn over_time(said: &[StatementId], about: &[StatementId]) -> (Period, Vec<answers::ProfileBucket>) {
    let days = |ids: &[StatementId]| {
        let mut days = Days::default();
        ids.iter().for_each(|&id| days.add(id));
        days
    };
    let (mut said, mut about) = (days(said), days(about));
    said.cover(&mut about);
    about.cover(&mut said);
    let unit = said.unit();
    let mut buckets: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for (date, count) in said.buckets(unit) {
        buckets.entry(date).or_default()[0] = count;
    }
    for (date, count) in about.buckets(unit) {
        buckets.entry(date).or_default()[1] = count;
    }
    let bucket = |(date, [said, about]): (String, [usize; 2])| answers::ProfileBucket { date, said, about };
    (unit, buckets.into_iter().map(bucket).collect())
}

/// Returns who else is beside some statements, the most frequent first.
fn beside(
    db: &Connection,
    statements: &[StatementId],
    field: Link,
    own: &[PersonRef],
    merges: &Merges,
) -> Result<Vec<answers::PersonCount>> {
    let mut counts: HashMap<PersonRef, usize> = HashMap::new();
    let mut statement = db.prepare_cached(BESIDE)?;
    let mut found = statement.query(params![json_array(statements), field])?;
    while let Some(row) = found.next()? {
        let person: PersonRef = row.get(0)?;
        if !own.contains(&person) {
            *counts.entry(merges.root_of(person)).or_default() += row.get::<_, usize>(1)?;
        }
    }
    let mut counts: Vec<(PersonRef, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(person, count)| (std::cmp::Reverse(count), person));
    counts.truncate(LISTED);
    let ids: Vec<PersonRef> = counts.iter().map(|&(person, _)| person).collect();
    let mut names = rows::people(db, &ids)?;
    let mut all = Vec::new();
    for (person, statements) in counts {
        let Some((name, kind)) = names.remove(&person) else { continue };
        all.push(answers::PersonCount { person: person.to_string(), name, kind, statements });
    }
    Ok(all)
}

/// A number of articles, and the dates of the first and the last.
#[derive(Default)]
struct Seen {
    articles: usize,
    first: Option<String>,
    last: Option<String>,
    /// The entity in the newest article.
    entity: Option<EntityId>,
}

impl Seen {
    fn add(&mut self, entity: EntityId, published: Option<&String>) {
        if self.articles == 0 {
            self.entity = Some(entity);
        }
        self.articles += 1;
        // Dates without a year have no place in this order.
        let Some(date) = published.filter(|date| !date.starts_with('X')) else { return };
        if self.first.as_ref().is_none_or(|first| date < first) {
            self.first = Some(date.clone());
        }
        if self.last.as_ref().is_none_or(|last| date > last) {
            self.last = Some(date.clone());
        }
    }
}

/// Returns the roles that articles give to some people, and the names by which they call them.
fn roles_and_names(
    db: &Connection,
    wanted: &str,
) -> Result<(Vec<answers::RoleSpan>, Vec<answers::JoinedName>)> {
    let (mut roles, mut names) = (HashMap::<String, Seen>::new(), HashMap::<(String, String), Seen>::new());
    let mut statement = db.prepare_cached(ENTITIES)?;
    let mut found = statement.query(params![wanted, LOOKED_AT])?;
    while let Some(row) = found.next()? {
        let (entity, published): (EntityId, Option<String>) = (row.get(0)?, row.get(4)?);
        for role in serde_json::from_str::<Vec<String>>(row.get_ref(2)?.as_str()?)? {
            roles.entry(role).or_default().add(entity, published.as_ref());
        }
        names.entry((row.get(1)?, row.get(3)?)).or_default().add(entity, published.as_ref());
    }
    let role = |(role, seen): (String, Seen)| answers::RoleSpan {
        role,
        articles: seen.articles,
        first: seen.first,
        last: seen.last,
    };
    let roles = most_frequent(roles).map(role).collect();
    let mut address = db.prepare_cached(STATEMENT)?;
    let mut joined = Vec::new();
    for ((name, evidence), seen) in most_frequent(names) {
        joined.push(answers::JoinedName {
            name,
            evidence,
            articles: seen.articles,
            first: seen.first,
            last: seen.last,
            statement: address.query_row([seen.entity], |r| r.get(0)).optional()?.flatten(),
        });
    }
    Ok((roles, joined))
}

fn most_frequent<T: Ord>(seen: HashMap<T, Seen>) -> impl Iterator<Item = (T, Seen)> {
    let mut all: Vec<(T, Seen)> = seen.into_iter().collect();
    all.sort_by(|(a, of_a), (b, of_b)| of_b.articles.cmp(&of_a.articles).then_with(|| a.cmp(b)));
    all.into_iter().take(LISTED)
}

/// Returns the people who were merged, with the decisions that did so.
fn merged(db: &Connection, ids: &[PersonRef]) -> Result<Vec<answers::MergedPerson>> {
    let mut statement = db.prepare_cached(
        "SELECT p.id, p.name, p.kind, (
             SELECT json_group_array(d.id) FROM decisions d
             WHERE d.kind = 'merge' AND NOT d.undone AND p.key IN (d.person, d.other))
         FROM json_each(?) AS wanted CROSS JOIN people p ON p.id = wanted.value ORDER BY wanted.key",
    )?;
    let mut found = statement.query([json_array(ids)])?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        all.push(answers::MergedPerson {
            person: row.get::<_, PersonRef>(0)?.to_string(),
            name: row.get(1)?,
            kind: row.get::<_, Sql<_>>(2)?.0,
            decisions: serde_json::from_str(row.get_ref(3)?.as_str()?)?,
        });
    }
    Ok(all)
}
