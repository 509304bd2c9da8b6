//! Records out of the store: as the engine made them, or as people corrected them.

use std::collections::{BTreeSet, HashMap};

use onrecord_text::wire;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::error::Result;
use crate::{Hit, Store, StoreError, search};

impl Store {
    /// The record of one version of an article, as the engine made it: the same value that was put. `None` where there
    /// is no such number.
    ///
    /// # Errors
    ///
    /// When the store can't be read.
    pub fn record(&self, article: i64) -> std::result::Result<Option<wire::Record>, StoreError> {
        self.named(of(&self.db, article))
    }

    /// The record of the article of these statements, with nothing but them and those that they are relayed inside, and
    /// as people corrected it.
    ///
    /// # Errors
    ///
    /// When the store can't be read, or the article isn't there.
    pub fn corrected(&self, article: i64, hits: &[Hit]) -> std::result::Result<wire::Record, StoreError> {
        let record = self.record(article)?;
        let mut record = record.ok_or_else(|| StoreError::Unknown(format!("{article}: no such article")))?;
        let mut kept: BTreeSet<String> = hits.iter().map(|h| format!("s{}", h.name.number)).collect();
        // Children come behind their parents.
        for s in record.statements.iter().rev() {
            if let (true, Some(parent)) = (kept.contains(&s.id), &s.parent) {
                kept.insert(parent.clone());
            }
        }
        record.statements.retain(|s| kept.contains(&s.id));
        for s in &mut record.statements {
            let name = search::StatementRef {
                article,
                number: crate::put::number_of(&s.id).and_then(|n| i64::try_from(n).ok()).unwrap_or_default(),
            };
            let corrections = search::id_of(&self.db, name).and_then(|id| search::corrections(&self.db, id));
            correct(s, self.named(corrections)?);
        }
        Ok(record)
    }

    /// Calls `each` with every version of every article, in the order in which they came; the first error ends it.
    ///
    /// # Errors
    ///
    /// When the store can't be read, or the first of `each`.
    pub fn each_record<E: From<StoreError>>(
        &self,
        mut each: impl FnMut(i64, wire::Record) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let next = |after: i64| -> Result<Option<i64>> {
            let sql = "SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT 1";
            Ok(self.db.prepare_cached(sql)?.query_row([after], |r| r.get(0)).optional()?)
        };
        let mut at = i64::MIN;
        while let Some(id) = self.named(next(at))? {
            if let Some(record) = self.record(id)? {
                each(id, record)?;
            }
            at = id;
        }
        Ok(())
    }
}

/// Writes what people decided into a statement.
fn correct(s: &mut wire::Statement, corrections: Vec<(String, String)>) {
    for (field, value) in corrections {
        match field.as_str() {
            "speaker" => {
                let role = s.speaker.take().and_then(|s| s.role);
                s.speaker = Some(wire::Speaker {
                    name: Some(value),
                    kind: "person".to_owned(),
                    role,
                    entity: None,
                    entities: Vec::new(),
                    confidence: 1.0,
                });
            }
            "role" => {
                if let Some(speaker) = &mut s.speaker {
                    speaker.role = Some(value);
                }
            }
            "said" => match &mut s.time {
                Some(time) => time.value = Some(value),
                None => {
                    s.time = Some(wire::Time {
                        text: String::new(),
                        spans: Vec::new(),
                        value: Some(value),
                        carried: false,
                    });
                }
            },
            _ => {}
        }
        s.corrected.push(field);
    }
}

/// The record of one version of an article, as the engine made it.
pub(crate) fn of(db: &Connection, article: i64) -> Result<Option<wire::Record>> {
    let found = db
        .prepare_cached("SELECT * FROM articles WHERE id = ?")?
        .query_row([article], |r| {
            let dateline = r.get::<_, bool>("dateline")?.then_some(wire::Dateline {
                place: r.get("dateline_place")?,
                date: r.get("dateline_date")?,
                agency: r.get("dateline_agency")?,
            });
            let bylines: String = r.get("bylines")?;
            Ok((
                wire::Article {
                    id: r.get("hash")?,
                    source_id: r.get("source_id")?,
                    url: r.get("url")?,
                    outlet: r.get("outlet")?,
                    title: r.get("title")?,
                    bylines: Vec::new(),
                    published: r.get("published")?,
                    dateline,
                    language: r.get("language")?,
                    text: r.get("text")?,
                    blocks: Vec::new(),
                },
                bylines,
                wire::Engine { version: r.get("engine_version")?, model: r.get("engine_model")? },
            ))
        })
        .optional()?;
    let Some((mut a, bylines, engine)) = found else { return Ok(None) };
    a.bylines = serde_json::from_str(&bylines)?;
    a.blocks =
        all(db, "SELECT kind, start, \"end\" FROM blocks WHERE article = ? ORDER BY number", article, |r| {
            Ok(wire::Block { kind: r.get(0)?, start: r.get(1)?, end: r.get(2)? })
        })?;
    let notices =
        all(db, "SELECT kind, message FROM notices WHERE article = ? ORDER BY number", article, |r| {
            Ok(wire::Notice { kind: r.get(0)?, message: r.get(1)? })
        })?;
    let (entities, names) = entities(db, article)?;
    let statements = statements(db, article, &names)?;
    Ok(Some(wire::Record {
        schema: wire::SCHEMA.to_owned(),
        article: a,
        entities,
        statements,
        events: None,
        notices,
        engine,
    }))
}

fn all<T>(
    db: &Connection,
    sql: &str,
    id: i64,
    of: impl FnMut(&Row) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([id], of)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The entities of an article, and by which name a record knows each row.
fn entities(db: &Connection, article: i64) -> Result<(Vec<wire::Entity>, HashMap<i64, String>)> {
    let sql = "SELECT id, number, name, kind, roles, aliases, mentions FROM entities WHERE article = ? ORDER BY number";
    let rows = all(db, sql, article, |r| {
        let texts: [String; 3] = [r.get(4)?, r.get(5)?, r.get(6)?];
        Ok((r.get::<_, i64>(0)?, format!("e{}", r.get::<_, i64>(1)?), r.get(2)?, r.get(3)?, texts))
    })?;
    let (mut entities, mut names) = (Vec::with_capacity(rows.len()), HashMap::new());
    for (row, id, name, kind, [roles, aliases, mentions]) in rows {
        let mentions: Vec<[usize; 2]> = serde_json::from_str(&mentions)?;
        names.insert(row, id.clone());
        entities.push(wire::Entity {
            id,
            name,
            kind,
            roles: serde_json::from_str(&roles)?,
            aliases: serde_json::from_str(&aliases)?,
            mentions: mentions.into_iter().map(|[start, end]| wire::Mention { start, end }).collect(),
        });
    }
    Ok((entities, names))
}

fn statements(db: &Connection, article: i64, names: &HashMap<i64, String>) -> Result<Vec<wire::Statement>> {
    let sql = "SELECT id, number, kind, source, cue, content, speaker, speaker_kind, role, speaker_confidence, addressee,
        medium, occasion, time, said, carried, parent, confidence, why, act, status FROM statements WHERE article = ? ORDER BY number";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([article])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let id: i64 = r.get(0)?;
        let mut spans: HashMap<String, Vec<[usize; 2]>> = HashMap::new();
        let sql = "SELECT field, start, \"end\" FROM spans WHERE statement = ? ORDER BY field, piece";
        for (field, piece) in all(db, sql, id, |r| Ok((r.get(0)?, [r.get(1)?, r.get(2)?])))? {
            spans.entry(field).or_default().push(piece);
        }
        let mut links: HashMap<String, Vec<String>> = HashMap::new();
        let sql = "SELECT field, entity FROM links WHERE statement = ? ORDER BY field, place";
        for (field, entity) in all(db, sql, id, |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?)))? {
            links.entry(field).or_default().extend(names.get(&entity).cloned());
        }
        let mut spans_of = |field: &str| spans.remove(field).unwrap_or_default();
        let mut field =
            |name: &str, text: Option<String>| text.map(|text| wire::Field { text, spans: spans_of(name) });
        let (source, cue) = (field("source", r.get(3)?), field("cue", r.get(4)?));
        let content = field("content", r.get(5)?);
        let [addressee, medium, occasion] =
            [("addressee", r.get(10)?), ("medium", r.get(11)?), ("occasion", r.get(12)?)].map(
                |(name, text)| {
                    let entity = links.get(name).and_then(|e| e.first()).cloned();
                    field(name, text).map(|f| wire::Linked { text: f.text, spans: f.spans, entity })
                },
            );
        let (said, carried) = (r.get(14)?, r.get(15)?);
        let time = field("time", r.get(13)?).map(|f| wire::Time {
            text: f.text,
            spans: f.spans,
            value: said,
            carried,
        });
        let speakers = links.remove("speaker").unwrap_or_default();
        let confidence = r.get(9)?;
        let (name, role) = (r.get(6)?, r.get(8)?);
        let speaker = r.get::<_, Option<String>>(7)?.map(|kind| wire::Speaker {
            name,
            kind,
            role,
            entity: if let [only] = speakers.as_slice() { Some(only.clone()) } else { None },
            entities: speakers,
            confidence,
        });
        found.push(wire::Statement {
            id: format!("s{}", r.get::<_, i64>(1)?),
            kind: r.get(2)?,
            source,
            cue,
            content: content.unwrap_or_default(),
            speaker,
            addressee,
            medium,
            occasion,
            about: links.remove("about").unwrap_or_default(),
            time,
            parent: r.get::<_, Option<i64>>(16)?.map(|n| format!("s{n}")),
            confidence: r.get(17)?,
            why: r.get(18)?,
            act: r.get(19)?,
            status: r.get(20)?,
            corrected: Vec::new(),
        });
    }
    Ok(found)
}
