//! Transcripts: turns that each begin with a label for the speaker.

use std::collections::{BTreeMap, BTreeSet};

use onrecord_text::{BlockKind, Pieces, Span, TurnLabel};

use super::form::{Form, TURN_PARAGRAPHS, TURNS, has_more_words, last_word, only_person};
use crate::english::{YOU, is_of_speaker, is_title, singular};
use crate::found::Speaks;
use crate::lists::List;
use crate::reading::{BlockId, Reading, WordRange};

/// The most words in a label that marks a turn in a debate by itself.
const LABEL_WORDS: usize = 4;

/// The turns of a transcript, whose lines begin with the speaker's name: `Q: …`, `A. …`; `Lund: …`, `Brandt: …`;
/// `PIA LUND, HOST: …`, `LUND: …`, `Q    …`; `>> LUND: …`; a line with `Pia Lund 00:00:12` above each turn.
///
/// `persons` are names of persons in text order. If the text before the first turn names only one, that person answers
/// at `A:`.
pub(super) fn turns(reading: &Reading<'_>, persons: &[Span]) -> Vec<Form> {
    let blocks = reading.blocks();
    let running = (0..blocks.len()).filter(|&n| blocks[n].kind.is_running());
    let lines = running.flat_map(|n| reading.lines(BlockId::of(n)));
    let lines: Vec<Span> = lines.flat_map(|line| turns_in(reading.text(), line)).collect();
    let is_in = |line: Span, kind: BlockKind| {
        let block = blocks.get(blocks.partition_point(|b| b.span.end() < line.end()));
        block.is_some_and(|block| block.kind == kind)
    };
    let labels: Vec<Option<Label>> = lines.iter().map(|line| label(reading, *line)).collect();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for label in labels.iter().flatten() {
        *times.entry(&label.key).or_default() += 1;
    }
    let again = |label: &Label| times.get(&*label.key).is_some_and(|times| *times > 1);
    let whole = is_whole(&labels);
    let sure = |label: &Label| {
        label.marked || label.asks || label.answers || (!label.plain || whole) && again(label)
    };
    // In a debate, somebody who speaks only once has the same kind of label as those who speak more often. If nobody speaks
    // again, labels must be names: “FAST START:” before a paragraph of an article is no turn.
    let nobody_again = whole && !labels.iter().flatten().any(sure);
    let names: BTreeSet<String> =
        persons.iter().filter(|_| nobody_again).filter_map(|name| last_word(reading, *name)).collect();
    let somebody = |label: &Label| !nobody_again || names.contains(&label.key) || label.is_described(reading);
    // A headline is more likely to name its topic.
    let is_turn = |n: usize, label: &Label| {
        let fits = |label: &Label| (label.capitals || !label.long) && somebody(label);
        sure(label) || whole && fits(label) && !is_in(lines[n], BlockKind::Headline)
    };
    let turns: Vec<usize> =
        (0..lines.len()).filter(|&n| labels[n].as_ref().is_some_and(|label| is_turn(n, label))).collect();
    let of_turns = || turns.iter().filter_map(|&n| labels[n].as_ref());
    let different: BTreeSet<&str> = of_turns().map(|l| &*l.key).collect();
    let named = of_turns().any(again);
    let asked = of_turns().filter(|l| sure(l)).all(|l| l.asks || l.answers);
    let marked = of_turns().any(|l| l.marked);
    if different.len() < 2 || (turns.len() < TURNS && !asked && !marked) || !(named || asked || marked) {
        return Vec::new();
    }
    let first = turns.first().map_or(0, |&n| lines[n].start());
    let introduction = &blocks[..blocks.partition_point(|b| b.span.end() <= first)];
    let answers = only_person(reading, introduction, persons);
    let turn = |k: usize, n: usize| {
        let label = labels[n].as_ref()?;
        // Lines between two turns belong to the first turn; after the last turn the article resumes.
        let until = turns.get(k + 1).copied().filter(|next| next - n <= TURN_PARAGRAPHS);
        let alone = usize::from(label.content.is_none());
        let more = lines[n + 1..until.unwrap_or((n + 1 + alone).min(lines.len()))].iter().copied();
        // A question that the page sets apart is nobody's turn, and ends the one before it.
        let more = more.take_while(|&line| !is_in(line, BlockKind::Question));
        let more = more.filter(|span| !is_direction(reading, *span));
        Some(Form {
            source: label.name,
            cue: label.colon,
            content: Pieces::new(label.content.into_iter().chain(more).collect())?,
            speaks: label.speaks(reading).or_else(|| answers.filter(|_| label.answers).map(Speaks::Named)),
            yields: false,
            why: "a turn of a transcript",
        })
    };
    turns.iter().enumerate().filter_map(|(k, &n)| turn(k, n)).collect()
}

/// Whether words are those of a talk, and not of a menu, a table of scores or a forecast: somebody asks something, or says
/// “I” or “you”.
fn is_talk(words: &str) -> bool {
    let personal = |word: &str| is_of_speaker(word) || word == YOU;
    let letters = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    words.contains('?') || words.split_whitespace().any(|word| personal(&letters(word)))
}

/// The most bytes of a label that are examined within a line.
const LONGEST_LABEL: usize = 100;

/// The turns in a line that holds a whole dialogue: `LUND: Is it late? BRANDT: It is. LUND: Then go.` A label within a
/// line follows the end of a sentence, and somebody speaks again. Any other line is a single turn.
fn turns_in(text: &str, line: Span) -> Vec<Span> {
    let words = line.of(text);
    let label = |at: usize| {
        let label = &words[at..words.floor_char_boundary(at + LONGEST_LABEL)];
        let name = &label[TurnLabel::of(label).filter(|label| label.colon.is_some())?.name];
        let is_name = name.split_whitespace().all(|word| word.starts_with(char::is_uppercase));
        is_name.then(|| name.split_whitespace().next_back())?
    };
    let Some(first) = label(0) else { return vec![line] };
    let mut turns = vec![(0, first)];
    for (space, _) in words.match_indices(' ') {
        let before = words[..space].trim_end_matches(['"', '”', '’', ')', ']', '\'']);
        if before.ends_with(['.', '?', '!', '…']) {
            turns.extend(label(space + 1).map(|name| (space + 1, name)));
        }
    }
    let names: BTreeSet<&str> = turns.iter().map(|(_, name)| *name).collect();
    if turns.len() < TURNS || names.len() < 2 || names.len() == turns.len() || !is_talk(words) {
        return vec![line];
    }
    let ends = turns.iter().skip(1).map(|(at, _)| *at).chain([words.len()]);
    let spans = turns.iter().zip(ends).map(|((from, _), to)| line.start() + from..line.start() + to);
    spans.filter_map(|span| Span::trimmed(text, span)).collect()
}

/// Whether a paragraph opens with a label.
pub(super) fn opens_with_label(reading: &Reading<'_>, line: Span) -> bool {
    label(reading, line).is_some_and(|label| !label.plain)
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
fn is_direction(reading: &Reading<'_>, line: Span) -> bool {
    let words = reading.words_of(line);
    let marks =
        words.first().zip(words.last()).map(|(first, last)| (reading.written(first), reading.written(last)));
    matches!(marks, Some(("(", ")") | ("[", "]")))
}

/// The label of a turn.
struct Label {
    /// The span of the name, without any brackets after it.
    name: Span,
    /// The name without what describes it after a comma.
    person: Span,
    /// The last word of the name, which all labels of one speaker share.
    key: String,
    colon: Option<Span>,
    /// The rest of the line after the label.
    content: Option<Span>,
    /// Whether it is `Q:`.
    asks: bool,
    /// Whether it is `A:`.
    answers: bool,
    /// Whether the name is in capitals, as transcripts print it.
    capitals: bool,
    /// Whether it has more words than the label of a turn that nothing else marks.
    long: bool,
    /// Whether only its position suggests that it is a label.
    plain: bool,
    /// Whether a mark or a time shows a change of speaker.
    marked: bool,
}

impl Label {
    /// Whether it is an office, a group, or a note that the speaker is unknown.
    fn is_described(&self, reading: &Reading<'_>) -> bool {
        matches!(self.speaks(reading), Some(Speaks::Described))
    }

    /// The speaker whom the label names: a person, unless it is an office (“THE CHAIR”), a group or a note that the
    /// speaker is unknown. `Q:` and `A:` name nobody.
    fn speaks(&self, reading: &Reading<'_>) -> Option<Speaks> {
        if self.asks || self.answers {
            return None;
        }
        let words = || reading.runs(self.person).map(|run| run.of(reading.text()));
        let lower = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let unnamed = words().any(|w| List::Unidentified.has(&lower(w)));
        let last = singular(&lower(words().next_back().unwrap_or_default()));
        let noun =
            [List::NounsOffice, List::SpeakerNouns, List::NounsOrganization].iter().any(|l| l.has(&last));
        let named = !unnamed && !noun && words().all(|w| w.starts_with(char::is_uppercase));
        Some(if named { Speaks::Named(self.person) } else { Speaks::Described })
    }
}

/// The letter at the start of a line that stands for a question or an answer: `Q. Who pays?`, `A. Nobody.`, `Q   Who pays?`.
/// `A. B. Lund` is a name, and `A toll` has an article.
fn letter(reading: &Reading<'_>, line: Span) -> Option<Label> {
    let mut words = reading.words_of(line).iter();
    let (first, second) = (words.next()?, words.next()?);
    let written = reading.written(first);
    let bare = written.strip_suffix('.').unwrap_or(written);
    let is_dotted = bare.len() < written.len();
    let is_initial = |word: &str| word.ends_with('.') && word.chars().count() == 2;
    let asks = List::QuestionLabels.has(bare);
    let answers = is_dotted && List::AnswerLabels.has(bare);
    let next = reading.written(second);
    let fits =
        bare.chars().count() == 1 && !is_initial(next) && (is_dotted || next.starts_with(char::is_uppercase));
    let name = reading.word(first).span();
    (fits && (asks || answers)).then(|| Label {
        name,
        person: name,
        key: bare.to_lowercase(),
        colon: None,
        content: Span::trimmed(reading.text(), name.end()..line.end()),
        asks,
        answers,
        capitals: false,
        long: false,
        plain: false,
        marked: false,
    })
}

/// The label at the start of a line; together with a time it may be the whole line.
fn label(reading: &Reading<'_>, line: Span) -> Option<Label> {
    if let Some(label) = letter(reading, line) {
        return Some(label);
    }
    let text = reading.text();
    let TurnLabel { name, colon, capitals, marked } = TurnLabel::of(line.of(text))?;
    let name = Span::new(line.start() + name.start, line.start() + name.end)?;
    let colon = colon.and_then(|colon| Span::new(line.start() + colon, line.start() + colon + 1));
    let written = name.of(text);
    let words = || reading.runs(name).map(|run| run.of(text));
    let sentence = !capitals && words().any(|w| w.contains('.') && !is_title(w));
    if colon.is_some() && (sentence || List::Labels.has(written)) {
        return None;
    }
    let named = words().all(|w| w.starts_with(char::is_uppercase));
    let noun = words().next_back().is_some_and(|w| List::SpeakerNouns.has(&singular(&w.to_lowercase())));
    let all = reading.words_of(name);
    let comma = all.iter().find(|&w| reading.written(w) == ",");
    let person = reading.span_of(WordRange { end: comma.unwrap_or(all.end), ..all })?;
    Some(Label {
        name,
        person,
        key: last_word(reading, person)?,
        colon,
        content: colon.and_then(|colon| Span::trimmed(text, colon.end()..line.end())),
        asks: List::QuestionLabels.has(written),
        answers: List::AnswerLabels.has(written),
        capitals,
        long: has_more_words(reading, name, LABEL_WORDS),
        plain: colon.is_some() && !(named || capitals || noun),
        marked,
    })
}
