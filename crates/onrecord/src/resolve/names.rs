//! Names as an article uses them: the encoder's names without titles, each with the kind that most of its uses have.

use std::collections::{HashMap, HashSet};

use onrecord_text::{BlockKind, Span, is_invisible};

use crate::analysis::{Mention, MentionKind, NameKind};
use crate::english::{
    AND, Gender, OF, OR, THE, WHO, folded, is_numeral, is_of_speaker, is_pronoun, is_title,
    is_title_or_office, singular, without_possessive,
};
use crate::lists::{List, country_of_word};
use crate::odds::greatest;
use crate::reading::{Reading, Shape, WordId, WordRange};

/// The largest number of name uses examined in one article; a long article has several hundred.
const MOST_NAMES: usize = 3000;

/// One use of a name.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// The name without titles.
    pub(super) span: Span,
    pub(super) words: WordRange,
    pub(super) kind: NameKind,
    /// The probability that it is a name of this kind.
    score: f32,
    /// Its words, prepared for comparison.
    pub(super) parts: Vec<String>,
    pub(super) gender: Option<Gender>,
    /// The “Jr.” or “III” at its end, in lower case and without the full stop.
    pub(super) generation: Option<String>,
}

impl Name {
    /// The name in a range of words, without titles before it and a possessive after it.
    pub(super) fn of(reading: &Reading<'_>, words: WordRange, kind: NameKind, score: f32) -> Option<Self> {
        let mut words = words;
        let mut gender = None;
        let person = kind == NameKind::Person;
        // “Mr. Lund”, “House Speaker Ada Brandt”, but not the “King” of “Jon Ola King Jr.”
        let suffixes = words.iter().rev().take_while(|&w| is_suffix(reading, w)).count();
        let last_title = words.iter().rev().skip(1 + suffixes).find(|&w| {
            let surname_follows = words.last() == w.step(1 + suffixes as i64);
            person && is_title_at(reading, words.start, w, surname_follows)
        });
        if let Some(title) = last_title {
            gender =
                words.iter().take_while(|&w| w <= title).find_map(|w| Gender::of_title(reading.lower(w)));
            words.start = title.step(1)?;
        }
        let own = own_words(reading, words, kind)?;
        let words = with_suffix(reading, own, person);
        let regnal = regnal_title(reading, own).filter(|_| person);
        gender = regnal.and_then(|w| Gender::of_title(reading.lower(w))).or(gender);
        let given = given_name_before(reading, words.start).filter(|_| person);
        let words = WordRange { start: given.or(regnal).unwrap_or(words.start), ..words };
        let only = (words.len() == 1).then_some(words.start);
        if only.is_some_and(|w| is_no_name(reading, w, kind)) {
            return None;
        }
        let mut span = without_suffix(reading, words)?;
        // “Ravn+” is another brand than Ravn.
        let plus = !person && reading.text()[span.end()..].starts_with('+');
        if plus {
            span = Span::new(span.start(), span.end() + 1)?;
        }
        gender = gender.or_else(|| {
            let before = reading.before(words.start)?;
            // “Ravn Bank MS Lund said” has a ticker before the name.
            let capitals = |w| reading.word(w).shape == Shape::Capitals;
            let title = person && (!capitals(before) || capitals(words.start));
            title.then(|| Gender::of_title(reading.lower(before))).flatten()
        });
        let article = !person
            && words.len() > 1
            && (reading.lower(words.start) == THE || is_indefinite_article(reading, words.start));
        let mut parts: Vec<String> = words
            .iter()
            .skip(usize::from(article))
            .filter(|&w| reading.word(w).is_word() && !(person && w > words.start && is_suffix(reading, w)))
            .filter_map(|w| {
                Span::new(reading.word(w).span().start(), reading.word(w).span().end().min(span.end()))
            })
            .map(|word| folded(word.of(reading.text())))
            .collect();
        parts.last_mut()?.push_str(if plus { "+" } else { "" });
        if person && parts.len() > 1 {
            gender = gender.or_else(|| Gender::of_given_name(&parts[0]));
        }
        let last = words.last().filter(|&w| person && w > words.start && is_generation(reading, w));
        let generation = last.map(|w| reading.lower(w).trim_end_matches('.').to_owned());
        Some(Self { span, words, kind, score, parts, gender, generation })
    }
}

/// Whether a word of a name is a title, an office or an article before it. A saint's name is part of a surname, as in
/// “Cameron St. Andrew”, and so is “Dean” before a single surname.
fn is_title_at(reading: &Reading<'_>, start: WordId, word: WordId, surname_follows: bool) -> bool {
    let lower = reading.lower(word).trim_end_matches('.');
    let saint = word > start && List::Saints.has(lower);
    let given = surname_follows && List::TitlesMostlyGiven.has(lower);
    let before = reading.before(word).map_or("", |w| reading.lower(w));
    let paired = List::TitlesPaired.has(&format!("{before} {lower}"));
    let title = is_title_or_office(reading.written(word)) || reading.listed(word, List::Articles);
    (title || paired) && !saint && !given
}

/// A given name directly before a person's name, in the middle of a sentence: the encoder reads words in lower case and
/// takes the “Per” of “the pilot, Per Lund” for a preposition.
fn given_name_before(reading: &Reading<'_>, name: WordId) -> Option<WordId> {
    let given = reading.before(name)?;
    let before = reading.before(given)?;
    let inside = (reading.word(before).is_word()
        || reading.word(before).is_possessive()
        || reading.written(before) == ",")
        && reading.word(before).sentence == reading.word(given).sentence;
    let is_given = reading.word(given).is_capital() && Gender::of_given_name(reading.lower(given)).is_some();
    (inside && is_given).then_some(given)
}

/// The full name of which a use of a surname is the end, with initials: “Judge Ada M. Lund” where the encoder found only
/// “Lund”.
pub(super) fn full_name_ending_with(reading: &Reading<'_>, surname: WordRange) -> Option<Name> {
    let is_initial = |w: WordId| {
        let mut letters = reading.written(w).trim_end_matches('.').chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    };
    let before = std::iter::successors(reading.before(surname.start), |&w| reading.before(w));
    let initials = before.take_while(|&w| is_initial(w)).last().unwrap_or(surname.start);
    let start = given_name_before(reading, initials)?;
    Name::of(reading, WordRange { start, ..surname }, NameKind::Person, 1.0)
}

/// The full name of the person around whom an organisation is, whom a title may precede: “Ada Lund” for “Prime Minister
/// Ada Lund’s office”.
pub(super) fn owner_in_full(reading: &Reading<'_>, name: &Name) -> Option<Name> {
    let (owner, owned) = owner_and_owned(reading, name.words)?;
    let around = owned.last().is_some_and(|w| reading.listed(w, List::NounsOfPerson));
    let owner = Name::of(reading, owner, NameKind::Person, name.score)?;
    let full = owner.parts.len() > 1 && Gender::of_given_name(&owner.parts[0]).is_some();
    (around && full && name.kind == NameKind::Organization).then_some(owner)
}

/// Whether a word distinguishes people of one name: `Jr.`, `II`.
fn is_generation(reading: &Reading<'_>, word: WordId) -> bool {
    let written = reading.written(word).trim_end_matches('.');
    List::Generations.has(written) || is_numeral(written)
}

/// Whether a word after a surname is not part of it.
fn is_suffix(reading: &Reading<'_>, word: WordId) -> bool {
    is_generation(reading, word) || List::NameSuffixes.has(reading.written(word).trim_end_matches('.'))
}

/// The title before a single name that is part of it: “Queen Mathilda II”.
fn regnal_title(reading: &Reading<'_>, name: WordRange) -> Option<WordId> {
    let single = name.iter().position(|w| is_suffix(reading, w)).unwrap_or(name.len()) == 1;
    let title = reading.before(name.start).filter(|_| single)?;
    (reading.word(title).is_capital() && reading.listed(title, List::TitlesRegnal)).then_some(title)
}

/// A person's name including the suffix that distinguishes them from others: `Elizabeth II`, `Jon Holm Jr.`
fn with_suffix(reading: &Reading<'_>, words: WordRange, person: bool) -> WordRange {
    // “Jon Holm Jr.”, “Jon Holm, Jr.,”
    let comma = |w: &WordId| reading.written(*w) == ",";
    let next = words.last().and_then(|w| reading.after(w));
    let next = next.filter(comma).and_then(|w| reading.after(w)).or(next);
    let suffix = next.filter(|&w| person && reading.word(w).is_capital() && is_suffix(reading, w));
    WordRange { end: suffix.and_then(|w| w.step(1)).unwrap_or(words.end), ..words }
}

/// Whether a single word is not a name: a title, a pronoun, `R-Ohio` after a politician's name.
fn is_no_name(reading: &Reading<'_>, word: WordId, kind: NameKind) -> bool {
    let written = reading.written(word);
    let capitals = reading.word(word).shape == Shape::Capitals;
    let party = written
        .split_once('-')
        .is_some_and(|(party, place)| party.len() == 1 && place.starts_with(char::is_uppercase));
    let title = kind == NameKind::Person && is_title(written);
    let listed = if capitals { List::NoNameInCapitals } else { List::NoName };
    reading.listed(word, listed) || (kind == NameKind::Person && party) || title
}

/// The span of a name without the suffix that makes it an adjective: `ISIL` in `ISIL-controlled`.
fn without_suffix(reading: &Reading<'_>, words: WordRange) -> Option<Span> {
    let span = reading.span_of(words)?;
    let last = reading.word(words.last()?).span();
    let described = last
        .of(reading.text())
        .rsplit_once('-')
        .filter(|(name, suffix)| name.starts_with(char::is_uppercase) && List::Describing.has(suffix));
    match described {
        Some((name, _)) => Span::new(span.start(), last.start() + name.len()),
        None => Some(span),
    }
}

/// The words of a name: from the first word with a capital, or a particle before it, to the last word before one in
/// lower case that is not a particle.
fn own_words(reading: &Reading<'_>, words: WordRange, kind: NameKind) -> Option<WordRange> {
    if kind == NameKind::Organization {
        return organization_words(reading, words);
    }
    let of_a_name = |w: WordId| {
        let word = reading.word(w);
        word.is_capital()
            || (word.is_word() && reading.written(w).chars().any(|c| c.is_uppercase() || c.is_numeric()))
    };
    let particle = |w: WordId| {
        reading.listed(w, List::Particles) || (kind != NameKind::Person && reading.listed(w, List::Joints))
    };
    let first = words.iter().find(|&w| of_a_name(w))?;
    // A person’s name may begin with a particle: “de Gaulle”.
    let before = first.step(-1).filter(|&b| kind == NameKind::Person && b >= words.start && particle(b));
    let start = before.unwrap_or(first);
    let inside = |w: WordId| of_a_name(w) || particle(w) || !reading.word(w).is_word();
    let run = WordRange { start, end: words.end }.iter().take_while(|&w| inside(w));
    let last = run.filter(|&w| of_a_name(w)).last()?;
    // The bracket of “Daesh (ISIL)” stays with the opening one.
    Some(WordRange { start, end: last.step(1)? })
}

/// The most words in an organisation's name.
const LONGEST: usize = 12;

/// The words of an organisation's name, which may end with a noun in lower case: “the Norwegian foreign ministry”.
/// Articles and possessive pronouns before it and a possessive after it are left out.
fn organization_words(reading: &Reading<'_>, words: WordRange) -> Option<WordRange> {
    let leads = |w: WordId| {
        let lower = reading.lower(w);
        let small = matches!(lower, AND | OR)
            || List::Articles.has(lower)
            || is_pronoun(lower)
            || is_of_speaker(lower);
        !reading.word(w).is_word() || (small && reading.word(w).shape != Shape::Capitals)
    };
    // At the start of a sentence, “The” has a capital only because of its position.
    let the = |w: WordId| {
        reading.word(w).is_capital() && reading.lower(w) == THE && reading.sentence_of(w).start != w
    };
    let start = words.iter().find(|&w| !leads(w))?;
    let start = start
        .step(-1)
        .filter(|&w| w >= words.start && the(w) && reading.word(start).is_capital())
        .unwrap_or(start);
    // In “Ravn and Tallberg”, “Ravn and” is not a name.
    let joins = |w: WordId| !reading.word(w).is_capital() && reading.listed(w, List::NameOpenings);
    let ends = |w: WordId| (reading.word(w).is_word() && !joins(w)) || reading.written(w) == ")";
    // “al-Sahra, which” is not a name either.
    let clause =
        words.iter().skip_while(|&w| w <= start).find(|&w| reading.listed(w, List::PronounsRelative));
    let words = WordRange { end: clause.unwrap_or(words.end), ..words };
    let last = words.iter().rev().find(|&w| ends(w))?;
    // “Norwegian | government”, when the encoder took only the noun.
    let start = if reading.word(start).is_capital() {
        country_before(reading, start, last).unwrap_or(start)
    } else {
        modifiers_before(reading, start)
    };
    let own = WordRange { start, end: last.step(1)? };
    // A noun without a name is just a description: “the government”.
    let named = own.iter().any(|w| reading.word(w).is_capital());
    if start > last || own.len() > LONGEST || !named {
        return None;
    }
    // “a Turkish court” is a description too, of which the article is part.
    let article = reading.before(start).filter(|&w| is_indefinite_article(reading, w));
    let takes_article = !reading.word(last).is_capital() && !reading.listed(last, List::NounsOfState);
    let start = article.filter(|_| takes_article).unwrap_or(start);
    Some(WordRange { start, ..own })
}

fn is_indefinite_article(reading: &Reading<'_>, word: WordId) -> bool {
    reading.listed(word, List::Articles) && reading.lower(word) != THE
}

/// The start of the capitalised words, including possessives such as “Russia’s”, that modify the noun after them.
fn modifiers_before(reading: &Reading<'_>, noun: WordId) -> WordId {
    let mut start = noun;
    while let Some(before) = reading.before(start).filter(|_| noun.0 - start.0 < 6) {
        let word = reading.word(before);
        let name = word.is_capital() && !reading.listed(before, List::NoName);
        let owner = reading
            .before(before)
            .is_some_and(|w| reading.word(w).is_capital() && !reading.listed(w, List::NoName));
        if !(name || (word.is_possessive() && owner)) {
            break;
        }
        start = before;
    }
    start
}

/// The position of the country before a name that only says what an organisation is: “Lebanon’s | Health Ministry”,
/// “the Turkish | Ministry of Foreign Affairs”.
fn country_before(reading: &Reading<'_>, start: WordId, last: WordId) -> Option<WordId> {
    let is_kind = |w: WordId| List::NounsOrganization.has(&singular(reading.lower(w)));
    // “Ministry of Ports” says what it is, “Daily Post” is a name.
    let opens = || reading.after(start).is_some_and(|w| reading.listed(w, List::Prepositions));
    if !(is_kind(last) || is_kind(start) && (start == last || opens())) {
        return None;
    }
    let country = modifiers_before(reading, start);
    country_named(reading, WordRange { start: country, end: start }).map(|_| country)
}

/// The country that some words name, apart from a possessive after them.
pub(super) fn country_named(reading: &Reading<'_>, words: WordRange) -> Option<usize> {
    let words = words.iter().filter(|&w| reading.word(w).is_word());
    let words: Vec<&str> = words.map(|w| reading.lower(w)).collect();
    country_of_word(without_possessive(&words.join(" ")))
}

/// The words before the first possessive mark in a name, which name an owner, and the words after it.
pub(super) fn owner_and_owned(reading: &Reading<'_>, name: WordRange) -> Option<(WordRange, WordRange)> {
    let mark = name.iter().find(|&w| reading.word(w).is_possessive())?;
    Some((WordRange { end: mark, ..name }, WordRange { start: mark.step(1)?, ..name }))
}

/// Splits a name that joins two countries, or two names that occur separately elsewhere: “Washington and Beijing”.
fn with_pairs_split(reading: &Reading<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let known = known(&names);
    let mut pairs: Vec<(usize, Name, Name)> = Vec::new();
    for (n, name) in names.iter().enumerate().filter(|(_, n)| n.kind != NameKind::Person) {
        let Some(and) = name.words.iter().find(|&w| reading.lower(w) == AND) else { continue };
        let Some(after) = and.step(1) else { continue };
        let part = |words: WordRange| {
            Name::of(reading, words, name.kind, name.score)
                .filter(|p| known.contains(&p.parts) || country_of_word(&p.parts.join(" ")).is_some())
        };
        let first = part(WordRange { start: name.words.start, end: and });
        let second = part(WordRange { start: after, end: name.words.end });
        pairs.extend(first.zip(second).map(|(a, b)| (n, a, b)));
    }
    for (n, first, second) in pairs.into_iter().rev() {
        names.splice(n..=n, [first, second]);
    }
    names
}

/// Widens names to all words that the abbreviation in brackets after them stands for: “Harbour Council Board (HCB)”,
/// whatever part of it the encoder has found.
fn spelled_out(reading: &Reading<'_>, mut names: Vec<Name>) -> Vec<Name> {
    for n in (1..names.len()).rev() {
        let short = &names[n];
        let Some(words) = words_of_initials(reading, short).filter(|_| short.kind != NameKind::Person) else {
            continue;
        };
        let first = names[..n].partition_point(|name| name.words.end <= words.start);
        let begins = names[first..n].first().is_some_and(|name| name.words.start >= words.start);
        let spelled = Name::of(reading, words, short.kind, short.score);
        if let Some(spelled) = spelled.filter(|_| begins) {
            names.splice(first..n, [spelled]);
        }
    }
    names
}

/// The words before an abbreviation in brackets that begin with its letters.
fn words_of_initials(reading: &Reading<'_>, short: &Name) -> Option<WordRange> {
    let [written] = short.parts.as_slice() else { return None };
    let open = reading.before(short.words.start).filter(|&w| reading.written(w) == "(")?;
    let mut letters: Vec<char> = written.chars().filter(|c| c.is_alphabetic()).collect();
    if letters.len() < 3 || reading.word(short.words.start).shape != Shape::Capitals {
        return None;
    }
    let mut start = open;
    while !letters.is_empty() {
        start = reading.before(start)?;
        if reading.word(start).is_capital() {
            for part in reading.lower(start).split('-').rev() {
                letters.pop_if(|letter| part.starts_with(*letter))?;
            }
        } else if !reading.listed(start, List::Joints) && !reading.word(start).is_possessive() {
            return None;
        }
    }
    Some(WordRange { start, end: open })
}

/// The names of an article, some organisations among them replaced by other readings of their words.
fn with_other_readings(mut names: Vec<Name>, other: impl Fn(&Name) -> Option<Name>) -> Vec<Name> {
    for name in names.iter_mut().filter(|n| n.kind == NameKind::Organization) {
        if let Some(other) = other(name) {
            *name = other;
        }
    }
    names
}

/// The words by which an article knows names that are no organisations': whole names and their last words.
fn words_of_others(names: &[Name]) -> HashSet<Vec<String>> {
    let others = names.iter().filter(|n| n.kind != NameKind::Organization);
    others.flat_map(|n| [n.parts.clone(), n.parts.last().cloned().into_iter().collect()]).collect()
}

/// The names without nouns for organisations that have a capital only because of their position: “Police said” is no
/// name, unless the article has “the Police” elsewhere.
fn without_mere_nouns(reading: &Reading<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let noun = |name: &Name| match name.parts.as_slice() {
        [only] if name.kind != NameKind::Person => {
            (List::NounsOrganization.has(only) || List::NounsPlace.has(only)).then(|| only.clone())
        }
        _ => None,
    };
    let positional = |w: WordId| {
        let after_mark = |before| !reading.word(before).is_word() && reading.written(before) != ",";
        reading.sentence_of(w).start == w
            || reading.before(w).is_some_and(after_mark)
            || reading.block_kind(w) == BlockKind::Headline
    };
    let own: HashSet<String> = names.iter().filter(|n| !positional(n.words.start)).filter_map(noun).collect();
    names.retain(|name| {
        let capitals = reading.word(name.words.start).shape == Shape::Capitals;
        capitals || noun(name).is_none_or(|noun| own.contains(&noun))
    });
    names
}

/// An organisation's name without the nouns in lower case at its end, if the rest names the organisation by itself: TASS
/// for “the TASS news agency”. `None` for “the Norwegian government” and, if one of `others` is Lund, for “the Lund
/// campaign”.
fn without_nouns(reading: &Reading<'_>, name: &Name, others: &HashSet<Vec<String>>) -> Option<Name> {
    let last = name.words.iter().rev().find(|&w| reading.word(w).is_capital())?;
    let words = WordRange { start: name.words.start, end: last.step(1)? };
    let owner = reading.after(last).is_some_and(|w| reading.word(w).is_possessive());
    if words.len() == name.words.len() || owner {
        return None;
    }
    let cut = Name::of(reading, words, NameKind::Organization, name.score)?;
    // The country of “Bank of Norland” is part of its name.
    let of_name = reading.before(last).is_some_and(|w| w > words.start && reading.lower(w) == OF);
    let modifier =
        others.contains(&cut.parts) || (country_of_word(reading.lower(last)).is_some() && !of_name);
    (!modifier).then_some(cut)
}

/// The name of a medium without its owner and adjectives: Kanal 5 for “Norland’s state-run Kanal 5 news agency”.
fn without_owner_of_medium(reading: &Reading<'_>, name: &Name) -> Option<Name> {
    let last = name.words.last()?;
    let (owner, owned) = owner_and_owned(reading, name.words)?;
    let start = owned.iter().find(|&w| reading.word(w).shape != Shape::Small)?;
    // The “People’s” of a “People’s Daily” is no owner.
    country_named(reading, owner).map(drop).or((start > owned.start).then_some(()))?;
    let mut nouns = std::iter::successors(reading.after(last), |&w| reading.after(w)).take(LONGEST_NOUN);
    let after = |w: WordId| Some(WordRange { start: name.words.end, end: w.step(1)? });
    let is_medium = nouns.any(|w| after(w).is_some_and(|nouns| ends_with_medium(reading, nouns)));
    let words = WordRange { start, ..name.words };
    Name::of(reading, words, name.kind, name.score).filter(|_| is_medium)
}

/// The most words of a noun after the name of a medium: “state news agency”.
const LONGEST_NOUN: usize = 3;

/// Whether some words in lower case end with a noun that may follow the name of a medium: “state news agency”.
pub(super) fn ends_with_medium(reading: &Reading<'_>, words: WordRange) -> bool {
    if !words.iter().all(|w| reading.word(w).shape == Shape::Small) {
        return false;
    }
    let words: Vec<&str> = words.iter().map(|w| reading.lower(w)).collect();
    (1..=words.len().min(2)).any(|length| List::NounsMedium.has(&words[words.len() - length..].join(" ")))
}

/// An organisation's name without the description at its start: KCNA for “the state news agency KCNA”, and Tallo for
/// “the state-owned Tallo”. The name follows a noun for an organisation, is in `known` without the description, or has
/// nothing but adjectives before it.
fn without_description(reading: &Reading<'_>, name: &Name, known: &HashSet<Vec<String>>) -> Option<Name> {
    let small = |w: WordId| {
        reading.word(w).is_word()
            && !reading.written(w).contains(|c: char| c.is_uppercase() || c.is_numeric())
    };
    let noun = name.words.iter().rev().find(|&w| small(w))?;
    let joins = reading.listed(noun, List::Joints) || reading.listed(noun, List::Particles);
    let start = noun.step(1).filter(|&w| !joins && w < name.words.end)?;
    let words = WordRange { start, end: name.words.end };
    let cut = Name::of(reading, words, NameKind::Organization, name.score)?;
    let of_a_kind = List::NounsOrganization.has(&singular(reading.lower(noun)));
    let adjectives = WordRange { start: name.words.start, end: start }.iter().all(small);
    (cut.words.start == start && (of_a_kind || adjectives || known.contains(&cut.parts))).then_some(cut)
}

/// The words of all names.
fn known(names: &[Name]) -> HashSet<Vec<String>> {
    names.iter().map(|n| n.parts.clone()).collect()
}

/// Cuts the country off the start of organisations’ names that the article uses without it, if it names only one
/// country’s: “Norway’s Harbour Post” and “the Harbour Post”.
fn without_owners(reading: &Reading<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let known = known(&names);
    let mut owners: HashMap<Vec<String>, HashSet<usize>> = HashMap::new();
    let mut cuts: Vec<(usize, Name)> = Vec::new();
    for (n, name) in names.iter().enumerate().filter(|(_, n)| n.kind == NameKind::Organization) {
        let Some((country, cut)) = without_owner(reading, name) else { continue };
        owners.entry(cut.parts.clone()).or_default().insert(country);
        cuts.push((n, cut));
    }
    for (n, cut) in cuts {
        if known.contains(&cut.parts) && owners[&cut.parts].len() == 1 {
            names[n] = cut;
        }
    }
    names
}

/// An organisation's name without the country that it belongs to, and the country. `None` if what is left only says
/// what it is, as in “Norway’s Supreme Court”, or is a place.
fn without_owner(reading: &Reading<'_>, name: &Name) -> Option<(usize, Name)> {
    let (owner, words) = owner_and_owned(reading, name.words)?;
    let country = country_named(reading, owner)?;
    let last = words.last()?;
    let is_kind = List::NounsOrganization.has(&singular(reading.lower(last)));
    let named = words.len() > 1 && words.iter().all(|w| reading.word(w).is_capital());
    let cut = Name::of(reading, words, name.kind, name.score)?;
    let whole = cut.words == words && reading.span_of(words) == Some(cut.span);
    (named && whole && !is_kind && country_of_word(&cut.parts.join(" ")).is_none()).then_some((country, cut))
}

/// The names of an article in text order, without overlaps. `labels` are the names that label a transcript's turns.
pub(super) fn names(reading: &Reading<'_>, mentions: &[Mention], labels: &[Span]) -> Vec<Name> {
    let of_label = |label: &Span| Name::of(reading, reading.words_of(*label), NameKind::Person, 1.0);
    let mut names: Vec<Name> = labels.iter().filter_map(of_label).collect();
    // Every turn of a transcript needs its speaker.
    let most = names.len() + MOST_NAMES;
    for mention in mentions {
        let MentionKind::Name(kind) = mention.kind else { continue };
        let near = labels.partition_point(|l| l.end() <= mention.span.start());
        if labels.get(near).is_some_and(|l| l.overlaps(mention.span)) {
            continue;
        }
        // The place of filing, the author and the photographer are not part of the story.
        let block = reading.kind_at(mention.span.start());
        if matches!(block, Some(BlockKind::Dateline | BlockKind::Byline | BlockKind::Credit)) {
            continue;
        }
        for words in parts_of_list(reading, reading.words_of(mention.span)) {
            names.extend(Name::of(reading, words, kind, mention.score));
        }
        if names.len() >= most {
            break;
        }
    }
    // First the names of organisations, because their words may contain other names. Each pass needs what the passes
    // before it have split or cut: “without” passes compare names with those that the article uses alone.
    let names = with_pairs_split(reading, spelled_out(reading, in_order(names)));
    let others = words_of_others(&names);
    let names = with_other_readings(names, |name| without_nouns(reading, name, &others));
    let names = without_owners(reading, names);
    let known = known(&names);
    let names = with_other_readings(names, |name| without_description(reading, name, &known));
    let names = with_neighbours_joined(reading, names);
    let names = with_other_readings(names, |name| without_owner_of_medium(reading, name));
    let names = with_other_readings(names, |name| holder(reading, name));
    let names = without_mere_nouns(reading, names);
    // Then those of persons, when all full names are known.
    let names = without_titles_of_full_names(reading, names);
    let names = with_titles_as_given_names(reading, names);
    // Headlines are cut to names of the text, so these must be final.
    shortened_in_headlines(reading, with_agreed_kinds(reading, names))
}

/// The most words of a title before a name.
const LONGEST_TITLE: usize = 4;

/// Cuts a title before a surname if it stands before the full name, too, in words or abbreviated: “Precentor Quispe”
/// after “Precentor Rosa Quispe”, and “DHM Feld” after “Deputy Harbour Master Björn Feld”.
fn without_titles_of_full_names(reading: &Reading<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let mut titles: HashMap<String, HashSet<String>> = HashMap::new();
    for name in names.iter().filter(|n| n.kind == NameKind::Person && n.parts.len() > 1) {
        let capital = |w: &WordId| reading.word(*w).is_capital() && reading.word(*w).is_word();
        let sentence = reading.sentence_of(name.words.start).start;
        let before = std::iter::successors(reading.before(name.words.start), |&w| reading.before(w))
            .take_while(|w| *w >= sentence && capital(w))
            .take(LONGEST_TITLE);
        let words: Vec<String> = before.map(|w| folded(reading.written(w))).collect();
        let of_surname = titles.entry(name.parts[name.parts.len() - 1].clone()).or_default();
        let first_letter = |word: &String| word.chars().next();
        let abbreviated = |length: usize| words[..length].iter().rev().filter_map(first_letter).collect();
        of_surname.extend((2..=words.len()).map(abbreviated));
        of_surname.extend(words.first().cloned());
    }
    let two_words = |n: &&mut Name| n.kind != NameKind::Place && n.parts.len() == 2;
    for name in names.iter_mut().filter(two_words) {
        let [title, surname] = name.parts.as_slice() else { continue };
        let start = name.words.last().filter(|_| titles.get(surname).is_some_and(|of| of.contains(title)));
        let words = start.map(|start| WordRange { start, ..name.words });
        if let Some(cut) = words.and_then(|words| Name::of(reading, words, NameKind::Person, name.score)) {
            *name = cut;
        }
    }
    names
}

/// Gives people whom the article knows by one name the title before it as a given name, if they are introduced as
/// something else or the title is mostly a given name: “Earl Odera, a tram driver,” and “Dean Odera”.
fn with_titles_as_given_names(reading: &Reading<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let full = |n: &&Name| n.kind == NameKind::Person && n.parts.len() > 1;
    let surnames: HashSet<String> =
        names.iter().filter(full).filter_map(|n| n.parts.last().cloned()).collect();
    for name in names.iter_mut().filter(|n| n.kind == NameKind::Person) {
        let [surname] = name.parts.as_slice() else { continue };
        let title = reading.before(name.words.start).filter(|&w| {
            reading.word(w).is_capital()
                && List::TitlesGiven.has(reading.lower(w))
                && !surnames.contains(surname)
        });
        let comma = name.words.last().and_then(|w| reading.after(w)).filter(|&w| reading.written(w) == ",");
        let is_introduced =
            comma.and_then(|w| reading.after(w)).is_some_and(|w| is_indefinite_article(reading, w));
        let title = title.filter(|&w| is_introduced || List::TitlesMostlyGiven.has(reading.lower(w)));
        let words = title.map(|start| WordRange { start, ..name.words });
        if let Some((words, span)) = words.and_then(|words| Some((words, reading.span_of(words)?))) {
            name.parts.insert(0, folded(reading.written(words.start)));
            (name.words, name.span) = (words, span);
        }
    }
    names
}

/// The person in an organisation's name that is an office and its holder: “Secretary of State Ada Brandt”.
fn holder(reading: &Reading<'_>, name: &Name) -> Option<Name> {
    let capital = |w: WordId| reading.word(w).is_capital();
    let is_given = |w: WordId| Gender::of_given_name(reading.lower(w)).is_some();
    let start = name.words.iter().find(|&w| capital(w) && is_given(w))?;
    let (before, words) = (WordRange { end: start, ..name.words }, WordRange { start, ..name.words });
    let holds = before.iter().any(|w| is_title_or_office(reading.written(w)));
    // “Queen Margaret Hospital” is no person.
    let last = name.words.last().map_or_else(String::new, |w| singular(reading.lower(w)));
    let person = !List::NounsOrganization.has(&last) && !List::NounsPlace.has(&last);
    let whole = words.len() > 1 && words.iter().all(capital);
    (holds && person && whole).then(|| Name::of(reading, words, NameKind::Person, name.score))?
}

/// Sorts names by position. Of two that overlap, the first and longer one is kept.
fn in_order(mut names: Vec<Name>) -> Vec<Name> {
    names.sort_by_key(|n| (n.span.start(), std::cmp::Reverse(n.span.end())));
    names.dedup_by(|next, last| last.span.overlaps(next.span));
    names
}

/// Splits a name at brackets and at the ends of blocks; a nickname in quotation marks stays part of its name.
fn parts_of_list(reading: &Reading<'_>, words: WordRange) -> Vec<WordRange> {
    if is_nicknamed(reading, words) {
        return vec![words];
    }
    let mut out = Vec::new();
    let mut start = words.start;
    for w in words.iter() {
        let mark = matches!(reading.written(w), "(" | ")" | ";" | "\"" | "“" | "”" | "/" | "|");
        let new_block = w > words.start && reading.before(w).is_none();
        if mark || new_block {
            out.push(WordRange { start, end: w });
            start = if mark { w.step(1).unwrap_or(w) } else { w };
        }
    }
    out.push(WordRange { start, end: words.end });
    out.retain(|r| !r.is_empty());
    out
}

/// Whether a name contains a nickname in quotation marks: `Juan “Chico” Lund`.
fn is_nicknamed(reading: &Reading<'_>, words: WordRange) -> bool {
    let all: Vec<WordId> = words.iter().collect();
    let mark = |w: WordId| matches!(reading.written(w), "\"" | "“" | "”");
    let marks: Vec<usize> = (0..all.len()).filter(|&n| mark(all[n])).collect();
    matches!(marks.as_slice(), [open, close] if *open > 0 && close - open == 2 && close + 1 < all.len())
}

/// Joins adjacent names: the parts around a nickname, a given name and a surname, and a place or organisation followed
/// by the organisation's own noun: `United States` `Citizenship and Immigration Services`.
fn with_neighbours_joined(reading: &Reading<'_>, mut names: Vec<Name>) -> Vec<Name> {
    for n in (2..names.len()).rev() {
        // Joining has made the list shorter.
        if n >= names.len() {
            continue;
        }
        let words = WordRange { start: names[n - 2].words.start, end: names[n].words.end };
        if names[n - 2..=n].iter().all(|name| name.kind == NameKind::Person)
            && words.len() < 8
            && is_nicknamed(reading, words)
            && let Some(name) = Name::of(reading, words, NameKind::Person, names[n].score)
        {
            names.splice(n - 2..=n, [name]);
        }
    }
    let mut alone: HashMap<Vec<String>, usize> = HashMap::new();
    for name in &names {
        *alone.entry(name.parts.clone()).or_default() += 1;
    }
    // Work backwards, because the last word says what kind of thing is named.
    for n in (1..names.len()).rev() {
        let (one, other) = (&names[n - 1], &names[n]);
        let beside = one.words.end == other.words.start
            && reading.text().get(one.span.end()..other.span.start()) == Some(" ");
        let organization =
            !matches!(one.kind, NameKind::Person | NameKind::Other) && other.kind == NameKind::Organization;
        // A given name and a surname, unless the first also stands alone, or both may modify a noun, as in “the Brandt Lund
        // debate”.
        let article = || reading.before(one.words.start).is_some_and(|w| reading.listed(w, List::Articles));
        let person = one.kind == NameKind::Person
            && other.kind == NameKind::Person
            && one.parts.len() == 1
            && [one, other].iter().all(|name| reading.word(name.words.start).shape != Shape::Capitals)
            && country_of_word(&one.parts[0]).is_none()
            && alone.get(&one.parts) == Some(&1)
            && (alone.get(&other.parts) == Some(&1) || other.parts.len() == 1 && !article())
            && !in_title_case(reading, one.words.start);
        let words = WordRange { start: one.words.start, end: other.words.end };
        if beside
            && (organization || person)
            && let Some(name) = Name::of(reading, words, other.kind, other.score)
        {
            names[n - 1] = name;
            names.remove(n);
        }
    }
    names
}

/// Gives all uses of a name the kind that most of them have, weighted by confidence. A word that is also the last word
/// of a person's full name counts towards that person.
fn with_agreed_kinds(reading: &Reading<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let mut weights: HashMap<&[String], [f32; 4]> = HashMap::new();
    let mut surnames: HashMap<&str, f32> = HashMap::new();
    // The single names that the article gives to a person, whatever the encoder makes of them.
    let mut persons: HashSet<&str> = HashSet::new();
    let mut alone: HashSet<&str> = HashSet::new();
    // Those that an office stands before: “the surgeon Holm”.
    let mut employed: HashSet<&str> = HashSet::new();
    // The first two words of longer names.
    let mut begun: HashSet<&[String]> = HashSet::new();
    // The first words of companies and the like: “Holm” for “Holm Ltd” and “Holm Hospital”.
    let mut firms: HashSet<&str> = HashSet::new();
    for name in names.iter() {
        begun.extend(name.parts.get(..2).filter(|two| two.len() < name.parts.len()));
        if let [first, .., last] = name.parts.as_slice()
            && name.kind == NameKind::Organization
            && is_firm(last)
        {
            firms.insert(first);
        }
        if let [only] = name.parts.as_slice()
            && is_introduced_as_person(reading, name)
        {
            persons.insert(only);
        }
        if let [only] = name.parts.as_slice()
            && name.kind == NameKind::Person
        {
            alone.insert(only);
            if reading.before(name.words.start).is_some_and(|w| is_title_or_office(reading.written(w))) {
                employed.insert(only);
            }
        }
        weights.entry(&name.parts).or_default()[index_of(name.kind)] += name.score;
        if name.kind == NameKind::Person
            && name.parts.len() > 1
            && let Some(last) = name.parts.last()
        {
            *surnames.entry(last).or_default() += name.score;
            persons.insert(&name.parts[0]);
        }
    }
    let kinds: Vec<NameKind> = names
        .iter()
        .map(|name| {
            let mut weights = weights[name.parts.as_slice()];
            // “Rowan Lund” is no place if the article calls somebody Lund, unless it begins the name of a company.
            if let [given, surname] = name.parts.as_slice()
                && name.words.len() == 2
                && Gender::of_given_name(given).is_some()
                && alone.contains(surname.as_str())
                && !begun.contains(name.parts.as_slice())
            {
                return NameKind::Person;
            }
            if let [only] = name.parts.as_slice() {
                match surnames.get(only.as_str()) {
                    Some(persons) => weights[index_of(NameKind::Person)] += persons,
                    // “Islamabad said”: nobody in the article has the name of a country or its seat of government.
                    None if country_of_word(only).is_some() && !persons.contains(only.as_str()) => {
                        weights[index_of(NameKind::Person)] = 0.0;
                    }
                    // “Holm said” after “Holm Ltd”.
                    None if firms.contains(only.as_str())
                        && !persons.contains(only.as_str())
                        && !employed.contains(only.as_str()) =>
                    {
                        let person = std::mem::take(&mut weights[index_of(NameKind::Person)]);
                        weights[index_of(NameKind::Organization)] += person;
                    }
                    None => {}
                }
            }
            let (best, own) = (greatest(&weights), index_of(name.kind));
            if weights[best] > weights[own] {
                NameKind::ALL[best]
            } else if weights[own] == 0.0 {
                NameKind::Place
            } else {
                name.kind
            }
        })
        .collect();
    for (name, kind) in names.iter_mut().zip(kinds) {
        if kind == NameKind::Person && name.kind != kind && name.parts.len() > 1 {
            name.gender = Gender::of_given_name(&name.parts[0]);
        }
        name.kind = kind;
    }
    names
}

/// Whether a word at the end of an organisation's name says that its first word may be short for it. The “Holm
/// administration” is not Holm.
fn is_firm(last: &str) -> bool {
    List::CompanyForms.has(last) || List::NounsOrganization.has(last) && !List::NounsOfPerson.has(last)
}

/// Whether the words beside a name say that it is a person's: “Mr. Jordan”, “Chad, who”, “Jordan, 34,”.
fn is_introduced_as_person(reading: &Reading<'_>, name: &Name) -> bool {
    if reading.before(name.words.start).is_some_and(|w| is_title(reading.written(w))) {
        return true;
    }
    let next = |w: WordId| reading.after(w);
    let Some(comma) = name.words.last().and_then(next) else { return false };
    let Some(beside) = next(comma).filter(|_| reading.written(comma) == ",") else { return false };
    let is_age = reading.written(beside).parse::<u8>().is_ok_and(|age| (1..=120).contains(&age));
    reading.lower(beside) == WHO || (is_age && next(beside).is_some_and(|w| reading.written(w) == ","))
}

fn index_of(kind: NameKind) -> usize {
    NameKind::ALL.iter().position(|k| *k == kind).unwrap_or_default()
}

/// Shortens names in headlines. Headlines capitalise every word, so a name may seem longer than it is; it is cut where
/// a name in the text below ends.
fn shortened_in_headlines(reading: &Reading<'_>, mut names: Vec<Name>) -> Vec<Name> {
    let is_headline = |n: &Name| reading.block_kind(n.words.start) == BlockKind::Headline;
    let below = names.iter().filter(|n| n.kind == NameKind::Person && n.parts.len() > 1 && !is_headline(n));
    let surnames: HashSet<String> = below.filter_map(|n| n.parts.last().cloned()).collect();
    // In other headlines, a person's name is only too long if the text has another full name with its surname.
    let headline = |n: &Name| {
        let kept = n.kind == NameKind::Person && n.parts.last().is_some_and(|last| !surnames.contains(last));
        in_title_case(reading, n.words.start) || !kept && is_headline(n)
    };
    let mut known: HashSet<(usize, &[String])> = HashSet::new();
    let in_headline: Vec<bool> = names.iter().map(headline).collect();
    for (name, _) in names.iter().zip(&in_headline).filter(|(_, headline)| !**headline) {
        known.insert((index_of(name.kind), &name.parts));
        if name.kind == NameKind::Person && name.parts.len() > 1 {
            known.insert((index_of(name.kind), &name.parts[name.parts.len() - 1..]));
        }
    }
    let mut cuts: Vec<(usize, Name)> = Vec::new();
    for (n, name) in names.iter().enumerate().filter(|(n, _)| in_headline[*n]) {
        if known.contains(&(index_of(name.kind), name.parts.as_slice())) {
            continue;
        }
        let shorter = (1..name.words.len() as i64).rev().find_map(|length| {
            let words = WordRange { start: name.words.start, end: name.words.start.step(length)? };
            let cut = Name::of(reading, words, name.kind, name.score)?;
            known.contains(&(index_of(cut.kind), cut.parts.as_slice())).then_some(cut)
        });
        cuts.extend(shorter.map(|cut| (n, cut)));
    }
    for (n, cut) in cuts {
        names[n] = cut;
    }
    names
}

/// The most words in a line in title case.
const TITLE_WORDS: usize = 40;

/// Whether most of the longer words in a word's line have a capital, as in a headline.
fn in_title_case(reading: &Reading<'_>, word: WordId) -> bool {
    let words = reading.block_words(reading.block_of(word));
    if words.len() > TITLE_WORDS {
        return false;
    }
    let longer = words.iter().filter(|&w| reading.word(w).is_word() && reading.written(w).len() > 3);
    let (capital, small): (Vec<WordId>, Vec<WordId>) = longer.partition(|&w| reading.word(w).is_capital());
    capital.len() > 2 * small.len()
}

/// Words with single spaces in place of line breaks and tabs, without characters that nobody sees.
pub(super) fn one_line(words: &str) -> String {
    let visible: String = words.chars().filter(|c| !is_invisible(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::marked;

    fn found(text: &str) -> Vec<String> {
        let marked = marked(text);
        let reading = marked.reading();
        let names = names(&reading, &marked.analysis.mentions, &[]);
        names.iter().map(|n| n.span.of(reading.text()).to_owned()).collect()
    }

    #[test]
    fn a_noun_at_the_start_of_a_sentence_is_no_name() {
        let none: [&str; 0] = [];
        assert_eq!(found("[O Police] met her. “[O Police] left.” Then, she left."), none);
        assert_eq!(found("[O Government] authorities met her."), none);
        // A capital in the middle of a sentence, capitals, a longer name, and no noun for an organisation.
        assert_eq!(found("[O Police] met her. She met the [O Police]."), ["Police", "Police"]);
        assert_eq!(found("[O POLICE] met her."), ["POLICE"]);
        assert_eq!(found("[O Police Norland] met her. [O Lyran] left."), ["Police Norland", "Lyran"]);
    }

    #[test]
    fn a_nickname_in_quotation_marks_joins_the_parts_of_a_name_after_other_names() {
        let text = "[P Ada Brandt] met [P Jon] “[P Skip]” [P Holm].";
        assert_eq!(found(text), ["Ada Brandt", "Jon “Skip” Holm"]);
        let two = "[P Ola] “[P Red]” [P Vik] met [P Jon] “[P Skip]” [P Holm].";
        assert_eq!(found(two), ["Ola “Red” Vik", "Jon “Skip” Holm"]);
    }

    #[test]
    fn a_given_name_before_a_name_belongs_to_it_unless_it_may_be_another_word() {
        assert_eq!(found("The pilot, Per [P Lund], met Per [P Vik]."), ["Per Lund", "Per Vik"]);
        // A sentence may begin with a preposition, and a name does not begin in lower case.
        assert_eq!(found("Per [P Lund], the port is closed. It costs 9 euros per [P Vik]."), ["Lund", "Vik"]);
        assert_eq!(found("He left Oslo. Per [P Lund] stayed. Jon, [P Vik] said."), ["Lund", "Vik"]);
    }

    #[test]
    fn a_name_has_all_words_of_the_abbreviation_after_it() {
        let text = "The [O Sundby Harbour] [P Board] ([O SHB]) met the Union of Sea and [O Ferry Workers] ([O USFW]).";
        assert_eq!(found(text), ["Sundby Harbour Board", "SHB", "Union of Sea and Ferry Workers", "USFW"]);
        let text = "The Mid-Range [O Forces Office] ([O MRFO]) met [O Norland’s Port Office] ([O NPO]).";
        assert_eq!(found(text), ["Mid-Range Forces Office", "MRFO", "Norland’s Port Office", "NPO"]);
        // Other letters, a longer name, nothing that is a name, and a person.
        for [long, short] in [["Sundby Harbour", "HSB"], ["Old Council of Sundby Harbour", "CSH"]] {
            assert_eq!(found(&format!("The [O {long}] ([O {short}]) met.")), [long, short]);
        }
        assert_eq!(found("The Sundby Port Act ([O SPA]) is law."), ["SPA"]);
        assert_eq!(found("Jon Ola [P Holm] ([P JOH]) met her."), ["Holm", "JOH"]);
    }

    #[test]
    fn an_organization_that_is_only_a_kind_needs_its_country() {
        assert_eq!(found("Norway’s [O Health Ministry] said so."), ["Norway’s Health Ministry"]);
        assert_eq!(
            found("The Turkish [O Ministry of Foreign Affairs] said so."),
            ["Turkish Ministry of Foreign Affairs"]
        );
        // A name of its own, and an institution of that country.
        assert_eq!(found("Norway’s [O Fjordkraft] said so."), ["Fjordkraft"]);
        assert_eq!(found("Lund’s [O Health Ministry] said so."), ["Health Ministry"]);
    }

    #[test]
    fn a_joint_before_or_after_a_name_is_not_part_of_it() {
        assert_eq!(found("[O Ravn and] [L Tallberg] said so."), ["Ravn", "Tallberg"]);
        assert_eq!(
            found("[O Harbour Board of] and [O or Port Union] said so."),
            ["Harbour Board", "Port Union"]
        );
        assert_eq!(found("The [O Bank for Ports] said so."), ["Bank for Ports"]);
    }

    #[test]
    fn a_description_before_an_organization_is_not_part_of_its_name() {
        assert_eq!(found("The [O Norland state news agency NSA] said so."), ["NSA"]);
        assert_eq!(
            found("The [O Ravn-based darling Fjordkraft] said so."),
            ["Ravn-based darling Fjordkraft"]
        );
        let twice = "[O Fjordkraft] is big. The [O Ravn-based darling Fjordkraft] said so.";
        assert_eq!(found(twice), ["Fjordkraft", "Fjordkraft"]);
        assert_eq!(found("The [O Ministry of Ports] said so."), ["Ministry of Ports"]);
        let ports = "[O Ports] is a paper. The [O Ministry of Ports] said so.";
        assert_eq!(found(ports), ["Ports", "Ministry of Ports"]);
    }

    #[test]
    fn the_owner_of_a_medium_and_adjectives_are_not_part_of_its_name() {
        assert_eq!(found("[O Norway’s semi-official Tallo] news agency left."), ["Tallo"]);
        assert_eq!(found("[O Norway's semi-official] [O Tallo] news agency left."), ["Tallo"]);
        assert_eq!(found("[O Norway’s Tallo] newspaper left."), ["Tallo"]);
        assert_eq!(found("[O Norway’s Tallo newspaper] left."), ["Tallo"]);
        // Nobody but the article knows whose daily it is.
        assert_eq!(found("[O People’s Daily] newspaper left."), ["People’s Daily"]);
        assert_eq!(found("[O Harbour Press of Norway] news agency left."), ["Harbour Press of Norway"]);
        assert_eq!(found("[O Norway’s Tallo am Sonntag] newspaper left."), ["Tallo am Sonntag"]);
        // A union is not a medium.
        assert_eq!(found("[O Norway’s Tallo] union left."), ["Norway’s Tallo"]);
    }

    #[test]
    fn an_owner_is_not_part_of_a_name_that_the_article_uses_alone() {
        let twice = "The [O Harbour Post] is late. [O Norway’s Harbour Post] said so.";
        assert_eq!(found(twice), ["Harbour Post", "Harbour Post"]);
        assert_eq!(found("[O Norway’s Harbour Post] said so."), ["Norway’s Harbour Post"]);
        assert_eq!(
            found("The [O Daily Post] is late. [O Norway’s Daily Post] said so."),
            ["Daily Post", "Daily Post"]
        );
        // Two countries have one of the same name.
        let two = "The [O Daily Post] is late. [O Norway’s Daily Post] met [O Denmark’s Daily Post].";
        assert_eq!(found(two), ["Daily Post", "Norway’s Daily Post", "Denmark’s Daily Post"]);
        // The owner is part of the name, or what is left is not a name.
        for other in ["Women’s Aid Fund", "Lund’s Harbour Post", "Norway’s Ravn"] {
            let rest = other.split_once(' ').unwrap().1;
            assert_eq!(found(&format!("The [O {rest}] is late. [O {other}] said so."))[1], other, "{other}");
        }
        // Every country has one of these.
        let court = "The [O Supreme Court] met. [O Norway’s Supreme Court] said so.";
        assert_eq!(found(court), ["Supreme Court", "Norway’s Supreme Court"]);
    }

    #[test]
    fn an_article_in_capitals_is_part_of_a_name_except_at_the_start_of_a_sentence() {
        assert_eq!(found("She told [O The Harbour Post] so."), ["The Harbour Post"]);
        assert_eq!(found("[O The Harbour Post] said so."), ["Harbour Post"]);
        assert_eq!(found("She told [O the Harbour Post] so."), ["Harbour Post"]);
        assert_eq!(found("She told [O Its Harbour Post] so."), ["Harbour Post"]);
    }

    #[test]
    fn a_name_in_a_headline_ends_where_it_ends_in_the_text() {
        let text =
            "[P Ada Brandt Quits] Harbour Board\n\nThe minister [P Ada Brandt] left the board on Monday.";
        assert_eq!(found(text), ["Ada Brandt", "Ada Brandt"]);
        let another =
            "[P Ada Brandt Quits] Harbour Board\n\nThe minister [P Jon Holm] left the board on Monday.";
        assert_eq!(found(another), ["Ada Brandt Quits", "Jon Holm"]);
        // Not in title case, so that a single name below does not shorten it, unless the text has the full name.
        let single =
            "[P Ada Brandt] met the board in May and left\n\nThe minister [P Ada] left the board on Monday.";
        assert_eq!(found(single), ["Ada Brandt", "Ada"]);
        let row = "[P Brandt Holm] row over the board and a bridge\n\nThe minister [P Brandt] met [P Jon Holm] today.";
        assert_eq!(found(row), ["Brandt", "Brandt", "Jon Holm"]);
    }

    #[test]
    fn a_name_ends_with_its_block_and_before_words_in_lower_case() {
        assert_eq!(found("[P Ada Brandt\n\nJon Holm] left."), ["Ada Brandt", "Jon Holm"]);
        assert_eq!(found("[P Ada Brandt quietly] left."), ["Ada Brandt"]);
        // A suffix has a capital, and “ii” is a number in a list.
        assert_eq!(found("See [P Jon Holm] Jr. and [P Jon Holm] ii."), ["Jon Holm Jr.", "Jon Holm"]);
        // “Of” joins the parts of a place, but not a person and where they are from.
        assert_eq!(found("The [L Isle of Ravn] is far."), ["Isle of Ravn"]);
        assert_eq!(found("The [P Holm of Ravn] left."), ["Holm"]);
        // “-led” is not part of a name, but the second half of a double name is.
        assert_eq!(found("The [O Fjordkraft-led] group left."), ["Fjordkraft"]);
        assert_eq!(found("The [O Fjord-Kraft] group left."), ["Fjord-Kraft"]);
    }

    #[test]
    fn a_noun_after_an_organization_is_cut_off_if_the_rest_is_its_name() {
        assert_eq!(found("The [O NSA news agency] said so."), ["NSA"]);
        assert_eq!(found("The [O Norwegian government] said so."), ["Norwegian government"]);
        let campaign = "[P Ada Lund] left. The [O Lund campaign] said so.";
        assert_eq!(found(campaign), ["Ada Lund", "Lund campaign"]);
        // A joint at its end is not part of it, even if the noun before it is known from others.
        assert_eq!(found("[P Ada Ravn] left. The [O Ravn and] [L Tallberg] said so.")[1], "Ravn");
    }

    #[test]
    fn two_organizations_joined_by_and_are_split_if_the_article_names_them_alone() {
        let both = "[O Harbour Board and Port Union] said so.";
        assert_eq!(found(both), ["Harbour Board and Port Union"]);
        let alone = format!("The [O Harbour Board] met the [O Port Union]. [{}", &both[1..]);
        assert_eq!(found(&alone), ["Harbour Board", "Port Union", "Harbour Board", "Port Union"]);
    }

    #[test]
    fn two_names_of_persons_side_by_side_are_one_unless_one_of_them_also_stands_alone() {
        assert_eq!(found("[P Kwame] [P Ofori] left."), ["Kwame Ofori"]);
        assert_eq!(found("[P Kwame] [P Ofori] left. [P Kwame] stayed."), ["Kwame", "Ofori", "Kwame"]);
        assert_eq!(found("The court heard [P KC] [P Ruth Holm]."), ["KC", "Ruth Holm"]);
        assert_eq!(found("The [P Brandt] [P Lund] debate. [P Lund] won."), ["Brandt", "Lund", "Lund"]);
        assert_eq!(found("The [P Brandt] [P Lund] debate. [P Brandt] won."), ["Brandt", "Lund", "Brandt"]);
        assert_eq!(found("[P Dev] [P Lund] left. [P Lund] slept."), ["Dev Lund", "Lund"]);
        for apart in [
            "[P Malawi] [P Lund] left.",
            "[P Dev] [P LUND] left.",
            "[P Dev] [P Ada Lund] left. [P Ada Lund] slept.",
        ] {
            assert!(found(apart).len() > 1, "{apart}");
        }
        assert_eq!(
            found("[P Kwame], [P Ofori] left. [P Ada Brandt] [P Lund] left."),
            ["Kwame", "Ofori", "Ada Brandt", "Lund"]
        );
    }

    #[test]
    fn a_given_name_or_part_of_a_surname_is_no_title() {
        for name in
            ["Don Brandt", "Dean Brandt", "Rosa Del Vik", "Tan Boon Lund", "CH Lund", "Jon Ola King Jr."]
        {
            assert_eq!(found(&format!("She met [P {name}].")), [name]);
        }
        for (written, name) in [
            ("Dean Ada Brandt", "Ada Brandt"),
            ("Del. Ada Brandt", "Ada Brandt"),
            ("Tan Sri Ada Brandt", "Ada Brandt"),
            ("Sri Ada Brandt", "Sri Ada Brandt"),
            ("Jon Brandt, Jr.", "Jon Brandt, Jr."),
        ] {
            assert_eq!(found(&format!("She met [P {written}].")), [name]);
        }
    }

    #[test]
    fn a_given_name_and_the_surname_of_somebody_are_a_person() {
        let kinds = |text: &str| {
            let marked = marked(text);
            let names = names(&marked.reading(), &marked.analysis.mentions, &[]);
            names.iter().map(|n| n.kind).collect::<Vec<_>>()
        };
        let person = NameKind::Person;
        assert_eq!(kinds("[L Ada Lund] left. [P Lund] slept."), [person, person]);
        let marked = marked("[L Ada Lund] left. [P Lund] slept.");
        let gender = names(&marked.reading(), &marked.analysis.mentions, &[])[0].gender;
        assert_eq!(gender, Some(Gender::She));
        // Nobody called so, a law of hers, a longer name, and no given name.
        assert_eq!(kinds("[L Ada Lund] left."), [NameKind::Place]);
        assert_eq!(kinds("[O Ada’s Lund] is one. [P Lund] slept.")[0], NameKind::Organization);
        let company = "[O Ada Lund] left the [O Ada Lund Bank]. [P Lund] slept.";
        assert_eq!(kinds(company), [NameKind::Organization, NameKind::Organization, person]);
        assert_eq!(kinds("[L Ravn Lund] left. [P Lund] slept."), [NameKind::Place, person]);
        // A firm that is called by a surname.
        for firm in ["Lund Ltd", "Lund Hospital"] {
            let two = kinds(&format!("[O {firm}] left. [P Lund] slept."));
            assert_eq!(two, [NameKind::Organization; 2], "{firm}");
        }
        assert_eq!(kinds("[O Lund Ltd] left. [L Lund] slept.")[1], NameKind::Place);
        for person_said in [
            "[O Lund campaign] left. [P Lund] slept.",
            "[O Lund Ltd] left. Mr. [P Lund] slept.",
            "[O Lund Ltd] left. [P Ada Lund] ate. [P Lund] slept.",
            "[O Ravn Lund Ltd] left. [P Lund] slept.",
        ] {
            assert_eq!(kinds(person_said).last(), Some(&person), "{person_said}");
        }
    }

    #[test]
    fn a_ticker_in_capitals_is_no_title() {
        let gender = |text: &str| {
            let marked = marked(text);
            names(&marked.reading(), &marked.analysis.mentions, &[])[0].gender
        };
        assert_eq!(gender("It met MS [P Lund]."), None);
        assert_eq!(gender("It met Ms [P Lund]."), Some(Gender::She));
        assert_eq!(gender("IT MET MS [P LUND]."), Some(Gender::She));
    }

    #[test]
    fn an_article_belongs_to_a_court_but_not_to_an_army() {
        assert_eq!(
            found("A [O Turkish court] met an [O Indian army] officer."),
            ["A Turkish court", "Indian army"]
        );
        assert_eq!(found("She met Tan [P Sri Ada Brandt]."), ["Ada Brandt"]);
    }

    #[test]
    fn a_brand_keeps_its_plus_and_a_label_in_capitals_is_no_name() {
        assert_eq!(found("She met [O Ravn+] and [O Ravn]."), ["Ravn+", "Ravn"]);
        assert_eq!(found("[P MORE] (D-N.J.) left. [O PHOTO] met her. [O LTA] left."), ["LTA"]);
    }

    #[test]
    fn a_regnal_title_is_part_of_a_single_name() {
        assert_eq!(found("[P Queen Mathilda II] met Pope [P Linus]."), ["Queen Mathilda II", "Pope Linus"]);
        assert_eq!(found("A pope, [P Linus], met Prince [P Jon Holm]."), ["Linus", "Jon Holm"]);
        assert_eq!(found("It has a king.\n\n[P Linus] met Sister [P Ada]."), ["Linus", "Ada"]);
        assert_eq!(found("Jon [P King Jr.] met her."), ["King Jr."]);
    }

    #[test]
    fn a_title_before_a_full_name_is_no_part_of_a_short_one() {
        let precentor = "Precentor [P Rosa Quispe] left. [P Precentor Quispe] stayed.";
        assert_eq!(found(precentor), ["Rosa Quispe", "Quispe"]);
        let master = "Deputy Harbour Master [P Björn Feld] left. [P DHM Feld] and [P Master Feld] stayed.";
        assert_eq!(found(master), ["Björn Feld", "Feld", "Feld"]);
        // Somebody else of that surname, and a title of nobody with that surname.
        let other = "Precentor [P Rosa Quispe] left. [P Cara Quispe] and [P Precentor Holm] stayed.";
        assert_eq!(found(other), ["Rosa Quispe", "Cara Quispe", "Precentor Holm"]);
        let place = "Lincoln County Sheriff [P Tom Lake] left [L Sheriff Lake] and [O Lincoln Lake].";
        assert_eq!(found(place), ["Tom Lake", "Sheriff Lake", "Lincoln Lake"]);
        let sentence = "He saw the Precentor. [P Rosa Quispe] left. [P Precentor Quispe] stayed.";
        assert_eq!(found(sentence), ["Rosa Quispe", "Precentor Quispe"]);
    }

    #[test]
    fn a_title_is_a_given_name_if_its_bearer_is_something_else() {
        assert_eq!(found("Earl [P Odera], a tram driver, left. [P Odera] stayed."), ["Earl Odera", "Odera"]);
        assert_eq!(found("[P Marshal Diallo], an engineer, left."), ["Marshal Diallo"]);
        for title in [
            "Earl [P Odera] left.",
            "Earl [P Odera], the owner, left.",
            "The earl [P Odera], a captain, left.",
        ] {
            assert_eq!(found(title), ["Odera"], "{title}");
        }
        let known = "Marshal [P Ada Diallo] left. Marshal [P Diallo], a critic, stayed.";
        assert_eq!(found(known), ["Ada Diallo", "Diallo"]);
        assert_eq!(found("Mayor [P Diallo], a liberal, left."), ["Diallo"]);
    }

    #[test]
    fn a_saint_inside_a_name_is_no_title() {
        assert_eq!(found("Guide [P Cameron St. Andrew] said so."), ["Cameron St. Andrew"]);
    }

    #[test]
    fn nobody_is_called_like_a_seat_of_government_unless_the_article_has_such_a_person() {
        let kinds = |text: &str| -> Vec<NameKind> {
            let marked = marked(text);
            let reading = marked.reading();
            names(&reading, &marked.analysis.mentions, &[]).iter().map(|n| n.kind).collect()
        };
        assert_eq!(kinds("[P Islamabad] said so."), [NameKind::Place]);
        assert_eq!(kinds("[P Ada London] left. [P London] said so."), [NameKind::Person, NameKind::Person]);
        // A first name, a title, an age or “who” shows that somebody has the name of a country.
        assert_eq!(kinds("[P Chad Holm] left. [P Chad] said so."), [NameKind::Person, NameKind::Person]);
        for person in ["Mr. [P Jordan] left.", "[P Jordan], 34, left.", "[P Jordan], who was late, left."] {
            assert_eq!(kinds(&format!("{person} [P Jordan] said so.")), [NameKind::Person; 2], "{person}");
        }
        // Without any of these it is the country, whichever country it is.
        for country in ["Jordan", "Chad", "Curaçao", "Guadeloupe", "Kiribati"] {
            let text = format!("[P {country}] left. [P {country}] said so, 34 ministers said.");
            assert_eq!(kinds(&text), [NameKind::Place; 2], "{country}");
        }
    }

    #[test]
    fn the_name_of_a_label_goes_before_what_the_encoder_makes_of_it() {
        let marked = marked("[O PIA LUND]: It is late.");
        let reading = marked.reading();
        let label = Span::new(0, "PIA LUND".len()).unwrap();
        let names = names(&reading, &marked.analysis.mentions, &[label]);
        assert_eq!(names.len(), 1);
        assert_eq!(names[0].kind, NameKind::Person);
    }
}
