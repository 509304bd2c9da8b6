//! The page of one report of an event, with what people decided about it.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use onrecord::text::answers::{Decision, DecisionKind, Report, StoredArticle};
use onrecord::text::legible;
use onrecord_store::{EventRef, StoreError};

use super::correct;
use super::events::{claimant_of, party, told};
use super::search::date;
use super::statement::{confidence, decided, fact};
use super::view::{Section, View};
use super::words::{name, plain, short};
use crate::app::App;
use crate::links;
use crate::problem::Problem;
use crate::public::Public;

/// The maximum number of statements that are offered as claimants.
const CLAIMANTS: usize = 300;

/// What the page shows.
struct Found {
    report: Report,
    decisions: Vec<Decision>,
    /// The values that the claimant may have, with their labels. Empty if the reader may not decide.
    claimants: Vec<(String, String)>,
}

pub(super) async fn page(
    State(app): State<App>,
    view: View,
    Path(asked): Path<String>,
) -> Result<Response, Problem> {
    let may_decide = view.may_decide;
    let found = app
        .read(move |reader| -> Result<Found, StoreError> {
            let event: EventRef = asked.parse()?;
            let report = Report::from(&reader.event(event)?).public();
            let decisions = reader.decisions_on(event)?;
            let claimants = if may_decide {
                claimants(&reader.stored_article(&event.article.to_string())?)
            } else {
                Vec::new()
            };
            Ok(Found {
                report,
                decisions: decisions.iter().map(|d| Decision::from(d).public()).collect(),
                claimants,
            })
        })
        .await?;
    let report = &found.report;
    let title = format!("{} {}: {}", report.kind, report.status, short(&report.sentence, 60));
    let rejected = found.decisions.iter().any(|decision| decision.kind == DecisionKind::Reject);
    let content = html! {
        article.statement {
            p.eyebrow { "Report of an event" }
            h1 {
                (report.kind) " " (report.status) ": "
                (party(report.actor.as_ref())) " → " (party(report.recipient.as_ref()))
            }
            @if rejected {
                p.problem { "A person decided that this report is wrong. Search and exports leave it out." }
            }
            div.columns {
                div.main {
                    (told(report))
                    p.by { "according to " (claimant_of(report)) }
                    p.note { "One mention in one article. Experimental: types and actors are often wrong." }
                }
                aside.facts aria-label="About this report" {
                    (facts(report))
                    @if !found.decisions.is_empty() {
                        h2 { "Decisions" }
                        ul.decisions { @for decision in &found.decisions { li { (decided(decision)) } } }
                    }
                    @if view.may_decide { (correct::on_report(&view, report, &found.claimants, &found.decisions)) }
                    @if view.corrections && !view.may_decide { p { a href="/sign-in" { "Sign in to correct" } } }
                }
            }
        }
    };
    Ok(view.page(&title, &view.frame(Section::Events), &content))
}

/// Returns the possible claimants, which are the article itself and its statements, each with its label.
fn claimants(stored: &StoredArticle) -> Vec<(String, String)> {
    let article = ("article".to_owned(), "the article itself".to_owned());
    let statements = stored.record.statements.iter().zip(&stored.addresses).map(|(statement, address)| {
        let speaker =
            statement.speaker.as_ref().and_then(|speaker| speaker.name.as_deref()).unwrap_or("somebody");
        (address.clone(), format!("{}: {}", plain(speaker), short(&statement.content.text, 60)))
    });
    std::iter::once(article).chain(statements.take(CLAIMANTS)).collect()
}

fn facts(report: &Report) -> Markup {
    html! {
        h2 { "Facts" }
        dl.facts {
            (fact("Class", Some(html! { (report.class) })))
            (fact("Trigger", Some(name(&report.trigger))))
            (fact("Actor", report.actor.as_ref().map(|actor| party(Some(actor)))))
            (fact("Recipient", report.recipient.as_ref().map(|recipient| party(Some(recipient)))))
            (fact("Date", report.date.as_ref().map(|day| html! {
                time datetime=[date(day)] { (legible(day)) }
                @if let Some(basis) = &report.date_basis { ", from the " (basis) }
            })))
            (fact("Place", report.place.as_ref().map(|place| html! {
                (name(place)) @if let Some(country) = &report.place_country { " (" (name(country)) ")" }
            })))
            (fact("History", report.historical.then(|| html! { "reported as history" })))
            (fact("Confidence", Some(confidence(report.confidence))))
            (fact("Name in this store", Some(html! { code { (report.report) } })))
            (fact("Statement", report.claim.as_ref().map(|claim| html! {
                a href=(links::statement(&claim.address)) { (name(&short(&claim.content, 60))) }
            })))
        }
    }
}
