//! Finds the date of publication, in order of trust: what the page states for machines, its address, and what it shows
//! beside the headline.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};
use onrecord_text::PartialDate;

use crate::lists::List;
use crate::stamp::{Order, in_text, is_time_stamp, stamp};
use crate::{dom, furniture, missed, plain, sentence};

/// How far after the headline a date may be to count as the article's own, in bytes of text.
const BESIDE_HEADLINE: usize = 600;
/// How far before the headline it may be.
const BEFORE_HEADLINE: usize = 300;
/// The longest text that shows a date and little else, in bytes.
const SHORT: usize = 120;
/// The number of paragraphs of running text after which the header of an article has ended; the first may be a summary.
const HEADER_PARAGRAPHS: usize = 2;
/// The most bytes in the words before a date that say what it is, and how many elements around them are examined.
const LABEL: usize = 30;
const LEVELS: usize = 4;
/// How many elements around a date are examined.
const FURTHEST: usize = 24;

/// The date of publication. `stated` are the time stamps that the page gives for machines, most reliable first.
pub(crate) fn of<'a>(
    page: &Document,
    stated: impl IntoIterator<Item = &'a str>,
    address: Option<&str>,
    language: Option<&str>,
    heading: Option<NodeId>,
) -> Option<PartialDate> {
    let order = Order::of(language);
    let heading = heading.or_else(|| page.select("h1").nodes().first().map(|h| h.id));
    let stated: Vec<PartialDate> = stated.into_iter().filter_map(stamp).collect();
    let whole = stated.iter().find(|date| date.day().is_some()).or(stated.first()).copied();
    let own = Own::of(page, heading);
    let stated = whole.or_else(|| time_element(page, heading, &own)).or_else(|| in_scripts(page));
    let address = address.and_then(in_address);
    let shown = shown(page, heading, order, &own);
    match (stated, address) {
        // A time stamp in universal time may be a day off from the place of publication; the address and the date shown
        // to readers are not.
        (Some(stated), Some(address)) if within_a_day(stated, address) => Some(address),
        (Some(stated), _) => match shown {
            Some(shown) if within_a_day(stated, shown.date) => Some(shown.date),
            // A publishing system may give a page a new date when it is moved; the date still shown is the original
            // one.
            Some(shown) if shown.alone && !shown.changed && is_before(shown.date, stated) => Some(shown.date),
            _ => Some(stated),
        },
        (None, Some(address)) if address.day().is_some() => Some(address),
        (None, address) => shown.map(|shown| shown.date).or_else(|| marked(page, order, &own)).or(address),
    }
}

fn is_before(a: PartialDate, b: PartialDate) -> bool {
    a.whole().zip(b.whole()).is_some_and(|(a, b)| a < b)
}

fn within_a_day(a: PartialDate, b: PartialDate) -> bool {
    let days = a.whole().zip(b.whole()).map(|(a, b)| (a - b).get_days().abs());
    days.is_some_and(|days| days <= 1)
}

/// Tells the dates of the article from those of what it shows: posts, quotations, pictures, comments, events.
struct Own {
    /// The elements around the headline, which hold the article.
    around: HashSet<NodeId>,
}

impl Own {
    fn of(page: &Document, heading: Option<NodeId>) -> Self {
        let heading = heading.and_then(|heading| page.tree.get(&heading));
        let around = heading.map(|h| h.ancestors_it(None).map(|a| a.id).collect()).unwrap_or_default();
        Self { around }
    }

    /// Whether a node that shows a date may show that of the article.
    fn may_be(&self, node: &NodeRef) -> bool {
        let mut line = None;
        let elements = std::iter::once(*node).chain(node.ancestors_it(Some(FURTHEST)));
        for element in elements.filter(NodeRef::is_element).take_while(|e| !self.around.contains(&e.id)) {
            let dated_alone = || dom::short_text(&element, SHORT).is_some_and(|text| is_time_stamp(&text));
            if furniture::shows_something_else(&element) && !dated_alone() {
                return false;
            }
            if line.is_none()
                && !dom::is_inline(&dom::name(&element))
                && !matches!(dom::name(&element).as_ref(), "time" | "a")
            {
                line = Some(element);
            }
        }
        line.is_none_or(|line| {
            !missed::is_running(&line)
                && dom::short_text(&line, SHORT + 100).is_none_or(|text| !is_about_something_else(&text))
        })
    }
}

/// Whether a line with a date is a sentence, or names what is dated and is not the article: `Event date: 9 July 2030`.
fn is_about_something_else(line: &str) -> bool {
    let mut words = plain::words(line);
    let told = words.clone().next().is_some_and(|first| List::Stamp.has(&first) || tells(&first));
    let is_sentence = sentence::ends(line) && !line.ends_with(':') && !is_time_stamp(line) && !told;
    is_sentence || line.contains('©') || words.any(|word| List::DatedOther.has(&word))
}

/// The date of a `time` element: the first one shortly after the headline, or else the last one shortly before it.
/// Others are in lists of articles, and some give the date of a change.
fn time_element(page: &Document, heading: Option<NodeId>, own: &Own) -> Option<PartialDate> {
    let (mut behind, mut place) = (heading.is_none(), 0);
    let (mut times, mut headline) = (Vec::new(), 0);
    let mut label = String::new();
    for node in page.root().descendants_it() {
        if node.is_text() {
            let in_time = node.ancestors_it(Some(LEVELS)).any(|a| dom::name(&a).as_ref() == "time");
            if !in_time && !node.text().trim().is_empty() {
                label = node.text().to_string();
            }
            place += node.parent().filter(|p| !dom::is_silent(p)).map_or(0, |_| node.text().trim().len());
            continue;
        }
        if heading == Some(node.id) {
            (behind, headline) = (true, place);
        }
        let is_time = node.has_attr("datetime") && dom::name(&node).as_ref() == "time";
        if !is_time && node.attr("itemprop").is_none_or(|name| name.as_ref() != "datePublished") {
            continue;
        }
        let value = ["datetime", "content", "title"].iter().find_map(|a| node.attr(a));
        let date = match value {
            Some(value) => stamp(&value),
            None => dom::short_text(&node, SHORT + 100).and_then(|text| stamp(&text)),
        };
        // A few words before it may say what it is: `Updated <time>`.
        let label = Some(std::mem::take(&mut label)).filter(|label| label.trim().len() <= LABEL);
        let names = [node.class(), node.attr("itemprop"), label.map(Into::into)];
        let changed = names.iter().flatten().any(|name| says_changed(name))
            && !names.iter().flatten().any(|name| says_published(name));
        times.extend(date.filter(|_| own.may_be(&node)).map(|date| (date, behind, place, changed)));
    }
    let pick = |changed: bool| {
        let times = || times.iter().filter(move |t| t.3 == changed);
        let close = times().find(|t| t.1 && t.2 < headline + BESIDE_HEADLINE * 3);
        let before = times().rfind(|t| !t.1 && t.2 + BEFORE_HEADLINE > headline);
        close.or(before).or(times().find(|t| t.1)).or(times().next())
    };
    pick(false).or_else(|| pick(true)).map(|t| t.0)
}

/// Whether a text or a name says that something was changed.
fn says_changed(text: &str) -> bool {
    has_part(text, List::Changed)
}

/// Whether a text or a name says that something came out.
fn says_published(text: &str) -> bool {
    has_part(text, List::Published)
}

fn has_part(text: &str, parts: List) -> bool {
    let text = text.to_lowercase();
    parts.entries().iter().any(|part| text.contains(part))
}

/// The date in linked data that describe no article or cannot be parsed as a whole, or else in the state that a page
/// stores for its scripts.
fn in_scripts(page: &Document) -> Option<PartialDate> {
    let scripts: Vec<_> = page.select("script").nodes().iter().map(NodeRef::text).collect();
    List::Keys.entries().iter().find_map(|key| {
        let key = format!("\"{key}");
        scripts.iter().find_map(|text| {
            let (_, rest) = text.split_once(&key)?;
            // The state may be inside a string.
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

/// A date shown to readers beside the headline.
#[derive(Clone, Copy)]
struct Shown {
    date: PartialDate,
    /// Whether the text around it contains nothing else.
    alone: bool,
    /// Whether it is the date of a change.
    changed: bool,
    /// Whether the text around it says that it is the date of publication.
    published: bool,
}

/// The date in a short text beside the headline: after it, or else before it on a line of its own.
fn shown(page: &Document, heading: Option<NodeId>, order: Order, owned: &Own) -> Option<Shown> {
    let heading = page.tree.get(&heading?)?;
    let own = heading.text().trim().len();
    let root = page.root();
    let (mut place, mut headline, mut running) = (0, None, 0);
    let (mut before, mut behind) = (Vec::new(), Vec::new());
    for node in root.descendants_it() {
        if node.id == heading.id {
            headline = Some(place);
        }
        if !node.is_text() {
            running += usize::from(headline.is_some() && missed::is_running(&node));
            continue;
        }
        let Some(parent) = node.parent().filter(|p| !dom::is_silent(p)) else { continue };
        let text = node.text();
        place += text.trim().len();
        if headline.is_some_and(|headline| place <= headline + own) {
            continue;
        }
        // Take the whole element if it is short: `March <b>4</b>, 2016` is three texts.
        let around = dom::short_text(&parent, SHORT + 100);
        let found = around.map(|t| in_line(&t, order)).filter(|found| !found.is_empty());
        let mut found = found.unwrap_or_else(|| in_line(&text, order));
        found.retain(|found| running < HEADER_PARAGRAPHS || found.published);
        if !found.is_empty() && !owned.may_be(&parent) {
            found.clear();
        }
        match headline {
            None => before.extend(found.into_iter().map(|found| (place, found))),
            Some(_) => behind.extend(found),
        }
        if headline.is_some_and(|headline| place > headline + own + BESIDE_HEADLINE) {
            break;
        }
    }
    let headline = headline?;
    let first = behind.first().copied();
    let published = behind.into_iter().find(|shown| !shown.changed);
    let before = before
        .into_iter()
        .rfind(|(at, shown)| at + BEFORE_HEADLINE > headline && shown.alone && !shown.changed);
    published.or(before.map(|(_, shown)| shown)).or(first)
}

/// The dates in a line, each with the line's evidence about it: `Updated 9 March 2016 | First published 4 March 2016`.
fn in_line(text: &str, order: Order) -> Vec<Shown> {
    let text = dom::words(text);
    if text.len() > SHORT || in_text(&text, order).is_none() {
        return Vec::new();
    }
    let alone = is_time_stamp(&text);
    let dated = parts(&text, order).into_iter().filter_map(|part| {
        let (changed, published) = (says_changed(part), says_published(part));
        Some(Shown { date: in_text(part, order)?, alone, changed: changed && !published, published })
    });
    dated.collect()
}

/// The parts of a line with several dates. A part ends before a word that says what the next date is, after one that
/// says what the date before it is (`9 March 2016 (updated), 4 March 2016`), and at a mark between dates.
fn parts(line: &str, order: Order) -> Vec<&str> {
    let (mut parts, mut from) = (Vec::new(), 0);
    let mut at = 0;
    for word in line.split(' ') {
        let (start, end) = (at, at + word.len());
        at = end + 1;
        let is_mark = matches!(word, "|" | "/" | "·" | "•" | "-" | "–" | "—");
        if !(is_mark || tells(word)) || in_text(&line[from..start], order).is_none() {
            continue;
        }
        // A word at the end of a clause belongs to the date before it.
        let cut =
            if is_mark || word.ends_with([')', ',', ';', '|']) || end == line.len() { end } else { start };
        parts.push(&line[from..cut]);
        from = cut;
    }
    parts.push(&line[from..]);
    parts
}

/// Whether a word says what a date is: that of a change or that of publication.
fn tells(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    List::Telling.has(&word) || says_changed(&word) || says_published(&word)
}

/// The first date in an element whose class suggests a date.
fn marked(page: &Document, order: Order, own: &Own) -> Option<PartialDate> {
    let elements = page.select("[class*='date'], [class*='published'], [class*='posted'], [class*='time']");
    elements.nodes().iter().filter(|node| own.may_be(node)).find_map(|node| {
        let title = node.attr("title").and_then(|t| in_short_text(&t, order));
        let whole = dom::short_text(node, SHORT + 100).and_then(|text| in_short_text(&text, order));
        let first = || node.descendants_it().take(SHORT).find(|n| n.is_text() && !n.text().trim().is_empty());
        title.or(whole).or_else(|| in_short_text(&first()?.text(), order))
    })
}

/// The first date in a short text that is not that of a change, or else the first.
fn in_short_text(text: &str, order: Order) -> Option<PartialDate> {
    let dates = in_line(text, order);
    dates.iter().find(|shown| !shown.changed).or(dates.first()).map(|shown| shown.date)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let found = of(&Document::from(page), None, address, Some("en-GB"), None);
        assert_eq!(found.map(|d| d.to_string()).as_deref(), expected, "{page}");
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
    fn times_close_to_the_headline_come_first() {
        let far = "<p>The bridge over the sound will open in May, the minister said.</p>".repeat(40);
        let (old, new) = ("<time datetime='2016-03-04'>x</time>", "<time datetime='2016-03-09'>x</time>");
        // Close before the headline, or far after it.
        check(&format!("{old}<h1>Bridge opens</h1>{far}{new}"), None, Some("2016-03-04"));
        check(&format!("{old}<p>{far}</p><h1>Bridge opens</h1>{far}{new}"), None, Some("2016-03-09"));
        check(&format!("{old}{new}<h1>Bridge opens</h1>"), None, Some("2016-03-09"));
        check(&format!("{old}{new}{far}<h1>Bridge opens</h1>"), None, Some("2016-03-04"));
        check(&format!("<h1>Bridge opens</h1>{old}{new}"), None, Some("2016-03-04"));
    }

    #[test]
    fn a_time_of_a_change_is_no_time_of_publication() {
        let time =
            |class: &str, day: &str| format!("<time class='{class}' datetime='2016-03-{day}'>x</time>");
        for class in ["updated", "lastModified", "date-revised", "reviewed", "edited"] {
            let page = format!("<h1>Bridge opens</h1>{}{}", time(class, "09"), time("date", "04"));
            check(&page, None, Some("2016-03-04"));
        }
        check(&format!("<h1>Bridge opens</h1>{}", time("updated", "09")), None, Some("2016-03-09"));
        let page = format!("<h1>Bridge opens</h1>{}{}", time("published updated", "04"), time("date", "09"));
        check(&page, None, Some("2016-03-04"));
        let named = "<h1>Bridge opens</h1><p itemprop=datePublished>4 March 2016</p>";
        check(named, None, Some("2016-03-04"));
        check(
            "<h1>Bridge opens</h1><i itemprop=datePublished content=2016-03-04>x</i>",
            None,
            Some("2016-03-04"),
        );
    }

    #[track_caller]
    fn stated(stated: &[&str], page: &str, expected: &str) {
        let found = of(&Document::from(page), stated.iter().copied(), None, Some("en"), None);
        assert_eq!(found.unwrap().to_string(), expected, "{page}");
    }

    #[test]
    fn an_earlier_day_that_is_shown_alone_is_when_it_came_out() {
        let shown = |line: &str| format!("<h1>Bridge opens</h1><p>{line}</p>");
        stated(&["2020-01-01"], &shown("March 4, 2016"), "2016-03-04");
        stated(&["2020-01-01"], &shown("Published March 4, 2016"), "2016-03-04");
        stated(&["2020-01-01"], "<p>March 4, 2016</p><h1>Bridge opens</h1>", "2016-03-04");
        // A later date, the date of a change, or a date inside a sentence means something else.
        stated(&["2016-03-04"], &shown("March 9, 2018"), "2016-03-04");
        stated(&["2020-01-01"], &shown("Updated March 4, 2016"), "2020-01-01");
        stated(&["2020-01-01"], &shown("The bridge opened on March 4, 2016"), "2020-01-01");
    }

    #[test]
    fn a_whole_date_is_worth_more_than_a_year() {
        stated(&["2016", "2016-03-04"], "<p>a</p>", "2016-03-04");
        stated(&["soon", "2016-03-04", "2016-03-09"], "<p>a</p>", "2016-03-04");
        stated(&["2016"], "<p>a</p>", "2016");
    }

    #[test]
    fn of_dates_beside_the_headline_that_of_a_change_comes_last() {
        let page = |lines: &str| format!("<h1>Bridge opens</h1>{lines}");
        check(&page("<p>Updated 9 March 2016</p><p>By Jo Dahl, 4 March 2016</p>"), None, Some("2016-03-04"));
        check(&page("<p>Updated 9 March 2016</p>"), None, Some("2016-03-09"));
        // A line before the headline counts only if it is just a date.
        check(
            &format!("<p>4 March 2016</p>{}", page("<p>Last modified 9 March 2016</p>")),
            None,
            Some("2016-03-04"),
        );
        check(
            &format!("<p>Today is 4 March 2016</p>{}", page("<p>Edited 9 March 2016</p>")),
            None,
            Some("2016-03-09"),
        );
        let far = "<p>The bridge over the sound will open in May.</p>".repeat(20);
        check(&format!("<p>4 March 2016</p>{far}{}", page("<p>x</p>")), None, None);
        check(&page(&format!("{far}<p>4 March 2016</p>")), None, None);
    }

    #[test]
    fn of_two_dates_in_a_line_that_of_a_change_comes_last() {
        for line in [
            "Updated 9 March 2016 | First published 4 March 2016",
            "First published 4 March 2016 | Updated 9 March 2016",
            "Last updated: 9 March 2016, 10:00. Published: 4 March 2016, 09:00",
            "9 March 2016 (updated), 4 March 2016",
            "4 March 2016 (updated 9 March 2016)",
            "4 March 2016, updated 9 March 2016",
            "4 March 2016 - Updated: 9 March 2016",
            "Updated 9 March 2016 · 4 March 2016",
            "Edited on 9 March 2016. Posted on 4 March 2016.",
            "Updated 10:04 p.m. ET, Wed March 9, 2016 / Posted 6:00 a.m. ET, Fri March 4, 2016",
            "Amended: 9 March 2016; First posted: 4 March 2016",
            "<span>Updated: 9 March 2016</span> <span>Published: 4 March 2016</span>",
            "Updated <time datetime=2016-03-09>9 March</time> Published <time datetime=2016-03-04>4 March</time>",
            "Last updated <b><time datetime=2016-03-09>9 March</time></b> <i><time datetime=2016-03-04>4 March</time></i>",
            "<time datetime=2016-03-04>4 March</time>, updated <time datetime=2016-03-09>9 March</time>",
        ] {
            check(&format!("<h1>Bridge opens</h1><p>{line}</p>"), None, Some("2016-03-04"));
            check(&format!("<div class=date>{line}</div>"), None, Some("2016-03-04"));
        }
        check(
            "<h1>Bridge opens</h1><p>Corrected 9 March 2016</p><p>4 March 2016</p>",
            None,
            Some("2016-03-04"),
        );
        for line in ["Published and updated 4 March 2016", "4 March 2016 (updated)", "Posted 4 March 2016"] {
            check(&format!("<h1>Bridge opens</h1><p>{line}</p>"), None, Some("2016-03-04"));
        }
    }

    #[test]
    fn a_date_of_something_else_is_not_that_of_the_article() {
        let text = "<p>The bridge over the sound will open in May, the minister said on Monday.</p>\
                    <p>“Nobody will pay a toll,” Ada Brandt told reporters at the ferry landing on the shore.</p>";
        let article = |before: &str, after: &str| {
            format!(
                "<body class='has-comments related'><article><h1>Bridge opens</h1>{before}{text}{after}</article></body>"
            )
        };
        for other in [
            "<blockquote class=twitter-tweet><p>It is late.</p>— Ada Brandt <a>July 9, 2009</a></blockquote>",
            "<div class=fb-post><p>Late</p><a>Posted by Ada Brandt on Thursday, July 9, 2009</a></div>",
            "<blockquote>We are late.<cite>Ada Brandt, July 9, 2009</cite></blockquote>",
            "<figure><img><figcaption>The bridge, July 9, 2009.</figcaption></figure>",
            "<div class=caption>The bridge, July 9, 2009</div>",
            "<div class=related><a>Old bridge falls</a> <time datetime=2009-07-09>July 9, 2009</time></div>",
            "<div class=comment><time datetime=2020-01-01>x</time><p>Nice.</p></div>",
            "<footer>Copyright 9 July 2009</footer>",
            "<p>© Harbour News, 9 July 2009</p>",
            "<p>Event: <time datetime=2030-07-09>9 July 2030</time></p>",
            "<div class=date>Event date: 9 July 2030</div>",
            "<p>The fair begins on <time datetime=2030-07-09>9 July 2030</time>.</p>",
            "<p>The old bridge fell on 9 July 2009.</p>",
        ] {
            for (before, after) in [(other, ""), ("", other)] {
                check(&article(before, after), None, None);
                // The article's own date counts beside it.
                let own = "<p class=meta>By Jo Dahl, 4 March 2016</p>";
                check(&article(&format!("{before}{own}"), after), None, Some("2016-03-04"));
            }
        }
        for own in [
            "<p>4 March 2016</p>",
            "<p>Tallberg, 4 March 2016</p>",
            "<aside><time datetime=2016-03-04>4 March 2016</time></aside>",
            "<footer class=meta>By Jo Dahl <span>4 March 2016</span></footer>",
            "<div class=meta><time datetime=2016-03-04>Friday</time> <span>Events</span></div>",
        ] {
            check(&article(own, ""), None, Some("2016-03-04"));
        }
        check(&article("", "<p>First published 4 March 2016</p>"), None, Some("2016-03-04"));
        check(&article("", "<p>4 March 2016</p>"), None, None);
    }

    #[test]
    fn dates_of_the_far_east_and_between_spaces() {
        check("<h1>Bridge</h1><p>2016年3月4日 10:00</p>", None, Some("2016-03-04"));
        let space = " ".repeat(300);
        check(
            &format!("<h1>Bridge</h1><p>{space}Posted on{space}March 4, 2016{space}</p>"),
            None,
            Some("2016-03-04"),
        );
    }

    #[test]
    fn a_class_marks_a_date() {
        check("<p class=post-date>4 March 2016</p>", None, Some("2016-03-04"));
        check("<p class=x>4 March 2016</p>", None, None);
        check("<p class=timestamp title='4 March 2016'>9 March 2016</p>", None, Some("2016-03-04"));
        let tags = "<a>bridges and ferries</a> ".repeat(20);
        check(&format!("<div class=date-section> <p>4 March 2016</p>{tags}</div>"), None, Some("2016-03-04"));
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
