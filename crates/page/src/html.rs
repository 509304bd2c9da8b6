//! Reads HTML pages: finds the part that is the article and splits it into blocks.
//!
//! dom_smoothie, a port of Mozilla's Readability, finds the element that holds the article (chosen for its maintenance
//! and speed; docs/ACCURACY.md has the comparison). The result is then read block by block here, because news needs
//! more than text: block quotations, captions and credits are identified, and furniture between paragraphs is left out.

use std::collections::HashSet;

use dom_query::Document;
use dom_smoothie::{Config, Readability};
use onrecord_text::{Article, Block, BlockKind, Dateline, Metadata, Notice, NoticeKind, Span};

use self::blocks::{LONG, Part, SHORT, paragraph, read};
use self::bylines::Bylines;
use crate::metadata::Stated;
use crate::missed::{self, Missed};
use crate::{dateline, dom, furniture, metadata, plain, posts, sentence, shadow};

mod blocks;
mod bylines;
mod copies;
mod gates;
mod hidden;
mod lines;
mod prepare;
#[cfg(test)]
mod tests;

/// The number of elements above which a page is read without searching for the article in it.
const MOST_ELEMENTS: usize = 200_000;

/// The article of a page, before hints are applied.
pub(crate) fn article(page: &str) -> Article {
    let page = &*lines::without_invisible(page);
    let dom::Parsed { document, notice, unslotted } = dom::page(page);
    lines::write(&document);
    let unread = shadow::unread(&document);
    let (metadata, stated) = metadata::of(&document);
    let gated = stated.gated || gates::asks_to_subscribe(&document);
    let Parts { parts, bylines, copied, hidden } =
        parts(page, document, metadata.title.as_deref(), stated, gated);
    let read: usize = parts.iter().map(Part::count).sum();
    let mut article = assemble(parts, metadata, &bylines);
    article.notices.extend(notice);
    if copied > 0 {
        let message = format!("the page repeats {copied} words of its text: the repetitions were left out");
        article.notices.push(Notice { kind: NoticeKind::Repeated, message });
    }
    if unslotted > 0 {
        let message = format!(
            "the page has {unslotted} words in elements whose shadow roots have no slot for them, so browsers don't show \
             them: they were left out"
        );
        article.notices.push(Notice { kind: NoticeKind::Truncated, message });
    }
    let is_text = |b: &&Block| b.kind.is_running() && b.kind != BlockKind::Headline;
    let last = article.blocks.iter().rfind(is_text).map(|b| b.span.of(&article.text));
    if gated && last.is_some_and(gates::breaks_off) {
        let message = "the text breaks off where the page asks readers to subscribe or to log in: the rest of it is missing"
            .to_owned();
        article.notices.push(Notice { kind: NoticeKind::Truncated, message });
    }
    if last.is_none() && !article.blocks.is_empty() {
        let message = "no text of an article was found on the page, only a headline".to_owned();
        article.notices.push(Notice { kind: NoticeKind::Empty, message });
    }
    let hidden = hidden.iter().filter(|text| !article.text.contains(text.as_str()));
    let hidden: usize = hidden.map(|text| text.split(' ').count()).sum();
    if hidden >= LONG {
        let message =
            format!("the page hides {hidden} words of running text in the article: they were left out");
        article.notices.push(Notice { kind: NoticeKind::Truncated, message });
    }
    // Templates also hold forms and requests for consent, so a few words are no sign of an article.
    if unread >= 2 * LONG && unread > read {
        let message = format!(
            "the page has {unread} words in templates, which only its scripts show: they were left out"
        );
        article.notices.push(Notice { kind: NoticeKind::Truncated, message });
    }
    article
}

/// The parts of an article, headline first, the bylines of the page, the number of words that were left out because they
/// repeat others, and the paragraphs that the page hides.
struct Parts {
    parts: Vec<Part>,
    bylines: Bylines,
    copied: usize,
    hidden: Vec<String>,
}

/// The parts of the article.
fn parts(page: &str, document: Document, title: Option<&str>, stated: Stated, gated: bool) -> Parts {
    prepare::prepare(&document);
    let headline = stated.heading.or_else(|| document.select("h1").nodes().first().map(|h| h.id));
    let mut bylines = Bylines::of(&document, headline);
    posts::mark(&document, headline);
    let hidden = hidden::paragraphs(&document);
    let noted = missed::Page::of(&document, headline, stated.text);
    // NITF has elements for everything around the text, and nothing else.
    let nitf = document.select("nitf").nodes().first().copied();
    let whole = nitf.and_then(|_| document.body()).map(|body| read(&body));
    let config = Config {
        keep_classes: true,
        max_elements_to_parse: MOST_ELEMENTS,
        disable_json_ld: true,
        ..Config::default()
    };
    let search =
        |document| Readability::with_document(document, None, Some(config)).and_then(|mut r| r.parse()).ok();
    let is_whole = whole.is_some();
    let found = || match search(document) {
        Some(article) => {
            bylines.removed = article.byline;
            read(&dom::fragment(&article.content).root())
        }
        // The search has modified the document; pages that come here are rare enough to be parsed again.
        None => dom::page(page).document.body().map(|body| read(&body)).unwrap_or_default(),
    };
    let mut parts = whole.unwrap_or_else(found);
    let text = parts.iter().filter(|p| p.is_text()).map(|p| p.text.as_str());
    let missed =
        if is_whole { Missed::Nothing } else { noted.missed(parts.iter().map(|p| p.text.as_str()), text) };
    match missed {
        Missed::Region(markup, runs) => {
            let spread = read(&dom::fragment(&markup).root());
            // It belongs to the article if it contains what was found.
            if holds(&spread, &parts) {
                let found =
                    parts.iter().filter(|p| p.text.split(' ').count() >= SHORT / 2).map(|p| p.text.clone());
                parts = between(spread, &runs.into_iter().chain(found).collect());
            }
        }
        Missed::Element(markup) => parts = read(&dom::fragment(&markup).root()),
        Missed::Text(text) => {
            parts = text.lines().filter_map(paragraph).collect();
            for part in parts.iter_mut().filter(|p| stated.headlines.contains(&p.text)) {
                part.kind = BlockKind::Headline;
            }
        }
        Missed::Opening(paragraphs) => {
            parts.splice(0..0, paragraphs.iter().filter_map(|text| paragraph(text)));
        }
        Missed::Nothing => {}
    }
    let copied = copies::remove_copies(&mut parts);
    if !is_whole {
        trim_furniture(&mut parts, gated);
    }
    if let Some(title) = title {
        // The headline may also be at the top of the parts that were found.
        let same = |p: &Part| same_words(&p.text, title);
        if let Some(at) = parts.iter().take(3).position(same) {
            parts.remove(at);
        }
        parts.insert(0, Part::new(BlockKind::Headline, title.to_owned()));
    }
    Parts { parts, bylines, copied, hidden }
}

/// Whether nearly all of the running text of `some` is also in `whole`.
fn holds(whole: &[Part], some: &[Part]) -> bool {
    let texts: HashSet<&str> = whole.iter().map(|p| p.text.as_str()).collect();
    let running = || some.iter().filter(|p| p.count() >= SHORT / 2);
    let all: usize = running().map(Part::count).sum();
    let there: usize = running().filter(|p| texts.contains(p.text.as_str())).map(Part::count).sum();
    there * 10 >= all * 7
}

/// The parts from the first to the last of these paragraphs; the parts around them belong to the page.
fn between(mut parts: Vec<Part>, runs: &HashSet<String>) -> Vec<Part> {
    let is_run = |p: &Part| runs.contains(p.text.as_str());
    if let Some(last) = parts.iter().rposition(is_run) {
        parts.truncate(last + 1);
    }
    let first = parts.iter().position(is_run).unwrap_or(0);
    parts.drain(..first);
    parts
}

fn same_words(a: &str, b: &str) -> bool {
    plain::words(a).eq(plain::words(b))
}

/// Drops furniture after the last paragraph: everything under a heading that leads to other articles, short items, and
/// lines without a final mark. In a text that is `gated`, the last line may be the beginning of a sentence.
fn trim_furniture(parts: &mut Vec<Part>, gated: bool) {
    let all: usize = parts.iter().map(Part::count).sum();
    let mut before = 0;
    let ending = (0..parts.len()).find(|&n| {
        let (part, behind) = (&parts[n], &parts[n + 1..]);
        let heading = part.kind == BlockKind::Paragraph && furniture::is_ending(&part.text);
        let ends = heading && before * 10 >= all * 4 && {
            // Such a heading may also come between paragraphs; teasers are short or have short lines between them.
            let short = behind.iter().filter(|p| p.count() < SHORT / 2).count();
            before * 10 >= all * 8 || short * 2 >= behind.len()
        };
        before += part.count();
        ends
    });
    if let Some(at) = ending {
        parts.truncate(at);
    }

    let cut = |p: &Part| gated && p.kind == BlockKind::Paragraph && gates::is_begun(&p.text);
    let long = |p: &Part| p.count() > 8 || p.kind == BlockKind::Attribution || cut(p);
    if let Some(last) = parts.iter().rposition(|p| sentence::ends(&p.text) || long(p)) {
        parts.truncate(last + 1);
    }
}

/// Joins the parts into one text, with an empty line between blocks.
fn assemble(parts: Vec<Part>, mut metadata: Metadata, bylines: &Bylines) -> Article {
    let mut text = String::new();
    let mut blocks = Vec::new();
    for part in parts {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(&part.text);
        let Some(mut span) = Span::new(start, text.len()) else { continue };
        if part.kind == BlockKind::Dateline && metadata.dateline.is_none() {
            // In a block of its own, a dateline needs no dash.
            let dashed = format!("{} —", part.text);
            let found = Span::new(0, dashed.len()).and_then(|all| dateline::parse(&dashed, all));
            let place = || Dateline { place: Some(part.text.clone()), date: None, agency: None };
            metadata.dateline = Some(found.map_or_else(place, |found| found.dateline));
        }
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
        let line = blocks.iter().find(|b| b.kind == BlockKind::Byline);
        metadata.bylines = bylines.names(line.map(|b| b.span.of(&text)));
    }
    Article { text, blocks, metadata, ..Article::default() }
}
