//! Serves a store to people and programs: pages for browsers, an HTTP API, Atom feeds, and tools for assistants (MCP).
//!
//! ```text
//! request ─guard─> pages, api, feed, mcp ─> App::read ─> Reader (store) ─> value ─> HTML, JSON
//!                                           App::write ─> Store, for people's decisions only
//! ```
//!
//! [`serve`] listens and answers until the process is told to stop. [`router`] is the same service without a socket.
//! Every request passes `guard::protect` first. Whatever goes wrong becomes a `problem::Problem`. Nothing
//! here knows SQL or the model: it asks the store and the engine.

mod api;
mod app;
mod assets;
mod counts;
mod demo;
mod feed;
mod guard;
mod lineages;
mod links;
mod mcp;
mod pages;
mod problem;
mod public;
mod reading;
mod serve;

pub use app::{App, Config, Corrections};
pub use demo::{Demo, DemoError};
pub use guard::token;
pub use mcp::{McpError, over_channel, over_stdio};
pub use serve::{ServeError, serve};

use axum::Router;

/// Returns the whole service for a store.
pub fn router(app: App) -> Router {
    let routes = Router::new()
        .merge(pages::routes())
        .merge(assets::routes())
        .merge(feed::routes(&app))
        .merge(mcp::routes())
        .merge(api::page())
        .nest("/api/v1", api::routes(&app))
        .fallback(problem::nothing_here);
    guard::protect(routes, &app).with_state(app)
}
