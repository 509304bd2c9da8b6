//! Reads web archives (WARC, ISO 28500): the pages that servers returned.
//!
//! The framing is parsed here, record by record with a limit for each, because archives are larger than memory and come
//! from anywhere. The responses' headers are parsed here too: crawlers keep what servers sent, which browsers accept
//! and strict parsers refuse.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use onrecord_text::{Notice, NoticeKind};

use crate::input::Input;
use crate::source::{Format, LIMIT, Raw, SourceError, is_binary};

/// The longest header of a record or a response.
const HEADER: usize = 1 << 20;
/// The most content codings that are removed from a body.
const MOST_CODINGS: usize = 4;

/// An iterator over the pages of an archive.
pub(crate) struct Records<'a> {
    input: Input<'a>,
    name: String,
    number: usize,
    done: bool,
    /// Whether the position is no longer known to be the start of a record.
    lost: bool,
    /// Where no record begins although the input should be an archive. It may still turn out to be one.
    odd_start: Option<u64>,
    /// The first segments of a record whose next one is expected.
    segments: Option<Segments>,
    /// Results of a record that have not been returned yet.
    waiting: VecDeque<Result<Raw, SourceError>>,
    /// The number of records that are not pages, by type.
    passed: BTreeMap<String, usize>,
}

/// The relevant fields of a record's header.
#[derive(Clone, Default)]
struct Header {
    kind: String,
    target: Option<String>,
    content_type: String,
    length: u64,
    /// The number of a segment, if the record is one of several.
    segment: Option<u64>,
    /// The identifier of the record, and that of the first one if this is a later segment of it.
    id: String,
    origin: String,
    /// Why the archive has only a part of the body.
    truncated: Option<&'static str>,
    offset: u64,
    /// The number of the record in the archive.
    number: usize,
}

/// The segments of a record that have been read.
struct Segments {
    /// The header of the first one.
    header: Header,
    last: u64,
    bytes: Vec<u8>,
    /// The type of a record that is not read.
    other: Option<String>,
}

impl Segments {
    /// Whether a record is the next segment.
    fn continues(&self, next: &Header) -> bool {
        let same = if next.origin.is_empty() || self.header.id.is_empty() {
            next.target == self.header.target
        } else {
            next.origin == self.header.id
        };
        next.kind == "continuation" && same && next.segment == Some(self.last + 1)
    }
}

/// The result of reading a record.
enum Found {
    /// A document with its format and payload.
    Document(Format, Payload),
    /// Something other than a page, of this type.
    Other(String),
    /// A page that cannot be read, for this reason.
    Unread(&'static str),
}

/// The body of a response.
struct Payload {
    bytes: Vec<u8>,
    charset: Option<String>,
    /// A description of what is missing from it.
    missing: Option<&'static str>,
}

impl<'a> Records<'a> {
    pub(crate) fn new(input: Input<'a>, name: &str) -> Self {
        Self {
            input,
            name: name.to_owned(),
            number: 0,
            done: false,
            lost: false,
            odd_start: None,
            segments: None,
            waiting: VecDeque::new(),
            passed: BTreeMap::new(),
        }
    }

    /// A description of what was skipped so far, for the user.
    pub(crate) fn passed_over(&self) -> Option<String> {
        let all: usize = self.passed.values().sum();
        let mut kinds: Vec<_> = self.passed.iter().collect();
        kinds.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
        let more = kinds.len().saturating_sub(8);
        let mut listed: Vec<String> =
            kinds.iter().take(8).map(|(kind, times)| format!("{times} {kind}")).collect();
        listed.extend((more > 0).then(|| format!("{more} other kinds")));
        let answers = if all == 1 { "answer that is not a page" } else { "answers that are not pages" };
        (all > 0).then(|| format!("passed over {all} {answers}: {}", listed.join(", ")))
    }

    /// Reads the next record's header; `None` at the end.
    fn header(&mut self) -> Result<Option<Header>, SourceError> {
        let mut header = Header::default();
        let (mut seen, mut begun) = (0, false);
        loop {
            let mut line = Vec::new();
            let offset = self.input.offset();
            let most = (HEADER - seen) as u64;
            let read = self.input.by_ref().take(most).read_until(b'\n', &mut line);
            let read = read.map_err(|e| self.unreadable(e))?;
            // The text skipped on the way to the next record may be long.
            seen += if self.lost { 0 } else { read };
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end();
            match (begun, text) {
                (false, "") if read == 0 => return self.ended(),
                (_, _) if read == 0 || seen >= HEADER => return Err(self.damaged("the header doesn't end")),
                // Empty lines separate records.
                (false, "") => {}
                (false, version) if version.starts_with("WARC/") => {
                    begun = true;
                    if let Some(offset) = self.odd_start.take() {
                        let error = self.damage("no record begins where one should", offset);
                        self.waiting.push_back(Err(error));
                    }
                    self.lost = false;
                    self.number += 1;
                    header.offset = offset;
                    header.number = self.number;
                }
                (false, _) if self.lost => {}
                (false, _) if self.number == 0 => {
                    self.lost = true;
                    self.odd_start = Some(offset);
                }
                (false, _) => return Err(self.damaged("no record begins where one should")),
                (true, "") => return Ok(Some(header)),
                (true, field) => {
                    let Some((name, value)) = field.split_once(':') else { continue };
                    let value = value.trim();
                    match name.trim().to_ascii_lowercase().as_str() {
                        "warc-type" => header.kind = value.to_ascii_lowercase(),
                        "warc-target-uri" => {
                            header.target = Some(value.trim_matches(['<', '>']).to_owned());
                        }
                        "warc-segment-number" => header.segment = value.parse().ok(),
                        "warc-record-id" => header.id = value.to_owned(),
                        "warc-segment-origin-id" => header.origin = value.to_owned(),
                        "warc-truncated" => header.truncated = Some(why_truncated(value)),
                        "content-type" => header.content_type = value.to_ascii_lowercase(),
                        "content-length" => {
                            header.length = value
                                .parse()
                                .map_err(|_| self.damaged("the record's length is not a number"))?;
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// What follows the last record.
    fn ended(&mut self) -> Result<Option<Header>, SourceError> {
        self.done = true;
        let wrong =
            self.odd_start.take().map(|_| "not a web archive (WARC): no record begins in it".to_owned());
        match wrong.or_else(|| self.input.left()) {
            Some(what) => {
                self.end_segments();
                Err(SourceError::Damaged(self.name.clone(), what))
            }
            None => Ok(None),
        }
    }

    /// Reads the record after a header; its results are queued.
    fn record(&mut self, header: &Header) -> Result<(), SourceError> {
        let continues = self.segments.as_ref().is_some_and(|segments| segments.continues(header));
        // Records about the one before do not end it.
        let beside = matches!(header.kind.as_str(), "request" | "metadata" | "warcinfo");
        if !continues && !beside {
            self.end_segments();
        }
        let wanted = match header.kind.as_str() {
            "continuation" => self.segments.as_ref().is_some_and(|s| continues && s.other.is_none()),
            _ => is_wanted(header),
        };
        let mut bytes = Vec::new();
        let mut body = self.input.by_ref().take(header.length);
        let mut error = None;
        if wanted {
            // A film is not loaded just to find out that it is not a page.
            let mut limit = HEADER as u64;
            loop {
                match body.by_ref().take(limit).read_to_end(&mut bytes) {
                    Ok(read) if limit == HEADER as u64 && read as u64 == limit => {
                        let other = header.kind == "response"
                            && begins_answer(&bytes)
                            && matches!(answer(&bytes), Found::Other(_));
                        if other {
                            break;
                        }
                        limit = (LIMIT + HEADER) as u64 - limit;
                    }
                    Ok(_) => break,
                    Err(e) => {
                        error = Some(e);
                        break;
                    }
                }
            }
        }
        let too_large = bytes.len() > LIMIT;
        // Skipped content still has to be read, because compressed archives cannot be seeked.
        if error.is_none() {
            error = io::copy(&mut body, &mut io::sink()).err();
        }
        let cut = body.limit() > 0;
        if continues && let Some(segments) = &mut self.segments {
            segments.last += 1;
            segments.header.truncated = segments.header.truncated.or(header.truncated);
            let room = (LIMIT + 1).saturating_sub(segments.bytes.len());
            segments.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
            if cut {
                segments.header.truncated = Some("the record is cut off");
            }
        } else if header.segment == Some(1) && error.is_none() && !cut {
            let other = match found(header, bytes[..bytes.len().min(HEADER)].to_vec()) {
                Found::Other(kind) => Some(kind),
                _ if !wanted => Some(passed_kind(header)),
                _ => None,
            };
            let bytes = if other.is_none() { bytes } else { Vec::new() };
            self.segments = Some(Segments { header: header.clone(), last: 1, bytes, other });
        } else if header.kind == "continuation" {
            let why = "it is a later segment of a record, and the one before it is not in the archive";
            self.waiting.push_back(Err(self.unread(header, why)));
        } else {
            let found = match () {
                () if !wanted => Found::Other(passed_kind(header)),
                () if too_large => Found::Unread("it is larger than 64 MiB"),
                () => found(header, bytes),
            };
            self.give(header, found, cut);
        }
        match error {
            Some(e) => Err(self.unreadable(e)),
            None if cut => Err(self.damaged("the record is cut off")),
            None => Ok(()),
        }
    }

    /// Returns the document of a record, or counts or reports the record.
    fn give(&mut self, header: &Header, found: Found, cut: bool) {
        match found {
            // Data that is cut off is skipped unless it is text, because it may look like a page by accident.
            Found::Document(..) | Found::Unread(_) if cut && !is_text(&found) => {}
            Found::Document(_, payload) if is_binary(&payload.bytes) => {
                self.waiting.push_back(Err(self.unread(header, "it is a binary file")));
            }
            Found::Document(format, payload) => {
                let missing = payload.missing.or(cut.then_some("the record is cut off")).or(header.truncated);
                let notices = missing.map(|missing| Notice {
                    kind: NoticeKind::Truncated,
                    message: format!("a part of the page is missing: {missing}"),
                });
                self.waiting.push_back(Ok(Raw {
                    charset: payload.charset,
                    fetched: header.target.clone(),
                    notices: notices.into_iter().collect(),
                    ..Raw::new(self.place_of(header.number), format, payload.bytes)
                }));
            }
            Found::Unread(why) => self.waiting.push_back(Err(self.unread(header, why))),
            Found::Other(kind) if !kind.is_empty() => *self.passed.entry(kind).or_default() += 1,
            Found::Other(_) => {}
        }
    }

    /// Returns the record whose segments have been joined.
    fn end_segments(&mut self) {
        let Some(Segments { mut header, last, bytes, other }) = self.segments.take() else { return };
        if last == 1 {
            header.truncated = header.truncated.or(Some("its later segments are not in the archive"));
        }
        let found = match other {
            Some(kind) => Found::Other(kind),
            None if bytes.len() > LIMIT => Found::Unread("it is larger than 64 MiB"),
            None => found(&header, bytes),
        };
        self.give(&header, found, false);
    }

    fn place(&self) -> String {
        self.place_of(self.number)
    }

    fn place_of(&self, number: usize) -> String {
        format!("{}#{number}", self.name)
    }

    fn unread(&self, header: &Header, why: &str) -> SourceError {
        let target = header.target.as_deref().unwrap_or("a page without an address");
        let what = format!("{target} (the record at byte {}) was not read: {why}", header.offset);
        SourceError::Damaged(self.place_of(header.number), what)
    }

    /// Reports damage; reading resumes at the next recognisable record.
    fn damaged(&mut self, what: &str) -> SourceError {
        self.lost = true;
        self.damage(what, self.input.offset())
    }

    fn damage(&self, what: &str, offset: u64) -> SourceError {
        let what = format!("{what}, near byte {offset}; reading goes on at the next record");
        SourceError::Damaged(self.place(), what)
    }

    fn unreadable(&mut self, error: io::Error) -> SourceError {
        // Reading can resume after damage to the compression, but not after an error of the system.
        self.done = error.kind() != io::ErrorKind::InvalidData;
        self.lost = true;
        if self.done {
            SourceError::Unreadable(self.place(), error)
        } else {
            SourceError::Damaged(self.place(), format!("{error}; reading goes on at the next record"))
        }
    }
}

fn is_text(found: &Found) -> bool {
    matches!(found, Found::Document(_, payload) if !is_binary(&payload.bytes) && !payload.bytes.trim_ascii().is_empty())
}

impl Iterator for Records<'_> {
    type Item = Result<Raw, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(found) = self.waiting.pop_front() {
                return Some(found);
            }
            if self.done {
                return None;
            }
            match self.header() {
                Ok(Some(header)) => {
                    let end = self.record(&header);
                    self.waiting.extend(end.err().map(Err));
                }
                Ok(None) => {
                    self.done = true;
                    self.end_segments();
                }
                Err(e) => return Some(Err(e)),
            }
        }
    }
}

/// Whether the body of a record may be a page.
fn is_wanted(header: &Header) -> bool {
    let kind = header.content_type.as_str();
    match header.kind.as_str() {
        "response" => kind.contains("http") || kind.is_empty() || is_page(kind),
        "resource" => is_page(kind),
        "conversion" => is_page(kind) || kind.contains("text/plain"),
        _ => false,
    }
}

/// The type of a record that is not read; empty if it is not counted.
fn passed_kind(header: &Header) -> String {
    match header.kind.as_str() {
        "response" | "resource" | "conversion" => kind_of(&header.content_type),
        _ => String::new(),
    }
}

/// Describes why the body of a record is not whole (ISO 28500, section 5.13).
fn why_truncated(reason: &str) -> &'static str {
    match reason.to_ascii_lowercase().as_str() {
        "length" => "the crawler stopped at a maximum length",
        "time" => "the crawler stopped after a maximum time",
        "disconnect" => "the connection to the server was lost",
        _ => "the archive says that the record is truncated",
    }
}

/// The document in the body of a record.
fn found(header: &Header, bytes: Vec<u8>) -> Found {
    let whole = |format, bytes| Found::Document(format, Payload { bytes, charset: None, missing: None });
    match header.kind.as_str() {
        // Some programs store the page without the head of the response.
        "response" if is_page(&header.content_type) && !begins_answer(&bytes) => whole(Format::Html, bytes),
        "response" => answer(&bytes),
        "conversion" if !is_page(&header.content_type) => whole(Format::Text, bytes),
        _ => whole(Format::Html, bytes),
    }
}

/// Whether bytes begin like the head of a response.
fn begins_answer(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii_start();
    bytes.get(..5).is_some_and(|first| first.eq_ignore_ascii_case(b"HTTP/"))
}

fn is_page(kind: &str) -> bool {
    kind.contains("html")
}

/// A media type without its parameters.
fn kind_of(kind: &str) -> String {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let odd =
        kind.is_empty() || kind.len() > 60 || kind.contains(|c: char| c.is_whitespace() || c.is_control());
    if odd { "of no known type".to_owned() } else { kind.to_owned() }
}

/// The page in a server's response.
fn answer(answer: &[u8]) -> Found {
    let (head, body) = headers(answer);
    let mut words = head.first().map(String::as_str).unwrap_or_default().split_whitespace();
    let version = words.next().unwrap_or_default().to_ascii_uppercase();
    if !version.starts_with("HTTP") && version != "ICY" {
        return Found::Unread("there is no HTTP answer in it");
    }
    let status = words.next().unwrap_or_default();
    let digits = status.len() - status.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match status[..digits].parse::<u16>().ok() {
        Some(200 | 203) => {}
        Some(code) => return Found::Other(format!("with status {code}")),
        None => return Found::Unread("its HTTP answer has no status"),
    }
    let field = |name: &str| {
        head.iter().skip(1).find_map(|line| {
            let (n, value) = line.split_once(':')?;
            n.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_ascii_lowercase())
        })
    };
    let kind = field("content-type").unwrap_or_default();
    let vague = kind.is_empty()
        || kind.contains("octet-stream")
        || kind.contains("text/plain")
        || !kind.contains('/');
    if !is_page(&kind) && !vague {
        return Found::Other(kind_of(&kind));
    }
    let chunked = field("transfer-encoding").is_some_and(|e| e.contains("chunked"));
    // Some crawlers decode the chunks but keep the header that announces them.
    let (body, mut missing) = match unchunked(body).filter(|_| chunked) {
        Some((whole, true)) => (whole, None),
        Some((part, false)) => (part, Some("its last chunks")),
        None => (body.to_vec(), None),
    };
    let codings = field("content-encoding").unwrap_or_default();
    let body = match decoded(body, &codings, &mut missing) {
        Ok(body) => body,
        Err(why) => return if is_page(&kind) { Found::Unread(why) } else { Found::Other(kind_of(&kind)) },
    };
    // If the type is missing or meaningless, the content decides whether it is a page.
    if !is_page(&kind) && (is_binary(&body) || Format::of("", &body[..body.len().min(8192)]) != Format::Html)
    {
        return Found::Other(kind_of(&kind));
    }
    let charset = kind.split_once("charset=").map(|(_, c)| c.trim_matches(['"', '\'', ' ', ';']).to_owned());
    Found::Document(Format::Html, Payload { bytes: body, charset, missing })
}

/// The lines of a response's head, the status first, and its body. A line that begins with white space continues the
/// preceding one.
fn headers(answer: &[u8]) -> (Vec<String>, &[u8]) {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = answer;
    while let Some(end) = rest.iter().take(HEADER).position(|&b| b == b'\n') {
        let line = String::from_utf8_lossy(&rest[..end]).replace(['\0', '\r'], " ");
        let folded = line.starts_with([' ', '\t']);
        // The lines of a folded field may begin with an address in angle brackets.
        let in_field = folded
            && (line.contains(">;")
                || lines.last().is_some_and(|last| last.trim_end().ends_with([',', ';', ':'])));
        // A page that follows its head without an empty line.
        if !lines.is_empty() && line.trim_start().starts_with('<') && !in_field {
            return (lines, rest);
        }
        rest = &rest[end + 1..];
        if line.trim().is_empty() {
            if lines.is_empty() {
                continue;
            }
            return (lines, rest);
        }
        match lines.last_mut().filter(|_| folded) {
            Some(last) => last.push_str(&line),
            None => lines.push(line),
        }
    }
    (lines, rest)
}

/// A body without its compression. The announced compression may be absent, and unannounced compression may be present.
fn decoded(
    mut body: Vec<u8>,
    announced: &str,
    missing: &mut Option<&'static str>,
) -> Result<Vec<u8>, &'static str> {
    let mut codings: Vec<&str> = announced.split(',').map(str::trim).filter(|c| !c.is_empty()).collect();
    for _ in 0..MOST_CODINGS {
        let coding = match codings.pop() {
            _ if body.starts_with(&[0x1f, 0x8b]) => "gzip",
            _ if is_zstd(&body) => "zstd",
            Some(coding @ ("br" | "deflate")) => coding,
            Some(_) => continue,
            None => break,
        };
        let Unpacked { bytes, end } = match coding {
            "gzip" => unpack(MultiGzDecoder::new(body.as_slice())),
            "zstd" => unpack_zstd(&body),
            "br" => unpack(brotli_decompressor::Decompressor::new(body.as_slice(), 1 << 14)),
            // Standard “deflate” has a zlib frame, but some servers omit it.
            _ => {
                let framed = unpack(ZlibDecoder::new(body.as_slice()));
                if framed.bytes.is_empty() { unpack(DeflateDecoder::new(body.as_slice())) } else { framed }
            }
        };
        if bytes.len() > LIMIT {
            return Err("it is larger than 64 MiB when unpacked");
        }
        let plain = std::str::from_utf8(&body[..body.len().min(512)])
            .map_or_else(|e| e.error_len().is_none(), |_| true);
        match (end, bytes.is_empty()) {
            (Ok(()), _) => body = bytes,
            // The program that wrote the archive decompressed the body but kept the header.
            (Err(()), _) if plain && !body.is_empty() && !body.starts_with(&[0x1f, 0x8b]) => {}
            (Err(()), false) => {
                *missing = missing.or(Some("its compressed data are damaged or cut off"));
                body = bytes;
            }
            (Err(()), true) => return Err("its compressed data are damaged"),
        }
    }
    Ok(body)
}

/// The data that could be decompressed, and whether it ended properly.
struct Unpacked {
    bytes: Vec<u8>,
    end: Result<(), ()>,
}

fn unpack(packed: impl Read) -> Unpacked {
    let mut bytes = Vec::new();
    let end = packed.take(LIMIT as u64 + 1).read_to_end(&mut bytes).map(|_| ()).map_err(|_| ());
    Unpacked { bytes, end }
}

/// Whether bytes begin with a frame of zstd data.
fn is_zstd(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) || skippable(bytes).is_some()
}

/// The length of a skippable frame of zstd data at the beginning of bytes (RFC 8878, section 3.1.2).
fn skippable(bytes: &[u8]) -> Option<usize> {
    let (magic, length) = (bytes.first_chunk::<4>()?, bytes.get(4..8)?.first_chunk::<4>()?);
    let known = (0x184d_2a50..=0x184d_2a5f).contains(&u32::from_le_bytes(*magic));
    known.then(|| u32::from_le_bytes(*length) as usize + 8)
}

/// Unpacks zstd frames that follow each other.
fn unpack_zstd(mut packed: &[u8]) -> Unpacked {
    let mut bytes = Vec::new();
    let mut frames = ruzstd::decoding::FrameDecoder::new();
    let mut end = Ok(());
    while end.is_ok() && !packed.is_empty() && bytes.len() <= LIMIT {
        if let Some(length) = skippable(packed) {
            packed = packed.get(length..).unwrap_or_default();
            continue;
        }
        end = match ruzstd::decoding::StreamingDecoder::new_with_decoder(&mut packed, &mut frames) {
            Ok(frame) => {
                let frame = unpack(frame);
                bytes.extend(frame.bytes);
                frame.end
            }
            Err(_) => Err(()),
        };
    }
    Unpacked { bytes, end }
}

/// A body without its chunk lengths, and whether it has an end; `None` if it does not begin with a length.
fn unchunked(mut body: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut whole = Vec::with_capacity(body.len());
    loop {
        let line = body.iter().take(1024).position(|&b| b == b'\n');
        let length = line.and_then(|end| {
            let line = std::str::from_utf8(&body[..end]).ok()?;
            Some((usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?, end))
        });
        let Some((length, end)) = length else {
            return (!whole.is_empty()).then_some((whole, false));
        };
        body = &body[end + 1..];
        if length == 0 {
            return Some((whole, true));
        }
        if body.len() < length {
            // A page that begins with a number looks the same.
            if whole.is_empty() && length > 1 << 24 {
                return None;
            }
            whole.extend_from_slice(body);
            return Some((whole, false));
        }
        let (chunk, rest) = body.split_at(length);
        whole.extend_from_slice(chunk);
        body = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

#[cfg(test)]
mod tests {
    use crate::{Hints, documents};
    use std::io::Write;

    fn record(kind: &str, target: &str, content: &[u8]) -> Vec<u8> {
        let mut record = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {target}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
            content.len()
        )
        .into_bytes();
        record.extend_from_slice(content);
        record.extend_from_slice(b"\r\n\r\n");
        record
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    }

    const PAGE: &str = "<html><body><article><h1>Bridge to open</h1><p>“We open in May,” Minister Ada Brandt said on Friday.</p></article></body></html>";

    #[test]
    fn pages_of_a_compressed_archive() {
        let (latin, ..) = encoding_rs::WINDOWS_1252.encode(PAGE);
        let plain =
            [b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1252\r\n\r\n", &*latin].concat();
        let packed = gzip(PAGE.as_bytes());
        let (a, b) = packed.split_at(20);
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
        let chunks = [
            format!("{:x}\r\n", a.len()).as_bytes(),
            a,
            b"\r\n",
            format!("{:x}\r\n", b.len()).as_bytes(),
            b,
            b"\r\n0\r\n\r\n",
        ]
        .concat();
        let chunked = [&head[..], &chunks].concat();
        let picture = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG\0";
        let gone = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html>";
        // Each record is compressed separately, as crawlers do.
        let archive: Vec<u8> = [
            gzip(&record("warcinfo", "", b"software: x")),
            gzip(&record("response", "http://sound.example/7", &plain)),
            gzip(&record("response", "http://sound.example/p", picture)),
            gzip(&record("response", "http://sound.example/x", gone)),
            gzip(&record("response", "http://sound.example/8", &chunked)),
        ]
        .concat();
        let articles: Vec<_> = documents(archive.as_slice(), "in.warc.gz", None)
            .map(|raw| raw.unwrap().read(&Hints::default()).unwrap())
            .collect();
        let addresses: Vec<_> = articles.iter().map(|a| a.metadata.url.as_deref().unwrap()).collect();
        assert_eq!(addresses, ["http://sound.example/7", "http://sound.example/8"]);
        for article in &articles {
            assert!(article.text.contains("“We open in May,”"), "{}", article.text);
        }
        assert_eq!(articles[1].source_id, "in.warc.gz#5");
    }

    #[test]
    fn what_is_cut_off_is_named_and_what_came_before_is_kept() {
        let page = [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", PAGE.as_bytes()].concat();
        let mut archive = record("response", "http://sound.example/7", &page);
        let second = record("response", "http://sound.example/8", &page);
        archive.extend_from_slice(&second[..second.len() - 40]);
        let all: Vec<_> = documents(archive.as_slice(), "in.warc", None).collect();
        assert!(all[0].as_ref().unwrap().notices.is_empty());
        let cut = all[1].as_ref().unwrap().read(&Hints::default()).unwrap();
        assert!(cut.text.contains("“We open in May,”"));
        assert_eq!(cut.notices[0].kind, onrecord_text::NoticeKind::Truncated);
        assert!(
            all[2]
                .as_ref()
                .unwrap_err()
                .to_string()
                .starts_with("in.warc#2: the record is cut off, near byte ")
        );
        assert_eq!(all.len(), 3);
    }

    fn page(head: &str, body: &[u8]) -> Vec<u8> {
        [head.as_bytes(), b"\r\n\r\n", body].concat()
    }

    /// The articles and messages from an archive that contains this response.
    fn read(answer: &[u8]) -> (Vec<onrecord_text::Article>, Vec<String>) {
        read_archive(&record("response", "http://sound.example/7", answer))
    }

    fn read_archive(archive: &[u8]) -> (Vec<onrecord_text::Article>, Vec<String>) {
        let (mut articles, mut said) = (Vec::new(), Vec::new());
        let mut all = documents(archive, "in.warc", None);
        for raw in all.by_ref() {
            match raw {
                Ok(raw) => articles.push(raw.read(&Hints::default()).unwrap()),
                Err(e) => said.push(e.to_string()),
            }
        }
        said.extend(all.passed_over());
        (articles, said)
    }

    const TYPE: &str = "Content-Type: text/html";

    #[test]
    fn odd_heads_cost_no_page() {
        let many: String = (0..400).map(|n| format!("X-{n}: 1\r\n")).collect();
        for head in [
            format!("HTTP/2 200\r\n{TYPE}"),
            format!("HTTP/3.0 200 OK\r\n{TYPE}"),
            format!("HTTP/1.1 200\r\n{TYPE}"),
            format!("\r\nhttp/1.1 200OK\r\n{TYPE}"),
            format!("HTTP/1.1 200 OK\r\nSet-Cookie: a=1;\r\n b=2\r\n{TYPE}"),
            format!("HTTP/1.1 200 OK\r\nwithout a colon\r\n{TYPE}"),
            "HTTP/1.1 200 OK\r\nContent-Type : text/html".to_owned(),
            format!("HTTP/1.1 200 OK\r\n{many}{TYPE}"),
            format!("HTTP/1.1 200 OK\r\nX: a\0b\u{e9}\r\n{TYPE}"),
            "HTTP/1.1 200 OK\r\nServer: x".to_owned(),
            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream".to_owned(),
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{TYPE}"),
        ] {
            let (articles, said) = read(&page(&head, PAGE.as_bytes()));
            assert_eq!((articles.len(), said.len()), (1, 0), "{head}: {said:?}");
            assert!(articles[0].text.contains("“We open in May,”"), "{head}");
        }
    }

    #[test]
    fn a_head_may_end_without_an_empty_line() {
        let answer = format!("HTTP/1.1 200 OK\n{TYPE}\n{PAGE}\n\n<p>Nobody will pay.</p>");
        let (articles, _) = read(answer.as_bytes());
        assert!(articles[0].text.contains("“We open in May,”"), "{}", articles[0].text);
    }

    #[test]
    fn folded_lines_may_begin_with_an_address() {
        for fold in ["Link: <https://a>; rel=preload,\r\n\t<https://b>", "Link:\r\n <https://b>; rel=preload"]
        {
            let (articles, said) =
                read(&page(&format!("HTTP/1.1 200 OK\r\n{fold}\r\n{TYPE}"), PAGE.as_bytes()));
            assert_eq!((articles.len(), said.len()), (1, 0), "{fold}: {said:?}");
            assert_eq!(articles[0].blocks.len(), 2, "{}", articles[0].text);
        }
        let (articles, _) = read(format!("HTTP/1.1 200 OK\n{TYPE}\n  {PAGE}").as_bytes());
        assert!(articles[0].text.contains("“We open in May,”"), "{}", articles[0].text);
    }

    /// A record with more fields, and a body without a head if it has another type.
    fn with_fields(kind: &str, fields: &str, body: &[u8]) -> Vec<u8> {
        let length = body.len();
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://sound.example/7\r\n{fields}\r\nContent-Length: {length}\r\n\r\n"
        );
        [head.as_bytes(), body, b"\r\n\r\n"].concat()
    }

    #[test]
    fn segments_are_joined_or_reported() {
        let http = "Content-Type: application/http";
        let whole = page(&format!("HTTP/1.1 200 OK\r\n{TYPE}"), PAGE.as_bytes());
        let (one, rest) = whole.split_at(whole.len() - 60);
        let (two, three) = rest.split_at(30);
        let first = with_fields(
            "response",
            &format!("{http}\r\nWARC-Segment-Number: 1\r\nWARC-Record-ID: <urn:7>"),
            one,
        );
        let later = |number: usize, origin: &str, body: &[u8]| {
            with_fields("continuation", &format!("WARC-Segment-Number: {number}\r\n{origin}"), body)
        };
        let origin = "WARC-Segment-Origin-ID: <urn:7>";
        let request = with_fields("request", http, b"GET / HTTP/1.1\r\n\r\n");
        for archive in [
            [&first[..], &later(2, origin, two), &later(3, origin, three)].concat(),
            [&first[..], &request, &later(2, "X: y", rest)].concat(),
        ] {
            let (articles, said) = read_archive(&archive);
            assert_eq!((articles.len(), said.len()), (1, 0), "{said:?}");
            assert!(articles[0].text.ends_with("said on Friday.") && articles[0].notices.is_empty());
            assert_eq!(articles[0].source_id, "in.warc#1");
        }
        // A segment that is missing, or of another record, leaves its notice and its error.
        let other = "WARC-Segment-Origin-ID: <urn:8>";
        for archive in
            [[&first[..], &later(3, origin, three)].concat(), [&first[..], &later(2, other, rest)].concat()]
        {
            let (articles, said) = read_archive(&archive);
            assert_eq!(articles[0].notices[0].kind, onrecord_text::NoticeKind::Truncated);
            assert_eq!(
                said,
                [format!(
                    "in.warc#2: http://sound.example/7 (the record at byte {}) was not read: it is a later segment of a \
                     record, and the one before it is not in the archive",
                    first.len()
                )]
            );
        }
        // The segments of a film are one answer.
        let film = page("HTTP/1.1 200 OK\r\nContent-Type: video/mp4", b"\0\0");
        let film = with_fields("response", &format!("{http}\r\nWARC-Segment-Number: 1"), &film);
        let (_, said) = read_archive(&[&film[..], &later(2, "X: y", b"\0\0")].concat());
        assert_eq!(said, ["in.warc: passed over 1 answer that is not a page: 1 video/mp4"]);
    }

    #[test]
    fn records_that_the_archive_calls_truncated_say_so() {
        let whole = page(&format!("HTTP/1.1 200 OK\r\n{TYPE}"), PAGE.as_bytes());
        let record = with_fields(
            "response",
            "Content-Type: application/http\r\nWARC-Truncated: length",
            &whole[..whole.len() - 40],
        );
        let (articles, _) = read_archive(&record);
        assert_eq!(articles[0].notices[0].kind, onrecord_text::NoticeKind::Truncated);
        assert!(articles[0].notices[0].message.ends_with("the crawler stopped at a maximum length"));
    }

    #[test]
    fn pages_are_read_whatever_record_has_them() {
        let whole = page(&format!("HTTP/1.1 200 OK\r\n{TYPE}"), PAGE.as_bytes());
        for (kind, of, body) in [
            ("response", "text/html", PAGE.as_bytes()),
            ("response", "text/html", &whole),
            ("conversion", "application/xhtml+xml", PAGE.as_bytes()),
            ("resource", "text/html", PAGE.as_bytes()),
        ] {
            let (articles, said) = read_archive(&with_fields(kind, &format!("Content-Type: {of}"), body));
            assert_eq!((articles.len(), said.len()), (1, 0), "{kind} {of}: {said:?}");
            assert_eq!(articles[0].blocks.len(), 2, "{}", articles[0].text);
        }
        let (_, said) = read_archive(&with_fields("conversion", "Content-Type: application/pdf", b"%PDF"));
        assert_eq!(said, ["in.warc: passed over 1 answer that is not a page: 1 application/pdf"]);
    }

    #[test]
    fn zstd_data_may_have_several_frames() {
        let frame = unhex(ZSTD);
        let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
        let head = format!("HTTP/1.1 200 OK\r\n{TYPE}\r\nContent-Encoding: zstd");
        for (body, times) in [
            ([&frame[..], &frame].concat(), 2),
            ([&skipped[..], &frame].concat(), 1),
            ([&frame[..], &skipped, &frame, &skipped].concat(), 2),
        ] {
            let (bytes, said) =
                (super::decoded(body.clone(), "zstd", &mut None).unwrap(), read(&page(&head, &body)).1);
            assert_eq!((bytes, said.len()), (PAGE.repeat(times).into_bytes(), 0));
        }
        let cut = [&frame[..], &frame[..frame.len() - 20]].concat();
        let (articles, _) = read(&page(&head, &cut));
        assert_eq!(articles[0].notices[0].kind, onrecord_text::NoticeKind::Truncated);
    }

    #[test]
    fn bodies_are_unpacked_as_they_are() {
        let deflated = |raw: bool| {
            let (mut zlib, mut bare) = (
                flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best()),
                flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best()),
            );
            zlib.write_all(PAGE.as_bytes()).unwrap();
            bare.write_all(PAGE.as_bytes()).unwrap();
            if raw { bare.finish().unwrap() } else { zlib.finish().unwrap() }
        };
        let packed = gzip(PAGE.as_bytes());
        let brotli = unhex(BROTLI);
        let zstd = unhex(ZSTD);
        for (coding, body) in [
            ("gzip", packed.clone()),
            ("x-gzip", gzip(&packed)),
            ("identity", packed.clone()),
            ("deflate", deflated(false)),
            ("deflate", deflated(true)),
            ("br", brotli.clone()),
            ("gzip, br", brotli.clone()),
            ("zstd", zstd.clone()),
            ("", zstd),
            ("br", PAGE.as_bytes().to_vec()),
            ("gzip", PAGE.as_bytes().to_vec()),
        ] {
            let head = format!("HTTP/1.1 200 OK\r\n{TYPE}\r\nContent-Encoding: {coding}");
            let (articles, said) = read(&page(&head, &body));
            assert_eq!((articles.len(), said.len()), (1, 0), "{coding}: {said:?}");
            assert!(articles[0].text.contains("“We open in May,”"), "{coding}: {}", articles[0].text);
            assert!(articles[0].notices.is_empty());
        }
        // A truncated body is read as far as possible, and a body that cannot be read is reported with its place and
        // address.
        let head = format!("HTTP/1.1 200 OK\r\n{TYPE}\r\nContent-Encoding: gzip");
        let long = gzip(PAGE.replace("</p>", &"<p>x y z".repeat(40_000)).as_bytes());
        let (articles, _) = read(&page(&head, &long[..long.len() - 20]));
        assert_eq!(articles[0].notices[0].kind, onrecord_text::NoticeKind::Truncated);
        let head = format!("HTTP/1.1 200 OK\r\n{TYPE}\r\nContent-Encoding: br");
        let (_, said) = read(&page(&head, b"\xff\xff\xff\xff"));
        assert_eq!(
            said,
            [
                "in.warc#1: http://sound.example/7 (the record at byte 0) was not read: its compressed data are damaged"
            ]
        );
    }

    #[test]
    fn what_is_not_a_page_is_counted() {
        let said = |head: &str| read(&page(head, b"\x89PNG\0")).1;
        assert_eq!(
            said("HTTP/1.1 200 OK\r\nContent-Type: image/png"),
            ["in.warc: passed over 1 answer that is not a page: 1 image/png"]
        );
        assert_eq!(
            said("HTTP/1.1 404 Not Found\r\nContent-Type: text/html"),
            ["in.warc: passed over 1 answer that is not a page: 1 with status 404"]
        );
        assert!(said(&format!("HTTP/1.1 200 OK\r\n{TYPE}"))[0].ends_with("it is a binary file"));
    }

    #[test]
    fn what_is_no_archive_says_so() {
        let (_, said) = read_archive(b"The bridge will open in May, she said.\nIt rained.\n");
        assert_eq!(said, ["in.warc: not a web archive (WARC): no record begins in it"]);
        let page = page(&format!("HTTP/1.1 200 OK\r\n{TYPE}"), PAGE.as_bytes());
        let late = [&b"garbage\r\nand more\r\n"[..], &record("response", "http://sound.example/7", &page)];
        let (articles, said) = read_archive(&late.concat());
        assert_eq!((articles.len(), said.len()), (1, 1));
        assert!(said[0].contains("no record begins where one should, near byte 0"), "{said:?}");
        let plain = [&gzip(&record("response", "http://sound.example/7", &page))[..], b"WARC/1.0"].concat();
        let (articles, said) = read_archive(&plain);
        assert_eq!((articles.len(), said.len()), (1, 1));
        assert!(
            said[0].ends_with("8 bytes after the gzip data are not gzipped and were not read"),
            "{said:?}"
        );
    }

    #[test]
    fn damage_costs_one_record() {
        let page = page(&format!("HTTP/1.1 200 OK\r\n{TYPE}"), PAGE.as_bytes());
        let one = |target: &str| record("response", target, &page);
        let read = |archive: &[u8]| {
            let all: Vec<_> = documents(archive, "in.warc", None).collect();
            let errors = all.iter().filter(|d| d.is_err()).count();
            let addresses: Vec<_> = all.into_iter().flatten().filter_map(|raw| raw.fetched).collect();
            (addresses, errors)
        };
        let both = vec!["http://sound.example/7".to_owned(), "http://sound.example/9".to_owned()];
        let garbled = [&one(&both[0])[..], b"garbage\r\nin between\r\n", &one(&both[1])].concat();
        assert_eq!(read(&garbled), (both.clone(), 1));
        let mut middle = gzip(&one("http://sound.example/8"));
        let at = middle.len() / 2;
        middle[at] ^= 0xff;
        middle[at + 1] ^= 0xff;
        let packed = [gzip(&one(&both[0])), middle, gzip(&one(&both[1]))].concat();
        let (addresses, errors) = read(&packed);
        assert!(errors > 0 && both.iter().all(|a| addresses.contains(a)), "{addresses:?}");
        let unnumbered =
            String::from_utf8(one("x")).unwrap().replace("Content-Length: ", "Content-Length: many");
        assert_eq!(read(&[unnumbered.as_bytes(), &one(&both[1])].concat()), (both[1..].to_vec(), 1));
    }

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    /// [`PAGE`], compressed with the programs that these constants are named after.
    const BROTLI: &str = "1b8300a0ac0fb853e60181dcd1052e98d553c4e0af79ae00c51767670735a5d14938b497f489016932b7b73c155696202c74\
        3a39d5bbff614158a02d90c0721b3b5b5ceaaba8916da1516e1c6778cd1175b199b2834f019074712abb410d2b7740b55e48\
        6f059f1f3a00";
    const ZSTD: &str = "28b52ffd20846503000287171ad0e7001031303b2095418a1c72922cb99d9f865609234e8e84b7bb965799a9eb528386db5f\
        81ac613b33f8cdf811c83de04bcf3873032127021a369039a6e371a275ba824a65c9356c8f49697fc40a4a37adc4ffb16ed3\
        0dd15dcb2b0d0300740c51642848754d28";
}
