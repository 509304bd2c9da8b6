//! On which day something was said: the expression that governs its cue, counted from the article's day.

use jiff::civil::Weekday;
use onrecord_text::{
    Article, BlockKind, Notice, NoticeKind, PartialDate, Pieces, Span, Speaker, Statement, Time, month_named,
};

use super::circumstances::{own_words, times_in};
use super::entities::Cast;
use super::words::{Word, around, sentence, singular, words};
use crate::dates::{Calendar, Expression, Meaning, Which, expressions};
use crate::lists::listed;

/// Verbs by which a speaker goes on at the same occasion.
const GO_ON: [&str; 9] =
    ["added", "adding", "adds", "continued", "continues", "concluded", "went", "also", "then"];

/// How many statements back “then” may mean.
const BACK: usize = 4;

/// The times of statements, with a notice where the year would have to be guessed.
pub(super) fn times(
    article: &Article,
    cast: &Cast,
    statements: &[Statement],
) -> (Vec<Option<Time>>, Option<Notice>) {
    let Some((calendar, today, weekday)) = calendar(article) else {
        let without = |s: &Statement| {
            governing(article, cast, s, None).map(|e| Time {
                words: e.span.into(),
                value: written(e.meaning),
                carried: false,
            })
        };
        return (statements.iter().map(without).collect(), None);
    };
    let mut last = None;
    let mut needs_year = false;
    let mut out: Vec<Option<Time>> = vec![None; statements.len()];
    let mut order: Vec<usize> = (0..statements.len()).collect();
    order.sort_by_key(|&n| statements[n].cue.as_ref().map_or(statements[n].content.start(), Pieces::start));
    for (place, &n) in order.iter().enumerate() {
        if let Some(e) = governing(article, cast, &statements[n], Some(&calendar)) {
            // “the next morning” counts from the day that the text names before it.
            let beside = matches!(e.meaning, Meaning::Beside(..));
            let named = beside.then(|| named_before(article, cast, &calendar, e.span)).flatten();
            let value = calendar.date(e.meaning, named.or(last));
            needs_year |=
                matches!(e.meaning, Meaning::Weekday(..)) && value.is_some_and(|d| d.year().is_none());
            last = value.or(last);
            out[n] = Some(Time { words: e.span.into(), value, carried: false });
        } else if let Some(&before) = place.checked_sub(1).and_then(|p| order.get(p))
            && goes_on(article, &statements[before], &statements[n])
        {
            out[n] = out[before].clone().map(|t| Time { carried: true, ..t });
        } else if refers_back(article, &statements[n]) {
            let by_same =
                |&&m: &&usize| same(&statements[m].speaker, &statements[n].speaker) && out[m].is_some();
            let before = order[place.saturating_sub(BACK)..place].iter().rev().find(by_same);
            out[n] = before.and_then(|&m| out[m].clone()).map(|t| Time { carried: true, ..t });
        }
    }
    let notice = weekday.filter(|_| needs_year).map(|weekday| Notice {
        kind: NoticeKind::Date,
        message: format!(
            "no year is stated, and only {today} and {weekday:?} together would narrow it down: days of the week were counted from that day, in no year"
        ),
    });
    (out, notice)
}

/// The day that the article tells of: its dateline's, else that of publication; and, where it has no year, the day of the week
/// that it is taken for.
fn calendar(article: &Article) -> Option<(Calendar, PartialDate, Option<Weekday>)> {
    let dateline = article.metadata.dateline.as_ref().and_then(|d| d.date);
    let published = article.metadata.published;
    let day = dateline
        .filter(|d| d.day().is_some() && (d.year().is_some() || published.is_none()))
        .or(published)
        .or(dateline)?;
    if day.whole().is_some() {
        return Some((Calendar::of(day), day, None));
    }
    // Without a year the first day of the week that the text names is taken for the dateline's: news begins with what is
    // newest.
    let first = article.blocks.iter().filter(|b| matches!(b.kind, BlockKind::Paragraph)).take(1);
    let weekday = first.flat_map(|b| expressions(&article.text, b.span)).find_map(|e| match e.meaning {
        Meaning::Weekday(day, Which::Plain) => Some(day),
        _ => None,
    });
    Some((weekday.map_or(Calendar::of(day), |weekday| Calendar::on(day, weekday)), day, weekday))
}

/// Blocks before an expression in which the day that it counts from is looked for.
const BLOCKS_BEFORE: usize = 8;

/// The last date that the text names before an expression.
fn named_before(article: &Article, cast: &Cast, calendar: &Calendar, at: Span) -> Option<PartialDate> {
    let running = article.blocks.iter().filter(|b| b.kind.is_running() && b.span.start() <= at.start());
    let blocks: Vec<Span> = running.map(|b| b.span).collect();
    blocks.iter().rev().take(BLOCKS_BEFORE).find_map(|block| {
        let before = around(&article.text, *block, at.start());
        let times = times_in(&article.text, before, cast).into_iter().rev();
        let earlier = times.filter(|e| e.span.end() <= at.start() && !calendar.is_ahead(e.meaning));
        earlier
            .filter(|e| !matches!(e.meaning, Meaning::Beside(..)))
            .find_map(|e| calendar.date(e.meaning, None))
    })
}

/// The date of an expression that needs no article's day.
fn written(meaning: Meaning) -> Option<PartialDate> {
    match meaning {
        Meaning::Written { year, month, day, .. } => PartialDate::new(year, month, day),
        _ => None,
    }
}

/// The expression that says when a statement was made: in its sentence, outside of its content, the nearest to its cue. What
/// lies ahead of the article's day is not when something was said.
fn governing(
    article: &Article,
    cast: &Cast,
    statement: &Statement,
    calendar: Option<&Calendar>,
) -> Option<Expression> {
    let cue = statement.cue.as_ref()?;
    let text = article.text.as_str();
    let source = statement.source.as_ref().map(Pieces::extent);
    let relative = source.filter(|s| ["who", "which", "that"].contains(&s.of(text)));
    let runs = own_words(article, statement);
    let parts = runs.iter().filter_map(|run| Some(run.first()?.span.to(run.last()?.span)));
    let all = parts.flat_map(|part| times_in(text, part, cast));
    let past = |e: &Expression| calendar.is_none_or(|c| !c.is_ahead(e.meaning));
    let own = |e: &Expression| {
        relative.is_none_or(|r| e.span.start() > r.start() || issued(text, &runs, e.span, r))
    };
    let nearest = all
        .filter(|e| own(e) && past(e) && governs(text, e.span, cue.extent()))
        .min_by_key(|e| e.span.gap(cue.extent()));
    nearest
        .or_else(|| runs.iter().find_map(|run| dated_document(run)))
        .or_else(|| behind_content(article, cast, statement).filter(past))
        .or_else(|| behind_document(article, cast, statement).filter(past))
        .or_else(|| ends_phrase(article, cast, statement).filter(past))
}

/// “issued a statement on Friday that …”: the day of what speaks stands between it and “that”.
fn issued(text: &str, runs: &[Vec<Word<'_>>], time: Span, relative: Span) -> bool {
    let document = |w: &Word<'_>| w.listed("circumstances/media") || listed("nouns/document", w.text);
    let before = runs.iter().flatten().rfind(|w| w.span.end() <= time.start());
    text[time.end()..relative.start().max(time.end())].trim().is_empty() && before.is_some_and(document)
}

/// “praised the new ferries on Friday”: a day at the end of a content that is only a phrase, behind a verb that looks back.
fn ends_phrase(article: &Article, cast: &Cast, statement: &Statement) -> Option<Expression> {
    let text = article.text.as_str();
    let [only] = statement.content.spans() else { return None };
    let cue = statement.cue.as_ref().filter(|cue| cue.end() <= only.start())?;
    let verbs = cue.spans().iter().flat_map(|s| words(text, *s));
    let looks_back = verbs.clone().any(|w| w.text.ends_with("ed"))
        && !verbs.clone().any(|w| w.listed("circumstances/ahead"));
    let own = words(text, *only);
    let clause = |w: &Word<'_>| w.listed("grammar/finite");
    let time = times_in(text, *only, cast).pop()?;
    let closes = text[time.span.end()..only.end()].chars().all(|c| !c.is_alphanumeric());
    let reaches = governs(text, time.span, cue.extent());
    (looks_back && closes && reaches && !own.iter().any(clause) && !own.first()?.is(&["to"])).then_some(time)
}

/// “A 2014 study”, “in a 2013 memo”, “in a June lecture”: the year or month of what speaks or is spoken at.
fn dated_document(run: &[Word<'_>]) -> Option<Expression> {
    run.windows(3).find_map(|words| {
        let [led, date, noun] = words else { return None };
        let year = date.text.parse().ok().filter(|n| date.text.len() == 4 && (1900..2100).contains(n));
        let month = if date.is_capital() { month_named(date.text) } else { None };
        let meaning = match (year, month) {
            (None, None) => return None,
            _ => Meaning::Written { year, month, day: None, weekday: None },
        };
        let document = listed("nouns/document", &singular(noun.text)) || noun.listed("circumstances/media");
        let occasion = month.is_some() && noun.listed("circumstances/occasions");
        let led = led.is(&["a", "an", "the", "its", "their", "his", "her"]);
        (led && (document || occasion)).then_some(Expression { span: date.span, meaning })
    })
}

/// “demanded new lights | in a letter on Thursday”: where a content ends with what carried the words and a day, that is
/// the day of the words.
fn behind_document(article: &Article, cast: &Cast, statement: &Statement) -> Option<Expression> {
    let text = article.text.as_str();
    let last = *statement.content.spans().last()?;
    let time = times_in(text, last, cast).pop()?;
    let closes = text[time.span.end()..last.end()].chars().all(|c| !c.is_alphanumeric());
    let before: Vec<Word<'_>> =
        words(text, last).into_iter().take_while(|w| w.span.end() <= time.span.start()).collect();
    (closes && ends_with_document(&before)).then_some(time)
}

/// Whether words end with what carried a statement: “… in a statement released”.
fn ends_with_document(words: &[Word<'_>]) -> bool {
    let issued = |w: &Word<'_>| w.is(&["on", "released", "issued", "published", "filed"]);
    words.iter().rposition(|w| !issued(w)).is_some_and(|noun| {
        let document =
            words[noun].listed("circumstances/media") || listed("nouns/document", words[noun].text);
        document && words[..noun].iter().rev().take(3).any(|w| w.is(&["in"]))
    })
}

/// “demanded new lights on Thursday”: an expression right behind the content, or behind what carried the words there or
/// where they were spoken, with which the sentence goes on.
fn behind_content(article: &Article, cast: &Cast, statement: &Statement) -> Option<Expression> {
    let text = article.text.as_str();
    let last = *statement.content.spans().last()?;
    let block = article.block_at(last.start())?;
    let here = sentence(text, block.span, last.end().saturating_sub(1));
    let rest = Span::trimmed(text, last.end()..here.end().max(last.end()))?;
    let time = times_in(text, rest, cast).into_iter().next()?;
    let between: Vec<Word<'_>> =
        words(text, rest).into_iter().take_while(|w| w.span.end() <= time.span.start()).collect();
    let carried = between.first().is_some_and(|w| w.is(&["in"])) && ends_with_document(&between);
    // “would not thank the pilots | at a dinner of the guild in May”.
    let occasion = between.first().is_some_and(|w| w.is(&["in", "at", "on", "during"]))
        && between.iter().any(|w| w.listed("circumstances/occasions"))
        && between.iter().all(|w| w.is_word() && !w.listed("grammar/finite"));
    (time.span.start() == rest.start() || carried || occasion).then_some(time)
}

/// Whether an expression may speak of a cue: not one that “since”, “until” or “before” leads to, nor one far off.
fn governs(text: &str, time: Span, cue: Span) -> bool {
    let before =
        text[..time.start()].trim_end().rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
    let leads_off = [
        "since", "until", "till", "before", "after", "from", "by", "for", "to", "through", "of", "the", "and",
    ];
    !leads_off.iter().any(|w| w.eq_ignore_ascii_case(before)) && time.gap(cue) < 200
}

/// Whether a statement goes on with another at the same occasion: the same speaker in the same paragraph, who “added”.
fn goes_on(article: &Article, before: &Statement, next: &Statement) -> bool {
    let (Some(cue), Some(last)) = (&next.cue, &before.cue) else { return false };
    let same_block = article
        .block_at(cue.start())
        .zip(article.block_at(last.start()))
        .is_some_and(|(a, b)| a.span == b.span);
    let words = cue.text(&article.text).to_lowercase();
    let adds = words.split(|c: char| !c.is_alphabetic()).any(|w| GO_ON.contains(&w));
    same_block && adds && same(&before.speaker, &next.speaker)
}

/// Whether a statement was made when an earlier one was: “he said then”, “she said at the time”.
fn refers_back(article: &Article, statement: &Statement) -> bool {
    let runs = own_words(article, statement);
    let Some(cue) = &statement.cue else { return false };
    // The last word of a block has its full stop.
    let is = |w: &Word<'_>, word: &str| w.text.trim_end_matches('.').eq_ignore_ascii_case(word);
    runs.iter().any(|run| {
        run.iter().enumerate().any(|(n, w)| {
            let at_cue = w.span.gap(cue.extent()) <= 1 || cue.overlaps(w.span);
            let at_the_time = is(w, "at")
                && run.get(n + 1).is_some_and(|w| is(w, "the"))
                && run.get(n + 2).is_some_and(|w| is(w, "time"));
            let then = is(w, "then") && w.span.end() >= cue.end();
            at_cue && (then || at_the_time)
        })
    })
}

fn same(one: &Speaker, other: &Speaker) -> bool {
    one.name.is_some() && one.name == other.name
}
