//! `onrecord export`: writing a store's statements and reports of events in other formats.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use onrecord_export::target::{beside_a_store, target};
use onrecord_export::{ExportError, Format, Options, brat, events, export, of_store};
use onrecord_store::{Fault, Reader, Store};

use crate::events::{query_of, without_events};
use crate::failure::{Failure, Outcome, note};
use crate::{ExportArgs, ExportFormat, SalvageArgs, find, plain};

pub fn run(args: &ExportArgs) -> Result<Outcome, Failure> {
    let store = find::reader(&args.store.store)?;
    if args.plain_cells && !matches!(args.format, ExportFormat::Csv) {
        return Err(Failure::Usage("--plain-cells is for CSV"));
    }
    if args.events || matches!(args.format, ExportFormat::Gdelt | ExportFormat::Polecat) {
        return reports(args, &store);
    }
    let query = find::query_of(&args.query)?;
    let format = match args.format {
        ExportFormat::Brat => {
            let folder = args.output.as_deref().filter(|path| !is_stdout(path)).ok_or(Failure::Usage(
                "brat's format is a folder of files, which can't be written to standard output: name a folder with -o",
            ))?;
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
        ExportFormat::Gdelt | ExportFormat::Polecat => {
            return Err(Failure::Usage("this format has reports of events"));
        }
    };
    let options = Options::default().with_plain_cells(args.plain_cells);
    write(args, |out| export(of_store(&store, &query)?, format, options, out))
}

/// Writes reports of events instead of statements.
fn reports(args: &ExportArgs, store: &Reader) -> Result<Outcome, Failure> {
    let query = query_of(&args.query)?;
    if !store.has_events()? {
        note(&without_events(&args.store.store));
    }
    let format = match args.format {
        ExportFormat::Jsonl => events::Format::JsonLines,
        ExportFormat::Parquet => events::Format::Parquet,
        ExportFormat::Csv => events::Format::Csv,
        ExportFormat::Polecat => events::Format::Polecat,
        ExportFormat::Gdelt => {
            let is_file = |path: &&Path| !is_stdout(path) && (path.is_file() || !path.exists());
            let path = args.output.as_deref().filter(is_file).ok_or(Failure::Usage(
                "GDELT's format is two files, a table and who claims each of its rows: name the table with -o, such as \
                 -o events.tsv; events.claims.tsv beside it has the claimants",
            ))?;
            let (table, claims) = (path, claims_of(path));
            // Nobody named this file. It is an earlier export's only if that export's table is there, too.
            if claims.exists() && !table.exists() {
                let what = format!(
                    "this file would be overwritten with the claimants of {}: remove it, or give the table another name",
                    table.display()
                );
                return Err(Failure::Refused(format!("{}: {what}", claims.display())));
            }
            let beside = target(&claims, &args.store.store)?;
            target(table, &args.store.store)?
                .fill(|table| {
                    beside.fill(|claims| events::gdelt(events::of_store(store, &query)?, table, claims))
                })
                .map_err(|e| failed(path, e))?;
            note(&format!("wrote {}, and the claimant of each row to {}", table.display(), claims.display()));
            return Ok(Outcome::default());
        }
        ExportFormat::Brat | ExportFormat::Webannotation | ExportFormat::Ftm => {
            return Err(Failure::Usage(
                "this format has statements only; reports of events have the formats jsonl, csv, parquet, gdelt and polecat",
            ));
        }
    };
    let options = Options::default().with_plain_cells(args.plain_cells);
    write(args, |out| events::export(events::of_store(store, &query)?, format, options, out))
}

/// Returns the name of the file that states who claims each row of a table: `events.claims.tsv` beside `events.tsv`.
fn claims_of(table: &Path) -> PathBuf {
    let mut name = table.file_stem().unwrap_or_default().to_owned();
    name.push(".claims");
    if let Some(ending) = table.extension() {
        name.push(".");
        name.push(ending);
    }
    table.with_file_name(name)
}

/// Lets `write` write to the output that the command names.
fn write(
    args: &ExportArgs,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), ExportError>,
) -> Result<Outcome, Failure> {
    let form = match args.format {
        ExportFormat::Csv | ExportFormat::Polecat => plain::Form::Text,
        _ => plain::Form::Json,
    };
    match args.output.as_deref().filter(|path| !is_stdout(path)) {
        Some(path) => {
            target(path, &args.store.store)?.fill(|mut out| write(&mut out)).map_err(|e| failed(path, e))?
        }
        None if matches!(args.format, ExportFormat::Parquet) && io::stdout().is_terminal() => {
            return Err(Failure::Usage("Parquet is not for a screen: give a file with -o"));
        }
        None => match write(&mut BufWriter::new(plain::stdout(form))) {
            Err(ExportError::Output(e)) => return Err(Failure::Output(e)),
            other => other.map_err(|e| failed(Path::new("-"), e))?,
        },
    }
    Ok(Outcome::default())
}

/// Returns whether an output is standard output.
fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Recovers intact data from a damaged store.
pub fn salvage(args: &SalvageArgs) -> Result<Outcome, Failure> {
    let store = Reader::open_damaged(&args.store.store)?;
    let path = args.output.as_path();
    let mut lost = 0;
    let mut fault = |fault: Fault| -> Result<(), Failure> {
        lost += 1;
        note(&format!("{}: {}", fault.place, fault.what));
        Ok(())
    };
    let as_lines = is_stdout(path) || path.extension().is_some_and(|ending| ending == "jsonl");
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
        if is_stdout(path) {
            write(Box::new(BufWriter::new(plain::stdout(plain::Form::Json))))?;
        } else {
            target(path, &args.store.store)?.fill(|out| write(Box::new(out))).map_err(|e| match e {
                Failure::Output(e) => failed(path, ExportError::Output(e)),
                other => other,
            })?;
        }
        format!("{count} versions of articles")
    } else {
        if path.symlink_metadata().is_ok() {
            let what = "already exists; a salvaged store must be a new file";
            return Err(Failure::Refused(format!("{}: {what}", path.display())));
        }
        let made = Store::create(path).map_err(Failure::Store);
        let salvaged = made.and_then(|mut to| store.salvage(&mut to, &mut fault));
        let salvaged = salvaged.map_err(|e| removed(path, e))?;
        format!("{} versions of articles, {} decisions", salvaged.articles, salvaged.decisions)
    };
    let mut outcome = Outcome::default();
    note(&format!("salvaged {got}"));
    if lost > 0 {
        outcome.fail(&Failure::Faults(args.store.store.display().to_string(), lost));
    }
    Ok(outcome)
}

/// Removes a salvaged store that could not be finished. It has only a part of what is sound, and nothing in it says so.
fn removed(path: &Path, error: Failure) -> Failure {
    if !path.exists() {
        return error;
    }
    for file in beside_a_store(path) {
        // If a file can't be removed, the error that is returned says why the store is not whole.
        let _ = fs::remove_file(file);
    }
    match error {
        Failure::Store(e) => Failure::Unsalvaged(path.display().to_string(), e),
        other => other,
    }
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
