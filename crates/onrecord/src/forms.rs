//! Finds statements by the form of the text, without any verb: a headline that names its source before a colon, a
//! transcript, a quotation with a signature, a quotation that a line introduces or that the page attributes.

mod form;
mod transcript;

use std::collections::HashMap;

use onrecord_text::{Block, BlockKind, Pieces, Span};

use crate::english::{FROM, I, takes_full_stop, without_possessive};
use crate::lists::List;
use crate::quotes::{Ending, Quotation};
use crate::reading::Reading;
pub(crate) use form::Form;
use form::{TURN_PARAGRAPHS, TURNS, count, only_person};

/// The most words in a name before a colon or after a dash.
const NAME_WORDS: usize = 8;

/// Finds the statements that the form of an article reveals. `sources` are the sources of other statements. `cues` are
/// cues and near-cues, each with its source if it has one, and `persons` are the names of persons, both in text order.
pub(crate) fn forms(
    reading: &Reading<'_>,
    sources: &[Span],
    cues: &[(Span, Option<Span>)],
    persons: &[Span],
) -> Vec<Form> {
    let (text, blocks, quotations) = (reading.text(), reading.blocks(), reading.quotations());
    let sources = words_of_sources(text, sources);
    let mut found = transcript::turns(text, blocks, persons);
    if found.is_empty() {
        found = interview(text, blocks, persons);
    }
    for (n, block) in blocks.iter().enumerate() {
        let after = &blocks[n + 1..];
        let named = matches!(block.kind, BlockKind::Headline | BlockKind::Lead);
        let form = named.then(|| headline(text, block.span, &sources)).flatten();
        found.extend(
            form.or_else(|| signed(text, block.span, after.first(), quotations))
                .or_else(|| announced(text, block.span, after, quotations))
                .or_else(|| introduced(text, block.span, after, cues))
                .or_else(|| attributed(text, blocks, n)),
        );
    }
    found
}

/// `Finance minister: pension age will not rise`. The words before the colon may also be a label or a topic, so they
/// must be a noun for a speaker or a source that the article quotes elsewhere.
fn headline(text: &str, block: Span, sources: &HashMap<String, Span>) -> Option<Form> {
    let (before, after) = block.of(text).split_once(": ")?;
    let name = before.trim();
    let last = name.split_whitespace().next_back()?;
    let is_source = || sources.get(&bare(last)).is_some_and(|all| !block.contains(*all));
    let speaks = List::SpeakerNouns.has(last) || (last.starts_with(char::is_uppercase) && is_source());
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
        cue: Some(Span::new(colon, colon + 1)?),
        content: Span::trimmed(text, colon + 1..block.end())?.into(),
        speaks: None,
        yields: false,
        why: "a headline that names its source before a colon",
    })
}

/// For each word of a source, the span from the first source with this word to the last.
fn words_of_sources(text: &str, sources: &[Span]) -> HashMap<String, Span> {
    let mut words: HashMap<String, Span> = HashMap::new();
    for source in sources {
        for word in source.of(text).split_whitespace() {
            words.entry(bare(word)).and_modify(|all| *all = all.to(*source)).or_insert(*source);
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
fn signed(text: &str, block: Span, next: Option<&Block>, quotations: &[Quotation]) -> Option<Form> {
    let last = quotations[..quotations.partition_point(|q| q.span.end() <= block.end())].last()?;
    if !block.contains(last.span) || last.ending != Ending::Closed || last.span.start() != block.start() {
        return None;
    }
    let after = Span::trimmed(text, last.span.end()..block.end());
    // A line that the page itself marks as an attribution is handled by `attributed`.
    let line = after.or_else(|| next.filter(|b| b.kind != BlockKind::Attribution).map(|b| b.span))?;
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
        cue: Some(Span::new(line.start(), line.start() + dashes)?),
        content: last.span.into(),
        speaks: None,
        yields: true,
        why: "a quotation with a signature",
    })
}

/// Whether a sentence ends inside these words, in which case they are not a name.
fn ends_inside(words: &str) -> bool {
    let ends =
        |(stop, _): (usize, &str)| words[..stop].split(' ').next_back().is_some_and(|w| !takes_full_stop(w));
    words.match_indices(". ").any(ends)
}

/// `From Chairwoman Brandt:`, with her words quoted in the next paragraphs.
fn announced(text: &str, block: Span, after: &[Block], quotations: &[Quotation]) -> Option<Form> {
    let line = block.of(text);
    let (from, rest) = line.split_once(' ').filter(|(first, _)| is_capitalized(first, FROM))?;
    let name = rest.strip_suffix(':')?;
    if count(name) > 2 * NAME_WORDS || !name.starts_with(char::is_uppercase) {
        return None;
    }
    let is_quoted = |block: Span| {
        let next = quotations.partition_point(|q| q.span.start() < block.start());
        quotations.get(next).is_some_and(|q| q.span.start() == block.start() && q.span.contains(block))
    };
    let whole = |b: &&Block| b.kind == BlockKind::BlockQuotation || is_quoted(b.span);
    let content: Vec<Span> = after.iter().take_while(whole).map(|b| b.span).collect();
    let start = block.start() + line.len() - rest.len();
    Some(Form {
        source: Span::new(start, start + name.len())?,
        cue: Some(Span::new(block.start(), block.start() + from.len())?),
        content: Pieces::new(content)?,
        speaks: None,
        yields: true,
        why: "a line that announces whose words follow",
    })
}

/// `The harbour master wrote to the council:`, followed by the words set as a block.
fn introduced(text: &str, block: Span, after: &[Block], cues: &[(Span, Option<Span>)]) -> Option<Form> {
    if !block.of(text).ends_with(':') {
        return None;
    }
    let quoted = after.iter().take_while(|b| b.kind == BlockKind::BlockQuotation).count();
    let attributed = after.get(quoted).is_some_and(|b| b.kind == BlockKind::Attribution);
    let before = cues.partition_point(|(cue, _)| cue.end() <= block.end());
    let &(cue, source) = cues[..before]
        .last()
        .filter(|(cue, _)| block.contains(*cue) && !text[cue.end()..block.end()].contains(". "))?;
    let source = source.filter(|s| block.contains(*s)).or_else(|| subject(text, block, cue))?;
    let content: Vec<Span> = after[..quoted].iter().map(|b| b.span).collect();
    (!attributed && quoted > 0).then_some(())?;
    Some(Form {
        source,
        cue: Some(cue),
        content: Pieces::new(content)?,
        speaks: None,
        yields: false,
        why: "a cue before a quotation set as a block",
    })
}

/// The words of a sentence before its cue, if they are just a subject.
fn subject(text: &str, block: Span, cue: Span) -> Option<Span> {
    let before = &text[block.start()..cue.start()];
    let start = block.start() + before.rfind(". ").map_or(0, |at| at + 2);
    let subject = Span::trimmed(text, start..cue.start())?;
    let words = subject.of(text);
    let first = words.split_whitespace().next()?;
    let leads = List::Prepositions.has(first) || List::Subordinating.has(first);
    (!leads && count(words) <= NAME_WORDS && !words.contains([',', '“', '"'])).then_some(subject)
}

/// An interview whose questions are set apart and whose answers have no labels. The answers belong to the person named
/// before the first question, if there is only one.
fn interview(text: &str, blocks: &[Block], persons: &[Span]) -> Vec<Form> {
    let questions: Vec<usize> =
        (0..blocks.len()).filter(|&n| blocks[n].kind == BlockKind::Question).collect();
    let Some(&first) = questions.first().filter(|_| questions.len() >= TURNS) else { return Vec::new() };
    let Some(source) = only_person(text, &blocks[..first], persons) else { return Vec::new() };
    let ends = questions.iter().skip(1).copied().chain([blocks.len()]);
    let answers = questions.iter().zip(ends).filter_map(|(&question, end)| {
        let answer = blocks[question + 1..end].iter();
        let answer = answer.take_while(|b| b.kind != BlockKind::Headline).take(TURN_PARAGRAPHS);
        let content: Vec<Span> = answer.filter(|b| b.kind == BlockKind::Paragraph).map(|b| b.span).collect();
        // A label names the speaker of the answer by itself.
        let labelled = content.iter().any(|s| transcript::opens_with_label(text, *s));
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
    let personal = answers.iter().filter(|f| is_personal(text, &f.content)).count();
    if personal * 2 >= answers.len() { answers } else { Vec::new() }
}

/// Whether the words are personal: they say “I” or are in quotation marks.
fn is_personal(text: &str, content: &Pieces) -> bool {
    content.spans().iter().any(|span| {
        let words = span.of(text);
        let first = words.split(|c: char| !c.is_alphanumeric()).any(|w| is_capitalized(w, I));
        first || (words.starts_with(['“', '"']) && words.ends_with(['”', '"']))
    })
}

/// A quotation set as a block, with a line that the page marks as its attribution: `— Jon Holm, harbour master`.
fn attributed(text: &str, blocks: &[Block], at: usize) -> Option<Form> {
    let line = blocks[at].span;
    if blocks[at].kind != BlockKind::Attribution {
        return None;
    }
    let quoted = blocks[..at].iter().rev().take_while(|b| b.kind == BlockKind::BlockQuotation);
    let mut content: Vec<Span> = quoted.map(|b| b.span).collect();
    content.reverse();
    let words = line.of(text);
    let name =
        words.trim_start_matches(|c: char| matches!(c, '-' | '–' | '—' | '―' | '~') || c.is_whitespace());
    let dash = words.len() - name.len();
    // In an embedded post, the account and the date follow the name.
    let end = name.find(" (").unwrap_or(name.len());
    let name = name[..end].trim_end_matches(['.', ',', ':']);
    let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '@') && !ends_inside(name);
    (is_name && count(name) <= 2 * NAME_WORDS).then_some(())?;
    let start = line.start() + dash;
    Some(Form {
        source: Span::new(start, start + name.len())?,
        cue: Span::trimmed(text, line.start()..start),
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

    /// The labels of the turns in a text of these lines.
    fn turns(lines: &[&str]) -> Vec<String> {
        let blocks: Vec<_> = lines.iter().map(|line| (Paragraph, *line)).collect();
        found(&article(&blocks), &[], &[]).into_iter().map(|[label, ..]| label).collect()
    }

    #[test]
    fn three_turns_make_a_transcript_but_two_do_not() {
        assert_eq!(turns(&["LUND: It is late.", "HOLM: Is it?", "LUND: It is."]), ["LUND", "HOLM", "LUND"]);
        assert!(turns(&["LUND: It is late.", "HOLM: Is it?"]).is_empty());
    }

    #[test]
    fn capitals_mark_the_labels_of_a_transcript_with_other_lines() {
        let talk = |names: [&str; 3]| {
            let [one, two, three] = names.map(|name| format!("{name}: It is late."));
            turns(&[&one, "I have seen it.", &two, "I have not.", &three])
        };
        assert_eq!(talk(["ADA LUND", "JON HOLM", "PIA VIK"]), ["ADA LUND", "JON HOLM", "PIA VIK"]);
        assert!(talk(["Ada Lund", "Jon Holm", "Pia Vik"]).is_empty());
        assert!(talk(["Gate A", "Gate B", "Gate C"]).is_empty());
    }

    #[test]
    fn answers_are_those_of_the_only_person_named_before() {
        let talk = |intro| {
            article(&[
                (Headline, "Nobody will pay"),
                (Paragraph, intro),
                (Question, "When will it open?"),
                (Paragraph, "In May, I hope."),
                (Question, "Who will pay?"),
                (Paragraph, "Nobody will."),
                (Paragraph, "I have said so."),
                (Question, "And the ferries?"),
                (Paragraph, "They will be sold."),
            ])
        };
        let article =
            talk("Ada Brandt met us at the harbour. Brandt is the minister; her deputy is Jon Holm.");
        let persons = |names: &[&str]| names.iter().map(|n| span(&article, n)).collect::<Vec<_>>();
        let answers = ["In May, I hope.", "Nobody will. … I have said so.", "They will be sold."];
        let expected = answers.map(|a| ["Ada Brandt", "", a].map(str::to_owned));
        assert_eq!(found(&article, &[], &persons(&["Ada Brandt"])), expected);
        assert_eq!(found(&article, &[], &persons(&["Ada Brandt", "Brandt"])), expected);
        assert!(found(&article, &[], &persons(&["Ada Brandt", "Jon Holm"])).is_empty());
        assert!(found(&article, &[], &[]).is_empty());
        let mut other = article.clone();
        other.text = other.text.replace("I have said so", "It is said so");
        assert!(found(&other, &[], &persons(&["Ada Brandt"])).is_empty());
    }
}
