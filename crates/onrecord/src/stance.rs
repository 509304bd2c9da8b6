//! The act that a cue expresses, and whether the statement was made at all.
//!
//! The act comes from the cue's words, which word lists assign to acts, and from what the cue governs. The status comes
//! from the closed class of words by which English says that something was not done, will be done or may have been
//! done. Its values are those of event factuality (Saurí and Pustejovsky 2009), applied to the act of saying.

use onrecord_text::{Act, Pieces, Status};

use crate::english::{self, INFINITIVE, is_negated};
use crate::found::{Found, FoundId};
use crate::lists::List;
use crate::reading::{Reading, WordId, WordRange};

/// The lists of cue words, by act.
const ACTS: [(List, Act); 15] = [
    (List::ActsSay, Act::Say),
    (List::ActsAsk, Act::Ask),
    (List::ActsDemand, Act::Demand),
    (List::ActsWarn, Act::Warn),
    (List::ActsThreaten, Act::Threaten),
    (List::ActsPromise, Act::Promise),
    (List::ActsAccuse, Act::Accuse),
    (List::ActsPraise, Act::Praise),
    (List::ActsDeny, Act::Deny),
    (List::ActsAdmit, Act::Admit),
    (List::ActsAgree, Act::Agree),
    (List::ActsDecline, Act::Decline),
    (List::ActsBelieve, Act::Believe),
    (List::ActsWant, Act::Want),
    (List::ActsFind, Act::Find),
];

/// The most words in an entry of the lists of acts.
const LONGEST: i64 = 5;
/// The most words before a cue that may belong to its verb.
const BEFORE: usize = 6;

/// The act of a statement.
pub(crate) fn act(reading: &Reading<'_>, found: &Found) -> Act {
    let Some(cue) = cue_words(reading, found) else { return Act::Say };
    let listed = |words: &str| ACTS.iter().find(|(list, _)| list.has(words)).map(|(_, act)| *act);
    // “called for”, “ruled out”: the longest entry of several words is tried before single words.
    let several = (2..=LONGEST)
        .rev()
        .flat_map(|length| cue.iter().map(move |start| (start, length)))
        .find_map(|(start, length)| {
            let range = WordRange { start, end: start.step(length)? };
            // In “is expected to say”, “expected” is not the act.
            let announced = range.end < cue.end && range.iter().any(|w| reading.listed(w, List::Expected));
            (range.end <= cue.end && !announced).then(|| listed(&phrase(reading, range))).flatten()
        });
    let act = several.or_else(|| cue.iter().rev().find_map(|w| listed(reading.lower(w)))).unwrap_or(Act::Say);
    in_context(reading, found, cue, act)
}

/// Whether a word expresses an act by itself.
pub(crate) fn is_act(word: &str) -> bool {
    ACTS.iter().any(|(list, _)| list.has(word))
}

/// The act of a cue's words together with what they govern: “asked whether” asks, “asked them to leave” demands.
fn in_context(reading: &Reading<'_>, found: &Found, cue: WordRange, act: Act) -> Act {
    let content = reading.words_of(found.content.spans()[0]);
    let first = content.first().filter(|w| *w >= cue.end);
    let leads = first.map(|w| reading.lower(w)).unwrap_or_default();
    // “asked | Congress to act”, “told | reporters not to publish”; but “asked | whether to go” is not an order.
    let order = leads == INFINITIVE || (first.is_some() && orders(reading, content));
    let last = cue.last().map(|w| reading.lower(w)).unwrap_or_default();
    let before_last = cue.iter().rev().nth(1).map(|w| reading.lower(w)).unwrap_or_default();
    let demands = match act {
        Act::Ask => List::GovernsAsk.has(last) && (order || List::GovernedByAsk.has(leads)),
        Act::Say => {
            List::GovernsAsk.has(last) && (order || List::GovernedByAsk.has(leads))
                || List::GovernsTell.has(last) && order
                || List::GovernsCall.has(last) && List::GovernedByCall.has(leads)
                || last == english::FOR && List::GovernsAsk.has(before_last)
        }
        Act::Warn => matches!(leads, INFINITIVE | english::NOT),
        _ => false,
    };
    if demands { Act::Demand } else { act }
}

/// How many words of a content are searched for the infinitive of an order.
const ORDER: usize = 8;

/// Whether a content begins with somebody and what they should do: “Congress to act”, “reporters not to publish”.
fn orders(reading: &Reading<'_>, content: WordRange) -> bool {
    let to = content.iter().take(ORDER).position(|w| reading.lower(w) == INFINITIVE);
    to.is_some_and(|to| {
        let before = || content.iter().take(to);
        to > 0 && before().all(|w| reading.word(w).is_word() && !reading.listed(w, List::Finite))
    })
}

/// How many words before and after a cue can say that a quotation is not genuine. A text without full stops may have
/// sentences as long as a book.
const AROUND: i64 = 120;

/// Whether each statement was made. What somebody denies that another said may have been said: “denied that he had said
/// so”.
pub(crate) fn statuses(reading: &Reading<'_>, all: &[Found]) -> Vec<Status> {
    let denied =
        |found: &Found| found.parent.is_some_and(|FoundId(n)| denies_saying(reading, &all[n], found));
    let of = |found: &Found| match status(reading, found) {
        Status::Made if denied(found) => Status::Possible,
        status => status,
    };
    all.iter().map(of).collect()
}

/// Whether a statement inside another is the very saying that this one denies: “denied that the mayor had said so”. In
/// “denied that it was late when the mayor said so” and “denied the mayor's claim that it was late”, the mayor spoke.
fn denies_saying(reading: &Reading<'_>, denial: &Found, inner: &Found) -> bool {
    let mut content = reading.words_of(denial.content.spans()[0]).iter();
    let that = content.next().is_some_and(|w| reading.lower(w) == english::COMPLEMENTIZER);
    let source = inner.source.as_ref().map(|source| reading.words_of(source.extent()).start);
    that && source.is_some()
        && content.next() == source
        && act(reading, denial) == Act::Deny
        && status(reading, denial) == Status::Made
}

/// Whether a statement was made, by its own words.
pub(crate) fn status(reading: &Reading<'_>, found: &Found) -> Status {
    let Some(cue) = cue_words(reading, found) else { return Status::Made };
    let source = found.source.as_ref().map(|s| reading.words_of(s.extent()));
    let own = |w: &WordId| !found.content.overlaps(reading.word(*w).span());
    let sentence = reading.sentence_of(cue.start);
    // The words of the verb group: those of the cue, and those before it up to its source or a comma. An auxiliary
    // governs what another verb is joined to, unless that verb is finite: “will come and say”, but not “will resign and
    // said”.
    let before = WordRange { start: sentence.start, end: cue.start };
    let finite = cue.iter().find(|&w| is_act(reading.lower(w))).is_some_and(|w| is_finite(reading.lower(w)));
    let stops = |w: &WordId| {
        !reading.word(*w).is_word()
            || source.is_some_and(|s| s.iter().any(|s| s == *w))
            || (finite && reading.listed(*w, List::Joining))
    };
    let mut group: Vec<WordId> =
        before.iter().rev().take(BEFORE).take_while(|w| own(w) && !stops(w)).collect();
    group.reverse();
    group.extend(cue.iter());
    let has = |list: List| {
        group.iter().any(|&w| reading.listed(w, list) && !is_name_or_time(reading, w, cue.start))
    };
    let nobody = source.and_then(WordRange::first).is_some_and(|w| reading.listed(w, List::NobodyAtAll));
    let around = WordRange {
        start: cue.start.step(-AROUND).map_or(sentence.start, |w| w.max(sentence.start)),
        end: cue.end.step(AROUND).map_or(sentence.end, |w| w.min(sentence.end)),
    };
    let disowns = |w: WordId| reading.listed(w, List::Disowned) || denies_proof(reading, w);
    if around.iter().filter(own).any(disowns) {
        return Status::Disputed;
    }
    let negated = nobody || has(List::Negations) || group.iter().any(|&w| is_negated(reading.lower(w)));
    let refused = refuses_to_say(reading, cue) || declines_to_say(reading, found, cue);
    if negated || refused {
        return Status::NotMade;
    }
    let clause = clause_start(reading, sentence, source.map_or(cue.start, |s| s.start.min(cue.start)));
    let conditional = clause.is_some_and(|w| reading.listed(w, List::Conditions) && own(&w));
    if conditional || has(List::Possible) {
        return Status::Possible;
    }
    if has(List::Future) || expected(reading, &group) {
        return Status::Expected;
    }
    Status::Made
}

/// Whether a verb of speech can be finite by its form: “said”, “announced”, “says”, but not “say”.
fn is_finite(word: &str) -> bool {
    english::is_past_or_irregular(word) || (word.ends_with('s') && !word.ends_with("ss"))
}

/// Whether a word that could be an auxiliary of a verb is part of a name or a time: “Will Lund”, “in May”. In a
/// headline, all words have capitals, and so has the verb.
pub(crate) fn is_name_or_time(reading: &Reading<'_>, word: WordId, verb: WordId) -> bool {
    let first = reading.sentence_of(word).start == word;
    let name = !first && reading.word(word).is_capital() && !reading.word(verb).is_capital();
    name || reading.time_at(word).is_some()
}

/// How many words after “no evidence” are searched for “ever said”.
const PROVED: usize = 8;

/// Whether a word begins the denial that something was ever said: “no evidence that he ever said it”.
fn denies_proof(reading: &Reading<'_>, no: WordId) -> bool {
    let proof =
        reading.after(no).filter(|&w| reading.lower(no) == english::NO && reading.listed(w, List::Proof));
    proof.is_some_and(|proof| {
        let after = std::iter::successors(Some(proof), |&w| reading.after(w)).take(PROVED);
        let mut words =
            after.skip_while(|&w| reading.lower(w) != english::EVER).skip(1).map(|w| reading.lower(w));
        words.next().is_some_and(|verb| is_act(verb) || List::Proved.has(verb))
    })
}

/// The words of a cue; `None` if it is only punctuation.
fn cue_words(reading: &Reading<'_>, found: &Found) -> Option<WordRange> {
    let cue = found.cue.as_ref().map(Pieces::extent)?;
    let words = reading.words_of(cue);
    words.iter().any(|w| reading.word(w).is_word()).then_some(words)
}

fn phrase(reading: &Reading<'_>, words: WordRange) -> String {
    words.iter().map(|w| reading.lower(w)).collect::<Vec<_>>().join(" ")
}

/// Whether a cue is a refusal or denial followed by a verb of speech: “declined to say”, “denied saying”.
fn refuses_to_say(reading: &Reading<'_>, cue: WordRange) -> bool {
    let refusal = cue.iter().position(|w| {
        let word = reading.lower(w);
        List::ActsDecline.has(word) || List::ActsDeny.has(word)
    });
    refusal.is_some_and(|n| cue.iter().skip(n + 1).any(|w| List::ActsSay.has(reading.lower(w))))
}

/// Whether a cue is a refusal and its content begins with the verb of speech: “declined | to say who had paid”.
/// “Declined to comment on the valve” is itself a statement, so an indirect question must follow the verb.
fn declines_to_say(reading: &Reading<'_>, found: &Found, cue: WordRange) -> bool {
    let declines = cue.last().is_some_and(|w| List::ActsDecline.has(reading.lower(w)));
    let mut content = reading.words_of(found.content.spans()[0]).iter().map(|w| reading.lower(w));
    declines
        && content.next() == Some(INFINITIVE)
        && content.next().is_some_and(|verb| List::ActsSay.has(verb))
        && content.next().is_some_and(|word| List::Questions.has(word))
}

/// Whether the words announce a future statement: “is expected to say”, “is due to announce”, “is to speak”.
fn expected(reading: &Reading<'_>, group: &[WordId]) -> bool {
    group.windows(2).any(|pair| {
        // Of the forms of “be”, only a finite one announces: “is to speak”, but not “has been to”.
        let is = |w| reading.listed(w, List::Be) && reading.listed(w, List::Finite);
        let to = reading.lower(pair[1]) == INFINITIVE;
        to && (reading.listed(pair[0], List::Expected) || is(pair[0]))
    })
}

/// The first word of the clause that ends at a source, searching back to a comma.
fn clause_start(reading: &Reading<'_>, sentence: WordRange, source: WordId) -> Option<WordId> {
    let before = WordRange { start: sentence.start, end: source };
    before.iter().rev().take(3).take_while(|&w| reading.word(w).is_word()).last()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::marked;

    #[track_caller]
    fn check(text: &str, act_expected: &str, status_expected: &str) {
        let marked = marked(text);
        let (reading, found) = (marked.reading(), marked.found());
        let only = found.first().unwrap_or_else(|| panic!("no statement in {text}"));
        assert_eq!(
            (act(&reading, only).name(), status(&reading, only).name()),
            (act_expected, status_expected),
            "{text}"
        );
    }

    #[test]
    fn a_cue_makes_the_act_of_its_verb() {
        for (text, act) in [
            ("[S Brandt] [C said] [T that it is late].", "say"),
            ("[S Brandt] [C urged] [T the council to act].", "demand"),
            ("[S Brandt] [C accused] [T Lund of lying].", "accuse"),
            ("[S Brandt] [C has repeatedly warned] [T that it is late].", "warn"),
            ("[S The study] [C found] [T that it is late].", "find"),
            ("[S Brandt] [C vowed] [T to pay].", "promise"),
            ("[S Brandt] [C called for] [T an inquiry].", "demand"),
        ] {
            check(text, act, "made");
        }
    }

    #[test]
    fn what_a_cue_governs_tells_a_question_from_a_demand() {
        check("[S Brandt] [C asked] [T whether it is late].", "ask", "made");
        check("[S Brandt] [C asked] [T the council to act].", "demand", "made");
        check("[S Brandt] [C told] [T reporters that she wants to go].", "say", "made");
        check("[S Brandt] [C told] [T reporters not to publish it].", "demand", "made");
    }

    #[test]
    fn what_was_not_said_is_not_made() {
        for text in [
            "[S Brandt] [C did not say] [T whether it is late].",
            "[S Brandt] didn’t [C say] [T whether it is late].",
            "[S Brandt] never [C said] [T that it is late].",
            "[S Nobody] [C said] [T that it is late].",
        ] {
            check(text, "say", "not_made");
        }
        check("[S Brandt] [C denied saying] [T that it is late].", "say", "not_made");
        check("[S Brandt] [C declined to say] [T whether it is late].", "decline", "not_made");
        check("[S Brandt] [C declined] [T to say whether it is late].", "decline", "not_made");
        check("[S Brandt] [C declined] [T to comment].", "decline", "made");
        check("[S Brandt] [C denied] [T that it is late].", "deny", "made");
    }

    #[test]
    fn what_will_or_may_be_said_is_expected_or_possible() {
        check("[S Brandt] [C will say] [T that it is late].", "say", "expected");
        check("[S Brandt] [C is expected to say] [T that it is late].", "say", "expected");
        check("If [S she] [C says] [T that it is late], Lund goes.", "say", "possible");
        check("[S Brandt] [C may say] [T that it is late].", "say", "possible");
        check("[S Brandt] reportedly [C said] [T that it is late].", "say", "possible");
    }

    #[test]
    fn words_inside_the_content_say_nothing_of_the_statement() {
        check("[S Brandt] [C said] [T that she will never say whether it is late].", "say", "made");
        check("[T “It will not open,”] [S Brandt] [C said].", "say", "made");
    }

    #[test]
    fn a_fabricated_quotation_is_disputed() {
        check("A fabricated quote in which [S Brandt] [C says] [T “I lied”] went round.", "say", "disputed");
        check(
            "A quote in which [S Brandt] [C says] [T “I lied”] went round, but it is fake.",
            "say",
            "disputed",
        );
        check(
            "[S Brandt] [C said] [T “I lied”], it is told, but there is no evidence that she ever did.",
            "say",
            "disputed",
        );
        check("[S Brandt] [C said] [T that there is no evidence that he ever lied].", "say", "made");
        check("[S Brandt], who had no evidence, [C said] [T “I lied”].", "say", "made");
        check("[S Brandt], with no record of ever winning, [C said] [T “I lied”].", "say", "made");
        // However long a sentence is, a word far away does not speak of this quotation.
        let far = "and it rained ".repeat(100);
        check(&format!("A fake coin was found {far} when [S Brandt] [C said] [T “I lied”]."), "say", "made");
        check(&format!("[S Brandt] [C said] [T “I lied”] {far} and a fake coin was found."), "say", "made");
    }
}
