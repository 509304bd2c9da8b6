//! Which people decisions made one.
//!
//! `people.same_as` holds whom a person was merged into. That person may have been merged into another in turn; the last
//! of them is the *root* and stands for all of them.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::Connection;

use crate::error::Result;
use crate::ids::PersonRef;

/// The SQL for a person and everyone whom they were merged into, one after the other. It ends even if the merges of a
/// damaged store form a cycle.
const UPWARDS: &str = "WITH RECURSIVE merged (id) AS (VALUES (?) UNION
        SELECT p.same_as FROM merged JOIN people p ON p.id = merged.id WHERE p.same_as IS NOT NULL)
    SELECT id FROM merged";
/// The SQL for a person and everyone merged into them.
const DOWNWARDS: &str = "WITH RECURSIVE merged (id) AS (VALUES (?) UNION
        SELECT p.id FROM merged JOIN people p ON p.same_as = merged.id)
    SELECT id FROM merged";
/// The SQL for all merges.
const MERGES: &str = "SELECT id, same_as FROM people WHERE same_as IS NOT NULL";

/// These requests, whose plans a test checks.
#[cfg(test)]
pub(crate) const REQUESTS: [&str; 3] = [UPWARDS, DOWNWARDS, MERGES];

/// Returns the person that this one was merged into, directly or through others.
pub(crate) fn root_of(db: &Connection, id: PersonRef) -> Result<PersonRef> {
    let mut upwards = db.prepare_cached(UPWARDS)?;
    let root = upwards.query_map([id], |r| r.get(0))?.last();
    Ok(root.transpose()?.unwrap_or(id))
}

/// Returns a person and everyone merged into them.
pub(crate) fn group(db: &Connection, root: PersonRef) -> Result<Vec<PersonRef>> {
    let mut downwards = db.prepare_cached(DOWNWARDS)?;
    let ids = downwards.query_map([root], |r| r.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// Returns everyone who is the same as this person, whoever was merged into whom.
pub(crate) fn group_of(db: &Connection, person: PersonRef) -> Result<Vec<PersonRef>> {
    group(db, root_of(db, person)?)
}

/// Returns the names of a person and of everyone merged with them.
pub(crate) fn names_of(db: &Connection, person: PersonRef) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached("SELECT name FROM people WHERE id = ?")?;
    let group = group_of(db, person)?;
    let names = group.iter().map(|id| statement.query_row([id], |r| r.get(0)));
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

/// Whom each merged person was merged into, for whoever asks about many people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Merges(HashMap<PersonRef, PersonRef>);

impl Merges {
    /// Reads all merges of a store.
    pub fn read(db: &Connection) -> Result<Self> {
        let mut statement = db.prepare_cached(MERGES)?;
        let merges = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(merges.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns what decisions lead to, each of which merged the second person of a pair into the first. They are given
    /// in the order in which they were made.
    pub fn decided(pairs: impl IntoIterator<Item = (PersonRef, PersonRef)>) -> Self {
        let mut merges = Self::default();
        for (a, b) in pairs {
            let (a, b) = (merges.root_of(a), merges.root_of(b));
            if a != b {
                merges.0.insert(b, a);
            }
        }
        merges
    }

    /// Returns the person that this one was merged into, directly or through others.
    pub fn root_of(&self, mut id: PersonRef) -> PersonRef {
        // In a damaged store, the merges might form a cycle.
        let mut seen = HashSet::new();
        while let Some(&next) = self.0.get(&id) {
            seen.insert(id);
            if seen.contains(&next) {
                break;
            }
            id = next;
        }
        id
    }

    /// Returns everyone who was merged, with the person whom they were merged into directly.
    pub fn iter(&self) -> impl Iterator<Item = (PersonRef, PersonRef)> {
        self.0.iter().map(|(&id, &into)| (id, into))
    }

    /// Returns the people who were merged into somebody else than in `other`, or in only one of them.
    pub fn differing(&self, other: &Self) -> BTreeSet<PersonRef> {
        let differs = |id: &PersonRef| self.0.get(id) != other.0.get(id);
        self.0.keys().chain(other.0.keys()).copied().filter(differs).collect()
    }
}

impl FromIterator<(PersonRef, PersonRef)> for Merges {
    fn from_iter<T: IntoIterator<Item = (PersonRef, PersonRef)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(i64, i64)]) -> impl Iterator<Item = (PersonRef, PersonRef)> {
        pairs.iter().map(|&(one, other)| (PersonRef(one), PersonRef(other)))
    }

    /// Returns a store in which people with these numbers were merged like this.
    fn store(people: i64, merges: &[(i64, i64)]) -> (tempfile::TempDir, crate::handle::Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::handle::Store::create(&folder.path().join("news.db")).unwrap();
        for id in 1..=people {
            let sql = "INSERT INTO people (id, kind, key, name) VALUES (?1, 'person', 'person/' || ?1, ?1)";
            store.db.execute(sql, [id]).unwrap();
        }
        for (person, into) in merges {
            store.db.execute("UPDATE people SET same_as = ? WHERE id = ?", [into, person]).unwrap();
        }
        (folder, store)
    }

    #[test]
    fn merges_lead_to_one_root_through_others() {
        let (_folder, store) = store(7, &[(5, 2), (2, 4), (7, 4), (1, 2), (6, 7)]);
        let db = &store.db;
        let merges = Merges::read(db).unwrap();
        for (person, root) in pairs(&[(5, 4), (2, 4), (7, 4), (1, 4), (6, 4), (4, 4), (3, 3), (99, 99)]) {
            assert_eq!(root_of(db, person).unwrap(), root, "{person}");
            assert_eq!(merges.root_of(person), root, "{person}");
        }
        assert_eq!(
            group_of(db, PersonRef(6)).unwrap(),
            [4, 2, 7, 1, 5, 6].map(PersonRef),
            "nearest first, then by number"
        );
        assert_eq!(group_of(db, PersonRef(3)).unwrap(), [PersonRef(3)]);
        assert_eq!(names_of(db, PersonRef(1)).unwrap().len(), 6);
    }

    #[test]
    fn merges_in_a_circle_end() {
        let (_folder, store) = store(4, &[(1, 2), (2, 3), (3, 2)]);
        let merges = Merges::read(&store.db).unwrap();
        for person in (1..=4).map(PersonRef) {
            assert_eq!(root_of(&store.db, person).unwrap(), merges.root_of(person), "{person}");
        }
        assert_eq!(root_of(&store.db, PersonRef(1)).unwrap(), PersonRef(3));
        assert_eq!(group(&store.db, PersonRef(2)).unwrap(), [2, 1, 3].map(PersonRef));
    }

    #[test]
    fn decisions_merge_whole_groups() {
        let merges = Merges::decided(pairs(&[(1, 2), (3, 4), (2, 4), (4, 1)]));
        assert_eq!(merges, pairs(&[(2, 1), (4, 3), (3, 1)]).collect());
        let other = Merges::decided(pairs(&[(1, 2), (4, 3)]));
        assert_eq!(merges.differing(&other), BTreeSet::from([3, 4].map(PersonRef)));
        assert!(merges.differing(&merges).is_empty());
    }
}
