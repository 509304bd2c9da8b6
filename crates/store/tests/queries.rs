//! What pages and programs ask of a store beyond search: counts, times, people, articles, coverage, and what to review.

use jiff::Timestamp;
use onrecord_store::decisions::Verdict;
use onrecord_store::{
    DecidedField, EventQuery, FACETED, Period, PersonRef, Query, Reader, Relation, StatementRef, Store,
    StoreError, TIMED,
};
use onrecord_text::answers::{Facet, Facets, Timeline};
use onrecord_text::{Act, BlockKind, EntityKind, NoticeKind, wire};
use tempfile::TempDir;

mod drafts;

use drafts::{Draft, article, bridge, put};

/// 2026-11-24 at noon.
const NOW: Timestamp = Timestamp::constant(1_795_521_600, 0);

/// An article with one statement by Ada Brandt about Pia Lund.
fn brandt(n: usize, outlet: &str, published: &str) -> Draft {
    let text = format!("Ada Brandt said Pia Lund was wrong in {n} ways.");
    article(&format!("http://a.example/{n}"), published, outlet, &text)
        .entity("person", "Ada Brandt", &["Transport Minister"])
        .entity("person", "Pia Lund", &[])
        .says("indirect", "Ada Brandt", "said", &format!("Pia Lund was wrong in {n} ways"), "")
}

/// An article with one statement by Pia Lund about Ada Brandt.
fn lund(n: usize, outlet: &str, published: &str) -> Draft {
    let text = format!("“Ada Brandt has {n} faults,” Pia Lund wrote.");
    let mut draft = article(&format!("http://b.example/{n}"), published, outlet, &text)
        .entity("person", "Ada Brandt", &["former minister"])
        .entity("person", "Pia Lund", &["Opposition leader"])
        .says("direct", "Pia Lund", "wrote", &format!("“Ada Brandt has {n} faults,”"), "");
    draft.record.statements[0].act = Some(Act::Accuse);
    draft
}

/// Three statements by Brandt, two by Lund, in five articles of two outlets.
fn archive(folder: &TempDir) -> Store {
    let mut store = Store::create(&folder.path().join("news.db")).unwrap();
    for draft in [
        brandt(1, "The Sound", "2016-03-04"),
        brandt(2, "The Sound", "2016-03-05"),
        brandt(3, "Shore Post", "2016-05-01"),
        lund(1, "Shore Post", "2016-05-02"),
        lund(2, "Shore Post", "XXXX-05-03"),
    ] {
        put(&mut store, &draft);
    }
    store
}

fn query(text: &str) -> Query {
    if text.is_empty() { Query::everything() } else { text.parse().unwrap() }
}

fn facets(store: &Reader, text: &str) -> Facets {
    store.facets(&query(text), FACETED, 10).unwrap()
}

fn values(facets: &Facets, field: &str) -> Vec<(String, usize)> {
    let facet: &Facet = facets.facets.iter().find(|f| f.field.name() == field).unwrap();
    facet.values.iter().map(|v| (v.value.clone(), v.count)).collect()
}

fn counts(all: &[(&str, usize)]) -> Vec<(String, usize)> {
    all.iter().map(|&(value, count)| (value.to_owned(), count)).collect()
}

/// The address of the first statement that a query finds.
fn address(store: &Reader, text: &str) -> String {
    store.search(&query(text), onrecord_store::Order::Newest, 1, 0).unwrap().hits[0].address.clone()
}

#[test]
fn facets_count_values_and_their_items_find_as_many() {
    let folder = TempDir::new().unwrap();
    let store = archive(&folder);
    let all = facets(&store, "");
    assert_eq!((all.counted, all.complete), (5, true));
    assert_eq!(values(&all, "speaker"), counts(&[("Ada Brandt", 3), ("Pia Lund", 2)]));
    assert_eq!(values(&all, "speaker_kind"), counts(&[("person", 5)]));
    assert_eq!(values(&all, "act"), counts(&[("say", 3), ("accuse", 2)]));
    assert_eq!(values(&all, "outlet"), counts(&[("Shore Post", 3), ("The Sound", 2)]));
    assert_eq!(values(&all, "month"), counts(&[("2016-05", 2), ("2016-03", 2)]));
    assert_eq!(values(&all, "kind"), counts(&[("indirect", 3), ("direct", 2)]));
    for facet in &all.facets {
        for value in &facet.values {
            let narrowed = Query::narrowed("", value.query.as_deref().unwrap()).unwrap();
            assert_eq!(facets(&store, &narrowed).counted, value.count, "{narrowed}");
        }
    }
    let speaker = &all.facets[0].values[0];
    assert_eq!(speaker.person.as_deref(), Some("p1"));
    assert_eq!(values(&facets(&store, "act:accuse"), "outlet"), counts(&[("Shore Post", 2)]));
    assert!(facets(&store, "nothing").facets.iter().all(|f| f.values.is_empty()));
}

/// Returns a draft with a notice of this kind, and no other.
fn noticed(mut draft: Draft, kind: NoticeKind) -> Draft {
    draft.record.notices = vec![wire::Notice { kind, message: "so it says".to_owned() }];
    draft
}

/// The contents that a query finds, and whether the publisher withdrew their articles.
fn withdrawn(store: &Reader, text: &str) -> Vec<(String, bool)> {
    let hits = store.search(&query(text), onrecord_store::Order::Oldest, 20, 0).unwrap().hits;
    hits.into_iter().map(|hit| (hit.content, hit.withdrawn)).collect()
}

#[test]
fn statements_and_reports_are_found_by_the_notices_about_their_articles() {
    let folder = TempDir::new().unwrap();
    let mut store = archive(&folder);
    let one =
        || brandt(1, "The Sound", "2016-03-04").event("ACCUSE", "said", ["Ada Brandt", ""], "happened", None);
    let found = |store: &Store, text: &str| {
        let reports = store.events(&text.parse().unwrap(), 9, None).unwrap().reports;
        (withdrawn(store, text).len(), reports.iter().map(|report| report.withdrawn).collect::<Vec<_>>())
    };
    put(&mut store, &noticed(one(), NoticeKind::UnclosedQuotation));
    assert_eq!(found(&store, "notice:unclosed-quotation"), (1, vec![false]));
    assert_eq!(found(&store, "notice:date"), (4, vec![]));
    assert_eq!(found(&store, "-notice:date"), (1, vec![false]));
    // The same item comes again and is withdrawn now.
    put(&mut store, &noticed(one(), NoticeKind::Withdrawn));
    assert_eq!(found(&store, "notice:unclosed_quotation"), (0, vec![]));
    assert_eq!(found(&store, "notice:withdrawn"), (1, vec![true]));
    assert_eq!(withdrawn(&store, "notice:withdrawn"), [("Pia Lund was wrong in 1 ways".to_owned(), true)]);
    assert!(withdrawn(&store, "-notice:withdrawn").iter().all(|(_, withdrawn)| !withdrawn));
    assert_eq!(withdrawn(&store, "").len(), 5);
    let sql = "SELECT name FROM said WHERE withdrawn UNION ALL SELECT name FROM reported WHERE withdrawn";
    let db = rusqlite::Connection::open(folder.path().join("news.db")).unwrap();
    let names: Vec<String> =
        db.prepare(sql).unwrap().query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(names, ["1.s1", "1.v1"]);
}

/// A text that withdraws the article of this name.
fn note(name: &str) -> Draft {
    let text = "Editors: please do not use this item, which contains serious errors.";
    noticed(article(name, "2016-03-05", "The Sound", text), NoticeKind::Withdrawn)
}

#[test]
fn a_note_withdraws_the_article_with_its_permanent_name() {
    for (name, is_permanent) in [
        ("http://a.example/1", true),
        ("urn:newsml:a.example:1", true),
        ("TAG:a.example,2016:1", true),
        ("wire/1.txt", false),
    ] {
        let folder = TempDir::new().unwrap();
        let mut store = Store::create(&folder.path().join("news.db")).unwrap();
        let mut story = brandt(1, "The Sound", "2016-03-04").event(
            "ACCUSE",
            "said",
            ["Ada Brandt", ""],
            "happened",
            None,
        );
        story.record.article.source_id = name.to_owned();
        story.record.article.url = name.starts_with("http").then(|| name.to_owned());
        put(&mut store, &story);
        put(&mut store, &note("http://a.example/other"));
        let content = "Pia Lund was wrong in 1 ways".to_owned();
        assert_eq!(withdrawn(&store, "ways"), [(content.clone(), false)]);
        assert_eq!(put(&mut store, &note(name)), onrecord_store::Put::New, "{name}");
        assert_eq!(withdrawn(&store, "ways"), [(content.clone(), is_permanent)], "{name}");
        assert_eq!(withdrawn(&store, "notice:withdrawn").len(), usize::from(is_permanent), "{name}");
        let reports = store.events(&"notice:withdrawn".parse().unwrap(), 9, None).unwrap().reports;
        assert_eq!(reports.len(), usize::from(is_permanent), "{name}");
        let stored = store.stored_article("1").unwrap();
        assert_eq!((stored.article.withdrawn, stored.article.latest), (is_permanent, true), "{name}");
        assert_eq!(stored.record.is_withdrawn(), is_permanent, "{name}");
        let records: Vec<_> =
            store.records(&query("ways")).unwrap().map(|record| record.unwrap().record).collect();
        assert_eq!(records[0].is_withdrawn(), is_permanent, "exports know it, {name}");
        // A version that comes later is another matter.
        story.record.article.text.push_str(" It rained.");
        story.record.article.id = wire::content_hash(&story.record.article.text);
        put(&mut store, &story);
        assert_eq!(withdrawn(&store, "ways"), [(content.clone(), false)], "{name}");
        let mut faults = Vec::new();
        store
            .verify(|fault| {
                faults.push(fault.what);
                Ok::<(), StoreError>(())
            })
            .unwrap();
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[test]
fn a_note_that_is_taken_back_withdraws_nothing() {
    let folder = TempDir::new().unwrap();
    let mut store = Store::create(&folder.path().join("news.db")).unwrap();
    put(&mut store, &brandt(1, "The Sound", "2016-03-04"));
    put(&mut store, &note("http://a.example/1"));
    assert_eq!(withdrawn(&store, "notice:withdrawn").len(), 1);
    put(&mut store, &noticed(note("http://a.example/1"), NoticeKind::Date));
    assert_eq!(withdrawn(&store, "notice:withdrawn"), []);
    assert_eq!(withdrawn(&store, ""), [("Pia Lund was wrong in 1 ways".to_owned(), false)]);
    // A note without a text withdraws, too.
    let empty = article("http://a.example/1", "2016-03-05", "The Sound", "");
    put(&mut store, &noticed(empty, NoticeKind::Withdrawn));
    assert_eq!(withdrawn(&store, ""), [("Pia Lund was wrong in 1 ways".to_owned(), true)]);
}

#[test]
fn what_was_withdrawn_by_a_note_is_withdrawn_in_a_salvaged_store() {
    let folder = TempDir::new().unwrap();
    let mut store = Store::create(&folder.path().join("news.db")).unwrap();
    put(&mut store, &brandt(1, "The Sound", "2016-03-04"));
    put(&mut store, &note("http://a.example/1"));
    let mut to = Store::create(&folder.path().join("salvaged.db")).unwrap();
    store.salvage(&mut to, |fault| -> Result<(), StoreError> { panic!("{fault:?}") }).unwrap();
    assert_eq!(withdrawn(&to, "notice:withdrawn"), [("Pia Lund was wrong in 1 ways".to_owned(), true)]);
}

#[test]
fn what_is_stored_after_a_note_is_not_withdrawn() {
    let folder = TempDir::new().unwrap();
    let mut store = Store::create(&folder.path().join("news.db")).unwrap();
    put(&mut store, &note("http://a.example/1"));
    put(&mut store, &brandt(1, "The Sound", "2016-03-04"));
    assert_eq!(withdrawn(&store, ""), [("Pia Lund was wrong in 1 ways".to_owned(), false)]);
}

#[test]
fn facets_say_what_they_left_out() {
    let folder = TempDir::new().unwrap();
    let store = archive(&folder);
    let some = store.facets(&query(""), 2, 1).unwrap();
    assert_eq!((some.counted, some.complete), (2, false));
    assert_eq!(values(&some, "speaker"), counts(&[("Ada Brandt", 1)]), "of the two newest with a day");
    assert_eq!(some.facets[0].others, 1);
    assert!(store.facets(&query(""), 5, 1).unwrap().complete);
}

#[test]
fn facets_follow_decisions() {
    let folder = TempDir::new().unwrap();
    let mut store = archive(&folder);
    let name = store.named_statement(&address(&store, "speaker:lund published:2016-05")).unwrap();
    store.decide(&Verdict::Set(name, DecidedField::Speaker, "Baltic Rail".to_owned()), NOW, None).unwrap();
    let all = facets(&store, "");
    let expected = counts(&[("Ada Brandt", 3), ("Pia Lund", 1), ("Baltic Rail", 1)]);
    assert_eq!(values(&all, "speaker"), expected);
    let rejected = store.named_statement(&address(&store, "speaker:brandt published:2016-05")).unwrap();
    store.decide(&Verdict::Reject(rejected), NOW, None).unwrap();
    store.decide(&Verdict::Merge(PersonRef(1), PersonRef(2)), NOW, None).unwrap();
    let expected = counts(&[("Ada Brandt", 3), ("Baltic Rail", 1)]);
    assert_eq!(values(&facets(&store, ""), "speaker"), expected, "merged people are counted as one");
}

fn dates(timeline: &Timeline) -> Vec<(String, usize)> {
    timeline.buckets.iter().map(|b| (b.date.clone(), b.count)).collect()
}

#[test]
fn a_timeline_has_days_months_or_years() {
    let folder = TempDir::new().unwrap();
    let mut store = archive(&folder);
    let days = store.timeline(&query(""), TIMED).unwrap();
    assert_eq!((days.unit.name(), days.counted, days.undated, days.complete), ("day", 5, 1, true));
    assert_eq!(days.buckets.len(), 60, "from 4 March to 2 May");
    assert_eq!(days.buckets.iter().map(|b| b.count).sum::<usize>(), 4);
    assert_eq!(dates(&days)[..3], counts(&[("2016-03-04", 1), ("2016-03-05", 1), ("2016-03-06", 0)]));
    put(&mut store, &brandt(4, "The Sound", "2015-12-31"));
    let months = store.timeline(&query("speaker:brandt"), TIMED).unwrap();
    let expected =
        [("2015-12", 1), ("2016-01", 0), ("2016-02", 0), ("2016-03", 2), ("2016-04", 0), ("2016-05", 1)];
    assert_eq!((months.unit.name(), dates(&months)), ("month", counts(&expected)));
    for bucket in &months.buckets {
        let narrowed = Query::narrowed("speaker:brandt published:2015..", &bucket.query).unwrap();
        assert_eq!(store.timeline(&query(&narrowed), TIMED).unwrap().counted, bucket.count, "{narrowed}");
    }
    let newest = store.timeline(&query("speaker:brandt"), 2).unwrap();
    assert_eq!((newest.counted, newest.complete), (2, false));
    assert_eq!(dates(&newest).first().unwrap().0, "2016-03-05");
    assert!(store.timeline(&query("nothing"), TIMED).unwrap().buckets.is_empty());
}

#[test]
fn a_query_is_narrowed() {
    let narrowed = |text, item| Query::narrowed(text, item).unwrap();
    assert_eq!(narrowed("a published:2016..2017 b", "published:2016-03"), "a b published:2016-03");
    assert_eq!(narrowed("", "kind:direct"), "kind:direct");
    assert_eq!(narrowed(" toll ", "outlet:\"The Sound\""), "toll outlet:\"The Sound\"");
    assert_eq!(narrowed("published:\"2016\" toll", "published:2017"), "toll published:2017");
    let phrase = "\"published:2016 is late\"";
    assert_eq!(narrowed(phrase, "published:2016-03"), format!("{phrase} published:2016-03"));
    assert!(Query::narrowed("(a", "kind:direct").is_err());
    assert!(Query::narrowed("a", "kind:loud").is_err());
}

#[test]
fn a_query_loses_an_item() {
    let without = |text, item| Query::without(text, item);
    assert_eq!(without("bridge speaker:\"a b\" toll", "speaker:\"a b\"").as_deref(), Some("bridge toll"));
    assert_eq!(without(" kind:direct ", "kind:direct").as_deref(), Some(""));
    assert_eq!(without("toll (a OR b)kind:direct", "kind:direct").as_deref(), Some("toll (a OR b)"));
    for (text, item) in [
        ("bridge-speaker:x", "speaker:x"),
        ("x kind:directly", "kind:direct"),
        ("toll \"a kind:direct b\"", "kind:direct"),
        ("toll (x kind:direct)", "kind:direct"),
        ("toll -kind:direct", "kind:direct"),
        ("act:say OR act:deny", "act:say"),
        ("act:deny OR act:say", "act:say"),
        ("(toll", "toll"),
    ] {
        assert_eq!(without(text, item), None, "{text}");
    }
    assert_eq!(EventQuery::without("raid type:ASSAULT", "type:ASSAULT").as_deref(), Some("raid"));
}

#[test]
fn the_days_of_a_query_are_an_item_and_not_words() {
    let days = |text| Query::days(text).unwrap();
    assert_eq!(days("toll published:2015..2016-03"), Some(["2015", "2016-03"]));
    assert_eq!(days("published:2016.."), Some(["2016", ""]));
    assert_eq!(days("published:“2016-03” toll"), Some(["2016-03", "2016-03"]));
    assert_eq!(days("toll"), None);
    let phrase = "\"it was published:2016  in May\"";
    assert_eq!(days(phrase), None);
    assert_eq!(Query::without_days(phrase).unwrap(), phrase);
    let both = format!("a {phrase} published:2015 b");
    assert_eq!(days(&both), Some(["2015", "2015"]));
    assert_eq!(Query::without_days(&both).unwrap(), format!("a {phrase} b"));
    assert!(Query::days("(a").is_err() && Query::without_days("(a").is_err());
}

#[test]
fn a_statement_comes_with_what_surrounds_it() {
    let folder = TempDir::new().unwrap();
    let mut store = archive(&folder);
    put(&mut store, &bridge());
    let first = store.stored_statement(&address(&store, "toll")).unwrap();
    assert_eq!(first.hit.speaker.as_deref(), Some("Ada Brandt"));
    assert_eq!(first.statement.content.text, first.hit.content);
    assert_eq!(first.statement.content.spans.len(), 2);
    let [speaker] = first.speakers.as_slice() else { panic!("{:?}", first.speakers) };
    assert_eq!((speaker.person.as_str(), speaker.name.as_str()), ("p1", "Ada Brandt"));
    assert_eq!(speaker.evidence.as_deref(), Some("the same name"));
    assert_eq!(first.article.key, "http://sound.example/7");
    assert!(first.article.latest && first.article.statements == 2 && first.article.article == 6);
    assert_eq!(first.engine.model, "test");
    assert_eq!((&first.previous, first.next.as_deref().map(str::len)), (&None, Some(16)));
    // The context is part of the article, and the statement's words stand in it where they should.
    let text: Vec<char> = bridge().record.article.text.chars().collect();
    let shown: String = text[first.context.start..first.context.end].iter().collect();
    assert_eq!(first.context.text, shown);
    assert!(first.context.start <= first.statement.content.spans[0][0]);
    assert!(first.context.blocks.iter().all(|b| b.start < first.context.end));
    let second = store.stored_statement(first.next.as_deref().unwrap()).unwrap();
    assert_eq!(second.previous.as_deref(), Some(first.hit.address.as_str()));
    assert_eq!(second.next, None);
    assert_eq!(second.hit.content, "that Brandt will keep her word");
    assert!(matches!(store.stored_statement("0123456789abcdef"), Err(StoreError::NotFound(_))));
    assert!(matches!(store.stored_statement("x"), Err(StoreError::Invalid(_))));
}

#[test]
fn context_is_the_blocks_around_a_statement_and_is_cut_when_they_are_long() {
    let folder = TempDir::new().unwrap();
    let mut store = Store::create(&folder.path().join("news.db")).unwrap();
    let rain = "It rained on the ‘Sound’. ".repeat(100);
    let mut draft =
        article("http://a.example/1", "2016", "A", &format!("One. {rain}Ada Brandt said no. {rain}"))
            .entity("person", "Ada Brandt", &[])
            .says("indirect", "Ada Brandt", "said", "no", "");
    put(&mut store, &draft);
    let long = store.stored_statement("1.s1").unwrap().context;
    assert_eq!(long.text.chars().count(), 2_000 + "Ada Brandt said no".len());
    assert_eq!(long.end - long.start, long.text.chars().count());
    assert!(long.text[1_000..].contains("Ada Brandt said no"));
    // Each sentence of a shorter text is a block.
    let mut blocks = Vec::new();
    let mut at = 0;
    let text = "One. Two. Ada Brandt said no. Four. Five.";
    for sentence in text.split_inclusive(". ") {
        let kind = BlockKind::Paragraph;
        let end = at + sentence.trim_end().len();
        blocks.push(onrecord_text::wire::Block { kind, start: at, end });
        at += sentence.len();
    }
    draft = article("http://a.example/2", "2016", "A", text).entity("person", "Ada Brandt", &[]).says(
        "indirect",
        "Ada Brandt",
        "said",
        "no",
        "",
    );
    draft.record.article.blocks = blocks;
    put(&mut store, &draft);
    let context = store.stored_statement("2.s1").unwrap().context;
    assert_eq!(context.text, "Two. Ada Brandt said no. Four.");
    assert_eq!(context.blocks.len(), 3);
}

#[test]
fn a_statement_has_its_parent_children_and_decisions() {
    let folder = TempDir::new().unwrap();
    let mut store = Store::create(&folder.path().join("news.db")).unwrap();
    let mut draft = article("http://a.example/1", "2016", "A", "Ada Brandt said Pia Lund told her no.")
        .entity("person", "Ada Brandt", &[])
        .entity("person", "Pia Lund", &[])
        .says("indirect", "Ada Brandt", "said", "Pia Lund told her no", "")
        .says("indirect", "Pia Lund", "told", "no", "");
    draft.record.statements[1].parent = Some("s1".to_owned());
    put(&mut store, &draft);
    let outer = store.stored_statement("1.s1").unwrap();
    let inner = store.stored_statement("1.s2").unwrap();
    assert_eq!(outer.children.as_slice(), std::slice::from_ref(&inner.hit));
    assert_eq!(inner.parent, Some(outer.hit.clone()));
    assert!(outer.parent.is_none() && inner.children.is_empty() && inner.decisions.is_empty());
    assert_eq!(outer.about[0].name, "Pia Lund");
    let name = store.named_statement("1.s2").unwrap();
    let set = Verdict::Set(name, DecidedField::Speaker, "Ada Brandt".to_owned());
    let decision = store.decide(&set, NOW, Some("Nora Falk")).unwrap();
    store.decide(&Verdict::Reject(name), NOW, None).unwrap();
    let decided = store.stored_statement("1.s2").unwrap();
    assert_eq!(decided.speakers[0].name, "Ada Brandt");
    assert_eq!(decided.statement.speaker.as_ref().unwrap().name.as_deref(), Some("Ada Brandt"));
    assert!(decided.rejected && !inner.rejected);
    let kinds: Vec<&str> = decided.decisions.iter().map(|d| d.kind.name()).collect();
    assert_eq!(kinds, ["set", "reject"]);
    assert_eq!(decided.decisions[0].decision, decision.0);
    assert_eq!(decided.decisions[0].by.as_deref(), Some("Nora Falk"));
    assert_eq!(decided.decisions[0].field, Some(DecidedField::Speaker));
    // Without its parent the rest of the article stays as it is.
    assert_eq!(store.stored_article("1").unwrap().record.statements.len(), 1);
}

#[test]
fn a_statement_is_the_same_alone_and_in_its_article() {
    let folder = TempDir::new().unwrap();
    let mut store = archive(&folder);
    put(&mut store, &bridge());
    let name: StatementRef = "6.s1".parse().unwrap();
    for (field, value) in [(DecidedField::Role, "Ferry Minister"), (DecidedField::Said, "2016-02-29")] {
        store.decide(&Verdict::Set(name, field, value.to_owned()), NOW, None).unwrap();
    }
    let second: StatementRef = "6.s2".parse().unwrap();
    store.decide(&Verdict::Set(second, DecidedField::Speaker, "Ada Brandt".to_owned()), NOW, None).unwrap();
    let mut compared = 0;
    for article in 1..=6 {
        let whole = store.stored_article(&article.to_string()).unwrap().record;
        for statement in &whole.statements {
            let alone = store.stored_statement(&format!("{article}.{}", statement.id)).unwrap();
            assert_eq!((&alone.statement, &alone.engine), (statement, &whole.engine));
            compared += usize::from(!statement.corrected.is_empty());
        }
    }
    assert_eq!(compared, 2);
}

#[test]
fn an_article_comes_with_its_versions() {
    let folder = TempDir::new().unwrap();
    let mut store = archive(&folder);
    put(&mut store, &bridge());
    let mut later = bridge();
    later.record.article.text.push_str(" The ferries go on.");
    later.record.article.id = onrecord_text::wire::content_hash(&later.record.article.text);
    put(&mut store, &later);
    let article = store.stored_article("http://sound.example/7").unwrap();
    assert_eq!((article.article.article, article.article.latest), (7, true));
    let versions: Vec<(i64, bool)> = article.versions.iter().map(|v| (v.article, v.latest)).collect();
    assert_eq!(versions, [(6, false), (7, true)]);
    assert_eq!(article.record, later.record);
    assert_eq!(article.addresses.len(), 2);
    let people: Vec<(&str, Option<&str>)> =
        article.people.iter().map(|p| (p.name.as_str(), p.entity.as_deref())).collect();
    assert_eq!(people, [("Ada Brandt", Some("e1")), ("Pia Lund", Some("e2"))]);
    let earlier = store.stored_article("6").unwrap();
    assert_eq!(earlier.record, bridge().record);
    assert_eq!(earlier.addresses, article.addresses, "versions share addresses");
    assert!(matches!(store.stored_article("http://sound.example/8"), Err(StoreError::NotFound(_))));
}

#[test]
fn a_profile_has_what_somebody_said_and_what_others_said() {
    let folder = TempDir::new().unwrap();
    let mut store = archive(&folder);
    let profile = store.profile(PersonRef(1)).unwrap();
    assert_eq!(profile.person.name, "Ada Brandt");
    assert_eq!((profile.said, profile.about, profile.complete), (3, 2, true));
    let roles: Vec<_> = profile.roles.iter().map(|r| (r.role.as_str(), r.articles)).collect();
    assert_eq!(roles, [("Transport Minister", 3), ("former minister", 2)]);
    assert_eq!(profile.roles[0].first.as_deref(), Some("2016-03-04"));
    assert_eq!(profile.roles[0].last.as_deref(), Some("2016-05-01"));
    assert_eq!(profile.roles[1].last.as_deref(), Some("2016-05-02"), "a day without a year is in no order");
    assert_eq!(profile.unit, Period::Day);
    let bucket = profile.over_time.last().unwrap();
    assert_eq!((bucket.date.as_str(), bucket.said, bucket.about), ("2016-05-02", 0, 1));
    assert_eq!(profile.over_time.iter().map(|b| b.said).sum::<usize>(), 3);
    assert_eq!((profile.mentions[0].name.as_str(), profile.mentions[0].statements), ("Pia Lund", 3));
    assert_eq!((profile.mentioned_by[0].name.as_str(), profile.mentioned_by[0].statements), ("Pia Lund", 2));
    assert_eq!((profile.mentions.len(), profile.mentioned_by.len(), profile.merged.len()), (1, 1, 0));
    let [name] = profile.names.as_slice() else { panic!("{:?}", profile.names) };
    assert_eq!(
        (name.name.as_str(), name.evidence.as_str(), name.articles),
        ("Ada Brandt", "the same name", 5)
    );
    assert!(matches!(store.profile(PersonRef(99)), Err(StoreError::NotFound(_))));
    let page = |relation, after: Option<&str>| {
        store.statements_by_or_about(PersonRef(1), relation, after, 2).unwrap()
    };
    let first = page(Relation::Said, None);
    let days: Vec<_> = first.hits.iter().map(|h| h.published.as_deref().unwrap_or_default()).collect();
    assert_eq!(days, ["2016-05-01", "2016-03-05"], "the newest first");
    assert!(first.hits.iter().all(|h| h.relation == Some(Relation::Said)));
    let second = page(Relation::Said, first.next.as_deref());
    assert_eq!((second.hits.len(), second.next.as_deref()), (1, None));
    assert_eq!(page(Relation::About, None).hits.len(), 2);
    // Somebody with two names, by decision.
    let one = brandt(7, "A", "2016-06-01");
    put(&mut store, &one);
    let rail = article("http://c.example/1", "2016-06-02", "A", "Aida Brandt said the bridge opens.")
        .entity("person", "Aida Brandt", &[])
        .says("indirect", "Aida Brandt", "said", "the bridge opens", "");
    put(&mut store, &rail);
    let [other] = store.people("Aida Brandt", 2).unwrap().try_into().unwrap();
    let decision = store.decide(&Verdict::Merge(PersonRef(1), other.id), NOW, None).unwrap();
    let merged = store.profile(other.id).unwrap();
    assert_eq!((merged.person.person.as_str(), merged.said), ("p1", 5));
    let people: Vec<_> = merged.merged.iter().map(|m| (m.name.as_str(), m.decisions.clone())).collect();
    assert_eq!(people, [("Ada Brandt", vec![decision.0]), ("Aida Brandt", vec![decision.0])]);
    let both = store.statements_by_or_about(PersonRef(1), Relation::Said, None, 10).unwrap();
    assert_eq!((both.hits.len(), both.hits[0].speaker.as_deref()), (5, Some("Aida Brandt")));
    let aida = merged.names.iter().find(|n| n.name == "Aida Brandt").unwrap();
    assert_eq!(aida.statement.as_deref(), Some(address(&store, "bridge opens").as_str()));
}

#[test]
fn names_are_completed() {
    let folder = TempDir::new().unwrap();
    let mut store = archive(&folder);
    let draft = article("http://c.example/1", "2016", "A", "Adam Falk of Brandt Rail said no in Adaville.")
        .entity("person", "Adam Falk", &[])
        .entity("organization", "Brandt Rail", &[])
        .entity("place", "Adaville", &[])
        .says("indirect", "Adam Falk", "said", "no", "");
    put(&mut store, &draft);
    let complete = |text: &str| -> Vec<String> {
        store.complete(text, 10).unwrap().into_iter().map(|c| c.name).collect()
    };
    assert_eq!(complete("ada"), ["Ada Brandt", "Adam Falk", "Adaville"], "the most frequent first");
    assert_eq!(complete("BRAN"), ["Ada Brandt", "Brandt Rail"], "a surname counts like a name");
    assert_eq!(complete("ada br"), ["Ada Brandt"]);
    assert_eq!(complete("rail"), Vec::<String>::new());
    assert_eq!(complete("  "), Vec::<String>::new());
    let first = &store.complete("ada", 1).unwrap()[0];
    assert_eq!((first.person.as_str(), first.kind, first.articles), ("p1", EntityKind::Person, 5));
    // Whoever was merged with somebody counts with them.
    let [ada, adam] = ["Ada Brandt", "Adam Falk"].map(|name| store.one_person(name).unwrap());
    let merge = store.decide(&Verdict::Merge(ada, adam), NOW, None).unwrap();
    let found = |store: &Store| -> Vec<(String, usize)> {
        store.complete("ada", 10).unwrap().into_iter().map(|c| (c.name, c.articles)).collect()
    };
    let (one, town) = (("Ada Brandt".to_owned(), 6), ("Adaville".to_owned(), 1));
    assert_eq!(found(&store), [one, town.clone()]);
    store.undo(merge).unwrap();
    // Nobody is left of a split that is undone.
    let split = store.decide(&Verdict::Split("1.s1".parse().unwrap()), NOW, None).unwrap();
    assert_eq!(found(&store).iter().map(|(_, articles)| articles).collect::<Vec<_>>(), [&4, &1, &1, &1]);
    store.undo(split).unwrap();
    assert_eq!(found(&store), [("Ada Brandt".to_owned(), 5), ("Adam Falk".to_owned(), 1), town]);
}

#[test]
fn the_least_certain_statements_come_first_until_somebody_decides() {
    let folder = TempDir::new().unwrap();
    let mut store = Store::create(&folder.path().join("news.db")).unwrap();
    for (n, confidence, speaker) in [(1, 0.9, 0.4), (2, 0.3, 0.9), (3, 0.8, 0.0), (4, 0.6, 0.7)] {
        let mut draft = brandt(n, "A", "2016");
        draft.record.statements[0].confidence = confidence;
        draft.record.statements[0].speaker.as_mut().unwrap().confidence = speaker;
        put(&mut store, &draft);
    }
    let names = |store: &Store, after: Option<&str>, limit| -> (Vec<String>, Option<String>) {
        let page = store.review(after, limit).unwrap();
        (page.hits.into_iter().map(|h| h.statement).collect(), page.next)
    };
    assert_eq!(names(&store, None, 10), (["2.s1", "1.s1", "4.s1", "3.s1"].map(str::to_owned).to_vec(), None));
    let (first, next) = names(&store, None, 2);
    assert_eq!(first, ["2.s1", "1.s1"]);
    // A decision on the last statement of a page does not move the next one.
    store.decide(&Verdict::Accept(store.named_statement("1.s1").unwrap()), NOW, None).unwrap();
    assert_eq!(names(&store, next.as_deref(), 2), (["4.s1", "3.s1"].map(str::to_owned).to_vec(), None));
    assert_eq!(names(&store, None, 10).0, ["2.s1", "4.s1", "3.s1"]);
    // Statements of earlier versions need no decision.
    let mut later = brandt(2, "A", "2016");
    later.record.article.text.push_str(" It rained.");
    later.record.article.id = onrecord_text::wire::content_hash(&later.record.article.text);
    put(&mut store, &later);
    assert_eq!(names(&store, None, 10).0, ["4.s1", "3.s1", "5.s1"]);
    assert!(matches!(store.review(Some("9.s9"), 1), Err(StoreError::NotFound(_))));
}

#[test]
fn coverage_has_outlets_days_and_gaps() {
    let folder = TempDir::new().unwrap();
    let mut store = archive(&folder);
    let mut later = brandt(1, "The Sound", "2016-03-04");
    later.record.article.text.push_str(" It rained.");
    later.record.article.id = onrecord_text::wire::content_hash(&later.record.article.text);
    later.record.engine.model = "newer".to_owned();
    later.record.notices.clear();
    put(&mut store, &later);
    let coverage = store.coverage().unwrap();
    let size = (coverage.articles, coverage.versions, coverage.statements, coverage.undated);
    assert_eq!(size, (5, 6, 5, 1));
    assert_eq!(
        (coverage.first.as_deref(), coverage.last.as_deref()),
        (Some("2016-03-04"), Some("2016-05-02"))
    );
    let [gap] = coverage.gaps.as_slice() else { panic!("{:?}", coverage.gaps) };
    assert_eq!((gap.from.as_str(), gap.to.as_str(), gap.days), ("2016-03-06", "2016-04-30", 56));
    let [post, sound] = coverage.outlets.as_slice() else { panic!("{:?}", coverage.outlets) };
    assert_eq!(
        (post.outlet.as_deref(), post.articles, post.statements, post.days),
        (Some("Shore Post"), 3, 3, 2)
    );
    assert_eq!((sound.articles, sound.statements, sound.days, sound.gaps.len()), (2, 2, 2, 0));
    assert_eq!(sound.query.as_deref(), Some("outlet:\"The Sound\""));
    assert_eq!(coverage.notices[0].kind, NoticeKind::Date);
    assert_eq!((coverage.notices[0].notices, coverage.notices[0].examples.len()), (4, 4));
    assert_eq!(coverage.notices[0].examples[0].article, 5, "the newest first");
    let engines: Vec<_> = coverage.engines.iter().map(|e| (e.model.as_str(), e.articles)).collect();
    assert_eq!(engines, [("test", 4), ("newer", 1)]);
    assert_eq!(coverage.store_schema, onrecord_store::SCHEMA);
}

#[test]
fn the_generation_changes_with_every_write_of_others() {
    let folder = TempDir::new().unwrap();
    let mut store = archive(&folder);
    let reader = Reader::open(store.path()).unwrap();
    let before = reader.generation().unwrap();
    assert_eq!(reader.generation().unwrap(), before);
    put(&mut store, &bridge());
    let after = reader.generation().unwrap();
    assert_ne!(after, before);
    store.decide(&Verdict::Accept(store.named_statement("1.s1").unwrap()), NOW, None).unwrap();
    assert_ne!(reader.generation().unwrap(), after);
}

#[test]
fn the_words_of_a_query_name_people() {
    let folder = TempDir::new().unwrap();
    let store = archive(&folder);
    let named = |query: &str| -> Vec<(String, usize)> {
        store.named_in(query).unwrap().into_iter().map(|named| (named.query, named.statements)).collect()
    };
    let (brandt, lund) = (("speaker:\"Ada Brandt\"".to_owned(), 3), ("speaker:\"Pia Lund\"".to_owned(), 2));
    for query in
        ["Brandt", "brandt faults", "\"Ada Brandt\"", "ada brandt", "Ada", "wrong Ada Brandt x kind:direct"]
    {
        assert_eq!(named(query), std::slice::from_ref(&brandt), "{query}");
    }
    assert_eq!(named("brandt OR lund"), [brandt.clone(), lund.clone()]);
    assert_eq!(named("brandt and lund faults"), [brandt, lund]);
    for query in ["", "faults", "speaker:brandt", "-brandt", "brand*", "(", "…", "lund*", "ada", "lun"] {
        assert_eq!(named(query), [], "{query}");
    }
    let person = store.named_in("lund").unwrap().remove(0).person;
    assert_eq!(store.profile(person).unwrap().person.name, "Pia Lund");
}

#[test]
fn those_whom_articles_call_by_one_name_are_not_forgotten() {
    let folder = TempDir::new().unwrap();
    let mut store = archive(&folder);
    let left_out = |store: &Store, name: &str| -> Vec<(String, String, usize)> {
        let people = store.people(name, 10).unwrap();
        let found = store.unlinked(name, &people).unwrap();
        found.into_iter().map(|one| (one.name, one.query, one.statements)).collect()
    };
    assert_eq!(left_out(&store, "Lund"), []);
    let draft = article("http://d.example/1", "2016-06-01", "", "“No,” Lund said. “Never,” Lund said.")
        .entity("person", "Lund", &[])
        .says("direct", "Lund", "said", "“No,”", "Lund")
        .says("direct", "Lund", "said", "“Never,”", "Lund");
    put(&mut store, &draft);
    let lund = [("Lund".to_owned(), "speaker:\"lund\"".to_owned(), 2)];
    for name in ["Lund", "lund", "Pia Lund"] {
        assert_eq!(left_out(&store, name), lund, "{name}");
    }
    let number = store.one_person("Pia Lund").unwrap().to_string();
    assert_eq!(left_out(&store, &number), lund);
    assert_eq!(left_out(&store, "Brandt"), []);
    let rejected = store
        .search(&"never".parse().unwrap(), onrecord_store::Order::Newest, 1, 0)
        .unwrap()
        .hits
        .remove(0)
        .name;
    store.decide(&Verdict::Reject(rejected), NOW, None).unwrap();
    assert_eq!(left_out(&store, "Lund")[0].2, 1);
}

#[test]
fn fields_may_be_in_capitals_and_parentheses_must_pair() {
    let parsed = |query: &str| query.parse::<Query>();
    assert_eq!(parsed("Speaker:brandt KIND:direct"), parsed("speaker:brandt kind:direct"));
    assert_eq!("Actor:RUS".parse::<EventQuery>(), "actor:RUS".parse());
    for (query, at, what) in [
        ("Speeker:brandt", 1, "no field “Speeker:”; there are speaker:, "),
        ("foo(", 4, "this parenthesis is never closed"),
        ("foo (", 5, "this parenthesis is never closed"),
        ("((", 2, "this parenthesis is never closed"),
        ("foo ()", 6, "nothing to search for here"),
        (")", 1, "this parenthesis was never opened"),
        ("foo)", 4, "this parenthesis was never opened"),
    ] {
        let error = parsed(query).unwrap_err();
        assert!(error.at == at && error.what.starts_with(what), "{query}: {error}");
    }
}

#[test]
fn a_query_that_finds_nothing_may_mean_another() {
    let folder = TempDir::new().unwrap();
    let store = archive(&folder);
    let meant = |query: &str| -> Vec<(&'static str, Option<String>)> {
        store.hints(query).unwrap().into_iter().map(|hint| (hint.what, hint.query)).collect()
    };
    let (marks, or, and) = (
        "a value of several words needs quotation marks",
        "OR between words must be in capitals",
        "AND is not needed: all words must match",
    );
    let query = |text: &str| Some(text.to_owned());
    assert_eq!(meant("speaker:Ada Brandt wrong"), [(marks, query("speaker:\"Ada Brandt\" wrong"))]);
    assert_eq!(meant("faults or toll"), [(or, query("faults OR toll"))]);
    assert_eq!(meant("faults AND has"), [(and, query("faults has"))]);
    assert_eq!(
        meant("speaker:Pia Lund faults AND has"),
        [(marks, None), (and, query("speaker:\"Pia Lund\" faults has"))]
    );
    assert_eq!(meant("toll AND cheese"), [(and, None)], "a query that finds nothing helps nobody");
    assert_eq!(meant("toll"), []);
    let colon = "a colon joins a field and its value";
    assert_eq!(meant("speaker=lund faults"), [(colon, query("speaker:lund faults"))]);
    assert_eq!(
        meant("Speaker=Pia Lund"),
        [(colon, None), (marks, query("Speaker:\"Pia Lund\""))],
        "one hint leads to another"
    );
    assert_eq!(meant("speaker:Ada Brandt ("), [(marks, None)]);
}

#[test]
fn only_those_of_one_kind_are_the_same() {
    let folder = TempDir::new().unwrap();
    let mut store = archive(&folder);
    let text = "Baltic Rail said Tallberg is far.";
    let draft = article("http://c.example/1", "2016-06-01", "Shore Post", text)
        .entity("organization", "Baltic Rail", &[])
        .entity("place", "Tallberg", &[])
        .says("indirect", "Baltic Rail", "said", "Tallberg is far", "");
    put(&mut store, &draft);
    let number = |store: &Store, name: &str| store.one_person(name).unwrap();
    let [brandt, rail, place] = ["Ada Brandt", "Baltic Rail", "Tallberg"].map(|name| number(&store, name));
    for (one, other, what) in [
        (brandt, rail, "Ada Brandt is a person, Baltic Rail is an organization"),
        (rail, place, "Baltic Rail is an organization, Tallberg is a place"),
        (place, brandt, "Tallberg is a place, Ada Brandt is a person"),
    ] {
        let error = store.decide(&Verdict::Merge(one, other), NOW, None).unwrap_err();
        assert!(matches!(error, StoreError::Invalid(_)) && error.to_string().contains(what), "{error}");
    }
    assert!(store.decisions().unwrap().is_empty());
}
