//! The words of dates, read from data files.

use std::sync::LazyLock;

use onrecord_text::lists::section;

use super::meaning::{Unit, Which};

/// The words of dates, as the files group them.
pub(super) struct Tables {
    /// From Monday on.
    pub(super) weekdays: Vec<&'static str>,
    /// From one to twenty.
    pub(super) numbers: Vec<&'static str>,
    /// From the first to the twentieth.
    pub(super) ordinals: Vec<&'static str>,
    /// From twenty on.
    pub(super) tens: Vec<&'static str>,
    /// What follows the digits of an ordinal.
    pub(super) ordinal_endings: Vec<&'static str>,
    /// Words that may precede a date and are part of the expression.
    pub(super) before: Vec<&'static str>,
    /// “Morning”.
    pub(super) parts_of_day: Vec<&'static str>,
    /// Names of months that are also verbs.
    pub(super) months_and_verbs: Vec<&'static str>,
    /// Names of months that are also other names.
    pub(super) months_and_names: Vec<&'static str>,
    /// Words after a day of the month that are not a noun to which the number belongs.
    pub(super) after_day: Vec<&'static str>,
    /// Other abbreviations of weekdays than their first three letters, with the index of the day.
    pub(super) weekday_abbreviations: Vec<(&'static str, usize)>,
    /// Expressions and their distance from the article's day.
    pub(super) days: Vec<(Vec<&'static str>, i32)>,
    /// Expressions and their distance from the day that the text named last.
    pub(super) days_beside: Vec<(Vec<&'static str>, i32)>,
    /// Days with a name of their own, in two words: “good”, “friday”.
    pub(super) named_days: Vec<(&'static str, &'static str)>,
    /// “Last”, “next”: words before a weekday, a month or a year, and the one that they mean.
    pub(super) which: Vec<(&'static str, Which)>,
    /// Words after “this” that turn it into “last”.
    pub(super) past_again: Vec<&'static str>,
    /// Units that are counted. `None` for weeks, which lead to no date.
    pub(super) units: Vec<(&'static str, Option<Unit>)>,
    /// Units after one of `which`.
    pub(super) single_units: Vec<(&'static str, Unit)>,
    /// Words after a distance into the past.
    pub(super) back: Vec<&'static str>,
    /// Expressions after a distance into the future.
    pub(super) from_now: Vec<Vec<&'static str>>,
    /// Words after a distance from the day that the text named last, and its direction.
    pub(super) beside: Vec<(&'static str, i32)>,
    /// Those that may also precede what the distance is counted from.
    pub(super) beside_prepositions: Vec<&'static str>,
    /// Words before “in the day” that belong to it.
    pub(super) relative: Vec<&'static str>,
    /// Words before a bare year.
    pub(super) year_openings: Vec<&'static str>,
    /// Words before a month and a day in digits.
    pub(super) day_openings: Vec<&'static str>,
    /// Words before a part of a day.
    pub(super) early_or_late: Vec<&'static str>,
    /// Words for no particular day.
    pub(super) vague: Vec<&'static str>,
    /// What stands for the number in a distance without one.
    pub(super) vague_amounts: Vec<Vec<&'static str>>,
    /// The units of such a distance.
    pub(super) vague_units: Vec<&'static str>,
    /// The words after such a distance.
    pub(super) vague_ends: Vec<&'static str>,
    /// Words before one of `vague_times`.
    pub(super) vague_which: Vec<&'static str>,
    /// Weeks, seasons and the like, which lead to no date.
    pub(super) vague_times: Vec<&'static str>,
}

/// The text of the file with the words of dates.
const TEXT: &str = include_str!("../../data/dates.txt");
/// The text of the file with the words of dates that depend on another day.
const RELATIVE: &str = include_str!("../../data/dates-relative.txt");

pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let words = |name: &'static str| section(TEXT, name);
    let weekdays: Vec<&str> = words("weekdays").collect();
    let abbreviation = |line: &'static str| {
        let (short, day) = line.split_once(": ")?;
        Some((short, weekdays.iter().position(|name| *name == day)?))
    };
    let distance = |line: &'static str| {
        let (expression, days) = line.split_once(": ")?;
        Some((expression.split(' ').collect(), days.parse().ok()?))
    };
    let relative = |name: &'static str| section(RELATIVE, name);
    let expressions = |name| relative(name).map(|line| line.split(' ').collect()).collect();
    let which = |line: &'static str| {
        let (word, which) = line.split_once(": ")?;
        let which = match which {
            "last" => Which::Last,
            // “this Friday” is in the future, “this month” is the current one.
            "this" => Which::InWeek(0),
            // “next Wednesday” on a Tuesday means the Wednesday of the next week.
            "next" => Which::InWeek(1),
            "coming" => Which::Coming(1),
            _ => return None,
        };
        Some((word, which))
    };
    let unit = |line: &'static str| {
        let (word, unit) = line.split_once(": ")?;
        let unit = match unit {
            "day" => Some(Unit::Day),
            "month" => Some(Unit::Month),
            "year" => Some(Unit::Year),
            "week" => None,
            _ => return None,
        };
        Some((word, unit))
    };
    let direction = |line: &'static str| {
        let (word, direction) = line.split_once(": ")?;
        Some((word, direction.parse().ok()?))
    };
    Tables {
        numbers: words("numbers").collect(),
        ordinals: words("ordinals").collect(),
        tens: words("tens").collect(),
        ordinal_endings: words("ordinal-endings").collect(),
        before: words("before").collect(),
        parts_of_day: words("parts-of-day").collect(),
        months_and_verbs: words("months-and-verbs").collect(),
        months_and_names: words("months-and-names").collect(),
        after_day: words("after-day").collect(),
        weekday_abbreviations: words("weekday-abbreviations").filter_map(abbreviation).collect(),
        days: words("days").filter_map(distance).collect(),
        days_beside: words("days-beside").filter_map(distance).collect(),
        named_days: words("named-days").filter_map(|line| line.split_once(' ')).collect(),
        which: relative("which").filter_map(which).collect(),
        past_again: relative("past-again").collect(),
        units: relative("units").filter_map(unit).collect(),
        single_units: relative("single-units")
            .filter_map(|line| unit(line).and_then(|(word, unit)| Some((word, unit?))))
            .collect(),
        back: relative("back").collect(),
        from_now: expressions("from-now"),
        beside: relative("beside").filter_map(direction).collect(),
        beside_prepositions: relative("beside-prepositions").collect(),
        relative: relative("relative").collect(),
        year_openings: relative("year-openings").collect(),
        day_openings: relative("day-openings").collect(),
        early_or_late: relative("early-or-late").collect(),
        vague: relative("vague").collect(),
        vague_amounts: expressions("vague-amounts"),
        vague_units: relative("vague-units").collect(),
        vague_ends: relative("vague-ends").collect(),
        vague_which: relative("vague-which").collect(),
        vague_times: relative("vague-times").collect(),
        weekdays,
    }
});

#[cfg(test)]
mod tests {
    use onrecord_text::lists::faults;

    use super::*;

    #[test]
    fn every_line_of_the_file_is_in_a_table() {
        let t = &*TABLES;
        assert_eq!((t.weekdays.len(), t.numbers.len(), t.ordinals.len(), t.tens.len()), (7, 20, 20, 5));
        let words = [
            &t.weekdays,
            &t.numbers,
            &t.ordinals,
            &t.tens,
            &t.ordinal_endings,
            &t.before,
            &t.parts_of_day,
            &t.months_and_verbs,
            &t.months_and_names,
            &t.after_day,
        ];
        let read = words.iter().map(|list| list.len()).sum::<usize>()
            + t.weekday_abbreviations.len()
            + t.days.len()
            + t.days_beside.len()
            + t.named_days.len();
        assert_eq!(TEXT.lines().filter(|line| !line.starts_with(['#', '['])).count(), read);
    }

    /// Every section of the file with relative words, and how many of its lines are in a table.
    fn relative() -> Vec<(&'static str, usize)> {
        let t = &*TABLES;
        vec![
            ("which", t.which.len()),
            ("past-again", t.past_again.len()),
            ("units", t.units.len()),
            ("single-units", t.single_units.len()),
            ("back", t.back.len()),
            ("from-now", t.from_now.len()),
            ("beside", t.beside.len()),
            ("beside-prepositions", t.beside_prepositions.len()),
            ("relative", t.relative.len()),
            ("year-openings", t.year_openings.len()),
            ("day-openings", t.day_openings.len()),
            ("early-or-late", t.early_or_late.len()),
            ("vague", t.vague.len()),
            ("vague-amounts", t.vague_amounts.len()),
            ("vague-units", t.vague_units.len()),
            ("vague-ends", t.vague_ends.len()),
            ("vague-which", t.vague_which.len()),
            ("vague-times", t.vague_times.len()),
        ]
    }

    #[test]
    fn every_relative_word_is_sorted_unique_and_in_a_table() {
        let lists: Vec<_> = relative().into_iter().map(|(name, _)| (name, RELATIVE, name)).collect();
        assert_eq!(faults(&lists, &[]), Vec::<String>::new());
        for (name, read) in relative() {
            assert_eq!(section(RELATIVE, name).count(), read, "{name}");
        }
    }
}
