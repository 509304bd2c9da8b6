//! Counting the values of fields among the statements or reports of events that a query finds.
//!
//! Counting reads a row of each statement, so only the newest matches are counted, and the answer says whether these
//! were all.

use std::collections::{BTreeSet, HashMap};

use onrecord_text::SpeakerKind;
use onrecord_text::answers::{self, ClaimedBy, FacetField};
use rusqlite::{Connection, params};

use crate::error::{Result, StoreError};
use crate::handle::Reader;
use crate::ids::{ArticleId, PersonRef, StatementId, date_of, json_array};
use crate::merges::Merges;
use crate::query::{self, EventQuery, Query};
use crate::rows::Attribution;
use crate::{events, reports, rows};

/// The number of newest matches that [`Reader::facets`] counts in about 10 ms, for callers that need speed.
pub const FACETED: usize = 2_000;
/// The most matches that are counted, whatever the caller asks for.
const MOST: usize = 50_000;

/// The SQL for the matches and their fields. The rows of corrections are few, so they are read separately.
const FIELDS: &str = "WITH found AS MATERIALIZED (
        SELECT rowid AS id FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC LIMIT ?4)
    SELECT s.id, s.kind, s.act, s.speaker, s.speaker_kind, s.article
    FROM found CROSS JOIN statements s ON s.id = found.id";
/// The SQL for the outlets of articles.
const OUTLETS: &str =
    "SELECT a.id, a.outlet FROM json_each(?) AS wanted CROSS JOIN articles a ON a.id = wanted.value";
/// The SQL for the speakers of the matches who are known across articles.
const SPEAKERS: &str = "WITH found AS MATERIALIZED (
        SELECT rowid AS id FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC LIMIT ?4)
    SELECT p.statement, p.person FROM found CROSS JOIN people_statements p INDEXED BY people_statements_statement
        ON p.statement = found.id WHERE p.field = 'speaker'";
/// The SQL for the corrected speakers of the matches.
const CORRECTED: &str =
    "SELECT statement, value, kind FROM corrections WHERE statement BETWEEN ? AND ? AND field = 'speaker'";

/// These requests, whose plans a test checks.
#[cfg(test)]
pub(crate) const REQUESTS: [&str; 4] = [FIELDS, OUTLETS, SPEAKERS, CORRECTED];

impl Reader {
    /// Returns how often each speaker, kind of speaker, act, outlet, month and kind of statement occurs among the
    /// newest `most` statements that a query finds, with at most `values` values for each.
    ///
    /// At most 50,000 statements are counted. [`FACETED`] is a good number where speed matters.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn facets(&self, query: &Query, most: usize, values: usize) -> Result<answers::Facets, StoreError> {
        self.reading(|db| facets(db, query, most.clamp(1, MOST), values))
    }
}

impl Reader {
    /// Returns how often each type, status, side of the claimant, actor, recipient, claimant and outlet occurs among
    /// the newest `most` reports of events that a query finds, with at most `values` values for each.
    ///
    /// At most 50,000 reports are counted.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn event_facets(
        &self,
        query: &EventQuery,
        most: usize,
        values: usize,
    ) -> Result<answers::Facets, StoreError> {
        self.reading(|db| event_facets(db, query, most.clamp(1, MOST), values))
    }
}

fn event_facets(db: &Connection, query: &EventQuery, most: usize, values: usize) -> Result<answers::Facets> {
    let mut found = reports::newest(db, query, query.0.ids(), most + 1)?;
    let complete = found.len() <= most;
    found.truncate(most);
    let [mut types, mut statuses, mut sides] = <[Counts; 3]>::default();
    let [mut actors, mut recipients, mut claimants, mut outlets] = <[Counts; 4]>::default();
    for some in found.chunks(1_000) {
        for report in events::without_sentences(db, some)? {
            types.add(report.kind.name());
            statuses.add(report.status.name());
            sides.add(ClaimedBy::of(report.claim.is_some(), report.side).name());
            let name =
                |party: &Option<events::Party>| party.as_ref().map(|p| p.name.clone()).unwrap_or_default();
            actors.add(&name(&report.actor));
            recipients.add(&name(&report.recipient));
            claimants
                .add(report.claim.as_ref().and_then(|claim| claim.speaker.as_deref()).unwrap_or_default());
            outlets.add(report.outlet.as_deref().unwrap_or_default());
        }
    }
    let facets = vec![
        most_frequent(FacetField::Type, types.0, values, by_name("type")),
        most_frequent(FacetField::Status, statuses.0, values, by_name("status")),
        most_frequent(FacetField::Side, sides.0, values, by_name("side")),
        most_frequent(FacetField::Actor, actors.0, values, by_words("actor")),
        most_frequent(FacetField::Recipient, recipients.0, values, by_words("recipient")),
        most_frequent(FacetField::Claimant, claimants.0, values, by_words("claimant")),
        most_frequent(FacetField::Outlet, outlets.0, values, by_words("outlet")),
    ];
    Ok(answers::Facets { schema: answers::Schema, counted: found.len(), complete, facets })
}

/// A speaker: somebody who is known across articles, or a name that an article gives.
///
/// People come before names in this order, so that the same store gives the same answer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Speaker {
    Known(PersonRef),
    Named(String),
}

fn facets(db: &Connection, query: &Query, most: usize, values: usize) -> Result<answers::Facets> {
    let Matches { attributions, kinds, acts, months, articles, complete } = matches(db, query, most)?;
    let counted = attributions.len();
    let known = known_speakers(db, query, most)?;
    let (speakers, speaker_kinds) = count_speakers(corrected(db, attributions)?, known);
    let facets = vec![
        speakers_of(db, speakers, values)?,
        most_frequent(FacetField::SpeakerKind, speaker_kinds.0, values, by_name("kind")),
        most_frequent(FacetField::Act, acts.0, values, by_name("act")),
        most_frequent(FacetField::Outlet, outlets(db, &articles)?, values, by_words("outlet")),
        latest(FacetField::Month, months, values),
        most_frequent(FacetField::Kind, kinds.0, values, by_name("kind")),
    ];
    Ok(answers::Facets { schema: answers::Schema, counted, complete, facets })
}

/// What was read of the newest matches of a query.
struct Matches {
    /// Who said each of them, as the engine found it.
    attributions: Vec<(StatementId, Attribution)>,
    kinds: Counts,
    acts: Counts,
    months: HashMap<String, usize>,
    articles: HashMap<ArticleId, usize>,
    /// Whether there are no others.
    complete: bool,
}

fn matches(db: &Connection, query: &Query, most: usize) -> Result<Matches> {
    let (mut kinds, mut acts) = <(Counts, Counts)>::default();
    let (mut months, mut articles) = (HashMap::new(), HashMap::new());
    let mut attributions = Vec::new();
    let mut statement = db.prepare_cached(FIELDS)?;
    let mut found = statement.query(params![query.expression, query.ids().0, query.ids().1, most + 1])?;
    while let Some(row) = found.next()? {
        if attributions.len() == most {
            return Ok(Matches { attributions, kinds, acts, months, articles, complete: false });
        }
        let id: StatementId = row.get(0)?;
        kinds.add(row.get_ref(1)?.as_str()?);
        acts.add(row.get_ref(2)?.as_str()?);
        let article: ArticleId = row.get(5)?;
        *articles.entry(article).or_default() += 1;
        if let Some(date) = date_of(id) {
            *months.entry(date[..7].to_owned()).or_default() += 1;
        }
        let (speaker, kind) = (row.get(3)?, rows::speaker_kind(row, 4)?);
        attributions.push((id, Attribution { speaker, kind, ..Attribution::default() }));
    }
    Ok(Matches { attributions, kinds, acts, months, articles, complete: true })
}

/// Returns the speakers of the matches who are known across articles.
fn known_speakers(
    db: &Connection,
    query: &Query,
    most: usize,
) -> Result<HashMap<StatementId, BTreeSet<PersonRef>>> {
    let merges = Merges::read(db)?;
    let mut speakers: HashMap<StatementId, BTreeSet<PersonRef>> = HashMap::new();
    let mut statement = db.prepare_cached(SPEAKERS)?;
    let mut found = statement.query(params![query.expression, query.ids().0, query.ids().1, most + 1])?;
    while let Some(row) = found.next()? {
        speakers.entry(row.get(0)?).or_default().insert(merges.root_of(row.get(1)?));
    }
    Ok(speakers)
}

/// Returns who said each statement, with the speakers that people corrected.
fn corrected(
    db: &Connection,
    mut attributions: Vec<(StatementId, Attribution)>,
) -> Result<Vec<(StatementId, Attribution)>> {
    let ids = || attributions.iter().map(|(id, _)| *id);
    let (Some(first), Some(last)) = (ids().min(), ids().max()) else { return Ok(attributions) };
    let mut corrected: HashMap<StatementId, (String, Option<SpeakerKind>)> = HashMap::new();
    let mut statement = db.prepare_cached(CORRECTED)?;
    let mut found = statement.query([first, last])?;
    while let Some(row) = found.next()? {
        corrected.insert(row.get(0)?, (row.get(1)?, rows::speaker_kind(row, 2)?));
    }
    for (id, attribution) in &mut attributions {
        if let Some((name, kind)) = corrected.remove(id) {
            attribution.correct_speaker(name, kind);
        }
    }
    Ok(attributions)
}

/// Returns how many statements each speaker made, and each kind of speaker.
fn count_speakers(
    attributions: Vec<(StatementId, Attribution)>,
    mut known: HashMap<StatementId, BTreeSet<PersonRef>>,
) -> (HashMap<Speaker, usize>, Counts) {
    let (mut speakers, mut kinds) = (HashMap::new(), Counts::default());
    for (id, attribution) in attributions {
        if let Some(kind) = attribution.kind {
            kinds.add(kind.name());
        }
        match (known.remove(&id), attribution.speaker) {
            (Some(people), _) => {
                for person in people {
                    *speakers.entry(Speaker::Known(person)).or_default() += 1;
                }
            }
            (None, Some(name)) => *speakers.entry(Speaker::Named(name)).or_default() += 1,
            (None, None) => {}
        }
    }
    (speakers, kinds)
}

/// How often each text occurs. Empty texts don't count.
#[derive(Default)]
struct Counts(HashMap<String, usize>);

impl Counts {
    fn add(&mut self, value: &str) {
        match self.0.get_mut(value) {
            Some(count) => *count += 1,
            None if value.is_empty() => {}
            None => drop(self.0.insert(value.to_owned(), 1)),
        }
    }
}

fn outlets(db: &Connection, articles: &HashMap<ArticleId, usize>) -> Result<HashMap<String, usize>> {
    let mut ids: Vec<ArticleId> = articles.keys().copied().collect();
    ids.sort_unstable();
    let mut statement = db.prepare_cached(OUTLETS)?;
    let mut found = statement.query([json_array(&ids)])?;
    let mut all: HashMap<String, usize> = HashMap::new();
    while let Some(row) = found.next()? {
        if let Some(outlet) = row.get::<_, Option<String>>(1)? {
            *all.entry(outlet).or_default() += articles.get(&row.get(0)?).copied().unwrap_or_default();
        }
    }
    Ok(all)
}

/// Returns the item of a query for each value of a field that has only a few.
fn by_name(field: &'static str) -> impl Fn(&String) -> Option<String> {
    move |value| Some(format!("{field}:{value}"))
}

/// Returns the item of a query for each value of a field that is searched by its words.
fn by_words(field: &'static str) -> impl Fn(&String) -> Option<String> {
    move |value| query::item(field, value)
}

fn most_frequent(
    field: FacetField,
    counts: HashMap<String, usize>,
    values: usize,
    item: impl Fn(&String) -> Option<String>,
) -> answers::Facet {
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    facet(field, counts, values, item)
}

fn latest(field: FacetField, counts: HashMap<String, usize>, values: usize) -> answers::Facet {
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.0.cmp(&a.0));
    facet(field, counts, values, |month| Some(format!("published:{month}")))
}

fn facet(
    field: FacetField,
    counts: Vec<(String, usize)>,
    values: usize,
    item: impl Fn(&String) -> Option<String>,
) -> answers::Facet {
    let others = counts.len().saturating_sub(values);
    let value = |(value, count): (String, usize)| {
        let query = item(&value);
        answers::FacetValue { value, count, query, person: None }
    };
    let values = counts.into_iter().take(values).map(value).collect();
    answers::Facet { field, values, others }
}

fn speakers_of(db: &Connection, counts: HashMap<Speaker, usize>, values: usize) -> Result<answers::Facet> {
    let mut counts: Vec<(Speaker, usize)> = counts.into_iter().collect();
    let others = counts.len().saturating_sub(values);
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(values);
    let known: Vec<PersonRef> = counts
        .iter()
        .filter_map(|(speaker, _)| if let Speaker::Known(person) = speaker { Some(*person) } else { None })
        .collect();
    let names = rows::people(db, &known)?;
    let mut values: Vec<answers::FacetValue> = Vec::new();
    for (speaker, count) in counts {
        let (value, person) = match speaker {
            Speaker::Known(person) => {
                let Some((name, _)) = names.get(&person) else { continue };
                (name.clone(), Some(person.to_string()))
            }
            Speaker::Named(name) => (name, None),
        };
        // The query can't tell people of one name apart.
        match values.iter_mut().find(|other| other.value == value) {
            Some(other) => (other.count, other.person) = (other.count + count, None),
            None => {
                let query = query::item("speaker", &value);
                values.push(answers::FacetValue { value, count, query, person });
            }
        }
    }
    values.sort_by_key(|value| std::cmp::Reverse(value.count));
    Ok(answers::Facet { field: FacetField::Speaker, values, others })
}
