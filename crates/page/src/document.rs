//! JSON Lines documents: one article a line, its body as `text` or as `html`.

use onrecord_text::{Article, Notice, NoticeKind, PartialDate};
use serde::Deserialize;

use crate::{Hints, read_html, read_text};

/// A document as it stands on its line. Fields that are not named here are passed over.
#[derive(Deserialize)]
struct Document {
    id: Option<Id>,
    text: Option<String>,
    html: Option<String>,
    published: Option<String>,
    /// Some corpora call it so.
    date: Option<String>,
    url: Option<String>,
    outlet: Option<String>,
    title: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

/// Why a line is no document.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is no JSON object, or a field has the wrong type.
    #[error("not a JSON document: {0}")]
    Json(#[from] serde_json::Error),
    /// It has no body.
    #[error("the document has neither “text” nor “html”")]
    NoBody,
}

/// Reads the article of one line. `name` stands in for a missing `id`; hints given beside it hold where the document
/// is silent.
///
/// # Errors
///
/// When the line is no JSON object with a `text` or an `html`.
pub fn parse(line: &[u8], name: &str, hints: &Hints) -> Result<Article, DocumentError> {
    let document: Document = serde_json::from_slice(line)?;
    let mut notices = Vec::new();
    let published = document.published.or(document.date).and_then(|given| {
        let date = given.get(..10).unwrap_or(&given).parse::<PartialDate>();
        if let Err(error) = &date {
            notices.push(Notice {
                kind: NoticeKind::Date,
                message: format!("the publication date was left out: {error}"),
            });
        }
        date.ok()
    });
    let hints = Hints {
        source_id: match document.id {
            Some(Id::Text(id)) => id,
            Some(Id::Number(id)) => id.to_string(),
            None => name.to_owned(),
        },
        url: document.url.or_else(|| hints.url.clone()),
        outlet: document.outlet.or_else(|| hints.outlet.clone()),
        title: document.title.or_else(|| hints.title.clone()),
        published: published.or(hints.published),
    };
    let mut article = match (document.text, document.html) {
        (Some(text), _) => read_text(text, &hints),
        (None, Some(html)) => read_html(&html, &hints),
        (None, None) => return Err(DocumentError::NoBody),
    };
    article.notices.append(&mut notices);
    Ok(article)
}

#[cfg(test)]
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
    fn what_is_no_document() {
        for (line, message) in [
            ("{", "not a JSON document: EOF while parsing an object at line 1 column 1"),
            ("{}", "the document has neither “text” nor “html”"),
        ] {
            assert_eq!(parse(line.as_bytes(), "x", &Hints::default()).unwrap_err().to_string(), message);
        }
        let odd = br#"{"text": "x", "published": "soon"}"#;
        assert_eq!(parse(odd, "x", &Hints::default()).unwrap().notices[0].kind, NoticeKind::Date);
    }
}
