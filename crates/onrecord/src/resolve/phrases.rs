//! A source as a noun phrase: a name, several, a pronoun, or a noun with what stands before it.

use onrecord_text::{EntityKind, Span};

use super::entities::Cast;
use super::names::{Gender, looks_like_a_name};
use super::roles::{is_day, is_office};
use super::words::{Word, is_title, singular, words};
use crate::lists::listed;

/// What a source says of who speaks.
#[derive(Debug)]
pub(super) enum Phrase {
    /// Names, the span and the member of each, and other words joined to them by “and”.
    Names(Vec<(Span, usize)>, Vec<Span>),
    /// An organisation that a person's name names: “the Lund campaign”.
    Team(Span, usize),
    /// Words with capitals that nothing else in the article explains: the label of a turn.
    NewName(Span),
    Pronoun(Pronoun),
    /// A pronoun and names that “and” joins to it: “she and Lund”.
    With(Gender, Vec<(Span, usize)>),
    Noun(Noun),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pronoun {
    One(Gender),
    They,
    It,
    Relative,
    Self_,
    /// “you”, “this”: nobody whom an article names.
    Nobody,
}

/// A noun that names who speaks without a name.
#[derive(Debug)]
pub(super) struct Noun {
    /// The phrase.
    pub(super) span: Span,
    /// The noun in the singular.
    pub(super) noun: String,
    pub(super) plural: bool,
    pub(super) before: Before,
    pub(super) class: Class,
    /// The words between the first one and the noun, in lower case.
    pub(super) modifiers: Vec<String>,
    /// Whether the noun has a capital.
    pub(super) capital: bool,
    /// Whether no name follows the noun: “the team behind the Lund plan” is described, not named before.
    pub(super) alone: bool,
    /// Whether the lists have the noun, which otherwise is classed by its ending.
    pub(super) known: bool,
}

/// What stands before a noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// “the”, “this”.
    The,
    /// “his”, “Lund’s”.
    Possessive,
    /// “a”, “one”, “several”.
    Few,
    /// “many”, “some”.
    Many,
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Person,
    Organization,
    Document,
    /// A people, voters, percentages.
    People,
    Unknown,
}

/// The class of a noun in the singular.
///
/// What the lists don't have may be told by its ending: who does a thing ends in “-er”, “-ist” or “-man”.
pub(super) fn class(noun: &str) -> Class {
    let class = listed_class(noun);
    if class != Class::Unknown {
        return class;
    }
    let ends = |endings: &[&str]| endings.iter().any(|e| noun.ends_with(e));
    let person = !listed("nouns/thing", noun)
        && (noun.len() > 6 && ends(&["ist", "ian", "man", "woman", "person"])
            || noun.len() > 5 && ends(&["er", "or"]));
    if person { Class::Person } else { Class::Unknown }
}

/// The class that the lists give a noun, or its last part: “vice-chair”.
fn listed_class(noun: &str) -> Class {
    let last = noun.rsplit('-').next().unwrap_or(noun);
    for noun in [noun, last] {
        if listed("nouns/person", noun) || listed("nouns/office", noun) {
            return Class::Person;
        }
        if listed("nouns/organization", noun) {
            return Class::Organization;
        }
        if listed("nouns/document", noun) {
            return Class::Document;
        }
        if listed("nouns/people", noun) {
            return Class::People;
        }
    }
    Class::Unknown
}

/// Whether a name is part of the phrase of a noun behind it: “Lund campaign”, “Lund supporters”.
pub(super) fn modifies(text: &str, name: Span) -> bool {
    let behind = text[name.end()..].strip_prefix([' ', '\u{a0}']).unwrap_or_default();
    let next = behind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    next.starts_with(char::is_uppercase) || class(&singular(next)) != Class::Unknown
}

/// Reads a source.
pub(super) fn phrase(text: &str, source: Span, cast: &Cast) -> Phrase {
    let all = words(text, source);
    if let Some(pronoun) = pronoun(&all) {
        return Phrase::Pronoun(pronoun);
    }
    let uses: Vec<(Span, usize)> = cast.within(source).collect();
    if let [first, and, rest @ ..] = all.as_slice()
        && let Some(gender) = Gender::told("pronouns", first.text).filter(|_| and.is(&["and"]))
        && let Some(Phrase::Names(names, _)) = named(rest, &uses, cast)
    {
        return Phrase::With(gender, names);
    }
    if let Some(names) = named(&all, &uses, cast) {
        return names;
    }
    let labelled: Vec<Word<'_>> = all
        .iter()
        .copied()
        .skip_while(|w| is_title(w.text) && all.len() > 1)
        .filter(|w| w.is_word())
        .collect();
    let noun = noun(text, source, &all);
    if uses.is_empty()
        && noun.class == Class::Unknown
        && !noun.plural
        && noun.before == Before::Nothing
        && looks_like_a_name(&labelled)
    {
        return Phrase::NewName(labelled[0].span.to(labelled[labelled.len() - 1].span));
    }
    Phrase::Noun(noun)
}

/// The pronoun that a source is, alone or with a word such as “also” or “both” beside it.
fn pronoun(all: &[Word<'_>]) -> Option<Pronoun> {
    let own: Vec<&Word<'_>> = all.iter().filter(|w| w.is_word()).collect();
    let first = own.first()?.lower();
    let of = |list: &str| listed(&format!("pronouns/{list}"), &first);
    let possessive = ["his", "her", "its", "their", "my", "our", "that", "whose"].contains(&first.as_str());
    // “who, like many in the town,”.
    if own.len() > 1 && ["who", "which"].contains(&first.as_str()) {
        return Some(Pronoun::Relative);
    }
    if own.len() == 1 && own[0].is(&["you", "this", "there", "let"]) {
        return Some(Pronoun::Nobody);
    }
    if own.len() > 1
        && (possessive
            || own.len() > 3
            || !own[1].is(&["himself", "herself", "themselves", "itself", "both", "all", "also", "each"]))
    {
        return None;
    }
    if own.len() == 1 && own[0].is(&["each", "both", "all", "neither"]) {
        return Some(Pronoun::They);
    }
    let pronouns = [
        ("he", Pronoun::One(Gender::He)),
        ("she", Pronoun::One(Gender::She)),
        ("they", Pronoun::They),
        ("it", Pronoun::It),
        ("relative", Pronoun::Relative),
        ("self", Pronoun::Self_),
    ];
    pronouns.into_iter().find(|(list, _)| of(list)).map(|(_, p)| p)
}

/// The names that a source is, where one of its names is its head and not part of another noun's phrase.
fn named(all: &[Word<'_>], uses: &[(Span, usize)], cast: &Cast) -> Option<Phrase> {
    let at = |span: Span| all.iter().position(|w| w.span.end() > span.start()).unwrap_or(0);
    let behind = |span: Span| all.iter().position(|w| w.span.start() >= span.end()).unwrap_or(all.len());
    if let Some(group) = around_person(all, uses, cast, &behind) {
        return Some(group);
    }
    let heads = uses.iter().filter(|(span, member)| {
        let person = cast.members[*member].kind == EntityKind::Person;
        leads(all, at(*span), person) && stands_alone(all, behind(*span))
    });
    // A headline writes verbs with capitals, too: “Ada Lund Hammers Bank Chief:”.
    let opening = uses.iter().filter(|(span, _)| {
        at(*span) == 0 && all.len() > 4 && all.iter().all(|w| w.is_capital() || !w.is_word())
    });
    let persons = |(_, m): &&(Span, usize)| cast.members[*m].kind == EntityKind::Person;
    let (first, member) = *heads
        .clone()
        .find(persons)
        .or_else(|| opening.clone().find(persons))
        .or_else(|| heads.clone().next())?;
    let mut found = vec![(first, member)];
    let mut others = Vec::new();
    // Further names that “and” or a list joins to the first.
    let joined = |from: usize, to: usize| {
        let between = &all[from..to];
        let mut depth = 0;
        let outside: Vec<&Word<'_>> = between
            .iter()
            .filter(|w| {
                depth += i32::from(w.text == "(");
                let outside = depth == 0;
                depth -= i32::from(w.text == ")");
                outside
            })
            .collect();
        let own: Vec<&&Word<'_>> =
            outside.iter().filter(|w| w.is_word() && !is_title(w.text) && !w.is_possessive()).collect();
        outside.iter().any(|w| w.text == "," || w.is(&["and", "&"]))
            && own.iter().all(|w| w.is(&["and", "both", "the"]) || is_office(w.text) || w.is_capital())
    };
    for &(span, member) in uses.iter().filter(|(s, _)| s.start() >= first.end()) {
        let last = found[found.len() - 1].0;
        let same_kind = cast.members[member].kind == cast.members[found[0].1].kind;
        if same_kind
            && joined(behind(last), at(span))
            && stands_alone(all, behind(span))
            && all[behind(last)..].iter().any(|w| w.is(&["and", "&"]))
        {
            found.push((span, member));
        }
    }
    let rest = behind(found[found.len() - 1].0);
    if found.len() == 1
        && let [and, other, ..] = &all[rest..]
        && and.is(&["and"])
    {
        // “Lund and other residents”, “Lund and the Brandt administration”.
        let and_name = uses.iter().find(|(s, _)| {
            s.start() >= and.span.end()
                && leads(&all[rest + 1..], at(*s) - rest - 1, false)
                && stands_alone(all, behind(*s))
        });
        match and_name {
            Some(name) => found.push(*name),
            None => others.push(other.span.to(all[all.len() - 1].span)),
        }
    }
    found.dedup_by_key(|(_, m)| *m);
    Some(Phrase::Names(found, others))
}

/// “the Lund campaign”, “the Brandt administration”: an organisation that a person's name names.
fn around_person(
    all: &[Word<'_>],
    uses: &[(Span, usize)],
    cast: &Cast,
    behind: &impl Fn(Span) -> usize,
) -> Option<Phrase> {
    let (name, member) = *uses.first()?;
    let next = behind(name);
    let noun = all.get(next)?;
    let person = cast.members[member].kind == EntityKind::Person;
    let ends = all.get(next + 1).is_none_or(|w| !w.is_word() || w.listed("grammar/prepositions"));
    let begins =
        all[..next].iter().all(|w| w.is(&["the", "both"]) || is_title(w.text) || name.contains(w.span));
    (person && ends && begins && noun.listed("nouns/teams")).then(|| Phrase::Team(name.to(noun.span), member))
}

/// Whether the words before a name lead up to it: nothing, titles and offices, or a phrase that a comma ends.
fn leads(all: &[Word<'_>], at: usize, person: bool) -> bool {
    let before = &all[..at];
    let Some(last) = before.last() else { return true };
    if !person {
        // “the event organizer Baltic Rail”, but not “a spokesman for Baltic Rail”.
        let noun = matches!(class(&singular(last.text)), Class::Organization | Class::Person);
        return before
            .iter()
            .all(|w| w.is(&["the", "a", "an", "both", "even", "only", "so-called"]) || !w.is_word())
            || (noun && !before.iter().any(|w| w.listed("grammar/prepositions") || w.text == ","));
    }
    let untitled: &[Word<'_>] = {
        let mut n = at;
        while n > 0
            && (is_title(before[n - 1].text) || before[n - 1].text == "\"")
            && !before[n - 1].is(&["the"])
        {
            n -= 1;
        }
        &before[..n]
    };
    let Some(last) = untitled.last() else { return true };
    if last.text == "," {
        let at = untitled.len();
        // “A lawyer for the outlets, Ann Lund,”.
        let head = untitled.iter().position(|w| w.listed("grammar/prepositions")).unwrap_or(at - 1);
        // “Two engineers, Ann Lund and Ola Berg,”.
        let noun = untitled[..head].last().map(|w| (w.lower(), singular(w.text)));
        return noun.is_some_and(|(written, one)| {
            let several = untitled[0].listed("nouns/few") && !untitled[0].is(&["a", "an", "one", "another"]);
            !matches!(class(&one), Class::Organization | Class::Document) && (written == one || several)
        }) && !before.iter().any(|w| w.text == "(")
            && !untitled[..at - 1].iter().any(|w| w.text == ",");
    }
    if last.is_possessive() && untitled[..untitled.len() - 1].iter().all(Word::is_capital) {
        // “Kanal 5’s Ann Lund”.
        return true;
    }
    if last.listed("grammar/prepositions")
        || last.is(&["the", "a", "an", "his", "her", "their", "its", "and", "or", "both", "but"])
        || last.is_possessive()
    {
        // “both Lund”, “the Lund campaign” is no head; “and Lund” belongs to a list.
        return untitled.len() == 1 && last.is(&["the", "both", "but", "and"]);
    }
    match untitled.iter().rposition(|w| w.listed("grammar/prepositions")) {
        // “secretary of state Ann Lund”, but not “a spokesman for nominee Ann Lund”.
        Some(preposition) => {
            preposition > 0
                && is_office(untitled[preposition - 1].text)
                && !untitled[preposition + 1..].iter().any(|w| is_office(w.text) && !is_title(w.text))
                && !before[preposition + 1..].iter().any(|w| is_office(w.text))
        }
        None => true,
    }
}

/// Whether a name ends its phrase: no noun behind it makes it part of another's name, as in “Lund campaign”.
fn stands_alone(all: &[Word<'_>], behind: usize) -> bool {
    let Some(next) = all.get(behind) else { return true };
    if next.is_possessive() {
        return all.len() == behind + 1;
    }
    let goes_on =
        next.is_word() && !next.listed("grammar/prepositions") && !next.listed("grammar/after-name");
    !goes_on || next.text.chars().next().is_some_and(|c| c.is_ascii_digit())
}

/// The noun of a source that no name heads.
fn noun(text: &str, source: Span, all: &[Word<'_>]) -> Noun {
    let end = all
        .iter()
        .enumerate()
        .position(|(n, w)| {
            n > 0
                && (w.listed("grammar/prepositions")
                    || matches!(w.text, "," | "(" | "–" | "—" | ":" | ";")
                    || goes_on(all[n - 1].text, w))
                && !(w.is(&["of"]) && quantifies(&all[..n]))
        })
        .unwrap_or(all.len());
    let head = all[..end].iter().rev().find(|w| w.is_word() && !w.is_possessive());
    let written = head.map_or("", |w| w.text);
    let noun = singular(written);
    let plural = noun != written.to_lowercase() || matches!(noun.as_str(), "people" | "police");
    let about = all.iter().take_while(|w| w.listed("grammar/about")).count();
    let first = all.get(about).or(all.first()).map(Word::lower).unwrap_or_default();
    // “four in ten”.
    let share =
        all[..end.max(1)].iter().any(|w| quantifies(&[*w])) && all.get(end).is_some_and(|w| w.is(&["in"]));
    let second_of = all.get(1).is_some_and(|w| w.is(&["of"]));
    let owned = all[..end].iter().any(Word::is_possessive)
        || ["his", "her", "their", "its", "my", "our"].contains(&first.as_str());
    let before = match first.as_str() {
        "the" | "this" | "that" | "these" | "those" => Before::The,
        // “a number of readers”
        "a" if quantifies(&all[..2.min(all.len())]) && all.get(2).is_some_and(|w| w.is(&["of"])) => {
            Before::Many
        }
        _ if share || listed("nouns/many", &first) => Before::Many,
        _ if listed("nouns/few", &first) || second_of && first == "one" => Before::Few,
        _ if owned => Before::Possessive,
        _ if first.starts_with(|c: char| c.is_ascii_digit()) => Before::Many,
        _ => Before::Nothing,
    };
    let mut class = match class(&written.to_lowercase()) {
        Class::Unknown => class(&noun),
        // “statistics” is no plural of what speaks.
        known => known,
    };
    if all.iter().any(|w| w.is(&["percent", "%", "percentage"]))
        || noun == "people"
        || listed("nouns/many", &noun)
        || (before == Before::Many && matches!(class, Class::Person | Class::Unknown))
        || (class == Class::Unknown && plural)
    {
        class = Class::People;
    }
    // “Harbour Insider” is a name that the encoder missed.
    let titled = |w: &Word<'_>| w.is_capital() && !is_office(w.text);
    let name = before == Before::Nothing && !plural && all.len() > 1 && all.iter().all(titled);
    if name && class == Class::Person && listed_class(&noun) != Class::Unknown {
        class = Class::Organization;
    }
    let modifiers = all[..end]
        .iter()
        .filter(|w| w.is_word() && !w.is_possessive() && w.span != head.map_or(source, |h| h.span))
        .map(Word::lower)
        .filter(|w| !["the", "a", "an", "this", "that"].contains(&w.as_str()))
        .collect();
    let known = listed_class(&noun) != Class::Unknown || noun.ends_with("man");
    Noun {
        span: Span::trimmed(text, source.range()).unwrap_or(source),
        noun,
        plural,
        before,
        class,
        modifiers,
        capital: head.is_some_and(|h| h.is_capital()),
        known,
        alone: head.is_none_or(|h| all.iter().all(|w| w.span.end() <= h.span.end() || !w.is_capital())),
    }
}

/// Whether a word behind a noun describes it and doesn't name it: “a memo | released on Friday”, “a source | close to Lund”, “a
/// poll | last week”.
fn goes_on(noun: &str, next: &Word<'_>) -> bool {
    let lower = next.lower();
    let participle =
        lower.len() > 4 && lower.ends_with("ed") || next.listed("grammar/behind-noun") || is_day(&lower);
    participle && class(&singular(noun)) != Class::Unknown
}

/// Whether words say how many of those behind “of”: “a number of members”, “one of the candidates”.
fn quantifies(before: &[Word<'_>]) -> bool {
    before.last().is_some_and(|w| {
        w.is(&[
            "number",
            "group",
            "majority",
            "one",
            "some",
            "many",
            "most",
            "all",
            "half",
            "two",
            "three",
            "several",
            "couple",
            "dozens",
            "hundreds",
            "thousands",
            "handful",
            "none",
            "both",
        ]) || w.text.chars().all(|c| c.is_ascii_digit())
    })
}
