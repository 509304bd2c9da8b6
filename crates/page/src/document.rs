//! Reads JSON documents: one article each, with its body in `text` or `html`, or as a ninjs item (IPTC's News in JSON,
//! 1.x to 3.x).

#[cfg(feature = "html")]
use std::borrow::Cow;
use std::collections::VecDeque;

use onrecord_text::{Article, Notice, NoticeKind, PartialDate, wrong_in_line};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::json::{self, Members};
use crate::lists::List;
#[cfg(feature = "html")]
use crate::read_html;
use crate::{Format, Hints, Raw, credit, read_text, stamp};

/// One of several bodies or headlines.
#[derive(Deserialize)]
struct Part {
    role: Option<String>,
    #[serde(alias = "contentType")]
    contenttype: Option<String>,
    value: Option<String>,
}

/// The forms of a body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Page,
    Nitf,
    Plain,
}

impl Form {
    /// Whether this build can read such a body.
    fn is_supported(self) -> bool {
        cfg!(feature = "html") || self == Self::Plain
    }

    /// Reads the article from a body of this form.
    #[cfg(feature = "html")]
    fn read(self, body: String, hints: &Hints) -> Result<Article, DocumentError> {
        let title = hints.title.as_deref();
        Ok(match self {
            Self::Page => read_html(&page_of(title, &body), hints),
            Self::Nitf => read_html(&crate::newsml::page(&body, title), hints),
            Self::Plain => read_text(body, hints),
        })
    }

    /// Reads the article from a body of this form.
    #[cfg(not(feature = "html"))]
    fn read(self, body: String, hints: &Hints) -> Result<Article, DocumentError> {
        if self.is_supported() { Ok(read_text(body, hints)) } else { Err(DocumentError::WithoutHtml) }
    }
}

impl Part {
    fn form(&self) -> Form {
        let kind = self.contenttype.as_deref().unwrap_or_default().to_ascii_lowercase();
        let begins = self.value.as_deref().unwrap_or_default().trim_start();
        match () {
            () if kind.contains("nitf") => Form::Nitf,
            () if kind.contains("html") => Form::Page,
            () if kind.contains("xml") && begins.contains("<nitf") => Form::Nitf,
            () if kind.contains("xml") || (kind.is_empty() && begins.starts_with('<')) => Form::Page,
            () => Form::Plain,
        }
    }
}

/// The item's body and its form, if it has one. Of several bodies, the one with the most text is the article, because
/// every agency lists teasers and summaries beside it under names of its own.
fn body(item: &Members) -> Option<(Form, String)> {
    let named = [
        (Form::Page, item.text("body_xhtml")),
        (Form::Page, item.text("body_html")),
        (Form::Plain, item.text("body_text")),
    ];
    let listed = parts(item.value("bodies")).into_iter().map(|part| (part.form(), part.value));
    let bodies = named.into_iter().chain(listed).filter_map(|(form, body)| Some((form, body?)));
    let weighed = bodies.map(|(form, body)| {
        let words: usize = match form {
            Form::Plain => body.split_whitespace().count(),
            _ => body.split(['<', '>']).step_by(2).map(|text| text.split_whitespace().count()).sum(),
        };
        // The same text is worth more with markup, which shows its paragraphs. A note is not the text.
        (words + words / 4 * usize::from(form != Form::Plain), form, body)
    });
    let full = weighed.filter(|(words, ..)| *words > 0);
    let (_, form, body) = full.max_by_key(|(words, form, _)| (form.is_supported(), *words))?;
    Some((form, body))
}

/// The text under another name, and its form, if there is neither `text` nor `html`.
fn other_body(document: &Members) -> Option<(Form, String)> {
    let texts = ["body", "content", "articleBody"].into_iter().filter_map(|name| document.text(name));
    let text = texts.into_iter().find(|text| !text.trim().is_empty())?;
    let part = Part { role: None, contenttype: None, value: Some(text) };
    Some((part.form(), part.value?))
}

/// The main one of several headlines.
fn headline(item: &Members) -> Option<String> {
    let main = |p: &Part| p.role.as_deref().is_none_or(|role| role == "main" || role == "headline");
    let mut listed = parts(item.value("headlines"));
    let at = listed.iter().position(main).unwrap_or(0);
    listed.get_mut(at)?.value.take()
}

/// The names of the authors.
fn authors(document: &Members) -> Vec<String> {
    let mut named = document.named(List::MemberAuthors).map(|value| people(&value));
    named.find(|names| !names.is_empty()).unwrap_or_default()
}

/// Notices about restrictions on the item's use.
fn notices(item: &Members) -> Vec<Notice> {
    let status = any(item, ["pubstatus", "pubStatus"]).and_then(|status| withdrawn(&status));
    let embargo = item.scalar("embargoed").and_then(|until| embargoed(&until));
    status.into_iter().chain(embargo).collect()
}

/// The first of these members that is one line of text.
fn any<const N: usize>(document: &Members, names: [&str; N]) -> Option<String> {
    names.into_iter().find_map(|name| document.scalar(name))
}

/// The date of publication, or what is written in its place.
fn published(document: &Members) -> Result<Option<PartialDate>, String> {
    let given = document.named(List::MemberDates).map(|value| date(&value));
    let given: Vec<String> = given.filter(|date| !date.is_empty()).collect();
    match given.iter().find_map(|given| stamp::stamp(given)) {
        None => given.into_iter().next().map_or(Ok(None), Err),
        date => Ok(date),
    }
}

/// The most characters of a value that are shown.
const SHOWN: usize = 60;

/// The text of a date: `"2016-03-04"`, `["2016-03-04"]`, or as MongoDB writes it, `{"$date": "2016-03-04T10:00:00Z"}` or
/// `{"$date": {"$numberLong": "1457085600000"}}`.
fn date(value: &Value) -> String {
    let milliseconds = |value: &Value| -> Option<i64> {
        value.as_i64().or_else(|| value.get("$numberLong")?.as_str()?.parse().ok())
    };
    let text = match value {
        Value::Array(list) if list.len() == 1 => return date(&list[0]),
        Value::Object(object) => object.get("$date").and_then(|date| match milliseconds(date) {
            Some(milliseconds) => Some(jiff::Timestamp::from_millisecond(milliseconds).ok()?.to_string()),
            None => json::scalar(date),
        }),
        value => json::scalar(value),
    };
    text.map(|text| text.trim().to_owned()).unwrap_or_else(|| value.to_string().chars().take(SHOWN).collect())
}

/// The bodies or headlines of a list.
fn parts(list: Option<Value>) -> Vec<Part> {
    list.and_then(|list| serde_json::from_value(list).ok()).unwrap_or_default()
}

/// Pairs of members that have the given name and the family name of a person.
const NAMES: [(&str, &str); 5] = [
    ("first_name", "last_name"),
    ("firstName", "lastName"),
    ("given_name", "family_name"),
    ("givenName", "familyName"),
    ("first", "last"),
];

/// The names in a JSON value: a byline, an object with a name, or a list of these.
pub(crate) fn people(value: &Value) -> Vec<String> {
    let all = match value {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let in_two = |value: &Value| {
        NAMES.iter().find_map(|(first, last)| {
            let names = [value.get(*first), value.get(*last)].map(|name| name.and_then(Value::as_str));
            let whole = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
            Some(whole).filter(|name| !name.trim().is_empty())
        })
    };
    let mut names: Vec<String> = Vec::new();
    let lines = all.iter().filter_map(|person| json::scalar(person).or_else(|| in_two(person)));
    for name in lines.flat_map(|line| credit::names(&line)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A notice that the item must not be used, if its status says so.
pub(crate) fn withdrawn(status: &str) -> Option<Notice> {
    let word = status.rsplit([':', '/']).next().unwrap_or(status).trim().to_ascii_lowercase();
    let kind = match word.as_str() {
        word if List::Withdrawn.has(word) => NoticeKind::Withdrawn,
        word if List::Embargoed.has(word) => NoticeKind::Embargoed,
        _ => return None,
    };
    Some(Notice { kind, message: format!("the publisher marked the item as “{word}”") })
}

/// Whether notices say that the publisher withdrew an item. Such an item may have no text.
pub(crate) fn withdraws(notices: &[Notice]) -> bool {
    notices.iter().any(|notice| notice.kind == NoticeKind::Withdrawn)
}

/// A notice that the item must not be published before a date.
pub(crate) fn embargoed(until: &str) -> Option<Notice> {
    let until = until.trim();
    (!until.is_empty()).then(|| Notice {
        kind: NoticeKind::Embargoed,
        message: format!("the publisher put the item under an embargo until {until}"),
    })
}

/// A notice that the item must not be used, or not yet, if a line of its text says so: `EMBARGOED UNTIL 6 MARCH`,
/// `KILL ADVISORY: Bridge`, `ATTENTION EDITORS - STORY WITHDRAWN`, `BC-Bridge,KILL`.
pub(crate) fn restriction(line: &str) -> Option<Notice> {
    let line = line.trim().trim_start_matches(['*', '[', '(', '#', ' ']);
    stated(line).or_else(|| slug(line)).or_else(|| {
        let (_, words) = opening(line, List::Addressed)?;
        let words = words.trim_start_matches([':', '-', '–', '—', ' ']);
        stated(words).or_else(|| note(words))
    })
}

/// The entry of a list with which a line begins, and the rest of the line.
fn opening(line: &str, list: List) -> Option<(&str, &str)> {
    let starts = |entry: &&&str| {
        line.get(..entry.len()).is_some_and(|start| start.to_lowercase() == **entry)
            && !line[entry.len()..].starts_with(char::is_alphanumeric)
    };
    // The longest one says what the rest of the line is.
    let entry = list.entries().iter().filter(starts).max_by_key(|entry| entry.len())?;
    Some(line.split_at(entry.len()))
}

/// The restriction that a line says with its first words.
fn stated(line: &str) -> Option<Notice> {
    if let Some((opening, until)) = opening(line, List::EmbargoedLine) {
        let until =
            until.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '*' | ']' | ')' | '.'));
        // A headline such as “Embargo: harbour shuts out oil” is about something else.
        if opening.ends_with(':') && !until.is_empty() && !stamp::is_mostly_time(until) {
            return None;
        }
        let message = "the publisher put the item under an embargo".to_owned();
        return embargoed(until).or(Some(Notice { kind: NoticeKind::Embargoed, message }));
    }
    let (opening, rest) = opening(line, List::WithdrawnLine)?;
    let rest = rest.trim_end_matches(|c: char| c.is_whitespace() || "*])#".contains(c));
    let is_loud = !opening.contains(char::is_lowercase);
    let is_phrase = opening.contains(' ');
    let is_apart =
        rest.starts_with([':', '.']) || [" -", " –", " —"].iter().any(|dash| rest.starts_with(dash));
    // `KILL BC-Bridge`, but not `KILL ANTI-TOLL BILL`
    let is_slug = || rest.strip_prefix(' ').is_some_and(|word| word.contains('-') && !word.contains(' '));
    // `Elimination: BC-Bridge`, but not `Elimination: how the cup is won`
    let names_slug = || rest.strip_prefix(':').is_some_and(|word| begins_slug(word.trim_start()));
    // A headline such as “Story withdrawn after protests” or “ELIMINATION: Ravn beats Sundby” is about something else.
    let is_ambiguous = List::AmbiguousLine.has(&opening.to_lowercase());
    let fits = if is_loud {
        rest.is_empty() || is_apart && !is_ambiguous || is_slug() || names_slug()
    } else {
        is_phrase && (rest.is_empty() || rest == ".") || names_slug()
    };
    let fits = fits || opening.contains(':');
    fits.then(|| marked(opening))
}

/// Whether a text begins with a slug: `BC-Bridge`.
fn begins_slug(text: &str) -> bool {
    let starts = |slug: &&str| text.get(..slug.len()).is_some_and(|start| start.eq_ignore_ascii_case(slug));
    List::Slugs.entries().iter().any(starts)
}

/// The length of the mark with which a line of a withdrawn text begins, before a colon: `KILL: `, `Editors: `. It is the
/// agency's, and names no speaker.
pub(crate) fn mark(line: &str) -> Option<usize> {
    let lists = [List::WithdrawnLine, List::EmbargoedLine, List::Addressed];
    let (_, rest) =
        lists.into_iter().find_map(|list| opening(line, list).filter(|(_, rest)| rest.starts_with(':')))?;
    Some(line.len() - rest[1..].trim_start().len())
}

/// The withdrawal at the end of a slug: `BC-Bridge,KILL`.
fn slug(line: &str) -> Option<Notice> {
    let is_slug = begins_slug(line) && line.split_whitespace().count() <= 2;
    let word = line.rsplit([',', '-', '_']).next().filter(|_| is_slug)?.trim();
    (!word.contains(char::is_lowercase) && List::Withdrawn.has(&word.to_lowercase())).then(|| marked(word))
}

/// The most words of a note that withdraws a text.
const NOTE: usize = 16;

/// The withdrawal at the end of a note to editors or readers: `The Sound has retracted this article.`
fn note(words: &str) -> Option<Notice> {
    let bare = words.trim_end_matches(|c: char| c.is_whitespace() || ".])*".contains(c)).to_lowercase();
    let end = List::WithdrawnNote.entries().iter().find(|end| bare.ends_with(*end))?;
    (bare.split_whitespace().count() <= NOTE && !bare.contains(['“', '"'])).then(|| marked(end))
}

fn marked(words: &str) -> Notice {
    let message = format!("the publisher marked the item as “{}”", words.to_lowercase());
    Notice { kind: NoticeKind::Withdrawn, message }
}

/// A notice about a value that should be a date.
pub(crate) fn not_a_date(given: &str) -> Notice {
    Notice {
        kind: NoticeKind::Date,
        message: format!("the publication date was left out: “{given}” is not a date such as 2015-12-03"),
    }
}

/// Members that have the name of a document, in order of trust. MongoDB's is `_id`.
const IDS: [&str; 3] = ["id", "uri", "_id"];

/// Whether a document has a name.
pub fn has_name(document: &[u8]) -> bool {
    let (document, _) = json::mended(document);
    Members::of(&document).is_ok_and(|members| IDS.into_iter().any(|id| members.written(id).is_some()))
}

/// The documents of a JSON input: one, several in a row, or the elements of a list. An error says why reading stopped
/// after the documents that were read.
pub(crate) fn items(bytes: &[u8], name: &str) -> (VecDeque<Raw>, Option<String>) {
    let mut found = Vec::new();
    let mut error = None;
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<&RawValue>();
    while let Some(value) = values.next() {
        match value {
            Ok(value) if value.get().starts_with('[') => {
                // The elements of a list have already been parsed once.
                found.extend(json::elements(value.get().as_bytes()).0);
            }
            Ok(value) => found.push(value),
            Err(e) => {
                let rest = bytes[values.byte_offset()..].trim_ascii_start();
                let whole = if rest.starts_with(b"[") { json::elements(rest).0 } else { Vec::new() };
                found.extend(whole.into_iter().filter(|value| value.get().starts_with('{')));
                error = Some(json::stopped(&e, found.len()));
            }
        }
    }
    let alone = found.len() == 1 && !bytes.trim_ascii_start().starts_with(b"[");
    let item = |(n, item): (usize, &&RawValue)| {
        let place = if alone { name.to_owned() } else { format!("{name}#{}", n + 1) };
        Raw::new(place, Format::Json, item.get().as_bytes().to_vec())
    };
    (found.iter().enumerate().map(item).collect(), error)
}

/// Why a line is not a document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// It is not JSON.
    #[error("not a JSON document: {}", wrong_in_line(.0))]
    Json(#[from] serde_json::Error),
    /// It is JSON, but not an object.
    #[error("not a JSON document: it is {0}, and not an object such as {{\"text\": \"…\"}}")]
    NotAnObject(&'static str),
    /// The member that should be its body is not a text.
    #[error("not a JSON document: its “{0}” is {1}, and not a text")]
    NotText(&'static str, &'static str),
    /// It has no body.
    #[error("the document has no “text”, “html” or “body”, nor a body as a ninjs item has it")]
    NoBody,
    /// Its body is HTML, and the crate was built without the feature `html`.
    #[error("the body of the document is HTML, which can't be read: the feature “html” is off")]
    WithoutHtml,
}

/// Reads the article of one document. `name` replaces a missing `id`, and hints fill in what the document leaves out.
///
/// # Errors
///
/// If it is not a JSON object with a body.
pub(crate) fn parse(line: &[u8], name: &str, hints: &Hints) -> Result<Article, DocumentError> {
    let (line, odd) = json::mended(line);
    let mut article = article(&line, name, hints, true)?;
    article.notices.extend(odd);
    Ok(article)
}

/// Reads the article of one document. Packages inside packages are ignored.
fn article(line: &[u8], name: &str, hints: &Hints, may_be_package: bool) -> Result<Article, DocumentError> {
    let document = Members::of(line).map_err(|e| match std::str::from_utf8(line) {
        Ok(line) if e.is_data() && json::kind(line) != "an object" => {
            DocumentError::NotAnObject(json::kind(line))
        }
        _ => DocumentError::Json(e),
    })?;
    let body_of = |name: &'static str| match document.written(name) {
        Some(value) if json::kind(value.get()) != "a text" => {
            Err(DocumentError::NotText(name, json::kind(value.get())))
        }
        _ => Ok(document.text(name)),
    };
    let (text, html) = (body_of("text")?, body_of("html")?);
    let mut notices = notices(&document);
    let body = body(&document).or_else(|| other_body(&document));
    if text.is_none() && html.is_none() && body.is_none() {
        if let Some(parts) = document.written("associations").filter(|_| may_be_package) {
            return package(parts, name, hints);
        }
        if !withdraws(&notices) {
            return Err(DocumentError::NoBody);
        }
    }
    let published = published(&document).unwrap_or_else(|given| {
        notices.push(not_a_date(&given));
        None
    });
    // A ninjs item is identified by its URI, which is an address or a name such as `tag:example.org,2016:item7`.
    let address = document.scalar("uri").filter(|uri| uri.starts_with("http"));
    let title = document.named(List::MemberTitles).find_map(|title| json::scalar(&title));
    let outlets = ["outlet", "publisher", "copyrightholder", "copyrightHolder"];
    let hints = Hints {
        source_id: any(&document, IDS).unwrap_or_else(|| name.to_owned()),
        url: document.scalar("url").or(address).or_else(|| hints.url.clone()),
        outlet: any(&document, outlets).or_else(|| hints.outlet.clone()),
        title: title.or_else(|| headline(&document)).or_else(|| hints.title.clone()),
        published: published.or(hints.published),
    };
    let mut article = match (text, html, body) {
        (Some(text), ..) => read_text(text, &hints),
        #[cfg(feature = "html")]
        (None, Some(html), _) => read_html(&html, &hints),
        #[cfg(not(feature = "html"))]
        (None, Some(_), None) => return Err(DocumentError::WithoutHtml),
        (None, _, Some((form, body))) => form.read(body, &hints)?,
        (None, None, None) => read_text(String::new(), &hints),
    };
    if article.metadata.bylines.is_empty() {
        article.metadata.bylines = authors(&document);
    }
    article.notices.append(&mut notices);
    Ok(article)
}

/// The article of a package, whose items are keyed by their role in it or are a list: its main item, or the first item
/// with a body. A notice counts the others.
fn package(parts: &RawValue, name: &str, hints: &Hints) -> Result<Article, DocumentError> {
    let parts: Vec<&RawValue> = match Members::of(parts.get().as_bytes()) {
        Ok(parts) => {
            let main = ["main", "body"].into_iter().find(|key| parts.written(key).is_some());
            let others = parts.all().filter(|(key, _)| Some(*key) != main).map(|(_, part)| part);
            main.and_then(|key| parts.written(key)).into_iter().chain(others).collect()
        }
        Err(_) => json::elements(parts.get().as_bytes()).0,
    };
    let mut items =
        parts.into_iter().filter_map(|part| article(part.get().as_bytes(), name, hints, false).ok());
    let mut article = items.next().ok_or(DocumentError::NoBody)?;
    let others: Vec<String> = items.map(|item| format!("“{}”", item.source_id)).collect();
    if let Some(first) = others.first() {
        let more = match others.len() {
            1 => format!("1 more item with text, {first}, which was"),
            all => format!("{all} more items with text, {first} and further ones, which were"),
        };
        let message = format!("the package has {more} not read");
        article.notices.push(Notice { kind: NoticeKind::Truncated, message });
    }
    Ok(article)
}

/// A page made of an article body that has no page of its own.
#[cfg(feature = "html")]
pub(crate) fn page_of(title: Option<&str>, body: &str) -> String {
    let mut escaped = String::new();
    crate::xml::escape(title.unwrap_or_default(), &mut escaped);
    let (title, body) = (escaped, without_head(body));
    let body = with_paragraphs(&body);
    format!(
        "<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    )
}

/// A page without its head, in which a title would be a paragraph of the body.
#[cfg(feature = "html")]
pub(crate) fn without_head(page: &str) -> Cow<'_, str> {
    let lower = page.to_ascii_lowercase();
    let opens = |(at, _): &(usize, &str)| {
        let behind = &lower[at + "<head".len()..];
        let before = page[..*at].split(['<', '>']).step_by(2);
        behind.starts_with(|c: char| c == '>' || c.is_whitespace())
            && before.into_iter().all(|t| t.trim().is_empty())
    };
    let Some((from, _)) = lower.match_indices("<head").take(10).find(opens) else {
        return Cow::Borrowed(page);
    };
    match lower[from..].find("</head>") {
        Some(length) => Cow::Owned(format!("{}{}", &page[..from], &page[from + length + "</head>".len()..])),
        None => Cow::Borrowed(page),
    }
}

/// Elements that a body has if its markup says where paragraphs and lines end, or if white space counts in it.
#[cfg(feature = "html")]
const LAID_OUT: [&str; 12] =
    ["article", "br", "div", "dl", "li", "p", "pre", "script", "section", "style", "table", "td"];
/// Elements that are no parts of a paragraph.
#[cfg(feature = "html")]
const APART: [&str; 12] =
    ["aside", "blockquote", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "iframe"];

/// A body in which empty lines separate paragraphs, as some publishing systems store it, as markup.
#[cfg(feature = "html")]
fn with_paragraphs(body: &str) -> Cow<'_, str> {
    let name = |tag: &str| -> String {
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        tag.chars().take_while(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let is_empty = |line: &str| line.trim().is_empty();
    let inner = body.trim();
    let has_breaks = inner.lines().any(is_empty);
    if !has_breaks || inner.split('<').skip(1).any(|tag| LAID_OUT.contains(&name(tag).as_str())) {
        return Cow::Borrowed(body);
    }
    let lines: Vec<&str> = inner.lines().collect();
    let paragraphs = lines.split(|line| is_empty(line)).filter(|lines| !lines.is_empty()).map(|lines| {
        let text = lines.join("\n");
        let is_apart =
            text.trim_start().strip_prefix('<').is_some_and(|tag| APART.contains(&name(tag).as_str()));
        if is_apart { text } else { format!("<p>{text}</p>") }
    });
    Cow::Owned(paragraphs.collect())
}

#[cfg(all(test, feature = "html"))]
mod tests {
    use super::*;

    #[test]
    fn fields_and_their_absence() {
        let line = br#"{"id": 7, "text": "It rained, she said.", "published": "2016-03-04T10:00:00Z", "outlet": "The Sound", "other": []}"#;
        let article = parse(line, "x", &Hints::default()).unwrap();
        assert_eq!((article.source_id.as_str(), article.text.as_str()), ("7", "It rained, she said."));
        assert_eq!(article.metadata.published.unwrap().to_string(), "2016-03-04");
        assert_eq!(article.metadata.outlet.as_deref(), Some("The Sound"));
    }

    #[test]
    fn news_in_json() {
        let first =
            br#"{"uri": "tag:sound.example,2016:7", "type": "text", "versioncreated": "2016-03-04T10:00:00Z",
            "headline": "Bridge to open", "byline": "By Nora Falk", "copyrightholder": "The Sound",
            "body_xhtml": "<p>TALLBERG -- \"We open in May,\" the minister said on Friday.</p>"}"#;
        let second = br#"{"uri": "http://sound.example/7", "contentCreated": "2016-03-04T10:00:00Z",
            "headlines": [{"role": "short", "value": "Bridge"}, {"role": "main", "value": "Bridge to open"}],
            "bodies": [{"contentType": "text/plain", "value": "The bridge will open in May, the minister said."}]}"#;
        let a = parse(first, "x", &Hints::default()).unwrap();
        assert_eq!((a.source_id.as_str(), a.metadata.url), ("tag:sound.example,2016:7", None));
        assert!(a.text.contains("We open in May"), "{}", a.text);
        assert_eq!(a.metadata.bylines, ["Nora Falk"]);
        assert_eq!(a.metadata.outlet.as_deref(), Some("The Sound"));
        assert_eq!(a.metadata.published.unwrap().to_string(), "2016-03-04");
        let b = parse(second, "x", &Hints::default()).unwrap();
        assert_eq!(b.metadata.title.as_deref(), Some("Bridge to open"));
        assert_eq!(b.metadata.url.as_deref(), Some("http://sound.example/7"));
        assert_eq!(b.text, "The bridge will open in May, the minister said.");
    }

    #[test]
    fn of_several_bodies_the_article_is_read() {
        let item = |bodies: &str| {
            let line = format!(
                "{{\"uri\": \"x\", \"headlines\": [{{\"value\": \"Bridge to open\"}}], \"bodies\": [{bodies}]}}"
            );
            parse(line.as_bytes(), "x", &Hints::default()).unwrap()
        };
        let long = "The bridge over the sound will open in May, the minister told reporters on Monday.";
        let page =
            format!("{{\"role\": \"long\", \"contenttype\": \"text/html\", \"value\": \"<p>{long}</p>\"}}");
        let teaser =
            "{\"role\": \"teaser\", \"contenttype\": \"text/plain\", \"value\": \"A bridge opens.\"}";
        let short = "{\"role\": \"short\", \"contenttype\": \"text/html\", \"value\": \"<p class='x' id='y'>A bridge.</p>\"}";
        let nitf = format!(
            "{{\"contentType\": \"application/nitf+xml\", \"value\": \"<nitf><body><body.content><p>{long}</p></body.content></body></nitf>\"}}"
        );
        for bodies in [
            format!("{page}, {teaser}"),
            format!("{teaser}, {page}"),
            format!("{short}, {page}"),
            format!("{page}, {{\"contenttype\": \"text/plain\", \"value\": \"{long}\"}}"),
            nitf,
        ] {
            let article = item(&bodies);
            assert_eq!(article.text, format!("Bridge to open\n\n{long}"), "{bodies}");
        }
    }

    #[test]
    fn a_text_may_have_another_name() {
        let text = |fields: &str| {
            let line = format!("{{\"title\": \"Rain\", {fields}}}");
            parse(line.as_bytes(), "x", &Hints::default()).map(|article| article.text)
        };
        for name in ["body", "content", "articleBody"] {
            assert_eq!(
                text(&format!("\"{name}\": \"It rained, she said.\"")).unwrap(),
                "It rained, she said."
            );
            let page = format!("\"{name}\": \"<p>It rained.</p><p>Nobody came, she said.</p>\"");
            assert_eq!(text(&page).unwrap(), "Rain\n\nIt rained.\n\nNobody came, she said.");
            let both = format!("\"{name}\": \"It snowed.\", \"text\": \"It rained.\"");
            assert_eq!(text(&both).unwrap(), "It rained.");
            assert!(text(&format!("\"{name}\": {{\"a\": 1}}")).is_err());
        }
    }

    #[test]
    fn authors_have_many_names() {
        let names = |field: &str| {
            let line = format!("{{\"text\": \"It rained, she said.\", {field}}}");
            parse(line.as_bytes(), "x", &Hints::default()).unwrap().metadata.bylines
        };
        for field in [
            "\"by\": \"Jo Dahl and Pia Lund\"",
            "\"byline\": \"By Jo Dahl, Pia Lund\"",
            "\"bylines\": [\"By Jo Dahl\", \"Pia Lund\"]",
            "\"authors\": [{\"name\": \"Jo Dahl\"}, {\"name\": \"Pia Lund\"}, {\"name\": \"Jo Dahl\"}]",
            "\"author\": \"\", \"authors\": [\"Jo Dahl\", \"Pia Lund, Staff Writer\"]",
            "\"authors\": [{\"first_name\": \"Jo\", \"last_name\": \"Dahl\"}, {\"givenName\": \"Pia\", \"familyName\": \"Lund\"}]",
            "\"authors\": [{\"name\": \"Jo Dahl\", \"email\": \"jo@sound.example\"}, {\"firstName\": \"Pia\", \"lastName\": \"Lund\"}]",
        ] {
            assert_eq!(names(field), ["Jo Dahl", "Pia Lund"], "{field}");
        }
        assert_eq!(names("\"author\": {\"name\": \"Jo Dahl\"}"), ["Jo Dahl"]);
        assert_eq!(names("\"author\": 7, \"authors\": []"), Vec::<String>::new());
    }

    #[test]
    fn a_line_may_forbid_the_use_of_a_text() {
        for (line, kind, message) in [
            (
                "ATTENTION EDITORS - STORY WITHDRAWN",
                NoticeKind::Withdrawn,
                "the publisher marked the item as “story withdrawn”",
            ),
            ("BC-Bridge,KILL", NoticeKind::Withdrawn, "the publisher marked the item as “kill”"),
            (
                "BC-SND--Bridge-Opens, WITHDRAWN",
                NoticeKind::Withdrawn,
                "the publisher marked the item as “withdrawn”",
            ),
            (
                "Editor's note: The Sound has retracted this article.",
                NoticeKind::Withdrawn,
                "the publisher marked the item as “has retracted this article”",
            ),
            (
                "[Editors’ note: This article has been withdrawn.]",
                NoticeKind::Withdrawn,
                "the publisher marked the item as “this article has been withdrawn”",
            ),
            (
                "EMBARGO: not before 4 March",
                NoticeKind::Embargoed,
                "the publisher put the item under an embargo until not before 4 March",
            ),
            (
                "EMBARGOED UNTIL 00:01 GMT, FRIDAY 4 MARCH",
                NoticeKind::Embargoed,
                "the publisher put the item under an embargo until 00:01 GMT, FRIDAY 4 MARCH",
            ),
            (
                "*** Embargo: 4 March ***",
                NoticeKind::Embargoed,
                "the publisher put the item under an embargo until 4 March",
            ),
            ("STRICTLY EMBARGOED", NoticeKind::Embargoed, "the publisher put the item under an embargo"),
            (
                "KILL ADVISORY: Bridge",
                NoticeKind::Withdrawn,
                "the publisher marked the item as “kill advisory”",
            ),
            ("KILL BC-Bridge-Opens", NoticeKind::Withdrawn, "the publisher marked the item as “kill”"),
            (
                "STORY WITHDRAWN. It was wrong.",
                NoticeKind::Withdrawn,
                "the publisher marked the item as “story withdrawn”",
            ),
            ("Mandatory kill", NoticeKind::Withdrawn, "the publisher marked the item as “mandatory kill”"),
            ("*** WITHDRAWN ***", NoticeKind::Withdrawn, "the publisher marked the item as “withdrawn”"),
            ("RETRACTED: Bridge", NoticeKind::Withdrawn, "the publisher marked the item as “retracted”"),
            ("KILL - Bridge", NoticeKind::Withdrawn, "the publisher marked the item as “kill”"),
            (
                "ELIMINATION: BC-Bridge",
                NoticeKind::Withdrawn,
                "the publisher marked the item as “elimination”",
            ),
            (
                "Elimination: BC-Bridge-Opens",
                NoticeKind::Withdrawn,
                "the publisher marked the item as “elimination”",
            ),
            (
                "Mandatory elimination",
                NoticeKind::Withdrawn,
                "the publisher marked the item as “mandatory elimination”",
            ),
            (
                "BC-Bridge,ELIMINATION",
                NoticeKind::Withdrawn,
                "the publisher marked the item as “elimination”",
            ),
            (
                "This story has been withdrawn.",
                NoticeKind::Withdrawn,
                "the publisher marked the item as “this story has been withdrawn”",
            ),
            (
                "Editors: please kill the item on the bridge",
                NoticeKind::Withdrawn,
                "the publisher marked the item as “editors: please kill”",
            ),
        ] {
            assert_eq!(restriction(line), Some(Notice { kind, message: message.to_owned() }), "{line}");
        }
        for line in [
            "Embargo on ferries lifted",
            "EMBARGO: bridge shuts out oil",
            "Embargo: 3 ships wait before the bridge",
            "Editor's note: It rained when this article was written.",
            "Editor's note: Ada Brandt said: “The Sound has retracted this article.”",
            "Attention shoppers: the bridge opens",
            "BC-Bridge, killings in Tallberg",
            "BC-Bridge-Opens",
            "Embargoed ferries leave the port",
            "Embargoed for years, the ferries leave",
            "KILL BILL RETURNS",
            "Elimination: how the cup is won",
            "ELIMINATION: Ravn 2 Sundby 3",
            "Elimination of the toll",
            "Kill the bridge, says mayor",
            "Killings in Tallberg: what is known",
            "Story withdrawn after protests",
            "Story killed - how editors stopped it",
            "Story withdrawn: what is known",
            "This story has been withdrawn, and another one takes its place.",
            "KILL ANTI-TOLL BILL, LUND SAYS",
            "Kill-joy council bans fireworks",
            "Kill – or be killed, says Lund",
            "WITHDRAWAL-SYMPTOMS rise in Tallberg",
            "WITHDRAWN from sale",
            "STORY WITHDRAWN AFTER PROTESTS BY UNION",
            "Withdrawal: what the treaty means",
            "Withdrawn: the toy of the year.",
            "Withdrawn.",
            "Withdrawn from the race, Holm said: “No.”",
        ] {
            assert_eq!(restriction(line), None, "{line}");
        }
        let article =
            parse(br#"{"text": "KILL ADVISORY: Bridge\n\nPlease do not use it."}"#, "x", &Hints::default());
        assert_eq!(article.unwrap().notices[0].kind, NoticeKind::Withdrawn);
        // A headline may say it, too, and of each kind one notice is enough.
        let item = br#"{"headline": "STORY WITHDRAWN", "body_text": "KILL ADVISORY\n\nEMBARGOED UNTIL MAY\n\nIt rained."}"#;
        let kinds: Vec<_> =
            parse(item, "x", &Hints::default()).unwrap().notices.iter().map(|n| n.kind).collect();
        assert_eq!(kinds, [NoticeKind::Withdrawn, NoticeKind::Embargoed]);
    }

    #[test]
    fn members_have_the_same_names_in_json_and_in_front_matter() {
        for title in List::MemberTitles.entries() {
            for author in List::MemberAuthors.entries() {
                let json = format!(r#"{{"{title}": "Rain", "{author}": "Jo Dahl", "text": "It rained."}}"#);
                let matter = format!("---\n{title}: Rain\n{author}: Jo Dahl\n---\nIt rained.\n");
                let articles = [
                    parse(json.as_bytes(), "a", &Hints::default()).unwrap(),
                    read_text(matter, &Hints::default()),
                ];
                for Article { metadata, .. } in articles {
                    assert_eq!(metadata.title.as_deref(), Some("Rain"), "{title}");
                    assert_eq!(metadata.bylines, ["Jo Dahl"], "{author}");
                }
            }
        }
    }

    #[test]
    fn the_mark_of_a_withdrawn_text_is_no_part_of_its_blocks() {
        let blocks = |article: &Article| -> Vec<String> {
            article.blocks.iter().map(|block| block.span.of(&article.text).to_owned()).collect()
        };
        for mark in ["KILL: ", "ELIMINATION: BC-", "MANDATORY KILL: ", "Elimination: BC-"] {
            let text = format!(
                "{mark}Bridge opens\n\nEditors: withdraw the story on the bridge, it was wrong. It is late."
            );
            let article = read_text(text.clone(), &Hints::default());
            let rest = if mark.ends_with('-') { "BC-Bridge opens" } else { "Bridge opens" };
            assert_eq!(
                blocks(&article),
                [rest, "withdraw the story on the bridge, it was wrong. It is late."]
            );
            assert_eq!(article.text, text);
        }
        // What is not withdrawn speaks for itself.
        let article = read_text(
            "Editors: the bridge is late\n\nIt rained, she said. It is late.".to_owned(),
            &Hints::default(),
        );
        assert_eq!(blocks(&article)[0], "Editors: the bridge is late");
        // Nothing else is there.
        let article = read_text("KILL:\n\nIt rained, she said. It is late.".to_owned(), &Hints::default());
        assert_eq!(blocks(&article)[0], "KILL:");
    }

    #[test]
    fn an_item_without_text_may_withdraw_another() {
        let item = br#"{"uri": "tag:sound.example,2016:7", "headline": "Rain", "pubstatus": "canceled"}"#;
        let article = parse(item, "x", &Hints::default()).unwrap();
        assert_eq!((article.source_id.as_str(), article.text.as_str()), ("tag:sound.example,2016:7", ""));
        assert_eq!(article.metadata.title.as_deref(), Some("Rain"));
        let kinds: Vec<_> = article.notices.iter().map(|n| n.kind).collect();
        assert_eq!(kinds, [NoticeKind::Empty, NoticeKind::Withdrawn]);
        // A package that is withdrawn still has the text of its items.
        let package = br#"{"type": "composite", "pubstatus": "canceled",
            "associations": {"main": {"uri": "a", "body_text": "It rained, she said."}}}"#;
        assert_eq!(parse(package, "x", &Hints::default()).unwrap().text, "It rained, she said.");
        let usable = br#"{"uri": "tag:sound.example,2016:7", "headline": "Rain", "pubstatus": "usable"}"#;
        assert!(matches!(parse(usable, "x", &Hints::default()), Err(DocumentError::NoBody)));
    }

    #[test]
    fn a_package_is_its_main_item() {
        let package = br#"{"type": "composite", "headline": "All", "associations": {"side": {"uri": "b", "body_text": "It snowed, he said."},
            "main": {"uri": "a", "headline": "Rain", "body_text": "It rained, she said.", "pubstatus": "canceled"}}}"#;
        let article = parse(package, "x", &Hints::default()).unwrap();
        assert_eq!((article.source_id.as_str(), article.text.as_str()), ("a", "It rained, she said."));
        let kinds: Vec<_> = article.notices.iter().map(|n| n.kind).collect();
        assert_eq!(kinds, [NoticeKind::Withdrawn, NoticeKind::Truncated]);
        assert_eq!(
            article.notices[1].message,
            "the package has 1 more item with text, “b”, which was not read"
        );
        let alone = br#"{"associations": [{"uri": "p", "type": "picture"}, {"uri": "a", "body_text": "It rained, she said."}]}"#;
        assert!(parse(alone, "x", &Hints::default()).unwrap().notices.is_empty());
    }

    #[test]
    fn odd_values_cost_no_article() {
        let line = br#"{"id": 7, "text": "It rained, she said.", "date": 1457085600, "outlet": {"name": "The Sound"}, "title": [1], "url": false}"#;
        let article = parse(line, "x", &Hints::default()).unwrap();
        assert_eq!(article.metadata.published.unwrap().to_string(), "2016-03-04");
        assert_eq!((article.metadata.outlet.as_deref(), article.metadata.url), (Some("The Sound"), None));
    }

    #[test]
    fn a_date_has_many_names() {
        let published = |fields: &str| {
            let line = format!("{{\"text\": \"It rained, she said.\", {fields}}}");
            let article = parse(line.as_bytes(), "x", &Hints::default()).unwrap();
            (article.metadata.published.map(|date| date.to_string()), article.notices.len())
        };
        let day = (Some("2016-03-04".to_owned()), 0);
        for name in [
            "published",
            "datePublished",
            "date_published",
            "publish_date",
            "publishDate",
            "pubDate",
            "PubDate",
            "published_at",
            "publishedAt",
            "publication-date",
            "date",
            "firstCreated",
        ] {
            assert_eq!(published(&format!("\"{name}\": \"2016-03-04T10:00:00Z\"")), day, "{name}");
        }
        for fields in [
            "\"date\": \"2016-04-01\", \"datePublished\": \"2016-03-04\", \"dateModified\": \"2016-03-09\"",
            "\"published\": null, \"pubDate\": \"Fri, 04 Mar 2016 10:00:00 GMT\"",
            "\"published\": \"soon\", \"publish_date\": \"2016-03-04 00:00:00\"",
            "\"published\": {\"$date\": \"2016-03-04T10:00:00Z\"}",
            "\"published\": {\"$date\": {\"$numberLong\": \"1457085600000\"}}",
            "\"published\": {\"$date\": 1457085600000}",
            "\"published\": [\"2016-03-04\"]",
        ] {
            assert_eq!(published(fields), day, "{fields}");
        }
        // Without a milder reading, the notice shows what is written.
        assert_eq!(published("\"published\": {\"day\": 4}"), (None, 1));
        assert_eq!(published("\"updated\": \"2016-03-04\""), (None, 0));
        assert_eq!(
            published("\"published\": {\"$date\": {\"$numberLong\": \"840499200000\"}}").0.unwrap(),
            "1996-08-20"
        );
    }

    #[test]
    fn empty_lines_separate_paragraphs_if_nothing_else_does() {
        let plain = "It rained,\nshe <em>said</em>.\r\n\r\n<blockquote>It snowed.</blockquote>\n \n<a href='x'>Nobody</a> came.";
        assert_eq!(
            with_paragraphs(plain),
            "<p>It rained,\nshe <em>said</em>.</p><blockquote>It snowed.</blockquote><p><a href='x'>Nobody</a> came.</p>"
        );
        for body in [
            "<p>It rained.\n\n<p>It snowed.",
            "It rained.<br>\n\nIt snowed.",
            "\n\nIt rained.\n\n",
            "It rained.",
        ] {
            assert_eq!(with_paragraphs(body), body);
        }
    }

    #[test]
    fn a_head_is_no_part_of_a_body() {
        for (page, expected) in [
            ("<html><head><title>t</title></head><p>It rained.", "<html><p>It rained."),
            ("<nitf> <HEAD id='x'></HEAD><p>It rained.", "<nitf> <p>It rained."),
            ("<p>It rained. <head></head>", "<p>It rained. <head></head>"),
            ("<header></header><head>It rained.", "<header></header><head>It rained."),
        ] {
            assert_eq!(without_head(page), expected);
        }
    }

    #[test]
    fn an_id_keeps_its_digits() {
        let id = |id: &str| {
            let line = format!("{{\"id\": {id}, \"text\": \"It rained, she said.\"}}");
            parse(line.as_bytes(), "x", &Hints::default()).unwrap().source_id
        };
        for digits in ["123456789012345678901234567890", "123456789012345678901234567891", "-7", "1.50"] {
            assert_eq!(id(digits), digits);
        }
        let package = br#"{"associations": {"main": {"id": 123456789012345678901, "body_text": "It rained, she said."}}}"#;
        assert_eq!(parse(package, "x", &Hints::default()).unwrap().source_id, "123456789012345678901");
        let stored = br#"{"_id": {"$oid": "56d9"}, "text": "It rained, she said."}"#;
        assert_eq!(parse(stored, "x", &Hints::default()).unwrap().source_id, "56d9");
        assert!(has_name(stored) && !has_name(b"{\"id\": null, \"text\": \"x\"}"));
    }

    #[test]
    fn half_of_a_character_costs_itself() {
        let line = br#"{"text": "It \ud83d rained \ud83d\ude00, she said."}"#;
        let article = parse(line, "x", &Hints::default()).unwrap();
        assert_eq!(article.text, "It \u{fffd} rained 😀, she said.");
        assert_eq!(article.notices[0].kind, NoticeKind::Encoding);
    }

    #[test]
    fn a_list_holds_documents() {
        let places = |json: &str| {
            let (items, error) = items(json.as_bytes(), "in.json");
            (items.into_iter().map(|r| r.place).collect::<Vec<_>>(), error)
        };
        let two = vec!["in.json#1".to_owned(), "in.json#2".to_owned()];
        assert_eq!(places(r#"[{"text": "a"}, {"text": "b"}]"#), (two.clone(), None));
        assert_eq!(places("{\"text\": \"a\"}\n{\"text\": \"b\"}"), (two.clone(), None));
        assert_eq!(places("{\n\"text\": \"a\"}"), (vec!["in.json".to_owned()], None));
        let (found, error) = places("{\"text\": \"a\"} [1, ");
        assert_eq!(found, ["in.json"]);
        assert!(error.unwrap().starts_with("not a JSON document: EOF"));
        // What is whole before damage is read.
        for rest in [", {\"te", ", {\"text\" \"c\"}]", ", {\"text\": \"c\"", "", ","] {
            let (found, error) = places(&format!("[{{\"text\": \"a\"}}, {{\"text\": \"b\"}}{rest}"));
            assert_eq!(found, two, "{rest}");
            assert!(error.unwrap().ends_with("; 2 items before that were read"));
        }
        let (found, error) = places("[{\"text\": \"a\"}, {");
        assert_eq!(found, ["in.json#1"]);
        assert!(error.unwrap().ends_with("; 1 item before that was read"));
    }

    #[test]
    fn what_is_not_a_document() {
        for (line, message) in [
            ("{", "not a JSON document: EOF while parsing an object at column 1"),
            ("{}", "the document has no “text”, “html” or “body”, nor a body as a ninjs item has it"),
            ("[1]", "not a JSON document: it is a list, and not an object such as {\"text\": \"…\"}"),
            ("7", "not a JSON document: it is a number, and not an object such as {\"text\": \"…\"}"),
            ("{\"text\": [\"a\"]}", "not a JSON document: its “text” is a list, and not a text"),
            ("{\"html\": 7}", "not a JSON document: its “html” is a number, and not a text"),
        ] {
            assert_eq!(parse(line.as_bytes(), "x", &Hints::default()).unwrap_err().to_string(), message);
        }
        let odd = br#"{"text": "x", "published": "soon"}"#;
        assert_eq!(parse(odd, "x", &Hints::default()).unwrap().notices[0].kind, NoticeKind::Date);
    }
}
