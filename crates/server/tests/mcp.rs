//! The tools for assistants, called with the client of the protocol's official SDK.

mod archive;
mod common;

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use common::Served;
use onrecord_server::{App, Config};
use rmcp::model::{CallToolRequestParams, CallToolResult, ClientJsonRpcMessage};
use rmcp::service::RunningService;
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::{
    StreamableHttpClient, StreamableHttpClientTransportConfig, StreamableHttpError,
    StreamableHttpPostResponse,
};
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Value, json};

type Client = RunningService<RoleClient, ()>;

/// The SDK's client over the two ends of a channel, as over standard input and output.
async fn beside(served: &Served, public_url: Option<&str>) -> Client {
    let mut config = Config::of(&served.store);
    config.public_url = public_url.map(str::to_owned);
    let app = App::open(config).unwrap();
    let (theirs, ours) = tokio::io::duplex(1 << 16);
    let (input, output) = tokio::io::split(ours);
    tokio::spawn(onrecord_server::over_channel(app, input, output));
    ().serve(theirs).await.unwrap()
}

async fn call(client: &Client, tool: &'static str, arguments: Value) -> CallToolResult {
    let arguments = arguments.as_object().unwrap().clone();
    client.call_tool(CallToolRequestParams::new(tool).with_arguments(arguments)).await.unwrap()
}

async fn answer(client: &Client, tool: &'static str, arguments: Value) -> Value {
    let result = call(client, tool, arguments).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    result.structured_content.unwrap()
}

/// Checks that a quote can be quoted: its words stand in the article where it says.
fn quotable(served_text: &str, quote: &Value) {
    let text: Vec<char> = served_text.chars().collect();
    let pieces: Vec<String> = quote["spans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|span| {
            let [start, end] = [0, 1].map(|n| usize::try_from(span[n].as_u64().unwrap()).unwrap());
            text[start..end].iter().collect()
        })
        .collect();
    assert_eq!(quote["content"], pieces.join(" … "));
    for field in ["outlet", "published", "speaker"] {
        assert!(quote[field].is_string(), "{field}: {quote}");
    }
}

#[tokio::test]
async fn tools_are_described_and_only_read() {
    let served = Served::filled(archive::fill, |_| ());
    let client = beside(&served, None).await;
    let info = client.peer_info().unwrap();
    assert!(info.instructions.as_deref().unwrap().contains("Quote `content` verbatim"));
    let tools = client.list_all_tools().await.unwrap();
    let mut names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    names.sort_unstable();
    assert_eq!(names, ["article", "lineage", "read", "search", "who"]);
    for tool in &tools {
        assert_eq!(tool.annotations.as_ref().unwrap().read_only_hint, Some(true), "{}", tool.name);
        assert!(tool.description.as_deref().is_some_and(|about| about.len() > 40));
        assert!(!tool.input_schema.is_empty());
    }
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn assistants_find_what_was_said_and_where() {
    let served = Served::filled(archive::fill, |_| ());
    let client = beside(&served, Some("https://news.example")).await;
    let text = archive::bridge().record.article.text + " The ferries go on.";
    let found = answer(&client, "search", json!({"query": "speaker:brandt may", "limit": 5})).await;
    let [quote] = found["statements"].as_array().unwrap().as_slice() else { panic!("{found}") };
    quotable(&text, quote);
    let address = quote["address"].as_str().unwrap();
    assert_eq!(quote["url"], format!("https://news.example/statement/{address}"));
    assert_eq!(quote["article_url"], "http://sound.example/7");
    // The second page.
    let first = answer(&client, "search", json!({"query": "", "limit": 5})).await;
    let second = answer(&client, "search", json!({"query": "", "limit": 5, "after": first["next"]})).await;
    assert_eq!(
        (first["statements"].as_array().unwrap().len(), second["statements"].as_array().unwrap().len()),
        (5, 1)
    );

    let who = answer(&client, "who", json!({"name": "Ada Brandt"})).await;
    assert_eq!(who["person"]["person"]["name"], "Ada Brandt");
    assert_eq!(who["url"], "https://news.example/person/p1");
    assert_eq!((who["said"].as_array().unwrap().len(), who["about"].as_array().unwrap().len()), (2, 1));

    let lineage = answer(&client, "lineage", json!({"statement": address})).await;
    let changes: Vec<Option<&str>> =
        lineage["versions"].as_array().unwrap().iter().map(|version| version["change"].as_str()).collect();
    assert_eq!(changes.len(), 2, "{lineage}");
    assert!(changes[0].is_none() && changes[1].is_some());
    assert_eq!(lineage["versions"][0]["statement"]["outlet"], "The Sound");
    let words = answer(&client, "lineage", json!({"words": "nobody will pay a toll to cross it"})).await;
    assert_eq!(words["versions"].as_array().unwrap().len(), 2);
    assert!(words["note"].is_null());
    let few = answer(&client, "lineage", json!({"words": "pay a toll"})).await;
    assert_eq!(few["versions"], words["versions"]);
    let none = answer(&client, "lineage", json!({"words": "a moon of cheese"})).await;
    assert!(none["note"].as_str().unwrap().contains("try a shorter piece"), "{none}");

    let article = answer(&client, "article", json!({"article": "http://sound.example/7"})).await;
    assert_eq!(article["text"], text);
    assert_eq!(article["versions"].as_array().unwrap().len(), 2);
    for quote in article["statements"].as_array().unwrap() {
        quotable(&text, quote);
    }
    let part = answer(&client, "article", json!({"article": "4", "start": 0, "length": 10})).await;
    assert_eq!(part["text"], text.chars().take(10).collect::<String>());
    assert_eq!(part["statements"].as_array().unwrap().len(), 1, "only what stands in the part");
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn assistants_read_texts_that_are_not_stored() {
    let served = Served::filled(archive::fill, |_| ());
    let client = beside(&served, None).await;
    let text = "“We open in May,” Ada Brandt said on Friday.";
    let read = answer(&client, "read", json!({"text": text, "published": "2016-03-05", "outlet": "A"})).await;
    let quote = &read["articles"][0]["statements"][0];
    quotable(text, quote);
    assert_eq!((quote["said"].as_str(), &quote["address"]), (Some("2016-03-04"), &Value::Null));
    let found = answer(&client, "search", json!({"query": "outlet:a"})).await;
    assert_eq!(found["statements"].as_array().unwrap().len(), 0);
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn mistakes_are_explained() {
    let served = Served::filled(archive::fill, |_| ());
    let client = beside(&served, None).await;
    for (tool, arguments, what) in [
        ("search", json!({"query": "(toll"}), "this parenthesis is never closed"),
        ("search", json!({"query": "toll", "order": "sideways"}), "newest, oldest or best"),
        ("search", json!({"query": "toll", "limit": 1000}), "limit"),
        ("who", json!({"name": "Nobody"}), "nobody in this archive has this name"),
        ("lineage", json!({}), "either `statement` or `words`"),
        ("lineage", json!({"statement": "0123456789abcdef"}), "no statement"),
        ("article", json!({"article": "99"}), "no such article"),
        ("read", json!({"text": "No, she said.", "published": "soon"}), "published"),
    ] {
        let result = call(&client, tool, arguments).await;
        assert_eq!(result.is_error, Some(true), "{tool}");
        let text = result.content[0].as_text().unwrap();
        assert!(text.text.contains(what), "{}", text.text);
    }
    let several = answer(&client, "who", json!({"name": "Baltic"})).await;
    assert!(several["person"].is_object() || several["several"].is_array());
    assert!(client.call_tool(CallToolRequestParams::new("write")).await.is_err());
    let all = answer(&client, "search", json!({"query": ""})).await.to_string();
    assert!(!all.contains(archive::FOLDER));
    client.cancel().await.unwrap();
}

/// The SDK's client over HTTP, through the server's own routes instead of a socket.
#[derive(Clone)]
struct OverRoutes(Arc<Served>);

impl StreamableHttpClient for OverRoutes {
    type Error = Infallible;

    async fn post_message(
        &self,
        _: Arc<str>,
        message: ClientJsonRpcMessage,
        _: Option<Arc<str>>,
        _: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, StreamableHttpError<Infallible>> {
        let mut all = vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("accept".to_owned(), "application/json, text/event-stream".to_owned()),
        ];
        all.extend(
            headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())),
        );
        let sent: Vec<(&str, &str)> =
            all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = self.0.send("POST", "/mcp", &sent, serde_json::to_string(&message)?).await;
        if answer.status == StatusCode::ACCEPTED {
            return Ok(StreamableHttpPostResponse::Accepted);
        }
        assert!(answer.status.is_success(), "{}: {}", answer.status, answer.body);
        Ok(StreamableHttpPostResponse::Json(serde_json::from_str(&answer.body)?, None))
    }

    async fn delete_session(
        &self,
        _: Arc<str>,
        _: Arc<str>,
        _: Option<String>,
        _: HashMap<HeaderName, HeaderValue>,
    ) -> Result<(), StreamableHttpError<Infallible>> {
        Err(StreamableHttpError::ServerDoesNotSupportDeleteSession)
    }

    async fn get_stream(
        &self,
        _: Arc<str>,
        _: Option<Arc<str>>,
        _: Option<String>,
        _: Option<String>,
        _: HashMap<HeaderName, HeaderValue>,
    ) -> Result<
        futures_core::stream::BoxStream<'static, Result<sse_stream::Sse, sse_stream::Error>>,
        StreamableHttpError<Infallible>,
    > {
        Err(StreamableHttpError::ServerDoesNotSupportSse)
    }
}

#[tokio::test]
async fn assistants_are_answered_over_http() {
    let served = Arc::new(Served::filled(archive::fill, |_| ()));
    let config = StreamableHttpClientTransportConfig::with_uri("http://localhost:7878/mcp");
    let client =
        ().serve(StreamableHttpClientTransport::with_client(OverRoutes(Arc::clone(&served)), config))
            .await
            .unwrap();
    assert_eq!(client.list_all_tools().await.unwrap().len(), 5);
    let found = answer(&client, "search", json!({"query": "speaker:brandt may"})).await;
    let quote = &found["statements"][0];
    let address = quote["address"].as_str().unwrap();
    assert_eq!(quote["url"], format!("http://localhost:7878/statement/{address}"), "the host that was asked");
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn only_this_machine_talks_to_the_tools() {
    let served = Served::filled(archive::fill, |_| ());
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).to_string();
    let json = [("content-type", "application/json"), ("accept", "application/json, text/event-stream")];
    let with = |name, value| [json[0], json[1], (name, value)];
    let foreign = served.send("POST", "/mcp", &with("host", "evil.example"), body.clone()).await;
    assert_eq!(foreign.status, StatusCode::MISDIRECTED_REQUEST);
    let page = served.send("POST", "/mcp", &with("origin", "http://evil.example"), body.clone()).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let wrong = served.send("POST", "/mcp", &json, "{").await;
    assert!(wrong.status.is_client_error(), "{}", wrong.status);
}
