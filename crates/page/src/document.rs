//! JSON documents: an article each, its body as `text` or as `html`, or as a ninjs item (IPTC's News in JSON, 1.x and 2.x).

use std::collections::VecDeque;

use onrecord_text::{Article, Notice, NoticeKind};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::{Format, Hints, Raw, published, read_html, read_text};

/// A document as it stands on its line. Fields that are not named here are passed over.
#[derive(Deserialize)]
struct Document {
    id: Option<Id>,
    text: Option<String>,
    html: Option<String>,
    published: Option<String>,
    /// Some corpora call it so.
    date: Option<String>,
    url: Option<String>,
    outlet: Option<String>,
    title: Option<String>,
    #[serde(flatten)]
    item: Ninjs,
}

/// What a ninjs item has beside. Version 1 names its bodies and headlines (`body_xhtml`, `headline`), version 2 lists them.
#[derive(Deserialize)]
struct Ninjs {
    uri: Option<String>,
    headline: Option<String>,
    #[serde(default)]
    headlines: Vec<Part>,
    body_xhtml: Option<String>,
    body_html: Option<String>,
    body_text: Option<String>,
    #[serde(default)]
    bodies: Vec<Part>,
    byline: Option<String>,
    #[serde(alias = "contentCreated")]
    contentcreated: Option<String>,
    #[serde(alias = "firstCreated")]
    firstcreated: Option<String>,
    #[serde(alias = "versionCreated")]
    versioncreated: Option<String>,
    #[serde(alias = "copyrightHolder")]
    copyrightholder: Option<String>,
}

/// One of several bodies or headlines.
#[derive(Deserialize)]
struct Part {
    role: Option<String>,
    #[serde(alias = "contentType")]
    contenttype: Option<String>,
    value: Option<String>,
}

impl Ninjs {
    /// The item's page and its text, whichever it has.
    fn bodies(&mut self) -> (Option<String>, Option<String>) {
        let mut listed = |page: bool| {
            let is_page = |p: &Part| p.contenttype.as_deref().is_some_and(|t| t.contains("html"));
            self.bodies.iter_mut().find(|p| p.value.is_some() && is_page(p) == page)?.value.take()
        };
        let page = self.body_xhtml.take().or(self.body_html.take()).or_else(|| listed(true));
        (page, self.body_text.take().or_else(|| listed(false)))
    }

    fn headline(&mut self) -> Option<String> {
        let main = |p: &Part| p.role.as_deref().is_none_or(|role| role == "main" || role == "headline");
        let at = self.headlines.iter().position(main).unwrap_or(0);
        self.headline.take().or_else(|| self.headlines.get_mut(at)?.value.take())
    }
}

/// Whether a document has an `id` or a `uri`.
pub fn has_name(document: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Named {
        id: Option<IgnoredAny>,
        uri: Option<IgnoredAny>,
    }
    serde_json::from_slice::<Named>(document).is_ok_and(|named| named.id.is_some() || named.uri.is_some())
}

/// The documents of a JSON input: one, or those of a list.
pub fn items(bytes: Vec<u8>, name: &str) -> Result<VecDeque<Raw>, String> {
    if !bytes.trim_ascii_start().starts_with(b"[") {
        return Ok(VecDeque::from([Raw::new(name.to_owned(), Format::Json, bytes)]));
    }
    let list: Vec<&RawValue> =
        serde_json::from_slice(&bytes).map_err(|e| format!("not a list of JSON documents: {e}"))?;
    let item = |(n, item): (usize, &&RawValue)| {
        Raw::new(format!("{name}#{}", n + 1), Format::Json, item.get().as_bytes().to_vec())
    };
    Ok(list.iter().enumerate().map(item).collect())
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

/// Why a line is no document.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is no JSON object, or a field has the wrong type.
    #[error("not a JSON document: {0}")]
    Json(#[from] serde_json::Error),
    /// It has no body.
    #[error("the document has neither “text” nor “html”, nor a body as a ninjs item has it")]
    NoBody,
}

/// Reads the article of one document. `name` stands in for a missing `id`; hints given beside it hold where the document
/// is silent.
///
/// # Errors
///
/// When it is no JSON object with a body.
pub fn parse(line: &[u8], name: &str, hints: &Hints) -> Result<Article, DocumentError> {
    let Document { id, text, html, published, date, url, outlet, title, mut item } =
        serde_json::from_slice(line)?;
    let mut notices = Vec::new();
    let created = item.contentcreated.take().or(item.firstcreated.take()).or(item.versioncreated.take());
    let published = published.or(date).or(created).and_then(|given| {
        let date = published::stamp(&given);
        if date.is_none() {
            notices.push(Notice {
                kind: NoticeKind::Date,
                message: format!(
                    "the publication date was left out: “{given}” is not a date such as 2015-12-03"
                ),
            });
        }
        date
    });
    // A ninjs item is named by its URI, which is an address or a name such as `tag:example.org,2016:item7`.
    let address = item.uri.clone().filter(|uri| uri.starts_with("http"));
    let hints = Hints {
        source_id: match id {
            Some(Id::Text(id)) => id,
            Some(Id::Number(id)) => id.to_string(),
            None => item.uri.take().unwrap_or_else(|| name.to_owned()),
        },
        url: url.or(address).or_else(|| hints.url.clone()),
        outlet: outlet.or(item.copyrightholder.take()).or_else(|| hints.outlet.clone()),
        title: title.or_else(|| item.headline()).or_else(|| hints.title.clone()),
        published: published.or(hints.published),
    };
    let (page, plain) = item.bodies();
    let mut article = match (text, html, page, plain) {
        (Some(text), ..) => read_text(text, &hints),
        (None, Some(html), ..) => read_html(&html, &hints),
        (None, None, Some(body), _) => read_html(&page_of(hints.title.as_deref(), &body), &hints),
        (None, None, None, Some(text)) => read_text(text, &hints),
        (None, None, None, None) => return Err(DocumentError::NoBody),
    };
    if let Some(byline) = item.byline.filter(|_| article.metadata.bylines.is_empty()) {
        article.metadata.bylines = crate::credit::names(&byline);
    }
    article.notices.append(&mut notices);
    Ok(article)
}

/// A page around the body of an article that stands alone.
pub(crate) fn page_of(title: Option<&str>, body: &str) -> String {
    let title = title.unwrap_or_default().replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_their_absence() {
        let line = br#"{"id": 7, "text": "It rained, she said.", "published": "2016-03-04T10:00:00Z", "outlet": "The Sound", "other": []}"#;
        let article = parse(line, "x", &Hints::default()).unwrap();
        assert_eq!((article.source_id.as_str(), article.text.as_str()), ("7", "It rained, she said."));
        assert_eq!(article.metadata.published.unwrap().to_string(), "2016-03-04");
        assert_eq!(article.metadata.outlet.as_deref(), Some("The Sound"));
    }

    #[test]
    fn news_in_json() {
        let first =
            br#"{"uri": "tag:sound.example,2016:7", "type": "text", "versioncreated": "2016-03-04T10:00:00Z",
            "headline": "Bridge to open", "byline": "By Nora Falk", "copyrightholder": "The Sound",
            "body_xhtml": "<p>TALLBERG -- \"We open in May,\" the minister said on Friday.</p>"}"#;
        let second = br#"{"uri": "http://sound.example/7", "contentCreated": "2016-03-04T10:00:00Z",
            "headlines": [{"role": "short", "value": "Bridge"}, {"role": "main", "value": "Bridge to open"}],
            "bodies": [{"contentType": "text/plain", "value": "The bridge will open in May, the minister said."}]}"#;
        let a = parse(first, "x", &Hints::default()).unwrap();
        assert_eq!((a.source_id.as_str(), a.metadata.url), ("tag:sound.example,2016:7", None));
        assert!(a.text.contains("We open in May"), "{}", a.text);
        assert_eq!(a.metadata.bylines, ["Nora Falk"]);
        assert_eq!(a.metadata.outlet.as_deref(), Some("The Sound"));
        assert_eq!(a.metadata.published.unwrap().to_string(), "2016-03-04");
        let b = parse(second, "x", &Hints::default()).unwrap();
        assert_eq!(b.metadata.title.as_deref(), Some("Bridge to open"));
        assert_eq!(b.metadata.url.as_deref(), Some("http://sound.example/7"));
        assert_eq!(b.text, "The bridge will open in May, the minister said.");
    }

    #[test]
    fn a_list_holds_documents() {
        let list = items(br#"[{"text": "a"}, {"text": "b"}]"#.to_vec(), "in.json").unwrap();
        assert_eq!(list.iter().map(|r| r.place.as_str()).collect::<Vec<_>>(), ["in.json#1", "in.json#2"]);
        assert!(items(b"[1, ".to_vec(), "in.json").unwrap_err().starts_with("not a list of JSON documents"));
    }

    #[test]
    fn what_is_no_document() {
        for (line, message) in [
            ("{", "not a JSON document: EOF while parsing an object at line 1 column 1"),
            ("{}", "the document has neither “text” nor “html”, nor a body as a ninjs item has it"),
        ] {
            assert_eq!(parse(line.as_bytes(), "x", &Hints::default()).unwrap_err().to_string(), message);
        }
        let odd = br#"{"text": "x", "published": "soon"}"#;
        assert_eq!(parse(odd, "x", &Hints::default()).unwrap().notices[0].kind, NoticeKind::Date);
    }
}
