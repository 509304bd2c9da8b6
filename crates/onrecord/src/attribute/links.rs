//! Links between a cue, its source and its contents: first those that the encoder made, then rules of the language that
//! it may miss.

use onrecord_text::Span;

use crate::analysis::{Layer, Scored};
use crate::lists::List;
use crate::reading::Reading;

/// A cue with its source and contents, before any rule.
pub(super) struct Linked {
    pub(super) cue: Scored,
    /// The source and the probability of its link.
    pub(super) source: Option<(Scored, f32)>,
    /// The contents and the probabilities of their links to the cue.
    pub(super) contents: Vec<(Scored, f32)>,
}

/// The minimum confidence for a further piece of a content. Chosen on annotated articles that were not used for
/// training: anything from 0.8 to 0.96 gains two points of strict relations (docs/EXPERIMENTS.md).
const ANOTHER_PIECE: f32 = 0.88;

/// Every cue with the source and contents that the encoder linked to it.
pub(super) fn linked(layer: &Layer) -> Vec<Linked> {
    let mut all: Vec<Linked> = layer
        .cues
        .iter()
        .map(|c| Linked {
            cue: c.cue,
            source: c.source.map(|(number, link)| (layer.sources[number], link)),
            contents: Vec::new(),
        })
        .collect();
    for content in &layer.contents {
        all[content.cue.0].contents.push((content.content, content.cue.1));
    }
    for found in &mut all {
        // The piece with the best link is the content; other pieces are kept only if they are sure.
        let best = found.contents.iter().map(|(_, link)| *link).fold(0.0, f32::max);
        found.contents.retain(|(content, link)| *link >= best || content.score >= ANOTHER_PIECE);
    }
    all
}

/// Splits off a second statement when a source continues with a participle, as in `“…” Brandt noted adding that nobody
/// would pay`. The encoder may take the participle for the end of the preceding cue or for the start of the content.
pub(super) fn split_at_participle(reading: &Reading<'_>, all: &mut Vec<Linked>) {
    let text = reading.text();
    let listed = |word: &Span| List::Participles.has(word.of(text));
    let mut more = Vec::new();
    for found in all.iter_mut() {
        let cue = found.cue.span;
        let (before, behind): (Vec<_>, Vec<_>) =
            found.contents.iter().partition(|(c, _)| c.span.end() <= cue.start());
        if before.is_empty() || behind.is_empty() {
            continue;
        }
        let in_cue = reading.runs(cue).next_back().filter(listed).and_then(|participle| {
            Some((Span::trimmed(text, cue.start()..participle.start())?, participle, behind.clone()))
        });
        let split = in_cue.or_else(|| {
            let (next, link) = behind[0];
            let participle = reading.runs(next.span).next().filter(listed)?;
            let adjacent = reading.only_between(cue.end(), next.span.start(), |c| matches!(c, ' ' | ','));
            let rest = Span::trimmed(text, participle.end()..next.span.end())?;
            let rest =
                std::iter::once((Scored { span: rest, ..next }, link)).chain(behind[1..].iter().copied());
            adjacent.then(|| (cue, participle, rest.collect()))
        });
        let Some((own, participle, contents)) = split else { continue };
        more.push(Linked { cue: Scored { span: participle, ..found.cue }, source: found.source, contents });
        found.cue.span = own;
        found.contents = before;
    }
    all.extend(more);
}

/// Separates adjoining quotations into two statements when a cue before them introduces one and a cue after them closes
/// the other: `Brandt said: “We always wanted this.” “It cannot be done in winter,” she added`.
pub(super) fn share_quotations(reading: &Reading<'_>, all: &mut [Linked]) {
    let (text, quotations) = (reading.text(), reading.quotations());
    for n in 0..all.len() {
        if !all[n].contents.is_empty() {
            continue;
        }
        let cue = all[n].cue.span;
        let next = quotations.partition_point(|q| q.span.start() < cue.end());
        let Some(quotation) = quotations.get(next).map(|q| q.span) else { continue };
        if !reading.only_between(cue.end(), quotation.start(), |c| matches!(c, ' ' | ':' | ',')) {
            continue;
        }
        // The cue that has it comes later; the contents are close together in the text, and so are their cues.
        let near = n..all.len().min(n + 4);
        let taken = near.into_iter().find_map(|m| {
            let at = all[m].contents.iter().position(|(c, _)| c.span.start() == quotation.start())?;
            let (content, link) = all[m].contents[at];
            if content.span.end() < quotation.end() {
                return None;
            }
            let rest = Span::trimmed(text, quotation.end()..content.span.end());
            (all[m].cue.span.start() >= content.span.end() && (rest.is_some() || all[m].contents.len() > 1))
                .then_some((m, at, content, link, rest))
        });
        let Some((m, at, content, link, rest)) = taken else { continue };
        match rest {
            Some(rest) => all[m].contents[at].0.span = rest,
            None => drop(all[m].contents.remove(at)),
        }
        all[n].contents.push((Scored { span: quotation, ..content }, link));
    }
}
