//! Which requests the server answers, and what every response tells the browser.

mod common;

use axum::http::{StatusCode, header};
use common::Served;

#[tokio::test]
async fn only_this_machine_and_numbers_are_hosts() {
    let served = Served::new();
    for host in ["localhost:7878", "127.0.0.1:7878", "[::1]:7878"] {
        let answer = served.with("/", &[("host", host)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80"] {
        let answer = served.with("/", &[("host", host)]).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    let answer = served.with("/", &[("host", "localhost"), ("host", "evil.example")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn every_response_limits_what_a_page_may_do() {
    let served = Served::new();
    for path in ["/", "/nothing", "/assets/0/style.css"] {
        let answer = served.get(path).await;
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(answer.headers[header::REFERRER_POLICY], "same-origin");
        assert_eq!(answer.headers[header::X_FRAME_OPTIONS], "DENY");
    }
}

#[tokio::test]
async fn errors_are_pages_for_browsers_and_documents_for_programs() {
    let served = Served::new();
    let page = served.with("/nothing", &[("accept", "text/html,*/*;q=0.8")]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("<!DOCTYPE html>") && page.body.contains("There is nothing at this address."));
    for (path, accept) in [("/nothing", "*/*"), ("/api/v1/nothing", "text/html")] {
        let document = served.with(path, &[("accept", accept)]).await;
        assert_eq!(document.status, StatusCode::NOT_FOUND);
        assert_eq!(document.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(document.json()["status"], 404);
    }
}

#[tokio::test]
async fn an_address_in_the_request_line_is_the_host() {
    let served = Served::new();
    let feed = served.with("http://127.0.0.1:7878/feed", &[("host", "evil.example")]).await;
    assert_eq!(feed.status, StatusCode::OK);
    assert!(
        feed.body.contains("http://127.0.0.1:7878/feed") && !feed.body.contains("evil.example"),
        "{}",
        feed.body
    );
}

#[tokio::test]
async fn a_refused_query_is_shown_whatever_the_browser_knows() {
    let served = Served::new();
    let path = "/search?q=typ%3Ax";
    let first = served.with(path, &[("accept", "text/html")]).await;
    assert_eq!(first.status, StatusCode::BAD_REQUEST);
    assert!(first.body.contains("no field “typ:”") && !first.headers.contains_key(header::ETAG));
    // The mark of another page of this server.
    let tag = served.page("/").await.headers[header::ETAG].to_str().unwrap().to_owned();
    let again = served.with(path, &[("accept", "text/html"), ("if-none-match", &tag)]).await;
    assert_eq!(again.body, first.body);
}
