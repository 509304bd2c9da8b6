//! Codes of countries and sectors for the parties to events, derived from the article's words for them.
//!
//! The longest match counts; words that are missing from the files get no code. `data/codes/NOTICE.md` lists the files'
//! origins and licences.

use std::collections::HashMap;
use std::sync::LazyLock;

use onrecord_text::lists::entries;
use onrecord_text::{PartialDate, country_words};

use crate::english::{folded, singular};
use crate::lists::List;
use crate::reading::{Reading, WordRange};

/// A country code (ISO 3166 alpha-3) and a sector code (PLOVER).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Codes {
    pub(crate) country: Option<String>,
    pub(crate) sector: Option<String>,
}

impl Codes {
    /// These codes, with missing ones filled in from `others`.
    pub(crate) fn or(self, others: Self) -> Self {
        Self { country: self.country.or(others.country), sector: self.sector.or(others.sector) }
    }
}

/// The codes of a name or a noun.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    country: Option<&'static str>,
    sector: Option<&'static str>,
    /// Whether it is a name, which must begin with a capital.
    name: bool,
}

/// The most words that an entry may have.
const LONGEST: usize = 7;

static ENTRIES: LazyLock<HashMap<&'static str, Entry>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Entry> = HashMap::new();
    for (sector, word) in entries(include_str!("../data/codes/agents.txt")) {
        all.insert(word, Entry { country: None, sector: Some(sector), name: false });
    }
    for (word, country) in country_words() {
        all.insert(word, Entry { country: Some(country), sector: None, name: true });
    }
    for name in lines(include_str!("../data/codes/no-country.txt")) {
        all.insert(name, Entry { country: None, sector: None, name: true });
    }
    for line in lines(include_str!("../data/codes/organisations.txt")) {
        let mut parts = line.split('|');
        let (Some(word), country, sector) = (parts.next(), parts.next(), parts.next()) else { continue };
        let some = |code: Option<&'static str>| code.filter(|c| !c.is_empty());
        all.insert(word, Entry { country: some(country), sector: some(sector), name: true });
    }
    all
});

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|l| !l.starts_with('#') && !l.is_empty())
}

/// The codes for some words. For each kind of code the longest match counts, and of equally long ones the first.
pub(crate) fn of_words(reading: &Reading<'_>, words: WordRange) -> Codes {
    let own: Vec<_> = words.iter().filter(|&w| reading.word(w).is_word()).collect();
    let parts: Vec<String> = own.iter().map(|&w| folded(reading.written(w))).collect();
    let capital: Vec<bool> = own.iter().map(|&w| reading.word(w).is_capital()).collect();
    of_parts(&parts, &capital)
}

/// The codes for folded words; `capital` says which of them begin with a capital.
///
/// A country where somebody is posted or works is not theirs: in “the Turkish ambassador to Norway” and “the UN mission in
/// Sudan”, only the first counts. “Russian-backed rebels” have that country if the words give no other.
fn of_parts(parts: &[String], capital: &[bool]) -> Codes {
    let mut country: Option<(usize, &str)> = None;
    let mut sector: Option<(usize, &str)> = None;
    // Whether the country is still to come: not after a post, nor after a body of several states.
    let mut open = true;
    let mut at = 0;
    while at < parts.len() {
        let longest = (1..=LONGEST.min(parts.len() - at)).rev().find_map(|length| {
            let run = &parts[at..at + length];
            let entry = lookup(run).filter(|e| !e.name || capital[at])?;
            Some((length, entry))
        });
        let Some((length, entry)) = longest else {
            // “Russian-backed”: a word that begins with a name.
            if let Some((name, _)) = parts[at].split_once('-')
                && capital[at]
                && open
                && let Some(code) = ENTRIES.get(name).filter(|e| e.name).and_then(|e| e.country)
            {
                country = country.or(Some((0, code)));
            }
            open &= !is_posted_in(parts, at);
            at += 1;
            continue;
        };
        let better = |known: Option<(usize, &str)>| known.is_none_or(|(before, _)| length > before);
        if let Some(code) = entry.country.filter(|_| open && better(country)) {
            country = Some((length, code));
        }
        open &=
            !(entry.name && entry.country.is_none() && matches!(entry.sector, Some("IGO" | "NGO" | "REB")));
        if let Some(code) = entry.sector.filter(|_| better(sector)) {
            sector = Some((length, code));
        }
        at += length;
        // Some entries end with the preposition: “ambassador to”.
        open &= !is_posted_in(parts, at - 1);
    }
    let owned = |code: Option<(usize, &str)>| code.map(|(_, c)| c.to_owned());
    Codes { country: owned(country), sector: owned(sector) }
}

/// Whether a word is a preposition between an office and the place where it is held.
fn is_posted_in(parts: &[String], at: usize) -> bool {
    let speaks_for = at.checked_sub(1).is_some_and(|before| List::SpeaksFor.has(&parts[before]));
    List::PostedIn.has(&parts[at]) && !speaks_for
}

/// The entry for a run of words as a whole; the last word may be in the plural.
fn lookup(run: &[String]) -> Option<Entry> {
    let whole = run.join(" ");
    ENTRIES.get(whole.as_str()).copied().or_else(|| {
        let (last, before) = run.split_last()?;
        let last = singular(last);
        let one = if before.is_empty() { last } else { format!("{} {last}", before.join(" ")) };
        ENTRIES.get(one.as_str()).copied()
    })
}

/// Whether folded words are the noun for an office or a body that many countries have: “foreign ministry”.
///
/// Bodies of states and organisations of their own, such as the United Nations, are no such offices.
pub(crate) fn is_office(parts: &[String]) -> bool {
    let of_many =
        |e: Entry| !e.name && e.country.is_none() && !matches!(e.sector, None | Some("IGO" | "NGO"));
    let listed = |words: &[String]| lookup(words).is_some_and(of_many);
    // The list has the “Ministry of Defence”, but not the “Defence Ministry”.
    let turned = || {
        let (office, field) = parts.split_last()?;
        let words = [std::slice::from_ref(office), &["of".to_owned()], field].concat();
        (!field.is_empty()).then(|| listed(&words))
    };
    listed(parts) || turned().unwrap_or(false)
}

/// A person who held offices.
struct Person {
    country: &'static str,
    /// The sector, first month and last month of each office.
    offices: Vec<(&'static str, &'static str, &'static str)>,
}

static PERSONS: LazyLock<HashMap<&'static str, Person>> = LazyLock::new(|| {
    lines(include_str!("../data/codes/persons.txt"))
        .filter_map(|line| {
            let mut parts = line.split('|');
            let (name, country, offices) = (parts.next()?, parts.next()?, parts.next()?);
            let offices = offices.split(", ").filter_map(|o| {
                let (sector, months) = o.split_once(' ')?;
                let (first, last) = months.split_once('/')?;
                Some((sector, first, last))
            });
            Some((name, Person { country, offices: offices.collect() }))
        })
        .collect()
});

/// The codes of a person whose full name is in the lists of office holders: the country, and the sector of the office
/// held on the article's day.
pub(crate) fn of_person(parts: &[String], day: Option<PartialDate>) -> Codes {
    let Some(person) = PERSONS.get(parts.join(" ").as_str()) else { return Codes::default() };
    let month = day.and_then(|d| Some(format!("{:04}-{:02}", d.year()?, d.month()?)));
    let held = |(_, first, last): &&(&str, &str, &str)| {
        month.as_deref().is_some_and(|m| *first <= m && (last.is_empty() || m <= *last))
    };
    let sector = person.offices.iter().find(held).map(|(sector, ..)| (*sector).to_owned());
    Codes { country: Some(person.country.to_owned()), sector }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(words: &str) -> (Option<String>, Option<String>) {
        let written: Vec<&str> = words.split(' ').collect();
        let parts: Vec<String> = written.iter().map(|w| folded(w)).collect();
        let capital: Vec<bool> = written.iter().map(|w| w.starts_with(char::is_uppercase)).collect();
        let Codes { country, sector } = of_parts(&parts, &capital);
        (country, sector)
    }

    #[track_caller]
    fn check(words: &str, country: &str, sector: &str) {
        let some = |code: &str| (!code.is_empty()).then(|| code.to_owned());
        assert_eq!(codes(words), (some(country), some(sector)), "{words}");
    }

    #[test]
    fn a_phrase_gets_the_codes_of_its_name_and_of_its_noun() {
        check("Turkish police", "TUR", "COP");
        check("the Russian army", "RUS", "MIL");
        check("Kremlin", "RUS", "GOV");
        check("South Korean soldiers", "KOR", "MIL");
        check("Russian-backed rebels", "RUS", "REB");
    }

    #[test]
    fn a_country_where_somebody_is_posted_is_not_theirs() {
        check("the US ambassador to South Korea", "USA", "GOV");
        check("Russian ambassador to Saudi Arabia", "RUS", "GOV");
        check("EU ambassador to Turkey", "", "GOV");
        check("UN special envoy for Yemen", "", "GOV");
        check("a spokesman for Turkey", "TUR", "");
        check("soldiers from Turkey", "TUR", "MIL");
    }

    #[test]
    fn whoever_a_country_backs_is_not_of_it() {
        check("Kremlin-backed Ukrainian president", "UKR", "GOV");
        check("Egypt-based Turkish police", "TUR", "COP");
    }

    #[test]
    fn a_name_may_contain_a_country_s() {
        check("Latin American soldiers", "", "MIL");
        check("New Mexico police", "", "COP");
        check("Greek Cypriots", "CYP", "");
        check("Rhode Island", "", "");
        check("Kosovo", "XKX", "");
    }

    #[test]
    fn the_longest_match_counts() {
        check("North Korea", "PRK", "");
        check("Democratic Republic of the Congo", "COD", "");
        check("opposition leader", "", "CVL");
    }

    #[test]
    fn what_no_file_has_gets_no_code() {
        check("Tallberg", "", "");
        check("the villagers of Norden", "", "CVL");
        check("them and us", "", "");
        // Only a capital makes it a country: “turkey” on a plate is not one.
        check("a turkey", "", "");
    }

    #[test]
    fn offices_that_many_countries_have_are_known() {
        let office = |words: &str| is_office(&words.split(' ').map(folded).collect::<Vec<_>>());
        for words in ["Foreign Ministry", "Defence Ministry", "Defence Minister", "police", "Prime Ministers"]
        {
            assert!(office(words), "{words}");
        }
        for words in ["Turkish police", "United Nations", "Hamas", "Baltic Rail", "Red Cross"] {
            assert!(!office(words), "{words}");
        }
    }

    #[test]
    fn several_countries_share_no_code() {
        // “Congolese” and “Korean” each belong to two countries.
        check("Congolese soldiers", "", "MIL");
        check("Korean", "", "");
    }

    #[test]
    fn a_person_has_a_country_at_all_times_and_a_sector_while_in_office() {
        let name: Vec<String> = ["donald", "trump"].map(str::to_owned).to_vec();
        let on = |day: &str| of_person(&name, day.parse().ok()).sector;
        assert_eq!(on("2018-05-01").as_deref(), Some("GOV"));
        assert_eq!(on("2022-05-01"), None);
        assert_eq!(of_person(&name, None).country.as_deref(), Some("USA"));
        assert_eq!(of_person(&["ada".to_owned(), "brandt".to_owned()], None), Codes::default());
    }
}
