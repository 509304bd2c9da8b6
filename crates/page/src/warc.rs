//! Web archives (WARC, ISO 28500): the pages that servers answered with.
//!
//! The framing is read here, record by record with a bound on each, because archives are larger than memory and come
//! from anywhere; the answers' headers are httparse's business.

use std::io::{self, BufRead, Read};

use flate2::read::{MultiGzDecoder, ZlibDecoder};

use crate::source::{Format, LIMIT, Raw, SourceError, is_binary};

/// The longest header of a record.
const HEADER: usize = 1 << 20;

/// The pages of an archive, as they come.
pub struct Records<R> {
    reader: R,
    name: String,
    number: usize,
    done: bool,
}

/// The fields of a record's header that matter here.
#[derive(Default)]
struct Header {
    kind: String,
    target: Option<String>,
    content_type: String,
    length: u64,
}

impl<R: BufRead> Records<R> {
    pub fn new(reader: R, name: &str) -> Self {
        Self { reader, name: name.to_owned(), number: 0, done: false }
    }

    /// The next record's header; `None` at the end.
    fn header(&mut self) -> Result<Option<Header>, SourceError> {
        let mut header = Header::default();
        let (mut seen, mut begun) = (0, false);
        loop {
            let mut line = Vec::new();
            let most = (HEADER - seen) as u64;
            let read = self.reader.by_ref().take(most).read_until(b'\n', &mut line);
            let read = read.map_err(|e| SourceError::Unreadable(self.place(), e))?;
            seen += read;
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end();
            match (begun, text) {
                (false, "") if read == 0 => return Ok(None),
                (_, _) if read == 0 || seen >= HEADER => return Err(self.damaged("the header doesn't end")),
                // Records are parted by empty lines.
                (false, "") => {}
                (false, version) if version.starts_with("WARC/") => {
                    begun = true;
                    self.number += 1;
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
                        "content-type" => header.content_type = value.to_ascii_lowercase(),
                        "content-length" => {
                            header.length = value
                                .parse()
                                .map_err(|_| self.damaged("the record's length is no number"))?;
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// The next page, or `None` for a record that holds none.
    fn record(&mut self, header: Header) -> Result<Option<Raw>, SourceError> {
        let answer = header.kind == "response" && header.content_type.contains("http");
        let page = header.kind == "resource" && header.content_type.contains("html");
        let mut body = self.reader.by_ref().take(header.length);
        let mut bytes = Vec::new();
        let mut read = 0;
        if (answer || page) && header.length <= LIMIT as u64 {
            read = body.read_to_end(&mut bytes).map_err(|e| SourceError::Unreadable(self.name.clone(), e))?
                as u64;
        }
        // What is passed over is read all the same: compressed archives can't be sought in.
        read += io::copy(&mut body, &mut io::sink())
            .map_err(|e| SourceError::Unreadable(self.name.clone(), e))?;
        if read < header.length {
            return Err(self.damaged("the record is cut off"));
        }
        let found = if answer { payload(&bytes) } else { page.then_some((bytes, None)) };
        Ok(found.filter(|(bytes, _)| !is_binary(bytes)).map(|(bytes, charset)| Raw {
            charset,
            fetched: header.target,
            ..Raw::new(self.place(), Format::Html, bytes)
        }))
    }

    fn place(&self) -> String {
        format!("{}#{}", self.name, self.number)
    }

    fn damaged(&self, what: &str) -> SourceError {
        SourceError::Damaged(self.place(), format!("{what}; what follows was not read"))
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Raw, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            let record = self.header().and_then(|h| h.map(|h| self.record(h)).transpose());
            match record {
                Ok(Some(Some(raw))) => return Some(Ok(raw)),
                Ok(Some(None)) => {}
                Ok(None) => self.done = true,
                Err(e) => {
                    self.done = true;
                    return Some(Err(e));
                }
            }
        }
        None
    }
}

/// The page in a server's answer, decompressed, and the character set that the answer names. `None` for anything but a
/// page that was found.
fn payload(answer: &[u8]) -> Option<(Vec<u8>, Option<String>)> {
    let mut headers = [httparse::EMPTY_HEADER; 256];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(from) = response.parse(answer).ok()? else { return None };
    if response.code != Some(200) {
        return None;
    }
    let field = |name: &str| {
        let header = response.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(header.value).to_ascii_lowercase())
    };
    let kind = field("content-type")?;
    if !kind.contains("html") {
        return None;
    }
    let charset = kind.split_once("charset=").map(|(_, c)| c.trim_matches(['"', '\'', ' ', ';']).to_owned());
    let chunked = field("transfer-encoding").is_some_and(|e| e.contains("chunked"));
    // Some crawlers take the chunks apart and leave the header that announces them.
    let whole =
        chunked.then(|| unchunked(&answer[from..])).flatten().unwrap_or_else(|| answer[from..].to_vec());
    let mut page = Vec::new();
    let most = LIMIT as u64;
    let inflated = match field("content-encoding").as_deref() {
        Some("gzip" | "x-gzip") if whole.starts_with(&[0x1f, 0x8b]) => {
            MultiGzDecoder::new(whole.as_slice()).take(most).read_to_end(&mut page)
        }
        Some("deflate") => ZlibDecoder::new(whole.as_slice()).take(most).read_to_end(&mut page),
        // Others, of which “br” is the usual one, are text when the crawler took them apart, and binary otherwise.
        _ => return Some((whole, charset)),
    };
    // What could be inflated before an error is the page's beginning.
    let _ = inflated;
    Some((page, charset))
}

/// A body without the lengths that stand between its chunks; `None` where these aren't lengths.
fn unchunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    loop {
        let end = body.iter().position(|&b| b == b'\n')?;
        let line = std::str::from_utf8(&body[..end]).ok()?;
        let length = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        body = &body[end + 1..];
        if length == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(body.get(..length)?);
        body = body.get(length..)?.strip_prefix(b"\r\n")?;
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
        // Each record is compressed alone, as crawlers write them.
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
        archive.extend_from_slice(&record("response", "http://sound.example/8", &page)[..200]);
        let all: Vec<_> = documents(archive.as_slice(), "in.warc", None).collect();
        assert!(all[0].is_ok());
        assert_eq!(
            all[1].as_ref().unwrap_err().to_string(),
            "in.warc#2: the record is cut off; what follows was not read"
        );
        assert_eq!(all.len(), 2);
    }
}
