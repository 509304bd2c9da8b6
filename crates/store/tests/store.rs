//! The store, told by what a newsroom does with it. No engine, no model: records are written by hand.

use std::path::Path;
use std::thread;

use jiff::Timestamp;
use onrecord_store::decisions::Verdict;
use onrecord_store::{
    ArticleId, Cause, Change, ChangeKind, Corrected, DecidedField, DecisionId, Digest, Edit, Hits,
    Interrupter, Order, PersonRef, Put, Query, Reader, Start, StatementRef, Store, StoreError,
};
use onrecord_text::{Act, EntityKind, SpeakerKind, StatementKind, Status, wire};
use proptest::prelude::*;
use tempfile::TempDir;

mod drafts;

use drafts::{Draft, article, bridge, put};

/// 2026-11-24 at noon.
const NOW: Timestamp = Timestamp::constant(1_795_521_600, 0);

fn store(folder: &TempDir) -> Store {
    Store::create(&folder.path().join("news.db")).unwrap()
}

fn find(store: &Store, query: &str) -> Hits {
    store.search(&query.parse::<Query>().unwrap(), Order::Newest, 50, 0).unwrap()
}

fn contents(store: &Store, query: &str) -> Vec<String> {
    find(store, query).hits.into_iter().map(|h| h.content).collect()
}

fn faults(store: &Reader) -> Vec<String> {
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
    assert_eq!(store.record(ArticleId(1)).unwrap().as_ref(), Some(&draft.record));
    assert_eq!(put(&mut store, &draft), Put::Same);
    assert_eq!(store.size().unwrap().statements, 2);
    assert_eq!(faults(&store), Vec::<String>::new());
    let line = serde_json::to_vec(&draft.record).unwrap();
    assert!(store.has(&Digest::of([line.as_slice()])).unwrap());
    assert!(!store.has(&Digest::of([&b"x"[..], &line])).unwrap());
}

#[test]
fn only_the_last_of_several_readings_of_a_document_is_known() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let document = |name: &str| Digest::of([name.as_bytes()]);
    let reading = |name: &str, hint: &str| document(name).read_with([hint.as_bytes()]);
    let mut put = |draft: &drafts::Draft, digest: Digest| {
        let mut batch = store.batch().unwrap();
        batch.put(&draft.record, &digest).unwrap();
        batch.commit().unwrap();
        let all = [reading("a", "1"), reading("a", "2"), document("a"), reading("b", "1")];
        all.map(|digest| store.has(&digest).unwrap())
    };
    assert_eq!(put(&bridge(), reading("a", "1")), [true, false, false, false]);
    assert_eq!(put(&bridge(), reading("a", "2")), [false, true, false, false]);
    assert_eq!(put(&bridge(), reading("b", "1")), [false, true, false, true]);
    assert_eq!(put(&bridge(), reading("a", "1")), [true, false, false, true]);
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
    assert_eq!(store.record(ArticleId(1)).unwrap().unwrap(), bridge().record);
    assert_eq!(faults(&store), Vec::<String>::new());
    assert!(matches!(store.changes("http://sound.example/8"), Err(StoreError::NotFound(_))));
}

#[test]
fn a_statement_with_only_half_the_words_of_another_is_not_a_changed_form_of_it() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let mut put_with = |words: &str| {
        let text = format!(
            "The bridge over the sound stays closed after years of delay, and ferries go on. {words}, Rolf Meyer said."
        );
        let draft = article("http://sound.example/9", "2016-03-04", "A", &text)
            .entity("person", "Rolf Meyer", &[])
            .says("indirect", "Rolf Meyer", "said", words, "");
        put(&mut store, &draft);
    };
    put_with("Our crews welcome every new boat");
    // Three of six words are the same, and then four of six.
    put_with("Our crews welcome no second toll");
    put_with("Our crews welcome no more taxes");
    let changes = store.changes("http://sound.example/9").unwrap();
    let [first, second] = changes.as_slice() else { panic!("two steps") };
    assert!(matches!(first.changes.as_slice(), [Change::Vanished(_), Change::Appeared(_)]));
    assert!(matches!(second.changes.as_slice(), [Change::Changed(..)]));
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
            let plan = store.plan(&query.parse().unwrap(), order).unwrap();
            for table in ["words VIRTUAL TABLE", "SEARCH s ", "SEARCH p "] {
                assert!(plan.iter().any(|line| line.contains(table)), "{query}: {table}");
            }
            for line in plan {
                let indexed =
                    line.contains("VIRTUAL TABLE INDEX") || line.contains("USING INTEGER PRIMARY KEY");
                // The few ids of a page.
                let indexed = indexed || line.contains("SCAN wanted") || line.contains("USING PRIMARY KEY");
                // The notices about what was stored later under the name of an article.
                let heading = line.starts_with("CORRELATED SCALAR SUBQUERY");
                let indexed =
                    indexed || heading || line.contains("USING COVERING INDEX articles_item (item=?");
                // The best are sorted among at most two thousand.
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

/// An article that names somebody, with others, and has them say something.
fn named(n: usize, name: &str, role: &str, others: &[&str]) -> Draft {
    let text = format!(
        "{name} {role} spoke in town {n}. {} listened. “The talks go on,” {name} said.",
        others.join(" and ")
    );
    let roles: &[&str] = if role.is_empty() { &[] } else { &[role] };
    let mut draft =
        article(&format!("http://a.example/{n}"), "2016-03-04", "A", &text).entity("person", name, roles);
    for other in others {
        draft = draft.entity("person", other, &[]);
    }
    draft.says("direct", name, "said", "“The talks go on,”", "")
}

/// How many articles name the bearer of a full name after these came in.
fn articles_of(name: &str, drafts: &[Draft]) -> usize {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    for draft in drafts {
        put(&mut store, draft);
    }
    store.people(name, 5).unwrap().first().map_or(0, |p| p.articles)
}

#[test]
fn whose_a_surname_is_takes_evidence() {
    // Known for a role in five articles, in whatever company.
    for (known, expected) in [(4, 4), (5, 6)] {
        let mut drafts: Vec<Draft> = (0..known)
            .map(|n| named(n, "Viktor Oren", "president", &[["Lea Stern", "Tom Vale"][n % 2]]))
            .collect();
        drafts.push(named(9, "Oren", "president", &["Kim Oda"]));
        assert_eq!(articles_of("Viktor Oren", &drafts), expected, "{known} articles");
    }
    // But not where another bearer of the name holds the role.
    let mut drafts: Vec<Draft> =
        (0..5).map(|n| named(n, "Viktor Oren", "president", &["Lea Stern"])).collect();
    drafts.push(named(8, "Hugo Oren", "president", &["Tom Vale"]));
    drafts.push(named(9, "Oren", "president", &["Kim Oda"]));
    assert_eq!(articles_of("Viktor Oren", &drafts), 5);
    // Without a role three full names in common are enough, two are not.
    let all = ["Lea Stern", "Tom Vale", "Kim Oda"];
    for (common, expected) in [(2, 1), (3, 2)] {
        let drafts = [named(1, "Viktor Oren", "", &all), named(2, "Oren", "", &all[..common])];
        assert_eq!(articles_of("Viktor Oren", &drafts), expected, "{common} names in common");
    }
    // Two letters are nobody's surname.
    let drafts =
        [named(1, "Viktor Or", "president", &["Lea Stern"]), named(2, "Or", "president", &["Lea Stern"])];
    assert_eq!(articles_of("Viktor Or", &drafts), 1);
}

#[test]
fn somebody_with_one_name_is_one_person_by_their_office() {
    let drafts = [
        named(1, "Sukarta", "president", &["Lea Stern"]),
        named(2, "Sukarta", "president", &["Tom Vale"]),
        named(3, "Sukarta", "goalkeeper", &["Kim Oda"]),
    ];
    assert_eq!(articles_of("sukarta", &drafts), 2);
    assert_eq!(articles_of("sukarta", &drafts[..1]), 0, "one article alone tells nothing");
    let [one, two] = [1, 2].map(|n| named(n, "Sukarta Jr.", "president", &["Lea Stern"]));
    assert_eq!(articles_of("sukarta jr", &[one, two]), 2, "the suffix is part of a name of one word");
}

#[test]
fn a_lineage_goes_from_cut_to_whole_to_cut() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let begin = "The new harbour bridge will open before summer this year";
    let end = "nobody living in this country will ever pay a toll to cross it";
    let filler = |n: usize| (0..60).map(|w| format!("filler{n}word{w}")).collect::<Vec<_>>().join(" ");
    let shared = filler(9);
    for (n, words) in
        [begin.to_owned(), format!("{begin}, and {end}"), end.to_owned()].into_iter().enumerate()
    {
        // The first two are one wire story: most of their own words are the same.
        let around = if n < 2 {
            format!("{shared} {}", (0..20).map(|w| format!("own{n}x{w}")).collect::<Vec<_>>().join(" "))
        } else {
            filler(n)
        };
        let text = format!("“{words},” Ada Brandt said. {around}");
        let draft = article(&format!("http://a.example/{n}"), &format!("2016-03-0{}", n + 1), "A", &text)
            .entity("person", "Ada Brandt", &[])
            .says("direct", "Ada Brandt", "said", &format!("“{words},”"), "");
        put(&mut store, &draft);
    }
    let lineage = store.lineage("1.s1".parse().unwrap()).unwrap();
    assert_eq!(lineage.versions.iter().map(|v| v.hit.name.article.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(lineage.versions.iter().map(|v| v.copy_of).collect::<Vec<_>>(), [None, Some(0), None]);
    let answers: Vec<_> = lineage.answers().map(|v| (v.hit.statement, v.change, v.copy_of)).collect();
    let copy = Some("1.s1".to_owned());
    assert_eq!(
        answers,
        [
            ("1.s1".to_owned(), None, None),
            ("2.s1".to_owned(), Some(lineage.versions[1].change), copy),
            ("3.s1".to_owned(), Some(lineage.versions[2].change), None),
        ]
    );
}

#[test]
fn versions_with_the_same_words_may_change_them_in_different_ways() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let words = "nobody living in this country will ever pay a toll to cross it";
    for (n, kind) in ["direct", "indirect", "direct", "indirect"].into_iter().enumerate() {
        let text = format!("Ada Brandt said {words}.");
        let draft = article(&format!("http://a.example/{n}"), &format!("2016-03-0{}", n + 1), "A", &text)
            .entity("person", "Ada Brandt", &[])
            .says(kind, "Ada Brandt", "said", words, "");
        put(&mut store, &draft);
    }
    let versions = store.lineage("4.s1".parse().unwrap()).unwrap().versions;
    let changes: Vec<&str> = versions.iter().map(|version| version.change.name()).collect();
    assert_eq!(changes, ["identical", "quoted indirectly", "identical", "quoted indirectly"]);
    assert!(versions.iter().all(|version| version.diff == [Edit::Kept(words.to_owned())]));
}

#[test]
fn the_month_for_a_single_speaker_does_not_depend_on_what_was_read_first() {
    let versions = |first: &str, second: &str| {
        let folder = TempDir::new().unwrap();
        let mut store = store(&folder);
        for (n, (day, words)) in [
            (first, "Nobody will pay the toll, whatever they decide"),
            (second, "Nobody will pay the price of that bridge"),
        ]
        .into_iter()
        .enumerate()
        {
            let text = format!("“{words},” Ada Brandt said.");
            let draft = article(&format!("http://a.example/{n}"), day, "A", &text)
                .entity("person", "Ada Brandt", &[])
                .says("direct", "Ada Brandt", "said", &format!("“{words},”"), "");
            put(&mut store, &draft);
        }
        store.lineage("1.s1".parse().unwrap()).unwrap().versions.len()
    };
    for (a, b, expected) in [
        ("2016-03-04", "2016-04-03", 2),
        ("2016-03-04", "2016-04-04", 1),
        // Nobody knows whether days are near one another if one of them is unknown.
        ("XXXX-03-04", "XXXX-03-04", 1),
        ("2016-03-04", "XXXX-03-04", 1),
    ] {
        assert_eq!((versions(a, b), versions(b, a)), (expected, expected), "{a} and {b}");
    }
}

#[test]
fn a_lineage_goes_by_the_speakers_that_people_chose() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    // No person across articles has a name of one word, so Lund has nothing but this word in common with Pia Lund.
    for (n, (speaker, words)) in [
        ("Ada Brandt", "Nobody has to pay for the toll"),
        ("Pia Lund", "The harbour is closed until Friday"),
        ("Lund", "Nobody has to pay for an old ferry"),
    ]
    .into_iter()
    .enumerate()
    {
        let text = format!("“{words},” {speaker} said.");
        let draft = article(&format!("http://a.example/{n}"), "2016-03-04", "A", &text)
            .entity("person", speaker, &[])
            .says("direct", speaker, "said", &format!("“{words},”"), "");
        put(&mut store, &draft);
    }
    let articles = |store: &Store, name: &str| -> Vec<i64> {
        let versions = store.lineage(name.parse().unwrap()).unwrap().versions;
        versions.iter().map(|version| version.hit.name.article.0).collect()
    };
    assert_eq!(articles(&store, "1.s1"), [1]);
    assert_eq!(articles(&store, "3.s1"), [3]);
    let first: StatementRef = "1.s1".parse().unwrap();
    store.decide(&Verdict::Set(first, DecidedField::Speaker, "Pia Lund".to_owned()), NOW, None).unwrap();
    assert_eq!(articles(&store, "1.s1"), [1, 3]);
    assert_eq!(articles(&store, "3.s1"), [1, 3]);
}

#[test]
fn of_statements_inside_one_another_the_outermost_is_the_version() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let end = "nobody living in this country will ever pay a toll to cross it";
    let whole = format!("The new harbour bridge will open before summer this year, and {end}");
    for n in 0..2 {
        let text = format!("Ada Brandt said {whole}.");
        let draft = article(&format!("http://a.example/{n}"), &format!("2016-03-0{}", n + 1), "A", &text)
            .entity("person", "Ada Brandt", &[])
            .says("indirect", "Ada Brandt", "said", &whole, "")
            .says("indirect", "Ada Brandt", "said", end, "");
        put(&mut store, &draft);
    }
    let versions = |name: &str| -> Vec<String> {
        let versions = store.lineage(name.parse().unwrap()).unwrap().versions;
        versions.iter().map(|version| version.hit.name.to_string()).collect()
    };
    assert_eq!(versions("1.s1"), ["1.s1", "2.s1"]);
    assert_eq!(versions("1.s2"), ["1.s2", "2.s1"], "the part that was asked for stands for its article");
}

#[test]
fn corrected_roles_and_days_are_searched() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &bridge());
    let name: StatementRef = "1.s1".parse().unwrap();
    store.decide(&Verdict::Set(name, DecidedField::Role, "Ferry Minister".to_owned()), NOW, None).unwrap();
    store.decide(&Verdict::Set(name, DecidedField::Said, "2016-02-29".to_owned()), NOW, None).unwrap();
    assert_eq!(find(&store, "role:ferry said:2016-02").hits.len(), 1);
    assert!(find(&store, "role:transport").hits.is_empty() && find(&store, "said:2016-03").hits.is_empty());
    let hit = store.statement(name).unwrap();
    assert_eq!((hit.role.as_deref(), hit.said.as_deref()), (Some("Ferry Minister"), Some("2016-02-29")));
}

#[test]
fn a_corrected_speaker_does_not_have_the_role_of_the_speaker_before() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &bridge());
    let name: StatementRef = "1.s1".parse().unwrap();
    // The role in a hit, in a record, in the view and in the index.
    let roles = |store: &Store| {
        let hit = store.statement(name).unwrap();
        let record = store.corrected(ArticleId(1), std::slice::from_ref(&hit)).unwrap();
        let speaker = record.statements[0].speaker.clone().unwrap();
        let view = rusqlite::Connection::open(folder.path().join("news.db")).unwrap();
        let viewed: Option<String> =
            view.query_row("SELECT role FROM said WHERE name = '1.s1'", [], |r| r.get(0)).unwrap();
        let found = ["transport", "ferry"].map(|word| find(store, &format!("role:{word}")).hits.len());
        assert_eq!((&hit.role, &hit.role), (&speaker.role, &viewed));
        (hit.role, found)
    };
    let set = |store: &mut Store, field, value: &str| {
        store.decide(&Verdict::Set(name, field, value.to_owned()), NOW, None).unwrap()
    };
    assert_eq!(roles(&store), (Some("Transport Minister".to_owned()), [1, 0]));
    let first = set(&mut store, DecidedField::Speaker, "Pia Lund");
    assert_eq!(roles(&store), (None, [0, 0]));
    set(&mut store, DecidedField::Role, "Ferry Minister");
    assert_eq!(roles(&store), (Some("Ferry Minister".to_owned()), [0, 1]));
    let decided = store.stored_statement("1.s1").unwrap();
    assert_eq!(decided.hit.corrected, [Corrected::Speaker, Corrected::Role]);
    set(&mut store, DecidedField::Said, "2016-02-29");
    assert_eq!(faults(&store), Vec::<String>::new());
    // The role that was set is that of the speaker for whom it was set.
    let second = set(&mut store, DecidedField::Speaker, "Jon Aalto");
    assert_eq!(roles(&store), (None, [0, 0]));
    store.undo(second).unwrap();
    assert_eq!(roles(&store), (Some("Ferry Minister".to_owned()), [0, 1]));
    store.undo(DecisionId(first.0 + 1)).unwrap();
    // Who confirms the name confirms the role.
    set(&mut store, DecidedField::Speaker, "Ada Brandt");
    assert_eq!(roles(&store), (Some("Transport Minister".to_owned()), [1, 0]));
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn the_evidence_for_a_corrected_speaker_is_the_decision() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &bridge());
    let name: StatementRef = "1.s1".parse().unwrap();
    let evidence = |store: &Store| {
        let speakers = store.stored_statement("1.s1").unwrap().speakers;
        speakers.into_iter().map(|speaker| (speaker.name, speaker.evidence.unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(evidence(&store), [("Ada Brandt".to_owned(), "the same name".to_owned())]);
    // Pia Lund is in the article.
    store.decide(&Verdict::Set(name, DecidedField::Speaker, "Pia Lund".to_owned()), NOW, None).unwrap();
    assert_eq!(evidence(&store), [("Pia Lund".to_owned(), "decision 1".to_owned())]);
}

#[test]
fn an_article_without_a_date_has_that_of_its_dateline() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let said = |url: &str, words: &str| {
        article(url, "", "The Sound", &format!("Ada Brandt said {words}."))
            .entity("person", "Ada Brandt", &["mayor"])
            .says("indirect", "Ada Brandt", "said", words, "")
    };
    let words = "the quay below the old harbour office is safe again";
    let mut dated = said("http://sound.example/1", words);
    dated.record.article.published = None;
    dated.record.article.dateline.as_mut().unwrap().date = Some("2016-03-04".parse().unwrap());
    let mut undated = said("http://sound.example/2", &format!("{words} for all boats"));
    undated.record.article.published = None;
    put(&mut store, &undated);
    put(&mut store, &dated);
    let found = find(&store, "published:2016-03-04").hits;
    assert_eq!(found.iter().map(|hit| hit.published.as_deref()).collect::<Vec<_>>(), [Some("2016-03-04")]);
    let day = |article: &str| store.stored_article(article).unwrap().article.published;
    assert_eq!([day("1"), day("2")], [None, Some("2016-03-04".to_owned())]);
    let covered = store.coverage().unwrap();
    assert_eq!((covered.articles, covered.undated, covered.first.as_deref()), (2, 1, Some("2016-03-04")));
    assert_eq!((covered.outlets[0].articles, covered.outlets[0].days), (2, 1));
    let profile = store.profile(store.people("Ada Brandt", 1).unwrap()[0].id).unwrap();
    assert_eq!(profile.roles[0].first.as_deref(), Some("2016-03-04"));
    // What has no date comes last.
    let versions = store.lineage("1.s1".parse().unwrap()).unwrap().versions;
    assert_eq!(versions.iter().map(|v| v.hit.name.to_string()).collect::<Vec<_>>(), ["2.s1", "1.s1"]);
}

#[test]
fn two_people_who_share_some_words_said_different_things() {
    let whole = "the new bridge over the sound will ruin the ferries of Tallberg";
    let other = "the new bridge over the sound is the best thing since the railway came";
    for (speaker, said, same) in
        [("Pia Lund", other, false), ("Baltic Rail", other, true), ("Pia Lund", whole, true)]
    {
        let folder = TempDir::new().unwrap();
        let mut store = store(&folder);
        for (n, (name, words)) in [("Ada Brandt", whole), (speaker, said)].into_iter().enumerate() {
            let kind = if name == "Baltic Rail" { "organization" } else { "person" };
            let text = format!("{name} said {words}.");
            let mut draft = article(&format!("http://a.example/{n}"), "2016-03-04", "A", &text)
                .entity(kind, name, &[])
                .says("indirect", name, "said", words, "");
            draft.record.statements[0].speaker.as_mut().unwrap().kind =
                SpeakerKind::named(kind).expect("a kind of speaker");
            put(&mut store, &draft);
        }
        let versions = store.lineage("1.s1".parse().unwrap()).unwrap().versions.len();
        assert_eq!(versions == 2, same, "{speaker}: {said}");
    }
}

/// In schema 6, a corrected speaker kept the role of the speaker before.
#[test]
fn an_upgrade_removes_the_roles_of_corrected_speakers() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("news.db");
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores/schema-6.db");
    std::fs::copy(kept, &path).unwrap();
    let store = Store::open(&path).unwrap();
    let hit = find(&store, "speaker:lund taxpayers").hits.remove(0);
    assert_eq!((hit.corrected, hit.role), (vec![Corrected::Speaker], None));
    assert!(find(&store, "role:union taxpayers").hits.is_empty());
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn the_best_are_looked_for_among_the_newest() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let sentence = |n: usize| match n {
        // The oldest and the newest would be best by their words.
        0 | 2_000 => format!("toll toll {n}."),
        _ => format!("the toll of day {n} was paid by the town of Tallberg."),
    };
    let text: String = (0..=2_000).map(|n| format!("Ada Brandt said {} ", sentence(n))).collect();
    let mut draft = article("http://a.example/1", "2016-03-04", "A", "Ada Brandt said nothing.");
    draft.record.article.text = text.clone();
    draft.record.article.id = wire::content_hash(&text);
    draft.record.article.blocks.clear();
    let mut at = 0;
    for n in 0..=2_000 {
        let content = sentence(n);
        let from = at + text[at..].find(&content).unwrap();
        at = from + content.len();
        draft.record.statements.push(wire::Statement {
            id: format!("s{}", n + 1),
            kind: StatementKind::Indirect,
            content: wire::Field { text: content, spans: vec![[from, at]] },
            confidence: 0.5,
            ..wire::Statement::default()
        });
    }
    put(&mut store, &draft);
    let best = store.search(&"toll".parse().unwrap(), Order::Best, 3, 0).unwrap();
    assert!(best.cut);
    let numbers: Vec<i64> = best.hits.iter().map(|h| h.name.number).collect();
    assert_eq!(numbers[0], 2_001);
    assert!(!numbers.contains(&1), "{numbers:?}");
    let fewer = store.search(&"toll 2000".parse().unwrap(), Order::Best, 3, 0).unwrap();
    assert!(!fewer.cut);
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn decisions_hold_after_another_reading() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let draft = bridge();
    put(&mut store, &draft);
    let (first, second): (StatementRef, StatementRef) = ("1.s1".parse().unwrap(), "1.s2".parse().unwrap());
    store.decide(&Verdict::Accept(first), NOW, None).unwrap();
    store.decide(&Verdict::Set(first, DecidedField::Speaker, "Ida Brand".to_owned()), NOW, None).unwrap();
    let rejected = store.decide(&Verdict::Reject(second), NOW, None).unwrap();
    let check = |store: &Store| {
        assert_eq!(contents(store, "word"), Vec::<String>::new());
        let hits = find(store, "speaker:ida").hits;
        assert_eq!(hits[0].speaker.as_deref(), Some("Ida Brand"));
        assert_eq!(hits[0].corrected, [Corrected::Speaker, Corrected::Verdict]);
        assert!(find(store, "speaker:ada").hits.is_empty());
        // What the engine found stays as it was.
        let name = |r: wire::Record| {
            let s = r.statements.into_iter().find(|s| s.content.text.contains("May"))?;
            s.speaker?.name
        };
        assert_eq!(name(store.record(ArticleId(1)).unwrap().unwrap()).as_deref(), Some("Ada Brandt"));
        let out = store.corrected(ArticleId(1), &hits).unwrap();
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
    assert!(matches!(store.undo(rejected), Err(StoreError::NotFound(_))));
    assert_eq!(store.decisions().unwrap().iter().filter(|d| d.undone).count(), 1);
    let odd = Verdict::Set(first, DecidedField::Said, "soon".to_owned());
    assert!(store.decide(&odd, NOW, None).unwrap_err().to_string().contains("is not a date"));
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
    let merge = store.decide(&Verdict::Merge(brandt, lund), NOW, None).unwrap();
    assert_eq!(contents(&store, "speaker:lund").len(), 3);
    assert_eq!(id(&store, "Ada Lund"), brandt);
    assert!(store.decide(&Verdict::Merge(lund, brandt), NOW, None).is_err());
    store.undo(merge).unwrap();
    assert_eq!(contents(&store, "speaker:lund").len(), 1);
    store.decide(&Verdict::Split("3.s1".parse().unwrap()), NOW, None).unwrap();
    let person = store.people("Ada Brandt", 5).unwrap().remove(0);
    assert_eq!(person.articles, 1);
    assert_eq!(store.said_by(&person, 10, 0).unwrap().hits.len(), 1);
    // It holds after the article was read again.
    let mut again = kremlin("http://a.example/3", "Ada Brandt", "swimmer", "Kim Oda");
    again.record.engine.model = "later".to_owned();
    put(&mut store, &again);
    assert_eq!(store.people(&brandt.to_string(), 5).unwrap()[0].articles, 1);
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
    // Few words, or short ones, are no version of anything, but somebody said them.
    for few in ["nobody in this country", "pay a toll", "A TOLL, to cross", "toll"] {
        let found = store.lineage_of(few).unwrap();
        assert_eq!((found.versions, found.more), (lineage.versions.clone(), false), "{few}");
    }
    // Others have the same words, but in another sentence.
    let found = store.lineage_of("in this country").unwrap();
    assert_eq!((found.versions.len(), found.more), (3, true));
    for none in ["country this", "", "…", &"toll ".repeat(1000)] {
        assert!(store.lineage_of(none).unwrap().versions.is_empty(), "{none}");
    }
}

#[test]
fn a_few_words_have_the_lineage_of_the_first_statement_with_a_day() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    for (outlet, day) in [("Undated", ""), ("Later", "2016-03-05"), ("First", "2016-03-04")] {
        let text = format!("“The toll is gone,” Ada Brandt told {outlet}.");
        let mut draft = article(&format!("http://{outlet}.example/"), day, outlet, &text)
            .entity("person", "Ada Brandt", &[])
            .says("direct", "Ada Brandt", "told", "“The toll is gone,”", "");
        if day.is_empty() {
            draft.record.article.published = None;
        }
        put(&mut store, &draft);
    }
    let found = store.lineage_of("toll is gone").unwrap();
    assert_eq!(found.versions[0].hit.outlet.as_deref(), Some("First"), "{found:?}");
}

#[test]
fn statements_are_found_by_act_and_status() {
    let folder = TempDir::new().unwrap();
    let mut store = Store::create(&folder.path().join("news.db")).unwrap();
    let mut draft = bridge();
    draft.record.statements[0].act = Some(Act::Accuse);
    draft.record.statements[1].status = Some(Status::NotMade);
    put(&mut store, &draft);
    let numbers = |query: &str| find(&store, query).hits.iter().map(|h| h.name.number).collect::<Vec<_>>();
    assert_eq!(numbers("act:accuse"), [1]);
    assert_eq!(numbers("act:Accuse"), [1]);
    assert_eq!(numbers("status:not_made"), [2]);
    assert_eq!(numbers("status:not-made"), [2]);
    assert!(!numbers("status:made").contains(&2));
    assert!(numbers("act:praise").is_empty());
    let hit = &find(&store, "act:accuse").hits[0];
    assert_eq!((hit.act, hit.status), (Some(Act::Accuse), Some(Status::Made)));
    let record = store.record(hit.name.article).unwrap().unwrap();
    assert_eq!(record.statements[1].status, Some(Status::NotMade));
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
        "words: 1 statement is missing from search",
    ] {
        assert!(all.iter().any(|f| f == fault), "{fault}: {all:?}");
    }
}

#[test]
fn work_on_a_handle_can_be_ended_from_another_thread() {
    let folder = TempDir::new().unwrap();
    let mut writer = store(&folder);
    put(&mut writer, &bridge());
    let mut reader = Reader::open(writer.path()).unwrap();
    let interrupter = Interrupter::default();
    let query = Query::everything();
    let ended = reader.interruptible(&interrupter, |reader| {
        thread::scope(|scope| {
            scope.spawn(|| interrupter.interrupt());
            // Requests that end before the interruption are followed by others.
            loop {
                if let Err(e) = reader.search(&query, Order::Newest, 20, 0) {
                    return e;
                }
            }
        })
    });
    assert!(ended.unwrap().to_string().ends_with("interrupted"));
    // The handle can still be used.
    assert_eq!(reader.size().unwrap().articles, 1);
}

/// Two people who say the same words, in an article that begins with `before`.
fn twins(before: &str, engine: &str) -> Draft {
    let text = format!(
        "{before}“No,” Minister Ada Brandt said on Friday. It rained in Tallberg. “No,” said Rolf Meyer of the union."
    );
    let mut draft = article("http://sound.example/7", "2016-03-04", "The Sound", &text)
        .entity("person", "Ada Brandt", &[])
        .entity("person", "Rolf Meyer", &[])
        .says("direct", "Ada Brandt", "said", "“No,”", "")
        .says("direct", "Rolf Meyer", "said", "“No,”", "");
    let points = |byte: usize| text[..byte].chars().count();
    let last = text.rfind("“No,”").unwrap();
    draft.record.statements[1].content.spans = vec![[points(last), points(last + "“No,”".len())]];
    draft.record.engine.model = engine.to_owned();
    draft
}

#[test]
fn a_decision_is_about_the_statement_that_it_names() {
    for n in [1, 2] {
        let folder = TempDir::new().unwrap();
        let mut store = store(&folder);
        put(&mut store, &twins("", "test"));
        let name: StatementRef = format!("1.s{n}").parse().unwrap();
        let (mine, other) = if n == 1 { ("Ada Brandt", "Rolf Meyer") } else { ("Rolf Meyer", "Ada Brandt") };
        let speakers = |store: &Store| -> Vec<String> {
            let mut all: Vec<_> = find(store, "no").hits.into_iter().filter_map(|h| h.speaker).collect();
            all.sort();
            all
        };
        let set = Verdict::Set(name, DecidedField::Speaker, "Pia Lund".to_owned());
        let set = store.decide(&set, NOW, None).unwrap();
        let mut expected = vec![other.to_owned(), "Pia Lund".to_owned()];
        expected.sort();
        assert_eq!(speakers(&store), expected);
        // Another reading, which finds them in another order, and a version with a longer opening.
        let mut again = twins("", "later");
        again.record.statements.reverse();
        for (n, s) in again.record.statements.iter_mut().enumerate() {
            s.id = format!("s{}", n + 1);
        }
        assert_eq!(put(&mut store, &again), Put::Findings);
        assert_eq!(speakers(&store), expected);
        let later = twins("The bridge over the sound stays closed until further notice. ", "later");
        assert_eq!(put(&mut store, &later), Put::Version);
        assert_eq!(speakers(&store), expected);
        assert_eq!(store.statements_of(set).unwrap(), [StatementRef { article: ArticleId(2), number: n }]);
        let rejected = store
            .decide(&Verdict::Reject(StatementRef { article: ArticleId(2), number: n }), NOW, None)
            .unwrap();
        assert_eq!(speakers(&store), [other]);
        store.undo(rejected).unwrap();
        store.undo(set).unwrap();
        let mut both = vec![mine.to_owned(), other.to_owned()];
        both.sort();
        assert_eq!(speakers(&store), both);
        assert_eq!(faults(&store), Vec::<String>::new());
    }
}

#[test]
fn only_the_latest_version_is_found_counted_and_shown_for_a_decision() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &twins("", "test"));
    let earlier = store.decide(&Verdict::Accept("1.s1".parse().unwrap()), NOW, None).unwrap();
    put(&mut store, &twins("The bridge over the sound stays closed until further notice. ", "test"));
    // The decision also changes the statement of the earlier version, which must not get into search again.
    let role =
        Verdict::Set("2.s1".parse().unwrap(), DecidedField::Role, "leader of the opposition".to_owned());
    let later = store.decide(&role, NOW, None).unwrap();
    for decision in [earlier, later] {
        assert_eq!(store.statements_of(decision).unwrap(), ["2.s1".parse().unwrap()]);
    }
    for query in ["speaker:brandt", "role:opposition", "no"] {
        let hits = store.search(&query.parse().unwrap(), Order::Newest, 20, 0).unwrap().hits;
        assert!(
            !hits.is_empty() && hits.iter().all(|hit| hit.name.article == ArticleId(2)),
            "{query}: {hits:?}"
        );
    }
    let size = store.size().unwrap();
    assert_eq!((size.articles, size.versions, size.statements), (1, 2, 4));
    let coverage = store.coverage().unwrap();
    assert_eq!((coverage.articles, coverage.versions, coverage.statements), (1, 2, 2));
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn a_decision_does_not_go_over_to_another_statement() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &twins("", "test"));
    let reject = store.decide(&Verdict::Reject("1.s2".parse().unwrap()), NOW, None).unwrap();
    let text = "“No,” Minister Ada Brandt said on Friday. It rained in Tallberg. The union had nothing to say about it.";
    let without = article("http://sound.example/7", "2016-03-04", "The Sound", text)
        .entity("person", "Ada Brandt", &[])
        .says("direct", "Ada Brandt", "said", "“No,”", "");
    assert_eq!(put(&mut store, &without), Put::Version);
    assert_eq!(contents(&store, "no"), ["“No,”"]);
    assert!(store.statements_of(reject).unwrap().is_empty());
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn values_that_make_no_sense_are_refused() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &bridge());
    let name: StatementRef = "1.s1".parse().unwrap();
    for (field, value, what) in [
        (DecidedField::Speaker, "", "a speaker needs a letter"),
        (DecidedField::Speaker, " – ", "a speaker needs a letter"),
        (DecidedField::Role, "a\nb", "a role must not contain line breaks"),
        (DecidedField::Speaker, "A\u{1b}[31m", "or control characters"),
        (DecidedField::Speaker, "A\u{202e}B", "or control characters"),
        (DecidedField::Said, "soon", "is not a date"),
        (DecidedField::Speaker, "p99", "nobody in this store has this number"),
    ] {
        let error = store.decide(&Verdict::Set(name, field, value.to_owned()), NOW, None).unwrap_err();
        assert!(error.to_string().contains(what), "{value:?}: {error}");
        assert_eq!(error.cause(), Cause::Request);
    }
    let long = Verdict::Set(name, DecidedField::Role, "x".repeat(201));
    assert!(store.decide(&long, NOW, None).unwrap_err().to_string().contains("at most 200 characters"));
    assert!(store.decide(&Verdict::Accept(name), NOW, Some("a\nb")).is_err());
    assert!(store.decisions().unwrap().is_empty());
    store
        .decide(
            &Verdict::Set(name, DecidedField::Role, " Ferry Minister ".to_owned()),
            NOW,
            Some(" Jo Dahl "),
        )
        .unwrap();
    let made = store.decisions().unwrap().remove(0);
    assert_eq!((made.value.as_deref(), made.by.as_deref()), (Some("Ferry Minister"), Some("Jo Dahl")));
    assert_eq!(contents(&store, "role:ferry").len(), 1);
}

#[test]
fn a_corrected_speaker_is_who_it_is_elsewhere() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &bridge());
    let rail =
        article("http://sound.example/8", "2016-03-05", "The Sound", "Baltic Rail pays, Ada Brandt said.")
            .entity("organization", "Baltic Rail", &[])
            .entity("person", "Ada Brandt", &[])
            .says("indirect", "Ada Brandt", "said", "Baltic Rail pays", "");
    put(&mut store, &rail);
    let name: StatementRef = "2.s1".parse().unwrap();
    assert_eq!(contents(&store, "kind:organization").len(), 0);
    store.decide(&Verdict::Set(name, DecidedField::Speaker, "baltic rail".to_owned()), NOW, None).unwrap();
    let hit = store.statement(name).unwrap();
    assert_eq!(hit.speaker_kind, Some(SpeakerKind::Organization));
    assert_eq!(contents(&store, "kind:organization"), ["Baltic Rail pays"]);
    assert!(find(&store, "kind:person pays").hits.is_empty());
    let record = store.corrected(ArticleId(2), &[hit]).unwrap();
    let speaker = record.statements[0].speaker.as_ref().unwrap();
    assert_eq!((speaker.kind, speaker.entity.as_deref()), (SpeakerKind::Organization, Some("e1")));
    let rail = store.people("Baltic Rail", 5).unwrap().remove(0);
    assert_eq!(rail.kind, EntityKind::Organization);
    assert_eq!(store.said_by(&rail, 5, 0).unwrap().hits.len(), 1);
    // A number means the very one.
    let lund = store.people("Pia Lund", 5).unwrap()[0].id;
    store.decide(&Verdict::Set(name, DecidedField::Speaker, lund.to_string()), NOW, None).unwrap();
    let hit = store.statement(name).unwrap();
    assert_eq!((hit.speaker.as_deref(), hit.speaker_kind), (Some("Pia Lund"), Some(SpeakerKind::Person)));
    assert!(store.said_by(&rail, 5, 0).unwrap().hits.is_empty());
    let view = rusqlite::Connection::open(folder.path().join("news.db")).unwrap();
    let said: (String, String) = view
        .query_row("SELECT speaker, speaker_kind FROM said WHERE name = '2.s1'", [], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
        .unwrap();
    assert_eq!(said, ("Pia Lund".to_owned(), "person".to_owned()));
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn merges_and_splits_go_together() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &kremlin("http://a.example/1", "Ada Brandt", "minister", "Lea Stern"));
    put(&mut store, &kremlin("http://a.example/2", "Ida Lund", "minister", "Tom Vale"));
    put(&mut store, &kremlin("http://a.example/3", "Eva Falk", "swimmer", "Kim Oda"));
    let id = |store: &Store, name: &str| store.people(name, 5).unwrap()[0].id;
    let (brandt, lund, falk) = (id(&store, "Ada Brandt"), id(&store, "Ida Lund"), id(&store, "Eva Falk"));
    // A chain of merges, of which the first is undone: the second holds.
    let first = store.decide(&Verdict::Merge(brandt, lund), NOW, None).unwrap();
    store.decide(&Verdict::Merge(lund, falk), NOW, None).unwrap();
    assert_eq!(contents(&store, "speaker:falk").len(), 3);
    assert_eq!(contents(&store, "speaker:brandt").len(), 3);
    store.undo(first).unwrap();
    assert_eq!(contents(&store, "speaker:brandt").len(), 1);
    assert_eq!(contents(&store, "speaker:falk").len(), 2);
    assert_eq!(id(&store, "Eva Falk"), lund);
    // A split is one decision, however often it is asked for; a merge takes it back together, undoing it, too.
    let name: StatementRef = "1.s1".parse().unwrap();
    let split = store.decide(&Verdict::Split(name), NOW, None).unwrap();
    let again = store.decide(&Verdict::Split(name), NOW, None).unwrap_err();
    assert!(again.to_string().contains(&format!("already split off by decision {split}")), "{again}");
    put(&mut store, &kremlin("http://a.example/4", "Ada Brandt", "minister", "Lea Stern"));
    let apart = find(&store, "speaker:\"ada brandt\"").hits.len();
    assert_eq!(apart, 2);
    let whole = store.people("Ada Brandt", 5).unwrap().remove(0);
    assert_eq!(whole.articles, 1);
    let people = store.people("brandt", 5).unwrap();
    let other = people.iter().map(|p| p.id).find(|&id| id != brandt).unwrap();
    store.decide(&Verdict::Merge(brandt, other), NOW, None).unwrap();
    assert_eq!(store.people("Ada Brandt", 5).unwrap()[0].articles, 2);
    store.undo(split).unwrap();
    assert_eq!(store.people("Ada Brandt", 5).unwrap()[0].articles, 2);
    assert_eq!(store.said_by(&store.people("Ada Brandt", 5).unwrap()[0], 9, 0).unwrap().hits.len(), 2);
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn people_of_one_name_are_told_apart_by_their_numbers() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &kremlin("http://a.example/1", "Ada Brandt", "minister", "Lea Stern"));
    put(&mut store, &kremlin("http://a.example/2", "Ada Brandt", "coach", "Tom Vale"));
    let brandt = store.one_person("Ada Brandt").unwrap();
    let split = store.decide(&Verdict::Split("2.s1".parse().unwrap()), NOW, None).unwrap();
    let both: Vec<PersonRef> =
        store.people("Ada Brandt", 5).unwrap().iter().map(|person| person.id).collect();
    assert!(both.len() == 2 && both[0] == brandt, "{both:?}");
    let decisions = |name: &str| -> Vec<i64> {
        store.stored_statement(name).unwrap().decisions.iter().map(|decision| decision.decision).collect()
    };
    assert_eq!([decisions("1.s1"), decisions("2.s1")], [vec![], vec![split.0]]);
    assert!(store.one_person("Ada Brandt").unwrap_err().to_string().contains("several people"));
    let set = |name: String| Verdict::Set("1.s1".parse().unwrap(), DecidedField::Speaker, name);
    let refused = store.decide(&set("Ada Brandt".to_owned()), NOW, None).unwrap_err().to_string();
    assert!(refused.contains(&format!("one of {}, {}", both[0], both[1])), "{refused}");
    store.decide(&set(both[1].to_string()), NOW, None).unwrap();
    // The query can't tell them apart, so their statements are counted together and mentioned once.
    let facets = store.facets(&Query::everything(), 100, 10).unwrap();
    let speakers: Vec<_> = facets.facets[0].values.iter().map(|v| (v.value.as_str(), v.count)).collect();
    assert_eq!(speakers, [("Ada Brandt", 2)]);
    let named = store.named_in("brandt").unwrap();
    assert_eq!(named.iter().map(|one| one.statements).collect::<Vec<_>>(), [2]);
    store.undo(split).unwrap();
    assert_eq!(store.people("Ada Brandt", 5).unwrap().len(), 1);
}

/// A correction stands as it was made, whoever comes later.
#[test]
fn a_speaker_whom_the_store_does_not_know_stays_a_name() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &bridge());
    let set = Verdict::Set("1.s1".parse().unwrap(), DecidedField::Speaker, "Zoe Quist".to_owned());
    store.decide(&set, NOW, None).unwrap();
    put(&mut store, &kremlin("http://a.example/1", "Zoe Quist", "mayor", "Lea Stern"));
    assert_eq!(faults(&store), Vec::<String>::new());
    store.decide(&Verdict::Accept("1.s2".parse().unwrap()), NOW, None).unwrap();
    assert_eq!(faults(&store), Vec::<String>::new());
    let quist = store.people("Zoe Quist", 1).unwrap().remove(0);
    assert_eq!(store.said_by(&quist, 5, 0).unwrap().hits.len(), 1);
    assert_eq!(find(&store, "speaker:\"Zoe Quist\"").hits.len(), 2);
}

#[test]
fn who_a_surname_is_follows_splits_and_their_undoing() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &kremlin("http://a.example/1", "Ada Brandt", "transport minister", "Lea Stern"));
    put(&mut store, &kremlin("http://a.example/2", "Karl Brandt", "transport minister", "Lea Stern"));
    put(&mut store, &kremlin("http://a.example/3", "Brandt", "transport minister", "Lea Stern"));
    let brandt = |store: &Store| find(store, "speaker:\"ada brandt\"").hits.len();
    assert_eq!(brandt(&store), 1, "it may be either");
    let split = store.decide(&Verdict::Split("2.s1".parse().unwrap()), NOW, None).unwrap();
    assert_eq!(brandt(&store), 2);
    store.undo(split).unwrap();
    assert_eq!(brandt(&store), 1);
    assert_eq!(faults(&store), Vec::<String>::new());
}

#[test]
fn a_number_stands_for_whoever_its_person_was_merged_into() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &bridge());
    put(&mut store, &kremlin("http://a.example/1", "Zoe Quist", "mayor", "Lea Stern"));
    let [brandt, quist] = ["Ada Brandt", "Zoe Quist"].map(|name| store.one_person(name).unwrap());
    store.decide(&Verdict::Merge(brandt, quist), NOW, None).unwrap();
    let name: StatementRef = "1.s2".parse().unwrap();
    store.decide(&Verdict::Set(name, DecidedField::Speaker, quist.to_string()), NOW, None).unwrap();
    assert_eq!(store.statement(name).unwrap().speaker.as_deref(), Some("Ada Brandt"));
}

#[test]
fn decisions_on_people_hold_in_a_store_that_was_salvaged() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let second = kremlin("http://a.example/1", "Zoe Quist", "mayor", "Lea Stern");
    put(&mut store, &bridge());
    put(&mut store, &second);
    // Two with one name are one person by their office, which only linking finds out.
    put(&mut store, &named(7, "Sukarta", "president", &["Lea Stern"]));
    put(&mut store, &named(8, "Sukarta", "president", &["Tom Vale"]));
    let [brandt, quist, sukarta] =
        ["Ada Brandt", "Zoe Quist", "Sukarta"].map(|name| store.one_person(name).unwrap());
    store.decide(&Verdict::Merge(brandt, quist), NOW, None).unwrap();
    store.decide(&Verdict::Merge(brandt, sukarta), NOW, None).unwrap();
    store
        .decide(&Verdict::Set("1.s2".parse().unwrap(), DecidedField::Speaker, quist.to_string()), NOW, None)
        .unwrap();
    let damage = rusqlite::Connection::open(folder.path().join("news.db")).unwrap();
    damage.execute("UPDATE articles SET text = replace(text, 'talks', 'TALKS') WHERE id = 2", []).unwrap();
    drop(damage);
    let mut new = Store::create(&folder.path().join("new.db")).unwrap();
    let done = store.salvage(&mut new, |_| Ok::<_, StoreError>(())).unwrap();
    assert_eq!((done.articles, done.lost), (3, 1));
    assert_eq!(faults(&new), Vec::<String>::new());
    put(&mut new, &second);
    assert_eq!(faults(&new), Vec::<String>::new());
    assert_eq!(new.people("Zoe Quist", 1).unwrap()[0].name, "Ada Brandt");
}

#[test]
fn a_lineage_leaves_out_what_a_person_rejected() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    for n in 0..3 {
        let mut draft = bridge();
        draft.record.article.source_id = format!("a{n}");
        draft.record.article.url = None;
        put(&mut store, &draft);
    }
    let versions = |store: &Store, name: &str| -> Vec<String> {
        let lineage = store.lineage(name.parse().unwrap()).unwrap();
        lineage.versions.iter().map(|version| version.hit.name.to_string()).collect()
    };
    assert_eq!(versions(&store, "1.s1"), ["1.s1", "2.s1", "3.s1"]);
    store.decide(&Verdict::Reject("2.s1".parse().unwrap()), NOW, None).unwrap();
    store.decide(&Verdict::Accept("3.s1".parse().unwrap()), NOW, None).unwrap();
    assert_eq!(versions(&store, "1.s1"), ["1.s1", "3.s1"]);
    assert_eq!(versions(&store, "2.s1"), ["1.s1", "2.s1", "3.s1"], "whoever asks for it sees it");
    let rejected = ["2.s1", "3.s1"].map(|name| store.statement(name.parse().unwrap()).unwrap().rejected);
    assert_eq!(rejected, [true, false]);
}

#[test]
fn a_version_of_an_article_is_no_copy_of_another() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &bridge());
    let mut later = bridge();
    later.record.article.text.push_str(" It rained in Tallberg all day.");
    later.record.article.id = wire::content_hash(&later.record.article.text);
    put(&mut store, &later);
    let lineage = store.lineage("1.s1".parse().unwrap()).unwrap();
    let copies: Vec<_> = lineage.versions.iter().map(|v| (v.hit.name.to_string(), v.copy_of)).collect();
    assert_eq!(copies, [("1.s1".to_owned(), None), ("2.s1".to_owned(), None)]);
}

#[test]
fn a_quotation_comes_before_the_paraphrase_in_its_article() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let quoted = "“Nobody living in this country will ever pay a toll to cross it,”";
    let told = "that nobody living in this country would ever pay a toll to cross it";
    let text = format!("Ada Brandt said {told}. {quoted} Ada Brandt said.");
    let draft = article("http://a.example/1", "2016-03-04", "A", &text)
        .entity("person", "Ada Brandt", &[])
        .says("indirect", "Ada Brandt", "said", told, "")
        .says("direct", "Ada Brandt", "said", quoted, "");
    put(&mut store, &draft);
    let other = article("http://a.example/2", "2016-03-05", "A", &format!("{quoted} Ada Brandt said again."))
        .entity("person", "Ada Brandt", &[])
        .says("direct", "Ada Brandt", "said", quoted, "");
    put(&mut store, &other);
    let versions = store.lineage("2.s1".parse().unwrap()).unwrap().versions;
    let names: Vec<_> = versions.iter().map(|v| (v.hit.name.to_string(), v.change.name())).collect();
    let expected = [("1.s2", "identical"), ("1.s1", "quoted indirectly"), ("2.s1", "identical")];
    assert_eq!(names, expected.map(|(name, change)| (name.to_owned(), change)));
}

#[test]
fn a_statement_inside_another_says_who_relays_it() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let text = "Pia Lund said that Ada Brandt had promised a ferry.";
    let mut draft = article("http://a.example/1", "2016-03-04", "A", text)
        .entity("person", "Ada Brandt", &[])
        .entity("person", "Pia Lund", &[])
        .says("indirect", "Pia Lund", "said", "that Ada Brandt had promised a ferry", "")
        .says("indirect", "Ada Brandt", "had promised", "a ferry", "");
    draft.record.statements[1].parent = Some("s1".to_owned());
    put(&mut store, &draft);
    let relayed = |store: &Store| {
        ["1.s1", "1.s2"].map(|name| store.statement(name.parse().unwrap()).unwrap().relayed_by)
    };
    assert_eq!(relayed(&store), [None, Some("Pia Lund".to_owned())]);
    let set = |name: &str| Verdict::Set("1.s1".parse().unwrap(), DecidedField::Speaker, name.to_owned());
    store.decide(&set("Jon Aalto"), NOW, None).unwrap();
    assert_eq!(relayed(&store)[1].as_deref(), Some("Jon Aalto"));
    store.decide(&set("Ada Brandt"), NOW, None).unwrap();
    assert_eq!(relayed(&store)[1], None, "she relays herself");
}

#[test]
fn nobody_is_left_of_a_split_that_is_undone() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &kremlin("http://a.example/1", "Ada Brandt", "minister", "Lea Stern"));
    put(&mut store, &kremlin("http://a.example/2", "Ada Brandt", "minister", "Lea Stern"));
    let articles = |store: &Store| -> Vec<usize> {
        store.people("brandt", 5).unwrap().iter().map(|p| p.articles).collect()
    };
    let split = store.decide(&Verdict::Split("1.s1".parse().unwrap()), NOW, None).unwrap();
    assert_eq!(articles(&store), [1, 1]);
    store.undo(split).unwrap();
    assert_eq!(articles(&store), [2]);
}

#[test]
fn what_nests_as_deep_as_is_allowed_sqlite_understands() {
    let folder = TempDir::new().unwrap();
    let store = store(&folder);
    for (open, close, levels) in [
        ("(b OR ", ")", 1),
        ("(a (", "))", 2),
        ("(a -(c ", "))", 2),
        ("(speaker:x OR (y ", "))", 2),
        ("(a b -c -(d OR e) (", "))", 2),
        ("(said:..1999 OR (kind:direct -x ", "))", 2),
    ] {
        let most = 12 / levels;
        let query = format!("{}z{}", open.repeat(most), close.repeat(most));
        store.search(&query.parse().unwrap(), Order::Newest, 5, 0).unwrap_or_else(|e| panic!("{query}: {e}"));
        let deeper = format!("{}z{}", open.repeat(most + 1), close.repeat(most + 1));
        let error = deeper.parse::<Query>().unwrap_err();
        assert!(error.to_string().contains("at most 12 deep"), "{deeper}: {error}");
    }
    for (item, between) in [("w", " OR "), ("w", " "), ("speaker:w", " OR "), ("said:..1999", " OR ")] {
        let all = |n| vec![item; n].join(between);
        store.search(&all(200).parse().unwrap(), Order::Newest, 5, 0).unwrap();
        assert!(all(201).parse::<Query>().unwrap_err().to_string().contains("at most 200"), "{item}");
    }
}

#[test]
fn no_word_of_a_query_is_a_number_of_somebody() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &bridge());
    let brandt = store.people("Ada Brandt", 5).unwrap()[0].id;
    for word in [
        format!("onrecordperson{}", brandt.0),
        brandt.to_string(),
        brandt.0.to_string(),
        "statement".to_owned(),
    ] {
        assert!(find(&store, &format!("speaker:{word}")).hits.is_empty(), "{word}");
        assert!(find(&store, &format!("about:{word}")).hits.is_empty(), "{word}");
    }
}

#[test]
fn what_others_said_about_somebody_is_not_what_they_said() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let text = "Ada Brandt said Ada Brandt will stay. Pia Lund said Ada Brandt will go.";
    let draft = article("http://a.example/1", "2016-03-04", "A", text)
        .entity("person", "Ada Brandt", &[])
        .entity("person", "Pia Lund", &[])
        .says("indirect", "Ada Brandt", "said", "Ada Brandt will stay", "")
        .says("indirect", "Pia Lund", "said", "Ada Brandt will go", "");
    put(&mut store, &draft);
    let brandt = store.people("Ada Brandt", 5).unwrap().remove(0);
    let words = |hits: Hits| hits.hits.into_iter().map(|h| h.content).collect::<Vec<_>>();
    assert_eq!(words(store.said_by(&brandt, 5, 0).unwrap()), ["Ada Brandt will stay"]);
    assert_eq!(words(store.said_about(&brandt, 5, 0).unwrap()), ["Ada Brandt will go"]);
}

#[test]
fn addresses_outlast_readings_and_versions() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    put(&mut store, &twins("", "test"));
    let address = |store: &Store, name: &str| store.statement(name.parse().unwrap()).unwrap().address;
    let (first, second) = (address(&store, "1.s1"), address(&store, "1.s2"));
    assert_ne!(first, second);
    let text = "Nobody knew. “No,” Minister Ada Brandt said on Friday. It rained in Tallberg. “No,” said Rolf Meyer of the union.";
    let mut later = twins("Nobody knew. ", "later");
    assert_eq!(later.record.article.text, text);
    let extra = later.record.statements[0].clone();
    later.record.statements.insert(0, wire::Statement { content: later.field("Nobody knew."), ..extra });
    for (n, s) in later.record.statements.iter_mut().enumerate() {
        s.id = format!("s{}", n + 1);
    }
    assert_eq!(put(&mut store, &later), Put::Version);
    assert_eq!((address(&store, "2.s2"), address(&store, "2.s3")), (first.clone(), second));
    assert_eq!(store.named_statement(&first).unwrap().to_string(), "2.s2");
    assert_eq!(store.named_statement("1.s2").unwrap().to_string(), "1.s2");
    assert!(matches!(store.named_statement("0123456789abcdef"), Err(StoreError::NotFound(_))));
    assert!(matches!(store.named_statement("s1"), Err(StoreError::Invalid(_))));
}

#[test]
fn a_page_begins_after_a_statement_whatever_came_in_since() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let add = |store: &mut Store, n: usize, day: &str| {
        let text = format!("The toll number {n} is dead, Ada Brandt said.");
        let words = format!("The toll number {n} is dead");
        let draft = article(&format!("http://a.example/{n}"), day, "A", &text)
            .entity("person", "Ada Brandt", &[])
            .says("indirect", "Ada Brandt", "said", &words, "");
        put(store, &draft);
    };
    (1..=5).for_each(|n| add(&mut store, n, &format!("2016-03-0{n}")));
    let query: Query = "toll".parse().unwrap();
    for order in [Order::Newest, Order::Oldest, Order::Best] {
        let all: Vec<_> =
            store.page(&query, order, 50, &Start::First).unwrap().hits.into_iter().map(|h| h.name).collect();
        assert_eq!(all.len(), 5);
        let mut paged: Vec<StatementRef> = Vec::new();
        let mut start = Start::First;
        loop {
            let page = store.page(&query, order, 2, &start).unwrap();
            paged.extend(page.hits.iter().map(|h| h.name));
            let Some(last) = page.hits.last().filter(|_| page.more) else { break };
            start = Start::After(if paged.len() == 2 { last.name.to_string() } else { last.address.clone() });
        }
        assert_eq!(paged, all, "{order:?}");
    }
    let second = store.page(&query, Order::Newest, 2, &Start::First).unwrap().hits[1].clone();
    add(&mut store, 6, "2016-03-06");
    let next = store.page(&query, Order::Newest, 2, &Start::After(second.address)).unwrap().hits;
    assert_eq!(next.iter().map(|h| h.name.article.0).collect::<Vec<_>>(), [3, 2]);
    let error = store.page(&query, Order::Newest, 2, &Start::After("9.s9".to_owned())).unwrap_err();
    assert_eq!(error.cause(), Cause::Request);
    let elsewhere = Start::After("6.s1".to_owned());
    let error = store.page(&"ferry".parse().unwrap(), Order::Best, 2, &elsewhere).unwrap_err();
    assert_eq!(error.cause(), Cause::Request);
    assert!(error.to_string().contains("is no longer among the most relevant"), "{error}");
}

#[test]
fn all_records_are_those_without_statements_too() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let silent = |n: usize, day: &str| {
        article(&format!("http://a.example/{n}"), day, "A", &format!("Rain number {n} fell."))
    };
    put(&mut store, &silent(1, "2016-03-05"));
    put(&mut store, &bridge());
    put(&mut store, &silent(3, "2016-03-01"));
    put(&mut store, &silent(4, ""));
    put(&mut store, &kremlin("http://a.example/5", "Viktor Oren", "president", "Lea Stern"));
    let numbers = |query: &Query| -> Vec<(i64, usize)> {
        let records = store.records(query).unwrap().map(Result::unwrap);
        records.map(|stored| (stored.article.0, stored.record.statements.len())).collect()
    };
    assert_eq!(numbers(&Query::everything()), [(4, 0), (3, 0), (2, 2), (5, 1), (1, 0)]);
    assert_eq!(numbers(&"may".parse().unwrap()), [(2, 1)]);
    assert_eq!(numbers(&"published:2016".parse().unwrap()), [(2, 2), (5, 1)]);
    // Two at once, each from its beginning.
    let query = Query::everything();
    let pairs = store.records(&query).unwrap().zip(store.records(&query).unwrap());
    assert!(pairs.map(|(a, b)| (a.unwrap(), b.unwrap())).all(|(a, b)| a == b));
    // Rejected, they are as articles without statements.
    let mut store = store;
    store.decide(&Verdict::Reject("5.s1".parse().unwrap()), NOW, None).unwrap();
    let records: Vec<_> = store.records(&Query::everything()).unwrap().map(Result::unwrap).collect();
    assert_eq!(records.iter().map(|s| s.record.statements.len()).sum::<usize>(), 2);
    assert_eq!(records.len(), 5);
}

#[test]
fn a_lineage_says_that_there_is_more() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let quote = "“Nobody in this country will pay a toll to cross it,”";
    let mut batch = store.batch().unwrap();
    for n in 0..520 {
        let text = format!("{quote} Ada Brandt said in town {n}.");
        let draft = article(&format!("http://a.example/{n}"), "2016-03-04", "A", &text)
            .entity("person", "Ada Brandt", &[])
            .says("direct", "Ada Brandt", "said", quote, "");
        let digest = Digest::of([text.as_bytes()]);
        batch.put(&draft.record, &digest).unwrap();
    }
    batch.commit().unwrap();
    let lineage = store.lineage("1.s1".parse().unwrap()).unwrap();
    assert_eq!((lineage.versions.len(), lineage.more), (500, true));
    let other = article(
        "http://b.example/1",
        "2016-03-05",
        "B",
        "“We are sorry for the late trains of spring,” Pia Lund said.",
    )
    .entity("person", "Pia Lund", &[])
    .says("direct", "Pia Lund", "said", "“We are sorry for the late trains of spring,”", "");
    put(&mut store, &other);
    let lineage = store.lineage_of("we are sorry for the late trains of spring").unwrap();
    assert_eq!((lineage.versions.len(), lineage.more), (1, false));
}

#[test]
fn two_whom_nobody_names_are_not_one_speaker() {
    let words = [
        "we know it is the end of ferries and harbour pilots",
        "they say it is the end of ferries for Tallberg",
    ];
    for (kind, names, same) in [
        ("unnamed", ["a senior official", "a retired fisherman"], false),
        ("unnamed", ["a senior official", "a senior official"], false),
        ("person", ["Rolf Meyer", "Rolf Meyer"], true),
        ("person", ["Rolf Meyer", "Rolf Oren"], false),
        ("person", ["Rolf Meyer", "Meyer"], true),
    ] {
        let folder = TempDir::new().unwrap();
        let mut store = store(&folder);
        for (n, (name, words)) in names.iter().zip(words).enumerate() {
            let text = format!("{name} said {words}.");
            let mut draft = article(&format!("http://a.example/{n}"), "2016-03-04", "A", &text);
            if kind == "person" {
                draft = draft.entity("person", name, &[]);
            }
            let mut draft = draft.says("indirect", name, "said", words, "");
            draft.record.statements[0].speaker.as_mut().unwrap().kind =
                SpeakerKind::named(kind).expect("a kind of speaker");
            put(&mut store, &draft);
        }
        let versions = store.lineage("1.s1".parse().unwrap()).unwrap().versions.len();
        assert_eq!(versions == 2, same, "{names:?}");
    }
}

#[test]
fn an_address_that_many_pages_claim_makes_no_versions() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let wheat = "Wheat futures climbed sharply because drought threatened harvests across several provinces.";
    let bridge = "The bridge over the sound will open in summer after years of delay, everybody hopes.";
    let later = "The bridge over the sound will open in autumn after years of delay, nobody hopes.";
    let again = "Wheat futures fell sharply because rain saved harvests across several provinces.";
    // An address that two unrelated texts have: two articles, each with versions of its own.
    for (text, expected) in [
        (wheat, Put::New),
        (bridge, Put::New),
        (later, Put::Version),
        (again, Put::Version),
        (wheat, Put::Same),
    ] {
        assert_eq!(
            put(&mut store, &article("http://sound.example/news", "2016-03-04", "A", text)),
            expected,
            "{text}"
        );
    }
    assert_eq!(store.size().unwrap().articles, 2);
    // A front page, or a path without a site, is nobody's address.
    for (n, url) in ["http://sound.example/", "http://sound.example", "/news"].into_iter().enumerate() {
        for (m, text) in [bridge, later].into_iter().enumerate() {
            let mut draft = article(&format!("archive/{n}-{m}.html"), "2016-03-04", "A", text);
            draft.record.article.url = Some(url.to_owned());
            assert_eq!(put(&mut store, &draft), Put::New, "{url}");
        }
    }
}

#[test]
fn a_text_is_known_again_however_many_others_have_its_name() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let text = |n: usize| (0..12).map(|word| format!("word{n}of{word}")).collect::<Vec<_>>().join(" ");
    let draft = |n: usize| article("http://sound.example/news", "2016-03-04", "A", &text(n));
    for n in 0..25 {
        assert_eq!(put(&mut store, &draft(n)), Put::New, "{n}");
    }
    assert_eq!(put(&mut store, &draft(0)), Put::Same);
    let mut again = draft(1);
    again.record.engine.version = "0.2.0".to_owned();
    assert_eq!(put(&mut store, &again), Put::Findings);
    assert_eq!(store.size().unwrap().articles, 25);
    // A new version is compared with the latest twenty texts of the name.
    let mut put_version = |n: usize| {
        put(
            &mut store,
            &article("http://sound.example/news", "2016-03-04", "A", &format!("{} more", text(n))),
        )
    };
    assert_eq!(put_version(5), Put::Version);
    assert_eq!(put_version(4), Put::New);
}

#[test]
fn versions_of_one_article_are_evidence_once() {
    let mut drafts: Vec<Draft> = (0..6)
        .map(|n| {
            let text = format!(
                "Viktor Oren, president, spoke in town. Lea Stern listened. “The talks go on,” Viktor Oren said. Update {n}."
            );
            article("http://a.example/1", "2016-03-04", "A", &text)
                .entity("person", "Viktor Oren", &["president"])
                .entity("person", "Lea Stern", &[])
                .says("direct", "Viktor Oren", "said", "“The talks go on,”", "")
        })
        .collect();
    drafts.push(named(9, "Oren", "president", &["Kim Oda"]));
    assert_eq!(articles_of("Viktor Oren", &drafts), 6, "nobody else is known for the role");
}

#[test]
fn each_of_several_speakers_can_be_split_off() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let mut joint = kremlin("http://a.example/1", "Ada Brandt", "minister", "Lea Stern");
    joint.record.statements[0].speaker.as_mut().unwrap().entities.push("e2".to_owned());
    put(&mut store, &joint);
    put(&mut store, &kremlin("http://a.example/2", "Lea Stern", "judge", "Ada Brandt"));
    let split = Verdict::Split("1.s1".parse().unwrap());
    let bearers =
        |store: &Store| ["Ada Brandt", "Lea Stern"].map(|name| store.people(name, 5).unwrap().len());
    store.decide(&split, NOW, None).unwrap();
    assert_eq!(bearers(&store), [2, 1]);
    store.decide(&split, NOW, None).unwrap();
    assert_eq!(bearers(&store), [2, 2]);
    let error = store.decide(&split, NOW, None).unwrap_err();
    assert!(error.to_string().contains("already split off"), "{error}");
}

#[test]
fn the_same_words_said_twice_are_the_same_twice() {
    let folder = TempDir::new().unwrap();
    let mut store = store(&folder);
    let version = |times: usize| {
        let text = format!(
            "The council met in Tallberg on Friday for hours.{}",
            " “No,” Rolf Meyer said.".repeat(times)
        );
        let draft =
            article("http://sound.example/5", "2016-03-04", "A", &text).entity("person", "Rolf Meyer", &[]);
        (0..times).fold(draft, |draft, _| draft.says("direct", "Rolf Meyer", "said", "“No,”", ""))
    };
    for times in [2, 1, 3] {
        put(&mut store, &version(times));
    }
    let steps = store.changes("http://sound.example/5").unwrap();
    let counts: Vec<(usize, usize)> = steps.iter().map(|step| (step.same, step.changes.len())).collect();
    assert_eq!(counts, [(1, 1), (1, 2)]);
    assert!(matches!(steps[0].changes[0], Change::Vanished(_)));
    assert!(matches!(steps[1].changes[0], Change::Appeared(_)));
}

#[test]
fn a_reader_writes_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("news.db");
    let mut kept = Store::create(&path).unwrap();
    put(&mut kept, &bridge());
    drop(kept);
    let before = std::fs::read(&path).unwrap();
    let reader = Reader::open(&path).unwrap();
    assert_eq!(reader.search(&Query::everything(), Order::Newest, 5, 0).unwrap().hits.len(), 2);
    assert_eq!(faults(&reader), Vec::<String>::new());
    drop(reader);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    // An older store is refused, or read in a copy.
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores/schema-1.db");
    let copy = folder.path().join("old.db");
    std::fs::copy(&old, &copy).unwrap();
    assert!(matches!(Reader::open(&copy), Err(StoreError::Older(_, 1, _))));
    let reader = Reader::copied(&copy).unwrap();
    assert_eq!(reader.size().unwrap().articles, 6);
    assert_eq!(faults(&reader), Vec::<String>::new());
    assert_eq!(std::fs::read(&copy).unwrap(), std::fs::read(&old).unwrap());
    // If it can be written, it is upgraded once, and then opened like any other.
    let reader = Reader::open_any(&copy).unwrap();
    assert_eq!(reader.size().unwrap().articles, 6);
    assert!(Reader::open(&copy).is_ok() && Reader::open_any(&copy).is_ok());
}

#[test]
fn a_torn_log_costs_what_was_not_whole() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("news.db");
    let mut kept = Store::create(&path).unwrap();
    let text = |n: usize| format!("Rain number {n} fell on the town of Tallberg, Ada Brandt said.");
    for n in 0..20 {
        let draft = article(&format!("http://a.example/{n}"), "2016-03-04", "A", &text(n))
            .entity("person", "Ada Brandt", &[])
            .says("indirect", "Ada Brandt", "said", &format!("Rain number {n} fell"), "");
        put(&mut kept, &draft);
    }
    let wal = folder.path().join("news.db-wal");
    let (main, log) = (std::fs::read(&path).unwrap(), std::fs::read(&wal).unwrap());
    assert!(log.len() > 100_000, "the commits stand in the log");
    let mut sizes = Vec::new();
    for part in 0..=16 {
        let torn = folder.path().join(format!("{part}.db"));
        std::fs::write(&torn, &main).unwrap();
        std::fs::write(folder.path().join(format!("{part}.db-wal")), &log[..log.len() * part / 16]).unwrap();
        // Without its log the file is empty, and begins anew.
        let store = Store::create(&torn).unwrap();
        assert_eq!(faults(&store), Vec::<String>::new(), "{part}");
        sizes.push(store.size().unwrap().articles);
    }
    assert!(sizes.is_sorted() && sizes[0] == 0 && sizes[16] == 20 && sizes[8] > 0, "{sizes:?}");
}

/// A store of two versions and a second article, with a decision of each kind, to be damaged by `sql`.
fn damaged(folder: &TempDir, sql: &str) -> std::path::PathBuf {
    let path = folder.path().join("news.db");
    let mut kept = Store::create(&path).unwrap();
    put(&mut kept, &bridge());
    put(&mut kept, &kremlin("http://a.example/1", "Viktor Oren", "president", "Lea Stern"));
    put(&mut kept, &kremlin("http://a.example/2", "Hugo Stern", "minister", "Tom Vale"));
    let id = |name: &str| kept.people(name, 5).unwrap()[0].id;
    let (oren, stern) = (id("Viktor Oren"), id("Hugo Stern"));
    kept.decide(&Verdict::Merge(oren, stern), NOW, None).unwrap();
    kept.decide(
        &Verdict::Set("1.s1".parse().unwrap(), DecidedField::Role, "Ferry Minister".to_owned()),
        NOW,
        None,
    )
    .unwrap();
    drop(kept);
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(sql).unwrap();
    path
}

#[test]
fn verify_sees_every_change() {
    for (sql, place) in [
        ("UPDATE statements SET speaker = 'X' WHERE article = 1 AND number = 1", "1: something in it"),
        (
            "UPDATE statements SET speaker_kind = 'group' WHERE article = 1 AND number = 1",
            "1: something in it",
        ),
        ("UPDATE statements SET confidence = 0.5 WHERE article = 1 AND number = 1", "1: something in it"),
        ("UPDATE statements SET said = '2016-03-05' WHERE article = 1 AND number = 1", "1: something in it"),
        ("UPDATE articles SET title = 'X' WHERE id = 1", "1: something in it"),
        ("UPDATE articles SET published = '2016-03-05' WHERE id = 1", "1: something in it"),
        ("UPDATE entities SET name = 'X' WHERE article = 1 AND number = 1", "1: something in it"),
        ("UPDATE entities SET roles = '[]' WHERE article = 1 AND number = 1", "1: something in it"),
        ("UPDATE decisions SET value = 'X' WHERE id = 2", "decision 2: is not as it was made"),
        (
            "UPDATE decisions SET made = '2026-11-25T12:00:00Z' WHERE id = 2",
            "decision 2: is not as it was made",
        ),
        ("UPDATE decisions SET content = 'X' WHERE id = 2", "decision 2: is not as it was made"),
        ("UPDATE corrections SET value = 'X'", "1.s1: its corrections are not"),
        ("DELETE FROM corrections", "1.s1: its corrections are not"),
        ("UPDATE people SET name = 'Y' WHERE key = 'person/ada brandt'", "its name is not the one"),
        ("UPDATE people SET same_as = NULL", "is not merged as was decided"),
        ("UPDATE people SET same_as = 1 WHERE id = 2", "is not merged as was decided"),
        (
            "INSERT INTO people_statements VALUES (1, 'about', 7)",
            "people_statements: 1 statement is linked to people it should not be",
        ),
        ("DELETE FROM people_statements", "are not linked to all of their people"),
        ("UPDATE statements SET kind = 'mixed' WHERE article = 2", "2: something in it"),
        ("UPDATE statements SET kind = 'loud' WHERE article = 2", "“loud” is not a value of this column"),
        ("UPDATE statements SET content = CAST(x'ff' AS TEXT) WHERE article = 2", "2: can't be read"),
        ("UPDATE words_data SET block = x'00' WHERE id > 10", "file: "),
    ] {
        let folder = TempDir::new().unwrap();
        let path = damaged(&folder, "");
        assert_eq!(faults(&Reader::open(&path).unwrap()), Vec::<String>::new());
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let all = faults(&Reader::open(&path).unwrap());
        assert!(all.iter().any(|fault| fault.contains(place)), "{sql}: {all:?}");
    }
}

#[test]
fn a_store_that_was_copied_in_part_is_salvaged_up_to_its_end() {
    let folder = TempDir::new().unwrap();
    let (path, cut) = (folder.path().join("news.db"), folder.path().join("cut.db"));
    let mut store = Store::create(&path).unwrap();
    for n in 0..40 {
        let text = format!(
            "The ferry to town {n} is late. “We go on,” Ada Brandt said. {}",
            "It rained. ".repeat(200)
        );
        let draft = article(&format!("http://sound.example/{n}"), "2016-03-04", "A", &text)
            .entity("person", "Ada Brandt", &[])
            .says("direct", "Ada Brandt", "said", "“We go on,”", "");
        put(&mut store, &draft);
    }
    drop(store);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&cut, &whole[..whole.len() - 8_192]).unwrap();
    assert!(matches!(Reader::open_any(&cut), Err(StoreError::Damaged(..))));
    let reader = Reader::open_damaged(&cut).unwrap();
    let faults = faults(&reader);
    assert!(faults.iter().any(|fault| fault == "file: 8192 bytes at its end are missing"), "{faults:?}");
    let mut to = Store::create(&folder.path().join("new.db")).unwrap();
    let salvaged = reader.salvage(&mut to, |_| Ok::<_, StoreError>(())).unwrap();
    assert!(salvaged.articles >= 30, "{salvaged:?}");
    assert_eq!(std::fs::read(&cut).unwrap().len(), whole.len() - 8_192, "the damaged file stays as it is");
    // Nothing is left of a file that ends after its first page.
    std::fs::write(&cut, &whole[..4_096]).unwrap();
    assert!(matches!(Reader::open_damaged(&cut), Err(StoreError::Ruined(..))));
    // A whole store is not copied.
    assert_eq!(self::faults(&Reader::open_damaged(&path).unwrap()), Vec::<String>::new());
}

#[test]
fn articles_that_no_page_at_the_end_counts_are_salvaged() {
    let folder = TempDir::new().unwrap();
    let (path, cut) = (folder.path().join("news.db"), folder.path().join("cut.db"));
    let mut store = Store::create(&path).unwrap();
    for n in 0..600 {
        let text = format!("Ferry {n} is late. {}", "“We go on,” Ada Brandt said. ".repeat(3));
        let draft = article(&format!("http://sound.example/{n}"), "2016-03-04", "A", &text);
        let draft = (0..3).fold(draft.entity("person", "Ada Brandt", &[]), |draft, _| {
            draft.says("direct", "Ada Brandt", "said", "“We go on,”", "")
        });
        put(&mut store, &draft);
    }
    drop(store);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&cut, &whole[..whole.len() * 7 / 10]).unwrap();
    let mut to = Store::create(&folder.path().join("new.db")).unwrap();
    let salvaged = Reader::open_damaged(&cut).unwrap().salvage(&mut to, |_| Ok::<_, StoreError>(())).unwrap();
    // All that are in the file are tried, and those that only pages beyond its end know are not called lost.
    assert!((300..600).contains(&(salvaged.articles + salvaged.lost)), "{salvaged:?}");
}

#[test]
fn what_is_sound_is_salvaged() {
    let folder = TempDir::new().unwrap();
    let path = damaged(&folder, "UPDATE statements SET speaker = 'X' WHERE article = 2");
    let reader = Reader::open(&path).unwrap();
    let mut to = Store::create(&folder.path().join("new.db")).unwrap();
    let mut lost = Vec::new();
    let done = reader.salvage(&mut to, |fault| -> Result<(), StoreError> {
        lost.push(fault.place);
        Ok(())
    });
    let done = done.unwrap();
    assert_eq!((done.articles, done.decisions, done.lost), (2, 2, 1));
    assert_eq!(lost, ["2"]);
    assert_eq!(to.record(ArticleId(1)).unwrap(), Some(bridge().record));
    assert_eq!(to.record(ArticleId(2)).unwrap(), None);
    assert_eq!(contents(&to, "role:ferry").len(), 1, "decisions hold");
    assert_eq!(faults(&to), Vec::<String>::new());
    // What was lost comes back, and the merge that names it holds again.
    put(&mut to, &kremlin("http://a.example/1", "Viktor Oren", "president", "Lea Stern"));
    assert_eq!(to.size().unwrap().articles, 3);
    let sound: Vec<_> = reader.sound_versions().map(|v| v.map(|(id, _)| id.0).map_err(|f| f.place)).collect();
    assert_eq!(sound, [Ok(1), Err("2".to_owned()), Ok(3)]);
    let versions: Vec<_> = to.versions().map(|version| version.unwrap().0.0).collect();
    assert_eq!(versions, [1, 3, 4], "with the numbers that they had");
}

#[test]
fn verify_and_salvage_go_on_after_a_damaged_page() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("news.db");
    let mut kept = Store::create(&path).unwrap();
    let mut batch = kept.batch().unwrap();
    for n in 0..60 {
        let text =
            format!("Rain number {n} fell on the town of Tallberg. {}", format!("Word{n} ").repeat(600));
        let draft = article(&format!("http://a.example/{n}"), "2016-03-04", "A", &text);
        batch.put(&draft.record, &Digest::of([text.as_bytes()])).unwrap();
    }
    batch.commit().unwrap();
    drop(kept);
    // Pages of the middle of the table of articles, by what stands there.
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(14).position(|w| w == b"Rain number 30").unwrap();
    let page = at / 4096 * 4096;
    bytes[page..page + 64].fill(0xff);
    std::fs::write(&path, &bytes).unwrap();
    let reader = Reader::open(&path).unwrap();
    let all = faults(&reader);
    assert!(all.iter().any(|f| f.starts_with("file: ")), "{all:?}");
    let mut to = Store::create(&folder.path().join("new.db")).unwrap();
    let done = reader.salvage(&mut to, |_| Ok::<(), StoreError>(())).unwrap();
    assert!((50..60).contains(&done.articles) && done.articles + done.lost <= 60, "{done:?}");
    assert_eq!(faults(&to), Vec::<String>::new());
    let named = |n: usize| all.iter().any(|f| f.starts_with(&format!("{n}: ")));
    assert!((1..=60).any(named), "what can't be read is named: {all:?}");
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
    // A database of another program may be in use. SQLite would put files of its own beside it.
    let other = rusqlite::Connection::open(at("log.db")).unwrap();
    other.pragma_update(None, "journal_mode", "wal").unwrap();
    other.execute("CREATE TABLE x (y)", []).unwrap();
    drop(other);
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    let before = files();
    assert!(message(&at("log.db")).contains("not an onrecord store"));
    assert_eq!(files(), before);
    let none = Store::create(&at("none/news.db")).err().map(|e| e.to_string());
    assert_eq!(none, Some(format!("{}: its folder does not exist", at("none/news.db").display())));
    assert!(message(folder.path()).contains("this is a folder, not an onrecord store"));
    std::fs::write(at("empty.db"), "").unwrap();
    assert!(message(&at("empty.db")).contains("this file is empty"));
    assert!(matches!(Reader::open(&at("empty.db")), Err(StoreError::Empty(_))));
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
        let decision = store.decisions().unwrap().remove(0);
        assert_eq!(store.statements_of(decision.id).unwrap().len(), 1, "the decision holds");
        assert!(hits.iter().all(|h| h.address.len() == 16));
        let noticed = find(&store, "notice:date").hits;
        assert!(
            !noticed.is_empty() && noticed.iter().all(|h| h.source_id.ends_with("bridge.txt")),
            "{version}"
        );
        let before = find(&store, "toll").hits.len();
        assert_eq!(put(&mut store, &bridge()), Put::New);
        assert_eq!(find(&store, "toll").hits.len(), before + 1);
    }
}

/// Searches with a text if it is a query, and otherwise checks that it is refused at one of its characters.
fn understood_or_refused(store: &Store, text: &str) {
    match text.parse::<Query>() {
        Ok(query) => {
            for order in [Order::Newest, Order::Best] {
                store.search(&query, order, 5, 0).unwrap();
            }
        }
        Err(error) => assert!((1..=text.chars().count() + 1).contains(&error.at), "{text}: {error}"),
    }
}

/// For each part of the parser, fuzzing kept the smallest query that reaches it.
#[test]
fn what_fuzzing_kept_is_understood_or_refused() {
    let folder = TempDir::new().unwrap();
    let store = store(&folder);
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/regressions/query");
    let files: Vec<_> =
        std::fs::read_dir(kept).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    assert!(files.len() > 100);
    files
        .iter()
        .filter_map(|bytes| std::str::from_utf8(bytes).ok())
        .for_each(|text| understood_or_refused(&store, text));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever is typed is understood or refused at a character of it; what is understood, SQLite understands too.
    #[test]
    fn any_query_is_understood_or_refused(query in r#"([a-zé"“*:() -]|OR |speaker:|said:|published:|kind:|20[01][0-9](-[01][0-9])?|\.\.){0,12}"#) {
        let folder = TempDir::new().unwrap();
        understood_or_refused(&store(&folder), &query);
    }
}
