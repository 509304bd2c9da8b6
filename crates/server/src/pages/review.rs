//! The review queue: the statements that the engine is least sure of, one at a time, for people to decide on.

use std::collections::HashMap;

use axum::extract::{Query as Params, State};
use axum::response::Response;
use maud::html;
use onrecord::text::answers::{Hits, StoredStatement};
use onrecord_store::StoreError;
use serde::Deserialize;

use super::correct;
use super::marks::{Cast, Links, part};
use super::search::{hit, speaker, tags};
use super::view::{Section, View, address};
use super::words::{name, verbatim};
use crate::app::App;
use crate::links;
use crate::problem::Problem;

/// The number of statements that are shown as the next ones.
const NEXT: usize = 5;

/// The parameters of the page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// The statement after which the queue goes on.
    #[serde(default)]
    after: String,
}

/// Returns why a statement has its place in the queue: the statement or its speaker, whichever is less certain.
fn doubt(stored: &StoredStatement) -> String {
    let statement = stored.hit.confidence;
    match stored.statement.speaker.as_ref() {
        Some(speaker) if speaker.name.is_none() && speaker.confidence < statement => {
            format!("Queued because no speaker was found. Confidence that it is a statement: {statement:.2}.")
        }
        Some(speaker) if speaker.confidence < statement => format!(
            "Queued because the speaker is uncertain: confidence {:.2} in the speaker, {statement:.2} in the statement.",
            speaker.confidence
        ),
        _ => format!("Queued because the statement is uncertain: confidence {statement:.2}."),
    }
}

pub(super) async fn page(
    State(app): State<App>,
    view: View,
    Params(asked): Params<Asked>,
) -> Result<Response, Problem> {
    let after = Some(asked.after.clone()).filter(|after| !after.is_empty());
    let (queue, stored) = app
        .read(move |reader| -> Result<(Hits, Option<StoredStatement>), StoreError> {
            let queue = reader.review(after.as_deref(), NEXT + 1)?;
            let first = queue.hits.first().map(|hit| reader.stored_statement(&hit.address)).transpose()?;
            Ok((queue, first))
        })
        .await?;
    let back = address("/review", &[("after", &asked.after)]);
    let content = html! {
        h1 { "Review" }
        p.lede {
            "The statements that the engine is least sure of come first. The lower of two confidences counts: that it is a "
            "statement, and that its speaker is right."
        }
        @match &stored {
            None => {
                p.empty { "Nothing is left to review" @if !asked.after.is_empty() { " after this" } "." }
                @if !asked.after.is_empty() { p { a href="/review" { "Start again" } } }
            }
            Some(stored) => {
                @let statement = &stored.statement;
                @let cast = Cast::of(std::slice::from_ref(statement));
                @let pages = HashMap::new();
                @let links = Links { cast: &cast, pages: &pages, current: Some(&statement.id) };
                div.columns {
                    div.main {
                        article.statement {
                            p.eyebrow {
                                @if let Some(outlet) = &stored.hit.outlet { (name(outlet)) " · " }
                                a href=(format!("{}#{}", links::article(stored.article.article), statement.id)) {
                                    @match &stored.hit.title { Some(title) => (name(title)), None => "the article" }
                                }
                            }
                            h2.words { (verbatim(&stored.hit.content)) }
                            p.by.large { (speaker(&stored.hit)) @if let Some(cue) = &stored.hit.cue { " " span.cue { (name(cue)) } } }
                            p { (doubt(stored)) " " (tags(&stored.hit)) }
                            div.text { (part(&stored.context.text, stored.context.start, &stored.context.blocks, std::iter::once(statement), &links)) }
                        }
                    }
                    aside.facts aria-label="Decide" {
                        @if view.may_decide {
                            (correct::on_review(&view, stored, &back, &address("/review", &[("after", &stored.hit.address)])))
                            p.note { "Keys: " kbd { "a" } " accept, " kbd { "r" } " reject, " kbd { "s" } " change the speaker, " kbd { "n" } " skip, " kbd { "u" } " undo." }
                        } @else if view.corrections {
                            p { a.button href="/sign-in" { "Sign in to decide" } }
                        } @else {
                            p { "Corrections are off on this server. " code { "--allow-corrections" } " turns them on." }
                        }
                    }
                }
                @if queue.hits.len() > 1 {
                    section {
                        h2 { "Next" }
                        ol.hits { @for next in &queue.hits[1..] { li { (hit(next)) } } }
                    }
                }
            }
        }
    };
    Ok(view.page("Review", &view.frame(Section::Review), &content))
}
