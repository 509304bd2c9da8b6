//! Who, to whom, where and when: from the words of statements to what they refer to within their article.
//!
//! Names are gathered and joined to entities ([`entities`]), offices are attached to them ([`roles`]), each source is read
//! as a noun phrase ([`phrases`]) and resolved to a speaker ([`speakers`], and [`descriptions`] for nouns); what stands
//! beside the cue says to whom, at what occasion ([`circumstances`]) and on which day ([`times`]). Nothing here looks
//! beyond the article.

mod circumstances;
mod descriptions;
mod entities;
mod evidence;
mod names;
mod phrases;
mod roles;
mod speakers;
mod times;
mod words;

use std::rc::Rc;

use onrecord_text::{Article, Entity, Linked, Notice, Pieces, Span, Statement};

use crate::mentions::{Mention, NameKind};
use crate::quotes::Quotation;
use circumstances::Circumstances;
use entities::Cast;
use names::Name;
use phrases::Phrase;

/// What comes of an article beside its statements.
pub(crate) struct Resolved {
    /// Whom and what the article names.
    pub(crate) entities: Vec<Entity>,
    /// What is odd about its dates.
    pub(crate) notice: Option<Notice>,
}

/// Fills in what the statements' words refer to.
pub(crate) fn resolve(
    article: &Article,
    quotations: &[Quotation],
    mentions: &[Mention],
    statements: &mut [Statement],
) -> Resolved {
    let text = article.text.as_str();
    let sources: Vec<Span> =
        statements.iter().filter_map(|s| s.source.as_ref().map(Pieces::extent)).collect();
    let mut cast = cast(article, quotations, mentions, &sources);
    roles::attach(article, &sources, &mut cast);
    let mut found: Vec<Circumstances> =
        statements.iter().map(|s| circumstances::circumstances(article, &cast, s)).collect();
    circumstances::asked(article, statements, &mut found);
    let heard: Vec<Option<Span>> = found.iter().map(|c| c.addressee).collect();
    let (speakers, hearers) = speakers::speakers(article, quotations, mentions, &cast, statements, &heard);
    for (statement, speaker) in statements.iter_mut().zip(speakers) {
        statement.speaker = Rc::unwrap_or_clone(speaker);
    }
    for &(source, member) in &referred(statements) {
        cast.members[member].mentions.push(source);
    }
    let (entities, numbers) = cast.entities(text);
    let (times, notice) = times::times(article, &cast, statements);
    let beside = times.into_iter().zip(found).zip(hearers);
    for (statement, ((time, found), hearer)) in statements.iter_mut().zip(beside) {
        let linked = |span: Span| {
            let entity = circumstances::entity_of(cast.within(span), span).and_then(|m| numbers[m]);
            Box::new(Linked { words: span.into(), entity })
        };
        statement.addressee = found.addressee.map(linked).map(|mut to| {
            to.entity = to.entity.or_else(|| hearer.and_then(|m| numbers[m]));
            to
        });
        statement.medium = found.medium.map(linked);
        statement.occasion = found.occasion.map(linked);
        statement.time = time.map(Box::new);
        let mut about: Vec<usize> = Vec::new();
        for (_, member) in statement.content.spans().iter().flat_map(|s| cast.within(*s)) {
            about.extend(numbers[member].filter(|n| !about.contains(n)));
        }
        statement.about = about;
        statement.speaker.entities = statement.speaker.entities.iter().filter_map(|m| numbers[*m]).collect();
    }
    let mut entities = entities;
    on_one_line(&mut entities, statements);
    Resolved { entities, notice }
}

/// Takes the ends of wrapped lines out of names and roles.
fn on_one_line(entities: &mut [Entity], statements: &mut [Statement]) {
    let of_entities = entities
        .iter_mut()
        .flat_map(|Entity { name, roles, aliases, .. }| std::iter::once(name).chain(roles).chain(aliases));
    let of_speakers =
        statements.iter_mut().flat_map(|s| [&mut s.speaker.name, &mut s.speaker.role].into_iter().flatten());
    for words in of_entities.chain(of_speakers).filter(|words| words.contains(['\n', '\r', '\t'])) {
        *words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    }
}

/// Whom the article names: what the encoder found, and the labels of a transcript's turns.
fn cast(article: &Article, quotations: &[Quotation], mentions: &[Mention], sources: &[Span]) -> Cast {
    let text = article.text.as_str();
    let mut names = names::names(article, mentions);
    let cast = Cast::of(article, quotations, &names);
    let new = sources.iter().filter_map(|source| match phrases::phrase(text, *source, &cast) {
        Phrase::NewName(span) => Name::of(text, span, NameKind::Person, None),
        _ => None,
    });
    let new: Vec<Name> = new.collect();
    if new.is_empty() {
        return cast;
    }
    names.retain(|n| !new.iter().any(|other| other.span.overlaps(n.span)));
    names.extend(new);
    names.sort_by_key(|n| n.span.start());
    names.dedup_by(|next, last| last.span.overlaps(next.span));
    Cast::of(article, quotations, &names)
}

/// Sources that are pronouns or nouns for one person or organisation: further mentions of it.
fn referred(statements: &[Statement]) -> Vec<(Span, usize)> {
    let mut out = Vec::new();
    for statement in statements {
        if let (Some(source), [member], Some(_)) =
            (&statement.source, statement.speaker.entities.as_slice(), statement.speaker.chain.first())
            && let [span] = source.spans()
        {
            out.push((*span, *member));
        }
    }
    out
}
