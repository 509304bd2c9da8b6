//! Who said what: articles in, records of their statements out.
//!
//! ```text
//! Article --read--> Reading --analyze--> Analysis --attribute--> Found --reports--> Report --resolve--> Record
//! ```
//!
//! [`Engine::record`] tells the whole story. The quotation marks of the text are paired ([`quotes`]) and its words, sentences
//! and dates are read once. The encoder reads the text once, window by window, and scores what each word does. Rules and
//! scores meet where statements are found, and a trained judge says whom their sources mean. Nothing here opens a file, a
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

/// The README's example is a test, too.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// The program's version, which is part of every record.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What turns articles into records: a model and the rules beside it. It is read-only; threads share one.
pub struct Engine {
    encoder: Encoder,
    vocabulary: Vocabulary,
    heads: analyze::Heads,
    judge: Judge,
    settings: Settings,
    /// Whether records have event reports.
    events: bool,
}

/// Memory that one article after another reuses. One per thread.
#[derive(Default)]
pub struct Desk(Workspace);

impl Engine {
    /// The engine with the model that is built into this crate.
    pub fn new() -> Self {
        let model = Bytes::from_static(include_bytes!("../../../models/en/model.onnx"));
        let vocabulary = include_str!("../../../models/en/vocab.txt");
        Self::with_model(model, vocabulary).expect("the built-in model is tested to be sound")
    }

    /// The engine with another model: an ONNX file as `training/` writes it, and its vocabulary, one piece a line.
    ///
    /// # Errors
    ///
    /// When the model lacks what the engine reads from it, or was trained for another version of the engine.
    pub fn with_model(model: Bytes, vocabulary: &str) -> Result<Self, ModelError> {
        let encoder = Encoder::parse(model)?;
        let vocabulary = Vocabulary::parse(vocabulary).map_err(|e| ModelError::new(e.to_string()))?;
        let heads = analyze::Heads::of(&encoder)?;
        let judge = Judge::parse(encoder.property("judge")?, &FEATURES)?;
        let settings = encoder.property("events").map_or(Ok(Settings::default()), Settings::parse)?;
        Ok(Self { encoder, vocabulary, heads, judge, settings, events: false })
    }

    /// The same engine, whose records have event reports too. They are experimental: what is reported, and how sure, will
    /// change with the next models.
    #[must_use]
    pub fn with_events(self) -> Self {
        Self { events: true, ..self }
    }

    /// The same engine with other numbers for event reports than the model has: a JSON object as its property `events`.
    ///
    /// # Errors
    ///
    /// When the object is damaged or its calibration expects other evidence.
    pub fn with_event_settings(self, json: &str) -> Result<Self, ModelError> {
        Ok(Self { settings: Settings::parse(json)?, ..self })
    }

    /// The confidence from which on an event report is sure, as the model says.
    pub fn sure_of_events(&self) -> f32 {
        self.settings.sure
    }

    /// The probability from which on words tell an event, as the model says.
    pub fn least_trigger(&self) -> f32 {
        self.settings.trigger
    }

    /// The version that records made by this engine carry.
    pub fn version(&self) -> EngineVersion {
        EngineVersion { version: VERSION.to_owned(), model: self.encoder.name().to_owned() }
    }

    /// Puts an article on the record. This cannot fail: what can't be read yields no statements.
    pub fn record(&self, article: Article, desk: &mut Desk) -> Record {
        let quotations = quotes::quotations(&article.text, &article.blocks);
        let analysis = self.analyze(&article, &quotations, desk);
        self.resolved(article, &quotations, &analysis, false).record
    }

    /// Puts an article on the record and keeps the evidence.
    pub fn explain(&self, article: Article, desk: &mut Desk) -> Explanation {
        let quotations = quotes::quotations(&article.text, &article.blocks);
        let analysis = self.analyze(&article, &quotations, desk);
        self.attribute(article, &quotations, analysis)
    }

    /// What the encoder says of an article, before any rule. Nothing, where the article is not in English.
    pub fn analyze(&self, article: &Article, quotations: &[Quotation], desk: &mut Desk) -> Analysis {
        if !can_be_read(article) {
            return Analysis::default();
        }
        let (vocabulary, encoder, heads) = (&self.vocabulary, &self.encoder, &self.heads);
        analyze::analyze(article, quotations, vocabulary, encoder, heads, self.events, &mut desk.0)
    }

    /// Makes the record of an article from what the encoder said of it, and keeps the evidence.
    pub fn attribute(&self, article: Article, quotations: &[Quotation], analysis: Analysis) -> Explanation {
        let Made { record, rejected, candidates, evidence } =
            self.resolved(article, quotations, &analysis, true);
        let rejected = rejected.into_iter().map(Rejected::of).collect();
        Explanation { record, analysis, rejected, candidates, evidence }
    }

    /// The record of an article with what was left out, and, with `explain`, whom each source may mean.
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

/// A record and what was known when it was made.
struct Made {
    record: Record,
    rejected: Vec<Found>,
    candidates: Vec<Vec<Candidate>>,
    evidence: Vec<Evidence>,
}

/// Statements are looked for in English alone.
fn can_be_read(article: &Article) -> bool {
    !article.notices.iter().any(|n| n.kind == NoticeKind::Language)
}

/// A record with the evidence behind it.
pub struct Explanation {
    /// The record.
    pub record: Record,
    /// What the encoder said.
    pub analysis: Analysis,
    /// Statements that were not sure enough for the record.
    pub rejected: Vec<Rejected>,
    /// For each statement of the record whom its source may mean, the likeliest first.
    pub candidates: Vec<Vec<Candidate>>,
    /// For each event report of the record what speaks for it, in the order of [`EVIDENCE`].
    pub evidence: Vec<[f32; EVIDENCE.len()]>,
}

/// A statement that was not sure enough for the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    /// The words that name who speaks.
    pub source: Option<text::Pieces>,
    /// The words that signal the attribution.
    pub cue: Option<text::Pieces>,
    /// What would be attributed.
    pub content: text::Pieces,
    /// How sure it is, from 0 to 1.
    pub confidence: f32,
}

impl Rejected {
    fn of(found: Found) -> Self {
        let Found { source, cue, content, confidence, .. } = found;
        Self { source, cue, content, confidence }
    }
}

impl Explanation {
    /// The probability that the encoder gave a span, or `None` where a rule made or moved it.
    pub fn score(&self, span: Span) -> Option<f32> {
        let scored = |layer: &Layer| {
            let cues = layer.cues.iter().map(|c| c.cue);
            let contents = layer.contents.iter().map(|c| c.content);
            layer.sources.iter().copied().chain(cues).chain(contents).find(|s| s.span == span)
        };
        scored(&self.analysis.outer).or_else(|| scored(&self.analysis.inner)).map(|s| s.score)
    }
}
