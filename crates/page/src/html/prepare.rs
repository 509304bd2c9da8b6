//! Prepares the document of a page for the search, which would otherwise remove or join parts of the article.

use dom_query::{Document, NodeRef};

use super::blocks::{ATTRIBUTION, LEVELS, LONG, PULL, RUNNING, SHORT};
use super::bylines::{BYLINES, MOST_BYLINES};
use super::{gates, hidden};
use crate::lists::List;
use crate::{dom, furniture, missed, sentence};

/// The most block quotations that are protected from the search.
const MOST_POSTS: usize = 500;
/// The most quotations within lines whose marks are written, and the most elements whose style is examined.
const MOST_QUOTATIONS: usize = 2_000;
const MOST_STYLED: usize = 5_000;
/// The most `noscript` elements that are examined.
const MOST_NOSCRIPTS: usize = 20;
/// The most preformatted blocks that are examined, the length of a line above which nobody has broken it, and the most
/// words in the name of who speaks.
const MOST_PREFORMATTED: usize = 200;
const WRAPPED: usize = 90;
const LABEL: usize = 4;
/// The most elements in large letters that are looked for in the text.
const MOST_PULLED: usize = 200;
/// The number of words below which an element in large letters may be a pull quote.
const PULLED: usize = 100;

/// The number of words of running text below which a page is short, and a class to which the search gives weight.
const BRIEF: usize = 100;
const WEIGHTY: &str = "article";
/// The number of words from which an element is not furniture.
const FURNITURE: usize = 150;
/// The most footers that are examined, and the part of the page's words that a footer may have: one in this many.
const MOST_FOOTERS: usize = 20;
const FOOTER: usize = 3;

/// Shows what browsers show, and protects the parts of the article.
pub(super) fn prepare(document: &Document) {
    show_streamed(document);
    hidden::show(document);
    show_quotation_marks(document);
    show_blocks(document);
    show_without_scripts(document);
    part_preformatted(document);
    keep_posts(document);
    keep_roles(document);
    keep_lines(document);
    part_names(document);
    gates::remove(document);
    remove_footers(document);
    keep_article(document);
}

/// Keeps the article from being removed because of a class or an id that only looks like one of furniture: `ad-astra`,
/// `commentary`. What holds most of the page's running text is the article, whatever its class.
fn keep_article(document: &Document) {
    let Some(body) = document.body() else { return };
    let runs = body.descendants_it().filter_map(|node| Some((node, missed::running_text(&node)?)));
    let runs: Vec<(NodeRef, String)> = runs.collect();
    let held = missed::held(&runs);
    let all = held.get(&body.id).copied().unwrap_or_default();
    let named =
        document.select("div[class], div[id], section[class], section[id], article[class], article[id]");
    let holds_most = |node: &NodeRef| held.get(&node.id).is_some_and(|words| words * 2 > all);
    let seems = |node: &NodeRef| furniture::is_furniture(node) && dom::has_fewer_words(node, FURNITURE);
    let is_plain = |node: &NodeRef| {
        let mut around = node.ancestors_it(Some(LEVELS * 4)).take_while(|a| !missed::is_article(a));
        furniture::of(node).is_none()
            && node.ancestors_it(None).any(|a| missed::is_article(&a))
            && !around.any(|a| furniture::is_beside(&a) || furniture::is_furniture(&a))
    };
    let whole = named.nodes().iter().filter(|node| holds_most(node) && seems(node));
    let paragraphs = runs.iter().map(|(node, _)| node).filter(|node| is_plain(node));
    for element in whole.chain(paragraphs) {
        element.remove_attr("class");
        element.remove_attr("id");
    }
    // On a short page, the search gives a block quotation or a row of a table more weight than the article around it.
    if all < BRIEF {
        let elements = document.select("article, main, [itemprop], [class]");
        let article = elements.nodes().iter().rfind(|node| missed::is_article(node) && holds_most(node));
        if let Some(article) = article {
            article.set_attr("class", &format!("{} {WEIGHTY}", article.class().unwrap_or_default()));
        }
    }
}

/// Removes the footers of the page, which hold its only paragraphs if the article is a list or has lines in place of
/// paragraphs. A footer inside the article belongs to it, and an element with much of the page's text is not a footer.
fn remove_footers(document: &Document) {
    let Some(body) = document.body() else { return };
    let inside = |node: &NodeRef| {
        let within =
            |a: &NodeRef| matches!(dom::name(a).as_ref(), "article" | "main" | "blockquote" | "figure");
        node.ancestors_it(None).any(|a| within(&a))
    };
    let footers = document.select("footer");
    let footers: Vec<&NodeRef> =
        footers.nodes().iter().filter(|footer| !inside(footer)).take(MOST_FOOTERS).collect();
    if footers.is_empty() {
        return;
    }
    let most = body.text().split_whitespace().count() / FOOTER;
    footers
        .iter()
        .filter(|footer| dom::has_fewer_words(footer, most + 1))
        .for_each(|f| f.remove_from_parent());
}

/// Keeps block quotations from being removed by the search. A class such as `social-embed` around one makes the search
/// treat it as a sharing tool, and a `div` is removed if it is full of links.
fn keep_posts(document: &Document) {
    let elements = document.select("aside, div, figure, section");
    let pulled = elements.nodes().iter().filter(|e| furniture::is_pull_quote(e));
    for element in pulled.take(MOST_PULLED).filter(|e| dom::has_fewer_words(e, PULLED)) {
        // Words in large letters beside the text are a quotation, whatever the element.
        element.remove_attr("class");
        element.rename("blockquote");
        element.set_attr(PULL, "");
    }
    for quotation in document.select("blockquote").nodes().iter().take(MOST_POSTS) {
        if !dom::has_fewer_words(quotation, 150) {
            continue;
        }
        let words = quotation.text().split_whitespace().count();
        mark_attribution(quotation, words);
        quotation.remove_attr("class");
        let alone = words + SHORT;
        let around: Vec<NodeRef> =
            quotation.ancestors_it(Some(3)).take_while(|a| dom::has_fewer_words(a, 150)).collect();
        for element in around {
            element.remove_attr("class");
            let name = dom::name(&element);
            if name.as_ref() == "figure" {
                let captions = element.descendants_it().filter(|n| dom::name(n).as_ref() == "figcaption");
                captions.collect::<Vec<_>>().iter().for_each(attribution);
            }
            if matches!(name.as_ref(), "div" | "figure") && dom::has_fewer_words(&element, alone + 1) {
                element.rename("section");
            }
        }
    }
}

/// Marks the part of a quotation that names the speaker: the last part, if its element or class sets it apart.
fn mark_attribution(quotation: &NodeRef, all: usize) {
    let mut before = 0;
    let parts: Vec<NodeRef> = quotation.descendants_it().collect();
    for part in parts {
        if part.is_text() {
            before += part.text().split_whitespace().count();
        }
        let set_apart = matches!(dom::name(&part).as_ref(), "cite" | "footer" | "figcaption")
            || part.is_element() && furniture::is_attribution(&part);
        if !set_apart || before == 0 {
            continue;
        }
        let own = part.text().split_whitespace().count();
        // A work named within the words is not a speaker.
        if own > 0 && own <= SHORT && before + own >= all {
            attribution(&part);
            return;
        }
    }
}

/// Marks an element and changes it into one that the search leaves in place.
fn attribution(element: &NodeRef) {
    element.remove_attr("class");
    element.rename("p");
    element.set_attr(ATTRIBUTION, "");
}

/// Gives the class of a `div` to its only paragraph, which the search puts in the `div`'s place, so that a caption
/// stays one.
fn keep_roles(document: &Document) {
    for paragraph in document.select("div[class] > p:only-child").nodes() {
        let around = paragraph.parent().filter(|div| furniture::of(div).is_some());
        if let Some(class) = around.and_then(|div| div.class()) {
            paragraph.set_attr("class", &class);
        }
    }
}

/// Keeps the parts of a paragraph from being removed by the search, which takes a class such as `dateline` or `legend` for
/// a byline or for furniture.
fn keep_lines(document: &Document) {
    for paragraph in document.select("p, div").nodes().iter().filter(|p| missed::is_running(p)) {
        let is_word =
            |n: &NodeRef| dom::is_inline(&dom::name(n)) && furniture::of(n).is_none() && !dom::is_hidden(n);
        for part in paragraph.descendants_it().filter(is_word).collect::<Vec<_>>() {
            part.remove_attr("class");
            part.remove_attr("id");
        }
    }
}

/// Shows what a script would show: streamed parts of a page are hidden at its end until a script moves them.
fn show_streamed(document: &Document) {
    for part in document.select("div[hidden][id^='S:']").nodes() {
        part.remove_attr("hidden");
    }
}

/// Writes the quotation marks that browsers show around `q` elements, unless the page has written its own.
fn show_quotation_marks(document: &Document) {
    const MARKS: [char; 9] = ['"', '“', '”', '„', '«', '»', '‘', '\'', '’'];
    for quotation in document.select("q").nodes().iter().take(MOST_QUOTATIONS) {
        let first = quotation.descendants_it().find(|n| n.is_text() && !n.text().trim().is_empty());
        let before = quotation.prev_sibling().filter(NodeRef::is_text);
        let own = first.is_none_or(|first| first.text().trim_start().starts_with(MARKS))
            || before.is_some_and(|before| before.text().ends_with(MARKS));
        if !own {
            let inside = quotation.ancestors_it(Some(LEVELS)).any(|a| dom::name(&a).as_ref() == "q");
            let (open, close) = if inside { ("‘", "’") } else { ("“", "”") };
            quotation.insert_before(&document.tree.new_text(open));
            quotation.insert_after(&document.tree.new_text(close));
        }
    }
}

/// Makes elements within lines blocks if their style says that they are, and if they hold a paragraph.
fn show_blocks(document: &Document) {
    for element in document.select("span[style*='block']").nodes().iter().take(MOST_STYLED) {
        let style = element.attr("style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
        let is_block = style.split(';').any(|rule| rule == "display:block");
        if is_block && !style.contains("float:") && !dom::has_fewer_words(element, RUNNING) {
            element.rename("div");
        }
    }
}

/// Writes the paragraphs of preformatted text as those of other text, unless it is code.
fn part_preformatted(document: &Document) {
    for block in document.select("pre").nodes().iter().take(MOST_PREFORMATTED) {
        let is_plain = |node: &NodeRef| {
            let plain = ["b", "strong", "i", "em", "u", "a", "font", "br", "q", "cite"];
            node.is_text() || plain.contains(&dom::name(node).as_ref())
        };
        let inside: Vec<NodeRef> = block.descendants_it().collect();
        let all = block.text();
        if !inside.iter().all(is_plain) || is_code(&all) {
            continue;
        }
        let width = all.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        for text in inside.iter().filter(|node| node.is_text()) {
            let (mut lines, all) = (String::new(), text.text());
            for line in all.split_inclusive('\n') {
                if begins_paragraph(&lines, line, width) {
                    text.insert_before(&document.tree.new_text(std::mem::take(&mut lines)));
                    (0..2).for_each(|_| text.insert_before(&document.tree.new_element("br")));
                }
                lines.push_str(line);
            }
            text.insert_before(&document.tree.new_text(lines));
            text.remove_from_parent();
        }
        block.rename("div");
    }
}

/// Whether a quarter of the lines of a preformatted text are like those of a program.
fn is_code(text: &str) -> bool {
    let is_statement = |line: &&str| {
        line.ends_with([';', '{', '}', '(', '['])
            || ["()", " = ", "==", "</", "->", "::", "__"].iter().any(|sign| line.contains(sign))
            || line.starts_with(['$', '@', '<', '>'])
    };
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines().filter(is_statement).count() * 4 >= lines().count()
}

/// Whether a line of preformatted text begins a paragraph: it is empty, names who speaks, or follows the end of a
/// sentence after which there was room for its first word, or is indented more than the line before it.
fn begins_paragraph(before: &str, line: &str, width: usize) -> bool {
    let Some(last) = before.lines().next_back().filter(|_| before.ends_with('\n')) else { return false };
    let last = last.trim_end();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let first = line.split_whitespace().next().unwrap_or_default();
    // A line that is long was not broken to fit; of the others, a fifth may be ragged.
    let length = last.chars().count();
    let room = length > WRAPPED || (length + first.chars().count()) * 5 < width * 4;
    first.is_empty()
        || is_spoken(line.trim_start())
        || sentence::ends(last) && (room || indent(line) > indent(last))
}

/// Whether a line begins with who speaks: `BRANDT: Yes.`, `Ada Brandt: Yes.`
fn is_spoken(line: &str) -> bool {
    let Some((name, said)) = line.split_once(": ") else { return false };
    let words = name.split_whitespace().count();
    let is_name = |word: &str| word.starts_with(char::is_uppercase) || List::LabelParticles.has(word);
    (1..=LABEL).contains(&words) && name.split_whitespace().all(is_name) && !said.trim().is_empty()
}

/// Shows an article that a page offers only to browsers without scripts, but not a request to turn scripts on.
fn show_without_scripts(document: &Document) {
    for part in document.select("noscript").nodes().iter().take(MOST_NOSCRIPTS) {
        let paragraphs = part.descendants_it().filter(|n| dom::name(n).as_ref() == "p");
        let running = paragraphs.map(|p| dom::flowing_text(&p)).filter(|text| sentence::ends(text));
        if running.map(|text| text.split(' ').count()).sum::<usize>() >= 2 * LONG {
            part.rename("div");
        }
    }
}

/// Separates the parts of bylines and times that only styles keep apart: `Jo Dahl<span>Staff Writer</span>`,
/// `<span>March 4, 2016</span><span>10:05</span>`.
fn part_names(document: &Document) {
    let bylines = document.select(BYLINES);
    let times = document.select("time");
    let both = bylines.nodes().iter().take(MOST_BYLINES).chain(times.nodes().iter().take(MOST_BYLINES));
    for line in both {
        if !dom::has_fewer_words(line, SHORT) {
            continue;
        }
        let parts = line.descendants_it().filter(|n| n.is_element() && dom::name(n).as_ref() != "wbr");
        let inside: Vec<NodeRef> = parts.collect();
        for element in inside {
            element.insert_before(&document.tree.new_text(" "));
            element.insert_after(&document.tree.new_text(" "));
        }
    }
}
