//! The one place where scores and rules meet: from what the encoder says and how the text is quoted to statements.

use onrecord_text::{Article, Block, BlockKind, Pieces, Span, Statement, StatementKind};

use crate::analyze::{Analysis, Content, Cue, Scored};
use crate::quotes::{Ending, Quotation};

/// Statements less sure than this are left out. Chosen on annotated articles that nothing was trained on: a higher
/// bound loses more right statements than wrong ones (docs/ACCURACY.md).
const THRESHOLD: f32 = 0.35;

/// What comes of an article.
pub(crate) struct Attributed {
    /// The statements, in text order.
    pub(crate) statements: Vec<Statement>,
    /// Those that were not sure enough.
    pub(crate) rejected: Vec<Statement>,
}

/// Makes the statements of an article.
pub(crate) fn attribute(article: &Article, quotations: &[Quotation], analysis: &Analysis) -> Attributed {
    let mut contents: Vec<Vec<Content>> = vec![Vec::new(); analysis.cues.len()];
    for content in &analysis.contents {
        contents[content.cue.0].push(*content);
    }
    let mut all: Vec<Statement> = analysis
        .cues
        .iter()
        .zip(&contents)
        .filter_map(|(cue, own)| statement(article, quotations, analysis, cue, own))
        .collect();
    all.sort_by_key(|s| (start(s), s.content.end()));
    let (statements, rejected) = all.into_iter().partition(|s| s.confidence >= THRESHOLD);
    Attributed { statements, rejected }
}

/// Where a statement starts, whichever of its fields comes first.
fn start(statement: &Statement) -> usize {
    let fields = [statement.source.as_ref(), statement.cue.as_ref()];
    fields.into_iter().flatten().map(Pieces::start).fold(statement.content.start(), usize::min)
}

/// The statement of one cue and its own contents, if it has any.
fn statement(
    article: &Article,
    quotations: &[Quotation],
    analysis: &Analysis,
    cue: &Cue,
    own: &[Content],
) -> Option<Statement> {
    let text = article.text.as_str();
    let mut pieces: Vec<Span> = own
        .iter()
        .map(|c| with_marks(c.content.span, quotations))
        .flat_map(|span| within_blocks(span, cue.cue.span, &article.blocks))
        .collect();
    let mut source = cue.source.map(|(number, link)| (analysis.sources[number], link));
    if let Some(named) = source_behind(text, cue.cue.span, &mut pieces, source.map(|(s, _)| s.span)) {
        // The link that was doubted is the one that the rule replaces.
        source = Some((Scored { span: named, score: cue.cue.score }, cue.cue.score));
    }
    let resumed = resumed(&pieces, quotations, analysis);
    let goes_on = !resumed.is_empty();
    pieces.extend(resumed);
    let content = Pieces::new(pieces)?;
    let mut confidence = cue.cue.score;
    for c in own {
        confidence = confidence.min(c.content.score).min(c.cue.1);
    }
    if let Some((source, link)) = source {
        confidence = confidence.min(source.score).min(link);
    }
    let kind = kind(text, quotations, &content);
    Some(Statement {
        kind,
        source: source.map(|(s, _)| s.span.into()),
        cue: Some(cue.cue.span.into()),
        content,
        parent: None,
        confidence,
        why: reason(kind, goes_on),
    })
}

/// Cues that are always followed by their source.
const SOURCE_FOLLOWS: &str = include_str!("../data/source-follows.txt");

/// The source behind a cue such as “according to”, where it was taken for the start of the content: up to the first
/// comma. The content loses it.
fn source_behind(text: &str, cue: Span, pieces: &mut Vec<Span>, source: Option<Span>) -> Option<Span> {
    let words = cue.of(text).to_lowercase();
    let mut listed = SOURCE_FOLLOWS.lines().filter(|l| !l.starts_with('#'));
    let adjacent = |s: &Span| s.start() >= cue.end() && text[cue.end()..s.start()].trim().is_empty();
    if !listed.any(|l| words.ends_with(l)) || source.is_some_and(|s| adjacent(&s)) {
        return None;
    }
    let at = pieces.iter().position(adjacent)?;
    let piece = pieces[at];
    let comma = piece.of(text).find(", ").map(|comma| piece.start() + comma);
    let (named, rest) = match comma {
        Some(comma) => (Span::new(piece.start(), comma)?, Span::trimmed(text, comma + 1..piece.end())),
        None if pieces.len() > 1 => (piece, None),
        None => return None,
    };
    pieces.remove(at);
    pieces.extend(rest);
    Some(named)
}

/// The parts of a content that lie in blocks of running text. What stands between two paragraphs, a credit or a
/// caption say, is no part of a content, unless the cue stands there too.
fn within_blocks(content: Span, cue: Span, blocks: &[Block]) -> impl Iterator<Item = Span> {
    let first = blocks.partition_point(|b| b.span.end() <= content.start());
    let touched = blocks[first..].iter().take_while(move |b| b.span.start() < content.end());
    touched
        .filter(move |b| match b.kind {
            BlockKind::Byline | BlockKind::Credit => false,
            BlockKind::Caption | BlockKind::Dateline => b.span.contains(cue),
            _ => true,
        })
        .filter_map(move |b| Span::new(b.span.start().max(content.start()), b.span.end().min(content.end())))
}

/// A content that stops right before a quotation's end, or begins right behind its opening mark, takes the mark or the
/// full stop there in, unless that would take in more of the quotation.
fn with_marks(span: Span, quotations: &[Quotation]) -> Span {
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

/// The quotations that go on, paragraph by paragraph, with one that ends the content, where nothing else claims them.
fn resumed(pieces: &[Span], quotations: &[Quotation], analysis: &Analysis) -> Vec<Span> {
    let Some(last) = pieces.iter().max_by_key(|s| s.end()) else { return Vec::new() };
    let at = quotations.partition_point(|q| q.span.end() < last.end());
    let Some(open) = quotations.get(at).filter(|q| q.ending == Ending::Continued && q.span.overlaps(*last))
    else {
        return Vec::new();
    };
    let claimed = |span: Span| {
        let next = analysis.contents.partition_point(|c| c.content.span.end() <= span.start());
        analysis.contents.get(next).is_some_and(|c| c.content.span.overlaps(span))
    };
    // A content that stops short of the quotation's end leaves the rest of it to others.
    if open.span.end() > last.end() + 4 {
        return Vec::new();
    }
    quotations[at + 1..].iter().take_while(|q| q.resumes).map(|q| q.span).filter(|&s| !claimed(s)).collect()
}

/// How a content is given: what share of its words stands between quotation marks.
fn kind(text: &str, quotations: &[Quotation], content: &Pieces) -> StatementKind {
    let (mut quoted, mut plain) = (false, false);
    for span in content.spans() {
        for (at, _) in span.of(text).char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            let at = span.start() + at;
            let next = quotations.partition_point(|q| q.span.end() <= at);
            let inside = quotations.get(next).is_some_and(|q| q.span.start() <= at);
            quoted |= inside;
            plain |= !inside;
        }
    }
    match (quoted, plain) {
        (true, false) => StatementKind::Direct,
        (true, true) => StatementKind::Mixed,
        (false, _) => StatementKind::Indirect,
    }
}

/// Why a statement was found, for a person.
fn reason(kind: StatementKind, goes_on: bool) -> String {
    let mut why = String::from(match kind {
        StatementKind::Indirect => "a cue with content",
        StatementKind::Direct | StatementKind::Mixed => "a cue with quoted content",
    });
    if goes_on {
        why.push_str("; its quotation goes on in the next paragraph");
    }
    why
}
