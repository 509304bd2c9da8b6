//! Listens for requests, and stops cleanly.

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use onrecord_store::StoreError;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

use crate::app::{App, Config};

/// How long requests may go on after the server was told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// The maximum number of connections. Others wait to be accepted.
const CONNECTIONS: usize = 1024;
/// How long a client may take to send a request's header.
const HEADER: Duration = Duration::from_secs(10);
/// How long a client may accept nothing of an answer that is ready.
const STALLED: Duration = Duration::from_secs(60);
/// The number of bytes that the system takes over for a client that does not read them yet. The system takes more when
/// a third of them is sent, so a client that reads a kilobyte a second is not taken for one that reads nothing. Left to
/// itself, the system takes over megabytes.
const AHEAD: u32 = 64 << 10;
/// The number of connections that the system keeps until they are accepted.
const BACKLOG: u32 = 1024;
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
        let listener = bind(listen).map_err(|e| ServeError::Listen(listen, e))?;
        ready(listener.local_addr().map_err(|e| ServeError::Listen(listen, e))?);
        answer(&listener, crate::router(app)).await;
        Ok(())
    });
    // A thread may still be reading a long article. Nothing is lost if it ends now: only whole decisions are written.
    runtime.shutdown_timeout(Duration::from_millis(100));
    served
}

/// Listens on an address. Accepted connections inherit the limit on what is sent ahead.
fn bind(listen: SocketAddr) -> io::Result<TcpListener> {
    let socket = if listen.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // On Windows, this option would let several programs listen on the same address.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(AHEAD)?;
    socket.bind(listen)?;
    socket.listen(BACKLOG)
}

/// The service of one connection, which fails when the client accepts nothing of an answer for too long.
type Connection<S> = http1::Connection<TokioIo<Pin<Box<TimeoutStream<S>>>>, TowerToHyperService<Router>>;

fn connection<S>(stream: S, router: Router) -> Connection<S>
where
    S: AsyncRead + AsyncWrite + 'static,
{
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLED));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER);
    http.serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(router))
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
        let connection = begun.watch(connection(stream, router.clone()));
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

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::task::JoinHandle;
    use tokio::time::{Instant, sleep, timeout};

    use super::*;

    /// The size of the answer, far more than a connection takes at once.
    const LARGE: usize = 1 << 20;

    /// A client that asked for a large answer, and the connection that gives it.
    async fn asked() -> (DuplexStream, JoinHandle<hyper::Result<()>>) {
        let (mut client, server) = duplex(4096);
        let router = Router::new().route("/", get(|| async { vec![b'a'; LARGE] }));
        let served = tokio::spawn(connection(server, router));
        client.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
        (client, served)
    }

    // The clock of these tests is their own: it moves on when nothing else is left to do.
    #[tokio::test(start_paused = true)]
    async fn a_client_that_reads_nothing_loses_its_connection() {
        let (_client, served) = asked().await;
        let begun = Instant::now();
        let ended = timeout(STALLED * 10, served).await.expect("the connection ends").unwrap();
        assert!(ended.is_err());
        assert_eq!(begun.elapsed().as_secs(), STALLED.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_client_gets_the_whole_answer() {
        let (mut client, served) = asked().await;
        let (mut read, mut piece) = (0, [0; 4096]);
        loop {
            sleep(STALLED - Duration::from_secs(1)).await;
            match client.read(&mut piece).await.unwrap() {
                0 => break,
                size => read += size,
            }
        }
        assert!(read > LARGE);
        assert!(served.await.unwrap().is_ok());
    }

    #[tokio::test]
    async fn the_system_takes_little_over_for_a_client_that_reads_nothing() {
        let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let client = TcpSocket::new_v4().unwrap();
        client.set_recv_buffer_size(4096).unwrap();
        let _client = client.connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut taken = 0;
        while let Ok(written) = timeout(Duration::from_secs(1), stream.write(&[0; 4096])).await {
            taken += written.unwrap();
            assert!(taken < 8 * AHEAD as usize, "the system takes more and more");
        }
        assert!(taken > 0);
    }
}
