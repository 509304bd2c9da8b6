//! What the words of a date mean, before the article's date is taken into account.

use jiff::civil::Weekday;
use onrecord_text::Span;

/// Words that name a point in time, with their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expression {
    /// The words, including a preposition before them and a part of the day after them: “on Tuesday night”.
    pub span: Span,
    /// The meaning of the words.
    pub meaning: Meaning,
}

/// The meaning of an expression before the article's date is taken into account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A date as written: “December 3”, “3 December 2015”, “Thursday, Dec. 3”, “May 2014”, “2013”.
    Written {
        /// The year, if it is written.
        year: Option<i16>,
        /// The month, from 1, if it is written.
        month: Option<i8>,
        /// The day of the month, if it is written.
        day: Option<i8>,
        /// The day of the week, if it is written beside the date.
        weekday: Option<Weekday>,
    },
    /// A day of the week: “Thursday”, “last Thursday”, “Thursday of next week”.
    Weekday(Weekday, Which),
    /// A number of days, months or years from the article's date: “yesterday”, “last month”, “two years ago”.
    From(Unit, i32),
    /// A number of days, months or years from the date that was named last: “a day earlier”, “the same day”.
    Beside(Unit, i32),
    /// A month without a year, in the past or in the future: “last May”.
    Month(i8, Which),
    /// A month or a day in a year that is counted from the article's own: “May last year”, “on 4 May last year”.
    InYear {
        /// The month, from 1.
        month: i8,
        /// The day of the month, if it is given.
        day: Option<i8>,
        /// The distance from the article's year.
        years: i8,
    },
    /// Only the day of the month: “on the 15th”, “Tuesday the 15th”. The month may be given relative to the article's:
    /// “the 20th of last month”.
    DayOfMonth {
        /// The day, from 1.
        day: i8,
        /// The distance from the article's month, if it is given.
        months: Option<i32>,
        /// The day of the week, if it is given.
        weekday: Option<Weekday>,
    },
    /// The n-th of a series of days: “the first Monday of October 2014”, “the last day of this month”.
    Nth {
        /// The number, from 1; a negative number counts from the end.
        n: i8,
        /// The day of the week that counts; `None` counts all days.
        weekday: Option<Weekday>,
        /// The month that the days are in.
        of: MonthOf,
    },
    /// No particular day, month or year: “last week”, “recently”.
    Vague,
}

/// Which of several dates with the same name is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Without a word beside it: the latest one, the article's own day included.
    Plain,
    /// “last”, “this past”: the latest one before the article's day.
    Last,
    /// “this”, “next”, “in two Fridays”: the n-th one from now, from 1.
    Coming(i8),
    /// The n-th one back, from 1: “two Thursdays ago”.
    Back(i8),
    /// The one in a given week, counted from the article's own: “Monday of this week” is 0.
    InWeek(i8),
}

/// The unit in which a distance in time is counted, which is also the precision of the resulting date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A day.
    Day,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// A month by its name or by its distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthOf {
    /// “October”, “October 2014”.
    Named(i8, Option<i16>),
    /// A number of months from the article's month.
    From(i32),
}
