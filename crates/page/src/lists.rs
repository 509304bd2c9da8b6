//! Word lists, which are read from data files beside the code.
//!
//! A file begins with a header of comments that states its format and origin, and then has one entry per line; `[name]`
//! begins a section. A test checks that every list is sorted, unique and in lower case.

use std::sync::LazyLock;

macro_rules! lists {
    ($($name:ident = $file:literal $(/ $section:literal)?, $doc:literal;)*) => {
        /// A word list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum List { $(#[doc = $doc] $name),* }

        impl List {
            /// Every list, with the text of its file and its section in that file.
            const ALL: &[(Self, &str, Option<&str>)] = &[
                $((Self::$name, include_str!(concat!("../data/", $file, ".txt")), lists!(@section $($section)?))),*
            ];
        }
    };
    (@section $section:literal) => { Some($section) };
    (@section) => { None };
}

lists! {
    BylineJoining = "bylines" / "joining", "Small words that connect names, jobs and outlets in a byline.";
    BylineParticles = "bylines" / "particles", "Small words within names.";
    BylineStamp = "bylines" / "stamp", "Words beside the time at which an article came out.";
    Contact = "contact" / "verbs", "Words with which a line about where to find somebody begins.";
    ContactPlace = "contact" / "places", "Where somebody may be found.";
    ContactBefore = "contact" / "before", "Words directly before a place or an address.";
    ContactBeside = "contact" / "beside", "Words between places, or after the last one.";
    ContactPurpose = "contact" / "purpose", "Words with which the rest of such a line says what for.";
    Clause = "contact" / "clause", "Words of a sentence that reports something.";
    Jobs = "jobs", "Words for jobs at a newspaper.";
}

static LISTS: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    List::ALL.iter().map(|&(_, text, section)| section_of(text, section).collect()).collect()
});

/// The entries of a section of a file.
fn section_of<'a>(text: &'a str, section: Option<&'a str>) -> impl Iterator<Item = &'a str> {
    let mut current = None;
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.filter(move |line| match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
        Some(name) => {
            current = Some(name);
            false
        }
        None => current == section,
    })
}

impl List {
    /// Whether the list contains a word, which must be in lower case.
    pub(crate) fn has(self, word: &str) -> bool {
        self.entries().binary_search(&word).is_ok()
    }

    /// The list's entries, in the order of the file.
    pub(crate) fn entries(self) -> &'static [&'static str] {
        &LISTS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_sorted_unique_and_in_lower_case() {
        for &(list, text, section) in List::ALL {
            let entries: Vec<&str> = section_of(text, section).collect();
            assert!(!entries.is_empty(), "{list:?} is empty");
            for pair in entries.windows(2) {
                assert!(pair[0] < pair[1], "{list:?}: “{}” stands before “{}”", pair[0], pair[1]);
            }
            for entry in entries {
                assert_eq!(entry, entry.to_lowercase().trim(), "{list:?}");
            }
        }
    }

    #[test]
    fn every_section_of_every_file_has_a_name_in_the_code() {
        for &(_, text, _) in List::ALL {
            for section in text.lines().filter_map(|l| l.strip_prefix('[').and_then(|l| l.strip_suffix(']')))
            {
                let known = List::ALL.iter().any(|&(_, t, s)| t == text && s == Some(section));
                assert!(known, "no code reads the section [{section}]");
            }
            assert!(
                text.contains("\n# Format: ") && text.contains("\n# Origin: "),
                "a file without a header"
            );
        }
    }
}
