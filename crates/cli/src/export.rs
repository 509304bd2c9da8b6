//! `onrecord export`: a store's statements in the formats of others.

use std::io::{self, BufWriter, IsTerminal};
use std::path::Path;

use onrecord_export::{ExportError, Format, brat, export};
use onrecord_store::Query;

use crate::failure::{Failure, Outcome};
use crate::output::target;
use crate::{ExportArgs, ExportFormat, find, plain};

pub fn run(args: &ExportArgs) -> Result<Outcome, Failure> {
    let store = find::reader(&args.store.store)?;
    let query = if args.query.is_empty() { Query::everything() } else { find::query_of(&args.query)? };
    let format = match args.format {
        ExportFormat::Brat => {
            let folder = args
                .output
                .as_deref()
                .ok_or(Failure::Usage("brat is a folder of files: give one with -o"))?;
            brat::to_folder(&store, &query, folder).map_err(|e| failed(folder, e))?;
            return Ok(Outcome::default());
        }
        ExportFormat::Jsonl => Format::JsonLines,
        ExportFormat::Parquet => Format::Parquet,
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Webannotation => Format::WebAnnotation,
        ExportFormat::Ftm => Format::FollowTheMoney,
    };
    let form = if format == Format::Csv { plain::Form::Text } else { plain::Form::Json };
    match args.output.as_deref().filter(|path| path.as_os_str() != "-") {
        Some(path) => target(path, &args.store.store)?
            .fill(|out| export(&store, &query, format, out))
            .map_err(|e| failed(path, e))?,
        None if format == Format::Parquet && io::stdout().is_terminal() => {
            return Err(Failure::Usage("Parquet is not for a screen: give a file with -o"));
        }
        None => match export(&store, &query, format, BufWriter::new(plain::stdout(form))) {
            Err(ExportError::Output(e)) => return Err(Failure::Output(e)),
            other => other.map_err(|e| failed(Path::new("-"), e))?,
        },
    }
    Ok(Outcome::default())
}

fn failed(path: &Path, error: ExportError) -> Failure {
    match error {
        ExportError::Store(e) => e.into(),
        ExportError::Output(e) => {
            Failure::Output(io::Error::new(e.kind(), format!("{}: {e}", path.display())))
        }
    }
}
