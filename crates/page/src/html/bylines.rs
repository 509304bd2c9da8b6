//! What a page says about its authors.

use std::collections::HashMap;

use dom_query::{Document, NodeId, NodeRef};

use super::blocks::SHORT;
use crate::{credit, dom, missed};

/// The most bylines, and the most times, whose parts are separated.
pub(super) const MOST_BYLINES: usize = 100;
/// Elements that may be bylines.
pub(super) const BYLINES: &str = "[class*='byline'], [class*='author'], [rel='author'], [itemprop='author']";
/// How many nodes after the headline may come before its byline.
const FAR: usize = 80;

/// What a page says about its authors.
#[derive(Default)]
pub(super) struct Bylines {
    /// The byline that the search removed from the text.
    pub(super) removed: Option<String>,
    /// The first line after the headline that is a byline by its words.
    near: Option<String>,
    /// Lines with a class of bylines, each with line breaks before the job and the time in it.
    broken: HashMap<String, String>,
}

impl Bylines {
    /// Notes the bylines of a page.
    pub(super) fn of(document: &Document, headline: Option<NodeId>) -> Self {
        let marked = document.select(BYLINES);
        let lines = marked.nodes().iter().take(MOST_BYLINES).filter(|line| dom::has_fewer_words(line, SHORT));
        let broken = lines.map(|line| (dom::flowing_text(line), with_breaks(line))).collect();
        let root = document.root();
        let after = root.descendants_it().skip_while(|node| Some(node.id) != headline);
        let blocks = after.take(FAR).take_while(|node| missed::running_text(node).is_none());
        let is_line = |node: &NodeRef| {
            matches!(dom::name(node).as_ref(), "p" | "div" | "span") && dom::has_fewer_words(node, SHORT)
        };
        let mut lines = blocks.filter(is_line).map(|line| dom::flowing_text(&line));
        Self { removed: None, near: lines.find(|line| credit::is_byline(line)), broken }
    }

    /// The names in a line of the text, or else in the line that was removed or the one near the headline.
    pub(super) fn names(&self, line: Option<&str>) -> Vec<String> {
        let lines = [line, self.removed.as_deref(), self.near.as_deref()];
        let names = lines.into_iter().flatten().map(|line| {
            let line = missed::words(line);
            credit::names(self.broken.get(&line).unwrap_or(&line))
        });
        names.into_iter().find(|names| !names.is_empty()).unwrap_or_default()
    }
}

/// The text of a byline with line breaks before the job and the time in it.
fn with_breaks(line: &NodeRef) -> String {
    let mut text = String::new();
    for node in line.descendants_it() {
        if node.is_text() {
            text.push_str(&node.text().replace('\n', " "));
        } else if dom::name(&node).as_ref() == "time" || credit::is_job_line(&dom::flowing_text(&node)) {
            text.push('\n');
        }
    }
    text
}
