//! Articles that try to harm whoever looks at them are shown as what they are: text.

mod common;

use common::{Served, put, record};
use onrecord::text::{EntityKind, EventStatus, EventType, NoticeKind, SpeakerKind, StatementKind, wire};

const SCRIPT: &str = "<script>alert(1)</script>";
const QUOTE: &str = "\"><img src=x onerror=alert(2)>'";

/// A record with scripts and bidirectional controls in every field that it can have.
fn hostile() -> wire::Record {
    let source = format!("Eve {SCRIPT} \u{202e}evE");
    let cue = format!("said{QUOTE}");
    let content =
        format!("we {SCRIPT} will {QUOTE} \u{2066}win\u{202e} </blockquote></main> &lt;b&gt; \u{0}\u{8}");
    let text = format!("{source} {cue} {content}\n\nJavaScript: javascript:alert(3)");
    let mut record = record(QUOTE, &text, &[[&source, &cue, &content, &format!("Eve Evil{SCRIPT}\u{202e}")]]);
    let article = &mut record.article;
    article.source_id = format!("/home/ana/secret/{QUOTE}");
    article.title = Some(format!("{SCRIPT}{QUOTE}\u{202e}</title>"));
    article.outlet = Some(format!("{SCRIPT}{QUOTE}\u{202e}"));
    article.url = Some("javascript:alert(4)//http://x".to_owned());
    article.bylines = vec![format!("{SCRIPT}{QUOTE}")];
    article.language = Some("en".to_owned());
    let statement = &mut record.statements[0];
    statement.why = format!("{SCRIPT}{QUOTE}");
    let speaker = statement.speaker.as_mut().unwrap();
    speaker.role = Some(format!("{SCRIPT}{QUOTE}\u{202e}"));
    speaker.entity = Some("e1".to_owned());
    speaker.entities = vec!["e1".to_owned()];
    record.entities = vec![wire::Entity {
        id: "e1".to_owned(),
        name: format!("Eve Evil{SCRIPT}\u{202e}"),
        kind: EntityKind::Person,
        roles: vec![format!("{SCRIPT}{QUOTE}")],
        aliases: vec![format!("{SCRIPT}{QUOTE}")],
        mentions: vec![wire::Mention { start: 0, end: 3 }],
    }];
    record.notices = vec![wire::Notice { kind: NoticeKind::Date, message: format!("{SCRIPT}{QUOTE}") }];
    record.engine.model = format!("{SCRIPT}{QUOTE}");
    let party = |name: String| {
        Some(wire::Party {
            text: source.clone(),
            spans: record.statements[0].source.as_ref().unwrap().spans.clone(),
            name: Some(name),
            role: Some(format!("{SCRIPT}{QUOTE}")),
            country: Some(format!("{SCRIPT}{QUOTE}")),
            entity: Some("e1".to_owned()),
            entities: vec!["e1".to_owned()],
            ..wire::Party::default()
        })
    };
    let event = |id: &str, status: EventStatus, claimant: &str| wire::Event {
        id: id.to_owned(),
        trigger: record.statements[0].content.clone(),
        actor: party(format!("Eve Evil{SCRIPT}\u{202e}")),
        recipient: party(format!("{QUOTE}\u{2066}")),
        claimant: claimant.to_owned(),
        time: Some(wire::EventTime { value: Some("2016-03-04".to_owned()), ..wire::EventTime::default() }),
        why: format!("{SCRIPT}{QUOTE}"),
        ..wire::Event::new(EventType::Agree, status)
    };
    let events =
        vec![event("v1", EventStatus::Happened, "s1"), event("v2", EventStatus::Denied, wire::ARTICLE)];
    record.events = Some(events);
    record
}

/// Asserts that a page has no element, attribute or address that the article brought along.
fn assert_inert(path: &str, body: &str) {
    for element in body.split('<').skip(1) {
        let tag = element.split('>').next().unwrap_or_default();
        let name: String =
            tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/' || *c == '!').collect();
        assert!(
            !matches!(name.as_str(), "img" | "iframe" | "object" | "embed" | "style" | "base"),
            "{path}: <{tag}>"
        );
        if name == "script" {
            let known =
                tag.starts_with("script src=\"/assets/") || tag == "script type=\"application/ld+json\"";
            assert!(known, "{path}: <{tag}>");
        }
        // No attribute runs a script, and none holds a control character.
        assert!(!tag.contains(" onerror=") || tag.contains("&quot;"), "{path}: <{tag}>");
        assert!(!tag.contains("href=\"javascript:") && !tag.contains(" style="), "{path}: <{tag}>");
        // The box of a query has what its reader typed. A box contains the effect of its text.
        assert!(name == "input" || !tag.contains(['\u{202e}', '\u{2066}', '\0']), "{path}: <{tag}>");
    }
    let title = body.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    assert!(!title.contains('\u{202e}') && !title.contains('<'), "{path}: {title}");
    // Every control character is alone in an element that contains its effect.
    for (at, control) in body.match_indices(['\u{202e}', '\u{2066}']) {
        let data_block = body[..at].rsplit("<script").next().is_some_and(|rest| {
            body[..at].contains("<script type=\"application/ld+json\"")
                && rest.contains("ld+json")
                && !rest.contains("</script>")
        });
        let in_box = body[..at].rsplit('<').next().is_some_and(|tag| tag.starts_with("input "));
        if data_block || in_box {
            continue;
        }
        assert!(
            body[..at].ends_with("\">") && body[at + control.len()..].starts_with("</bdi>"),
            "{path}: {}",
            &body[at.saturating_sub(80)..at]
        );
    }
    assert!(!body.contains("/home/ana"), "{path} tells a folder");
    assert!(!body.contains('\0') && !body.contains('\u{8}'), "{path}");
}

#[tokio::test]
async fn every_page_of_a_hostile_article_is_inert() {
    let served = Served::filled(|store| put(store, &hostile()), |_| ());
    let home = served.page("/").await;
    let statement = home.links("/statement/").remove(0);
    let mut paths = vec!["/".to_owned(), "/search?q=win".to_owned(), "/search?q=%3Cscript%3E".to_owned()];
    paths.extend([
        statement.clone(),
        "/article/1".to_owned(),
        "/sources".to_owned(),
        "/decisions".to_owned(),
    ]);
    paths.extend(["/review", "/try", "/sign-in", "/person?name=eve"].map(str::to_owned));
    paths.extend(
        ["/events", "/events?q=win", "/events?show=accounts", "/relations?one=p1&other=p1"]
            .map(str::to_owned),
    );
    let mut shown = 0;
    for path in paths {
        let mut answer = served.with(&path, &[("accept", "text/html")]).await;
        while answer.status.is_redirection() {
            let to = answer.location().to_owned();
            answer = served.with(&to, &[("accept", "text/html")]).await;
        }
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
        assert_inert(&path, &answer.body);
        shown += answer.body.matches("&lt;script&gt;").count();
    }
    assert!(shown > 10);
    for form in ["cite.txt", "cite.md", "cite.json", "annotation.json"] {
        let answer = served.get(&format!("{statement}/{form}")).await;
        assert!(answer.status.is_success() && !answer.body.contains("/home/ana"), "{form}: {}", answer.body);
        assert!(!answer.headers["content-type"].to_str().unwrap().contains("html"));
    }
}

#[tokio::test]
async fn hostile_parameters_are_inert() {
    let served = Served::filled(|store| put(store, &hostile()), |_| ());
    for path in [
        "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%E2%80%AE",
        "/search?q=win&order=%22%3E%3Cscript%3E",
        "/search?q=win&after=%3Cscript%3E",
        "/statement/%3Cscript%3Ealert(1)",
        "/article/%3Cscript%3E",
        "/person/%3Cscript%3E",
        "/review?after=%3Cscript%3E",
        "/article?name=%3Cscript%3E",
        "/events?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%E2%80%AE",
        "/events?q=win&show=%22%3E%3Cscript%3E&after=%3Cscript%3E",
        "/events?actor=%22%3E%3Cscript%3E%E2%80%AE&status=%3Cscript%3E",
        "/relations?one=%22%3E%3Cscript%3E%E2%80%AE&other=%3Cscript%3E&by=%22%3E&q=%3Cscript%3E",
        "/?decided=%3Cscript%3E",
    ] {
        let answer = served.with(path, &[("accept", "text/html")]).await;
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
        if !answer.status.is_redirection() {
            assert_inert(path, &answer.body);
        }
    }
}

#[tokio::test]
async fn a_large_article_is_shown_whole() {
    let sentence =
        |n: usize| format!("“Quotation number {n} stands here,” Ada{n} Brandt{n} told everybody{n}. ");
    let text: String = (0..5_000).map(sentence).collect::<Vec<_>>().join("\n") + &"x ".repeat(800_000);
    let mut record = record("large", &text, &[]);
    let mut from = 0;
    for n in 0..5_000 {
        let length = sentence(n).chars().count();
        let content = format!("“Quotation number {n} stands here,”");
        let size = content.chars().count();
        let speaker = wire::Speaker {
            name: Some(format!("Ada{n} Brandt{n}")),
            kind: SpeakerKind::Person,
            role: None,
            entity: None,
            entities: Vec::new(),
            confidence: 0.9,
        };
        record.statements.push(wire::Statement {
            id: format!("s{}", n + 1),
            kind: StatementKind::Direct,
            content: wire::Field { text: content, spans: vec![[from, from + size]] },
            speaker: Some(speaker),
            confidence: 0.9,
            ..wire::Statement::default()
        });
        from += length + 1;
    }
    let served = Served::filled(|store| put(store, &record), |_| ());
    let page = served.page("/article/1").await;
    assert_eq!(page.body.matches("class=\"ref\"").count(), 5_000);
    assert!(page.text().contains("Quotation number 4999 stands here"));
}
