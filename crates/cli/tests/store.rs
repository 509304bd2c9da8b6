//! `onrecord ingest` and what asks the store, as a newsroom runs them.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use common::{example, folder, onrecord, path};
use serde_json::Value;
use tempfile::TempDir;

/// Runs the binary on a store and returns what it prints, what it says, and its exit code.
fn run(store: &Path, args: &[&str]) -> (String, String, i32) {
    let output = onrecord().args(args).arg("--store").arg(store).output().expect("the binary runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap_or(-1))
}

fn lines(store: &Path, args: &[&str]) -> Vec<Value> {
    let (out, errors, code) = run(store, args);
    assert_eq!(code, 0, "{args:?}: {errors}");
    out.lines().map(|l| serde_json::from_str(l).expect("each line is JSON")).collect()
}

/// A store of the articles in `examples/`.
fn examples() -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().expect("a folder for the test");
    let store = folder.path().join("news.db");
    let (out, errors, code) = run(&store, &["ingest", &example("").display().to_string()]);
    assert_eq!((errors.as_str(), code), ("", 0));
    assert!(
        out.starts_with("8 documents: 8 new, 0 changed, 0 reread, 0 known; the store has 8 articles"),
        "{out}"
    );
    (folder, store)
}

#[test]
fn a_folder_of_many_formats_is_kept_once() {
    let (_folder, store) = examples();
    let (out, _, _) = run(&store, &["ingest", &example("").display().to_string()]);
    assert!(out.starts_with("8 documents: 0 new, 0 changed, 0 reread, 8 known"), "{out}");
    let (out, _, code) = run(&store, &["verify"]);
    assert!(out.starts_with("sound: 8 articles in 8 versions"), "{out}");
    assert_eq!(code, 0);
    let outlets: Vec<Value> = lines(&store, &["search", "toll", "--order", "oldest"]);
    let of = |l: &Value| {
        (l["outlet"].as_str().unwrap_or("").to_owned(), l["published"].as_str().unwrap_or("").to_owned())
    };
    let found: Vec<_> = outlets.iter().map(of).collect();
    assert!(found.contains(&("The Sound".to_owned(), "2016-03-04".to_owned())), "{found:?}");
    assert!(found.contains(&("Shore Post".to_owned(), "2016-03-05".to_owned())), "{found:?}");
}

#[test]
fn search_shows_matches_and_points_at_mistakes() {
    let (_folder, store) = examples();
    let found = lines(&store, &["search", "speaker:brandt", "\"a toll\"", "published:2016-03-04"]);
    assert_eq!(found.len(), 2, "{found:?}");
    for hit in &found {
        let content: Vec<char> = hit["content"].as_str().unwrap().chars().collect();
        let [start, end] = [0, 1].map(|n| usize::try_from(hit["matches"][0][n].as_u64().unwrap()).unwrap());
        assert_eq!(content[start..end].iter().collect::<String>(), "a toll");
        assert_eq!(hit["role"], "Transport Minister");
    }
    let (text, _, _) = run(&store, &["search", "toll", "--format", "text", "--limit", "1"]);
    assert!(text.contains("[toll]") && text.ends_with("more follow: --skip 1\n"), "{text}");
    let (_, message, code) = run(&store, &["search", "toll", "speeker:brandt"]);
    assert!(message.contains("at character 6: no field “speeker:”"), "{message}");
    assert!(message.ends_with("\n  toll speeker:brandt\n       ^\n"), "{message}");
    assert_eq!(code, 2);
    let (_, message, code) = run(&store, &["search", "-toll"]);
    assert!(message.contains("to pass '-toll' as a value, use '-- -toll'"), "{message}");
    assert_eq!(code, 2);
    let (plan, _, _) = run(&store, &["search", "toll", "--plan"]);
    assert!(plan.contains("VIRTUAL TABLE INDEX"), "{plan}");
}

#[test]
fn who_said_what_and_what_others_said() {
    let (_folder, store) = examples();
    let all = lines(&store, &["who", "brandt"]);
    assert_eq!((all[0]["name"].as_str(), all[0]["articles"].as_u64()), (Some("Ada Brandt"), Some(5)));
    let by = |relation: &str| all.iter().filter(|l| l["relation"] == relation).count();
    assert!(by("said") >= 8 && by("about") >= 1, "{all:?}");
    let (_, message, code) = run(&store, &["who", "nobody at all"]);
    assert!(message.ends_with("nobody in this store has this name\n"), "{message}");
    assert_eq!(code, 6);
}

#[test]
fn who_says_which_statements_are_linked_to_nobody() {
    let folder = folder(&[
        ("a.txt", b"\"We have no money for it,\" Mayor Lena Deng said."),
        ("b.txt", b"\"The harbour is closed,\" Deng said on Tuesday."),
        ("c.txt", b"\"The bridge is closed,\" Professor Ivo Deng said."),
        ("d.txt", b"\"The ferry is late,\" Venn said on Tuesday."),
    ]);
    let store = folder.path().join("news.db");
    assert_eq!(run(&store, &["ingest", &folder.path().display().to_string()]).2, 0);
    let hint = |name: &str| {
        format!(
            "“{name}” alone, whom nothing links to a person, speaks in 1 statement: onrecord search 'speaker:\"{}\"'\n",
            name.to_lowercase()
        )
    };
    for name in ["Deng", "Lena Deng"] {
        let (out, _, _) = run(&store, &["who", name, "--format", "text"]);
        assert!(out.ends_with(&hint("Deng")), "{name}: {out}");
    }
    let (_, message, code) = run(&store, &["who", "Venn"]);
    assert!(message.ends_with(&hint("Venn")) && code == 6, "{message}");
    assert_eq!(lines(&store, &["search", "speaker:\"venn\""]).len(), 1);
}

#[test]
fn a_quotation_and_what_became_of_it() {
    let (_folder, store) = examples();
    let all = lines(&store, &["lineage", "nobody in this country will ever pay a toll to cross it"]);
    let told: Vec<_> = all
        .iter()
        .map(|l| (l["outlet"].as_str().unwrap_or("-"), l["change"].as_str().unwrap_or("first")))
        .collect();
    assert_eq!(told[0].1, "first");
    assert!(
        told.contains(&("Shore Post", "bracketed")) || told.contains(&("Shore Post", "ellipsis")),
        "{told:?}"
    );
    assert!(told.contains(&("Shore Post", "quoted indirectly")), "{told:?}");
    assert!(all.iter().any(|l| l["cue_was"].is_string() && l["cue"] == "admitted"), "{all:?}");
}

#[test]
fn decisions_are_kept_and_can_be_taken_back() {
    let (_folder, store) = examples();
    let name = lines(&store, &["search", "\"another name\""])[0]["statement"].as_str().unwrap().to_owned();
    assert_eq!(run(&store, &["correct", "set", &name, "speaker", "Rolf K. Meyer"]).2, 0);
    let hit = &lines(&store, &["search", "\"another name\""])[0];
    assert_eq!((hit["speaker"].as_str(), &hit["corrected"][0]), (Some("Rolf K. Meyer"), &"speaker".into()));
    let said = format!(
        "decision 2: rejected {name}; search and exports leave it out; undo with: onrecord correct undo 2\n"
    );
    assert_eq!(run(&store, &["correct", "reject", &name]).0, said);
    assert!(lines(&store, &["search", "\"another name\""]).is_empty());
    assert!(!run(&store, &["export", "--format", "csv"]).0.contains("another name"));
    assert_eq!(run(&store, &["correct", "undo", "2"]).0, "decision 2 is undone\n");
    let (list, _, _) = run(&store, &["correct", "list"]);
    assert!(list.lines().count() == 2 && list.contains("reject") && list.ends_with("(undone)\n"), "{list}");
    let record = &lines(&store, &["export", "\"another name\"", "--format", "jsonl"])[0];
    assert_eq!(record["statements"][0]["speaker"]["name"], "Rolf K. Meyer");
    let (_, message, code) = run(&store, &["correct", "accept", "99.s1"]);
    assert_eq!((message.as_str(), code), ("onrecord: 99.s1: no such statement in this store\n", 6));
}

#[test]
fn a_decision_says_what_it_does() {
    let (_folder, store) = examples();
    let number = |name: &str| lines(&store, &["who", name])[0]["person"].as_str().unwrap().to_owned();
    let (brandt, aalto) = (number("Ada Brandt"), number("Jon Aalto"));
    let name = lines(&store, &["search", "speaker:brandt"])[0]["statement"].as_str().unwrap().to_owned();
    let article = name.split('.').next().unwrap();
    for (n, (args, what)) in [
        (&["correct", "accept", &name][..], format!("accepted {name}")),
        (&["correct", "set", &name, "role", "Captain"], format!("set the role of {name} to Captain")),
        (
            &["correct", "set", &name, "speaker", &aalto],
            format!("set the speaker of {name} to Jon Aalto ({aalto})"),
        ),
        (
            &["correct", "set", &name, "speaker", "Ada Brandtson"],
            format!("set the speaker of {name} to Ada Brandtson, a name that the store does not know"),
        ),
        (
            &["correct", "merge", "Ada Brandt", &aalto],
            format!("joined Ada Brandt ({brandt}) and Jon Aalto ({aalto})"),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let (out, errors, code) = run(&store, args);
        let n = n + 1;
        assert_eq!(out, format!("decision {n}: {what}; undo with: onrecord correct undo {n}\n"), "{errors}");
        assert_eq!(code, 0);
    }
    for n in ["5", "4", "3"] {
        assert_eq!(run(&store, &["correct", "undo", n]).2, 0);
    }
    let (out, errors, _) = run(&store, &["correct", "split", &name]);
    let what =
        format!("decision 6: separated Ada Brandt in article {article} from others of that name; undo");
    assert!(out.starts_with(&what), "{out}{errors}");
    // Two people of one name may be split off, each in an article.
    let (list, _, _) = run(&store, &["correct", "list"]);
    assert!(list.lines().last().unwrap().contains("  split  Ada Brandt · in "), "{list}");
}

#[test]
fn a_person_is_no_place() {
    let (_folder, store) = examples();
    let found = |kind: &str| {
        (1..60).find_map(|n| {
            let (out, _, _) = run(&store, &["who", &format!("p{n}"), "--limit", "1"]);
            let person: Value = serde_json::from_str(out.lines().next()?).unwrap();
            (person["kind"] == kind).then(|| format!("p{n}"))
        })
    };
    let (person, organization) = (found("person").unwrap(), found("organization").unwrap());
    let (_, said, code) = run(&store, &["correct", "merge", &person, &organization]);
    assert!(said.contains("can't be the same") && said.contains("is an organization"), "{said}");
    assert_eq!(code, 2);
    assert_eq!(run(&store, &["correct", "list"]).0, "");
}

#[test]
fn a_few_words_have_a_lineage_and_none_says_what_to_try() {
    let (_folder, store) = examples();
    let whole = lines(&store, &["lineage", "nobody in this country will ever pay a toll to cross it"]);
    let of = |all: &[Value]| all.iter().map(|l| l["statement"].clone()).collect::<Vec<_>>();
    for few in ["nobody in this country", "NOBODY IN THIS COUNTRY", "pay a toll to cross"] {
        assert_eq!(of(&lines(&store, &["lineage", few])), of(&whole), "{few}");
    }
    let (out, _, code) = run(&store, &["lineage", "a moon of cheese", "--format", "text"]);
    assert!(out.starts_with("nothing found: no statement has exactly these words"), "{out}");
    assert!(out.contains("onrecord search WORD OR WORD") && code == 0, "{out}");
}

#[test]
fn a_search_for_a_name_says_who_has_it() {
    let (_folder, store) = examples();
    let count = lines(&store, &["search", "speaker:\"Ada Brandt\"", "--limit", "200"]).len();
    let text = |query: &[&str]| {
        let args = [&["search"][..], query, &["--format", "text"]].concat();
        let (out, errors, code) = run(&store, &args);
        assert_eq!((errors.as_str(), code), ("", 0));
        out
    };
    let brandt =
        format!("Ada Brandt speaks in {count} statements: onrecord search 'speaker:\"Ada Brandt\"'\n");
    assert!(text(&["Brandt"]).ends_with(&brandt), "{}", text(&["Brandt"]));
    assert_eq!(text(&["Ada", "Brandt", "cheese"]), format!("nothing found\n{brandt}"));
    for (query, hint) in [
        (
            &["talked", "AND", "us"][..],
            "AND is not needed: all words must match: onrecord search 'talked us'",
        ),
        (&["toll", "or", "cheese"], "OR between words must be in capitals: onrecord search 'toll OR cheese'"),
        (&["moon", "or", "cheese"], "OR between words must be in capitals"),
    ] {
        let out = text(query);
        assert_eq!(out.lines().collect::<Vec<_>>(), ["nothing found", hint], "{query:?}");
    }
    assert_eq!(text(&["cheese"]), "nothing found\n");
    let marks = "a value of several words needs quotation marks: onrecord search 'speaker:\"Ada Brandt\"'\n";
    assert_eq!(text(&["speaker:Ada Brandt"]), format!("nothing found\n{brandt}{marks}"));
    assert!(!text(&["toll", "--limit", "1"]).contains("made"));
    assert!(lines(&store, &["search", "Brandt cheese"]).is_empty(), "programs get statements only");
}

#[test]
fn a_page_that_changes_has_versions() {
    let page = |word: &str, more: &str| {
        format!(
            "<html><head><title>Bridge</title><link rel=canonical href=\"http://sound.example/7\"></head><body><article><h1>Bridge</h1><p>“We open in {word}, four years late,” Minister Ada Brandt said on Friday.</p><p>{more}</p></article></body></html>"
        )
    };
    let before = folder(&[("a.html", page("May", "Rolf Meyer said the ferries would stop.").as_bytes())]);
    let after = folder(&[("b.html", page("June", "").as_bytes())]);
    let store = before.path().join("news.db");
    run(&store, &["ingest", &path(&before, "a.html")]);
    let (out, _, _) = run(&store, &["ingest", &path(&after, "b.html")]);
    assert!(out.starts_with("1 document: 0 new, 1 changed"), "{out}");
    let changes = lines(&store, &["changes", "http://sound.example/7"]);
    let kinds: Vec<_> = changes.iter().map(|c| c["change"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["changed", "vanished"], "{changes:?}");
}

#[test]
fn bad_documents_are_named_and_skipped_or_stop_it_all() {
    let bad: &[(&str, &[u8])] = &[
        ("a.txt", b"It rained, Ada Brandt said."),
        ("b.jsonl", b"{\"text\": \"Pia Lund said no.\"}\n{\n"),
        ("c.txt", b"\x89PNG\0\0\0"),
        ("d.txt", b"\"No,\" said Rolf Meyer."),
    ];
    let folder = folder(bad);
    let at = folder.path().display().to_string();
    let store = folder.path().join("news.db");
    let (out, message, code) = run(&store, &["ingest", &at]);
    assert!(
        out.starts_with(
            "5 documents: 3 new, 0 changed, 0 reread, 0 known, 2 failed; the store has 3 articles"
        ),
        "{out}"
    );
    assert!(
        message.contains("b.jsonl:2: not a JSON document") && message.contains("c.txt: a binary file"),
        "{message}"
    );
    assert_eq!(code, 4);
    let strict = folder.path().join("strict.db");
    let (_, message, code) = run(&strict, &["ingest", &at, "--strict"]);
    assert!(message.contains("b.jsonl:2: not a JSON document") && !message.contains("c.txt"), "{message}");
    let stopped = "; --strict stops here with exit code 4, and what was read before is kept\n";
    assert!(message.ends_with(stopped), "{message}");
    assert_eq!(code, 4);
    assert!(run(&strict, &["verify"]).0.starts_with("sound: 2 articles"));
    let (_, message, code) = run(&folder.path().join("none.db"), &["search", "x"]);
    assert!(message.ends_with("none.db: no such store; `onrecord ingest` makes one\n"), "{message}");
    assert_eq!(code, 6);
    assert!(run(&folder.path().join("a.txt"), &["search", "x"]).1.contains("not an onrecord store"));
    assert!(run(folder.path(), &["search", "x"]).1.contains("this is a folder"));
    fs::write(folder.path().join("empty.db"), "").unwrap();
    let (_, message, code) = run(&folder.path().join("empty.db"), &["search", "x"]);
    assert!(message.contains("this file is empty") && message.contains("`onrecord ingest`"), "{message}");
    assert_eq!(code, 6);
    let (_, message, code) = run(&folder.path().join("none/news.db"), &["ingest", &path(&folder, "a.txt")]);
    assert!(message.ends_with("none/news.db: its folder does not exist\n"), "{message}");
    assert_eq!(code, 6);
}

#[test]
fn exports_in_every_format() {
    let (folder, store) = examples();
    let out = |name: &str| folder.path().join(name).display().to_string();
    let records = lines(&store, &["export", "--format", "jsonl"]);
    assert_eq!(records.len(), 8);
    let statements: usize = records.iter().map(|r| r["statements"].as_array().unwrap().len()).sum();
    for record in &records {
        let text: Vec<char> = record["article"]["text"].as_str().unwrap().chars().collect();
        for s in record["statements"].as_array().unwrap() {
            let [start, end] =
                [0, 1].map(|n| usize::try_from(s["content"]["spans"][0][n].as_u64().unwrap()).unwrap());
            let piece: String = text[start..end].iter().collect();
            assert!(s["content"]["text"].as_str().unwrap().starts_with(&piece));
        }
    }
    let (csv, _, _) = run(&store, &["export", "--format", "csv"]);
    assert!(csv.starts_with("statement,article,article_id,"));
    let (page, _, _) = run(&store, &["export", "--format", "webannotation"]);
    let page: Value = serde_json::from_str(&page).unwrap();
    assert_eq!(page["items"].as_array().unwrap().len(), statements);
    let target = &page["items"][0]["target"][0];
    assert_eq!(target["selector"][0]["type"], "TextPositionSelector");
    let entities = lines(&store, &["export", "speaker:meyer", "--format", "ftm"]);
    let schemas: Vec<_> = entities.iter().map(|e| e["schema"].as_str().unwrap()).collect();
    assert!(
        schemas.contains(&"Article") && schemas.contains(&"Person") && schemas.contains(&"Documentation")
    );
    assert_eq!(run(&store, &["export", "--format", "parquet", "-o", &out("x.parquet")]).2, 0);
    assert!(fs::read(out("x.parquet")).unwrap().starts_with(b"PAR1"));
    let outputs: [&[&str]; 2] = [&[], &["-o", "-"]];
    for output in outputs {
        let (_, said, code) = run(&store, &[&["export", "--format", "brat"], output].concat());
        assert!(code == 2 && said.contains("a folder of files") && said.contains("with -o"), "{said}");
        assert!(!Path::new("-").exists());
    }
    assert_eq!(run(&store, &["export", "--format", "brat", "-o", &out("brat")]).2, 0);
    // What was exported for brat is what was found: as annotated articles it agrees with the records of the store.
    let gold = onrecord().args(["eval", "attribution", &out("brat"), "--json"]).output().unwrap();
    let scores: Value = serde_json::from_slice(&gold.stdout).unwrap();
    assert!(scores["rel.strict"]["f1"].as_f64().unwrap() > 0.999, "{scores}");
    // A reader who has enough is no failure.
    for format in ["jsonl", "csv", "parquet", "webannotation", "ftm", "polecat"] {
        let mut child = Process::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(["export", "--format", format, "--store"])
            .arg(&store)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !errors.contains("could not be written"), "{format}: {errors}");
    }
    // A failed export leaves what was there.
    let (_, _, code) = run(&store, &["export", "--format", "csv", "-o", &out("no/such/folder.csv")]);
    assert_eq!(code, 1);
}

/// Articles that differ, enough of them for several commits.
fn many(folder: &Path, count: usize) -> String {
    let file = folder.join("many.jsonl");
    let line = |n: usize| {
        format!(
            "{{\"id\": \"{n}\", \"published\": \"2016-{:02}-{:02}\", \"text\": \"“Bridge {n} opens in May,” Minister Ada Brandt{n} said on Friday. Brandt{n} thanked Rolf Meyer.\"}}\n",
            n % 12 + 1,
            n % 28 + 1
        )
    };
    fs::write(&file, (0..count).map(line).collect::<String>()).unwrap();
    file.display().to_string()
}

/// Everything that a store says, but for numbers of rows.
fn told(store: &Path) -> (String, Vec<Value>) {
    let (records, _, code) = run(store, &["export", "--format", "jsonl"]);
    assert_eq!(code, 0);
    (records, lines(store, &["search", "bridge", "--limit", "100000"]))
}

#[test]
fn killed_at_any_point_it_goes_on_where_it_stopped() {
    let folder = TempDir::new().unwrap();
    let input = many(folder.path(), 700);
    let whole = folder.path().join("whole.db");
    let begun = Instant::now();
    assert_eq!(run(&whole, &["ingest", &input]).2, 0);
    let time = begun.elapsed();
    let store = folder.path().join("killed.db");
    let mut kept = Vec::new();
    for n in 1..=12u32 {
        let mut child = Process::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(["ingest", &input, "--store"])
            .arg(&store)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // Points spread over the whole run, at odd moments of it.
        std::thread::sleep(time * (n * 37 % 100) / 300);
        let _ = child.kill();
        let _ = child.wait();
        if store.exists() {
            let (out, faults, code) = run(&store, &["verify"]);
            // Killed before the tables stood, the file is empty, and the next run makes them.
            assert!(
                code == 0 || faults.contains("not an onrecord store") && kept.is_empty(),
                "{out}{faults}"
            );
            if code == 0 {
                kept.push(told(&store).1.len());
            }
        }
    }
    assert!(kept.is_sorted(), "what was kept is never lost: {kept:?}");
    assert_eq!(run(&store, &["ingest", &input]).2, 0);
    assert_eq!(told(&store), told(&whole));
    assert!(run(&store, &["verify"]).0.starts_with("sound: 700 articles"));
}

#[cfg(unix)]
#[test]
fn a_watched_folder_is_read_until_ctrl_c() {
    let folder = folder(&[("a.txt", b"\"It rains,\" Ada Brandt said.")]);
    let store = folder.path().join("news.db");
    let mut child = Process::new(env!("CARGO_BIN_EXE_onrecord"))
        .arg("ingest")
        .arg(folder.path())
        .args(["--watch", "--store"])
        .arg(&store)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let found = |word: &str| {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60) {
            if run(&store, &["search", word]).0.lines().count() == 1 {
                return true;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        false
    };
    assert!(found("rains"), "what is there is read");
    fs::write(folder.path().join("b.txt"), "\"It snows,\" Pia Lund said.").unwrap();
    assert!(found("snows"), "what comes in is read");
    let stopped = Process::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn decisions_say_who_made_them_and_what_they_are_about() {
    let (_folder, store) = examples();
    let hit = lines(&store, &["search", "\"another name\""]).remove(0);
    let (name, address) = (hit["statement"].as_str().unwrap(), hit["address"].as_str().unwrap());
    assert_eq!(run(&store, &["correct", "set", address, "role", "Ferry captain", "--by", "Jo Dahl"]).2, 0);
    assert_eq!(lines(&store, &["search", "role:captain"])[0]["address"], address);
    let (list, _, _) = run(&store, &["correct", "list"]);
    assert!(list.contains("by Jo Dahl") && list.trim_end().ends_with(name), "{list}");
    for (args, code, what) in [
        (&["correct", "set", name, "speaker", ""][..], 2, "a speaker needs a letter"),
        (&["correct", "set", name, "said", "soon"], 2, "is not a date"),
        (&["correct", "accept", "x"], 2, "does not name a statement"),
        (&["correct", "accept", "0123456789abcdef"], 6, "no statement in this store has this address"),
        (&["correct", "undo", "9"], 6, "decision 9 does not exist or was undone"),
        (&["correct", "undo", "abc"], 2, "expected the number of a decision"),
        (&["correct", "merge", "p1", "p1"], 2, "p1: the same person was named twice"),
        (&["correct", "merge", "p1", "p999"], 6, "nobody in this store has this number"),
    ] {
        let (_, said, found) = run(&store, args);
        assert!(found == code && said.contains(what), "{args:?}: {found} {said}");
    }
}

#[test]
fn pages_follow_each_other() {
    let (_folder, store) = examples();
    let all: Vec<Value> = lines(&store, &["search", "toll"]).iter().map(|l| l["statement"].clone()).collect();
    let first = lines(&store, &["search", "toll", "--limit", "2"]);
    let address = first[1]["address"].as_str().unwrap();
    let rest = lines(&store, &["search", "toll", "--after", address]);
    assert_eq!(rest.iter().map(|l| l["statement"].clone()).collect::<Vec<_>>(), all[2..]);
    let name = first[1]["statement"].as_str().unwrap();
    let (text, _, _) = run(&store, &["search", "toll", "--after", name, "--limit", "1", "--format", "text"]);
    assert!(text.ends_with(&format!("more follow: --after {}\n", all[2].as_str().unwrap())), "{text}");
    assert_eq!(run(&store, &["search", "toll", "--after", name, "--skip", "1"]).2, 2);
    assert_eq!(run(&store, &["search", "toll", "--after", "99.s1"]).2, 6);
}

#[test]
fn answers_have_a_schema() {
    let (_folder, store) = examples();
    for args in [
        &["search", "toll"][..],
        &["who", "brandt"],
        &["lineage", "nobody in this country will ever pay a toll"],
    ] {
        let all = lines(&store, args);
        assert!(!all.is_empty() && all.iter().all(|l| l["schema"] == "onrecord-answers/1"), "{args:?}");
    }
}

#[test]
fn cells_that_are_no_formulas() {
    let text = "\"=HYPERLINK is dead,\" Ada Brandt said. It rained.";
    let line = serde_json::json!({"id": "+1", "text": text, "title": "=1+1", "outlet": "@sound"});
    let folder = folder(&[("in.jsonl", format!("{line}\n").as_bytes())]);
    let store = folder.path().join("news.db");
    assert_eq!(run(&store, &["ingest", &path(&folder, "in.jsonl")]).2, 0);
    let (plain, _, code) = run(&store, &["export", "--format", "csv", "--plain-cells"]);
    assert!(code == 0 && ["'+1", "'=1+1", "'@sound"].iter().all(|cell| plain.contains(cell)), "{plain}");
    let (csv, _, _) = run(&store, &["export", "--format", "csv"]);
    assert!(csv.contains(",=1+1,") && !csv.contains('\''), "{csv}");
    assert_eq!(run(&store, &["export", "--format", "jsonl", "--plain-cells"]).2, 2);
}

#[test]
fn a_damaged_store_gives_what_is_sound() {
    let (folder, store) = examples();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let odd = folder.path().join("odd.db");
    fs::copy(&store, &odd).unwrap();
    rusqlite::Connection::open(&odd).unwrap().execute("UPDATE statements SET kind = 'X'", []).unwrap();
    let (_, said, code) = run(&odd, &["search", "kind:direct"]);
    let advice = "; `onrecord verify` lists the faults, `onrecord salvage` recovers the rest\n";
    assert!(code == 6 && said.contains("odd.db: damaged (") && said.ends_with(advice), "{said}");
    let db = rusqlite::Connection::open(&store).unwrap();
    db.execute("UPDATE statements SET speaker = 'X' WHERE article = 3", []).unwrap();
    drop(db);
    let (out, said, code) = run(&store, &["verify"]);
    assert!(code == 5 && out.starts_with("3: something in it is not as it was put"), "{out}{said}");
    let (_, said, code) = run(&store, &["salvage", "-o", &at("new.db")]);
    assert!(code == 5 && said.contains("salvaged 7 versions of articles, 0 decisions"), "{said}");
    assert!(run(Path::new(&at("new.db")), &["verify"]).0.starts_with("sound: 7 articles"));
    let (_, _, code) = run(&store, &["salvage", "-o", &at("new.db")]);
    assert_eq!(code, 2, "a salvaged store is a new file");
    assert_eq!(run(&store, &["salvage", "-o", &at("new.jsonl")]).2, 5);
    assert_eq!(fs::read_to_string(at("new.jsonl")).unwrap().lines().count(), 7);
    assert_eq!(run(&store, &["salvage", "-o", "-"]).0, fs::read_to_string(at("new.jsonl")).unwrap());
    // What is lost comes back when it is read again.
    let (out, _, _) = run(Path::new(&at("new.db")), &["ingest", &example("").display().to_string()]);
    assert!(out.contains("1 new") && out.contains("the store has 8 articles"), "{out}");
}

#[test]
fn an_ingest_tells_what_it_noticed_and_what_it_skipped() {
    let folder = folder(&[
        ("a.txt", b"\"It rains,\" Ada Brandt said."),
        ("b.txt", "Der Zug kommt nicht, sagte die Ministerin am Freitag. Die Br\u{fc}cke \u{f6}ffnet erst im Mai, und niemand wei\u{df}, warum das so lange gedauert hat. Das sagte auch der B\u{fc}rgermeister.".as_bytes()),
        ("empty.txt", b" \n"),
        ("scan.pdf", b"%PDF-1.7"),
        ("scan2.PDF", b"%PDF-1.7"),
        ("notes.docx", b"PK\x03\x04"),
    ]);
    let store = folder.path().join("news.db");
    let (out, errors, code) = run(&store, &["ingest", &folder.path().display().to_string()]);
    assert_eq!((errors.as_str(), code), ("", 0));
    let lines: Vec<&str> = out.lines().skip(1).collect();
    let noticed = "noticed: 1 article not in English, so without statements; 1 article without text";
    let skipped = "skipped 3 files because of their kind: 1 .docx, 2 .pdf (notes.docx, scan.pdf, scan2.PDF); \
        a file that holds text is read if you name it";
    assert_eq!(lines, [noticed, skipped]);
    // A date that is left out is told, too.
    fs::write(
        folder.path().join("c.jsonl"),
        "{\"text\": \"It rains, Jo Dahl said.\", \"date\": \"04/05/2016\"}\n",
    )
    .unwrap();
    let (out, _, _) = run(&store, &["ingest", &path(&folder, "c.jsonl")]);
    assert_eq!(
        out.lines().nth(1),
        Some("noticed: 1 article with a date that could not be read or has no year")
    );
    // What is known is not read again, so nothing is noticed.
    let (out, _, _) = run(&store, &["ingest", &path(&folder, "b.txt")]);
    assert_eq!(out.lines().count(), 1, "{out}");
}

#[test]
fn without_input_no_store_is_made() {
    let folder = folder(&[]);
    let store = folder.path().join("new.db");
    let (out, errors, code) = run(&store, &["ingest", &path(&folder, "nofile.txt")]);
    assert!(errors.contains("nofile.txt: ") && out.is_empty(), "{out}{errors}");
    assert_eq!((code, store.exists()), (3, false));
    let (_, errors, code) = run(&store, &["ingest", &folder.path().display().to_string()]);
    assert!(errors.contains("no articles in this folder"), "{errors}");
    assert_eq!((code, store.exists()), (3, false));
}

#[test]
fn changes_of_a_file_are_found_by_its_path() {
    let folder = folder(&[
        ("a.txt", b"\"It rains,\" Ada Brandt said."),
        ("in.jsonl", b"\n{\"text\": \"It snows, Pia Lund said.\"}\n"),
    ]);
    let elsewhere = TempDir::new().expect("a folder for the store");
    let store = elsewhere.path().join("news.db");
    let here = |args: &[&str]| {
        let output =
            onrecord().args(args).arg("--store").arg(&store).current_dir(folder.path()).output().unwrap();
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
    };
    assert_eq!(here(&["ingest", "a.txt", "in.jsonl"]).1, Some(0));
    for name in ["a.txt", "./a.txt", "in.jsonl:2"] {
        assert_eq!(
            here(&["changes", "--format", "text", name]),
            ("one version\n".to_owned(), Some(0)),
            "{name}"
        );
    }
    fs::write(folder.path().join("a.txt"), "\"It pours,\" Ada Brandt said.").unwrap();
    assert_eq!(here(&["ingest", "a.txt"]).1, Some(0));
    assert!(here(&["changes", "a.txt", "--format", "text"]).0.contains("1 → 3"));
    for none in ["b.txt", "in.jsonl:7"] {
        assert_eq!(here(&["changes", none]).1, Some(6), "{none}");
    }
}

#[test]
fn an_output_that_can_not_be_written_is_named() {
    let (folder, store) = examples();
    let out = folder.path().join("none/out.csv").display().to_string();
    for args in
        [&["export", "--format", "csv", "-o", &out][..], &["salvage", "-o", &out.replace("csv", "jsonl")]]
    {
        let (_, errors, code) = run(&store, args);
        assert!(errors.matches("none/out.").count() == 1 && !errors.contains(".part"), "{errors}");
        assert_eq!(code, 1, "{errors}");
    }
}

#[test]
fn a_command_without_a_store_says_how_to_name_one() {
    for args in [&["search", "toll"][..], &["ingest", "a.txt"], &["serve"], &["correct", "list"]] {
        let output = onrecord().args(args).env_remove("ONRECORD_STORE").output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(errors.contains("ONRECORD_STORE"), "{args:?}: {errors}");
        assert_eq!(output.status.code(), Some(2));
    }
    let output = onrecord().args(["read"]).output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains("ONRECORD_STORE"));
    let output = onrecord().args(["serve", "--demo", "--store", "x.db"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be used with"));
    assert_eq!(output.status.code(), Some(2));
}
