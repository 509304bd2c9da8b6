//! Which file of the store may use which: each only those before it in this list.

#[path = "../../../tests/directions.rs"]
mod directions;

/// From the ground up.
const FILES: [&str; 39] = [
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
    "merges",
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
    "decision",
    "corrections",
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
    directions::check(env!("CARGO_MANIFEST_DIR"), &order);
}
