//! The tables behind search and lineage, which are written together: a row of words, the people linked to a statement,
//! and the hashes of its content; for a report of an event, a row of words and its parties.
//!
//! Search skips statements of earlier versions and statements that a person rejected. Lineage finds the statements of
//! all latest versions, rejected or not.

use onrecord_text::answers::{ClaimedBy, Corrected, CorrectedEvent};
use onrecord_text::{NoticeKind, SpeakerKind, wire};
use rusqlite::{Connection, params};

use crate::error::Result;
use crate::events::{self, Report};
use crate::ids::{ArticleId, EntityId, PersonRef, ReportId, StatementId, json_array};
use crate::kinds::{Link, Part, Sql};
use crate::merges;
use crate::rows::{self, Attribution};
use crate::shingles::fingerprints;

/// A row of the table `words`.
#[derive(Default)]
struct Words {
    content: String,
    speaker: String,
    role: String,
    about: String,
    outlet: String,
    kind: String,
}

/// Adds a statement of a latest version to search and lineage.
pub(crate) fn add(db: &Connection, id: StatementId, content: &str) -> Result<()> {
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO shingles VALUES (?, ?)")?;
    for hash in fingerprints(content) {
        insert.execute(params![hash, id])?;
    }
    drop(insert);
    write_statement_words(db, id)
}

/// Removes a statement from search and lineage.
pub(crate) fn remove(db: &Connection, id: StatementId, content: &str) -> Result<()> {
    let mut delete = db.prepare_cached("DELETE FROM shingles WHERE hash = ? AND statement = ?")?;
    for hash in fingerprints(content) {
        delete.execute(params![hash, id])?;
    }
    drop(delete);
    forget(db, id)
}

/// Updates a statement in search with its current names and values, and the reports that it makes.
pub(crate) fn renew(db: &Connection, id: StatementId) -> Result<()> {
    forget(db, id)?;
    write_statement_words(db, id)?;
    renew_events(db, &events::claimed_by(db, id)?)
}

fn forget(db: &Connection, id: StatementId) -> Result<()> {
    db.prepare_cached("DELETE FROM words WHERE rowid = ?")?.execute([id])?;
    db.prepare_cached("DELETE FROM people_statements WHERE statement = ?")?.execute([id])?;
    Ok(())
}

/// Updates all statements of a person, and of everyone merged with them, in search with their current names.
pub(crate) fn renew_person(db: &Connection, person: PersonRef) -> Result<()> {
    let mut statements =
        db.prepare_cached("SELECT DISTINCT statement FROM people_statements WHERE person = ?")?;
    let mut all = Vec::new();
    for id in merges::group_of(db, person)? {
        all.extend(
            statements.query_map([id], |r| r.get(0))?.collect::<rusqlite::Result<Vec<StatementId>>>()?,
        );
    }
    all.sort_unstable();
    all.dedup();
    all.into_iter().try_for_each(|id| renew(db, id))?;
    let mut events = db.prepare_cached("SELECT DISTINCT event FROM event_parties WHERE party = ?")?;
    let mut all = Vec::new();
    for id in merges::group_of(db, person)? {
        all.extend(
            events.query_map([id.to_string()], |r| r.get(0))?.collect::<rusqlite::Result<Vec<ReportId>>>()?,
        );
    }
    renew_events(db, &all)
}

/// Updates the statements linked to an entity in search with its current names.
pub(crate) fn renew_entity(db: &Connection, entity: EntityId) -> Result<()> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT statement FROM links WHERE entity = ? AND field IN ('speaker', 'about')",
    )?;
    let ids = statement.query_map([entity], |r| r.get(0))?.collect::<rusqlite::Result<Vec<StatementId>>>()?;
    ids.into_iter().try_for_each(|id| renew(db, id))?;
    let mut events = db.prepare_cached("SELECT DISTINCT event FROM event_entities WHERE entity = ?")?;
    let ids = events.query_map([entity], |r| r.get(0))?.collect::<rusqlite::Result<Vec<ReportId>>>()?;
    renew_events(db, &ids)
}

/// Updates an article's statements and reports in search.
pub(crate) fn renew_article(db: &Connection, article: ArticleId) -> Result<()> {
    rows::contents(db, article)?.into_iter().try_for_each(|(statement, _)| renew(db, statement))?;
    renew_events(db, &events::of_article(db, article)?)
}

/// How many reports of events are described at a time. Those of one article need its text, which may be as long as a book.
const TOGETHER: usize = 1_000;

/// Updates reports of events in search with their current names and values.
pub(crate) fn renew_events(db: &Connection, ids: &[ReportId]) -> Result<()> {
    for some in ids.chunks(TOGETHER) {
        some.iter().try_for_each(|&id| forget_event(db, id))?;
        let mut is_found = db.prepare_cached(&format!("{} AND e.id = ?", found_events()))?;
        let mut found = Vec::with_capacity(some.len());
        for &id in some {
            if is_found.exists([id])? {
                found.push(id);
            }
        }
        events::reports(db, &found)?.iter().try_for_each(|report| write_event_words(db, report))?;
    }
    Ok(())
}

/// Removes a report of an event from search.
pub(crate) fn forget_event(db: &Connection, id: ReportId) -> Result<()> {
    db.prepare_cached("DELETE FROM event_words WHERE rowid = ?")?.execute([id])?;
    db.prepare_cached("DELETE FROM event_parties WHERE event = ?")?.execute([id])?;
    Ok(())
}

/// Returns the SQL for the reports that search finds: those of latest versions, unless a person rejected the report or
/// its statement.
pub(crate) fn found_events() -> String {
    let report_is_rejected = rows::rejected_in("event_corrections", "event", "e.id");
    let statement_is_rejected = rows::is_rejected("s.id");
    format!(
        "SELECT e.id FROM events e JOIN articles a ON a.id = e.article
         WHERE a.latest AND NOT {report_is_rejected}
         AND NOT EXISTS (
             SELECT 1 FROM statements s
             WHERE s.article = e.article AND s.number = e.claimant AND {statement_is_rejected} AND NOT EXISTS (
                 SELECT 1 FROM event_corrections n WHERE n.event = e.id AND n.field = 'claimant'))
         AND NOT EXISTS (
             SELECT 1 FROM event_corrections n JOIN statements s ON s.address = n.value AND s.article = e.article
             WHERE n.event = e.id AND n.field = 'claimant' AND {statement_is_rejected})"
    )
}

fn write_event_words(db: &Connection, report: &Report) -> Result<()> {
    let id = report.id;
    let mut parties = [(Part::Actor, String::new()), (Part::Recipient, String::new())];
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO event_parties VALUES (?, ?, ?)")?;
    for (part, words) in &mut parties {
        let Some(party) = report.party(*part) else { continue };
        *words = format!("{} ; {} ; {}", party.name, party.countries.join(" ; "), party.sectors.join(" ; "));
        words.push_str(&written(report, *part));
        for country in &party.countries {
            insert.execute(params![country, *part, id])?;
        }
    }
    for (part, person) in events::people_of(db, report)? {
        insert.execute(params![person.to_string(), part, id])?;
        for (_, words) in parties.iter_mut().filter(|(of, _)| *of == part) {
            for name in merges::names_of(db, person)? {
                words.push_str(" ; ");
                words.push_str(&name);
            }
        }
    }
    let [(_, actor), (_, recipient)] = parties;
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let side = ClaimedBy::of(report.claim.is_some(), report.side).name();
    let historical = if report.historical { "yes" } else { "no" };
    let kind = format!(
        "report {} {} {} {SIDE}{side} {HISTORICAL}{historical}{}",
        kind_word(report.kind.name()),
        kind_word(report.kind.quad_class().name()),
        kind_word(report.status.name()),
        noticed(db, report.name.article)?,
    );
    db.prepare_cached(
        "INSERT INTO event_words (rowid, words, actor, recipient, claimant, place, outlet, kind, date)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        id,
        report.sentence,
        actor,
        recipient,
        claimant(db, report)?,
        format!("{} ; {}", text(&report.place), text(&report.place_country)),
        format!("{} {}", text(&report.outlet), host(&text(&report.url))),
        kind,
        said_words(&text(&report.date)),
    ])?;
    Ok(())
}

/// Returns what the article says of a party beside its name: its words, and its role. Nothing if a person named the
/// party.
fn written(report: &Report, part: Part) -> String {
    let (party, field) = match part {
        Part::Actor => (&report.wire.actor, CorrectedEvent::Actor),
        Part::Recipient => (&report.wire.recipient, CorrectedEvent::Recipient),
    };
    match party {
        Some(party) if !report.corrected.contains(&field) => {
            format!(" ; {} ; {}", party.text, party.role.as_deref().unwrap_or_default())
        }
        _ => String::new(),
    }
}

/// Returns the words by which search finds who reports an event.
fn claimant(db: &Connection, report: &Report) -> Result<String> {
    let Some(claim) = &report.claim else { return Ok(wire::ARTICLE.to_owned()) };
    let mut words = format!(
        "{} ; {}",
        claim.speaker.as_deref().unwrap_or_default(),
        claim.role.as_deref().unwrap_or_default()
    );
    let sql = "SELECT person FROM people_statements WHERE statement = ? AND field = 'speaker'";
    let mut people = db.prepare_cached(sql)?;
    for person in people.query_map([claim.id], |r| r.get(0))?.collect::<rusqlite::Result<Vec<PersonRef>>>()? {
        for name in merges::names_of(db, person)? {
            words.push_str(" ; ");
            words.push_str(&name);
        }
    }
    Ok(words)
}

/// The beginning of the words in `kind` for the values of `side:`.
pub(crate) const SIDE: &str = "side";
/// The beginning of the words in `kind` for the values of `historical:`.
pub(crate) const HISTORICAL: &str = "historical";
/// The beginning of the words in `kind` for the values of `notice:`.
pub(crate) const NOTICE: &str = "notice";

/// Returns the words in `kind` for the notices about an article, each after a space.
fn noticed(db: &Connection, article: ArticleId) -> Result<String> {
    let mut kinds = db.prepare_cached(concat!(
        "SELECT kind FROM notices WHERE article = ?1 UNION SELECT 'withdrawn' FROM articles a WHERE a.id = ?1 AND ",
        rows::withdrawn!()
    ))?;
    let kinds = kinds.query_map([article], |r| r.get::<_, Sql<NoticeKind>>(0))?;
    let words = kinds.map(|kind| Ok(format!(" {NOTICE}{}", kind_word(kind?.0.name()))));
    words.collect()
}

/// Writes the words of a statement, and the people linked to it, unless search leaves it out.
fn write_statement_words(db: &Connection, id: StatementId) -> Result<()> {
    let Some((article, mut row, mut attribution)) = found_words(db, id)? else { return Ok(()) };
    let corrections = rows::corrections(db, &json_array(&[id]))?.remove(&id).unwrap_or_default();
    corrections.iter().for_each(|correction| attribution.apply(correction));
    if attribution.is_rejected() {
        return Ok(());
    }
    row.kind.push(' ');
    row.kind.push_str(attribution.kind.map_or("", SpeakerKind::name));
    row.kind.push_str(&noticed(db, article)?);
    row.speaker = attribution.speaker.unwrap_or_default();
    row.role = attribution.role.unwrap_or_default();
    let said = attribution.said.unwrap_or_default();
    let linked = linked(db, id)?;
    for name in linked.iter().flat_map(|entity| &entity.names) {
        row.about.push_str(name);
        row.about.push_str(" ; ");
    }
    let speaker = corrections.iter().find(|correction| correction.field == Corrected::Speaker);
    let corrected = speaker.and_then(|correction| correction.person);
    let mut people: Vec<_> = corrected.map(|person| (person, Link::Speaker, None)).into_iter().collect();
    let found = linked.into_iter().filter(|entity| entity.field == Link::About || speaker.is_none());
    people.extend(found.filter_map(|entity| Some((entity.person?, entity.field, entity.only_name))));
    link_people(db, id, people, &mut row)?;
    db.prepare_cached(
        "INSERT INTO words (rowid, content, speaker, role, about, outlet, kind, said) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![id, row.content, row.speaker, row.role, row.about, row.outlet, row.kind, said_words(&said)])?;
    Ok(())
}

/// Returns the SQL for the rows that `people_statements` should have: whom the engine found in the statements that search
/// finds, but for speakers that a person corrected, and the people whom persons named as speakers.
pub(crate) fn linked_people() -> String {
    let found = format!("a.latest AND NOT {}", rows::is_rejected("s.id"));
    format!(
        "SELECT i.person, l.field, s.id AS statement FROM statements s JOIN articles a ON a.id = s.article
             JOIN links l ON l.statement = s.id JOIN identities i ON i.entity = l.entity
         WHERE {found} AND (l.field = 'about' OR l.field = 'speaker' AND NOT EXISTS (
             SELECT 1 FROM corrections n WHERE n.statement = s.id AND n.field = 'speaker'))
         UNION SELECT n.person, n.field, s.id FROM statements s JOIN articles a ON a.id = s.article
             JOIN corrections n ON n.statement = s.id
         WHERE {found} AND n.field = 'speaker' AND n.person IS NOT NULL"
    )
}

/// Returns the article of a statement, the words that nobody can correct, without those about whom it is, and what the
/// engine found of the others. Returns `None` for statements of earlier versions.
fn found_words(db: &Connection, id: StatementId) -> Result<Option<(ArticleId, Words, Attribution)>> {
    let (row, attribution, latest, article) = db
        .prepare_cached(
            "SELECT s.content, s.kind, s.speaker, s.speaker_kind, s.role, s.said, a.outlet, a.url, a.latest, s.act, s.status,
                 s.article
             FROM statements s JOIN articles a ON a.id = s.article WHERE s.id = ?",
        )?
        .query_row([id], |r| {
            let text = |n| r.get::<_, Option<String>>(n).map(Option::unwrap_or_default);
            let words = Words {
                content: text(0)?,
                kind: format!("statement {} {} {}", text(1)?, text(9)?, kind_word(&text(10)?)),
                outlet: format!("{} {}", text(6)?, host(&text(7)?)),
                ..Words::default()
            };
            let attribution = Attribution {
                speaker: r.get(2)?,
                kind: rows::speaker_kind(r, 3)?,
                role: r.get(4)?,
                said: r.get(5)?,
                ruling: None,
            };
            Ok((words, attribution, r.get::<_, bool>(8)?, r.get(11)?))
        })?;
    Ok(latest.then_some((article, row, attribution)))
}

/// An entity that speaks in a statement, or that the statement is about.
struct Linked {
    field: Link,
    /// The names that the article gives, if the statement is about it.
    names: Vec<String>,
    /// Who it is across articles.
    person: Option<PersonRef>,
    /// The name of that person, unless others were merged with them.
    only_name: Option<String>,
}

/// Returns the entities linked to a statement, by field, in the order of the article.
fn linked(db: &Connection, id: StatementId) -> Result<Vec<Linked>> {
    let mut links = db.prepare_cached(
        "SELECT l.field, e.name, e.aliases, i.person, p.name,
             p.same_as IS NULL AND NOT EXISTS (SELECT 1 FROM people m WHERE m.same_as = p.id)
         FROM links l JOIN entities e ON e.id = l.entity
         LEFT JOIN identities i ON i.entity = e.id LEFT JOIN people p ON p.id = i.person
         WHERE l.statement = ? AND l.field IN ('speaker', 'about') ORDER BY l.field, l.place",
    )?;
    let mut rows = links.query([id])?;
    let mut all = Vec::new();
    while let Some(link) = rows.next()? {
        let (field, person) = (link.get(0)?, link.get::<_, Option<PersonRef>>(3)?);
        let mut names = Vec::new();
        if field == Link::About {
            names.push(link.get(1)?);
            names.extend(serde_json::from_str::<Vec<String>>(link.get_ref(2)?.as_str()?)?);
        }
        all.push(Linked {
            field,
            names,
            person,
            // Only few people are merged with others. For the rest, this row already has the name.
            only_name: if person.is_some() && link.get(5)? { link.get(4)? } else { None },
        });
    }
    Ok(all)
}

/// Links people to a statement, and adds their names to its words.
///
/// The name of a person may be given; otherwise it is looked up, with the names of all who were merged with them.
fn link_people(
    db: &Connection,
    id: StatementId,
    people: Vec<(PersonRef, Link, Option<String>)>,
    row: &mut Words,
) -> Result<()> {
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO people_statements VALUES (?, ?, ?)")?;
    for (person, field, only_name) in people {
        insert.execute(params![person, field, id])?;
        let column = if field == Link::About { &mut row.about } else { &mut row.speaker };
        let names = only_name.map_or_else(|| merges::names_of(db, person), |name| Ok(vec![name]))?;
        for name in names {
            column.push_str(" ; ");
            column.push_str(&name);
        }
    }
    Ok(())
}

/// Returns the word by which search finds a value of the column `kind`. The tokenizer would split `not_made` into two
/// words.
pub(crate) fn kind_word(value: &str) -> String {
    value.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Returns the words by which search finds a date: its century, year, month and day.
pub(crate) fn said_words(date: &str) -> String {
    use std::fmt::Write as _;
    let Ok(date) = date.parse::<onrecord_text::PartialDate>() else { return String::new() };
    let Some(year) = date.year() else { return String::new() };
    let mut words = format!("c{:02} {year:04}", year / 100);
    // Writing to a string can't fail.
    if let Some(month) = date.month() {
        let _ = write!(words, " {year:04}{month:02}");
        if let Some(day) = date.day() {
            let _ = write!(words, " {year:04}{month:02}{day:02}");
        }
    }
    words
}

/// Returns the host of a web address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', ':', '?']).next().unwrap_or_default()
}
