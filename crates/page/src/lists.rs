//! Word lists, which are read from data files beside the code.
//!
//! A file begins with a header of comments that states its format and origin, and then has one entry per line; `[name]`
//! begins a section. A test checks that every list is unique and in lower case, and sorted unless its order has a meaning.

use std::sync::LazyLock;

use onrecord_text::lists::section;

onrecord_text::word_lists! {
    Addressed = "status" / "addressed", "How a line begins that speaks to editors or readers.";
    Ago = "times" / "ago", "Words at the end of a time before now.";
    Agencies = "credits" / "agencies", "What names an agency after the slash of a credit.";
    BylineAnd = "bylines" / "and", "What stands between two names.";
    BylineBefore = "bylines" / "before", "Words before “by” with which a byline begins.";
    BylineBy = "bylines" / "by", "Words with which a byline begins.";
    BylineJoining = "bylines" / "joining", "Small words that connect names, jobs and outlets in a byline.";
    BylineParticles = "bylines" / "particles", "Small words within names.";
    BylinePlace = "bylines" / "place", "Words after a name that introduce a place or an outlet.";
    BylineStamp = "bylines" / "stamp", "Words beside the time at which an article came out.";
    CaptionLabels = "pictures" / "caption-labels", "What stands before a caption.";
    Changed = "times" / "changed", "Parts of words by which something was changed.";
    ClassAttribution = "furniture" / "attribution", "Words of a class that names who is quoted.";
    ClassBeside = "furniture" / "beside", "Words of a class of comments, or of links to other articles.";
    ClassByline = "furniture" / "byline", "Words of a class of bylines.";
    ClassCaption = "furniture" / "caption", "Words of a class of captions.";
    ClassCredit = "furniture" / "credit", "Words of a class of credits.";
    ClassDated = "furniture" / "dated", "Words of a class of what has a date of its own: posts, comments, links to other articles.";
    ClassFurniture = "furniture" / "furniture", "Words of a class of furniture.";
    ClassHidden = "furniture" / "hidden", "Classes whose elements are not shown.";
    ClassPairs = "furniture" / "pairs", "Pairs of words of a class of links to other articles.";
    ClassPull = "furniture" / "pull", "Words that make a quotation one that repeats words of the article.";
    ClassPullQuote = "furniture" / "pull-quote", "Words of a class of quotations that repeat words of the article.";
    ClassQuote = "furniture" / "quote", "Words of a class of quotations.";
    ClassSubscribing = "furniture" / "subscribing", "Parts of a class of other offers to subscribe.";
    ClassTitle = "furniture" / "title", "Words of a class of titles.";
    ClassWall = "furniture" / "walls", "Parts of a class or id of what stands in for the rest of a text.";
    ClassWithout = "furniture" / "without", "Words before one of furniture that make it a property of the page.";
    Clause = "contact" / "clause", "Words of a sentence that reports something.";
    Clock = "times" / "clock", "Further words beside a time of day in posts.";
    Contact = "contact" / "verbs", "Words with which a line about where to find somebody begins.";
    ContactBefore = "contact" / "before", "Words directly before a place or an address.";
    ContactBeside = "contact" / "beside", "Words between places, or after the last one.";
    ContactPlace = "contact" / "places", "Where somebody may be found.";
    ContactPurpose = "contact" / "purpose", "Words with which the rest of such a line says what for.";
    Contributed = "credits" / "contributed", "Endings of a line that names the reporters.";
    CreditLabels = "pictures" / "credit-labels", "What stands before a credit in a caption.";
    Credits = "credits" / "openings", "Openings of a credit.";
    DatedOther = "times" / "other", "Words of a line that dates something other than the article.";
    Days = "times" / "days", "Days of the week.";
    Embargoed = "status" / "embargoed", "The status of an item that must not be published yet.";
    EmbargoedLine = "status" / "embargoed-line", "How a line begins that puts a text under an embargo.";
    Halves = "times" / "halves", "Which half of the day a time is in.";
    Jobs = "jobs", "Words for jobs at a newspaper.";
    Keys = "times" / "keys", "Names for the date of publication in scripts, the most reliable first.";
    LabelParticles = "bylines" / "label", "Small words in the name of who speaks, before a colon.";
    Local = "times" / "local", "Words that stand for a time zone.";
    Measures = "measures", "Units of length.";
    MemberAuthors = "members" / "authors", "Names of members of a document that say who wrote it, the most reliable first.";
    MemberDates = "members" / "dates", "Names of members of a document that say when it came out, the most reliable first.";
    MemberTitles = "members" / "titles", "Names of members of a document that have its headline, the most reliable first.";
    PictureOf = "pictures" / "of", "What stands between the numbers of a line that counts pictures.";
    Pictures = "pictures" / "pictures", "Words with which a line that counts pictures begins.";
    Published = "times" / "published", "Parts of words by which something came out.";
    Reporters = "credits" / "reporters", "Openings of a line that names the reporters.";
    Shortcodes = "pictures" / "shortcodes", "Names of marks in brackets in whose place a page shows something else.";
    Slugs = "status" / "slugs", "How a line begins that only has the slug of a text.";
    Stamp = "times" / "stamp", "Words beside the figures in a line that only tells a time.";
    Telling = "times" / "telling", "Further words that say what the date after them is.";
    Units = "times" / "units", "Short units of a time before now.";
    Withdrawn = "status" / "withdrawn", "The status of an item that must not be used.";
    AmbiguousLine = "status" / "ambiguous-line", "Of these, those with which headlines begin, too.";
    WithdrawnLine = "status" / "withdrawn-line", "How a line begins that withdraws a text.";
    WithdrawnNote = "status" / "withdrawn-note", "How a line to editors ends that withdraws a text.";
    Zones = "times" / "zones", "Time zones.";
}

static LISTS: LazyLock<Vec<Vec<&'static str>>> =
    LazyLock::new(|| List::ALL.iter().map(|&(_, file, name)| section(file, name).collect()).collect());

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
    use std::path::Path;

    use onrecord_text::lists::{faults, unread};

    use super::*;

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data");

    #[test]
    fn every_list_is_sorted_unique_and_in_lower_case() {
        // The order of these names is that of trust.
        let trusted = [List::Keys, List::MemberAuthors, List::MemberDates, List::MemberTitles];
        assert_eq!(faults(List::ALL, &trusted), Vec::<String>::new());
    }

    #[test]
    fn every_file_is_read() {
        // The marks of its lines need a function of their own.
        let others = ["phrases.txt"];
        assert_eq!(unread(Path::new(FOLDER), List::ALL, &others), Vec::<String>::new());
    }
}
