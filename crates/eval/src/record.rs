//! The metrics for whole records: which statements are found, who said them, to whom and when.
//!
//! A statement can be paired with an annotated one if their cues share a token, or neither has a cue, and the F1 of
//! content tokens is at least 0.5. The best pairs are made first, and each side is used once. An annotated statement
//! that its annotators doubted (`sure: false`) does not count at all, and neither does the statement that it is paired
//! with.
//!
//! - `who said what`: precision, recall and F1 of pairs whose speaker is right, too. Persons and organisations are
//!   compared by name, ignoring case, diacritics, a leading “the” and titles; joint speakers are compared as a set.
//!   Groups, unnamed persons and documents are compared by kind, and group and unnamed count as the same. If nobody is
//!   annotated, it is right to give no name.
//! - `found`: precision, recall and F1 of pairs, regardless of the speaker.
//! - `speaker`: the share of pairs whose speaker is right, by the kind of the annotated speaker and by how the source
//!   is written: with the speaker's last name, as a pronoun, or in other words.
//! - `role`: of pairs with a named person who has a role, the share whose role has a word F1 of at least 0.5.
//! - `addressee`, `medium`, `occasion`: precision and recall over pairs; a field is right if its words contain those of
//!   the other or the other way round. `time`: right if the dates are equal.
//! - `parent`: of pairs with a parent, the share that has one.
//! - `sure and wrong`: of named persons at a confidence of 0.9 or more, the share that is somebody else.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use onrecord::text::{SpeakerKind, wire};
use serde::Deserialize;

/// An annotated article.
#[derive(Deserialize)]
pub struct Gold {
    pub id: String,
    pub text: String,
    pub published: Option<String>,
    attributions: Vec<Annotated>,
}

#[derive(Deserialize)]
struct Annotated {
    source: Vec<[usize; 2]>,
    cue: Vec<[usize; 2]>,
    content: Vec<[usize; 2]>,
    speaker: Option<String>,
    speaker_kind: Option<String>,
    /// The speaker's kind, if the corpus has no `speaker_kind`.
    kind: Option<String>,
    role: Option<String>,
    addressee: Option<Words>,
    medium: Option<Words>,
    occasion: Option<Words>,
    time: Option<Value>,
    said_at: Option<String>,
    parent: Option<String>,
    sure: Option<bool>,
}

/// A field, given either as its text or as an object that contains it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    Text(String),
    Field { text: String },
}

#[derive(Deserialize)]
struct Value {
    value: Option<String>,
}

impl Words {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Field { text } => text,
        }
    }
}

impl Gold {
    /// The first span of the annotation that is no part of the text, in characters.
    pub fn span_outside(&self) -> Option<[usize; 2]> {
        let length = self.text.chars().count();
        let spans = self.attributions.iter().flat_map(|a| [&a.source, &a.cue, &a.content]).flatten();
        spans.copied().find(|[start, end]| start > end || *end > length)
    }
}

impl Annotated {
    fn speaker_kind(&self) -> &str {
        self.speaker_kind.as_deref().or(self.kind.as_deref()).unwrap_or("none")
    }

    fn said(&self) -> Option<&str> {
        self.time.as_ref().and_then(|t| t.value.as_deref()).or(self.said_at.as_deref())
    }
}

/// The counts by the name of the figure: how many are right, were given, and were asked for.
#[derive(Debug, Default)]
pub struct Counts {
    rates: BTreeMap<String, [usize; 3]>,
}

const PRONOUNS: [&str; 14] =
    ["both", "he", "her", "his", "i", "it", "its", "she", "that", "their", "they", "we", "which", "who"];

impl Counts {
    /// Adds one case to a figure: whether it is right, was given, and was asked for.
    fn add(&mut self, figure: &str, right: bool, given: bool, asked: bool) {
        let counts = self.rates.entry(figure.to_owned()).or_default();
        for (count, one) in counts.iter_mut().zip([right, given, asked]) {
            *count += usize::from(one);
        }
    }

    /// Adds the statements of an article.
    pub fn add_article(&mut self, gold: &Gold, record: &wire::Record) {
        let text: Vec<char> = gold.text.chars().collect();
        let pairs = pairs(&text, gold, record);
        let doubted = |g: usize| gold.attributions[g].sure == Some(false);
        for s in 0..record.statements.len() {
            if !pairs.iter().any(|&(g, t)| t == s && doubted(g)) {
                self.add("who said what", false, true, false);
                self.add("found", false, true, false);
            }
        }
        for (g, annotated) in gold.attributions.iter().enumerate().filter(|(g, _)| !doubted(*g)) {
            let found = pairs.iter().find(|(n, _)| *n == g).map(|(_, s)| &record.statements[*s]);
            let right = found.is_some_and(|s| is_right(annotated, s));
            self.add("who said what", right, false, true);
            self.add("found", found.is_some(), false, true);
            if let Some(statement) = found {
                self.add_pair(&text, annotated, statement, right);
            }
        }
    }

    fn add_pair(&mut self, text: &[char], annotated: &Annotated, statement: &wire::Statement, right: bool) {
        let kind = annotated.speaker_kind();
        self.add("speaker", right, true, true);
        self.add(&format!("speaker, {kind}"), right, true, true);
        let speaker = statement.speaker.as_ref();
        if ["person", "organization"].contains(&kind) {
            let source: String = annotated.source.iter().flat_map(|[s, e]| &text[*s..*e]).collect();
            let source = fold(&source);
            let last = annotated.speaker.as_deref().map(fold);
            let last = last.as_deref().and_then(|name| name.split_whitespace().next_back());
            let how = if PRONOUNS.contains(&source.as_str()) {
                "pronoun"
            } else if last.is_some_and(|last| source.contains(last)) {
                "name"
            } else {
                "other words"
            };
            self.add(&format!("written as {how}"), right, true, true);
        }
        if speaker.is_some_and(|s| s.kind == SpeakerKind::Person && s.confidence >= 0.9) {
            self.add("sure and wrong", !right, true, true);
        }
        if let Some(role) = annotated.role.as_deref().filter(|_| kind == "person") {
            let given = speaker.and_then(|s| s.role.as_deref()).unwrap_or_default();
            self.add("role", word_f1(role, given) >= 0.5, true, true);
        }
        let linked = |l: &Option<wire::Linked>| l.as_ref().map(|l| fold(&l.text)).unwrap_or_default();
        for (figure, asked, given) in [
            ("addressee", &annotated.addressee, linked(&statement.addressee)),
            ("medium", &annotated.medium, linked(&statement.medium)),
            ("occasion", &annotated.occasion, linked(&statement.occasion)),
        ] {
            let asked = asked.as_ref().map(|w| fold(w.text())).unwrap_or_default();
            let both = !asked.is_empty() && !given.is_empty();
            let same = both && (asked.contains(&given) || given.contains(&asked));
            self.add(figure, same, !given.is_empty(), !asked.is_empty());
        }
        let said = statement.time.as_ref().and_then(|t| t.value.as_deref());
        let asked = annotated.said();
        self.add("time", asked.is_some() && asked == said, said.is_some(), asked.is_some());
        if annotated.parent.is_some() {
            self.add("parent", statement.parent.is_some(), true, true);
        }
    }

    /// Writes one figure per line: precision, recall and F1 if these differ, or else the share, and then the counts.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for (figure, [right, given, asked]) in &self.rates {
            let share = |whole: usize| if whole == 0 { 0.0 } else { *right as f64 / whole as f64 };
            let (p, r) = (share(*given), share(*asked));
            if given == asked {
                writeln!(out, "{figure:24} {p:.4}                    {right} of {asked}")?;
            } else {
                let f1 = if *right == 0 { 0.0 } else { 2.0 * p * r / (p + r) };
                writeln!(out, "{figure:24} {p:.4}  {r:.4}  F1 {f1:.4}  {right} of {given} and {asked}")?;
            }
        }
        Ok(())
    }
}

/// Returns whether a statement's speaker is the annotated one.
fn is_right(annotated: &Annotated, statement: &wire::Statement) -> bool {
    let speaker = statement.speaker.as_ref();
    let name = speaker.and_then(|s| s.name.as_deref());
    let kind = speaker.map_or("none", |s| s.kind.name());
    let loose = |kind: &str| if kind == "unnamed" { "group".to_owned() } else { kind.to_owned() };
    match annotated.speaker_kind() {
        "person" | "organization" => names(name) == names(annotated.speaker.as_deref()),
        "none" => name.is_none_or(str::is_empty),
        asked => loose(kind) == loose(asked),
    }
}

/// Returns the F1 of the distinct words of two roles.
fn word_f1(one: &str, other: &str) -> f64 {
    let words = |s: &str| fold(s).split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
    let (one, other) = (words(one), words(other));
    let both = one.intersection(&other).count();
    if both == 0 { 0.0 } else { 2.0 * both as f64 / (one.len() + other.len()) as f64 }
}

/// Returns the pairs of annotated and found statements that are the same.
fn pairs(text: &[char], gold: &Gold, record: &wire::Record) -> Vec<(usize, usize)> {
    let spans = |field: Option<&wire::Field>| field.map(|f| f.spans.clone()).unwrap_or_default();
    let mut all: Vec<(f64, usize, usize)> = Vec::new();
    let contents: Vec<_> = record.statements.iter().map(|s| tokens(text, &s.content.spans)).collect();
    for (g, annotated) in gold.attributions.iter().enumerate() {
        let wanted = tokens(text, &annotated.content);
        for (s, statement) in record.statements.iter().enumerate() {
            let cue = spans(statement.cue.as_ref());
            if touch(&annotated.cue, &cue) || (annotated.cue.is_empty() && cue.is_empty()) {
                let f1 = f1(&wanted, &contents[s]);
                if f1 >= 0.5 {
                    all.push((f1, g, s));
                }
            }
        }
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.cmp(&a.2)));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, g, s) in all {
        if !pairs.iter().any(|(h, t)| *h == g || *t == s) {
            pairs.push((g, s));
        }
    }
    pairs
}

fn touch(one: &[[usize; 2]], other: &[[usize; 2]]) -> bool {
    one.iter().any(|a| other.iter().any(|b| a[0] < b[1] && b[0] < a[1]))
}

/// Returns where the tokens of some spans start.
///
/// A token is a run of letters, digits and underscores, or any other single character that is not white space.
pub(super) fn tokens(text: &[char], spans: &[[usize; 2]]) -> BTreeSet<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut starts = BTreeSet::new();
    for [start, end] in spans {
        for at in *start..(*end).min(text.len()) {
            let goes_on = at > *start && is_word(text[at]) && is_word(text[at - 1]);
            if !text[at].is_whitespace() && !goes_on {
                starts.insert(at);
            }
        }
    }
    starts
}

pub(super) fn f1(one: &BTreeSet<usize>, other: &BTreeSet<usize>) -> f64 {
    let both = one.intersection(other).count();
    if both == 0 { 0.0 } else { 2.0 * both as f64 / (one.len() + other.len()) as f64 }
}

const TITLES: [&str; 24] = [
    "mr",
    "mrs",
    "ms",
    "dr",
    "sen",
    "senator",
    "rep",
    "representative",
    "gov",
    "governor",
    "president",
    "former",
    "prime",
    "minister",
    "secretary",
    "gen",
    "general",
    "justice",
    "judge",
    "sir",
    "dame",
    "rev",
    "prof",
    "professor",
];

/// Folds a name for comparison.
pub(super) fn fold(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '\u{a0}' => ' ',
            '’' | '‘' => '\'',
            '“' | '”' => '"',
            c => c,
        })
        .collect();
    let plain = plain.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = plain.trim_matches([' ', '.', ',', '\'', '"']);
    rest = rest.strip_prefix("the ").unwrap_or(rest);
    rest = rest.strip_suffix("'s").or_else(|| rest.strip_suffix("s'")).unwrap_or(rest);
    while let Some((title, after)) = rest.split_once(' ') {
        let title = title.strip_suffix('.').unwrap_or(title);
        if !TITLES.contains(&title) {
            break;
        }
        rest = after;
    }
    rest.to_owned()
}

fn names(joined: Option<&str>) -> BTreeSet<String> {
    joined.into_iter().flat_map(|j| j.split('|')).map(fold).filter(|n| !n.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_titles_and_articles() {
        for (one, other) in [
            ("Sen. Ada Lund", "Ada Lund"),
            ("the Baltic Rail", "Baltic Rail"),
            ("Former President Aalto’s", "aalto"),
            ("Ada Lund | Pia Brandt", "Pia Brandt|Ada Lund"),
        ] {
            assert_eq!(names(Some(one)), names(Some(other)));
        }
        assert_ne!(names(Some("Ada Lund")), names(Some("Pia Lund")));
        assert!(names(None).is_empty());
    }

    fn gold(source: [usize; 2], extra: &str) -> Gold {
        let [start, end] = source;
        let json = format!(
            r#"{{"id": "a", "text": "Ada Lund said it rains.", "published": null, "attributions": [
            {{"source": [[{start}, {end}]], "cue": [[9, 13]], "content": [[14, 22]], {extra}}}]}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    fn record(name: &str, kind: &str) -> wire::Record {
        let field = |start, end| wire::Field { text: String::new(), spans: vec![[start, end]] };
        let speaker = wire::Speaker {
            name: Some(name.to_owned()),
            kind: SpeakerKind::named(kind).expect("a kind"),
            role: None,
            entity: None,
            entities: Vec::new(),
            confidence: 0.95,
        };
        let statement = wire::Statement {
            cue: Some(field(9, 13)),
            content: field(14, 22),
            speaker: Some(speaker),
            ..wire::Statement::default()
        };
        wire::Record { statements: vec![statement], ..wire::Record::default() }
    }

    #[track_caller]
    fn rate(gold: &Gold, record: &wire::Record, figure: &str) -> [usize; 3] {
        let mut counts = Counts::default();
        counts.add_article(gold, record);
        counts.rates.get(figure).copied().unwrap_or_default()
    }

    #[test]
    fn a_person_is_right_by_name_and_a_group_by_kind() {
        let person = gold([0, 8], r#""speaker": "Ada Lund", "speaker_kind": "person""#);
        assert_eq!(rate(&person, &record("Ada Lund", "person"), "who said what"), [1, 1, 1]);
        assert_eq!(rate(&person, &record("Pia Lund", "person"), "who said what"), [0, 1, 1]);
        assert_eq!(rate(&person, &record("Pia Lund", "person"), "sure and wrong"), [1, 1, 1]);
        let group = gold([0, 8], r#""speaker": "voters", "speaker_kind": "group""#);
        assert_eq!(rate(&group, &record("some", "unnamed"), "who said what"), [1, 1, 1]);
        assert_eq!(rate(&group, &record("some", "document"), "who said what"), [0, 1, 1]);
    }

    #[test]
    fn what_its_annotators_doubted_does_not_count() {
        let doubted = gold([0, 8], r#""speaker": "Ada Lund", "kind": "person", "sure": false"#);
        assert_eq!(rate(&doubted, &record("Pia Lund", "person"), "found"), [0, 0, 0]);
    }

    #[test]
    fn how_a_source_is_written_is_told_apart() {
        let named = gold([0, 8], r#""speaker": "Ada Lund", "speaker_kind": "person""#);
        assert_eq!(rate(&named, &record("Ada Lund", "person"), "written as name"), [1, 1, 1]);
        let other = gold([0, 3], r#""speaker": "Pia Lund", "speaker_kind": "person""#);
        assert_eq!(rate(&other, &record("Pia Lund", "person"), "written as other words"), [1, 1, 1]);
    }

    #[test]
    fn tokens_begin_anew_in_each_span() {
        let text: Vec<char> = "one two".chars().collect();
        assert_eq!(tokens(&text, &[[1, 7]]).into_iter().collect::<Vec<_>>(), [1, 4]);
        assert_eq!(tokens(&text, &[[0, 2], [2, 3]]).into_iter().collect::<Vec<_>>(), [0, 2]);
    }
}
