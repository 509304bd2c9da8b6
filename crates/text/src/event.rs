//! Event reports: who did what to whom, as one mention in one article tells it, and according to whom.

use crate::{Linked, PartialDate, Pieces, SpeakerKind};

/// A report of an event: one mention of one kind of act between an actor and, if told, a recipient.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What kind of act it is.
    pub kind: EventType,
    /// The words that tell it.
    pub trigger: Pieces,
    /// Who acts.
    pub actor: Option<Box<Party>>,
    /// To whom it is done.
    pub recipient: Option<Box<Party>>,
    /// Whether it happened, according to its claimant.
    pub status: EventStatus,
    /// Whether it is told as history: the article dates it years back.
    pub historical: bool,
    /// Where it takes place.
    pub place: Option<Box<Place>>,
    /// When it takes place.
    pub time: Option<Box<EventTime>>,
    /// The statement whose content tells it, by its place in the record. `None` where the article itself tells it.
    pub claimant: Option<usize>,
    /// How sure the system is that type, actor, recipient and claimant are right and that it is told whether the event
    /// happened, from 0 to 1.
    pub confidence: f32,
    /// Why the report was found, and why it has its claimant and its status, for a person.
    pub why: String,
}

/// The kinds of acts: the root types of the PLOVER ontology.
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

/// The four quadrants that PLOVER groups its types by.
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
    /// All types, in PLOVER's order, which is that of the encoder's labels.
    pub const ALL: [Self; 15] = [
        Self::Agree,
        Self::Consult,
        Self::Support,
        Self::Cooperate,
        Self::Aid,
        Self::Yield,
        Self::Request,
        Self::Accuse,
        Self::Reject,
        Self::Threaten,
        Self::Protest,
        Self::Sanction,
        Self::Mobilize,
        Self::Coerce,
        Self::Assault,
    ];

    /// Its quadrant.
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

/// Whether an event happened, according to its claimant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventStatus {
    /// It happened or is going on.
    #[default]
    Happened,
    /// It will happen, is ordered, agreed to, intended or asked for.
    Planned,
    /// It may happen or may have happened: if, feared, suspected.
    Possible,
    /// It did not happen or will not.
    Denied,
}

impl EventStatus {
    /// All values, in the order of the encoder's labels.
    pub const ALL: [Self; 4] = [Self::Happened, Self::Planned, Self::Possible, Self::Denied];
}

/// Who acts, or to whom it is done: words of the article, resolved within it.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// The words beside the trigger.
    pub words: Pieces,
    /// The fullest name that the article gives; several are joined with ` | `. Where no name fits, the words themselves;
    /// `None` for a pronoun that nobody can be told for.
    pub name: Option<String>,
    /// What it is.
    pub kind: SpeakerKind,
    /// The fullest office or affiliation that the article attaches to it.
    pub role: Option<String>,
    /// The entities, by their numbers in the record.
    pub entities: Vec<usize>,
    /// Its countries' ISO 3166 alpha-3 codes, several joined with ` | `. `None` where neither name nor role tell.
    pub country: Option<String>,
    /// Its PLOVER sector codes, likewise.
    pub sector: Option<String>,
    /// How sure it is that the event's party is this one, from 0 to 1.
    pub confidence: f32,
}

/// Where an event takes place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The words, and the entity that they name.
    pub words: Linked,
    /// The country's ISO 3166 alpha-3 code, where the name tells it.
    pub country: Option<String>,
}

/// When an event takes place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTime {
    /// The words that say so; none where the date is that of the article.
    pub words: Option<Pieces>,
    /// The date, where it is known.
    pub value: Option<PartialDate>,
    /// What the date rests on.
    pub basis: DateBasis,
}

/// What the date of an event rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateBasis {
    /// Words in the sentence that tells the event.
    Text,
    /// The time at which the statement was made whose cue is the event.
    Statement,
    /// The day of the article: news tells what is new. The event may be older.
    Article,
}
