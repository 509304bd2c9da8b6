//! Recognises inputs that can't be read, so that an error can name their kind.

use crate::charset;
use crate::source::{Format, SourceError, ending, is_binary, is_html, root};

/// Why an input can't be read, if its first bytes or its name show it. `given` says whether the caller chose the format.
pub(crate) fn refused(name: &str, head: &[u8], format: Format, given: bool) -> Option<SourceError> {
    let damaged = |what: String| Some(SourceError::Damaged(name.to_owned(), what));
    if let Some(encoding) = encoding(head) {
        return damaged(format!("a text in {encoding}, which can't be read; convert it to UTF-8 first"));
    }
    if let Some(kind) = written(name, head) {
        return Some(SourceError::Written(name.to_owned(), kind));
    }
    if let Some(kind) = packed(head) {
        return Some(SourceError::Packed(name.to_owned(), kind));
    }
    let text = charset::head(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with("filedesc://") {
        let what = "an ARC archive, the predecessor of WARC, which can't be read; convert it to WARC first";
        return damaged(what.to_owned());
    }
    if !given && matches!(format, Format::Html | Format::Text) {
        if let Some(root) = xml(name, text) {
            let root: String = root.chars().take(40).collect();
            return damaged(format!(
                "an XML document whose root is “{root}”, which is not a page, a feed or a news item"
            ));
        }
        if let Some(kind) = collection(name, text, format) {
            return damaged(format!(
                "{kind}, which can't be read; convert it to JSON Lines first, one article a line"
            ));
        }
    }
    // The pages of an archive may be pictures, so each is checked separately.
    if format != Format::Warc && is_binary(head) {
        return Some(SourceError::Binary(name.to_owned()));
    }
    let mail = (format == Format::Text && !given).then(|| mail(name, text)).flatten()?;
    Some(SourceError::Written(name.to_owned(), mail))
}

/// The kind of a file with many articles, or with rows, that is neither a page nor prose.
fn collection(name: &str, text: &str, format: Format) -> Option<&'static str> {
    let ending = ending(name);
    match ending.as_deref() {
        Some("csv") if format == Format::Text => return Some("a table in CSV"),
        Some("tsv") if format == Format::Text => return Some("a table in TSV"),
        Some("html" | "htm" | "xhtml") => return None,
        _ => {}
    }
    let declared = text.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype lewis"));
    let root = root(text).map(str::to_ascii_lowercase);
    let is_collection = declared || matches!(root.as_deref(), Some("doc" | "docs" | "reuters"));
    let is_named =
        matches!(ending.as_deref(), Some("sgm" | "sgml")) && root.is_some_and(|root| !is_html(&root));
    (is_collection || is_named).then_some("a collection in SGML")
}

/// The kind of an archive, or of a file that is compressed in another way than with gzip. Gzip data are unpacked before
/// this, so what is still gzipped was packed twice.
fn packed(head: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 10] = [
        (b"PK\x03\x04", "a zip archive"),
        (b"PK\x05\x06", "a zip archive"),
        (b"PK\x07\x08", "a zip archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"\xfd7zXZ\0", "a file compressed with xz"),
        (b"\x28\xb5\x2f\xfd", "a file compressed with zstd"),
        (b"\x04\x22\x4d\x18", "a file compressed with LZ4"),
        (b"\x1f\x8b\x08", "a file compressed with gzip twice"),
        (b"\x1f\x9d", "a file compressed with compress"),
    ];
    let is_bzip2 = head.starts_with(b"BZh") && head.get(4..10) == Some(b"1AY&SY");
    match head.get(257..262) {
        _ if is_bzip2 => Some("a file compressed with bzip2"),
        Some(b"ustar") => Some("a tar archive"),
        _ => KINDS.iter().find(|(first, _)| head.starts_with(first)).map(|(_, kind)| *kind),
    }
}

/// The kind of a file of a word processor, a printer or an e-reader.
fn written(name: &str, head: &[u8]) -> Option<&'static str> {
    let is_packed = head.starts_with(b"PK\x03\x04");
    let has = |part: &[u8]| is_packed && head.windows(part.len()).any(|window| window == part);
    Some(match ending(name).as_deref() {
        _ if head.starts_with(b"%PDF") => "a PDF file",
        _ if head.starts_with(RTF) => "an RTF file",
        _ if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => "a Word or other Office file",
        // What kind of document a packed file holds is only said in the middle of it, or by the name.
        Some("docx" | "docm") if is_packed => "a Word file",
        Some("odt") if is_packed => "an OpenDocument file",
        Some("epub") if is_packed => "an EPUB book",
        _ if has(b"mimetypeapplication/epub+zip") => "an EPUB book",
        _ if has(b"mimetypeapplication/vnd.oasis.opendocument") => "an OpenDocument file",
        _ if has(b"[Content_Types].xml") => "a Word or other Office file",
        _ => return None,
    })
}

/// The kind of an XML document that is neither a page nor a part of one: the name of its root.
fn xml<'t>(name: &str, text: &'t str) -> Option<&'t str> {
    let is_xml = match ending(name).as_deref() {
        Some("html" | "htm" | "xhtml" | "txt" | "text") => false,
        Some("xml") => true,
        _ => text.starts_with("<?xml"),
    };
    root(text).filter(|root| is_xml && !is_html(&root.to_ascii_lowercase()))
}

/// An encoding of text that no browser supports, so that its bytes would be read as something else.
fn encoding(head: &[u8]) -> Option<&'static str> {
    match head {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] | [b'<', 0, 0, 0, ..] | [0, 0, 0, b'<', ..] => {
            Some("UTF-32")
        }
        // “<?xm”
        [0x4c, 0x6f, 0xa7, 0x94, ..] => Some("EBCDIC"),
        _ => None,
    }
}

/// The first bytes of RTF. It consists of letters, but most of them are commands.
pub(crate) const RTF: &[u8] = br"{\rtf";

/// Fields that only the header of a mail has (RFC 5322 and 2045).
const MAIL_FIELDS: [&str; 8] = [
    "content-transfer-encoding",
    "content-type",
    "delivered-to",
    "dkim-signature",
    "message-id",
    "mime-version",
    "received",
    "return-path",
];

/// The fields of a mail whose sender wrote nothing but these.
const PLAIN_MAIL_FIELDS: [&str; 3] = ["from", "to", "subject"];

/// Whether a text is a mail, or a mailbox (RFC 4155): its first lines are the header of a mail. A text may quote the lines
/// `From`, `To` and `Subject` of a mail, but not these fields. In a file that is `called` mail, those are enough.
fn is_mail(text: &str, called: bool) -> bool {
    let mut lines = text.lines().peekable();
    // `From jo@sound.example Fri Mar  4 07:00:02 2016`
    let is_time =
        |word: &str| word.matches(':').count() == 2 && word.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let is_start = |line: &&str| line.starts_with("From ") && line.split(' ').any(is_time);
    let is_box = lines.next_if(is_start).is_some();
    let (mut fields, mut sure) = (0, false);
    for line in lines.take_while(|line| !line.trim().is_empty()) {
        if line.starts_with([' ', '\t']) && fields > 0 {
            continue;
        }
        let name = line.split_once(':').map(|(name, _)| name.to_ascii_lowercase());
        let is_name = |name: &String| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        let Some(name) = name.filter(is_name) else { return false };
        fields += 1;
        sure |= MAIL_FIELDS.contains(&&*name) || called && PLAIN_MAIL_FIELDS.contains(&&*name);
    }
    fields > 0 && (is_box || sure && fields > 1)
}

/// The kind of a mail.
fn mail(name: &str, text: &str) -> Option<&'static str> {
    let is_page = matches!(ending(name).as_deref(), Some("mht" | "mhtml"))
        || text.to_ascii_lowercase().contains("\nsnapshot-content-location:");
    let called = matches!(ending(name).as_deref(), Some("eml" | "mbox"));
    is_mail(text, called).then_some(if is_page { "a page saved as MHTML" } else { "mail" })
}
