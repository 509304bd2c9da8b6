//! An article's text with its statements marked.
//!
//! The text of the elements is exactly the article's text, in its order, with nothing added. Marks nest where the
//! statements do. Where two overlap, the one that began later is cut in two.

use std::collections::HashMap;

use maud::{Markup, PreEscaped, html};
use onrecord::text::{StatementKind, wire};

use super::words::{plain, verbatim};

/// The number of colours for speakers. Whoever speaks less often than the first of them shares the colour 0.
const COLOURS: usize = 10;

/// Who speaks in an article, with the colour and the number of statements of each.
pub(super) struct Cast {
    /// The speakers, those with the most statements first.
    pub speakers: Vec<Speaking>,
    colours: HashMap<String, usize>,
}

/// One speaker of an article.
pub(super) struct Speaking {
    /// The name, or what stands for it.
    pub name: String,
    /// The entity of the record, if the speaker is exactly one.
    pub entity: Option<String>,
    /// The number of the colour.
    pub colour: usize,
    /// The number of statements.
    pub statements: usize,
}

impl Cast {
    /// Returns the speakers of these statements.
    pub fn of(statements: &[wire::Statement]) -> Self {
        let mut speakers: Vec<Speaking> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for statement in statements {
            let key = speaker_key(statement);
            let at = *places.entry(key).or_insert(speakers.len());
            if at == speakers.len() {
                let entity = statement.speaker.as_ref().and_then(|speaker| speaker.entity.clone());
                speakers.push(Speaking { name: key.to_owned(), entity, colour: 0, statements: 0 });
            }
            speakers[at].statements += 1;
        }
        speakers.sort_by_key(|speaker| std::cmp::Reverse(speaker.statements));
        let named = speakers.iter_mut().filter(|speaker| speaker.name != NOBODY);
        named.take(COLOURS).enumerate().for_each(|(n, speaker)| speaker.colour = n + 1);
        let colours = speakers.iter().map(|speaker| (speaker.name.clone(), speaker.colour)).collect();
        Self { speakers, colours }
    }

    /// Returns the colour of a statement's speaker.
    pub fn colour(&self, statement: &wire::Statement) -> usize {
        self.colours.get(speaker_key(statement)).copied().unwrap_or_default()
    }
}

/// What stands for speakers who have no name.
const NOBODY: &str = "no name";

/// Returns what stands for the speaker of a statement on a page.
pub(super) fn speaker_key(statement: &wire::Statement) -> &str {
    let name = statement.speaker.as_ref().and_then(|speaker| speaker.name.as_deref());
    name.filter(|name| !name.trim().is_empty()).unwrap_or(NOBODY)
}

/// What part of a statement a mark shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Content,
    Source,
    Cue,
}

/// A piece of a statement in the text.
struct Mark<'r> {
    start: usize,
    end: usize,
    part: Part,
    statement: &'r wire::Statement,
    /// Whether this is the first piece of the content, which carries the statement's anchor.
    first: bool,
    /// Whether this is the last piece of the content, after which a link to the statement stands.
    last: bool,
}

/// Returns the marks of a record's statements, from left to right, the longer before the shorter.
fn marks<'r>(statements: impl Iterator<Item = &'r wire::Statement>, length: usize) -> Vec<Mark<'r>> {
    let mut marks = Vec::new();
    for statement in statements {
        let fields = [
            (Part::Content, Some(&statement.content)),
            (Part::Source, statement.source.as_ref()),
            (Part::Cue, statement.cue.as_ref()),
        ];
        for (part, field) in fields {
            let spans = field.map(|field| field.spans.as_slice()).unwrap_or_default();
            for (n, &[start, end]) in spans.iter().enumerate() {
                let end = end.min(length);
                if start < end {
                    let (first, last) = (n == 0, n + 1 == spans.len());
                    marks.push(Mark { start, end, part, statement, first, last });
                }
            }
        }
    }
    // The sort is stable, and a parent precedes its children.
    marks.sort_by_key(|mark| (mark.start, std::cmp::Reverse(mark.end)));
    marks
}

/// How an article's statements are linked.
pub(super) struct Links<'a> {
    /// The colours of the speakers.
    pub cast: &'a Cast,
    /// The paths of the statements' pages, by their names in the record. Empty if they have none.
    pub pages: &'a HashMap<String, String>,
    /// The statement that the page is about, if there is one.
    pub current: Option<&'a str>,
}

/// Returns a record's text, block by block, with its statements marked.
pub(super) fn article(record: &wire::Record, links: &Links) -> Markup {
    part(&record.article.text, 0, &record.article.blocks, record.statements.iter(), links)
}

/// Returns part of an article's text, which begins at the code point `from`.
///
/// Offsets of blocks and statements refer to the whole article.
pub(super) fn part<'r>(
    text: &str,
    from: usize,
    blocks: &[wire::Block],
    statements: impl Iterator<Item = &'r wire::Statement>,
    links: &Links,
) -> Markup {
    let points: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let end = from + points.len() - 1;
    let marks = marks(statements, end);
    let mut writer =
        Writer { text, from, points, marks, next: 0, open: Vec::new(), links, out: String::new() };
    let mut at = from;
    for block in blocks {
        let (start, stop) = (block.start.max(at), block.end.min(end));
        if start < stop {
            writer.between(at, start);
            writer.block(block.kind.name(), start, stop);
            at = stop;
        }
    }
    writer.between(at, end);
    PreEscaped(writer.out)
}

/// Writes text with marks, from left to right.
struct Writer<'r> {
    text: &'r str,
    /// The code point at which the text begins.
    from: usize,
    /// The byte of each code point.
    points: Vec<usize>,
    marks: Vec<Mark<'r>>,
    /// The first mark that did not begin yet.
    next: usize,
    /// The marks that did not end yet, the outermost first.
    open: Vec<usize>,
    links: &'r Links<'r>,
    out: String,
}

impl<'r> Writer<'r> {
    fn slice(&self, start: usize, end: usize) -> &'r str {
        &self.text[self.points[start - self.from]..self.points[end - self.from]]
    }

    /// Writes what is between two blocks. It is usually space, and otherwise shown like a paragraph.
    fn between(&mut self, start: usize, end: usize) {
        let text = self.slice(start, end);
        if text.trim().is_empty() {
            self.out.push_str(&verbatim(text).into_string());
        } else {
            self.block("other", start, end);
        }
    }

    /// Writes a block. Marks end with it, and go on in the next one.
    fn block(&mut self, kind: &str, start: usize, end: usize) {
        let element = if kind == "block_quotation" { "blockquote" } else { "p" };
        let class: String = kind.chars().filter(|c| c.is_ascii_lowercase() || *c == '_').collect();
        self.out.push_str(&format!("<{element} class=\"block {class}\">"));
        self.stretch(start, end);
        self.out.push_str(&format!("</{element}>"));
    }

    fn stretch(&mut self, start: usize, end: usize) {
        self.open.retain(|&n| self.marks[n].end > start);
        for n in self.open.clone() {
            self.begin(n, false);
        }
        let mut at = start;
        loop {
            while self.marks.get(self.next).is_some_and(|mark| mark.start <= at) {
                if self.marks[self.next].end > at {
                    self.begin(self.next, true);
                    self.open.push(self.next);
                }
                self.next += 1;
            }
            let closes = self.open.iter().map(|&n| self.marks[n].end).min().unwrap_or(end);
            let opens = self.marks.get(self.next).map_or(end, |mark| mark.start);
            let place = end.min(closes).min(opens);
            self.out.push_str(&verbatim(self.slice(at, place)).into_string());
            at = place;
            if at >= end {
                break;
            }
            // Close the marks that end here, and open those again that were inside them and go on.
            if let Some(lowest) = self.open.iter().position(|&n| self.marks[n].end <= at) {
                let above = self.open.split_off(lowest);
                above.iter().rev().for_each(|&n| self.close(n, at));
                for n in above.into_iter().filter(|&n| self.marks[n].end > at).collect::<Vec<_>>() {
                    self.begin(n, false);
                    self.open.push(n);
                }
            }
        }
        for n in self.open.clone().into_iter().rev() {
            self.close(n, at);
        }
    }

    /// Writes the beginning of a mark. `anew` means that the mark begins here, and does not go on.
    fn begin(&mut self, n: usize, anew: bool) {
        let mark = &self.marks[n];
        let id = &mark.statement.id;
        let class = match mark.part {
            Part::Source => "source".to_owned(),
            Part::Cue => "cue".to_owned(),
            Part::Content => {
                let current = if self.links.current == Some(id) { " current" } else { "" };
                let nested = if mark.statement.parent.is_some() { " nested" } else { "" };
                let kind = if mark.statement.kind == StatementKind::Indirect { " indirect" } else { "" };
                format!("said c{}{kind}{nested}{current}", self.links.cast.colour(mark.statement))
            }
        };
        let anchor = if anew && mark.first && mark.part == Part::Content { Some(id) } else { None };
        let element = html! { span class=(class) id=[anchor] data-s=(id) {} }.into_string();
        self.out.push_str(element.strip_suffix("</span>").unwrap_or(&element));
    }

    /// Writes the end of a mark. After the end of a statement's content stands a link to its page.
    fn close(&mut self, n: usize, at: usize) {
        self.out.push_str("</span>");
        let mark = &self.marks[n];
        if mark.end > at || !mark.last || mark.part != Part::Content {
            return;
        }
        if let Some(page) = self.links.pages.get(&mark.statement.id) {
            let number = mark.statement.id.trim_start_matches('s');
            let label = format!("Statement {number}, {}", plain(speaker_key(mark.statement)));
            // The style sheet draws the number, so that it is not part of the text.
            self.out
                .push_str(&html! { a.ref href=(page) data-n=(number) aria-label=(label) {} }.into_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use onrecord::text::BlockKind;

    use super::*;

    fn field(spans: &[[usize; 2]]) -> wire::Field {
        wire::Field { text: String::new(), spans: spans.to_vec() }
    }

    fn statement(id: &str, content: &[[usize; 2]]) -> wire::Statement {
        let kind = StatementKind::Direct;
        wire::Statement { id: id.to_owned(), kind, content: field(content), ..wire::Statement::default() }
    }

    fn record(text: &str, blocks: &[[usize; 2]], statements: Vec<wire::Statement>) -> wire::Record {
        let block = |&[start, end]: &[usize; 2]| wire::Block { kind: BlockKind::Paragraph, start, end };
        let blocks = blocks.iter().map(block).collect();
        let article = wire::Article { text: text.to_owned(), blocks, ..wire::Article::default() };
        wire::Record { article, statements, ..wire::Record::default() }
    }

    fn shown(record: &wire::Record) -> String {
        let cast = Cast::of(&record.statements);
        let pages =
            record.statements.iter().map(|s| (s.id.clone(), format!("/statement/{}", s.id))).collect();
        article(record, &Links { cast: &cast, pages: &pages, current: None }).into_string()
    }

    /// The text of the elements.
    fn text(html: &str) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in html.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => out.push(c),
                _ => {}
            }
        }
        out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    }

    /// Whether every element is closed in the order in which it was opened.
    fn is_balanced(html: &str) -> bool {
        let mut open: Vec<&str> = Vec::new();
        for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            match tag.strip_prefix('/') {
                Some(name) => {
                    if open.pop() != Some(name) {
                        return false;
                    }
                }
                None => open.push(tag.split(' ').next().unwrap_or(tag)),
            }
        }
        open.is_empty()
    }

    #[test]
    fn nested_statements_are_nested_elements() {
        let record = record(
            "Ä said <b> no",
            &[[0, 13]],
            vec![statement("s1", &[[2, 13]]), statement("s2", &[[7, 10]])],
        );
        assert_eq!(
            shown(&record),
            "<p class=\"block paragraph\">Ä <span class=\"said c0\" id=\"s1\" data-s=\"s1\">said \
             <span class=\"said c0\" id=\"s2\" data-s=\"s2\">&lt;b&gt;</span>\
             <a class=\"ref\" href=\"/statement/s2\" data-n=\"2\" aria-label=\"Statement 2, no name\"></a> no</span>\
             <a class=\"ref\" href=\"/statement/s1\" data-n=\"1\" aria-label=\"Statement 1, no name\"></a></p>"
        );
    }

    #[test]
    fn a_mark_goes_on_in_the_next_block() {
        let record = record("ab\n\ncd", &[[0, 2], [4, 6]], vec![statement("s1", &[[1, 5]])]);
        let html = shown(&record);
        assert_eq!(text(&html), "ab\n\ncd");
        assert_eq!(html.matches("data-s=\"s1\"").count(), 2);
        assert_eq!(html.matches("id=\"s1\"").count(), 1);
        assert_eq!(html.matches("class=\"ref\"").count(), 1);
        assert!(is_balanced(&html), "{html}");
    }

    #[test]
    fn any_marks_keep_the_text_and_the_elements_sound() {
        // Every pair and triple of spans in a short text with two blocks and a gap.
        let text_of = "a<&\"é\n\nb c";
        let length = text_of.chars().count();
        let spans: Vec<[usize; 2]> =
            (0..length).flat_map(|a| (a + 1..=length + 1).map(move |b| [a, b])).collect();
        for first in &spans {
            for second in &spans {
                let statements = vec![statement("s1", &[*first]), statement("s2", &[*second, [3, 8]])];
                let record = record(text_of, &[[0, 5], [7, 9]], statements);
                let html = shown(&record);
                assert_eq!(text(&html), text_of, "{first:?} {second:?}: {html}");
                assert!(is_balanced(&html), "{first:?} {second:?}: {html}");
            }
        }
    }
}
