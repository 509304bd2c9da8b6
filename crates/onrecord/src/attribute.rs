//! The one place where scores and rules meet: from what the encoder says and how the text is quoted to statements.

use onrecord_text::{Article, Block, BlockKind, Pieces, Span, Statement, StatementKind};

use crate::analyze::{Analysis, Scored};
use crate::forms::{Form, forms};
use crate::labels::Role;
use crate::quotes::{self, Ending, Quotation};

/// Statements less sure than this are left out. Chosen on annotated articles that nothing was trained on: a higher
/// bound loses more right statements than wrong ones (docs/ACCURACY.md).
const THRESHOLD: f32 = 0.35;

/// How sure a statement is that the text's form gives away.
const BY_FORM: f32 = 0.8;

/// How many statements back the one is looked for that holds another.
const NEAR: usize = 64;

/// What comes of an article.
pub(crate) struct Attributed {
    /// The statements, in text order.
    pub(crate) statements: Vec<Statement>,
    /// Those that were not sure enough.
    pub(crate) rejected: Vec<Statement>,
}

/// What belongs together, before any rule.
struct Found {
    cue: Scored,
    /// The source and how probable the link to it is.
    source: Option<(Scored, f32)>,
    /// Contents and how probable their link to the cue is.
    contents: Vec<(Scored, f32)>,
}

/// Makes the statements of an article.
pub(crate) fn attribute(article: &Article, quotations: &[Quotation], analysis: &Analysis) -> Attributed {
    let mut outer: Vec<Statement> = linked(analysis)
        .iter()
        .filter_map(|found| statement(article, quotations, found, Some(analysis)))
        .collect();
    let sources: Vec<Span> =
        outer.iter().flat_map(|s| s.source.iter().flat_map(|p| p.spans())).copied().collect();
    for form in forms(article, quotations, &sources) {
        let here = article.block_at(form.content.start()).map(|b| b.span);
        let better = |s: &Statement| {
            s.content.overlaps(form.content.extent())
                && !touches(s, &form)
                && s.cue.as_ref().zip(here).is_some_and(|(c, b)| c.overlaps(b))
        };
        if form.yields && outer.iter().any(better) {
            continue;
        }
        outer = outer.into_iter().filter_map(|s| beside(s, &form)).collect();
        outer.push(by_form(&article.text, quotations, form));
    }
    outer.sort_by_key(|s| (start(s), s.content.end()));
    let (outer, rejected): (Vec<_>, Vec<_>) = outer.into_iter().partition(|s| s.confidence >= THRESHOLD);
    let mut family: Vec<(usize, Option<usize>, Statement)> = Vec::with_capacity(outer.len());
    for (n, statement) in outer.iter().enumerate() {
        // A turn of a transcript holds statements; it cannot be far back.
        let around = (n.saturating_sub(NEAR)..n).rev().find(|&m| holds(&outer[m], statement));
        family.push((n, around, statement.clone()));
        family.extend(
            relayed(article, quotations, statement, analysis)
                .into_iter()
                .map(|child| (outer.len(), Some(n), child)),
        );
    }
    // The sort is stable: a parent stays before the children that start where it starts.
    family.sort_by_key(|(_, _, s)| start(s));
    let mut places = vec![0; outer.len() + 1];
    for (place, (n, _, _)) in family.iter().enumerate() {
        places[*n] = place;
    }
    let statements = family
        .into_iter()
        .map(|(_, parent, s)| Statement { parent: parent.map(|n| places[n]), ..s })
        .collect();
    Attributed { statements, rejected }
}

/// What remains of a statement beside one that the form gives away: all of it where it stands inside that one's content,
/// else what its content does not share; nothing where it is another reading of the same words.
fn beside(statement: Statement, form: &Form) -> Option<Statement> {
    let inside = statement.cue.as_ref().is_some_and(|c| form.content.contains(c.extent()));
    if inside || !statement.content.overlaps(form.content.extent()) {
        return Some(statement);
    }
    if touches(&statement, form) {
        return None;
    }
    let own = statement.content.spans().iter().filter(|s| !form.content.overlaps(**s)).copied().collect();
    Some(Statement { content: Pieces::new(own)?, ..statement })
}

/// Whether a statement's source or cue is made of a form's.
fn touches(statement: &Statement, form: &Form) -> bool {
    let fields = [statement.source.as_ref(), statement.cue.as_ref()];
    fields.into_iter().flatten().any(|p| p.overlaps(form.source) || p.overlaps(form.cue))
}

/// The statement that a form gives away.
fn by_form(text: &str, quotations: &[Quotation], form: Form) -> Statement {
    Statement {
        kind: kind(text, quotations, &form.content),
        source: Some(form.source.into()),
        cue: Some(form.cue.into()),
        content: form.content,
        parent: None,
        confidence: BY_FORM,
        why: form.why.to_owned(),
    }
}

/// Whether all of a statement stands inside a piece of another's content.
fn holds(outer: &Statement, inner: &Statement) -> bool {
    let fields = [inner.source.as_ref(), inner.cue.as_ref(), Some(&inner.content)];
    let extent = fields.into_iter().flatten().map(Pieces::extent).reduce(Span::to);
    extent.is_some_and(|extent| outer.content.contains(extent))
}

/// Where a statement starts, whichever of its fields comes first.
fn start(statement: &Statement) -> usize {
    let fields = [statement.source.as_ref(), statement.cue.as_ref()];
    fields.into_iter().flatten().map(Pieces::start).fold(statement.content.start(), usize::min)
}

/// Every cue with what the encoder linked to it.
fn linked(analysis: &Analysis) -> Vec<Found> {
    let mut all: Vec<Found> = analysis
        .cues
        .iter()
        .map(|c| Found {
            cue: c.cue,
            source: c.source.map(|(number, link)| (analysis.sources[number], link)),
            contents: Vec::new(),
        })
        .collect();
    for content in &analysis.contents {
        all[content.cue.0].contents.push((content.content, content.cue.1));
    }
    all
}

/// The statements that a statement relays: those whose parts all stand inside its content. What belongs together there
/// is what stands closest together.
fn relayed(
    article: &Article,
    quotations: &[Quotation],
    parent: &Statement,
    analysis: &Analysis,
) -> Vec<Statement> {
    let text = article.text.as_str();
    let mut children = Vec::new();
    for &piece in parent.content.spans() {
        let next = analysis.inner.partition_point(|(_, s)| s.span.start() < piece.start());
        let parts = analysis.inner[next..].iter().take_while(|(_, s)| s.span.start() < piece.end());
        let parts: Vec<_> = parts.filter(|(_, s)| piece.contains(s.span)).collect();
        let of = |role| parts.iter().filter(move |(r, _)| *r == role).map(|(_, s)| *s);
        let mut all: Vec<Found> =
            of(Role::Cue).map(|cue| Found { cue, source: None, contents: Vec::new() }).collect();
        for content in of(Role::Content) {
            if let Some(found) = all.iter_mut().min_by_key(|f| gap(f.cue.span, content.span)) {
                found.contents.push((content, 1.0));
            }
        }
        for mut found in all {
            let source = of(Role::Source).min_by_key(|s| gap(s.span, found.cue.span));
            found.source = source.map(|s| (s, 1.0));
            let around = quotations.iter().find(|q| q.span.contains(found.cue.span));
            let inside = around.map(|q| quotes::inside(text, q));
            children.extend(statement(article, inside.as_deref().unwrap_or(quotations), &found, None));
        }
    }
    children.retain(|s| s.confidence >= THRESHOLD);
    children
}

/// The bytes between two spans.
fn gap(a: Span, b: Span) -> usize {
    b.start().saturating_sub(a.end()) + a.start().saturating_sub(b.end())
}

/// The statement of a cue and its contents, if it has any. With `analysis`, a quotation that goes on in the paragraphs
/// behind it is followed there.
fn statement(
    article: &Article,
    quotations: &[Quotation],
    found: &Found,
    analysis: Option<&Analysis>,
) -> Option<Statement> {
    let text = article.text.as_str();
    let Found { cue, mut source, ref contents } = *found;
    let mut pieces: Vec<Span> = contents
        .iter()
        .map(|(c, _)| with_marks(c.span, quotations))
        .flat_map(|span| within_blocks(span, cue.span, &article.blocks))
        .collect();
    if let Some(named) = source_behind(text, cue.span, &mut pieces, source.map(|(s, _)| s.span)) {
        // The link that was doubted is the one that the rule replaces.
        source = Some((Scored { span: named, score: cue.score }, cue.score));
    }
    source = source.and_then(|(s, link)| {
        Some((Scored { span: within_one_block(s.span, cue.span, &article.blocks)?, ..s }, link))
    });
    let resumed = analysis.map_or_else(Vec::new, |analysis| resumed(&pieces, quotations, analysis));
    let goes_on = !resumed.is_empty();
    pieces.extend(resumed);
    let content = Pieces::new(pieces)?;
    let least = |least: f32, &(part, link): &(Scored, f32)| least.min(part.score).min(link);
    let confidence = contents.iter().chain(&source).fold(cue.score, least);
    let kind = kind(text, quotations, &content);
    Some(Statement {
        kind,
        source: source.map(|(s, _)| s.span.into()),
        cue: Some(cue.span.into()),
        content,
        parent: None,
        confidence,
        why: reason(kind, goes_on, analysis.is_none()),
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

/// The part of a source that lies in the cue's block, or else in the block where it begins: no name goes on in the next
/// paragraph.
fn within_one_block(source: Span, cue: Span, blocks: &[Block]) -> Option<Span> {
    let first = blocks.partition_point(|b| b.span.end() <= source.start());
    let touched = || blocks[first..].iter().take_while(|b| b.span.start() < source.end()).map(|b| b.span);
    let block = touched().find(|b| b.overlaps(cue)).or_else(|| touched().next())?;
    Span::new(block.start().max(source.start()), block.end().min(source.end()))
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
fn reason(kind: StatementKind, goes_on: bool, relayed: bool) -> String {
    let mut why = String::from(match kind {
        StatementKind::Indirect => "a cue with content",
        StatementKind::Direct | StatementKind::Mixed => "a cue with quoted content",
    });
    if goes_on {
        why.push_str("; its quotation goes on in the next paragraph");
    }
    if relayed {
        why.push_str(" inside another's content");
    }
    why
}
