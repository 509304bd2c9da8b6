//! Finds where a page asks readers to subscribe or to log in, and whether the article's text breaks off there.

use dom_query::{Document, NodeRef};

use super::blocks::{LONG, SHORT};
use crate::lists::List;
use crate::{dom, furniture, missed, sentence};

/// The most words in a line that may lack a final mark.
const PROSE: usize = 8;
/// Lines in which a page may make its offer.
const LINES: &str = "p, h2, h3, h4";
/// The most offers that are removed.
const MOST_GATES: usize = 50;
/// How many elements around a line of an offer may belong to it.
const LEVELS: usize = 6;

/// Whether a page has an offer to readers who want to read on.
pub(super) fn asks_to_subscribe(document: &Document) -> bool {
    // An id that speaks of subscribing is often that of a form for a newsletter.
    let names = [walls(), named("class", List::ClassSubscribing)];
    let short = |node: &NodeRef| dom::has_fewer_words(node, LONG);
    let is_wall = |selector: &String| document.select(selector).nodes().iter().any(short);
    names.iter().any(is_wall) || document.select(LINES).nodes().iter().any(is_gate)
}

/// A selector of the elements whose name says that they stand in for the rest of the text.
fn walls() -> String {
    ["class", "id"].map(|attribute| named(attribute, List::ClassWall)).join(", ")
}

/// A selector of the elements in which an attribute has one of these parts.
fn named(attribute: &str, parts: List) -> String {
    let selectors = parts.entries().iter().map(|part| format!("[{attribute}*='{part}']"));
    selectors.collect::<Vec<_>>().join(", ")
}

/// Removes the offers that end a text. On a page with few paragraphs, the search would take them for the article.
pub(super) fn remove(document: &Document) {
    let (lines, walls) = (document.select(LINES), document.select(&walls()));
    let gates = lines.nodes().iter().filter(|line| is_gate(line)).map(offer);
    let walls = walls.nodes().iter().filter(|wall| dom::has_fewer_words(wall, LONG)).copied();
    for offer in gates.take(MOST_GATES).chain(walls.take(MOST_GATES)) {
        let mut behind = std::iter::successors(offer.next_sibling(), NodeRef::next_sibling);
        if !holds_article(&offer) && !behind.any(|node| missed::is_running(&node)) {
            offer.remove_from_parent();
        }
    }
}

/// Whether a line asks readers to subscribe or to log in before they read on.
fn is_gate(line: &NodeRef) -> bool {
    dom::short_text(line, LONG * 10).is_some_and(|text| furniture::is_gate(&text))
        && dom::has_fewer_words(line, LONG)
}

/// The element that holds the offer that begins with a line.
fn offer<'a>(line: &NodeRef<'a>) -> NodeRef<'a> {
    let mut offer = *line;
    for around in line.ancestors_it(Some(LEVELS)) {
        let first = around.descendants_it().find(|node| node.is_text() && !node.text().trim().is_empty());
        let begins = first.is_some_and(|first| first.ancestors_it(None).any(|a| a.id == offer.id));
        if !begins || !dom::has_fewer_words(&around, LONG) || holds_article(&around) {
            break;
        }
        offer = around;
    }
    offer
}

/// Whether an element is or holds the page, the article, its headline or a paragraph of running text that makes no
/// offer.
fn holds_article(element: &NodeRef) -> bool {
    let all = std::iter::once(*element).chain(element.descendants_it());
    all.filter(NodeRef::is_element).any(|node| {
        matches!(dom::name(&node).as_ref(), "html" | "body" | "article" | "main" | "h1")
            || missed::running_text(&node)
                .is_some_and(|text| !furniture::is_gate(&text) && text.split(' ').count() > SHORT)
    })
}

/// Whether the last words of a text are the first ones of a sentence: `It was late. She is said to be furious that`.
pub(super) fn breaks_off(last: &str) -> bool {
    let whole = last.trim_end_matches(['…', '.']);
    let dotted = last.ends_with('…') || last.len() > whole.len() + 2;
    (dotted || is_begun(last) || last.split_whitespace().count() > PROSE)
        && (dotted || !sentence::ends(last))
        && whole.ends_with(|c: char| c.is_alphanumeric() || c == ',')
}

/// Whether a short line begins a sentence that it does not end: one within quotation marks, or one after another. A
/// question and a few words are buttons: `Already a member? Log in`.
pub(super) fn is_begun(line: &str) -> bool {
    let times = |mark: char| line.matches(mark).count();
    let quotes = times('“') > times('”') || times('"') % 2 == 1;
    !sentence::ends(line) && (quotes || sentence::count(line) > 0 && !line.contains('?'))
}
