//! What the encoder says of an article: runs of sources, cues and contents, and how they belong together.

use onrecord_encoder::wordpiece::Vocabulary;
use onrecord_encoder::{Encoder, Input, ModelError, Scores, Workspace};
use onrecord_text::{Article, Span};

use crate::labels::{self, LABELS, Role, Run, Transitions};
use crate::mentions::{Columns, Mention, Mentions, NAME_LABELS};
use crate::quotes::Quotation;
use crate::tokens::{Token, tokens};
use crate::windows::{Window, windows};

/// A cue that came close to being found is kept for `explain` from this probability on.
const NEARLY: f32 = 0.15;

/// What the encoder says of an article. The spans are those of the article's text.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// Words that name who speaks.
    pub sources: Vec<Scored>,
    /// Words that signal an attribution.
    pub cues: Vec<Cue>,
    /// What is attributed.
    pub contents: Vec<Content>,
    /// The parts of statements that stand inside another's content, in text order.
    pub inner: Vec<(Role, Scored)>,
    /// Names, pronouns and sources, in text order, and which earlier ones they may go back to.
    pub mentions: Vec<Mention>,
    /// Words at which a cue nearly began, with the probability that one does.
    pub nearly: Vec<Scored>,
    /// How many word pieces the encoder saw.
    pub pieces: usize,
}

/// A span and how probable its role is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The span.
    pub span: Span,
    /// From 0 to 1.
    pub score: f32,
}

/// A cue and the source it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cue {
    /// The cue itself.
    pub cue: Scored,
    /// The source's number and how probable it is; none where the cue has no source.
    pub source: Option<(usize, f32)>,
}

/// A content and the cue it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Content {
    /// The content itself.
    pub content: Scored,
    /// The cue's number and how probable it is.
    pub cue: (usize, f32),
}

/// The parts of a row of scores.
pub(crate) struct Heads {
    roles: usize,
    inner: usize,
    content_query: (usize, usize),
    cue_key: (usize, usize),
    cue_query: (usize, usize),
    source_key: (usize, usize),
    mentions: Columns,
    transitions: Transitions,
    inner_transitions: Transitions,
}

impl Heads {
    pub(crate) fn of(encoder: &Encoder) -> Result<Self, ModelError> {
        let part = |name: &str| {
            let mut at = 0;
            for (part, length) in encoder.parts() {
                if part == name {
                    return Ok((at, *length));
                }
                at += length;
            }
            Err(ModelError::new(format!("it has no scores for “{name}”")))
        };
        let transitions: Vec<Vec<Vec<f32>>> = serde_json::from_str(encoder.property("transitions")?)
            .map_err(|e| ModelError::new(format!("its label transitions are no lists of numbers: {e}")))?;
        let roles = |name: &str, set: usize| {
            let (at, labels) = part(name)?;
            if labels != LABELS {
                return Err(ModelError::new(format!("it scores {labels} {name}, not {LABELS}")));
            }
            let transitions = transitions.get(set).and_then(|t| Transitions::new(t));
            Ok((at, transitions.ok_or_else(|| ModelError::new("its label transitions have another shape"))?))
        };
        let (roles, inner) = (roles("roles", 0)?, roles("inner", 1)?);
        let (names, labels) = part("names")?;
        if labels != NAME_LABELS {
            return Err(ModelError::new(format!("it scores {labels} labels of names, not {NAME_LABELS}")));
        }
        let mentions = Columns { names, query: part("mention_query")?, key: part("mention_key")? };
        Ok(Self {
            roles: roles.0,
            inner: inner.0,
            content_query: part("content_query")?,
            cue_key: part("cue_key")?,
            cue_query: part("cue_query")?,
            source_key: part("source_key")?,
            mentions,
            transitions: roles.1,
            inner_transitions: inner.1,
        })
    }
}

/// Reads an article with the encoder.
pub(crate) fn analyze(
    article: &Article,
    quotations: &[Quotation],
    vocabulary: &Vocabulary,
    encoder: &Encoder,
    heads: &Heads,
    workspace: &mut Workspace,
) -> Analysis {
    let text = article.text.as_str();
    let tokens = tokens(article, quotations, vocabulary);
    let mut analysis = Analysis::default();
    let mut mentions = Mentions::new(text, &tokens, heads.mentions);
    let mut inputs = Vec::new();
    let edge = |id| Input { id, shape: [0; 3] };
    for window in windows(text, &tokens) {
        inputs.clear();
        inputs.push(edge(vocabulary.opening()));
        inputs.extend(
            tokens[window.start..window.end].iter().map(|t| Input { id: t.piece.id, shape: t.shape() }),
        );
        inputs.push(edge(vocabulary.closing()));
        analysis.pieces += inputs.len();
        let scores = encoder.run(&inputs, workspace);
        let sources = Reading { text, tokens: &tokens, window, scores, heads }.add_to(&mut analysis);
        mentions.add(window, scores, &sources);
    }
    analysis.mentions = mentions.all();
    analysis
}

/// The scores of one window.
struct Reading<'a> {
    text: &'a str,
    tokens: &'a [Token],
    window: Window,
    scores: Scores<'a>,
    heads: &'a Heads,
}

impl Reading<'_> {
    /// Adds what this window decides to what the windows before it found. Gives the runs of tokens that name who speaks.
    fn add_to(&self, analysis: &mut Analysis) -> Vec<(usize, usize)> {
        let (runs, cue_begins) = self.runs(self.heads.roles, &self.heads.transitions);
        let of = |role| runs.iter().filter(|r| r.role == role).collect::<Vec<_>>();
        let (sources, cues) = (of(Role::Source), of(Role::Cue));
        let (first_source, first_cue) = (analysis.sources.len(), analysis.cues.len());
        analysis.sources.extend(sources.iter().map(|r| self.scored(r)));
        analysis.cues.extend(cues.iter().map(|cue| {
            let source = self.best(cue, &sources, self.heads.cue_query, self.heads.source_key);
            Cue { cue: self.scored(cue), source: source.map(|(n, link)| (first_source + n, link)) }
        }));
        analysis.contents.extend(of(Role::Content).into_iter().filter_map(|content| {
            let (n, link) = self.best(content, &cues, self.heads.content_query, self.heads.cue_key)?;
            Some(Content { content: self.scored(content), cue: (first_cue + n, link) })
        }));
        let mut named: Vec<(usize, usize)> = sources.iter().map(|r| (r.start, r.end)).collect();
        if runs.iter().any(|r| r.role == Role::Content) {
            let (inner, _) = self.runs(self.heads.inner, &self.heads.inner_transitions);
            analysis.inner.extend(inner.iter().map(|r| (r.role, self.scored(r))));
            let inner = inner.iter().filter(|r| r.role == Role::Source).map(|r| (r.start, r.end));
            named.extend(inner.filter(|i| sources.iter().all(|s| i.1 <= s.start || s.end <= i.0)));
        }
        self.nearly(&cue_begins, &runs, analysis);
        named
    }

    /// The runs of a set of role scores, and for every token of the window the probability that a cue begins there.
    fn runs(&self, first: usize, transitions: &Transitions) -> (Vec<Run>, Vec<f32>) {
        let labels: Vec<labels::LabelScores> = (self.window.start..self.window.end)
            .map(|token| {
                let row = &self.row(token)[first..];
                std::array::from_fn(|l| row[l])
            })
            .collect();
        let (mut runs, cue_begins) = labels::decode(&labels, transitions);
        for run in &mut runs {
            run.start += self.window.start;
            run.end += self.window.start;
        }
        (runs, cue_begins)
    }

    /// Keeps the words at which a cue nearly began.
    fn nearly(&self, cue_begins: &[f32], runs: &[Run], analysis: &mut Analysis) {
        for (i, &score) in cue_begins.iter().enumerate() {
            let token = self.window.start + i;
            let found = runs.iter().any(|r| r.role == Role::Cue && r.start <= token && token < r.end);
            if score >= NEARLY && !found {
                let run = Run { role: Role::Cue, start: token, end: self.word_end(token), score };
                analysis.nearly.push(self.scored(&run));
            }
        }
    }

    fn word_end(&self, token: usize) -> usize {
        let rest = self.tokens[token + 1..self.window.end].iter();
        token + 1 + rest.take_while(|t| !t.piece.starts_word).count()
    }

    /// The number of the candidate that `run` belongs to, with its share of what all of them get, and of what the opening
    /// piece gets, which stands for none.
    fn best(
        &self,
        run: &Run,
        candidates: &[&Run],
        query: (usize, usize),
        key: (usize, usize),
    ) -> Option<(usize, f32)> {
        let attention = self.attention(run, query, key);
        let none = attention[0];
        let mut all = none;
        let mut best: Option<(usize, f32)> = None;
        for (n, candidate) in candidates.iter().enumerate() {
            let rows = candidate.start - self.window.start + 1..candidate.end - self.window.start + 1;
            let share = attention[rows].iter().sum::<f32>();
            all += share;
            if best.is_none_or(|(_, most)| share > most) {
                best = Some((n, share));
            }
        }
        best.filter(|&(_, share)| share > none).map(|(n, share)| (n, share / all))
    }

    /// Where the tokens of a run point: for each row of the window the mean probability.
    fn attention(&self, run: &Run, query: (usize, usize), key: (usize, usize)) -> Vec<f32> {
        let rows = self.scores.rows();
        let mut mean = vec![0.0; rows];
        let shrink = 1.0 / (query.1 as f32).sqrt();
        for token in run.start..run.end {
            let asking = &self.row(token)[query.0..query.0 + query.1];
            let scores: Vec<f32> = (0..rows)
                .map(|r| {
                    let asked = &self.scores.row(r)[key.0..key.0 + key.1];
                    dot(asking, asked) * shrink
                })
                .collect();
            let largest = scores.iter().fold(f32::MIN, |a, &b| a.max(b));
            let odds: Vec<f32> = scores.iter().map(|s| libm::expf(s - largest)).collect();
            let share = 1.0 / (odds.iter().sum::<f32>() * (run.end - run.start) as f32);
            for (mean, odds) in mean.iter_mut().zip(odds) {
                *mean += odds * share;
            }
        }
        mean
    }

    /// The scores of a token: the row behind that of the opening piece.
    fn row(&self, token: usize) -> &[f32] {
        self.scores.row(token - self.window.start + 1)
    }

    fn scored(&self, run: &Run) -> Scored {
        let (start, end) = (self.tokens[run.start].piece.start, self.tokens[run.end - 1].piece.end);
        let span =
            Span::trimmed(self.text, start..end).expect("a piece is never empty and never white space");
        Scored { span, score: run.score }
    }
}

/// The sum of the products, in sixteen lanes: one sum after another would wait for itself.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let mut lanes = [0.0; LANES];
    for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    lanes.iter().sum()
}
