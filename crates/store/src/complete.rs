//! Completing the name that somebody begins to type.

use std::collections::{BTreeSet, HashMap};

use onrecord_text::answers;
use rusqlite::{Connection, params};

use crate::error::{Result, StoreError};
use crate::handle::Reader;
use crate::ids::{PersonRef, json_array};
use crate::kinds::Sql;
use crate::merges::Merges;
use crate::words;

/// How many names of each kind that begin like this are compared: the first ones in the order of the alphabet.
const COMPARED: usize = 300;
/// How many articles of a name are counted.
const COUNTED: i64 = 1_000;

/// The SQL for people whose full name or surname begins with a word. Both have an index.
const BY_WORD: &str = "SELECT id FROM (SELECT id FROM people WHERE key >= ?1 AND key < ?2 LIMIT ?7)
    UNION SELECT id FROM (SELECT id FROM people WHERE key >= ?3 AND key < ?4 LIMIT ?7)
    UNION SELECT id FROM (SELECT id FROM people WHERE key >= ?5 AND key < ?6 LIMIT ?7)
    UNION SELECT id FROM (SELECT id FROM people WHERE surname >= ?8 AND surname < ?9 LIMIT ?7)";
/// The SQL for people whose name has these words, the last of which may be incomplete.
const BY_WORDS: &str = "SELECT rowid FROM names WHERE names MATCH ? LIMIT ?";
/// The SQL for the number of articles that name each of some people.
const ARTICLES: &str = "SELECT p.id, p.name, p.kind,
        (SELECT count(*) FROM (SELECT 1 FROM identities i WHERE i.person = p.id LIMIT ?2))
    FROM json_each(?1) AS wanted CROSS JOIN people p ON p.id = wanted.value";

/// These requests, whose plans a test checks.
#[cfg(test)]
pub(crate) const REQUESTS: [&str; 3] = [BY_WORD, BY_WORDS, ARTICLES];

impl Reader {
    /// Returns the persons, organisations and places whose name begins as the text does, those in the most articles
    /// first.
    ///
    /// A single word may begin a name or a surname. Several words may occur anywhere in a name. If more than 300 names
    /// begin with the same letters, only the first 300 in the order of the alphabet are compared.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn complete(&self, text: &str, limit: usize) -> Result<Vec<answers::Completion>, StoreError> {
        self.reading(|db| complete(db, text, limit))
    }
}

fn complete(db: &Connection, text: &str, limit: usize) -> Result<Vec<answers::Completion>> {
    let folded = words::fold(text);
    if folded.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<PersonRef> = if folded.contains(' ') {
        let mut found = db.prepare_cached(BY_WORDS)?;
        let rows = found.query_map(params![format!("\"{folded}\" *"), COMPARED], |r| r.get(0))?;
        rows.collect::<rusqlite::Result<_>>()?
    } else {
        let end = |from: &str| format!("{from}\u{10ffff}");
        let [person, organization, place] =
            ["person", "organization", "place"].map(|kind| format!("{kind}/{folded}"));
        let mut found = db.prepare_cached(BY_WORD)?;
        let rows = found.query_map(
            params![
                person,
                end(&person),
                organization,
                end(&organization),
                place,
                end(&place),
                COMPARED,
                folded,
                end(&folded)
            ],
            |r| r.get(0),
        )?;
        rows.collect::<rusqlite::Result<_>>()?
    };
    let merges = Merges::read(db)?;
    let roots: BTreeSet<PersonRef> = ids.into_iter().map(|id| merges.root_of(id)).collect();
    let merged = merges.iter().map(|(id, _)| id).filter(|&id| roots.contains(&merges.root_of(id)));
    let everybody: BTreeSet<PersonRef> = merged.chain(roots.iter().copied()).collect();
    let mut articles: HashMap<PersonRef, usize> = HashMap::new();
    let mut all = Vec::new();
    let mut statement = db.prepare_cached(ARTICLES)?;
    let mut found = statement.query(params![json_array(&everybody), COUNTED])?;
    while let Some(row) = found.next()? {
        let id: PersonRef = row.get(0)?;
        *articles.entry(merges.root_of(id)).or_default() += row.get::<_, usize>(3)?;
        if roots.contains(&id) {
            all.push((id, row.get(1)?, row.get::<_, Sql<_>>(2)?.0));
        }
    }
    let completion = |(id, name, kind): (PersonRef, _, _)| answers::Completion {
        person: id.to_string(),
        name,
        kind,
        articles: articles.get(&id).copied().unwrap_or_default(),
    };
    let mut all: Vec<answers::Completion> = all.into_iter().map(completion).collect();
    // Somebody whom a decision split off, and who was joined again, is in no article.
    all.retain(|completion| completion.articles > 0);
    all.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.name.cmp(&b.name)));
    all.truncate(limit);
    Ok(all)
}
