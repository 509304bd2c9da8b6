//! What values are called on the wire. These names are a promise: a test that fails here breaks whoever reads records.

use onrecord_text::wire::{Record, SCHEMA, Statement};
use onrecord_text::{
    Act, BlockKind, DateBasis, EntityKind, EventStatus, EventType, NoticeKind, SpeakerKind, StatementKind,
    Status,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Checks that the values have these names in JSON, in this order, and are read back from them.
#[track_caller]
fn check<T: Copy + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(all: &[T], names: &str) {
    let names: Vec<&str> = names.split_whitespace().collect();
    let written: Vec<Value> = all.iter().map(|value| serde_json::to_value(value).unwrap()).collect();
    assert_eq!(written, names);
    let read: Vec<T> = serde_json::from_value(Value::from(written)).unwrap();
    assert_eq!(read, all);
    let error = serde_json::from_value::<T>(json!("shout")).unwrap_err().to_string();
    assert!(error.starts_with("unknown variant `shout`, expected one of"), "{error}");
    assert!(error.contains(names[names.len() - 1]), "{error}");
}

#[test]
fn every_value_has_its_name() {
    check(&StatementKind::ALL, "direct indirect mixed");
    check(
        &Act::ALL,
        "say ask demand warn threaten promise accuse praise deny admit agree decline believe want find",
    );
    check(&Status::ALL, "made not_made expected possible disputed");
    check(&SpeakerKind::ALL, "person organization group document unnamed none");
    check(&EntityKind::ALL, "person organization place");
    check(
        &BlockKind::ALL,
        "headline lead byline dateline paragraph question block_quotation attribution list_item caption credit",
    );
    check(
        &NoticeKind::ALL,
        "empty language encoding truncated unclosed_quotation date withdrawn embargoed repeated",
    );
    check(
        &EventType::ALL,
        "AGREE CONSULT SUPPORT COOPERATE AID YIELD REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE
         COERCE ASSAULT",
    );
    check(&EventStatus::ALL, "happened planned possible denied");
    check(&DateBasis::ALL, "text statement article");
    assert_eq!(Act::named("not_made"), None);
    assert_eq!(Status::named("not_made"), Some(Status::NotMade));
    assert_eq!(format!("{:>8}", Act::Deny), "    deny");
}

/// A record as an earlier version wrote it, before statements had acts and speakers had a confidence.
const EARLIER: &str = r#"{"schema":"onrecord/1","article":{"id":"x","source_id":"a","url":null,"outlet":null,
"title":null,"bylines":[],"published":null,"dateline":null,"language":"en","text":"It rained, Ada Brandt said.",
"blocks":[{"kind":"paragraph","start":0,"end":27}]},"entities":[{"id":"e1","name":"Ada Brandt","kind":"person",
"roles":[],"mentions":[{"start":11,"end":21}]}],"statements":[{"id":"s1","kind":"indirect","source":null,"cue":null,
"content":{"text":"It rained","spans":[[0,9]]},"speaker":{"name":"Ada Brandt","kind":"person","role":null,
"entity":"e1"},"addressee":null,"medium":null,"occasion":null,"about":[],"time":null,"parent":null,"confidence":0.5,
"why":""}],"notices":[{"kind":"date","message":"no year"}],"engine":{"version":"0","model":"m"}}"#;

#[test]
fn records_of_earlier_versions_are_read_and_written() {
    let record: Record = serde_json::from_str(EARLIER).unwrap();
    let statement = &record.statements[0];
    assert_eq!((statement.kind, statement.act, statement.status), (StatementKind::Indirect, None, None));
    assert_eq!(record.schema, SCHEMA);
    assert!(record.events.is_none());
    let written = serde_json::to_value(&record).unwrap();
    assert_eq!(written["statements"][0]["act"], "");
    assert_eq!(written["statements"][0]["status"], "");
    assert_eq!(serde_json::from_value::<Record>(written).unwrap(), record);
}

#[test]
fn an_act_is_its_name_or_nothing() {
    let (act, status) = (Some(Act::Accuse), Some(Status::NotMade));
    let mut statement = Statement { act, status, ..Statement::default() };
    let mut json = serde_json::to_value(&statement).unwrap();
    assert_eq!((&json["act"], &json["status"]), (&json!("accuse"), &json!("not_made")));
    assert_eq!(serde_json::from_value::<Statement>(json.clone()).unwrap(), statement);
    json["act"] = json!("");
    statement.act = None;
    assert_eq!(serde_json::from_value::<Statement>(json.clone()).unwrap(), statement);
    json["act"] = json!("shout");
    let error = serde_json::from_value::<Statement>(json).unwrap_err().to_string();
    assert!(error.starts_with("unknown variant `shout`, expected one of `say`, `ask`"), "{error}");
}
