//! Who said what: articles in, records of their statements out.
//!
//! ```text
//! Article --quotations--> --analyze--> Analysis --attribute--> Statements --resolve--> Record
//! ```
//!
//! [`Engine::record`] tells the whole story: the quotation marks of the text are paired ([`quotes`]), the encoder
//! reads the text once, window by window, and scores what each word does ([`Engine::analyze`]), and rules and scores
//! meet in one function that makes the statements. Nothing here opens a file, a socket or a clock.

mod analyze;
mod attribute;
pub mod dates;
mod forms;
mod labels;
mod lists;
mod mentions;
pub mod quotes;
mod resolve;
pub mod tokens;
pub mod windows;

use onrecord_encoder::wordpiece::Vocabulary;
use onrecord_encoder::{Bytes, Encoder, ModelError, Workspace};
use onrecord_text::{Article, EngineVersion, NoticeKind, Record, Span, Statement};

use attribute::Attributed;
use quotes::Quotation;
use resolve::Resolved;

pub use analyze::{Analysis, Content, Cue, Scored};
pub use labels::Role;
pub use mentions::{Mention, MentionKind, NameKind};
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
    /// When the model lacks what the engine reads from it.
    pub fn with_model(model: Bytes, vocabulary: &str) -> Result<Self, ModelError> {
        let encoder = Encoder::parse(model)?;
        let vocabulary = Vocabulary::parse(vocabulary).map_err(|e| ModelError::new(e.to_string()))?;
        let heads = analyze::Heads::of(&encoder)?;
        Ok(Self { encoder, vocabulary, heads })
    }

    /// The version that records made by this engine carry.
    pub fn version(&self) -> EngineVersion {
        EngineVersion { version: VERSION.to_owned(), model: self.encoder.name().to_owned() }
    }

    /// Puts an article on the record. This cannot fail: what can't be read yields no statements.
    pub fn record(&self, article: Article, desk: &mut Desk) -> Record {
        let quotations = quotes::quotations(&article.text, &article.blocks);
        let mut analysis = self.analyze(&article, &quotations, desk);
        let Attributed { statements, .. } = attribute::attribute(&article, &quotations, &analysis);
        let mentions = std::mem::take(&mut analysis.mentions);
        // Of a book's analysis the rest makes room for what its statements refer to.
        drop(analysis);
        self.resolve(article, &quotations, &mentions, statements)
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
        analyze::analyze(article, quotations, &self.vocabulary, &self.encoder, &self.heads, &mut desk.0)
    }

    /// Makes the statements of an article from what the encoder said of it.
    pub fn attribute(&self, article: Article, quotations: &[Quotation], analysis: Analysis) -> Explanation {
        let Attributed { statements, rejected } = attribute::attribute(&article, quotations, &analysis);
        let record = self.resolve(article, quotations, &analysis.mentions, statements);
        Explanation { record, analysis, rejected }
    }

    /// Makes the record of an article's statements.
    fn resolve(
        &self,
        mut article: Article,
        quotations: &[Quotation],
        mentions: &[Mention],
        mut statements: Vec<Statement>,
    ) -> Record {
        let Resolved { entities, notice } = resolve::resolve(&article, quotations, mentions, &mut statements);
        article.notices.extend(notice);
        Record { article, entities, statements, engine: self.version() }
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
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
    pub rejected: Vec<Statement>,
}

impl Explanation {
    /// The probability that the encoder gave a span, or `None` where a rule made or moved it.
    pub fn score(&self, span: Span) -> Option<f32> {
        let Analysis { sources, cues, contents, inner, .. } = &self.analysis;
        let outer =
            sources.iter().chain(cues.iter().map(|c| &c.cue)).chain(contents.iter().map(|c| &c.content));
        let all = outer.chain(inner.iter().map(|(_, s)| s));
        all.into_iter().find(|s| s.span == span).map(|s| s.score)
    }
}
