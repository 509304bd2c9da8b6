//! Reading the rows of a store, many at a time.

use std::collections::HashMap;

use onrecord_text::answers::Corrected;
use onrecord_text::{Act, EntityKind, SpeakerKind, StatementKind, Status};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::{Result, Trouble};
use crate::ids::{ArticleId, DecisionId, PersonRef, StatementId, StatementRef, is_address, json_array};
use crate::kinds::{Given, Named, Ruling, Sql};
use crate::words;

/// A statement that was found, with people's decisions applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The statement's name.
    pub name: StatementRef,
    /// The statement's permanent address.
    pub address: String,
    /// Whether its words are a quotation.
    pub kind: StatementKind,
    /// What kind of act the statement is. `None` if an earlier version of the engine found it.
    pub act: Option<Act>,
    /// Whether the statement was made. `None` if an earlier version of the engine found it.
    pub status: Option<Status>,
    /// Who said it.
    pub speaker: Option<String>,
    /// What kind of source it is.
    pub speaker_kind: Option<SpeakerKind>,
    /// The speaker's office or affiliation.
    pub role: Option<String>,
    /// The words that signal the attribution.
    pub cue: Option<String>,
    /// What was said.
    pub content: String,
    /// Where the pieces of the content stand in the article's text, in code points.
    pub spans: Vec<[usize; 2]>,
    /// The day on which it was said, in EDTF.
    pub said: Option<String>,
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
    /// Who passed the statement on, if it stands inside a statement by somebody else.
    pub relayed_by: Option<String>,
    /// The fields that a person corrected, plus the verdict if a person accepted or rejected the statement.
    pub corrected: Vec<Corrected>,
    /// Whether a person rejected the statement.
    pub rejected: bool,
    /// Whether the publisher withdrew the article, with this version or with a later item.
    pub withdrawn: bool,
    /// The positions of the query's words in the content: the first byte, and the byte after the last.
    pub matches: Vec<(usize, usize)>,
    pub(crate) id: StatementId,
    /// The key of the article, which all its versions have.
    pub(crate) key: String,
}

/// A row of the table `corrections`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Correction {
    pub field: Corrected,
    pub value: String,
    pub person: Option<PersonRef>,
    /// What kind of source a corrected speaker is.
    pub kind: Option<SpeakerKind>,
    pub decision: DecisionId,
}

/// Who said a statement and when, first as the engine found it, and then with people's corrections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attribution {
    pub speaker: Option<String>,
    pub kind: Option<SpeakerKind>,
    /// The office or affiliation of that speaker.
    pub role: Option<String>,
    pub said: Option<String>,
    pub ruling: Option<Ruling>,
}

impl Attribution {
    /// Applies a correction. Those of one statement are applied in the order of [`place_of_field`].
    pub fn apply(&mut self, correction: &Correction) {
        let value = &correction.value;
        match correction.field {
            Corrected::Speaker => self.correct_speaker(value.clone(), correction.kind),
            Corrected::Role => self.role = Some(value.clone()),
            Corrected::Said => self.said = Some(value.clone()),
            Corrected::Verdict => self.ruling = Ruling::of(value),
        }
    }

    /// Applies the correction of the speaker.
    pub fn correct_speaker(&mut self, name: String, kind: Option<SpeakerKind>) {
        // The role that the engine found belongs to the name that it found.
        if self.speaker.as_ref() != Some(&name) {
            self.role = None;
        }
        self.kind = kind.or(self.kind);
        self.speaker = Some(name);
    }

    pub fn is_rejected(&self) -> bool {
        self.ruling == Some(Ruling::Rejected)
    }
}

impl Hit {
    fn correct(&mut self, corrections: &[Correction]) {
        let mut attribution = Attribution {
            speaker: self.speaker.take(),
            kind: self.speaker_kind,
            role: self.role.take(),
            said: self.said.take(),
            ruling: None,
        };
        for correction in corrections {
            attribution.apply(correction);
            self.corrected.push(correction.field);
        }
        self.rejected = attribution.is_rejected();
        (self.speaker, self.speaker_kind) = (attribution.speaker, attribution.kind);
        (self.role, self.said) = (attribution.role, attribution.said);
    }
}

/// Returns the kind of a speaker that a column has, if it has any.
pub(crate) fn speaker_kind(r: &Row, column: usize) -> rusqlite::Result<Option<SpeakerKind>> {
    Ok(r.get::<_, Option<Sql<SpeakerKind>>>(column)?.map(|kind| kind.0))
}

/// The SQL for the date of the article `a`, as [`onrecord_text::wire::dated`] returns it. A macro, so that constants can
/// contain it.
macro_rules! dated {
    () => {
        "coalesce(a.published, a.dateline_date)"
    };
}
pub(crate) use dated;

/// The SQL for what withdraws the article `a`: this version, or what was stored later under its name. A macro, too.
macro_rules! withdrawing {
    () => {
        "SELECT l.id FROM articles l JOIN notices n ON n.article = l.id
             WHERE l.item = a.item AND l.id >= a.id AND n.kind = 'withdrawn'"
    };
}
pub(crate) use withdrawing;

/// The SQL for whether the publisher withdrew the article `a`.
macro_rules! withdrawn {
    () => {
        concat!("EXISTS (", $crate::rows::withdrawing!(), ")")
    };
}
pub(crate) use withdrawn;

/// Returns the key that the versions of an article share.
pub(crate) fn key_of(db: &Connection, article: ArticleId) -> Result<String> {
    let sql = "SELECT key FROM articles WHERE id = ?";
    Ok(db.prepare_cached(sql)?.query_row([article], |r| r.get(0))?)
}

/// Returns the number of what withdraws an article, if anything does: the first.
pub(crate) fn withdrawn_by(db: &Connection, article: ArticleId) -> Result<Option<ArticleId>> {
    let sql = concat!("SELECT (", withdrawing!(), " ORDER BY l.id LIMIT 1) FROM articles a WHERE a.id = ?");
    Ok(db.prepare_cached(sql)?.query_row([article], |r| r.get(0)).optional()?.flatten())
}

/// The SQL for the statements of hits. One query fetches many.
pub(crate) const HITS: &str = concat!(
    "SELECT s.id, s.article, s.number, s.kind, s.speaker, s.speaker_kind, s.role, s.cue, s.content, s.said,
     s.confidence, a.source_id, a.title, a.outlet, a.url, ",
    dated!(),
    ", s.act, s.status, s.address, a.key, ",
    withdrawn!(),
    " FROM json_each(?) AS wanted CROSS JOIN statements s ON s.id = wanted.value JOIN articles a ON a.id = s.article"
);

/// Returns the statements with these ids, in the same order, with the positions of `terms` in their contents.
pub(crate) fn hits(db: &Connection, ids: &[StatementId], terms: &[(Vec<String>, bool)]) -> Result<Vec<Hit>> {
    let wanted = json_array(ids);
    let mut statement = db.prepare_cached(HITS)?;
    let mut hits = statement.query_map([&wanted], of_row)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let places: HashMap<StatementId, usize> = ids.iter().enumerate().map(|(n, &id)| (id, n)).collect();
    hits.sort_by_key(|hit| places.get(&hit.id).copied());
    let mut corrections = corrections(db, &wanted)?;
    let mut spans = spans(db, &wanted)?;
    let mut relays = relays(db, &wanted)?;
    for hit in &mut hits {
        hit.spans = spans.remove(&hit.id).unwrap_or_default();
        if let Some(corrections) = corrections.remove(&hit.id) {
            hit.correct(&corrections);
        }
        hit.relayed_by = relays.remove(&hit.id).filter(|by| hit.speaker.as_ref() != Some(by));
        hit.matches = matches(&hit.content, terms);
    }
    Ok(hits)
}

/// The SQL for the speakers of the statements that hits stand inside.
pub(crate) const RELAYS: &str = "SELECT s.id, coalesce(c.value, p.speaker) FROM json_each(?) AS wanted
    CROSS JOIN statements s ON s.id = wanted.value JOIN statements p ON p.article = s.article AND p.number = s.parent
    LEFT JOIN corrections c ON c.statement = p.id AND c.field = 'speaker'";

fn relays(db: &Connection, ids: &str) -> Result<HashMap<StatementId, String>> {
    let mut statement = db.prepare_cached(RELAYS)?;
    let rows = statement.query_map([ids], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let named = |row: rusqlite::Result<(StatementId, Option<String>)>| {
        row.map(|(id, by)| Some((id, by?))).transpose()
    };
    Ok(rows.filter_map(named).collect::<rusqlite::Result<_>>()?)
}

/// The SQL for where the contents of hits stand in their articles. The key of the table has the pieces in order.
pub(crate) const SPANS: &str = "SELECT p.statement, p.start, p.\"end\" FROM json_each(?) AS wanted
    CROSS JOIN spans p ON p.statement = wanted.value AND p.field = 'content'";

/// These requests, whose plans a test checks.
#[cfg(test)]
pub(crate) const REQUESTS: [&str; 3] = [HITS, RELAYS, SPANS];

fn spans(db: &Connection, ids: &str) -> Result<HashMap<StatementId, Vec<[usize; 2]>>> {
    let mut statement = db.prepare_cached(SPANS)?;
    let mut rows = statement.query([ids])?;
    let mut all: HashMap<StatementId, Vec<[usize; 2]>> = HashMap::new();
    while let Some(r) = rows.next()? {
        all.entry(r.get(0)?).or_default().push([r.get(1)?, r.get(2)?]);
    }
    Ok(all)
}

/// Returns the text of an article.
pub(crate) fn text_of(db: &Connection, article: ArticleId) -> Result<String> {
    let sql = "SELECT text FROM articles WHERE id = ?";
    Ok(db.prepare_cached(sql)?.query_row([article], |r| r.get(0))?)
}

/// Returns the statement with this id.
pub(crate) fn hit(db: &Connection, id: StatementId) -> Result<Hit> {
    let hit = hits(db, &[id], &[])?.pop();
    hit.ok_or_else(|| Trouble::Sqlite(rusqlite::Error::QueryReturnedNoRows))
}

fn of_row(r: &Row) -> rusqlite::Result<Hit> {
    Ok(Hit {
        id: r.get(0)?,
        name: StatementRef { article: r.get(1)?, number: r.get(2)? },
        kind: r.get::<_, Sql<StatementKind>>(3)?.0,
        speaker: r.get(4)?,
        speaker_kind: speaker_kind(r, 5)?,
        role: r.get(6)?,
        cue: r.get(7)?,
        content: r.get(8)?,
        spans: Vec::new(),
        said: r.get(9)?,
        confidence: r.get(10)?,
        source_id: r.get(11)?,
        title: r.get(12)?,
        outlet: r.get(13)?,
        url: r.get(14)?,
        published: r.get(15)?,
        act: r.get::<_, Given<Act>>(16)?.0,
        status: r.get::<_, Given<Status>>(17)?.0,
        address: r.get::<_, Option<String>>(18)?.unwrap_or_default(),
        relayed_by: None,
        corrected: Vec::new(),
        rejected: false,
        matches: Vec::new(),
        key: r.get(19)?,
        withdrawn: r.get(20)?,
    })
}

/// Returns the SQL condition that a person rejected the statement with this id.
pub(crate) fn is_rejected(id: &str) -> String {
    rejected_in("corrections", "statement", id)
}

/// Returns the SQL condition that this table of corrections rejects what has this id.
pub(crate) fn rejected_in(corrections: &str, column: &str, id: &str) -> String {
    let (verdict, rejected) = (Corrected::Verdict, Ruling::Rejected);
    format!(
        "EXISTS (SELECT 1 FROM {corrections} c WHERE c.{column} = {id} AND c.field = '{verdict}' AND c.value = '{rejected}')"
    )
}

/// Returns a key that sorts the corrections of one statement or report by the names of their fields. The speaker comes
/// first, because a role is the role of that speaker.
pub(crate) fn place_of_field(field: &str) -> (bool, &str) {
    (field != Corrected::Speaker.name(), field)
}

/// Returns the corrections of the statements whose ids are in this JSON array, those of each statement in the order of
/// [`place_of_field`].
pub(crate) fn corrections(db: &Connection, ids: &str) -> Result<HashMap<StatementId, Vec<Correction>>> {
    let mut statement = db.prepare_cached(
        "SELECT c.statement, c.field, c.value, c.person, c.kind, c.decision
         FROM json_each(?) AS wanted CROSS JOIN corrections c ON c.statement = wanted.value",
    )?;
    let mut rows = statement.query([ids])?;
    let mut all: HashMap<StatementId, Vec<Correction>> = HashMap::new();
    while let Some(r) = rows.next()? {
        all.entry(r.get(0)?).or_default().push(Correction {
            field: r.get::<_, Sql<_>>(1)?.0,
            value: r.get(2)?,
            person: r.get(3)?,
            kind: speaker_kind(r, 4)?,
            decision: r.get(5)?,
        });
    }
    all.values_mut().for_each(|corrections| corrections.sort_by_key(|c| place_of_field(c.field.name())));
    Ok(all)
}

/// Returns the positions of the terms in a text, in text order.
fn matches(text: &str, terms: &[(Vec<String>, bool)]) -> Vec<(usize, usize)> {
    if terms.is_empty() {
        return Vec::new();
    }
    let words = words::words(text);
    let mut found = Vec::new();
    for (term, star) in terms {
        let last = term.len() - 1;
        for window in words.windows(term.len()) {
            let same = |(n, (word, asked)): (usize, (&words::Word, &String))| {
                if *star && n == last { word.text.starts_with(asked.as_str()) } else { word.text == *asked }
            };
            if window.iter().zip(term).enumerate().all(same) {
                found.push((window[0].start, window[last].end));
            }
        }
    }
    found.sort_unstable();
    // Those that overlap become one.
    found.dedup_by(|b, a| {
        let overlap = b.0 < a.1;
        a.1 = if overlap { a.1.max(b.1) } else { a.1 };
        overlap
    });
    found
}

/// Returns the id of a statement.
pub(crate) fn id_of(db: &Connection, name: StatementRef) -> Result<StatementId> {
    let sql = "SELECT id FROM statements WHERE article = ? AND number = ?";
    let id =
        db.prepare_cached(sql)?.query_row(params![name.article, name.number], |r| r.get(0)).optional()?;
    id.ok_or_else(|| Trouble::NotFound(format!("{name}: no such statement in this store")))
}

/// Resolves the name of a statement: either `12.s3`, or an address, which stands for the latest version that has it.
pub(crate) fn statement_named(db: &Connection, text: &str) -> Result<StatementRef> {
    if !is_address(text) {
        let name = text.parse::<StatementRef>().map_err(|e| Trouble::Invalid(e.to_string()))?;
        id_of(db, name)?;
        return Ok(name);
    }
    let sql = "SELECT s.article, s.number FROM statements s JOIN articles a ON a.id = s.article
        WHERE s.address = ? ORDER BY a.latest DESC, a.id DESC LIMIT 1";
    let found = db
        .prepare_cached(sql)?
        .query_row([text], |r| Ok(StatementRef { article: r.get(0)?, number: r.get(1)? }));
    found
        .optional()?
        .ok_or_else(|| Trouble::NotFound(format!("{text}: no statement in this store has this address")))
}

/// Returns the ids and contents of an article's statements, in the order of its record.
pub(crate) fn contents(db: &Connection, article: ArticleId) -> Result<Vec<(StatementId, String)>> {
    let mut statements =
        db.prepare_cached("SELECT id, content FROM statements WHERE article = ? ORDER BY number")?;
    let rows = statements.query_map([article], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the person with a permanent key, if there is one.
pub(crate) fn person_with_key(db: &Connection, key: &str) -> Result<Option<PersonRef>> {
    let mut statement = db.prepare_cached("SELECT id FROM people WHERE key = ?")?;
    Ok(statement.query_row([key], |r| r.get(0)).optional()?)
}

/// Returns what kind of entity a person is.
pub(crate) fn kind_of_person(db: &Connection, id: PersonRef) -> Result<EntityKind> {
    let mut statement = db.prepare_cached("SELECT kind FROM people WHERE id = ?")?;
    Ok(statement.query_row([id], |r| r.get::<_, Sql<EntityKind>>(0))?.0)
}

/// Returns the names and kinds of people.
pub(crate) fn people(db: &Connection, ids: &[PersonRef]) -> Result<HashMap<PersonRef, (String, EntityKind)>> {
    let mut statement = db.prepare_cached(
        "SELECT p.id, p.name, p.kind FROM json_each(?) AS wanted CROSS JOIN people p ON p.id = wanted.value",
    )?;
    let rows =
        statement.query_map([json_array(ids)], |r| Ok((r.get(0)?, (r.get(1)?, r.get::<_, Sql<_>>(2)?.0))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn correction(field: Corrected, value: &str, kind: Option<SpeakerKind>) -> Correction {
        Correction { field, value: value.to_owned(), person: None, kind, decision: DecisionId(1) }
    }

    #[test]
    fn a_role_belongs_to_the_speaker_for_whom_it_was_found_or_set() {
        let found = Attribution {
            speaker: Some("Holt".to_owned()),
            kind: Some(SpeakerKind::Person),
            role: Some("mayor".to_owned()),
            ..Attribution::default()
        };
        let corrected = |corrections: &[Correction]| {
            let mut attribution = found.clone();
            corrections.iter().for_each(|correction| attribution.apply(correction));
            attribution
        };
        assert_eq!(corrected(&[correction(Corrected::Speaker, "Holt", None)]), found);
        let board = correction(Corrected::Speaker, "Harbour Board", Some(SpeakerKind::Organization));
        let by_board = corrected(std::slice::from_ref(&board));
        assert_eq!(by_board.kind, Some(SpeakerKind::Organization));
        assert_eq!(by_board.role, None);
        let operator = correction(Corrected::Role, "operator", None);
        assert_eq!(corrected(&[board, operator]).role.as_deref(), Some("operator"));
    }

    #[test]
    fn matches_that_overlap_are_one() {
        let terms: Vec<(Vec<String>, bool)> = [("nobody", false), ("nobody will pay", false), ("tol", true)]
            .map(|(words, star)| (words.split(' ').map(str::to_owned).collect(), star))
            .into();
        assert_eq!(matches("Nobody will pay a toll", &terms), [(0, 15), (18, 22)]);
    }

    #[test]
    fn only_a_rejection_rejects() {
        for (value, rejected) in [("accepted", false), ("rejected", true)] {
            let mut attribution = Attribution::default();
            attribution.apply(&correction(Corrected::Verdict, value, None));
            assert_eq!(attribution.is_rejected(), rejected, "{value}");
        }
    }
}
