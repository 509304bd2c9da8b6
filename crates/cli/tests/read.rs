//! The binary itself: what it prints, what it says of bad input, and how it exits.

mod common;

use std::io::Write;
use std::process::Stdio;

use common::{example, folder, onrecord, path};
use serde_json::Value;
use tempfile::TempDir;

const NEWS: &str = "“We open in May,” Minister Ada Brandt said on Monday. Nobody will pay, she added.";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(bytes).expect("writing to memory");
    gz.finish().expect("writing to memory")
}

/// Runs `onrecord read` and returns records, messages and exit code.
fn read(args: &[&str], input: Option<&[u8]>) -> (Vec<Value>, String, i32) {
    let mut command = onrecord();
    command.arg("read").args(args);
    if let Some(input) = input {
        command.write_stdin(input);
    }
    let output = command.output().expect("the binary runs");
    let records = output.stdout.split(|&b| b == b'\n').filter(|l| !l.is_empty());
    let records = records.map(|l| serde_json::from_slice(l).expect("each line is JSON")).collect();
    (records, String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code().unwrap_or(-1))
}

#[test]
fn every_span_reproduces_its_text() {
    let news = format!("😀 Été 2016. {NEWS}");
    let (records, _, code) =
        read(&["-", "--published", "2016-03-04", "--outlet", "The Sound"], Some(news.as_bytes()));
    assert_eq!(code, 0);
    let record = &records[0];
    assert_eq!(record["schema"], "onrecord/1");
    assert_eq!(
        (&record["article"]["text"], &record["article"]["source_id"]),
        (&Value::from(news.as_str()), &"-".into())
    );
    assert_eq!(
        (&record["article"]["published"], &record["article"]["outlet"]),
        (&"2016-03-04".into(), &"The Sound".into())
    );
    let characters: Vec<char> = news.chars().collect();
    let statements = record["statements"].as_array().expect("a list");
    assert!(!statements.is_empty());
    for statement in statements {
        for field in ["source", "cue", "content"] {
            let spans = statement[field]["spans"].as_array().expect("spans");
            let part = |s: &Value| {
                let bound = |i: usize| usize::try_from(s[i].as_u64().expect("a number")).expect("in range");
                characters[bound(0)..bound(1)].iter().collect::<String>()
            };
            let parts: Vec<String> = spans.iter().map(part).collect();
            assert_eq!(statement[field]["text"], parts.join(" … "));
        }
    }
}

#[test]
fn a_folder_is_read_in_the_order_of_names_at_any_number_of_threads() {
    let page = format!("<html><title>Bridge</title><body><article><p>{NEWS}</p></article></body></html>");
    let lines =
        format!("{{\"id\": \"one\", \"text\": \"{NEWS}\"}}\n{{\"id\": \"two\", \"text\": \"Rain.\"}}\n");
    let folder = folder(&[
        ("a.txt", NEWS.as_bytes()),
        ("b.html.gz", &gzip(page.as_bytes())),
        ("c.jsonl", lines.as_bytes()),
        ("d.png", b"\x89PNG\0"),
    ]);
    let at = folder.path().display().to_string();
    let (records, messages, code) = read(&[&at, "--threads", "1"], None);
    let names: Vec<_> =
        records.iter().map(|r| r["article"]["source_id"].as_str().expect("a name").to_owned()).collect();
    assert_eq!(names, [path(&folder, "a.txt"), path(&folder, "b.html.gz"), "one".into(), "two".into()]);
    assert_eq!(
        (messages.as_str(), code),
        (
            "onrecord: skipped 1 file because of its kind: 1 .png (d.png); a file that holds text is read if you name it\n",
            0
        )
    );
    assert_eq!(read(&[&at, "--threads", "5"], None).0, records);
}

#[test]
fn a_bad_line_is_named_and_the_others_come_out() {
    let folder =
        folder(&[("in.jsonl", b"{\"text\": \"Rain.\"}\n{oops\n{\"id\": 1}\n{\"text\": \"Sun.\"}\n")]);
    let name = path(&folder, "in.jsonl");
    let (records, messages, code) = read(&[&name], None);
    assert_eq!((records.len(), code), (2, 4));
    let messages: Vec<&str> = messages.lines().collect();
    assert!(messages[0].starts_with(&format!("onrecord: {name}:2: not a JSON document: ")), "{messages:?}");
    assert_eq!(
        messages[1],
        format!(
            "onrecord: {name}:3: the document has no “text”, “html” or “body”, nor a body as a ninjs item has it"
        )
    );
}

#[test]
fn what_cannot_be_read_is_named_with_its_exit_code() {
    let folder = folder(&[
        ("x.png", b"\x89PNG\r\n\x1a\n\0\0"),
        ("x.mbox", b"From jo@sound.example Fri Mar  4 07:00:02 2016\nFrom: Jo <jo@sound.example>\n\nIt rains, she said.\n"),
        ("x.txt.gz", &gzip(NEWS.as_bytes())[..40]),
        ("a.txt", NEWS.as_bytes()),
    ]);
    let empty = TempDir::new().expect("a folder for the test");
    let (missing, image, damaged) =
        (path(&folder, "none.txt"), path(&folder, "x.png"), path(&folder, "x.txt.gz"));
    let nothing = empty.path().display().to_string();
    for (name, message, expected) in [
        (&missing, "No such file", 3),
        (&nothing, "no articles in this folder", 3),
        (&image, "a binary file", 4),
        (&path(&folder, "x.mbox"), "mail, which can't be read", 4),
        (&damaged, "are damaged", 4),
    ] {
        let good = path(&folder, "a.txt");
        let (records, messages, code) = read(&[name, &good], None);
        assert!(
            messages.starts_with(&format!("onrecord: {name}: ")) && messages.contains(message),
            "{messages}"
        );
        assert_eq!((records.len(), code), (1, expected), "{name}: the other input comes out all the same");
    }
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    for args in
        [&["read"][..], &["read", "-", "--published", "soon"], &["read", "-", "--threads", "0"], &["write"]]
    {
        onrecord().args(args).assert().code(2);
    }
    for url in ["notaurl", "https://", "ftp://sound.example/7", "https://sound.example/a b"] {
        onrecord().args(["read", "-", "--url", url]).assert().code(2);
    }
    let (records, _, _) = read(&["-", "--url", "https://sound.example/7"], Some(NEWS.as_bytes()));
    assert_eq!(records[0]["article"]["url"], "https://sound.example/7");
}

#[test]
fn a_name_may_run_over_the_end_of_a_wrapped_line() {
    let news = "TALLBERG, March 5 - Nine countries met for the talks that were called by Trade Minister Clara\n\
        Westwood in spring, to speak about fish, timber and the other goods that they\nhave quarrelled over.\n    \
        “We are close,” Westwood said. She would meet the others\nagain in May.\n";
    let (records, _, _) = read(&["-"], Some(news.as_bytes()));
    let speaker = &records[0]["statements"][0]["speaker"];
    assert_eq!((&speaker["name"], &speaker["role"]), (&"Clara Westwood".into(), &"Trade Minister".into()));
}

#[test]
fn an_empty_article_has_a_notice() {
    let (records, _, code) = read(&["-"], Some(b" \n"));
    assert_eq!(code, 0);
    assert_eq!(records[0]["notices"][0]["kind"], "empty");
    assert_eq!(records[0]["statements"], Value::Array(vec![]));
}

#[test]
fn another_language_has_a_notice_and_no_statements() {
    let news = "„Wir öffnen im Mai“, sagte die Ministerin Ada Brandt am Montag vor der Presse. Niemand werde für die Überfahrt \
        zahlen müssen, fügte sie hinzu, auch wenn die Brücke mit vier Jahren Verspätung eröffnet werde.";
    let (records, _, _) = read(&["-"], Some(news.as_bytes()));
    assert_eq!(records[0]["article"]["language"], "de");
    assert_eq!(records[0]["notices"][0]["kind"], "language");
    assert_eq!(records[0]["statements"], Value::Array(vec![]));
}

#[test]
fn standard_output_may_close_early() {
    let lines = format!("{{\"text\": \"{NEWS}\"}}\n").repeat(300);
    let folder = folder(&[("in.jsonl", lines.as_bytes())]);
    let binary = assert_cmd::cargo::cargo_bin("onrecord");
    let mut child = std::process::Command::new(binary)
        .args(["read", &path(&folder, "in.jsonl")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_long_single_line_is_read() {
    let news = format!("{NEWS} ").repeat(500);
    let (records, _, code) = read(&["-"], Some(news.as_bytes()));
    assert_eq!(code, 0);
    assert!(records[0]["statements"].as_array().expect("a list").len() > 400);
}

#[test]
fn text_for_people_lists_the_statements_without_colour_elsewhere() {
    let output = onrecord()
        .args(["read", "--format", "text"])
        .arg(example("bridge.txt"))
        .output()
        .expect("the binary runs");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("Brandt  said  direct") && !text.contains('\x1b'), "{text}");
}

#[test]
fn explain_gives_reasons_and_scores() {
    let output = onrecord().arg("explain").arg(example("bridge.txt")).output().expect("the binary runs");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("confidence") && text.contains("\n  cue "), "{text}");
}

#[test]
fn explain_shows_whom_a_description_was_not_taken_for() {
    let text = "Jon Holm, 54, was sent to prison on Monday. “I am innocent,” Holm said. The judge said he had shown no remorse.";
    let output = onrecord().args(["explain", "-"]).write_stdin(text).output().expect("the binary runs");
    let text = String::from_utf8(output.stdout).expect("text");
    let judge =
        text.split("source  ").find(|part| part.contains("The judge")).expect("the judge's statement");
    let others = judge.split_once("(unnamed)").expect("no name").1;
    assert!(others.contains("Jon Holm") && others.contains("else"), "{text}");
    assert!(!others.contains("nobody"), "{text}");
}

#[test]
fn eval_scores_records_as_it_scores_the_engine() {
    let text = "“We open in May,” Ada Brandt said. It rained.";
    let gold = format!(
        "{{\"id\": \"a\", \"text\": \"{text}\", \"attributions\": [{{\"source\": [[18, 28]], \"cue\": [[29, 33]], \"content\": [[0, 17]]}}]}}\n"
    );
    let folder = folder(&[("gold.jsonl", gold.as_bytes())]);
    let name = path(&folder, "gold.jsonl");
    let run = |more: &[&str]| {
        let output =
            onrecord().args(["eval", "attribution", &name]).args(more).output().expect("the binary runs");
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
    };
    let (table, code) = run(&[]);
    assert_eq!(code, Some(0));
    assert!(
        table.contains("rel.strict                        100.0  100.0  100.0       1       1"),
        "{table}"
    );
    let records = onrecord().args(["read", &name]).output().expect("the binary runs").stdout;
    std::fs::write(folder.path().join("records.jsonl"), records).expect("a file for the test");
    assert_eq!(run(&["--records", &path(&folder, "records.jsonl")]).0, table);
    for (f1, expected) in [(1.0, 0), (0.5, 0), (1.1, 5)] {
        let baseline = format!("{{\"rel.strict\": {{\"f1\": {f1}}}}}");
        std::fs::write(folder.path().join("baseline.json"), baseline).expect("a file for the test");
        assert_eq!(run(&["--baseline", &path(&folder, "baseline.json")]).1, Some(expected), "{f1}");
    }
    std::fs::write(folder.path().join("none.jsonl"), "").expect("a file for the test");
    assert_eq!(run(&["--records", &path(&folder, "none.jsonl")]).1, Some(4));
    std::fs::write(folder.path().join("gold.jsonl"), b"\x89PNG\r\n").expect("a file for the test");
    assert_eq!(run(&[]).1, Some(4));
}

#[test]
fn a_hostile_document_costs_no_other() {
    let folder = TempDir::new().expect("a folder");
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("written");
    put("a.txt", NEWS.as_bytes());
    let feed =
        format!("<rss><item><description>{NEWS}</description></item><item><title>x</title></item></rss>");
    put(
        "b.rss",
        format!("{}<?xml version='1.0' encoding='windows-1252'?>{feed}", "\n".repeat(200)).as_bytes(),
    );
    put("c.html", format!("<p>{NEWS}</p>{}", "<span></x>".repeat(30_000)).as_bytes());
    put("d.html", format!("{}{}", "<font a=1>".repeat(2_000), "<p>x".repeat(60_000)).as_bytes());
    put("e.xml", b"<conceptItem guid='x'><concept/></conceptItem>");
    put("f.json", b"{\"text\": \"It rained, she said.\"} [1, ");
    let answer = "HTTP/2 200\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n\u{fffd}\u{fffd}";
    let record = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://sound.example/7\r\n\
         Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n",
        answer.len()
    );
    put("g.warc", record.replace("\u{fffd}\u{fffd}", "\u{1}\u{2}\u{3}\u{4}\u{1}\u{1}").as_bytes());
    put("z.txt", NEWS.as_bytes());
    let (records, said, code) = read(&[&path(&folder, "")], None);
    assert_eq!(code, 4, "{said}");
    let names: Vec<&str> = records
        .iter()
        .map(|r| r["article"]["source_id"].as_str().expect("a name").rsplit('/').next().expect("a last part"))
        .map(|name| if name.starts_with("entry:") { "b.rss" } else { name })
        .collect();
    assert_eq!(&names[..4], ["a.txt", "b.rss", "c.html", "d.html"], "{said}");
    assert_eq!(names.last(), Some(&"z.txt"), "{said}");
    for what in [
        "b.rss: passed over 1 entry without text",
        "e.xml: an IPTC concept item, which describes news but is not an article",
        "f.json: not a JSON document: EOF",
    ] {
        assert!(said.contains(what), "{what}\n{said}");
    }
}

#[test]
fn a_date_without_a_day_says_what_is_not_known() {
    let line = r#"{"published": "2016-03", "text": "The bridge will open, Ada Brandt said on Monday."}"#;
    let (records, said, code) = read(&["-"], Some(line.as_bytes()));
    assert_eq!(code, 0, "{said}");
    let notice = "only “2016-03” is known of the date of the article, so days of the week have no exact date";
    assert_eq!(records[0]["notices"][0]["message"], notice);
    assert_eq!(records[0]["statements"][0]["time"]["value"], "2016-03");
}

#[test]
fn json_on_standard_input_is_read_whatever_its_shape() {
    let one = format!("{{\n  \"text\": \"{NEWS}\"\n}}");
    for (input, count) in [(one.clone(), 1), (format!("[{one},\n{one}]"), 2), (format!("\u{feff}{one}"), 1)] {
        let (records, said, code) = read(&["-"], Some(input.as_bytes()));
        assert_eq!((records.len(), code), (count, 0), "{said}");
        assert_eq!(records[0]["article"]["text"], NEWS);
    }
}
