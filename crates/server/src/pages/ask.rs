//! The query box of the pages for statements and for reports of events, with its errors and its help.

use maud::{Markup, html};
use onrecord_store::QueryError;

use super::view::address;
use super::words::verbatim;

/// A box for a query.
pub(super) struct Asking<'a> {
    /// The path of the page that answers.
    pub path: &'a str,
    /// What is searched for. This distinguishes the box from others on the page.
    pub things: &'a str,
    pub heading: &'a str,
    pub placeholder: &'a str,
    pub query: &'a str,
    /// Another parameter that stays the same, unless it is empty.
    pub kept: (&'a str, &'a str),
}

impl Asking<'_> {
    /// Returns the box, and what is wrong with its query.
    pub fn form(&self, error: Option<&QueryError>) -> Markup {
        html! {
            form.search action=(self.path) role="search" aria-label=(self.things) {
                h1 { label for="q" { (self.heading) } }
                div.box {
                    input id="q" type="search" name="q" value=(self.query) autocomplete="off" autocapitalize="off"
                        spellcheck="false" placeholder=(self.placeholder)
                        aria-describedby={ "query-help" @if error.is_some() { " query-error" } }
                        aria-invalid=[error.map(|_| "true")] data-error-at=[error.map(|error| error.at)];
                    (self.kept())
                    button.primary { "Search" }
                }
                @if let Some(error) = error {
                    div.problem id="query-error" role="alert" {
                        p { strong { "The query was not understood." } " At character " (error.at) ": " (error.what) "." }
                        (pointed(self.query, error.at))
                    }
                }
            }
        }
    }

    /// Returns the field of a form that keeps the other parameter.
    pub fn kept(&self) -> Markup {
        let (name, value) = self.kept;
        html! { @if !value.is_empty() { input type="hidden" name=(name) value=(value); } }
    }

    /// Returns what the query language can say: examples, which link to their answers, with their meanings.
    pub fn help(&self, open: bool, rows: &[(&str, &str)], note: Markup) -> Markup {
        html! {
            details.help id="query-help" open[open] {
                summary { "How to ask" }
                dl {
                    @for (example, meaning) in rows {
                        div { dt { a href=(address(self.path, &[("q", example)])) { code { (example) } } } dd { (meaning) } }
                    }
                }
                (note)
            }
        }
    }
}

/// Returns a query, with a mark at the character at which it was not understood.
fn pointed(query: &str, at: usize) -> Markup {
    let points: Vec<char> = query.chars().collect();
    let place = at.saturating_sub(1).min(points.len());
    let part = |from: usize, to: usize| verbatim(&points[from..to].iter().collect::<String>());
    html! {
        pre.pointed {
            (part(0, place))
            mark { @if place < points.len() { (part(place, place + 1)) } @else { "\u{a0}" } }
            (part((place + 1).min(points.len()), points.len()))
        }
    }
}

/// Returns links to the result of a query in some formats, each with its label, and what else is in the list.
pub(super) fn exports(path: &str, query: &str, formats: &[(&str, &str)], more: Markup) -> Markup {
    html! {
        details.export {
            summary { "Export" }
            ul {
                @for (format, label) in formats {
                    li { a href=(address(path, &[("q", query), ("format", format)])) download { (label) } }
                }
                (more)
            }
        }
    }
}

/// Returns a value without quotation marks, so that it can stand between them in a query.
pub(super) fn unquoted(value: &str) -> String {
    value.split(['"', '“', '”']).collect::<Vec<_>>().join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_point_at_their_character() {
        assert_eq!(pointed("ä (b", 3).into_string(), "<pre class=\"pointed\">ä <mark>(</mark>b</pre>");
        assert_eq!(pointed("ab", 3).into_string(), "<pre class=\"pointed\">ab<mark>\u{a0}</mark></pre>");
    }
}
