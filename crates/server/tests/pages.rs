//! What the pages show of the examples.

mod archive;
mod common;

use axum::http::{StatusCode, header};
use common::{Served, encoded, put, record};
use onrecord::text::{BlockKind, EventStatus, EventType, wire};
use onrecord_store::Store;

#[tokio::test]
async fn search_finds_and_marks_words() {
    let served = Served::examples();
    let page = served.page("/search?q=toll").await;
    assert!(page.body.contains("<mark>toll</mark>"), "{}", page.body);
    assert!(page.text().contains("Ada Brandt"));
    assert!(page.body.contains("<svg") && page.body.contains("data-date=\"2016-03-04\""));
    // Facets lead to narrower queries, and what was chosen can be taken back.
    let narrower = page.links("/search?q=toll%20outlet").remove(0);
    let narrowed = served.page(&narrower).await;
    assert!(narrowed.body.contains("aria-label=\"Remove "), "{narrower}");
    assert!(narrowed.links("/statement/").len() < page.links("/statement/").len());
    let empty = served.page("/search?q=nowhere").await;
    assert!(empty.text().contains("Nothing found."));
}

#[tokio::test]
async fn counts_agree_with_the_page_while_articles_come_in() {
    let served = Served::new();
    let mut store = Store::open(&served.store).unwrap();
    for n in 1..=9 {
        let text = format!("“Ferry {n} is late,” Ada Brandt said.");
        put(&mut store, &record(&format!("{n}.txt"), &text, &[["Ada Brandt", "said", &text, "Ada Brandt"]]));
        let page = served.page("/search?q=ferry").await;
        assert_eq!(page.body.matches("<article class=\"hit\">").count(), n);
        let speakers = page.text();
        assert!(speakers.contains(&format!("Ada Brandt {n}")), "{speakers}");
    }
}

#[tokio::test]
async fn the_page_without_a_query_shows_everything() {
    let served = Served::examples();
    let page = served.page("/").await;
    assert!(page.text().contains("in 8 articles"), "{}", page.text());
    assert!(!page.links("/statement/").is_empty());
}

#[tokio::test]
async fn a_wrong_query_is_marked_where_it_is_wrong() {
    let served = Served::examples();
    let page = served.with(&format!("/search?q={}", encoded("é bridge speeker:brandt <b>")), &[]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains("é bridge <mark>s</mark>peeker:brandt &lt;b&gt;"), "{}", page.body);
    assert!(page.body.contains("data-error-at=\"10\"") && page.body.contains("aria-invalid=\"true\""));
    assert!(page.text().contains("At character 10"));
}

#[tokio::test]
async fn pages_of_results_follow_each_other_without_gaps() {
    let served = Served::examples();
    let mut seen: Vec<String> = Vec::new();
    let mut next = Some("/search?q=".to_owned());
    while let Some(path) = next.take() {
        let page = served.page(&path).await;
        let results = page.body.split("<ol class=\"hits\">").nth(1).unwrap();
        let blocks = results.split("<blockquote").skip(1);
        seen.extend(
            blocks.map(|block| block.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()),
        );
        next = page.body.split("rel=\"next\"").next().filter(|_| page.body.contains("rel=\"next\"")).map(
            |before| {
                let link = before.rsplit("href=\"").next().unwrap();
                link.split('"').next().unwrap().replace("&amp;", "&")
            },
        );
    }
    let mut unique = seen.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), seen.len());
    let home = served.page("/").await;
    assert!(home.text().contains(&format!("{} statements in", seen.len())), "{}", seen.len());
    assert!(seen.len() > 20);
}

#[tokio::test]
async fn a_range_of_days_becomes_part_of_the_query() {
    let served = Served::examples();
    let query = encoded("toll published:2015");
    let answer = served.get(&format!("/search?q={query}&from=2016-03-05&to=&order=oldest")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/search?q=toll%20published%3A2016-03-05..&order=oldest");
    let page = served.page(answer.location()).await;
    assert!(!page.text().contains("The Sound"), "{}", page.text());
}

#[tokio::test]
async fn a_statement_has_a_permanent_page_with_its_context_and_lineage() {
    let served = Served::examples();
    let path = served.first("speaker:brandt toll").await;
    let page = served.page(&path).await;
    let text = page.text();
    for part in [
        "In the article",
        "How the words spread",
        "first",
        "identical",
        "Cite this",
        "Ada Brandt",
        "Transport Minister",
        "Confidence",
    ] {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    assert!(page.body.contains("<ins>") && page.body.contains("<del>"));
    assert!(page.body.contains(&format!("<link rel=\"canonical\" href=\"http://localhost:7878{path}\">")));
    let data = page.body.split("<script type=\"application/ld+json\">").nth(1).unwrap();
    let data: serde_json::Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    assert_eq!(data["@type"], "Quotation");
    assert_eq!(data["spokenByCharacter"][0]["name"], "Ada Brandt");
    assert_eq!(data["url"], format!("http://localhost:7878{path}"));
    // The name of the statement leads to its permanent address.
    let name = page.body.split("/article/").nth(1).unwrap().split('"').next().unwrap().replace('#', ".");
    let answer = served.get(&format!("/statement/{name}")).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, path.as_str()));
}

#[tokio::test]
async fn statements_can_be_cited_in_four_forms() {
    let served = Served::examples();
    let path = served.first("speaker:brandt toll outlet:nor").await;
    let text = served.get(&format!("{path}/cite.txt")).await;
    assert!(
        text.body.contains("ever pay a toll to cross it")
            && text.body.contains("— Ada Brandt, Transport Minister")
    );
    assert!(text.body.ends_with(&format!("On record: http://localhost:7878{path}\n")), "{}", text.body);
    let markdown = served.get(&format!("{path}/cite.md")).await;
    assert!(
        markdown.body.starts_with("> ") && markdown.body.contains(&format!("](http://localhost:7878{path})"))
    );
    let json = served.get(&format!("{path}/cite.json")).await.json();
    assert_eq!(json["permanent_url"], format!("http://localhost:7878{path}"));
    assert_eq!(json["hit"]["speaker"], "Ada Brandt");
    let annotation = served.get(&format!("{path}/annotation.json")).await.json();
    assert_eq!(annotation["type"], "Annotation");
    let exact = annotation["target"][0]["selector"][1]["exact"].as_str().unwrap();
    assert!(annotation["@context"].is_string() && json["hit"]["content"].as_str().unwrap().contains(exact));
    assert_eq!(served.get(&format!("{path}/cite.exe")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_search_for_a_name_leads_to_its_bearer() {
    let served = Served::examples();
    let page = served.page("/search?q=brandt").await;
    assert!(page.text().contains("Ada Brandt speaks in "), "{}", page.text());
    assert!(page.body.contains("href=\"/search?q=speaker%3A%22Ada%20Brandt%22\""), "{}", page.body);
    let page = served.page("/search?q=moon%20or%20toll").await;
    assert!(page.text().contains("OR between words must be in capitals. moon OR toll"), "{}", page.text());
    assert!(!served.page("/search?q=toll").await.text().contains(" speaks in "));
}

#[tokio::test]
async fn a_headline_is_shown_once() {
    let text = "Bridge opens in May\n\n“We are late,” Ada Brandt said.";
    let mut of_itself = common::record("a", text, &[["Ada Brandt", "said", "“We are late,”", "Ada Brandt"]]);
    let (title, end) = ("Bridge opens in May".to_owned(), 19);
    of_itself.article.title = Some(title.clone());
    of_itself.article.blocks[0].start = 21;
    let headline = wire::Block { kind: BlockKind::Headline, start: 0, end };
    of_itself.article.blocks.insert(0, headline);
    let mut other = common::record("b", "“We are late,” Ada Brandt said.", &[]);
    other.article.title = Some(title);
    let fill = |store: &mut onrecord_store::Store| {
        common::put(store, &of_itself);
        common::put(store, &other);
    };
    let served = Served::filled(fill, |_| ());
    let page = served.page("/article/1").await.body;
    assert!(page.contains("<h1 class=\"hidden\"><bdi>Bridge opens in May"), "{page}");
    let page = served.page("/article/2").await.body;
    assert!(page.contains("<h1><bdi>Bridge opens in May"), "{page}");
}

#[tokio::test]
async fn a_review_says_why_a_statement_is_in_the_queue() {
    let text = "“We are late,” Ada Brandt said. “We open,” Rolf Meyer said.";
    let mut record = common::record(
        "a",
        text,
        &[
            ["Ada Brandt", "said", "“We are late,”", "Ada Brandt"],
            ["Rolf Meyer", "said", "“We open,”", "Rolf Meyer"],
        ],
    );
    record.statements[0].confidence = 0.99;
    record.statements[0].speaker.as_mut().unwrap().confidence = 0.31;
    record.statements[1].confidence = 0.42;
    let served = Served::filled(|store| common::put(store, &record), |_| ());
    let page = served.page("/review").await.text();
    let why =
        "Queued because the speaker is uncertain: confidence 0.31 in the speaker, 0.99 in the statement.";
    assert!(page.contains(why), "{page}");
    let first =
        served.get("/api/v1/search?q=late").await.json()["hits"][0]["address"].as_str().unwrap().to_owned();
    let page = served.page(&format!("/review?after={first}")).await.text();
    assert!(page.contains("Queued because the statement is uncertain: confidence 0.42."), "{page}");
}

#[tokio::test]
async fn an_article_is_shown_verbatim_with_its_statements() {
    let served = Served::examples();
    let path = served.first("speaker:aalto").await;
    let page = served.page(&path).await;
    let article = page.links("/article/").remove(0);
    let page = served.page(article.split('#').next().unwrap()).await;
    let source = include_str!("../../../examples/bridge.txt");
    let shown = page.body.split("data-article=\"\">").nth(1).unwrap().split("</div>").next().unwrap();
    let mut text = String::new();
    for part in shown.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    assert_eq!(text.replace("&quot;", "\"").replace("&amp;", "&"), source);
    for part in ["Who speaks", "Jon Aalto", "Pia Lund", "Statements", "Notices"] {
        assert!(page.text().contains(part), "{part}");
    }
    assert!(page.body.contains("id=\"s5\""));
}

#[tokio::test]
async fn a_person_has_a_page_under_any_name() {
    let served = Served::examples();
    let answer = served.get("/person?name=Ada%20Brandt").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = served.page(answer.location()).await;
    for part in [
        "Ada Brandt",
        "What they said",
        "What others said about them",
        "Roles",
        "Transport Minister",
        "Names joined here",
    ] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    assert_eq!(served.get("/person/p999999").await.status, StatusCode::NOT_FOUND);
    assert_eq!(served.get("/person/x").await.status, StatusCode::NOT_FOUND);
    let nobody = served.get("/person?name=Nobody%20Known").await;
    assert_eq!(nobody.location(), "/search?q=speaker%3A%22Nobody%20Known%22");
}

#[tokio::test]
async fn sources_say_what_is_covered() {
    let served = Served::examples();
    let page = served.page("/sources").await;
    for part in ["8 articles", "The Sound", "Shore Post", "NOR", "Outlets", "onrecord 0.1.0"] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    let empty = Served::new().page("/sources").await;
    assert!(empty.text().contains("The archive is empty."));
}

#[tokio::test]
async fn reports_of_events_are_found_and_narrowed_down() {
    let served = Served::filled(archive::fill_events, |_| ());
    let page = served.page("/events").await;
    let text = page.text();
    for part in [
        "Who did what to whom?",
        "Sundmark raided a port of Norland, Karl Falk said.",
        "ASSAULT happened: Sundmark → Norland",
        "according to Karl Falk, Defence Minister, the recipient's side",
        "according to Sundmark Courier, in its own voice",
        "Type of event",
        "Claimed by",
    ] {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    assert!(page.body.contains("<mark>raided</mark>"));
    // Every value leads to a page that has it.
    let narrower = page.links("/events?q=").into_iter().rfind(|link| link.contains("type%3ACONSULT"));
    let narrowed = served.page(&narrower.expect("a link to the consultations")).await;
    assert!(narrowed.text().contains("CONSULT planned") && !narrowed.text().contains("ASSAULT happened"));
    assert!(narrowed.body.contains("aria-label=\"Remove CONSULT\""));
    // The fields of the form become part of the query.
    let answer =
        served.get("/events?q=port&actor=Sundmark&class=material+conflict&from=2016-04&to=&recipient=").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let query = "port actor:\"Sundmark\" class:\"material conflict\" date:2016-04..";
    assert_eq!(
        answer.location(),
        format!("/events?q={}", query.replace(' ', "%20").replace('"', "%22").replace(':', "%3A"))
    );
    assert!(served.page(answer.location()).await.text().contains("raided"));
    let wrong = served.with("/events?q=typ:aid", &[("accept", "text/html")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains("At character 1: no field “typ:”"), "{}", wrong.text());
    // A store without any report says how to get some, whatever is asked of it.
    says_how_to_get_reports(&Served::new()).await;
    // The article's own page leads here.
    let article = served.page("/article/1").await;
    assert!(article.text().contains("Events reported") && article.text().contains("according to Karl Falk"));
    assert_eq!(
        article.links("/relations?"),
        ["/relations?one=Sundmark&other=Norland", "/relations?one=Norland&other=Sundmark"]
    );
    assert!(!served.page("/article/3").await.text().contains("Nobody"));
}

/// Checks what the pages of a store without reports of events say.
async fn says_how_to_get_reports(served: &Served) {
    let relations = "/relations?one=Nobody&other=RUS";
    for path in ["/events", "/events?q=type:AID", "/events?show=accounts", relations] {
        let text = served.page(path).await.text();
        assert!(text.contains("This archive has no reports of events."), "{path}: {text}");
        assert!(text.contains("onrecord ingest --events ARTICLES"), "{path}: {text}");
    }
}

#[tokio::test]
async fn an_article_shows_its_first_reports_and_leads_to_the_rest() {
    let text = "Sundmark raided a port of Norland.";
    let fill = |reports: usize| {
        move |store: &mut Store| {
            let mut record = record("raids.txt", text, &[]);
            let party = |name: &str| {
                let start = text.find(name).unwrap();
                let spans = vec![[start, start + name.len()]];
                let words = wire::Field { text: name.to_owned(), spans };
                wire::Party { text: words.text, spans: words.spans, ..wire::Party::default() }
            };
            let event = |n: usize| wire::Event {
                id: format!("v{}", n + 1),
                trigger: wire::Field { text: "raided".to_owned(), spans: vec![[9, 15]] },
                actor: Some(party("Sundmark")),
                claimant: wire::ARTICLE.to_owned(),
                ..wire::Event::new(EventType::Agree, EventStatus::Happened)
            };
            record.events = Some((0..reports).map(event).collect());
            put(store, &record);
        }
    };
    let shown = |page: &str| page.matches("according to the article").count();
    let few = Served::filled(fill(50), |_| ());
    let page = few.page("/article/1").await;
    assert_eq!((shown(&page.text()), page.links("/article/1/events").len()), (50, 0));
    let many = Served::filled(fill(401), |_| ());
    let page = many.page("/article/1").await;
    assert_eq!(
        (shown(&page.text()), page.links("/article/1/events")),
        (50, vec!["/article/1/events".to_owned()])
    );
    assert!(page.text().contains("All 401 reports"));
    let mut path = "/article/1/events".to_owned();
    let mut counted = Vec::new();
    loop {
        let page = many.page(&path).await;
        counted.push(shown(&page.text()));
        let next = format!("/article/1/events?page={}", counted.len() + 1);
        let Some(to) = page.links("/article/1/events").into_iter().find(|link| *link == next) else { break };
        path = to;
    }
    assert_eq!(counted, [200, 200, 1]);
    for page in ["0", "4", "x"] {
        let wrong = many.get(&format!("/article/1/events?page={page}")).await.status;
        assert!(wrong.is_client_error(), "{page}: {wrong}");
    }
}

#[tokio::test]
async fn a_lineage_is_up_to_date_after_every_change() {
    let served = Served::filled(|_| (), |_| ());
    let mut store = Store::open(&served.store).unwrap();
    let rest = "Heavy rain fell over the harbour throughout Friday, while several hundred passengers waited inside crowded \
         terminals because every ferry stayed moored.";
    let words = "“Nobody in this country will ever pay a single toll to cross the bridge,”";
    let add = |store: &mut Store, name: &str, speaker: &str| {
        let text = format!("{rest} {words} {speaker} said.");
        put(store, &record(name, &text, &[[speaker, "said", words, speaker]]));
    };
    add(&mut store, "a.txt", "Ada Brandt");
    let address =
        store.search(&onrecord_store::Query::everything(), onrecord_store::Order::Newest, 1, 0).unwrap().hits
            [0]
        .address
        .clone();
    let path = format!("/statement/{address}");
    let page = async || served.page(&path).await.text();
    for _ in 0..2 {
        assert!(page().await.contains("No other article in this archive has these words."));
    }
    add(&mut store, "b.txt", "Rolf Meyer");
    for _ in 0..2 {
        assert!(
            page().await.contains("Rolf Meyer, role of Rolf Meyer, said (speaker before: Ada Brandt)"),
            "{}",
            page().await
        );
    }
    // A correction of the other version.
    let other: onrecord_store::StatementRef = "2.s1".parse().unwrap();
    let set = onrecord_store::decisions::Verdict::Set(
        other,
        onrecord_store::DecidedField::Speaker,
        "Pia Lund".to_owned(),
    );
    store.decide(&set, archive::NOW, None).unwrap();
    for _ in 0..2 {
        let text = page().await;
        assert!(text.contains("Pia Lund") && text.contains("(speaker before: Ada Brandt)"), "{text}");
    }
    // The other article is read again with other words: it is no longer a version.
    let text = format!("{rest} “The ferries go on,” Rolf Meyer said.");
    put(&mut store, &record("b.txt", &text, &[["Rolf Meyer", "said", "“The ferries go on,”", "Rolf Meyer"]]));
    for _ in 0..2 {
        let text = page().await;
        assert!(!text.contains("Pia Lund"), "{text}");
    }
}

#[tokio::test]
async fn reports_of_events_are_exported() {
    let served = Served::filled(archive::fill_events, |_| ());
    let page = served.page("/events?q=type:CONSULT").await;
    let links = page.links("/api/v1/events/export?");
    assert_eq!(links.len(), 4);
    let mut kinds = Vec::new();
    for link in links {
        let answer = served.get(&link).await;
        assert_eq!(answer.status, StatusCode::OK, "{link}");
        let kind = answer.headers[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        if !kind.contains("parquet") {
            assert!(
                answer.body.contains("CONSULT") && !answer.body.contains("ASSAULT"),
                "{link}: {}",
                answer.body
            );
            assert!(!answer.body.contains(archive::FOLDER), "{link}");
        } else {
            assert!(answer.body.starts_with("PAR1"));
        }
        kinds.push(kind.split(';').next().unwrap().to_owned());
        assert!(answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("events."), "{link}");
    }
    let expected =
        ["text/csv", "application/jsonl", "application/vnd.apache.parquet", "text/tab-separated-values"];
    assert_eq!(kinds, expected);
    assert_eq!(served.get("/api/v1/events/export?q=typ:x").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(served.get("/api/v1/events/export?format=pdf").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn rival_accounts_stand_side_by_side() {
    let served = Served::filled(archive::fill_events, |_| ());
    let page = served.page("/events?show=accounts").await;
    let text = page.text();
    for part in ["Sundmark and Norland", "material conflict · 2016-04-11 to 2016-04-12 · 2 reports"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let sides: Vec<&str> =
        page.body.split("<section class=\"side ").skip(1).map(|s| s.split('"').next().unwrap()).collect();
    assert_eq!(sides, ["by-recipient", "by-actor"]);
    assert!(!text.contains("expelled"), "one report has no rival");
    let none = served.page("/events?show=accounts&q=type:sanction").await;
    assert!(none.text().contains("No rival accounts found."));
}

#[tokio::test]
async fn relations_are_charted_and_tabled() {
    let served = Served::filled(archive::fill_events, |_| ());
    assert!(served.page("/relations").await.text().contains("Relations of two parties"));
    let page = served.page("/relations?one=Sundmark&other=Norland&by=month").await;
    let text = page.text();
    for part in [
        "4 reports of events between Sundmark and Norland",
        "Claimed by: the article itself the actor's side the recipient's side a third party side unknown",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // The cells of a row: the reports, those of each kind of claimant, and those of each status.
    for (period, class, cells) in [
        ("2016-04", "material conflict", "2 · 1 1 · · 1 · · 1"),
        ("2016-05", "material conflict", "1 1 · · · · 1 · · ·"),
        ("2016-04", "verbal cooperation", "1 1 · · · · · 1 · ·"),
    ] {
        let cells: String = cells.split(' ').map(|cell| format!("<td class=\"n\">{cell}</td>")).collect();
        let row = format!("<tr><th scope=\"row\">{period}</th><td>{class}</td>{cells}</tr>");
        assert!(page.body.contains(&row), "{row}: {}", page.body);
    }
    // The chart has a part of a bar for each kind of claimant, and a title for each bar.
    assert_eq!(page.body.matches("<rect class=\"by-").count(), 4, "a single month has a bar, too");
    assert!(page.body.contains("<title>2016-04: the actor's side 1, the recipient's side 1</title>"));
    assert!(served.page(&page.links("/events?q=actor").remove(0)).await.text().contains("raided"));
    let nobody = served.with("/relations?one=Sundmark&other=Nobody+Known", &[("accept", "text/html")]).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    assert!(nobody.text().contains("nobody in this store has exactly this name"), "{}", nobody.text());
    let wrong = served.with("/relations?one=A&other=B&q=typ:x", &[("accept", "text/html")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

/// The body of a form with fields and perhaps a file.
fn multipart(fields: &[(&str, &str)], file: Option<(&str, &str)>) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    if let Some((name, content)) = file {
        let disposition = format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"");
        body.push_str(&format!(
            "--x\r\n{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n{content}\r\n"
        ));
    }
    body + "--x--\r\n"
}

const MULTIPART: [(&str, &str); 2] =
    [("content-type", "multipart/form-data; boundary=x"), ("origin", "http://localhost:7878")];

#[tokio::test]
async fn texts_and_files_can_be_tried_and_are_not_stored() {
    let served = Served::new();
    served.page("/try").await;
    let text = "“We open in May,” Ada Brandt said on Friday.";
    let body =
        multipart(&[("text", text), ("published", "2016-03-05"), ("outlet", "The <Sound>")], Some(("", "")));
    let answer = served.send("POST", "/try", &MULTIPART, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.text().contains("1 statement · The <Sound> · 2016-03-05"), "{}", answer.text());
    assert!(answer.text().contains("Ada Brandt") && answer.body.contains("2016-03-04"));
    let lines = "{\"text\": \"Ada Brandt said no.\"}\nbroken\n{\"text\": \"Rolf Meyer said yes.\"}\n";
    let answer =
        served.send("POST", "/try", &MULTIPART, multipart(&[("from", "")], Some(("a/b.jsonl", lines)))).await;
    assert!(answer.text().contains("Rolf Meyer") && answer.text().contains("b.jsonl:2"), "{}", answer.text());
    assert!(!answer.body.contains("a/b.jsonl"));
    for fields in [[("text", " "), ("published", "")], [("text", "x"), ("published", "soon")]] {
        let answer = served.send("POST", "/try", &MULTIPART, multipart(&fields, None)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
    assert!(served.page("/").await.text().contains("0 statements in 0 articles"));
}

#[tokio::test]
async fn pages_are_sent_once() {
    let served = Served::examples();
    let page = served.page("/sources").await;
    let tag = page.headers[header::ETAG].to_str().unwrap();
    let again = served.with("/sources", &[("if-none-match", tag)]).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let style = page.links("/assets/").into_iter().find(|link| link.ends_with(".css")).unwrap();
    let style = served.get(&style).await;
    assert_eq!(style.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(style.headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
}

#[tokio::test]
async fn elements_have_each_attribute_once() {
    let served = Served::examples();
    let statement = served.first("toll").await;
    let article = served.page(&statement).await.links("/article/").remove(0);
    for path in [
        "/",
        "/events",
        "/events?show=accounts",
        "/relations?one=Norland+Republic&other=Sund+Republic",
        "/sources",
        "/try",
        "/review",
        &statement,
        article.split('#').next().unwrap(),
    ] {
        let page = served.page(path).await;
        for tag in page.body.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            for attribute in [" class=", " id=", " href="] {
                assert!(tag.matches(attribute).count() < 2, "{path}: <{tag}>");
            }
        }
    }
}
