//! Statements as FollowTheMoney entities.
//!
//! Each article is an Article, and everyone who is known across articles is a Person or Organization. Each statement is
//! a Documentation that says who spoke, when, and in which words.

use std::collections::HashSet;
use std::io::Write;

use onrecord_store::Identity;
use onrecord_text::answers::{WITHDRAWN, caveats};
use onrecord_text::{EntityKind, hexadecimal, wire};
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};

use crate::{ExportError, Item};

/// The maximum number of people that are remembered as already written.
///
/// Beyond that, a person may be written again. Readers merge such duplicates by id.
const REMEMBERED: usize = 1_000_000;

pub fn write(
    items: impl IntoIterator<Item = Result<Item, ExportError>>,
    mut out: impl Write,
) -> Result<(), ExportError> {
    let mut written: HashSet<i64> = HashSet::new();
    for item in items {
        let item = item?;
        let article = article(&item);
        line(&mut out, article.clone())?;
        for (n, s) in item.record.statements.iter().enumerate() {
            let address = item.addresses.get(n).filter(|address| !address.is_empty());
            let speakers = s.speaker.iter().flat_map(|s| &s.entities);
            for (role, id) in speakers.map(|e| (true, e)).chain(s.about.iter().map(|e| (false, e))) {
                let Some(person) = item.people.get(id) else { continue };
                let Some(schema) = schema(person.kind) else { continue };
                if written.len() > REMEMBERED {
                    written.clear();
                }
                if written.insert(person.person.0) {
                    line(
                        &mut out,
                        json!({"id": id_of(person), "schema": schema, "properties": {"name": [person.name]}}),
                    )?;
                }
                let id = documentation_id(&article, address.unwrap_or(&s.id), role, person);
                line(&mut out, documentation(id, &article, &item, s, role, person))?;
            }
        }
    }
    Ok(out.flush()?)
}

/// Writes an entity, leaving out properties without values.
fn line(out: &mut impl Write, mut entity: Value) -> Result<(), ExportError> {
    if let Some(properties) = entity["properties"].as_object_mut() {
        properties.retain(|_, values| values.as_array().is_none_or(|v| !v.is_empty()));
    }
    serde_json::to_writer(&mut *out, &entity)?;
    Ok(out.write_all(b"\n")?)
}

fn schema(kind: EntityKind) -> Option<&'static str> {
    match kind {
        EntityKind::Person => Some("Person"),
        EntityKind::Organization => Some("Organization"),
        EntityKind::Place => None,
    }
}

fn hashed(parts: &[&str]) -> String {
    let mut hash = Sha1::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    format!("onrecord-{}", hexadecimal(&hash.finalize()))
}

fn id_of(person: &Identity) -> String {
    hashed(&["person", &person.key])
}

/// Returns the article's entity. Its id is the same in every export of a store, whether or not folders are hidden there.
fn article(item: &Item) -> Value {
    let Item { record, key, .. } = item;
    let a = &record.article;
    let name = a.url.as_deref().or(key.as_deref()).unwrap_or(&a.source_id);
    let one = |value: &Option<String>| value.iter().cloned().collect::<Vec<_>>();
    let notes: Vec<&str> = record.is_withdrawn().then_some(WITHDRAWN).into_iter().collect();
    json!({
        "id": hashed(&["article", name, &a.id]),
        "schema": "Article",
        "properties": {
            "title": one(&a.title),
            "author": a.bylines,
            "publisher": one(&a.outlet),
            "publishedAt": dated(a.dated()),
            "sourceUrl": one(&a.url),
            "fileName": [a.source_id],
            "notes": notes,
        },
    })
}

/// Returns the date, if any. FollowTheMoney does not accept dates without a year.
fn dated(date: Option<&str>) -> Vec<String> {
    date.filter(|d| !d.starts_with('X')).map(str::to_owned).into_iter().collect()
}

fn role(speaks: bool) -> &'static str {
    if speaks { "speaker" } else { "subject" }
}

/// Returns the id of the link between an article and a person by a statement, which is given by its address, or else by its id
/// in the record.
fn documentation_id(article: &Value, statement: &str, speaks: bool, person: &Identity) -> String {
    let article = article["id"].as_str().unwrap_or_default();
    hashed(&["statement", article, statement, role(speaks), &person.key])
}

fn documentation(
    id: String,
    article: &Value,
    item: &Item,
    s: &wire::Statement,
    speaks: bool,
    person: &Identity,
) -> Value {
    let a = &item.record.article;
    let name = item.name(&s.id);
    let said = s.time.as_ref().and_then(|t| t.value.as_deref());
    let speaker = s.speaker.as_ref().and_then(|s| s.name.clone()).unwrap_or_default();
    let mut properties = json!({
        "document": [article["id"]],
        "entity": [id_of(person)],
        "role": [role(speaks)],
        "date": dated(said.or(a.dated())),
        "summary": [s.content.text],
        "recordId": [name],
        "publisher": a.outlet.iter().collect::<Vec<_>>(),
        "sourceUrl": a.url.iter().collect::<Vec<_>>(),
    });
    let caveats: Vec<&str> = caveats(s.status, item.record.is_withdrawn()).collect();
    if !caveats.is_empty() {
        properties["status"] = json!(caveats);
    }
    if let Some(cue) = &s.cue {
        properties["description"] = json!([format!("cue: {}", cue.text)]);
    }
    if !speaks && !speaker.is_empty() {
        properties["namesMentioned"] = json!([speaker]);
    }
    json!({
        "id": id,
        "schema": "Documentation",
        "properties": properties,
    })
}
