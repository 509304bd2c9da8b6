//! The day on which something was said: the expression of time beside its cue, resolved against the article's day.

use jiff::civil::Weekday;
use onrecord_text::{
    Article, BlockKind, Notice, NoticeKind, PartialDate, Pieces, Span, SpeakerKind, Status, Time,
};

use super::beside::Circumstances;
use super::source::head;
use super::speakers::Resolution;
use crate::analysis::BesideKind;
use crate::dates::{Calendar, Expression, Meaning, Which};
use crate::english::{OUT, is_gerund, is_past_or_irregular};
use crate::found::Found;
use crate::lists::List;
use crate::reading::{Reading, WordId, WordRange};

/// How many statements back the time may be that a statement shares, or to which “then” refers.
const BACK: usize = 4;
/// The most words in an expression that refers back.
const LONGEST_TIME: usize = 3;

/// The times of statements, and a notice if the year would have to be guessed.
pub(super) fn times(
    article: &Article,
    reading: &Reading<'_>,
    found: &[Found],
    circumstances: &[Circumstances],
    resolutions: &[Resolution],
    statuses: &[Status],
) -> (Vec<Option<Time>>, Option<Notice>) {
    let day = article_day(article, reading);
    let mut last = None;
    let mut needs_year = false;
    let mut out: Vec<Option<Time>> = vec![None; found.len()];
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&n| found[n].cue.as_ref().map_or(found[n].content.start(), Pieces::start));
    for (place, &n) in order.iter().enumerate() {
        let beside = circumstances[n].get(BesideKind::Time);
        if let Some(words) =
            beside.or_else(|| publication(reading, &found[n], &circumstances[n], &resolutions[n]))
        {
            let expression = expression_in(reading, words);
            let words = expression.map_or(words, |e| words.to(e.span));
            let value = match (&day, expression) {
                (Some(day), Some(e)) => {
                    needs_year |= matches!(e.meaning, Meaning::Weekday(..));
                    match statuses[n] {
                        Status::Expected => day.calendar.coming(e.meaning),
                        _ if day.calendar.is_ahead(e.meaning) => continue,
                        _ => day.past(reading, e, last),
                    }
                }
                (None, Some(e)) => written(e.meaning),
                (_, None) => None,
            };
            last = value.or(last);
            out[n] = Some(Time { words: words.into(), value, carried: false });
        } else {
            let same = |m: usize| same_speaker(&resolutions[m], &resolutions[n]);
            let recent = order[place.saturating_sub(BACK)..place].iter().rev().copied();
            let continued =
                recent.clone().next().filter(|&m| same(m) && goes_on(reading, &found[m], &found[n]));
            let shared = |m: usize| {
                let time = out[m].as_ref().filter(|_| statuses[n] != Status::Expected);
                (same(m) || found[m].shares_source(&found[n]))
                    && time.is_some_and(|time| dates_also(reading, time, &found[m], &found[n]))
            };
            let back = |m: usize| same(m) && out[m].is_some() && refers_back(reading, &found[n]);
            let from = continued
                .or_else(|| recent.clone().find(|&m| shared(m)))
                .or_else(|| recent.clone().find(|&m| back(m)));
            out[n] = from.and_then(|m| out[m].clone()).map(|time| Time { carried: true, ..time });
        }
    }
    let notice = day.filter(|_| needs_year).and_then(|day| day.weekday.map(|weekday| (day.date, weekday)));
    let notice = notice.map(|(date, weekday)| Notice {
        kind: NoticeKind::Date,
        message: match date.day() {
            Some(_) => format!(
                "the article states no year; days of the week are counted from {date} as a {weekday:?}, and their dates have no year"
            ),
            None => format!(
                "only “{date}” is known of the date of the article, so days of the week have no exact date"
            ),
        },
    });
    (out, notice)
}

/// The words that date the medium, the occasion or the document of a statement: “Friday” in “in a Friday statement”.
fn publication(
    reading: &Reading<'_>,
    found: &Found,
    circumstances: &Circumstances,
    resolution: &Resolution,
) -> Option<Span> {
    let document = found.source.as_ref().filter(|_| resolution.speaker.kind == SpeakerKind::Document);
    let phrases = [BesideKind::Medium, BesideKind::Occasion].map(|kind| circumstances.get(kind));
    let phrases = phrases.into_iter().flatten().chain(document.map(Pieces::extent));
    phrases.filter_map(|phrase| dated(reading, phrase)).find(|date| !found.content.overlaps(*date))
}

/// The expression of time that dates what a phrase names: before its noun, as in “in his Friday speech”, or after it,
/// as in “a poll last month” and “a study issued on Monday”. In “a report on the 2016 campaign”, “a report ordered on
/// Monday” and “a poll on Monday’s debate” it does not.
fn dated(reading: &Reading<'_>, phrase: Span) -> Option<Span> {
    let words = reading.words_of(phrase);
    let is_published = |w: WordId| reading.listed(w, List::Published);
    let published = words.iter().rev().find(|&w| is_published(w));
    let from = published.map_or(phrase.start(), |w| reading.word(w).span().end());
    let first = reading.times().partition_point(|e| e.span.end() <= from);
    let time = reading.times()[first..].iter().find(|e| !matches!(e.meaning, Meaning::Vague))?;
    let own = reading.words_of(time.span);
    let ends = published.or_else(|| (own.start < words.end && words.end <= own.end).then_some(own.start));
    let noun = head(reading, WordRange { end: ends.unwrap_or(words.end), ..words })?;
    let dates = if own.end <= noun {
        // “His last Friday speech”, but not “the Feb. 3 crash site” nor “the Sunday Times”.
        let small = [List::Articles, List::Prepositions, List::Possessives];
        let before = WordRange { end: own.start, ..words };
        let exact = matches!(time.meaning, Meaning::Written { day: Some(_), .. });
        before.iter().all(|w| reading.listed_in(w, &small))
            && (!exact || own.end == noun)
            && !reading.word(noun).is_capital()
    } else {
        let between = WordRange { start: noun.step(1)?, end: own.start };
        let directly = match published {
            Some(participle) => reading.before(own.start) == Some(participle),
            // “Received” in “the report Lund received” is not a noun, nor is “out” in “a book due out”.
            None => {
                let lower = reading.lower(noun);
                lower != OUT && !is_past_or_irregular(lower) && between.iter().all(is_published)
            }
        };
        own.start > noun
            && own.end <= reading.sentence_of(noun).end
            && directly
            && !is_part_of_a_name(reading, own)
    };
    dates.then_some(time.span)
}

/// Whether a date belongs to a name or a noun after it: “Monday’s debate”, “the May 3 killings”, “Sunday Times”.
fn is_part_of_a_name(reading: &Reading<'_>, date: WordRange) -> bool {
    let next = date.last().and_then(|w| reading.after(w));
    next.is_some_and(|w| {
        let word = reading.word(w);
        word.is_possessive()
            || (word.is_word() && !reading.listed(w, List::Prepositions) && word.is_capital())
    })
}

/// The day from which an article's dates are counted.
#[derive(Clone, Copy)]
pub(super) struct ArticleDay {
    pub(super) calendar: Calendar,
    pub(super) date: PartialDate,
    /// If the date has no year, the day of the week that it is assumed to be.
    weekday: Option<Weekday>,
}

impl ArticleDay {
    /// The date of what is past; `last` is the date that statements named last.
    pub(super) fn past(
        &self,
        reading: &Reading<'_>,
        expression: &Expression,
        last: Option<PartialDate>,
    ) -> Option<PartialDate> {
        let meaning = expression.meaning;
        let beside = matches!(meaning, Meaning::Beside(..));
        let named = beside.then(|| named_before(reading, &self.calendar, expression.span)).flatten();
        let last = named.or(last);
        // What is past was not said on “the next day” after the article's own.
        let ahead = matches!(meaning, Meaning::Beside(_, 1..)) && last.is_none();
        if ahead { None } else { self.calendar.date(meaning, last) }
    }
}

/// The day of the article's dateline, or else of its publication.
pub(super) fn article_day(article: &Article, reading: &Reading<'_>) -> Option<ArticleDay> {
    let dateline = article.metadata.dateline.as_ref().and_then(|d| d.date);
    let published = article.metadata.published;
    let date = dateline
        .filter(|d| d.day().is_some() && (d.year().is_some() || published.is_none()))
        .or(published)
        .or(dateline)?;
    if date.whole().is_some() {
        return Some(ArticleDay { calendar: Calendar::of(date), date, weekday: None });
    }
    // Without a year, the first day of the week in the text is assumed to be the dateline's, because news begins with
    // the latest events.
    let first = article.blocks.iter().find(|b| b.kind == BlockKind::Paragraph);
    let times = first.into_iter().flat_map(|b| reading.times().iter().filter(|e| b.span.contains(e.span)));
    let weekday = times.into_iter().find_map(|e| match e.meaning {
        Meaning::Weekday(day, Which::Plain) => Some(day),
        _ => None,
    });
    let calendar = weekday.map_or(Calendar::of(date), |weekday| Calendar::on(date, weekday));
    Some(ArticleDay { calendar, date, weekday })
}

/// The most informative expression in some words: one that names a date rather than a vague one.
fn expression_in<'r>(reading: &'r Reading<'_>, words: Span) -> Option<&'r Expression> {
    let times = reading.times();
    let first = times.partition_point(|e| e.span.end() <= words.start());
    let own = times[first..].iter().take_while(|e| e.span.start() < words.end());
    own.min_by_key(|e| matches!(e.meaning, Meaning::Vague))
}

/// How many earlier expressions are searched for the day that an expression counts from.
const BEFORE: usize = 12;

/// The last date that the text names before an expression.
fn named_before(reading: &Reading<'_>, calendar: &Calendar, at: Span) -> Option<PartialDate> {
    let next = reading.times().partition_point(|e| e.span.start() < at.start());
    let earlier = reading.times()[..next].iter().rev().take(BEFORE).filter(|e| !calendar.is_ahead(e.meaning));
    // The day of a dateline is the article's own.
    let told = |e: &&Expression| {
        let dateline = reading.kind_at(e.span.start()) == Some(BlockKind::Dateline);
        !dateline && !matches!(e.meaning, Meaning::Beside(..))
    };
    earlier.filter(told).find_map(|e| calendar.date(e.meaning, None))
}

/// The date of an expression that does not depend on the article's day.
pub(super) fn written(meaning: Meaning) -> Option<PartialDate> {
    match meaning {
        Meaning::Written { year, month, day, .. } => PartialDate::new(year, month, day),
        _ => None,
    }
}

/// Whether a statement continues another on the same occasion: in the same paragraph, with a cue such as “added”.
fn goes_on(reading: &Reading<'_>, before: &Found, next: &Found) -> bool {
    let (Some(cue), Some(last)) = (&next.cue, &before.cue) else { return false };
    let same_block = reading.block_at(cue.start()) == reading.block_at(last.start());
    same_block && reading.words_of(cue.extent()).iter().any(|w| reading.listed(w, List::GoesOn))
}

/// Whether a statement was made at the same time as an earlier one: “he said then”, “she said at the time”.
fn refers_back(reading: &Reading<'_>, found: &Found) -> bool {
    let Some(cue) = &found.cue else { return false };
    let words = reading.words_of(cue.extent());
    let after = words.last().and_then(|w| reading.after(w));
    let Some(first) = after.filter(|&w| !found.content.overlaps(reading.word(w).span())) else {
        return false;
    };
    let words = WordRange { start: first, end: reading.all().end };
    let words: Vec<&str> = words.iter().take(LONGEST_TIME).map(|w| reading.lower(w)).collect();
    (1..=words.len()).any(|length| List::GoesOnTime.has(&words[..length].join(" ")))
}

/// Whether the time of a statement also dates a later one of its sentence: a participle (“said on Monday that it was late,
/// warning that …”), or a second verb after a time that stands before both (“On Monday, Lund praised the crew and said that
/// …”). In “had said” and “has said”, it does not.
fn dates_also(reading: &Reading<'_>, time: &Time, before: &Found, next: &Found) -> bool {
    let (Some(last), Some(cue)) = (&before.cue, &next.cue) else { return false };
    let words = reading.words_of(cue.extent());
    let verb = words.iter().find(|&w| !reading.is_adverb(w));
    let (Some(verb), Some(told)) = (verb, reading.words_of(last.extent()).first()) else { return false };
    let sentence = reading.sentence_of(verb);
    let dated = reading.words_of(time.words.extent()).first();
    let one_sentence =
        sentence == reading.sentence_of(told) && dated.is_some_and(|w| sentence == reading.sentence_of(w));
    let own_source = next.source.as_ref().is_some_and(|s| s.start() >= last.end());
    if !one_sentence || own_source || before.content.overlaps(cue.extent()) {
        return false;
    }
    if is_gerund(reading.lower(verb)) {
        let lead = std::iter::successors(reading.before(verb), |&w| reading.before(w))
            .find(|&w| !reading.is_adverb(w));
        return lead.is_none_or(|w| !reading.listed_in(w, &[List::Adjunct, List::Prepositions]));
    }
    time.words.end() <= last.start() && !reading.listed(verb, List::Have)
}

fn same_speaker(one: &Resolution, other: &Resolution) -> bool {
    one.speaker.name.is_some() && one.speaker.name == other.speaker.name
}

#[cfg(test)]
mod tests {
    use onrecord_text::{NoticeKind, Statement};

    use crate::Engine;
    use crate::analysis::{Mention, MentionKind, Pointer, SourceKinds};
    use crate::testing::marked;

    #[test]
    fn what_dates_the_words_dates_the_statement() {
        let engine = Engine::untrained();
        let date = |text: &str| {
            let marked = marked(&format!("TALLBERG, Dec. 3, 2015 — {text}"));
            let record = engine.explanation(marked.article, &marked.quotations, marked.analysis).record;
            record.statements[0].time.as_ref().and_then(|t| t.value).map(|d| d.to_string())
        };
        let said =
            |medium: &str| date(&format!("[M {medium}], [S Ada Brandt] [C said] [T that it is late]."));
        assert_eq!(said("In her Wednesday speech").as_deref(), Some("2015-12-02"));
        assert_eq!(said("In a May 2014 court filing").as_deref(), Some("2014-05"));
        assert_eq!(said("In a letter dated May 5, 2014").as_deref(), Some("2014-05-05"));
        assert_eq!(said("In a statement issued on Wednesday").as_deref(), Some("2015-12-02"));
        assert_eq!(said("In a report last month").as_deref(), Some("2015-11"));
        assert_eq!(
            said("In a survey made in January and published on Wednesday").as_deref(),
            Some("2015-12-02")
        );
        // The date of what the words are about, of another act, or of a name, and a date inside what was said.
        for other in [
            "In a poll on Monday’s debate",
            "In a statement issued on Monday’s debate",
            "In a statement issued on the May 3 killings",
            "In a report ordered on Monday",
            "In a report Lund received on Monday",
            "In a book due out on Monday",
            "In a report released by the Jan. 6 committee",
            "In the Sunday Times",
            "At the Feb. 3 crash site",
        ] {
            assert_eq!(said(other), None, "{other}");
        }
        assert_eq!(said("In a speech on the 2014 campaign"), None);
        assert_eq!(said("In a letter about her 2014 trip"), None);
        assert_eq!(date("[S Ada Brandt] [C said] [M in a speech] [T on Wednesday it was late]."), None);
        let document = |source: &str| {
            let mut marked =
                marked(&format!("TALLBERG, Dec. 3, 2015 — [S {source}] [C said] [T that it is late]."));
            marked.analysis.mentions.push(Mention {
                span: marked.analysis.outer.sources[0].span,
                kind: MentionKind::Source,
                score: 1.0,
                speaks_as: SourceKinds::of([0.0, 0.0, 0.0, 1.0, 0.0]),
                pointer: Pointer::default(),
            });
            let record = engine.explanation(marked.article, &marked.quotations, marked.analysis).record;
            record.statements[0].time.as_ref().and_then(|t| t.value).map(|d| d.to_string())
        };
        assert_eq!(document("A report released on Wednesday").as_deref(), Some("2015-12-02"));
        assert_eq!(document("A report last month").as_deref(), Some("2015-11"));
        assert_eq!(document("A report on the 2014 campaign"), None);
        // A date that describes a person is not the date of what they say.
        assert_eq!(date("[S The mayor elected in May 2014] [C said] [T that it is late]."), None);
    }

    /// The date of each statement in a story of 3 December 2015.
    fn dates(text: &str) -> Vec<Option<String>> {
        let marked = marked(&format!("TALLBERG, Dec. 3, 2015 — {text}"));
        let record =
            Engine::untrained().explanation(marked.article, &marked.quotations, marked.analysis).record;
        let value = |s: &Statement| s.time.as_ref().and_then(|time| time.value);
        record.statements.iter().map(|s| value(s).map(|date| date.to_string())).collect()
    }

    #[test]
    fn a_statement_has_the_date_of_the_one_that_it_continues() {
        let two = |between: &str, cue: &str| {
            dates(&format!(
                "[T It is late], [S Ada Brandt] [C said] [D on Wednesday].{between}[S Ada Brandt] [C {cue}] [T that nobody will come]."
            ))
        };
        let wednesday = Some("2015-12-02".to_owned());
        assert_eq!(two(" ", "added"), [wednesday.clone(), wednesday.clone()]);
        assert_eq!(two(" ", "said"), [wednesday.clone(), None]);
        assert_eq!(two("\n\n", "added"), [wednesday, None]);
    }

    #[test]
    fn a_participle_and_a_second_verb_share_the_time_of_their_sentence() {
        let wednesday = || Some("2015-12-02".to_owned());
        let both = [wednesday(), wednesday()];
        let said = "[T It is late], [S Ada Brandt] [C said] [D on Wednesday]";
        assert_eq!(dates(&format!("{said}, [C adding] [T that nobody will come].")), both);
        assert_eq!(dates(&format!("{said}, also [C warning] [T that nobody will come].")), both);
        let fronted = "[D On Wednesday], [S Ada Brandt] [C said] [T that it is late]";
        assert_eq!(dates(&format!("{fronted} and [C denied] [T that nobody will come].")), both);
        // Another sentence, another source, another occasion, a time after the first verb, and words inside what was said.
        let first = [wednesday(), None];
        assert_eq!(dates(&format!("{said}. [C Warning] [T that nobody will come].")), first);
        assert_eq!(dates(&format!("{said}, [S Lund] [C warning] [T that nobody will come].")), first);
        assert_eq!(dates(&format!("{said} after [C warning] [T that nobody will come].")), first);
        assert_eq!(dates(&format!("{said} and [C denied] [T that nobody will come].")), first);
        assert_eq!(dates(&format!("{fronted} and [C has denied] [T that nobody will come].")), first);
    }

    #[test]
    fn a_day_counted_from_another_is_counted_from_the_last_date_before_it() {
        let later = "The bridge was closed on Nov. 20. [S Ada Brandt] [C said] [D two days later] [T that it is late].";
        assert_eq!(dates(later), [Some("2015-11-22".to_owned())]);
        let next = "The bridge was closed. [S Ada Brandt] [C said] [D the next day] [T that it is late].";
        assert_eq!(dates(next), [None]);
    }

    #[test]
    fn a_guessed_year_is_reported_if_the_date_of_a_statement_depends_on_it() {
        // The analyses are made by hand; the engine only resolves what they refer to.
        let engine = Engine::untrained();
        for (day, value, depends) in
            [("on Wednesday", "XXXX-12-02", true), ("on Nov. 30", "XXXX-11-30", false)]
        {
            let marked = marked(&format!(
                "TALLBERG, Dec. 3 — The bridge was closed on Thursday. [S Brandt] [C said] [D {day}] [T that it is late]."
            ));
            let record = engine.explanation(marked.article, &marked.quotations, marked.analysis).record;
            let time = record.statements[0].time.as_ref().unwrap();
            assert_eq!(time.value.unwrap().to_string(), value, "{day}");
            let noted = record.article.notices.iter().any(|n| n.kind == NoticeKind::Date);
            assert_eq!(noted, depends, "{day}");
        }
    }
}
