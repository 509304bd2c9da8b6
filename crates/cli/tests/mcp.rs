//! `onrecord mcp`, started by the client of the protocol's official SDK as an assistant starts it.

use std::path::Path;
use std::process::{Command, Stdio};

use rmcp::ServiceExt;
use rmcp::model::CallToolRequestParams;
use rmcp::transport::TokioChildProcess;
use serde_json::json;

fn onrecord() -> Command {
    Command::new(env!("CARGO_BIN_EXE_onrecord"))
}

#[tokio::test]
async fn an_assistant_starts_the_program_and_quotes() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("news.db");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let ingested = onrecord().arg("ingest").arg(examples).arg("--store").arg(&store).output().unwrap();
    assert!(ingested.status.success());
    let mut command = tokio::process::Command::from(onrecord());
    command.arg("mcp").arg("--store").arg(&store).args(["--public-url", "http://localhost:7878"]);
    let client = ().serve(TokioChildProcess::new(command).unwrap()).await.unwrap();
    assert_eq!(client.list_all_tools().await.unwrap().len(), 5);
    let arguments = json!({"query": "speaker:brandt toll"}).as_object().unwrap().clone();
    let call = CallToolRequestParams::new("search").with_arguments(arguments);
    let found = client.call_tool(call).await.unwrap().structured_content.unwrap();
    let quotes = found["statements"].as_array().unwrap();
    assert_eq!(quotes.len(), 3);
    for quote in quotes {
        assert!(quote["content"].as_str().unwrap().contains("toll"));
        let page = format!("http://localhost:7878/statement/{}", quote["address"].as_str().unwrap());
        assert_eq!(quote["url"], page);
    }
    assert!(!found.to_string().contains(folder.path().to_str().unwrap()));
    client.cancel().await.unwrap();
}

#[test]
fn a_missing_store_is_an_error() {
    let output = onrecord().args(["mcp", "--store", "/nowhere/news.db"]).output().unwrap();
    assert_eq!(output.status.code(), Some(6));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no such store"));
}

#[test]
fn an_assistant_that_says_nothing_needs_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("news.db");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/bridge.txt");
    let ingested = onrecord().arg("ingest").arg(example).arg("--store").arg(&store).output().unwrap();
    assert!(ingested.status.success());
    let silent = onrecord().arg("mcp").arg("--store").arg(&store).stdin(Stdio::null()).output().unwrap();
    assert!(silent.status.success() && silent.stdout.is_empty() && silent.stderr.is_empty(), "{silent:?}");
}
