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
    /// Whether the event is reported as history: the article dates it years back.
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
/// labels. The default is the first one, so that an event can be built field by field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventType {
    /// Agrees, signs, accepts, promises or offers to cooperate.
    #[default]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventStatus {
    /// It happened or is happening.
    #[default]
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
    /// The time of the statement whose cue is the event.
    Statement,
    /// The day of the article, because news usually reports what is new. The event may be older.
    #[default]
    Article,
}

/// The maximum number of characters of a sentence on either side of a span. Longer sentences are cut between two words,
/// because an article may be one sentence with thousands of reports.
const LONGEST_SIDE: usize = 500;

/// Finds the sentences of a text by positions in characters.
///
/// Preparing a text takes one pass over it. The time of each search then depends on the length of the sentence.
#[derive(Debug)]
pub struct Sentences<'t> {
    text: &'t str,
    /// The position in bytes of every [`STRIDE`]th character.
    bytes: Vec<usize>,
}

/// The number of characters from one known position to the next.
const STRIDE: usize = 64;

impl<'t> Sentences<'t> {
    /// Prepares a text.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        Self { text, bytes: text.char_indices().step_by(STRIDE).map(|(at, _)| at).collect() }
    }

    /// Returns the position in bytes of a position in characters.
    fn byte(&self, points: usize) -> usize {
        let known = self.bytes.get(points / STRIDE).copied().unwrap_or(self.text.len());
        self.text[known..].char_indices().nth(points % STRIDE).map_or(self.text.len(), |(at, _)| known + at)
    }

    /// Returns the sentence around a span, on one line, and the position of the span in it, in characters.
    ///
    /// The sentence begins after the last full stop on the same line and ends with the next one after the span. Initials,
    /// as in “U.S.”, do not end a sentence, and neither does a full stop before a lower-case letter. Runs of white space
    /// become one space. If more than 500 characters precede or follow the span, “…” replaces the rest.
    ///
    /// ```
    /// use onrecord_text::Sentences;
    ///
    /// let text = "It rained. The U.S. Navy arrested  an editor. He left.";
    /// let (sentence, trigger) = Sentences::new(text).around([25, 33]);
    /// assert_eq!(sentence, "The U.S. Navy arrested an editor.");
    /// assert_eq!(trigger, (14, 22));
    /// ```
    #[must_use]
    pub fn around(&self, [start, end]: [usize; 2]) -> (String, (usize, usize)) {
        let text = self.text;
        let (start, end) = (self.byte(start), self.byte(end.max(start)));
        let (mut from, mut cut_before) = (0, false);
        for (count, (at, c)) in text[..start].char_indices().rev().enumerate() {
            cut_before = count >= LONGEST_SIDE && c.is_whitespace();
            if cut_before || ends_sentence(text, at, c) {
                from = at + c.len_utf8();
                break;
            }
        }
        let (mut to, mut cut_after) = (text.len(), false);
        for (count, (at, c)) in text[end..].char_indices().map(|(at, c)| (end + at, c)).enumerate() {
            if count >= LONGEST_SIDE && c.is_whitespace() {
                (to, cut_after) = (at, true);
                break;
            }
            if ends_sentence(text, at, c) {
                to = at + c.len_utf8();
                break;
            }
        }
        on_one_line(&text[from..to], (start - from, end - from), (cut_before, cut_after))
    }
}

/// Returns whether a character at a position of a text ends a sentence.
fn ends_sentence(text: &str, at: usize, c: char) -> bool {
    if c == '\n' {
        return true;
    }
    let after = &text[at + c.len_utf8()..];
    if !matches!(c, '.' | '!' | '?') || !after.chars().next().is_none_or(char::is_whitespace) {
        return false;
    }
    let mut before = text[..at].chars().rev();
    let initial =
        before.next().is_some_and(char::is_uppercase) && !before.next().is_some_and(char::is_alphanumeric);
    let goes_on = after.trim_start_matches([' ', '\t']).starts_with(char::is_lowercase);
    c != '.' || !(goes_on || initial && !after.trim_start_matches([' ', '\t']).is_empty())
}

/// Returns some words with one space for each run of white space, and the new position of a span in them, in characters.
/// “…” replaces what was cut before and after them.
fn on_one_line(
    words: &str,
    (start, end): (usize, usize),
    (cut_before, cut_after): (bool, bool),
) -> (String, (usize, usize)) {
    let (mut line, mut span) = (String::new(), (0, 0));
    if cut_before {
        line.push_str("… ");
    }
    let mut length = line.chars().count();
    let mut space = false;
    for (at, c) in words.char_indices() {
        if c.is_whitespace() {
            space = !line.is_empty() && !line.ends_with(' ');
        } else {
            if space {
                line.push(' ');
                length += 1;
                space = false;
            }
            if at == start {
                span.0 = length;
            }
            line.push(c);
            length += 1;
        }
        if at + c.len_utf8() == end {
            span.1 = length;
        }
    }
    if cut_after {
        line.push_str(" …");
    }
    (line, span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(sentence: &str, (start, end): (usize, usize)) -> String {
        sentence.chars().skip(start).take(end - start).collect()
    }

    #[test]
    fn a_sentence_ends_at_marks_before_white_space_and_at_line_ends() {
        let around = |text: &str, words: &str| {
            let start = text[..text.find(words).unwrap()].chars().count();
            let (sentence, at) = Sentences::new(text).around([start, start + words.chars().count()]);
            assert_eq!(cut(&sentence, at), words);
            sentence
        };
        assert_eq!(around("Não! Police arrested 1.5 men? Yes.", "arrested"), "Police arrested 1.5 men?");
        assert_eq!(around("One\nPolice  arrested\t him\nTwo.", "arrested"), "Police arrested him");
        assert_eq!(around("arrested", "arrested"), "arrested");
        assert_eq!(around("He was arrested.", "arrested."), "He was arrested.");
    }

    #[test]
    fn initials_and_a_full_stop_before_a_small_letter_do_not_end_a_sentence() {
        let around = |text: &str| {
            let start = text[..text.find("arrested").unwrap()].chars().count();
            Sentences::new(text).around([start, start + 8]).0
        };
        assert_eq!(
            around("It is so. The U.S. Navy arrested J. Lund Inc. staff. Yes."),
            "The U.S. Navy arrested J. Lund Inc. staff."
        );
        assert_eq!(around("It was NATO. Police arrested him in the U.S."), "Police arrested him in the U.S.");
        assert_eq!(
            around("It was NATO. Police arrested him in the U.S.\nHe left."),
            "Police arrested him in the U.S."
        );
    }

    #[test]
    fn positions_are_found_in_long_texts_of_any_script() {
        let text = "Ég fór. Él llegó tarde. Police arrested Ørsted. ".repeat(50);
        let sentences = Sentences::new(&text);
        let points: Vec<char> = text.chars().collect();
        for start in (0..points.len()).filter(|&n| points[n..].starts_with(&['a', 'r', 'r', 'e', 's'])) {
            assert_eq!(sentences.around([start, start + 8]), ("Police arrested Ørsted.".to_owned(), (7, 15)));
        }
    }

    #[test]
    fn a_very_long_sentence_is_cut_between_words() {
        let many = "é and ".repeat(400);
        let text = format!("{many}police arrested him {many}");
        let start = many.chars().count() + "police ".len();
        let (sentence, at) = Sentences::new(&text).around([start, start + 8]);
        assert_eq!(cut(&sentence, at), "arrested");
        assert!(sentence.starts_with("… and ") || sentence.starts_with("… é "), "{sentence}");
        assert!(sentence.ends_with(" …"));
        assert!(sentence.chars().count() < 1_050);
        let near = "é and ".repeat(60);
        let text = format!("{near}police arrested him {near}");
        let start = near.chars().count() + "police ".len();
        assert!(!Sentences::new(&text).around([start, start + 8]).0.contains('…'));
    }

    #[test]
    fn a_span_beyond_the_text_is_cut_off() {
        assert_eq!(Sentences::new("It rained.").around([3, 90]), ("It rained.".to_owned(), (3, 10)));
        assert_eq!(Sentences::new("It rained.").around([80, 90]).0, "");
        assert_eq!(Sentences::new("").around([0, 1]).0, "");
    }
}
