//! What the search for the article's element misses: a first paragraph that stands in another element than the rest,
//! or the whole article, where the page's furniture is longer or its text is there for machines alone.

use dom_query::{Document, NodeRef};
use rustc_hash::FxHashMap;

use crate::{dom, furniture, sentence};

/// Where publishing systems put the article's text.
const BODIES: &str = "article, main, [itemprop='articleBody'], [class*='article-body'], [class*='articleBody'], \
                      [class*='story-body'], [class*='entry-content'], [class*='post-content'], [class*='post-body']";
/// A text counts as another article than the one found when it has this many times as many words.
const FAR_MORE: usize = 2;
/// Paragraphs that may be missing between the headline and the first one found.
const MOST_MISSED: usize = 5;
/// A paragraph of running text has at least as many words.
const RUNNING: usize = 12;
/// A summary under the headline has at most as many words.
const SUMMARY: usize = 30;
/// Bodies that are looked at, and ancestors of a paragraph: enough for any page that people made.
const MOST_BODIES: usize = 24;
const FURTHEST: usize = 24;

/// What a page holds, noted before the search takes it apart.
pub(crate) struct Page {
    /// The paragraphs of running text behind the headline, in order.
    paragraphs: Vec<String>,
    /// The markup of the element that most likely holds the article, and its words of running text.
    body: Option<(usize, String)>,
    /// The text of the article as the page states it for machines.
    stated: Option<String>,
}

/// What there is instead of, or beside, the article that was found.
pub(crate) enum Missed {
    /// The article is another element, given as markup.
    Element(String),
    /// The article is this text.
    Text(String),
    /// These paragraphs stand before the first one found.
    Opening(Vec<String>),
    /// Nothing.
    Nothing,
}

impl Page {
    pub(crate) fn of(document: &Document, stated: Option<String>) -> Self {
        let root = document.root();
        let heading = document.select("h1").nodes().first().map(|h| h.id);
        let (mut behind, mut running, mut paragraphs) = (heading.is_none(), FxHashMap::default(), Vec::new());
        for node in root.descendants_it() {
            behind |= heading == Some(node.id);
            if let Some(text) = running_text(&node) {
                running.insert(node.id, text.split(' ').count());
                if behind {
                    paragraphs.push(text);
                }
            }
        }
        let held = |element: &NodeRef| -> usize {
            element.descendants_it().filter_map(|n| running.get(&n.id)).sum()
        };
        // Of two that hold as much, the one further in has less around it.
        let bodies = document.select(BODIES);
        let body =
            bodies.nodes().iter().take(MOST_BODIES).map(|e| (held(e), e)).max_by_key(|(words, _)| *words);
        Self { paragraphs, body: body.map(|(words, element)| (words, element.html().to_string())), stated }
    }

    /// What is missing beside the texts that were found.
    pub(crate) fn missed<'a>(self, found: impl Iterator<Item = &'a str> + Clone) -> Missed {
        let count: usize = found.clone().map(|t| t.split_whitespace().count()).sum();
        let far_more = |other: usize| other > RUNNING * 4 && other > FAR_MORE * count;
        if let Some((_, body)) = self.body.filter(|(words, _)| far_more(*words)) {
            return Missed::Element(body);
        }
        if let Some(text) = self.stated.filter(|t| far_more(t.split_whitespace().count())) {
            return Missed::Text(text);
        }
        let found: Vec<String> = found.map(words).collect();
        let first = self.paragraphs.iter().position(|p| found.contains(p));
        match first {
            Some(first) if (1..=MOST_MISSED).contains(&first) => {
                let opening = &self.paragraphs[..first];
                let count: usize = opening.iter().map(|p| p.split(' ').count()).sum();
                // A summary under the headline is left where the search left it.
                if count > SUMMARY { Missed::Opening(opening.to_vec()) } else { Missed::Nothing }
            }
            _ => Missed::Nothing,
        }
    }
}

/// Text with its white space folded.
pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of a paragraph of running text that is not one of the page's furniture.
fn running_text(node: &NodeRef) -> Option<String> {
    if node.node_name()?.as_ref() != "p" {
        return None;
    }
    let text = dom::flowing_text(node);
    let count = text.split(' ').count();
    let links = node.descendants_it().filter(|n| n.node_name().is_some_and(|n| n.as_ref() == "a"));
    let linked: usize = links.map(|a| a.text().split_whitespace().count()).sum();
    let scripted = node.descendants_it().any(|n| dom::is_silent(&n));
    let running = !scripted && count >= RUNNING && linked * 2 < count && sentence::ends(&text);
    (running && !node.ancestors_it(Some(FURTHEST)).any(|a| furniture::is_apart(&a))).then_some(text)
}
