//! The formats of statements, told by what their readers find. Records are written by hand.

use std::io::{self, Write};

use onrecord_export::{ExportError, Format, Item, Options, export, of_store};
use onrecord_store::{Digest, Query, Store};
use onrecord_text::{Act, EntityKind, NoticeKind, SpeakerKind, StatementKind, Status, wire};
use serde_json::{Value, json};
use tempfile::TempDir;

const TEXT: &str = "TALLBERG — “We open in June,” Minister Ada Brandt told the Sound Council on Friday, “four years late.” It rained.\n\n\
                    The Sound Council denied that Ada Brandt had ever asked Tallberg.";

/// Returns a field that consists of these words of the text, with pieces separated by ` … `.
fn field(words: &str) -> wire::Field {
    let spans = words.split(" … ").map(|piece| {
        let at = TEXT.find(piece).unwrap_or_else(|| panic!("“{piece}” stands in the text"));
        let start = TEXT[..at].chars().count();
        [start, start + piece.chars().count()]
    });
    wire::Field { text: words.to_owned(), spans: spans.collect() }
}

fn entity(id: &str, kind: EntityKind, name: &str, roles: &[&str]) -> wire::Entity {
    let [start, end] = field(name).spans[0];
    wire::Entity {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
        aliases: Vec::new(),
        mentions: vec![wire::Mention { start, end }],
    }
}

fn speaker(name: &str, kind: SpeakerKind, entity: &str, role: Option<&str>) -> wire::Speaker {
    wire::Speaker {
        name: Some(name.to_owned()),
        kind,
        role: role.map(str::to_owned),
        entity: Some(entity.to_owned()),
        entities: vec![entity.to_owned()],
        confidence: 0.75,
    }
}

/// A minister announces the opening of a bridge to a council. The council denies something about her and a town.
fn record() -> wire::Record {
    let council = field("the Sound Council");
    let friday = field("Friday");
    let opens = wire::Statement {
        id: "s1".to_owned(),
        kind: StatementKind::Direct,
        source: Some(field("Minister Ada Brandt")),
        cue: Some(field("told")),
        content: field("“We open in June,” … “four years late.”"),
        speaker: Some(speaker("Ada Brandt", SpeakerKind::Person, "e1", Some("Minister"))),
        addressee: Some(wire::Linked {
            text: council.text,
            spans: council.spans,
            entity: Some("e2".to_owned()),
        }),
        time: Some(wire::Time {
            text: friday.text,
            spans: friday.spans,
            value: Some("2016-03-04".to_owned()),
            carried: true,
        }),
        act: Some(Act::Say),
        status: Some(Status::Made),
        confidence: 0.875,
        why: "a cue".to_owned(),
        ..wire::Statement::default()
    };
    let denies = wire::Statement {
        id: "s2".to_owned(),
        kind: StatementKind::Indirect,
        source: Some(field("The Sound Council")),
        cue: Some(field("denied")),
        content: field("Ada Brandt had ever asked Tallberg"),
        speaker: Some(speaker("Sound Council", SpeakerKind::Organization, "e2", None)),
        about: vec!["e1".to_owned(), "e3".to_owned()],
        act: Some(Act::Deny),
        status: Some(Status::Disputed),
        confidence: 0.5,
        ..wire::Statement::default()
    };
    wire::Record {
        schema: wire::SCHEMA.to_owned(),
        article: wire::Article {
            id: wire::content_hash(TEXT),
            source_id: "bridge.txt".to_owned(),
            url: Some("https://sound.example/7".to_owned()),
            outlet: Some("The Sound".to_owned()),
            title: Some("Bridge opens".to_owned()),
            bylines: vec!["Nora Falk".to_owned(), "Jon Lind".to_owned()],
            published: Some("2016-03-05".to_owned()),
            language: Some("en".to_owned()),
            text: TEXT.to_owned(),
            ..wire::Article::default()
        },
        entities: vec![
            entity("e1", EntityKind::Person, "Ada Brandt", &["Minister"]),
            entity("e2", EntityKind::Organization, "Sound Council", &[]),
            entity("e3", EntityKind::Place, "Tallberg", &[]),
        ],
        statements: vec![opens, denies],
        engine: wire::Engine { version: "0.1.0".to_owned(), model: "test".to_owned() },
        ..wire::Record::default()
    }
}

/// Returns these records as a store gives them.
fn stored(records: &[wire::Record]) -> Vec<Item> {
    let folder = TempDir::new().unwrap();
    let mut store = Store::create(&folder.path().join("news.db")).unwrap();
    let mut batch = store.batch().unwrap();
    for (n, record) in records.iter().enumerate() {
        batch.put(record, &Digest::of([[u8::try_from(n).unwrap()].as_slice()])).unwrap();
    }
    batch.commit().unwrap();
    of_store(&store, &Query::everything()).unwrap().map(Result::unwrap).collect()
}

/// Returns the record above under another name and date, with a text of its own.
fn again(name: &str, published: &str) -> wire::Record {
    let mut record = record();
    record.article.source_id = name.to_owned();
    record.article.url = None;
    record.article.published = Some(published.to_owned());
    record.article.text.push_str(" They meet again.");
    record.article.id = wire::content_hash(&record.article.text);
    record
}

fn written(items: Vec<Item>, format: Format, options: Options) -> Vec<u8> {
    let mut out = Vec::new();
    export(items.into_iter().map(Ok), format, options, &mut out).unwrap();
    out
}

fn lines(items: Vec<Item>, format: Format) -> Vec<Value> {
    let text = String::from_utf8(written(items, format, Options::default())).unwrap();
    assert!(text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Returns the rows of a CSV file, the header first.
fn rows(items: Vec<Item>, options: Options) -> Vec<Vec<String>> {
    let out = written(items, Format::Csv, options);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_slice());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn cell<'r>(rows: &'r [Vec<String>], row: usize, column: &str) -> &'r str {
    let at = rows[0].iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"));
    &rows[row][at]
}

fn shown(field: &wire::Field) -> String {
    field.spans.iter().map(|[start, end]| format!("{start}-{end}")).collect::<Vec<_>>().join(";")
}

#[test]
fn csv_has_a_row_for_each_statement_with_what_the_article_and_the_store_know() {
    let items = stored(&[record()]);
    let person = |entity: &str| items[0].people[entity].person.0.to_string();
    let (minister, council) = (person("e1"), person("e2"));
    let addresses = items[0].addresses.clone();
    let id = record().article.id;
    let rows = rows(items, Options::default());
    assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [47, 47, 47]);
    let content = "“We open in June,” … “four years late.”";
    for (column, first, second) in [
        ("statement", "1.s1", "1.s2"),
        ("article", "1", "1"),
        ("article_id", &id, &id),
        ("source_id", "bridge.txt", "bridge.txt"),
        ("url", "https://sound.example/7", "https://sound.example/7"),
        ("outlet", "The Sound", "The Sound"),
        ("title", "Bridge opens", "Bridge opens"),
        ("bylines", "Nora Falk | Jon Lind", "Nora Falk | Jon Lind"),
        ("published", "2016-03-05", "2016-03-05"),
        ("language", "en", "en"),
        ("kind", "direct", "indirect"),
        ("source", "Minister Ada Brandt", "The Sound Council"),
        ("cue", "told", "denied"),
        ("cue_spans", &shown(&field("told")), &shown(&field("denied"))),
        ("content", content, "Ada Brandt had ever asked Tallberg"),
        ("content_spans", &shown(&field(content)), &shown(&field("Ada Brandt had ever asked Tallberg"))),
        ("speaker", "Ada Brandt", "Sound Council"),
        ("speaker_kind", "person", "organization"),
        ("role", "Minister", ""),
        ("speaker_confidence", "0.75", "0.75"),
        ("speakers", "Ada Brandt", "Sound Council"),
        ("people", &minister, &council),
        ("addressee", "the Sound Council", ""),
        ("addressee_spans", &shown(&field("the Sound Council")), ""),
        ("addressee_entity", "Sound Council", ""),
        ("medium", "", ""),
        ("occasion_spans", "", ""),
        ("about", "", "Ada Brandt | Tallberg"),
        ("time", "Friday", ""),
        ("time_spans", &shown(&field("Friday")), ""),
        ("said", "2016-03-04", ""),
        ("carried", "true", "false"),
        ("parent", "", ""),
        ("confidence", "0.875", "0.5"),
        ("why", "a cue", ""),
        ("corrected", "", ""),
        ("engine_version", "0.1.0", "0.1.0"),
        ("engine_model", "test", "test"),
        ("act", "say", "deny"),
        ("status", "made", "disputed"),
        ("address", &addresses[0], &addresses[1]),
        ("notices", "", ""),
    ] {
        assert_eq!((cell(&rows, 1, column), cell(&rows, 2, column)), (first, second), "{column}");
    }
    assert!(addresses.iter().all(|address| address.len() == 16) && addresses[0] != addresses[1]);
}

#[test]
fn every_format_says_that_an_article_was_withdrawn() {
    let notice = |kind| wire::Notice { kind, message: "so it says".to_owned() };
    let mut withdrawn = record();
    withdrawn.notices = vec![notice(NoticeKind::Date), notice(NoticeKind::Withdrawn)];
    let items = || stored(std::slice::from_ref(&withdrawn));
    assert_eq!(cell(&rows(items(), Options::default()), 2, "notices"), "date | withdrawn");
    let says = |record: wire::Record, format| {
        let out = String::from_utf8(written(stored(&[record]), format, Options::default())).unwrap();
        out.matches("withdrawn by the publisher").count()
    };
    // Both statements, and in FollowTheMoney also the article, and the second statement for whom it is about.
    assert_eq!(says(withdrawn.clone(), Format::WebAnnotation), 2);
    assert_eq!(says(withdrawn.clone(), Format::FollowTheMoney), 4);
    let entities = lines(items(), Format::FollowTheMoney);
    let status = |entity: &Value| entity["properties"]["status"].clone();
    let statuses: Vec<Value> =
        entities.iter().filter(|e| e["schema"] == "Documentation").map(status).collect();
    assert!(
        statuses.contains(&json!(["disputed by the article", "withdrawn by the publisher"])),
        "{statuses:?}"
    );
    withdrawn.notices.truncate(1);
    assert_eq!(says(withdrawn.clone(), Format::WebAnnotation) + says(withdrawn, Format::FollowTheMoney), 0);
}

#[test]
fn a_statement_of_a_record_outside_a_store_is_named_after_its_article_and_has_no_address_and_no_people() {
    let rows = rows(vec![record().into()], Options::default());
    for (column, expected) in
        [("statement", "bridge.txt.s1"), ("article", "0"), ("people", ""), ("address", "")]
    {
        assert_eq!(cell(&rows, 1, column), expected, "{column}");
    }
}

#[test]
fn a_spreadsheet_takes_no_plain_cell_for_a_formula() {
    for (title, expected) in [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\nx", "'\nx"),
        ("\rx", "'\rx"),
        ("＝x", "'＝x"),
        ("＋x", "'＋x"),
        ("－x", "'－x"),
        ("＠x", "'＠x"),
        ("a = b", "a = b"),
        ("'=x", "'=x"),
    ] {
        let mut record = record();
        record.article.title = Some(title.to_owned());
        record.article.bylines = vec![title.to_owned(), "Falk".to_owned()];
        let plain = rows(vec![record.clone().into()], Options::default().with_plain_cells(true));
        assert_eq!(cell(&plain, 1, "title"), expected);
        assert_eq!(cell(&plain, 1, "bylines"), format!("{expected} | Falk"));
        let as_is = rows(vec![record.into()], Options::default().with_plain_cells(false));
        assert_eq!(cell(&as_is, 1, "title"), title);
    }
}

#[test]
fn json_lines_are_the_records_themselves() {
    let items = stored(&[record(), again("2", "2016-03-06")]);
    let records: Vec<Value> = items.iter().map(|item| serde_json::to_value(&item.record).unwrap()).collect();
    assert_eq!(lines(items, Format::JsonLines), records);
    assert_eq!(records[0], serde_json::to_value(record()).unwrap());
    assert_eq!(records[1]["article"]["source_id"], "2");
}

#[test]
fn an_annotation_finds_each_piece_of_a_statement_by_position_and_by_quotation() {
    let page = |items| -> Value {
        serde_json::from_slice(&written(items, Format::WebAnnotation, Options::default())).unwrap()
    };
    let nothing = page(Vec::new());
    assert_eq!(nothing["type"], "AnnotationPage");
    assert_eq!(nothing["items"], json!([]));
    let id = record().article.id;
    let alone = page(vec![Item::from(record())]);
    assert_eq!(alone["items"][0]["id"], format!("urn:onrecord:{id}:s1"), "without a store");
    let items = stored(&[record()]);
    let address = items[0].addresses[0].clone();
    let page = page(items);
    assert_eq!(page["@context"], "http://www.w3.org/ns/anno.jsonld");
    let [first, second] = page["items"].as_array().unwrap().as_slice() else { panic!("two annotations") };
    assert_eq!(first["id"], format!("urn:onrecord:{address}"));
    assert_eq!(second["via"], "urn:onrecord:1.s2");
    assert_eq!(first["type"], "Annotation");
    assert_eq!(first["motivation"], "identifying");
    assert_eq!(first["generator"], json!({"type": "Software", "name": "onrecord 0.1.0"}));
    let text: Vec<char> = TEXT.chars().collect();
    let around = |from: usize, to: usize| text[from..to.min(text.len())].iter().collect::<String>();
    let quoted = |words: &str| {
        let [start, end] = field(words).spans[0];
        json!([
            {"type": "TextPositionSelector", "start": start, "end": end},
            {
                "type": "TextQuoteSelector",
                "exact": words,
                "prefix": around(start.saturating_sub(32), start),
                "suffix": around(end, end + 32),
            },
        ])
    };
    let targets: Vec<Value> = [
        ("content", "“We open in June,”"),
        ("content", "“four years late.”"),
        ("cue", "told"),
        ("source", "Minister Ada Brandt"),
    ]
    .into_iter()
    .map(|(part, words)| json!({"source": "https://sound.example/7", "styleClass": part, "selector": quoted(words)}))
    .collect();
    assert_eq!(first["target"], json!(targets));
    let bodies = |annotation: &Value| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let bodies = annotation["body"].as_array().unwrap().iter();
        bodies.map(|body| (text(&body["purpose"]), text(&body["value"]))).collect()
    };
    let expected = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|&(purpose, value)| (purpose.to_owned(), value.to_owned())).collect()
    };
    assert_eq!(
        bodies(first),
        expected(&[
            ("classifying", "direct"),
            ("identifying", "Ada Brandt"),
            ("describing", "Minister"),
            ("describing", "cue: told"),
            ("describing", "said 2016-03-04"),
        ])
    );
    assert_eq!(
        bodies(second),
        expected(&[
            ("classifying", "indirect"),
            ("identifying", "Sound Council"),
            ("describing", "cue: denied"),
            ("describing", "status: disputed by the article"),
        ])
    );
    assert_eq!(first["body"][0]["type"], "TextualBody");
    assert_eq!(first["body"][0]["format"], "text/plain");
}

#[test]
fn an_annotation_of_an_article_without_address_names_its_text() {
    let mut record = record();
    record.article.url = None;
    // Positions after the end of the text quote nothing.
    record.statements[0].content.spans = vec![[900, 950]];
    let id = record.article.id.clone();
    let page: Value =
        serde_json::from_slice(&written(vec![record.into()], Format::WebAnnotation, Options::default()))
            .unwrap();
    let target = &page["items"][0]["target"][0];
    assert_eq!(target["source"], format!("urn:sha256:{id}"));
    assert_eq!(target["selector"][1]["exact"], "");
    assert_eq!(page["items"][0].get("via"), None);
}

#[test]
fn follow_the_money_knows_each_person_once_and_links_each_statement_to_its_article_and_its_people() {
    let items = stored(&[record(), again("2", "2016-03-06")]);
    let key = |entity: &str| items[0].people[entity].key.clone();
    assert_eq!(key("e1"), items[1].people["e1"].key);
    let entities = lines(items, Format::FollowTheMoney);
    let schemas: Vec<&str> = entities.iter().map(|e| e["schema"].as_str().unwrap()).collect();
    let documentation = ["Documentation"; 3];
    // The council and the minister are written where they are first needed.
    let first = ["Article", "Person", "Documentation", "Organization", "Documentation", "Documentation"];
    assert_eq!(schemas, [&first[..], &["Article"], &documentation].concat());
    let article = &entities[0];
    assert_eq!(
        article["properties"],
        json!({
            "title": ["Bridge opens"],
            "author": ["Nora Falk", "Jon Lind"],
            "publisher": ["The Sound"],
            "publishedAt": ["2016-03-05"],
            "sourceUrl": ["https://sound.example/7"],
            "fileName": ["bridge.txt"],
        })
    );
    let (minister, council) = (&entities[1], &entities[3]);
    assert_eq!(minister["properties"], json!({"name": ["Ada Brandt"]}));
    assert_eq!(council["properties"], json!({"name": ["Sound Council"]}));
    assert_eq!(
        entities[2]["properties"],
        json!({
            "document": [article["id"]],
            "entity": [minister["id"]],
            "role": ["speaker"],
            "date": ["2016-03-04"],
            "summary": ["“We open in June,” … “four years late.”"],
            "recordId": ["1.s1"],
            "publisher": ["The Sound"],
            "sourceUrl": ["https://sound.example/7"],
            "description": ["cue: told"],
        })
    );
    assert_eq!(entities[4]["properties"]["entity"], json!([council["id"]]));
    assert_eq!(
        entities[5]["properties"],
        json!({
            "document": [article["id"]],
            "entity": [minister["id"]],
            "role": ["subject"],
            "date": ["2016-03-05"],
            "summary": ["Ada Brandt had ever asked Tallberg"],
            "recordId": ["1.s2"],
            "publisher": ["The Sound"],
            "sourceUrl": ["https://sound.example/7"],
            "status": ["disputed by the article"],
            "description": ["cue: denied"],
            "namesMentioned": ["Sound Council"],
        })
    );
    // Properties without a value are left out.
    assert_eq!(entities[6]["properties"].get("sourceUrl"), None);
    assert_eq!(entities[6]["properties"]["fileName"], json!(["2"]));
    let ids: std::collections::BTreeSet<&str> = entities.iter().map(|e| e["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), entities.len());
    assert!(ids.iter().all(|id| id.len() == "onrecord-".len() + 40 && id.starts_with("onrecord-")));
}

#[test]
fn follow_the_money_gets_no_date_without_a_year() {
    let mut record = record();
    record.statements[0].time.as_mut().unwrap().value = Some("XXXX-03-04".to_owned());
    let entities = lines(stored(&[record]), Format::FollowTheMoney);
    assert_eq!(entities[2]["properties"].get("date"), None);
    assert_eq!(entities[4]["properties"]["date"], json!(["2016-03-05"]));
}

#[test]
fn an_entity_keeps_its_id_in_every_export() {
    // Whoever imported an earlier export relies on these ids.
    let entities = lines(stored(&[record()]), Format::FollowTheMoney);
    let sha1 = |parts: &[&str]| {
        use sha1::Digest as _;
        let bytes: Vec<u8> = parts.iter().flat_map(|part| part.bytes().chain([0])).collect();
        let hash: String = sha1::Sha1::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("onrecord-{hash}")
    };
    let (items, text) = (stored(&[record()]), record().article.id);
    let minister = &items[0].people["e1"].key;
    assert_eq!(entities[0]["id"], sha1(&["article", "https://sound.example/7", &text]));
    assert_eq!(entities[1]["id"], sha1(&["person", minister]));
    let (article, address) = (entities[0]["id"].as_str().unwrap(), &items[0].addresses[0]);
    assert_eq!(entities[2]["id"], sha1(&["statement", article, address, "speaker", minister]));
    // Hiding the folder of a file, as a server does, changes no id.
    let mut local = record();
    (local.article.url, local.article.source_id) = (None, "/home/ana/bridge.txt".to_owned());
    let items = stored(&[local]);
    let mut hidden = items.clone();
    hidden[0].record.article.source_id = "bridge.txt".to_owned();
    let ids = |items: Vec<Item>| -> Vec<Value> {
        lines(items, Format::FollowTheMoney).into_iter().map(|entity| entity["id"].clone()).collect()
    };
    assert_eq!(ids(items), ids(hidden));
}

#[test]
fn two_articles_with_the_same_text_share_no_entity_but_their_people() {
    let mut copy = record();
    copy.article.url = Some("https://coast.example/1".to_owned());
    let entities = lines(stored(&[record(), copy]), Format::FollowTheMoney);
    let ids: std::collections::BTreeSet<&str> = entities.iter().map(|e| e["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), entities.len());
    assert_eq!(entities.iter().filter(|e| e["schema"] == "Documentation").count(), 6);
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_has_the_rows_of_csv_in_columns_with_types() {
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, Int64Type};
    use arrow_array::{Array, RecordBatch, StructArray};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    let items = stored(&[record(), again("2", "2016-03-06")]);
    let people: Vec<i64> = ["e1", "e2"].map(|entity| items[0].people[entity].person.0).to_vec();
    let path = tempfile::NamedTempFile::new().unwrap();
    let csv = rows(items.clone(), Options::default());
    std::fs::write(&path, written(items, Format::Parquet, Options::default())).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(path.reopen().unwrap()).unwrap().build().unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    let [batch] = batches.as_slice() else { panic!("one batch") };
    assert_eq!(batch.num_rows(), 4);
    let names: Vec<String> = batch.schema().fields().iter().map(|f| f.name().clone()).collect();
    assert_eq!(names, csv[0]);
    let column = |name: &str| batch.column_by_name(name).unwrap();
    for name in ["statement", "content", "speaker", "address", "said"] {
        let column = column(name).as_string::<i32>();
        for row in 0..4 {
            let there = if column.is_null(row) { "" } else { column.value(row) };
            assert_eq!(there, cell(&csv, row + 1, name), "{name}");
        }
    }
    assert_eq!(column("article").as_primitive::<Int64Type>().values(), &[1, 1, 2, 2]);
    assert_eq!(column("confidence").as_primitive::<Float64Type>().values(), &[0.875, 0.5, 0.875, 0.5]);
    let carried = column("carried").as_boolean();
    assert_eq!(carried.iter().map(Option::unwrap).collect::<Vec<_>>(), [true, false, true, false]);
    let about = column("about").as_list::<i32>();
    assert!(about.value(0).is_empty());
    let second = about.value(1);
    assert_eq!(second.as_string::<i32>().iter().flatten().collect::<Vec<_>>(), ["Ada Brandt", "Tallberg"]);
    let speakers: Vec<i64> = (0..2)
        .map(|row| column("people").as_list::<i32>().value(row).as_primitive::<Int64Type>().value(0))
        .collect();
    assert_eq!(speakers, people);
    let spans = column("content_spans").as_list::<i32>().value(0);
    let spans: &StructArray = spans.as_struct();
    let bounds =
        |name: &str| spans.column_by_name(name).unwrap().as_primitive::<Int64Type>().values().to_vec();
    let expected = record().statements[0].content.spans.clone();
    assert_eq!(
        bounds("start").into_iter().zip(bounds("end")).collect::<Vec<_>>(),
        expected
            .iter()
            .map(|s| (i64::try_from(s[0]).unwrap(), i64::try_from(s[1]).unwrap()))
            .collect::<Vec<_>>()
    );
}

#[cfg(feature = "arrow")]
#[test]
fn a_table_counts_its_rows_until_they_are_taken() {
    use onrecord_export::table::Rows;

    let mut rows = Rows::default();
    assert!(rows.is_empty());
    assert_eq!(rows.len(), 0);
    assert_eq!(rows.schema().fields().len(), 47);
    rows.add(&record().into());
    assert!(!rows.is_empty());
    assert_eq!(rows.len(), 2);
    rows.add(&record().into());
    assert_eq!(rows.len(), 4);
    assert_eq!(rows.take().unwrap().num_rows(), 4);
    assert!(rows.is_empty());
    assert_eq!(rows.take().unwrap().num_rows(), 0);
    // A column that may have no value says so; a list without elements is empty instead.
    let schema = rows.schema();
    let may_be_absent = |name: &str| schema.field_with_name(name).unwrap().is_nullable();
    assert!(may_be_absent("speaker") && may_be_absent("speaker_confidence"));
    assert!(!may_be_absent("article") && !may_be_absent("carried") && !may_be_absent("people"));
}

/// A writer that has no room.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::new(io::ErrorKind::StorageFull, "no room"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_export_that_can_not_be_written_says_why() {
    for format in formats() {
        let error = export([Ok(record().into())], format, Options::default(), Full).unwrap_err();
        assert!(matches!(error, ExportError::Output(_)), "{format:?}");
        let message = error.to_string();
        assert!(message.starts_with("the output could not be written: "), "{message}");
        assert!(message.contains("no room"), "{message}");
    }
}

#[test]
fn an_export_ends_at_the_first_record_that_can_not_be_read() {
    for format in formats() {
        let items = [Ok(record().into()), Err(ExportError::Output(io::Error::other("a torn page")))];
        let error = export(items, format, Options::default(), io::sink()).unwrap_err();
        assert_eq!(error.to_string(), "the output could not be written: a torn page", "{format:?}");
    }
}

fn formats() -> Vec<Format> {
    vec![
        Format::JsonLines,
        Format::Csv,
        Format::WebAnnotation,
        Format::FollowTheMoney,
        #[cfg(feature = "parquet")]
        Format::Parquet,
    ]
}
