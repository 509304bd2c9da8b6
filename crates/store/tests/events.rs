//! Reports of events in a store, told by what a researcher does with them. Records are written by hand.

use jiff::Timestamp;
use onrecord_store::decisions::Verdict;
use onrecord_store::{
    ArticleId, CorrectedEvent, DecidedField, Digest, EventQuery, EventRef, Period, Put, Query, Report,
    StatementRef, Store, StoreError,
};
use onrecord_text::{
    Act, CodePoints, DateBasis, EntityKind, EventStatus, EventType, QuadClass, Side, Span, SpeakerKind,
    StatementKind, Status, wire,
};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tempfile::TempDir;

/// 2026-11-26 at noon.
const NOW: Timestamp = Timestamp::constant(1_795_694_400, 0);

/// A record with events. Fields are named by their words in the text.
struct Draft(wire::Record);

fn article(name: &str, published: &str, outlet: &str, text: &str) -> Draft {
    Draft(wire::Record {
        schema: wire::SCHEMA.to_owned(),
        article: wire::Article {
            id: wire::content_hash(text),
            source_id: name.to_owned(),
            outlet: Some(outlet.to_owned()),
            published: Some(published.to_owned()),
            text: text.to_owned(),
            ..wire::Article::default()
        },
        events: Some(Vec::new()),
        ..wire::Record::default()
    })
}

impl Draft {
    fn field(&self, words: &str) -> wire::Field {
        let text = &self.0.article.text;
        let at = text.find(words).unwrap_or_else(|| panic!("“{words}” stands in the text"));
        let span = CodePoints::new(text).wire(Span::new(at, at + words.len()).unwrap());
        wire::Field { text: words.to_owned(), spans: vec![span] }
    }

    fn entity(mut self, kind: &str, name: &str) -> Self {
        let [start, end] = self.field(name).spans[0];
        self.0.entities.push(wire::Entity {
            id: format!("e{}", self.0.entities.len() + 1),
            name: name.to_owned(),
            kind: EntityKind::named(kind).expect("a kind of entity"),
            roles: Vec::new(),
            aliases: Vec::new(),
            mentions: vec![wire::Mention { start, end }],
        });
        self
    }

    fn entity_of(&self, name: &str) -> Option<String> {
        self.0.entities.iter().find(|e| e.name == name).map(|e| e.id.clone())
    }

    fn says(mut self, speaker: &str, content: &str) -> Self {
        let entities: Vec<String> = self.entity_of(speaker).into_iter().collect();
        let statement = wire::Statement {
            id: format!("s{}", self.0.statements.len() + 1),
            kind: StatementKind::Indirect,
            source: Some(self.field(speaker)),
            content: self.field(content),
            speaker: Some(wire::Speaker {
                name: Some(speaker.to_owned()),
                kind: SpeakerKind::Organization,
                role: None,
                entity: entities.first().cloned(),
                entities,
                confidence: 0.9,
            }),
            act: Some(Act::Say),
            status: Some(Status::Made),
            confidence: 0.9,
            ..wire::Statement::default()
        };
        self.0.statements.push(statement);
        self
    }

    /// Adds a report. Parties are words of the text, with a country's code after a slash where they have one.
    fn event(
        mut self,
        kind: &str,
        trigger: &str,
        [actor, recipient]: [&str; 2],
        status: &str,
        by: Option<(&str, &str)>,
    ) -> Self {
        let party = |words: &str| {
            let (words, country) =
                words.split_once('/').map_or((words, None), |(w, c)| (w, Some(c.to_owned())));
            (!words.is_empty()).then(|| {
                let field = self.field(words);
                let entities: Vec<String> = self.entity_of(words).into_iter().collect();
                wire::Party {
                    text: field.text,
                    spans: field.spans,
                    name: Some(words.to_owned()),
                    kind: SpeakerKind::Organization,
                    entity: entities.first().cloned(),
                    entities,
                    country,
                    confidence: 0.5,
                    ..wire::Party::default()
                }
            })
        };
        let kind = EventType::named(kind).expect("a type of event");
        let status = EventStatus::named(status).expect("a status");
        let event = wire::Event {
            id: format!("v{}", self.0.events.as_ref().unwrap().len() + 1),
            trigger: self.field(trigger),
            actor: party(actor),
            recipient: party(recipient),
            time: self.0.article.published.clone().map(|day| wire::EventTime {
                value: Some(day),
                basis: DateBasis::Article,
                ..wire::EventTime::default()
            }),
            claimant: by.map_or("article", |(s, _)| s).to_owned(),
            claimant_side: by.and_then(|(_, side)| Side::named(side)),
            confidence: 0.5,
            why: "a trigger".to_owned(),
            ..wire::Event::new(kind, status)
        };
        self.0.events.as_mut().unwrap().push(event);
        self
    }
}

/// Norden and Sund, which have no code, accuse each other; a third party denies.
fn shelling() -> Draft {
    article(
        "a",
        "2024-03-08",
        "Norden Post",
        "Sund shelled the port of Norden, Norden said. Sund denied that it attacked the port. Tallberg said Sund may have \
         fired. Police met the mayors.",
    )
    .entity("place", "Sund")
    .entity("place", "Norden")
    .entity("place", "Tallberg")
    .says("Norden", "Sund shelled the port of Norden")
    .says("Sund", "that it attacked the port")
    .says("Tallberg", "Sund may have fired")
    .event("ASSAULT", "shelled", ["Sund", "Norden"], "happened", Some(("s1", "recipient")))
    .event("REJECT", "denied", ["Sund", ""], "happened", None)
    .event("ASSAULT", "attacked", ["Sund", "Norden"], "denied", Some(("s2", "actor")))
    .event("ASSAULT", "fired", ["Sund", "Norden"], "possible", Some(("s3", "other")))
    .event("CONSULT", "met", ["Police", "mayors"], "happened", None)
}

fn store(folder: &TempDir) -> Store {
    Store::create(&folder.path().join("news.db")).unwrap()
}

fn put(store: &mut Store, draft: &Draft) -> Put {
    let line = serde_json::to_vec(&draft.0).unwrap();
    let mut batch = store.batch().unwrap();
    let put = batch.put(&draft.0, &Digest::of([line.as_slice()])).unwrap();
    batch.commit().unwrap();
    store.join(|| false).unwrap();
    put
}

fn query(text: &str) -> EventQuery {
    text.parse().unwrap()
}

fn reports(store: &Store, text: &str) -> Vec<Report> {
    store.events(&query(text), 50, None).unwrap().reports
}

/// The triggers of the reports that match, in the order of the text.
fn triggers(store: &Store, text: &str) -> Vec<String> {
    let mut found = reports(store, text);
    found.reverse();
    found.into_iter().map(|r| r.trigger).collect()
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

fn event(number: i64) -> EventRef {
    EventRef { article: ArticleId(1), number }
}

#[test]
fn reports_come_out_as_they_were_put() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    assert_eq!(put(&mut store, &shelling()), Put::New);
    assert_eq!(store.record(ArticleId(1)).unwrap(), Some(shelling().0));
    assert_eq!(put(&mut store, &shelling()), Put::Same);
    assert_eq!(faults(&store), Vec::<String>::new());
    // A record that was read without events differs from one that was read with them and has none.
    let mut without = shelling();
    without.0.events = None;
    assert_eq!(put(&mut store, &without), Put::Findings);
    assert_eq!(store.record(ArticleId(1)).unwrap().unwrap().events, None);
    assert!(reports(&store, "port").is_empty());
    let mut none = shelling();
    none.0.events = Some(Vec::new());
    assert_eq!(put(&mut store, &none), Put::Findings);
    assert_eq!(store.record(ArticleId(1)).unwrap().unwrap().events, Some(Vec::new()));
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn a_report_has_its_wording_its_claim_and_its_side() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    let report = store.event(event(3)).unwrap();
    assert_eq!((report.kind, report.status), (EventType::Assault, EventStatus::Denied));
    assert_eq!(report.sentence, "Sund denied that it attacked the port.");
    let (start, end) = report.trigger_at;
    assert_eq!(report.sentence.chars().skip(start).take(end - start).collect::<String>(), "attacked");
    let claim = report.claim.unwrap();
    assert_eq!((claim.name.to_string().as_str(), claim.speaker.as_deref()), ("1.s2", Some("Sund")));
    assert_eq!(report.side, Some(Side::Actor));
    assert_eq!(store.event(event(2)).unwrap().claim, None);
    let missing = store.event(event(9)).unwrap_err();
    assert_eq!(missing.to_string(), "1.v9: no such report of an event in this store");
}

#[test]
fn filters_find_reports() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    for (query, expected) in [
        ("type:assault", vec!["shelled", "attacked", "fired"]),
        ("class:verbal-conflict", vec!["denied"]),
        ("class:verbal-cooperation", vec!["met"]),
        ("status:denied", vec!["attacked"]),
        ("actor:sund recipient:norden -status:possible", vec!["shelled", "attacked"]),
        ("claimant:tallberg", vec!["fired"]),
        ("claimant:article", vec!["denied", "met"]),
        ("side:recipient OR side:other", vec!["shelled", "fired"]),
        ("side:article type:consult", vec!["met"]),
        ("port", vec!["shelled", "denied", "attacked"]),
        ("outlet:post date:2024-03", vec!["shelled", "denied", "attacked", "fired", "met"]),
        ("date:2024-04..", vec![]),
        ("historical:yes", vec![]),
        ("published:2024-03-08 historical:no met", vec!["met"]),
        ("met confidence:0.5", vec!["met"]),
        ("met confidence:0.501", vec![]),
    ] {
        assert_eq!(triggers(&store, query), expected, "{query}");
    }
    let first = store.events(&query("type:assault"), 2, None).unwrap();
    assert!(first.more);
    let rest = store.events(&query("type:assault"), 2, Some(first.reports[1].name)).unwrap();
    assert_eq!((rest.reports.len(), rest.more, rest.reports[0].trigger.as_str()), (1, false, "shelled"));
}

#[test]
fn decisions_on_reports_hold_and_can_be_taken_back() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    let set = |field, value: &str| Verdict::SetEvent(event(4), field, value.to_owned());
    for (field, value) in [
        (DecidedField::Type, "threaten"),
        (DecidedField::Status, "Planned"),
        (DecidedField::Actor, "Norden"),
        (DecidedField::Recipient, "TUR"),
        (DecidedField::Claimant, "1.s1"),
    ] {
        store.decide(&set(field, value), NOW, Some("Nora Falk")).unwrap();
    }
    // A report can't lose its party.
    let nobody = store.decide(&set(DecidedField::Recipient, "None"), NOW, None).unwrap_err().to_string();
    assert!(nobody.contains("“None” is not a party; name the recipient, or reject the report"), "{nobody}");
    let reject = store.decide(&Verdict::RejectEvent(event(1)), NOW, None).unwrap();
    store.decide(&Verdict::AcceptEvent(event(5)), NOW, None).unwrap();
    let check = |store: &Store| {
        let report = &reports(store, "fired")[0];
        assert_eq!((report.kind, report.status), (EventType::Threaten, EventStatus::Planned));
        assert_eq!(
            report.actor.as_ref().map(|p| (p.name.as_str(), p.kind)),
            Some(("Norden", SpeakerKind::Organization))
        );
        assert_eq!(report.recipient.as_ref().map(|p| p.countries.as_slice()), Some(&["TUR".to_owned()][..]));
        assert_eq!(report.claim.as_ref().and_then(|c| c.speaker.as_deref()), Some("Norden"));
        assert_eq!((report.side, report.corrected.len()), (None, 5));
        assert_eq!(triggers(store, "actor:norden recipient:tur type:threaten side:unknown"), ["fired"]);
        assert!(triggers(store, "shelled").is_empty());
        assert_eq!(faults(store), Vec::<String>::new());
    };
    check(&store);
    assert_eq!(store.event(event(5)).unwrap().corrected, [CorrectedEvent::Verdict]);
    let decided = store.decisions().unwrap();
    assert!(decided.iter().all(|d| d.on_event));
    assert_eq!((decided[0].content.as_deref(), decided[0].source.as_deref()), (Some("fired"), Some("Sund")));
    assert_eq!(store.events_of(decided[0].id).unwrap(), [event(4)]);
    // The record itself is as it was put; a corrected one says what was corrected.
    assert_eq!(store.record(ArticleId(1)).unwrap(), Some(shelling().0));
    let events =
        |query: Query| store.records(&query).unwrap().next().unwrap().unwrap().record.events.unwrap();
    let only = events("speaker:sund".parse().unwrap());
    assert_eq!(only.iter().map(|e| e.trigger.text.as_str()).collect::<Vec<_>>(), ["attacked"]);
    let events = events(Query::everything());
    assert_eq!(
        events.iter().map(|e| e.trigger.text.as_str()).collect::<Vec<_>>(),
        ["denied", "attacked", "fired", "met"]
    );
    assert_eq!((events[2].claimant.as_str(), events[2].corrected.len()), ("s1", 5));
    // Another engine numbers the reports differently.
    let mut again = shelling();
    again.0.engine.version = "0.2.0".to_owned();
    again.0.events.as_mut().unwrap().remove(1);
    for (n, event) in again.0.events.as_mut().unwrap().iter_mut().enumerate() {
        event.id = format!("v{}", n + 1);
    }
    assert_eq!(put(&mut store, &again), Put::Findings);
    check(&store);
    store.undo(reject).unwrap();
    assert_eq!(triggers(&store, "shelled"), ["shelled"]);
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn values_that_make_no_sense_are_refused() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    put(
        &mut store,
        &article("b", "2024-03-09", "Sund News", "It rained, Norden said.").says("Norden", "It rained"),
    );
    let mut refused = |verdict: Verdict| store.decide(&verdict, NOW, None).unwrap_err().to_string();
    let set = |field, value: &str| Verdict::SetEvent(event(1), field, value.to_owned());
    assert!(refused(set(DecidedField::Type, "WAR")).starts_with("“WAR” is not one of AGREE, CONSULT"));
    assert!(refused(set(DecidedField::Status, "true")).starts_with("“true” is not one of happened, planned"));
    assert_eq!(refused(set(DecidedField::Claimant, "2.s1")), "2.s1 is not a statement of article 1");
    assert_eq!(refused(set(DecidedField::Claimant, "1.s9")), "1.s9: no such statement in this store");
    assert_eq!(
        refused(set(DecidedField::Actor, "a\nb")),
        "an actor must not contain line breaks or control characters"
    );
    assert_eq!(refused(set(DecidedField::Said, "2024")), "1.v1: a report of an event has no said");
    let statement = StatementRef { article: ArticleId(1), number: 1 };
    assert_eq!(
        refused(Verdict::Set(statement, DecidedField::Type, "AID".to_owned())),
        "1.s1: a statement has no type"
    );
    assert_eq!(refused(Verdict::AcceptEvent(event(9))), "1.v9: no such report of an event in this store");
}

#[test]
fn a_claimant_follows_its_statement() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    let statement = StatementRef { article: ArticleId(1), number: 3 };
    let speaker = Verdict::Set(statement, DecidedField::Speaker, "Rolf Meyer".to_owned());
    store.decide(&speaker, NOW, None).unwrap();
    assert_eq!(triggers(&store, "claimant:meyer"), ["fired"]);
    assert!(triggers(&store, "claimant:tallberg").is_empty());
    // If the statement is wrong, nobody claims what it reports.
    let reject = store.decide(&Verdict::Reject(statement), NOW, None).unwrap();
    assert!(triggers(&store, "fired").is_empty());
    assert_eq!(faults(&store), Vec::<String>::new());
    store.undo(reject).unwrap();
    assert_eq!(triggers(&store, "fired"), ["fired"]);
}

#[test]
fn people_who_are_merged_are_one_party() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    let person = |name: &str| store.people(name, 1).unwrap()[0].id;
    let (sund, tallberg) = (person("Sund"), person("Tallberg"));
    let merge = store.decide(&Verdict::Merge(sund, tallberg), NOW, None).unwrap();
    assert_eq!(triggers(&store, "actor:tallberg type:assault").len(), 3);
    store.undo(merge).unwrap();
    assert!(triggers(&store, "actor:tallberg").is_empty());
}

#[test]
fn relations_count_reports_by_period_direction_and_claimant() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    let reply = article(
        "b",
        "2024-04-02",
        "Sund News",
        "Norden met Sund after Norden police arrested Sund fishermen.",
    )
    .entity("place", "Norden")
    .entity("place", "Sund")
    .event("CONSULT", "met", ["Norden", "Sund"], "happened", None)
    .event("COERCE", "arrested", ["Norden police/NRD", "Sund fishermen"], "happened", None);
    put(&mut store, &reply);
    let count = |filter: &EventQuery| {
        let all = store.relations("Sund", "Norden", Period::Month, filter).unwrap();
        all.into_iter()
            .map(|r| {
                (r.period.unwrap_or_default(), r.forward, r.class, r.claimed, r.side, r.status, r.reports)
            })
            .collect::<Vec<_>>()
    };
    let material = QuadClass::MaterialConflict;
    let march = || "2024-03".to_owned();
    let shelled = (march(), true, material, true, Some(Side::Recipient), EventStatus::Happened, 1);
    assert_eq!(
        count(&EventQuery::everything()),
        [
            (march(), true, material, true, Some(Side::Actor), EventStatus::Denied, 1),
            shelled.clone(),
            (march(), true, material, true, Some(Side::Other), EventStatus::Possible, 1),
            (
                "2024-04".to_owned(),
                false,
                QuadClass::VerbalCooperation,
                false,
                None,
                EventStatus::Happened,
                1
            ),
        ]
    );
    assert_eq!(count(&query("side:recipient")), [shelled]);
    assert!(count(&query("confidence:0.501")).is_empty());
    assert!(count(&query("published:2025..")).is_empty());
    // The code of a country stands for all its parties.
    let by_code = store.relations("NRD", "Sund", Period::Year, &EventQuery::everything()).unwrap();
    assert!(by_code.is_empty(), "the fishermen are not Sund");
    let unknown = store.relations("Sund", "Nobody", Period::Year, &EventQuery::everything()).unwrap_err();
    assert!(unknown.to_string().starts_with("“Nobody”: nobody in this store has exactly this name"));
}

#[test]
fn columns_that_differ_from_their_report_are_faults() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("news.db");
    let mut store = Store::create(&path).unwrap();
    put(&mut store, &shelling());
    assert_eq!(faults(&store), Vec::<String>::new());
    for change in [
        "type = 'AID'",
        "status = 'planned'",
        "historical = 1 - historical",
        "trigger = 'hugged'",
        "actor_country = 'XYZ'",
        "date = '1999-01-01'",
        "claimant = ifnull(claimant, 0) + 1",
        "claimant_side = 'nobody'",
        "confidence = confidence / 2",
    ] {
        let db = rusqlite::Connection::open(&path).unwrap();
        db.execute_batch(&format!("CREATE TEMP TABLE was AS SELECT * FROM events WHERE number = 1; UPDATE events SET {change} WHERE number = 1")).unwrap();
        let found = faults(&store);
        assert_eq!(found.len(), 1, "{change}: {found:?}");
        assert!(found[0].contains("1.v1") && found[0].contains("its columns are not"), "{found:?}");
        let column = change.split(' ').next().unwrap();
        db.execute_batch(&format!(
            "UPDATE events SET {column} = (SELECT {column} FROM was) WHERE number = 1"
        ))
        .unwrap();
    }
    assert_eq!(faults(&store), Vec::<String>::new());
}

/// The number of reports between two parties.
fn between(store: &Store, one: &str, other: &str) -> usize {
    let all = store.relations(one, other, Period::Year, &EventQuery::everything()).unwrap();
    all.iter().map(|r| r.reports).sum()
}

#[test]
fn a_name_may_have_the_form_of_a_code() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let raid = article("a", "2024-03-08", "Norden Post", "The NPA raided the HBC on Friday.")
        .entity("organization", "NPA")
        .entity("organization", "HBC")
        .event("COERCE", "raided", ["NPA", "HBC"], "happened", None);
    put(&mut store, &raid);
    let count = |a: &str, b: &str| between(&store, a, b);
    assert_eq!(count("NPA", "HBC"), 1);
    // A country that no report names is no error, but three letters that are no country's code are.
    assert_eq!((count("NPA", "TUR"), count("NPA", "tur")), (0, 0));
    let error = store.relations("NPA", "XYZ", Period::Year, &EventQuery::everything()).unwrap_err();
    assert!(error.to_string().contains("“XYZ”: nobody in this store"), "{error}");
    // A number is not looked up as a name.
    let error = store.relations("NPA", "p99", Period::Year, &EventQuery::everything()).unwrap_err();
    assert_eq!(error.to_string(), "p99: nobody in this store has this number");
}

#[test]
fn a_country_is_found_by_name_whatever_an_article_takes_it_for() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let fired = article("a", "2024-03-08", "Norden Post", "Turkey fired on Russia on Friday.")
        .entity("organization", "Turkey")
        .entity("place", "Russia")
        .event("ASSAULT", "fired", ["Turkey", "Russia"], "happened", None);
    put(&mut store, &fired);
    put(
        &mut store,
        &article("b", "2024-03-09", "Norden Post", "Ankara fired on Moscow.").event(
            "ASSAULT",
            "fired",
            ["Ankara/TUR", "Moscow/RUS"],
            "happened",
            None,
        ),
    );
    let count = |a: &str, b: &str| between(&store, a, b);
    assert_eq!((count("Turkey", "Russia"), count("TUR", "RUS")), (2, 1));
    // One party with itself has one direction.
    assert_eq!(count("Turkey", "Turkey"), 0);
}

#[test]
fn a_country_that_a_person_names_has_its_code_and_the_side_is_open_then() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    assert_eq!(store.event(event(3)).unwrap().side, Some(Side::Actor));
    for name in ["Turkey", "the Turks"] {
        store.decide(&Verdict::SetEvent(event(3), DecidedField::Actor, name.to_owned()), NOW, None).unwrap();
        let report = store.event(event(3)).unwrap();
        assert_eq!(report.actor.unwrap().countries, ["TUR"], "{name}");
        assert_eq!(report.side, None);
    }
    // The claimant that a report has already does not change anything.
    let mut store = self::store(&TempDir::new().unwrap());
    put(&mut store, &shelling());
    store.decide(&Verdict::SetEvent(event(3), DecidedField::Claimant, "1.s2".to_owned()), NOW, None).unwrap();
    assert_eq!(store.event(event(3)).unwrap().side, Some(Side::Actor));
}

#[test]
fn an_article_without_a_day_is_not_older_than_a_day() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    let undated = article("u", "", "Norden Post", "Norden shelled Sund.").event(
        "ASSAULT",
        "shelled",
        ["Norden", "Sund"],
        "happened",
        None,
    );
    put(&mut store, &undated);
    assert_eq!(triggers(&store, "published:..1950"), Vec::<&str>::new());
    assert_eq!(triggers(&store, "published:..2024 type:assault").len(), 3);
    assert_eq!(triggers(&store, "type:assault").len(), 4);
}

#[test]
fn rival_accounts_are_of_the_same_parties_and_days() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    let tell = |name: &str, day: &str, outlet: &str, status: &str| {
        article(name, day, outlet, "Norden bombed Sund.")
            .entity("place", "Norden")
            .entity("place", "Sund")
            .event("ASSAULT", "bombed", ["Norden", "Sund"], status, None)
    };
    // Two days later, the roles are the other way around. Four days later, it is another matter.
    put(&mut store, &tell("b", "2024-03-10", "Sund News", "happened"));
    put(&mut store, &tell("c", "2024-03-12", "Sund News", "happened"));
    put(&mut store, &tell("d", "2024-03-13", "Norden Post", "happened"));
    let all = store.accounts(&EventQuery::everything(), 10).unwrap();
    let [accounts] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(accounts.class, QuadClass::MaterialConflict);
    let mut parties = accounts.parties.clone();
    parties.sort();
    assert_eq!(parties, ["Norden", "Sund"]);
    assert_eq!(accounts.days, ["2024-03-08", "2024-03-10"]);
    let told: Vec<&str> = accounts.reports.iter().map(|r| r.trigger.as_str()).collect();
    assert_eq!(told, ["shelled", "attacked", "fired", "bombed"]);
    assert_eq!(accounts.reports[3].sentence, "Norden bombed Sund.");
    assert_eq!(accounts.reports[3].trigger_at, (7, 13));
    // Articles that agree in their own voice are no rivals; those that disagree on the status are.
    put(&mut store, &tell("e", "2024-03-14", "Coast Courier", "denied"));
    let all = store.accounts(&EventQuery::everything(), 10).unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].days, ["2024-03-12", "2024-03-14"]);
    assert_eq!(store.accounts(&query("status:possible"), 10).unwrap(), []);
    assert_eq!(store.accounts(&EventQuery::everything(), 1).unwrap().len(), 1);
}

#[test]
fn a_report_without_rivals_before_it_may_have_some_after_it() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    for (day, status) in [("2024-03-08", "happened"), ("2024-03-10", "happened"), ("2024-03-12", "denied")] {
        let draft = article(day, day, "Sund News", "Norden bombed Sund.")
            .entity("place", "Norden")
            .entity("place", "Sund")
            .event("ASSAULT", "bombed", ["Norden", "Sund"], status, None);
        put(&mut store, &draft);
    }
    let all = store.accounts(&EventQuery::everything(), 10).unwrap();
    let [accounts] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(accounts.days, ["2024-03-10", "2024-03-12"]);
}

/// One article takes Sund for a place and another for an organisation; a third only has the words.
#[test]
fn parties_are_the_same_whatever_kind_an_article_takes_them_for() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let tell = |name: &str, kind: &str, outlet: &str, status: &str| {
        let draft = article(name, "2024-03-08", outlet, "Norden bombed Sund.").entity("place", "Norden");
        let draft = if kind.is_empty() { draft } else { draft.entity(kind, "Sund") };
        draft.event("ASSAULT", "bombed", ["Norden", "Sund"], status, None)
    };
    put(&mut store, &tell("a", "place", "Sund News", "happened"));
    put(&mut store, &tell("b", "organization", "Norden Post", "denied"));
    put(&mut store, &tell("c", "", "Coast Courier", "possible"));
    let all = store.accounts(&EventQuery::everything(), 10).unwrap();
    assert_eq!(all.iter().map(|a| a.reports.len()).collect::<Vec<_>>(), [3]);
    let counted = store.relations("Norden", "Sund", Period::Year, &EventQuery::everything()).unwrap();
    assert_eq!(counted.iter().map(|c| c.reports).sum::<usize>(), 2, "words alone are nobody");
}

#[test]
fn a_denial_without_a_date_rivals_what_was_reported_when_it_was_made() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let undated = |name: &str, day: &str, status: &str| {
        let mut draft = article(name, day, "Coast Courier", "Norden bombed Sund.")
            .entity("place", "Norden")
            .entity("place", "Sund")
            .event("ASSAULT", "bombed", ["Norden", "Sund"], status, None);
        if status != "happened" {
            draft.0.events.as_mut().unwrap()[0].time = None;
        }
        draft
    };
    put(&mut store, &undated("a", "2024-03-08", "happened"));
    put(&mut store, &undated("b", "2024-03-09", "planned"));
    assert_eq!(store.accounts(&EventQuery::everything(), 10).unwrap(), [], "a plan has no day");
    put(&mut store, &undated("c", "2024-03-10", "denied"));
    let all = store.accounts(&EventQuery::everything(), 10).unwrap();
    assert_eq!(all[0].days, ["2024-03-08", "2024-03-10"]);
    assert_eq!(
        all[0].reports.iter().map(|r| r.status).collect::<Vec<_>>(),
        [EventStatus::Happened, EventStatus::Denied]
    );
}

#[test]
fn records_have_only_the_reports_that_a_query_finds_and_who_makes_them() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    put(
        &mut store,
        &article("b", "2024-03-01", "Sund News", "Norden police arrested Sund fishermen.").event(
            "COERCE",
            "arrested",
            ["Norden police", "Sund fishermen"],
            "happened",
            None,
        ),
    );
    let found = |text: &str| -> Vec<(i64, Vec<String>, Vec<String>, usize)> {
        let records = store.reported(&query(text)).unwrap().map(Result::unwrap);
        let all = records.map(|of| {
            let events = of.record.events.unwrap().into_iter().map(|e| e.trigger.text).collect();
            (
                of.article.0,
                events,
                of.record.statements.into_iter().map(|s| s.id).collect(),
                of.addresses.len(),
            )
        });
        all.collect()
    };
    let texts = |all: &[&str]| all.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    assert_eq!(
        found("class:material-conflict -status:possible"),
        [
            (2, texts(&["arrested"]), texts(&[]), 0),
            (1, texts(&["shelled", "attacked"]), texts(&["s1", "s2"]), 2)
        ],
        "in the order of days"
    );
    assert_eq!(found("met"), [(1, texts(&["met"]), texts(&[]), 0)]);
    assert_eq!(found("published:2025.."), []);
    let all = store.reported(&EventQuery::everything()).unwrap();
    assert_eq!(all.map(|of| of.unwrap().record.events.unwrap().len()).collect::<Vec<_>>(), [1, 5]);
    // Decisions apply.
    store.decide(&Verdict::RejectEvent(event(1)), NOW, None).unwrap();
    let set = |number: i64, field: DecidedField, value: &str| {
        Verdict::SetEvent(event(number), field, value.to_owned())
    };
    store.decide(&set(3, DecidedField::Claimant, "1.s3"), NOW, None).unwrap();
    let of = store.reported(&query("type:assault status:denied")).unwrap().next().unwrap().unwrap();
    let [attacked] = of.record.events.as_deref().unwrap() else { panic!("one report") };
    assert_eq!((attacked.claimant.as_str(), attacked.corrected.len()), ("s3", 1));
    assert_eq!(of.record.statements.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["s3"]);
    assert!(store.reported(&query("shelled")).unwrap().next().is_none());
}

#[test]
fn the_values_of_reports_are_counted() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    let count = |text: &str, most: usize, values: usize| {
        let facets = store.event_facets(&query(text), most, values).unwrap();
        let value = |v: &onrecord_text::answers::FacetValue| {
            format!("{} {} {}", v.value, v.count, v.query.as_deref().unwrap_or("–"))
        };
        let of = |f: &onrecord_text::answers::Facet| {
            (f.field.name(), f.values.iter().map(value).collect::<Vec<_>>(), f.others)
        };
        (facets.counted, facets.complete, facets.facets.iter().map(of).collect::<Vec<_>>())
    };
    let (counted, complete, facets) = count("outlet:post", 100, 2);
    assert_eq!((counted, complete), (5, true));
    let facet = |name: &str| facets.iter().find(|(field, ..)| *field == name).unwrap().clone();
    assert_eq!(facet("type").1, ["ASSAULT 3 type:ASSAULT", "CONSULT 1 type:CONSULT"]);
    assert_eq!(facet("type").2, 1);
    assert_eq!(facet("side").1, ["article 2 side:article", "actor 1 side:actor"]);
    assert_eq!(facet("actor").1, ["Sund 4 actor:\"Sund\"", "Police 1 actor:\"Police\""]);
    assert_eq!(facet("claimant").1[0], "Norden 1 claimant:\"Norden\"");
    assert_eq!(facet("outlet").1, ["Norden Post 5 outlet:\"Norden Post\""]);
    for (_, values, _) in &facets {
        for value in values {
            let item = value.split_once(char::is_numeric).unwrap().1;
            let item = item.trim_start_matches(|c: char| c.is_numeric() || c == ' ');
            assert!(!reports(&store, item).is_empty(), "{item} finds the reports that were counted");
        }
    }
    assert_eq!((count("outlet:post", 2, 9).0, count("outlet:post", 2, 9).1), (2, false));
}

#[test]
fn verify_sees_what_was_tampered_with() {
    for (sql, fault) in [
        (
            "UPDATE events SET report = replace(report, 'shelled', 'shelves') WHERE number = 1",
            "the spans of its trigger",
        ),
        ("DELETE FROM events WHERE number = 5", "something in it is not as it was put"),
        ("UPDATE articles SET with_events = 0", "something in it is not as it was put"),
        (
            "DELETE FROM event_words WHERE rowid = (SELECT id FROM events WHERE number = 5)",
            "1 report is missing from search",
        ),
        (
            "INSERT INTO event_parties VALUES ('TUR', 'actor', 7)",
            "1 report has parties that should not be there",
        ),
        ("UPDATE event_corrections SET value = 'AID'", "its corrections are not what was decided"),
        ("UPDATE decisions SET on_event = 0", "is not as it was made"),
    ] {
        let folder = TempDir::new().unwrap();
        let mut store = store(&folder);
        put(&mut store, &shelling());
        store
            .decide(&Verdict::SetEvent(event(4), DecidedField::Type, "THREATEN".to_owned()), NOW, None)
            .unwrap();
        assert_eq!(faults(&store), Vec::<String>::new());
        let path = folder.path().join("news.db");
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let found = faults(&store);
        assert!(found.iter().any(|f| f.contains(fault)), "{sql}: {found:?}");
    }
}

#[test]
fn reports_of_earlier_versions_are_not_found() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &shelling());
    let later =
        article("a", "2024-03-08", "Norden Post", &shelling().0.article.text.replace("fired", "aimed"))
            .entity("place", "Sund")
            .event("THREATEN", "aimed", ["Sund", ""], "possible", None);
    assert_eq!(put(&mut store, &later), Put::Version);
    assert_eq!(triggers(&store, "sund OR police"), ["aimed"]);
    assert_eq!(store.record(ArticleId(1)).unwrap(), Some(shelling().0));
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn storing_the_reports_of_a_long_article_reads_its_text_a_few_times_only() {
    let time = |text: &str| {
        let mut long = article("a", "2024-03-08", "Norden Post", text)
            .entity("place", "Sund")
            .entity("place", "Norden")
            .says("Norden", "Norden shelled Sund")
            .event("ASSAULT", "shelled", ["Norden", "Sund"], "happened", Some(("s1", "actor")));
        let first = long.0.events.as_ref().unwrap()[0].clone();
        let named = |n: usize| wire::Event { id: format!("v{n}"), ..first.clone() };
        long.0.events = Some((1..=1_500).map(named).collect());
        let folder = TempDir::new().unwrap();
        let mut store = store(&folder);
        let begun = std::time::Instant::now();
        put(&mut store, &long);
        let time = begun.elapsed();
        assert_eq!(triggers(&store, "actor:norden").len(), 50);
        time
    };
    let short = time("Norden shelled Sund.");
    let long = time(&format!(
        "Norden shelled Sund.{}",
        " It rained all day and all night in the harbour".repeat(80_000)
    ));
    // Reading four million letters for every report takes a hundred times as long.
    assert!(long < short * 4 + std::time::Duration::from_secs(2), "{long:?}, and {short:?} for a short text");
}

/// The codes of the parties and the claimant's side in the view `reported`, beside those that the library reads.
fn codes(store: &Store, path: &std::path::Path, name: EventRef) -> [[Option<String>; 3]; 2] {
    let report = store.event(name).unwrap();
    let code =
        |party: &Option<onrecord_store::Party>| party.as_ref().and_then(|p| wire::joined(&p.countries));
    let read = [code(&report.actor), code(&report.recipient), report.side.map(|s| s.name().to_owned())];
    let db = rusqlite::Connection::open(path).unwrap();
    let sql = "SELECT actor_country, recipient_country, claimant_side FROM reported WHERE name = ?";
    let shown = db.query_row(sql, [name.to_string()], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?])).unwrap();
    [shown, read]
}

#[test]
fn the_view_has_the_codes_of_corrected_parties() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("news.db");
    let mut store = store(&folder);
    put(&mut store, &shelling());
    let check =
        |store: &Store, number: i64, actor: Option<&str>, recipient: Option<&str>, side: Option<&str>| {
            let expected = [actor, recipient, side].map(|c| c.map(str::to_owned));
            assert_eq!(codes(store, &path, event(number)), [expected.clone(), expected]);
        };
    let set = |store: &mut Store, verdict: Verdict| store.decide(&verdict, NOW, None).unwrap();
    let [shown, read] = codes(&store, &path, event(3));
    assert_eq!((&shown, shown[2].as_deref()), (&read, Some("actor")));
    set(&mut store, Verdict::SetEvent(event(3), DecidedField::Recipient, "the Turks".to_owned()));
    check(&store, 3, None, Some("TUR"), None);
    set(&mut store, Verdict::SetEvent(event(3), DecidedField::Actor, "RUS".to_owned()));
    check(&store, 3, Some("RUS"), Some("TUR"), None);
    // Reading the article again keeps the decisions, and with them the codes.
    put(&mut store, &shelling());
    check(&store, 3, Some("RUS"), Some("TUR"), None);
    // A name that is no country's has no code.
    set(&mut store, Verdict::SetEvent(event(3), DecidedField::Actor, "Norden".to_owned()));
    check(&store, 3, None, Some("TUR"), None);
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn the_side_in_the_view_is_open_if_the_claimant_is_another() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("news.db");
    let mut store = store(&folder);
    put(&mut store, &shelling());
    let side = |store: &Store| codes(store, &path, event(3)).map(|[.., side]| side);
    let actor = || [Some("actor".to_owned()), Some("actor".to_owned())];
    assert_eq!(side(&store), actor());
    let claim = store.event(event(3)).unwrap().claim.unwrap().name;
    let own = Verdict::SetEvent(event(3), DecidedField::Claimant, claim.to_string());
    store.decide(&own, NOW, None).unwrap();
    assert_eq!(side(&store), actor(), "the claimant that the report had already");
    store.decide(&Verdict::Set(claim, DecidedField::Role, "mayor".to_owned()), NOW, None).unwrap();
    assert_eq!(side(&store), [None, None]);
}

/// Parties that were corrected before there was a column for their codes get them.
#[test]
fn an_upgrade_fills_in_the_codes_of_corrected_parties() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("news.db");
    let mut store = store(&folder);
    put(&mut store, &shelling());
    store.decide(&Verdict::SetEvent(event(3), DecidedField::Actor, "Turkey".to_owned()), NOW, None).unwrap();
    drop(store);
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(
        "DROP VIEW reported; ALTER TABLE event_corrections DROP COLUMN country;
         DROP VIEW said; DROP INDEX articles_item; ALTER TABLE articles DROP COLUMN item;
         CREATE VIEW said AS SELECT 1; CREATE VIEW reported AS SELECT 1; PRAGMA user_version = 5;",
    )
    .unwrap();
    drop(db);
    let store = Store::open(&path).unwrap();
    let [shown, read] = codes(&store, &path, event(3));
    assert_eq!((&shown, shown[0].as_deref()), (&read, Some("TUR")));
    assert_eq!(faults(&store), Vec::<String>::new());
}

/// The store of schema 5 in `tests/stores` has events, and a decision on one.
#[test]
fn a_released_store_keeps_its_events() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("news.db");
    let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores/schema-5.db");
    std::fs::copy(kept, &path).unwrap();
    let store = Store::open(&path).unwrap();
    let decided =
        store.decisions().unwrap().into_iter().find(|d| d.on_event).expect("a decision on a report");
    let report = store.event(store.events_of(decided.id).unwrap()[0]).unwrap();
    assert_eq!((report.kind, report.status), (EventType::Protest, EventStatus::Planned));
    assert_eq!(reports(&store, "type:protest status:planned"), [report]);
    assert_eq!(faults(&store), Vec::<String>::new());
}

/// Whatever is typed is understood or refused at a character of it; what is understood, SQLite understands too.
#[test]
fn any_query_is_understood_or_refused() {
    let folder = TempDir::new().unwrap();
    let store = store(&folder);
    let any =
        r#"([a-zé"“*:() -]|OR |actor:|type:AID|side:|date:|published:|20[01][0-9](-[01][0-9])?|\.\.){0,12}"#;
    let mut runner = TestRunner::new(ProptestConfig::with_cases(300));
    let outcome = runner.run(&any, |text| {
        match text.parse::<EventQuery>() {
            Ok(query) => {
                store.events(&query, 5, None).unwrap();
            }
            Err(error) => prop_assert!((1..=text.chars().count() + 1).contains(&error.at), "{error}"),
        }
        Ok(())
    });
    outcome.unwrap();
}
