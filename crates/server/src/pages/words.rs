//! Text of articles on a page: verbatim, inert, with parts of it marked.
//!
//! Whatever an article says is shown as text. Characters that would change the order of the text around them, or that
//! can't be seen, stand in an element of their own, which contains their effect and says what they are.

use maud::{Markup, PreEscaped, Render, html};
use onrecord::text::answers::Edit;
use onrecord::text::plural;

/// The maximum length of an excerpt, in characters.
const LONG: usize = 420;

/// Returns whether a character controls the direction of text, or is an invisible control character.
///
/// Line ends don't count: browsers send `\r\n`, and show `\r` as a line end.
fn is_control(c: char) -> bool {
    let turns =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
        || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Returns text as it is, with its control characters contained.
pub(super) fn verbatim(text: &str) -> Markup {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut from = 0;
    for (at, c) in text.char_indices().filter(|&(_, c)| is_control(c)) {
        text[from..at].render_to(&mut out);
        // HTML has no way to write control characters of ASCII and Latin-1. The others stay part of the text.
        let content = if c.is_control() { String::new() } else { c.to_string() };
        let code = format!("U+{:04X}", u32::from(c));
        html! { bdi.control data-code=(code) { (PreEscaped(content)) } }.render_to(&mut out);
        from = at + c.len_utf8();
    }
    text[from..].render_to(&mut out);
    PreEscaped(out)
}

/// Returns a short text, such as a name, whose direction does not affect what is around it.
pub(super) fn name(text: &str) -> Markup {
    html! { bdi { (verbatim(text)) } }
}

/// Returns text for places that can't hold elements, such as titles: on one line, and without control characters.
pub(super) fn plain(text: &str) -> String {
    let kept: String = text.chars().map(|c| if is_control(c) { ' ' } else { c }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the beginning of a text for places that can't hold elements.
pub(super) fn short(text: &str, most: usize) -> String {
    let text = plain(text);
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

/// Returns a content with its matches marked. If it is long, this is the part around the first match.
///
/// The matches are ranges of code points.
pub(super) fn excerpt(content: &str, matches: &[[usize; 2]]) -> Markup {
    let points: Vec<char> = content.chars().collect();
    let (mut from, mut to) = (0, points.len());
    if points.len() > LONG {
        let first = matches.first().map_or(0, |m| m[0]);
        from = first.saturating_sub(LONG / 3);
        if from > 0 {
            // The part begins with a word if one begins before the match.
            from = (from..first).find(|&at| points[at].is_whitespace()).map_or(from, |at| at + 1);
        }
        to = (from + LONG).min(points.len());
        if to < points.len() {
            to = (from + 1..to).rev().find(|&at| points[at].is_whitespace()).unwrap_or(to);
        }
    }
    let part = |from: usize, to: usize| verbatim(&points[from..to].iter().collect::<String>());
    let mut at = from;
    let inside = matches.iter().filter(|m| m[0] >= from && m[0] < m[1] && m[1] <= to);
    html! {
        @if from > 0 { "… " }
        @for &[start, end] in inside {
            @if start >= at {
                (part(at, start))
                mark { (part(start, end)) }
                @let () = at = end;
            }
        }
        (part(at, to))
        @if to < points.len() { " …" }
    }
}

/// Returns a comparison word by word.
pub(super) fn diff(edits: &[Edit]) -> Markup {
    html! {
        @for (n, edit) in edits.iter().enumerate() {
            @if n > 0 { " " }
            @match edit {
                Edit::Kept(words) => { (verbatim(words)) }
                Edit::Deleted(words) => { del { (verbatim(words)) } }
                Edit::Inserted(words) => { ins { (verbatim(words)) } }
            }
        }
    }
}

/// Returns a number with separators between thousands.
pub(super) fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a number of things.
pub(super) fn count(n: usize, thing: &str) -> String {
    format!("{} {}", number(n), plural(n, thing))
}

/// Returns the name of a value of the wire format as words.
pub(super) fn label(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_contained() {
        let shown = verbatim("a\u{202e}<b>\0").into_string();
        assert_eq!(
            shown,
            "a<bdi class=\"control\" data-code=\"U+202E\">\u{202e}</bdi>&lt;b&gt;\
             <bdi class=\"control\" data-code=\"U+0000\"></bdi>"
        );
        assert_eq!(plain("a\u{202e}b\nc"), "a b c");
        let lines = "a\r\nb\rc\td";
        assert_eq!(verbatim(lines).into_string(), lines);
        assert_eq!(plain(lines), "a b c d");
    }

    #[test]
    fn excerpts_keep_their_matches() {
        assert_eq!(excerpt("Ä <b> c", &[[2, 5]]).into_string(), "Ä <mark>&lt;b&gt;</mark> c");
        let long = format!("{}bridge {}", "word ".repeat(200), "word ".repeat(200));
        let shown = excerpt(&long, &[[1000, 1006]]).into_string();
        assert!(
            shown.starts_with("… word") && shown.ends_with(" …") && shown.contains("<mark>bridge</mark>")
        );
        assert!(shown.len() < 500);
        // A text without spaces before the match is cut wherever it must be.
        let unbroken = format!("{}bridge {}", "x".repeat(1000), "word ".repeat(200));
        assert!(excerpt(&unbroken, &[[1000, 1006]]).into_string().contains("<mark>bridge</mark>"));
        // Matches that make no sense are left out.
        assert_eq!(excerpt("abc", &[[2, 1], [1, 9]]).into_string(), "abc");
    }

    #[test]
    fn numbers() {
        assert_eq!(
            (number(7), number(1_000), number(123_456_789)),
            ("7".into(), "1,000".into(), "123,456,789".into())
        );
        assert_eq!((count(1, "article"), count(0, "article")), ("1 article".into(), "0 articles".into()));
    }
}
