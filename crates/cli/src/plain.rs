//! Making text from others safe for a terminal.
//!
//! Articles, names and file names may contain characters that control a terminal. These could rename the window, hide
//! text, or display it in a different order. None of them gets through.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

/// Returns whether a character controls the terminal, makes it display other characters in a different order, ends a line
/// in a terminal that follows Unicode, or is a tag. Tags spell out ASCII text that no terminal shows.
fn is_obeyed(c: char) -> bool {
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let ends = matches!(c, '\u{2028}' | '\u{2029}');
    let tags = matches!(c, '\u{e0000}'..='\u{e007f}');
    c.is_control() && c != '\n' && c != '\t' || turns || ends || tags
}

/// Returns a visible replacement for such a character: Unicode's picture of a control character, or else U+FFFD.
fn picture(c: char) -> char {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '␡',
        _ => '\u{fffd}',
    }
}

/// Returns a text that is safe for a terminal, with all control characters replaced except for line breaks.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let lines = text.replace("\r\n", "\n");
    Cow::Owned(lines.chars().map(|c| if is_obeyed(c) { picture(c) } else { c }).collect())
}

/// Returns a text that is safe for a terminal, on one line.
pub fn clean_line(text: &str) -> String {
    clean(text).replace('\n', "␊").replace('\t', "␉")
}

/// How control characters are written.
#[derive(Clone, Copy, PartialEq)]
pub enum Form {
    /// As pictures.
    Text,
    /// As JSON escapes, which mean the same to a program and nothing to a terminal.
    Json,
}

/// Returns standard output. If it is a terminal, control characters are replaced.
pub fn stdout(form: Form) -> Box<dyn Write + Send> {
    let out = io::stdout();
    if out.is_terminal() { Box::new(Safe::new(out, form)) } else { Box::new(out) }
}

/// A writer of UTF-8 that replaces characters that control a terminal.
pub struct Safe<W> {
    to: W,
    form: Form,
    /// The first bytes of a character whose remaining bytes were not written yet.
    begun: Vec<u8>,
}

impl<W: Write> Safe<W> {
    pub fn new(to: W, form: Form) -> Self {
        Self { to, form, begun: Vec::new() }
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        if !text.contains(is_obeyed) {
            return self.to.write_all(text.as_bytes());
        }
        let mut safe = String::with_capacity(text.len() + 16);
        let mut units = [0; 2];
        for c in text.chars() {
            match self.form {
                _ if !is_obeyed(c) => safe.push(c),
                // CSV lines end with this.
                Form::Text if c == '\r' => {}
                Form::Text => safe.push(picture(c)),
                Form::Json => {
                    c.encode_utf16(&mut units)
                        .iter()
                        .for_each(|unit| safe.push_str(&format!("\\u{unit:04x}")));
                }
            }
        }
        self.to.write_all(safe.as_bytes())
    }
}

impl<W: Write> Write for Safe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let all = [std::mem::take(&mut self.begun).as_slice(), bytes].concat();
        let mut rest = all.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.text(text)?;
                    return Ok(bytes.len());
                }
                Err(e) => {
                    let (valid, after) = rest.split_at(e.valid_up_to());
                    self.text(&String::from_utf8_lossy(valid))?;
                    let Some(wrong) = e.error_len() else {
                        self.begun = after.to_vec();
                        return Ok(bytes.len());
                    };
                    self.text("\u{fffd}")?;
                    rest = &after[wrong..];
                }
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_shown_instead() {
        assert_eq!(clean("a\u{1b}[31mb\u{7}\u{7f}\u{9b}c"), "a␛[31mb␇␡\u{fffd}c");
        assert_eq!(clean("a\u{202e}b\u{2066}c\u{200f}\u{61c}"), "a\u{fffd}b\u{fffd}c\u{fffd}\u{fffd}");
        assert_eq!(clean("a\u{2028}b\u{2029}c\u{e0061}\u{e007f}d"), "a\u{fffd}b\u{fffd}c\u{fffd}\u{fffd}d");
        assert_eq!(clean("a\tb\r\nc\rd\u{1b}"), "a\tb\nc␍d␛");
        assert_eq!(clean_line("a\n\tb"), "a␊␉b");
        // Joiners are part of words and emoji.
        assert!(matches!(clean("👩\u{200d}🚀 Été\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn bytes_may_come_in_any_pieces() {
        let text = "é\u{1b}]0;x\u{7}\u{202e}👩\u{2028}\u{e0041}\r\n";
        for form in [Form::Text, Form::Json] {
            for size in 1..6 {
                let mut out = Safe::new(Vec::new(), form);
                text.as_bytes().chunks(size).for_each(|piece| out.write_all(piece).unwrap());
                let expected = match form {
                    Form::Text => "é␛]0;x␇\u{fffd}👩\u{fffd}\u{fffd}\n",
                    Form::Json => "é\\u001b]0;x\\u0007\\u202e👩\\u2028\\udb40\\udc41\\u000d\n",
                };
                assert_eq!(String::from_utf8(out.to).unwrap(), expected);
            }
        }
        let mut out = Safe::new(Vec::new(), Form::Text);
        out.write_all(b"a\xffb\xe2\x80").unwrap();
        assert_eq!(out.to, "a\u{fffd}b".as_bytes());
    }
}
