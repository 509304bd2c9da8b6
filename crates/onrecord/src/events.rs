//! Finds event reports before their words are resolved: which words report an event, who claims it, and whether it
//! happened.
//!
//! The encoder decides which words report an event, its type and status, and the words where the phrases for actor and
//! recipient begin. The rules here decide who claims it, where those phrases end, and how the words around a trigger
//! change its status.

use std::collections::HashSet;

use onrecord_encoder::ModelError;
use onrecord_text::{Act, BlockKind, EventStatus, EventType, Span, Status};
use serde::Deserialize;

use crate::analysis::{Analysis, Argument, Trigger};
use crate::english::{
    self, INFINITIVE, OF, WOULD, YET, is_adverb, is_and, is_gerund, is_negated, is_pronoun, is_regular_past,
};
use crate::found::{Found, FoundId, NEAR};
use crate::lists::List;
use crate::odds::greatest;
use crate::reading::{Reading, Shape, WordId, WordRange};
use crate::stance;

/// Thresholds and weights for event reports. They belong to a model's weights and come with the model.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// The minimum probability of a trigger.
    pub(crate) trigger: f32,
    /// The minimum probability that there is an actor, or a recipient, for it to be given.
    pub(crate) argument: f32,
    /// The factor by which a rule multiplies the probability of the status that it favours.
    pub(crate) rules: Rules,
    /// The minimum confidence of a sure report. Evaluation reports these separately as well.
    pub(crate) sure: f32,
    /// Turns the evidence for a report into a confidence; without it the probabilities are multiplied.
    pub(crate) calibration: Option<Calibration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { trigger: 0.25, argument: 0.5, rules: Rules::default(), sure: 0.05, calibration: None }
    }
}

/// The factors by which rules multiply the probability of the status that they favour.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Rules {
    /// A negation before the trigger.
    undone: f32,
    /// A word before the trigger that leaves open whether the event happened.
    supposed: f32,
    /// A word before the trigger that puts the event in the future.
    intended: f32,
    /// The act of the statement that reports the event.
    statement: f32,
}

impl Default for Rules {
    fn default() -> Self {
        Self { undone: 20.0, supposed: 4.0, intended: 4.0, statement: 20.0 }
    }
}

/// A logistic regression over the evidence for a report.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Calibration {
    features: Vec<String>,
    weights: Vec<f32>,
    bias: f32,
}

/// The event reports of an article, with the settings that weigh them.
#[derive(Clone, Copy)]
pub(crate) struct Reports<'a> {
    pub(crate) all: &'a [Report],
    pub(crate) settings: &'a Settings,
}

/// The names of the evidence for a report, in the order that a calibration expects. All values are probabilities, or 0
/// or 1.
pub(crate) const EVIDENCE: [&str; 10] = [
    "trigger",
    "type",
    "status",
    "happened",
    "actor",
    "actor_given",
    "recipient",
    "recipient_given",
    "claimed",
    "claimant",
];

/// The evidence for a report, in the order of [`EVIDENCE`].
pub(crate) type Evidence = [f32; EVIDENCE.len()];

impl Settings {
    /// Reads the settings from a model's property.
    ///
    /// # Errors
    ///
    /// If the property is not a JSON object of these numbers, or if its calibration expects other evidence.
    pub(crate) fn parse(json: &str) -> Result<Self, ModelError> {
        let settings: Self = serde_json::from_str(json)
            .map_err(|e| ModelError::new(format!("its settings for events are damaged: {e}")))?;
        if let Some(c) = &settings.calibration
            && (c.features != EVIDENCE || c.weights.len() != EVIDENCE.len())
        {
            return Err(ModelError::new("its calibration of events expects other evidence"));
        }
        Ok(settings)
    }

    /// The confidence of a report.
    pub(crate) fn confidence(&self, evidence: &Evidence) -> f32 {
        let [trigger, kind, status, _, actor, _, recipient, _, _, claimant] = *evidence;
        match &self.calibration {
            None => trigger * kind * status * actor * recipient * claimant,
            Some(c) => {
                let sum = c.weights.iter().zip(evidence).fold(c.bias, |sum, (w, e)| sum + w * logit(*e));
                1.0 / (1.0 + libm::expf(-sum))
            }
        }
    }
}

/// The logarithm of the odds, limited to the range from −5 to 5.
fn logit(p: f32) -> f32 {
    let p = p.clamp(0.0067, 0.9933);
    libm::logf(p / (1.0 - p))
}

/// A phrase that may name a party to an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Phrase {
    pub(crate) words: WordRange,
    /// The probability that it names the party.
    pub(crate) score: f32,
}

/// A party to an event, as the article words it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Told {
    /// The phrases that may name the party, most probable first. Empty if the nearby text does not name it.
    pub(crate) phrases: Vec<Phrase>,
    /// The probability that the article names no such party.
    pub(crate) none: f32,
}

/// An event report, as the article words it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Report {
    pub(crate) words: WordRange,
    pub(crate) span: Span,
    pub(crate) kind: EventType,
    pub(crate) status: EventStatus,
    /// The statement that reports the event; `None` if the article itself does.
    pub(crate) claimant: Option<FoundId>,
    pub(crate) actor: Told,
    pub(crate) recipient: Told,
    /// The probabilities of the trigger, its type and its status.
    pub(crate) scores: [f32; 3],
    /// The reason for the status, if a rule affected it.
    pub(crate) why_status: &'static str,
}

/// The event reports of an article, in text order.
pub(crate) fn reports(
    reading: &Reading<'_>,
    analysis: &Analysis,
    found: &[Found],
    settings: &Settings,
) -> Vec<Report> {
    let sure = analysis.triggers.iter().filter(|t| t.words.score >= settings.trigger);
    let mut reports: Vec<Report> =
        sure.filter_map(|trigger| report(reading, trigger, found, settings)).collect();
    reports.sort_by_key(|r| (r.span.start(), r.span.end()));
    without_announced(reading, &mut reports);
    reports
}

/// The report that a trigger yields, if any.
fn report(reading: &Reading<'_>, trigger: &Trigger, found: &[Found], settings: &Settings) -> Option<Report> {
    let span = trigger.words.span;
    let words = reading.words_of(span);
    // Text outside any block, or in a note about the article, reports none of its events.
    if words.is_empty() || !tells_events(reading.block_kind(words.start)) {
        return None;
    }
    let claimant = claimant(found, span);
    let (status, sure, why_status) = status(reading, trigger, words, found, claimant, &settings.rules);
    let told = |argument: &Argument| {
        let given = 1.0 - argument.none >= settings.argument;
        let starts = argument.starts.iter().filter(|_| given);
        let phrases = starts.filter_map(|start| {
            let first = reading.words_of(start.span).first()?;
            let words = phrase(reading, first, words);
            (!words.is_empty()).then_some(Phrase { words, score: start.score })
        });
        Told { phrases: phrases.collect(), none: argument.none }
    };
    Some(Report {
        words,
        span,
        kind: trigger.kind,
        status,
        claimant,
        actor: told(&trigger.actor),
        recipient: told(&trigger.recipient),
        scores: [trigger.words.score, trigger.kind_score, sure],
        why_status,
    })
}

/// Whether a block of this kind may report an event.
fn tells_events(kind: BlockKind) -> bool {
    !matches!(kind, BlockKind::Byline | BlockKind::Dateline | BlockKind::Credit)
}

/// Removes reports in a headline, summary or caption if the running text reports an event of the same type: nearly always,
/// it is the same event.
fn without_announced(reading: &Reading<'_>, reports: &mut Vec<Report>) {
    let announces = |r: &Report| {
        matches!(
            reading.block_kind(r.words.start),
            BlockKind::Headline | BlockKind::Lead | BlockKind::Caption
        )
    };
    let told: HashSet<EventType> = reports.iter().filter(|r| !announces(r)).map(|r| r.kind).collect();
    reports.retain(|r| !announces(r) || !told.contains(&r.kind));
}

/// The statement that claims the words at a span: the innermost one whose content contains them, but not its cue;
/// `None` if the article itself claims them. What somebody is said to fear or plan is also their claim, not the
/// article's.
pub(crate) fn claimant(found: &[Found], span: Span) -> Option<FoundId> {
    let near = near(found, span);
    let held_by = |f: &Found| f.content.spans().iter().any(|s| s.contains(span));
    let own_cue = |f: &Found| f.cue.as_ref().is_some_and(|c| c.overlaps(span));
    let around = near.filter(|&n| held_by(&found[n]) && !own_cue(&found[n]));
    let innermost = around.min_by_key(|&n| {
        let extent = found[n].content.extent();
        (extent.end() - extent.start(), std::cmp::Reverse(n))
    });
    innermost.map(FoundId)
}

/// The preceding statements that are close enough to contain a span.
pub(crate) fn near(found: &[Found], span: Span) -> std::ops::Range<usize> {
    let next = found.partition_point(|f| f.start() <= span.start());
    next.saturating_sub(NEAR)..next
}

/// The most words before a trigger that may belong to its verb.
const GROUP: usize = 5;

/// A rule's vote for a status: the factor for its probability, and the reason.
struct Vote {
    status: EventStatus,
    times: f32,
    why: &'static str,
}

/// Whether an event happened, the probability of that status, and the rule that affected it.
fn status(
    reading: &Reading<'_>,
    trigger: &Trigger,
    words: WordRange,
    found: &[Found],
    claimant: Option<FoundId>,
    rules: &Rules,
) -> (EventStatus, f32, &'static str) {
    let vote = by_words(reading, words, claimant.is_some(), rules)
        .or_else(|| by_statement(reading, words, found, claimant, rules));
    let mut odds = trigger.status;
    for (odds, status) in odds.iter_mut().zip(EventStatus::ALL) {
        if let Some(vote) = vote.as_ref().filter(|v| v.status == status) {
            *odds *= vote.times;
        }
    }
    let sum: f32 = odds.iter().sum();
    let best = greatest(&odds);
    let status = EventStatus::ALL[best];
    let why = vote.filter(|v| v.status == status).map_or("", |v| v.why);
    (status, odds[best] / sum, why)
}

/// The vote of the words that belong to a trigger's verb: “did not fire”, “may have fired”, “will fire”. In a claim,
/// “would fire” usually stands for the speaker's “will fire”, but “would have fired” does not.
fn by_words(reading: &Reading<'_>, trigger: WordRange, claimed: bool, rules: &Rules) -> Option<Vote> {
    let sentence = reading.sentence_of(trigger.start);
    let before = WordRange { start: sentence.start, end: trigger.start };
    let of_the_verb = |word: &WordId| {
        let lists =
            [List::EventUndone, List::EventIntended, List::EventSupposed, List::Finite, List::Be, List::Have];
        let lower = reading.lower(*word);
        reading.listed_in(*word, &lists) || is_adverb(lower) || is_negated(lower) || lower == YET
    };
    let group = || {
        let all = before.iter().rev().take(GROUP).take_while(of_the_verb);
        all.filter(|&w| !stance::is_name_or_time(reading, w, trigger.start))
    };
    let has = |list: List| group().any(|w| reading.listed(w, list));
    let before_infinitive = |w: WordId| reading.after(w).is_some_and(|w| reading.lower(w) == INFINITIVE);
    let yet = group().any(|w| reading.lower(w) == YET && before_infinitive(w));
    let undone = yet || has(List::EventUndone) || group().any(|w| is_negated(reading.lower(w)));
    if undone && !has(List::EventOpen) {
        let why = "a negation before it";
        return Some(Vote { status: EventStatus::Denied, times: rules.undone, why });
    }
    let to_come = claimed && group().any(|w| reading.lower(w) == WOULD) && !has(List::Have);
    let supposes = |w| reading.listed(w, List::EventSupposed) && !(to_come && reading.lower(w) == WOULD);
    if group().any(supposes) {
        let why = "a word before it that leaves open whether it happened";
        return Some(Vote { status: EventStatus::Possible, times: rules.supposed, why });
    }
    (to_come || has(List::EventIntended)).then(|| {
        let why = "a word before it that says it is to come";
        Vote { status: EventStatus::Planned, times: rules.intended, why }
    })
}

/// The vote of the statement that reports an event: a denied event did not happen, a demanded, promised or threatened
/// one is in the future, and one that is asked about is open. So is one in a statement that was not made or may not have
/// been made: “did not deny that it had attacked”, “if she says that it attacked”.
fn by_statement(
    reading: &Reading<'_>,
    trigger: WordRange,
    found: &[Found],
    claimant: Option<FoundId>,
    rules: &Rules,
) -> Option<Vote> {
    let statement = &found[claimant?.0];
    let content = reading.words_of(statement.content.spans()[0]);
    // The cue governs only the first act of a content: “denied firing on the men who had fled”.
    let near = trigger.start.0.saturating_sub(content.start.0) as usize <= GOVERNED;
    if !near {
        return None;
    }
    let unmade = || stance::status(reading, statement) != Status::Made;
    // A clause tells the act itself. In “rejected calls for talks”, the calls were made.
    let first = reading.lower(content.start);
    let clause = List::Complementizers.has(first) || (content.start == trigger.start && is_gerund(first));
    let (status, why) = match stance::act(reading, statement) {
        _ if clause && unmade() => {
            return Some(Vote {
                status: EventStatus::Possible,
                times: CERTAIN,
                why: "a statement that was not made",
            });
        }
        Act::Deny if clause => {
            return Some(Vote { status: EventStatus::Denied, times: CERTAIN, why: "a denial of it" });
        }
        Act::Deny => (EventStatus::Denied, "a denial of it"),
        Act::Demand => (EventStatus::Planned, "a demand for it"),
        Act::Promise => (EventStatus::Planned, "a promise of it"),
        Act::Threaten => (EventStatus::Planned, "a threat of it"),
        Act::Ask => (EventStatus::Possible, "a question about it"),
        _ => return None,
    };
    Some(Vote { status, times: rules.statement, why })
}

/// The factor of a vote that decides.
const CERTAIN: f32 = 1e6;

/// The furthest that an act governed by a cue may be from the start of the content, in words.
const GOVERNED: usize = 8;

/// The most words that a phrase may have.
const LONGEST: usize = 14;

/// The noun phrase that begins at a word or whose article directly precedes it. It ends before the trigger, a mark, an
/// auxiliary word of a verb, or a preposition other than “of”.
fn phrase(reading: &Reading<'_>, first: WordId, trigger: WordRange) -> WordRange {
    let start = with_article(reading, first, trigger);
    let one = |w: WordId| WordRange { start: w, end: WordId(w.0 + 1) };
    if is_pronoun(reading.lower(first)) && !owns(reading, first) {
        return one(first);
    }
    let sentence = reading.sentence_of(first);
    let mut end = WordId(first.0 + 1);
    let mut last = first;
    let mut begins = true;
    while end < sentence.end && end != trigger.start && (end.0 - start.0) < LONGEST as u32 {
        // “at least 180 | people”: the noun is still to come.
        begins &= reading.listed(last, List::EventQuantity) || reading.word(last).shape == Shape::Number;
        let word = reading.word(end).is_word() && reading.lower(end) != OF;
        let quantity = begins && word && !reading.listed(end, List::Finite);
        let accused = start == trigger.end
            && trigger.iter().any(|w| reading.listed(w, List::EventGovernsOf))
            && names_a_charge(reading, end);
        if accused || (!quantity && !goes_on(reading, last, end)) {
            break;
        }
        last = end;
        end = WordId(end.0 + 1);
    }
    // “the army of | …”: a joining word at the end joins nothing and is cut off.
    while end > WordId(first.0 + 1) && joins(reading, WordId(end.0 - 1)) {
        end = WordId(end.0 - 1);
    }
    WordRange { start, end }
}

/// Whether “of” begins what somebody is accused of, after the words for them: “police | of brutality”, but not “the head |
/// of the party”.
fn names_a_charge(reading: &Reading<'_>, of: WordId) -> bool {
    let bare = |w: WordId| {
        reading.word(w).shape == Shape::Small
            && !reading.listed(w, List::Articles)
            && !reading.listed(w, List::Possessives)
    };
    reading.lower(of) == OF && reading.after(of).is_some_and(bare)
}

/// The start of a phrase, including the article or possessive pronoun before it.
fn with_article(reading: &Reading<'_>, first: WordId, trigger: WordRange) -> WordId {
    let before = reading.before(first).filter(|&w| w >= trigger.end || w < trigger.start);
    before.filter(|&w| reading.listed(w, List::EventDeterminers)).unwrap_or(first)
}

/// Whether a pronoun is a possessive before a noun: “his lawyer”.
fn owns(reading: &Reading<'_>, pronoun: WordId) -> bool {
    reading.listed(pronoun, List::Possessives)
        && reading.after(pronoun).is_some_and(|w| goes_on(reading, pronoun, w))
}

/// Whether a word serves only to join others in a phrase.
fn joins(reading: &Reading<'_>, word: WordId) -> bool {
    let lower = reading.lower(word);
    matches!(lower, OF | "-")
        || is_and(lower)
        || reading.listed(word, List::Articles)
        || reading.word(word).is_possessive()
}

/// Whether a phrase continues from one word to the next.
fn goes_on(reading: &Reading<'_>, last: WordId, next: WordId) -> bool {
    let word = reading.word(next);
    let (lower, before) = (reading.lower(next), reading.lower(last));
    if word.is_possessive() {
        return true;
    }
    if !word.is_word() {
        return matches!(lower, "-" | "&");
    }
    // “on | Monday”: an expression of time is not part of the phrase.
    if reading.time_at(next).is_some_and(|e| e.span.start() == word.span().start()) {
        return false;
    }
    // “thousands of | the workers”, “the head of | his party”, but not “accused them of | lying”.
    if before == OF {
        let article = reading.listed(next, List::Articles) || reading.listed(next, List::Possessives);
        let other = reading.listed(next, List::EventAfterPhrase) || reading.listed(next, List::Prepositions);
        return article || !(other || word.shape == Shape::Small && is_gerund(lower));
    }
    match lower {
        OF => true,
        // “Washington and Beijing”, “the US and its allies”, “the crew and passengers”: not “Lund came and sat down”.
        english::AND => reading.after(next).is_some_and(|w| {
            let capitals = reading.word(w).is_capital() && reading.word(last).is_capital();
            let plural = |w: WordId| reading.lower(w).len() > 3 && reading.lower(w).ends_with('s');
            let quantity = reading.word(w).shape == Shape::Number || reading.listed(w, List::EventJoined);
            let verb = reading.listed(w, List::EventVerbs);
            !verb && (capitals || quantity || (plural(w) && plural(last)))
        }),
        _ if before == english::AND => !reading.listed(next, List::Finite),
        _ => {
            !(reading.listed(next, List::EventAfterPhrase)
                || reading.listed(next, List::Prepositions)
                || reading.listed(next, List::Finite)
                || is_negated(lower)
                || (is_adverb(lower) && !reading.listed(next, List::EventAttributive))
                || reading.listed(next, List::EventVerbs)
                || begins_clause(reading, last, next))
        }
    }
}

/// Whether a verb or participle begins a clause about the noun before it: “protesters | blocking”, “the state |
/// learned”, “Norden | denies”. A participle that modifies the noun after it follows an article, an adverb or a
/// possessive: “the armed men”.
fn begins_clause(reading: &Reading<'_>, last: WordId, next: WordId) -> bool {
    let lower = reading.lower(next);
    if reading.word(next).shape != Shape::Small {
        return false;
    }
    let participle = is_regular_past(lower) || is_gerund(lower);
    let before_noun = reading.listed(last, List::EventQuantity)
        || reading.word(last).is_possessive()
        || reading.word(last).shape == Shape::Number
        || is_adverb(reading.lower(last));
    let says = reading.word(last).is_capital() && stance::is_act(lower);
    (participle && !before_noun) || says
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;
    use crate::testing::{Marked, marked};

    fn reports_of(marked: &Marked) -> Vec<Report> {
        reports(&marked.reading(), &marked.analysis, &marked.found(), &Settings::default())
    }

    /// Checks reports written as `trigger | status | claimant`; the claimant is given by its cue.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let marked = marked(text);
        let found = marked.found();
        let text_of = &marked.article.text;
        let line = |r: &Report| {
            let claimant = r.claimant.map_or("article".to_owned(), |FoundId(n)| {
                found[n].cue.as_ref().map_or("no cue".to_owned(), |c| c.text(text_of))
            });
            format!("{} | {} | {claimant}", r.span.of(text_of), r.status.name())
        };
        assert_eq!(reports_of(&marked).iter().map(line).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn the_innermost_statement_whose_content_tells_an_event_claims_it() {
        check("Norden [V attacked] Sund.", &["attacked | happened | article"]);
        check("[S Brandt] [C said] [T that Norden [V attacked] Sund].", &["attacked | happened | said"]);
        check(
            "[S Brandt] [C said] [T that] [s Lund] [c claimed] [t that Norden [V attacked] Sund].",
            &["attacked | happened | claimed"],
        );
    }

    #[test]
    fn a_cue_that_is_an_event_belongs_to_who_tells_the_statement() {
        check(
            "[S Brandt] [C [V accused]] [T Norden of [V attacking] Sund].",
            &["accused | happened | article", "attacking | happened | accused"],
        );
    }

    #[test]
    fn a_thought_is_its_thinkers() {
        check("[S Brandt] [C feared] [T that Norden [V attacked] Sund].", &["attacked | happened | feared"]);
    }

    #[test]
    fn words_before_a_trigger_change_its_status() {
        for (text, status) in [
            ("Norden [V attacked] Sund.", "happened"),
            ("Norden did not [V attack] Sund.", "denied"),
            ("Norden didn’t [V attack] Sund.", "denied"),
            ("Norden never [V attacked] Sund.", "denied"),
            ("Norden nearly [V attacked] Sund.", "denied"),
            ("Norden has yet to [V attack] Sund.", "denied"),
            ("Norden might not [V attack] Sund.", "possible"),
            ("Norden could not [V attack] Sund.", "denied"),
            ("Norden will [V attack] Sund.", "planned"),
            ("Norden may have [V attacked] Sund.", "possible"),
            ("Norden has repeatedly [V attacked] Sund.", "happened"),
            ("Norden would [V attack] Sund.", "possible"),
            ("[S Brandt] [C said] [T that Norden would [V attack] Sund].", "planned"),
            ("[S Brandt] [C said] [T that Norden would have [V attacked] Sund].", "possible"),
            ("[S Brandt] [C said] [T that Norden would not [V attack] Sund].", "denied"),
            ("[S Brandt] [C said] [T that Norden would perhaps [V attack] Sund].", "possible"),
            // The negation belongs to another verb.
            ("Norden did not answer but soldiers [V attacked] Sund.", "happened"),
        ] {
            let marked = marked(text);
            assert_eq!(reports_of(&marked)[0].status.name(), status, "{text}");
        }
    }

    #[test]
    fn the_act_of_a_statement_changes_the_status_of_what_it_governs() {
        for (text, status) in [
            ("[S Norden] [C denied] [T that it [V attacked] Sund].", "denied"),
            ("[S Brandt] [C urged] [T Norden to [V attack] Sund].", "planned"),
            ("[S Norden] [C threatened] [T to [V attack] Sund].", "planned"),
            ("[S Brandt] [C asked] [T whether Norden [V attacked] Sund].", "possible"),
            ("[S Norden] [C did not deny] [T that it [V attacked] Sund].", "possible"),
            ("If [S Brandt] [C says] [T that Norden [V attacked] Sund], Sund will pay.", "possible"),
            ("[S Brandt] [C said] [T that Norden [V attacked] Sund].", "happened"),
            // An act far into the content of a denial is no longer the act denied.
            (
                "[S Norden] [C denied] [T that it would ever open the gates of the old harbour to those who [V attacked] Sund].",
                "happened",
            ),
        ] {
            let marked = marked(text);
            assert_eq!(reports_of(&marked)[0].status.name(), status, "{text}");
        }
    }

    #[test]
    fn a_rule_says_why() {
        let marked = marked("Norden did not [V attack] Sund.");
        assert_eq!(reports_of(&marked)[0].why_status, "a negation before it");
    }

    /// docs/EVENTS.md has the threshold of the model in its example for R and in the table of its figures.
    #[test]
    fn the_documentation_has_the_threshold_of_the_model() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/EVENTS.md");
        let page = std::fs::read_to_string(path).expect("docs/EVENTS.md");
        let after = |words: &str| {
            let (_, rest) = page.split_once(words).unwrap_or_else(|| panic!("“{words}” is on the page"));
            let end = rest.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(rest.len());
            rest[..end].parse::<f32>().expect("a number")
        };
        let sure = crate::Engine::new().sure_of_events();
        for words in ["sure <- ", "| all reports | confidence of ", "“reports of confidence "] {
            let shown = after(words);
            assert!((shown - sure).abs() < 0.001, "“{words}{shown}”, but the model has {sure}");
        }
    }

    #[test]
    fn what_is_hardly_sure_is_no_report() {
        check("Norden [V0.2 attacked] Sund.", &[]);
        check("Norden [V0.3 attacked] Sund.", &["attacked | happened | article"]);
    }

    #[test]
    fn a_headline_gives_way_to_the_text_below_it() {
        check(
            "Norden [V attacks] Sund\n\nTALLBERG — Norden [V attacked] the town of Sund on Monday, and nobody knew why.",
            &["attacked | happened | article"],
        );
    }

    #[track_caller]
    fn check_actor(text: &str, expected: &str) {
        let marked = marked(text);
        let report = &reports_of(&marked)[0];
        let phrase = report.actor.phrases.first().unwrap_or_else(|| panic!("no actor in {text}"));
        let span = marked.reading().span_of(phrase.words).unwrap();
        assert_eq!(span.of(&marked.article.text), expected, "{text}");
    }

    #[test]
    fn a_phrase_ends_with_its_noun() {
        for (text, phrase) in [
            ("[1 Thousands] of angry teachers have [V marched].", "Thousands of angry teachers"),
            ("At [1 least] 180 people were [V attacked].", "least 180 people"),
            ("The [1 rebel] group quickly [V attacked] Sund.", "The rebel group"),
            ("It was [V attacked] by [1 soldiers] in masks.", "soldiers"),
            ("[1 Norden]’s army [V attacked] Sund.", "Norden’s army"),
            ("[1 Norden]’s [V attack] failed.", "Norden"),
            ("[1 Norden]’s only army [V attacked] Sund.", "Norden’s only army"),
            ("[1 Norden] and Tarn [V attacked] Sund.", "Norden and Tarn"),
            ("The [1 crew] and passengers [V attacked] Sund.", "The crew"),
            ("[1 Officials] blamed the men who [V attacked] Sund.", "Officials"),
            ("[1 Soldiers] Monday [V attacked] Sund.", "Soldiers"),
            ("[1 She] then [V attacked] Sund.", "She"),
            ("[1 Their] leader [V attacked] Sund.", "Their leader"),
            ("The [1 head] of the party [V attacked] Sund.", "The head of the party"),
            ("The [1 armed] men [V attacked] Sund.", "The armed men"),
            ("The [1 state] learned that it was [V attacked].", "The state"),
            ("[1 Norden] denies that it [V attacked] Sund.", "Norden"),
            ("Lund [V accused] [1 police] of brutality.", "police"),
            ("Lund [V accused] [1 the] head of the party.", "the head of the party"),
            ("[1 Police] of Sund [V accused] Lund.", "Police of Sund"),
        ] {
            check_actor(text, phrase);
        }
    }

    #[test]
    fn nobody_acts_where_the_text_hardly_tells_anybody() {
        let mut marked = marked("[1 Soldiers] [V attacked] Sund.");
        assert_eq!(reports_of(&marked)[0].actor.phrases.len(), 1);
        marked.analysis.triggers[0].actor.none = 0.6;
        assert!(reports_of(&marked)[0].actor.phrases.is_empty());
    }

    #[test]
    fn settings_come_from_the_model_and_are_checked() {
        let settings = Settings::parse(r#"{"trigger": 0.7, "rules": {"undone": 2}}"#).unwrap();
        assert_eq!((settings.trigger, settings.rules.undone, settings.rules.statement), (0.7, 2.0, 20.0));
        assert!(Settings::parse(r#"{"triger": 0.7}"#).is_err());
        let other = r#"{"calibration": {"features": ["moon"], "weights": [1], "bias": 0}}"#;
        let error = Settings::parse(other).unwrap_err().to_string();
        assert!(error.contains("other evidence"), "{error}");
    }

    #[test]
    fn an_engine_tells_the_limits_that_its_settings_give() {
        let engine = Engine::new().with_event_settings(r#"{"trigger": 0.7, "sure": 0.4}"#).unwrap();
        assert_eq!((engine.least_trigger(), engine.sure_of_events()), (0.7, 0.4));
    }

    #[test]
    fn confidence_is_a_product_or_what_a_calibration_makes_of_it() {
        let evidence = [0.5, 1.0, 0.5, 1.0, 0.5, 1.0, 1.0, 1.0, 0.0, 1.0];
        assert!((Settings::default().confidence(&evidence) - 0.125).abs() < 1e-6);
        let mut weights = [0.0; EVIDENCE.len()];
        weights[0] = 1.0;
        let calibration = serde_json::json!({"features": EVIDENCE, "weights": weights, "bias": 0.0});
        let json = serde_json::json!({ "calibration": calibration }).to_string();
        assert!((Settings::parse(&json).unwrap().confidence(&evidence) - 0.5).abs() < 1e-6);
    }
}
