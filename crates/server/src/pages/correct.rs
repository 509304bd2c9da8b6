//! Decisions in the browser: the forms for them, and what happens when they are sent.
//!
//! They are the decisions of `onrecord correct`, made by the same functions of the store.

use axum::Form;
use axum::Json;
use axum::extract::{Query as Params, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use onrecord::text::answers::{Completion, Decision, Profile, Report, StoredStatement};
use onrecord::text::{EventStatus, EventType};
use onrecord_store::decisions::{Judgement, Verdict};
use onrecord_store::{DecidedField, DecisionId, DecisionKind, Store, StoreError};
use serde::Deserialize;

use super::statement::path_of;
use super::view::{Section, View};
use super::words::{name, plain};
use crate::app::{App, Corrections};
use crate::guard::{self, COOKIE, MayDecide};
use crate::links;
use crate::problem::Problem;

/// The name of the cookie that remembers who decides.
pub(super) const BY: &str = "onrecord-by";
/// The number of names that complete what somebody types.
const COMPLETIONS: usize = 8;

/// A decision as a form sends it.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    action: String,
    #[serde(default)]
    statement: String,
    /// A report of an event, instead of a statement.
    #[serde(default)]
    report: String,
    #[serde(default)]
    value: String,
    /// Values for fields of a report that can be chosen from a list.
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    claimant: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    decision: Option<i64>,
    /// Who decides. Forms to take a decision back don't ask.
    by: Option<String>,
    /// The page to go on with.
    #[serde(default)]
    back: String,
}

pub(super) async fn decide(
    State(app): State<App>,
    _permitted: MayDecide,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let back = own_path(&sent.back).or_else(|| referrer(&headers)).unwrap_or_else(|| "/".to_owned());
    let remembered = sent.by.as_deref().map(str::trim).map(|by| {
        let secure = if secure(&app) { "; Secure" } else { "" };
        format!("{BY}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict{secure}", links::encoded(by))
    });
    let decided = app.write(move |store| decided(store, &sent)).await?;
    let to = match decided {
        Some(number) => marked(&back, number),
        None => unmarked(&back),
    };
    let mut response = Redirect::to(&to).into_response();
    if let Some(cookie) = remembered.and_then(|cookie| cookie.parse().ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// What a form asks for.
enum Action {
    Judge(Judgement),
    Split,
    Merge,
    Undo,
}

impl Sent {
    fn action(&self) -> Result<Action, StoreError> {
        let value = |field| match field {
            DecidedField::Type => self.kind.clone(),
            DecidedField::Status => self.status.clone(),
            DecidedField::Claimant => self.claimant.clone(),
            DecidedField::Speaker
            | DecidedField::Role
            | DecidedField::Said
            | DecidedField::Actor
            | DecidedField::Recipient => self.value.clone(),
        };
        Ok(match self.action.as_str() {
            "split" => Action::Split,
            "merge" => Action::Merge,
            "undo" => Action::Undo,
            name => Action::Judge(
                Judgement::named(name, value)
                    .ok_or_else(|| StoreError::Invalid(format!("“{}” is not a decision", plain(name))))?,
            ),
        })
    }

    /// Returns whether a judgement is about the report that was sent, and not about the statement.
    fn is_on_report(&self, judgement: &Judgement) -> bool {
        match judgement {
            Judgement::Accept | Judgement::Reject => !self.report.is_empty(),
            Judgement::Set(field, _) => field.is_of_event(),
        }
    }
}

/// Records what was sent, and returns the number of the decision. Taking one back has none.
fn decided(store: &mut Store, sent: &Sent) -> Result<Option<DecisionId>, StoreError> {
    let verdict = match sent.action()? {
        Action::Judge(judgement) if sent.is_on_report(&judgement) => {
            judgement.on_report(sent.report.parse()?)
        }
        Action::Judge(judgement) => judgement.on_statement(store.named_statement(&sent.statement)?),
        Action::Split => Verdict::Split(store.named_statement(&sent.statement)?),
        Action::Merge => {
            Verdict::Merge(store.one_person(sent.person.trim())?, store.one_person(sent.value.trim())?)
        }
        Action::Undo => {
            let number =
                sent.decision.ok_or_else(|| StoreError::Invalid("no decision was named".to_owned()))?;
            store.undo(DecisionId(number))?;
            return Ok(None);
        }
    };
    store.decide(&verdict, Timestamp::now(), sent.by.as_deref()).map(Some)
}

/// Returns a path of this server, or `None` for anything else. Forms must not lead to other sites.
fn own_path(path: &str) -> Option<String> {
    let inside = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    let printable = path.bytes().all(|byte| byte.is_ascii_graphic());
    (inside && printable).then(|| path.to_owned())
}

/// Returns the path of the page that a request comes from. It is a page of this server, as the guard has checked.
fn referrer(headers: &HeaderMap) -> Option<String> {
    let address = headers.get(header::REFERER)?.to_str().ok()?;
    let path =
        address.split_once("://")?.1.split_once('/').map_or("/".to_owned(), |(_, path)| format!("/{path}"));
    own_path(&path)
}

/// Returns a path without what an earlier decision added to it.
fn unmarked(path: &str) -> String {
    let (path, anchor) =
        path.split_once('#').map_or((path, String::new()), |(path, anchor)| (path, format!("#{anchor}")));
    let Some((page, query)) = path.split_once('?') else { return format!("{path}{anchor}") };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("decided=")).collect();
    if kept.is_empty() { format!("{page}{anchor}") } else { format!("{page}?{}{anchor}", kept.join("&")) }
}

/// Returns a path that makes its page say that a decision was recorded.
fn marked(path: &str, number: DecisionId) -> String {
    let path = unmarked(path);
    let (page, anchor) = path
        .split_once('#')
        .map_or((path.as_str(), String::new()), |(page, anchor)| (page, format!("#{anchor}")));
    let join = if page.contains('?') { '&' } else { '?' };
    format!("{page}{join}decided={number}{anchor}")
}

fn secure(app: &App) -> bool {
    app.config().public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
}

/// Returns the field for the name of whoever decides.
fn by(view: &View, id: &str) -> Markup {
    html! {
        label for=(id) { "Decided by" }
        input id=(id) name="by" value=(view.by) autocomplete="name" maxlength="200" placeholder="your name";
    }
}

/// Returns the fields with which every form for a decision begins: what is decided about, who decides, and whether it
/// is right.
fn verdict(view: &View, about: &str, value: &str, back: &str) -> Markup {
    html! {
        input type="hidden" name=(about) value=(value);
        input type="hidden" name="back" value=(back);
        (by(view, "by"))
        div.buttons {
            button name="action" value="accept" data-key="a" { "Accept" kbd { "a" } }
            button name="action" value="reject" data-key="r" { "Reject" kbd { "r" } }
        }
    }
}

/// Returns the forms for decisions on a statement.
pub(super) fn on_statement(view: &View, stored: &StoredStatement, back: &str) -> Markup {
    let hit = &stored.hit;
    html! {
        section.correct aria-labelledby="correct" {
            h2 id="correct" { "Correct" }
            form method="post" action="/decide" {
                (verdict(view, "statement", &hit.address, back))
                label for="value" { "Another value" }
                input id="value" name="value" list="people" autocomplete="off" maxlength="200" data-complete="" data-key-focus="s"
                    placeholder=(hit.speaker.as_deref().map(plain).unwrap_or_default());
                datalist id="people" {}
                div.buttons {
                    button name="action" value="speaker" { "Set the speaker" }
                    button name="action" value="role" { "Set the role" }
                    button name="action" value="said" { "Set the date" }
                }
                @if !stored.speakers.is_empty() {
                    button name="action" value="split" { "Not the person of this name in other articles" }
                }
            }
            @for decision in &stored.decisions { (undo(decision.decision, back)) }
        }
    }
}

/// Returns the form for decisions on a report of an event. `claimants` are the values that the claimant may have, with
/// their labels.
pub(super) fn on_report(
    view: &View,
    report: &Report,
    claimants: &[(String, String)],
    decisions: &[Decision],
) -> Markup {
    let back = links::report(&report.report);
    let claimant = report.claim.as_ref().map_or("article", |claim| &claim.address);
    let choice = |field: &str, label: &str, values: &[&str], now: &str| {
        html! {
            label for=(field) { (label) }
            div.buttons {
                select id=(field) name=(field) {
                    @for value in values { option value=(value) selected[*value == now] { (value) } }
                }
                button name="action" value=(field) { "Set the " (field) }
            }
        }
    };
    html! {
        section.correct aria-labelledby="correct" {
            h2 id="correct" { "Correct" }
            form method="post" action="/decide" {
                (verdict(view, "report", &report.report, &back))
                (choice("type", "Type", &EventType::ALL.map(EventType::name), report.kind.name()))
                (choice("status", "Status", &EventStatus::ALL.map(EventStatus::name), report.status.name()))
                label for="value" { "A party: a name or a country code" }
                input id="value" name="value" list="people" autocomplete="off" maxlength="200" data-complete="" data-key-focus="s";
                datalist id="people" {}
                div.buttons {
                    button name="action" value="actor" { "Set the actor" }
                    button name="action" value="recipient" { "Set the recipient" }
                }
                label for="claimant" { "Claimed by" }
                select id="claimant" name="claimant" {
                    @for (value, meaning) in claimants {
                        option value=(value) selected[value == claimant] { (meaning) }
                    }
                }
                button name="action" value="claimant" { "Set the claimant" }
            }
            @for decision in decisions { (undo(decision.decision, &back)) }
        }
    }
}

/// Returns the form that says that somebody is the same as somebody else.
pub(super) fn on_person(view: &View, profile: &Profile, back: &str) -> Markup {
    html! {
        section.correct aria-labelledby="correct" {
            h2 id="correct" { "Correct" }
            form method="post" action="/decide" {
                input type="hidden" name="person" value=(profile.person.person);
                input type="hidden" name="back" value=(back);
                (by(view, "by"))
                label for="value" { "The same as" }
                input id="value" name="value" list="people" autocomplete="off" required maxlength="200" data-complete="number" placeholder="a name, or a number such as p12";
                datalist id="people" {}
                button name="action" value="merge" { "Merge" }
            }
        }
    }
}

/// Returns the button that splits a name off.
pub(super) fn split(view: &View, statement: &str, back: &str, joined: &str) -> Markup {
    html! {
        form.inline method="post" action="/decide" {
            input type="hidden" name="statement" value=(statement);
            input type="hidden" name="back" value=(back);
            input type="hidden" name="by" value=(view.by);
            button name="action" value="split" aria-label={ "Split off " (plain(joined)) } { "Split off" }
        }
    }
}

/// Returns the button that takes a decision back.
pub(super) fn undo(decision: i64, back: &str) -> Markup {
    html! {
        form.inline method="post" action="/decide" {
            input type="hidden" name="decision" value=(decision);
            input type="hidden" name="back" value=(back);
            button name="action" value="undo" { "Undo decision " (decision) }
        }
    }
}

/// The text that somebody began to type.
#[derive(Deserialize)]
pub(super) struct Begun {
    #[serde(default)]
    q: String,
}

pub(super) async fn complete(
    State(app): State<App>,
    Params(begun): Params<Begun>,
) -> Result<Json<Vec<Completion>>, Problem> {
    Ok(Json(app.read(move |reader| reader.complete(&begun.q, COMPLETIONS)).await?))
}

/// Lists all decisions.
pub(super) async fn list(State(app): State<App>, view: View) -> Result<Response, Problem> {
    let decisions = app
        .read(|reader| -> Result<_, StoreError> {
            let mut applied = reader.applied()?;
            let decisions = reader.decisions()?.into_iter().rev();
            let with_places = decisions.map(|decision| {
                let statements = applied.statements.remove(&decision.id).unwrap_or_default();
                let events = applied.events.remove(&decision.id).unwrap_or_default();
                (decision, statements, events)
            });
            Ok(with_places.collect::<Vec<_>>())
        })
        .await?;
    let content = html! {
        h1 { "Decisions" }
        @if decisions.is_empty() { p.empty { "Nobody has decided anything yet." } }
        ol.decisions.long {
            @for (decision, statements, events) in &decisions {
                li.undone[decision.undone] {
                    p {
                        strong { (decision.id) ". " (decision.kind.name()) }
                        @if let Some(field) = decision.field { " " (field.name()) }
                        @for value in [&decision.value, &decision.person, &decision.other].into_iter().flatten() { " · " (name(value)) }
                        @if decision.on_event { " · on a report of an event" }
                        @if decision.kind == DecisionKind::Reject { " · left out of search and exports" }
                    }
                    @if let Some(content) = &decision.content { blockquote.words { (name(content)) } }
                    p.note {
                        @match &decision.by { Some(by) => { "by " (name(by)) }, None => "by somebody" }
                        ", " time datetime=(decision.made) { (decision.made) }
                        @if decision.undone { " · taken back" }
                        @for statement in statements { " · " a href={ "/statement/" (statement) } { "statement " (statement) } }
                        @for event in events { " · " a href=(links::report(&event.to_string())) { "report " (event) } }
                    }
                    @if view.may_decide && !decision.undone { (undo(decision.id.0, "/decisions")) }
                }
            }
        }
    };
    Ok(view.page("Decisions", &view.frame(Section::None), &content))
}

/// A token as a form sends it.
#[derive(Deserialize)]
pub(super) struct Token {
    #[serde(default)]
    token: String,
}

pub(super) async fn sign_in(view: View) -> Response {
    view.page("Sign in", &view.frame(Section::None), &sign_in_form(&view, None))
}

fn sign_in_form(view: &View, error: Option<&str>) -> Markup {
    html! {
        div.narrow {
            h1 { "Sign in" }
            @if view.may_decide {
                p { "You may record decisions." }
                form method="post" action="/sign-out" { button { "Sign out" } }
            } @else if view.corrections {
                p { "The server printed a token when it started. Whoever knows it may record decisions." }
                form.correct method="post" action="/sign-in" {
                    @if let Some(error) = error { p.problem role="alert" { (error) } }
                    label for="token" { "Token" }
                    input id="token" type="password" name="token" autocomplete="current-password" required;
                    button.primary { "Sign in" }
                }
            } @else {
                p { "Corrections are off on this server. " code { "--allow-corrections" } " turns them on." }
            }
        }
    }
}

pub(super) async fn signed_in(
    State(app): State<App>,
    view: View,
    headers: HeaderMap,
    Form(sent): Form<Token>,
) -> Response {
    let right = match &app.config().corrections {
        Corrections::Token(token) => guard::same(sent.token.trim(), token),
        Corrections::Off | Corrections::Open => false,
    };
    if !right || !headers.contains_key(header::ORIGIN) {
        let form = sign_in_form(&view, Some("This is not the token."));
        return view.refused(StatusCode::FORBIDDEN, "Sign in", &view.frame(Section::None), &form);
    }
    let secure = if secure(&app) { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict{secure}", guard::mark(sent.token.trim()));
    ([(header::SET_COOKIE, cookie)], Redirect::to("/review")).into_response()
}

pub(super) async fn sign_out() -> Response {
    let cookie = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
}

/// Returns the hidden fields and buttons of the review queue.
pub(super) fn on_review(view: &View, stored: &StoredStatement, back: &str, skip: &str) -> Markup {
    html! {
        (on_statement(view, stored, back))
        p.buttons { a.button href=(skip) data-key="n" { "Skip" kbd { "n" } } " " a href=(path_of(&stored.hit)) { "Open its page" } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_own_pages_only() {
        assert_eq!(own_path("/person/p1?a=b#said").as_deref(), Some("/person/p1?a=b#said"));
        for path in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/a\r\nb",
            "/a b",
        ] {
            assert_eq!(own_path(path), None, "{path}");
        }
    }

    #[test]
    fn pages_say_what_was_decided_once() {
        assert_eq!(marked("/review?after=1.s2&decided=3#x", DecisionId(4)), "/review?after=1.s2&decided=4#x");
        assert_eq!(marked("/person/p1", DecisionId(4)), "/person/p1?decided=4");
        assert_eq!(unmarked("/person/p1?decided=4#said"), "/person/p1#said");
    }
}
