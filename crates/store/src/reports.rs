//! Finding reports of events: by a query, between two parties over time, and those that rival each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use onrecord_text::answers::Period;
use onrecord_text::wire::BETWEEN_NAMES;
use onrecord_text::{Date, EntityKind, EventStatus, PartialDate, QuadClass, Side, SpeakerKind, country_code};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Result, StoreError, Trouble};
use crate::events::{self, Report, code_of, has_form_of_country_code};
use crate::handle::Reader;
use crate::ids::{EventRef, PersonRef, ReportId};
use crate::kinds::Part;
use crate::merges::{self, Merges};
use crate::people;
use crate::query::EventQuery;

/// The maximum number of reports that are searched for rival accounts. The newest are searched.
const COMPARED: usize = 20_000;
/// The maximum number of days between the reports of rival accounts.
const APART: i64 = 2;

/// A page of reports.
#[derive(Clone, Debug, PartialEq)]
pub struct Reports {
    /// The reports, newest first.
    pub reports: Vec<Report>,
    /// Whether more reports follow.
    pub more: bool,
}

/// The number of reports of one kind between two parties, in one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationCount {
    /// The period, such as `2015-12`. `None` for reports whose date is not exact enough.
    pub period: Option<String>,
    /// Whether the first party is the actor. Otherwise the second one is.
    pub forward: bool,
    /// The class of the events.
    pub class: QuadClass,
    /// Whether a statement reports them. Otherwise the article itself does.
    pub claimed: bool,
    /// Which side the claimant is on, if that is known.
    pub side: Option<Side>,
    /// Whether they happened, according to their claimants.
    pub status: EventStatus,
    /// The number of reports.
    pub reports: usize,
}

/// Reports about the same parties and the same class of events, within two days, by different claimants or with
/// opposing status.
#[derive(Clone, Debug, PartialEq)]
pub struct Accounts {
    /// The parties. Either may be the actor.
    pub parties: [String; 2],
    /// The class of the events.
    pub class: QuadClass,
    /// The dates of the first and of the last event.
    pub days: [String; 2],
    /// The reports, in the order of their dates.
    pub reports: Vec<Report>,
}

impl Reader {
    /// Returns the reports of events that match a query, newest first: at most `limit` of them, after the report with
    /// the given name.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read, or does not have the report after which the page starts.
    pub fn events(
        &self,
        query: &EventQuery,
        limit: usize,
        after: Option<EventRef>,
    ) -> Result<Reports, StoreError> {
        let page = || -> Result<Reports> {
            let mut range = query.0.ids();
            if let Some(after) = after {
                range.1 = range.1.min(events::id_of(&self.db, after)?.0.saturating_sub(1));
            }
            let found = newest(&self.db, query, range, limit.saturating_add(1))?;
            let shown = &found[..found.len().min(limit)];
            Ok(Reports { reports: events::reports(&self.db, shown)?, more: found.len() > limit })
        };
        self.with_path(page())
    }

    /// Returns one report of an event.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such report, or the store can't be read.
    pub fn event(&self, name: EventRef) -> Result<Report, StoreError> {
        let found = events::id_of(&self.db, name).and_then(|id| {
            let report = events::reports(&self.db, &[id])?.pop();
            report.ok_or_else(|| Trouble::Sqlite(rusqlite::Error::QueryReturnedNoRows))
        });
        self.with_path(found)
    }

    /// Returns how many reports there are of events between two parties, by period, direction, class, claimant and
    /// status, in this order. Undated reports come last.
    ///
    /// A party is an ISO 3166 alpha-3 code, or somebody in the store by name or number (`p12`). The name of a country
    /// also stands for its code. The query limits the reports that are counted.
    ///
    /// # Errors
    ///
    /// Returns an error if nobody in the store has one of the names, or the store can't be read.
    pub fn relations(
        &self,
        one: &str,
        other: &str,
        by: Period,
        query: &EventQuery,
    ) -> Result<Vec<RelationCount>, StoreError> {
        self.reading(|db| relations(db, [one, other], by, query))
    }

    /// Returns rival accounts among the reports that match a query, the latest first: at most `limit`.
    ///
    /// Only reports with an actor, a recipient and an exact date are compared, and at most 20,000 of them, the newest.
    /// A denial without a date gets the day of its article. Reports that the same claimant repeats with the same status
    /// are not rivals, and neither are reports of several articles in their own voice, unless they disagree on the
    /// status.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn accounts(&self, query: &EventQuery, limit: usize) -> Result<Vec<Accounts>, StoreError> {
        self.reading(|db| accounts(db, query, limit))
    }
}

/// Returns the ids of reports that match a query within an id range, newest first.
pub(crate) fn newest(
    db: &Connection,
    query: &EventQuery,
    range: (i64, i64),
    limit: usize,
) -> Result<Vec<ReportId>> {
    matching(db, query, range, "DESC", limit)
}

/// Returns the ids of reports that match a query within an id range, oldest first.
pub(crate) fn oldest(
    db: &Connection,
    query: &EventQuery,
    range: (i64, i64),
    limit: usize,
) -> Result<Vec<ReportId>> {
    matching(db, query, range, "ASC", limit)
}

/// Whether a row of the table `event_words` has at least the confidence that the parameter ?2 gives, in thousandths, if
/// it gives one.
const SURE: &str =
    "(?2 IS NULL OR round(1000 * (SELECT confidence FROM events WHERE id = event_words.rowid)) >= ?2)";

fn matching(
    db: &Connection,
    query: &EventQuery,
    (first, last): (i64, i64),
    order: &str,
    limit: usize,
) -> Result<Vec<ReportId>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT rowid FROM event_words WHERE event_words MATCH ?1 AND {SURE} AND rowid BETWEEN ?3 AND ?4 ORDER BY rowid {order}
         LIMIT ?5"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement
        .query_map(params![query.0.expression, query.0.least_confidence, first, last, limit], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the words in the table `event_parties` that stand for a country or for somebody in the store.
fn parties(db: &Connection, name: &str) -> Result<Vec<String>> {
    if has_form_of_country_code(name)
        && db.prepare_cached("SELECT 1 FROM event_parties WHERE party = ? LIMIT 1")?.exists([name])?
    {
        return Ok(vec![name.to_owned()]);
    }
    let person = match PersonRef::of(name) {
        Some(number) => people::known(db, number).map(|_| Some(number))?,
        None => people::of_name(db, name)?,
    };
    let Some(person) = person else {
        if let Some(code) = code_of(name).or_else(|| country_code(name).map(str::to_owned)) {
            return Ok(vec![code]);
        }
        let what =
            format!("“{name}”: nobody in this store has exactly this name, and it is not a country's code");
        return Err(Trouble::NotFound(what));
    };
    let mut people = merges::group_of(db, person)?;
    for other in namesakes(db, person)? {
        people.extend(merges::group_of(db, other)?);
    }
    people.sort_unstable();
    people.dedup();
    let mut all: Vec<String> = people.into_iter().map(|id| id.to_string()).collect();
    // The name of a country also stands for its code.
    all.extend(country_code(name).map(str::to_owned));
    Ok(all)
}

/// What reports are counted by: whether they are undated, their period, whether the second party acts, and the class,
/// claimant, side and status.
type Key = (bool, String, bool, QuadClass, bool, Option<Side>, EventStatus);

fn relations(
    db: &Connection,
    names: [&str; 2],
    by: Period,
    query: &EventQuery,
) -> Result<Vec<RelationCount>> {
    let [one, other] = names.map(|name| parties(db, name));
    let (one, other) = (one?, other?);
    let mut between = db.prepare_cached(
        "SELECT DISTINCT r.event FROM json_each(?1) AS actor
         CROSS JOIN event_parties a ON a.party = actor.value AND a.part = 'actor'
         CROSS JOIN event_parties r ON r.event = a.event AND r.part = 'recipient'
         WHERE r.party IN (SELECT value FROM json_each(?2)) AND r.event BETWEEN ?3 AND ?4",
    )?;
    let everything = *query == EventQuery::everything();
    let mut matching = db.prepare_cached(&format!(
        "SELECT 1 FROM event_words WHERE event_words MATCH ?1 AND {SURE} AND rowid = ?3"
    ))?;
    let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
    let (from, to) = query.0.ids();
    // Between two parties that are the same there is one direction.
    let directions = [(true, &one, &other), (false, &other, &one)];
    for (forward, actor, recipient) in directions.into_iter().take(if one == other { 1 } else { 2 }) {
        let lists = [serde_json::to_string(actor)?, serde_json::to_string(recipient)?];
        let rows = between.query_map(params![lists[0], lists[1], from, to], |r| r.get(0))?;
        let mut found = rows.collect::<rusqlite::Result<Vec<ReportId>>>()?;
        if !everything {
            let mut kept = Vec::new();
            for id in found {
                if matching.exists(params![query.0.expression, query.0.least_confidence, id])? {
                    kept.push(id);
                }
            }
            found = kept;
        }
        for some in found.chunks(1_000) {
            for report in events::without_sentences(db, some)? {
                let date = report.date.as_ref().or(report.published.as_ref());
                let period = date.and_then(|date| by.of(date));
                let key = (
                    period.is_none(),
                    period.unwrap_or_default(),
                    !forward,
                    report.kind.quad_class(),
                    report.claim.is_some(),
                    report.side,
                    report.status,
                );
                *counts.entry(key).or_default() += 1;
            }
        }
    }
    let relation = |(key, reports): (Key, usize)| {
        let (undated, period, backward, class, claimed, side, status) = key;
        let period = (!undated).then_some(period);
        RelationCount { period, forward: !backward, class, claimed, side, status, reports }
    };
    Ok(counts.into_iter().map(relation).collect())
}

/// Returns the organisations and places with the name of one of them, in this order: one article may take a country for
/// an organisation, and another for a place. Persons have no namesakes.
fn namesakes(db: &Connection, id: PersonRef) -> Result<Vec<PersonRef>> {
    let sql = "SELECT name FROM people WHERE id = ? AND kind <> 'person'";
    let name: Option<String> = db.prepare_cached(sql)?.query_row([id], |r| r.get(0)).optional()?;
    let Some(name) = name else { return Ok(Vec::new()) };
    let kinds = [EntityKind::Organization, EntityKind::Place];
    kinds.iter().filter_map(|kind| people::among(db, &[*kind], &name).transpose()).collect()
}

/// What stands for a party of a report when reports are compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stand {
    /// The codes of the party's countries.
    Countries(Vec<String>),
    /// Who the party is across articles, in the order of their numbers.
    People(Vec<PersonRef>),
}

/// Who stands for whom when reports are compared. The answers are kept, because thousands of reports have the same few
/// parties.
struct Standing<'a> {
    db: &'a Connection,
    merges: Merges,
    people: HashMap<PersonRef, PersonRef>,
    names: HashMap<String, Option<PersonRef>>,
}

impl<'a> Standing<'a> {
    fn new(db: &'a Connection) -> Result<Self> {
        Ok(Self { db, merges: Merges::read(db)?, people: HashMap::new(), names: HashMap::new() })
    }

    /// Returns what stands for a party of a report: its country, or else who it is across articles.
    fn of(&mut self, report: &Report, part: Part, known: &[(Part, PersonRef)]) -> Result<Option<Stand>> {
        let countries = report.party(part).map(|p| &p.countries).filter(|countries| !countries.is_empty());
        if let Some(countries) = countries {
            return Ok(Some(Stand::Countries(countries.clone())));
        }
        let mut own: Vec<PersonRef> =
            known.iter().filter(|(of, _)| *of == part).map(|(_, person)| *person).collect();
        if own.is_empty() {
            // Words that no entity was found for may be the name of one.
            let named = report.party(part).filter(|p| p.kind != SpeakerKind::Unnamed);
            own.extend(named.map(|p| self.named(&p.name)).transpose()?.flatten());
        }
        for person in &mut own {
            *person = self.for_person(*person)?;
        }
        own.sort_unstable();
        own.dedup();
        Ok((!own.is_empty()).then_some(Stand::People(own)))
    }

    /// Returns who stands for a person: whoever they were merged into, or the first of their namesakes.
    fn for_person(&mut self, person: PersonRef) -> Result<PersonRef> {
        if let Some(&known) = self.people.get(&person) {
            return Ok(known);
        }
        let root = self.merges.root_of(person);
        let first = namesakes(self.db, root)?.into_iter().next();
        let stands = first.map_or(root, |other| self.merges.root_of(other));
        self.people.insert(person, stands);
        Ok(stands)
    }

    fn named(&mut self, name: &str) -> Result<Option<PersonRef>> {
        if let Some(&known) = self.names.get(name) {
            return Ok(known);
        }
        let found = people::of_name(self.db, name)?;
        self.names.insert(name.to_owned(), found);
        Ok(found)
    }
}

/// What stands for the claimant of a report: the article's publisher, or whoever makes the statement.
fn claimant(report: &Report) -> String {
    match &report.claim {
        None => format!("article {}", report.outlet.as_deref().unwrap_or(&report.source_id)),
        Some(claim) => crate::words::fold(claim.speaker.as_deref().unwrap_or(&claim.address)),
    }
}

/// Reports with their days, by what stands for their parties and by class.
type ByParties = BTreeMap<([Stand; 2], QuadClass), Vec<(i64, Report)>>;

fn accounts(db: &Connection, query: &EventQuery, limit: usize) -> Result<Vec<Accounts>> {
    let found = newest(db, query, query.0.ids(), COMPARED)?;
    let mut between = ByParties::new();
    let mut standing = Standing::new(db)?;
    for some in found.chunks(1_000) {
        let reports = events::without_sentences(db, some)?;
        let people = events::people_of_all(db, &reports)?;
        for report in reports {
            let Some(day) = day_of(&report).and_then(exact) else { continue };
            let people = people.get(&report.id).map_or(&[][..], Vec::as_slice);
            let actor = standing.of(&report, Part::Actor, people)?;
            let recipient = standing.of(&report, Part::Recipient, people)?;
            let (Some(actor), Some(recipient)) = (actor, recipient) else { continue };
            let mut parties = [actor, recipient];
            parties.sort();
            between.entry((parties, report.kind.quad_class())).or_default().push((day, report));
        }
    }
    let mut all = Vec::new();
    for ((parties, class), mut reports) in between {
        reports.sort_by_key(|(day, report)| (*day, report.id));
        let mut rest = reports.as_slice();
        while let Some(&(first, _)) = rest.first() {
            let near = rest.partition_point(|(day, _)| *day <= first + APART);
            let (together, later) = rest.split_at(near);
            if are_rivals(together.iter().map(|(_, report)| report)) {
                all.push((
                    first,
                    parties.clone(),
                    class,
                    together.iter().map(|(_, r)| r.clone()).collect::<Vec<_>>(),
                ));
                rest = later;
            } else {
                // Those of later days may have rivals after them.
                rest = &rest[rest.partition_point(|(day, _)| *day == first)..];
            }
        }
    }
    all.sort_by(|a, b| (b.0, &a.1, a.2).cmp(&(a.0, &b.1, b.2)));
    let made = |(_, parties, class, reports): (i64, [Stand; 2], QuadClass, Vec<Report>)| -> Result<Accounts> {
        let date = |r: Option<&Report>| r.and_then(day_of).unwrap_or_default().to_owned();
        let days = [date(reports.first()), date(reports.last())];
        let [one, other] = parties.map(|party| name_of_party(db, &party, &reports));
        let ids: Vec<ReportId> = reports.iter().map(|report| report.id).collect();
        let reports = events::reports(db, &ids)?;
        Ok(Accounts { parties: [one?, other?], class, days, reports })
    };
    all.into_iter().take(limit).map(made).collect()
}

/// Returns the date by which reports are compared: that of the event. What did not happen often has none; a denial is
/// then compared with what is reported on the day of its article.
fn day_of(report: &Report) -> Option<&str> {
    let is_denial = report.status == EventStatus::Denied;
    report.date.as_deref().or_else(|| report.published.as_deref().filter(|_| is_denial))
}

/// Returns the name by which to call a party: that of the people it stands for, or the shortest that the reports of a
/// country's acts give it.
fn name_of_party(db: &Connection, party: &Stand, reports: &[Report]) -> Result<String> {
    let countries = match party {
        Stand::Countries(countries) => countries,
        Stand::People(ids) => {
            let names = ids.iter().map(|&id| Ok(people::known(db, id)?.1));
            return Ok(names.collect::<Result<Vec<_>>>()?.join(BETWEEN_NAMES));
        }
    };
    let of_party = |report: &Report| {
        let both = [report.actor.clone(), report.recipient.clone()];
        both.into_iter().flatten().find(|p| p.countries == *countries).map(|p| p.name)
    };
    let shortest =
        reports.iter().filter_map(of_party).min_by_key(|name| (name.chars().count(), name.clone()));
    let codes = countries.join(BETWEEN_NAMES);
    Ok(shortest.map_or_else(|| codes.clone(), |name| format!("{name} ({codes})")))
}

/// Returns whether some reports rival each other: a statement reports something that somebody else reports too, or some
/// say that it happened and others that it did not.
fn are_rivals<'r>(reports: impl Iterator<Item = &'r Report> + Clone) -> bool {
    let claimants: BTreeSet<String> = reports.clone().map(claimant).collect();
    let is_claimed = reports.clone().any(|r| r.claim.is_some());
    let has = |status: EventStatus| reports.clone().any(|r| r.status == status);
    (claimants.len() > 1 && is_claimed) || (has(EventStatus::Happened) && has(EventStatus::Denied))
}

/// Returns the number of days from some day on to a date, or `None` for one that is not exact.
fn exact(date: &str) -> Option<i64> {
    let day = date.parse::<PartialDate>().ok()?.whole()?;
    day.since(Date::ZERO).ok().map(|span| span.get_days().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_calendar() {
        let between = |a: &str, b: &str| exact(b).unwrap() - exact(a).unwrap();
        assert_eq!(between("2015-12-31", "2016-01-01"), 1);
        assert_eq!(between("2016-02-28", "2016-03-01"), 2);
        assert_eq!(between("1900-02-28", "1900-03-01"), 1);
        assert_eq!(between("2000-01-01", "2001-01-01"), 366);
        assert_eq!(exact("2016-02"), None);
        assert_eq!(exact("XXXX-02-03"), None);
    }
}
