//! An article: its text, which never changes, and what is known about it.

use crate::{Entity, Event, Linked, PartialDate, Pieces, Span, Speaker, Time};

/// A news article as it was read.
///
/// Every span in it and in its record is a span of [`Article::text`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Article {
    /// The caller's name for the article: the path as given, or the `id` of a JSON Lines document.
    pub source_id: String,
    /// The full text: all blocks, one after another.
    pub text: String,
    /// The parts of the text, in order and without overlaps.
    pub blocks: Vec<Block>,
    /// Everything else that the input states about the article.
    pub metadata: Metadata,
    /// Oddities that were noticed in the input.
    pub notices: Vec<Notice>,
}

/// What is known about an article besides its text.
///
/// A field is empty if the input does not provide it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Where it was published, as a web address.
    pub url: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its headline, as the text or the page's metadata give it.
    pub title: Option<String>,
    /// The authors, one name per entry.
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
    /// The date, including the year if it is known.
    pub date: Option<PartialDate>,
    /// The agency: `TASS`, `AP`.
    pub agency: Option<String>,
}

/// A part of an article's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What the part is.
    pub kind: BlockKind,
    /// Where the part is in the text.
    pub span: Span,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockKind {
    /// The title of the article or of a section.
    Headline,
    /// The summary under the headline.
    Lead,
    /// The line that names the authors.
    Byline,
    /// Place, date and agency at the head of the first paragraph.
    Dateline,
    /// Running text.
    Paragraph,
    /// A question set off from its answer by a heading or bold type, as in an interview.
    Question,
    /// A quotation set apart as a block.
    BlockQuotation,
    /// The line next to a block quotation that names whom it quotes.
    Attribution,
    /// One item of a list.
    ListItem,
    /// The words under a picture.
    Caption,
    /// The line that credits a picture to its owner or photographer.
    Credit,
}

impl BlockKind {
    /// Returns whether a block of this kind can contain statements.
    ///
    /// Headlines can. Bylines, datelines, captions, credits and attributions cannot.
    #[must_use]
    pub fn is_running(self) -> bool {
        !matches!(self, Self::Byline | Self::Dateline | Self::Caption | Self::Credit | Self::Attribution)
    }
}

/// Something odd in the input that did not prevent it from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The kind of oddity.
    pub kind: NoticeKind,
    /// A description of the details, for people to read.
    pub message: String,
}

/// The kinds of [`Notice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoticeKind {
    /// The article has no text, or only a headline was found on the page.
    Empty,
    /// The article is not in English, so no statements were extracted.
    Language,
    /// Bytes that are invalid in the character set were replaced, or a text that had been encoded twice was decoded
    /// again.
    Encoding,
    /// The input continues past the point where reading stopped, the text breaks off where the page asks readers to
    /// subscribe, or browsers show a part of it only with scripts, or not at all.
    Truncated,
    /// A quotation mark has no partner.
    UnclosedQuotation,
    /// A date in the input is not a valid date, or its year is unknown.
    Date,
    /// The publisher retracted the article, or asks others not to use it.
    Withdrawn,
    /// The publisher asks others not to publish the article before a certain date.
    Embargoed,
    /// The page repeats a part of its text, and the repetitions were left out.
    Repeated,
}

impl Article {
    /// Returns the block that contains byte `at`.
    #[must_use]
    pub fn block_at(&self, at: usize) -> Option<&Block> {
        let next = self.blocks.partition_point(|b| b.span.start() <= at);
        self.blocks[..next].last().filter(|b| at < b.span.end())
    }
}

/// A statement: somebody said, wrote, thought or wanted something, according to the article.
///
/// The addressee, medium, occasion and time are boxed because few statements have them, and a book has hundreds of
/// thousands of statements.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Whether the content is quoted directly, indirectly or in part.
    pub kind: StatementKind,
    /// The words that name who speaks, if the article has any.
    pub source: Option<Pieces>,
    /// The words that signal the attribution.
    pub cue: Option<Pieces>,
    /// What is attributed.
    pub content: Pieces,
    /// The resolved source.
    pub speaker: Speaker,
    /// To whom it was said.
    pub addressee: Option<Box<Linked>>,
    /// The medium that carried the statement: “in a statement”.
    pub medium: Option<Box<Linked>>,
    /// The occasion on which the statement was made: “at a briefing in Moscow”.
    pub occasion: Option<Box<Linked>>,
    /// The entities named in the content, as indices into the record's entities.
    ///
    /// Each entity is listed once, in the order of its first mention.
    pub about: Vec<usize>,
    /// When it was said.
    pub time: Option<Box<Time>>,
    /// What kind of act the statement is.
    pub act: Act,
    /// Whether the statement was made.
    pub status: Status,
    /// The statement inside which this one is relayed, as an index into the record's statements.
    ///
    /// The parent always comes before its children.
    pub parent: Option<usize>,
    /// The confidence in this statement, from 0 to 1: the share of such statements that were correct on test articles.
    pub confidence: f32,
    /// Why the statement was found, for people to read.
    pub why: &'static str,
}

/// How a statement's content is quoted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StatementKind {
    /// All of it is in quotation marks.
    Direct,
    /// None of it is in quotation marks.
    #[default]
    Indirect,
    /// Some of it is in quotation marks.
    Mixed,
}

/// The kind of act that a cue expresses.
///
/// If the act has an equivalent in the PLOVER ontology of political events, [`Act::plover`] returns its root code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Act {
    /// Said, wrote, added: a neutral cue.
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
    /// Found, concluded, ruled: the cue for a study, a poll or a court.
    Find,
}

impl Act {
    /// Returns the PLOVER root code of the act, if there is one: `ACCUSE` for an accusation, none for a belief.
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

/// Whether a statement was made, according to the article.
///
/// The values are those of event factuality (Saurí and Pustejovsky, “FactBank”, 2009). They apply to the act of saying,
/// not to what was said: certain ([`Status::Made`], CT+), certainly not ([`Status::NotMade`], CT−), or uncertain (PR,
/// PS).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// The statement was made: “she said”.
    #[default]
    Made,
    /// The statement was not made: “she did not say whether”, “nobody said”.
    NotMade,
    /// The statement is announced: “she will say on Friday”, “is expected to announce”.
    Expected,
    /// The statement may have been made or may still be made: “if she says”, “reportedly said”, “could demand”.
    Possible,
    /// The article calls the statement false, fabricated or misquoted.
    Disputed,
}

impl Status {
    /// Returns what must be added wherever a statement is cited, so that nobody takes it for a statement that was made.
    /// `None` if it was made.
    #[must_use]
    pub fn caveat(self) -> Option<&'static str> {
        match self {
            Self::Made => None,
            Self::NotMade => Some("not made"),
            Self::Expected => Some("expected, not made yet"),
            Self::Possible => Some("possible, perhaps not made"),
            Self::Disputed => Some("disputed by the article"),
        }
    }
}

/// The result of reading one article.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The article.
    pub article: Article,
    /// The persons, organisations and places that the article names, in the order of their first mentions.
    pub entities: Vec<Entity>,
    /// The statements in text order, with each parent before its children.
    pub statements: Vec<Statement>,
    /// The event reports in text order, or `None` if event extraction did not run.
    pub events: Option<Vec<Event>>,
    /// The version of the engine that made the record.
    pub engine: EngineVersion,
}

/// The version of the engine that made a record.
///
/// A record depends only on its input and on this version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineVersion {
    /// The program's version.
    pub version: String,
    /// The model's name.
    pub model: String,
}
