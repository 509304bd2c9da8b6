//! Resolves the words of statements to what they refer to within their article: who, to whom, where and when.
//!
//! Names are gathered ([`names`]) and joined into a cast ([`cast`]), and offices are attached to them ([`offices`]).
//! For each statement ([`speakers`]), its source is read as a phrase ([`source`]) and compared with its candidates
//! ([`candidates`]), among them several members together ([`joint`]) and fuller phrases ([`phrases`]). Their features
//! ([`features`]) come from the article around them ([`context`]) and from who has spoken before ([`heard`]). A judge turns
//! the features into probabilities, and rules correct these ([`judged`]): a candidate that the source's own words rule out
//! ([`excluded`], [`holders`]), and a member whom the source names beside other words ([`described`]). Event reports are
//! resolved in the same way ([`reports`]). The words beside a cue give the addressee, medium and occasion ([`beside`]) and the
//! day ([`times`]). Nothing here looks beyond the article.

mod beside;
mod candidates;
mod cast;
mod context;
mod described;
mod excluded;
pub(crate) mod features;
mod heard;
mod holders;
mod joint;
mod judged;
mod names;
mod offices;
mod phrases;
mod reports;
mod source;
mod speakers;
mod times;

use onrecord_text::{Article, Entity, Event, Linked, Notice, Pieces, Span, Speaker, Statement, Status, Time};

use crate::analysis::{Analysis, BesideKind, Mention, Packed};
use crate::events::{Evidence, Reports};
use crate::found::{Found, FoundId, Speaks};
use crate::judge::Judge;
use crate::reading::Reading;
use crate::stance;
use beside::Circumstances;
use candidates::Who;
use cast::{Cast, MemberId};
use context::Context;
use names::one_line;
use reports::Scene;
use speakers::Resolution;

/// The statements and events of an article with what they refer to.
pub(crate) struct Resolved {
    pub(crate) statements: Vec<Statement>,
    /// The event reports, if there are any to resolve.
    pub(crate) events: Vec<Event>,
    /// The evidence for each event report.
    pub(crate) evidence: Vec<Evidence>,
    /// The entities that the article names.
    pub(crate) entities: Vec<Entity>,
    /// A notice about problems with the article's dates.
    pub(crate) notice: Option<Notice>,
    /// For each statement, the candidates for its source: the chosen one, then the most probable first. Empty without
    /// `explain`.
    pub(crate) candidates: Vec<Vec<Candidate>>,
    /// The analysis, with `explain`.
    pub(crate) analysis: Option<Analysis>,
}

/// A candidate for the speaker that a source refers to.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The full name; several are joined by ` | `. `None` means that the source's own words name nobody.
    pub name: Option<String>,
    /// The probability that the source refers to this candidate.
    pub probability: f32,
    /// The evidence for it: the features that are not zero, by name.
    pub features: Vec<(&'static str, f32)>,
}

/// Statements with what they refer to. With `explain`, the other candidates of each source are kept as well, and so is
/// the analysis, which otherwise makes place for the statements: in a book, it takes as much memory as they do.
pub(crate) fn resolved(
    article: &Article,
    reading: &Reading<'_>,
    analysis: Analysis,
    judge: &Judge,
    found: Vec<Found>,
    reports: Reports<'_>,
    explain: bool,
) -> Resolved {
    let cast = cast(reading, &analysis, &found);
    let circumstances = beside::circumstances(reading, &analysis, &found);
    let mention_of_use = context::mention_of_use(&analysis.mentions, &cast);
    let (analysis, own) = if explain {
        (Some(analysis), Vec::new())
    } else {
        (None, without_keys(analysis.mentions, &mention_of_use))
    };
    let mentions = analysis.as_ref().map_or(own.as_slice(), |analysis| &analysis.mentions);
    let context = Context::new(reading, mentions, &cast, mention_of_use);
    let addressees: Vec<Option<Span>> = circumstances.iter().map(|c| c.get(BesideKind::Addressee)).collect();
    let (resolutions, heard) = speakers::speakers(&context, judge, &found, &addressees, explain);
    let statuses = stance::statuses(reading, &found);
    let (times, notice) = times::times(article, reading, &found, &circumstances, &resolutions, &statuses);
    let (mut entities, numbers) = cast.entities(reading, &referring_sources(&found, &resolutions));
    let scene = Scene::new(article, &context, judge, &found, &resolutions, &heard);
    let (events, evidence) = reports::events(&scene, &times, &numbers, reports);
    drop(scene);
    drop((heard, context, addressees));
    drop(own);
    let candidates =
        if explain { resolutions.iter().map(|r| shown(reading, &cast, r)).collect() } else { Vec::new() };
    let parts = found.into_iter().zip(resolutions).zip(circumstances).zip(times).zip(statuses);
    let parts = parts.map(|((((found, resolution), circumstances), time), status)| Parts {
        found,
        resolution,
        circumstances,
        time,
        status,
    });
    let mut statements: Vec<Statement> = parts.map(|p| p.statement(reading, &cast, &numbers)).collect();
    on_one_line(&mut entities, &mut statements);
    Resolved { statements, events, evidence, entities, notice, candidates, analysis }
}

/// The cast of an article, with the offices that its members hold.
fn cast(reading: &Reading<'_>, analysis: &Analysis, found: &[Found]) -> Cast {
    let names = names::names(reading, &analysis.mentions, &labels(found));
    let mut cast = Cast::of(reading, &names);
    let sources = found.iter().filter_map(|f| f.source.as_ref().map(Pieces::extent));
    offices::attach(reading, analysis, sources, &mut cast);
    cast
}

/// The mentions without the keys of those that no use of a name looks up.
fn without_keys(mut mentions: Vec<Mention>, mention_of_use: &[Option<usize>]) -> Vec<Mention> {
    let mut looked_up = vec![false; mentions.len()];
    for &mention in mention_of_use.iter().flatten() {
        looked_up[mention] = true;
    }
    for (mention, looked_up) in mentions.iter_mut().zip(looked_up) {
        if !looked_up {
            mention.pointer.key = Packed::default();
        }
    }
    mentions
}

/// What is known about one statement.
struct Parts {
    found: Found,
    resolution: Resolution,
    circumstances: Circumstances,
    time: Option<Time>,
    status: Status,
}

impl Parts {
    /// The statement. `numbers` maps the members of the cast to the record's entities.
    fn statement(self, reading: &Reading<'_>, cast: &Cast, numbers: &[Option<usize>]) -> Statement {
        let Self { found, resolution, circumstances, time, status } = self;
        let number = |m: MemberId| numbers[m.0];
        let linked = |kind: BesideKind, other: Option<MemberId>| {
            let span = circumstances.get(kind)?;
            let named = cast.within(span).next().map(|u| u.member);
            Some(Box::new(Linked { words: span.into(), entity: named.or(other).and_then(number) }))
        };
        let mut about: Vec<usize> = Vec::new();
        for used in found.content.spans().iter().flat_map(|s| cast.within(*s)) {
            about.extend(number(used.member).filter(|n| !about.contains(n)));
        }
        let entities = resolution.members.iter().filter_map(|m| number(*m)).collect();
        Statement {
            act: stance::act(reading, &found),
            kind: found.kind,
            source: found.source,
            cue: found.cue,
            content: found.content,
            speaker: Speaker { entities, ..resolution.speaker },
            addressee: linked(BesideKind::Addressee, resolution.addressee),
            medium: linked(BesideKind::Medium, None),
            occasion: linked(BesideKind::Occasion, None),
            about,
            time: time.map(Box::new),
            status,
            parent: found.parent.map(|FoundId(n)| n),
            confidence: found.confidence,
            why: found.why,
        }
    }
}

/// The names that label the turns of a transcript, in text order.
fn labels(found: &[Found]) -> Vec<Span> {
    let mut labels: Vec<Span> = found
        .iter()
        .filter_map(|f| match f.speaks {
            Some(Speaks::Named(span)) => Some(span),
            _ => None,
        })
        .collect();
    labels.sort_unstable();
    labels
}

/// Sources that only refer to one member, as further mentions of that member.
fn referring_sources(found: &[Found], resolutions: &[Resolution]) -> Vec<(Span, MemberId)> {
    let sources = found.iter().zip(resolutions).filter_map(|(f, h)| {
        let [span] = f.source.as_ref()?.spans() else { return None };
        let member = h.only()?;
        (!h.speaker.chain.is_empty()).then_some((*span, member))
    });
    sources.collect()
}

/// The candidates of a statement in the form in which they are shown to users.
fn shown(reading: &Reading<'_>, cast: &Cast, resolution: &Resolution) -> Vec<Candidate> {
    let all = resolution.candidates.iter().map(|c| Candidate {
        name: match &c.who {
            Who::Described => None,
            Who::Member(member) => Some(cast.full_names(reading, &[*member], None)),
            Who::Joint(members, rest) => Some(cast.full_names(reading, members, *rest)),
            Who::Phrase(_) | Who::Earlier(_) => c.mention.map(|m| m.of(reading.text()).to_owned()),
        },
        probability: c.probability,
        features: features::FEATURES
            .iter()
            .copied()
            .zip(c.features)
            .filter(|(_, value)| *value != 0.0)
            .collect(),
    });
    all.collect()
}

/// Removes the line breaks of wrapped lines from names and roles.
fn on_one_line(entities: &mut [Entity], statements: &mut [Statement]) {
    let of_entities = entities
        .iter_mut()
        .flat_map(|Entity { name, roles, aliases, .. }| std::iter::once(name).chain(roles).chain(aliases));
    let of_speakers =
        statements.iter_mut().flat_map(|s| [&mut s.speaker.name, &mut s.speaker.role].into_iter().flatten());
    for words in of_entities.chain(of_speakers).filter(|words| words.contains(['\n', '\r', '\t'])) {
        *words = one_line(words);
    }
}
