//! Reads an article with the encoder: sources, cues and contents, the words beside cues, names, and the links between
//! all of these.

use onrecord_encoder::wordpiece::Vocabulary;
use onrecord_encoder::{Encoder, Input, ModelError, Scores, Workspace};
use onrecord_text::{Article, EventStatus, EventType, Span};

use crate::analysis::{
    Analysis, Argument, Beside, BesideKind, Content, Cue, Layer, Mention, MentionKind, NameKind, Office,
    Packed, Pointer, Scored, SourceKinds, Trigger, dot,
};
use crate::english::{INFINITIVE, is_and, is_gerund, is_pronoun};
use crate::labels::{self, LABELS, Role, Run, Transitions};
use crate::lists::List;
use crate::odds::{greatest, probabilities, softmax};
use crate::quotes::Quotation;
use crate::tokens::{Layout, Token, tokens};
use crate::windows::{Window, windows};

/// The minimum probability at which a rejected cue is kept for `explain`.
const NEARLY: f32 = 0.15;

/// The minimum probability at which an event word is kept. Which events to report is decided later, by a threshold that
/// comes with the model.
const TOLD: f32 = 0.1;

/// If a word's best type scores this far below “no event”, the word stays below [`TOLD`] even if all types score the
/// same.
const HARDLY: f32 = -5.0;

/// The share of a trigger's peak probability that a neighbouring word needs to belong to the trigger.
const SHARE_OF_PEAK: f32 = 0.5;

/// The largest number of first words kept for the phrase of a party to an event, and the minimum probability of each.
const STARTS: usize = 4;
const START: f32 = 0.05;

/// The minimum share of one word, among all words of the window and none, at which a cue's source begins there although
/// the labels mark no source.
const UNMARKED: f32 = 0.5;

/// The number of event labels: one for no event, then one for every type.
const EVENTS: usize = 1 + EventType::ALL.len();

/// The most word pieces that a label may have before its colon.
const LABEL_PIECES: usize = 16;

/// A part of a row of scores: its start and its length.
type Part = (usize, usize);

/// The parts of a row of scores.
pub(crate) struct Heads {
    roles: Part,
    inner: Part,
    names: Part,
    beside: Part,
    offices: Part,
    speakers: Part,
    content_query: Part,
    cue_key: Part,
    cue_query: Part,
    source_key: Part,
    inner_query: Part,
    beside_query: Part,
    mention_query: Part,
    mention_key: Part,
    office_query: Part,
    bearer_key: Part,
    events: Part,
    event_status: Part,
    actor_query: Part,
    recipient_query: Part,
    argument_key: Part,
    transitions: [Transitions; 2],
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
        let labels = |name: &str, expected: usize| {
            let (at, length) = part(name)?;
            if length != expected {
                return Err(ModelError::new(format!("it scores {length} labels of {name}, not {expected}")));
            }
            Ok((at, length))
        };
        let transitions: Vec<Vec<Vec<f32>>> = serde_json::from_str(encoder.property("transitions")?)
            .map_err(|e| ModelError::new(format!("its label transitions are not lists of numbers: {e}")))?;
        let transitions = |set: usize| {
            let trained = transitions.get(set).and_then(|t| Transitions::new(t));
            trained.ok_or_else(|| ModelError::new("its label transitions have another shape"))
        };
        Ok(Self {
            roles: labels("roles", LABELS)?,
            inner: labels("inner", LABELS)?,
            names: labels("names", 1 + 2 * NameKind::ALL.len())?,
            beside: labels("beside", 1 + 2 * BesideKind::ALL.len())?,
            offices: labels("offices", 3)?,
            speakers: labels("speakers", SourceKinds::COUNT)?,
            content_query: part("content_query")?,
            cue_key: part("cue_key")?,
            cue_query: part("cue_query")?,
            source_key: part("source_key")?,
            inner_query: part("inner_query")?,
            beside_query: part("beside_query")?,
            mention_query: part("mention_query")?,
            mention_key: part("mention_key")?,
            office_query: part("office_query")?,
            bearer_key: part("bearer_key")?,
            events: labels("events", EVENTS)?,
            event_status: labels("status", EventStatus::ALL.len())?,
            actor_query: part("actor_query")?,
            recipient_query: part("recipient_query")?,
            argument_key: part("argument_key")?,
            transitions: [transitions(0)?, transitions(1)?],
        })
    }
}

/// The encoder's findings about an article. Event triggers are read only if `events` is set.
pub(crate) fn analysis(
    article: &Article,
    quotations: &[Quotation],
    vocabulary: &Vocabulary,
    encoder: &Encoder,
    heads: &Heads,
    events: bool,
    workspace: &mut Workspace,
) -> Analysis {
    let text = article.text.as_str();
    let tokens = tokens(article, quotations, vocabulary);
    let mut analysis = Analysis::default();
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
        let scored = ScoredWindow { text, tokens: &tokens, window, scores, heads };
        scored.add_to(&mut analysis);
        if events {
            scored.add_triggers(&mut analysis);
        }
    }
    analysis
}

/// A window of the text with its scores.
struct ScoredWindow<'a> {
    text: &'a str,
    tokens: &'a [Token],
    window: Window,
    scores: Scores<'a>,
    heads: &'a Heads,
}

impl ScoredWindow<'_> {
    /// Adds what is found in this window to the findings of earlier windows.
    fn add_to(&self, analysis: &mut Analysis) {
        let (mut outer, cue_begins) = self.runs(self.heads.roles, &self.heads.transitions[0]);
        self.nearly(&cue_begins, &outer, analysis);
        let beside = self.word_runs(self.heads.beside, BesideKind::ALL.len());
        self.add_unmarked_sources(self.heads.roles, &self.heads.transitions[0], &beside, &mut outer);
        self.add_layer(&outer, self.heads.content_query, &mut analysis.outer);
        let inner = if outer.iter().any(|r| r.role == Role::Content) {
            let mut inner = self.runs(self.heads.inner, &self.heads.transitions[1]).0;
            self.add_unmarked_sources(self.heads.inner, &self.heads.transitions[1], &beside, &mut inner);
            inner
        } else {
            Vec::new()
        };
        self.add_layer(&inner, self.heads.inner_query, &mut analysis.inner);
        let cues: Vec<&Run> = outer.iter().chain(&inner).filter(|r| r.role == Role::Cue).collect();
        self.add_beside(&beside, &cues, analysis);
        let names = self.word_runs(self.heads.names, NameKind::ALL.len());
        self.add_offices(&names, analysis);
        let sources = outer.iter().chain(&inner).filter(|r| r.role == Role::Source);
        self.add_mentions(&names, sources, analysis);
    }

    /// Adds the sources of cues that point to words which no label gives any role.
    fn add_unmarked_sources(
        &self,
        labels: Part,
        transitions: &Transitions,
        beside: &[WordRun],
        runs: &mut Vec<Run>,
    ) {
        let (query, key) = (self.heads.cue_query, self.heads.source_key);
        let of = |role| runs.iter().filter(move |r| r.role == role);
        let sources: Vec<&Run> = of(Role::Source).collect();
        let anything: Vec<(usize, usize)> =
            (self.window.start..self.window.end).map(|t| (t, t + 1)).collect();
        let mut more: Vec<Run> = Vec::new();
        for cue in of(Role::Cue) {
            let tokens = cue.start..cue.end;
            if self.best(tokens.clone(), &ranges(&sources), query, key).is_some() {
                continue;
            }
            let Some((at, share)) = self.best(tokens, &anything, query, key) else { continue };
            let start = self.window.start + at;
            if share < UNMARKED
                || !self.tokens[start].piece.starts_word
                || (start < cue.start && self.subject_hears(cue))
            {
                continue;
            }
            let end = self.source_end(start, labels, transitions);
            // With a finite verb, the words reach into another clause: “Lund, who has paid”.
            let clause = (start + 1..end).any(|t| List::Finite.has(self.written(t)));
            if clause || (end < cue.start && self.is_of_another(end, cue)) {
                continue;
            }
            let free = |taken: (usize, usize)| end <= taken.0 || taken.1 <= start;
            if runs.iter().chain(&more).all(|r| free((r.start, r.end)))
                && beside.iter().all(|r| free((r.start, r.end)))
            {
                more.push(Run { role: Role::Source, start, end, score: share });
            }
        }
        runs.extend(more);
        runs.sort_by_key(|r| (r.start, r.end));
    }

    /// The end of the source that begins at a token. A pronoun is a whole source, and none ends with a preposition.
    fn source_end(&self, start: usize, labels: Part, transitions: &Transitions) -> usize {
        if self.is_pronoun(start) {
            return start + 1;
        }
        let first = start - self.window.start;
        let end = start + labels::source_length(&self.label_scores(labels), transitions, first);
        let preposition = |&t: &usize| List::Prepositions.has(self.written(t));
        end - (start + 1..end).rev().take_while(preposition).count()
    }

    /// Whether the subject of a cue hears what is said: “heard”, “was told”.
    fn subject_hears(&self, cue: &Run) -> bool {
        let has = |list: List| (cue.start..cue.end).any(|t| list.has(self.written(t)));
        has(List::Hearing) || (has(List::Be) && has(List::HearingIfPassive))
    }

    /// Whether a cue is likely to be of somebody other than a source that ends at a token before it, with words in between.
    fn is_of_another(&self, source_end: usize, cue: &Run) -> bool {
        let last = cue.start - 1;
        let passive = (source_end..last).any(|t| List::Be.has(self.written(t)));
        let close = source_end == last || passive;
        !belongs_to_subject(self.word_around(cue.start), self.word_around(last), close)
    }

    /// Adds the sources, cues and contents of one depth with the links between them.
    fn add_layer(&self, runs: &[Run], content_query: Part, layer: &mut Layer) {
        let of = |role| runs.iter().filter(|r| r.role == role).collect::<Vec<_>>();
        let (sources, cues) = (of(Role::Source), of(Role::Cue));
        let (first_source, first_cue) = (layer.sources.len(), layer.cues.len());
        layer.sources.extend(sources.iter().map(|r| self.scored(r.start, r.end, r.score)));
        layer.cues.extend(cues.iter().map(|cue| {
            let source =
                self.best(cue.start..cue.end, &ranges(&sources), self.heads.cue_query, self.heads.source_key);
            Cue {
                cue: self.scored(cue.start, cue.end, cue.score),
                source: source.map(|(n, link)| (first_source + n, link)),
            }
        }));
        layer.contents.extend(of(Role::Content).into_iter().filter_map(|content| {
            let (n, link) =
                self.best(content.start..content.end, &ranges(&cues), content_query, self.heads.cue_key)?;
            let content = self.scored(content.start, content.end, content.score);
            Some(Content { content, cue: (first_cue + n, link) })
        }));
    }

    /// Adds the words that give circumstances of this window's cues.
    fn add_beside(&self, beside: &[WordRun], cues: &[&Run], analysis: &mut Analysis) {
        for run in beside {
            let best =
                self.best(run.start..run.end, &ranges(cues), self.heads.beside_query, self.heads.cue_key);
            let Some((n, link)) = best else { continue };
            analysis.beside.push(Beside {
                kind: BesideKind::ALL[run.kind],
                words: self.scored(run.start, run.end, run.score),
                cue: self.scored(cues[n].start, cues[n].end, 0.0).span,
                link,
            });
        }
    }

    /// Adds the offices in this window with the persons who hold them.
    fn add_offices(&self, names: &[WordRun], analysis: &mut Analysis) {
        let (query, key) = (self.heads.office_query, self.heads.bearer_key);
        for run in self.word_runs(self.heads.offices, 1) {
            let persons: Vec<&WordRun> =
                names.iter().filter(|n| NameKind::ALL[n.kind] == NameKind::Person).collect();
            let candidates: Vec<(usize, usize)> = persons.iter().map(|n| (n.start, n.end)).collect();
            let bearer = self.best(run.start..run.start + 1, &candidates, query, key);
            analysis.offices.push(Office {
                words: self.scored(run.start, run.end, run.score),
                bearer: bearer
                    .map(|(n, link)| (self.scored(persons[n].start, persons[n].end, 0.0).span, link)),
            });
        }
    }

    /// Adds names, sources, pronouns and labels, in text order.
    fn add_mentions<'r>(
        &self,
        names: &[WordRun],
        sources: impl Iterator<Item = &'r Run>,
        analysis: &mut Analysis,
    ) {
        let mut found: Vec<(usize, usize, MentionKind, f32)> = names
            .iter()
            .map(|n| (n.start, n.end, MentionKind::Name(NameKind::ALL[n.kind]), n.score))
            .collect();
        for source in sources {
            if !found.iter().any(|f| (f.0, f.1) == (source.start, source.end)) {
                found.push((source.start, source.end, MentionKind::Source, source.score));
            }
        }
        for token in self.window.start..self.window.end {
            let new = |found: &[(usize, usize, MentionKind, f32)], end| {
                !found.iter().any(|f| (f.0, f.1) == (token, end))
            };
            if self.is_pronoun(token) && new(&found, token + 1) {
                found.push((token, token + 1, MentionKind::Pronoun, 1.0));
            }
            if let Some(end) = self.label_end(token).filter(|&end| new(&found, end)) {
                found.push((token, end, MentionKind::Label, 1.0));
            }
        }
        found.sort_by_key(|f| (f.0, f.1));
        let none = self.part(self.scores.row(0), self.heads.mention_key);
        analysis.mentions.extend(found.into_iter().map(|(start, end, kind, score)| {
            let row = self.row(start);
            let query = self.part(row, self.heads.mention_query);
            Mention {
                span: self.scored(start, end, score).span,
                kind,
                score,
                speaks_as: self.speaks_as(start, end),
                pointer: Pointer {
                    nobody: dot(query, none) / (query.len() as f32).sqrt(),
                    query: Packed::of(query),
                    key: Packed::of(self.part(row, self.heads.mention_key)),
                },
            }
        }));
    }

    /// Adds the event triggers. A trigger is a run of words with the same most probable type, cut down to the words
    /// around its most probable one.
    fn add_triggers(&self, analysis: &mut Analysis) {
        let mut words: Vec<EventWord> = Vec::new();
        let mut start = self.window.start;
        while start < self.window.end {
            let end = self.word_end(start);
            let scores = self.mean::<EVENTS>(start, end, self.heads.events);
            let best = scores[1..].iter().fold(f32::MIN, |a, b| a.max(*b));
            // Most words report no event; skip the exponentials for those.
            let odds = if best - scores[0] < HARDLY { [0.0; EVENTS] } else { probabilities(scores) };
            let told: f32 = odds[1..].iter().sum();
            if told >= TOLD && self.written(start).starts_with(char::is_alphanumeric) {
                let types = std::array::from_fn(|n| odds[n + 1]);
                words.push(EventWord { start, end, told, types });
            }
            start = end;
        }
        let joined = |a: &EventWord, b: &EventWord| a.end == b.start && a.kind() == b.kind();
        for run in words.chunk_by(joined) {
            let peak = (0..run.len()).fold(0, |a, b| if run[b].told > run[a].told { b } else { a });
            let least = run[peak].told * SHARE_OF_PEAK;
            let first = peak - run[..peak].iter().rev().take_while(|w| w.told >= least).count();
            let last = peak + run[peak + 1..].iter().take_while(|w| w.told >= least).count();
            let (start, end) = (run[first].start, run[last].end);
            let kind = run[peak].kind();
            analysis.triggers.push(Trigger {
                words: self.scored(start, end, run[peak].told),
                kind: EventType::ALL[kind],
                kind_score: run[peak].types[kind] / run[peak].told,
                status: probabilities(self.mean(start, end, self.heads.event_status)),
                actor: self.argument(start, (start, end), self.heads.actor_query),
                recipient: self.argument(start, (start, end), self.heads.recipient_query),
            });
        }
    }

    /// The candidates for the first word of the phrase that the first piece of a trigger points to. Every word in the
    /// window is a candidate except the trigger's own.
    fn argument(&self, from: usize, trigger: (usize, usize), query: Part) -> Argument {
        let asking = self.part(self.row(from), query);
        let shrink = 1.0 / (query.1 as f32).sqrt();
        let scores: Vec<f32> = (0..self.scores.rows())
            .map(|row| dot(asking, self.part(self.scores.row(row), self.heads.argument_key)) * shrink)
            .collect();
        let shares = softmax(&scores);
        let share = |token: usize| shares[token - self.window.start + 1];
        let may_begin = |&t: &usize| {
            self.tokens[t].piece.starts_word
                && !(trigger.0..trigger.1).contains(&t)
                && share(t) >= START
                && self.written(t).starts_with(char::is_alphanumeric)
        };
        let mut starts: Vec<usize> = (self.window.start..self.window.end).filter(may_begin).collect();
        starts.sort_by(|&a, &b| share(b).total_cmp(&share(a)).then(a.cmp(&b)));
        starts.truncate(STARTS);
        let starts = starts.into_iter().map(|t| self.scored(t, self.word_end(t), share(t))).collect();
        Argument { starts, none: shares[0] }
    }

    /// The mean of some scores over a range of tokens.
    fn mean<const N: usize>(&self, start: usize, end: usize, part: Part) -> [f32; N] {
        let mut sums = [0.0; N];
        for token in start..end {
            for (sum, score) in sums.iter_mut().zip(self.part(self.row(token), part)) {
                *sum += score / (end - start) as f32;
            }
        }
        sums
    }

    /// The probability of each kind of source for a run, assuming that it is a source.
    fn speaks_as(&self, start: usize, end: usize) -> SourceKinds {
        SourceKinds::of(probabilities(self.mean(start, end, self.heads.speakers)))
    }

    /// The token after a label at the start of a line: `Brandt: …`.
    fn label_end(&self, token: usize) -> Option<usize> {
        if self.tokens[token].layout == Layout::Inner {
            return None;
        }
        let line = (token + 1..self.window.end.min(token + LABEL_PIECES))
            .take_while(|&t| self.tokens[t].layout == Layout::Inner);
        line.into_iter().find(|&t| self.written(t) == ":")
    }

    fn written(&self, token: usize) -> &str {
        let piece = self.tokens[token].piece;
        &self.text[piece.start..piece.end]
    }

    /// The word that a token is a piece of.
    fn word_around(&self, token: usize) -> &str {
        let first = (0..=token).rev().find(|&t| self.tokens[t].piece.starts_word).unwrap_or(0);
        &self.text[self.tokens[first].piece.start..self.tokens[self.word_end(token) - 1].piece.end]
    }

    fn is_pronoun(&self, token: usize) -> bool {
        let whole = self.tokens[token].piece.starts_word
            && self.tokens.get(token + 1).is_none_or(|t| t.piece.starts_word);
        whole && is_pronoun(self.written(token))
    }

    /// The role scores of each token of the window.
    fn label_scores(&self, part: Part) -> Vec<labels::LabelScores> {
        let tokens = self.window.start..self.window.end;
        tokens
            .map(|token| {
                let row = self.part(self.row(token), part);
                std::array::from_fn(|l| row[l])
            })
            .collect()
    }

    /// The runs that a set of role scores yields, with the probability for each token of the window that a cue begins
    /// there.
    fn runs(&self, part: Part, transitions: &Transitions) -> (Vec<Run>, Vec<f32>) {
        let (mut runs, cue_begins) = labels::decode(&self.label_scores(part), transitions);
        for run in &mut runs {
            run.start += self.window.start;
            run.end += self.window.start;
        }
        (runs, cue_begins)
    }

    /// The runs of whole words that a set of begin and continue labels yields. A word gets the kind that its pieces
    /// together score highest, and may continue the preceding run.
    fn word_runs(&self, part: Part, kinds: usize) -> Vec<WordRun> {
        let mut found: Vec<WordRun> = Vec::new();
        let mut start = self.window.start;
        let mut sums = vec![0.0; 1 + kinds];
        while start < self.window.end {
            let end = (start + 1..self.window.end)
                .find(|&t| self.tokens[t].piece.starts_word)
                .unwrap_or(self.window.end);
            // Outside comes first, then each kind; begin and continue labels are added together.
            sums.fill(0.0);
            for token in start..end {
                let scores = self.part(self.row(token), part);
                for (n, sum) in sums.iter_mut().enumerate() {
                    *sum += if n == 0 { scores[0] } else { scores[2 * n - 1].max(scores[2 * n]) };
                }
            }
            let best = greatest(&sums);
            if best > 0 {
                let pieces = (end - start) as f32;
                let odds = sums.iter().map(|s| libm::expf((s - sums[best]) / pieces)).sum::<f32>();
                let first = self.part(self.row(start), part);
                let goes_on = first[2 * best] >= first[2 * best - 1];
                match found.last_mut().filter(|r| r.end == start && r.kind == best - 1 && goes_on) {
                    Some(run) => {
                        run.end = end;
                        run.score = run.score.min(1.0 / odds);
                    }
                    None => found.push(WordRun { start, end, kind: best - 1, score: 1.0 / odds }),
                }
            }
            start = end;
        }
        found
    }

    /// Adds the words where a cue was almost found.
    fn nearly(&self, cue_begins: &[f32], runs: &[Run], analysis: &mut Analysis) {
        for (i, &score) in cue_begins.iter().enumerate() {
            let token = self.window.start + i;
            let found = runs.iter().any(|r| r.role == Role::Cue && r.start <= token && token < r.end);
            if score >= NEARLY && !found {
                analysis.nearly.push(self.scored(token, self.word_end(token), score));
            }
        }
    }

    fn word_end(&self, token: usize) -> usize {
        let rest = self.tokens[token + 1..self.window.end].iter();
        token + 1 + rest.take_while(|t| !t.piece.starts_word).count()
    }

    /// The index of the candidate that a range of tokens points to, and its share among all candidates and the opening
    /// piece, which represents “no candidate”.
    fn best(
        &self,
        tokens: std::ops::Range<usize>,
        candidates: &[(usize, usize)],
        query: Part,
        key: Part,
    ) -> Option<(usize, f32)> {
        let shares = self.shares(tokens, candidates, query, key);
        let none = shares[0];
        let best = (1..shares.len()).reduce(|a, b| if shares[b] > shares[a] { b } else { a })?;
        (shares[best] > none).then(|| (best - 1, shares[best]))
    }

    /// The mean probability, over a range of tokens, that they point to nothing and to each candidate. A candidate's
    /// share is the sum over its tokens.
    fn shares(
        &self,
        tokens: std::ops::Range<usize>,
        candidates: &[(usize, usize)],
        query: Part,
        key: Part,
    ) -> Vec<f32> {
        let mut mean = vec![0.0; 1 + candidates.len()];
        let shrink = 1.0 / (query.1 as f32).sqrt();
        let count = tokens.len() as f32;
        let mut scores = Vec::new();
        for token in tokens {
            let asking = self.part(self.row(token), query);
            let score = |row: &[f32]| dot(asking, self.part(row, key)) * shrink;
            scores.clear();
            scores.push((0, score(self.scores.row(0))));
            for (n, &(start, end)) in candidates.iter().enumerate() {
                scores.extend((start..end).map(|t| (n + 1, score(self.row(t)))));
            }
            let largest = scores.iter().fold(f32::MIN, |a, b| a.max(b.1));
            for (_, score) in &mut scores {
                *score = libm::expf(*score - largest);
            }
            let share = 1.0 / (scores.iter().map(|s| s.1).sum::<f32>() * count);
            for (n, odds) in &scores {
                mean[*n] += odds * share;
            }
        }
        mean
    }

    /// The scores of a token. Row 0 belongs to the opening piece, so they are one row further on.
    fn row(&self, token: usize) -> &[f32] {
        self.scores.row(token - self.window.start + 1)
    }

    fn part<'r>(&self, row: &'r [f32], (at, length): Part) -> &'r [f32] {
        &row[at..at + length]
    }

    fn scored(&self, start: usize, end: usize, score: f32) -> Scored {
        let (start, end) = (self.tokens[start].piece.start, self.tokens[end - 1].piece.end);
        let span =
            Span::trimmed(self.text, start..end).expect("a piece is never empty and never white space");
        Scored { span, score }
    }
}

fn ranges(runs: &[&Run]) -> Vec<(usize, usize)> {
    runs.iter().map(|r| (r.start, r.end)).collect()
}

/// A run of whole words with one label.
#[derive(Clone, Copy, Debug)]
struct WordRun {
    start: usize,
    end: usize,
    kind: usize,
    score: f32,
}

/// A word that may report an event.
struct EventWord {
    start: usize,
    end: usize,
    /// The probability that it reports an event.
    told: f32,
    types: [f32; EventType::ALL.len()],
}

impl EventWord {
    /// The index of the most probable type.
    fn kind(&self) -> usize {
        greatest(&self.types)
    }
}

/// Whether a cue may belong to the subject of its sentence, judged by the word directly before it. A noun after a
/// preposition does not: “amid | worries”. Neither does a gerund after a noun or after most prepositions, unless the
/// source is `close`, which means that nobody else is named in between, or that the sentence is in the passive: in “Lund
/// met peers | seeking” and “Lund blamed the mayor for | saying” somebody else speaks, but not in “Lund was blamed for |
/// saying”.
fn belongs_to_subject(cue: &str, before: &str, close: bool) -> bool {
    if !before.starts_with(char::is_alphanumeric) {
        return true;
    }
    let preposition = List::Prepositions.has(before);
    if is_gerund(cue) {
        return List::Adjunct.has(before) || is_and(before) || (preposition && close);
    }
    let clause =
        before == INFINITIVE || List::Complementizers.has(before) || List::PronounsRelative.has(before);
    !preposition || clause
}

#[cfg(test)]
mod tests {
    use super::belongs_to_subject;

    #[test]
    fn a_cue_after_a_preposition_or_a_noun_may_be_of_somebody_else() {
        // “Lund, | saying”, “Lund left after | saying”, “Lund was blamed for | saying”, “Lund said”.
        for (cue, before, close) in [
            ("saying", ",", false),
            ("saying", "after", false),
            ("saying", "and", false),
            ("saying", "for", true),
            ("said", "mayor", false),
            ("say", "to", false),
            ("said", "who", false),
            ("worries", "the", false),
        ] {
            assert!(belongs_to_subject(cue, before, close), "{before} {cue}");
        }
        // “Lund met peers | seeking”, “Lund blamed the mayor for | saying”, “Lund left amid | worries”.
        for (cue, before) in
            [("seeking", "peers"), ("saying", "for"), ("worries", "among"), ("demands", "with")]
        {
            assert!(!belongs_to_subject(cue, before, false), "{before} {cue}");
        }
    }
}
