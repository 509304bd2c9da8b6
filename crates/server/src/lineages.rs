//! The lineages of statements that people looked at.
//!
//! Finding the versions of a quotation takes most of the time of a statement's page: hundreds of statements are compared word
//! by word. Which statements are its versions is therefore kept until the store changes. What they say, who said it and how
//! they differ is read again for every page.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use onrecord_store::{Kin, Lineage, Reader, StatementRef, StoreError};

/// The maximum number of versions that are kept, over all lineages, which take some 32 bytes each.
const MOST: usize = 1_000_000;

/// The versions of quotations in one state of the store, by the addresses of the statements.
#[derive(Default)]
pub(crate) struct Lineages(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// The tag of the state.
    tag: String,
    kin: HashMap<String, Arc<Kin>>,
    /// The number of versions in all lineages, each of which counts as one more.
    versions: usize,
}

impl Lineages {
    /// Returns the lineage of a statement. `tag` returns a tag that is different after anybody has written to the store.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such statement, or the store can't be read.
    pub(crate) fn of<E: From<StoreError>>(
        &self,
        reader: &Reader,
        name: StatementRef,
        address: &str,
        tag: impl Fn() -> Result<String, E>,
    ) -> Result<Lineage, E> {
        let before = tag()?;
        // The state that is read is the one with this tag only if the tag is still the same afterwards.
        let known = self.kept().find(&before, address);
        if let Some(kin) = known
            && let Some(lineage) = reader.lineage_among(&kin)?
            && tag()? == before
        {
            return Ok(lineage);
        }
        let kin = reader.kin(name)?;
        let Some(lineage) = reader.lineage_among(&kin)? else { return Ok(reader.lineage(name)?) };
        if tag()? == before {
            self.kept().keep(before, address, kin);
            return Ok(lineage);
        }
        // Somebody wrote to the store between the two requests.
        Ok(reader.lineage(name)?)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // No code panics while it holds the lock, apart from running out of memory.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn find(&self, tag: &str, address: &str) -> Option<Arc<Kin>> {
        self.kin.get(address).filter(|_| self.tag == tag).cloned()
    }

    fn keep(&mut self, tag: String, address: &str, kin: Kin) {
        let more = kin.versions() + 1;
        if let Some(old) = self.kin.remove(address) {
            self.versions -= old.versions() + 1;
        }
        // Lineages of another state are worthless. If there are too many, all are dropped: people who browse a large
        // archive soon find again what they need.
        if self.tag != tag || self.versions + more > MOST {
            self.kin.clear();
            self.versions = 0;
            self.tag = tag;
        }
        self.kin.insert(address.to_owned(), Arc::new(kin));
        self.versions += more;
    }
}

#[cfg(test)]
mod tests {
    use onrecord::text::wire;
    use onrecord_store::{Digest, Store};

    use super::*;

    /// The rest of an article. Later texts that share it are versions of the article.
    const REST: &str = "Heavy rain fell over the harbour throughout Friday, while several hundred passengers waited inside \
        crowded terminals because every ferry stayed moored. ";

    /// Puts an article with one statement.
    fn put(store: &mut Store, name: &str, content: &str) {
        let start = REST.chars().count();
        let end = start + content.chars().count();
        let mut record = wire::Record { schema: wire::SCHEMA.to_owned(), ..wire::Record::default() };
        record.article.id = wire::content_hash(&format!("{name}{content}"));
        record.article.source_id = name.to_owned();
        record.article.published = Some("2016-03-04".to_owned());
        record.article.text = format!("{REST}{content}");
        record.statements.push(wire::Statement {
            id: "s1".to_owned(),
            content: wire::Field { text: content.to_owned(), spans: vec![[start, end]] },
            ..wire::Statement::default()
        });
        let mut batch = store.batch().unwrap();
        batch.put(&record, &Digest::of([name.as_bytes(), content.as_bytes()])).unwrap();
        batch.commit().unwrap();
    }

    const WORDS: &str = "nobody in this country will ever pay a single toll to cross the bridge";

    #[test]
    fn lineages_are_those_of_the_state_that_is_read() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("news.db");
        let mut store = Store::create(&path).unwrap();
        put(&mut store, "a", WORDS);
        let (reader, watch) = (Reader::open(&path).unwrap(), Reader::open(&path).unwrap());
        let name: StatementRef = "1.s1".parse().unwrap();
        let lineages = Lineages::default();
        let tag = || watch.generation().map(|generation| generation.to_string());
        let versions = |tag: &dyn Fn() -> Result<String, StoreError>| {
            let lineage = lineages.of(&reader, name, "a", tag).unwrap();
            assert_eq!(lineage, reader.lineage(name).unwrap());
            lineage.versions.len()
        };
        assert_eq!((versions(&tag), versions(&tag)), (1, 1));
        assert_eq!(lineages.kept().kin.len(), 1);
        put(&mut store, "b", WORDS);
        assert_eq!((versions(&tag), versions(&tag)), (2, 2));
        // Somebody writes between the two looks at the tag: nothing is kept under the earlier one.
        let looks = std::cell::Cell::new(0);
        let early = || {
            looks.set(looks.get() + 1);
            Ok(format!("another state, {}", looks.get()))
        };
        assert_eq!(versions(&early), 2);
        assert_eq!(lineages.kept().tag, tag().unwrap());
        // In its next version, the other article says something else.
        put(&mut store, "b", "The ferries go on, and the old bridge stays closed for the whole winter.");
        assert_eq!(versions(&tag), 1);
    }

    #[test]
    fn only_so_many_are_kept() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("news.db");
        put(&mut Store::create(&path).unwrap(), "a", WORDS);
        let kin = Reader::open(&path).unwrap().kin("1.s1".parse().unwrap()).unwrap();
        let mut kept = Kept::default();
        let mut keep = |tag: &str, n: usize| {
            kept.keep(tag.to_owned(), &n.to_string(), kin.clone());
            (kept.kin.len(), kept.versions)
        };
        assert_eq!(keep("1", 0), (1, 2));
        assert_eq!(keep("1", 0), (1, 2), "the same again");
        for n in 1..MOST / 2 {
            keep("1", n);
        }
        assert_eq!(keep("1", 1), (MOST / 2, MOST), "none is one too many");
        assert_eq!(keep("1", MOST), (1, 2));
        keep("1", 0);
        assert_eq!(keep("2", 0), (1, 2), "another state");
    }
}
