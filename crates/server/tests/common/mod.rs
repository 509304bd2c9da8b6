//! A service over a temporary store, and its answers.

#![allow(dead_code)]

use std::path::PathBuf;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use onrecord_server::{App, Config};
use onrecord_store::Store;
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
}

impl Served {
    /// A service over an empty store.
    pub fn new() -> Self {
        Self::filled(|_| (), |_| ())
    }

    /// A service over a store that `fill` fills, with a configuration that `set` changes.
    pub fn filled(fill: impl FnOnce(&mut Store), set: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new().unwrap();
        let store = folder.path().join("news.db");
        fill(&mut Store::create(&store).unwrap());
        let mut config = Config::of(&store);
        set(&mut config);
        let router = onrecord_server::router(App::open(config).unwrap());
        Self { router, store, _folder: folder }
    }

    /// The answer to a GET request from this machine.
    pub async fn get(&self, path: &str) -> Answer {
        self.with(path, &[]).await
    }

    /// The answer to a GET request with these headers.
    pub async fn with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, Body::empty()).await
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
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}
