//! The search page: one box for a query, and what it finds.

use std::sync::Arc;

use axum::extract::{Query as Params, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use onrecord::text::answers::{self, FacetField, Facets, Timeline};
use onrecord::text::{Act, SpeakerKind, StatementKind, Status, legible};
use onrecord_store::{FACETED, Hint, NamedInQuery, Order, Query, QueryError, Size, Start, StoreError, TIMED};
use serde::Deserialize;

use super::ask::{self, Asking};
use super::sentence;
use super::view::{Section, View, address};
use super::words::{count, excerpt, label, name, number, plain, short};
use crate::app::App;
use crate::counts::Counts;
use crate::links;
use crate::problem::Problem;

/// The number of statements on a page.
const LIMIT: usize = 20;
/// The number of values that are listed for each field.
const VALUES: usize = 8;
/// The height of the chart's bars, in the chart's own units.
const HEIGHT: f64 = 64.0;
/// The width of the chart, likewise.
const WIDTH: f64 = 720.0;
/// The width of the widest bar.
pub(super) const WIDEST: f64 = 48.0;

/// The parameters of the page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    order: String,
    #[serde(default)]
    after: String,
    /// A range of days, which the form below the chart sends. It becomes part of the query.
    from: Option<String>,
    to: Option<String>,
}

/// What a query found.
struct Found {
    /// The size of the archive, for the page without a query.
    size: Option<Size>,
    page: answers::Hits,
    counts: Arc<Counts>,
    /// What a query that found nothing may mean.
    hints: Vec<Hint>,
}

pub(super) async fn page(
    State(app): State<App>,
    view: View,
    Params(asked): Params<Asked>,
) -> Result<Response, Problem> {
    if asked.from.is_some() || asked.to.is_some() {
        let (from, to) = (asked.from.as_deref().unwrap_or_default(), asked.to.as_deref().unwrap_or_default());
        let days = match (from.trim(), to.trim()) {
            ("", "") => String::new(),
            (from, to) => format!("published:{from}..{to}"),
        };
        let query = with_days(&asked.q, &days);
        return Ok(
            Redirect::to(&address("/search", &[("q", &query), ("order", &asked.order)])).into_response()
        );
    }
    let order = asked.order.parse().unwrap_or(Order::Newest);
    let query = match asked.q.parse::<Query>() {
        Ok(query) => query,
        Err(error) => {
            let help = asking(&asked).help(true, &Query::EXAMPLES, html! {});
            let content = html! { (asking(&asked).form(Some(&error))) (help) };
            let frame = view.frame(Section::Search);
            return Ok(view.refused(StatusCode::BAD_REQUEST, "Search", &frame, &content));
        }
    };
    let (asks, begins) = (!asked.q.trim().is_empty(), asked.after.is_empty());
    let start = if asked.after.is_empty() { Start::First } else { Start::After(asked.after.clone()) };
    // What is read after this is at least as new, so the counts are never older than the state that they are kept for.
    let (state, recent, text) = (app.state().await?, app.clone(), asked.q.clone());
    let found = app
        .read(move |reader| -> Result<Found, StoreError> {
            let count = || -> Result<Counts, StoreError> {
                Ok(Counts {
                    facets: reader.facets(&query, FACETED, VALUES)?,
                    timeline: reader.timeline(&query, TIMED)?,
                    named: reader.named_in(&text)?,
                })
            };
            let page = answers::Hits::from(&reader.page(&query, order, LIMIT, &start)?);
            // Earlier counts must be at least the number of statements shown, and equal to it if all are shown.
            let (shown, whole) = (page.hits.len(), begins && page.next.is_none() && !page.cut);
            let fits = |counts: &Counts| {
                let counted = counts.timeline.counted;
                if whole { counted == shown } else { counted >= shown }
            };
            let first = asks && begins;
            Ok(Found {
                size: if asks || !begins { None } else { Some(reader.size()?) },
                counts: recent.counts().of(&state, &text, fits, count)?,
                hints: if first && page.hits.is_empty() { reader.hints(&text)? } else { Vec::new() },
                page,
            })
        })
        .await?;
    let title = if asks { short(&asked.q, 60) } else { String::new() };
    let mut frame = view.frame(Section::Search);
    let feed = address("/feed", &[("q", &asked.q)]);
    frame.head =
        Some(html! { link rel="alternate" type="application/atom+xml" title="Statements" href=(feed); });
    let content = html! {
        (asking(&asked).form(None))
        @if let Some(size) = &found.size {
            p.lede {
                (count(usize::try_from(size.statements).unwrap_or_default(), "statement")) " in "
                (count(usize::try_from(size.articles).unwrap_or_default(), "article")) "."
                " Every statement is in the words of its article."
            }
        }
        (asking(&asked).help(false, &Query::EXAMPLES, html! {}))
        div.columns {
            section.results aria-label="Statements" {
                @if asks && begins { (hinted(&found.counts.named, &found.hints)) }
                (chart(&found.counts.timeline, &asked))
                (hits(&found, &asked))
            }
            (narrowing(&asked, &[("order", &asked.order)]).facets(&found.counts.facets))
        }
    };
    Ok(view.page(&title, &frame, &content))
}

/// Returns links to the people whom a query names, and what a query that found nothing may mean.
fn hinted(named: &[NamedInQuery], hints: &[Hint]) -> Markup {
    html! {
        @for named in named {
            p.note {
                a href=(links::person(named.person)) { (name(&named.name)) } " speaks in "
                a href=(address("/search", &[("q", &named.query)])) {
                    @if named.more { "more than " } (count(named.statements, "statement"))
                }
                "."
            }
        }
        @for hint in hints {
            p.note {
                (sentence(hint.what))
                @if let Some(query) = &hint.query { " " a href=(address("/search", &[("q", query)])) { code { (query) } } }
            }
        }
    }
}

/// Returns a query with a range of days instead of its own, or without any if the range is empty. If either is wrong,
/// the search page says so.
fn with_days(query: &str, days: &str) -> String {
    let kept = Query::without_days(query).unwrap_or_else(|_| query.to_owned());
    format!("{} {days}", kept.trim()).trim().to_owned()
}

fn asking(asked: &Asked) -> Asking<'_> {
    Asking {
        path: "/search",
        things: "Statements",
        heading: "Who said what?",
        placeholder: "bridge toll speaker:minister",
        query: &asked.q,
        kept: ("order", &asked.order),
    }
}

/// Returns a chart of when the statements were published. Each bar is a link to its statements.
fn chart(timeline: &Timeline, asked: &Asked) -> Markup {
    let buckets = &timeline.buckets;
    let most = buckets.iter().map(|bucket| bucket.count).max().unwrap_or_default().max(1);
    let width = WIDTH / buckets.len().max(1) as f64;
    let days = Query::days(&asked.q).ok().flatten();
    let [from, to] = days.unwrap_or_default();
    let (first, last) = (buckets.first(), buckets.last());
    html! {
        @if buckets.len() > 1 || days.is_some() {
            figure.timeline {
                @if buckets.len() > 1 {
                    svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) preserveAspectRatio="none" aria-hidden="true" data-chart="" {
                        @for (n, bucket) in buckets.iter().enumerate() {
                            @let height = HEIGHT * bucket.count as f64 / most as f64;
                            @let x = width * n as f64;
                            @let query = with_days(&asked.q, &bucket.query);
                            a href=(address("/search", &[("q", &query), ("order", &asked.order)])) tabindex="-1" data-date=(bucket.date) {
                                title { (bucket.date) ": " (count(bucket.count, "statement")) }
                                rect.back x=(format!("{x:.2}")) y="0" width=(format!("{width:.2}")) height=(HEIGHT) {}
                                @let wide = (width * 0.84).min(WIDEST);
                                rect.bar x=(format!("{:.2}", x + (width - wide) / 2.0)) y=(format!("{:.2}", HEIGHT - height))
                                    width=(format!("{wide:.2}")) height=(format!("{height:.2}")) {}
                            }
                        }
                    }
                    div.axis aria-hidden="true" {
                        @if let Some(first) = first { span { (first.date) } }
                        @if let Some(last) = last { span { (last.date) } }
                    }
                }
                figcaption {
                    (count(timeline.counted, "statement")) " by " (timeline.unit) " of publication"
                    @if !timeline.complete { ", the newest only" }
                    @if timeline.undated > 0 { "; " (number(timeline.undated)) " without a date" }
                    "."
                }
                form.range action="/search" {
                    input type="hidden" name="q" value=(asked.q);
                    @if !asked.order.is_empty() { input type="hidden" name="order" value=(asked.order); }
                    label { "Published from " input name="from" value=(from) size="10" placeholder=(first.map_or("", |b| &b.date)) pattern="\\d{4}(-\\d{2}(-\\d{2})?)?" autocomplete="off"; }
                    label { "to " input name="to" value=(to) size="10" placeholder=(last.map_or("", |b| &b.date)) pattern="\\d{4}(-\\d{2}(-\\d{2})?)?" autocomplete="off"; }
                    button { "Set" }
                    @if days.is_some() { a href=(address("/search", &[("q", &with_days(&asked.q, "")), ("order", &asked.order)])) { "all dates" } }
                }
            }
        }
    }
}

fn hits(found: &Found, asked: &Asked) -> Markup {
    let orders = [("", "newest first"), ("oldest", "oldest first"), ("best", "most relevant first")];
    html! {
        div.toolbar {
            nav.orders aria-label="Order" {
                @for (value, label) in orders {
                    a href=(address("/search", &[("q", &asked.q), ("order", value)]))
                        aria-current=[(asked.order == value).then_some("true")] { (label) }
                }
            }
            (exports(&asked.q))
        }
        @if found.page.cut { p.note { "The best of the newest matches. Older ones were not ranked." } }
        @if found.page.hits.is_empty() {
            p.empty { "Nothing found." }
        }
        ol.hits {
            @for hit in &found.page.hits { li { (self::hit(hit)) } }
        }
        nav.pages aria-label="Pages" {
            @if !asked.after.is_empty() {
                a href=(address("/search", &[("q", &asked.q), ("order", &asked.order)])) rel="first" { "First page" }
            }
            @if let Some(next) = &found.page.next {
                a.button href=(address("/search", &[("q", &asked.q), ("order", &asked.order), ("after", next)])) rel="next" { "Next page" }
            }
        }
    }
}

/// Returns links to the result in every format.
fn exports(query: &str) -> Markup {
    let formats = [
        ("jsonl", "JSON Lines"),
        ("csv", "CSV"),
        ("parquet", "Parquet"),
        ("webannotation", "Web Annotation"),
        ("ftm", "FollowTheMoney"),
    ];
    let feed = html! { li { a href=(address("/feed", &[("q", query)])) { "Atom feed" } } };
    ask::exports("/api/v1/export", query, &formats, feed)
}

/// A search that can be narrowed down.
pub(super) struct Narrowing<'a> {
    /// The path of its page.
    pub path: &'a str,
    /// Its query.
    pub query: &'a str,
    /// Further parameters of its address.
    pub more: &'a [(&'a str, &'a str)],
    /// What it finds.
    pub things: &'a str,
    /// Adds an item to the query.
    pub narrowed: fn(&str, &str) -> Result<String, QueryError>,
    /// Removes an item from the query, if it has it.
    pub without: fn(&str, &str) -> Option<String>,
}

fn narrowing<'a>(asked: &'a Asked, more: &'a [(&'a str, &'a str)]) -> Narrowing<'a> {
    Narrowing {
        path: "/search",
        query: &asked.q,
        more,
        things: "statements",
        narrowed: Query::narrowed,
        without: Query::without,
    }
}

impl Narrowing<'_> {
    /// Returns the address of the search with another query.
    fn to(&self, query: &str) -> String {
        let parameters: Vec<(&str, &str)> =
            std::iter::once(("q", query)).chain(self.more.iter().copied()).collect();
        address(self.path, &parameters)
    }

    /// Returns the values among what was found, as links to the query that has them.
    pub fn facets(&self, facets: &Facets) -> Markup {
        html! {
            aside.facets aria-label="Narrow down" {
                h2 { "Narrow down" }
                @if !facets.complete {
                    p.note { "Counted among the newest " (number(facets.counted)) " " (self.things) "." }
                }
                @for facet in facets.facets.iter().filter(|facet| !facet.values.is_empty()) {
                    section {
                        h3 { (heading(facet.field)) }
                        ul {
                            @for value in &facet.values {
                                li {
                                    @let item = value.query.as_deref();
                                    @let removed = item.and_then(|item| (self.without)(self.query, item));
                                    @let narrowed = item.and_then(|item| (self.narrowed)(self.query, item).ok());
                                    @match (narrowed, removed) {
                                        (_, Some(rest)) => {
                                            a.on href=(self.to(&rest)) aria-label={ "Remove " (plain(&value.value)) } {
                                                span { (name(&label(&value.value))) } span.count aria-hidden="true" { "×" }
                                            }
                                        }
                                        (Some(narrowed), None) => {
                                            a href=(self.to(&narrowed)) {
                                                span { (name(&label(&value.value))) } " " span.count { (number(value.count)) }
                                            }
                                        }
                                        (None, None) => {
                                            span.value { span { (name(&label(&value.value))) } " " span.count { (number(value.count)) } }
                                        }
                                    }
                                }
                            }
                        }
                        @if facet.others > 0 { p.note { "and " (number(facet.others)) " more" } }
                    }
                }
            }
        }
    }
}

fn heading(field: FacetField) -> String {
    match field {
        FacetField::SpeakerKind => "Kind of speaker".to_owned(),
        FacetField::Kind => "Kind of statement".to_owned(),
        FacetField::Type => "Type of event".to_owned(),
        FacetField::Side => "Claimed by".to_owned(),
        other => label(other.name()),
    }
}

/// Returns a statement as lists show it.
pub(super) fn hit(hit: &answers::Hit) -> Markup {
    let page = links::statement(&hit.address);
    let article = hit.statement.split_once('.').map(|(article, id)| format!("/article/{article}#{id}"));
    html! {
        article.hit {
            blockquote class={ "words " (if hit.kind == StatementKind::Indirect { "indirect" } else { "direct" }) } {
                a href=(page) { (excerpt(&hit.content, &hit.matches)) }
            }
            p.by {
                (speaker(hit))
                (cue(hit))
                @if let Some(said) = &hit.said { ", " time datetime=[date(said)] { (legible(said)) } }
            }
            p.origin {
                @if let Some(published) = &hit.published { time datetime=[date(published)] { (legible(published)) } " · " }
                @if let Some(outlet) = &hit.outlet { (name(outlet)) " · " }
                @if let Some(article) = article {
                    a href=(article) { @match &hit.title { Some(title) => (name(title)), None => "the article" } }
                }
                (tags(hit))
            }
        }
    }
}

/// Returns who said something, as a link to what else they said.
pub(super) fn speaker(hit: &answers::Hit) -> Markup {
    let named = matches!(hit.speaker_kind, Some(SpeakerKind::Person | SpeakerKind::Organization));
    html! {
        @match &hit.speaker {
            Some(speaker) if named => { a.speaker href=(address("/person", &[("name", speaker)])) { (name(speaker)) } }
            Some(speaker) => { span.speaker { (name(speaker)) } }
            None => { span.speaker { "somebody" } }
        }
        @if let Some(role) = &hit.role { ", " span.role { (name(role)) } }
    }
}

/// Returns the cue after the speaker and the role. The colon of a headline is a cue, too, but no word.
pub(super) fn cue(hit: &answers::Hit) -> Markup {
    let cue = hit.cue.as_deref().filter(|cue| cue.contains(char::is_alphabetic));
    html! { @if let Some(cue) = cue { @if hit.role.is_some() { "," } " " span.cue { (name(cue)) } } }
}

/// Returns what is worth knowing about a statement at a glance.
pub(super) fn tags(hit: &answers::Hit) -> Markup {
    html! {
        span.tags {
            span.tag { (hit.kind) }
            @if let Some(act) = hit.act.filter(|act| *act != Act::Say) { span.tag { (act) } }
            @if let Some(status) = hit.status.filter(|status| *status != Status::Made) { span.tag.warn { (label(status.name())) } }
            @if hit.confidence < 0.5 { span.tag.warn { "confidence " (format!("{:.2}", hit.confidence)) } }
            @if hit.withdrawn { span.tag.warn { (answers::WITHDRAWN) } }
            @if let Some(by) = &hit.relayed_by { span.tag { "relayed by " (name(by)) } }
            @if let Some(what) = hit.decided() { span.tag { "decided: " (what) } }
        }
    }
}

/// Returns a date for programs, if it is complete enough.
pub(super) fn date(edtf: &str) -> Option<&str> {
    (!edtf.contains(['X', '~', '?', '/'])).then_some(edtf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_days_replaces_another() {
        assert_eq!(
            with_days("bridge published:2015.. toll", "published:2016-03"),
            "bridge toll published:2016-03"
        );
        assert_eq!(with_days("bridge published:2015", ""), "bridge");
        let phrase = "\"was  published:2015 here\"";
        assert_eq!(with_days(phrase, "published:2016"), format!("{phrase} published:2016"));
        assert_eq!(with_days("(bridge", "published:2016"), "(bridge published:2016");
    }
}
