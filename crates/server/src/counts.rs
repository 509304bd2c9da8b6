//! The facets and timelines of recent searches.
//!
//! Counting takes most of the time of a search, and people look at a query more than once: page by page, in another order,
//! or again after they have read a statement.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use onrecord::text::answers::{Facets, Timeline};

/// The maximum number of queries that are kept. The counts of one take some ten kilobytes.
const MOST: usize = 256;

/// How often values occur among the statements that a query finds, and when they were published.
pub(crate) struct Counts {
    pub facets: Facets,
    pub timeline: Timeline,
}

/// Counts by query, for one state of the store.
#[derive(Default)]
pub(crate) struct Recent(Mutex<(String, HashMap<String, Arc<Counts>>)>);

impl Recent {
    /// Returns the counts of a query in the state of the store that `tag` names. Counts if they are not known.
    ///
    /// # Errors
    ///
    /// Returns the error of counting, and keeps nothing then.
    pub(crate) fn of<E>(
        &self,
        tag: &str,
        query: &str,
        count: impl FnOnce() -> Result<Counts, E>,
    ) -> Result<Arc<Counts>, E> {
        if let Some(known) = self.queries(tag, |queries| queries.get(query).cloned()) {
            return Ok(known);
        }
        // Others may look at theirs meanwhile. If two count the same query, both get the same counts.
        let counts = Arc::new(count()?);
        self.queries(tag, |queries| {
            if queries.len() >= MOST {
                queries.clear();
            }
            queries.insert(query.to_owned(), Arc::clone(&counts));
        });
        Ok(counts)
    }

    /// Lets somebody use the counts of one state of the store. Those of another state are dropped.
    fn queries<T>(&self, tag: &str, work: impl FnOnce(&mut HashMap<String, Arc<Counts>>) -> T) -> T {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != tag {
            *kept = (tag.to_owned(), HashMap::new());
        }
        work(&mut kept.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(counted: u64) -> Result<Counts, ()> {
        let mut timeline = Timeline::default();
        timeline.counted = usize::try_from(counted).unwrap();
        Ok(Counts { facets: Facets::default(), timeline })
    }

    #[test]
    fn counts_are_kept_until_the_store_changes() {
        let recent = Recent::default();
        let of = |tag, query, counted| recent.of(tag, query, || counts(counted)).unwrap().timeline.counted;
        assert_eq!(of("a", "bridge", 1), 1);
        assert_eq!(of("a", "bridge", 2), 1);
        assert_eq!(of("a", "toll", 3), 3);
        assert_eq!(of("b", "bridge", 4), 4);
        assert_eq!(of("a", "bridge", 5), 5);
        assert!(recent.of("a", "ferry", || Err(())).is_err());
        assert_eq!(of("a", "ferry", 6), 6);
    }

    #[test]
    fn only_so_many_are_kept() {
        let recent = Recent::default();
        for n in 0..=MOST {
            recent.of("a", &n.to_string(), || counts(0)).unwrap();
        }
        assert_eq!(recent.queries("a", |queries| queries.len()), 1);
    }
}
