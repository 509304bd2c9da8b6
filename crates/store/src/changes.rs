//! Changes between the versions of an article.

use rusqlite::{Connection, OptionalExtension};

use crate::error::{Result, StoreError, Trouble};
use crate::handle::Reader;
use crate::lineage::{self, Edit};
use crate::rows::{self, Hit};
use crate::words;

/// How a statement changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The statement is new.
    Appeared(Hit),
    /// The statement is gone.
    Vanished(Hit),
    /// The statement's words, cue or speaker changed: before, after, and the differences between their words.
    Changed(Box<Hit>, Box<Hit>, Vec<Edit>),
}

/// The changes from one version of an article to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// The number of the earlier version.
    pub earlier: i64,
    /// The number of the later version.
    pub later: i64,
    /// The statements that are not the same in both versions.
    pub changes: Vec<Change>,
    /// The number of statements that stayed the same.
    pub same: usize,
}

impl Reader {
    /// Returns what changed from version to version of an article, oldest first.
    ///
    /// The result is empty for an article with only one version. `name` is the number of any version, the web address,
    /// or the name under which the article was ingested.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such article, or the store can't be read.
    pub fn changes(&self, name: &str) -> Result<Vec<Changes>, StoreError> {
        let changes = || -> Result<Vec<Changes>> {
            let article = article(&self.db, name)?
                .ok_or_else(|| Trouble::NotFound(format!("{name}: no such article in this store")))?;
            let sql =
                "SELECT v.id FROM articles v JOIN articles a ON a.key = v.key WHERE a.id = ? ORDER BY v.id";
            let mut statement = self.db.prepare(sql)?;
            let versions =
                statement.query_map([article], |r| r.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
            versions.windows(2).map(|pair| self.between(pair[0], pair[1])).collect()
        };
        self.named(changes())
    }

    fn between(&self, earlier: i64, later: i64) -> Result<Changes> {
        let hits = |article| -> Result<Vec<Hit>> {
            let ids: Vec<i64> = rows::contents(&self.db, article)?.into_iter().map(|(id, _)| id).collect();
            rows::hits(&self.db, &ids, &[])
        };
        let (before, mut after) = (hits(earlier)?, hits(later)?);
        let (mut changes, mut same, mut left) = (Vec::new(), 0, Vec::new());
        let known = |h: &Hit| (words::fold(&h.content), h.kind, h.speaker.clone(), h.cue.clone());
        let mut keys: Vec<_> = after.iter().map(known).collect();
        for hit in before {
            let key = known(&hit);
            match keys.iter().position(|other| *other == key) {
                Some(at) => {
                    keys.remove(at);
                    after.remove(at);
                    same += 1;
                }
                None => left.push(hit),
            }
        }
        for hit in left {
            let shares = after.iter().map(|h| lineage::share(&hit.content, &h.content)).enumerate();
            match shares.max_by(|(_, a), (_, b)| a.total_cmp(b)).filter(|(_, share)| *share > 0.5) {
                Some((at, _)) => {
                    let now = after.remove(at);
                    let diff = lineage::diff(&hit.content, &now.content);
                    changes.push(Change::Changed(Box::new(hit), Box::new(now), diff));
                }
                None => changes.push(Change::Vanished(hit)),
            }
        }
        changes.extend(after.into_iter().map(Change::Appeared));
        Ok(Changes { earlier, later, changes, same })
    }
}

/// Returns the number of the article with this number, web address or name. If there are several, the latest
/// version wins.
pub(crate) fn article(db: &Connection, name: &str) -> Result<Option<i64>> {
    if let Ok(id) = name.parse::<i64>() {
        let found = db.query_row("SELECT id FROM articles WHERE id = ?", [id], |r| r.get(0)).optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    let sql = "SELECT id FROM articles WHERE key = ? AND latest";
    Ok(db.query_row(sql, [name], |r| r.get(0)).optional()?)
}
