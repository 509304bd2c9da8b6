//! Tells text that only screen readers skip, which a page shows, from text that it hides.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use crate::{dom, furniture, missed};

/// The most elements that are examined.
const MOST: usize = 500;
/// How many elements around a hidden one are examined.
const FURTHEST: usize = 24;
/// Elements that a style, an attribute or a class may hide.
const HIDDEN: &str = "[hidden], [style*='display'], [style*='DISPLAY'], [class*='hidden'], [class*='sr-only'], \
                      .screen-reader-text";

/// Reads the text of the article that a page hides only from screen readers as what it is: shown.
pub(super) fn show(document: &Document) {
    for element in document.select("[aria-hidden='true']").nodes().iter().take(MOST) {
        if missed::running_words(&[*element]) > 0 && is_in_article(element) {
            element.remove_attr("aria-hidden");
        }
    }
}

/// The paragraphs of running text inside the article that a page hides, until readers ask for more or for good.
pub(super) fn paragraphs(document: &Document) -> Vec<String> {
    let mut seen: HashSet<NodeId> = HashSet::new();
    let mut hidden = Vec::new();
    for element in document.select(HIDDEN).nodes().iter().take(MOST) {
        if !dom::is_hidden(element) || !is_in_article(element) {
            continue;
        }
        let all = std::iter::once(*element).chain(element.descendants_it());
        hidden.extend(all.filter(|node| seen.insert(node.id)).filter_map(|node| missed::running_text(&node)));
    }
    hidden
}

/// Whether an element is inside the element that holds the article, or next to running text, and is not a dialogue or
/// something else beside the article.
fn is_in_article(element: &NodeRef) -> bool {
    let is_beside = |node: &NodeRef| {
        furniture::is_beside(node)
            || furniture::is_furniture(node)
            || dom::name(node).as_ref() == "dialog"
            || node.attr("role").is_some_and(|role| role.contains("dialog"))
    };
    let around = || element.ancestors_it(Some(FURTHEST));
    let is_body = |node: &NodeRef| matches!(dom::name(node).as_ref(), "html" | "body");
    if is_beside(element)
        || around().take_while(|a| !missed::is_article(a) && !is_body(a)).any(|a| is_beside(&a))
    {
        return false;
    }
    let beside = || element.parent().into_iter().flat_map(|around| around.children());
    around().any(|a| missed::is_article(&a))
        || beside().any(|node| node.id != element.id && missed::is_running(&node) && !dom::is_hidden(&node))
}
