//! The metrics for event reports: triggers with type, actor, recipient, status, claimant, and whole tuples.
//!
//! A report can be paired with an annotated one if their triggers overlap. The best pairs by type and actor are made
//! first, and each side is used once. A report that only one of two annotators marked (`sure: false`) does not count at
//! all. Names match if they share their last word, or if both are absent.
//!
//! - `trigger`, `typed`: precision, recall and F1 of pairs, and of pairs with the same type.
//! - `actor`, `recipient`, `status`, `happened`, `claimant`: the share of typed pairs for which it is right. `happened`
//!   only considers whether both say that it happened. A claimant is right if both are the article, or if the contents
//!   of the two statements share half of their words (F1).
//! - `tuple`: precision, recall and F1 of pairs whose type, actor, recipient and `happened` are right; `full`: the same
//!   including the claimant.
//! - `false_happened`: the share of paired reports with the status `happened` whose annotation gives a different
//!   status, according to its claimant.
//!
//! The intervals contain 95 % of the values over 1,000 samples of the articles with replacement.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use onrecord::text::{EventStatus, wire};
use serde::Deserialize;
use serde_json::json;

use super::record::{f1, fold, tokens};

/// An annotated article.
#[derive(Deserialize)]
pub struct Gold {
    pub id: String,
    pub text: String,
    pub published: Option<String>,
    statements: Vec<Statement>,
    events: Vec<Annotated>,
}

#[derive(Deserialize)]
struct Statement {
    id: String,
    content: Vec<[usize; 2]>,
}

#[derive(Deserialize)]
struct Annotated {
    trigger: [usize; 2],
    #[serde(rename = "type")]
    kind: String,
    actor: Vec<Named>,
    recipient: Vec<Named>,
    status: String,
    claimant: String,
    sure: Option<bool>,
    /// The differing judgements of a second reader.
    other: Option<Other>,
}

#[derive(Deserialize)]
struct Other {
    actor: Option<Vec<Named>>,
    recipient: Option<Vec<Named>>,
    claimant: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// The counts of an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    gold: usize,
    predicted: usize,
    trigger: usize,
    typed: usize,
    actor: usize,
    recipient: usize,
    status: usize,
    happened: usize,
    claimant: usize,
    tuple: usize,
    full: usize,
    said_happened: usize,
    false_happened: usize,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        for (a, b) in [
            (&mut self.gold, other.gold),
            (&mut self.predicted, other.predicted),
            (&mut self.trigger, other.trigger),
            (&mut self.typed, other.typed),
            (&mut self.actor, other.actor),
            (&mut self.recipient, other.recipient),
            (&mut self.status, other.status),
            (&mut self.happened, other.happened),
            (&mut self.claimant, other.claimant),
            (&mut self.tuple, other.tuple),
            (&mut self.full, other.full),
            (&mut self.said_happened, other.said_happened),
            (&mut self.false_happened, other.false_happened),
        ] {
            *a += b;
        }
    }
}

/// A figure: precision, recall and the counts behind them, or a share.
enum Figure {
    Rates { right: usize, given: usize, asked: usize },
    Share { right: usize, of: usize },
}

impl Figure {
    /// Returns the number that represents the figure: F1, or the share.
    fn value(&self) -> f64 {
        match *self {
            Self::Rates { right, given, asked } if given + asked > 0 => {
                2.0 * right as f64 / (given + asked) as f64
            }
            Self::Share { right, of } if of > 0 => right as f64 / of as f64,
            _ => 0.0,
        }
    }
}

impl Counts {
    /// Returns the figures by name, in the order in which they are printed.
    fn figures(&self) -> [(&'static str, Figure); 10] {
        let rates = |right| Figure::Rates { right, given: self.predicted, asked: self.gold };
        let share = |right| Figure::Share { right, of: self.typed };
        [
            ("trigger", rates(self.trigger)),
            ("typed", rates(self.typed)),
            ("actor", share(self.actor)),
            ("recipient", share(self.recipient)),
            ("status", share(self.status)),
            ("happened", share(self.happened)),
            ("claimant", share(self.claimant)),
            ("tuple", rates(self.tuple)),
            ("full", rates(self.full)),
            ("false_happened", Figure::Share { right: self.false_happened, of: self.said_happened }),
        ]
    }
}

/// The articles with their records, which can be scored at any threshold.
pub struct Scores {
    articles: Vec<(Gold, wire::Record)>,
    /// The confidence at which a report counts as sure.
    sure: f64,
}

/// The points of the curve: the share of reports that is kept, starting with the surest.
const CURVE: [f64; 12] = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02];

impl Scores {
    pub fn of(sure: f64) -> Self {
        Self { articles: Vec::new(), sure }
    }

    pub fn add(&mut self, gold: Gold, record: wire::Record) {
        self.articles.push((gold, record));
    }

    /// Returns the counts of each article, over reports with at least this confidence.
    fn counts(&self, least: f64) -> Vec<Counts> {
        self.articles.iter().map(|(gold, record)| score(gold, record, least)).collect()
    }

    /// Writes the figures with intervals, those of sure reports, and the curve.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        let all = self.counts(0.0);
        writeln!(out, "{} articles", all.len())?;
        table(&all, out)?;
        writeln!(out, "\nreports of confidence {:.3} and more", self.sure)?;
        table(&self.counts(self.sure), out)?;
        writeln!(out, "\nconfidence  reports    typed P       R    full P       R")?;
        let confidences =
            |record: &wire::Record| record.events.iter().flatten().map(|e| e.confidence).collect::<Vec<_>>();
        let mut surest: Vec<f64> = self.articles.iter().flat_map(|(_, record)| confidences(record)).collect();
        surest.sort_by(|a, b| b.total_cmp(a));
        for share in CURVE {
            let last = ((surest.len() as f64 * share).ceil() as usize).saturating_sub(1);
            let Some(&least) = surest.get(last) else { continue };
            let total = sum(&self.counts(least));
            let rate = |right: usize, of: usize| if of == 0 { 0.0 } else { right as f64 / of as f64 };
            writeln!(
                out,
                "{least:10.3}  {:7}     {:.4}  {:.4}    {:.4}  {:.4}",
                total.predicted,
                rate(total.typed, total.predicted),
                rate(total.typed, total.gold),
                rate(total.full, total.predicted),
                rate(total.full, total.gold),
            )?;
        }
        Ok(())
    }

    /// Writes the figures as one JSON object.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let values = |counts: &Counts| {
            let rounded = |v: f64| (v * 10_000.0).round() / 10_000.0;
            let one = |figure: &Figure| match *figure {
                Figure::Rates { right, given, asked } => {
                    let rate = |of: usize| if of == 0 { 0.0 } else { right as f64 / of as f64 };
                    json!({"p": rounded(rate(given)), "r": rounded(rate(asked)), "f1": rounded(figure.value()),
                        "n": [right, given, asked]})
                }
                Figure::Share { of: 0, .. } => json!(null),
                Figure::Share { .. } => json!(rounded(figure.value())),
            };
            counts.figures().iter().map(|(name, f)| (*name, one(f))).collect::<BTreeMap<_, _>>()
        };
        let mut whole = json!(values(&sum(&self.counts(0.0))));
        whole["sure"] = json!(values(&sum(&self.counts(self.sure))));
        writeln!(out, "{whole}")
    }
}

fn sum(all: &[Counts]) -> Counts {
    let mut total = Counts::default();
    for counts in all {
        total.add(counts);
    }
    total
}

/// Writes one figure per line, with its interval and the counts behind it.
fn table(all: &[Counts], out: &mut impl Write) -> io::Result<()> {
    let total = sum(all);
    let intervals = intervals(all);
    for ((name, figure), [low, high]) in total.figures().iter().zip(intervals) {
        let value = figure.value();
        match *figure {
            Figure::Rates { right, given, asked } => {
                let rate = |of: usize| if of == 0 { 0.0 } else { right as f64 / of as f64 };
                let (p, r) = (rate(given), rate(asked));
                writeln!(
                    out,
                    "{name:15} P {p:.4}  R {r:.4}  F1 {value:.4} [{low:.3}, {high:.3}]  {right} of {given} and {asked}"
                )?;
            }
            Figure::Share { right, of } => {
                writeln!(out, "{name:15} {value:.4} [{low:.3}, {high:.3}]  {right} of {of}")?;
            }
        }
    }
    Ok(())
}

const SAMPLES: usize = 1000;

/// Returns for each figure the interval that contains 95 % of its values over samples of the articles.
fn intervals(all: &[Counts]) -> Vec<[f64; 2]> {
    let mut values: Vec<Vec<f64>> = vec![Vec::with_capacity(SAMPLES); Counts::default().figures().len()];
    let mut state = 1_u64;
    for _ in 0..SAMPLES {
        let mut total = Counts::default();
        for _ in 0..all.len() {
            total.add(&all[(random(&mut state) % all.len() as u64) as usize]);
        }
        for (values, (_, figure)) in values.iter_mut().zip(total.figures()) {
            values.push(figure.value());
        }
    }
    let at = |sorted: &[f64], share: f64| sorted[((SAMPLES - 1) as f64 * share).round() as usize];
    values
        .into_iter()
        .map(|mut v| {
            v.sort_by(f64::total_cmp);
            [at(&v, 0.025), at(&v, 0.975)]
        })
        .collect()
}

/// Returns the next number of a sequence that is the same in every run (SplitMix64, Steele et al. 2014).
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Returns the last words of some names.
fn last_words<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    names.filter_map(|n| fold(n).split_whitespace().next_back().map(str::to_owned)).collect()
}

fn of_gold(names: &[Named]) -> BTreeSet<String> {
    last_words(names.iter().map(|n| n.name.as_str()))
}

fn of_record(party: Option<&wire::Party>) -> BTreeSet<String> {
    last_words(wire::names_in(party.and_then(|p| p.name.as_deref())))
}

/// Returns whether names match.
fn same(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    (one.is_empty() && other.is_empty()) || !one.is_disjoint(other)
}

/// Returns the counts of an article, over reports with at least this confidence.
fn score(gold: &Gold, record: &wire::Record, least: f64) -> Counts {
    let text: Vec<char> = gold.text.chars().collect();
    let asked: BTreeMap<&str, BTreeSet<usize>> =
        gold.statements.iter().map(|s| (s.id.as_str(), tokens(&text, &s.content))).collect();
    let told: BTreeMap<&str, BTreeSet<usize>> =
        record.statements.iter().map(|s| (s.id.as_str(), tokens(&text, &s.content.spans))).collect();
    let reports: Vec<&wire::Event> =
        record.events.iter().flatten().filter(|e| e.confidence >= least).collect();
    let paired = pairs(gold, &reports);
    let doubted = |g: usize| gold.events[g].sure == Some(false);
    let mut c = Counts {
        predicted: reports.len() - paired.keys().filter(|g| doubted(**g)).count(),
        ..Counts::default()
    };
    for (g, annotated) in gold.events.iter().enumerate().filter(|(g, _)| !doubted(*g)) {
        c.gold += 1;
        let Some(report) = paired.get(&g).map(|r| reports[*r]) else { continue };
        c.trigger += 1;
        let happened = report.status == EventStatus::Happened;
        c.said_happened += usize::from(happened);
        c.false_happened += usize::from(happened && annotated.status != "happened");
        if report.kind.name() != annotated.kind {
            continue;
        }
        let other = annotated.other.as_ref();
        let party = |asked: &[Named], other: Option<&Vec<Named>>, given: Option<&wire::Party>| {
            let given = of_record(given);
            same(&of_gold(asked), &given) || other.is_some_and(|o| same(&of_gold(o), &given))
        };
        let claimed = |by: &str| {
            if by == wire::ARTICLE || by == "unmarked" {
                return report.claimant == wire::ARTICLE;
            }
            let (one, two) = (asked.get(by), told.get(report.claimant.as_str()));
            one.zip(two).is_some_and(|(one, two)| f1(one, two) >= 0.5)
        };
        let actor = party(&annotated.actor, other.and_then(|o| o.actor.as_ref()), report.actor.as_ref());
        let recipient =
            party(&annotated.recipient, other.and_then(|o| o.recipient.as_ref()), report.recipient.as_ref());
        let agrees = happened == (annotated.status == "happened");
        let claimant =
            claimed(&annotated.claimant) || other.and_then(|o| o.claimant.as_deref()).is_some_and(claimed);
        let tuple = actor && recipient && agrees;
        c.typed += 1;
        c.actor += usize::from(actor);
        c.recipient += usize::from(recipient);
        c.status += usize::from(report.status.name() == annotated.status);
        c.happened += usize::from(agrees);
        c.claimant += usize::from(claimant);
        c.tuple += usize::from(tuple);
        c.full += usize::from(tuple && claimant);
    }
    c
}

/// Returns the report that each annotated event is paired with.
fn pairs(gold: &Gold, reports: &[&wire::Event]) -> BTreeMap<usize, usize> {
    let mut all: Vec<(f64, usize, usize)> = Vec::new();
    for (g, annotated) in gold.events.iter().enumerate() {
        let [start, end] = annotated.trigger;
        for (r, report) in reports.iter().enumerate() {
            if report.trigger.spans.iter().any(|[s, e]| *s < end && start < *e) {
                let kind = f64::from(u8::from(report.kind.name() == annotated.kind));
                let actor = same(&of_gold(&annotated.actor), &of_record(report.actor.as_ref()));
                all.push((kind + 0.5 * f64::from(u8::from(actor)), g, r));
            }
        }
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.cmp(&a.2)));
    let mut paired = BTreeMap::new();
    let mut used = BTreeSet::new();
    for (_, g, r) in all {
        if !paired.contains_key(&g) && used.insert(r) {
            paired.insert(g, r);
        }
    }
    paired
}

#[cfg(test)]
mod tests {
    use onrecord::text::EventType;

    use super::*;

    /// “Tarn said Norden attacked Sund.” with one event that s1 reports.
    fn gold(extra: &str) -> Gold {
        let json = format!(
            r#"{{"id": "a", "text": "Tarn said Norden attacked Sund.", "published": null,
            "statements": [{{"id": "s1", "content": [[10, 30]]}}],
            "events": [{{"trigger": [17, 25], "type": "ASSAULT", "actor": [{{"name": "Norden"}}],
            "recipient": [{{"name": "Sund"}}], "status": "happened", "claimant": "s1"{extra}}}]}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    fn record(change: impl Fn(&mut wire::Event)) -> wire::Record {
        let field = |start, end| wire::Field { text: String::new(), spans: vec![[start, end]] };
        let party = |name: &str| Some(wire::Party { name: Some(name.to_owned()), ..Default::default() });
        let mut event = wire::Event {
            trigger: field(17, 25),
            actor: party("the army of Norden"),
            recipient: party("Sund"),
            claimant: "s4".to_owned(),
            confidence: 0.6,
            ..wire::Event::new(EventType::Assault, EventStatus::Happened)
        };
        change(&mut event);
        let statement = wire::Statement { id: "s4".to_owned(), content: field(10, 30), ..Default::default() };
        wire::Record { statements: vec![statement], events: Some(vec![event]), ..Default::default() }
    }

    fn scored(change: impl Fn(&mut wire::Event)) -> Counts {
        score(&gold(""), &record(change), 0.0)
    }

    #[test]
    fn a_report_that_is_right_in_all_counts_in_all() {
        let c = scored(|_| ());
        assert_eq!([c.gold, c.predicted, c.trigger, c.typed, c.tuple, c.full], [1; 6]);
        assert_eq!(c.false_happened, 0);
    }

    #[test]
    fn each_field_counts_by_itself() {
        assert_eq!(scored(|e| e.trigger.spans = vec![[0, 4]]).trigger, 0);
        let other_type = scored(|e| e.kind = EventType::Coerce);
        assert_eq!((other_type.trigger, other_type.typed, other_type.full), (1, 0, 0));
        let nobody = scored(|e| e.actor = None);
        assert_eq!((nobody.actor, nobody.recipient, nobody.tuple), (0, 1, 0));
        let article = scored(|e| e.claimant = "article".to_owned());
        assert_eq!((article.claimant, article.tuple, article.full), (0, 1, 0));
        let planned = scored(|e| e.status = EventStatus::Planned);
        assert_eq!((planned.status, planned.happened, planned.said_happened), (0, 0, 0));
    }

    #[test]
    fn what_is_said_to_have_happened_and_did_not_is_false() {
        let mut gold = gold("");
        gold.events[0].status = "denied".to_owned();
        let c = score(&gold, &record(|_| ()), 0.0);
        assert_eq!((c.said_happened, c.false_happened, c.status), (1, 1, 0));
    }

    #[test]
    fn a_second_reader_may_be_right_and_a_doubt_counts_for_nothing() {
        let other = gold(r#", "other": {"actor": [{"name": "Lund"}]}"#);
        let lund = |e: &mut wire::Event| e.actor.as_mut().unwrap().name = Some("Ada Lund".to_owned());
        assert_eq!(score(&other, &record(lund), 0.0).actor, 1);
        assert_eq!(scored(lund).actor, 0);
        assert_eq!(score(&gold(r#", "sure": false"#), &record(|_| ()), 0.0), Counts::default());
    }

    #[test]
    fn a_threshold_leaves_out_what_is_less_sure() {
        let c = score(&gold(""), &record(|_| ()), 0.7);
        assert_eq!((c.gold, c.predicted, c.full), (1, 0, 0));
    }

    #[test]
    fn intervals_hold_the_figure_and_are_the_same_at_every_run() {
        let one = |full| Counts { gold: 4, predicted: 4, typed: 4, full, ..Counts::default() };
        let all = [one(1), one(2), one(3), one(4)];
        let [low, high] = intervals(&all)[8];
        assert!(low < 0.625 && 0.625 < high, "{low} {high}");
        assert_eq!(intervals(&all), intervals(&all));
    }
}
