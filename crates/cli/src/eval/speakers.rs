//! The metrics for who said it: speaker, kind, addressee and date of the statements that were found.
//!
//! An annotated statement is found when some statement's cue or source shares a character with its own and the F1 of content
//! tokens is at least 0.5; the best such pairs are made first, each side used once, and a touching cue counts 1 more. Over
//! those found:
//!
//! - `speaker`: of the annotated persons and organisations that are sure, how many have the same name, after folding case,
//!   marks, a leading “the” and titles; `speaker_strict` counts those not found as wrong.
//! - `not_a_person`: of the other kinds that are sure, how many records name no person.
//! - `addressee`, `said_at`: precision and recall; one addressee within the other is right, dates are compared as text.

use std::collections::BTreeSet;
use std::io::{self, Write};

use onrecord::text::wire;
use serde::Deserialize;

/// An annotated article.
#[derive(Deserialize)]
pub struct Gold {
    pub id: String,
    pub text: String,
    pub published: Option<String>,
    attributions: Vec<Who>,
}

#[derive(Deserialize)]
struct Who {
    source: Vec<[usize; 2]>,
    cue: Vec<[usize; 2]>,
    content: Vec<[usize; 2]>,
    speaker: Option<String>,
    kind: String,
    addressee: Option<String>,
    said_at: Option<String>,
    sure: bool,
}

/// What was counted.
#[derive(Debug, Default)]
pub struct Counts {
    gold: usize,
    found: usize,
    named: usize,
    named_found: usize,
    named_right: usize,
    others: usize,
    others_right: usize,
    addressee: Field,
    said_at: Field,
}

/// How many the gold has, the record has, and both have alike.
#[derive(Debug, Default)]
struct Field {
    gold: usize,
    predicted: usize,
    right: usize,
}

impl Field {
    fn add(&mut self, gold: Option<&str>, predicted: Option<&str>, same: impl Fn(&str, &str) -> bool) {
        self.gold += usize::from(gold.is_some());
        self.predicted += usize::from(predicted.is_some());
        self.right += usize::from(gold.zip(predicted).is_some_and(|(g, p)| same(g, p)));
    }
}

impl Counts {
    /// Adds the statements of an article.
    pub fn add(&mut self, gold: &Gold, record: &wire::Record) {
        let text: Vec<char> = gold.text.chars().collect();
        let pairs = pairs(&text, gold, record);
        for (g, who) in gold.attributions.iter().enumerate() {
            let found = pairs.iter().find(|(n, _)| *n == g).map(|(_, s)| &record.statements[*s]);
            self.gold += 1;
            self.found += usize::from(found.is_some());
            let speaker = found.and_then(|s| s.speaker.as_ref());
            if who.sure && ["person", "organization"].contains(&who.kind.as_str()) {
                self.named += 1;
                self.named_found += usize::from(found.is_some());
                let name = speaker.and_then(|s| s.name.as_deref());
                self.named_right +=
                    usize::from(found.is_some() && names(name) == names(who.speaker.as_deref()));
            } else if who.sure && found.is_some() {
                self.others += 1;
                self.others_right += usize::from(speaker.is_none_or(|s| s.kind != "person"));
            }
            if let Some(s) = found {
                let within = |g: &str, p: &str| fold(p).contains(&fold(g)) || fold(g).contains(&fold(p));
                self.addressee.add(
                    who.addressee.as_deref(),
                    s.addressee.as_ref().map(|a| a.text.as_str()),
                    within,
                );
                let value = s.time.as_ref().and_then(|t| t.value.as_deref());
                self.said_at.add(who.said_at.as_deref(), value, |g, p| g == p);
            }
        }
    }

    /// One figure a line.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let lines = [
            ("found", self.found, self.gold),
            ("speaker", self.named_right, self.named_found),
            ("speaker_strict", self.named_right, self.named),
            ("not_a_person", self.others_right, self.others),
            ("addressee_p", self.addressee.right, self.addressee.predicted),
            ("addressee_r", self.addressee.right, self.addressee.gold),
            ("said_at_p", self.said_at.right, self.said_at.predicted),
            ("said_at_r", self.said_at.right, self.said_at.gold),
        ];
        for (name, part, whole) in lines {
            let share =
                if whole == 0 { "–".to_owned() } else { format!("{:.4}", part as f64 / whole as f64) };
            writeln!(out, "{name:16} {share}  {part} of {whole}")?;
        }
        Ok(())
    }
}

/// Annotated and found statements that are the same.
fn pairs(text: &[char], gold: &Gold, record: &wire::Record) -> Vec<(usize, usize)> {
    let spans = |field: Option<&wire::Field>| field.map(|f| f.spans.clone()).unwrap_or_default();
    let mut all: Vec<(f64, usize, usize)> = Vec::new();
    for (g, who) in gold.attributions.iter().enumerate() {
        let wanted = tokens(text, &who.content);
        for (s, statement) in record.statements.iter().enumerate() {
            let (cue, source) = (spans(statement.cue.as_ref()), spans(statement.source.as_ref()));
            let cues_touch = touch(&who.cue, &cue);
            if !(cues_touch || touch(&who.source, &source) || (who.source.is_empty() && source.is_empty())) {
                continue;
            }
            let f1 = f1(&wanted, &tokens(text, &statement.content.spans));
            if f1 >= 0.5 {
                all.push((f1 + f64::from(u8::from(cues_touch)), g, s));
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

/// Where the tokens of some spans begin: runs of letters, digits and underscores, and every other character.
fn tokens(text: &[char], spans: &[[usize; 2]]) -> BTreeSet<usize> {
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

fn f1(one: &BTreeSet<usize>, other: &BTreeSet<usize>) -> f64 {
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

/// A name for comparing.
fn fold(name: &str) -> String {
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
    while let Some((title, behind)) = rest.split_once(' ') {
        let title = title.strip_suffix('.').unwrap_or(title);
        if !TITLES.contains(&title) {
            break;
        }
        rest = behind;
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

    #[test]
    fn tokens_begin_anew_in_each_span() {
        let text: Vec<char> = "one two".chars().collect();
        assert_eq!(tokens(&text, &[[1, 7]]).into_iter().collect::<Vec<_>>(), [1, 4]);
        assert_eq!(tokens(&text, &[[0, 2], [2, 3]]).into_iter().collect::<Vec<_>>(), [0, 2]);
    }
}
