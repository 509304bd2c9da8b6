//! Event reports: who did what to whom, and according to whom, as mentioned in one article.

use crate::{Linked, PartialDate, Pieces, SpeakerKind};

/// A report of an event: one mention of one kind of act, with its actor and its recipient if the article names them.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The kind of act.
    pub kind: EventType,
    /// The words that express the act.
    pub trigger: Pieces,
    /// Who acts.
    pub actor: Option<Box<Party>>,
    /// To whom the act is done.
    pub recipient: Option<Box<Party>>,
    /// Whether it happened, according to its claimant.
    pub status: EventStatus,
    /// Whether the event is reported as history: according to the article, it took place years ago.
    pub historical: bool,
    /// Where it takes place.
    pub place: Option<Box<Place>>,
    /// When it takes place.
    pub time: Option<Box<EventTime>>,
    /// The statement whose content reports the event, as an index into the record's statements.
    ///
    /// `None` if the article itself reports it.
    pub claimant: Option<usize>,
    /// Which side the claimant is on.
    ///
    /// `None` if the article itself reports the event, or if the claimant can't be placed.
    pub side: Option<Side>,
    /// The confidence, from 0 to 1, that type, actor, recipient and claimant are right, and that the status correctly
    /// says whether the event happened.
    pub confidence: f32,
    /// Why the report was found, and why it has its claimant and its status, for people to read.
    pub why: String,
}

/// The kinds of acts: the root types of the PLOVER ontology, in its order, which is also the order of the encoder's
/// labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventType {
    /// Agrees, signs, accepts, promises or offers to cooperate.
    Agree,
    /// Meets, visits, talks, negotiates, mediates.
    Consult,
    /// Endorses, praises, recognises, votes for.
    Support,
    /// Acts together materially: trade, joint exercises, extradition.
    Cooperate,
    /// Gives money, goods, asylum, rescue.
    Aid,
    /// Gives way: ceases fire, releases, withdraws, resigns under pressure.
    Yield,
    /// Asks, urges, appeals, demands, orders.
    Request,
    /// Blames, criticises, condemns, sues, charges, investigates.
    Accuse,
    /// Refuses, denies, vetoes, votes down, breaks an agreement.
    Reject,
    /// Warns of harm, gives an ultimatum, threatens.
    Threaten,
    /// Demonstrates, strikes, riots, boycotts.
    Protest,
    /// Cuts ties, expels, embargoes, suspends aid, dismisses.
    Sanction,
    /// Deploys troops or police, raises an alert, tests missiles.
    Mobilize,
    /// Arrests, bans, censors, seizes, deports, sentences, hacks.
    Coerce,
    /// Kills, bombs, attacks, tortures, abducts, fights.
    Assault,
}

/// The four quadrants into which PLOVER groups its types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum QuadClass {
    /// AGREE, CONSULT, SUPPORT.
    VerbalCooperation,
    /// COOPERATE, AID, YIELD.
    MaterialCooperation,
    /// REQUEST, ACCUSE, REJECT, THREATEN.
    VerbalConflict,
    /// PROTEST, SANCTION, MOBILIZE, COERCE, ASSAULT.
    MaterialConflict,
}

impl EventType {
    /// Returns the type's quadrant.
    #[must_use]
    pub fn quad_class(self) -> QuadClass {
        match self {
            Self::Agree | Self::Consult | Self::Support => QuadClass::VerbalCooperation,
            Self::Cooperate | Self::Aid | Self::Yield => QuadClass::MaterialCooperation,
            Self::Request | Self::Accuse | Self::Reject | Self::Threaten => QuadClass::VerbalConflict,
            Self::Protest | Self::Sanction | Self::Mobilize | Self::Coerce | Self::Assault => {
                QuadClass::MaterialConflict
            }
        }
    }
}

/// Whether an event happened, according to its claimant. The order is that of the encoder's labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventStatus {
    /// It happened or is happening.
    Happened,
    /// It is intended, ordered, agreed to or asked for, or it will happen.
    Planned,
    /// It may happen or may have happened: it is conditional, feared or suspected.
    Possible,
    /// It did not happen or will not happen.
    Denied,
}

/// Which side of an event a claimant is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The actor's side: the claimant is the actor, shares the actor's country, or holds an office of the actor.
    Actor,
    /// The recipient's side, likewise.
    Recipient,
    /// Neither side: another country or organisation, or somebody with another office or country.
    Other,
}

/// The actor or recipient of an event: words of the article, resolved within it.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// The words next to the trigger.
    pub words: Pieces,
    /// The fullest name that the article gives, with several names joined by ` | `.
    ///
    /// If no name fits, these are the words themselves. `None` for a pronoun that could not be resolved.
    pub name: Option<String>,
    /// What kind of party it is.
    pub kind: SpeakerKind,
    /// The fullest office or affiliation that the article attaches to the party.
    pub role: Option<String>,
    /// The entities, as indices into the record's entities.
    pub entities: Vec<usize>,
    /// The ISO 3166 alpha-3 codes of the party's countries, joined by ` | `.
    ///
    /// `None` if neither the name nor the role indicates a country.
    pub country: Option<String>,
    /// The party's PLOVER sector codes, joined by ` | `.
    pub sector: Option<String>,
    /// The confidence that the party is resolved correctly, from 0 to 1.
    pub confidence: f32,
}

/// Where an event takes place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The words, and the entity that they name.
    pub words: Linked,
    /// The country's ISO 3166 alpha-3 code, if the name indicates a country.
    pub country: Option<String>,
}

/// When an event takes place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTime {
    /// The words that give the time, or `None` if the date is that of the article.
    pub words: Option<Pieces>,
    /// The date, if it is known.
    pub value: Option<PartialDate>,
    /// What the date is based on.
    pub basis: DateBasis,
}

/// What the date of an event is based on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DateBasis {
    /// Words in the sentence that reports the event.
    Text,
    /// The time of the statement whose cue is the event or whose content reports it. In the second case, the event may
    /// be older.
    Statement,
    /// The day of the article, because news usually reports what is new. The event may be older.
    #[default]
    Article,
}
