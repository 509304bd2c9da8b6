//! The page of two parties: reports of events between them over time, by class and by who claims them.

use std::collections::BTreeMap;

use axum::extract::{Query as Params, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use onrecord::text::answers::{ClaimedBy, Period, RelationCount};
use onrecord::text::{EventStatus, QuadClass, country_code};
use onrecord_store::{EventQuery, StoreError};
use serde::Deserialize;

use super::ask::unquoted;
use super::events::{nothing, side};
use super::search::WIDEST;
use super::sentence;
use super::view::{Section, View, address};
use super::words::{count, name, number, plain};
use crate::app::App;
use crate::problem::Problem;

/// The width of a chart, and the height of the bars of one class, in the chart's own units.
const CHART: (f64, f64) = (720.0, 56.0);
/// The maximum number of periods in a chart. Longer ranges are shown without the periods that have no report.
const MOST: usize = 400;

/// The parameters of the page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    one: String,
    #[serde(default)]
    other: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    q: String,
}

impl Asked {
    /// Returns the period, or `None` if it is none that the page knows.
    fn period(&self) -> Option<Period> {
        if self.by.is_empty() { Some(Period::Month) } else { Period::named(&self.by) }
    }
}

pub(super) async fn page(
    State(app): State<App>,
    view: View,
    Params(asked): Params<Asked>,
) -> Result<Response, Problem> {
    let frame = view.frame(Section::Events);
    let [one, other] = [&asked.one, &asked.other].map(|name| name.trim().to_owned());
    let refused = |status: StatusCode, what: &str| {
        Ok(view.refused(status, "Relations", &frame, &html! { (form(&asked, Some(what))) }))
    };
    if one.is_empty() || other.is_empty() {
        return Ok(view.page("Relations", &frame, &form(&asked, None)));
    }
    let query = match asked.q.parse::<EventQuery>() {
        Ok(query) => query,
        Err(error) => {
            let what = format!("the query was not understood: at character {}, {}", error.at, error.what);
            return refused(StatusCode::BAD_REQUEST, &what);
        }
    };
    let Some(by) = asked.period() else {
        let what = format!("“{}” is not a period: by is day, month or year", asked.by);
        return refused(StatusCode::BAD_REQUEST, &what);
    };
    let names = [one.clone(), other.clone()];
    let found = app
        .read(move |reader| -> Result<(Vec<RelationCount>, bool), StoreError> {
            // Without reports, the store need not know the parties.
            if !reader.has_events()? {
                return Ok((Vec::new(), false));
            }
            let found = reader.relations(&names[0], &names[1], by, &query)?;
            Ok((found.iter().map(|count| count.answer([&names[0], &names[1]])).collect(), true))
        })
        .await;
    let (found, has_events) = match found {
        Ok(found) => found,
        Err(problem) if problem.status == StatusCode::NOT_FOUND => {
            return refused(problem.status, &problem.detail);
        }
        Err(problem) => return Err(problem),
    };
    let total: usize = found.iter().map(|relation| relation.reports).sum();
    let directions = [[&one, &other], [&other, &one]];
    let tallest = directions.iter().map(|pair| Direction::of(&found, *pair).most()).max().unwrap_or_default();
    let content = html! {
        (form(&asked, None))
        p.lede {
            (count(total, "report")) " of events between " (name(&one)) " and " (name(&other)) ". Reports are mentions, not events: "
            "one event may be reported many times, and a claimant may be wrong."
        }
        @if total == 0 { (nothing(has_events)) } @else { (legend()) }
        @for pair in directions {
            @let direction = Direction::of(&found, pair);
            @if !direction.rows.is_empty() { (direction.shown(pair, tallest, by, &asked)) }
        }
    };
    Ok(view.page(&format!("{one} and {other}"), &frame, &content))
}

fn form(asked: &Asked, problem: Option<&str>) -> Markup {
    html! {
        h1 { "Relations of two parties" }
        form.range.between action="/relations" {
            label { "Between " input name="one" value=(asked.one) required maxlength="200" autocomplete="off" list="people" data-complete="" placeholder="RUS, or a name"; }
            label { "and " input name="other" value=(asked.other) required maxlength="200" autocomplete="off" list="people" data-complete=""; }
            datalist id="people" {}
            label {
                "by "
                select name="by" {
                    @for period in [Period::Month, Period::Year, Period::Day] {
                        option value=(period) selected[asked.period().unwrap_or(Period::Month) == period] { (period) }
                    }
                }
            }
            label { "only reports that match " input name="q" value=(asked.q) maxlength="4000" autocomplete="off" spellcheck="false" placeholder="historical:no"; }
            button.primary { "Show" }
        }
        @if let Some(problem) = problem { div.problem role="alert" { p { (sentence(problem)) } } }
        p.note {
            "A party is a country's ISO 3166 code, or the name or number of somebody in this archive. The name of a country also stands for its code. "
            a href="/events" { "Search reports" }
        }
    }
}

/// Returns what the colours of the bars mean.
fn legend() -> Markup {
    html! {
        p.key-line {
            "Claimed by: "
            @for by in ClaimedBy::ALL { span class={ "key bar by-" (by) } { (side(by)) } " " }
        }
    }
}

/// The numbers of one row: by claimant, and by status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counts {
    claimants: [usize; ClaimedBy::ALL.len()],
    status: [usize; EventStatus::ALL.len()],
}

impl Counts {
    fn all(&self) -> usize {
        self.claimants.iter().sum()
    }
}

/// The reports in which one party acts and the other is the recipient.
#[derive(Debug, Default, PartialEq, Eq)]
struct Direction {
    /// The numbers by period and class. Reports without a period come last.
    rows: BTreeMap<(bool, String, QuadClass), Counts>,
}

impl Direction {
    fn of(found: &[RelationCount], [actor, recipient]: [&String; 2]) -> Self {
        let mut rows: BTreeMap<_, Counts> = BTreeMap::new();
        for relation in found.iter().filter(|r| r.actor == *actor && r.recipient == *recipient) {
            let period = relation.period.clone();
            let row = rows.entry((period.is_none(), period.unwrap_or_default(), relation.class)).or_default();
            let by = ClaimedBy::ALL.iter().position(|by| *by == relation.claimed_by);
            let status = EventStatus::ALL.iter().position(|status| *status == relation.status);
            if let (Some(by), Some(status)) = (by, status) {
                row.claimants[by] += relation.reports;
                row.status[status] += relation.reports;
            }
        }
        Self { rows }
    }

    /// Returns the largest number of reports of one class in one period.
    fn most(&self) -> usize {
        let dated = self.rows.iter().filter(|((undated, ..), _)| !undated);
        dated.map(|(_, counts)| counts.all()).max().unwrap_or_default()
    }

    /// Returns the periods from the first report to the last.
    fn periods(&self, by: Period) -> Vec<String> {
        let mut all: Vec<String> =
            self.rows.keys().filter(|(undated, ..)| !undated).map(|(_, period, _)| period.clone()).collect();
        all.dedup();
        match (all.first(), all.last()) {
            (Some(first), Some(last)) => by.between(first, last, MOST).unwrap_or(all),
            _ => all,
        }
    }

    fn shown(&self, [actor, recipient]: [&String; 2], most: usize, by: Period, asked: &Asked) -> Markup {
        let periods = self.periods(by);
        let reports: usize = self.rows.values().map(Counts::all).sum();
        let query = format!("actor:\"{}\" recipient:\"{}\" {}", words(actor), words(recipient), asked.q);
        html! {
            section.direction {
                h2 { (name(actor)) " → " (name(recipient)) }
                p.origin { a href=(address("/events", &[("q", query.trim())])) { (count(reports, "report")) } }
                @for class in QuadClass::ALL {
                    @if !periods.is_empty() && self.rows.keys().any(|(undated, _, of)| !undated && *of == class) {
                        (self.chart(class, &periods, most))
                    }
                }
                (self.table(&format!("{} → {}", plain(actor), plain(recipient))))
            }
        }
    }

    /// Returns the chart of a class: a bar for each period, with a part for each kind of claimant.
    fn chart(&self, class: QuadClass, periods: &[String], most: usize) -> Markup {
        let (width, height) = CHART;
        let step = width / periods.len().max(1) as f64;
        let wide = (step * 0.84).min(WIDEST);
        html! {
            figure.timeline.stacked {
                figcaption { (class.name()) }
                svg viewBox=(format!("0 0 {width} {height}")) preserveAspectRatio="none" aria-hidden="true" {
                    @for (n, period) in periods.iter().enumerate() {
                        @if let Some(counts) = self.rows.get(&(false, period.clone(), class)) {
                            @let x = step * n as f64;
                            g {
                                title { (period) ": " (parts(counts)) }
                                rect.back x=(format!("{x:.2}")) y="0" width=(format!("{step:.2}")) height=(height) {}
                                @let mut below = 0;
                                @for (by, reports) in ClaimedBy::ALL.into_iter().zip(counts.claimants) {
                                    @if reports > 0 {
                                        @let () = below += reports;
                                        @let top = height - height * below as f64 / most.max(1) as f64;
                                        @let tall = height * reports as f64 / most.max(1) as f64;
                                        rect class={ "by-" (by) } x=(format!("{:.2}", x + (step - wide) / 2.0)) y=(format!("{top:.2}"))
                                            width=(format!("{wide:.2}")) height=(format!("{tall:.2}")) {}
                                    }
                                }
                            }
                        }
                    }
                }
                div.axis aria-hidden="true" {
                    span { (periods.first().map_or("", String::as_str)) }
                    @if periods.len() > 1 { span { (periods.last().map_or("", String::as_str)) } }
                }
            }
        }
    }

    fn table(&self, caption: &str) -> Markup {
        let cell = |n: usize| if n > 0 { number(n) } else { "·".to_owned() };
        html! {
            div.scroll tabindex="0" role="region" aria-label={ "Table of " (caption) } {
                table {
                    thead { tr {
                        th scope="col" { "Period" } th scope="col" { "Class" } th.n scope="col" { "Reports" }
                        @for by in ClaimedBy::ALL { th.n scope="col" { (side(by)) } }
                        @for status in EventStatus::ALL { th.n scope="col" { (status.name()) } }
                    } }
                    tbody {
                        @for ((undated, period, class), counts) in &self.rows {
                            tr {
                                th scope="row" { @if *undated { "no exact date" } @else { (period) } }
                                td { (class.name()) }
                                td.n { (number(counts.all())) }
                                @for n in counts.claimants.iter().chain(&counts.status) { td.n { (cell(*n)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Returns the numbers by claimant as words.
fn parts(counts: &Counts) -> String {
    let parts = ClaimedBy::ALL.into_iter().zip(counts.claimants).filter(|(_, n)| *n > 0);
    parts.map(|(by, n)| format!("{} {n}", side(by))).collect::<Vec<_>>().join(", ")
}

/// Returns what stands for a party in a query: its code if it is a country, and otherwise its name.
fn words(party: &str) -> String {
    country_code(party).map_or_else(|| unquoted(party), str::to_owned)
}

#[cfg(test)]
mod tests {
    use onrecord::text::answers::Schema;

    use super::*;

    fn relation(period: Option<&str>, by: &str, status: &str, reports: usize) -> RelationCount {
        RelationCount {
            schema: Schema,
            period: period.map(str::to_owned),
            actor: "A".to_owned(),
            recipient: "B".to_owned(),
            class: QuadClass::VerbalConflict,
            claimed_by: ClaimedBy::named(by).unwrap(),
            status: EventStatus::named(status).unwrap(),
            reports,
        }
    }

    #[test]
    fn bars_are_as_tall_as_their_reports() {
        let found = [
            relation(Some("2016-03"), "article", "happened", 1),
            relation(Some("2016-03"), "recipient", "denied", 3),
            relation(Some("2016-05"), "actor", "happened", 2),
            relation(None, "unknown", "planned", 9),
        ];
        let pair = ["A".to_owned(), "B".to_owned()];
        let direction = Direction::of(&found, [&pair[0], &pair[1]]);
        assert_eq!((direction.rows.len(), direction.most()), (3, 4), "undated reports are in the table only");
        assert!(Direction::of(&found, [&pair[1], &pair[0]]).rows.is_empty());
        let shown = direction.shown([&pair[0], &pair[1]], 4, Period::Month, &Asked::default()).into_string();
        for part in [
            "<title>2016-03: the article itself 1, the recipient's side 3</title>",
            "<rect class=\"by-article\" x=\"96.00\" y=\"42.00\" width=\"48.00\" height=\"14.00\">",
            "<rect class=\"by-recipient\" x=\"96.00\" y=\"0.00\" width=\"48.00\" height=\"42.00\">",
            "<rect class=\"by-actor\" x=\"576.00\" y=\"28.00\" width=\"48.00\" height=\"28.00\">",
            "<span>2016-03</span><span>2016-05</span>",
            "no exact date",
            "href=\"/events?q=actor%3A%22A%22%20recipient%3A%22B%22\"",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert_eq!(shown.matches("<figure").count(), 1);
        // One period has a chart, too.
        let direction = Direction::of(&found[..2], [&pair[0], &pair[1]]);
        let shown = direction.shown([&pair[0], &pair[1]], 4, Period::Month, &Asked::default()).into_string();
        assert_eq!((shown.matches("<figure").count(), shown.matches("<span>2016-03</span>").count()), (1, 1));
    }
}
