//! Event reports before anything is known about whom their words mean: which words tell an event, according to whom, and
//! whether it happened.
//!
//! The encoder says which words tell an event, of which type, with which status, and at which words the phrases for actor and
//! recipient begin. The rules here say who claims it, how far those phrases go, and what the words around a trigger change
//! about its status.

use onrecord_encoder::ModelError;
use onrecord_text::{Act, BlockKind, EventStatus, EventType, Span};
use serde::Deserialize;

use crate::analysis::{Analysis, Argument, Trigger};
use crate::attribute::NEAR;
use crate::english::is_pronoun;
use crate::found::{Found, FoundId};
use crate::lists::List;
use crate::reading::{Reading, Shape, WordId, WordRange};
use crate::stance;

/// What is reported and how sure it is: numbers that belong to a model's weights and come with them.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Words tell an event from this probability on.
    pub(crate) trigger: f32,
    /// An actor or a recipient is given from this probability of there being one on.
    pub(crate) argument: f32,
    /// How many times as probable a status becomes that a rule speaks for.
    pub(crate) rules: Rules,
    /// From this confidence on a report is sure: what evaluation reports beside all of them.
    pub(crate) sure: f32,
    /// What makes the evidence for a report a confidence; without it the probabilities are multiplied.
    pub(crate) calibration: Option<Calibration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { trigger: 0.25, argument: 0.5, rules: Rules::default(), sure: 0.05, calibration: None }
    }
}

/// How many times as probable a status becomes that a rule speaks for, by rule.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Rules {
    /// A negation before the trigger.
    undone: f32,
    /// A word before it that leaves open whether it happened.
    supposed: f32,
    /// A word before it that says it is to come.
    intended: f32,
    /// The act of the statement that tells it.
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

/// What speaks for a report, by name, in the order that a calibration expects. All are probabilities or 0 and 1.
pub const EVIDENCE: [&str; 10] = [
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

/// Evidence by the places of [`EVIDENCE`].
pub(crate) type Evidence = [f32; EVIDENCE.len()];

impl Settings {
    /// The settings that a model's property holds.
    ///
    /// # Errors
    ///
    /// When the property is no JSON object of these numbers, or its calibration expects other evidence.
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

    /// How sure a report is.
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

/// The log of the odds, between −5 and 5.
fn logit(p: f32) -> f32 {
    let p = p.clamp(0.0067, 0.9933);
    libm::logf(p / (1.0 - p))
}

/// A phrase that may name a party to an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Phrase {
    pub(crate) words: WordRange,
    /// How probable it is the party.
    pub(crate) score: f32,
}

/// A party to an event, as its words give it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Told {
    /// The phrases that may name it, the likeliest first; none where the article does not tell it near by.
    pub(crate) phrases: Vec<Phrase>,
    /// How probable it is that the article tells none.
    pub(crate) none: f32,
}

/// An event report, as its words give it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Report {
    pub(crate) words: WordRange,
    pub(crate) span: Span,
    pub(crate) kind: EventType,
    pub(crate) status: EventStatus,
    /// Whose statement tells it; none where the article does.
    pub(crate) claimant: Option<FoundId>,
    pub(crate) actor: Told,
    pub(crate) recipient: Told,
    /// How probable trigger, type and status are.
    pub(crate) scores: [f32; 3],
    /// Why the status is what it is, where a rule had a say.
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

/// The report that a trigger makes.
fn report(reading: &Reading<'_>, trigger: &Trigger, found: &[Found], settings: &Settings) -> Option<Report> {
    let span = trigger.words.span;
    let words = reading.words_of(span);
    // What stands in no block, or in a note on the article, tells no event of it.
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

/// Whether a block may tell an event.
fn tells_events(kind: BlockKind) -> bool {
    !matches!(kind, BlockKind::Byline | BlockKind::Dateline | BlockKind::Credit)
}

/// Leaves out what a headline, the summary below it or a caption tells and the running text tells as well.
fn without_announced(reading: &Reading<'_>, reports: &mut Vec<Report>) {
    let announces = |r: &Report| {
        matches!(
            reading.block_kind(r.words.start),
            BlockKind::Headline | BlockKind::Lead | BlockKind::Caption
        )
    };
    let mut told = [false; EventType::ALL.len()];
    for report in reports.iter().filter(|r| !announces(r)) {
        told[report.kind as usize] = true;
    }
    reports.retain(|r| !announces(r) || !told[r.kind as usize]);
}

/// Who claims what stands at a place: the innermost statement whose content holds it and whose cue does not; else the article.
/// What somebody is said to fear or to plan is theirs as well: the article does not claim it.
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

/// The statements near a place that may hold it.
pub(crate) fn near(found: &[Found], span: Span) -> std::ops::Range<usize> {
    let next = found.partition_point(|f| f.start() <= span.start());
    next.saturating_sub(NEAR)..next
}

/// Words before a trigger that may belong to its verb, at most.
const GROUP: usize = 5;

/// What a rule says of a status: how many times as probable it makes it, and why.
struct Vote {
    status: EventStatus,
    times: f32,
    why: &'static str,
}

/// Whether an event happened, how sure that is, and the rule that had a say.
fn status(
    reading: &Reading<'_>,
    trigger: &Trigger,
    words: WordRange,
    found: &[Found],
    claimant: Option<FoundId>,
    rules: &Rules,
) -> (EventStatus, f32, &'static str) {
    let vote =
        by_words(reading, words, rules).or_else(|| by_statement(reading, words, found, claimant, rules));
    let mut odds = trigger.status;
    if let Some(vote) = &vote {
        odds[vote.status as usize] *= vote.times;
    }
    let sum: f32 = odds.iter().sum();
    let best = (0..odds.len()).fold(0, |a, b| if odds[b] > odds[a] { b } else { a });
    let status = EventStatus::ALL[best];
    let why = vote.filter(|v| v.status == status).map_or("", |v| v.why);
    (status, odds[best] / sum, why)
}

/// What the words of a trigger's own verb say of its status: “did not fire”, “may have fired”, “will fire”.
fn by_words(reading: &Reading<'_>, trigger: WordRange, rules: &Rules) -> Option<Vote> {
    let sentence = reading.sentence_of(trigger.start);
    let before = WordRange { start: sentence.start, end: trigger.start };
    let of_the_verb = |word: &WordId| {
        let lists = [List::EventUndone, List::EventIntended, List::EventSupposed, List::Finite];
        let lower = reading.lower(*word);
        lists.iter().any(|l| reading.listed(*word, *l))
            || matches!(lower, "be" | "been" | "being" | "have" | "having")
            || lower.ends_with("ly")
            || is_negative(lower)
    };
    let group = || before.iter().rev().take(GROUP).take_while(of_the_verb);
    let has = |list: List| group().any(|w| reading.listed(w, list));
    if has(List::EventUndone) || group().any(|w| is_negative(reading.lower(w))) {
        let why = "a negation before it";
        return Some(Vote { status: EventStatus::Denied, times: rules.undone, why });
    }
    if has(List::EventSupposed) {
        let why = "a word before it that leaves open whether it happened";
        return Some(Vote { status: EventStatus::Possible, times: rules.supposed, why });
    }
    has(List::EventIntended).then(|| {
        let why = "a word before it that says it is to come";
        Vote { status: EventStatus::Planned, times: rules.intended, why }
    })
}

fn is_negative(word: &str) -> bool {
    word.ends_with("n't") || word.ends_with("n’t")
}

/// What the statement that tells an event says of its status: what is denied did not happen, what is demanded, promised or
/// threatened is to come, what is asked is open.
fn by_statement(
    reading: &Reading<'_>,
    trigger: WordRange,
    found: &[Found],
    claimant: Option<FoundId>,
    rules: &Rules,
) -> Option<Vote> {
    let statement = &found[claimant?.0];
    let content = reading.words_of(statement.content.spans()[0]);
    // Only the first act of a content is what the cue governs: “denied firing on the men who had fled”.
    let near = trigger.start.0.saturating_sub(content.start.0) as usize <= GOVERNED;
    if !near {
        return None;
    }
    let (status, why) = match stance::act(reading, statement) {
        Act::Deny => (EventStatus::Denied, "a denial of it"),
        Act::Demand => (EventStatus::Planned, "a demand for it"),
        Act::Promise => (EventStatus::Planned, "a promise of it"),
        Act::Threaten => (EventStatus::Planned, "a threat of it"),
        Act::Ask => (EventStatus::Possible, "a question about it"),
        _ => return None,
    };
    Some(Vote { status, times: rules.statement, why })
}

/// Words from the start of a content to the act that its cue governs, at most.
const GOVERNED: usize = 8;

/// Words of a phrase, at most.
const LONGEST: usize = 14;

/// The noun phrase that begins at a word, or whose article stands right before it. It ends before the trigger, a mark, a verb's
/// small words or a preposition other than “of”.
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
        let word = reading.word(end).is_word() && reading.lower(end) != "of";
        let quantity = begins && word && !reading.listed(end, List::Finite);
        if !quantity && !goes_on(reading, last, end) {
            break;
        }
        last = end;
        end = WordId(end.0 + 1);
    }
    // “the army of | …”: what joins nothing does not belong to it.
    while end > WordId(first.0 + 1) && joins(reading, WordId(end.0 - 1)) {
        end = WordId(end.0 - 1);
    }
    WordRange { start, end }
}

/// A phrase's start with the article or the possessive pronoun before it.
fn with_article(reading: &Reading<'_>, first: WordId, trigger: WordRange) -> WordId {
    let before = reading.before(first).filter(|&w| w >= trigger.end || w < trigger.start);
    let article = |w: &WordId| {
        let lower = reading.lower(*w);
        matches!(lower, "a" | "an" | "the" | "these" | "those")
            || matches!(lower, "his" | "its" | "their" | "our" | "my")
    };
    before.filter(article).unwrap_or(first)
}

/// Whether a pronoun owns what follows: “his lawyer”.
fn owns(reading: &Reading<'_>, pronoun: WordId) -> bool {
    matches!(reading.lower(pronoun), "his" | "its" | "their" | "her")
        && reading.after(pronoun).is_some_and(|w| goes_on(reading, pronoun, w))
}

/// Whether a word only joins others in a phrase.
fn joins(reading: &Reading<'_>, word: WordId) -> bool {
    matches!(reading.lower(word), "of" | "and" | "&" | "the" | "a" | "an" | "-")
        || reading.word(word).is_possessive()
}

/// Whether a phrase goes on from a word to the next.
fn goes_on(reading: &Reading<'_>, last: WordId, next: WordId) -> bool {
    let word = reading.word(next);
    let (lower, before) = (reading.lower(next), reading.lower(last));
    if word.is_possessive() {
        return true;
    }
    if !word.is_word() {
        return matches!(lower, "-" | "&");
    }
    // “on | Monday”: an expression of time is no part of it.
    let time = reading.times().partition_point(|e| e.span.end() <= word.span.start());
    if reading.times().get(time).is_some_and(|e| e.span.start() == word.span.start()) {
        return false;
    }
    // “thousands of | the workers”, “the head of | his party”, but not “accused them of | lying”.
    if before == "of" {
        let article = matches!(lower, "the" | "a" | "an" | "his" | "her" | "its" | "their");
        let other = reading.listed(next, List::EventAfterPhrase) || reading.listed(next, List::Prepositions);
        return article || !(other || is_gerund(reading, next));
    }
    match lower {
        "of" => true,
        // “Washington and Beijing”, “the US and its allies”, “the crew and passengers”: not “Lund came and sat down”.
        "and" => reading.after(next).is_some_and(|w| {
            let capitals = reading.word(w).is_capital() && reading.word(last).is_capital();
            let plural = |w: WordId| reading.lower(w).len() > 3 && reading.lower(w).ends_with('s');
            let quantity = reading.word(w).shape == Shape::Number
                || matches!(
                    reading.lower(w),
                    "its" | "many" | "more" | "other" | "several" | "some" | "their"
                );
            let verb = reading.listed(w, List::EventVerbs);
            !verb && (capitals || quantity || (plural(w) && plural(last)))
        }),
        _ if before == "and" => !reading.listed(next, List::Finite),
        _ => {
            !(reading.listed(next, List::EventAfterPhrase)
                || reading.listed(next, List::Prepositions)
                || reading.listed(next, List::Finite)
                || is_negative(lower)
                || is_adverb(lower)
                || reading.listed(next, List::EventVerbs)
                || begins_clause(reading, last, next))
        }
    }
}

/// Whether a word in small letters is an adverb, by its ending.
fn is_adverb(lower: &str) -> bool {
    lower.len() > 5
        && lower.ends_with("ly")
        && !matches!(lower, "assembly" | "family" | "monopoly" | "supply")
}

/// Whether a word in small letters is a verb's form in -ing.
fn is_gerund(reading: &Reading<'_>, word: WordId) -> bool {
    reading.word(word).shape == Shape::Small
        && reading.lower(word).len() > 4
        && reading.lower(word).ends_with("ing")
}

/// Whether a verb or a participle begins what is said of a noun: “protesters | blocking”, “the state | learned”, “Norden |
/// denies”. Before its noun a participle follows an article, an adverb or a possessive: “the armed men”.
fn begins_clause(reading: &Reading<'_>, last: WordId, next: WordId) -> bool {
    let lower = reading.lower(next);
    if reading.word(next).shape != Shape::Small {
        return false;
    }
    let participle = lower.len() > 3 && (lower.ends_with("ed") || lower.ends_with("ing"));
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
    use crate::testing::{Marked, marked};

    fn reports_of(marked: &Marked) -> Vec<Report> {
        reports(&marked.reading(), &marked.analysis, &marked.found(), &Settings::default())
    }

    /// `trigger | status | claimant`, the claimant by its cue.
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
            ("Norden will [V attack] Sund.", "planned"),
            ("Norden may have [V attacked] Sund.", "possible"),
            ("Norden has repeatedly [V attacked] Sund.", "happened"),
            // The negation is another verb’s.
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
            ("[S Brandt] [C said] [T that Norden [V attacked] Sund].", "happened"),
            // What stands far behind in a denial is no longer what is denied.
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
