//! The commands that query a store's reports of events: `events`, `relations`, `accounts`.

use std::collections::BTreeMap;
use std::path::Path;

use onrecord::text::{EventStatus, QuadClass, Side, answers, legible, listed, wire};
use onrecord_store::{Accounts, EventQuery, Party, RelationCount, Report};

use crate::failure::{Failure, Outcome, note};
use crate::find::{self, Screen, reader};
use crate::plain::clean_line;
use crate::render::{Style, highlighted, named_with_country, one_line};
use crate::{AccountsArgs, EventsArgs, RelationsArgs};

/// Returns the query language as `events --help` shows it.
pub fn help() -> String {
    let examples = find::examples(&EventQuery::EXAMPLES);
    format!("{examples}Words, phrases, OR, - and parentheses work as in `search`.")
}

/// Returns the query that these words make. Without words, it finds every report.
pub fn query_of(words: &[String]) -> Result<EventQuery, Failure> {
    let text = words.join(" ");
    text.parse().map_err(|e| Failure::Query(text, e))
}

/// Returns how to get reports of events into a store that has none.
pub fn without_events(store: &Path) -> String {
    let command = format!("onrecord ingest --events ARTICLES --store {}", store.display());
    format!("{}: this store has no reports of events; `{command}` adds them", store.display())
}

/// Says how to get reports of events into a store that has none. For programs, this goes to standard error.
fn say_without_events(mut screen: Screen, store: &Path) -> Result<Outcome, Failure> {
    let what = without_events(store);
    if screen.json() {
        note(&what);
    } else {
        screen.line(&clean_line(&what))?;
    }
    screen.end()
}

pub fn events(args: &EventsArgs) -> Result<Outcome, Failure> {
    let store = reader(&args.store.store)?;
    let query = query_of(&args.query)?;
    let after = args.after.as_deref().map(str::parse).transpose()?;
    let found = store.events(&query, args.limit, after)?;
    let mut screen = Screen::of(args.format);
    for report in &found.reports {
        if screen.json() {
            screen.answer(&answers::Report::from(report))?;
        } else {
            let shown = shown(report, screen.style());
            screen.line(&shown)?;
        }
    }
    if found.reports.is_empty() && !store.has_events()? {
        return say_without_events(screen, &args.store.store);
    }
    if !screen.json() {
        match (found.reports.last(), found.more) {
            (None, false) => screen.line("nothing found")?,
            (None, true) => screen.line("more follow")?,
            (Some(last), true) => screen.line(&format!("more follow: --after {}", last.name))?,
            _ => {}
        }
    }
    screen.end()
}

pub fn relations(args: &RelationsArgs) -> Result<Outcome, Failure> {
    let store = reader(&args.store.store)?;
    let query = query_of(&args.query)?;
    let names = [args.one.as_str(), args.other.as_str()];
    let mut screen = Screen::of(args.format);
    // Without reports, the store need not know the parties.
    if !store.has_events()? {
        return say_without_events(screen, &args.store.store);
    }
    let found = store.relations(names[0], names[1], args.by, &query)?;
    if screen.json() {
        found.iter().try_for_each(|relation| screen.answer(&relation.answer(names)))?;
        return screen.end();
    }
    if found.is_empty() {
        screen.line("nothing found")?;
    }
    for (forward, [actor, recipient]) in [(true, names), (false, [names[1], names[0]])] {
        let lines = table(found.iter().filter(|r| r.forward == forward));
        if lines.is_empty() {
            continue;
        }
        let style = screen.style();
        screen.line(&format!("{}{} → {}{}", style.bold, one_line(actor), one_line(recipient), style.end))?;
        lines.iter().try_for_each(|line| screen.line(line))?;
        screen.line("")?;
    }
    screen.end()
}

/// Who may claim a report, in the order of the table's columns.
const CLAIMANTS: [(&str, bool, Option<Side>); 5] = [
    ("article itself", false, None),
    ("actor's side", true, Some(Side::Actor)),
    ("recipient's side", true, Some(Side::Recipient)),
    ("third party", true, Some(Side::Other)),
    ("side unknown", true, None),
];

/// Returns the lines of a table: one per period and class, with a count for each kind of claimant and each status.
fn table<'r>(relations: impl Iterator<Item = &'r RelationCount>) -> Vec<String> {
    let mut rows: BTreeMap<(bool, &str, QuadClass), [usize; CLAIMANTS.len() + EventStatus::ALL.len() + 1]> =
        BTreeMap::new();
    for r in relations {
        let period = r.period.as_deref().unwrap_or("no date");
        let row = rows.entry((r.period.is_none(), period, r.class)).or_default();
        let by = CLAIMANTS.iter().position(|&(_, claimed, side)| (claimed, side) == (r.claimed, r.side));
        let status = EventStatus::ALL.iter().position(|&status| status == r.status);
        let columns = [Some(0), by.map(|n| n + 1), status.map(|n| n + 1 + CLAIMANTS.len())];
        for column in columns.into_iter().flatten() {
            row[column] += r.reports;
        }
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let heads = std::iter::once("reports")
        .chain(CLAIMANTS.iter().map(|(name, ..)| *name))
        .chain(EventStatus::ALL.map(EventStatus::name));
    let heads: Vec<&str> = heads.collect();
    let line = |period: &str, class: &str, cells: &[String]| {
        let cells =
            cells.iter().zip(&heads).map(|(cell, head)| format!("{cell:>width$}", width = head.len()));
        format!("{period:<10}  {class:<20}  {}", cells.collect::<Vec<_>>().join("  "))
    };
    let names: Vec<String> = heads.iter().map(|&head| head.to_owned()).collect();
    let mut lines = vec![line("", "", &names)];
    for ((_, period, class), counts) in rows {
        let cells: Vec<String> =
            counts.iter().map(|&n| if n > 0 { n.to_string() } else { "·".to_owned() }).collect();
        lines.push(line(period, class.name(), &cells));
    }
    lines
}

pub fn accounts(args: &AccountsArgs) -> Result<Outcome, Failure> {
    let store = reader(&args.store.store)?;
    let query = query_of(&args.query)?;
    let found = store.accounts(&query, args.limit)?;
    let mut screen = Screen::of(args.format);
    for accounts in &found {
        if screen.json() {
            screen.answer(&answers::Accounts::from(accounts))?;
            continue;
        }
        let Accounts { parties: [one, other], class, days: [first, last], reports } = accounts;
        let days = if first == last { first.clone() } else { format!("{first} to {last}") };
        let style = screen.style();
        let heading = format!("{} and {} · {} · {days}", one_line(one), one_line(other), class.name());
        screen.line(&format!("{}{heading}{}", style.bold, style.end))?;
        for report in reports {
            screen.line(&shown(report, style))?;
        }
        screen.line("")?;
    }
    if found.is_empty() && !store.has_events()? {
        return say_without_events(screen, &args.store.store);
    }
    if found.is_empty() && !screen.json() {
        screen.line("no rival accounts found")?;
    }
    screen.end()
}

/// Returns a report: who reports what, and the sentence with its trigger highlighted.
fn shown(report: &Report, style: Style) -> String {
    let known = |p: &Party| named_with_country(&p.name, wire::joined(&p.countries).as_deref());
    let party = |p: Option<&Party>| p.map_or("?".to_owned(), known);
    let mut parts = vec![
        report.date.as_deref().map_or_else(|| "no date".to_owned(), |date| one_line(&legible(date))),
        format!("{} {}", report.kind.name(), report.status.name()),
        format!("{} → {}", party(report.actor.as_ref()), party(report.recipient.as_ref())),
    ];
    let outlet = report.outlet.as_deref().unwrap_or(&report.source_id);
    let by = match &report.claim {
        None => format!("{}the article{}", style.source, style.end),
        Some(claim) => {
            let who = claim.speaker.as_deref().map_or_else(|| "somebody".to_owned(), one_line);
            let side = match report.side {
                Some(Side::Actor) => ", the actor's side",
                Some(Side::Recipient) => ", the recipient's side",
                Some(Side::Other) => ", a third party",
                None => "",
            };
            format!("{}{who}{}{side}", style.source, style.end)
        }
    };
    parts.push(format!("according to {by}"));
    parts.push(one_line(outlet));
    if report.historical {
        parts.push("history".to_owned());
    }
    parts.extend(report.withdrawn.then(|| answers::WITHDRAWN.to_owned()));
    if !report.corrected.is_empty() {
        parts.push(format!("decided: {}", listed(&report.corrected)));
    }
    parts.push(format!("confidence {:.2}", report.confidence));
    let sentence = highlighted(&report.sentence, report.trigger_at, style);
    format!("{}{}{}  {}\n  {sentence}", style.faint, report.name, style.end, parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(
        period: Option<&str>,
        side: Option<Side>,
        claimed: bool,
        status: EventStatus,
    ) -> RelationCount {
        RelationCount {
            period: period.map(str::to_owned),
            forward: true,
            class: QuadClass::MaterialConflict,
            claimed,
            side,
            status,
            reports: 2,
        }
    }

    #[test]
    fn a_table_has_a_line_for_each_period_and_undated_reports_last() {
        let all = [
            relation(None, None, false, EventStatus::Planned),
            relation(Some("2024-03"), Some(Side::Actor), true, EventStatus::Denied),
            relation(Some("2024-03"), None, true, EventStatus::Happened),
        ];
        let lines = table(all.iter());
        let cells = |line: &str| {
            line.split("  ").map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(
            cells(&lines[0]),
            [
                "reports",
                "article itself",
                "actor's side",
                "recipient's side",
                "third party",
                "side unknown",
                "happened",
                "planned",
                "possible",
                "denied"
            ]
        );
        assert_eq!(
            cells(&lines[1]),
            ["2024-03", "material conflict", "4", "·", "2", "·", "·", "2", "2", "·", "·", "2"]
        );
        assert_eq!(
            cells(&lines[2]),
            ["no date", "material conflict", "2", "2", "·", "·", "·", "·", "·", "2", "·", "·"]
        );
        assert!(table([].iter()).is_empty());
    }
}
