//! Showing a record to people: the article with source, cue and content highlighted, and a list of its statements.

use std::io::Write;

use onrecord::text::{
    CodePoints, Event, Linked, Party, Pieces, Record, Sentences, Span, Statement, legible, wire,
};

use crate::plain::clean;

/// The terminal codes for the styles in use.
#[derive(Clone, Copy)]
pub struct Style {
    pub source: &'static str,
    pub cue: &'static str,
    pub content: &'static str,
    pub faint: &'static str,
    pub bold: &'static str,
    pub end: &'static str,
}

impl Style {
    /// Returns the style with or without colour.
    pub fn of(colour: bool) -> Self {
        if colour {
            Self {
                source: "\x1b[1;34m",
                cue: "\x1b[33m",
                content: "\x1b[32m",
                faint: "\x1b[2m",
                bold: "\x1b[1m",
                end: "\x1b[0m",
            }
        } else {
            Self { source: "", cue: "", content: "", faint: "", bold: "", end: "" }
        }
    }
}

/// Prints a record.
pub fn record(record: &Record, style: Style, out: &mut dyn Write) -> std::io::Result<()> {
    let article = &record.article;
    writeln!(out, "{}{}{}", style.bold, one_line(&article.source_id), style.end)?;
    for notice in &article.notices {
        writeln!(out, "{}notice: {}{}", style.faint, one_line(&notice.message), style.end)?;
    }
    if !style.content.is_empty() {
        writeln!(out)?;
        coloured(record, style, out)?;
    }
    heading(record.statements.len(), "statement", style, out)?;
    for (n, statement) in record.statements.iter().enumerate() {
        item(n, statement, &article.text, style, out)?;
    }
    if let Some(events) = &record.events {
        heading(events.len(), "event report", style, out)?;
        let (sentences, points) = (Sentences::new(&article.text), CodePoints::new(&article.text));
        for (n, event) in events.iter().enumerate() {
            report(n, event, record, style, out)?;
            let trigger = event.trigger.extent();
            let at = [trigger.start(), trigger.end()].map(|byte| points.at_byte(byte));
            let (sentence, trigger) = sentences.around(at);
            writeln!(out, "      {}", highlighted(&sentence, trigger, style))?;
        }
    }
    writeln!(out)
}

fn heading(count: usize, what: &str, style: Style, out: &mut dyn Write) -> std::io::Result<()> {
    let plural = if count == 1 { "" } else { "s" };
    writeln!(out, "\n{}{count} {what}{plural}{}", style.bold, style.end)
}

/// Prints the article's text in colours. If fields are nested, the inner one shows.
fn coloured(record: &Record, style: Style, out: &mut dyn Write) -> std::io::Result<()> {
    let text = &record.article.text;
    let mut marks: Vec<(Span, &str)> = Vec::new();
    for s in &record.statements {
        let fields = [
            (Some(&s.content), style.content),
            (s.source.as_ref(), style.source),
            (s.cue.as_ref(), style.cue),
        ];
        for (pieces, code) in fields {
            marks.extend(pieces.into_iter().flat_map(|p| p.spans()).map(|&span| (span, code)));
        }
    }
    marks.sort_by_key(|(s, _)| s.start());
    let mut bounds: Vec<usize> =
        marks.iter().flat_map(|(s, _)| [s.start(), s.end()]).chain([0, text.len()]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut coming = marks.into_iter().peekable();
    let mut around: Vec<(Span, &str)> = Vec::new();
    for bound in bounds.windows(2) {
        around.retain(|(s, _)| s.end() > bound[0]);
        while let Some(mark) = coming.next_if(|(s, _)| s.start() <= bound[0]) {
            around.push(mark);
        }
        let code = around.iter().min_by_key(|(s, _)| s.end() - s.start()).map(|m| m.1);
        let part = clean(&text[bound[0]..bound[1]]);
        match code {
            Some(code) => write!(out, "{code}{part}{}", style.end)?,
            None => write!(out, "{part}")?,
        }
    }
    writeln!(out)
}

fn item(n: usize, s: &Statement, text: &str, style: Style, out: &mut dyn Write) -> std::io::Result<()> {
    let words = |pieces: &Pieces| one_line(&pieces.text(text));
    let source = s.source.as_ref().map_or("(no source)".to_owned(), words);
    let speaker = s.speaker.name.as_deref().map(one_line).filter(|name| *name != source);
    let cue = s.cue.as_ref().map_or("(no cue)".to_owned(), words);
    write!(
        out,
        "{:>4}  {}{source}{}  {}{cue}{}  ",
        wire::statement_id(n),
        style.source,
        style.end,
        style.cue,
        style.end
    )?;
    write!(out, "{}{} {:.2}", style.faint, s.kind.name(), s.confidence)?;
    if let Some(caveat) = s.status.caveat() {
        write!(out, "  {}{caveat}{}", style.end, style.faint)?;
    }
    if let Some(parent) = s.parent {
        write!(out, " in {}", wire::statement_id(parent))?;
    }
    writeln!(out, "{}", style.end)?;
    let role = s.speaker.role.as_deref().map(one_line);
    let linked =
        |label: &str, l: &Option<Box<Linked>>| l.as_ref().map(|l| format!("{label} {}", words(&l.words)));
    let time = s.time.as_ref().and_then(|t| t.value).map(|d| legible(&d.to_string()).into_owned());
    let known = [
        speaker.map(|name| format!("= {name}")),
        role,
        linked("to", &s.addressee),
        linked("", &s.medium),
        linked("", &s.occasion),
        time,
    ];
    let known: Vec<String> = known.into_iter().flatten().map(|k| k.trim().to_owned()).collect();
    if !known.is_empty() {
        writeln!(out, "      {}{}{}", style.faint, known.join(" · "), style.end)?;
    }
    writeln!(out, "      {}{}{}", style.content, words(&s.content), style.end)
}

fn report(
    n: usize,
    event: &Event,
    record: &Record,
    style: Style,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let text = &record.article.text;
    let party = |party: &Option<Box<Party>>| {
        let Some(p) = party else { return "?".to_owned() };
        named_with_country(p.name.as_deref().unwrap_or(&p.words.text(text)), p.country.as_deref())
    };
    let by = event.claimant.map_or("the article".to_owned(), |claim| {
        let speaker = record.statements[claim].speaker.name.as_deref();
        format!("{} in {}", speaker.map_or("somebody".to_owned(), one_line), wire::statement_id(claim))
    });
    let date = event.time.as_ref().and_then(|t| t.value).map(|d| legible(&d.to_string()).into_owned());
    let mut known = vec![
        format!("{} → {}", party(&event.actor), party(&event.recipient)),
        format!("according to {}{by}{}{}", style.source, style.end, style.faint),
    ];
    known.extend(date);
    if event.historical {
        known.push("history".to_owned());
    }
    let (kind, status) = (event.kind.name(), event.status.name());
    writeln!(
        out,
        "{:>4}  {kind} {status}  {}{:.2}  {}{}",
        wire::event_id(n),
        style.faint,
        event.confidence,
        known.join(" · "),
        style.end
    )
}

/// Returns a party with its country's code, unless the code is its name.
pub fn named_with_country(name: &str, country: Option<&str>) -> String {
    let country = country.filter(|country| *country != name);
    format!("{}{}", one_line(name), country.map_or_else(String::new, |c| format!(" ({c})")))
}

/// Returns a sentence with some of its characters highlighted: from the first of these positions to the one before the
/// second.
pub fn highlighted(sentence: &str, (start, end): (usize, usize), style: Style) -> String {
    let (opening, closing) = if style.bold.is_empty() { ("[", "]") } else { (style.bold, style.end) };
    let letters = |from: usize, to: usize| -> String {
        clean(&sentence.chars().skip(from).take(to - from).collect::<String>()).into_owned()
    };
    let length = sentence.chars().count();
    format!("{}{opening}{}{closing}{}", letters(0, start), letters(start, end), letters(end, length))
}

/// Returns words on one line, without any characters that control a terminal.
pub fn one_line(text: &str) -> String {
    clean(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}
