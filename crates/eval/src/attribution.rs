//! The metrics for attributions.
//!
//! Spans are extended to whole tokens. A token is a run of letters, digits and underscores, or any other single
//! character that is not white space. The *filler* of a role is the set of its tokens in one attribution. Its
//! *segments* are the runs of adjacent tokens.
//!
//! - `ROLE.token`: tokens of the role, over the whole article.
//! - `ROLE.exact`: segments with equal bounds; `exact_nopunct`: the same after removing punctuation at both ends;
//!   `overlap`: a maximum one-to-one matching of segments that share a token.
//! - `rel.strict`: a maximum one-to-one matching of attributions whose cues share a token and whose sources and
//!   contents are equal; `strict_nopunct`: the same without punctuation.
//! - `rel.relaxed`: the cues share a token, the sources share one or are both empty, and the F1 of content tokens is at
//!   least 0.5; `cue_content`, `source_content`: the same without looking at the third role.
//! - `.direct`, `.indirect`: attributions with and without a double quotation mark in the content; `.core`, `.noncore`:
//!   with and without a plain reporting word in the cue.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Deserialize;

/// One attribution, as `[start, end]` pairs of code points. A role that is missing is empty.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Attribution {
    #[serde(default)]
    pub source: Vec<[usize; 2]>,
    #[serde(default)]
    pub cue: Vec<[usize; 2]>,
    #[serde(default)]
    pub content: Vec<[usize; 2]>,
}

const ROLES: [&str; 3] = ["source", "cue", "content"];
const ROLE_METRICS: [&str; 4] = ["token", "exact", "exact_nopunct", "overlap"];
const RELATIONS: [&str; 5] = ["strict", "strict_nopunct", "relaxed", "cue_content", "source_content"];
const SUBSETS: [&str; 5] = ["", ".direct", ".indirect", ".core", ".noncore"];

/// The plain reporting words of `.core`, on which human annotators almost always agree.
const CORE: &str = "said say says saying told tell tells telling wrote write writes writing added adds adding argued \
    argues according stated states tweeted explained explains noted notes replied announced";

/// The counts of one metric: matched and all predictions, matched and all gold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    matched_predicted: usize,
    predicted: usize,
    matched_gold: usize,
    gold: usize,
}

impl Count {
    fn of(matched: usize, predicted: usize, gold: usize) -> Self {
        Self { matched_predicted: matched, predicted, matched_gold: matched, gold }
    }

    /// Returns precision, recall and F1, each of them 0 if there is nothing to count.
    fn prf(self) -> (f64, f64, f64) {
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let p = share(self.matched_predicted, self.predicted);
        let r = share(self.matched_gold, self.gold);
        (p, r, if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 })
    }
}

/// The counts of every metric.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<String, Count>);

impl Counts {
    /// Adds the counts of another article.
    pub fn add(&mut self, other: &Self) {
        for (metric, c) in &other.0 {
            let sum = self.0.entry(metric.clone()).or_default();
            sum.matched_predicted += c.matched_predicted;
            sum.predicted += c.predicted;
            sum.matched_gold += c.matched_gold;
            sum.gold += c.gold;
        }
    }

    /// Returns every metric with its counts, in the order of the table.
    fn ordered(&self) -> impl Iterator<Item = (String, Count)> {
        let roles = ROLE_METRICS.iter().flat_map(|m| ROLES.iter().map(move |r| format!("{r}.{m}")));
        let relations = RELATIONS.iter().flat_map(|m| SUBSETS.iter().map(move |s| format!("rel.{m}{s}")));
        roles.chain(relations).filter_map(|name| self.0.get(&name).map(|&c| (name, c)))
    }

    /// Writes a table for people: precision, recall and F1 in per cent.
    pub fn write_table(&self, documents: usize, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "documents {documents}")?;
        writeln!(out, "{:32} {:>6} {:>6} {:>6} {:>7} {:>7}", "metric", "P", "R", "F1", "pred", "gold")?;
        for (name, count) in self.ordered() {
            let (p, r, f) = count.prf();
            let (p, r, f) = (100.0 * p, 100.0 * r, 100.0 * f);
            writeln!(out, "{name:32} {p:6.1} {r:6.1} {f:6.1} {:7} {:7}", count.predicted, count.gold)?;
        }
        Ok(())
    }

    /// Returns the F1 of every metric, from 0 to 1.
    pub fn f1(&self) -> impl Iterator<Item = (String, f64)> {
        self.ordered().map(|(name, count)| (name, count.prf().2))
    }

    /// Writes one JSON object with `p`, `r`, `f1` and `counts` for each metric.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let metrics: serde_json::Map<_, _> = self
            .ordered()
            .map(|(name, c)| {
                let (p, r, f1) = c.prf();
                let counts = [c.matched_predicted, c.predicted, c.matched_gold, c.gold];
                (name, serde_json::json!({ "p": p, "r": r, "f1": f1, "counts": counts }))
            })
            .collect();
        serde_json::to_writer_pretty(&mut *out, &metrics)?;
        writeln!(out)
    }
}

type Tokens = BTreeSet<usize>;

/// The tokens of an article.
struct Document {
    /// The index of the token that each code point belongs to.
    token_at: Vec<Option<usize>>,
    word: Vec<bool>,
    quote: Vec<bool>,
    core: Vec<bool>,
}

impl Document {
    fn new(text: &str) -> Self {
        let mut document =
            Self { token_at: Vec::new(), word: Vec::new(), quote: Vec::new(), core: Vec::new() };
        let mut current = String::new();
        for c in text.chars() {
            let is_word = c.is_alphanumeric() || c == '_';
            let goes_on = is_word && !current.is_empty();
            if !goes_on {
                document.end_word(&mut current);
            }
            if c.is_whitespace() {
                document.token_at.push(None);
                continue;
            }
            if !goes_on {
                document.word.push(is_word);
                document.quote.push(matches!(c, '“' | '”' | '"'));
                document.core.push(false);
            }
            if is_word {
                current.push(c);
            }
            document.token_at.push(Some(document.word.len() - 1));
        }
        document.end_word(&mut current);
        document
    }

    /// Looks up the word that just ended, if there is one.
    fn end_word(&mut self, word: &mut String) {
        if let Some(core) = self.core.last_mut().filter(|_| !word.is_empty()) {
            let lower = word.to_lowercase();
            *core = CORE.split(' ').any(|core| core == lower);
        }
        word.clear();
    }

    /// Returns the tokens that share a character with a span. Parts of spans outside the text are ignored.
    fn snap(&self, spans: &[[usize; 2]]) -> Tokens {
        let length = self.token_at.len();
        let range = |&[s, e]: &[usize; 2]| s.min(length)..e.min(length).max(s.min(length));
        spans.iter().flat_map(|span| self.token_at[range(span)].iter().flatten().copied()).collect()
    }

    fn filler(&self, a: &Attribution) -> Option<Filler> {
        let roles = [self.snap(&a.source), self.snap(&a.cue), self.snap(&a.content)];
        if roles[1].is_empty() && roles[2].is_empty() {
            return None;
        }
        let direct = roles[2].iter().any(|&t| self.quote[t]);
        let core = roles[1].iter().any(|&t| self.core[t]);
        Some(Filler { roles, direct, core })
    }

    fn words(&self, tokens: &Tokens) -> Tokens {
        tokens.iter().copied().filter(|&t| self.word[t]).collect()
    }
}

/// The tokens of one attribution, by role.
struct Filler {
    roles: [Tokens; 3],
    direct: bool,
    core: bool,
}

impl Filler {
    fn in_subset(&self, subset: &str) -> bool {
        match subset {
            ".direct" => self.direct,
            ".indirect" => !self.direct,
            ".core" => self.core,
            ".noncore" => !self.core,
            _ => true,
        }
    }
}

/// Scores one article.
pub fn score(text: &str, gold: &[Attribution], predicted: &[Attribution]) -> Counts {
    let document = Document::new(text);
    let fill = |all: &[Attribution]| all.iter().filter_map(|a| document.filler(a)).collect::<Vec<_>>();
    let (gold, predicted) = (fill(gold), fill(predicted));
    let mut counts = BTreeMap::new();
    for (role, name) in ROLES.iter().enumerate() {
        score_role(&document, role, name, &gold, &predicted, &mut counts);
    }
    for relation in RELATIONS {
        score_relation(&document, relation, &gold, &predicted, &mut counts);
    }
    Counts(counts)
}

fn score_role(
    document: &Document,
    role: usize,
    name: &str,
    gold: &[Filler],
    predicted: &[Filler],
    counts: &mut BTreeMap<String, Count>,
) {
    let tokens = |all: &[Filler]| all.iter().flat_map(|f| f.roles[role].iter().copied()).collect::<Tokens>();
    let (g, p) = (tokens(gold), tokens(predicted));
    counts.insert(format!("{name}.token"), Count::of(g.intersection(&p).count(), p.len(), g.len()));

    let all = |all: &[Filler]| all.iter().flat_map(|f| segments(&f.roles[role])).collect::<BTreeSet<_>>();
    let (g, p) = (all(gold), all(predicted));
    counts.insert(format!("{name}.exact"), Count::of(g.intersection(&p).count(), p.len(), g.len()));

    let bare =
        |s: &BTreeSet<_>| s.iter().filter_map(|&s| without_punctuation(document, s)).collect::<BTreeSet<_>>();
    let (gb, pb) = (bare(&g), bare(&p));
    counts
        .insert(format!("{name}.exact_nopunct"), Count::of(gb.intersection(&pb).count(), pb.len(), gb.len()));

    let g: Vec<_> = g.into_iter().collect();
    let edges: Vec<Vec<usize>> =
        p.iter().map(|&(s, e)| (0..g.len()).filter(|&j| g[j].0 <= e && s <= g[j].1).collect()).collect();
    let matched = matching(&edges, g.len()).iter().flatten().count();
    counts.insert(format!("{name}.overlap"), Count::of(matched, p.len(), g.len()));
}

fn score_relation(
    document: &Document,
    relation: &str,
    gold: &[Filler],
    predicted: &[Filler],
    counts: &mut BTreeMap<String, Count>,
) {
    let edges: Vec<Vec<usize>> = predicted
        .iter()
        .map(|p| {
            let mut fits: Vec<(f64, usize)> = gold
                .iter()
                .enumerate()
                .filter(|(_, g)| may_match(document, relation, p, g))
                .map(|(j, g)| {
                    let [source, cue, content] = [0, 1, 2].map(|r| f1(&p.roles[r], &g.roles[r]));
                    (content + 0.1 * source + 0.1 * cue, j)
                })
                .collect();
            fits.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            fits.into_iter().map(|f| f.1).collect()
        })
        .collect();
    let matched = matching(&edges, gold.len());
    let matched_gold: BTreeSet<usize> = matched.iter().flatten().copied().collect();
    for subset in SUBSETS {
        let inside = |f: &&Filler| f.in_subset(subset);
        let count = Count {
            matched_predicted: predicted
                .iter()
                .zip(&matched)
                .filter(|(p, m)| m.is_some() && p.in_subset(subset))
                .count(),
            predicted: predicted.iter().filter(inside).count(),
            matched_gold: matched_gold.iter().filter(|&&j| gold[j].in_subset(subset)).count(),
            gold: gold.iter().filter(inside).count(),
        };
        counts.insert(format!("rel.{relation}{subset}"), count);
    }
}

fn may_match(document: &Document, relation: &str, p: &Filler, g: &Filler) -> bool {
    let share = |role: usize| {
        let (p, g) = (&p.roles[role], &g.roles[role]);
        !p.is_disjoint(g) || (p.is_empty() && g.is_empty())
    };
    let bare = |role: usize| document.words(&p.roles[role]) == document.words(&g.roles[role]);
    let close = f1(&p.roles[2], &g.roles[2]) >= 0.5;
    match relation {
        "strict" => share(1) && p.roles[0] == g.roles[0] && p.roles[2] == g.roles[2],
        "strict_nopunct" => share(1) && bare(0) && bare(2),
        "relaxed" => share(1) && share(0) && close,
        "cue_content" => share(1) && close,
        _ => share(0) && close,
    }
}

fn f1(a: &Tokens, b: &Tokens) -> f64 {
    if a.is_empty() && b.is_empty() {
        return 1.0;
    }
    let shared = a.intersection(b).count();
    2.0 * shared as f64 / (a.len() + b.len()) as f64
}

/// Returns the runs of adjacent tokens, each as its first and last token.
fn segments(tokens: &Tokens) -> Vec<(usize, usize)> {
    let mut segments: Vec<(usize, usize)> = Vec::new();
    for &t in tokens {
        match segments.last_mut().filter(|(_, last)| last + 1 == t) {
            Some((_, last)) => *last = t,
            None => segments.push((t, t)),
        }
    }
    segments
}

fn without_punctuation(document: &Document, (first, last): (usize, usize)) -> Option<(usize, usize)> {
    let words = || (first..=last).filter(|&t| document.word[t]);
    Some((words().next()?, words().next_back()?))
}

/// Returns the partner of every left node in a maximum matching of a bipartite graph.
///
/// It tries the best edge first, and then augmenting paths (Kuhn 1955), which it finds breadth first.
fn matching(edges: &[Vec<usize>], right_count: usize) -> Vec<Option<usize>> {
    let mut left: Vec<Option<usize>> = vec![None; edges.len()];
    let mut right: Vec<Option<usize>> = vec![None; right_count];
    for root in 0..edges.len() {
        if let Some(&free) = edges[root].iter().find(|&&v| right[v].is_none()) {
            right[free] = Some(root);
            left[root] = Some(free);
        } else {
            augment(root, edges, &mut left, &mut right);
        }
    }
    left
}

fn augment(root: usize, edges: &[Vec<usize>], left: &mut [Option<usize>], right: &mut [Option<usize>]) {
    let mut before: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([root]);
    while let Some(u) = queue.pop_front() {
        for &v in &edges[u] {
            if before.contains_key(&v) {
                continue;
            }
            before.insert(v, u);
            let Some(owner) = right[v] else {
                let mut at = v;
                loop {
                    let u = before[&at];
                    let next = left[u].replace(at);
                    right[at] = Some(u);
                    match next {
                        Some(next) if u != root => at = next,
                        _ => return,
                    }
                }
            };
            queue.push_back(owner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Ann said “we won, again” and Bob, a cook, denied it. Sources say rain.";

    fn span(text: &str, part: &str) -> [usize; 2] {
        let start = text[..text.find(part).expect("part of the text")].chars().count();
        [start, start + part.chars().count()]
    }

    fn attribution(source: &str, cue: &str, content: &[&str]) -> Attribution {
        let one = |part: &str| if part.is_empty() { vec![] } else { vec![span(TEXT, part)] };
        Attribution {
            source: one(source),
            cue: one(cue),
            content: content.iter().map(|c| span(TEXT, c)).collect(),
        }
    }

    fn gold() -> Vec<Attribution> {
        vec![
            attribution("Ann", "said", &["“we won, again”"]),
            attribution("Bob, a cook", "denied", &["it"]),
            attribution("Sources", "say", &["rain"]),
        ]
    }

    #[track_caller]
    fn check(predicted: &[Attribution], metric: &str, expected: (usize, usize, usize, usize)) {
        let counts = score(TEXT, &gold(), predicted);
        let c = counts.0[metric];
        assert_eq!((c.matched_predicted, c.predicted, c.matched_gold, c.gold), expected, "{metric}");
    }

    #[test]
    fn equal_attributions_score_full() {
        check(&gold(), "rel.strict.direct", (1, 1, 1, 1));
        check(&gold(), "rel.strict.core", (2, 2, 2, 2));
        check(&gold(), "source.exact", (3, 3, 3, 3));
        check(&[], "rel.strict", (0, 0, 0, 3));
    }

    #[test]
    fn white_space_and_half_words_do_not_matter_but_marks_do() {
        let mut p = gold();
        p[0].source[0][1] += 1;
        p[2].content[0][0] += 1;
        check(&p, "rel.strict", (3, 3, 3, 3));
        let mut p = gold();
        p[0].content = vec![span(TEXT, "we won, again")];
        check(&p, "rel.strict", (2, 3, 2, 3));
        check(&p, "rel.strict_nopunct", (3, 3, 3, 3));
        check(&p, "rel.relaxed.direct", (0, 0, 1, 1));
    }

    #[test]
    fn a_wrong_source_fails_the_relation_alone() {
        let mut p = gold();
        p[0].source = vec![span(TEXT, "Bob")];
        check(&p, "rel.relaxed", (2, 3, 2, 3));
        check(&p, "rel.cue_content", (3, 3, 3, 3));
    }

    #[test]
    fn duplicates_cost_precision() {
        check(&[gold(), gold()].concat(), "rel.strict", (3, 6, 3, 3));
        check(&[gold(), gold()].concat(), "source.exact", (3, 3, 3, 3));
    }

    #[test]
    fn spans_outside_the_text_are_cut_off() {
        let p = Attribution { cue: vec![[5, 999], [9, 9], [7, 3]], ..Attribution::default() };
        check(&[p], "cue.exact", (0, 1, 0, 3));
    }

    #[test]
    fn the_matching_is_largest() {
        let size = |edges: &[Vec<usize>], n| matching(edges, n).iter().flatten().count();
        assert_eq!(size(&[vec![0, 1], vec![0]], 2), 2);
        assert_eq!(size(&[vec![0, 1], vec![0, 2], vec![0]], 3), 3);
    }
}
