//! Wire format 1: a record as one JSON object, offsets in Unicode code points.
//!
//! These types are the only ones that are serialised. A field may be added; one that stands keeps its name and its
//! meaning. What is absent is `null`.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::article::{self, Act, BlockKind, NoticeKind, StatementKind, Status};
use crate::event::{self, DateBasis, EventStatus, EventType, QuadClass};
use crate::resolved::{self, EntityKind, SpeakerKind};
use crate::{CodePoints, Pieces, Span};

/// The name of the format.
pub const SCHEMA: &str = "onrecord/1";

/// A record on the wire.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`SCHEMA`].
    pub schema: String,
    /// The article.
    pub article: Article,
    /// The persons, organisations and places that the article names.
    pub entities: Vec<Entity>,
    /// The statements, in text order; a parent precedes its children.
    pub statements: Vec<Statement>,
    /// The event reports in text order. Left out where none were looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Event>>,
    /// What was odd in the input.
    pub notices: Vec<Notice>,
    /// What made the record.
    pub engine: Engine,
}

/// An article on the wire.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// SHA-256 of the UTF-8 bytes of `text`, in hexadecimal.
    pub id: String,
    /// The caller's name for the article.
    pub source_id: String,
    /// Web address.
    pub url: Option<String>,
    /// Publisher.
    pub outlet: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Authors.
    pub bylines: Vec<String>,
    /// EDTF date.
    pub published: Option<String>,
    /// Place, date and agency.
    pub dateline: Option<Dateline>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// The text that all offsets count.
    pub text: String,
    /// The parts of the text.
    pub blocks: Vec<Block>,
}

/// A dateline on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dateline {
    /// As written.
    pub place: Option<String>,
    /// EDTF date.
    pub date: Option<String>,
    /// As written.
    pub agency: Option<String>,
}

/// A block on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// `headline`, `lead`, `byline`, `dateline`, `paragraph`, `block_quotation`, `question`,
    /// `attribution`, `list_item`, `caption`, `credit`.
    pub kind: String,
    /// First code point.
    pub start: usize,
    /// Code point behind the last.
    pub end: usize,
}

/// A named entity on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Its name within the record.
    pub id: String,
    /// The fullest name.
    pub name: String,
    /// `person`, `organization`, `place`.
    pub kind: String,
    /// Offices and affiliations, the fullest one first.
    pub roles: Vec<String>,
    /// Other names that the article uses.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Where it is mentioned, as `{start, end}`.
    pub mentions: Vec<Mention>,
}

/// A mention of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// First code point.
    pub start: usize,
    /// Code point behind the last.
    pub end: usize,
}

/// A statement on the wire.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Its name within the record.
    pub id: String,
    /// `direct`, `indirect`, `mixed`.
    pub kind: String,
    /// The words that name who speaks.
    pub source: Option<Field>,
    /// The words that signal the attribution.
    pub cue: Option<Field>,
    /// What is attributed.
    pub content: Field,
    /// The resolved source.
    pub speaker: Option<Speaker>,
    /// To whom it was said.
    pub addressee: Option<Linked>,
    /// Through what it was said.
    pub medium: Option<Linked>,
    /// On which occasion it was said.
    pub occasion: Option<Linked>,
    /// The entities that the content names.
    pub about: Vec<String>,
    /// When it was said.
    pub time: Option<Time>,
    /// `say`, `ask`, `demand`, `warn`, `threaten`, `promise`, `accuse`, `praise`, `deny`, `admit`, `agree`, `decline`,
    /// `believe`, `want`, `find`. Empty in records of earlier versions.
    #[serde(default)]
    pub act: String,
    /// Whether it was made: `made`, `not_made`, `expected`, `possible`, `disputed`. Empty in records of earlier versions.
    #[serde(default)]
    pub status: String,
    /// The statement that this one is relayed inside.
    pub parent: Option<String>,
    /// From 0 to 1.
    pub confidence: f64,
    /// Why it was found.
    pub why: String,
    /// In what comes out of a store: the fields that a person corrected, and `verdict` where one accepted the statement.
    /// Left out where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<String>,
}

impl Statement {
    /// The fields that are words of the article: their names, their texts and where these stand.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str, &[[usize; 2]])> {
        fn field(f: &Field) -> (&str, &[[usize; 2]]) {
            (&f.text, &f.spans)
        }
        fn linked(f: &Linked) -> (&str, &[[usize; 2]]) {
            (&f.text, &f.spans)
        }
        [
            ("source", self.source.as_ref().map(field)),
            ("cue", self.cue.as_ref().map(field)),
            ("content", Some(field(&self.content))),
            ("addressee", self.addressee.as_ref().map(linked)),
            ("medium", self.medium.as_ref().map(linked)),
            ("occasion", self.occasion.as_ref().map(linked)),
            ("time", self.time.as_ref().map(|t| (t.text.as_str(), t.spans.as_slice()))),
        ]
        .into_iter()
        .filter_map(|(name, field)| field.map(|(text, spans)| (name, text, spans)))
    }
}

/// A field of a statement: its text and where that stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The pieces, with ` … ` between them.
    pub text: String,
    /// Start and end of each piece.
    pub spans: Vec<[usize; 2]>,
}

/// A speaker on the wire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Speaker {
    /// The fullest name that the article gives.
    pub name: Option<String>,
    /// `person`, `organization`, `group`, `document`, `unnamed`, `none`.
    pub kind: String,
    /// Office or affiliation.
    pub role: Option<String>,
    /// The entity, where it is one.
    pub entity: Option<String>,
    /// All entities that speak: one, or several who speak jointly.
    #[serde(default)]
    pub entities: Vec<String>,
    /// How sure it is that the source is this speaker, from 0 to 1.
    #[serde(default)]
    pub confidence: f64,
}

/// A field that may name an entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// As written.
    pub text: String,
    /// Start and end of each piece.
    pub spans: Vec<[usize; 2]>,
    /// The entity.
    pub entity: Option<String>,
}

/// When something was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// As written.
    pub text: String,
    /// Start and end of each piece.
    pub spans: Vec<[usize; 2]>,
    /// EDTF date.
    pub value: Option<String>,
    /// Whether the words stand beside an earlier statement of the same occasion.
    #[serde(default)]
    pub carried: bool,
}

/// An event report on the wire: one mention of one kind of act, according to its claimant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its name within the record.
    pub id: String,
    /// The PLOVER type: `AGREE`, `CONSULT`, `SUPPORT`, `COOPERATE`, `AID`, `YIELD`, `REQUEST`, `ACCUSE`, `REJECT`,
    /// `THREATEN`, `PROTEST`, `SANCTION`, `MOBILIZE`, `COERCE`, `ASSAULT`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The words that tell it.
    pub trigger: Field,
    /// Who acts.
    pub actor: Option<Party>,
    /// To whom it is done.
    pub recipient: Option<Party>,
    /// According to its claimant: `happened`, `planned`, `possible`, `denied`.
    pub status: String,
    /// Whether it is told as history.
    pub historical: bool,
    /// Where it takes place.
    pub place: Option<Place>,
    /// When it takes place.
    pub time: Option<EventTime>,
    /// `article`, or the statement whose content tells it.
    pub claimant: String,
    /// From 0 to 1.
    pub confidence: f64,
    /// Why it was found.
    pub why: String,
}

/// The actor or the recipient of an event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// As written beside the trigger.
    pub text: String,
    /// Start and end of each piece.
    pub spans: Vec<[usize; 2]>,
    /// The fullest name that the article gives, several joined with ` | `; else the words. `null` for a pronoun that nobody
    /// can be told for.
    pub name: Option<String>,
    /// `person`, `organization`, `group`, `document`, `unnamed`, `none`.
    pub kind: String,
    /// Office or affiliation.
    pub role: Option<String>,
    /// The entity, where it is one.
    pub entity: Option<String>,
    /// All entities: one, or several who act jointly.
    pub entities: Vec<String>,
    /// ISO 3166 alpha-3 code of the country, several joined with ` | `.
    pub country: Option<String>,
    /// PLOVER sector code, likewise.
    pub sector: Option<String>,
    /// How sure it is that the party is this one, from 0 to 1.
    pub confidence: f64,
}

/// Where an event takes place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// As written.
    pub text: String,
    /// Start and end of each piece.
    pub spans: Vec<[usize; 2]>,
    /// The entity.
    pub entity: Option<String>,
    /// ISO 3166 alpha-3 code of its country.
    pub country: Option<String>,
}

/// When an event takes place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTime {
    /// As written; `null` where the date is that of the article.
    pub text: Option<String>,
    /// Start and end of each piece.
    pub spans: Vec<[usize; 2]>,
    /// EDTF date.
    pub value: Option<String>,
    /// What the date rests on: `text` (words beside the event), `statement` (the time of the statement whose cue it is),
    /// `article` (the article's own day; the event may be older).
    pub basis: String,
}

/// A notice on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `empty`, `language`, `encoding`, `truncated`, `unclosed_quotation`, `date`, `withdrawn`,
    /// `embargoed`.
    pub kind: String,
    /// For a person.
    pub message: String,
}

/// The engine on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// The program's version.
    pub version: String,
    /// The model's name.
    pub model: String,
}

impl BlockKind {
    /// The name on the wire and on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Lead => "lead",
            Self::Byline => "byline",
            Self::Dateline => "dateline",
            Self::Paragraph => "paragraph",
            Self::Question => "question",
            Self::BlockQuotation => "block_quotation",
            Self::Attribution => "attribution",
            Self::ListItem => "list_item",
            Self::Caption => "caption",
            Self::Credit => "credit",
        }
    }
}

impl StatementKind {
    /// The name on the wire and on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Indirect => "indirect",
            Self::Mixed => "mixed",
        }
    }
}

impl Act {
    /// The name on the wire and on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Say => "say",
            Self::Ask => "ask",
            Self::Demand => "demand",
            Self::Warn => "warn",
            Self::Threaten => "threaten",
            Self::Promise => "promise",
            Self::Accuse => "accuse",
            Self::Praise => "praise",
            Self::Deny => "deny",
            Self::Admit => "admit",
            Self::Agree => "agree",
            Self::Decline => "decline",
            Self::Believe => "believe",
            Self::Want => "want",
            Self::Find => "find",
        }
    }
}

impl Status {
    /// The name on the wire and on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::NotMade => "not_made",
            Self::Expected => "expected",
            Self::Possible => "possible",
            Self::Disputed => "disputed",
        }
    }
}

impl EventType {
    /// The name on the wire and on screen: PLOVER's.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Agree => "AGREE",
            Self::Consult => "CONSULT",
            Self::Support => "SUPPORT",
            Self::Cooperate => "COOPERATE",
            Self::Aid => "AID",
            Self::Yield => "YIELD",
            Self::Request => "REQUEST",
            Self::Accuse => "ACCUSE",
            Self::Reject => "REJECT",
            Self::Threaten => "THREATEN",
            Self::Protest => "PROTEST",
            Self::Sanction => "SANCTION",
            Self::Mobilize => "MOBILIZE",
            Self::Coerce => "COERCE",
            Self::Assault => "ASSAULT",
        }
    }

    /// The type of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl QuadClass {
    /// The name in exports and on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::VerbalCooperation => "verbal cooperation",
            Self::MaterialCooperation => "material cooperation",
            Self::VerbalConflict => "verbal conflict",
            Self::MaterialConflict => "material conflict",
        }
    }
}

impl EventStatus {
    /// The name on the wire and on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Happened => "happened",
            Self::Planned => "planned",
            Self::Possible => "possible",
            Self::Denied => "denied",
        }
    }
}

impl DateBasis {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Statement => "statement",
            Self::Article => "article",
        }
    }
}

impl EntityKind {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organization => "organization",
            Self::Place => "place",
        }
    }
}

impl SpeakerKind {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organization => "organization",
            Self::Group => "group",
            Self::Document => "document",
            Self::Unnamed => "unnamed",
            Self::None => "none",
        }
    }
}

impl NoticeKind {
    /// The name on the wire and on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Language => "language",
            Self::Encoding => "encoding",
            Self::Truncated => "truncated",
            Self::UnclosedQuotation => "unclosed_quotation",
            Self::Date => "date",
            Self::Withdrawn => "withdrawn",
            Self::Embargoed => "embargoed",
        }
    }
}

/// The name of a record's entity number `n` (from 0).
pub fn entity_id(n: usize) -> String {
    format!("e{}", n + 1)
}

/// The name of a record's statement number `n` (from 0).
pub fn statement_id(n: usize) -> String {
    format!("s{}", n + 1)
}

/// The name of a record's event number `n` (from 0).
#[must_use]
pub fn event_id(n: usize) -> String {
    format!("v{}", n + 1)
}

/// The claimant of an event that the article itself tells.
pub const ARTICLE: &str = "article";

fn speaker(s: &resolved::Speaker) -> Speaker {
    let entities: Vec<String> = s.entities.iter().copied().map(entity_id).collect();
    Speaker {
        name: s.name.clone(),
        kind: s.kind.name().to_owned(),
        role: s.role.clone(),
        entity: if let [only] = entities.as_slice() { Some(only.clone()) } else { None },
        entities,
        confidence: rounded(s.confidence),
    }
}

/// Three digits: more would claim a precision that no calibration has.
fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 1000.0).round() / 1000.0
}

impl From<&article::Record> for Record {
    fn from(record: &article::Record) -> Self {
        let put = Put::of(record);
        Self {
            schema: SCHEMA.to_owned(),
            article: put.article(),
            entities: (0..record.entities.len()).map(|n| put.entity(n)).collect(),
            statements: (0..record.statements.len()).map(|n| put.statement(n)).collect(),
            events: record
                .events
                .as_ref()
                .map(|all| all.iter().enumerate().map(|(n, e)| put.event(n, e)).collect()),
            notices: put.notices(),
            engine: put.engine(),
        }
    }
}

/// A record that is put on the wire as it is written, one entity and one statement after another: the same as
/// [`Record`], without a second copy of hundreds of thousands of statements.
pub fn written(record: &article::Record) -> impl Serialize + '_ {
    Put::of(record)
}

/// The fields of [`Record`], in its order.
impl Serialize for Put<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = 6 + usize::from(self.record.events.is_some());
        let mut out = serializer.serialize_struct("Record", fields)?;
        out.serialize_field("schema", SCHEMA)?;
        out.serialize_field("article", &self.article())?;
        let entities = Each { count: self.record.entities.len(), one: |n| self.entity(n) };
        out.serialize_field("entities", &entities)?;
        let statements = Each { count: self.record.statements.len(), one: |n| self.statement(n) };
        out.serialize_field("statements", &statements)?;
        if let Some(all) = &self.record.events {
            let events = Each { count: all.len(), one: |n| self.event(n, &all[n]) };
            out.serialize_field("events", &events)?;
        }
        out.serialize_field("notices", &self.notices())?;
        out.serialize_field("engine", &self.engine())?;
        out.end()
    }
}

/// So many values, each made when it is written.
struct Each<F> {
    count: usize,
    one: F,
}

impl<T: Serialize, F: Fn(usize) -> T> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.count).map(&self.one))
    }
}

/// Puts the parts of a record on the wire.
struct Put<'a> {
    record: &'a article::Record,
    points: CodePoints<'a>,
}

impl<'a> Put<'a> {
    fn of(record: &'a article::Record) -> Self {
        Self { record, points: CodePoints::new(&record.article.text) }
    }

    fn article(&self) -> Article {
        let a = &self.record.article;
        let block = |b: &article::Block| {
            let [start, end] = self.points.wire(b.span);
            Block { kind: b.kind.name().to_owned(), start, end }
        };
        Article {
            id: content_hash(&a.text),
            source_id: a.source_id.clone(),
            url: a.metadata.url.clone(),
            outlet: a.metadata.outlet.clone(),
            title: a.metadata.title.clone(),
            bylines: a.metadata.bylines.clone(),
            published: a.metadata.published.map(|d| d.to_string()),
            dateline: a.metadata.dateline.as_ref().map(|d| Dateline {
                place: d.place.clone(),
                date: d.date.map(|d| d.to_string()),
                agency: d.agency.clone(),
            }),
            language: a.metadata.language.clone(),
            text: a.text.clone(),
            blocks: a.blocks.iter().map(block).collect(),
        }
    }

    fn entity(&self, n: usize) -> Entity {
        let e = &self.record.entities[n];
        let mention = |&m: &Span| {
            let [start, end] = self.points.wire(m);
            Mention { start, end }
        };
        Entity {
            id: entity_id(n),
            name: e.name.clone(),
            kind: e.kind.name().to_owned(),
            roles: e.roles.clone(),
            aliases: e.aliases.clone(),
            mentions: e.mentions.iter().map(mention).collect(),
        }
    }

    fn statement(&self, n: usize) -> Statement {
        let s = &self.record.statements[n];
        let field = |pieces: &Pieces| self.field(pieces);
        let linked = |l: &resolved::Linked| {
            let Field { text, spans } = self.field(&l.words);
            Linked { text, spans, entity: l.entity.map(entity_id) }
        };
        let time = |t: &resolved::Time| {
            let Field { text, spans } = self.field(&t.words);
            Time { text, spans, value: t.value.map(|d| d.to_string()), carried: t.carried }
        };
        Statement {
            id: statement_id(n),
            kind: s.kind.name().to_owned(),
            source: s.source.as_ref().map(field),
            cue: s.cue.as_ref().map(field),
            content: field(&s.content),
            speaker: Some(speaker(&s.speaker)),
            addressee: s.addressee.as_deref().map(linked),
            medium: s.medium.as_deref().map(linked),
            occasion: s.occasion.as_deref().map(linked),
            about: s.about.iter().copied().map(entity_id).collect(),
            time: s.time.as_deref().map(time),
            act: s.act.name().to_owned(),
            status: s.status.name().to_owned(),
            parent: s.parent.map(statement_id),
            confidence: rounded(s.confidence),
            why: s.why.to_owned(),
            corrected: Vec::new(),
        }
    }

    fn event(&self, n: usize, e: &event::Event) -> Event {
        let party = |p: &event::Party| {
            let Field { text, spans } = self.field(&p.words);
            let entities: Vec<String> = p.entities.iter().copied().map(entity_id).collect();
            Party {
                text,
                spans,
                name: p.name.clone(),
                kind: p.kind.name().to_owned(),
                role: p.role.clone(),
                entity: if let [only] = entities.as_slice() { Some(only.clone()) } else { None },
                entities,
                country: p.country.clone(),
                sector: p.sector.clone(),
                confidence: rounded(p.confidence),
            }
        };
        let place = |p: &event::Place| {
            let Field { text, spans } = self.field(&p.words.words);
            Place { text, spans, entity: p.words.entity.map(entity_id), country: p.country.clone() }
        };
        let time = |t: &event::EventTime| {
            let words = t.words.as_ref().map(|w| self.field(w));
            let (text, spans) = words.map_or((None, Vec::new()), |f| (Some(f.text), f.spans));
            let value = t.value.map(|d| d.to_string());
            EventTime { text, spans, value, basis: t.basis.name().to_owned() }
        };
        Event {
            id: event_id(n),
            kind: e.kind.name().to_owned(),
            trigger: self.field(&e.trigger),
            actor: e.actor.as_deref().map(party),
            recipient: e.recipient.as_deref().map(party),
            status: e.status.name().to_owned(),
            historical: e.historical,
            place: e.place.as_deref().map(place),
            time: e.time.as_deref().map(time),
            claimant: e.claimant.map_or_else(|| ARTICLE.to_owned(), statement_id),
            confidence: rounded(e.confidence),
            why: e.why.clone(),
        }
    }

    fn field(&self, pieces: &Pieces) -> Field {
        Field {
            text: pieces.text(&self.record.article.text),
            spans: pieces.spans().iter().map(|&s| self.points.wire(s)).collect(),
        }
    }

    fn notices(&self) -> Vec<Notice> {
        let notice =
            |n: &article::Notice| Notice { kind: n.kind.name().to_owned(), message: n.message.clone() };
        self.record.article.notices.iter().map(notice).collect()
    }

    fn engine(&self) -> Engine {
        let article::EngineVersion { version, model } = &self.record.engine;
        Engine { version: version.clone(), model: model.clone() }
    }
}

/// SHA-256 of a text's UTF-8 bytes, in hexadecimal.
#[must_use]
pub fn content_hash(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
