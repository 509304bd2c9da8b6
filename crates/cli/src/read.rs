//! `onrecord read`: reads documents on several threads and prints their records in input order.

use std::io::{self, BufWriter, IsTerminal, Write};

use onrecord::page::Raw;
use onrecord::text::{Record, counted, wire};
use onrecord::{Desk, Engine};
use onrecord_ingest::{Broken, in_order, unless_it_panics};

use crate::failure::{Failure, Outcome, note};
use crate::progress::{progress, screen_is_free};
use crate::{InputArgs, OutputFormat, inputs, plain, render};

pub fn run(
    args: &InputArgs,
    format: Option<OutputFormat>,
    events: bool,
    threads: usize,
) -> Result<Outcome, Failure> {
    let terminal = io::stdout().is_terminal();
    let format = format.unwrap_or(if terminal { OutputFormat::Text } else { OutputFormat::Jsonl });
    let style = render::Style::of(terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()));
    let engine = if events { Engine::new().with_events() } else { Engine::new() };
    let hints = args.hints();
    let put_on_record = |raw: Result<Raw, Failure>, desk: &mut Desk| -> Result<Record, Failure> {
        let raw = raw?;
        let place = raw.place.clone();
        let record = unless_it_panics(|| {
            let article = raw.read(&hints)?;
            drop(raw);
            Ok(engine.record_with(article, desk))
        });
        match record {
            Ok(record) => record.map_err(|e| Failure::Document(place, e)),
            Err(Broken) => Err(Failure::Internal(place)),
        }
    };
    // Print each record directly. Converting it to bytes first would keep two more copies of a book's record in memory.
    let print = |record: &Record, out: &mut dyn Write| -> io::Result<()> {
        match format {
            OutputFormat::Text => render::record(record, style, out),
            OutputFormat::Jsonl => {
                serde_json::to_writer(&mut *out, &wire::written(record))?;
                out.write_all(b"\n")
            }
        }
    };
    // Text for people is made safe for terminals where it is produced.
    let mut out = match format {
        OutputFormat::Text => BufWriter::new(Box::new(io::stdout()) as Box<dyn Write + Send>),
        OutputFormat::Jsonl => BufWriter::new(plain::stdout(plain::Form::Json)),
    };
    let mut outcome = Outcome::default();
    let files = inputs::files(&args.paths);
    let progress = progress(inputs::bytes(&files), screen_is_free());
    let mut read = 0;
    let documents = inputs::documents_of(files, args.format(), progress.clone());
    in_order(documents, threads, put_on_record, |record| {
        let Some(record) = record else { return out.flush().map_err(Failure::Output) };
        match record {
            Ok(record) => print(&record, &mut out)
                .and_then(|()| if terminal { out.flush() } else { Ok(()) })
                .map_err(Failure::Output)?,
            Err(failure) => progress.suspend(|| outcome.fail(&failure)),
        }
        read += 1;
        progress.set_message(counted(read, "article"));
        Ok(())
    })?;
    progress.finish_and_clear();
    out.flush().map_err(Failure::Output)?;
    if let Some(skipped) = onrecord_ingest::inputs::skipped(&args.paths, None) {
        note(&skipped.to_string());
    }
    Ok(outcome)
}
