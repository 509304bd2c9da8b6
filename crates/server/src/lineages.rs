//! The lineages of statements that people looked at, as their pages show them.
//!
//! Finding the versions of a quotation and comparing them takes most of the time of a statement's page. What the page shows of
//! them is therefore kept until the store changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The maximum size of everything that is kept, in bytes. A page of some twenty versions shows 20 KB of them.
const MOST: usize = 64 << 20;
/// What an entry takes apart from its text, in bytes.
const ENTRY: usize = 128;

/// What pages show of lineages in one state of the store, by the addresses of the statements.
#[derive(Default)]
pub(crate) struct Lineages(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// The tag of the state.
    tag: String,
    shown: HashMap<String, Arc<str>>,
    /// The size of all entries.
    bytes: usize,
}

impl Lineages {
    /// Returns what the page of a statement shows of its lineage, which `read` makes from the store if it is not known.
    ///
    /// `tag` returns a tag that is different after anybody has written to the store.
    ///
    /// # Errors
    ///
    /// Returns the error of `tag` or `read`.
    pub(crate) fn shown<E>(
        &self,
        address: &str,
        tag: impl Fn() -> Result<String, E>,
        read: impl FnOnce() -> Result<String, E>,
    ) -> Result<Arc<str>, E> {
        let before = tag()?;
        if let Some(known) = self.kept().find(&before, address) {
            return Ok(known);
        }
        let shown: Arc<str> = read()?.into();
        // The state that was read is the one with this tag only if the tag is still the same.
        if tag()? == before {
            self.kept().keep(before, address, Arc::clone(&shown));
        }
        Ok(shown)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // No code panics while it holds the lock, apart from running out of memory.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn find(&self, tag: &str, address: &str) -> Option<Arc<str>> {
        self.shown.get(address).filter(|_| self.tag == tag).cloned()
    }

    fn keep(&mut self, tag: String, address: &str, shown: Arc<str>) {
        let size = |shown: &str| ENTRY + address.len() + shown.len();
        if let Some(old) = self.shown.remove(address) {
            self.bytes -= size(&old);
        }
        let more = size(&shown);
        // Lineages of another state are worthless. If they are too large together, all are dropped: people who browse a
        // large archive soon find again what they need.
        if self.tag != tag || self.bytes + more > MOST {
            self.shown.clear();
            self.bytes = 0;
            self.tag = tag;
        }
        self.shown.insert(address.to_owned(), shown);
        self.bytes += more;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// A store whose pages show the number of its state.
    struct World {
        state: Cell<usize>,
        reads: Cell<usize>,
    }

    impl World {
        fn tag(&self) -> Result<String, ()> {
            Ok(self.state.get().to_string())
        }

        fn read(&self) -> Result<String, ()> {
            self.reads.set(self.reads.get() + 1);
            self.tag()
        }
    }

    #[test]
    fn what_is_shown_is_what_the_store_says_now() {
        let world = World { state: Cell::new(0), reads: Cell::new(0) };
        let lineages = Lineages::default();
        let shown = || {
            let shown = lineages.shown("a", || world.tag(), || world.read()).unwrap();
            assert_eq!(*shown, *world.tag().unwrap());
            world.reads.get()
        };
        assert_eq!((shown(), shown()), (1, 1), "read once");
        world.state.set(1);
        assert_eq!((shown(), shown()), (2, 2), "the store has changed");
        assert_eq!(&*lineages.shown("b", || world.tag(), || Ok("other".to_owned())).unwrap(), "other");
        assert_eq!(shown(), 2, "each statement has its own");
    }

    #[test]
    fn nothing_is_kept_that_was_read_while_somebody_wrote() {
        let world = World { state: Cell::new(0), reads: Cell::new(0) };
        let lineages = Lineages::default();
        let written = || {
            let read = world.read();
            world.state.set(world.state.get() + 1);
            read
        };
        lineages.shown("a", || world.tag(), written).unwrap();
        assert!(lineages.kept().shown.is_empty());
        let failed = lineages.shown("a", || world.tag(), || Err(()));
        assert!(failed.is_err() && lineages.kept().shown.is_empty());
    }

    #[test]
    fn only_so_much_is_kept() {
        let mut kept = Kept::default();
        let half: Arc<str> = "x".repeat(MOST / 2 - ENTRY - 1).into();
        let mut keep = |tag: &str, address: &str, shown: &Arc<str>| {
            kept.keep(tag.to_owned(), address, Arc::clone(shown));
            (kept.shown.len(), kept.bytes)
        };
        assert_eq!(keep("1", "a", &half), (1, MOST / 2));
        assert_eq!(keep("1", "a", &half), (1, MOST / 2), "the same again");
        assert_eq!(keep("1", "b", &half), (2, MOST), "none is one too many");
        assert_eq!(keep("1", "c", &half), (1, MOST / 2));
        assert_eq!(keep("1", "b", &half), (2, MOST));
        assert_eq!(keep("2", "b", &half), (1, MOST / 2), "another state");
    }
}
