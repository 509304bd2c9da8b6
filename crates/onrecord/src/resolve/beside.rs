//! The addressee, medium and occasion of a statement, from the words that the encoder links to its cue.

use onrecord_text::{Pieces, Span};

use crate::analysis::{Analysis, Beside, BesideKind};
use crate::english::is_reflexive;
use crate::found::Found;
use crate::lists::List;
use crate::reading::Reading;

/// The minimum confidence of words beside a cue, which is a product of two probabilities.
const SURE: f32 = 0.4;

/// The circumstances of a statement, in the article's words. Most statements have none.
#[derive(Clone, Debug, Default)]
pub(super) struct Circumstances(Option<Box<[Option<Span>; BesideKind::ALL.len()]>>);

impl Circumstances {
    fn of(kinds: [Option<Span>; BesideKind::ALL.len()]) -> Self {
        Self(kinds.iter().any(Option::is_some).then(|| Box::new(kinds)))
    }

    /// The words that give a circumstance.
    pub(super) fn get(&self, kind: BesideKind) -> Option<Span> {
        self.0.as_ref()?[kind as usize]
    }
}

/// The circumstances of each statement: for each kind, the most probable words that are linked to its cue.
pub(super) fn circumstances(
    reading: &Reading<'_>,
    analysis: &Analysis,
    found: &[Found],
) -> Vec<Circumstances> {
    let mut by_cue: Vec<&Beside> =
        analysis.beside.iter().filter(|b| b.words.score * b.link >= SURE).collect();
    by_cue.sort_by_key(|b| b.cue.start());
    found
        .iter()
        .map(|f| {
            let Some(cue) = f.cue.as_ref().map(Pieces::extent) else { return Circumstances::default() };
            let first = by_cue.partition_point(|b| b.cue.end() <= cue.start());
            let own = || {
                by_cue[first..]
                    .iter()
                    .take_while(|b| b.cue.start() < cue.end())
                    .filter(|b| b.cue.overlaps(cue))
            };
            let surest = |kind: BesideKind| {
                let fits = own().filter(|b| b.kind == kind && may_stand_beside(f, b));
                let best =
                    fits.max_by(|a, b| (a.words.score * a.link).total_cmp(&(b.words.score * b.link)))?;
                without_marks(reading, best.words.span)
            };
            let addressee = surest(BesideKind::Addressee).filter(|s| hears(reading, f, *s));
            Circumstances::of(BesideKind::ALL.map(|kind| match kind {
                BesideKind::Addressee => addressee,
                kind => surest(kind),
            }))
        })
        .collect()
}

/// Whether words may give a circumstance of a statement. Words of its source or cue may not, and words of its content
/// only as an addressee: “urged | Congress to act”.
fn may_stand_beside(found: &Found, beside: &Beside) -> bool {
    let span = beside.words.span;
    let own = found.source.iter().any(|s| s.contains(span));
    let quoted = found.content.overlaps(span) && beside.kind == BesideKind::Time;
    !own && !quoted
}

/// Whether words may name the addressee: “himself” may not.
fn hears(reading: &Reading<'_>, found: &Found, span: Span) -> bool {
    let words = reading.words_of(span);
    let only = words.first().filter(|_| words.len() == 1);
    let reflexive = only.is_some_and(|w| is_reflexive(reading.lower(w)));
    let nobody = only.is_some_and(|w| reading.listed(w, List::Prepositions));
    !reflexive && !nobody && !found.source.iter().any(|s| s.overlaps(span))
}

/// A span without commas and similar marks at its ends.
fn without_marks(reading: &Reading<'_>, span: Span) -> Option<Span> {
    let words = reading.words_of(span);
    let inside =
        |w: &crate::reading::WordId| !matches!(reading.written(*w), "," | ";" | ":" | "." | "—" | "–" | "-");
    let first = words.iter().find(inside)?;
    let last = words.iter().rev().find(inside)?;
    Some(reading.word(first).span().to(reading.word(last).span()))
}
