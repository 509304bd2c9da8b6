//! The rules by which people and quotations are joined across articles, as functions on values.
//!
//! A store applies these rules to its rows. A program that keeps records elsewhere, for example in the tables of a
//! cluster, finds the rows itself and gets the same results.

use crate::{lineage, shingles, words};

pub use crate::bearers::{
    Candidate, LOOKED_AT, NAMESAKES, Portrait, SHORTEST, alone, bearer, holder, offices, role_words,
};
pub use crate::ids::day_of;
pub use crate::lineage::{COMMON, MOST, NEAR, Speakers, change, same};
pub use crate::names::{key, share_a_name, short_names};
pub use crate::shingles::fingerprints;

/// Returns the hashes of the runs of words of an article's text, except for those of its quotations.
///
/// [`same_story`] compares those of two articles.
pub fn own_runs<'a>(text: &str, quotations: impl IntoIterator<Item = &'a str>) -> Vec<i64> {
    lineage::own_runs(text, quotations, |text| shingles::runs(&words::words(text)))
}

/// Returns whether two articles are the same wire story, given what [`own_runs`] returns for each.
#[must_use]
pub fn same_story(a: &[i64], b: &[i64]) -> bool {
    lineage::same_story(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_copies_share_what_is_not_quoted() {
        let story = "The council met late on Friday and talked about boats and nets and the price of ice for six hours \
                     without a break before the members went home in the rain. “We will not wait,” said Eva Holm.";
        let quotation = "“We will not wait,”";
        let runs = own_runs(story, [quotation]);
        assert!(same_story(&runs, &own_runs(&format!("{story} More to come."), [quotation])));
        let other = "Fishers waited outside the old hall for the whole evening and heard nothing but the wind until a clerk \
                     opened the door and read the names. “We will not wait,” said Eva Holm.";
        assert!(!same_story(&runs, &own_runs(other, [quotation])));
        assert!(
            fingerprints("we will not wait").iter().all(|run| !runs.contains(run)),
            "quotations count for nothing"
        );
        let short = own_runs("The council met late on Friday.", []);
        assert!(!same_story(&short, &short), "too short to tell");
    }

    #[test]
    fn names_share_a_word_that_tells() {
        assert!(share_a_name("Ada Brandt", "Ms Brandt"));
        assert!(!share_a_name("Ada Brandt", "Pia Lund"));
        assert!(!share_a_name("Baltic Rail Co", "Sound Ferries Co"));
    }
}
