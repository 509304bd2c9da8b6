//! Atom feeds of searches, read with a library that readers of feeds use.

mod archive;
mod common;

use axum::http::{StatusCode, header};
use common::Served;
use feed_rs::model::{Feed, FeedType};

async fn feed(served: &Served, path: &str) -> Feed {
    let answer = served.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/atom+xml; charset=utf-8");
    feed_rs::parser::parse(answer.body.as_bytes()).unwrap()
}

#[tokio::test]
async fn a_search_is_a_feed_of_its_newest_statements() {
    let served = Served::filled(archive::fill, |_| ());
    let brandt = feed(&served, "/feed?q=speaker:brandt%20toll").await;
    assert_eq!(brandt.feed_type, FeedType::Atom);
    assert_eq!(brandt.title.unwrap().content, "onrecord: speaker:brandt toll");
    assert_eq!(brandt.id, "http://localhost:7878/feed?q=speaker%3Abrandt%20toll");
    assert_eq!(brandt.updated.unwrap().to_rfc3339(), "2016-03-05T00:00:00+00:00");
    assert!(brandt.links.iter().any(|l| l.rel.as_deref() == Some("self") && l.href == brandt.id));
    let found = served.get("/api/v1/search?q=speaker:brandt%20toll").await.json();
    let hits = found["hits"].as_array().unwrap();
    assert_eq!(brandt.entries.len(), hits.len());
    for (entry, hit) in brandt.entries.iter().zip(hits) {
        let page = format!("http://localhost:7878/statement/{}", hit["address"].as_str().unwrap());
        assert_eq!(entry.id, page, "the permanent address");
        assert!(entry.links.iter().any(|l| l.href == page));
        assert!(
            entry
                .links
                .iter()
                .any(|l| l.rel.as_deref() == Some("via") && Some(l.href.as_str()) == hit["url"].as_str())
        );
        assert_eq!(entry.content.as_ref().unwrap().body.as_deref(), hit["content"].as_str());
        assert!(entry.published.is_some() && entry.updated.is_some());
        assert!(entry.title.as_ref().unwrap().content.starts_with("Ada Brandt: "));
        assert!(entry.summary.as_ref().unwrap().content.contains("Transport Minister"));
    }
    assert_eq!(feed(&served, "/feed?limit=2").await.entries.len(), 2);
    let none = feed(&served, "/feed?q=nothing").await;
    assert!(none.entries.is_empty() && none.updated.is_some());
}

#[tokio::test]
async fn a_feed_holds_whatever_articles_hold() {
    let fill = |store: &mut onrecord_store::Store| {
        let draft = archive::article(
            "http://a.example/?a=1&b=\"<x>\"",
            "2016",
            "<script>&",
            "Rolf <b>Meyer</b> said ]]> & \u{1} <script>alert(1)</script> \u{202e}x\u{fffe}.",
        )
        .entity("person", "Rolf <b>Meyer</b>", &["\"&'"])
        .says(
            "indirect",
            "Rolf <b>Meyer</b>",
            "said",
            "]]> & \u{1} <script>alert(1)</script> \u{202e}x\u{fffe}",
            "",
        );
        archive::put(store, &draft);
    };
    let served = Served::filled(fill, |config| config.public_url = Some("https://news.example/".to_owned()));
    let odd = feed(&served, "/feed?q=alert").await;
    assert_eq!(odd.title.unwrap().content, "onrecord: alert");
    let entry = &odd.entries[0];
    assert!(entry.id.starts_with("https://news.example/statement/"));
    let content = entry.content.as_ref().unwrap().body.as_deref().unwrap();
    assert!(content.contains("]]> &") && content.contains("<script>alert(1)</script>"), "{content}");
    assert!(!served.get("/feed?q=alert").await.body.contains("<script>"));
    assert_eq!(entry.published.unwrap().to_rfc3339(), "2016-01-01T00:00:00+00:00");
}

#[tokio::test]
async fn an_entry_without_a_year_has_no_date_of_publication() {
    let served = Served::examples();
    let undated = feed(&served, "/feed?q=speaker:aalto").await;
    assert_eq!((undated.entries.len(), undated.entries[0].published), (1, None));
    assert!(undated.entries[0].summary.as_ref().unwrap().content.contains("4 March"));
}

#[tokio::test]
async fn a_feed_is_fetched_only_when_it_changed() {
    let served = Served::filled(archive::fill, |_| ());
    let first = served.get("/feed?q=toll").await;
    let tag = first.headers[header::ETAG].to_str().unwrap();
    let again = served.with("/feed?q=toll", &[("if-none-match", tag)]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let wrong = served.get("/feed?q=(toll").await;
    assert_eq!((wrong.status, wrong.json()["at"].as_u64()), (StatusCode::BAD_REQUEST, Some(1)));
}
