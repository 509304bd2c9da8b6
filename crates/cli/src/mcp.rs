//! `onrecord mcp`: answers an assistant over standard input and output.

use onrecord_server::{Config, McpError};

use crate::McpArgs;
use crate::failure::{Failure, Outcome};

pub fn run(args: &McpArgs) -> Result<Outcome, Failure> {
    let mut config = Config::of(&args.store.store);
    config.public_url.clone_from(&args.public_url);
    onrecord_server::over_stdio(config).map_err(|e| match e {
        McpError::Store(e) => e.into(),
        other => Failure::Output(std::io::Error::other(other.to_string())),
    })?;
    Ok(Outcome::default())
}
