//! Reads HTML pages: finds the part that is the article and splits it into blocks.
//!
//! dom_smoothie, a port of Mozilla's Readability, finds the element that holds the article (chosen for its maintenance
//! and speed; docs/ACCURACY.md has the comparison). The result is then read block by block here, because news needs
//! more than text: block quotations, captions and credits are identified, and furniture between paragraphs is left out.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

use dom_query::{Document, NodeId, NodeRef};
use dom_smoothie::{Config, Readability};
use onrecord_text::{Article, Block, BlockKind, Dateline, Metadata, Notice, NoticeKind, Span};
use rustc_hash::{FxHashMap, FxHasher};

use crate::furniture::{self, Role};
use crate::metadata::Stated;
use crate::missed::{self, Missed};
use crate::{credit, dateline, dom, metadata, plain, posts, sentence, shadow};

/// The depth beyond which nested elements are ignored. The parser has its own limit, but moving elements may nest them
/// deeper.
const DEEPEST: usize = 2 * dom::DEEPEST;
/// The number of elements above which a page is read without searching for the article in it.
const MOST_ELEMENTS: usize = 200_000;
/// The most block quotations that are protected from the search.
const MOST_POSTS: usize = 500;
/// The most bylines, and the most times, whose parts are separated.
const MOST_BYLINES: usize = 100;
/// Elements that may be bylines.
const BYLINES: &str = "[class*='byline'], [class*='author'], [rel='author'], [itemprop='author']";
/// How many nodes after the headline may come before its byline.
const FAR: usize = 80;
/// The number of questions in bold letters that makes a page an interview.
const QUESTIONS: usize = 3;
/// The most quotations within lines whose marks are written, and the most elements whose style is examined.
const MOST_QUOTATIONS: usize = 2_000;
const MOST_STYLED: usize = 5_000;
/// The most `noscript` elements that are examined.
const MOST_NOSCRIPTS: usize = 20;
/// The most elements in large letters that are looked for in the text.
const MOST_PULLED: usize = 200;
/// The number of words below which an element in large letters may be a pull quote.
const PULLED: usize = 100;
/// Attributes that mark the attribution of a quotation, and a quotation set in large letters (a pull quote).
const ATTRIBUTION: &str = "data-onrecord-attribution";
const PULL: &str = "data-onrecord-pull";
/// Attributes that mark the dateline and the headlines of a document in NITF.
const NITF_DATELINE: &str = "data-onrecord-dateline";
const NITF_HEADLINES: &str = "data-onrecord-headlines";
/// The most words in a block that counts as furniture because of its first words or its links.
const SHORT: usize = 25;
/// The most words in a block that counts as an offer to the reader.
const LONG: usize = 70;

/// The fewest words of a run of two or more paragraphs that counts as a copy of earlier ones. Refrains are shorter.
const COPY: usize = 100;
/// The fewest words of such a run if it has at least a quarter of the page's words.
const SHORT_COPY: usize = 40;
/// The most words in a list of links to other articles.
const TEASERS: usize = 150;
/// The fewest words in a paragraph of running text.
const RUNNING: usize = 12;
/// The most words in a line that may lack a final mark.
const PROSE: usize = 8;
/// How many elements around a block are compared with those around others, and how many bytes of their classes.
const LEVELS: usize = 3;
const LONGEST_CLASS: usize = 64;

/// The article of a page, before hints are applied.
pub(crate) fn article(page: &str) -> Article {
    let page = &*without_soft_hyphens(page);
    let dom::Parsed { document, notice, unslotted } = dom::page(page);
    let unread = shadow::unread(&document);
    let (metadata, stated) = metadata::of(&document);
    let gated = stated.gated || asks_to_subscribe(&document);
    let Parts { parts, bylines, copied } = parts(page, document, metadata.title.as_deref(), stated);
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
    if gated && last.is_some_and(breaks_off) {
        let message = "the text breaks off where the page asks readers to subscribe or to log in: the rest of it is missing"
            .to_owned();
        article.notices.push(Notice { kind: NoticeKind::Truncated, message });
    }
    if last.is_none() && !article.blocks.is_empty() {
        let message = "no text of an article was found on the page, only a headline".to_owned();
        article.notices.push(Notice { kind: NoticeKind::Empty, message });
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

/// Whether a page has an offer to readers who want to read on.
fn asks_to_subscribe(document: &Document) -> bool {
    let walls =
        document.select("[class*='paywall'], [id*='paywall'], [class*='subscri'], [class*='regwall']");
    let short = |node: &NodeRef| dom::has_fewer_words(node, LONG);
    let lines = document.select("p, h2, h3, h4");
    walls.nodes().iter().any(short)
        || lines.nodes().iter().any(|line| short(line) && furniture::is_gate(&dom::flowing_text(line)))
}

/// Whether the last words of a text are the first ones of a sentence: `It was late. She is said to be furious that`.
fn breaks_off(last: &str) -> bool {
    let whole = last.trim_end_matches(['…', '.']);
    let dotted = last.ends_with('…') || last.len() > whole.len() + 2;
    let words = last.split_whitespace().count();
    words > PROSE
        && (dotted || !sentence::ends(last))
        && whole.ends_with(|c: char| c.is_alphanumeric() || c == ',')
}

/// A part of the page's text that will become a block.
struct Part {
    kind: BlockKind,
    text: String,
    /// Whether the page sets it in large letters beside the text.
    pulled: bool,
    /// Whether it is a question that the page separates from its answer.
    question: bool,
    /// Whether a class around it is one of furniture.
    apart: bool,
    /// A hash of the elements around it, by which paragraphs that follow each other in a text are alike.
    around: u64,
}

impl Part {
    fn new(kind: BlockKind, text: String) -> Self {
        Self { kind, text, pulled: false, question: false, apart: false, around: 0 }
    }

    /// Whether it is a part of the article that may hold statements.
    fn is_text(&self) -> bool {
        self.kind.is_running() && !self.apart && !self.pulled
    }

    /// The number of its words.
    fn count(&self) -> usize {
        self.text.split_whitespace().count()
    }

    /// Whether it is a paragraph of running text.
    fn is_running(&self) -> bool {
        self.count() >= RUNNING && sentence::ends(&self.text)
    }
}

/// The parts of an article, headline first, the bylines of the page, and the number of words that were left out because
/// they repeat others.
struct Parts {
    parts: Vec<Part>,
    bylines: Bylines,
    copied: usize,
}

/// What a page says about its authors.
#[derive(Default)]
struct Bylines {
    /// The byline that the search removed from the text.
    removed: Option<String>,
    /// The first line after the headline that is a byline by its words.
    near: Option<String>,
    /// Lines with a class of bylines, each with line breaks before the job and the time in it.
    broken: HashMap<String, String>,
}

impl Bylines {
    /// Notes the bylines of a page.
    fn of(document: &Document, headline: Option<NodeId>) -> Self {
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
    fn names(&self, line: Option<&str>) -> Vec<String> {
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

/// The parts of the article.
fn parts(page: &str, document: Document, title: Option<&str>, stated: Stated) -> Parts {
    show_streamed(&document);
    show_quotation_marks(&document);
    show_blocks(&document);
    show_without_scripts(&document);
    keep_posts(&document);
    keep_roles(&document);
    keep_lines(&document);
    part_names(&document);
    let headline = stated.heading.or_else(|| document.select("h1").nodes().first().map(|h| h.id));
    let mut bylines = Bylines::of(&document, headline);
    posts::mark(&document, headline);
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
        Missed::Text(text) => parts = text.lines().filter_map(paragraph).collect(),
        Missed::Opening(paragraphs) => {
            parts.splice(0..0, paragraphs.iter().filter_map(|text| paragraph(text)));
        }
        Missed::Nothing => {}
    }
    let copied = remove_copies(&mut parts);
    if !is_whole {
        trim_furniture(&mut parts);
    }
    if let Some(title) = title {
        // The headline may also be at the top of the parts that were found.
        let same = |p: &Part| same_words(&p.text, title);
        if let Some(at) = parts.iter().take(3).position(same) {
            parts.remove(at);
        }
        parts.insert(0, Part::new(BlockKind::Headline, title.to_owned()));
    }
    Parts { parts, bylines, copied }
}

/// Removes paragraphs that the page has twice: some pages contain their article once for phones and once for larger
/// screens, and some show a part of it beforehand, in captions or a box. What is left is the copy in the flow of the
/// article. Returns the number of words removed.
fn remove_copies(parts: &mut Vec<Part>) -> usize {
    let mut copies = Copies::of(parts);
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut run = Run::default();
    for (n, part) in parts.iter().enumerate() {
        if run.continues(parts, n) {
            run.add(n, run.next);
            continue;
        }
        if !copies.running[n] {
            // Only one of the two may have a heading or caption here. If both have one, they belong to different texts.
            if copies.running.get(run.next) == Some(&false) {
                copies.settle(std::mem::take(&mut run));
            }
            continue;
        }
        match first.entry(&part.text) {
            Entry::Occupied(earlier) => {
                let earlier = *earlier.get();
                let next = !run.pairs.is_empty() && earlier >= run.next;
                if !next || copies.before[run.next] < copies.before[earlier] {
                    copies.settle(std::mem::take(&mut run));
                }
                run.add(n, earlier);
            }
            Entry::Vacant(new) => {
                new.insert(n);
                copies.settle(std::mem::take(&mut run));
            }
        }
    }
    copies.settle(run);
    let removed = copies.removed;
    let words = (0..parts.len()).filter(|n| removed.contains(n)).map(|n| parts[n].count()).sum();
    let mut n = 0;
    parts.retain(|_| {
        n += 1;
        !removed.contains(&(n - 1))
    });
    words
}

/// Parts that repeat earlier ones in the same order.
#[derive(Default)]
struct Run {
    /// Each part that is repeated, and the part that repeats it.
    pairs: Vec<(usize, usize)>,
    /// The part after the last one that is repeated.
    next: usize,
}

impl Run {
    /// Whether a part repeats the part that comes next.
    fn continues(&self, parts: &[Part], n: usize) -> bool {
        self.pairs.first().is_some_and(|&(_, start)| self.next < start)
            && parts[self.next].text == parts[n].text
    }

    fn add(&mut self, copy: usize, of: usize) {
        self.pairs.push((of, copy));
        self.next = of + 1;
    }
}

/// The copies among the parts of a page.
struct Copies<'p> {
    parts: &'p [Part],
    /// The number of words in all parts.
    all: usize,
    /// Whether each part is a paragraph of running text, and how many there are before each part.
    running: Vec<bool>,
    before: Vec<usize>,
    /// Whether each part is running text that may hold statements and that the page has only once.
    flow: Vec<bool>,
    /// The number of words in such parts, by the elements around them.
    around: FxHashMap<u64, usize>,
    /// For each part that is repeated, the copy that is kept.
    kept: Vec<usize>,
    removed: HashSet<usize>,
}

impl<'p> Copies<'p> {
    fn of(parts: &'p [Part]) -> Self {
        let running: Vec<bool> = parts.iter().map(Part::is_running).collect();
        let mut before = vec![0];
        before.extend(running.iter().scan(0, |count, &running| {
            *count += usize::from(running);
            Some(*count)
        }));
        let mut times: HashMap<&str, usize> = HashMap::new();
        for part in parts {
            *times.entry(&part.text).or_default() += 1;
        }
        let once = |part: &Part| times.get(part.text.as_str()) == Some(&1);
        let flow: Vec<bool> =
            parts.iter().zip(&running).map(|(p, &running)| running && p.is_text() && once(p)).collect();
        let mut around: FxHashMap<u64, usize> = FxHashMap::default();
        for (part, _) in parts.iter().zip(&flow).filter(|(_, flow)| **flow) {
            *around.entry(part.around).or_default() += part.count();
        }
        let all = parts.iter().map(Part::count).sum();
        let kept = (0..parts.len()).collect();
        Self { parts, all, running, before, flow, around, kept, removed: HashSet::new() }
    }

    /// Removes one of the two copies that a run consists of, unless it may be a refrain.
    fn settle(&mut self, run: Run) {
        let Some(&(from, start)) = run.pairs.first() else { return };
        let words =
            |&(_, copy): &(usize, usize)| if self.running[copy] { self.parts[copy].count() } else { 0 };
        let paragraphs = run.pairs.iter().filter(|(_, copy)| self.running[*copy]).count();
        let words: usize = run.pairs.iter().map(words).sum();
        let long = words >= COPY || words >= SHORT_COPY && words * 4 >= self.all;
        // A single paragraph may be a long quotation that somebody else repeats.
        // But nobody says the same directly after themselves.
        let doubled = run.next == start && paragraphs > 0;
        if !doubled && (!long || paragraphs < 2) {
            return;
        }
        let (earlier, later): (Vec<usize>, Vec<usize>) =
            run.pairs.iter().map(|&(of, copy)| (self.kept[of], copy)).unzip();
        // The headings before both go with the copy that is removed.
        let parts = self.parts;
        let same = |n: &usize| start - n > from && parts[start - n].text == parts[from - n].text;
        let headings = (1..=from).take_while(same);
        if self.standing(&later) <= self.standing(&earlier) {
            self.removed.extend(later);
            self.removed.extend(headings.map(|n| start - n));
        } else {
            for (of, copy) in run.pairs {
                self.removed.insert(self.kept[of]);
                self.kept[of] = copy;
            }
            self.removed.extend(headings.map(|n| from - n));
        }
    }

    /// How much a copy belongs to the flow of the article: whether its words may hold statements, how much other text
    /// is in elements like those around it, whether it is set as paragraphs, and whether other paragraphs are next to
    /// it.
    fn standing(&self, copy: &[usize]) -> [usize; 4] {
        let words_of = |of: fn(&Part) -> bool| -> usize {
            copy.iter().map(|&n| &self.parts[n]).filter(|p| of(p)).map(Part::count).sum()
        };
        let around = |n: &usize| self.around.get(&self.parts[*n].around).copied().unwrap_or_default();
        let [Some(first), Some(last)] = [copy.first(), copy.last()] else { return [0; 4] };
        let beside = [first.checked_sub(1), Some(last + 1)];
        let beside = beside.into_iter().flatten().filter(|n| self.flow.get(*n) == Some(&true));
        [
            words_of(Part::is_text),
            copy.iter().map(around).max().unwrap_or_default(),
            words_of(|p| p.kind == BlockKind::Paragraph),
            beside.count(),
        ]
    }
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

/// Whether a text begins with a dash, like the line that signs a quotation.
fn is_signed(text: &str) -> bool {
    let name = text.trim_start().trim_start_matches(['—', '–', '―', '-', '~']).trim_start();
    name.len() < text.trim_start().len() && name.starts_with(|c: char| c.is_uppercase() || c == '@')
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

/// The page without soft hyphens, which browsers show only where they break a line, and which would split names.
fn without_soft_hyphens(page: &str) -> Cow<'_, str> {
    const FORMS: [&str; 5] = ["\u{ad}", "&shy;", "&#173;", "&#xad;", "&#xAD;"];
    let mut page = Cow::Borrowed(page);
    for form in FORMS {
        if page.contains(form) {
            page = page.replace(form, "").into();
        }
    }
    page
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
        let inside: Vec<NodeRef> = line.descendants_it().filter(NodeRef::is_element).collect();
        for element in inside {
            element.insert_before(&document.tree.new_text(" "));
            element.insert_after(&document.tree.new_text(" "));
        }
    }
}

/// The parts inside an element.
fn read(element: &NodeRef) -> Vec<Part> {
    let mut reader = Reader::default();
    reader.walk(element, BlockKind::Paragraph, 0);
    reader.flush(BlockKind::Paragraph);
    with_questions(without_pulled(with_first_letters(reader.parts)))
}

/// Joins each part with its first letter when the page sets that apart in large type.
fn with_first_letters(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match joined.last_mut() {
            Some(letter)
                if part.kind == letter.kind
                    && is_first_letter(&letter.text)
                    && part.text.starts_with(char::is_lowercase) =>
            {
                // “A” and “I” are more often words of their own.
                if letter.text.ends_with(['A', 'I']) {
                    letter.text.push(' ');
                }
                letter.text.push_str(&part.text);
                letter.question = part.question;
            }
            _ => joined.push(part),
        }
    }
    joined
}

/// Whether a text is a single large letter, perhaps with a quotation mark before it.
fn is_first_letter(text: &str) -> bool {
    let mut letters = text.trim_start_matches(['"', '“', '‘', '\'']).chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
}

/// The parts of a possible interview, with the questions that are separate from the text.
fn with_questions(mut parts: Vec<Part>) -> Vec<Part> {
    let answered = |pair: &&[Part]| pair[0].question && !pair[1].question;
    if parts.windows(2).filter(answered).count() >= QUESTIONS {
        for part in parts.iter_mut().filter(|p| p.question) {
            part.kind = BlockKind::Question;
        }
    }
    parts
}

/// Removes pull quotes: words of the text that the page repeats in large letters.
fn without_pulled(mut parts: Vec<Part>) -> Vec<Part> {
    if !parts.iter().any(|p| p.pulled) {
        return parts;
    }
    let text: String = parts.iter().filter(|p| !p.pulled).map(|p| plain::letters(&p.text)).collect();
    let mut repeated = false;
    parts.retain(|part| {
        // An attribution means nothing without its quotation.
        let attribution = part.kind == BlockKind::Attribution && repeated;
        repeated = part.pulled && (attribution || text.contains(&plain::letters(&part.text)));
        !repeated
    });
    parts
}

/// A paragraph of plain text, or `None` if it is empty.
fn paragraph(text: &str) -> Option<Part> {
    let text = missed::words(text);
    (!text.is_empty()).then(|| Part::new(BlockKind::Paragraph, text))
}

fn same_words(a: &str, b: &str) -> bool {
    plain::words(a).eq(plain::words(b))
}

/// Walks elements and collects their text into blocks.
#[derive(Default)]
struct Reader {
    parts: Vec<Part>,
    /// The text of the current block.
    text: String,
    /// The number of its bytes in links.
    linked: usize,
    /// The number of its bytes in bold letters or headings.
    bold: usize,
    /// Whether the page sets it in large letters beside the text.
    pulled: bool,
    /// Whether a class around it is one of furniture.
    apart: bool,
    /// Whether it is in a row of a table with several cells.
    row: bool,
    /// A hash of the elements around it.
    around: u64,
}

impl Reader {
    fn walk(&mut self, node: &NodeRef, kind: BlockKind, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for child in node.children_it(false) {
            if child.is_text() {
                let text = child.text();
                // Only CSS separates the speaker's name from the office: `Jo Dahl<span>Head nurse</span>`.
                let glued = self.text.ends_with(char::is_lowercase) && text.starts_with(char::is_uppercase);
                if kind == BlockKind::Attribution && glued {
                    self.push(" ");
                }
                self.push(&text);
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
                // A block that ended inside the link has already taken its text.
                self.linked += self.text.len().saturating_sub(before);
                return;
            }
            "b" | "strong" => {
                let before = self.text.len();
                self.walk(node, kind, depth);
                self.bold += self.text.len().saturating_sub(before);
                return;
            }
            // The cells of a row form one block, unless they contain blocks.
            "td" | "th" => {
                self.push(" ");
                self.walk(node, kind, depth);
                return;
            }
            "blockquote" => {
                self.quotation(node, kind, depth);
                return;
            }
            _ if node.has_attr(ATTRIBUTION) => BlockKind::Attribution,
            _ if node.has_attr(posts::HEADING) => BlockKind::Headline,
            _ if node.has_attr(posts::AUTHOR) => BlockKind::Byline,
            "h2" if in_headlines(node) => BlockKind::Lead,
            "p" if node.has_attr(NITF_DATELINE) => BlockKind::Dateline,
            "figcaption" => BlockKind::Caption,
            "li" | "dd" | "dt" => BlockKind::ListItem,
            _ => kind,
        };
        if dom::is_hidden(node) {
            return;
        }
        let leads_away = || leads_elsewhere(node) && !holds_running_text(node);
        if matches!(name.as_ref(), "div" | "section" | "ul" | "ol") && leads_away() {
            return;
        }
        let (apart, around) = (self.apart, self.around);
        let role = match furniture::of(node) {
            Some(Role::Furniture) if dom::has_fewer_words(node, 150) => {
                if !holds_running_text(node) {
                    return;
                }
                self.apart = true;
                role
            }
            Some(Role::Caption) if dom::has_fewer_words(node, 100) => BlockKind::Caption,
            Some(Role::Credit) if dom::has_fewer_words(node, 30) => BlockKind::Credit,
            Some(Role::Byline) if dom::has_fewer_words(node, 60) => BlockKind::Byline,
            _ => role,
        };
        if dom::is_inline(&name) && role == kind {
            self.walk(node, kind, depth);
            self.apart = apart;
            return;
        }
        self.flush(kind);
        self.around = around_of(node);
        let row = self.row;
        self.row = name.as_ref() == "tr" && has_cells(node)
            || row && !matches!(name.as_ref(), "table" | "p" | "div");
        self.walk(node, role, depth);
        if matches!(name.as_ref(), "h2" | "h3" | "h4" | "h5" | "h6") {
            self.bold = self.text.len();
        }
        self.flush(role);
        (self.apart, self.around, self.row) = (apart, around, row);
    }

    /// Reads a block quotation. Its last line may be signed with a dash.
    fn quotation(&mut self, node: &NodeRef, kind: BlockKind, depth: usize) {
        if dom::is_hidden(node) {
            return;
        }
        self.flush(kind);
        let (first, outside) = (self.parts.len(), self.pulled);
        self.pulled |= node.has_attr(PULL);
        self.walk(node, BlockKind::BlockQuotation, depth);
        self.flush(BlockKind::BlockQuotation);
        self.pulled = outside;
        if let Some([.., before, last]) = self.parts.get_mut(first..)
            && before.kind == BlockKind::BlockQuotation
            && is_signed(&last.text)
            && last.text.split_whitespace().count() <= SHORT
        {
            last.kind = BlockKind::Attribution;
        }
    }

    /// A line break. Two in a row end a paragraph, and so does one before or inside the lines that sign a quotation;
    /// any other becomes a space.
    fn line_break(&mut self, node: &NodeRef, kind: BlockKind) {
        let mut next = node.next_sibling();
        while let Some(n) = next.filter(|n| n.is_text() && n.text().trim().is_empty()) {
            next = n.next_sibling();
        }
        let ends = self.is_question()
            || kind == BlockKind::Attribution
            || next.is_some_and(|n| {
                dom::name(&n).as_ref() == "br"
                    || kind == BlockKind::BlockQuotation && n.is_text() && is_signed(&n.text())
            });
        if ends {
            self.flush(kind);
        } else {
            self.text.push(' ');
        }
    }

    /// Whether the current block is, so far, a question in bold letters.
    fn is_question(&self) -> bool {
        let text = self.text.trim_end_matches(['"', '”', '’', ')', '*', ' ']);
        text.ends_with('?') && self.bold * 10 >= text.trim().len() * 9
    }

    /// Adds text with its white space collapsed, as on a screen.
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

    /// Ends the current block.
    fn flush(&mut self, kind: BlockKind) {
        let question = kind == BlockKind::Paragraph && self.is_question();
        self.bold = 0;
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let linked = std::mem::take(&mut self.linked);
        // A table is kept as a whole, also where it has only numbers.
        let figures = self.row && text.contains(|c: char| c.is_ascii_digit());
        if !text.contains(char::is_alphabetic) && !figures {
            return;
        }
        if kind == BlockKind::Caption
            && let Some(labelled) = credit::labelled(&text)
        {
            let Self { apart, around, .. } = *self;
            let part =
                |(kind, text): (BlockKind, &str)| Part { apart, around, ..Part::new(kind, text.to_owned()) };
            self.parts.extend(labelled.into_iter().map(part));
            return;
        }
        let words = text.split_whitespace().count();
        let all_link = linked * 10 >= text.len() * 9;
        // A whole sentence may be a link to the original report; teasers are headlines or in lists.
        let linked_sentence = kind == BlockKind::Paragraph && is_sentence(&text);
        let all_link = all_link && !linked_sentence && kind != BlockKind::Attribution;
        if words <= SHORT && (all_link || !figures && furniture::says_nothing(&text))
            || words <= LONG && furniture::is_offer(&text)
        {
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
        let Self { pulled, apart, around, .. } = *self;
        self.parts.push(Part { kind, text, pulled, question, apart, around });
    }
}

/// Whether a row has several cells.
fn has_cells(row: &NodeRef) -> bool {
    row.children_it(false).filter(|n| matches!(dom::name(n).as_ref(), "td" | "th")).nth(1).is_some()
}

/// Whether an element is one of the headlines of a document in NITF.
fn in_headlines(element: &NodeRef) -> bool {
    element.parent().is_some_and(|around| around.has_attr(NITF_HEADLINES))
}

/// A hash of the names and classes of the elements around a block. Paragraphs that follow each other in a text have the
/// same, even if each is in a container of its own.
fn around_of(block: &NodeRef) -> u64 {
    let mut hasher = FxHasher::default();
    for element in block.ancestors_it(Some(LEVELS)) {
        dom::name(&element).as_ref().hash(&mut hasher);
        let class = element.class().unwrap_or_default();
        class[..class.floor_char_boundary(LONGEST_CLASS)].hash(&mut hasher);
    }
    hasher.finish()
}

/// Whether an element has a paragraph that is too long for furniture. Its class may name only part of its purpose, such
/// as the teaser of an article that continues below it.
fn holds_running_text(element: &NodeRef) -> bool {
    // The search replaces an element by its only paragraph.
    let all = std::iter::once(*element).chain(element.descendants_it());
    all.filter(|n| dom::name(n).as_ref() == "p").any(|paragraph| {
        let text = dom::flowing_text(&paragraph);
        let linked = paragraph.descendants_it().any(|n| dom::name(&n).as_ref() == "a")
            || paragraph.ancestors_it(Some(4)).any(|n| dom::name(&n).as_ref() == "a");
        !linked && sentence::ends(&text) && text.split(' ').count() >= LONG / 2 && !furniture::is_offer(&text)
    })
}

/// Whether a small element begins with a heading that leads to other articles, and has links to them.
fn leads_elsewhere(element: &NodeRef) -> bool {
    let mut first = element.children_it(false).find(NodeRef::is_element);
    while let Some(inner) = first.filter(|n| matches!(dom::name(n).as_ref(), "div" | "header")) {
        first = inner.children_it(false).find(NodeRef::is_element);
    }
    let is_heading = |n: &NodeRef| matches!(dom::name(n).as_ref(), "h2" | "h3" | "h4" | "h5" | "h6");
    first.filter(is_heading).is_some_and(|heading| {
        dom::has_fewer_words(&heading, SHORT)
            && furniture::is_ending(&dom::flowing_text(&heading))
            && dom::has_fewer_words(element, TEASERS)
            && element.descendants_it().any(|n| dom::name(&n).as_ref() == "a")
    })
}

/// Whether a text consists of whole sentences: it begins and ends like a sentence and has more words than a button.
fn is_sentence(text: &str) -> bool {
    let first = text.trim_start_matches(['"', '“', '‘', '\'', '(']);
    let bare = text.trim_end_matches(['"', '”', '’', ')', '\'']);
    first.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        && bare.ends_with(['.', '!'])
        && text.split_whitespace().count() >= 6
}

/// Drops furniture after the last paragraph: everything under a heading that leads to other articles, short items, and
/// lines without a final mark.
fn trim_furniture(parts: &mut Vec<Part>) {
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

    let long = |p: &Part| p.count() > 8 || p.kind == BlockKind::Attribution;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(article: &Article, expected: &[(&str, &str)]) {
        let found: Vec<_> =
            article.blocks.iter().map(|b| (b.kind.name(), b.span.of(&article.text))).collect();
        assert_eq!(found, expected);
    }

    /// Enough words for a page to count as an article.
    const LONG: &str = "The bridge over the sound will open in May, four years after the date that the council was first \
        given, and nobody will be charged for crossing it, the minister told reporters at the ferry landing on Monday.";

    #[test]
    fn blocks_of_a_page() {
        let late = format!("{LONG} It is late.");
        let page = format!(
            "<html><head><title>Bridge opens in May</title></head><body><nav><a href=/>Home</a></nav><article>\
             <h1>Bridge opens in May</h1><div class=byline>By Jo Dahl</div>\
             <figure><img src=x><figcaption>The bridge in March <span class=credit>Jo Dahl/NORDFOTO</span></figcaption></figure>\
             <p>TALLBERG, March 4 (NOR) -- {LONG}</p><blockquote><p>We are late.</p></blockquote>\
             <div class=share-tools>Share this article</div><p>{LONG}</p><p>{late}</p>\
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
                ("paragraph", &late),
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

    /// The times, headings, authors and texts of posts.
    const POSTS: [[&str; 3]; 4] = [
        ["14:32", "Pontoon arrives early", "Jo Dahl"],
        ["14:05", "Council meets on Friday", "Pia Lund"],
        ["13:41", "Board publishes survey", "Jo Dahl"],
        ["9:58", "Ferries leave the old quay", "Erik Sund"],
    ];

    /// How a post with this head and text is written.
    type Post = fn([&str; 3], &str) -> String;

    /// A live blog whose posts are written like this.
    fn live(around: [&str; 2], post: impl Fn([&str; 3], &str) -> String) -> Article {
        let texts = distinct(4);
        let posts: String = POSTS.iter().zip(&texts).map(|(head, text)| post(*head, text)).collect();
        let [before, after] = around;
        article(&format!(
            "<body><main><h1>Bridge opens in May</h1><p>All of it. {LONG}</p>{before}{posts}{after}</main></body>"
        ))
    }

    #[test]
    fn posts_of_a_live_blog_have_headings_and_neither_times_nor_authors() {
        let forms: [(&str, [&str; 2], Post); 13] = [
            ("articles", ["<div>", "</div>"], |[t, h, by], x| {
                format!(
                    "<article class=post><header><time>{t}</time><h2>{h}</h2><p class=byline>{by}</p></header><p>{x}</p></article>"
                )
            }),
            ("items", ["<ol>", "</ol>"], |[t, h, _], x| {
                format!("<li><div><time>{t} CET</time></div><h3>{h}</h3><p>{x}</p></li>")
            }),
            ("links", ["<div>", "</div>"], |[t, h, _], x| {
                format!(
                    "<section><a href='#a'><time>{t}</time></a><h2><a href='?x#{t}'>{h}</a></h2><div><p>{x}</p></div></section>"
                )
            }),
            ("bold", ["<div>", "</div>"], |[t, h, _], x| {
                format!("<div class=post><p><time>{t}</time> <strong>{h}</strong></p><p>{x}</p></div>")
            }),
            ("one line", ["<div>", "</div>"], |[t, h, _], x| {
                format!("<div class=post><div><time>{t}</time> {h}</div><p>{x}</p></div>")
            }),
            ("in the heading", ["<div>", "</div>"], |[t, h, by], x| {
                format!("<div><h3><span class=time>{t}</span> &ndash; {h}</h3><p>{x}</p><p>By {by}</p></div>")
            }),
            ("ago", ["<div>", "</div>"], |[_, h, by], x| {
                format!(
                    "<article><div><span>2 hours ago</span><span>{by}</span></div><h2>{h}</h2><p>{x}</p></article>"
                )
            }),
            ("marked", ["<div>", "</div>"], |[t, h, by], x| {
                format!(
                    "<div><p><time itemprop=datePublished>{t}</time></p><p itemprop=headline>{h}</p><div><p>{x}</p></div><div><span itemprop=author>{by}</span></div></div>"
                )
            }),
            ("terms", ["<dl>", "</dl>"], |[t, h, _], x| {
                format!("<dt>{t}</dt><dd><strong>{h}</strong><p>{x}</p></dd>")
            }),
            ("flat", ["<div>", "</div>"], |[t, h, _], x| format!("<p><b>{t} — {h}</b></p><p>{x}</p>")),
            ("flat headings", ["", ""], |[t, h, _], x| format!("<h3>{t} GMT: {h}</h3><p>{x}</p>")),
            ("classes", ["<ul>", "</ul>"], |[t, h, by], x| {
                format!(
                    "<li class=update><span class=stamp>{t} a.m. ET</span><div class='update title'>{h}</div><div class=author>{by}</div><div>{x}</div></li>"
                )
            }),
            ("in the text", ["<div>", "</div>"], |[t, h, _], x| {
                format!("<div class=post><h4>{h}</h4><p><time>{t}</time> {x}</p></div>")
            }),
        ];
        for (form, around, post) in forms {
            let article = live(around, post);
            let found: Vec<_> = kinds(&article);
            let found: Vec<_> = found[2..].iter().filter(|(kind, _)| *kind != "byline").copied().collect();
            let texts = distinct(4);
            let expected: Vec<_> = POSTS
                .iter()
                .zip(&texts)
                .flat_map(|([_, heading, _], text)| [("headline", *heading), ("paragraph", text.as_str())])
                .collect();
            assert_eq!(found, expected, "{form}");
        }
    }

    #[test]
    fn a_line_that_only_names_somebody_is_the_author_of_the_post() {
        let [a, b, c, d] = ["Ada", "Bo", "Cy", "Di"].map(|x| format!("{x} is here. {}", distinct(1)[0]));
        let blog = |posts: [&str; 4]| {
            let posts: String =
                posts.iter().map(|post| format!("<article class=post>{post}</article>")).collect();
            article(&format!("<body><main><h1>Bridge opens in May</h1>{posts}</main></body>"))
        };
        let post = |before: &str, text: &str| format!("{before}<p>{text}</p>");
        // One time is enough, and a line in bold letters is a heading unless it is a name.
        let article = blog([
            &post("<p><time>14:32</time></p><p><b>Jo Dahl</b></p>", &a),
            &post("<p><b>Pia Lund, health reporter</b></p>", &b),
            &post("<div><div>Erik Sund</div><div>Political editor</div></div>", &c),
            &post("<p><b>Fire chief: “Nobody is hurt”</b></p>", &d),
        ]);
        assert_eq!(
            kinds(&article)[1..],
            [
                ("byline", "Jo Dahl"),
                ("paragraph", a.as_str()),
                ("byline", "Pia Lund, health reporter"),
                ("paragraph", b.as_str()),
                ("byline", "Erik Sund"),
                ("byline", "Political editor"),
                ("paragraph", c.as_str()),
                ("headline", "Fire chief: “Nobody is hurt”"),
                ("paragraph", d.as_str()),
            ]
        );
        // Who is quoted, a sentence, a line that introduces the text, and a heading with a time are parts of the text.
        let quoted = format!("“{a}”");
        let article = blog([
            &post("<p><time>14:32</time></p><p><b>Jo Dahl</b></p>", &quoted),
            &post("<p><b>Pia Lund, who owns the shop:</b></p>", &b),
            &post("<p><b>Erik Sund, 34, is a nurse.</b></p>", &c),
            &post("<p><b>14:05 Fire chief: “Nobody is hurt”</b></p>", &d),
        ]);
        let found: Vec<_> = kinds(&article)[1..].iter().map(|(kind, _)| *kind).collect();
        let text = "paragraph";
        assert_eq!(found, ["headline", text, text, text, text, text, "headline", text]);
        assert_eq!(kinds(&article)[7].1, "Fire chief: “Nobody is hurt”");
        // If the headings are capitalised as titles, two words may be one.
        let article = blog([
            &post("<p><time>14:32</time></p><p><b>Ferries Cancelled</b></p>", &a),
            &post("<p><b>Pontoon Arrives Early in Tallberg</b></p>", &b),
            &post("<h3>Trains Late</h3><p><b>Jo Dahl</b></p>", &c),
            &post("<p><b>Quay Closed</b></p>", &d),
        ]);
        let headings = article.blocks.iter().filter(|b| b.kind == BlockKind::Headline).count();
        assert_eq!(headings, 5, "{:?}", kinds(&article));
        assert!(kinds(&article).contains(&("byline", "Jo Dahl")));
    }

    #[test]
    fn what_only_looks_like_posts_is_left_alone() {
        // A time within a sentence is a part of it.
        let article = live(["<div>", "</div>"], |[t, _, _], x| {
            format!(
                "<div class=part><h3>Rotten</h3><p>{x} The first ferry left at <time>{t}</time>, it said.</p></div>"
            )
        });
        assert!(article.text.contains("left at 14:32, it said.") && article.text.contains("left at 9:58"));
        assert_eq!(article.blocks.iter().filter(|b| b.kind == BlockKind::Headline).count(), 1);
        // Two are no list.
        let two = page(
            "<div><h3>14:32 Early</h3><p>It is here.</p></div><div><h3>14:05 Friday</h3><p>They meet.</p></div>",
        );
        assert!(two.text.contains("14:32 Early"));
        // Teasers lead to other pages.
        let teasers = live(["<div>", "</div>"], |[t, h, _], x| {
            format!("<div class=card><time>{t}</time><h3><a href=/{t}.html>{h}</a></h3><p>{x}</p></div>")
        });
        assert!(!teasers.text.contains("Pontoon"), "{}", teasers.text);
        // Numbers in a table are no times.
        let rows = POSTS.map(|[t, h, _]| format!("<tr><td>{t}</td><td>{h}</td></tr>")).concat();
        assert!(page(&format!("<table>{rows}</table>")).text.contains("14:05 Council meets"));
        // The headline of the page stays one, and so does the text under it.
        let blocks = page("<div><time>9:10</time><p>One.</p></div>").blocks;
        assert_eq!(blocks[0].kind, BlockKind::Headline);
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
        let posted = ["block_quotation", "attribution"];
        assert_eq!(
            kinds,
            [&["headline", "paragraph", "caption", "paragraph"], &posted[..], &["paragraph"]].concat()
        );
        assert!(article.text.contains("— Pia Lund March 4, 2016"));
    }

    fn kinds(article: &Article) -> Vec<(&'static str, &str)> {
        let named = |b: &Block| (b.kind.name(), b.span.of(&article.text));
        article.blocks.iter().map(named).filter(|(_, text)| *text != LONG).collect()
    }

    fn page(inside: &str) -> Article {
        article(&format!(
            "<body><article><h1>Bridge opens in May</h1><p>{LONG}</p>{inside}<p>{LONG}</p></article></body>"
        ))
    }

    #[test]
    fn quotations_set_as_blocks_keep_their_attribution() {
        let words = "<p>We are late, and I am sorry for that.</p>";
        for (inside, attribution) in [
            (
                format!(
                    "<figure><blockquote>{words}</blockquote><figcaption>— <cite>Ada Brandt</cite></figcaption></figure>"
                ),
                "— Ada Brandt",
            ),
            (
                format!(
                    "<figure class=quote><blockquote>{words}</blockquote><figcaption>Ada Brandt, minister</figcaption></figure>"
                ),
                "Ada Brandt, minister",
            ),
            (format!("<blockquote>{words}<cite>Ada Brandt</cite></blockquote>"), "Ada Brandt"),
            (format!("<blockquote>{words}<footer>— Ada Brandt</footer></blockquote>"), "— Ada Brandt"),
            (format!("<blockquote>{words}<p class=quote__author>Ada Brandt</p></blockquote>"), "Ada Brandt"),
            (
                format!(
                    "<blockquote class=post>{words}&mdash; Ada Brandt (<a href=x>@brandt</a>) <a href=y>March 4, 2016</a></blockquote>"
                ),
                "— Ada Brandt (@brandt) March 4, 2016",
            ),
            (
                "<blockquote>We are late, and I am sorry for that.<br>— Ada Brandt</blockquote>".to_owned(),
                "— Ada Brandt",
            ),
            (
                format!("<aside class=pull-quote>{words}<p class=attribution>Ada Brandt</p></aside>"),
                "Ada Brandt",
            ),
        ] {
            let article = page(&inside);
            assert_eq!(
                kinds(&article),
                [
                    ("headline", "Bridge opens in May"),
                    ("block_quotation", "We are late, and I am sorry for that."),
                    ("attribution", attribution)
                ],
                "{inside}"
            );
        }
        // Styles or a line break separate the name from the office.
        for (signed, lines) in [
            ("<strong>Ada Brandt</strong><br>Head nurse", &["Ada Brandt", "Head nurse"][..]),
            ("Ada Brandt<span>Head nurse</span>", &["Ada Brandt Head nurse"]),
            ("<b>Ada Brandt</b>Head nurse", &["Ada Brandt Head nurse"]),
            ("<b>Ada Brandt</b>, head nurse", &["Ada Brandt, head nurse"]),
        ] {
            let article = page(&format!(
                "<figure class=quote><blockquote>{words}</blockquote><figcaption>{signed}</figcaption></figure>"
            ));
            let attributions: Vec<&str> = kinds(&article)
                .into_iter()
                .filter(|(kind, _)| *kind == "attribution")
                .map(|(_, text)| text)
                .collect();
            assert_eq!(attributions, lines, "{signed}");
        }
        // A work named within the words is not a speaker.
        let article = page(
            "<blockquote><p>I read <cite>The Bridge</cite> as a child, and I never went there.</p></blockquote>",
        );
        assert_eq!(kinds(&article)[1].0, "block_quotation");
        assert_eq!(kinds(&article).len(), 2);
    }

    #[test]
    fn words_set_in_large_letters_beside_the_text_count_once() {
        let aside = "<aside class=pullquote>“We are late, and I am sorry.”<p class=attribution>Ada Brandt</p></aside>";
        let article =
            page(&format!("{aside}<p>“We are late, and I am sorry,” Minister Ada Brandt said.</p>"));
        assert_eq!(article.text.matches("We are late").count(), 1);
        assert_eq!(kinds(&article).len(), 2);
    }

    /// Different paragraphs of fourteen words each.
    fn distinct(count: usize) -> Vec<String> {
        (0..count)
            .map(|n| format!("Pile {n} of the bridge is rotten, the engineer told the council on Monday."))
            .collect()
    }

    fn repeated(article: &Article) -> bool {
        article.notices.iter().any(|n| n.kind == NoticeKind::Repeated)
    }

    #[test]
    fn a_text_for_phones_and_for_large_screens_is_read_once() {
        let paragraphs = distinct(6);
        let marked = |tag: &str| paragraphs.iter().map(|p| format!("<{tag}>{p}</{tag}>")).collect::<Vec<_>>();
        let (one, mut other) = (marked("p"), marked("div"));
        other.insert(3, "<h4>Only for phones</h4>".to_owned());
        let mut heading = one.clone();
        heading.insert(2, "<h2>Rotten</h2>".to_owned());
        let with_heading = |at: usize| {
            let mut all = marked("p");
            all.insert(at, "<h2>Rotten</h2>".to_owned());
            all.concat()
        };
        for (large, small) in [
            (one.concat(), one.concat()),
            (one.concat(), other.concat()),
            (one.concat(), one[2..].concat()),
            (with_heading(2), with_heading(2)),
            (with_heading(0), with_heading(0)),
            (one.concat(), one.concat() + &one.concat()),
        ] {
            let page = format!(
                "<body><article><h1>Bridge opens in May</h1><div class=large>{large}</div><div class=small>{small}</div></article></body>"
            );
            let article = article(&page);
            for paragraph in &paragraphs {
                assert_eq!(article.text.matches(paragraph.as_str()).count(), 1, "{}", article.text);
            }
            assert!(article.text.matches("Rotten").count() <= 1);
            assert!(repeated(&article));
        }
    }

    #[test]
    fn of_two_copies_the_one_in_the_flow_of_the_article_is_kept() {
        let paragraphs: Vec<String> =
            (0..8).map(|n| format!("Pile {n} of the bridge is rotten. {LONG}")).collect();
        let marked = |range: std::ops::Range<usize>, before: &str, after: &str| {
            paragraphs[range].iter().map(|p| format!("{before}{p}{after}")).collect::<String>()
        };
        let (all, flat) = (marked(0..8, "<p>", "</p>"), marked(3..6, "<p>", "</p>"));
        let captions = marked(0..3, "<figure><img src=x><figcaption>", "</figcaption></figure>");
        let list = format!("<ul>{}</ul>", marked(3..6, "<li>", "</li>"));
        let boxed = format!("<div class=box>{flat}</div>");
        let sections = marked(0..8, "<section class=part><div><p>", "</p></div></section>");
        let body = |inside: &str| format!("<div class=body>{inside}</div>");
        let middle =
            |inside: &str| body(&(marked(0..2, "<p>", "</p>") + inside + &marked(2..8, "<p>", "</p>")));
        for inside in [
            captions.clone() + &all,
            captions.clone() + &body(&all),
            format!("{list}{all}"),
            flat.clone() + &all,
            boxed.clone() + &sections,
            format!("<div class=box>{flat}<p>Only for phones.</p></div>{sections}"),
            middle(&boxed),
            middle(&list),
            // Each of the two before the article goes.
            format!("{list}{captions}") + &all,
            format!("{boxed}<h2>Rotten</h2>{boxed}") + &body(&all),
            // The copy after the article goes, too.
            all.clone() + &captions,
            all.clone() + &boxed,
            format!("{captions}{all}{list}"),
        ] {
            let article =
                article(&format!("<body><article><h1>Bridge opens in May</h1>{inside}</article></body>"));
            let piles = article.blocks.iter().map(|b| (b.kind.name(), b.span.of(&article.text)));
            let piles: Vec<_> = piles.filter(|(_, text)| text.starts_with("Pile")).collect();
            let expected: Vec<_> = paragraphs.iter().map(|p| ("paragraph", p.as_str())).collect();
            assert_eq!(piles, expected, "{inside}");
        }
    }

    #[test]
    fn a_copy_in_furniture_goes() {
        let p: Vec<String> = (0..5).map(|n| format!("Pile {n} of the bridge is rotten. {LONG}")).collect();
        let teaser = format!("<p class=teaser>{}</p><p class=teaser>{}</p>", p[2], p[3]);
        let [first, rest] = [&p[..1], &p[1..]].map(|part| format!("<p>{}</p>", part.join("</p><p>")));
        let article = article(&format!(
            "<body><article><h1>Bridge opens in May</h1>{first}{teaser}{rest}</article></body>"
        ));
        let found: Vec<&str> = article.blocks[1..].iter().map(|b| b.span.of(&article.text)).collect();
        assert_eq!(found, p);
    }

    #[test]
    fn headings_of_a_copy_go_with_it() {
        let paragraphs = numbered(4).concat();
        let heading = "<h2>Rotten</h2>";
        let of = |inside: &str| {
            let article =
                article(&format!("<body><article><h1>Bridge opens in May</h1>{inside}</article></body>"));
            article.blocks.iter().map(|b| b.span.of(&article.text)[..6].to_owned()).collect::<Vec<_>>()
        };
        let last =
            "<p>Pile 4 of the bridge will be replaced in May, said the engineer of the town council.</p>";
        let expected = ["Bridge", "Rotten", "Pile 0", "Pile 1", "Pile 2", "Pile 3", "Pile 4"];
        // The second copy is next to a paragraph that the page has once, the first one in the other page.
        assert_eq!(of(&format!("{heading}{paragraphs}{heading}{paragraphs}{last}")), expected);
        assert_eq!(
            of(&format!("<div>{heading}{paragraphs}{last}</div><div>{heading}{paragraphs}</div>")),
            expected
        );
    }

    #[test]
    fn a_refrain_is_no_copy() {
        let refrain = "We shall cross the water in the morning, and the bridge shall carry us all to the far side of it.";
        let second = "Nobody shall pay the ferryman any more, and nobody shall wait for him at night in the cold November rain.";
        let paragraphs = distinct(12);
        let page = |refrain: &str| {
            let verses: String = paragraphs
                .chunks(4)
                .map(|verse| verse.iter().map(|p| format!("<p>{p}</p>")).collect::<String>() + refrain)
                .collect();
            article(&format!("<body><article><h1>Bridge opens in May</h1>{verses}</article></body>"))
        };
        let one = page(&format!("<p>{refrain}</p>"));
        assert_eq!(one.text.matches(refrain).count(), 3);
        let two = page(&format!("<p>{refrain}</p><p>{second}</p>"));
        assert_eq!((two.text.matches(refrain).count(), two.text.matches(second).count()), (3, 3));
        assert!(!repeated(&one) && !repeated(&two));
    }

    #[test]
    fn paragraphs_that_directly_follow_themselves_are_read_once() {
        let paragraphs: Vec<String> = distinct(8).iter().map(|p| format!("<p>{p}</p>")).collect();
        let all = paragraphs.concat();
        let each = |p: &String| format!("<div class=visible-lg>{p}</div><div class=visible-xs>{p}</div>");
        for doubled in [
            paragraphs.iter().map(each).collect::<String>(),
            format!("<div class=summary>{}</div>{all}", paragraphs[..2].concat()),
            format!("{}{all}", paragraphs[0]),
        ] {
            let article =
                article(&format!("<body><article><h1>Bridge opens in May</h1>{doubled}</article></body>"));
            assert_eq!(article.blocks.len(), 9, "{}", article.text);
            assert!(repeated(&article));
        }
        // A short answer, and a quotation that is repeated later, stay.
        let twice = page(&format!("<p>No, no.</p><p>No, no.</p>{}{all}{}", paragraphs[7], paragraphs[0]));
        assert_eq!((twice.text.matches("No, no.").count(), repeated(&twice)), (2, false));
    }

    #[test]
    fn questions_put_to_two_people_are_no_copy() {
        let questions = [
            "Will you vote for a law that closes the old harbour of Tallberg for good in the coming year?",
            "Should the town build a second bridge over the sound for those who walk and for those who cycle?",
            "Do you want the ferry company to keep its boats in the winter months, when nobody crosses the sound?",
        ];
        let asked = |name: &str, answers: [&str; 3]| {
            let each = questions.iter().zip(answers).map(|(q, a)| format!("<p>{q}</p><p>{a}</p>"));
            format!("<h2>{name}</h2>{}", each.collect::<String>())
        };
        let (one, two) = (
            asked("Ada Brandt", ["Yes.", "No.", "Never."]),
            asked("Pia Lund", ["Of course.", "They should.", "Perhaps."]),
        );
        let article = article(&format!("<body><article><h1>Two answers</h1>{one}{two}</article></body>"));
        assert!(questions.iter().all(|q| article.text.matches(q).count() == 2), "{}", article.text);
        assert!(!repeated(&article));
    }

    #[test]
    fn a_long_quotation_that_is_repeated_is_no_copy() {
        let quotation = format!(
            "“{}”",
            "Nobody will pay a toll to cross the bridge, not now and not in ten years. ".repeat(9).trim()
        );
        let around = distinct(4).iter().map(|p| format!("<p>{p}</p>")).collect::<String>();
        let article = article(&format!(
            "<body><article><h1>Two speeches</h1><p>Ada Brandt said in May:</p><p>{quotation}</p>{around}\
             <p>Pia Lund read it to the council in June:</p><p>{quotation}</p></article></body>"
        ));
        assert_eq!(article.text.matches(quotation.as_str()).count(), 2, "{}", article.text);
        assert!(!repeated(&article));
    }

    #[test]
    fn an_article_in_a_shadow_root_is_read() {
        let paragraphs: String = distinct(6).iter().map(|p| format!("<p>{p}</p>")).collect();
        let page = |mode: &str| {
            article(&format!(
                "<body><h1>Bridge opens in May</h1><x-story><template {mode}><article>{paragraphs}<slot></slot></article></template>\
                 <p>The ferries will be sold, the mayor said.</p></x-story></body>"
            ))
        };
        let shown = page("shadowrootmode=open");
        assert!(shown.text.contains("Pile 5 of") && shown.text.contains("ferries"), "{}", shown.text);
        assert!(shown.notices.is_empty());
    }

    #[test]
    fn text_that_no_slot_shows_is_left_out_with_a_notice() {
        let paragraphs = distinct(4).iter().map(|p| format!("<p>{p}</p>")).collect::<String>();
        let page = |root: &str| {
            let more =
                format!("<x-more><template shadowrootmode=open>{root}</template>{paragraphs}</x-more>");
            let inside = numbered(4).concat().replace("Pile", "Beam");
            article(&format!("<body><article><h1>Bridge opens in May</h1>{inside}{more}</article></body>"))
        };
        let (without, with) = (page("<button>More</button>"), page("<slot></slot>"));
        assert!(without.text.contains("Beam 3 of") && !without.text.contains("Pile"), "{}", without.text);
        let [notice] = &without.notices[..] else { panic!("{:?}", without.notices) };
        assert_eq!(notice.kind, NoticeKind::Truncated);
        assert!(notice.message.contains(" 56 words in elements whose shadow roots have no slot"));
        assert!(with.text.contains("Pile 3 of") && with.notices.is_empty());
    }

    #[test]
    fn paragraphs_before_elements_that_are_never_closed_are_kept() {
        let paragraphs: Vec<String> = (0..30).map(|n| format!("Pile {n} of the bridge. {LONG}")).collect();
        let marked =
            |from: &[String], before: &str| from.iter().map(|p| format!("{before}{p}")).collect::<String>();
        for (first, count) in [(1, 5), (1, 30), (2, 30), (7, 30)] {
            let (first, rest) = paragraphs[..count].split_at(first);
            for inside in [
                marked(first, "<div><div><div><p>") + "<div><div>" + &marked(rest, "<p>"),
                marked(first, "<div><div>") + "<div class=body>" + &marked(rest, "<p>"),
                marked(first, "<section><div class=part>") + "<div class=body>" + &marked(rest, "<p>"),
                marked(first, "<center><p>") + "<div class=body>" + &marked(rest, "<p>"),
                "<div><div>".to_owned() + &first.join("<br><br>") + "<div><div>" + &rest.join("<br><br>"),
                "<div>".to_owned() + &marked(first, "<p>") + "<div><div><div>" + &marked(rest, "<div>"),
            ] {
                let article = article(&format!("<body><h1>Bridge opens in May</h1>{inside}</body>"));
                let found: Vec<&str> = article.blocks[1..].iter().map(|b| b.span.of(&article.text)).collect();
                assert_eq!(found, paragraphs[..count], "{inside}");
            }
        }
    }

    #[test]
    fn many_paragraphs_in_another_element_are_found() {
        let (first, rest) = (numbered(7).concat(), numbered(40).concat().replace("Pile", "Beam"));
        let bare = first.replace("<p>", "").replace("</p>", "<div>") + &rest + &"</div>".repeat(7);
        for inside in [
            format!(
                "<div><div><div>{first}</div></div></div><div><div><div><div>{rest}</div></div></div></div>"
            ),
            bare,
        ] {
            let article = article(&format!("<body><h1>Bridge opens in May</h1>{inside}</body>"));
            for n in 0..7 {
                assert_eq!(article.text.matches(&format!("Pile {n} of")).count(), 1, "{inside}");
            }
            assert!(article.text.contains("Beam 39 of"));
        }
    }

    #[test]
    fn bare_text_after_the_article_is_not_put_before_it() {
        let inside = |before: &str, after: &str| {
            let rest = numbered(4).concat();
            article(&format!(
                "<body><h1>Bridge opens in May</h1><div>{before}<div><div><div>{rest}</div></div></div>{after}</div></body>"
            ))
        };
        let [before, after] = ["First", "Last"].map(|word| format!("{word} of all. {LONG}"));
        let article = inside(&before, &after);
        assert_eq!(article.text.matches("First of all").count(), 1);
        let at = |word: &str| article.text.find(word);
        assert!(at("First of") < at("Pile 0") && at("Last of").is_none_or(|last| Some(last) > at("Pile 3")));
        assert!(!inside(&before, "").text.contains("Last"));
    }

    #[test]
    fn an_offer_before_the_article_is_not_taken_for_its_beginning() {
        let offer = "We may receive compensation whenever a reader books a trip with one of the ferry companies that our \
                     two captains chose for this list after they had spent a whole summer on the boats of the sound.";
        let article = article(&format!(
            "<body><h1>Bridge opens in May</h1><div class=opening><section><p>{offer}</p></section></div>\
             <div><div id=content>{}</div></div></body>",
            numbered(3).concat()
        ));
        assert!(
            article.text.contains("Pile 0") && !article.text.contains("compensation"),
            "{}",
            article.text
        );
    }

    #[test]
    fn a_text_that_breaks_off_before_an_offer_says_so() {
        let notices = |last: &str, after: &str| {
            let article = page_of(&format!("<p>{LONG}</p><p>Pile. {LONG}</p><p>{last}</p>{after}"));
            article.notices.iter().map(|n| n.kind).collect::<Vec<_>>()
        };
        let page = |inside: &str| format!("<div class=paywall><p>{inside}</p></div>");
        let cut = "Ministers were told on Tuesday. The mayor is understood to be furious that he";
        for offer in [
            page("For readers only"),
            "<div><h3>To continue reading, subscribe for 1 crown</h3></div>".to_owned(),
            "<section><p>Subscribe to read the full story</p></section>".to_owned(),
        ] {
            for cut in [cut.to_owned(), format!("{cut}…"), format!("{cut}...")] {
                assert_eq!(notices(&cut, &offer), [NoticeKind::Truncated], "{cut} {offer}");
            }
            assert_eq!(notices(&format!("{cut} was late."), &offer), [], "{offer}");
            assert_eq!(notices("Jo Dahl, Tallberg", &offer), []);
        }
        // Without an offer, the last mark may be forgotten.
        assert_eq!(notices(cut, ""), []);
        let stated = "<script type='application/ld+json'>{\"@type\": \"NewsArticle\", \"isAccessibleForFree\": \"False\"}</script>";
        assert_eq!(notices(cut, stated), [NoticeKind::Truncated]);
        assert_eq!(notices(cut, &stated.replace("False", "True")), []);
    }

    /// A page with this inside its article.
    fn page_of(inside: &str) -> Article {
        article(&format!("<body><article><h1>Bridge opens in May</h1>{inside}</article></body>"))
    }

    #[test]
    fn a_page_that_only_leads_to_articles_says_so() {
        let links = ["Bridge to open in May", "Ferries to be sold in June", "Five boats for the spring"]
            .map(|title| format!("<a href=x>{title}</a>"))
            .concat();
        let page = |inside: &str| {
            article(&format!(
                "<head><title>Sitemap of the Sound</title></head><body><nav>{links}</nav><div>{links}</div>{inside}</body>"
            ))
        };
        let notices = page("").notices;
        assert_eq!(notices.iter().map(|n| n.kind).collect::<Vec<_>>(), [NoticeKind::Empty]);
        assert!(page("<p>The bridge will open in May, the mayor said.</p>").notices.is_empty());
    }

    #[test]
    fn an_article_in_a_template_is_missed_with_a_notice() {
        let paragraphs: String = distinct(12).iter().map(|p| format!("<p>{p}</p>")).collect();
        let notice = |page: &str| {
            article(&format!("<body><h1>Bridge opens in May</h1>{page}</body>"))
                .notices
                .iter()
                .any(|n| n.message.contains("168 words in templates"))
        };
        let divs = paragraphs.replace("<p>", "<div>").replace("</p>", "</div>");
        for paragraphs in [&paragraphs, &divs, &paragraphs.replace("<p>", "").replace("</p>", "<br><br>")] {
            assert!(notice(&format!("<template>{paragraphs}</template><p>Please wait.</p>")), "{paragraphs}");
        }
        // A page whose article is elsewhere misses nothing.
        assert!(!notice(&format!(
            "<template>{paragraphs}</template><article>{}</article>",
            numbered(12).concat()
        )));
    }

    #[test]
    fn a_line_break_in_the_first_paragraph_does_not_double_it() {
        let first = "The bridge over the sound will open in May, the minister told reporters on Monday.";
        let page = format!(
            "<body><article><h1>Bridge opens in May</h1><p>{first}<br/>Nobody will be charged for crossing it.</p><p>{LONG}</p><p>{LONG}</p></article></body>"
        );
        let article = article(&page);
        assert_eq!(article.text.matches(first).count(), 1);
        assert!(article.text.contains("on Monday. Nobody"));
    }

    #[test]
    fn a_class_in_the_first_paragraph_does_not_double_it() {
        for class in ["dateline", "article-dateline", "legend", "shape"] {
            let first = format!(
                "<span class={class}>TALLBERG, Sound</span>, <span class={class}>March 4, 2016</span> /NOR/ -- {LONG}"
            );
            for first in [format!("<p>{first}</p>"), format!("<div>{first}</div>")] {
                let page = format!(
                    "<body><article><h1>Bridge opens in May</h1>{first}<p>Ferries stop. {LONG}</p></article></body>"
                );
                let article = article(&page);
                let found: Vec<_> = article.blocks.iter().map(|b| b.kind.name()).collect();
                assert_eq!(
                    found,
                    ["headline", "dateline", "paragraph", "paragraph"],
                    "{first}: {}",
                    article.text
                );
                assert_eq!(article.text.matches("/NOR/").count(), 1);
                assert_eq!(article.metadata.bylines, Vec::<String>::new());
            }
        }
        // A byline that the search takes out of it leaves one paragraph.
        let run_in = format!("<p><span class=byline>By Jo Dahl</span> Ferries stop. {LONG}</p>");
        assert_eq!(page(&run_in).text.matches("Ferries stop").count(), 1);
        // Words that are hidden are no part of the paragraph.
        let article =
            page(&format!("<p>Ferries stop. <span class=sr-only>Opens in a new window.</span> {LONG}</p>"));
        assert!(article.text.contains("Ferries stop. The bridge"), "{}", article.text);
    }

    #[test]
    fn a_sentence_that_is_a_link_is_kept_and_a_teaser_is_not() {
        let said = "On Friday the engineer Tom Aldous told the council that it was rotten.";
        for link in
            [format!("<a href=x>{said}</a>"), format!("<a href=x>{}</a>.", said.trim_end_matches('.'))]
        {
            assert!(page(&format!("<p>{link}</p>")).text.contains("Tom Aldous"), "{link}");
        }
        for teaser in [
            "<p><a href=x>Mayor says that ferries will be sold</a></p>",
            "<ul><li><a href=x>Ferries will be sold, the mayor says.</a></li></ul>",
        ] {
            assert!(!page(teaser).text.contains("will be sold"), "{teaser}");
        }
    }

    #[test]
    fn questions_in_bold_letters_are_set_off() {
        let talk = |one: &str, two: &str| {
            let pair = |q: &str, a: &str| format!("{one}{q}{two}{a}</p>");
            page(
                &[pair("When?", "In May."), pair("Who pays?", "Nobody."), pair("Why so late?", "Rain.")]
                    .concat(),
            )
        };
        let answers = [("question", "Why so late?"), ("paragraph", "Rain.")];
        for article in
            [talk("<p><b>", "</b></p><p>"), talk("<h3>", "</h3><p>"), talk("<p><strong>", "</strong><br>")]
        {
            assert_eq!(kinds(&article)[5..], answers);
        }
        assert!(talk("<p>", "</p><p>").blocks[1..].iter().all(|b| b.kind == BlockKind::Paragraph));
    }

    /// Paragraphs that can be told apart.
    fn numbered(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("<p>Pile {n} of the bridge is rotten. {LONG}</p>")).collect()
    }

    #[test]
    fn an_article_that_is_spread_over_containers_is_whole() {
        let section = |p: &String| {
            format!("<section class='elementor-section'><div class='elementor-widget'>{p}</div></section>")
        };
        let item = |p: &String| {
            format!("<li><h2>A pile</h2><div><p>First. {LONG}</p>{p}<a href=x>Buy</a></div></li>")
        };
        let streamed = |p: &[String]| format!("<div hidden id='S:0'><div>{}</div></div>", p.concat());
        let paragraphs = numbered(12);
        for page in [
            paragraphs.iter().map(section).collect::<String>(),
            format!("<ol>{}</ol>", paragraphs.iter().map(item).collect::<String>()),
            streamed(&paragraphs),
            paragraphs.concat().replace("<p>", "<div data-x=1>").replace("</p>", "</div>"),
        ] {
            let teasers = "<ul><li><a href=y><h3>Ferries</h3></a><p>They will be sold in May, the mayor told the council on Monday evening.</p></li></ul>";
            let comments = format!(
                "<div class=comments>{}</div>",
                "<p>I have said for years that nobody will ever use this bridge.</p>".repeat(3)
            );
            let article = article(&format!(
                "<body><h1>Bridge opens in May</h1><main>{page}</main>{}{comments}</body>",
                teasers.repeat(4)
            ));
            for n in 0..12 {
                assert!(article.text.contains(&format!("Pile {n} of")), "{n} in {}", &page[..200]);
            }
            assert!(
                !article.text.contains("They will be sold") && !article.text.contains("for years"),
                "{}",
                &page[..200]
            );
        }
    }

    #[test]
    fn an_article_ends_where_a_heading_leads_to_others() {
        let teasers = "<p>Front page</p><p>Webmaster</p><p>The ferries will be sold in May, said the mayor of Tallberg on Monday.</p>".repeat(3);
        let end = |heading: &str| {
            let all = format!("{}<h4>{heading}</h4>{teasers}", numbered(3).concat());
            article(&format!("<body><article><h1>Bridge opens in May</h1>{all}</article></body>"))
        };
        assert!(!end("Also in the news").text.contains("ferries"));
        assert!(end("In the harbour").text.contains("ferries"));
        // In the middle of the article it is only a promotion.
        let middle = format!("{}<h4>Related articles</h4>{}", numbered(2).concat(), numbered(4).concat());
        let article =
            article(&format!("<body><article><h1>Bridge opens in May</h1>{middle}</article></body>"));
        assert!(article.text.contains("Pile 3"));
    }

    #[test]
    fn links_to_other_articles_within_the_text_are_left_out() {
        let items = "<ul><li><a href=/1>Mayor sells ferries</a><p>The mayor said that he had been wrong about the ferries.</p></li>\
                     <li><a href=/2>Five boats for the spring</a></li></ul>";
        for list in [
            format!("<div class=also-like>{items}</div>"),
            format!("<div class=readNext>{items}</div>"),
            format!("<div class=box><h4>You may also like</h4>{items}</div>"),
            format!("<section><div><h3>More stories</h3></div>{items}</section>"),
        ] {
            let article = page(&list);
            assert_eq!(kinds(&article).len(), 1, "{list}: {}", article.text);
        }
        // A list of the article has another heading and another class, and so has one word of the two.
        let list = items.replace("href", "id");
        for list in [
            format!("<div class=box><h4>What the mayor likes</h4>{list}</div>"),
            format!("<div class=like-new><h4>Also a boat</h4>{list}</div>"),
        ] {
            assert!(page(&list).text.contains("wrong about the ferries"), "{list}");
        }
    }

    #[test]
    fn a_class_of_furniture_costs_no_paragraph() {
        let article = page(&format!(
            "<div class=teaser-content><p>At first nobody came. {LONG}</p></div><div class=teaser><p>Ferries will be sold.</p></div>"
        ));
        assert!(article.text.contains("At first nobody came."));
        assert!(!article.text.contains("Ferries"));
    }

    #[test]
    fn a_time_whose_parts_only_styles_keep_apart_is_no_text() {
        let with = |head: &str| {
            let text = ["Pile", "Beam", "Quay"].map(|of| format!("<p>{of}. {LONG}</p>")).concat();
            article(&format!(
                "<body><div class=main><div class=header><h1>Bridge opens in May</h1>{head}</div><div>{text}</div></div></body>"
            ))
        };
        let time = "<time><span>March 4, 2016</span><span>12:03 PM UTC</span><span>Updated 2 hours ago</span></time>";
        let article = with(&format!("<div>By <a rel=author>Jo Dahl</a></div>{time}"));
        assert_eq!(
            article.blocks.iter().filter(|b| b.kind == BlockKind::Paragraph).count(),
            3,
            "{}",
            article.text
        );
        assert_eq!(article.metadata.bylines, ["Jo Dahl"]);
        assert_eq!(with(&format!("<div class=byline>{time}</div>")).metadata.bylines, Vec::<String>::new());
        let said = page(&format!("<p>Opened at {time}, she said.</p>"));
        assert!(said.text.contains("Opened at March 4, 2016 12:03 PM UTC Updated"), "{}", said.text);
    }

    #[test]
    fn what_only_browsers_show_is_written() {
        let text = |inside: &str| {
            let article = page(&format!("<p>{inside}</p>"));
            article.text[article.blocks[2].span.start()..].to_owned()
        };
        for (inside, expected) in [
            ("<q>We open in May,</q> Ada Brandt said.", "“We open in May,” Ada Brandt said."),
            ("<q>He said <q>no</q> twice,</q> she said.", "“He said ‘no’ twice,” she said."),
            ("<q>“We open in May,”</q> she said.", "“We open in May,” she said."),
            ("She said: “<q>We open in May.</q>”", "She said: “We open in May.”"),
            ("Ada Brandt-Lind&shy;ner met Jo Da\u{ad}hl.", "Ada Brandt-Lindner met Jo Dahl."),
        ] {
            assert_eq!(text(inside).lines().next().unwrap(), expected);
        }
        let paragraphs = distinct(3);
        let block = |style: &str| {
            let spans = paragraphs.iter().map(|p| format!("<span style='{style}'>{p}</span>"));
            kinds(&page(&spans.collect::<String>())).len()
        };
        assert_eq!((block("display: block"), block("color:red; DISPLAY:block;")), (4, 4));
        assert_eq!((block("display:inline-block"), block("color:red")), (2, 2));
    }

    #[test]
    fn a_text_for_machines_has_to_be_that_of_the_page() {
        let page = |body: &str, shown: &str| {
            let body = serde_json::to_string(body).unwrap();
            article(&format!(
                "<body><script type=application/ld+json>{{\"@type\": \"NewsArticle\", \"articleBody\": {body}}}</script>\
                 <article><h1>Bridge opens in May</h1>{shown}</article></body>"
            ))
        };
        let (all, shown) = (numbered(12), numbered(2).concat());
        let lines = all.concat().replace("<p>", "").replace("</p>", "\n");
        let escaped = all.concat().replace('<', "&lt;").replace('>', "&gt;");
        for body in [all.concat(), lines.clone(), escaped] {
            for shown in [&*shown, "<p>Loading</p>"] {
                let article = page(&body, shown);
                assert!(
                    article.text.contains("Pile 11 of") && !article.text.contains(['<', '&']),
                    "{}",
                    article.text
                );
                assert_eq!(article.blocks.len(), 13);
            }
        }
        let other = lines.replace("Pile", "Tunnel").replace("the", "each").replace("bridge", "road");
        assert!(!page(&other, &shown).text.contains("Tunnel"));
    }

    #[test]
    fn names_in_a_byline_are_parted_from_titles() {
        let page = format!(
            "<body><article><h1>Bridge opens in May</h1><div class=byline>By <a>Jo Dahl</a><span>Staff Writer</span></div><p>{LONG}</p><p>{LONG}</p></article></body>"
        );
        assert_eq!(article(&page).metadata.bylines, ["Jo Dahl"]);
        let names = |byline: &str| {
            let text = format!("<p>Pile. {LONG}</p><p>Beam. {LONG}</p>");
            article(&format!("<body><h1>Bridge opens in May</h1>{byline}{text}</body>")).metadata.bylines
        };
        for byline in [
            "<div class=byline>By <span>Jo Dahl</span><span>Sound Farm Writer</span></div>",
            "<div>By <b>Jo Dahl</b> | May 6, 2016</div>",
            "<div><p>Posted by <a href=x>Jo Dahl</a></p></div>",
            "<p class=author>Written by <span>Jo Dahl</span></p>",
            "<div class=byline><a rel=author>Jo Dahl</a> <time>May 6, 2016</time></div>",
        ] {
            assert_eq!(names(byline), ["Jo Dahl"], "{byline}");
        }
        for other in [
            "<div>By May the bridge will be ready</div>",
            "<div>Opened by Jo Dahl</div>",
            "<div class=byline><time>May 6, 2016</time></div>",
        ] {
            assert_eq!(names(other), Vec::<String>::new(), "{other}");
        }
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
    fn a_table_is_kept_as_a_whole() {
        let table = |cell: &str, rows: [[&str; 2]; 3]| {
            let row = |[a, b]: [&str; 2]| format!("<tr><{cell}>{a}</{cell}><{cell}>{b}</{cell}></tr>");
            page(&format!("<table>{}</table>", rows.map(row).concat()))
        };
        let article = table("td", [["Year", "Crowns"], ["2015", "31"], ["2016", "44.5"]]);
        assert_eq!(
            kinds(&article)[1..],
            [("paragraph", "Year Crowns"), ("paragraph", "2015 31"), ("paragraph", "2016 44.5")]
        );
        // Numbers elsewhere, and numbers of pages, are no text.
        assert_eq!(kinds(&page("<p>2015</p><div>31 44</div><table><tr><td>7</td></tr></table>")).len(), 1);
    }

    #[test]
    fn labels_of_a_caption_are_no_part_of_it() {
        let caption =
            |inside: &str| page(&format!("<figure><img src=x><figcaption>{inside}</figcaption></figure>"));
        let article =
            caption("<span>Image source,</span> Sound TV<span>Image caption,</span> The bridge in March");
        assert_eq!(kinds(&article)[1..], [("credit", "Sound TV"), ("caption", "The bridge in March")]);
        let article = caption("Image caption: The bridge in March");
        assert_eq!(kinds(&article)[1..], [("caption", "The bridge in March")]);
        let article = caption("The image source was unknown, she said");
        assert_eq!(kinds(&article)[1..], [("caption", "The image source was unknown, she said")]);
    }

    #[test]
    fn a_link_may_hold_blocks() {
        article("A long beginning <a href=x>and a <div>block</div> in</a> a link");
    }

    #[test]
    fn a_first_letter_in_large_type_belongs_to_its_word() {
        for (inside, expected) in [
            (
                "<span>T</span><p>allberg has waited for four years.</p>",
                "Tallberg has waited for four years.",
            ),
            ("<div>“T</div><p>allberg has waited,” he said.</p>", "“Tallberg has waited,” he said."),
            ("<p>A</p><p>bridge has been built.</p>", "A bridge has been built."),
        ] {
            assert_eq!(kinds(&page(&format!("<div>{inside}</div>")))[1..], [("paragraph", expected)]);
        }
        let apart = page("<p>T</p><p>Allberg has waited for four years.</p><p>Two</p><p>years more.</p>");
        assert_eq!(kinds(&apart).len(), 5);
    }

    #[test]
    fn an_article_for_browsers_without_scripts_is_read() {
        let paragraphs = numbered(4).concat();
        let article = article(&format!(
            "<body><h1>Bridge opens in May</h1><script type=text/template>{paragraphs}</script><noscript>{paragraphs}</noscript></body>"
        ));
        assert_eq!(article.text.matches("Pile 3 of").count(), 1);
        let asks =
            page("<noscript><p>Please turn your scripts on to see this page as it was meant.</p></noscript>");
        assert_eq!(kinds(&asks).len(), 1);
    }

    #[test]
    fn an_article_before_a_long_list_is_whole() {
        let names = "Jo Dahl, University of Tallberg<br>Pia Lund, the Sound Institute<br>".repeat(80);
        let article = article(&format!(
            "<body><h1>Bridge opens in May</h1><div><div><p>Another page. {LONG}</p></div></div>\
             <div class=letter>{}<p>{names}</p></div></body>",
            numbered(2).concat()
        ));
        assert!(
            article.text.contains("Pile 0 of") && article.text.contains("Sound Institute"),
            "{}",
            article.text
        );
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
