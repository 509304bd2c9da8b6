//! Transcripts: turns that each begin with a label for the speaker.

use std::collections::{BTreeMap, BTreeSet};

use onrecord_text::{Block, Pieces, Span, TURN_MARK, TurnLabel};

use super::form::{Form, TURN_PARAGRAPHS, TURNS, count, only_person};
use crate::english::{is_title, singular};
use crate::found::Speaks;
use crate::lists::List;

/// The most words in a label that marks a turn in a debate by itself.
const LABEL_WORDS: usize = 4;

/// Finds the lines of a transcript that begin with the speaker's name: `Q: …`, `A: …`; `Lund: …`, `Brandt: …`;
/// `PIA LUND, HOST: …`, `LUND: …`; `>> LUND: …`; a line with `Pia Lund 00:00:12` above each turn.
/// `persons` are the names of persons in text order. If only one is named before the first turn, that person answers
/// at `A:`.
pub(super) fn turns(text: &str, blocks: &[Block], persons: &[Span]) -> Vec<Form> {
    let running = blocks.iter().filter(|b| b.kind.is_running());
    let lines: Vec<Span> = running.flat_map(|b| parts(text, b.span)).collect();
    let labels: Vec<Option<Label>> = lines.iter().map(|line| label(text, *line)).collect();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for label in labels.iter().flatten() {
        *times.entry(label.key()).or_default() += 1;
    }
    let again = |label: &Label| times.get(&label.key()).is_some_and(|times| *times > 1);
    let whole = is_whole(&labels);
    let sure = |label: &Label| label.marked || label.is_question() || (!label.plain || whole) && again(label);
    // In a debate, somebody who speaks only once has the same kind of label as those who speak more often.
    let is_turn = |label: &Label| sure(label) || whole && (label.capitals || !label.is_long());
    let turns: Vec<usize> = (0..lines.len()).filter(|&n| labels[n].as_ref().is_some_and(is_turn)).collect();
    let of_turns = || turns.iter().filter_map(|&n| labels[n].as_ref());
    let different: BTreeSet<String> = of_turns().map(Label::key).collect();
    let named = of_turns().any(again);
    let asked = of_turns().filter(|l| sure(l)).all(Label::is_question);
    let marked = of_turns().any(|l| l.marked);
    if different.len() < 2 || (turns.len() < TURNS && !asked && !marked) || !(named || asked || marked) {
        return Vec::new();
    }
    let first = turns.first().map_or(0, |&n| lines[n].start());
    let introduction = &blocks[..blocks.partition_point(|b| b.span.end() <= first)];
    let answers = only_person(text, introduction, persons);
    let turn = |k: usize, n: usize| {
        let label = labels[n].as_ref()?;
        // Lines between two turns belong to the first turn; after the last turn the article resumes.
        let until = turns.get(k + 1).copied().filter(|next| next - n <= TURN_PARAGRAPHS);
        let alone = usize::from(label.content.is_none());
        let more = lines[n + 1..until.unwrap_or((n + 1 + alone).min(lines.len()))].iter().copied();
        let more = more.filter(|span| !is_direction(span.of(text)));
        Some(Form {
            source: label.words,
            cue: label.colon,
            content: Pieces::new(label.content.into_iter().chain(more).collect())?,
            speaks: label.speaks(text).or_else(|| answers.filter(|_| label.is_answer()).map(Speaks::Named)),
            yields: false,
            why: "a turn of a transcript",
        })
    };
    turns.iter().enumerate().filter_map(|(k, &n)| turn(k, n)).collect()
}

/// Whether a paragraph opens with a label.
pub(super) fn opens_with_label(text: &str, line: Span) -> bool {
    label(text, line).is_some_and(|label| !label.plain)
}

/// The parts of a paragraph that turn marks separate.
fn parts(text: &str, block: Span) -> Vec<Span> {
    let words = block.of(text);
    let starts = words.match_indices(TURN_MARK).map(|(at, _)| at).filter(|&at| at > 0);
    let starts: Vec<usize> = std::iter::once(0).chain(starts).collect();
    let ends = starts[1..].iter().copied().chain([words.len()]);
    let spans = starts.iter().zip(ends).map(|(&start, end)| block.start() + start..block.start() + end);
    spans.filter_map(|range| Span::trimmed(text, range)).collect()
}

/// Whether a text is a transcript from its first label to its last: either all lines have a label, or half of them have
/// one and some labels are in capitals.
fn is_whole(labels: &[Option<Label>]) -> bool {
    let Some(first) = labels.iter().position(Option::is_some) else { return false };
    let last = labels.iter().rposition(Option::is_some).unwrap_or(first);
    let capitals = labels.iter().flatten().filter(|l| l.capitals).count();
    let labelled = labels.iter().flatten().count();
    let lines = last + 1 - first;
    labelled >= TURNS && (labelled == lines || capitals >= 2 && labelled * 2 >= lines)
}

/// Whether a line is a transcript's note on what is seen or heard: `(CROSSTALK)`, `[Applause]`.
fn is_direction(line: &str) -> bool {
    (line.starts_with('(') && line.ends_with(')')) || (line.starts_with('[') && line.ends_with(']'))
}

/// The label of a turn.
struct Label<'a> {
    name: &'a str,
    /// The span of the name, without any brackets after it.
    words: Span,
    colon: Option<Span>,
    /// The rest of the line after the label.
    content: Option<Span>,
    /// Whether the name is in capitals, as transcripts print it.
    capitals: bool,
    /// Whether only its position suggests that it is a label.
    plain: bool,
    /// Whether a mark or a time shows a change of speaker.
    marked: bool,
}

impl Label<'_> {
    /// The key shared by all labels of one speaker: the last word of the name.
    fn key(&self) -> String {
        let name = self.name.split(',').next().unwrap_or_default();
        name.split_whitespace().next_back().unwrap_or_default().to_lowercase()
    }

    fn is_long(&self) -> bool {
        count(self.name) > LABEL_WORDS
    }

    /// Whether it is `Q:` or `A:`.
    fn is_question(&self) -> bool {
        self.is_answer() || List::QuestionLabels.has(self.name)
    }

    fn is_answer(&self) -> bool {
        List::AnswerLabels.has(self.name)
    }

    /// The speaker whom the label names: a person, unless it is an office (“THE CHAIR”), a group or a note that the
    /// speaker is unknown. `Q:` and `A:` name nobody.
    fn speaks(&self, text: &str) -> Option<Speaks> {
        if self.is_question() {
            return None;
        }
        let name = self.name.split(',').next().unwrap_or_default();
        let lower = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let unnamed = name.split_whitespace().any(|w| List::Unidentified.has(&lower(w)));
        let last = singular(&lower(name.split_whitespace().next_back().unwrap_or_default()));
        let noun =
            [List::NounsOffice, List::SpeakerNouns, List::NounsOrganization].iter().any(|l| l.has(&last));
        let named = !unnamed && !noun && name.split_whitespace().all(|w| w.starts_with(char::is_uppercase));
        let start = self.words.start();
        let span = Span::trimmed(text, start..start + name.len()).filter(|_| named);
        Some(span.map_or(Speaks::Described, Speaks::Named))
    }
}

/// The label at the start of a line; together with a time it may be the whole line.
fn label(text: &str, line: Span) -> Option<Label<'_>> {
    let TurnLabel { name: at, colon, capitals, marked } = TurnLabel::of(line.of(text))?;
    let name = &line.of(text)[at.clone()];
    let words = Span::new(line.start() + at.start, line.start() + at.end)?;
    let Some(colon) = colon.map(|colon| line.start() + colon) else {
        return Some(Label { name, words, colon: None, content: None, capitals, plain: false, marked });
    };
    let sentence = !capitals && name.split_whitespace().any(|w| w.contains('.') && !is_title(w));
    if sentence || List::Labels.has(name) {
        return None;
    }
    let named = name.split_whitespace().all(|w| w.starts_with(char::is_uppercase));
    let noun =
        name.split(' ').next_back().is_some_and(|w| List::SpeakerNouns.has(&singular(&w.to_lowercase())));
    Some(Label {
        name,
        words,
        colon: Span::new(colon, colon + 1),
        content: Span::trimmed(text, colon + 1..line.end()),
        capitals,
        plain: !(named || capitals || noun),
        marked,
    })
}
