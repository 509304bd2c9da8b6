//! The metric for dates: how many expressions are resolved to the date that they mean.

use std::io::{self, Write};

use onrecord::dates::{Calendar, expressions};
use onrecord::text::PartialDate;
use serde::Deserialize;

/// A text with one expression, the day that it is relative to, and the dates that are right.
#[derive(Deserialize)]
pub struct Gold {
    text: String,
    reference: PartialDateText,
    values: Vec<String>,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct PartialDateText(PartialDate);

impl TryFrom<String> for PartialDateText {
    type Error = onrecord::text::NotADate;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

/// Scores all expressions and prints those that are wrong.
pub fn score(gold: &[Gold], out: &mut impl Write) -> io::Result<()> {
    let mut right = 0;
    for Gold { text, reference, values } in gold {
        let calendar = Calendar::of(reference.0);
        let found = expressions(text);
        let dates: Vec<String> = found
            .iter()
            .map(|e| calendar.date(e.meaning, None).map_or_else(|| "none".to_owned(), |d| d.to_string()))
            .collect();
        if dates.iter().any(|d| values.contains(d)) {
            right += 1;
        } else {
            writeln!(
                out,
                "wrong: {text}  on {}: {}, not {}",
                reference.0,
                or_nothing(&dates),
                values.join(" or ")
            )?;
        }
    }
    writeln!(out, "{right} of {} ({:.1} %)", gold.len(), 100.0 * right as f64 / gold.len().max(1) as f64)
}

fn or_nothing(dates: &[String]) -> String {
    if dates.is_empty() { "nothing".to_owned() } else { dates.join(", ") }
}
