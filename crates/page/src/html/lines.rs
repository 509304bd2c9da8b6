//! Writes what is within lines as a page means it: without struck words, marks of footnotes, and the pronunciation of
//! characters.

use std::borrow::Cow;

use dom_query::{Document, NodeRef};
use onrecord_text::is_invisible;
use rustc_hash::FxHashSet;

use crate::dom;
use crate::lists::List;

/// The most elements of each kind that are examined.
const MOST: usize = 5_000;
/// The percentage of the page's words that may be struck. More are in an element that the page never closes.
const STRUCK: usize = 66;
/// The most bytes in the mark of a footnote.
const LONGEST_MARK: usize = 12;

/// Removes what is within lines and is no part of what they say.
pub(super) fn write(document: &Document) {
    // The pronunciation of a name in other characters is written above it.
    document.select("rt, rp, rtc").nodes().iter().take(MOST).for_each(NodeRef::remove_from_parent);
    remove_struck(document);
    remove_marks(document);
}

/// Removes words that a page strikes out: those of an earlier version.
fn remove_struck(document: &Document) {
    let struck = document.select("del, s, strike");
    let (Some(body), false) = (document.body(), struck.nodes().is_empty()) else { return };
    let inside = |node: &NodeRef| {
        node.ancestors_it(None).any(|a| matches!(dom::name(&a).as_ref(), "del" | "s" | "strike"))
    };
    let outer: Vec<&NodeRef> = struck.nodes().iter().filter(|node| !inside(node)).take(MOST).collect();
    let count = |node: &NodeRef| node.text().split_whitespace().count();
    if outer.iter().map(|node| count(node)).sum::<usize>() * 100 < count(&body) * STRUCK {
        outer.iter().for_each(|node| node.remove_from_parent());
    }
}

/// Removes the marks of footnotes. They follow a word or a closing mark; exponents follow a figure or a unit.
fn remove_marks(document: &Document) {
    if document.select("sup").nodes().is_empty() {
        return;
    }
    let mut marks: FxHashSet<_> = FxHashSet::default();
    // The last mark, if nothing has followed it so far, and those that alone separate two words.
    let (mut last, mut between) = (None, Vec::new());
    let mut before = String::new();
    for node in document.root().descendants_it() {
        let name = dom::name(&node);
        if node.is_text() {
            if !node.ancestors_it(Some(LEVELS)).any(|a| marks.contains(&a.id)) {
                before = node.text().to_string();
                between.extend(last.take().filter(|_| before.starts_with(char::is_alphanumeric)));
            }
        } else if name.as_ref() == "sup" {
            let mark = dom::short_text(&node, LONGEST_MARK);
            if mark.is_some_and(|mark| is_footnote(&before, &mark)) && marks.len() < MOST {
                marks.insert(node.id);
                last = Some(node.id);
            }
        } else if !dom::is_inline(&name) && name.as_ref() != "a" {
            before.clear();
            last = None;
        }
    }
    for mark in between {
        NodeRef::new(mark, &document.tree).insert_before(&document.tree.new_text(" "));
    }
    marks.iter().for_each(|mark| NodeRef::new(*mark, &document.tree).remove_from_parent());
}

/// How deep text may be in the mark of a footnote.
const LEVELS: usize = 4;

/// Whether raised text is the mark of a footnote, by the text before it.
fn is_footnote(before: &str, mark: &str) -> bool {
    let bare = mark.trim_matches(['[', '(', ']', ')']);
    let figures = bare.contains(|c: char| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' ' | '-' | '–' | '[' | ']'))
        && bare.starts_with(|c: char| c.is_ascii_digit());
    let symbols = !bare.is_empty() && bare.chars().all(|c| matches!(c, '*' | '†' | '‡' | '§' | '¶' | '#'));
    let after = before.ends_with(|c: char| {
        c.is_alphabetic()
            || matches!(c, '”' | '’' | '"' | '\'' | '»' | ')' | ']' | '.' | ',' | ';' | ':' | '!' | '?' | '…')
    });
    after && (symbols || figures && !(mark == bare && is_power(before, bare)))
}

/// Whether a figure is the exponent of a unit or a variable: `km²`, `x²`.
fn is_power(before: &str, figure: &str) -> bool {
    let at = before
        .rfind(|c: char| !c.is_alphabetic())
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let word = &before[at..];
    matches!(figure, "2" | "3" | "4")
        && (word.chars().count() == 1 || List::Measures.has(&word.to_lowercase()))
}

/// The page without characters that browsers do not show, which would split names: soft hyphens, spaces and joints
/// without a width, and marks of the direction of writing.
pub(super) fn without_invisible(page: &str) -> Cow<'_, str> {
    let is_found = |at: usize| invisible(page, at).is_some();
    let Some(first) = candidates(page).find(|at| is_found(*at)) else { return page.into() };
    let mut shown = String::with_capacity(page.len());
    shown.push_str(&page[..first]);
    let mut from = first;
    for at in candidates(&page[first..]).map(|at| first + at) {
        if at < from {
            continue;
        }
        let Some((c, length)) = invisible(page, at) else { continue };
        shown.push_str(&page[from..at]);
        from = at + length;
        // In Persian and in Indian scripts it separates letters.
        if c == '\u{200c}' && shown.ends_with(|c: char| c.is_alphabetic() && c > '\u{590}') {
            shown.push(c);
        }
    }
    shown.push_str(&page[from..]);
    shown.into()
}

/// Where an invisible character may be: at the first bytes of such characters, and at references.
fn candidates(page: &str) -> impl Iterator<Item = usize> {
    let begins = |b: u8| matches!(b, b'&' | 0xc2 | 0xe2 | 0xef);
    page.bytes().enumerate().filter(move |(_, b)| begins(*b)).map(|(at, _)| at)
}

/// The invisible character at a place of a page, and its length in bytes there.
fn invisible(page: &str, at: usize) -> Option<(char, usize)> {
    let rest = &page[at..];
    let Some(reference) = rest.strip_prefix('&') else {
        let c = rest.chars().next().filter(|c| is_empty(*c))?;
        return Some((c, c.len_utf8()));
    };
    let end = reference.bytes().take(LONGEST_REFERENCE).position(|b| b == b';')?;
    let name = &reference[..end];
    let c = match name.strip_prefix('#') {
        Some(number) => {
            let hex = number.strip_prefix(['x', 'X']);
            let number = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16)).ok()?;
            char::from_u32(number)?
        }
        None => NAMES.iter().find(|(known, _)| *known == name)?.1,
    };
    is_empty(c).then_some((c, end + 2))
}

/// The most bytes in a character reference, and the names of those that are invisible.
const LONGEST_REFERENCE: usize = 24;
const NAMES: [(&str, char); 6] = [
    ("shy", '\u{ad}'),
    ("zwnj", '\u{200c}'),
    ("lrm", '\u{200e}'),
    ("rlm", '\u{200f}'),
    ("ZeroWidthSpace", '\u{200b}'),
    ("NoBreak", '\u{2060}'),
];

/// Whether a character says nothing. U+200D joins the parts of an emoji, and U+2061 to U+2064 are signs of mathematics.
fn is_empty(c: char) -> bool {
    is_invisible(c) && !matches!(c, '\u{200d}' | '\u{2061}'..='\u{2064}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_dropped() {
        for (page, expected) in [
            ("Lind&shy;ner, Da\u{ad}hl, Bra&#173;ndt, Lu&#xAD;nd", "Lindner, Dahl, Brandt, Lund"),
            (
                "\u{feff}\u{200f}Ada\u{200b} Bra&zwnj;ndt\u{2060}, &#8203;Jo&ZeroWidthSpace; D&#x200C;ahl",
                "Ada Brandt, Jo Dahl",
            ),
            ("\u{202a}Ada\u{202c} \u{2067}Brandt\u{2069}\u{200e}", "Ada Brandt"),
            // Emoji and other scripts need theirs.
            ("👩\u{200d}🚒 می\u{200c}خواهم", "👩\u{200d}🚒 می\u{200c}خواهم"),
            ("a & b &amp; “c” &#x110000; &#x; &; é", "a & b &amp; “c” &#x110000; &#x; &; é"),
        ] {
            assert_eq!(without_invisible(page), expected);
        }
        assert!(matches!(without_invisible("a & “b”"), Cow::Borrowed(_)));
    }

    #[test]
    fn marks_of_footnotes() {
        for (before, mark) in [
            ("Brandt", "2"),
            ("late,”", "1"),
            ("(old)", "[3]"),
            ("said.", "1, 2"),
            ("Dahl", "*"),
            ("UN", "12"),
            ("m", "[2]"),
        ] {
            assert!(is_footnote(before, mark), "{before} {mark}");
        }
        for (before, mark) in [
            ("10", "6"),
            ("40 km", "2"),
            ("m", "2"),
            ("E = mc", "th"),
            ("x", "2"),
            ("4", "th"),
            ("in ", "1"),
            ("Sound", "TM"),
            ("a", ""),
        ] {
            assert!(!is_footnote(before, mark), "{before} {mark}");
        }
    }
}
