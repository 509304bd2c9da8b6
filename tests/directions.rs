//! Checks that the files of a crate use only those below them. The test `directions` of each crate that has one
//! includes this file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Checks the files in the folder `src` of a crate, except `lib.rs`. `order` names them from the ground up, as `cast`
/// or `resolve/cast`. What only tests use is not checked.
pub fn check(crate_folder: &str, order: &[&str]) {
    let place: BTreeMap<&str, usize> = order.iter().enumerate().map(|(n, name)| (*name, n)).collect();
    let source = Path::new(crate_folder).join("src");
    let mut seen = 0;
    for name in names(&source, "") {
        let own = *place.get(name.as_str()).unwrap_or_else(|| panic!("{name}.rs has no place in the order"));
        seen += 1;
        let text = fs::read_to_string(source.join(&name).with_extension("rs")).unwrap();
        let tests = ["#[cfg(test)]\nmod tests {", "#[cfg(test)]\npub(super) mod tests {"];
        let text = tests.iter().fold(text.as_str(), |text, start| text.split(start).next().unwrap());
        for used in used(text, &name) {
            let file = std::iter::successors(Some(used.as_str()), |path| Some(path.rsplit_once('/')?.0))
                .find_map(|path| place.get_key_value(path));
            let (file, below) = file.unwrap_or_else(|| panic!("{name}.rs uses {used}, which is no file"));
            assert!(*below <= own, "{name}.rs uses {file}.rs, which stands above it");
        }
    }
    assert_eq!(seen, order.len(), "the order names a file that does not exist, or one file twice");
}

/// The names of all files in a folder and its folders, except `lib`.
fn names(folder: &Path, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_stem().unwrap().to_str().unwrap());
        if path.is_dir() {
            names.extend(self::names(&path, &format!("{name}/")));
        } else if path.extension().is_some_and(|e| e == "rs") && name != "lib" {
            names.push(name);
        }
    }
    names
}

/// The paths of the items that a file uses, from the root of its crate: `resolve/cast/Cast`. A file also uses its own
/// modules.
fn used(text: &str, name: &str) -> Vec<String> {
    let parent = name.rsplit_once('/').map_or(String::new(), |(parent, _)| format!("{parent}/"));
    let mut used = Vec::new();
    for (start, from) in [("crate::", ""), ("super::", parent.as_str())] {
        for (at, _) in text.match_indices(start) {
            used.extend(paths(&text[at + start.len()..]).into_iter().map(|path| format!("{from}{path}")));
        }
    }
    let modules = text.lines().filter_map(|line| line.strip_suffix(';')?.rsplit_once("mod "));
    let modules = modules.filter(|(before, _)| before.is_empty() || before.starts_with("pub"));
    used.extend(modules.map(|(_, module)| format!("{name}/{module}")));
    used
}

/// The paths at the start of a text: `a/b` and `a/c` for `a::{b, c}`.
fn paths(text: &str) -> Vec<String> {
    let text = text.trim_start();
    if let Some(list) = text.strip_prefix('{') {
        return branches(list).into_iter().flat_map(paths).filter(|path| !path.is_empty()).collect();
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    match rest.strip_prefix("::") {
        Some(rest) => paths(rest).into_iter().map(|path| format!("{name}/{path}")).collect(),
        None => vec![name.to_owned()],
    }
}

/// The parts of a list between its commas, up to its closing brace.
fn branches(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut branches) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' | ',' if depth == 0 => {
                branches.push(&list[start..at]);
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    branches
}

#[test]
fn paths_are_read_from_nested_imports() {
    assert_eq!(paths("a::{b, c::{D, e}, self};"), ["a/b", "a/c/D", "a/c/e", "a/self"]);
    assert_eq!(paths("a::b(c)"), ["a/b"]);
    assert_eq!(used("mod x;\nuse super::y::Z;\n", "one/two"), ["one/y/Z", "one/two/x"]);
}
