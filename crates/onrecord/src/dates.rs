//! Dates in running text: finds the words that name a date and works out which date, resolving it towards the past, as
//! news does.
//!
//! [`expressions`] finds the words and [`Calendar::date`] works out the date: “Thursday” in an article of Friday, 4
//! December 2015, is the day before. A form that names no particular day, month or year (“last week”, “recently”) is an
//! expression without a date.

mod forms;
mod meaning;
mod parts;
mod tables;

pub use jiff::civil::{Date, Weekday};
use std::cmp::Ordering;

use jiff::{Span as Duration, ToSpan};
use onrecord_text::{PartialDate, Span};

use crate::words;
pub use meaning::{Expression, Meaning, MonthOf, Unit, Which};
use parts::Part;

/// Finds the expressions of time in a text, in text order.
#[must_use]
pub fn expressions(text: &str) -> Vec<Expression> {
    let all = Span::new(0, text.len());
    let words: Vec<Span> = all.into_iter().flat_map(|all| words::spans(text, all)).collect();
    expressions_of(text, &words)
}

/// The expressions of time among the words of a block, in text order.
pub(crate) fn expressions_of(text: &str, words: &[Span]) -> Vec<Expression> {
    let mut found: Vec<Expression> = Vec::new();
    let mut next = 0;
    while next < words.len() {
        let end = words.len().min(next + TOGETHER);
        let window = next.saturating_sub(AROUND)..words.len().min(end + AROUND);
        // An expression that began in the words before may reach into these.
        let after = found.last().map_or(0, |e| e.span.end()).max(words[next].start());
        let limit = words.get(end).map_or(usize::MAX, |word| word.start());
        add_expressions(&parts::parts(text, &words[window]), after..limit, &mut found);
        next = end;
    }
    found
}

/// The number of words that are looked at together. A block may be as long as a book.
const TOGETHER: usize = 4096;
/// How many words around them an expression may depend on.
const AROUND: usize = 64;

/// Adds the expressions that begin within a range of the text.
fn add_expressions(parts: &[Part], begins: std::ops::Range<usize>, found: &mut Vec<Expression>) {
    let mut at = parts.partition_point(|part| part.span.start() < begins.start);
    while at < parts.len() && parts[at].span.start() < begins.end {
        match forms::at(parts, at) {
            Some((meaning, until)) => {
                if let Some(span) = Span::new(parts[at].span.start(), parts[until - 1].span.end()) {
                    found.push(Expression { span, meaning });
                }
                at = until;
            }
            None => at += 1,
        }
    }
}

/// Works out the dates of expressions relative to the day of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    today: PartialDate,
    /// The day of the week of `today`; known from the text if the year is unknown.
    weekday: Option<Weekday>,
}

impl Calendar {
    /// Makes the calendar for an article of this day.
    #[must_use]
    pub fn of(today: PartialDate) -> Self {
        Self { today, weekday: today.whole().map(Date::weekday) }
    }

    /// Makes the calendar for an article of this day. Its day of the week is known, but its year may be unknown.
    #[must_use]
    pub fn on(today: PartialDate, weekday: Weekday) -> Self {
        Self { today, weekday: today.whole().map(Date::weekday).or(Some(weekday)) }
    }

    /// Returns the date that an expression means; `last` is the date that the text named last.
    ///
    /// The result is `None` if the expression means no date or if too little is known to work it out.
    ///
    /// If the article's year is unknown, the result's year is unknown too: “November 30” in an article of 3 December is
    /// `XXXX-11-30`.
    #[must_use]
    pub fn date(&self, meaning: Meaning, last: Option<PartialDate>) -> Option<PartialDate> {
        match meaning {
            Meaning::Vague => None,
            Meaning::Written { year, month: None, .. } => PartialDate::new(year, None, None),
            Meaning::Written { year: Some(year), month, day, .. } => PartialDate::new(Some(year), month, day),
            Meaning::Written { year: None, month: Some(month), day, weekday } => {
                self.past(month, day, weekday)
            }
            Meaning::Month(month, which) => self.month(month, which),
            Meaning::InYear { month, day, years } => {
                PartialDate::new(self.today.year().map(|y| y + i16::from(years)), Some(month), day)
            }
            Meaning::Weekday(day, which) => self.weekday(day, which),
            Meaning::From(unit, count) => moved(self.today, unit, count),
            Meaning::Beside(unit, count) => moved(last.unwrap_or(self.today), unit, count),
            Meaning::DayOfMonth { day, months, weekday } => {
                let of = |months: i32| {
                    let month = self.month_from(months)?;
                    PartialDate::new(month.year(), month.month(), Some(day))
                };
                let fits =
                    |d: &PartialDate| weekday.is_none_or(|w| d.whole().is_some_and(|d| d.weekday() == w));
                let this = of(0).filter(|d| weekday.is_some() || !is_after(*d, self.today));
                match months {
                    Some(months) => of(months),
                    // The latest month that has such a day.
                    None => this.filter(fits).or_else(|| (1..12).filter_map(|back| of(-back)).find(fits)),
                }
            }
            Meaning::Nth { n, weekday, of } => {
                let month = match of {
                    MonthOf::Named(month, Some(year)) => PartialDate::new(Some(year), Some(month), None),
                    MonthOf::Named(month, None) => self.past(month, None, None),
                    MonthOf::From(months) => self.month_from(months),
                }?;
                nth(n, weekday, month)
            }
        }
    }

    /// Returns the date that an expression means in a phrase about the future: “will speak on Friday” is the next
    /// Friday, including today.
    ///
    /// The result is `None` if the words name no date or one that has passed.
    #[must_use]
    pub fn coming(&self, meaning: Meaning) -> Option<PartialDate> {
        let today = self.date(Meaning::From(Unit::Day, 0), None);
        let date = match meaning {
            Meaning::Weekday(day, Which::Plain) => {
                let plain = self.date(meaning, None);
                if plain == today { plain } else { self.date(Meaning::Weekday(day, Which::Coming(1)), None) }
            }
            _ => self.date(meaning, None),
        };
        date.filter(|d| {
            Some(*d) == today
                || self.is_ahead(meaning)
                || matches!(meaning, Meaning::Weekday(_, Which::Plain))
        })
    }

    /// Returns whether a meaning lies in the future: “next week”, “in ten days”, “in 2030”. A date that is more exact than
    /// that of the article may lie there.
    #[must_use]
    pub fn is_ahead(&self, meaning: Meaning) -> bool {
        match meaning {
            Meaning::From(_, count) => count > 0,
            // This counts from a date in the text.
            Meaning::Beside(..) => false,
            Meaning::Weekday(_, Which::Coming(_)) | Meaning::Month(_, Which::Coming(_)) => true,
            Meaning::InYear { years: 1.., .. } => true,
            _ => self.date(meaning, None).is_some_and(|date| may_be_after(date, self.today)),
        }
    }

    /// The latest date with this month and day that is not in the future; with a day of the week, the nearest date that
    /// falls on it.
    fn past(&self, month: i8, day: Option<i8>, weekday: Option<Weekday>) -> Option<PartialDate> {
        let Some(year) = self.today.year() else { return PartialDate::new(None, Some(month), day) };
        let of = |year| PartialDate::new(Some(year), Some(month), day);
        if let Some(weekday) = weekday {
            let fits = |d: &PartialDate| d.whole().is_some_and(|d| d.weekday() == weekday);
            if let Some(date) = [0, -1, 1].iter().filter_map(|by| of(year + by)).find(fits) {
                return Some(date);
            }
        }
        let ahead = of(year).is_some_and(|date| is_after(date, self.today));
        let latest = year - i16::from(ahead);
        // 29 February needs a leap year, so several years are tried.
        (0..8).find_map(|back| of(latest - back))
    }

    fn month(&self, month: i8, which: Which) -> Option<PartialDate> {
        let year = self.today.year();
        let of = |by: i16| PartialDate::new(year.map(|y| y + by), Some(month), None);
        let this = self.today.month()?;
        match which {
            Which::Plain => self.past(month, None, None),
            Which::Last | Which::Back(_) => of(-i16::from(month >= this)),
            Which::Coming(_) | Which::InWeek(_) => of(i16::from(month <= this)),
        }
    }

    fn weekday(&self, day: Weekday, which: Which) -> Option<PartialDate> {
        let today = self.weekday?;
        let back = i32::from(today.since(day));
        let strictly = if back == 0 { 7 } else { back };
        let ahead = 7 - back;
        let days = match which {
            Which::Plain => -back,
            Which::Last => -strictly,
            Which::Back(n) => -strictly - 7 * (i32::from(n) - 1),
            Which::Coming(n) => ahead + 7 * (i32::from(n) - 1),
            Which::InWeek(n) => {
                i32::from(day.to_monday_zero_offset()) - i32::from(today.to_monday_zero_offset())
                    + 7 * i32::from(n)
            }
        };
        moved(self.today, Unit::Day, days)
    }

    fn month_from(&self, months: i32) -> Option<PartialDate> {
        moved(self.today, Unit::Month, months)
    }
}

/// Whether a date is later than another one, as far as both are known: 2016-03-05 is not after 2016-03.
fn is_after(date: PartialDate, other: PartialDate) -> bool {
    let parts = |d: PartialDate| [d.year(), d.month().map(i16::from), d.day().map(i16::from)];
    let known = parts(date).into_iter().zip(parts(other)).map_while(|(a, b)| a.zip(b));
    known.map(|(a, b)| a.cmp(&b)).find(|order| order.is_ne()).is_some_and(Ordering::is_gt)
}

/// Whether a date is later than another one, or may be: 2016-03-05 may be after 2016-03.
fn may_be_after(date: PartialDate, other: PartialDate) -> bool {
    let Some((year, other_year)) = date.year().zip(other.year()) else { return false };
    (year, date.month(), date.day())
        > (other_year, date.month().and(other.month()), date.day().and(other.day()))
}

/// A date moved by a number of units, as precise as the unit: two months before 2015-12-03 is 2015-10.
fn moved(date: PartialDate, unit: Unit, count: i32) -> Option<PartialDate> {
    match unit {
        Unit::Year => {
            PartialDate::new(Some(date.year()?.checked_add(i16::try_from(count).ok()?)?), None, None)
        }
        Unit::Month => moved_month(PartialDate::new(date.year(), date.month(), None)?, count),
        // If the year is unknown, a common year is used, but never across its ends or the leap day.
        Unit::Day => {
            // A day of unknown date in July moves to a day in July.
            let (Some(month), Some(day)) = (date.month(), date.day()) else { return Some(date) };
            let from = Date::new(date.year().unwrap_or(2001), month, day).ok()?;
            let to = from.checked_add(i64::from(count).days()).ok()?;
            let same = date.year().is_some() || !crosses_leap_day(from, to);
            let year = date.year().map(|_| to.year());
            same.then(|| PartialDate::new(year, Some(to.month()), Some(to.day())))?
        }
    }
}

fn crosses_leap_day(one: Date, other: Date) -> bool {
    let march = Date::constant(one.year(), 3, 1);
    (one < march) != (other < march)
}

/// A date moved by a number of months; the day, if there is one, is kept.
fn moved_month(date: PartialDate, count: i32) -> Option<PartialDate> {
    let month = i32::from(date.month()?) - 1 + count;
    let year = match date.year() {
        Some(year) => Some(year.checked_add(i16::try_from(month.div_euclid(12)).ok()?)?),
        None => None,
    };
    PartialDate::new(year, Some(i8::try_from(month.rem_euclid(12) + 1).ok()?), date.day())
}

/// The n-th day of a month, or the n-th such day of the week.
fn nth(n: i8, weekday: Option<Weekday>, month: PartialDate) -> Option<PartialDate> {
    let first = Date::new(month.year()?, month.month()?, 1).ok()?;
    let date = match weekday {
        Some(weekday) => first.nth_weekday_of_month(n, weekday).ok()?,
        None if n > 0 => first.checked_add(Duration::new().days(i64::from(n) - 1)).ok()?,
        None => first.last_of_month().checked_add(Duration::new().days(i64::from(n) + 1)).ok()?,
    };
    (date.month() == first.month()).then(|| date.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_expression_is_found_wherever_it_is_in_a_long_block() {
        let near = TOGETHER - 12..TOGETHER + 6;
        for words in near {
            let text = format!("{}on Friday, March 4, 2016, and on 5 April it rained", "rain ".repeat(words));
            let found: Vec<&str> = expressions(&text).iter().map(|e| e.span.of(&text)).collect();
            assert_eq!(found, ["on Friday, March 4, 2016", "on 5 April"], "{words}");
        }
    }

    /// Checks the dates that expressions have in an article of a given day.
    #[track_caller]
    fn check(today: &str, cases: &[(&str, &str)]) {
        let calendar = Calendar::of(today.parse().unwrap());
        for (text, expected) in cases {
            let mut last = None;
            let all = expressions(text);
            let found: Vec<String> = all
                .iter()
                .map(|e| {
                    let date = calendar.date(e.meaning, last);
                    last = date.or(last);
                    format!("{}={}", e.span.of(text), date.map_or("–".to_owned(), |d| d.to_string()))
                })
                .collect();
            assert_eq!(found.join("; "), *expected, "{text}");
        }
    }

    #[test]
    fn a_day_in_the_month_of_an_article_without_a_day_may_have_come() {
        check(
            "2016-03",
            &[
                ("on March 5", "on March 5=2016-03-05"),
                ("on the 15th", "on the 15th=2016-03-15"),
                ("on April 5", "on April 5=2015-04-05"),
                ("in February", "in February=2016-02"),
            ],
        );
        check("2016", &[("on March 5", "on March 5=2016-03-05")]);
        let calendar = Calendar::of("2016-03".parse().unwrap());
        let ahead = |text: &str| calendar.is_ahead(expressions(text)[0].meaning);
        assert!(ahead("on March 5, 2016") && ahead("on April 5, 2016"));
        assert!(!ahead("in 2016") && !ahead("in March 2016") && !ahead("on February 5, 2016"));
    }

    /// 3 December 2015 was a Thursday.
    #[test]
    fn news_counts_days_backwards() {
        check(
            "2015-12-03",
            &[
                ("Brandt said on Thursday", "on Thursday=2015-12-03"),
                ("Brandt said Wednesday", "Wednesday=2015-12-02"),
                ("he told reporters late on Friday night", "late on Friday night=2015-11-27"),
                ("Tuesday's vote", "Tuesday=2015-12-01"),
                ("she said last Thursday that", "last Thursday=2015-11-26"),
                ("he will speak next Thursday", "next Thursday=2015-12-10"),
                ("On November 30 the president said", "On November 30=2015-11-30"),
                ("on December 24 he said", "on December 24=2014-12-24"),
                ("Friday, Nov. 27", "Friday, Nov. 27=2015-11-27"),
                ("the 3rd of March, 2011", "the 3rd of March, 2011=2011-03-03"),
                ("in a letter dated 2 March", "2 March=2015-03-02"),
                ("yesterday's briefing", "yesterday=2015-12-02"),
                ("earlier this month", "earlier this month=2015-12"),
                ("last month", "last month=2015-11"),
                ("two years ago", "two years ago=2013"),
                ("three days ago", "three days ago=2015-11-30"),
                ("in July", "in July=2015-07"),
                ("in early September", "in early September=2015-09"),
                ("in 2013", "in 2013=2013"),
                ("in May 2014", "in May 2014=2014-05"),
                ("last week", "last week=–"),
            ],
        );
    }

    #[test]
    fn some_dates_stand_beside_the_last_one() {
        check(
            "2015-12-03",
            &[
                (
                    "On Monday he agreed; a day earlier he had refused",
                    "On Monday=2015-11-30; a day earlier=2015-11-29",
                ),
                (
                    "The next day she was back, and two days later, but not a day earlier",
                    "The next day=2015-12-04; two days later=2015-12-06; a day earlier=2015-12-05",
                ),
                ("in March last year", "in March last year=2014-03"),
                ("in December of last year", "in December of last year=2014-12"),
                ("on 3 March last year", "on 3 March last year=2014-03-03"),
                ("on March 3 of last year", "on March 3 of last year=2014-03-03"),
                ("on 3 March this year", "on 3 March this year=2015-03-03"),
                ("in March this year", "in March this year=2015-03"),
                ("in March next year", "in March next year=2016-03"),
                ("in the late 2000s and in 1990", "in 1990=1990"),
                (
                    "On Nov. 2 she left. The next day she was back",
                    "On Nov. 2=2015-11-02; The next day=2015-11-03",
                ),
                (
                    "On Monday he agreed; at a breakfast the following morning he refused",
                    "On Monday=2015-11-30; the following morning=2015-12-01",
                ),
                (
                    "She spoke on Monday. Earlier in the day and later that day he sang",
                    "on Monday=2015-11-30; Earlier in the day=2015-11-30; later that day=2015-11-30",
                ),
                (
                    "In July they quarrelled. The next morning they left",
                    "In July=2015-07; The next morning=2015-07",
                ),
            ],
        );
    }

    #[test]
    fn numbers_in_words_count_days() {
        check(
            "2015-12-03",
            &[
                ("twenty-one days ago", "twenty-one days ago=2015-11-12"),
                ("thirty-two days ago", "thirty-two days ago=2015-11-01"),
            ],
        );
    }

    #[test]
    fn the_last_day_of_a_month_is_counted_from_its_end() {
        check(
            "2015-12-03",
            &[
                ("the last day of this month", "the last day of this month=2015-12-31"),
                ("the last Friday of October", "the last Friday of October=2015-10-30"),
            ],
        );
    }

    #[test]
    fn a_day_of_the_month_belongs_to_no_noun() {
        check(
            "2015-12-18",
            &[
                ("On the 15th, she left", "On the 15th=2015-12-15"),
                ("on the 15th she left", "on the 15th=2015-12-15"),
                ("on the 15th floor", ""),
                ("on the 15th-floor terrace", ""),
            ],
        );
    }

    #[test]
    fn words_that_look_like_dates_name_none() {
        check(
            "2015-12-03",
            &[
                ("May said she may march with Sun and April Lund", ""),
                ("a second 9/11, the 15th amendment, 24/7 and 3.5 percent", ""),
                ("1,200 workers and 2000 buses", ""),
                ("On Good Friday and Super Tuesday the piers are shut", ""),
                ("It was a good Friday", "Friday=2015-11-27"),
            ],
        );
    }

    #[test]
    fn without_a_year_there_is_none_in_the_result() {
        let calendar = Calendar::on("XXXX-12-03".parse().unwrap(), Weekday::Thursday);
        let date = |text: &str| {
            let e = expressions(text)[0];
            calendar.date(e.meaning, None).map(|d| d.to_string())
        };
        assert_eq!(date("on Thursday").as_deref(), Some("XXXX-12-03"));
        assert_eq!(date("On Wednesday").as_deref(), Some("XXXX-12-02"));
        assert_eq!(date("On November 30").as_deref(), Some("XXXX-11-30"));
        assert_eq!(date("two years ago"), None);
    }

    proptest! {
        #[test]
        fn of_any_text_the_expressions_are_its_words_in_order(
            parts in prop::collection::vec(
                prop_oneof![
                    9 => prop::sample::select(vec![
                        "Monday", " the ", "31", "st", " of ", "February", ", ", "2015", "9999", "0000", " last ", " next ", "month",
                        " year", "two", " ago", " days", "-", "/", ".", "twenty", " on ", " in ", "May", "é", "’s", " earlier",
                    ]).prop_map(str::to_owned),
                    1 => any::<String>(),
                ],
                0..24,
            ),
            today in prop::sample::select(vec!["2016-02-29", "0001-01-01", "9999-12-31", "XXXX-02-29", "2015", "2015-12"]),
        ) {
            let text = parts.concat();
            let calendar = Calendar::of(today.parse().unwrap());
            let all = expressions(&text);
            let (mut end, mut last) = (0, None);
            for e in all {
                prop_assert!(e.span.start() >= end && text.get(e.span.range()).is_some());
                end = e.span.end();
                last = calendar.date(e.meaning, last).or(last);
                let _ = calendar.is_ahead(e.meaning);
            }
        }
    }

    #[test]
    fn no_year_is_made_up_for_a_day_that_depends_on_it() {
        let calendar = Calendar::on("XXXX-03-01".parse().unwrap(), Weekday::Thursday);
        assert_eq!(calendar.date(Meaning::From(Unit::Day, -1), None), None);
    }
}
