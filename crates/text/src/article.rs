//! An article: a text that never changes, and what is known about it.

use crate::{Entity, Event, Linked, PartialDate, Pieces, Span, Speaker, Time};

/// A news article as it was read. Every span of it, here and in its record, is a span of [`Article::text`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Article {
    /// The caller's name for it: the path as given, or the `id` of a JSON Lines document.
    pub source_id: String,
    /// The text, block after block.
    pub text: String,
    /// The parts of the text, in order; they don't overlap.
    pub blocks: Vec<Block>,
    /// What else the input says about the article.
    pub metadata: Metadata,
    /// What was odd in the input.
    pub notices: Vec<Notice>,
}

/// What is known about an article beside its text. Absent where the input does not say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Where it was published, as a web address.
    pub url: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its headline, as the text or the page's metadata give it.
    pub title: Option<String>,
    /// Who wrote it, a name each.
    pub bylines: Vec<String>,
    /// When it was published.
    pub published: Option<PartialDate>,
    /// Where and when it was filed, and by which agency.
    pub dateline: Option<Dateline>,
    /// The language as a BCP 47 tag (`en`).
    pub language: Option<String>,
}

/// The opening of a wire story: `MOSCOW, December 3. /TASS/.`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dateline {
    /// The place as written: `MOSCOW`, `FLINT, Mich.`
    pub place: Option<String>,
    /// The date, with the year where that is known.
    pub date: Option<PartialDate>,
    /// The agency: `TASS`, `AP`.
    pub agency: Option<String>,
}

/// A part of an article's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What the part is.
    pub kind: BlockKind,
    /// Where it stands.
    pub span: Span,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// The title, also that of a section.
    Headline,
    /// The summary under the headline.
    Lead,
    /// Who wrote it.
    Byline,
    /// Place, date and agency at the head of the first paragraph.
    Dateline,
    /// Running text.
    Paragraph,
    /// A question that the page sets off from its answer: a heading or bold letters, in an interview.
    Question,
    /// A quotation set apart as a block.
    BlockQuotation,
    /// The line beside such a quotation that says whose words it gives.
    Attribution,
    /// One item of a list.
    ListItem,
    /// The words under a picture.
    Caption,
    /// Whose picture it is.
    Credit,
}

impl BlockKind {
    /// Whether the block may hold what somebody says, the title included: it is no note on the article or on a picture.
    #[must_use]
    pub fn is_running(self) -> bool {
        !matches!(self, Self::Byline | Self::Dateline | Self::Caption | Self::Credit | Self::Attribution)
    }
}

/// Something odd in the input that did not prevent a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What kind of oddity.
    pub kind: NoticeKind,
    /// What exactly, for a person.
    pub message: String,
}

/// The kinds of [`Notice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// There is no text.
    Empty,
    /// The article is not in English; no statements were looked for.
    Language,
    /// Bytes that the character set does not have were replaced.
    Encoding,
    /// The input went on where reading stopped.
    Truncated,
    /// A quotation mark without its partner.
    UnclosedQuotation,
    /// A date in the input that is none.
    Date,
    /// The publisher took the article back, or asks not to use it.
    Withdrawn,
    /// The publisher asks not to publish the article before a date.
    Embargoed,
}

impl Article {
    /// The kind of the block that holds byte `at`.
    pub fn block_at(&self, at: usize) -> Option<&Block> {
        let next = self.blocks.partition_point(|b| b.span.start() <= at);
        self.blocks[..next].last().filter(|b| at < b.span.end())
    }
}

/// A statement: someone said, wrote, thought or wanted something, in the article's words.
///
/// Few have an addressee, a medium, an occasion or a time, so these are boxed: a book has hundreds of thousands.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// How the content is given.
    pub kind: StatementKind,
    /// The words that name who speaks, where the article has any.
    pub source: Option<Pieces>,
    /// The words that signal the attribution.
    pub cue: Option<Pieces>,
    /// What is attributed.
    pub content: Pieces,
    /// Who the source is.
    pub speaker: Speaker,
    /// To whom it was said.
    pub addressee: Option<Box<Linked>>,
    /// What carried the words: “in a statement”.
    pub medium: Option<Box<Linked>>,
    /// At what they were said: “at a briefing in Moscow”.
    pub occasion: Option<Box<Linked>>,
    /// The entities named inside the content, by their numbers in the record, each once, in the order of their mentions.
    pub about: Vec<usize>,
    /// When it was said.
    pub time: Option<Box<Time>>,
    /// What kind of statement it is.
    pub act: Act,
    /// Whether it was made.
    pub status: Status,
    /// The statement that this one is relayed inside: its place in the record, before this one.
    pub parent: Option<usize>,
    /// How sure the system is, from 0 to 1: the share of such statements that hold on articles it was tried on.
    pub confidence: f32,
    /// Why the statement was found, for a person.
    pub why: &'static str,
}

impl Statement {
    /// A statement of this content, about which nothing else is known yet.
    #[must_use]
    pub fn of(kind: StatementKind, content: Pieces) -> Self {
        Self {
            kind,
            source: None,
            cue: None,
            content,
            speaker: Speaker::default(),
            addressee: None,
            medium: None,
            occasion: None,
            about: Vec::new(),
            time: None,
            act: Act::default(),
            status: Status::default(),
            parent: None,
            confidence: 0.0,
            why: "",
        }
    }
}

/// How a statement's content is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// All of it between quotation marks.
    Direct,
    /// None of it between quotation marks.
    Indirect,
    /// Some of it between quotation marks.
    Mixed,
}

/// What kind of statement a cue makes of its content.
///
/// Where one applies, [`Act::plover`] gives the root code of the PLOVER ontology of political events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Act {
    /// Said, wrote, added: nothing more particular.
    #[default]
    Say,
    /// Asked or wondered.
    Ask,
    /// Demanded, urged, called for, ordered, recommended.
    Demand,
    /// Warned.
    Warn,
    /// Threatened.
    Threaten,
    /// Promised, pledged, planned.
    Promise,
    /// Accused, blamed, criticised, condemned.
    Accuse,
    /// Praised, thanked, welcomed, endorsed.
    Praise,
    /// Denied or rejected.
    Deny,
    /// Admitted, conceded, apologised.
    Admit,
    /// Agreed, accepted, confirmed.
    Agree,
    /// Declined or refused to speak or to act.
    Decline,
    /// Believes, thinks, expects, fears.
    Believe,
    /// Wants, hopes, wishes.
    Want,
    /// Found, concluded, ruled: what a study, a poll or a court says.
    Find,
}

impl Act {
    /// All acts, in the order of their documentation.
    pub const ALL: [Self; 15] = [
        Self::Say,
        Self::Ask,
        Self::Demand,
        Self::Warn,
        Self::Threaten,
        Self::Promise,
        Self::Accuse,
        Self::Praise,
        Self::Deny,
        Self::Admit,
        Self::Agree,
        Self::Decline,
        Self::Believe,
        Self::Want,
        Self::Find,
    ];

    /// The PLOVER root code of the act, where one applies: `ACCUSE` for an accusation, none for a belief.
    #[must_use]
    pub fn plover(self) -> Option<&'static str> {
        match self {
            Self::Demand => Some("REQUEST"),
            Self::Threaten => Some("THREATEN"),
            Self::Promise | Self::Agree => Some("AGREE"),
            Self::Accuse => Some("ACCUSE"),
            Self::Praise => Some("SUPPORT"),
            Self::Deny | Self::Decline => Some("REJECT"),
            _ => None,
        }
    }
}

/// Whether a statement was made, as the article tells it.
///
/// The values are those of event factuality (Saurí and Pustejovsky, “FactBank”, 2009), applied to the act of saying and not to
/// what was said: certain ([`Status::Made`], CT+), certainly not ([`Status::NotMade`], CT−), or uncertain (PR, PS).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// It was made: “she said”.
    #[default]
    Made,
    /// It was not made: “she did not say whether”, “nobody said”.
    NotMade,
    /// It is announced: “she will say on Friday”, “is expected to announce”.
    Expected,
    /// It may have been made, or may yet be: “if she says”, “reportedly said”, “could demand”.
    Possible,
    /// The article calls it false, fabricated or misquoted.
    Disputed,
}

impl Status {
    /// All values, in the order of their documentation.
    pub const ALL: [Self; 5] = [Self::Made, Self::NotMade, Self::Expected, Self::Possible, Self::Disputed];
}

/// What reading one article yields.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The article.
    pub article: Article,
    /// The persons, organisations and places that it names, in the order of their first mentions.
    pub entities: Vec<Entity>,
    /// Its statements in text order; a parent precedes its children.
    pub statements: Vec<Statement>,
    /// Its event reports in text order; `None` where none were looked for.
    pub events: Option<Vec<Event>>,
    /// What made the record.
    pub engine: EngineVersion,
}

/// The version of the engine that made a record: a record depends on nothing else beside its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineVersion {
    /// The program's version.
    pub version: String,
    /// The model's name.
    pub model: String,
}
