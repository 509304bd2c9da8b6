//! What a store covers: outlets, days, notices and engines.

use std::collections::BTreeMap;

use jiff::civil::Date;
use onrecord_text::{NoticeKind, PartialDate, answers};
use rusqlite::Connection;

use crate::error::{Result, StoreError};
use crate::handle::Reader;
use crate::kinds::Sql;
use crate::{query, schema};

/// The fewest days without an article that count as a gap.
const GAP: i32 = 7;
/// The maximum number of gaps that are listed for an outlet, and for the archive.
const GAPS: usize = 10;
/// How many notices of a kind are listed.
const EXAMPLES: usize = 5;

/// The SQL for the articles that an engine read of each outlet on each day. The index has all of it, in this order.
const ARTICLES: &str = "SELECT a.outlet, a.published, count(*), a.engine_version, a.engine_model
    FROM articles a INDEXED BY articles_outlet
    WHERE a.latest GROUP BY a.outlet, a.published, a.engine_version, a.engine_model";
/// The SQL for the datelines of articles that state no date of publication. Only these articles are read themselves.
const DATELINES: &str = "SELECT a.outlet, a.dateline_date, count(*) FROM articles a INDEXED BY articles_outlet
    WHERE a.latest AND a.published IS NULL AND a.dateline_date IS NOT NULL GROUP BY a.outlet, a.dateline_date";
/// The SQL for the statements of each outlet. A statement's number is its place among its article's statements.
const STATEMENTS: &str = "SELECT a.outlet,
        sum((SELECT s.number FROM statements s WHERE s.article = a.id ORDER BY s.number DESC LIMIT 1))
    FROM articles a INDEXED BY articles_outlet WHERE a.latest GROUP BY a.outlet";

impl Reader {
    /// Returns what the store covers.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn coverage(&self) -> Result<answers::Coverage, StoreError> {
        self.reading(coverage)
    }
}

/// The days on which something has articles.
#[derive(Default)]
struct Covered {
    articles: usize,
    undated: usize,
    statements: usize,
    first: Option<String>,
    last: Option<String>,
    /// The known days, in order.
    days: BTreeMap<Date, usize>,
}

impl Covered {
    /// Adds articles with the date of publication that they state.
    fn add(&mut self, published: Option<&str>, articles: usize) {
        self.articles += articles;
        self.undated += articles;
        if let Some(date) = published {
            self.date(date, articles);
        }
    }

    /// Dates articles that were added without a date.
    fn date(&mut self, text: &str, articles: usize) {
        let date = text.parse::<PartialDate>().ok();
        let Some(date) = date.filter(|date| date.year().is_some()) else { return };
        self.undated -= articles;
        if self.first.as_deref().is_none_or(|first| text < first) {
            self.first = Some(text.to_owned());
        }
        if self.last.as_deref().is_none_or(|last| text > last) {
            self.last = Some(text.to_owned());
        }
        if let Some(day) = date.whole() {
            *self.days.entry(day).or_default() += articles;
        }
    }

    /// Returns the longest periods without an article, the longest first.
    fn gaps(&self) -> Vec<answers::Gap> {
        let days: Vec<Date> = self.days.keys().copied().collect();
        let mut gaps: Vec<answers::Gap> = days
            .windows(2)
            .filter_map(|pair| {
                let (from, to) = (pair[0].tomorrow().ok()?, pair[1].yesterday().ok()?);
                let days = pair[1].since(pair[0]).ok()?.get_days() - 1;
                (days >= GAP).then(|| answers::Gap {
                    from: from.to_string(),
                    to: to.to_string(),
                    days: usize::try_from(days).unwrap_or_default(),
                })
            })
            .collect();
        gaps.sort_by(|a, b| b.days.cmp(&a.days).then_with(|| a.from.cmp(&b.from)));
        gaps.truncate(GAPS);
        gaps
    }
}

fn coverage(db: &Connection) -> Result<answers::Coverage> {
    let mut outlets: BTreeMap<Option<String>, Covered> = BTreeMap::new();
    let mut whole = Covered::default();
    let mut engines: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut statement = db.prepare_cached(ARTICLES)?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let (outlet, count): (Option<String>, usize) = (row.get(0)?, row.get(2)?);
        let published = row.get_ref(1)?.as_str_or_null()?;
        whole.add(published, count);
        outlets.entry(outlet).or_default().add(published, count);
        *engines.entry((row.get(3)?, row.get(4)?)).or_default() += count;
    }
    let mut statement = db.prepare_cached(DATELINES)?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let (outlet, dateline, count): (_, String, usize) = (row.get(0)?, row.get(1)?, row.get(2)?);
        whole.date(&dateline, count);
        outlets.entry(outlet).or_default().date(&dateline, count);
    }
    let mut statement = db.prepare_cached(STATEMENTS)?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let count = row.get::<_, Option<usize>>(1)?.unwrap_or_default();
        whole.statements += count;
        outlets.entry(row.get(0)?).or_default().statements += count;
    }
    let outlet = |(outlet, covered): (Option<String>, Covered)| answers::OutletCoverage {
        query: outlet.as_deref().and_then(|name| query::item("outlet", name)),
        outlet,
        articles: covered.articles,
        statements: covered.statements,
        days: covered.days.len(),
        gaps: covered.gaps(),
        first: covered.first,
        last: covered.last,
    };
    let mut outlets: Vec<answers::OutletCoverage> = outlets.into_iter().map(outlet).collect();
    outlets.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.outlet.cmp(&b.outlet)));
    let engine = |((version, model), articles)| answers::EngineCount { version, model, articles };
    let mut engines: Vec<answers::EngineCount> = engines.into_iter().map(engine).collect();
    engines.sort_by_key(|engine| std::cmp::Reverse(engine.articles));
    Ok(answers::Coverage {
        schema: answers::Schema,
        articles: whole.articles,
        versions: db.query_row("SELECT count(*) FROM articles", [], |r| r.get(0))?,
        statements: whole.statements,
        undated: whole.undated,
        gaps: whole.gaps(),
        first: whole.first,
        last: whole.last,
        outlets,
        notices: notices(db)?,
        engines,
        store_schema: schema::SCHEMA,
    })
}

fn notices(db: &Connection) -> Result<Vec<answers::NoticeCount>> {
    let mut all = Vec::new();
    let mut counts = db.prepare_cached(
        "SELECT n.kind, count(*) FROM notices n JOIN articles a ON a.id = n.article WHERE a.latest
         GROUP BY n.kind ORDER BY count(*) DESC, n.kind",
    )?;
    let mut newest = db.prepare_cached(
        "SELECT n.article, a.title, n.message FROM notices n JOIN articles a ON a.id = n.article
         WHERE n.kind = ? AND a.latest ORDER BY n.article DESC, n.number LIMIT ?",
    )?;
    let mut found = counts.query([])?;
    while let Some(row) = found.next()? {
        let (kind, notices) = (row.get::<_, Sql<NoticeKind>>(0)?.0, row.get(1)?);
        let examples = newest.query_map(rusqlite::params![kind.name(), EXAMPLES], |r| {
            Ok(answers::NoticeAt { article: r.get(0)?, title: r.get(1)?, message: r.get(2)? })
        })?;
        let examples = examples.collect::<rusqlite::Result<_>>()?;
        all.push(answers::NoticeCount { kind, notices, examples });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handle::Store;
    use crate::{complete, facets, hints, merges, profile, put, review, rows, timeline};

    /// An archive may have a million statements, so no request for one page may read all rows of a table.
    #[test]
    fn requests_use_indexes() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("news.db")).unwrap();
        let requests =
            [ARTICLES, STATEMENTS, review::UNDECIDED, timeline::IDS, put::SAME_TEXT, put::LATEST_TEXTS];
        let others = [
            &facets::REQUESTS[..],
            &complete::REQUESTS,
            &hints::REQUESTS,
            &profile::REQUESTS,
            &merges::REQUESTS,
            &rows::REQUESTS,
        ];
        for request in requests.into_iter().chain(others.concat()) {
            let mut plan = store.db.prepare(&format!("EXPLAIN QUERY PLAN {request}")).unwrap();
            let mut rows = plan.raw_query();
            while let Some(row) = rows.next().unwrap() {
                let line: String = row.get(3).unwrap();
                let whole = line.starts_with("SCAN")
                    && !line.contains("VIRTUAL TABLE")
                    && !line.contains("USING COVERING INDEX articles_outlet")
                    // Only those who were merged are in this index.
                    && !line.contains("INDEX people_same_as");
                let small = ["wanted", "found", "one", "i", "(subquery", "merged", "CONSTANT ROW"]
                    .iter()
                    .any(|name| line.starts_with(&format!("SCAN {name}")));
                assert!(!whole || small, "{line}: {request}");
            }
        }
    }
}
