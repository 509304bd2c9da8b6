//! Event reports from the binary: what `--events` adds to a record, and what `eval events` makes of it.

mod common;

use common::{example, folder, onrecord, path};
use serde_json::{Value, json};

const NEWS: &str = "😀 Police arrested three editors on Monday. Norden denied that its army had shelled Sund.\n\nMinister Ada \
    Lund urged Norden to withdraw its troops and accused it of killing two men. “We will not attack,” Tomas Hale said. Thousands of \
    teachers marched in Tallberg. Two miners were killed. The president met Tomas Hale.";

fn read(more: &[&str]) -> Value {
    let output = onrecord()
        .args(["read", "-", "--published", "2024-03-08"])
        .args(more)
        .write_stdin(NEWS)
        .output()
        .expect("the binary runs");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("a record")
}

#[test]
fn events_are_added_and_nothing_else_changes() {
    let (without, mut with) = (read(&[]), read(&["--events"]));
    assert_eq!(without.get("events"), None);
    let events = with.as_object_mut().unwrap().remove("events").expect("events");
    assert_eq!(with, without);
    assert!(!events.as_array().unwrap().is_empty());
}

#[test]
fn reports_are_shown_as_text() {
    let text = "President Eva Strand denied on Tuesday that her army had shelled the Norland Republic.\n";
    let read = |more: &[&str]| {
        let args = ["read", "-", "--format", "text", "--published", "2016-04-12"];
        let output = onrecord().args(args).args(more).write_stdin(text).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let shown = read(&["--events"]);
    assert!(shown.contains("\n2 event reports\n"), "{shown}");
    assert!(shown.contains("her army → Norland Republic · according to Eva Strand in s1\n"), "{shown}");
    assert!(shown.contains("Eva Strand → ? · according to the article · 2016-04-12\n"), "{shown}");
    assert!(shown.contains(" had [shelled] the Norland Republic.\n"), "{shown}");
    assert!(!read(&[]).contains("report"));
}

#[test]
fn the_statements_of_an_example_are_the_same_with_events() {
    let record = |more: &[&str]| -> Value {
        let output = onrecord().arg("read").arg(example("bridge.txt")).args(more).output().unwrap();
        serde_json::from_slice(&output.stdout).expect("a record")
    };
    let (without, with) = (record(&[]), record(&["--events"]));
    assert_eq!(with["statements"], without["statements"]);
    assert!(with["events"].is_array());
}

#[test]
fn every_event_points_into_its_record() {
    let record = read(&["--events"]);
    let text: Vec<char> = record["article"]["text"].as_str().unwrap().chars().collect();
    let words = |field: &Value| -> String {
        let spans = field["spans"].as_array().unwrap();
        let piece = |s: &Value| -> String {
            text[s[0].as_u64().unwrap() as usize..s[1].as_u64().unwrap() as usize].iter().collect()
        };
        spans.iter().map(piece).collect::<Vec<_>>().join(" … ")
    };
    let known = |list: &str, id: &Value| record[list].as_array().unwrap().iter().any(|x| x["id"] == *id);
    for (n, event) in record["events"].as_array().unwrap().iter().enumerate() {
        assert_eq!(event["id"], format!("v{}", n + 1));
        assert_eq!(event["trigger"]["text"], words(&event["trigger"]));
        assert!(event["claimant"] == "article" || known("statements", &event["claimant"]), "{event}");
        for party in [&event["actor"], &event["recipient"]].into_iter().filter(|p| !p.is_null()) {
            assert_eq!(party["text"], words(party));
            assert!(party["entities"].as_array().unwrap().iter().all(|e| known("entities", e)), "{party}");
        }
        let confidence = event["confidence"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&confidence), "{confidence}");
    }
}

#[test]
fn eval_scores_records_and_names_those_without_events() {
    let mut record = read(&["--events"]);
    record["article"]["source_id"] = json!("a");
    let first = record["events"][0].clone();
    let party = |p: &Value| if p["name"].is_null() { json!([]) } else { json!([{ "name": p["name"] }]) };
    let statement = |s: &Value| json!({"id": s["id"], "content": s["content"]["spans"]});
    let statements: Vec<Value> = record["statements"].as_array().unwrap().iter().map(statement).collect();
    let gold = json!({
        "id": "a", "text": record["article"]["text"], "published": "2024-03-08", "statements": statements,
        "events": [{
            "trigger": first["trigger"]["spans"][0], "type": first["type"], "actor": party(&first["actor"]),
            "recipient": party(&first["recipient"]), "status": first["status"], "claimant": first["claimant"]
        }]
    });
    let count = record["events"].as_array().unwrap().len();
    let files = folder(&[
        ("gold.jsonl", gold.to_string().as_bytes()),
        ("records.jsonl", record.to_string().as_bytes()),
    ]);
    let eval = |more: &[&str]| {
        let (gold, records) = (path(&files, "gold.jsonl"), path(&files, "records.jsonl"));
        onrecord().args(["eval", "events", &gold, "--records", &records]).args(more).output().unwrap()
    };
    let scores: Value = serde_json::from_slice(&eval(&["--json"]).stdout).expect("scores");
    assert_eq!(scores["full"]["n"], json!([1, count, 1]));
    assert_eq!(scores["claimant"], json!(1.0));
    let table = String::from_utf8(eval(&["--sure", "2"]).stdout).unwrap();
    assert!(table.contains("reports of confidence 2.000 and more"), "{table}");
    assert!(table.contains(&format!("1 of {count} and 1")), "{table}");

    record.as_object_mut().unwrap().remove("events");
    std::fs::write(files.path().join("records.jsonl"), record.to_string()).unwrap();
    let output = eval(&[]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(message.contains("has no events: read with --events"), "{message}");
}

#[test]
fn explain_shows_the_scores_of_triggers() {
    let output = onrecord().args(["explain", "-", "--events"]).write_stdin(NEWS).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("according to article"), "{text}");
    assert!(text.contains("  trigger  "), "{text}");
    let output = onrecord().args(["explain", "-"]).write_stdin(NEWS).output().unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains("according to article"));
}

#[test]
fn a_store_keeps_reports_and_answers_who_claims_what() {
    let text = "The army of Norden attacked Sund on Monday. Norden denied that it had attacked Sund.";
    let files = folder(&[("a.txt", text.as_bytes())]);
    let store = path(&files, "news.db");
    let run = |args: &[&str]| {
        let output = onrecord().args(args).args(["--store", &store]).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&output.stdout), text(&output.stderr), output.status.code().unwrap_or(-1))
    };
    let article = path(&files, "a.txt");
    let ingest = ["ingest", "--events", article.as_str(), "--published", "2024-03-08"];
    let (out, errors, code) = run(&ingest);
    assert_eq!((errors.as_str(), code), ("", 0), "{out}");
    assert!(run(&ingest).0.contains("0 new, 0 changed, 0 reread, 1 known"));
    let reports = |args: &[&str]| -> Vec<Value> {
        let (out, errors, code) = run(&[&["events"], args].concat());
        assert_eq!((errors.as_str(), code), ("", 0));
        out.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    };
    let all = reports(&[]);
    assert!(!all.is_empty());
    assert!(
        all.iter().all(|r| r["schema"] == "onrecord-answers/1" && r["sentence"].as_str().unwrap().len() > 10)
    );
    let first = all[0]["report"].as_str().unwrap();
    let (_, errors, code) = run(&["correct", "set", first, "type", "AID", "--by", "Nora Falk"]);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert_eq!(reports(&["type:aid"])[0]["report"], first);
    assert_eq!(reports(&["type:aid"])[0]["corrected"], json!(["type"]));
    assert!(run(&["correct", "list"]).0.trim_end().ends_with(&format!("by Nora Falk  {first}")));
    let (shown, _, _) = run(&["events", "type:aid", "--format", "text"]);
    assert!(shown.contains("AID") && shown.contains("decided: type"), "{shown}");
    let (_, errors, code) = run(&["events", "typ:aid"]);
    assert!(errors.contains("at character 1: no field “typ:”"), "{errors}");
    assert_eq!(code, 2);
    let (_, errors, code) = run(&["relations", "AAA", "nobody at all"]);
    assert!(errors.contains("nobody in this store has exactly this name"), "{errors}");
    assert_ne!(code, 0);
    assert_eq!(run(&["relations", "ARG", "FRA", "--format", "text"]).0, "nothing found\n");
    assert_eq!(run(&["accounts", "type:consult", "--format", "text"]).0, "no rival accounts found\n");
    assert!(run(&["verify"]).0.starts_with("sound: 1 article in 1 version"));
    // A later ingest without the flag neither deletes the reports nor leaves out those of new articles.
    let again = ["ingest", article.as_str(), "--published", "2024-03-08"];
    assert!(run(&again).0.contains("0 reread, 1 known"));
    assert_eq!(reports(&[]).len(), all.len());
    let more = path(&files, "b.txt");
    std::fs::write(&more, "The army of Sund attacked Norden on Friday.").unwrap();
    assert!(run(&["ingest", more.as_str(), "--published", "2024-03-09"]).0.contains("1 new"));
    assert!(reports(&[]).len() > all.len());
    // Read again with another date, the article keeps reports.
    assert!(run(&["ingest", article.as_str(), "--published", "2024-03-10"]).0.contains("1 reread"));
    assert!(reports(&[]).len() > all.len());
}

#[test]
fn a_store_without_reports_says_how_to_get_some() {
    let files = folder(&[("a.txt", b"Ada Brandt said the bridge was late.")]);
    let store = path(&files, "news.db");
    let run = |args: &[&str]| {
        let output = onrecord().args(args).args(["--store", &store]).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&output.stdout), text(&output.stderr), output.status.code().unwrap_or(-1))
    };
    assert_eq!(run(&["ingest", &path(&files, "a.txt")]).2, 0);
    let hint = format!(
        "{store}: this store has no reports of events; `onrecord ingest --events ARTICLES --store {store}` adds them\n"
    );
    for args in [&["events"][..], &["events", "type:aid"], &["relations", "Nobody", "RUS"], &["accounts"]] {
        let (out, errors, code) = run(&[args, &["--format", "text"]].concat());
        assert_eq!((out.as_str(), errors.as_str(), code), (hint.as_str(), "", 0), "{args:?}");
        // Programs get no answers, and people see why.
        let (out, errors, code) = run(&[args, &["--format", "jsonl"]].concat());
        assert_eq!((out.as_str(), errors, code), ("", format!("onrecord: {hint}"), 0), "{args:?}");
    }
}

#[test]
fn the_help_of_export_says_which_formats_have_reports() {
    let output = onrecord().args(["export", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "one row per report, as jsonl, parquet or csv. The formats gdelt and polecat always contain reports.",
        "csv: One row per statement, with spans as text; with --events, one row per report",
        "brat: brat standoff, a folder; statements only",
    ] {
        assert!(help.contains(part), "{part}: {help}");
    }
}

#[test]
fn reports_are_exported_in_every_format() {
    let text = "The army of Norden attacked Sund on Monday. Norden denied that it had attacked Sund.";
    let files = folder(&[("a.txt", text.as_bytes())]);
    let store = path(&files, "news.db");
    let run = |args: &[&str]| {
        let output = onrecord().args(args).args(["--store", &store]).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.stdout, errors, output.status.code().unwrap_or(-1))
    };
    let done = |args: &[&str]| {
        let (out, errors, code) = run(args);
        assert_eq!((errors.as_str(), code), ("", 0), "{args:?}");
        out
    };
    done(&["ingest", "--events", &path(&files, "a.txt"), "--published", "2024-03-08"]);
    let lines = |out: Vec<u8>| String::from_utf8(out).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let found = lines(done(&["events"]));
    let mut names: Vec<String> = found
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["report"].as_str().unwrap().to_owned())
        .collect();
    names.reverse();
    assert!(!names.is_empty());
    let json: Vec<Value> = lines(done(&["export", "--events", "--format", "jsonl"]))
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(json.iter().map(|r| r["report"].as_str().unwrap()).collect::<Vec<_>>(), names);
    let csv = lines(done(&["export", "--events", "--format", "csv"]));
    assert!(csv[0].starts_with("report,source_id,") && csv.len() == names.len() + 1, "{csv:?}");
    assert!(done(&["export", "--events", "--format", "parquet"]).starts_with(b"PAR1"));
    let polecat = lines(done(&["export", "--format", "polecat"]));
    assert!(polecat[0].starts_with("Event ID\tEvent Date\t") && polecat[1].starts_with(&names[0]));
    let table = path(&files, "events.tsv");
    let gdelt = ["export", "--format", "gdelt", "-o", &table];
    let (out, errors, code) = run(&gdelt);
    let claims = path(&files, "events.claims.tsv");
    let wrote = format!("onrecord: wrote {table}, and the claimant of each row to {claims}\n");
    assert_eq!((out.as_slice(), errors, code), (&b""[..], wrote, 0));
    let table = std::fs::read_to_string(table).unwrap();
    assert!(table.lines().all(|line| line.split('\t').count() == 61) && table.lines().count() == names.len());
    let claims = std::fs::read_to_string(files.path().join("events.claims.tsv")).unwrap();
    assert!(claims.lines().nth(1).unwrap().starts_with(&format!("1\t{}\t", names[0])), "{claims}");
    // A query is one for reports.
    let kind = json[0]["type"].as_str().unwrap();
    let some = lines(done(&["export", "--events", "--format", "jsonl", &format!("type:{kind}")]));
    assert!(!some.is_empty());
    assert_eq!(
        lines(done(&["export", "--events", "--format", "csv", &format!("historical:no -type:{kind}")])).len()
            - 1,
        names.len() - some.len()
    );
    for (args, message) in [
        (vec!["export", "--events", "--format", "csv", "speaker:brandt"], "no field “speaker:”"),
        (vec!["export", "--format", "gdelt"], "name the table with -o, such as -o events.tsv"),
        (vec!["export", "--events", "--format", "ftm"], "reports of events have the formats"),
        (vec!["export", "--format", "polecat", "--plain-cells"], "--plain-cells is for CSV"),
    ] {
        let (_, errors, code) = run(&args);
        assert!(errors.contains(message) && code == 2, "{args:?}: {code} {errors}");
    }
    // The file of claims is overwritten by a later export, but not if it is somebody else's.
    assert_eq!(run(&["export", "--format", "gdelt", "-o", &path(&files, "events.tsv")]).2, 0);
    let notes = files.path().join("notes.claims.tsv");
    std::fs::write(&notes, "my notes").unwrap();
    let (_, errors, code) = run(&["export", "--format", "gdelt", "-o", &path(&files, "notes.tsv")]);
    let refused = format!(
        "notes.claims.tsv: this file would be overwritten with the claimants of {}",
        path(&files, "notes.tsv")
    );
    assert!(errors.contains(&refused) && code != 0, "{errors}");
    assert_eq!(std::fs::read_to_string(&notes).unwrap(), "my notes");
    assert!(!files.path().join("notes.tsv").exists());
    let folder = files.path().to_str().unwrap();
    let (_, errors, code) = run(&["export", "--format", "gdelt", "-o", folder]);
    assert!(errors.contains("name the table with -o") && code == 2, "{errors}");
    // Neither of GDELT's two files may be the store.
    let beside = path(&files, "news.claims.db");
    std::fs::copy(&store, &beside).unwrap();
    let output = onrecord()
        .args(["export", "--format", "gdelt", "--store", &beside, "-o", &path(&files, "news.db")])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("this is the store itself"));
    assert!(!output.status.success());
}
