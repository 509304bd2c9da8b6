//! Recovering intact data from a damaged store.

use std::collections::HashMap;

use onrecord_text::wire;

use crate::error::{Result, StoreError};
use crate::handle::{Reader, Store};
use crate::ids::ArticleId;
use crate::put::Batch;
use crate::verify::Fault;
use crate::{decision, decisions, record, verify};

/// The number of articles that are committed together.
const TOGETHER: usize = 100;

/// The amount of data that was recovered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Salvaged {
    /// The number of recovered versions of articles.
    pub articles: usize,
    /// The number of recovered decisions.
    pub decisions: usize,
    /// The number of versions of articles that could not be recovered.
    pub lost: usize,
}

impl Reader {
    /// Returns every intact version of every article with its number, and a fault for what can't be recovered.
    ///
    /// An article is intact if it is as it was put. A fault concerns only the article that it names; the next articles
    /// follow it.
    pub fn sound_versions(&self) -> impl Iterator<Item = Result<(ArticleId, wire::Record), Fault>> {
        let (ids, unread) = verify::articles(&self.db);
        let sound = |id: ArticleId| match self.sound(id) {
            Ok(record) => Ok((id, record)),
            Err(what) => Err(Fault { place: id.to_string(), what }),
        };
        verify::cut(self).into_iter().chain(unread).map(Err).chain(ids.into_iter().map(sound))
    }

    /// Returns the record of a version of an article if it is as it was put, or what is wrong with it.
    fn sound(&self, id: ArticleId) -> Result<wire::Record, String> {
        let unread = |e: crate::error::Trouble| format!("can't be read: {e}");
        let faults = verify::findings(&self.db, id).map_err(unread)?;
        match faults.into_iter().next() {
            Some(fault) if fault.place == id.to_string() => Err(fault.what),
            Some(fault) => Err(format!("{}: {}", fault.place, fault.what)),
            None => record::of(&self.db, id)
                .map_err(unread)?
                .ok_or_else(|| "can't be found by its number".to_owned()),
        }
    }

    /// Copies every intact version of every article and every intact decision into a new store, with the same numbers.
    ///
    /// The new store does not know which documents were read before, so reading them again restores what was lost.
    /// `fault` receives what is skipped, and why.
    ///
    /// # Errors
    ///
    /// Returns an error if the new store can't be written, or the first error from `fault`.
    pub fn salvage<E: From<StoreError>>(
        &self,
        to: &mut Store,
        mut fault: impl FnMut(Fault) -> Result<(), E>,
    ) -> Result<Salvaged, E> {
        let mut done = Salvaged::default();
        let (ids, unread) = verify::articles(&self.db);
        verify::cut(self).into_iter().chain(unread).try_for_each(&mut fault)?;
        let (mut sound, mut latest) = (Vec::new(), HashMap::<String, (bool, ArticleId)>::new());
        for id in ids {
            match self.sound(id).and_then(|_| self.place(id).map_err(|e| format!("can't be read: {e}"))) {
                Ok((key, is_latest)) => {
                    // If the latest version is lost, the last of the remaining ones takes its place.
                    let last = latest.entry(key.clone()).or_insert((is_latest, id));
                    *last = (*last).max((is_latest, id));
                    sound.push((id, key));
                }
                Err(what) => {
                    done.lost += 1;
                    fault(Fault { place: id.to_string(), what })?;
                }
            }
        }
        let kept = match decision::all(&self.db) {
            Ok(all) => {
                let (kept, broken): (Vec<_>, Vec<_>) =
                    all.into_iter().partition(decision::Decision::is_sound);
                for decision in broken {
                    let place = format!("decision {}", decision.id);
                    fault(Fault { place, what: "is not as it was made".to_owned() })?;
                }
                kept
            }
            Err(trouble) => {
                fault(Fault { place: "decisions".to_owned(), what: format!("can't be read: {trouble}") })?;
                Vec::new()
            }
        };
        done.decisions = kept.len();
        to.writing(|db| decision::restore(db, &kept))?;
        for some in sound.chunks(TOGETHER) {
            let mut batch: Batch = to.batch()?;
            for (id, key) in some {
                if let Some(record) = self.record(*id)? {
                    let is_latest = latest.get(key).is_some_and(|(_, last)| last == id);
                    batch.restore(&record, *id, key, is_latest)?;
                    done.articles += 1;
                }
            }
            batch.commit()?;
        }
        to.join(|| false)?;
        to.writing(decisions::apply_all)?;
        // Splits change whom a surname alone belongs to.
        to.join(|| false)?;
        Ok(done)
    }

    /// Returns the key of a version of an article, and whether it is the latest version.
    fn place(&self, id: ArticleId) -> Result<(String, bool)> {
        let sql = "SELECT key, latest FROM articles WHERE id = ?";
        Ok(self.db.prepare_cached(sql)?.query_row([id], |r| Ok((r.get(0)?, r.get(1)?)))?)
    }
}
