//! The HTTP API, under `/api/v1`.
//!
//! ```text
//! parameters ─> App::read ─> answer of the store ─> without paths of this machine ─> JSON, with a tag
//! ```
//!
//! [`description`] derives the OpenAPI document from the handlers and the types of their answers.

mod correct;
mod description;
mod export;
mod look;
pub(crate) mod parameters;
pub(crate) mod read;
pub(crate) mod tag;

use axum::routing::{delete, get, post};
use axum::{Router, middleware};

use crate::app::App;

/// Returns the route of the page that describes the API, under its other address. A nested route has no slash at its end.
pub(crate) fn page() -> Router<App> {
    Router::new().route("/api/v1/", get(description::page))
}

/// Returns the routes of this module, relative to `/api/v1`.
pub(crate) fn routes(app: &App) -> Router<App> {
    let tagged = Router::new()
        .route("/search", get(look::search))
        .route("/facets", get(look::facets))
        .route("/timeline", get(look::timeline))
        .route("/statements/{statement}", get(look::statement))
        .route("/statements/{statement}/lineage", get(look::statement_lineage))
        .route("/lineage", get(look::lineage))
        .route("/articles/{article}", get(look::article))
        .route("/articles/{article}/changes", get(look::changes))
        .route("/people", get(look::people))
        .route("/people/{person}", get(look::person))
        .route("/people/{person}/statements", get(look::person_statements))
        .route("/names", get(look::names))
        .route("/events", get(look::events))
        .route("/events/export", get(export::export_events))
        .route("/relations", get(look::relations))
        .route("/accounts", get(look::accounts))
        .route("/coverage", get(look::coverage))
        .route("/review", get(look::review))
        .route("/corrections", get(correct::list))
        .route("/export", get(export::export))
        .layer(middleware::from_fn_with_state(app.clone(), tag::tagged));
    Router::new()
        .merge(tagged)
        .route("/corrections", post(correct::decide))
        .route("/corrections/{decision}", delete(correct::undo))
        .route("/read", post(read::read))
        .route("/openapi.json", get(description::document))
        .route("/", get(description::page))
}
