//! The facets and timelines of recent searches.
//!
//! Counting takes most of the time of a search, and people look at a query more than once: page by page, in another
//! order, or again after they have read a statement. While articles are ingested, the store changes every moment.
//! Counting for every page would then make all pages slow, so a page may have the counts of an earlier state for a few
//! seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use onrecord::text::answers::{Facets, Timeline};
use onrecord_store::NamedInQuery;

/// The maximum number of queries that are kept. The counts of one take some ten kilobytes.
const MOST: usize = 256;
/// For how long after the store has changed a page may have the earlier counts.
const LONGEST: Duration = Duration::from_secs(10);
/// Renewing counts of an earlier state takes at most one part in this many of the time of one processor.
const SHARE: u32 = 3;

/// How often values occur among the statements that a query finds, and when they were published.
pub(crate) struct Counts {
    pub facets: Facets,
    pub timeline: Timeline,
    /// Whom the words of the query name, with the numbers of their statements.
    pub named: Vec<NamedInQuery>,
}

/// A state of the store, and when it was the current one.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// Changes whenever anybody writes to the store.
    pub tag: String,
    /// When the store was asked for the tag.
    pub at: Instant,
}

/// Counts by query, with the states of the store that they belong to.
#[derive(Default)]
pub(crate) struct Recent(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    queries: HashMap<String, Query>,
    /// When each state of the store was last the current one.
    current: HashMap<String, Instant>,
    /// The number of times that somebody looked at counts, which orders the queries by their last use.
    looks: u64,
    /// The number of times that all counts were dropped.
    dropped: u64,
    renewal: Renewal,
}

#[derive(Default)]
struct Query {
    /// The counts, and the tag of their state.
    counts: Option<(Arc<Counts>, String)>,
    /// Held by whoever counts.
    counting: Arc<Mutex<()>>,
    used: u64,
}

/// Whether counts of an earlier state may be renewed.
#[derive(Clone, Copy, Default)]
enum Renewal {
    #[default]
    Possible,
    /// Somebody is renewing counts.
    Running,
    /// Somebody has renewed counts. Until this moment, nobody else may, so that other counting gets its turn.
    Resting(Instant),
}

impl Recent {
    /// Returns the counts of a query in this state of the store, or in one that was current in the last ten seconds.
    ///
    /// Counts if no such counts are known, or if nobody else is renewing counts of an earlier state. `fits` says
    /// whether counts of an earlier state agree with what else the page shows; if they don't, the page gets new ones.
    ///
    /// # Errors
    ///
    /// Returns the error of counting, and keeps nothing then.
    pub(crate) fn of<E>(
        &self,
        state: &State,
        query: &str,
        fits: impl Fn(&Counts) -> bool,
        count: impl FnOnce() -> Result<Counts, E>,
    ) -> Result<Arc<Counts>, E> {
        let (counting, dropped, renewing) = {
            let mut kept = self.kept();
            kept.is_current(state);
            let known = kept.look(query, state, &fits);
            let renewing = match (known, kept.renewal) {
                (Known::Current(counts), _) => return Ok(counts),
                (Known::Earlier(counts), Renewal::Running) => return Ok(counts),
                (Known::Earlier(counts), Renewal::Resting(until)) if Instant::now() < until => {
                    return Ok(counts);
                }
                (Known::Earlier(_), _) => {
                    kept.renewal = Renewal::Running;
                    true
                }
                (Known::Nothing, _) => false,
            };
            (kept.counting(query), kept.dropped, renewing)
        };
        let renewing = renewing.then(|| Renewing { recent: self, begun: Instant::now() });
        // Others who need the same counts wait for them instead of counting again.
        let _only = counting.lock().unwrap_or_else(PoisonError::into_inner);
        if renewing.is_none()
            && let Known::Current(counts) | Known::Earlier(counts) = self.kept().look(query, state, &fits)
        {
            return Ok(counts);
        }
        let counts = Arc::new(count()?);
        let mut kept = self.kept();
        if kept.dropped == dropped {
            kept.keep(query, &counts, &state.tag);
        }
        Ok(counts)
    }

    /// Drops all counts, including those that are being counted. Whoever changes the store wants to see the change.
    pub(crate) fn drop_all(&self) {
        let mut kept = self.kept();
        kept.queries.clear();
        kept.dropped += 1;
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // No code panics while it holds the lock, apart from running out of memory.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known about a query.
enum Known {
    Current(Arc<Counts>),
    /// Counts of an earlier state, which a page may still have.
    Earlier(Arc<Counts>),
    Nothing,
}

impl Kept {
    /// Notes that a state is current.
    fn is_current(&mut self, state: &State) {
        if let Some(at) = self.current.get_mut(&state.tag) {
            *at = (*at).max(state.at);
            return;
        }
        self.current.retain(|_, at| state.at.saturating_duration_since(*at) <= LONGEST);
        self.current.insert(state.tag.clone(), state.at);
    }

    fn look(&mut self, query: &str, state: &State, fits: impl Fn(&Counts) -> bool) -> Known {
        self.looks += 1;
        let Some(known) = self.queries.get_mut(query) else { return Known::Nothing };
        known.used = self.looks;
        let Some((counts, tag)) = &known.counts else { return Known::Nothing };
        if *tag == state.tag {
            return Known::Current(Arc::clone(counts));
        }
        let since = self.current.get(tag).map(|&at| state.at.saturating_duration_since(at));
        let is_recent = since.is_some_and(|since| since <= LONGEST);
        if is_recent && fits(counts) { Known::Earlier(Arc::clone(counts)) } else { Known::Nothing }
    }

    /// Returns the lock of a query. If there are too many queries, the one that was used least recently is dropped.
    fn counting(&mut self, query: &str) -> Arc<Mutex<()>> {
        if !self.queries.contains_key(query) && self.queries.len() >= MOST {
            let oldest =
                self.queries.iter().min_by_key(|(_, query)| query.used).map(|(text, _)| text.clone());
            oldest.map(|oldest| self.queries.remove(&oldest));
        }
        let known = self.queries.entry(query.to_owned()).or_default();
        known.used = self.looks;
        Arc::clone(&known.counting)
    }

    fn keep(&mut self, query: &str, counts: &Arc<Counts>, tag: &str) {
        // The query may have been dropped meanwhile because others were used more.
        if let Some(known) = self.queries.get_mut(query) {
            known.counts = Some((Arc::clone(counts), tag.to_owned()));
        }
    }
}

/// Lets others renew counts some time after it is dropped, even if counting fails.
struct Renewing<'a> {
    recent: &'a Recent,
    begun: Instant,
}

impl Drop for Renewing<'_> {
    fn drop(&mut self) {
        let until = self.begun + self.begun.elapsed() * SHARE;
        self.recent.kept().renewal = Renewal::Resting(until);
    }
}

#[cfg(test)]
mod tests {
    use onrecord::text::answers::{Period, Schema};

    use super::*;

    fn counts(counted: usize) -> Counts {
        let timeline = Timeline {
            schema: Schema,
            unit: Period::Day,
            buckets: Vec::new(),
            undated: 0,
            counted,
            complete: true,
        };
        let facets = Facets { schema: Schema, counted, complete: true, facets: Vec::new() };
        Counts { facets, timeline, named: Vec::new() }
    }

    /// Returns a state some seconds after the first one.
    fn state(tag: &str, first: Instant, seconds: u64) -> State {
        State { tag: tag.to_owned(), at: first + Duration::from_secs(seconds) }
    }

    fn of(recent: &Recent, state: &State, query: &str, counted: usize) -> usize {
        let count = || Ok::<_, ()>(counts(counted));
        recent.of(state, query, |_| true, count).unwrap().timeline.counted
    }

    /// Does something while somebody renews counts.
    fn meanwhile(recent: &Recent, state: &State, query: &str, counted: usize, work: impl FnOnce()) -> usize {
        let count = || {
            work();
            Ok::<_, ()>(counts(counted))
        };
        recent.of(state, query, |_| true, count).unwrap().timeline.counted
    }

    #[test]
    fn counts_are_kept_until_the_store_changes() {
        let (recent, first) = (Recent::default(), Instant::now());
        let (a, b) = (state("a", first, 0), state("b", first, 1));
        assert_eq!(of(&recent, &a, "bridge", 1), 1);
        assert_eq!(of(&recent, &state("a", first, 9_999), "bridge", 2), 1);
        assert_eq!(of(&recent, &a, "toll", 3), 3);
        assert!(recent.of(&a, "ferry", |_| true, || Err(())).is_err());
        assert_eq!(of(&recent, &a, "ferry", 4), 4);
        // If nobody else is counting, the page has the counts of its own state.
        assert_eq!(of(&recent, &b, "bridge", 5), 5);
        assert_eq!(of(&recent, &b, "bridge", 6), 5);
    }

    #[test]
    fn while_one_counts_again_others_get_earlier_counts_for_ten_seconds() {
        let (recent, first) = (Recent::default(), Instant::now());
        of(&recent, &state("a", first, 0), "bridge", 1);
        of(&recent, &state("a", first, 0), "toll", 2);
        of(&recent, &state("a", first, 5), "ferry", 3);
        let b = state("b", first, 15);
        let new = meanwhile(&recent, &b, "bridge", 10, || {
            assert_eq!(of(&recent, &b, "bridge", 11), 1, "who counts has not finished");
            assert_eq!(of(&recent, &b, "toll", 12), 2, "another query");
            assert_eq!(of(&recent, &b, "new", 13), 13, "there are no earlier counts");
            assert_eq!(of(&recent, &state("b", first, 16), "ferry", 14), 14, "“a” is too long ago");
        });
        assert_eq!(new, 10);
        assert_eq!(of(&recent, &b, "bridge", 15), 10);
    }

    #[test]
    fn counts_that_disagree_with_the_page_are_not_used_after_a_change() {
        let (recent, first) = (Recent::default(), Instant::now());
        let (a, b) = (state("a", first, 0), state("b", first, 1));
        of(&recent, &a, "bridge", 1);
        of(&recent, &a, "toll", 1);
        meanwhile(&recent, &b, "toll", 2, || {
            let two = |counts: &Counts| counts.timeline.counted == 2;
            let found = recent.of(&b, "bridge", two, || Ok::<_, ()>(counts(2))).unwrap();
            assert_eq!(found.timeline.counted, 2);
        });
        // Counts of the same state are right by definition.
        let found = recent.of(&b, "bridge", |_| false, || Ok::<_, ()>(counts(3))).unwrap();
        assert_eq!(found.timeline.counted, 2);
    }

    #[test]
    fn after_a_renewal_others_wait_for_the_next() {
        let (recent, first) = (Recent::default(), Instant::now());
        let (a, b) = (state("a", first, 0), state("b", first, 1));
        of(&recent, &a, "bridge", 1);
        of(&recent, &a, "toll", 1);
        recent.kept().renewal = Renewal::Resting(Instant::now() + Duration::from_secs(3_600));
        assert_eq!(of(&recent, &b, "bridge", 2), 1);
        assert_eq!(of(&recent, &state("b", first, 11), "toll", 2), 2);
        recent.kept().renewal = Renewal::Resting(first);
        assert_eq!(of(&recent, &b, "bridge", 3), 3);
        // A failure does not keep others from it.
        recent.kept().renewal = Renewal::Possible;
        assert!(recent.of(&state("c", first, 2), "bridge", |_| true, || Err(())).is_err());
        assert!(matches!(recent.kept().renewal, Renewal::Resting(_)));
    }

    #[test]
    fn whoever_changes_the_store_gets_new_counts() {
        let (recent, first) = (Recent::default(), Instant::now());
        let (a, b) = (state("a", first, 0), state("b", first, 1));
        of(&recent, &a, "bridge", 1);
        of(&recent, &a, "toll", 1);
        meanwhile(&recent, &b, "toll", 2, || {
            recent.drop_all();
            assert_eq!(of(&recent, &b, "bridge", 3), 3);
        });
        // What was counted before the change is not kept after it.
        assert_eq!(of(&recent, &b, "toll", 4), 4);
    }

    #[test]
    fn those_who_need_the_same_counts_wait_for_them() {
        let (recent, first) = (Recent::default(), Instant::now());
        let a = state("a", first, 0);
        let (counting, waiting) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            let one = scope.spawn(|| {
                meanwhile(&recent, &a, "bridge", 1, || {
                    counting.send(()).unwrap();
                    // The other holds a clone of the lock once it waits.
                    let waits = || Arc::strong_count(&recent.kept().queries["bridge"].counting) == 3;
                    for _ in 0..10_000 {
                        if waits() {
                            break;
                        }
                        std::thread::sleep(Duration::from_millis(1));
                    }
                })
            });
            waiting.recv().unwrap();
            let other = scope.spawn(|| of(&recent, &a, "bridge", 2));
            assert_eq!((one.join().unwrap(), other.join().unwrap()), (1, 1));
        });
    }

    #[test]
    fn only_so_many_are_kept() {
        let (recent, first) = (Recent::default(), Instant::now());
        let a = state("a", first, 0);
        for n in 0..MOST {
            of(&recent, &a, &n.to_string(), n);
        }
        assert_eq!(of(&recent, &a, "0", 1_000), 0);
        of(&recent, &a, "another", 1);
        assert_eq!(recent.kept().queries.len(), MOST);
        assert_eq!(of(&recent, &a, "0", 1_000), 0, "used not long ago");
        assert_eq!(of(&recent, &a, "1", 1_000), 1_000, "not used for the longest time");
    }
}
