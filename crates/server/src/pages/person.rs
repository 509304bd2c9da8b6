//! The page of a person, an organisation or a place: what they said, and what others said about them.

use axum::extract::{Path, Query as Params, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use onrecord::text::answers::{self, Hit, PersonCount, Profile};
use onrecord::text::legible;
use onrecord_store::{Hits, PersonRef, Query, StoreError};
use serde::Deserialize;

use super::correct;
use super::search::{WIDEST, date, hit};
use super::view::{Section, View, address};
use super::words::{count, name, number, plain};
use crate::app::App;
use crate::links;
use crate::problem::Problem;

/// The number of statements on a page, of each kind.
const LIMIT: usize = 15;
/// The most people that one name is resolved to.
const PEOPLE: usize = 50;
/// The number of roles and names that are listed.
const LISTED: usize = 12;
/// The width and the height of one half of the chart.
const CHART: (f64, f64) = (720.0, 44.0);

/// A person by name.
#[derive(Deserialize)]
pub(super) struct Named {
    name: String,
}

/// The parameters of the page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// The number of statements to skip: what the person said, and what others said.
    #[serde(default)]
    said: usize,
    #[serde(default)]
    about: usize,
}

struct Found {
    profile: Profile,
    said: Hits,
    about: Hits,
}

/// Leads from a name to the page of whoever has it, or lists those who may be meant.
pub(super) async fn by_name(
    State(app): State<App>,
    view: View,
    Params(asked): Params<Named>,
) -> Result<Response, Problem> {
    let wanted = asked.name.clone();
    let people = app.read(move |reader| reader.people(&wanted, PEOPLE)).await?;
    if let [person] = people.as_slice() {
        return Ok(Redirect::to(&links::person(person.id)).into_response());
    }
    if people.is_empty() {
        // A name may stand for nobody across articles. What was said under it can still be found.
        let item = Query::builder().speaker(&asked.name).to_string();
        return Ok(Redirect::to(&super::statement::search_for(&item)).into_response());
    }
    let content = html! {
        div.narrow {
            h1 { "Who is meant by “" (name(&asked.name)) "”?" }
            ul.people {
                @for person in people.iter().map(answers::Person::from) {
                    li {
                        a href={ "/person/" (person.person) } { strong { (name(&person.name)) } }
                        " " span.tag { (person.kind) }
                        @for (n, role) in person.roles.iter().take(3).enumerate() { @if n > 0 { "; " } @else { " " } (name(role)) }
                        span.count { " " (count(person.articles, "article")) }
                    }
                }
            }
        }
    };
    Ok(view.page(&asked.name, &view.frame(Section::None), &content))
}

pub(super) async fn page(
    State(app): State<App>,
    view: View,
    Path(asked_number): Path<String>,
    Params(asked): Params<Asked>,
) -> Result<Response, Problem> {
    let number = PersonRef::of(&asked_number).ok_or_else(|| {
        Problem::not_found(format!("“{}” is not the number of a person, such as p12", plain(&asked_number)))
    })?;
    let (said, about) = (asked.said, asked.about);
    let found = app
        .read(move |reader| -> Result<Found, StoreError> {
            let profile = reader.profile(number)?;
            let person = reader.person(number)?;
            Ok(Found {
                said: reader.said_by(&person, LIMIT, said)?,
                about: reader.said_about(&person, LIMIT, about)?,
                profile,
            })
        })
        .await?;
    let profile = &found.profile;
    let path = format!("/person/{}", profile.person.person);
    if path != format!("/person/{asked_number}") {
        // A person who was merged with another has the other's page.
        return Ok(Redirect::to(&path).into_response());
    }
    let content = html! {
        article.person {
            p.eyebrow { (profile.person.kind) }
            h1 { (name(&profile.person.name)) }
            p.lede {
                "Speaks in " a href="#said" { (count(profile.said, "statement")) } " and is the subject of "
                a href="#about" { (count(profile.about, "statement")) } " by others, in " (count(profile.person.articles, "article")) "."
            }
            (chart(profile))
            div.columns {
                div.main {
                    (statements("said", "What they said", &found.said, &path, ("said", asked.said), ("about", asked.about)))
                    (statements("about", "What others said about them", &found.about, &path, ("about", asked.about), ("said", asked.said)))
                }
                aside.facts aria-label="About them" {
                    (roles(profile))
                    (counted("Whom they mention", &profile.mentions))
                    (counted("Who mentions them", &profile.mentioned_by))
                    (names(&view, profile, &path))
                    @if view.may_decide { (correct::on_person(&view, profile, &path)) }
                }
            }
        }
    };
    Ok(view.page(&profile.person.name, &view.frame(Section::None), &content))
}

/// Returns what they said above a line, and what others said below it, over time.
fn chart(profile: &Profile) -> Markup {
    let buckets = &profile.over_time;
    let (width, half) = CHART;
    let most = buckets.iter().map(|bucket| bucket.said.max(bucket.about)).max().unwrap_or_default().max(1);
    let step = width / buckets.len().max(1) as f64;
    let dated: usize = buckets.iter().map(|bucket| bucket.said + bucket.about).sum();
    let undated = (profile.said + profile.about).saturating_sub(dated);
    html! {
        @if buckets.len() > 1 {
            figure.timeline {
                svg viewBox=(format!("0 0 {width} {}", half * 2.0 + 2.0)) preserveAspectRatio="none" aria-hidden="true" {
                    @for (n, bucket) in buckets.iter().enumerate() {
                        @let (above, below) = (half * bucket.said as f64 / most as f64, half * bucket.about as f64 / most as f64);
                        @let wide = (step * 0.84).min(WIDEST);
                        @let x = format!("{:.2}", step * n as f64 + (step - wide) / 2.0);
                        @let wide = format!("{wide:.2}");
                        g {
                            title { (bucket.date) ": said " (bucket.said) ", others said " (bucket.about) }
                            rect.back x=(format!("{:.2}", step * n as f64)) y="0" width=(format!("{step:.2}")) height=(half * 2.0 + 2.0) {}
                            rect.bar x=(x) y=(format!("{:.2}", half - above)) width=(wide) height=(format!("{above:.2}")) {}
                            rect.bar.second x=(x) y=(format!("{:.2}", half + 2.0)) width=(wide) height=(format!("{below:.2}")) {}
                        }
                    }
                }
                div.axis aria-hidden="true" {
                    span { (buckets.first().map_or("", |bucket| &bucket.date)) }
                    span { (buckets.last().map_or("", |bucket| &bucket.date)) }
                }
                figcaption { "Statements by " (profile.unit) ": " span.key.bar { "what they said" } " above, " span.key.bar.second { "what others said about them" } " below"
                    @if undated > 0 { "; " (number(undated)) " without a date" } "." }
            }
        }
    }
}

fn statements(
    id: &str,
    heading: &str,
    hits: &Hits,
    path: &str,
    skipped: (&str, usize),
    other: (&str, usize),
) -> Markup {
    let page = |skip: usize| {
        let skips = [(skipped.0, skip.to_string()), (other.0, other.1.to_string())];
        let given: Vec<(&str, &str)> =
            skips.iter().filter(|(_, n)| n != "0").map(|(name, n)| (*name, n.as_str())).collect();
        format!("{}#{id}", address(path, &given))
    };
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (heading) }
            @if hits.hits.is_empty() { p.empty { "No statements." } }
            ol.hits { @for found in &hits.hits { li { (hit(&Hit::from(found))) } } }
            nav.pages aria-label={ (heading) ", pages" } {
                @if skipped.1 > 0 { a href=(page(skipped.1.saturating_sub(LIMIT))) { "Earlier" } }
                @if hits.more { a.button href=(page(skipped.1 + LIMIT)) { "Later" } }
            }
        }
    }
}

fn roles(profile: &Profile) -> Markup {
    html! {
        @if !profile.roles.is_empty() {
            h2 { "Roles" }
            ul.roles {
                @for role in profile.roles.iter().take(LISTED) {
                    li { (name(&role.role)) br; span.note { (between(&role.first, &role.last)) (count(role.articles, "article")) } }
                }
            }
            @if profile.roles.len() > LISTED { p.note { "and " (number(profile.roles.len() - LISTED)) " more" } }
        }
    }
}

/// Returns a range of dates, followed by a separator.
fn between(first: &Option<String>, last: &Option<String>) -> Markup {
    html! {
        @if let (Some(first), Some(last)) = (first, last) {
            time datetime=[date(first)] { (legible(first)) }
            @if first != last { " to " time datetime=[date(last)] { (legible(last)) } }
            ", "
        }
    }
}

fn counted(heading: &str, people: &[PersonCount]) -> Markup {
    html! {
        @if !people.is_empty() {
            h2 { (heading) }
            ul.counts {
                @for person in people {
                    li { a href={ "/person/" (person.person) } { (name(&person.name)) } " " span.count { (number(person.statements)) } }
                }
            }
        }
    }
}

/// Returns the names that were joined, with the evidence, and a way to split them.
fn names(view: &View, profile: &Profile, path: &str) -> Markup {
    html! {
        @if !profile.names.is_empty() {
            h2 { "Names joined here" }
            ul.names {
                @for joined in profile.names.iter().take(LISTED) {
                    li {
                        strong { (name(&joined.name)) } br;
                        span.note { (between(&joined.first, &joined.last)) (count(joined.articles, "article")) "; evidence: " (plain(&joined.evidence)) }
                        @if let Some(statement) = &joined.statement {
                            " " a.more href=(links::statement(statement)) { "example" }
                            @if view.may_decide { (correct::split(view, statement, path, &joined.name)) }
                        }
                    }
                }
            }
            @if profile.names.len() > LISTED { p.note { "and " (number(profile.names.len() - LISTED)) " more" } }
        }
        @if !profile.merged.is_empty() {
            h2 { "Merged by decision" }
            ul.names {
                @for merged in &profile.merged {
                    li {
                        (name(&merged.name)) " " span.note { (merged.person) }
                        @if view.may_decide { @for decision in &merged.decisions { " " (correct::undo(*decision, path)) } }
                    }
                }
            }
        }
        @if !profile.complete { p.note { "Drawn from the newest " (number(profile.looked_at)) " of their articles and statements." } }
    }
}
