//! What is passed on about a statement: citations, titles and exports say whether it was made.

mod common;

use common::{Served, encoded, put, record};
use onrecord::text::{EntityKind, NoticeKind, StatementKind, Status, wire};

const TEXT: &str = "Mayor Olga Trent would not say whether she would seek another term.\r\n\r\n\
    The ferries go on, Rolf Meyer said on 4 March.\r\n";

/// An archive with a statement that was not made, and one that was made in an unknown year.
fn served() -> Served {
    Served::filled(|store| put(store, &stated()), |_| ())
}

/// The article of that archive.
fn stated() -> wire::Record {
    let statements = [
        ["Mayor Olga Trent", "would not say", "whether she would seek another term", "Olga Trent"],
        ["Rolf Meyer", "said", "The ferries go on,", "Rolf Meyer"],
    ];
    let mut record = record("lines", TEXT, &statements);
    record.article.url = Some("http://sound.example/8".to_owned());
    record.statements.iter_mut().for_each(|statement| statement.kind = StatementKind::Indirect);
    record.statements[0].status = Some(Status::NotMade);
    let value = Some("XXXX-03-04".to_owned());
    record.statements[1].time =
        Some(wire::Time { text: "on 4 March".to_owned(), spans: Vec::new(), value, carried: false });
    for (n, name) in ["Olga Trent", "Rolf Meyer"].into_iter().enumerate() {
        let start = TEXT[..TEXT.find(name).unwrap()].chars().count();
        let id = format!("e{}", n + 1);
        record.entities.push(wire::Entity {
            id: id.clone(),
            name: name.to_owned(),
            mentions: vec![wire::Mention { start, end: start + name.chars().count() }],
            kind: EntityKind::Person,
            roles: Vec::new(),
            aliases: Vec::new(),
        });
        let speaker = record.statements[n].speaker.as_mut().unwrap();
        speaker.entity = Some(id.clone());
        speaker.entities = vec![id];
    }
    record
}

async fn cited(served: &Served, query: &str, form: &str) -> String {
    let path = served.first(query).await;
    served.get(&format!("{path}/{form}")).await.body
}

#[tokio::test]
async fn a_citation_says_that_a_statement_was_not_made() {
    let served = served();
    let text = cited(&served, "speaker:trent", "cite.txt").await;
    let by = "— Olga Trent, role of Olga Trent (indirect; in the article: “would not say”; not made)\n";
    assert!(text.contains(by), "{text}");
    let markdown = cited(&served, "speaker:trent", "cite.md").await;
    assert!(markdown.contains("(indirect; in the article: “would not say”; not made)"), "{markdown}");
    let json: serde_json::Value =
        serde_json::from_str(&cited(&served, "speaker:trent", "cite.json").await).unwrap();
    assert_eq!((&json["hit"]["status"], &json["hit"]["cue"]), (&"not_made".into(), &"would not say".into()));
    let bodies = |annotation: &serde_json::Value| -> Vec<String> {
        let bodies = annotation["body"].as_array().unwrap();
        bodies.iter().map(|body| body["value"].as_str().unwrap().to_owned()).collect()
    };
    let annotation = cited(&served, "speaker:trent", "annotation.json").await;
    let of = bodies(&serde_json::from_str(&annotation).unwrap());
    assert!(
        of.contains(&"cue: would not say".to_owned()) && of.contains(&"status: not made".to_owned()),
        "{of:?}"
    );

    let made = cited(&served, "speaker:meyer", "cite.txt").await;
    let by = "— Rolf Meyer, role of Rolf Meyer, 4 March, year unknown (indirect; in the article: “said”)\n";
    assert!(made.contains(by), "{made}");
    let annotation = cited(&served, "speaker:meyer", "annotation.json").await;
    let of = bodies(&serde_json::from_str(&annotation).unwrap());
    assert!(of.contains(&"cue: said".to_owned()) && !of.iter().any(|body| body.contains("status")), "{of:?}");
}

#[tokio::test]
async fn titles_and_exports_say_that_a_statement_was_not_made() {
    let served = served();
    let title = "Olga Trent would not say (not made): whether she would seek another term";
    let feed = served.get("/feed?q=speaker:trent").await.body;
    assert!(feed.contains(&format!("<title>{title}</title>")), "{feed}");
    assert!(feed.contains(" · would not say · not made · "), "{feed}");
    let feed = served.get("/feed?q=speaker:meyer").await.body;
    assert!(feed.contains("<title>Rolf Meyer: The ferries go on,</title>"), "{feed}");
    assert!(feed.contains(" · said · said 4 March, year unknown · "), "{feed}");
    let page = served.page(&served.first("speaker:trent").await).await.body;
    assert!(page.contains(&format!("<title>{title}")) && !page.contains("ld+json"), "{page}");
    let page = served.page(&served.first("speaker:meyer").await).await.body;
    assert!(page.contains("<title>Rolf Meyer: The ferries go on,") && page.contains("ld+json"), "{page}");
    let export = |form: &str| format!("/api/v1/export?q={}&format={form}", encoded("speaker:trent"));
    let annotations = served.get(&export("webannotation")).await.body;
    assert!(annotations.contains("\"status: not made\""), "{annotations}");
    let entities = served.get(&export("ftm")).await.body;
    let properties: Vec<serde_json::Value> =
        entities.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()).collect();
    let told = properties.iter().find(|entity| entity["schema"] == "Documentation").expect("a statement");
    assert_eq!(told["properties"]["status"][0], "not made", "{entities}");
    assert_eq!(told["properties"]["description"][0], "cue: would not say");
    let all = served.get("/api/v1/export?q=speaker:meyer&format=ftm").await.body;
    assert!(!all.contains("\"status\""), "{all}");
}

#[tokio::test]
async fn everything_passed_on_says_that_the_article_was_withdrawn() {
    let mut record = stated();
    let message = "the publisher marked the item as “kill”".to_owned();
    record.notices = vec![wire::Notice { kind: NoticeKind::Withdrawn, message }];
    let served = Served::filled(|store| put(store, &record), |_| ());
    let path = served.first("speaker:meyer").await;
    for form in ["cite.txt", "cite.md", "annotation.json"] {
        let cited = served.get(&format!("{path}/{form}")).await.body;
        assert!(cited.contains("withdrawn by the publisher"), "{form}: {cited}");
    }
    let text = cited(&served, "speaker:trent", "cite.txt").await;
    assert!(text.contains("; not made; withdrawn by the publisher)"), "{text}");
    let hit = served.get(&format!("{path}/cite.json")).await.json();
    assert_eq!(hit["hit"]["withdrawn"], true);
    let feed = served.get("/feed?q=speaker:meyer").await.body;
    let title = "Rolf Meyer said (withdrawn by the publisher): The ferries go on,";
    assert!(feed.contains(&format!("<title>{title}</title>")), "{feed}");
    assert!(feed.contains(" · said · withdrawn by the publisher · "), "{feed}");
    let page = served.page(&path).await;
    assert!(page.body.contains(&format!("<title>{title}")) && !page.body.contains("ld+json"));
    assert!(page.text().contains("The publisher withdrew this article."));
    let article = served.page("/article/1").await;
    assert!(
        article.body.contains("<title>Withdrawn: ")
            && article.text().contains("The publisher withdrew this article.")
    );
    assert!(served.page("/search?q=ferries").await.text().contains("withdrawn by the publisher"));
    let found = served.get(&format!("/api/v1/search?q={}", encoded("-notice:withdrawn"))).await.json();
    assert_eq!(found["hits"], serde_json::json!([]));
}

#[tokio::test]
async fn pages_put_dates_without_a_year_into_words() {
    let served = served();
    for page in
        [served.page(&served.first("speaker:meyer").await).await, served.page("/search?q=ferries").await]
    {
        // A citation as JSON, with quotation marks around its values, is for programs.
        let text = page.text().replace("\"XXXX-03-04\"", "");
        assert!(text.contains("4 March, year unknown") && !text.contains("XXXX"), "{text}");
    }
    let json = served.get("/api/v1/search?q=ferries").await.json();
    assert_eq!(json["hits"][0]["said"], "XXXX-03-04", "programs get EDTF");
}

#[tokio::test]
async fn ends_of_lines_are_no_hostile_characters() {
    let served = served();
    let page = served.page("/article/1").await;
    assert!(!page.body.contains("data-code"), "{}", page.body);
    assert!(page.text().contains("not made"), "the list of statements says so: {}", page.text());
    let form = format!("--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n{TEXT}\r\n--x--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=x"), ("origin", "http://localhost:7878")];
    let page = served.send("POST", "/try", &headers, form).await;
    assert!(page.body.contains("The ferries go on") && !page.body.contains("data-code"), "{}", page.body);
}
