//! RSS, Atom and JSON Feed, saved to disk: an article an entry, from the fullest text that the entry has.

use std::collections::VecDeque;

use feed_rs::model::{Entry, Text};
use feed_rs::parser;
use onrecord_text::PartialDate;
use serde::Deserialize;

use crate::document::page_of;
use crate::{Format, Hints, Raw};

/// Whether a JSON document says that it is a feed.
pub fn is_json_feed(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Opening {
        version: String,
    }
    serde_json::from_slice::<Opening>(bytes).is_ok_and(|o| o.version.contains("jsonfeed.org/version"))
}

/// The entries of a feed that have any text. An entry is named by its id, and by its number in the feed where it fails.
pub fn entries(bytes: &[u8], name: &str) -> Result<VecDeque<Raw>, String> {
    let feed = parser::parse(bytes).map_err(|e| format!("not a feed: {e}"))?;
    let outlet = feed.title.map(plain);
    let raw = |(n, entry): (usize, Entry)| {
        let title = entry.title.map(plain);
        let content = entry.content.and_then(|c| c.body).filter(|b| !b.trim().is_empty());
        let body = content.or(entry.summary.map(|s| s.content)).filter(|b| !b.trim().is_empty())?;
        let date = entry.published.or(entry.updated);
        let page = |l: &&feed_rs::model::Link| l.rel.as_deref().is_none_or(|rel| rel == "alternate");
        let stated = Hints {
            source_id: entry.id,
            url: entry.links.iter().find(page).map(|l| l.href.clone()),
            outlet: outlet.clone(),
            published: date.and_then(|d| d.format("%Y-%m-%d").to_string().parse::<PartialDate>().ok()),
            title: title.clone(),
        };
        let bytes = page_of(title.as_deref(), &body).into_bytes();
        Some(Raw { stated, ..Raw::new(format!("{name}#{}", n + 1), Format::Html, bytes) })
    };
    Ok(feed.entries.into_iter().enumerate().filter_map(raw).collect())
}

/// A title without its markup.
fn plain(text: Text) -> String {
    let markup =
        text.content_type.subty() == "html" || text.content.contains("&#") || text.content.contains("&amp;");
    let words = if markup {
        dom_query::Document::fragment(text.content.as_str()).text().to_string()
    } else {
        text.content
    };
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: &str = r#"<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
        <channel><title>The Sound &amp; Shore</title>
        <item><title>Bridge to open</title><link>http://sound.example/7</link><guid>7</guid>
          <pubDate>Fri, 04 Mar 2016 10:00:00 GMT</pubDate><description>Short.</description>
          <content:encoded><![CDATA[<p>“We open in May,” Minister Ada Brandt said on Friday.</p>]]></content:encoded></item>
        <item><title>Nothing more</title></item></channel></rss>"#;
    const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>The Sound</title><id>x</id>
        <entry><id>tag:7</id><title>Bridge to open</title><link rel="alternate" href="http://sound.example/7"/>
        <updated>2016-03-04T10:00:00Z</updated>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It will open in May, the minister said.</p></div></content>
        </entry></feed>"#;
    const JSON: &str = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "The Sound", "items": [
        {"id": "7", "url": "http://sound.example/7", "title": "Bridge to open", "date_published": "2016-03-04T10:00:00Z",
         "content_html": "<p>It will open in May, the minister said.</p>"}]}"#;

    #[test]
    fn three_kinds_of_feed() {
        assert!(is_json_feed(JSON.as_bytes()) && !is_json_feed(b"{\"version\": 2}"));
        for (feed, outlet) in [(RSS, "The Sound & Shore"), (ATOM, "The Sound"), (JSON, "The Sound")] {
            let entries = entries(feed.as_bytes(), "in").unwrap();
            assert_eq!(entries.len(), 1, "{feed}");
            let article = entries[0].read(&Hints::default()).unwrap();
            assert!(article.text.contains("in May"), "{}", article.text);
            let m = article.metadata;
            assert_eq!(m.published.unwrap().to_string(), "2016-03-04");
            assert_eq!(
                (m.outlet.as_deref(), m.url.as_deref()),
                (Some(outlet), Some("http://sound.example/7"))
            );
            assert_eq!(m.title.as_deref(), Some("Bridge to open"));
        }
    }

    #[test]
    fn what_is_no_feed_says_so() {
        assert!(entries(b"<catalog/>", "in").unwrap_err().starts_with("not a feed: "));
    }
}
