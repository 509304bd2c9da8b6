//! Finds lists of posts, as in live blogs, and marks what belongs to a post but not to its text: headings, times and
//! authors. The posts of a list are next to each other and alike, and each begins with a time. If they are `article`
//! elements, one time is enough.

use std::collections::hash_map::Entry;

use dom_query::{Document, NodeId, NodeRef};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{credit, dom, furniture, missed};

/// The attribute that marks the heading of a post.
pub(crate) const HEADING: &str = "data-onrecord-heading";
/// The attribute that marks the author of a post.
pub(crate) const AUTHOR: &str = "data-onrecord-author";
/// The fewest posts in a list.
const POSTS: usize = 3;
/// The most times that are examined.
const MOST: usize = 5_000;
/// How many elements around a time may be the post.
const LEVELS: usize = 8;
/// The most words in a heading, in the line of an author, and in a label beside the time.
const LONG: usize = 25;
const LINE: usize = 15;
const LABEL: usize = 4;
/// The most bytes in a text that is a time.
const TIME: usize = 60;

/// The time at the head of a post.
#[derive(Clone, Copy)]
enum Time {
    /// The whole node.
    Whole,
    /// As many bytes of a text, and a heading after them.
    Before(usize),
}

/// Marks the headings and authors of posts, and removes their times. `headline` is the headline of the page.
pub(crate) fn mark(document: &Document, headline: Option<NodeId>) {
    let times = times(document);
    let mut lists: Vec<(NodeId, Vec<NodeId>)> = Vec::new();
    let mut at: FxHashMap<NodeId, usize> = FxHashMap::default();
    for (time, _) in &times {
        let mut inner = *time;
        for element in NodeRef::new(*time, &document.tree).ancestors_it(Some(LEVELS)) {
            if matches!(dom::name(&element).as_ref(), "html" | "body") {
                break;
            }
            let list = *at.entry(element.id).or_insert_with(|| {
                lists.push((element.id, Vec::new()));
                lists.len() - 1
            });
            // Times come in the order of the page.
            if lists[list].1.last() != Some(&inner) {
                lists[list].1.push(inner);
            }
            inner = element.id;
        }
    }
    let times: FxHashMap<NodeId, Time> = times.into_iter().collect();
    let is_article = |id: &NodeId| dom::name(&NodeRef::new(*id, &document.tree)).as_ref() == "article";
    for (list, starts) in lists.iter().filter(|(_, s)| s.len() >= POSTS || s.iter().any(is_article)) {
        let list = NodeRef::new(*list, &document.tree);
        let posts = posts(&list, starts, headline);
        if posts.len() >= POSTS {
            let titled = posts.iter().any(|post| has_titled_line(post));
            posts.iter().for_each(|post| mark_post(document, post, &times, headline, titled));
            if matches!(dom::name(&list).as_ref(), "ul" | "ol" | "dl") {
                list.rename("section");
            }
        }
    }
}

/// The times of a page that may be at the head of a post, in order.
fn times(document: &Document) -> Vec<(NodeId, Time)> {
    let mut found = Vec::new();
    // Whether the block around a time is a paragraph, and its first text.
    let mut blocks: FxHashMap<NodeId, Option<NodeId>> = FxHashMap::default();
    for node in document.root().descendants_it() {
        if found.len() == MOST {
            break;
        }
        let time = if dom::name(&node).as_ref() == "time" {
            dom::short_text(&node, TIME).filter(|text| !text.is_empty()).map(|_| Time::Whole)
        } else if node.is_text() {
            let around =
                node.ancestors_it(Some(2)).any(|a| dom::name(&a).as_ref() == "time" || dom::is_silent(&a));
            let text = node.text();
            let in_table =
                || node.ancestors_it(Some(LEVELS)).any(|a| matches!(dom::name(&a).as_ref(), "td" | "th"));
            if around {
                None
            } else if text.trim().len() <= TIME && furniture::is_time(&text) {
                Some(Time::Whole).filter(|_| !in_table())
            } else {
                before_heading(&text).map(Time::Before).filter(|_| !in_table())
            }
        } else {
            None
        };
        let Some(time) = time else { continue };
        let block = node.ancestors_it(Some(LEVELS)).find(|a| !is_inline(a));
        let Some(block) = block else { continue };
        // In a paragraph, only a time before all of its words is one of a post.
        let first = match blocks.entry(block.id) {
            Entry::Occupied(first) => *first.get(),
            Entry::Vacant(new) => *new.insert(missed::running_text(&block).and_then(|_| first_text(&block))),
        };
        let leads = first.is_none_or(|first| {
            matches!(time, Time::Whole) && (node.id == first || node.descendants_it().any(|n| n.id == first))
        });
        if leads {
            found.push((node.id, time));
        }
    }
    found
}

fn is_inline(node: &NodeRef) -> bool {
    dom::is_inline(&dom::name(node)) || dom::name(node).as_ref() == "a"
}

fn first_text(element: &NodeRef) -> Option<NodeId> {
    element.descendants_it().find(|n| n.is_text() && !n.text().trim().is_empty()).map(|n| n.id)
}

/// The length of a time before a heading: `14:32 — `, `2.05 pm: `.
fn before_heading(text: &str) -> Option<usize> {
    let start = text.trim_start();
    if start.len() > 400 || !start.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut end = 0;
    // The time and its zone are at most four words.
    for (n, word) in start.split_inclusive(char::is_whitespace).take(4).enumerate() {
        let bare = word.trim_end().trim_end_matches([':', '-', '–', '—', '|', ',']);
        let known =
            bare.is_empty() || if n == 0 { furniture::is_clock(bare) } else { furniture::is_zone(bare) };
        if !known {
            break;
        }
        end += word.len();
    }
    let rest = &start[end..];
    let fits = end > 0 && rest.starts_with(|c: char| c.is_uppercase() || "“\"‘'".contains(c));
    let heading = rest.split_whitespace().count() <= LONG && !rest.trim_end().ends_with('.');
    (fits && heading).then(|| text.len() - start.len() + end)
}

/// The posts of a list that begin with some of its children: those alike in name and class, each with running text and
/// without a link to another page in its heading.
fn posts<'a>(list: &NodeRef<'a>, starts: &[NodeId], headline: Option<NodeId>) -> Vec<Vec<NodeRef<'a>>> {
    if std::iter::once(*list).chain(list.ancestors_it(Some(LEVELS))).any(|a| is_beside(&a)) {
        return Vec::new();
    }
    let holds_headline = |node: &NodeRef| {
        headline.is_some_and(|id| NodeRef::new(id, node.tree).ancestors_it(None).any(|a| a.id == node.id))
    };
    let kind = |node: &NodeRef| {
        let class = node.class().unwrap_or_default();
        let first = class.split_whitespace().next().unwrap_or_default();
        (dom::name(node).to_string(), first[..first.floor_char_boundary(TIME)].to_owned())
    };
    let starts = starts.iter().map(|id| NodeRef::new(*id, list.tree));
    let starts: Vec<NodeRef> = starts.filter(|n| !is_beside(n) && !holds_headline(n)).collect();
    let mut kinds: FxHashMap<_, usize> = FxHashMap::default();
    starts.iter().for_each(|start| *kinds.entry(kind(start)).or_default() += 1);
    // Some posts have no time of their own.
    let timed: FxHashSet<NodeId> = starts.iter().map(|start| start.id).collect();
    let (mut timeless, mut without) = (Vec::new(), FxHashMap::<_, usize>::default());
    for child in list.children_it(false).filter(|c| c.is_element() && !timed.contains(&c.id)) {
        let kind = kind(&child);
        if kinds.contains_key(&kind) && is_container(&child) && !is_beside(&child) && !holds_headline(&child)
        {
            *without.entry(kind.clone()).or_default() += 1;
            timeless.push((child.id, kind));
        }
    }
    // In a list of other elements, those without a time may be the texts after the heads of posts.
    let is_article = |kind: &(String, String)| kind.0 == "article";
    timeless.retain(|(_, kind)| is_article(kind) || without[kind] < kinds[kind]);
    for (_, kind) in timeless.iter().filter(|(_, kind)| is_article(kind)) {
        kinds.entry(kind.clone()).and_modify(|count| *count += 1);
    }
    let alike = starts.iter().filter(|start| kinds[&kind(start)] >= POSTS).map(|start| start.id);
    let more = timeless.iter().filter(|(_, kind)| kinds[kind] >= POSTS).map(|(id, _)| *id);
    let alike: FxHashSet<NodeId> = alike.chain(more).collect();
    let mut posts: Vec<Vec<NodeRef>> = Vec::new();
    for child in list.children_it(false) {
        if alike.contains(&child.id) {
            posts.push(Vec::new());
        }
        if let Some(post) = posts.last_mut() {
            post.push(child);
        }
    }
    posts.retain(|post| !links_elsewhere(post) && missed::running_words(post) > 0);
    posts
}

/// Whether an element may be a post as a whole: it has blocks inside.
fn is_container(element: &NodeRef) -> bool {
    let has_class = || element.class().is_some_and(|class| !class.trim().is_empty());
    (matches!(dom::name(element).as_ref(), "article" | "section" | "li")
        || dom::name(element).as_ref() == "div" && has_class())
        && has_blocks(element)
}

fn has_blocks(element: &NodeRef) -> bool {
    element.descendants_it().any(|inside| inside.is_element() && !is_inline(&inside))
}

fn is_beside(element: &NodeRef) -> bool {
    element.is_element() && furniture::is_beside(element)
}

/// Whether the heading of a post is a link to another page: then it is a teaser.
fn links_elsewhere(post: &[NodeRef]) -> bool {
    let all = post.iter().flat_map(|node| std::iter::once(*node).chain(node.descendants_it()));
    all.filter(is_heading).any(|heading| {
        let inside = heading.descendants_it().find(|n| dom::name(n).as_ref() == "a");
        let link = inside.or_else(|| heading.ancestors_it(Some(4)).find(|n| dom::name(n).as_ref() == "a"));
        let address = link.and_then(|link| link.attr("href"));
        address.is_some_and(|address| !address.starts_with(['#', '?']) && !address.contains('#'))
    })
}

fn is_heading(node: &NodeRef) -> bool {
    matches!(dom::name(node).as_ref(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
        || node.attr("itemprop").is_some_and(|of| of.as_ref() == "headline")
}

/// Whether the first line of a post in bold letters has its words capitalised as titles do, and is no name. In a list
/// with such lines, two capitalised words may be a heading.
fn has_titled_line(post: &[NodeRef]) -> bool {
    let all = post.iter().flat_map(|node| std::iter::once(*node).chain(node.descendants_it()));
    let bold = all.into_iter().find(|n| matches!(dom::name(n).as_ref(), "b" | "strong"));
    let Some(line) = bold.and_then(|bold| dom::short_text(&bold, 4 * TIME)) else { return false };
    let words = line.split_whitespace().filter(|word| word.len() > 3 && word.contains(char::is_alphabetic));
    line.split_whitespace().count() > 2
        && !credit::is_name_line(&line)
        && words.into_iter().all(|word| word.contains(char::is_uppercase))
}

/// The lines before the text of a post that only name its author: `Jo Dahl`, `Jo Dahl, health reporter`, and a job in a
/// line of its own. `text` is the first paragraph of running text, and `titled` says that headings of the list may
/// look like names.
fn author_lines<'a>(head: &[NodeRef<'a>], text: Option<&NodeRef>, titled: bool) -> Vec<NodeRef<'a>> {
    let mut found: Vec<NodeRef> = Vec::new();
    // A name before a quotation is that of the speaker.
    let quoted = text.is_some_and(|text| dom::flowing_text(text).starts_with(['“', '"', '‘', '«', '\'']));
    if quoted {
        return found;
    }
    let is_title = |node: &NodeRef| is_heading(node) || node.is_element() && furniture::is_title(node);
    let named_apart = !titled || head.iter().any(is_title);
    let is_bare_bold = |node: &NodeRef| {
        matches!(dom::name(node).as_ref(), "b" | "strong") && node.parent().is_some_and(|p| has_blocks(&p))
    };
    let is_line = |node: &NodeRef| {
        node.is_element() && (!is_inline(node) || is_bare_bold(node)) && !has_blocks(node) && !is_title(node)
    };
    for line in head.iter().filter(|node| node.parent().is_some() && is_line(node)) {
        if !dom::has_fewer_words(line, LINE) || line.ancestors_it(Some(LEVELS)).any(|a| is_title(&a)) {
            continue;
        }
        let words = dom::flowing_text(line);
        if words.is_empty() || is_author(line) {
            continue;
        }
        let fits =
            named_apart && credit::is_name_line(&words) || !found.is_empty() && credit::is_job_line(&words);
        if !fits {
            break;
        }
        found.push(*line);
    }
    found
}

/// Marks what belongs to a post before its text, and its author.
fn mark_post(
    document: &Document,
    post: &[NodeRef],
    times: &FxHashMap<NodeId, Time>,
    headline: Option<NodeId>,
    titled: bool,
) {
    let all = || post.iter().flat_map(|node| std::iter::once(*node).chain(node.descendants_it()));
    let head: Vec<NodeRef> = all().take_while(|node| missed::running_text(node).is_none()).collect();
    // The time may also be the first words of the text.
    let text = all().nth(head.len());
    let first: Vec<NodeRef> = text.iter().flat_map(NodeRef::descendants_it).take(LONG).collect();
    let mut lines: Vec<NodeRef> = Vec::new();
    for node in head.iter().chain(&first) {
        let Some(time) = times.get(&node.id).filter(|_| node.parent().is_some()) else { continue };
        lines.extend(
            node.ancestors_it(Some(LEVELS))
                .find(|a| !is_inline(a))
                .filter(|a| text.is_none_or(|text| text.id != a.id) && !is_heading(a)),
        );
        if let Time::Before(length) = time {
            node.insert_before(&document.tree.new_text(node.text()[*length..].to_owned()));
        }
        node.remove_from_parent();
    }
    let named = author_lines(&head, text.as_ref(), titled);
    let is_named = |node: &NodeRef| named.iter().any(|n| n.id == node.id);
    let others = head.iter().filter(|n| !is_named(n) && !n.ancestors_it(Some(LEVELS)).any(|a| is_named(&a)));
    let heading = heading(&others.copied().collect::<Vec<_>>(), headline);
    for node in all().filter(|n| n.is_element() && (is_author(n) || is_named(n))).collect::<Vec<_>>() {
        // The search removes the first element that it takes for the author of the page.
        ["class", "rel", "itemprop"].iter().for_each(|name| node.remove_attr(name));
        node.set_attr(AUTHOR, "");
        node.rename("p");
    }
    for line in lines.iter().filter(|line| dom::has_fewer_words(line, LINE)) {
        let holds = |node: &NodeRef| line.descendants_it().any(|inside| inside.id == node.id);
        if heading.is_some_and(|heading| heading.id == line.id || holds(&heading)) || is_named(line) {
            continue;
        }
        if heading.is_none() && !dom::flowing_text(line).is_empty() {
            mark_heading(line);
        } else if dom::has_fewer_words(line, LABEL + 1) && !line.descendants_it().any(|n| is_author(&n)) {
            // A label beside the time, such as a name, is no text of the post.
            line.remove_from_parent();
        }
    }
    if let Some(heading) = heading {
        mark_heading(&heading);
    }
    // The text of a post is not an item of a list.
    for node in post.iter().filter(|n| matches!(dom::name(n).as_ref(), "li" | "dt" | "dd")) {
        node.rename("section");
    }
}

/// The heading of a post: an element for headings, one whose class says so, or a line in bold letters.
fn heading<'a>(head: &[NodeRef<'a>], headline: Option<NodeId>) -> Option<NodeRef<'a>> {
    let is_short = |node: &NodeRef| {
        let text = dom::flowing_text(node);
        headline != Some(node.id) && (1..=LONG).contains(&text.split_whitespace().count())
    };
    let of = |is: fn(&NodeRef) -> bool| {
        head.iter().find(|node| node.is_element() && is(node) && is_short(node)).copied()
    };
    of(is_heading).or_else(|| of(furniture::is_title)).or_else(|| {
        let bold = of(|node| matches!(dom::name(node).as_ref(), "b" | "strong"))?;
        // All of the line is in bold letters.
        let line = bold.ancestors_it(Some(LEVELS)).find(|a| !is_inline(a))?;
        let all = dom::flowing_text(&bold);
        // A sentence, or words that introduce the text, are no heading.
        if all.ends_with(['.', ':']) {
            return None;
        }
        Some(if dom::flowing_text(&line) == all { line } else { bold })
    })
}

fn mark_heading(heading: &NodeRef) {
    let links = heading.descendants_it().filter(|n| dom::name(n).as_ref() == "a");
    links.collect::<Vec<_>>().iter().for_each(|link| link.rename("span"));
    let around = heading.ancestors_it(Some(2)).find(|n| dom::name(n).as_ref() == "a");
    if let Some(link) = around {
        link.rename("div");
    }
    // What is left of a time before the heading.
    let texts = heading.descendants_it().filter(NodeRef::is_text);
    for text in texts.collect::<Vec<_>>() {
        let own = text.text().to_string();
        let rest = own.trim_start_matches(|c: char| c.is_whitespace() || "-–—|:,•·".contains(c));
        if rest.len() < own.len() {
            text.insert_before(&heading.tree.new_text(rest.to_owned()));
            text.remove_from_parent();
        }
        if !rest.is_empty() {
            break;
        }
    }
    heading.remove_attr("class");
    heading.rename("p");
    heading.set_attr(HEADING, "");
}

/// Whether an element names the author of a post.
fn is_author(element: &NodeRef) -> bool {
    let is = |name: &str, value: &str| element.attr(name).is_some_and(|of| of.as_ref() == value);
    (is("rel", "author")
        || is("itemprop", "author")
        || dom::name(element).as_ref() == "address"
        || furniture::is_byline(element))
        && dom::has_fewer_words(element, LINE)
        && !is_heading(element)
}
