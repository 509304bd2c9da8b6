//! Folders for brat, told by what an annotator does with them.

use std::fs;
use std::path::Path;

use onrecord_export::brat::{Attribution, parse, standoff, to_folder};
use onrecord_export::{ExportError, Item};
use onrecord_store::ArticleId;
use onrecord_text::wire;
use tempfile::TempDir;

mod folder;
use folder::names;

fn field(text: &str, pieces: &[&str]) -> wire::Field {
    let spans = pieces.iter().map(|piece| {
        let at = text.find(piece).unwrap_or_else(|| panic!("“{piece}” stands in the text"));
        let start = text[..at].chars().count();
        [start, start + piece.chars().count()]
    });
    wire::Field { text: pieces.join(" … "), spans: spans.collect() }
}

const TEXT: &str = "“Ja,” sagte Åsa.\n“We open\nin June,” she said, “at\tlast.” It rained, they know.";

fn record() -> wire::Record {
    let statement = |source: Option<&str>, cue: Option<&str>, content: &[&str]| wire::Statement {
        source: source.map(|words| field(TEXT, &[words])),
        cue: cue.map(|words| field(TEXT, &[words])),
        content: field(TEXT, content),
        ..wire::Statement::default()
    };
    wire::Record {
        article: wire::Article { text: TEXT.to_owned(), ..wire::Article::default() },
        statements: vec![
            statement(Some("Åsa"), Some("sagte"), &["“Ja,”"]),
            statement(Some("she"), None, &["“We open\nin June,”", "“at\tlast.”"]),
            statement(None, Some("know"), &["It rained"]),
        ],
        ..wire::Record::default()
    }
}

/// A record with this text and no statements.
fn plain(text: &str) -> wire::Record {
    wire::Record {
        article: wire::Article { text: text.to_owned(), ..wire::Article::default() },
        ..wire::Record::default()
    }
}

#[test]
fn offsets_count_code_points_and_each_annotation_is_one_line() {
    assert_eq!(
        standoff(&record()),
        "T1\tContent 0 5\t“Ja,”\n\
         T2\tCue 6 11\tsagte\n\
         T3\tSource 12 15\tÅsa\n\
         R1\tHasCue Arg1:T1 Arg2:T2\n\
         R2\tHasSource Arg1:T1 Arg2:T3\n\
         T4\tContent 17 35;46 56\t“We open in June,” “at last.”\n\
         T5\tSource 36 39\tshe\n\
         R3\tHasSource Arg1:T4 Arg2:T5\n\
         T6\tContent 57 66\tIt rained\n\
         T7\tCue 73 77\tknow\n\
         R4\tHasCue Arg1:T6 Arg2:T7\n"
    );
}

#[test]
fn what_was_written_for_brat_is_read_back() {
    let expected: Vec<Attribution> = record()
        .statements
        .into_iter()
        .map(|s| Attribution {
            source: s.source.map(|f| f.spans).unwrap_or_default(),
            cue: s.cue.map(|f| f.spans).unwrap_or_default(),
            content: s.content.spans,
        })
        .collect();
    assert_eq!(parse(&standoff(&record())), Ok(expected));
}

#[test]
fn annotations_about_anything_else_are_skipped() {
    let annotations = "T1\tContent 0 5\tYes we\n\
                       T2\tPlace what ever\tTallberg\n\
                       #1\tAnnotatorNotes T1\tunsure\n\
                       R1\tNear Arg1:T9\n\
                       A1\tContent T1\n\
                       \n";
    let only = Attribution { content: vec![[0, 5]], ..Attribution::default() };
    assert_eq!(parse(annotations), Ok(vec![only]));
    assert_eq!(parse(""), Ok(Vec::new()));
}

#[test]
fn a_line_that_can_not_be_understood_is_named() {
    let content = "T1\tContent 0 5\tYes we\n";
    for (line, expected) in [
        (
            "T2\tCue 7 x\tsaid",
            "line 2: the offsets “7 x” of the Cue T2 are not a start and an end, two numbers with a space between them",
        ),
        (
            "T2\tCue x 9\tsaid",
            "line 2: the offsets “x 9” of the Cue T2 are not a start and an end, two numbers with a space between them",
        ),
        (
            "T2\tCue 7\tsaid",
            "line 2: the offsets “7” of the Cue T2 are not a start and an end, two numbers with a space between them",
        ),
        (
            "T2\tCue 7 9;12\tsaid",
            "line 2: the offsets “12” of the Cue T2 are not a start and an end, two numbers with a space between them",
        ),
        (
            "T2\tSource\tsaid",
            "line 2: the offsets “” of the Source T2 are not a start and an end, two numbers with a space between them",
        ),
        (
            "R1\tHasCue Arg1:T1",
            "line 2: the arguments “Arg1:T1” of the relation HasCue R1 are not two, such as “Arg1:T1 Arg2:T2”",
        ),
        (
            "R1\tHasCue Arg1:T1 Arg2:T7",
            "line 2: Arg2 of the relation HasCue R1 is “T7”, but no earlier line defines a Cue or Source “T7”",
        ),
        (
            "R1\tHasSource Arg1:T1 Arg2:T1",
            "line 2: Arg2 of the relation HasSource R1 is “T1”, but no earlier line defines a Cue or Source “T1”",
        ),
        (
            "T2\tCue 7 9\tsaid\nR1\tHasCue Arg1:T8 Arg2:T2",
            "line 3: Arg1 of the relation HasCue R1 is “T8”, but no earlier line defines a Content “T8”",
        ),
    ] {
        assert_eq!(parse(&format!("{content}{line}\n")), Err(expected.to_owned()), "{line}");
    }
}

fn put(folder: &Path, records: Vec<wire::Record>) -> Result<(), ExportError> {
    to_folder(records.into_iter().map(|record| Ok(Item::from(record))), folder)
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn a_folder_has_two_files_for_each_article_and_what_brat_needs() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path().join("new/folder");
    put(&folder, vec![record(), plain("It rained.")]).unwrap();
    assert_eq!(names(&folder), [".onrecord", "1.ann", "1.txt", "2.ann", "2.txt", "annotation.conf"]);
    assert_eq!(read(&folder, "1.txt"), TEXT);
    assert_eq!(read(&folder, "1.ann"), standoff(&record()));
    assert_eq!(read(&folder, "2.ann"), "");
    assert!(read(&folder, "annotation.conf").contains("HasCue Arg1:Content, Arg2:Cue"));
    // The list is in the format of sha256sum.
    let line = format!("{}  2.txt", wire::content_hash("It rained."));
    assert!(read(&folder, ".onrecord").lines().any(|there| there == line));
    assert_eq!(read(&folder, ".onrecord").lines().count(), 5);
}

#[test]
fn files_of_a_store_are_named_after_the_article() {
    let folder = TempDir::new().unwrap();
    let item = Item { article: Some(ArticleId(12)), ..Item::from(plain("It rained.")) };
    to_folder([Ok(item)], folder.path()).unwrap();
    assert_eq!(names(folder.path()), [".onrecord", "12.ann", "12.txt", "annotation.conf"]);
}

#[test]
fn a_later_export_replaces_the_files_of_an_earlier_one_and_removes_what_it_no_longer_has() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    put(folder, vec![plain("It rained."), plain("It snowed.")]).unwrap();
    fs::write(folder.join("notes.md"), "by an annotator").unwrap();
    put(folder, vec![plain("It hailed.")]).unwrap();
    assert_eq!(names(folder), [".onrecord", "1.ann", "1.txt", "annotation.conf", "notes.md"]);
    assert_eq!(read(folder, "1.txt"), "It hailed.");
    assert_eq!(read(folder, "notes.md"), "by an annotator");
}

#[test]
fn a_file_that_somebody_changed_is_kept_and_the_export_says_so() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    put(folder, vec![plain("It rained."), plain("It snowed.")]).unwrap();
    fs::write(folder.join("2.ann"), "T1\tContent 0 2\tIt\n").unwrap();
    // The article is gone from the export, but not the work on it.
    put(folder, vec![plain("It rained.")]).unwrap();
    assert_eq!(names(folder), [".onrecord", "1.ann", "1.txt", "2.ann", "annotation.conf"]);
    let message = put(folder, vec![plain("It rained."), plain("It hailed.")]).unwrap_err().to_string();
    assert!(message.contains("2.ann: is there already and was not written by an export"), "{message}");
    assert!(message.ends_with("give another folder with -o"), "{message}");
    assert_eq!(read(folder, "2.ann"), "T1\tContent 0 2\tIt\n");
}

#[test]
fn a_file_that_is_not_from_an_export_is_not_overwritten_unless_it_is_the_same() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    fs::write(folder.join("1.txt"), "It rained.").unwrap();
    put(folder, vec![plain("It rained.")]).unwrap();
    let other = TempDir::new().unwrap();
    let other = other.path();
    fs::write(other.join("1.txt"), "It poured.").unwrap();
    assert!(put(other, vec![plain("It rained.")]).is_err());
    assert_eq!(read(other, "1.txt"), "It poured.");
}

#[test]
fn an_export_that_fails_removes_nothing_and_the_next_one_knows_what_is_there() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    put(folder, vec![plain("It rained."), plain("It snowed.")]).unwrap();
    let torn = ExportError::Output(std::io::Error::other("a torn page"));
    let error = to_folder([Ok(plain("It hailed.").into()), Err(torn)], folder).unwrap_err();
    assert!(error.to_string().ends_with("a torn page"));
    assert_eq!(read(folder, "1.txt"), "It hailed.");
    assert_eq!(read(folder, "2.txt"), "It snowed.");
    // The files of both exports may be replaced and removed.
    put(folder, vec![plain("It thawed.")]).unwrap();
    assert_eq!(names(folder), [".onrecord", "1.ann", "1.txt", "annotation.conf"]);
    assert_eq!(read(folder, "1.txt"), "It thawed.");
}

#[test]
fn a_list_with_names_of_other_folders_removes_nothing_there() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("letter.txt"), "Dear Nora").unwrap();
    let inside = folder.path().join("brat");
    fs::create_dir_all(inside.join("sub")).unwrap();
    fs::write(inside.join("sub/letter.txt"), "Dear Nora").unwrap();
    let hash = wire::content_hash("Dear Nora");
    fs::write(inside.join(".onrecord"), format!("{hash}  ../letter.txt\n{hash}  sub/letter.txt\nnonsense\n"))
        .unwrap();
    put(&inside, vec![plain("It rained.")]).unwrap();
    assert!(folder.path().join("letter.txt").exists() && inside.join("sub/letter.txt").exists());
}

#[test]
fn a_list_that_can_not_be_read_ends_the_export() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join(".onrecord")).unwrap();
    assert!(put(folder.path(), vec![plain("It rained.")]).is_err());
    assert_eq!(names(folder.path()), [".onrecord"]);
}
