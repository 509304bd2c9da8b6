//! What kind of input some bytes are, and what is inside compressed ones.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};

use flate2::read::MultiGzDecoder;
use onrecord_text::Article;

use crate::document::{self, DocumentError};
use crate::{Hints, feed, newsml, warc};

/// How gzip data begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The most bytes that one article may have, compressed or not. A larger one is refused rather than read in part.
pub const LIMIT: usize = 64 << 20;

/// The kinds of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A web page.
    Html,
    /// Plain text.
    Text,
    /// One JSON document a line.
    JsonLines,
    /// One JSON document, or a list of them: a document as on a line of JSON Lines, a ninjs item, a JSON Feed.
    Json,
    /// RSS or Atom.
    Feed,
    /// NewsML-G2, or NITF alone.
    NewsMl,
    /// A web archive.
    Warc,
}

impl Format {
    /// The kind of an input from its name and its first bytes (decompressed). The content decides where it is plain;
    /// the name decides between text and the rest.
    pub fn of(name: &str, head: &[u8]) -> Self {
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let text = String::from_utf8_lossy(&head[..head.len().min(4096)]);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("html" | "htm" | "xhtml") => Self::Html,
            Some("jsonl" | "ndjson") => Self::JsonLines,
            Some("json" | "ninjs") => Self::Json,
            Some("txt" | "text") => Self::Text,
            Some("warc") => Self::Warc,
            _ if text.starts_with("WARC/") => Self::Warc,
            _ if text.get(..14).is_some_and(|d| d.eq_ignore_ascii_case("<!doctype html")) => Self::Html,
            _ if text.starts_with('{') && text.contains('"') => Self::JsonLines,
            _ => match root(text).map(|name| name.to_ascii_lowercase()).as_deref() {
                Some("rss" | "feed" | "rdf") => Self::Feed,
                Some("newsitem" | "newsmessage" | "nitf") => Self::NewsMl,
                Some("html" | "head" | "body") => Self::Html,
                _ if text.starts_with("<?xml") => Self::Html,
                _ => Self::Text,
            },
        }
    }
}

/// The local name of the first element of a markup that begins with one, behind declarations and comments.
fn root(mut text: &str) -> Option<&str> {
    loop {
        text = text.trim_start();
        let behind = match text {
            t if t.starts_with("<?") => t.split_once("?>"),
            t if t.starts_with("<!--") => t.split_once("-->"),
            t if t.get(..9).is_some_and(|d| d.eq_ignore_ascii_case("<!doctype")) => t.split_once('>'),
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

/// Whether bytes are no text at all: an image, an archive, a program.
pub fn is_binary(head: &[u8]) -> bool {
    let head = &head[..head.len().min(8192)];
    if encoding_rs::Encoding::for_bom(head).is_some() {
        return false;
    }
    let odd = head
        .iter()
        .filter(|&&b| b == 0 || (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)))
        .count();
    head.starts_with(b"%PDF") || head.contains(&0) || odd * 50 > head.len()
}

/// One document of an input, not yet read.
#[derive(Debug)]
pub struct Raw {
    /// Where it comes from: the input's name, with the line for one of many.
    pub place: String,
    /// What it is: [`Format::Html`], [`Format::Text`] or [`Format::Json`].
    pub format: Format,
    /// Its bytes, decompressed.
    pub bytes: Vec<u8>,
    /// What the input says of it: the entry of a feed, the header of a news item. It goes before the caller's hints.
    pub stated: Hints,
    /// The character set that the server named.
    pub charset: Option<String>,
    /// The address that the server was asked for. It holds where the page doesn't state its own.
    pub fetched: Option<String>,
}

impl Raw {
    /// A document about which the input says nothing else.
    pub(crate) fn new(place: String, format: Format, bytes: Vec<u8>) -> Self {
        Self { place, format, bytes, stated: Hints::default(), charset: None, fetched: None }
    }

    /// Whether the document names itself, wherever it stands: a JSON document with an id, a feed's entry.
    #[must_use]
    pub fn names_itself(&self) -> bool {
        match self.format {
            Format::Json => document::has_name(&self.bytes),
            _ => !self.stated.source_id.is_empty(),
        }
    }

    /// Reads the article. Hints hold where the input is silent; for pages and texts they win over what these say.
    ///
    /// # Errors
    ///
    /// When a JSON document is none.
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
        let url = &mut article.metadata.url;
        *url = url.take().or_else(|| self.fetched.clone());
        Ok(article)
    }
}

/// Why an input could not be taken apart.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It, or a line of it, is larger than [`LIMIT`].
    #[error("{0}: larger than {limit} MiB", limit = LIMIT >> 20)]
    TooLarge(String),
    /// It is an image, a program or the like.
    #[error("{0}: a binary file, not a page, a text or JSON Lines")]
    Binary(String),
    /// It is not what its name or its opening promises.
    #[error("{0}: {1}")]
    Damaged(String, String),
    /// It could not be read to its end; a damaged gzip file is such a case.
    #[error("{0}: {1}")]
    Unreadable(String, io::Error),
}

/// Takes an input apart into documents: one for a page or a text, one a line for JSON Lines, an entry for feeds, a page
/// for web archives, an item for NewsML; each also gzipped. Lines and web archives are read as they are asked for, so
/// that an input may be larger than memory.
pub fn documents<'a>(input: impl Read + Send + 'a, name: &str, format: Option<Format>) -> Documents<'a> {
    Documents { state: State::Unopened(Box::new(input), format), name: name.to_owned(), line: 0 }
}

enum State<'a> {
    Unopened(Box<dyn Read + Send + 'a>, Option<Format>),
    Lines(Box<dyn BufRead + Send + 'a>),
    Archive(warc::Records<Box<dyn BufRead + Send + 'a>>),
    Ready(VecDeque<Raw>),
    Done,
}

/// The documents of an input, as [`documents`] takes it apart.
pub struct Documents<'a> {
    state: State<'a>,
    name: String,
    line: usize,
}

impl<'a> Documents<'a> {
    /// Finds out what the input is; a single document is read whole.
    fn open(&mut self, input: Box<dyn Read + Send + 'a>, format: Option<Format>) -> Result<(), SourceError> {
        let unreadable = |e| SourceError::Unreadable(self.name.clone(), e);
        let mut plain = BufReader::with_capacity(1 << 16, input);
        let mut reader: Box<dyn BufRead + Send + 'a> =
            if plain.fill_buf().map_err(unreadable)?.starts_with(&GZIP) {
                Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(plain)))
            } else {
                Box::new(plain)
            };
        let head = reader.fill_buf().map_err(unreadable)?;
        let format = format.unwrap_or_else(|| Format::of(&self.name, head));
        // The pages of an archive may be pictures; each is looked at alone.
        if format != Format::Warc && is_binary(head) {
            return Err(SourceError::Binary(self.name.clone()));
        }
        match format {
            Format::JsonLines => self.state = State::Lines(reader),
            Format::Warc => self.state = State::Archive(warc::Records::new(reader, &self.name)),
            _ => {
                let mut bytes = Vec::new();
                reader.take(LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
                if bytes.len() > LIMIT {
                    return Err(SourceError::TooLarge(self.name.clone()));
                }
                self.state = State::Ready(self.whole(format, bytes)?);
            }
        }
        Ok(())
    }

    /// The documents of an input that is taken apart as a whole.
    fn whole(&self, format: Format, bytes: Vec<u8>) -> Result<VecDeque<Raw>, SourceError> {
        let damaged = |e: String| SourceError::Damaged(self.name.clone(), e);
        match format {
            Format::Feed => feed::entries(&bytes, &self.name).map_err(damaged),
            Format::Json if feed::is_json_feed(&bytes) => feed::entries(&bytes, &self.name).map_err(damaged),
            Format::Json => document::items(bytes, &self.name).map_err(damaged),
            Format::NewsMl => newsml::items(&bytes, &self.name).map_err(damaged),
            _ => Ok(VecDeque::from([Raw::new(self.name.clone(), format, bytes)])),
        }
    }

    /// The next line that is not empty.
    fn line(&mut self) -> Option<Result<Raw, SourceError>> {
        loop {
            let State::Lines(reader) = &mut self.state else { return None };
            let mut bytes = Vec::new();
            self.line += 1;
            let place = format!("{}:{}", self.name, self.line);
            let read = reader.by_ref().take(LIMIT as u64 + 1).read_until(b'\n', &mut bytes);
            let error = match read {
                Ok(0) => {
                    self.state = State::Done;
                    return None;
                }
                Ok(n) if n > LIMIT => SourceError::TooLarge(place),
                Ok(_) if bytes.trim_ascii().is_empty() => continue,
                Ok(_) => return Some(Ok(Raw::new(place, Format::Json, bytes))),
                Err(e) => SourceError::Unreadable(place, e),
            };
            self.state = State::Done;
            return Some(Err(error));
        }
    }
}

impl Iterator for Documents<'_> {
    type Item = Result<Raw, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let State::Unopened(..) = self.state
            && let State::Unopened(input, format) = std::mem::replace(&mut self.state, State::Done)
            && let Err(error) = self.open(input, format)
        {
            return Some(Err(error));
        }
        match &mut self.state {
            State::Ready(documents) => documents.pop_front().map(Ok),
            State::Archive(records) => records.next(),
            _ => self.line(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn formats() {
        assert_eq!(Format::of("a.html.gz", b""), Format::Html);
        assert_eq!(Format::of("a", b"\xef\xbb\xbf <!DOCTYPE html><p>"), Format::Html);
        assert_eq!(Format::of("-", b"{\"text\": \"x\"}"), Format::JsonLines);
        assert_eq!(Format::of("a.txt", b"<html>"), Format::Text);
        assert_eq!(Format::of("a", b"A minister said"), Format::Text);
        assert_eq!(Format::of("a.xml", b"<?xml version='1.0'?><!-- x --><rss version='2.0'>"), Format::Feed);
        assert_eq!(Format::of("a", b"<a:feed xmlns:a='http://www.w3.org/2005/Atom'>"), Format::Feed);
        assert_eq!(Format::of("a", b"<newsItem guid='x'>"), Format::NewsMl);
        assert_eq!(Format::of("a", b"<?xml version='1.0'?><!DOCTYPE html><html>"), Format::Html);
        assert_eq!(Format::of("a.gz", b"WARC/1.0\r\n"), Format::Warc);
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
        assert_eq!(errors(b"\x89PNG\r\n\x1a\n\0\0"), ["in: a binary file, not a page, a text or JSON Lines"]);
    }

    #[test]
    fn lines_carry_their_number() {
        let lines = gzip(b"{\"text\": \"a\"}\n\n{\"text\": \"b\"}");
        let places: Vec<_> = documents(lines.as_slice(), "in.gz", None).map(|d| d.unwrap().place).collect();
        assert_eq!(places, ["in.gz:1", "in.gz:3"]);
    }

    #[test]
    fn binary_and_not() {
        assert!(is_binary(b"\x89PNG\r\n\x1a\n\0\0"));
        assert!(!is_binary("“Нет”, she said".as_bytes()));
        assert!(!is_binary(b"\xff\xfeh\0i\0"));
    }
}
