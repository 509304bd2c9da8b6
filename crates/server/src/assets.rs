//! Styles and scripts, which are part of the program.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use onrecord_text::hexadecimal;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::problem::{Problem, nothing_here};

/// A file, and the address under which it is served.
struct Asset {
    name: &'static str,
    kind: &'static str,
    body: &'static str,
    /// The address contains a hash of the body, so browsers may keep the file for good.
    hash: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let css = "text/css; charset=utf-8";
    let js = "text/javascript; charset=utf-8";
    [
        ("style.css", css, include_str!("../assets/style.css")),
        ("pages.js", js, include_str!("../assets/pages.js")),
        ("api.js", js, include_str!("../assets/api.js")),
        ("icon.svg", "image/svg+xml", include_str!("../assets/icon.svg")),
    ]
    .map(|(name, kind, body)| {
        let hash = hexadecimal(&Sha256::digest(body)[..6]);
        Asset { name, kind, body, hash }
    })
    .into()
});

/// Returns the address of an asset.
pub(crate) fn url(name: &str) -> String {
    let hash = ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| &asset.hash);
    format!("/assets/{hash}/{name}")
}

/// Returns the routes of this module.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/assets/{hash}/{name}", get(asset))
}

async fn asset(Path((hash, name)): Path<(String, String)>) -> Result<Response, Problem> {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name && asset.hash == hash) else {
        return Err(nothing_here().await);
    };
    let headers = [
        (header::CONTENT_TYPE, asset.kind.to_owned()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
        (header::ETAG, format!("\"{}\"", asset.hash)),
    ];
    Ok((headers, asset.body).into_response())
}
