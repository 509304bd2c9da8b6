//! Word lists: the data files beside the code.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// The files: a header of comments, then one entry a line; `[name]` begins a section.
const FILES: [(&str, &str); 6] = [
    ("labels", include_str!("../data/labels.txt")),
    ("participles", include_str!("../data/participles.txt")),
    ("pronouns", include_str!("../data/pronouns.txt")),
    ("relays", include_str!("../data/relays.txt")),
    ("source-follows", include_str!("../data/source-follows.txt")),
    ("speaker-nouns", include_str!("../data/speaker-nouns.txt")),
];

/// Whether words are in a list, whatever their case. A list is named by its file, or by file and section: `relays/self`.
///
/// # Panics
///
/// When there is no such list.
pub(crate) fn listed(list: &str, words: &str) -> bool {
    let entries = entries(list);
    entries.contains(words) || entries.contains(words.to_lowercase().as_str())
}

/// All entries of a list.
pub(crate) fn entries(list: &str) -> &'static HashSet<&'static str> {
    static ALL: OnceLock<HashMap<String, HashSet<&str>>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let mut all: HashMap<String, HashSet<&str>> = HashMap::new();
        for (file, text) in FILES {
            let mut list = file.to_owned();
            for line in text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
                match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                    Some(section) => list = format!("{file}/{section}"),
                    None => {
                        all.entry(list.clone()).or_default().insert(line);
                    }
                }
            }
        }
        all
    });
    all.get(list).unwrap_or_else(|| panic!("there is no word list {list}"))
}
