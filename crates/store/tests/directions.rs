//! Which file of the store may use which: each only those before it in this list.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// From the ground up.
const FILES: [&str; 36] = [
    "words",
    "error",
    "ids",
    "kinds",
    "names",
    "bearers",
    "shingles",
    "seal",
    "schema",
    "handle",
    "size",
    "rows",
    "events",
    "index",
    "query",
    "people",
    "find",
    "hints",
    "reports",
    "lineage",
    "across",
    "changes",
    "answers",
    "record",
    "follow",
    "decisions",
    "facets",
    "timeline",
    "complete",
    "articles",
    "profile",
    "review",
    "coverage",
    "put",
    "verify",
    "salvage",
];
/// What opens a store knows all of them.
const TOP: [&str; 2] = ["upgrade", "open"];

#[test]
fn files_use_only_those_below_them() {
    let order: Vec<&str> = FILES.into_iter().chain(TOP).collect();
    let place: BTreeMap<&str, usize> = order.iter().enumerate().map(|(n, name)| (*name, n)).collect();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for entry in fs::read_dir(&source).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "rs") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if name == "lib" {
            continue;
        }
        let own = *place.get(name.as_str()).unwrap_or_else(|| panic!("{name}.rs has no place in the order"));
        seen += 1;
        let text = fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices("crate::") {
            if text[..at].ends_with("pub(") {
                continue;
            }
            let rest = &text[at + "crate::".len()..];
            let used: Vec<&str> = match rest.strip_prefix('{') {
                // Names of files; what is taken from a file isn't nested here.
                Some(list) => list[..list.find('}').unwrap()]
                    .split(',')
                    .map(str::trim)
                    .filter(|n| !n.is_empty())
                    .collect(),
                None => vec![rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()],
            };
            for used in used {
                let used_at = place
                    .get(used)
                    .unwrap_or_else(|| panic!("{name}.rs uses crate::{used}, which is no file"));
                assert!(*used_at < own, "{name}.rs uses {used}.rs, which stands above it");
            }
        }
    }
    assert_eq!(seen, order.len());
}
