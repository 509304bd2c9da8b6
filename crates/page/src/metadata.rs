//! Reads what a page states about its article, in order of trust: JSON-LD, meta elements, the page's own parts.

use dom_query::{Document, NodeId};
use onrecord_text::{Metadata, names_an_article};
use serde_json::Value;

use crate::{dom, plain, published, title};

/// The types of JSON-LD objects that describe an article (schema.org).
const ARTICLE_TYPES: [&str; 14] = [
    "Article",
    "NewsArticle",
    "BlogPosting",
    "ReportageNewsArticle",
    "OpinionNewsArticle",
    "AnalysisNewsArticle",
    "Report",
    "LiveBlogPosting",
    "BackgroundNewsArticle",
    "AskPublicNewsArticle",
    "ReviewNewsArticle",
    "SatiricalArticle",
    "ScholarlyArticle",
    "TechArticle",
];

/// Statements of a page about its article that do not become metadata.
pub(crate) struct Stated {
    /// The article's text, if linked data state it.
    pub(crate) text: Option<String>,
    /// The headlines in that text, if it consists of the posts of a live blog.
    pub(crate) headlines: Vec<String>,
    /// The heading that contains the headline.
    pub(crate) heading: Option<NodeId>,
    /// Whether linked data state that only subscribers may read all of it.
    pub(crate) gated: bool,
}

/// Returns everything that the page states about its article.
pub(crate) fn of(page: &Document) -> (Metadata, Stated) {
    let metas = Metas::of(page);
    let meta = |names: &[&str]| metas.any(names);
    let linked = linked_data(page, &metas);
    let text =
        |key: &str| linked.as_ref().and_then(|l| l.get(key)).and_then(Value::as_str).map(str::to_owned);
    let addresses = [attribute(page, "link[rel='canonical']", "href"), meta(&["og:url"])];
    let addresses = || addresses.iter().flatten().filter(|url| url.starts_with("http"));
    let url = addresses().find(|url| names_an_article(url)).cloned();
    let language = attribute(page, "html", "lang").filter(|l| !l.is_empty());
    let publisher = linked.as_ref().and_then(|l| name(l.get("publisher")?));
    let sites = [meta(&["og:site_name"]), meta(&["application-name"]), publisher.clone()];
    let names = title::Names {
        headline: text("headline"),
        shared: meta(&["og:title", "twitter:title"]),
        titled: element_text(page, "title"),
        sites: sites.into_iter().flatten().chain(addresses().flat_map(|url| hosts(url))).collect(),
    };
    let (title, heading) = title::of(page, &names);
    let stated = [text("datePublished"), meta(PUBLISHED)];
    let stated = stated.iter().flatten().map(String::as_str).chain(metas.published());
    let published = published::of(page, stated, url.as_deref(), language.as_deref(), heading);
    let metadata = Metadata {
        url,
        outlet: meta(&["og:site_name"]).or(publisher).map(|outlet| dom::line(&outlet)),
        title,
        bylines: authors(linked.as_ref(), &metas),
        published,
        dateline: None,
        language,
    };
    let gated = linked.as_ref().and_then(|l| l.get("isAccessibleForFree")).is_some_and(|free| match free {
        Value::Bool(free) => !free,
        Value::String(free) => free.eq_ignore_ascii_case("false"),
        _ => false,
    });
    let updates = linked.as_ref().and_then(|l| l.get("liveBlogUpdate")).map(updates).unwrap_or_default();
    let told = || updates.iter().flatten().flatten().map(String::as_str).collect::<Vec<_>>().join("\n");
    let text = text("articleBody").or_else(|| Some(told()).filter(|told| !told.is_empty()));
    let headlines = updates.into_iter().filter_map(|[headline, _]| headline).collect();
    (metadata, Stated { text, headlines, heading, gated })
}

/// Names of meta elements for the date of publication, most reliable first.
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "datePublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "sailthru.date",
    "parsely-pub-date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "article.published",
    "cXenseParse:recs:publishtime",
    "og:published_time",
    "bt:pubDate",
    "created",
    "originalpublicationdate",
    "article_date_original",
    "rnews:datepublished",
    "timestamp",
];

/// The most JSON-LD objects, and headings of the page, that are compared.
const MOST_OBJECTS: usize = 100;
const MOST_HEADINGS: usize = 20;

/// The JSON-LD object that describes the page's article: of several, the first one with the page's address, or else with
/// a headline that the page shows, or else the first.
fn linked_data(page: &Document, metas: &Metas) -> Option<Value> {
    let mut objects = Vec::new();
    for script in page.select("script[type^='application/ld+json']").nodes() {
        let text = script.text();
        // Some pages wrap the object in a comment or a CDATA section, or leave raw line breaks in its strings.
        let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
        let text =
            text.trim_start_matches("//<![CDATA[").trim_end_matches("//]]>").replace(['\n', '\r', '\t'], " ");
        if let Ok(value) = serde_json::from_str(&text) {
            find_articles(value, &mut objects);
        }
    }
    if objects.len() < 2 {
        return objects.pop();
    }
    let canonical = attribute(page, "link[rel='canonical']", "href");
    let addresses: Vec<String> =
        canonical.into_iter().chain(metas.any(&["og:url"])).map(|address| plain_address(&address)).collect();
    let has_address = |object: &Value| {
        let stated = ["url", "@id", "mainEntityOfPage"].iter().filter_map(|key| match object.get(*key)? {
            Value::String(address) => Some(address.as_str()),
            other => other.get("@id").or(other.get("url")).and_then(Value::as_str),
        });
        stated.map(plain_address).any(|address| addresses.contains(&address))
    };
    let headings = page.select("h1, h2");
    let headings = headings.nodes().iter().take(MOST_HEADINGS).map(|heading| heading.text().to_string());
    let titles = [element_text(page, "title"), metas.any(&["og:title"])];
    let shown: Vec<String> =
        titles.into_iter().flatten().chain(headings).map(|title| plain_words(&title)).collect();
    let has_headline = |object: &Value| {
        let headline = object.get("headline").or(object.get("name")).and_then(Value::as_str);
        let headline = headline.map(|headline| plain_words(&dom::line(headline))).unwrap_or_default();
        !headline.trim().is_empty() && shown.iter().any(|title| title.contains(&headline))
    };
    let fits = objects.iter().position(has_address).or_else(|| objects.iter().position(has_headline));
    Some(objects.swap_remove(fits.unwrap_or(0)))
}

/// An address without what different forms of it differ in.
fn plain_address(address: &str) -> String {
    let address = address.trim().split('#').next().unwrap_or_default();
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    address.trim_end_matches('/').to_owned()
}

/// The words of a text in lower case, with a space before and after each.
fn plain_words(text: &str) -> String {
    plain::words(text).fold(" ".to_owned(), |all, word| all + &word + " ")
}

/// Adds the objects in linked data that describe an article.
fn find_articles(value: Value, found: &mut Vec<Value>) {
    if found.len() >= MOST_OBJECTS {
        return;
    }
    match value {
        Value::Array(items) => items.into_iter().for_each(|item| find_articles(item, found)),
        Value::Object(mut object) => {
            let is_article = |t: &str| ARTICLE_TYPES.contains(&t.rsplit('/').next().unwrap_or(t));
            let matches = match object.get("@type") {
                Some(Value::String(t)) => is_article(t),
                Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).any(is_article),
                _ => false,
            };
            if matches {
                found.push(Value::Object(object));
                return;
            }
            for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                if let Some(inner) = object.remove(key) {
                    find_articles(inner, found);
                }
            }
        }
        _ => {}
    }
}

/// The headline and the text of each post of a live blog in JSON-LD.
fn updates(value: &Value) -> Vec<[Option<String>; 2]> {
    let posts = match value {
        Value::Array(posts) => &posts[..],
        one => std::slice::from_ref(one),
    };
    let part = |post: &Value, key: &str| {
        let text = post.get(key).and_then(Value::as_str)?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let posts = posts.iter().take(MOST_POSTS).map(|post| {
        let headline = part(post, "headline").or_else(|| part(post, "name"));
        [
            headline.map(|headline| dom::line(&headline)),
            part(post, "articleBody").or_else(|| part(post, "text")),
        ]
    });
    posts.filter(|post| post[1].is_some()).collect()
}

/// The most posts of a live blog that are read.
const MOST_POSTS: usize = 2_000;

/// The name of a JSON-LD person or organisation.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(name.clone()),
        Value::Array(items) => items.iter().find_map(name),
        _ => value.get("name").and_then(name),
    }
}

fn authors(linked: Option<&Value>, metas: &Metas) -> Vec<String> {
    let from_linked: Vec<String> = match linked.and_then(|l| l.get("author")) {
        Some(Value::Array(items)) => items.iter().filter_map(name).collect(),
        Some(one) => name(one).into_iter().collect(),
        None => Vec::new(),
    };
    let named = if from_linked.is_empty() {
        let meta = metas.any(&[
            "author",
            "article:author",
            "byl",
            "dc.creator",
            "parsely-author",
            "sailthru.author",
        ]);
        meta.map(|m| crate::credit::names(&m)).unwrap_or_default()
    } else {
        from_linked
    };
    let mut authors: Vec<String> = Vec::new();
    for author in named {
        let author = dom::line(&author);
        if !author.is_empty() && !author.contains("://") && !authors.contains(&author) {
            authors.push(author);
        }
    }
    authors
}

/// The meta elements of a page, by their names in lower case, in page order.
struct Metas(Vec<(String, String)>);

impl Metas {
    fn of(page: &Document) -> Self {
        let mut metas = Vec::new();
        for node in page.select("meta[content]").nodes().iter().take(MOST_METAS) {
            let content = node.attr("content").unwrap_or_default();
            let content = content.trim();
            // Any of these attributes may hold the name.
            for name in ["property", "name", "itemprop", "http-equiv"].iter().filter_map(|a| node.attr(a)) {
                if !content.is_empty() {
                    metas.push((name.to_lowercase(), content.to_owned()));
                }
            }
        }
        Self(metas)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, content)| content.as_str())
    }

    fn any(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.get(name)).map(str::to_owned)
    }

    /// A date in a meta element with a non-standard but descriptive name: `w-published-date`.
    fn published(&self) -> Option<&str> {
        let says = |name: &str| {
            name.contains("publi")
                && (name.contains("date") || name.contains("time"))
                && !name.contains("modif")
        };
        self.0.iter().find(|(name, _)| says(name)).map(|(_, content)| content.as_str())
    }
}

/// The most meta elements that are examined.
const MOST_METAS: usize = 2_000;

fn attribute(page: &Document, selector: &str, name: &str) -> Option<String> {
    page.select(selector).nodes().first()?.attr(name).map(|v| v.trim().to_owned())
}

fn element_text(page: &Document, selector: &str) -> Option<String> {
    let node = page.select(selector).nodes().first().map(|n| n.text())?;
    Some(node.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Names that a site may have according to its address: “sound.example” or “sound” for `https://www.sound.example/`.
fn hosts(address: &str) -> Vec<String> {
    let host = address.split("//").nth(1).and_then(|rest| rest.split(['/', ':']).next()).unwrap_or_default();
    let host = host.trim_start_matches("www.");
    let label = host.split('.').rev().skip(1).find(|label| label.len() > 3).unwrap_or(host);
    vec![host.to_owned(), label.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linked_data_comes_first() {
        let page = Document::from(
            r#"<html lang="en-GB"><head><title>Bridge opens in May | The Sound</title>
            <meta property="og:site_name" content="The Sound"><meta name="date" content="2016-03-01">
            <link rel="canonical" href="https://sound.example/bridge">
            <script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Bridge to open in May",
            "datePublished": "2016-03-04T10:00:00Z", "author": [{"name": "Jo Dahl"}, {"name": "Pia Lund"}]}]}</script></head></html>"#,
        );
        let (m, _) = of(&page);
        assert_eq!(m.title.as_deref(), Some("Bridge to open in May"));
        assert_eq!(m.published.unwrap().to_string(), "2016-03-04");
        assert_eq!(m.bylines, ["Jo Dahl", "Pia Lund"]);
        assert_eq!(
            (m.outlet.as_deref(), m.url.as_deref()),
            (Some("The Sound"), Some("https://sound.example/bridge"))
        );
    }

    #[test]
    fn the_headline_is_the_heading_that_the_page_is_named_after() {
        let title = |markup: &str| of(&Document::from(markup)).0.title.unwrap();
        let named = "<title>Bridge to open in May, minister says</title><meta property='og:title' content='Bridge: it opens in May'>";
        assert_eq!(
            title(&format!("{named}<h1>The Sound</h1><h1>The bridge will open in May</h1>")),
            "The bridge will open in May"
        );
        assert_eq!(title(&format!("{named}<h1>The Sound and the shore</h1>")), "Bridge: it opens in May");
        assert_eq!(
            title(&format!("{named}<h1>Bridge &amp;amp; ferry open<br>in May</h1>")),
            "Bridge & ferry open in May"
        );
    }

    #[test]
    fn a_meta_element_may_say_by_its_name_that_it_has_the_date() {
        let page = Document::from(
            "<meta name='w-Published-Date' content='2016-03-04T06:00:00Z'><meta name=published-modified-date content=2020-01-01>",
        );
        assert_eq!(of(&page).0.published.unwrap().to_string(), "2016-03-04");
    }

    #[test]
    fn a_title_loses_its_site() {
        let page = Document::from("<title>Bridge opens in May | The Sound</title>");
        assert_eq!(of(&page).0.title.as_deref(), Some("Bridge opens in May"));
    }

    #[test]
    fn linked_data_may_be_of_any_kind_of_article() {
        let kinds = [
            "NewsArticle",
            "https://schema.org/TechArticle",
            "ReviewNewsArticle",
            "SatiricalArticle",
            "LiveBlogPosting",
        ];
        for kind in kinds {
            let page = format!(
                r#"<script type="application/ld+json; charset=utf-8">[{{"@type": "Organization", "name": "The Sound", "datePublished": "2001-01-01"}},
                {{"@type": ["Thing", "{kind}"], "headline": "Bridge to open", "datePublished": "2016-03-04", "publisher": "The Sound"}}]</script>"#
            );
            let (metadata, _) = of(&Document::from(page));
            assert_eq!(metadata.title.as_deref(), Some("Bridge to open"), "{kind}");
            assert_eq!(metadata.published.unwrap().to_string(), "2016-03-04", "{kind}");
            assert_eq!(metadata.outlet.as_deref(), Some("The Sound"), "{kind}");
        }
        assert_eq!(
            of(&Document::from(
                r#"<script type="application/ld+json">{"@type": "Recipe", "headline": "Soup"}</script>"#
            ))
            .0
            .title,
            None
        );
    }

    #[test]
    fn of_several_objects_that_of_the_page_counts() {
        let (tunnel, bridge) = (
            r#"{"@type": "NewsArticle", "headline": "Tunnel closed", "url": "https://sound.example/tunnel", "datePublished": "2001-01-01", "author": "Bo Ek"}"#,
            r#"{"@type": "NewsArticle", "headline": "Bridge to open in May", "url": "https://sound.example/bridge/", "datePublished": "2016-03-04", "author": "Jo Dahl"}"#,
        );
        let read = |head: &str, objects: &str, heading: &str| {
            let page = format!("{head}<script type=application/ld+json>{objects}</script><h1>{heading}</h1>");
            of(&Document::from(page)).0
        };
        let graph = format!(r#"{{"@graph": [{tunnel}, {{"mainEntity": {bridge}}}]}}"#);
        for (head, objects, heading) in [
            ("", format!("[{tunnel}, {bridge}]"), "Bridge to open in May"),
            ("", graph, "Bridge to open in May"),
            (
                "<title>Bridge to open in May | The Sound</title>",
                format!("[{tunnel}, {bridge}]"),
                "Bridge opens",
            ),
            (
                "<link rel=canonical href='https://sound.example/bridge'>",
                format!("[{tunnel}, {bridge}]"),
                "Tunnel closed",
            ),
            ("", format!("[{bridge}, {tunnel}]"), "The bridge"),
            ("", bridge.to_owned(), "Tunnel closed"),
        ] {
            let metadata = read(head, &objects, heading);
            assert_eq!(metadata.published.unwrap().to_string(), "2016-03-04", "{head} {objects}");
            assert_eq!(metadata.bylines, ["Jo Dahl"]);
        }
    }

    #[test]
    fn a_site_is_called_after_its_address() {
        assert_eq!(hosts("https://www.sound.example/a"), ["sound.example", "sound"]);
        assert_eq!(hosts("http://news.tallberg.co.example:80"), ["news.tallberg.co.example", "tallberg"]);
        assert_eq!(hosts("nowhere"), ["", ""]);
    }

    #[test]
    fn authors_are_named_once() {
        let page = |head: &str| of(&Document::from(head)).0.bylines;
        assert_eq!(
            page(
                r#"<script type="application/ld+json">{"@type": "Article", "author": ["Jo Dahl", {"name": "Jo &amp; Co"}, {"name": "Jo Dahl"}, "https://sound.example/jo", ""]}</script><meta name=author content="Pia Lund">"#
            ),
            ["Jo Dahl", "Jo & Co"]
        );
        assert_eq!(page("<meta name=author content='By Jo Dahl and Pia Lund'>"), ["Jo Dahl", "Pia Lund"]);
        assert_eq!(page("<meta name=byl content='By Jo Dahl'>"), ["Jo Dahl"]);
    }

    #[test]
    fn addresses_name_a_host() {
        let url = |head: &str| of(&Document::from(head)).0.url;
        let canonical = "<link rel=canonical href=' https://sound.example/a '>";
        let shared = "<meta property=og:url content='https://sound.example/b'>";
        assert_eq!(url(&format!("{shared}{canonical}")).as_deref(), Some("https://sound.example/a"));
        assert_eq!(
            url(&format!("{shared}<link rel=canonical href=/a>")).as_deref(),
            Some("https://sound.example/b")
        );
        assert_eq!(url("<meta property=og:url content='/b'>"), None);
        let front = "<link rel=canonical href='https://sound.example/'>";
        assert_eq!(url(&format!("{shared}{front}")).as_deref(), Some("https://sound.example/b"));
        assert_eq!(url(front), None);
    }
}
