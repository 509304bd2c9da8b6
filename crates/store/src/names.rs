//! Comparing names across articles, to determine when two of them are the same.

use std::collections::HashSet;
use std::sync::LazyLock;

use onrecord_text::EntityKind;
use onrecord_text::lists::section;

use crate::words;

onrecord_text::word_lists! {
    Companies = "names" / "companies", "Forms of companies.";
    Generations = "names" / "generations", "Generations after a name.";
    Ranks = "names" / "ranks", "Words of roles that many people have.";
}

static LISTS: LazyLock<Vec<HashSet<&str>>> =
    LazyLock::new(|| List::ALL.iter().map(|(_, file, name)| section(file, name).collect()).collect());

impl List {
    /// Returns whether the list has a word.
    fn has(self, word: &str) -> bool {
        LISTS[self as usize].contains(word)
    }
}

/// Returns the folded words of a name that distinguish its bearer.
///
/// These exclude generations, forms of companies, articles, and initials in the middle.
fn telling(kind: EntityKind, name: &str) -> Vec<String> {
    let all: Vec<String> = words::words(name).into_iter().map(|w| w.text).collect();
    let last = all.len().saturating_sub(1);
    let keep = |(n, word): (usize, &String)| match kind {
        EntityKind::Person => {
            let initial = n > 0 && n < last && word.chars().count() == 1;
            !initial && !List::Generations.has(word)
        }
        EntityKind::Organization => !(n == 0 && word == "the" || n > 0 && List::Companies.has(word)),
        EntityKind::Place => !(n == 0 && word == "the"),
    };
    let kept: Vec<String> =
        all.iter().enumerate().filter(|&(n, w)| keep((n, w))).map(|(_, w)| w.clone()).collect();
    if kept.is_empty() { all } else { kept }
}

/// Returns the key that identifies a name across articles.
///
/// Returns `None` for a person's name of one word, because several people may have it.
#[must_use]
pub fn key(kind: EntityKind, name: &str) -> Option<String> {
    let words = telling(kind, name);
    let enough = if kind == EntityKind::Person { 2 } else { 1 };
    (words.len() >= enough).then(|| format!("{}/{}", kind.name(), words.join(" ")))
}

/// Returns whether a name is more than just a form of company or very short words, as “Inc” and “AA” are.
#[must_use]
pub fn tells(kind: EntityKind, name: &str) -> bool {
    telling(kind, name).iter().any(|word| word.chars().count() > 2 && !List::Companies.has(word))
}

/// Returns the last and the first word of a person's name, by which others may call them.
#[must_use]
pub fn short_names(name: &str) -> (Option<String>, Option<String>) {
    let mut words = telling(EntityKind::Person, name);
    let last = words.pop();
    (last, words.into_iter().next())
}

/// Returns the words of a person's or an organisation's name that can distinguish it from other names.
fn telling_words(name: &str) -> HashSet<String> {
    let kinds = [EntityKind::Person, EntityKind::Organization];
    let words = kinds.into_iter().flat_map(|kind| telling(kind, name));
    let little = [List::Companies, List::Generations, List::Ranks];
    let says = |w: &String| w.chars().count() > 1 && !little.iter().any(|list| list.has(w));
    words.filter(says).collect()
}

/// Returns whether the names of two speakers share a word that distinguishes them from others.
#[must_use]
pub fn share_a_name(a: &str, b: &str) -> bool {
    !telling_words(a).is_disjoint(&telling_words(b))
}

/// Returns the words of a role that distinguish its holder, without articles and ranks.
#[must_use]
pub fn telling_role(role: &str) -> Vec<String> {
    let says = |w: &String| w.chars().count() > 1 && !List::Ranks.has(w);
    words::words(role).into_iter().map(|w| w.text).filter(says).collect()
}

#[cfg(test)]
mod tests {
    use onrecord_text::lists::faults;

    use super::*;

    #[test]
    fn every_list_is_sorted_unique_and_in_lower_case() {
        assert_eq!(faults(List::ALL, &[]), Vec::<String>::new());
    }

    #[test]
    fn the_same_name_in_other_dress() {
        let (person, organization) = (EntityKind::Person, EntityKind::Organization);
        for (kind, a, b) in [
            (person, "Ada J. Brandt", "Ada Brandt"),
            (person, "José Díaz Jr.", "Jose Diaz"),
            (organization, "The Baltic Rail Co.", "Baltic Rail"),
        ] {
            assert_eq!(key(kind, a), key(kind, b));
        }
        assert_ne!(key(person, "Ada Jo Brandt"), key(person, "Ada Brandt"), "two letters are a name");
        assert_ne!(key(person, "J. D. Falk"), key(person, "K. D. Falk"));
        assert_eq!(key(person, "Oren"), None);
        assert_eq!(key(organization, "Co"), Some("organization/co".to_owned()));
    }

    #[test]
    fn roles_by_the_words_that_tell() {
        assert_eq!(telling_role("deputy chief of the Kremlin staff"), ["kremlin", "staff"]);
        assert_eq!(short_names("Ada Brandt"), (Some("brandt".to_owned()), Some("ada".to_owned())));
    }
}
