//! Reads NewsML-G2, the envelope of news agencies, its predecessor NewsML 1, and NITF, the older markup that is often
//! inside them (all by the IPTC).

use std::collections::{HashSet, VecDeque};

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use onrecord_text::{Dateline, Notice, NoticeKind, PartialDate};

use crate::document::{self, page_of};
use crate::source::{OTHER_ITEMS, is_binary};
use crate::xml::{self, Content, Event, Start, local};
use crate::{Format, Hints, Raw, charset, dom, plain, stamp};

/// The contents of a document.
pub(crate) struct Items {
    /// The news items that have text.
    pub(crate) items: VecDeque<Raw>,
    /// The number of items without text: pictures, packages, concepts.
    pub(crate) without_text: usize,
}

/// The news items of a document that have text, each with the data of its header. A document that is cut off or
/// malformed is read as far as possible.
///
/// # Errors
///
/// If it contains no news item.
pub(crate) fn items(bytes: &[u8], name: &str) -> Result<Items, String> {
    let decoded = charset::decode(bytes, charset::in_declaration(bytes));
    let mut reader = Reader { name, ..Reader::default() };
    xml::read(&decoded.text, |event| reader.take(event));
    reader.end(true);
    let Reader { mut items, without_text, other, .. } = reader;
    match other {
        Some(other) if items.is_empty() && without_text == 0 => {
            return Err(format!("an IPTC {other}, which describes news but is not an article"));
        }
        _ if items.is_empty() && without_text == 0 => {
            return Err("no news item stands in it".to_owned());
        }
        _ => {}
    }
    if let Some(notice) = decoded.notice {
        items.iter_mut().for_each(|item| item.notices.push(notice.clone()));
    }
    Ok(Items { items, without_text })
}

#[derive(Default)]
struct Reader<'a> {
    name: &'a str,
    items: VecDeque<Raw>,
    without_text: usize,
    /// The kind of another item, as shown to users.
    other: Option<&'static str>,
    item: Option<Item>,
    /// The names of the open elements, without prefixes.
    path: Vec<String>,
    /// The element being recorded: its name, the number of open elements with this name, its media type, its content.
    open: Option<(String, usize, Option<String>, Content)>,
    /// Whether a place ends here, so that a date would touch it.
    touches: bool,
}

impl Reader<'_> {
    fn take(&mut self, event: Event) {
        if let Some((name, times, _, content)) = &mut self.open {
            let touches = &mut self.touches;
            match &event {
                Event::Start(start) if local(&start.name) == name && !start.empty => *times += 1,
                Event::End(end) if local(end) == name => *times -= 1,
                _ => {}
            }
            if let Some(item) = &mut self.item {
                item.nitf(&event);
            }
            if *times == 0 {
                self.close();
            } else {
                record(content, &event, touches);
            }
            return;
        }
        match event {
            Event::Start(start) => self.start(&start),
            Event::End(end) => {
                let name = local(&end);
                // An end tag without a start tag is ignored.
                if let Some(at) = self.path.iter().rposition(|open| open == name) {
                    self.path.truncate(at);
                }
                if name == "newsitem" {
                    self.end(false);
                }
            }
            Event::Text(text) => {
                if let Some(item) = &mut self.item {
                    item.text(&self.path, &text);
                }
            }
        }
    }

    fn start(&mut self, start: &Start) {
        let name = local(&start.name);
        if name == "newsitem" {
            self.end(false);
            let attribute = |name: &str| start.attribute(name).unwrap_or_default().to_owned();
            // An item of the Reuters Corpus has a name of its own for its number.
            let (guid, number) = (attribute("guid"), attribute("itemid"));
            let is_story = guid.is_empty() && !number.is_empty();
            let mut item = Item { guid, is_story, ..Item::default() };
            if is_story {
                (item.guid, item.dates[0]) = (number, attribute("date"));
            }
            self.item = Some(item);
        }
        if let Some(other) = OTHER_ITEMS.iter().position(|other| *other == name) {
            self.other = Some(
                [
                    "concept item",
                    "knowledge item",
                    "planning item",
                    "package item",
                    "catalog item",
                    "event item",
                ][other],
            );
            self.end(false);
        }
        if name == "nitf" && self.item.is_none() {
            self.item = Some(Item::default());
        }
        let Some(item) = &mut self.item else { return };
        item.start(name, start, &self.path);
        let inside = |name: &str| self.path.iter().any(|p| p == name);
        let body = matches!(name, "inlinexml" | "inlinedata" | "nitf")
            || (name == "datacontent" && inside("newscomponent"))
            || (name == "text" && item.is_story);
        if body && !start.empty {
            let kind = start.attribute("contenttype").map(str::to_owned);
            let encoding = match name {
                "inlinedata" => start.attribute("encoding"),
                "datacontent" if inside("encoding") => item.notation.as_deref(),
                _ => None,
            };
            let encoding = encoding.map(str::trim).filter(|encoding| !encoding.is_empty());
            item.encoded = encoding.map(|encoding| encoding.chars().take(40).collect());
            self.open = Some((name.to_owned(), 1, kind, Content::default()));
        } else if !start.empty {
            self.path.push(name.to_owned());
        }
    }

    /// Finishes the element being recorded.
    fn close(&mut self) {
        let Some((name, _, kind, content)) = self.open.take() else { return };
        let alone = name == "nitf" && self.path.is_empty();
        if let Some(item) = &mut self.item {
            item.body(kind.as_deref(), content, &name);
        }
        if alone {
            self.end(false);
        }
    }

    /// Finishes the item.
    fn end(&mut self, cut: bool) {
        let cut = cut && (self.open.is_some() || self.item.is_some());
        self.close();
        let Some(mut item) = self.item.take() else { return };
        if cut {
            let message = "the document ends inside this item: the rest of it is missing".to_owned();
            item.notices.push(Notice { kind: NoticeKind::Truncated, message });
        }
        match item.raw(self.name, self.items.len() + self.without_text) {
            Some(raw) => self.items.push_back(raw),
            None => self.without_text += 1,
        }
    }
}

/// The fields of one news item.
#[derive(Default)]
struct Item {
    guid: String,
    url: Option<String>,
    /// The headline, and whether it is marked as the main one of several.
    headline: String,
    main_headline: bool,
    /// Whether the headline opened last is the one to use.
    takes_headline: bool,
    /// Whether the name opened last is the first one of the publisher.
    takes_name: bool,
    /// The publisher's name or code in an attribute, and its name in an element, which counts for more.
    provider: String,
    provider_name: String,
    /// The identifier of the publisher in NewsML 1, such as its host.
    provider_id: String,
    /// The name of a version of the item in NewsML 1, and the number of the version.
    version: String,
    revision: String,
    /// Whether it is a story of the Reuters Corpus, and its title, which stands in for the headline.
    is_story: bool,
    story_title: String,
    by: String,
    /// The dateline as a line, and its place and its date.
    dateline: String,
    place: String,
    filed: Option<PartialDate>,
    in_dateline: bool,
    in_place: bool,
    /// The dates of the content, the first version, the issue, this version, a release and the publication, most reliable
    /// first.
    dates: [String; 6],
    /// The article as a page and as plain text; the longest of each.
    page: Option<String>,
    plain: Option<String>,
    /// The encoding of the body being recorded, if it is not plain.
    encoded: Option<String>,
    /// The encoding of the content of NewsML 1 from here on.
    notation: Option<String>,
    /// Bodies that are shorter than those.
    others: Vec<String>,
    notices: Vec<Notice>,
}

impl Item {
    fn start(&mut self, name: &str, start: &Start, path: &[String]) {
        match name {
            "encoding" => self.notation = start.attribute("notation").map(str::to_owned),
            "party" if path.last().is_some_and(|p| p == "provider") && self.provider.is_empty() => {
                self.provider = start.attribute("formalname").unwrap_or_default().to_owned();
            }
            "link" | "itemmetaextproperty" => {
                let address = start.attribute("href").filter(|a| a.starts_with("http"));
                let canonical = start
                    .attribute("rel")
                    .is_some_and(|r| r.ends_with("canonical") || r.ends_with("webpage"));
                self.url = self.url.take().or(address.filter(|_| canonical).map(str::to_owned));
            }
            "provider" => {
                if let Some(name) = start.attribute("literal") {
                    self.provider = name.to_owned();
                }
            }
            "name" => self.takes_name = self.provider_name.trim().is_empty(),
            "pubstatus" | "status" => {
                let status =
                    start.attribute("qcode").or(start.attribute("formalname")).or(start.attribute("uri"));
                self.notices.extend(status.and_then(document::withdrawn));
            }
            "headline" => {
                // Of several headlines the main one counts, or else the first.
                let main = start.attribute("role").is_none_or(|role| {
                    let role = role.rsplit(':').next().unwrap_or(role).to_lowercase();
                    matches!(role.as_str(), "headline" | "main" | "hl" | "title" | "")
                });
                let empty = self.headline.trim().is_empty();
                self.takes_headline = empty || (main && !self.main_headline);
                if self.takes_headline {
                    self.headline.clear();
                    self.main_headline = main;
                }
            }
            _ => {}
        }
    }

    /// Reads the dateline of NITF and the header that it keeps in attributes.
    fn nitf(&mut self, event: &Event) {
        match event {
            Event::Start(start) => self.nitf_start(start),
            Event::End(name) => match local(name) {
                "dateline" => (self.in_dateline, self.in_place) = (false, false),
                "location" => self.in_place = false,
                _ => {}
            },
            Event::Text(text) if self.in_place && self.place.len() < 200 => self.place.push_str(text),
            Event::Text(_) => {}
        }
    }

    fn nitf_start(&mut self, start: &Start) {
        match local(&start.name) {
            "dateline" => self.in_dateline = !start.empty,
            "location" => {
                self.in_place = self.in_dateline && !start.empty && self.place.trim().is_empty();
            }
            "date.issue" | "date.release" | "story.date" => {
                let norm = start.attribute("norm").unwrap_or_default();
                let rank = if local(&start.name) == "date.release" { 4 } else { 2 };
                if self.dates[rank].is_empty() {
                    self.dates[rank] = norm.to_owned();
                }
                if self.in_dateline && local(&start.name) == "story.date" {
                    self.filed = self.filed.or_else(|| stamp::stamp(norm));
                }
            }
            "docdata" => {
                let status = start.attribute("management-status");
                self.notices.extend(status.and_then(document::withdrawn));
            }
            "doc-id" if self.guid.is_empty() => {
                self.guid = start.attribute("id-string").unwrap_or_default().to_owned();
            }
            "pubdata" => {
                let name = start.attribute("name").unwrap_or_default();
                if self.provider.is_empty() {
                    self.provider = name.to_owned();
                }
                let date = start.attribute("date.publication").unwrap_or_default();
                if self.dates[5].is_empty() {
                    self.dates[5] = date.to_owned();
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, path: &[String], text: &str) {
        let inside = |name: &str| path.iter().rev().nth(1).is_some_and(|p| p == name);
        let field = match path.last().map(String::as_str) {
            Some("headline") if self.takes_headline => &mut self.headline,
            Some("contentcreated") => &mut self.dates[0],
            Some("firstcreated") => &mut self.dates[1],
            Some("versioncreated" | "thisrevisioncreated") => &mut self.dates[3],
            Some("dateid") => &mut self.dates[4],
            Some("providerid") => &mut self.provider_id,
            Some("publicidentifier") => &mut self.version,
            Some("revisionid") => &mut self.revision,
            Some("title") if self.is_story => &mut self.story_title,
            Some("dateline") if self.is_story => &mut self.dateline,
            Some("by" | "byline") => &mut self.by,
            Some("embargoed") => {
                self.notices.extend(document::embargoed(text));
                return;
            }
            Some("name") if inside("provider") && self.takes_name => &mut self.provider_name,
            _ => return,
        };
        if field.len() < 2000 {
            field.push_str(text);
        }
    }

    /// Keeps the body in an element of this name if it is the longest.
    fn body(&mut self, kind: Option<&str>, mut content: Content, element: &str) {
        let others = &mut self.others;
        let mut keep = |old: &mut Option<String>, new: String| {
            let longer = old.as_ref().is_none_or(|old| old.len() < new.len());
            others.extend(if longer { old.replace(new) } else { Some(new) });
        };
        let mut encoding = self.encoded.take();
        if encoding.as_ref().is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64"))
            && let Some(bytes) = base64(content.text())
        {
            // A picture is no text.
            if is_binary(&bytes) {
                return;
            }
            encoding = None;
            content = Content::default();
            content.push(&Event::Text(charset::decode(&bytes, None).text.as_str().into()), nitf);
        }
        let kind = match kind {
            Some(kind) => kind,
            // An element for any data: without a type, the content tells.
            None if element == "inlinedata" && !content.has_elements && !content.is_escaped() => "plain",
            None => "html",
        };
        let is_text = ["html", "nitf", "xml", "plain"].iter().any(|k| kind.contains(k));
        if let Some(encoding) = encoding.filter(|_| is_text) {
            let message = format!("a text of the item was not read, because it is encoded as “{encoding}”");
            self.notices.push(Notice { kind: NoticeKind::Truncated, message });
        } else if kind.contains("plain") && !content.has_elements {
            keep(&mut self.plain, content.into_text());
        } else if is_text && !content.is_blank() {
            let markup = content.into_markup();
            // Markup of NITF is read by rules of its own.
            let is_nitf = element == "nitf" || self.is_story;
            keep(&mut self.page, if is_nitf { format!("<nitf>{markup}</nitf>") } else { markup });
        }
    }

    fn raw(self, name: &str, number: usize) -> Option<Raw> {
        let titles = [&self.headline, &self.story_title].map(|title| dom::line(title));
        let title = titles.into_iter().find(|title| !title.is_empty());
        let dateline = self.dateline();
        let mut notices = self.notices;
        let date = self.dates.iter().find_map(|d| stamp::stamp(d));
        if let Some(odd) = self.dates.iter().find(|d| !d.trim().is_empty()).filter(|_| date.is_none()) {
            notices.push(document::not_a_date(odd));
        }
        let address = Some(&self.guid).filter(|g| g.starts_with("http")).cloned();
        let version = dom::line(&self.version);
        let stated = Hints {
            source_id: if self.guid.is_empty() {
                permanent(&version, self.revision.trim()).to_owned()
            } else {
                self.guid
            },
            url: self.url.or(address),
            outlet: [&self.provider_name, &self.provider, &self.provider_id]
                .map(|p| dom::line(p))
                .into_iter()
                .find(|p| !p.is_empty()),
            title: title.clone(),
            published: date,
        };
        let place = format!("{name}#{}", number + 1);
        let mut left_out = self.others;
        if self.page.is_some() {
            left_out.extend(self.plain.clone());
        }
        notices.extend(self.page.as_ref().or(self.plain.as_ref()).and_then(|body| not_read(body, &left_out)));
        let (format, bytes) = match (self.page, self.plain) {
            (Some(page), _) if page.contains("<h1") => (Format::Html, of_nitf(page).into_bytes()),
            (Some(page), _) => {
                let mut line = String::new();
                xml::escape(&dom::line(&self.dateline), &mut line);
                let line = if line.is_empty() { line } else { format!("<{DATELINE}>{line}</p>") };
                (Format::Html, page_of(title.as_deref(), &format!("{line}{page}")).into_bytes())
            }
            (None, Some(plain)) => (Format::Text, plain.into_bytes()),
            (None, None) if document::withdraws(&notices) => (Format::Text, Vec::new()),
            (None, None) => return None,
        };
        let byline = Some(dom::line(&self.by)).filter(|b| !b.is_empty());
        Some(Raw { stated, byline, dateline, notices, ..Raw::new(place, format, bytes) })
    }

    /// The place and the date of the dateline, if they are marked.
    fn dateline(&self) -> Option<Dateline> {
        let line = dom::line(&self.dateline);
        // `TALLBERG 2016-03-04`
        let (place, date) = match line.rsplit_once(' ').map(|(place, day)| (place, day.parse().ok())) {
            Some((place, date @ Some(_))) => (place.to_owned(), date),
            _ if line.is_empty() => (dom::line(&self.place), self.filed),
            _ => (line, None),
        };
        let place = Some(place.trim_end_matches([',', ' ']).to_owned()).filter(|place| !place.is_empty());
        (place.is_some() || date.is_some()).then_some(Dateline { place, date, agency: None })
    }
}

/// The permanent name of an item of NewsML 1: the name of a version without the number of the version (RFC 3085).
fn permanent<'v>(version: &'v str, revision: &str) -> &'v str {
    match version.rsplit_once(':') {
        Some((name, number))
            if !revision.is_empty()
                && number.trim_end_matches(|c: char| c.is_ascii_alphabetic()) == revision
                && name.matches(':').count() >= 4 =>
        {
            name
        }
        _ => version,
    }
}

/// Base64 as systems write it: with or without padding, and with bits after the last byte.
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, NO_PAD.with_decode_allow_trailing_bits(true));

/// The bytes that a text in Base64 stands for, in either alphabet.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=');
    let mut digits: Vec<u8> = digits
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => byte,
        })
        .collect();
    // One digit alone is less than a byte.
    if digits.len() % 4 == 1
        && digits.last().is_some_and(|digit| STANDARD.as_str().contains(char::from(*digit)))
    {
        digits.pop();
    }
    BASE64.decode(digits).ok()
}

/// Records a part of a document. In NITF, a place and a date may touch.
fn record(content: &mut Content, event: &Event, touches: &mut bool) {
    if *touches && matches!(event, Event::Start(start) if local(&start.name) == "story.date") {
        content.push(&Event::Text(" ".into()), nitf);
    }
    *touches = matches!(event, Event::End(name) if local(name) == "location");
    content.push(event, nitf);
}

/// A page in NITF, whose head has no text for readers.
fn of_nitf(page: String) -> String {
    if page.contains("<nitf") { document::without_head(&page).into_owned() } else { page }
}

/// A page made from a body in NITF or XHTML.
pub(crate) fn page(markup: &str, title: Option<&str>) -> String {
    let (mut content, mut touches) = (Content::default(), false);
    xml::read(markup, |event| record(&mut content, &event, &mut touches));
    let page = content.into_markup();
    if page.contains("<h1") { of_nitf(page) } else { page_of(title, &page) }
}

/// How a page marks a dateline.
const DATELINE: &str = "p data-onrecord-dateline=\"\"";

/// The HTML name of a NITF element; XHTML keeps its names.
fn nitf(name: &str) -> Option<&'static str> {
    Some(match name {
        "hl1" => "h1",
        "hl2" => "h2",
        "body.head" => "header",
        "body.content" | "body.end" | "block" => "div",
        "hedline" => "div data-onrecord-headlines=\"\"",
        "byline" | "tagline" => "p class=\"byline\"",
        "byttl" | "person" | "name.given" | "name.family" | "function" | "org" | "alt-code" | "location"
        | "sublocation" | "city" | "state" | "region" | "country" | "event" | "object.title" | "chron"
        | "money" | "num" | "num.frac" | "frac" | "frac-num" | "frac-den" | "copyrite" | "virtloc"
        | "classifier" | "pronounce" | "lang" | "story.date" => "span",
        "dateline" => DATELINE,
        "distributor" => "p class=\"credit\"",
        "bq" => "blockquote",
        "credit" => "cite",
        "media-caption" => "figcaption",
        "media-producer" => "p class=\"credit\"",
        "media" => "figure",
        _ => return None,
    })
}

/// The fewest words of a body that counts as a text of its own.
const OWN_TEXT: usize = 12;

/// A notice about bodies of an item that are no other forms of the one that is read, nor summaries of it: fewer than half
/// of their words are in it.
fn not_read(body: &str, others: &[String]) -> Option<Notice> {
    let words =
        |body: &str| -> Vec<String> { body.split(['<', '>']).step_by(2).flat_map(plain::words).collect() };
    if others.is_empty() {
        return None;
    }
    let known: HashSet<String> = words(body).into_iter().collect();
    let left_out = others.iter().filter_map(|other| {
        let words = words(other);
        let there = words.iter().filter(|word| known.contains(*word)).count();
        (words.len() >= OWN_TEXT && there * 2 < words.len()).then_some(words.len())
    });
    let words: usize = left_out.sum();
    let message = format!("the item has {words} words in other texts, which were not read");
    (words > 0).then_some(Notice { kind: NoticeKind::Truncated, message })
}

#[cfg(test)]
mod tests {
    use super::*;
    use onrecord_text::Article;

    const ITEM: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="urn:newsml:sound.example:20160304:7" version="2" xml:lang="en">
  <itemMeta><provider literal="The Sound"/><versionCreated>2016-03-04T10:00:00Z</versionCreated></itemMeta>
  <contentMeta><contentCreated>2016-03-03T08:00:00Z</contentCreated><headline role="hld:sub">In May</headline>
  <headline>Bridge &amp; tunnel to open</headline><headline xml:lang="de">Brücke offen</headline><by>By Jo Dahl</by></contentMeta>
  <contentSet><inlineXML contenttype="application/nitf+xml"><nitf:nitf xmlns:nitf="http://iptc.org/std/NITF/2006-10-18/">
    <nitf:head><nitf:title/></nitf:head>
    <nitf:body><nitf:body.head><nitf:hedline><nitf:hl1>Bridge &amp; tunnel to open</nitf:hl1></nitf:hedline></nitf:body.head>
    <nitf:body.content><nitf:p>“We open in May,” Minister Ada Brandt said on Thursday.</nitf:p></nitf:body.content></nitf:body>
  </nitf:nitf></inlineXML></contentSet>
</newsItem>
<newsItem guid="http://sound.example/8"><contentSet><inlineData contenttype="text/plain">It rained, she said. A &lt; B.</inlineData></contentSet></newsItem>
<newsItem guid="picture"><contentSet><remoteContent href="x.jpg"/></contentSet></newsItem>
</itemSet></newsMessage>"#;

    fn articles(document: &str) -> Vec<Article> {
        let items = items(document.as_bytes(), "in.xml").unwrap().items;
        items.iter().map(|raw| raw.read(&Hints::default()).unwrap()).collect()
    }

    fn item(header: &str, body: &str) -> String {
        format!(
            "<newsItem guid='7'><itemMeta>{header}</itemMeta><contentSet><inlineXML contenttype='application/xhtml+xml'>\
             <html xmlns='http://www.w3.org/1999/xhtml'>{body}</html></inlineXML></contentSet></newsItem>"
        )
    }

    #[test]
    fn items_of_a_message() {
        let found = articles(ITEM);
        assert_eq!((found.len(), items(ITEM.as_bytes(), "in.xml").unwrap().without_text), (2, 1));
        let [a, b] = &found[..] else { panic!() };
        assert_eq!(a.source_id, "urn:newsml:sound.example:20160304:7");
        assert!(a.text.contains("“We open in May,” Minister Ada Brandt said on Thursday."), "{}", a.text);
        assert_eq!(a.metadata.title.as_deref(), Some("Bridge & tunnel to open"));
        assert_eq!(a.metadata.outlet.as_deref(), Some("The Sound"));
        assert_eq!(a.metadata.bylines, ["Jo Dahl"]);
        assert_eq!(a.metadata.published.unwrap().to_string(), "2016-03-03");
        assert_eq!(
            (b.text.as_str(), b.metadata.url.as_deref()),
            ("It rained, she said. A < B.", Some("http://sound.example/8"))
        );
    }

    #[test]
    fn elements_closed_in_themselves_swallow_nothing() {
        for head in ["<title/>", "<script src='a'/>", "<style/>", "<title></title><base href='x'/>"] {
            let body = format!(
                "<head>{head}</head><body><a name='top'/><iframe src='b'/><textarea/><p>It rained all day in Tallberg, she said.</p></body>"
            );
            let article = &articles(&item("", &body))[0];
            assert_eq!(article.text, "It rained all day in Tallberg, she said.", "{head}");
        }
    }

    #[test]
    fn nitf_alone() {
        let nitf = |header: &str| {
            format!(
                "<nitf><head><docdata>{header}</docdata></head><body><body.head><byline>By <person>Jo Dahl</person><byttl>Staff Writer</byttl></byline></body.head>\
                 <body.content><p>It rained all day in Tallberg, she said.</p></body.content></body></nitf>"
            )
        };
        let article = &articles(&nitf("<date.issue norm='20160304T100000+0100'/>"))[0];
        assert!(article.text.contains("It rained all day"));
        assert_eq!(article.metadata.bylines, ["Jo Dahl"]);
        for date in [
            "<date.issue norm='20160304T100000Z'/>",
            "<date.release norm='20160304'/>",
            "<date.issue norm='2016-03-04T23:00:00-05:00'/>",
            "<date.issue norm='20160304 100000'/><date.release norm='20160401'/>",
        ] {
            let article = &articles(&nitf(date))[0];
            assert_eq!(
                article.metadata.published.map(|d| d.to_string()).as_deref(),
                Some("2016-03-04"),
                "{date}"
            );
        }
        assert_eq!(articles(&nitf("<date.issue norm='soon'/>"))[0].notices[0].kind, NoticeKind::Date);
    }

    #[test]
    fn what_stands_around_the_content_of_nitf_is_kept() {
        let nitf = "<nitf><body><body.head><hedline><hl1>Bridge to open</hl1><hl2>Ferries stay until June</hl2></hedline>\
            <byline>By <person>Jo Dahl</person><byttl>Sound Farm Writer</byttl></byline><distributor>NOR</distributor>\
            <dateline><location>TALLBERG</location> <story.date norm='20160304'>(NOR)</story.date></dateline></body.head>\
            <body.content><p>It rained all day in Tallberg, she said.</p><hl2>In June</hl2><p>It will snow, he said.</p></body.content>\
            <body.end><tagline>Pia Lund reported from Sundby.</tagline></body.end></body></nitf>";
        let article = &articles(nitf)[0];
        let found: Vec<_> =
            article.blocks.iter().map(|b| (b.kind.name(), b.span.of(&article.text))).collect();
        assert_eq!(
            found,
            [
                ("headline", "Bridge to open"),
                ("lead", "Ferries stay until June"),
                ("byline", "By Jo Dahl Sound Farm Writer"),
                ("credit", "NOR"),
                ("dateline", "TALLBERG (NOR)"),
                ("paragraph", "It rained all day in Tallberg, she said."),
                ("paragraph", "In June"),
                ("paragraph", "It will snow, he said."),
                ("byline", "Pia Lund reported from Sundby."),
            ]
        );
        assert_eq!(article.metadata.bylines, ["Jo Dahl"]);
        let dateline = article.metadata.dateline.as_ref().unwrap();
        assert_eq!((dateline.place.as_deref(), dateline.agency.as_deref()), (Some("TALLBERG"), Some("NOR")));
    }

    #[test]
    fn withdrawn_and_embargoed_items_say_so() {
        let body = "<p>It rained all day in Tallberg, she said.</p>";
        let kinds = |header: &str| {
            articles(&item(header, body))[0].notices.iter().map(|n| n.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds("<pubStatus qcode='stat:canceled'/>"), [NoticeKind::Withdrawn]);
        assert_eq!(kinds("<pubStatus qcode='stat:usable'/>"), []);
        assert_eq!(kinds("<embargoed>2016-03-10T06:00:00Z</embargoed>"), [NoticeKind::Embargoed]);
        let killed =
            "<nitf><head><docdata management-status='killed'/></head><body><p>It rained.</p></body></nitf>";
        assert_eq!(articles(killed)[0].notices[0].kind, NoticeKind::Withdrawn);
        // An item that is withdrawn may have no text.
        let empty = articles(&item("<pubStatus qcode='stat:canceled'/>", ""));
        assert_eq!((empty.len(), empty[0].text.as_str()), (1, ""));
        assert!(empty[0].notices.iter().any(|notice| notice.kind == NoticeKind::Withdrawn));
        assert!(articles(&item("<pubStatus qcode='stat:usable'/>", "")).is_empty());
    }

    #[test]
    fn a_publisher_has_one_name() {
        let outlet = |provider: &str| {
            articles(&item(provider, "<p>It rained all day in Tallberg, she said.</p>"))[0]
                .metadata
                .outlet
                .clone()
        };
        for provider in [
            "<provider literal='sound'><name>The Sound</name></provider>",
            "<provider qcode='nprov:SND'><name>The Sound</name><name xml:lang='de'>Der Sund</name></provider>",
            "<provider literal='The Sound'/>",
            "<provider literal='The Sound'/><provider qcode='nprov:SND'/>",
        ] {
            assert_eq!(outlet(provider).as_deref(), Some("The Sound"), "{provider}");
        }
    }

    #[test]
    fn other_items_are_not_articles() {
        let error = |document: &str| items(document.as_bytes(), "in.xml").err().unwrap();
        assert_eq!(
            error("<conceptItem guid='x'><concept><name>Ada Brandt</name></concept></conceptItem>"),
            "an IPTC concept item, which describes news but is not an article"
        );
        assert_eq!(error("<newsMessage><itemSet/></newsMessage>"), "no news item stands in it");
    }

    #[test]
    fn newsml_1_is_read() {
        let document = "<NewsML><NewsItem><NewsManagement><Status FormalName='Usable'/><FirstCreated>20160304T100000Z</FirstCreated></NewsManagement>\
            <NewsComponent><NewsLines><HeadLine>Bridge to open</HeadLine></NewsLines><ContentItem><DataContent><nitf><body><body.content>\
            <p>It rained all day in Tallberg, she said.</p></body.content></body></nitf></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>";
        let article = &articles(document)[0];
        assert_eq!(article.metadata.title.as_deref(), Some("Bridge to open"));
        assert_eq!(article.metadata.published.unwrap().to_string(), "2016-03-04");
        assert!(article.text.contains("It rained all day"));
    }

    #[test]
    fn newsml_1_names_its_items() {
        let document = |revision: &str, content: &str| {
            format!(
                "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>sound.example</ProviderId><DateId>20160304</DateId>\
                 <NewsItemId>B7</NewsItemId><RevisionId PreviousRevision='0' Update='N'>{revision}</RevisionId>\
                 <PublicIdentifier>urn:newsml:sound.example:20160304:B7:{revision}N</PublicIdentifier></NewsIdentifier></Identification>\
                 <NewsManagement><FirstCreated>20160304T100000Z</FirstCreated><ThisRevisionCreated>20160306T100000Z</ThisRevisionCreated>\
                 </NewsManagement><NewsComponent><ContentItem>{content}</ContentItem></NewsComponent></NewsItem></NewsML>"
            )
        };
        let plain = "<DataContent><p>It rained all day in Tallberg, she said.</p></DataContent>";
        // “<p>It rained all day in Tallberg, she said.</p>”
        let packed = "<Encoding Notation='Base64'><DataContent>PHA+SXQgcmFpbmVkIGFsbCBkYXkgaW4gVGFsbGJlcmcsIHNoZSBzYWlkLjwvcD4=</DataContent></Encoding>";
        for document in [document("1", plain), document("2", plain), document("1", packed)] {
            let article = &articles(&document)[0];
            assert_eq!(article.source_id, "urn:newsml:sound.example:20160304:B7");
            assert_eq!(article.metadata.published.unwrap().to_string(), "2016-03-04");
            assert_eq!(article.metadata.outlet.as_deref(), Some("sound.example"));
            assert_eq!(article.text, "It rained all day in Tallberg, she said.");
        }
        assert_eq!(
            permanent("urn:newsml:sound.example:20160304:7", "7"),
            "urn:newsml:sound.example:20160304:7"
        );
        assert_eq!(
            permanent("urn:newsml:sound.example:20160304:7:8U", "9"),
            "urn:newsml:sound.example:20160304:7:8U"
        );
    }

    #[test]
    fn a_story_of_the_reuters_corpus_is_an_item() {
        let document = "<newsitem itemid='71' id='root' date='1996-08-20' xml:lang='en'><title>SOUND: Bridge to open.</title>\
            <headline>Bridge to open.</headline><byline>Jo Dahl</byline><dateline>TALLBERG 1996-08-19</dateline>\
            <text><p>It rained all day in Tallberg, she said.</p><p>It will snow, he said.</p></text>\
            <copyright>(c) The Sound 1996</copyright></newsitem>";
        let article = &articles(document)[0];
        let found: Vec<_> =
            article.blocks.iter().map(|b| (b.kind.name(), b.span.of(&article.text))).collect();
        assert_eq!(
            found,
            [
                ("headline", "Bridge to open."),
                ("dateline", "TALLBERG 1996-08-19"),
                ("paragraph", "It rained all day in Tallberg, she said."),
                ("paragraph", "It will snow, he said."),
            ]
        );
        let m = &article.metadata;
        assert_eq!((article.source_id.as_str(), m.bylines.as_slice()), ("71", &["Jo Dahl".to_owned()][..]));
        assert_eq!(m.published.unwrap().to_string(), "1996-08-20");
        let dateline = m.dateline.as_ref().unwrap();
        assert_eq!(
            (dateline.place.as_deref(), dateline.date.unwrap().to_string()),
            (Some("TALLBERG"), "1996-08-19".to_owned())
        );
        let untitled = document.replace("<headline>Bridge to open.</headline>", "");
        assert_eq!(articles(&untitled)[0].metadata.title.as_deref(), Some("SOUND: Bridge to open."));
    }

    #[test]
    fn a_dateline_has_the_place_and_the_date_that_are_marked() {
        let nitf = |dateline: &str| {
            format!(
                "<nitf><head><title>bridge-slug v2</title></head><body><body.head><hedline><hl1>Bridge to open</hl1></hedline>\
                 <dateline>{dateline}</dateline></body.head><body.content><p>It rained, she said.</p></body.content></body></nitf>"
            )
        };
        for (dateline, text) in [
            (
                "<location>OLD TALLBERG</location><story.date norm='20160304'>March 4</story.date>",
                "OLD TALLBERG March 4",
            ),
            (
                "<location>OLD TALLBERG</location>, <story.date norm='20160304'>March 4</story.date>",
                "OLD TALLBERG, March 4",
            ),
            (
                "<location>OLD TALLBERG</location><story.date norm='20160304'>Friday</story.date>",
                "OLD TALLBERG Friday",
            ),
            ("<location>OLD TALLBERG</location><story.date norm='20160304'/>", "OLD TALLBERG"),
        ] {
            let article = &articles(&nitf(dateline))[0];
            assert_eq!(article.text, format!("Bridge to open\n\n{text}\n\nIt rained, she said."));
            let found = article.metadata.dateline.as_ref().unwrap();
            assert_eq!(found.place.as_deref(), Some("OLD TALLBERG"));
            assert_eq!(found.date.unwrap().to_string(), "2016-03-04");
        }
        let page =
            "<head><title>t</title></head><body><p>It rained all day in Tallberg, she said.</p></body>";
        assert_eq!(articles(&item("", page))[0].text, "It rained all day in Tallberg, she said.");
    }

    #[test]
    fn data_without_a_type_are_what_they_look_like() {
        let document = |attributes: &str, data: &str| {
            format!(
                "<newsItem><contentSet><inlineData{attributes}>{data}</inlineData></contentSet></newsItem>"
            )
        };
        let text = |data: &str| articles(&document("", data))[0].text.clone();
        assert_eq!(text("&lt;p>It rained.&lt;/p>&lt;p>It snowed.&lt;/p>"), "It rained.\n\nIt snowed.");
        assert_eq!(text("It rained.\n\nIt snowed, 1 &lt; 2."), "It rained.\n\nIt snowed, 1 < 2.");
        let typed = document(" contenttype='text/plain'", "&lt;p>It rained.");
        assert_eq!(articles(&typed)[0].text, "<p>It rained.");
        let base64 = document(" contenttype='text/plain' encoding='base64'", "SXQgcmFp\nbmVkLg==");
        assert_eq!(articles(&base64)[0].text, "It rained.");
        let picture = document(" contenttype='text/plain' encoding='base64'", "iVBORw0KGgoAAAANSUhEUgAA");
        assert_eq!(items(picture.as_bytes(), "in").unwrap().without_text, 1);
        // Data in another encoding are reported, and no text.
        let packed = document(" contenttype='text/plain' encoding='uuencode'", "SXQgcmFpbmVkLg==");
        assert_eq!(items(packed.as_bytes(), "in").unwrap().without_text, 1);
        let both = packed.replace(
            "</contentSet>",
            "<inlineXML contenttype='text/html'><p>It rained.</p></inlineXML></contentSet>",
        );
        let article = &articles(&both)[0];
        assert_eq!(article.text, "It rained.");
        assert_eq!(
            article.notices[0].message,
            "a text of the item was not read, because it is encoded as “uuencode”"
        );
    }

    #[test]
    fn of_several_texts_one_is_read_and_the_others_are_counted() {
        let rain = "It rained all day in Tallberg, the minister said when the bridge was opened.";
        let snow = "Snow fell over Sundby on Tuesday, where nobody had come to see ferries being sold.";
        let document = |texts: &[&str]| {
            let part = |text: &&str| {
                format!(
                    "<NewsComponent><ContentItem><DataContent><p>{text}</p></DataContent></ContentItem></NewsComponent>"
                )
            };
            let parts: String = texts.iter().map(part).collect();
            format!("<NewsML><NewsItem><NewsComponent>{parts}</NewsComponent></NewsItem></NewsML>")
        };
        let article = articles(&document(&[rain, snow])).remove(0);
        assert!(article.text.contains("Snow fell") && !article.text.contains("It rained"));
        assert_eq!(article.notices[0].kind, NoticeKind::Truncated);
        assert_eq!(article.notices[0].message, "the item has 14 words in other texts, which were not read");
        // A summary, another form of the same text, or a line of contact is no text of its own.
        for other in ["It rained in Tallberg, the minister said.", rain, "Call Jo Dahl."] {
            assert!(articles(&document(&[rain, other]))[0].notices.is_empty(), "{other}");
        }
    }

    #[test]
    fn what_is_cut_off_is_read_as_far_as_it_goes() {
        let cut = &ITEM[..ITEM.find(" on Thursday").unwrap()];
        let article = &articles(cut)[0];
        assert!(article.text.contains("Minister Ada Brandt said"));
        assert_eq!(article.notices.last().unwrap().kind, NoticeKind::Truncated);
    }
}
