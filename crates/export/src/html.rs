//! One record as a fragment of HTML: the article's text, with each statement in the colour of its speaker.
//!
//! The fragment contains no scripts, links or style sheets, and everything from the article is escaped. It can therefore
//! stand in any page. Colours are transparent, so that they suit light and dark pages.

use std::collections::HashMap;
use std::fmt::Write as _;

use onrecord_text::wire::{Record, Statement};
use onrecord_text::{BlockKind, Status};

/// The colours of speakers, in the order in which they speak. Most people with colour blindness can tell them apart.
const COLOURS: [&str; 7] =
    ["0,114,178", "230,159,0", "0,158,115", "204,121,167", "213,94,0", "86,180,233", "148,103,189"];
/// The colour of statements whose speaker has no name.
const NOBODY: &str = "128,128,128";
/// The number of characters after which an article is cut, because browsers slow down on very long pages.
const LONGEST: usize = 200_000;
/// The number of speakers that are listed above the text.
const LISTED: usize = 12;

/// The part of a statement that a mark shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Content,
    Source,
    Cue,
}

/// A marked range of the text, in code points.
#[derive(Clone, Copy)]
struct Mark {
    start: usize,
    end: usize,
    part: Part,
    statement: usize,
}

/// Returns the record as HTML.
///
/// ```
/// use onrecord_text::wire;
///
/// let article = wire::Article { text: "<b>It rained</b>".to_owned(), ..wire::Article::default() };
/// let html = onrecord_export::html::fragment(&wire::Record { article, ..wire::Record::default() });
/// assert!(html.contains("&lt;b&gt;It rained&lt;/b&gt;"));
/// ```
#[must_use]
pub fn fragment(record: &Record) -> String {
    let article = &record.article;
    let colours = Colours::of(record);
    let mut out = String::from("<div class=\"onrecord\" style=\"line-height:1.6;max-width:48em\">");
    head(record, &mut out);
    legend(&colours, &mut out);
    let starts: Vec<usize> =
        article.text.char_indices().map(|(at, _)| at).chain([article.text.len()]).collect();
    let length = starts.len() - 1;
    let shown = length.min(LONGEST);
    let mut marks = marks(record);
    marks.retain(|m| m.start < m.end && m.end <= length);
    marks.sort_by_key(|m| m.start);
    let mut text = Text { source: &article.text, starts: &starts, marks: &marks, next: 0, open: Vec::new() };
    let mut at = 0;
    for block in &article.blocks {
        if block.start < at || block.start >= block.end || block.start >= shown {
            continue;
        }
        paragraph(&mut text, at..block.start, "", record, &colours, &mut out);
        let style = match block.kind {
            BlockKind::Headline => "font-weight:bold;font-size:1.2em",
            BlockKind::Caption | BlockKind::Credit | BlockKind::Byline => "opacity:.75;font-size:.9em",
            BlockKind::BlockQuotation | BlockKind::ListItem => "margin-left:2em",
            _ => "",
        };
        at = block.end.min(shown);
        paragraph(&mut text, block.start..at, style, record, &colours, &mut out);
    }
    paragraph(&mut text, at..shown, "", record, &colours, &mut out);
    if shown < length {
        let _ = write!(out, "<p>… {} more characters</p>", length - shown);
    }
    out.push_str("</div>");
    out
}

/// The speakers of a record with their colours.
struct Colours<'r> {
    of: HashMap<&'r str, &'static str>,
    /// The speakers in the order in which they first speak, with the numbers of their statements.
    speakers: Vec<(&'r str, usize)>,
}

impl<'r> Colours<'r> {
    fn of(record: &'r Record) -> Self {
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut speakers: Vec<(&str, usize)> = Vec::new();
        for name in record.statements.iter().filter_map(name) {
            let place = *places.entry(name).or_insert_with(|| {
                speakers.push((name, 0));
                speakers.len() - 1
            });
            speakers[place].1 += 1;
        }
        let of = places.into_iter().map(|(name, place)| (name, COLOURS[place % COLOURS.len()])).collect();
        Self { of, speakers }
    }

    fn colour(&self, statement: &Statement) -> &'static str {
        name(statement).and_then(|name| self.of.get(name).copied()).unwrap_or(NOBODY)
    }
}

fn name(statement: &Statement) -> Option<&str> {
    statement.speaker.as_ref()?.name.as_deref()
}

fn head(record: &Record, out: &mut String) {
    let article = &record.article;
    let known = [article.outlet.as_deref(), article.published.as_deref()];
    let known: Vec<&str> = known.into_iter().flatten().collect();
    let count = record.statements.len();
    let plural = if count == 1 { "" } else { "s" };
    out.push_str("<p style=\"opacity:.75;font-size:.9em\">");
    for part in known {
        escape(part, out);
        out.push_str(" · ");
    }
    let _ = write!(out, "{count} statement{plural}");
    for notice in &record.notices {
        out.push_str("<br>notice: ");
        escape(&notice.message, out);
    }
    out.push_str("</p>");
}

fn legend(colours: &Colours, out: &mut String) {
    if colours.speakers.is_empty() {
        return;
    }
    out.push_str("<p style=\"font-size:.9em\">");
    for (name, count) in colours.speakers.iter().take(LISTED) {
        let colour = colours.of.get(name).copied().unwrap_or(NOBODY);
        let _ = write!(out, "<span style=\"{}\"><bdi>", shaded(colour, Part::Content));
        escape(name, out);
        let _ = write!(out, "</bdi></span> {count} &nbsp; ");
    }
    if colours.speakers.len() > LISTED {
        let _ = write!(out, "and {} more", colours.speakers.len() - LISTED);
    }
    out.push_str("</p>");
}

fn marks(record: &Record) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (statement, s) in record.statements.iter().enumerate() {
        let mut add = |part, spans: &[[usize; 2]]| {
            marks.extend(spans.iter().map(|&[start, end]| Mark { start, end, part, statement }));
        };
        add(Part::Content, &s.content.spans);
        s.source.iter().for_each(|f| add(Part::Source, &f.spans));
        s.cue.iter().for_each(|f| add(Part::Cue, &f.spans));
    }
    marks
}

/// The text with its marks. Its parts are written in order.
struct Text<'a> {
    source: &'a str,
    /// The byte at which each code point starts, plus the end of the text.
    starts: &'a [usize],
    /// The marks by their start.
    marks: &'a [Mark],
    next: usize,
    /// The marks around the current position.
    open: Vec<Mark>,
}

fn paragraph(
    text: &mut Text,
    range: std::ops::Range<usize>,
    style: &str,
    record: &Record,
    colours: &Colours,
    out: &mut String,
) {
    if range.is_empty() || text.source[text.starts[range.start]..text.starts[range.end]].trim().is_empty() {
        return;
    }
    let _ = write!(out, "<p dir=\"auto\" style=\"white-space:pre-wrap;{style}\">");
    let mut at = range.start;
    while at < range.end {
        text.open.retain(|m| m.end > at);
        while let Some(mark) = text.marks.get(text.next).filter(|m| m.start <= at) {
            text.open.extend((mark.end > at).then_some(*mark));
            text.next += 1;
        }
        let coming = text.marks.get(text.next).map_or(range.end, |m| m.start);
        let ending = text.open.iter().map(|m| m.end).min().unwrap_or(range.end);
        let end = range.end.min(coming).min(ending);
        let words = &text.source[text.starts[at]..text.starts[end]];
        // If marks are nested, the inner one shows. The words of a field win over a content of the same length.
        let inner = text.open.iter().min_by_key(|m| (m.end - m.start, m.part == Part::Content));
        match inner {
            None => escape(words, out),
            Some(mark) => {
                let statement = &record.statements[mark.statement];
                let style = shaded(colours.colour(statement), mark.part);
                let _ = write!(out, "<span style=\"{style}\" title=\"");
                escape(&about(statement), out);
                out.push_str("\">");
                escape(words, out);
                out.push_str("</span>");
            }
        }
        at = end;
    }
    out.push_str("</p>");
}

fn shaded(colour: &str, part: Part) -> String {
    match part {
        Part::Content => format!("background:rgba({colour},.22);border-bottom:2px solid rgb({colour})"),
        Part::Source => format!("font-weight:bold;border-bottom:2px dotted rgb({colour})"),
        Part::Cue => format!("font-style:italic;border-bottom:1px dotted rgb({colour})"),
    }
}

/// Describes a statement in one line.
fn about(statement: &Statement) -> String {
    let speaker = statement.speaker.as_ref();
    let name = speaker.and_then(|s| s.name.as_deref()).unwrap_or("somebody");
    let mut about = format!("{}: {name}", statement.id);
    if let Some(role) = speaker.and_then(|s| s.role.as_deref()) {
        let _ = write!(about, ", {role}");
    }
    if let Some(cue) = &statement.cue {
        let _ = write!(about, " · {}", cue.text);
    }
    if let Some(caveat) = statement.status.and_then(Status::caveat) {
        let _ = write!(about, " · {caveat}");
    }
    let _ = write!(about, " · {} · {:.2}", statement.kind.name(), statement.confidence);
    about
}

/// Adds text with the characters escaped that have a meaning in HTML or in a quoted attribute.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\0' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use onrecord_text::wire::{Article, Block, Field, Notice, Speaker};
    use onrecord_text::{NoticeKind, SpeakerKind};

    fn field(text: &str, words: &str) -> Field {
        let at = text.find(words).unwrap();
        let start = text[..at].chars().count();
        Field { text: words.to_owned(), spans: vec![[start, start + words.chars().count()]] }
    }

    fn speaker(name: Option<&str>) -> Speaker {
        Speaker {
            name: name.map(str::to_owned),
            kind: SpeakerKind::Person,
            role: None,
            entity: None,
            entities: Vec::new(),
            confidence: 1.0,
        }
    }

    fn record(text: &str, statements: Vec<Statement>) -> Record {
        let article = Article { text: text.to_owned(), ..Article::default() };
        Record { article, statements, ..Record::default() }
    }

    /// Returns the fragment without its tags.
    fn plain(html: &str) -> String {
        html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
    }

    #[test]
    fn every_character_of_the_text_is_there_once() {
        let text =
            "„Ja“, sagte Åsa Brandt.\n\n“Nobody knew that “we open in May” was wrong,” she said. — Ende";
        let statement = |source: &str, content: &str| Statement {
            source: Some(field(text, source)),
            content: field(text, content),
            speaker: Some(speaker(Some("Åsa Brandt"))),
            ..Statement::default()
        };
        let outer = statement("she", "“Nobody knew that “we open in May” was wrong,”");
        let inner = statement("Åsa Brandt", "“we open in May”");
        let mut record = record(text, vec![outer, inner]);
        record.article.blocks = vec![Block { kind: BlockKind::Headline, start: 0, end: 23 }];
        let shown = plain(&fragment(&record));
        assert!(shown.contains("„Ja“, sagte Åsa Brandt."), "{shown}");
        assert!(
            shown.ends_with("“Nobody knew that “we open in May” was wrong,” she said. — Ende"),
            "{shown}"
        );
    }

    #[test]
    fn nothing_from_an_article_becomes_markup() {
        let hostile = "\"'><script>alert(1)</script>&amp;";
        let statement = Statement {
            id: hostile.to_owned(),
            cue: Some(field(hostile, "alert")),
            content: field(hostile, "script"),
            speaker: Some(Speaker { role: Some(hostile.to_owned()), ..speaker(Some(hostile)) }),
            ..Statement::default()
        };
        let mut record = record(hostile, vec![statement]);
        record.article.outlet = Some(hostile.to_owned());
        record.article.published = Some(hostile.to_owned());
        record.article.blocks = vec![Block { kind: BlockKind::Byline, start: 0, end: 9 }];
        record.notices = vec![Notice { kind: NoticeKind::Empty, message: hostile.to_owned() }];
        let html = fragment(&record);
        let tags: std::collections::BTreeSet<&str> = html
            .split('<')
            .skip(1)
            .filter_map(|tag| tag.split([' ', '>', '/']).find(|t| !t.is_empty()))
            .collect();
        assert_eq!(tags.into_iter().collect::<Vec<_>>(), ["bdi", "br", "div", "p", "span"]);
        assert!(!html.contains("'>") && !html.contains("&amp;\"'"));
    }

    #[test]
    fn spans_outside_the_text_do_no_harm() {
        let mut bad = Statement { content: field("It rained", "rained"), ..Statement::default() };
        bad.content.spans = vec![[3, 900], [7, 2]];
        let mut record = record("It rained", vec![bad]);
        record.article.blocks = vec![
            Block { kind: BlockKind::Paragraph, start: 0, end: 5 },
            Block { kind: BlockKind::Paragraph, start: 2, end: 800 },
        ];
        assert!(plain(&fragment(&record)).ends_with("It rained"));
    }

    #[test]
    fn a_speaker_keeps_one_colour_and_nobody_has_grey() {
        let text = "Yes, Ada said. No, Jon said. Well, she said. Hm, somebody said.";
        let said = |words: &str, name: Option<&str>| Statement {
            content: field(text, words),
            speaker: Some(speaker(name)),
            ..Statement::default()
        };
        let all = [("Yes", Some("Ada")), ("No", Some("Jon")), ("Well", Some("Ada")), ("Hm", None)];
        let record = record(text, all.into_iter().map(|(words, name)| said(words, name)).collect());
        let html = fragment(&record);
        let colour = |words: &str| {
            let before = &html[..html.rfind(&format!("\">{words}</span>")).unwrap()];
            let from = before.rfind("rgba(").unwrap() + 5;
            before[from..].split(",.22").next().unwrap().to_owned()
        };
        assert_eq!(
            [colour("Yes"), colour("No"), colour("Well"), colour("Hm")],
            [COLOURS[0], COLOURS[1], COLOURS[0], NOBODY]
        );
    }

    #[test]
    fn a_very_long_article_is_cut() {
        let html = fragment(&record(&"rain ".repeat(60_000), Vec::new()));
        assert!(html.contains("… 100000 more characters") && html.len() < 250_000);
    }
}
