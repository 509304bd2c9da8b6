//! Bytes to text, as browsers do it: byte order mark, what the page declares, then a guess from the bytes.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use onrecord_text::{Notice, NoticeKind};

/// Text and what was odd about its bytes.
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) notice: Option<Notice>,
}

/// How far into a page browsers look for a declaration.
const PRESCAN: usize = 1024;

/// Decodes bytes of which `declared` names the character set, where something outside the bytes does.
pub(crate) fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    let encoding = Encoding::for_bom(bytes)
        .map(|(encoding, _)| encoding)
        .or_else(|| std::str::from_utf8(bytes).is_ok().then_some(UTF_8))
        .or_else(|| declared.and_then(|label| Encoding::for_label(label.as_bytes())))
        .or_else(|| in_page(bytes))
        .unwrap_or_else(|| guess(bytes));
    let (text, used, replaced) = encoding.decode(bytes);
    let notice = replaced.then(|| Notice {
        kind: NoticeKind::Encoding,
        message: format!("some bytes are not valid {}; each was read as U+FFFD", used.name()),
    });
    Decoded { text: text.into_owned(), notice }
}

/// The character set that `<meta charset=…>` or `<meta … content="…charset=…">` names. UTF-16 there means UTF-8, as
/// the HTML standard has it, because the declaration could not have been read otherwise.
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
    fn replaced_bytes_are_noticed() {
        let page = b"<meta charset=utf-8>caf\xe9";
        assert_eq!(decode(page, None).notice.unwrap().kind, NoticeKind::Encoding);
    }
}
