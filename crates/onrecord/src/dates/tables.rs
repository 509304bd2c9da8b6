//! The words of dates, read from a data file.

use std::sync::LazyLock;

use onrecord_text::lists::section;

/// The words of dates, as the file groups them.
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
}

/// The text of the file.
const TEXT: &str = include_str!("../../data/dates.txt");

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
        weekdays,
    }
});

#[cfg(test)]
mod tests {
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
}
