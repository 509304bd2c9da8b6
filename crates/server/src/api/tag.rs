//! The ETags of answers, so that nobody has to fetch again what did not change.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;

/// Gives every answer the tag of the state of the store, and answers `304 Not Modified` to clients that know it.
pub(crate) async fn tagged(State(app): State<App>, request: Request, next: Next) -> Response {
    if !request.method().is_safe() {
        return next.run(request).await;
    }
    // The tag comes first: if somebody writes to the store before the answer is read, the answer is newer than its tag,
    // and the next request fetches it again.
    let tag = match app.tag().await {
        Ok(tag) => format!("W/\"{tag}\""),
        Err(problem) => return problem.into_response(),
    };
    let Ok(value) = HeaderValue::from_str(&tag) else { return next.run(request).await };
    if knows(request.headers(), &tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, value)]).into_response();
    }
    let mut response = next.run(request).await;
    if response.status() == StatusCode::OK {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

/// Returns whether the client has an answer with this tag.
fn knows(headers: &HeaderMap, tag: &str) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let sent = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    sent.flat_map(|tags| tags.split(',')).any(|one| one.trim() == "*" || strong(one) == strong(tag))
}
