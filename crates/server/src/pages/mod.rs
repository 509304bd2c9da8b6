//! Pages for people, written on the server and usable without scripts.

use axum::Router;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};

use crate::app::App;
use crate::assets;
use crate::problem::Problem;

/// Returns the routes of this module.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/", get(search))
}

async fn search() -> Html<String> {
    Html(page("onrecord", &html! { p { "onrecord" } }).into_string())
}

/// Returns the page for a problem.
pub(crate) fn problem(problem: &Problem) -> Response {
    let content = html! { h1 { (problem.title()) } p { (problem.detail) } };
    (problem.status, Html(page(problem.title(), &content).into_string())).into_response()
}

fn page(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="icon" href=(assets::url("icon.svg"));
                link rel="stylesheet" href=(assets::url("style.css"));
                script src=(assets::url("pages.js")) defer {}
            }
            body { main { (content) } }
        }
    }
}
