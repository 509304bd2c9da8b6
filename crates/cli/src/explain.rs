//! `onrecord explain`: why each statement was found, the scores behind it, and what was nearly found.

use std::io::{self, Write};

use indicatif::ProgressBar;
use onrecord::text::{Pieces, Statement, wire};
use onrecord::{Desk, Engine};
use onrecord_ingest::{Broken, unless_it_panics};

use crate::failure::{Failure, Outcome};
use crate::render::one_line;
use crate::{InputArgs, inputs, plain};

pub fn run(args: &InputArgs) -> Result<Outcome, Failure> {
    let engine = Engine::new();
    let mut desk = Desk::default();
    let mut outcome = Outcome::default();
    let mut out = plain::stdout(plain::Form::Text);
    let files = inputs::files(&args.paths);
    for raw in inputs::documents_of(files, args.format(), ProgressBar::hidden()) {
        let explained = raw.and_then(|raw| {
            let article = raw.read(&args.hints()).map_err(|e| Failure::Document(raw.place.clone(), e))?;
            unless_it_panics(|| engine.explain(article, &mut desk))
                .map_err(|Broken| Failure::Internal(raw.place))
        });
        match explained {
            Ok(explanation) => print(&explanation, &mut out).map_err(Failure::Output)?,
            Err(failure) => outcome.fail(&failure),
        }
    }
    Ok(outcome)
}

fn print(explanation: &onrecord::Explanation, out: &mut impl Write) -> io::Result<()> {
    let record = &explanation.record;
    let text = &record.article.text;
    writeln!(out, "{}", one_line(&record.article.source_id))?;
    for (n, s) in record.statements.iter().enumerate() {
        let parent = s.parent.map_or_else(String::new, |p| format!(" in {}", wire::statement_id(p)));
        writeln!(
            out,
            "\n{}{parent}  {}  confidence {:.2}",
            wire::statement_id(n),
            s.kind.name(),
            s.confidence
        )?;
        writeln!(out, "  {}, {}; {}", s.act.name(), s.status.name().replace('_', " "), s.why)?;
        fields(
            explanation,
            [("source", s.source.as_ref()), ("cue", s.cue.as_ref()), ("content", Some(&s.content))],
            out,
        )?;
        speaker(explanation, n, s, out)?;
    }
    if !explanation.rejected.is_empty() {
        writeln!(out, "\nrejected, not sure enough")?;
        for s in &explanation.rejected {
            writeln!(out, "\n  confidence {:.2}", s.confidence)?;
            fields(
                explanation,
                [("source", s.source.as_ref()), ("cue", s.cue.as_ref()), ("content", Some(&s.content))],
                out,
            )?;
        }
    }
    if !explanation.analysis.nearly.is_empty() {
        writeln!(out, "\nnearly cues, with their probability")?;
        for near in &explanation.analysis.nearly {
            let from = text.floor_char_boundary(near.span.start().saturating_sub(40));
            let to = text.ceil_char_boundary((near.span.end() + 40).min(text.len()));
            let around = one_line(&text[from..to]);
            writeln!(out, "  {:.2}  {:16} … {around} …", near.score, one_line(near.span.of(text)))?;
        }
    }
    writeln!(out)
}

/// Candidates for a speaker that are shown, at most.
const CANDIDATES: usize = 5;

/// A statement's fields with the probability of each piece.
fn fields(
    explanation: &onrecord::Explanation,
    fields: [(&str, Option<&Pieces>); 3],
    out: &mut impl Write,
) -> io::Result<()> {
    let text = &explanation.record.article.text;
    for (name, pieces) in fields {
        for &span in pieces.into_iter().flat_map(|p| p.spans()) {
            let score = explanation.score(span).map_or_else(|| "by rule".to_owned(), |s| format!("{s:.2}"));
            writeln!(out, "  {name:8} {score:>7}  {}", one_line(span.of(text)))?;
        }
    }
    Ok(())
}

/// Who speaks a statement, through which mention, and who else its source may mean.
fn speaker(
    explanation: &onrecord::Explanation,
    number: usize,
    s: &Statement,
    out: &mut impl Write,
) -> io::Result<()> {
    let text = &explanation.record.article.text;
    let speaker = &s.speaker;
    if let Some(name) = &speaker.name {
        let role = speaker.role.as_ref().map_or_else(String::new, |r| format!(", {}", one_line(r)));
        let kind = speaker.kind.name();
        writeln!(out, "  speaker  {:>7.2}  {}{role} ({kind})", speaker.confidence, one_line(name))?;
    }
    for step in &speaker.chain {
        writeln!(out, "           through  {}: {}", one_line(step.mention.of(text)), step.why)?;
    }
    let others = explanation.candidates.get(number).into_iter().flatten();
    for candidate in others.skip(1).take(CANDIDATES).filter(|c| c.probability >= 0.005) {
        let name = candidate.name.as_deref().unwrap_or("nobody who is named");
        writeln!(out, "  else     {:>7.2}  {}", candidate.probability, one_line(name))?;
    }
    Ok(())
}
