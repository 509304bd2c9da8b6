//! The HTTP API, under `/api/v1`.

use axum::Router;

use crate::app::App;

/// Returns the routes of this module, relative to `/api/v1`.
pub(crate) fn routes() -> Router<App> {
    Router::new()
}
