//! A small archive written by hand, without an engine. The examples of the API's description come from it.

#![allow(dead_code)]

#[path = "../../../store/tests/drafts/mod.rs"]
mod drafts;

use jiff::Timestamp;
use onrecord_store::decisions::Verdict;
use onrecord_store::{DecidedField, Store};

pub use drafts::{article, bridge, put};

/// 2026-11-24 at noon.
pub const NOW: Timestamp = Timestamp::constant(1_795_521_600, 0);
/// A folder of the machine, which no answer may name.
pub const FOLDER: &str = "/home/nora/news";

/// Fills a store with four articles of three outlets, one of them in two versions, and a decision.
pub fn fill(store: &mut Store) {
    put(store, &bridge());
    let report = article(
        "http://post.example/1",
        "2016-03-05",
        "Shore Post",
        "Ada Brandt admitted: “Nobody will pay a toll to cross [the bridge].” Pia Lund accused Ada Brandt of a lie.",
    )
    .entity("person", "Ada Brandt", &["Transport Minister"])
    .entity("person", "Pia Lund", &["Opposition leader"])
    .says("direct", "Ada Brandt", "admitted", "“Nobody will pay a toll to cross [the bridge].”", "")
    .says("indirect", "Pia Lund", "accused", "Ada Brandt of a lie", "");
    put(store, &report);
    // A file without a web address, which has the path as its name.
    let file = article(
        &format!("{FOLDER}/rail.txt"),
        "2016-04-01",
        "Baltic Wire",
        "Baltic Rail said 400 jobs will go, Jon Aalto wrote.",
    )
    .entity("organization", "Baltic Rail", &[])
    .entity("person", "Jon Aalto", &["chairman"])
    .says("indirect", "Baltic Rail", "said", "400 jobs will go", "")
    .says("indirect", "Jon Aalto", "wrote", "Baltic Rail said 400 jobs will go", "");
    put(store, &file);
    let mut later = bridge();
    later.record.article.text.push_str(" The ferries go on.");
    later.record.article.id = onrecord_text::wire::content_hash(&later.record.article.text);
    put(store, &later);
    let name = store.named_statement("2.s2").unwrap();
    let set = Verdict::Set(name, DecidedField::Role, "Leader of the Opposition".to_owned());
    store.decide(&set, NOW, Some("Nora Falk")).unwrap();
}

/// Fills a store with two articles whose reports of events contradict each other, and one report of the next month.
pub fn fill_events(store: &mut Store) {
    let accused = article(
        &format!("{FOLDER}/raid.txt"),
        "2016-04-11",
        "Norland Wire",
        "Sundmark raided a port of Norland, Karl Falk said. Norland and Sundmark will meet.",
    )
    .entity("place", "Sundmark", &[])
    .entity("place", "Norland", &[])
    .entity("person", "Karl Falk", &["Defence Minister"])
    .says("indirect", "Karl Falk", "said", "Sundmark raided a port of Norland", "")
    .event("ASSAULT", "raided", ["Sundmark", "Norland"], "happened", Some(("s1", "recipient")))
    .event("CONSULT", "meet", ["Norland", "Sundmark"], "planned", None);
    put(store, &accused);
    let denied = article(
        "http://courier.example/2",
        "2016-04-12",
        "Sundmark Courier",
        "Ines Holt denied that Sundmark attacked Norland.",
    )
    .entity("place", "Sundmark", &[])
    .entity("place", "Norland", &[])
    .entity("person", "Ines Holt", &["President of Sundmark"])
    .says("indirect", "Ines Holt", "denied", "that Sundmark attacked Norland", "")
    .event("ASSAULT", "attacked", ["Sundmark", "Norland"], "denied", Some(("s1", "actor")));
    put(store, &denied);
    let later = article(
        "http://courier.example/3",
        "2016-05-02",
        "Sundmark Courier",
        "Sundmark expelled two diplomats of Norland.",
    )
    .entity("place", "Sundmark", &[])
    .entity("place", "Norland", &[])
    .event("SANCTION", "expelled", ["Sundmark", "Norland"], "happened", None);
    put(store, &later);
}
