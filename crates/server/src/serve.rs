//! Listening, and stopping in good order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use onrecord_store::StoreError;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::app::{App, Config};

/// How long requests may go on after the server was told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// The reason why a server could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The store could not be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address could not be listened on.
    #[error("{0}: {1}")]
    Listen(SocketAddr, #[source] io::Error),
    /// The system gave no threads, or no more connections.
    #[error("the server stopped: {0}")]
    System(#[source] io::Error),
}

/// Serves a store until the process is told to stop, by Ctrl-C or a request to end.
///
/// `ready` is called with the address as soon as the server answers there.
///
/// # Errors
///
/// Returns an error if the store can't be opened, or the address can't be listened on.
pub fn serve(config: Config, listen: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let app = App::open(config)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ServeError::System)?;
    let served = runtime.block_on(async {
        let listener = TcpListener::bind(listen).await.map_err(|e| ServeError::Listen(listen, e))?;
        ready(listener.local_addr().map_err(|e| ServeError::Listen(listen, e))?);
        let stop = Arc::new(Notify::new());
        let begun = Arc::clone(&stop);
        let told = async move {
            stopped().await;
            begun.notify_one();
        };
        let late = async {
            stop.notified().await;
            tokio::time::sleep(GRACE).await;
        };
        let router = crate::router(app);
        tokio::select! {
            served = async { axum::serve(listener, router).with_graceful_shutdown(told).await } => served.map_err(ServeError::System),
            () = late => Ok(()),
        }
    });
    // A thread may still be reading a long article. Nothing is lost if it ends now: only whole decisions are written.
    runtime.shutdown_timeout(Duration::from_millis(100));
    served
}

/// Waits until the process is told to stop.
async fn stopped() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without a handler, Ctrl-C ends the process at once.
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let ended = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let ended = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = ended => {}
    }
}
