//! `onrecord read`: documents through several threads, records out in input order.

use std::io::{self, BufWriter, IsTerminal, Write};

use onrecord::page::Raw;
use onrecord::text::wire;
use onrecord::{Desk, Engine};

use crate::failure::{Failure, Outcome};
use crate::work::{in_order, progress, screen_is_free, unless_it_panics};
use crate::{InputArgs, OutputFormat, inputs, render};

pub fn run(args: &InputArgs, format: Option<OutputFormat>, threads: usize) -> Result<Outcome, Failure> {
    let terminal = io::stdout().is_terminal();
    let format = format.unwrap_or(if terminal { OutputFormat::Text } else { OutputFormat::Jsonl });
    let style = render::Style::of(terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()));
    let engine = Engine::new();
    let hints = args.hints();
    let print = |raw: Result<Raw, Failure>, desk: &mut Desk| -> Result<Vec<u8>, Failure> {
        let raw = raw?;
        let record = unless_it_panics(&raw.place, || {
            let article = raw.read(&hints).map_err(|e| Failure::Document(raw.place.clone(), e))?;
            Ok(engine.record(article, desk))
        })?;
        let mut out = Vec::new();
        match format {
            OutputFormat::Text => render::record(&record, style, &mut out),
            OutputFormat::Jsonl => {
                serde_json::to_writer(&mut out, &wire::Record::from(&record))
                    .map_err(|e| Failure::Output(e.into()))?;
                out.push(b'\n');
            }
        }
        Ok(out)
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut outcome = Outcome::default();
    let files = inputs::files(&args.paths);
    let progress = progress(inputs::bytes(&files), screen_is_free());
    let mut read = 0;
    in_order(inputs::documents_of(files, args.format(), progress.clone()), threads, print, |printed| {
        match printed {
            Ok(bytes) => out
                .write_all(&bytes)
                .and_then(|()| if terminal { out.flush() } else { Ok(()) })
                .map_err(Failure::Output)?,
            Err(failure) => progress.suspend(|| outcome.fail(&failure)),
        }
        read += 1;
        progress.set_message(format!("{read} articles"));
        Ok(())
    })?;
    progress.finish_and_clear();
    out.flush().map_err(Failure::Output)?;
    Ok(outcome)
}
