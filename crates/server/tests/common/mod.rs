//! A service over a temporary store, and its answers.

#![allow(dead_code)]

use std::path::PathBuf;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use onrecord::text::{Act, BlockKind, SpeakerKind, StatementKind, Status, wire};
use onrecord_server::{App, Config, Demo};
use onrecord_store::{Digest, Store};
use tempfile::TempDir;
use tower::ServiceExt;

/// A service, and the folder that holds its store.
pub struct Served {
    pub router: Router,
    pub store: PathBuf,
    _folder: TempDir,
}

/// What the service answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    pub fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }

    /// The addresses of the links whose paths begin so, in the order of the page.
    pub fn links(&self, beginning: &str) -> Vec<String> {
        let marks = format!("href=\"{beginning}");
        let rests = self.body.split(&marks).skip(1).filter_map(|rest| rest.split('"').next());
        rests.map(|rest| format!("{beginning}{}", rest.replace("&amp;", "&"))).collect()
    }

    /// The text of the page's elements.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in self.body.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => out.push(c),
                _ => {}
            }
        }
        let out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        out.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Served {
    /// A service over an empty store.
    pub fn new() -> Self {
        Self::filled(|_| (), |_| ())
    }

    /// A service over the examples.
    pub fn examples() -> Self {
        Self::examples_with(|_| ())
    }

    /// A service over the examples, with a configuration that `set` changes.
    pub fn examples_with(set: impl FnOnce(&mut Config)) -> Self {
        let demo = Demo::new().unwrap();
        let folder = TempDir::new().unwrap();
        let store = folder.path().join("news.db");
        std::fs::copy(demo.store(), &store).unwrap();
        Self::over(folder, store, set)
    }

    /// A service over a store that `fill` fills, with a configuration that `set` changes.
    pub fn filled(fill: impl FnOnce(&mut Store), set: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new().unwrap();
        let store = folder.path().join("news.db");
        fill(&mut Store::create(&store).unwrap());
        Self::over(folder, store, set)
    }

    fn over(folder: TempDir, store: PathBuf, set: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::of(&store);
        set(&mut config);
        let router = onrecord_server::router(App::open(config).unwrap());
        Self { router, store, _folder: folder }
    }

    /// The answer to a GET request from this machine.
    pub async fn get(&self, path: &str) -> Answer {
        self.with(path, &[]).await
    }

    /// The page at this path, which must be there.
    pub async fn page(&self, path: &str) -> Answer {
        let answer = self.with(path, &[("accept", "text/html")]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        assert!(answer.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"), "{path}");
        answer
    }

    /// The answer to a GET request with these headers.
    pub async fn with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, Body::empty()).await
    }

    /// The answer to a form that a page of this server sends.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        if !headers.iter().any(|(name, _)| *name == "origin") {
            all.push(("origin", "http://localhost:7878"));
        }
        all.extend(headers.iter().filter(|(_, value)| !value.is_empty()));
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.send("POST", path, &all, pairs.join("&")).await
    }

    /// The answer to a request. Its host is this machine unless the headers name another.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "localhost:7878");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The address of the first statement that a query finds.
    pub async fn first(&self, query: &str) -> String {
        let page = self.page(&format!("/search?q={}", encoded(query))).await;
        let links = page.links("/statement/");
        links.first().unwrap_or_else(|| panic!("nothing found for {query}")).clone()
    }
}

/// Text as part of an address.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A record of one article with this text. Its statements are given as source, cue, content and the speaker's name.
pub fn record(name: &str, text: &str, statements: &[[&str; 4]]) -> wire::Record {
    let place = |part: &str| {
        let at = text.find(part).unwrap_or_else(|| panic!("“{part}” is not in the text"));
        let start = text[..at].chars().count();
        [start, start + part.chars().count()]
    };
    let field = |part: &str| wire::Field { text: part.to_owned(), spans: vec![place(part)] };
    let statement = |(n, [source, cue, content, speaker]): (usize, &[&str; 4])| wire::Statement {
        id: format!("s{}", n + 1),
        kind: StatementKind::Direct,
        source: Some(field(source)),
        cue: Some(field(cue)),
        content: field(content),
        speaker: Some(wire::Speaker {
            name: Some((*speaker).to_owned()),
            kind: SpeakerKind::Person,
            role: Some(format!("role of {speaker}")),
            entity: None,
            entities: Vec::new(),
            confidence: 0.9,
        }),
        act: Some(Act::Say),
        status: Some(Status::Made),
        confidence: 0.9,
        why: format!("because of {cue}"),
        ..wire::Statement::default()
    };
    let block = wire::Block { kind: BlockKind::Paragraph, start: 0, end: text.chars().count() };
    let article = wire::Article {
        id: wire::content_hash(text),
        source_id: name.to_owned(),
        title: Some(format!("Title of {name}")),
        outlet: Some(format!("Outlet of {name}")),
        published: Some("2016-03-04".to_owned()),
        language: Some("en".to_owned()),
        text: text.to_owned(),
        blocks: vec![block],
        ..wire::Article::default()
    };
    wire::Record {
        schema: wire::SCHEMA.to_owned(),
        article,
        statements: statements.iter().enumerate().map(statement).collect(),
        engine: wire::Engine { version: "0.1.0".to_owned(), model: "test".to_owned() },
        ..wire::Record::default()
    }
}

/// Puts a record into a store.
pub fn put(store: &mut Store, record: &wire::Record) {
    let mut batch = store.batch().unwrap();
    batch
        .put(record, &Digest::of([record.article.text.as_bytes(), record.article.source_id.as_bytes()]))
        .unwrap();
    batch.commit().unwrap();
    store.join(|| false).unwrap();
}
