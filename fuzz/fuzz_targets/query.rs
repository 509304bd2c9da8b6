//! Any text as a query: it is understood, and then SQLite understands it, too, or it is refused at one of its
//! characters.

#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use onrecord_store::{Order, Query, Store};

thread_local! {
    static STORE: RefCell<Option<Store>> = const { RefCell::new(None) };
}

fuzz_target!(|text: &str| {
    match text.parse::<Query>() {
        Ok(query) => STORE.with_borrow_mut(|store| {
            let store = store.get_or_insert_with(|| {
                let path = std::env::temp_dir().join(format!("onrecord-fuzz-{}.db", std::process::id()));
                Store::create(&path).expect("a store can be made")
            });
            store.search(&query, Order::Newest, 5, 0).expect("what was understood can be searched for");
        }),
        Err(error) => assert!((1..=text.chars().count() + 1).contains(&error.at), "{error}"),
    }
});
