//! What the encoder says of an article, as a value: rules take it, tests make it by hand.

use onrecord_text::{EventType, Span};

/// What the encoder says of an article. All spans are those of the article's text.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The parts of statements that the article itself makes.
    pub outer: Layer,
    /// The parts of statements that stand inside another's content.
    pub inner: Layer,
    /// Names, pronouns and sources, in text order.
    pub mentions: Vec<Mention>,
    /// What stands beside a cue: to whom, through what, at what and when.
    pub beside: Vec<Beside>,
    /// Offices and affiliations, each with the name that bears it.
    pub offices: Vec<Office>,
    /// Words that tell an event, or may; none where events were not asked for.
    pub triggers: Vec<Trigger>,
    /// Words at which a cue nearly began, with the probability that one does.
    pub nearly: Vec<Scored>,
    /// How many word pieces the encoder saw.
    pub pieces: usize,
}

/// The parts of statements of one depth, in text order.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Words that name who speaks.
    pub sources: Vec<Scored>,
    /// Words that signal an attribution.
    pub cues: Vec<Cue>,
    /// What is attributed.
    pub contents: Vec<Content>,
}

/// A span and how probable its role is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The span.
    pub span: Span,
    /// From 0 to 1.
    pub score: f32,
}

/// A cue and the source it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cue {
    /// The cue itself.
    pub cue: Scored,
    /// The source's number in its layer and how probable it is; none where the cue has no source.
    pub source: Option<(usize, f32)>,
}

/// A content and the cue it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Content {
    /// The content itself.
    pub content: Scored,
    /// The cue's number in its layer and how probable it is.
    pub cue: (usize, f32),
}

/// What stands beside a cue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beside {
    /// What it says of the statement.
    pub kind: BesideKind,
    /// The words.
    pub words: Scored,
    /// The cue that they stand beside.
    pub cue: Span,
    /// How probable that cue is.
    pub link: f32,
}

/// What words beside a cue say of the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BesideKind {
    /// To whom it was said: “told reporters”.
    Addressee,
    /// What carried the words: “in a statement”.
    Medium,
    /// At what they were said: “at a briefing in Moscow”.
    Occasion,
    /// When they were said.
    Time,
}

impl BesideKind {
    /// The kinds in the order of the encoder's labels.
    pub(crate) const ALL: [Self; 4] = [Self::Addressee, Self::Medium, Self::Occasion, Self::Time];
}

/// An office or affiliation, and the name of the person who bears it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Office {
    /// The words: “Deputy Defense Minister”.
    pub words: Scored,
    /// The name's span, as in [`Analysis::mentions`], and how probable it is.
    pub bearer: Option<(Span, f32)>,
}

/// Words that tell an event, or may.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// The words, and how probable it is that they tell an event at all.
    pub words: Scored,
    /// What kind of act they tell, if they tell one.
    pub kind: EventType,
    /// How probable this kind is among all kinds.
    pub kind_score: f32,
    /// How probable it is that it happened, is planned, is possible, is denied.
    pub status: [f32; 4],
    /// Who acts.
    pub actor: Argument,
    /// To whom it is done.
    pub recipient: Argument,
}

/// Whom an event's trigger points to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Argument {
    /// The words at which the phrase for it may begin, the likeliest first.
    pub starts: Vec<Scored>,
    /// How probable it is that the text near by does not tell it.
    pub none: f32,
}

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A human being.
    Person,
    /// A company, party, agency, outlet, court or government.
    Organization,
    /// A country, city, region or building.
    Place,
    /// Anything else: a people, a law, an event, a product.
    Other,
}

impl NameKind {
    /// The kinds in the order of the encoder's labels.
    pub(crate) const ALL: [Self; 4] = [Self::Person, Self::Organization, Self::Place, Self::Other];
}

/// What a mention is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MentionKind {
    /// A name.
    Name(NameKind),
    /// The source of a statement.
    Source,
    /// A pronoun.
    Pronoun,
    /// The first words of a line, up to a colon.
    Label,
}

/// Words that name or point to somebody or something.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// The words.
    pub span: Span,
    /// What they are.
    pub kind: MentionKind,
    /// For a name, how probable it is one.
    pub score: f32,
    /// How probable it is, were it a source, that it is a person or persons with a name, an organisation, a group, a
    /// document, or somebody without a name, in this order.
    pub speaks_as: [f32; 5],
    /// Where it points to, and how others find it.
    pub pointer: Pointer,
}

/// The vectors by which mentions find each other: the odds that one mention means the same as another grow with the product
/// of its query and the other's key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pointer {
    /// What the mention looks for.
    pub query: Vec<f32>,
    /// What it is found by.
    pub key: Vec<f32>,
    /// The score of its meaning nothing that the article names elsewhere.
    pub nobody: f32,
}

impl Pointer {
    /// The score of this mention's meaning the same as another.
    pub(crate) fn score(&self, other: &Self) -> f32 {
        if self.query.is_empty() || other.key.is_empty() {
            return self.nobody;
        }
        dot(&self.query, &other.key) / (self.query.len() as f32).sqrt()
    }
}

/// The sum of the products, in sixteen lanes: one sum after another would wait for itself.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let mut lanes = [0.0; LANES];
    for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    lanes.iter().sum()
}
