//! Finding statements.
//!
//! Every filter is a word in a column of one FTS5 table, so a query is an intersection of that table's lists. The row
//! ids are in the order of days: the newest matches come first without a sort, and `published:` is a range of ids. The
//! table `people_statements` holds who somebody is across articles.

use std::str::FromStr;

use rusqlite::{Connection, params};

use crate::error::{Result, StoreError, Trouble};
use crate::handle::Reader;
use crate::ids::{PersonRef, StatementId, StatementRef, json_array};
use crate::kinds::Link;
use crate::people::Person;
use crate::query::Query;
use crate::rows::{self, Hit};

/// How many of the newest matches [`Order::Best`] ranks.
pub const RANKED: usize = 2_000;

/// The order in which matches are returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The latest published first.
    Newest,
    /// The earliest published first.
    Oldest,
    /// The most relevant first, among the newest [`RANKED`] matches. BM25 over the content ranks them.
    Best,
}

impl FromStr for Order {
    type Err = StoreError;

    fn from_str(name: &str) -> Result<Self, StoreError> {
        match name {
            "newest" => Ok(Self::Newest),
            "oldest" => Ok(Self::Oldest),
            "best" => Ok(Self::Best),
            other => Err(StoreError::Invalid(format!("“{other}” is not an order: newest, oldest, best"))),
        }
    }
}

/// Where a page of matches begins.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start {
    /// At the first match.
    First,
    /// After this number of matches.
    Skip(usize),
    /// After this statement, given by its name or address.
    ///
    /// Statements added to the store in the meantime do not shift the page.
    After(String),
}

/// A page of matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    /// The matches.
    pub hits: Vec<Hit>,
    /// Whether more matches follow.
    pub more: bool,
    /// Whether older matches were left out of the ranking.
    pub cut: bool,
}

impl Reader {
    /// Returns the statements that match a query: at most `limit` of them, after skipping the first `skip`.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn search(&self, query: &Query, order: Order, limit: usize, skip: usize) -> Result<Hits, StoreError> {
        self.page(query, order, limit, &Start::Skip(skip))
    }

    /// Returns a page of the statements that match a query.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read, or does not have the statement after which the page starts.
    pub fn page(&self, query: &Query, order: Order, limit: usize, start: &Start) -> Result<Hits, StoreError> {
        self.with_path(page(&self.db, query, order, limit, start))
    }

    /// Resolves the name of a statement: either `12.s3`, or an address, which stands for the latest version that has
    /// it.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a name of a statement, there is no such statement, or the store can't be
    /// read.
    pub fn named_statement(&self, text: &str) -> Result<StatementRef, StoreError> {
        self.with_path(rows::statement_named(&self.db, text))
    }

    /// Returns one statement.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such statement, or the store can't be read.
    pub fn statement(&self, name: StatementRef) -> Result<Hit, StoreError> {
        let found = rows::id_of(&self.db, name).and_then(|id| rows::hit(&self.db, id));
        self.with_path(found)
    }

    /// Returns SQLite's plan for a query, as lines: how it finds the ids, and how it reads one statement.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn plan(&self, query: &Query, order: Order) -> Result<Vec<String>, StoreError> {
        let plan = || -> Result<Vec<String>> {
            let mut lines = Vec::new();
            let mut explain = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> Result<()> {
                let mut statement = self.db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                for line in statement.query_map(values, |r| r.get::<_, String>(3))? {
                    lines.push(line?);
                }
                Ok(())
            };
            explain(&sql(order), &[&query.expression, &query.ids().0, &query.ids().1, &20, &0])?;
            explain(rows::HITS, &[&"[0]"])?;
            explain(rows::SPANS, &[&"[0]"])?;
            Ok(lines)
        };
        self.with_path(plan())
    }

    /// Returns what a person said, oldest first.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn said_by(&self, person: &Person, limit: usize, skip: usize) -> Result<Hits, StoreError> {
        self.with_path(beside(&self.db, Link::Speaker, &person.ids, limit, skip))
    }

    /// Returns what others said about a person, oldest first.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn said_about(&self, person: &Person, limit: usize, skip: usize) -> Result<Hits, StoreError> {
        self.with_path(beside(&self.db, Link::About, &person.ids, limit, skip))
    }
}

/// The SQL for the ids of matches.
///
/// Its parameters are the expression, the first and last id, the limit, and the number of matches to skip.
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

/// Returns the ids of matches within an id range, in the given order, after skipping some of them.
pub(crate) fn ids(
    db: &Connection,
    query: &Query,
    order: Order,
    (first, last): (i64, i64),
    limit: usize,
    skip: usize,
) -> Result<Vec<StatementId>> {
    let mut statement = db.prepare_cached(&sql(order))?;
    let rows = statement
        .query_map(params![query.expression, first, last, count(limit), count(skip)], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn page(db: &Connection, query: &Query, order: Order, limit: usize, start: &Start) -> Result<Hits> {
    let one_more = limit.saturating_add(1);
    let (mut range, mut skip) = (query.ids(), 0);
    match (start, order) {
        (Start::First, _) => {}
        (Start::Skip(n), _) => skip = *n,
        (Start::After(name), Order::Newest) => {
            range.1 = range.1.min(rows::id_of(db, rows::statement_named(db, name)?)?.0.saturating_sub(1));
        }
        (Start::After(name), Order::Oldest) => {
            range.0 = range.0.max(rows::id_of(db, rows::statement_named(db, name)?)?.0.saturating_add(1));
        }
        (Start::After(name), Order::Best) => {
            let after = rows::id_of(db, rows::statement_named(db, name)?)?;
            let ranked = ids(db, query, order, range, RANKED, 0)?;
            let at = ranked.iter().position(|&id| id == after).ok_or_else(|| {
                Trouble::Invalid(format!("{name}: this statement is no longer among the most relevant ones"))
            })?;
            skip = at + 1;
        }
    }
    let found = ids(db, query, order, range, one_more, skip)?;
    let cut = order == Order::Best && !ids(db, query, Order::Newest, query.ids(), 1, RANKED)?.is_empty();
    let shown = &found[..found.len().min(limit)];
    Ok(Hits { hits: rows::hits(db, shown, &query.terms)?, more: found.len() > limit, cut })
}

/// Returns the statements linked to any of these people in this field, oldest first.
///
/// For `about`, it leaves out the statements that these people made themselves.
fn beside(db: &Connection, field: Link, people: &[PersonRef], limit: usize, skip: usize) -> Result<Hits> {
    let people = json_array(people);
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
    let found = rows.collect::<rusqlite::Result<Vec<StatementId>>>()?;
    let shown = &found[..found.len().min(limit)];
    Ok(Hits { hits: rows::hits(db, shown, &[])?, more: found.len() > limit, cut: false })
}

/// Converts a number of rows to SQLite's type. Larger numbers are capped because no table can have more rows.
fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
