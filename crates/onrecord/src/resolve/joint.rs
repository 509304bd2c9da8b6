//! Several members who may be one source together: those whom it names side by side, those who spoke together before,
//! and the last two named before it.
//!
//! Three rules find those whom a source names side by side, and the first that finds any counts. `conjuncts` parses the
//! whole source, `coordinated` accepts other words around the names, and `others_beside` needs only one name. They
//! differ in what they let pass, and the judge was trained on the candidates of each, so merging them takes new weights.

use onrecord_text::{EntityKind, Span};

use super::cast::{MemberId, Use};
use super::context::{Around, At, BEFORE, Context};
use super::heard::TURNS;
use super::source::{Source, SourceForm, head};
use crate::english::{
    AS_WELL_AS, BOTH, INFINITIVE, NEITHER, THE, is_and, is_pronoun, is_subject_of_one, is_title_or_office,
};
use crate::lists::List;
use crate::reading::{Reading, Shape, WordId, WordRange};

/// Several members who may be one source together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Joint {
    pub(super) members: Vec<MemberId>,
    /// The words for unnamed others beside them: “his lawyers” in “Lund and his lawyers”.
    pub(super) rest: Option<WordRange>,
    /// The words that are the best evidence for them.
    pub(super) mention: Span,
    pub(super) from: Origin,
}

/// Where several members are found together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// In the source, which consists of nothing else if it is `whole`.
    Source { whole: bool },
    /// In the turn at this position, in which they spoke together.
    Turn(WordId),
    /// One after the other, before the source.
    Before,
}

/// All members that a source may refer to together.
pub(super) fn joint(at: &At<'_>) -> Vec<Joint> {
    let At { context, source, heard, around, .. } = *at;
    let mut all: Vec<Joint> = in_source(context, source, at.inside).into_iter().collect();
    if matches!(
        source.form,
        SourceForm::They
            | SourceForm::Definite
            | SourceForm::Relative
            | SourceForm::Bare
            | SourceForm::Absent
    ) {
        let last = heard.turns.iter().rev().take(TURNS).find(|t| t.members.len() > 1);
        all.extend(last.map(|turn| Joint {
            members: turn.members.clone(),
            rest: None,
            mention: turn.span,
            from: Origin::Turn(turn.at),
        }));
    }
    if source.plural
        || matches!(source.form, SourceForm::They | SourceForm::Relative)
        || context.reading.lower(source.words.start) == BOTH
    {
        let pair = pair_before(context, source, around);
        if let [last, first] = pair.as_slice() {
            let members = vec![first.member, last.member];
            all.push(Joint { members, rest: None, mention: first.span, from: Origin::Before });
        }
    }
    all
}

/// The members that a source names side by side: by the strictest rule that finds any.
fn in_source(context: &Context<'_>, source: &Source, inside: &[usize]) -> Option<Joint> {
    let joint =
        |members, rest, whole| Joint { members, rest, mention: source.span, from: Origin::Source { whole } };
    let listed = || Some((after_description(context, source)?, None));
    if let Some((members, rest)) = conjuncts(context, source.words).or_else(listed) {
        return Some(joint(members, rest, true));
    }
    let members = coordinated(context, inside);
    if members.len() > 1 {
        return Some(joint(members, None, false));
    }
    let rest = others_beside(context, source, inside)?;
    Some(joint(vec![context.cast.uses[*inside.first()?].member], Some(rest), false))
}

/// Members and the words for unnamed others beside them.
type Members = (Vec<MemberId>, Option<WordRange>);

/// The members that a source lists after a description of them all: “Lund’s lawyers, Ada Brandt and Jon Holm”. If it
/// describes only one, a comma must follow that name: “her deputy, Ada Brandt, and Jon Holm”, because “her deputy, Ada
/// Brandt and Jon Holm” may be three people.
fn after_description(context: &Context<'_>, source: &Source) -> Option<Vec<MemberId>> {
    let reading = context.reading;
    let comma = source.words.iter().find(|&w| reading.written(w) == ",")?;
    let noun = head(reading, source.words).filter(|_| !source.noun.is_empty())?;
    let list = WordRange { start: comma.step(1)?, end: source.words.end };
    let first = conjunct(context, list)?;
    let follows = reading.after(noun) == Some(comma);
    let apposed = if source.plural {
        follows || context.is_person(first.member)
    } else {
        follows && reading.after(first.words.last()?).is_some_and(|w| reading.written(w) == ",")
    };
    let described = reading.span_of(WordRange { start: noun, end: comma })?;
    let named = context.cast.within(described).any(|u| context.is_person(u.member));
    let (members, None) = conjuncts(context, list).filter(|_| apposed && !named)? else { return None };
    let kind = |&m: &MemberId| context.is_person(m) == context.is_person(first.member);
    members.iter().all(kind).then_some(members)
}

/// A pronoun for one person and those beside it in a source: “he and Lund”, “both she and her lawyers”.
pub(super) fn beside_pronoun(context: &Context<'_>, words: WordRange) -> Option<(WordRange, Members)> {
    let reading = context.reading;
    let opening = matches!(reading.lower(words.first()?), BOTH | NEITHER);
    let start = words.start.step(i64::from(opening)).filter(|&w| w < words.end)?;
    let pronoun = WordRange { start, end: start.step(1)? };
    let is_subject = is_subject_of_one(reading.lower(start));
    let next = joint_at(reading, WordRange { start: pronoun.end, ..words }).filter(|_| is_subject)?;
    let others = WordRange { start: next, ..words };
    if let Some(all) = conjuncts(context, others) {
        return Some((pronoun, all));
    }
    let comma = others.iter().find(|&w| reading.written(w) == ",");
    let others = WordRange { end: comma.unwrap_or(words.end), ..others };
    let persons = |u: &&Use| context.is_person(u.member);
    let mut named = context.cast.within(reading.span_of(others)?).filter(persons);
    let first = named.next();
    // “The district’s Police and Harbours Commissioner Ada Brandt”, but not “Brandt’s lawyers” or “other Republicans”.
    let office = |u: &Use| {
        let before = reading.before(u.words.start).filter(|&w| w >= others.start);
        before.is_none_or(|w| is_title_or_office(reading.written(w)))
    };
    let whole = first.filter(|u| u.words.end == others.end && office(u));
    let all = match whole {
        Some(name) => (vec![name.member], None),
        None => (Vec::new(), Some(others)),
    };
    named.next().is_none().then_some((pronoun, all))
}

/// The members that some words name side by side, with the words for unnamed others after them, if these words consist
/// of nothing else: “both Harbour Master Ada Brandt, of Ravn, and nurse Pia Lund”, “Lund and his lawyers”, but not “a
/// friend of Lund and Brandt”.
fn conjuncts(context: &Context<'_>, words: WordRange) -> Option<Members> {
    let (reading, end) = (context.reading, words.end);
    let mut members = Vec::new();
    let (mut joined, mut placed, mut described) = (false, false, false);
    let mut rest = Some(words).filter(|words| words.len() > 2)?;
    if matches!(reading.lower(rest.start), BOTH | NEITHER) {
        rest.start = rest.start.step(1)?;
    }
    loop {
        let Some(name) = conjunct(context, rest) else {
            let comma = rest.iter().find(|&w| reading.written(w) == ",");
            let others = WordRange { end: comma.unwrap_or(end), ..rest };
            // In “Lund, an author, and critic”, nobody else speaks, but in “Lund, 22, and his family” others do.
            let own = others.first().is_some_and(|w| is_pronoun(reading.lower(w)));
            if !joined || others.is_empty() || (described && !own) {
                return None;
            }
            // “Lund and his lawyer, Ada Brandt” and “Lund and his lawyer Ada Brandt”.
            let named = comma.and_then(|w| w.step(1)).filter(|_| !placed);
            let named = named.map(|start| WordRange { start, end });
            let apposed = named.and_then(|words| conjunct(context, words));
            match apposed
                .filter(|u| context.is_person(u.member))
                .or_else(|| described_person(context, others))
            {
                Some(name) => members.push(name.member),
                None => return Some((members, Some(others))),
            }
            break;
        };
        // The “and” of “Holm of Marks and Spencer” joins no speakers.
        let whole = context.is_person(name.member) && (name.words.len() > 1 || name.words.start > rest.start);
        if placed && !whole {
            return None;
        }
        // In “Energy and Commerce Chairman Ada Brandt”, only Brandt speaks.
        if context.is_person(name.member) && members.iter().any(|&m| !context.is_person(m)) {
            return None;
        }
        if !members.contains(&name.member) {
            members.push(name.member);
        }
        let after = after_place(reading, WordRange { start: name.words.end, end });
        rest.start = end_of_name(context, after);
        placed = rest.start > name.words.end;
        described =
            reading.after(WordId(rest.start.0.saturating_sub(1))).is_some_and(|w| reading.written(w) == ",");
        match joint_at(reading, rest) {
            Some(next) => (joined, rest.start) = (true, next),
            None if rest.is_empty() => break,
            None if reading.written(rest.start) == "," => {
                let after = WordRange { start: rest.start.step(1)?, end };
                let listed = conjunct(context, after)
                    .filter(|u| context.is_person(u.member) == context.is_person(name.member));
                if listed.is_some() {
                    rest = after;
                    continue;
                }
                // What follows describes the name, up to the next one.
                let next = after.iter().filter(|&w| reading.written(w) == ",");
                let next = next.filter_map(|comma| joint_at(reading, WordRange { start: comma, end })).next();
                let Some(next) = next else { break };
                (joined, rest.start) = (true, next);
            }
            None => return None,
        }
    }
    (joined && members.len() > 1).then_some((members, None))
}

/// The person whose name ends some words, after nothing but a possessive and a noun in small letters: “his wife Ada”.
fn described_person(context: &Context<'_>, words: WordRange) -> Option<Use> {
    let reading = context.reading;
    let mut named = context.cast.within(reading.span_of(words)?);
    let name = named.next().filter(|u| context.is_person(u.member) && u.words.end == words.end)?;
    let before = WordRange { end: name.words.start, ..words };
    let plain = |w: WordId| reading.word(w).shape == Shape::Small && !is_preposition(reading, w);
    (before.len() > 1 && is_pronoun(reading.lower(before.start)) && before.iter().all(plain)).then_some(*name)
}

/// The name that some words begin with, with nothing but titles and offices before it.
fn conjunct(context: &Context<'_>, words: WordRange) -> Option<Use> {
    let reading = context.reading;
    let ends = |w: WordId| matches!(reading.written(w), "," | "(") || is_and(reading.lower(w));
    let first = context.cast.uses.partition_point(|u| u.words.start < words.start);
    let inside = || context.cast.uses[first..].iter().take_while(|u| u.words.end <= words.end);
    let head = |u: &&Use| !WordRange { start: words.start, end: u.words.start }.iter().any(ends);
    let person = inside().take_while(head).find(|u| context.is_person(u.member));
    let name = person.or_else(|| inside().take_while(head).next())?;
    let before = WordRange { start: words.start, end: name.words.start };
    let preposition = before.iter().any(|w| is_preposition(reading, w));
    let article = |w: WordId| reading.lower(w) == THE;
    let office = before.last().is_none_or(|w| {
        article(w) && before.len() == 1 || is_title_or_office(reading.written(w)) && person.is_some()
    });
    let named = if preposition { person.is_some() && is_office_of(reading, before) } else { office };
    named.then_some(*name)
}

/// Whether some words are an office and what it is held for: “Secretary of State”, “U.S. Ambassador to the United Nations”,
/// but not “Widow of Captain”.
fn is_office_of(reading: &Reading<'_>, words: WordRange) -> bool {
    let is_capital = |w: WordId| reading.word(w).is_capital();
    let is_office = |w: WordId| is_title_or_office(reading.written(w));
    let Some(of) = words.iter().find(|&w| is_preposition(reading, w)) else { return false };
    let (office, held_for) = (WordRange { end: of, ..words }, WordRange { start: of, ..words });
    let the = |w: WordId| reading.lower(w) == THE;
    office.iter().all(|w| is_capital(w) || the(w))
        && office.last().is_some_and(is_office)
        && held_for.iter().skip(1).all(|w| (is_capital(w) || the(w)) && !is_office(w))
        && held_for.last().is_some_and(|w| w > of && is_capital(w))
}

fn is_preposition(reading: &Reading<'_>, word: WordId) -> bool {
    reading.listed(word, List::Prepositions) || reading.lower(word) == INFINITIVE
}

/// The position after the brackets and places that follow a name: “Brandt (Labour)”, “Lund of South Ravn”.
fn after_place(reading: &Reading<'_>, words: WordRange) -> WordId {
    let mut rest = words;
    if rest.first().is_some_and(|w| reading.written(w) == "(")
        && let Some(next) = rest.iter().find(|&w| reading.written(w) == ")").and_then(|w| w.step(1))
    {
        rest.start = next;
    }
    let place = |w: WordId| {
        reading.word(w).is_capital() || reading.listed(w, List::Joints) && !is_and(reading.lower(w))
    };
    if rest.first().is_some_and(|w| reading.listed(w, List::Prepositions)) {
        let end = rest.iter().skip(1).find(|&w| !place(w)).unwrap_or(rest.end);
        if end > rest.start.step(1).unwrap_or(end) {
            rest.start = end;
        }
    }
    rest.start
}

/// The position after the name that a word is inside, or else the word itself: after “Spencer” for the “and” of “Marks and
/// Spencer”.
fn end_of_name(context: &Context<'_>, word: WordId) -> WordId {
    let next = context.cast.uses.partition_point(|u| u.words.start < word);
    let around = next.checked_sub(1).map(|last| context.cast.uses[last].words);
    around.map_or(word, |name| name.end.max(word))
}

/// The position after the “and” that some words begin with, if they do.
fn joint_at(reading: &Reading<'_>, words: WordRange) -> Option<WordId> {
    let own = WordRange {
        start: words
            .first()
            .filter(|&w| reading.written(w) == ",")
            .and_then(|w| w.step(1))
            .unwrap_or(words.start),
        ..words
    };
    let lower: Vec<&str> = own.iter().take(AS_WELL_AS.len()).map(|w| reading.lower(w)).collect();
    let length = match lower.as_slice() {
        [first, ..] if is_and(first) => 1,
        first if first == AS_WELL_AS => AS_WELL_AS.len() as i64,
        _ => return None,
    };
    own.start.step(length).filter(|&w| w < words.end)
}

/// The names in a source that are joined: “Ada Brandt and Pia Lund”, “Brandt, Lund and Aalto”, with titles before
/// and short descriptions after each.
fn coordinated(context: &Context<'_>, inside: &[usize]) -> Vec<MemberId> {
    let uses: Vec<_> = inside.iter().map(|&u| context.cast.uses[u]).collect();
    let Some(last) = uses.last() else { return Vec::new() };
    let kind = context.cast.member(last.member).kind;
    let mut members = vec![last.member];
    let mut joined = false;
    for pair in uses.windows(2).rev() {
        let (one, other) = (pair[0], pair[1]);
        if context.cast.member(one.member).kind != kind {
            continue;
        }
        let between = WordRange { start: one.words.end, end: other.words.start };
        let and = between.iter().any(|w| is_and(context.reading.lower(w)));
        let comma = between.iter().any(|w| context.reading.written(w) == ",");
        let possessive = between.first().is_some_and(|w| context.reading.word(w).is_possessive());
        if !(and || (comma && joined)) || possessive || between.len() > 14 {
            break;
        }
        joined = true;
        if !members.contains(&one.member) {
            members.push(one.member);
        }
    }
    members.reverse();
    members
}

/// The words for unnamed others beside the only name in a source: “Lund and | his lawyers”.
fn others_beside(context: &Context<'_>, source: &Source, inside: &[usize]) -> Option<WordRange> {
    let [only] = inside else { return None };
    let name = context.cast.uses[*only].words;
    let after = WordRange { start: name.end, end: source.words.end };
    let and = after.iter().take(2).find(|&w| is_and(context.reading.lower(w)))?;
    let rest = WordRange { start: and.step(1)?, end: after.end };
    (!rest.is_empty()).then_some(rest)
}

/// The last two persons named before a source, in its block or the preceding one.
fn pair_before(context: &Context<'_>, source: &Source, around: &Around<'_>) -> Vec<Use> {
    let next = context.cast.uses.partition_point(|u| u.span.start() < source.span.start());
    let mut pair: Vec<Use> = Vec::new();
    for u in context.cast.uses[..next].iter().rev().take(BEFORE) {
        if context.blocks_between(u.words.start, source.words.start) > 1 || pair.len() == 2 {
            break;
        }
        let person = context.cast.member(u.member).kind == EntityKind::Person;
        if person && !around.apart.contains(&u.member) && pair.iter().all(|p| p.member != u.member) {
            pair.push(*u);
        }
    }
    pair
}

#[cfg(test)]
mod tests {
    use super::super::context::tests::at_source;
    use super::super::heard::Heard;
    use super::*;
    use crate::testing::marked;

    /// The names of those whom the only source of a text names side by side, with the words for others, and whether they
    /// are all of it.
    fn named(text: &str) -> Option<(String, bool)> {
        at_source(&marked(text), &[], |context, source| {
            let inside: Vec<usize> = context.uses_in(source.span).collect();
            let joint = in_source(context, source, &inside)?;
            let names = context.cast.full_names(context.reading, &joint.members, joint.rest);
            Some((names, joint.from == Origin::Source { whole: true }))
        })
    }

    #[test]
    fn a_whole_source_may_be_several_members() {
        for (source, names) in [
            ("[P Ada Lund] and [P Jon Holm]", "Ada Lund | Jon Holm"),
            ("Both [P Ada Lund] and nurse [P Jon Holm]", "Ada Lund | Jon Holm"),
            ("[P Ada Lund], [P Jon Holm] and [P Pia Vik]", "Ada Lund | Jon Holm | Pia Vik"),
            ("[P Ada Lund] (Labour) and [P Jon Holm] of South Ravn", "Ada Lund | Jon Holm"),
            ("[P Ada Lund], of Ravn, and [P Jon Holm]", "Ada Lund | Jon Holm"),
            ("[P Ada Lund] as well as [P Jon Holm]", "Ada Lund | Jon Holm"),
            ("Secretary of State [P Ada Lund] and [P Jon Holm]", "Ada Lund | Jon Holm"),
            ("The [O Harbour Board] and the [O Pier Union]", "Harbour Board | Pier Union"),
            ("[P Ada Lund] and his lawyers", "Ada Lund | his lawyers"),
            ("[P Ada Lund] and her lawyer, [P Jon Holm]", "Ada Lund | Jon Holm"),
            ("[P Ada Lund] and her lawyer [P Jon Holm]", "Ada Lund | Jon Holm"),
            ("The lawyers, [P Ada Lund] and [P Jon Holm]", "Ada Lund | Jon Holm"),
            ("[P Vik]’s lawyers, [P Ada Lund] and [P Jon Holm]", "Ada Lund | Jon Holm"),
            ("Her deputy, [P Ada Lund], and [P Jon Holm]", "Ada Lund | Jon Holm"),
        ] {
            let text = format!("[S {source}] [C said] [T that it is late].");
            assert_eq!(named(&text), Some((names.to_owned(), true)), "{source}");
        }
    }

    #[test]
    fn a_source_that_says_more_is_not_all_of_its_members() {
        for source in [
            "A friend of [P Ada Lund] and [P Jon Holm]",
            "Her deputy, [P Ada Lund] and [P Jon Holm]",
            "Widow of Captain [P Ada Lund] and [P Jon Holm]",
            "[P Ada Lund], an author, and critic",
            "[O Energy] and [O Commerce] Chairman [P Ada Lund]",
            "[P Ada Lund] of [O Marks] and [O Spencer]",
        ] {
            let text = format!("[S {source}] [C said] [T that it is late].");
            assert!(!named(&text).is_some_and(|(_, whole)| whole), "{source}");
        }
    }

    #[test]
    fn a_pronoun_and_others_speak_together() {
        let beside = |source: &str| {
            at_source(
                &marked(&format!("[S {source}] [C said] [T that it is late].")),
                &[],
                |context, source| {
                    let (pronoun, (members, rest)) = beside_pronoun(context, source.words)?;
                    let names = context.cast.full_names(context.reading, &members, rest);
                    Some((context.reading.lower(pronoun.start).to_owned(), names))
                },
            )
        };
        let both = |names: &str| Some(("she".to_owned(), names.to_owned()));
        assert_eq!(beside("She and [P Jon Holm]"), both("Jon Holm"));
        assert_eq!(beside("Both she and [P Jon Holm]"), both("Jon Holm"));
        assert_eq!(beside("Neither she nor the mayor [P Jon Holm]"), both("Jon Holm"));
        assert_eq!(beside("She and her lawyers"), both("her lawyers"));
        assert_eq!(beside("She, who"), None);
        assert_eq!(beside("They and [P Jon Holm]"), None);
        // The text ends with the source.
        let text = "[T It is late], [C said] [S both]";
        at_source(&marked(text), &[], |context, source| {
            assert_eq!(beside_pronoun(context, source.words), None);
        });
    }

    #[test]
    fn they_may_be_the_last_two_people_of_the_paragraph_or_the_one_before() {
        let pair = |text: &str| {
            at_source(&marked(&format!("{text} [C said] [T that it is late].")), &[], |context, source| {
                let (heard, around) = (Heard::default(), Around::default());
                let inside: Vec<usize> = context.uses_in(source.span).collect();
                let at = At { context, source, inside: &inside, heard: &heard, around: &around };
                let two = joint(&at).into_iter().find(|j| j.from == Origin::Before)?;
                Some(context.cast.full_names(context.reading, &two.members, None))
            })
        };
        let two = Some("Ada Lund | Jon Holm".to_owned());
        let opening = "[P Pia Vik] met [P Ada Lund] and [P Jon Holm] in [L Ravn].";
        assert_eq!(pair(&format!("{opening} [S They]")), two);
        assert_eq!(pair(&format!("{opening}\n\n[S The two]")), None);
        assert_eq!(pair(&format!("{opening}\n\n[S Both]")), two);
        assert_eq!(pair(&format!("{opening}\n\nIt rained all day, and it was cold.\n\n[S They]")), None);
        assert_eq!(pair(&format!("{opening} [S She]")), None);
    }
}
