//! Word lists, which the crates keep in data files beside their code.
//!
//! A file begins with a header of comments (`#`) that states its format and origin. Then it has one entry per line, and
//! `[name]` begins a section.
//!
//! ```
//! use onrecord_text::lists::section;
//!
//! let file = "# Format: one fruit per line, in sections.\n[sweet]\nfig\npear\n[sour]\nlemon\n";
//! assert_eq!(section(file, "sweet").collect::<Vec<_>>(), ["fig", "pear"]);
//! // Entries before the first section belong to the section without a name.
//! assert_eq!(section(file, "").count(), 0);
//! ```

use std::fmt::Debug;
use std::path::Path;

/// Returns the entries of a file, each with the name of its section. The name is empty before the first section.
pub fn entries(file: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut section = "";
    let lines = file.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.filter_map(move |line| {
        if let Some(name) = name_of_section(line) {
            section = name;
            return None;
        }
        Some((section, line))
    })
}

fn name_of_section(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.strip_suffix(']')
}

/// Returns the entries of one section of a file, in the order of the file.
pub fn section<'a>(file: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    entries(file).filter_map(move |(section, entry)| (section == name).then_some(entry))
}

/// Defines an enum `List` with a variant for every word list of a crate: the name of the variant, the file in the
/// crate's folder `data`, the section in it, and a description.
///
/// A list that no code uses is reported by the compiler as dead code. `List::ALL` has every list with the text of its
/// file and the name of its section, for [`faults`](crate::lists::faults).
#[macro_export]
macro_rules! word_lists {
    ($($name:ident = $file:literal $(/ $section:literal)?, $doc:literal;)*) => {
        /// A word list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum List { $(#[doc = $doc] $name),* }

        impl List {
            /// Every list, with the text of its file and the name of its section in that file.
            const ALL: &[(Self, &str, &str)] = &[
                $((
                    Self::$name,
                    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/", $file, ".txt")),
                    concat!($($section)?),
                )),*
            ];
        }
    };
}

/// Returns what is wrong with word lists and their files, for tests.
///
/// Every list must have entries, all in lower case and each only once. They must be sorted, unless the list is in
/// `unsorted`. Every section of a file must be a list, and every file must have a header.
#[must_use]
pub fn faults<L: Copy + Debug + PartialEq>(lists: &[(L, &str, &str)], unsorted: &[L]) -> Vec<String> {
    let mut faults = Vec::new();
    for &(list, file, name) in lists {
        let all: Vec<&str> = section(file, name).collect();
        if all.is_empty() {
            faults.push(format!("{list:?} is empty"));
        }
        for (n, entry) in all.iter().enumerate() {
            if *entry != entry.to_lowercase() && !unsorted.contains(&list) {
                faults.push(format!("{list:?}: “{entry}” has capitals"));
            }
            if all[..n].contains(entry) {
                faults.push(format!("{list:?}: “{entry}” is there twice"));
            }
        }
        if !unsorted.contains(&list) && !all.is_sorted() {
            faults.push(format!("{list:?} is not sorted"));
        }
        let is_list = |name: &str| lists.iter().any(|&(_, other, section)| other == file && section == name);
        let stray = entries(file).map(|(section, _)| section).chain(file.lines().filter_map(name_of_section));
        if let Some(name) = stray.into_iter().find(|name| !is_list(name)) {
            faults.push(format!("no code reads the section [{name}] of the file of {list:?}"));
        }
        if !(file.contains("# Format: ") && file.contains("\n# Origin: ")) {
            faults.push(format!("the file of {list:?} has no header"));
        }
    }
    faults
}

/// Returns the files in a folder that are neither those of word lists nor among `others`, for tests.
///
/// # Panics
///
/// Panics if the folder or a file in it can't be read.
#[must_use]
pub fn unread<L>(folder: &Path, lists: &[(L, &str, &str)], others: &[&str]) -> Vec<String> {
    let files =
        std::fs::read_dir(folder).expect("the folder of data").map(|file| file.expect("a file").path());
    let is_read = |path: &Path| {
        let text = std::fs::read_to_string(path).expect("text");
        others.iter().any(|name| path.ends_with(name)) || lists.iter().any(|&(_, file, _)| file == text)
    };
    files.filter(|path| path.is_file() && !is_read(path)).map(|path| path.display().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        "# Fruit.\n# Format: one per line.\n# Origin: made up.\n[sour]\nlemon\n\nlime\n[sweet]\npear\n";

    #[test]
    fn a_good_file_has_no_faults() {
        assert_eq!(faults(&[(1, FILE, "sour"), (2, FILE, "sweet")], &[]), Vec::<String>::new());
    }

    #[test]
    fn every_fault_is_found() {
        let of = |file: &str| faults(&[(1, file, "sour"), (2, file, "sweet")], &[]).join("; ");
        assert!(of(&FILE.replace("pear\n", "")).contains("2 is empty"));
        assert!(of(&FILE.replace("lime", "Lime")).contains("“Lime” has capitals"));
        assert!(of(&FILE.replace("lime", "lemon")).contains("“lemon” is there twice"));
        assert!(of(&FILE.replace("lime", "citron")).contains("1 is not sorted"));
        assert!(of(&FILE.replace("[sweet]", "[sweets]")).contains("the section [sweets]"));
        assert!(of(&FILE.replace("[sour]\n", "fig\n[sour]\n")).contains("the section []"));
        assert!(of(&FILE.replace("# Origin: made up.\n", "")).contains("no header"));
        let mixed = FILE.replace("lemon", "Zest");
        assert_eq!(faults(&[(1, &*mixed, "sour"), (2, &*mixed, "sweet")], &[1]), Vec::<String>::new());
    }
}
