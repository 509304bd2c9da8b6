//! Trying it: somebody pastes a text or sends a file, and sees its statements. Nothing is stored.

use std::collections::HashMap;

use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, State};
use axum::response::Response;
use maud::{Markup, html};
use onrecord::page::{Format, Hints};
use onrecord::text::{PartialDate, Status, legible};

use super::article;
use super::marks::Cast;
use super::view::{Section, View};
use super::words::{count, name, plain};
use crate::app::App;
use crate::problem::Problem;
use crate::public;
use crate::reading::{self, Outcome};

/// The maximum number of documents that are read of one input.
const DOCUMENTS: usize = 10;

/// The formats that somebody can choose.
const FORMATS: [(&str, &str, Format); 7] = [
    ("text", "plain text", Format::Text),
    ("html", "web page", Format::Html),
    ("json", "JSON, ninjs, JSON Feed", Format::Json),
    ("jsonl", "JSON Lines", Format::JsonLines),
    ("feed", "RSS or Atom", Format::Feed),
    ("newsml", "NewsML-G2 or NITF", Format::NewsMl),
    ("warc", "web archive (WARC)", Format::Warc),
];

/// What somebody sent.
#[derive(Default)]
struct Sent {
    text: String,
    file: Option<(String, Vec<u8>)>,
    from: String,
    published: String,
    outlet: String,
}

pub(super) async fn page(view: View) -> Response {
    view.page("Try it", &view.frame(Section::Try), &form(&Sent::default(), None))
}

pub(super) async fn read(State(app): State<App>, view: View, parts: Multipart) -> Result<Response, Problem> {
    let mut sent = sent(parts).await.map_err(|e| Problem::new(e.status(), e.body_text()))?;
    let published = match sent.published.trim() {
        "" => None,
        date => match date.parse::<PartialDate>() {
            Ok(date) => Some(date),
            Err(e) => return Ok(refused(&view, &sent, &format!("The date of publication: {e}."))),
        },
    };
    let (source, bytes) = match sent.file.take() {
        Some((source, bytes)) => (source, bytes),
        None if sent.text.trim().is_empty() => {
            return Ok(refused(&view, &sent, "Paste a text or choose a file."));
        }
        None => ("pasted text".to_owned(), sent.text.clone().into_bytes()),
    };
    let format = FORMATS.iter().find(|(value, ..)| *value == sent.from).map(|(.., format)| *format);
    let outlet = Some(sent.outlet.trim().to_owned()).filter(|outlet| !outlet.is_empty());
    let hints = Hints { outlet, published, ..Hints::default() };
    let (outcomes, more) =
        app.think(move |engine| reading::read(engine, bytes, &source, format, &hints, DOCUMENTS)).await?;
    let content = html! {
        (form(&sent, None))
        section.tried aria-label="Result" {
            @if outcomes.is_empty() { p.empty { "The input contains no document." } }
            @for (n, outcome) in outcomes.iter().enumerate() { (self::outcome(n, outcome)) }
            @if more { p.note { "Only the first " (count(DOCUMENTS, "document")) " were read." } }
        }
    };
    Ok(view.page("Try it", &view.frame(Section::Try), &content))
}

async fn sent(mut parts: Multipart) -> Result<Sent, MultipartError> {
    let mut sent = Sent::default();
    while let Some(part) = parts.next_field().await? {
        let field = part.name().unwrap_or_default().to_owned();
        match field.as_str() {
            "text" => sent.text = part.text().await?,
            "from" => sent.from = part.text().await?,
            "published" => sent.published = part.text().await?,
            "outlet" => sent.outlet = part.text().await?,
            "file" => {
                let name = part.file_name().map(|name| public::source(name).to_owned()).unwrap_or_default();
                let bytes = part.bytes().await?;
                // Browsers send an empty file if none was chosen.
                if !name.is_empty() || !bytes.is_empty() {
                    sent.file = Some((name, bytes.into()));
                }
            }
            _ => {}
        }
    }
    Ok(sent)
}

fn refused(view: &View, sent: &Sent, why: &str) -> Response {
    let content = form(sent, Some(why));
    view.refused(axum::http::StatusCode::BAD_REQUEST, "Try it", &view.frame(Section::Try), &content)
}

fn form(sent: &Sent, error: Option<&str>) -> Markup {
    html! {
        form.try method="post" action="/try" enctype="multipart/form-data" data-drop="" {
            h1 { "Try it" }
            p.lede { "Paste an article or choose a file, and see who said what in it. Nothing is stored." }
            @if let Some(error) = error { p.problem role="alert" { (plain(error)) } }
            label for="text" { "Article" }
            textarea id="text" name="text" rows="10" { "\n" (sent.text) }
            div.fields {
                label { "File " input type="file" name="file"; }
                label { "Format "
                    select name="from" {
                        option value="" { "detect" }
                        @for (value, label, _) in FORMATS { option value=(value) selected[sent.from == value] { (label) } }
                    }
                }
                label { "Published " input name="published" value=(sent.published) size="10" placeholder="2015-12-03" autocomplete="off"; }
                label { "Outlet " input name="outlet" value=(sent.outlet) size="16" autocomplete="off"; }
            }
            button.primary { "Read" }
        }
    }
}

fn outcome(n: usize, outcome: &Outcome) -> Markup {
    let record = match outcome {
        Ok(record) => record,
        Err(why) => return html! { p.problem { (plain(why)) } },
    };
    let cast = Cast::of(&record.statements);
    let title = record.article.title.as_deref().unwrap_or("Without a title");
    // The anchors of several articles on one page must differ. Only the first has links to its statements.
    let pages = HashMap::new();
    html! {
        article.article {
            h2 { (name(title)) }
            p.origin {
                (count(record.statements.len(), "statement"))
                @if let Some(outlet) = &record.article.outlet { " · " (name(outlet)) }
                @if let Some(published) = &record.article.published { " · " (legible(published)) }
                @if let Some(language) = &record.article.language { " · " (name(language)) }
            }
            div.columns {
                div.main {
                    @if n == 0 { (article::text(record, &cast, &pages)) } @else { (article::text(&renamed(record, n), &cast, &pages)) }
                    (table(record))
                }
                aside.facts {
                    (article::legend(&cast, &[]))
                    (article::notices(record))
                }
            }
        }
    }
}

/// Returns a record whose statements have names that no other record on the page has.
fn renamed(record: &onrecord::text::wire::Record, n: usize) -> onrecord::text::wire::Record {
    let mut record = record.clone();
    for statement in &mut record.statements {
        statement.id = format!("d{n}-{}", statement.id);
        statement.parent = statement.parent.take().map(|parent| format!("d{n}-{parent}"));
    }
    record
}

/// Returns the statements of a record with all their fields.
fn table(record: &onrecord::text::wire::Record) -> Markup {
    html! {
        @if !record.statements.is_empty() {
            details {
                summary { "All fields" }
                div.scroll tabindex="0" role="region" aria-label="All fields" {
                    table {
                        thead { tr {
                            th scope="col" { "Speaker" } th scope="col" { "Role" } th scope="col" { "Cue" } th scope="col" { "Content" }
                            th scope="col" { "To" } th scope="col" { "Said on" } th scope="col" { "Kind" } th.n scope="col" { "Confidence" }
                        } }
                        tbody {
                            @for s in &record.statements {
                                tr {
                                    td { @match s.speaker.as_ref().and_then(|speaker| speaker.name.as_deref()) { Some(speaker) => (name(speaker)), None => "–" } }
                                    td { @if let Some(role) = s.speaker.as_ref().and_then(|speaker| speaker.role.as_deref()) { (name(role)) } }
                                    td { @if let Some(cue) = &s.cue { (name(&cue.text)) } }
                                    td { (name(&s.content.text)) }
                                    td { @if let Some(to) = &s.addressee { (name(&to.text)) } }
                                    td { @if let Some(time) = &s.time { (legible(time.value.as_deref().unwrap_or(&time.text))) } }
                                    td { (s.kind) @if let Some(act) = s.act { ", " (act) } @if let Some(caveat) = s.status.and_then(Status::caveat) { ", " (caveat) } }
                                    td.n { (format!("{:.2}", s.confidence)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
