//! Builds statements from the encoder's findings and the quotation marks of the text: the one place where scores and
//! rules meet.

mod bounds;
mod gerunds;
mod inside;
mod kind;
mod links;
mod subjects;

use std::collections::{HashMap, HashSet};

use onrecord_text::{Pieces, Span, StatementKind};

use crate::analysis::{Analysis, MentionKind, NameKind, Scored};
use crate::english::{COMPLEMENTIZER, WITH, is_of_speaker, is_pronoun};
use crate::forms::{Form, forms};
use crate::found::{Found, FoundId, NEAR};
use crate::lists::List;
use crate::quotes::{self, Quotation};
use crate::reading::{Reading, WordId};
use bounds::{
    before_opening, beyond_by_quotation, may_belong, resumed, source_after_cue, with_marks, with_neither,
    within_blocks, within_one_block, without_comma, without_marks,
};
use gerunds::{
    after_gerund, blamed, blamed_before, denied_gerund, is_object_before_by, subject_after_gerund,
    subject_of_sentence,
};
use inside::{Nested, nested_quotations};
use kind::{kind, reason};
use links::{Linked, linked, share_quotations, split_at_participle};
use subjects::share_subjects;

/// The minimum confidence of a statement. Chosen on annotated articles that were not used for training: a higher bound
/// loses more right statements than wrong ones (docs/EXPERIMENTS.md).
const THRESHOLD: f32 = 0.25;

/// The confidence of a statement that is found by the form of the text alone.
const BY_FORM: f32 = 0.8;

/// The minimum confidence of a statement inside another statement's content.
const RELAYED: f32 = 0.5;

/// The largest number of forms examined in one article.
const MOST_FORMS: usize = 2000;

/// The statements of an article.
pub(crate) struct Attributed {
    /// Statements for the record, in text order; a parent precedes its children.
    pub(crate) found: Vec<Found>,
    /// Statements whose confidence is too low.
    pub(crate) rejected: Vec<Found>,
}

/// The statements of an article.
pub(crate) fn attributed(reading: &Reading<'_>, analysis: &Analysis) -> Attributed {
    let mut all = linked(&analysis.outer);
    split_at_participle(reading, &mut all);
    share_quotations(reading, &mut all);
    let found =
        all.iter().filter_map(|l| statement(reading, reading.quotations(), l, Some(analysis))).collect();
    let mut outer = with_forms(reading, analysis, found);
    outer.sort_by_key(|f| (f.start(), f.content.end()));
    share_subjects(reading, analysis, &mut outer);
    let rejected = outer.extract_if(.., |f| f.confidence < THRESHOLD).collect();
    let blamed = outer.iter().filter_map(|found| blamed(reading, analysis, found));
    let mut inner = with_blamed(relayed(reading, analysis), blamed);
    inner.extend(nested(reading, &outer, &inner));
    Attributed { found: with_parents(outer, inner), rejected }
}

/// The cues and near-cues in text order, each with its source if it has one.
fn cues(analysis: &Analysis) -> Vec<(Span, Option<Span>)> {
    let source = |number: usize| analysis.outer.sources.get(number).map(|s| s.span);
    let sure =
        analysis.outer.cues.iter().map(|c| (c.cue.span, c.source.and_then(|(number, _)| source(number))));
    let mut cues: Vec<_> = sure.chain(analysis.nearly.iter().map(|n| (n.span, None))).collect();
    cues.sort_by_key(|(cue, _)| cue.start());
    cues
}

/// The names of persons, in text order.
fn persons(analysis: &Analysis) -> Vec<Span> {
    let names = analysis.mentions.iter().filter(|m| m.kind == MentionKind::Name(NameKind::Person));
    names.map(|m| m.span).collect()
}

/// The statements found, merged with those that the form of the text reveals.
fn with_forms(reading: &Reading<'_>, analysis: &Analysis, found: Vec<Found>) -> Vec<Found> {
    let sources: Vec<Span> = found.iter().filter_map(|f| f.source.as_ref().map(Pieces::extent)).collect();
    let forms = forms(reading, &sources, &cues(analysis), &persons(analysis));
    let mut placed = Placed::default();
    found.into_iter().for_each(|f| placed.push(f));
    for form in forms.into_iter().take(MOST_FORMS) {
        let here = reading.block_at(form.content.start()).map(|b| reading.blocks()[b.index()].span);
        let better =
            |f: &Found| !touches(f, &form) && f.cue.as_ref().zip(here).is_some_and(|(c, b)| c.overlaps(b));
        let same = placed.overlapping(form.content.extent());
        if form.yields && same.iter().filter_map(|&n| placed.found[n].as_ref()).any(better) {
            continue;
        }
        for n in same {
            placed.found[n] = placed.found[n].take().and_then(|f| beside(reading, f, &form));
        }
        placed.push(by_form(reading, form));
    }
    placed.found.into_iter().flatten().collect()
}

/// Statements by the places of their contents, so that each form is compared only with those near it.
#[derive(Default)]
struct Placed {
    /// Those that another reading of the same words replaced are `None`.
    found: Vec<Option<Found>>,
    /// The indices of those whose contents touch a stretch of the text.
    touching: HashMap<usize, Vec<usize>>,
}

impl Placed {
    /// The length of a stretch of the text, in bytes.
    const STRETCH: usize = 1024;

    fn push(&mut self, found: Found) {
        for stretch in found.content.spans().iter().flat_map(|&span| Self::stretches(span)) {
            let touching = self.touching.entry(stretch).or_default();
            if touching.last() != Some(&self.found.len()) {
                touching.push(self.found.len());
            }
        }
        self.found.push(Some(found));
    }

    /// The indices of the statements whose contents overlap a span, in the order in which they were pushed.
    fn overlapping(&self, span: Span) -> Vec<usize> {
        let near = Self::stretches(span).filter_map(|stretch| self.touching.get(&stretch)).flatten().copied();
        let overlaps = |n: &usize| self.found[*n].as_ref().is_some_and(|f| f.content.overlaps(span));
        let mut overlapping: Vec<usize> = near.filter(overlaps).collect();
        overlapping.sort_unstable();
        overlapping.dedup();
        overlapping
    }

    fn stretches(span: Span) -> std::ops::RangeInclusive<usize> {
        span.start() / Self::STRETCH..=(span.end() - 1) / Self::STRETCH
    }
}

/// Statements in text order together with those inside their contents, each after its parent.
fn with_parents(outer: Vec<Found>, inner: Vec<Found>) -> Vec<Found> {
    // If both layers found the same cue, it is one statement, not one inside another.
    let cues: HashSet<Span> = outer.iter().filter_map(|f| f.cue.as_ref().map(Pieces::extent)).collect();
    let mut all: Vec<Found> = outer;
    all.extend(inner.into_iter().filter(|f| f.cue.as_ref().is_none_or(|c| !cues.contains(&c.extent()))));
    // When two begin at the same position, the one that contains the other comes first. Those that share a source are
    // in the order of their cues.
    all.sort_by_key(|f| {
        let holds = f.content.start() == f.start();
        let cue = f.cue.as_ref().map_or(f.content.start(), |cue| cue.start().min(f.content.start()));
        (f.start(), !holds, if holds { usize::MAX - f.extent().end() } else { cue })
    });
    for n in 0..all.len() {
        let near = n.saturating_sub(NEAR)..n;
        let parent = near.rev().find(|&m| all[m].holds(&all[n]));
        all[n].parent = parent.map(FoundId);
    }
    all
}

/// The part of a statement that is left beside a statement found by form whose content overlaps its own. A statement
/// inside the other's content is kept whole; otherwise its content loses the words that both share. `None` if it is
/// another reading of the same words.
fn beside(reading: &Reading<'_>, found: Found, form: &Form) -> Option<Found> {
    if found.cue.as_ref().is_some_and(|c| form.content.contains(c.extent())) {
        return Some(found);
    }
    if touches(&found, form) {
        return None;
    }
    let own = found.content.spans().iter().filter(|s| !form.content.overlaps(**s)).copied().collect();
    let content = Pieces::new(own)?;
    Some(Found { kind: kind(reading, reading.quotations(), &content), content, ..found })
}

/// Whether a statement's source or cue overlaps those of a form.
fn touches(found: &Found, form: &Form) -> bool {
    let fields = [found.source.as_ref(), found.cue.as_ref()];
    fields
        .into_iter()
        .flatten()
        .any(|p| p.overlaps(form.source) || form.cue.is_some_and(|cue| p.overlaps(cue)))
}

/// The statement that a form reveals.
fn by_form(reading: &Reading<'_>, form: Form) -> Found {
    Found {
        kind: kind(reading, reading.quotations(), &form.content),
        source: Some(form.source.into()),
        cue: form.cue.map(Into::into),
        content: form.content,
        speaks: form.speaks,
        parent: None,
        confidence: BY_FORM,
        why: form.why,
    }
}

/// The statements inside other statements' contents: words that a speaker relays.
fn relayed(reading: &Reading<'_>, analysis: &Analysis) -> Vec<Found> {
    let mut children = Vec::new();
    // A quotation may hold very many statements; its inner quotations are found only once.
    let mut apart: Option<(Span, Vec<Quotation>)> = None;
    for mut link in linked(&analysis.inner) {
        let around = reading.quotation_around(link.cue.span);
        if let Some(q) = around.filter(|q| apart.as_ref().is_none_or(|(span, _)| *span != q.span)) {
            apart = Some((q.span, quotes::inside(reading.text(), q)));
        }
        let inside = around.and(apart.as_ref()).map(|(_, inside)| inside.as_slice());
        if let Some(marks) = around {
            link.contents.retain_mut(|(content, _)| match without_marks(reading, content.span, marks) {
                Some(span) => {
                    content.span = quotation_alone(reading, span, inside.unwrap_or_default()).unwrap_or(span);
                    true
                }
                None => false,
            });
        }
        children.extend(statement(reading, inside.unwrap_or(reading.quotations()), &link, None));
    }
    children.retain(|f| f.confidence >= RELAYED);
    children
}

/// The quotation with which a relayed content begins, if a comma or full stop inside its marks says that it ends there:
/// “My father told me, ‘Never sell the boat,’ and I never did.” The hearer may come before it.
fn quotation_alone(reading: &Reading<'_>, content: Span, quotations: &[Quotation]) -> Option<Span> {
    let next = quotations.partition_point(|q| q.span.end() <= content.start());
    let first = quotations.get(next).filter(|q| q.span.overlaps(content))?;
    let complete = matches!(first.last_character(reading.text()), Some(',' | '.' | '!' | '?'));
    let before = Span::new(content.start(), first.span.start()).map(|before| reading.words_of(before));
    let hears = before.is_none_or(|words| match words.len() {
        0 => true,
        1 => is_pronoun(reading.lower(words.start)) || is_of_speaker(reading.lower(words.start)),
        _ => false,
    });
    (complete && hears && first.span.end() < content.end()).then_some(first.span)
}

/// The quotations nested in the contents of statements, each with its speaker beside it, that are not already in
/// `inner`.
fn nested(reading: &Reading<'_>, outer: &[Found], inner: &[Found]) -> Vec<Found> {
    let is_held = |told: &Nested| {
        let next = outer.partition_point(|f| f.start() <= told.content.start());
        let near = &outer[next.saturating_sub(NEAR)..next];
        near.iter().any(|f| f.content.contains(told.source) && f.content.contains(told.content))
    };
    let found = |told: Nested| Found {
        kind: StatementKind::Direct,
        source: Some(told.source.into()),
        cue: Some(told.cue.into()),
        content: told.content.into(),
        speaks: None,
        parent: None,
        confidence: BY_FORM,
        why: reason(StatementKind::Direct, false, true),
    };
    nested_quotations(reading, inner).into_iter().filter(is_held).map(found).collect()
}

/// The statements inside contents together with those that somebody is blamed for. One that was found without its
/// source gets it from there.
fn with_blamed(mut inner: Vec<Found>, blamed: impl Iterator<Item = Found>) -> Vec<Found> {
    // The cues of relayed statements are in text order.
    let relayed = inner.len();
    let cue_of = |f: &Found| f.cue.as_ref().map(Pieces::extent);
    let mut cues: HashSet<Span> = HashSet::new();
    for found in blamed {
        let Some(cue) = cue_of(&found) else { continue };
        let known = &mut inner[..relayed];
        let at = known.partition_point(|f| cue_of(f).is_some_and(|c| c.end() <= cue.start()));
        match known.get_mut(at).filter(|f| cue_of(f).is_some_and(|c| c.overlaps(cue))) {
            Some(same) => same.source = same.source.take().or(found.source),
            None if cues.insert(cue) => inner.push(found),
            None => {}
        }
    }
    inner
}

/// The statement made of a cue and its contents, or `None` without contents. With `analysis`, a quotation is followed
/// into the paragraphs in which it continues.
fn statement(
    reading: &Reading<'_>,
    quotations: &[Quotation],
    link: &Linked,
    analysis: Option<&Analysis>,
) -> Option<Found> {
    let contents = &link.contents;
    let mut pieces = own_pieces(reading, quotations, link);
    let cue = with_gerund(reading, link.cue, &mut pieces);
    beyond_by_quotation(reading, quotations, cue.span, &mut pieces);
    let linked = link.source.filter(|(source, _)| in_one_sentence(reading, source.span, cue.span));
    let source = source_by_rules(reading, analysis, cue, &mut pieces, linked)
        .and_then(|source| in_its_block(reading, cue, source));
    let resumed = analysis.map_or_else(Vec::new, |analysis| resumed(&pieces, quotations, &analysis.outer));
    let goes_on = !resumed.is_empty();
    pieces.extend(resumed);
    let content = Pieces::new(pieces)?;
    let least = |least: f32, &(part, link): &(Scored, f32)| least.min(part.score).min(link);
    let confidence = contents.iter().chain(&source).fold(cue.score, least);
    let kind = kind(reading, quotations, &content);
    if kind == StatementKind::Indirect && is_deed(reading, cue.span, source.map(|(s, _)| s.span), &content) {
        return None;
    }
    Some(Found {
        kind,
        source: source.map(|(s, _)| s.span.into()),
        cue: Some(cue.span.into()),
        content,
        speaks: None,
        parent: None,
        confidence,
        why: reason(kind, goes_on, analysis.is_none()),
    })
}

/// A source and the probability that it belongs to its cue.
type LinkedSource = (Scored, f32);

/// The pieces of the content that the encoder links to a cue, with their quotation marks and within their blocks.
fn own_pieces(reading: &Reading<'_>, quotations: &[Quotation], link: &Linked) -> Vec<Span> {
    let cue = link.cue.span;
    let own = link.contents.iter().filter(|(c, _)| may_belong(reading, c.span, cue));
    own.filter_map(|(c, _)| before_opening(reading, c.span, quotations))
        .filter_map(|span| without_comma(reading, with_marks(span, quotations)))
        .flat_map(|span| within_blocks(span, cue, reading.blocks()))
        .collect()
}

/// The cue, which is the gerund after it if the gerund denies: “by denying that”. The first piece of the content begins
/// after the gerund.
fn with_gerund(reading: &Reading<'_>, cue: Scored, pieces: &mut [Span]) -> Scored {
    let Some(first) = pieces.first_mut() else { return cue };
    *first = after_gerund(reading, cue.span, *first).unwrap_or(*first);
    match denied_gerund(reading, cue.span, *first) {
        Some((denial, denied)) => {
            *first = denied;
            Scored { span: denial, ..cue }
        }
        None => cue,
    }
}

/// The source of a statement: the one that the encoder links to its cue, unless the grammar of the sentence gives
/// another. Words that turn out to be the source are removed from the content.
fn source_by_rules(
    reading: &Reading<'_>,
    analysis: Option<&Analysis>,
    cue: Scored,
    pieces: &mut Vec<Span>,
    linked: Option<LinkedSource>,
) -> Option<LinkedSource> {
    // A rule replaces a doubtful link, so its source gets the cue's score.
    let ruled = |span: Span| (Scored { span, score: cue.score }, cue.score);
    let mut source = linked;
    if let Some(named) = source_after_cue(reading, cue.span, pieces, source.map(|(s, _)| s.span)) {
        source = Some(ruled(named));
    }
    if source.is_some_and(|(s, _)| is_object_before_by(reading, s.span, cue.span)) {
        source = analysis.and_then(|analysis| subject_of_sentence(reading, analysis, cue.span)).map(ruled);
    }
    let subject = || {
        let (analysis, last) = analysis.zip(pieces.last()).filter(|_| source.is_none())?;
        subject_after_gerund(reading, analysis, cue.span, last.end())
    };
    let blamed = analysis.and_then(|analysis| blamed_before(reading, analysis, cue.span));
    blamed.or_else(subject).map(ruled).or(source)
}

/// A source within the block of its cue, or `None` if nothing of it is there.
fn in_its_block(reading: &Reading<'_>, cue: Scored, (source, link): LinkedSource) -> Option<LinkedSource> {
    let span = with_neither(reading, within_one_block(source.span, cue.span, reading.blocks())?);
    // A dash or a colon joins a name only to the words of its own paragraph.
    let is_mark = !reading.words_of(cue.span).iter().any(|w| reading.word(w).is_word());
    let here = |at: usize| reading.block_at(at);
    let fits = !is_mark || here(span.start()) == here(cue.span.start());
    fits.then_some((Scored { span, ..source }, link))
}

/// Whether a source and a cue share a sentence, as all do in annotated news (docs/EXPERIMENTS.md). In “‘It is late,’ said
/// Lund. I left”, “I” did not say it.
fn in_one_sentence(reading: &Reading<'_>, source: Span, cue: Span) -> bool {
    let [source, cue] = [source, cue].map(|span| reading.words_of(span));
    let (Some(first), Some(last), Some(start), Some(end)) =
        (source.first(), source.last(), cue.first(), cue.last())
    else {
        return false;
    };
    let sentence = |w: WordId| reading.sentence_of(w).start;
    sentence(first) <= sentence(end) && sentence(start) <= sentence(last)
}

/// Whether a cue only tells of an act, and what it was done to: “appointed | Jon Holm as coach”.
fn is_deed(reading: &Reading<'_>, cue: Span, source: Option<Span>, content: &Pieces) -> bool {
    let Some(verb) = reading.words_of(cue).last() else { return false };
    let content = reading.words_of(content.spans()[0]);
    let clause = content.first().is_some_and(|w| reading.lower(w) == COMPLEMENTIZER);
    let with = || {
        let mut object = content.iter().take_while(|&w| !reading.listed(w, List::Finite));
        object.any(|w| reading.lower(w) == WITH)
    };
    let by = || {
        let last = source.map(|source| reading.words_of(source).last());
        last.is_none_or(|last| last.is_some_and(|w| reading.listed(w, List::DeedsBy)))
    };
    !clause && (reading.listed(verb, List::Deeds) || reading.listed(verb, List::DeedsWith) && with() && by())
}

#[cfg(test)]
mod tests {
    use onrecord_text::{Span, StatementKind};

    use super::{Found, Placed};
    use crate::testing::marked;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(marked(text).told(), expected, "{text}");
    }

    #[test]
    fn a_form_is_compared_with_the_statements_near_it_only() {
        let mut placed = Placed::default();
        let span = |start: usize| Span::new(start, start + 10).unwrap();
        for n in 0..4000 {
            placed.push(Found {
                kind: StatementKind::Indirect,
                source: None,
                cue: None,
                content: span(n * 100).into(),
                speaks: None,
                parent: None,
                confidence: 1.0,
                why: "",
            });
        }
        let most = placed.touching.values().map(Vec::len).max();
        assert!(most <= Some(Placed::STRETCH / 100 + 2), "{most:?}");
        assert_eq!(placed.overlapping(span(205)), [2]);
        assert_eq!(placed.overlapping(Span::new(1009, 1201).unwrap()), [10, 11, 12]);
        placed.found[2] = None;
        assert!(placed.overlapping(span(205)).is_empty());
    }

    #[test]
    fn a_statement_that_is_hardly_sure_is_left_out() {
        check("[S Brandt] [C0.3 said] [T that it is late].", &["Brandt | said | that it is late"]);
        check("[S Brandt] [C0.2 said] [T that it is late].", &[]);
    }

    #[test]
    fn a_source_in_another_sentence_is_none() {
        check("[T “It is late,”] [C said] my son. [S I] left.", &["– | said | “It is late,”"]);
        check("[S I] left. [T “It is late,”] [C said] my son.", &["– | said | “It is late,”"]);
        check("[T “It is late. Come,”] [S I] [C said].", &["I | said | “It is late. Come,”"]);
        // Source and cue may share a word.
        check("It rained. [S They][C ’ve said] [T that it is late].", &["They | ’ve said | that it is late"]);
    }

    #[test]
    fn a_content_takes_its_quotation_marks_in_and_leaves_the_comma() {
        check("“[T It is late,]” [S Brandt] [C said].", &["Brandt | said | “It is late,”"]);
        check("[T It is late,] [S Brandt] [C said].", &["Brandt | said | It is late"]);
    }

    #[test]
    fn a_content_leaves_its_block_by_a_quotation_alone() {
        check(
            "[S Brandt] [C said] [T it is late.\n\nThe ferries] lay still.",
            &["Brandt | said | it is late."],
        );
        check(
            "[S Brandt] [C said]: [T “It is late.]\n\n“[T And dark.”]",
            &["Brandt | said | “It is late. … “And dark.”"],
        );
    }

    #[test]
    fn a_quotation_that_is_left_open_goes_on_in_the_next_paragraph() {
        check(
            "[T “It is late,”] [S Brandt] [C said]. [T “And it is dark.]\n\n“Nobody will come.”",
            &["Brandt | said | “It is late,” … “And it is dark. … “Nobody will come.”"],
        );
    }

    #[test]
    fn a_quotation_does_not_go_on_in_what_another_says() {
        check(
            "[T “It is late,”] [S Brandt] [C said]. [T “And it is dark.]\n\n[T “Nobody will come,”] [C warned] [S Holm].",
            &["Brandt | said | “It is late,” … “And it is dark.", "Holm | warned | “Nobody will come,”"],
        );
    }

    #[test]
    fn a_cue_before_two_quotations_has_the_first_and_the_cue_after_them_the_second() {
        check(
            "[S Brandt] [C said]: [T “We always wanted this.” “It cannot be done,”] [C added] [S she].",
            &["Brandt | said | “We always wanted this.”", "she | added | “It cannot be done,”"],
        );
        // More than a colon comes between the first cue and the quotations.
        check(
            "[S Brandt] [C said] so on Monday: [T “We always wanted this.” “It cannot be done,”] [C added] [S she].",
            &["she | added | “We always wanted this.” “It cannot be done,”"],
        );
    }

    #[test]
    fn a_content_does_not_run_on_to_the_next_quotation() {
        check("[S Brandt] [C said] [T it is late. “]Nobody came,” it read.", &["Brandt | said | it is late"]);
    }

    #[test]
    fn a_signature_is_a_name_or_an_account() {
        check("“It is late.” — Ada Brandt", &["Ada Brandt | — | “It is late.”"]);
        check("“It is late.” — @brandt", &["@brandt | — | “It is late.”"]);
        check("“It is late.” — the harbour was dark", &[]);
        check("“It is late.” — Ada Brandt said so. She left", &[]);
        check("“It is late.” Ada Brandt", &[]);
    }

    #[test]
    fn the_speaker_of_a_nested_quotation_begins_with_its_clause() {
        check(
            "[S Vik] [C said], [T “The board met because the inspector wrote, ‘No defects found,’ and left.”]",
            &[
                "Vik | said | “The board met because the inspector wrote, ‘No defects found,’ and left.”",
                "the inspector | wrote | ‘No defects found,’",
            ],
        );
    }

    #[test]
    fn what_somebody_does_is_no_statement_unless_it_has_words() {
        check("[S The club] [C has appointed] [T Jon Holm as coach].", &[]);
        check("[S The union] [C is suing] [T the port for damages].", &[]);
        check("[S Local police] [C charged] [T Jon Holm with arson].", &[]);
        check("[P Jon Holm] was [C charged] [T with arson].", &[]);
        let critics = "[S Critics] [C charged] [T Jon Holm with neglect].";
        check(critics, &["Critics | charged | Jon Holm with neglect"]);
        check("[S The court] [C sentenced] [T Jon Holm to a year].", &[]);
        let accused = "[S Lund] [C charged] [T the port was run with public money].";
        check(accused, &["Lund | charged | the port was run with public money"]);
        check("[S Lund] [C charged] [T neglect].", &["Lund | charged | neglect"]);
        let words = "[S The board] [C approved] [T “a bridge for everybody”].";
        check(words, &["The board | approved | “a bridge for everybody”"]);
        let clause = "[S The board] [C approved] [T that the bridge be closed].";
        check(clause, &["The board | approved | that the bridge be closed"]);
    }

    #[test]
    fn a_denial_governs_the_gerund_after_it() {
        check(
            "[S Osman] [C denied] [T saying that it is late].",
            &["Osman | denied saying | that it is late"],
        );
        check("[S Osman] [C denied] [T sinking the ship].", &["Osman | denied | sinking the ship"]);
        check(
            "[S Osman] [C denied] [T that saying so is a crime].",
            &["Osman | denied | that saying so is a crime"],
        );
    }

    #[test]
    fn whoever_is_thanked_or_banned_for_saying_something_said_it() {
        check(
            "[S The club] banned coach [P Jon Holm] for [C saying] [T that it is late].",
            &["coach Jon Holm | saying | that it is late"],
        );
        check(
            "[S The club] banned [P Jon Holm] for [C calling] [T the port “a joke”].",
            &["Jon Holm | calling | the port “a joke”"],
        );
        for subject in [
            "[S Lund] apologised to [P Jon Holm] for [C saying] [T that it is late].",
            "[S Lund] drew the anger of the coach [P Jon Holm] for [C saying] [T that it is late].",
            "[S Lund] was criticised by [P Jon Holm] for [C saying] [T that it is late].",
            "[S Lund] banned the pilot and [P Jon Holm] for [C saying] [T that it is late].",
            "[S Lund] banned [P Jon Holm] for [C calling] [T an election].",
            "[S [P Lund]] made headlines for [C saying] [T that it is late].",
            "[S Lund] met [P Jon Holm] while [C saying] [T that it is late].",
        ] {
            let told = marked(subject).told();
            assert!(told[0].starts_with("Lund | "), "{told:?}");
        }
    }

    #[test]
    fn a_content_begins_after_the_gerund_that_introduces_it() {
        check(
            "[S Lund] [C apologised] to Holm [T for saying that it is late].",
            &["Lund | apologised | that it is late"],
        );
        let condemned = "[S Lund] [C condemned] Holm [T for saying that it is late].";
        check(condemned, &["Lund | condemned | for saying that it is late"]);
        check("[S Lund] [C paid] [T for saying].", &["Lund | paid | for saying"]);
        check("[S Lund] [C paid] [T for]", &["Lund | paid | for"]);
        check("[S Lund] [C apologised] [T for being late].", &["Lund | apologised | for being late"]);
    }

    #[test]
    fn whoever_angers_somebody_by_saying_something_said_it() {
        check(
            "Mayor [P Ada Brandt] angered [S [P Jon Holm]] by [C saying] [T that it is late].",
            &["Mayor Ada Brandt | saying | that it is late"],
        );
        check("She angered [S Holm] by [C saying] [T that it is late].", &["She | saying | that it is late"]);
        // Nobody is better than the object.
        check(
            "On Monday, she angered [S Holm] by [C saying] [T that it is late].",
            &["– | saying | that it is late"],
        );
        for other in [
            "[P Ada Brandt] met [S Holm], [C saying] [T that it is late].",
            "[P Ada Brandt] banned what was begun by [S Holm] [C saying] [T that it is late].",
            "[P Ada Brandt] left, and [S Holm] replied by [C saying] [T that it is late].",
        ] {
            check(other, &["Holm | saying | that it is late"]);
        }
    }

    #[test]
    fn a_gerund_before_a_sentence_has_its_subject() {
        check(
            "After [C telling] [T viewers that it is late], coach [P Jon Holm] left.",
            &["coach Jon Holm | telling | viewers that it is late"],
        );
        check("By [C saying] [T that it is late], she broke the law.", &["she | saying | that it is late"]);
        for without in [
            "After [C telling] [T viewers that it is late], the station that [P Jon Holm] owns for 20 years fell silent.",
            "After [C telling] [T viewers that it is late]. [P Jon Holm] left.",
            "After [C being told] [T that it is late], [P Jon Holm] left.",
            "After [C telling] [T viewers that it is late], [O Sound News] host [P Jon Holm] left.",
            "After [C telling] [T viewers that it is late], [P Lund]’s lawyer left.",
            "After [C telling] [T viewers that it is late], the minister criticised [P Jon Holm].",
            "After [C telling] [T viewers that it is late], his coach left.",
            "It was after [C telling] [T viewers that it is late], [P Jon Holm] left.",
            "After he [C tells] [T viewers that it is late], [P Jon Holm] leaves.",
        ] {
            let told = marked(without).told();
            assert!(told[0].starts_with("– |"), "{told:?}");
        }
    }

    #[test]
    fn a_relayed_quotation_ends_with_its_marks_if_a_comma_ends_it() {
        let whole = "Vik | said | “My father told me ‘Never sell the boat,’ and I never did,”";
        check(
            "“[T [s My father] [c told] [t me ‘Never sell the boat,’ and I never did],]” [S Vik] [C said].",
            &[whole, "My father | told | ‘Never sell the boat,’"],
        );
        let mixed = "Vik | said | “My father called me ‘a fool’ and left,”";
        check(
            "“[T [s My father] [c called] [t me ‘a fool’ and left],]” [S Vik] [C said].",
            &[mixed, "My father | called | me ‘a fool’ and left"],
        );
    }

    #[test]
    fn a_quotation_inside_another_has_the_speaker_beside_it() {
        let whole = |inside: &str| format!("[T “{inside}”] [S Vik] [C said].");
        for (inside, told) in [
            (
                "The inspector wrote, ‘No defects found,’ and left,",
                Some("The inspector | wrote | ‘No defects found,’"),
            ),
            (
                "When I asked, the clerk told me: ‘Come on Monday.’",
                Some("the clerk | told | ‘Come on Monday.’"),
            ),
            ("My mother used to say, ‘Never pay,’", Some("My mother | used to say | ‘Never pay,’")),
            (
                "‘We will never leave,’ the general promised. They left,",
                Some("the general | promised | ‘We will never leave,’"),
            ),
            ("‘We will never leave,’ he told us,", Some("he | told | ‘We will never leave,’")),
            ("The plan, ‘Never pay,’ failed,", None),
            ("I never said, ‘Close the port,’", None),
            ("He could have said, ‘I am sorry,’", None),
            ("It wasn’t Lund who said, ‘No,’", None),
            ("People say, ‘Why bother?’ We disagreed,", None),
            ("They sang ‘Shame!’ The minister apologised,", None),
            ("As my father said, ‘Never pay,’", None),
            ("It rained, and ‘Never pay’ was sung,", None),
            ("‘Never pay’ the choir sang of love and bread said the sign by the old road,", None),
        ] {
            let told: Vec<String> = told.map(str::to_owned).into_iter().collect();
            assert_eq!(marked(&whole(inside)).told()[1..], told, "{inside}");
        }
        // What the encoder found stays as it is.
        check(
            "[T “[s My father] [c told] me, [t ‘Never pay,’]”] [S Vik] [C said].",
            &["Vik | said | “My father told me, ‘Never pay,’”", "My father | told | ‘Never pay,’"],
        );
    }

    #[test]
    fn the_words_that_somebody_is_blamed_for_are_a_statement_of_theirs() {
        check(
            "[S Lund] [C condemned] [T [P Jon Holm] for saying that it is late].",
            &[
                "Lund | condemned | Jon Holm for saying that it is late",
                "Jon Holm | saying | that it is late",
            ],
        );
        check(
            "[S Lund] [C accused] [T him of claiming “it is late”].",
            &["Lund | accused | him of claiming “it is late”", "him | claiming | “it is late”"],
        );
        // A statement that was found without its source gets it, and stays one.
        check(
            "[S Lund] [C condemned] [T [P Holm] for [c saying] [t that it is late]].",
            &["Lund | condemned | Holm for saying that it is late", "Holm | saying | that it is late"],
        );
        // What nobody in particular says has no source, and “blamed” may govern other things than words.
        check(
            "[S Lund] [C condemned] [T the habit of saying nothing].",
            &["Lund | condemned | the habit of saying nothing"],
        );
        check(
            "[S Lund] [C condemned] [T [P Holm] for selling the boat].",
            &["Lund | condemned | Holm for selling the boat"],
        );
        check(
            "[S Lund] [C said] [T [P Holm] “is known for saying no”].",
            &["Lund | said | Holm “is known for saying no”"],
        );
    }

    #[test]
    fn a_signed_quotation_is_no_further_piece_of_another() {
        check(
            "“[T It is late,]” [S Brandt] [C said].\n\n[T “It is dark.”]\n\n— Ada Lund",
            &["Brandt | said | “It is late,”", "Ada Lund | — | “It is dark.”"],
        );
    }

    #[test]
    fn a_signature_is_a_name_and_no_sentence() {
        check("“It is late.” — Minister Ada Lund", &["Minister Ada Lund | — | “It is late.”"]);
        check("“It is late.” — Dr. Ada Lund", &["Dr. Ada Lund | — | “It is late.”"]);
        check("“It is late.” — Ada Lund left the harbour. Nobody saw her", &[]);
        check(
            "“It is late.” — Nobody at the port heard what the old man with the lamp said before the last ferry left",
            &[],
        );
    }

    #[test]
    fn a_further_piece_needs_to_be_sure() {
        check(
            "[T “It is late,”] [S Brandt] [C said]. [T0.95 “And dark.”]",
            &["Brandt | said | “It is late,” … “And dark.”"],
        );
        check(
            "[T “It is late,”] [S Brandt] [C said]. [T0.6 “And dark.”]",
            &["Brandt | said | “It is late,”"],
        );
    }

    #[test]
    fn a_source_does_not_go_on_in_the_next_block() {
        check("[T “It is late,”] [C said] [S Ada\n\nBrandt].", &["Ada | said | “It is late,”"]);
    }

    #[test]
    fn according_to_takes_the_source_after_it() {
        check(
            "[C According to] [T the ferry company, 400 jobs will go].",
            &["the ferry company | According to | 400 jobs will go"],
        );
    }

    #[test]
    fn the_subject_of_a_sentence_is_that_of_its_second_verb() {
        let check = |text: &str, source: &str| {
            let expected = [source, "said", "that it is late"].join(" | ");
            assert_eq!(
                marked(&text.replace("~", "[C said] [T that it is late].")).told(),
                [expected],
                "{text}"
            );
        };
        check("[P Ada Brandt] closed the pier on Friday and ~", "Ada Brandt");
        check("[P Ada Brandt] has closed the pier but then ~", "Ada Brandt");
        check("[O Ravn Bank] closed and ~", "Ravn Bank");
        // “Users” may be a verb, but does not look like one.
        check("[O Ravn Bank] users complained and ~", "–");
        // “Was said” has the same subject, but not the same speaker.
        check("[P Ada Brandt] was closed on Friday and ~", "–");
        // Somebody else may be the subject.
        check("[P Ada Brandt] visited [P Jon Holm], who owned it and ~", "–");
        check("[P Ada Brandt] rested when [P Jon Holm] visited and ~", "–");
        check("[P Ada Brandt] rested and [P Jon Holm] visited and ~", "–");
        check("On Friday [P Ada Brandt] closed the pier and ~", "–");
        check("[P Ada Brandt] closed the pier. It rained and ~", "–");
    }

    #[test]
    fn the_subject_of_a_sentence_is_not_that_of_a_passive_cue() {
        check(
            "[P Ada Brandt] closed the pier and [C was told] [T that it is late].",
            &["– | was told | that it is late"],
        );
        check(
            "[P Ada Brandt] was arrested on Friday and [C accused] [T of lying].",
            &["– | accused | of lying"],
        );
        check(
            "[P Ada Brandt] was at the pier and [C did not say] [T that it is late].",
            &["Ada Brandt | did not say | that it is late"],
        );
        check(
            "[P Ada Brandt] closed it and [C reportedly] said [T that it is late].",
            &["– | reportedly | that it is late"],
        );
    }

    #[test]
    fn neither_belongs_to_the_source_that_it_denies() {
        check(
            "Neither [S she nor Holm] [C said] [T that it is late].",
            &["Neither she nor Holm | said | that it is late"],
        );
        check("Neither [S boat] [C said] [T that it is late].", &["boat | said | that it is late"]);
    }

    #[test]
    fn a_participle_begins_a_statement_of_its_own() {
        check(
            "[T “It is late,”] [S Brandt] [C noted adding] [T that nobody would pay].",
            &["Brandt | noted | “It is late,”", "Brandt | adding | that nobody would pay"],
        );
    }
}
