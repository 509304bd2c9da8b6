//! Hand-made analyses for tests of rules, so that changes to the weights cannot break the tests.

use onrecord_page::{Hints, read_text};
use onrecord_text::{Article, EventType, Span};

use crate::analysis::{
    Analysis, Argument, Beside, BesideKind, Content, Cue, Layer, Mention, MentionKind, NameKind, Pointer,
    Scored, SourceKinds, Trigger,
};
use crate::attribute::{Attributed, attributed};
use crate::found::Found;
use crate::quotes::{Quotation, quotations};
use crate::reading::Reading;

/// An article with a hand-made analysis that is marked in its text.
pub(crate) struct Marked {
    pub(crate) article: Article,
    pub(crate) quotations: Vec<Quotation>,
    pub(crate) analysis: Analysis,
}

/// Reads an analysis from marks in a text.
///
/// `[S Ada Brandt]` is a source, `[C said]` a cue, `[T that …]` a content. `[P …]`, `[O …]` and `[L …]` are names of a
/// person, an organisation and a place. `[A …]` is an addressee, `[D …]` a time, `[M …]` a medium. A source and a
/// content belong to the nearest cue; `[T0.2 …]` has that probability. `[s …]`, `[c …]` and `[t …]` belong to a
/// statement inside another's content. `[V attacked]` reports an attack that probably happened. The phrase of its actor
/// begins at the first word of `[1 …]`, that of its recipient at the first word of `[2 …]`; each belongs to the nearest
/// trigger.
pub(crate) fn marked(text: &str) -> Marked {
    let mut plain = String::new();
    let mut marks: Vec<(char, f32, usize, usize)> = Vec::new();
    let mut open: Vec<(char, f32, usize)> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '[' => {
                let (mark, after) = rest.split_once(' ').expect("a mark is followed by its words");
                let kind = mark.chars().next().expect("a mark has a letter");
                open.push((kind, mark[1..].parse().unwrap_or(0.95), plain.len()));
                rest = after;
            }
            ']' => {
                let (kind, score, start) = open.pop().expect("a mark that closes was opened");
                marks.push((kind, score, start, plain.len()));
            }
            c => plain.push(c),
        }
    }
    marks.sort_by_key(|m| (m.2, m.3));
    let spans = |kinds: &str| {
        let own = marks.iter().filter(|m| kinds.contains(m.0));
        own.map(|&(_, score, start, end)| Scored { span: Span::new(start, end).expect("words"), score })
            .collect::<Vec<_>>()
    };
    let mut analysis = Analysis::default();
    let nearest = |to: Span, all: &[Scored]| (0..all.len()).min_by_key(|&n| all[n].span.gap(to));
    let layer = |source: &str, cue: &str, content: &str| {
        let (sources, cues) = (spans(source), spans(cue));
        let linked = |cue: &Scored| Cue { cue: *cue, source: nearest(cue.span, &sources).map(|n| (n, 0.95)) };
        let contents = spans(content).into_iter().filter_map(|content| {
            Some(Content { content, cue: (nearest(content.span, &cues)?, content.score) })
        });
        Layer { contents: contents.collect(), cues: cues.iter().map(linked).collect(), sources }
    };
    analysis.outer = layer("S", "C", "T");
    analysis.inner = layer("s", "c", "t");
    let cues = spans("C");
    for (kinds, kind) in [("A", BesideKind::Addressee), ("D", BesideKind::Time), ("M", BesideKind::Medium)] {
        analysis.beside.extend(spans(kinds).into_iter().filter_map(|words| {
            let cue = cues[nearest(words.span, &cues)?].span;
            Some(Beside { kind, words, cue, link: 1.0 })
        }));
    }
    for (kinds, kind) in [("P", NameKind::Person), ("O", NameKind::Organization), ("L", NameKind::Place)] {
        analysis.mentions.extend(spans(kinds).into_iter().map(|name| Mention {
            span: name.span,
            kind: MentionKind::Name(kind),
            score: name.score,
            speaks_as: SourceKinds::EVEN,
            pointer: Pointer::default(),
        }));
    }
    analysis.mentions.sort_by_key(|m| m.span.start());
    let triggers = spans("V");
    analysis.triggers = triggers
        .iter()
        .enumerate()
        .map(|(number, words)| {
            let argument = |kind: &str| {
                let own = spans(kind).into_iter().filter(|a| nearest(a.span, &triggers) == Some(number));
                let first = own.map(|a| {
                    let length = a.span.of(&plain).find([' ', '’']).unwrap_or(a.span.of(&plain).len());
                    let span = Span::new(a.span.start(), a.span.start() + length).expect("a word");
                    Scored { span, score: a.score }
                });
                let starts: Vec<Scored> = first.collect();
                Argument { none: if starts.is_empty() { 0.95 } else { 0.05 }, starts }
            };
            Trigger {
                words: *words,
                kind: EventType::Assault,
                kind_score: 0.95,
                status: [0.4, 0.2, 0.2, 0.2],
                actor: argument("1"),
                recipient: argument("2"),
            }
        })
        .collect();
    let article = read_text(plain, &Hints::default());
    let quotations = quotations(&article.text, &article.blocks);
    Marked { article, quotations, analysis }
}

impl Marked {
    pub(crate) fn reading(&self) -> Reading<'_> {
        Reading::of(&self.article, &self.quotations)
    }

    /// The statements that the rules find in it.
    pub(crate) fn found(&self) -> Vec<Found> {
        let Attributed { found, .. } = attributed(&self.reading(), &self.analysis);
        found
    }

    /// The statements as `source | cue | content`, pieces of a content joined by ` … `.
    pub(crate) fn told(&self) -> Vec<String> {
        let text = &self.article.text;
        let words = |p: Option<&onrecord_text::Pieces>| p.map_or("–".to_owned(), |p| p.text(text));
        let line = |f: &Found| {
            format!("{} | {} | {}", words(f.source.as_ref()), words(f.cue.as_ref()), f.content.text(text))
        };
        self.found().iter().map(line).collect()
    }
}
