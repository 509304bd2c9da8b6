//! What the words of an article refer to: its entities, and the speaker, addressee and time of each statement.

use crate::{PartialDate, Pieces, Span};

/// A person, an organisation or a place that an article names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// The fullest name that the article gives, as it is written there, without titles.
    pub name: String,
    /// The kind of entity.
    pub kind: EntityKind,
    /// Offices and affiliations that the article attaches to it, the fullest one first.
    pub roles: Vec<String>,
    /// Other names that the article uses for the entity, in order of appearance.
    pub aliases: Vec<String>,
    /// The spans where the entity is named or referred to, in text order.
    pub mentions: Vec<Span>,
}

/// The kind of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntityKind {
    /// A human being.
    Person,
    /// A company, party, agency, outlet, court or government.
    Organization,
    /// A country, city, region or building.
    Place,
}

/// The speaker: a statement's source, resolved within its article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Speaker {
    /// The fullest name, with several names joined by ` | `.
    ///
    /// For an unnamed source, this is its description as written. `None` if the speaker could not be determined.
    pub name: Option<String>,
    /// The kind of source.
    pub kind: SpeakerKind,
    /// The fullest office or affiliation that the article attaches to the speaker anywhere.
    pub role: Option<String>,
    /// The entities that speak, as indices into the record's entities.
    pub entities: Vec<usize>,
    /// The confidence that the source is this speaker, from 0 to 1.
    pub confidence: f32,
    /// The mentions that lead from the source to the name, with the reason for each step.
    pub chain: Vec<Step>,
}

/// One step from a source towards its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The mention that the step leads to.
    pub mention: Span,
    /// The reason for the step.
    pub why: &'static str,
}

/// The kind of source that speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SpeakerKind {
    /// A named person, or several.
    Person,
    /// A named organisation, or several.
    Organization,
    /// A class of people: “Republicans”, “many lawmakers”.
    Group,
    /// A report, a poll, a court filing.
    Document,
    /// One person or a few people whom the article does not name: “a senior official”.
    Unnamed,
    /// The statement has no source that says who spoke.
    #[default]
    None,
}

/// Words that accompany a statement, linked to the entity that they name, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The words.
    pub words: Pieces,
    /// The entity, as an index into the record's entities.
    pub entity: Option<usize>,
}

/// When a statement was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// The words that give the time.
    pub words: Pieces,
    /// The date, if the words name one.
    pub value: Option<PartialDate>,
    /// Whether the words belong to an earlier statement from the same occasion and not to this one.
    pub carried: bool,
}
