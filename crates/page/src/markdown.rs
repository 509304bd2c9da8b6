//! Recognises the marks of Markdown that say what a line is: front matter, headings, emphasis.

use onrecord_text::{PartialDate, Span};

use crate::lists::List;
use crate::{credit, json, stamp};

/// What the front matter of a text says about the article.
#[derive(Default)]
pub(crate) struct Matter {
    pub(crate) title: Option<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) published: Option<PartialDate>,
    /// Where it ends.
    pub(crate) end: usize,
}

/// The most lines of front matter.
const MOST_LINES: usize = 200;

/// The front matter at the beginning of a text: members in YAML between lines of hyphens, or in TOML between lines of plus
/// signs.
pub(crate) fn front_matter(text: &str) -> Option<Matter> {
    let mut lines = text.split_inclusive('\n').take(MOST_LINES);
    let first = lines.next()?;
    let (fence, sign) = match first.trim_end() {
        "---" => ("---", ':'),
        "+++" => ("+++", '='),
        _ => return None,
    };
    let (mut end, mut members) = (first.len(), Vec::<(String, Vec<String>)>::new());
    for line in lines {
        end += line.len();
        let is_indented = line.starts_with([' ', '\t']);
        let line = line.trim();
        if line == fence {
            return (!members.is_empty()).then(|| Matter { end, ..of_members(&members) });
        }
        let element = line.strip_prefix("- ").zip(members.last_mut());
        match (element, line.split_once(sign)) {
            (Some((element, (_, values))), _) => values.push(unquoted(element)),
            (_, Some((name, value))) if !is_indented && is_name(name.trim_end()) => {
                members.push((json::bare(name.trim()).collect(), values(value)));
            }
            _ if is_indented || line.is_empty() || line.starts_with(['#', '[', ']']) => {}
            _ => return None,
        }
    }
    None
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

fn unquoted(value: &str) -> String {
    value.trim().trim_matches(['"', '\'']).to_owned()
}

/// The values of a member: `Jo Dahl`, `"Jo Dahl"`, `[Jo Dahl, "Pia Lund"]`.
fn values(value: &str) -> Vec<String> {
    let value = value.trim();
    let list = value.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
    let values = list.map_or_else(|| vec![unquoted(value)], |list| list.split(',').map(unquoted).collect());
    values.into_iter().filter(|value| !value.is_empty()).collect()
}

fn of_members(members: &[(String, Vec<String>)]) -> Matter {
    let called = |names: List| {
        let all = || members.iter().filter(|(_, values)| !values.is_empty());
        names
            .entries()
            .iter()
            .find_map(|name| all().find(|(member, _)| member == name))
            .map(|(_, values)| values.as_slice())
    };
    let authors = called(List::MemberAuthors).unwrap_or_default();
    Matter {
        title: called(List::MemberTitles).map(|values| values.join(", ")),
        authors: authors.iter().flat_map(|author| credit::names(author)).collect(),
        published: called(List::MemberDates).and_then(|values| stamp::stamp(values.first()?)),
        end: 0,
    }
}

/// Whether a line is only a rule, such as the one below a heading.
pub(crate) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && ["=", "-"].iter().any(|sign| line.replace(sign, "").is_empty())
}

/// Whether a paragraph is marked as a heading, by signs before it or by a rule below it.
pub(crate) fn is_marked(text: &str, paragraph: Span) -> bool {
    let before = text[..paragraph.start()].rsplit('\n').next().unwrap_or_default().trim();
    let below = text[paragraph.end()..].lines().nth(1).unwrap_or_default();
    (!before.is_empty() && before.bytes().all(|sign| sign == b'#'))
        || (below.starts_with('=') && is_rule(below))
}

/// Whether a line is a heading.
pub(crate) fn is_heading(line: &str) -> bool {
    heading(line).is_some()
}

/// The words of a heading: `## Rain ##`.
fn heading(line: &str) -> Option<&str> {
    let words = line.trim_start_matches('#');
    let marks = line.len() - words.len();
    let words = words.strip_prefix(' ').filter(|_| (1..=6).contains(&marks))?.trim();
    let bare = words.trim_end_matches('#');
    let words = if bare.ends_with(' ') { bare.trim_end() } else { words };
    (!words.is_empty()).then_some(words)
}

/// The words of a line that is emphasised as a whole: `*By Jo Dahl*`.
fn emphasised(line: &str) -> Option<&str> {
    ["***", "**", "*", "_"].iter().find_map(|mark| {
        let words = line.strip_prefix(mark)?.strip_suffix(mark)?;
        let is_whole = !words.contains(&mark[..1]) && !words.is_empty() && words.trim() == words;
        is_whole.then_some(words)
    })
}

/// A paragraph without the marks of a heading or of emphasis around it.
pub(crate) fn unmarked(text: &str, paragraph: Span) -> Span {
    let line = paragraph.of(text);
    let Some(words) = heading(line).or_else(|| emphasised(line)) else { return paragraph };
    let from = paragraph.start() + line.find(words).unwrap_or(0);
    Span::trimmed(text, from..from + words.len()).unwrap_or(paragraph)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_describes_the_article() {
        for text in [
            "---\ntitle: \"Bridge to open\"\ndate: 2016-03-04T08:00:00+01:00\nauthor: Jo Dahl\ntags: [rain, snow]\n---\n\nIt rained.",
            "---\r\nTitle: Bridge to open\r\npublish_date: 2016-03-04\r\nlastmod: 2016-03-09\r\nauthors:\r\n  - Jo Dahl\r\n---\r\nIt rained.",
            "+++\ntitle = 'Bridge to open'\ndate = 2016-03-04\nauthors = [\"Jo Dahl\"]\n[params]\n  a = 1\n+++\nIt rained.",
        ] {
            let matter = front_matter(text).unwrap();
            assert_eq!(matter.title.as_deref(), Some("Bridge to open"), "{text}");
            assert_eq!(matter.published.unwrap().to_string(), "2016-03-04", "{text}");
            assert_eq!(matter.authors, ["Jo Dahl"], "{text}");
            assert_eq!(text[matter.end..].trim(), "It rained.");
        }
        for text in [
            "---\nIt rained.\n---\n",
            "---\nLund: It rained, and nobody came.\nShe left.\n---\n",
            "---\n---\n",
            "---\ntitle: Rain\n",
            "It rained.\n---\ntitle: Rain\n---\n",
        ] {
            assert!(front_matter(text).is_none(), "{text}");
        }
    }

    #[test]
    fn marks_are_no_part_of_a_line() {
        for (line, expected) in [
            ("# Bridge to open", "Bridge to open"),
            ("### Bridge #2 to open ##", "Bridge #2 to open"),
            ("#Bridge", "#Bridge"),
            ("####### Bridge", "####### Bridge"),
            ("# ", "# "),
            ("*By Jo Dahl*", "By Jo Dahl"),
            ("**Rain**", "Rain"),
            ("*Rain* and *snow*", "*Rain* and *snow*"),
            ("*** WITHDRAWN ***", "*** WITHDRAWN ***"),
        ] {
            let all = Span::new(0, line.len()).unwrap();
            assert_eq!(unmarked(line, all).of(line), expected);
        }
        for (text, expected) in [
            ("# Rain", true),
            ("Rain\n====", true),
            ("Rain\n\n====", false),
            ("a # Rain", false),
            ("Rain", false),
        ] {
            let from = text.find("Rain").unwrap();
            assert_eq!(is_marked(text, Span::new(from, from + 4).unwrap()), expected, "{text}");
        }
        assert!(is_rule("====") && is_rule("---") && !is_rule("--") && !is_rule("=-=") && !is_rule(""));
    }
}
