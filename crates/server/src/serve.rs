//! Listens for requests, and stops cleanly.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use onrecord_store::StoreError;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::app::{App, Config};

/// How long requests may go on after the server was told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// The maximum number of connections. Others wait to be accepted.
const CONNECTIONS: usize = 1024;
/// How long a client may take to send a request's header.
const HEADER: Duration = Duration::from_secs(10);
/// How long to wait after a connection could not be accepted.
const AGAIN: Duration = Duration::from_millis(100);
/// The stack size of the threads. The deepest pages that somebody may send need a quarter of it.
const STACK: usize = 16 << 20;

/// The reason why a server could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The store could not be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server could not listen on the address.
    #[error("{0}: {1}")]
    Listen(SocketAddr, #[source] io::Error),
    /// The system could not start threads, or gave no more connections.
    #[error("the server stopped: {0}")]
    System(#[source] io::Error),
}

/// Serves a store until the process is told to stop, by Ctrl-C or a request to end.
///
/// `ready` is called with the address as soon as the server answers there.
///
/// # Errors
///
/// Returns an error if the store can't be opened, or the server can't listen on the address.
pub fn serve(config: Config, listen: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let app = App::open(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let runtime = runtime.map_err(ServeError::System)?;
    let served = runtime.block_on(async {
        let listener = TcpListener::bind(listen).await.map_err(|e| ServeError::Listen(listen, e))?;
        ready(listener.local_addr().map_err(|e| ServeError::Listen(listen, e))?);
        answer(&listener, crate::router(app)).await;
        Ok(())
    });
    // A thread may still be reading a long article. Nothing is lost if it ends now: only whole decisions are written.
    runtime.shutdown_timeout(Duration::from_millis(100));
    served
}

/// Answers requests until the process is told to stop, and then those that have begun.
async fn answer(listener: &TcpListener, router: Router) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let begun = GracefulShutdown::new();
    let mut told = pin!(stopped());
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let accepted = tokio::select! {
            accepted = next => accepted,
            () = &mut told => break,
        };
        let (place, Ok((stream, _))) = accepted else {
            // The system may be out of files for a moment, or the client may be gone already.
            tokio::time::sleep(AGAIN).await;
            continue;
        };
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEADER);
        let service = TowerToHyperService::new(router.clone());
        let connection = begun.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A client may end a connection early.
            let _ = connection.await;
            drop(place);
        });
    }
    let _ = tokio::time::timeout(GRACE, begun.shutdown()).await;
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
