//! People's decisions on statements and people, kept apart from what the engine found.
//!
//! A decision on a statement refers to the article, the content and its position, not to the statement's number. It
//! therefore survives when another version of the engine reads the article again, and it carries over to a later
//! version of the article that says the same there (`follow.rs`). Nothing is deleted: a decision that was taken back is
//! kept and marked `undone`.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use onrecord_text::answers::{DecidedField, DecisionKind};
use onrecord_text::{EntityKind, EventStatus, EventType, PartialDate, wire};
use rusqlite::{Connection, OptionalExtension, params};

use crate::corrections::{trigger, write_corrections};
use crate::decision::{self, all, decisions_where, insert, of_article};
use crate::error::{Result, StoreError, Trouble};
use crate::follow::{self, Place, Version};
use crate::handle::{Reader, Store};
use crate::ids::{ArticleId, DecisionId, EntityId, EventRef, PersonRef, StatementRef};
use crate::kinds::{Named, Sql};
use crate::merges::{self, Merges};
use crate::{events, index, names, people, rows, words};

pub use crate::decision::Decision;

/// The maximum length of a name or role that can be set, in characters.
const LONGEST: usize = 200;

/// A decision to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The statement is right.
    Accept(StatementRef),
    /// The statement is wrong, so search and exports leave it out.
    Reject(StatementRef),
    /// A field of the statement gets this value.
    Set(StatementRef, DecidedField, String),
    /// The report of an event is right.
    AcceptEvent(EventRef),
    /// The report of an event is wrong, so search and exports leave it out.
    RejectEvent(EventRef),
    /// A field of the report of an event gets this value.
    SetEvent(EventRef, DecidedField, String),
    /// Two people are the same.
    Merge(PersonRef, PersonRef),
    /// The statement's speaker is not the person of that name in other articles. Of several speakers, the first one whom no
    /// decision has split off.
    Split(StatementRef),
}

/// What somebody decides about a statement or about a report of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It is right.
    Accept,
    /// It is wrong, so search and exports leave it out.
    Reject,
    /// A field of it gets this value.
    Set(DecidedField, String),
}

impl Judgement {
    /// Returns the judgement with this name: `accept`, `reject`, or the name of a field, which then gets a value. Returns
    /// `None` if there is no such judgement.
    ///
    /// ```
    /// use onrecord_store::{DecidedField, decisions::Judgement};
    ///
    /// let value = |_| "mayor".to_owned();
    /// assert_eq!(Judgement::named("reject", value), Some(Judgement::Reject));
    /// assert_eq!(Judgement::named("role", value), Some(Judgement::Set(DecidedField::Role, "mayor".to_owned())));
    /// assert_eq!(Judgement::named("mayor", value), None);
    /// ```
    #[must_use]
    pub fn named(name: &str, value: impl FnOnce(DecidedField) -> String) -> Option<Self> {
        match name {
            "accept" => Some(Self::Accept),
            "reject" => Some(Self::Reject),
            _ => DecidedField::named(name).map(|field| Self::Set(field, value(field))),
        }
    }

    /// Returns whether statements have what is judged, and not only reports of events.
    #[must_use]
    pub fn fits_statements(&self) -> bool {
        !matches!(self, Self::Set(field, _) if field.is_of_event())
    }

    /// Returns the decision that judges a statement so.
    #[must_use]
    pub fn on_statement(self, statement: StatementRef) -> Verdict {
        match self {
            Self::Accept => Verdict::Accept(statement),
            Self::Reject => Verdict::Reject(statement),
            Self::Set(field, value) => Verdict::Set(statement, field, value),
        }
    }

    /// Returns the decision that judges a report of an event so.
    #[must_use]
    pub fn on_report(self, report: EventRef) -> Verdict {
        match self {
            Self::Accept => Verdict::AcceptEvent(report),
            Self::Reject => Verdict::RejectEvent(report),
            Self::Set(field, value) => Verdict::SetEvent(report, field, value),
        }
    }
}

impl Store {
    /// Records a decision, applies it at once, and returns its number.
    ///
    /// `now` is the current time, of which the store keeps the seconds, and `by` is the name of the person who decides.
    ///
    /// A speaker may be set by name or by number, such as `p12`. A name stands for the person, organisation or place
    /// with that name in the store, if there is one. The same is true of the actor and the recipient of an event, which
    /// may also be the code of a country. The claimant of an event is `article`, or the name or the address of a
    /// statement of the same article.
    ///
    /// # Errors
    ///
    /// Returns an error if a statement or person does not exist, a value makes no sense, or the store can't be written.
    pub fn decide(
        &mut self,
        verdict: &Verdict,
        now: Timestamp,
        by: Option<&str>,
    ) -> Result<DecisionId, StoreError> {
        let number = self.writing(|db| decide(db, verdict, now, by))?;
        if matches!(verdict, Verdict::Split(_)) {
            self.join_if_possible();
        }
        Ok(number)
    }

    /// Links one-word names to people, for all names that new articles may have affected.
    ///
    /// This can be interrupted and continued later. The result depends only on the articles, not on when it ran.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be written.
    pub fn join(&mut self, mut interrupted: impl FnMut() -> bool) -> Result<(), StoreError> {
        let some = |db: &Connection| {
            let last = last_person(db)?;
            let more = people::join_some(db)?;
            apply_to_people_after(db, last)?;
            Ok(more)
        };
        while !interrupted() && self.writing(some)? {}
        Ok(())
    }

    /// Takes a decision back, and links the one-word names that it affected again.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such decision, it was already taken back, or the store can't be written.
    pub fn undo(&mut self, decision: DecisionId) -> Result<(), StoreError> {
        self.writing(|db| {
            let found = decisions_where(db, "id = ? AND NOT undone", &[&decision])?.pop();
            let found = found.ok_or_else(|| {
                Trouble::NotFound(format!("decision {decision} does not exist or was undone"))
            })?;
            db.execute("UPDATE decisions SET undone = 1 WHERE id = ?", [decision])?;
            reapply(db, &found)
        })?;
        self.join_if_possible();
        Ok(())
    }

    /// Links one-word names after a decision. The decision is kept already, so a failure here is not its failure: the names
    /// wait until the next [`Store::join`].
    fn join_if_possible(&mut self) {
        let _ = self.join(|| false);
    }
}

impl Reader {
    /// Returns the statements of latest versions to which a decision currently applies.
    ///
    /// There is one, or none if no statement of the article is certainly the same, or if a later decision on the same
    /// field has replaced this one.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn statements_of(&self, decision: DecisionId) -> Result<Vec<StatementRef>, StoreError> {
        Ok(self.applied()?.statements.remove(&decision).unwrap_or_default())
    }

    /// Returns the reports of events in latest versions to which a decision currently applies: one, or none.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn events_of(&self, decision: DecisionId) -> Result<Vec<EventRef>, StoreError> {
        Ok(self.applied()?.events.remove(&decision).unwrap_or_default())
    }

    /// Returns what all decisions currently apply to.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn applied(&self) -> Result<Applied, StoreError> {
        let statements = "SELECT c.decision, s.article, s.number FROM corrections c JOIN statements s ON s.id = c.statement
             JOIN articles a ON a.id = s.article WHERE a.latest ORDER BY s.id";
        let events =
            "SELECT c.decision, e.article, e.number FROM event_corrections c JOIN events e ON e.id = c.event
             JOIN articles a ON a.id = e.article WHERE a.latest ORDER BY e.id";
        fn by_decision<T>(
            db: &Connection,
            sql: &str,
            named: fn(ArticleId, i64) -> T,
        ) -> Result<HashMap<DecisionId, Vec<T>>> {
            let mut statement = db.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            let mut all: HashMap<DecisionId, Vec<T>> = HashMap::new();
            while let Some(r) = rows.next()? {
                all.entry(r.get(0)?).or_default().push(named(r.get(1)?, r.get(2)?));
            }
            Ok(all)
        }
        self.reading(|db| {
            Ok(Applied {
                statements: by_decision(db, statements, |article, number| StatementRef { article, number })?,
                events: by_decision(db, events, |article, number| EventRef { article, number })?,
            })
        })
    }
}

/// What decisions currently apply to in the latest versions of articles, by the numbers of the decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The statements.
    pub statements: HashMap<DecisionId, Vec<StatementRef>>,
    /// The reports of events.
    pub events: HashMap<DecisionId, Vec<EventRef>>,
}

/// Returns a noun with the indefinite article: “a role”, “an actor”.
fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// Returns a value in the form in which it is stored, or an error for a value that can't be a date, name or role.
fn checked(field: DecidedField, value: &str) -> Result<String> {
    let value = value.trim();
    let wrong = |what: String| Err(Trouble::Invalid(what));
    if field == DecidedField::Said {
        return match value.parse::<PartialDate>() {
            Ok(date) => Ok(date.to_string()),
            Err(e) => wrong(e.to_string()),
        };
    }
    fn one_of<T: Named>(value: &str) -> Result<String> {
        let found = T::all().iter().find(|v| v.name().eq_ignore_ascii_case(value));
        let names = || T::all().iter().map(|v| v.name()).collect::<Vec<_>>().join(", ");
        found
            .map(|v| v.name().to_owned())
            .ok_or_else(|| Trouble::Invalid(format!("“{value}” is not one of {}", names())))
    }
    match field {
        DecidedField::Type => return one_of::<EventType>(value),
        DecidedField::Status => return one_of::<EventStatus>(value),
        _ => {}
    }
    let field = with_article(field.name());
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if value.chars().any(|c| c.is_control() || turns(c) || matches!(c, '\u{2028}' | '\u{2029}')) {
        return wrong(format!("{field} must not contain line breaks or control characters"));
    }
    if words::words(value).is_empty() {
        return wrong(format!("{field} needs a letter or a digit"));
    }
    if value.chars().count() > LONGEST {
        return wrong(format!("{field} has at most {LONGEST} characters"));
    }
    Ok(value.to_owned())
}

/// Returns the name and the key of whom a person named: by name or by number, such as `p12`.
fn somebody(db: &Connection, value: &str) -> Result<(String, Option<String>)> {
    if let Some(number) = PersonRef::of(value) {
        people::known(db, number)?;
        let (key, name) = people::known(db, merges::root_of(db, number)?)?;
        return Ok((name, Some(key)));
    }
    let Some(id) = people::of_name(db, value)? else { return Ok((value.to_owned(), None)) };
    let all = people::of_one_name(db, id)?;
    let [one] = all.as_slice() else {
        let all: Vec<String> = all.into_iter().map(|id| id.to_string()).collect();
        let what = format!("“{value}” may be several people: give a number, one of {}", all.join(", "));
        return Err(Trouble::Invalid(what));
    };
    let named = Some(people::known(db, *one)?);
    Ok((value.to_owned(), named.map(|(key, _)| key)))
}

/// Returns the permanent form of a report's claimant: `article`, or the address of a statement of the same article.
fn claimant(db: &Connection, report: EventRef, value: &str) -> Result<String> {
    if value.eq_ignore_ascii_case(wire::ARTICLE) {
        return Ok(wire::ARTICLE.to_owned());
    }
    let statement = rows::statement_named(db, value)?;
    if statement.article != report.article {
        return Err(Trouble::Invalid(format!("{value} is not a statement of article {}", report.article)));
    }
    let sql = "SELECT address FROM statements WHERE article = ? AND number = ?";
    let address: Option<String> =
        db.query_row(sql, params![statement.article, statement.number], |r| r.get(0))?;
    address.ok_or_else(|| Trouble::Invalid(format!("{value} has no address")))
}

/// Makes a decision and applies it. Returns its number.
fn decide(db: &Connection, verdict: &Verdict, now: Timestamp, by: Option<&str>) -> Result<DecisionId> {
    let by = by.map(str::trim).filter(|by| !by.is_empty());
    if by.is_some_and(|by| by.chars().any(char::is_control) || by.chars().count() > LONGEST) {
        let what = format!(
            "the name of the person who decides must have at most {LONGEST} characters, and no line breaks or control characters"
        );
        return Err(Trouble::Invalid(what));
    }
    let mut decision = match verdict {
        Verdict::Accept(name) => on_statement(db, DecisionKind::Accept, *name)?,
        Verdict::Reject(name) => on_statement(db, DecisionKind::Reject, *name)?,
        Verdict::AcceptEvent(name) => on_event(db, DecisionKind::Accept, *name)?,
        Verdict::RejectEvent(name) => on_event(db, DecisionKind::Reject, *name)?,
        Verdict::Set(name, field, value) => set(db, *name, *field, value)?,
        Verdict::SetEvent(name, field, value) => set_of_event(db, *name, *field, value)?,
        Verdict::Merge(a, b) => merge(db, *a, *b)?,
        Verdict::Split(name) => split(db, *name)?,
    };
    // The seal covers the number, so it is needed before the row exists.
    decision.id = db.query_row("SELECT coalesce(max(id), 0) + 1 FROM decisions", [], |r| r.get(0))?;
    decision.made = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    decision.by = by.map(str::to_owned);
    decision.seal = Some(decision.sealed());
    insert(db, &decision)?;
    reapply(db, &decision)?;
    Ok(decision.id)
}

/// Returns the decision that gives a field of a statement a value.
fn set(db: &Connection, name: StatementRef, field: DecidedField, value: &str) -> Result<Decision> {
    if field.is_of_event() {
        return Err(Trouble::Invalid(format!("{name}: a statement has no {field}")));
    }
    let (value, person) = match field {
        DecidedField::Speaker => somebody(db, &checked(field, value)?)?,
        _ => (checked(field, value)?, None),
    };
    let decision = on_statement(db, DecisionKind::Set, name)?;
    Ok(Decision { field: Some(field), value: Some(value), person, ..decision })
}

/// Returns the decision that gives a field of a report of an event a value.
fn set_of_event(db: &Connection, name: EventRef, field: DecidedField, value: &str) -> Result<Decision> {
    if !field.is_of_event() {
        return Err(Trouble::Invalid(format!("{name}: a report of an event has no {field}")));
    }
    let decision = on_event(db, DecisionKind::Set, name)?;
    let (value, person) = match field {
        DecidedField::Actor | DecidedField::Recipient
            if ["none", "nobody"].contains(&value.trim().to_lowercase().as_str()) =>
        {
            let what = format!("{name}: “{value}” is not a party; name the {field}, or reject the report");
            return Err(Trouble::Invalid(what));
        }
        DecidedField::Actor | DecidedField::Recipient => somebody(db, &checked(field, value)?)?,
        DecidedField::Claimant => (claimant(db, name, value.trim())?, None),
        _ => (checked(field, value)?, None),
    };
    Ok(Decision { field: Some(field), value: Some(value), person, ..decision })
}

/// Returns the decision that two people are the same.
fn merge(db: &Connection, a: PersonRef, b: PersonRef) -> Result<Decision> {
    let [(first, _), (second, _)] = [people::known(db, a)?, people::known(db, b)?];
    if a == b {
        return Err(Trouble::Invalid(format!("{a}: the same person was named twice; a merge joins two")));
    }
    if merges::root_of(db, a)? == merges::root_of(db, b)? {
        return Err(Trouble::Invalid(format!("{a} and {b} are already the same")));
    }
    let [one, other] = [people::person(db, a)?, people::person(db, b)?];
    if one.kind != other.kind {
        let is = |person: &people::Person| format!("{} is {}", person.name, with_article(person.kind.name()));
        let what = format!("{a} and {b} can't be the same: {}, {}", is(&one), is(&other));
        return Err(Trouble::Invalid(what));
    }
    Ok(Decision { person: Some(first), other: Some(second), ..Decision::new(DecisionKind::Merge) })
}

/// Returns the decision that a statement's speaker is not the person of that name in other articles.
fn split(db: &Connection, name: StatementRef) -> Result<Decision> {
    let id = rows::id_of(db, name)?;
    // Of several speakers, the first who was not split off before.
    let sql = "SELECT a.key, e.name, p.apart FROM links l JOIN entities e ON e.id = l.entity
        JOIN articles a ON a.id = e.article LEFT JOIN identities i ON i.entity = e.id
        LEFT JOIN people p ON p.id = i.person
        WHERE l.statement = ? AND l.field = 'speaker' ORDER BY p.apart IS NOT NULL, l.place";
    let found: Option<(String, String, Option<DecisionId>)> =
        db.query_row(sql, [id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()?;
    let (key, entity, apart) =
        found.ok_or_else(|| Trouble::Invalid(format!("{name}: its speaker has no name in the article")))?;
    if let Some(earlier) = apart {
        let what = format!("{name}: its speaker was already split off by decision {earlier}");
        return Err(Trouble::Invalid(what));
    }
    Ok(Decision { article: Some(key), value: Some(entity), ..Decision::new(DecisionKind::Split) })
}

/// Returns a decision on a statement, with what identifies the statement.
fn on_statement(db: &Connection, kind: DecisionKind, name: StatementRef) -> Result<Decision> {
    let id = rows::id_of(db, name)?;
    let sql = "SELECT a.key, a.hash, a.text, s.content, s.source, min(p.start), max(p.\"end\")
        FROM statements s JOIN articles a ON a.id = s.article
        LEFT JOIN spans p ON p.statement = s.id AND p.field = 'content' WHERE s.id = ?";
    let (article, hash, text, content, source, start, end): (
        _,
        String,
        String,
        String,
        _,
        Option<usize>,
        Option<usize>,
    ) = db.query_row(sql, [id], |r| {
        Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?))
    })?;
    let place = Place { content, start: start.unwrap_or(0), end: end.unwrap_or(0) };
    let (before, after) = Version::new(&hash, &text).around(&place);
    Ok(Decision {
        article,
        content: Some(place.content),
        source,
        start,
        end,
        version: Some(hash),
        before: Some(before),
        after: Some(after),
        ..Decision::new(kind)
    })
}

/// Returns a decision on a report of an event, with what identifies the report.
fn on_event(db: &Connection, kind: DecisionKind, name: EventRef) -> Result<Decision> {
    let id = events::id_of(db, name)?;
    let sql = "SELECT a.key, a.hash, a.text, e.report FROM events e JOIN articles a ON a.id = e.article WHERE e.id = ?";
    let (article, hash, text, report): (_, String, String, String) =
        db.query_row(sql, [id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?;
    let report: wire::Event = serde_json::from_str(&report)?;
    let place = trigger(&report);
    let (before, after) = Version::new(&hash, &text).around(&place);
    Ok(Decision {
        article,
        content: Some(place.content),
        source: report.actor.map(|actor| actor.text),
        start: Some(place.start),
        end: Some(place.end),
        version: Some(hash),
        before: Some(before),
        after: Some(after),
        on_event: true,
        ..Decision::new(kind)
    })
}

/// Returns the highest number of a person.
pub(crate) fn last_person(db: &Connection) -> Result<PersonRef> {
    Ok(db.prepare_cached("SELECT coalesce(max(id), 0) FROM people")?.query_row([], |r| r.get(0))?)
}

/// Applies the decisions that name people who were added after the person with this number. A store that was salvaged
/// may have the decisions of articles that it has lost and reads again.
pub(crate) fn apply_to_people_after(db: &Connection, person: PersonRef) -> Result<()> {
    let named = "NOT undone AND EXISTS (
        SELECT 1 FROM people p WHERE p.key IN (decisions.person, decisions.other) AND p.id > ?)";
    decisions_where(db, named, &[&person])?.iter().try_for_each(|decision| reapply(db, decision))
}

/// Reapplies the decisions whose effect may have changed with this one.
fn reapply(db: &Connection, changed: &Decision) -> Result<()> {
    match (changed.kind, &changed.article) {
        (DecisionKind::Merge, _) => apply_merges(db, [&changed.person, &changed.other]),
        (DecisionKind::Split, Some(key)) => splits(db, key, changed),
        (_, Some(key)) => {
            versions(db, key)?.into_iter().try_for_each(|article| apply_to_article(db, article))
        }
        _ => Ok(()),
    }
}

/// Writes the corrections for one version of an article, and updates search for what changed.
fn apply_to_article(db: &Connection, article: ArticleId) -> Result<()> {
    let (statements, events) = write_corrections(db, article)?;
    statements.into_iter().try_for_each(|id| index::renew(db, id))?;
    index::renew_events(db, &events)
}

fn versions(db: &Connection, key: &str) -> Result<Vec<ArticleId>> {
    let mut versions = db.prepare_cached("SELECT id FROM articles WHERE key = ? ORDER BY id")?;
    let rows = versions.query_map([key], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Reapplies all merges in order, and updates search for the people whose names change.
fn apply_merges(db: &Connection, changed: [&Option<String>; 2]) -> Result<()> {
    let mut changed_people = Vec::new();
    for key in changed.into_iter().flatten() {
        changed_people.extend(rows::person_with_key(db, key)?);
    }
    let mut touched: BTreeSet<PersonRef> = BTreeSet::new();
    for &person in &changed_people {
        touched.extend(merges::group_of(db, person)?);
    }
    write_merges(db)?;
    for &person in &changed_people {
        touched.extend(merges::group_of(db, person)?);
    }
    // The members of a group are updated together.
    let merges = Merges::read(db)?;
    let roots: BTreeSet<PersonRef> = touched.into_iter().map(|id| merges.root_of(id)).collect();
    roots.into_iter().try_for_each(|root| index::renew_person(db, root))
}

/// Recomputes which people are the same from all merges, in order.
fn write_merges(db: &Connection) -> Result<()> {
    let mut pairs = Vec::new();
    for merge in decision::merges(db)? {
        let (Some(a), Some(b)) = (&merge.person, &merge.other) else { continue };
        pairs.extend(rows::person_with_key(db, a)?.zip(rows::person_with_key(db, b)?));
    }
    db.execute("UPDATE people SET same_as = NULL WHERE same_as IS NOT NULL", [])?;
    let mut update = db.prepare_cached("UPDATE people SET same_as = ? WHERE id = ?")?;
    for (person, into) in Merges::decided(pairs).iter() {
        update.execute([into, person])?;
    }
    Ok(())
}

/// Recomputes who the article's entities with the decision's name are.
fn splits(db: &Connection, key: &str, changed: &Decision) -> Result<()> {
    let mut entities = db.prepare(
        "SELECT e.id, e.kind, e.name FROM entities e JOIN articles a ON a.id = e.article WHERE a.key = ?",
    )?;
    let rows = entities
        .query_map([key], |r| {
            Ok((r.get::<_, EntityId>(0)?, r.get::<_, Sql<EntityKind>>(1)?.0, r.get::<_, String>(2)?))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let decided = of_article(db, key)?;
    for (id, kind, name) in rows.iter().filter(|(_, _, name)| changed.splits(name)) {
        db.execute("DELETE FROM identities WHERE entity = ?", [id])?;
        match (decided.iter().find(|d| d.splits(name)), names::key(*kind, name)) {
            (Some(split), _) => people::identify_apart(db, *id, split.id, *kind, name)?,
            (None, Some(key)) => people::identify(db, *id, &key, *kind, name)?,
            (None, None) => {}
        }
        // Who a surname alone belongs to depends on who has it in full.
        people::queue_for_linking(db, *kind, name)?;
        index::renew_entity(db, *id)?;
    }
    // A merge may refer to somebody who only exists now.
    write_merges(db)
}

/// Applies all decisions in a store that articles and decisions were copied into in bulk.
pub(crate) fn apply_all(db: &Connection) -> Result<()> {
    write_merges(db)?;
    let mut merged = db.prepare("SELECT DISTINCT same_as FROM people WHERE same_as IS NOT NULL")?;
    let roots = merged.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<Vec<PersonRef>>>()?;
    roots.into_iter().try_for_each(|root| index::renew_person(db, root))?;
    let mut decided = db.prepare(
        "SELECT DISTINCT a.id FROM decisions d JOIN articles a ON a.key = d.article WHERE NOT d.undone ORDER BY a.id",
    )?;
    let articles = decided.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<Vec<ArticleId>>>()?;
    articles.into_iter().try_for_each(|article| apply_to_article(db, article))
}

/// Adds to decisions from earlier schemas what the current schema also stores.
///
/// This is the version and the surroundings of their statement, if a version of the article still has it, the key of a
/// speaker that was set, and a seal.
pub(crate) fn complete(db: &Connection) -> Result<()> {
    for decision in all(db)? {
        if let (Some(key), Some(content), Some(start), Some(end)) =
            (&decision.article, &decision.content, decision.start, decision.end)
        {
            let place = Place { content: content.clone(), start, end };
            let mut versions =
                db.prepare_cached("SELECT hash, text FROM articles WHERE key = ? ORDER BY id")?;
            let rows = versions
                .query_map([key], |r| Ok((r.get(0)?, r.get(1)?)))?
                .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
            let there = rows.iter().find(|(_, text)| follow::stands_at(text, &place));
            if let Some((hash, text)) = there {
                let (before, after) = Version::new(hash, text).around(&place);
                db.execute(
                    "UPDATE decisions SET version = ?, before = ?, after = ? WHERE id = ?",
                    params![hash, before, after, decision.id],
                )?;
            }
        }
        if let (DecisionKind::Set, Some(DecidedField::Speaker), Some(name)) =
            (decision.kind, decision.field, &decision.value)
            && let Some(person) = people::of_name(db, name)?
        {
            let (key, _) = people::known(db, person)?;
            db.execute("UPDATE decisions SET person = ? WHERE id = ?", params![key, decision.id])?;
        }
    }
    for decision in all(db)? {
        db.execute("UPDATE decisions SET seal = ? WHERE id = ?", params![decision.sealed(), decision.id])?;
    }
    write_merges(db)
}
