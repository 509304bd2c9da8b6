//! Reads dates from time stamps and short texts, in the forms that pages, feeds and documents write them.

use onrecord_text::PartialDate;

use crate::lists::List;
use crate::plain;

/// Which of two small numbers is the day when both could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    DayFirst,
    #[cfg(feature = "html")]
    MonthFirst,
    /// The United States write the month first, most other countries the day.
    Unknown,
}

#[cfg(feature = "html")]
impl Order {
    /// The order in a language.
    pub(crate) fn of(language: Option<&str>) -> Self {
        let tag = language.unwrap_or_default().replace('_', "-").to_lowercase();
        match tag.split_once('-') {
            Some(("en", "us")) => Self::MonthFirst,
            Some(_) => Self::DayFirst,
            None if tag.is_empty() || crate::language::is_english(&tag) => Self::Unknown,
            None => Self::DayFirst,
        }
    }
}

/// The most bytes in a line that only says when the article came out.
const LONGEST_LINE: usize = 80;

/// The date in a time stamp for machines: ISO 8601, RFC 2822, `20160304`, `4-MAR-2016`, and informal variants.
pub(crate) fn stamp(stamp: &str) -> Option<PartialDate> {
    let stamp = stamp.trim();
    let head: String = stamp.chars().take(10).collect();
    if let Ok(date) = head.replace('/', "-").parse() {
        return Some(date);
    }
    if let Some(date) = epoch(stamp) {
        return Some(date);
    }
    if head.bytes().take_while(u8::is_ascii_digit).count() == 8 {
        return format!("{}-{}-{}", &head[..4], &head[4..6], &head[6..8]).parse().ok();
    }
    in_text(stamp, Order::Unknown).or_else(|| with_short_year(stamp))
}

/// A date in the original format of RFC 822: `Fri, 04 Mar 16 10:00:00 GMT`.
fn with_short_year(stamp: &str) -> Option<PartialDate> {
    let words: Vec<&str> = stamp.split([' ', ',', '-']).filter(|w| !w.is_empty()).collect();
    words.windows(3).find_map(|three| {
        let [day, month, year] = three else { return None };
        let two = |w: &str| (w.len() == 2).then(|| w.parse::<i16>().ok()).flatten();
        let month = onrecord_text::month_named(month)?;
        let year = two(year)?;
        // RFC 2822 (section 4.3) counts 50 to 99 as years of the last century, RFC 6265 (section 5.1.1) only 70 to 99.
        // Its rule is the better one here: no page is older than 1970, so a year from 50 to 69 can only be a future
        // one.
        let year = if year < 70 { 2000 + year } else { 1900 + year };
        PartialDate::new(Some(year), Some(month), Some(i8::try_from(day.parse::<i16>().ok()?).ok()?))
    })
}

/// The day of a number of seconds or milliseconds since 1970, in universal time.
fn epoch(stamp: &str) -> Option<PartialDate> {
    let whole = stamp.split('.').next()?;
    let digits = whole.bytes().all(|b| b.is_ascii_digit());
    let seconds = match whole.len() {
        9 | 10 if digits => whole.parse::<i64>().ok()?,
        13 if digits => whole.parse::<i64>().ok()? / 1000,
        _ => return None,
    };
    let day = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_second(seconds).ok()?).date();
    PartialDate::new(Some(day.year()), Some(day.month()), Some(day.day()))
}

/// Whether a text only says when something was published or changed: `Updated 4 March 2016, 10:00 GMT`.
pub(crate) fn is_time_stamp(text: &str) -> bool {
    is_time_stamp_with(text, &[])
}

/// The same, with more words that may be beside the numbers.
pub(crate) fn is_time_stamp_with(text: &str, more: &[List]) -> bool {
    let (mut dated, mut other) = (false, 0);
    for word in plain::words(text) {
        dated |= is_number(&word);
        other += usize::from(!is_of_time(&word, more));
    }
    dated && other == 0
}

/// Whether a text says a time, perhaps with a few words of its own: `not before 4 March`.
pub(crate) fn is_mostly_time(text: &str) -> bool {
    let words: Vec<String> = plain::words(text).collect();
    words.iter().filter(|word| is_of_time(word, &[])).count() * 2 >= words.len()
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a word may be in a line that only tells a time, or is in one of these lists.
fn is_of_time(word: &str, more: &[List]) -> bool {
    const BESIDE: [List; 4] = [List::Stamp, List::Days, List::Halves, List::Zones];
    is_number(word)
        || onrecord_text::month_named(word).is_some()
        || BESIDE.iter().chain(more).any(|list| list.has(word))
}

/// The date of a line that only says when the article came out or was changed: `21 October 2024`. If the line says both,
/// the first counts.
pub(crate) fn of_line(line: &str) -> Option<PartialDate> {
    let known = line.len() <= LONGEST_LINE && is_time_stamp(line);
    let (change, publication) = (first_word(line, List::Changed), first_word(line, List::Published));
    let from = publication.filter(|at| change.is_some_and(|change| change < *at)).unwrap_or(0);
    known.then(|| in_text(&line[from..], Order::Unknown)).flatten()
}

/// Whether a line with a date only says when the article was changed.
pub(crate) fn is_change(line: &str) -> bool {
    first_word(line, List::Changed).is_some() && first_word(line, List::Published).is_none()
}

/// The position of the first word that contains one of these parts of words.
fn first_word(line: &str, parts: List) -> Option<usize> {
    let lower = line.to_ascii_lowercase();
    parts.entries().iter().filter_map(|part| lower.find(part)).min()
}

/// The first complete date in a text: `4 March 2016`, `March 4th, 2016`, `2016-03-04`, `04.03.2016`. A date such as
/// `03/04/2016` needs an order and is ignored without one.
pub(crate) fn in_text(text: &str, order: Order) -> Option<PartialDate> {
    let text = &*text.replace(['年', '月'], "-").replace('日', " ");
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '|' | 'T');
    // A hyphen separates words from figures, but not figures from each other.
    let parted = |word: &'_ str| word.contains(char::is_alphabetic);
    let words: Vec<&str> = text
        .split(apart)
        .flat_map(|word| word.split(move |c| c == '-' && parted(word)))
        .map(|w| w.trim_matches(['.', ':', ';']))
        .filter(|w| !w.is_empty())
        .collect();
    (0..words.len()).find_map(|at| in_figures(words[at], order).or_else(|| around_month(&words, at)))
}

/// A date written only in figures.
fn in_figures(word: &str, order: Order) -> Option<PartialDate> {
    let mut parts = word.split(['-', '/', '.']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |s: &str, most: usize| (s.len() <= most).then(|| s.parse::<i16>().ok()).flatten();
    let (year, first, second, order) = if a.len() == 4 {
        // After the year, the month always comes first.
        let (year, month, day) = (number(a, 4)?, number(b, 2)?, number(c, 2)?);
        if month > 12 {
            return None;
        }
        (year, day, month, Order::DayFirst)
    } else {
        (number(c.get(..4)?, 4)?, number(a, 2)?, number(b, 2)?, order)
    };
    let day_first = match order {
        _ if first > 12 || first == second || word.contains('.') => true,
        _ if second > 12 => false,
        Order::DayFirst => true,
        #[cfg(feature = "html")]
        Order::MonthFirst => false,
        Order::Unknown => return None,
    };
    let (day, month) = if day_first { (first, second) } else { (second, first) };
    let small = |n: i16| i8::try_from(n).ok();
    let plausible = (1900..2200).contains(&year);
    plausible.then(|| PartialDate::new(Some(year), Some(small(month)?), Some(small(day)?)))?
}

/// A date around the name of a month.
fn around_month(words: &[&str], at: usize) -> Option<PartialDate> {
    let month = onrecord_text::month_named(words[at])?;
    let number = |at: Option<usize>| {
        let word = words.get(at?)?;
        word.trim_end_matches(|c: char| c.is_alphabetic()).parse::<i16>().ok()
    };
    let (before, behind, further) = (number(at.checked_sub(1)), number(Some(at + 1)), number(Some(at + 2)));
    let (day, year) = match (before, behind, further) {
        (Some(day @ 1..=31), Some(year @ 1900..=2200), _) => (day, year),
        (_, Some(day @ 1..=31), Some(year @ 1900..=2200)) => (day, year),
        _ => return None,
    };
    PartialDate::new(Some(year), Some(month), i8::try_from(day).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_many_dresses() {
        for (given, expected) in [
            ("2016-03-04T10:00:00Z", "2016-03-04"),
            ("2016/03/04 10:00", "2016-03-04"),
            ("Fri, 04 Mar 2016 10:00:00 GMT", "2016-03-04"),
            ("Published on March 4th, 2016 at 9:30", "2016-03-04"),
            ("4 March 2016", "2016-03-04"),
            ("4-MAR-2016 15:01:01.79", "2016-03-04"),
            ("20160304", "2016-03-04"),
            ("Written: 2016-03-04 15:03:30", "2016-03-04"),
            ("04.03.2016, 10:00", "2016-03-04"),
            ("1457085600", "2016-03-04"),
            ("1457085600000", "2016-03-04"),
            ("20160304T100000+0100", "2016-03-04"),
            ("Fri, 04 Mar 2016 23:30:00 PST", "2016-03-04"),
            ("Fri, 04 Mar 16 23:30:00 EST", "2016-03-04"),
            ("Fri Mar 04 2016 23:30:00 GMT-0500 (EST)", "2016-03-04"),
            ("31/03/2016", "2016-03-31"),
            ("03/31/2016", "2016-03-31"),
        ] {
            assert_eq!(stamp(given).map(|d| d.to_string()).as_deref(), Some(expected), "{given}");
        }
        for given in [
            "",
            "soon",
            "March",
            "2016-13-45",
            "2016-13-04",
            "on 2016-13-04",
            "03/04/2016",
            "The march of 4 men, 2016",
        ] {
            assert_eq!(stamp(given), None, "{given}");
        }
    }

    #[cfg(feature = "html")]
    #[test]
    fn the_language_orders_day_and_month() {
        for (language, expected) in [
            ("en-US", Some("2016-03-04")),
            ("en-GB", Some("2016-04-03")),
            ("fr", Some("2016-04-03")),
            ("en", None),
        ] {
            let date = in_text("03/04/2016", Order::of(Some(language)));
            assert_eq!(date.map(|d| d.to_string()).as_deref(), expected, "{language}");
        }
    }
}
