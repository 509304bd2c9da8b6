//! Reads a source as a phrase: its form, and what it reveals about the speaker.

use onrecord_text::Span;

use super::cast::Cast;
use crate::english::{Gender, is_of_speaker, is_pronoun, singular, without_contraction};
use crate::lists::List;
use crate::reading::{Reading, WordId, WordRange};

/// The form of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SourceForm {
    /// The statement has no words for the speaker.
    Absent,
    He,
    She,
    They,
    It,
    /// “who”, “which”.
    Relative,
    /// “I”, “we”.
    Own,
    /// “somebody”, “nobody”.
    Nobody,
    /// “the minister”, “this agency”.
    Definite,
    /// “his lawyer”, “the bank’s chairman”.
    Possessive,
    /// “a source”, “some voters”.
    Indefinite,
    /// Any other noun phrase: “officials”, “police”.
    Bare,
    /// The words include a name.
    Named,
}

impl SourceForm {
    /// Whether the source only refers to somebody.
    pub(super) fn is_pronoun(self) -> bool {
        matches!(
            self,
            Self::Absent
                | Self::He
                | Self::She
                | Self::They
                | Self::It
                | Self::Relative
                | Self::Own
                | Self::Nobody
        )
    }
}

/// A source as a phrase.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Its words; if it has none, those of the cue.
    pub(super) words: WordRange,
    pub(super) span: Span,
    pub(super) form: SourceForm,
    /// The gender that its pronoun or noun reveals.
    pub(super) gender: Option<Gender>,
    /// Its head noun in the singular and in lower case, if it is a noun phrase: “member” for “the member for Throsby”,
    /// but nothing for “Ada Brandt”.
    pub(super) noun: String,
    /// Whether its head noun or its pronoun is plural.
    pub(super) plural: bool,
    /// The words before the head noun, and the capitalised words after it up to a comma, in lower case: “labor” and
    /// “throsby” for “the Labor member for Throsby”.
    pub(super) modifiers: Vec<String>,
    /// The capitalised modifiers.
    pub(super) proper: Vec<String>,
}

impl Source {
    /// Reads the words of a source as a phrase.
    pub(super) fn of(reading: &Reading<'_>, cast: &Cast, words: WordRange) -> Option<Self> {
        let span = reading.span_of(words)?;
        let first = words.first()?;
        let lower = reading.lower(first);
        let form = match words.len() {
            1 => pronoun(lower),
            2 => pronoun(&[lower, reading.lower(WordId(first.0 + 1))].join(" ")),
            _ => None,
        };
        let form = form.unwrap_or_else(|| {
            if cast.within(span).next().is_some() {
                SourceForm::Named
            } else if List::Definite.has(lower) {
                SourceForm::Definite
            } else if words.iter().take(4).any(|w| reading.word(w).is_possessive())
                || is_possessor(reading, first)
            {
                SourceForm::Possessive
            } else if List::Indefinite.has(lower) || lower.starts_with(|c: char| c.is_ascii_digit()) {
                SourceForm::Indefinite
            } else {
                SourceForm::Bare
            }
        });
        let in_name = |w: &WordId| cast.within(span).any(|u| u.words.iter().any(|part| part == *w));
        let head = head(reading, words);
        let written = head.map_or("", |w| reading.lower(w));
        let noun = head
            .filter(|w| !form.is_pronoun() && !in_name(w))
            .map_or_else(String::new, |_| singular(written));
        let gender = match form {
            SourceForm::He => Some(Gender::He),
            SourceForm::She => Some(Gender::She),
            _ => Gender::of_noun(&noun).or_else(|| Gender::of_title(&noun)),
        };
        let modifiers = head.map_or_else(Vec::new, |head| {
            let before = WordRange { start: words.start, end: head };
            let after = WordRange { start: head, end: words.end }.iter().skip(1);
            let after = after.take_while(|&w| reading.written(w) != ",");
            let own = before.iter().chain(after.filter(|&w| reading.word(w).is_capital()));
            let own = own.filter(|&w| reading.word(w).is_word() && !reading.listed(w, List::Definite));
            own.collect()
        });
        let lower = |words: &[WordId]| words.iter().map(|&w| reading.lower(w).to_owned()).collect();
        let proper: Vec<WordId> = modifiers.iter().copied().filter(|&w| is_proper(reading, w)).collect();
        let (modifiers, proper) = (lower(&modifiers), lower(&proper));
        let plural = form == SourceForm::They
            || (!form.is_pronoun() && (noun != written || List::NounsPlural.has(written)));
        Some(Self { words, span, form, gender, noun, plural, modifiers, proper })
    }

    /// An absent source, placed at the cue.
    pub(super) fn absent(reading: &Reading<'_>, cue: WordRange) -> Option<Self> {
        Some(Self {
            words: WordRange { start: cue.start, end: cue.start },
            span: reading.span_of(cue)?,
            form: SourceForm::Absent,
            gender: None,
            noun: String::new(),
            plural: false,
            modifiers: Vec::new(),
            proper: Vec::new(),
        })
    }
}

/// Whether a word has a capital of its own, and not because it begins a sentence.
fn is_proper(reading: &Reading<'_>, word: WordId) -> bool {
    let lower = reading.lower(word);
    let small =
        List::Indefinite.has(lower) || is_possessor(reading, word) || reading.listed(word, List::NoName);
    reading.word(word).is_capital() && !small
}

/// Whether a word before a noun shows possession: “her manager”, “our boat”, “the bank’s chairman”.
pub(super) fn is_possessor(reading: &Reading<'_>, word: WordId) -> bool {
    let lower = reading.lower(word);
    reading.word(word).is_possessive() || is_pronoun(lower) || is_of_speaker(lower)
}

fn pronoun(word: &str) -> Option<SourceForm> {
    let word = without_contraction(word);
    let lists = [
        (List::PronounsHe, SourceForm::He),
        (List::PronounsShe, SourceForm::She),
        (List::PronounsThey, SourceForm::They),
        (List::PronounsIt, SourceForm::It),
        (List::PronounsRelative, SourceForm::Relative),
        (List::PronounsSelf, SourceForm::Own),
        (List::Nobody, SourceForm::Nobody),
    ];
    lists.into_iter().find(|(list, _)| list.has(word)).map(|(_, form)| form)
}

/// The head noun of a phrase: the last word before the first preposition, comma or bracket.
pub(super) fn head(reading: &Reading<'_>, words: WordRange) -> Option<WordId> {
    let ends = |w: WordId| {
        w > words.start
            && (reading.listed(w, List::Prepositions)
                || matches!(reading.written(w), "," | "(" | "–" | "—" | ":" | ";" | "\"" | "“"))
    };
    words.iter().take_while(|&w| !ends(w)).filter(|&w| reading.word(w).is_word()).last()
}
