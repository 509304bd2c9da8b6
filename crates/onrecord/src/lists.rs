//! Word lists: the data files beside the code.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// The files: a header of comments, then one entry a line; `[name]` begins a section.
const FILES: [(&str, &str); 11] = [
    ("circumstances", include_str!("../data/circumstances.txt")),
    ("given-names", include_str!("../data/given-names.txt")),
    ("grammar", include_str!("../data/grammar.txt")),
    ("labels", include_str!("../data/labels.txt")),
    ("nouns", include_str!("../data/nouns.txt")),
    ("participles", include_str!("../data/participles.txt")),
    ("pronouns", include_str!("../data/pronouns.txt")),
    ("relays", include_str!("../data/relays.txt")),
    ("source-follows", include_str!("../data/source-follows.txt")),
    ("speaker-nouns", include_str!("../data/speaker-nouns.txt")),
    ("titles", include_str!("../data/titles.txt")),
];

/// Whether words are in a list, whatever their case. A list is named by its file, or by file and section: `relays/self`.
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
    static NONE: OnceLock<HashSet<&str>> = OnceLock::new();
    debug_assert!(all.contains_key(list), "there is no word list {list}");
    all.get(list).unwrap_or_else(|| NONE.get_or_init(HashSet::new))
}

/// A country by its words.
pub(crate) struct Country {
    pub(crate) names: Vec<&'static str>,
    /// Adjectives, and what its people are called.
    pub(crate) peoples: Vec<&'static str>,
    /// Cities whose names stand for its government.
    pub(crate) seats: Vec<&'static str>,
}

/// All countries.
pub(crate) fn countries() -> &'static [Country] {
    static ALL: OnceLock<Vec<Country>> = OnceLock::new();
    ALL.get_or_init(|| {
        let lines = include_str!("../data/countries.txt").lines().filter(|l| !l.starts_with('#'));
        lines
            .map(|line| {
                let mut parts = line
                    .split('|')
                    .map(|part| part.split(',').map(str::trim).filter(|w| !w.is_empty()).collect());
                let mut next = || parts.next().unwrap_or_default();
                Country { names: next(), peoples: next(), seats: next() }
            })
            .collect()
    })
}

/// Whether a word is a country's name or its seat of government.
pub(crate) fn is_country(word: &str) -> bool {
    countries().iter().any(|c| c.names.contains(&word) || c.seats.contains(&word))
}

/// Whether two words belong to one country: its name, its people, its seat of government.
pub(crate) fn same_country(one: &str, other: &str) -> bool {
    countries().iter().any(|c| {
        let names =
            |w: &str| c.peoples.iter().chain(&c.names).chain(&c.seats).any(|n| n.eq_ignore_ascii_case(w));
        names(one) && names(other)
    })
}

/// Whether two words, in lower case, mean one party.
pub(crate) fn same_party(one: &str, other: &str) -> bool {
    let lines = include_str!("../data/parties.txt").lines().filter(|l| !l.starts_with('#'));
    lines.into_iter().any(|line| [one, other].iter().all(|word| line.split(", ").any(|w| w == *word)))
}

/// Whether a general noun covers an office: “lawmaker” a senator.
pub(crate) fn covers(general: &str, office: &str) -> bool {
    static ALL: OnceLock<HashMap<&str, Vec<&str>>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let lines = include_str!("../data/hypernyms.txt").lines().filter(|l| !l.starts_with('#'));
        lines
            .filter_map(|l| l.split_once(':'))
            .map(|(g, o)| (g, o.split(',').map(str::trim).collect()))
            .collect()
    });
    all.get(general).is_some_and(|offices| offices.contains(&office))
}
