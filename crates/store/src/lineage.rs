//! Lineage: which statements repeat a quotation, where it was published first, and how each later version changed it.
//!
//! Candidates are the statements that share a hash of a run of words (`shingles.rs`). They are compared word by word.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;
use std::rc::Rc;

use onrecord_text::answers::ChangeKind;
use onrecord_text::{BETWEEN_PIECES, SpeakerKind, StatementKind};
use rusqlite::{CachedStatement, Connection};
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};

use crate::error::{Result, StoreError};
use crate::find::{self, Order};
use crate::handle::Reader;
use crate::ids::{ArticleId, PersonRef, StatementId, StatementRef, date_of, published_day};
use crate::merges::Merges;
use crate::query::Query;
use crate::rows::{self, Attribution, Hit};
use crate::shingles::{RUN, fingerprints};
use crate::words::Number;
use crate::{names, words};

/// The most statements that a hash may have before it is ignored as too common, unless all hashes of a text are.
pub const COMMON: usize = 300;
/// The most statements in the lineage of one quotation.
pub const MOST: usize = 500;
/// The minimum agreement for two contents to count as versions of the same words.
///
/// The values were chosen on the pairs that docs/ACCURACY.md describes.
struct Bounds {
    /// The share of the longer words that must agree in order, relative to the content with fewer of them.
    share: f64,
    /// The minimum number of words in the longest common run.
    run: usize,
    /// The minimum number of longer words in that run.
    telling: usize,
}
/// The bounds for two statements by the same speaker within [`NEAR`].
const ONE_SPEAKER: Bounds = Bounds { share: 0.3, run: 3, telling: 0 };
/// The bounds for any other two statements.
const OTHERS: Bounds = Bounds { share: 0.4, run: 5, telling: 3 };
/// The bounds for two statements by two named people who share no name. Others pass on somebody's words under another
/// name, such as that of an organisation. One person whose words are those of another has been given them by mistake, or
/// repeats them; two people who speak about one thing often share some.
const TWO_PEOPLE: Bounds = Bounds { share: 0.8, run: 5, telling: 3 };
/// The length of the longest run of words that the bounds ask for.
const LONGEST: usize = if ONE_SPEAKER.run > OTHERS.run { ONE_SPEAKER.run } else { OTHERS.run };
/// The number of days from which two statements are too far apart for the bounds of a single speaker. All months count
/// as 31 days.
pub const NEAR: i64 = 31;
/// The length, in words, of the runs that are compared to detect a changed order.
const MOVED: usize = 4;
/// The share of common runs of words above which two articles count as the same wire story.
const WIRE: f64 = 0.5;
/// The fewest runs of words that an article needs to be compared as a wire story.
const SHORTEST_STORY: usize = 20;

/// One piece of a word-by-word comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Words in both versions.
    Kept(String),
    /// Words only in the earlier version.
    Deleted(String),
    /// Words only in the later version.
    Inserted(String),
}

/// The version of a quotation in one article.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The statement.
    pub hit: Hit,
    /// How this version changes the first one. `Identical` for the first version itself.
    pub change: ChangeKind,
    /// The differences between the words of the first version and of this one.
    pub diff: Vec<Edit>,
    /// The first version's cue and this one's, if they differ: said → admitted.
    pub cue: Option<(String, String)>,
    /// The first version's speaker and this one's, if they differ.
    pub speaker: Option<(String, String)>,
    /// The earliest version in the lineage whose article is the same wire story as this one's, as an index.
    pub copy_of: Option<usize>,
}

/// The versions of a quotation.
#[derive(Clone, Debug, PartialEq)]
pub struct Lineage {
    /// The versions, the first published first.
    pub versions: Vec<Version>,
    /// Whether there are more candidates than were compared.
    pub more: bool,
}

impl Reader {
    /// Returns the lineage of a statement in the store.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such statement, or the store can't be read.
    pub fn lineage(&self, name: StatementRef) -> Result<Lineage, StoreError> {
        self.reading(|db| lineage_from(db, rows::id_of(db, name)?))
    }

    /// Returns the lineage of a text, which need not occur in any article in exactly this form.
    ///
    /// A few words are not enough to tell a version of them from other, similar words. In this case, the lineage is
    /// that of the statement that has exactly these words, the first published if there are several. `more` is then
    /// true if other statements that are not its versions have these words, too.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn lineage_of(&self, text: &str) -> Result<Lineage, StoreError> {
        self.reading(|db| {
            let found = lineage(db, text, None)?;
            if found.versions.is_empty() { lineage_with(db, text, found) } else { Ok(found) }
        })
    }
}

/// Returns the lineage of the statement that has exactly these words, or `otherwise` if no statement has.
fn lineage_with(db: &Connection, words: &str, otherwise: Lineage) -> Result<Lineage> {
    let Ok(phrase) = Query::builder().words(words).build() else { return Ok(otherwise) };
    let with = find::ids(db, &phrase, Order::Oldest, phrase.ids(), MOST, 0)?;
    // The ids of statements without a day come first.
    let dated = with.iter().find(|&&id| date_of(id).is_some());
    let Some(&id) = dated.or(with.first()) else { return Ok(otherwise) };
    let mut lineage = lineage_from(db, id)?;
    let told: HashSet<StatementId> = lineage.versions.iter().map(|version| version.hit.id).collect();
    let articles: HashSet<ArticleId> =
        lineage.versions.iter().map(|version| version.hit.name.article).collect();
    for id in with.into_iter().filter(|id| !told.contains(id)) {
        if lineage.more {
            break;
        }
        // A statement inside a version, or around it, does not count as another one.
        lineage.more = !articles.contains(&rows::hit(db, id)?.name.article);
    }
    Ok(lineage)
}

/// Returns the lineage of the statement with this id.
fn lineage_from(db: &Connection, id: StatementId) -> Result<Lineage> {
    let text = content_of(&mut db.prepare_cached(CONTENT)?, id)?;
    lineage(db, &text, Some(id))
}

/// Returns the lineage of a text, which may be the content of the statement with this id.
fn lineage(db: &Connection, text: &str, id: Option<StatementId>) -> Result<Lineage> {
    let mut search = Search::new(db, id)?;
    // Look for what resembles the words, and then for what resembles that: two cuts of a quotation may have nothing in
    // common but the full version.
    for version in search.extend(text, id)? {
        let text = content_of(&mut search.content, version)?;
        search.extend(&text, Some(version))?;
    }
    let found: Vec<StatementId> = search.found.iter().copied().collect();
    let mut hits = rows::hits(db, &found, &[])?;
    hits.retain(|hit| !hit.rejected || Some(hit.id) == id);
    let mut whole = one_of_each(&hits, id).into_iter();
    hits.retain(|_| whole.next().unwrap_or(true));
    // Ids are in the order of days. Statements without a day come last, not first.
    // Of the statements of one article, a quotation comes before a paraphrase, whose words are the article's.
    let mut begins: HashMap<ArticleId, StatementId> = HashMap::new();
    for hit in &hits {
        let begin = begins.entry(hit.name.article).or_insert(hit.id);
        *begin = hit.id.min(*begin);
    }
    hits.sort_by_key(|h| {
        (date_of(h.id).is_none(), begins[&h.name.article], h.kind == StatementKind::Indirect, h.id)
    });
    if id.is_none() {
        without_other_people(&mut search, text, &mut hits)?;
    }
    let articles: Vec<ArticleId> = hits.iter().map(|h| h.name.article).collect();
    let texts: Vec<Rc<Vec<u64>>> = match articles.as_slice() {
        // A statement without other versions is no copy of anything.
        [_] => vec![Rc::default()],
        articles => own_runs_of(db, articles)?,
    };
    let copy_of = |n: usize| (0..n).find(|&m| hits[m].key != hits[n].key && same_story(&texts[m], &texts[n]));
    let copies: Vec<Option<usize>> = (0..hits.len()).map(copy_of).collect();
    Ok(Lineage { versions: versions(hits, copies), more: search.more })
}

/// Removes from the versions of a text what another person than the speaker of the first version said, unless it has
/// nearly all of the words.
fn without_other_people(search: &mut Search, text: &str, hits: &mut Vec<Hit>) -> Result<()> {
    let Some(first) = hits.first() else { return Ok(()) };
    let (speaker_of_first, words) = (search.speaker(first.id)?, first.content.clone());
    let mut kept = Vec::with_capacity(hits.len());
    for hit in hits.drain(..) {
        let nearly_all = |of: &str| same(of, &hit.content, Speakers::TwoPeople);
        if speakers(&speaker_of_first, &*search.speaker(hit.id)?) != Speakers::TwoPeople
            || nearly_all(text)
            || nearly_all(&words)
        {
            kept.push(hit);
        }
    }
    *hits = kept;
    Ok(())
}

/// Returns which statements are versions. Of statements of one article that contain one another, only the one that was
/// asked for is, or else the outermost.
fn one_of_each(hits: &[Hit], asked: Option<StatementId>) -> Vec<bool> {
    let mut numbers: HashMap<ArticleId, usize> = HashMap::new();
    hits.iter().for_each(|hit| *numbers.entry(hit.name.article).or_default() += 1);
    let several = |hit: &&Hit| numbers[&hit.name.article] > 1;
    let folded: HashMap<StatementId, String> =
        hits.iter().filter(several).map(|hit| (hit.id, words::fold(&hit.content))).collect();
    let contains = |outer: &Hit, inner: &Hit| {
        outer.name.article == inner.name.article
            && folded
                .get(&outer.id)
                .zip(folded.get(&inner.id))
                .is_some_and(|(outer, inner)| outer.len() > inner.len() && outer.contains(inner.as_str()))
    };
    let asked = hits.iter().find(|hit| Some(hit.id) == asked);
    let is_version = |hit: &Hit| match asked {
        Some(asked) if asked.id == hit.id => true,
        Some(asked) if contains(hit, asked) => false,
        _ => !hits.iter().any(|other| contains(other, hit)),
    };
    hits.iter().map(is_version).collect()
}

/// Compares every version with the first.
fn versions(hits: Vec<Hit>, copies: Vec<Option<usize>>) -> Vec<Version> {
    let Some(first) = hits.first().cloned() else { return Vec::new() };
    let words = Words::of_statement(&first.content, first.kind);
    // Many versions say the same.
    let mut compared: HashMap<(String, StatementKind), (ChangeKind, Vec<Edit>)> = HashMap::new();
    let differs = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(a), Some(b)) if a != b && words::fold(a) != words::fold(b) => Some((a.clone(), b.clone())),
        _ => None,
    };
    let versions = hits.into_iter().zip(copies).enumerate().map(|(n, (hit, copy_of))| {
        let (change, diff) = compared
            .entry((hit.content.clone(), hit.kind))
            .or_insert_with(|| self::compared(&words, first.kind, &hit.content, hit.kind))
            .clone();
        Version {
            change: if n == 0 { ChangeKind::Identical } else { change },
            diff,
            cue: differs(&first.cue, &hit.cue),
            speaker: differs(&first.speaker, &hit.speaker),
            copy_of,
            hit,
        }
    });
    versions.collect()
}

/// The search for the versions of a quotation, and what was read for it. Versions have many hashes and candidates in
/// common.
struct Search<'a> {
    db: &'a Connection,
    /// The statements that have a hash.
    with_hash: CachedStatement<'a>,
    /// The content of a statement.
    content: CachedStatement<'a>,
    contents: Contents,
    /// The places of the statements that have each hash.
    lists: HashMap<i64, Rc<Vec<usize>>>,
    /// The place of each statement in `statements`.
    places: HashMap<StatementId, usize>,
    statements: Vec<Candidate>,
    merges: Merges,
    speakers: HashMap<StatementId, Rc<Speaker>>,
    /// The versions found so far.
    found: BTreeSet<StatementId>,
    /// The contents for which the search looked, or will look.
    looked: HashSet<usize>,
    /// Whether there are more candidates than were compared.
    more: bool,
}

/// A statement that has a hash in common with one of the texts.
struct Candidate {
    id: StatementId,
    /// `None` until it is read.
    content: Option<Rc<Content>>,
    /// The number of hashes that it shares with the text that is compared now.
    shared: usize,
}

/// A statement whose content agrees with a text far enough for some of the bounds.
struct Agreeing {
    id: StatementId,
    content: usize,
    agreement: Agreement,
}

/// The SQL for the content of a statement.
const CONTENT: &str = "SELECT content FROM statements WHERE id = ?";

fn content_of(statement: &mut CachedStatement, id: StatementId) -> Result<String> {
    Ok(statement.query_row([id], |r| r.get(0))?)
}

impl<'a> Search<'a> {
    /// Begins a search for the versions of a statement, or of a text.
    fn new(db: &'a Connection, id: Option<StatementId>) -> Result<Self> {
        // SQLite plans a query anew whenever its limit is bound, so the limit is part of the query.
        let with_hash = format!("SELECT statement FROM shingles WHERE hash = ? LIMIT {}", MOST + 1);
        Ok(Self {
            db,
            with_hash: db.prepare_cached(&with_hash)?,
            content: db.prepare_cached(CONTENT)?,
            contents: Contents::default(),
            lists: HashMap::new(),
            places: HashMap::new(),
            statements: Vec::new(),
            merges: Merges::read(db)?,
            speakers: HashMap::new(),
            found: id.into_iter().collect(),
            looked: HashSet::new(),
            more: false,
        })
    }

    /// Finds the versions of a text, which may be the content of a statement, and returns those for which the search has
    /// not looked yet. Identical copies would find the same versions, so only the first of them is returned.
    fn extend(&mut self, text: &str, of: Option<StatementId>) -> Result<Vec<StatementId>> {
        self.looked.insert(self.contents.content(text).number);
        let day = of.and_then(published_day);
        let near = |id: StatementId| {
            day.zip(published_day(id)).is_some_and(|(one, other)| (one - other).abs() < NEAR)
        };
        let mut new = Vec::new();
        for Agreeing { id, content, agreement } in self.candidates(text, near)? {
            // What reaches the strictest bounds is a version, whoever said it.
            if !agreement.reaches(&TWO_PEOPLE) {
                let speakers = match of {
                    Some(of) => speakers(&*self.speaker(of)?, &*self.speaker(id)?),
                    None => Speakers::Others,
                };
                let far = speakers == Speakers::One && !near(id);
                if !agreement.reaches(if far { &OTHERS } else { speakers.bounds() }) {
                    continue;
                }
            }
            if self.found.len() >= MOST {
                self.more = true;
                break;
            }
            if self.looked.insert(content) {
                new.push(id);
            }
            self.found.insert(id);
        }
        Ok(new)
    }

    /// Returns the statements that share a hash with a text and agree with it far enough, those that share the most
    /// hashes first. Statements that were already found are left out.
    ///
    /// `near` says whether a statement is near enough in time for the bounds of a single speaker.
    fn candidates(&mut self, text: &str, near: impl Fn(StatementId) -> bool) -> Result<Vec<Agreeing>> {
        let lists =
            fingerprints(text).into_iter().map(|hash| self.with_hash(hash)).collect::<Result<Vec<_>>>()?;
        let some_rare = lists.iter().any(|list| (2..=COMMON).contains(&list.len()));
        let cut = lists.iter().any(|list| list.len() > if some_rare { COMMON } else { MOST });
        let mut sharing = Vec::new();
        for &place in
            lists.iter().filter(|list| list.len() <= COMMON || !some_rare).flat_map(|list| list.iter())
        {
            let candidate = &mut self.statements[place];
            if candidate.shared == 0 {
                sharing.push(place);
            }
            candidate.shared += 1;
        }
        let taken = sharing.into_iter().filter_map(|place| {
            let candidate = &mut self.statements[place];
            let shared = std::mem::take(&mut candidate.shared);
            (!self.found.contains(&candidate.id)).then_some((place, shared))
        });
        let shared: Vec<(usize, usize)> = taken.collect();
        self.read(shared.iter().map(|&(place, _)| place))?;
        let mut text = Compared::new(self.contents.content(text));
        let mut agreeing = Vec::new();
        for (place, shared) in shared {
            let Candidate { id, content: Some(content), .. } = &self.statements[place] else { continue };
            let bounds: &[&Bounds] = if near(*id) { &[&OTHERS, &ONE_SPEAKER] } else { &[&OTHERS] };
            // Most candidates have too little in common with the text, whoever said them.
            let agreement = text.with(content, bounds);
            if bounds.iter().any(|bounds| agreement.reaches(bounds)) {
                agreeing.push((Reverse(shared), Agreeing { id: *id, content: content.number, agreement }));
            }
        }
        agreeing.sort_unstable_by_key(|(shared, agreeing)| (*shared, agreeing.id));
        // If some hashes are rare enough to narrow the search, leaving out the common ones does not count as a cut.
        self.more |= cut && !some_rare;
        Ok(agreeing.into_iter().map(|(_, agreeing)| agreeing).collect())
    }

    /// Returns the places of the statements that have a hash.
    fn with_hash(&mut self, hash: i64) -> Result<Rc<Vec<usize>>> {
        if let Some(known) = self.lists.get(&hash) {
            return Ok(Rc::clone(known));
        }
        let mut rows = self.with_hash.query([hash])?;
        let mut list = Vec::new();
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            let place = *self.places.entry(id).or_insert(self.statements.len());
            if place == self.statements.len() {
                self.statements.push(Candidate { id, content: None, shared: 0 });
            }
            list.push(place);
        }
        let list = Rc::new(list);
        self.lists.insert(hash, Rc::clone(&list));
        Ok(list)
    }

    /// Reads the contents that were not read before.
    fn read(&mut self, places: impl Iterator<Item = usize>) -> Result<()> {
        let new = places.filter(|&place| self.statements[place].content.is_none());
        let mut new: Vec<(StatementId, usize)> =
            new.map(|place| (self.statements[place].id, place)).collect();
        // Rows next to one another are read faster.
        new.sort_unstable();
        for (id, place) in new {
            let mut rows = self.content.query([id])?;
            if let Some(row) = rows.next()? {
                self.statements[place].content = Some(self.contents.content(row.get_ref(0)?.as_str()?));
            }
        }
        Ok(())
    }

    /// Returns the speaker of a statement.
    fn speaker(&mut self, id: StatementId) -> Result<Rc<Speaker>> {
        Ok(match self.speakers.entry(id) {
            Entry::Occupied(known) => Rc::clone(known.get()),
            Entry::Vacant(new) => Rc::clone(new.insert(Rc::new(speaker(self.db, &self.merges, id)?))),
        })
    }
}

/// Returns the runs of words of an article's text, except for those of its quotations, in ascending order.
///
/// Two reporters at the same briefing quote the same words of the speaker, but put them in words of their own.
pub(crate) fn own_runs<R: Ord, Q: AsRef<str>>(
    text: &str,
    quotations: impl IntoIterator<Item = Q>,
    mut runs: impl FnMut(&str) -> Vec<R>,
) -> Vec<R> {
    let mut own = runs(text);
    own.sort_unstable();
    own.dedup();
    let mut quoted: Vec<R> = quotations.into_iter().flat_map(|quotation| runs(quotation.as_ref())).collect();
    quoted.sort_unstable();
    own.retain(|run| quoted.binary_search(run).is_err());
    own
}

/// Returns the own runs of words of each article. Articles with the same text and quotations share them.
fn own_runs_of(db: &Connection, articles: &[ArticleId]) -> Result<Vec<Rc<Vec<u64>>>> {
    let sql = "SELECT content FROM statements WHERE article = ? AND kind <> 'indirect'";
    let mut statement = db.prepare_cached(sql)?;
    let mut copies: HashMap<(String, Vec<String>), Rc<Vec<u64>>> = HashMap::new();
    let runs = articles.iter().map(|&article| {
        let quotations = statement.query_map([article], |r| r.get(0))?;
        let quotations = quotations.collect::<rusqlite::Result<Vec<String>>>()?;
        let runs = match copies.entry((rows::text_of(db, article)?, quotations)) {
            Entry::Occupied(same) => same.into_mut(),
            Entry::Vacant(new) => {
                let (text, quotations) = new.key();
                let own = own_runs(text, quotations, runs_of);
                new.insert(Rc::new(own))
            }
        };
        Ok(Rc::clone(runs))
    });
    runs.collect()
}

/// Returns the runs of words of a text, as numbers that are compared fast.
fn runs_of(text: &str) -> Vec<u64> {
    words::numbers(text).windows(RUN).map(words::hash_of).collect()
}

/// Returns whether two articles with these own runs of words, in ascending order, are the same wire story.
pub(crate) fn same_story<R: Ord>(a: &[R], b: &[R]) -> bool {
    let (fewer, more) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if fewer.len() < SHORTEST_STORY {
        return false;
    }
    let enough = (fewer.len() as f64 * WIRE) as usize + 1;
    let (mut at, mut other, mut common) = (0, 0, 0);
    while let (Some(x), Some(y)) = (fewer.get(at), more.get(other)) {
        // Most articles turn out to be different stories long before the last run.
        if common + fewer.len() - at < enough {
            return false;
        }
        common += usize::from(x == y);
        at += usize::from(x <= y);
        other += usize::from(y <= x);
    }
    common >= enough
}

/// Returns how many items two lists have in common. Repeated items count as often as both lists have them. Both are in
/// ascending order.
fn in_both<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut at, mut other, mut common) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(at), b.get(other)) {
        common += usize::from(x == y);
        at += usize::from(x <= y);
        other += usize::from(y <= x);
    }
    common
}

/// The word that makes a clause of a sentence. It belongs to the article rather than to the speaker, unless it is quoted.
const CONJUNCTION: &str = "that";

/// The words of a content, both as written and as numbers.
struct Words<'a> {
    content: &'a str,
    written: Vec<&'a str>,
    numbers: Vec<Number>,
    /// Where the words begin that were said: 1 after a conjunction, or 0.
    begin: usize,
}

impl<'a> Words<'a> {
    fn of(content: &'a str) -> Self {
        let (mut written, mut numbers) = (Vec::new(), Vec::new());
        words::each_word(content, |word, start, end| {
            written.push(&content[start..end]);
            numbers.push(Number::of(word));
        });
        Self { content, written, numbers, begin: 0 }
    }

    /// Returns the words of the content of a statement.
    fn of_statement(content: &'a str, kind: StatementKind) -> Self {
        let words = Self::of(content);
        // A quotation that begins with this word begins with its quotation mark.
        let is_conjunction = kind != StatementKind::Direct
            && content.trim_start().starts_with(CONJUNCTION)
            && words.written.first() == Some(&CONJUNCTION);
        Self { begin: usize::from(is_conjunction && words.written.len() > 1), ..words }
    }

    /// Returns the words that were said, as numbers.
    fn said(&self) -> &[Number] {
        &self.numbers[self.begin..]
    }
}

fn aligned<T: Hash + Eq>(a: &[T], b: &[T]) -> Vec<DiffOp> {
    capture_diff_slices(Algorithm::Myers, a, b)
}

/// Returns how many words two contents have in common in the same order.
pub(crate) fn common<T: Hash + Eq>(a: &[T], b: &[T]) -> usize {
    let equal = |op: &DiffOp| if let DiffOp::Equal { len, .. } = op { *len } else { 0 };
    aligned(a, b).iter().map(equal).sum()
}

/// How the speakers of two statements relate. It decides how far their words must agree to be versions of one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speakers {
    /// They are the same, and both statements are from one month.
    One,
    /// They are two people whose names have nothing in common.
    TwoPeople,
    /// Nothing is known, or one of them may speak for the other.
    Others,
}

impl Speakers {
    /// Returns how speakers relate that are the same, or that are two people whose names have nothing in common.
    #[must_use]
    pub fn of(one_speaker: bool, two_people: bool) -> Self {
        match (one_speaker, two_people) {
            (true, _) => Self::One,
            (false, true) => Self::TwoPeople,
            (false, false) => Self::Others,
        }
    }

    fn bounds(self) -> &'static Bounds {
        match self {
            Self::One => &ONE_SPEAKER,
            Self::TwoPeople => &TWO_PEOPLE,
            Self::Others => &OTHERS,
        }
    }
}

/// Returns whether two contents are versions of the same words.
#[must_use]
pub fn same(a: &str, b: &str, speakers: Speakers) -> bool {
    let bounds = speakers.bounds();
    let mut contents = Contents::default();
    let other = contents.content(b);
    Compared::new(contents.content(a)).with(&other, &[bounds]).reaches(bounds)
}

/// The contents that were read. Many have the same words.
#[derive(Default)]
struct Contents(HashMap<u64, Rc<Content>>);

impl Contents {
    fn content(&mut self, text: &str) -> Rc<Content> {
        let words = words::numbers(text);
        let number = self.0.len();
        let content = self.0.entry(words::hash_of(&words)).or_insert_with(|| {
            let mut longer: Vec<Number> = words.iter().copied().filter(|word| word.is_longer()).collect();
            longer.sort_unstable();
            Rc::new(Content { number, words, longer })
        });
        Rc::clone(content)
    }
}

/// The words of a content.
struct Content {
    /// Contents with the same words have the same number.
    number: usize,
    words: Vec<Number>,
    /// The longer words, in the order of their numbers.
    longer: Vec<Number>,
}

/// A content that is compared with many others.
struct Compared {
    content: Rc<Content>,
    /// Where its runs of words begin, in the order of their words.
    runs: Vec<usize>,
    /// The agreements with contents that were compared before, by the number of bounds and the contents' numbers.
    agreements: [Vec<Option<Agreement>>; 2],
}

/// How far two contents agree.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Agreement {
    /// The share of the longer words that agree in order, relative to the content with fewer of them.
    share: f64,
    /// The number of words in the longest common run.
    run: usize,
    /// The number of longer words in that run.
    telling: usize,
}

impl Agreement {
    fn reaches(&self, bounds: &Bounds) -> bool {
        self.share >= bounds.share && self.run >= bounds.run && self.telling >= bounds.telling
    }
}

impl Compared {
    fn new(content: Rc<Content>) -> Self {
        let mut runs: Vec<usize> = (0..content.words.len()).collect();
        runs.sort_unstable_by_key(|&at| run_at(&content.words, at, LONGEST));
        Self { content, runs, agreements: [Vec::new(), Vec::new()] }
    }

    /// Returns how far the content agrees with another, or no agreement at all if none of the bounds can be reached.
    fn with(&mut self, other: &Content, bounds: &[&Bounds]) -> Agreement {
        let of = usize::from(bounds.len() > 1);
        if let Some(known) = self.agreements[of].get(other.number).copied().flatten() {
            return known;
        }
        let agreement = if bounds.iter().any(|bounds| self.may_reach(other, bounds)) {
            self.aligned_with(other)
        } else {
            Agreement::default()
        };
        let known = &mut self.agreements[of];
        if known.len() <= other.number {
            known.resize(other.number + 1, None);
        }
        known[other.number] = Some(agreement);
        agreement
    }

    /// Returns whether the content has enough words and a long enough run of words in common with another, wherever
    /// they stand. Finding that out is much faster than aligning the two.
    fn may_reach(&self, other: &Content, bounds: &Bounds) -> bool {
        let fewer = self.content.longer.len().min(other.longer.len());
        if (in_both(&self.content.longer, &other.longer) as f64) < bounds.share * fewer as f64 {
            return false;
        }
        let words = &self.content.words;
        let here =
            |run: &[Number]| self.runs.binary_search_by(|&at| run_at(words, at, bounds.run).cmp(run)).is_ok();
        other.words.windows(bounds.run).any(here)
    }

    fn aligned_with(&self, other: &Content) -> Agreement {
        let fewer = self.content.longer.len().min(other.longer.len());
        let (mut all, mut run, mut telling) = (0, 0, 0);
        for op in aligned(&self.content.words, &other.words) {
            if let DiffOp::Equal { old_index, len, .. } = op {
                let here = &self.content.words[old_index..old_index + len];
                let telling_here = here.iter().filter(|word| word.is_longer()).count();
                all += telling_here;
                if len > run {
                    (run, telling) = (len, telling_here);
                }
            }
        }
        // Contents without any longer word agree in all of them.
        let share = if fewer == 0 { 1.0 } else { all as f64 / fewer as f64 };
        Agreement { share, run, telling }
    }
}

/// Returns the run of words that begins at a position, or what is left of it at the end of the words.
fn run_at(words: &[Number], at: usize, length: usize) -> &[Number] {
    &words[at..words.len().min(at + length)]
}

/// Who said a statement, with people's decisions applied.
struct Speaker {
    kind: Option<SpeakerKind>,
    name: Option<String>,
    /// The people across articles that the speaker is.
    people: HashSet<PersonRef>,
}

fn speaker(db: &Connection, merges: &Merges, id: StatementId) -> Result<Speaker> {
    let sql = "SELECT s.speaker, s.speaker_kind, c.value, c.kind FROM statements s
        LEFT JOIN corrections c ON c.statement = s.id AND c.field = 'speaker' WHERE s.id = ?";
    let Attribution { speaker: name, kind, .. } = db.prepare_cached(sql)?.query_row([id], |r| {
        let (speaker, kind) = (r.get(0)?, rows::speaker_kind(r, 1)?);
        let mut attribution = Attribution { speaker, kind, ..Attribution::default() };
        if let Some(name) = r.get(2)? {
            attribution.correct_speaker(name, rows::speaker_kind(r, 3)?);
        }
        Ok(attribution)
    })?;
    let sql = "SELECT person FROM people_statements WHERE statement = ? AND field = 'speaker'";
    let mut statement = db.prepare_cached(sql)?;
    let people = statement.query_map([id], |r| Ok(merges.root_of(r.get(0)?)))?;
    let people = people.collect::<rusqlite::Result<_>>()?;
    Ok(Speaker { kind, name, people })
}

/// Compares the speakers of two statements.
///
/// If both are known across articles, they must be the same person to be one speaker. Otherwise their names must share a
/// word. An unnamed speaker is never considered the same as another.
fn speakers(a: &Speaker, b: &Speaker) -> Speakers {
    let named = |s: &Speaker| matches!(s.kind, Some(SpeakerKind::Person | SpeakerKind::Organization));
    if !named(a) || !named(b) {
        return Speakers::Others;
    }
    let [name, other] = [a, b].map(|s| s.name.as_deref().unwrap_or_default());
    let share_a_name = names::share_a_name(name, other);
    let known = !a.people.is_empty() && !b.people.is_empty();
    let people = [a, b].iter().all(|s| s.kind == Some(SpeakerKind::Person));
    let same = if known { !a.people.is_disjoint(&b.people) } else { share_a_name };
    Speakers::of(same, people && !same && !share_a_name)
}

/// Returns how a later statement changes the words of an earlier one.
#[must_use]
pub fn change(a: &str, a_kind: StatementKind, b: &str, b_kind: StatementKind) -> ChangeKind {
    compared(&Words::of_statement(a, a_kind), a_kind, b, b_kind).0
}

/// Returns how a later statement changes the words of an earlier one, and the differences word by word.
fn compared(a: &Words, a_kind: StatementKind, content: &str, kind: StatementKind) -> (ChangeKind, Vec<Edit>) {
    let b = Words::of_statement(content, kind);
    let ops = aligned(&a.numbers, &b.numbers);
    let change = if a_kind != StatementKind::Indirect && kind == StatementKind::Indirect {
        ChangeKind::QuotedIndirectly
    } else if a.content == content || a.said() == b.said() {
        ChangeKind::Identical
    } else {
        match without_brackets(content) {
            (plain, true) => {
                let plain = Words::of_statement(&plain, kind);
                reworded(a, &plain, content, &aligned(a.said(), plain.said()), true)
            }
            _ if a.begin == 0 && b.begin == 0 => reworded(a, &b, content, &ops, false),
            _ => reworded(a, &b, content, &aligned(a.said(), b.said()), false),
        }
    };
    (change, edits(a, &b, &ops))
}

/// Returns how a later content changes the words of an earlier one, if they are not the same. `second` has its words,
/// without those in brackets.
fn reworded(first: &Words, second: &Words, b: &str, ops: &[DiffOp], bracketed: bool) -> ChangeKind {
    let inserts = ops.iter().any(|op| matches!(op.tag(), DiffTag::Insert | DiffTag::Replace));
    let inside = ops.len().saturating_sub(1);
    let gap = |tags: &[DiffTag]| {
        ops.iter().enumerate().any(|(n, op)| n > 0 && n < inside && tags.contains(&op.tag()))
    };
    if bracketed && !inserts {
        ChangeKind::Bracketed
    } else if !inserts && !gap(&[DiffTag::Delete]) {
        ChangeKind::Cut
    } else if !inserts {
        let dotted = b
            .split(BETWEEN_PIECES)
            .any(|piece| piece.contains('…') || piece.contains("..") || piece.contains(". ."));
        let between = dropped_between_pieces(ops, b, second.begin);
        if dotted {
            ChangeKind::Ellipsis
        } else if between {
            ChangeKind::Cut
        } else {
            ChangeKind::Spliced
        }
    } else if ops.iter().all(|op| matches!(op.tag(), DiffTag::Insert | DiffTag::Equal))
        && !gap(&[DiffTag::Insert])
    {
        ChangeKind::Extended
    } else if moved(first.said(), second.said()) {
        ChangeKind::Spliced
    } else {
        ChangeKind::Reworded
    }
}

/// Returns whether words in the middle are only missing at the gaps between the later content's own pieces. The words
/// that are compared begin at `begin`.
fn dropped_between_pieces(ops: &[DiffOp], content: &str, begin: usize) -> bool {
    let mut ends = BTreeSet::new();
    let mut count = 0;
    for piece in content.split(BETWEEN_PIECES) {
        count += words::numbers(piece).len();
        ends.insert(count);
    }
    let last = ops.len().saturating_sub(1);
    ops.iter().enumerate().all(|(n, op)| match op {
        DiffOp::Delete { new_index, .. } if n > 0 && n < last => ends.contains(&(new_index + begin)),
        _ => true,
    })
}

/// Returns whether the later content has the earlier one's runs of words in a different order.
fn moved(a: &[Number], b: &[Number]) -> bool {
    if b.len() < MOVED {
        return false;
    }
    let runs: HashSet<&[Number]> = a.windows(MOVED).collect();
    let kept = b.windows(MOVED).filter(|w| runs.contains(w)).count() + MOVED - 1;
    kept * 10 >= b.len() * 9 && common(a, b) * 10 < b.len() * 8
}

/// Returns a content without anything in brackets, and whether it had well-formed brackets.
fn without_brackets(content: &str) -> (String, bool) {
    let mut plain = String::with_capacity(content.len());
    let mut depth = 0usize;
    for c in content.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let bracketed = plain.chars().count() < content.chars().count();
    (plain, bracketed && depth == 0)
}

/// Returns the word-by-word differences between two contents, with the words as written.
pub(crate) fn diff(a: &str, b: &str) -> Vec<Edit> {
    let (a, b) = (Words::of(a), Words::of(b));
    edits(&a, &b, &aligned(&a.numbers, &b.numbers))
}

/// Returns the differences between two contents that are aligned in this way.
fn edits(a: &Words, b: &Words, ops: &[DiffOp]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for op in ops {
        let (old, new) = (op.old_range(), op.new_range());
        match op.tag() {
            DiffTag::Equal => edits.push(Edit::Kept(b.written[new].join(" "))),
            tag => {
                if tag != DiffTag::Insert {
                    edits.push(Edit::Deleted(a.written[old].join(" ")));
                }
                if tag != DiffTag::Delete {
                    edits.push(Edit::Inserted(b.written[new].join(" ")));
                }
            }
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str =
        "We are late, and I am sorry for that, but nobody in this country will pay a toll to cross it";

    fn kind(b: &str) -> &'static str {
        change(WHOLE, StatementKind::Direct, b, StatementKind::Direct).name()
    }

    #[test]
    fn kinds_of_change() {
        assert_eq!(
            kind(
                "“We are late, and I am sorry for that, but nobody in this country will pay a toll to cross it”"
            ),
            "identical"
        );
        assert_eq!(kind("nobody in this country will pay a toll to cross it"), "cut");
        assert_eq!(kind("We are late … but nobody in this country will pay a toll"), "cut");
        assert_eq!(kind("We are late... but nobody in this country will pay a toll"), "ellipsis");
        assert_eq!(kind("We are late, but nobody in this country will pay a toll to cross it"), "spliced");
        assert_eq!(kind("nobody in this country will pay a toll to cross [the bridge]"), "bracketed");
        assert_eq!(kind("nobody in this land will ever pay a toll to cross it"), "reworded");
        assert_eq!(kind(&format!("Yes, I know. {WHOLE}")), "extended");
        assert_eq!(kind("but nobody here wants to pay a toll for crossing the sound"), "reworded");
        assert_eq!(kind("toll nobody pays"), "reworded", "too short to be in another order");
        // The conjunction is the article's word, not the speaker's.
        let changed = |b: &str, kind| change(WHOLE, StatementKind::Direct, b, kind).name();
        assert_eq!(changed("that “nobody in this country will pay a toll”", StatementKind::Mixed), "cut");
        assert_eq!(
            changed("that “we are late ... but nobody will pay a toll”", StatementKind::Mixed),
            "ellipsis"
        );
        assert_eq!(changed("“that nobody in this country will pay a toll”", StatementKind::Mixed), "spliced");
        assert_eq!(changed("that nobody in this country will pay a toll", StatementKind::Direct), "spliced");
        // The same sentences in another order are not other words.
        let ferries = "The ferries go on as before until the last bolt is tight and tested";
        let [first, turned] = [format!("{WHOLE}. {ferries}"), format!("{ferries}. {WHOLE}")];
        assert_eq!(change(&first, StatementKind::Direct, &turned, StatementKind::Direct).name(), "spliced");
        assert_eq!(
            change(WHOLE, StatementKind::Direct, "nobody will pay a toll", StatementKind::Indirect).name(),
            "quoted indirectly"
        );
    }

    #[test]
    fn the_quick_comparison_rules_out_only_what_aligning_rules_out() {
        let words = ["nobody", "will", "pay", "this", "toll", "for", "the", "bridge", "in", "Tallberg"];
        // A few numbers in no order, the same in every run.
        let mut seed = 7u32;
        let mut any = |most: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as usize % most
        };
        let (mut reached, mut ruled_out) = (0, 0);
        for _ in 0..3_000 {
            let mut content = |length: usize| -> String {
                let from = any(words.len());
                let word = |n: usize| words[(from + n + usize::from(any(6) == 0)) % words.len()];
                (0..length).map(word).collect::<Vec<_>>().join(" ")
            };
            let (a, b) = (content(9), content(12));
            let mut known = Contents::default();
            let other = known.content(&b);
            let compared = Compared::new(known.content(&a));
            let aligned = compared.aligned_with(&other);
            for bounds in [&OTHERS, &ONE_SPEAKER] {
                let mut fresh = Compared::new(known.content(&a));
                assert_eq!(
                    fresh.with(&other, &[bounds]).reaches(bounds),
                    aligned.reaches(bounds),
                    "{a} / {b}"
                );
                reached += usize::from(aligned.reaches(bounds));
                ruled_out += usize::from(!compared.may_reach(&other, bounds));
            }
        }
        assert!(reached > 500 && ruled_out > 500, "{reached} {ruled_out}");
    }

    #[test]
    fn contents_with_the_same_words_are_compared_once() {
        let mut known = Contents::default();
        let (a, b) = (known.content("Nobody will pay."), known.content("nobody WILL pay"));
        assert!(Rc::ptr_eq(&a, &b));
        let other = known.content("Nobody will ever pay.");
        assert_ne!(a.number, other.number);
        assert_eq!((a.longer.len(), other.longer.len()), (2, 3));
    }

    #[test]
    fn stories_are_the_same_if_more_than_half_of_the_runs_are() {
        let runs = |of: std::ops::Range<u32>| of.collect::<Vec<_>>();
        let long = runs(0..100);
        assert!(same_story(&runs(80..111), &long), "20 of 31");
        assert!(!same_story(&runs(80..120), &long), "20 of 40");
        assert!(same_story(&long, &runs(79..120)), "21 of 41");
        assert!(!same_story(&runs(60..79), &long), "too short");
        for start in 0..160 {
            for step in 1..4 {
                let other: Vec<u32> = (start..start + 60).step_by(step).collect();
                let common = in_both(&long, &other) * 2 > other.len() && other.len() >= SHORTEST_STORY;
                assert_eq!((same_story(&other, &long), same_story(&long, &other)), (common, common));
            }
        }
    }

    #[test]
    fn the_query_for_a_hash_is_planned_once() {
        let folder = tempfile::TempDir::new().unwrap();
        let store = crate::handle::Store::create(&folder.path().join("news.db")).unwrap();
        let mut search = Search::new(&store.db, None).unwrap();
        for hash in 0..5 {
            search.with_hash(hash).unwrap();
        }
        assert_eq!(search.with_hash.get_status(rusqlite::StatementStatus::RePrepare), 0);
        assert_eq!(search.with_hash.get_status(rusqlite::StatementStatus::Run), 5);
    }

    #[test]
    fn words_count_as_often_as_both_have_them() {
        assert_eq!(in_both(&[1, 1, 2, 5], &[1, 1, 1, 5, 6]), 3);
        assert_eq!(in_both::<u32>(&[], &[1]), 0);
    }

    #[test]
    fn what_is_the_same_and_what_is_not() {
        use Speakers::{One, Others, TwoPeople};
        let cut = "nobody in this country will pay a toll";
        assert!([One, TwoPeople, Others].iter().all(|speakers| same(WHOLE, cut, *speakers)));
        assert!(!same(WHOLE, "I am sorry for that delay in opening the new school in the north", Others));
        assert!(!same("the bridge will open in May", "the school will be closed in May", One));
        let other = "nobody will pay a thing for it";
        assert!(same(WHOLE, other, One) && !same(WHOLE, other, Others));
        // Two people speak about one thing.
        let yes = "the new bridge over the sound will ruin the ferries of Tallberg";
        let no = "the new bridge over the sound is the best thing since the railway came";
        assert!(same(yes, no, Others) && !same(yes, no, TwoPeople));
    }
}
