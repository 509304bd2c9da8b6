//! The checks that every request must pass, and the headers of every response. docs/SERVER.md has the threat model.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use onrecord_text::hexadecimal;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;

use crate::app::{App, Corrections};
use crate::problem::{self, Problem};

/// The maximum size of a request's body, in bytes.
pub(crate) const LARGEST: usize = 16 << 20;
/// The maximum time until a response begins.
const LONGEST: Duration = Duration::from_secs(60);
/// The maximum number of requests at the same time.
const MOST: usize = 512;
/// The name of the cookie that shows that its owner knows the token.
pub(crate) const COOKIE: &str = "onrecord-token";

/// Scripts and styles come from this server only, and none is inside a page. No other site may show a page in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The headers of every response. `same-origin` keeps the `Origin` of forms, which `no-referrer` would replace by
/// `null`.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Adds all checks to the routes, the outermost last.
pub(crate) fn protect(routes: Router<App>, app: &App) -> Router<App> {
    let places = Arc::new(Semaphore::new(MOST));
    routes
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(LARGEST))
        .layer(middleware::from_fn_with_state(app.clone(), from_here))
        .layer(CatchPanicLayer::custom(|_| {
            Problem::internal("a request failed because of an internal error").into_response()
        }))
        .layer(middleware::from_fn_with_state(places, limited))
        .layer(middleware::from_fn(problem::shown))
        .layer(middleware::from_fn(with_headers))
}

async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // The content of the store may change at any time, and only the client itself may keep it.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    response
}

async fn limited(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let Ok(_place) = places.try_acquire_owned() else {
        let busy =
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too many requests at the same time; try again");
        return ([(header::RETRY_AFTER, "1")], busy).into_response();
    };
    match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(StatusCode::GATEWAY_TIMEOUT, "this took too long").into_response(),
    }
}

/// Refuses requests for hosts other than this server, and changes that pages of other sites request.
async fn from_here(State(app): State<App>, request: Request, next: Next) -> Response {
    let public = app.config().public_url.as_deref().map(authority);
    let Some(host) = host(request.uri(), request.headers()) else {
        return Problem::invalid("the request names no host").into_response();
    };
    if !is_known(host, public) {
        let detail = "this server does not answer for this host; --public-url adds another host";
        return Problem::new(StatusCode::MISDIRECTED_REQUEST, detail).into_response();
    }
    let changes = !request.method().is_safe();
    if changes && is_foreign(request.headers(), host, public) {
        return Problem::new(StatusCode::FORBIDDEN, "a page of another site may not send this request")
            .into_response();
    }
    next.run(request).await
}

/// Returns the host that a request is for. HTTP/2 and absolute addresses name it in the address, and others in a
/// header.
pub(crate) fn host<'r>(uri: &'r Uri, headers: &'r HeaderMap) -> Option<&'r str> {
    let named = uri.authority().map(|authority| authority.as_str());
    let mut all = headers.get_all(header::HOST).iter();
    let header = all.next().and_then(|value| value.to_str().ok());
    if all.next().is_some() { None } else { named.or(header) }
}

/// Returns the host and port of a web address.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// Returns whether a request for this host is for this server.
///
/// In DNS rebinding, a page of another site makes the browser believe that the site's own name stands for this machine.
/// The browser then sends that name. No site can do so with `localhost` or a number.
fn is_known(host: &str, public: Option<&str>) -> bool {
    if public.is_some_and(|public| public.eq_ignore_ascii_case(host)) {
        return true;
    }
    // The port is what follows the last colon, unless this colon is part of an address in brackets.
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

/// Returns whether the page of another site sends this request. Programs that are not browsers send neither header.
fn is_foreign(headers: &HeaderMap, host: &str, public: Option<&str>) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let origin = text(header::ORIGIN).map(authority);
    let ours = |origin: &str| {
        origin.eq_ignore_ascii_case(host) || public.is_some_and(|public| public.eq_ignore_ascii_case(origin))
    };
    site.is_some_and(|site| site != "same-origin" && site != "none")
        || origin.is_some_and(|origin| !ours(origin))
}

/// Proof that the sender of a request may record decisions.
pub(crate) struct MayDecide;

impl FromRequestParts<App> for MayDecide {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let corrections = &app.config().corrections;
        if *corrections == Corrections::Off {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "corrections are off; `--allow-corrections` turns them on",
            ));
        }
        let bearer = has_bearer(&parts.headers, corrections);
        // Browsers send the origin with every form. The check of origins has already refused those of other sites.
        if !parts.method.is_safe() && !bearer && !parts.headers.contains_key(header::ORIGIN) {
            return Err(Problem::new(StatusCode::FORBIDDEN, "a change needs the header `Origin`"));
        }
        if bearer || is_trusted(&parts.headers, corrections) {
            return Ok(Self);
        }
        Err(Problem::new(StatusCode::UNAUTHORIZED, "sign in with the token that the server printed"))
    }
}

/// Returns whether the sender may record decisions, as far as the token is concerned.
pub(crate) fn is_trusted(headers: &HeaderMap, corrections: &Corrections) -> bool {
    match corrections {
        Corrections::Off => false,
        Corrections::Open => true,
        Corrections::Token(token) => cookie(headers, COOKIE).is_some_and(|value| same(value, &mark(token))),
    }
}

fn has_bearer(headers: &HeaderMap, corrections: &Corrections) -> bool {
    let Corrections::Token(token) = corrections else { return false };
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    sent.and_then(|sent| sent.strip_prefix("Bearer ")).is_some_and(|sent| same(sent, token))
}

/// Makes a token that nobody can guess.
///
/// # Errors
///
/// Returns an error if the system has no source of random numbers.
pub fn token() -> std::io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| std::io::Error::other(e.to_string()))?;
    Ok(hexadecimal(&bytes))
}

/// Returns the value of the cookie for a token. The token can't be derived from it.
pub(crate) fn mark(token: &str) -> String {
    hexadecimal(&Sha256::digest(format!("onrecord cookie {token}")))
}

/// Compares secrets by their hashes, so that the time it takes says nothing about them.
pub(crate) fn same(a: &str, b: &str) -> bool {
    Sha256::digest(a) == Sha256::digest(b)
}

/// Returns the value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::body::Body;
    use axum::routing::get;
    use tokio::time::Instant;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_ends_after_a_minute_and_gives_its_place_to_another() {
        let places = Arc::new(Semaphore::new(1));
        let routes = Router::new().route("/slow", get(pending::<()>)).route("/quick", get(async || "done"));
        let router = routes.layer(middleware::from_fn_with_state(Arc::clone(&places), limited));
        let ask = |path: &str| router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap());
        let begun = Instant::now();
        assert_eq!(ask("/slow").await.unwrap().status(), StatusCode::GATEWAY_TIMEOUT);
        assert_eq!(begun.elapsed().as_secs(), 60);
        assert_eq!(ask("/quick").await.unwrap().status(), StatusCode::OK);
        let taken = places.acquire_owned().await;
        assert_eq!(ask("/quick").await.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
        drop(taken);
    }

    #[test]
    fn known_hosts() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:7878", "[::1]:7878", "[::1]", "192.168.1.7:80"] {
            assert!(is_known(host, None), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", "", "[::1].evil.example"]
        {
            assert!(!is_known(host, None), "{host}");
        }
        assert!(is_known("news.example:8443", Some(authority("https://news.example:8443/archive"))));
        assert!(!is_known("news.example", Some("news.example:8443")));
    }

    #[test]
    fn foreign_senders() {
        let of = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
            }
            is_foreign(&headers, "localhost:7878", Some("news.example"))
        };
        assert!(
            !of(&[])
                && !of(&[("origin", "http://localhost:7878")])
                && !of(&[("origin", "https://news.example")])
        );
        assert!(!of(&[("sec-fetch-site", "same-origin")]) && of(&[("sec-fetch-site", "same-site")]));
        assert!(of(&[("origin", "http://localhost:8000")]) && of(&[("origin", "null")]));
        assert!(of(&[("origin", "http://localhost:7878"), ("sec-fetch-site", "cross-site")]));
    }
}
