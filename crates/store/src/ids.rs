//! Names and ids of the things in a store.

use std::fmt;
use std::str::FromStr;

use onrecord_text::{PartialDate, hexadecimal, wire};
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use sha2::{Digest as _, Sha256};

use crate::error::StoreError;
use crate::words;

/// How many of the low bits of a statement's id are a counter. The bits above hold the day of publication.
pub(crate) const COUNTED: u32 = 40;
/// The number of hexadecimal digits in an address.
const ADDRESS: usize = 16;

/// The id of a row.
pub(crate) trait RowId: Copy {
    fn number(self) -> i64;
}

/// Returns ids as the array that SQL's `json_each` reads.
pub(crate) fn json_array<'i, T: RowId + 'i>(ids: impl IntoIterator<Item = &'i T>) -> String {
    let numbers: Vec<String> = ids.into_iter().map(|id| id.number().to_string()).collect();
    format!("[{}]", numbers.join(","))
}

/// Defines the ids of things of one kind. In SQL, they are plain numbers.
macro_rules! numbers {
    ($($(#[$about:meta])* $visible:vis $name:ident;)*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visible struct $name(pub i64);

        impl RowId for $name {
            fn number(self) -> i64 {
                self.0
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                i64::column_result(value).map(Self)
            }
        }
    )*};
}

numbers! {
    /// The number of a version of an article in a store.
    pub ArticleId;
    /// The number of a decision in a store.
    pub DecisionId;
    /// The number of a person, organisation or place in a store, `p12`.
    ///
    /// Nothing but `p` and digits is one: `p` and anything else may be a name.
    pub PersonRef;
    /// The id of a statement. The upper bits hold the day of publication.
    pub(crate) StatementId;
    /// The id of a report of an event. The upper bits hold the day of publication.
    pub(crate) ReportId;
    /// The id of what an article names: a person, organisation or place before it is known across articles.
    pub(crate) EntityId;
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for DecisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A statement's name in a store: the number of its article and its id in the record, `12.s3`.
///
/// If the article is read again, the statement may get a different name. Its address stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementRef {
    /// The version of the article.
    pub article: ArticleId,
    /// The statement's number in its record, from 1.
    pub number: i64,
}

impl StatementRef {
    /// Returns the statement's id in its record, `s3`.
    #[must_use]
    pub fn id(self) -> String {
        statement_id(self.number)
    }
}

impl fmt::Display for StatementRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.s{}", self.article, self.number)
    }
}

impl FromStr for StatementRef {
    type Err = StoreError;

    fn from_str(s: &str) -> Result<Self, StoreError> {
        let parts = s.split_once(".s").and_then(|(a, n)| Some((ArticleId(a.parse().ok()?), n.parse().ok()?)));
        let (article, number) = parts.ok_or_else(|| {
            StoreError::Invalid(format!("“{s}” does not name a statement, as 12.s3 and 5f0c9a1be2d47738 do"))
        })?;
        Ok(Self { article, number })
    }
}

/// The name of a report of an event in a store: the number of its article and its id in the record, `12.v3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventRef {
    /// The version of the article.
    pub article: ArticleId,
    /// The report's number in its record, from 1.
    pub number: i64,
}

impl fmt::Display for EventRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.v{}", self.article, self.number)
    }
}

impl FromStr for EventRef {
    type Err = StoreError;

    fn from_str(s: &str) -> Result<Self, StoreError> {
        let parts = s.split_once(".v").and_then(|(a, n)| Some((ArticleId(a.parse().ok()?), n.parse().ok()?)));
        let (article, number) = parts.ok_or_else(|| {
            StoreError::Invalid(format!("“{s}” does not name a report of an event, as 12.v3 does"))
        })?;
        Ok(Self { article, number })
    }
}

impl fmt::Display for PersonRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{}", self.0)
    }
}

impl FromStr for PersonRef {
    type Err = StoreError;

    fn from_str(s: &str) -> Result<Self, StoreError> {
        let digits = s.strip_prefix('p').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let number = digits.and_then(|digits| digits.parse().ok());
        number
            .map(Self)
            .ok_or_else(|| StoreError::Invalid(format!("“{s}” is not the number of a person, such as p12")))
    }
}

impl PersonRef {
    /// Returns the number that a text is, or `None` if it is a name.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// Returns whether a text has the form of an address.
pub(crate) fn is_address(text: &str) -> bool {
    text.len() == ADDRESS && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Returns a statement's permanent address.
///
/// It depends on the article, the words of the content, and how many statements of the article with the same words come
/// `before` this one.
pub(crate) fn address(key: &str, content: &str, before: usize) -> String {
    let mut hash = Sha256::new();
    for part in [key, &words::fold(content), &before.to_string()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hexadecimal(&hash.finalize())[..ADDRESS].to_owned()
}

/// Returns the id in its record of the statement with this number, counted from 1.
pub(crate) fn statement_id(number: i64) -> String {
    wire::statement_id(from_zero(number))
}

/// Returns the id in its record of the entity with this number, counted from 1.
pub(crate) fn entity_id(number: i64) -> String {
    wire::entity_id(from_zero(number))
}

/// Returns a number that is counted from 1 as the wire format counts, from 0.
///
/// A number below 1, which only a damaged store has, becomes one that no record has.
fn from_zero(number: i64) -> usize {
    number.checked_sub(1).and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX - 1)
}

/// Returns the number in a name such as `s12` or `e3`.
pub(crate) fn number_of(name: &str) -> Option<usize> {
    name.get(1..)?.parse().ok()
}

/// Returns a number that orders days, or `None` if the year is unknown. A month or a year counts as its first day.
pub(crate) fn day(date: Option<&str>) -> Option<i64> {
    let date: PartialDate = date?.parse().ok()?;
    let part = |p: Option<i8>| i64::from(p.unwrap_or(1)) - 1;
    Some((i64::from(date.year()?) * 12 + part(date.month())) * 31 + part(date.day()) + 1)
}

/// Returns a number that orders articles by day: that of their publication, or else that of their dateline.
#[must_use]
pub fn day_of(published: Option<&str>, dateline: Option<&str>) -> Option<i64> {
    day(wire::dated(published, dateline))
}

/// Returns the number of the day of publication that a statement's id holds, or `None` if there is none.
pub(crate) fn published_day(id: StatementId) -> Option<i64> {
    Some(id.0 >> COUNTED).filter(|day| *day > 0)
}

/// Returns the day of publication that a statement's id holds, or `None` if there is none.
pub(crate) fn date_of(id: StatementId) -> Option<String> {
    published_day(id).map(date_of_day)
}

/// Returns the day with this number, as [`day`] counts.
pub(crate) fn date_of_day(day: i64) -> String {
    let (months, day) = ((day - 1) / 31, (day - 1) % 31 + 1);
    format!("{:04}-{:02}-{day:02}", months / 12, months % 12 + 1)
}

/// Returns the range of ids of statements in articles published from the first to the last of these days. A range with
/// either of them has no articles without a day.
pub(crate) fn ids_between(first: Option<&str>, last: Option<&str>) -> (i64, i64) {
    let earliest = if last.is_some() { 1 << COUNTED } else { i64::MIN };
    let from = day(first).map_or(earliest, |d| d << COUNTED);
    let whole = last.and_then(|l| match l.len() {
        4 => Some(format!("{l}-12-31")),
        7 => (28..=31).rev().map(|d| format!("{l}-{d}")).find(|d| day(Some(d)).is_some()),
        _ => Some(l.to_owned()),
    });
    let to = day(whole.as_deref()).map_or(i64::MAX, |d| ((d + 1) << COUNTED) - 1);
    (from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_days() {
        assert!(day(Some("2015-12-31")) < day(Some("2016")));
        assert_eq!(day(Some("2016")), day(Some("2016-01-01")));
        assert_eq!(day(Some("XXXX-12-03")), None);
        for date in ["2016-01-01", "2016-12-31", "0001-02-28"] {
            assert_eq!(date_of(StatementId(day(Some(date)).unwrap() << COUNTED | 7)).as_deref(), Some(date));
        }
        assert_eq!(date_of(StatementId(7)), None);
        let (from, to) = ids_between(Some("2016-02"), Some("2016-02"));
        let id = |d: &str| day(Some(d)).unwrap() << COUNTED | 7;
        assert!(from < id("2016-02-01") && id("2016-02-29") < to);
        assert!(id("2016-01-31") < from && to < id("2016-03-01"));
        let (from, to) = ids_between(None, Some("2016"));
        assert!(
            7 < from && from < id("0001-01-01") && id("2016-12-31") < to,
            "an article without a day is not before 2017"
        );
    }

    #[test]
    fn ids_in_records_count_from_one() {
        let of = |number| StatementRef { article: ArticleId(12), number }.id();
        assert_eq!([of(1), of(3), entity_id(2)], ["s1", "s3", "e2"]);
        assert!(number_of(&of(0)) > Some(usize::MAX - 1) && of(i64::MIN) == of(0));
    }

    #[test]
    fn numbers_of_people_are_p_and_digits() {
        assert_eq!("p12".parse::<PersonRef>().unwrap(), PersonRef(12));
        assert_eq!(PersonRef(12).to_string(), "p12");
        for name in ["p", "12", "P12", "p+12", "p-12", " p12", "p12 Holt", "p99999999999999999999"] {
            assert_eq!(PersonRef::of(name), None, "{name}");
        }
        let wrong = "Holt".parse::<PersonRef>().unwrap_err().to_string();
        assert_eq!(wrong, "“Holt” is not the number of a person, such as p12");
    }

    #[test]
    fn addresses_name_article_words_and_place() {
        let one = address("http://sound.example/7", "“We open in May,”", 0);
        assert_eq!(one, address("http://sound.example/7", "we open in MAY", 0));
        assert!(
            is_address(&one) && !is_address("12.s3") && !is_address(&one.to_uppercase().replace('0', "A"))
        );
        for other in [
            address("http://sound.example/8", "“We open in May,”", 0),
            address("http://sound.example/7", "“We open in June,”", 0),
            address("http://sound.example/7", "“We open in May,”", 1),
        ] {
            assert_ne!(one, other);
        }
    }
}
