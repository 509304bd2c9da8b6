//! Recognises the parts of a page that do not belong to the article, by class, id and wording.

use std::sync::LazyLock;

use dom_query::NodeRef;
use rustc_hash::FxHashMap;

use crate::dom;
use crate::lists::List;
use crate::stamp::{is_time_stamp, is_time_stamp_with};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Furniture,
    Caption,
    Credit,
    Byline,
}

static WORDS: LazyLock<FxHashMap<&str, Role>> = LazyLock::new(|| {
    let roles = [
        (List::ClassFurniture, Role::Furniture),
        (List::ClassCaption, Role::Caption),
        (List::ClassCredit, Role::Credit),
        (List::ClassByline, Role::Byline),
    ];
    roles.iter().flat_map(|&(list, role)| list.entries().iter().map(move |&word| (word, role))).collect()
});

/// The phrases that mark furniture, grouped by the mark before each line of the file.
struct Phrases {
    short: Vec<&'static str>,
    offers: Vec<&'static str>,
    whole: Vec<&'static str>,
    endings: Vec<&'static str>,
    /// Openings of offers to those who want to read on.
    gates: Vec<&'static str>,
    /// What stands before the title and between the title and the outlet.
    syndicated: Vec<(&'static str, &'static str)>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let mut phrases = Phrases {
        short: Vec::new(),
        offers: Vec::new(),
        whole: Vec::new(),
        endings: Vec::new(),
        gates: Vec::new(),
        syndicated: Vec::new(),
    };
    for line in include_str!("../data/phrases.txt").lines().filter(|l| !l.starts_with('#')) {
        if let Some(offer) = line.strip_prefix("... ") {
            phrases.offers.push(offer);
        } else if let Some(gate) = line.strip_prefix("> ") {
            phrases.gates.push(gate);
        } else if let Some(ending) = line.strip_prefix("! ") {
            phrases.endings.push(ending);
        } else if let Some(whole) = line.strip_prefix("= ") {
            phrases.whole.push(whole);
        } else if let Some(pattern) = line.strip_prefix("~ ") {
            let rest = pattern.split_once('…');
            let parts = rest.and_then(|(before, rest)| Some((before, rest.strip_suffix('…')?)));
            phrases.syndicated.extend(parts);
        } else {
            phrases.short.push(line);
        }
    }
    phrases
});

/// The role that an element's class and id indicate.
pub(crate) fn of(node: &NodeRef) -> Option<Role> {
    let names = [node.class(), node.id_attr()];
    let mut roles: Vec<Role> = Vec::new();
    for words in names.iter().flatten().map(|name| words(name)) {
        let is_property = |n: usize| {
            words.get(n + 1).is_some_and(|next| next == "free")
                || n.checked_sub(1).is_some_and(|before| List::ClassWithout.has(&words[before]))
        };
        let named = words.iter().enumerate().filter_map(|(n, word)| Some((n, *WORDS.get(word.as_str())?)));
        let named = named.filter(|(n, role)| *role != Role::Furniture || !is_property(*n));
        roles.extend(named.map(|(_, role)| role));
        let is_pair = |pair: &[String]| List::ClassPairs.has(&pair.join(" "));
        roles.extend(words.windows(2).any(is_pair).then_some(Role::Furniture));
    }
    // A caption inside a sharing tool is furniture; a credit inside a caption is a credit.
    [Role::Furniture, Role::Credit, Role::Caption, Role::Byline].into_iter().find(|r| roles.contains(r))
}

/// Whether an element's class or id is one of furniture.
pub(crate) fn is_furniture(node: &NodeRef) -> bool {
    of(node).is_some_and(|role| role == Role::Furniture)
}

/// Whether an element repeats words of the article in large letters (a pull quote).
pub(crate) fn is_pull_quote(node: &NodeRef) -> bool {
    let Some(class) = node.class() else { return false };
    let words = words(&class);
    let has = |list: List| words.iter().any(|word| list.has(word));
    has(List::ClassPullQuote)
        || has(List::ClassQuote)
            && (has(List::ClassPull) || matches!(dom::name(node).as_ref(), "aside" | "figure"))
}

/// Whether an element's class says that it names the person quoted.
pub(crate) fn is_attribution(node: &NodeRef) -> bool {
    let Some(class) = node.class() else { return false };
    words(&class).iter().any(|word| List::ClassAttribution.has(word))
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

/// The most words in the name of a blog.
const LONGEST_OUTLET: usize = 8;

/// Whether a block begins like short furniture, or is the line “The post … appeared first on …” that blogs add to their
/// feeds.
pub(crate) fn is_phrase(text: &str) -> bool {
    let start = start(text);
    let is_syndicated = |&(before, between): &(&str, &str)| {
        let source = text.strip_prefix(before).and_then(|rest| rest.split_once(between));
        source.is_some_and(|(title, outlet)| {
            !title.starts_with(char::is_lowercase) && outlet.split_whitespace().count() <= LONGEST_OUTLET
        })
    };
    PHRASES.short.iter().any(|p| start.starts_with(p))
        || PHRASES.whole.contains(&start.as_str())
        || PHRASES.syndicated.iter().any(is_syndicated)
}

/// Whether a block begins like offers and notes to the reader, which may be longer.
pub(crate) fn is_offer(text: &str) -> bool {
    let start = start(text);
    PHRASES.offers.iter().any(|p| start.starts_with(p))
}

/// Whether a block begins like an offer to those who want to read on.
pub(crate) fn is_gate(text: &str) -> bool {
    let start = start(text);
    PHRASES.gates.iter().any(|p| start.starts_with(p))
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
    if matches!(
        dom::name(element).as_ref(),
        "aside" | "footer" | "nav" | "form" | "noscript" | "figure" | "blockquote"
    ) {
        return true;
    }
    let names = [element.class(), element.id_attr()];
    names.iter().flatten().flat_map(|name| words(name)).any(|w| List::ClassBeside.has(&w))
}

/// Whether an element shows something with a date of its own inside the article, or beside it: a quotation, a post, a
/// picture, comments, links to other articles.
pub(crate) fn shows_something_else(element: &NodeRef) -> bool {
    let is_article = |e: &NodeRef| matches!(dom::name(e).as_ref(), "article" | "main");
    match dom::name(element).as_ref() {
        "aside" | "nav" | "form" | "figure" | "figcaption" | "blockquote" | "cite" => return true,
        // An article's own footer says who wrote it, and when.
        "footer" if !element.ancestors_it(None).any(|a| is_article(&a)) => return true,
        _ => {}
    }
    let names = [element.class(), element.id_attr()];
    let lists = [List::ClassDated, List::ClassCaption];
    names.iter().flatten().flat_map(|name| words(name)).any(|w| lists.iter().any(|list| list.has(&w)))
}

/// Whether a block contains nothing of the article: furniture by its first words, a time stamp, a count of pictures, contact
/// details, or a “By” whose name the search took away.
pub(crate) fn says_nothing(text: &str) -> bool {
    is_phrase(text)
        || is_time_stamp(text)
        || is_picture_count(text)
        || is_contact(text)
        || List::BylineBy.has(&text.trim_end_matches(':').to_lowercase())
}

/// Whether a text is a time of day or a time before now: `14:32`, `2.05 pm ET`, `2 hours ago`.
pub(crate) fn is_time(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.last().is_some_and(|word| List::Ago.has(&word.to_lowercase())) {
        return is_time_stamp(text) || is_short_ago(&words);
    }
    let bare = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let clock = |word: &&str| {
        let word = bare(word);
        let hour = List::Halves.entries().iter().find_map(|half| word.strip_suffix(half));
        // A point may also be in a number.
        is_clock(&word) && word.contains(':') || hour.is_some_and(|hour| is_clock(hour) || is_number(hour))
    };
    let zoned = |pair: &[&str]| is_clock(&bare(&pair[0])) && is_zone(pair[1]);
    (words.iter().any(clock) || words.windows(2).any(zoned))
        && is_time_stamp_with(text, &[List::Clock, List::Local])
}

/// Whether a word is a time of day: `14:32`, `9.05`.
pub(crate) fn is_clock(word: &str) -> bool {
    word.split_once([':', '.']).is_some_and(|(hour, minute)| {
        let below = |part: &str, most: u8| is_number(part) && part.parse::<u8>().is_ok_and(|n| n < most);
        below(hour, 24) && below(minute, 60) && minute.len() == 2
    })
}

fn is_number(text: &str) -> bool {
    matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether words are a short form of a time before now: `2h ago`, `14 min ago`.
fn is_short_ago(words: &[&str]) -> bool {
    let all = words[..words.len() - 1].concat();
    let unit = all.trim_start_matches(|c: char| c.is_ascii_digit());
    unit.len() < all.len() && List::Units.has(unit)
}

/// Whether a word says which half of a day or which zone a time is in.
pub(crate) fn is_zone(word: &str) -> bool {
    let word = word.to_lowercase();
    [List::Halves, List::Zones, List::Local].iter().any(|list| list.has(&word))
}

/// Whether an element's class says that it is the title of something.
pub(crate) fn is_title(element: &NodeRef) -> bool {
    let Some(class) = element.class() else { return false };
    words(&class).iter().any(|word| List::ClassTitle.has(word))
}

/// Whether an element's class says that it names an author.
pub(crate) fn is_byline(element: &NodeRef) -> bool {
    of(element).is_some_and(|role| role == Role::Byline)
}

/// The most words in a sentence that says where to find or contact somebody.
const LONGEST_CONTACT: usize = 12;

/// Whether a block only says where to find or contact somebody: `Follow the bridge on Twitter`,
/// `Email Jo Dahl at jo@sound.example. Follow her @jo.`
fn is_contact(text: &str) -> bool {
    // Such a block quotes nobody.
    if text.contains(['"', '“', '”', '‘', '«', '»']) {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    // A full stop before another word may belong to an abbreviation: `Email Dr. Dahl at …`.
    let continues = |word: &&str, next: &&str| !word.ends_with(['.', '!']) || !asks_for_contact(next);
    words.chunk_by(continues).all(is_contact_sentence)
}

fn asks_for_contact(word: &str) -> bool {
    List::Contact.has(&word.to_lowercase())
}

/// Whether a sentence only says where to find or contact somebody. It consists of a verb, a few words for whom, a place
/// or an address, more places, and perhaps a purpose. “Find me one voter who likes Facebook, she said” has other words
/// there.
fn is_contact_sentence(sentence: &[&str]) -> bool {
    let edge = |c: char| !c.is_alphanumeric() && !matches!(c, '@' | '&' | '+');
    let words: Vec<String> = sentence.iter().map(|word| word.trim_matches(edge).to_lowercase()).collect();
    if words.len() > LONGEST_CONTACT
        || !sentence.first().is_some_and(|word| asks_for_contact(word))
        || words.iter().any(|word| List::Clause.has(word))
    {
        return false;
    }
    let is_address = |at: usize| words[at].contains('@');
    let is_place = |at: usize| List::ContactPlace.has(&words[at]) && List::ContactBefore.has(&words[at - 1]);
    let Some(place) = (1..words.len()).find(|&at| is_address(at) || is_place(at)) else { return false };
    let rest = place + 1..words.len();
    let purpose = rest.clone().find(|&at| List::ContactPurpose.has(&words[at])).unwrap_or(rest.end);
    let is_known = |at: usize| {
        let word = words[at].as_str();
        let lists = [List::Contact, List::ContactPlace, List::ContactBeside];
        is_address(at)
            || lists.iter().any(|list| list.has(word))
            || word.contains(['.', '/'])
            || !word.contains(char::is_alphabetic)
            || sentence[at].starts_with(char::is_uppercase)
    };
    // A comma before a place, or in the purpose, separates clauses: “Like it or not, Holm is on Facebook”.
    let has_clauses = |words: &[&str]| words.iter().any(|word| word.ends_with([',', ';']));
    (rest.start..purpose).all(is_known)
        && (is_address(place) || !has_clauses(&sentence[..place]))
        && !has_clauses(&sentence[purpose..])
}

/// Whether a block counts pictures: `Image 1 of 5`, `Photo 3 / 12`.
fn is_picture_count(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let named = words.next().is_some_and(|w| List::Pictures.has(&w.to_lowercase()));
    named && words.all(|w| List::PictureOf.has(w) || w.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether an element holds something other than the article's running text.
pub(crate) fn is_apart(element: &NodeRef) -> bool {
    let name = element.node_name().unwrap_or_default();
    matches!(name.as_ref(), "aside" | "footer" | "nav" | "form" | "figure" | "blockquote" | "li" | "noscript")
        || dom::is_hidden(element)
        || (of(element).is_some() && dom::has_fewer_words(element, 150))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_blogs_add_to_their_feeds_is_furniture() {
        assert!(is_phrase("The post Bridge opens in May appeared first on Harbour News."));
        assert!(!is_phrase("The post will be filled in May."));
        assert!(!is_phrase("The post appeared first on Harbour Social."));
        assert!(!is_phrase("The bridge appeared first on a map of 1702."));
    }

    #[test]
    fn lines_that_say_where_to_find_somebody() {
        for line in [
            "Follow Ada Brandt on Twitter @ada",
            "Follow Ada Brandt on Twitter: @ada.",
            "Follow the bridge on Twitter",
            "Follow the sound on Twitter and Facebook.",
            "Follow @ada",
            "Follow Ada Brandt (@ada) and Jon Holm (@jon) on Twitter for more.",
            "Email us at news@sound.example",
            "Email Jo Dahl at jo@sound.example. Follow her on Twitter @jo",
            "Email Dr. Dahl at jo@sound.example",
            "Reach the reporter at jo@sound.example or 555-0134",
            "Contact Jo Dahl at jo@sound.example or follow him on Instagram.",
            "Contact staff writer Jo Dahl at 555-0134, jodahl.35 on Signal, or jo@sound.example.",
            "Like our Facebook page",
            "Find more news on Facebook, Instagram and YouTube",
            "Tweet your questions to @soundpost",
            "Join the talk on our Facebook page to see more",
        ] {
            assert!(is_contact(line), "{line}");
        }
    }

    #[test]
    fn sentences_that_only_begin_like_such_a_line() {
        for line in [
            "Like it or not, the bridge and its Facebook page are here to stay, she said.",
            "Find me one voter who likes Facebook, Mayor Holm said.",
            "Like it or not, Holm is on Facebook.",
            "Like many on Facebook, Holm was angry.",
            "Find him on Facebook, Holm told reporters.",
            "Find one on Twitter for me, Holm replied.",
            "“Follow the bridge on Twitter.”",
            "Follow the bridge on Twitter, “and see”.",
            "Join Facebook at your own risk.",
            "Reach for Facebook less often, teachers advise.",
            "Email from jo@sound.example reached the council on Monday.",
            "Contact with @ada ended in May, when the account fell silent.",
            "Follow the rules on Facebook and nobody gets hurt, the council warned.",
            "Find the page that somebody with a grudge put up on Facebook in the night before the vote.",
            "Follow the bridge on Twitter. It opens in May.",
        ] {
            assert!(!is_contact(line), "{line}");
        }
    }

    #[test]
    fn times_of_day_and_times_before_now() {
        for text in [
            "14:32",
            " 9:05 ",
            "2.05 pm ET",
            "14:32 p.m. ET",
            "2pm",
            "(11:55 CEST)",
            "Updated at 14:32",
            "4 March 2016, 10:00 GMT",
            "Today 12:01 AM",
            "2 hours ago",
            "14 min ago",
            "3h ago",
        ] {
            assert!(is_time(text), "{text}");
        }
        for text in [
            "2.05",
            "14",
            "25:10",
            "14:75",
            "4 March 2016",
            "March",
            "Score 14:32",
            "long ago",
            "3 bridges ago",
            "h ago",
        ] {
            assert!(!is_time(text), "{text}");
        }
        // Lines in posts and lines between paragraphs know the same zones.
        assert!(is_time_stamp("Updated 4 March 2016, 10:00 CEST") && is_time("14:32 MDT") && is_zone("MDT"));
        assert!(!is_time_stamp("Local 12") && is_zone("local"));
        // Only in posts are these words taken for a part of the time.
        assert!(!is_time_stamp("Today 12:01 AM") && is_time_stamp("4 March 2016, 10:00 GMT"));
    }
}
