//! What all pages have in common: the frame around their content, and what they know about their reader.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use onrecord::VERSION;
use onrecord_store::DecisionId;
use onrecord_text::hexadecimal;
use sha2::{Digest, Sha256};

use super::correct::BY;
use super::words::plain;
use crate::app::{App, Corrections};
use crate::assets;
use crate::guard;
use crate::links::{Base, encoded};
use crate::problem::Problem;

/// The sections of the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Section {
    #[default]
    None,
    Search,
    Events,
    Sources,
    Try,
    Review,
}

/// What surrounds the content of a page.
#[derive(Default)]
pub(super) struct Frame<'a> {
    pub section: Section,
    /// Elements for the page's head.
    pub head: Option<Markup>,
    /// The query that the search box shows. The search page has a box of its own.
    pub query: &'a str,
    /// Whether the page shows what people decide about.
    pub corrections: bool,
    /// The decision that the reader has just made.
    pub decided: Option<i64>,
}

/// Who reads a page, and what they may do.
pub(super) struct View {
    pub base: Base,
    /// Whether the server takes corrections.
    pub corrections: bool,
    /// Whether this reader may record decisions now.
    pub may_decide: bool,
    /// The name under which the reader decided before.
    pub by: String,
    /// The decision that the reader has just made.
    decided: Option<i64>,
    /// The version of the page that the browser has.
    known: Option<String>,
}

impl FromRequestParts<App> for View {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let base = Base::from_request_parts(parts, app).await?;
        let corrections = &app.config().corrections;
        let query = parts.uri.query().unwrap_or_default();
        let decided = query.split('&').find_map(|pair| pair.strip_prefix("decided=")?.parse().ok());
        let known = parts.headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let may_decide = guard::is_trusted(&parts.headers, corrections);
        // Anybody may write such a link. Only those who may decide are told of a decision, and only of one in force.
        let in_force = match decided.filter(|_| may_decide) {
            Some(number) => {
                app.read(move |reader| reader.decision(DecisionId(number))).await?.filter(|d| !d.undone)
            }
            None => None,
        };
        Ok(Self {
            base,
            corrections: *corrections != Corrections::Off,
            may_decide,
            by: guard::cookie(&parts.headers, BY).map(decoded).unwrap_or_default(),
            decided: in_force.map(|decision| decision.id.0),
            known: known.map(str::to_owned),
        })
    }
}

impl View {
    /// Returns a frame with what this reader may see.
    pub fn frame(&self, section: Section) -> Frame<'static> {
        Frame { section, head: None, query: "", corrections: self.corrections, decided: self.decided }
    }

    /// Returns a page as a response, or says that the browser already has it.
    pub fn page(&self, title: &str, frame: &Frame, content: &Markup) -> Response {
        let page = super::view::frame(title, frame, content).into_string();
        let tag = format!("\"{}\"", hexadecimal(&Sha256::digest(&page)[..12]));
        if self.known.as_deref() == Some(tag.as_str()) {
            return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
        }
        ([(header::ETAG, tag)], Html(page)).into_response()
    }

    /// Returns a page that says why a request was refused.
    pub fn refused(&self, status: StatusCode, title: &str, frame: &Frame, content: &Markup) -> Response {
        (status, Html(super::view::frame(title, frame, content).into_string())).into_response()
    }
}

/// Returns a whole page.
pub(super) fn frame(title: &str, frame: &Frame, content: &Markup) -> Markup {
    let title = plain(title);
    let here = |section: Section| (frame.section == section).then_some("page");
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { @if title.is_empty() { "onrecord" } @else { (title) " · onrecord" } }
                link rel="icon" href=(assets::url("icon.svg"));
                link rel="stylesheet" href=(assets::url("style.css"));
                @if let Some(head) = &frame.head { (head) }
                script src=(assets::url("pages.js")) defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.top {
                    a.brand href="/" aria-label="onrecord: search" { "onrecord" }
                    nav aria-label="Sections" {
                        a href="/" aria-current=[here(Section::Search)] { "Search" }
                        a href="/events" aria-current=[here(Section::Events)] { "Events" }
                        a href="/sources" aria-current=[here(Section::Sources)] { "Sources" }
                        a href="/try" aria-current=[here(Section::Try)] { "Try it" }
                        @if frame.corrections {
                            a href="/review" aria-current=[here(Section::Review)] { "Review" }
                        }
                    }
                    @if frame.section != Section::Search {
                        form.quick action="/search" role="search" aria-label="Statements" {
                            label.hidden for="quick" { "Search statements" }
                            input id="quick" type="search" name="q" value=(frame.query) placeholder="Search statements"
                                autocomplete="off" spellcheck="false";
                        }
                    }
                }
                main id="main" tabindex="-1" {
                    @if let Some(decision) = frame.decided {
                        div.flash role="status" {
                            span { "Decision " (decision) " is recorded." }
                            form method="post" action="/decide" {
                                input type="hidden" name="decision" value=(decision);
                                button name="action" value="undo" data-key="u" { "Undo" }
                            }
                        }
                    }
                    (content)
                }
                footer.bottom {
                    p { "onrecord " (VERSION) " says who said what, in the words of the articles. It does not say what is true." }
                    p {
                        a href="/api/v1/" { "API" }
                        @if frame.corrections { a href="/decisions" { "Decisions" } }
                        span.keys { "Keys: " kbd { "/" } " search, " kbd { "j" } " " kbd { "k" } " next and previous" }
                    }
                }
            }
        }
    }
}

/// Returns the value of a form field or a cookie with `%20` and the like replaced.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        rest = others;
        let byte = match (first, others) {
            (b'%', [a, b, ..]) => {
                let hex =
                    std::str::from_utf8(&[*a, *b]).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
                if hex.is_some() {
                    rest = &others[2..];
                }
                hex.unwrap_or(b'%')
            }
            _ => *first,
        };
        bytes.push(byte);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns an address with these parameters, without those that are empty.
pub(super) fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let given = parameters.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = given.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encoded_and_decoded() {
        assert_eq!(
            address("/search", &[("q", "speaker:\"Å b\" & c"), ("after", "")]),
            "/search?q=speaker%3A%22%C3%85%20b%22%20%26%20c"
        );
        assert_eq!(decoded(&encoded("Åse 100% “x”")), "Åse 100% “x”");
        assert_eq!(decoded("%zz%4"), "%zz%4");
    }
}
