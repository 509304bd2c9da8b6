//! Statements found again.
//!
//! Every filter is a word in a column of one FTS5 table, so that a query is an intersection of that table's lists, and
//! the ids of its rows are in the order of days: the newest matches come first without a sort, and `published:` is a
//! range of ids. Who somebody is across articles stands in a table of its own, `people_statements`.

use rusqlite::{Connection, params};

use crate::error::{Result, StoreError};
use crate::handle::Reader;
use crate::ids::StatementRef;
use crate::kinds::Link;
use crate::people::Person;
use crate::query::Query;
use crate::rows::{self, Hit};

/// How many of the newest matches are ranked where the best are asked for.
pub const RANKED: usize = 2_000;

/// In which order matches come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Published last, first.
    Newest,
    /// Published first, first.
    Oldest,
    /// The ones in which the words weigh most, among the newest [`RANKED`].
    Best,
}

/// Where a page of matches begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the first.
    First,
    /// After so many.
    Skip(usize),
    /// After this statement, by its name or its address. What came into the store since changes nothing about the page.
    After(String),
}

/// A page of matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    /// The matches.
    pub hits: Vec<Hit>,
    /// Whether others follow.
    pub more: bool,
    /// Whether older matches were left out of the ranking.
    pub cut: bool,
}

impl Reader {
    /// Statements that match a query: `limit` of them after the first `skip`.
    ///
    /// # Errors
    ///
    /// When the store can't be read.
    pub fn search(
        &self,
        query: &Query,
        order: Order,
        limit: usize,
        skip: usize,
    ) -> std::result::Result<Hits, StoreError> {
        self.page(query, order, limit, &Start::Skip(skip))
    }

    /// A page of the statements that match a query.
    ///
    /// # Errors
    ///
    /// When the store can't be read, or the statement after which the page begins isn't in it.
    pub fn page(
        &self,
        query: &Query,
        order: Order,
        limit: usize,
        start: &Start,
    ) -> std::result::Result<Hits, StoreError> {
        self.named(page(&self.db, query, order, limit, start))
    }

    /// The statement that a text names: `12.s3`, or an address, which means the latest version that has it.
    ///
    /// # Errors
    ///
    /// When the text names no statement, there is none of this name, or the store can't be read.
    pub fn named_statement(&self, text: &str) -> std::result::Result<StatementRef, StoreError> {
        self.named(rows::named(&self.db, text))
    }

    /// One statement.
    ///
    /// # Errors
    ///
    /// When there is none of this name, or the store can't be read.
    pub fn statement(&self, name: StatementRef) -> std::result::Result<Hit, StoreError> {
        let found = rows::id_of(&self.db, name).and_then(|id| rows::hit(&self.db, id));
        self.named(found)
    }

    /// How SQLite goes about a query: the lines of its plan for finding the ids, and for one statement.
    ///
    /// # Errors
    ///
    /// When the store can't be read.
    pub fn plan(&self, query: &Query, order: Order) -> std::result::Result<Vec<String>, StoreError> {
        let plan = || -> Result<Vec<String>> {
            let mut lines = Vec::new();
            let mut explain = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> Result<()> {
                let mut statement = self.db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                for line in statement.query_map(values, |r| r.get::<_, String>(3))? {
                    lines.push(line?);
                }
                Ok(())
            };
            explain(&sql(order), &[&query.expression, &query.ids.0, &query.ids.1, &20, &0])?;
            explain(rows::HITS, &[&"[0]"])?;
            Ok(lines)
        };
        self.named(plan())
    }

    /// What one of the people said, oldest first.
    ///
    /// # Errors
    ///
    /// When the store can't be read.
    pub fn said_by(
        &self,
        person: &Person,
        limit: usize,
        skip: usize,
    ) -> std::result::Result<Hits, StoreError> {
        self.named(beside(&self.db, Link::Speaker, &person.ids, limit, skip))
    }

    /// What others said about one of the people, oldest first.
    ///
    /// # Errors
    ///
    /// When the store can't be read.
    pub fn said_about(
        &self,
        person: &Person,
        limit: usize,
        skip: usize,
    ) -> std::result::Result<Hits, StoreError> {
        self.named(beside(&self.db, Link::About, &person.ids, limit, skip))
    }
}

/// The ids of matches: the expression, the first and last id, how many, after how many.
fn sql(order: Order) -> String {
    let matches = |columns: &str, direction: &str, limit: &str| {
        format!(
            "SELECT {columns} FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3
             ORDER BY rowid {direction} LIMIT {limit}"
        )
    };
    match order {
        Order::Newest => matches("rowid", "DESC", "?4 OFFSET ?5"),
        Order::Oldest => matches("rowid", "ASC", "?4 OFFSET ?5"),
        Order::Best => {
            let score = "rowid AS id, bm25(words, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0) AS score";
            let newest = matches(score, "DESC", &RANKED.to_string());
            format!("SELECT id FROM ({newest}) ORDER BY score, id DESC LIMIT ?4 OFFSET ?5")
        }
    }
}

/// The ids of matches in the order asked for, from an id range and after some of them.
pub(crate) fn ids(
    db: &Connection,
    query: &Query,
    order: Order,
    (first, last): (i64, i64),
    limit: usize,
    skip: usize,
) -> Result<Vec<i64>> {
    let mut statement = db.prepare_cached(&sql(order))?;
    let rows = statement
        .query_map(params![query.expression, first, last, count(limit), count(skip)], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn page(db: &Connection, query: &Query, order: Order, limit: usize, start: &Start) -> Result<Hits> {
    let one_more = limit.saturating_add(1);
    let (mut range, mut skip) = (query.ids, 0);
    match (start, order) {
        (Start::First, _) => {}
        (Start::Skip(n), _) => skip = *n,
        (Start::After(name), Order::Newest) => {
            range.1 = range.1.min(rows::id_of(db, rows::named(db, name)?)?.saturating_sub(1));
        }
        (Start::After(name), Order::Oldest) => {
            range.0 = range.0.max(rows::id_of(db, rows::named(db, name)?)?.saturating_add(1));
        }
        (Start::After(name), Order::Best) => {
            let after = rows::id_of(db, rows::named(db, name)?)?;
            let ranked = ids(db, query, order, range, RANKED, 0)?;
            skip = ranked.iter().position(|&id| id == after).map_or(RANKED, |at| at + 1);
        }
    }
    let found = ids(db, query, order, range, one_more, skip)?;
    let cut = order == Order::Best && !ids(db, query, Order::Newest, query.ids, 1, RANKED)?.is_empty();
    let shown = &found[..found.len().min(limit)];
    Ok(Hits { hits: rows::hits(db, shown, &query.terms)?, more: found.len() > limit, cut })
}

/// The statements beside which some of the people stand, oldest first; those about them that they didn't say themselves.
fn beside(db: &Connection, field: Link, people: &[i64], limit: usize, skip: usize) -> Result<Hits> {
    let people = serde_json::to_string(people)?;
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT p.statement FROM json_each(?1) AS wanted
         CROSS JOIN people_statements p ON p.person = wanted.value AND p.field = ?2
         WHERE ?2 = 'speaker' OR NOT EXISTS (
             SELECT 1 FROM json_each(?1) AS one
             JOIN people_statements s ON s.person = one.value AND s.field = 'speaker' AND s.statement = p.statement)
         ORDER BY p.statement LIMIT ?3 OFFSET ?4",
    )?;
    let rows = statement
        .query_map(params![people, field, count(limit.saturating_add(1)), count(skip)], |r| r.get(0))?;
    let found = rows.collect::<rusqlite::Result<Vec<i64>>>()?;
    let shown = &found[..found.len().min(limit)];
    Ok(Hits { hits: rows::hits(db, shown, &[])?, more: found.len() > limit, cut: false })
}

/// A number of rows as SQLite counts them; no table has more than it can count.
fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
