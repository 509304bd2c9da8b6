//! Finds the copies of an article that some pages have, and removes them.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use onrecord_text::BlockKind;
use rustc_hash::FxHashMap;

use super::blocks::Part;

/// The fewest words of a run of two or more paragraphs that counts as a copy of earlier ones. Refrains are shorter.
const COPY: usize = 100;
/// The fewest words of such a run if it has at least a quarter of the page's words.
const SHORT_COPY: usize = 40;

/// Removes paragraphs that the page has twice: some pages contain their article once for phones and once for larger
/// screens, and some show a part of it beforehand, in captions or a box. What is left is the copy in the flow of the
/// article. Returns the number of words removed.
pub(super) fn remove_copies(parts: &mut Vec<Part>) -> usize {
    let mut copies = Copies::of(parts);
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut run = Run::default();
    for (n, part) in parts.iter().enumerate() {
        if run.continues(parts, n) {
            run.add(n, run.next);
            continue;
        }
        if !copies.running[n] {
            // Only one of the two may have a heading or caption here. If both have one, they belong to different texts.
            if copies.running.get(run.next) == Some(&false) {
                copies.settle(std::mem::take(&mut run));
            }
            continue;
        }
        match first.entry(&part.text) {
            Entry::Occupied(earlier) => {
                let earlier = *earlier.get();
                let next = !run.pairs.is_empty() && earlier >= run.next;
                if !next || copies.before[run.next] < copies.before[earlier] {
                    copies.settle(std::mem::take(&mut run));
                }
                run.add(n, earlier);
            }
            Entry::Vacant(new) => {
                new.insert(n);
                copies.settle(std::mem::take(&mut run));
            }
        }
    }
    copies.settle(run);
    let removed = copies.removed;
    let words = (0..parts.len()).filter(|n| removed.contains(n)).map(|n| parts[n].count()).sum();
    let mut n = 0;
    parts.retain(|_| {
        n += 1;
        !removed.contains(&(n - 1))
    });
    words
}

/// Parts that repeat earlier ones in the same order.
#[derive(Default)]
struct Run {
    /// Each part that is repeated, and the part that repeats it.
    pairs: Vec<(usize, usize)>,
    /// The part after the last one that is repeated.
    next: usize,
}

impl Run {
    /// Whether a part repeats the part that comes next.
    fn continues(&self, parts: &[Part], n: usize) -> bool {
        self.pairs.first().is_some_and(|&(_, start)| self.next < start)
            && parts[self.next].text == parts[n].text
    }

    fn add(&mut self, copy: usize, of: usize) {
        self.pairs.push((of, copy));
        self.next = of + 1;
    }
}

/// The copies among the parts of a page.
struct Copies<'p> {
    parts: &'p [Part],
    /// The number of words in all parts.
    all: usize,
    /// Whether each part is a paragraph of running text, and how many there are before each part.
    running: Vec<bool>,
    before: Vec<usize>,
    /// Whether each part is running text that may hold statements and that the page has only once.
    flow: Vec<bool>,
    /// The number of words in such parts, by the elements around them.
    around: FxHashMap<u64, usize>,
    /// For each part that is repeated, the copy that is kept.
    kept: Vec<usize>,
    removed: HashSet<usize>,
}

impl<'p> Copies<'p> {
    fn of(parts: &'p [Part]) -> Self {
        let running: Vec<bool> = parts.iter().map(Part::is_running).collect();
        let mut before = vec![0];
        before.extend(running.iter().scan(0, |count, &running| {
            *count += usize::from(running);
            Some(*count)
        }));
        let mut times: HashMap<&str, usize> = HashMap::new();
        for part in parts {
            *times.entry(&part.text).or_default() += 1;
        }
        let once = |part: &Part| times.get(part.text.as_str()) == Some(&1);
        let flow: Vec<bool> =
            parts.iter().zip(&running).map(|(p, &running)| running && p.is_text() && once(p)).collect();
        let mut around: FxHashMap<u64, usize> = FxHashMap::default();
        for (part, _) in parts.iter().zip(&flow).filter(|(_, flow)| **flow) {
            *around.entry(part.around).or_default() += part.count();
        }
        let all = parts.iter().map(Part::count).sum();
        let kept = (0..parts.len()).collect();
        Self { parts, all, running, before, flow, around, kept, removed: HashSet::new() }
    }

    /// Removes one of the two copies that a run consists of, unless it may be a refrain.
    fn settle(&mut self, run: Run) {
        let Some(&(from, start)) = run.pairs.first() else { return };
        let words =
            |&(_, copy): &(usize, usize)| if self.running[copy] { self.parts[copy].count() } else { 0 };
        let paragraphs = run.pairs.iter().filter(|(_, copy)| self.running[*copy]).count();
        let words: usize = run.pairs.iter().map(words).sum();
        let long = words >= COPY || words >= SHORT_COPY && words * 4 >= self.all;
        // A single paragraph may be a long quotation that somebody else repeats.
        // But nobody says the same directly after themselves.
        let doubled = run.next == start && paragraphs > 0;
        if !doubled && (!long || paragraphs < 2) {
            return;
        }
        let (earlier, later): (Vec<usize>, Vec<usize>) =
            run.pairs.iter().map(|&(of, copy)| (self.kept[of], copy)).unzip();
        // The headings before both go with the copy that is removed.
        let parts = self.parts;
        let same = |n: &usize| start - n > from && parts[start - n].text == parts[from - n].text;
        let headings = (1..=from).take_while(same);
        if self.standing(&later) <= self.standing(&earlier) {
            self.removed.extend(later);
            self.removed.extend(headings.map(|n| start - n));
        } else {
            for (of, copy) in run.pairs {
                self.removed.insert(self.kept[of]);
                self.kept[of] = copy;
            }
            self.removed.extend(headings.map(|n| from - n));
        }
    }

    /// How much a copy belongs to the flow of the article: whether its words may hold statements, how much other text
    /// is in elements like those around it, whether it is set as paragraphs, and whether other paragraphs are next to
    /// it.
    fn standing(&self, copy: &[usize]) -> [usize; 4] {
        let words_of = |of: fn(&Part) -> bool| -> usize {
            copy.iter().map(|&n| &self.parts[n]).filter(|p| of(p)).map(Part::count).sum()
        };
        let around = |n: &usize| self.around.get(&self.parts[*n].around).copied().unwrap_or_default();
        let [Some(first), Some(last)] = [copy.first(), copy.last()] else { return [0; 4] };
        let beside = [first.checked_sub(1), Some(last + 1)];
        let beside = beside.into_iter().flatten().filter(|n| self.flow.get(*n) == Some(&true));
        [
            words_of(Part::is_text),
            copy.iter().map(around).max().unwrap_or_default(),
            words_of(|p| p.kind == BlockKind::Paragraph),
            beside.count(),
        ]
    }
}
