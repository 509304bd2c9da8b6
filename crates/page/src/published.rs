//! When a page was published: what it says for machines, what its address says, what it shows beside the headline, in
//! this order of trust.

use dom_query::{Document, NodeRef};
use onrecord_text::PartialDate;

use crate::dom;

/// What scripts call the date of publication, the most telling first.
const KEYS: [&str; 8] = [
    "\"datePublished",
    "\"publishDate",
    "\"published_at",
    "\"publishedAt",
    "\"datePublication",
    "\"publicationDate",
    "\"firstPublished",
    "\"publishedDate",
];
/// How far behind the headline, in bytes of text, a date still counts as the article's own.
const BESIDE_HEADLINE: usize = 600;
/// A text that shows a date and little else has at most this many bytes.
const SHORT: usize = 120;

/// The date of publication. `stated` are the time stamps that the page gives for machines, the most telling first.
pub(crate) fn of<'a>(
    page: &Document,
    stated: impl IntoIterator<Item = &'a str>,
    address: Option<&str>,
    language: Option<&str>,
) -> Option<PartialDate> {
    let order = Order::of(language);
    let stated =
        stated.into_iter().find_map(stamp).or_else(|| time_element(page)).or_else(|| in_scripts(page));
    let address = address.and_then(in_address);
    match (stated, address) {
        // A time stamp in universal time may lie a day off where the article was published; the address does not, nor does
        // what readers see.
        (Some(stated), Some(address)) if within_a_day(stated, address) => Some(address),
        (Some(stated), _) => {
            let shown = beside_headline(page, order).filter(|shown| within_a_day(stated, *shown));
            shown.or(Some(stated))
        }
        (None, Some(address)) if address.day().is_some() => Some(address),
        (None, address) => beside_headline(page, order).or_else(|| marked(page, order)).or(address),
    }
}

fn within_a_day(a: PartialDate, b: PartialDate) -> bool {
    let days = a.whole().zip(b.whole()).map(|(a, b)| (a - b).get_days().abs());
    days.is_some_and(|days| days <= 1)
}

/// Which of two small numbers is the day, where both may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
    /// The United States write the month first, most others the day.
    Unknown,
}

impl Order {
    fn of(language: Option<&str>) -> Self {
        let tag = language.unwrap_or_default().replace('_', "-").to_lowercase();
        match tag.split_once('-') {
            Some(("en", "us")) => Self::MonthFirst,
            Some(_) => Self::DayFirst,
            None if tag.is_empty() || crate::language::is_english(&tag) => Self::Unknown,
            None => Self::DayFirst,
        }
    }
}

/// A date out of a time stamp for machines: ISO 8601, RFC 2822, `20160304`, `4-MAR-2016`, and what people write.
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

/// A date as RFC 822 first had it: `Fri, 04 Mar 16 10:00:00 GMT`.
fn with_short_year(stamp: &str) -> Option<PartialDate> {
    let words: Vec<&str> = stamp.split([' ', ',', '-']).filter(|w| !w.is_empty()).collect();
    words.windows(3).find_map(|three| {
        let [day, month, year] = three else { return None };
        let two = |w: &str| (w.len() == 2).then(|| w.parse::<i16>().ok()).flatten();
        let month = onrecord_text::month_named(month)?;
        let year = two(year)?;
        // Pages are younger than 1970.
        let year = if year < 70 { 2000 + year } else { 1900 + year };
        PartialDate::new(Some(year), Some(month), Some(i8::try_from(day.parse::<i16>().ok()?).ok()?))
    })
}

/// The day of a count of seconds or milliseconds since 1970, in universal time.
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

/// The date of the first `time` element that has one, first of those behind the headline: others stand in a list of articles.
fn time_element(page: &Document) -> Option<PartialDate> {
    let heading = page.select("h1").nodes().first().map(|h| h.id);
    let root = page.root();
    let (mut behind, mut before) = (heading.is_none(), None);
    for node in root.descendants_it().filter(NodeRef::is_element) {
        behind |= heading == Some(node.id);
        let is_time = node.has_attr("datetime") && dom::name(&node).as_ref() == "time";
        if !is_time && node.attr("itemprop").is_none_or(|name| name.as_ref() != "datePublished") {
            continue;
        }
        let value = ["datetime", "content", "title"].iter().find_map(|a| node.attr(a));
        let date = match value {
            Some(value) => stamp(&value),
            None => dom::short_text(&node, SHORT + 100).and_then(|text| stamp(&text)),
        };
        if date.is_some() && behind {
            return date;
        }
        before = before.or(date);
    }
    before
}

/// The date in linked data that describe no article, or can't be parsed as a whole, or else in the state that a page keeps
/// for its scripts.
fn in_scripts(page: &Document) -> Option<PartialDate> {
    let scripts: Vec<_> = page.select("script").nodes().iter().map(NodeRef::text).collect();
    KEYS.iter().find_map(|key| {
        scripts.iter().find_map(|text| {
            let (_, rest) = text.split_once(key)?;
            // State may stand in a string of its own.
            let value = rest.trim_start_matches(['\\', '"']).trim_start().strip_prefix(':')?;
            let value = value.trim_start_matches(['\\', '"', ' ']);
            stamp(&value[..value.find(['"', '\\', ',', '}'])?])
        })
    })
}

/// The date in a web address: `/2016/03/04/`, `/20160304/`, `-2016-03-04`, `/2016/03/`.
fn in_address(address: &str) -> Option<PartialDate> {
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = path.split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split(['/', '-', '_', '.']).collect();
    let year = |p: &str| p.len() == 4 && p.parse::<i16>().is_ok_and(|y| (1990..2100).contains(&y));
    // `/2016/march/04/`
    let named = |p: Option<&&str>| p.and_then(|p| onrecord_text::month_named(p));
    let two = |p: Option<&&str>| p.filter(|p| (1..=2).contains(&p.len())).and_then(|p| p.parse::<i8>().ok());
    let whole = parts.iter().enumerate().find_map(|(i, p)| {
        if p.len() == 8 && p.bytes().all(|b| b.is_ascii_digit()) && year(&p[..4]) {
            return PartialDate::new(p[..4].parse().ok(), p[4..6].parse().ok(), p[6..].parse().ok());
        }
        let (month, day) = year(p).then(|| {
            let month = two(parts.get(i + 1)).or_else(|| named(parts.get(i + 1)));
            (month, two(parts.get(i + 2)))
        })?;
        PartialDate::new(p.parse().ok(), Some(month?), Some(day?))
    });
    let folders: Vec<&str> = path.split('/').collect();
    whole.or_else(|| {
        folders.windows(2).find_map(|pair| {
            let month = year(pair[0]).then(|| two(pair.get(1)))?;
            PartialDate::new(pair[0].parse().ok(), Some(month?), None)
        })
    })
}

/// The first date that stands in a short text behind the headline.
fn beside_headline(page: &Document, order: Order) -> Option<PartialDate> {
    let heading = *page.select("h1").nodes().first()?;
    let root = page.root();
    let nodes = root.descendants_it().skip_while(|n| n.id != heading.id).skip(1);
    let own = heading.text().len();
    let mut seen = 0;
    for node in nodes.filter(NodeRef::is_text) {
        let Some(parent) = node.parent().filter(|p| !dom::is_silent(p)) else { continue };
        let text = node.text();
        seen += text.trim().len();
        if seen <= own {
            continue;
        }
        // The element as a whole, where it is short: `March <b>4</b>, 2016` is three texts.
        let around = dom::short_text(&parent, SHORT + 100);
        let date =
            around.and_then(|around| in_short_text(&around, order)).or_else(|| in_short_text(&text, order));
        if date.is_some() || seen > own + BESIDE_HEADLINE {
            return date;
        }
    }
    None
}

/// The first date in an element whose class says that it holds one.
fn marked(page: &Document, order: Order) -> Option<PartialDate> {
    let elements = page.select("[class*='date'], [class*='published'], [class*='posted'], [class*='time']");
    elements.nodes().iter().find_map(|node| {
        let title = node.attr("title").and_then(|t| in_short_text(&t, order));
        title.or_else(|| in_short_text(&dom::short_text(node, SHORT + 100)?, order))
    })
}

fn in_short_text(text: &str, order: Order) -> Option<PartialDate> {
    let text = text.trim();
    if text.len() <= SHORT { in_text(text, order) } else { None }
}

/// The first whole date that a text names: `4 March 2016`, `March 4th, 2016`, `2016-03-04`, `04.03.2016`. One such as
/// `03/04/2016` needs an order; without one it is left alone.
fn in_text(text: &str, order: Order) -> Option<PartialDate> {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '|' | 'T');
    // A hyphen parts words from figures, but not figures from each other.
    let parted = |word: &'_ str| word.contains(char::is_alphabetic);
    let words: Vec<&str> = text
        .split(apart)
        .flat_map(|word| word.split(move |c| c == '-' && parted(word)))
        .map(|w| w.trim_matches(['.', ':', ';']))
        .filter(|w| !w.is_empty())
        .collect();
    (0..words.len()).find_map(|at| in_figures(words[at], order).or_else(|| around_month(&words, at)))
}

/// A date in figures alone.
fn in_figures(word: &str, order: Order) -> Option<PartialDate> {
    let mut parts = word.split(['-', '/', '.']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |s: &str, most: usize| (s.len() <= most).then(|| s.parse::<i16>().ok()).flatten();
    let (year, first, second, order) = if a.len() == 4 {
        (number(a, 4)?, number(c, 2)?, number(b, 2)?, Order::DayFirst)
    } else {
        (number(c.get(..4)?, 4)?, number(a, 2)?, number(b, 2)?, order)
    };
    let day_first = match order {
        _ if first > 12 || first == second || word.contains('.') => true,
        _ if second > 12 => false,
        Order::DayFirst => true,
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
        for given in ["", "soon", "March", "2016-13-45", "03/04/2016", "The march of 4 men, 2016"] {
            assert_eq!(stamp(given), None, "{given}");
        }
    }

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

    #[test]
    fn dates_in_addresses() {
        for (address, expected) in [
            ("https://sound.example/2016/03/04/bridge", Some("2016-03-04")),
            ("https://sound.example/news/20160304/bridge", Some("2016-03-04")),
            ("https://sound.example/bridge-2016-3-4?x=1999-01-01", Some("2016-03-04")),
            ("https://sound.example/2016/march/04/bridge", Some("2016-03-04")),
            ("https://sound.example/2016/03/bridge", Some("2016-03")),
            ("https://sound.example/bridge-2016-tolls", None),
            ("https://sound.example/article/20161399", None),
        ] {
            assert_eq!(in_address(address).map(|d| d.to_string()).as_deref(), expected, "{address}");
        }
    }

    #[track_caller]
    fn check(page: &str, address: Option<&str>, expected: Option<&str>) {
        let found = of(&Document::from(page), None, address, Some("en-GB"));
        assert_eq!(found.map(|d| d.to_string()).as_deref(), expected);
    }

    #[test]
    fn a_date_beside_the_headline() {
        check(
            "<p>Today is 9 May 2020</p><h1>Bridge opens</h1><p>By Jo Dahl, March <b>4</b>, 2016</p>",
            None,
            Some("2016-03-04"),
        );
        check(
            "<div class=date-header>Friday, March 4, 2016</div><h3>Bridge opens</h3>",
            None,
            Some("2016-03-04"),
        );
    }

    #[test]
    fn what_readers_see_mends_the_zone_of_a_time_stamp() {
        let page = |shown: &str| {
            format!(
                "<h1>Bridge opens</h1><p>By Jo Dahl, {shown}</p><time datetime='2016-03-05T04:00:00Z'></time>"
            )
        };
        check(&page("4 March 2016"), None, Some("2016-03-04"));
        check(&page("1 March 2016"), None, Some("2016-03-05"));
    }

    #[test]
    fn times_behind_the_headline_come_first() {
        let page =
            "<time datetime='2020-01-01'>x</time><h1>Bridge opens</h1><time datetime='2016-03-04'>y</time>";
        check(page, None, Some("2016-03-04"));
        check("<time datetime='2016-03-04'>x</time><h1>Bridge opens</h1>", None, Some("2016-03-04"));
    }

    #[test]
    fn state_kept_for_scripts_has_dates() {
        check(
            "<h1>Bridge</h1><script>x = {\"id\": 1, \"publishDate\":\"2016-03-04\"}</script>",
            None,
            Some("2016-03-04"),
        );
        check(
            "<h1>Bridge</h1><script>x = '{\\\"publishedAt\\\":\\\"2016-03-04T10:00:00Z\\\"}'</script>",
            None,
            Some("2016-03-04"),
        );
    }

    #[test]
    fn an_address_mends_the_zone_of_a_time_stamp() {
        let page = "<time datetime='2016-03-05T04:00:00Z'>Friday</time>";
        check(page, Some("https://sound.example/2016/03/04/bridge"), Some("2016-03-04"));
        check(page, Some("https://sound.example/2011/03/04/bridge"), Some("2016-03-05"));
    }
}
