//! NewsML-G2, the news agencies' envelope, and NITF, the older markup that often stands inside it (both by the IPTC).

use std::borrow::Cow;
use std::collections::VecDeque;

use onrecord_text::PartialDate;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::document::page_of;
use crate::{Format, Hints, Raw};

/// The news items of a document that have any text, each with what its header says.
///
/// # Errors
///
/// When the document is not well-formed before its first item ends; what came before an error later on is kept.
pub fn items(bytes: &[u8], name: &str) -> Result<VecDeque<Raw>, String> {
    let text = crate::charset::decode(bytes, None).text;
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut items = VecDeque::new();
    let mut item = Item::default();
    let mut path: Vec<String> = Vec::new();
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(e) if items.is_empty() => return Err(format!("not well-formed XML: {e}")),
            Err(_) => break,
        };
        match event {
            Event::Start(start) => {
                let element = local(&start);
                if element == "inlineXML" || element == "inlineData" || element == "nitf" {
                    let body = inner(&mut reader, &text, &start)?;
                    item.body(&element, attribute(&start, "contenttype").as_deref(), &body);
                    if element == "nitf" && path.is_empty() {
                        items.extend(std::mem::take(&mut item).raw(name, items.len()));
                    }
                } else {
                    item.open(&element, &start);
                    path.push(element);
                }
            }
            Event::Empty(start) => item.open(&local(&start), &start),
            Event::Text(text) => item.text(&path, &text.into_inner()),
            Event::CData(text) => item.text(&path, &text.into_inner()),
            Event::GeneralRef(entity) => item.text(&path, &format!("&{};", entity.into_inner())),
            Event::End(_) if path.pop().as_deref() == Some("newsItem") => {
                items.extend(std::mem::take(&mut item).raw(name, items.len()));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(items)
}

/// What one news item says.
#[derive(Default)]
struct Item {
    guid: String,
    url: Option<String>,
    headline: String,
    provider: String,
    created: String,
    versioned: String,
    /// The article as a page: the first body that has one.
    page: Option<String>,
    /// The article as plain text.
    plain: Option<String>,
}

impl Item {
    fn open(&mut self, element: &str, start: &BytesStart) {
        match element {
            "newsItem" => self.guid = attribute(start, "guid").unwrap_or_default(),
            "link" | "itemMetaExtProperty" => {
                let address = attribute(start, "href").filter(|a| a.starts_with("http"));
                let canonical = attribute(start, "rel")
                    .is_some_and(|r| r.ends_with("canonical") || r.ends_with("webpage"));
                self.url = self.url.take().or(address.filter(|_| canonical));
            }
            "provider" => self.provider = attribute(start, "literal").unwrap_or_default(),
            _ => {}
        }
    }

    fn text(&mut self, path: &[String], text: &str) {
        let field = match path.last().map(String::as_str) {
            Some("headline") => &mut self.headline,
            Some("contentCreated") => &mut self.created,
            Some("versionCreated" | "firstCreated") => &mut self.versioned,
            Some("name") if path.iter().rev().nth(1).is_some_and(|p| p == "provider") => {
                if self.provider.contains(':') || path.len() > 12 {
                    return;
                }
                &mut self.provider
            }
            _ => return,
        };
        if field.len() < 2000 {
            field.push_str(text);
        }
    }

    fn body(&mut self, element: &str, kind: Option<&str>, markup: &str) {
        let kind = kind.unwrap_or(if element == "inlineData" { "text/plain" } else { "html" });
        if kind.contains("plain") {
            self.plain.get_or_insert_with(|| text_of(markup));
        } else if kind.contains("html") || kind.contains("nitf") || kind.contains("xml") {
            self.page.get_or_insert_with(|| html_of(markup));
        }
    }

    fn raw(self, name: &str, number: usize) -> Option<Raw> {
        let title = Some(text_of(self.headline.trim())).filter(|t| !t.is_empty());
        let date = [&self.created, &self.versioned]
            .into_iter()
            .find_map(|d| d.trim().get(..10)?.parse::<PartialDate>().ok());
        let address = Some(&self.guid).filter(|g| g.starts_with("http")).cloned();
        let stated = Hints {
            source_id: self.guid,
            url: self.url.or(address),
            outlet: Some(text_of(self.provider.trim())).filter(|p| !p.is_empty()),
            title: title.clone(),
            published: date,
        };
        let place = format!("{name}#{}", number + 1);
        let (format, bytes) = match (self.page, self.plain) {
            (Some(page), _) if page.contains("<h1") => (Format::Html, page.into_bytes()),
            (Some(page), _) => (Format::Html, page_of(title.as_deref(), &page).into_bytes()),
            (None, Some(plain)) => (Format::Text, plain.into_bytes()),
            (None, None) => return None,
        };
        Some(Raw { stated, ..Raw::new(place, format, bytes) })
    }
}

fn local(start: &BytesStart) -> String {
    start.local_name().as_ref().to_owned()
}

fn attribute(start: &BytesStart, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
    Some(text_of(&found.value))
}

/// The markup inside an element that was just opened; up to the end of the document where it isn't closed.
fn inner<'t>(
    reader: &mut Reader<&'t [u8]>,
    text: &'t str,
    start: &BytesStart,
) -> Result<Cow<'t, str>, String> {
    let from = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
    match reader.read_to_end(start.name()) {
        Ok(span) => {
            let end = usize::try_from(span.end).unwrap_or(text.len());
            Ok(text.get(from..end).unwrap_or_default().into())
        }
        Err(e) => Err(format!("not well-formed XML: {e}")),
    }
}

/// Text whose entities are written out.
fn text_of(markup: &str) -> String {
    let plain = markup.strip_prefix("<![CDATA[").and_then(|m| m.strip_suffix("]]>"));
    plain.map_or_else(|| dom_query::Document::fragment(markup).text().to_string(), str::to_owned)
}

/// NITF's elements and what a page calls the same. XHTML stays as it is.
const NITF: [(&str, &str); 11] = [
    ("hl1", "h1"),
    ("hl2", "h2"),
    ("body.head", "header"),
    ("body.content", "div"),
    ("body.end", "footer"),
    ("hedline", "div"),
    ("byline", "p class=\"byline\""),
    ("dateline", "p class=\"dateline\""),
    ("bq", "blockquote"),
    ("media-caption", "figcaption"),
    ("media", "figure"),
];

/// A page's markup for what stands in an item: prefixes of names left out, NITF's elements under the names that pages have.
fn html_of(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = &rest[at + 1..];
        let (slash, name) = tag.strip_prefix('/').map_or(("", tag), |name| ("/", name));
        let end = name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(name.len());
        let element = name[..end].rsplit(':').next().unwrap_or_default();
        let known = NITF.iter().find(|(from, _)| *from == element).map(|(_, to)| *to);
        let known = known.map(|to| if slash.is_empty() { to } else { to.split(' ').next().unwrap_or(to) });
        out.push('<');
        out.push_str(slash);
        out.push_str(known.unwrap_or(element));
        rest = &name[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="urn:newsml:sound.example:20160304:7" version="2" xml:lang="en">
  <itemMeta><provider literal="The Sound"/><versionCreated>2016-03-04T10:00:00Z</versionCreated></itemMeta>
  <contentMeta><contentCreated>2016-03-03T08:00:00Z</contentCreated><headline>Bridge &amp; tunnel to open</headline></contentMeta>
  <contentSet><inlineXML contenttype="application/nitf+xml"><nitf:nitf xmlns:nitf="http://iptc.org/std/NITF/2006-10-18/">
    <nitf:body><nitf:body.head><nitf:hedline><nitf:hl1>Bridge &amp; tunnel to open</nitf:hl1></nitf:hedline></nitf:body.head>
    <nitf:body.content><nitf:p>“We open in May,” Minister Ada Brandt said on Thursday.</nitf:p></nitf:body.content></nitf:body>
  </nitf:nitf></inlineXML></contentSet>
</newsItem>
<newsItem guid="http://sound.example/8"><contentSet><inlineData contenttype="text/plain">It rained, she said. A &lt; B.</inlineData></contentSet></newsItem>
<newsItem guid="picture"><contentSet><remoteContent href="x.jpg"/></contentSet></newsItem>
</itemSet></newsMessage>"#;

    #[test]
    fn items_of_a_message() {
        let items = items(ITEM.as_bytes(), "in.xml").unwrap();
        assert_eq!(items.len(), 2);
        let a = items[0].read(&Hints::default()).unwrap();
        assert_eq!(a.source_id, "urn:newsml:sound.example:20160304:7");
        assert!(a.text.contains("“We open in May,” Minister Ada Brandt said on Thursday."), "{}", a.text);
        assert_eq!(a.metadata.title.as_deref(), Some("Bridge & tunnel to open"));
        assert_eq!(a.metadata.outlet.as_deref(), Some("The Sound"));
        assert_eq!(a.metadata.published.unwrap().to_string(), "2016-03-03");
        let b = items[1].read(&Hints::default()).unwrap();
        assert_eq!(
            (b.text.as_str(), b.metadata.url.as_deref()),
            ("It rained, she said. A < B.", Some("http://sound.example/8"))
        );
    }

    #[test]
    fn nitf_alone() {
        let nitf = "<nitf><body><body.content><p>It rained all day in Tallberg, she said.</p></body.content></body></nitf>";
        let items = items(nitf.as_bytes(), "in.xml").unwrap();
        assert!(items[0].read(&Hints::default()).unwrap().text.contains("It rained all day"));
    }

    #[test]
    fn what_is_cut_off_is_named() {
        let cut = &ITEM[..ITEM.find("</nitf:body>").unwrap()];
        assert!(items(cut.as_bytes(), "in.xml").unwrap_err().starts_with("not well-formed XML: "));
    }
}
