//! Writing records to the store.

use std::collections::{HashMap, HashSet};

use onrecord_text::{Act, Status, names_an_article, wire};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params, params_from_iter};
use sha2::{Digest as _, Sha256};

use crate::decision::{self, Decision};
use crate::error::{Result, StoreError};
use crate::handle::{Reader, Store};
use crate::ids::{ArticleId, COUNTED, EntityId, PersonRef, ReportId, StatementId, address, day, number_of};
use crate::kinds::{Link, Part};
use crate::seal::seal;
use crate::{bearers, corrections, decisions, events, index, names, people, record, rows, words};

/// How many digits of its hash are appended to an article's name if another article already has that name.
const OWN: usize = 12;
/// The maximum number of texts with the same name that an article is compared with, the latest first.
const COMPARED: usize = 20;

/// The condition for the articles with a name: those that were the first with it, and those with a key of their own.
macro_rules! has_name {
    () => {
        "(key = ?1 OR (key > ?1 || '#' AND key < ?1 || '$' AND length(key) = length(?1) + ?2))"
    };
}
/// The SQL for the key of an article with a name and this text.
pub(crate) const SAME_TEXT: &str =
    concat!("SELECT key FROM articles WHERE ", has_name!(), " AND hash = ?3 ORDER BY id DESC LIMIT 1");
/// The SQL for the keys and texts of the latest articles with a name. Only their texts are read.
pub(crate) const LATEST_TEXTS: &str = concat!(
    "SELECT a.key, a.text FROM (SELECT id FROM articles WHERE ",
    has_name!(),
    " ORDER BY id DESC LIMIT ?3) AS found CROSS JOIN articles a ON a.id = found.id ORDER BY found.id DESC"
);

/// A digest of a document, and of everything else that affects its record: hints from the caller, and the engine.
///
/// Equal digests mean equal records. A store remembers one digest of each document. When a document was read in two
/// ways, only the last one counts as known, so that a reading that was replaced can be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest([u8; 2 * HALF]);

/// The number of bytes in the digest of a document, and in that of how it was read.
const HALF: usize = 16;

impl Digest {
    /// Returns the digest of a document that consists of these parts in this order. The boundaries between the parts
    /// affect it.
    pub fn of<'a>(document: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut halves = [0; 2 * HALF];
        halves[..HALF].copy_from_slice(&half(document));
        Self(halves)
    }

    /// Returns the digest of the same document when it is read with these hints and this engine.
    #[must_use]
    pub fn read_with<'a>(mut self, reading: impl IntoIterator<Item = &'a [u8]>) -> Self {
        self.0[HALF..].copy_from_slice(&half(reading));
        self
    }

    /// Returns the first and the last possible digest of the same document.
    fn of_same_document(&self) -> [[u8; 2 * HALF]; 2] {
        [0, u8::MAX].map(|filler| {
            let mut halves = [filler; 2 * HALF];
            halves[..HALF].copy_from_slice(&self.0[..HALF]);
            halves
        })
    }
}

fn half<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; HALF] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let whole: [u8; 32] = hash.finalize().into();
    std::array::from_fn(|n| whole[n])
}

/// The effect of putting a record into the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// The article was new.
    New,
    /// The store already had the same record.
    Same,
    /// The store had the article with a different text, so this is a new version of it.
    Version,
    /// The store had the same text, and the information about it was replaced.
    Findings,
}

/// Records that are either all kept or all dropped.
#[derive(Debug)]
#[must_use = "a batch that is not committed leaves nothing"]
pub struct Batch<'s> {
    db: Transaction<'s>,
    path: &'s std::path::Path,
    counter: i64,
    /// The last person before the batch.
    last_person: PersonRef,
}

impl Store {
    /// Starts a batch. Nothing in it is kept until [`Batch::commit`].
    ///
    /// # Errors
    ///
    /// Returns an error if another program has been writing for half a minute.
    pub fn batch(&mut self) -> Result<Batch<'_>, StoreError> {
        let Reader { db, path, .. } = &mut self.reader;
        let path: &std::path::Path = path;
        let of = |e: rusqlite::Error| StoreError::of(path, e.into());
        let db = Transaction::new(db, TransactionBehavior::Immediate).map_err(of)?;
        let counter = db.query_row("SELECT statements FROM counter", [], |r| r.get(0)).map_err(of)?;
        let last_person = decisions::last_person(&db).map_err(|e| StoreError::of(path, e))?;
        Ok(Batch { db, path, counter, last_person })
    }
}

impl Reader {
    /// Returns whether the store has event reports. Reading an article without events would delete its reports, so an
    /// ingest into such a store needs an engine with events.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn has_events(&self) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM events)";
        self.with_path(self.db.query_row(sql, [], |r| r.get(0)).map_err(Into::into))
    }

    /// Returns whether an article was ingested under this name, or as part of an input with this name.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn has_source(&self, name: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM articles WHERE key = ?1)
            OR EXISTS (SELECT 1 FROM articles WHERE key > ?1 || ':' AND key < ?1 || ';')
            OR EXISTS (SELECT 1 FROM articles WHERE key > ?1 || '#' AND key < ?1 || '$')";
        let found = self.db.prepare_cached(sql).and_then(|mut s| s.query_row([name], |r| r.get(0)));
        self.with_path(found.map_err(Into::into))
    }

    /// Returns whether a document was read with this digest, and not in another way since.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn has(&self, digest: &Digest) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM inputs WHERE digest = ?";
        let found = self.db.prepare_cached(sql).and_then(|mut s| s.exists([digest.0.as_slice()]));
        self.with_path(found.map_err(Into::into))
    }
}

impl Batch<'_> {
    /// Adds a record to the batch and marks its document as read.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be written. The batch may then be partly written; drop it instead of
    /// committing it.
    pub fn put(&mut self, record: &wire::Record, digest: &Digest) -> Result<Put, StoreError> {
        let put = self.keep(record).and_then(|put| {
            let [first, last] = digest.of_same_document();
            let mut replaced = self.db.prepare_cached("DELETE FROM inputs WHERE digest BETWEEN ? AND ?")?;
            replaced.execute([first.as_slice(), last.as_slice()])?;
            let mut seen = self.db.prepare_cached("INSERT INTO inputs (digest) VALUES (?)")?;
            seen.execute([digest.0.as_slice()])?;
            Ok(put)
        });
        put.map_err(|trouble| StoreError::of(self.path, trouble))
    }

    /// Commits the batch.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be written. Nothing in the batch is kept then.
    pub fn commit(self) -> Result<(), StoreError> {
        let Self { db, path, counter, last_person } = self;
        let commit = || {
            decisions::apply_to_people_after(&db, last_person)?;
            db.execute("UPDATE counter SET statements = ?", [counter])?;
            Ok(db.commit()?)
        };
        commit().map_err(|e| StoreError::of(path, e))
    }

    /// Adds a record under the number and key that it had in another store.
    pub(crate) fn restore(
        &mut self,
        record: &wire::Record,
        id: ArticleId,
        key: &str,
        latest: bool,
    ) -> Result<(), StoreError> {
        self.restored(record, id, key, latest).map_err(|trouble| StoreError::of(self.path, trouble))
    }

    fn restored(&mut self, record: &wire::Record, id: ArticleId, key: &str, latest: bool) -> Result<()> {
        let sql = "SELECT max(id) FROM articles WHERE key = ?";
        let earlier: Option<ArticleId> = self.db.prepare_cached(sql)?.query_row([key], |r| r.get(0))?;
        self.add_article(Some(id), key, earlier, latest, record)?;
        self.add_findings(id, key, latest, record)
    }

    fn keep(&mut self, record: &wire::Record) -> Result<Put> {
        let article = &record.article;
        let key = self.key(record)?;
        let db = &self.db;
        let known: Option<ArticleId> = db
            .prepare_cached("SELECT id FROM articles WHERE key = ? AND hash = ?")?
            .query_row(params![key, article.id], |r| r.get(0))
            .optional()?;
        if let Some(id) = known {
            let before = record::of(db, id)?;
            if before.as_ref() == Some(record) {
                return Ok(Put::Same);
            }
            let latest = self.forget_findings(id)?;
            self.write_metadata(id, &key, record)?;
            self.add_findings(id, &key, latest, record)?;
            if !record.is_withdrawn() && before.is_some_and(|before| before.is_withdrawn()) {
                self.renew_item(id)?;
            }
            return Ok(Put::Findings);
        }
        let earlier: Option<ArticleId> = db
            .prepare_cached("SELECT id FROM articles WHERE key = ? AND latest")?
            .query_row([&key], |r| r.get(0))
            .optional()?;
        if let Some(earlier) = earlier {
            db.prepare_cached("UPDATE articles SET latest = 0 WHERE id = ?")?.execute([earlier])?;
            self.remove_from_search(earlier)?;
        }
        let id = self.add_article(None, &key, earlier, true, record)?;
        self.add_findings(id, &key, true, record)?;
        Ok(if earlier.is_some() { Put::Version } else { Put::New })
    }

    /// Returns the key that the versions of an article share: its web address, or else the name of its source.
    ///
    /// A text that resembles none of the texts already kept under that name is a different article and gets a key of
    /// its own. This happens when two collections use the same numbers, or when many pages claim the same address. So
    /// does a note that withdraws an article and has few of its words.
    fn key(&self, record: &wire::Record) -> Result<String> {
        let article = &record.article;
        let name = name(article.url.as_deref(), &article.source_id);
        let mut known = self.db.prepare_cached(SAME_TEXT)?;
        let known = known.query_row(params![name, OWN + 1, article.id], |r| r.get(0)).optional()?;
        if let Some(key) = known {
            return Ok(key);
        }
        let mut versions = self.db.prepare_cached(LATEST_TEXTS)?;
        let versions = versions
            .query_map(params![name, OWN + 1, COMPARED], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
        if versions.is_empty() {
            return Ok(name.to_owned());
        }
        let alike = if record.is_withdrawn() { is_copy } else { resembles };
        let like = versions.into_iter().find(|(_, text)| alike(text, &article.text));
        Ok(match like {
            Some((key, _)) => key,
            None => format!("{name}#{}", article.id.get(..OWN).unwrap_or(&article.id)),
        })
    }

    /// Adds a version of an article with its metadata, but without findings, and returns its number. Without a number of
    /// its own, it gets the next one.
    fn add_article(
        &self,
        id: Option<ArticleId>,
        key: &str,
        earlier: Option<ArticleId>,
        latest: bool,
        record: &wire::Record,
    ) -> Result<ArticleId> {
        let article = &record.article;
        let mut insert = self.db.prepare_cached(
            "INSERT INTO articles (id, key, hash, source_id, bylines, dateline, text, engine_version, engine_model,
             earlier, latest) VALUES (?, ?, ?, ?, '[]', 0, ?, '', '', ?, ?)",
        )?;
        let values = params![id, key, article.id, article.source_id, article.text, earlier, latest];
        let id = ArticleId(insert.insert(values)?);
        self.write_metadata(id, key, record)?;
        Ok(id)
    }

    /// Writes the metadata of an article that was added.
    fn write_metadata(&self, id: ArticleId, key: &str, record: &wire::Record) -> Result<()> {
        let (a, d) = (&record.article, record.article.dateline.as_ref());
        self.db
            .prepare_cached(
                "UPDATE articles SET source_id = ?2, url = ?3, outlet = ?4, title = ?5, bylines = ?6, published = ?7,
                 dateline = ?8, dateline_place = ?9, dateline_date = ?10, dateline_agency = ?11, language = ?12,
                 engine_version = ?13, engine_model = ?14, seal = ?15, with_events = ?16, item = ?17 WHERE id = ?1",
            )?
            .execute(params![
                id,
                a.source_id,
                a.url,
                a.outlet,
                a.title,
                serde_json::to_string(&a.bylines)?,
                a.published,
                d.is_some(),
                d.and_then(|d| d.place.as_ref()),
                d.and_then(|d| d.date.as_ref()),
                d.and_then(|d| d.agency.as_ref()),
                a.language,
                record.engine.version,
                record.engine.model,
                seal(record)?,
                record.events.is_some(),
                item(a.url.as_deref(), &a.source_id, key),
            ])?;
        Ok(())
    }

    /// Updates the other articles that an item withdraws, or that it withdrew until now, in search.
    fn renew_item(&self, id: ArticleId) -> Result<()> {
        let sql = "SELECT o.id FROM articles a JOIN articles o ON o.item = a.item
            WHERE a.id = ? AND o.id <> a.id AND o.latest ORDER BY o.id";
        let mut others = self.db.prepare_cached(sql)?;
        let others = others.query_map([id], |r| r.get(0))?.collect::<rusqlite::Result<Vec<ArticleId>>>()?;
        others.into_iter().try_for_each(|other| index::renew_article(&self.db, other))
    }

    /// Removes an article's statements from search and lineage, and its reports of events from search.
    fn remove_from_search(&self, article: ArticleId) -> Result<()> {
        events::of_article(&self.db, article)?
            .into_iter()
            .try_for_each(|id| index::forget_event(&self.db, id))?;
        rows::contents(&self.db, article)?
            .into_iter()
            .try_for_each(|(id, content)| index::remove(&self.db, id, &content))
    }

    /// Deletes everything that the engine found in an article. Returns whether the article is the latest version.
    fn forget_findings(&self, article: ArticleId) -> Result<bool> {
        let sql = "SELECT latest FROM articles WHERE id = ?";
        let latest = self.db.query_row(sql, [article], |r| r.get::<_, bool>(0))?;
        if latest {
            self.remove_from_search(article)?;
        }
        for table in ["blocks", "notices", "events", "statements", "entities"] {
            self.db.execute(&format!("DELETE FROM {table} WHERE article = ?"), [article])?;
        }
        Ok(latest)
    }

    fn add_findings(
        &mut self,
        article: ArticleId,
        key: &str,
        latest: bool,
        record: &wire::Record,
    ) -> Result<()> {
        let db = &self.db;
        let mut blocks = db.prepare_cached("INSERT INTO blocks VALUES (?, ?, ?, ?, ?)")?;
        for (n, b) in record.article.blocks.iter().enumerate() {
            blocks.execute(params![article, n, b.kind.name(), b.start, b.end])?;
        }
        let mut notices = db.prepare_cached("INSERT INTO notices VALUES (?, ?, ?, ?)")?;
        for (n, notice) in record.notices.iter().enumerate() {
            notices.execute(params![article, n, notice.kind.name(), notice.message])?;
        }
        let decided = decision::of_article(db, key)?;
        let entities = self.add_entities(article, &decided, record)?;
        let day = day(record.article.dated()).unwrap_or(0);
        let mut words: HashMap<String, usize> = HashMap::new();
        let mut added = Vec::with_capacity(record.statements.len());
        for (n, statement) in record.statements.iter().enumerate() {
            self.counter += 1;
            let id = StatementId(day << COUNTED | self.counter);
            let content = &statement.content.text;
            let before = words.entry(words::fold(content)).or_default();
            self.add_statement(id, article, n + 1, statement, &address(key, content, *before), &entities)?;
            *before += 1;
            added.push((id, content));
        }
        let mut reported = Vec::new();
        for (n, event) in record.events.iter().flatten().enumerate() {
            self.counter += 1;
            let id = ReportId(day << COUNTED | self.counter);
            self.add_event(id, article, n + 1, event, &entities)?;
            reported.push(id);
        }
        corrections::write_corrections(&self.db, article)?;
        if latest {
            added.into_iter().try_for_each(|(id, content)| index::add(&self.db, id, content))?;
            index::renew_events(&self.db, &reported)?;
        }
        if record.is_withdrawn() {
            self.renew_item(article)?;
        }
        Ok(())
    }

    /// Adds the entities of a record and returns their numbers in the store.
    fn add_entities(
        &self,
        article: ArticleId,
        decided: &[Decision],
        record: &wire::Record,
    ) -> Result<Vec<EntityId>> {
        let db = &self.db;
        let mut insert = db.prepare_cached(
            "INSERT INTO entities (article, number, name, kind, roles, aliases, mentions, alone)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        let mut ids = Vec::with_capacity(record.entities.len());
        for (n, e) in record.entities.iter().enumerate() {
            let known = names::key(e.kind, &e.name);
            let mentions: Vec<[usize; 2]> = e.mentions.iter().map(|m| [m.start, m.end]).collect();
            let id = EntityId(insert.insert(params![
                article,
                n + 1,
                e.name,
                e.kind.name(),
                serde_json::to_string(&e.roles)?,
                serde_json::to_string(&e.aliases)?,
                serde_json::to_string(&mentions)?,
                bearers::alone(e.kind, &e.name),
            ])?);
            ids.push(id);
            people::queue_for_linking(db, e.kind, &e.name)?;
            let split = decided.iter().find(|d| d.splits(&e.name));
            match (split, known) {
                (Some(split), _) => people::identify_apart(db, id, split.id, e.kind, &e.name)?,
                (None, Some(key)) => people::identify(db, id, &key, e.kind, &e.name)?,
                (None, None) => {}
            }
        }
        Ok(ids)
    }

    fn add_statement(
        &self,
        id: StatementId,
        article: ArticleId,
        number: usize,
        s: &wire::Statement,
        address: &str,
        entities: &[EntityId],
    ) -> Result<()> {
        let db = &self.db;
        let text = |f: &Option<wire::Linked>| f.as_ref().map(|f| f.text.clone());
        db.prepare_cached(
            "INSERT INTO statements (id, article, number, kind, source, cue, content, speaker, speaker_kind, role,
             speaker_confidence, addressee, medium, occasion, time, said, carried, parent, confidence, why, act, status, address)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            article,
            number,
            s.kind.name(),
            s.source.as_ref().map(|f| &f.text),
            s.cue.as_ref().map(|f| &f.text),
            s.content.text,
            s.speaker.as_ref().and_then(|s| s.name.as_ref()),
            s.speaker.as_ref().map(|s| s.kind.name()),
            s.speaker.as_ref().and_then(|s| s.role.as_ref()),
            s.speaker.as_ref().map(|s| s.confidence),
            text(&s.addressee),
            text(&s.medium),
            text(&s.occasion),
            s.time.as_ref().map(|t| &t.text),
            s.time.as_ref().and_then(|t| t.value.as_ref()),
            s.time.as_ref().is_some_and(|t| t.carried),
            s.parent.as_deref().and_then(number_of),
            s.confidence,
            s.why,
            s.act.map_or("", Act::name),
            s.status.map_or("", Status::name),
            address,
        ])?;
        let mut spans = db.prepare_cached("INSERT INTO spans VALUES (?, ?, ?, ?, ?)")?;
        for (field, _, pieces) in s.fields() {
            for (n, [start, end]) in pieces.iter().enumerate() {
                spans.execute(params![id, field, n, start, end])?;
            }
        }
        let mut links = db.prepare_cached("INSERT INTO links VALUES (?, ?, ?, ?)")?;
        let one = |f: &Option<wire::Linked>| f.as_ref().and_then(|f| f.entity.clone()).into_iter().collect();
        let fields: [(Link, Vec<String>); 5] = [
            (Link::Speaker, s.speaker.as_ref().map(|s| s.entities.clone()).unwrap_or_default()),
            (Link::Addressee, one(&s.addressee)),
            (Link::Medium, one(&s.medium)),
            (Link::Occasion, one(&s.occasion)),
            (Link::About, s.about.clone()),
        ];
        for (field, named) in fields {
            let known = named.iter().filter_map(|e| entities.get(number_of(e)?.checked_sub(1)?));
            for (n, entity) in known.enumerate() {
                links.execute(params![id, field, n, entity])?;
            }
        }
        Ok(())
    }

    fn add_event(
        &self,
        id: ReportId,
        article: ArticleId,
        number: usize,
        e: &wire::Event,
        entities: &[EntityId],
    ) -> Result<()> {
        let db = &self.db;
        let sql = format!(
            "INSERT INTO events (id, article, number, report, {}) VALUES (?, ?, ?, ?{})",
            events::COLUMNS,
            ", ?".repeat(events::COLUMNS.split(',').count())
        );
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let mut values: Vec<Value> =
            vec![id.0.into(), article.0.into(), number.into(), serde_json::to_string(e)?.into()];
        values.extend(events::columns(e));
        db.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        let mut links = db.prepare_cached("INSERT INTO event_entities VALUES (?, ?, ?, ?)")?;
        for (part, party) in [(Part::Actor, &e.actor), (Part::Recipient, &e.recipient)] {
            let named = party.iter().flat_map(|p| &p.entities);
            let known = named.filter_map(|e| entities.get(number_of(e)?.checked_sub(1)?));
            for (n, entity) in known.enumerate() {
                links.execute(params![id, part, n, entity])?;
            }
        }
        Ok(())
    }
}

/// Returns whether the name of an article means the same article everywhere, unlike the name of a file.
fn is_permanent(name: &str) -> bool {
    let scheme = name.split(':').next().unwrap_or_default().to_ascii_lowercase();
    names_an_article(name) || matches!(scheme.as_str(), "urn" | "tag")
}

/// Returns the name of an article: its web address, or else the name of its source.
fn name<'a>(url: Option<&'a str>, source_id: &'a str) -> &'a str {
    url.filter(|url| names_an_article(url)).unwrap_or(source_id)
}

/// Returns what all texts that withdraw an article have in common with it: its permanent name, or else its key.
pub(crate) fn item<'a>(url: Option<&'a str>, source_id: &'a str, key: &'a str) -> &'a str {
    let name = name(url, source_id);
    if is_permanent(name) { name } else { key }
}

/// Returns whether one text may be a version of the other.
///
/// Of the two sets of longer words, at least two fifths of the smaller one must also be in the other.
fn resembles(a: &str, b: &str) -> bool {
    let (a, b) = (longer_words(a), longer_words(b));
    let fewer = a.len().min(b.len());
    a.intersection(&b).count() * 5 >= fewer * 2 || fewer == 0
}

/// Returns whether one text has at least two fifths of the longer words of the other, and the other way round.
fn is_copy(a: &str, b: &str) -> bool {
    let (a, b) = (longer_words(a), longer_words(b));
    a.intersection(&b).count() * 5 >= a.len().max(b.len()) * 2
}

fn longer_words(text: &str) -> HashSet<String> {
    words::words(text).into_iter().map(|w| w.text).filter(|w| w.chars().count() > 3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_fifths_of_the_longer_words_make_a_version() {
        let one = "alpha bravo charlie delta echoes";
        assert!(resembles(one, "alpha bravo foxtrot hotel india juliet"));
        assert!(!resembles(one, "alpha foxtrot hotel india juliet kilos"));
        // Short words are ignored, and a text without any longer words could be anything.
        assert!(!resembles("the cat and the dog saw bridges", "the cat and the dog ate apples"));
        assert!(resembles("it is so", one));
    }
}
