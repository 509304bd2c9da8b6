//! Exports of what a query finds, sent while they are written.

use std::io::{self, BufWriter, Write};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use onrecord_export::{ExportError, Format, Item, Options, events, export as write, of_store};
use onrecord_store::Reader;
use serde::Deserialize;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Sender};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::{IntoParams, ToSchema};

use super::parameters::{Params, event_query_of, query_of};
use crate::app::App;
use crate::problem::Problem;
use crate::public::Public;

/// The size of the pieces that are sent.
const PIECE: usize = 64 << 10;
/// How many pieces may wait for the client.
const WAITING: usize = 8;
/// How long a client may take for a piece. An export keeps a handle to the store.
const PATIENCE: Duration = Duration::from_secs(30);

/// The formats of exports.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum ExportFormat {
    /// Wire format 1, one article per line.
    #[default]
    Jsonl,
    /// One statement per row.
    Csv,
    /// Apache Parquet, one statement per row.
    Parquet,
    /// W3C Web Annotation.
    Webannotation,
    /// FollowTheMoney entities, one per line.
    Ftm,
}

impl ExportFormat {
    /// Returns the format, its media type and the ending of a file's name.
    fn parts(self) -> (Format, &'static str, &'static str) {
        match self {
            Self::Jsonl => (Format::JsonLines, "application/jsonl", "jsonl"),
            Self::Csv => (Format::Csv, "text/csv; charset=utf-8", "csv"),
            Self::Parquet => (Format::Parquet, "application/vnd.apache.parquet", "parquet"),
            Self::Webannotation => (Format::WebAnnotation, "application/ld+json", "jsonld"),
            Self::Ftm => (Format::FollowTheMoney, "application/json+ftm", "ftm.jsonl"),
        }
    }
}

/// What to export.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Export {
    /// The query. An empty one exports everything, including articles without statements.
    #[serde(default)]
    #[param(required = false, example = "toll", max_length = 4000)]
    pub q: String,
    /// The format.
    #[serde(default)]
    #[param(required = false, inline)]
    pub format: ExportFormat,
    /// For CSV: whether to put an apostrophe before cells that a spreadsheet would take for a formula.
    #[serde(default)]
    #[param(required = false)]
    pub plain_cells: bool,
}

/// Export statements.
///
/// Returns the articles with statements that a query finds, in one of the formats of `onrecord export`, oldest first.
/// The answer is sent while it is written. If the export fails halfway, the connection ends without the last piece.
#[utoipa::path(get, path = "/api/v1/export", tag = "Statements", params(Export),
    responses((status = 200, description = "The export", content(
        (String = "application/jsonl"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.apache.parquet"),
        (serde_json::Value = "application/ld+json"),
        (String = "application/json+ftm"),
    ))))]
pub(super) async fn export(
    State(app): State<App>,
    Params(Export { q, format, plain_cells }): Params<Export>,
) -> Result<Response, Problem> {
    let query = query_of(&q)?;
    let (format, kind, ending) = format.parts();
    let options = Options::default().with_plain_cells(plain_cells);
    let name = format!("statements.{ending}");
    sent(&app, kind, &name, move |store, out| write(hidden(of_store(store, &query)?), format, options, out))
        .await
}

/// The formats of exports of reports of events.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum EventFormat {
    /// One report per line, with the columns of CSV.
    #[default]
    Jsonl,
    /// One report per row.
    Csv,
    /// Apache Parquet, one report per row.
    Parquet,
    /// POLECAT's columns, followed by those of the claim, separated by tabs.
    Polecat,
}

impl EventFormat {
    /// Returns the format, its media type and the ending of a file's name.
    fn parts(self) -> (events::Format, &'static str, &'static str) {
        match self {
            Self::Jsonl => (events::Format::JsonLines, "application/jsonl", "jsonl"),
            Self::Csv => (events::Format::Csv, "text/csv; charset=utf-8", "csv"),
            Self::Parquet => (events::Format::Parquet, "application/vnd.apache.parquet", "parquet"),
            Self::Polecat => (events::Format::Polecat, "text/tab-separated-values; charset=utf-8", "tsv"),
        }
    }
}

/// Which reports of events to export.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EventExport {
    /// The query, as for `onrecord events`. An empty one exports every report.
    #[serde(default)]
    #[param(required = false, example = "type:ASSAULT", max_length = 4000)]
    pub q: String,
    /// The format.
    #[serde(default)]
    #[param(required = false, inline)]
    pub format: EventFormat,
    /// For CSV: whether to put an apostrophe before cells that a spreadsheet would take for a formula.
    #[serde(default)]
    #[param(required = false)]
    pub plain_cells: bool,
}

/// Export reports of events.
///
/// Returns the reports of events that a query finds, in one of the formats of `onrecord export --events`, oldest first.
/// The answer is sent while it is written. If the export fails halfway, the connection ends without the last piece.
#[utoipa::path(get, path = "/api/v1/events/export", tag = "Events", params(EventExport),
    responses((status = 200, description = "The export", content(
        (String = "application/jsonl"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.apache.parquet"),
        (String = "text/tab-separated-values"),
    ))))]
pub(super) async fn export_events(
    State(app): State<App>,
    Params(EventExport { q, format, plain_cells }): Params<EventExport>,
) -> Result<Response, Problem> {
    let query = event_query_of(&q)?;
    let (format, kind, ending) = format.parts();
    let options = Options::default().with_plain_cells(plain_cells);
    sent(&app, kind, &format!("events.{ending}"), move |store, out| {
        events::export(hidden(events::of_store(store, &query)?), format, options, out)
    })
    .await
}

/// Returns items without the folders of their sources.
fn hidden(
    items: impl Iterator<Item = Result<Item, ExportError>>,
) -> impl Iterator<Item = Result<Item, ExportError>> {
    items.map(|item| {
        item.map(|mut item| {
            item.record.hide();
            item
        })
    })
}

/// Sends an export as a file of this type and name, while it is written.
async fn sent(
    app: &App,
    kind: &'static str,
    name: &str,
    export: impl FnOnce(&Reader, &mut BufWriter<Pieces>) -> Result<(), ExportError> + Send + 'static,
) -> Result<Response, Problem> {
    let (send, mut receive) = mpsc::channel(WAITING);
    let failed = send.clone();
    let place = app.place_for_an_export()?;
    let app = app.clone();
    tokio::spawn(async move {
        let done = app.read(move |store| {
            let _place = place;
            let mut out = BufWriter::with_capacity(PIECE, Pieces { send, handle: Handle::current() });
            let done = export(store, &mut out).and_then(|()| Ok(out.flush()?));
            if let Err(ExportError::Output(e)) = &done {
                let is_gone = e.kind() == io::ErrorKind::BrokenPipe;
                // What is left in the buffer has nowhere to go.
                drop(out.into_parts());
                // A client that went away is no problem of the server. One that is too slow must not take what it got
                // for the whole.
                if is_gone {
                    return Ok(());
                }
            }
            done
        });
        let done = tokio::select! {
            done = done => done,
            // If nobody listens any more, an export that has written nothing yet need not go on either.
            () = failed.closed() => return,
        };
        if let Err(problem) = done {
            // If nobody listens any more, nobody needs to know.
            let _ = failed.send(Err(problem)).await;
        }
    });
    // A problem that occurs at once is an answer of its own.
    let first = receive.recv().await.transpose()?;
    let rest =
        ReceiverStream::new(receive).map(|piece| piece.map_err(|problem| io::Error::other(problem.detail)));
    let pieces = tokio_stream::iter(first.map(Ok)).chain(rest);
    let name = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// Sends what is written to it as pieces of a body.
struct Pieces {
    send: Sender<Result<Bytes, Problem>>,
    handle: Handle,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Ok(Bytes::copy_from_slice(bytes));
        let sent = self.handle.block_on(tokio::time::timeout(PATIENCE, self.send.send(piece)));
        match sent {
            Ok(Ok(())) => Ok(bytes.len()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the client took too long")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;
    use crate::app::tests::{MANY, ask, with_one_reader};

    #[tokio::test]
    async fn an_export_ends_if_its_client_is_gone_before_anything_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let app = with_one_reader(folder.path());
        let ((begin, begun), (end, ended)) = (oneshot::channel(), oneshot::channel());
        let slow = sent(&app, "text/csv", "statements.csv", move |store, _| {
            begin.send(()).unwrap();
            let done = ask(store, MANY);
            end.send(done.is_err()).unwrap();
            Ok(done?)
        });
        tokio::select! {
            _ = slow => panic!("it was interrupted while somebody waited"),
            begun = begun => begun.unwrap(),
        }
        assert!(app.read(Reader::size).await.is_ok());
        assert!(ended.await.unwrap(), "the export went on to its end");
    }
}
