//! Statements found again.
//!
//! Every filter is a word in a column of one FTS5 table, so that a query is an intersection of that table's lists, and
//! the ids of its rows are in the order of days: the newest matches come first without a sort, and `published:` is a
//! range of ids.

use std::fmt;
use std::str::FromStr;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::Result;
use crate::people::{self, Person};
use crate::query::{either, person_word, placeholder, said_words};
use crate::{Query, Reader, StoreError, words};

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

/// A statement's name in a store: the number of its article and its id in the record, `12.s3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementRef {
    /// The article's number in the store.
    pub article: i64,
    /// The statement's number in its record, from 1.
    pub number: i64,
}

impl fmt::Display for StatementRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.s{}", self.article, self.number)
    }
}

impl FromStr for StatementRef {
    type Err = StoreError;

    fn from_str(s: &str) -> std::result::Result<Self, StoreError> {
        let parts = s.split_once(".s").and_then(|(a, n)| Some((a.parse().ok()?, n.parse().ok()?)));
        let (article, number) = parts
            .ok_or_else(|| StoreError::Invalid(format!("“{s}” is no statement's name, such as 12.s3")))?;
        Ok(Self { article, number })
    }
}

/// A statement that was found, as it stands with what people decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its name.
    pub name: StatementRef,
    /// direct, indirect, mixed.
    pub kind: String,
    /// What kind of statement it is: say, ask, demand and so on.
    pub act: String,
    /// Whether it was made: made, not_made, expected, possible, disputed.
    pub status: String,
    /// Who said it.
    pub speaker: Option<String>,
    /// person, organization, group, document, unnamed, none.
    pub speaker_kind: Option<String>,
    /// In which office.
    pub role: Option<String>,
    /// The words that signal the attribution.
    pub cue: Option<String>,
    /// What was said.
    pub content: String,
    /// On which day, in EDTF.
    pub said: Option<String>,
    /// How sure the engine is, from 0 to 1.
    pub confidence: f64,
    /// The article's name.
    pub source_id: String,
    /// Its title.
    pub title: Option<String>,
    /// Its publisher.
    pub outlet: Option<String>,
    /// Its web address.
    pub url: Option<String>,
    /// Its date of publication.
    pub published: Option<String>,
    /// The fields that a person corrected, and `verdict` where one accepted it.
    pub corrected: Vec<String>,
    /// Where the query's words stand in the content: first byte, byte behind the last.
    pub matches: Vec<(usize, usize)>,
    pub(crate) id: i64,
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

const HIT: &str =
    "SELECT s.id, s.article, s.number, s.kind, s.speaker, s.speaker_kind, s.role, s.cue, s.content, s.said,
    s.confidence, a.source_id, a.title, a.outlet, a.url, a.published, s.act, s.status
    FROM statements s JOIN articles a ON a.id = s.article WHERE s.id = ?";

impl Reader {
    /// Statements that match a query: `limit` of them behind the first `skip`.
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
        self.named(search(&self.db, query, order, limit, skip))
    }

    /// Calls `each` with every match, oldest first; the first error ends it.
    ///
    /// # Errors
    ///
    /// When the store can't be read, or the first of `each`.
    pub fn each_match<E: From<StoreError>>(
        &self,
        query: &Query,
        mut each: impl FnMut(Hit) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let of = |e: rusqlite::Error| StoreError::of(&self.path, e.into());
        let expression = self.named(with_people(&self.db, query))?;
        let mut ids = self.db.prepare(&sql(Order::Oldest)).map_err(of)?;
        let mut rows = ids.query(params![expression, query.ids.0, query.ids.1, -1, 0]).map_err(of)?;
        while let Some(row) = rows.next().map_err(of)? {
            let id = row.get(0).map_err(of)?;
            each(self.named(hit(&self.db, id, query))?)?;
        }
        Ok(())
    }

    /// One statement.
    ///
    /// # Errors
    ///
    /// When there is none of this name, or the store can't be read.
    pub fn statement(&self, name: StatementRef) -> std::result::Result<Hit, StoreError> {
        let found = id_of(&self.db, name).and_then(|id| hit(&self.db, id, &Query::everything()));
        self.named(found)
    }

    /// How SQLite goes about a query: the lines of its plan for finding the ids, and for one statement.
    ///
    /// # Errors
    ///
    /// When the store can't be read.
    pub fn plan(&self, query: &Query, order: Order) -> std::result::Result<Vec<String>, StoreError> {
        let plan = || -> Result<Vec<String>> {
            let expression = with_people(&self.db, query)?;
            let mut lines = Vec::new();
            let mut explain = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> Result<()> {
                let mut statement = self.db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                for line in statement.query_map(values, |r| r.get::<_, String>(3))? {
                    lines.push(line?);
                }
                Ok(())
            };
            explain(&sql(order), &[&expression, &query.ids.0, &query.ids.1, &20, &0])?;
            explain(HIT, &[&0])?;
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
        self.search(&Query::of_person("speaker", &person.ids), Order::Oldest, limit, skip)
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
        let mut query = Query::of_person("about", &person.ids);
        query.expression = format!("{} NOT {}", query.expression, either("speaker", &person.ids));
        self.search(&query, Order::Oldest, limit, skip)
    }
}

/// The ids of matches: the expression, the first and last id, how many, behind how many.
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

fn search(db: &Connection, query: &Query, order: Order, limit: usize, skip: usize) -> Result<Hits> {
    let expression = with_people(db, query)?;
    let one_more = limit.saturating_add(1);
    let mut statement = db.prepare_cached(&sql(order))?;
    let ids = statement
        .query_map(params![expression, query.ids.0, query.ids.1, count(one_more), count(skip)], |r| r.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    let cut = order == Order::Best && {
        let mut beyond = db.prepare_cached(&sql(Order::Newest))?;
        beyond.exists(params![expression, query.ids.0, query.ids.1, 1, RANKED])?
    };
    let hits = ids.iter().take(limit).map(|&id| hit(db, id, query)).collect::<Result<_>>()?;
    Ok(Hits { hits, more: ids.len() > limit, cut })
}

/// A number of rows as SQLite counts them; no table has more than it can count.
fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// The query's expression, with the people whom its names mean beyond the words: those whom somebody merged.
fn with_people(db: &Connection, query: &Query) -> Result<String> {
    let mut expression = query.expression.clone();
    for (n, (column, name)) in query.people.iter().enumerate() {
        let merged = people::merged_with(db, name)?;
        let more = if merged.is_empty() { String::new() } else { format!(" OR {}", either(column, &merged)) };
        expression = expression.replace(&placeholder(n), &more);
    }
    Ok(expression)
}

pub(crate) fn id_of(db: &Connection, name: StatementRef) -> Result<i64> {
    let sql = "SELECT id FROM statements WHERE article = ? AND number = ?";
    let id = db.query_row(sql, [name.article, name.number], |r| r.get(0)).optional()?;
    id.ok_or_else(|| crate::error::Trouble::NotFound(format!("{name}: no such statement in this store")))
}

pub(crate) fn hit(db: &Connection, id: i64, query: &Query) -> Result<Hit> {
    let mut hit = db.prepare_cached(HIT)?.query_row([id], of_row)?;
    for (field, value) in corrections(db, id)? {
        match field.as_str() {
            "speaker" => hit.speaker = Some(value),
            "role" => hit.role = Some(value),
            "said" => hit.said = Some(value),
            _ => {}
        }
        hit.corrected.push(field);
    }
    hit.matches = matches(&hit.content, &query.terms);
    Ok(hit)
}

fn of_row(r: &Row) -> rusqlite::Result<Hit> {
    Ok(Hit {
        id: r.get(0)?,
        name: StatementRef { article: r.get(1)?, number: r.get(2)? },
        kind: r.get(3)?,
        speaker: r.get(4)?,
        speaker_kind: r.get(5)?,
        role: r.get(6)?,
        cue: r.get(7)?,
        content: r.get(8)?,
        said: r.get(9)?,
        confidence: r.get(10)?,
        source_id: r.get(11)?,
        title: r.get(12)?,
        outlet: r.get(13)?,
        url: r.get(14)?,
        published: r.get(15)?,
        act: r.get(16)?,
        status: r.get(17)?,
        corrected: Vec::new(),
        matches: Vec::new(),
    })
}

/// The fields of a statement that people corrected, with their values.
pub(crate) fn corrections(db: &Connection, id: i64) -> Result<Vec<(String, String)>> {
    let mut statement =
        db.prepare_cached("SELECT field, value FROM corrections WHERE statement = ? ORDER BY field")?;
    let rows = statement.query_map([id], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Where the terms stand in a text, in its order.
fn matches(text: &str, terms: &[(Vec<String>, bool)]) -> Vec<(usize, usize)> {
    let words = words::words(text);
    let mut found = Vec::new();
    for (term, star) in terms {
        let last = term.len() - 1;
        for window in words.windows(term.len()) {
            let same = |(n, (word, asked)): (usize, (&words::Word, &String))| {
                if *star && n == last { word.text.starts_with(asked.as_str()) } else { word.text == *asked }
            };
            if window.iter().zip(term).enumerate().all(same) {
                found.push((window[0].start, window[last].end));
            }
        }
    }
    found.sort_unstable();
    found.dedup_by(|b, a| b.0 < a.1);
    found
}

/// Lets search find a statement, or find it as it is now. A rejected one, and one of an earlier version, is not found.
pub(crate) fn index(db: &Connection, id: i64) -> Result<()> {
    let (mut row, latest) = db
        .prepare_cached(
            "SELECT s.content, s.kind, s.speaker, s.speaker_kind, s.role, s.said, a.outlet, a.url, a.latest, s.act, s.status
             FROM statements s JOIN articles a ON a.id = s.article WHERE s.id = ?",
        )?
        .query_row([id], |r| {
            let text = |n| r.get::<_, Option<String>>(n).map(Option::unwrap_or_default);
            Ok((
                Indexed {
                    content: text(0)?,
                    kind: format!("statement {} {} {} {}", text(1)?, text(3)?, text(9)?, status_word(&text(10)?)),
                    speaker: text(2)?,
                    role: text(4)?,
                    said: text(5)?,
                    outlet: format!("{} {}", text(6)?, host(&text(7)?)),
                    about: String::new(),
                },
                r.get::<_, bool>(8)?,
            ))
        })?;
    let mut corrected = false;
    for (field, value) in corrections(db, id)? {
        match field.as_str() {
            "verdict" if value == "rejected" => return Ok(()),
            "speaker" => {
                corrected = true;
                if let Some(person) = people::of_name(db, &value)? {
                    row.speaker = format!("{value} {}", person_word(person));
                } else {
                    row.speaker = value;
                }
            }
            "role" => row.role = value,
            "said" => row.said = value,
            _ => {}
        }
    }
    if !latest {
        return Ok(());
    }
    let mut links = db.prepare_cached(
        "SELECT l.field, e.name, e.aliases, p.id, p.name FROM links l JOIN entities e ON e.id = l.entity
         LEFT JOIN identities i ON i.entity = e.id LEFT JOIN people p ON p.id = i.person
         WHERE l.statement = ? AND l.field IN ('speaker', 'about') ORDER BY l.field, l.place",
    )?;
    let mut rows = links.query([id])?;
    while let Some(link) = rows.next()? {
        let about = link.get_ref(0)?.as_str()? == "about";
        if corrected && !about {
            continue;
        }
        let column = if about { &mut row.about } else { &mut row.speaker };
        if about {
            let aliases: Vec<String> = serde_json::from_str(link.get_ref(2)?.as_str()?)?;
            for name in std::iter::once(link.get(1)?).chain(aliases) {
                column.push_str(&name);
                column.push_str(" ; ");
            }
        }
        if let Some(person) = link.get::<_, Option<i64>>(3)? {
            let name: String = link.get(4)?;
            column.push_str(&format!(" {name} {} ", person_word(person)));
        }
    }
    db.prepare_cached(
        "INSERT INTO words (rowid, content, speaker, role, about, outlet, kind, said) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![id, row.content, row.speaker, row.role, row.about, row.outlet, row.kind, said_words(&row.said)])?;
    Ok(())
}

/// The word under which search finds a status: the tokenizer would make two of `not_made`.
pub(crate) fn status_word(status: &str) -> String {
    status.replace('_', "")
}

/// Keeps search from finding a statement.
pub(crate) fn withdraw(db: &Connection, id: i64) -> Result<()> {
    db.prepare_cached("DELETE FROM words WHERE rowid = ?")?.execute([id])?;
    Ok(())
}

/// A row of `words`.
struct Indexed {
    content: String,
    speaker: String,
    role: String,
    about: String,
    outlet: String,
    kind: String,
    said: String,
}

/// The server in a web address.
fn host(url: &str) -> &str {
    let behind = url.split_once("://").map_or("", |(_, rest)| rest);
    behind.split(['/', ':', '?']).next().unwrap_or_default()
}
