//! Changes between the versions of an article.

use std::collections::{BTreeMap, HashMap, VecDeque};

use rusqlite::{Connection, OptionalExtension};

use crate::error::{Result, StoreError, Trouble};
use crate::handle::Reader;
use crate::ids::{ArticleId, StatementId};
use crate::lineage::{self, Edit};
use crate::rows::{self, Hit};
use crate::words::{self, Number};

/// The share of the words of the shorter of two statements above which the later one is a change of the earlier one.
const HALF: f64 = 0.5;

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
    pub earlier: ArticleId,
    /// The number of the later version.
    pub later: ArticleId,
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
            let versions = statement
                .query_map([article], |r| r.get(0))?
                .collect::<rusqlite::Result<Vec<ArticleId>>>()?;
            versions.windows(2).map(|pair| self.between(pair[0], pair[1])).collect()
        };
        self.with_path(changes())
    }

    fn between(&self, earlier: ArticleId, later: ArticleId) -> Result<Changes> {
        let hits = |article| -> Result<Vec<Hit>> {
            let ids: Vec<StatementId> =
                rows::contents(&self.db, article)?.into_iter().map(|(id, _)| id).collect();
            rows::hits(&self.db, &ids, &[])
        };
        let (before, after) = (hits(earlier)?, hits(later)?);
        let known = |h: &Hit| (words::fold(&h.content), h.kind, h.speaker.clone(), h.cue.clone());
        let mut places: HashMap<_, VecDeque<usize>> = HashMap::new();
        for (place, hit) in after.iter().enumerate() {
            places.entry(known(hit)).or_default().push_back(place);
        }
        let mut after: Vec<Option<Hit>> = after.into_iter().map(Some).collect();
        let (mut same, mut left) = (0, Vec::new());
        for hit in before {
            match places.get_mut(&known(&hit)).and_then(VecDeque::pop_front) {
                Some(place) => {
                    after[place] = None;
                    same += 1;
                }
                None => left.push(hit),
            }
        }
        let mut new = Unpaired::of(after.into_iter().flatten().collect());
        let mut changes = Vec::new();
        for hit in left {
            match new.take_most_like(&hit) {
                Some(now) => {
                    let diff = lineage::diff(&hit.content, &now.content);
                    changes.push(Change::Changed(Box::new(hit), Box::new(now), diff));
                }
                None => changes.push(Change::Vanished(hit)),
            }
        }
        changes.extend(new.hits.into_iter().flatten().map(Change::Appeared));
        Ok(Changes { earlier, later, changes, same })
    }
}

/// The statements of a version that are not paired with one of the version before.
struct Unpaired {
    hits: Vec<Option<Hit>>,
    words: Vec<Vec<Number>>,
    /// The statements that have a word, and how often they have it.
    having: HashMap<Number, Vec<(usize, usize)>>,
}

impl Unpaired {
    fn of(hits: Vec<Hit>) -> Self {
        let words: Vec<Vec<Number>> = hits.iter().map(|hit| words::numbers(&hit.content)).collect();
        let mut having: HashMap<Number, Vec<(usize, usize)>> = HashMap::new();
        for (place, words) in words.iter().enumerate() {
            for (word, count) in counts(words) {
                having.entry(word).or_default().push((place, count));
            }
        }
        Self { hits: hits.into_iter().map(Some).collect(), words, having }
    }

    /// Takes out the statement that shares the largest part of its words with this one, if that is more than half of the
    /// words of the shorter of the two, in the same order.
    fn take_most_like(&mut self, hit: &Hit) -> Option<Hit> {
        let words = words::numbers(&hit.content);
        let mut in_any_order = vec![0; self.hits.len()];
        for (word, count) in counts(&words) {
            for &(place, other) in self.having.get(&word).into_iter().flatten() {
                in_any_order[place] += count.min(other);
            }
        }
        let share = |common: usize, place: usize| {
            common as f64 / words.len().min(self.words[place].len()).max(1) as f64
        };
        let left = (0..self.hits.len()).filter(|&place| self.hits[place].is_some());
        // Comparing the order takes long, and finds no more words than there are in any order.
        let alike = left.filter(|&place| share(in_any_order[place], place) > HALF);
        let shares = alike.map(|place| (place, share(lineage::common(&words, &self.words[place]), place)));
        let (place, share) = shares.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        if share > HALF { self.hits[place].take() } else { None }
    }
}

/// Returns how often each word occurs.
fn counts(words: &[Number]) -> BTreeMap<Number, usize> {
    let mut counts = BTreeMap::new();
    words.iter().for_each(|&word| *counts.entry(word).or_default() += 1);
    counts
}

/// Returns the number of the article with this number, web address or name. If there are several, the latest
/// version wins.
pub(crate) fn article(db: &Connection, name: &str) -> Result<Option<ArticleId>> {
    if let Ok(id) = name.parse::<i64>() {
        let found = db.query_row("SELECT id FROM articles WHERE id = ?", [id], |r| r.get(0)).optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    let sql = "SELECT id FROM articles WHERE key = ? AND latest";
    Ok(db.query_row(sql, [name], |r| r.get(0)).optional()?)
}
