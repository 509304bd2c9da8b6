//! Word lists, which are read from data files beside the code.
//!
//! Lists are named at compile time, and a list that no code uses does not compile. A test checks that every file is
//! sorted, unique and in lower case.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use onrecord_text::lists::section;

onrecord_text::word_lists! {
    ActsSay = "acts" / "say", "Cues of the act “say”.";
    ActsAsk = "acts" / "ask", "Cues of the act “ask”.";
    ActsDemand = "acts" / "demand", "Cues of the act “demand”.";
    ActsWarn = "acts" / "warn", "Cues of the act “warn”.";
    ActsThreaten = "acts" / "threaten", "Cues of the act “threaten”.";
    ActsPromise = "acts" / "promise", "Cues of the act “promise”.";
    ActsAccuse = "acts" / "accuse", "Cues of the act “accuse”.";
    ActsPraise = "acts" / "praise", "Cues of the act “praise”.";
    ActsDeny = "acts" / "deny", "Cues of the act “deny”.";
    ActsAdmit = "acts" / "admit", "Cues of the act “admit”.";
    ActsAgree = "acts" / "agree", "Cues of the act “agree”.";
    ActsDecline = "acts" / "decline", "Cues of the act “decline”.";
    ActsBelieve = "acts" / "believe", "Cues of the act “believe”.";
    ActsWant = "acts" / "want", "Cues of the act “want”.";
    ActsFind = "acts" / "find", "Cues of the act “find”.";
    AliasAfterComma = "aliases" / "after-comma", "Phrases before a second name that follow a comma.";
    AliasAnywhere = "aliases" / "anywhere", "Other phrases before a second name.";
    AliasFormer = "aliases" / "former", "Phrases by which one name is the former one of the other.";
    AnswerLabels = "questions" / "answer", "Labels of the answers of an interview.";
    Articles = "grammar" / "articles", "The articles.";
    Author = "grammar" / "author", "Prepositions between a statement and its author.";
    Be = "grammar" / "be", "The forms of “be”.";
    Blamed = "blamed" / "clause", "Gerunds for the words that somebody is blamed for.";
    Bodies = "bodies", "Names of bodies after which parts of them are named.";
    BlamedIfQuoted = "blamed" / "if-quoted", "Gerunds that govern words only if these are quoted.";
    Clock = "grammar" / "clock", "Abbreviations after an hour.";
    CompanyForms = "company-forms", "Legal forms at the end of a company's name.";
    ClauseOpeners = "grammar" / "clause-openers", "Words before a clause that need not be subordinate.";
    Complementizers = "grammar" / "complementizers", "Words that begin a clause which is the object of a verb.";
    Conditions = "status" / "conditions", "Words that begin a condition.";
    Coordinators = "grammar" / "coordinators", "Words that join two of a kind.";
    Deeds = "deeds" / "any", "Verbs for acts that are no words.";
    DeedsBy = "deeds" / "by", "Those whose charges are deeds and no words.";
    DeedsWith = "deeds" / "with", "Verbs that are no words if “with” follows and such people are the source.";
    Disowned = "status" / "disowned", "Words for a quotation that is not genuine.";
    EventAfterPhrase = "events" / "after-phrase", "Words that a noun phrase ends before.";
    EventAttributive = "events" / "attributive", "Adverbs that may also be adjectives before a noun.";
    EventBounds = "events" / "bounds", "Words before a time that only limits when something happened.";
    EventDeterminers = "events" / "determiners", "Words that belong to the noun phrase after them.";
    EventIntended = "events" / "intended", "Words by which an act is to come.";
    EventJoined = "events" / "joined", "Words that, after “and”, begin another noun phrase of the same party.";
    EventPlace = "events" / "place", "Prepositions before a place.";
    EventGovernsOf = "events" / "governs-of", "Forms of verbs after whose object “of” begins what it is accused of.";
    EventOpen = "events" / "open", "Words by which an act may or may not have happened, even if negated.";
    EventQuantity = "events" / "quantity", "Words that begin a noun phrase before its noun.";
    EventSupposed = "events" / "supposed", "Words by which an act may have happened.";
    EventUndone = "events" / "undone", "Words by which an act did not happen.";
    EventVerbs = "events" / "verbs", "Verbs in the past that follow a noun phrase.";
    Expected = "status" / "expected", "What stands before “to” and says that something will be.";
    Finite = "grammar" / "finite", "Words that only a clause has.";
    Former = "grammar" / "former", "Words before an office that somebody no longer holds.";
    Future = "status" / "future", "Words by which something will be.";
    Generations = "grammar" / "generations", "Suffixes by which a child and a parent of one name differ.";
    GoesOn = "goes-on" / "cues", "Cues by which a speaker goes on.";
    GoesOnTime = "goes-on" / "times", "Expressions of time by which a speaker goes on.";
    GovernsAsk = "governing" / "ask", "The forms of “ask”.";
    GovernsCall = "governing" / "call", "The forms of “call”.";
    GovernsTell = "governing" / "tell", "The forms of “tell”.";
    GovernedByAsk = "governing" / "after-ask", "What “ask” demands begins with it.";
    GovernedByCall = "governing" / "after-call", "What “call” demands begins with it.";
    Do = "grammar" / "do", "The forms of “do” before another verb.";
    Have = "grammar" / "have", "The forms of “have”.";
    Hearing = "grammar" / "hearing", "Verbs whose subject hears what is said.";
    HearingIfPassive = "grammar" / "hearing-if-passive", "Verbs whose subject, in the passive, hears what is said.";
    Impersonating = "impersonating", "Participles for somebody who speaks in another's name.";
    Negated = "grammar" / "negated", "Negated verbs without “n't”.";
    Negations = "status" / "negations", "Words by which something is not.";
    NobodyAtAll = "status" / "nobody", "Words by which a source is nobody.";
    NotAdverbs = "grammar" / "not-adverbs", "Words that end with “ly” and are no adverbs.";
    NotGerunds = "grammar" / "not-gerunds", "Words that end with “ing” and are no gerunds.";
    NotHeld = "grammar" / "not-held", "Words between a name and an office that somebody does not hold now.";
    NotPast = "grammar" / "not-past", "Words that end with “ed” and are no past forms.";
    Possessives = "grammar" / "possessives", "Possessive pronouns before a noun.";
    Possible = "status" / "possible", "Words by which something may be.";
    Proof = "status" / "proof", "Nouns that, after “no”, cast doubt on whether something was ever said.";
    Proved = "status" / "proved", "Verbs that, after “ever”, stand for having said something.";
    Questions = "status" / "questions", "Words that begin an indirect question.";
    QuestionLabels = "questions" / "question", "Labels of the questions of an interview.";
    InterviewNotes = "questions" / "note", "Openings of a note on how an interview was made.";
    GivenNamesHe = "given-names" / "he", "Given names of men.";
    GivenNamesShe = "given-names" / "she", "Given names of women.";
    Joining = "status" / "joining", "What begins another verb group after one.";
    Labels = "labels", "What stands before a colon and names no speaker.";
    NounsHe = "nouns" / "he", "Nouns for one man.";
    NounsShe = "nouns" / "she", "Nouns for one woman.";
    NounsMedium = "nouns" / "medium", "Nouns that may follow the name of a medium.";
    NounsNamed = "nouns" / "named", "Nouns for organisations that have the noun in their names.";
    NounsOfMembers = "nouns" / "of-members", "Nouns for organisations that are not what their members are.";
    NounsOfPerson = "nouns" / "of-person", "Nouns for organisations around one person.";
    NounsOfState = "nouns" / "of-state", "Nouns for what a state has one of.";
    NounsOffice = "nouns" / "office", "Offices and callings.";
    NounsOrganization = "nouns" / "organization", "Nouns for organisations.";
    NounsPeer = "nouns" / "peer", "Nouns for somebody who holds the same office elsewhere.";
    NounsPlace = "nouns" / "place", "Nouns for what a place's name may stand for.";
    NounsPlural = "nouns" / "plural", "Nouns that are plural without an ending.";
    NounsRelation = "nouns" / "relation", "Nouns for relatives, friends and the like.";
    NounsSole = "offices" / "sole", "Offices that only one person holds at a time.";
    NounsUtterance = "nouns" / "utterance", "Nouns for words in which their author speaks.";
    Participles = "participles", "Participles by which a source goes on.";
    Particles = "grammar" / "particles", "Small words within names.";
    Indefinite = "grammar" / "indefinite", "Words before a noun that is not yet known to the reader.";
    Irregular = "grammar" / "irregular", "Finite forms of verbs of speech that do not end with “ed”.";
    Joints = "grammar" / "joints", "Small words within names of organisations and places.";
    Definite = "grammar" / "definite", "Words before a noun that is known to the reader.";
    Describing = "grammar" / "describing", "What makes a name an adjective.";
    OfWhom = "grammar" / "of-whom", "Prepositions as in “the wife of Lund” and “the lawyer for Lund”.";
    Prepositions = "grammar" / "prepositions", "Words that end the head of a noun phrase.";
    NameOpenings = "grammar" / "name-openings", "Words that open another part of the name of an organisation.";
    NameSuffixes = "grammar" / "name-suffixes", "Other words after a surname that are not part of it.";
    NoName = "grammar" / "no-name", "Words with a capital that are no name by themselves.";
    NoNameInCapitals = "grammar" / "no-name-in-capitals", "Words that are no name in capitals either: “MORE”.";
    Adjunct = "grammar" / "adjunct", "Words that open a gerund clause whose subject is the subject of the sentence.";
    Adverbs = "grammar" / "adverbs", "Adverbs before a verb that do not end with “ly”.";
    AfterName = "grammar" / "after-name", "Words after a name that do not make it part of another noun's phrase.";
    Newcomers = "offices" / "newcomers", "Words for the one who holds an office after another.";
    Portfolios = "offices" / "portfolios", "What ministers, secretaries and the like are responsible for.";
    Ranks = "offices" / "ranks", "Words before an office by which somebody else holds it.";
    RanksApart = "offices" / "ranks-apart", "Such words without which the office is another one.";
    RanksBelow = "offices" / "ranks-below", "Such words without which a whole office is another one.";
    Published = "grammar" / "published", "Participles between a document and its date.";
    PostedIn = "events" / "posted-in", "Prepositions between an office and the place where it is held.";
    PronounsHe = "pronouns" / "he", "Pronouns for one man.";
    PronounsShe = "pronouns" / "she", "Pronouns for one woman.";
    PronounsThey = "pronouns" / "they", "Pronouns for several.";
    PronounsIt = "pronouns" / "it", "Pronouns for a thing or an organisation.";
    PronounsRelative = "pronouns" / "relative", "Pronouns for the words directly before.";
    PronounsSelf = "pronouns" / "self", "Pronouns for who speaks.";
    PronounsSubject = "pronouns" / "subject", "Pronouns for persons as the subject of a verb.";
    Nobody = "pronouns" / "nobody", "Pronouns that name nobody.";
    SpeaksFor = "events" / "speaks-for", "Offices after which “for” names whom they belong to.";
    Subordinating = "grammar" / "subordinating", "Words that begin a subordinate clause.";
    Unissued = "status" / "unissued", "Adjectives for an utterance that its author has not issued.";
    Saints = "grammar" / "saints", "Words for a saint within a surname.";
    SentenceOpeners = "grammar" / "openers", "Words with a capital that begin a sentence and no name.";
    Unidentified = "unidentified", "Words of a transcript's label that names nobody.";
    SourceFollows = "source-follows", "Cues that are always followed by their source.";
    SpeakerNouns = "speaker-nouns", "Nouns that name who speaks before the colon of a headline.";
    Zones = "grammar" / "zones", "Names of time zones.";
    TitlesAddress = "titles" / "address", "Forms of address that tell no gender.";
    TitlesGiven = "titles" / "given", "Titles that are also given names.";
    TitlesHe = "titles" / "he", "Forms of address for a man.";
    TitlesMostlyGiven = "titles" / "mostly-given", "Titles that are mostly given names before a single surname.";
    TitlesPaired = "titles" / "paired", "Titles of two words.";
    TitlesRegnal = "titles" / "regnal", "Titles of those who have only one name: “Queen Mathilda II”.";
    TitlesShe = "titles" / "she", "Forms of address for a woman.";
    TitlesOffice = "titles" / "office", "Offices as they are set before names.";
    TitlesStopped = "titles" / "stopped", "Titles that are other words without their full stop.";
    TitlesShort = "titles" / "short", "Titles that are the first letters of the office.";
}

static LISTS: LazyLock<Vec<HashSet<&'static str>>> =
    LazyLock::new(|| List::ALL.iter().map(|&(_, file, name)| section(file, name).collect()).collect());

impl List {
    /// Whether the list contains a word, in any case.
    pub(crate) fn has(self, word: &str) -> bool {
        let entries = self.entries();
        entries.contains(word)
            || (word.contains(char::is_uppercase) && entries.contains(word.to_lowercase().as_str()))
    }

    /// The list's entries.
    pub(crate) fn entries(self) -> &'static HashSet<&'static str> {
        &LISTS[self as usize]
    }
}

/// A country and the words for it.
pub(crate) struct Country {
    /// The names of the country, the usual one first.
    pub(crate) names: Vec<&'static str>,
    /// Adjectives and names for its people.
    pub(crate) peoples: Vec<&'static str>,
    /// Cities whose names are used for its government.
    pub(crate) seats: Vec<&'static str>,
}

static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| {
    let lines = include_str!("../data/countries.txt").lines().filter(|l| !l.starts_with('#'));
    lines
        .map(|line| {
            let mut parts = line
                .split('|')
                .map(|part| part.split(',').map(str::trim).filter(|w| !w.is_empty()).collect());
            let mut next = || parts.next().unwrap_or_default();
            Country { names: next(), peoples: next(), seats: next() }
        })
        .collect()
});

/// All countries.
pub(crate) fn countries() -> &'static [Country] {
    &COUNTRIES
}

/// The index of the country that a name, an adjective, a people or a seat of government belongs to; `word` must be in
/// lower case.
pub(crate) fn country_of_word(word: &str) -> Option<usize> {
    static WORDS: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
        let mut all = HashMap::new();
        for (n, c) in countries().iter().enumerate() {
            for word in c.names.iter().chain(&c.peoples).chain(&c.seats) {
                all.entry(word.to_lowercase()).or_insert(n);
                // Names are compared without accents.
                all.entry(onrecord_text::folded(word)).or_insert(n);
            }
        }
        all
    });
    WORDS.get(word).copied()
}

/// The index of the country whose seat of government a name is; `word` must be in lower case.
pub(crate) fn country_of_seat(word: &str) -> Option<usize> {
    static SEATS: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
        let seats =
            |(n, c): (usize, &'static Country)| c.seats.iter().map(move |seat| (seat.to_lowercase(), n));
        // Of several countries with one seat the first counts.
        countries().iter().enumerate().rev().flat_map(seats).collect()
    });
    SEATS.get(word).copied()
}

/// The parties that a word in lower case refers to.
pub(crate) fn parties_of(word: &str) -> &'static [usize] {
    static WORDS: LazyLock<HashMap<&str, Vec<usize>>> = LazyLock::new(|| {
        let lines = include_str!("../data/parties.txt").lines().filter(|l| !l.starts_with('#'));
        let mut all: HashMap<&str, Vec<usize>> = HashMap::new();
        for (party, line) in lines.enumerate() {
            line.split(", ").for_each(|word| all.entry(word).or_default().push(party));
        }
        all
    });
    WORDS.get(word).map_or(&[], Vec::as_slice)
}

/// A table with a word, a colon and other words on each line.
fn table(text: &'static str) -> HashMap<&'static str, Vec<&'static str>> {
    let pairs = text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once(':'));
    pairs.map(|(word, others)| (word, others.split(',').map(str::trim).collect())).collect()
}

/// Whether a general noun covers an office: “lawmaker” covers a senator.
pub(crate) fn covers(general: &str, office: &str) -> bool {
    static ALL: LazyLock<HashMap<&str, Vec<&str>>> =
        LazyLock::new(|| table(include_str!("../data/hypernyms.txt")));
    ALL.get(general).is_some_and(|offices| offices.contains(&office))
}

/// The words in an organisation's name for which a word before its noun stands: “supreme” for “the high court”.
pub(crate) fn words_for_modifier(modifier: &str) -> &'static [&'static str] {
    static ALL: LazyLock<HashMap<&str, Vec<&str>>> =
        LazyLock::new(|| table(include_str!("../data/modifiers.txt")));
    ALL.get(modifier).map_or(&[], Vec::as_slice)
}

/// The singular of a plural in lower case that no ending tells.
pub(crate) fn singular_of(plural: &str) -> Option<&'static str> {
    static ALL: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let lines = include_str!("../data/plurals.txt").lines().filter(|l| !l.starts_with('#'));
        lines.filter_map(|line| line.split_once(": ")).collect()
    });
    ALL.get(plural).copied()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use onrecord_text::lists::{faults, unread};

    use super::*;

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data");

    #[test]
    fn every_list_is_sorted_unique_and_in_lower_case() {
        assert_eq!(faults(List::ALL, &[]), Vec::<String>::new());
    }

    #[test]
    fn every_file_is_read() {
        // These are tables, which have functions of their own.
        let others = [
            "countries.txt",
            "dates.txt",
            "dates-relative.txt",
            "hypernyms.txt",
            "modifiers.txt",
            "parties.txt",
            "plurals.txt",
        ];
        assert_eq!(unread(Path::new(FOLDER), List::ALL, &others), Vec::<String>::new());
    }
}
