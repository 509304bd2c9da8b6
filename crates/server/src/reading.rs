//! Reading documents that somebody sends, without storing anything.

use std::io::Cursor;

use onrecord::page::{Format, Hints, Raw, documents};
use onrecord::text::wire;
use onrecord::{Desk, Engine};
use onrecord_ingest::{NoThread, in_order, unless_it_panics};

use crate::problem::Problem;

/// The maximum size of the documents of one request after decompression, in bytes. Reading as much keeps a processor
/// busy for about 20 seconds.
pub(crate) const LARGEST: usize = 4 << 20;

/// The result of reading one document of an input: its record, or what is wrong with it.
pub(crate) type Outcome = Result<wire::Record, String>;

/// Reads the documents of an input, at most `most` of them, and says whether there are more.
///
/// A document that does not fit into what is left of [`LARGEST`] is refused.
///
/// # Errors
///
/// Returns an error if the system can't start a thread.
pub(crate) fn read(
    engine: &Engine,
    bytes: Vec<u8>,
    name: &str,
    format: Option<Format>,
    hints: &Hints,
    most: usize,
) -> Result<(Vec<Outcome>, bool), Problem> {
    let (mut outcomes, mut more) = (Vec::new(), false);
    let mut documents = documents(Cursor::new(bytes), name, format);
    let mut left = LARGEST;
    let taken = documents.by_ref().take(most).map(|raw| {
        let raw = raw.map_err(|e| e.to_string())?;
        left = left.checked_sub(raw.bytes.len()).ok_or_else(|| {
            format!("{}: the documents of one request have at most {} MiB together", raw.place, LARGEST >> 20)
        })?;
        Ok(raw)
    });
    // A separate thread has a stack that suffices for the deepest pages. One is enough: other requests read, too.
    let work = |raw: Result<Raw, String>, desk: &mut Desk| -> Outcome {
        let raw = raw?;
        let place = raw.place.clone();
        let record = unless_it_panics(|| {
            let article = raw.read(hints).map_err(|e| format!("{place}: {e}"))?;
            Ok(wire::Record::from(&engine.record_with(article, desk)))
        });
        record.unwrap_or_else(|broken| Err(format!("{place}: {broken}")))
    };
    in_order(taken, 1, work, |outcome| {
        outcomes.extend(outcome);
        Ok::<(), NoThread>(())
    })
    .map_err(Problem::internal)?;
    if outcomes.len() == most {
        more = documents.next().is_some();
    }
    Ok((outcomes, more))
}
