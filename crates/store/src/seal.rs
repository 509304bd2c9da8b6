//! A hash of the whole content of a record, which reveals damage.

use onrecord_text::{hexadecimal, wire};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::error::Result;

/// Returns the seal of a record.
///
/// Values that are absent, empty, false or zero don't contribute to it, so a record keeps its seal when the wire format
/// gains a field.
pub(crate) fn seal(record: &wire::Record) -> Result<String> {
    let mut hash = Sha256::new();
    walk(&serde_json::to_value(record)?, &mut hash);
    Ok(hexadecimal(&hash.finalize()))
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(is) => !is,
        Value::Number(n) => n.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.values().all(says_nothing),
    }
}

/// Hashes each value with its kind and its length, so that no two records produce the same bytes.
fn walk(value: &Value, hash: &mut Sha256) {
    let mut put = |kind: u8, length: usize, bytes: &[u8]| {
        hash.update([kind]);
        hash.update((length as u64).to_le_bytes());
        hash.update(bytes);
    };
    match value {
        Value::Null => put(b'0', 0, b""),
        Value::Bool(is) => put(b'b', 1, &[u8::from(*is)]),
        Value::Number(n) => {
            let digits = n.to_string();
            put(b'n', digits.len(), digits.as_bytes());
        }
        Value::String(text) => put(b's', text.len(), text.as_bytes()),
        Value::Array(all) => {
            put(b'a', all.len(), b"");
            all.iter().for_each(|value| walk(value, hash));
        }
        Value::Object(all) => {
            let mut fields: Vec<_> = all.iter().filter(|(_, value)| !says_nothing(value)).collect();
            fields.sort_by_key(|(name, _)| name.as_str());
            put(b'o', fields.len(), b"");
            for (name, value) in fields {
                walk(&Value::String(name.clone()), hash);
                walk(value, hash);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(title: &str) -> wire::Record {
        let article = wire::Article {
            title: Some(title.to_owned()),
            text: "It rains.".to_owned(),
            ..Default::default()
        };
        wire::Record { article, ..wire::Record::default() }
    }

    #[test]
    fn another_record_has_another_seal() {
        let one = record("A");
        assert_eq!(seal(&one).unwrap(), seal(&record("A")).unwrap());
        assert_ne!(seal(&one).unwrap(), seal(&record("B")).unwrap());
        let mut other = record("A");
        other.statements.push(wire::Statement { confidence: 0.25, ..Default::default() });
        let sealed = seal(&other).unwrap();
        other.statements[0].confidence = 0.5;
        assert_ne!(seal(&other).unwrap(), sealed);
        let mut dateless = record("A");
        dateless.article.published = Some("2016".to_owned());
        assert_ne!(seal(&one).unwrap(), seal(&dateless).unwrap());
    }

    #[test]
    fn a_further_field_that_says_nothing_leaves_the_seal() {
        let sealed = |value: &Value| {
            let mut hash = Sha256::new();
            walk(value, &mut hash);
            hexadecimal(&hash.finalize())
        };
        let old = serde_json::json!({"a": "x", "b": [1]});
        let new = serde_json::json!({"c": null, "a": "x", "d": [], "b": [1], "e": {"f": ""}, "g": 0.0});
        assert_eq!(sealed(&old), sealed(&new));
        assert_ne!(sealed(&serde_json::json!(["a", "b"])), sealed(&serde_json::json!(["ab", ""])));
    }
}
