//! The query languages for finding statements and reports of events, and a builder for queries.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use onrecord_text::answers::ClaimedBy;
use onrecord_text::{
    Act, EventStatus, EventType, NoticeKind, PartialDate, QuadClass, SpeakerKind, StatementKind, Status,
};

use crate::ids::ids_between;
use crate::index::{HISTORICAL, NOTICE, SIDE, kind_word};
use crate::words;

/// The maximum nesting depth of parentheses. The stack of SQLite's expression parser has a hundred entries.
const DEEPEST: usize = 12;
/// The maximum number of words, phrases and filters in a query. SQLite reads a list for each of them.
const MOST: usize = 200;
/// The maximum length of a query, in bytes.
const LONGEST: usize = 4000;

/// The values of `kind:`: first those of statements, then those of speakers.
const KINDS: [&str; 9] =
    ["direct", "indirect", "mixed", "person", "organization", "group", "document", "unnamed", "none"];

/// What one kind of query may ask for.
struct Language {
    /// The column in which words without a field are searched for.
    words: &'static str,
    /// The word in the column `kind` that every row has.
    every: &'static str,
    /// The fields that search for words in the column of the same name.
    columns: &'static [&'static str],
    /// The fields that have only a few values.
    closed: Vec<Closed>,
    /// The field for a range of days, and its column.
    days: &'static str,
    /// The fields that limit a query as a whole.
    limits: &'static [&'static str],
}

/// The field for the days of publication.
const PUBLISHED: &str = "published";
/// The field for the least confidence.
const CONFIDENCE: &str = "confidence";

/// A field that has only a few values, each of which is a word in the column `kind`.
struct Closed {
    field: &'static str,
    values: Vec<&'static str>,
    /// What comes before the value in the word, so that no other field has the same word.
    prefix: &'static str,
}

impl Closed {
    /// The field for what was noticed about the article.
    fn notices() -> Self {
        Self { field: "notice", values: NoticeKind::ALL.map(NoticeKind::name).to_vec(), prefix: NOTICE }
    }
}

impl Language {
    fn statements() -> Self {
        Self {
            words: "content",
            every: "statement",
            columns: &["speaker", "about", "outlet", "role"],
            closed: vec![
                Closed { field: "kind", values: KINDS.to_vec(), prefix: "" },
                Closed { field: "act", values: Act::ALL.map(Act::name).to_vec(), prefix: "" },
                Closed { field: "status", values: Status::ALL.map(Status::name).to_vec(), prefix: "" },
                Closed::notices(),
            ],
            days: "said",
            limits: &[PUBLISHED],
        }
    }

    fn events() -> Self {
        Self {
            words: "words",
            every: "report",
            columns: &["actor", "recipient", "claimant", "place", "outlet"],
            closed: vec![
                Closed { field: "type", values: EventType::ALL.map(EventType::name).to_vec(), prefix: "" },
                Closed { field: "class", values: QuadClass::ALL.map(QuadClass::name).to_vec(), prefix: "" },
                Closed {
                    field: "status",
                    values: EventStatus::ALL.map(EventStatus::name).to_vec(),
                    prefix: "",
                },
                Closed { field: "side", values: ClaimedBy::ALL.map(ClaimedBy::name).to_vec(), prefix: SIDE },
                Closed { field: "historical", values: vec!["yes", "no"], prefix: HISTORICAL },
                Closed::notices(),
            ],
            days: "date",
            limits: &[PUBLISHED, CONFIDENCE],
        }
    }

    /// Returns the expression that matches every row.
    fn everything(&self) -> String {
        format!("kind : \"{}\"", self.every)
    }

    /// Returns the names of all fields.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        let closed = self.closed.iter().map(|c| c.field);
        let limits = self.limits.iter().copied();
        self.columns.iter().copied().chain(closed).chain([self.days]).chain(limits)
    }

    /// Returns the names of all fields, for an error message.
    fn fields(&self) -> String {
        self.names().map(|field| format!("{field}:")).collect::<Vec<_>>().join(", ")
    }
}

/// A query for statements: parsed from text, or made with a [`QueryBuilder`].
///
/// # The query language
///
/// ```text
/// query  = item+                       all of them
/// item   = item "OR" item              either; binds more tightly than the space between items
///        | "-" item                    not
///        | "(" query ")"
///        | field ":" value
///        | word | word "*" | "\"" words "\""
/// field  = speaker | about | outlet | kind | act | status | role | notice | said | published
/// ```
///
/// Words are searched for in the content of statements, ignoring case and diacritics. A star stands for the rest of a
/// word. A value of more than one word stands in quotation marks. The name of a field may be in capitals.
///
/// | field | finds statements | values |
/// |---|---|---|
/// | `speaker:` | made by somebody with these words in the name | `brandt`, `"Ada Brandt"` |
/// | `about:` | whose content names somebody or something with these words in the name | `lund` |
/// | `outlet:` | from articles of a publisher or an address | `sound.example` |
/// | `role:` | by speakers with these words in their office | `minister` |
/// | `kind:` | of this kind, or by this kind of speaker | `direct`, `indirect`, `mixed`; `person`, `organization`, `group`, `document`, `unnamed`, `none` |
/// | `act:` | of this act | the names of [`Act`] |
/// | `status:` | with this status | the names of [`Status`] |
/// | `notice:` | from articles with a notice of this kind: `-notice:withdrawn` | the names of [`NoticeKind`] |
/// | `said:` | said on these days | `2016`, `2016-03`, `2016-03-04`, `2016..2017-06`, `2016..`, `..2016` |
/// | `published:` | from articles published on these days | likewise; once, not in parentheses, after `-` or next to `OR` |
///
/// A query has at most 4,000 bytes, and 200 words and filters. Parentheses may be nested at most 12 deep.
///
/// ```
/// use onrecord_store::Query;
///
/// let query: Query = "speaker:brandt \"nobody will pay\" published:2016..".parse()?;
/// assert_ne!(query, Query::everything());
/// let error = "bridge speeker:brandt".parse::<Query>().unwrap_err();
/// assert_eq!(error.at, 8);
/// # Ok::<(), onrecord_store::QueryError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Query {
    /// The expression in FTS5's language, for the table `words`, or `event_words` in an [`EventQuery`].
    pub(crate) expression: String,
    /// The range of ids of what was published within the query's days, if it has any.
    published: Option<(i64, i64)>,
    /// The least confidence of a match, in thousandths, if the query has one.
    pub(crate) least_confidence: Option<u16>,
    /// The words and phrases to mark in a match's content, folded. `true` if the last word is only a prefix.
    pub(crate) terms: Vec<(Vec<String>, bool)>,
}

/// The error for a query that could not be parsed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {what}")]
pub struct QueryError {
    /// The position of the error, in characters, counted from 1.
    pub at: usize,
    /// A description of the error.
    pub what: String,
}

/// A query for reports of events.
///
/// It has the grammar of a [`Query`] with fields of its own. Words without a field are searched for in the sentence
/// that reports the event.
///
/// | field | finds reports | values |
/// |---|---|---|
/// | `actor:`, `recipient:` | whose actor or recipient has these words in the name or role, or this country or sector | `harbour`, `RUS`, `MIL` |
/// | `claimant:` | claimed by somebody with these words in the name, or by the article itself | `brandt`, `article` |
/// | `place:` | of events at a place with these words in the name, or in this country | `oslo`, `NOR` |
/// | `outlet:` | from articles of a publisher or an address | `sound.example` |
/// | `type:` | of this type | the names of [`EventType`] |
/// | `class:` | of a type in this class | the names of [`QuadClass`] |
/// | `status:` | with this status, according to the claimant | the names of [`EventStatus`] |
/// | `side:` | by a claimant on this side | the names of [`ClaimedBy`] |
/// | `historical:` | of events that the article reports as history, or of others | `yes`, `no` |
/// | `notice:` | from articles with a notice of this kind | the names of [`NoticeKind`] |
/// | `date:` | of events on these days | as in `said:` |
/// | `published:` | from articles published on these days | as in a [`Query`] |
/// | `confidence:` | of at least this confidence | from `0` to `1`; once, like `published:` |
///
/// ```
/// use onrecord_store::EventQuery;
///
/// let query: EventQuery = "actor:RUS recipient:TUR class:material-conflict -side:actor date:2015-11..".parse()?;
/// assert_ne!(query, EventQuery::everything());
/// let error = "type:WAR".parse::<EventQuery>().unwrap_err();
/// assert!(error.what.starts_with("“type:” is one of AGREE, CONSULT"));
/// # Ok::<(), onrecord_store::QueryError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct EventQuery(pub(crate) Query);

impl Query {
    /// Returns an empty builder.
    pub fn builder() -> QueryBuilder {
        QueryBuilder::default()
    }

    /// Returns the query that matches every statement.
    pub fn everything() -> Self {
        Self::all_of(&Language::statements())
    }

    /// Examples of queries for statements with what each finds, for a help text.
    pub const EXAMPLES: [(&str, &str); 14] = [
        ("bridge toll", "both words in what was said; case and accents make no difference"),
        ("\"nobody will pay\"", "these words in this order"),
        ("brid*", "words that begin like this"),
        ("bridge OR tunnel", "either; a OR b c means (a OR b) c"),
        ("bridge -toll", "the first word and not the second; ( ) group"),
        ("speaker:brandt", "who said it, in the article's words or by the name across articles"),
        ("about:\"baltic rail\"", "who or what is named in it"),
        ("role:minister outlet:sound", "the speaker's office, and the publisher"),
        ("act:accuse status:not_made", "what kind of act it is, and whether it was said at all"),
        ("kind:direct", "how it is quoted: also indirect, mixed"),
        ("kind:person", "who speaks: also organization, group, document, unnamed, none"),
        ("-notice:withdrawn", "not from articles that their publishers withdrew"),
        ("said:2015-11..2015-12", "when it was said: a year, a month, a day, or a range"),
        ("published:2015..", "when the article was published; either end of a range may be left out"),
    ];

    /// Returns the text of a query with one more item, such as those that facets and timelines give.
    ///
    /// The text may be empty. A query has at most one range of days of publication, so an item `published:` replaces
    /// the one that the query has.
    ///
    /// ```
    /// use onrecord_store::Query;
    ///
    /// assert_eq!(Query::narrowed("toll published:2016", "published:2016-03")?, "toll published:2016-03");
    /// assert_eq!(Query::narrowed("a OR b", "speaker:brandt")?, "a OR b speaker:brandt");
    /// # Ok::<(), onrecord_store::QueryError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a query, or if the text with the item isn't one.
    pub fn narrowed(text: &str, item: &str) -> Result<String, QueryError> {
        narrowed(text, item, &Language::statements())
    }

    /// Returns the text of a query without one of its items, such as those that facets give, or `None` if the query
    /// does not have this item by itself.
    ///
    /// ```
    /// use onrecord_store::Query;
    ///
    /// assert_eq!(Query::without("toll kind:direct", "kind:direct").as_deref(), Some("toll"));
    /// assert_eq!(Query::without("\"toll kind:direct\"", "kind:direct"), None);
    /// ```
    #[must_use]
    pub fn without(text: &str, item: &str) -> Option<String> {
        without(text, item, &Language::statements())
    }

    /// Returns the text of a query without its range of days of publication.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a query.
    pub fn without_days(text: &str) -> Result<String, QueryError> {
        let found = parsed(text, &Language::statements())?;
        Ok(found.published.map_or_else(|| text.trim().to_owned(), |place| cut(text, place)))
    }

    /// Returns the first and the last day of publication that a query asks for, as it gives them. Either may be empty.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a query.
    pub fn days(text: &str) -> Result<Option<[&str; 2]>, QueryError> {
        let found = parsed(text, &Language::statements())?;
        Ok(found.published.map(|(from, to)| {
            let value = text[from..to].split_once(':').map_or("", |(_, value)| value);
            let days = value.trim_matches(['"', '“', '”']);
            days.split_once("..").map_or([days, days], |(first, last)| [first, last])
        }))
    }

    /// Returns the range of ids of what was published within the query's days: all ids if it has no days.
    pub(crate) fn ids(&self) -> (i64, i64) {
        self.published.unwrap_or((i64::MIN, i64::MAX))
    }

    fn all_of(language: &Language) -> Self {
        Self { expression: language.everything(), published: None, least_confidence: None, terms: Vec::new() }
    }
}

impl EventQuery {
    /// Returns the query that matches every report.
    pub fn everything() -> Self {
        Self(Query::all_of(&Language::events()))
    }

    /// Examples of queries for reports with what each finds, for a help text.
    pub const EXAMPLES: [(&str, &str); 15] = [
        ("raid port", "both words in the sentence that reports the event"),
        ("actor:RUS", "who acts: an ISO 3166 or PLOVER sector code, or words of a name"),
        ("recipient:\"baltic rail\"", "to whom it is done"),
        ("type:ASSAULT", "a PLOVER type"),
        ("class:material-conflict", "also verbal-conflict, verbal-cooperation, material-cooperation"),
        ("status:denied", "also happened, planned, possible: according to the claimant"),
        ("claimant:brandt", "who claims it; claimant:article for what articles report themselves"),
        ("side:recipient", "the claimant's side: actor, recipient, other, unknown; or article"),
        ("place:norden", "where the event took place"),
        ("outlet:sound", "the publisher or the web address of the article"),
        ("historical:no", "not reported as history"),
        ("-notice:withdrawn", "not from articles that their publishers withdrew"),
        ("date:2015-11..2015-12", "when the event took place"),
        ("published:2015..", "when the article was published"),
        ("confidence:0.5", "at least this confidence, from 0 to 1"),
    ];

    /// Returns the text of a query with one more item, as [`Query::narrowed`] does.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a query for reports, or if the text with the item isn't one.
    pub fn narrowed(text: &str, item: &str) -> Result<String, QueryError> {
        narrowed(text, item, &Language::events())
    }

    /// Returns the text of a query without one of its items, as [`Query::without`] does.
    #[must_use]
    pub fn without(text: &str, item: &str) -> Option<String> {
        without(text, item, &Language::events())
    }
}

fn narrowed(text: &str, item: &str, language: &Language) -> Result<String, QueryError> {
    let published = parsed(text, language)?.published;
    let kept = match published {
        Some(place) if item.starts_with("published:") => cut(text, place),
        _ => text.to_owned(),
    };
    let narrowed = joined([&kept, item]);
    parsed(&narrowed, language).map(drop)?;
    Ok(narrowed)
}

fn without(text: &str, item: &str, language: &Language) -> Option<String> {
    let items = parsed(text, language).ok()?.items;
    let rest = cut(text, items.into_iter().find(|&(from, to)| &text[from..to] == item)?);
    parsed(&rest, language).is_ok().then_some(rest)
}

/// Returns a text without the part between two places.
fn cut(text: &str, (from, to): (usize, usize)) -> String {
    joined([&text[..from], &text[to..]])
}

fn joined(parts: [&str; 2]) -> String {
    let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// Returns whether queries for statements have a field of this name, in any case.
pub(crate) fn is_field(name: &str) -> bool {
    Language::statements().names().any(|field| field.eq_ignore_ascii_case(name))
}

/// Returns the item that finds statements with this value in a field, or `None` if the value has no letter or digit.
pub(crate) fn item(field: &str, value: &str) -> Option<String> {
    (!words::words(value).is_empty()).then(|| format!("{field}:{}", quoted(value)))
}

/// Makes a query from values that a program has, such as a name that somebody typed.
///
/// Statements must match all conditions. Values are taken as words only: no character in them has a meaning in the
/// query language.
///
/// ```
/// use onrecord_store::Query;
/// use onrecord_text::{Act, PartialDate};
///
/// let march: PartialDate = "2016-03".parse()?;
/// let query = Query::builder()
///     .speaker("Jon \"Jonny\" Aalto")
///     .any([Query::builder().words("toll"), Query::builder().prefix("ferr")])
///     .not(Query::builder().act(Act::Deny))
///     .said(march, march);
/// assert_eq!(
///     query.to_string(),
///     "speaker:\"Jon Jonny Aalto\" (\"toll\") OR (\"ferr\"*) -(act:deny) said:2016-03..2016-03"
/// );
/// assert_eq!(query.build()?, query.to_string().parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct QueryBuilder {
    /// The conditions in the query language.
    text: String,
}

impl QueryBuilder {
    /// Requires these words in the content, next to each other and in this order.
    pub fn words(self, words: &str) -> Self {
        self.and(&quoted(words))
    }

    /// Requires a word in the content that begins like this, or these words, the last of which may be incomplete.
    pub fn prefix(self, start: &str) -> Self {
        self.and(&format!("{}*", quoted(start)))
    }

    /// Requires these words in the speaker's name.
    pub fn speaker(self, name: &str) -> Self {
        self.and(&format!("speaker:{}", quoted(name)))
    }

    /// Requires these words in the name of somebody or something that the content names.
    pub fn about(self, name: &str) -> Self {
        self.and(&format!("about:{}", quoted(name)))
    }

    /// Requires these words in the name of the article's publisher or in its address.
    pub fn outlet(self, outlet: &str) -> Self {
        self.and(&format!("outlet:{}", quoted(outlet)))
    }

    /// Requires these words in the speaker's office or affiliation.
    pub fn role(self, role: &str) -> Self {
        self.and(&format!("role:{}", quoted(role)))
    }

    /// Requires this kind of statement.
    pub fn kind(self, kind: StatementKind) -> Self {
        self.and(&format!("kind:{kind}"))
    }

    /// Requires this kind of speaker.
    pub fn speaker_kind(self, kind: SpeakerKind) -> Self {
        self.and(&format!("kind:{kind}"))
    }

    /// Requires this act.
    pub fn act(self, act: Act) -> Self {
        self.and(&format!("act:{act}"))
    }

    /// Requires this status.
    pub fn status(self, status: Status) -> Self {
        self.and(&format!("status:{status}"))
    }

    /// Requires that the article has a notice of this kind.
    pub fn notice(self, kind: NoticeKind) -> Self {
        self.and(&format!("notice:{}", kind.name()))
    }

    /// Requires that the statement was made on the first day, on the last, or in between. Without a first or a last
    /// day, the range is open on that side.
    pub fn said(self, first: impl Into<Option<PartialDate>>, last: impl Into<Option<PartialDate>>) -> Self {
        self.days("said", first.into(), last.into())
    }

    /// Requires that the article was published within these days. A query has this condition at most once, and neither
    /// in an alternative nor in a negation.
    pub fn published(
        self,
        first: impl Into<Option<PartialDate>>,
        last: impl Into<Option<PartialDate>>,
    ) -> Self {
        self.days("published", first.into(), last.into())
    }

    /// Requires that at least one of the alternatives matches. Without alternatives, nothing is required.
    pub fn any(self, alternatives: impl IntoIterator<Item = Self>) -> Self {
        let all: Vec<String> = alternatives.into_iter().map(|other| format!("({other})")).collect();
        if all.is_empty() { self } else { self.and(&all.join(" OR ")) }
    }

    /// Requires that the other conditions don't all match.
    pub fn not(self, other: Self) -> Self {
        self.and(&format!("-({other})"))
    }

    /// Returns the query. Without conditions, it matches every statement.
    ///
    /// # Errors
    ///
    /// Returns an error if a value contains no letter or digit, if a range of days is reversed or lacks a year, or if
    /// there are too many conditions. The position in the error refers to the query as [`Display`](fmt::Display)
    /// writes it.
    pub fn build(&self) -> Result<Query, QueryError> {
        if self.text.is_empty() { Ok(Query::everything()) } else { self.text.parse() }
    }

    fn days(self, field: &str, first: Option<PartialDate>, last: Option<PartialDate>) -> Self {
        let text = |day: Option<PartialDate>| day.map(|day| day.to_string()).unwrap_or_default();
        if first.is_none() && last.is_none() {
            return self;
        }
        self.and(&format!("{field}:{}..{}", text(first), text(last)))
    }

    fn and(mut self, condition: &str) -> Self {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(condition);
        self
    }
}

/// Writes the query in the query language.
impl fmt::Display for QueryBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Returns words in quotation marks. Marks inside them separate words, as they do in the content of statements.
fn quoted(words: &str) -> String {
    let words: Vec<&str> = words.split(|c: char| c.is_whitespace() || "\"“”".contains(c)).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    format!("\"{}\"", words.join(" "))
}

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        parsed(text, &Language::statements()).map(|parsed| parsed.query)
    }
}

impl FromStr for EventQuery {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        parsed(text, &Language::events()).map(|parsed| Self(parsed.query))
    }
}

/// A query, and where parts of its text stand, in bytes.
struct Parsed {
    query: Query,
    /// The item `published:`.
    published: Option<(usize, usize)>,
    /// The items that any match must fulfil, except for those with alternatives.
    items: Vec<(usize, usize)>,
}

/// Parses a query. An empty text matches everything.
fn parsed(text: &str, language: &Language) -> Result<Parsed, QueryError> {
    if text.len() > LONGEST {
        let at = text[..text.floor_char_boundary(LONGEST)].chars().count() + 1;
        return Err(QueryError { at, what: format!("a query has at most {LONGEST} bytes") });
    }
    let query = Query::all_of(language);
    if text.trim().is_empty() {
        return Ok(Parsed { query, published: None, items: Vec::new() });
    }
    let mut parser = Parser {
        language,
        text,
        at: 0,
        query,
        depth: 0,
        items: 0,
        negated: false,
        published: None,
        places: Vec::new(),
    };
    let expression = parser.all()?;
    if parser.at < text.len() {
        return Err(parser.error(parser.at, "this parenthesis was never opened"));
    }
    parser.query.expression = expression;
    Ok(Parsed { query: parser.query, published: parser.published, items: parser.places })
}

struct Parser<'t> {
    language: &'t Language,
    text: &'t str,
    at: usize,
    query: Query,
    depth: usize,
    items: usize,
    /// Whether the parser is inside a negation, whose words are not shown as matches.
    negated: bool,
    /// Where the item `published:` stands.
    published: Option<(usize, usize)>,
    /// Where the items stand that any match must fulfil, except for those with alternatives.
    places: Vec<(usize, usize)>,
}

/// One parsed item: an expression that must match or must not, or a field that limits the query as a whole.
enum Item {
    Is(String),
    Not(String),
    Limit(&'static str),
}

impl Parser<'_> {
    fn error(&self, at: usize, what: impl Into<String>) -> QueryError {
        QueryError { at: self.text[..at].chars().count() + 1, what: what.into() }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Skips the next word if it is `word`, and returns whether it was.
    fn keyword(&mut self, word: &str) -> bool {
        let ends =
            |r: &str| r.is_empty() || r.starts_with(|c: char| c.is_whitespace() || matches!(c, '(' | '"'));
        let found = self.rest().strip_prefix(word).is_some_and(ends);
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// Parses items up to the end or a closing parenthesis.
    fn all(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        let (mut is, mut not, mut limited) = (Vec::new(), Vec::new(), false);
        loop {
            self.skip_space();
            if self.rest().is_empty() || self.rest().starts_with(')') {
                break;
            }
            let at = self.at;
            let mut either = vec![self.item()?];
            let end = self.at;
            self.skip_space();
            while self.keyword("OR") {
                self.skip_space();
                either.push(self.item()?);
                self.skip_space();
            }
            if let [_] = either.as_slice() {
                if self.depth == 0 {
                    self.places.push((at, end));
                }
                match either.remove(0) {
                    Item::Is(e) => is.push(e),
                    Item::Not(e) => not.push(e),
                    Item::Limit(_) => limited = true,
                }
                continue;
            }
            let mut alternatives = Vec::new();
            for item in either {
                match item {
                    Item::Is(e) => alternatives.push(e),
                    Item::Not(_) => return Err(self.error(at, "“-” can't be combined with OR")),
                    Item::Limit(name) => {
                        return Err(self.error(at, format!("“{name}:” can't be combined with OR")));
                    }
                }
            }
            is.push(format!("({})", alternatives.join(" OR ")));
        }
        // A parenthesis that does not pair is its caller's error.
        let pairs = self.depth > 0 && self.rest().starts_with(')');
        if is.is_empty() && not.is_empty() && !limited && pairs {
            return Err(self.error(start, "nothing to search for here"));
        }
        if is.is_empty() {
            is.push(self.language.everything());
        }
        let mut expression = is.join(" AND ");
        if !not.is_empty() {
            expression = format!("({expression}) NOT ({})", not.join(" OR "));
        }
        Ok(format!("({expression})"))
    }

    fn item(&mut self) -> Result<Item, QueryError> {
        let at = self.at;
        if self.rest().is_empty() || self.keyword("OR") {
            return Err(self.error(at, "OR needs something on each side"));
        }
        if self.rest().starts_with('-') {
            self.at += 1;
            let before = std::mem::replace(&mut self.negated, true);
            let item = if self.rest().starts_with([' ', '-']) || self.rest().is_empty() {
                Err(self.error(at, "“-” needs something after it"))
            } else {
                self.item()
            };
            self.negated = before;
            return match item? {
                Item::Is(e) => Ok(Item::Not(e)),
                Item::Not(_) | Item::Limit(_) => Err(self.error(at, "“-” can't be used before this")),
            };
        }
        if self.rest().starts_with('(') {
            self.at += 1;
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(self.error(at, format!("parentheses nest at most {DEEPEST} deep")));
            }
            let inner = self.all()?;
            if !self.rest().starts_with(')') {
                return Err(self.error(at, "this parenthesis is never closed"));
            }
            self.at += 1;
            self.depth -= 1;
            return Ok(Item::Is(inner));
        }
        self.items += 1;
        if self.items > MOST {
            return Err(self.error(at, format!("a query has at most {MOST} words and filters")));
        }
        let name: String = self.rest().chars().take_while(char::is_ascii_alphabetic).collect();
        if !name.is_empty() && self.rest()[name.len()..].starts_with(':') {
            self.at += name.len() + 1;
            return self.field(at, &name.to_ascii_lowercase());
        }
        let (value, star) = self.value()?;
        Ok(Item::Is(self.term(at, self.language.words, &value, star)?))
    }

    /// Parses a word, or words in quotation marks, and returns whether a star follows.
    fn value(&mut self) -> Result<(String, bool), QueryError> {
        let at = self.at;
        let value = match self.rest().strip_prefix(['"', '“', '”']) {
            Some(quoted) => {
                let opening = self.rest().len() - quoted.len();
                let Some(end) = quoted.find(['"', '“', '”']) else {
                    return Err(self.error(at, "this quotation mark is never closed"));
                };
                let value = quoted[..end].to_owned();
                let closing = quoted[end..].chars().next().map_or(1, char::len_utf8);
                self.at += opening + end + closing;
                value
            }
            None => {
                let end = self.rest().find(|c: char| c.is_whitespace() || "()\"“”*".contains(c));
                let value = self.rest()[..end.unwrap_or(self.rest().len())].to_owned();
                self.at += value.len();
                value
            }
        };
        let star = self.rest().starts_with('*');
        self.at += usize::from(star);
        Ok((value, star))
    }

    /// Returns the expression that looks for words in a column.
    fn term(&mut self, at: usize, column: &str, value: &str, star: bool) -> Result<String, QueryError> {
        let folded: Vec<String> = words::words(value).into_iter().map(|w| w.text).collect();
        if folded.is_empty() {
            let what = match (value, star) {
                ("", true) => "“*” stands for the end of a word, so letters must come before it",
                _ => "no letter or digit to look for",
            };
            return Err(self.error(at, what));
        }
        let star_text = if star { " *" } else { "" };
        let expression = format!("{{{column}}} : \"{}\"{star_text}", folded.join(" "));
        if column == self.language.words && !self.negated {
            self.query.terms.push((folded, star));
        }
        Ok(expression)
    }

    fn field(&mut self, at: usize, name: &str) -> Result<Item, QueryError> {
        let from = self.at;
        let opening = self.rest().chars().next().filter(|c| "\"“”".contains(*c)).map_or(0, char::len_utf8);
        let (value, star) = self.value()?;
        if value.is_empty() {
            return Err(self.error(from, format!("“{name}:” needs a value")));
        }
        if self.language.columns.contains(&name) {
            return Ok(Item::Is(self.term(from, name, &value, star)?));
        }
        if star {
            return Err(self.error(self.at - 1, format!("“*” can't be used in “{name}:”")));
        }
        if let Some(closed) = self.language.closed.iter().find(|c| c.field == name) {
            let value = self.one_of(from, closed, &value)?;
            return Ok(Item::Is(format!("{{kind}} : \"{}{}\"", closed.prefix, kind_word(value))));
        }
        let item = match name {
            _ if name == self.language.days => {
                let (first, last) = self.days(from + opening, &value)?;
                let days = days_between(self.language.days, first, last);
                Item::Is(days.ok_or_else(|| self.error(from, "the range ends before it begins"))?)
            }
            PUBLISHED => {
                self.limits_the_whole(at, PUBLISHED, self.query.published.is_some())?;
                let (first, last) = self.days(from + opening, &value)?;
                let text = |d: Option<PartialDate>| d.map(|d| d.to_string());
                let (earliest, latest) = ids_between(text(first).as_deref(), text(last).as_deref());
                if earliest > latest {
                    return Err(self.error(from, "the range ends before it begins"));
                }
                self.query.published = Some((earliest, latest));
                self.published = Some((at, self.at));
                Item::Limit(PUBLISHED)
            }
            CONFIDENCE if self.language.limits.contains(&CONFIDENCE) => {
                self.limits_the_whole(at, CONFIDENCE, self.query.least_confidence.is_some())?;
                let least = value.parse::<f64>().ok().filter(|least| (0.0..=1.0).contains(least));
                let least =
                    least.ok_or_else(|| self.error(from, "“confidence:” takes a number from 0 to 1"))?;
                // At most 1,000.
                self.query.least_confidence = Some((least * 1_000.0).round() as u16);
                Item::Limit(CONFIDENCE)
            }
            _ => {
                let typed = &self.text[at..from];
                return Err(
                    self.error(at, format!("no field “{typed}”; there are {}", self.language.fields()))
                );
            }
        };
        Ok(item)
    }

    /// Returns an error if a field that limits the query as a whole is used again, in parentheses or after “-”.
    fn limits_the_whole(&self, at: usize, name: &str, again: bool) -> Result<(), QueryError> {
        if self.negated || self.depth > 0 || again {
            return Err(self
                .error(at, format!("“{name}:” can be used only once, and not in parentheses or after “-”")));
        }
        Ok(())
    }

    /// Returns the value of a field that has only a few, ignoring case and what joins its words.
    fn one_of(&self, at: usize, closed: &Closed, value: &str) -> Result<&'static str, QueryError> {
        let found = closed.values.iter().find(|v| kind_word(v) == kind_word(value));
        found.copied().ok_or_else(|| {
            self.error(at, format!("“{}:” is one of {}", closed.field, closed.values.join(", ")))
        })
    }

    /// Parses a range of days: either one date, or two with `..` between them, of which one may be omitted.
    fn days(&self, at: usize, value: &str) -> Result<(Option<PartialDate>, Option<PartialDate>), QueryError> {
        let date = |from: usize, text: &str| -> Result<Option<PartialDate>, QueryError> {
            if text.is_empty() {
                return Ok(None);
            }
            let date: PartialDate = text.parse().map_err(|e| self.error(from, format!("{e}")))?;
            date.year().map(|_| Some(date)).ok_or_else(|| self.error(from, "a date needs its year here"))
        };
        match value.split_once("..") {
            None => date(at, value).map(|d| (d, d)),
            Some(("", "")) => Err(self.error(at, "a range needs at least one date")),
            Some((first, last)) => Ok((date(at, first)?, date(at + first.len() + 2, last)?)),
        }
    }
}

/// Returns the expression for dates in a column from the first to the last of these days.
///
/// It covers the range with as few centuries, years, months and days as possible.
fn days_between(column: &str, first: Option<PartialDate>, last: Option<PartialDate>) -> Option<String> {
    let part = |p: Option<i8>, otherwise: u32| p.map_or(otherwise, |p| p.unsigned_abs().into());
    let year = |d: PartialDate| d.year().map_or(0, |y| u32::from(y.unsigned_abs()));
    let from = first.map_or((0, 1, 1), |d| (year(d), part(d.month(), 1), part(d.day(), 1)));
    let to = last.map_or((9999, 12, 31), |d| (year(d), part(d.month(), 12), part(d.day(), 31)));
    if from > to {
        return None;
    }
    let mut all = Vec::new();
    let (mut y, mut m, mut d) = from;
    while (y, m, d) <= to {
        if (y % 100, m, d) == (0, 1, 1) && (y + 99, 12, 31) <= to {
            all.push(format!("c{:02}", y / 100));
            y += 100;
        } else if (m, d) == (1, 1) && (y, 12, 31) <= to {
            all.push(format!("{y:04}"));
            y += 1;
        } else if d == 1 && (y, m, 31) <= to {
            all.push(format!("{y:04}{m:02}"));
            m += 1;
        } else {
            all.push(format!("{y:04}{m:02}{d:02}"));
            d += 1;
        }
        if d > 31 {
            (m, d) = (m + 1, 1);
        }
        if m > 12 {
            (y, m) = (y + 1, 1);
        }
    }
    let mut expression = format!("{{{column}}} : (");
    for (n, word) in all.iter().enumerate() {
        // Writing to a string can't fail.
        let _ = write!(expression, "{}\"{word}\"", if n > 0 { " OR " } else { "" });
    }
    expression.push(')');
    Some(expression)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expression(query: &str) -> String {
        query.parse::<Query>().unwrap().expression
    }

    fn error(query: &str) -> String {
        query.parse::<Query>().unwrap_err().to_string()
    }

    #[test]
    fn words_phrases_and_fields() {
        assert_eq!(expression("Brücke"), "({content} : \"brucke\")");
        assert_eq!(
            expression("\"Nobody will pay\" -rail* ferry OR boat"),
            "(({content} : \"nobody will pay\" AND ({content} : \"ferry\" OR {content} : \"boat\")) NOT ({content} : \"rail\" *))"
        );
        let either = expression("toll OR ferry");
        for spelling in ["toll OR\nferry", "toll OR\u{a0}ferry", "toll\tOR\tferry"] {
            assert_eq!(expression(spelling), either, "{spelling:?}");
        }
        assert_eq!(expression("toll OR\"ferry boat\""), expression("toll OR \"ferry boat\""));
        assert_ne!(expression("toll ORferry"), either);
        assert_eq!(" ".parse(), Ok(Query::everything()));
        assert!(Query::EXAMPLES.iter().all(|(example, _)| example.parse::<Query>().is_ok()));
        assert!(EventQuery::EXAMPLES.iter().all(|(example, _)| example.parse::<EventQuery>().is_ok()));
        assert_eq!("".parse(), Ok(EventQuery::everything()));
        let query: Query = "speaker:Brandt -toll published:2016".parse().unwrap();
        assert_eq!(query.expression, "(({speaker} : \"brandt\") NOT ({content} : \"toll\"))");
        assert!(query.terms.is_empty());
        assert_eq!(query.ids(), ids_between(Some("2016"), Some("2016")));
    }

    #[test]
    fn errors_point_at_the_character() {
        for (query, message) in [
            ("bridge speeker:brandt", "at character 8: no field “speeker:”"),
            ("é \"open", "at character 3: this quotation mark is never closed"),
            ("said:2016-13", "at character 6: “2016-13” is not a date"),
            ("said:2016..2015", "at character 6: the range ends before it begins"),
            ("said:\"2016..x\"", "at character 13: “x” is not a date"),
            ("é said:“..x”", "at character 11: “x” is not a date"),
            ("published:“2016-13”", "at character 12: “2016-13” is not a date"),
            ("(bridge", "at character 1: this parenthesis is never closed"),
            ("bridge)", "at character 7: this parenthesis was never opened"),
            ("a OR", "at character 5: OR needs something on each side"),
            ("bridge ()", "at character 9: nothing to search for here"),
            ("bridge - x", "at character 8: “-” needs something after it"),
            ("kind:loud", "at character 6: “kind:” is one of direct, indirect, mixed, person"),
            ("status:not", "at character 8: “status:” is one of made, not_made"),
            ("speaker:", "at character 9: “speaker:” needs a value"),
            ("said:2016*", "at character 10: “*” can't be used in “said:”"),
            ("...", "at character 1: no letter or digit"),
            ("toll *oll", "at character 6: “*” stands for the end of a word"),
        ] {
            assert!(error(query).starts_with(message), "{query}: {}", error(query));
        }
    }

    #[test]
    fn reports_have_fields_of_their_own() {
        let expression = |query: &str| query.parse::<EventQuery>().unwrap().0.expression;
        assert_eq!(
            expression("raid actor:RUS type:assault class:Material-Conflict side:other historical:no"),
            "({words} : \"raid\" AND {actor} : \"rus\" AND {kind} : \"assault\" AND {kind} : \"materialconflict\" AND \
             {kind} : \"sideother\" AND {kind} : \"historicalno\")"
        );
        assert_eq!(expression("date:2015-11"), "({date} : (\"201511\"))");
        assert_eq!(expression("-status:denied"), "((kind : \"report\") NOT ({kind} : \"denied\"))");
        let error = "speaker:brandt".parse::<EventQuery>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "at character 1: no field “speaker:”; there are actor:, recipient:, claimant:, place:, outlet:, type:, class:, \
             status:, side:, historical:, notice:, date:, published:, confidence:"
        );
    }

    #[test]
    fn a_least_confidence_stands_once_and_by_itself() {
        let least = |query: &str| query.parse::<EventQuery>().map(|query| query.0.least_confidence);
        assert_eq!(least("raid"), Ok(None));
        assert_eq!(least("raid confidence:0.5"), Ok(Some(500)));
        assert_eq!((least("confidence:0"), least("confidence:1")), (Ok(Some(0)), Ok(Some(1000))));
        assert_eq!(least("-raid confidence:0.494"), Ok(Some(494)));
        for (query, message) in [
            ("confidence:1.5", "at character 12: “confidence:” takes a number from 0 to 1"),
            ("confidence:NaN", "at character 12: “confidence:” takes a number from 0 to 1"),
            ("confidence:high", "at character 12: “confidence:” takes a number from 0 to 1"),
            (
                "confidence:0.5 confidence:0.6",
                "at character 16: “confidence:” can be used only once, and not in parentheses or after “-”",
            ),
            (
                "confidence:0 confidence:0.6",
                "at character 14: “confidence:” can be used only once, and not in parentheses or after “-”",
            ),
            (
                "-confidence:0.5",
                "at character 2: “confidence:” can be used only once, and not in parentheses or after “-”",
            ),
            ("raid OR confidence:0.5", "at character 1: “confidence:” can't be combined with OR"),
        ] {
            assert_eq!(least(query).unwrap_err().to_string(), message, "{query}");
        }
        assert!(error("confidence:0.5").starts_with("at character 1: no field “confidence:”"));
    }

    #[test]
    fn values_may_be_written_with_another_joint() {
        assert_eq!(expression("status:not-made"), expression("status:NOT_MADE"));
        assert_eq!(expression("status:not_made"), "({kind} : \"notmade\")");
        assert_eq!(expression("notice:unclosed-quotation"), "({kind} : \"noticeunclosedquotation\")");
    }

    #[test]
    fn built_queries_are_those_of_the_language() {
        let day = |s: &str| s.parse::<PartialDate>().unwrap();
        let build = Query::builder;
        for (built, text) in [
            (build().words("nobody will pay"), "\"nobody will pay\""),
            (build().words("“nobody” (will) pay*"), "\"nobody will pay\""),
            (build().words("OR"), "\"or\""),
            (build().prefix("ferr"), "ferr*"),
            (build().speaker("Ada Brandt").about("-x"), "speaker:\"Ada Brandt\" about:x"),
            (build().outlet("sound.example").role("minister"), "outlet:sound.example role:minister"),
            (build().kind(StatementKind::Mixed).speaker_kind(SpeakerKind::None), "kind:mixed kind:none"),
            (build().act(Act::Deny).status(Status::NotMade), "act:deny status:not_made"),
            (build().not(build().notice(NoticeKind::UnclosedQuotation)), "-(notice:unclosed-quotation)"),
            (build().said(day("2016"), None), "said:2016.."),
            (build().said(None, day("2016-03-04")), "said:..2016-03-04"),
            (build().published(day("2016"), day("2017")).words("a"), "published:2016..2017 a"),
            (build().any([build().words("a"), build().words("b").words("c")]), "(a) OR (b c)"),
            (build().words("a").not(build().words("b").words("c")), "a -(b c)"),
            (build().words("a").any([]).said(None, None), "a"),
        ] {
            assert_eq!(built.build(), text.parse(), "{text}: {built}");
        }
        assert_eq!(build().build(), Ok(Query::everything()));
    }

    #[test]
    fn what_cannot_be_built_is_an_error() {
        let day = |s: &str| s.parse::<PartialDate>().unwrap();
        let error = |query: QueryBuilder| query.build().unwrap_err().what;
        assert!(error(Query::builder().words("a").speaker("\"…\"")).starts_with("no letter or digit"));
        assert!(error(Query::builder().said(day("2017"), day("2016"))).starts_with("the range ends"));
        let published = Query::builder().published(day("2016"), None);
        assert!(error(Query::builder().any([published])).contains("can be used only once"));
    }

    #[test]
    fn days_become_years_months_and_days() {
        let days = |s: &str| {
            let Query { expression, .. } = s.parse().unwrap();
            expression.replace("({said} : (", "").replace("))", "").replace('"', "")
        };
        assert_eq!(days("said:2015-11..2015-12"), "201511 OR 201512");
        assert_eq!(days("said:2015-12-30..2017-01-01"), "20151230 OR 20151231 OR 2016 OR 20170101");
        assert_eq!(days("said:2015"), "2015");
        assert!(days("said:..1999").split(" OR ").count() < 120);
    }
}
