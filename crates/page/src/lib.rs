//! Reads bytes and hints into an [`Article`]: plain text, HTML pages, JSON documents, feeds, web archives and news
//! items, in any character set that browsers support.
//!
//! Any bytes can be read: they yield an article, perhaps an empty one, with notices of anything odd. The exceptions are
//! a line that is not a JSON document, and compressed input that is damaged or too large.
//!
//! The feature `html` (on by default) reads pages and the formats that carry them: feeds, news items and web archives.
//! Without it, the crate reads plain text and JSON documents with a `text`, and has half as many dependencies.
//!
//! ```
//! use onrecord_page::{Format, Hints, read};
//!
//! let article = read(b"TALLBERG, March 4 (NOR) -- The bridge will open, the minister said.", Format::Text, &Hints::default());
//! let dateline = article.metadata.dateline.as_ref().unwrap();
//! assert_eq!(dateline.place.as_deref(), Some("TALLBERG"));
//! assert_eq!(dateline.date.unwrap().to_string(), "XXXX-03-04");
//! ```

#![forbid(unsafe_code)]
#![warn(clippy::must_use_candidate, clippy::print_stderr, clippy::print_stdout)]

mod charset;
mod credit;
mod dateline;
mod document;
#[cfg(feature = "html")]
mod dom;
#[cfg(feature = "html")]
mod feed;
#[cfg(feature = "html")]
mod furniture;
#[cfg(feature = "html")]
mod html;
mod input;
mod json;
mod language;
mod lists;
mod markdown;
#[cfg(feature = "html")]
mod metadata;
#[cfg(feature = "html")]
mod missed;
#[cfg(feature = "html")]
mod newsml;
mod other;
mod plain;
#[cfg(feature = "html")]
mod posts;
#[cfg(feature = "html")]
mod published;
mod sentence;
#[cfg(feature = "html")]
mod shadow;
mod source;
mod stamp;
mod text;
#[cfg(feature = "html")]
mod title;
#[cfg(feature = "html")]
mod warc;
#[cfg(feature = "html")]
mod xml;

use onrecord_text::{Article, BlockKind, Metadata, Notice, NoticeKind, PartialDate, Span};

pub use document::DocumentError;
pub use source::{Documents, Format, LIMIT, Raw, SourceError, documents, is_binary};

/// What the caller knows about an article. Hints override what a page or a text says, and fill in what other inputs
/// omit.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// The caller's identifier for the article.
    pub source_id: String,
    /// Its web address.
    pub url: Option<String>,
    /// Its publisher.
    pub outlet: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its date of publication.
    pub published: Option<PartialDate>,
}

impl Hints {
    /// These hints, with missing ones filled in from `others`.
    fn or(mut self, others: &Self) -> Self {
        if self.source_id.is_empty() {
            self.source_id.clone_from(&others.source_id);
        }
        for (known, other) in [
            (&mut self.url, &others.url),
            (&mut self.outlet, &others.outlet),
            (&mut self.title, &others.title),
        ] {
            *known = known.take().or_else(|| other.clone());
        }
        self.published = self.published.or(others.published);
        self
    }
}

/// Reads one article from bytes: a page, a text, or the first document of an input in another format ([`documents`]
/// returns all of them). Bytes that cannot be read yield an empty article with a notice.
#[must_use]
pub fn read(bytes: &[u8], format: Format, hints: &Hints) -> Article {
    if matches!(format, Format::Html | Format::Text) && format.is_supported() {
        return decoded(bytes, None, format, hints);
    }
    let first = documents(bytes, &hints.source_id, Some(format)).next();
    let read = match first {
        Some(Ok(raw)) => raw.read(hints).map_err(|e| e.to_string()),
        Some(Err(e)) => Err(e.to_string()),
        None => Err("there is no document in it".to_owned()),
    };
    read.unwrap_or_else(|why| {
        let mut article = read_text(String::new(), hints);
        article.notices = vec![Notice { kind: NoticeKind::Empty, message: why }];
        article
    })
}

/// Reads one article from bytes whose character set may be named by something outside the bytes.
fn decoded(bytes: &[u8], charset: Option<&str>, format: Format, hints: &Hints) -> Article {
    let decoded = charset::decode(bytes, charset);
    let mut article = match format {
        #[cfg(feature = "html")]
        Format::Html => read_html(&decoded.text, hints),
        _ => read_text(decoded.text, hints),
    };
    article.notices.extend(decoded.notice);
    article
}

/// Reads one article from plain text, which is kept unchanged.
pub fn read_text(text: String, hints: &Hints) -> Article {
    let text::Parts { blocks, dateline, published, title, authors } =
        text::parts(&text, hints.title.as_deref());
    let of = |kind| blocks.iter().find(|b| b.kind == kind).map(|b| b.span.of(&text));
    let metadata = Metadata {
        bylines: if authors.is_empty() {
            of(BlockKind::Byline).map(credit::names).unwrap_or_default()
        } else {
            authors
        },
        title: title.or(of(BlockKind::Headline).map(str::to_owned)),
        dateline,
        published,
        ..Metadata::default()
    };
    finish(Article { text, blocks, metadata, ..Article::default() }, hints)
}

/// Reads one article from the text of an HTML page.
#[cfg(feature = "html")]
#[must_use]
pub fn read_html(page: &str, hints: &Hints) -> Article {
    let Some(mended) = charset::encoded_once(page) else { return finish(html::article(page), hints) };
    let mut article = html::article(&mended);
    let message = "some characters had been encoded twice; they were read as what they stand for".to_owned();
    article.notices.push(Notice { kind: NoticeKind::Encoding, message });
    finish(article, hints)
}

/// In how many lines at the beginning of a text an agency may forbid its use.
const RESTRICTED: usize = 3;

/// Leaves the agency's marks out of the first blocks of a withdrawn article: `KILL: Bridge to open`.
fn drop_marks(article: &mut Article) {
    for block in article.blocks.iter_mut().take(RESTRICTED) {
        let rest = document::mark(block.span.of(&article.text)).map(|length| block.span.start() + length);
        let rest = rest.and_then(|start| Span::trimmed(&article.text, start..block.span.end()));
        block.span = rest.unwrap_or(block.span);
    }
}

/// Completes an article of any origin: the hints, the year of its dateline, its language.
fn finish(mut article: Article, hints: &Hints) -> Article {
    article.source_id.clone_from(&hints.source_id);
    let metadata = &mut article.metadata;
    for (known, hint) in [
        (&mut metadata.url, &hints.url),
        (&mut metadata.outlet, &hints.outlet),
        (&mut metadata.title, &hints.title),
    ] {
        if hint.is_some() {
            known.clone_from(hint);
        }
    }
    metadata.published = hints.published.or(metadata.published);
    if let Some(dateline) = &mut metadata.dateline {
        dateline.date = dateline.date.map(|date| dateline::with_year(date, metadata.published));
    }
    // Agencies also write in the headline or the text that it must not be used, or not yet.
    let lines = article.text.lines().filter(|line| !line.trim().is_empty()).take(RESTRICTED);
    for restriction in metadata.title.as_deref().into_iter().chain(lines).filter_map(document::restriction) {
        if article.notices.iter().all(|notice| notice.kind != restriction.kind) {
            article.notices.push(restriction);
        }
    }
    if document::withdraws(&article.notices) {
        drop_marks(&mut article);
    }
    if article.text.trim().is_empty() {
        article
            .notices
            .push(Notice { kind: NoticeKind::Empty, message: "the article has no text".to_owned() });
    } else {
        // The language that a page declares is often a template's default, so the words themselves decide first.
        let declared = article.metadata.language.take();
        article.metadata.language = language::detect(&article.text).map(str::to_owned).or(declared);
        if let Some(language) = article.metadata.language.as_deref().filter(|l| !language::is_english(l)) {
            let message =
                format!("the article is in “{language}”, not English: no statements were looked for");
            article.notices.push(Notice { kind: NoticeKind::Language, message });
        }
    }
    article
}
