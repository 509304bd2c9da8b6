//! The commands of the README and of the guides in docs/, which readers copy: each succeeds, and prints what stands
//! below it.
//!
//! In a `console` block, a command begins with `$ ` and is followed by its output, in which a line `…` stands for any
//! number of lines. The commands of a page run one after another in one shell, in a folder with the articles of
//! `examples`. `UPDATE=1` writes the output into the pages, except for a command whose output is shortened.
#![cfg(unix)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{example, folder, onrecord};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tempfile::TempDir;

const ARTICLE: &str =
    "TALLBERG, March 4 (NOR) -- \"We are late,\" Transport Minister Ada Brandt said on Friday.\n";

/// The port of `onrecord serve`, as the pages have it.
const PORT: &str = "7878";
/// What the shell prints after each command, around its status.
const MARKS: [char; 2] = ['\u{1e}', '\u{1f}'];

/// A command of a page, with the lines below it.
#[derive(Debug)]
struct Step {
    command: String,
    /// Where its output stands in the page. `None` in an `sh` block, which shows no output.
    output: Option<std::ops::Range<usize>>,
}

/// Returns whether pages get the output that they should show.
fn update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the commands in the page's blocks of these languages.
fn steps(page: &str, languages: &[&str]) -> Vec<Step> {
    let (mut steps, mut language, mut at): (Vec<Step>, Option<&str>, usize) = (Vec::new(), None, 0);
    for line in page.split_inclusive('\n') {
        let (from, text) = (at, line.trim_end());
        at += line.len();
        match (language, text.strip_prefix("```")) {
            (None, Some(begin)) => language = Some(begin),
            (Some(_), Some(_)) => language = None,
            (Some(open), None) if languages.contains(&open) && open == "console" => {
                let more = |step: &Step| step.command.ends_with('\\') || step.command.contains("<<");
                let continued = steps.last().is_some_and(|s| more(s) && s.output == Some(from..from));
                if let Some(command) = text.strip_prefix("$ ") {
                    steps.push(Step { command: command.to_owned(), output: Some(at..at) });
                } else {
                    let step = steps.last_mut().expect("a block begins with a command");
                    match text.strip_prefix("> ").filter(|_| continued) {
                        Some(more) => {
                            step.command += &format!("\n{more}");
                            step.output = Some(at..at);
                        }
                        None => step.output = step.output.take().map(|output| output.start..at),
                    }
                }
            }
            (Some(open), None) if languages.contains(&open) => {
                match steps.last_mut().filter(|step| step.command.ends_with('\\')) {
                    Some(step) => step.command += &format!("\n{text}"),
                    None => steps.push(Step { command: text.to_owned(), output: None }),
                }
            }
            _ => {}
        }
    }
    steps
}

/// Returns the arguments of a command line, without its comment and its redirection.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '#' | '>') if word.is_none() => break,
            (None, ' ') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Returns whether the command goes on until somebody stops it.
fn is_endless(command: &str) -> bool {
    let words = words(command);
    words.iter().any(|w| w == "--watch" || w == "serve") && !command.ends_with(" &")
}

/// The commands whose output is JSON unless it goes to a terminal.
const IN_TWO_FORMATS: [&str; 8] =
    ["read", "search", "who", "lineage", "changes", "events", "relations", "accounts"];

/// Returns the command with the output that it has on a terminal, which pages show.
fn on_a_terminal(command: &str) -> String {
    let elsewhere = [" | ", " > ", "--format"].iter().any(|other| command.contains(other));
    match words(command).as_slice() {
        [onrecord, name, ..]
            if onrecord == "onrecord" && IN_TWO_FORMATS.contains(&name.as_str()) && !elsewhere =>
        {
            command.replacen(name, &format!("{name} --format text"), 1)
        }
        _ => command.to_owned(),
    }
}

/// Runs commands in one shell in this folder, and returns the status and the output of each.
fn run(folder: &Path, commands: impl Iterator<Item = String>) -> Vec<(String, String)> {
    // The binary is found as readers find it, by its name.
    let program = PathBuf::from(onrecord().get_program());
    let bin = program.parent().expect("the binary is in a folder").display();
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let mut script = format!("PATH='{bin}':$PATH\nexec 2>&1 </dev/null\n");
    for command in commands {
        let [before, after] = MARKS;
        let command = on_a_terminal(&command).replace(PORT, &port.to_string());
        let command = match command.strip_suffix(" &") {
            Some(server) => format!(
                "{server} --listen {port} >server.txt &\nSERVER=$!\n\
                 for n in $(seq 100); do grep -q http server.txt && break; sleep 0.1; done"
            ),
            None => command,
        };
        script += &format!("{command}\nprintf '{before}%s{after}' $?\n");
    }
    script += "if [ -n \"$SERVER\" ]; then kill \"$SERVER\"; fi\n";
    let done = Command::new("sh").arg("-c").arg(script).current_dir(folder).output().expect("a shell");
    let printed = String::from_utf8(done.stdout).expect("text").replace(&port.to_string(), PORT);
    let parts = printed.split(MARKS[1]).filter_map(|part| part.split_once(MARKS[0]));
    parts.map(|(output, status)| (status.to_owned(), output.to_owned())).collect()
}

/// Returns a text without the ends of its lines that nobody sees, and with the times of decisions made equal.
fn seen(text: &str) -> Vec<String> {
    let timeless = |word: &str| {
        let time = word.len() == 20 && word.ends_with('Z') && word.as_bytes()[10] == b'T';
        if time { "2026-11-24T12:00:00Z".to_owned() } else { word.to_owned() }
    };
    let line = |line: &str| line.trim_end().split(' ').map(timeless).collect::<Vec<_>>().join(" ");
    text.trim_end().lines().map(line).collect()
}

/// Returns whether this is the output that a page shows, in which `…` stands for any number of lines.
fn is_shown(expected: &[String], output: &[String]) -> bool {
    match expected.split_first() {
        None => output.is_empty(),
        Some((line, rest)) if line == "…" => (0..=output.len()).any(|n| is_shown(rest, &output[n..])),
        Some((line, rest)) => output.first() == Some(line) && is_shown(rest, &output[1..]),
    }
}

/// Runs the commands of a page after these. Returns how many outputs the page shows, and what it shows wrongly.
fn check(page: &Path, before: &[&str], languages: &[&str], update: bool) -> (usize, Vec<String>) {
    let folder = with_examples();
    let name = page.file_name().expect("a page has a name").to_string_lossy();
    let mut text = fs::read_to_string(page).expect("a page");
    let mut steps = steps(&text, languages);
    steps.retain(|step| !is_endless(&step.command));
    let commands = before.iter().map(|&c| c.to_owned()).chain(steps.iter().map(|s| s.command.clone()));
    let results = run(folder.path(), commands);
    assert_eq!(results.len(), before.len() + steps.len(), "{name}: the shell ended early: {results:#?}");
    let mut wrong = Vec::new();
    // From the end on, so that a place in the page stays right when something after it is replaced.
    for (step, (status, output)) in steps.iter().zip(&results[before.len()..]).rev() {
        let output = seen(output);
        let all: String = output.iter().map(|line| format!("{line}\n")).collect();
        let expected = step.output.clone().map(|range| seen(&text[range]));
        let right = expected.as_ref().map_or(status == "0", |expected| is_shown(expected, &output));
        match (&step.output, expected) {
            _ if right => {}
            (Some(range), Some(expected)) if update && !expected.iter().any(|line| line == "…") => {
                text.replace_range(range.clone(), &all);
            }
            _ => wrong.push(format!("{name}: $ {}\n{all}", step.command)),
        }
    }
    if update {
        fs::write(page, text).expect("the page can be written");
    }
    wrong.reverse();
    (steps.iter().filter(|step| step.output.is_some()).count(), wrong)
}

/// Copies the folder `examples`.
fn with_examples() -> TempDir {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            let to = to.join(entry.file_name());
            if entry.path().is_dir() { copy(&entry.path(), &to) } else { drop(fs::copy(entry.path(), to)) }
        }
    }
    let folder = folder(&[]);
    copy(&root().join("examples"), &folder.path().join("examples"));
    folder
}

#[test]
fn commands_succeed() {
    let folder = with_examples();
    let at = |name: &str| folder.path().join(name);
    let page = format!("<h1>Bridge to open in May</h1><p>{ARTICLE}</p>");
    let line = format!("{{\"id\": \"7\", \"attributions\": [], \"text\": {ARTICLE:?}}}\n");
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(line.as_bytes()).unwrap();
    for name in ["archive", "inbox"] {
        fs::create_dir(at(name)).unwrap();
        fs::write(at(name).join("article.html"), &page).unwrap();
    }
    for (name, bytes) in [
        ("article.html", page.into_bytes()),
        ("article.txt", ARTICLE.as_bytes().to_vec()),
        ("dev.jsonl", line.into_bytes()),
        ("feed.jsonl.gz", packed.finish().unwrap()),
    ] {
        fs::write(at(name), bytes).unwrap();
    }
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let mut run = 0;
    for step in steps(&readme, &["sh"]) {
        let line = step.command.replace("cargo run --", "onrecord");
        let words = words(&line);
        if words.first().is_none_or(|w| w != "onrecord") || is_endless(&line) {
            continue;
        }
        let done = onrecord()
            .current_dir(folder.path())
            .env("ONRECORD_STORE", "news.db")
            .args(&words[1..])
            .output()
            .expect("the binary runs");
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
        run += 1;
    }
    assert!(run > 12, "only {run} commands");
}

#[test]
fn output_is_what_the_readme_shows() {
    let before = ["export ONRECORD_STORE=news.db", "onrecord ingest --events examples/"];
    let (shown, wrong) = check(&root().join("README.md"), &before, &["console"], update());
    assert!(shown > 2, "only {shown} outputs");
    assert!(wrong.is_empty(), "other output:\n{}", wrong.join("\n"));
}

#[test]
fn output_is_what_the_guides_show() {
    let pages = fs::read_dir(root().join("docs")).expect("the folder docs").map(|page| page.unwrap().path());
    let is_guide = |page: &PathBuf| page.file_name().unwrap().to_string_lossy().starts_with("guide-");
    let mut guides: Vec<PathBuf> = pages.filter(is_guide).chain([root().join("docs/QUERIES.md")]).collect();
    guides.sort();
    assert!(guides.len() > 3, "only {guides:?}");
    let mut all = Vec::new();
    for guide in guides {
        let (shown, wrong) = check(&guide, &[], &["sh", "console"], update());
        assert!(shown > 2, "{}: only {shown} outputs", guide.display());
        all.extend(wrong);
    }
    assert!(all.is_empty(), "other output:\n{}", all.join("\n"));
}

/// Returns the parts of a JSON list or object, without the marks around it.
fn parts(json: &str) -> Vec<&str> {
    let inner = &json[1..json.len() - 1];
    let (mut parts, mut from, mut depth, mut quoted, mut escaped) = (Vec::new(), 0, 0, false, false);
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inner[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    if !inner.is_empty() {
        parts.push(&inner[from..]);
    }
    parts
}

/// Returns JSON that has no white space with its parts on lines of their own, unless they fit on one.
fn laid_out(json: &str, indent: usize) -> String {
    // A string before a colon is a key, and no key has quotation marks in it.
    if let Some((key, value)) = json.split_once("\":").filter(|_| json.starts_with('"')) {
        return format!("{key}\": {}", laid_out(value, indent));
    }
    let Some(open) = json.chars().next().filter(|c| "[{".contains(*c)) else { return json.to_owned() };
    let close = if open == '[' { ']' } else { '}' };
    let parts: Vec<String> = parts(json).iter().map(|part| laid_out(part, indent + 2)).collect();
    let line = format!("{open}{}{close}", parts.join(", "));
    if indent + line.chars().count() < 100 && !line.contains('\n') {
        return line;
    }
    let space = " ".repeat(indent);
    format!("{open}\n{space}  {}\n{space}{close}", parts.join(&format!(",\n{space}  ")))
}

/// Returns the names of all fields in a JSON value.
fn fields(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(map) => {
            map.iter().flat_map(|(k, v)| [k.clone()].into_iter().chain(fields(v))).collect()
        }
        Value::Array(list) => list.iter().flat_map(fields).collect(),
        _ => BTreeSet::new(),
    }
}

#[test]
fn the_record_in_the_reference_is_what_the_engine_makes() {
    let page = root().join("docs/RECORD.md");
    let mut text = fs::read_to_string(&page).expect("the page");
    let begin = "```json example=record\n";
    let from = text.find(begin).expect("the example") + begin.len();
    let to = from + text[from..].find("```").expect("the end of the example");
    let read = onrecord().arg("read").arg(example("archive/agency.jsonl")).output().expect("the binary runs");
    let records = String::from_utf8(read.stdout).expect("text");
    let made = laid_out(records.lines().last().expect("a record"), 0) + "\n";
    let value: Value = serde_json::from_str(&made).expect("JSON");
    let record: Value = serde_json::from_str(records.lines().last().unwrap()).expect("JSON");
    assert_eq!(value, record, "laid out in a way that changes it");
    if update() {
        text.replace_range(from..to, &made);
        fs::write(&page, &text).expect("the page can be written");
    } else {
        assert_eq!(text[from..to], made, "docs/RECORD.md");
    }
    let tables: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    let tables = tables.join("\n");
    for field in fields(&record) {
        assert!(tables.contains(&format!("`{field}`")), "docs/RECORD.md does not explain {field}");
    }
}

#[test]
fn other_output_is_noticed() {
    assert!(is_shown(&seen("a\n…\nd\n"), &seen("a\nb\nc\nd")));
    assert!(is_shown(&seen("a\n…"), &seen("a")));
    for other in ["a\nb", "d", "a\nb\nc\nd\ne", ""] {
        assert!(!is_shown(&seen("a\n…\nd\n"), &seen(other)), "{other:?}");
    }
    assert!(!is_shown(&seen("a\n"), &seen("a\nb")));
    let page = "```console\n$ printf 'a\\n'\nb\n$ echo c\nc\n```\n\n```sh\nfalse\ntrue\n```\n";
    let folder = folder(&[("page.md", page.as_bytes())]);
    let check = |update| check(&folder.path().join("page.md"), &[], &["sh", "console"], update);
    let failed = "page.md: $ false\n".to_owned();
    assert_eq!(check(false), (2, vec!["page.md: $ printf 'a\\n'\na\n".to_owned(), failed.clone()]));
    assert_eq!(check(true), (2, vec![failed]));
    assert_eq!(fs::read_to_string(folder.path().join("page.md")).unwrap(), page.replace("\nb\n", "\na\n"));
}
