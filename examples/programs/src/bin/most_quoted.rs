//! Who is quoted most in a folder: each name with the number of its statements, and of the articles that they are in.
//!
//! `cargo run --release -p onrecord-examples --bin most_quoted -- FOLDER [COUNT]`

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::{self, File};
use std::path::PathBuf;

use onrecord::Engine;
use onrecord::page::{Hints, documents};
use onrecord::text::{SpeakerKind, Status};

/// What one name said: the number of statements, and the articles.
#[derive(Default)]
struct Quoted {
    statements: usize,
    articles: BTreeSet<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("usage: most_quoted FOLDER [COUNT]")?;
    let count: usize = args.next().map_or(Ok(10), |count| count.parse())?;
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    files.retain(|file| file.is_file());
    files.sort();

    let engine = Engine::new();
    let mut quoted: BTreeMap<String, Quoted> = BTreeMap::new();
    for file in files {
        let name = file.display().to_string();
        for document in documents(File::open(&file)?, &name, None) {
            // One bad file or line should not end a long run.
            let article = match document.map(|raw| raw.read(&Hints::default())) {
                Ok(Ok(article)) => article,
                Ok(Err(error)) => {
                    eprintln!("{name}: {error}");
                    continue;
                }
                Err(error) => {
                    eprintln!("{error}");
                    continue;
                }
            };
            let record = engine.record(article);
            for statement in record.statements.iter().filter(|s| s.status == Status::Made) {
                if let (Some(speaker), SpeakerKind::Person) =
                    (&statement.speaker.name, statement.speaker.kind)
                {
                    let quoted = quoted.entry(speaker.clone()).or_default();
                    quoted.statements += 1;
                    quoted.articles.insert(record.article.source_id.clone());
                }
            }
        }
    }

    let mut ranked: Vec<_> = quoted.into_iter().collect();
    ranked.sort_by_key(|(_, quoted)| std::cmp::Reverse(quoted.statements));
    for (name, Quoted { statements, articles }) in ranked.into_iter().take(count) {
        println!("{statements:5}  {name} (articles: {})", articles.len());
    }
    Ok(())
}
