//! Precision and recall of recognising versions of the same words.
//!
//! The pairs are drawn from strata of all pairs of statements about one event in different articles. The weight of a
//! pair says how many pairs it represents. The figures are given both for the drawn pairs themselves and weighted.

use std::collections::BTreeMap;
use std::io::{self, Write};

use onrecord_store::lineage::{Speakers, same};
use serde::Deserialize;

/// An annotated pair.
#[derive(Deserialize)]
pub struct Gold {
    a: String,
    b: String,
    /// Whether the named speakers share a word and the articles are from the same month.
    one_speaker: bool,
    /// Whether both speakers are named people whose names share no word.
    #[serde(default)]
    two_people: bool,
    /// Whether one is a version of the other.
    same: bool,
    stratum: String,
    weight: f64,
}

/// The counts of right, wrong and missed pairs, by number and by weight.
#[derive(Default)]
struct Counts {
    right: [f64; 2],
    wrong: [f64; 2],
    missed: [f64; 2],
}

pub fn score(gold: &[Gold], out: &mut impl Write) -> io::Result<()> {
    let mut strata: BTreeMap<&str, Counts> = BTreeMap::new();
    for pair in gold {
        let found = same(&pair.a, &pair.b, Speakers::of(pair.one_speaker, pair.two_people));
        for stratum in ["all", &pair.stratum] {
            let counts = strata.entry(stratum).or_default();
            let which = match (found, pair.same) {
                (true, true) => &mut counts.right,
                (true, false) => &mut counts.wrong,
                (false, true) => &mut counts.missed,
                (false, false) => continue,
            };
            which[0] += 1.0;
            which[1] += pair.weight;
        }
    }
    writeln!(
        out,
        "{:10} {:>9} {:>9} {:>18} {:>18}",
        "stratum", "precision", "recall", "weighted precision", "weighted recall"
    )?;
    for (stratum, Counts { right, wrong, missed }) in &strata {
        let share = |n: usize, other: &[f64; 2]| {
            let all = right[n] + other[n];
            if all == 0.0 { 0.0 } else { right[n] / all }
        };
        writeln!(
            out,
            "{stratum:10} {:9.2} {:9.2} {:18.2} {:18.2}",
            share(0, wrong),
            share(0, missed),
            share(1, wrong),
            share(1, missed)
        )?;
    }
    Ok(())
}
