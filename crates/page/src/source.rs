//! What kind of input some bytes are, and what is inside compressed ones.

use std::io::{self, BufRead, BufReader, Read};

use flate2::read::MultiGzDecoder;
use onrecord_text::Article;

use crate::Hints;
use crate::document::{self, DocumentError};

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
}

impl Format {
    /// The kind of an input from its name and its first bytes (decompressed). The content decides where it is plain;
    /// the name decides between text and the rest.
    pub fn of(name: &str, head: &[u8]) -> Self {
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let text = String::from_utf8_lossy(&head[..head.len().min(1024)]);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let by_name = match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("html" | "htm" | "xhtml") => Some(Self::Html),
            Some("jsonl" | "ndjson") => Some(Self::JsonLines),
            Some("txt" | "text") => Some(Self::Text),
            _ => None,
        };
        by_name.unwrap_or_else(|| {
            let opening = text.get(..text.floor_char_boundary(15)).unwrap_or_default().to_ascii_lowercase();
            if opening.starts_with("<!doctype html")
                || opening.starts_with("<html")
                || opening.starts_with("<?xml")
                || opening.starts_with("<head")
                || opening.starts_with("<body")
            {
                Self::Html
            } else if text.starts_with('{') && text.contains('"') {
                Self::JsonLines
            } else {
                Self::Text
            }
        })
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
    /// What it is.
    pub format: Format,
    /// Its bytes, decompressed.
    pub bytes: Vec<u8>,
}

impl Raw {
    /// Reads the article. Hints hold where a JSON document is silent; for the other formats they win.
    ///
    /// # Errors
    ///
    /// When a line is no JSON document.
    pub fn read(&self, hints: &Hints) -> Result<Article, DocumentError> {
        match self.format {
            Format::JsonLines => document::parse(&self.bytes, &self.place, hints),
            Format::Html | Format::Text => Ok(crate::read(
                &self.bytes,
                self.format,
                &Hints { source_id: self.place.clone(), ..hints.clone() },
            )),
        }
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
    /// It could not be read to its end; a damaged gzip file is such a case.
    #[error("{0}: {1}")]
    Unreadable(String, io::Error),
}

/// Takes an input apart into documents: one for a page or a text, one a line for JSON Lines, each also gzipped. Lines
/// are read as they are asked for, so that an input may be larger than memory.
pub fn documents<'a>(input: impl Read + Send + 'a, name: &str, format: Option<Format>) -> Documents<'a> {
    Documents { state: State::Unopened(Box::new(input), format), name: name.to_owned(), line: 0 }
}

enum State<'a> {
    Unopened(Box<dyn Read + Send + 'a>, Option<Format>),
    Lines(Box<dyn BufRead + Send + 'a>),
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
    fn open(
        &mut self,
        input: Box<dyn Read + Send + 'a>,
        format: Option<Format>,
    ) -> Result<Option<Raw>, SourceError> {
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
        if is_binary(head) {
            return Err(SourceError::Binary(self.name.clone()));
        }
        if format == Format::JsonLines {
            self.state = State::Lines(reader);
            return Ok(None);
        }
        let mut bytes = Vec::new();
        reader.take(LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() > LIMIT {
            return Err(SourceError::TooLarge(self.name.clone()));
        }
        Ok(Some(Raw { place: self.name.clone(), format, bytes }))
    }

    /// The next line that is not empty.
    fn line(&mut self) -> Option<Result<Raw, SourceError>> {
        let State::Lines(reader) = &mut self.state else { return None };
        loop {
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
                Ok(_) => return Some(Ok(Raw { place, format: Format::JsonLines, bytes })),
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
        {
            let single = self.open(input, format).transpose();
            if single.is_some() {
                return single;
            }
        }
        self.line()
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
