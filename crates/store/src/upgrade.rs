//! The parts of a schema upgrade that SQL alone can't do for existing rows.

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::ids::{ArticleId, PersonRef, StatementId, address};
use crate::seal::seal;
use crate::{corrections, decisions, index, put, record, rows, words};

/// Fills in what the step to this version of the schema added.
pub(crate) fn fill(db: &Connection, version: i64) -> Result<()> {
    match version {
        3 => third(db),
        6 => sixth(db),
        7 => seventh(db),
        8 => eighth(db),
        _ => Ok(()),
    }
}

/// The codes of the parties that people named.
fn sixth(db: &Connection) -> Result<()> {
    let mut articles = db.prepare(
        "SELECT DISTINCT e.article FROM event_corrections c JOIN events e ON e.id = c.event ORDER BY e.article",
    )?;
    let ids = articles.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<Vec<ArticleId>>>()?;
    ids.into_iter().try_for_each(|id| corrections::write_corrections(db, id).map(|_| ()))
}

/// Search no longer finds corrected speakers by the role of the previous speaker.
fn seventh(db: &Connection) -> Result<()> {
    let mut statements =
        db.prepare("SELECT statement FROM corrections WHERE field = 'speaker' ORDER BY statement")?;
    let ids = statements.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<Vec<StatementId>>>()?;
    ids.into_iter().try_for_each(|id| index::renew(db, id))
}

/// What withdraws an article is known, and search finds statements and reports by the notices about their articles.
fn eighth(db: &Connection) -> Result<()> {
    let mut articles = db.prepare("SELECT id, key, source_id, url FROM articles")?;
    let mut named = db.prepare("UPDATE articles SET item = ? WHERE id = ?")?;
    let mut rows = articles.query([])?;
    while let Some(r) = rows.next()? {
        let (key, source_id): (String, String) = (r.get(1)?, r.get(2)?);
        let url: Option<String> = r.get(3)?;
        named.execute(params![put::item(url.as_deref(), &source_id, &key), r.get::<_, ArticleId>(0)?])?;
    }
    let mut noticed = db.prepare(
        "SELECT DISTINCT a.id FROM notices n JOIN articles l ON l.id = n.article JOIN articles a ON a.item = l.item
         WHERE a.latest ORDER BY a.id",
    )?;
    let ids = noticed.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<Vec<ArticleId>>>()?;
    ids.into_iter().try_for_each(|id| index::renew_article(db, id))
}

fn third(db: &Connection) -> Result<()> {
    // Earlier schemas encoded in the key whether a decision split a person off, and the office of one whose name has
    // one word.
    let mut people = db.prepare("SELECT id, key FROM people")?;
    let rows = people.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    for (id, key) in rows.collect::<rusqlite::Result<Vec<(PersonRef, String)>>>()? {
        if let Some((_, decision)) = key.rsplit_once('#') {
            db.execute(
                "UPDATE people SET apart = ? WHERE id = ?",
                params![decision.parse::<i64>().ok(), id],
            )?;
        } else if let Some((_, office)) = key.split_once(" (") {
            db.execute(
                "UPDATE people SET office = ? WHERE id = ?",
                params![office.trim_end_matches(')'), id],
            )?;
        }
    }
    decisions::complete(db)?;
    db.execute("INSERT INTO words (words) VALUES ('delete-all')", [])?;
    let mut articles = db.prepare("SELECT id, key, latest FROM articles ORDER BY id")?;
    let rows = articles.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    for (id, key, latest) in rows.collect::<rusqlite::Result<Vec<(ArticleId, String, bool)>>>()? {
        if let Some(record) = record::of(db, id)? {
            let mut sealed = db.prepare_cached("UPDATE articles SET seal = ? WHERE id = ?")?;
            sealed.execute(params![seal(&record)?, id])?;
        }
        let contents = rows::contents(db, id)?;
        let mut before: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
        for (statement, content) in &contents {
            let same = before.entry(words::fold(content)).or_default();
            let mut named = db.prepare_cached("UPDATE statements SET address = ? WHERE id = ?")?;
            named.execute(params![address(&key, content, *same), statement])?;
            *same += 1;
        }
        corrections::write_corrections(db, id)?;
        if latest {
            contents.iter().try_for_each(|(statement, _)| index::renew(db, *statement))?;
        }
    }
    Ok(())
}
