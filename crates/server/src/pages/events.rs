//! The page of event reports: a query, what it finds, and rival accounts side by side.

use axum::extract::{Query as Params, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use onrecord::text::answers::{Accounts, ClaimedBy, Facets, Report, ReportParty, Reports, WITHDRAWN};
use onrecord::text::{EventStatus, EventType, QuadClass, legible, listed};
use onrecord_store::{EventQuery, EventRef, FACETED, QueryError, StoreError};
use serde::Deserialize;

use super::ask::{self, Asking, unquoted};
use super::search::{Narrowing, date};
use super::view::{Section, View, address};
use super::words::{count, excerpt, name, short};
use crate::app::App;
use crate::links;
use crate::problem::Problem;
use crate::public::Public;

/// The number of reports on a page.
const LIMIT: usize = 20;
/// The number of rival accounts on a page.
const ACCOUNTS: usize = 20;
/// The number of values that are listed for each field.
const VALUES: usize = 8;
/// The value of the parameter `show` for rival accounts.
const RIVALS: &str = "accounts";

/// The parameters of the page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    /// Empty for the reports, or [`RIVALS`].
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
    /// Fields of the form below the box. They become part of the query.
    #[serde(default)]
    actor: String,
    #[serde(default)]
    recipient: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    side: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl Asked {
    /// Returns the items of the query that the fields of the form ask for.
    fn items(&self) -> Vec<String> {
        let words = |field: &str, value: &str| {
            let value = unquoted(value);
            (!value.is_empty()).then(|| format!("{field}:\"{value}\""))
        };
        let days = match (self.from.trim(), self.to.trim()) {
            ("", "") => None,
            (from, to) => Some(format!("date:{from}..{to}")),
        };
        let fields = [
            words("actor", &self.actor),
            words("recipient", &self.recipient),
            words("class", &self.class),
            words("status", &self.status),
            words("side", &self.side),
            days,
        ];
        fields.into_iter().flatten().collect()
    }
}

/// What a query found.
enum Found {
    Reports(Reports, Facets),
    Accounts(Vec<Accounts>),
}

pub(super) async fn page(
    State(app): State<App>,
    view: View,
    Params(asked): Params<Asked>,
) -> Result<Response, Problem> {
    let items = asked.items();
    if !items.is_empty() {
        let query = format!("{} {}", asked.q.trim(), items.join(" "));
        let to = address("/events", &[("q", query.trim()), ("show", &asked.show)]);
        return Ok(Redirect::to(&to).into_response());
    }
    let frame = view.frame(Section::Events);
    let query = match asked.q.parse::<EventQuery>() {
        Ok(query) => query,
        Err(error) => {
            let content = html! { (form(&asked, Some(&error))) (help(&asked, true)) };
            return Ok(view.refused(StatusCode::BAD_REQUEST, "Events", &frame, &content));
        }
    };
    let shows_rivals = asked.show == RIVALS;
    let after: Option<EventRef> =
        Some(asked.after.as_str()).filter(|after| !after.is_empty()).map(str::parse).transpose()?;
    let (found, has_events) = app
        .read(move |reader| -> Result<(Found, bool), StoreError> {
            let has_events = reader.has_events()?;
            if shows_rivals {
                let found = reader.accounts(&query, ACCOUNTS)?;
                let found = found.iter().map(|a| Accounts::from(a).public()).collect();
                return Ok((Found::Accounts(found), has_events));
            }
            let page = Reports::from(&reader.events(&query, LIMIT, after)?).public();
            Ok((Found::Reports(page, reader.event_facets(&query, FACETED, VALUES)?), has_events))
        })
        .await?;
    let title = if asked.q.trim().is_empty() { "Events".to_owned() } else { short(&asked.q, 60) };
    let content = html! {
        (form(&asked, None))
        p.lede {
            "Who did what to whom, according to whom. A report is one mention in one article. Reports are not merged, and "
            "none is called true. Experimental: types and actors are often wrong."
        }
        (help(&asked, false))
        nav.orders aria-label="What to show" {
            @for (value, label) in [("", "reports"), (RIVALS, "rival accounts")] {
                a href=(address("/events", &[("q", &asked.q), ("show", value)]))
                    aria-current=[(asked.show == value).then_some("true")] { (label) }
            }
            a href="/relations" { "relations of two parties" }
        }
        @match &found {
            Found::Reports(page, facets) => { (reports(page, facets, &asked, has_events)) }
            Found::Accounts(_) if !has_events => { (nothing(false)) }
            Found::Accounts(all) => { (rivals(all)) }
        }
    };
    Ok(view.page(&title, &frame, &content))
}

fn asking(asked: &Asked) -> Asking<'_> {
    Asking {
        path: "/events",
        things: "Reports of events",
        heading: "Who did what to whom?",
        placeholder: "actor:norland class:material-conflict",
        query: &asked.q,
        kept: ("show", &asked.show),
    }
}

fn form(asked: &Asked, error: Option<&QueryError>) -> Markup {
    let asking = asking(asked);
    html! {
        (asking.form(error))
        @if error.is_none() {
            details.filters {
                summary { "Filters" }
                form.range action="/events" {
                    input type="hidden" name="q" value=(asked.q);
                    (asking.kept())
                    label { "Actor " input name="actor" size="14" maxlength="200" autocomplete="off"; }
                    label { "Recipient " input name="recipient" size="14" maxlength="200" autocomplete="off"; }
                    (choice("Class", "class", &QuadClass::ALL.map(|class| [class.name(); 2])))
                    (choice("Status", "status", &EventStatus::ALL.map(|status| [status.name(); 2])))
                    (choice("Claimed by", "side", &ClaimedBy::ALL.map(|by| [by.name(), side(by)])))
                    label { "From " input name="from" size="10" pattern="\\d{4}(-\\d{2}(-\\d{2})?)?" autocomplete="off"; }
                    label { "to " input name="to" size="10" pattern="\\d{4}(-\\d{2}(-\\d{2})?)?" autocomplete="off"; }
                    button { "Add to the query" }
                }
            }
        }
    }
}

/// Returns a list from which a field of the query can be chosen, by values and their labels.
fn choice(label: &str, field: &str, values: &[[&str; 2]]) -> Markup {
    html! {
        label {
            (label) " "
            select name=(field) {
                option value="" { "any" }
                @for [value, label] in values { option value=(value) { (label) } }
            }
        }
    }
}

/// Returns what the query language can say.
fn help(asked: &Asked, open: bool) -> Markup {
    let types = listed(&EventType::ALL);
    asking(asked).help(open, &EventQuery::EXAMPLES, html! { p.note { "The types are " (types) "." } })
}

/// Returns what stands in place of a list without reports: that nothing was found or, in a store without any report, how to
/// get some.
pub(super) fn nothing(has_events: bool) -> Markup {
    html! {
        @if has_events { p.empty { "Nothing found." } } @else {
            p.empty { "This archive has no reports of events." }
            p {
                code { "onrecord ingest --events ARTICLES --store STORE" }
                " adds them, also for articles that are already in the archive."
            }
        }
    }
}

fn reports(page: &Reports, facets: &Facets, asked: &Asked, has_events: bool) -> Markup {
    let narrowing = Narrowing {
        path: "/events",
        query: &asked.q,
        more: &[],
        things: "reports",
        narrowed: EventQuery::narrowed,
        without: EventQuery::without,
    };
    html! {
        div.columns {
            section.results aria-label="Reports" {
                @if !page.reports.is_empty() { div.toolbar { (exports(&asked.q)) } }
                @if page.reports.is_empty() {
                    (nothing(has_events))
                }
                ol.hits { @for report in &page.reports { li { (self::report(report)) } } }
                nav.pages aria-label="Pages" {
                    @if !asked.after.is_empty() { a href=(address("/events", &[("q", &asked.q)])) rel="first" { "First page" } }
                    @if let Some(next) = &page.next {
                        a.button href=(address("/events", &[("q", &asked.q), ("after", next)])) rel="next" { "Next page" }
                    }
                }
            }
            (narrowing.facets(facets))
        }
    }
}

/// Returns rival accounts, those of each claimant in a column.
fn rivals(all: &[Accounts]) -> Markup {
    html! {
        section aria-labelledby="rivals" {
            h2 id="rivals" { "Rival accounts" }
            p.note {
                "Reports of the same two parties and the same class of events within two days, by different claimants or with "
                "opposing status."
            }
            @if all.is_empty() { p.empty { "No rival accounts found." } }
            @for accounts in all {
                article.rival {
                    h3 { (name(&accounts.parties[0])) " and " (name(&accounts.parties[1])) }
                    p.origin {
                        (accounts.class) " · " time datetime=[date(&accounts.days[0])] { (accounts.days[0]) }
                        @if accounts.days[0] != accounts.days[1] { " to " time datetime=[date(&accounts.days[1])] { (accounts.days[1]) } }
                        " · " (count(accounts.reports.len(), "report"))
                    }
                    div.sides {
                        @for (_, reports) in by_claimant(&accounts.reports) {
                            section class={ "side by-" (reports[0].claimed_by()) } {
                                h4 { (claimant_of(reports[0])) }
                                @for report in reports { (told(report)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Returns reports by their claimants, in the order of the first report of each.
fn by_claimant(reports: &[Report]) -> Vec<(String, Vec<&Report>)> {
    let mut all: Vec<(String, Vec<&Report>)> = Vec::new();
    for report in reports {
        let outlet = report.outlet.as_deref().unwrap_or(&report.source_id);
        let key = match (&report.claim, &report.claimant) {
            (Some(claim), None) => format!("statement {}", claim.address),
            (Some(_), Some(claimant)) => format!("{} {claimant}", report.claimed_by()),
            (None, _) => format!("article {outlet}"),
        };
        match all.iter_mut().find(|(known, _)| *known == key) {
            Some((_, of)) => of.push(report),
            None => all.push((key, vec![report])),
        }
    }
    all
}

/// Returns who reports an event, in words.
pub(super) fn side(by: ClaimedBy) -> &'static str {
    match by {
        ClaimedBy::Article => "the article itself",
        ClaimedBy::Actor => "the actor's side",
        ClaimedBy::Recipient => "the recipient's side",
        ClaimedBy::Other => "a third party",
        ClaimedBy::Unknown => "side unknown",
    }
}

/// Returns who reports an event: the publisher of the article, or whoever makes the statement.
pub(super) fn claimant_of(report: &Report) -> Markup {
    html! {
        @match (&report.claim, &report.claimant) {
            (None, _) => {
                span.speaker { @match &report.outlet { Some(outlet) => (name(outlet)), None => "the article" } }
                ", " span.role { "in its own voice" }
            }
            (Some(_), claimant) => {
                span.speaker { @match claimant { Some(claimant) => (name(claimant)), None => "somebody" } }
                @if let Some(role) = report.claim.as_ref().and_then(|claim| claim.role.as_ref()) { ", " span.role { (name(role)) } }
                @let by = report.claimed_by();
                @if by != ClaimedBy::Unknown { ", " span.role { (side(by)) } }
            }
        }
    }
}

pub(super) fn party(party: Option<&ReportParty>) -> Markup {
    html! {
        @match party {
            Some(party) => {
                (name(&party.name))
                @if let Some(country) = party.country.as_ref().filter(|country| **country != party.name) { " (" (name(country)) ")" }
            }
            None => "?",
        }
    }
}

/// Returns what happened, and the sentence that says so.
pub(super) fn told(report: &Report) -> Markup {
    let article =
        report.report.split_once('.').and_then(|(article, _)| article.parse().ok()).map(links::article);
    let page =
        report.claim.as_ref().map(|claim| links::statement(&claim.address)).or_else(|| article.clone());
    html! {
        blockquote class={ "words " (if report.claim.is_some() { "indirect" } else { "direct" }) } {
            @let sentence = excerpt(&report.sentence, &[report.trigger_at]);
            @match page { Some(page) => { a href=(page) { (sentence) } }, None => { (sentence) } }
        }
        p.by {
            span.event { (report.kind) } " " (report.status) ": "
            (party(report.actor.as_ref())) " → " (party(report.recipient.as_ref()))
        }
        p.origin {
            @if let Some(date) = &report.date { time datetime=[self::date(date)] { (legible(date)) } " · " }
            @if let Some(outlet) = &report.outlet { (name(outlet)) " · " }
            @if let Some(article) = article {
                a href=(article) { @match &report.title { Some(title) => (name(title)), None => "the article" } }
            }
            span.tags {
                @if report.historical { span.tag { "history" } }
                @if report.withdrawn { span.tag.warn { (WITHDRAWN) } }
                @if !report.corrected.is_empty() { span.tag { "decided: " (listed(&report.corrected)) } }
            }
        }
    }
}

/// Returns a report as lists show it.
fn report(report: &Report) -> Markup {
    html! {
        article.hit {
            (told(report))
            p.by { "according to " (claimant_of(report)) " · " a href=(links::report(&report.report)) { "Open the report" } }
        }
    }
}

/// Returns links to the result in every format.
fn exports(query: &str) -> Markup {
    let formats =
        [("csv", "CSV"), ("jsonl", "JSON Lines"), ("parquet", "Parquet"), ("polecat", "POLECAT columns")];
    ask::exports("/api/v1/events/export", query, &formats, html! {})
}

#[cfg(test)]
mod tests {
    use onrecord::text::answers::Hit;

    use super::*;

    #[test]
    fn the_fields_of_the_form_become_items_of_the_query() {
        let asked = Asked {
            actor: "Baltic \"Rail\"".to_owned(),
            class: "verbal conflict".to_owned(),
            from: "2016-03".to_owned(),
            ..Asked::default()
        };
        let items = asked.items();
        assert_eq!(items, ["actor:\"Baltic  Rail\"", "class:\"verbal conflict\"", "date:2016-03.."]);
        assert!(items.join(" ").parse::<EventQuery>().is_ok());
        assert!(Asked::default().items().is_empty());
    }

    #[test]
    fn accounts_stand_in_one_column_for_each_claimant() {
        let claim = |address: &str| Hit { address: address.to_owned(), ..Hit::default() };
        let told = |outlet: &str, claimant: Option<&str>, address: &str| Report {
            outlet: Some(outlet.to_owned()),
            claimant: claimant.map(str::to_owned),
            claim: (!address.is_empty()).then(|| claim(address)),
            ..Report::new(EventType::Agree, EventStatus::Happened)
        };
        let all = [
            told("A", Some("article"), ""),
            told("A", Some("Holt"), "1"),
            told("B", Some("Holt"), "2"),
            told("A", None, "3"),
            told("A", None, "4"),
            told("A", Some("article"), ""),
            told("B", Some("article"), ""),
        ];
        let columns: Vec<usize> = by_claimant(&all).iter().map(|(_, reports)| reports.len()).collect();
        assert_eq!(columns, [2, 2, 1, 1, 1]);
    }
}
