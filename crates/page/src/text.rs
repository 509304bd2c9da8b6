//! Splits plain text into blocks. The text itself is kept verbatim; only its parts are identified.

use onrecord_text::{Block, BlockKind, Span, TurnLabel};

use crate::credit;
use crate::{dateline, sentence};

/// The most words in a headline.
const HEADLINE_WORDS: usize = 30;

/// The blocks of a plain text, and its dateline.
pub(crate) fn blocks(text: &str) -> (Vec<Block>, Option<dateline::Found>) {
    let paragraphs = paragraphs(text);
    if is_transcript(text, &paragraphs) {
        let blocks = paragraphs.into_iter().map(|span| Block { kind: BlockKind::Paragraph, span });
        return (blocks.collect(), None);
    }
    let body = paragraphs.iter().position(|p| is_body(text, *p)).unwrap_or(paragraphs.len());
    let mut blocks = Vec::with_capacity(paragraphs.len() + 2);
    head(text, &paragraphs[..body], body == paragraphs.len(), &mut blocks);
    let mut found = None;
    for (n, &paragraph) in paragraphs[body..].iter().enumerate() {
        let mut rest = paragraph;
        // The dateline is at the start of the first paragraph; a summary may come before that.
        if n < 3 && found.is_none() {
            found = dateline::parse(text, paragraph);
            if let Some(found) = &found {
                blocks.push(Block { kind: BlockKind::Dateline, span: found.span });
                match Span::trimmed(text, found.span.end()..paragraph.end()) {
                    Some(span) => rest = span,
                    None => continue,
                }
            }
        }
        push_body(text, rest, &mut blocks);
    }
    (blocks, found)
}

/// Whether a text is a transcript from its first line on: at least half of its lines begin with the label of a turn. In
/// that case the first line is neither a headline nor a dateline.
fn is_transcript(text: &str, paragraphs: &[Span]) -> bool {
    let is_labelled = |line: &Span| TurnLabel::of(line.of(text)).is_some();
    let labelled = paragraphs.iter().filter(|p| is_labelled(p)).count();
    paragraphs.first().is_some_and(is_labelled) && labelled >= 3 && labelled * 2 >= paragraphs.len()
}

/// Adds a paragraph of the body, which may turn out to be a credit or a list item.
fn push_body(text: &str, span: Span, blocks: &mut Vec<Block>) {
    let words = span.of(text);
    let kind = if credit::is_credit(words) {
        BlockKind::Credit
    } else if words.starts_with(['•', '◦', '▪', '·']) || words.starts_with("* ") {
        BlockKind::ListItem
    } else {
        BlockKind::Paragraph
    };
    blocks.push(Block { kind, span });
}

/// Adds the blocks before the first paragraph: section label, headline, byline, lead, captions and credits.
fn head(text: &str, lines: &[Span], nothing_follows: bool, blocks: &mut Vec<Block>) {
    // The headline is the first line of several words; a shorter one before it is a label and not part of the article.
    // Without a longer one, the first line is the headline.
    let long = |s: &Span| s.of(text).split_whitespace().count() > 3 && !credit::is_byline(s.of(text));
    let headline = lines.iter().position(long).or((!lines.is_empty()).then_some(0));
    for (n, &line) in lines.iter().enumerate() {
        let words = line.of(text);
        let next = lines.get(n + 1).map(|s| s.of(text));
        if headline.is_some_and(|h| n < h) {
            continue;
        }
        if credit::is_byline(words) {
            blocks.push(Block { kind: BlockKind::Byline, span: line });
        } else if headline == Some(n) {
            blocks.push(Block {
                kind: if nothing_follows && lines.len() == 1 {
                    BlockKind::Paragraph
                } else {
                    BlockKind::Headline
                },
                span: line,
            });
        } else if credit::is_credit(words) {
            blocks.push(Block { kind: BlockKind::Credit, span: line });
        } else if let Some(at) = credit::trailing(words) {
            let end = line.start() + at;
            blocks.extend(
                Span::trimmed(text, line.start()..end).map(|span| Block { kind: BlockKind::Caption, span }),
            );
            blocks.extend(
                Span::trimmed(text, end..line.end()).map(|span| Block { kind: BlockKind::Credit, span }),
            );
        } else if next.is_some_and(credit::is_credit) {
            blocks.push(Block { kind: BlockKind::Caption, span: line });
        } else {
            blocks.push(Block { kind: BlockKind::Lead, span: line });
        }
    }
}

/// Whether a paragraph belongs to the body: it ends like a sentence, begins with a dateline, or is too long for a
/// headline.
fn is_body(text: &str, span: Span) -> bool {
    let words = span.of(text);
    if credit::is_credit(words) || credit::is_byline(words) {
        return false;
    }
    let count = words.split_whitespace().count();
    count > HEADLINE_WORDS
        || dateline::parse(text, span).is_some()
        || (sentence::ends(words) && count > 14)
        || sentence::count(words) > 1
}

/// The paragraphs of a text, without the white space around them.
///
/// Each line is a paragraph, unless the text is hard-wrapped. Then a paragraph continues up to an empty line, an
/// indented line or a short line that ends a sentence.
fn paragraphs(text: &str) -> Vec<Span> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        lines.push(start..start + line.len());
        start += line.len() + 1;
    }
    let Some(width) = wrap_width(text) else {
        return lines.into_iter().filter_map(|l| Span::trimmed(text, l)).collect();
    };
    let mut found: Vec<Span> = Vec::new();
    let mut open = false;
    for line in lines {
        let Some(span) = Span::trimmed(text, line.clone()) else {
            open = false;
            continue;
        };
        let indented = span.start() - line.start >= 2;
        match found.last_mut().filter(|_| open && !indented) {
            Some(last) => *last = last.to(span),
            None => found.push(span),
        }
        let words = span.of(text);
        open = !(words.ends_with(['.', '"', '”', '?', '!']) && words.chars().count() * 10 < width * 7);
    }
    found
}

/// The width at which lines are wrapped, or `None` if each line is a paragraph.
fn wrap_width(text: &str) -> Option<usize> {
    let (mut breaks, mut inside, mut width) = (0, 0, 0);
    let mut before = "";
    for line in text.lines() {
        width = width.max(line.chars().count());
        if !before.trim().is_empty() && !line.trim().is_empty() {
            breaks += 1;
            // A line that starts in lower case after a line without the end of a sentence was wrapped by a machine.
            inside += usize::from(
                line.starts_with(|c: char| c.is_lowercase())
                    && !before.trim_end().ends_with(['.', '!', '?', ':', ';', ',']),
            );
        }
        before = line;
    }
    (breaks >= 3 && width <= 100 && inside * 4 >= breaks).then_some(width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let (blocks, _) = blocks(text);
        let found: Vec<_> = blocks.iter().map(|b| (b.kind.name(), b.span.of(text))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_wire_story() {
        check(
            "All news\n\nMinister: the bridge will open in May\n\n\"It will,\" Minister Ada Brandt said\n\
             Minister Ada Brandt Piet Aalto/NORDFOTO\nMinister Ada Brandt\n© Piet Aalto/NORDFOTO\n\n\
             TALLBERG, March 4. /NOR/. The bridge will open in May, Minister Ada Brandt said on Monday.\n\n\"We are late,\" she added.",
            &[
                ("headline", "Minister: the bridge will open in May"),
                ("lead", "\"It will,\" Minister Ada Brandt said"),
                ("caption", "Minister Ada Brandt"),
                ("credit", "Piet Aalto/NORDFOTO"),
                ("caption", "Minister Ada Brandt"),
                ("credit", "© Piet Aalto/NORDFOTO"),
                ("dateline", "TALLBERG, March 4. /NOR/."),
                ("paragraph", "The bridge will open in May, Minister Ada Brandt said on Monday."),
                ("paragraph", "\"We are late,\" she added."),
            ],
        );
    }

    #[test]
    fn one_sentence_is_a_paragraph() {
        check(
            "The bridge will open in May, she said.",
            &[("paragraph", "The bridge will open in May, she said.")],
        );
    }

    #[test]
    fn wrapped_lines_are_joined_and_indents_begin_paragraphs() {
        let text = "The bridge over the sound will open in May, the\nminister told the council, which had asked for a\n\
                    date and been refused one.\n    It will be closed again in June, she added, for\nthe painters.\n";
        check(
            text,
            &[
                ("paragraph", text[..text.find("\n    ").unwrap()].trim()),
                ("paragraph", text[text.find("It will").unwrap()..].trim()),
            ],
        );
    }

    #[test]
    fn nothing_in_nothing_out() {
        check("", &[]);
        check(" \n\n ", &[]);
    }

    #[test]
    fn a_transcript_has_neither_headline_nor_dateline() {
        check(
            "Pia Lund (Tallberg): Is it late?\n\nAda Brandt (Sundby): It is.\n\nPia Lund: Then go.",
            &[
                ("paragraph", "Pia Lund (Tallberg): Is it late?"),
                ("paragraph", "Ada Brandt (Sundby): It is."),
                ("paragraph", "Pia Lund: Then go."),
            ],
        );
        check(
            "[00:01:02] Pia Lund: Is it late?\n\n[00:01:05] Ada Brandt: It is.\n\n[00:01:09] Pia Lund: Then go.",
            &[
                ("paragraph", "[00:01:02] Pia Lund: Is it late?"),
                ("paragraph", "[00:01:05] Ada Brandt: It is."),
                ("paragraph", "[00:01:09] Pia Lund: Then go."),
            ],
        );
        let described = "PIA LUND, HOST OF THE MORNING SHOW: Is it late?";
        check(
            &format!("{described}\n\nBRANDT: It is.\n\nLUND: Then go."),
            &[("paragraph", described), ("paragraph", "BRANDT: It is."), ("paragraph", "LUND: Then go.")],
        );
        // Two labels are too few, and a headline with a colon begins a story.
        check(
            "Minister: the bridge opens in May\n\nMore: Page 4\n\nThe bridge will open in May, the minister said on Monday, \
             and nobody will have to pay for it.",
            &[
                ("headline", "Minister: the bridge opens in May"),
                ("lead", "More: Page 4"),
                (
                    "paragraph",
                    "The bridge will open in May, the minister said on Monday, and nobody will have to pay for it.",
                ),
            ],
        );
    }

    #[test]
    fn a_byline_is_no_headline_however_long_it_is() {
        check(
            "By Jo Dahl and Pia Lund in Tallberg\nBridge to open in May, minister says\n\nThe bridge over the sound will open in May, she said. It is late.",
            &[
                ("headline", "Bridge to open in May, minister says"),
                ("paragraph", "The bridge over the sound will open in May, she said. It is late."),
            ],
        );
    }
}
