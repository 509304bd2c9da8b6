//! Rules for the bounds of a statement's fields: at quotation marks, at blocks, and at a source after its cue.

use onrecord_text::{Block, BlockKind, Span};

use crate::analysis::Layer;
use crate::english::{NEITHER, NOR};
use crate::lists::List;
use crate::quotes::{Ending, Quotation};
use crate::reading::{Reading, WordRange};

/// A content without the comma that separates it from its cue.
pub(super) fn without_comma(reading: &Reading<'_>, span: Span) -> Option<Span> {
    Span::trimmed(reading.text(), reading.without_end(span, &[','])?.range())
}

/// A relayed content without the marks of the quotation around it, and without the comma before the closing mark.
pub(super) fn without_marks(reading: &Reading<'_>, span: Span, quotation: &Quotation) -> Option<Span> {
    let inside = quotation.between_marks(reading.text());
    let span = Span::new(span.start().max(inside.start), span.end().min(inside.end))?;
    Span::trimmed(reading.text(), reading.without_end(span, &[',', '.'])?.range())
}

/// Whether a cue is always followed by its source.
fn is_followed_by_source(reading: &Reading<'_>, cue: Span) -> bool {
    let words = cue.of(reading.text()).to_lowercase();
    List::SourceFollows.entries().iter().any(|l| words.ends_with(l))
}

/// Whether a content may belong to a cue. A cue such as “according to” must be in the same sentence.
pub(super) fn may_belong(reading: &Reading<'_>, content: Span, cue: Span) -> bool {
    let (first, last) = if content.end() <= cue.start() { (content, cue) } else { (cue, content) };
    !is_followed_by_source(reading, cue) || !reading.sentence_ends_between(first.end(), last.start())
}

/// The source after a cue such as “according to” when the encoder took it for the start of the content. It extends to
/// the first comma, and the content loses it.
pub(super) fn source_after_cue(
    reading: &Reading<'_>,
    cue: Span,
    pieces: &mut Vec<Span>,
    source: Option<Span>,
) -> Option<Span> {
    let adjacent = |s: &Span| reading.only_between(cue.end(), s.start(), char::is_whitespace);
    if !is_followed_by_source(reading, cue) || source.is_some_and(|s| adjacent(&s)) {
        return None;
    }
    let at = pieces.iter().position(adjacent)?;
    let piece = pieces[at];
    let words = reading.words_of(piece);
    let comma = reading.before_spaces(words).find(|&w| reading.written(w) == ",");
    let (named, rest) = match comma.map(|w| reading.word(w).span()) {
        Some(comma) => (
            Span::new(piece.start(), comma.start())?,
            Span::trimmed(reading.text(), comma.end()..piece.end()),
        ),
        None if pieces.len() > 1 => (piece, None),
        None => return None,
    };
    pieces.remove(at);
    pieces.extend(rest);
    Some(named)
}

/// The parts of a content that lie in blocks of the article's text. Bylines, credits and attributions between
/// paragraphs are not part of a content; captions and datelines are part of it only if they contain the cue.
pub(super) fn within_blocks(content: Span, cue: Span, blocks: &[Block]) -> impl Iterator<Item = Span> {
    let first = blocks.partition_point(|b| b.span.end() <= content.start());
    let touched = blocks[first..].iter().take_while(move |b| b.span.start() < content.end());
    touched
        .filter(move |b| match b.kind {
            BlockKind::Byline | BlockKind::Credit | BlockKind::Attribution => false,
            BlockKind::Caption | BlockKind::Dateline => b.span.contains(cue),
            _ => true,
        })
        .filter_map(move |b| Span::new(b.span.start().max(content.start()), b.span.end().min(content.end())))
}

/// Drops the pieces of a content that lie outside the cue's block and are not quotations, if the content has words in
/// the cue's block. Such a content does not end in a headline or in the first words of the next paragraph.
pub(super) fn beyond_by_quotation(
    reading: &Reading<'_>,
    quotations: &[Quotation],
    cue: Span,
    pieces: &mut Vec<Span>,
) {
    let Some(own) = reading.block_at(cue.start()).map(|b| reading.blocks()[b.index()].span) else { return };
    if pieces.iter().any(|p| p.overlaps(own)) {
        pieces.retain(|&p| {
            let next = quotations.partition_point(|q| q.span.end() <= p.start());
            p.overlaps(own) || quotations.get(next).is_some_and(|q| q.span.overlaps(p))
        });
    }
}

/// A source with the “neither” before it, by which the cue is denied: “neither Lund nor Brandt”.
pub(super) fn with_neither(reading: &Reading<'_>, source: Span) -> Span {
    let words = reading.words_of(source);
    let joined = words.iter().any(|w| reading.lower(w) == NOR);
    let before =
        words.first().and_then(|w| reading.before(w)).filter(|&w| joined && reading.lower(w) == NEITHER);
    before.and_then(|start| reading.span_of(WordRange { start, ..words })).unwrap_or(source)
}

/// The part of a source that lies in the cue's block, or else in the block where it begins, because no name continues
/// in the next paragraph.
pub(super) fn within_one_block(source: Span, cue: Span, blocks: &[Block]) -> Option<Span> {
    let first = blocks.partition_point(|b| b.span.end() <= source.start());
    let touched = || blocks[first..].iter().take_while(|b| b.span.start() < source.end()).map(|b| b.span);
    let block = touched().find(|b| b.overlaps(cue)).or_else(|| touched().next())?;
    Span::new(block.start().max(source.start()), block.end().min(source.end()))
}

/// A content cut at the end of the last full sentence if it runs on to the opening mark of the next quotation.
pub(super) fn before_opening(reading: &Reading<'_>, span: Span, quotations: &[Quotation]) -> Option<Span> {
    let next = quotations.partition_point(|q| q.span.end() <= span.end());
    let opened = quotations
        .get(next)
        .map(|q| q.span.start())
        .filter(|&o| o > span.start() && o < span.end() && o + 3 >= span.end());
    match opened {
        Some(opening) => {
            let sentence = Span::trimmed(reading.text(), span.start()..opening)?;
            reading.without_end(sentence, &['.'])
        }
        None => Some(span),
    }
}

/// A content extended by the adjoining quotation mark or full stop when it stops right before a quotation's end or
/// begins right after its opening mark, unless that would take in more of the quotation.
pub(super) fn with_marks(span: Span, quotations: &[Quotation]) -> Span {
    // The longest mark has three bytes.
    let close = |a: usize, b: usize| a.abs_diff(b) <= 3;
    let next = quotations.partition_point(|q| q.span.end() <= span.start());
    let touching = quotations[next..].iter().take_while(|q| q.span.start() < span.end());
    touching
        .filter(|q| q.ending != Ending::Unclosed)
        .filter(|q| q.span.start() >= span.start() || close(q.span.start(), span.start()))
        .filter(|q| q.span.end() <= span.end() || close(q.span.end(), span.end()))
        .fold(span, |span, q| span.to(q.span))
}

/// The quotations that continue, paragraph by paragraph, the one that ends the content, as long as nothing else claims
/// them.
pub(super) fn resumed(pieces: &[Span], quotations: &[Quotation], layer: &Layer) -> Vec<Span> {
    let Some(last) = pieces.iter().max_by_key(|s| s.end()) else { return Vec::new() };
    let at = quotations.partition_point(|q| q.span.end() < last.end());
    let Some(open) = quotations.get(at).filter(|q| q.ending == Ending::Continued && q.span.overlaps(*last))
    else {
        return Vec::new();
    };
    let claimed = |span: Span| {
        let next = layer.contents.partition_point(|c| c.content.span.end() <= span.start());
        layer.contents.get(next).is_some_and(|c| c.content.span.overlaps(span))
    };
    // If the content stops short of the quotation's end, the rest belongs to others.
    if open.span.end() > last.end() + 4 {
        return Vec::new();
    }
    quotations[at + 1..].iter().take_while(|q| q.resumes).map(|q| q.span).filter(|&s| !claimed(s)).collect()
}
