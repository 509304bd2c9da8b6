//! Resolves speakers: for each statement, in text order, the most probable of its source's candidates.

use onrecord_text::wire::BETWEEN_NAMES;
use onrecord_text::{EntityKind, Pieces, Span, Speaker, SpeakerKind, StatementKind, Step};

use super::candidates::{Candidate, Who, candidates};
use super::cast::{Cast, MemberId, Use};
use super::context::{Around, Context};
use super::excluded::excluded;
use super::heard::{Described, Heard, Turn};
use super::joint::beside_pronoun;
use super::names::{country_named, ends_with_medium};
use super::phrases::is_whose_alone;
use super::source::{Source, SourceForm, head};
use crate::analysis::SourceKinds;
use crate::english::{
    I, WITH, is_office_or_gendered, singular, without_contraction, without_possessive, without_the,
};
use crate::found::{Found, FoundId, NEAR, Speaks};
use crate::judge::Judge;
use crate::lists::{List, country_of_word};
use crate::odds::greatest;
use crate::reading::{Reading, Shape, WordId, WordRange};

/// The probability above which a resolved pronoun also fixes that person's gender.
const SURE_OF_GENDER: f32 = 0.8;

/// The speaker of a statement and all other candidates for its source.
#[derive(Clone, Debug)]
pub(super) struct Resolution {
    pub(super) speaker: Speaker,
    pub(super) members: Vec<MemberId>,
    pub(super) candidates: Vec<Candidate>,
    /// The member that the words for the addressee refer to, if these words do not name anybody.
    pub(super) addressee: Option<MemberId>,
}

impl Resolution {
    /// The one member who speaks; `None` if nobody or several do.
    pub(super) fn only(&self) -> Option<MemberId> {
        match self.members.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

/// For each statement, the addressee, which helps to decide who speaks.
pub(super) type Addressees = [Option<Span>];

/// The speaker of each statement, and what was heard by the end. The candidates are kept only for `explain`, because a
/// book has millions.
pub(super) fn speakers(
    context: &Context<'_>,
    judge: &Judge,
    found: &[Found],
    addressees: &Addressees,
    explain: bool,
) -> (Vec<Resolution>, Heard) {
    let (reading, cast) = (context.reading, context.cast);
    let mut heard = Heard::default();
    let mut resolutions: Vec<Option<Resolution>> = vec![None; found.len()];
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&n| source_span(&found[n]).map_or(usize::MAX, Span::start));
    for (place, &n) in order.iter().enumerate() {
        let statement = &found[n];
        let Some(words) = source_span(statement).map(|s| reading.words_of(s)) else { continue };
        // Statements that share a source are next to each other.
        let twin = order[..place].last().copied().filter(|&m| found[m].shares_source(statement));
        if let Some(mut same) = twin.and_then(|m| resolutions[m].clone()) {
            same.addressee = addressees[n].and_then(|to| addressee(context, judge, to, &same, &heard));
            heard.addressed = same.addressee.or(heard.addressed);
            resolutions[n] = Some(same);
            continue;
        }
        let source = match &statement.source {
            Some(_) => Source::of(reading, cast, words),
            None => Source::absent(reading, words),
        };
        let Some(source) = source else { continue };
        let outer = outer_speaker(found, &resolutions, n);
        let apart = named_to(reading, cast, statement, addressees[n]);
        let quotes = quotation_around(reading, found, n)
            .and_then(|m| quoted_speaker(cast, &found[m], &resolutions[m]));
        let around = Around { apart: &apart, outer, quotes };
        let mut resolution = match statement.speaks {
            Some(label) => labelled(context, &source, label),
            None => who(context, judge, &source, &heard, &around),
        };
        if !explain {
            resolution.candidates = Vec::new();
        }
        resolution.addressee =
            addressees[n].and_then(|to| addressee(context, judge, to, &resolution, &heard));
        learn(&mut heard, &source, &resolution);
        if resolution.speaker.kind != SpeakerKind::None && speaks_for_the_article(statement, &source) {
            let nobody = resolution.members.is_empty();
            heard.add(Turn {
                span: source.span,
                at: source.words.start,
                members: resolution.members.clone(),
                described: resolution.speaker.name.clone().filter(|_| nobody).map(|name| {
                    Box::new(Described { name, noun: source.noun.clone(), kind: resolution.speaker.kind })
                }),
            });
            heard.addressed = resolution
                .addressee
                .or_else(|| addressees[n].and_then(|a| cast.within(a).next().map(|u| u.member)));
        }
        resolutions[n] = Some(resolution);
    }
    let mut resolutions: Vec<Resolution> =
        resolutions.into_iter().map(|h| h.unwrap_or_else(nobody)).collect();
    for n in 0..found.len() {
        if let Some(own) = speaker_of_own(reading, found, &resolutions, n) {
            resolutions[n] = own;
        }
    }
    (resolutions, heard)
}

/// The speaker of a statement whose source is “I” inside a quotation, as in “I told him to leave”: the speaker of the
/// quotation. In indirect speech, “I” stays the author of the article.
fn speaker_of_own(
    reading: &Reading<'_>,
    found: &[Found],
    resolutions: &[Resolution],
    n: usize,
) -> Option<Resolution> {
    let source = found[n].source.as_ref().map(Pieces::extent)?;
    let words = reading.words_of(source);
    let FoundId(outer) = found[n].parent?;
    // The turn of a transcript and the answer in an interview need no marks. Only an answer has no cue.
    let turn = found[outer].speaks.is_some() || found[outer].cue.is_none();
    let quoted = reading.word(words.first()?).quotation().is_some() || turn;
    if words.len() != 1 || without_contraction(reading.lower(words.start)) != I || !quoted {
        return None;
    }
    let mut own = resolutions[outer].clone();
    own.speaker.chain = source_span(&found[outer])
        .map(|mention| Step { mention, why: "the source of the statement around it" })
        .into_iter()
        .collect();
    own.addressee = resolutions[n].addressee;
    Some(own)
}

fn nobody() -> Resolution {
    Resolution { speaker: Speaker::default(), members: Vec::new(), candidates: Vec::new(), addressee: None }
}

fn source_span(found: &Found) -> Option<Span> {
    found.source.as_ref().or(found.cue.as_ref()).map(Pieces::extent)
}

/// Whether a statement's speaker becomes the current speaker of the article. A speaker inside another's content does
/// not, nor does “who” after a name.
fn speaks_for_the_article(found: &Found, source: &Source) -> bool {
    found.parent.is_none() && source.form != SourceForm::Relative
}

/// The speaker of the statement whose content contains a source.
fn outer_speaker(found: &[Found], resolutions: &[Option<Resolution>], n: usize) -> Option<MemberId> {
    let source = source_span(&found[n])?;
    let holds = |m: &usize| *m != n && found[*m].content.contains(source);
    let near = n.saturating_sub(NEAR)..found.len().min(n + NEAR);
    let outer = found[n].parent.map(|FoundId(m)| m).or_else(|| near.into_iter().find(holds))?;
    resolutions[outer].as_ref()?.only()
}

/// The direct quotation that contains a statement with its source.
fn quotation_around(reading: &Reading<'_>, found: &[Found], n: usize) -> Option<usize> {
    let FoundId(m) = found[n].parent.filter(|FoundId(m)| found[*m].kind == StatementKind::Direct)?;
    let source = reading.words_of(found[n].source.as_ref()?.extent()).first()?;
    reading.word(source).quotation().is_some().then_some(m)
}

/// The one person who speaks a quotation: as resolved, or, where its source comes later, as its source names them.
fn quoted_speaker(cast: &Cast, quotation: &Found, resolved: &Option<Resolution>) -> Option<MemberId> {
    if let Some(resolved) = resolved {
        return resolved.only();
    }
    let mut named = cast.within(quotation.source.as_ref()?.extent());
    named.next().filter(|_| named.next().is_none()).map(|u| u.member)
}

/// The members that a statement names after its source in the article's own voice, in its content or as its addressee.
/// A pronoun or a noun as the source cannot refer to them: in “he said Lund would stay”, “he” is not Lund (principle C
/// of binding, Chomsky 1981).
fn named_to(reading: &Reading<'_>, cast: &Cast, found: &Found, addressee: Option<Span>) -> Vec<MemberId> {
    let Some(source) = found.source.as_ref().map(Pieces::extent) else { return Vec::new() };
    let after = found.content.spans().iter().copied().chain(addressee).filter(|s| s.start() >= source.end());
    let uses = after.flat_map(|span| cast.within(span).take(NEAR));
    uses.filter(|u| reading.word(u.words.start).quotation().is_none()).map(|u| u.member).collect()
}

/// The speaker of a transcript's turn, which its label gives directly.
fn labelled(context: &Context<'_>, source: &Source, label: Speaks) -> Resolution {
    if let Speaks::Named(name) = label
        && let Some(name) = context.cast.within(name).next()
    {
        return by_name(context, name.member);
    }
    let kind = if source.plural { SpeakerKind::Group } else { SpeakerKind::Unnamed };
    let name = Some(own_words(context.reading, source, kind));
    let speaker = Speaker { name, kind, confidence: 1.0, ..Speaker::default() };
    Resolution { speaker, members: Vec::new(), candidates: Vec::new(), addressee: None }
}

/// Resolves a source.
pub(super) fn who(
    context: &Context<'_>,
    judge: &Judge,
    source: &Source,
    heard: &Heard,
    around: &Around<'_>,
) -> Resolution {
    with_others(context, judge, source, heard, around)
        .unwrap_or_else(|| by_candidates(context, judge, source, heard, around))
}

/// Resolves a source that consists of a pronoun and others, “he and Lund”: whoever the pronoun refers to speaks together
/// with them. `None` if it refers to nobody named.
fn with_others(
    context: &Context<'_>,
    judge: &Judge,
    source: &Source,
    heard: &Heard,
    around: &Around<'_>,
) -> Option<Resolution> {
    let (pronoun, (others, rest)) = beside_pronoun(context, source.words)?;
    let pronoun = Source::of(context.reading, context.cast, pronoun)?;
    let apart = [around.apart, &others].concat();
    let around = Around { apart: &apart, ..*around };
    let one = by_candidates(context, judge, &pronoun, heard, &around);
    let together = |candidate: Candidate| match candidate.who {
        Who::Member(m) if !others.contains(&m) => {
            let members = [&[m], others.as_slice()].concat();
            Candidate { who: Who::Joint(members, rest), ..candidate }
        }
        _ => candidate,
    };
    let candidates: Vec<Candidate> = one.candidates.into_iter().map(together).collect();
    let best = candidates.first().filter(|c| matches!(c.who, Who::Joint(..)))?;
    let (speaker, members) = speaker(context, source, heard, best);
    Some(Resolution { speaker, members, candidates, addressee: None })
}

/// Resolves a source to the most probable of its candidates.
fn by_candidates(
    context: &Context<'_>,
    judge: &Judge,
    source: &Source,
    heard: &Heard,
    around: &Around<'_>,
) -> Resolution {
    let mut candidates = candidates(context, source, heard, around);
    let features: Vec<_> = candidates.iter().map(|c| c.features).collect();
    let excluded = excluded(context, source, around, &candidates);
    let mut ruled_out = 0.0;
    for ((candidate, p), out) in candidates.iter_mut().zip(judge.probabilities(&features)).zip(&excluded) {
        candidate.probability = if *out { 0.0 } else { p };
        ruled_out += p - candidate.probability;
    }
    // That the likeliest candidate is ruled out makes none of the others likelier. But in “Lund’s successor, Brandt,” only
    // one of the two can be meant.
    let named = (0..candidates.len()).filter(|&n| candidates[n].is_person_inside());
    let (out, left): (Vec<usize>, Vec<usize>) = named.partition(|&n| excluded[n]);
    let only = left.first().copied().filter(|_| left.len() == 1 && !out.is_empty());
    let described = candidates.iter().position(|c| c.who == Who::Described);
    if let Some(n) = only.or(described) {
        candidates[n].probability += ruled_out;
    }
    give_to_all(&mut candidates);
    give_to(author(context, source), &mut candidates, |c| c.who == Who::Described);
    let several = source.plural && !source.noun.is_empty();
    let organization = !several && kind_of(context, source) == SpeakerKind::Organization;
    let named = named_and_described(context, source.words).filter(|_| organization);
    give_to(named, &mut candidates, |c| c.who == Who::Described || c.is_member_elsewhere());
    // “The newspaper” after “the Ravn newspaper”.
    let phrase =
        candidates.iter().find_map(|c| if let Who::Phrase(words) = c.who { Some(words) } else { None });
    let explained = phrase.and_then(|words| named_and_described(context, words));
    give_to(explained, &mut candidates, |c| matches!(c.who, Who::Phrase(_)));
    if phrase.is_some_and(|words| is_whose_alone(context, source, words)) {
        give_to_phrase(&mut candidates);
    }
    candidates.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let Some(likeliest) = candidates.first() else { return nobody() };
    // In “Jon Holm was sent to prison. The judge said …”, Holm is likely for want of anybody else.
    let guess = likeliest.is_a_guess(source) || likeliest.is_something_else(context, source);
    if guess
        && !explained.is_some_and(|member| likeliest.who == Who::Member(member))
        && let Some(described) = candidates.iter().position(|c| c.who == Who::Described)
    {
        candidates[..=described].rotate_right(1);
    }
    let (speaker, members) = speaker(context, source, heard, &candidates[0]);
    Resolution { speaker, members, candidates, addressee: None }
}

/// Gives the probabilities of the members that make up a whole source to all of them together: “Lund and Brandt” are
/// not one of the two.
fn give_to_all(candidates: &mut [Candidate]) {
    let Some(all) = candidates.iter().position(Candidate::is_whole_source) else { return };
    let Who::Joint(members, _) = candidates[all].who.clone() else { return };
    let single = |c: &Candidate| matches!(&c.who, Who::Member(one) if members.contains(one));
    let sum: f32 = candidates.iter().filter(|c| single(c)).map(|c| c.probability).sum();
    candidates.iter_mut().filter(|c| single(c)).for_each(|c| c.probability = 0.0);
    candidates[all].probability += sum;
}

/// Gives the probabilities of some candidates to the member whom their words name: that of “a Harbour Board statement” to
/// the board.
fn give_to(member: Option<MemberId>, candidates: &mut [Candidate], gives: impl Fn(&Candidate) -> bool) {
    let Some(member) = member.and_then(|id| candidates.iter().position(|c| c.who == Who::Member(id))) else {
        return;
    };
    let mut given = 0.0;
    for (_, c) in candidates.iter_mut().enumerate().filter(|(n, c)| *n != member && gives(c)) {
        given += std::mem::take(&mut c.probability);
    }
    candidates[member].probability += given;
}

/// Gives the probability of nobody named to the fuller phrase, if both together are likelier than anybody else.
fn give_to_phrase(candidates: &mut [Candidate]) {
    let of = |fits: fn(&Who) -> bool| candidates.iter().position(|c| fits(&c.who));
    let phrase = of(|who| matches!(who, Who::Phrase(_)));
    let Some((phrase, nobody)) = phrase.zip(of(|who| *who == Who::Described)) else { return };
    let both = candidates[phrase].probability + candidates[nobody].probability;
    if candidates.iter().all(|c| c.probability < both) {
        candidates[nobody].probability = 0.0;
        candidates[phrase].probability = both;
    }
}

/// The most words before a name that describe it.
const LONGEST_DESCRIPTION: usize = 12;

/// The organisation that some words name beside what they say about it: “the state-owned broadcaster Ravn Radio”,
/// “Norland’s Ravn Radio news agency”, “one of these groups, the Ravn Rowing Club (RRC)”. `None` for “the Ravn Radio
/// union”, which is another organisation.
fn named_and_described(context: &Context<'_>, words: WordRange) -> Option<MemberId> {
    let (reading, cast) = (context.reading, context.cast);
    let span = reading.span_of(words)?;
    let is_organization = |u: &&Use| cast.member(u.member).kind == EntityKind::Organization;
    // “The North Korean news agency” is not North Korea.
    let is_modifier = |u: &Use| is_adjective(reading, *u) || country_named(reading, u.words).is_some();
    let name = cast.within(span).rfind(is_organization).filter(|u| !is_modifier(u))?;
    let before = WordRange { end: name.words.start, ..words };
    let rest = WordRange { start: name.words.end, ..words };
    let article = |w: WordId| reading.listed(w, List::Articles);
    let apposed = before.iter().rev().find(|&w| !article(w)).is_some_and(|w| reading.written(w) == ",");
    if apposed {
        let ends = rest.is_empty() || rest.len() == 3 && reading.written(rest.start) == "(";
        let only = cast.within(span).all(|u| u.member == name.member);
        return (ends && only).then_some(name.member);
    }
    let mark = rest.iter().find(|&w| matches!(reading.written(w), "," | "("));
    let after = WordRange { end: mark.unwrap_or(rest.end), ..rest };
    let place = |w: WordId| {
        let is_place = |u: &Use| cast.member(u.member).kind == EntityKind::Place;
        let part = |u: &Use| is_place(u) && u.words.iter().any(|p| p == w);
        country_of_word(reading.lower(w)).is_some() || cast.within(span).any(part)
    };
    let function = [List::Prepositions, List::PronounsRelative, List::Coordinators];
    let describes = |w: WordId| {
        let word = reading.word(w);
        let opens = reading.sentence_of(w).start == w || reading.written(w).contains('-');
        (word.is_word() || word.is_possessive())
            && !reading.listed_in(w, &function)
            && (w == words.start || !article(w))
            && (!word.is_capital() || opens || place(w))
    };
    let alone = before.iter().all(article) && after.is_empty();
    let says_what = after.is_empty() || ends_with_medium(reading, after);
    let short = before.len() <= LONGEST_DESCRIPTION;
    (!alone && short && says_what && before.iter().all(describes)).then_some(name.member)
}

/// The member that a source names as the author of an utterance: the only name before its noun, with nothing but an
/// article beside it, or the only name after “by” or “from”. With other words beside the name, the author may be
/// somebody else: “Holm’s lawyer’s statement”, “a statement from Harbour Board member Ada Brandt”, “a fake statement by
/// Holm”. Without a possessive, a name may be what the statement is about: “the Holm statement”.
fn author(context: &Context<'_>, source: &Source) -> Option<MemberId> {
    let (reading, cast) = (context.reading, context.cast);
    let noun = head(reading, source.words).filter(|_| List::NounsUtterance.has(&source.noun))?;
    let mut named = cast.within(source.span);
    let name = named.next().filter(|u| cast.member(u.member).kind != EntityKind::Place)?;
    let article = |w: WordId| reading.listed(w, List::Articles);
    let alone = if name.words.end <= noun {
        let before = WordRange { end: name.words.start, ..source.words };
        let mut after = WordRange { start: name.words.end, end: noun }.iter();
        let owner = after.next();
        before.iter().all(article)
            && match owner {
                Some(mark) => reading.word(mark).is_possessive() && after.next().is_none(),
                None => is_of_organization(context, *name),
            }
    } else {
        let before = WordRange { end: noun, ..source.words };
        let between = WordRange { start: reading.after(noun)?, end: name.words.start };
        let by = between.first().is_some_and(|w| reading.listed(w, List::Author));
        let next = reading.after(name.words.last()?).filter(|w| *w < source.words.end);
        let goes_on = |w: WordId| reading.listed(w, List::Prepositions) && reading.lower(w) != WITH;
        // “A long statement by Lund”, but not “a fake statement” or “a draft statement”.
        let doubtful = [List::Disowned, List::EventSupposed, List::Unissued];
        let plain = |w: WordId| {
            article(w) || reading.word(w).shape == Shape::Small && !reading.listed_in(w, &doubtful)
        };
        by && before.iter().all(plain) && between.iter().skip(1).all(article) && next.is_none_or(goes_on)
    };
    // “A Harbour Board statement on Monday” may go on with a preposition, but with no other name.
    (alone && named.next().is_none()).then_some(name.member)
}

/// Whether a name directly before the noun of an utterance is its author's: an organisation's whole name, of which no
/// earlier utterance speaks. “The Harbour Board-led statement” and, after “a tweet about the Harbour Board”, “the
/// Harbour Board tweet” are not the board's.
fn is_of_organization(context: &Context<'_>, name: Use) -> bool {
    let (reading, cast) = (context.reading, context.cast);
    let is_topic = |&u: &usize| {
        let at = reading.before_the(cast.uses[u].words.start);
        let about = at.filter(|&w| reading.listed(w, List::Prepositions) && !reading.listed(w, List::Author));
        let noun = about.and_then(|w| reading.before(w));
        noun.is_some_and(|w| List::NounsUtterance.has(&singular(reading.lower(w))))
    };
    let member = cast.member(name.member);
    let earlier = member.uses.partition_point(|&u| cast.uses[u].words.start < name.words.start);
    let mut near = member.uses[..earlier].iter().rev().take(NEAR);
    member.kind == EntityKind::Organization && !is_adjective(reading, name) && !near.any(is_topic)
}

/// Whether a name is only part of an adjective: “Ravn-led”.
fn is_adjective(reading: &Reading<'_>, name: Use) -> bool {
    let goes_on = |part: &str| part.starts_with(char::is_lowercase);
    name.words.iter().any(|w| reading.written(w).split('-').skip(1).any(goes_on))
}

/// The speaker that a candidate yields.
fn speaker(
    context: &Context<'_>,
    source: &Source,
    heard: &Heard,
    best: &Candidate,
) -> (Speaker, Vec<MemberId>) {
    let (reading, cast) = (context.reading, context.cast);
    let described = |kind: SpeakerKind| Speaker {
        name: (!source.form.is_pronoun()).then(|| own_words(reading, source, kind)),
        kind,
        confidence: best.probability,
        ..Speaker::default()
    };
    let chain = || step(source, best, "the mention that speaks most for them").into_iter().collect();
    match &best.who {
        Who::Described => (described(kind_of(context, source)), Vec::new()),
        Who::Earlier(turn) => match &heard.turns[*turn].described {
            Some(before) => {
                let chain = step(source, best, "an earlier source without a name").into_iter().collect();
                let speaker = Speaker { name: Some(before.name.clone()), chain, ..described(before.kind) };
                (speaker, Vec::new())
            }
            None => (described(SpeakerKind::None), Vec::new()),
        },
        Who::Phrase(words) => {
            let chain = step(source, best, "earlier words that say more").into_iter().collect();
            let name = reading.span_of(*words).map(|s| s.of(reading.text()).to_owned());
            (Speaker { name, chain, ..described(kind_of(context, source)) }, Vec::new())
        }
        Who::Member(member) => {
            // A city can speak only as a government.
            let member = cast.governed_from(*member).unwrap_or(*member);
            (named(context, &[member], None, best.probability, chain()), vec![member])
        }
        Who::Joint(members, rest) => {
            (named(context, members, *rest, best.probability, chain()), members.clone())
        }
    }
}

/// The resolution of a phrase that is just one member's name, which needs no judging.
pub(super) fn by_name(context: &Context<'_>, member: MemberId) -> Resolution {
    let speaker = named(context, &[member], None, 1.0, Vec::new());
    Resolution { speaker, members: vec![member], candidates: Vec::new(), addressee: None }
}

/// The speaker that some members yield, with the words for unnamed others beside them.
fn named(
    context: &Context<'_>,
    members: &[MemberId],
    rest: Option<WordRange>,
    confidence: f32,
    chain: Vec<Step>,
) -> Speaker {
    let (reading, cast) = (context.reading, context.cast);
    let text = reading.text();
    let forms = members.iter().filter_map(|&m| cast.member(m).fullest()).map(|f| f.span);
    let spans = forms.chain(rest.and_then(|words| reading.span_of(words)));
    let names: Vec<&str> = spans.map(|s| s.of(text).trim_end_matches(',')).collect();
    let person = members.iter().any(|&m| cast.member(m).kind == EntityKind::Person);
    let role = members.first().filter(|_| names.len() == 1).and_then(|&m| cast.member(m).roles.first());
    Speaker {
        name: Some(names.join(BETWEEN_NAMES)),
        kind: if person { SpeakerKind::Person } else { SpeakerKind::Organization },
        role: role.and_then(|&r| reading.span_of(r)).map(|s| s.of(text).to_owned()),
        entities: Vec::new(),
        confidence,
        chain,
    }
}

/// The step from a source to the mention that is the best evidence for a candidate, if that is outside the source.
fn step(source: &Source, best: &Candidate, why: &'static str) -> Option<Step> {
    best.mention.filter(|m| !source.span.contains(*m)).map(|mention| Step { mention, why })
}

/// The kind of a speaker whom no name in the article names.
fn kind_of(context: &Context<'_>, source: &Source) -> SpeakerKind {
    if matches!(source.form, SourceForm::Absent | SourceForm::Nobody) {
        return SpeakerKind::None;
    }
    let Some(mention) = context.mention_at(source.span) else { return SpeakerKind::Unnamed };
    // An occupation or office belongs to a person, whatever else the words suggest.
    if is_office_or_gendered(&source.noun) {
        return if source.plural { SpeakerKind::Group } else { SpeakerKind::Unnamed };
    }
    // One person whom the article does not name is unnamed; several are a group.
    let SourceKinds { person, organization, mut group, document, mut unnamed } = mention.speaks_as;
    *(if source.plural { &mut group } else { &mut unnamed }) += person;
    const KINDS: [SpeakerKind; 4] =
        [SpeakerKind::Organization, SpeakerKind::Group, SpeakerKind::Document, SpeakerKind::Unnamed];
    KINDS[greatest(&[organization, group, document, unnamed])]
}

/// A source's own words, without an organisation's “the” and without marks at the end.
fn own_words(reading: &Reading<'_>, source: &Source, kind: SpeakerKind) -> String {
    let is_relative = |w: WordId| reading.listed(w, List::PronounsRelative);
    let clause = |&w: &WordId| {
        is_relative(w)
            && (w.step(1) == Some(source.words.end)
                || reading.before(w).is_some_and(|b| reading.written(b) == ","))
    };
    let relative = source.words.iter().skip(1).find(clause);
    let words = WordRange { end: relative.unwrap_or(source.words.end), ..source.words };
    // Who made “a statement from the city’s police”.
    let utterance = kind == SpeakerKind::Organization && List::NounsUtterance.has(&source.noun);
    let author = head(reading, words).filter(|_| utterance).and_then(|noun| reading.after(noun));
    let author = author.filter(|&w| reading.listed(w, List::Author)).and_then(|w| w.step(1));
    let words = WordRange { start: author.unwrap_or(words.start), ..words };
    let own = reading.span_of(words).unwrap_or(source.span);
    let words = own.of(reading.text()).trim_end_matches([',', ';', ':', '–', '—', '-', ' ']);
    let words = without_possessive(words);
    let words = if kind == SpeakerKind::Organization { without_the(words) } else { words };
    // In “Transport Police (BTP)” the short form is a second name.
    let short = words.split_once(" (").filter(|(_, short)| {
        kind == SpeakerKind::Organization && short.ends_with(')') && !short.contains(' ')
    });
    short.map_or(words, |(long, _)| long).to_owned()
}

/// The member that the words for an addressee refer to without a name: “him”, “the governor”. Never the speaker.
fn addressee(
    context: &Context<'_>,
    judge: &Judge,
    to: Span,
    resolution: &Resolution,
    heard: &Heard,
) -> Option<MemberId> {
    let words = context.reading.words_of(to);
    let source = Source::of(context.reading, context.cast, words)?;
    if source.form == SourceForm::Named
        || matches!(
            source.form,
            SourceForm::Own | SourceForm::Nobody | SourceForm::Bare | SourceForm::Indefinite
        )
    {
        return None;
    }
    let around = Around { apart: &resolution.members, ..Around::default() };
    let found = who(context, judge, &source, heard, &around);
    found.only().filter(|member| !resolution.members.contains(member))
}

/// Learns a gender from a pronoun that was resolved with confidence.
fn learn(heard: &mut Heard, source: &Source, resolution: &Resolution) {
    if let (Some(gender), Some(member)) = (source.gender, resolution.only())
        && resolution.speaker.confidence >= SURE_OF_GENDER
        && resolution.speaker.kind == SpeakerKind::Person
    {
        heard.learn(member, gender);
    }
}

#[cfg(test)]
mod tests {
    use onrecord_text::{Block, BlockKind, StatementKind};

    use super::super::context::mention_of_use;
    use super::super::features::FEATURES;
    use super::*;
    use crate::Engine;
    use crate::testing::marked;

    /// The members who have spoken, one in each turn.
    fn heard(members: &[MemberId]) -> Heard {
        let mut heard = Heard::default();
        for (n, &member) in members.iter().enumerate() {
            let span = Span::new(n, n + 1).unwrap();
            heard.add(Turn { span, at: WordId(n as u32), members: vec![member], described: None });
        }
        heard
    }

    #[test]
    fn the_rank_of_a_speaker_counts_the_others_since() {
        let [brandt, holm, lund, vik] = [0, 1, 2, 3].map(MemberId);
        let heard = heard(&[brandt, lund, holm, lund, holm]);
        assert_eq!(heard.rank(holm), Some(0));
        assert_eq!(heard.rank(lund), Some(1));
        assert_eq!(heard.rank(brandt), Some(2));
        assert_eq!(heard.rank(vik), None);
    }

    #[test]
    fn whoever_spoke_before_is_known_to_have_spoken() {
        let marked = marked("[P Jon Holm] left [P Ada Brandt]. [S She] [C said] [T that it is late].");
        let reading = marked.reading();
        let cast = Cast::of_marked(&reading, &marked);
        let uses = mention_of_use(&marked.analysis.mentions, &cast);
        let context = Context::new(&reading, &marked.analysis.mentions, &cast, uses);
        let words = reading.words_of(marked.found()[0].source.as_ref().unwrap().extent());
        let source = Source::of(&reading, &cast, words).unwrap();
        let spoke = |heard: &Heard, feature: &str| -> Vec<MemberId> {
            let feature = FEATURES.iter().position(|name| *name == feature).unwrap();
            let all = candidates(&context, &source, heard, &Around::default()).into_iter();
            let own = all.filter(|c| c.features[feature] == 1.0);
            own.filter_map(|c| match c.who {
                Who::Member(id) => Some(id),
                _ => None,
            })
            .collect()
        };
        let [holm, brandt] = [0, 1].map(MemberId);
        assert!(spoke(&Heard::default(), "spoke").is_empty());
        let heard = heard(&[holm, brandt]);
        assert_eq!(spoke(&heard, "spoke_last"), [brandt]);
        assert_eq!(spoke(&heard, "spoke_second"), [holm]);
        assert_eq!(spoke(&heard, "spoke_here").len(), 2);
    }

    #[test]
    fn i_is_whoever_speaks_the_words_around_it() {
        let text = "I told her so. I left.";
        let blocks = [Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()).unwrap() }];
        let reading = Reading::of_blocks(text, &blocks, &[]);
        let span = |words: &str| {
            let start = text.find(words).unwrap();
            Pieces::from(Span::new(start, start + words.len()).unwrap())
        };
        let found = |source: Option<&str>, cue: Option<&str>, content: &str, parent| Found {
            kind: StatementKind::Indirect,
            source: source.map(&span),
            cue: cue.map(&span),
            content: span(content),
            speaks: None,
            parent,
            confidence: 1.0,
            why: "",
        };
        let own = |around: Found, source: &str| {
            let both = [around, found(Some(source), None, "so", Some(FoundId(0)))];
            let mut outer = nobody();
            outer.speaker.name = Some("Ada Brandt".to_owned());
            speaker_of_own(&reading, &both, &[outer, nobody()], 1).and_then(|own| own.speaker.name)
        };
        let brandt = Some("Ada Brandt".to_owned());
        let answer = || found(None, None, text, None);
        let turn = || Found { speaks: Some(Speaks::Described), ..found(None, Some("I left"), text, None) };
        assert_eq!((own(answer(), "I"), own(turn(), "I")), (brandt.clone(), brandt));
        assert_eq!(own(answer(), "her"), None);
        // Indirect speech is in the words of the article's author.
        assert_eq!(own(found(None, Some("I left"), text, None), "I"), None);
    }

    /// The author that the only source of a text names.
    fn author_of(text: &str) -> Option<String> {
        let marked = marked(text);
        let reading = marked.reading();
        let cast = Cast::of_marked(&reading, &marked);
        let mentions = &marked.analysis.mentions;
        let context = Context::new(&reading, mentions, &cast, mention_of_use(mentions, &cast));
        let words = reading.words_of(marked.found()[0].source.as_ref().unwrap().extent());
        let author = author(&context, &Source::of(&reading, &cast, words).unwrap())?;
        Some(cast.member(author).fullest().unwrap().parts.join(" "))
    }

    #[test]
    fn the_author_of_an_utterance_speaks() {
        let author = |source: &str| author_of(&format!("[S {source}] [C said] [T that it is late]."));
        let board = Some("harbour board".to_owned());
        for source in [
            "A [O Harbour Board] statement",
            "The [O Harbour Board]’s tweets",
            "A statement by the [O Harbour Board]",
            "A long statement from the [O Harbour Board] on Monday",
        ] {
            assert_eq!(author(source), board, "{source}");
        }
        for source in [
            // No utterance, or one about the board.
            "A [O Harbour Board] report",
            "A statement about the [O Harbour Board]",
            "A fake [O Harbour Board] tweet",
            "A fake tweet by the [O Harbour Board]",
            "A draft statement by the [O Harbour Board]",
            "A [O Harbour Board]-led statement",
            // Somebody of the board, or several.
            "The [O Harbour Board]’s lawyer’s statement",
            "A [O Harbour Board] member’s tweet",
            "A statement by lawyers for the [O Harbour Board]",
            "A statement by the [O Harbour Board]’s lawyers",
            "A statement by the [O Harbour Board] and its lawyers",
            "A statement by [O Harbour Board] member [P Ada Brandt]",
            "A statement by the [O Harbour Board], [O Ravn] and the [O Sund Bank]",
            "The [O Harbour Board]’s statement with [O Ravn]",
        ] {
            assert_eq!(author(source), None, "{source}");
        }
        for source in ["The [L Ravn] statement", "The [P Ravn] statement"] {
            assert_eq!(author(source), None, "{source}");
        }
        assert_eq!(author("The [P Ravn]’s statement").as_deref(), Some("ravn"));
        let about = "A tweet about the [O Harbour Board] was late. [S The [O Harbour Board] tweet] [C said] [T that it is late].";
        assert_eq!(author_of(about), None);
    }

    #[test]
    fn a_fuller_phrase_gets_the_probability_of_nobody_unless_somebody_else_is_likelier() {
        let candidate = |who: Who, probability: f32| {
            let features = [0.0; super::super::features::N];
            Candidate { who, features, probability, mention: None }
        };
        let words = WordRange { start: WordId(0), end: WordId(2) };
        let given = |other: f32| {
            let mut all = [
                candidate(Who::Described, 0.3),
                candidate(Who::Phrase(words), 0.2),
                candidate(Who::Member(MemberId(0)), other),
            ];
            give_to_phrase(&mut all);
            all.map(|c| c.probability)
        };
        assert_eq!(given(0.4), [0.0, 0.5, 0.4]);
        assert_eq!(given(0.5), [0.3, 0.2, 0.5]);
    }

    #[test]
    fn the_probability_of_those_whom_a_source_excludes_goes_to_nobody() {
        let marked = marked(
            "Chilean minister [P Jon Holm] left. [S The Peruvian minister] [C said] [T that it is late].",
        );
        let engine = Engine::untrained();
        let explanation = engine.explanation(marked.article, &marked.quotations, marked.analysis);
        let all = &explanation.candidates[0];
        let holm = all.iter().find(|c| c.name.as_deref() == Some("Jon Holm")).unwrap();
        assert_eq!(holm.probability, 0.0);
        assert!((all.iter().map(|c| c.probability).sum::<f32>() - 1.0).abs() < 1e-3);
        assert_eq!(all[0].name, None);
    }
}
