use super::*;

#[track_caller]
fn check(article: &Article, expected: &[(&str, &str)]) {
    let found: Vec<_> = article.blocks.iter().map(|b| (b.kind.name(), b.span.of(&article.text))).collect();
    assert_eq!(found, expected);
}

/// Enough words for a page to count as an article.
const LONG: &str = "The bridge over the sound will open in May, four years after the date that the council was first \
    given, and nobody will be charged for crossing it, the minister told reporters at the ferry landing on Monday.";

#[test]
fn blocks_of_a_page() {
    let late = format!("{LONG} It is late.");
    let page = format!(
        "<html><head><title>Bridge opens in May</title></head><body><nav><a href=/>Home</a></nav><article>\
         <h1>Bridge opens in May</h1><div class=byline>By Jo Dahl</div>\
         <figure><img src=x><figcaption>The bridge in March <span class=credit>Jo Dahl/NORDFOTO</span></figcaption></figure>\
         <p>TALLBERG, March 4 (NOR) -- {LONG}</p><blockquote><p>We are late.</p></blockquote>\
         <div class=share-tools>Share this article</div><p>{LONG}</p><p>{late}</p>\
         <p><a href=x>Read more: Ferries to stop in June</a></p></article><footer>All rights reserved</footer></body></html>"
    );
    let article = article(&page);
    assert_eq!(article.metadata.bylines, ["Jo Dahl"]);
    check(
        &article,
        &[
            ("headline", "Bridge opens in May"),
            ("caption", "The bridge in March"),
            ("credit", "Jo Dahl/NORDFOTO"),
            ("dateline", "TALLBERG, March 4 (NOR) --"),
            ("paragraph", LONG),
            ("block_quotation", "We are late."),
            ("paragraph", LONG),
            ("paragraph", &late),
        ],
    );
}

#[test]
fn a_first_paragraph_in_another_element_is_found() {
    let first = format!("FIRST. {LONG}");
    let page = format!(
        "<body><h1>Bridge opens in May</h1><div class=opening><section><p>{first}</p></section></div>\
         <div><div id=content><p>{LONG}</p><p>{LONG}</p><p>{LONG}</p></div></div></body>"
    );
    let article = article(&page);
    assert!(article.text.contains(&first), "{}", article.text);
}

#[test]
fn the_text_in_linked_data_stands_in_for_one_that_a_script_shows() {
    let page = format!(
        "<script type='application/ld+json'>{{\"@type\": \"NewsArticle\", \"headline\": \"Bridge opens in May\", \
         \"articleBody\": \"{LONG} {LONG}\"}}</script><body><h1>Bridge opens in May</h1><p>Please enable scripts.</p></body>"
    );
    let text = format!("{LONG} {LONG}");
    check(&article(&page), &[("headline", "Bridge opens in May"), ("paragraph", &text)]);
}

#[test]
fn posts_are_kept_and_offers_are_not() {
    let page = format!(
        "<body><article><h1>Bridge opens in May</h1><p>{LONG}</p>\
         <div class=embed-social><blockquote class=twitter-tweet><p>Four years late. Remarkable.</p></blockquote></div>\
         <p>{LONG}</p><p>Image 2 of 5</p><p>Follow the sound on Twitter and Facebook.</p><p>Updated 5:27 am CST, Wednesday, November 20, 2019</p><p>{LONG}</p>\
         <p>Sign up for our newsletter and have the sound's news sent to you every morning, before anybody else has it.</p>\
         <p>(Reporting by Jo Dahl and Pia Lund; Editing by Erik Sund)</p></article></body>"
    );
    let article = article(&page);
    let kinds: Vec<_> = article.blocks.iter().map(|b| b.kind.name()).collect();
    assert_eq!(kinds, ["headline", "paragraph", "block_quotation", "paragraph", "paragraph", "byline"]);
}

/// The times, headings, authors and texts of posts.
const POSTS: [[&str; 3]; 4] = [
    ["14:32", "Pontoon arrives early", "Jo Dahl"],
    ["14:05", "Council meets on Friday", "Pia Lund"],
    ["13:41", "Board publishes survey", "Jo Dahl"],
    ["9:58", "Ferries leave the old quay", "Erik Sund"],
];

/// How a post with this head and text is written.
type Post = fn([&str; 3], &str) -> String;

/// A live blog whose posts are written like this.
fn live(around: [&str; 2], post: impl Fn([&str; 3], &str) -> String) -> Article {
    let texts = distinct(4);
    let posts: String = POSTS.iter().zip(&texts).map(|(head, text)| post(*head, text)).collect();
    let [before, after] = around;
    article(&format!(
        "<body><main><h1>Bridge opens in May</h1><p>All of it. {LONG}</p>{before}{posts}{after}</main></body>"
    ))
}

#[test]
fn posts_of_a_live_blog_have_headings_and_neither_times_nor_authors() {
    let forms: [(&str, [&str; 2], Post); 13] = [
        ("articles", ["<div>", "</div>"], |[t, h, by], x| {
            format!(
                "<article class=post><header><time>{t}</time><h2>{h}</h2><p class=byline>{by}</p></header><p>{x}</p></article>"
            )
        }),
        ("items", ["<ol>", "</ol>"], |[t, h, _], x| {
            format!("<li><div><time>{t} CET</time></div><h3>{h}</h3><p>{x}</p></li>")
        }),
        ("links", ["<div>", "</div>"], |[t, h, _], x| {
            format!(
                "<section><a href='#a'><time>{t}</time></a><h2><a href='?x#{t}'>{h}</a></h2><div><p>{x}</p></div></section>"
            )
        }),
        ("bold", ["<div>", "</div>"], |[t, h, _], x| {
            format!("<div class=post><p><time>{t}</time> <strong>{h}</strong></p><p>{x}</p></div>")
        }),
        ("one line", ["<div>", "</div>"], |[t, h, _], x| {
            format!("<div class=post><div><time>{t}</time> {h}</div><p>{x}</p></div>")
        }),
        ("in the heading", ["<div>", "</div>"], |[t, h, by], x| {
            format!("<div><h3><span class=time>{t}</span> &ndash; {h}</h3><p>{x}</p><p>By {by}</p></div>")
        }),
        ("ago", ["<div>", "</div>"], |[_, h, by], x| {
            format!(
                "<article><div><span>2 hours ago</span><span>{by}</span></div><h2>{h}</h2><p>{x}</p></article>"
            )
        }),
        ("marked", ["<div>", "</div>"], |[t, h, by], x| {
            format!(
                "<div><p><time itemprop=datePublished>{t}</time></p><p itemprop=headline>{h}</p><div><p>{x}</p></div><div><span itemprop=author>{by}</span></div></div>"
            )
        }),
        ("terms", ["<dl>", "</dl>"], |[t, h, _], x| {
            format!("<dt>{t}</dt><dd><strong>{h}</strong><p>{x}</p></dd>")
        }),
        ("flat", ["<div>", "</div>"], |[t, h, _], x| format!("<p><b>{t} — {h}</b></p><p>{x}</p>")),
        ("flat headings", ["", ""], |[t, h, _], x| format!("<h3>{t} GMT: {h}</h3><p>{x}</p>")),
        ("classes", ["<ul>", "</ul>"], |[t, h, by], x| {
            format!(
                "<li class=update><span class=stamp>{t} a.m. ET</span><div class='update title'>{h}</div><div class=author>{by}</div><div>{x}</div></li>"
            )
        }),
        ("in the text", ["<div>", "</div>"], |[t, h, _], x| {
            format!("<div class=post><h4>{h}</h4><p><time>{t}</time> {x}</p></div>")
        }),
    ];
    for (form, around, post) in forms {
        let article = live(around, post);
        let found: Vec<_> = kinds(&article);
        let found: Vec<_> = found[2..].iter().filter(|(kind, _)| *kind != "byline").copied().collect();
        let texts = distinct(4);
        let expected: Vec<_> = POSTS
            .iter()
            .zip(&texts)
            .flat_map(|([_, heading, _], text)| [("headline", *heading), ("paragraph", text.as_str())])
            .collect();
        assert_eq!(found, expected, "{form}");
    }
}

#[test]
fn a_line_that_only_names_somebody_is_the_author_of_the_post() {
    let [a, b, c, d] = ["Ada", "Bo", "Cy", "Di"].map(|x| format!("{x} is here. {}", distinct(1)[0]));
    let blog = |posts: [&str; 4]| {
        let posts: String =
            posts.iter().map(|post| format!("<article class=post>{post}</article>")).collect();
        article(&format!("<body><main><h1>Bridge opens in May</h1>{posts}</main></body>"))
    };
    let post = |before: &str, text: &str| format!("{before}<p>{text}</p>");
    // One time is enough, and a line in bold letters is a heading unless it is a name.
    let article = blog([
        &post("<p><time>14:32</time></p><p><b>Jo Dahl</b></p>", &a),
        &post("<p><b>Pia Lund, health reporter</b></p>", &b),
        &post("<div><div>Erik Sund</div><div>Political editor</div></div>", &c),
        &post("<p><b>Fire chief: “Nobody is hurt”</b></p>", &d),
    ]);
    assert_eq!(
        kinds(&article)[1..],
        [
            ("byline", "Jo Dahl"),
            ("paragraph", a.as_str()),
            ("byline", "Pia Lund, health reporter"),
            ("paragraph", b.as_str()),
            ("byline", "Erik Sund"),
            ("byline", "Political editor"),
            ("paragraph", c.as_str()),
            ("headline", "Fire chief: “Nobody is hurt”"),
            ("paragraph", d.as_str()),
        ]
    );
    // Who is quoted, a sentence, a line that introduces the text, and a heading with a time are parts of the text.
    let quoted = format!("“{a}”");
    let article = blog([
        &post("<p><time>14:32</time></p><p><b>Jo Dahl</b></p>", &quoted),
        &post("<p><b>Pia Lund, who owns the shop:</b></p>", &b),
        &post("<p><b>Erik Sund, 34, is a nurse.</b></p>", &c),
        &post("<p><b>14:05 Fire chief: “Nobody is hurt”</b></p>", &d),
    ]);
    let found: Vec<_> = kinds(&article)[1..].iter().map(|(kind, _)| *kind).collect();
    let text = "paragraph";
    assert_eq!(found, ["headline", text, text, text, text, text, "headline", text]);
    assert_eq!(kinds(&article)[7].1, "Fire chief: “Nobody is hurt”");
    // If the headings are capitalised as titles, two words may be one.
    let article = blog([
        &post("<p><time>14:32</time></p><p><b>Ferries Cancelled</b></p>", &a),
        &post("<p><b>Pontoon Arrives Early in Tallberg</b></p>", &b),
        &post("<h3>Trains Late</h3><p><b>Jo Dahl</b></p>", &c),
        &post("<p><b>Quay Closed</b></p>", &d),
    ]);
    let headings = article.blocks.iter().filter(|b| b.kind == BlockKind::Headline).count();
    assert_eq!(headings, 5, "{:?}", kinds(&article));
    assert!(kinds(&article).contains(&("byline", "Jo Dahl")));
}

#[test]
fn what_only_looks_like_posts_is_left_alone() {
    // A time within a sentence is a part of it.
    let article = live(["<div>", "</div>"], |[t, _, _], x| {
        format!(
            "<div class=part><h3>Rotten</h3><p>{x} The first ferry left at <time>{t}</time>, it said.</p></div>"
        )
    });
    assert!(article.text.contains("left at 14:32, it said.") && article.text.contains("left at 9:58"));
    assert_eq!(article.blocks.iter().filter(|b| b.kind == BlockKind::Headline).count(), 1);
    // Two are no list.
    let two = page(
        "<div><h3>14:32 Early</h3><p>It is here.</p></div><div><h3>14:05 Friday</h3><p>They meet.</p></div>",
    );
    assert!(two.text.contains("14:32 Early"));
    // Teasers lead to other pages.
    let teasers = live(["<div>", "</div>"], |[t, h, _], x| {
        format!("<div class=card><time>{t}</time><h3><a href=/{t}.html>{h}</a></h3><p>{x}</p></div>")
    });
    assert!(!teasers.text.contains("Pontoon"), "{}", teasers.text);
    // Numbers in a table are no times.
    let rows = POSTS.map(|[t, h, _]| format!("<tr><td>{t}</td><td>{h}</td></tr>")).concat();
    assert!(page(&format!("<table>{rows}</table>")).text.contains("14:05 Council meets"));
    // The headline of the page stays one, and so does the text under it.
    let blocks = page("<div><time>9:10</time><p>One.</p></div>").blocks;
    assert_eq!(blocks[0].kind, BlockKind::Headline);
}

#[test]
fn what_the_search_unwraps_or_weighs_by_links_is_kept() {
    let page = format!(
        "<body><article><h1>Bridge opens in May</h1><p>{LONG}</p>\
         <div class=caption><p>The bridge over the sound in March, seen from the ferry landing</p></div><p>{LONG}</p>\
         <div class=embed><blockquote><p>Four years late. <a href=https://sound.example/photo>sound.example/photo</a></p>\
         &mdash; Pia Lund <a href=https://sound.example/pia/1>March 4, 2016</a></blockquote></div><p>{LONG}</p></article></body>"
    );
    let article = article(&page);
    let kinds: Vec<_> = article.blocks.iter().map(|b| b.kind.name()).collect();
    let posted = ["block_quotation", "attribution"];
    assert_eq!(
        kinds,
        [&["headline", "paragraph", "caption", "paragraph"], &posted[..], &["paragraph"]].concat()
    );
    assert!(article.text.contains("— Pia Lund March 4, 2016"));
}

fn kinds(article: &Article) -> Vec<(&'static str, &str)> {
    let named = |b: &Block| (b.kind.name(), b.span.of(&article.text));
    article.blocks.iter().map(named).filter(|(_, text)| *text != LONG).collect()
}

fn page(inside: &str) -> Article {
    article(&format!(
        "<body><article><h1>Bridge opens in May</h1><p>{LONG}</p>{inside}<p>{LONG}</p></article></body>"
    ))
}

#[test]
fn quotations_set_as_blocks_keep_their_attribution() {
    let words = "<p>We are late, and I am sorry for that.</p>";
    for (inside, attribution) in [
        (
            format!(
                "<figure><blockquote>{words}</blockquote><figcaption>— <cite>Ada Brandt</cite></figcaption></figure>"
            ),
            "— Ada Brandt",
        ),
        (
            format!(
                "<figure class=quote><blockquote>{words}</blockquote><figcaption>Ada Brandt, minister</figcaption></figure>"
            ),
            "Ada Brandt, minister",
        ),
        (format!("<blockquote>{words}<cite>Ada Brandt</cite></blockquote>"), "Ada Brandt"),
        (format!("<blockquote>{words}<footer>— Ada Brandt</footer></blockquote>"), "— Ada Brandt"),
        (format!("<blockquote>{words}<p class=quote__author>Ada Brandt</p></blockquote>"), "Ada Brandt"),
        (
            format!(
                "<blockquote class=post>{words}&mdash; Ada Brandt (<a href=x>@brandt</a>) <a href=y>March 4, 2016</a></blockquote>"
            ),
            "— Ada Brandt (@brandt) March 4, 2016",
        ),
        (
            "<blockquote>We are late, and I am sorry for that.<br>— Ada Brandt</blockquote>".to_owned(),
            "— Ada Brandt",
        ),
        (format!("<aside class=pull-quote>{words}<p class=attribution>Ada Brandt</p></aside>"), "Ada Brandt"),
    ] {
        let article = page(&inside);
        assert_eq!(
            kinds(&article),
            [
                ("headline", "Bridge opens in May"),
                ("block_quotation", "We are late, and I am sorry for that."),
                ("attribution", attribution)
            ],
            "{inside}"
        );
    }
    // Styles or a line break separate the name from the office.
    for (signed, lines) in [
        ("<strong>Ada Brandt</strong><br>Head nurse", &["Ada Brandt", "Head nurse"][..]),
        ("Ada Brandt<span>Head nurse</span>", &["Ada Brandt Head nurse"]),
        ("<b>Ada Brandt</b>Head nurse", &["Ada Brandt Head nurse"]),
        ("<b>Ada Brandt</b>, head nurse", &["Ada Brandt, head nurse"]),
    ] {
        let article = page(&format!(
            "<figure class=quote><blockquote>{words}</blockquote><figcaption>{signed}</figcaption></figure>"
        ));
        let attributions: Vec<&str> = kinds(&article)
            .into_iter()
            .filter(|(kind, _)| *kind == "attribution")
            .map(|(_, text)| text)
            .collect();
        assert_eq!(attributions, lines, "{signed}");
    }
    // A work named within the words is not a speaker.
    let article = page(
        "<blockquote><p>I read <cite>The Bridge</cite> as a child, and I never went there.</p></blockquote>",
    );
    assert_eq!(kinds(&article)[1].0, "block_quotation");
    assert_eq!(kinds(&article).len(), 2);
}

#[test]
fn words_set_in_large_letters_beside_the_text_count_once() {
    let aside =
        "<aside class=pullquote>“We are late, and I am sorry.”<p class=attribution>Ada Brandt</p></aside>";
    let article = page(&format!("{aside}<p>“We are late, and I am sorry,” Minister Ada Brandt said.</p>"));
    assert_eq!(article.text.matches("We are late").count(), 1);
    assert_eq!(kinds(&article).len(), 2);
}

/// Different paragraphs of fourteen words each.
fn distinct(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| format!("Pile {n} of the bridge is rotten, the engineer told the council on Monday."))
        .collect()
}

fn repeated(article: &Article) -> bool {
    article.notices.iter().any(|n| n.kind == NoticeKind::Repeated)
}

#[test]
fn a_text_for_phones_and_for_large_screens_is_read_once() {
    let paragraphs = distinct(6);
    let marked = |tag: &str| paragraphs.iter().map(|p| format!("<{tag}>{p}</{tag}>")).collect::<Vec<_>>();
    let (one, mut other) = (marked("p"), marked("div"));
    other.insert(3, "<h4>Only for phones</h4>".to_owned());
    let mut heading = one.clone();
    heading.insert(2, "<h2>Rotten</h2>".to_owned());
    let with_heading = |at: usize| {
        let mut all = marked("p");
        all.insert(at, "<h2>Rotten</h2>".to_owned());
        all.concat()
    };
    for (large, small) in [
        (one.concat(), one.concat()),
        (one.concat(), other.concat()),
        (one.concat(), one[2..].concat()),
        (with_heading(2), with_heading(2)),
        (with_heading(0), with_heading(0)),
        (one.concat(), one.concat() + &one.concat()),
    ] {
        let page = format!(
            "<body><article><h1>Bridge opens in May</h1><div class=large>{large}</div><div class=small>{small}</div></article></body>"
        );
        let article = article(&page);
        for paragraph in &paragraphs {
            assert_eq!(article.text.matches(paragraph.as_str()).count(), 1, "{}", article.text);
        }
        assert!(article.text.matches("Rotten").count() <= 1);
        assert!(repeated(&article));
    }
}

#[test]
fn of_two_copies_the_one_in_the_flow_of_the_article_is_kept() {
    let paragraphs: Vec<String> =
        (0..8).map(|n| format!("Pile {n} of the bridge is rotten. {LONG}")).collect();
    let marked = |range: std::ops::Range<usize>, before: &str, after: &str| {
        paragraphs[range].iter().map(|p| format!("{before}{p}{after}")).collect::<String>()
    };
    let (all, flat) = (marked(0..8, "<p>", "</p>"), marked(3..6, "<p>", "</p>"));
    let captions = marked(0..3, "<figure><img src=x><figcaption>", "</figcaption></figure>");
    let list = format!("<ul>{}</ul>", marked(3..6, "<li>", "</li>"));
    let boxed = format!("<div class=box>{flat}</div>");
    let sections = marked(0..8, "<section class=part><div><p>", "</p></div></section>");
    let body = |inside: &str| format!("<div class=body>{inside}</div>");
    let middle = |inside: &str| body(&(marked(0..2, "<p>", "</p>") + inside + &marked(2..8, "<p>", "</p>")));
    for inside in [
        captions.clone() + &all,
        captions.clone() + &body(&all),
        format!("{list}{all}"),
        flat.clone() + &all,
        boxed.clone() + &sections,
        format!("<div class=box>{flat}<p>Only for phones.</p></div>{sections}"),
        middle(&boxed),
        middle(&list),
        // Each of the two before the article goes.
        format!("{list}{captions}") + &all,
        format!("{boxed}<h2>Rotten</h2>{boxed}") + &body(&all),
        // The copy after the article goes, too.
        all.clone() + &captions,
        all.clone() + &boxed,
        format!("{captions}{all}{list}"),
    ] {
        let article =
            article(&format!("<body><article><h1>Bridge opens in May</h1>{inside}</article></body>"));
        let piles = article.blocks.iter().map(|b| (b.kind.name(), b.span.of(&article.text)));
        let piles: Vec<_> = piles.filter(|(_, text)| text.starts_with("Pile")).collect();
        let expected: Vec<_> = paragraphs.iter().map(|p| ("paragraph", p.as_str())).collect();
        assert_eq!(piles, expected, "{inside}");
    }
}

#[test]
fn a_copy_in_furniture_goes() {
    let p: Vec<String> = (0..5).map(|n| format!("Pile {n} of the bridge is rotten. {LONG}")).collect();
    let teaser = format!("<p class=teaser>{}</p><p class=teaser>{}</p>", p[2], p[3]);
    let [first, rest] = [&p[..1], &p[1..]].map(|part| format!("<p>{}</p>", part.join("</p><p>")));
    let article = article(&format!(
        "<body><article><h1>Bridge opens in May</h1>{first}{teaser}{rest}</article></body>"
    ));
    let found: Vec<&str> = article.blocks[1..].iter().map(|b| b.span.of(&article.text)).collect();
    assert_eq!(found, p);
}

#[test]
fn headings_of_a_copy_go_with_it() {
    let paragraphs = numbered(4).concat();
    let heading = "<h2>Rotten</h2>";
    let of = |inside: &str| {
        let article =
            article(&format!("<body><article><h1>Bridge opens in May</h1>{inside}</article></body>"));
        article.blocks.iter().map(|b| b.span.of(&article.text)[..6].to_owned()).collect::<Vec<_>>()
    };
    let last = "<p>Pile 4 of the bridge will be replaced in May, said the engineer of the town council.</p>";
    let expected = ["Bridge", "Rotten", "Pile 0", "Pile 1", "Pile 2", "Pile 3", "Pile 4"];
    // The second copy is next to a paragraph that the page has once, the first one in the other page.
    assert_eq!(of(&format!("{heading}{paragraphs}{heading}{paragraphs}{last}")), expected);
    assert_eq!(
        of(&format!("<div>{heading}{paragraphs}{last}</div><div>{heading}{paragraphs}</div>")),
        expected
    );
}

#[test]
fn a_refrain_is_no_copy() {
    let refrain =
        "We shall cross the water in the morning, and the bridge shall carry us all to the far side of it.";
    let second = "Nobody shall pay the ferryman any more, and nobody shall wait for him at night in the cold November rain.";
    let paragraphs = distinct(12);
    let page = |refrain: &str| {
        let verses: String = paragraphs
            .chunks(4)
            .map(|verse| verse.iter().map(|p| format!("<p>{p}</p>")).collect::<String>() + refrain)
            .collect();
        article(&format!("<body><article><h1>Bridge opens in May</h1>{verses}</article></body>"))
    };
    let one = page(&format!("<p>{refrain}</p>"));
    assert_eq!(one.text.matches(refrain).count(), 3);
    let two = page(&format!("<p>{refrain}</p><p>{second}</p>"));
    assert_eq!((two.text.matches(refrain).count(), two.text.matches(second).count()), (3, 3));
    assert!(!repeated(&one) && !repeated(&two));
}

#[test]
fn paragraphs_that_directly_follow_themselves_are_read_once() {
    let paragraphs: Vec<String> = distinct(8).iter().map(|p| format!("<p>{p}</p>")).collect();
    let all = paragraphs.concat();
    let each = |p: &String| format!("<div class=visible-lg>{p}</div><div class=visible-xs>{p}</div>");
    for doubled in [
        paragraphs.iter().map(each).collect::<String>(),
        format!("<div class=summary>{}</div>{all}", paragraphs[..2].concat()),
        format!("{}{all}", paragraphs[0]),
    ] {
        let article =
            article(&format!("<body><article><h1>Bridge opens in May</h1>{doubled}</article></body>"));
        assert_eq!(article.blocks.len(), 9, "{}", article.text);
        assert!(repeated(&article));
    }
    // A short answer, and a quotation that is repeated later, stay.
    let twice = page(&format!("<p>No, no.</p><p>No, no.</p>{}{all}{}", paragraphs[7], paragraphs[0]));
    assert_eq!((twice.text.matches("No, no.").count(), repeated(&twice)), (2, false));
}

#[test]
fn questions_put_to_two_people_are_no_copy() {
    let questions = [
        "Will you vote for a law that closes the old harbour of Tallberg for good in the coming year?",
        "Should the town build a second bridge over the sound for those who walk and for those who cycle?",
        "Do you want the ferry company to keep its boats in the winter months, when nobody crosses the sound?",
    ];
    let asked = |name: &str, answers: [&str; 3]| {
        let each = questions.iter().zip(answers).map(|(q, a)| format!("<p>{q}</p><p>{a}</p>"));
        format!("<h2>{name}</h2>{}", each.collect::<String>())
    };
    let (one, two) = (
        asked("Ada Brandt", ["Yes.", "No.", "Never."]),
        asked("Pia Lund", ["Of course.", "They should.", "Perhaps."]),
    );
    let article = article(&format!("<body><article><h1>Two answers</h1>{one}{two}</article></body>"));
    assert!(questions.iter().all(|q| article.text.matches(q).count() == 2), "{}", article.text);
    assert!(!repeated(&article));
}

#[test]
fn a_long_quotation_that_is_repeated_is_no_copy() {
    let quotation = format!(
        "“{}”",
        "Nobody will pay a toll to cross the bridge, not now and not in ten years. ".repeat(9).trim()
    );
    let around = distinct(4).iter().map(|p| format!("<p>{p}</p>")).collect::<String>();
    let article = article(&format!(
        "<body><article><h1>Two speeches</h1><p>Ada Brandt said in May:</p><p>{quotation}</p>{around}\
         <p>Pia Lund read it to the council in June:</p><p>{quotation}</p></article></body>"
    ));
    assert_eq!(article.text.matches(quotation.as_str()).count(), 2, "{}", article.text);
    assert!(!repeated(&article));
}

#[test]
fn an_article_in_a_shadow_root_is_read() {
    let paragraphs: String = distinct(6).iter().map(|p| format!("<p>{p}</p>")).collect();
    let page = |mode: &str| {
        article(&format!(
            "<body><h1>Bridge opens in May</h1><x-story><template {mode}><article>{paragraphs}<slot></slot></article></template>\
             <p>The ferries will be sold, the mayor said.</p></x-story></body>"
        ))
    };
    let shown = page("shadowrootmode=open");
    assert!(shown.text.contains("Pile 5 of") && shown.text.contains("ferries"), "{}", shown.text);
    assert!(shown.notices.is_empty());
}

#[test]
fn text_that_no_slot_shows_is_left_out_with_a_notice() {
    let paragraphs = distinct(4).iter().map(|p| format!("<p>{p}</p>")).collect::<String>();
    let page = |root: &str| {
        let more = format!("<x-more><template shadowrootmode=open>{root}</template>{paragraphs}</x-more>");
        let inside = numbered(4).concat().replace("Pile", "Beam");
        article(&format!("<body><article><h1>Bridge opens in May</h1>{inside}{more}</article></body>"))
    };
    let (without, with) = (page("<button>More</button>"), page("<slot></slot>"));
    assert!(without.text.contains("Beam 3 of") && !without.text.contains("Pile"), "{}", without.text);
    let [notice] = &without.notices[..] else { panic!("{:?}", without.notices) };
    assert_eq!(notice.kind, NoticeKind::Truncated);
    assert!(notice.message.contains(" 56 words in elements whose shadow roots have no slot"));
    assert!(with.text.contains("Pile 3 of") && with.notices.is_empty());
}

#[test]
fn paragraphs_before_elements_that_are_never_closed_are_kept() {
    let paragraphs: Vec<String> = (0..30).map(|n| format!("Pile {n} of the bridge. {LONG}")).collect();
    let marked =
        |from: &[String], before: &str| from.iter().map(|p| format!("{before}{p}")).collect::<String>();
    for (first, count) in [(1, 5), (1, 30), (2, 30), (7, 30)] {
        let (first, rest) = paragraphs[..count].split_at(first);
        for inside in [
            marked(first, "<div><div><div><p>") + "<div><div>" + &marked(rest, "<p>"),
            marked(first, "<div><div>") + "<div class=body>" + &marked(rest, "<p>"),
            marked(first, "<section><div class=part>") + "<div class=body>" + &marked(rest, "<p>"),
            marked(first, "<center><p>") + "<div class=body>" + &marked(rest, "<p>"),
            "<div><div>".to_owned() + &first.join("<br><br>") + "<div><div>" + &rest.join("<br><br>"),
            "<div>".to_owned() + &marked(first, "<p>") + "<div><div><div>" + &marked(rest, "<div>"),
        ] {
            let article = article(&format!("<body><h1>Bridge opens in May</h1>{inside}</body>"));
            let found: Vec<&str> = article.blocks[1..].iter().map(|b| b.span.of(&article.text)).collect();
            assert_eq!(found, paragraphs[..count], "{inside}");
        }
    }
}

#[test]
fn many_paragraphs_in_another_element_are_found() {
    let (first, rest) = (numbered(7).concat(), numbered(40).concat().replace("Pile", "Beam"));
    let bare = first.replace("<p>", "").replace("</p>", "<div>") + &rest + &"</div>".repeat(7);
    for inside in [
        format!("<div><div><div>{first}</div></div></div><div><div><div><div>{rest}</div></div></div></div>"),
        bare,
    ] {
        let article = article(&format!("<body><h1>Bridge opens in May</h1>{inside}</body>"));
        for n in 0..7 {
            assert_eq!(article.text.matches(&format!("Pile {n} of")).count(), 1, "{inside}");
        }
        assert!(article.text.contains("Beam 39 of"));
    }
}

#[test]
fn bare_text_after_the_article_is_not_put_before_it() {
    let inside = |before: &str, after: &str| {
        let rest = numbered(4).concat();
        article(&format!(
            "<body><h1>Bridge opens in May</h1><div>{before}<div><div><div>{rest}</div></div></div>{after}</div></body>"
        ))
    };
    let [before, after] = ["First", "Last"].map(|word| format!("{word} of all. {LONG}"));
    let article = inside(&before, &after);
    assert_eq!(article.text.matches("First of all").count(), 1);
    let at = |word: &str| article.text.find(word);
    assert!(at("First of") < at("Pile 0") && at("Last of").is_none_or(|last| Some(last) > at("Pile 3")));
    assert!(!inside(&before, "").text.contains("Last"));
}

#[test]
fn an_offer_before_the_article_is_not_taken_for_its_beginning() {
    let offer = "We may receive compensation whenever a reader books a trip with one of the ferry companies that our \
                 two captains chose for this list after they had spent a whole summer on the boats of the sound.";
    let article = article(&format!(
        "<body><h1>Bridge opens in May</h1><div class=opening><section><p>{offer}</p></section></div>\
         <div><div id=content>{}</div></div></body>",
        numbered(3).concat()
    ));
    assert!(article.text.contains("Pile 0") && !article.text.contains("compensation"), "{}", article.text);
}

#[test]
fn a_text_that_breaks_off_before_an_offer_says_so() {
    let notices = |last: &str, after: &str| {
        let article = page_of(&format!("<p>{LONG}</p><p>Pile. {LONG}</p><p>{last}</p>{after}"));
        article.notices.iter().map(|n| n.kind).collect::<Vec<_>>()
    };
    let page = |inside: &str| format!("<div class=paywall><p>{inside}</p></div>");
    let cut = "Ministers were told on Tuesday. The mayor is understood to be furious that he";
    for offer in [
        page("For readers only"),
        "<div><h3>To continue reading, subscribe for 1 crown</h3></div>".to_owned(),
        "<section><p>Subscribe to read the full story</p></section>".to_owned(),
    ] {
        for cut in [cut.to_owned(), format!("{cut}…"), format!("{cut}...")] {
            assert_eq!(notices(&cut, &offer), [NoticeKind::Truncated], "{cut} {offer}");
        }
        assert_eq!(notices(&format!("{cut} was late."), &offer), [], "{offer}");
        assert_eq!(notices("Jo Dahl, Tallberg", &offer), []);
    }
    // Without an offer, the last mark may be forgotten.
    assert_eq!(notices(cut, ""), []);
    let stated = "<script type='application/ld+json'>{\"@type\": \"NewsArticle\", \"isAccessibleForFree\": \"False\"}</script>";
    assert_eq!(notices(cut, stated), [NoticeKind::Truncated]);
    assert_eq!(notices(cut, &stated.replace("False", "True")), []);
}

/// A page with this inside its article.
fn page_of(inside: &str) -> Article {
    article(&format!("<body><article><h1>Bridge opens in May</h1>{inside}</article></body>"))
}

#[test]
fn a_page_that_only_leads_to_articles_says_so() {
    let links = ["Bridge to open in May", "Ferries to be sold in June", "Five boats for the spring"]
        .map(|title| format!("<a href=x>{title}</a>"))
        .concat();
    let page = |inside: &str| {
        article(&format!(
            "<head><title>Sitemap of the Sound</title></head><body><nav>{links}</nav><div>{links}</div>{inside}</body>"
        ))
    };
    let notices = page("").notices;
    assert_eq!(notices.iter().map(|n| n.kind).collect::<Vec<_>>(), [NoticeKind::Empty]);
    assert!(page("<p>The bridge will open in May, the mayor said.</p>").notices.is_empty());
}

#[test]
fn an_article_in_a_template_is_missed_with_a_notice() {
    let paragraphs: String = distinct(12).iter().map(|p| format!("<p>{p}</p>")).collect();
    let notice = |page: &str| {
        article(&format!("<body><h1>Bridge opens in May</h1>{page}</body>"))
            .notices
            .iter()
            .any(|n| n.message.contains("168 words in templates"))
    };
    let divs = paragraphs.replace("<p>", "<div>").replace("</p>", "</div>");
    for paragraphs in [&paragraphs, &divs, &paragraphs.replace("<p>", "").replace("</p>", "<br><br>")] {
        assert!(notice(&format!("<template>{paragraphs}</template><p>Please wait.</p>")), "{paragraphs}");
    }
    // A page whose article is elsewhere misses nothing.
    assert!(!notice(&format!(
        "<template>{paragraphs}</template><article>{}</article>",
        numbered(12).concat()
    )));
}

#[test]
fn a_line_break_in_the_first_paragraph_does_not_double_it() {
    let first = "The bridge over the sound will open in May, the minister told reporters on Monday.";
    let page = format!(
        "<body><article><h1>Bridge opens in May</h1><p>{first}<br/>Nobody will be charged for crossing it.</p><p>{LONG}</p><p>{LONG}</p></article></body>"
    );
    let article = article(&page);
    assert_eq!(article.text.matches(first).count(), 1);
    assert!(article.text.contains("on Monday. Nobody"));
}

#[test]
fn a_class_in_the_first_paragraph_does_not_double_it() {
    for class in ["dateline", "article-dateline", "legend", "shape"] {
        let first = format!(
            "<span class={class}>TALLBERG, Sound</span>, <span class={class}>March 4, 2016</span> /NOR/ -- {LONG}"
        );
        for first in [format!("<p>{first}</p>"), format!("<div>{first}</div>")] {
            let page = format!(
                "<body><article><h1>Bridge opens in May</h1>{first}<p>Ferries stop. {LONG}</p></article></body>"
            );
            let article = article(&page);
            let found: Vec<_> = article.blocks.iter().map(|b| b.kind.name()).collect();
            assert_eq!(
                found,
                ["headline", "dateline", "paragraph", "paragraph"],
                "{first}: {}",
                article.text
            );
            assert_eq!(article.text.matches("/NOR/").count(), 1);
            assert_eq!(article.metadata.bylines, Vec::<String>::new());
        }
    }
    // A byline that the search takes out of it leaves one paragraph.
    let run_in = format!("<p><span class=byline>By Jo Dahl</span> Ferries stop. {LONG}</p>");
    assert_eq!(page(&run_in).text.matches("Ferries stop").count(), 1);
    // Words that are hidden are no part of the paragraph.
    let article =
        page(&format!("<p>Ferries stop. <span class=sr-only>Opens in a new window.</span> {LONG}</p>"));
    assert!(article.text.contains("Ferries stop. The bridge"), "{}", article.text);
}

#[test]
fn a_sentence_that_is_a_link_is_kept_and_a_teaser_is_not() {
    let said = "On Friday the engineer Tom Aldous told the council that it was rotten.";
    for link in [format!("<a href=x>{said}</a>"), format!("<a href=x>{}</a>.", said.trim_end_matches('.'))] {
        assert!(page(&format!("<p>{link}</p>")).text.contains("Tom Aldous"), "{link}");
    }
    for teaser in [
        "<p><a href=x>Mayor says that ferries will be sold</a></p>",
        "<ul><li><a href=x>Ferries will be sold, the mayor says.</a></li></ul>",
    ] {
        assert!(!page(teaser).text.contains("will be sold"), "{teaser}");
    }
}

#[test]
fn questions_in_bold_letters_are_set_off() {
    let talk = |one: &str, two: &str| {
        let pair = |q: &str, a: &str| format!("{one}{q}{two}{a}</p>");
        page(
            &[pair("When?", "In May."), pair("Who pays?", "Nobody."), pair("Why so late?", "Rain.")].concat(),
        )
    };
    let answers = [("question", "Why so late?"), ("paragraph", "Rain.")];
    for article in
        [talk("<p><b>", "</b></p><p>"), talk("<h3>", "</h3><p>"), talk("<p><strong>", "</strong><br>")]
    {
        assert_eq!(kinds(&article)[5..], answers);
    }
    assert!(talk("<p>", "</p><p>").blocks[1..].iter().all(|b| b.kind == BlockKind::Paragraph));
}

/// Paragraphs that can be told apart.
fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("<p>Pile {n} of the bridge is rotten. {LONG}</p>")).collect()
}

#[test]
fn an_article_that_is_spread_over_containers_is_whole() {
    let section = |p: &String| {
        format!("<section class='elementor-section'><div class='elementor-widget'>{p}</div></section>")
    };
    let item =
        |p: &String| format!("<li><h2>A pile</h2><div><p>First. {LONG}</p>{p}<a href=x>Buy</a></div></li>");
    let streamed = |p: &[String]| format!("<div hidden id='S:0'><div>{}</div></div>", p.concat());
    let paragraphs = numbered(12);
    for page in [
        paragraphs.iter().map(section).collect::<String>(),
        format!("<ol>{}</ol>", paragraphs.iter().map(item).collect::<String>()),
        streamed(&paragraphs),
        paragraphs.concat().replace("<p>", "<div data-x=1>").replace("</p>", "</div>"),
    ] {
        let teasers = "<ul><li><a href=y><h3>Ferries</h3></a><p>They will be sold in May, the mayor told the council on Monday evening.</p></li></ul>";
        let comments = format!(
            "<div class=comments>{}</div>",
            "<p>I have said for years that nobody will ever use this bridge.</p>".repeat(3)
        );
        let article = article(&format!(
            "<body><h1>Bridge opens in May</h1><main>{page}</main>{}{comments}</body>",
            teasers.repeat(4)
        ));
        for n in 0..12 {
            assert!(article.text.contains(&format!("Pile {n} of")), "{n} in {}", &page[..200]);
        }
        assert!(
            !article.text.contains("They will be sold") && !article.text.contains("for years"),
            "{}",
            &page[..200]
        );
    }
}

#[test]
fn an_article_ends_where_a_heading_leads_to_others() {
    let teasers = "<p>Front page</p><p>Webmaster</p><p>The ferries will be sold in May, said the mayor of Tallberg on Monday.</p>".repeat(3);
    let end = |heading: &str| {
        let all = format!("{}<h4>{heading}</h4>{teasers}", numbered(3).concat());
        article(&format!("<body><article><h1>Bridge opens in May</h1>{all}</article></body>"))
    };
    assert!(!end("Also in the news").text.contains("ferries"));
    assert!(end("In the harbour").text.contains("ferries"));
    // In the middle of the article it is only a promotion.
    let middle = format!("{}<h4>Related articles</h4>{}", numbered(2).concat(), numbered(4).concat());
    let article = article(&format!("<body><article><h1>Bridge opens in May</h1>{middle}</article></body>"));
    assert!(article.text.contains("Pile 3"));
}

#[test]
fn links_to_other_articles_within_the_text_are_left_out() {
    let items = "<ul><li><a href=/1>Mayor sells ferries</a><p>The mayor said that he had been wrong about the ferries.</p></li>\
                 <li><a href=/2>Five boats for the spring</a></li></ul>";
    for list in [
        format!("<div class=also-like>{items}</div>"),
        format!("<div class=readNext>{items}</div>"),
        format!("<div class=box><h4>You may also like</h4>{items}</div>"),
        format!("<section><div><h3>More stories</h3></div>{items}</section>"),
    ] {
        let article = page(&list);
        assert_eq!(kinds(&article).len(), 1, "{list}: {}", article.text);
    }
    // A list of the article has another heading and another class, and so has one word of the two.
    let list = items.replace("href", "id");
    for list in [
        format!("<div class=box><h4>What the mayor likes</h4>{list}</div>"),
        format!("<div class=like-new><h4>Also a boat</h4>{list}</div>"),
    ] {
        assert!(page(&list).text.contains("wrong about the ferries"), "{list}");
    }
}

#[test]
fn a_class_of_furniture_costs_no_paragraph() {
    let article = page(&format!(
        "<div class=teaser-content><p>At first nobody came. {LONG}</p></div><div class=teaser><p>Ferries will be sold.</p></div>"
    ));
    assert!(article.text.contains("At first nobody came."));
    assert!(!article.text.contains("Ferries"));
}

#[test]
fn a_time_whose_parts_only_styles_keep_apart_is_no_text() {
    let with = |head: &str| {
        let text = ["Pile", "Beam", "Quay"].map(|of| format!("<p>{of}. {LONG}</p>")).concat();
        article(&format!(
            "<body><div class=main><div class=header><h1>Bridge opens in May</h1>{head}</div><div>{text}</div></div></body>"
        ))
    };
    let time =
        "<time><span>March 4, 2016</span><span>12:03 PM UTC</span><span>Updated 2 hours ago</span></time>";
    let article = with(&format!("<div>By <a rel=author>Jo Dahl</a></div>{time}"));
    assert_eq!(
        article.blocks.iter().filter(|b| b.kind == BlockKind::Paragraph).count(),
        3,
        "{}",
        article.text
    );
    assert_eq!(article.metadata.bylines, ["Jo Dahl"]);
    assert_eq!(with(&format!("<div class=byline>{time}</div>")).metadata.bylines, Vec::<String>::new());
    let said = page(&format!("<p>Opened at {time}, she said.</p>"));
    assert!(said.text.contains("Opened at March 4, 2016 12:03 PM UTC Updated"), "{}", said.text);
}

#[test]
fn what_only_browsers_show_is_written() {
    let text = |inside: &str| {
        let article = page(&format!("<p>{inside}</p>"));
        article.text[article.blocks[2].span.start()..].to_owned()
    };
    for (inside, expected) in [
        ("<q>We open in May,</q> Ada Brandt said.", "“We open in May,” Ada Brandt said."),
        ("<q>He said <q>no</q> twice,</q> she said.", "“He said ‘no’ twice,” she said."),
        ("<q>“We open in May,”</q> she said.", "“We open in May,” she said."),
        ("She said: “<q>We open in May.</q>”", "She said: “We open in May.”"),
        ("Ada Brandt-Lind&shy;ner met Jo Da\u{ad}hl.", "Ada Brandt-Lindner met Jo Dahl."),
        (
            "Ada Bra&zwnj;ndt met \u{202a}Jo Da\u{200b}hl\u{202c} and Pia Wester<wbr>lund.",
            "Ada Brandt met Jo Dahl and Pia Westerlund.",
        ),
        (
            "It opens in <del>May</del><ins>June</ins>, <s>Jo Dahl</s> <strike>he</strike> she said.",
            "It opens in June, she said.",
        ),
        (
            "“Late,”<sup>1</sup> said Ada Brandt<sup><a href=x>[2]</a></sup><sup>3</sup>.",
            "“Late,” said Ada Brandt.",
        ),
        (
            "The 4<sup>th</sup> bridge is 10<sup>6</sup> m<sup>2</sup>, or 1 km<sup>2</sup>.",
            "The 4th bridge is 106 m2, or 1 km2.",
        ),
        ("“No,” said <ruby>林<rp>(</rp><rt>Lin</rt><rp>)</rp></ruby> on Monday.", "“No,” said 林 on Monday."),
    ] {
        assert_eq!(text(inside).lines().next().unwrap(), expected);
    }
    let paragraphs = distinct(3);
    let block = |style: &str| {
        let spans = paragraphs.iter().map(|p| format!("<span style='{style}'>{p}</span>"));
        kinds(&page(&spans.collect::<String>())).len()
    };
    assert_eq!((block("display: block"), block("color:red; DISPLAY:block;")), (4, 4));
    assert_eq!((block("display:inline-block"), block("color:red")), (2, 2));
}

#[test]
fn a_text_for_machines_has_to_be_that_of_the_page() {
    let page = |body: &str, shown: &str| {
        let body = serde_json::to_string(body).unwrap();
        article(&format!(
            "<body><script type=application/ld+json>{{\"@type\": \"NewsArticle\", \"articleBody\": {body}}}</script>\
             <article><h1>Bridge opens in May</h1>{shown}</article></body>"
        ))
    };
    let (all, shown) = (numbered(12), numbered(2).concat());
    let lines = all.concat().replace("<p>", "").replace("</p>", "\n");
    let escaped = all.concat().replace('<', "&lt;").replace('>', "&gt;");
    for body in [all.concat(), lines.clone(), escaped] {
        for shown in [&*shown, "<p>Loading</p>"] {
            let article = page(&body, shown);
            assert!(
                article.text.contains("Pile 11 of") && !article.text.contains(['<', '&']),
                "{}",
                article.text
            );
            assert_eq!(article.blocks.len(), 13);
        }
    }
    let other = lines.replace("Pile", "Tunnel").replace("the", "each").replace("bridge", "road");
    assert!(!page(&other, &shown).text.contains("Tunnel"));
}

#[test]
fn names_in_a_byline_are_parted_from_titles() {
    let page = format!(
        "<body><article><h1>Bridge opens in May</h1><div class=byline>By <a>Jo Dahl</a><span>Staff Writer</span></div><p>{LONG}</p><p>{LONG}</p></article></body>"
    );
    assert_eq!(article(&page).metadata.bylines, ["Jo Dahl"]);
    let names = |byline: &str| {
        let text = format!("<p>Pile. {LONG}</p><p>Beam. {LONG}</p>");
        article(&format!("<body><h1>Bridge opens in May</h1>{byline}{text}</body>")).metadata.bylines
    };
    for byline in [
        "<div class=byline>By <span>Jo Dahl</span><span>Sound Farm Writer</span></div>",
        "<div>By <b>Jo Dahl</b> | May 6, 2016</div>",
        "<div><p>Posted by <a href=x>Jo Dahl</a></p></div>",
        "<p class=author>Written by <span>Jo Dahl</span></p>",
        "<div class=byline><a rel=author>Jo Dahl</a> <time>May 6, 2016</time></div>",
    ] {
        assert_eq!(names(byline), ["Jo Dahl"], "{byline}");
    }
    for other in [
        "<div>By May the bridge will be ready</div>",
        "<div>Opened by Jo Dahl</div>",
        "<div class=byline><time>May 6, 2016</time></div>",
    ] {
        assert_eq!(names(other), Vec::<String>::new(), "{other}");
    }
}

#[test]
fn a_sentence_may_begin_as_a_button_does() {
    let close = "Close allies of the minister said there was a problem with the bridge.";
    let page = format!(
        "<body><article><h1>Bridge opens in May</h1><p>{LONG}</p><p>Close</p><p>{close}</p><p>{LONG}</p></article></body>"
    );
    let article = article(&page);
    assert!(article.text.contains(close));
    assert!(!article.text.contains("Close\n"));
}

#[test]
fn a_table_is_kept_as_a_whole() {
    let table = |cell: &str, rows: [[&str; 2]; 3]| {
        let row = |[a, b]: [&str; 2]| format!("<tr><{cell}>{a}</{cell}><{cell}>{b}</{cell}></tr>");
        page(&format!("<table>{}</table>", rows.map(row).concat()))
    };
    let article = table("td", [["Year", "Crowns"], ["2015", "31"], ["2016", "44.5"]]);
    assert_eq!(
        kinds(&article)[1..],
        [("paragraph", "Year Crowns"), ("paragraph", "2015 31"), ("paragraph", "2016 44.5")]
    );
    // Numbers elsewhere, and numbers of pages, are no text.
    assert_eq!(kinds(&page("<p>2015</p><div>31 44</div><table><tr><td>7</td></tr></table>")).len(), 1);
}

#[test]
fn a_short_page_is_more_than_its_quotation_or_table() {
    let first = "It rained all day over the bridge, and the ferries from Tallberg stayed in.";
    let quoted = "<blockquote>We have no choice.<footer>— <cite>Ada Brandt</cite>, transport minister</footer></blockquote>";
    let again =
        "<blockquote cite=x><p>Nobody asked us.</p></blockquote><p>Pia Lund spoke for the islands.</p>";
    let row = |who: &str, what: &str| format!("<tr><td>{who}</td><td>{what}</td></tr>");
    let [brandt, lund] =
        ["The bridge will open in June, and we are sorry.", "Nobody asked us about the toll on the bridge."];
    let rows = format!("<table>{}{}</table>", row("BRANDT", brandt), row("LUND", lund));
    for (open, close) in [
        ("<article>", "</article>"),
        ("<main><article>", "</article></main>"),
        ("<main><div>", "</div></main>"),
    ] {
        let page = |inside: &str| {
            article(&format!(
                "<html><head><title>Bridge opens</title></head><body>{open}<h1>Bridge opens</h1>{inside}{close}</body></html>"
            ))
        };
        let quotations = page(&format!("<p>{first}</p>{quoted}{again}"));
        check(
            &quotations,
            &[
                ("headline", "Bridge opens"),
                ("paragraph", first),
                ("block_quotation", "We have no choice."),
                ("attribution", "— Ada Brandt, transport minister"),
                ("block_quotation", "Nobody asked us."),
                ("paragraph", "Pia Lund spoke for the islands."),
            ],
        );
        let table = page(&format!("{rows}<p>{first}</p>"));
        check(
            &table,
            &[
                ("headline", "Bridge opens"),
                ("paragraph", &format!("BRANDT {brandt}")),
                ("paragraph", &format!("LUND {lund}")),
                ("paragraph", first),
            ],
        );
    }
}

#[test]
fn labels_of_a_caption_are_no_part_of_it() {
    let caption =
        |inside: &str| page(&format!("<figure><img src=x><figcaption>{inside}</figcaption></figure>"));
    let article =
        caption("<span>Image source,</span> Sound TV<span>Image caption,</span> The bridge in March");
    assert_eq!(kinds(&article)[1..], [("credit", "Sound TV"), ("caption", "The bridge in March")]);
    let article = caption("Image caption: The bridge in March");
    assert_eq!(kinds(&article)[1..], [("caption", "The bridge in March")]);
    let article = caption("The image source was unknown, she said");
    assert_eq!(kinds(&article)[1..], [("caption", "The image source was unknown, she said")]);
}

#[test]
fn a_link_may_hold_blocks() {
    article("A long beginning <a href=x>and a <div>block</div> in</a> a link");
}

#[test]
fn a_first_letter_in_large_type_belongs_to_its_word() {
    for (inside, expected) in [
        ("<span>T</span><p>allberg has waited for four years.</p>", "Tallberg has waited for four years."),
        ("<div>“T</div><p>allberg has waited,” he said.</p>", "“Tallberg has waited,” he said."),
        ("<p>A</p><p>bridge has been built.</p>", "A bridge has been built."),
    ] {
        assert_eq!(kinds(&page(&format!("<div>{inside}</div>")))[1..], [("paragraph", expected)]);
    }
    let apart = page("<p>T</p><p>Allberg has waited for four years.</p><p>Two</p><p>years more.</p>");
    assert_eq!(kinds(&apart).len(), 5);
}

#[test]
fn an_article_for_browsers_without_scripts_is_read() {
    let paragraphs = numbered(4).concat();
    let article = article(&format!(
        "<body><h1>Bridge opens in May</h1><script type=text/template>{paragraphs}</script><noscript>{paragraphs}</noscript></body>"
    ));
    assert_eq!(article.text.matches("Pile 3 of").count(), 1);
    let asks =
        page("<noscript><p>Please turn your scripts on to see this page as it was meant.</p></noscript>");
    assert_eq!(kinds(&asks).len(), 1);
}

#[test]
fn an_article_before_a_long_list_is_whole() {
    let names = "Jo Dahl, University of Tallberg<br>Pia Lund, the Sound Institute<br>".repeat(80);
    let article = article(&format!(
        "<body><h1>Bridge opens in May</h1><div><div><p>Another page. {LONG}</p></div></div>\
         <div class=letter>{}<p>{names}</p></div></body>",
        numbered(2).concat()
    ));
    assert!(
        article.text.contains("Pile 0 of") && article.text.contains("Sound Institute"),
        "{}",
        article.text
    );
}

#[test]
fn hostile_pages_are_read_in_bounded_time() {
    for page in [
        "<div>".repeat(200_000),
        format!("{}<p>{LONG}</p>", "<b><i><div><table>".repeat(40_000)),
        format!("<script>{}</script><p>{LONG}</p>", "x(\"<p>\");".repeat(500_000)),
        "<".repeat(1_000_000),
        "<p>&#x".repeat(100_000),
        "<article>".repeat(1_900) + &format!("<p>{LONG}</p>").repeat(2_000),
    ] {
        article(&page);
    }
}

#[test]
fn a_footer_of_the_page_is_never_the_article() {
    let said = distinct(6);
    let joined =
        |before: &str, after: &str| said.iter().map(|p| format!("{before}{p}{after}")).collect::<String>();
    for (inside, kind) in [
        (format!("<ul>{}</ul>", joined("<li>", "</li>")), "list_item"),
        (joined("", "<br><br>"), "paragraph"),
        (joined("<blockquote>", "</blockquote>"), "block_quotation"),
        (joined("<p><a href=x>", "</a></p>"), "paragraph"),
        (format!("<p><a href=x>{}", joined("", "</p><p>")), "paragraph"),
    ] {
        let article = article(&format!(
            "<body><nav><a href=/>Home</a></nav><main><h1>Bridge opens in May</h1>{inside}</main>\
             <footer><div><p>The Sound is printed in Tallberg. All rights reserved, 2016.</p></div></footer></body>"
        ));
        let found = kinds(&article);
        let expected: Vec<_> = said.iter().map(|p| (kind, p.as_str())).collect();
        assert_eq!(found[1..], expected, "{inside}");
    }
    // An element that holds the text is no footer, whatever its name.
    let article =
        article(&format!("<body><h1>Bridge opens in May</h1><footer><p>{LONG}</p></footer></body>"));
    assert!(article.text.contains(LONG));
}

#[test]
fn the_first_lines_before_an_offer_are_read() {
    let first = "The bridge over the sound will open in May, the minister told reporters on Monday.";
    let cut = "“We are late,” she said. “The piles";
    let whole = "“We are late,” she said.";
    let offer = "<h2>Subscribe to continue reading</h2><p>Already a subscriber? Log in</p>";
    for (lines, offer, truncated) in [
        (vec![first, cut], format!("<div class=paywall>{offer}</div>"), true),
        (vec![first, cut], format!("<div><div>{offer}</div></div>"), true),
        (vec![first, cut], "<section id=paywall><p>For a crown a month</p></section>".to_owned(), true),
        (
            vec![
                first,
                "Nobody will pay a toll, the mayor added, and nobody will wait for a ferry again.",
                cut,
            ],
            "<p>Already a subscriber? Log in</p>".to_owned(),
            true,
        ),
        (vec![first, "Nobody…"], "<p>Sign in or create an account to keep reading</p>".to_owned(), true),
        (vec![first], format!("<div class=paywall>{offer}</div>"), false),
        (vec![first, whole], format!("<div class=paywall>{offer}</div>"), false),
    ] {
        let text: String = lines.iter().map(|line| format!("<p>{line}</p>")).collect();
        for inside in [format!("{text}</article>{offer}"), format!("{text}{offer}</article>")] {
            let article = article(&format!("<body><article><h1>Bridge opens in May</h1>{inside}</body>"));
            let found: Vec<&str> = article.blocks[1..].iter().map(|b| b.span.of(&article.text)).collect();
            assert_eq!(found, lines, "{inside}");
            let said = article.notices.iter().any(|n| n.kind == NoticeKind::Truncated);
            assert_eq!(said, truncated, "{inside}");
        }
    }
}

#[test]
fn offers_to_read_on_in_many_words() {
    let cut =
        format!("<p>{LONG}</p><p>Ministers were told on Tuesday that the mayor is furious and that he…</p>");
    for offer in [
        "You have reached your limit of free articles.",
        "This article is for members only.",
        "Sign in or create an account to keep reading",
        "Get unlimited access. Start your free trial.",
        "Start your free trial today",
        "Already a member? Sign in.",
        "You’ve reached your monthly limit",
    ] {
        let article = page_of(&format!("{cut}<p>{offer}</p>"));
        assert!(!article.text.contains(offer), "{}", article.text);
        assert_eq!(
            article.notices.iter().map(|n| n.kind).collect::<Vec<_>>(),
            [NoticeKind::Truncated],
            "{offer}"
        );
    }
    // Before more of the text, it is no end.
    let article =
        page_of(&format!("<p>{LONG}</p><p>To read the rest takes a day.</p>{}", numbered(2).concat()));
    assert!(article.text.contains("Pile 1") && article.notices.is_empty(), "{}", article.text);
}

#[test]
fn text_that_the_page_hides_is_left_out_with_a_notice() {
    let (shown, rest) =
        (numbered(2).concat(), distinct(6).iter().map(|p| format!("<p>{p}</p>")).collect::<String>());
    let rest = rest.replace("Pile", "Beam");
    let notices = |article: &Article| article.notices.iter().map(|n| n.message.clone()).collect::<Vec<_>>();
    for hides in ["hidden", "style='display: none'", "class=hidden", "class='more is-hidden'"] {
        let more = format!("<a href=#>Read more</a><div {hides}>{rest}</div>");
        for page in [
            page_of(&format!("{shown}{more}")),
            article(&format!("<body><h1>Bridge opens in May</h1><div>{shown}{more}</div></body>")),
        ] {
            assert!(page.text.contains("Pile 1") && !page.text.contains("Beam"), "{hides}: {}", page.text);
            let [notice] = &page.notices[..] else { panic!("{hides}: {:?}", page.notices) };
            assert_eq!(notice.kind, NoticeKind::Truncated);
            assert!(notice.message.contains("hides 84 words of running text"), "{}", notice.message);
        }
    }
    // What the page also shows, comments, dialogues and a few words are not missed.
    let copy = format!("{shown}<div class=hidden>{shown}</div>");
    let comments = format!("{shown}<div class='comments hidden'>{rest}</div>");
    let dialog = format!("{shown}<div role=dialog hidden>{rest}</div>");
    let few = format!(
        "{shown}<p hidden>Beam 7 of the bridge is rotten, the engineer told the council on Monday.</p>"
    );
    for inside in [copy, comments, dialog, few] {
        let article = page_of(&inside);
        assert!(!article.text.contains("Beam"), "{}", article.text);
        assert_eq!(notices(&article), Vec::<String>::new());
    }
}

#[test]
fn text_that_only_screen_readers_skip_is_read() {
    let (shown, rest) = (numbered(2).concat(), numbered(3).concat().replace("Pile", "Beam"));
    let article = page_of(&format!("{shown}<div class=blur aria-hidden=true>{rest}</div><p>It is late.</p>"));
    assert!(article.text.contains("Beam 2") && article.notices.is_empty(), "{}", article.text);
    let icon = page_of(&format!("{shown}<p>It is late. <i aria-hidden=true>arrow</i></p>"));
    assert!(!icon.text.contains("arrow"), "{}", icon.text);
    let dialog = page_of(&format!("{shown}<div role=dialog aria-hidden=true>{rest}</div>"));
    assert!(!dialog.text.contains("Beam"), "{}", dialog.text);
}

#[test]
fn a_page_that_never_ends_its_struck_words_is_read() {
    let article = page_of(&format!("<p>It opens in <s>May</p>{}", numbered(3).concat()));
    assert!(article.text.contains("Pile 2"), "{}", article.text);
}

#[test]
fn preformatted_text_keeps_its_paragraphs() {
    let of = |inside: &str| {
        let article = page(&format!("<pre>{inside}</pre>"));
        kinds(&article)[1..].iter().map(|(_, text)| (*text).to_owned()).collect::<Vec<_>>()
    };
    let wrapped = "The bridge will open in May, and nobody\nwill pay a toll.";
    let joined = wrapped.replace('\n', " ");
    assert_eq!(of(&format!("{wrapped}\n\n  \nIt is <b>late</b>.\n")), [joined.as_str(), "It is late."]);
    assert_eq!(
        of("BRANDT: It is late.\nMR. DAHL: It is not.\n Ada Brandt: Yes,\nit is."),
        ["BRANDT: It is late.", "MR. DAHL: It is not.", "Ada Brandt: Yes, it is."]
    );
    // Lines that are too long to have been wrapped, and lines that are indented, are paragraphs.
    assert_eq!(of(&format!("{LONG}\n{wrapped}")).len(), 1);
    let indented = format!("   {wrapped}\n   It is late, the mayor\nsaid.");
    assert_eq!(of(&indented), [joined.as_str(), "It is late, the mayor said."]);
    // Code is kept in one piece.
    assert_eq!(of("a = 1\n\nif a:\n    open(a)\n\nb = a").len(), 1);
    assert_eq!(of("<code>let a = 1;\n\nlet b = 2;</code>").len(), 1);
}

#[test]
fn the_posts_of_a_live_blog_in_linked_data_are_read() {
    let texts = distinct(4);
    let post = |n: usize| {
        format!(
            "{{\"@type\": \"BlogPosting\", \"headline\": \"{}\", \"articleBody\": \"{}\"}}",
            POSTS[n][1], texts[n]
        )
    };
    let posts: Vec<String> = (0..4).map(post).collect();
    let article = article(&format!(
        "<script type='application/ld+json'>{{\"@type\": \"LiveBlogPosting\", \"headline\": \"Bridge opens in May\", \
         \"liveBlogUpdate\": [{}]}}</script><body><h1>Bridge opens in May</h1><div id=app>Loading…</div></body>",
        posts.join(", ")
    ));
    let expected: Vec<_> =
        (0..4).flat_map(|n| [("headline", POSTS[n][1]), ("paragraph", texts[n].as_str())]).collect();
    assert_eq!(kinds(&article)[1..], expected);
}

#[test]
fn a_class_that_only_looks_like_furniture_costs_nothing() {
    let paragraphs = distinct(6).iter().map(|p| format!("<p>{p}</p>")).collect::<String>();
    for name in
        ["class='story ad-astra'", "id=related-story", "class=tag-comments", "class='post no-sidebar'"]
    {
        let article = article(&format!(
            "<body><nav><a href=/>Home</a></nav><div {name}><h1>Bridge opens in May</h1>{paragraphs}</div></body>"
        ));
        assert_eq!(article.blocks.len(), 7, "{name}: {}", article.text);
    }
    for class in ["commentary", "ad-free", "comment-piece", "socially"] {
        let article = page(&format!("<p class={class}>{}</p>", distinct(1)[0]));
        assert!(article.text.contains("Pile 0"), "{class}: {}", article.text);
    }
    let comments = page(&format!("<div class=comments><p class=comment-text>{}</p></div>", distinct(1)[0]));
    assert!(!comments.text.contains("Pile 0"), "{}", comments.text);
}
