//! Recognises the parts of a page that do not belong to the article, by class, id and wording.

use std::sync::LazyLock;

use dom_query::NodeRef;
use rustc_hash::FxHashMap;

use crate::dom;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Furniture,
    Caption,
    Credit,
    Byline,
}

static WORDS: LazyLock<FxHashMap<&str, Role>> = LazyLock::new(|| {
    let mut role = Role::Furniture;
    let mut words = FxHashMap::default();
    for line in include_str!("../data/furniture.txt").lines().filter(|l| !l.starts_with('#')) {
        match line {
            "[furniture]" => role = Role::Furniture,
            "[caption]" => role = Role::Caption,
            "[credit]" => role = Role::Credit,
            "[byline]" => role = Role::Byline,
            word => {
                words.insert(word, role);
            }
        }
    }
    words
});

/// The phrases that mark furniture, grouped by the mark before each line of the file.
struct Phrases {
    short: Vec<&'static str>,
    offers: Vec<&'static str>,
    whole: Vec<&'static str>,
    endings: Vec<&'static str>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let mut phrases =
        Phrases { short: Vec::new(), offers: Vec::new(), whole: Vec::new(), endings: Vec::new() };
    for line in include_str!("../data/phrases.txt").lines().filter(|l| !l.starts_with('#')) {
        if let Some(offer) = line.strip_prefix("... ") {
            phrases.offers.push(offer);
        } else if let Some(ending) = line.strip_prefix("! ") {
            phrases.endings.push(ending);
        } else if let Some(whole) = line.strip_prefix("= ") {
            phrases.whole.push(whole);
        } else {
            phrases.short.push(line);
        }
    }
    phrases
});

/// The role that an element's class and id indicate.
pub(crate) fn of(node: &NodeRef) -> Option<Role> {
    let names = [node.class(), node.id_attr()];
    let words = names.iter().flatten().flat_map(|name| words(name));
    let roles: Vec<Role> = words.filter_map(|w| WORDS.get(w.as_str()).copied()).collect();
    // A caption inside a sharing tool is furniture; a credit inside a caption is a credit.
    [Role::Furniture, Role::Credit, Role::Caption, Role::Byline].into_iter().find(|r| roles.contains(r))
}

/// Whether an element repeats words of the article in large letters (a pull quote).
pub(crate) fn is_pull_quote(node: &NodeRef) -> bool {
    let Some(class) = node.class() else { return false };
    let words = words(&class);
    let has = |word: &str| words.iter().any(|w| w == word);
    has("pullquote")
        || has("blockquote")
        || (has("pull") && has("quote"))
        || (has("quote") && matches!(dom::name(node).as_ref(), "aside" | "figure"))
}

/// Whether an element's class says that it names the person quoted.
pub(crate) fn is_attribution(node: &NodeRef) -> bool {
    let Some(class) = node.class() else { return false };
    const NAMES: [&str; 9] =
        ["attribution", "author", "cite", "citation", "credit", "source", "speaker", "byline", "name"];
    words(&class).iter().any(|word| NAMES.contains(&word.as_str()))
}

/// The words in a class or id: article, body, photo, credit in `articleBody__photo-credit`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphabetic() || (c.is_uppercase() && small) {
            words.push(String::new());
        }
        if c.is_alphabetic() {
            words.last_mut().expect("there is a first word").extend(c.to_lowercase());
        }
        small = c.is_lowercase();
    }
    words
}

/// Whether a block begins like short furniture.
pub(crate) fn is_phrase(text: &str) -> bool {
    let start = start(text);
    PHRASES.short.iter().any(|p| start.starts_with(p)) || PHRASES.whole.contains(&start.as_str())
}

/// Whether a block begins like offers and notes to the reader, which may be longer.
pub(crate) fn is_offer(text: &str) -> bool {
    let start = start(text);
    PHRASES.offers.iter().any(|p| start.starts_with(p))
}

/// Whether a block is the heading of links to other articles.
pub(crate) fn is_ending(text: &str) -> bool {
    let start = start(text);
    text.split_whitespace().count() <= 8
        && !text.ends_with('.')
        && PHRASES
            .endings
            .iter()
            .any(|p| start.strip_prefix(p).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// The start of a text, without decoration that sets off an offer.
fn start(text: &str) -> String {
    text.trim_start_matches(['[', '(', '*', '•', '►', '▶', '➡', '\u{fe0f}', ' '])
        .chars()
        .take(64)
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether an element holds comments by readers or links to other articles, whatever its size.
pub(crate) fn is_beside(element: &NodeRef) -> bool {
    const BESIDE: [&str; 16] = [
        "comments",
        "comment",
        "commentlist",
        "respond",
        "disqus",
        "related",
        "recommended",
        "recirc",
        "outbrain",
        "taboola",
        "trending",
        "mostread",
        "footer",
        "sidebar",
        "newsletter",
        "cookie",
    ];
    if matches!(
        dom::name(element).as_ref(),
        "aside" | "footer" | "nav" | "form" | "noscript" | "figure" | "blockquote"
    ) {
        return true;
    }
    let names = [element.class(), element.id_attr()];
    names.iter().flatten().flat_map(|name| words(name)).any(|w| BESIDE.contains(&w.as_str()))
}

/// Whether a block contains nothing of the article: furniture by its first words, a time stamp, a count of pictures, or
/// contact details.
pub(crate) fn says_nothing(text: &str) -> bool {
    is_phrase(text) || is_time_stamp(text) || is_picture_count(text) || is_contact(text)
}

/// Whether a block only says when the page was published or changed: `Updated 4 March 2016, 10:00 GMT`.
pub(crate) fn is_time_stamp(text: &str) -> bool {
    const BESIDE: &[&str] = &[
        "published",
        "updated",
        "posted",
        "last",
        "modified",
        "on",
        "at",
        "first",
        "created",
        "by",
        "date",
        "gmt",
        "est",
        "edt",
        "utc",
        "bst",
        "pm",
        "am",
        "pst",
        "pdt",
        "et",
        "ist",
        "cst",
        "cdt",
        "mst",
        "mdt",
        "cet",
        "ago",
        "day",
        "days",
        "hour",
        "hours",
        "minutes",
        "original",
        "originally",
    ];
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let (mut dated, mut other) = (false, 0);
    for word in words.map(str::to_lowercase) {
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        let known = number
            || onrecord_text::month_named(&word).is_some()
            || DAYS.iter().any(|d| word.starts_with(d) && (word.len() == 3 || word.ends_with("day")));
        dated |= number;
        other += usize::from(!known && !BESIDE.contains(&word.as_str()));
    }
    dated && other == 0
}

/// Whether a block says where to find or contact somebody: `Follow the bridge on Twitter`,
/// `Email Jo Dahl at jo@sound.example`.
fn is_contact(text: &str) -> bool {
    let lower = text.to_lowercase();
    let first = lower.split_whitespace().next().unwrap_or_default();
    matches!(first, "follow" | "email" | "reach" | "contact" | "like" | "find" | "tweet" | "join")
        && ["twitter", "facebook", "instagram", "@"].iter().any(|place| lower.contains(place))
}

/// Whether a block counts pictures: `Image 1 of 5`, `Photo 3 / 12`.
fn is_picture_count(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let named = words
        .next()
        .is_some_and(|w| matches!(w.to_lowercase().as_str(), "image" | "photo" | "picture" | "slide"));
    named && words.all(|w| w == "of" || w == "/" || w.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether an element holds something other than the article's running text.
pub(crate) fn is_apart(element: &NodeRef) -> bool {
    let name = element.node_name().unwrap_or_default();
    matches!(name.as_ref(), "aside" | "footer" | "nav" | "form" | "figure" | "blockquote" | "li" | "noscript")
        || dom::is_hidden(element)
        || (of(element).is_some() && dom::has_fewer_words(element, 150))
}
