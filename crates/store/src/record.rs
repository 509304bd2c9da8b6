//! Reading records from the store, either as the engine made them or with people's corrections.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::ops::RangeInclusive;

use onrecord_text::answers::{Corrected, CorrectedEvent};
use onrecord_text::{NoticeKind, wire};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::error::{Result, StoreError, Trouble};
use crate::find::{self, Order};
use crate::handle::Reader;
use crate::ids::{
    ArticleId, COUNTED, PersonRef, ReportId, StatementId, StatementRef, day, entity_id, json_array,
    number_of, statement_id,
};
use crate::kinds::{Given, Sql};
use crate::merges::Merges;
use crate::query::{EventQuery, Query};
use crate::rows::{self, Attribution, Correction, Hit, dated};
use crate::{events, index, reports};

/// How many statements are fetched at a time.
const TOGETHER: usize = 1_000;

impl Reader {
    /// Returns the record of one version of an article exactly as the engine made it and as it was put.
    ///
    /// Returns `None` if there is no article with this number.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn record(&self, article: ArticleId) -> Result<Option<wire::Record>, StoreError> {
        self.with_path(of(&self.db, article))
    }

    /// Returns a corrected record with only these statements of an article and those that they are relayed inside.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read, or does not have the article.
    pub fn corrected(&self, article: ArticleId, hits: &[Hit]) -> Result<wire::Record, StoreError> {
        let kept = hits.iter().map(|h| h.name.number).collect();
        self.with_path(corrected(&self.db, article, kept, Kept::Claimed).map(|of| of.record))
    }

    /// Returns the corrected records of the articles with statements that match a query, in the order of days.
    ///
    /// Each record has only the matching statements, those that they are relayed inside, and the reports of events that
    /// these make. For [`Query::everything`], articles without statements are included, and what the articles
    /// themselves report. Writes to the store during the iteration don't affect it.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn records(&self, query: &Query) -> Result<Records<'_>, StoreError> {
        let silent = || if *query == Query::everything() { silent(&self.db) } else { Ok(VecDeque::new()) };
        self.with_path(self.begin(Wanted::Statements(query.clone()), query.ids().0, silent))
    }

    /// Returns the corrected records of the articles with reports of events that match a query, in the order of days.
    ///
    /// Each record has only the matching reports, the statements that make them, and those that these are relayed
    /// inside. Writes to the store during the iteration don't affect it.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn reported(&self, query: &EventQuery) -> Result<Records<'_>, StoreError> {
        self.with_path(self.begin(Wanted::Reports(query.clone()), query.0.ids().0, || Ok(VecDeque::new())))
    }

    /// Starts an iteration.
    ///
    /// One transaction gives every page the same state of the store. Nested iterations share the state of the outer
    /// one.
    fn begin<'r>(
        &'r self,
        wanted: Wanted,
        next: i64,
        silent: impl FnOnce() -> Result<VecDeque<(ArticleId, i64)>>,
    ) -> Result<Records<'r>> {
        let state = if self.db.is_autocommit() { Some(self.db.unchecked_transaction()?) } else { None };
        let silent = silent()?;
        Ok(Records {
            reader: self,
            wanted,
            next,
            waiting: VecDeque::new(),
            more: true,
            silent,
            _state: state,
        })
    }

    /// Returns every version of every article with its number, in the order in which they were added.
    ///
    /// The records are as the engine made them. If the store can't be read, the error is the last item.
    pub fn versions(&self) -> impl Iterator<Item = Result<(ArticleId, wire::Record), StoreError>> {
        let after = |id: ArticleId| -> Result<Option<(ArticleId, wire::Record)>> {
            let sql = "SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT 1";
            let next = self.db.prepare_cached(sql)?.query_row([id], |r| r.get(0)).optional()?;
            let Some(next) = next else { return Ok(None) };
            Ok(of(&self.db, next)?.map(|record| (next, record)))
        };
        let mut at = Some(ArticleId(i64::MIN));
        std::iter::from_fn(move || {
            let found = self.with_path(after(at?)).transpose();
            at = found.as_ref().and_then(|found| found.as_ref().ok()).map(|(id, _)| *id);
            found
        })
    }
}

/// A record together with what the store knows about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The number of the article.
    pub article: ArticleId,
    /// The permanent key that the article's versions share.
    pub key: String,
    /// The record, with people's corrections.
    pub record: wire::Record,
    /// The permanent addresses of its statements, in the same order.
    pub addresses: Vec<String>,
}

/// What an iteration over records looks for.
#[derive(Debug)]
enum Wanted {
    Statements(Query),
    Reports(EventQuery),
}

/// An iterator over the records that [`Reader::records`] and [`Reader::reported`] return.
#[derive(Debug)]
pub struct Records<'r> {
    reader: &'r Reader,
    wanted: Wanted,
    /// The lowest id that was not fetched yet.
    next: i64,
    /// The ids of fetched statements or reports, with their articles and numbers.
    waiting: VecDeque<(i64, ArticleId, i64)>,
    more: bool,
    /// Latest versions of articles in which search finds no statement, each with the lowest id that a statement could
    /// have.
    silent: VecDeque<(ArticleId, i64)>,
    _state: Option<Transaction<'r>>,
}

impl Iterator for Records<'_> {
    type Item = Result<Stored, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.article();
        self.reader.with_path(next).transpose()
    }
}

impl Records<'_> {
    fn article(&mut self) -> Result<Option<Stored>> {
        let db = &self.reader.db;
        let mut numbers = BTreeSet::new();
        let mut article = None;
        loop {
            if self.waiting.is_empty() && self.more {
                self.fill()?;
            }
            let Some(&(id, of, number)) = self.waiting.front() else { break };
            if article.is_none()
                && let Some(&(silent, place)) = self.silent.front()
                && place <= id
            {
                self.silent.pop_front();
                return corrected(db, silent, numbers, Kept::Whole).map(Some);
            }
            // In the order of ids, the statements of an article are next to each other, and so are its reports.
            if article.is_some_and(|article| article != of) {
                break;
            }
            article = Some(of);
            numbers.insert(number);
            self.waiting.pop_front();
        }
        let Some(article) = article.or_else(|| self.silent.pop_front().map(|(silent, _)| silent)) else {
            return Ok(None);
        };
        let record = match &self.wanted {
            Wanted::Reports(_) => reported_in(db, article, &numbers),
            Wanted::Statements(query) if *query == Query::everything() => {
                corrected(db, article, numbers, Kept::Whole)
            }
            Wanted::Statements(_) => corrected(db, article, numbers, Kept::Claimed),
        };
        record.map(Some)
    }

    fn fill(&mut self) -> Result<()> {
        let db = &self.reader.db;
        let (ids, table): (Vec<i64>, _) = match &self.wanted {
            Wanted::Statements(query) => {
                let range = (self.next, query.ids().1);
                let found = find::ids(db, query, Order::Oldest, range, TOGETHER, 0)?;
                (found.into_iter().map(|id| id.0).collect(), "statements")
            }
            Wanted::Reports(query) => {
                let found = reports::oldest(db, query, (self.next, query.0.ids().1), TOGETHER)?;
                (found.into_iter().map(|id| id.0).collect(), "events")
            }
        };
        self.more = ids.len() == TOGETHER;
        self.next = ids.last().map_or(i64::MAX, |last| last.saturating_add(1));
        let wanted = serde_json::to_string(&ids)?;
        let mut names = db.prepare_cached(&format!(
            "SELECT s.id, s.article, s.number FROM json_each(?) AS wanted
             CROSS JOIN {table} s ON s.id = wanted.value ORDER BY wanted.key"
        ))?;
        let rows = names.query_map([wanted], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        self.waiting = rows.collect::<rusqlite::Result<_>>()?;
        Ok(())
    }
}

/// Returns the latest versions of articles in which search finds no statement, in the order of days.
fn silent(db: &Connection) -> Result<VecDeque<(ArticleId, i64)>> {
    let mut found = db.prepare_cached("SELECT rowid FROM words WHERE words MATCH 'kind : statement'")?;
    let found = found.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<HashSet<StatementId>>>()?;
    let mut articles = db.prepare_cached(concat!(
        "SELECT a.id, ",
        dated!(),
        " FROM articles a WHERE a.latest ORDER BY a.id"
    ))?;
    let mut statements = db.prepare_cached("SELECT id FROM statements WHERE article = ?")?;
    let mut rows = articles.query([])?;
    let mut silent = Vec::new();
    while let Some(row) = rows.next()? {
        let id: ArticleId = row.get(0)?;
        let ids =
            statements.query_map([id], |r| r.get(0))?.collect::<rusqlite::Result<Vec<StatementId>>>()?;
        if !ids.iter().any(|id| found.contains(id)) {
            let day = day(row.get_ref(1)?.as_str_or_null()?).unwrap_or(0);
            silent.push((id, day << COUNTED));
        }
    }
    silent.sort_by_key(|&(id, place)| (place, id));
    Ok(silent.into())
}

/// Which reports of events a corrected record keeps.
#[derive(Clone, Copy)]
pub(crate) enum Kept<'k> {
    /// Those that the kept statements make.
    Claimed,
    /// Also those that the article itself makes.
    Whole,
    /// Those with these numbers.
    Reports(&'k BTreeSet<i64>),
}

/// Returns a corrected record with only these reports of an article and the statements that make them.
fn reported_in(db: &Connection, article: ArticleId, numbers: &BTreeSet<i64>) -> Result<Stored> {
    let reports = events::without_sentences(db, &events::of_article(db, article)?)?;
    let wanted = reports.iter().filter(|report| numbers.contains(&report.name.number));
    let claims = wanted.filter_map(|report| Some(report.claim.as_ref()?.name.number)).collect();
    corrected(db, article, claims, Kept::Reports(numbers))
}

/// Returns a corrected record with only these statements of an article and those that they are relayed inside.
pub(crate) fn corrected(
    db: &Connection,
    article: ArticleId,
    mut kept: BTreeSet<i64>,
    kept_reports: Kept<'_>,
) -> Result<Stored> {
    let record = of(db, article)?;
    let mut record = record.ok_or_else(|| Trouble::NotFound(format!("{article}: no such article")))?;
    let number = |id: &str| number_of(id).and_then(|n| i64::try_from(n).ok()).unwrap_or_default();
    // Children come after their parents, so go backwards.
    for s in record.statements.iter().rev() {
        if let (true, Some(parent)) = (kept.contains(&number(&s.id)), &s.parent) {
            kept.insert(number(parent));
        }
    }
    record.statements.retain(|s| kept.contains(&number(&s.id)));
    let addresses = correct_statements(db, article, EVERY, &mut record.statements)?;
    correct_events(db, article, &mut record, kept_reports)?;
    if !record.is_withdrawn()
        && let Some(by) = rows::withdrawn_by(db, article)?
    {
        let message = format!("article {by} of the store withdraws it");
        record.notices.push(wire::Notice { kind: NoticeKind::Withdrawn, message });
    }
    Ok(Stored { article, key: rows::key_of(db, article)?, record, addresses })
}

/// A statement with people's corrections, and the article that it is in.
pub(crate) struct Alone {
    pub statement: wire::Statement,
    pub article: wire::Article,
    pub engine: wire::Engine,
}

/// Returns a corrected statement without reading the others of its article, or `None` if there is no such statement.
pub(crate) fn alone(db: &Connection, name: StatementRef) -> Result<Option<Alone>> {
    let Some(Head { article, engine, .. }) = head(db, name.article)? else { return Ok(None) };
    let only = name.number..=name.number;
    let mut found = statements(db, name.article, only.clone())?;
    correct_statements(db, name.article, only, &mut found)?;
    Ok(found.pop().map(|statement| Alone { statement, article, engine }))
}

/// Applies people's decisions to the statements of an article with these numbers, and returns their permanent addresses.
fn correct_statements(
    db: &Connection,
    article: ArticleId,
    numbers: RangeInclusive<i64>,
    statements: &mut [wire::Statement],
) -> Result<Vec<String>> {
    let mut known = db.prepare_cached(
        "SELECT number, id, address FROM statements WHERE article = ? AND number BETWEEN ? AND ?",
    )?;
    let rows = known.query_map(params![article, numbers.start(), numbers.end()], |r| {
        Ok((r.get(0)?, (r.get(1)?, r.get::<_, Option<String>>(2)?.unwrap_or_default())))
    })?;
    let rows = rows.collect::<rusqlite::Result<HashMap<i64, (StatementId, String)>>>()?;
    let ids: Vec<StatementId> = rows.values().map(|(id, _)| *id).collect();
    let mut corrections = rows::corrections(db, &json_array(&ids))?;
    // Map the people whom corrections name to entities of the article.
    let (mut merges, mut entities) = (Merges::default(), HashMap::<PersonRef, String>::new());
    if corrections.values().flatten().any(|c| c.person.is_some()) {
        let sql = "SELECT i.person, e.number FROM entities e JOIN identities i ON i.entity = e.id WHERE e.article = ?";
        merges = Merges::read(db)?;
        for (person, entity) in all(db, sql, article, |r| Ok((r.get(0)?, r.get(1)?)))? {
            entities.insert(merges.root_of(person), entity_id(entity));
        }
    }
    let mut addresses = Vec::with_capacity(statements.len());
    for s in statements {
        let number = number_of(&s.id).and_then(|n| i64::try_from(n).ok()).unwrap_or_default();
        let Some((id, address)) = rows.get(&number) else { continue };
        addresses.push(address.clone());
        let Some(corrections) = corrections.remove(id) else { continue };
        let entity = |person: PersonRef| entities.get(&merges.root_of(person)).cloned();
        correct(s, &corrections, entity);
    }
    Ok(addresses)
}

/// Applies people's decisions to the reports of a record.
fn correct_events(
    db: &Connection,
    article: ArticleId,
    record: &mut wire::Record,
    kept: Kept<'_>,
) -> Result<()> {
    let Some(events) = &mut record.events else { return Ok(()) };
    let reports = events::without_sentences(db, &events::of_article(db, article)?)?;
    let found: HashSet<ReportId> =
        all(db, &format!("{} AND e.article = ?", index::found_events()), article, |r| r.get(0))?
            .into_iter()
            .collect();
    let statements: HashSet<&str> = record.statements.iter().map(|s| s.id.as_str()).collect();
    let mut corrected = Vec::with_capacity(events.len());
    for (mut event, report) in std::mem::take(events).into_iter().zip(reports) {
        let claimant = report.claim.as_ref().map(|claim| claim.name.id());
        let is_kept = match (kept, claimant.as_deref()) {
            (Kept::Reports(numbers), _) => numbers.contains(&report.name.number),
            (Kept::Whole, None) => true,
            (Kept::Claimed, None) => false,
            (Kept::Whole | Kept::Claimed, Some(claimant)) => statements.contains(claimant),
        };
        if !found.contains(&report.id) || !is_kept {
            continue;
        }
        for field in &report.corrected {
            event.corrected.push(*field);
            match field {
                CorrectedEvent::Verdict => {}
                CorrectedEvent::Type => event.kind = report.kind,
                CorrectedEvent::Status => event.status = report.status,
                CorrectedEvent::Actor => event.actor = report.actor.as_ref().map(decided),
                CorrectedEvent::Recipient => event.recipient = report.recipient.as_ref().map(decided),
                CorrectedEvent::Claimant => {
                    event.claimant = claimant.clone().unwrap_or_else(|| wire::ARTICLE.to_owned());
                }
            }
        }
        event.claimant_side = report.side;
        corrected.push(event);
    }
    *events = corrected;
    Ok(())
}

/// Returns a party as a person decided it. Its words are not in the article, so it has no spans.
fn decided(party: &events::Party) -> wire::Party {
    wire::Party {
        name: Some(party.name.clone()),
        kind: party.kind,
        country: wire::joined(&party.countries),
        confidence: 1.0,
        ..wire::Party::default()
    }
}

/// Applies corrections to a statement. `entity` returns the record's entity for a person, if it has one.
fn correct(
    s: &mut wire::Statement,
    corrections: &[Correction],
    entity: impl Fn(PersonRef) -> Option<String>,
) {
    let speaker = s.speaker.as_ref();
    let mut attribution = Attribution {
        speaker: speaker.and_then(|speaker| speaker.name.clone()),
        kind: speaker.map(|speaker| speaker.kind),
        role: speaker.and_then(|speaker| speaker.role.clone()),
        said: None,
        ruling: None,
    };
    for correction in corrections {
        attribution.apply(correction);
        s.corrected.push(correction.field);
        match correction.field {
            Corrected::Speaker => {
                let entity = correction.person.and_then(&entity);
                s.speaker = Some(wire::Speaker {
                    name: attribution.speaker.clone(),
                    kind: attribution.kind.unwrap_or_default(),
                    role: attribution.role.clone(),
                    entities: entity.iter().cloned().collect(),
                    entity,
                    confidence: 1.0,
                });
            }
            Corrected::Role => {
                if let Some(speaker) = &mut s.speaker {
                    speaker.role.clone_from(&attribution.role);
                }
            }
            // The words of the article give another day, or none.
            Corrected::Said => {
                s.time = Some(wire::Time {
                    text: String::new(),
                    spans: Vec::new(),
                    value: attribution.said.clone(),
                    carried: false,
                });
            }
            Corrected::Verdict => {}
        }
    }
}

/// Returns the record of one version of an article, as the engine made it.
pub(crate) fn of(db: &Connection, article: ArticleId) -> Result<Option<wire::Record>> {
    let Some(Head { article: a, engine, with_events }) = head(db, article)? else { return Ok(None) };
    let notices =
        all(db, "SELECT kind, message FROM notices WHERE article = ? ORDER BY number", article, |r| {
            Ok(wire::Notice { kind: r.get::<_, Sql<_>>(0)?.0, message: r.get(1)? })
        })?;
    let entities = entities(db, article)?;
    let statements = statements(db, article, EVERY)?;
    let events = if with_events { Some(reported(db, article)?) } else { None };
    Ok(Some(wire::Record {
        schema: wire::SCHEMA.to_owned(),
        article: a,
        entities,
        statements,
        events,
        notices,
        engine,
    }))
}

/// A version of an article, without what the engine found in it.
struct Head {
    article: wire::Article,
    engine: wire::Engine,
    with_events: bool,
}

fn head(db: &Connection, article: ArticleId) -> Result<Option<Head>> {
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
                r.get::<_, bool>("with_events")?,
            ))
        })
        .optional()?;
    let Some((mut a, bylines, engine, with_events)) = found else { return Ok(None) };
    a.bylines = serde_json::from_str(&bylines)?;
    a.blocks =
        all(db, "SELECT kind, start, \"end\" FROM blocks WHERE article = ? ORDER BY number", article, |r| {
            Ok(wire::Block { kind: r.get::<_, Sql<_>>(0)?.0, start: r.get(1)?, end: r.get(2)? })
        })?;
    Ok(Some(Head { article: a, engine, with_events }))
}

fn all<T>(
    db: &Connection,
    sql: &str,
    article: ArticleId,
    of: impl FnMut(&Row) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([article], of)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the reports of events in an article, as the engine made them.
fn reported(db: &Connection, article: ArticleId) -> Result<Vec<wire::Event>> {
    let sql = "SELECT report FROM events WHERE article = ? ORDER BY number";
    let reports = all(db, sql, article, |r| r.get::<_, String>(0))?;
    Ok(reports.iter().map(|report| serde_json::from_str(report)).collect::<serde_json::Result<_>>()?)
}

fn entities(db: &Connection, article: ArticleId) -> Result<Vec<wire::Entity>> {
    let sql =
        "SELECT number, name, kind, roles, aliases, mentions FROM entities WHERE article = ? ORDER BY number";
    let rows = all(db, sql, article, |r| {
        let texts: [String; 3] = [r.get(3)?, r.get(4)?, r.get(5)?];
        Ok((entity_id(r.get(0)?), r.get(1)?, r.get::<_, Sql<_>>(2)?.0, texts))
    })?;
    let mut entities = Vec::with_capacity(rows.len());
    for (id, name, kind, [roles, aliases, mentions]) in rows {
        let mentions: Vec<[usize; 2]> = serde_json::from_str(&mentions)?;
        entities.push(wire::Entity {
            id,
            name,
            kind,
            roles: serde_json::from_str(&roles)?,
            aliases: serde_json::from_str(&aliases)?,
            mentions: mentions.into_iter().map(|[start, end]| wire::Mention { start, end }).collect(),
        });
    }
    Ok(entities)
}

/// The numbers of all statements of an article.
const EVERY: RangeInclusive<i64> = i64::MIN..=i64::MAX;

/// Returns the statements of an article with these numbers.
fn statements(
    db: &Connection,
    article: ArticleId,
    numbers: RangeInclusive<i64>,
) -> Result<Vec<wire::Statement>> {
    let wanted = params![article, numbers.start(), numbers.end()];
    let mut all_spans: HashMap<StatementId, HashMap<String, Vec<[usize; 2]>>> = HashMap::new();
    let mut statement = db.prepare_cached(
        "SELECT p.statement, p.field, p.start, p.\"end\" FROM statements s CROSS JOIN spans p ON p.statement = s.id
         WHERE s.article = ? AND s.number BETWEEN ? AND ? ORDER BY p.statement, p.field, p.piece",
    )?;
    let mut rows = statement.query(wanted)?;
    while let Some(r) = rows.next()? {
        let piece = [r.get(2)?, r.get(3)?];
        all_spans.entry(r.get(0)?).or_default().entry(r.get(1)?).or_default().push(piece);
    }
    let mut all_links: HashMap<StatementId, HashMap<String, Vec<String>>> = HashMap::new();
    let mut statement = db.prepare_cached(
        "SELECT l.statement, l.field, e.number FROM statements s CROSS JOIN links l ON l.statement = s.id
         CROSS JOIN entities e ON e.id = l.entity AND e.article = s.article
         WHERE s.article = ? AND s.number BETWEEN ? AND ? ORDER BY l.statement, l.field, l.place",
    )?;
    let mut rows = statement.query(wanted)?;
    while let Some(r) = rows.next()? {
        let entity = entity_id(r.get(2)?);
        all_links.entry(r.get(0)?).or_default().entry(r.get(1)?).or_default().push(entity);
    }
    let mut statement = db.prepare_cached(
        "SELECT id, number, kind, source, cue, content, speaker, speaker_kind, role, speaker_confidence, addressee,
         medium, occasion, time, said, carried, parent, confidence, why, act, status FROM statements
         WHERE article = ? AND number BETWEEN ? AND ? ORDER BY number",
    )?;
    let mut rows = statement.query(wanted)?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let id: StatementId = r.get(0)?;
        let mut spans = all_spans.remove(&id).unwrap_or_default();
        let mut links = all_links.remove(&id).unwrap_or_default();
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
        // If the engine did not look for a speaker, there is none, and so there is no confidence in one either.
        let confidence: Option<f64> = r.get(9)?;
        let (name, role) = (r.get(6)?, r.get(8)?);
        let speaker = r.get::<_, Option<Sql<_>>>(7)?.map(|Sql(kind)| wire::Speaker {
            name,
            kind,
            role,
            entity: if let [only] = speakers.as_slice() { Some(only.clone()) } else { None },
            entities: speakers,
            confidence: confidence.unwrap_or_default(),
        });
        found.push(wire::Statement {
            id: statement_id(r.get(1)?),
            kind: r.get::<_, Sql<_>>(2)?.0,
            source,
            cue,
            content: content.unwrap_or_default(),
            speaker,
            addressee,
            medium,
            occasion,
            about: links.remove("about").unwrap_or_default(),
            time,
            parent: r.get::<_, Option<i64>>(16)?.map(statement_id),
            confidence: r.get(17)?,
            why: r.get(18)?,
            act: r.get::<_, Given<_>>(19)?.0,
            status: r.get::<_, Given<_>>(20)?.0,
            corrected: Vec::new(),
        });
    }
    Ok(found)
}
