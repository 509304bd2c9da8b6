//! The addresses of pages. They stay the same, so that people can keep and share them.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::app::App;
use crate::problem::Problem;

/// Returns the path of a statement's page. The address of the statement is its permanent name.
pub(crate) fn statement(address: &str) -> String {
    format!("/statement/{address}")
}

/// Returns the path of the page of an article's version.
pub(crate) fn article(number: i64) -> String {
    format!("/article/{number}")
}

/// Returns the path of the page of a person, organisation or place.
pub(crate) fn person(id: i64) -> String {
    format!("/person/p{id}")
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

impl FromRequestParts<App> for Base {
    type Rejection = Problem;

    /// Takes the public address if there is one, and otherwise the host that the client asked for, which the guard has
    /// checked.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(url) = &app.config().public_url {
            return Ok(Self(url.trim_end_matches('/').to_owned()));
        }
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.ok_or_else(|| Problem::invalid("the request names no host"))?;
        Ok(Self(format!("http://{host}")))
    }
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
