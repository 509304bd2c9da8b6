//! Lineage: which statements repeat a quotation, where it was published first, and how each later version changed it.
//!
//! Candidates are the statements that share a hash of a run of words (`shingles.rs`). They are compared word by word.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use onrecord_text::{BETWEEN_PIECES, SpeakerKind, StatementKind};
use rusqlite::{Connection, params};
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};

use crate::error::{Result, StoreError};
use crate::find::{self, Order};
use crate::handle::Reader;
use crate::ids::{COUNTED, StatementRef, date_of};
use crate::query::Query;
use crate::rows::{self, Hit};
use crate::shingles::{fingerprints, runs};
use crate::{names, words};

/// The most statements that a hash may have before it is ignored as too common, unless all hashes of a text are.
const COMMON: usize = 300;
/// The most statements in the lineage of one quotation.
const MOST: usize = 500;
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
/// About a month, as a difference between ids.
const NEAR: i64 = 31 << COUNTED;
/// Longer words have more letters than this.
const LONGER: usize = 3;
/// The length, in words, of the runs that are compared to detect a changed order.
const MOVED: usize = 4;
/// The share of common runs of words above which two articles count as the same wire story.
const WIRE: f64 = 0.5;
/// The fewest runs of words that an article needs to be compared as a wire story.
const SHORTEST_STORY: usize = 20;

/// How a later version changes a quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The same words.
    Identical,
    /// Words were left out at an end.
    Cut,
    /// It has more words than the first version, added at an end.
    Extended,
    /// Words were left out in the middle, and dots mark the gap.
    Ellipsis,
    /// Words were put in brackets.
    Bracketed,
    /// Words were left out in the middle without a mark, or the order was changed.
    Spliced,
    /// The quotation marks were removed.
    QuotedIndirectly,
    /// Words were changed.
    Reworded,
}

impl ChangeKind {
    /// Returns the name used on screen and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Cut => "cut",
            Self::Extended => "extended",
            Self::Ellipsis => "ellipsis",
            Self::Bracketed => "bracketed",
            Self::Spliced => "spliced",
            Self::QuotedIndirectly => "quoted indirectly",
            Self::Reworded => "reworded",
        }
    }
}

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
    pub fn lineage(&self, name: StatementRef) -> std::result::Result<Lineage, StoreError> {
        let seed = self.statement(name)?;
        self.named(lineage(&self.db, &seed.content, Some(seed.id)))
    }

    /// Returns the lineage of a text, which need not occur in any article in exactly this form.
    ///
    /// A few words are too little to tell a version of them from other words that are like them. The lineage is then that
    /// of the statement that has exactly these words, the first published if there are several. If others have them,
    /// too, but are no versions of it, there is `more`.
    ///
    /// # Errors
    ///
    /// Returns an error if the store can't be read.
    pub fn lineage_of(&self, text: &str) -> std::result::Result<Lineage, StoreError> {
        self.named(lineage(&self.db, text, None).and_then(|found| match found.versions.as_slice() {
            [] => lineage_with(&self.db, text, found),
            _ => Ok(found),
        }))
    }
}

/// Returns the lineage of the statement that has exactly these words, or `otherwise` if no statement has.
fn lineage_with(db: &Connection, words: &str, otherwise: Lineage) -> Result<Lineage> {
    let Ok(phrase) = Query::builder().words(words).build() else { return Ok(otherwise) };
    let with = find::ids(db, &phrase, Order::Oldest, phrase.ids, MOST, 0)?;
    // The ids of statements without a day come first.
    let dated = with.iter().find(|&&id| date_of(id).is_some());
    let Some(&id) = dated.or(with.first()) else { return Ok(otherwise) };
    let mut lineage = lineage(db, &rows::hit(db, id)?.content, Some(id))?;
    let told: HashSet<i64> = lineage.versions.iter().map(|version| version.hit.id).collect();
    let articles: HashSet<i64> = lineage.versions.iter().map(|version| version.hit.name.article).collect();
    for id in with.into_iter().filter(|id| !told.contains(id)) {
        if lineage.more {
            break;
        }
        // A statement inside a version, or around it, is no other one.
        lineage.more = !articles.contains(&rows::hit(db, id)?.name.article);
    }
    Ok(lineage)
}

fn lineage(db: &Connection, seed: &str, id: Option<i64>) -> Result<Lineage> {
    let mut found: BTreeMap<i64, Hit> = BTreeMap::new();
    let mut todo: Vec<(String, Option<Hit>)> = vec![(seed.to_owned(), None)];
    if let Some(id) = id {
        let hit = rows::hit(db, id)?;
        todo = vec![(seed.to_owned(), Some(hit.clone()))];
        found.insert(id, hit);
    }
    let mut compared = HashSet::from([words::fold(seed)]);
    let mut contents = HashMap::new();
    let mut more = false;
    // Look for what resembles the words, and then for what resembles that: two cuts of a quotation may have nothing in
    // common but the full version.
    for _ in 0..2 {
        let mut next = Vec::new();
        for (text, of) in std::mem::take(&mut todo) {
            let (mut candidates, cut) = candidates(db, &text)?;
            candidates.retain(|id| !found.contains_key(id));
            more |= cut;
            let near = |id: i64| of.as_ref().is_some_and(|of| (of.id - id).abs() < NEAR);
            let agreements = agreements(db, &text, &candidates, &mut contents)?;
            // Most candidates have too little in common with the text, whoever said them.
            candidates.retain(|id| {
                agreements.get(id).is_some_and(|a| a.reaches(&OTHERS) || near(*id) && a.reaches(&ONE_SPEAKER))
            });
            for hit in rows::hits(db, &candidates, &[])? {
                let candidate = hit.id;
                let said_by_others = agreements.get(&candidate).is_some_and(|a| a.reaches(&OTHERS));
                let one_speaker = |of: &Hit| one_speaker(db, of, &hit);
                if said_by_others || of.as_ref().map(one_speaker).transpose()?.unwrap_or(false) {
                    if found.len() >= MOST {
                        more = true;
                        break;
                    }
                    // Identical copies would find the same candidates, so only the first of them is compared.
                    if compared.insert(words::fold(&hit.content)) {
                        next.push((hit.content.clone(), Some(hit.clone())));
                    }
                    found.insert(candidate, hit);
                }
            }
        }
        todo = next;
    }
    // Ids are in the order of days. Statements without a day come last, not first.
    let mut hits: Vec<Hit> = found.into_values().collect();
    let folded: Vec<String> = hits.iter().map(|h| words::fold(&h.content)).collect();
    let inside = |n: usize| {
        let around = |m: usize| m != n && hits[m].name.article == hits[n].name.article;
        (0..hits.len())
            .any(|m| around(m) && folded[m].len() > folded[n].len() && folded[m].contains(&folded[n]))
    };
    // If statements of one article contain one another, only the outermost counts as its version.
    let whole: Vec<bool> = (0..hits.len()).map(|n| Some(hits[n].id) == id || !inside(n)).collect();
    let mut whole = whole.into_iter();
    hits.retain(|_| whole.next().unwrap_or(true));
    hits.sort_by_key(|h| (h.published.is_none(), h.id));
    let articles: Vec<i64> = hits.iter().map(|h| h.name.article).collect();
    let texts: Vec<Vec<i64>> = match articles.as_slice() {
        // A statement without other versions is no copy of anything.
        [_] => vec![Vec::new()],
        articles => articles.iter().map(|&article| own_runs(db, article)).collect::<Result<_>>()?,
    };
    let first = hits.first().cloned();
    let versions = hits.into_iter().enumerate().map(|(n, hit)| {
        let first = first.as_ref().unwrap_or(&hit);
        let differs = |a: &Option<String>, b: &Option<String>| match (a, b) {
            (Some(a), Some(b)) if words::fold(a) != words::fold(b) => Some((a.clone(), b.clone())),
            _ => None,
        };
        let articles = &articles;
        let same_story = |&m: &usize| {
            articles[m] != articles[n]
                && texts[m].len().min(texts[n].len()) >= SHORTEST_STORY
                && overlap(&texts[m], &texts[n]) > WIRE
        };
        Version {
            change: if n == 0 {
                ChangeKind::Identical
            } else {
                change(&first.content, first.kind, &hit.content, hit.kind)
            },
            diff: diff(&first.content, &hit.content),
            cue: differs(&first.cue, &hit.cue),
            speaker: differs(&first.speaker, &hit.speaker),
            copy_of: (0..n).find(same_story),
            hit,
        }
    });
    Ok(Lineage { versions: versions.collect(), more })
}

/// Returns the statements that share a hash with a text, those that share the most first, and whether there are more.
fn candidates(db: &Connection, text: &str) -> Result<(Vec<i64>, bool)> {
    let mut statement = db.prepare_cached("SELECT statement FROM shingles WHERE hash = ? LIMIT ?")?;
    let mut lists = Vec::new();
    for hash in fingerprints(text) {
        let ids = statement.query_map(params![hash, MOST + 1], |r| r.get(0))?;
        lists.push(ids.collect::<rusqlite::Result<Vec<i64>>>()?);
    }
    let some_rare = lists.iter().any(|ids| (2..=COMMON).contains(&ids.len()));
    let cut = lists.iter().any(|ids| ids.len() > if some_rare { COMMON } else { MOST });
    let mut shared: HashMap<i64, usize> = HashMap::new();
    for id in lists.into_iter().filter(|ids| ids.len() <= COMMON || !some_rare).flatten() {
        *shared.entry(id).or_default() += 1;
    }
    let mut ids: Vec<(i64, usize)> = shared.into_iter().collect();
    ids.sort_unstable_by_key(|&(id, n)| (std::cmp::Reverse(n), id));
    // If some hashes are rare enough to narrow the search, leaving out the common ones does not count as a cut.
    Ok((ids.into_iter().map(|(id, _)| id).collect(), cut && !some_rare))
}

/// Compares a text with the contents of candidates. `contents` keeps the words of contents that were looked at.
fn agreements(
    db: &Connection,
    text: &str,
    candidates: &[i64],
    contents: &mut HashMap<i64, Vec<String>>,
) -> Result<HashMap<i64, Agreement>> {
    let compared = Compared::new(text);
    let mut statement = db.prepare_cached("SELECT content FROM statements WHERE id = ?")?;
    let mut agreements = HashMap::new();
    for &id in candidates {
        let words = match contents.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(split(&statement.query_row([id], |r| r.get::<_, String>(0))?).1),
        };
        agreements.insert(id, compared.with(words));
    }
    Ok(agreements)
}

/// Returns the runs of words of an article's text, except for those of its quotations, in ascending order.
///
/// Two reporters at the same briefing quote the same words of the speaker, but put them in words of their own.
fn own_runs(db: &Connection, article: i64) -> Result<Vec<i64>> {
    let mut own: HashSet<i64> = runs(&words::words(&rows::text_of(db, article)?)).into_iter().collect();
    let sql = "SELECT content FROM statements WHERE article = ? AND kind <> 'indirect'";
    let mut quotations = db.prepare_cached(sql)?;
    let mut rows = quotations.query([article])?;
    while let Some(row) = rows.next()? {
        for run in runs(&words::words(row.get_ref(0)?.as_str()?)) {
            own.remove(&run);
        }
    }
    let mut own: Vec<i64> = own.into_iter().collect();
    own.sort_unstable();
    Ok(own)
}

/// Returns the share of the smaller set that is also in the other. Both are in ascending order.
fn overlap(a: &[i64], b: &[i64]) -> f64 {
    let (mut at, mut other, mut common) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(at), b.get(other)) {
        common += usize::from(x == y);
        at += usize::from(x <= y);
        other += usize::from(y <= x);
    }
    common as f64 / a.len().min(b.len()).max(1) as f64
}

/// Returns the words of a content, both as written and folded.
fn split(content: &str) -> (Vec<&str>, Vec<String>) {
    let words = words::words(content);
    let texts = words.iter().map(|w| &content[w.start..w.end]).collect();
    (texts, words.into_iter().map(|w| w.text).collect())
}

fn aligned(a: &[String], b: &[String]) -> Vec<DiffOp> {
    capture_diff_slices(Algorithm::Myers, a, b)
}

/// Returns how many words two contents have in common in the same order.
pub(crate) fn common(a: &[String], b: &[String]) -> usize {
    let equal = |op: &DiffOp| if let DiffOp::Equal { len, .. } = op { *len } else { 0 };
    aligned(a, b).iter().map(equal).sum()
}

/// Returns the share of the shorter content's words that also occur in the other, in the same order.
pub(crate) fn share(a: &str, b: &str) -> f64 {
    let ((_, a), (_, b)) = (split(a), split(b));
    common(&a, &b) as f64 / a.len().min(b.len()).max(1) as f64
}

/// Returns whether two contents are versions of the same words.
///
/// `one_speaker` means that the same speaker said both within a month, which lowers the bounds.
#[must_use]
pub fn same(a: &str, b: &str, one_speaker: bool) -> bool {
    let bounds = if one_speaker { &ONE_SPEAKER } else { &OTHERS };
    Compared::new(a).with(&split(b).1).reaches(bounds)
}

/// The words of a content that is compared with many others.
struct Compared {
    words: Vec<String>,
    /// How often each of the longer words occurs.
    longer: HashMap<String, usize>,
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

fn is_longer(word: &str) -> bool {
    word.chars().count() > LONGER
}

impl Compared {
    fn new(content: &str) -> Self {
        let words = split(content).1;
        let mut longer = HashMap::new();
        for word in words.iter().filter(|word| is_longer(word)) {
            *longer.entry(word.clone()).or_default() += 1;
        }
        Self { words, longer }
    }

    /// Returns how far the content agrees with another, or no agreement at all if no bounds can be reached.
    fn with(&self, other: &[String]) -> Agreement {
        let longer: Vec<&String> = other.iter().filter(|word| is_longer(word)).collect();
        let fewer = self.longer.values().sum::<usize>().min(longer.len());
        // Whatever the order, no more can agree than the words that both have. Counting them is much faster than aligning.
        let mut left = self.longer.clone();
        let takes = |word: &&String| {
            left.get_mut(*word).is_some_and(|n| std::mem::replace(n, n.saturating_sub(1)) > 0)
        };
        let most = longer.into_iter().filter(takes).count();
        if (most as f64) < ONE_SPEAKER.share.min(OTHERS.share) * fewer as f64 {
            return Agreement::default();
        }
        let (mut all, mut run, mut telling) = (0, 0, 0);
        for op in aligned(&self.words, other) {
            if let DiffOp::Equal { old_index, len, .. } = op {
                let telling_here =
                    self.words[old_index..old_index + len].iter().filter(|w| is_longer(w)).count();
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

/// Returns whether two statements have the same named speaker.
///
/// If both speakers are known across articles, they must be the same person. Otherwise their names must share a word.
/// An unnamed speaker is never considered the same as another.
fn one_speaker(db: &Connection, a: &Hit, b: &Hit) -> Result<bool> {
    let named = |hit: &Hit| matches!(hit.speaker_kind, Some(SpeakerKind::Person | SpeakerKind::Organization));
    if !named(a) || !named(b) {
        return Ok(false);
    }
    let people = |hit: &Hit| -> Result<HashSet<i64>> {
        let sql = "SELECT person FROM people_statements WHERE statement = ? AND field = 'speaker'";
        let mut statement = db.prepare_cached(sql)?;
        let ids = statement.query_map([hit.id], |r| r.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
        ids.into_iter().map(|id| rows::root_of(db, id)).collect()
    };
    let (first, second) = (people(a)?, people(b)?);
    if !first.is_empty() && !second.is_empty() {
        return Ok(!first.is_disjoint(&second));
    }
    let words = |hit: &Hit| names::telling_words(hit.speaker.as_deref().unwrap_or_default());
    Ok(!words(a).is_disjoint(&words(b)))
}

/// Returns how a later statement changes the words of an earlier one.
fn change(a: &str, a_kind: StatementKind, b: &str, b_kind: StatementKind) -> ChangeKind {
    let ((_, first), (_, second)) = (split(a), split(b));
    if first == second {
        return if a_kind != StatementKind::Indirect && b_kind == StatementKind::Indirect {
            ChangeKind::QuotedIndirectly
        } else {
            ChangeKind::Identical
        };
    }
    if a_kind != StatementKind::Indirect && b_kind == StatementKind::Indirect {
        return ChangeKind::QuotedIndirectly;
    }
    let (plain, bracketed) = without_brackets(b);
    let second = if bracketed { split(&plain).1 } else { second };
    let ops = aligned(&first, &second);
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
        let between = dropped_between_pieces(&ops, b);
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
    } else if moved(&first, &second) {
        ChangeKind::Spliced
    } else {
        ChangeKind::Reworded
    }
}

/// Returns whether words in the middle are only missing at the gaps between the later content's own pieces.
fn dropped_between_pieces(ops: &[DiffOp], content: &str) -> bool {
    let mut ends = BTreeSet::new();
    let mut count = 0;
    for piece in content.split(BETWEEN_PIECES) {
        count += words::words(piece).len();
        ends.insert(count);
    }
    let last = ops.len().saturating_sub(1);
    ops.iter().enumerate().all(|(n, op)| match op {
        DiffOp::Delete { new_index, .. } if n > 0 && n < last => ends.contains(new_index),
        _ => true,
    })
}

/// Returns whether the later content has the earlier one's runs of words in a different order.
fn moved(a: &[String], b: &[String]) -> bool {
    let runs: HashSet<&[String]> = a.windows(MOVED).collect();
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
    let ((before, first), (after, second)) = (split(a), split(b));
    let mut edits = Vec::new();
    for op in aligned(&first, &second) {
        let (old, new) = (op.old_range(), op.new_range());
        match op.tag() {
            DiffTag::Equal => edits.push(Edit::Kept(after[new].join(" "))),
            tag => {
                if tag != DiffTag::Insert {
                    edits.push(Edit::Deleted(before[old].join(" ")));
                }
                if tag != DiffTag::Delete {
                    edits.push(Edit::Inserted(after[new].join(" ")));
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
        assert_eq!(
            change(WHOLE, StatementKind::Direct, "nobody will pay a toll", StatementKind::Indirect).name(),
            "quoted indirectly"
        );
    }

    #[test]
    fn what_is_the_same_and_what_is_not() {
        assert!(same(WHOLE, "nobody in this country will pay a toll", false));
        assert!(!same(WHOLE, "I am sorry for that delay in opening the new school in the north", false));
        assert!(!same("the bridge will open in May", "the school will be closed in May", true));
        let other = "nobody will pay a thing for it";
        assert!(same(WHOLE, other, true) && !same(WHOLE, other, false));
    }
}
