//! Atom feeds (RFC 4287) of searches: `/feed?q=speaker:brandt`.
//!
//! An entry is a statement. Its id is the statement's permanent address, so readers of feeds show it once.

use std::fmt::Write as _;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use onrecord_store::{Order, Start};
use onrecord_text::{Act, PartialDate, answers, legible};
use serde::Deserialize;

use crate::api::parameters::{Params, page_length, query_of};
use crate::api::tag;
use crate::app::App;
use crate::links::{self, Base};
use crate::problem::Problem;
use crate::public::Public;

/// The number of entries of a feed unless the reader asks for another.
const ENTRIES: usize = 50;

/// Returns the routes of this module.
pub(crate) fn routes(app: &App) -> Router<App> {
    Router::new().route("/feed", get(feed)).layer(middleware::from_fn_with_state(app.clone(), tag::tagged))
}

/// What a feed has.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    q: String,
    limit: Option<usize>,
}

async fn feed(
    base: Base,
    State(app): State<App>,
    Params(Wanted { q, limit }): Params<Wanted>,
) -> Result<Response, Problem> {
    let query = query_of(&q)?;
    let limit = page_length(limit.unwrap_or(ENTRIES))?;
    let found = app.read(move |store| store.page(&query, Order::Newest, limit, &Start::First)).await?;
    let hits = answers::Hits::from(&found).public().hits;
    let kind = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
    Ok((kind, written(&base, &q, &hits)).into_response())
}

/// Returns the feed of a query's newest statements.
fn written(base: &Base, query: &str, hits: &[answers::Hit]) -> String {
    let encoded = links::encoded(query);
    let own = base.of(&format!("/feed?q={encoded}"));
    let title = if query.trim().is_empty() { "onrecord".to_owned() } else { format!("onrecord: {query}") };
    let updated = hits.iter().filter_map(moment).max().unwrap_or_else(|| EPOCH.to_owned());
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    element(&mut xml, "title", &title);
    element(&mut xml, "id", &own);
    element(&mut xml, "updated", &updated);
    link(&mut xml, "self", "application/atom+xml", &own);
    link(&mut xml, "alternate", "text/html", &base.of(&format!("/?q={encoded}")));
    element(&mut xml, "generator", "onrecord");
    for hit in hits {
        entry(&mut xml, base, hit);
    }
    xml.push_str("</feed>\n");
    xml
}

fn entry(xml: &mut String, base: &Base, hit: &answers::Hit) {
    let page = base.of(&links::statement(&hit.address));
    let speaker = hit.speaker.as_deref().unwrap_or("somebody");
    let who = match &hit.role {
        Some(role) => format!("{speaker}, {role}"),
        None => speaker.to_owned(),
    };
    xml.push_str("<entry>\n");
    element(xml, "title", &format!("{}: {}", hit.whose(), shortened(&hit.content)));
    element(xml, "id", &page);
    let published = moment(hit);
    element(xml, "updated", published.as_deref().unwrap_or(EPOCH));
    if let Some(published) = &published {
        element(xml, "published", published);
    }
    let _ =
        writeln!(xml, "<author><name>{}</name></author>", escaped(hit.outlet.as_deref().unwrap_or(speaker)));
    link(xml, "alternate", "text/html", &page);
    if let Some(url) = hit.url.as_deref().filter(|url| links::is_web(url)) {
        link(xml, "via", "text/html", url);
    }
    for category in hit.act.map(Act::name).into_iter().chain([hit.kind.name()]) {
        let _ = writeln!(xml, "<category term=\"{category}\"/>");
    }
    let mut about = vec![who];
    about.extend(hit.cue.clone());
    about.extend(hit.relayed_by.as_ref().map(|by| format!("relayed by {by}")));
    about.extend(hit.caveats().map(str::to_owned));
    about.extend(hit.decided().map(|what| format!("decided: {what}")));
    about.extend(hit.said.as_ref().map(|said| format!("said {}", legible(said))));
    let published = hit.published.as_ref().map(|day| legible(day).into_owned());
    about.extend([hit.outlet.clone(), published, hit.title.clone()].into_iter().flatten());
    element(xml, "summary", &about.join(" · "));
    let _ = writeln!(xml, "<content type=\"text\">{}</content>", escaped(&hit.content));
    xml.push_str("</entry>\n");
}

/// The time of statements whose day is unknown.
const EPOCH: &str = "1970-01-01T00:00:00Z";

/// Returns the day on which a statement was published, as a moment. A month or a year counts as its first day.
fn moment(hit: &answers::Hit) -> Option<String> {
    let date = hit.published.as_deref()?.parse::<PartialDate>().ok()?;
    let (month, day) = (date.month().unwrap_or(1), date.day().unwrap_or(1));
    Some(format!("{:04}-{month:02}-{day:02}T00:00:00Z", date.year()?))
}

/// Returns the beginning of a content as a title.
fn shortened(content: &str) -> String {
    const LONGEST: usize = 120;
    if content.chars().count() <= LONGEST {
        return content.to_owned();
    }
    let cut: String = content.chars().take(LONGEST).collect();
    let words = cut.rsplit_once(char::is_whitespace).map_or(cut.as_str(), |(words, _)| words);
    format!("{words} …")
}

fn element(xml: &mut String, name: &str, text: &str) {
    // Writing to a string can't fail.
    let _ = writeln!(xml, "<{name}>{}</{name}>", escaped(text));
}

fn link(xml: &mut String, relation: &str, kind: &str, address: &str) {
    let _ = writeln!(xml, "<link rel=\"{relation}\" type=\"{kind}\" href=\"{}\"/>", escaped(address));
}

/// Returns text for XML. Characters that XML can't contain become spaces.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
