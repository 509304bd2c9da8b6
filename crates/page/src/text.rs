//! Splits plain text into blocks. The text itself is kept verbatim; only its parts are identified.

use std::ops::Range;

use onrecord_text::{Block, BlockKind, Dateline, NoticeKind, PartialDate, Span, TurnLabel};

use crate::{credit, dateline, document, markdown, plain, sentence, stamp};

/// The most words in a headline.
const HEADLINE_WORDS: usize = 30;

/// The parts of a plain text.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) blocks: Vec<Block>,
    pub(crate) dateline: Option<Dateline>,
    /// The date in a line of its own before the text, or in the front matter.
    pub(crate) published: Option<PartialDate>,
    /// The title and the authors in the front matter.
    pub(crate) title: Option<String>,
    pub(crate) authors: Vec<String>,
}

/// The most paragraphs at the beginning of the body that may be a byline, a date or a dateline.
const BEFORE_BODY: usize = 3;

/// The parts of a plain text. `title` is the headline, if it is known from elsewhere; the text may begin
/// with it or not.
pub(crate) fn parts(text: &str, title: Option<&str>) -> Parts {
    let matter = markdown::front_matter(text).unwrap_or_default();
    let paragraphs = paragraphs(text, matter.end);
    let title = title.map(str::to_owned).or_else(|| matter.title.clone());
    let mut parts = Parts { title: matter.title, authors: matter.authors, ..Parts::default() };
    let Parts { blocks, dateline, published, .. } = &mut parts;
    *published = matter.published;
    // The date of a change counts if there is no other.
    let mut changed = None;
    if is_transcript(text, &paragraphs) {
        blocks.extend(paragraphs.into_iter().map(|span| Block { kind: BlockKind::Paragraph, span }));
        return parts;
    }
    let body = paragraphs.iter().position(|p| is_body(text, *p)).unwrap_or(paragraphs.len());
    let (mut lines, body) = (paragraphs[..body].to_vec(), &paragraphs[body..]);
    // Dates and embargoes are about the article. Neither is a part of it.
    lines.retain(|line| {
        let date = stamp::of_line(line.of(text));
        let known = if stamp::is_change(line.of(text)) { &mut changed } else { &mut *published };
        *known = known.or(date);
        date.is_none() && !is_embargo(line.of(text))
    });
    if title
        .as_deref()
        .is_some_and(|title| lines.first().is_some_and(|first| is_sentence_below(title, first.of(text))))
    {
        lines.iter().for_each(|&line| push_body(text, line, blocks));
    } else {
        head(text, &lines, body.is_empty(), blocks);
    }
    for (n, &paragraph) in body.iter().enumerate() {
        let words = paragraph.of(text);
        let mut rest = paragraph;
        // These are at the start of the body; a summary may come before them.
        if n < BEFORE_BODY {
            if credit::is_byline(words) && !blocks.iter().any(|b| b.kind == BlockKind::Byline) {
                blocks.push(Block { kind: BlockKind::Byline, span: paragraph });
                continue;
            }
            let known = if stamp::is_change(words) { &mut changed } else { &mut *published };
            if known.is_none()
                && let Some(date) = stamp::of_line(words)
            {
                *known = Some(date);
                continue;
            }
        }
        if n < BEFORE_BODY
            && dateline.is_none()
            && let Some(found) = dateline_of(text, paragraph)
        {
            blocks.push(Block { kind: BlockKind::Dateline, span: found.span });
            *dateline = Some(found.dateline);
            match Span::trimmed(text, found.span.end()..paragraph.end()) {
                Some(span) => rest = span,
                None => continue,
            }
        }
        push_body(text, rest, blocks);
    }
    *published = published.or(changed);
    parts
}

/// The dateline of a paragraph. `ATTENTION EDITORS - STORY WITHDRAWN` has none.
fn dateline_of(text: &str, paragraph: Span) -> Option<dateline::Found> {
    dateline::parse(text, paragraph).filter(|_| document::restriction(paragraph.of(text)).is_none())
}

fn is_embargo(line: &str) -> bool {
    document::restriction(line).is_some_and(|notice| notice.kind == NoticeKind::Embargoed)
}

/// Whether a text is a transcript from its first line on: at least half of its lines begin with the label of a turn. In
/// that case the first line is neither a headline nor a dateline.
fn is_transcript(text: &str, paragraphs: &[Span]) -> bool {
    let is_labelled = |line: &Span| TurnLabel::of(line.of(text)).is_some();
    let labelled = paragraphs.iter().filter(|p| is_labelled(p)).count();
    paragraphs.first().is_some_and(is_labelled) && labelled >= 3 && labelled * 2 >= paragraphs.len()
}

/// Whether the first line of a text below a title is already a sentence of the article, and not the title once more.
fn is_sentence_below(title: &str, line: &str) -> bool {
    sentence::ends(line) && plain::letters(title) != plain::letters(line)
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
    // The headline is marked, or it is the first line of several words; a shorter one before it is a label and not part of the article.
    // Without a longer one, the first line is the headline.
    let long = |s: &Span| s.of(text).split_whitespace().count() > 3 && !credit::is_byline(s.of(text));
    let marked = |s: &Span| markdown::is_marked(text, *s);
    let headline = lines.iter().position(marked).or_else(|| lines.iter().position(long));
    let headline = headline.or((!lines.is_empty()).then_some(0));
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
        || dateline_of(text, span).is_some()
        || (sentence::ends(words) && count > 14)
        || sentence::count(words) > 1
}

/// The paragraphs of a text, without the white space around them.
///
/// Each line is a paragraph, unless the text is hard-wrapped. Then a paragraph continues up to an empty line, an
/// indented line or a short line that ends a sentence. A text of a few lines does not show whether it is wrapped as a
/// whole, so each group of its lines is judged by itself. The marks of headings in Markdown are no part of paragraphs.
fn paragraphs(text: &str, from: usize) -> Vec<Span> {
    let mut lines = Vec::new();
    let mut start = from;
    for line in text[from..].split('\n') {
        lines.push(start..start + line.len());
        start += line.len() + 1;
    }
    let found = joined(text, lines, wrap_width(&text[from..]));
    found.into_iter().map(|paragraph| markdown::unmarked(text, paragraph)).collect()
}

/// The paragraphs that lines make up, if they are wrapped at a width.
fn joined(text: &str, lines: Vec<Range<usize>>, width: Option<usize>) -> Vec<Span> {
    let is_text = |line: &Span| !markdown::is_rule(line.of(text));
    let Some(width) = width else { return briefly_joined(text, lines) };
    let mut found: Vec<Span> = Vec::new();
    let mut open = false;
    for line in lines {
        let Some(span) = Span::trimmed(text, line.clone()).filter(is_text) else {
            open = false;
            continue;
        };
        let indented = span.start() - line.start >= 2;
        let is_heading = markdown::is_heading(span.of(text));
        match found.last_mut().filter(|_| open && !indented && !is_heading) {
            Some(last) => *last = last.to(span),
            None => found.push(span),
        }
        let words = span.of(text);
        let is_short = words.chars().count() * 10 < width * 7;
        open = !(is_heading || words.ends_with(['.', '"', '”', '?', '!']) && is_short);
    }
    found
}

/// The paragraphs of a text that is not wrapped as a whole: a group of lines without an empty one among them is a
/// paragraph if it is wrapped, and otherwise each of its lines is.
fn briefly_joined(text: &str, lines: Vec<Range<usize>>) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let trimmed: Vec<Option<Span>> = lines.into_iter().map(|line| Span::trimmed(text, line)).collect();
    for group in trimmed.split(Option::is_none) {
        let lines: Vec<Span> =
            group.iter().flatten().copied().filter(|line| !markdown::is_rule(line.of(text))).collect();
        match (lines.first(), lines.last()) {
            (Some(first), Some(last)) if is_wrapped(text, &lines, found.is_empty()) => {
                found.push(first.to(*last))
            }
            _ => found.extend(lines),
        }
    }
    found
}

/// The most lines of a brief, the fewest characters of a line that was wrapped, and the most of any line.
const BRIEF: usize = 3;
const FULL: usize = 50;
const WIDEST: usize = 100;

/// Whether a few lines are one paragraph that a machine wrapped. `first` says whether they begin the text, where the first
/// line may be a headline.
///
/// A machine breaks a line where its next word does not fit. So every line but the last is full, and a sentence goes on
/// after at least one of them. Lines of addresses, lists and most poems are shorter, and a line of a poem, a list or a
/// dialogue begins with a capital or a mark.
fn is_wrapped(text: &str, lines: &[Span], first: bool) -> bool {
    let width = lines.iter().map(|line| line.of(text).chars().count()).max().unwrap_or_default();
    let is_line = |line: &Span| TurnLabel::of(line.of(text)).is_some() || markdown::is_heading(line.of(text));
    let is_whole = lines.last().is_some_and(|last| sentence::ends(last.of(text)));
    if !(2..=BRIEF).contains(&lines.len()) || width > WIDEST || !is_whole || lines.iter().any(is_line) {
        return false;
    }
    let may_be_headline = |line: Span| first && line == lines[0] && dateline_of(text, line).is_none();
    let breaks: Option<Vec<bool>> = lines
        .windows(2)
        .map(|pair| goes_on(pair[0].of(text), pair[1].of(text), width, may_be_headline(pair[0])))
        .collect();
    breaks.is_some_and(|breaks| breaks.contains(&true))
}

/// Whether a sentence goes on from one line to the next, or `None` if nothing was wrapped between them.
fn goes_on(line: &str, next: &str, width: usize, may_be_headline: bool) -> Option<bool> {
    let word = next.split_whitespace().next()?;
    let length = line.chars().count();
    if length < FULL || length + 1 + word.chars().count() <= width || line.ends_with(';') {
        return None;
    }
    let is_number = word.starts_with(|c: char| c.is_ascii_digit()) && !word.ends_with(['.', ')']);
    if word.starts_with(char::is_lowercase) || is_number && !sentence::ends(line) {
        return Some(true);
    }
    // A capital begins a name if no mark is before it, and otherwise perhaps a sentence or a verse.
    let is_name = line.ends_with(char::is_alphanumeric);
    (word.starts_with(char::is_uppercase) && !(is_name && may_be_headline)).then_some(is_name)
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
    (breaks >= 3 && width <= WIDEST && inside * 4 >= breaks).then_some(width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let blocks = parts(text, None).blocks;
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
    fn a_text_with_a_title_of_its_own_begins_with_a_headline_or_a_sentence() {
        let first = |text: &str, title| {
            let blocks = parts(text, title).blocks;
            blocks.iter().map(|b| b.kind.name()).collect::<Vec<_>>()
        };
        let (title, body) = ("Bridge to open in May", "It rained, she said.\n\n“Nobody came,” he said.");
        assert_eq!(first(body, Some(title)), ["paragraph", "paragraph"]);
        assert_eq!(first(body, None), ["headline", "lead"]);
        for line in ["Bridge to open in May", "Bridge to open in May.", "Bridge opens in May | The Sound"] {
            assert_eq!(first(&format!("{line}\n\n{body}"), Some(title))[0], "headline", "{line}");
        }
    }

    #[test]
    fn a_byline_and_a_date_may_follow_a_summary() {
        let text = "“The bridge is a rumour”\n\nThe engineer Pia Lund on rot, rust and why she refuses to cross the sound by bridge.\n\n\
                    By Jo Dahl\n4 March 2016\n\nPia Lund has built three bridges, and she was sued for two of them. She spoke at home.\n\n\
                    By Pia Lund";
        let parts = parts(text, None);
        let found: Vec<_> = parts.blocks.iter().map(|b| b.kind.name()).collect();
        assert_eq!(found, ["headline", "paragraph", "byline", "paragraph", "paragraph"]);
        assert_eq!(parts.published.unwrap().to_string(), "2016-03-04");
    }

    #[test]
    fn a_line_about_an_embargo_is_no_headline() {
        let text = "EMBARGOED UNTIL 00:01 GMT, FRIDAY 4 MARCH 2016\n\nBridge to open in May\n\nThe bridge will open in May, she said. It is late.";
        check(
            text,
            &[
                ("headline", "Bridge to open in May"),
                ("paragraph", "The bridge will open in May, she said. It is late."),
            ],
        );
        check(
            &text.replace("EMBARGOED", "CLOSED"),
            &[
                ("headline", "CLOSED UNTIL 00:01 GMT, FRIDAY 4 MARCH 2016"),
                ("lead", "Bridge to open in May"),
                ("paragraph", "The bridge will open in May, she said. It is late."),
            ],
        );
    }

    #[test]
    fn the_date_of_a_change_counts_if_there_is_no_other() {
        let published = |dates: &str| {
            let text = format!(
                "Bridge to open in May\n\n{dates}\n\nThe bridge over the sound will open in May, she said. It is late."
            );
            parts(&text, None).published.map(|date| date.to_string())
        };
        for dates in [
            "Updated: 6 March 2016\nPublished: 4 March 2016",
            "Published: 4 March 2016\nUpdated: 6 March 2016",
            "Last modified 6 March 2016\n\n4 March 2016",
            "Updated 6 March 2016, first published 4 March 2016",
            "First published 4 March 2016, updated 6 March 2016",
            "Updated: 4 March 2016",
        ] {
            assert_eq!(published(dates).as_deref(), Some("2016-03-04"), "{dates}");
        }
    }

    #[test]
    fn marks_of_markdown_are_no_part_of_the_article() {
        let body = "The bridge over the sound will open in May, she said. It is late.";
        for head in [
            "# Bridge to open in May",
            "Bridge to open in May\n=====================",
            "Bridge to open in May\n---",
        ] {
            let text = format!(
                "---\ntitle: Bridge to open in May\nauthor: Jo Dahl\ndate: 2016-03-04\n---\n\n{head}\n\n*By Jo Dahl*\n\n{body}"
            );
            let parts = parts(&text, None);
            let found: Vec<_> = parts.blocks.iter().map(|b| (b.kind.name(), b.span.of(&text))).collect();
            assert_eq!(
                found,
                [("headline", "Bridge to open in May"), ("byline", "By Jo Dahl"), ("paragraph", body)]
            );
            assert_eq!(
                (parts.title.as_deref(), parts.authors),
                (Some("Bridge to open in May"), vec!["Jo Dahl".to_owned()])
            );
            assert_eq!(parts.published.unwrap().to_string(), "2016-03-04");
        }
        let short = "Bridge opens\n====\n\n*By Jo Dahl*\n\nThe bridge over the sound opens, she said.\n\nIt is late. She left.";
        let found: Vec<_> = parts(short, None).blocks.iter().map(|b| b.kind.name()).collect();
        assert_eq!(found, ["headline", "byline", "lead", "paragraph"]);
        let wrapped = "# Bridge to open\nThe bridge over the sound will open in May, the\nminister told the council, which had asked for a\n\
                       date and been refused one, and she said that it was\nlate.\n";
        let found: Vec<_> = parts(wrapped, None).blocks.iter().map(|b| b.span.of(wrapped)).collect();
        assert_eq!(found, ["Bridge to open", wrapped[17..].trim()]);
    }

    #[test]
    fn a_line_that_withdraws_a_text_is_no_dateline() {
        for line in ["ATTENTION EDITORS - STORY WITHDRAWN", "WITHDRAWN -- Bridge to open"] {
            assert!(
                parts(&format!("{line}\n\nIt rained, she said. It is late."), None).dateline.is_none(),
                "{line}"
            );
        }
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
    fn the_lines_of_a_brief_are_joined() {
        let head = "Bridge to open";
        for brief in [
            "The bridge over the sound will open in May, said Transport Minister Ada\nBrandt on Monday in the old customs house of the town.",
            "TALLBERG, March 4 (NOR) - The bridge will open in May, Minister Ada\nBrandt told reporters on Monday. Opposition leader Pia Lund said that\nshe had not been asked.",
            "\"We are late, and the bridge will be open in May because there is\nmoney now,\" Transport Minister Ada Brandt said.",
            "The bridge over the sound will open in May, and the ferries will stop.\nOpposition leader Pia Lund said that nobody had asked the people who\nlive there.",
            "The bridge over the sound will open in May and will have cost about\n400 million crowns, she said.",
        ] {
            let text = format!("{head}\n\n{brief}\n");
            let blocks = parts(&text, None).blocks;
            let last = blocks.last().unwrap();
            assert_eq!((last.kind, last.span.end()), (BlockKind::Paragraph, text.len() - 1), "{brief}");
            assert!(
                blocks
                    .iter()
                    .all(|b| b.kind == BlockKind::Dateline || b.kind == BlockKind::Headline || b == last)
            );
            // In a text of its own, too, if the first line can't be a headline.
            let alone = parts(brief, None).blocks;
            let is_joined =
                alone.iter().all(|b| b.kind == BlockKind::Dateline || b.span.of(brief).contains('\n'));
            assert_eq!(is_joined, !brief.contains("Ada\nBrandt on"), "{brief}");
        }
    }

    #[test]
    fn what_is_no_brief_keeps_its_lines() {
        for lines in [
            // A poem, with capitals or without.
            "The bridge that nobody had asked for opens over the cold water,\nAnd every ferry that has ever crossed it is tied to the old quay,\nAnd the gulls are gone.",
            "the bridge opens\nover cold water and\nthe gulls are gone.",
            // An address.
            "Harbour Office of the Town of Tallberg and the Islands\n4 Quay Street, Tallberg\nNorland",
            // A list.
            "the bridge over the sound, which will be opened in May or June;\nthe ferries, which will be sold abroad.",
            "The council decided three things about the bridge over the sound\n1. It opens in May, and nobody pays for it.",
            "- the bridge over the sound, which will be opened in May or June\n- the ferries, which will be sold abroad.",
            // A dialogue.
            "“Is the bridge over the sound going to be late?” asked Pia Lund.\n“It is late, and I am sorry for that,” Ada Brandt said.",
            "Lund: Is the bridge over the sound going to be late, as they all say\nBrandt: It is late, and I am sorry for that.",
            "– Is the bridge over the sound going to be late, as they all say\n– It is late, and I am sorry for that.",
            // Lines with room for the next word.
            "The bridge over the sound will open in May, the minister\nsaid, and there was room for more words in the line before this one.",
        ] {
            for text in [lines.to_owned(), format!("Bridge to open\n\n{lines}")] {
                assert!(parts(&text, None).blocks.iter().all(|b| !b.span.of(&text).contains('\n')), "{text}");
            }
        }
        // The first line of a text may be its headline.
        let text = "The bridge over the sound is going to open in May, minister says\nTransport Minister Ada Brandt told reporters.";
        assert_eq!(parts(text, None).blocks[0].kind, BlockKind::Headline);
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
