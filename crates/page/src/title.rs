//! Finds an article's headline as the page shows it, without the names of the site and the section around it.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use crate::dom;
use crate::plain::{self, letters};

/// The most first-level headings that are examined.
const MOST_HEADINGS: usize = 50;
/// Separators between a headline and the name of its site.
const SEPARATORS: [&str; 8] = [" | ", " – ", " — ", " - ", " :: ", " » ", " • ", " · "];
/// The fewest words in a name of an article for words before it in a heading to be left out.
const NAMED: usize = 4;

/// The names that a page gives its article.
#[derive(Default)]
pub(crate) struct Names {
    /// The name for programs that describe articles.
    pub(crate) headline: Option<String>,
    /// The name for sharing.
    pub(crate) shared: Option<String>,
    /// The name in the browser's title bar.
    pub(crate) titled: Option<String>,
    /// The names of the site itself.
    pub(crate) sites: Vec<String>,
}

/// The headline, and the heading that contains it.
pub(crate) fn of(page: &Document, names: &Names) -> (Option<String>, Option<NodeId>) {
    let site = Site::of(&names.sites);
    let clean = |name: &Option<String>| name.as_deref().map(|name| site.without(&dom::line(name)));
    let (headline, shared, titled) = (clean(&names.headline), clean(&names.shared), clean(&names.titled));
    let known = [&shared, &titled, &headline].map(|name| name.as_deref().unwrap_or_default());
    let heading = heading(page, &site, known);
    let id = heading.as_ref().map(|(id, _)| *id);
    let shown = heading.map(|(_, text)| {
        let own = known.into_iter().find(|name| ends(&text, name));
        own.map_or_else(|| site.without(&dom::line(&text)), str::to_owned)
    });
    let title = shown.or(headline).or(shared).or_else(|| only_heading(page, &site)).or(titled);
    let title = title.filter(|t| !t.is_empty());
    let id = id.or_else(|| lower_heading(page, title.as_deref()?));
    (title, id)
}

/// A lower-level heading that matches the title, if no first-level heading does.
fn lower_heading(page: &Document, title: &str) -> Option<NodeId> {
    let title = words(title);
    let headings = page.select("h2, h3");
    let says = |text: &str| words(text).len() >= 3 && title.ends_with(&words(text));
    headings.nodes().iter().take(MOST_HEADINGS).find(|h| says(&dom::flowing_text(h))).map(|h| h.id)
}

/// The names of a site, reduced to letters.
struct Site(Vec<String>);

impl Site {
    fn of(names: &[String]) -> Self {
        Self(names.iter().map(|name| letters(name)).filter(|name| name.len() > 2).collect())
    }

    fn is(&self, text: &str) -> bool {
        self.0.contains(&letters(text))
    }

    /// Whether a part of a title is roughly the site's name.
    fn resembles(&self, text: &str) -> bool {
        let text = letters(text);
        !text.is_empty() && self.0.iter().any(|name| name.contains(&text) || text.contains(name))
    }

    /// A title without the site's name before or after it.
    fn without(&self, title: &str) -> String {
        for separator in SEPARATORS {
            if let Some((head, tail)) = title.rsplit_once(separator) {
                let enough = head.split_whitespace().count() >= 3;
                let unnamed = separator == " | " && tail.split_whitespace().count() <= 4;
                if self.is(tail) || enough && (self.resembles(tail) || unnamed) {
                    return head.to_owned();
                }
            }
        }
        for separator in SEPARATORS.iter().chain(&[": "]) {
            if let Some((head, tail)) = title.split_once(separator)
                && self.is(head)
            {
                return tail.to_owned();
            }
        }
        title.to_owned()
    }
}

fn words(text: &str) -> Vec<String> {
    plain::words(text).collect()
}

/// Whether a heading is a name of the article with the section before it: `Local news | Bridge opens in May`.
fn ends(heading: &str, name: &str) -> bool {
    let (name, heading) = (words(name), words(heading));
    name.len() >= NAMED && name.len() < heading.len() && heading.ends_with(&name)
}

/// Whether a heading is the name of the site, linked to its home page.
fn leads_home(heading: &NodeRef) -> bool {
    let around = heading.ancestors_it(Some(3));
    around.chain(heading.descendants_it()).filter(|n| dom::name(n).as_ref() == "a").any(|link| {
        let address = link.attr("href").unwrap_or_default();
        let path = address
            .split_once("//")
            .map_or(&*address, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
        matches!(path, "" | "/")
    })
}

/// The first-level heading that matches the page's names: the headline as shown. The names for machines may be worded
/// differently, and a heading may be the site's name.
fn heading(page: &Document, site: &Site, names: [&str; 3]) -> Option<(NodeId, String)> {
    let known: HashSet<String> = names.iter().flat_map(|name| words(name)).collect();
    let mut best: Option<(usize, usize, NodeId, String)> = None;
    for node in page.select("h1").nodes().iter().take(MOST_HEADINGS) {
        let text = dom::flowing_text(node);
        let own = words(&text);
        if !(1..=60).contains(&own.len()) || site.is(&text) || leads_home(node) {
            continue;
        }
        let shared = own.iter().filter(|w| known.contains(*w)).count();
        let telling: HashSet<&String> = own.iter().filter(|w| w.len() > 3 && known.contains(*w)).collect();
        let much = shared * 2 >= own.len() && own.len() > 1 && !telling.is_empty();
        let fits = much || telling.len() > 1 && shared * 4 >= own.len();
        // Of two matching headings the first counts, unless the other shares far more of its words, because headlines
        // of other articles follow.
        if fits && best.as_ref().is_none_or(|(s, n, ..)| shared * n > 2 * s * own.len()) {
            best = Some((shared, own.len(), node.id, text));
        }
    }
    best.map(|(.., id, text)| (id, text))
}

/// The text of the page's first-level heading, if there is only one.
fn only_heading(page: &Document, site: &Site) -> Option<String> {
    let headings = page.select("h1");
    let [heading] = headings.nodes() else { return None };
    let text = dom::line(&dom::flowing_text(heading));
    (text.split_whitespace().count() > 2 && !site.is(&text) && !leads_home(heading)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the title of a page on a site called “The Sound”.
    #[track_caller]
    fn check(names: [Option<&str>; 3], body: &str, expected: Option<&str>) {
        let [headline, shared, titled] = names.map(|name| name.map(str::to_owned));
        let names = Names {
            headline,
            shared,
            titled,
            sites: vec!["The Sound".to_owned(), "sound.example".to_owned()],
        };
        let (title, _) = of(&Document::from(body), &names);
        assert_eq!(title.as_deref(), expected, "{body}");
    }

    const NAME: &str = "Bridge to open in May";

    #[test]
    fn a_heading_that_names_the_site_is_not_the_headline() {
        let titled = [None, None, Some("Shore letters: Bridge to open in May")];
        for heading in [
            "<h1>The Sound</h1>",
            "<h1>the SOUND!</h1>",
            "<h1>Sound.example</h1>",
            "<h1><a href='/'>Shore letters</a></h1>",
            "<a href='https://shore.example'><h1>Shore letters</h1></a>",
            "<h1><a href='//shore.example/'>Shore letters</a></h1>",
        ] {
            check([None, Some(NAME), titled[2]], heading, Some(NAME));
            check(titled, &format!("{heading}<h1>Bridge to open in May</h1>"), Some(NAME));
        }
        check(titled, "<h1><a href='/letters/1'>Shore letters</a></h1>", Some("Shore letters"));
    }

    #[test]
    fn the_first_heading_that_shares_words_is_the_headline() {
        let named = [None, None, Some(NAME)];
        // Half of the words, or a quarter of them if two are long, or too few.
        check(named, "<h1>Bridge will open</h1>", Some("Bridge will open"));
        check(named, "<h1>Bridge</h1>", Some(NAME));
        check(
            named,
            "<h1>Minister: the bridge and the ferry open soon</h1>",
            Some("Minister: the bridge and the ferry open soon"),
        );
        check(named, "<h1>A letter from the minister on the bridge in May</h1><h1>x</h1>", Some(NAME));
        check(
            named,
            "<h1>Minister says that the bridge and both of its ferries open</h1><h1>x</h1>",
            Some(NAME),
        );
        // A share twice as large is not far more.
        check(named, "<h1>Bridge closed</h1><h1>Bridge opens in May to</h1>", Some("Bridge closed"));
        // A heading that shares far more wins over an earlier one; one that shares a little more does not.
        check(
            named,
            "<h1>The bridge that never did open</h1><h1>Bridge to open</h1>",
            Some("Bridge to open"),
        );
        check(named, "<h1>The bridge may open</h1><h1>Bridge to open</h1>", Some("The bridge may open"));
    }

    #[test]
    fn a_section_is_no_part_of_the_headline() {
        for heading in [
            "<h1>Local news | Bridge to open in May</h1>",
            "<h1><span>Shore</span> <b>Bridge to open in May</b></h1>",
        ] {
            check([Some(NAME), None, None], heading, Some(NAME));
            check([None, Some(NAME), None], heading, Some(NAME));
            check([None, None, Some(NAME)], heading, Some(NAME));
        }
        // With few words in common, it is worded differently; the same holds when the heading continues after the name.
        check(
            [None, Some("Bridge opens now"), None],
            "<h1>At last: Bridge opens now</h1>",
            Some("At last: Bridge opens now"),
        );
        check(
            [None, Some(NAME), None],
            "<h1>Bridge to open in May at last</h1>",
            Some("Bridge to open in May at last"),
        );
    }

    #[test]
    fn names_for_machines_come_in_their_order() {
        let names = [
            Some("Headline of five words here"),
            Some("Shared by five words here"),
            Some("Titled in five words here"),
        ];
        check(names, "", names[0]);
        check([None, names[1], names[2]], "", names[1]);
        check([None, None, names[2]], "", names[2]);
        check([None, None, names[2]], "<h1>Ferries are sold off</h1>", Some("Ferries are sold off"));
        check([None, None, names[2]], "<h1>Ferries sold</h1>", names[2]);
        check([None, None, names[2]], "<h1>Ferries are sold off</h1><h1>Second of them</h1>", names[2]);
        check([None, None, None], "", None);
        check([None, Some(""), None], "<p>a</p>", None);
    }

    #[test]
    fn the_name_of_the_site_is_taken_off() {
        for title in [
            "Bridge to open in May | The Sound",
            "Bridge to open in May - The Sound",
            "Bridge to open in May – the sound",
            "Bridge to open in May — Sound",
            "Bridge to open in May • The Sound",
            "Bridge to open in May · The Sound online",
            "Bridge to open in May » sound.example",
            "Bridge to open in May :: The Sound",
            "Bridge to open in May | News from the shore",
            "The Sound | Bridge to open in May",
            "The Sound: Bridge to open in May",
            "sound.example - Bridge to open in May",
        ] {
            check([None, None, Some(title)], "", Some(NAME));
        }
        check([None, None, Some("Ferries - The Sound")], "", Some("Ferries"));
        for title in [
            "Ferries - Sound",
            "Bridge to open in May - minister",
            "Bridge to open in May | What else the minister said",
            "Ferries sold | Shore",
            "The Sound and the shore: a bridge opens",
            "Minister: bridge to open in May",
        ] {
            check([None, None, Some(title)], "", Some(title));
        }
    }

    #[test]
    fn the_headline_stands_in_a_heading() {
        let at = |body: &str| {
            let page = Document::from(body);
            let names = Names { titled: Some(format!("The Sound | {NAME}")), ..Names::default() };
            let (_, id) = of(&page, &names);
            id.map(|id| page.tree.get(&id).unwrap().text().to_string())
        };
        assert_eq!(
            at("<h1>The Shore</h1><h1>Bridge opens in May</h1>").as_deref(),
            Some("Bridge opens in May")
        );
        assert_eq!(at("<h2>Ferries sold off</h2><h3>Bridge to open in May</h3>").as_deref(), Some(NAME));
        assert_eq!(at("<h2>in May</h2>"), None);
        assert_eq!(at("<p>Bridge to open in May</p>"), None);
    }
}
