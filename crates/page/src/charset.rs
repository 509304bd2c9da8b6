//! Decodes bytes as browsers do: by byte order mark, then by the page's declaration, then by a guess from the bytes. Unlike
//! browsers, it also reads UTF-16 without a byte order mark.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use onrecord_text::{Notice, NoticeKind};

/// Decoded text with a notice of anything odd about its bytes.
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) notice: Option<Notice>,
}

/// How many bytes of a page browsers search for a declaration.
const PRESCAN: usize = 1024;

/// How many bytes that belong to no character show that a text is not UTF-8.
const ODD: usize = 3;

/// Decodes bytes; `declared` is the character set named by something outside the bytes.
///
/// Bytes that are UTF-8 except for a few are read as damaged UTF-8, whatever is declared, because valid multi-byte
/// sequences do not occur by accident.
pub(crate) fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    let votes = Votes::of(bytes);
    let unmarked = unmarked_utf_16(bytes);
    let encoding = Encoding::for_bom(bytes)
        .map(|(encoding, _)| encoding)
        .or(unmarked)
        .or_else(|| votes.surely_utf8().then_some(UTF_8))
        .or_else(|| declared.and_then(|label| Encoding::for_label(label.as_bytes())))
        .or_else(|| in_page(bytes))
        .or_else(|| votes.likely_utf8().then_some(UTF_8))
        .unwrap_or_else(|| guess(bytes));
    if encoding == UTF_8 && votes.surely_not_utf8() {
        let message = format!(
            "none of the characters beyond ASCII is valid UTF-8: the text was read as {}",
            WINDOWS_1252.name()
        );
        let notice = Some(Notice { kind: NoticeKind::Encoding, message });
        return Decoded { text: WINDOWS_1252.decode(bytes).0.into_owned(), notice };
    }
    let (text, used, replaced) = encoding.decode(bytes);
    let invalid = format!("some bytes are not valid {}; each was read as U+FFFD", used.name());
    let notice = match unmarked {
        Some(encoding) if replaced => Some(odd(format!("{}; {invalid}", without_mark(encoding)))),
        Some(encoding) => Some(odd(without_mark(encoding))),
        None => replaced.then(|| odd(invalid)),
    };
    Decoded { text: text.into_owned(), notice }
}

fn odd(message: String) -> Notice {
    Notice { kind: NoticeKind::Encoding, message }
}

fn without_mark(encoding: &'static Encoding) -> String {
    format!(
        "the text has no byte order mark; nearly every second byte is zero, so it was read as {}",
        encoding.name()
    )
}

/// A notice about an input in UTF-16 without a byte order mark.
pub(crate) fn unmarked_notice(bytes: &[u8]) -> Option<Notice> {
    unmarked_utf_16(bytes).map(|encoding| odd(without_mark(encoding)))
}

/// How many bytes show whether a text is in UTF-16, and the fewest characters that do.
const SAMPLE: usize = 8 << 10;
const FEWEST: usize = 4;

/// The byte order of a text in UTF-16 that has no byte order mark. In English text, one byte of nearly every character is
/// zero, and no text in UTF-8 or in an 8-bit character set has zeros. Numbers in a binary file do not stand for letters.
fn unmarked_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = bytes[..bytes.len().min(SAMPLE)].as_chunks::<2>();
    if pairs.len() < FEWEST || Encoding::for_bom(bytes).is_some() {
        return None;
    }
    let [first, second] = [0, 1].map(|at| pairs.iter().filter(|pair| pair[at] == 0).count());
    let is_high = |zeros: usize, others: usize| zeros * 10 >= pairs.len() * 7 && others * 20 <= zeros;
    let (encoding, unit): (_, fn([u8; 2]) -> u16) = match () {
        () if is_high(second, first) => (UTF_16LE, u16::from_le_bytes),
        () if is_high(first, second) => (UTF_16BE, u16::from_be_bytes),
        () => return None,
    };
    let characters = || char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).flatten();
    let is_text = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    let letters = characters().filter(char::is_ascii_alphabetic).count();
    (characters().all(is_text) && letters * 3 >= pairs.len()).then_some(encoding)
}

/// The character set that the first bytes of an input show, and the length of the mark that shows it.
pub(crate) fn shown(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    Encoding::for_bom(bytes).or_else(|| unmarked_utf_16(bytes).map(|encoding| (encoding, 0)))
}

/// The evidence for and against UTF-8.
struct Votes {
    /// The number of valid multi-byte characters.
    sound: usize,
    /// The number of bytes that belong to no character.
    odd: usize,
    /// Whether the end cuts off a character.
    cut: bool,
}

impl Votes {
    fn of(mut bytes: &[u8]) -> Self {
        let (mut sound, mut odd) = (0, 0);
        loop {
            let (valid, rest) = match std::str::from_utf8(bytes) {
                Ok(_) => (bytes, None),
                Err(e) => (&bytes[..e.valid_up_to()], Some((e.valid_up_to(), e.error_len()))),
            };
            sound += valid.iter().filter(|b| **b >= 0xc0).count();
            match rest {
                None => return Self { sound, odd, cut: false },
                Some((_, None)) => return Self { sound, odd, cut: true },
                Some((at, Some(length))) => {
                    odd += 1;
                    bytes = &bytes[at + length..];
                }
            }
        }
    }

    fn surely_utf8(&self) -> bool {
        (self.odd == 0 && !self.cut) || self.sound > 3 * self.odd
    }

    /// Whether several bytes belong to no character and none belong to one, so that a declaration of UTF-8 is wrong.
    fn surely_not_utf8(&self) -> bool {
        self.sound == 0 && self.odd >= ODD
    }

    fn likely_utf8(&self) -> bool {
        self.sound > 0 && self.sound >= self.odd
    }
}

/// Repairs characters that were encoded twice: `â€™` becomes `’`. Some publishing systems store parts of a page in this
/// form. `None` if no punctuation mark shows that this happened.
#[cfg(feature = "html")]
pub(crate) fn encoded_once(page: &str) -> Option<String> {
    let punctuation = page.match_indices('â').any(|(at, _)| {
        twice_encoded(&page[at..]).is_some_and(|(c, _)| ('\u{2010}'..='\u{203f}').contains(&c))
    });
    if !punctuation {
        return None;
    }
    let (mut mended, mut rest) = (String::with_capacity(page.len()), page);
    while let Some(at) = rest.find(['Â', 'Ã', 'â']) {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let (c, length) = twice_encoded(rest).unwrap_or_else(|| {
            let c = rest.chars().next().unwrap_or_default();
            (c, c.len_utf8())
        });
        mended.push(c);
        rest = &rest[length..];
    }
    mended.push_str(rest);
    Some(mended)
}

/// The character whose UTF-8 bytes, each given as a character, begin a text, and the length of that sequence.
#[cfg(feature = "html")]
fn twice_encoded(text: &str) -> Option<(char, usize)> {
    let mut bytes = Vec::with_capacity(3);
    let mut length = 0;
    for c in text.chars().take(if text.starts_with('â') { 3 } else { 2 }) {
        bytes.push(byte_of(c)?);
        length += c.len_utf8();
    }
    let c = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    Some((c, length))
}

/// The byte that a character represents in Latin-1, or in what is usually meant by Latin-1.
#[cfg(feature = "html")]
fn byte_of(c: char) -> Option<u8> {
    u8::try_from(u32::from(c)).ok().or_else(|| {
        let mut buffer = [0; 4];
        match WINDOWS_1252.encode(c.encode_utf8(&mut buffer)) {
            (bytes, _, false) if bytes.len() == 1 => Some(bytes[0]),
            _ => None,
        }
    })
}

/// The beginning of an input as text, good enough to detect its format.
pub(crate) fn head(bytes: &[u8]) -> Cow<'_, str> {
    match shown(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0,
        None => String::from_utf8_lossy(bytes),
    }
}

/// The character set that an XML declaration names.
#[cfg(feature = "html")]
pub(crate) fn in_declaration(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(PRESCAN)];
    let from = head.windows(5).position(|w| w == b"<?xml")?;
    let end = from + head[from..].iter().position(|&b| b == b'>')?;
    let declaration = std::str::from_utf8(&head[from..end]).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    // A declaration of UTF-16 must be wrong, because it could not have been read as bytes.
    value[1..].split(quote).next().filter(|label| !label.to_ascii_lowercase().starts_with("utf-16"))
}

/// The character set that `<meta charset=…>` or `<meta … content="…charset=…">` names. UTF-16 is taken as UTF-8, as the
/// HTML standard requires, because otherwise the declaration could not have been read.
fn in_page(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(PRESCAN)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let meta = head.find("<meta")?;
    let from = meta + head[meta..].find("charset")? + "charset".len();
    let value = head[from..].trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let label =
        value.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '>' | ';' | '/')).next()?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    Some(if encoding.name().starts_with("UTF-16") { UTF_8 } else { encoding })
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guessed = detector.guess(None, chardetng::Utf8Detection::Allow);
    if bytes.is_ascii() { WINDOWS_1252 } else { guessed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_guessed_and_marked() {
        let page = b"<html><head><meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\"></head>\xcf\xf0\xe8";
        assert!(decode(page, None).text.ends_with("При"));
        assert_eq!(decode(b"\xff\xfeh\0i\0", None).text, "hi");
        assert_eq!(decode(b"\xef\xbb\xbfhi", None).text, "hi");
        assert_eq!(decode(b"\x93No,\x94 she said. It\x92s late.", None).text, "“No,” she said. It’s late.");
        assert_eq!(decode(b"caf\xe9", Some("iso-8859-1")).text, "café");
    }

    #[test]
    fn one_odd_byte_does_not_change_the_character_set() {
        let text = "“We open in May,” Minister Ada Brandt said. “Nobody’s late.”".as_bytes();
        for at in [10, 30, text.len()] {
            let odd = [&text[..at], b"\xe9", &text[at..]].concat();
            let decoded = decode(&odd, None);
            assert!(
                decoded.text.contains("Minister Ada Brandt said. “Nobody’s late.") || at == 30,
                "{}",
                decoded.text
            );
            assert!(decoded.text.contains('\u{fffd}'));
            assert_eq!(decoded.notice.unwrap().kind, NoticeKind::Encoding);
        }
        // Cut off inside a character.
        let cut = decode(&text[..text.len() - 1], None);
        assert!(cut.text.starts_with("“We open") && cut.notice.is_some());
        let declared = [b"<meta charset=windows-1252>", text, b"\xe9"].concat();
        assert!(decode(&declared, None).text.contains("“Nobody’s"));
    }

    #[test]
    fn a_wrong_declaration_of_utf_8_is_ignored() {
        let page = b"<meta charset=utf-8>\x93No,\x94 said Zo\xeb Br\xfbl\xe9.";
        for declared in [None, Some("utf-8")] {
            let decoded = decode(page, declared);
            assert!(decoded.text.ends_with("“No,” said Zoë Brûlé."), "{}", decoded.text);
            assert_eq!(decoded.notice.unwrap().kind, NoticeKind::Encoding);
        }
        // One valid character, or two odd bytes, are too little evidence.
        for page in [&b"<meta charset=utf-8>\xe9 \xe9 \xe9 \xc3\xa9"[..], b"<meta charset=utf-8>\xe9 \xe9"] {
            assert!(decode(page, None).text.contains('\u{fffd}'));
        }
    }

    #[test]
    fn utf_16_without_a_mark_is_read_with_a_notice() {
        let bytes = |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(order).collect()
        };
        for text in [
            "“We open in May,” Āpirana Brandt said.\r\n\r\n“Nobody’s late 😀.”",
            "<html><head><meta charset=utf-16></head><p>It rained.</p>",
            "It rained. “—” 大雨, she said, and it went on",
        ] {
            for (order, name) in
                [(u16::to_le_bytes as fn(u16) -> [u8; 2], "UTF-16LE"), (u16::to_be_bytes, "UTF-16BE")]
            {
                for declared in [None, Some("utf-8"), Some("utf-16")] {
                    let decoded = decode(&bytes(text, order), declared);
                    assert_eq!(decoded.text, text);
                    let notice = decoded.notice.unwrap();
                    assert_eq!(notice.kind, NoticeKind::Encoding);
                    assert!(notice.message.ends_with(name), "{}", notice.message);
                }
                assert_eq!(head(&bytes(text, order)), text);
                // A mark says so itself.
                assert!(decode(&bytes(&format!("\u{feff}{text}"), order), None).notice.is_none());
                // Cut off inside a character.
                let cut = &bytes(text, order)[..text.encode_utf16().count() * 2 - 1];
                assert!(decode(cut, None).notice.unwrap().message.contains("U+FFFD"));
            }
        }
    }

    #[test]
    fn only_text_in_utf_16_is_read_as_utf_16() {
        let numbers: Vec<u8> = (0..2_000_u16).flat_map(|n| (n % 200).to_le_bytes()).collect();
        let figures: Vec<u8> = (0..2_000_u16).flat_map(|n| (0x30 + n % 10).to_le_bytes()).collect();
        let wide: Vec<u8> = "It rained all night.".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        for bytes in [
            "“We open in May,” she said.".as_bytes(),
            b"\x93No,\x94 she said. It\x92s late.",
            b"It rained.\0\0\0 It snowed.",
            b"h\0i\0",
            &numbers,
            &figures,
            &wide,
            &[0; 100],
        ] {
            assert!(shown(bytes).is_none());
        }
    }

    #[test]
    fn a_declaration_of_macintosh_is_followed() {
        let text = b"\xd2We open,\xd3 Zo\x91 said.";
        assert_eq!(decode(text, Some("macintosh")).text, "“We open,” Zoë said.");
        let page = [b"<meta charset=x-mac-roman>", &text[..]].concat();
        assert!(decode(&page, None).text.ends_with("“We open,” Zoë said."));
    }

    #[cfg(feature = "html")]
    #[test]
    fn declarations_of_xml() {
        assert_eq!(in_declaration(b"\n\n<?xml version='1.0' encoding='ISO-8859-1'?>"), Some("ISO-8859-1"));
        assert_eq!(in_declaration(b"<?xml version='1.0'?><a encoding='x'>"), None);
        assert_eq!(in_declaration(b"<?xml version='1.0' encoding=\"utf-16\"?>"), None);
    }

    #[test]
    fn replaced_bytes_are_noticed() {
        let page = b"<meta charset=utf-8>caf\xe9";
        assert_eq!(decode(page, None).notice.unwrap().kind, NoticeKind::Encoding);
    }

    #[cfg(feature = "html")]
    #[test]
    fn characters_encoded_twice_are_themselves_again() {
        let twice = "â\u{80}\u{9c}We open,â€\u{9d} said AndrÃ©\u{a0}Dahl â€“ itâ€™s late.Â\u{a0}â";
        let once = "“We open,” said André\u{a0}Dahl – it’s late.\u{a0}â";
        assert_eq!(encoded_once(twice).as_deref(), Some(once));
        // Without a punctuation mark, the page may really mean these letters.
        for page in ["Ã©tÃ©", "pâté", "A “quotation” – of Â\u{a0}names", "â€", "â\u{80}", "âme «Ã©»"]
        {
            assert_eq!(encoded_once(page), None, "{page}");
        }
    }
}
