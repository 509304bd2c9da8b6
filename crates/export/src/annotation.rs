//! Statements as W3C Web Annotations, with one annotation per statement.
//!
//! Its targets are the pieces of content, cue and source in the article. They are given both by position and by
//! quotation, so that they can be found in the original page, too.

use std::io::Write;

use onrecord_text::answers::WITHDRAWN;
use onrecord_text::{Status, listed, wire};
use serde_json::{Value, json};

use crate::{ExportError, Item};

/// The number of characters before and after a quotation that distinguish it from others with the same words.
const AROUND: usize = 32;

pub fn write(
    items: impl IntoIterator<Item = Result<Item, ExportError>>,
    mut out: impl Write,
) -> Result<(), ExportError> {
    out.write_all(
        b"{\"@context\":\"http://www.w3.org/ns/anno.jsonld\",\"type\":\"AnnotationPage\",\"items\":[",
    )?;
    let mut first = true;
    for item in items {
        let item = item?;
        let text: Vec<char> = item.record.article.text.chars().collect();
        for (n, statement) in item.record.statements.iter().enumerate() {
            out.write_all(if first { b"\n" } else { b",\n" })?;
            first = false;
            let address = item.addresses.get(n).map(String::as_str).filter(|address| !address.is_empty());
            serde_json::to_writer(&mut out, &annotation(&item, &text, statement, address))?;
        }
    }
    out.write_all(b"\n]}\n")?;
    Ok(out.flush()?)
}

/// Returns the annotation of a statement. A statement of a store has an address, which stays the same when a later
/// engine numbers the article's statements differently.
fn annotation(item: &Item, text: &[char], s: &wire::Statement, address: Option<&str>) -> Value {
    let record = &item.record;
    let a = &record.article;
    let name = address.map_or_else(|| format!("{}:{}", a.id, s.id), str::to_owned);
    let source = a.url.clone().unwrap_or_else(|| format!("urn:sha256:{}", a.id));
    let mut targets = Vec::new();
    let fields = [("content", Some(&s.content)), ("cue", s.cue.as_ref()), ("source", s.source.as_ref())];
    for (name, field) in fields {
        for &[start, end] in field.into_iter().flat_map(|f| &f.spans) {
            // A span of a damaged record may be reversed, or may end after the text.
            let quote = |from: usize, to: usize| {
                let range = from.min(text.len())..to.min(text.len());
                text.get(range).unwrap_or_default().iter().collect::<String>()
            };
            targets.push(json!({
                "source": source,
                "styleClass": name,
                "selector": [
                    {"type": "TextPositionSelector", "start": start, "end": end},
                    {
                        "type": "TextQuoteSelector",
                        "exact": quote(start, end),
                        "prefix": quote(start.saturating_sub(AROUND), start),
                        "suffix": quote(end, end.saturating_add(AROUND)),
                    },
                ],
            }));
        }
    }
    let mut bodies = vec![body("classifying", s.kind.name())];
    let speaker = s.speaker.as_ref();
    bodies.extend(speaker.and_then(|s| s.name.as_deref()).map(|name| body("identifying", name)));
    bodies.extend(speaker.and_then(|s| s.role.as_deref()).map(|role| body("describing", role)));
    // Many readers show bodies only. Without these, a statement that was not made would look like any other.
    bodies.extend(s.cue.as_ref().map(|cue| body("describing", &format!("cue: {}", cue.text))));
    let caveat = s.status.and_then(Status::caveat);
    bodies.extend(caveat.map(|caveat| body("describing", &format!("status: {caveat}"))));
    bodies.extend(record.is_withdrawn().then(|| body("describing", WITHDRAWN)));
    let corrected = (!s.corrected.is_empty()).then(|| listed(&s.corrected));
    bodies.extend(corrected.map(|fields| body("describing", &format!("decided by a person: {fields}"))));
    let mut annotation = json!({
    "id": format!("urn:onrecord:{name}"),
    "type": "Annotation",
    "motivation": "identifying",
    "generator": {"type": "Software", "name": format!("onrecord {}", record.engine.version)},
    "body": bodies,
    "target": targets,
    });
    if let Some(article) = item.article {
        annotation["via"] = json!(format!("urn:onrecord:{article}.{}", s.id));
    }
    if let Some(said) = s.time.as_ref().and_then(|t| t.value.as_deref()) {
        annotation["body"]
            .as_array_mut()
            .into_iter()
            .for_each(|b| b.push(body("describing", &format!("said {said}"))));
    }
    annotation
}

fn body(purpose: &str, value: &str) -> Value {
    json!({"type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": value})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reversed_span_or_one_after_the_text_quotes_nothing() {
        for (span, exact, prefix, suffix) in [
            ([3, 10], "rained ", "It ", "all day."),
            ([10, 3], "", "It rained ", "rained all day."),
            ([3, usize::MAX], "rained all day.", "It ", ""),
            ([usize::MAX, usize::MAX], "", "", ""),
            ([usize::MAX, 3], "", "", "rained all day."),
        ] {
            let statement = wire::Statement {
                content: wire::Field { text: String::new(), spans: vec![span] },
                ..wire::Statement::default()
            };
            let mut record = wire::Record { statements: vec![statement], ..wire::Record::default() };
            record.article.text = "It rained all day.".to_owned();
            let mut out = Vec::new();
            write([Ok(Item::from(record))], &mut out).unwrap();
            let page: Value = serde_json::from_slice(&out).unwrap();
            let selectors = &page["items"][0]["target"][0]["selector"];
            assert_eq!([&selectors[0]["start"], &selectors[0]["end"]], [&json!(span[0]), &json!(span[1])]);
            let quoted =
                json!({"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix});
            assert_eq!(selectors[1], quoted, "{span:?}");
        }
    }
}
