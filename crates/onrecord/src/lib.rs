//! Reads news articles and puts every statement on the record: who said what, to whom, about whom and when. Every field
//! of a statement points to exact characters of the article.
//!
//! # From bytes to JSON
//!
//! [`page::read`] turns the bytes of a page or a text into an [`Article`], and [`Engine::record`] turns the article
//! into a [`Record`]. The English model is built in; nothing is downloaded.
//!
//! ```
//! use onrecord::Engine;
//! use onrecord::page::{Format, Hints, read};
//!
//! let text = "TALLBERG, March 4 (NOR) -- Transport Minister Ada Brandt has seen the bridge.\n\n\
//!             \"We are late,\" Brandt told reporters on Friday.";
//! let hints = Hints { source_id: "bridge.txt".into(), published: "2016-03-04".parse().ok(), ..Hints::default() };
//!
//! let engine = Engine::new();
//! let record = engine.record(read(text.as_bytes(), Format::Text, &hints));
//!
//! let statement = &record.statements[0];
//! assert_eq!(statement.content.text(&record.article.text), "\"We are late,\"");
//! assert_eq!(statement.speaker.name.as_deref(), Some("Ada Brandt"));
//! assert_eq!(statement.speaker.role.as_deref(), Some("Transport Minister"));
//! assert_eq!(statement.time.as_ref().and_then(|time| time.value).map(|day| day.to_string()).as_deref(), Some("2016-03-04"));
//! assert!(record.to_json().starts_with("{\"schema\":\"onrecord/1\""));
//! ```
//!
//! Creating an engine takes a few milliseconds; create one and share it between threads. Spans in a [`Record`] count
//! bytes, as Rust's strings do. Its JSON is [wire format 1](text::wire), in which spans count Unicode code points, as
//! in Python. [`Record::to_wire`](text::Record::to_wire) returns the wire format as a value, and a `Record` serialises
//! in this format.
//!
//! # Why a statement was found
//!
//! [`Engine::explain`] also returns the evidence: the encoder's findings, the rejected statements, and for each
//! statement everybody who may be its speaker, with probabilities.
//!
//! ```
//! # use onrecord::Engine;
//! # use onrecord::page::{Format, Hints, read};
//! # let text = "Minister Ada Brandt met Pia Lund on Monday. \"We are late,\" she told Lund.";
//! # let engine = Engine::new();
//! let explanation = engine.explain(read(text.as_bytes(), Format::Text, &Hints::default()));
//! for (statement, candidates) in explanation.record.statements.iter().zip(&explanation.candidates) {
//!     println!("{} ({:.2})", statement.why, statement.confidence);
//!     for candidate in candidates {
//!         println!("  {:.2} {}", candidate.probability, candidate.name.as_deref().unwrap_or("nobody"));
//!     }
//! }
//! # assert_eq!(explanation.candidates[0][0].name.as_deref(), Some("Ada Brandt"));
//! ```
//!
//! # Many articles
//!
//! [`page::documents`] splits an input of any format into documents: the lines of JSON Lines, the entries of a feed,
//! the pages of a web archive. An error affects one document only, and the others are still read.
//!
//! ```
//! use onrecord::Engine;
//! use onrecord::page::{Hints, documents};
//!
//! let input = concat!(
//!     r#"{"id": "a", "text": "“We open in May,” Ada Brandt said."}"#, "\n",
//!     r#"{"id": "b"}"#, "\n",
//!     r#"{"id": "c", "text": "Pia Lund said nobody will pay to cross the bridge."}"#, "\n",
//! );
//! let engine = Engine::new();
//! let mut seen = Vec::new();
//! for document in documents(input.as_bytes(), "news.jsonl", None) {
//!     // The input can't be read further, or this part of it is not a document.
//!     let raw = document?;
//!     match raw.read(&Hints::default()) {
//!         Ok(article) => {
//!             let record = engine.record(article);
//!             seen.push(format!("{}: {}", record.article.source_id, record.statements.len()));
//!         }
//!         Err(error) => seen.push(format!("{}: {error}", raw.place)),
//!     }
//! }
//! let missing = "the document has no “text”, “html” or “body”, nor a body as a ninjs item has it";
//! assert_eq!(seen, ["a: 1".to_owned(), format!("news.jsonl:2: {missing}"), "c: 1".to_owned()]);
//! # Ok::<(), onrecord::page::SourceError>(())
//! ```
//!
//! # A store
//!
//! The crate `onrecord-ingest` reads documents on several threads and puts their records into a store, like the command
//! `onrecord ingest`. The crate `onrecord-store` searches the store.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use onrecord::Engine;
//! use onrecord::page::documents;
//! use onrecord_ingest::{Document, Event, Ingest};
//! use onrecord_store::{Order, Query, Store};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("news.db");
//! # let news = r#"{"id": "a", "text": "“We open in May,” Ada Brandt said."}"#;
//! let engine = Engine::new();
//! let mut store = Store::create(&path)?;
//! let input = documents(news.as_bytes(), "news.jsonl", None).map(|raw| raw.map(Document::from));
//! let count = Ingest::new(&engine, &mut store)?.threads(4).run(input, |event| {
//!     if let Event::Unread(error) = event {
//!         eprintln!("{error}");
//!     }
//!     ControlFlow::Continue(())
//! })?;
//! assert_eq!(count.new, 1);
//!
//! let query = Query::builder().speaker("Ada Brandt").words("may").build()?;
//! for hit in store.search(&query, Order::Newest, 20, 0)?.hits {
//!     println!("{}: {}", hit.speaker.unwrap_or_default(), hit.content);
//! }
//! # assert_eq!(store.search(&query, Order::Newest, 20, 0)?.hits.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How it works
//!
//! ```text
//! Article -> [Quotation] -> Analysis -> Reading -> [Found] -> [Report] -> [Statement], [Event] -> Record
//! ```
//!
//! [`Engine::record`] runs all of these steps, and so does [`Engine::explain`]. The quotation marks of the text are
//! paired ([`quotes`]). The encoder reads the text once, window by window, and scores the role of each word. Words,
//! sentences and dates are read once. Attribution combines the scores with rules to find statements and event reports,
//! and who claims each event. A trained judge resolves the sources of statements and the parties to events. Nothing
//! here opens a file or a socket or reads a clock.
//!
//! # Features
//!
//! `html` (on by default) reads pages, feeds, news items and web archives. Without it, [`page`] reads plain text and
//! JSON documents with a `text`, and the crate needs half as many dependencies.

#![forbid(unsafe_code)]
#![warn(clippy::must_use_candidate, clippy::print_stderr, clippy::print_stdout)]

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
mod tokens;
mod windows;
mod words;

use std::fmt;
use std::sync::{Mutex, PoisonError};

use onrecord_encoder::wordpiece::Vocabulary;
use onrecord_encoder::{Encoder, Workspace};
use onrecord_text::{Article, EngineVersion, NoticeKind, Record, Span};

use attribute::Attributed;
use events::{EVIDENCE, Evidence, Reports, Settings};
use found::Found;
use judge::Judge;
use quotes::Quotation;
use reading::Reading;
use resolve::Resolved;
use resolve::features::FEATURES;

pub use analysis::{
    Analysis, Argument, Beside, BesideKind, Content, Cue, Layer, Mention, MentionKind, NameKind, Office,
    Packed, Pointer, Scored, SourceKinds, Trigger,
};
pub use onrecord_encoder::{Bytes, ModelError};
pub use resolve::Candidate;
pub use {onrecord_page as page, onrecord_text as text};

/// The engine's view of a text, for the programs in `examples/training_*`, so that training sees exactly what the engine
/// sees. Nobody else needs it, and it changes with the model.
#[doc(hidden)]
pub mod training {
    pub use crate::resolve::features::FEATURES;
    pub use crate::tokens::{Token, tokens};
}

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
    /// Desks that no thread is using.
    desks: Mutex<Vec<Desk>>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("version", &self.version())
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

/// Memory that is reused from one article to the next.
///
/// An engine keeps as many desks as threads have used it at the same time. [`Engine::record_with`] is for a caller that
/// keeps one per thread itself.
#[derive(Default)]
pub struct Desk(Workspace);

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl Engine {
    /// Creates an engine with the English model, which is built in.
    #[must_use]
    pub fn new() -> Self {
        let model = Bytes::from_static(onrecord_model_en::WEIGHTS);
        Self::with_model(model, onrecord_model_en::VOCABULARY)
            .expect("the built-in model is tested to be sound")
    }

    /// Creates an engine with another model: an ONNX file as written by `training/`, and its vocabulary with one piece
    /// per line.
    ///
    /// # Errors
    ///
    /// Returns an error if the model lacks something that the engine reads from it, or was trained for another version
    /// of the engine.
    pub fn with_model(model: Bytes, vocabulary: &str) -> Result<Self, ModelError> {
        let encoder = Encoder::parse(model)?;
        if encoder.longest() < windows::LONGEST {
            let message =
                format!("it reads {} pieces at once; {} are needed", encoder.longest(), windows::LONGEST);
            return Err(ModelError::new(message));
        }
        let vocabulary = Vocabulary::parse(vocabulary).map_err(|e| ModelError::new(e.to_string()))?;
        let heads = analyze::Heads::of(&encoder)?;
        let judge = Judge::parse(encoder.property("judge")?, &FEATURES)?;
        let settings = encoder.property("events").map_or(Ok(Settings::default()), Settings::parse)?;
        Ok(Self { encoder, vocabulary, heads, judge, settings, events: false, desks: Mutex::default() })
    }

    /// Returns the same engine, but its records include event reports. Event reports are experimental: which events are
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

    /// Returns the same engine with these settings for event reports instead of the model's own. The settings are a
    /// JSON object like the model's property `events`.
    ///
    /// # Errors
    ///
    /// Returns an error if the object is damaged or if its calibration expects different evidence.
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

    /// Makes the record of an article. This cannot fail: an article that cannot be read yields no statements.
    #[must_use]
    pub fn record(&self, article: Article) -> Record {
        self.at_a_desk(|desk| self.record_with(article, desk))
    }

    /// Makes the record of an article in memory that the caller keeps.
    #[must_use]
    pub fn record_with(&self, article: Article, desk: &mut Desk) -> Record {
        self.made(article, desk, false).record
    }

    /// Makes the record of an article, and returns it with the evidence.
    #[must_use]
    pub fn explain(&self, article: Article) -> Explanation {
        self.at_a_desk(|desk| self.made(article, desk, true)).into()
    }

    /// Does work at a desk that no other thread is using. If the work panics, the desk is dropped.
    fn at_a_desk<R>(&self, work: impl FnOnce(&mut Desk) -> R) -> R {
        let desks = || self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        let free = desks().pop();
        let mut desk = free.unwrap_or_default();
        let done = work(&mut desk);
        desks().push(desk);
        done
    }

    /// The path of an article: its record and, with `explain`, the evidence.
    fn made(&self, article: Article, desk: &mut Desk, explain: bool) -> Made {
        let quotations = quotes::quotations(&article.text, &article.blocks);
        let analysis = self.analysis(&article, &quotations, desk);
        self.made_from(article, &quotations, analysis, explain)
    }

    /// The path of an article that the encoder has read.
    fn made_from(
        &self,
        mut article: Article,
        quotations: &[Quotation],
        analysis: Analysis,
        explain: bool,
    ) -> Made {
        if !can_be_read(&article) {
            return self.without_statements(article, analysis);
        }
        let reading = Reading::of(&article, quotations);
        let Attributed { found, rejected } = attribute::attributed(&reading, &analysis);
        let reports = events::reports(&reading, &analysis, &found, &self.settings);
        let reports = Reports { all: &reports, settings: &self.settings };
        let Resolved { statements, events, evidence, entities, notice, candidates, analysis } =
            resolve::resolved(&article, &reading, analysis, &self.judge, found, reports, explain);
        article.notices.extend(notice);
        let events = self.events.then_some(events);
        let record = Record { article, entities, statements, events, engine: self.version() };
        Made { record, rejected, candidates, evidence, analysis }
    }

    /// The record of an article that cannot be read.
    fn without_statements(&self, article: Article, analysis: Analysis) -> Made {
        let (entities, statements, events) = (Vec::new(), Vec::new(), self.events.then(Vec::new));
        let record = Record { article, entities, statements, events, engine: self.version() };
        let (rejected, candidates, evidence) = (Vec::new(), Vec::new(), Vec::new());
        Made { record, rejected, candidates, evidence, analysis: Some(analysis) }
    }

    /// Returns the encoder's findings about an article, before any rule is applied. They are empty if the article is
    /// not in English.
    pub fn analysis(&self, article: &Article, quotations: &[Quotation], desk: &mut Desk) -> Analysis {
        if !can_be_read(article) {
            return Analysis::default();
        }
        let (vocabulary, encoder, heads) = (&self.vocabulary, &self.encoder, &self.heads);
        analyze::analysis(article, quotations, vocabulary, encoder, heads, self.events, &mut desk.0)
    }

    /// Makes the record of an article from the encoder's findings, and returns it with the evidence.
    pub fn explanation(&self, article: Article, quotations: &[Quotation], analysis: Analysis) -> Explanation {
        self.made_from(article, quotations, analysis, true).into()
    }
}

#[cfg(test)]
impl Engine {
    /// An engine for hand-made analyses. Its judge takes whoever a source names, and its settings are the default ones, so
    /// tests of rules do not depend on what was learned.
    pub(crate) fn untrained() -> Self {
        let judge = r#"{"features": ["inside"], "hidden": [[1]], "bias": [0], "out": [6]}"#;
        let judge = Judge::parse(judge, &FEATURES).expect("the feature exists");
        Self { judge, settings: Settings::default(), ..Self::new() }
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

/// A record with the evidence from which it was made, as far as it was asked for.
struct Made {
    record: Record,
    rejected: Vec<Found>,
    candidates: Vec<Vec<Candidate>>,
    evidence: Vec<Evidence>,
    /// The analysis, if the evidence was asked for.
    analysis: Option<Analysis>,
}

impl From<Made> for Explanation {
    fn from(made: Made) -> Self {
        let Made { record, rejected, candidates, evidence, analysis } = made;
        let rejected = rejected.into_iter().map(Rejected::of).collect();
        let evidence =
            evidence.into_iter().map(|values| EVIDENCE.into_iter().zip(values).collect()).collect();
        Self { record, analysis: analysis.unwrap_or_default(), rejected, candidates, evidence }
    }
}

/// Whether an article can be read: statements are found only in English.
fn can_be_read(article: &Article) -> bool {
    !article.notices.iter().any(|n| n.kind == NoticeKind::Language)
}

/// A record with the evidence for it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The record.
    pub record: Record,
    /// The encoder's findings.
    pub analysis: Analysis,
    /// Statements whose confidence was too low for the record.
    pub rejected: Vec<Rejected>,
    /// For each statement of the record, the candidates for its source: the chosen one, then the most probable first.
    pub candidates: Vec<Vec<Candidate>>,
    /// For each event report of the record, the evidence by name, from which its confidence is computed.
    pub evidence: Vec<Vec<(&'static str, f32)>>,
}

/// A statement whose confidence was too low for the record.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
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
    #[must_use]
    pub fn score(&self, span: Span) -> Option<f32> {
        let scored = |layer: &Layer| {
            let cues = layer.cues.iter().map(|c| c.cue);
            let contents = layer.contents.iter().map(|c| c.content);
            layer.sources.iter().copied().chain(cues).chain(contents).find(|s| s.span == span)
        };
        scored(&self.analysis.outer).or_else(|| scored(&self.analysis.inner)).map(|s| s.score)
    }
}
