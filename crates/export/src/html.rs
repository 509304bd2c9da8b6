//! One record as a fragment of HTML: the article's text, with each statement in the colour of its speaker.
//!
//! The fragment contains no scripts, links or style sheets, and everything from the article is escaped. It can
//! therefore stand in any page. Colours are transparent, so that they suit light and dark pages.

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

    fn said(text: &str, words: &str, name: Option<&str>) -> Statement {
        Statement {
            id: "s1".to_owned(),
            content: field(text, words),
            speaker: Some(speaker(name)),
            ..Statement::default()
        }
    }

    /// Returns the paragraphs of the text, without those above it. Marks are in brackets: contents in `[]`, sources in
    /// `()`, cues in `{}`.
    fn marked(html: &str) -> Vec<String> {
        let paragraphs = html.split("<p dir=\"auto\"").skip(1);
        let mut out = Vec::new();
        for paragraph in paragraphs {
            let mut shown = String::new();
            let (_, words) = paragraph.split_once('>').unwrap();
            for piece in words.split("</p>").next().unwrap().split("<span style=\"") {
                let Some((tag, words)) = piece.split_once("\">") else {
                    shown.push_str(piece);
                    continue;
                };
                let (open, close) = match tag {
                    tag if tag.starts_with("background") => ('[', "]"),
                    tag if tag.starts_with("font-weight") => ('(', ")"),
                    _ => ('{', "}"),
                };
                shown.push(open);
                shown.push_str(&words.replace("</span>", close));
            }
            out.push(shown);
        }
        out
    }

    #[test]
    fn the_fields_of_a_statement_are_marked_from_the_first_to_the_last_character() {
        let text = "Ada said it rains. We wait, Jon says. It pours";
        let mut first = said(text, "it rains", Some("Ada"));
        (first.source, first.cue) = (Some(field(text, "Ada")), Some(field(text, "said")));
        let mut second = said(text, "We wait", Some("Jon"));
        second.content.spans.extend(field(text, "It pours").spans);
        (second.source, second.cue) = (Some(field(text, "Jon")), Some(field(text, "says")));
        assert_eq!(
            marked(&fragment(&record(text, vec![first, second]))),
            ["(Ada) {said} [it rains]. [We wait], (Jon) {says}. [It pours]"]
        );
    }

    #[test]
    fn the_inner_of_two_marks_shows_and_the_outer_one_goes_on_after_it() {
        let text = "We know that he said yes and that she said no.";
        let mut outer = said(text, "know that he said yes and that she said no", Some("We"));
        outer.source = Some(field(text, "We"));
        let mut inner = said(text, "yes", Some("he"));
        (inner.source, inner.cue) = (Some(field(text, "he")), Some(field(text, "said")));
        let mut overlapping = said(text, "and that she said no.", None);
        overlapping.source = Some(field(text, "she"));
        // Marks that overlap are split where another begins or ends; the shorter one wins.
        assert_eq!(
            marked(&fragment(&record(text, vec![outer, inner, overlapping]))),
            ["(We) [know that ](he)[ ]{said}[ ][yes][ ][and that ](she)[ said no][.]"]
        );
        // The words of a field win over a content of the same length.
        let mut same = said(text, "yes", Some("he"));
        same.cue = Some(field(text, "yes"));
        assert_eq!(
            marked(&fragment(&record(text, vec![same]))),
            ["We know that he said {yes} and that she said no."]
        );
    }

    #[test]
    fn blocks_are_paragraphs_in_their_own_style_and_text_between_them_is_kept() {
        let text = "Rain\n\nBy Jon\n\nIt rained. And it\n\n• snowed\n\nas well.";
        let block = |kind, words: &str| {
            let [start, end] = field(text, words).spans[0];
            Block { kind, start, end }
        };
        let mut record = record(text, vec![said(text, "rained. And", None)]);
        record.article.blocks = vec![
            block(BlockKind::Headline, "Rain"),
            block(BlockKind::Byline, "By Jon"),
            block(BlockKind::Paragraph, "It rained. "),
            // Neither an empty block nor one that begins inside another has a paragraph of its own.
            Block { kind: BlockKind::Headline, start: 24, end: 24 },
            block(BlockKind::Headline, "rained. And"),
            block(BlockKind::ListItem, "• snowed"),
        ];
        let html = fragment(&record);
        assert_eq!(
            marked(&html),
            ["Rain", "By Jon", "It [rained. ]", "[And] it\n\n", "• snowed", "\n\nas well."]
        );
        let styles: Vec<&str> = html
            .split("<p dir=\"auto\" style=\"white-space:pre-wrap;")
            .skip(1)
            .map(|rest| rest.split_once('"').unwrap().0)
            .collect();
        let headline = "font-weight:bold;font-size:1.2em";
        assert_eq!(styles, [headline, "opacity:.75;font-size:.9em", "", "", "margin-left:2em", ""]);
    }

    #[test]
    fn every_kind_of_caption_is_small_and_every_quotation_is_indented() {
        let style = |kind| {
            let mut record = record("It rained", Vec::new());
            record.article.blocks = vec![Block { kind, start: 0, end: 9 }];
            let html = fragment(&record);
            let from = html.find("pre-wrap;").unwrap() + "pre-wrap;".len();
            html[from..].split_once('"').unwrap().0.to_owned()
        };
        for kind in [BlockKind::Caption, BlockKind::Credit, BlockKind::Byline] {
            assert_eq!(style(kind), "opacity:.75;font-size:.9em", "{kind}");
        }
        for kind in [BlockKind::BlockQuotation, BlockKind::ListItem] {
            assert_eq!(style(kind), "margin-left:2em", "{kind}");
        }
        assert_eq!(style(BlockKind::Paragraph), "");
    }

    #[test]
    fn the_head_says_where_the_article_is_from_and_how_much_was_said() {
        let text = "Yes, Ada said. No, Jon said.";
        let head = |record: &Record| {
            let html = fragment(record);
            let from = html.find("<p style=\"opacity:.75;font-size:.9em\">").unwrap();
            plain(html[from..].split("</p>").next().unwrap())
        };
        let mut record = record(text, Vec::new());
        assert_eq!(head(&record), "0 statements");
        record.statements = vec![said(text, "Yes", Some("Ada"))];
        record.article.published = Some("2024-03-08".to_owned());
        assert_eq!(head(&record), "2024-03-08 · 1 statement");
        record.statements.push(said(text, "No", Some("Jon")));
        record.article.outlet = Some("The <Sound>".to_owned());
        record.notices = vec![Notice { kind: NoticeKind::Date, message: "no year".to_owned() }];
        assert_eq!(head(&record), "The &lt;Sound&gt; · 2024-03-08 · 2 statementsnotice: no year");
    }

    #[test]
    fn the_legend_counts_what_each_of_the_first_twelve_speakers_said() {
        let text = "Yes";
        let legend = |names: &[&str]| {
            let statements = names.iter().map(|&name| said(text, "Yes", Some(name))).collect();
            let html = fragment(&record(text, statements));
            let from = html.find("<p style=\"font-size:.9em\">")?;
            let legend = html[from..].split("</p>").next()?;
            assert!(legend.contains("<span style=\"background:rgba(0,114,178,.22)"), "{legend}");
            Some(plain(legend).replace(" &nbsp; ", "; "))
        };
        assert_eq!(legend(&[]), None);
        assert_eq!(legend(&["Ada", "Jon", "Ada"]).as_deref(), Some("Ada 2; Jon 1; "));
        let many = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N"];
        let twelve = "A 1; B 1; C 1; D 1; E 1; F 1; G 1; H 1; I 1; J 1; K 1; L 1; ";
        assert_eq!(legend(&many[..12]).as_deref(), Some(twelve));
        assert_eq!(legend(&many).unwrap(), format!("{twelve}and 2 more"));
    }

    #[test]
    fn the_eighth_speaker_has_the_colour_of_the_first() {
        let names = ["A", "B", "C", "D", "E", "F", "G", "H"];
        let record =
            record("Yes", names.iter().map(|&name| said("Yes", "Yes", Some(name))).collect::<Vec<_>>());
        let colours = Colours::of(&record);
        let all: Vec<&str> = record.statements.iter().map(|statement| colours.colour(statement)).collect();
        assert_eq!(all[..7], COLOURS);
        assert_eq!(all[7], COLOURS[0]);
    }

    #[test]
    fn a_mark_explains_its_statement() {
        let text = "Ada, the mayor, may say yes.";
        let mut statement = said(text, "yes", Some("Ada"));
        statement.confidence = 0.5;
        assert_eq!(about(&statement), "s1: Ada · indirect · 0.50");
        statement.cue = Some(field(text, "may say"));
        statement.speaker.as_mut().unwrap().role = Some("the mayor".to_owned());
        statement.status = Some(Status::Possible);
        assert_eq!(
            about(&statement),
            "s1: Ada, the mayor · may say · possible, perhaps not made · indirect · 0.50"
        );
        statement.status = Some(Status::Made);
        (statement.cue, statement.speaker) = (None, None);
        assert_eq!(about(&statement), "s1: somebody · indirect · 0.50");
        assert!(
            fragment(&record(text, vec![statement])).contains("title=\"s1: somebody · indirect · 0.50\"")
        );
    }

    #[test]
    fn an_article_of_the_longest_length_is_whole_and_marks_after_the_cut_are_left_out() {
        let longest = "r".repeat(LONGEST);
        assert!(!fragment(&record(&longest, Vec::new())).contains("more character"));
        let text = format!("{longest}Yes, Ada said.");
        let mut record = record(&text, vec![said(&text, "Yes", None)]);
        let length = text.chars().count();
        record.article.blocks = vec![
            Block { kind: BlockKind::Paragraph, start: 0, end: LONGEST },
            Block { kind: BlockKind::Headline, start: LONGEST, end: length },
        ];
        let html = fragment(&record);
        assert!(html.ends_with("<p>… 14 more characters</p></div>") && !html.contains("Yes"));
        assert_eq!(marked(&html).len(), 1);
    }
}
