//! Records for the tests of these formats.

use onrecord_text::wire::{self, ARTICLE, Event, Party, Record};
use onrecord_text::{DateBasis, EntityKind, EventStatus, EventType, Side, SpeakerKind};

use super::{Format, export, gdelt};
use crate::{Item, Options};

/// Brandt says that Turkish police arrested an editor. The article itself reports a march.
pub(super) fn record() -> Record {
    let field = |text: &str, start: usize| wire::Field {
        text: text.to_owned(),
        spans: vec![[start, start + text.chars().count()]],
    };
    let party = |name: &str, country: Option<&str>, sector: Option<&str>| {
        Some(Party {
            text: name.to_lowercase(),
            name: Some(name.to_owned()),
            kind: SpeakerKind::Group,
            country: country.map(str::to_owned),
            sector: sector.map(str::to_owned),
            ..Party::default()
        })
    };
    let text =
        "It rained. Ada Brandt said Turkish police arrested an editor. Teachers marched, it\u{a0}seems.";
    let claimed = Event {
        id: "v1".to_owned(),
        trigger: field("arrested", 42),
        actor: party("Turkish police", Some("TUR"), Some("COP")),
        recipient: party("an editor", None, Some("JRN")),
        time: Some(wire::EventTime {
            text: None,
            spans: Vec::new(),
            value: Some("2024-03-08".to_owned()),
            basis: DateBasis::Article,
        }),
        claimant: "s1".to_owned(),
        claimant_side: Some(Side::Recipient),
        confidence: 0.5,
        ..Event::new(EventType::Coerce, EventStatus::Happened)
    };
    let told = Event {
        id: "v2".to_owned(),
        trigger: field("marched", 71),
        actor: party("A | B", Some("TUR | GRC"), Some("CVL | EDU")),
        historical: true,
        claimant: ARTICLE.to_owned(),
        confidence: 0.25,
        ..Event::new(EventType::Protest, EventStatus::Planned)
    };
    let statement = wire::Statement {
        id: "s1".to_owned(),
        content: field("Turkish police arrested an editor", 27),
        speaker: Some(wire::Speaker {
            name: Some("Ada Brandt".to_owned()),
            kind: SpeakerKind::Person,
            role: None,
            entity: None,
            entities: Vec::new(),
            confidence: 1.0,
        }),
        act: Some(onrecord_text::Act::Say),
        status: Some(onrecord_text::Status::Made),
        ..wire::Statement::default()
    };
    Record {
        article: wire::Article {
            source_id: "a".to_owned(),
            outlet: Some("Courier".to_owned()),
            published: Some("2024-03-08".to_owned()),
            text: text.to_owned(),
            ..wire::Article::default()
        },
        statements: vec![statement],
        events: Some(vec![claimed, told]),
        ..Record::default()
    }
}

pub(super) fn written(record: Record, format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    export([Ok(Item::from(record))], format, Options::default(), &mut out).unwrap();
    out
}

pub(super) fn table(format: Format, delimiter: u8) -> Vec<Vec<String>> {
    let out = written(record(), format);
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(out.as_slice());
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

pub(super) fn cell(rows: &[Vec<String>], row: usize, column: &str) -> String {
    let at = rows[0].iter().position(|c| c == column).unwrap_or_else(|| panic!("no column {column}"));
    rows[row][at].clone()
}

/// The report of the arrest, with everything that an article may say about it.
pub(super) fn full() -> Record {
    let mut record = record();
    let entity = |id: &str, kind, name: &str| wire::Entity {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        roles: Vec::new(),
        aliases: Vec::new(),
        mentions: Vec::new(),
    };
    record.entities = vec![
        entity("e1", EntityKind::Person, "Ada Brandt"),
        entity("e2", EntityKind::Person, "Jon Lind"),
        entity("e3", EntityKind::Organization, "Courier"),
        entity("e4", EntityKind::Place, "Tallberg"),
    ];
    record.article.url = Some("https://courier.example/7".to_owned());
    record.article.title = Some("An arrest".to_owned());
    record.article.language = Some("en".to_owned());
    record.engine = wire::Engine { version: "0.1.0".to_owned(), model: "test".to_owned() };
    let report = &mut record.events.as_mut().unwrap()[0];
    report.place = Some(wire::Place {
        text: "Tallberg".to_owned(),
        country: Some("SWE".to_owned()),
        ..wire::Place::default()
    });
    report.actor.as_mut().unwrap().role = Some("border police".to_owned());
    let recipient = report.recipient.as_mut().unwrap();
    recipient.country = Some("GRC | CYP".to_owned());
    recipient.sector = Some("JRN | CVL".to_owned());
    recipient.role = Some("editor of the Courier".to_owned());
    record
}

/// The events and the claims of a record in the columns of GDELT.
pub(super) fn gdelt_of(record: Record) -> [String; 2] {
    let (mut events, mut claims) = (Vec::new(), Vec::new());
    gdelt([Ok(Item::from(record))], &mut events, &mut claims).unwrap();
    [events, claims].map(|table| String::from_utf8(table).unwrap())
}
