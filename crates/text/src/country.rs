//! Words for countries and their codes.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::fold::folded;

static CODES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| country_words().collect());

/// Returns the words for countries, each with the country's ISO 3166 alpha-3 code: names, peoples and capitals, in
/// lower case, without accents or full stops.
///
/// The words come from mledoze/countries (Open Database License 1.0) and from onrecord's own list; `data/NOTICE.md` has
/// the details.
pub fn country_words() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_countries = lines(include_str!("../data/countries.txt")).filter_map(|line| line.split_once('|'));
    let all = of_countries.flat_map(|(code, words)| words.split(", ").map(move |word| (word, code)));
    all.chain(lines(include_str!("../data/country-words.txt")).filter_map(|line| line.split_once('|')))
}

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// Returns the ISO 3166 alpha-3 code of a country by its name, people or capital.
///
/// Case, accents, full stops and a leading “the” don't matter. A name with other words beside it has no code, because
/// the words may refer to a part of the country.
///
/// ```
/// use onrecord_text::country_code;
///
/// assert_eq!(country_code("Côte d’Ivoire"), country_code("Ivory Coast"));
/// assert_eq!(country_code("the U.S."), Some("USA"));
/// assert_eq!(country_code("Turkish government"), None);
/// ```
#[must_use]
pub fn country_code(name: &str) -> Option<&'static str> {
    let name = folded(name).replace('’', "'");
    let name = name.trim();
    let code = |name: &str| CODES.get(name).copied();
    code(name).or_else(|| code(name.strip_prefix("the ")?))
}

/// Returns whether a text is the ISO 3166 alpha-3 code of a country that has a name here.
///
/// ```
/// assert!(onrecord_text::is_country_code("TUR"));
/// assert!(!onrecord_text::is_country_code("XQZ"));
/// ```
#[must_use]
pub fn is_country_code(code: &str) -> bool {
    static ALL: LazyLock<HashSet<&str>> = LazyLock::new(|| country_words().map(|(_, code)| code).collect());
    ALL.contains(code)
}
