//! The page of an article: its text with its statements marked, who speaks in it, and what changed between versions.

use std::collections::HashMap;

use axum::extract::{Path, Query as Params, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use onrecord::text::answers::{ArticleRef, Change, Fate, PersonRef, StoredArticle};
use onrecord::text::{BlockKind, Status, legible, wire};
use onrecord_store::StoreError;
use serde::Deserialize;

use super::marks::{self, Cast, Links, speaker_key};
use super::search::{date, speaker};
use super::statement::path_of;
use super::view::{Section, View, address};
use super::words::{count, diff, label, name, plain, short, verbatim};
use crate::app::App;
use crate::links::{self, is_web};
use crate::problem::Problem;
use crate::public;

/// The steps from one version to the next.
struct Step {
    earlier: i64,
    later: i64,
    same: usize,
    changes: Vec<Change>,
}

/// An article by its web address or name.
#[derive(Deserialize)]
pub(super) struct Named {
    name: String,
}

pub(super) async fn by_name(
    State(app): State<App>,
    Params(asked): Params<Named>,
) -> Result<Response, Problem> {
    let stored = app.read(move |reader| reader.stored_article(&asked.name)).await?;
    Ok(Redirect::to(&links::article(stored.article.article)).into_response())
}

pub(super) async fn page(
    State(app): State<App>,
    view: View,
    Path(number): Path<i64>,
) -> Result<Response, Problem> {
    let (stored, steps) = app
        .read(move |reader| -> Result<(StoredArticle, Vec<Step>), StoreError> {
            let name = number.to_string();
            let stored = reader.stored_article(&name)?;
            let steps = if stored.versions.len() > 1 { reader.changes(&name)? } else { Vec::new() };
            let step = |step: &onrecord_store::Changes| Step {
                earlier: step.earlier.0,
                later: step.later.0,
                same: step.same,
                changes: step.answers().collect(),
            };
            Ok((stored, steps.iter().map(step).collect()))
        })
        .await?;
    let record = &stored.record;
    let cast = Cast::of(&record.statements);
    let addresses = record.statements.iter().zip(&stored.addresses);
    let pages: HashMap<String, String> =
        addresses.map(|(statement, address)| (statement.id.clone(), links::statement(address))).collect();
    let title = heading(&stored.article);
    let content = html! {
        article.article {
            (head(&stored))
            (versions(&stored))
            div.columns {
                div.main {
                    (text(record, &cast, &pages))
                    (changes(&steps))
                }
                aside.facts aria-label="Statements" {
                    (legend(&cast, &stored.people))
                    (outline(record, &cast, &pages))
                    (events(record, stored.article.article))
                    (notices(record))
                }
            }
        }
    };
    let mark = if stored.article.withdrawn { "Withdrawn: " } else { "" };
    Ok(view.page(&format!("{mark}{}", short(&title, 90)), &view.frame(Section::None), &content))
}

/// Returns what stands for an article in headings and lists.
fn heading(article: &ArticleRef) -> String {
    article.title.clone().unwrap_or_else(|| public::source(&article.source_id).to_owned())
}

/// Returns the warning that an article was withdrawn.
pub(super) fn withdrawn() -> Markup {
    html! { p.problem { "The publisher withdrew this article." } }
}

fn head(stored: &StoredArticle) -> Markup {
    let article = &stored.article;
    let bylines = &stored.record.article.bylines;
    html! {
        p.eyebrow {
            @if let Some(outlet) = &article.outlet { (name(outlet)) " · " }
            @match &article.published { Some(day) => { time datetime=[date(day)] { (legible(day)) } }, None => "no date" }
            @if !bylines.is_empty() { " · by " @for (n, byline) in bylines.iter().enumerate() { @if n > 0 { ", " } (name(byline)) } }
        }
        // The text below may begin with the same headline. Screen readers still need a heading of the page.
        h1 class=[begins_with_title(stored).then_some("hidden")] { (name(&heading(article))) }
        p.origin {
            (count(stored.record.statements.len(), "statement"))
            @match article.url.as_deref().filter(|url| is_web(url)) {
                Some(url) => { " · " a href=(url) rel="noopener external nofollow" { (name(url)) } }
                None => { " · " (name(public::source(&article.source_id))) }
            }
        }
        @if article.withdrawn { (withdrawn()) }
    }
}

/// Returns whether the text of an article begins with its title.
fn begins_with_title(stored: &StoredArticle) -> bool {
    let article = &stored.record.article;
    let Some(first) = article.blocks.first().filter(|block| block.kind == BlockKind::Headline) else {
        return false;
    };
    let words: String = article.text.chars().take(first.end).skip(first.start).collect();
    plain(&words) == plain(&heading(&stored.article))
}

fn versions(stored: &StoredArticle) -> Markup {
    html! {
        @if stored.versions.len() > 1 {
            nav.versions aria-label="Versions" {
                span { "Versions: " }
                ol {
                    @for (n, version) in stored.versions.iter().enumerate() {
                        li {
                            a href=(links::article(version.article)) aria-current=[(version.article == stored.article.article).then_some("page")] {
                                (n + 1)
                                @if let Some(published) = &version.published { " (" (legible(published)) ")" }
                                @if version.latest { ", latest" }
                            }
                        }
                    }
                }
                a href="#changes" { "What changed" }
            }
        }
    }
}

/// Returns the text with its statements marked, exactly as the article has it.
pub(super) fn text(record: &wire::Record, cast: &Cast, pages: &HashMap<String, String>) -> Markup {
    let links = Links { cast, pages, current: None };
    html! { div.text.whole data-article="" { (marks::article(record, &links)) } }
}

/// Returns who speaks, with the colour of each.
pub(super) fn legend(cast: &Cast, people: &[PersonRef]) -> Markup {
    let person = |entity: &Option<String>| {
        let entity = entity.as_deref()?;
        people.iter().find(|person| person.entity.as_deref() == Some(entity))
    };
    html! {
        h2 { "Who speaks" }
        @if cast.speakers.is_empty() { p { "No statement was found." } }
        ul.legend {
            @for speaking in &cast.speakers {
                li {
                    span class={ "swatch c" (speaking.colour) } aria-hidden="true" {}
                    @match person(&speaking.entity) {
                        Some(person) => { a href={ "/person/" (person.person) } { (name(&speaking.name)) } }
                        None => { span { (name(&speaking.name)) } }
                    }
                    " " span.count { (speaking.statements) }
                }
            }
        }
        @if !cast.speakers.is_empty() {
            p.note { "A solid line marks words that are quoted, a dashed line words that are reported indirectly." }
        }
    }
}

/// Returns the statements as a list. Statements that are relayed inside others are below them.
pub(super) fn outline(record: &wire::Record, cast: &Cast, pages: &HashMap<String, String>) -> Markup {
    let mut children: HashMap<&str, Vec<&wire::Statement>> = HashMap::new();
    let ids: std::collections::HashSet<&str> = record.statements.iter().map(|s| s.id.as_str()).collect();
    let mut roots = Vec::new();
    for statement in &record.statements {
        match statement.parent.as_deref().filter(|parent| ids.contains(parent)) {
            Some(parent) => children.entry(parent).or_default().push(statement),
            None => roots.push(statement),
        }
    }
    html! {
        @if !roots.is_empty() {
            h2 { "Statements" }
            (level(&roots, &children, cast, pages, 0))
        }
    }
}

/// The maximum depth to which a list shows statements inside statements.
const DEEPEST: usize = 24;

fn level(
    statements: &[&wire::Statement],
    children: &HashMap<&str, Vec<&wire::Statement>>,
    cast: &Cast,
    pages: &HashMap<String, String>,
    depth: usize,
) -> Markup {
    html! {
        ol.outline {
            @for statement in statements {
                li {
                    span class={ "swatch c" (cast.colour(statement)) } aria-hidden="true" {}
                    " " a href={ "#" (statement.id) } data-jump=(statement.id) {
                        strong { (name(speaker_key(statement))) }
                        @if statement.cue.as_ref().is_some_and(|cue| cue.text.contains(char::is_alphanumeric)) { " " }
                        @if let Some(cue) = statement.cue.as_ref().filter(|cue| cue.text.contains(char::is_alphanumeric)) { (verbatim(&cue.text)) }
                        ": "
                        (short(&statement.content.text, 90))
                    }
                    @if let Some(caveat) = statement.status.and_then(Status::caveat) { " " span.tag.warn { (caveat) } }
                    @if let Some(page) = pages.get(&statement.id) { " " a.more href=(page) aria-label={ "More about statement " (statement.id.trim_start_matches('s')) } { "more" } }
                    @if let Some(inner) = children.get(statement.id.as_str()).filter(|_| depth < DEEPEST) {
                        (level(inner, children, cast, pages, depth + 1))
                    }
                }
            }
        }
    }
}

/// The maximum number of reports of events beside the text of an article. The page of its reports has the rest.
const BESIDE: usize = 50;
/// The number of reports on a page of an article's reports.
const REPORTS: usize = 200;

/// Returns the first reports of events, each with who claims it.
fn events(record: &wire::Record, article: i64) -> Markup {
    let events = record.events.as_deref().unwrap_or_default();
    html! {
        @if !events.is_empty() {
            h2 id="events" { "Events reported" }
            (event_list(record, &events[..events.len().min(BESIDE)], None))
            @if events.len() > BESIDE {
                p { a href=(links::reports_of(article, 1)) { "All " (count(events.len(), "report")) } }
            }
            (experimental())
        }
    }
}

/// Returns how far reports can be trusted, and where to search them.
fn experimental() -> Markup {
    html! { p.note { "Experimental: types and actors are often wrong. " a href="/events" { "Search reports" } } }
}

/// Returns a list of some reports of events. `article` is the path of the article's page, if the list is on another page.
fn event_list(record: &wire::Record, events: &[wire::Event], article: Option<&str>) -> Markup {
    let statements: HashMap<&str, &wire::Statement> =
        record.statements.iter().map(|statement| (statement.id.as_str(), statement)).collect();
    let party = |party: Option<&wire::Party>| {
        party.map_or_else(|| "?".to_owned(), |p| p.name.clone().unwrap_or_else(|| p.text.clone()))
    };
    html! {
        ul.outline {
            @for event in events {
                li {
                    span.event { (event.kind.name()) } " " (event.status.name()) ": "
                    @let parties = html! { (name(&party(event.actor.as_ref()))) " → " (name(&party(event.recipient.as_ref()))) };
                    @match relation(event) { Some(to) => { a href=(to) { (parties) } }, None => (parties) }
                    ", according to "
                    @match (statements.get(event.claimant.as_str()), article) {
                        (Some(claim), None) => { a href={ "#" (claim.id) } data-jump=(claim.id) { (name(speaker_key(claim))) } }
                        (Some(claim), Some(article)) => { a href={ (article) "#" (claim.id) } { (name(speaker_key(claim))) } }
                        (None, _) => "the article",
                    }
                }
            }
        }
    }
}

/// Which page of an article's reports.
#[derive(Deserialize)]
pub(super) struct Paged {
    #[serde(default = "first")]
    page: usize,
}

fn first() -> usize {
    1
}

pub(super) async fn events_page(
    State(app): State<App>,
    view: View,
    Path(number): Path<i64>,
    Params(Paged { page }): Params<Paged>,
) -> Result<Response, Problem> {
    let stored = app.read(move |reader| reader.stored_article(&number.to_string())).await?;
    let (record, article) = (&stored.record, links::article(stored.article.article));
    let events = record.events.as_deref().unwrap_or_default();
    let pages = events.len().div_ceil(REPORTS).max(1);
    if !(1..=pages).contains(&page) {
        return Err(Problem::not_found(format!("this article has {pages} pages of reports of events")));
    }
    let start = (page - 1) * REPORTS;
    let shown = &events[start..events.len().min(start + REPORTS)];
    let title = format!("Events reported in {}", heading(&stored.article));
    let content = html! {
        div.narrow {
            h1 { "Events reported in " a href=(article) { (name(&heading(&stored.article))) } }
            @if record.events.is_none() {
                p.empty {
                    "This article was read without event reports. " code { "onrecord ingest --events" } " reads it again."
                }
            } @else if shown.is_empty() {
                p.empty { "No report of an event was found in this article." }
            } @else {
                p.origin { (count(events.len(), "report")) ", of which these are " (start + 1) " to " (start + shown.len()) }
                (event_list(record, shown, Some(&article)))
            }
            nav.pages aria-label="Pages" {
                @if page > 1 { a href=(links::reports_of(number, page - 1)) rel="prev" { "Previous page" } }
                @if page < pages { a.button href=(links::reports_of(number, page + 1)) rel="next" { "Next page" } }
            }
            (experimental())
        }
    };
    Ok(view.page(&short(&title, 90), &view.frame(Section::None), &content))
}

/// Returns the address of what else is reported between the parties of an event, if the archive can know both.
fn relation(event: &wire::Event) -> Option<String> {
    let known = |party: &wire::Party| {
        let mut countries = wire::names_in(party.country.as_deref());
        let only = countries.next().filter(|_| countries.next().is_none()).map(str::to_owned);
        only.or_else(|| party.entity.is_some().then(|| party.name.clone()).flatten())
    };
    let (one, other) = (known(event.actor.as_ref()?)?, known(event.recipient.as_ref()?)?);
    Some(address("/relations", &[("one", &one), ("other", &other)]))
}

pub(super) fn notices(record: &wire::Record) -> Markup {
    html! {
        @if !record.notices.is_empty() {
            h2 { "Notices" }
            ul { @for notice in &record.notices { li { strong { (label(notice.kind.name())) } ": " (plain(&notice.message)) } } }
        }
    }
}

fn changes(steps: &[Step]) -> Markup {
    html! {
        @if !steps.is_empty() {
            section.changes aria-labelledby="changes" {
                h2 id="changes" { "What changed between versions" }
                @for step in steps {
                    h3 {
                        a href=(links::article(step.earlier)) { "Article " (step.earlier) } " → "
                        a href=(links::article(step.later)) { "article " (step.later) }
                    }
                    p.note { (count(step.same, "statement")) " unchanged." }
                    ul.changed { @for change in &step.changes { li class=(change.change) { (changed(change)) } } }
                }
            }
        }
    }
}

fn changed(change: &Change) -> Markup {
    let word = match change.change {
        Fate::Appeared => "added",
        Fate::Vanished => "removed",
        Fate::Changed => "changed",
    };
    html! {
        span.change { (word) } " "
        @if let Some(hit) = change.is.as_ref().or(change.was.as_ref()) {
            (speaker(hit)) ": "
            q.words {
                @if change.diff.is_empty() { (verbatim(&hit.content)) } @else { (diff(&change.diff)) }
            }
            " " a.more href=(path_of(hit)) { "more" }
        }
    }
}
