//! What decisions lead to: the corrections of the statements and of the event reports of an article.

use std::collections::HashMap;
use std::hash::Hash;

use onrecord_text::answers::{Corrected, CorrectedEvent, DecidedField, DecisionKind};
use onrecord_text::{SpeakerKind, wire};
use rusqlite::{Connection, OptionalExtension, params};

use crate::decision::{self, Decision};
use crate::error::Result;
use crate::events::{self, EventCorrection, Party};
use crate::follow::{self, Described, Place, Statements, Version};
use crate::ids::{ArticleId, PersonRef, ReportId, RowId, StatementId, json_array};
use crate::kinds::{Ruling, Sql, as_speaker};
use crate::rows::{self, Correction};

/// Returns the place of a report's trigger.
pub(crate) fn trigger(report: &wire::Event) -> Place {
    let spans = &report.trigger.spans;
    let [start, end] = [spans.first().map_or(0, |s| s[0]), spans.last().map_or(0, |s| s[1])];
    Place { content: report.trigger.text.clone(), start, end }
}

/// A correction of a statement or of a report of an event, as decisions lead to it.
pub(crate) trait Correcting: Clone + PartialEq {
    /// Whether it corrects a report of an event.
    const ON_EVENT: bool;

    /// The id of what it corrects.
    type Id: RowId + Eq + Hash;

    /// Returns the name of the field that it corrects.
    fn field(&self) -> &'static str;

    /// Returns whether an earlier correction of the same thing no longer applies.
    fn replaces(&self, earlier: &Self) -> bool {
        self.field() == earlier.field()
    }

    /// Returns the ids of what can be corrected in a version of an article, in the order of the numbers.
    fn ids(db: &Connection, article: ArticleId) -> Result<Vec<Self::Id>>;

    /// Returns the same with what identifies each.
    fn correctable(db: &Connection, article: ArticleId) -> Result<Vec<Correctable<Self::Id>>>;

    /// Returns the correction that a decision leads to, if any.
    fn of(
        db: &Connection,
        article: ArticleId,
        decision: &Decision,
        of: &Correctable<Self::Id>,
    ) -> Result<Option<Self>>;

    /// Returns the corrections that are in the store for the ids in this JSON array.
    fn written(db: &Connection, ids: &str) -> Result<HashMap<Self::Id, Vec<Self>>>;

    /// Replaces the corrections that are in the store for an id.
    fn write(db: &Connection, id: Self::Id, corrections: &[Self]) -> Result<()>;
}

/// A statement or a report of an event in a version of an article.
pub(crate) struct Correctable<Id> {
    id: Id,
    place: Place,
    /// The kind of speaker that the engine found for a statement.
    speaker_kind: Option<SpeakerKind>,
}

impl Correcting for Correction {
    const ON_EVENT: bool = false;

    type Id = StatementId;

    fn field(&self) -> &'static str {
        self.field.name()
    }

    /// A role is that of the speaker for whom it was set.
    fn replaces(&self, earlier: &Self) -> bool {
        self.field == earlier.field || self.field == Corrected::Speaker && earlier.field == Corrected::Role
    }

    fn ids(db: &Connection, article: ArticleId) -> Result<Vec<StatementId>> {
        Ok(rows::contents(db, article)?.into_iter().map(|(id, _)| id).collect())
    }

    fn correctable(db: &Connection, article: ArticleId) -> Result<Vec<Correctable<StatementId>>> {
        let mut statement = db.prepare_cached(
            "SELECT s.id, s.content, s.speaker_kind, min(p.start), max(p.\"end\") FROM statements s
             LEFT JOIN spans p ON p.statement = s.id AND p.field = 'content' WHERE s.article = ? GROUP BY s.id ORDER BY s.number",
        )?;
        let rows = statement.query_map([article], |r| {
            let [start, end] = [r.get::<_, Option<usize>>(3)?, r.get(4)?].map(Option::unwrap_or_default);
            let place = Place { content: r.get(1)?, start, end };
            Ok(Correctable { id: r.get(0)?, place, speaker_kind: rows::speaker_kind(r, 2)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn of(
        db: &Connection,
        _: ArticleId,
        decision: &Decision,
        of: &Correctable<StatementId>,
    ) -> Result<Option<Self>> {
        correction(db, decision, of.speaker_kind)
    }

    fn written(db: &Connection, ids: &str) -> Result<HashMap<StatementId, Vec<Self>>> {
        rows::corrections(db, ids)
    }

    fn write(db: &Connection, id: StatementId, corrections: &[Self]) -> Result<()> {
        db.prepare_cached("DELETE FROM corrections WHERE statement = ?")?.execute([id])?;
        let mut insert = db.prepare_cached(
            "INSERT INTO corrections (statement, field, value, decision, person, kind) VALUES (?, ?, ?, ?, ?, ?)",
        )?;
        for c in corrections {
            insert.execute(params![
                id,
                Sql(c.field),
                c.value,
                c.decision,
                c.person,
                c.kind.map(SpeakerKind::name)
            ])?;
        }
        Ok(())
    }
}

impl Correcting for EventCorrection {
    const ON_EVENT: bool = true;

    type Id = ReportId;

    fn field(&self) -> &'static str {
        self.field.name()
    }

    fn ids(db: &Connection, article: ArticleId) -> Result<Vec<ReportId>> {
        events::of_article(db, article)
    }

    fn correctable(db: &Connection, article: ArticleId) -> Result<Vec<Correctable<ReportId>>> {
        let mut statement =
            db.prepare_cached("SELECT id, report FROM events WHERE article = ? ORDER BY number")?;
        let mut rows = statement.query([article])?;
        let mut all = Vec::new();
        while let Some(r) = rows.next()? {
            let place = trigger(&serde_json::from_str(r.get_ref(1)?.as_str()?)?);
            all.push(Correctable { id: r.get(0)?, place, speaker_kind: None });
        }
        Ok(all)
    }

    fn of(
        db: &Connection,
        article: ArticleId,
        decision: &Decision,
        _: &Correctable<ReportId>,
    ) -> Result<Option<Self>> {
        event_correction(db, article, decision)
    }

    fn written(db: &Connection, ids: &str) -> Result<HashMap<ReportId, Vec<Self>>> {
        events::corrections(db, ids)
    }

    fn write(db: &Connection, id: ReportId, corrections: &[Self]) -> Result<()> {
        db.prepare_cached("DELETE FROM event_corrections WHERE event = ?")?.execute([id])?;
        let mut insert = db.prepare_cached(
            "INSERT INTO event_corrections (event, field, value, decision, person, country) VALUES (?, ?, ?, ?, ?, ?)",
        )?;
        for c in corrections {
            insert.execute(params![id, Sql(c.field), c.value, c.decision, c.person, c.country])?;
        }
        Ok(())
    }
}

/// Writes the corrections for one version of an article, and returns the statements and the reports whose corrections
/// changed.
pub(crate) fn write_corrections(
    db: &Connection,
    article: ArticleId,
) -> Result<(Vec<StatementId>, Vec<ReportId>)> {
    Ok((write_changed::<Correction>(db, article)?, write_changed::<EventCorrection>(db, article)?))
}

/// Writes the corrections of one sort that differ from what is in the store, and returns the ids of what they correct.
fn write_changed<C: Correcting>(db: &Connection, article: ArticleId) -> Result<Vec<C::Id>> {
    let mut wanted = corrections_by_id::<C>(db, article)?;
    let ids = C::ids(db, article)?;
    let mut written = C::written(db, &json_array(&ids))?;
    let mut changed = Vec::new();
    for id in ids {
        let [was, is] = [&mut written, &mut wanted].map(|all| all.remove(&id).unwrap_or_default());
        if was != is {
            C::write(db, id, &is)?;
            changed.push(id);
        }
    }
    Ok(changed)
}

/// Returns the corrections that the decisions on an article lead to in one version of it, by the ids of what they
/// correct, sorted by field.
///
/// A later decision on a field replaces an earlier one.
pub(crate) fn corrections_by_id<C: Correcting>(
    db: &Connection,
    article: ArticleId,
) -> Result<HashMap<C::Id, Vec<C>>> {
    let Some(Decided { key, hash, text, decisions }) = decided(db, article, C::ON_EVENT)? else {
        return Ok(HashMap::new());
    };
    let (places, found): (Vec<Place>, Vec<Correctable<C::Id>>) =
        C::correctable(db, article)?.into_iter().map(|one| (one.place.clone(), one)).unzip();
    let (version, statements) = (Version::new(&hash, &text), Statements::of(places));
    let mut all: HashMap<C::Id, Vec<C>> = HashMap::new();
    for decision in decisions {
        let Some(at) = follow::target(&described(db, &key, &decision)?, &version, &statements) else {
            continue;
        };
        let Some(correction) = C::of(db, article, &decision, &found[at])? else { continue };
        let of_one = all.entry(found[at].id).or_default();
        of_one.retain(|c| !correction.replaces(c));
        of_one.push(correction);
    }
    all.values_mut().for_each(|corrections| corrections.sort_by_key(|c| rows::place_of_field(c.field())));
    Ok(all)
}

/// A version of an article with the decisions on its statements, or on its reports of events.
struct Decided {
    key: String,
    hash: String,
    text: String,
    decisions: Vec<Decision>,
}

/// Returns the decisions on the statements or on the reports of an article, or `None` if there are none.
fn decided(db: &Connection, article: ArticleId, on_events: bool) -> Result<Option<Decided>> {
    let sql = "SELECT key, hash FROM articles WHERE id = ?";
    let (key, hash): (String, String) =
        db.prepare_cached(sql)?.query_row([article], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let of_one =
        |d: &Decision| matches!(d.kind, DecisionKind::Accept | DecisionKind::Reject | DecisionKind::Set);
    let decisions: Vec<Decision> = decision::of_article(db, &key)?
        .into_iter()
        .filter(|d| of_one(d) && d.on_event == on_events)
        .collect();
    if decisions.is_empty() {
        return Ok(None);
    }
    Ok(Some(Decided { key, hash, text: rows::text_of(db, article)?, decisions }))
}

/// Returns the correction of a report that a decision leads to.
///
/// A claimant that this version of the article no longer has leads to none.
fn event_correction(
    db: &Connection,
    article: ArticleId,
    decision: &Decision,
) -> Result<Option<EventCorrection>> {
    let (field, value) = match (decision.kind, decision.field, &decision.value) {
        (DecisionKind::Accept, ..) => (CorrectedEvent::Verdict, Ruling::Accepted.name()),
        (DecisionKind::Reject, ..) => (CorrectedEvent::Verdict, Ruling::Rejected.name()),
        (DecisionKind::Set, Some(DecidedField::Type), Some(value)) => (CorrectedEvent::Type, value.as_str()),
        (DecisionKind::Set, Some(DecidedField::Status), Some(value)) => {
            (CorrectedEvent::Status, value.as_str())
        }
        (DecisionKind::Set, Some(DecidedField::Actor), Some(value)) => {
            (CorrectedEvent::Actor, value.as_str())
        }
        (DecisionKind::Set, Some(DecidedField::Recipient), Some(value)) => {
            (CorrectedEvent::Recipient, value.as_str())
        }
        (DecisionKind::Set, Some(DecidedField::Claimant), Some(value)) => {
            (CorrectedEvent::Claimant, value.as_str())
        }
        _ => return Ok(None),
    };
    if field == CorrectedEvent::Claimant
        && value != wire::ARTICLE
        && events::claim_at(db, article, value)?.is_none()
    {
        return Ok(None);
    }
    let person = chosen(db, decision)?;
    let country = match field {
        CorrectedEvent::Actor | CorrectedEvent::Recipient => {
            Party::decided(db, value.to_owned(), person)?.countries.pop()
        }
        _ => None,
    };
    Ok(Some(EventCorrection { field, value: value.to_owned(), person, country, decision: decision.id }))
}

/// Returns the person whom a decision chose, if the store has them.
fn chosen(db: &Connection, decision: &Decision) -> Result<Option<PersonRef>> {
    Ok(decision.person.as_deref().map(|key| rows::person_with_key(db, key)).transpose()?.flatten())
}

/// Returns the description that a decision stores of its statement.
fn described(db: &Connection, key: &str, decision: &Decision) -> Result<Described> {
    let place = Place {
        content: decision.content.clone().unwrap_or_default(),
        start: decision.start.unwrap_or(0),
        end: decision.end.unwrap_or(0),
    };
    let sql = "SELECT text FROM articles WHERE key = ? AND hash = ?";
    let text: Option<String> =
        db.prepare_cached(sql)?.query_row(params![key, decision.version], |r| r.get(0)).optional()?;
    let around = |text: &Option<String>| text.clone().unwrap_or_default();
    Ok(Described {
        place,
        version: decision.version.clone(),
        before: around(&decision.before),
        after: around(&decision.after),
        text,
    })
}

/// Returns the correction that a decision leads to. `found` is the kind of speaker that the engine found.
fn correction(
    db: &Connection,
    decision: &Decision,
    found: Option<SpeakerKind>,
) -> Result<Option<Correction>> {
    let verdict = |ruling: Ruling| Correction {
        field: Corrected::Verdict,
        value: ruling.name().to_owned(),
        person: None,
        kind: None,
        decision: decision.id,
    };
    let (field, value) = match (decision.kind, decision.field, &decision.value) {
        (DecisionKind::Accept, ..) => return Ok(Some(verdict(Ruling::Accepted))),
        (DecisionKind::Reject, ..) => return Ok(Some(verdict(Ruling::Rejected))),
        (DecisionKind::Set, Some(field), Some(value)) => (field, value.clone()),
        _ => return Ok(None),
    };
    let field = match field {
        DecidedField::Speaker => Corrected::Speaker,
        DecidedField::Role => Corrected::Role,
        DecidedField::Said => Corrected::Said,
        _ => return Ok(None),
    };
    let (mut person, mut kind) = (None, None);
    if field == Corrected::Speaker {
        person = chosen(db, decision)?;
        let of_person = person.map(|id| rows::kind_of_person(db, id)).transpose()?;
        kind = Some(match (of_person, found) {
            (Some(kind), _) => as_speaker(kind),
            (None, Some(SpeakerKind::Organization)) => SpeakerKind::Organization,
            (None, _) => SpeakerKind::Person,
        });
    }
    Ok(Some(Correction { field, value, person, kind, decision: decision.id }))
}
