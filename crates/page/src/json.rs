//! Reads JSON as programs write it: with half of a character, or cut off.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use onrecord_text::{Notice, NoticeKind};
#[cfg(feature = "html")]
use serde::Deserializer as _;
use serde::de::{DeserializeSeed, SeqAccess, Visitor};
#[cfg(feature = "html")]
use serde::de::{Error, MapAccess};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::lists::List;

/// JSON that can be parsed, and a notice if characters were replaced in it.
pub(crate) fn mended(text: &[u8]) -> (Cow<'_, [u8]>, Option<Notice>) {
    let Some(whole) = without_halves(text) else { return (Cow::Borrowed(text), None) };
    let message = "half of a surrogate pair stands for no character; it was read as U+FFFD".to_owned();
    (Cow::Owned(whole), Some(Notice { kind: NoticeKind::Encoding, message }))
}

/// JSON in which U+FFFD stands for every half of a surrogate pair. `None` if there is no such half.
fn without_halves(text: &[u8]) -> Option<Vec<u8>> {
    let (mut whole, mut kept, mut at) = (Vec::new(), 0, 0);
    while let Some(next) = text.get(at..).and_then(|rest| rest.iter().position(|&byte| byte == b'\\')) {
        let from = at + next;
        at = match (half(&text[from..]), text.get(from + 6..).and_then(half)) {
            (None, _) => from + 2,
            (Some(Half::First), Some(Half::Second)) => from + 12,
            (Some(_), _) => {
                whole.extend_from_slice(&text[kept..from]);
                whole.extend_from_slice(br"\ufffd");
                kept = from + 6;
                kept
            }
        };
    }
    (kept > 0).then(|| [&whole, &text[kept..]].concat())
}

enum Half {
    First,
    Second,
}

/// Which half of a surrogate pair an escape stands for.
fn half(text: &[u8]) -> Option<Half> {
    let digits = std::str::from_utf8(text.strip_prefix(br"\u")?.get(..4)?).ok()?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..0xdc00 => Some(Half::First),
        0xdc00..0xe000 => Some(Half::Second),
        _ => None,
    }
}

/// The members of an object as they are written. If several have the same name, the last counts.
#[derive(Default)]
pub(crate) struct Members<'t>(BTreeMap<String, &'t RawValue>);

impl<'t> Members<'t> {
    /// The members of an object.
    pub(crate) fn of(text: &'t [u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(text).map(Self)
    }

    /// All members, in the order of their names.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &'t RawValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// A member as it is written, unless it is null.
    pub(crate) fn written(&self, name: &str) -> Option<&'t RawValue> {
        self.0.get(name).copied().filter(|value| value.get() != "null")
    }

    /// The value of a member, unless it is null.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.written(name)?.get()).ok()
    }

    /// The text of a member, if it is a text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.written(name)?.get()).ok()
    }

    /// The value of a member with this name, if capitals, hyphens and underscores don't count. The name must be in lower
    /// case.
    fn called(&self, name: &str) -> Option<Value> {
        let is_called = |key: &str| bare(key).eq(name.chars());
        let (key, _) = self.0.iter().find(|(key, value)| value.get() != "null" && is_called(key))?;
        self.value(key)
    }

    /// The values of the members with the names of a list, in its order.
    pub(crate) fn named(&self, names: List) -> impl Iterator<Item = Value> {
        names.entries().iter().filter_map(|name| self.called(name))
    }

    /// A member as one line of text: a string, a number with the digits that are written, or the name in an object.
    pub(crate) fn scalar(&self, name: &str) -> Option<String> {
        let written = self.written(name)?.get();
        let is_number = written.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if is_number { Some(written.to_owned()) } else { scalar(&self.value(name)?) }
    }
}

/// The letters of a member's name in lower case, without hyphens and underscores.
pub(crate) fn bare(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase)
}

/// A JSON value as one line of text: a string, a number, or the name in an object.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => object.get("name").or(object.get("$oid")).and_then(scalar),
        _ => None,
    }
}

/// What a value is, for people.
pub(crate) fn kind(written: &str) -> &'static str {
    match written.trim_start().as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// The elements of a list up to the first error, and that error.
pub(crate) fn elements(text: &[u8]) -> (Vec<&RawValue>, Option<serde_json::Error>) {
    let mut found = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = Elements(&mut found).deserialize(&mut reader).and_then(|()| reader.end());
    (found, read.err())
}

/// Keeps the elements of a list, even those before an error.
struct Elements<'s, 't>(&'s mut Vec<&'t RawValue>);

impl<'t> DeserializeSeed<'t> for Elements<'_, 't> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'t>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_seq(self)
    }
}

impl<'t> Visitor<'t> for Elements<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element()? {
            self.0.push(element);
        }
        Ok(())
    }
}

/// The members of a JSON Feed.
#[cfg(feature = "html")]
#[derive(Default)]
pub(crate) struct JsonFeed<'t> {
    pub(crate) version: String,
    pub(crate) title: Option<Value>,
    pub(crate) items: Vec<&'t RawValue>,
}

/// The members of a JSON Feed up to the first error, and that error.
#[cfg(feature = "html")]
pub(crate) fn feed(text: &[u8]) -> (JsonFeed<'_>, Option<serde_json::Error>) {
    let mut feed = JsonFeed::default();
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = reader.deserialize_map(FeedMembers(&mut feed)).and_then(|()| reader.end());
    (feed, read.err())
}

/// Keeps the members of a feed, even those before an error.
#[cfg(feature = "html")]
struct FeedMembers<'s, 't>(&'s mut JsonFeed<'t>);

#[cfg(feature = "html")]
impl<'t> Visitor<'t> for FeedMembers<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a feed")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "items" => members.next_value_seed(Elements(&mut self.0.items))?,
                _ => {
                    let value: &RawValue = members.next_value()?;
                    let parsed = || serde_json::from_str::<Value>(value.get()).map_err(A::Error::custom);
                    match name.as_str() {
                        "title" => self.0.title = parsed().ok(),
                        "version" => {
                            self.0.version = parsed()?.as_str().unwrap_or_default().to_owned();
                        }
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }
}

/// Why a JSON input was not read to its end, and how many of its items were.
pub(crate) fn stopped(error: &serde_json::Error, read: usize) -> String {
    match read {
        0 => format!("not a JSON document: {error}"),
        1 => format!("not a JSON document: {error}; 1 item before that was read"),
        read => format!("not a JSON document: {error}; {read} items before that were read"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_surrogate_pair_is_replaced() {
        for (written, expected) in [
            (r#""a \ud83d b""#, Some("a \u{fffd} b")),
            (r#""a \uDE00""#, Some("a \u{fffd}")),
            (r#""\ud83d\ud83d\ude00""#, Some("\u{fffd}😀")),
            (r#""\ud83d\n""#, Some("\u{fffd}\n")),
            (r#""\ud83d\ude00 \\ud83d""#, None),
            (r#""\u00e9\ud8""#, None),
        ] {
            let whole = without_halves(written.as_bytes());
            let read = whole.map(|whole| serde_json::from_slice::<String>(&whole).unwrap());
            assert_eq!(read.as_deref(), expected, "{written}");
        }
        let (_, notice) = mended(br#"{"text": "\ud83d"}"#);
        assert_eq!(notice.unwrap().kind, NoticeKind::Encoding);
        assert!(mended(br#"{"text": "\ud83d\ude00"}"#).1.is_none());
    }

    #[test]
    fn elements_before_an_error_are_kept() {
        let kept = |text: &str| {
            let (found, error) = elements(text.as_bytes());
            (found.iter().map(|value| value.get().to_owned()).collect::<Vec<_>>().join(" "), error.is_some())
        };
        assert_eq!(kept("[1, 2]"), ("1 2".to_owned(), false));
        assert_eq!(kept("[1, {\"a\": 2}, {\"a\""), ("1 {\"a\": 2}".to_owned(), true));
        assert_eq!(kept("[1, 2] 3"), ("1 2".to_owned(), true));
        #[cfg(feature = "html")]
        let (found, error) = feed(br#"{"version": "1", "title": "x", "items": [{"id": 1}, {"id"#);
        #[cfg(feature = "html")]
        assert_eq!((found.version.as_str(), found.items.len(), error.is_some()), ("1", 1, true));
    }
}
