//! Reads the blocks of an element: its paragraphs, quotations, captions and credits, in the order of the page.

use std::hash::{Hash, Hasher};

use dom_query::NodeRef;
use onrecord_text::BlockKind;
use rustc_hash::FxHasher;

use crate::furniture::{self, Role};
use crate::{credit, dom, missed, plain, posts, sentence};

/// The depth beyond which nested elements are ignored. The parser has its own limit, but moving elements may nest them
/// deeper.
const DEEPEST: usize = 2 * dom::DEEPEST;
/// The number of questions in bold letters that makes a page an interview.
const QUESTIONS: usize = 3;
/// Attributes that mark the attribution of a quotation, and a quotation set in large letters (a pull quote).
pub(super) const ATTRIBUTION: &str = "data-onrecord-attribution";
pub(super) const PULL: &str = "data-onrecord-pull";
/// Attributes that mark the dateline and the headlines of a document in NITF.
const NITF_DATELINE: &str = "data-onrecord-dateline";
const NITF_HEADLINES: &str = "data-onrecord-headlines";
/// The most words in a block that counts as furniture because of its first words or its links.
pub(super) const SHORT: usize = 25;
/// The most words in a block that counts as an offer to the reader.
pub(super) const LONG: usize = 70;
/// The most words in a list of links to other articles.
const TEASERS: usize = 150;
/// The fewest words in a paragraph of running text.
pub(super) const RUNNING: usize = 12;
/// How many elements around a block are compared with those around others, and how many bytes of their classes.
pub(super) const LEVELS: usize = 3;
const LONGEST_CLASS: usize = 64;

/// A part of the page's text that will become a block.
pub(super) struct Part {
    pub(super) kind: BlockKind,
    pub(super) text: String,
    /// Whether the page sets it in large letters beside the text.
    pub(super) pulled: bool,
    /// Whether it is a question that the page separates from its answer.
    pub(super) question: bool,
    /// Whether a class around it is one of furniture.
    pub(super) apart: bool,
    /// A hash of the elements around it, by which paragraphs that follow each other in a text are alike.
    pub(super) around: u64,
}

impl Part {
    pub(super) fn new(kind: BlockKind, text: String) -> Self {
        Self { kind, text, pulled: false, question: false, apart: false, around: 0 }
    }

    /// Whether it is a part of the article that may hold statements.
    pub(super) fn is_text(&self) -> bool {
        self.kind.is_running() && !self.apart && !self.pulled
    }

    /// The number of its words.
    pub(super) fn count(&self) -> usize {
        self.text.split_whitespace().count()
    }

    /// Whether it is a paragraph of running text.
    pub(super) fn is_running(&self) -> bool {
        self.count() >= RUNNING && sentence::ends(&self.text)
    }
}

/// The parts inside an element.
pub(super) fn read(element: &NodeRef) -> Vec<Part> {
    let mut reader = Reader::default();
    reader.walk(element, BlockKind::Paragraph, 0);
    reader.flush(BlockKind::Paragraph);
    with_questions(without_pulled(with_first_letters(reader.parts)))
}

/// Joins each part with its first letter when the page sets that apart in large type.
fn with_first_letters(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match joined.last_mut() {
            Some(letter)
                if part.kind == letter.kind
                    && is_first_letter(&letter.text)
                    && part.text.starts_with(char::is_lowercase) =>
            {
                // “A” and “I” are more often words of their own.
                if letter.text.ends_with(['A', 'I']) {
                    letter.text.push(' ');
                }
                letter.text.push_str(&part.text);
                letter.question = part.question;
            }
            _ => joined.push(part),
        }
    }
    joined
}

/// Whether a text is a single large letter, perhaps with a quotation mark before it.
fn is_first_letter(text: &str) -> bool {
    let mut letters = text.trim_start_matches(['"', '“', '‘', '\'']).chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
}

/// The parts of a possible interview, with the questions that are separate from the text.
fn with_questions(mut parts: Vec<Part>) -> Vec<Part> {
    let answered = |pair: &&[Part]| pair[0].question && !pair[1].question;
    if parts.windows(2).filter(answered).count() >= QUESTIONS {
        for part in parts.iter_mut().filter(|p| p.question) {
            part.kind = BlockKind::Question;
        }
    }
    parts
}

/// Removes pull quotes: words of the text that the page repeats in large letters.
fn without_pulled(mut parts: Vec<Part>) -> Vec<Part> {
    if !parts.iter().any(|p| p.pulled) {
        return parts;
    }
    let text: String = parts.iter().filter(|p| !p.pulled).map(|p| plain::letters(&p.text)).collect();
    let mut repeated = false;
    parts.retain(|part| {
        // An attribution means nothing without its quotation.
        let attribution = part.kind == BlockKind::Attribution && repeated;
        repeated = part.pulled && (attribution || text.contains(&plain::letters(&part.text)));
        !repeated
    });
    parts
}

/// A paragraph of plain text, or `None` if it is empty.
pub(super) fn paragraph(text: &str) -> Option<Part> {
    let text = missed::words(text);
    (!text.is_empty()).then(|| Part::new(BlockKind::Paragraph, text))
}

/// Walks elements and collects their text into blocks.
#[derive(Default)]
struct Reader {
    parts: Vec<Part>,
    /// The text of the current block.
    text: String,
    /// The number of its bytes in links.
    linked: usize,
    /// The number of its bytes in bold letters or headings.
    bold: usize,
    /// Whether the page sets it in large letters beside the text.
    pulled: bool,
    /// Whether a class around it is one of furniture.
    apart: bool,
    /// Whether it is in a row of a table with several cells.
    row: bool,
    /// A hash of the elements around it.
    around: u64,
}

impl Reader {
    fn walk(&mut self, node: &NodeRef, kind: BlockKind, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for child in node.children_it(false) {
            if child.is_text() {
                let text = child.text();
                // Only CSS separates the speaker's name from the office: `Jo Dahl<span>Head nurse</span>`.
                let glued = self.text.ends_with(char::is_lowercase) && text.starts_with(char::is_uppercase);
                if kind == BlockKind::Attribution && glued {
                    self.push(" ");
                }
                self.push(&text);
            } else if child.is_element() {
                self.element(&child, kind, depth + 1);
            }
        }
    }

    fn element(&mut self, node: &NodeRef, kind: BlockKind, depth: usize) {
        let name = node.node_name().unwrap_or_default();
        let role = match name.as_ref() {
            "script" | "style" | "noscript" | "nav" | "footer" | "form" | "button" | "iframe" | "svg"
            | "select" | "input" | "template" | "object" | "audio" | "video" | "aside" | "menu"
            | "textarea" | "math" | "canvas" => return,
            "br" => {
                self.line_break(node, kind);
                return;
            }
            "a" => {
                let before = self.text.len();
                self.walk(node, kind, depth);
                // A block that ended inside the link has already taken its text.
                self.linked += self.text.len().saturating_sub(before);
                return;
            }
            "b" | "strong" => {
                let before = self.text.len();
                self.walk(node, kind, depth);
                self.bold += self.text.len().saturating_sub(before);
                return;
            }
            // The cells of a row form one block, unless they contain blocks.
            "td" | "th" => {
                self.push(" ");
                self.walk(node, kind, depth);
                return;
            }
            "blockquote" => {
                self.quotation(node, kind, depth);
                return;
            }
            _ if node.has_attr(ATTRIBUTION) => BlockKind::Attribution,
            _ if node.has_attr(posts::HEADING) => BlockKind::Headline,
            _ if node.has_attr(posts::AUTHOR) => BlockKind::Byline,
            "h2" if in_headlines(node) => BlockKind::Lead,
            "p" if node.has_attr(NITF_DATELINE) => BlockKind::Dateline,
            "figcaption" => BlockKind::Caption,
            "li" | "dd" | "dt" => BlockKind::ListItem,
            _ => kind,
        };
        if dom::is_hidden(node) {
            return;
        }
        let leads_away = || leads_elsewhere(node) && !holds_running_text(node);
        if matches!(name.as_ref(), "div" | "section" | "ul" | "ol") && leads_away() {
            return;
        }
        let (apart, around) = (self.apart, self.around);
        let role = match furniture::of(node) {
            Some(Role::Furniture) if dom::has_fewer_words(node, 150) => {
                if !holds_running_text(node) {
                    return;
                }
                self.apart = true;
                role
            }
            Some(Role::Caption) if dom::has_fewer_words(node, 100) => BlockKind::Caption,
            Some(Role::Credit) if dom::has_fewer_words(node, 30) => BlockKind::Credit,
            Some(Role::Byline) if dom::has_fewer_words(node, 60) => BlockKind::Byline,
            _ => role,
        };
        if dom::is_inline(&name) && role == kind {
            self.walk(node, kind, depth);
            self.apart = apart;
            return;
        }
        self.flush(kind);
        self.around = around_of(node);
        let row = self.row;
        self.row = name.as_ref() == "tr" && has_cells(node)
            || row && !matches!(name.as_ref(), "table" | "p" | "div");
        self.walk(node, role, depth);
        if matches!(name.as_ref(), "h2" | "h3" | "h4" | "h5" | "h6") {
            self.bold = self.text.len();
        }
        self.flush(role);
        (self.apart, self.around, self.row) = (apart, around, row);
    }

    /// Reads a block quotation. Its last line may be signed with a dash.
    fn quotation(&mut self, node: &NodeRef, kind: BlockKind, depth: usize) {
        if dom::is_hidden(node) {
            return;
        }
        self.flush(kind);
        let (first, outside) = (self.parts.len(), self.pulled);
        self.pulled |= node.has_attr(PULL);
        self.walk(node, BlockKind::BlockQuotation, depth);
        self.flush(BlockKind::BlockQuotation);
        self.pulled = outside;
        if let Some([.., before, last]) = self.parts.get_mut(first..)
            && before.kind == BlockKind::BlockQuotation
            && is_signed(&last.text)
            && last.text.split_whitespace().count() <= SHORT
        {
            last.kind = BlockKind::Attribution;
        }
    }

    /// A line break. Two in a row end a paragraph, and so does one before or inside the lines that sign a quotation;
    /// any other becomes a space.
    fn line_break(&mut self, node: &NodeRef, kind: BlockKind) {
        let mut next = node.next_sibling();
        while let Some(n) = next.filter(|n| n.is_text() && n.text().trim().is_empty()) {
            next = n.next_sibling();
        }
        let ends = self.is_question()
            || kind == BlockKind::Attribution
            || next.is_some_and(|n| {
                dom::name(&n).as_ref() == "br"
                    || kind == BlockKind::BlockQuotation && n.is_text() && is_signed(&n.text())
            });
        if ends {
            self.flush(kind);
        } else {
            self.text.push(' ');
        }
    }

    /// Whether the current block is, so far, a question in bold letters.
    fn is_question(&self) -> bool {
        let text = self.text.trim_end_matches(['"', '”', '’', ')', '*', ' ']);
        text.ends_with('?') && self.bold * 10 >= text.trim().len() * 9
    }

    /// Adds text with its white space collapsed, as on a screen.
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() && c != '\u{a0}' {
                if !self.text.ends_with(' ') && !self.text.is_empty() {
                    self.text.push(' ');
                }
            } else {
                self.text.push(if c == '\u{a0}' { ' ' } else { c });
            }
        }
    }

    /// Ends the current block.
    fn flush(&mut self, kind: BlockKind) {
        let question = kind == BlockKind::Paragraph && self.is_question();
        self.bold = 0;
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let linked = std::mem::take(&mut self.linked);
        // A table is kept as a whole, also where it has only numbers.
        let figures = self.row && text.contains(|c: char| c.is_ascii_digit());
        if !text.contains(char::is_alphabetic) && !figures {
            return;
        }
        if kind == BlockKind::Caption
            && let Some(labelled) = credit::labelled(&text)
        {
            let Self { apart, around, .. } = *self;
            let part =
                |(kind, text): (BlockKind, &str)| Part { apart, around, ..Part::new(kind, text.to_owned()) };
            self.parts.extend(labelled.into_iter().map(part));
            return;
        }
        let words = text.split_whitespace().count();
        let all_link = linked * 10 >= text.len() * 9;
        // A whole sentence may be a link to the original report; teasers are headlines or in lists.
        let linked_sentence = kind == BlockKind::Paragraph && is_sentence(&text);
        let all_link = all_link && !linked_sentence && kind != BlockKind::Attribution;
        if words <= SHORT && (all_link || !figures && furniture::says_nothing(&text))
            || words <= LONG && furniture::is_offer(&text)
        {
            return;
        }
        let kind =
            if kind == BlockKind::Paragraph && credit::is_credit(&text) { BlockKind::Credit } else { kind };
        let kind =
            if kind == BlockKind::Paragraph && (credit::is_byline(&text) || credit::is_reporters(&text)) {
                BlockKind::Byline
            } else {
                kind
            };
        let Self { pulled, apart, around, .. } = *self;
        self.parts.push(Part { kind, text, pulled, question, apart, around });
    }
}

/// Whether a text begins with a dash, like the line that signs a quotation.
fn is_signed(text: &str) -> bool {
    let name = text.trim_start().trim_start_matches(['—', '–', '―', '-', '~']).trim_start();
    name.len() < text.trim_start().len() && name.starts_with(|c: char| c.is_uppercase() || c == '@')
}

/// Whether a row has several cells.
fn has_cells(row: &NodeRef) -> bool {
    row.children_it(false).filter(|n| matches!(dom::name(n).as_ref(), "td" | "th")).nth(1).is_some()
}

/// Whether an element is one of the headlines of a document in NITF.
fn in_headlines(element: &NodeRef) -> bool {
    element.parent().is_some_and(|around| around.has_attr(NITF_HEADLINES))
}

/// A hash of the names and classes of the elements around a block. Paragraphs that follow each other in a text have the
/// same, even if each is in a container of its own.
fn around_of(block: &NodeRef) -> u64 {
    let mut hasher = FxHasher::default();
    for element in block.ancestors_it(Some(LEVELS)) {
        dom::name(&element).as_ref().hash(&mut hasher);
        let class = element.class().unwrap_or_default();
        class[..class.floor_char_boundary(LONGEST_CLASS)].hash(&mut hasher);
    }
    hasher.finish()
}

/// Whether an element has a paragraph that is too long for furniture. Its class may name only part of its purpose, such
/// as the teaser of an article that continues below it.
fn holds_running_text(element: &NodeRef) -> bool {
    // The search replaces an element by its only paragraph.
    let all = std::iter::once(*element).chain(element.descendants_it());
    all.filter(|n| dom::name(n).as_ref() == "p").any(|paragraph| {
        let text = dom::flowing_text(&paragraph);
        let linked = paragraph.descendants_it().any(|n| dom::name(&n).as_ref() == "a")
            || paragraph.ancestors_it(Some(4)).any(|n| dom::name(&n).as_ref() == "a");
        !linked && sentence::ends(&text) && text.split(' ').count() >= LONG / 2 && !furniture::is_offer(&text)
    })
}

/// Whether a small element begins with a heading that leads to other articles, and has links to them.
fn leads_elsewhere(element: &NodeRef) -> bool {
    let mut first = element.children_it(false).find(NodeRef::is_element);
    while let Some(inner) = first.filter(|n| matches!(dom::name(n).as_ref(), "div" | "header")) {
        first = inner.children_it(false).find(NodeRef::is_element);
    }
    let is_heading = |n: &NodeRef| matches!(dom::name(n).as_ref(), "h2" | "h3" | "h4" | "h5" | "h6");
    first.filter(is_heading).is_some_and(|heading| {
        dom::has_fewer_words(&heading, SHORT)
            && furniture::is_ending(&dom::flowing_text(&heading))
            && dom::has_fewer_words(element, TEASERS)
            && element.descendants_it().any(|n| dom::name(&n).as_ref() == "a")
    })
}

/// Whether a text consists of whole sentences: it begins and ends like a sentence and has more words than a button.
fn is_sentence(text: &str) -> bool {
    let first = text.trim_start_matches(['"', '“', '‘', '\'', '(']);
    let bare = text.trim_end_matches(['"', '”', '’', ')', '\'']);
    first.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        && bare.ends_with(['.', '!'])
        && text.split_whitespace().count() >= 6
}
