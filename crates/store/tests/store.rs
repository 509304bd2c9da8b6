//! The store, told by what a newsroom does with it. No engine, no model: records are written by hand.

use std::path::Path;

use onrecord_store::decisions::{Field, Verdict};
use onrecord_store::{Change, ChangeKind, Digest, Hits, Order, Put, Query, StatementRef, Store, StoreError};
use onrecord_text::{CodePoints, Span, wire};
use proptest::prelude::*;
use tempfile::TempDir;

const NOW: &str = "2026-11-24T12:00:00Z";

/// An article on its way to a record. Statements are named by their words, which stand in the text.
struct Draft {
    record: wire::Record,
}

fn article(url: &str, published: &str, outlet: &str, text: &str) -> Draft {
    let article = wire::Article {
        id: wire::content_hash(text),
        source_id: url.to_owned(),
        url: url.starts_with("http").then(|| url.to_owned()),
        outlet: Some(outlet.to_owned()),
        title: Some("A headline".to_owned()),
        bylines: vec!["Nora Falk".to_owned()],
        published: Some(published.to_owned()),
        dateline: Some(wire::Dateline { place: Some("TALLBERG".to_owned()), date: None, agency: None }),
        language: Some("en".to_owned()),
        text: text.to_owned(),
        blocks: vec![wire::Block { kind: "paragraph".to_owned(), start: 0, end: text.chars().count() }],
    };
    Draft {
        record: wire::Record {
            schema: wire::SCHEMA.to_owned(),
            article,
            entities: Vec::new(),
            statements: Vec::new(),
            events: None,
            notices: vec![wire::Notice { kind: "date".to_owned(), message: "no year".to_owned() }],
            engine: wire::Engine { version: "0.1.0".to_owned(), model: "test".to_owned() },
        },
    }
}

impl Draft {
    fn span(&self, words: &str) -> [usize; 2] {
        let text = &self.record.article.text;
        let at = text.find(words).unwrap_or_else(|| panic!("“{words}” stands in the text"));
        CodePoints::new(text).wire(Span::new(at, at + words.len()).unwrap())
    }

    fn field(&self, words: &str) -> wire::Field {
        let spans = words.split(" … ").map(|piece| self.span(piece)).collect();
        wire::Field { text: words.to_owned(), spans }
    }

    fn entity(mut self, kind: &str, name: &str, roles: &[&str]) -> Self {
        let [start, end] = self.span(name);
        self.record.entities.push(wire::Entity {
            id: format!("e{}", self.record.entities.len() + 1),
            name: name.to_owned(),
            kind: kind.to_owned(),
            roles: roles.iter().map(|&r| r.to_owned()).collect(),
            aliases: Vec::new(),
            mentions: vec![wire::Mention { start, end }],
        });
        self
    }

    fn says(mut self, kind: &str, speaker: &str, cue: &str, content: &str, said: &str) -> Self {
        let entity = self.record.entities.iter().find(|e| e.name == speaker);
        let (id, role) = (entity.map(|e| e.id.clone()), entity.and_then(|e| e.roles.first().cloned()));
        let about =
            self.record.entities.iter().filter(|e| content.contains(&e.name)).map(|e| e.id.clone()).collect();
        let statement = wire::Statement {
            act: "say".to_owned(),
            status: "made".to_owned(),
            id: format!("s{}", self.record.statements.len() + 1),
            kind: kind.to_owned(),
            source: Some(self.field(speaker)),
            cue: Some(self.field(cue)),
            content: self.field(content),
            speaker: Some(wire::Speaker {
                name: Some(speaker.to_owned()),
                kind: "person".to_owned(),
                role,
                entity: id.clone(),
                entities: id.into_iter().collect(),
                confidence: 0.9,
            }),
            addressee: None,
            medium: None,
            occasion: None,
            about,
            time: (!said.is_empty()).then(|| wire::Time {
                text: cue.to_owned(),
                spans: vec![self.span(cue)],
                value: Some(said.to_owned()),
                carried: false,
            }),
            parent: None,
            confidence: 0.875,
            why: "a cue".to_owned(),
            corrected: Vec::new(),
        };
        self.record.statements.push(statement);
        self
    }
}

fn bridge() -> Draft {
    article(
        "http://sound.example/7",
        "2016-03-04",
        "The Sound",
        "“We open in May, four years late,” Minister Ada Brandt said on Friday. “Nobody will pay a toll to cross it.” \
         Pia Lund doubted that Brandt will keep her word.",
    )
    .entity("person", "Ada Brandt", &["Transport Minister"])
    .entity("person", "Pia Lund", &["Opposition leader"])
    .says("direct", "Ada Brandt", "said", "“We open in May, four years late,” … “Nobody will pay a toll to cross it.”", "2016-03-04")
    .says("indirect", "Pia Lund", "doubted", "that Brandt will keep her word", "")
}

fn store(folder: &TempDir) -> Store {
    Store::create(&folder.path().join("news.db")).unwrap()
}

fn put(store: &mut Store, draft: &Draft) -> Put {
    let line = serde_json::to_vec(&draft.record).unwrap();
    let mut batch = store.batch().unwrap();
    let put = batch.put(&draft.record, &Digest::of([line.as_slice()])).unwrap();
    batch.commit().unwrap();
    store.join(|| false).unwrap();
    put
}

fn find(store: &Store, query: &str) -> Hits {
    store.search(&query.parse::<Query>().unwrap(), Order::Newest, 50, 0).unwrap()
}

fn contents(store: &Store, query: &str) -> Vec<String> {
    find(store, query).hits.into_iter().map(|h| h.content).collect()
}

fn faults(store: &Store) -> Vec<String> {
    let mut all = Vec::new();
    store
        .verify(|fault| {
            all.push(format!("{}: {}", fault.place, fault.what));
            Ok::<(), StoreError>(())
        })
        .unwrap();
    all
}

#[test]
fn what_is_put_comes_out_and_the_same_again_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let draft = bridge();
    assert_eq!(put(&mut store, &draft), Put::New);
    assert_eq!(store.record(1).unwrap().as_ref(), Some(&draft.record));
    assert_eq!(put(&mut store, &draft), Put::Same);
    assert_eq!(store.size().unwrap().statements, 2);
    assert_eq!(faults(&store), Vec::<String>::new());
    let line = serde_json::to_vec(&draft.record).unwrap();
    assert!(store.has(&Digest::of([line.as_slice()])).unwrap());
    assert!(!store.has(&Digest::of([&b"x"[..], &line])).unwrap());
}

#[test]
fn a_batch_that_is_not_committed_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let draft = bridge();
    let mut batch = store.batch().unwrap();
    batch.put(&draft.record, &Digest::of([&b"x"[..]])).unwrap();
    drop(batch);
    assert_eq!(store.size().unwrap().versions, 0);
    assert!(find(&store, "toll").hits.is_empty());
}

#[test]
fn a_changed_article_is_kept_as_a_version() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &bridge());
    let later = article(
        "http://sound.example/7",
        "2016-03-04",
        "The Sound",
        "“We open in June, four years late,” Minister Ada Brandt admitted on Friday. “Nobody will pay a toll to cross it.” \
         The ferries go on, Rolf Meyer said.",
    )
    .entity("person", "Ada Brandt", &["Transport Minister"])
    .entity("person", "Rolf Meyer", &[])
    .says("direct", "Ada Brandt", "admitted", "“We open in June, four years late,” … “Nobody will pay a toll to cross it.”", "2016-03-04")
    .says("indirect", "Rolf Meyer", "said", "The ferries go on", "");
    assert_eq!(put(&mut store, &later), Put::Version);
    assert_eq!(contents(&store, "May"), Vec::<String>::new());
    assert_eq!(contents(&store, "June").len(), 1);
    let changes = store.changes("http://sound.example/7").unwrap();
    let [only] = changes.as_slice() else { panic!("one step") };
    let kinds: Vec<&str> = only
        .changes
        .iter()
        .map(|c| match c {
            Change::Appeared(_) => "appeared",
            Change::Vanished(_) => "vanished",
            Change::Changed(..) => "changed",
        })
        .collect();
    assert_eq!(kinds, ["changed", "vanished", "appeared"]);
    // The earlier version stays as it was, and coming again it changes nothing.
    assert_eq!(put(&mut store, &bridge()), Put::Same);
    assert_eq!(store.record(1).unwrap().unwrap(), bridge().record);
    assert_eq!(faults(&store), Vec::<String>::new());
    assert!(matches!(store.changes("http://sound.example/8"), Err(StoreError::Unknown(_))));
}

#[test]
fn one_name_for_two_texts_is_not_one_article() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(
        &mut store,
        &article(
            "1",
            "2016-03-04",
            "A",
            "The bridge over the sound will open in summer after years of delay.",
        ),
    );
    let other = article(
        "1",
        "2016-03-05",
        "B",
        "Wheat futures climbed sharply because drought threatened harvests across several provinces.",
    );
    assert_eq!(put(&mut store, &other), Put::New);
    assert_eq!(put(&mut store, &other), Put::Same);
    assert_eq!(store.size().unwrap().articles, 2);
}

#[test]
fn filters_and_orders() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    for (day, name, words) in [
        ("2015-11-30", "Ada Brandt", "the toll for the bridge is dead"),
        ("2015-12-31", "Ada Brandt", "the bridge is late"),
        ("2016-01-02", "Rolf Meyer", "Baltic Rail will never pay the toll"),
    ] {
        let text = format!("{name} said {words}. Baltic Rail is a company.");
        let draft = article(&format!("http://sound.example/{day}"), day, "The Sound", &text)
            .entity("person", name, &["Minister"])
            .entity("organization", "Baltic Rail", &[])
            .says("indirect", name, "said", words, day);
        put(&mut store, &draft);
    }
    let days = |query: &str, order| -> Vec<String> {
        let hits = store.search(&query.parse().unwrap(), order, 50, 0).unwrap().hits;
        hits.into_iter().filter_map(|h| h.published).collect()
    };
    assert_eq!(days("bridge", Order::Newest), ["2015-12-31", "2015-11-30"]);
    assert_eq!(days("bridge", Order::Oldest), ["2015-11-30", "2015-12-31"]);
    assert_eq!(days("toll OR late", Order::Best).len(), 3);
    assert_eq!(days("speaker:brandt said:2015-12", Order::Newest), ["2015-12-31"]);
    assert_eq!(days("said:2015-11..2015-12", Order::Newest).len(), 2);
    assert_eq!(days("said:..2015", Order::Newest).len(), 2);
    assert_eq!(days("published:2016", Order::Newest), ["2016-01-02"]);
    assert_eq!(days("published:2015-12..", Order::Newest).len(), 2);
    assert_eq!(days("about:\"baltic rail\" toll", Order::Newest), ["2016-01-02"]);
    assert_eq!(days("toll -speaker:meyer", Order::Newest), ["2015-11-30"]);
    assert_eq!(days("outlet:sound role:minister kind:indirect kind:person", Order::Newest).len(), 3);
    assert_eq!(days("outlet:sound.example kind:direct", Order::Newest).len(), 0);
    assert_eq!(days("brid*", Order::Newest).len(), 2);
    assert_eq!(days("\"the toll for\"", Order::Newest).len(), 1);
    let page = store.search(&Query::everything(), Order::Newest, 2, 0).unwrap();
    assert!(page.more && page.hits.len() == 2);
    let rest = store.search(&Query::everything(), Order::Newest, 2, 2).unwrap();
    assert!(!rest.more && rest.hits.len() == 1);
    let hit = &find(&store, "\"the bridge\"").hits[0];
    assert_eq!(hit.matches, [(0, "the bridge".len())]);
}

#[test]
fn no_query_reads_a_whole_table() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &bridge());
    for query in ["toll", "speaker:brandt", "said:2016", "published:2016 toll", "kind:direct -toll"] {
        for order in [Order::Newest, Order::Oldest, Order::Best] {
            for line in store.plan(&query.parse().unwrap(), order).unwrap() {
                let indexed =
                    line.contains("VIRTUAL TABLE INDEX") || line.contains("USING INTEGER PRIMARY KEY");
                // The best are sorted among at most five thousand.
                let small = order == Order::Best && !line.contains("TABLE");
                assert!(indexed || small || line.starts_with("SCAN (subquery"), "{query}: {line}");
            }
        }
    }
}

fn kremlin(url: &str, name: &str, role: &str, also: &str) -> Draft {
    let text = format!("{name}, {role}, spoke. {also} listened. “The talks go on,” {name} said.");
    article(url, "2016-03-04", "The Sound", &text)
        .entity("person", name, &[role])
        .entity("person", also, &[])
        .says("direct", name, "said", "“The talks go on,”", "")
}

#[test]
fn a_surname_is_somebody_where_role_and_company_agree() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    // The surname comes first: the order of articles makes no difference.
    put(&mut store, &kremlin("http://a.example/1", "Oren", "president", "Lea Stern"));
    put(&mut store, &kremlin("http://a.example/2", "Viktor Oren", "president", "Lea Stern"));
    put(&mut store, &kremlin("http://a.example/3", "Oren", "goalkeeper", "Tom Vale"));
    let people = store.people("Viktor Oren", 5).unwrap();
    let [oren] = people.as_slice() else { panic!("one person: {people:?}") };
    assert_eq!((oren.articles, oren.roles[0].as_str()), (2, "president"));
    let said = store.said_by(oren, 10, 0).unwrap().hits;
    assert_eq!(said.len(), 2);
    assert_eq!(contents(&store, "speaker:viktor").len(), 2);
    assert_eq!(contents(&store, "speaker:oren").len(), 3);
    // A second bearer of name, role and company makes the surname nobody's again.
    put(&mut store, &kremlin("http://a.example/4", "Hugo Oren", "president", "Lea Stern"));
    assert_eq!(contents(&store, "speaker:viktor").len(), 1);
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn decisions_hold_after_another_reading() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let draft = bridge();
    put(&mut store, &draft);
    let (first, second): (StatementRef, StatementRef) = ("1.s1".parse().unwrap(), "1.s2".parse().unwrap());
    store.decide(&Verdict::Accept(first), NOW).unwrap();
    store.decide(&Verdict::Set(first, Field::Speaker, "Ida Brand".to_owned()), NOW).unwrap();
    let rejected = store.decide(&Verdict::Reject(second), NOW).unwrap();
    let check = |store: &Store| {
        assert_eq!(contents(store, "word"), Vec::<String>::new());
        let hits = find(store, "speaker:ida").hits;
        assert_eq!(hits[0].speaker.as_deref(), Some("Ida Brand"));
        assert_eq!(hits[0].corrected, ["speaker", "verdict"]);
        assert!(find(store, "speaker:ada").hits.is_empty());
        // What the engine found stays as it was.
        let name = |r: wire::Record| {
            let s = r.statements.into_iter().find(|s| s.content.text.contains("May"))?;
            s.speaker?.name
        };
        assert_eq!(name(store.record(1).unwrap().unwrap()).as_deref(), Some("Ada Brandt"));
        let out = store.corrected(1, &hits).unwrap();
        assert_eq!(out.statements.len(), 1);
        assert_eq!(name(out).as_deref(), Some("Ida Brand"));
    };
    check(&store);
    // Another version of the engine finds the same words with other bounds, and numbers them otherwise.
    let mut again = bridge();
    again.record.engine.model = "later".to_owned();
    again.record.statements.reverse();
    for (n, s) in again.record.statements.iter_mut().enumerate() {
        s.id = format!("s{}", n + 1);
    }
    let [from, to] = again.span("Brandt will keep her word");
    again.record.statements[0].content =
        wire::Field { text: "Brandt will keep her word".to_owned(), spans: vec![[from, to]] };
    assert_eq!(put(&mut store, &again), Put::Findings);
    check(&store);
    store.undo(rejected).unwrap();
    assert_eq!(contents(&store, "word").len(), 1);
    assert!(matches!(store.undo(rejected), Err(StoreError::Unknown(_))));
    assert_eq!(store.decisions().unwrap().iter().filter(|d| d.undone).count(), 1);
    let odd = Verdict::Set(first, Field::Said, "soon".to_owned());
    assert!(store.decide(&odd, NOW).unwrap_err().to_string().contains("is not a date"));
    assert_eq!(store.decisions().unwrap().len(), 3);
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn people_are_merged_and_split() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &kremlin("http://a.example/1", "Ada Brandt", "minister", "Lea Stern"));
    put(&mut store, &kremlin("http://a.example/2", "Ada Lund", "minister", "Tom Vale"));
    put(&mut store, &kremlin("http://a.example/3", "Ada Brandt", "swimmer", "Kim Oda"));
    let id = |store: &Store, name: &str| store.people(name, 5).unwrap()[0].id;
    let (brandt, lund) = (id(&store, "Ada Brandt"), id(&store, "Ada Lund"));
    let merge = store.decide(&Verdict::Merge(brandt, lund), NOW).unwrap();
    assert_eq!(contents(&store, "speaker:lund").len(), 3);
    assert_eq!(id(&store, "Ada Lund"), brandt);
    assert!(store.decide(&Verdict::Merge(lund, brandt), NOW).is_err());
    store.undo(merge).unwrap();
    assert_eq!(contents(&store, "speaker:lund").len(), 1);
    store.decide(&Verdict::Split("3.s1".parse().unwrap()), NOW).unwrap();
    let person = store.people("Ada Brandt", 5).unwrap().remove(0);
    assert_eq!(person.articles, 1);
    assert_eq!(store.said_by(&person, 10, 0).unwrap().hits.len(), 1);
    // It holds after the article was read again.
    let mut again = kremlin("http://a.example/3", "Ada Brandt", "swimmer", "Kim Oda");
    again.record.engine.model = "later".to_owned();
    put(&mut store, &again);
    assert_eq!(store.people(&format!("p{brandt}"), 5).unwrap()[0].articles, 1);
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn a_quotation_is_followed_from_outlet_to_outlet() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let quote =
        "“We are late, and I am sorry for that, but nobody in this country will pay a toll to cross it,”";
    for (n, (day, outlet, cue, words, kind)) in [
        (
            "2016-03-05",
            "B",
            "admitted",
            "“We are late ... but nobody in this country will pay a toll,”",
            "direct",
        ),
        ("2016-03-04", "A", "said", quote, "direct"),
        ("2016-03-06", "C", "said", "nobody in this country will pay a toll to cross the bridge", "indirect"),
        ("2016-03-06", "D", "said", "“The ferries will go on for years in this country,”", "direct"),
    ]
    .into_iter()
    .enumerate()
    {
        let text = format!("{words} Ada Brandt {cue}.");
        let draft = article(&format!("http://{outlet}.example/{n}"), day, outlet, &text)
            .entity("person", "Ada Brandt", &[])
            .says(kind, "Ada Brandt", cue, words, "");
        put(&mut store, &draft);
    }
    let lineage = store.lineage("1.s1".parse().unwrap()).unwrap();
    let told: Vec<_> =
        lineage.versions.iter().map(|v| (v.hit.outlet.as_deref().unwrap_or(""), v.change)).collect();
    assert_eq!(
        told,
        [("A", ChangeKind::Identical), ("B", ChangeKind::Ellipsis), ("C", ChangeKind::QuotedIndirectly)]
    );
    assert_eq!(lineage.versions[1].cue, Some(("said".to_owned(), "admitted".to_owned())));
    assert_eq!(store.lineage_of("nobody in this country will pay").unwrap().versions.len(), 3);
    assert!(store.lineage_of("nothing like it was ever said by anybody").unwrap().versions.is_empty());
}

#[test]
fn statements_are_found_by_act_and_status() {
    let folder = TempDir::new().unwrap();
    let mut store = Store::create(&folder.path().join("news.db")).unwrap();
    let mut draft = bridge();
    draft.record.statements[0].act = "accuse".to_owned();
    draft.record.statements[1].status = "not_made".to_owned();
    put(&mut store, &draft);
    let numbers = |query: &str| find(&store, query).hits.iter().map(|h| h.name.number).collect::<Vec<_>>();
    assert_eq!(numbers("act:accuse"), [1]);
    assert_eq!(numbers("act:Accuse"), [1]);
    assert_eq!(numbers("status:not_made"), [2]);
    assert_eq!(numbers("status:not-made"), [2]);
    assert!(!numbers("status:made").contains(&2));
    assert!(numbers("act:praise").is_empty());
    let hit = &find(&store, "act:accuse").hits[0];
    assert_eq!((hit.act.as_str(), hit.status.as_str()), ("accuse", "made"));
    let record = store.record(hit.name.article).unwrap().unwrap();
    assert_eq!(record.statements[1].status, "not_made");
    for (query, message) in
        [("act:shout", "“act:” is one of say, ask"), ("status:said", "“status:” is one of made, not_made")]
    {
        assert!(query.parse::<Query>().unwrap_err().to_string().contains(message), "{query}");
    }
}

#[test]
fn verify_sees_what_was_tampered_with() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("news.db");
    let mut kept = Store::create(&path).unwrap();
    put(&mut kept, &bridge());
    drop(kept);
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute("UPDATE articles SET text = replace(text, 'May', 'Nay')", []).unwrap();
    db.execute("UPDATE spans SET \"end\" = \"end\" + 1 WHERE field = 'cue'", []).unwrap();
    db.execute("DELETE FROM words WHERE rowid = (SELECT max(id) FROM statements)", []).unwrap();
    drop(db);
    let all = faults(&Store::open(&path).unwrap());
    for fault in [
        "1: the text doesn't have the article's hash",
        "1.s1: the spans of its content don't give its text",
        "1.s2: the spans of its cue don't give its text",
        "words: 1 statements are missing from search",
    ] {
        assert!(all.iter().any(|f| f == fault), "{fault}: {all:?}");
    }
}

#[test]
fn files_that_are_no_store() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let message = |path: &Path| Store::open(path).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(message(&at("none.db")).contains("no such store"));
    std::fs::write(at("text.db"), "It rained. ".repeat(200)).unwrap();
    assert!(message(&at("text.db")).contains("not an onrecord store"), "{}", message(&at("text.db")));
    rusqlite::Connection::open(at("other.db")).unwrap().execute("CREATE TABLE x (y)", []).unwrap();
    assert!(message(&at("other.db")).contains("not an onrecord store"));
    drop(Store::create(&at("later.db")).unwrap());
    rusqlite::Connection::open(at("later.db")).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(message(&at("later.db")).contains("made by a later version"));
}

/// A store of each released schema, made from `examples/` by the version that released it, is opened for ever.
#[test]
fn stores_of_every_released_schema_are_opened() {
    let folder = TempDir::new().unwrap();
    for version in 1..=onrecord_store::SCHEMA {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/stores/schema-{version}.db"));
        let path = folder.path().join(format!("{version}.db"));
        std::fs::copy(&kept, &path).unwrap();
        let mut store = Store::open(&path).unwrap();
        assert_eq!(faults(&store), Vec::<String>::new());
        assert_eq!(store.size().unwrap().articles, 6);
        let hits = find(&store, "speaker:brandt toll published:2016-03-05").hits;
        assert_eq!(hits[0].outlet.as_deref(), Some("Shore Post"));
        assert_eq!(store.decisions().unwrap().len(), 1);
        let before = find(&store, "toll").hits.len();
        assert_eq!(put(&mut store, &bridge()), Put::New);
        assert_eq!(find(&store, "toll").hits.len(), before + 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever is typed is understood or refused at a character of it; what is understood, SQLite understands too.
    #[test]
    fn any_query_is_understood_or_refused(query in r#"([a-zé"“*:() -]|OR |speaker:|said:|published:|kind:|20[01][0-9](-[01][0-9])?|\.\.){0,12}"#) {
        let folder = TempDir::new().unwrap();
        let store = Store::create(&folder.path().join("news.db")).unwrap();
        match query.parse::<Query>() {
            Ok(query) => {
                for order in [Order::Newest, Order::Best] {
                    store.search(&query, order, 5, 0).unwrap();
                }
            }
            Err(error) => prop_assert!((1..=query.chars().count() + 1).contains(&error.at), "{error}"),
        }
    }
}
