//! HTML pages: which part is the article, and of which blocks it consists.
//!
//! dom_smoothie, a port of Mozilla's Readability, finds the element that holds the article (chosen for its upkeep and
//! speed; docs/ACCURACY.md has the comparison). What it keeps is then read block by block here, because news needs
//! more than text: quotations set as blocks, captions and credits set apart, furniture between paragraphs left out.

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};
use onrecord_text::{Article, Block, BlockKind, Metadata, Span};

use crate::missed::{self, Missed};
use crate::{credit, dateline, metadata};

/// Elements nested deeper than this are not looked into; browsers stop at 512.
const DEEPEST: usize = 500;
/// Pages with more elements than this are read without looking for the article in them.
const MOST_ELEMENTS: usize = 200_000;
/// Quotations set as blocks that are looked after.
const MOST_POSTS: usize = 500;
/// A block of at most this many words may be furniture by how it begins or what it links to.
const SHORT: usize = 25;
/// A block of at most this many words may be an offer to the reader.
const LONG: usize = 70;

/// The article of a page, without hints.
pub(crate) fn article(page: &str) -> Article {
    let page = shallow(page);
    let document = Document::from(page.as_ref());
    let (metadata, stated) = metadata::of(&document);
    let (parts, byline) = parts(&page, document, metadata.title.as_deref(), stated);
    assemble(parts, metadata, byline.as_deref())
}

/// A part of the page's text on its way to a block.
struct Part {
    kind: BlockKind,
    text: String,
}

/// The page itself, or one without its tags where these nest so deeply that no parser should follow.
fn shallow(page: &str) -> std::borrow::Cow<'_, str> {
    const VOID: [&str; 14] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
        "track", "wbr",
    ];
    let (mut depth, mut deepest) = (0usize, 0usize);
    for (at, _) in page.match_indices('<') {
        let tag = &page[at + 1..];
        match tag.bytes().next() {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b) if b.is_ascii_alphabetic() => {
                let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
                // Paragraphs and items are often left open, and close each other.
                let nests = !VOID.iter().any(|v| name.eq_ignore_ascii_case(v))
                    && !name.eq_ignore_ascii_case("p")
                    && !name.eq_ignore_ascii_case("li");
                depth += usize::from(nests);
                deepest = deepest.max(depth);
            }
            _ => {}
        }
    }
    if deepest <= DEEPEST * 4 {
        return page.into();
    }
    let mut plain = String::with_capacity(page.len());
    for (n, piece) in page.split('<').enumerate() {
        let text = if n == 0 { piece } else { piece.split_once('>').map_or("", |(_, text)| text) };
        plain.push_str(text);
        plain.push(' ');
    }
    plain.into()
}

/// The parts of the article, headline first, and the byline that was taken out on the way.
fn parts(
    page: &str,
    document: Document,
    title: Option<&str>,
    stated: Option<String>,
) -> (Vec<Part>, Option<String>) {
    keep_posts(&document);
    keep_roles(&document);
    let noted = missed::Page::of(&document, stated);
    let config = Config {
        keep_classes: true,
        max_elements_to_parse: MOST_ELEMENTS,
        disable_json_ld: true,
        ..Config::default()
    };
    let content = Readability::with_document(document, None, Some(config)).and_then(|mut r| r.parse()).ok();
    let (mut parts, byline) = match content {
        Some(article) => (read(&Document::fragment(article.content).root()), article.byline),
        // The search has taken the document apart; such pages are few enough to be parsed again.
        None => (Document::from(page).body().map(|body| read(&body)).unwrap_or_default(), None),
    };
    match noted.missed(parts.iter().map(|p| p.text.as_str())) {
        Missed::Element(markup) => parts = read(&Document::fragment(markup).root()),
        Missed::Text(text) => parts = text.lines().filter_map(paragraph).collect(),
        Missed::Opening(paragraphs) => {
            parts.splice(0..0, paragraphs.iter().filter_map(|text| paragraph(text)));
        }
        Missed::Nothing => {}
    }
    trim_furniture(&mut parts);
    if let Some(title) = title {
        // The headline may stand at the top of what was found, too.
        let same = |p: &Part| same_words(&p.text, title);
        if let Some(at) = parts.iter().take(3).position(same) {
            parts.remove(at);
        }
        parts.insert(0, Part { kind: BlockKind::Headline, text: title.to_owned() });
    }
    (parts, byline)
}

/// Keeps quotations set as blocks from the search: of the elements around one, a class such as `social-embed` would have
/// it left out as a tool for sharing, and a `div` for the links that it is full of.
fn keep_posts(document: &Document) {
    for quotation in document.select("blockquote").nodes().iter().take(MOST_POSTS) {
        quotation.remove_attr("class");
        let alone = words_in(quotation) + SHORT;
        let around: Vec<NodeRef> =
            quotation.ancestors_it(Some(3)).take_while(|a| words_in(a) < 150).collect();
        for element in around {
            element.remove_attr("class");
            let is_div = element.node_name().is_some_and(|name| name.as_ref() == "div");
            if is_div && words_in(&element) <= alone {
                element.rename("section");
            }
        }
    }
}

/// Gives the class of a `div` to the only paragraph in it, which the search puts in its place: a caption stays one.
fn keep_roles(document: &Document) {
    for paragraph in document.select("div[class] > p:only-child").nodes() {
        let around = paragraph.parent().filter(|div| furniture::of(div).is_some());
        if let Some(class) = around.and_then(|div| div.class()) {
            paragraph.set_attr("class", &class);
        }
    }
}

/// The parts of what an element holds.
fn read(element: &NodeRef) -> Vec<Part> {
    let mut reader = Reader { parts: Vec::new(), text: String::new(), linked: 0 };
    reader.walk(element, BlockKind::Paragraph, 0);
    reader.flush(BlockKind::Paragraph);
    reader.parts
}

/// A paragraph of plain text, unless that is empty.
fn paragraph(text: &str) -> Option<Part> {
    let text = missed::words(text);
    (!text.is_empty()).then_some(Part { kind: BlockKind::Paragraph, text })
}

fn same_words(a: &str, b: &str) -> bool {
    let words = |s: &str| {
        s.split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    };
    words(a) == words(b)
}

/// Walks elements and collects their text by blocks.
struct Reader {
    parts: Vec<Part>,
    /// The text of the block that is being read.
    text: String,
    /// How many of its bytes are in links.
    linked: usize,
}

impl Reader {
    fn walk(&mut self, node: &NodeRef, kind: BlockKind, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for child in node.children_it(false) {
            if child.is_text() {
                self.push(&child.text());
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
                // A block that ended inside the link has taken its text along.
                self.linked += self.text.len().saturating_sub(before);
                return;
            }
            // The cells of a row are read as one block, unless they hold blocks of their own.
            "td" | "th" => {
                self.push(" ");
                self.walk(node, kind, depth);
                return;
            }
            "blockquote" => BlockKind::BlockQuotation,
            "figcaption" => BlockKind::Caption,
            "li" | "dd" | "dt" => BlockKind::ListItem,
            _ => kind,
        };
        if hidden(node) {
            return;
        }
        let role = match furniture::of(node) {
            Some(furniture::Role::Furniture) if words_in(node) < 150 => return,
            Some(furniture::Role::Caption) if words_in(node) < 100 => BlockKind::Caption,
            Some(furniture::Role::Credit) if words_in(node) < 30 => BlockKind::Credit,
            Some(furniture::Role::Byline) if words_in(node) < 60 => BlockKind::Byline,
            _ => role,
        };
        if is_inline(&name) && role == kind {
            self.walk(node, kind, depth);
            return;
        }
        self.flush(kind);
        self.walk(node, role, depth);
        self.flush(role);
    }

    /// Two line breaks in a row end a paragraph; one is a space.
    fn line_break(&mut self, node: &NodeRef, kind: BlockKind) {
        let mut next = node.next_sibling();
        while let Some(n) = next.filter(|n| n.is_text() && n.text().trim().is_empty()) {
            next = n.next_sibling();
        }
        if next.is_some_and(|n| n.node_name().is_some_and(|name| name.as_ref() == "br")) {
            self.flush(kind);
        } else {
            self.text.push(' ');
        }
    }

    /// Adds text with its white space folded, as it shows on a screen.
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

    /// Ends the block that is being read.
    fn flush(&mut self, kind: BlockKind) {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let linked = std::mem::take(&mut self.linked);
        if !text.contains(char::is_alphabetic) {
            return;
        }
        let words = text.split_whitespace().count();
        let all_link = linked * 10 >= text.len() * 9;
        let says_nothing = || {
            furniture::is_phrase(&text)
                || is_time_stamp(&text)
                || is_picture_count(&text)
                || is_contact(&text)
        };
        if words <= SHORT && (all_link || says_nothing()) || words <= LONG && furniture::is_offer(&text) {
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
        self.parts.push(Part { kind, text });
    }
}

/// Drops what is left of furniture behind the last paragraph: short items and lines without an end.
fn trim_furniture(parts: &mut Vec<Part>) {
    let long = |p: &Part| p.text.split_whitespace().count() > 8;
    if let Some(last) = parts.iter().rposition(|p| ends_sentence(&p.text) || long(p)) {
        parts.truncate(last + 1);
    }
}

pub(crate) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '’', ')', '\'']).ends_with(['.', '!', '?', '…', ':'])
}

/// Whether a block says no more than when the page was published or changed: `Updated 4 March 2016, 10:00 GMT`.
fn is_time_stamp(text: &str) -> bool {
    const BESIDE: &[&str] = &[
        "published",
        "updated",
        "posted",
        "last",
        "modified",
        "on",
        "at",
        "first",
        "created",
        "by",
        "date",
        "gmt",
        "est",
        "edt",
        "utc",
        "bst",
        "pm",
        "am",
        "pst",
        "pdt",
        "et",
        "ist",
        "cst",
        "cdt",
        "mst",
        "mdt",
        "cet",
        "ago",
        "day",
        "days",
        "hour",
        "hours",
        "minutes",
        "original",
        "originally",
    ];
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let (mut dated, mut other) = (false, 0);
    for word in words.map(str::to_lowercase) {
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        let known = number
            || onrecord_text::month_named(&word).is_some()
            || DAYS.iter().any(|d| word.starts_with(d) && (word.len() == 3 || word.ends_with("day")));
        dated |= number;
        other += usize::from(!known && !BESIDE.contains(&word.as_str()));
    }
    dated && other == 0
}

/// Whether a block tells where to find or reach somebody: `Follow the bridge on Twitter`, `Email Jo Dahl at jo@sound.example`.
fn is_contact(text: &str) -> bool {
    let lower = text.to_lowercase();
    let first = lower.split_whitespace().next().unwrap_or_default();
    matches!(first, "follow" | "email" | "reach" | "contact" | "like" | "find" | "tweet" | "join")
        && ["twitter", "facebook", "instagram", "@"].iter().any(|place| lower.contains(place))
}

/// Whether a block counts pictures: `Image 1 of 5`, `Photo 3 / 12`.
fn is_picture_count(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let named = words
        .next()
        .is_some_and(|w| matches!(w.to_lowercase().as_str(), "image" | "photo" | "picture" | "slide"));
    named && words.all(|w| w == "of" || w == "/" || w.bytes().all(|b| b.is_ascii_digit()))
}

fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "span"
            | "b"
            | "i"
            | "em"
            | "strong"
            | "u"
            | "s"
            | "small"
            | "sub"
            | "sup"
            | "mark"
            | "abbr"
            | "cite"
            | "q"
            | "code"
            | "kbd"
            | "time"
            | "font"
            | "ins"
            | "del"
            | "bdi"
            | "bdo"
            | "data"
            | "dfn"
            | "label"
            | "tt"
            | "big"
            | "var"
            | "wbr"
            | "acronym"
            | "img"
            | "picture"
            | "source"
    )
}

fn hidden(node: &NodeRef) -> bool {
    node.has_attr("hidden")
        || node.attr("aria-hidden").is_some_and(|v| v.as_ref() == "true")
        || node.attr("style").is_some_and(|v| v.replace(' ', "").contains("display:none"))
}

/// Whether what an element holds is never shown.
pub(crate) fn is_silent(element: &NodeRef) -> bool {
    element.node_name().is_some_and(|n| matches!(n.as_ref(), "script" | "style" | "noscript" | "template"))
}

/// Whether an element holds something else than the article's running text.
pub(crate) fn is_apart(element: &NodeRef) -> bool {
    let name = element.node_name().unwrap_or_default();
    matches!(name.as_ref(), "aside" | "footer" | "nav" | "form" | "figure" | "blockquote" | "li" | "noscript")
        || hidden(element)
        || (furniture::of(element).is_some() && words_in(element) < 150)
}

fn words_in(node: &NodeRef) -> usize {
    node.text().split_whitespace().count()
}

/// What class, id and opening words say of a part of a page.
mod furniture {
    use std::sync::LazyLock;

    use dom_query::NodeRef;
    use rustc_hash::FxHashMap;

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(super) enum Role {
        Furniture,
        Caption,
        Credit,
        Byline,
    }

    static WORDS: LazyLock<FxHashMap<&str, Role>> = LazyLock::new(|| {
        let mut role = Role::Furniture;
        let mut words = FxHashMap::default();
        for line in include_str!("../data/furniture.txt").lines().filter(|l| !l.starts_with('#')) {
            match line {
                "[furniture]" => role = Role::Furniture,
                "[caption]" => role = Role::Caption,
                "[credit]" => role = Role::Credit,
                "[byline]" => role = Role::Byline,
                word => {
                    words.insert(word, role);
                }
            }
        }
        words
    });

    /// How furniture begins or what it says, by the mark before each line of the file.
    struct Phrases {
        short: Vec<&'static str>,
        offers: Vec<&'static str>,
        whole: Vec<&'static str>,
    }

    static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
        let mut phrases = Phrases { short: Vec::new(), offers: Vec::new(), whole: Vec::new() };
        for line in include_str!("../data/phrases.txt").lines().filter(|l| !l.starts_with('#')) {
            if let Some(offer) = line.strip_prefix("... ") {
                phrases.offers.push(offer);
            } else if let Some(whole) = line.strip_prefix("= ") {
                phrases.whole.push(whole);
            } else {
                phrases.short.push(line);
            }
        }
        phrases
    });

    /// The role that an element's class and id give it.
    pub(super) fn of(node: &NodeRef) -> Option<Role> {
        let names = [node.class(), node.id_attr()];
        let words = names.iter().flatten().flat_map(|name| words(name));
        let roles: Vec<Role> = words.filter_map(|w| WORDS.get(w.as_str()).copied()).collect();
        // A caption inside a sharing tool is furniture; a credit inside a caption is a credit.
        [Role::Furniture, Role::Credit, Role::Caption, Role::Byline].into_iter().find(|r| roles.contains(r))
    }

    /// `articleBody__photo-credit` has the words article, body, photo, credit.
    fn words(name: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut small = false;
        for c in name.chars() {
            if !c.is_alphabetic() || (c.is_uppercase() && small) {
                words.push(String::new());
            }
            if c.is_alphabetic() {
                words.last_mut().expect("there is a first word").extend(c.to_lowercase());
            }
            small = c.is_lowercase();
        }
        words
    }

    /// Whether a block begins as short furniture does.
    pub(super) fn is_phrase(text: &str) -> bool {
        let start = start(text);
        PHRASES.short.iter().any(|p| start.starts_with(p)) || PHRASES.whole.contains(&start.as_str())
    }

    /// Whether a block begins as offers and notes to the reader do, which may be longer.
    pub(super) fn is_offer(text: &str) -> bool {
        let start = start(text);
        PHRASES.offers.iter().any(|p| start.starts_with(p))
    }

    fn start(text: &str) -> String {
        text.chars().take(64).flat_map(char::to_lowercase).collect()
    }
}

/// Joins the parts to one text, an empty line between blocks.
fn assemble(parts: Vec<Part>, mut metadata: Metadata, byline: Option<&str>) -> Article {
    let mut text = String::new();
    let mut blocks = Vec::new();
    for part in parts {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(&part.text);
        let Some(mut span) = Span::new(start, text.len()) else { continue };
        if metadata.dateline.is_none()
            && part.kind == BlockKind::Paragraph
            && blocks.len() < 6
            && let Some(found) = dateline::parse(&text, span)
        {
            blocks.push(Block { kind: BlockKind::Dateline, span: found.span });
            metadata.dateline = Some(found.dateline);
            match Span::trimmed(&text, found.span.end()..span.end()) {
                Some(rest) => span = rest,
                None => continue,
            }
        }
        blocks.push(Block { kind: part.kind, span });
    }
    if metadata.bylines.is_empty() {
        let line = blocks.iter().find(|b| b.kind == BlockKind::Byline).map(|b| b.span.of(&text)).or(byline);
        metadata.bylines = line.map(credit::names).unwrap_or_default();
    }
    Article { text, blocks, metadata, ..Article::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(article: &Article, expected: &[(&str, &str)]) {
        let found: Vec<_> =
            article.blocks.iter().map(|b| (b.kind.name(), b.span.of(&article.text))).collect();
        assert_eq!(found, expected);
    }

    /// Enough words that a page is taken for an article.
    const LONG: &str = "The bridge over the sound will open in May, four years after the date that the council was first \
        given, and nobody will be charged for crossing it, the minister told reporters at the ferry landing on Monday.";

    #[test]
    fn blocks_of_a_page() {
        let page = format!(
            "<html><head><title>Bridge opens in May</title></head><body><nav><a href=/>Home</a></nav><article>\
             <h1>Bridge opens in May</h1><div class=byline>By Jo Dahl</div>\
             <figure><img src=x><figcaption>The bridge in March <span class=credit>Jo Dahl/NORDFOTO</span></figcaption></figure>\
             <p>TALLBERG, March 4 (NOR) -- {LONG}</p><blockquote><p>We are late.</p></blockquote>\
             <div class=share-tools>Share this article</div><p>{LONG}</p><p>{LONG}</p>\
             <p><a href=x>Read more: Ferries to stop in June</a></p></article><footer>All rights reserved</footer></body></html>"
        );
        let article = article(&page);
        assert_eq!(article.metadata.bylines, ["Jo Dahl"]);
        check(
            &article,
            &[
                ("headline", "Bridge opens in May"),
                ("caption", "The bridge in March"),
                ("credit", "Jo Dahl/NORDFOTO"),
                ("dateline", "TALLBERG, March 4 (NOR) --"),
                ("paragraph", LONG),
                ("block_quotation", "We are late."),
                ("paragraph", LONG),
                ("paragraph", LONG),
            ],
        );
    }

    #[test]
    fn a_first_paragraph_in_another_element_is_found() {
        let first = format!("FIRST. {LONG}");
        let page = format!(
            "<body><h1>Bridge opens in May</h1><div class=opening><section><p>{first}</p></section></div>\
             <div><div id=content><p>{LONG}</p><p>{LONG}</p><p>{LONG}</p></div></div></body>"
        );
        let article = article(&page);
        assert!(article.text.contains(&first), "{}", article.text);
    }

    #[test]
    fn the_text_in_linked_data_stands_in_for_one_that_a_script_shows() {
        let page = format!(
            "<script type='application/ld+json'>{{\"@type\": \"NewsArticle\", \"headline\": \"Bridge opens in May\", \
             \"articleBody\": \"{LONG} {LONG}\"}}</script><body><h1>Bridge opens in May</h1><p>Please enable scripts.</p></body>"
        );
        let text = format!("{LONG} {LONG}");
        check(&article(&page), &[("headline", "Bridge opens in May"), ("paragraph", &text)]);
    }

    #[test]
    fn posts_are_kept_and_offers_are_not() {
        let page = format!(
            "<body><article><h1>Bridge opens in May</h1><p>{LONG}</p>\
             <div class=embed-social><blockquote class=twitter-tweet><p>Four years late. Remarkable.</p></blockquote></div>\
             <p>{LONG}</p><p>Image 2 of 5</p><p>Follow the sound on Twitter and Facebook.</p><p>Updated 5:27 am CST, Wednesday, November 20, 2019</p><p>{LONG}</p>\
             <p>Sign up for our newsletter and have the sound's news sent to you every morning, before anybody else has it.</p>\
             <p>(Reporting by Jo Dahl and Pia Lund; Editing by Erik Sund)</p></article></body>"
        );
        let article = article(&page);
        let kinds: Vec<_> = article.blocks.iter().map(|b| b.kind.name()).collect();
        assert_eq!(kinds, ["headline", "paragraph", "block_quotation", "paragraph", "paragraph", "byline"]);
    }

    #[test]
    fn what_the_search_unwraps_or_weighs_by_links_is_kept() {
        let page = format!(
            "<body><article><h1>Bridge opens in May</h1><p>{LONG}</p>\
             <div class=caption><p>The bridge over the sound in March, seen from the ferry landing</p></div><p>{LONG}</p>\
             <div class=embed><blockquote><p>Four years late. <a href=https://sound.example/photo>sound.example/photo</a></p>\
             &mdash; Pia Lund <a href=https://sound.example/pia/1>March 4, 2016</a></blockquote></div><p>{LONG}</p></article></body>"
        );
        let article = article(&page);
        let kinds: Vec<_> = article.blocks.iter().map(|b| b.kind.name()).collect();
        let posted = ["block_quotation", "block_quotation"];
        assert_eq!(
            kinds,
            [&["headline", "paragraph", "caption", "paragraph"], &posted[..], &["paragraph"]].concat()
        );
        assert!(article.text.contains("— Pia Lund March 4, 2016"));
    }

    #[test]
    fn a_sentence_may_begin_as_a_button_does() {
        let close = "Close allies of the minister said there was a problem with the bridge.";
        let page = format!(
            "<body><article><h1>Bridge opens in May</h1><p>{LONG}</p><p>Close</p><p>{close}</p><p>{LONG}</p></article></body>"
        );
        let article = article(&page);
        assert!(article.text.contains(close));
        assert!(!article.text.contains("Close\n"));
    }

    #[test]
    fn a_link_may_hold_blocks() {
        article("A long beginning <a href=x>and a <div>block</div> in</a> a link");
    }

    #[test]
    fn hostile_pages_are_read_in_bounded_time() {
        for page in [
            "<div>".repeat(200_000),
            format!("{}<p>{LONG}</p>", "<b><i><div><table>".repeat(40_000)),
            format!("<script>{}</script><p>{LONG}</p>", "x(\"<p>\");".repeat(500_000)),
            "<".repeat(1_000_000),
            "<p>&#x".repeat(100_000),
            "<article>".repeat(1_900) + &format!("<p>{LONG}</p>").repeat(2_000),
        ] {
            article(&page);
        }
    }
}
