//! The page of one statement, under its permanent address.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, PreEscaped, html};
use onrecord::text::answers::{
    self, ChangeKind, Corrected, DecidedField, DecisionKind, Hit, PersonRef, StoredStatement, Version,
};
use onrecord::text::{EntityKind, SpeakerKind, StatementKind, legible, wire};
use onrecord_store::{Lineage, StoreError};
use serde_json::{Value, json};

use super::marks::{Cast, Links, part};
use super::search::{cue, date, hit, tags};
use super::view::{Section, View, address};
use super::words::{diff, label, name, plain, short, verbatim};
use super::{article, cite, correct};
use crate::app::App;
use crate::links::{self, is_web};
use crate::problem::Problem;
use crate::public;

/// A statement and what its page shows of the versions of its words in other articles.
struct Told {
    stored: StoredStatement,
    lineage: Arc<str>,
}

pub(super) async fn page(
    State(app): State<App>,
    view: View,
    Path(asked): Path<String>,
) -> Result<Response, Problem> {
    let told = match find(&app, asked).await? {
        Found::Elsewhere(address) => return Ok(Redirect::to(&links::statement(&address)).into_response()),
        Found::Here(told) => told,
    };
    let permanent = links::statement(&told.stored.hit.address);
    let stored = &told.stored;
    let rejected = if stored.rejected { "Rejected: " } else { "" };
    let title = format!("{rejected}{}: {}", plain(&stored.hit.whose()), short(&stored.hit.content, 70));
    let mut frame = view.frame(Section::None);
    let url = view.base.of(&permanent);
    frame.head = Some(html! {
        link rel="canonical" href=(url);
        @if let Some(previous) = &stored.previous { link rel="prev" href=(links::statement(previous)); }
        @if let Some(next) = &stored.next { link rel="next" href=(links::statement(next)); }
        // The vocabulary of schema.org can't say that a statement was not made, that its article was withdrawn, or that
        // somebody thinks it wrong.
        @if stored.hit.caveats().next().is_none() && !stored.rejected {
            script type="application/ld+json" { (PreEscaped(data(&linked_data(stored, &url)))) }
        }
    });
    let content = html! {
        article.statement {
            (heading(stored))
            @if stored.rejected {
                p.problem { "A person decided that this statement is wrong. Search and exports leave it out." }
            }
            @if stored.hit.withdrawn { (article::withdrawn()) }
            @if !stored.article.latest {
                p.problem {
                    "This is from an earlier version of the article. "
                    a href=(links::article(stored.article.article)) { "Its versions" } " show what was changed."
                }
            }
            div.columns {
                div.main {
                    (context(stored))
                    (relayed(stored))
                    (PreEscaped(&*told.lineage))
                    (cite::section(stored, &view.base))
                }
                aside.facts aria-label="About this statement" {
                    (facts(stored))
                    @if view.may_decide { (correct::on_statement(&view, stored, &permanent)) }
                    @if view.corrections && !view.may_decide { p { a href="/sign-in" { "Sign in to correct" } } }
                }
            }
            nav.pages aria-label="Statements of the article" {
                @if let Some(previous) = &stored.previous { a href=(links::statement(previous)) rel="prev" { "Previous statement" } }
                @if let Some(next) = &stored.next { a href=(links::statement(next)) rel="next" { "Next statement" } }
            }
        }
    };
    Ok(view.page(&title, &frame, &content))
}

/// What a name in the address leads to.
enum Found {
    Here(Box<Told>),
    /// The permanent address of the statement.
    Elsewhere(String),
}

/// Returns a statement with its lineage, or its permanent address if it was asked for by another name.
async fn find(app: &App, asked: String) -> Result<Found, Problem> {
    let shared = app.clone();
    app.read(move |reader| -> Result<Found, StoreError> {
        let stored = reader.stored_statement(&asked)?;
        if asked != stored.hit.address && !stored.hit.address.is_empty() {
            return Ok(Found::Elsewhere(stored.hit.address));
        }
        let name = reader.named_statement(&asked)?;
        let read = || Ok(lineage(&reader.lineage(name)?, &stored.hit.address).into_string());
        let lineage = shared.lineages().shown(&asked, || shared.tag_now(), read)?;
        Ok(Found::Here(Box::new(Told { stored, lineage })))
    })
    .await
}

fn heading(stored: &StoredStatement) -> Markup {
    let hit = &stored.hit;
    html! {
        p.eyebrow {
            @if let Some(outlet) = &hit.outlet { (name(outlet)) " · " }
            @if let Some(published) = &hit.published { time datetime=[date(published)] { (legible(published)) } " · " }
            a href=(format!("{}#{}", links::article(stored.article.article), stored.statement.id)) {
                @match &hit.title { Some(title) => (name(title)), None => "the article" }
            }
        }
        h1 class={ "words " (if hit.kind == StatementKind::Indirect { "indirect" } else { "direct" }) } { (verbatim(&hit.content)) }
        p.by.large {
            @match (&hit.speaker, stored.speakers.as_slice()) {
                (_, [_, ..]) => {
                    @for (n, person) in stored.speakers.iter().enumerate() {
                        @if n > 0 { " and " }
                        (person_link(person))
                    }
                    @if let Some(role) = &hit.role { ", " span.role { (name(role)) } }
                }
                _ => (super::search::speaker(hit))
            }
            (cue(hit))
            @if let Some(addressee) = &stored.statement.addressee { " " (name(&addressee.text)) }
            @if let Some(said) = &hit.said { ", " time datetime=[date(said)] { (legible(said)) } }
        }
        p.tagged { (tags(hit)) }
    }
}

fn person_link(person: &PersonRef) -> Markup {
    html! { a.speaker href={ "/person/" (person.person) } { (name(&person.name)) } }
}

/// Returns the part of the article around the statement, with its source, cue and content marked.
fn context(stored: &StoredStatement) -> Markup {
    let statement = &stored.statement;
    let cast = Cast::of(std::slice::from_ref(statement));
    let pages = HashMap::new();
    let links = Links { cast: &cast, pages: &pages, current: Some(&statement.id) };
    let context = &stored.context;
    html! {
        section aria-labelledby="context" {
            h2 id="context" { "In the article" }
            div.text { (part(&context.text, context.start, &context.blocks, std::iter::once(statement), &links)) }
            p.note {
                "Marked: " span.key.said.c1 { "what was said" } ", " span.key.source { "who says it" } ", " span.key.cue { "the words that say so" } ". "
                a href=(format!("{}#{}", links::article(stored.article.article), statement.id)) { "Read the whole article" }
            }
        }
    }
}

fn relayed(stored: &StoredStatement) -> Markup {
    html! {
        @if let Some(parent) = &stored.parent {
            section { h2 { "Statement that relays this one" } (hit(parent)) }
        }
        @if !stored.children.is_empty() {
            section {
                h2 { "Statements that this one relays" }
                ol.hits { @for child in &stored.children { li { (hit(child)) } } }
            }
        }
    }
}

/// Returns the versions of the statement's words, the one published first at the top.
fn lineage(lineage: &Lineage, this: &str) -> Markup {
    html! {
        section aria-labelledby="lineage" {
            h2 id="lineage" { "How the words spread" }
            @if lineage.versions.len() < 2 {
                p { "No other article in this archive has these words." }
            } @else {
                ol.lineage {
                    @let versions: Vec<Version> = lineage.answers().collect();
                    @for (n, version) in versions.iter().enumerate() {
                        li.current[version.hit.address == this] { (self::version(n, version, &versions, this)) }
                    }
                }
                @if lineage.more { p.note { "More statements have these words. They were not compared." } }
            }
        }
    }
}

fn version(n: usize, version: &Version, all: &[Version], this: &str) -> Markup {
    let hit = &version.hit;
    let original = version.copy_of.as_ref().and_then(|name| all.iter().find(|v| v.hit.statement == *name));
    html! {
        p.when {
            @match &hit.published { Some(day) => { time datetime=[date(day)] { (legible(day)) } }, None => "no date" }
            @if let Some(outlet) = &hit.outlet { " · " (name(outlet)) }
            " · "
            span.change { @if n == 0 { "first" } @else { (version.change.unwrap_or(ChangeKind::Identical)) } }
            @if let Some(original) = original {
                " · " span.change { "wire copy of " a href=(links::statement(&original.hit.address)) {
                    (name(original.hit.outlet.as_deref().or(original.hit.title.as_deref()).unwrap_or("an earlier version")))
                } }
            }
            @if hit.address == this { " · " strong { "this statement" } }
        }
        blockquote.words {
            @if n == 0 { (verbatim(&hit.content)) } @else { (diff(&version.diff)) }
        }
        p.by {
            (super::search::speaker(hit))
            (cue(hit))
            @if let Some(was) = &version.speaker_was { " (speaker before: " (name(was)) ")" }
            @if let Some(was) = &version.cue_was { " (cue before: " (name(was)) ")" }
        }
        @if hit.address != this { p { a href=(links::statement(&hit.address)) { "Open" } } }
    }
}

fn facts(stored: &StoredStatement) -> Markup {
    let (hit, statement) = (&stored.hit, &stored.statement);
    let linked = |field: &wire::Linked| html! { (name(&field.text)) };
    let speaker = statement.speaker.as_ref();
    html! {
        h2 { "Facts" }
        dl.facts {
            (fact("Speaker", hit.speaker.as_ref().map(|speaker| html! {
                @if stored.speakers.is_empty() { (name(speaker)) } @else {
                    @for (n, person) in stored.speakers.iter().enumerate() { @if n > 0 { ", " } (person_link(person)) }
                }
                @if let Some(kind) = &hit.speaker_kind { " (" (kind) ")" }
            })))
            (fact("Role", hit.role.as_ref().map(|role| name(role))))
            (fact("Source words", statement.source.as_ref().map(|source| name(&source.text))))
            (fact("Cue", statement.cue.as_ref().map(|cue| name(&cue.text))))
            (fact("To", statement.addressee.as_ref().map(linked)))
            (fact("Medium", statement.medium.as_ref().map(linked)))
            (fact("Occasion", statement.occasion.as_ref().map(linked)))
            (fact("Said on", hit.said.as_ref().map(|said| html! {
                time datetime=[date(said)] { (legible(said)) }
                @if let Some(time) = &statement.time { " (" (name(&time.text)) @if time.carried { ", from an earlier statement" } ")" }
            })))
            (fact("About", (!stored.about.is_empty()).then(|| html! {
                @for (n, person) in stored.about.iter().enumerate() { @if n > 0 { ", " } (person_link(person)) }
            })))
            (fact("Kind", Some(html! { (hit.kind) })))
            (fact("Act", hit.act.map(|act| html! { (act) })))
            (fact("Status", hit.status.map(|status| html! { (label(status.name())) })))
            (fact("Confidence", Some(html! { (confidence(hit.confidence)) " that the statement is right"
                @if hit.corrected.contains(&Corrected::Speaker) {
                    br; "A person decided who the speaker is."
                } @else if let Some(speaker) = speaker.filter(|speaker| speaker.confidence > 0.0) {
                    br; (confidence(speaker.confidence)) " that this is the speaker"
                }
            })))
            (fact("Why", (!statement.why.is_empty()).then(|| name(&statement.why))))
            (fact("Evidence for the speaker", stored.speakers.iter().find_map(|person| person.evidence.as_ref()).map(|why| name(why))))
            (fact("Article", Some(html! {
                @match stored.article.url.as_deref().filter(|url| is_web(url)) {
                    Some(url) => { a href=(url) rel="noopener external nofollow" { (name(url)) } }
                    None => (name(public::source(&stored.article.source_id)))
                }
            })))
            (fact("Found by", Some(html! { "onrecord " (stored.engine.version) ", model " (name(&stored.engine.model)) })))
            (fact("Permanent name", Some(html! { code { (hit.address) } })))
        }
        @if !stored.decisions.is_empty() {
            h2 { "Decisions" }
            ul.decisions { @for decision in &stored.decisions { li { (decided(decision)) } } }
        }
    }
}

/// Returns what somebody decided, in a sentence.
pub(super) fn decided(decision: &answers::Decision) -> Markup {
    let by = decision.by.as_deref();
    let object = if decision.on_event { "report" } else { "statement" };
    html! {
        @match by { Some(by) => { strong { (name(by)) } }, None => "Somebody" }
        " "
        @match decision.kind {
            DecisionKind::Accept => { "accepted the " (object) }
            DecisionKind::Reject => { "rejected the " (object) }
            DecisionKind::Set => { "set the " (decision.field.map_or("field", DecidedField::in_words)) " to " (name(decision.value.as_deref().unwrap_or_default())) }
            DecisionKind::Merge => { "decided that these are the same: " (name(&decision.people.join(" and "))) }
            DecisionKind::Split => {
                "split off " (name(decision.value.as_deref().unwrap_or_default()))
                @if let Some(article) = &decision.article { " in " (name(public::source(article))) }
            }
        }
        ", " time datetime=(decision.made) { (decision.made.get(..10).unwrap_or(&decision.made)) }
        " (decision " (decision.decision) ")"
    }
}

pub(super) fn fact(term: &str, value: Option<Markup>) -> Markup {
    html! { @if let Some(value) = value { div { dt { (term) } dd { (value) } } } }
}

pub(super) fn confidence(value: f64) -> Markup {
    html! {
        meter min="0" max="1" value=(format!("{value:.2}")) aria-label="Confidence" { (format!("{value:.2}")) } " " (format!("{value:.2}"))
    }
}

/// Returns the statement in the vocabulary of schema.org: a direct quotation as a quotation, anything else as a claim.
fn linked_data(stored: &StoredStatement, url: &str) -> Value {
    let hit = &stored.hit;
    let kind = if hit.kind == StatementKind::Direct { "Quotation" } else { "Claim" };
    let speakers: Vec<Value> = match (stored.speakers.as_slice(), &hit.speaker) {
        ([], Some(speaker)) => {
            let kind = match hit.speaker_kind {
                Some(SpeakerKind::Person) => Some("Person"),
                Some(SpeakerKind::Organization) => Some("Organization"),
                _ => None,
            };
            kind.map(|kind| json!({"@type": kind, "name": plain(speaker)})).into_iter().collect()
        }
        (people, _) => people
            .iter()
            .map(|person| {
                let kind = if person.kind == EntityKind::Person { "Person" } else { "Organization" };
                json!({"@type": kind, "name": plain(&person.name)})
            })
            .collect(),
    };
    let article = json!({
        "@type": "NewsArticle",
        "headline": hit.title,
        "url": stored.article.url.as_deref().filter(|url| is_web(url)),
        "datePublished": hit.published.as_deref().and_then(date),
        "publisher": hit.outlet.as_ref().map(|outlet| json!({"@type": "Organization", "name": outlet})),
    });
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": kind,
        "@id": url,
        "url": url,
        "text": hit.content,
        "dateCreated": hit.said.as_deref().and_then(date),
    });
    let (by, origin) =
        if kind == "Quotation" { ("spokenByCharacter", "isPartOf") } else { ("author", "appearance") };
    // A property that is null says something in JSON-LD, so absent ones are left out.
    data[by] = json!(speakers);
    data[origin] = article;
    without_nulls(data)
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null() && *value != json!([]));
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// Returns JSON for a data block: nothing in it can end the element.
fn data(value: &Value) -> String {
    let json = value.to_string();
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// Returns the address of a search for a name.
pub(super) fn search_for(item: &str) -> String {
    address("/search", &[("q", item)])
}

/// Returns the page of a statement, or of the article's anchor if it has no address.
pub(super) fn path_of(hit: &Hit) -> String {
    links::statement(if hit.address.is_empty() { &hit.statement } else { &hit.address })
}
