//! Inputs of each kind as different systems write them: the same article comes out of all of them.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use onrecord_page::{Hints, documents};
use onrecord_text::{Article, BlockKind, NoticeKind};

const LEAD: &str = "The bridge over the sound will open in May, the transport minister said on Monday.";
const REST: &str =
    "“Nobody will pay a toll,” Ada Brandt told reporters at the ferry landing. The ferries will be sold.";

/// The articles of an input, whose kind is found from its bytes and its name.
fn articles(bytes: &[u8], name: &str) -> Vec<Article> {
    let read = documents(bytes, name, None).map(|raw| raw.expect("a document").read(&Hints::default()));
    read.map(|article| article.expect("an article")).collect()
}

/// The only article of an input, which holds both paragraphs once.
#[track_caller]
fn one(bytes: &[u8], name: &str) -> Article {
    let mut all = articles(bytes, name);
    let shown = String::from_utf8_lossy(bytes);
    assert_eq!(all.len(), 1, "{shown}");
    let article = all.remove(0);
    for paragraph in [LEAD, REST] {
        assert_eq!(article.text.matches(paragraph).count(), 1, "{}\nof {shown}", article.text);
    }
    assert!(!article.text.contains(['<', '>']), "{}\nof {shown}", article.text);
    article
}

/// What an input says of its article.
#[track_caller]
fn check(input: &str, name: &str, title: Option<&str>, published: Option<&str>) {
    let article = one(input.as_bytes(), name);
    assert_eq!(article.metadata.title.as_deref(), title, "{input}");
    assert_eq!(article.metadata.published.map(|d| d.to_string()).as_deref(), published, "{input}");
}

fn page() -> String {
    format!(
        "<html><head><title>Bridge to open in May</title></head><body><article><h1>Bridge to open in May</h1><p>{LEAD}</p><p>{REST}</p></article></body></html>"
    )
}

const TITLE: Option<&str> = Some("Bridge to open in May");
const DAY: Option<&str> = Some("2016-03-04");

// Web archives

/// A record of a web archive.
fn record(head: &str, block: &[u8]) -> Vec<u8> {
    [format!("{head}\r\nContent-Length: {}\r\n\r\n", block.len()).as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(answer: &str, body: &[u8]) -> Vec<u8> {
    let head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://sound.example/bridge\r\nContent-Type: application/http; msgtype=response";
    record(head, &[answer.as_bytes(), b"\r\n\r\n", body].concat())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn answers_in_web_archives() {
    let page = page();
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Type: text/html",
        "HTTP/1.1 200\r\ncontent-type:text/html;charset=utf-8",
        "HTTP/2 200 \r\nCONTENT-TYPE:   text/html",
        "HTTP/1.1 200 Très bien\r\nContent-Type: application/xhtml+xml",
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=b;\r\n\tc=d\r\nContent-Type: text/html",
        "HTTP/1.1 200 OK\r\nno colon in this line\r\nContent-Type : text/html",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Type: text/html; charset=utf-8",
        "HTTP/1.0 200 OK\nServer: x\nContent-Type: text/html\nTransfer-Encoding: chunked",
        "HTTP/1.1 203 Non-Authoritative Information\r\nContent-Type: text/html",
    ] {
        let archive = response(answer, page.as_bytes());
        let article = one(&archive, "in.warc");
        assert_eq!(article.metadata.url.as_deref(), Some("https://sound.example/bridge"), "{answer}");
        assert_eq!(article.metadata.title.as_deref(), TITLE);
        // In a gzip member of its own, with and without the ending that says so, and whole.
        one(&gzip(&archive), "in.warc.gz");
        one(&gzip(&archive), "in");
    }
}

#[test]
fn records_in_web_archives() {
    let page = page();
    let good = response("HTTP/1.1 200 OK\r\nContent-Type: text/html", page.as_bytes());
    let info =
        record("WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Type: application/warc-fields", b"software: x");
    let request = record(
        "WARC/1.0\r\nWARC-Type: request\r\nWARC-Target-URI: https://sound.example/",
        b"GET / HTTP/1.1\r\n\r\n",
    );
    let resource = record(
        "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: https://sound.example/bridge\r\nContent-Type: text/html",
        page.as_bytes(),
    );
    let lower = record(
        "WARC/0.18\r\nwarc-type: response\r\nwarc-target-uri: <https://sound.example/bridge>\r\ncontent-type: application/http",
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}").as_bytes(),
    );
    let gone = response("HTTP/1.1 404 Not Found\r\nContent-Type: text/html", page.as_bytes());
    for archive in [
        [&info[..], &request, &good].concat(),
        [&info[..], &gone, &good].concat(),
        [&gzip(&info)[..], &gzip(&good)].concat(),
        [&b"\r\n\r\n"[..], &good, b"\r\n\r\n\r\n"].concat(),
        resource,
        [&info[..], &lower].concat(),
    ] {
        one(&archive, "in.warc");
    }
    assert_eq!(articles(&[&good[..], &good].concat(), "in.warc").len(), 2);
}

// News items

fn newsml(content_meta: &str, content: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?><newsItem xmlns='http://iptc.org/std/nar/2006-10-01/' standard='NewsML-G2'>\
         <itemMeta><itemClass qcode='ninat:text'/><versionCreated>2016-03-05T09:00:00Z</versionCreated></itemMeta>\
         <contentMeta>{content_meta}</contentMeta><contentSet>{content}</contentSet></newsItem>"
    )
}

#[test]
fn newsml_g2() {
    let meta = "<contentCreated>2016-03-04T10:00:00+01:00</contentCreated><headline>Bridge to open in May</headline>";
    let html = format!("<body><p>{LEAD}</p><p>{REST}</p></body>");
    let inline = |body: &str| {
        format!(
            "<inlineXML contenttype='application/xhtml+xml'><html xmlns='http://www.w3.org/1999/xhtml'>{body}</html></inlineXML>"
        )
    };
    let escaped = html.replace('<', "&lt;").replace('>', "&gt;");
    for content in [
        inline(&html),
        inline(&format!("<head><title/><meta name='a' content='b'/></head>{html}")),
        inline(&format!("<head><title>Bridge to open in May</title><script src='x'/></head>{html}")),
        inline(&html.replace("</p><p>", "</p><br/><p/><p>")),
        format!("<inlineData contenttype='text/html'>{escaped}</inlineData>"),
        format!("<inlineData contenttype='text/plain'>{LEAD}\n\n{REST}</inlineData>"),
        format!(
            "<inlineXML contenttype='application/nitf+xml'><nitf><body><body.content><block><p>{LEAD}</p><p>{REST}</p></block></body.content></body></nitf></inlineXML>"
        ),
    ] {
        check(&newsml(meta, &content), "in.xml", TITLE, DAY);
    }
    // A prefix, a message around it, and several headlines.
    let item = newsml(meta, &inline(&html));
    let prefixed =
        item.replace("<newsItem xmlns=", "<g:newsItem xmlns:g=").replace("</newsItem>", "</g:newsItem>");
    let prefixed = [
        "itemMeta",
        "itemClass",
        "versionCreated",
        "contentMeta",
        "contentCreated",
        "headline",
        "contentSet",
        "inlineXML",
    ]
    .iter()
    .fold(prefixed, |xml, name| {
        xml.replace(&format!("<{name}"), &format!("<g:{name}"))
            .replace(&format!("</{name}"), &format!("</g:{name}"))
    });
    check(&prefixed, "in.xml", TITLE, DAY);
    let message = item.replace("<?xml version='1.0' encoding='UTF-8'?>", "");
    check(&format!("<newsMessage><header/><itemSet>{message}</itemSet></newsMessage>"), "in.xml", TITLE, DAY);
    let several = meta.replace("</headline>", "</headline><headline>Ferries to be sold</headline>");
    check(&newsml(&several, &inline(&html)), "in.xml", TITLE, DAY);
}

#[test]
fn nitf() {
    let item = |head: &str, body: &str| {
        format!("<?xml version='1.0'?><nitf><head>{head}</head><body>{body}</body></nitf>")
    };
    let hedline = "<body.head><hedline><hl1>Bridge to open in May</hl1></hedline></body.head>";
    let content = format!("<body.content><block><p>{LEAD}</p><p>{REST}</p></block></body.content>");
    for (head, expected) in [
        ("<docdata><date.issue norm='20160304T100000Z'/></docdata>", DAY),
        ("<docdata><date.issue norm='2016-03-04T23:30:00-05:00'/></docdata>", DAY),
        ("<docdata><date.release norm='20160304'/></docdata>", DAY),
        ("<docdata><date.issue norm='20160304T003000+0900'></date.issue></docdata>", DAY),
        ("<docdata><date.issue norm=''/><date.release norm='20160304T100000'/></docdata>", DAY),
        ("<docdata/>", None),
    ] {
        check(&item(head, &format!("{hedline}{content}")), "in.xml", TITLE, expected);
    }
    let day = "<docdata><date.issue norm='20160304'/></docdata>";
    for content in [
        format!(
            "<body.content><p>{LEAD}</p><p>{REST}</p></body.content><body.end><tagline>NOR</tagline></body.end>"
        ),
        format!(
            "<body.content><block><p lede='true'>{LEAD}</p></block><block><p>{REST}</p></block></body.content>"
        ),
        format!(
            "<body.content><p>{LEAD}</p><media media-type='image'><media-caption>The bridge in March</media-caption></media><p>{REST}</p></body.content>"
        ),
        format!("<body.content><p>{LEAD}</p><hl2>Tolls</hl2><p>{REST}</p></body.content>"),
        format!(
            "<body.content><p>{LEAD}<br/></p><p>{}</p></body.content>",
            REST.replace("Ada Brandt", "<person>Ada Brandt</person>")
        ),
    ] {
        check(&item(day, &format!("{hedline}{content}")), "in.xml", TITLE, DAY);
    }
}

#[test]
fn xhtml() {
    let body = format!("<h1>Bridge to open in May</h1><div><p>{LEAD}</p><p>{REST}</p></div>");
    let xmlns = "xmlns='http://www.w3.org/1999/xhtml'";
    for page in [
        format!(
            "<?xml version='1.0' encoding='UTF-8'?><html {xmlns}><head><title/><script src='x'/></head><body>{body}</body></html>"
        ),
        format!(
            "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x'><html {xmlns}><head><title>Bridge to open in May</title><style/></head><body>{body}</body></html>"
        ),
        format!(
            "<html {xmlns} lang='en'><head><title>Bridge to open in May</title></head><body><a name='top'/><iframe src='x'/>{body}</body></html>"
        ),
        format!(
            "\u{feff}<?xml version='1.0'?><html {xmlns}><body><div class='ad'/><textarea/>{body}</body></html>"
        ),
        format!(
            "<?xml version='1.0'?>\n<!-- made by x -->\n<html {xmlns}><head><title>Bridge to open in May</title></head><body><script type='x'><![CDATA[ if (a < b) {{}} ]]></script>{body}</body></html>"
        ),
    ] {
        check(&page, "in.xhtml", TITLE, None);
    }
}

#[test]
fn ninjs() {
    let html = format!("<p>{LEAD}</p><p>{REST}</p>").replace('"', "\\\"");
    let plain = format!("{LEAD}\\n\\n{REST}");
    for item in [
        // 1.x
        format!(
            r#"{{"uri": "urn:1", "type": "text", "versioncreated": "2016-03-04T10:00:00+01:00", "headline": "Bridge to open in May", "body_xhtml": "<div>{html}</div>"}}"#
        ),
        format!(
            r#"{{"uri": "urn:1", "versioncreated": "2016-03-04T10:00:00Z", "headline": "Bridge to open in May", "body_text": "{plain}", "body_html": "{html}"}}"#
        ),
        format!(
            r#"{{"uri": "urn:1", "firstcreated": "2016-03-04T10:00:00Z", "versioncreated": "2016-03-09T10:00:00Z", "headline": "Bridge to open in May", "body_text": "{plain}"}}"#
        ),
        // 2.x
        format!(
            r#"{{"uri": "urn:1", "versioncreated": "2016-03-04T10:00:00Z", "headlines": [{{"role": "main", "value": "Bridge to open in May"}}], "bodies": [{{"role": "main", "contenttype": "text/html", "value": "{html}"}}]}}"#
        ),
        format!(
            r#"{{"uri": "urn:1", "versioncreated": "2016-03-04T10:00:00Z", "headlines": [{{"value": "Bridge to open in May"}}], "bodies": [{{"role": "teaser", "value": "Ferries to be sold"}}, {{"role": "main", "contenttype": "text/plain", "value": "{plain}"}}]}}"#
        ),
        // 3.x
        format!(
            r#"{{"uri": "urn:1", "standard": {{"name": "ninjs", "version": "3.0"}}, "versionCreated": "2016-03-04T10:00:00Z", "headlines": [{{"value": "Bridge to open in May"}}], "bodies": [{{"contentType": "text/html", "value": "{html}"}}]}}"#
        ),
        format!(
            r#"{{"uri": "urn:1", "standard": {{"name": "ninjs"}}, "contentCreated": "2016-03-04T10:00:00Z", "versionCreated": "2016-03-09T10:00:00Z", "headlines": [{{"role": "main", "value": "Bridge to open in May"}}], "bodies": [{{"contentType": "application/nitf+xml", "value": "<nitf><body><body.content>{html}</body.content></body></nitf>"}}, {{"contentType": "text/html", "value": "{html}"}}]}}"#
        ),
    ] {
        check(&item, "in.json", TITLE, DAY);
    }
    let withdrawn = format!(
        r#"{{"uri": "urn:1", "pubstatus": "canceled", "headline": "Bridge to open in May", "body_text": "{plain}"}}"#
    );
    let article = one(withdrawn.as_bytes(), "in.json");
    assert!(article.notices.iter().any(|n| n.kind == NoticeKind::Withdrawn));
}

// Feeds

#[test]
fn days_in_feeds_are_those_of_their_zone() {
    let rss = |date: &str| {
        format!(
            "<rss version='2.0'><channel><title>The Sound</title><item><title>Bridge to open in May</title><pubDate>{date}</pubDate><description>&lt;p&gt;{LEAD}&lt;/p&gt;&lt;p&gt;{REST}&lt;/p&gt;</description></item></channel></rss>"
        )
    };
    for date in [
        "Fri, 04 Mar 2016 23:30:00 PST",
        "Fri, 04 Mar 2016 23:30:00 -0800",
        "Fri, 4 Mar 2016 23:30 EST",
        "04 Mar 2016 00:30:00 CET",
        "Fri, 04 Mar 2016 00:30:00 AEDT",
        "Friday, 04 March 2016 00:30:00 IST",
        "Fri, 04 Mar 16 23:30:00 CDT",
        "2016-03-04T23:30:00-05:00",
        "2016-03-04 23:30:00",
        "Mar 4, 2016 11:30 PM",
    ] {
        check(&rss(date), "in.rss", TITLE, DAY);
        let atom = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>Bridge to open in May</title><published>{date}</published><updated>2016-03-09T00:00:00Z</updated><content type='html'>&lt;p&gt;{LEAD}&lt;/p&gt;&lt;p&gt;{REST}&lt;/p&gt;</content></entry></feed>"
        );
        check(&atom, "in.atom", TITLE, DAY);
        let json = format!(
            r#"{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"id": "1", "title": "Bridge to open in May", "date_published": "{date}", "content_html": "<p>{LEAD}</p><p>{REST}</p>"}}]}}"#
        );
        check(&json, "in.json", TITLE, DAY);
    }
}

#[test]
fn texts_in_feeds() {
    let markup = format!("<p>{LEAD}</p><p>{REST}</p>");
    let escaped = markup.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let twice = escaped.replace('&', "&amp;");
    for inside in [
        format!("<content:encoded><![CDATA[{markup}]]></content:encoded>"),
        format!("<description>Short.</description><content:encoded>{escaped}</content:encoded>"),
        format!("<content:encoded><![CDATA[{markup}]]></content:encoded><description>{LEAD}</description>"),
        format!("<description>{twice}</description>"),
        format!(
            "<description>{}</description>",
            escaped.replace('“', "&amp;#8220;").replace('”', "&amp;rdquo;")
        ),
        format!("<description><div xmlns='http://www.w3.org/1999/xhtml'>{markup}</div></description>"),
    ] {
        let rss = format!(
            "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><item><title><![CDATA[Bridge to open in May]]></title>{inside}</item></channel></rss>"
        );
        check(&rss, "in.xml", TITLE, None);
    }
}

// Pages

fn blocks(inside: &str) -> Vec<(BlockKind, String)> {
    let long = format!("{LEAD} {REST}");
    let page = format!(
        "<body><article><h1>Bridge to open in May</h1><p>{long}</p>{inside}<p>{long}</p></article></body>"
    );
    let article = articles(page.as_bytes(), "in.html").remove(0);
    let named = article.blocks.iter().map(|b| (b.kind, b.span.of(&article.text).to_owned()));
    named.filter(|(kind, text)| *kind != BlockKind::Headline && *text != long).collect()
}

#[test]
fn block_quotations_and_who_is_quoted() {
    let words = "We have asked the state for money twice. We were refused twice.";
    for (inside, signed) in [
        (
            format!(
                "<blockquote><p>{words}</p>&mdash; Jon Holm (@jonholm) <a href=x>March 4, 2016</a></blockquote>"
            ),
            "— Jon Holm (@jonholm) March 4, 2016",
        ),
        (
            format!(
                "<div class=social-embed><blockquote class=twitter-tweet data-x=1><p lang=en dir=ltr>{words}</p>— Jon Holm (@jonholm)</blockquote><script async src=x></script></div>"
            ),
            "— Jon Holm (@jonholm)",
        ),
        (
            format!(
                "<figure><blockquote cite=https://sound.example><p>{words}</p></blockquote><figcaption>Jon Holm, in <cite>The Sound</cite></figcaption></figure>"
            ),
            "Jon Holm, in The Sound",
        ),
        (
            format!("<blockquote><p>{words}</p><p><cite>Jon Holm, harbour master</cite></p></blockquote>"),
            "Jon Holm, harbour master",
        ),
        (format!("<blockquote>{words}<br/>– Jon Holm</blockquote>"), "– Jon Holm"),
        (format!("<blockquote><p>{words}</p><p>― Jon Holm</p></blockquote>"), "― Jon Holm"),
        (format!("<blockquote><div>{words}</div><footer>Jon Holm</footer></blockquote>"), "Jon Holm"),
        (format!("<div class=quote-module><blockquote>{words}</blockquote></div>"), ""),
    ] {
        let mut expected = vec![(BlockKind::BlockQuotation, words.to_owned())];
        if !signed.is_empty() {
            expected.push((BlockKind::Attribution, signed.to_owned()));
        }
        assert_eq!(blocks(&inside), expected, "{inside}");
    }
}

#[test]
fn questions_of_interviews() {
    let talk = [
        ("When will the bridge open?", "In May, as I have always told you."),
        ("Who will pay for it?", "Nobody will. I have said so many times."),
        ("And the ferries?", "They will be sold, all of them."),
    ];
    for form in [
        "<p><strong>Q</strong></p><p>A</p>",
        "<p><strong>Q</strong><br>A</p>",
        "<p><b>Q</b><br/><br/>A</p>",
        "<h4>Q</h4><p>A</p>",
        "<p><strong><em>Q</em></strong></p><p>A</p>",
        "<p><b>“Q”</b></p><p>A</p>",
        "<div><p><strong>Q </strong></p></div><div><p>A</p></div>",
    ] {
        let inside: String = talk.iter().map(|(q, a)| form.replace('A', a).replace('Q', q)).collect();
        let found = blocks(&inside);
        let kinds: Vec<_> = found.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [BlockKind::Question, BlockKind::Paragraph].repeat(3), "{form}: {found:?}");
        for ((question, answer), pair) in talk.iter().zip(found.chunks(2)) {
            assert_eq!((pair[0].1.trim_matches(['“', '”']), &*pair[1].1), (*question, *answer), "{form}");
        }
    }
}

// JSON

#[test]
fn lists_in_json_without_a_name() {
    let one = format!(r#"{{"id": "a", "text": "{LEAD}"}}"#);
    let two = format!(r#"{{"id": "b", "html": "<p>{REST}</p>", "date": "2016-03-04"}}"#);
    for (input, count) in [
        (format!("[{one}, {two}]"), 2),
        (format!("\n\t[\n{one}\n,\n{two}\n]\n"), 2),
        (format!("\u{feff}[{one},{two}]"), 2),
        (format!("{one}\n{two}\n"), 2),
        (format!("{one}\r\n\r\n{two}"), 2),
        (one.replace(", \"text", ",\n  \"text").replace('{', "{\n  "), 1),
        (format!("[{one}]"), 1),
    ] {
        let all = articles(input.as_bytes(), "-");
        assert_eq!(all.len(), count, "{input}");
        assert_eq!(all[0].text, LEAD, "{input}");
        assert_eq!(all[0].source_id, "a", "{input}");
        if let Some(second) = all.get(1) {
            assert_eq!((second.text.trim(), second.source_id.as_str()), (REST, "b"), "{input}");
            assert_eq!(second.metadata.published.map(|d| d.to_string()).as_deref(), DAY, "{input}");
        }
    }
}

#[test]
fn what_is_passed_over_is_counted_by_type() {
    let answer = |kind: &str| response(&format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}"), b"x");
    let mut all: Vec<u8> = Vec::new();
    for n in 0..10 {
        all.extend(answer(&format!("image/x{n}; q=1")));
    }
    all.extend(answer("image/x0"));
    all.extend(record(
        "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: x\r\nContent-Type: image/x0",
        b"x",
    ));
    let mut read = documents(all.as_slice(), "in.warc", None);
    assert_eq!(read.by_ref().count(), 0);
    let said = read.passed_over().unwrap();
    assert!(said.contains("passed over 12 answers that are not pages: 3 image/x0, "), "{said}");
    assert!(said.ends_with(", 2 other kinds"), "{said}");
    let of = |kind: &str| {
        let one = answer(kind);
        let mut read = documents(one.as_slice(), "in.warc", None);
        assert_eq!(read.by_ref().count(), 0);
        read.passed_over().unwrap()
    };
    assert!(
        of("image/png").ends_with("passed over 1 answer that is not a page: 1 image/png"),
        "{}",
        of("image/png")
    );
    assert!(of(&format!("image/{}", "x".repeat(54))).ends_with('x'));
    assert!(of(&format!("image/{}", "x".repeat(55))).ends_with("1 of no known type"));
}

#[test]
fn texts_that_an_archive_made_of_pages() {
    let head = "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://sound.example/bridge\r\nContent-Type: text/plain";
    let article =
        one(&record(head, format!("Bridge to open in May\n\n{LEAD}\n\n{REST}").as_bytes()), "in.wet");
    assert_eq!(article.metadata.url.as_deref(), Some("https://sound.example/bridge"));
}

#[test]
fn of_several_contents_the_longest_is_the_article() {
    let entry = |contents: &str| {
        format!(
            "<rss version='2.0'><channel><item><title>Bridge to open in May</title>{contents}</item></channel></rss>"
        )
    };
    let content = |text: &str| format!("<content:encoded>&lt;p>{text}&lt;/p></content:encoded>");
    let (long, short) = (content(&format!("{LEAD}&lt;/p>&lt;p>{REST}")), content("The ferries stop."));
    check(&entry(&format!("{short}{long}")), "in.rss", TITLE, None);
    check(&entry(&format!("{long}{short}")), "in.rss", TITLE, None);
}

#[test]
fn items_without_a_name_are_called_after_their_input() {
    let item = newsml(
        "<by>By Jo Dahl</by><headline>Bridge to open in May</headline>",
        &format!("<inlineData contenttype='text/plain'>{LEAD}\n\n{REST}</inlineData>"),
    );
    let article = one(item.as_bytes(), "in.xml");
    assert_eq!(article.source_id, "in.xml#1");
    assert_eq!(article.metadata.bylines, ["Jo Dahl"]);
}

#[test]
fn what_a_text_says_of_itself() {
    let text = format!(
        "Bridge to open in May, minister says\nBy Jo Dahl\n\nTALLBERG, March 4 (NOR) -- {LEAD}\n\n{REST}"
    );
    let article = onrecord_page::read_text(text, &Hints::default());
    let metadata = &article.metadata;
    assert_eq!(metadata.title.as_deref(), Some("Bridge to open in May, minister says"));
    assert_eq!(metadata.bylines, ["Jo Dahl"]);
    let dateline = metadata.dateline.as_ref().unwrap();
    assert_eq!((dateline.place.as_deref(), dateline.agency.as_deref()), (Some("TALLBERG"), Some("NOR")));
    assert_eq!(dateline.date.unwrap().to_string(), "XXXX-03-04");
}
