//! The encoder's findings about an article, as a plain value that rules read and that tests can build by hand.

use onrecord_text::{EventType, Span};

/// The encoder's findings about an article. All spans refer to the article's text.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The parts of the statements that the article itself makes.
    pub outer: Layer,
    /// The parts of the statements that lie inside another statement's content.
    pub inner: Layer,
    /// Names, pronouns and sources, in text order.
    pub mentions: Vec<Mention>,
    /// Words linked to a cue that name the addressee, medium, occasion or time.
    pub beside: Vec<Beside>,
    /// Offices and affiliations, each with the name of its holder.
    pub offices: Vec<Office>,
    /// Words that report an event or may do so. Empty unless events were requested.
    pub triggers: Vec<Trigger>,
    /// Words where a cue was almost found, with the probability that a cue begins there.
    pub nearly: Vec<Scored>,
    /// The number of word pieces that the encoder processed.
    pub pieces: usize,
}

impl Analysis {
    /// The mentions that begin inside a span.
    pub(crate) fn mentions_in(&self, span: Span) -> impl Iterator<Item = &Mention> {
        let first = self.mentions.partition_point(|m| m.span.start() < span.start());
        self.mentions[first..].iter().take_while(move |m| m.span.start() < span.end())
    }
}

/// Of mentions in text order, those that begin at a position.
pub(crate) fn mentions_at(mentions: &[Mention], start: usize) -> impl Iterator<Item = &Mention> {
    let first = mentions.partition_point(|m| m.span.start() < start);
    mentions[first..].iter().take_while(move |m| m.span.start() == start)
}

/// The parts of the statements at one depth, in text order.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Words that name the speaker.
    pub sources: Vec<Scored>,
    /// Words that signal an attribution.
    pub cues: Vec<Cue>,
    /// The words that are attributed.
    pub contents: Vec<Content>,
}

/// A span with the probability of its role.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The span.
    pub span: Span,
    /// The probability, from 0 to 1.
    pub score: f32,
}

/// A cue and its source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cue {
    /// The cue itself.
    pub cue: Scored,
    /// The index of the source in its layer and the probability of the link; `None` if the cue has no source.
    pub source: Option<(usize, f32)>,
}

/// A content and its cue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Content {
    /// The content itself.
    pub content: Scored,
    /// The index of the cue in its layer and the probability of the link.
    pub cue: (usize, f32),
}

/// Words beside a cue that give a circumstance of the statement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beside {
    /// Which circumstance they give.
    pub kind: BesideKind,
    /// The words.
    pub words: Scored,
    /// The cue that they belong to.
    pub cue: Span,
    /// The probability that they belong to this cue.
    pub link: f32,
}

/// The circumstance of a statement that words beside its cue give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BesideKind {
    /// The person or group addressed: “told reporters”.
    Addressee,
    /// The medium: “in a statement”.
    Medium,
    /// The occasion: “at a briefing in Moscow”.
    Occasion,
    /// The time at which it was said.
    Time,
}

impl BesideKind {
    /// The kinds in the order of the encoder's labels.
    pub(crate) const ALL: [Self; 4] = [Self::Addressee, Self::Medium, Self::Occasion, Self::Time];
}

/// An office or affiliation and the name of the person who holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Office {
    /// The words: “Deputy Defense Minister”.
    pub words: Scored,
    /// The span of the name, as in [`Analysis::mentions`], and the probability of the link.
    pub bearer: Option<(Span, f32)>,
}

/// Words that report an event or may do so.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// The words, with the probability that they report an event at all.
    pub words: Scored,
    /// The most probable type of event, assuming that they report one.
    pub kind: EventType,
    /// The probability of this type among all types.
    pub kind_score: f32,
    /// The probabilities that the event happened, is planned, is possible or is denied, in this order.
    pub status: [f32; 4],
    /// The party that acts.
    pub actor: Argument,
    /// The party that is acted on.
    pub recipient: Argument,
}

/// A party to an event that a trigger points to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Argument {
    /// The words where the phrase that names the party may begin, most probable first.
    pub starts: Vec<Scored>,
    /// The probability that the nearby text does not name the party.
    pub none: f32,
}

/// The kind of thing that a name refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

/// The kind of a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

impl Mention {
    /// Whether it is the name of a person or an organisation.
    pub(crate) fn names_somebody(&self) -> bool {
        matches!(self.kind, MentionKind::Name(NameKind::Person | NameKind::Organization))
    }
}

/// Words that name or refer to somebody or something.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// The words.
    pub span: Span,
    /// The kind of mention.
    pub kind: MentionKind,
    /// For a name, the probability that it is one.
    pub score: f32,
    /// What kind of source the mention is, if it is a source.
    pub speaks_as: SourceKinds,
    /// The vectors that link this mention to others.
    pub pointer: Pointer,
}

/// The probabilities of each kind of source. They add up to one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SourceKinds {
    /// One or more named persons.
    pub person: f32,
    /// An organisation.
    pub organization: f32,
    /// A class of people.
    pub group: f32,
    /// A document.
    pub document: f32,
    /// Somebody without a name.
    pub unnamed: f32,
}

impl SourceKinds {
    /// The number of kinds.
    pub(crate) const COUNT: usize = 5;

    /// The same probability for each kind, if nothing is known.
    pub(crate) const EVEN: Self = Self::of([0.2; Self::COUNT]);

    /// The probabilities in the order of the encoder's labels.
    pub(crate) const fn of([person, organization, group, document, unnamed]: [f32; Self::COUNT]) -> Self {
        Self { person, organization, group, document, unnamed }
    }
}

/// Vectors that link mentions of the same thing. The odds that one mention refers to the same thing as another grow
/// with the product of its query and the other's key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pointer {
    /// Matched against the keys of other mentions.
    pub query: Packed,
    /// Matched by the queries of other mentions.
    pub key: Packed,
    /// The score for referring to nothing that the article names elsewhere.
    pub nobody: f32,
}

impl Pointer {
    /// The score for this mention and another referring to the same thing.
    pub(crate) fn score(&self, other: &Self) -> f32 {
        let width = self.query.values.len();
        if width == 0 || other.key.values.is_empty() {
            return self.nobody;
        }
        self.query.dot(&other.key) / (width as f32).sqrt()
    }
}

/// A vector in signed bytes with one scale, because a long article keeps the vectors of all its mentions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packed {
    scale: f32,
    values: Box<[i8]>,
}

impl Packed {
    /// Rounds a vector. No component is off by more than 1/254 of the largest one.
    #[must_use]
    pub fn of(vector: &[f32]) -> Self {
        let largest = vector.iter().fold(0.0_f32, |a, v| a.max(v.abs()));
        if largest == 0.0 {
            return Self { scale: 0.0, values: vec![0; vector.len()].into() };
        }
        let scale = largest / f32::from(i8::MAX);
        Self { scale, values: vector.iter().map(|v| (v / scale).round() as i8).collect() }
    }

    /// The dot product of the rounded vectors.
    fn dot(&self, other: &Self) -> f32 {
        let products = self.values.iter().zip(&other.values).map(|(&a, &b)| i32::from(a) * i32::from(b));
        products.sum::<i32>() as f32 * self.scale * other.scale
    }
}

/// The dot product, summed in sixteen lanes because with a single sum each addition would wait for the one before.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn packed_vectors_have_nearly_the_same_product(
            (a, b) in (1..80_usize).prop_flat_map(|n| {
                let vector = || prop::collection::vec(-9.0..9.0_f32, n);
                (vector(), vector())
            }),
        ) {
            let largest = |v: &[f32]| v.iter().fold(0.0_f32, |a, v| a.max(v.abs()));
            // Each component is off by half a step at most.
            let bound = a.len() as f32 * largest(&a) * largest(&b) * (1.0 / 127.0 + 1e-4);
            let product = Packed::of(&a).dot(&Packed::of(&b));
            prop_assert!((product - dot(&a, &b)).abs() <= bound, "{product} and {}", dot(&a, &b));
        }
    }

    #[test]
    fn a_mention_is_scored_by_its_query_and_the_other_mentions_key() {
        let pointer = |query: &[f32], key: &[f32]| Pointer {
            query: Packed::of(query),
            key: Packed::of(key),
            nobody: -3.0,
        };
        let asking = pointer(&[2.0, 0.0, 0.0, 0.0], &[9.0; 4]);
        let other = pointer(&[9.0; 4], &[4.0, 4.0, 0.0, 0.0]);
        assert!((asking.score(&other) - 4.0).abs() < 1e-4);
        assert_eq!(asking.score(&Pointer::default()), -3.0, "a mention without vectors can't be compared");
        assert_eq!(pointer(&[0.0; 4], &[0.0; 4]).score(&other), 0.0);
    }
}
