//! Which file may use which: each only those before it in this list.

#[path = "../../../tests/directions.rs"]
mod directions;

/// From the ground up.
const FILES: [&str; 51] = [
    // The language, and the text.
    "lists",
    "english",
    "words",
    "quotes",
    "dates/meaning",
    "dates/parts",
    "dates/tables",
    "dates/forms",
    "dates",
    "reading",
    "codes",
    // The encoder's findings.
    "odds",
    "labels",
    "tokens",
    "windows",
    "analysis",
    "analyze",
    // Statements as words.
    "found",
    "stance",
    "forms/form",
    "forms/transcript",
    "forms",
    "attribute/kind",
    "attribute/bounds",
    "attribute/gerunds",
    "attribute/inside",
    "attribute/links",
    "attribute/subjects",
    "attribute",
    "events",
    // What the words refer to.
    "judge",
    "resolve/names",
    "resolve/cast",
    "resolve/source",
    "resolve/offices",
    "resolve/beside",
    "resolve/heard",
    "resolve/context",
    "resolve/joint",
    "resolve/phrases",
    "resolve/features",
    "resolve/candidates",
    "resolve/holders",
    "resolve/excluded",
    "resolve/described",
    "resolve/judged",
    "resolve/speakers",
    "resolve/times",
    "resolve/reports",
    "resolve",
    // Analyses made by hand.
    "testing",
];

#[test]
fn files_use_only_those_below_them() {
    directions::check(env!("CARGO_MANIFEST_DIR"), &FILES);
}
