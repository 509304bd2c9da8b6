//! Records written by hand, without an engine.

use onrecord_store::{Digest, Put, Store};
use onrecord_text::{
    Act, BlockKind, CodePoints, DateBasis, EntityKind, EventStatus, EventType, NoticeKind, Side, Span,
    SpeakerKind, StatementKind, Status, wire,
};

/// An article on its way to a record. Statements are named by their words, which stand in the text.
pub struct Draft {
    pub record: wire::Record,
}

pub fn article(url: &str, published: &str, outlet: &str, text: &str) -> Draft {
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
        blocks: vec![wire::Block { kind: BlockKind::Paragraph, start: 0, end: text.chars().count() }],
    };
    Draft {
        record: wire::Record {
            schema: wire::SCHEMA.to_owned(),
            article,
            entities: Vec::new(),
            statements: Vec::new(),
            events: None,
            notices: vec![wire::Notice { kind: NoticeKind::Date, message: "no year".to_owned() }],
            engine: wire::Engine { version: "0.1.0".to_owned(), model: "test".to_owned() },
        },
    }
}

impl Draft {
    pub fn span(&self, words: &str) -> [usize; 2] {
        let text = &self.record.article.text;
        let at = text.find(words).unwrap_or_else(|| panic!("“{words}” stands in the text"));
        CodePoints::new(text).wire(Span::new(at, at + words.len()).unwrap())
    }

    pub fn field(&self, words: &str) -> wire::Field {
        let spans = words.split(" … ").map(|piece| self.span(piece)).collect();
        wire::Field { text: words.to_owned(), spans }
    }

    pub fn entity(mut self, kind: &str, name: &str, roles: &[&str]) -> Self {
        let [start, end] = self.span(name);
        self.record.entities.push(wire::Entity {
            id: format!("e{}", self.record.entities.len() + 1),
            name: name.to_owned(),
            kind: EntityKind::named(kind).expect("a kind of entity"),
            roles: roles.iter().map(|&r| r.to_owned()).collect(),
            aliases: Vec::new(),
            mentions: vec![wire::Mention { start, end }],
        });
        self
    }

    pub fn says(mut self, kind: &str, speaker: &str, cue: &str, content: &str, said: &str) -> Self {
        let entity = self.record.entities.iter().find(|e| e.name == speaker);
        let (id, role) = (entity.map(|e| e.id.clone()), entity.and_then(|e| e.roles.first().cloned()));
        let about =
            self.record.entities.iter().filter(|e| content.contains(&e.name)).map(|e| e.id.clone()).collect();
        let statement = wire::Statement {
            act: Some(Act::Say),
            status: Some(Status::Made),
            id: format!("s{}", self.record.statements.len() + 1),
            kind: StatementKind::named(kind).expect("a kind of statement"),
            source: Some(self.field(speaker)),
            cue: Some(self.field(cue)),
            content: self.field(content),
            speaker: Some(wire::Speaker {
                name: Some(speaker.to_owned()),
                kind: SpeakerKind::Person,
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

    /// Adds a report of an event on the day of the article. Parties are words of the text, or empty. `by` is a
    /// statement and the side of its speaker.
    #[allow(dead_code)]
    pub fn event(
        mut self,
        kind: &str,
        trigger: &str,
        [actor, recipient]: [&str; 2],
        status: &str,
        by: Option<(&str, &str)>,
    ) -> Self {
        let party = |words: &str| {
            let entity = self.record.entities.iter().find(|e| e.name == words).map(|e| e.id.clone());
            (!words.is_empty()).then(|| {
                let field = self.field(words);
                wire::Party {
                    text: field.text,
                    spans: field.spans,
                    name: Some(words.to_owned()),
                    kind: SpeakerKind::Organization,
                    entity: entity.clone(),
                    entities: entity.into_iter().collect(),
                    confidence: 0.5,
                    ..wire::Party::default()
                }
            })
        };
        let kind = EventType::named(kind).expect("a type of event");
        let status = EventStatus::named(status).expect("a status");
        let event = wire::Event {
            id: format!("v{}", self.record.events.as_ref().map_or(0, Vec::len) + 1),
            trigger: self.field(trigger),
            actor: party(actor),
            recipient: party(recipient),
            time: self.record.article.published.clone().map(|day| wire::EventTime {
                value: Some(day),
                basis: DateBasis::Article,
                ..wire::EventTime::default()
            }),
            claimant: by.map_or(wire::ARTICLE, |(statement, _)| statement).to_owned(),
            claimant_side: by.and_then(|(_, side)| Side::named(side)),
            confidence: 0.5,
            why: "a trigger".to_owned(),
            ..wire::Event::new(kind, status)
        };
        self.record.events.get_or_insert_default().push(event);
        self
    }
}

pub fn bridge() -> Draft {
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

pub fn put(store: &mut Store, draft: &Draft) -> Put {
    let line = serde_json::to_vec(&draft.record).unwrap();
    let mut batch = store.batch().unwrap();
    let put = batch.put(&draft.record, &Digest::of([line.as_slice()])).unwrap();
    batch.commit().unwrap();
    store.join(|| false).unwrap();
    put
}
