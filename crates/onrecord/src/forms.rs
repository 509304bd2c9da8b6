//! Finds statements by the form of the text, without any verb: a headline that names its source before a colon, a
//! transcript, a quotation with a signature, a quotation that a line introduces or that the page attributes.

mod form;
mod transcript;

use std::collections::HashMap;

use onrecord_text::{Block, BlockKind, Pieces, Span};

use crate::english::{FROM, I, takes_full_stop, without_contraction, without_possessive};
use crate::lists::List;
use crate::quotes::Ending;
use crate::reading::{BlockId, Reading, WordId, WordRange};
pub(crate) use form::Form;
use form::{TURN_PARAGRAPHS, TURNS, has_more_words, only_person};

/// The most words in a name before a colon or after a dash.
const NAME_WORDS: usize = 8;

/// The most words with which a note on an interview opens.
const NOTE_WORDS: usize = 4;

/// Finds the statements that the form of an article reveals. `sources` are the sources of other statements. `cues` are
/// cues and near-cues, each with its source if it has one, and `persons` are the names of persons, both in text order.
pub(crate) fn forms(
    reading: &Reading<'_>,
    sources: &[Span],
    cues: &[(Span, Option<Span>)],
    persons: &[Span],
) -> Vec<Form> {
    let sources = words_of_sources(reading, sources);
    let mut found = transcript::turns(reading, persons);
    if found.is_empty() {
        found = interview(reading, persons);
    }
    for n in 0..reading.blocks().len() {
        let block = Place::of(reading, n);
        found.extend(
            headline(reading, block, &sources)
                .or_else(|| signed(reading, block))
                .or_else(|| announced(reading, block))
                .or_else(|| introduced(reading, block, cues))
                .or_else(|| attributed(reading, block)),
        );
    }
    found
}

/// A block and those around it.
#[derive(Clone, Copy)]
struct Place<'a> {
    kind: BlockKind,
    span: Span,
    words: WordRange,
    before: &'a [Block],
    after: &'a [Block],
}

impl<'a> Place<'a> {
    fn of(reading: &Reading<'a>, n: usize) -> Self {
        let Block { kind, span } = reading.blocks()[n];
        let (before, after) = (&reading.blocks()[..n], &reading.blocks()[n + 1..]);
        Self { kind, span, words: reading.block_words(BlockId::of(n)), before, after }
    }
}

/// Whether a word of a range contains one of these marks.
fn has_mark(reading: &Reading<'_>, words: WordRange, marks: &[char]) -> bool {
    words.iter().any(|w| reading.written(w).contains(marks))
}

/// `Finance minister: pension age will not rise`. The words before the colon may also be a label or a topic, so they
/// must be a noun for a speaker or a source that the article quotes elsewhere.
fn headline(reading: &Reading<'_>, block: Place<'_>, sources: &HashMap<String, Span>) -> Option<Form> {
    if !matches!(block.kind, BlockKind::Headline | BlockKind::Lead) {
        return None;
    }
    let colon = reading.before_spaces(block.words).find(|&w| reading.written(w) == ":")?;
    let before = WordRange { end: colon, ..block.words };
    let source = reading.span_of(before)?;
    let content = reading.span_of(WordRange { start: colon.step(1)?, ..block.words })?;
    let (name, last) = (source.of(reading.text()), reading.runs(source).next_back()?.of(reading.text()));
    let is_source = || sources.get(&bare(last)).is_some_and(|all| !block.span.contains(*all));
    let speaks = List::SpeakerNouns.has(last) || (last.starts_with(char::is_uppercase) && is_source());
    if has_more_words(reading, source, NAME_WORDS)
        || !has_more_words(reading, content, 1)
        || has_mark(reading, before, &['“', '"', '‘', ','])
        || List::Labels.has(name)
        || !speaks
    {
        return None;
    }
    Some(Form {
        source,
        cue: Some(reading.word(colon).span()),
        content: content.into(),
        speaks: None,
        yields: false,
        why: "a headline that names its source before a colon",
    })
}

/// For each word of a source, the span from the first source with this word to the last.
fn words_of_sources(reading: &Reading<'_>, sources: &[Span]) -> HashMap<String, Span> {
    let mut words: HashMap<String, Span> = HashMap::new();
    for source in sources {
        for word in reading.runs(*source) {
            let all = words.entry(bare(word.of(reading.text()))).or_insert(*source);
            *all = all.to(*source);
        }
    }
    words
}

/// Whether a word is another, which is in lower case, with a capital.
fn is_capitalized(word: &str, lower: &str) -> bool {
    word.starts_with(char::is_uppercase) && word.eq_ignore_ascii_case(lower)
}

/// A word in lower case, without punctuation and possessive.
fn bare(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    without_possessive(&word).to_owned()
}

/// `“This merger will cost consumers.” -Commissioner Wells`; the signature may also be a separate paragraph.
fn signed(reading: &Reading<'_>, block: Place<'_>) -> Option<Form> {
    let quotations = reading.quotations();
    let last = quotations[..quotations.partition_point(|q| q.span.end() <= block.span.end())].last()?;
    if last.ending != Ending::Closed || last.span.start() != block.span.start() {
        return None;
    }
    let rest = WordRange { start: reading.words_of(last.span).end, ..block.words };
    // A line that the page itself marks as an attribution is handled by `attributed`.
    let next = || block.after.first().filter(|b| b.kind != BlockKind::Attribution);
    let line = if rest.is_empty() { reading.words_of(next()?.span) } else { rest };
    let dashes = reading.runs(reading.span_of(line)?).next()?;
    let dash = |w: &WordId| matches!(reading.written(*w), "-" | "–" | "—" | "―");
    let dashes = reading.words_of(dashes).iter().take_while(dash).last()?;
    let name = WordRange { start: dashes.step(1)?, ..line };
    let whole = reading.span_of(name)?;
    let source = reading.without_end(whole, &['.'])?;
    let is_name = source.of(reading.text()).starts_with(|c: char| c.is_uppercase() || c == '@')
        && !has_mark(reading, name, &['“', '"', '”', ';']);
    if !is_name || has_more_words(reading, source, 2 * NAME_WORDS) || ends_inside(reading, whole) {
        return None;
    }
    Some(Form {
        source,
        cue: Some(reading.word(line.start).span().to(reading.word(dashes).span())),
        content: last.span.into(),
        speaks: None,
        yields: true,
        why: "a quotation with a signature",
    })
}

/// Whether a sentence ends inside these words, in which case they are not a name.
fn ends_inside(reading: &Reading<'_>, words: Span) -> bool {
    let ends =
        |run: Span| run.of(reading.text()).strip_suffix('.').is_some_and(|word| !takes_full_stop(word));
    reading.runs(words).rev().skip(1).any(ends)
}

/// `From Chairwoman Brandt:`, with her words quoted in the next paragraphs.
fn announced(reading: &Reading<'_>, block: Place<'_>) -> Option<Form> {
    let from = block.words.first().filter(|&w| is_capitalized(reading.written(w), FROM))?;
    let colon = block.words.last().filter(|&w| reading.written(w) == ":")?;
    let name = WordRange { start: from.step(1)?, end: colon };
    let source = Span::new(reading.word(name.first()?).span().start(), reading.word(colon).span().start())?;
    if has_more_words(reading, source, 2 * NAME_WORDS)
        || !source.of(reading.text()).starts_with(char::is_uppercase)
    {
        return None;
    }
    let quotations = reading.quotations();
    let is_quoted = |block: Span| {
        let next = quotations.partition_point(|q| q.span.start() < block.start());
        quotations.get(next).is_some_and(|q| q.span.start() == block.start() && q.span.contains(block))
    };
    let whole = |b: &&Block| b.kind == BlockKind::BlockQuotation || is_quoted(b.span);
    let content: Vec<Span> = block.after.iter().take_while(whole).map(|b| b.span).collect();
    Some(Form {
        source,
        cue: Some(reading.word(from).span()),
        content: Pieces::new(content)?,
        speaks: None,
        yields: true,
        why: "a line that announces whose words follow",
    })
}

/// `The harbour master wrote to the council:`, followed by the words set as a block.
fn introduced(reading: &Reading<'_>, block: Place<'_>, cues: &[(Span, Option<Span>)]) -> Option<Form> {
    block.words.last().filter(|&w| reading.written(w) == ":")?;
    let quoted = block.after.iter().take_while(|b| b.kind == BlockKind::BlockQuotation).count();
    let attributed = block.after.get(quoted).is_some_and(|b| b.kind == BlockKind::Attribution);
    let before = cues.partition_point(|(cue, _)| cue.end() <= block.span.end());
    let &(cue, source) = cues[..before].last().filter(|(cue, _)| block.span.contains(*cue))?;
    let after = WordRange { start: reading.words_of(cue).end, ..block.words };
    if attributed || quoted == 0 || full_stops(reading, after).next().is_some() {
        return None;
    }
    let source = source.filter(|s| block.span.contains(*s)).or_else(|| subject(reading, block.words, cue))?;
    let content: Vec<Span> = block.after[..quoted].iter().map(|b| b.span).collect();
    Some(Form {
        source,
        cue: Some(cue),
        content: Pieces::new(content)?,
        speaks: None,
        yields: false,
        why: "a cue before a quotation set as a block",
    })
}

/// The words of a range that end with a full stop before a space, whether or not a sentence ends there.
fn full_stops(reading: &Reading<'_>, words: WordRange) -> impl DoubleEndedIterator<Item = WordId> {
    reading.before_spaces(words).filter(|&w| reading.written(w).ends_with('.'))
}

/// The words of a sentence before its cue, if they are just a subject.
fn subject(reading: &Reading<'_>, block: WordRange, cue: Span) -> Option<Span> {
    let cue = reading.words_of(cue).first()?;
    let last_stop = full_stops(reading, WordRange { end: cue.step(1)?, ..block }).next_back();
    let words = WordRange { start: last_stop.map_or(Some(block.start), |w| w.step(1))?, end: cue };
    let subject = reading.span_of(words)?;
    let first = reading.runs(subject).next()?.of(reading.text());
    let leads = List::Prepositions.has(first) || List::Subordinating.has(first);
    let is_short = !has_more_words(reading, subject, NAME_WORDS);
    (!leads && is_short && !has_mark(reading, words, &[',', '“', '"'])).then_some(subject)
}

/// An interview whose questions are set apart and whose answers have no labels. The answers belong to the person named
/// before the first question, if there is only one.
fn interview(reading: &Reading<'_>, persons: &[Span]) -> Vec<Form> {
    let blocks = reading.blocks();
    let questions: Vec<usize> =
        (0..blocks.len()).filter(|&n| blocks[n].kind == BlockKind::Question).collect();
    let Some(&first) = questions.first().filter(|_| questions.len() >= TURNS) else { return Vec::new() };
    let Some(source) = only_person(reading, &blocks[..first], persons) else { return Vec::new() };
    let ends = questions.iter().skip(1).copied().chain([blocks.len()]);
    let answers = questions.iter().zip(ends).filter_map(|(&question, end)| {
        let answer = blocks[question + 1..end].iter();
        let answer = answer.take_while(|b| b.kind != BlockKind::Headline).take(TURN_PARAGRAPHS);
        let spoken = answer.filter(|b| b.kind == BlockKind::Paragraph && !is_note(reading, b.span));
        let content: Vec<Span> = spoken.map(|b| b.span).collect();
        // A label names the speaker of the answer by itself.
        let labelled = content.iter().any(|s| transcript::opens_with_label(reading, *s));
        (!labelled).then_some(())?;
        Some(Form {
            source,
            cue: None,
            content: Pieces::new(content)?,
            speaks: None,
            yields: false,
            why: "an answer in an interview with one person",
        })
    });
    let answers: Vec<Form> = answers.collect();
    // Explanatory articles also have questions as headings, but their answers are not in the first person.
    let personal = answers.iter().filter(|f| is_personal(reading, &f.content)).count();
    if personal * 2 >= answers.len() { answers } else { Vec::new() }
}

/// Whether a paragraph tells how an interview was made: “This interview has been edited.”
fn is_note(reading: &Reading<'_>, paragraph: Span) -> bool {
    let words = reading.words_of(paragraph).iter().map(|w| reading.lower(w));
    let opening: Vec<&str> = words.take(NOTE_WORDS).collect();
    (1..=opening.len()).any(|length| List::InterviewNotes.has(&opening[..length].join(" ")))
}

/// Whether the words are personal: they say “I” or are in quotation marks.
fn is_personal(reading: &Reading<'_>, content: &Pieces) -> bool {
    let says_i = |w: WordId| is_capitalized(without_contraction(reading.written(w)), I);
    content.spans().iter().any(|span| {
        let words = span.of(reading.text());
        reading.words_of(*span).iter().any(says_i)
            || (words.starts_with(['“', '"']) && words.ends_with(['”', '"']))
    })
}

/// A quotation set as a block, with a line that the page marks as its attribution: `— Jon Holm, harbour master`.
fn attributed(reading: &Reading<'_>, block: Place<'_>) -> Option<Form> {
    if block.kind != BlockKind::Attribution {
        return None;
    }
    let quoted = block.before.iter().rev().take_while(|b| b.kind == BlockKind::BlockQuotation);
    let mut content: Vec<Span> = quoted.map(|b| b.span).collect();
    content.reverse();
    let dash = |w: &WordId| matches!(reading.written(*w), "-" | "–" | "—" | "―" | "~");
    let start = block.words.iter().find(|w| !dash(w))?;
    let name = WordRange { start, ..block.words };
    // In an embedded post, the account and the date follow the name.
    let account =
        reading.before_spaces(name).find_map(|w| w.step(1).filter(|&next| reading.written(next) == "("));
    let name = WordRange { end: account.unwrap_or(name.end), ..name };
    let whole = reading.span_of(name)?;
    let source = reading.without_end(whole, &['.', ',', ':'])?;
    let is_name = source.of(reading.text()).starts_with(|c: char| c.is_alphabetic() || c == '@')
        && !ends_inside(reading, whole);
    (is_name && !has_more_words(reading, source, 2 * NAME_WORDS)).then_some(())?;
    Some(Form {
        source,
        cue: reading.span_of(WordRange { end: start, ..block.words }),
        content: Pieces::new(content)?,
        speaks: None,
        yields: false,
        why: "a quotation set as a block, with its attribution",
    })
}

#[cfg(test)]
mod tests {
    use onrecord_text::Article;

    use super::*;
    use BlockKind::{Attribution, BlockQuotation, Headline, Paragraph, Question};

    /// An article made of these blocks.
    fn article(parts: &[(BlockKind, &str)]) -> Article {
        let mut article = Article::default();
        for (kind, part) in parts {
            let start = article.text.len();
            article.text.push_str(part);
            let span = Span::new(start, article.text.len()).unwrap();
            article.blocks.push(Block { kind: *kind, span });
            article.text.push_str("\n\n");
        }
        article
    }

    /// The first occurrence of some words.
    fn span(article: &Article, words: &str) -> Span {
        let start = article.text.find(words).unwrap();
        Span::new(start, start + words.len()).unwrap()
    }

    /// The source, cue and content of each form.
    fn found(article: &Article, cues: &[(Span, Option<Span>)], persons: &[Span]) -> Vec<[String; 3]> {
        let words = |span: Span| span.of(&article.text).to_owned();
        let forms = forms(&Reading::of(article, &[]), &[], cues, persons).into_iter();
        forms
            .map(|f| {
                let content: Vec<String> = f.content.spans().iter().map(|s| words(*s)).collect();
                [words(f.source), f.cue.map(words).unwrap_or_default(), content.join(" … ")]
            })
            .collect()
    }

    const LATE: (BlockKind, &str) = (BlockQuotation, "We are late.");
    const SORRY: (BlockKind, &str) = (BlockQuotation, "I am sorry for that.");

    #[test]
    fn a_quotation_set_as_a_block_has_its_attribution() {
        for (line, source, cue) in [
            ("— Ada Brandt", "Ada Brandt", "—"),
            ("Ada Brandt, transport minister", "Ada Brandt, transport minister", ""),
            ("-- Ada Brandt (@brandt) March 4, 2016", "Ada Brandt", "--"),
        ] {
            let article = article(&[(Paragraph, "It rained."), LATE, SORRY, (Attribution, line)]);
            let expected = [source, cue, "We are late. … I am sorry for that."].map(str::to_owned);
            assert_eq!(found(&article, &[], &[]), [expected], "{line}");
        }
        // A line that describes a picture or is a whole sentence names no speaker.
        let article = article(&[LATE, (Attribution, "The letter was found in March. Nobody had read it.")]);
        assert!(found(&article, &[], &[]).is_empty());
    }

    #[test]
    fn a_quotation_set_as_a_block_has_the_cue_before_it() {
        let before = |line| article(&[(Paragraph, line), LATE, SORRY, (Paragraph, "It rained.")]);
        let article = before("It rained. Minister Ada Brandt wrote to the council:");
        let wrote = span(&article, "wrote");
        let content = "We are late. … I am sorry for that.";
        let expected = ["Minister Ada Brandt", "wrote", content].map(str::to_owned);
        assert_eq!(found(&article, &[(wrote, None)], &[]), [expected]);
        let source = span(&article, "Ada Brandt");
        let expected = ["Ada Brandt", "wrote", content].map(str::to_owned);
        assert_eq!(found(&article, &[(wrote, Some(source))], &[]), [expected]);
        for line in [
            "Minister Ada Brandt wrote to the council. This is it:",
            "In the letter Ada Brandt wrote:",
            "Minister Ada Brandt wrote to the council",
        ] {
            let article = before(line);
            assert!(found(&article, &[(span(&article, "wrote"), None)], &[]).is_empty(), "{line}");
        }
    }

    #[test]
    fn a_headline_names_its_source_before_a_colon() {
        let headline = |line| article(&[(Headline, line), (Paragraph, "It rained, Ada Brandt said.")]);
        let minister = headline("Finance minister: pension age will not rise");
        assert_eq!(found(&minister, &[], &[]), [["Finance minister", ":", "pension age will not rise"]]);
        for line in ["Live updates: pension age will not rise", "Finance minister, on pensions: no rise"] {
            assert!(found(&headline(line), &[], &[]).is_empty(), "{line}");
        }
        // A name is a source if the article quotes it elsewhere.
        let brandt = headline("Brandt: pension age will not rise");
        let sources = |start: usize| {
            let at = brandt.text[start..].find("Brandt").unwrap() + start;
            let source = Span::new(at, at + "Brandt".len()).unwrap();
            forms(&Reading::of(&brandt, &[]), &[source], &[], &[]).len()
        };
        assert_eq!((sources(0), sources(1)), (0, 1));
    }

    /// The labels of the turns in a text of these lines.
    fn turns(lines: &[&str]) -> Vec<String> {
        let blocks: Vec<_> = lines.iter().map(|line| (Paragraph, *line)).collect();
        found(&article(&blocks), &[], &[]).into_iter().map(|[label, ..]| label).collect()
    }

    #[test]
    fn three_turns_make_a_transcript_but_two_do_not() {
        assert_eq!(turns(&["LUND: It is late.", "HOLM: Is it?", "LUND: It is."]), ["LUND", "HOLM", "LUND"]);
        assert!(turns(&["LUND: It is late.", "HOLM: Is it?"]).is_empty());
        assert_eq!(turns(&[">> LUND: It is late. >> HOLM: Is it?"]), ["LUND", "HOLM"]);
    }

    #[test]
    fn a_dialogue_within_a_line_has_turns() {
        assert_eq!(turns(&["LUND: It is late. HOLM: Is it? LUND: “It is.”"]), ["LUND", "HOLM", "LUND"]);
        let names = ["Ada Lund: It is late.” Jon Holm: Is it? Ada Lund: It is."];
        assert_eq!(turns(&names), ["Ada Lund", "Jon Holm", "Ada Lund"]);
        for line in [
            "LUND: It is late. HOLM: Is it?",
            "LUND: It is late. Note: it is not. More: page 4.",
            "LUND: Sunny all day. OSLO: Rain at noon. LUND: Clear at night.",
            "LUND: It is late, said HOLM: it is. LUND: Then go.",
            "It is late. HOLM: Is it? LUND: It is. HOLM: No.",
        ] {
            assert!(turns(&[line]).is_empty(), "{line}");
        }
    }

    #[test]
    fn letters_mark_questions_and_answers() {
        let talk = ["Q. Is it late?", "A. It is late.", "Q. Who pays?", "A. Nobody does."];
        assert_eq!(turns(&talk), ["Q.", "A.", "Q.", "A."]);
        let briefing = ["MS. LUND: It is late.", "Q    Is it?", "MS. LUND: It is.", "Q Who pays?"];
        assert_eq!(turns(&briefing), ["MS. LUND", "Q", "MS. LUND", "Q"]);
        for line in ["A. B. Lund said so.", "A toll is due.", "Q magazine said so."] {
            let lines = ["LUND: It is late.", "HOLM: Is it?", line, "LUND: It is."];
            assert_eq!(turns(&lines), ["LUND", "HOLM", "LUND"], "{line}");
        }
    }

    #[test]
    fn a_question_set_apart_ends_a_turn() {
        let article = article(&[
            (Headline, "Tolls: two views"),
            (Question, "Is it late?"),
            (Paragraph, "LUND: It is late."),
            (Paragraph, "HOLM: I disagree."),
            (Question, "Who pays?"),
            (Paragraph, "LUND: Nobody pays."),
            (Paragraph, "HOLM: I do."),
        ]);
        let turns: Vec<String> = found(&article, &[], &[]).into_iter().map(|[.., content]| content).collect();
        assert_eq!(turns, ["It is late.", "I disagree.", "Nobody pays.", "I do."]);
    }

    #[test]
    fn capitals_mark_the_labels_of_a_transcript_with_other_lines() {
        let talk = |names: [&str; 3], are_known: bool| {
            let [one, two, three] = names.map(|name| format!("{name}: It is late."));
            let blocks = [one.as_str(), "I have seen it.", two.as_str(), "I have not.", three.as_str()]
                .map(|line| (Paragraph, line));
            let article = article(&blocks);
            let known = names.iter().filter(|_| are_known).map(|name| {
                let at = article.text.find(name).unwrap();
                Span::new(at, at + name.len()).unwrap()
            });
            let turns = found(&article, &[], &known.collect::<Vec<_>>());
            turns.into_iter().map(|[label, ..]| label).collect::<Vec<_>>()
        };
        assert_eq!(talk(["ADA LUND", "JON HOLM", "PIA VIK"], true), ["ADA LUND", "JON HOLM", "PIA VIK"]);
        assert_eq!(talk(["ADA LUND", "JON HOLM", "LUND"], false), ["ADA LUND", "JON HOLM", "LUND"]);
        assert!(talk(["FAST START", "BIG FINISH", "UP NEXT"], false).is_empty());
        assert!(talk(["Ada Lund", "Jon Holm", "Pia Vik"], true).is_empty());
        assert!(talk(["Gate A", "Gate B", "Gate C"], false).is_empty());
    }

    #[test]
    fn answers_are_those_of_the_only_person_named_before() {
        let talk = |intro, answer| {
            article(&[
                (Headline, "Nobody will pay"),
                (Paragraph, intro),
                (Question, "When will it open?"),
                (Paragraph, "In May, I hope."),
                (Question, "Who will pay?"),
                (Paragraph, "Nobody will."),
                (Paragraph, answer),
                (Question, "And the ferries?"),
                (Paragraph, "They will be sold."),
                (Paragraph, "This interview has been edited."),
            ])
        };
        let intro = "Ada Brandt met us at the harbour. Brandt is the minister; her deputy is Jon Holm.";
        let article = talk(intro, "I have said so.");
        let persons = |names: &[&str]| names.iter().map(|n| span(&article, n)).collect::<Vec<_>>();
        let answers = ["In May, I hope.", "Nobody will. … I have said so.", "They will be sold."];
        let expected = answers.map(|a| ["Ada Brandt", "", a].map(str::to_owned));
        assert_eq!(found(&article, &[], &persons(&["Ada Brandt"])), expected);
        assert_eq!(found(&article, &[], &persons(&["Ada Brandt", "Brandt"])), expected);
        assert!(found(&article, &[], &persons(&["Ada Brandt", "Jon Holm"])).is_empty());
        assert!(found(&article, &[], &[]).is_empty());
        // Half of the answers must be in the first person or in quotation marks.
        for (answer, personal) in [("It is said so.", false), ("“It is so.”", true), ("“So” it is.", false)]
        {
            let other = talk(intro, answer);
            assert_eq!(!found(&other, &[], &persons(&["Ada Brandt"])).is_empty(), personal, "{answer}");
        }
    }
}
