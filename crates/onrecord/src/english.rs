//! Small facts about English words: titles, abbreviations, plurals, the shapes of verb forms and adverbs.

pub(crate) use onrecord_text::{folded, takes_full_stop};

use crate::lists::{List, singular_of};

// A function word with which a rule identifies a construction has a name here; classes of words are lists.

/// The word before a clause that is the content of a verb.
pub(crate) const COMPLEMENTIZER: &str = "that";
/// The verb of a habit in the past: “used to say”.
pub(crate) const HABITUAL: &str = "used";
/// The particle of a verb of speech: “pointing out”.
pub(crate) const OUT: &str = "out";
/// The pronoun of who speaks.
pub(crate) const I: &str = "i";
/// The pronoun of who is spoken to.
pub(crate) const YOU: &str = "you";
/// The conjunction of alternatives.
pub(crate) const OR: &str = "or";
/// The definite article.
pub(crate) const THE: &str = "the";
/// The preposition of what somebody is taken for.
pub(crate) const AS: &str = "as";
/// The conjunction of what is equally true of another.
pub(crate) const AS_WELL_AS: [&str; 3] = [AS, "well", AS];
/// What stands before two of a kind.
pub(crate) const BOTH: &str = "both";
/// What stands before two of which neither does something.
pub(crate) const NEITHER: &str = "neither";
/// The conjunction of two of which neither does something.
pub(crate) const NOR: &str = "nor";
/// The preposition of who does something.
pub(crate) const BY: &str = "by";
/// The preposition of what accompanies something.
pub(crate) const WITH: &str = "with";
/// The preposition before whose words follow.
pub(crate) const FROM: &str = "from";
/// The conjunction of two of a kind.
pub(crate) const AND: &str = "and";
/// What stands before an infinitive, and the preposition of where something goes.
pub(crate) const INFINITIVE: &str = "to";
/// The negative determiner: “no evidence”.
pub(crate) const NO: &str = "no";
/// The negation of a verb.
pub(crate) const NOT: &str = "not";
/// The adverb of what has not been done so far: “has yet to pay”.
pub(crate) const YET: &str = "yet";
/// The auxiliary that reports “will” in the past.
pub(crate) const WOULD: &str = "would";
/// The adverb for any time.
pub(crate) const EVER: &str = "ever";
/// The preposition for what is asked for, or the reason for blame.
pub(crate) const FOR: &str = "for";
/// The relative pronoun for persons.
pub(crate) const WHO: &str = "who";
/// The preposition of a place.
pub(crate) const IN: &str = "in";
/// The preposition within a noun phrase.
pub(crate) const OF: &str = "of";

/// Whether a word in lower case is a negated verb: “didn't”, “cannot”.
pub(crate) fn is_negated(word: &str) -> bool {
    word.ends_with("n't") || word.ends_with("n’t") || List::Negated.has(word)
}

/// Whether a word in lower case is an adverb, judged by its ending: “quickly”, but not “family”.
pub(crate) fn is_adverb(word: &str) -> bool {
    word.ends_with("ly") && !List::NotAdverbs.has(word)
}

/// Whether a word in lower case is a verb form in -ing, judged by its ending: “saying”, but not “morning”.
pub(crate) fn is_gerund(word: &str) -> bool {
    word.ends_with("ing") && !List::NotGerunds.has(word)
}

/// Whether a word in lower case is the past form of a regular verb, judged by its ending: “claimed”, but not “hundred”.
pub(crate) fn is_regular_past(word: &str) -> bool {
    word.ends_with("ed") && !List::NotPast.has(word)
}

/// Whether a word in lower case can only be a finite form or a participle of a verb of speech: “claimed”, “wrote”,
/// “says”. “Plans” and “claims” may be nouns.
pub(crate) fn is_past_or_irregular(word: &str) -> bool {
    is_regular_past(word) || List::Irregular.has(word)
}

/// Whether a word in lower case is a reflexive pronoun: “himself”, “ourselves”.
pub(crate) fn is_reflexive(word: &str) -> bool {
    word.ends_with("self") || word.ends_with("selves")
}

/// Whether a word joins two noun phrases, both of which are meant: “and”, “&”, “nor”.
pub(crate) fn is_and(word: &str) -> bool {
    matches!(word, AND | "&" | NOR)
}

/// Words without the possessive at their end: “Baltic Rail” in “Baltic Rail’s claim that …”, “officials” in “officials’
/// claim”.
pub(crate) fn without_possessive(words: &str) -> &str {
    let plural = || words.strip_suffix(['’', '\'']).filter(|w| w.ends_with('s') && !w.contains(['‘', '\'']));
    words.strip_suffix("’s").or_else(|| words.strip_suffix("'s")).or_else(plural).unwrap_or(words)
}

/// Words without the definite article at their start, in any case.
pub(crate) fn without_the(words: &str) -> &str {
    let rest = words.split_once(' ').filter(|(first, _)| first.eq_ignore_ascii_case(THE));
    rest.map_or(words, |(_, rest)| rest.trim_start())
}

/// The gender of a person, as far as a word reveals it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gender {
    She,
    He,
}

impl Gender {
    /// The gender that a noun reveals: “the chairwoman”, “her brother”.
    pub(crate) fn of_noun(word: &str) -> Option<Self> {
        Self::of(word, List::NounsShe, List::NounsHe)
    }

    /// The gender that a title reveals: “Mrs.”.
    pub(crate) fn of_title(word: &str) -> Option<Self> {
        Self::of(word.trim_end_matches('.'), List::TitlesShe, List::TitlesHe)
    }

    /// The gender that a pronoun reveals, possessive or not.
    pub(crate) fn of_pronoun(word: &str) -> Option<Self> {
        Self::of(word, List::PronounsShe, List::PronounsHe)
    }

    /// The gender that a given name reveals.
    pub(crate) fn of_given_name(word: &str) -> Option<Self> {
        Self::of(word, List::GivenNamesShe, List::GivenNamesHe)
    }

    fn of(word: &str, she: List, he: List) -> Option<Self> {
        if she.has(word) { Some(Self::She) } else { he.has(word).then_some(Self::He) }
    }
}

/// A word without the verb that is contracted with it: “they” for “they’ve”, which is one word.
pub(crate) fn without_contraction(word: &str) -> &str {
    word.split_once(['\'', '’']).map_or(word, |(word, _)| word)
}

/// Whether a word is a pronoun that refers to somebody or something named elsewhere: “she”, “their”, “it”, “they’ve”.
pub(crate) fn is_pronoun(word: &str) -> bool {
    let word = without_contraction(word);
    let lists = [List::PronounsHe, List::PronounsShe, List::PronounsThey, List::PronounsIt];
    lists.iter().any(|list| list.has(word))
}

/// Whether a word is a pronoun for one person as the subject of a verb: “he”.
pub(crate) fn is_subject_of_one(word: &str) -> bool {
    List::PronounsSubject.has(word) && !List::PronounsThey.has(word)
}

/// Whether a word is a pronoun for who speaks: “we”, “my”, “I’m”.
pub(crate) fn is_of_speaker(word: &str) -> bool {
    List::PronounsSelf.has(without_contraction(word))
}

/// Whether a word, with or without its full stop, is a title that precedes names. “Del.” is one, but “Del” is not.
pub(crate) fn is_title(written: &str) -> bool {
    let word = written.trim_end_matches('.');
    if word == written && List::TitlesStopped.has(word) {
        return false;
    }
    [List::TitlesHe, List::TitlesShe, List::TitlesAddress, List::TitlesOffice].iter().any(|l| l.has(word))
}

/// Whether a word is a Roman numeral of at least two letters, as in “Mathilda II” and “Linus XIV”. It has only capitals: “Xi”
/// is a name.
pub(crate) fn is_numeral(written: &str) -> bool {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    written.len() > 1 && ONES.contains(&written.trim_start_matches('X')) && !written.starts_with("XXXX")
}

/// Whether a word is a title, or an office or calling as it stands before a name: “Mrs.”, “coach”.
pub(crate) fn is_title_or_office(word: &str) -> bool {
    is_title(word) || List::NounsOffice.has(word)
}

/// Whether two nouns name the same office: `senator`, `co-senator`, `Sen`.
pub(crate) fn is_same_office(one: &str, noun: &str) -> bool {
    let short = one.trim_end_matches('s');
    one == noun
        || one.rsplit('-').next() == Some(noun)
        || (noun.starts_with(short) && List::TitlesShort.has(short))
}

/// Whether a noun in the singular is one for a person, by office or gender: “mayor”, “widow”.
pub(crate) fn is_office_or_gendered(noun: &str) -> bool {
    List::NounsOffice.has(noun) || Gender::of_noun(noun).is_some()
}

/// A noun in the singular and in lower case, judged by its ending.
pub(crate) fn singular(noun: &str) -> String {
    let noun = noun.to_lowercase();
    if let Some(one) = singular_of(&noun) {
        return one.to_owned();
    }
    for (plural, one) in [("men", "man"), ("ies", "y"), ("ches", "ch"), ("sses", "ss")] {
        if let Some(stem) = noun.strip_suffix(plural).filter(|s| s.len() > 1) {
            return format!("{stem}{one}");
        }
    }
    match noun.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => noun,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_numerals_have_two_letters_or_more_and_only_capitals() {
        for numeral in ["II", "III", "IV", "VI", "IX", "XIV", "XX", "XXXIX"] {
            assert!(is_numeral(numeral), "{numeral}");
        }
        for other in ["I", "V", "X", "Xi", "ii", "IIII", "VX", "IXX", "XXXX", "MIX", ""] {
            assert!(!is_numeral(other), "{other}");
        }
    }

    #[test]
    fn an_article_is_no_title() {
        assert!(is_title("Mrs.") && is_title("Bishop") && !is_title("the"));
    }

    #[test]
    fn plurals_lose_their_ending_and_singulars_keep_theirs() {
        for (noun, one) in [
            ("senators", "senator"),
            ("parties", "party"),
            ("policemen", "policeman"),
            ("Women", "woman"),
            ("men", "man"),
            ("children", "child"),
            ("people", "people"),
            ("boss", "boss"),
            ("campus", "campus"),
        ] {
            assert_eq!(singular(noun), one);
        }
    }

    #[test]
    fn the_shape_of_a_word_tells_its_form_except_for_listed_words() {
        assert!(["didn't", "won’t", "cannot"].into_iter().all(is_negated));
        assert!(["quickly", "only", "reportedly"].into_iter().all(is_adverb));
        assert!(!["family", "reply", "july"].into_iter().any(is_adverb));
        assert!(["saying", "being"].into_iter().all(is_gerund));
        assert!(!["morning", "during", "king"].into_iter().any(is_gerund));
        assert!(["claimed", "agreed"].into_iter().all(is_regular_past));
        assert!(!["indeed", "hundred", "need"].into_iter().any(is_regular_past));
    }

    #[test]
    fn a_possessive_is_not_part_of_a_name() {
        assert_eq!(without_possessive("the ferry company’s"), "the ferry company");
        assert_eq!(without_possessive("Harbour officials'"), "Harbour officials");
        assert_eq!(without_possessive("the ‘Friends of the Bridges’"), "the ‘Friends of the Bridges’");
        assert_eq!(without_possessive("Fjord Banks"), "Fjord Banks");
    }

    #[test]
    fn the_definite_article_can_be_left_out() {
        assert_eq!(without_the("The Harbour Board"), "Harbour Board");
        assert_eq!(without_the("Theatre"), "Theatre");
    }

    #[test]
    fn a_full_stop_belongs_to_titles_initials_and_abbreviations_alone() {
        for word in ["Mr", "U.S", "J", "Sen", "Dec", "Inc", "Gov"] {
            assert!(takes_full_stop(word), "{word}");
        }
        for word in ["late", "May", "Lund", "president", "NATO", "Chairman", "Queen", "King"] {
            assert!(!takes_full_stop(word), "{word}");
        }
    }

    #[test]
    fn names_compare_without_accents_and_full_stops() {
        assert_eq!(folded("Løvén"), "løven");
        assert_eq!(folded("J.D."), "jd");
    }
}
