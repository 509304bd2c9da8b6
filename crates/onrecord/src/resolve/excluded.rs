//! The candidates that the words of a source rule out, whatever the judge says.

use onrecord_text::EntityKind;

use super::candidates::{Candidate, Who};
use super::cast::{MemberId, Use};
use super::context::{Around, Context};
use super::features::at;
use super::holders::other_holders;
use super::source::{Source, SourceForm, head};
use crate::english::{AS, Gender, INFINITIVE, is_office_or_gendered, is_title, is_title_or_office, singular};
use crate::lists::{List, country_of_word, words_for_modifier};
use crate::reading::{Reading, Shape, WordId, WordRange};

/// For each candidate, whether the source's own words rule it out: “the Peruvian minister” is not a Chilean one, and
/// “the mayor of Ravn” is no other mayor. Nor is a town a ministry.
pub(super) fn excluded(
    context: &Context<'_>,
    source: &Source,
    around: &Around<'_>,
    all: &[Candidate],
) -> Vec<bool> {
    let outside = |c: &Candidate| match c.who {
        Who::Member(id) if c.features[at!("inside")] == 0.0 => Some(id),
        _ => None,
    };
    let hits = |id: MemberId| source.proper.iter().filter(|word| context.words_of(id).fit(word)).count();
    let holders: Vec<MemberId> = all.iter().filter(|c| c.holds_office()).filter_map(outside).collect();
    let most = holders.iter().map(|&id| hits(id)).max().unwrap_or_default();
    let other_holders = other_holders(context, source, &holders);
    let mut others = of_whom(context, source);
    others.extend(impersonated(context, source));
    // In “a friend of Lund and Brandt”, neither of them speaks.
    let first = context.cast.within(source.span).next().map_or(source.words.end, |u| u.words.start);
    let before = WordRange { end: first, ..source.words };
    let owners = before.iter().any(|w| context.reading.listed(w, List::Prepositions));
    // “‘He does what he is told,’ Lund said.”
    let third_person = matches!(source.form, SourceForm::He | SourceForm::She);
    let quotes = around.quotes.filter(|_| third_person);
    let out = |c: &Candidate| match &c.who {
        Who::Member(id) if others.contains(id) || quotes == Some(*id) => true,
        Who::Joint(members, _) => {
            owners && c.features[at!("inside")] == 1.0 && c.features[at!("whole")] == 0.0
                || members.iter().any(|id| others.contains(id))
        }
        _ => match outside(c) {
            Some(id) if other_holders.contains(&id) || is_another_of_its_kind(context, source, id) => true,
            Some(id) if context.cast.member(id).kind == EntityKind::Place => {
                c.features[at!("name_has_noun")] == 0.0 && is_mere_place(context, source, id)
            }
            Some(id) if c.holds_office() && !source.proper.is_empty() => {
                let (hits, own) = (hits(id), context.words_of(id));
                let of_another = |word: &String| {
                    (country_of_word(word).is_some() || context.is_place(word)) && own.are_of_another(word)
                };
                hits < most && !own.owners.is_empty() || hits == 0 && source.proper.iter().any(of_another)
            }
            _ => false,
        },
    };
    all.iter().map(out).collect()
}

/// Whether a candidate is a member whom the noun of a source cannot mean: some organisations have it in their names, unless
/// they are a country's. “The government” is neither a bank nor a ministry, and “MORE” is nobody. Its probability stays with
/// it, because the judge knows no better candidate.
pub(super) fn is_something_else(context: &Context<'_>, source: &Source, candidate: &Candidate) -> bool {
    let reading = context.reading;
    let Who::Member(id) = candidate.who else { return false };
    let named = [at!("inside"), at!("name_has_noun")].iter().any(|&f| candidate.features[f] == 1.0);
    let governs = List::NounsPlace.has(&source.noun) && context.may_govern(id);
    let is_label =
        |w: WordId| reading.word(w).shape == Shape::Capitals && reading.listed(w, List::NoNameInCapitals);
    let label = head(reading, source.words).is_some_and(is_label);
    !named && (List::NounsNamed.has(&source.noun) && !governs || label)
}

/// Whether an organisation's name has the noun of a source, but means another one: “the education ministry” is not the
/// Ministry of Health, and “the police” are not the Police Federation.
fn is_another_of_its_kind(context: &Context<'_>, source: &Source, id: MemberId) -> bool {
    context.cast.member(id).kind == EntityKind::Organization
        && context.words_of(id).name(&source.noun)
        && (lacks_a_modifier(context, source, id) || is_of_members(context, source, id))
}

/// Whether a name lacks what a source says before its noun, apart from owners and places: “the country’s court”, “the
/// Ravn-based court”, “the Norwegian court”.
fn lacks_a_modifier(context: &Context<'_>, source: &Source, id: MemberId) -> bool {
    let (reading, words) = (context.reading, context.words_of(id));
    let small = [List::Articles, List::Definite, List::Indefinite, List::Possessives];
    let vague = |w: WordId| {
        let word = reading.lower(w);
        let place = country_of_word(word).is_some() || context.is_place(word);
        let owner = reading.after(w).is_some_and(|w| reading.word(w).is_possessive());
        let owns = owner && List::NounsPlace.has(word);
        place || owns || word.contains('-') || !reading.word(w).is_word() || reading.listed_in(w, &small)
    };
    let has = |w: WordId| {
        let word = reading.lower(w);
        words.fit(word) || words_for_modifier(word).iter().any(|other| words.fit(other))
    };
    let head = head(reading, source.words).unwrap_or(source.words.start);
    WordRange { end: head, ..source.words }.iter().any(|w| !vague(w) && !has(w))
}

/// Whether an organisation is, by its name, a body of those whom a source's noun names: a police federation is not “the
/// police”. Nouns for places are exempt, because a city may speak for its council.
fn is_of_members(context: &Context<'_>, source: &Source, id: MemberId) -> bool {
    let long = context.cast.member(id).names.iter().filter(|f| f.parts.len() > 1);
    let mut heads = long.filter_map(|f| f.parts.last()).map(|part| singular(part));
    let place = List::NounsPlace.has(&source.noun) && !List::NounsNamed.has(&source.noun);
    !place && !List::NounsOfMembers.has(&source.noun) && heads.any(|head| List::NounsOfMembers.has(&head))
}

/// Whether a place is neither a country nor a seat of government, so that only nouns for places may refer to it.
fn is_mere_place(context: &Context<'_>, source: &Source, id: MemberId) -> bool {
    !context.may_govern(id) && !source.noun.is_empty() && !List::NounsPlace.has(&source.noun)
}

/// The most words between a name and the noun that it modifies: “a Lund campaign official”.
const LONGEST_MODIFIER: usize = 2;

/// The people who only say which person speaks: “a Lund aide”, “the wife of Lund”, “Lund’s lawyer”, “the judge who
/// jailed Lund”, “the doctor treating Lund”.
fn of_whom(context: &Context<'_>, source: &Source) -> Vec<MemberId> {
    let (reading, cast) = (context.reading, context.cast);
    let common = |w: WordId| reading.word(w).is_word() && !reading.word(w).is_capital();
    let opens = |w: WordId| reading.sentence_of(w).start == w;
    let comma = source.words.iter().find(|&w| reading.written(w) == ",");
    let phrase = WordRange { end: comma.unwrap_or(source.words.end), ..source.words };
    let noun = head(reading, phrase).filter(|&w| is_of_person(reading, w) && (common(w) || opens(w)));
    let clause = relative_clause(reading, source.words);
    // “A former Lund aide” and “Lund ally and pilot Ada Brandt”, but not “the elder Lund brother” and “Jon Lund head of the
    // bank”.
    let modifies = |u: &Use| {
        let whole = u.words.len() > 1;
        let next = Some(u.words.end).filter(|&w| w < phrase.end && common(w) && is_of_person(reading, w));
        let of = |w: WordId| reading.after(w).is_some_and(|of| reading.listed(of, List::Prepositions));
        let noun = noun.filter(|&w| u.words.end <= w).or(next);
        let one = |w: WordId| singular(reading.lower(w)) == reading.lower(w);
        let apposed = |w: WordId| whole && w == u.words.end && of(w) && one(w);
        let Some(noun) = noun.filter(|&w| !apposed(w)) else { return false };
        let between = WordRange { start: u.words.end, end: noun };
        let family = Gender::of_noun(&singular(reading.lower(noun))).is_some();
        let opens = [List::Articles, List::Coordinators, List::Possessives];
        let plain = |w: WordId| common(w) && !reading.listed_in(w, &opens);
        !family && between.len() <= LONGEST_MODIFIER && between.iter().all(plain)
    };
    let is_another = |u: &Use| {
        if modifies(u) {
            return true;
        }
        let before = WordRange { end: u.words.start, ..source.words };
        let title =
            |&w: &WordId| is_title(reading.lower(w)) || reading.listed_in(w, &[List::Articles, List::Former]);
        let Some(last) = before.iter().rev().find(|w| !title(w)) else {
            let mark = Some(u.words.end).filter(|&w| w < phrase.end && reading.word(w).is_possessive());
            return mark.is_some_and(|mark| noun.is_some_and(|noun| noun > mark));
        };
        if u.words.start > clause.start && u.words.end <= clause.end {
            // “Who identified himself as Lund”, “who goes by the name ‘Silver’”.
            return reading.lower(last) != AS && reading.word(u.words.start).quotation().is_none();
        }
        let owned = reading.listed(last, List::OfWhom) && noun.is_some_and(|noun| noun < last);
        let participle = before.last() == Some(last) && common(last) && reading.lower(last).ends_with("ing");
        u.words.end <= phrase.end
            && (owned || participle && reading.before(last).is_some_and(|w| is_of_person(reading, w)))
    };
    let (mut others, mut own): (Vec<&Use>, Vec<&Use>) = (Vec::new(), Vec::new());
    for u in cast.within(source.span).filter(|u| context.is_person(u.member)) {
        // “A friend of Lund and Brandt”.
        let joined = |last: &Use| {
            let between = WordRange { start: last.words.end, end: u.words.start };
            between.len() == 1 && reading.listed(between.start, List::Coordinators)
        };
        let another = is_another(u) || others.last().is_some_and(|&last| joined(last));
        (if another { &mut others } else { &mut own }).push(u);
    }
    // “Lund’s father, Peter Lund,” has the name of the speaker, too.
    let is_own = |id: &MemberId| own.iter().any(|u| u.member == *id);
    others.into_iter().map(|u| u.member).filter(|id| !is_own(id)).collect()
}

/// The first relative clause after a noun: “who jailed Lund”, up to a comma. Empty if there is none.
fn relative_clause(reading: &Reading<'_>, words: WordRange) -> WordRange {
    let pronoun = |w: WordId| !reading.word(w).is_capital() && reading.listed(w, List::PronounsRelative);
    let start = words.iter().skip(1).find(|&w| pronoun(w)).unwrap_or(words.end);
    let clause = WordRange { start, ..words };
    let comma = clause.iter().find(|&w| reading.written(w) == ",");
    WordRange { end: comma.unwrap_or(words.end), ..clause }
}

/// Whether a noun is one for people: of an office, a gender or a relation.
fn is_of_person(reading: &Reading<'_>, word: WordId) -> bool {
    let noun = singular(reading.lower(word));
    is_office_or_gendered(&noun) || List::NounsRelation.has(&noun)
}

/// The member in whose name somebody else speaks: “an account impersonating Ada Brandt”, “a man claiming to be Mayor Ada
/// Brandt”.
fn impersonated(context: &Context<'_>, source: &Source) -> Option<MemberId> {
    let reading = context.reading;
    let participle = source.words.iter().find(|&w| reading.listed(w, List::Impersonating))?;
    let name = context.cast.within(source.span).find(|u| u.words.start > participle)?;
    let leads = |w: WordId| {
        matches!(reading.lower(w), AS | INFINITIVE)
            || reading.listed_in(w, &[List::Articles, List::Be])
            || is_title_or_office(reading.written(w))
    };
    let between = WordRange { start: participle.step(1)?, end: name.words.start };
    between.iter().all(leads).then_some(name.member)
}

#[cfg(test)]
mod tests {
    use super::super::candidates::candidates;
    use super::super::context::Around;
    use super::super::context::tests::at_source;
    use super::super::heard::Heard;
    use super::*;
    use crate::testing::marked;

    /// The members whom the words of the only source exclude. `roles` gives people offices.
    fn excluded(text: &str, roles: &[(&str, &str)]) -> Vec<String> {
        at_source(&marked(text), roles, |context, source| {
            let around = Around::default();
            let all = candidates(context, source, &Heard::default(), &around);
            let out = super::excluded(context, source, &around, &all);
            let name = |c: &Candidate| match c.who {
                Who::Member(m) => context.full_name(m),
                _ => panic!("only members are excluded"),
            };
            all.iter().zip(out).filter(|&(_, out)| out).map(|(c, _)| name(c)).collect()
        })
    }

    #[test]
    fn a_government_has_a_name_that_says_so_or_is_a_country() {
        let possible = |source: &str| {
            let named = "[O Ravn Bank] met the [O Lund Government] and the [O Tallo Army Museum] in [L Norway]. \
                         [P Jon Holm] left.";
            let text = format!("{named} [S {source}] [C said] [T that it is late].");
            at_source(&marked(&text), &[], |context, source| {
                let all = candidates(context, source, &Heard::default(), &Around::default());
                let possible = |c: &Candidate| match c.who {
                    Who::Member(m) if !is_something_else(context, source, c) => Some(context.full_name(m)),
                    _ => None,
                };
                let mut names: Vec<String> = all.iter().filter_map(possible).collect();
                names.sort();
                names
            })
        };
        assert_eq!(possible("The government"), ["lund government", "norway"]);
        assert_eq!(possible("The army"), ["tallo army museum"]);
        assert_eq!(possible("The union"), [""; 0]);
        assert_eq!(possible("MORE"), [""; 0]);
        assert_eq!(possible("The video").len(), 5);
        assert_eq!(possible("The firm").len(), 5);
    }

    #[test]
    fn nobody_is_taken_for_a_relative_or_an_employee() {
        let out = |source| excluded(&format!("[S {source}] [C said] [T that it is late]."), &[]);
        for source in [
            "The wife of [P Jon Holm]",
            "The lawyer for Mr. [P Jon Holm]",
            "An adviser to the late President [P Jon Holm]",
            "[P Jon Holm]’s older brother",
            "Friends of [P Jon Holm]",
            "The judge who jailed [P Jon Holm]",
            "The judge, who jailed [P Jon Holm], the sailor",
            "The doctor treating [P Jon Holm]",
            "A former [P Jon Holm] aide",
            "A senior [P Jon Holm] campaign official",
            "[P Jon Holm] advisers in Ravn",
        ] {
            assert_eq!(out(source), ["jon holm"], "{source}");
        }
        for source in [
            "The poet [P Jon Holm]",
            "The elder [P Jon Holm] brother",
            "[P Jon Holm] the lawyer",
            "[P Jon Holm] chairman of the club",
            "[P Jon Holm] and his advisers",
            "[P Jon Holm] and other aides",
            "Former Secretary of State [P Jon Holm]",
            "The widow of the mayor, [P Jon Holm]",
            "The account of [P Jon Holm]",
            "[P Jon Holm]’s statement",
            "[P Jon Holm], the lawyer for the town",
            "A man who identified himself as [P Jon Holm]",
            "The acting [P Jon Holm]",
            "The chief operating officer [P Jon Holm]",
            "Doctor Who boss [P Jon Holm]",
            "[P Holm]’s father, [P Jon Holm]",
            "The judge, who is ill, [P Jon Holm]",
            "A soldier, who goes by the call sign “[P Silver]”",
        ] {
            assert!(out(source).is_empty(), "{source}");
        }
    }

    #[test]
    fn a_source_excludes_those_who_hold_its_office_for_others() {
        let mayors = "[P Jon Holm], the mayor of Ravn, met [P Ada Brandt], the mayor of Sundby. ";
        let roles = [("jon holm", "mayor of Ravn"), ("ada brandt", "mayor of Sundby")];
        let out = |source| excluded(&format!("{mayors}[S {source}] [C said] [T that it is late]."), &roles);
        assert_eq!(out("The mayor of Sundby"), ["jon holm"]);
        assert_eq!(out("The Ravn mayor"), ["ada brandt"]);
        assert!(out("The mayor").is_empty());
        // The source may describe either of them in words of its own.
        assert!(out("The Liberal mayor").is_empty());
        // Whose office has no place, or is over, excludes and is excluded by nobody.
        let presidents = "President [P Jon Holm] met the former Norwegian president [P Ada Brandt]. \
                          [S The Norwegian president] [C said] [T that it is late].";
        let roles = [("jon holm", "President"), ("ada brandt", "former Norwegian president")];
        assert!(excluded(presidents, &roles).is_empty());
        // Whoever held the office before is not the present one.
        let mayors = "The mayor, [P Jon Holm], met the former mayor, [P Ada Brandt]. \
                      [S The mayor] [C said] [T that it is late].";
        let roles = [("jon holm", "mayor,"), ("ada brandt", "former mayor")];
        assert_eq!(excluded(mayors, &roles), ["ada brandt"]);
    }

    #[test]
    fn a_source_excludes_an_office_of_another_country_or_place() {
        let out = |text: &str, role| excluded(text, &[("jon holm", role)]);
        let chilean =
            "Chilean minister [P Jon Holm] left. [S The Peruvian minister] [C said] [T that it is late].";
        assert_eq!(out(chilean, "Chilean minister"), ["jon holm"]);
        let same =
            "Chilean minister [P Jon Holm] left. [S The minister of Chile] [C said] [T that it is late].";
        assert!(out(same, "Chilean minister").is_empty());
        let plain =
            "Minister [P Jon Holm] left Peru. [S The Peruvian minister] [C said] [T that it is late].";
        assert!(out(plain, "Minister").is_empty());
        // The article mentions Peru nowhere else.
        let new = "Minister [P Jon Holm] left. [S The Peruvian minister] [C said] [T that it is late].";
        assert_eq!(out(new, "Minister"), ["jon holm"]);
        let place = "[L Ravn] detective [P Jon Holm] left. [S The [L Sundby] detective] [C said] [T that it is late].";
        assert_eq!(out(place, "Ravn detective"), ["jon holm", "ravn"]);
    }

    #[test]
    fn an_organization_has_what_the_source_says_about_it() {
        let out = |name: &str, source: &str| {
            let text =
                format!("[O {name}] left [L Ravn] in [L Norway]. [S {source}] [C said] [T that it is late].");
            excluded(&text, &[]).contains(&name.to_lowercase())
        };
        for (name, source) in [
            ("Ministry of Health", "The education ministry"),
            ("US Supreme Court", "A lower court"),
            ("Torp City Council", "The county council"),
            ("Torp City Council", "The Holm council"),
            ("Torp Bank", "The central bank"),
            ("Farmers Union", "The teachers’ union"),
            // It is not what its members are.
            ("Police Federation", "The police"),
            ("Local Government Association", "The government"),
            ("Hospital Workers Union", "The hospital"),
        ] {
            assert!(out(name, source), "{name}, {source}");
        }
        for (name, source) in [
            ("Ministry of Health", "The health ministry"),
            ("Ministry of Health", "The Norwegian ministry"),
            ("US Supreme Court", "The high court"),
            ("Bank of Torp", "The central bank"),
            ("Torp Court", "The Ravn-based court"),
            ("Torp Court", "The country’s court"),
            ("U.N. Refugee Agency", "The U.N. agency"),
            ("Torp Police Department", "The police"),
            ("Farmers Union", "The union"),
            ("Torp City Council", "The city"),
            ("Kaldor", "The central bank"),
        ] {
            assert!(!out(name, source), "{name}, {source}");
        }
    }

    #[test]
    fn a_place_is_no_ministry_unless_it_governs() {
        let out = |source: &str| {
            excluded(
                &format!("[L Tallberg] and [L Norway] are cold. [S {source}] [C said] [T that it is late]."),
                &[],
            )
        };
        assert_eq!(out("The ministry"), ["tallberg"]);
        assert!(out("The city").is_empty() && out("It").is_empty());
        assert!(out("Tallberg").is_empty());
    }

    #[test]
    fn whoever_is_impersonated_does_not_speak() {
        let out = |source: &str| excluded(&format!("[S {source}] [C said] [T that it is late]."), &[]);
        assert_eq!(out("An account impersonating Mayor [P Ada Brandt]"), ["ada brandt"]);
        assert_eq!(out("[P Jon Holm], posing as [P Ada Brandt],"), ["ada brandt"]);
        assert_eq!(out("A man claiming to be Mayor [P Ada Brandt]"), ["ada brandt"]);
        assert!(out("An account of Mayor [P Ada Brandt]").is_empty());
        assert!(out("A sailor claiming the prize, [P Ada Brandt],").is_empty());
    }
}
