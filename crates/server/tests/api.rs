//! The HTTP API: its answers, its errors, and whether both are as its description says.

mod archive;
mod common;

use std::io::Write;

use axum::body::Body;
use axum::http::{StatusCode, header};
use common::{Answer, Served};
use jsonschema::Validator;
use onrecord_server::Corrections;
use onrecord_store::Store;
use serde_json::{Value, json};

fn served() -> Served {
    Served::filled(archive::fill, |_| ())
}

/// Requests that the API answers, one or more for each operation that reads.
const REQUESTS: [(&str, &str); 23] = [
    ("/search", "/search?q=toll"),
    ("/search", "/search?q=speaker:brandt&order=best&limit=1"),
    ("/search", "/search?q=nothing"),
    ("/search", "/search"),
    ("/facets", "/facets?q=toll"),
    ("/facets", "/facets?counted=1&values=1"),
    ("/timeline", "/timeline"),
    ("/statements/{statement}", "/statements/2.s1"),
    ("/statements/{statement}", "/statements/2.s2"),
    ("/statements/{statement}", "/statements/3.s1"),
    ("/statements/{statement}/lineage", "/statements/1.s1/lineage"),
    ("/lineage", "/lineage?words=nobody%20will%20pay%20a%20toll%20to%20cross%20it"),
    ("/articles/{article}", "/articles/3"),
    ("/articles/{article}", "/articles/http:%2F%2Fsound.example%2F7"),
    ("/articles/{article}/changes", "/articles/1/changes"),
    ("/people", "/people?name=brandt"),
    ("/people/{person}", "/people/p1"),
    ("/people/{person}/statements", "/people/p1/statements?relation=about"),
    ("/names", "/names?prefix=ba"),
    ("/coverage", "/coverage"),
    ("/review", "/review?limit=2"),
    ("/corrections", "/corrections"),
    ("/people", "/people?name=nobody"),
];

/// The same for reports of events.
const ON_EVENTS: [(&str, &str); 6] = [
    ("/events", "/events"),
    ("/events", "/events?q=class:material-conflict&limit=1"),
    ("/events", "/events?limit=1&after=2.v1"),
    ("/relations", "/relations?one=Sundmark&other=Norland&by=year"),
    ("/accounts", "/accounts?q=type:assault"),
    ("/articles/{article}", "/articles/1"),
];

async fn description(served: &Served) -> Value {
    served.get("/api/v1/openapi.json").await.json()
}

/// Checks JSON against a schema of the description.
fn validator(api: &Value, schema: &Value) -> Validator {
    let mut root = schema.clone();
    root["components"] = api["components"].clone();
    jsonschema::draft202012::new(&root).unwrap()
}

fn check(api: &Value, schema: &Value, value: &Value, what: &str) {
    let errors: Vec<String> =
        validator(api, schema).iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:?}");
}

fn schema<'a>(api: &'a Value, path: &str, method: &str, status: &str) -> &'a Value {
    let content = &api["paths"][format!("/api/v1{path}")][method]["responses"][status]["content"];
    let schema = &content["application/json"]["schema"];
    assert!(schema.is_object(), "{path}");
    schema
}

#[tokio::test]
async fn answers_are_as_described() {
    let served = served();
    let api = description(&served).await;
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"), "{}", api["openapi"]);
    let on_events = Served::filled(archive::fill_events, |_| ());
    let requests = REQUESTS.map(|request| (&served, request));
    for (served, (path, request)) in
        requests.into_iter().chain(ON_EVENTS.map(|request| (&on_events, request)))
    {
        let answer = served.get(&format!("/api/v1{request}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{request}: {}", answer.body);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
        check(&api, schema(&api, path, "get", "200"), &answer.json(), request);
    }
    // The check can fail: an answer of another operation is not as described.
    let wrong = json!({"schema": 1});
    assert!(!validator(&api, schema(&api, "/search", "get", "200")).is_valid(&wrong));
}

#[tokio::test]
async fn every_described_path_is_tried_and_every_reference_leads_somewhere() {
    let served = served();
    let api = description(&served).await;
    for (path, item) in api["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        // The tests of exports check their answers, which are files.
        if item.get("get").is_some() && !path.ends_with("/export") {
            assert!(REQUESTS.iter().chain(&ON_EVENTS).any(|(tried, _)| *tried == path), "{path}");
        }
    }
    let bodies = api["paths"]["/api/v1/read"]["post"]["requestBody"]["content"].as_object().unwrap();
    assert_eq!(bodies.len(), 3);
    assert!(bodies.values().all(|body| body["schema"] == json!({})), "bytes have no schema: {bodies:?}");
    let text = api.to_string();
    for (at, start) in text.match_indices("#/components/schemas/") {
        let name = text[at + start.len()..].split('"').next().unwrap();
        assert!(api["components"]["schemas"][name].is_object(), "{name}");
    }
}

#[tokio::test]
async fn reports_of_events_are_found_counted_and_compared() {
    let served = Served::filled(archive::fill_events, |_| ());
    let json = async |path: &str| served.get(&format!("/api/v1{path}")).await.json();
    let page = json("/events?q=sundmark&limit=2").await;
    let names = |page: &Value| -> Vec<String> {
        page["reports"].as_array().unwrap().iter().map(|r| r["report"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((names(&page), &page["next"]), (vec!["3.v1".to_owned(), "2.v1".to_owned()], &json!("2.v1")));
    let rest = json("/events?q=sundmark&limit=2&after=2.v1").await;
    assert_eq!((names(&rest), &rest["next"]), (vec!["1.v2".to_owned(), "1.v1".to_owned()], &json!(null)));
    let raid = &rest["reports"][1];
    assert_eq!(
        (&raid["type"], &raid["claimant"], &raid["claimant_side"]),
        (&json!("ASSAULT"), &json!("Karl Falk"), &json!("recipient"))
    );
    assert_eq!(
        (&raid["source_id"], &raid["claim"]["source_id"]),
        (&json!("raid.txt"), &json!("raid.txt")),
        "no folder"
    );
    let relations = json("/relations?one=Sundmark&other=Norland&by=month").await;
    let counted: Vec<String> = relations["relations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            format!("{} {} {} {} {}", r["period"], r["actor"], r["class"], r["claimed_by"], r["status"])
                .replace('"', "")
        })
        .collect();
    assert_eq!(
        counted,
        [
            "2016-04 Sundmark material conflict actor denied",
            "2016-04 Sundmark material conflict recipient happened",
            "2016-04 Norland verbal cooperation article planned",
            "2016-05 Sundmark material conflict article happened",
        ]
    );
    let only = json("/relations?one=Sundmark&other=Norland&q=status:denied").await;
    assert_eq!(only["relations"].as_array().unwrap().len(), 1);
    let accounts = json("/accounts").await;
    let [rivals] = accounts["accounts"].as_array().unwrap().as_slice() else { panic!("{accounts}") };
    assert_eq!(rivals["days"], json!(["2016-04-11", "2016-04-12"]));
    assert_eq!(names(rivals), ["1.v1", "2.v1"]);
    for (path, status, what) in [
        ("/events?q=speaker:falk", 400, "no field “speaker:”"),
        ("/events?after=1.s1", 400, "does not name a report"),
        ("/events?after=9.v9", 404, "no such report"),
        ("/events?limit=0", 400, "limit is a number from 1 to 200"),
        ("/relations?one=Sundmark", 400, "other"),
        ("/relations?one=Sundmark&other=Nobody", 404, "nobody in this store"),
        ("/relations?one=Sundmark&other=Norland&by=week", 400, "expected one of `day`, `month`, `year`"),
        ("/relations?one=Sundmark&other=Norland&period=day", 400, "unknown field `period`, expected one of"),
        ("/accounts?q=(", 400, "at character"),
    ] {
        let answer = served.get(&format!("/api/v1{path}")).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
        assert!(answer.json()["detail"].as_str().unwrap().contains(what), "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn other_methods_are_refused_with_those_that_are_allowed() {
    let served = Served::filled(archive::fill_events, |_| ());
    let path = "/api/v1/relations?one=Sundmark&other=Norland&by=month";
    for method in ["POST", "PUT", "DELETE"] {
        let headers = [("origin", "http://localhost:7878")];
        let answer = served.send(method, path, &headers, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        let what = format!("this address does not support {method}; the header Allow lists");
        assert!(answer.json()["detail"].as_str().unwrap().starts_with(&what), "{}", answer.body);
        assert_eq!(answer.headers[header::ALLOW], "GET,HEAD");
    }
}

#[tokio::test]
async fn a_store_without_reports_says_how_to_get_some() {
    let hint = async |served: &Served, path: &str| -> Value {
        let answer = served.get(&format!("/api/v1{path}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.json().get("hint").cloned().unwrap_or_default()
    };
    let (without, with) = (Served::new(), Served::filled(archive::fill_events, |_| ()));
    for path in
        ["/events?q=type:AID", "/relations?one=Sundmark&other=Norland&q=type:AID", "/accounts?q=type:AID"]
    {
        let told = hint(&without, path).await;
        assert!(told.as_str().unwrap_or_default().contains("onrecord ingest --events"), "{path}: {told}");
        assert_eq!(hint(&with, path).await, Value::Null, "{path}");
    }
}

/// JSON for people: what fits on a line stands on one.
fn shown_as(value: &Value, indent: usize) -> String {
    let parts: Vec<String> = match value {
        Value::Array(all) => all.iter().map(|v| shown_as(v, indent + 2)).collect(),
        Value::Object(all) => {
            all.iter().map(|(name, v)| format!("{}: {}", json!(name), shown_as(v, indent + 2))).collect()
        }
        other => return other.to_string(),
    };
    let (open, close) = if value.is_array() { ('[', ']') } else { ('{', '}') };
    let line = format!("{open}{}{close}", parts.join(", "));
    if indent + line.len() <= 110 && !line.contains('\n') {
        return line;
    }
    let inside = " ".repeat(indent + 2);
    format!("{open}\n{inside}{}\n{}{close}", parts.join(&format!(",\n{inside}")), " ".repeat(indent))
}

/// The examples of the description. Run with `UPDATE_EXAMPLES=1` after a change of the archive or the answers.
#[tokio::test]
async fn examples_are_what_a_server_answers() {
    let served = served();
    let api = description(&served).await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/examples");
    let address =
        served.get("/api/v1/statements/2.s1").await.json()["hit"]["address"].as_str().unwrap().to_owned();
    for (name, path, request) in [
        ("search", "/search", "/search?q=speaker:brandt%20toll&limit=1".to_owned()),
        ("facets", "/facets", "/facets?q=toll&values=2".to_owned()),
        ("timeline", "/timeline", "/timeline?q=toll".to_owned()),
        ("statement", "/statements/{statement}", format!("/statements/{address}")),
        ("lineage", "/lineage", "/lineage?words=nobody%20will%20pay%20a%20toll%20to%20cross%20it".to_owned()),
        ("people", "/people", "/people?name=Ada%20Brandt".to_owned()),
        ("names", "/names", "/names?prefix=ba".to_owned()),
        ("corrections", "/corrections", "/corrections".to_owned()),
    ] {
        let file = format!("{folder}/{name}.json");
        let request = format!("/api/v1{request}");
        let now = json!({"request": request, "answer": served.get(&request).await.json()});
        if std::env::var_os("UPDATE_EXAMPLES").is_some() {
            std::fs::write(&file, shown_as(&now, 0) + "\n").unwrap();
            continue;
        }
        let kept: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!(kept, now, "{name}");
        let described = &api["paths"][format!("/api/v1{path}")]["get"]["responses"]["200"]["content"];
        let example = &described["application/json"]["example"];
        assert_eq!(example, &now["answer"], "{name}");
        check(&api, schema(&api, path, "get", "200"), example, name);
    }
}

/// The blocks of docs/API.md: each has an example of the description, or the answer to a request that fails.
#[tokio::test]
async fn the_documentation_shows_what_a_server_answers() {
    let served = served();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/API.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (mut new, mut seen) = (String::new(), 0);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        new.push_str(line);
        new.push('\n');
        let block = line.strip_prefix("```json ").and_then(|info| info.split_once('='));
        let Some((kind, name)) = block else { continue };
        let answer = if kind == "example" {
            let file = format!("{}/src/api/examples/{name}.json", env!("CARGO_MANIFEST_DIR"));
            let example: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            example["answer"].clone()
        } else {
            served.get(name).await.json()
        };
        let shown: String =
            lines.by_ref().take_while(|line| *line != "```").map(|l| format!("{l}\n")).collect();
        if std::env::var_os("UPDATE_EXAMPLES").is_some() {
            new.push_str(&shown_as(&answer, 0));
            new.push('\n');
        } else {
            let shown: Value = serde_json::from_str(&shown).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(shown, answer, "{name}");
        }
        new.push_str("```\n");
        seen += 1;
    }
    assert!(seen >= 9, "{seen}");
    if std::env::var_os("UPDATE_EXAMPLES").is_some() {
        std::fs::write(path, new).unwrap();
    }
}

#[tokio::test]
async fn pages_follow_cursors() {
    let served = served();
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let page = served.get(&format!("/api/v1/search?limit=2{after}")).await.json();
        all.extend(
            page["hits"].as_array().unwrap().iter().map(|h| h["address"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let whole = served.get("/api/v1/search?limit=200").await.json();
    let expected: Vec<&str> =
        whole["hits"].as_array().unwrap().iter().map(|h| h["address"].as_str().unwrap()).collect();
    assert_eq!(all, expected);
    assert_eq!(all.len(), 6);
}

#[tokio::test]
async fn errors_say_what_is_wrong() {
    let served = served();
    let api = description(&served).await;
    let document = json!({"$ref": "#/components/schemas/Problem"});
    for (request, status, what) in [
        ("/search?q=(toll", 400, "this parenthesis is never closed"),
        ("/search?q=toll&limit=0", 400, "limit is a number from 1 to 200"),
        ("/search?limit=201", 400, "limit is a number from 1 to 200"),
        ("/search?limit=x", 400, "limit"),
        ("/search?limit=", 400, "limit"),
        ("/search?order=sideways", 400, "sideways"),
        ("/search?qq=toll", 400, "qq"),
        ("/search?after=x", 400, "does not name a statement"),
        ("/search?after=0123456789abcdef", 404, "no statement in this store has this address"),
        ("/facets?counted=0", 400, "counted"),
        ("/facets?values=999", 400, "values"),
        ("/timeline?counted=3000000", 400, "counted"),
        ("/statements/0123456789abcdef", 404, "no statement"),
        ("/statements/x", 400, "does not name a statement"),
        ("/statements/%ff", 400, ""),
        ("/lineage", 400, "words"),
        ("/articles/99", 404, "no such article"),
        ("/articles/99/changes", 404, "no such article"),
        ("/people/12", 400, "p12"),
        ("/people/p99", 404, "p99"),
        ("/people/p99/statements", 404, "p99"),
        ("/people/p1/statements?relation=heard", 400, "heard"),
        ("/review?after=9.s9", 404, "9.s9"),
        ("/export?format=docx", 400, "docx"),
        ("/export?q=(toll", 400, "parenthesis"),
        ("/nothing", 404, "there is nothing at this address"),
    ] {
        let answer = served.get(&format!("/api/v1{request}")).await;
        assert_eq!(answer.status.as_u16(), status, "{request}: {}", answer.body);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{request}");
        let problem = answer.json();
        check(&api, &document, &problem, request);
        assert!(problem["detail"].as_str().unwrap().contains(what), "{request}: {problem}");
        assert_eq!(problem["status"], status);
    }
    let long = "x".repeat(4_001);
    for request in ["lineage?words", "people?name", "names?prefix"] {
        let answer = served.get(&format!("/api/v1/{request}={long}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{request}");
    }
    // Browsers send every field of a form.
    let form = served.with("/api/v1/search?q=&order=&limit=&after=", &[("accept", "text/html")]).await;
    assert_eq!(form.json()["hits"].as_array().unwrap().len(), 6);
    let problem = served.get("/api/v1/search?q=bridge%20speeker:brandt").await.json();
    assert_eq!(problem["at"], 8);
    let refused = served.send("POST", "/api/v1/search", &[], "").await;
    assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(refused.json()["status"], 405);
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let served = served();
    let first = served.get("/api/v1/search?q=toll").await;
    let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
    for sent in [tag.clone(), format!("\"x\", {tag}"), tag.trim_start_matches("W/").to_owned()] {
        let again = served.with("/api/v1/search?q=toll", &[("if-none-match", &sent)]).await;
        assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{sent}");
        assert_eq!(again.headers[header::ETAG].to_str().unwrap(), tag);
    }
    let other = served.with("/api/v1/search?q=toll", &[("if-none-match", "W/\"x\"")]).await;
    assert_eq!(other.status, StatusCode::OK);
    assert!(served.get("/api/v1/search?q=(").await.headers.get(header::ETAG).is_none());
    let draft = archive::article("http://a.example/1", "2016", "A", "Rolf Meyer said the toll is high.")
        .entity("person", "Rolf Meyer", &[])
        .says("indirect", "Rolf Meyer", "said", "the toll is high", "");
    archive::put(&mut Store::open(&served.store).unwrap(), &draft);
    let changed = served.with("/api/v1/search?q=toll", &[("if-none-match", &tag)]).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_eq!(
        changed.json()["hits"].as_array().unwrap().len(),
        first.json()["hits"].as_array().unwrap().len() + 1
    );
    assert_ne!(changed.headers[header::ETAG].to_str().unwrap(), tag);
}

#[tokio::test]
async fn no_answer_names_a_folder_of_the_machine() {
    let served = served();
    let mut requests: Vec<String> = REQUESTS.iter().map(|(_, request)| (*request).to_owned()).collect();
    requests
        .extend(["jsonl", "csv", "webannotation", "ftm"].map(|format| format!("/export?format={format}")));
    requests.push("/articles/3/changes".to_owned());
    requests.push("/search?after=%2Fetc%2Fpasswd".to_owned());
    let name = served.store.parent().unwrap().to_str().unwrap();
    for request in requests {
        let answer = served.get(&format!("/api/v1{request}")).await;
        assert!(!answer.body.contains(archive::FOLDER), "{request}");
        assert!(!answer.body.contains(name), "{request}");
    }
    assert!(served.get("/api/v1/export?format=jsonl").await.body.contains("rail.txt"));
}

#[tokio::test]
async fn exports_are_those_of_the_command() {
    let served = served();
    let lines = served.get("/api/v1/export?q=toll").await;
    assert_eq!(lines.headers[header::CONTENT_TYPE], "application/jsonl");
    assert!(lines.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("statements.jsonl"));
    let records: Vec<Value> = lines.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| record["schema"] == "onrecord/1"));
    let csv = served.get("/api/v1/export?format=csv").await;
    assert_eq!(csv.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert!(csv.body.starts_with("statement,article,"));
    assert_eq!(csv.body.lines().count(), 7, "a header and six statements");
    let parquet = served.get("/api/v1/export?format=parquet").await;
    assert!(parquet.body.starts_with("PAR1") && parquet.body.ends_with("PAR1"));
    let page: Value = served.get("/api/v1/export?format=webannotation&q=toll").await.json();
    assert_eq!(page["type"], "AnnotationPage");
    assert_eq!(served.get("/api/v1/export?q=nothing").await.body, "");
}

#[tokio::test]
async fn documents_are_read_and_not_stored() {
    let served = served();
    let api = description(&served).await;
    let before = served.get("/api/v1/coverage").await.json();
    let text = "“We open in May,” Ada Brandt said. “Nobody will pay,” she added.";
    let answer = served
        .send(
            "POST",
            "/api/v1/read?published=2016-03-04&outlet=The%20Sound",
            &[("content-type", "text/plain")],
            text,
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let reading = answer.json();
    check(&api, schema(&api, "/read", "post", "200"), &reading, "read");
    let record = &reading["records"][0];
    assert_eq!(
        (record["schema"].as_str(), record["article"]["text"].as_str()),
        (Some("onrecord/1"), Some(text))
    );
    assert_eq!(record["article"]["outlet"], "The Sound");
    assert_eq!(record["article"]["published"], "2016-03-04");
    assert_eq!(record["statements"][0]["speaker"]["name"], "Ada Brandt");
    // Several documents, one of which is damaged.
    let lines = "{\"id\": \"a\", \"text\": \"It rains, Pia Lund said.\"}\n{\"id\": 1, \"nothing\": true}\n";
    let both = served.send("POST", "/api/v1/read?from=jsonl", &[], lines).await.json();
    assert_eq!(both["records"].as_array().unwrap().len(), 1);
    assert_eq!(both["unread"].as_array().unwrap().len(), 1);
    // Two documents that are too much together, and a small one.
    let large = format!("It rains, Pia Lund said.{}", " ".repeat(5 << 19));
    let lines =
        [large.as_str(), &large, "It snows, Pia Lund said."].map(|text| json!({ "text": text }).to_string());
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(lines.join("\n").as_bytes()).unwrap();
    let packed_lines =
        served.send("POST", "/api/v1/read?from=jsonl", &[], packed.finish().unwrap()).await.json();
    let texts: Vec<_> =
        packed_lines["records"].as_array().unwrap().iter().map(|r| &r["article"]["text"]).collect();
    assert!(texts.len() == 2 && texts[1] == "It snows, Pia Lund said.", "{}", texts.len());
    let unread = packed_lines["unread"].as_array().unwrap();
    assert!(
        unread.len() == 1 && unread[0].as_str().unwrap().contains("at most 4 MiB together"),
        "{unread:?}"
    );
    // A few kilobytes that become more than a document may have.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&b"No, she said. ".repeat(1 << 19)).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 1 << 20);
    for (path, body, status) in [
        (
            "/api/v1/read",
            vec![0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13],
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("/api/v1/read", vec![b'a'; (4 << 20) + 1], StatusCode::PAYLOAD_TOO_LARGE),
        ("/api/v1/read", packed, StatusCode::UNPROCESSABLE_ENTITY),
        ("/api/v1/read", Vec::new(), StatusCode::BAD_REQUEST),
        ("/api/v1/read?published=yesterday", b"No, she said.".to_vec(), StatusCode::BAD_REQUEST),
        ("/api/v1/read?from=docx", b"No, she said.".to_vec(), StatusCode::BAD_REQUEST),
    ] {
        let refused = served.send("POST", path, &[], body).await;
        assert_eq!(refused.status, status, "{}", refused.body);
        assert_eq!(refused.headers[header::CONTENT_TYPE], "application/problem+json");
    }
    assert_eq!(served.get("/api/v1/coverage").await.json(), before);
}

async fn correct(served: &Served, headers: &[(&str, &str)], body: &Value) -> Answer {
    let mut all = vec![("content-type", "application/json")];
    all.extend(headers);
    served.send("POST", "/api/v1/corrections", &all, body.to_string()).await
}

#[tokio::test]
async fn decisions_are_made_and_taken_back() {
    let served = Served::filled(archive::fill, |config| config.corrections = Corrections::Open);
    let api = description(&served).await;
    let ours = [("origin", "http://localhost:7878")];
    let address =
        served.get("/api/v1/statements/2.s1").await.json()["hit"]["address"].as_str().unwrap().to_owned();
    let set = json!({"kind": "set", "statement": address, "field": "speaker", "value": "Pia Lund", "by": "Nora Falk"});
    let made = correct(&served, &ours, &set).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    check(&api, schema(&api, "/corrections", "post", "201"), &made.json(), "set");
    let decision = made.json();
    assert_eq!((&decision["kind"], &decision["by"]), (&json!("set"), &json!("Nora Falk")));
    let statement = || async { served.get(&format!("/api/v1/statements/{address}")).await.json() };
    assert_eq!(statement().await["hit"]["speaker"], "Pia Lund");
    let undo = format!("/api/v1/corrections/{}", decision["decision"]);
    let undone = served.send("DELETE", &undo, &ours, "").await;
    assert_eq!(undone.status, StatusCode::OK, "{}", undone.body);
    assert_eq!(undone.json()["undone"], true);
    assert_eq!(statement().await["hit"]["speaker"], "Ada Brandt");
    assert_eq!(served.send("DELETE", &undo, &ours, "").await.status, StatusCode::NOT_FOUND);
    for body in [
        json!({"kind": "accept", "statement": "2.s1"}),
        json!({"kind": "reject", "statement": "2.s2"}),
        json!({"kind": "split", "statement": "2.s1"}),
        json!({"kind": "merge", "person": "p1", "other": "p2"}),
    ] {
        let made = correct(&served, &ours, &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{body}: {}", made.body);
    }
    let all = served.get("/api/v1/corrections").await.json();
    let kinds: Vec<&str> =
        all["decisions"].as_array().unwrap().iter().map(|d| d["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["set", "set", "accept", "reject", "split", "merge"]);
    for (body, status) in [
        (json!({"kind": "accept", "statement": "99.s1"}), 404),
        (json!({"kind": "accept", "statement": "x"}), 400),
        (json!({"kind": "merge", "person": "Ada", "other": "p2"}), 400),
        (json!({"kind": "praise", "statement": "2.s1"}), 422),
        (json!({"kind": "set", "statement": "2.s1", "field": "said", "value": "soon"}), 400),
    ] {
        let refused = correct(&served, &ours, &body).await;
        assert_eq!(refused.status.as_u16(), status, "{body}: {}", refused.body);
        assert_eq!(refused.headers[header::CONTENT_TYPE], "application/problem+json");
    }
}

#[tokio::test]
async fn decisions_on_reports_are_made_and_taken_back() {
    let served = Served::filled(archive::fill_events, |config| config.corrections = Corrections::Open);
    let ours = [("origin", "http://localhost:7878")];
    let report = || async {
        let page = served.get("/api/v1/events?limit=50").await.json();
        let mut reports = page["reports"].as_array().unwrap().clone().into_iter();
        reports.find(|report| report["report"] == "1.v1").unwrap()
    };
    let before = report().await;
    let set = |field: &str, value: &str| json!({"kind": "set-report", "report": "1.v1", "field": field, "value": value, "by": "Nora Falk"});
    for (field, value) in [
        ("type", "PROTEST"),
        ("status", "possible"),
        ("actor", "Sweden"),
        ("recipient", "Pia Lund"),
        ("claimant", "article"),
    ] {
        let made = correct(&served, &ours, &set(field, value)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{field}: {}", made.body);
        assert_eq!((&made.json()["on_event"], &made.json()["field"]), (&json!(true), &json!(field)));
    }
    let after = report().await;
    assert_ne!(after, before);
    assert_eq!((&after["type"], &after["status"]), (&json!("PROTEST"), &json!("possible")));
    let accept = json!({"kind": "accept-report", "report": "1.v1"});
    assert_eq!(correct(&served, &ours, &accept).await.status, StatusCode::CREATED);
    let reject = correct(&served, &ours, &json!({"kind": "reject-report", "report": "1.v1"})).await.json();
    let undo = format!("/api/v1/corrections/{}", reject["decision"]);
    assert_eq!(served.send("DELETE", &undo, &ours, "").await.status, StatusCode::OK);
    for (body, status) in [
        (json!({"kind": "accept-report", "report": "9.v9"}), 404),
        (json!({"kind": "accept-report", "report": "1.s1"}), 400),
        (set("type", "SHOUT"), 400),
        (set("role", "x"), 422),
    ] {
        let refused = correct(&served, &ours, &body).await;
        assert_eq!(refused.status.as_u16(), status, "{body}: {}", refused.body);
    }
}

#[tokio::test]
async fn decisions_need_permission() {
    let ours = [("origin", "http://localhost:7878")];
    let accept = json!({"kind": "accept", "statement": "2.s1"});
    let status = |answer: Answer| answer.status.as_u16();
    let off = served();
    assert_eq!(status(correct(&off, &ours, &accept).await), 403);
    assert_eq!(status(off.send("DELETE", "/api/v1/corrections/1", &ours, "").await), 403);
    let open = Served::filled(archive::fill, |config| config.corrections = Corrections::Open);
    assert_eq!(status(correct(&open, &[], &accept).await), 403, "without an origin");
    assert_eq!(status(correct(&open, &[("origin", "http://evil.example")], &accept).await), 403);
    let token = |config: &mut onrecord_server::Config| {
        config.corrections = Corrections::Token("secret".to_owned());
    };
    let closed = Served::filled(archive::fill, token);
    assert_eq!(status(correct(&closed, &ours, &accept).await), 401);
    assert_eq!(status(correct(&closed, &[("authorization", "Bearer guess")], &accept).await), 403);
    assert_eq!(closed.get("/api/v1/corrections").await.json()["decisions"].as_array().unwrap().len(), 1);
    assert_eq!(status(correct(&closed, &[("authorization", "Bearer secret")], &accept).await), 201);
}

#[tokio::test]
async fn the_page_of_the_api_lists_every_operation() {
    let served = served();
    let api = description(&served).await;
    let page = served.get("/api/v1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(served.get("/api/v1/").await.body, page.body);
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let line = format!("{} {path}", method.to_uppercase());
            assert!(page.body.contains(&line), "{line}");
            assert!(page.body.contains(operation["summary"].as_str().unwrap()));
        }
    }
    assert!(!page.body.contains("<script>") && !page.body.contains("style="));
}

#[tokio::test]
async fn a_form_is_no_document() {
    let served = Served::new();
    let form =
        "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nIt rained, she said.\r\n--x--\r\n";
    let sent = async |kind: &str| served.send("POST", "/api/v1/read", &[("content-type", kind)], form).await;
    let answer = sent("multipart/form-data; boundary=x").await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}", answer.body);
    assert!(answer.body.contains("--data-binary"), "{}", answer.body);
    assert_eq!(sent("text/plain").await.status, StatusCode::OK);
}

#[tokio::test]
async fn errors_are_in_words_of_this_server() {
    let served = Served::new();
    for (path, what) in [
        ("/api/v1/search?limit=x", "the parameters can't be read: "),
        ("/api/v1/search?queery=x", "unknown field `queery`"),
        ("/api/v1/lineage", "missing field `words`"),
        ("/feed?limit=many", "the parameters can't be read: "),
    ] {
        let answer = served.get(path).await;
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(what) && !detail.contains("deserialize"), "{path}: {detail}");
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
}
