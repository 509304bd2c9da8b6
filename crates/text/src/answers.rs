//! The answers of a store, as JSON: statements, people, lineages and changes, one object per line.
//!
//! As in the record, fields may be added, but existing fields keep their names and meanings. Absent values are `null`.
//! Offsets count Unicode code points of the text that they refer to.

use std::borrow::Cow;

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::or_empty;
use crate::{
    Act, DateBasis, EntityKind, EventStatus, EventType, NoticeKind, QuadClass, Side, SpeakerKind,
    StatementKind, Status, wire,
};

mod kinds;

pub use kinds::{
    ChangeKind, ClaimedBy, Corrected, CorrectedEvent, DecidedField, DecisionKind, FacetField, Fate, Period,
    Relation,
};

/// The name of the format.
pub const SCHEMA: &str = "onrecord-answers/1";

/// [`SCHEMA`] as the value of a field. An answer in another format can't be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Schema;

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(SCHEMA)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(from)?;
        if name == SCHEMA { Ok(Self) } else { Err(D::Error::invalid_value(Unexpected::Str(&name), &SCHEMA)) }
    }
}

/// A statement that was found, with people's decisions applied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Hit {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The statement's name in the store: `12.s3`.
    pub statement: String,
    /// The statement's permanent address: sixteen hexadecimal digits.
    pub address: String,
    /// How it is quoted.
    pub kind: StatementKind,
    /// What kind of act it is. `None`, written as an empty string, in statements found by earlier versions.
    #[serde(with = "or_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub act: Option<Act>,
    /// Whether it was made. `None`, written as an empty string, in statements found by earlier versions.
    #[serde(with = "or_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub status: Option<Status>,
    /// Who said it.
    pub speaker: Option<String>,
    /// What kind of speaker it is.
    pub speaker_kind: Option<SpeakerKind>,
    /// The speaker's office or affiliation.
    pub role: Option<String>,
    /// The words that signal the attribution.
    pub cue: Option<String>,
    /// What was said.
    pub content: String,
    /// Where the pieces of `content` are in the article's text: start and end.
    #[serde(default)]
    pub spans: Vec<[usize; 2]>,
    /// The day on which it was said, in EDTF.
    pub said: Option<String>,
    /// When the article was published, in EDTF: the date that the document states, or else the date of its dateline.
    pub published: Option<String>,
    /// The article's publisher.
    pub outlet: Option<String>,
    /// The article's title.
    pub title: Option<String>,
    /// The article's web address.
    pub url: Option<String>,
    /// The caller's name for the article.
    pub source_id: String,
    /// The confidence, from 0 to 1.
    pub confidence: f64,
    /// Who passed the statement on, if it stands inside a statement by somebody else. Omitted if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relayed_by: Option<String>,
    /// The fields that a person corrected, plus `verdict` if a person accepted or rejected the statement.
    pub corrected: Vec<Corrected>,
    /// Whether a person rejected the statement, so that search and exports leave it out. Omitted if not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rejected: bool,
    /// Whether the publisher withdrew the article, with this version or with a later item. Omitted if not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// The positions in `content` of the words that match the query.
    pub matches: Vec<[usize; 2]>,
    /// How the statement relates to the person asked about. Omitted in other answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
}

/// What is said of an article that its publisher withdrew.
pub const WITHDRAWN: &str = "withdrawn by the publisher";

/// Returns what a reader must know before quoting a statement with this status: what [`Status::caveat`] says about it,
/// and that the article was withdrawn, if it was.
pub fn caveats(status: Option<Status>, withdrawn: bool) -> impl Iterator<Item = &'static str> {
    status.and_then(Status::caveat).into_iter().chain(withdrawn.then_some(WITHDRAWN))
}

impl Hit {
    /// Returns the statement's [caveats](caveats()).
    pub fn caveats(&self) -> impl Iterator<Item = &'static str> {
        caveats(self.status, self.withdrawn)
    }

    /// Returns what people decided about the statement, in words: `accepted`, `rejected`, or the fields that they set.
    #[must_use]
    pub fn decided(&self) -> Option<String> {
        let words = self.corrected.iter().map(|field| match field {
            Corrected::Verdict if self.rejected => "rejected",
            Corrected::Verdict => "accepted",
            Corrected::Speaker => DecidedField::Speaker.in_words(),
            Corrected::Role => DecidedField::Role.in_words(),
            Corrected::Said => DecidedField::Said.in_words(),
        });
        let words: Vec<&str> = words.collect();
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// Returns whose statement this is, for the beginning of a title: `Ada Brandt`, or if there are [caveats], with them:
    /// `Ada Brandt would not say (not made)`. A title is often all that people see.
    ///
    /// [caveats]: caveats()
    #[must_use]
    pub fn whose(&self) -> String {
        let speaker = self.speaker.as_deref().unwrap_or("Somebody");
        let caveats = self.caveats().collect::<Vec<_>>().join(", ");
        match &self.cue {
            _ if caveats.is_empty() => speaker.to_owned(),
            Some(cue) => format!("{speaker} {cue} ({caveats})"),
            None => format!("{speaker} ({caveats})"),
        }
    }
}

/// A person, organisation or place across articles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Person {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The person's number in the store: `p12`.
    pub person: String,
    /// The fullest name.
    pub name: String,
    /// What kind of entity it is.
    pub kind: EntityKind,
    /// The roles that articles give, the most frequent first.
    pub roles: Vec<String>,
    /// The number of articles that name this person.
    pub articles: usize,
}

/// One version of a quotation in a lineage. The version published first comes first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Version {
    /// The statement.
    #[serde(flatten)]
    pub hit: Hit,
    /// How this version changes the first one. `null` for the first version itself.
    pub change: Option<ChangeKind>,
    /// The differences between the words of the first version and of this one.
    pub diff: Vec<Edit>,
    /// The first version's cue, if this version has a different one.
    pub cue_was: Option<String>,
    /// The first version's speaker, if this version has a different one.
    pub speaker_was: Option<String>,
    /// The statement of an earlier version, if its article is a copy of the same wire story.
    pub copy_of: Option<String>,
}

/// How a statement changed from one version of an article to the next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Change {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The number of the article's earlier version.
    pub earlier: i64,
    /// The number of the article's later version.
    pub later: i64,
    /// What became of the statement.
    pub change: Fate,
    /// The statement before the change. Omitted if the statement is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Hit>,
    /// The statement after the change. Omitted if the statement is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Hit>,
    /// The differences between the words before and after. Omitted unless the statement changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diff: Vec<Edit>,
}

/// A page of statements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Hits {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The statements.
    pub hits: Vec<Hit>,
    /// The cursor of the next page: the address of the last statement. `null` if no statement follows.
    pub next: Option<String>,
    /// Whether older statements were left out of the ranking by relevance.
    pub cut: bool,
}

/// The people whom a name may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct People {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The one with exactly this name, or else everyone whose name contains its words, those in the most articles
    /// first.
    pub people: Vec<Person>,
}

/// The names that complete what somebody began to type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Completions {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The names, those in the most articles first.
    pub names: Vec<Completion>,
}

/// The versions of a quotation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Lineage {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The versions, the first published first.
    pub versions: Vec<Version>,
    /// Whether there may be more versions: there were more candidates than were compared, or other statements have
    /// exactly the words of the query.
    pub more: bool,
}

/// What changed between the versions of an article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ArticleChanges {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// One entry for each pair of successive versions, oldest first.
    pub steps: Vec<Step>,
}

/// What changed from one version of an article to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Step {
    /// The number of the earlier version.
    pub earlier: i64,
    /// The number of the later version.
    pub later: i64,
    /// The number of statements that stayed the same.
    pub same: usize,
    /// The other statements.
    pub changes: Vec<Change>,
}

/// What people decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Decisions {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The decisions, oldest first.
    pub decisions: Vec<Decision>,
}

/// The records of the documents that somebody sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reading {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The records, in wire format 1, in the order of the documents.
    pub records: Vec<wire::Record>,
    /// What could not be read, one description per document.
    pub unread: Vec<String>,
    /// Whether there are more documents than were read.
    pub more: bool,
}

/// How often each value of some fields occurs among the statements that a query finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Facets {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The number of statements or reports that were counted: the newest matches.
    pub counted: usize,
    /// Whether these were all matches.
    pub complete: bool,
    /// The fields: `speaker`, `speaker_kind`, `act`, `outlet`, `month`, `kind`. For reports of events: `type`,
    /// `status`, `side`, `actor`, `recipient`, `claimant`, `outlet`.
    pub facets: Vec<Facet>,
}

/// How often each value of one field occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Facet {
    /// The field.
    pub field: FacetField,
    /// The most frequent values, the most frequent first. For `month`: the latest first.
    pub values: Vec<FacetValue>,
    /// The number of further values, which are not listed.
    pub others: usize,
}

/// One value of a field, and how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// The number of statements that have it.
    pub count: usize,
    /// The item of the query language that finds statements with this value. `null` if no query can.
    pub query: Option<String>,
    /// For a speaker who is known across articles: the number in the store, `p12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

/// When the statements that a query finds were published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Timeline {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The length of a bucket, which depends on the time between the first and last statement.
    pub unit: Period,
    /// The buckets, the earliest first.
    ///
    /// Buckets without statements are included, unless there would be more than 400 buckets.
    pub buckets: Vec<Bucket>,
    /// The number of statements from articles without a date.
    pub undated: usize,
    /// The number of statements or reports that were counted: the newest matches.
    pub counted: usize,
    /// Whether these were all matches. If not, the first bucket may have more statements than counted.
    pub complete: bool,
}

/// The statements published in one day, month or year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Bucket {
    /// The day, month or year: `2016-03-04`, `2016-03`, `2016`.
    pub date: String,
    /// The number of statements.
    pub count: usize,
    /// The item of the query language that finds statements published then.
    pub query: String,
}

/// Somebody across articles, as another answer refers to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PersonRef {
    /// The person's number in the store: `p12`.
    pub person: String,
    /// The fullest name.
    pub name: String,
    /// What kind of entity it is.
    pub kind: EntityKind,
    /// The entity of the article's record that refers to this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The evidence that the entity is this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// A name that completes what somebody began to type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Completion {
    /// The person's number in the store: `p12`.
    pub person: String,
    /// The fullest name.
    pub name: String,
    /// What kind of entity it is.
    pub kind: EntityKind,
    /// The number of articles that name this person. Counting stops at 1,000.
    pub articles: usize,
}

/// A version of an article, as another answer refers to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ArticleRef {
    /// The number of this version in the store.
    pub article: i64,
    /// What all versions of the article have in common: its web address, or else its name.
    pub key: String,
    /// SHA-256 of the text, in hexadecimal.
    pub id: String,
    /// The caller's name for the article.
    pub source_id: String,
    /// The web address.
    pub url: Option<String>,
    /// The publisher.
    pub outlet: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The date of publication, in EDTF: the date that the document states, or else the date of its dateline.
    pub published: Option<String>,
    /// The language, as a BCP 47 tag.
    pub language: Option<String>,
    /// Whether this is the latest version.
    pub latest: bool,
    /// Whether the publisher withdrew the article, with this version or with a later item. Omitted if not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// The number of statements in this version.
    pub statements: usize,
}

/// One statement with what surrounds it in its article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StoredStatement {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The statement as search shows it, with its permanent address.
    pub hit: Hit,
    /// The statement as in the record, with people's decisions applied. Offsets refer to the article's text.
    pub statement: wire::Statement,
    /// The people who speak, where they are known across articles.
    pub speakers: Vec<PersonRef>,
    /// The people whom the content names, where they are known across articles.
    pub about: Vec<PersonRef>,
    /// The statement inside which this one is relayed.
    pub parent: Option<Hit>,
    /// The statements that are relayed inside this one.
    pub children: Vec<Hit>,
    /// The part of the article around the statement.
    pub context: Context,
    /// The article.
    pub article: ArticleRef,
    /// The address of the statement before this one in the article.
    pub previous: Option<String>,
    /// The address of the statement after this one in the article.
    pub next: Option<String>,
    /// The engine that found the statement.
    pub engine: wire::Engine,
    /// What people decided about the statement, oldest first. Decisions that were taken back are not included.
    pub decisions: Vec<Decision>,
    /// Whether a person rejected the statement, so that search and exports leave it out.
    pub rejected: bool,
}

/// Part of an article's text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Context {
    /// The first code point of the part, in the article's text.
    pub start: usize,
    /// The code point just after the last one.
    pub end: usize,
    /// The text of the part, verbatim.
    pub text: String,
    /// The blocks of the part. Their offsets refer to the article's text.
    pub blocks: Vec<wire::Block>,
}

/// What a person decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Decision {
    /// The decision's number.
    pub decision: i64,
    /// When the decision was made, in UTC.
    pub made: String,
    /// Who made the decision, if they gave a name.
    pub by: Option<String>,
    /// The kind of decision.
    pub kind: DecisionKind,
    /// For `set`: the field.
    pub field: Option<DecidedField>,
    /// For `set`: the value. For `split`: the name.
    pub value: Option<String>,
    /// The content of the statement that the decision is about, or the trigger of the report.
    pub content: Option<String>,
    /// The key of the article that the decision is about.
    pub article: Option<String>,
    /// For `merge`: the permanent keys of the two people.
    pub people: Vec<String>,
    /// Whether the decision was taken back.
    pub undone: bool,
    /// Whether the decision is about a report of an event and not about a statement.
    #[serde(default)]
    pub on_event: bool,
}

/// One version of an article, with its statements and the article's other versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StoredArticle {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The version.
    pub article: ArticleRef,
    /// The record of the version, with people's decisions applied. Rejected statements are left out.
    pub record: wire::Record,
    /// The permanent addresses of the record's statements, in the same order.
    pub addresses: Vec<String>,
    /// The people whom the record's entities refer to across articles.
    pub people: Vec<PersonRef>,
    /// All versions of the article, oldest first.
    pub versions: Vec<ArticleRef>,
}

/// A person, organisation or place, with what the archive has about them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Profile {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The person.
    pub person: Person,
    /// The roles that articles give, with the dates when they gave them, the most frequent first.
    pub roles: Vec<RoleSpan>,
    /// The number of statements that the person made.
    pub said: usize,
    /// The number of statements that others made about the person.
    pub about: usize,
    /// The length of a bucket of `over_time`.
    pub unit: Period,
    /// What the person said and what others said about them, by the date of publication, the earliest first.
    pub over_time: Vec<ProfileBucket>,
    /// Whom the person's statements name, the most frequent first.
    pub mentions: Vec<PersonCount>,
    /// Who names the person in a statement, the most frequent first.
    pub mentioned_by: Vec<PersonCount>,
    /// The names in articles that were joined under this person, and why, the most frequent first.
    pub names: Vec<JoinedName>,
    /// The people whom somebody merged with this one.
    pub merged: Vec<MergedPerson>,
    /// The number of the person's newest articles from which `roles` and `names` were drawn, and of the newest
    /// statements from which `mentions` and `mentioned_by` were drawn.
    pub looked_at: usize,
    /// Whether these were all of the person's articles and statements.
    pub complete: bool,
}

/// A role, and when articles gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoleSpan {
    /// The role, as articles write it.
    pub role: String,
    /// The number of articles that give it.
    pub articles: usize,
    /// The date of the earliest article that gives it, in EDTF.
    pub first: Option<String>,
    /// The date of the latest article that gives it, in EDTF.
    pub last: Option<String>,
}

/// The statements by and about somebody published in one day, month or year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProfileBucket {
    /// The day, month or year.
    pub date: String,
    /// The number of statements that the person made.
    pub said: usize,
    /// The number of statements that others made about the person.
    pub about: usize,
}

/// Somebody, and a number of statements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PersonCount {
    /// The person's number in the store: `p12`.
    pub person: String,
    /// The fullest name.
    pub name: String,
    /// What kind of entity it is.
    pub kind: EntityKind,
    /// The number of statements.
    pub statements: usize,
}

/// A name that articles use for somebody, and why it was joined to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct JoinedName {
    /// The name, as articles write it in full.
    pub name: String,
    /// The evidence that this name refers to the person.
    pub evidence: String,
    /// The number of articles that use the name, with this evidence.
    pub articles: usize,
    /// The date of the earliest of these articles, in EDTF.
    pub first: Option<String>,
    /// The date of the latest of these articles, in EDTF.
    pub last: Option<String>,
    /// The address of a statement by this person under this name. To separate the person of that article from this one,
    /// split this statement.
    pub statement: Option<String>,
}

/// Somebody who was merged with another person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MergedPerson {
    /// The number in the store: `p12`.
    pub person: String,
    /// The fullest name.
    pub name: String,
    /// What kind of entity it is.
    pub kind: EntityKind,
    /// The decisions that merged this person with another, which can be taken back.
    pub decisions: Vec<i64>,
}

/// What a store covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Coverage {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The number of articles, not counting earlier versions.
    pub articles: usize,
    /// The number of versions of all articles.
    pub versions: usize,
    /// The number of statements in the latest versions.
    pub statements: usize,
    /// The number of articles without a date.
    pub undated: usize,
    /// The first day with an article, in EDTF.
    pub first: Option<String>,
    /// The last day with an article, in EDTF.
    pub last: Option<String>,
    /// The outlets, those with the most articles first.
    pub outlets: Vec<OutletCoverage>,
    /// The longest periods in which no outlet has an article, between the first and the last day.
    pub gaps: Vec<Gap>,
    /// Oddities noticed in the articles, by kind, the most frequent first.
    pub notices: Vec<NoticeCount>,
    /// The engines that read the articles, the most frequent first.
    pub engines: Vec<EngineCount>,
    /// The version of the store's database schema.
    pub store_schema: i64,
}

/// What a store has from one outlet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OutletCoverage {
    /// The outlet. `null` for articles that name none.
    pub outlet: Option<String>,
    /// The number of articles.
    pub articles: usize,
    /// The number of statements.
    pub statements: usize,
    /// The date of the first article, in EDTF.
    pub first: Option<String>,
    /// The date of the last article, in EDTF.
    pub last: Option<String>,
    /// The number of days with an article.
    pub days: usize,
    /// The longest periods without an article between the first and the last day.
    pub gaps: Vec<Gap>,
    /// The item of the query language that finds this outlet's statements. `null` if no query can.
    pub query: Option<String>,
}

/// A period of at least seven days without an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Gap {
    /// The first day without an article.
    pub from: String,
    /// The last day without an article.
    pub to: String,
    /// The number of days.
    pub days: usize,
}

/// How many notices of a kind there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NoticeCount {
    /// The kind of notice.
    pub kind: NoticeKind,
    /// The number of notices.
    pub notices: usize,
    /// The newest notices of this kind.
    pub examples: Vec<NoticeAt>,
}

/// A notice and its article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NoticeAt {
    /// The number of the article's version.
    pub article: i64,
    /// The title.
    pub title: Option<String>,
    /// What was noticed.
    pub message: String,
}

/// How many articles an engine read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EngineCount {
    /// The engine's version.
    pub version: String,
    /// The name of its model.
    pub model: String,
    /// The number of articles.
    pub articles: usize,
}

/// One piece of a word-by-word comparison: an object with exactly one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Edit {
    /// Words in both versions.
    Kept(String),
    /// Words only in the earlier version.
    Deleted(String),
    /// Words only in the later version.
    Inserted(String),
}

/// A report of an event that was found, with people's decisions applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Report {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The report's name in the store: `12.v3`.
    pub report: String,
    /// The PLOVER type.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// The class of the type.
    pub class: QuadClass,
    /// Whether it happened, according to the claimant.
    pub status: EventStatus,
    /// Whether the event is reported as history.
    pub historical: bool,
    /// The words that express the act.
    pub trigger: String,
    /// Who acts.
    pub actor: Option<ReportParty>,
    /// To whom the act is done.
    pub recipient: Option<ReportParty>,
    /// Where it takes place.
    pub place: Option<String>,
    /// The country of the place, as an ISO 3166 alpha-3 code.
    pub place_country: Option<String>,
    /// The date of the event, in EDTF.
    pub date: Option<String>,
    /// What the date is based on.
    pub date_basis: Option<DateBasis>,
    /// `article`, or the speaker of the statement that reports the event. `null` for a statement without a speaker.
    pub claimant: Option<String>,
    /// Which side the claimant is on. `null` if that is unknown, or if the article itself reports the event.
    pub claimant_side: Option<Side>,
    /// The statement that reports the event. `null` if the article itself does.
    pub claim: Option<Hit>,
    /// The sentence around the trigger.
    pub sentence: String,
    /// The position of the trigger in `sentence`.
    pub trigger_at: [usize; 2],
    /// When the article was published, in EDTF: the date that the document states, or else the date of its dateline.
    pub published: Option<String>,
    /// The article's publisher.
    pub outlet: Option<String>,
    /// The article's title.
    pub title: Option<String>,
    /// The article's web address.
    pub url: Option<String>,
    /// The caller's name for the article.
    pub source_id: String,
    /// The confidence, from 0 to 1.
    pub confidence: f64,
    /// The fields that a person corrected, plus `verdict` if a person accepted the report.
    pub corrected: Vec<CorrectedEvent>,
    /// Whether the publisher withdrew the article, with this version or with a later item. Omitted if not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

impl Report {
    /// Returns a report that says nothing else yet.
    #[must_use]
    pub fn new(kind: EventType, status: EventStatus) -> Self {
        Self {
            schema: Schema,
            report: String::new(),
            kind,
            class: kind.quad_class(),
            status,
            historical: false,
            trigger: String::new(),
            actor: None,
            recipient: None,
            place: None,
            place_country: None,
            date: None,
            date_basis: None,
            claimant: None,
            claimant_side: None,
            claim: None,
            sentence: String::new(),
            trigger_at: [0; 2],
            published: None,
            outlet: None,
            title: None,
            url: None,
            source_id: String::new(),
            confidence: 0.0,
            corrected: Vec::new(),
            withdrawn: false,
        }
    }
}

impl Report {
    /// Returns who reports the event.
    #[must_use]
    pub fn claimed_by(&self) -> ClaimedBy {
        ClaimedBy::of(self.claim.is_some(), self.claimant_side)
    }
}

/// The actor or the recipient of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReportParty {
    /// The name, or words of the article.
    pub name: String,
    /// What kind of party it is.
    pub kind: SpeakerKind,
    /// The ISO 3166 alpha-3 codes of its countries, joined by ` | `.
    pub country: Option<String>,
    /// Its PLOVER sector codes, joined by ` | `.
    pub sector: Option<String>,
}

/// The number of reports of one kind between two parties, in one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RelationCount {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The period: a day, a month or a year. `null` for reports whose date is not exact enough.
    pub period: Option<String>,
    /// Who acts, as asked for.
    pub actor: String,
    /// To whom it is done, as asked for.
    pub recipient: String,
    /// The class of the events.
    pub class: QuadClass,
    /// Who reports them.
    pub claimed_by: ClaimedBy,
    /// Whether they happened, according to the claimants.
    pub status: EventStatus,
    /// The number of reports.
    pub reports: usize,
}

/// Reports about the same parties and the same class of events, within two days, by different claimants or with
/// opposing statuses. Nothing is merged, and no account is preferred.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Accounts {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The parties. Either may be the actor.
    pub parties: [String; 2],
    /// The class of the events.
    pub class: QuadClass,
    /// The dates of the first and of the last event.
    pub days: [String; 2],
    /// The reports, in the order of their dates.
    pub reports: Vec<Report>,
}

/// A page of reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reports {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The reports, newest first.
    pub reports: Vec<Report>,
    /// The cursor of the next page: the name of the last report. `null` if no more follow.
    pub next: Option<String>,
    /// What to do if the store has no reports at all. Absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// The numbers of reports between two parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Relations {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The numbers, the earliest period first. Reports without an exact date come last.
    pub relations: Vec<RelationCount>,
    /// What to do if the store has no reports at all. Absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Rival accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RivalAccounts {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub schema: Schema,
    /// The accounts, the latest first.
    pub accounts: Vec<Accounts>,
    /// What to do if the store has no reports at all. Absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_keep_their_shape() {
        let hit = Hit { statement: "12.s3".to_owned(), ..Hit::default() };
        let version =
            Version { hit: hit.clone(), diff: vec![Edit::Kept("a".to_owned())], ..Version::default() };
        let json = serde_json::to_value(&version).unwrap();
        assert_eq!(json["schema"], "onrecord-answers/1");
        assert_eq!(json["statement"], "12.s3");
        assert_eq!(json["diff"], serde_json::json!([{"kept": "a"}]));
        assert!(json["change"].is_null() && json["speaker"].is_null() && json.get("relation").is_none());
        assert_eq!(serde_json::from_value::<Version>(json).unwrap(), version);
        let change = Change { change: Fate::Appeared, is: Some(hit), ..Change::default() };
        let json = serde_json::to_value(&change).unwrap();
        assert!(json.get("was").is_none() && json.get("diff").is_none());
        assert_eq!(serde_json::from_value::<Change>(json).unwrap(), change);
    }

    #[test]
    fn a_title_has_what_a_reader_must_know() {
        let hit = |speaker: &str, cue: &str, status, withdrawn| {
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let (speaker, cue, status) = (text(speaker), text(cue), Some(status));
            Hit { speaker, cue, status, withdrawn, ..Hit::default() }.whose()
        };
        assert_eq!(hit("Ada Brandt", "said", Status::Made, false), "Ada Brandt");
        assert_eq!(
            hit("Ada Brandt", "would not say", Status::NotMade, false),
            "Ada Brandt would not say (not made)"
        );
        assert_eq!(
            hit("Ada Brandt", "said", Status::Made, true),
            "Ada Brandt said (withdrawn by the publisher)"
        );
        assert_eq!(
            hit("", "", Status::Disputed, true),
            "Somebody (disputed by the article, withdrawn by the publisher)"
        );
    }

    #[test]
    fn answers_in_another_format_are_not_read() {
        let people = |schema: &str| {
            serde_json::from_str::<People>(&format!(r#"{{"schema": "{schema}", "people": []}}"#))
        };
        assert_eq!(people(SCHEMA).unwrap(), People { schema: Schema, people: Vec::new() });
        let wrong = people("onrecord-answers/2").unwrap_err().to_string();
        assert!(
            wrong.contains("onrecord-answers/2") && wrong.contains("expected onrecord-answers/1"),
            "{wrong}"
        );
    }
}
