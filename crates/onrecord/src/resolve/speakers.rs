//! Resolves speakers: for each statement, in text order, the most probable of its source's candidates.

use onrecord_text::{EntityKind, Pieces, Span, Speaker, SpeakerKind, StatementKind, Step};

use super::candidates::{Candidate, Who};
use super::cast::{Cast, MemberId};
use super::context::{Around, Context};
use super::heard::{Described, Heard, Turn};
use super::joint::beside_pronoun;
use super::judged::judged;
use super::source::{Source, SourceForm, head};
use crate::english::{I, without_contraction, without_possessive, without_the};
use crate::found::{Found, FoundId, NEAR, Speaks};
use crate::judge::Judge;
use crate::lists::List;
use crate::reading::{Reading, WordId, WordRange};

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
    let candidates = with_others(context, judge, source, heard, around)
        .unwrap_or_else(|| judged(context, judge, source, heard, around));
    let (speaker, members) = speaker(context, source, heard, &candidates[0]);
    Resolution { speaker, members, candidates, addressee: None }
}

/// The candidates for a source that consists of a pronoun and others, “he and Lund”: whoever the pronoun refers to speaks
/// together with them. `None` if it refers to nobody named.
fn with_others(
    context: &Context<'_>,
    judge: &Judge,
    source: &Source,
    heard: &Heard,
    around: &Around<'_>,
) -> Option<Vec<Candidate>> {
    let (pronoun, (others, rest)) = beside_pronoun(context, source.words)?;
    let pronoun = Source::of(context.reading, context.cast, pronoun)?;
    let apart = [around.apart, &others].concat();
    let around = Around { apart: &apart, ..*around };
    let together = |candidate: Candidate| match candidate.who {
        Who::Member(m) if !others.contains(&m) => {
            let members = [&[m], others.as_slice()].concat();
            Candidate { who: Who::Joint(members, rest), ..candidate }
        }
        _ => candidate,
    };
    let all = judged(context, judge, &pronoun, heard, &around).into_iter();
    let candidates: Vec<Candidate> = all.map(together).collect();
    matches!(candidates[0].who, Who::Joint(..)).then_some(candidates)
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
        Who::Described => (described(context.kind_of(source)), Vec::new()),
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
            (Speaker { name, chain, ..described(context.kind_of(source)) }, Vec::new())
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
    let person = members.iter().any(|&m| cast.member(m).kind == EntityKind::Person);
    let only = members.first().filter(|_| members.len() == 1 && rest.is_none());
    let role = only.and_then(|&m| cast.member(m).roles.first());
    Speaker {
        name: Some(cast.full_names(reading, members, rest)),
        kind: if person { SpeakerKind::Person } else { SpeakerKind::Organization },
        role: role.and_then(|&r| reading.span_of(r)).map(|s| s.of(reading.text()).to_owned()),
        entities: Vec::new(),
        confidence,
        chain,
    }
}

/// The step from a source to the mention that is the best evidence for a candidate, if that is outside the source.
fn step(source: &Source, best: &Candidate, why: &'static str) -> Option<Step> {
    best.mention.filter(|m| !source.span.contains(*m)).map(|mention| Step { mention, why })
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

    use super::*;

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
}
