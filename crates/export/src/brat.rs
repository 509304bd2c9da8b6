//! The brat standoff format: a text file and an annotation file per article, in a folder with the configuration for
//! brat.
//!
//! Offsets count code points, as in brat. A field with several pieces is one discontinuous annotation. A statement is a
//! `Content`, with relations that link it to a `Cue` and a `Source`. [`parse`] reads the same annotations back.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use onrecord_text::wire;

use crate::{ExportError, Item};

/// The configuration that brat needs to show the annotations.
const CONFIGURATION: &str = "\
[entities]
Source
Cue
Content

[relations]
HasCue Arg1:Content, Arg2:Cue
HasSource Arg1:Content, Arg2:Source

[events]

[attributes]
";

/// The pieces of a field, each as its start and end in code points.
pub type Pieces = Vec<[usize; 2]>;

/// A statement in an annotation file. A field that is absent has no pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attribution {
    /// The words that name who speaks.
    pub source: Pieces,
    /// The words that signal the attribution.
    pub cue: Pieces,
    /// What is attributed.
    pub content: Pieces,
}

/// The file in a folder that lists what an export wrote, with SHA-256 hashes in the format of `sha256sum`.
const WRITTEN: &str = ".onrecord";

/// Writes records to a folder, which is created if it does not exist.
///
/// The files are called `12.txt` and `12.ann` for the article with the number 12 in its store, or for the twelfth
/// record if the records are not from a store.
///
/// Files from an earlier export to the same folder are replaced. They are removed if the query no longer returns their
/// articles. All other files are kept, including those that somebody has annotated since.
///
/// # Errors
///
/// Returns the first error among the records. Also returns an error if the folder can't be written, or if a file would
/// be overwritten that is not an unchanged file from an earlier export.
pub fn to_folder(
    items: impl IntoIterator<Item = Result<Item, ExportError>>,
    folder: &Path,
) -> Result<(), ExportError> {
    fs::create_dir_all(folder)?;
    let mut folder = Folder::open(folder)?;
    let write = || -> Result<(), ExportError> {
        folder.write("annotation.conf", CONFIGURATION)?;
        for (n, item) in items.into_iter().enumerate() {
            let Item { record, article, .. } = item?;
            let number = article.map_or_else(|| (n + 1).to_string(), |article| article.to_string());
            folder.write(&format!("{number}.txt"), &record.article.text)?;
            folder.write(&format!("{number}.ann"), &standoff(&record))?;
        }
        Ok(())
    };
    let written = write();
    // Even after a failure, the next export must know what was written.
    let noted = folder.close(written.is_ok());
    written.and(noted.map_err(ExportError::from))
}

/// The folder of an export, including what an earlier export wrote there.
struct Folder<'p> {
    path: &'p Path,
    /// The hashes of the files from an earlier export.
    before: BTreeMap<String, String>,
    now: BTreeMap<String, String>,
}

impl<'p> Folder<'p> {
    fn open(path: &'p Path) -> io::Result<Self> {
        let known = match fs::read_to_string(path.join(WRITTEN)) {
            Ok(known) => known,
            Err(e) if e.kind() == io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(e),
        };
        let names = known.lines().filter_map(|line| line.split_once("  "));
        // An export never writes names with a folder in them, so such names are ignored.
        let ours = names.filter(|(_, name)| !name.contains(['/', '\\']));
        let before = ours.map(|(hash, name)| (name.to_owned(), hash.to_owned())).collect();
        Ok(Self { path, before, now: BTreeMap::new() })
    }

    /// Returns whether a file is unchanged since an earlier export wrote it.
    fn is_ours(&self, name: &str) -> bool {
        let Some(hash) = self.before.get(name) else { return false };
        fs::read_to_string(self.path.join(name)).is_ok_and(|text| wire::content_hash(&text) == *hash)
    }

    fn write(&mut self, name: &str, text: &str) -> io::Result<()> {
        let path = self.path.join(name);
        let hash = wire::content_hash(text);
        let made = match File::create_new(&path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                let same = fs::read_to_string(&path).is_ok_and(|there| there == text);
                if !same && !self.is_ours(name) {
                    let what = "is there already and was not written by an export, or was changed since";
                    let what = format!("{name}: {what}; give another folder with -o");
                    return Err(io::Error::new(io::ErrorKind::AlreadyExists, what));
                }
                File::create(&path)
            }
            made => made,
        };
        let mut out = BufWriter::new(made?);
        out.write_all(text.as_bytes())?;
        out.flush()?;
        self.now.insert(name.to_owned(), hash);
        Ok(())
    }

    /// Removes files from an earlier export that this one no longer has, if it is complete (`whole`), and writes the
    /// new list.
    fn close(mut self, whole: bool) -> io::Result<()> {
        let gone: Vec<String> =
            self.before.keys().filter(|name| !self.now.contains_key(*name)).cloned().collect();
        for name in gone {
            if whole && self.is_ours(&name) {
                fs::remove_file(self.path.join(&name))?;
            } else if let Some(hash) = self.before.remove(&name) {
                self.now.insert(name, hash);
            }
        }
        let lines: String = self.now.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
        fs::write(self.path.join(WRITTEN), lines)
    }
}

/// Returns the content of the annotation file of a record.
#[must_use]
pub fn standoff(record: &wire::Record) -> String {
    let text: Vec<char> = record.article.text.chars().collect();
    let mut out = String::new();
    let (mut marks, mut relations) = (0, 0);
    for s in &record.statements {
        let mut mark = |label: &str, spans: &[[usize; 2]]| {
            marks += 1;
            let places: Vec<String> = spans.iter().map(|[start, end]| format!("{start} {end}")).collect();
            let pieces: Vec<String> = spans
                .iter()
                .map(|&[start, end]| text.get(start..end).unwrap_or_default().iter().collect::<String>())
                .collect();
            let shown = pieces.join(" ").replace(['\n', '\r', '\t'], " ");
            out.push_str(&format!("T{marks}\t{label} {}\t{shown}\n", places.join(";")));
            marks
        };
        let content = mark("Content", &s.content.spans);
        let ties = [("HasCue", "Cue", &s.cue), ("HasSource", "Source", &s.source)]
            .map(|(relation, label, field)| field.as_ref().map(|f| (relation, mark(label, &f.spans))));
        for (relation, to) in ties.into_iter().flatten() {
            relations += 1;
            out.push_str(&format!("R{relations}\t{relation} Arg1:T{content} Arg2:T{to}\n"));
        }
    }
    out
}

/// Reads the statements of an annotation file, in the order of their contents there.
///
/// # Errors
///
/// Returns the number of the first line about statements that can't be understood, the field, its value, and what is
/// wrong with it.
pub fn parse(annotations: &str) -> Result<Vec<Attribution>, String> {
    let mut order: Vec<(String, Attribution)> = Vec::new();
    let mut marks: Vec<(String, Pieces)> = Vec::new();
    for (n, line) in annotations.lines().enumerate() {
        let wrong = |what: String| format!("line {}: {what}", n + 1);
        let mut fields = line.split('\t');
        let (id, about) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let (kind, rest) = about.split_once(' ').unwrap_or((about, ""));
        match (id.bytes().next(), kind) {
            (Some(b'T'), "Content" | "Cue" | "Source") => {
                let piece = |place: &str| -> Result<[usize; 2], String> {
                    let numbers = place.split_once(' ').map(|(start, end)| (start.parse(), end.parse()));
                    let Some((Ok(start), Ok(end))) = numbers else {
                        let expected = "are not a start and an end, two numbers with a space between them";
                        return Err(wrong(format!("the offsets “{place}” of the {kind} {id} {expected}")));
                    };
                    Ok([start, end])
                };
                let pieces: Pieces = rest.split(';').map(piece).collect::<Result<_, _>>()?;
                if kind == "Content" {
                    order.push((id.to_owned(), Attribution { content: pieces, ..Attribution::default() }));
                } else {
                    marks.push((id.to_owned(), pieces));
                }
            }
            (Some(b'R'), "HasCue" | "HasSource") => {
                let arguments: Vec<&str> =
                    rest.split(' ').filter_map(|a| a.split_once(':')).map(|(_, id)| id).collect();
                let [content, to] = arguments.as_slice() else {
                    let expected = "are not two, such as “Arg1:T1 Arg2:T2”";
                    return Err(wrong(format!(
                        "the arguments “{rest}” of the relation {kind} {id} {expected}"
                    )));
                };
                let missing = |argument: &str, value: &str, labels: &str| {
                    let place = format!("{argument} of the relation {kind} {id}");
                    wrong(format!("{place} is “{value}”, but no earlier line defines a {labels} “{value}”"))
                };
                let pieces = marks.iter().find(|(id, _)| id == to).map(|(_, pieces)| pieces.clone());
                let pieces = pieces.ok_or_else(|| missing("Arg2", to, "Cue or Source"))?;
                let of = order.iter_mut().find(|(id, _)| id == content);
                let (_, of) = of.ok_or_else(|| missing("Arg1", content, "Content"))?;
                *(if kind == "HasCue" { &mut of.cue } else { &mut of.source }) = pieces;
            }
            _ => {}
        }
    }
    Ok(order.into_iter().map(|(_, attribution)| attribution).collect())
}
