//! Decisions in the browser: who may make them, and what they change.

mod archive;
mod common;

use axum::http::{StatusCode, header};
use common::{Answer, Served};
use onrecord_server::Corrections;
use onrecord_store::{DecisionKind, Reader};

fn open() -> Served {
    Served::examples_with(|config| config.corrections = Corrections::Open)
}

const TOKEN: &str = "0123456789abcdef0123";

fn with_token() -> Served {
    Served::examples_with(|config| config.corrections = Corrections::Token(TOKEN.to_owned()))
}

/// The address of a statement, from the path of its page.
fn name(path: &str) -> String {
    path.trim_start_matches("/statement/").to_owned()
}

async fn reject(served: &Served, headers: &[(&str, &str)]) -> Answer {
    let statement = name(&served.first("speaker:brandt toll outlet:nor").await);
    served.form("/decide", &[("action", "reject"), ("statement", &statement), ("by", "Ana")], headers).await
}

#[tokio::test]
async fn corrections_are_off_unless_they_are_allowed() {
    let served = Served::examples();
    assert_eq!(reject(&served, &[]).await.status, StatusCode::FORBIDDEN);
    let page = served.page(&served.first("toll").await).await;
    assert!(!page.body.contains("action=\"/decide\"") && !page.body.contains("href=\"/review\""));
    assert!(Reader::open(&served.store).unwrap().decisions().unwrap().is_empty());
}

#[tokio::test]
async fn a_change_must_come_from_a_page_of_this_server() {
    let served = open();
    for origin in ["http://evil.example", "http://localhost:8000", "null"] {
        assert_eq!(reject(&served, &[("origin", origin)]).await.status, StatusCode::FORBIDDEN, "{origin}");
    }
    assert_eq!(reject(&served, &[("origin", "")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(reject(&served, &[("sec-fetch-site", "cross-site")]).await.status, StatusCode::FORBIDDEN);
    let statement = name(&served.first("toll").await);
    let path = format!("/decide?action=reject&statement={statement}");
    assert_eq!(served.get(&path).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(Reader::open(&served.store).unwrap().decisions().unwrap().is_empty());
    assert_eq!(reject(&served, &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_token_is_asked_for() {
    let served = with_token();
    assert_eq!(reject(&served, &[]).await.status, StatusCode::UNAUTHORIZED);
    for wrong in ["", "0123456789abcdef012", "wrong"] {
        let answer = served.form("/sign-in", &[("token", wrong)], &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
        assert_eq!(
            reject(&served, &[("authorization", &format!("Bearer {wrong}"))]).await.status,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(
            reject(&served, &[("cookie", &format!("onrecord-token={wrong}"))]).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let answer = served.form("/sign-in", &[("token", TOKEN)], &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(TOKEN),
        "{cookie}"
    );
    let cookie = format!("a=b; {}", cookie.split(';').next().unwrap());
    // The cookie alone is not enough: another site's page must not be able to use it.
    assert_eq!(
        reject(&served, &[("cookie", &cookie), ("origin", "http://evil.example")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(reject(&served, &[("cookie", &cookie)]).await.status, StatusCode::SEE_OTHER);
    let page = served.with("/review", &[("cookie", &cookie)]).await;
    assert!(page.body.contains("action=\"/decide\""));
    let page = served.page("/review").await;
    assert!(!page.body.contains("action=\"/decide\"") && page.body.contains("href=\"/sign-in\""));
}

#[tokio::test]
async fn a_program_may_use_the_token_without_a_browser() {
    let served = with_token();
    let bearer = format!("Bearer {TOKEN}");
    let answer = reject(&served, &[("authorization", &bearer), ("origin", "")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_rejected_statement_is_left_out_until_the_decision_is_undone() {
    let served = open();
    let path = served.first("speaker:brandt toll outlet:nor").await;
    let fields = [("action", "reject"), ("statement", &name(&path)), ("by", "Ana Ruiz"), ("back", &path)];
    let answer = served.form("/decide", &fields, &[]).await;
    assert_eq!(answer.location(), format!("{path}?decided=1"));
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("onrecord-by=Ana%20Ruiz;") && cookie.contains("SameSite=Strict"));
    let page = served.page(answer.location()).await;
    assert!(
        page.text().contains("Decision 1 is recorded.") && page.text().contains("this statement is wrong"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("Ana Ruiz rejected the statement"));
    let search = "/search?q=speaker%3Abrandt%20toll%20outlet%3Anor";
    assert!(served.page(search).await.text().contains("Nothing found."));
    let reader = Reader::open(&served.store).unwrap();
    let decisions = reader.decisions().unwrap();
    assert_eq!(decisions.len(), 1);
    assert_eq!((decisions[0].kind, decisions[0].by.as_deref()), (DecisionKind::Reject, Some("Ana Ruiz")));
    assert!(served.page("/decisions").await.text().contains("by Ana Ruiz"));
    let undo = [("action", "undo"), ("decision", "1"), ("back", path.as_str())];
    let answer = served.form("/decide", &undo, &[]).await;
    assert_eq!(answer.location(), path);
    assert_eq!(served.first("speaker:brandt toll outlet:nor").await, path);
    assert!(reader.decisions().unwrap()[0].undone);
    assert_eq!(served.form("/decide", &undo, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_speaker_can_be_changed() {
    let served = open();
    let path = served.first("speaker:brandt toll outlet:nor").await;
    let statement = name(&path);
    let set = |value: &'static str| {
        [("action", "speaker"), ("statement", statement.clone().leak() as &str), ("value", value)]
    };
    assert_eq!(served.form("/decide", &set("Pia Lund"), &[]).await.status, StatusCode::SEE_OTHER);
    let page = served.page(&path).await;
    assert!(page.text().contains("Pia Lund") && page.text().contains("decided: speaker"), "{}", page.text());
    assert_eq!(served.form("/decide", &set("\u{202e}"), &[]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(served.form("/decide", &set("p99999"), &[]).await.status, StatusCode::NOT_FOUND);
    let completions = served.get("/complete?q=Lun").await.json();
    assert_eq!(completions[0]["name"], "Pia Lund");
}

#[tokio::test]
async fn what_is_cited_says_that_the_speaker_was_corrected() {
    let served = open();
    let path = served.first("speaker:brandt toll outlet:nor").await;
    let set =
        [("action", "speaker"), ("statement", &name(&path)), ("value", "Rolf Meyer"), ("by", "Ana Ruiz")];
    served.form("/decide", &set, &[]).await;
    let page = served.page(&path).await.text();
    for part in ["A person decided who the speaker is.", "Evidence for the speakerdecision 1"] {
        assert!(page.contains(part), "{page}");
    }
    for form in ["cite.txt", "cite.md"] {
        let cited = served.get(&format!("{path}/{form}")).await.body;
        let speaker = cited.contains("— Rolf Meyer") && !cited.contains("Transport Minister");
        assert!(speaker && cited.contains("speaker corrected by Ana Ruiz"), "{cited}");
    }
    let annotation = served.get(&format!("{path}/annotation.json")).await.json();
    let bodies = annotation["body"].to_string();
    assert!(bodies.contains("\"decided by a person: speaker\"") && !bodies.contains("Minister"), "{bodies}");
    assert_eq!(annotation["id"], format!("urn:onrecord:{}", name(&path)));
}

#[tokio::test]
async fn a_rejected_statement_is_not_cited_as_valid() {
    let served = open();
    let path = served.first("speaker:brandt toll outlet:nor").await;
    assert!(served.page(&path).await.body.contains("application/ld+json"));
    reject(&served, &[]).await;
    let page = served.page(&path).await;
    assert!(!page.body.contains("application/ld+json"), "{}", page.body);
    assert!(page.body.contains("<title>Rejected: Ada Brandt"), "{}", page.body);
    assert!(page.text().contains("decided: rejected"));
    for form in ["cite.txt", "cite.md"] {
        let cited = served.get(&format!("{path}/{form}")).await.body;
        assert!(cited.contains("rejected as wrong by Ana"), "{cited}");
    }
}

#[tokio::test]
async fn only_a_decision_in_force_is_announced_to_those_who_may_decide() {
    let announced = async |served: &Served, number: &str| {
        served.page(&format!("/?decided={number}")).await.body.contains("is recorded.")
    };
    let served = open();
    assert!(!announced(&served, "1").await && !announced(&served, "x").await);
    reject(&served, &[]).await;
    assert!(announced(&served, "1").await && !announced(&served, "2").await);
    served.form("/decide", &[("action", "undo"), ("decision", "1")], &[]).await;
    assert!(!announced(&served, "1").await);
    let served = with_token();
    let answer = reject(&served, &[("authorization", &format!("Bearer {TOKEN}"))]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(!announced(&served, "1").await);
}

/// A service over reports of events, with corrections.
fn with_events() -> Served {
    Served::filled(archive::fill_events, |config| config.corrections = Corrections::Open)
}

#[tokio::test]
async fn a_report_can_be_corrected_and_the_correction_undone() {
    let served = with_events();
    let path = served.page("/events").await.links("/event/").pop().unwrap();
    let report = path.trim_start_matches("/event/").to_owned();
    let page = served.page(&path).await;
    let text = page.text();
    for part in ["raided", "according to Karl Falk", "material conflict", "Set the claimant"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(page.body.contains("value=\"ASSAULT\" selected"), "{}", page.body);
    assert!(page.body.contains("value=\"happened\" selected"), "{}", page.body);
    let claim = served.first("speaker:falk").await;
    assert!(page.body.contains(&format!("value=\"{}\" selected", name(&claim))), "{}", page.body);
    let fields = [
        ("type", "type", "COERCE", "COERCE happened: Sundmark → Norland"),
        ("status", "status", "possible", "COERCE possible: Sundmark → Norland"),
        ("actor", "value", "Karl Falk", "COERCE possible: Karl Falk → Norland"),
        ("recipient", "value", "DNK", "COERCE possible: Karl Falk → DNK"),
        ("claimant", "claimant", "article", "according to Norland Wire, in its own voice"),
        ("accept", "value", "", "Ana Ruiz accepted the report"),
    ];
    for (n, (action, field, value, shows)) in fields.into_iter().enumerate() {
        let sent =
            [("action", action), ("report", &report), (field, value), ("by", "Ana Ruiz"), ("back", &path)];
        let answer = served.form("/decide", &sent, &[]).await;
        assert_eq!(answer.location(), format!("{path}?decided={}", n + 1), "{action}: {}", answer.body);
        let text = served.page(answer.location()).await.text();
        assert!(text.contains(shows), "{action}: {text}");
        assert!(
            action == "accept" || text.contains(&format!("Ana Ruiz set the {action} to")),
            "{action}: {text}"
        );
    }
    assert!(served.page("/events?q=type:COERCE").await.text().contains("decided:"));
    let decisions = Reader::open(&served.store).unwrap().decisions().unwrap();
    assert_eq!(decisions.len(), 6);
    assert!(decisions.iter().all(|decision| decision.on_event && decision.by.as_deref() == Some("Ana Ruiz")));
    // The list of decisions leads back to the report.
    let list = served.page("/decisions").await;
    assert_eq!(list.links("/event/"), vec![path.clone(); 6]);
    for n in 1..=6 {
        let undo = [("action", "undo"), ("decision", &n.to_string()), ("back", &path)];
        assert_eq!(served.form("/decide", &undo, &[]).await.location(), path);
    }
    assert_eq!(served.page(&path).await.text(), text);
}

#[tokio::test]
async fn a_rejected_report_is_left_out_until_the_decision_is_undone() {
    let served = with_events();
    let path = served.page("/events").await.links("/event/").pop().unwrap();
    let report = path.trim_start_matches("/event/").to_owned();
    let found = |page: Answer| page.text().contains("raided");
    served.form("/decide", &[("action", "reject"), ("report", &report)], &[]).await;
    assert!(!found(served.page("/events").await));
    assert!(served.page(&path).await.text().contains("A person decided that this report is wrong."));
    served.form("/decide", &[("action", "undo"), ("decision", "1")], &[]).await;
    assert!(found(served.page("/events").await));
    let wrong = [
        [("action", "type"), ("report", &report), ("type", "PARTY")],
        [("action", "status"), ("report", &report), ("status", "")],
        [("action", "claimant"), ("report", &report), ("claimant", "0000000000000000")],
        [("action", "actor"), ("report", "1.s1"), ("value", "DNK")],
    ];
    for sent in wrong {
        let status = served.form("/decide", &sent, &[]).await.status;
        assert!(status.is_client_error(), "{sent:?}: {status}");
    }
    let missing = [("action", "accept"), ("report", "1.v99")];
    assert_eq!(served.form("/decide", &missing, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(served.get("/event/1.v99").await.status, StatusCode::NOT_FOUND);
    assert_eq!(served.get("/event/nothing").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn reports_have_no_forms_without_permission() {
    let served = Served::filled(archive::fill_events, |_| ());
    let page = served.page(&served.page("/events").await.links("/event/").remove(0)).await;
    assert!(!page.body.contains("action=\"/decide\"") && !page.body.contains("<select"));
    let sent = [("action", "accept"), ("report", "1.v1")];
    assert_eq!(served.form("/decide", &sent, &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn people_can_be_merged_and_split() {
    let served = open();
    let brandt = served.get("/person?name=Ada%20Brandt").await.location().to_owned();
    let lund = served.get("/person?name=Pia%20Lund").await.location().to_owned();
    let number = |path: &str| path.trim_start_matches("/person/").to_owned();
    let fields =
        [("action", "merge"), ("person", &number(&brandt)), ("value", &number(&lund)), ("back", &brandt)];
    assert_eq!(served.form("/decide", &fields, &[]).await.status, StatusCode::SEE_OTHER);
    let (one, other) = (served.get(&brandt).await, served.get(&lund).await);
    // One of the two now has the page of both.
    assert!(one.status.is_redirection() != other.status.is_redirection());
    let page = served.page(if one.status.is_success() { &brandt } else { &lund }).await;
    assert!(
        page.text().contains("Merged by decision") && page.text().contains("Undo decision 1"),
        "{}",
        page.text()
    );
    served.form("/decide", &[("action", "undo"), ("decision", "1")], &[]).await;
    assert!(served.page(&brandt).await.text().contains("Ada Brandt"));
    let statement = name(&served.first("speaker:brandt toll outlet:nor").await);
    let answer = served.form("/decide", &[("action", "split"), ("statement", &statement)], &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(Reader::open(&served.store).unwrap().decisions().unwrap()[1].kind, DecisionKind::Split);
    let wrong = served.form("/decide", &[("action", "destroy"), ("statement", &statement)], &[]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn forms_lead_back_to_this_server_only() {
    let served = open();
    let statement = name(&served.first("toll").await);
    for back in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let fields = [("action", "accept"), ("statement", statement.as_str()), ("back", back)];
        let answer = served.form("/decide", &fields, &[]).await;
        assert!(answer.location().starts_with("/?decided="), "{back}: {}", answer.location());
    }
}

#[tokio::test]
async fn the_review_queue_goes_on_after_a_decision() {
    let served = open();
    let first = served.page("/review").await;
    let statement =
        first.body.split("name=\"statement\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for part in ["data-key=\"a\"", "data-key=\"r\"", "data-key-focus=\"s\"", "data-key=\"n\""] {
        assert!(first.body.contains(part), "{part}");
    }
    served.form("/decide", &[("action", "accept"), ("statement", &statement)], &[]).await;
    let second = served.page("/review").await;
    assert!(!second.body.contains(&format!("name=\"statement\" value=\"{statement}\"")));
    let skip = second.links("/review?after=").remove(0);
    let third = served.page(&skip).await;
    assert_ne!(third.body, second.body);
}
