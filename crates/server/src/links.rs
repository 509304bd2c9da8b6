//! The addresses of pages. They stay the same, so that people can keep and share them.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use onrecord_store::PersonRef;

use crate::app::App;
use crate::guard;
use crate::problem::Problem;

/// Returns the path of a statement's page. The address of the statement is its permanent name.
pub(crate) fn statement(address: &str) -> String {
    format!("/statement/{address}")
}

/// Returns the path of the page of a report of an event. The path changes if the article is read again and other
/// reports are found in it.
pub(crate) fn report(name: &str) -> String {
    format!("/event/{name}")
}

/// Returns the path of the page of an article's version.
pub(crate) fn article(number: i64) -> String {
    format!("/article/{number}")
}

/// Returns the path of the list of the reports of events in an article, from the page with this number on, counted from 1.
pub(crate) fn reports_of(article: i64, page: usize) -> String {
    let path = format!("/article/{article}/events");
    if page > 1 { format!("{path}?page={page}") } else { path }
}

/// Returns the path of the page of a person, organisation or place.
pub(crate) fn person(number: PersonRef) -> String {
    format!("/person/{number}")
}

/// The beginning of absolute addresses, such as `http://127.0.0.1:7878`, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base(pub String);

impl Base {
    /// Returns the absolute address of a path.
    pub fn of(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl Base {
    /// Returns the public address, if the server has one.
    pub fn public(app: &App) -> Option<Self> {
        app.config().public_url.as_ref().map(|url| Self(url.trim_end_matches('/').to_owned()))
    }
}

impl FromRequestParts<App> for Base {
    type Rejection = Problem;

    /// Takes the public address if there is one, and otherwise the host that the client asked for, which the guard has
    /// checked.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(base) = Self::public(app) {
            return Ok(base);
        }
        let host = guard::host(&parts.uri, &parts.headers);
        let host = host.ok_or_else(|| Problem::invalid("the request names no host"))?;
        Ok(Self(format!("http://{host}")))
    }
}

/// Returns whether a text is a web address. Others, such as `javascript:`, do not become links.
pub(crate) fn is_web(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}

/// Returns a text as the value of a parameter in an address.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
