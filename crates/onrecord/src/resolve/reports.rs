//! Resolves event reports: actor and recipient with their codes, and place and date.
//!
//! A phrase for a party is resolved like a source, with the same candidates and the same judge. If several words may
//! begin the phrase, readings that mean the same support each other.

use std::cell::RefCell;
use std::collections::HashMap;

use onrecord_text::{
    Article, DateBasis, EntityKind, Event, EventStatus, EventTime, Linked, PartialDate, Party, Place, Side,
    Span, StatementKind, Time, wire,
};

use super::cast::{Cast, MemberId};
use super::context::{Around, Context};
use super::heard::Heard;
use super::names::one_line;
use super::source::Source;
use super::speakers::{Resolution, by_name, who};
use super::times::{ArticleDay, article_day, written};
use crate::codes::{self, Codes};
use crate::dates::Expression;
use crate::english::{COMPLEMENTIZER, OF, THE, is_of_speaker};
use crate::events::{self, Evidence, Phrase, Report, Reports, Told};
use crate::found::{Found, FoundId};
use crate::judge::Judge;
use crate::lists::List;
use crate::reading::{Reading, WordId, WordRange};

/// What is known about an article when its events are resolved.
pub(super) struct Scene<'a> {
    article: &'a Article,
    context: &'a Context<'a>,
    judge: &'a Judge,
    found: &'a [Found],
    resolutions: &'a [Resolution],
    heard: &'a Heard,
    /// The resolutions of phrases so far: one phrase may be a party to several events.
    read: RefCell<HashMap<Asked, Resolution>>,
}

/// A phrase, and the speaker of the content that contains it.
type Asked = (WordId, WordId, Option<MemberId>);

/// The events of an article and the evidence for each. `numbers` maps its members to the record's entities.
pub(super) fn events(
    scene: &Scene<'_>,
    times: &[Option<Time>],
    numbers: &[Option<usize>],
    reports: Reports<'_>,
) -> (Vec<Event>, Vec<Evidence>) {
    let day = article_day(scene.article, scene.context.reading);
    let event = |report: &Report| {
        let date = day.as_ref().map(|d| d.date);
        let [actor, recipient] = scene.parties(report);
        let side =
            report.claimant.and_then(|claim| scene.side(claim, actor.as_ref(), recipient.as_ref(), date));
        let [actor, recipient] = [actor, recipient]
            .map(|party| party.and_then(|m| Some((scene.made(&m, numbers, date)?, m.resolution.members))));
        let time = scene.time(report, day.as_ref(), times);
        let historical = time.as_ref().is_some_and(|t| is_history(t, day.as_ref()));
        let evidence = evidence(report, scene, actor.as_ref(), recipient.as_ref());
        let event = Event {
            kind: report.kind,
            trigger: report.span.into(),
            actor: actor.map(|(party, _)| Box::new(party)),
            recipient: recipient.map(|(party, _)| Box::new(party)),
            status: report.status,
            historical,
            place: scene.place(report, numbers).map(Box::new),
            time: time.map(Box::new),
            claimant: report.claimant.map(|FoundId(n)| n),
            side,
            confidence: reports.settings.confidence(&evidence),
            why: why(report),
        };
        (event, evidence)
    };
    reports.all.iter().map(event).unzip()
}

/// The reasons for a report, in words for the user.
fn why(report: &Report) -> String {
    let claimant = match report.claimant {
        Some(_) => "a statement's content tells it",
        None => "the article tells it in its own voice",
    };
    match report.why_status {
        "" => claimant.to_owned(),
        rule => format!("{claimant}; {} by {rule}", report.status.name()),
    }
}

/// The evidence for a report, in the order of [`events::EVIDENCE`].
fn evidence(
    report: &Report,
    scene: &Scene<'_>,
    actor: Option<&(Party, Vec<MemberId>)>,
    recipient: Option<&(Party, Vec<MemberId>)>,
) -> Evidence {
    let [trigger, kind, status] = report.scores;
    let flag = |b: bool| f32::from(u8::from(b));
    let sure = |party: Option<&(Party, Vec<MemberId>)>, told: &Told| {
        party.map_or(told.none, |(party, _)| party.confidence)
    };
    let claimed = report.claimant.map_or(1.0, |FoundId(n)| scene.found[n].confidence);
    [
        trigger,
        kind,
        status,
        flag(report.status == EventStatus::Happened),
        sure(actor, &report.actor),
        flag(actor.is_some()),
        sure(recipient, &report.recipient),
        flag(recipient.is_some()),
        flag(report.claimant.is_some()),
        claimed,
    ]
}

/// The number of years after which an event counts as history.
const HISTORY: i16 = 2;

/// Whether an event's date is years before the article's.
fn is_history(time: &EventTime, day: Option<&ArticleDay>) -> bool {
    let year = |d: Option<PartialDate>| d.and_then(PartialDate::year);
    let (then, now) = (year(time.value), year(day.map(|d| d.date)));
    then.zip(now).is_some_and(|(then, now)| now - then >= HISTORY)
}

/// One possible resolution of a party's words.
struct Meant {
    resolution: Resolution,
    words: WordRange,
    score: f32,
}

impl Meant {
    /// Whether both mean the same.
    fn is_same(&self, other: &Self) -> bool {
        let members = &self.resolution.members;
        let overlap = self.words.start < other.words.end && other.words.start < self.words.end;
        overlap || (!members.is_empty() && *members == other.resolution.members)
    }
}

/// What ties somebody to a side of an event.
struct Ties {
    members: Vec<MemberId>,
    countries: Vec<String>,
}

/// The minimum probability of a further phrase that is read, as a share of the most probable one's.
const WORTH_READING: f32 = 0.3;
/// The most words between a trigger and the time or place of its event.
const NEAR_WORDS: i64 = 120;
/// The most phrases that are read for one party.
const MOST_READINGS: usize = 3;

impl<'a> Scene<'a> {
    /// The scene of an article whose statements have been resolved.
    pub(super) fn new(
        article: &'a Article,
        context: &'a Context<'a>,
        judge: &'a Judge,
        found: &'a [Found],
        resolutions: &'a [Resolution],
        heard: &'a Heard,
    ) -> Self {
        Self { article, context, judge, found, resolutions, heard, read: RefCell::default() }
    }

    fn reading(&self) -> &Reading<'_> {
        self.context.reading
    }

    /// The actor and the recipient. Nobody is both: a member counts only as the more probable of the two.
    fn parties(&self, report: &Report) -> [Option<Meant>; 2] {
        let [mut actors, mut recipients] =
            [&report.actor, &report.recipient].map(|told| self.readings(report, told));
        while let (Some(actor), Some(recipient)) = (actors.first(), recipients.first())
            && actor.is_same(recipient)
        {
            let lesser = if recipient.score > actor.score { &mut actors } else { &mut recipients };
            lesser.remove(0);
        }
        [actors, recipients].map(|all| all.into_iter().next())
    }

    /// The possible resolutions of a party's words, most probable first.
    fn readings(&self, report: &Report, told: &Told) -> Vec<Meant> {
        let Some(first) = told.phrases.first() else { return Vec::new() };
        let least = first.score * WORTH_READING;
        let mut all: Vec<Meant> = Vec::new();
        for phrase in told.phrases.iter().take(MOST_READINGS).filter(|p| p.score >= least) {
            let Some(meant) = self.meant(report, *phrase) else { continue };
            match all.iter_mut().find(|m| m.is_same(&meant)) {
                Some(before) => before.score += meant.score,
                None => all.push(meant),
            }
        }
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        all
    }

    /// The resolution of a phrase.
    fn meant(&self, report: &Report, phrase: Phrase) -> Option<Meant> {
        let (reading, cast) = (self.reading(), self.context.cast);
        let words = with_names(reading, cast, phrase.words, report.words);
        let span = reading.span_of(words)?;
        let claim = report.claimant.map(|FoundId(n)| &self.found[n]);
        if claim.is_some_and(|claim| self.is_quoted_alone(claim, span)) {
            return None;
        }
        let source = Source::of(reading, cast, words)?;
        let article = words.first().filter(|&w| reading.lower(w) == THE).and_then(|w| w.step(1));
        let name = WordRange { start: article.unwrap_or(words.start), end: words.end };
        if let Some(whole) = cast.within(span).find(|u| u.words == words || u.words == name) {
            let resolution = by_name(self.context, whole.member);
            return Some(Meant { resolution, words, score: phrase.score });
        }
        let outer = events::claimant(self.found, span).or(report.claimant);
        let outer = outer.and_then(|FoundId(n)| self.resolutions[n].only());
        let asked = (words.start, words.end, outer);
        if let Some(resolution) = self.read.borrow().get(&asked) {
            return Some(Meant { resolution: resolution.clone(), words, score: phrase.score });
        }
        let around = Around { outer, ..Around::default() };
        let heard = self.heard.before(words.start);
        let mut resolution = who(self.context, self.judge, &source, &heard, &around);
        resolution.candidates = Vec::new();
        self.read.borrow_mut().insert(asked, resolution.clone());
        Some(Meant { resolution, words, score: phrase.score })
    }

    /// Whether words are the source of a quotation that does not speak of its speaker: “we”, “my”. The source then has no
    /// part in what the quotation tells.
    fn is_quoted_alone(&self, claim: &Found, words: Span) -> bool {
        let reading = self.reading();
        let says_self = |w: WordId| is_of_speaker(reading.lower(w));
        let spans = || claim.content.spans().iter();
        claim.kind == StatementKind::Direct
            && claim.source.as_ref().is_some_and(|source| source.overlaps(words))
            && !spans().any(|span| reading.words_of(*span).iter().any(says_self))
    }

    /// The party that a resolution yields; `None` for an unresolved pronoun.
    fn made(&self, meant: &Meant, numbers: &[Option<usize>], date: Option<PartialDate>) -> Option<Party> {
        let (reading, cast) = (self.reading(), self.context.cast);
        let span = reading.span_of(meant.words)?;
        let speaker = &meant.resolution.speaker;
        let codes = if meant.resolution.members.is_empty() {
            codes::of_words(reading, meant.words)
        } else {
            let all =
                meant.resolution.members.iter().map(|&m| of_member(reading, cast, m, meant.words, date));
            joined(all.collect())
        };
        Some(Party {
            words: span.into(),
            name: speaker.name.as_deref().map(one_line),
            kind: speaker.kind,
            role: speaker.role.as_deref().map(one_line),
            entities: meant.resolution.members.iter().filter_map(|m| numbers[m.0]).collect(),
            country: codes.country,
            sector: codes.sector,
            confidence: meant.score * speaker.confidence,
        })
    }

    /// Which side of an event the speaker of a statement is on: the one that they are a member of or name in their
    /// office, or else the one that shares their country. `None` if both sides do, as in an event within one country.
    fn side(
        &self,
        FoundId(claim): FoundId,
        actor: Option<&Meant>,
        recipient: Option<&Meant>,
        date: Option<PartialDate>,
    ) -> Option<Side> {
        let source = self.found[claim].source.as_ref().map(|s| self.reading().words_of(s.extent()));
        let speaker = self.ties(&self.resolutions[claim].members, source, date);
        let of = |party: Option<&Meant>| party.map(|m| self.ties(&m.resolution.members, Some(m.words), date));
        let sides = [of(actor), of(recipient)];
        let [members, countries] = [
            sides.each_ref().map(|side| {
                side.as_ref().is_some_and(|s| s.members.iter().any(|m| speaker.members.contains(m)))
            }),
            sides.each_ref().map(|side| {
                side.as_ref().is_some_and(|s| s.countries.iter().any(|c| speaker.countries.contains(c)))
            }),
        ];
        for shared in [members, countries] {
            match shared {
                [true, false] => return Some(Side::Actor),
                [false, true] => return Some(Side::Recipient),
                [true, true] => return None,
                [false, false] => {}
            }
        }
        // A party that is not stated or not resolved may be the claimant. “The Foreign Ministry” may be that of either side.
        let is_bare = |&member: &MemberId| self.is_bare_office(member);
        let known = |ties: &Ties| !ties.members.iter().all(is_bare) || !ties.countries.is_empty();
        // A person's name alone does not tell whom they belong to.
        let belongs = |member: &MemberId| {
            self.context.cast.member(*member).kind != EntityKind::Person && !is_bare(member)
        };
        let is_placed = speaker.members.iter().any(belongs) || !speaker.countries.is_empty();
        (is_placed && sides.iter().all(|side| side.as_ref().is_some_and(known))).then_some(Side::Other)
    }

    /// Whether all names of an organisation are offices without a country: “Foreign Ministry”, but not “Foreign Ministry of
    /// Norden”.
    fn is_bare_office(&self, member: MemberId) -> bool {
        let member = self.context.cast.member(member);
        let mut names = member.names.iter().take(FORMS);
        member.kind == EntityKind::Organization && names.all(|form| codes::is_office(&form.parts))
    }

    /// What ties somebody to a side: who they are, whom their office or description names, and their countries.
    fn ties(&self, members: &[MemberId], words: Option<WordRange>, date: Option<PartialDate>) -> Ties {
        let (reading, cast) = (self.reading(), self.context.cast);
        let roles = members.iter().flat_map(|&m| cast.member(m).roles.iter().copied());
        // In “a general who met the minister of Sund”, the clause says nothing about whom the general belongs to.
        let openings = [List::PronounsRelative, List::Adjunct, List::Published];
        let clause = |all: WordRange| all.iter().find(|&w| reading.listed_in(w, &openings));
        let words = words.map(|all| WordRange { end: clause(all).unwrap_or(all.end), ..all });
        let named = roles.chain(words).filter_map(|w| reading.span_of(w)).flat_map(|span| cast.within(span));
        let mut all = members.to_vec();
        all.extend(named.map(|u| u.member));
        let codes: Vec<Codes> = match (members, words) {
            ([], Some(words)) => vec![codes::of_words(reading, words)],
            _ => {
                let phrase = |m: MemberId| words.or_else(|| cast.member(m).names.first().map(|f| f.words));
                let codes = |m| Some(of_member(reading, cast, m, phrase(m)?, date));
                members.iter().filter_map(|&m| codes(m)).collect()
            }
        };
        Ties { members: all, countries: codes.into_iter().filter_map(|c| c.country).collect() }
    }

    /// The words of the sentence around some words, as far as they are near. An article may be one sentence with
    /// thousands of reports.
    fn words_near(&self, words: WordRange) -> WordRange {
        let sentence = self.reading().sentence_of(words.start);
        let start = words.start.step(-NEAR_WORDS).map_or(sentence.start, |w| w.max(sentence.start));
        let end = words.end.step(NEAR_WORDS).map_or(sentence.end, |w| w.min(sentence.end));
        WordRange { start, end }
    }

    /// The place of an event: the nearest place name in its sentence that follows a preposition of place and that the
    /// same claimant reports.
    fn place(&self, report: &Report, numbers: &[Option<usize>]) -> Option<Place> {
        let (reading, cast) = (self.reading(), self.context.cast);
        let sentence = reading.span_of(self.words_near(report.words))?;
        let parties = || report.actor.phrases.first().into_iter().chain(report.recipient.phrases.first());
        let own = cast.within(sentence).filter(|u| {
            let before = reading.before_the(u.words.start);
            let kind = cast.member(u.member).kind;
            let country = || codes::of_words(reading, u.words).country.is_some();
            (kind == EntityKind::Place || (kind == EntityKind::Organization && u.words.len() < 4 && country()))
                && before.is_some_and(|w| reading.listed(w, List::EventPlace))
                && !parties().any(|p| p.words.start <= u.words.start && u.words.end <= p.words.end)
                && events::claimant(self.found, u.span) == report.claimant
                // “in Israel’s north” and “in Gaza City officials” do not by themselves name the place of the event.
                && !reading.after(WordId(u.words.end.0 - 1)).is_some_and(|w| reading.word(w).is_possessive())
        });
        let place = own.min_by_key(|u| (u.span.gap(report.span), u.span.start()))?;
        let country = codes::of_words(reading, place.words).country;
        Some(Place { words: Linked { words: place.span.into(), entity: numbers[place.member.0] }, country })
    }

    /// The time of an event: the nearest expression of time in its sentence from the same claimant; or the time of the
    /// statement whose cue it is. Otherwise, an event that happened did so by the day of the statement that reports it,
    /// or by the article's day.
    fn time(&self, report: &Report, day: Option<&ArticleDay>, times: &[Option<Time>]) -> Option<EventTime> {
        let reading = self.reading();
        let sentence = reading.span_of(self.words_near(report.words))?;
        let all = reading.times();
        let first = all.partition_point(|e| e.span.end() <= sentence.start());
        let own = all[first..].iter().take_while(|e| e.span.start() < sentence.end());
        let is_limit = |e: &Expression| {
            let before = reading.words_of(e.span).first().and_then(|w| reading.before(w));
            before.is_some_and(|w| reading.listed(w, List::EventBounds))
        };
        let told = own.filter(|e| {
            !e.span.overlaps(report.span)
                && !is_limit(e)
                && events::claimant(self.found, e.span) == report.claimant
                && self.value(report, e, day).is_some()
        });
        let told = told.filter(|e| !self.is_of_another_clause(e, report));
        if let Some(nearest) = told.min_by_key(|e| (e.span.gap(report.span), e.span.start())) {
            let value = self.value(report, nearest, day).flatten();
            return Some(EventTime { words: Some(nearest.span.into()), value, basis: DateBasis::Text });
        }
        let own_cue = |n: &usize| self.found[*n].cue.as_ref().is_some_and(|c| c.overlaps(report.span));
        let of_statement = |n: usize| {
            let time = times[n].as_ref()?;
            Some(EventTime {
                words: Some(time.words.clone()),
                value: time.value,
                basis: DateBasis::Statement,
            })
        };
        let cue = events::near(self.found, report.span).rev().find(own_cue);
        if let Some(time) = cue.and_then(of_statement) {
            return Some(time);
        }
        if report.status != EventStatus::Happened {
            return None;
        }
        let told = report.claimant.and_then(|FoundId(n)| of_statement(n)).filter(|t| t.value.is_some());
        told.or_else(|| {
            let value = Some(day?.date);
            Some(EventTime { words: None, value, basis: DateBasis::Article })
        })
    }

    /// Whether an expression of time is in a clause that the trigger is not in: in a relative clause after it, or between
    /// commas together with other words, as in “the party, founded in 1985, condemned”.
    fn is_of_another_clause(&self, e: &Expression, report: &Report) -> bool {
        let reading = self.reading();
        let own = reading.words_of(e.span);
        let is_comma = |w: WordId| reading.written(w) == ",";
        let is_relative =
            |w: WordId| reading.listed(w, List::PronounsRelative) && reading.lower(w) != COMPLEMENTIZER;
        if own.start >= report.words.end {
            return WordRange { start: report.words.end, end: own.start }.iter().any(is_relative);
        }
        let mut before = WordRange { end: own.start, ..self.words_near(own) }.iter().rev();
        let opens = before.find(|&w| is_comma(w));
        let after = WordRange { start: own.end, end: report.words.start };
        opens.is_some_and(|w| w.step(1) != Some(own.start)) && after.iter().any(is_comma)
    }

    /// The date of an expression beside an event: `None` if it does not fit the event's status, `Some(None)` if it
    /// names no date.
    fn value(
        &self,
        report: &Report,
        e: &Expression,
        day: Option<&ArticleDay>,
    ) -> Option<Option<PartialDate>> {
        let Some(day) = day else { return Some(written(e.meaning)) };
        if report.status == EventStatus::Planned {
            return Some(day.calendar.coming(e.meaning));
        }
        if day.calendar.is_ahead(e.meaning) {
            return (report.status != EventStatus::Happened).then(|| day.calendar.coming(e.meaning));
        }
        Some(day.past(self.reading(), e, None))
    }
}

/// A phrase extended to include whole names that it cuts, but not beyond the trigger.
fn with_names(reading: &Reading<'_>, cast: &Cast, words: WordRange, trigger: WordRange) -> WordRange {
    let Some(span) = reading.span_of(words) else { return words };
    let first = cast.uses.partition_point(|u| u.span.end() <= span.start());
    let cut = cast.uses[first..].iter().take_while(|u| u.span.start() < span.end());
    let free = cut.filter(|u| u.words.end <= trigger.start || u.words.start >= trigger.end);
    free.fold(words, |w, u| WordRange { start: w.start.min(u.words.start), end: w.end.max(u.words.end) })
}

/// How many names of a member are looked up for its codes.
const FORMS: usize = 32;

/// The codes of a member, from the words beside its name in the phrase, from its roles, and from its name.
fn of_member(
    reading: &Reading<'_>,
    cast: &Cast,
    id: MemberId,
    phrase: WordRange,
    date: Option<PartialDate>,
) -> Codes {
    let member = cast.member(id);
    let mut codes = Codes::default();
    if member.kind == EntityKind::Person {
        for &role in &member.roles {
            codes = codes.or(codes::of_words(reading, role));
        }
        let name = reading.span_of(phrase).and_then(|span| cast.within(span).find(|u| u.member == id));
        if let Some(name) = name {
            let before = WordRange { start: phrase.start, end: name.words.start };
            let after = WordRange { start: name.words.end, end: phrase.end };
            // “President Ada Lund of Norden”.
            let of = after.first().is_some_and(|w| reading.lower(w) == OF);
            codes = codes.or(codes::of_words(reading, before));
            codes = if of { codes.or(codes::of_words(reading, after)) } else { codes };
        }
        // A baker may have the name of a member of Congress.
        let other = !member.roles.is_empty() && codes.sector.is_none();
        for form in member.names.iter().filter(|f| f.parts.len() > 1 && !other).take(FORMS) {
            codes = codes.or(codes::of_person(&form.parts, date));
        }
        return codes;
    }
    for form in member.names.iter().take(FORMS) {
        codes = codes.or(codes::of_words(reading, form.words));
    }
    codes
}

/// The codes of several members who act together.
fn joined(all: Vec<Codes>) -> Codes {
    let together = |of: fn(&Codes) -> Option<&String>| {
        let mut known: Vec<&str> = Vec::new();
        for code in all.iter().filter_map(of) {
            if !known.contains(&code.as_str()) {
                known.push(code);
            }
        }
        wire::joined(&known)
    };
    Codes { country: together(|c| c.country.as_ref()), sector: together(|c| c.sector.as_ref()) }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use onrecord_text::{EventTime, Party, Record, Side};

    use crate::Engine;
    use crate::testing::marked;

    static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::untrained().with_events());

    fn record(text: &str, published: &str) -> Record {
        let mut marked = marked(text);
        marked.article.metadata.published = published.parse().ok();
        ENGINE.explanation(marked.article, &marked.quotations, marked.analysis).record
    }

    fn party(party: Option<&Party>) -> String {
        let code = |c: &Option<String>| c.clone().unwrap_or_else(|| "–".to_owned());
        party.map_or("nobody".to_owned(), |p| {
            let name = p.name.as_deref().unwrap_or("–");
            format!("{name}, {} {}", code(&p.country), code(&p.sector))
        })
    }

    #[track_caller]
    fn check(text: &str, actor: &str, recipient: &str) {
        let record = record(text, "2024-03-08");
        let event = &record.events.as_ref().unwrap()[0];
        assert_eq!(party(event.actor.as_deref()), actor, "{text}");
        assert_eq!(party(event.recipient.as_deref()), recipient, "{text}");
    }

    #[test]
    fn a_name_means_its_entity_and_a_description_itself() {
        check(
            "[P Ada Lund] spoke. Later [1 [P Lund]] [V attacked] [2 two] guards.",
            "Ada Lund, – –",
            "two guards, – –",
        );
        check("[1 The] gunmen [V attacked] [2 [L Norden]].", "The gunmen, – UAF", "Norden, – –");
    }

    #[test]
    fn whoever_is_quoted_is_a_party_only_if_the_quotation_speaks_of_them() {
        let quoted = |content: &str| format!("[T “{content},”] [1 [S [P Mia Vale]]] [C said].");
        check(&quoted("[2 Three] men were [V shot]"), "nobody", "Three men, – –");
        check(&quoted("I’m sorry that [2 three] men were [V shot]"), "Mia Vale, – –", "three men, – –");
        check(
            "[1 [S [P Mia Vale]]] [C denied] [T that [2 three] men were [V shot]].",
            "Mia Vale, – –",
            "three men, – –",
        );
    }

    #[test]
    fn an_entity_is_linked_and_has_the_words_of_its_phrase() {
        let record = record("[P Ada Lund] spoke. Later [1 [P Lund]] [V attacked] guards.", "2024-03-08");
        let actor = record.events.unwrap()[0].actor.clone().unwrap();
        assert_eq!(record.entities[actor.entities[0]].name, "Ada Lund");
        assert_eq!(actor.words.text(&record.article.text), "Lund");
    }

    #[test]
    fn codes_come_from_names_and_nouns_and_are_empty_otherwise() {
        check("[1 [L Turkey]] [V attacked] [2 [L Norden]].", "Turkey, TUR –", "Norden, – –");
        check("[1 Turkish] police [V attacked] [2 the] crowd.", "Turkish police, TUR COP", "the crowd, – –");
    }

    #[test]
    fn the_words_beside_a_name_in_its_phrase_give_codes() {
        check(
            "[1 President] [P Ada Lund] of [L Turkey] [V attacked] [2 two] guards.",
            "Ada Lund, TUR GOV",
            "two guards, – –",
        );
        check(
            "[1 The] Turkish pianist [P Ada Lund] [V attacked] [2 two] guards.",
            "Ada Lund, TUR –",
            "two guards, – –",
        );
    }

    #[test]
    fn nobody_does_it_to_themselves() {
        check("[1 [2 [L Turkey]]] [V attacked].", "Turkey, TUR –", "nobody");
    }

    #[track_caller]
    fn check_side(text: &str, side: Option<Side>) {
        let record = record(text, "2024-03-08");
        let event = &record.events.as_ref().unwrap()[0];
        assert!(event.claimant.is_some(), "{text}");
        assert_eq!(event.side, side, "{text}");
    }

    #[test]
    fn a_claimant_is_on_the_side_that_it_belongs_to() {
        let told = |source: &str| {
            format!("[S {source}] [C said] [T that [1 [L Norden]] [V attacked] [2 [L Sund]]].")
        };
        check_side(&told("[L Norden]"), Some(Side::Actor));
        check_side(&told("[L Sund]"), Some(Side::Recipient));
        // An office, or the words of a description, name the side.
        check_side(&told("[P Ada Lund], [R Norden’s foreign minister],"), Some(Side::Actor));
        check_side(&told("A spokesman for [L Sund]"), Some(Side::Recipient));
        check_side(&told("A spokesman for [L Sund] who met a general of [L Norden]"), Some(Side::Recipient));
        // An office that either side has.
        check_side(&told("The [O Foreign Ministry]"), None);
        check_side(&told("[O Defence Ministry]"), None);
        check_side(&told("The [O Police]"), None);
        check_side(&told("[O Norden Police]"), Some(Side::Other));
        // An organisation of its own is a third party, and so is an office of another country.
        check_side(&told("[O Baltic Rail]"), Some(Side::Other));
        check_side(&told("[O Amnesty International]"), Some(Side::Other));
        check_side(&told("[O United Nations]"), Some(Side::Other));
        check_side(&told("The Turkish [O Foreign Ministry]"), Some(Side::Other));
        // A country takes no side against an office that may be its own.
        let office =
            "[S [L Tallberg]] [C said] [T that [1 The] [O Foreign Ministry] [V attacked] [2 two] guards].";
        check_side(office, None);
        // Somebody else, named or not.
        check_side(&told("[L Tallberg]"), Some(Side::Other));
        check_side(&told("A spokesman"), None);
        // Somebody who may be the recipient, of whom nothing is said or known.
        check_side("[S [L Tallberg]] [C said] [T that [1 [L Norden]] [V attacked]].", None);
        check_side("[S [L Tallberg]] [C said] [T that [1 [L Norden]] [V attacked] [2 two] guards].", None);
        // A name alone, and a name with an office of somebody else.
        check_side(&told("[P Tomas Hale]"), None);
        check_side(
            &told("[P Tomas Hale], [R Tallberg’s mayor],").replace("Tallberg", "[L Tallberg]"),
            Some(Side::Other),
        );
    }

    #[test]
    fn a_country_tells_the_side_unless_both_share_it() {
        let told = |source: &str, actor: &str, recipient: &str| {
            format!("[S {source}] [C said] [T that [1 {actor}] [V attacked] [2 {recipient}]].")
        };
        check_side(&told("The Turkish ministry", "[L Turkey]", "[L Norden]"), Some(Side::Actor));
        check_side(&told("A Russian general", "Turkish jets", "Russian troops"), Some(Side::Recipient));
        check_side(&told("A French general", "Turkish jets", "Russian troops"), Some(Side::Other));
        check_side(&told("A Turkish general", "Turkish police", "Turkish students"), None);
    }

    fn time(text: &str, published: &str) -> Option<(Option<String>, &'static str, bool)> {
        let record = record(text, published);
        let event = record.events.unwrap().remove(0);
        let historical = event.historical;
        event.time.map(|t: Box<EventTime>| (t.value.map(|d| d.to_string()), t.basis.name(), historical))
    }

    #[track_caller]
    fn check_time(text: &str, value: &str, basis: &str, historical: bool) {
        let expected = (Some(value.to_owned()), basis, historical);
        let found = time(text, "2024-03-08");
        assert_eq!(found.as_ref().map(|(v, b, h)| (v.clone(), *b, *h)), Some(expected), "{text}");
    }

    #[test]
    fn an_event_has_the_date_in_its_sentence_else_the_articles() {
        check_time("Norden [V attacked] Sund on Tuesday.", "2024-03-05", "text", false);
        check_time("It rained on Tuesday. Norden [V attacked] Sund.", "2024-03-08", "article", false);
        check_time("Norden [V attacked] Sund on Tuesday and left on Wednesday.", "2024-03-05", "text", false);
    }

    #[test]
    fn the_day_of_a_statement_is_not_that_of_what_it_tells() {
        check_time(
            "[S Brandt] [C said] [D on Thursday] [T that Norden [V attacked] Sund on Tuesday].",
            "2024-03-05",
            "text",
            false,
        );
        check_time("[S Brandt] [C said] [T that Norden [V attacked] Sund].", "2024-03-08", "article", false);
        // It had happened by then.
        check_time(
            "[S Brandt] [C said] [D on Thursday] [T that Norden [V attacked] Sund].",
            "2024-03-07",
            "statement",
            false,
        );
    }

    #[test]
    fn a_date_in_another_clause_is_not_the_events() {
        check_time("The party, founded in 1985, [V attacked] Sund on Tuesday.", "2024-03-05", "text", false);
        check_time("The party, founded in 1985, [V attacked] Sund.", "2024-03-08", "article", false);
        check_time("Norden [V attacked] Sund, which Norden left in 1985.", "2024-03-08", "article", false);
        check_time("On Tuesday, Norden [V attacked] Sund.", "2024-03-05", "text", false);
        check_time("Norden, on Tuesday, [V attacked] Sund.", "2024-03-05", "text", false);
        check_time(
            "It rained in 1985, and on Tuesday Norden [V attacked] Sund.",
            "2024-03-05",
            "text",
            false,
        );
    }

    #[test]
    fn a_limit_of_a_time_is_no_date() {
        check_time("Norden has [V attacked] Sund since Tuesday.", "2024-03-08", "article", false);
        check_time("Norden [V attacked] Sund until Tuesday.", "2024-03-08", "article", false);
    }

    #[test]
    fn what_lies_years_back_is_history() {
        check_time("Norden [V attacked] Sund in 1998.", "1998", "text", true);
        check_time("Norden [V attacked] Sund in 2022.", "2022", "text", true);
        check_time("Norden [V attacked] Sund in 2023.", "2023", "text", false);
    }

    #[test]
    fn what_is_planned_has_a_date_ahead_or_none() {
        check_time("Norden will [V attack] Sund on Tuesday.", "2024-03-12", "text", false);
        assert_eq!(time("Norden will [V attack] Sund.", "2024-03-08"), None);
        assert_eq!(time("Norden [V attacked] Sund.", ""), None);
    }

    #[track_caller]
    fn check_place(text: &str, expected: Option<(&str, Option<&str>)>) {
        let record = record(text, "2024-03-08");
        let place = record.events.as_ref().unwrap()[0].place.as_ref();
        let found = place.map(|p| (p.words.words.text(&record.article.text), p.country.clone()));
        let expected = expected.map(|(words, country)| (words.to_owned(), country.map(str::to_owned)));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_place_stands_after_a_preposition_in_the_sentence() {
        check_place("[1 Gunmen] [V attacked] guards in [L Tallberg].", Some(("Tallberg", None)));
        check_place("[1 Gunmen] [V attacked] guards in [L Ankara].", Some(("Ankara", Some("TUR"))));
        check_place("[1 Gunmen] [V attacked] guards in [O Turkey].", Some(("Turkey", Some("TUR"))));
        check_place("[1 Gunmen] [V attacked] guards in [O Harbour Hall].", None);
        check_place("[1 Gunmen] [V attacked] [L Tallberg].", None);
        check_place("[1 Gunmen] [V attacked] guards. It rained in [L Tallberg].", None);
        check_place("[S Brandt] [C said] in [L Tallberg] [T that [1 gunmen] [V attacked] guards].", None);
    }

    #[test]
    fn a_record_without_events_is_as_before() {
        let marked = marked("[P Ada Lund] spoke. Later [1 [P Lund]] [V attacked] guards.");
        let record =
            Engine::untrained().explanation(marked.article, &marked.quotations, marked.analysis).record;
        assert_eq!(record.events, None);
    }
}
