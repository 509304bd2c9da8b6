//! `onrecord serve`: the terminal interface to `onrecord_server`.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};

use onrecord_server::{Config, Corrections, Demo, serve};

use crate::ServeArgs;
use crate::failure::{Failure, Outcome, note};
use crate::inputs::after_scheme;

/// The port on which the server listens unless the user names another.
pub const PORT: u16 = 7878;
/// The minimum length of a token that the user chooses.
const SHORTEST: usize = 16;

pub fn run(args: &ServeArgs) -> Result<Outcome, Failure> {
    let demo = if args.demo { Some(Demo::new()?) } else { None };
    let named_store =
        || std::env::var_os("ONRECORD_STORE").filter(|path| !path.is_empty()).map(PathBuf::from);
    let store = match &demo {
        Some(demo) => demo.store(),
        None => args.store.clone().or_else(named_store).ok_or(Failure::Usage(
            "no store was named: use --store FILE or the environment variable ONRECORD_STORE, or --demo for the examples",
        ))?,
    };
    let private = args.listen.ip().is_loopback() && args.public_url.is_none();
    let corrections = match (&args.token, args.allow_corrections) {
        (None, false) => Corrections::Off,
        (Some(_), false) => return Err(Failure::Usage("--token needs --allow-corrections")),
        (Some(token), true) if token.chars().count() < SHORTEST => {
            return Err(Failure::Usage("a token needs at least 16 characters"));
        }
        (Some(token), true) => Corrections::Token(token.clone()),
        (None, true) if private => Corrections::Open,
        (None, true) => Corrections::Token(onrecord_server::token().map_err(Failure::Output)?),
    };
    let made = match &corrections {
        Corrections::Token(token) if args.token.is_none() => Some(token.clone()),
        _ => None,
    };
    let config = Config { store: store.clone(), corrections, public_url: args.public_url.clone() };
    let name = if args.demo { "the examples".to_owned() } else { named(&store) };
    let mut printed = Ok(());
    serve(config, args.listen, |at| {
        let url = args.public_url.clone().unwrap_or_else(|| format!("http://{}/", reached(at)));
        printed = announce(&name, &url, made.as_deref());
        if args.open && open::that_detached(format!("http://{}/", reached(at))).is_err() {
            note("the browser could not be opened");
        }
    })?;
    printed.map_err(Failure::Output)?;
    drop(demo);
    Ok(Outcome::default())
}

fn announce(name: &str, url: &str, token: Option<&str>) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "{name}: {url}")?;
    if let Some(token) = token {
        writeln!(out, "token for corrections: {token}")?;
    }
    out.flush()
}

fn named(store: &Path) -> String {
    crate::plain::clean_line(&store.display().to_string())
}

/// Returns an address at which this machine reaches the server. A server that listens everywhere listens here, too.
fn reached(at: SocketAddr) -> SocketAddr {
    if at.ip().is_unspecified() { SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), at.port()) } else { at }
}

/// Parses an address to listen on: a port of this machine, or an address and a port.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse::<u16>() {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    let found = text.to_socket_addrs().ok().and_then(|mut all| all.next());
    found.ok_or_else(|| "expected a port, or an address with a port, such as 127.0.0.1:7878".to_owned())
}

/// Parses a public address: a scheme and a host.
pub fn public_url(text: &str) -> Result<String, String> {
    let host = after_scheme(text).map(|rest| rest.trim_end_matches('/'));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("expected a web address without a path, such as https://news.example".to_owned()),
    }
}
