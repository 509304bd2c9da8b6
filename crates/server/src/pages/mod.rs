//! Pages for people, written on the server and usable without scripts.

mod article;
mod ask;
mod cite;
mod correct;
mod events;
mod marks;
mod person;
mod relations;
mod report;
mod review;
mod search;
mod sources;
mod statement;
mod tryout;
mod view;
mod words;

use axum::Router;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use maud::html;

use crate::app::App;
use crate::problem::Problem;

/// Returns the routes of this module.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(search::page))
        .route("/search", get(search::page))
        .route("/statement/{name}", get(statement::page))
        .route("/statement/{name}/{form}", get(cite::download))
        .route("/article", get(article::by_name))
        .route("/article/{number}", get(article::page))
        .route("/article/{number}/events", get(article::events_page))
        .route("/person", get(person::by_name))
        .route("/person/{number}", get(person::page))
        .route("/events", get(events::page))
        .route("/event/{name}", get(report::page))
        .route("/relations", get(relations::page))
        .route("/sources", get(sources::page))
        .route("/try", get(tryout::page).post(tryout::read))
        .route("/review", get(review::page))
        .route("/decisions", get(correct::list))
        .route("/decide", post(correct::decide))
        .route("/complete", get(correct::complete))
        .route("/sign-in", get(correct::sign_in).post(correct::signed_in))
        .route("/sign-out", post(correct::sign_out))
        .route("/favicon.ico", get(icon))
}

async fn icon() -> axum::response::Redirect {
    axum::response::Redirect::permanent(&crate::assets::url("icon.svg"))
}

/// Returns the page for a problem.
pub(crate) fn problem(problem: &Problem) -> Response {
    let content = html! {
        div.narrow {
            p.eyebrow { (problem.status.as_u16()) }
            h1 { (problem.title()) }
            p.lede { (sentence(&problem.detail)) }
            @if problem.status == axum::http::StatusCode::UNAUTHORIZED {
                p { a.button href="/sign-in" { "Sign in" } }
            }
            p { a href="/" { "Search the archive" } }
        }
    };
    let page = view::frame(problem.title(), &view::Frame::default(), &content);
    (problem.status, Html(page.into_string())).into_response()
}

/// Returns a message as a sentence. It may begin with an address or a name, which stays as it is.
fn sentence(message: &str) -> String {
    let message = words::plain(message);
    let is_word = message.split(' ').next().is_some_and(|word| word.chars().all(char::is_alphabetic));
    let mut chars = message.chars();
    let first: String = match chars.next() {
        Some(first) if is_word => first.to_uppercase().collect(),
        first => first.into_iter().collect(),
    };
    let end = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", chars.as_str())
}
