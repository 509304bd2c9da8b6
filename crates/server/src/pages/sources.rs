//! What the archive covers.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use onrecord::text::answers::{Coverage, Gap};
use onrecord::text::legible;

use super::search::date;
use super::statement::search_for;
use super::view::{Section, View};
use super::words::{count, label, name, number, plain};
use crate::app::App;
use crate::links;
use crate::problem::Problem;

/// The number of gaps that are listed of each outlet.
const GAPS: usize = 3;

pub(super) async fn page(State(app): State<App>, view: View) -> Result<Response, Problem> {
    let coverage = app.read(|reader| reader.coverage()).await?;
    let content = html! {
        h1 { "Sources" }
        p.lede {
            (count(coverage.statements, "statement")) " in " (count(coverage.articles, "article"))
            @if let (Some(first), Some(last)) = (&coverage.first, &coverage.last) {
                ", from " time datetime=[date(first)] { (legible(first)) } " to " time datetime=[date(last)] { (legible(last)) }
            }
            "."
            @if coverage.versions > coverage.articles { " Counting earlier versions, there are " (count(coverage.versions, "version")) " of articles." }
            @if coverage.undated > 0 { " Without a date: " (count(coverage.undated, "article")) "." }
        }
        (outlets(&coverage))
        section {
            h2 { "Days without any article" }
            @if coverage.gaps.is_empty() { p { "There is no gap of a week or more." } } @else { (gaps(&coverage.gaps)) }
        }
        section {
            h2 { "Notices" }
            @if coverage.notices.is_empty() { p { "Nothing odd was noticed in the articles." } }
            ul.notices {
                @for notice in &coverage.notices {
                    li {
                        strong { (label(notice.kind.name())) } " " span.count { (number(notice.notices)) }
                        ul {
                            @for example in &notice.examples {
                                li { a href=(links::article(example.article)) { @match &example.title { Some(title) => (name(title)), None => { "article " (example.article) } } } ": " (plain(&example.message)) }
                            }
                        }
                    }
                }
            }
        }
        section {
            h2 { "Engines that read the articles" }
            ul {
                @for engine in &coverage.engines {
                    li { "onrecord " (name(&engine.version)) ", model " (name(&engine.model)) " " span.count { (count(engine.articles, "article")) } }
                }
            }
        }
    };
    Ok(view.page("Sources", &view.frame(Section::Sources), &content))
}

fn outlets(coverage: &Coverage) -> Markup {
    html! {
        section aria-labelledby="outlets" {
            h2 id="outlets" { "Outlets" }
            @if coverage.outlets.is_empty() { p { "The archive is empty." } } @else {
                div.scroll tabindex="0" role="region" aria-label="Table of outlets" {
                    table {
                        thead { tr {
                            th scope="col" { "Outlet" } th.n scope="col" { "Articles" } th.n scope="col" { "Statements" }
                            th scope="col" { "First" } th scope="col" { "Last" } th.n scope="col" { "Days" } th scope="col" { "Longest gaps" }
                        } }
                        tbody {
                            @for outlet in &coverage.outlets {
                                tr {
                                    th scope="row" {
                                        @match (&outlet.outlet, &outlet.query) {
                                            (Some(outlet), Some(query)) => { a href=(search_for(query)) { (name(outlet)) } }
                                            (Some(outlet), None) => (name(outlet)),
                                            (None, _) => "no outlet named",
                                        }
                                    }
                                    td.n { (number(outlet.articles)) }
                                    td.n { (number(outlet.statements)) }
                                    td { (outlet.first.as_deref().unwrap_or("–")) }
                                    td { (outlet.last.as_deref().unwrap_or("–")) }
                                    td.n { (number(outlet.days)) }
                                    td { @if outlet.gaps.is_empty() { "–" } @else { (gaps(&outlet.gaps)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn gaps(gaps: &[Gap]) -> Markup {
    html! {
        ul.gaps {
            @for gap in gaps.iter().take(GAPS) { li { (gap.from) " to " (gap.to) " (" (count(gap.days, "day")) ")" } }
            @if gaps.len() > GAPS { li { "and " (gaps.len() - GAPS) " more" } }
        }
    }
}
