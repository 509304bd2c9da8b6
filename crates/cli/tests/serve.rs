//! `onrecord serve` as a process: it starts, answers, and ends when it is told to.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use common::{example, folder, onrecord, path};
use tempfile::TempDir;

/// A server that ends with the test, whatever happens.
struct Server {
    process: Child,
    said: BufReader<ChildStdout>,
    /// The host and port at which it answers.
    address: String,
}

impl Server {
    fn start(args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.args(["serve", "--listen", "0"]).args(args).stdout(Stdio::piped());
        let mut process = command.spawn().expect("the binary runs");
        let mut said = BufReader::new(process.stdout.take().expect("standard output"));
        let mut line = String::new();
        said.read_line(&mut line).expect("a line");
        let address =
            line.trim().rsplit_once("http://").map(|(_, rest)| rest.trim_end_matches('/').to_owned());
        let address = address.unwrap_or_else(|| panic!("no address in “{line}”"));
        Self { process, said, address }
    }

    /// The answer to a GET request, with its head.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let host = &self.address;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
            .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn store() -> (TempDir, String) {
    let folder = folder(&[]);
    let store = path(&folder, "news.db");
    let ingest = onrecord().arg("ingest").arg(example("bridge.txt")).args(["--store", &store]).ok();
    ingest.expect("the example is read");
    (folder, store)
}

#[cfg(unix)]
#[test]
fn a_server_answers_until_it_is_told_to_stop() {
    let (_folder, store) = store();
    for signal in ["TERM", "INT"] {
        let mut server = Server::start(&["--store", &store]);
        assert!(
            server.address.starts_with("127.0.0.1:") && !server.address.ends_with(":0"),
            "{}",
            server.address
        );
        let page = server.get("/search?q=bridge");
        assert!(page.starts_with("HTTP/1.1 200 OK") && page.contains("<mark>bridge</mark>"), "{page}");
        assert!(server.get("/statement/0000000000000000").starts_with("HTTP/1.1 404"));
        let told =
            Command::new("kill").args([&format!("-{signal}"), &server.process.id().to_string()]).status();
        assert!(told.expect("the signal is sent").success());
        let code = server.process.wait().expect("it ends").code();
        assert_eq!(code, Some(0), "after SIG{signal}");
        let mut rest = String::new();
        server.said.read_to_string(&mut rest).expect("the rest of the output");
        assert_eq!(rest, "");
        assert!(TcpStream::connect(&server.address).is_err());
    }
}

#[test]
fn the_demo_needs_no_store() {
    let server = Server::start(&["--demo"]);
    assert!(server.get("/").contains("in 8 articles"));
}

#[test]
fn articles_that_come_in_meanwhile_are_found() {
    let (_folder, store) = store();
    let server = Server::start(&["--store", &store]);
    assert!(server.get("/search?q=ferries").contains("Nothing found."));
    let text = "\"The ferries go on,\" Minister Ada Brandt said on Friday.";
    onrecord().args(["ingest", "-", "--store", &store]).write_stdin(text).ok().expect("the article is read");
    let page = server.get("/search?q=ferries");
    assert!(page.contains("<mark>ferries</mark>"), "{page}");
}

#[test]
fn what_can_not_be_served_is_named() {
    let folder = folder(&[("notes.txt", b"These are notes, and not a store.")]);
    let missing = path(&folder, "missing.db");
    let run = |args: &[&str]| {
        let output = onrecord().arg("serve").args(args).output().expect("the binary runs");
        assert!(output.stdout.is_empty());
        (String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code())
    };
    let (said, code) = run(&["--listen", "0", "--store", &missing]);
    assert!(said.contains(&missing) && said.contains("no such store") && code == Some(6), "{code:?} {said}");
    assert!(!folder.path().join("missing.db").exists(), "nothing was made");
    let (said, code) = run(&["--listen", "0", "--store", &path(&folder, "notes.txt")]);
    assert!(said.contains("notes.txt") && code == Some(6), "{code:?} {said}");
    let (said, code) = run(&["--listen", "0"]);
    assert!(said.contains("--store") && code == Some(2), "{code:?} {said}");
    let (said, code) = run(&["--demo", "--token", "0123456789abcdef"]);
    assert!(said.contains("--allow-corrections") && code == Some(2), "{code:?} {said}");
    let server = Server::start(&["--demo"]);
    let (said, code) = run(&["--demo", "--listen", &server.address]);
    assert!(said.contains(&server.address) && code == Some(7), "{code:?} {said}");
}
