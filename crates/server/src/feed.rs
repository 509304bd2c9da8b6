//! Atom feeds of searches.

use axum::Router;

use crate::app::App;

/// Returns the routes of this module.
pub(crate) fn routes() -> Router<App> {
    Router::new()
}
