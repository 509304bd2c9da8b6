//! The description of the API: as an OpenAPI document for programs, and as a page for people.

use std::sync::LazyLock;

use axum::Json;
use axum::response::Html;
use maud::{DOCTYPE, Markup, html};
use onrecord_text::answers;
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::{correct, export, look, read};
use crate::assets;
use crate::problem::Document;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "onrecord",
        description = "Who said what, when, and in which article: the statements of an archive of news. Offsets count \
            Unicode code points of an article's text and are half-open. Dates are EDTF. Fields may be added to \
            answers; existing ones keep their names and meanings.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    paths(
        look::search, look::facets, look::timeline, look::statement, look::statement_lineage, look::lineage,
        look::article, look::changes, look::people, look::person, look::person_statements, look::names,
        look::events, export::export_events, look::relations, look::accounts, look::coverage, look::review, export::export, read::read,
        correct::list, correct::decide, correct::undo,
    ),
    components(schemas(Document, answers::Hit)),
    tags(
        (name = "Statements", description = "Find statements, count them, and export them"),
        (name = "Lineage", description = "Follow a quotation from article to article"),
        (name = "Articles", description = "Articles and their versions"),
        (name = "People", description = "Persons, organisations and places across articles"),
        (name = "Events", description = "Reports of events: who did what to whom, according to whom"),
        (name = "Store", description = "What the store covers"),
        (name = "Corrections", description = "What people decided, and what they should look at"),
        (name = "Read", description = "Read a document without storing it"),
    ),
)]
struct Api;

/// Requests and their answers, as a server answers them for the archive of the tests. A test compares them.
const EXAMPLES: [(&str, &str); 8] = [
    ("/search", include_str!("examples/search.json")),
    ("/facets", include_str!("examples/facets.json")),
    ("/timeline", include_str!("examples/timeline.json")),
    ("/statements/{statement}", include_str!("examples/statement.json")),
    ("/lineage", include_str!("examples/lineage.json")),
    ("/people", include_str!("examples/people.json")),
    ("/names", include_str!("examples/names.json")),
    ("/corrections", include_str!("examples/corrections.json")),
];

/// The problems that a request may meet, by status.
const PROBLEMS: [(&str, &str); 6] = [
    ("400", "A parameter, or the query, was not understood"),
    ("404", "There is no such statement, article, person, report or decision"),
    ("421", "The server does not answer for this host"),
    ("500", "The store is damaged, or can't be read"),
    ("503", "Another program is writing to the store, or there are too many requests; try again"),
    ("504", "This took too long"),
];
/// The problems that a request with a body, or a change, may meet as well.
const REFUSALS: [(&str, &str); 6] = [
    ("401", "The token is missing or wrong"),
    ("403", "Corrections are off, or another site sent this"),
    ("413", "The body is too large"),
    ("415", "The type of the body is not supported"),
    ("422", "The body was not understood"),
    ("507", "The disk is full"),
];

/// The document, made once.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut api = serde_json::to_value(Api::openapi()).unwrap_or_default();
    api["info"]["version"] = json!(onrecord::VERSION);
    let problem = |what: &str| {
        let schema = json!({"$ref": "#/components/schemas/Problem"});
        json!({"description": what, "content": {"application/problem+json": {"schema": schema}}})
    };
    for path in api["paths"].as_object_mut().into_iter().flat_map(serde_json::Map::values_mut) {
        for (method, operation) in path.as_object_mut().into_iter().flatten() {
            let Some(responses) = operation["responses"].as_object_mut() else { continue };
            for (status, what) in PROBLEMS.iter().chain(REFUSALS.iter().filter(|_| method != "get")) {
                responses.insert((*status).to_owned(), problem(what));
            }
            // The connection answers this itself, before the request has become one of the API.
            responses
                .insert("414".to_owned(), json!({ "description": "The address of the request is too long" }));
            if method == "get" {
                let tag = json!({"description": "The state of the store", "schema": {"type": "string"}});
                responses["200"]["headers"] = json!({"ETag": tag});
                let unchanged = "The client has this answer: the store has not changed since";
                responses.insert("304".to_owned(), json!({"description": unchanged}));
            }
        }
    }
    // Bytes have no schema. The types of the handlers would describe them as lists of numbers.
    let read = &mut api["paths"]["/api/v1/read"]["post"]["requestBody"]["content"];
    for content in read.as_object_mut().into_iter().flat_map(serde_json::Map::values_mut) {
        content["schema"] = json!({});
    }
    for path in ["/api/v1/export", "/api/v1/events/export"] {
        let export = &mut api["paths"][path]["get"]["responses"]["200"]["content"];
        export["application/vnd.apache.parquet"]["schema"] = json!({});
    }
    for (path, example) in EXAMPLES {
        let example: Value = serde_json::from_str(example).unwrap_or_default();
        let content = &mut api["paths"][format!("/api/v1{path}")]["get"]["responses"]["200"]["content"];
        content["application/json"]["example"] = example["answer"].clone();
    }
    api
});

/// Returns the OpenAPI document.
pub(super) async fn document() -> Json<&'static Value> {
    Json(&*DOCUMENT)
}

/// Returns the page that describes the API and lets people try it.
pub(super) async fn page() -> Html<String> {
    Html(written(&DOCUMENT).into_string())
}

fn written(api: &Value) -> Markup {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let operations: Vec<(&String, &String, &Value)> = api["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| item.as_object().into_iter().flatten().map(move |(m, o)| (path, m, o)))
        .collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "HTTP API · onrecord" }
                link rel="icon" href=(assets::url("icon.svg"));
                link rel="stylesheet" href=(assets::url("style.css"));
                script src=(assets::url("api.js")) defer {}
            }
            body {
                main {
                    h1 { "HTTP API" }
                    p { (text(&api["info"]["description"])) }
                    p { a href="/api/v1/openapi.json" { "OpenAPI document" } " · " a href="/" { "Search" } }
                    @for tag in api["tags"].as_array().into_iter().flatten() {
                        section {
                            h2 { (text(&tag["name"])) }
                            p { (text(&tag["description"])) }
                            @for (path, method, operation) in &operations {
                                @if operation["tags"][0] == tag["name"] { (described(path, method, operation)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Writes one operation. GET requests can be tried: without scripts, if their path has no parameters.
fn described(path: &str, method: &str, operation: &Value) -> Markup {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let parameters: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
    let id = text(&operation["operationId"]);
    html! {
        article id=(id) {
            h3 { (text(&operation["summary"])) }
            p { code { (method.to_uppercase()) " " (path) } }
            p { (text(&operation["description"])) }
            @if method == "get" {
                form method="get" action=(path) data-path=(path) {
                    @for parameter in &parameters {
                        @let name = text(&parameter["name"]);
                        @let field = format!("{id}-{name}");
                        p {
                            label for=(field) { (name) } " "
                            input id=(field) name=(name) placeholder=(shown(&parameter["example"]))
                                data-in=(text(&parameter["in"])) required[parameter["required"] == true];
                            br;
                            small { (text(&parameter["description"])) }
                        }
                    }
                    p { button { "Send" } }
                }
            } @else {
                ul {
                    @for parameter in &parameters {
                        li { code { (text(&parameter["name"])) } ": " (text(&parameter["description"])) }
                    }
                }
            }
        }
    }
}

/// Returns an example as people type it.
fn shown(example: &Value) -> String {
    match example {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
