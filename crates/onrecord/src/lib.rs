//! Reads articles and returns records of the statements in them: who said what.
//!
//! ```text
//! Article --read--> Reading --analyze--> Analysis --attribute--> Found --reports--> Report --resolve--> Record
//! ```
//!
//! [`Engine::record`] runs all of these steps. The quotation marks of the text are paired ([`quotes`]), and its words,
//! sentences and dates are read once. The encoder reads the text once, window by window, and scores the role of each
//! word. Attribution combines these scores with rules to find statements, and a trained judge resolves their sources.
//! Nothing here opens a file or a socket or reads a clock.
//! socket or a clock.

mod analysis;
mod analyze;
mod attribute;
mod codes;
pub mod dates;
mod english;
mod events;
mod forms;
mod found;
mod judge;
mod labels;
mod lists;
mod odds;
pub mod quotes;
mod reading;
mod resolve;
mod stance;
#[cfg(test)]
mod testing;
pub mod tokens;
pub mod windows;

use onrecord_encoder::wordpiece::Vocabulary;
use onrecord_encoder::{Encoder, Workspace};
use onrecord_text::{Article, EngineVersion, NoticeKind, Record, Span};

use attribute::Attributed;
use events::{Evidence, Settings};
use found::Found;
use judge::Judge;
use quotes::Quotation;
use reading::Reading;
use resolve::{Reports, Resolved};

pub use analysis::{
    Analysis, Argument, Beside, BesideKind, Content, Cue, Layer, Mention, MentionKind, NameKind, Office,
    Pointer, Scored, Trigger,
};
pub use events::EVIDENCE;
pub use onrecord_encoder::{Bytes, ModelError};
pub use resolve::{Candidate, candidates::FEATURES};
pub use {onrecord_page as page, onrecord_text as text};

/// Runs the README's example as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// The version of the program, which is part of every record.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Turns articles into records with a model and rules. It is read-only, so threads can share one.
pub struct Engine {
    encoder: Encoder,
    vocabulary: Vocabulary,
    heads: analyze::Heads,
    judge: Judge,
    settings: Settings,
    /// Whether records include event reports.
    events: bool,
}

/// Memory that is reused from one article to the next. Use one per thread.
#[derive(Default)]
pub struct Desk(Workspace);

impl Engine {
    /// Creates an engine with the model that is built into this crate.
    pub fn new() -> Self {
        let model = Bytes::from_static(include_bytes!("../../../models/en/model.onnx"));
        let vocabulary = include_str!("../../../models/en/vocab.txt");
        Self::with_model(model, vocabulary).expect("the built-in model is tested to be sound")
    }

    /// Creates an engine with another model: an ONNX file as written by `training/`, and its vocabulary with one piece
    /// per line.
    ///
    /// # Errors
    ///
    /// If the model lacks something that the engine reads from it, or was trained for another version of the engine.
    pub fn with_model(model: Bytes, vocabulary: &str) -> Result<Self, ModelError> {
        let encoder = Encoder::parse(model)?;
        let vocabulary = Vocabulary::parse(vocabulary).map_err(|e| ModelError::new(e.to_string()))?;
        let heads = analyze::Heads::of(&encoder)?;
        let judge = Judge::parse(encoder.property("judge")?, &FEATURES)?;
        let settings = encoder.property("events").map_or(Ok(Settings::default()), Settings::parse)?;
        Ok(Self { encoder, vocabulary, heads, judge, settings, events: false })
    }

    /// Returns the same engine, with event reports in its records. Event reports are experimental: which ones are
    /// reported, and with what confidence, will change with future models.
    #[must_use]
    pub fn with_events(self) -> Self {
        Self { events: true, ..self }
    }

    /// Returns whether the engine's records have event reports.
    #[must_use]
    pub fn has_events(&self) -> bool {
        self.events
    }

    /// Returns the same engine with other settings for event reports than the model's own. The settings are a JSON
    /// object like the model's property `events`.
    ///
    /// # Errors
    ///
    /// If the object is damaged or its calibration expects other evidence.
    pub fn with_event_settings(self, json: &str) -> Result<Self, ModelError> {
        Ok(Self { settings: Settings::parse(json)?, ..self })
    }

    /// Returns the minimum confidence of a sure event report, as set by the model.
    pub fn sure_of_events(&self) -> f32 {
        self.settings.sure
    }

    /// Returns the minimum probability of an event trigger, as set by the model.
    pub fn least_trigger(&self) -> f32 {
        self.settings.trigger
    }

    /// Returns the version that this engine puts in its records.
    pub fn version(&self) -> EngineVersion {
        EngineVersion { version: VERSION.to_owned(), model: self.encoder.name().to_owned() }
    }

    /// Puts an article on the record. This cannot fail: an article that cannot be read yields no statements.
    pub fn record(&self, article: Article, desk: &mut Desk) -> Record {
        let quotations = quotes::quotations(&article.text, &article.blocks);
        let analysis = self.analyze(&article, &quotations, desk);
        self.resolved(article, &quotations, &analysis, false).record
    }

    /// Puts an article on the record and returns the evidence as well.
    pub fn explain(&self, article: Article, desk: &mut Desk) -> Explanation {
        let quotations = quotes::quotations(&article.text, &article.blocks);
        let analysis = self.analyze(&article, &quotations, desk);
        self.attribute(article, &quotations, analysis)
    }

    /// Returns the encoder's findings about an article, before any rule is applied. They are empty if the article is
    /// not in English.
    pub fn analyze(&self, article: &Article, quotations: &[Quotation], desk: &mut Desk) -> Analysis {
        if !can_be_read(article) {
            return Analysis::default();
        }
        let (vocabulary, encoder, heads) = (&self.vocabulary, &self.encoder, &self.heads);
        analyze::analyze(article, quotations, vocabulary, encoder, heads, self.events, &mut desk.0)
    }

    /// Makes the record of an article from the encoder's findings and returns the evidence as well.
    pub fn attribute(&self, article: Article, quotations: &[Quotation], analysis: Analysis) -> Explanation {
        let Made { record, rejected, candidates, evidence } =
            self.resolved(article, quotations, &analysis, true);
        let rejected = rejected.into_iter().map(Rejected::of).collect();
        Explanation { record, analysis, rejected, candidates, evidence }
    }

    /// The record of an article with the rejected statements and, with `explain`, the candidates for each source.
    fn resolved(
        &self,
        mut article: Article,
        quotations: &[Quotation],
        analysis: &Analysis,
        explain: bool,
    ) -> Made {
        let engine = self.version();
        if !can_be_read(&article) {
            let events = self.events.then(Vec::new);
            let record = Record { article, entities: Vec::new(), statements: Vec::new(), events, engine };
            return Made { record, rejected: Vec::new(), candidates: Vec::new(), evidence: Vec::new() };
        }
        let reading = Reading::of(&article, quotations);
        let Attributed { found, rejected } = attribute::attribute(&reading, analysis);
        let reports = events::reports(&reading, analysis, &found, &self.settings);
        let reports = Reports { all: &reports, settings: &self.settings };
        let Resolved { statements, events, evidence, entities, notice, candidates } =
            resolve::resolve(&article, &reading, analysis, &self.judge, found, reports, explain);
        let events = self.events.then_some(events);
        article.notices.extend(notice);
        let record = Record { article, entities, statements, events, engine };
        Made { record, rejected, candidates, evidence }
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

/// A record with the evidence from which it was made.
struct Made {
    record: Record,
    rejected: Vec<Found>,
    candidates: Vec<Vec<Candidate>>,
    evidence: Vec<Evidence>,
}

/// Whether an article can be read: statements are found only in English.
fn can_be_read(article: &Article) -> bool {
    !article.notices.iter().any(|n| n.kind == NoticeKind::Language)
}

/// A record with the evidence for it.
pub struct Explanation {
    /// The record.
    pub record: Record,
    /// The encoder's findings.
    pub analysis: Analysis,
    /// Statements whose confidence was too low for the record.
    pub rejected: Vec<Rejected>,
    /// For each statement of the record, the candidates for its source, most probable first.
    pub candidates: Vec<Vec<Candidate>>,
    /// For each event report of the record, the evidence in the order of [`EVIDENCE`].
    pub evidence: Vec<[f32; EVIDENCE.len()]>,
}

/// A statement whose confidence was too low for the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    /// The words that name the speaker.
    pub source: Option<text::Pieces>,
    /// The words that signal the attribution.
    pub cue: Option<text::Pieces>,
    /// The words that would be attributed.
    pub content: text::Pieces,
    /// The confidence, from 0 to 1.
    pub confidence: f32,
}

impl Rejected {
    fn of(found: Found) -> Self {
        let Found { source, cue, content, confidence, .. } = found;
        Self { source, cue, content, confidence }
    }
}

impl Explanation {
    /// Returns the probability that the encoder gave a span, or `None` if a rule made or moved the span.
    pub fn score(&self, span: Span) -> Option<f32> {
        let scored = |layer: &Layer| {
            let cues = layer.cues.iter().map(|c| c.cue);
            let contents = layer.contents.iter().map(|c| c.content);
            layer.sources.iter().copied().chain(cues).chain(contents).find(|s| s.span == span)
        };
        scored(&self.analysis.outer).or_else(|| scored(&self.analysis.inner)).map(|s| s.score)
    }
}
