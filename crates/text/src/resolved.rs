//! What an article's words refer to: entities, and who, to whom, where and when of a statement.

use crate::{PartialDate, Pieces, Span};

/// A person, an organisation or a place that an article names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// The fullest name that the article gives, as written there, without titles.
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
    /// Offices and affiliations that the article attaches to it, the fullest one first.
    pub roles: Vec<String>,
    /// Other names that the article uses for it, in the order of their appearance.
    pub aliases: Vec<String>,
    /// Where it is named or referred to, in text order.
    pub mentions: Vec<Span>,
}

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntityKind {
    /// A human being.
    Person,
    /// A company, party, agency, outlet, court or government.
    Organization,
    /// A country, city, region or building.
    Place,
}

/// Who speaks: a statement's source, resolved within its article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Speaker {
    /// The fullest name; several are joined with ` | `. For an unnamed source its description as written. `None` where
    /// nobody can be told.
    pub name: Option<String>,
    /// What speaks.
    pub kind: SpeakerKind,
    /// The fullest office or affiliation that the article attaches to the speaker anywhere.
    pub role: Option<String>,
    /// The numbers of the entities that speak, among the record's.
    pub entities: Vec<usize>,
    /// How sure it is that the source is this speaker, from 0 to 1.
    pub confidence: f32,
    /// The mentions that lead from the source to the name, with the reason for each step.
    pub chain: Vec<Step>,
}

/// One step from a source towards its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The mention that the step leads to.
    pub mention: Span,
    /// Why it does.
    pub why: &'static str,
}

/// What kind of source speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SpeakerKind {
    /// A named person, or several.
    Person,
    /// A named organisation, or several.
    Organization,
    /// A class of people: “Republicans”, “many lawmakers”.
    Group,
    /// A report, a poll, a court filing.
    Document,
    /// One or few people whom the article doesn't name: “a senior official”.
    Unnamed,
    /// Nobody can be told.
    #[default]
    None,
}

/// Words for somebody or something beside a statement, linked to the entity that they name, if they name one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The words.
    pub words: Pieces,
    /// The entity's number among the record's.
    pub entity: Option<usize>,
}

/// When a statement was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// The words that say so.
    pub words: Pieces,
    /// The date, where the words name one.
    pub value: Option<PartialDate>,
    /// Whether the words stand beside an earlier statement of the same occasion, and not beside this one.
    pub carried: bool,
}
