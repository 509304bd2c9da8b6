//! Any request to the server: it answers, and with no internal error.

#![no_main]

use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use libfuzzer_sys::fuzz_target;
use onrecord_server::{App, Config, Corrections};
use onrecord_store::Store;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// The service over an empty store, which stays as long as the process.
fn served() -> &'static (Runtime, Router) {
    static SERVED: OnceLock<(Runtime, Router)> = OnceLock::new();
    SERVED.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("onrecord-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("news.db");
        drop(Store::create(&path).unwrap());
        let mut config = Config::of(&path);
        config.corrections = Corrections::Open;
        let router = onrecord_server::router(App::open(config).unwrap());
        (tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap(), router)
    })
}

// The first line of the input is the method and the path, the second a header, and the rest the body.
fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.splitn(3, '\n');
    let (first, header, body) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""), lines.next().unwrap_or(""));
    let (method, path) = first.split_once(' ').unwrap_or(("GET", first));
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    // The engine has targets of its own, and takes long.
    if path.contains("read") || path.starts_with("/mcp") && body.contains("read") || path.starts_with("/try") {
        return;
    }
    let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
    if let Some((name, value)) = header.split_once(": ") {
        request = request.header(name, value);
    }
    let Ok(request) = request.header("origin", "http://localhost").body(Body::from(body.to_owned())) else { return };
    let (runtime, router) = served();
    let (status, _) = runtime.block_on(async {
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        (status, response.into_body().collect().await.map(|body| body.to_bytes()))
    });
    assert_ne!(status.as_u16(), 500);
});
