//! Wire format 1: a record as one JSON object, with offsets in Unicode code points.
//!
//! Records are serialised only through these types. Fields may be added, but existing fields keep their names and
//! meanings. Absent values are `null`, but the acts and statuses of earlier versions are empty strings.

use std::borrow::Borrow;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::answers::{Corrected, CorrectedEvent};
use crate::article::{self, Act, BlockKind, NoticeKind, StatementKind, Status};
use crate::event::{self, DateBasis, EventStatus, EventType, QuadClass, Side};
use crate::names::names;
use crate::resolved::{self, EntityKind, SpeakerKind};
use crate::{CodePoints, Pieces, Span, hexadecimal};

/// The name of the format.
pub const SCHEMA: &str = "onrecord/1";

/// What stands between the names or codes that one field lists.
pub const BETWEEN_NAMES: &str = " | ";

/// Returns the names or codes that a field lists: none if it has no value.
///
/// ```
/// use onrecord_text::wire::{joined, names_in};
///
/// assert_eq!(names_in(Some("TUR | GRC")).collect::<Vec<_>>(), ["TUR", "GRC"]);
/// assert_eq!(joined(&["TUR", "GRC"]).as_deref(), Some("TUR | GRC"));
/// assert_eq!((names_in(None).count(), joined::<&str>(&[])), (0, None));
/// ```
pub fn names_in(field: Option<&str>) -> impl Iterator<Item = &str> {
    field.into_iter().flat_map(|field| field.split(BETWEEN_NAMES)).filter(|name| !name.is_empty())
}

/// Returns the field that lists these names or codes: without a value if there are none.
#[must_use]
pub fn joined<S: Borrow<str>>(names: &[S]) -> Option<String> {
    (!names.is_empty()).then(|| names.join(BETWEEN_NAMES))
}

/// A record in the wire format.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Record {
    /// [`SCHEMA`].
    pub schema: String,
    /// The article.
    pub article: Article,
    /// The persons, organisations and places that the article names.
    pub entities: Vec<Entity>,
    /// The statements in text order, with each parent before its children.
    pub statements: Vec<Statement>,
    /// The event reports in text order. Omitted if event extraction did not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Event>>,
    /// Oddities that were noticed in the input.
    pub notices: Vec<Notice>,
    /// The engine that made the record.
    pub engine: Engine,
}

impl Record {
    /// Returns whether the publisher withdrew the article.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.notices.iter().any(|notice| notice.kind == NoticeKind::Withdrawn)
    }
}

/// An article in the wire format.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Article {
    /// SHA-256 of the UTF-8 bytes of `text`, in hexadecimal.
    pub id: String,
    /// The caller's name for the article.
    pub source_id: String,
    /// The web address.
    pub url: Option<String>,
    /// The publisher.
    pub outlet: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The authors.
    pub bylines: Vec<String>,
    /// The date of publication, in EDTF.
    pub published: Option<String>,
    /// The place, date and agency.
    pub dateline: Option<Dateline>,
    /// The language, as a BCP 47 tag.
    pub language: Option<String>,
    /// The text that all offsets refer to.
    pub text: String,
    /// The parts of the text.
    pub blocks: Vec<Block>,
}

impl Article {
    /// Returns the date of publication that the document states, or else the date of its dateline, in EDTF.
    #[must_use]
    pub fn dated(&self) -> Option<&str> {
        dated(self.published.as_deref(), self.dateline.as_ref().and_then(|dateline| dateline.date.as_deref()))
    }
}

/// Returns the date of an article, given the date of publication that the document states and the date of its dateline.
#[must_use]
pub fn dated<'a>(published: Option<&'a str>, dateline: Option<&'a str>) -> Option<&'a str> {
    published.or(dateline)
}

/// A dateline in the wire format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Dateline {
    /// The place, as written.
    pub place: Option<String>,
    /// The date, in EDTF.
    pub date: Option<String>,
    /// The agency, as written.
    pub agency: Option<String>,
}

/// A block in the wire format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Block {
    /// What the block is.
    pub kind: BlockKind,
    /// The first code point.
    pub start: usize,
    /// The code point just after the last one.
    pub end: usize,
}

/// A named entity in the wire format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Entity {
    /// The entity's name within the record.
    pub id: String,
    /// The fullest name.
    pub name: String,
    /// The kind of entity.
    pub kind: EntityKind,
    /// Offices and affiliations, the fullest one first.
    pub roles: Vec<String>,
    /// Other names that the article uses.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The mentions, each as `{start, end}`.
    pub mentions: Vec<Mention>,
}

/// A mention of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Mention {
    /// The first code point.
    pub start: usize,
    /// The code point just after the last one.
    pub end: usize,
}

/// A statement in the wire format.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Statement {
    /// The statement's name within the record.
    pub id: String,
    /// How the content is quoted.
    pub kind: StatementKind,
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
    /// The medium through which it was said.
    pub medium: Option<Linked>,
    /// The occasion on which it was said.
    pub occasion: Option<Linked>,
    /// The entities that the content names.
    pub about: Vec<String>,
    /// When it was said.
    pub time: Option<Time>,
    /// The kind of act. An empty string in records of earlier versions.
    #[serde(default, with = "or_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub act: Option<Act>,
    /// Whether the statement was made. An empty string in records of earlier versions.
    #[serde(default, with = "or_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub status: Option<Status>,
    /// The statement inside which this one is relayed.
    pub parent: Option<String>,
    /// The confidence, from 0 to 1.
    pub confidence: f64,
    /// Why the statement was found.
    pub why: String,
    /// The fields that a person corrected, plus `verdict` if a person accepted the statement.
    ///
    /// Only records that come from a store have this field. Omitted if it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<Corrected>,
}

impl Statement {
    /// Returns the fields that quote the article: each field's name, its text, and its position in the article.
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

/// A field of a statement: its text and its position in the article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Field {
    /// The text of the pieces, joined by ` … `.
    pub text: String,
    /// The start and end of each piece.
    pub spans: Vec<[usize; 2]>,
}

/// A speaker in the wire format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Speaker {
    /// The fullest name that the article gives.
    pub name: Option<String>,
    /// The kind of source.
    pub kind: SpeakerKind,
    /// The office or affiliation.
    pub role: Option<String>,
    /// The entity that speaks, if there is exactly one.
    pub entity: Option<String>,
    /// All entities that speak: one, or several that speak jointly.
    #[serde(default)]
    pub entities: Vec<String>,
    /// The confidence that the source is this speaker, from 0 to 1.
    #[serde(default)]
    pub confidence: f64,
}

/// A field that may name an entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Linked {
    /// The words, as written.
    pub text: String,
    /// The start and end of each piece.
    pub spans: Vec<[usize; 2]>,
    /// The entity that the words name, if any.
    pub entity: Option<String>,
}

/// When something was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Time {
    /// The words, as written.
    pub text: String,
    /// The start and end of each piece.
    pub spans: Vec<[usize; 2]>,
    /// The date, in EDTF.
    pub value: Option<String>,
    /// Whether the words belong to an earlier statement of the same sentence or occasion.
    #[serde(default)]
    pub carried: bool,
}

/// An event report in the wire format: one mention of one kind of act, according to its claimant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Event {
    /// The event's name within the record.
    pub id: String,
    /// The PLOVER type.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// The words that express the act.
    pub trigger: Field,
    /// Who acts.
    pub actor: Option<Party>,
    /// To whom the act is done.
    pub recipient: Option<Party>,
    /// Whether the event happened, according to its claimant.
    pub status: EventStatus,
    /// Whether the event is reported as history.
    pub historical: bool,
    /// Where it takes place.
    pub place: Option<Place>,
    /// When it takes place.
    pub time: Option<EventTime>,
    /// `article`, or the name of the statement whose content reports the event.
    pub claimant: String,
    /// Which side the claimant is on: `actor`, `recipient`, or `other` for a third party. `null` if the article itself
    /// reports the event, or if the claimant can't be placed.
    #[serde(default)]
    pub claimant_side: Option<Side>,
    /// The confidence, from 0 to 1.
    pub confidence: f64,
    /// Why the report was found.
    pub why: String,
    /// The fields that a person corrected, plus `verdict` if a person accepted the report. Omitted if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<CorrectedEvent>,
}

impl Event {
    /// Returns a report that says nothing else yet.
    #[must_use]
    pub fn new(kind: EventType, status: EventStatus) -> Self {
        Self {
            id: String::new(),
            kind,
            trigger: Field::default(),
            actor: None,
            recipient: None,
            status,
            historical: false,
            place: None,
            time: None,
            claimant: String::new(),
            claimant_side: None,
            confidence: 0.0,
            why: String::new(),
            corrected: Vec::new(),
        }
    }
}

/// The actor or the recipient of an event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Party {
    /// The words next to the trigger, as written.
    pub text: String,
    /// The start and end of each piece.
    pub spans: Vec<[usize; 2]>,
    /// The fullest name that the article gives, with several names joined by ` | `.
    ///
    /// If no name fits, these are the words themselves. `null` for a pronoun that could not be resolved.
    pub name: Option<String>,
    /// What kind of party it is.
    pub kind: SpeakerKind,
    /// The office or affiliation.
    pub role: Option<String>,
    /// The entity, if there is exactly one.
    pub entity: Option<String>,
    /// All entities: one, or several that act jointly.
    pub entities: Vec<String>,
    /// The ISO 3166 alpha-3 codes of the party's countries, joined by ` | `.
    pub country: Option<String>,
    /// The party's PLOVER sector codes, joined by ` | `.
    pub sector: Option<String>,
    /// The confidence that the party is resolved correctly, from 0 to 1.
    pub confidence: f64,
}

/// Where an event takes place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Place {
    /// The words, as written.
    pub text: String,
    /// The start and end of each piece.
    pub spans: Vec<[usize; 2]>,
    /// The entity that the words name, if any.
    pub entity: Option<String>,
    /// The ISO 3166 alpha-3 code of the place's country.
    pub country: Option<String>,
}

/// When an event takes place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EventTime {
    /// The words, as written. `null` if the date is that of the article.
    pub text: Option<String>,
    /// The start and end of each piece.
    pub spans: Vec<[usize; 2]>,
    /// The date, in EDTF.
    pub value: Option<String>,
    /// What the date is based on.
    pub basis: DateBasis,
}

/// A notice in the wire format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Notice {
    /// The kind of oddity.
    pub kind: NoticeKind,
    /// A description for people to read.
    pub message: String,
}

/// The engine in the wire format.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Engine {
    /// The program's version.
    pub version: String,
    /// The model's name.
    pub model: String,
}

names! {
    BlockKind {
        Headline = "headline",
        Lead = "lead",
        Byline = "byline",
        Dateline = "dateline",
        Paragraph = "paragraph",
        Question = "question",
        BlockQuotation = "block_quotation",
        Attribution = "attribution",
        ListItem = "list_item",
        Caption = "caption",
        Credit = "credit",
    }

    StatementKind {
        Direct = "direct",
        Indirect = "indirect",
        Mixed = "mixed",
    }

    Act {
        Say = "say",
        Ask = "ask",
        Demand = "demand",
        Warn = "warn",
        Threaten = "threaten",
        Promise = "promise",
        Accuse = "accuse",
        Praise = "praise",
        Deny = "deny",
        Admit = "admit",
        Agree = "agree",
        Decline = "decline",
        Believe = "believe",
        Want = "want",
        Find = "find",
    }

    Status {
        Made = "made",
        NotMade = "not_made",
        Expected = "expected",
        Possible = "possible",
        Disputed = "disputed",
    }

    EventType {
        Agree = "AGREE",
        Consult = "CONSULT",
        Support = "SUPPORT",
        Cooperate = "COOPERATE",
        Aid = "AID",
        Yield = "YIELD",
        Request = "REQUEST",
        Accuse = "ACCUSE",
        Reject = "REJECT",
        Threaten = "THREATEN",
        Protest = "PROTEST",
        Sanction = "SANCTION",
        Mobilize = "MOBILIZE",
        Coerce = "COERCE",
        Assault = "ASSAULT",
    }

    EventStatus {
        Happened = "happened",
        Planned = "planned",
        Possible = "possible",
        Denied = "denied",
    }

    QuadClass {
        VerbalCooperation = "verbal cooperation",
        MaterialCooperation = "material cooperation",
        VerbalConflict = "verbal conflict",
        MaterialConflict = "material conflict",
    }

    Side {
        Actor = "actor",
        Recipient = "recipient",
        Other = "other",
    }

    DateBasis {
        Text = "text",
        Statement = "statement",
        Article = "article",
    }

    EntityKind {
        Person = "person",
        Organization = "organization",
        Place = "place",
    }

    SpeakerKind {
        Person = "person",
        Organization = "organization",
        Group = "group",
        Document = "document",
        Unnamed = "unnamed",
        None = "none",
    }

    NoticeKind {
        Empty = "empty",
        Language = "language",
        Encoding = "encoding",
        Truncated = "truncated",
        UnclosedQuotation = "unclosed_quotation",
        Date = "date",
        Withdrawn = "withdrawn",
        Embargoed = "embargoed",
        Repeated = "repeated",
    }
}

/// Serialises a value that is missing in records of earlier versions: an empty string stands for its absence.
pub(crate) mod or_empty {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<T: Serialize, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => value.serialize(serializer),
            None => serializer.serialize_str(""),
        }
    }

    pub(crate) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let name = String::deserialize(deserializer)?;
        if name.is_empty() {
            return Ok(None);
        }
        T::deserialize(serde::de::value::StringDeserializer::new(name))
            .map(Some)
            .map_err(|e: serde::de::value::Error| D::Error::custom(e))
    }
}

/// Returns the name of entity number `n` of a record, counted from 0.
#[must_use]
pub fn entity_id(n: usize) -> String {
    format!("e{}", n + 1)
}

/// Returns the name of statement number `n` of a record, counted from 0.
#[must_use]
pub fn statement_id(n: usize) -> String {
    format!("s{}", n + 1)
}

/// Returns the name of event number `n` of a record, counted from 0.
#[must_use]
pub fn event_id(n: usize) -> String {
    format!("v{}", n + 1)
}

/// The claimant of an event that the article itself reports.
pub const ARTICLE: &str = "article";

fn speaker(s: &resolved::Speaker) -> Speaker {
    let entities: Vec<String> = s.entities.iter().copied().map(entity_id).collect();
    Speaker {
        name: s.name.clone(),
        kind: s.kind,
        role: s.role.clone(),
        entity: if let [only] = entities.as_slice() { Some(only.clone()) } else { None },
        entities,
        confidence: rounded(s.confidence),
    }
}

/// Rounds to three digits, because more would suggest a precision that no calibration has.
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

impl article::Record {
    /// Returns the record in the wire format.
    #[must_use]
    pub fn to_wire(&self) -> Record {
        self.into()
    }

    /// Returns the record in the wire format, as one line of JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a record has string keys only, and nothing in it fails")
    }
}

/// Serialises the record in the wire format, as [`written`] does.
impl Serialize for article::Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Put::of(self).serialize(serializer)
    }
}

/// Returns a value that serialises like [`Record`], converting one entity and one statement at a time.
///
/// This avoids a second copy of what can be hundreds of thousands of statements.
#[must_use]
pub fn written(record: &article::Record) -> impl Serialize + '_ {
    Put::of(record)
}

/// Serialises the fields of [`Record`], in the same order.
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

/// A sequence of `count` values, each made only when it is written.
struct Each<F> {
    count: usize,
    one: F,
}

impl<T: Serialize, F: Fn(usize) -> T> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.count).map(&self.one))
    }
}

/// Converts the parts of a record to the wire format.
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
            Block { kind: b.kind, start, end }
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
            kind: e.kind,
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
            kind: s.kind,
            source: s.source.as_ref().map(field),
            cue: s.cue.as_ref().map(field),
            content: field(&s.content),
            speaker: Some(speaker(&s.speaker)),
            addressee: s.addressee.as_deref().map(linked),
            medium: s.medium.as_deref().map(linked),
            occasion: s.occasion.as_deref().map(linked),
            about: s.about.iter().copied().map(entity_id).collect(),
            time: s.time.as_deref().map(time),
            act: Some(s.act),
            status: Some(s.status),
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
                kind: p.kind,
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
            EventTime { text, spans, value, basis: t.basis }
        };
        Event {
            id: event_id(n),
            kind: e.kind,
            trigger: self.field(&e.trigger),
            actor: e.actor.as_deref().map(party),
            recipient: e.recipient.as_deref().map(party),
            status: e.status,
            historical: e.historical,
            place: e.place.as_deref().map(place),
            time: e.time.as_deref().map(time),
            claimant: e.claimant.map_or_else(|| ARTICLE.to_owned(), statement_id),
            claimant_side: e.side,
            confidence: rounded(e.confidence),
            why: e.why.clone(),
            corrected: Vec::new(),
        }
    }

    fn field(&self, pieces: &Pieces) -> Field {
        Field {
            text: pieces.text(&self.record.article.text),
            spans: pieces.spans().iter().map(|&s| self.points.wire(s)).collect(),
        }
    }

    fn notices(&self) -> Vec<Notice> {
        let notice = |n: &article::Notice| Notice { kind: n.kind, message: n.message.clone() };
        self.record.article.notices.iter().map(notice).collect()
    }

    fn engine(&self) -> Engine {
        let article::EngineVersion { version, model } = &self.record.engine;
        Engine { version: version.clone(), model: model.clone() }
    }
}

/// Returns the SHA-256 hash of the text's UTF-8 bytes, in hexadecimal.
#[must_use]
pub fn content_hash(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}
