//! The one place where scores and rules meet: from what the encoder says and how the text is quoted to statements.

mod bounds;
mod found;
mod relays;

use onrecord_text::{Article, Pieces, Span, Statement, StatementKind};

use crate::analyze::{Analysis, Scored};
use crate::forms::{Form, forms};
use crate::mentions::{MentionKind, NameKind};
use crate::quotes::{self, Quotation};
pub(crate) use bounds::quotation_around;
use bounds::{
    before_opening, beyond_by_quotation, may_belong, resumed, source_behind, with_marks, within_blocks,
    within_one_block, without_comma, without_marks,
};
use found::{Found, go_on, linked, share_quotations};
use relays::passes_on;

/// Statements less sure than this are left out. Chosen on annotated articles that nothing was trained on: a higher
/// bound loses more right statements than wrong ones (docs/ACCURACY.md).
const THRESHOLD: f32 = 0.25;

/// How sure a statement is that the text's form gives away.
const BY_FORM: f32 = 0.8;

/// Relayed statements less sure than this are left out.
const RELAYED: f32 = 0.6;

/// How many statements back the one is looked for that holds another.
const NEAR: usize = 64;

/// Forms that are looked at in one article.
const MOST_FORMS: usize = 2000;

/// What comes of an article.
pub(crate) struct Attributed {
    /// The statements, in text order.
    pub(crate) statements: Vec<Statement>,
    /// Those that were not sure enough.
    pub(crate) rejected: Vec<Statement>,
}

/// Makes the statements of an article.
pub(crate) fn attribute(article: &Article, quotations: &[Quotation], analysis: &Analysis) -> Attributed {
    let mut all = linked(analysis);
    go_on(&article.text, &mut all);
    share_quotations(&article.text, quotations, &mut all);
    let found =
        all.iter().filter_map(|found| statement(article, quotations, found, Some(analysis))).collect();
    let mut outer = with_forms(article, quotations, analysis, found);
    outer.sort_by_key(|s| (start(s), s.content.end()));
    let rejected = outer.extract_if(.., |s| s.confidence < THRESHOLD).collect();
    Attributed { statements: with_relayed(article, quotations, outer, analysis), rejected }
}

/// What is a cue or nearly is one, with its source where it has one, in text order.
fn cues(analysis: &Analysis) -> Vec<(Span, Option<Span>)> {
    let source = |number: usize| analysis.sources.get(number).map(|s| s.span);
    let sure = analysis.cues.iter().map(|c| (c.cue.span, c.source.and_then(|(number, _)| source(number))));
    let mut cues: Vec<_> = sure.chain(analysis.nearly.iter().map(|n| (n.span, None))).collect();
    cues.sort_by_key(|(cue, _)| cue.start());
    cues
}

/// The names of persons, in text order.
fn persons(analysis: &Analysis) -> Vec<Span> {
    let names = analysis.mentions.iter().filter(|m| m.kind == MentionKind::Name(NameKind::Person));
    names.map(|m| m.span).collect()
}

/// The statements found and those that the text's form gives away.
fn with_forms(
    article: &Article,
    quotations: &[Quotation],
    analysis: &Analysis,
    mut found: Vec<Statement>,
) -> Vec<Statement> {
    let sources: Vec<Span> = found.iter().filter_map(|s| s.source.as_ref().map(Pieces::extent)).collect();
    for form in
        forms(article, quotations, &sources, &cues(analysis), &persons(analysis)).into_iter().take(MOST_FORMS)
    {
        let here = article.block_at(form.content.start()).map(|b| b.span);
        let better = |s: &Statement| {
            s.content.overlaps(form.content.extent())
                && !touches(s, &form)
                && s.cue.as_ref().zip(here).is_some_and(|(c, b)| c.overlaps(b))
        };
        if form.yields && found.iter().any(better) {
            continue;
        }
        found = found.into_iter().filter_map(|s| beside(&article.text, quotations, s, &form)).collect();
        found.push(by_form(&article.text, quotations, form));
    }
    found
}

/// Statements in text order with those that they relay. A book has hundreds of thousands, so they are moved within one
/// vector.
fn with_relayed(
    article: &Article,
    quotations: &[Quotation],
    mut all: Vec<Statement>,
    analysis: &Analysis,
) -> Vec<Statement> {
    // Whose family each is of: its own, or its parent's where it is relayed.
    let mut families: Vec<usize> = (0..all.len()).collect();
    for n in 0..all.len() {
        // A turn of a transcript holds statements; it cannot be far back.
        all[n].parent = (n.saturating_sub(NEAR)..n).rev().find(|&m| holds(&all[m], &all[n]));
        for child in relayed(article, quotations, &all[n], analysis) {
            families.push(n);
            all.push(Statement { parent: Some(n), ..child });
        }
    }
    // A parent stays before the children that start where it starts.
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|&n| (start(&all[n]), families[n], n));
    let mut places = vec![0; all.len()];
    for (place, &n) in order.iter().enumerate() {
        places[n] = place;
    }
    for statement in &mut all {
        statement.parent = statement.parent.map(|n| places[n]);
    }
    for n in 0..all.len() {
        while places[n] != n {
            let place = places[n];
            all.swap(n, place);
            places.swap(n, place);
        }
    }
    all
}

/// What remains of a statement beside one that the form gives away: all of it where it stands inside that one's content,
/// else what its content does not share; nothing where it is another reading of the same words.
fn beside(text: &str, quotations: &[Quotation], statement: Statement, form: &Form) -> Option<Statement> {
    let inside = statement.cue.as_ref().is_some_and(|c| form.content.contains(c.extent()));
    if inside || !statement.content.overlaps(form.content.extent()) {
        return Some(statement);
    }
    if touches(&statement, form) {
        return None;
    }
    let own = statement.content.spans().iter().filter(|s| !form.content.overlaps(**s)).copied().collect();
    let content = Pieces::new(own)?;
    Some(Statement { kind: kind(text, quotations, &content), content, ..statement })
}

/// Whether a statement's source or cue is made of a form's.
fn touches(statement: &Statement, form: &Form) -> bool {
    let fields = [statement.source.as_ref(), statement.cue.as_ref()];
    fields
        .into_iter()
        .flatten()
        .any(|p| p.overlaps(form.source) || form.cue.is_some_and(|cue| p.overlaps(cue)))
}

/// The statement that a form gives away.
fn by_form(text: &str, quotations: &[Quotation], form: Form) -> Statement {
    Statement {
        source: Some(form.source.into()),
        cue: form.cue.map(Into::into),
        confidence: BY_FORM,
        why: form.why,
        ..Statement::of(kind(text, quotations, &form.content), form.content)
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
    // A quotation may hold very many statements, and is taken apart once.
    let mut apart: Option<(Span, Vec<Quotation>)> = None;
    for &piece in parent.content.spans() {
        for mut found in found::inside(analysis, piece) {
            let around = quotation_around(quotations, found.cue.span);
            if let Some(q) = around.filter(|q| apart.as_ref().is_none_or(|(span, _)| *span != q.span)) {
                apart = Some((q.span, quotes::inside(text, q)));
            }
            if let Some(marks) = around {
                found.contents.retain_mut(|(content, _)| match without_marks(text, content.span, marks) {
                    Some(span) => {
                        content.span = span;
                        true
                    }
                    None => false,
                });
            }
            let inside = around.and(apart.as_ref()).map(|(_, inside)| inside.as_slice());
            children.extend(statement(article, inside.unwrap_or(quotations), &found, None));
        }
    }
    // A content that was widened to its marks or its full stop may reach beyond the words that relay it.
    let within = |s: &Statement| parent.content.extent().contains(s.content.extent());
    children.retain(|s| s.confidence >= RELAYED && within(s) && passes_on(text, quotations, s));
    children
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
        .filter(|(c, _)| may_belong(text, c.span, cue.span))
        .filter_map(|(c, _)| before_opening(text, c.span, quotations))
        .filter_map(|span| without_comma(text, with_marks(span, quotations)))
        .flat_map(|span| within_blocks(span, cue.span, &article.blocks))
        .collect();
    beyond_by_quotation(article, quotations, cue.span, &mut pieces);
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
        source: source.map(|(s, _)| s.span.into()),
        cue: Some(cue.span.into()),
        confidence,
        why: reason(kind, goes_on, analysis.is_none()),
        ..Statement::of(kind, content)
    })
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
fn reason(kind: StatementKind, goes_on: bool, relayed: bool) -> &'static str {
    match (kind, goes_on, relayed) {
        (StatementKind::Indirect, _, false) => "a cue with content",
        (StatementKind::Indirect, _, true) => "a cue with content inside another's content",
        (_, false, false) => "a cue with quoted content",
        (_, false, true) => "a cue with quoted content inside another's content",
        (_, true, _) => "a cue with quoted content; its quotation goes on in the next paragraph",
    }
}
