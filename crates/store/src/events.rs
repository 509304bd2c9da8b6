//! Reading the reports of events in a store, many at a time.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use onrecord_text::answers::{Corrected, CorrectedEvent};
use onrecord_text::{
    DateBasis, EntityKind, EventStatus, EventType, Sentences, Side, SpeakerKind, country_code,
    is_country_code, wire,
};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Result, Trouble};
use crate::ids::{ArticleId, DecisionId, EventRef, PersonRef, ReportId, StatementId, json_array, number_of};
use crate::kinds::{Named, Part, Sql, as_speaker};
use crate::rows::{self, Hit, dated, withdrawn};

/// A report of an event that was found, with people's decisions applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The report's name.
    pub name: EventRef,
    /// The type of the event.
    pub kind: EventType,
    /// Whether it happened, according to its claimant.
    pub status: EventStatus,
    /// Whether the article reports it as history.
    pub historical: bool,
    /// The words that express the act.
    pub trigger: String,
    /// Who acts.
    pub actor: Option<Party>,
    /// To whom it is done.
    pub recipient: Option<Party>,
    /// Where it takes place.
    pub place: Option<String>,
    /// The country of the place, as an ISO 3166 alpha-3 code.
    pub place_country: Option<String>,
    /// The date of the event, in EDTF.
    pub date: Option<String>,
    /// What the date is based on.
    pub date_basis: Option<DateBasis>,
    /// The statement whose content reports the event. `None` if the article itself does. The reports of one statement share
    /// it, because a content may be as long as a book and report thousands of events.
    pub claim: Option<Arc<Hit>>,
    /// Which side the claimant is on. `None` if it can't be placed, or if the article itself reports the event.
    pub side: Option<Side>,
    /// The sentence of the article around the trigger.
    pub sentence: String,
    /// The position of the trigger in the sentence, in characters: its first, and the one after its last.
    pub trigger_at: (usize, usize),
    /// The engine's confidence, from 0 to 1.
    pub confidence: f64,
    /// The caller's name for the article.
    pub source_id: String,
    /// The article's title.
    pub title: Option<String>,
    /// The article's publisher.
    pub outlet: Option<String>,
    /// The article's web address.
    pub url: Option<String>,
    /// The article's date of publication, or the date of its dateline if it states no other.
    pub published: Option<String>,
    /// The fields that a person corrected, plus the verdict if a person accepted the report.
    pub corrected: Vec<CorrectedEvent>,
    /// Whether the publisher withdrew the article, with this version or with a later item.
    pub withdrawn: bool,
    pub(crate) id: ReportId,
    /// The report as the engine made it.
    pub(crate) wire: wire::Event,
}

/// A party to an event that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The name, or words of the article.
    pub name: String,
    /// What kind of party it is.
    pub kind: SpeakerKind,
    /// The ISO 3166 alpha-3 codes of its countries.
    pub countries: Vec<String>,
    /// Its PLOVER sector codes.
    pub sectors: Vec<String>,
    /// The person across articles, if somebody decided who it is.
    pub(crate) person: Option<PersonRef>,
}

impl Party {
    fn of(party: &wire::Party) -> Self {
        let codes = |field: &Option<String>| wire::names_in(field.as_deref()).map(str::to_owned).collect();
        Self {
            name: party.name.clone().unwrap_or_else(|| party.text.clone()),
            kind: party.kind,
            countries: codes(&party.country),
            sectors: codes(&party.sector),
            person: None,
        }
    }

    /// Returns the party that a person named: a country by its code, or anybody by their name.
    pub(crate) fn decided(db: &Connection, name: String, person: Option<PersonRef>) -> Result<Self> {
        // “CIA” has the form of a code, too.
        let code = if person.is_none() { code_of(&name) } else { None };
        let name = code.clone().unwrap_or(name);
        let known = person.map(|id| rows::kind_of_person(db, id)).transpose()?;
        let named = || country_code(&name).filter(|_| known != Some(EntityKind::Person));
        let country = code.or_else(|| named().map(str::to_owned));
        let kind = match known.map(as_speaker) {
            Some(kind) => kind,
            None if country.is_some() => SpeakerKind::Organization,
            None => SpeakerKind::Group,
        };
        Ok(Self { name, kind, countries: country.into_iter().collect(), sectors: Vec::new(), person })
    }
}

impl Report {
    /// Returns the party that has this part in the event.
    #[must_use]
    pub fn party(&self, part: Part) -> Option<&Party> {
        match part {
            Part::Actor => self.actor.as_ref(),
            Part::Recipient => self.recipient.as_ref(),
        }
    }
}

/// The columns of the table `events` that repeat what a report says, so that SQL can ask for it.
pub(crate) const COLUMNS: &str = "type, status, historical, trigger, actor, actor_country, actor_sector, recipient, \
     recipient_country, recipient_sector, place, place_country, date, date_basis, claimant, claimant_side, confidence";

/// Returns the values of [`COLUMNS`] for a report.
pub(crate) fn columns(event: &wire::Event) -> Vec<Value> {
    let party = |party: &Option<wire::Party>| {
        let name = party.as_ref().map(|p| p.name.clone().unwrap_or_else(|| p.text.clone()));
        let code = |code: fn(&wire::Party) -> &Option<String>| party.as_ref().and_then(|p| code(p).clone());
        [name.into(), code(|p| &p.country).into(), code(|p| &p.sector).into()]
    };
    let place = event.place.as_ref();
    let time = event.time.as_ref();
    let claimant = if event.claimant == wire::ARTICLE { None } else { number_of(&event.claimant) };
    let mut values: Vec<Value> = vec![
        event.kind.name().to_owned().into(),
        event.status.name().to_owned().into(),
        event.historical.into(),
        event.trigger.text.clone().into(),
    ];
    values.extend(party(&event.actor));
    values.extend(party(&event.recipient));
    values.extend([
        place.map(|p| p.text.clone()).into(),
        place.and_then(|p| p.country.clone()).into(),
        time.and_then(|t| t.value.clone()).into(),
        time.map(|t| t.basis.name().to_owned()).into(),
        claimant.and_then(|number| i64::try_from(number).ok()).into(),
        event.claimant_side.map(|side| side.name().to_owned()).into(),
        event.confidence.into(),
    ]);
    values
}

/// Returns the country's code that a text is, in whatever letters: “rus”.
pub(crate) fn code_of(text: &str) -> Option<String> {
    Some(text.to_uppercase()).filter(|code| is_country_code(code))
}

/// Returns whether a text has the form of a country's code.
pub(crate) fn has_form_of_country_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// A row of the table `event_corrections`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventCorrection {
    pub field: CorrectedEvent,
    pub value: String,
    pub person: Option<PersonRef>,
    /// The code of the country that a party is.
    pub country: Option<String>,
    pub decision: DecisionId,
}

/// Returns the corrections of the reports whose ids are in this JSON array, those of each report in the order of
/// [`rows::place_of_field`].
pub(crate) fn corrections(db: &Connection, ids: &str) -> Result<HashMap<ReportId, Vec<EventCorrection>>> {
    let mut statement = db.prepare_cached(
        "SELECT c.event, c.field, c.value, c.person, c.country, c.decision
         FROM json_each(?) AS wanted CROSS JOIN event_corrections c ON c.event = wanted.value",
    )?;
    let mut rows = statement.query([ids])?;
    let mut all: HashMap<ReportId, Vec<EventCorrection>> = HashMap::new();
    while let Some(r) = rows.next()? {
        all.entry(r.get(0)?).or_default().push(EventCorrection {
            field: r.get::<_, Sql<_>>(1)?.0,
            value: r.get(2)?,
            person: r.get(3)?,
            country: r.get(4)?,
            decision: r.get(5)?,
        });
    }
    all.values_mut()
        .for_each(|corrections| corrections.sort_by_key(|c| rows::place_of_field(c.field.name())));
    Ok(all)
}

/// Returns the reports with these ids, in the same order.
pub(crate) fn reports(db: &Connection, ids: &[ReportId]) -> Result<Vec<Report>> {
    let mut found = without_sentences(db, ids)?;
    let mut by_article: BTreeMap<ArticleId, Vec<usize>> = BTreeMap::new();
    for (n, report) in found.iter().enumerate() {
        by_article.entry(report.name.article).or_default().push(n);
    }
    for (article, reports) in by_article {
        let text = rows::text_of(db, article)?;
        let sentences = Sentences::new(&text);
        for n in reports {
            let report = &mut found[n];
            let trigger = report.wire.trigger.spans.first().copied().unwrap_or_default();
            (report.sentence, report.trigger_at) = sentences.around(trigger);
        }
    }
    Ok(found)
}

/// Returns the reports with these ids, in the same order, but without their sentences.
///
/// Whoever counts or compares thousands of reports does not need the articles' texts.
pub(crate) fn without_sentences(db: &Connection, ids: &[ReportId]) -> Result<Vec<Report>> {
    let wanted = json_array(ids);
    let mut corrections = corrections(db, &wanted)?;
    let mut statement = db.prepare_cached(concat!(
        "SELECT e.id, e.article, e.number, e.type, e.status, e.claimant_side, e.report, a.source_id, a.title, a.outlet,
             a.url, ",
        dated!(),
        ", s.id, ",
        withdrawn!(),
        " FROM json_each(?) AS wanted CROSS JOIN events e ON e.id = wanted.value JOIN articles a ON a.id = e.article
         LEFT JOIN statements s ON s.article = e.article AND s.number = e.claimant ORDER BY wanted.key"
    ))?;
    let mut rows = statement.query([&wanted])?;
    let (mut found, mut claims) = (Vec::with_capacity(ids.len()), Vec::with_capacity(ids.len()));
    while let Some(r) = rows.next()? {
        let wire: wire::Event = serde_json::from_str(r.get_ref(6)?.as_str()?)?;
        let name = EventRef { article: r.get(1)?, number: r.get(2)? };
        let told: Option<StatementId> = r.get(12)?;
        let mut claim = told;
        let mut report = Report {
            name,
            kind: r.get::<_, Sql<EventType>>(3)?.0,
            status: r.get::<_, Sql<EventStatus>>(4)?.0,
            historical: wire.historical,
            trigger: wire.trigger.text.clone(),
            actor: wire.actor.as_ref().map(Party::of),
            recipient: wire.recipient.as_ref().map(Party::of),
            place: wire.place.as_ref().map(|p| p.text.clone()),
            place_country: wire.place.as_ref().and_then(|p| p.country.clone()),
            date: wire.time.as_ref().and_then(|t| t.value.clone()),
            date_basis: wire.time.as_ref().map(|t| t.basis),
            claim: None,
            side: r.get::<_, Option<Sql<Side>>>(5)?.map(|s| s.0),
            sentence: String::new(),
            trigger_at: (0, 0),
            confidence: wire.confidence,
            source_id: r.get(7)?,
            title: r.get(8)?,
            outlet: r.get(9)?,
            url: r.get(10)?,
            published: r.get(11)?,
            withdrawn: r.get(13)?,
            corrected: Vec::new(),
            id: r.get(0)?,
            wire,
        };
        for correction in corrections.remove(&report.id).unwrap_or_default() {
            let EventCorrection { field, value, person, .. } = correction;
            match field {
                CorrectedEvent::Type => report.kind = known(&value)?,
                CorrectedEvent::Status => report.status = known(&value)?,
                CorrectedEvent::Actor => report.actor = Some(Party::decided(db, value, person)?),
                CorrectedEvent::Recipient => report.recipient = Some(Party::decided(db, value, person)?),
                CorrectedEvent::Claimant => claim = claim_at(db, name.article, &value)?,
                CorrectedEvent::Verdict => {}
            }
            report.corrected.push(field);
        }
        // The engine placed another claimant, or between other parties.
        if claim != told
            || report.corrected.iter().any(|f| matches!(f, CorrectedEvent::Actor | CorrectedEvent::Recipient))
        {
            report.side = None;
        }
        claims.push(claim);
        found.push(report);
    }
    let mut asked: Vec<StatementId> = claims.iter().flatten().copied().collect();
    asked.sort_unstable();
    asked.dedup();
    let hits = rows::hits(db, &asked, &[])?.into_iter().map(|hit| (hit.id, Arc::new(hit)));
    let hits: HashMap<StatementId, Arc<Hit>> = hits.collect();
    for (report, claim) in found.iter_mut().zip(claims) {
        report.claim = claim.and_then(|id| hits.get(&id)).cloned();
        let speaks_otherwise =
            |hit: &Hit| hit.corrected.iter().any(|f| matches!(f, Corrected::Speaker | Corrected::Role));
        report.side = report.side.filter(|_| !report.claim.as_deref().is_some_and(speaks_otherwise));
    }
    Ok(found)
}

/// Returns the statement of an article that a corrected claimant names; `None` for the article itself.
pub(crate) fn claim_at(db: &Connection, article: ArticleId, value: &str) -> Result<Option<StatementId>> {
    let sql = "SELECT id FROM statements WHERE article = ? AND address = ?";
    Ok(db.prepare_cached(sql)?.query_row(params![article, value], |r| r.get(0)).optional()?)
}

fn known<T: Named>(name: &str) -> Result<T> {
    T::of(name).ok_or_else(|| Trouble::Invalid(format!("“{name}” is not a value of this field")))
}

/// Returns the id of a report.
pub(crate) fn id_of(db: &Connection, name: EventRef) -> Result<ReportId> {
    let sql = "SELECT id FROM events WHERE article = ? AND number = ?";
    let id =
        db.prepare_cached(sql)?.query_row(params![name.article, name.number], |r| r.get(0)).optional()?;
    id.ok_or_else(|| Trouble::NotFound(format!("{name}: no such report of an event in this store")))
}

/// Returns the ids of an article's reports, in the order of its record.
pub(crate) fn of_article(db: &Connection, article: ArticleId) -> Result<Vec<ReportId>> {
    let mut events = db.prepare_cached("SELECT id FROM events WHERE article = ? ORDER BY number")?;
    let rows = events.query_map([article], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the reports that a statement's content makes, by the engine or by decision.
pub(crate) fn claimed_by(db: &Connection, statement: StatementId) -> Result<Vec<ReportId>> {
    let mut events = db.prepare_cached(
        "SELECT e.id FROM statements s JOIN events e ON e.article = s.article AND e.claimant = s.number WHERE s.id = ?1
         UNION
         SELECT e.id FROM statements s JOIN events e ON e.article = s.article
         JOIN event_corrections c ON c.event = e.id AND c.field = 'claimant' AND c.value = s.address WHERE s.id = ?1",
    )?;
    let rows = events.query_map([statement], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the people who take part in an event, as the engine found them or a person decided, with their parts.
pub(crate) fn people_of(db: &Connection, report: &Report) -> Result<Vec<(Part, PersonRef)>> {
    Ok(people_of_all(db, std::slice::from_ref(report))?.remove(&report.id).unwrap_or_default())
}

/// Returns the people who take part in some events, with their parts, by the ids of the reports.
pub(crate) fn people_of_all(
    db: &Connection,
    reports: &[Report],
) -> Result<HashMap<ReportId, Vec<(Part, PersonRef)>>> {
    let ids: Vec<ReportId> = reports.iter().map(|report| report.id).collect();
    let mut entities = db.prepare_cached(
        "SELECT x.event, x.part, i.person FROM json_each(?) AS wanted
         CROSS JOIN event_entities x ON x.event = wanted.value JOIN identities i ON i.entity = x.entity
         ORDER BY x.event, x.part, x.place",
    )?;
    let mut rows = entities.query([json_array(&ids)])?;
    let mut all: HashMap<ReportId, Vec<(Part, PersonRef)>> = HashMap::new();
    while let Some(r) = rows.next()? {
        all.entry(r.get(0)?).or_default().push((r.get(1)?, r.get(2)?));
    }
    for report in reports {
        for (part, field) in
            [(Part::Actor, CorrectedEvent::Actor), (Part::Recipient, CorrectedEvent::Recipient)]
        {
            if report.corrected.contains(&field) {
                let people = all.entry(report.id).or_default();
                people.retain(|(of, _)| *of != part);
                people.extend(report.party(part).and_then(|p| p.person).map(|person| (part, person)));
            }
        }
    }
    Ok(all)
}
