//! Reads saved RSS, Atom and JSON Feed documents: one article per entry, from the fullest text that the entry has.
//!
//! All versions are read in the same way, RSS 0.9 to 2.0 and Atom 0.3 and 1.0: an element of an entry counts by its name
//! and its namespace, unless it is inside another element such as Atom's `source`, which describes something else. A feed
//! that is cut off or malformed yields whatever can be read.

use std::collections::VecDeque;

use onrecord_text::{Notice, NoticeKind};
use sha2::{Digest, Sha256};

use crate::document::{self, page_of};
use crate::json::{self, Members};
use crate::lists::List;
use crate::xml::{self, Content, Event, Start, local};
use crate::{Format, Hints, Raw, charset, credit, dom, source, stamp};

/// The contents of a feed.
pub(crate) struct Feed {
    /// The entries that have text.
    pub(crate) entries: VecDeque<Raw>,
    /// The number of entries without text.
    pub(crate) without_text: usize,
    /// The number of entries that are drafts, or in the bin, in an export of WordPress.
    pub(crate) unpublished: usize,
    /// The number of entries that the feed only names in order to withdraw them.
    pub(crate) withdrawn: usize,
    /// Why a JSON Feed was not read to its end.
    pub(crate) error: Option<String>,
}

impl Feed {
    /// Marks the entries with these names as withdrawn, and counts the names that no entry has.
    fn without(mut self, names: &[String]) -> Self {
        for name in names {
            let mut found = false;
            for raw in self.entries.iter_mut().filter(|raw| raw.stated.source_id == *name) {
                let message = "the feed says that this entry was withdrawn".to_owned();
                raw.notices.push(Notice { kind: NoticeKind::Withdrawn, message });
                found = true;
            }
            self.withdrawn += usize::from(!found);
        }
        self
    }

    /// A description of what the feed has besides its entries with text.
    pub(crate) fn passed_over(&self) -> Option<String> {
        source::passed_over(&[
            (self.without_text, "entry without text", "entries without text"),
            (self.unpublished, "entry that is not published", "entries that are not published"),
            (self.withdrawn, "entry that the publisher withdrew", "entries that the publisher withdrew"),
        ])
    }
}

/// The entries of an XML feed. An entry is identified by its id or address, or by its content if it has neither.
pub(crate) fn entries(bytes: &[u8], name: &str) -> Result<Feed, String> {
    let decoded = charset::decode(bytes, charset::in_declaration(bytes));
    let mut reader = Reader::default();
    xml::read(&decoded.text, |event| reader.take(event));
    if !reader.is_feed {
        return Err("not a feed: there is no “rss”, “feed” or “RDF” element".to_owned());
    }
    reader.end_entry(true);
    let feed = raws(reader.entries, dom::line(&reader.title), name, decoded.notice);
    Ok(feed.without(&reader.withdrawn))
}

/// The entries of a JSON Feed, or `None` if a JSON document does not declare itself to be one.
pub(crate) fn json_entries(bytes: &[u8], name: &str) -> Option<Feed> {
    let (bytes, odd) = json::mended(bytes);
    let (json::JsonFeed { version, title, items }, error) = json::feed(&bytes);
    if !version.contains("jsonfeed.org/version") {
        return None;
    }
    let items: Vec<Members> =
        items.iter().map(|item| Members::of(item.get().as_bytes()).unwrap_or_default()).collect();
    let entry = |item: &Members| {
        let text = |key: &str| item.scalar(key).unwrap_or_default();
        let any = |keys: [&str; 2]| keys.into_iter().map(text).find(|t| !t.trim().is_empty());
        let mut plain = String::new();
        xml::escape(&text("content_text"), &mut plain);
        let plain = plain.replace("\n\n", "</p><p>");
        let authors = item.value("authors").or_else(|| item.value("author"));
        Entry {
            id: text("id"),
            link: any(["url", "external_url"]),
            title: text("title"),
            content: fullest([
                any(["content_html", "-"]),
                (!plain.trim().is_empty()).then(|| format!("<p>{plain}</p>")),
            ]),
            summary: any(["summary", "-"]),
            note: None,
            dates: ["date_published", "date_modified"]
                .map(text)
                .into_iter()
                .filter(|d| !d.is_empty())
                .collect(),
            status: String::new(),
            author: authors.map(|authors| document::people(&authors).join("; ")).unwrap_or_default(),
            cut: false,
        }
    };
    let title = title.as_ref().and_then(json::scalar).unwrap_or_default();
    let error = error.map(|e| json::stopped(&e, items.len()));
    Some(Feed { error, ..raws(items.iter().map(entry).collect(), dom::line(&title), name, odd) })
}

/// The fields of one entry.
#[derive(Default)]
struct Entry {
    id: String,
    link: Option<String>,
    title: String,
    /// The full text, as markup.
    content: Option<String>,
    /// Replaces `content` if there is none, or if it has more text.
    summary: Option<String>,
    /// A description of a programme or picture, used if there is nothing else.
    note: Option<String>,
    /// Dates of publication, most reliable first.
    dates: Vec<String>,
    /// The authors, with semicolons between them.
    author: String,
    /// Whether it is published, in an export of WordPress.
    status: String,
    /// Whether the feed ends inside the entry.
    cut: bool,
}

impl Entry {
    /// Takes what is missing from another one.
    fn fill(&mut self, other: Self) {
        for (own, other) in [
            (&mut self.id, other.id),
            (&mut self.title, other.title),
            (&mut self.author, other.author),
            (&mut self.status, other.status),
        ] {
            if own.is_empty() {
                *own = other;
            }
        }
        self.link = self.link.take().or(other.link);
        self.content = self.content.take().or(other.content);
        self.summary = self.summary.take().or(other.summary);
        self.note = self.note.take().or(other.note);
    }
}

fn raws(entries: Vec<Entry>, outlet: String, name: &str, odd: Option<Notice>) -> Feed {
    let outlet = Some(outlet).filter(|o| !o.is_empty());
    let all = entries.len();
    let is_published = |entry: &Entry| matches!(entry.status.as_str(), "" | "publish" | "inherit");
    let unpublished = entries.iter().filter(|entry| !is_published(entry)).count();
    let raw = |(n, entry): (usize, Entry)| {
        let body = fullest([entry.content, entry.summary]);
        let body = body.filter(|body| words(body) > 0 || entry.note.is_none()).or(entry.note)?;
        let title = Some(dom::words(&dom::text(&dom::line(&entry.title)))).filter(|t| !t.is_empty());
        let published = entry.dates.iter().find_map(|d| stamp::stamp(d));
        let id = dom::words(&entry.id);
        let id = Some(id).filter(|id| !id.is_empty()).or_else(|| entry.link.clone());
        let source_id = id.unwrap_or_else(|| named_by(title.as_deref(), &body));
        let mut notices: Vec<Notice> = odd.clone().into_iter().collect();
        if let Some(date) = entry.dates.first().filter(|_| published.is_none()) {
            notices.push(document::not_a_date(date));
        }
        if entry.cut {
            let message = "the feed ends inside this entry: the rest of it is missing".to_owned();
            notices.push(Notice { kind: NoticeKind::Truncated, message });
        }
        let byline = Some(dom::line(&entry.author)).filter(|a| !credit::names(a).is_empty());
        let bytes = page_of(title.as_deref(), &without_shortcodes(&unescaped(&body))).into_bytes();
        let stated = Hints { source_id, url: entry.link, outlet: outlet.clone(), published, title };
        Some(Raw { stated, byline, notices, ..Raw::new(format!("{name}#{}", n + 1), Format::Html, bytes) })
    };
    let entries: VecDeque<Raw> =
        entries.into_iter().enumerate().filter(|(_, entry)| is_published(entry)).filter_map(raw).collect();
    let without_text = all - unpublished - entries.len();
    Feed { without_text, unpublished, withdrawn: 0, entries, error: None }
}

/// The body with the most text: some feeds put a picture where others put the article. Of two that are about as long, the
/// first is the article, because the second often lacks its paragraphs.
fn fullest<const N: usize>(bodies: [Option<String>; N]) -> Option<String> {
    let bodies = bodies.into_iter().flatten().filter(|body| !body.trim().is_empty());
    let weighed = bodies.map(|body| (words(&body), body));
    let fuller = |best: (usize, String), other: (usize, String)| {
        if other.0 > best.0 + best.0 / 4 { other } else { best }
    };
    weighed.reduce(fuller).map(|(_, body)| body)
}

/// The most bytes between a mark of WordPress and the one that ends it.
const LONGEST_SHORTCODE: usize = 500;

/// A body in which marks of WordPress are markup: captions are captions, and what stands for a picture or a film is left out.
fn without_shortcodes(body: &str) -> String {
    let (mut whole, mut rest) = (String::with_capacity(body.len()), body);
    while let Some(at) = rest.find('[') {
        whole.push_str(&rest[..at]);
        let mark = &rest[at..];
        let closes = mark.starts_with("[/");
        let inner = &mark[if closes { 2 } else { 1 }..];
        let name =
            &inner[..inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len())];
        let end = mark.find(']').map(|end| end + 1);
        let behind = end.map_or("", |end| &mark[end..]);
        let close = format!("[/{name}]");
        rest = match name {
            "caption" | "wp_caption" if end.is_some() && (closes || behind.contains(&close)) => {
                whole.push_str(if closes { "</figcaption></figure>" } else { "<figure><figcaption>" });
                behind
            }
            name if !closes && end.is_some() && List::Shortcodes.has(name) => {
                // `[audio unclear]` is a remark.
                let has_attributes = mark[..mark.len() - behind.len()].contains('=');
                let closed = behind.find(&close).filter(|length| *length <= LONGEST_SHORTCODE);
                match closed {
                    Some(at) => &behind[at + close.len()..],
                    None if has_attributes => behind,
                    None => {
                        whole.push('[');
                        &mark[1..]
                    }
                }
            }
            _ => {
                whole.push('[');
                &mark[1..]
            }
        };
    }
    whole + rest
}

/// The number of words in a body, without those of its tags.
fn words(body: &str) -> usize {
    unescaped(body).split(['<', '>']).step_by(2).map(|text| text.split_whitespace().count()).sum()
}

/// An identifier for an entry that has none, derived from its content, so it is the same whenever and wherever the feed
/// is read.
fn named_by(title: Option<&str>, body: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(title.unwrap_or_default());
    hash.update([0]);
    hash.update(body);
    let digest = hash.finalize();
    format!("entry:{}", onrecord_text::hexadecimal(&digest[..8]))
}

/// Undoes one level of escaping if the body was escaped once more than the feed declares: its tags or named characters
/// are still escaped.
fn unescaped(body: &str) -> String {
    let tags = |s: &str| s.contains('<') && xml::looks_like_markup(s) && s.contains('>');
    let body = if !tags(body) && body.contains("&lt;") && body.contains("&gt;") && tags(&dom::text(body)) {
        dom::text(body)
    } else {
        body.to_owned()
    };
    dom::mended(&body).into_owned()
}

/// The fields of an entry that are recorded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Id,
    /// An id that is also the entry's address.
    Address,
    Link,
    Title,
    Content,
    Summary,
    Note,
    /// With its rank; a lower rank is more reliable.
    Date(usize),
    Author,
    /// Whether WordPress shows it.
    Status,
}

/// The field of an entry that an element fills. Elements of media and podcast extensions describe pictures and
/// programmes.
fn field(prefix: &str, local: &str) -> Option<Field> {
    if matches!((prefix, local), ("itunes", "summary") | ("media", "description")) {
        return Some(Field::Note);
    }
    if matches!(prefix, "media" | "itunes" | "georss" | "slash" | "wfw" | "sy" | "thr" | "gd" | "geo") {
        return None;
    }
    Some(match (prefix, local) {
        ("wp", "status") => Field::Status,
        ("wp", _) => return None,
        (_, "guid" | "id") => Field::Id,
        (_, "link") => Field::Link,
        ("" | "atom" | "dc" | "rss", "title") => Field::Title,
        (_, "encoded" | "content" | "body" | "fullitem") => Field::Content,
        (_, "description" | "summary" | "abstract") => Field::Summary,
        (_, "pubdate" | "published" | "issued") => Field::Date(0),
        ("dc", "date") => Field::Date(1),
        (_, "created") => Field::Date(2),
        (_, "updated" | "modified" | "lastbuilddate") => Field::Date(3),
        (_, "creator" | "author") => Field::Author,
        _ => return None,
    })
}

/// The namespaces whose elements are told apart, and the prefixes that most feeds have for them.
const NAMESPACES: [(&str, &str); 16] = [
    ("http://wordpress.org/export/1.0", "wp"),
    ("http://wordpress.org/export/1.1", "wp"),
    ("http://wordpress.org/export/1.2", "wp"),
    ("http://search.yahoo.com/mrss", "media"),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"),
    ("http://purl.org/dc/elements/1.1", "dc"),
    ("http://purl.org/dc/terms", "dc"),
    ("http://www.w3.org/2005/atom", "atom"),
    ("http://purl.org/rss/1.0", "rss"),
    ("http://www.georss.org/georss", "georss"),
    ("http://purl.org/rss/1.0/modules/slash", "slash"),
    ("http://wellformedweb.org/commentapi", "wfw"),
    ("http://purl.org/rss/1.0/modules/syndication", "sy"),
    ("http://purl.org/syndication/thread/1.0", "thr"),
    ("http://schemas.google.com/g/2005", "gd"),
    ("http://www.w3.org/2003/01/geo/wgs84_pos", "geo"),
];
/// The most prefixes of a feed that are resolved.
const MOST_PREFIXES: usize = 100;

/// The usual prefix of a namespace.
fn usual_prefix(namespace: &str) -> Option<&'static str> {
    let namespace = namespace.trim().trim_end_matches(['/', '#']).to_ascii_lowercase();
    let namespace = namespace.replacen("https:", "http:", 1);
    NAMESPACES.iter().find(|(known, _)| *known == namespace).map(|(_, prefix)| *prefix)
}

/// The base of an element that states this one, inside an element with another one.
fn base_of(stated: Option<&str>, outer: &str) -> String {
    stated
        .map(str::trim)
        .filter(|base| !base.is_empty())
        .map_or_else(|| outer.to_owned(), |base| joined(outer, base))
}

/// An address in a document with this base (RFC 3986, section 5.2).
fn joined(base: &str, address: &str) -> String {
    let scheme =
        |a: &str| a.split_once(':').is_some_and(|(s, _)| !s.is_empty() && !s.contains(['/', '?', '#']));
    let base = base.split(['?', '#']).next().unwrap_or_default();
    let Some((protocol, rest)) = base.split_once("://").filter(|_| !scheme(address) && !address.is_empty())
    else {
        return address.to_owned();
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = match address {
        other if other.starts_with("//") => return format!("{protocol}:{other}"),
        absolute if absolute.starts_with('/') => absolute.to_owned(),
        more if more.starts_with(['?', '#']) => format!("{path}{more}"),
        relative => {
            let mut folder = &path[..path.rfind('/').unwrap_or(0)];
            let mut relative = relative;
            loop {
                relative = match relative.split_once('/') {
                    Some((".", rest)) => rest,
                    Some(("..", rest)) => {
                        folder = &folder[..folder.rfind('/').unwrap_or(0)];
                        rest
                    }
                    _ => break,
                };
            }
            format!("{folder}/{relative}")
        }
    };
    format!("{protocol}://{host}{path}")
}

/// An element of an entry that is not one of its fields and may contain elements with the same names.
struct Aside {
    name: String,
    /// The number of open elements with this name.
    times: usize,
    /// What the entry had before it.
    entry: Entry,
    dates: Vec<(usize, String)>,
}

/// The state of reading a feed.
#[derive(Default)]
struct Reader {
    is_feed: bool,
    /// The prefix of the elements that belong to the feed itself.
    prefix: String,
    title: String,
    entries: Vec<Entry>,
    /// The names of the entries that the feed withdraws (RFC 6721).
    withdrawn: Vec<String>,
    entry: Option<Entry>,
    /// The element being recorded: its name, the number of open elements with this name, its field, its content.
    open: Option<(String, usize, Field, Content)>,
    /// The dates of the entry by rank.
    dates: Vec<(usize, String)>,
    /// An element of the feed that has its own title, which is not the feed's.
    aside: Option<String>,
    /// The element of the entry that is being passed over.
    within: Option<Aside>,
    /// The prefixes that were declared, and the usual ones for their namespaces.
    prefixes: Vec<(String, &'static str)>,
    /// The base of relative addresses of the feed and of the entry.
    base: String,
    entry_base: String,
}

impl Reader {
    fn take(&mut self, event: Event) {
        let boundary = match &event {
            Event::Start(start) => Some(start.name.as_str()),
            Event::End(name) => Some(name.as_str()),
            Event::Text(_) => None,
        };
        if boundary.is_some_and(|name| matches!(local(name), "item" | "entry") && !name.starts_with("media"))
        {
            // The open element was never closed.
            self.close();
            match event {
                Event::Start(start) => {
                    self.end_entry(false);
                    self.declare(&start);
                    self.aside = None;
                    self.entry_base = base_of(start.attribute("base"), &self.base);
                    let about = start.attribute("about").unwrap_or_default().to_owned();
                    self.entry = Some(Entry { id: about, ..Entry::default() });
                    if start.empty {
                        self.end_entry(false);
                    }
                }
                _ => self.end_entry(false),
            }
            return;
        }
        match (&mut self.open, event) {
            (Some((name, times, field, content)), event) => {
                match &event {
                    Event::Start(start) if start.name == *name && !start.empty => *times += 1,
                    Event::End(end) if end == name => *times -= 1,
                    _ => {}
                }
                if *times == 0 {
                    self.close();
                } else {
                    content.push(&event, |_| None);
                    // A name and an address may touch.
                    if *field == Field::Author && matches!(event, Event::End(_)) {
                        content.push(&Event::Text(" ".into()), |_| None);
                    }
                }
            }
            (None, Event::Start(start)) => self.start(&start),
            (None, Event::End(name)) => {
                if self.aside.as_deref() == Some(&*name) {
                    self.aside = None;
                }
                if let Some(within) = self.within.as_mut().filter(|w| w.name == name) {
                    within.times -= 1;
                    if within.times == 0 {
                        self.leave();
                    }
                }
            }
            (None, Event::Text(_)) => {}
        }
    }

    /// Notes the prefixes that an element declares.
    fn declare(&mut self, start: &Start) {
        for (name, namespace) in &start.attributes {
            let prefix = name.strip_prefix("xmlns:").filter(|_| self.prefixes.len() < MOST_PREFIXES);
            if let Some((prefix, usual)) = prefix.zip(usual_prefix(namespace))
                && !self.prefixes.iter().any(|(known, _)| known == prefix)
            {
                self.prefixes.push((prefix.to_owned(), usual));
            }
        }
    }

    /// The usual prefix of an element; none for the elements of the feed itself.
    fn prefix<'s>(&'s self, start: &'s Start) -> &'s str {
        let prefix = start.name.split_once(':').map_or("", |(prefix, _)| prefix);
        if prefix.is_empty() {
            let own = start.attributes.iter().find(|(name, _)| name == "xmlns");
            return own.and_then(|(_, namespace)| usual_prefix(namespace)).unwrap_or_default();
        }
        if prefix == self.prefix {
            return "";
        }
        self.prefixes.iter().find(|(known, _)| known == prefix).map_or(prefix, |(_, usual)| usual)
    }

    /// Forgets what an element inside the entry said about something else.
    fn leave(&mut self) {
        if let Some(Aside { entry, dates, .. }) = self.within.take() {
            self.entry = Some(entry);
            self.dates = dates;
        }
    }

    fn start(&mut self, start: &Start) {
        let name = local(&start.name);
        self.declare(start);
        if !self.is_feed && matches!(name, "rss" | "feed" | "rdf" | "channel") {
            self.is_feed = true;
            self.prefix =
                start.name.rsplit_once(':').map(|(prefix, _)| prefix.to_owned()).unwrap_or_default();
            self.base = start.attribute("base").unwrap_or_default().trim().to_owned();
        }
        if name == "deleted-entry" && self.entry.is_none() {
            self.withdrawn.push(dom::words(start.attribute("ref").unwrap_or_default()));
        }
        if self.entry.is_none() && matches!(name, "image" | "textinput" | "author") && !start.empty {
            self.aside = Some(start.name.clone());
        }
        let prefix = self.prefix(start);
        let Some(field) = field(prefix, name).filter(|_| self.aside.is_none()) else {
            // The note on a picture or a programme is often inside a group.
            if prefix != "media" {
                self.pass_over(start);
            }
            return;
        };
        if field == Field::Link
            && let Some(address) = start.attribute("href")
        {
            let address = joined(&base_of(start.attribute("base"), &self.entry_base), address.trim());
            let entry = self.entry.as_mut();
            let main = start.attribute("rel").is_none_or(|rel| rel == "alternate");
            if let Some(entry) = entry.filter(|e| main && e.link.is_none()) {
                entry.link = Some(address);
            }
            return;
        }
        let wanted = self.entry.is_some() || (field == Field::Title && self.title.is_empty());
        if wanted && !start.empty {
            // Atom uses “text” for words without markup.
            let is_plain = start.attribute("type").is_some_and(|t| t == "text" || t == "text/plain")
                && start.attribute("mode").is_none_or(|m| m != "escaped");
            // Without `isPermaLink`, an id is only a name, even if it looks like an address.
            let permanent = start.attribute("ispermalink").is_some_and(|v| v.eq_ignore_ascii_case("true"));
            let field = if permanent && field == Field::Id { Field::Address } else { field };
            self.open = Some((start.name.clone(), 1, field, Content::new(is_plain)));
        }
    }

    /// Passes over an element of an entry that is not one of its fields.
    fn pass_over(&mut self, start: &Start) {
        // Like the page's void elements, other than `source`, it may have no end tag.
        let name = local(&start.name);
        if start.empty || self.entry.is_none() || dom::is_void(name) && name != "source" {
            return;
        }
        match &mut self.within {
            Some(within) => within.times += usize::from(within.name == start.name),
            None => {
                let entry = self.entry.replace(Entry::default()).unwrap_or_default();
                let dates = std::mem::take(&mut self.dates);
                self.within = Some(Aside { name: start.name.clone(), times: 1, entry, dates });
            }
        }
    }

    /// Finishes the element being recorded.
    fn close(&mut self) {
        let Some((_, _, field, content)) = self.open.take() else { return };
        let Some(entry) = &mut self.entry else {
            self.title = content.into_line();
            return;
        };
        if content.is_blank() && !content.has_elements {
            return;
        }
        match field {
            Field::Id => entry.id = content.into_text(),
            Field::Address => {
                entry.id = content.into_text();
                entry.link = entry.link.take().or_else(|| Some(entry.id.trim().to_owned()));
            }
            Field::Link => {
                let address = joined(&self.entry_base, content.into_text().trim());
                entry.link = entry.link.take().or(Some(address));
            }
            Field::Title if entry.title.is_empty() => entry.title = content.into_line(),
            Field::Content => {
                let markup = content.into_markup();
                // Of several, the longest is the article.
                if entry.content.as_ref().is_none_or(|c| c.len() < markup.len()) {
                    entry.content = Some(markup);
                }
            }
            Field::Summary if entry.summary.is_none() => entry.summary = Some(content.into_markup()),
            Field::Status => entry.status = content.into_line().to_lowercase(),
            Field::Note => entry.note = entry.note.take().or_else(|| Some(content.into_markup())),
            Field::Date(rank) => self.dates.push((rank, content.into_text().trim().to_owned())),
            Field::Author => {
                if !entry.author.is_empty() {
                    entry.author.push_str("; ");
                }
                entry.author.push_str(&author(&content.into_line()));
            }
            _ => {}
        }
    }

    fn end_entry(&mut self, cut: bool) {
        let inside = self.open.is_some();
        self.close();
        if let Some(Aside { entry, dates, .. }) = self.within.take() {
            // It was never closed, so what follows it may belong to the entry.
            let inner = self.entry.replace(entry).unwrap_or_default();
            self.dates.splice(0..0, dates);
            if let Some(entry) = &mut self.entry {
                entry.fill(inner);
            }
        }
        let mut dates = std::mem::take(&mut self.dates);
        dates.sort_by_key(|(rank, _)| *rank);
        if let Some(entry) = self.entry.take() {
            let dates = dates.into_iter().map(|(_, date)| date).collect();
            self.entries.push(Entry { dates, cut: cut && inside, ..entry });
        }
    }
}

/// The name of an author in RSS: `jo@sound.example (Jo Dahl)`.
fn author(text: &str) -> String {
    let named = text.split_once('(').map(|(_, name)| name.trim_end_matches(')'));
    let words = named.unwrap_or(text).split_whitespace();
    words.filter(|w| !w.contains('@') && !w.contains("://")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use onrecord_text::Article;

    const RSS: &str = r#"<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
        <channel><title>The Sound &amp; Shore</title><image><title>Logo</title></image>
        <item><title>Bridge to open</title><link>http://sound.example/7</link><guid>7</guid>
          <pubDate>Fri, 04 Mar 2016 23:30:00 EST</pubDate><description>Short.</description>
          <content:encoded><![CDATA[<p>“We open in May,” Minister Ada Brandt said on Friday.</p>]]></content:encoded></item>
        <item><title>Nothing more</title></item></channel></rss>"#;
    const ATOM: &str = r#"<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>The Sound</a:title><a:id>x</a:id>
        <a:entry><a:id>tag:7</a:id><a:title>Bridge to open</a:title><a:link rel="alternate" href="http://sound.example/7"/>
        <a:updated>2016-03-06T10:00:00Z</a:updated><a:published>2016-03-04T23:30:00-05:00</a:published>
        <a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><iframe src="a"/><p>It will open in May, the minister said.</p></div></a:content>
        </a:entry></a:feed>"#;
    const OLD_ATOM: &str = r#"<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>The Sound</title>
        <entry><id>tag:7</id><title>Bridge to open</title><link rel="alternate" href="http://sound.example/7"/>
        <issued>2016-03-04T23:30:00+01:00</issued><content type="text/html" mode="escaped">&lt;p>It will open in May, the minister said.&lt;/p></content>
        </entry></feed>"#;
    const NAKED: &str = r#"<rss><channel><title>The Sound</title><item><title>Bridge to open</title>
        <link>http://sound.example/7</link><pubDate>4 Mar 2016 00:30 CET</pubDate>
        <description><p>Sea & shore: it will open in May,<br/> the minister said.</p></description></item></channel></rss>"#;
    const JSON: &str = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "The Sound", "items": [
        {"id": 7, "url": "http://sound.example/7", "title": "Bridge to open", "date_published": "2016-03-04T23:30:00-05:00",
         "content_html": "<p>It will open in May, the minister said.</p>"}]}"#;

    fn articles(feed: &str) -> Vec<Article> {
        let feed = json_entries(feed.as_bytes(), "in").map_or_else(|| entries(feed.as_bytes(), "in"), Ok);
        feed.unwrap().entries.iter().map(|raw| raw.read(&Hints::default()).unwrap()).collect()
    }

    #[test]
    fn kinds_of_feed() {
        assert!(json_entries(b"{\"version\": 2}", "in").is_none());
        let all =
            [(RSS, "The Sound & Shore"), (ATOM, "The Sound"), (OLD_ATOM, "The Sound"), (NAKED, "The Sound")];
        for (feed, outlet) in all.into_iter().chain([(JSON, "The Sound")]) {
            let articles = articles(feed);
            assert_eq!(articles.len(), 1, "{feed}");
            let article = &articles[0];
            assert!(article.text.contains("in May,"), "{}", article.text);
            assert!(!article.text.contains(['<', '&']) || feed == NAKED, "{}", article.text);
            let m = &article.metadata;
            // The day is the one that the feed states, even if it was another day in other time zones.
            assert_eq!(m.published.unwrap().to_string(), "2016-03-04");
            assert_eq!(
                (m.outlet.as_deref(), m.url.as_deref()),
                (Some(outlet), Some("http://sound.example/7"))
            );
            assert_eq!(m.title.as_deref(), Some("Bridge to open"));
        }
    }

    #[test]
    fn what_describes_a_programme_stands_in_for_the_text() {
        let feed = |more: &str| {
            format!("<rss><item><itunes:summary>It rained, she said.</itunes:summary>{more}</item></rss>")
        };
        assert_eq!(articles(&feed(""))[0].text, "It rained, she said.");
        assert_eq!(
            articles(&feed("<fullitem>It snowed, he said.</fullitem>"))[0].text,
            "It snowed, he said."
        );
    }

    #[test]
    fn an_entry_may_have_several_authors() {
        let text = "<description>It rained, she said.</description>";
        for feed in [
            format!("<rss><item><dc:creator>Jo Dahl</dc:creator><dc:creator>Pia Lund</dc:creator>{text}</item></rss>"),
            format!("<rss><item><author>jo@sound.example (Jo Dahl)</author><dc:creator>By Pia Lund</dc:creator>{text}</item></rss>"),
            "<feed><author><name>The Sound</name></author><entry><author><name>Jo Dahl</name><email>jo@sound.example</email></author>\
             <author><name>Pia Lund</name></author><summary>It rained, she said.</summary></entry></feed>".to_owned(),
            r#"{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 7, "content_text": "It rained, she said.",
                "authors": [{"name": "Jo Dahl"}, {"name": "Pia Lund"}]}]}"#.to_owned(),
        ] {
            assert_eq!(articles(&feed)[0].metadata.bylines, ["Jo Dahl", "Pia Lund"], "{feed}");
        }
    }

    #[test]
    fn what_is_inside_another_element_describes_something_else() {
        let fields = "<id>tag:7</id><title>Bridge to open</title><link href='http://sound.example/7'/>\
            <author><name>Jo Dahl</name></author><published>2016-03-04</published>";
        let text = "<content>It will open in May, she said.</content>";
        for source in [
            "<source><id>tag:all</id><title>The Shore</title><link href='http://shore.example/'/><author><name>Pia \
             Lund</name></author><published>2015-01-01</published><rights>The Shore</rights></source>",
            "<source url='http://shore.example/'>The Shore</source>",
            "<x:related><x:related/><id>9</id><content>Ferries will be sold, said the minister in Sundby.</content></x:related>",
        ] {
            for entry in [[source, fields, text], [fields, text, source]] {
                let article = &articles(&format!("<feed><entry>{}</entry></feed>", entry.concat()))[0];
                assert_eq!(article.source_id, "tag:7", "{source}");
                assert_eq!(article.text, "Bridge to open\n\nIt will open in May, she said.");
                let m = &article.metadata;
                assert_eq!(m.url.as_deref(), Some("http://sound.example/7"));
                assert_eq!(m.bylines, ["Jo Dahl"]);
                assert_eq!(m.published.unwrap().to_string(), "2016-03-04");
            }
            // Without fields of its own, the entry has none.
            let article = &articles(&format!("<feed><entry>{text}{source}</entry></feed>"))[0];
            assert!(article.source_id.starts_with("entry:") && article.metadata.title.is_none());
        }
        // An element that is never closed hides nothing.
        let open =
            format!("<feed><entry><source>{fields}{text}</entry><entry><id>tag:8</id>{text}</entry></feed>");
        let ids: Vec<_> = articles(&open).into_iter().map(|a| a.source_id).collect();
        assert_eq!(ids, ["tag:7", "tag:8"]);
    }

    #[test]
    fn prefixes_stand_for_namespaces() {
        let feed = |root: &str, more: &str| {
            let item = "<item><guid>7</guid><description>It will open in May, she said.</description>";
            articles(&format!("<rss {root}><channel>{item}{more}</item></channel></rss>"))[0].clone()
        };
        let media = "xmlns:m='http://search.yahoo.com/mrss/' xmlns:d='http://purl.org/dc/elements/1.1/'";
        let more = "<m:title>The bridge in fog</m:title><m:content><m:description>A picture of the bridge that was taken \
                    in fog.</m:description></m:content><d:title>Bridge to open</d:title>";
        let article = feed(media, more);
        assert_eq!(article.metadata.title.as_deref(), Some("Bridge to open"));
        assert!(article.text.ends_with("It will open in May, she said."), "{}", article.text);
        let own = "<title xmlns='http://search.yahoo.com/mrss/'>The bridge in fog</title><title>Bridge to open</title>";
        assert_eq!(feed("", own).metadata.title.as_deref(), Some("Bridge to open"));
    }

    #[test]
    fn addresses_are_joined_to_their_base() {
        for (base, address, expected) in [
            ("https://sound.example/news/", "a1", "https://sound.example/news/a1"),
            ("https://sound.example/news/list", "a1?b=c:d", "https://sound.example/news/a1?b=c:d"),
            ("https://sound.example/news/list", "../a1", "https://sound.example/a1"),
            ("https://sound.example", "a1", "https://sound.example/a1"),
            ("https://sound.example/news/", "/a1", "https://sound.example/a1"),
            ("https://sound.example/news/", "//shore.example/a1", "https://shore.example/a1"),
            ("https://sound.example/news/", "http://shore.example/a1", "http://shore.example/a1"),
            ("https://sound.example/news?a", "?b", "https://sound.example/news?b"),
            ("", "a1", "a1"),
        ] {
            assert_eq!(joined(base, address), expected);
        }
        let feed = "<feed xml:base='https://sound.example/news/'><entry xml:base='may/'><link href='7'/>\
                    <summary>It rained.</summary></entry><entry><link href='8'/><summary>It rained.</summary></entry></feed>";
        let addresses: Vec<_> = articles(feed).into_iter().filter_map(|a| a.metadata.url).collect();
        assert_eq!(addresses, ["https://sound.example/news/may/7", "https://sound.example/news/8"]);
    }

    #[test]
    fn of_several_bodies_the_fullest_is_read() {
        let (picture, text) =
            ("&lt;img src='a'> A bridge", "It will open in May, the minister said on Friday.");
        let feed = |encoded: &str, description: &str| {
            format!(
                "<rss><item><description>{description}</description><content:encoded>{encoded}</content:encoded></item></rss>"
            )
        };
        let long = format!("{text} Nobody will have to pay.");
        for feed in [
            feed(picture, text),
            feed(text, picture),
            feed(&format!("&lt;p>{text}&lt;/p>"), text),
            format!(
                r#"{{"version": "https://jsonfeed.org/version/1", "items": [{{"content_html": "<img src=a>", "content_text": "{text}"}}]}}"#
            ),
        ] {
            assert_eq!(articles(&feed)[0].text, text, "{feed}");
        }
        // A note at the end of a summary does not make it the article.
        let paragraphs = format!("&lt;p>{text}&lt;/p>&lt;p>Nobody will have to pay.&lt;/p>");
        assert_eq!(articles(&feed(&paragraphs, &format!("{long} More")))[0].blocks.len(), 2);
    }

    #[test]
    fn an_export_of_wordpress_has_drafts_and_marks_of_its_own() {
        let body = "It rained all day in Tallberg, she said.\n\n\"Nobody came,\" she added.\n\n\
            [caption id=\"a\" width=\"300\"]<img src=\"a\"/> The bridge in fog[/caption]\n\n[gallery ids=\"1,2\"]\n\n\
            [embed]https://sound.example/film[/embed]\n\nIt will [sic] snow, he said.";
        let item = |status: &str| {
            format!(
                "<item><title>Rain</title><content:encoded><![CDATA[{body}]]></content:encoded><wp:status>{status}</wp:status></item>"
            )
        };
        let statuses = ["publish", "draft", "trash", "private", "future", "pending"].map(item).concat();
        let feed =
            format!("<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel>{statuses}</channel></rss>");
        let found = entries(feed.as_bytes(), "in").unwrap();
        assert_eq!(found.passed_over().unwrap(), "passed over 5 entries that are not published");
        let article = &articles(&feed)[0];
        let blocks: Vec<_> =
            article.blocks.iter().map(|b| (b.kind.name(), b.span.of(&article.text))).collect();
        assert_eq!(
            blocks,
            [
                ("headline", "Rain"),
                ("paragraph", "It rained all day in Tallberg, she said."),
                ("paragraph", "\"Nobody came,\" she added."),
                ("caption", "The bridge in fog"),
                ("paragraph", "It will [sic] snow, he said."),
            ]
        );
        for text in [
            "It [rained",
            "It [audio unclear] rained",
            "[video] It rained",
            "[caption] It rained",
            "[/gallery]",
            "[gallery",
            "[]",
        ] {
            assert_eq!(without_shortcodes(text), text);
        }
    }

    #[test]
    fn an_entry_may_be_withdrawn() {
        let entry = "<entry><id>tag:7</id><summary>It rained, she said.</summary></entry>";
        let deleted = |name: &str| {
            format!(
                "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='{name}' when='2016-03-09'/>"
            )
        };
        let feed = format!("<feed>{entry}{}{}</feed>", deleted("tag:7"), deleted("tag:8"));
        let found = entries(feed.as_bytes(), "in").unwrap();
        assert_eq!(found.passed_over().unwrap(), "passed over 1 entry that the publisher withdrew");
        assert_eq!(found.entries[0].notices[0].kind, NoticeKind::Withdrawn);
    }

    #[test]
    fn entries_without_text_are_counted() {
        let feed = entries(RSS.as_bytes(), "in").unwrap();
        assert_eq!((feed.entries.len(), feed.without_text), (1, 1));
    }

    #[test]
    fn an_entry_without_a_name_is_named_by_what_it_says() {
        let feed = |body: &str| {
            format!("<rss><channel><item><description>{body}</description></item></channel></rss>")
        };
        let id = |body| articles(&feed(body))[0].source_id.clone();
        assert_eq!(id("It rained, she said."), id("It rained, she said."));
        assert_ne!(id("It rained, she said."), id("It snowed, she said."));
        assert!(id("It rained.").starts_with("entry:"));
    }

    #[test]
    fn what_was_escaped_twice_is_read() {
        for body in [
            "&lt;p>&amp;#8220;We open,&amp;#8221; she said.&lt;/p>",
            "&lt;p>&amp;amp;#8220;We open,&amp;amp;#8221; she said.&lt;/p>",
            "&lt;p>&amp;amp;ldquo;We open,&amp;amp;rdquo; she said.&lt;/p>",
            "<![CDATA[&lt;p&gt;“We open,” she said.&lt;/p&gt;]]>",
            "&amp;lt;p&amp;gt;“We open,” she said.&amp;lt;/p&amp;gt;",
            "“We open,” she said.",
        ] {
            let feed = format!(
                "<rss><item><title>a &amp;amp; &amp;#8216;b&amp;#8217;</title><description>{body}</description></item></rss>"
            );
            let article = &articles(&feed)[0];
            assert!(article.text.ends_with("“We open,” she said."), "{body}: {}", article.text);
            assert_eq!(article.metadata.title.as_deref(), Some("a & ‘b’"));
        }
    }

    #[test]
    fn a_feed_that_is_cut_off_yields_what_is_there() {
        let cut = &RSS[..RSS.find("on Friday").unwrap()];
        let article = &articles(&cut.replace("R & D", ""))[0];
        assert!(article.text.contains("“We open in May,”"));
        assert_eq!(article.notices[0].kind, NoticeKind::Truncated);
    }

    #[test]
    fn a_json_feed_that_is_cut_off_yields_its_whole_entries() {
        let second = r#"}, {"id": 123456789012345678901, "content_text": "It \ud83d snowed."}, {"id"#;
        let feed = json_entries(JSON.replace("}]}", second).as_bytes(), "in").unwrap();
        let read: Vec<_> = feed.entries.iter().map(|raw| raw.read(&Hints::default()).unwrap()).collect();
        assert_eq!(read.len(), 2);
        assert_eq!(
            (read[1].source_id.as_str(), read[1].text.as_str()),
            ("123456789012345678901", "It \u{fffd} snowed.")
        );
        assert_eq!(read[1].notices[0].kind, NoticeKind::Encoding);
        assert!(feed.error.unwrap().ends_with("; 2 items before that were read"));
    }

    #[test]
    fn a_late_declaration_is_passed_over() {
        let late =
            format!("{}<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{}", "\n".repeat(100), &RSS[21..]);
        assert_eq!(articles(&late).len(), 1);
    }

    #[test]
    fn what_is_no_feed_says_so() {
        assert!(entries(b"<catalog/>", "in").err().unwrap().starts_with("not a feed: "));
    }
}
