//! Tables whose cells are text, separated by tabs.

use onrecord_text::wire::{Party, names_in};

use super::Row;

/// A column of text: its name, and how to get its value from a row.
pub(super) type TextColumn = (&'static str, fn(&Row<'_>) -> String);

/// A column of text in a table with numbered rows, which gets its value from a row and its number.
pub(super) type NumberedColumn = (&'static str, fn(&Row<'_>, u64) -> String);

/// Returns the names of columns.
pub(super) const fn names<Cell, const N: usize>(columns: &[(&'static str, Cell); N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut n = 0;
    while n < N {
        names[n] = columns[n].0;
        n += 1;
    }
    names
}

pub(super) fn owned(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

pub(super) fn of_party(party: &Option<Party>, field: fn(&Party) -> String) -> String {
    party.as_ref().map(field).unwrap_or_default()
}

/// Returns the first of the codes that a field lists.
pub(super) fn first_code(codes: &Option<String>) -> String {
    owned(names_in(codes.as_deref()).next())
}

/// Returns a text without tabs, line breaks and other control characters, each replaced by a space.
///
/// Many programs that read these tables split a file at every line break and a line at every tab, even in quotation
/// marks.
pub(super) fn on_one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
