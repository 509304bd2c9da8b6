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
    /// Results of a record that have not been returned yet.
    waiting: VecDeque<Result<Raw, SourceError>>,
    /// The number of records that are not pages, by type.
    passed: BTreeMap<String, usize>,
}

/// The relevant fields of a record's header.
#[derive(Default)]
struct Header {
    kind: String,
    target: Option<String>,
    content_type: String,
    length: u64,
    segment: bool,
    offset: u64,
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
                (false, "") if read == 0 => return Ok(None),
                (_, _) if read == 0 || seen >= HEADER => return Err(self.damaged("the header doesn't end")),
                // Empty lines separate records.
                (false, "") => {}
                (false, version) if version.starts_with("WARC/") => {
                    begun = true;
                    self.lost = false;
                    self.number += 1;
                    header.offset = offset;
                }
                (false, _) if self.lost => {}
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
                        "warc-segment-number" => header.segment = value != "1",
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

    /// Reads the record after a header; its results are queued.
    fn record(&mut self, header: &Header) -> Result<(), SourceError> {
        let mut bytes = Vec::new();
        let mut body = self.input.by_ref().take(header.length);
        let mut error = None;
        let wanted = match header.kind.as_str() {
            "response" => header.content_type.contains("http") || header.content_type.is_empty(),
            "resource" => is_page(&header.content_type),
            "conversion" => header.content_type.contains("text/plain"),
            _ => false,
        };
        if wanted {
            // A film is not loaded just to find out that it is not a page.
            let mut limit = HEADER as u64;
            loop {
                match body.by_ref().take(limit).read_to_end(&mut bytes) {
                    Ok(read) if limit == HEADER as u64 && read as u64 == limit => {
                        let other = header.kind == "response" && matches!(answer(&bytes), Found::Other(_));
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
        let found = match () {
            () if !wanted && header.kind == "resource" => Found::Other(kind_of(&header.content_type)),
            () if !wanted => Found::Other(String::new()),
            () if header.segment => Found::Unread("it is a later segment of a record"),
            () if too_large => Found::Unread("it is larger than 64 MiB"),
            () if header.kind == "response" => answer(&bytes),
            () if header.kind == "resource" => {
                Found::Document(Format::Html, Payload { bytes, charset: None, missing: None })
            }
            () => Found::Document(Format::Text, Payload { bytes, charset: None, missing: None }),
        };
        match found {
            // Data that is cut off is skipped unless it is text, because it may look like a page by accident.
            Found::Document(..) | Found::Unread(_) if cut && !is_text(&found) => {}
            Found::Document(_, payload) if is_binary(&payload.bytes) => {
                self.waiting.push_back(Err(self.unread(header, "it is a binary file")));
            }
            Found::Document(format, payload) => {
                let missing = payload.missing.or(cut.then_some("the record is cut off"));
                let notices = missing.map(|missing| Notice {
                    kind: NoticeKind::Truncated,
                    message: format!("a part of the page is missing: {missing}"),
                });
                self.waiting.push_back(Ok(Raw {
                    charset: payload.charset,
                    fetched: header.target.clone(),
                    notices: notices.into_iter().collect(),
                    ..Raw::new(self.place(), format, payload.bytes)
                }));
            }
            Found::Unread(why) => self.waiting.push_back(Err(self.unread(header, why))),
            Found::Other(kind) if !kind.is_empty() => *self.passed.entry(kind).or_default() += 1,
            Found::Other(_) => {}
        }
        match error {
            Some(e) => Err(self.unreadable(e)),
            None if cut => Err(self.damaged("the record is cut off")),
            None => Ok(()),
        }
    }

    fn place(&self) -> String {
        format!("{}#{}", self.name, self.number)
    }

    fn unread(&self, header: &Header, why: &str) -> SourceError {
        let target = header.target.as_deref().unwrap_or("a page without an address");
        let what = format!("{target} (the record at byte {}) was not read: {why}", header.offset);
        SourceError::Damaged(self.place(), what)
    }

    /// Reports damage; reading resumes at the next recognisable record.
    fn damaged(&mut self, what: &str) -> SourceError {
        self.lost = true;
        let what = format!("{what}, near byte {}; reading goes on at the next record", self.input.offset());
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
                Ok(None) => self.done = true,
                Err(e) => return Some(Err(e)),
            }
        }
    }
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
        // A page that follows its head without an empty line.
        if !lines.is_empty() && line.trim_start().starts_with('<') {
            return (lines, rest);
        }
        rest = &rest[end + 1..];
        if line.trim().is_empty() {
            if lines.is_empty() {
                continue;
            }
            return (lines, rest);
        }
        match lines.last_mut().filter(|_| line.starts_with([' ', '\t'])) {
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
            _ if body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => "zstd",
            Some(coding @ ("br" | "deflate")) => coding,
            Some(_) => continue,
            None => break,
        };
        let Unpacked { bytes, end } = match coding {
            "gzip" => unpack(MultiGzDecoder::new(body.as_slice())),
            "zstd" => match ruzstd::decoding::StreamingDecoder::new(body.as_slice()) {
                Ok(decoder) => unpack(decoder),
                Err(_) => return Err("its zstd data are damaged"),
            },
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
        let archive = record("response", "http://sound.example/7", answer);
        let (mut articles, mut said) = (Vec::new(), Vec::new());
        let mut all = documents(archive.as_slice(), "in.warc", None);
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
