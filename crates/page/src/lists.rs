//! Word lists, which are read from data files beside the code.
//!
//! A file begins with a header of comments that states its format and origin, and then has one entry per line; `[name]`
//! begins a section. A test checks that every list but one is sorted, unique and in lower case.

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
    Ago = "times" / "ago", "Words at the end of a time before now.";
    Agencies = "credits" / "agencies", "What names an agency after the slash of a credit.";
    BylineAnd = "bylines" / "and", "What stands between two names.";
    BylineBy = "bylines" / "by", "Words with which a byline begins.";
    BylineJoining = "bylines" / "joining", "Small words that connect names, jobs and outlets in a byline.";
    BylineParticles = "bylines" / "particles", "Small words within names.";
    BylineStamp = "bylines" / "stamp", "Words beside the time at which an article came out.";
    Changed = "times" / "changed", "Parts of words by which something was changed.";
    ClassAttribution = "furniture" / "attribution", "Words of a class that names who is quoted.";
    ClassBeside = "furniture" / "beside", "Words of a class of comments, or of links to other articles.";
    ClassByline = "furniture" / "byline", "Words of a class of bylines.";
    ClassCaption = "furniture" / "caption", "Words of a class of captions.";
    ClassCredit = "furniture" / "credit", "Words of a class of credits.";
    ClassFurniture = "furniture" / "furniture", "Words of a class of furniture.";
    ClassHidden = "furniture" / "hidden", "Classes whose elements are not shown.";
    ClassPull = "furniture" / "pull", "Words that make a quotation one that repeats words of the article.";
    ClassPullQuote = "furniture" / "pull-quote", "Words of a class of quotations that repeat words of the article.";
    ClassQuote = "furniture" / "quote", "Words of a class of quotations.";
    ClassTitle = "furniture" / "title", "Words of a class of titles.";
    Clause = "contact" / "clause", "Words of a sentence that reports something.";
    Clock = "times" / "clock", "Further words beside a time of day in posts.";
    Contact = "contact" / "verbs", "Words with which a line about where to find somebody begins.";
    ContactBefore = "contact" / "before", "Words directly before a place or an address.";
    ContactBeside = "contact" / "beside", "Words between places, or after the last one.";
    ContactPlace = "contact" / "places", "Where somebody may be found.";
    ContactPurpose = "contact" / "purpose", "Words with which the rest of such a line says what for.";
    Contributed = "credits" / "contributed", "Endings of a line that names the reporters.";
    Credits = "credits" / "openings", "Openings of a credit.";
    Days = "times" / "days", "Days of the week.";
    Embargoed = "status" / "embargoed", "The status of an item that must not be published yet.";
    Halves = "times" / "halves", "Which half of the day a time is in.";
    Jobs = "jobs", "Words for jobs at a newspaper.";
    Keys = "times" / "keys", "Names for the date of publication in scripts, the most reliable first.";
    Local = "times" / "local", "Words that stand for a time zone.";
    PictureOf = "pictures" / "of", "What stands between the numbers of a line that counts pictures.";
    Pictures = "pictures" / "pictures", "Words with which a line that counts pictures begins.";
    Published = "times" / "published", "Parts of words by which something came out.";
    Reporters = "credits" / "reporters", "Openings of a line that names the reporters.";
    Stamp = "times" / "stamp", "Words beside the figures in a line that only tells a time.";
    Units = "times" / "units", "Short units of a time before now.";
    Withdrawn = "status" / "withdrawn", "The status of an item that must not be used.";
    Zones = "times" / "zones", "Time zones.";
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
            if list == List::Keys {
                // Its order is that of trust.
                let unique: std::collections::HashSet<&str> = entries.iter().copied().collect();
                assert_eq!(unique.len(), entries.len(), "{list:?}");
                continue;
            }
            for pair in entries.windows(2) {
                assert!(pair[0] < pair[1], "{list:?}: “{}” stands before “{}”", pair[0], pair[1]);
            }
            for entry in entries {
                assert_eq!(entry, entry.to_lowercase().trim(), "{list:?}");
            }
        }
    }

    #[test]
    fn every_file_is_read() {
        let files =
            std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/data")).expect("the folder of data");
        for path in files.map(|file| file.expect("a file").path()) {
            let text = std::fs::read_to_string(&path).expect("text");
            // The marks of its lines need a function of their own.
            let is_list = path.ends_with("phrases.txt") || List::ALL.iter().any(|&(_, list, _)| list == text);
            assert!(is_list, "no code reads {}", path.display());
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
