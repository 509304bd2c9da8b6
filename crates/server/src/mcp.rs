//! Tools for assistants, over the Model Context Protocol.

use axum::Router;

use crate::app::App;

/// Returns the routes of this module.
pub(crate) fn routes() -> Router<App> {
    Router::new()
}
