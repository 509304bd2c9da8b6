//! One version of an article, with its statements and the article's other versions; and one statement with what
//! surrounds it.

use std::collections::BTreeSet;

use onrecord_text::{answers, wire};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::changes;
use crate::decision::{self, Decision};
use crate::error::{Result, StoreError, Trouble};
use crate::handle::Reader;
use crate::ids::{ArticleId, StatementId, StatementRef, json_array, number_of};
use crate::people::Identity;
use crate::record::Kept;
use crate::rows::{Correction, dated, withdrawn};
use crate::{merges, people, record, rows};
use onrecord_text::answers::Corrected;

/// The most characters of context before and after a statement.
const CONTEXT: usize = 1_000;
/// The maximum number of statements inside a statement that its answer lists.
const CHILDREN: usize = 50;

/// The columns of an [`answers::ArticleRef`].
const REF: &str = concat!(
    "SELECT a.id, a.key, a.hash, a.source_id, a.url, a.outlet, a.title, ",
    dated!(),
    ", a.language, a.latest, (SELECT count(*) FROM statements s WHERE s.article = a.id), ",
    withdrawn!()
);

impl Reader {
    /// Returns one version of an article, with people's decisions applied.
    ///
    /// `name` is the number of a version, or the web address or name of an article, which stands for its latest
    /// version.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such article, or the store can't be read.
    pub fn stored_article(&self, name: &str) -> Result<answers::StoredArticle, StoreError> {
        self.reading(|db| {
            let id = changes::article(db, name)?
                .ok_or_else(|| Trouble::NotFound(format!("{name}: no such article in this store")))?;
            let article = reference(db, id)?;
            let kept = kept(db, id)?;
            let stored = record::corrected(db, id, kept, Kept::Whole)?;
            let mut identities: Vec<(String, Identity)> = people::identities(db, id)?.into_iter().collect();
            identities.sort_by_key(|(entity, _)| number_of(entity));
            let sql = format!("{REF} FROM articles a WHERE a.key = ? ORDER BY a.id");
            let mut versions = db.prepare_cached(&sql)?;
            let versions =
                versions.query_map([&article.key], of_row)?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(answers::StoredArticle {
                schema: answers::Schema,
                article,
                record: stored.record,
                addresses: stored.addresses,
                people: identities.into_iter().map(|(entity, one)| person(entity, one)).collect(),
                versions,
            })
        })
    }

    /// Returns one statement with what surrounds it in its article, and with people's decisions applied.
    ///
    /// `name` is the name of a statement, or its permanent address.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such statement, or the store can't be read.
    pub fn stored_statement(&self, name: &str) -> Result<answers::StoredStatement, StoreError> {
        self.reading(|db| {
            let name = rows::statement_named(db, name)?;
            around(db, name)
        })
    }
}

fn around(db: &Connection, name: StatementRef) -> Result<answers::StoredStatement> {
    let id = rows::id_of(db, name)?;
    let hit = answers::Hit::from(&rows::hit(db, id)?);
    let article = reference(db, name.article)?;
    let alone = record::alone(db, name)?;
    let alone = alone.ok_or_else(|| Trouble::NotFound(format!("{name}: no such statement")))?;
    let (context, statement) = (context(&alone.article, &alone.statement), alone.statement);
    let corrections = rows::corrections(db, &json_array(&[id]))?.remove(&id).unwrap_or_default();
    let identities = people::identities(db, name.article)?;
    let known = |entities: &[String]| -> Vec<answers::PersonRef> {
        let known = |entity: &String| Some(person(entity.clone(), identities.get(entity)?.clone()));
        entities.iter().filter_map(known).collect()
    };
    let mut speakers = statement.speaker.as_ref().map(|s| known(&s.entities)).unwrap_or_default();
    if let Some(correction) = corrections.iter().find(|c| c.field == Corrected::Speaker) {
        if speakers.is_empty() {
            speakers = chosen(db, correction)?.into_iter().collect();
        }
        for speaker in &mut speakers {
            speaker.evidence = Some(format!("decision {}", correction.decision));
        }
    }
    let parent = match statement.parent.as_deref().and_then(number_of) {
        Some(parent) => {
            let number = i64::try_from(parent).unwrap_or_default();
            let parent = rows::id_of(db, StatementRef { article: name.article, number })?;
            Some((&rows::hit(db, parent)?).into())
        }
        None => None,
    };
    // SQLite plans a query anew whenever its limit is bound.
    let sql = format!(
        "SELECT id FROM statements WHERE article = ? AND parent = ? ORDER BY number LIMIT {CHILDREN}"
    );
    let mut children = db.prepare_cached(&sql)?;
    let children = children
        .query_map(params![name.article, name.number], |r| r.get(0))?
        .collect::<rusqlite::Result<Vec<StatementId>>>()?;
    let beside = |number: i64| -> Result<Option<String>> {
        let sql = "SELECT address FROM statements WHERE article = ? AND number = ?";
        let mut address = db.prepare_cached(sql)?;
        Ok(address.query_row(params![name.article, number], |r| r.get(0)).optional()?.flatten())
    };
    let mut decided = decision::on(db, id)?;
    decided.extend(splits(db, id, &article.key)?);
    decided.sort_by_key(|decision| decision.id);
    Ok(answers::StoredStatement {
        schema: answers::Schema,
        rejected: hit.rejected,
        hit,
        speakers,
        about: known(&statement.about),
        statement,
        parent,
        children: rows::hits(db, &children, &[])?.iter().map(Into::into).collect(),
        context,
        article,
        previous: beside(name.number - 1)?,
        next: beside(name.number + 1)?,
        engine: alone.engine,
        decisions: decided.iter().map(Into::into).collect(),
    })
}

/// Returns the decisions that split the speakers of a statement off from others of their names.
fn splits(db: &Connection, id: StatementId, key: &str) -> Result<Vec<Decision>> {
    let sql = "SELECT e.name FROM links l JOIN entities e ON e.id = l.entity WHERE l.statement = ? AND l.field = 'speaker'";
    let mut statement = db.prepare_cached(sql)?;
    let names = statement.query_map([id], |r| r.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    let of_article = decision::of_article(db, key)?.into_iter();
    Ok(of_article.filter(|decision| names.iter().any(|name| decision.splits(name))).collect())
}

impl From<&Decision> for answers::Decision {
    fn from(decision: &Decision) -> Self {
        Self {
            decision: decision.id.0,
            made: decision.made.clone(),
            by: decision.by.clone(),
            kind: decision.kind,
            field: decision.field,
            value: decision.value.clone(),
            content: decision.content.clone(),
            article: decision.article.clone(),
            people: [&decision.person, &decision.other].into_iter().flatten().cloned().collect(),
            undone: decision.undone,
            on_event: decision.on_event,
        }
    }
}

fn person(entity: String, one: Identity) -> answers::PersonRef {
    answers::PersonRef {
        person: one.person.to_string(),
        name: one.name,
        kind: one.kind,
        entity: Some(entity),
        evidence: Some(one.evidence),
    }
}

/// Returns the person that somebody chose as the speaker of a statement whose article does not name them.
fn chosen(db: &Connection, correction: &Correction) -> Result<Option<answers::PersonRef>> {
    let Some(person) = correction.person else { return Ok(None) };
    let root = merges::root_of(db, person)?;
    let Some((name, kind)) = rows::people(db, &[root])?.remove(&root) else { return Ok(None) };
    let person = root.to_string();
    Ok(Some(answers::PersonRef { person, name, kind, entity: None, evidence: None }))
}

pub(crate) fn reference(db: &Connection, article: ArticleId) -> Result<answers::ArticleRef> {
    let sql = format!("{REF} FROM articles a WHERE a.id = ?");
    let found = db.prepare_cached(&sql)?.query_row([article], of_row).optional()?;
    found.ok_or_else(|| Trouble::NotFound(format!("{article}: no such article")))
}

fn of_row(r: &Row) -> rusqlite::Result<answers::ArticleRef> {
    Ok(answers::ArticleRef {
        article: r.get(0)?,
        key: r.get(1)?,
        id: r.get(2)?,
        source_id: r.get(3)?,
        url: r.get(4)?,
        outlet: r.get(5)?,
        title: r.get(6)?,
        published: r.get(7)?,
        language: r.get(8)?,
        latest: r.get(9)?,
        statements: r.get(10)?,
        withdrawn: r.get(11)?,
    })
}

/// Returns the numbers of an article's statements that nobody rejected.
fn kept(db: &Connection, article: ArticleId) -> Result<BTreeSet<i64>> {
    let not_rejected = format!("NOT {}", rows::is_rejected("s.id"));
    let sql = format!("SELECT s.number FROM statements s WHERE s.article = ? AND {not_rejected}");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([article], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the part of an article's text around a statement: its blocks, and those before and after them.
///
/// A long part is cut at both ends.
fn context(article: &wire::Article, statement: &wire::Statement) -> answers::Context {
    let spans = || statement.fields().flat_map(|(_, _, spans)| spans.iter());
    let own = statement.content.spans.iter();
    let first = own.clone().map(|s| s[0]).min().unwrap_or_default();
    let last = own.map(|s| s[1]).max().unwrap_or_default();
    // A time may stand beside an earlier statement, far away.
    let near = |at: &usize| at.abs_diff(first).min(at.abs_diff(last)) <= CONTEXT;
    let first = spans().map(|s| s[0]).filter(near).min().unwrap_or(first).min(first);
    let last = spans().map(|s| s[1]).filter(near).max().unwrap_or(last).max(last);
    let blocks = &article.blocks;
    let from = blocks.iter().position(|b| b.end > first).unwrap_or_default().saturating_sub(1);
    let to = blocks.iter().rposition(|b| b.start < last).map_or(blocks.len(), |at| at + 2).min(blocks.len());
    let shown = blocks.get(from..to.max(from)).unwrap_or_default();
    let start = shown.first().map_or(0, |b| b.start).max(first.saturating_sub(CONTEXT)).min(first);
    let end = shown.last().map_or(usize::MAX, |b| b.end).min(last.saturating_add(CONTEXT)).max(last);
    let text: String = article.text.chars().skip(start).take(end - start).collect();
    let end = start + text.chars().count();
    let kept = |b: &&wire::Block| b.end > start && b.start < end;
    answers::Context { start, end, text, blocks: shown.iter().filter(kept).cloned().collect() }
}
