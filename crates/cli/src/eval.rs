//! `onrecord eval`: the flags of the crate `onrecord-eval`.

use std::io;

use crate::EvalCommand;
use crate::failure::{Failure, Outcome};

/// Measures accuracy on annotated articles, and fails if a figure is below its baseline.
pub fn run(command: &EvalCommand) -> Result<Outcome, Failure> {
    let mut out = io::stdout().lock();
    let mut outcome = Outcome::default();
    match command {
        EvalCommand::Attribution { gold, records, json, baseline } => {
            let baseline = baseline.as_deref();
            for worse in onrecord_eval::attribution(gold, records.as_deref(), *json, baseline, &mut out)? {
                outcome.fail(&Failure::Worse(worse));
            }
        }
        EvalCommand::Record { gold, records } => onrecord_eval::record(gold, records.as_deref(), &mut out)?,
        EvalCommand::Events { gold, records, sure, json } => {
            onrecord_eval::events(gold, records.as_deref(), *json, *sure, &mut out)?;
        }
        EvalCommand::Lineage { gold } => onrecord_eval::lineage(gold, &mut out)?,
        EvalCommand::Dates { gold } => onrecord_eval::dates(gold, &mut out)?,
    }
    Ok(outcome)
}
