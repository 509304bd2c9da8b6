//! Sentences of docs/STORE.md that no other test of the store covers, each as a test.

use jiff::Timestamp;
use onrecord_store::decisions::Verdict;
use onrecord_store::{
    ArticleId, DecidedField, Digest, Order, Put, Query, SCHEMA, Salvaged, Store, StoreError,
};
use onrecord_text::{CodePoints, EntityKind, Span, SpeakerKind, wire};
use rusqlite::Connection;
use tempfile::TempDir;

/// 2026-11-24 at noon.
const NOW: Timestamp = Timestamp::constant(1_795_521_600, 0);
/// Words that two unrelated texts don't share.
const FILLER: [&str; 3] = [
    "The ferry left the harbour of Tallberg while gulls circled above the empty quay.",
    "Wheat futures climbed sharply because drought threatened harvests across several provinces.",
    "Surgeons described a cheaper valve that children with weak hearts might receive next winter.",
];

/// The record of an article in which each of these people says something.
fn record(source: &str, url: Option<&str>, filler: &str, said: &[(EntityKind, &str, &str)]) -> wire::Record {
    let mut text = filler.to_owned();
    let mut record = wire::Record { schema: wire::SCHEMA.to_owned(), ..wire::Record::default() };
    for (n, (kind, name, words)) in said.iter().enumerate() {
        text.push(' ');
        let from = text.len();
        text.push_str(name);
        text.push_str(" said: ");
        let (to, start) = (from + name.len(), text.len());
        text.push_str(words);
        let end = text.len();
        text.push('.');
        let points = CodePoints::new(&text);
        let span = |from, to| points.wire(Span::new(from, to).unwrap());
        let [start_of_name, end_of_name] = span(from, to);
        let id = format!("e{}", n + 1);
        let kind_of_speaker = match kind {
            EntityKind::Person => SpeakerKind::Person,
            _ => SpeakerKind::Organization,
        };
        record.entities.push(wire::Entity {
            id: id.clone(),
            name: (*name).to_owned(),
            kind: *kind,
            roles: Vec::new(),
            aliases: Vec::new(),
            mentions: vec![wire::Mention { start: start_of_name, end: end_of_name }],
        });
        record.statements.push(wire::Statement {
            id: format!("s{}", n + 1),
            source: Some(wire::Field { text: (*name).to_owned(), spans: vec![span(from, to)] }),
            content: wire::Field { text: (*words).to_owned(), spans: vec![span(start, end)] },
            speaker: Some(wire::Speaker {
                name: Some((*name).to_owned()),
                kind: kind_of_speaker,
                role: None,
                entity: Some(id.clone()),
                entities: vec![id],
                confidence: 0.9,
            }),
            ..wire::Statement::default()
        });
    }
    record.article = wire::Article {
        id: wire::content_hash(&text),
        source_id: source.to_owned(),
        url: url.map(str::to_owned),
        published: Some("2016-03-04".to_owned()),
        text,
        ..wire::Article::default()
    };
    record
}

fn person<'a>(name: &'a str, words: &'a str) -> (EntityKind, &'a str, &'a str) {
    (EntityKind::Person, name, words)
}

fn digest(record: &wire::Record) -> Digest {
    Digest::of([serde_json::to_vec(record).unwrap().as_slice()])
}

/// A store with these records, in a folder that is deleted with it.
fn store(records: &[wire::Record]) -> (TempDir, Store) {
    let folder = TempDir::new().unwrap();
    let mut store = Store::create(&folder.path().join("news.db")).unwrap();
    for record in records {
        put(&mut store, record);
    }
    (folder, store)
}

fn put(store: &mut Store, record: &wire::Record) -> Put {
    let mut batch = store.batch().unwrap();
    let put = batch.put(record, &digest(record)).unwrap();
    batch.commit().unwrap();
    store.join(|| false).unwrap();
    put
}

fn contents(store: &Store, query: &str) -> Vec<String> {
    let query: Query = query.parse().unwrap();
    store.search(&query, Order::Oldest, 50, 0).unwrap().hits.into_iter().map(|hit| hit.content).collect()
}

/// The number of articles that name somebody, and the number of people of that name.
fn articles(store: &Store, name: &str) -> (usize, usize) {
    let people = store.people(name, 9).unwrap();
    (people.iter().map(|p| p.articles).sum(), people.len())
}

#[test]
fn the_version_of_the_schema_is_in_the_file() {
    let (_folder, store) = store(&[]);
    let db = Connection::open(store.path()).unwrap();
    assert_eq!(db.query_row("PRAGMA user_version", [], |r| r.get::<_, i64>(0)).unwrap(), SCHEMA);
    assert_eq!(db.query_row("PRAGMA journal_mode", [], |r| r.get::<_, String>(0)).unwrap(), "wal");
}

#[test]
fn the_same_words_twice_have_two_addresses() {
    let said =
        [person("Ada Brandt", "No toll"), person("Pia Lund", "no, toll"), person("Ada Brandt", "A toll")];
    let (_folder, store) = store(&[record("a", None, FILLER[0], &said)]);
    let hits = store.search(&Query::everything(), Order::Oldest, 9, 0).unwrap().hits;
    let mut addresses: Vec<String> = hits.iter().map(|hit| hit.address.clone()).collect();
    for address in &addresses {
        assert!(address.len() == 16 && address.bytes().all(|b| b.is_ascii_hexdigit()), "{address}");
        assert_eq!(store.named_statement(address).unwrap().to_string(), name_of(&hits, address));
    }
    addresses.sort();
    addresses.dedup();
    assert_eq!(addresses.len(), 3);
}

fn name_of(hits: &[onrecord_store::Hit], address: &str) -> String {
    hits.iter().find(|hit| hit.address == address).unwrap().name.to_string()
}

#[test]
fn the_address_of_a_front_page_is_no_address() {
    for (url, one) in [
        ("https://sound.example/2016/bridge", true),
        ("https://sound.example/?p=7", true),
        ("https://sound.example/", false),
        ("https://sound.example", false),
        ("https://sound.example/index.html", false),
        ("https://sound.example/#top", false),
        ("/2016/bridge", false),
    ] {
        let [first, second] = ["a", "b"].map(|source| {
            record(source, Some(url), FILLER[0], &[person("Ada Brandt", &format!("Toll {source}"))])
        });
        let (_folder, mut store) = store(&[first]);
        let found = put(&mut store, &second);
        assert_eq!(found == Put::Version, one, "{url}: {found:?}");
    }
}

#[test]
fn a_version_shares_two_fifths_of_its_longer_words() {
    let text = |words: &[&str]| record("a", None, &words.join(" "), &[]);
    let first = text(&["anchor", "bridge", "copper", "dragon", "engine"]);
    let (_folder, mut store) = store(&[first]);
    // Two of five words, and words of up to three letters don't count.
    let again = text(&["anchor", "bridge", "falcon", "garden", "hammer", "the", "sea"]);
    assert_eq!(put(&mut store, &again), Put::Version);
    let other = text(&["anchor", "island", "jacket", "kettle", "ladder", "the", "sea"]);
    assert_eq!(put(&mut store, &other), Put::New);
}

#[test]
fn one_name_in_several_spellings_is_one_person() {
    let one = |kind, names: [&str; 2]| {
        let records: Vec<_> =
            (0..2).map(|n| record(&n.to_string(), None, FILLER[n], &[(kind, names[n], "No toll")])).collect();
        let (_folder, store) = store(&records);
        articles(&store, names[0])
    };
    use EntityKind::{Organization, Person};
    for names in [
        ["Zoë Falk", "ZOE FALK"],
        ["Jon Aalto", "Jon R. Aalto"],
        ["Jon Aalto", "Jon Aalto Jr."],
        ["Jon Aalto", "Jon Aalto III"],
    ] {
        assert_eq!(one(Person, names), (2, 1), "{names:?}");
    }
    for names in [["Baltic Rail", "The Baltic Rail"], ["Baltic Rail", "Baltic Rail Ltd."]] {
        assert_eq!(one(Organization, names), (2, 1), "{names:?}");
    }
    assert_eq!(one(Person, ["Jon Aalto", "Jan Aalto"]).0, 1);
    assert_eq!(one(Organization, ["Baltic Rail", "Baltic Ferries"]).0, 1);
}

#[test]
fn a_query_is_read_as_the_manual_says() {
    let said = [
        person("Ada Brandt", "I don't know"),
        person("Ada Brandt", "a bridge, no ferry"),
        person("Pia Lund", "a boat or a bridge"),
        person("Pia Lund", "Über die Brücke"),
    ];
    let mut dated = record("a", None, FILLER[0], &said);
    for (n, day) in [(0, "XXXX-03-04"), (1, "2016-03-04")] {
        dated.statements[n].time = Some(wire::Time {
            text: String::new(),
            spans: Vec::new(),
            value: Some(day.to_owned()),
            carried: false,
        });
    }
    let (_folder, store) = store(&[dated]);
    assert_eq!(contents(&store, "don't"), ["I don't know"]);
    assert_eq!(contents(&store, "\"don t\""), ["I don't know"]);
    assert!(contents(&store, "\"know don\"").is_empty());
    assert_eq!(contents(&store, "bridge ferry OR boat").len(), 2, "OR binds more tightly than all");
    assert_eq!(contents(&store, "bridge -boat"), ["a bridge, no ferry"]);
    assert_eq!(contents(&store, "BRUCKE über"), ["Über die Brücke"]);
    assert_eq!(contents(&store, "said:..9999"), ["a bridge, no ferry"], "no range has an unknown year");
    assert_eq!(contents(&store, "said:2016-03-04..2016-03-04").len(), 1);
    let long = |bytes: usize| format!("{}b", "a ".repeat((bytes - 1) / 2)).parse::<Query>();
    assert!(long(399).is_ok());
    assert!(long(401).unwrap_err().what.contains("at most 200 words"));
    assert!("x".repeat(4000).parse::<Query>().is_ok());
    assert!("x".repeat(4001).parse::<Query>().unwrap_err().what.contains("at most 4000 bytes"));
}

#[test]
fn the_view_has_the_latest_versions_with_corrections() {
    let one = record("a", None, FILLER[0], &[person("Ada Brandt", "No toll")]);
    let text = format!("{} It rained.", FILLER[0]);
    let two = record("a", None, &text, &[person("Ada Brandt", "No toll"), person("Pia Lund", "A toll")]);
    let (_folder, mut store) = store(&[one, two]);
    let hits = store.search(&Query::everything(), Order::Oldest, 9, 0).unwrap().hits;
    store
        .decide(&Verdict::Set(hits[0].name, DecidedField::Role, "Minister".to_owned()), NOW, Some("Nora"))
        .unwrap();
    store.decide(&Verdict::Accept(hits[1].name), NOW, None).unwrap();
    let db = Connection::open(store.path()).unwrap();
    let mut rows = db.prepare("SELECT name, address, speaker, role, verdict FROM said ORDER BY id").unwrap();
    let rows = rows
        .query_map([], |r| {
            Ok([0, 1, 2, 3, 4].map(|n| r.get::<_, Option<String>>(n).unwrap().unwrap_or_default()))
        })
        .unwrap()
        .map(Result::unwrap);
    let (first, second) = (&hits[0].address, &hits[1].address);
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [["2.s1", first, "Ada Brandt", "Minister", ""], ["2.s2", second, "Pia Lund", "", "accepted"]]
            .map(|row| row.map(str::to_owned))
    );
}

#[test]
fn a_decision_that_is_undone_stays_in_the_list() {
    let (_folder, mut store) = store(&[record("a", None, FILLER[0], &[person("Ada Brandt", "No toll")])]);
    let name = "1.s1".parse().unwrap();
    let decision = store.decide(&Verdict::Reject(name), NOW, Some("Nora")).unwrap();
    assert!(contents(&store, "toll").is_empty());
    assert!(
        store.records(&Query::everything()).unwrap().all(|stored| stored
            .unwrap()
            .record
            .statements
            .is_empty())
    );
    store.undo(decision).unwrap();
    assert_eq!(contents(&store, "toll").len(), 1);
    let decisions = store.decisions().unwrap();
    assert_eq!(decisions.len(), 1);
    assert!(decisions[0].undone && decisions[0].by.as_deref() == Some("Nora"));
}

#[test]
fn a_few_common_words_carry_no_decision_into_another_text() {
    // The statement moves to an unrelated text, where nothing around it agrees.
    for (words, carried) in [("the toll is far too high", true), ("too high", false)] {
        let first = record("a", Some("http://a.example/1"), FILLER[0], &[person("Ada Brandt", words)]);
        let (_folder, mut store) = store(&[first]);
        store
            .decide(
                &Verdict::Set("1.s1".parse().unwrap(), DecidedField::Role, "Minister".to_owned()),
                NOW,
                None,
            )
            .unwrap();
        // Another version: two fifths of the words, in another order and far from the statement.
        let tangled = "quay empty the above circled gulls while Tallberg of harbour the left ferry The";
        let text = format!("{tangled}. {} {}", FILLER[1], FILLER[2]);
        let second = record("a", Some("http://a.example/1"), &text, &[person("Pia Lund", words)]);
        assert_eq!(put(&mut store, &second), Put::Version);
        let roles = store.search(&Query::everything(), Order::Oldest, 9, 0).unwrap().hits;
        assert_eq!(roles[0].role.is_some(), carried, "{words}");
    }
}

#[test]
fn a_salvaged_store_does_not_know_which_documents_were_read() {
    let article = record("a", None, FILLER[0], &[person("Ada Brandt", "No toll")]);
    let (folder, mut kept) = store(std::slice::from_ref(&article));
    assert!(kept.has(&digest(&article)).unwrap());
    kept.decide(&Verdict::Accept("1.s1".parse().unwrap()), NOW, None).unwrap();
    let mut to = Store::create(&folder.path().join("salvaged.db")).unwrap();
    let done = kept.salvage(&mut to, |fault| -> Result<(), StoreError> { panic!("{fault:?}") }).unwrap();
    assert_eq!(done, Salvaged { articles: 1, decisions: 1, lost: 0 });
    assert!(!to.has(&digest(&article)).unwrap());
    assert_eq!(put(&mut to, &article), Put::Same);
    assert_eq!(to.record(ArticleId(1)).unwrap(), kept.record(ArticleId(1)).unwrap());
    assert_eq!(to.decisions().unwrap().len(), 1);
}
