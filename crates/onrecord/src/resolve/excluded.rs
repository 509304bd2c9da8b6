//! The candidates that the words of a source rule out, whatever the judge says.

use onrecord_text::EntityKind;

use super::candidates::{Candidate, Who};
use super::cast::{MemberId, Use};
use super::context::{Around, Context};
use super::features::at;
use super::source::{Source, SourceForm};
use crate::lists::{List, country_of_word};
use crate::reading::WordRange;

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
    let holders = all.iter().filter(|c| c.holds_office()).filter_map(outside);
    let most = holders.map(hits).max().unwrap_or_default();
    let impersonated = impersonated(context, source);
    // In “a friend of Lund and Brandt”, neither of them speaks.
    let first = context.cast.within(source.span).next().map_or(source.words.end, |u| u.words.start);
    let before = WordRange { end: first, ..source.words };
    let owners = before.iter().any(|w| context.reading.listed(w, List::Prepositions));
    // “‘He does what he is told,’ Lund said.”
    let third_person = matches!(source.form, SourceForm::He | SourceForm::She);
    let quotes = around.quotes.filter(|_| third_person);
    let out = |c: &Candidate| match &c.who {
        Who::Member(id) if impersonated.contains(id) || quotes == Some(*id) => true,
        Who::Joint(members, _) => {
            owners && c.features[at!("inside")] == 1.0 && c.features[at!("whole")] == 0.0
                || members.iter().any(|id| impersonated.contains(id))
        }
        _ => match outside(c) {
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

/// Whether a place is neither a country nor a seat of government, so that only nouns for places may refer to it.
fn is_mere_place(context: &Context<'_>, source: &Source, id: MemberId) -> bool {
    let governs = context.cast.member(id).names.iter().any(|f| country_of_word(&f.parts.join(" ")).is_some());
    !governs && !source.noun.is_empty() && !List::NounsPlace.has(&source.noun)
}

/// The members in whose name somebody else speaks: “an account impersonating Ada Brandt”.
fn impersonated(context: &Context<'_>, source: &Source) -> Vec<MemberId> {
    let participle = source.words.iter().find(|&w| context.reading.listed(w, List::Impersonating));
    let after = |u: &&Use| participle.is_some_and(|w| u.words.start > w);
    context.cast.within(source.span).filter(after).map(|u| u.member).collect()
}

#[cfg(test)]
mod tests {
    use onrecord_text::Span;

    use super::super::candidates::candidates;
    use super::super::cast::Cast;
    use super::super::context::{Around, mention_of_use};
    use super::super::heard::Heard;
    use super::*;
    use crate::testing::marked;

    /// The members whom the words of the only source exclude. `roles` gives people offices.
    fn excluded(text: &str, roles: &[(&str, &str)]) -> Vec<String> {
        let marked = marked(text);
        let reading = marked.reading();
        let mut cast = Cast::of_marked(&reading, &marked);
        for (name, role) in roles {
            let holder = |m: &MemberId| cast.member(*m).fullest().unwrap().parts.join(" ") == *name;
            let id = cast.ids().find(holder).unwrap();
            let start = marked.article.text.find(role).unwrap();
            let span = Span::new(start, start + role.len()).unwrap();
            cast.members[id.0].roles.push(reading.words_of(span));
        }
        let context = Context::new(
            &reading,
            &marked.analysis.mentions,
            &cast,
            mention_of_use(&marked.analysis.mentions, &cast),
        );
        let words = reading.words_of(marked.found()[0].source.as_ref().unwrap().extent());
        let source = Source::of(&reading, &cast, words).unwrap();
        let all = candidates(&context, &source, &Heard::default(), &Around::default());
        let out = super::excluded(&context, &source, &Around::default(), &all);
        let name = |c: &Candidate| match c.who {
            Who::Member(m) => cast.member(m).fullest().unwrap().parts.join(" "),
            _ => panic!("only members are excluded"),
        };
        all.iter().zip(out).filter(|&(_, out)| out).map(|(c, _)| name(c)).collect()
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
        let plain = "Minister [P Jon Holm] left. [S The Peruvian minister] [C said] [T that it is late].";
        assert!(out(plain, "Minister").is_empty());
        let place = "[L Ravn] detective [P Jon Holm] left. [S The [L Sundby] detective] [C said] [T that it is late].";
        assert_eq!(out(place, "Ravn detective"), ["jon holm", "ravn"]);
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
        assert!(out("An account of Mayor [P Ada Brandt]").is_empty());
    }
}
