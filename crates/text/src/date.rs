//! Dates as news articles give them: complete, or with parts missing.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::civil;

/// A calendar date with parts that may be unknown.
///
/// It is written in EDTF (ISO 8601-2): `2015-12-03`, `2015-12`, `2015`, and `XXXX-12-03` if the article gives no year.
/// The day is only known if the month is, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartialDate {
    /// Invariant: the known parts name at least one real day.
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
}

impl PartialDate {
    /// Creates a date from its known parts.
    ///
    /// Returns `None` if the parts are not a valid date, such as 30 February, a day without a month, or no parts at
    /// all.
    #[must_use]
    pub fn new(year: Option<i16>, month: Option<i8>, day: Option<i8>) -> Option<Self> {
        if (year.is_none() && month.is_none()) || (month.is_none() && day.is_some()) {
            return None;
        }
        // If the year is unknown, check against a leap year, because 29 February exists in some years.
        let exists = civil::Date::new(year.unwrap_or(2000), month.unwrap_or(1), day.unwrap_or(1));
        exists.ok().filter(|d| (0..=9999).contains(&d.year())).map(|_| Self { year, month, day })
    }

    /// Returns the year, if known.
    #[must_use]
    pub fn year(self) -> Option<i16> {
        self.year
    }

    /// Returns the month from 1 to 12, if known.
    #[must_use]
    pub fn month(self) -> Option<i8> {
        self.month
    }

    /// Returns the day of the month, starting at 1, if known.
    #[must_use]
    pub fn day(self) -> Option<i8> {
        self.day
    }

    /// Returns the full date, if every part is known.
    #[must_use]
    pub fn whole(self) -> Option<civil::Date> {
        civil::Date::new(self.year?, self.month?, self.day?).ok()
    }
}

impl From<civil::Date> for PartialDate {
    fn from(date: civil::Date) -> Self {
        Self { year: Some(date.year()), month: Some(date.month()), day: Some(date.day()) }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}")?,
            None => f.write_str("XXXX")?,
        }
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

/// Returns a date for people to read. A date without a year is put into words: `XXXX-03-04` becomes “4 March, year
/// unknown”. Any other text stays as it is.
#[must_use]
pub fn legible(edtf: &str) -> Cow<'_, str> {
    let date = edtf.parse::<PartialDate>().ok().filter(|date| date.year().is_none());
    let month = date.and_then(|date| MONTHS.get(usize::try_from(date.month()? - 1).ok()?));
    let (Some(date), Some(month)) = (date, month) else { return Cow::Borrowed(edtf) };
    let month = format!("{}{}", month[..1].to_ascii_uppercase(), &month[1..]);
    Cow::Owned(match date.day() {
        Some(day) => format!("{day} {month}, year unknown"),
        None => format!("{month}, year unknown"),
    })
}

/// The error for text that is not a date.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is not a date such as 2015-12-03, 2015-12 or 2015")]
pub struct NotADate(String);

impl FromStr for PartialDate {
    type Err = NotADate;

    fn from_str(s: &str) -> Result<Self, NotADate> {
        let number = |part: &str, digits: usize| -> Option<i16> {
            (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
        };
        let mut parts = s.splitn(3, '-');
        let parsed = (|| -> Option<Self> {
            let year = parts.next()?;
            let year = if year == "XXXX" { None } else { Some(number(year, 4)?) };
            let mut small = || match parts.next() {
                None => Some(None),
                Some(p) => Some(Some(i8::try_from(number(p, 2)?).ok()?)),
            };
            let (month, day) = (small()?, small()?);
            Self::new(year, month, day)
        })();
        parsed.ok_or_else(|| NotADate(s.to_owned()))
    }
}

/// The English names of the months, in lower case.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Returns the number of the month with this English name or abbreviation, starting at 1.
#[must_use]
pub fn month_named(name: &str) -> Option<i8> {
    let name = name.to_lowercase();
    if name == "sept" {
        return Some(9);
    }
    let at = MONTHS.iter().position(|m| *m == name || (name.len() == 3 && m.starts_with(&name)))?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edtf_survives_a_round_trip() {
        for s in ["2015-12-03", "2015-12", "2015", "XXXX-12-03", "XXXX-02-29", "0987"] {
            assert_eq!(s.parse::<PartialDate>().unwrap().to_string(), s);
        }
    }

    #[test]
    fn a_date_without_a_year_is_put_into_words() {
        for (edtf, words) in [
            ("XXXX-03-04", "4 March, year unknown"),
            ("XXXX-12", "December, year unknown"),
            ("2016-03-04", "2016-03-04"),
            ("2016", "2016"),
            ("XXXX-13-04", "XXXX-13-04"),
            ("no date", "no date"),
        ] {
            assert_eq!(legible(edtf), words);
        }
    }

    #[test]
    fn what_names_no_day_is_refused() {
        for s in ["", "XXXX", "2015-13", "2015-02-29", "2015-1-1", "15-01-01", "2015-01-01T", "2015-01-01-01"]
        {
            assert!(s.parse::<PartialDate>().is_err(), "{s}");
        }
    }
}
