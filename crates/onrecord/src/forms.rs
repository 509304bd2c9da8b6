//! Statements that a text's form gives away without any verb: a headline that names its source before a colon, a
//! transcript, a quotation with a signature, a quotation that a line announces.

use std::collections::BTreeMap;

use onrecord_text::{Block, BlockKind, Pieces, Span};

use crate::lists::List;
use crate::quotes::{Ending, Quotation};
use crate::reading::Reading;

/// A name before a colon or after a dash has at most this many words.
const NAME_WORDS: usize = 8;
/// A label of a transcript's turn has at most this many words.
const LABEL_WORDS: usize = 4;
/// A transcript has at least this many turns.
const TURNS: usize = 3;
/// Paragraphs that a turn goes on for, at most, before the next one.
const TURN_PARAGRAPHS: usize = 8;

/// A statement by its form.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Form {
    pub(crate) source: Span,
    pub(crate) cue: Span,
    pub(crate) content: Pieces,
    /// Whether a statement with a cue of its own about the same words is the better reading.
    pub(crate) yields: bool,
    /// What gave it away, for a person.
    pub(crate) why: &'static str,
}

/// The statements that the form of an article gives away. `sources` are those that other statements have.
pub(crate) fn forms(reading: &Reading<'_>, sources: &[Span]) -> Vec<Form> {
    let (text, blocks, quotations) = (reading.text(), reading.blocks(), reading.quotations());
    let mut found = transcript(text, blocks);
    for (n, block) in blocks.iter().enumerate() {
        let after = &blocks[n + 1..];
        let named = matches!(block.kind, BlockKind::Headline | BlockKind::Lead);
        let form = named.then(|| headline(text, block.span, sources)).flatten();
        found.extend(
            form.or_else(|| signed(text, block.span, after.first(), quotations))
                .or_else(|| announced(text, block.span, after, quotations)),
        );
    }
    found
}

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// `Finance minister: pension age will not rise`. What stands before the colon may also be a label or a topic, so it
/// has to be a noun for a speaker, or somebody whom the article quotes.
fn headline(text: &str, block: Span, sources: &[Span]) -> Option<Form> {
    let (before, after) = block.of(text).split_once(": ")?;
    let name = before.trim();
    let last = name.split_whitespace().next_back()?;
    let speaks = List::SpeakerNouns.has(last)
        || (last.starts_with(char::is_uppercase)
            && sources.iter().any(|s| {
                !block.contains(*s) && s.of(text).split_whitespace().any(|w| bare(w) == bare(last))
            }));
    if count(name) > NAME_WORDS
        || count(after) < 2
        || name.contains(['“', '"', '‘', ','])
        || List::Labels.has(name)
        || !speaks
    {
        return None;
    }
    let colon = block.start() + before.len();
    Some(Form {
        source: Span::trimmed(text, block.start()..colon)?,
        cue: Span::new(colon, colon + 1)?,
        content: Span::trimmed(text, colon + 1..block.end())?.into(),
        yields: false,
        why: "a headline that names its source before a colon",
    })
}

/// A word without punctuation and the possessive, in lower case.
fn bare(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    word.strip_suffix("’s").or_else(|| word.strip_suffix("'s")).unwrap_or(&word).to_owned()
}

/// Lines that begin with the name of who speaks, in turns: `Q: …`, `A: …`; `Lund: …`, `Brandt: …`.
fn transcript(text: &str, blocks: &[Block]) -> Vec<Form> {
    let labels: Vec<Option<&str>> = blocks.iter().map(|b| label(text, b)).collect();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for label in labels.iter().flatten() {
        *times.entry(label).or_default() += 1;
    }
    let is_question = |label: &str| ["Q", "A", "QUESTION", "ANSWER"].contains(&label.to_uppercase().as_str());
    times.retain(|label, times| *times > 1 || is_question(label));
    let turns: Vec<usize> =
        (0..blocks.len()).filter(|&n| labels[n].is_some_and(|l| times.contains_key(l))).collect();
    if times.len() < 2 || (turns.len() < TURNS && !times.keys().all(|l| is_question(l))) {
        return Vec::new();
    }
    turns
        .iter()
        .enumerate()
        .filter_map(|(k, &n)| {
            let block = blocks[n].span;
            let colon = block.start() + labels[n]?.len();
            let own = Span::trimmed(text, colon + 1..block.end())?;
            // What stands between two turns belongs to the first; after the last one the article goes on.
            let until = turns.get(k + 1).copied().filter(|next| next - n <= TURN_PARAGRAPHS).unwrap_or(n + 1);
            let more = blocks[n + 1..until].iter().filter(|b| b.kind.is_running()).map(|b| b.span);
            Some(Form {
                source: Span::new(block.start(), colon)?,
                cue: Span::new(colon, colon + 1)?,
                content: Pieces::new(std::iter::once(own).chain(more).collect())?,
                yields: false,
                why: "a turn of a transcript",
            })
        })
        .collect()
}

/// The name before a colon that opens a paragraph.
fn label<'a>(text: &'a str, block: &Block) -> Option<&'a str> {
    let (before, after) = block.span.of(text).split_once(": ").filter(|_| block.kind.is_running())?;
    let named = before.split_whitespace().all(|w| w.starts_with(char::is_uppercase));
    let short = (1..=LABEL_WORDS).contains(&count(before)) && !after.trim().is_empty();
    (named && short && !List::Labels.has(before)).then_some(before)
}

/// `“This merger will cost consumers.” -Commissioner Wells`, the signature also in a paragraph of its own.
fn signed(text: &str, block: Span, next: Option<&Block>, quotations: &[Quotation]) -> Option<Form> {
    let last = quotations[..quotations.partition_point(|q| q.span.end() <= block.end())].last()?;
    if !block.contains(last.span) || last.ending != Ending::Closed || last.span.start() != block.start() {
        return None;
    }
    let after = Span::trimmed(text, last.span.end()..block.end());
    let line = after.or_else(|| next.map(|b| b.span))?;
    let words = line.of(text);
    let name = words.trim_start_matches(['-', '–', '—', '―']);
    let dashes = words.len() - name.len();
    let signature = Span::trimmed(text, line.start() + dashes..line.end())?;
    let name = signature.of(text).trim_end_matches('.');
    let is_name =
        name.starts_with(|c: char| c.is_uppercase() || c == '@') && !name.contains(['“', '"', '”', ';']);
    if dashes == 0 || !is_name || count(name) > 2 * NAME_WORDS || ends_inside(name) {
        return None;
    }
    Some(Form {
        source: Span::new(signature.start(), signature.start() + name.len())?,
        cue: Span::new(line.start(), line.start() + dashes)?,
        content: last.span.into(),
        yields: true,
        why: "a quotation with a signature",
    })
}

/// Whether a sentence ends inside these words, so that they are no name.
fn ends_inside(words: &str) -> bool {
    let sentence = |(before, _): (&str, &str)| before.split(' ').next_back().is_some_and(|w| w.len() > 4);
    words.split_once(". ").is_some_and(sentence)
}

/// `From Chairwoman Brandt:`, with her words in the quotations of the next paragraphs.
fn announced(text: &str, block: Span, after: &[Block], quotations: &[Quotation]) -> Option<Form> {
    let line = block.of(text);
    let rest = line.strip_prefix("From ").or_else(|| line.strip_prefix("FROM "))?;
    let name = rest.strip_suffix(':')?;
    if count(name) > 2 * NAME_WORDS || !name.starts_with(char::is_uppercase) {
        return None;
    }
    let whole = |b: &&Block| {
        b.kind == BlockKind::BlockQuotation
            || quotations.iter().any(|q| q.span.start() == b.span.start() && q.span.contains(b.span))
    };
    let content: Vec<Span> = after.iter().take_while(whole).map(|b| b.span).collect();
    let start = block.start() + line.len() - rest.len();
    Some(Form {
        source: Span::new(start, start + name.len())?,
        cue: Span::new(block.start(), block.start() + "From".len())?,
        content: Pieces::new(content)?,
        yields: true,
        why: "a line that announces whose words follow",
    })
}
