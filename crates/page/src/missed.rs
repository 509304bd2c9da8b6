//! Finds what the search for the article's element misses: a first paragraph in a different element from the rest, or
//! the whole article if the page's furniture is longer or if its text is present only for machines.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};
use rustc_hash::FxHashMap;

use crate::{dom, furniture, plain, sentence};

/// A text counts as a different article if it has this many times as many words as the one found.
const FAR_MORE: usize = 2;
/// If less than this percentage of an article's words was found, the article is spread over several elements.
const COVERED: usize = 65;
/// The percentage of the running text that an element must have to be the article's element.
const WHOLE: usize = 90;
/// An element with this percentage of the running text belongs to the article.
const MUCH: usize = 40;
/// A teaser for another article has fewer words than this.
const TEASER: usize = 80;
/// The most paragraphs that may be missing between the headline and the first one found.
const MOST_MISSED: usize = 50;
/// The fewest words in a paragraph of running text.
const RUNNING: usize = 12;
/// The most words in an offer to the reader.
const LONGEST_OFFER: usize = 70;
/// The most words in a summary under the headline.
const SUMMARY: usize = 30;
/// The most bodies, and ancestors of a paragraph, that are examined: enough for any page that people make.
const MOST_BODIES: usize = 24;
const FURTHEST: usize = 24;

/// The contents of a page, recorded before the search modifies it.
pub(crate) struct Page {
    /// The paragraphs of running text after the headline, in order.
    paragraphs: Vec<String>,
    /// The number of words of running text in the element that most likely holds the article, and its markup.
    body: Option<(usize, String)>,
    /// The innermost element that holds nearly all of the running text.
    region: Option<Region>,
    /// The article's text as the page states it for machines.
    stated: Option<String>,
}

/// What was missed, in place of or in addition to the article found.
pub(crate) enum Missed {
    /// The article is another element, given as markup.
    Element(String),
    /// The article is spread over this element, which contains these paragraphs.
    Region(String, Vec<String>),
    /// The article is this text.
    Text(String),
    /// These paragraphs come before the first one found.
    Opening(Vec<String>),
    /// Nothing.
    Nothing,
}

impl Page {
    /// Notes the paragraphs after the heading that contains the headline, and the article's text if linked data state
    /// it.
    pub(crate) fn of(document: &Document, heading: Option<NodeId>, stated: Option<String>) -> Self {
        let root = document.root();
        let (mut behind, mut running, mut paragraphs) = (heading.is_none(), FxHashMap::default(), Vec::new());
        let mut runs = Vec::new();
        // Bare texts by their first nodes.
        let mut bare: FxHashMap<NodeId, String> = FxHashMap::default();
        for node in root.descendants_it() {
            if heading == Some(node.id) {
                behind = true;
                // Bare text that follows is in the same element.
                let after = std::iter::successors(node.next_sibling(), |n| n.next_sibling());
                let is_line = |n: &NodeRef| is_part_of_line(n) || dom::name(n).as_ref() == "br";
                bare.extend(bare_among(after.take_while(is_line)));
            }
            let is_apart = || node.ancestors_it(Some(FURTHEST)).any(|a| furniture::is_apart(&a));
            if let Some(text) = running_text(&node) {
                if !is_apart() {
                    running.insert(node.id, text.split(' ').count());
                    if behind {
                        paragraphs.push(text.clone());
                    }
                }
                if behind {
                    runs.push((node, text));
                }
                continue;
            }
            if behind {
                bare.extend(bare_texts(&node));
            }
            if let Some(text) = bare.remove(&node.id).filter(|_| !is_apart()) {
                paragraphs.push(text);
            }
        }
        let held = |element: &NodeRef| -> usize {
            element.descendants_it().filter_map(|n| running.get(&n.id)).sum()
        };
        // Of two with the same amount of running text, the inner one has less around it.
        let bodies = root.descendants_it().filter(is_article);
        let body = bodies.take(MOST_BODIES).map(|e| (held(&e), e)).max_by_key(|(words, _)| *words);
        Self {
            paragraphs,
            body: body.map(|(words, element)| (words, element.html().to_string())),
            region: region(document, runs),
            stated,
        }
    }

    /// Returns what the texts found leave out; `text` are those of them that are the article's own.
    pub(crate) fn missed<'a>(
        self,
        found: impl Iterator<Item = &'a str> + Clone,
        text: impl Iterator<Item = &'a str>,
    ) -> Missed {
        let count: usize = found.clone().map(|t| t.split_whitespace().count()).sum();
        let texts: HashSet<String> = found.clone().map(words).collect();
        if let Some(region) = self.region {
            let all: usize = region.runs.iter().map(|text| count_words(text)).sum();
            let there = region.runs.iter().filter(|text| texts.contains(*text));
            let there: usize = there.map(|text| count_words(text)).sum();
            if all > RUNNING * 8 && there * 100 < all * COVERED {
                return Missed::Region(region.markup, region.runs);
            }
        }
        let far_more = |other: usize| other > RUNNING * 4 && other > FAR_MORE * count;
        if let Some((_, body)) = self.body.filter(|(words, _)| far_more(*words)) {
            return Missed::Element(body);
        }
        let stated =
            self.stated.filter(|stated| far_more(stated.split_whitespace().count())).map(without_tags);
        // It may be the text of another article.
        if let Some(stated) = stated.filter(|stated| shares(stated, text)) {
            return Missed::Text(stated);
        }
        let first = self.paragraphs.iter().position(|p| texts.contains(p));
        match first {
            Some(first) if (1..=MOST_MISSED).contains(&first) => {
                let all = found.clone().collect::<Vec<_>>().join("\n");
                // The search may have taken the first words of a paragraph, such as a byline.
                let bare = |text: &'a str| text.trim_start_matches(|c: char| !c.is_alphanumeric());
                let ends: Vec<&str> = found.map(bare).filter(|text| count_words(text) >= RUNNING).collect();
                let is_missed = |p: &&String| {
                    !all.contains(p.as_str()) && !is_offer(p) && !ends.iter().any(|end| p.ends_with(end))
                };
                let opening: Vec<String> =
                    self.paragraphs[..first].iter().filter(is_missed).cloned().collect();
                let count: usize = opening.iter().map(|p| p.split(' ').count()).sum();
                // A summary under the headline is not restored if the search left it out.
                if count > SUMMARY { Missed::Opening(opening) } else { Missed::Nothing }
            }
            _ => Missed::Nothing,
        }
    }
}

/// A text that linked data state, which may be markup.
fn without_tags(text: String) -> String {
    let is_escaped = !text.contains('<') && text.contains("&lt;");
    let text = if is_escaped { dom::text(&text) } else { text };
    let is_markup = |(at, _)| {
        let name = text[at + 1..].trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
        name.is_some_and(|name| BLOCKS.contains(&name.to_ascii_lowercase().as_str()))
    };
    if !text.match_indices('<').take(100).any(is_markup) {
        return text;
    }
    let mut lines = text.clone();
    for name in BLOCKS {
        for tag in [format!("<{name}"), format!("</{name}")] {
            lines = lines.replace(&tag, &format!("\n{tag}"));
        }
    }
    dom::text(&lines)
}

/// Elements that separate the paragraphs of a text.
const BLOCKS: [&str; 8] = ["p", "br", "div", "h2", "h3", "li", "ul", "blockquote"];

/// Whether a text has most of the running text that was found.
fn shares<'a>(text: &str, found: impl Iterator<Item = &'a str>) -> bool {
    let text: Vec<String> = plain::words(text).collect();
    let known: HashSet<&[String]> = text.windows(SHINGLE).collect();
    let (mut all, mut there) = (0, 0);
    for paragraph in found.filter(|text| runs(text)) {
        let words: Vec<String> = plain::words(paragraph).collect();
        all += words.windows(SHINGLE).count();
        there += words.windows(SHINGLE).filter(|shingle| known.contains(shingle)).count();
    }
    there * 2 >= all
}

/// How many words in a row are compared.
const SHINGLE: usize = 4;

/// Whether a paragraph makes an offer to the reader.
fn is_offer(text: &str) -> bool {
    count_words(text) <= LONGEST_OFFER && furniture::is_offer(text)
}

/// The innermost element that holds nearly all of the running text.
struct Region {
    markup: String,
    runs: Vec<String>,
}

fn region(document: &Document, runs: Vec<(NodeRef, String)>) -> Option<Region> {
    let body = document.body()?;
    let everywhere = held(&runs);
    let all = *everywhere.get(&body.id)?;
    let mut known = FxHashMap::default();
    let runs: Vec<_> = runs.into_iter().filter(|run| !is_beside(run, &everywhere, all, &mut known)).collect();
    let held = held(&runs);
    let all = *held.get(&body.id)?;
    let mut region = body;
    let nearly_all = |node: &NodeRef| held.get(&node.id).is_some_and(|words| words * 100 >= all * WHOLE);
    while let Some(inner) = region.children_it(false).find(nearly_all) {
        region = inner;
    }
    let inside = |node: &NodeRef| node.ancestors_it(Some(dom::DEEPEST)).any(|a| a.id == region.id);
    let markup = region.html().to_string();
    let runs = runs.into_iter().filter(|(node, _)| inside(node)).map(|(_, text)| text).collect();
    Some(Region { markup, runs })
}

/// The number of words of running text in each element.
pub(crate) fn held(runs: &[(NodeRef, String)]) -> FxHashMap<NodeId, usize> {
    let mut held: FxHashMap<NodeId, usize> = FxHashMap::default();
    for (node, text) in runs {
        for element in node.ancestors_it(Some(dom::DEEPEST)) {
            *held.entry(element.id).or_default() += count_words(text);
        }
    }
    held
}

/// Whether a paragraph belongs to something beside the article: a comment, a teaser that is a link or comes under a
/// heading that is one, an item of a list. An element with much of the running text is not beside it, whatever its
/// name.
fn is_beside(
    (paragraph, text): &(NodeRef, String),
    held: &FxHashMap<NodeId, usize>,
    all: usize,
    known: &mut FxHashMap<NodeId, bool>,
) -> bool {
    let own = count_words(text);
    let mut teaser = true;
    for (n, element) in paragraph.ancestors_it(Some(FURTHEST)).enumerate() {
        let words = held.get(&element.id).copied().unwrap_or_default();
        let is_beside = *known.entry(element.id).or_insert_with(|| {
            let name = dom::name(&element);
            name.as_ref() == "a"
                || dom::is_hidden(&element)
                || (words * 100 < all * MUCH && furniture::is_beside(&element))
        });
        // An item with one paragraph of running text leads to another article; one with several is content.
        let lone = dom::name(&element).as_ref() == "li" && words == own;
        teaser = teaser && n < 4 && dom::has_fewer_words(&element, TEASER);
        if is_beside || lone || (teaser && has_linked_heading(&element)) {
            return true;
        }
    }
    false
}

/// Whether a heading in an element contains a link or is inside one.
fn has_linked_heading(element: &NodeRef) -> bool {
    let is_heading = |n: &NodeRef| matches!(dom::name(n).as_ref(), "h2" | "h3" | "h4" | "h5" | "h6");
    element.descendants_it().filter(is_heading).any(|heading| {
        let linked = heading.ancestors_it(Some(4)).any(|a| dom::name(&a).as_ref() == "a");
        linked || heading.descendants_it().any(|d| dom::name(&d).as_ref() == "a")
    })
}

fn count_words(text: &str) -> usize {
    text.split(' ').count()
}

/// Text with its white space collapsed.
pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The paragraphs of running text that lie bare between the blocks of an element, each with its first node.
fn bare_texts(element: &NodeRef) -> Vec<(NodeId, String)> {
    let name = dom::name(element);
    if !matches!(name.as_ref(), "div" | "section" | "article" | "main" | "body") || is_text_alone(element) {
        return Vec::new();
    }
    bare_among(element.children_it(false))
}

fn bare_among<'a>(nodes: impl Iterator<Item = NodeRef<'a>>) -> Vec<(NodeId, String)> {
    let (mut found, mut first, mut text, mut broken) = (Vec::new(), None, String::new(), false);
    for child in nodes.map(Some).chain([None]) {
        let is_break = child.is_some_and(|child| dom::name(&child).as_ref() == "br");
        match child {
            Some(child) if is_part_of_bare_text(&child) => {
                let own = child.text();
                broken &= own.trim().is_empty();
                first = first.or(Some(child.id));
                text.push_str(&own);
            }
            // A second line break ends a paragraph.
            Some(_) if is_break && !broken => text.push(' '),
            _ => {
                let text = words(&std::mem::take(&mut text));
                found.extend(first.take().filter(|_| runs(&text)).map(|first| (first, text)));
            }
        }
        broken |= is_break;
    }
    found
}

/// Whether an element is one in which publishing systems put the article's text.
pub(crate) fn is_article(element: &NodeRef) -> bool {
    const PARTS: [&str; 6] =
        ["article-body", "articleBody", "story-body", "entry-content", "post-content", "post-body"];
    matches!(dom::name(element).as_ref(), "article" | "main")
        || element.attr("itemprop").is_some_and(|name| name.as_ref() == "articleBody")
        || element.class().is_some_and(|class| PARTS.iter().any(|part| class.contains(part)))
}

/// The number of words of running text in some nodes that follow each other.
pub(crate) fn running_words(nodes: &[NodeRef]) -> usize {
    let bare_words = |bare: Vec<(NodeId, String)>| bare.iter().map(|(_, text)| count_words(text)).sum();
    let inside = nodes.iter().filter(|node| !is_part_of_bare_text(node)).map(|element| {
        let all = std::iter::once(*element).chain(element.descendants_it());
        let words = all.map(|node| match running_text(&node) {
            Some(text) => count_words(&text),
            None => bare_words(bare_texts(&node)),
        });
        words.sum::<usize>()
    });
    inside.sum::<usize>() + bare_words(bare_among(nodes.iter().copied()))
}

/// Whether a node is part of a bare text: of a line, and not a paragraph by itself.
fn is_part_of_bare_text(node: &NodeRef) -> bool {
    is_part_of_line(node) && running_text(node).is_none()
}

/// Whether a node is text or an element within a line of text, with nothing else inside.
fn is_part_of_line(node: &NodeRef) -> bool {
    let inline = |node: &NodeRef| {
        node.is_text() || dom::is_inline(&dom::name(node)) || dom::name(node).as_ref() == "a"
    };
    inline(node) && node.descendants_it().all(|inside| inline(&inside))
}

/// Whether a text is long enough for running text, and ends like a sentence.
fn runs(text: &str) -> bool {
    sentence::ends(text) && count_words(text) >= RUNNING
}

/// Whether a node is a paragraph of running text, or bare text.
pub(crate) fn is_running(node: &NodeRef) -> bool {
    if node.is_text() { runs(&words(&node.text())) } else { running_text(node).is_some() }
}

/// The text of a paragraph of running text: a `p`, or another element that contains only text.
pub(crate) fn running_text(node: &NodeRef) -> Option<String> {
    match node.node_name()?.as_ref() {
        "p" => {}
        "div" | "section" | "td" | "span" if is_text_alone(node) => {}
        _ => return None,
    }
    let text = dom::flowing_text(node);
    let count = count_words(&text);
    let links = node.descendants_it().filter(|n| dom::name(n).as_ref() == "a");
    let linked: usize = links.map(|a| a.text().split_whitespace().count()).sum();
    let scripted = node.descendants_it().any(|n| dom::is_silent(&n));
    let running = !scripted && count >= RUNNING && linked * 2 < count && sentence::ends(&text);
    running.then_some(text)
}

/// Whether an element is a paragraph by its content: text of its own and inline elements.
fn is_text_alone(node: &NodeRef) -> bool {
    // Inline elements within a paragraph are not paragraphs themselves.
    let within =
        node.parent().is_some_and(|p| dom::name(&p).as_ref() == "p" || dom::is_inline(&dom::name(&p)));
    let mut own = 0;
    for child in node.children_it(false) {
        if child.is_text() {
            own += child.text().split_whitespace().count();
        } else if child.is_element()
            && !dom::is_inline(&dom::name(&child))
            && !matches!(dom::name(&child).as_ref(), "a" | "br")
        {
            return false;
        }
    }
    !within && own * 2 >= RUNNING
}
