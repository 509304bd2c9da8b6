//! `onrecord explain`: why each statement was found, the scores behind it, and what was almost found.

use std::io::{self, Write};

use indicatif::ProgressBar;
use onrecord::Engine;
use onrecord::text::{Event, EventStatus, Party, Pieces, Statement, wire};
use onrecord_ingest::{Broken, unless_it_panics};

use crate::failure::{Failure, Outcome};
use crate::render::one_line;
use crate::{ExplainArgs, inputs, plain};

pub fn run(args: &ExplainArgs) -> Result<Outcome, Failure> {
    let engine = if args.events { Engine::new().with_events() } else { Engine::new() };
    let least = engine.least_trigger();
    let args = &args.input;
    let mut outcome = Outcome::default();
    let mut out = plain::stdout(plain::Form::Text);
    let files = inputs::files(&args.paths);
    for raw in inputs::documents_of(files, args.format(), ProgressBar::hidden()) {
        let explained = raw.and_then(|raw| {
            let article = raw.read(&args.hints()).map_err(|e| Failure::Document(raw.place.clone(), e))?;
            unless_it_panics(|| engine.explain(article)).map_err(|Broken| Failure::Internal(raw.place))
        });
        match explained {
            Ok(explanation) => print(&explanation, least, &mut out).map_err(Failure::Output)?,
            Err(failure) => outcome.fail(&failure),
        }
    }
    Ok(outcome)
}

fn print(explanation: &onrecord::Explanation, least: f32, out: &mut impl Write) -> io::Result<()> {
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
    events(explanation, least, out)?;
    writeln!(out)
}

/// Prints the event reports with the encoder's scores for their triggers, and the words that almost became triggers.
fn events(explanation: &onrecord::Explanation, least: f32, out: &mut impl Write) -> io::Result<()> {
    let text = &explanation.record.article.text;
    let triggers = &explanation.analysis.triggers;
    for (n, event) in explanation.record.events.iter().flatten().enumerate() {
        let claimant = event.claimant.map_or_else(|| wire::ARTICLE.to_owned(), wire::statement_id);
        let (kind, status) = (event.kind.name(), event.status.name());
        let id = wire::event_id(n);
        writeln!(
            out,
            "\n{id}  {kind}, {status}, according to {claimant}  confidence {:.2}",
            event.confidence
        )?;
        writeln!(out, "  {}", event.why)?;
        let trigger = triggers.iter().find(|t| event.trigger.overlaps(t.words.span));
        if let Some(t) = trigger {
            let words = one_line(t.words.span.of(text));
            writeln!(out, "  trigger  {:>7.2}  {words}; as {kind} {:.2}", t.words.score, t.kind_score)?;
            let status: Vec<String> = EventStatus::ALL
                .iter()
                .zip(t.status)
                .filter(|(_, p)| *p >= 0.005)
                .map(|(status, p)| format!("{} {p:.2}", status.name()))
                .collect();
            writeln!(out, "  status            {}", status.join(", "))?;
        }
        party("actor", event.actor.as_deref(), trigger.map(|t| t.actor.none), text, out)?;
        party("recip.", event.recipient.as_deref(), trigger.map(|t| t.recipient.none), text, out)?;
        circumstances(event, text, out)?;
    }
    let nearly: Vec<_> = triggers.iter().filter(|t| t.words.score < least).collect();
    if !nearly.is_empty() {
        writeln!(out, "\nwords that nearly told an event, with their probability")?;
        for t in nearly {
            let words = one_line(t.words.span.of(text));
            writeln!(out, "  {:.2}  {words:16} as {} {:.2}", t.words.score, t.kind.name(), t.kind_score)?;
        }
    }
    Ok(())
}

/// Prints a party to an event, or how probable it is that the article names none.
fn party(
    name: &str,
    party: Option<&Party>,
    none: Option<f32>,
    text: &str,
    out: &mut impl Write,
) -> io::Result<()> {
    let Some(party) = party else {
        return none.map_or(Ok(()), |none| writeln!(out, "  {name:8} {none:>7.2}  nobody near by"));
    };
    let words = one_line(&party.words.text(text));
    let known = party.name.as_deref().map_or_else(|| "nobody".to_owned(), one_line);
    let codes: Vec<&str> =
        [&party.country, &party.sector].into_iter().flatten().map(String::as_str).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(", {}", codes.join(" ")) };
    writeln!(out, "  {name:8} {:>7.2}  {words}: {known}{codes} ({})", party.confidence, party.kind.name())
}

/// Prints where and when an event takes place.
fn circumstances(event: &Event, text: &str, out: &mut impl Write) -> io::Result<()> {
    if let Some(place) = &event.place {
        let country = place.country.as_deref().map_or_else(String::new, |c| format!(", {c}"));
        writeln!(out, "  place             {}{country}", one_line(&place.words.words.text(text)))?;
    }
    if let Some(time) = &event.time {
        let value = time.value.map_or_else(|| "no date".to_owned(), |d| d.to_string());
        let words =
            time.words.as_ref().map_or_else(String::new, |w| format!(": {}", one_line(&w.text(text))));
        writeln!(out, "  time              {value}, from the {}{words}", time.basis.name())?;
    }
    Ok(())
}

/// The maximum number of candidates for a speaker that are shown.
const CANDIDATES: usize = 5;

/// Prints the fields of a statement with the probability of each piece.
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

/// Prints the speaker of a statement, the mentions that lead to them, and who else the source may mean.
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
