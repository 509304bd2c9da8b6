//! Reading documents that a client sends. Nothing is stored.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use onrecord::page::{Format, Hints};
use onrecord_text::answers;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::parameters::{Params, no_longer_than};
use crate::app::App;
use crate::problem::Problem;
use crate::reading::{self, LARGEST};

/// The maximum number of articles that are read from one document.
const MOST: usize = 100;

/// The formats of documents.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum InputFormat {
    /// A web page.
    Html,
    /// Plain text.
    Text,
    /// One JSON document per line.
    Jsonl,
    /// One JSON document or a list of them, a ninjs item, or a JSON Feed.
    Json,
    /// RSS or Atom.
    Feed,
    /// NewsML-G2, NewsML 1 or NITF.
    Newsml,
    /// A web archive.
    Warc,
}

impl From<InputFormat> for Format {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Html => Self::Html,
            InputFormat::Text => Self::Text,
            InputFormat::Jsonl => Self::JsonLines,
            InputFormat::Json => Self::Json,
            InputFormat::Feed => Self::Feed,
            InputFormat::Newsml => Self::NewsMl,
            InputFormat::Warc => Self::Warc,
        }
    }
}

/// What the client knows about a document.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct About {
    /// The name of the document. Its ending may tell formats apart.
    #[param(example = "article.html", max_length = 1000)]
    pub name: Option<String>,
    /// The format. It is usually recognised from the content, the name and the content type.
    #[param(inline)]
    pub from: Option<InputFormat>,
    /// The date of publication, in EDTF.
    #[param(example = "2016-03-04")]
    pub published: Option<String>,
    /// The publisher.
    #[param(max_length = 1000)]
    pub outlet: Option<String>,
    /// The title.
    #[param(max_length = 1000)]
    pub title: Option<String>,
    /// The web address.
    #[param(max_length = 4000)]
    pub url: Option<String>,
}

/// Read a document.
///
/// Returns the records of the articles in a document, in wire format 1. The body is a document in any format that
/// onrecord reads: a web page, plain text, JSON, JSON Lines, a feed, a news item or a web archive, also gzipped, of at
/// most 4 MiB, also after decompression and with all its articles. Nothing is stored. Up to 100 articles are read.
#[utoipa::path(post, path = "/api/v1/read", tag = "Read", params(About),
    request_body(description = "The document", content(
        (String = "text/plain"), (String = "text/html"), (Vec<u8> = "application/octet-stream"))),
    responses(
        (status = 200, description = "The records", body = answers::Reading),
        (status = 415, description = "The body is a form")))]
pub(super) async fn read(
    State(app): State<App>,
    Params(about): Params<About>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<answers::Reading>, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.trim_start().to_ascii_lowercase().starts_with("multipart/") {
        let what = "the body must be the document itself, not a form: with curl, use --data-binary @FILE";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, what));
    }
    if body.is_empty() {
        return Err(Problem::invalid("the request has no body, which is the document to read"));
    }
    if body.len() > LARGEST {
        let what = format!("a document has at most {} MiB here", LARGEST >> 20);
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, what));
    }
    for (most, field, value) in [
        (1_000, "name", &about.name),
        (1_000, "outlet", &about.outlet),
        (1_000, "title", &about.title),
        (4_000, "url", &about.url),
    ] {
        no_longer_than(most, field, value.as_deref().unwrap_or_default())?;
    }
    let published = about.published.as_deref().map(str::parse).transpose();
    let hints = Hints {
        url: about.url,
        outlet: about.outlet,
        title: about.title,
        published: published.map_err(|e| Problem::invalid(format!("published: {e}")))?,
        ..Hints::default()
    };
    let name = about.name.unwrap_or_else(|| format!("document{}", ending(&headers)));
    let format = about.from.map(Into::into);
    let reading = records(&app, body.into(), name, format, hints).await?;
    if reading.records.is_empty() && !reading.unread.is_empty() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, reading.unread.join("; ")));
    }
    Ok(Json(reading))
}

/// Returns the records of the articles in a document, and what could not be read.
pub(crate) async fn records(
    app: &App,
    body: Vec<u8>,
    name: String,
    format: Option<Format>,
    hints: Hints,
) -> Result<answers::Reading, Problem> {
    let (outcomes, more) =
        app.think(move |engine| reading::read(engine, body, &name, format, &hints, MOST)).await?;
    let (mut records, mut unread) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Ok(record) => records.push(record),
            Err(what) => unread.push(what),
        }
    }
    Ok(answers::Reading { schema: answers::Schema, records, unread, more })
}

/// Returns the ending of names of files with the request's content type, if it tells formats apart.
fn ending(headers: &HeaderMap) -> &'static str {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" => ".html",
        "text/plain" => ".txt",
        "application/json" => ".json",
        "application/jsonl" | "application/x-ndjson" => ".jsonl",
        "application/warc" => ".warc",
        _ => "",
    }
}
