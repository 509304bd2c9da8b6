//! Reads the bytes of an input, decompressing gzip member by member, so that a damaged member does not affect later
//! ones.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding};
use flate2::bufread::GzDecoder;

/// The first bytes of gzip data.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// The number of bytes read at once.
const CHUNK: usize = 1 << 16;

/// An input's bytes, decompressed if they are gzipped.
///
/// Damage to gzipped data is an error of the kind [`io::ErrorKind::InvalidData`]. Reading then resumes at the next
/// member, for callers that can start again there. Data after the last member that are not gzipped are passed over, as
/// `gunzip` does, and counted.
pub(crate) struct Input<'a> {
    source: Source<'a>,
    buffer: Vec<u8>,
    from: usize,
    /// The number of bytes consumed.
    taken: u64,
    /// For gzipped data, pairs of a position in the decompressed bytes and the file offset of the member from there on.
    members: VecDeque<(u64, u64)>,
    /// The error that occurred after the buffered bytes.
    trouble: Option<io::Error>,
}

enum Source<'a> {
    Plain(Bytes<'a>),
    /// Before a member, or, with `true`, somewhere after damage to one.
    Between(Bytes<'a>, bool),
    Inside(Box<GzDecoder<Bytes<'a>>>, u64),
    Moved,
}

impl<'a> Input<'a> {
    pub(crate) fn new(input: Box<dyn Read + Send + 'a>) -> io::Result<Self> {
        let mut bytes = Bytes { input, buffer: Vec::new(), from: 0, taken: 0, passed: 0 };
        let gzipped = bytes.peek(GZIP.len())?.starts_with(&GZIP);
        let source = if gzipped { Source::Between(bytes, false) } else { Source::Plain(bytes) };
        let (buffer, members) = (Vec::new(), VecDeque::new());
        Ok(Self { source, buffer, from: 0, taken: 0, members, trouble: None })
    }

    /// Returns the first bytes: this many, fewer if `enough` accepts them earlier, or all that there are.
    pub(crate) fn peek(&mut self, count: usize, mut enough: impl FnMut(&[u8]) -> bool) -> io::Result<&[u8]> {
        while self.buffer.len() - self.from < count && !enough(&self.buffer[self.from..]) {
            match self.more() {
                Ok(0) => break,
                Ok(_) => {}
                Err(e) if self.buffer.len() > self.from => {
                    self.trouble = Some(e);
                    break;
                }
                Err(e) => return Err(e),
            }
        }
        Ok(&self.buffer[self.from..])
    }

    /// Describes data after sound gzip data that are not gzipped, once the input has ended. Zeros don't count.
    pub(crate) fn left(&self) -> Option<String> {
        let Source::Between(Bytes { passed: passed @ 1.., .. }, _) = self.source else { return None };
        Some(match passed {
            1 => "1 byte after the gzip data is not gzipped and was not read".to_owned(),
            passed => format!("{passed} bytes after the gzip data are not gzipped and were not read"),
        })
    }

    /// Returns the position of the next byte in the file; for compressed data, the start of its member.
    #[cfg(feature = "html")]
    pub(crate) fn offset(&self) -> u64 {
        let member = self.members.iter().take_while(|(from, _)| *from <= self.taken).last();
        member.map_or(self.taken, |(_, begins)| *begins)
    }

    /// Adds bytes to the buffer and returns their number.
    fn more(&mut self) -> io::Result<usize> {
        if let Some(e) = self.trouble.take() {
            return Err(e);
        }
        if self.from > 0 {
            self.buffer.drain(..self.from);
            self.from = 0;
        }
        let held = self.buffer.len();
        self.buffer.resize(held + CHUNK, 0);
        let read = self.source.read(&mut self.buffer[held..]);
        self.buffer.truncate(held + *read.as_ref().unwrap_or(&0));
        if let Source::Inside(_, begins) = self.source
            && self.members.back().is_none_or(|(_, last)| *last != begins)
        {
            // Forgets members that were passed.
            while self.members.get(1).is_some_and(|(from, _)| *from <= self.taken) {
                self.members.pop_front();
            }
            self.members.push_back((self.taken + held as u64, begins));
        }
        read
    }
}

impl Read for Input<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let held = self.fill_buf()?;
        let count = held.len().min(out.len());
        out[..count].copy_from_slice(&held[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Input<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.from == self.buffer.len() {
            self.more()?;
        }
        Ok(&self.buffer[self.from..])
    }

    fn consume(&mut self, count: usize) {
        self.from += count;
        self.taken += count as u64;
    }
}

impl Source<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(self, Self::Moved) {
                Self::Plain(mut bytes) => {
                    let read = bytes.read(out);
                    *self = Self::Plain(bytes);
                    return read;
                }
                Self::Between(mut bytes, damaged) => {
                    let found = bytes.pass_to_member(damaged);
                    match found {
                        Ok(true) => {
                            let begins = bytes.taken;
                            *self = Self::Inside(Box::new(GzDecoder::new(bytes)), begins);
                        }
                        end => {
                            *self = Self::Between(bytes, damaged);
                            return end.map(|_| 0);
                        }
                    }
                }
                Self::Inside(mut decoder, begins) => match decoder.read(out) {
                    Ok(0) => *self = Self::Between(decoder.into_inner(), false),
                    Err(e) if is_damage(&e) => {
                        *self = Self::Between(decoder.into_inner(), true);
                        let message = format!("the gzip data that begin at byte {begins} are damaged ({e})");
                        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
                    }
                    read => {
                        *self = Self::Inside(decoder, begins);
                        return read;
                    }
                },
                Self::Moved => return Ok(0),
            }
        }
    }
}

/// Whether an error is caused by the data, not by the machine.
fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof
    )
}

/// Raw bytes with a count of those read.
struct Bytes<'a> {
    input: Box<dyn Read + Send + 'a>,
    buffer: Vec<u8>,
    from: usize,
    taken: u64,
    /// The number of bytes between or after sound members that are not zeros.
    passed: u64,
}

impl Bytes<'_> {
    /// Returns the next bytes: at least this many, or all that there are.
    fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.buffer.len() - self.from < count {
            if self.from > 0 {
                self.buffer.drain(..self.from);
                self.from = 0;
            }
            let held = self.buffer.len();
            self.buffer.resize(held + CHUNK, 0);
            let read = loop {
                match self.input.read(&mut self.buffer[held..]) {
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    read => break read,
                }
            };
            self.buffer.truncate(held + *read.as_ref().unwrap_or(&0));
            if read? == 0 {
                break;
            }
        }
        Ok(&self.buffer[self.from..])
    }

    /// Moves to the start of the next member and returns whether there is one. Only zeros may separate sound members.
    fn pass_to_member(&mut self, damaged: bool) -> io::Result<bool> {
        // The header of a member: deflate, and only flags that are defined.
        let begins = |bytes: &[u8]| {
            bytes.starts_with(&GZIP)
                && bytes.get(2) == Some(&8)
                && bytes.get(3).is_some_and(|f| f & 0xe0 == 0)
        };
        loop {
            let bytes = self.peek(4)?;
            if bytes.len() < 4 {
                // Too short for a member; a truncated header is reported when it is read.
                let cut = !damaged && bytes.starts_with(&GZIP);
                if !cut {
                    let rest = bytes.len();
                    self.pass(rest, damaged);
                }
                return Ok(cut);
            }
            if begins(bytes) || (!damaged && bytes.starts_with(&GZIP)) {
                return Ok(true);
            }
            let next = (1..bytes.len() - 3).find(|&at| begins(&bytes[at..]));
            let count = next.unwrap_or(bytes.len() - 3);
            self.pass(count, damaged);
        }
    }

    /// Passes over bytes that are no member. After damage, they are the rest of what was reported.
    fn pass(&mut self, count: usize, damaged: bool) {
        if !damaged {
            let passed = &self.buffer[self.from..self.from + count];
            self.passed += passed.iter().filter(|byte| **byte != 0).count() as u64;
        }
        self.consume(count);
    }
}

impl Read for Bytes<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let held = self.peek(1)?;
        let count = held.len().min(out.len());
        out[..count].copy_from_slice(&held[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Bytes<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.peek(1)
    }

    fn consume(&mut self, count: usize) {
        self.from += count;
        self.taken += count as u64;
    }
}

/// The bytes of an input in UTF-8, without its byte order mark.
pub(crate) struct Transcoded<'a> {
    input: Input<'a>,
    decoder: Decoder,
    done: bool,
}

impl<'a> Transcoded<'a> {
    pub(crate) fn new(input: Input<'a>, encoding: &'static Encoding) -> Self {
        Self { input, decoder: encoding.new_decoder_with_bom_removal(), done: false }
    }
}

impl Read for Transcoded<'_> {
    /// There must be room for a character.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.done {
                return Ok(0);
            }
            let held = self.input.fill_buf()?;
            let last = held.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(held, out, last);
            self.input.consume(read);
            self.done = last && result == CoderResult::InputEmpty;
            if written > 0 || result == CoderResult::OutputFull {
                return Ok(written);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    }

    /// All that can be read, and the number of errors in between.
    fn read(bytes: &[u8]) -> (String, usize) {
        let mut input = Input::new(Box::new(bytes)).unwrap();
        let (mut all, mut errors) = (Vec::new(), 0);
        loop {
            let mut some = [0; 7];
            match input.read(&mut some) {
                Ok(0) => return (String::from_utf8(all).unwrap(), errors),
                Ok(n) => all.extend_from_slice(&some[..n]),
                Err(_) => errors += 1,
            }
        }
    }

    #[test]
    fn members_and_what_stands_behind_them() {
        assert_eq!(read(b"plain"), ("plain".to_owned(), 0));
        assert_eq!(read(b""), (String::new(), 0));
        let two = [gzip(b"one "), gzip(b"two")].concat();
        assert_eq!(read(&two), ("one two".to_owned(), 0));
        assert_eq!(read(&[&two[..], &[0; 100]].concat()), ("one two".to_owned(), 0));
        assert_eq!(read(&[&two[..], b"garbage"].concat()), ("one two".to_owned(), 0));
    }

    #[test]
    fn data_after_gzip_data_are_counted() {
        let left = |bytes: &[u8]| {
            let mut input = Input::new(Box::new(bytes)).unwrap();
            let _ = io::copy(&mut input, &mut io::sink());
            input.left()
        };
        let one = gzip(b"one");
        let garbage = b"garbage".repeat(20_000);
        for (behind, expected) in [
            (&b""[..], None),
            (&[0; 5000], None),
            (b"\n", Some("1 byte after the gzip data is not gzipped and was not read")),
            (b"\0\0abc", Some("3 bytes after the gzip data are not gzipped and were not read")),
            (&garbage, Some("140000 bytes after the gzip data are not gzipped and were not read")),
        ] {
            assert_eq!(left(&[&one[..], behind].concat()).as_deref(), expected);
        }
        let between = [&one[..], b"garbage", &one].concat();
        assert_eq!((read(&between).0, left(&between).is_some()), ("oneone".to_owned(), true));
        assert_eq!(left(b"plain"), None);
        // What follows damage belongs to it.
        assert_eq!(left(&[&one[..9], &garbage].concat()), None);
    }

    #[test]
    fn text_is_transcoded() {
        let text = "\u{feff}“It rained.” 😀\n".repeat(9000);
        let text = text.trim_end();
        for big in [true, false] {
            let units = text.encode_utf16();
            let bytes: Vec<u8> =
                units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
            let (encoding, _) = Encoding::for_bom(&bytes).unwrap();
            for bytes in [gzip(&bytes), bytes] {
                let input = Input::new(Box::new(&*bytes)).unwrap();
                let mut read = String::new();
                let mut input = Input::new(Box::new(Transcoded::new(input, encoding))).unwrap();
                input.read_to_string(&mut read).unwrap();
                assert_eq!(read, text.trim_start_matches('\u{feff}'));
            }
        }
    }

    #[test]
    fn a_damaged_member_costs_itself() {
        let (one, two, three) = (gzip(b"one "), gzip(&b"two ".repeat(50)), gzip(b"three"));
        let mut bad = two.clone();
        bad[12] ^= 0xff;
        bad[14] ^= 0xff;
        let (text, errors) = read(&[&one[..], &bad, &three].concat());
        assert!(text.starts_with("one ") && text.ends_with("three"), "{text}");
        assert_eq!(errors, 1);
        let (text, errors) = read(&[&one[..], &three[..9]].concat());
        assert_eq!((text.as_str(), errors), ("one ", 1));
    }

    #[test]
    fn bytes_may_come_one_by_one() {
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let count = self.0.len().min(out.len()).min(1);
                out[..count].copy_from_slice(&self.0[..count]);
                self.0 = &self.0[count..];
                Ok(count)
            }
        }
        let packed = gzip(b"<rss version='2.0'>");
        for bytes in [&b"<rss version='2.0'>"[..], &packed] {
            let mut input = Input::new(Box::new(Slow(bytes))).unwrap();
            assert_eq!(input.peek(100, |_| false).unwrap(), b"<rss version='2.0'>");
            assert_eq!(input.peek(5, |_| false).unwrap(), b"<rss version='2.0'>");
        }
    }
}
