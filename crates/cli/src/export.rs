//! `onrecord export`: writing a store's statements in other formats.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use onrecord_export::{ExportError, Format, Options, brat, export, of_store};
use onrecord_store::{Fault, Query, Store};

use crate::failure::{Failure, Outcome, note};
use crate::output::target;
use crate::{ExportArgs, ExportFormat, SalvageArgs, find, plain};

pub fn run(args: &ExportArgs) -> Result<Outcome, Failure> {
    let store = find::reader(&args.store.store)?;
    let query = if args.query.is_empty() { Query::everything() } else { find::query_of(&args.query)? };
    let format = match args.format {
        ExportFormat::Brat => {
            let folder = args
                .output
                .as_deref()
                .ok_or(Failure::Usage("brat is a folder of files: give one with -o"))?;
            of_store(&store, &query)
                .and_then(|items| brat::to_folder(items, folder))
                .map_err(|e| failed(folder, e))?;
            return Ok(Outcome::default());
        }
        ExportFormat::Jsonl => Format::JsonLines,
        ExportFormat::Parquet => Format::Parquet,
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Webannotation => Format::WebAnnotation,
        ExportFormat::Ftm => Format::FollowTheMoney,
    };
    if args.plain_cells && format != Format::Csv {
        return Err(Failure::Usage("--plain-cells is for CSV"));
    }
    let options = Options::default().with_plain_cells(args.plain_cells);
    let form = if format == Format::Csv { plain::Form::Text } else { plain::Form::Json };
    match args.output.as_deref().filter(|path| path.as_os_str() != "-") {
        Some(path) => target(path, &args.store.store)?
            .fill(|out| export(of_store(&store, &query)?, format, options, out))
            .map_err(|e| failed(path, e))?,
        None if format == Format::Parquet && io::stdout().is_terminal() => {
            return Err(Failure::Usage("Parquet is not for a screen: give a file with -o"));
        }
        None => match of_store(&store, &query)
            .and_then(|items| export(items, format, options, BufWriter::new(plain::stdout(form))))
        {
            Err(ExportError::Output(e)) => return Err(Failure::Output(e)),
            other => other.map_err(|e| failed(Path::new("-"), e))?,
        },
    }
    Ok(Outcome::default())
}

/// Recovers intact data from a damaged store.
pub fn salvage(args: &SalvageArgs) -> Result<Outcome, Failure> {
    let store = find::reader(&args.store.store)?;
    let path = args.output.as_path();
    let mut lost = 0;
    let mut fault = |fault: Fault| -> Result<(), Failure> {
        lost += 1;
        note(&format!("{}: {}", fault.place, fault.what));
        Ok(())
    };
    let as_lines = path.as_os_str() == "-" || path.extension().is_some_and(|ending| ending == "jsonl");
    let got = if as_lines {
        let mut count = 0;
        let mut write = |mut out: Box<dyn Write>| -> Result<(), Failure> {
            for version in store.sound_versions() {
                match version {
                    Ok((_, record)) => {
                        count += 1;
                        serde_json::to_writer(&mut out, &record).map_err(|e| Failure::Output(e.into()))?;
                        out.write_all(b"\n").map_err(Failure::Output)?;
                    }
                    Err(found) => fault(found)?,
                }
            }
            out.flush().map_err(Failure::Output)
        };
        if path.as_os_str() == "-" {
            write(Box::new(BufWriter::new(plain::stdout(plain::Form::Json))))?;
        } else {
            target(path, &args.store.store)?.fill(|out| write(Box::new(out)))?;
        }
        format!("{count} versions of articles")
    } else {
        if path.symlink_metadata().is_ok() {
            let what = "is there already; a salvaged store is a new file";
            return Err(Failure::Refused(format!("{}: {what}", path.display())));
        }
        let mut to = Store::create(path)?;
        let salvaged = store.salvage(&mut to, &mut fault)?;
        format!("{} versions of articles, {} decisions", salvaged.articles, salvaged.decisions)
    };
    let mut outcome = Outcome::default();
    note(&format!("salvaged {got}"));
    if lost > 0 {
        outcome.fail(&Failure::Faults(args.store.store.display().to_string(), lost));
    }
    Ok(outcome)
}

fn failed(path: &Path, error: ExportError) -> Failure {
    match error {
        ExportError::Store(e) => e.into(),
        ExportError::Output(e) => {
            Failure::Output(io::Error::new(e.kind(), format!("{}: {e}", path.display())))
        }
        other => Failure::Output(io::Error::other(format!("{}: {other}", path.display()))),
    }
}
