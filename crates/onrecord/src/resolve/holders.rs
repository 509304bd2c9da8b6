//! Whether a source means another holder of an office than the person whose office it names: “the deputy minister” is not the
//! minister, “the health minister” not the finance minister, and “his brother” not her brother.

use super::cast::MemberId;
use super::context::{Context, head_of};
use super::source::{Source, SourceForm};
use crate::english::{Gender, is_same_office, is_title_or_office};
use crate::lists::{List, country_of_word};
use crate::reading::{Shape, WordId, WordRange};

/// Of the holders of the office that a source names, those whom its other words tell from the one it means. “The mayor” is
/// the present one, if the present one is among them.
pub(super) fn other_holders(context: &Context<'_>, source: &Source, holders: &[MemberId]) -> Vec<MemberId> {
    let own = Office::of_source(context, source);
    let past = |id: &MemberId| is_past_holder(context, source, &own, *id);
    let fits = |id: MemberId| source.modifiers.iter().all(|word| context.words_of(id).fit(word));
    let (mut others, left): (Vec<MemberId>, Vec<MemberId>) =
        holders.iter().partition(|&&id| is_another_holder(context, source, &own, id));
    if left.iter().any(|id| fits(*id) && !past(id)) {
        others.extend(left.into_iter().filter(past));
    }
    others
}

/// Whether a source names the office of a member, but tells by its other words that somebody else holds it.
fn is_another_holder(context: &Context<'_>, source: &Source, own: &Office<'_>, id: MemberId) -> bool {
    let mut roles = roles_of(context, source, id).peekable();
    if roles.peek().is_none() {
        return false;
    }
    // “The former Polish president” may be the president of something else now.
    let known = source.proper.iter().all(|word| context.words_of(id).fit(word));
    roles.all(|role| own.differs(&Office::of(context, role), known))
        || !own.past && is_of_a_new_country(context, source, id)
}

/// Whether a member held the office that a source names only in the past, while the source does not say that it means
/// somebody who did.
fn is_past_holder(context: &Context<'_>, source: &Source, own: &Office<'_>, id: MemberId) -> bool {
    let mut roles = roles_of(context, source, id).peekable();
    !own.past && roles.peek().is_some() && roles.all(|role| Office::of(context, role).past)
}

/// The roles of a member that are the office that a source names.
fn roles_of<'a>(
    context: &'a Context<'_>,
    source: &'a Source,
    id: MemberId,
) -> impl Iterator<Item = WordRange> + 'a {
    let same = move |r: &WordRange| {
        head_of(context.reading, *r).is_some_and(|head| is_same_office(&head, &source.noun))
    };
    context.cast.member(id).roles.iter().copied().filter(same)
}

/// What the words of a phrase tell about the office that it names.
struct Office<'a> {
    /// Whether only one holds it at a time: “mayor”.
    sole: bool,
    /// Whether somebody held it before.
    past: bool,
    /// Whether somebody holds it after somebody else.
    new: bool,
    /// “Deputy”, “acting”.
    ranks: Vec<&'a str>,
    /// “Finance”, “prime”.
    portfolio: Vec<&'a str>,
    /// The gender of “his” or “her” before it.
    pronoun: Option<Gender>,
    /// The person to whom it belongs: “Lund” in “Lund’s mother”.
    owner: Option<MemberId>,
}

impl<'a> Office<'a> {
    /// The office in the words of a source up to a comma: not that of “the minister, a former teacher”.
    fn of_source(context: &'a Context<'_>, source: &Source) -> Self {
        let comma = source.words.iter().find(|&w| context.reading.written(w) == ",");
        Self::of(context, WordRange { end: comma.unwrap_or(source.words.end), ..source.words })
    }

    fn of(context: &'a Context<'_>, words: WordRange) -> Self {
        let (reading, cast) = (context.reading, context.cast);
        // “Ex-mayor” has two words.
        let listed = |lists: &[List]| -> Vec<&str> {
            let parts = words.iter().flat_map(|w| reading.lower(w).split('-'));
            parts.filter(|part| lists.iter().any(|list| list.has(part))).collect()
        };
        // “New Norland” is a name, “New President Lund” is not.
        let is_new = |w: WordId| {
            let office = || reading.after(w).is_some_and(|w| is_title_or_office(reading.written(w)));
            reading.listed(w, List::Newcomers) && (reading.word(w).shape == Shape::Small || office())
        };
        let first = words.first();
        let before = first.and_then(|w| reading.before(w));
        let near = first.into_iter().chain(before);
        let mark = words.iter().find(|&w| reading.word(w).is_possessive());
        let owner = mark.and_then(|end| reading.span_of(WordRange { end, ..words }));
        let owner = owner.and_then(|span| cast.within(span).last());
        Self {
            sole: head_of(reading, words).is_some_and(|noun| List::NounsSole.has(&noun)),
            past: !listed(&[List::Former]).is_empty(),
            new: before.into_iter().chain(words.iter()).any(is_new),
            ranks: listed(&[List::Ranks, List::RanksBelow, List::RanksApart]),
            portfolio: listed(&[List::Portfolios]),
            pronoun: near.map(|w| reading.lower(w)).find_map(Gender::of_pronoun),
            owner: owner.map(|u| u.member).filter(|&m| context.is_person(m)),
        }
    }

    /// Whether a source that names this office means another one than a role of the same noun. `known` says whether the role
    /// has all names of the source.
    fn differs(&self, role: &Self, known: bool) -> bool {
        let share = |one: &[&str], other: &[&str]| one.iter().any(|word| other.contains(word));
        let same_portfolio = share(&self.portfolio, &role.portfolio);
        let whole = same_portfolio || self.sole;
        let needed = |rank: &str| List::RanksApart.has(rank) || whole && List::RanksBelow.has(rank);
        self.past && !role.past && known
            || self.new && !role.new
            || self.ranks.iter().any(|rank| !role.ranks.contains(rank))
            || role.ranks.iter().any(|rank| needed(rank) && !self.ranks.contains(rank))
            || !self.portfolio.is_empty() && !role.portfolio.is_empty() && !same_portfolio
            // Nouns do not tell: the victim’s mother may be the girl’s mother.
            || self.pronoun.zip(role.pronoun).is_some_and(|(one, other)| one != other)
            || self.owner.zip(role.owner).is_some_and(|(one, other)| one != other)
    }
}

/// Whether a source names a country that the article mentions nowhere else.
fn is_of_a_new_country(context: &Context<'_>, source: &Source, id: MemberId) -> bool {
    let new = |word: &String| country_of_word(word).is_some_and(|country| context.mentions_of(country) == 1);
    source.form == SourceForm::Definite
        && source.proper.iter().any(|word| new(word) && !context.words_of(id).fit(word))
}

#[cfg(test)]
mod tests {
    use super::super::context::tests::at_source;
    use super::*;
    use crate::testing::marked;

    /// Whether a source means another holder of an office than Jon Holm, whose role comes first.
    fn another(role: &str, source: &str) -> bool {
        let text = format!(
            "{role}, [P Jon Holm], met [P Ada Brandt] in Norway. [S {source}] [C said] [T that it is late]."
        );
        let plain = role.replace(['[', ']'], "").replace("O ", "").replace("P ", "");
        let role = plain.strip_prefix("Her ").unwrap_or(&plain);
        at_source(&marked(&text), &[("jon holm", role)], |context, source| {
            let holm = context.cast.ids().find(|&m| context.full_name(m) == "jon holm").unwrap();
            other_holders(context, source, &[holm]) == [holm]
        })
    }

    #[test]
    fn a_rank_that_only_one_of_two_has_tells_them_apart() {
        for (role, source) in [
            ("The minister", "The deputy minister"),
            ("The minister", "The acting minister"),
            ("The majority leader", "The minority leader"),
            ("The governor", "The former governor"),
            ("The sheriff", "The new sheriff"),
            ("The vice president", "The president"),
            ("The deputy prime minister", "The prime minister"),
            ("The deputy mayor", "The mayor"),
        ] {
            assert!(another(role, source), "{role}, {source}");
        }
        for (role, source) in [
            ("The minister", "The minister"),
            ("The deputy minister", "The minister"),
            ("The deputy minister", "The deputy minister"),
            ("The acting minister", "The minister"),
            ("The former governor", "The governor"),
            ("The ex-governor", "The former governor"),
            ("The governor", "The former Norwegian governor"),
            ("The governor", "The New Ravn governor"),
            ("The new sheriff", "The sheriff"),
            ("The new sheriff", "The new sheriff"),
            ("New President", "The new president"),
            ("The newly elected mayor", "The new mayor"),
            ("The vice president", "The vice president"),
            ("The mayor", "The deputy minister"),
            ("The minister", "The minister, a former teacher"),
        ] {
            assert!(!another(role, source), "{role}, {source}");
        }
    }

    #[test]
    fn whoever_held_an_office_gives_way_to_whoever_holds_it() {
        let text = "The former mayor, [P Jon Holm], met the mayor, [P Ada Brandt].";
        let past = |source: &str| {
            let text = format!("{text} [S {source}] [C said] [T that it is late].");
            at_source(
                &marked(&text),
                &[("jon holm", "former mayor"), ("ada brandt", "mayor,")],
                |context, source| {
                    let both: Vec<MemberId> = context.cast.ids().collect();
                    let past = other_holders(context, source, &both).into_iter();
                    past.map(|m| context.full_name(m)).collect::<Vec<_>>()
                },
            )
        };
        assert_eq!(past("The mayor"), ["jon holm"]);
        assert_eq!(past("The former mayor"), ["ada brandt"]);
        assert!(past("The sheriff").is_empty());
    }

    #[test]
    fn a_minister_has_one_portfolio() {
        assert!(another("The finance minister", "The health minister"));
        assert!(another("The defense secretary", "The secretary of state"));
        assert!(!another("The finance minister", "The minister"));
        assert!(!another("The minister", "The health minister"));
        assert!(!another("The foreign and trade minister", "The trade minister"));
    }

    #[test]
    fn relatives_belong_to_different_people() {
        assert!(another("Her brother", "His brother"));
        assert!(another("[P Pia Lund]’s mother", "[P Ola Vik]’s mother"));
        assert!(!another("Her brother", "Her brother"));
        assert!(!another("Her brother", "The brother"));
        assert!(!another("[P Pia Lund]’s mother", "[P Lund]’s mother"));
        assert!(!another("[P Pia Lund]’s mother", "[P Pia Lund]’s mother beside [P Ola Vik]"));
        assert!(!another("The victim’s mother", "The girl’s mother"));
    }

    #[test]
    fn a_country_that_the_article_mentions_nowhere_else_is_somebody_elses() {
        assert!(another("The minister", "The Swedish minister"));
        for source in [
            "The Norwegian minister",
            "A Swedish minister",
            "The former Swedish minister",
            "The minister of [L Ravn], a poet",
        ] {
            assert!(!another("The minister of Ravn", source), "{source}");
        }
    }
}
