//! The addressee, medium and occasion of a statement, from the words that the encoder links to its cue.

use onrecord_text::{Pieces, Span};

use crate::analysis::{Analysis, Beside, BesideKind};
use crate::english::is_reflexive;
use crate::found::Found;
use crate::lists::List;
use crate::reading::{Reading, WordId};

/// The minimum confidence of words beside a cue, which is a product of two probabilities.
const SURE: f32 = 0.4;

/// The circumstances of a statement, in the article's words. Most statements have none.
#[derive(Clone, Debug, Default)]
pub(super) struct Circumstances(Box<[(BesideKind, Span)]>);

impl Circumstances {
    /// The words that give a circumstance.
    pub(super) fn get(&self, kind: BesideKind) -> Option<Span> {
        self.0.iter().find(|(own, _)| *own == kind).map(|(_, words)| *words)
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
            let words = |kind: BesideKind| {
                surest(kind).filter(|&span| kind != BesideKind::Addressee || hears(reading, f, span))
            };
            Circumstances(BesideKind::ALL.into_iter().filter_map(|kind| Some((kind, words(kind)?))).collect())
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
    let inside = |w: &WordId| !matches!(reading.written(*w), "," | ";" | ":" | "." | "—" | "–" | "-");
    let first = words.iter().find(inside)?;
    let last = words.iter().rev().find(inside)?;
    Some(reading.word(first).span().to(reading.word(last).span()))
}
