//! Errors as answers. No other module decides which error has which status.
//!
//! A [`Problem`] is put into a response as a value. [`shown`] then writes it in the form that the client understands: a
//! page for browsers, and a problem document (RFC 9457) for the API and everybody else.

use std::fmt::Display;
use std::io::{self, Write};

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use onrecord_export::ExportError;
use onrecord_store::{QueryError, StoreError};
use serde::Serialize;

use crate::pages;

/// What went wrong with a request, in words that may be shown to anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The status of the response.
    pub status: StatusCode,
    /// A description of this particular problem.
    pub detail: String,
    /// For a query that could not be parsed: the position of the error, in characters, counted from 1.
    pub at: Option<usize>,
}

/// A problem document (RFC 9457).
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Document {
    /// `about:blank`: the status says what kind of problem this is.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// What kind of problem this is, in a few words.
    #[schema(value_type = String)]
    pub title: &'static str,
    /// The status of the response.
    pub status: u16,
    /// A description of this particular problem.
    pub detail: String,
    /// For a query that could not be parsed: the position of the error, in characters, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), at: None }
    }

    pub fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, what)
    }

    pub fn invalid(what: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, what)
    }

    /// An error that only whoever runs the server can fix. Its cause goes to standard error, not to the client.
    pub fn internal(cause: impl Display) -> Self {
        log(&cause);
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the server could not do this; its log says why")
    }

    /// Returns the problem document.
    pub fn document(&self) -> Document {
        Document {
            kind: "about:blank",
            title: self.title(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            at: self.at,
        }
    }

    /// Returns what kind of problem this is, in a few words.
    pub fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Problem")
    }
}

/// Writes a line to standard error.
pub(crate) fn log(what: &dyn Display) {
    // If standard error is closed, there is nobody left to inform.
    let line: String = what.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let _ = writeln!(io::stderr(), "onrecord: {line}");
}

impl From<StoreError> for Problem {
    /// Messages of the store that name its file are for the log only.
    fn from(e: StoreError) -> Self {
        let (status, detail) = match &e {
            StoreError::NotFound(what) => return Self::not_found(what),
            StoreError::Invalid(what) => return Self::invalid(what),
            StoreError::Busy(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "another program is writing to the store; try again")
            }
            StoreError::Full(_) => {
                (StatusCode::INSUFFICIENT_STORAGE, "the disk is full; what was committed is kept")
            }
            StoreError::ReadOnly(_) => (StatusCode::FORBIDDEN, "this store can't be written"),
            StoreError::Missing(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store is gone"),
            StoreError::Damaged(..) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "the store is damaged; `onrecord verify` lists the faults",
            ),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "the store can't be read; the server's log says why"),
        };
        log(&e);
        Self::new(status, detail)
    }
}

impl From<QueryError> for Problem {
    fn from(e: QueryError) -> Self {
        Self { at: Some(e.at), ..Self::invalid(format!("the query was not understood, {e}")) }
    }
}

impl From<ExportError> for Problem {
    fn from(e: ExportError) -> Self {
        match e {
            ExportError::Store(e) => e.into(),
            other => Self::internal(other),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.document())).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response.extensions_mut().insert(self);
        response
    }
}

/// The answer for addresses at which there is nothing.
pub(crate) async fn nothing_here() -> Problem {
    Problem::not_found("there is nothing at this address")
}

/// Whether a request comes from somebody who reads pages rather than data.
fn wants_page(request: &Request) -> bool {
    let path = request.uri().path();
    let accepts = |value: &HeaderValue| value.to_str().is_ok_and(|value| value.contains("text/html"));
    !path.starts_with("/api/")
        && path != "/mcp"
        && request.headers().get_all(header::ACCEPT).iter().any(accepts)
}

/// Writes every error in the form that the client understands, including those of the layers and extractors below.
pub(crate) async fn shown(request: Request, next: Next) -> Response {
    let page = wants_page(&request);
    let method = request.method().clone();
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let ready = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"text/html") || kind.as_bytes().starts_with(b"application/")
    });
    let mut answer = match response.extensions().get::<Problem>() {
        Some(problem) if page => pages::problem(problem),
        None if !ready => {
            let what = match status {
                StatusCode::METHOD_NOT_ALLOWED => {
                    format!(
                        "this address does not support {method}; the header Allow lists the methods that it supports"
                    )
                }
                _ => explained(status).to_owned(),
            };
            let problem = Problem::new(status, what);
            if page { pages::problem(&problem) } else { problem.into_response() }
        }
        _ => return response,
    };
    // The allowed methods and the time to wait are headers of the original response.
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// Returns what a status means for whoever caused it.
fn explained(status: StatusCode) -> &'static str {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => "the document is too large for this server",
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => "this took too long",
        StatusCode::SERVICE_UNAVAILABLE => "too many requests at the same time; try again",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "this address does not read this type of body",
        status if status.is_client_error() => "the request was not understood",
        _ => "the server could not do this; its log says why",
    }
}
