//! When the statements that a query finds were published.
//!
//! The ids of statements hold the day, so this reads no row of any statement.

use std::collections::BTreeMap;

use onrecord_text::answers::{self, Period};
use rusqlite::{Connection, params};

use crate::error::{Result, StoreError};
use crate::handle::Reader;
use crate::ids::{COUNTED, StatementId, date_of_day};
use crate::query::Query;

/// The number of newest matches that [`Reader::timeline`] counts in about 50 ms, for callers that need speed.
pub const TIMED: usize = 200_000;
/// The most matches that are counted, whatever the caller asks for.
const MOST: usize = 2_000_000;
/// The longest time that is divided into days, and into months.
const DAYS: i64 = 62;
const MONTHS: i64 = 120;
/// The maximum number of buckets if those without statements are included.
const BUCKETS: usize = 400;

/// The SQL for the ids of matches.
pub(crate) const IDS: &str =
    "SELECT rowid FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC LIMIT ?4";

impl Reader {
    /// Returns how many of the newest `most` statements that a query finds were published in each day, month or year.
    ///
    /// At most 2,000,000 statements are counted. [`TIMED`] is a good number where speed matters.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn timeline(&self, query: &Query, most: usize) -> Result<answers::Timeline, StoreError> {
        self.reading(|db| timeline(db, query, most.clamp(1, MOST)))
    }
}

fn timeline(db: &Connection, query: &Query, most: usize) -> Result<answers::Timeline> {
    let (mut days, mut counted, mut complete) = (Days::default(), 0, true);
    let mut statement = db.prepare_cached(IDS)?;
    let mut found = statement.query(params![query.expression, query.ids().0, query.ids().1, most + 1])?;
    while let Some(row) = found.next()? {
        if counted == most {
            complete = false;
            break;
        }
        counted += 1;
        days.add(row.get(0)?);
    }
    let unit = days.unit();
    let bucket = |(date, count): (String, usize)| {
        let query = format!("published:{date}");
        answers::Bucket { date, count, query }
    };
    Ok(answers::Timeline {
        schema: answers::Schema,
        unit,
        buckets: days.buckets(unit).into_iter().map(bucket).collect(),
        undated: days.undated,
        counted,
        complete,
    })
}

/// How many statements were published on each day.
#[derive(Default)]
pub(crate) struct Days {
    days: BTreeMap<i64, usize>,
    pub undated: usize,
    /// The day that was added last. The ids come in the order of days, so this one is usually the same.
    last: Option<(i64, usize)>,
}

impl Days {
    /// Adds a statement by its id.
    pub fn add(&mut self, id: StatementId) {
        let day = id.0 >> COUNTED;
        match &mut self.last {
            Some((last, count)) if *last == day => *count += 1,
            _ => {
                self.settle();
                self.last = Some((day, 1));
            }
        }
    }

    fn settle(&mut self) {
        if let Some((day, count)) = self.last.take() {
            if day > 0 {
                *self.days.entry(day).or_default() += count;
            } else {
                self.undated += count;
            }
        }
    }

    /// Returns the first and the last day.
    fn ends(&mut self) -> Option<(i64, i64)> {
        self.settle();
        Some((*self.days.first_key_value()?.0, *self.days.last_key_value()?.0))
    }

    /// Returns the length of buckets that suits the time between the first and the last day.
    pub fn unit(&mut self) -> Period {
        match self.ends() {
            None => Period::Month,
            Some((first, last)) if last - first <= DAYS => Period::Day,
            // An id counts 31 days for every month.
            Some((first, last)) if (last - first) / 31 <= MONTHS => Period::Month,
            Some(_) => Period::Year,
        }
    }

    /// Adds the days of another count, without their statements, so that both have the same buckets.
    pub fn cover(&mut self, other: &mut Self) {
        if let Some((first, last)) = other.ends() {
            self.settle();
            self.days.entry(first).or_default();
            self.days.entry(last).or_default();
        }
    }

    /// Returns the buckets, the earliest first.
    pub fn buckets(&mut self, unit: Period) -> Vec<(String, usize)> {
        self.settle();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (&day, count) in &self.days {
            if let Some(bucket) = unit.of(&date_of_day(day)) {
                *counts.entry(bucket).or_default() += count;
            }
        }
        let (Some((first, _)), Some((last, _))) = (counts.first_key_value(), counts.last_key_value()) else {
            return Vec::new();
        };
        let Some(every) = unit.between(first, last, BUCKETS) else { return counts.into_iter().collect() };
        every.into_iter().map(|date| (date.clone(), counts.get(&date).copied().unwrap_or_default())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::day;

    fn days(dates: &[&str]) -> Days {
        let mut days = Days::default();
        dates.iter().for_each(|date| days.add(StatementId(day(Some(date)).unwrap_or(0) << COUNTED | 7)));
        days
    }

    #[test]
    fn units_follow_the_time_covered() {
        assert_eq!(days(&["2016-03-04", "2016-05-01"]).unit(), Period::Day);
        assert_eq!(days(&["2016-03-04", "2016-05-30"]).unit(), Period::Month);
        assert_eq!(days(&["2006-03-04", "2016-03-04"]).unit(), Period::Month);
        assert_eq!(days(&["2005-03-04", "2016-03-04"]).unit(), Period::Year);
    }

    #[test]
    fn empty_buckets_stand_between_others() {
        let mut some = days(&["2016-11-30", "2017-02-01", "2016-11-02", "XXXX-03-04"]);
        assert_eq!(some.unit(), Period::Month);
        let expected = [("2016-11", 2), ("2016-12", 0), ("2017-01", 0), ("2017-02", 1)];
        assert_eq!(some.buckets(Period::Month), expected.map(|(d, n)| (d.to_owned(), n)));
        assert_eq!(some.undated, 1);
        assert_eq!(days(&["2016-02-28", "2016-03-01"]).buckets(Period::Day).len(), 3);
        assert_eq!(days(&["0001", "2016"]).buckets(Period::Year).len(), 2, "too many to list the empty ones");
    }
}
