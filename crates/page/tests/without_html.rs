//! What the crate reads when it was built without the feature `html`.

#![cfg(not(feature = "html"))]

use onrecord_page::{Format, Hints, documents, read};
use onrecord_text::NoticeKind;

/// The texts of the articles in an input, or the errors that replace them.
fn read_all(input: &str, name: &str) -> Vec<Result<String, String>> {
    let documents = documents(input.as_bytes(), name, None);
    let read = documents.map(|document| {
        let document = document.map_err(|e| e.to_string())?;
        document.read(&Hints::default()).map(|article| article.text).map_err(|e| e.to_string())
    });
    read.collect()
}

#[test]
fn texts_and_json_with_a_text_are_read() {
    assert_eq!(read_all("It rained, she said.", "a.txt"), [Ok("It rained, she said.".to_owned())]);
    let lines =
        "{\"text\": \"It rained.\", \"published\": \"Fri, 04 Mar 2016\"}\n{\"text\": \"It snowed.\"}\n";
    assert_eq!(read_all(lines, "a.jsonl"), [Ok("It rained.".to_owned()), Ok("It snowed.".to_owned())]);
    let item = r#"[{"bodies": [{"contenttype": "text/html", "value": "<p>It rained and rained.</p>"},
        {"contenttype": "text/plain", "value": "It rained."}]}]"#;
    assert_eq!(read_all(item, "a.json"), [Ok("It rained.".to_owned())]);
}

#[test]
fn everything_else_is_refused_with_the_reason() {
    let reason = "pages, feeds, news items and web archives can't be read: the feature “html” is off";
    for (name, input) in [
        ("a.html", "<p>It rained.</p>"),
        ("a.rss", "<rss><channel/></rss>"),
        ("a.xml", "<newsItem/>"),
        ("a.warc", "WARC/1.0\r\n"),
    ] {
        assert_eq!(read_all(input, name), [Err(format!("{name}: {reason}"))]);
    }
    let body = "the body of the document is HTML, which can't be read: the feature “html” is off";
    for document in ["{\"html\": \"<p>It rained.</p>\"}", "{\"body_html\": \"<p>It rained.</p>\"}"] {
        assert_eq!(read_all(document, "a.json"), [Err(body.to_owned())]);
    }
    let article =
        read(b"<p>It rained.</p>", Format::Html, &Hints { source_id: "a".to_owned(), ..Hints::default() });
    assert_eq!((article.text.as_str(), article.notices[0].kind), ("", NoticeKind::Empty));
    assert!(article.notices[0].message.ends_with(reason), "{}", article.notices[0].message);
}
