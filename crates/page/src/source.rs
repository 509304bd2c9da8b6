//! Detects the format of an input and splits it into documents.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, BufRead, Read};

use encoding_rs::UTF_8;
use onrecord_text::{Article, Dateline, Notice};
use serde::de::IgnoredAny;

use crate::document::{self, DocumentError};
use crate::input::{Input, Transcoded};
use crate::{Hints, charset, credit, other};
#[cfg(feature = "html")]
use crate::{feed, newsml, warc};

/// The maximum size of one article in bytes, compressed or not. A larger article is refused, not truncated.
pub const LIMIT: usize = 64 << 20;
/// How many bytes of an input are examined to detect its format.
const HEAD: usize = 8 << 10;

/// The formats of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A web page.
    Html,
    /// Plain text.
    Text,
    /// One JSON document per line.
    JsonLines,
    /// One JSON document or a list of them, each as on a line of JSON Lines, a ninjs item, or a JSON Feed.
    Json,
    /// RSS or Atom.
    Feed,
    /// NewsML-G2, NewsML 1, or NITF alone.
    NewsMl,
    /// A web archive.
    Warc,
}

impl Format {
    /// The file-name extensions of inputs, each also with `.gz`, and the format that an extension implies if the
    /// content fits several formats.
    pub const ENDINGS: [(&'static str, Option<Format>); 15] = [
        ("html", Some(Self::Html)),
        ("htm", Some(Self::Html)),
        ("xhtml", Some(Self::Html)),
        ("txt", Some(Self::Text)),
        ("text", Some(Self::Text)),
        ("jsonl", Some(Self::JsonLines)),
        ("ndjson", Some(Self::JsonLines)),
        ("json", Some(Self::Json)),
        ("ninjs", Some(Self::Json)),
        ("rss", None),
        ("atom", None),
        ("xml", None),
        ("newsml", None),
        ("nitf", None),
        ("warc", Some(Self::Warc)),
    ];

    /// Returns whether this build of the crate can read the format. Without the feature `html`, it reads plain text and
    /// JSON only.
    #[must_use]
    pub fn is_supported(self) -> bool {
        cfg!(feature = "html") || matches!(self, Self::Text | Self::JsonLines | Self::Json)
    }

    /// Detects the format of an input from its name and its first bytes (decompressed). The content decides if it is
    /// unambiguous; the name decides between plain text and the rest.
    pub fn of(name: &str, head: &[u8]) -> Self {
        let named = ending(name).and_then(|ending| {
            Self::ENDINGS.iter().find(|(known, _)| *known == ending).and_then(|(_, format)| *format)
        });
        let text = charset::head(&head[..head.len().min(HEAD)]);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        match named {
            Some(Self::Text) if is_page(text) => return Self::Html,
            Some(Self::Html | Self::Text | Self::Warc) => return named.unwrap_or(Self::Text),
            _ if text.starts_with("WARC/") => return Self::Warc,
            _ => {}
        }
        if let Some(json) = json(text, named) {
            return json;
        }
        match (named, root(text).map(str::to_ascii_lowercase).as_deref()) {
            (Some(format), _) => format,
            (None, Some("rss" | "feed" | "rdf")) => Self::Feed,
            (None, Some(name)) if is_news_item(name) => Self::NewsMl,
            (None, Some(name)) if is_html(name) => Self::Html,
            (None, _) if text.starts_with("<?xml") || text.starts_with("<!--") => Self::Html,
            (None, _) if starts_with_doctype(text) => Self::Html,
            (None, _) => Self::Text,
        }
    }
}

/// The extension of a name in lower case; for a compressed file, the extension before `.gz`.
pub(crate) fn ending(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.rsplit_once('.').map(|(_, ending)| ending.to_owned())
}

/// The format if the text is JSON: one document, or one per line.
fn json(text: &str, named: Option<Format>) -> Option<Format> {
    let opens = |bracket: char, inside: &[char]| {
        text.strip_prefix(bracket).is_some_and(|rest| rest.trim_start().starts_with(inside))
    };
    if opens('[', &['{', ']']) {
        return Some(Format::Json);
    }
    if !opens('{', &['"', '}']) {
        return None;
    }
    let one = named.filter(|f| matches!(f, Format::Json)).unwrap_or(Format::JsonLines);
    Some(match text.split_once('\n') {
        // A feed is a single document, even if it is one long line.
        _ if names_feed(text) && !opens('{', &['}']) => Format::Json,
        None => one,
        Some((_, rest)) if rest.trim().is_empty() => {
            if is_whole(text) {
                one
            } else {
                Format::Json
            }
        }
        // A line may be damaged; the next one shows the format.
        Some((first, rest)) if is_whole(first) || (!is_unfinished(first) && opens_object(rest)) => {
            if rest.trim_start().starts_with('{') { Format::JsonLines } else { one }
        }
        Some(_) => Format::Json,
    })
}

/// Whether a text has a member that declares a JSON Feed.
fn names_feed(text: &str) -> bool {
    text.match_indices("\"version\"").any(|(at, key)| {
        let value = text[at + key.len()..].trim_start().strip_prefix(':').map(str::trim_start);
        let value = value.and_then(|value| value.strip_prefix('"')?.split('"').next());
        value.is_some_and(|value| value.contains("jsonfeed.org/version"))
    })
}

/// Whether a line begins with an object that has members.
fn opens_object(line: &str) -> bool {
    line.strip_prefix('{').is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with('"'))
}

/// Whether a line ends where a document that is written over several lines goes on.
fn is_unfinished(line: &str) -> bool {
    line.trim_end().ends_with(['{', '[', ',', ':'])
}

/// Whether a JSON input consists of lines that are documents. Its first line may be longer than what is examined to
/// detect the format.
fn is_lines(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        json(text.trim_start_matches('\u{feff}').trim_start(), Some(Format::Json)) == Some(Format::JsonLines)
    })
}

fn is_whole(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text.trim()).is_ok()
}

fn starts_with_doctype(text: &str) -> bool {
    text.get(..9).is_some_and(|d| d.eq_ignore_ascii_case("<!doctype"))
}

/// Whether a text is a whole page, and not a text that quotes a tag.
fn is_page(text: &str) -> bool {
    let declared = text.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype html"));
    declared || root(text).is_some_and(|root| root.eq_ignore_ascii_case("html"))
}

/// Whether an element with this name begins a page or a part of one.
pub(crate) fn is_html(name: &str) -> bool {
    matches!(
        name,
        "html"
            | "head"
            | "body"
            | "title"
            | "meta"
            | "link"
            | "script"
            | "style"
            | "article"
            | "main"
            | "section"
            | "header"
            | "div"
            | "p"
            | "h1"
            | "h2"
            | "table"
            | "blockquote"
            | "center"
            | "font"
            | "span"
            | "ul"
            | "ol"
            | "dl"
            | "pre"
            | "hr"
            | "br"
            | "img"
            | "a"
            | "b"
            | "i"
            | "em"
            | "strong"
            | "nav"
            | "aside"
            | "figure"
            | "footer"
            | "form"
            | "noscript"
            | "base"
            | "h3"
            | "h4"
    )
}

/// The IPTC's item types that are about news but are not news.
pub(crate) const OTHER_ITEMS: [&str; 6] =
    ["conceptitem", "knowledgeitem", "planningitem", "packageitem", "catalogitem", "eventitem"];

/// Whether an element with this name (in lower case) is the root of a news item or of a list of them.
fn is_news_item(name: &str) -> bool {
    matches!(name, "newsitem" | "newsmessage" | "nitf" | "newsml") || OTHER_ITEMS.contains(&name)
}

/// The local name of the first element in a text that begins with markup, after declarations and comments.
pub(crate) fn root(mut text: &str) -> Option<&str> {
    loop {
        text = text.trim_start();
        let behind = match text {
            t if t.starts_with("<?") => t.split_once("?>"),
            t if t.starts_with("<!--") => t.split_once("-->"),
            t if starts_with_doctype(t) => behind_doctype(t).map(|behind| ("", behind)),
            t => {
                let name = t
                    .strip_prefix('<')?
                    .split(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
                    .next()?;
                return name.rsplit(':').next().filter(|name| !name.is_empty());
            }
        };
        text = behind?.1;
    }
}

/// The text after a document type declaration, which may contain declarations of its own: `<!DOCTYPE rss [<!ENTITY …>]>`.
fn behind_doctype(text: &str) -> Option<&str> {
    let (mut rest, mut inside) = (text.get(1..)?, false);
    loop {
        rest = &rest[rest.find(['[', ']', '>', '<', '"', '\''])?..];
        rest = match rest.as_bytes()[0] {
            b'>' if !inside => return Some(&rest[1..]),
            b'<' if rest.starts_with("<!--") => rest.split_once("-->")?.1,
            b'<' if rest.starts_with("<?") => rest.split_once("?>")?.1,
            // A declaration that is never closed.
            b'<' if !inside => return Some(rest),
            quote @ (b'"' | b'\'') => rest[1..].split_once(char::from(quote))?.1,
            bracket => {
                inside = match bracket {
                    b'[' => true,
                    b']' => false,
                    _ => inside,
                };
                &rest[1..]
            }
        };
    }
}

/// Returns whether bytes are not text: an image, an archive, a program, a word-processor file.
#[must_use]
pub fn is_binary(head: &[u8]) -> bool {
    let head = &head[..head.len().min(8192)];
    if charset::shown(head).is_some() {
        return false;
    }
    let odd = head
        .iter()
        .filter(|&&b| b == 0 || (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)))
        .count();
    head.starts_with(b"%PDF") || head.starts_with(other::RTF) || head.contains(&0) || odd * 50 > head.len()
}

/// One document of an input, not yet parsed.
#[derive(Debug)]
pub struct Raw {
    /// Its origin: the input's name, with the line number if there are many documents.
    pub place: String,
    /// Its format: [`Format::Html`], [`Format::Text`] or [`Format::Json`].
    pub format: Format,
    /// Its bytes, decompressed.
    pub bytes: Vec<u8>,
    /// Metadata from the input: the entry of a feed, the header of a news item. It takes precedence over the caller's
    /// hints.
    pub stated: Hints,
    /// The character set that the server named.
    pub charset: Option<String>,
    /// The address that was requested from the server. It is used if the page does not state its own.
    pub fetched: Option<String>,
    /// The author according to the input, used if the document does not name one.
    pub byline: Option<String>,
    /// The place and the date that the input marks in the dateline of the document.
    pub dateline: Option<Dateline>,
    /// Notices of anything odd about how the input contains it.
    pub notices: Vec<Notice>,
}

impl Raw {
    /// A document with no further information from the input.
    pub(crate) fn new(place: String, format: Format, bytes: Vec<u8>) -> Self {
        Self {
            place,
            format,
            bytes,
            stated: Hints::default(),
            charset: None,
            fetched: None,
            byline: None,
            dateline: None,
            notices: Vec::new(),
        }
    }

    /// A page or a text that is already decoded.
    #[must_use]
    pub fn decoded(place: String, format: Format, text: String) -> Self {
        Self { charset: Some("utf-8".to_owned()), ..Self::new(place, format, text.into_bytes()) }
    }

    /// Returns whether the document identifies itself regardless of its place: a JSON document with an id, or a feed's
    /// entry.
    #[must_use]
    pub fn names_itself(&self) -> bool {
        match self.format {
            Format::Json => document::has_name(&self.bytes),
            _ => !self.stated.source_id.is_empty(),
        }
    }

    /// Reads the article. Hints fill in what the input leaves out; for pages and texts they take precedence.
    ///
    /// # Errors
    ///
    /// Returns an error if a JSON document is invalid.
    pub fn read(&self, hints: &Hints) -> Result<Article, DocumentError> {
        let hints = self.stated.clone().or(hints);
        let mut article = match self.format {
            Format::Json => document::parse(&self.bytes, &self.place, &hints)?,
            format => {
                let source_id = Some(hints.source_id.as_str()).filter(|id| !id.is_empty());
                let source_id = source_id.unwrap_or(&self.place).to_owned();
                crate::decoded(&self.bytes, self.charset.as_deref(), format, &Hints { source_id, ..hints })
            }
        };
        let metadata = &mut article.metadata;
        metadata.url = metadata.url.take().or_else(|| self.fetched.clone());
        if metadata.bylines.is_empty() {
            metadata.bylines = self.byline.as_deref().map(credit::names).unwrap_or_default();
        }
        if let Some(Dateline { place, date, agency }) = self.dateline.clone() {
            let found = metadata.dateline.take().unwrap_or_default();
            metadata.dateline = Some(Dateline {
                place: place.or(found.place),
                date: date.or(found.date),
                agency: agency.or(found.agency),
            });
        }
        article.notices.extend(self.notices.iter().cloned());
        Ok(article)
    }
}

/// Why an input could not be split into documents.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// It, or a line of it, is larger than [`LIMIT`].
    #[error("{0}: larger than {limit} MiB", limit = LIMIT >> 20)]
    TooLarge(String),
    /// It is an image, a program or another binary file.
    #[error("{0}: a binary file, not a text, a page, JSON, a feed, a news item or a web archive")]
    Binary(String),
    /// It is mail, a book, or a word-processor or printer file, which contains text, but not as plain text.
    #[error(
        "{0}: {1}, which can't be read; save or convert it as plain text (.txt) or as a web page (.html) first"
    )]
    Written(String, &'static str),
    /// It is an archive, or compressed in another way than with gzip.
    #[error("{0}: {1}, which can't be read; unpack it first")]
    Packed(String, &'static str),
    /// It is not what its name or its first bytes suggest.
    #[error("{0}: {1}")]
    Damaged(String, String),
    /// It could not be read to its end, for example because a gzip file is damaged.
    #[error("{0}: {1}")]
    Unreadable(String, io::Error),
    /// It has a format that this build of the crate leaves out, because it was built without the feature `html`.
    #[error("{0}: pages, feeds, news items and web archives can't be read: the feature “html” is off")]
    WithoutHtml(String),
}

/// Splits an input into documents: one for a page or a text, one per line for JSON Lines, one per entry for feeds, one
/// per page for web archives, one per item for NewsML. Each of these may be gzipped. Lines and web archives are read on
/// demand, so an input may be larger than memory. An error affects only the document that it names. The other documents
/// follow if they can be told apart.
pub fn documents<'a>(input: impl Read + Send + 'a, name: &str, format: Option<Format>) -> Documents<'a> {
    let state = State::Unopened(Box::new(input), format);
    Documents { state, name: name.to_owned(), line: 0, given: 0, passed: None, left: None, odd: None }
}

enum State<'a> {
    Unopened(Box<dyn Read + Send + 'a>, Option<Format>),
    Lines(Input<'a>),
    #[cfg(feature = "html")]
    Archive(Box<warc::Records<'a>>),
    Ready(VecDeque<Result<Raw, SourceError>>),
    Done,
}

/// An iterator over the documents of an input; see [`documents`].
pub struct Documents<'a> {
    state: State<'a>,
    name: String,
    line: usize,
    /// The number of documents and errors returned so far.
    given: usize,
    /// A description of what was skipped in an input that was split as a whole.
    passed: Option<String>,
    /// A description of what follows the compressed data of the input and was not read.
    left: Option<String>,
    /// A notice about the character set of the input, which concerns each document.
    odd: Option<Notice>,
}

impl fmt::Debug for Documents<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Documents")
            .field("name", &self.name)
            .field("given", &self.given)
            .finish_non_exhaustive()
    }
}

impl<'a> Documents<'a> {
    /// Describes what the input contains besides the documents returned, if it is not an article: the pictures of an
    /// archive, or the entries of a feed that have no text. The description is complete once the iterator has ended.
    #[must_use]
    pub fn passed_over(&self) -> Option<String> {
        let passed = match &self.state {
            #[cfg(feature = "html")]
            State::Archive(records) => records.passed_over(),
            _ => self.passed.clone(),
        };
        let nothing = (self.given == 0).then(|| "there is no article in it".to_owned());
        passed.or(nothing).map(|passed| format!("{}: {passed}", self.name))
    }

    /// Detects the format of the input; a single document is read whole.
    fn open(&mut self, input: Box<dyn Read + Send + 'a>, format: Option<Format>) -> Result<(), SourceError> {
        let unreadable = |e| SourceError::Unreadable(self.name.clone(), e);
        let mut input = Input::new(input).map_err(unreadable)?;
        // Lines that are written to a pipe one by one are also read one by one.
        let enough = |head: &[u8]| match format {
            // These bytes show a byte order mark, or UTF-16 without one.
            Some(_) => head.len() >= 8,
            None => {
                let text = String::from_utf8_lossy(head);
                text.starts_with("{\"")
                    && text
                        .split_once('\n')
                        .is_some_and(|(first, rest)| is_whole(first) && rest.starts_with("{\""))
            }
        };
        let head = input.peek(HEAD, enough).map_err(unreadable)?;
        let (shown, odd) = (charset::shown(head), charset::unmarked_notice(head));
        let given = format.is_some();
        let format = format.unwrap_or_else(|| Format::of(&self.name, head));
        if let Some(error) = other::refused(&self.name, head, format, given) {
            return Err(error);
        }
        if !format.is_supported() {
            return Err(SourceError::WithoutHtml(self.name.clone()));
        }
        if let Some((encoding, length)) = shown.filter(|_| matches!(format, Format::Json | Format::JsonLines))
        {
            // Parts of JSON are kept as they are written, so all of it has to be in UTF-8, without a mark.
            if encoding == UTF_8 {
                input.consume(length);
            } else {
                input = Input::new(Box::new(Transcoded::new(input, encoding))).map_err(unreadable)?;
            }
            self.odd = odd;
        }
        match format {
            Format::JsonLines => self.state = State::Lines(input),
            #[cfg(feature = "html")]
            Format::Warc => self.state = State::Archive(Box::new(warc::Records::new(input, &self.name))),
            _ => {
                let mut bytes = Vec::new();
                input.by_ref().take(LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
                if bytes.len() > LIMIT {
                    return Err(SourceError::TooLarge(self.name.clone()));
                }
                self.left = input.left();
                self.state = if format == Format::Json && is_lines(&bytes) {
                    State::Lines(Input::new(Box::new(io::Cursor::new(bytes))).map_err(unreadable)?)
                } else {
                    State::Ready(self.whole(format, bytes)?)
                };
            }
        }
        Ok(())
    }

    /// Reads the documents of an input that is split as a whole.
    fn whole(
        &mut self,
        format: Format,
        bytes: Vec<u8>,
    ) -> Result<VecDeque<Result<Raw, SourceError>>, SourceError> {
        let damaged = |what| SourceError::Damaged(self.name.clone(), what);
        let (documents, passed, error) = match format {
            #[cfg(feature = "html")]
            Format::Feed => {
                let feed = feed::entries(&bytes, &self.name).map_err(damaged)?;
                let passed = feed.passed_over();
                (feed.entries, passed, feed.error)
            }
            Format::Json => self.json(&bytes),
            #[cfg(feature = "html")]
            Format::NewsMl => {
                let newsml::Items { items, without_text } =
                    newsml::items(&bytes, &self.name).map_err(damaged)?;
                let passed = passed_over(&[(without_text, "item without text", "items without text")]);
                (items, passed, None)
            }
            _ => (VecDeque::from([Raw::new(self.name.clone(), format, bytes)]), None, None),
        };
        let error = error.map(|what| Err(damaged(what)));
        self.passed = passed;
        Ok(documents.into_iter().map(Ok).chain(error).collect())
    }

    /// Reads the documents of a JSON input, what it contains besides them, and why it was not read to its end.
    fn json(&self, bytes: &[u8]) -> (VecDeque<Raw>, Option<String>, Option<String>) {
        #[cfg(feature = "html")]
        if let Some(feed) = feed::json_entries(bytes, &self.name) {
            let passed = feed.passed_over();
            return (feed.entries, passed, feed.error);
        }
        let (documents, error) = document::items(bytes, &self.name);
        (documents, None, error)
    }

    /// Returns the next line that is not empty.
    fn line(&mut self) -> Option<Result<Raw, SourceError>> {
        loop {
            let State::Lines(input) = &mut self.state else { return None };
            let mut bytes = Vec::new();
            self.line += 1;
            let place = format!("{}:{}", self.name, self.line);
            return Some(match read_line(input, LIMIT, &mut bytes) {
                Ok(Line::End) => {
                    self.left = self.left.take().or_else(|| input.left());
                    self.state = State::Done;
                    return None;
                }
                Ok(Line::TooLarge) => Err(SourceError::TooLarge(place)),
                Ok(Line::Whole) if bytes.trim_ascii().is_empty() => continue,
                Ok(Line::Whole) => Ok(Raw::new(place, Format::Json, bytes)),
                // After damage to the compression, lines continue, starting with the rest of one.
                Err(e) if e.kind() == io::ErrorKind::InvalidData => {
                    if pass_line(input).is_err() {
                        self.state = State::Done;
                    }
                    Err(SourceError::Unreadable(place, e))
                }
                Err(e) => {
                    self.state = State::Done;
                    Err(SourceError::Unreadable(place, e))
                }
            });
        }
    }
}

/// What was read in place of a line.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    Whole,
    TooLarge,
    End,
}

/// Reads a line of at most `limit` bytes, without what ends it. A longer line is passed over.
fn read_line(input: &mut Input, limit: usize, line: &mut Vec<u8>) -> io::Result<Line> {
    // The end of a line is one or two bytes.
    if input.by_ref().take(limit as u64 + 2).read_until(b'\n', line)? == 0 {
        return Ok(Line::End);
    }
    let ended = line.pop_if(|byte| *byte == b'\n').is_some();
    if ended {
        line.pop_if(|byte| *byte == b'\r');
    }
    if line.len() <= limit {
        return Ok(Line::Whole);
    }
    if !ended {
        pass_line(input)?;
    }
    Ok(Line::TooLarge)
}

/// Skips the rest of a line.
fn pass_line(input: &mut Input) -> io::Result<()> {
    loop {
        let held = input.fill_buf()?;
        let end = held.iter().position(|&b| b == b'\n');
        let count = end.map_or(held.len(), |at| at + 1);
        input.consume(count);
        if end.is_some() || count == 0 {
            return Ok(());
        }
    }
}

/// A description of what was passed over: how many there are of each kind, and the words for one and for several.
#[cfg(feature = "html")]
pub(crate) fn passed_over(kinds: &[(usize, &str, &str)]) -> Option<String> {
    let counted = kinds.iter().filter(|(count, ..)| *count > 0);
    let counted =
        counted.map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }));
    let counted: Vec<String> = counted.collect();
    (!counted.is_empty()).then(|| format!("passed over {}", counted.join(", ")))
}

impl Iterator for Documents<'_> {
    type Item = Result<Raw, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let left = |documents: &mut Self| documents.left.take().map(|what| (documents.name.clone(), what));
        let next =
            self.document().or_else(|| left(self).map(|(name, what)| Err(SourceError::Damaged(name, what))));
        self.given += usize::from(next.is_some());
        next
    }
}

impl Documents<'_> {
    fn document(&mut self) -> Option<Result<Raw, SourceError>> {
        if let State::Unopened(..) = self.state
            && let State::Unopened(input, format) = std::mem::replace(&mut self.state, State::Done)
            && let Err(error) = self.open(input, format)
        {
            return Some(Err(error));
        }
        let mut next = match &mut self.state {
            State::Ready(documents) => documents.pop_front(),
            #[cfg(feature = "html")]
            State::Archive(records) => records.next(),
            _ => self.line(),
        };
        if let Some(Ok(raw)) = &mut next {
            raw.notices.extend(self.odd.clone());
        }
        next
    }
}

#[cfg(all(test, feature = "html"))]
mod tests {
    use super::*;
    use onrecord_text::NoticeKind;
    use std::io::Write;

    #[test]
    fn formats() {
        assert_eq!(Format::of("a.html.gz", b""), Format::Html);
        assert_eq!(Format::of("a", b"\xef\xbb\xbf <!DOCTYPE html><p>"), Format::Html);
        assert_eq!(Format::of("-", b"{\"text\": \"x\"}"), Format::JsonLines);
        assert_eq!(Format::of("a.txt", b"<p> is a tag"), Format::Text);
        assert_eq!(Format::of("a", b"A minister said"), Format::Text);
        assert_eq!(Format::of("a.xml", b"<?xml version='1.0'?><!-- x --><rss version='2.0'>"), Format::Feed);
        assert_eq!(Format::of("a", b"<a:feed xmlns:a='http://www.w3.org/2005/Atom'>"), Format::Feed);
        assert_eq!(Format::of("a", b"<newsItem guid='x'>"), Format::NewsMl);
        assert_eq!(Format::of("a", b"<?xml version='1.0'?><!DOCTYPE html><html>"), Format::Html);
        assert_eq!(Format::of("a.gz", b"WARC/1.0\r\n"), Format::Warc);
    }

    #[test]
    fn mail_is_refused_and_a_text_that_quotes_some_is_read() {
        let read =
            |text: &str, format| documents(text.as_bytes(), "a.txt", format).next().unwrap().map(|_| ());
        let body = "\n\nThe bridge will open in May, Ada Brandt said.\n";
        for head in [
            "From jo@sound.example Fri Mar  4 07:00:02 2016\nFrom: Jo Dahl <jo@sound.example>\nSubject: Bridge",
            "From: Jo Dahl <jo@sound.example>\r\nMIME-Version: 1.0\r\nSubject: Bridge",
            "Received: from sound.example\n\tby shore.example; Fri, 4 Mar 2016 07:00:02 +0000\nSubject: Bridge",
        ] {
            let mail = format!("{head}{body}");
            let error = read(&mail, None).unwrap_err().to_string();
            assert!(error.starts_with("a.txt: mail, which can't be read; save or convert it"), "{error}");
            assert!(read(&mail, Some(Format::Text)).is_ok());
        }
        // Without fields that only mail has, its name says so.
        let plain = b"From: Jo Dahl\nTo: Ada Brandt\nSubject: Bridge\n\nThe bridge will open in May, Ada Brandt said.\n";
        for (name, refused) in [("a.eml", true), ("A.EML", true), ("a.txt", false)] {
            assert_eq!(documents(&plain[..], name, None).next().unwrap().is_err(), refused, "{name}");
        }
        assert!(documents(&b"It rained, Ada Brandt said.\n"[..], "a.eml", None).next().unwrap().is_ok());
        let saved = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://sound.example/7\r\nMIME-Version: 1.0\r\n\
                     Content-Type: multipart/related;\r\n\ttype=\"text/html\"\r\n\r\n------B";
        let error = read(saved, None).unwrap_err().to_string();
        assert!(error.starts_with("a.txt: a page saved as MHTML, which can't be read"), "{error}");
        for head in [
            "From Tallberg to Sundby: a journey\nBy: Jo Dahl",
            "From: Jo Dahl\nTo: Ada Brandt\nSubject: Bridge",
            "HOST: Good morning.\nGUEST: Good morning.",
            "Received: a letter about the bridge",
            "From jo@sound.example Fri Mar  4 07:00:02 2016\nThe bridge opens",
        ] {
            assert!(read(&format!("{head}{body}"), None).is_ok(), "{head}");
        }
    }

    #[test]
    fn json_is_known_by_what_it_says() {
        for name in ["-", "a.json", "a.jsonl"] {
            assert_eq!(
                Format::of(name, b"{\"text\": \"a\"}\n{\"text\": \"b\"}"),
                Format::JsonLines,
                "{name}"
            );
            assert_eq!(Format::of(name, b"{\"text\": \"a\n{\"text\": \"b\"}"), Format::JsonLines, "{name}");
            assert_eq!(Format::of(name, b"\xef\xbb\xbf{\n  \"text\": \"a\"\n}"), Format::Json, "{name}");
            assert_eq!(Format::of(name, b" [ {\"text\": \"a\"}]"), Format::Json, "{name}");
            let feed = br#"{"title": "x", "version": "https://jsonfeed.org/version/1", "items": []}"#;
            assert_eq!(Format::of(name, feed), Format::Json, "{name}");
        }
        assert_eq!(Format::of("-", b"[Editor's note: it rained.]"), Format::Text);
        assert_eq!(Format::of("-", b"{{citation needed}} It rained."), Format::Text);
    }

    #[test]
    fn markup_is_known_by_its_first_element() {
        assert_eq!(Format::of("a", b"\xff\xfe<\0r\0s\0s\0>\0"), Format::Feed);
        assert_eq!(Format::of("a", b"<p>It rained.</p>"), Format::Html);
        assert_eq!(Format::of("a", b"<conceptItem guid='x'>"), Format::NewsMl);
        assert_eq!(Format::of("a", b"<NewsML><NewsItem>"), Format::NewsMl);
        assert_eq!(Format::of("a", b"<3 it rained"), Format::Text);
        for (declared, expected) in [
            ("<!DOCTYPE rss [<!ENTITY nbsp '&#160;'>]><rss>", Format::Feed),
            (
                "<!DOCTYPE rdf:RDF [\n<!ENTITY % a PUBLIC \"-//A//EN\" \"a>b.ent\">\n%a;\n]>\n<rdf:RDF>",
                Format::Feed,
            ),
            ("<!DOCTYPE nitf SYSTEM 'nitf.dtd' [<!-- it's > --><?a ]>?>]><nitf>", Format::NewsMl),
            ("<!DOCTYPE rss PUBLIC '-//A//EN' 'a.dtd'><rss>", Format::Feed),
            ("<!DOCTYPE rss <rss>", Format::Feed),
            ("<!DOCTYPE html [<!ENTITY rss '<rss>'>]><html>", Format::Html),
        ] {
            assert_eq!(Format::of("a", declared.as_bytes()), expected, "{declared}");
        }
        let late = format!("{}<rss>", "<!-- x -->\n".repeat(500));
        assert_eq!(Format::of("a", late.as_bytes()), Format::Feed);
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    }

    fn errors(bytes: &[u8]) -> Vec<String> {
        documents(bytes, "in", None).filter_map(|d| d.err().map(|e| e.to_string())).collect()
    }

    #[test]
    fn a_gzip_bomb_is_refused() {
        let bomb = gzip(&vec![b' '; LIMIT + 1]);
        assert!(bomb.len() < 100_000);
        assert_eq!(errors(&bomb), ["in: larger than 64 MiB"]);
    }

    #[test]
    fn damaged_and_binary_inputs_are_refused() {
        assert!(errors(&gzip(b"text")[..8])[0].starts_with("in: "));
        assert_eq!(
            errors(b"\x89PNG\r\n\x1a\n\0\0"),
            ["in: a binary file, not a text, a page, JSON, a feed, a news item or a web archive"]
        );
    }

    #[test]
    fn files_of_word_processors_say_what_to_do() {
        let first = "; save or convert it as plain text (.txt) or as a web page (.html) first";
        for (name, bytes, kind) in [
            ("a.pdf", &b"%PDF-1.7 It rained."[..], "a PDF file"),
            ("a.txt", br"{\rtf1\ansi It rained, Ada Brandt said.}", "an RTF file"),
            ("a.docx", b"PK\x03\x04\x14\0\x06\0", "a Word file"),
            ("a.ODT", b"PK\x03\x04\x14\0\0\0mimetype", "an OpenDocument file"),
            ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "a Word or other Office file"),
            ("a", b"PK\x03\x04\x14\0\x06\0[Content_Types].xml", "a Word or other Office file"),
            ("a", b"PK\x03\x04\x14\0\0\0mimetypeapplication/epub+zip", "an EPUB book"),
        ] {
            let found = documents(bytes, name, None).next().unwrap().unwrap_err().to_string();
            assert_eq!(found, format!("{name}: {kind}, which can't be read{first}"));
        }
        assert!(documents(&br"A line with {\rtf in it."[..], "a.txt", None).next().unwrap().is_ok());
    }

    #[test]
    fn archives_and_compressed_files_say_what_they_are() {
        let tar = [&b"a.txt"[..], &[0; 252], b"ustar\x0000"].concat();
        let twice = gzip(&gzip(b"It rained, she said."));
        for (bytes, kind) in [
            (&b"PK\x03\x04\x14\0"[..], "a zip archive"),
            (&tar, "a tar archive"),
            (&gzip(&tar), "a tar archive"),
            (b"BZh91AY&SY\xf7\0", "a file compressed with bzip2"),
            (b"\xfd7zXZ\0\0\x04", "a file compressed with xz"),
            (b"\x28\xb5\x2f\xfd\x24\0", "a file compressed with zstd"),
            (b"7z\xbc\xaf\x27\x1c\0", "a 7z archive"),
            (&twice, "a file compressed with gzip twice"),
        ] {
            for name in ["in", "in.txt", "in.warc"] {
                let message = format!("{name}: {kind}, which can't be read; unpack it first");
                let found = documents(bytes, name, None).next().unwrap().unwrap_err().to_string();
                assert_eq!(found, message);
            }
        }
    }

    #[test]
    fn collections_and_tables_are_no_prose() {
        let said = |text: &'static str, name| {
            documents(text.as_bytes(), name, None).next().unwrap().err().map(|e| e.to_string())
        };
        let arc = "filedesc://a.arc 0.0.0.0 20160304100000 text/plain 76\n1 0 The Sound\n";
        for (text, name, kind) in [
            (arc, "in.arc", "an ARC archive, the predecessor of WARC"),
            (arc, "-", "an ARC archive, the predecessor of WARC"),
            (
                "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS><TEXT>It rained.",
                "in",
                "a collection in SGML",
            ),
            ("<REUTERS NEWID=\"1\">\n<TEXT>It rained.", "in.txt", "a collection in SGML"),
            ("<DOC id=\"SND_1\" type=\"story\" >\n<TEXT>\n<P>\nIt rained.", "in", "a collection in SGML"),
            ("<DOC>\n<DOCNO> SND-1 </DOCNO>\nIt rained.", "in.txt", "a collection in SGML"),
            ("<STORY><P>It rained.", "in.sgm", "a collection in SGML"),
            ("date,story\n2016-03-04,\"It rained.\"\n", "in.CSV", "a table in CSV"),
            ("date\tstory\n2016-03-04\tIt rained.\n", "in.tsv.gz", "a table in TSV"),
        ] {
            let found = said(text, name).unwrap_or_default();
            assert!(
                found.starts_with(&format!("{name}: {kind}, which can't be read; convert it to ")),
                "{found}"
            );
        }
        for (text, name) in [
            ("{\"text\": \"It rained.\"}", "in.csv"),
            ("<html><p>It rained.", "in.sgml"),
            ("<DOC> was the name of the file.", "in.html"),
            ("filedesc: it rained.", "in"),
            ("date,story\n", "in.txt"),
        ] {
            assert_eq!(said(text, name), None, "{text}");
        }
    }

    #[test]
    fn a_page_is_a_page_whatever_its_name() {
        for page in [
            "<!DOCTYPE html><p>It rained.",
            "\n<!doctype html>\n<title>Rain</title>",
            "<html lang=en><p>It rained.",
            "<!-- saved --><HTML><p>It rained.",
            "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><p>It rained.</p></html>",
        ] {
            assert_eq!(Format::of("in.txt", page.as_bytes()), Format::Html, "{page}");
        }
        for text in ["<htm> is a tag", "html", "<p>It rained.", "It rained. <html>"] {
            assert_eq!(Format::of("in.txt", text.as_bytes()), Format::Text, "{text}");
        }
    }

    #[test]
    fn json_may_be_in_utf_16() {
        for (text, name, places) in [
            ("{\"text\": \"“Nein”\"}\n{\"text\": \"“Ja”\"}\n", "in.jsonl", vec!["in.jsonl:1", "in.jsonl:2"]),
            ("{\"text\": \"“Nein”\"}", "in.json", vec!["in.json"]),
            ("[{\"text\": \"“Nein”\"}, {\"text\": \"“Ja”\"}]", "in.json", vec!["in.json#1", "in.json#2"]),
            (
                "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{\"content_text\": \"“Nein”\"}]}",
                "-",
                vec!["-#1"],
            ),
        ] {
            let wide: Vec<u8> = text.chars().flat_map(|c| (c as u16).to_be_bytes()).collect();
            let marked = [&b"\xfe\xff"[..], &wide].concat();
            for (bytes, is_marked) in [(gzip(&marked), true), (marked, true), (wide, false)] {
                let all: Vec<Raw> = documents(&*bytes, name, None).map(Result::unwrap).collect();
                assert_eq!(all.iter().map(|raw| raw.place.as_str()).collect::<Vec<_>>(), places);
                for raw in &all {
                    let article = raw.read(&Hints::default()).unwrap();
                    assert!(article.text.contains("“Nein”") || article.text.contains("“Ja”"));
                    let is_odd = article.notices.iter().any(|notice| notice.kind == NoticeKind::Encoding);
                    assert_eq!(is_odd, !is_marked);
                }
            }
        }
    }

    #[test]
    fn data_after_gzip_data_are_reported() {
        for (name, text) in
            [("in.jsonl.gz", "{\"text\": \"It rained.\"}\n"), ("in.txt.gz", "It rained, she said.")]
        {
            let bytes = [&gzip(text.as_bytes())[..], b"{\"text\": \"It snowed.\"}\n"].concat();
            let all: Vec<_> = documents(&*bytes, name, None).collect();
            assert!(all[0].is_ok() && all.len() == 2, "{all:?}");
            let message = format!("{name}: 23 bytes after the gzip data are not gzipped and were not read");
            assert_eq!(all[1].as_ref().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn what_cannot_be_read_says_what_it_is() {
        let said =
            |bytes: &[u8], name| documents(bytes, name, None).next().unwrap().err().map(|e| e.to_string());
        let wide: Vec<u8> = "\u{feff}It rained.".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        assert_eq!(
            said(&wide, "in.txt").unwrap(),
            "in.txt: a text in UTF-32, which can't be read; convert it to UTF-8 first"
        );
        let mainframe = [0x4c, 0x6f, 0xa7, 0x94, 0x93, 0x40];
        assert!(said(&mainframe, "in.xml").unwrap().contains("a text in EBCDIC"));
        let map = "<urlset><url><loc>https://sound.example/1</loc></url></urlset>";
        let message =
            "in.xml: an XML document whose root is “urlset”, which is not a page, a feed or a news item";
        assert_eq!(said(map.as_bytes(), "in.xml").unwrap(), message);
        let declared = format!("<?xml version='1.0'?>{map}");
        assert!(said(declared.as_bytes(), "-").unwrap().contains("“urlset”"));
        let narrow: Vec<u8> = "\u{feff}It rained.".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(said(&narrow, "in.txt"), None);
        for (page, name) in [
            ("<?xml version='1.0'?><html><p>It rained.</p></html>", "in.xml"),
            ("<?xml version='1.0'?><h:div xmlns:h='x'>It rained.</h:div>", "-"),
            ("<?xml version='1.0'?> It rained.", "in.xml"),
            ("<story>It rained.</story>", "in.html"),
            ("<story>It rained.</story>", "in.txt"),
        ] {
            assert_eq!(said(page.as_bytes(), name), None, "{page}");
        }
    }

    #[test]
    fn lines_carry_their_number() {
        let lines = gzip(b"{\"text\": \"a\"}\n\n{\"text\": \"b\"}");
        let places: Vec<_> = documents(lines.as_slice(), "in.gz", None).map(|d| d.unwrap().place).collect();
        assert_eq!(places, ["in.gz:1", "in.gz:3"]);
    }

    #[test]
    fn a_line_may_be_as_long_as_the_limit() {
        let read = |text: &str| {
            let mut input = Input::new(Box::new(text.as_bytes())).unwrap();
            let mut found = Vec::new();
            loop {
                let mut line = Vec::new();
                match read_line(&mut input, 5, &mut line).unwrap() {
                    Line::End => return found.join("|"),
                    Line::TooLarge => found.push("-".to_owned()),
                    Line::Whole => found.push(String::from_utf8(line).unwrap()),
                }
            }
        };
        for (text, expected) in [
            ("12345\nab\n", "12345|ab"),
            ("12345\r\nab", "12345|ab"),
            ("123456\nab\n", "-|ab"),
            ("123456\r\nab\n", "-|ab"),
            ("1234567\nab\n", "-|ab"),
            ("12345678\n\nab\n", "-||ab"),
            ("12345", "12345"),
            ("123456", "-"),
            ("1234567890", "-"),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_that_is_too_large_costs_itself() {
        let lines =
            [b"{\"text\": \"a\"}\n".to_vec(), vec![b'x'; LIMIT + 100], b"\n{\"text\": \"b\"}\n".to_vec()]
                .concat();
        let all: Vec<_> = documents(lines.as_slice(), "in.jsonl", None)
            .map(|d| d.map(|raw| raw.place).map_err(|e| e.to_string()))
            .collect();
        assert_eq!(
            all,
            [
                Ok("in.jsonl:1".to_owned()),
                Err("in.jsonl:2: larger than 64 MiB".to_owned()),
                Ok("in.jsonl:3".to_owned())
            ]
        );
    }

    #[test]
    fn a_broken_line_costs_itself() {
        let long = format!("{{\"text\": \"{}\"}}", "It rained. ".repeat(2 * HEAD / 10));
        for (lines, broken) in [
            ("{\"text\": \"a\" broken}\n{ \"text\": \"b\"}\n{ \"text\": \"c\"}".to_owned(), 1),
            ("{\"text\": \"a\"}\n{\"text\": \"b\" broken}\n{\"text\": \"c\"}".to_owned(), 2),
            (format!("{long}\n{{\"text\": \"b\" broken}}\n{{\"text\": \"c\"}}"), 2),
            (format!("{}\n{{\"text\": \"b\"}}\n{{\"text\": \"c\"}}", &long[..long.len() - 2]), 1),
            (
                "{\"text\": \"a\", \"url\": \"https://jsonfeed.org/version/1\"}\n{\"text\" broken}\n{\"text\": \"c\"}".to_owned(),
                2,
            ),
        ] {
            for name in ["in.json", "in.jsonl", "-"] {
                let mut damaged = Vec::new();
                for (n, raw) in documents(lines.as_bytes(), name, None).enumerate() {
                    let raw = raw.unwrap();
                    assert_eq!(raw.place, format!("{name}:{}", n + 1));
                    damaged.extend(raw.read(&Hints::default()).err().map(|_| n + 1));
                }
                assert_eq!(damaged, [broken], "{name}: {}", &lines[..40]);
            }
        }
        // Lines inside one document are no documents.
        for whole in [
            "{\"a\": [\n{\"b\": 1},\n{\"c\": 2}\n], \"text\": \"It rained.\"}",
            "{\"a\":\n{\"b\": 1}, \"text\": \"It rained.\"}",
        ] {
            let all: Vec<_> = documents(whole.as_bytes(), "-", None).collect();
            assert_eq!(all.len(), 1);
            assert_eq!(all[0].as_ref().unwrap().read(&Hints::default()).unwrap().text, "It rained.");
        }
    }

    #[test]
    fn a_mark_before_json_is_no_part_of_it() {
        for lines in
            ["\u{feff}{\"text\": \"a\"}\n{\"text\": \"b\"}", "\u{feff}[{\"text\": \"a\"}, {\"text\": \"b\"}]"]
        {
            let read = documents(lines.as_bytes(), "-", None)
                .map(|d| d.unwrap().read(&Hints::default()).unwrap().text);
            assert_eq!(read.collect::<Vec<_>>(), ["a", "b"]);
        }
    }

    #[test]
    fn an_input_without_articles_says_so() {
        let said = |bytes: &'static str, name| {
            let mut all = documents(bytes.as_bytes(), name, None);
            assert_eq!(all.by_ref().count(), 0);
            all.passed_over()
        };
        assert_eq!(
            said("<rss><channel/></rss>", "in.rss"),
            Some("in.rss: there is no article in it".to_owned())
        );
        assert_eq!(said("[]", "in.json"), Some("in.json: there is no article in it".to_owned()));
        assert_eq!(said("\n\n", "in.jsonl"), Some("in.jsonl: there is no article in it".to_owned()));
        let feed = "<rss><channel><item><title>x</title></item></channel></rss>";
        assert_eq!(said(feed, "in.rss"), Some("in.rss: passed over 1 entry without text".to_owned()));
    }

    #[test]
    fn binary_and_not() {
        assert!(is_binary(b"\x89PNG\r\n\x1a\n\0\0"));
        assert!(!is_binary("“Нет”, she said".as_bytes()));
        assert!(!is_binary(b"\xff\xfeh\0i\0") && !is_binary(b"r\0a\0i\0n\0") && is_binary(b"r\0a\0"));
    }

    #[test]
    fn a_declaration_alone_makes_a_page() {
        assert_eq!(Format::of("a", b"<!DOCTYPE html>\nBridge opens in May"), Format::Html);
        assert_eq!(Format::of("a", b"<!doctype HTML> <3"), Format::Html);
        assert_eq!(Format::of("a", b"<!-- a --> Bridge opens"), Format::Html);
        assert_eq!(Format::of("a", b"<?xml version='1.0'?> Bridge opens"), Format::Html);
        assert_eq!(Format::of("a", b"DOCTYPE html Bridge opens"), Format::Text);
    }
}
