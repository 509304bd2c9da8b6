//! Parses markup into a document tree, limits what a page may cost, and answers small questions about elements.
//!
//! The HTML standard lets a few bytes produce a very large tree: every unclosed `font` is opened again in each later
//! paragraph, and elements may nest as deep as the page is long. So the tokens of a page pass a guard on their way to
//! the tree builder. The guard asks the builder how many elements are really open. It drops tags that nest too deep and
//! everything after the last node that is allowed, but never text.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use dom_query::{Document, NodeData, NodeId, NodeRef, Tree};
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{Tracer, TreeBuilder, TreeBuilderOpts, create_element};
use html5ever::{LocalName, QualName, TokenizerResult, local_name, ns};
use onrecord_text::{Notice, NoticeKind};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::lists::List;
use crate::{missed, shadow};

/// The largest number of open elements; browsers stop at 512.
pub(crate) const DEEPEST: usize = 512;
/// What a document and its texts add to the number of open elements.
const ROOTS: usize = 2;
/// The largest number of open elements in a page whose text is [`TOO_DEEP`].
const SHALLOW: usize = 64;
/// The largest sum over a page's texts of length in bytes times depth, unless their mean depth is at most [`SHALLOW`].
/// The search for the article reads every element with all texts inside it, so this sum is its work. Half a megabyte of
/// text may be nested as deep as in a page full of menus.
const TOO_DEEP: usize = 20_000_000;
/// The most nodes that a page may have: elements, texts and comments. A node takes about 120 bytes.
const MOST_NODES: usize = 600_000;
/// The most attributes that a tag may have. The tokenizer compares each one with all before it.
const MOST_ATTRIBUTES: usize = 250;
/// The most `html` and `body` tags whose attributes are added to the existing element.
const MOST_ROOTS: usize = 20;

/// Elements without content.
const VOID: [&str; 15] = [
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
/// Elements whose content the tokenizer treats as text: nothing nests in them.
const RAW: [&str; 9] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext"];

/// Whether an element never has content.
pub(crate) fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// A page as a tree, with a notice of what was left out.
pub(crate) struct Parsed {
    pub(crate) document: Document,
    pub(crate) notice: Option<Notice>,
    /// The number of words of running text that no slot of a shadow root shows.
    pub(crate) unslotted: usize,
}

/// How many bytes of a page are searched for its namespace.
const OPENING: usize = 2048;

/// Parses a page. A self-closing element (`<script/>`) is empty if the page is XHTML according to its XML declaration
/// or its namespace; in other pages the slash is ignored.
pub(crate) fn page(markup: &str) -> Parsed {
    let opening = &markup[..markup.floor_char_boundary(OPENING)];
    let declared = opening.trim_start_matches('\u{feff}').trim_start().starts_with("<?xml");
    let xml = declared
        || ["\"", "'"].iter().any(|q| opening.contains(&format!("xmlns={q}http://www.w3.org/1999/xhtml{q}")));
    let with_depth = |deepest: usize| {
        let sink = Document { tree: Tree::new(NodeData::Document), ..Document::default() };
        let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        parse(markup, TreeBuilder::new(sink, options), xml, deepest)
    };
    // Shadow roots are shown, unless they make the page too deep.
    let composed = |deepest: usize| {
        let mut parsed = with_depth(deepest);
        parsed.unslotted = shadow::compose(&parsed.document);
        let measures = Measures::of(&parsed.document);
        if measures.deepest <= DEEPEST + ROOTS {
            return (parsed, measures);
        }
        let parsed = with_depth(deepest);
        let measures = Measures::of(&parsed.document);
        (parsed, measures)
    };
    let (parsed, measures) = composed(DEEPEST);
    if !measures.is_too_much() {
        return parsed;
    }
    let (parsed, measures) = composed(SHALLOW);
    if measures.is_too_much() { with_depth(SHALLOW) } else { parsed }
}

/// How much text a page has, and how deep it is.
#[derive(Default)]
struct Measures {
    /// The length of all texts in bytes.
    text: usize,
    /// The sum over all texts of length times depth.
    work: usize,
    deepest: usize,
}

impl Measures {
    /// Whether the search for the article would take too long.
    fn is_too_much(&self) -> bool {
        self.work > TOO_DEEP.max(self.text * SHALLOW)
    }

    fn of(document: &Document) -> Self {
        let (mut measures, mut depth) = (Self::default(), 0);
        let root = document.root();
        let mut node = root;
        loop {
            measures.deepest = measures.deepest.max(depth);
            if node.is_text() {
                let length = node.text().len();
                measures.text += length;
                measures.work += length * depth;
            }
            if let Some(child) = node.first_child() {
                depth += 1;
                node = child;
                continue;
            }
            // To the next node that is not inside this one.
            loop {
                if node.id == root.id {
                    return measures;
                }
                if let Some(next) = node.next_sibling() {
                    node = next;
                    break;
                }
                let Some(parent) = node.parent() else { return measures };
                depth -= 1;
                node = parent;
            }
        }
    }
}

/// Parses a fragment of a page.
pub(crate) fn fragment(markup: &str) -> Document {
    let sink = Document::fragment_sink();
    let options =
        TreeBuilderOpts { scripting_enabled: false, drop_doctype: true, ..TreeBuilderOpts::default() };
    let body = QualName::new(None, ns!(html), local_name!("body"));
    let context = create_element(&sink, body, Vec::new());
    parse(markup, TreeBuilder::new_for_fragment(sink, context, None, options), false, DEEPEST).document
}

/// The text of some markup, with character references decoded.
pub(crate) fn text(markup: &str) -> String {
    if markup.contains(['<', '&']) { fragment(markup).text().to_string() } else { markup.to_owned() }
}

/// Text with its character references decoded (`&#8220;`, `&amp;`), even if they were escaped twice, and with its white
/// space collapsed. Anything that looks like a tag is kept.
pub(crate) fn line(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    for _ in 0..3 {
        if !has_reference(&text) {
            break;
        }
        text = fragment(&text.replace('<', "&lt;")).text().to_string().into();
    }
    words(&text)
}

/// Whether a text contains a character reference: `&#8220;`, `&quot;`.
pub(crate) fn has_reference(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| reference(&text[at..]).is_some())
}

/// The length of the character reference at the start of a text.
fn reference(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('&')?;
    let end = rest.bytes().take(10).position(|b| b == b';')?;
    let name = rest[..end].strip_prefix('#').unwrap_or(&rest[..end]);
    (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(end + 2)
}

/// Markup in which character references that were escaped once too often are restored: `&amp;#8220;`, `&amp;mdash;`.
pub(crate) fn mended(markup: &str) -> Cow<'_, str> {
    if !markup.contains("&amp;") {
        return markup.into();
    }
    let mut mended = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = rest.find("&amp;") {
        mended.push_str(&rest[..at]);
        rest = &rest[at + "&amp;".len()..];
        mended.push('&');
        // `&amp;amp;#8220;` was escaped once more.
        while rest.starts_with("amp;") {
            rest = &rest["amp;".len()..];
        }
        let escaped = rest.bytes().take(10).position(|b| b == b';').is_some_and(|end| {
            let name = &rest[..end];
            let digits = name.strip_prefix('#').map(|n| n.strip_prefix(['x', 'X']).unwrap_or(n));
            digits.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_hexdigit()))
                || TYPOGRAPHIC.contains(&name)
        });
        if !escaped {
            mended.push_str("amp;");
        }
    }
    mended.push_str(rest);
    mended.into()
}

/// Names of character references that appear in news text but are never its subject.
const TYPOGRAPHIC: [&str; 14] = [
    "quot", "apos", "lsquo", "rsquo", "ldquo", "rdquo", "laquo", "raquo", "mdash", "ndash", "hellip", "nbsp",
    "lt", "gt",
];

/// Text with its white space collapsed.
pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn parse(markup: &str, builder: TreeBuilder<NodeId, Document>, xml: bool, deepest: usize) -> Parsed {
    let guard = Guard { builder, xml, deepest, ..Guard::new() };
    let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
    let input = BufferQueue::default();
    // An article is smaller than the 4 GiB that a tendril can hold.
    input.push_back(StrTendril::from(&*few_attributes(markup, !xml)));
    // The tokenizer pauses at scripts, which are not run, and at declarations of the character set; then it continues.
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    let open = Open::default();
    tokenizer.sink.builder.trace_handles(&open);
    tokenizer.end();
    let Guard { builder, flattened, cut, .. } = tokenizer.sink;
    join_unclosed(&builder.sink, &open.0.into_inner());
    let message = match (cut.get(), flattened.get()) {
        (true, _) => format!("the page has more than {MOST_NODES} elements and texts: the rest was left out"),
        (_, true) => {
            format!("the page nests more than {deepest} elements: deeper ones were read as text alone")
        }
        _ => String::new(),
    };
    let notice = (!message.is_empty()).then_some(Notice { kind: NoticeKind::Truncated, message });
    Parsed { document: builder.sink, notice, unslotted: 0 }
}

/// The nodes that a tree builder keeps open.
#[derive(Default)]
struct Open(RefCell<FxHashSet<NodeId>>);

impl Tracer for Open {
    type Handle = NodeId;

    fn trace_handle(&self, node: &NodeId) {
        self.0.borrow_mut().insert(*node);
    }
}

/// Joins what is in `div` elements that a page never closes with the text before them. Such elements are inside each
/// other only because their ends are missing, so a paragraph before them belongs to what comes after as if they were
/// closed.
fn join_unclosed(document: &Document, open: &FxHashSet<NodeId>) {
    // Elements that stay open are nested in each other, each being the last child of the one before.
    let mut around = document.root();
    let mut begun = false;
    let is_div =
        |node: &NodeRef| matches!(name(node).as_ref(), "div" | "section" | "article" | "main" | "center");
    while let Some(inner) = around.last_child().filter(|node| open.contains(&node.id)) {
        begun = is_div(&around) && (begun || around.children_it(false).any(|node| missed::is_running(&node)));
        if !begun || !is_div(&inner) {
            around = inner;
            continue;
        }
        // The text before a block is a paragraph of its own.
        for _ in 0..2 {
            inner.insert_before(&document.tree.new_element("br"));
        }
        for child in inner.children() {
            inner.insert_before(&child);
        }
        inner.remove_from_parent();
    }
}

/// A filter between the tokenizer and the tree builder.
struct Guard {
    builder: TreeBuilder<NodeId, Document>,
    /// Whether a self-closing element is empty.
    xml: bool,
    /// The largest number of open elements.
    deepest: usize,
    /// An upper bound on the number of open elements.
    open: Cell<usize>,
    /// Elements that were not opened, recorded so that their end tags do not close others.
    unopened: RefCell<FxHashMap<LocalName, usize>>,
    /// Whether there is text since the place of the last block that was not opened or closed.
    running: Cell<bool>,
    roots: Cell<usize>,
    flattened: Cell<bool>,
    cut: Cell<bool>,
}

impl Guard {
    fn new() -> Self {
        Self {
            builder: TreeBuilder::new(Document::fragment_sink(), TreeBuilderOpts::default()),
            xml: false,
            deepest: DEEPEST,
            open: Cell::new(0),
            unopened: RefCell::default(),
            running: Cell::new(false),
            roots: Cell::new(0),
            flattened: Cell::new(false),
            cut: Cell::new(false),
        }
    }

    /// Whether one more element may be opened.
    fn may_open(&self) -> bool {
        if self.open.get() >= self.deepest {
            let count = Count(Cell::new(0));
            self.builder.trace_handles(&count);
            self.open.set(count.0.get());
        }
        self.open.get() < self.deepest
    }

    fn start(&self, mut tag: Tag, line: u64) -> TokenSinkResult<NodeId> {
        let void = is_void(&tag.name);
        let raw = RAW.contains(&&*tag.name);
        let empty = self.xml && tag.self_closing && !void;
        if matches!(&*tag.name, "html" | "body") {
            self.roots.set(self.roots.get() + 1);
            if self.roots.get() > MOST_ROOTS {
                tag.attrs.clear();
            }
        }
        if empty && raw {
            return TokenSinkResult::Continue;
        }
        if !void && !raw {
            if !self.may_open() {
                self.flattened.set(true);
                self.part(&tag.name, line);
                if !empty {
                    *self.unopened.borrow_mut().entry(tag.name).or_default() += 1;
                }
                return TokenSinkResult::Continue;
            }
            self.open.set(self.open.get() + 1);
        }
        let end = empty.then(|| Tag { kind: TagKind::EndTag, attrs: Vec::new(), ..tag.clone() });
        let result = self.builder.process_token(Token::TagToken(tag), line);
        match end {
            Some(end) => self.builder.process_token(Token::TagToken(end), line),
            None => result,
        }
    }

    /// Keeps the text before a block that is not opened or closed apart from the text after it, by two line breaks.
    fn part(&self, name: &str, line: u64) {
        if is_inline(name) || name == "a" || !self.running.replace(false) {
            return;
        }
        for _ in 0..2 {
            let name = local_name!("br");
            let line_break = Tag {
                kind: TagKind::StartTag,
                name,
                self_closing: false,
                attrs: Vec::new(),
                had_duplicate_attributes: false,
            };
            let _ = self.builder.process_token(Token::TagToken(line_break), line);
        }
    }

    fn is_unopened(&self, tag: &Tag) -> bool {
        let mut unopened = self.unopened.borrow_mut();
        let Some(times) = unopened.get_mut(&tag.name).filter(|times| **times > 0) else { return false };
        *times -= 1;
        true
    }
}

impl TokenSink for Guard {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        if matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        if self.builder.sink.tree.len() > MOST_NODES && !matches!(token, Token::EOFToken) {
            self.cut.set(true);
            return TokenSinkResult::Continue;
        }
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => self.start(tag, line),
            Token::TagToken(tag) if self.is_unopened(&tag) => {
                self.part(&tag.name, line);
                TokenSinkResult::Continue
            }
            token => {
                if let Token::CharacterTokens(text) = &token {
                    self.running.set(self.running.get() || !text.trim().is_empty());
                }
                self.builder.process_token(token, line)
            }
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Counts the elements that a tree builder keeps open or would open again.
struct Count(Cell<usize>);

impl Tracer for Count {
    type Handle = NodeId;

    fn trace_handle(&self, _: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
}

/// The markup without the attributes of a tag beyond the first [`MOST_ATTRIBUTES`]. With `raw`, elements such as
/// `script` contain only text.
pub(crate) fn few_attributes(markup: &str, raw: bool) -> Cow<'_, str> {
    let bytes = markup.as_bytes();
    let mut kept = String::new();
    let (mut from, mut at) = (0, 0);
    while let Some(next) = markup[at..].find('<') {
        at += next + 1;
        if markup[at..].starts_with("!--") {
            at = markup[at..].find("-->").map_or(bytes.len(), |end| at + end);
            continue;
        }
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let name = at..at + bytes[at..].iter().take_while(|b| !ends_name(**b)).count();
        let Attributes { end, too_many } = attributes(bytes, name.end);
        if let Some(cut) = too_many {
            kept.push_str(&markup[from..cut]);
            from = end;
        }
        at = end;
        if let Some(name) = RAW.iter().find(|r| raw && markup[name.clone()].eq_ignore_ascii_case(r)) {
            at = end_of_raw(markup, at, name);
        }
    }
    if from == 0 {
        return markup.into();
    }
    kept.push_str(&markup[from..]);
    kept.into()
}

fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')
}

struct Attributes {
    /// The end of the tag, not including its `>`.
    end: usize,
    /// The start of the first attribute over the limit.
    too_many: Option<usize>,
}

/// Skips the attributes of a tag as the HTML standard reads them.
fn attributes(bytes: &[u8], mut at: usize) -> Attributes {
    let (mut count, mut too_many) = (0, None);
    let past = |at: usize, until: fn(u8) -> bool| {
        at + bytes[at..].iter().position(|b| until(*b)).unwrap_or(bytes.len() - at)
    };
    loop {
        at = past(at, |b| !b.is_ascii_whitespace() && b != b'/');
        if bytes.get(at).is_none_or(|b| *b == b'>') {
            return Attributes { end: at, too_many };
        }
        count += 1;
        if count > MOST_ATTRIBUTES {
            too_many = too_many.or(Some(at));
        }
        // An attribute name may begin with an equals sign.
        at = past(at + 1, |b| ends_name(b) || b == b'=');
        let value = past(at, |b| !b.is_ascii_whitespace());
        if bytes.get(value) != Some(&b'=') {
            continue;
        }
        at = past(value + 1, |b| !b.is_ascii_whitespace());
        at = match bytes.get(at) {
            Some(b'"') => (past(at + 1, |b| b == b'"') + 1).min(bytes.len()),
            Some(b'\'') => (past(at + 1, |b| b == b'\'') + 1).min(bytes.len()),
            _ => past(at, |b| b.is_ascii_whitespace() || b == b'>'),
        };
    }
}

/// The end of the content of a raw element.
fn end_of_raw(markup: &str, from: usize, name: &str) -> usize {
    let ends = markup[from..].match_indices("</").find(|(at, _)| {
        let tag = &markup.as_bytes()[from + at + 2..];
        tag.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
    });
    ends.map_or(markup.len(), |(at, _)| from + at)
}

/// Whether an element has fewer words than this. It examines no more of the element than necessary.
pub(crate) fn has_fewer_words(element: &NodeRef, than: usize) -> bool {
    let (mut words, mut inside) = (0, false);
    // An element with very many parts is not short, whatever the parts contain.
    for (n, node) in element.descendants_it().enumerate() {
        if words >= than || n > than * 40 {
            return false;
        }
        if !node.is_text() {
            continue;
        }
        for c in node.text().chars() {
            words += usize::from(!inside && !c.is_whitespace());
            inside = !c.is_whitespace();
            if words >= than {
                return false;
            }
        }
    }
    words < than
}

/// The text of an element with its white space collapsed, or `None` if it is longer than `most` bytes.
pub(crate) fn short_text(element: &NodeRef, most: usize) -> Option<String> {
    let mut text = String::new();
    for (n, node) in element.descendants_it().enumerate() {
        if n > most {
            return None;
        }
        if node.is_text() {
            let own = node.text();
            if own.starts_with(char::is_whitespace) {
                text.push(' ');
            }
            for word in own.split_whitespace() {
                text.push_str(word);
                text.push(' ');
                if text.len() > most + 2 {
                    return None;
                }
            }
            if !own.ends_with(char::is_whitespace) && text.ends_with(' ') {
                text.pop();
            }
        }
    }
    let text = words(&text);
    (text.len() <= most).then_some(text)
}

/// The text of an element as it appears on a screen, where line breaks separate words.
pub(crate) fn flowing_text(element: &NodeRef) -> String {
    let mut text = String::new();
    for node in element.descendants_it() {
        if node.is_text() {
            text.push_str(&node.text());
        } else if name(&node).as_ref() == "br" {
            text.push(' ');
        }
    }
    words(&text)
}

/// The name of an element in lower case; empty for other nodes.
pub(crate) fn name(node: &NodeRef) -> StrTendril {
    node.node_name().unwrap_or_default()
}

/// Whether elements with this name are part of a line of text.
pub(crate) fn is_inline(name: &str) -> bool {
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
            | "ruby"
            | "rb"
            | "strike"
            | "samp"
            | "nobr"
    )
}

/// Whether the content of an element is never shown.
pub(crate) fn is_silent(element: &NodeRef) -> bool {
    matches!(name(element).as_ref(), "script" | "style" | "noscript" | "template")
}

/// Whether an element is present but not shown.
pub(crate) fn is_hidden(node: &NodeRef) -> bool {
    node.has_attr("hidden")
        || node.attr("aria-hidden").is_some_and(|v| v.as_ref() == "true")
        || node.attr("style").is_some_and(|v| v.replace(' ', "").contains("display:none"))
        || node.class().is_some_and(|class| is_hidden_class(&class))
}

/// Whether a class hides its element from all readers, or from all but users of screen readers. A class such as
/// `field--label-hidden` hides something else, and `hidden md:block` hides only on small screens.
fn is_hidden_class(class: &str) -> bool {
    class.split_whitespace().any(|name| List::ClassHidden.has(name)) && !class.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(markup: &str) -> String {
        page(markup).document.text().to_string()
    }

    #[test]
    fn stray_end_tags_hide_no_depth() {
        let deep = "<span></x>".repeat(40_000) + "end";
        let Parsed { document, notice, .. } = page(&deep);
        assert_eq!(document.text().as_ref(), "end");
        assert_eq!(notice.unwrap().kind, NoticeKind::Truncated);
        assert!(document.tree.len() < 2 * DEEPEST);
    }

    #[test]
    fn blocks_that_nest_too_deep_stay_apart() {
        let deep = |inside: &str| text_and_breaks(&format!("{}{inside}", "<section>".repeat(600)));
        assert_eq!(deep("<p>a</p> <p>b<i>c</i><div>d</div>e"), "a\n bc\nd\ne");
        assert_eq!(deep("<ul><li>a<li><a>b</a><span>c</span></ul>"), "a\nbc\n");
    }

    /// The text of a page, with a line break where it has two `br`.
    fn text_and_breaks(markup: &str) -> String {
        let document = page(markup).document;
        let mut text = String::new();
        for node in document.root().descendants_it() {
            match name(&node).as_ref() {
                "br" => text.push('|'),
                _ if node.is_text() => text.push_str(&node.text()),
                _ => {}
            }
        }
        text.replace("||", "\n")
    }

    #[test]
    fn text_that_is_nested_too_deep_for_its_length_is_read_less_deep() {
        let depth = |document: &Document| {
            document.root().descendants_it().map(|n| n.ancestors_it(None).count()).max().unwrap()
        };
        let (open, close) = ("<section>".repeat(300), "</section>".repeat(300));
        let sentence = "It rained all day in Tallberg. ";
        let deep = |times: usize| page(&format!("{open}{}{close}", sentence.repeat(times)));
        let (short, long) = (deep(2_000), deep(4_000));
        assert!(short.notice.is_none() && depth(&short.document) > 300);
        assert!(long.notice.unwrap().message.contains("more than 64 elements"));
        // The root, `html`, `body` and the text itself come on top.
        assert!(depth(&long.document) <= SHALLOW + 4);
        assert_eq!(long.document.text().len(), 4_000 * sentence.len());
        // Most of the text of this page is not deep.
        let page = page(&format!("{open}{}{close}{}", sentence.repeat(4_000), sentence.repeat(30_000)));
        assert!(page.notice.is_none());
    }

    #[test]
    fn a_shadow_root_is_shown_in_a_page_that_is_read_less_deep() {
        let sentence = "It rained all day in Tallberg. ";
        let root = "<x-a><template shadowrootmode=open><p>Nobody came.</p></template></x-a>";
        let menu = "<section>".repeat(300) + &sentence.repeat(4_000) + &"</section>".repeat(300);
        let page = page(&format!("{root}{menu}"));
        assert!(page.notice.is_some());
        assert!(page.document.text().contains("Nobody came."));
    }

    #[test]
    fn a_page_of_many_shallow_elements_is_whole() {
        let map = format!("<svg>{}</svg><p>end", "<path/>".repeat(5_000));
        let cells = format!("<table>{}</table><p>end", "<tr><td>a<td>b".repeat(3_000));
        for markup in [map, cells] {
            let parsed = page(&markup);
            assert!(parsed.notice.is_none());
            assert_eq!(parsed.document.select("body > p").length(), 1);
        }
    }

    #[test]
    fn end_tags_of_elements_that_were_left_out_close_no_others() {
        let (open, close) = ("<span>".repeat(600), "</span>".repeat(600));
        let markup = format!("<main>{open}<div>a</div>{close}<p>b</p></main><p>c</p>");
        let parsed = page(&markup).document;
        assert_eq!(parsed.text().as_ref(), "abc");
        assert_eq!((parsed.select("main > p").length(), parsed.select("body > p").length()), (1, 1));
    }

    #[test]
    fn unclosed_formatting_does_not_multiply_without_end() {
        let fonts: String = (0..1_900).map(|n| format!("<font a={n}>")).collect();
        let Parsed { document, notice, .. } = page(&(fonts + &"<p>x".repeat(70_000)));
        assert!(document.tree.len() < MOST_NODES + 2 * DEEPEST);
        assert!(notice.is_some());
    }

    #[test]
    fn what_is_in_elements_that_are_never_closed_follows_the_text_before_them() {
        let first = "The bridge will open in May, the minister said to them on Monday.";
        let of = |markup: &str| {
            let body = page(markup).document.body().unwrap().inner_html().to_string();
            body.replace(first, "1")
        };
        for (markup, expected) in [
            (format!("<div><p>{first}</p><div><div><p>b</p>"), "<div><p>1</p><br><br><br><br><p>b</p></div>"),
            (format!("<div>{first}<div>b<div>c"), "<div>1<br><br>b<br><br>c</div>"),
            (format!("<div><div>{first}</div><section>b"), "<div><div>1</div><br><br>b</div>"),
            // Elements that are closed stay, and so do those around the text.
            (format!("<div><div>{first}<div>b</div></div></div>c"), "<div><div>1<div>b</div></div></div>c"),
            (
                format!("<div id=a><div id=b><p>{first}</p><div>b</div><ul><li>c"),
                "<div id=\"a\"><div id=\"b\"><p>1</p><div>b</div><ul><li>c</li></ul></div></div>",
            ),
            // A menu is no text.
            ("<div><p>Home</p><div><p>b".to_owned(), "<div><p>Home</p><div><p>b</p></div></div>"),
        ] {
            assert_eq!(of(&markup), expected);
        }
    }

    #[test]
    fn scripts_and_declarations_end_nothing() {
        let markup = "<meta charset=utf-8><script>a</script><meta http-equiv=Content-Type content='text/html; charset=x'><p>b";
        assert_eq!(page(markup).document.select("p").text().as_ref(), "b");
    }

    #[test]
    fn a_tag_keeps_its_first_attributes() {
        let many: String = (0..100_000).map(|n| format!(" a{n}=\"<{n}>\"")).collect();
        let markup = format!("<p{many}>a</p><script>if (a<b c d) {{}}</script><!-- <p a b --><i id=x>b</i>");
        let parsed = page(&markup).document;
        assert_eq!(parsed.select("p").nodes()[0].attrs().len(), MOST_ATTRIBUTES);
        assert_eq!(parsed.select("body > i#x").length(), 1);
        assert!(matches!(few_attributes("<p a=1 b='2' / c>", true), Cow::Borrowed(_)));
    }

    #[test]
    fn closed_in_itself_means_empty_in_xhtml_alone() {
        let markup = "<html><head><title/><script src='a'/></head><body><iframe/><p>a</p></body></html>";
        assert_eq!(text_of(&format!("<?xml version='1.0'?>{markup}")), "a");
        assert_eq!(text_of(&markup.replace("<html>", "<html xmlns=\"http://www.w3.org/1999/xhtml\">")), "a");
        assert_ne!(text_of(markup), "a");
    }

    #[test]
    fn classes_that_hide() {
        assert!(is_hidden_class("hidden") && is_hidden_class("a visually-hidden"));
        assert!(!is_hidden_class("field field--label-hidden") && !is_hidden_class("hidden md:block"));
    }

    #[test]
    fn references_are_written_out_once_or_twice() {
        assert_eq!(
            line("&#8220;We open&#8221; &amp;#8211; a &lt;  b <c> &amp; d"),
            "“We open” – a < b <c> & d"
        );
        assert_eq!(line("A & B; C&D;"), "A & B; C&D;");
        assert_eq!(
            mended("&amp;#8220;a&amp;rdquo; b &amp; c &amp;amp;#x2014; d"),
            "&#8220;a&rdquo; b &amp; c &#x2014; d"
        );
    }

    #[test]
    fn what_hides_an_element() {
        let hidden = |attribute: &str| {
            let page = page(&format!("<p {attribute}>a")).document;
            is_hidden(page.select("p").nodes().first().unwrap())
        };
        for attribute in
            ["hidden", "aria-hidden=true", "style='color: red; display: none'", "class='a sr-only'"]
        {
            assert!(hidden(attribute), "{attribute}");
        }
        for attribute in ["", "aria-hidden=false", "style='display: block'", "class=hide-and-seek"] {
            assert!(!hidden(attribute), "{attribute}");
        }
    }

    #[test]
    fn few_words_and_short_texts() {
        let of = |markup: &str| fragment(markup);
        let words = of("<p>one <b>two</b>three\nfour</p>");
        let p = words.select("p");
        let p = p.nodes().first().unwrap();
        // Without a space between them, several elements form one word.
        assert!(has_fewer_words(p, 4) && !has_fewer_words(p, 3));
        assert_eq!(short_text(p, 18).as_deref(), Some("one twothree four"));
        assert_eq!(short_text(p, 17).as_deref(), Some("one twothree four"));
        assert_eq!(short_text(p, 16), None);
        let spaced = of("<p>  a \n\n <b> b</b><i>c</i>   </p>");
        assert_eq!(short_text(spaced.select("p").nodes().first().unwrap(), 40).as_deref(), Some("a bc"));
        let broken = of("<p>a<br>b <i>c</i>d</p>");
        assert_eq!(flowing_text(broken.select("p").nodes().first().unwrap()), "a b cd");
    }
}
