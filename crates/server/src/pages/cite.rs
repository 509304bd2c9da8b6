//! Ways to cite a statement: as text, as Markdown, as JSON, and as an annotation of the web.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use onrecord_export::{Format, Item, Options, export};
use onrecord_store::StoreError;
use onrecord_text::answers::{DecisionKind, StoredStatement};
use onrecord_text::legible;
use serde_json::Value;

use super::words::plain;
use crate::app::App;
use crate::links::{self, Base, is_web};
use crate::problem::{Problem, nothing_here};
use crate::public::{self, Public};

/// Returns the section that shows how to cite a statement.
pub(super) fn section(stored: &StoredStatement, base: &Base) -> Markup {
    let page = links::statement(&stored.hit.address);
    let forms = [
        ("Text", "cite.txt", text(stored, base)),
        ("Markdown", "cite.md", markdown(stored, base)),
        ("JSON", "cite.json", json(stored, base)),
    ];
    html! {
        section aria-labelledby="cite" {
            h2 id="cite" { "Cite this" }
            @for (n, (label, file, cited)) in forms.iter().enumerate() {
                details open[n == 0] {
                    summary { (label) }
                    pre.cite tabindex="0" aria-label={ (label) } data-copy="" { (super::words::verbatim(cited)) }
                    p { a href={ (page) "/" (file) } { "Open as a file" } }
                }
            }
            p { "As a " a href={ (page) "/annotation.json" } { "W3C Web Annotation" } ". Permanent address: " a href=(page) { code { (base.of(&page)) } } }
        }
    }
}

pub(super) async fn download(
    State(app): State<App>,
    base: Base,
    Path((asked, form)): Path<(String, String)>,
) -> Result<Response, Problem> {
    if form == "annotation.json" {
        let annotation = app.read(move |reader| annotation(reader, &asked)).await?;
        let kind = "application/ld+json; profile=\"http://www.w3.org/ns/anno.jsonld\"";
        return Ok(([(header::CONTENT_TYPE, kind)], annotation).into_response());
    }
    let (kind, write): (_, fn(&StoredStatement, &Base) -> String) = match form.as_str() {
        "cite.txt" => ("text/plain; charset=utf-8", text),
        "cite.md" => ("text/markdown; charset=utf-8", markdown),
        "cite.json" => ("application/json", json),
        _ => return Err(nothing_here().await),
    };
    let stored = app.read(move |reader| reader.stored_statement(&asked)).await?;
    Ok(([(header::CONTENT_TYPE, kind)], write(&stored, &base)).into_response())
}

/// Returns who said it, in words.
fn by(stored: &StoredStatement) -> String {
    let hit = &stored.hit;
    let mut by = hit.speaker.as_deref().map_or_else(|| "somebody".to_owned(), plain);
    if let Some(role) = &hit.role {
        by.push_str(&format!(", {}", plain(role)));
    }
    if let Some(said) = &hit.said {
        by.push_str(&format!(", {}", legible(said)));
    }
    by
}

/// Returns the kind of the statement, its cue, its caveats, and what people changed. The cue may be
/// all that says in the article that a statement was not made.
fn how(stored: &StoredStatement) -> String {
    let hit = &stored.hit;
    let cue = hit.cue.as_deref().map(|cue| format!("in the article: “{}”", plain(cue)));
    let relayed = hit.relayed_by.as_deref().map(|by| format!("relayed by {}", plain(by)));
    let earlier = (!stored.article.latest).then(|| "from an earlier version of the article".to_owned());
    let caveats = hit.caveats().map(str::to_owned);
    let parts =
        [Some(hit.kind.to_string()), cue, relayed].into_iter().flatten().chain(caveats).chain(earlier);
    parts.chain(changed(stored)).collect::<Vec<_>>().join("; ")
}

/// Returns which fields people changed and whether they rejected the statement, and who did.
fn changed(stored: &StoredStatement) -> impl Iterator<Item = String> + '_ {
    stored.decisions.iter().filter_map(|decision| {
        let by = decision.by.as_deref().map_or_else(|| "a person".to_owned(), plain);
        match (decision.kind, decision.field) {
            (DecisionKind::Reject, _) => Some(format!("rejected as wrong by {by}")),
            (_, Some(field)) => Some(format!("{} corrected by {by}", field.in_words())),
            _ => None,
        }
    })
}

/// Returns where it stands: outlet, title, date and address, each of which `written` puts into the form of the
/// citation.
fn origin(
    stored: &StoredStatement,
    written: impl Fn(&str) -> String,
    link: impl Fn(&str, &str) -> String,
) -> String {
    let article = &stored.article;
    let title = article.title.as_deref().unwrap_or_else(|| public::source(&article.source_id));
    let title = written(&plain(title));
    let title = match article.url.as_deref().filter(|url| is_web(url)) {
        Some(url) => link(&title, url),
        None => format!("“{title}”"),
    };
    let outlet = article.outlet.as_deref().map(|outlet| written(&plain(outlet)));
    let published = article.published.as_deref().map(|day| legible(day).into_owned());
    [outlet, Some(title), published].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn text(stored: &StoredStatement, base: &Base) -> String {
    let url = base.of(&links::statement(&stored.hit.address));
    let origin = origin(stored, str::to_owned, |title, url| format!("“{title}”, {}", plain(url)));
    let words = plain(&stored.hit.content);
    format!("{words}\n— {} ({})\n{origin}\nOn record: {url}\n", by(stored), how(stored))
}

fn markdown(stored: &StoredStatement, base: &Base) -> String {
    let url = base.of(&links::statement(&stored.hit.address));
    let origin = origin(stored, escaped, |title, url| {
        format!("[{title}](<{}>)", plain(url).replace(['<', '>', ' '], ""))
    });
    format!(
        "> {}\n>\n> — {} ({})\n\n{origin} · [on record]({url})\n",
        escaped(&plain(&stored.hit.content)),
        escaped(&by(stored)),
        escaped(&how(stored))
    )
}

/// Returns text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_{}[]<>()#+-.!|~&".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn json(stored: &StoredStatement, base: &Base) -> String {
    let mut cited = serde_json::to_value(stored.clone().public()).unwrap_or_default();
    cited["permanent_url"] = Value::String(base.of(&links::statement(&stored.hit.address)));
    let mut out = serde_json::to_string_pretty(&cited).unwrap_or_default();
    out.push('\n');
    out
}

/// Returns a statement as a Web Annotation.
fn annotation(reader: &onrecord_store::Reader, asked: &str) -> Result<String, Problem> {
    let name = reader.named_statement(asked)?;
    let hit = reader.statement(name)?;
    let mut record = reader.corrected(name.article, std::slice::from_ref(&hit))?;
    let id = name.id();
    record.statements.retain(|statement| statement.id == id);
    let item =
        Item { article: Some(name.article), addresses: vec![hit.address.clone()], ..Item::from(record) };
    let mut page = Vec::new();
    export([Ok(item)], Format::WebAnnotation, Options::default(), &mut page)?;
    let page: Value = serde_json::from_slice(&page).map_err(Problem::internal)?;
    let mut annotation = page["items"][0].clone();
    if annotation.is_null() {
        return Err(StoreError::NotFound(format!("{asked}: no such statement in this store")).into());
    }
    annotation["@context"] = page["@context"].clone();
    serde_json::to_string_pretty(&annotation).map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_article_says_of_itself_is_escaped() {
        let mut stored = StoredStatement::default();
        stored.article.outlet = Some("[x](https://evil.example)".to_owned());
        stored.article.title = Some("<b>".to_owned());
        let base = Base("http://127.0.0.1:7878".to_owned());
        let cited = markdown(&stored, &base);
        assert!(cited.contains("\\[x\\]\\(https://evil\\.example\\), “\\<b\\>”"), "{cited}");
        assert!(text(&stored, &base).contains("[x](https://evil.example), “<b>”"));
    }

    #[test]
    fn markdown_is_escaped() {
        assert_eq!(escaped("[a](b) <script> *c*"), "\\[a\\]\\(b\\) \\<script\\> \\*c\\*");
    }
}
