//! `onrecord export`: a store's statements in the formats of others.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal};
use std::path::{Path, PathBuf};

use onrecord_export::{ExportError, Format, brat, export};
use onrecord_store::{Query, Store};

use crate::failure::{Failure, Outcome};
use crate::{ExportArgs, ExportFormat, find};

pub fn run(args: &ExportArgs) -> Result<Outcome, Failure> {
    let store = Store::open(&args.store.store)?;
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
    match args.output.as_deref().filter(|path| path.as_os_str() != "-") {
        Some(path) => to_file(&store, &query, format, path).map_err(|e| failed(path, e))?,
        None if format == Format::Parquet && io::stdout().is_terminal() => {
            return Err(Failure::Usage("Parquet is not for a screen: give a file with -o"));
        }
        None => match export(&store, &query, format, BufWriter::new(io::stdout())) {
            Err(ExportError::Output(e)) => return Err(Failure::Output(e)),
            other => other.map_err(|e| failed(Path::new("-"), e))?,
        },
    }
    Ok(Outcome::default())
}

/// Writes beside the file and takes its place when all is there, so that a failure leaves what stood there before.
fn to_file(store: &Store, query: &Query, format: Format, path: &Path) -> Result<(), ExportError> {
    let mut beside = OsString::from(path);
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = File::create(&beside).map_err(ExportError::from).and_then(|file| {
        export(store, query, format, BufWriter::new(file))?;
        Ok(fs::rename(&beside, path)?)
    });
    if written.is_err() {
        // What can't be written may not be there to be removed.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn failed(path: &Path, error: ExportError) -> Failure {
    match error {
        ExportError::Store(e) => e.into(),
        ExportError::Output(e) => {
            Failure::Output(io::Error::new(e.kind(), format!("{}: {e}", path.display())))
        }
    }
}
