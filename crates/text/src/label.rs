//! The labels at the start of a transcript's turns.

use std::ops::Range;

/// The most words in a name before a colon.
const NAME_WORDS: usize = 4;
/// The most words in a label in capitals, with what describes the name: `PIA LUND, HOST OF THE MORNING SHOW`.
const LABEL_WORDS: usize = 3 * NAME_WORDS;
/// The mark with which captions show a change of speaker.
pub const TURN_MARK: &str = ">>";

/// The label at the start of a line, judged by its form alone.
///
/// ```
/// use onrecord_text::TurnLabel;
///
/// let name = |line| TurnLabel::of(line).map(|label| &line[label.name]);
/// assert_eq!(name("Pia Lund (Tallberg): Is it late?"), Some("Pia Lund"));
/// assert_eq!(name("[00:01:02] >> LUND: It is."), None, "the mark comes before the time");
/// assert_eq!(name(">> [00:01:02] LUND: It is."), Some("LUND"));
/// assert_eq!(name("PIA LUND, HOST OF THE MORNING SHOW: It is late."), Some("PIA LUND, HOST OF THE MORNING SHOW"));
/// // Only capitals make a long label different from the start of a sentence.
/// assert_eq!(name("Pia Lund, host of the morning show: It is late."), None);
/// // A time may stand after the name, in a line of its own.
/// assert_eq!(name("Pia Lund 00:01:02"), Some("Pia Lund"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnLabel {
    /// The name, without any marks and times before it or notes in brackets after it.
    pub name: Range<usize>,
    /// The position of the colon, or `None` if a time ends the label and the line.
    pub colon: Option<usize>,
    /// Whether a word of the name is in capitals, as transcripts print it.
    pub capitals: bool,
    /// Whether a mark or a time shows a change of speaker.
    pub marked: bool,
}

impl TurnLabel {
    /// Finds the label of a line.
    #[must_use]
    pub fn of(line: &str) -> Option<Self> {
        let unmarked = line.strip_prefix(TURN_MARK).unwrap_or(line).trim_start();
        let untimed = unmarked.split_once(' ').filter(|(first, _)| is_time(first));
        let rest = untimed.map_or(unmarked, |(_, rest)| rest.trim_start());
        let marked = unmarked.len() < line.len() || untimed.is_some();
        let at = line.len() - rest.len();
        let before_time = rest.rsplit_once(' ').filter(|(name, last)| is_time(last) && !name.contains(':'));
        if let Some((name, _)) = before_time {
            let name = name.trim_end();
            return (is_short(name) && is_capitalized(name)).then(|| Self {
                name: at..at + name.len(),
                colon: None,
                capitals: is_in_capitals(name),
                marked: true,
            });
        }
        let (before, after) = rest.split_once(": ")?;
        let note = before.find(" (").into_iter().chain(before.find(" [")).min();
        let name = &before[..note.unwrap_or(before.len())];
        let capitals = is_in_capitals(name) && words(before) <= LABEL_WORDS;
        let begins = name.starts_with(char::is_uppercase) && !name.contains(['“', '"', ';', '?', '!']);
        let fits = begins && (is_short(name) || capitals) && !after.trim().is_empty();
        fits.then_some(Self { name: at..at + name.len(), colon: Some(at + before.len()), capitals, marked })
    }
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

fn is_short(name: &str) -> bool {
    (1..=NAME_WORDS).contains(&words(name))
}

fn is_capitalized(name: &str) -> bool {
    name.split_whitespace().all(|w| w.starts_with(char::is_uppercase))
}

/// Whether a word of a label is in capitals.
fn is_in_capitals(name: &str) -> bool {
    name.split([',', ' ']).any(|word| {
        let letters = word.chars().filter(|c| c.is_alphabetic());
        letters.clone().count() > 2 && letters.clone().all(char::is_uppercase)
    })
}

/// Whether a word is the time of a turn: `00:00:12`, `[00:12]`.
fn is_time(word: &str) -> bool {
    let time = word.trim_matches(['[', ']', '(', ')']);
    let parts = time.split(':');
    parts.clone().count() > 1
        && parts.clone().all(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
}
