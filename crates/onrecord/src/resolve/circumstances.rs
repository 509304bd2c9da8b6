//! To whom, by what and at what something was said: what stands beside the cue in its sentence.

use onrecord_text::{Article, Pieces, Span, Statement};

use super::entities::Cast;
use super::words::{Word, sentence, words};
use crate::dates::{Expression, expressions};
use crate::lists::listed;

/// What surrounds a statement.
#[derive(Debug, Default)]
pub(super) struct Circumstances {
    pub(super) addressee: Option<Span>,
    pub(super) medium: Option<Span>,
    pub(super) occasion: Option<Span>,
}

/// Words of a phrase, at most.
const LONGEST: usize = 14;

/// The words of the statement's sentence that belong to the article's own voice: a run on each side of the content.
pub(super) fn own_words<'a>(article: &'a Article, statement: &Statement) -> Vec<Vec<Word<'a>>> {
    let text = article.text.as_str();
    let Some(cue) = &statement.cue else { return Vec::new() };
    let Some(block) = article.block_at(cue.start()) else { return Vec::new() };
    let here = sentence(text, block.span, cue.start());
    let mut runs: Vec<Vec<Word<'_>>> = vec![Vec::new()];
    for word in words(text, here) {
        if statement.content.overlaps(word.span) {
            if runs.last().is_some_and(|r| !r.is_empty()) {
                runs.push(Vec::new());
            }
        } else if let Some(run) = runs.last_mut() {
            run.push(word);
        }
    }
    // What touches neither cue nor source belongs to something else in the sentence.
    let field =
        |w: &Word<'_>| cue.overlaps(w.span) || statement.source.as_ref().is_some_and(|s| s.overlaps(w.span));
    runs.retain(|run| run.iter().any(field));
    runs
}

/// The expressions of time in a part of a text, but for those that are part of a name: “USA Today”.
pub(super) fn times_in(text: &str, part: Span, cast: &Cast) -> Vec<Expression> {
    let named = |e: &Expression| cast.within(part).any(|(u, _)| u.overlaps(e.span));
    expressions(text, part).into_iter().filter(|e| !named(e)).collect()
}

/// What surrounds a statement.
pub(super) fn circumstances(article: &Article, cast: &Cast, statement: &Statement) -> Circumstances {
    let text = article.text.as_str();
    let mut found = Circumstances::default();
    let Some(cue) = &statement.cue else { return found };
    let runs = own_words(article, statement);
    for run in &runs {
        let timed = run
            .first()
            .zip(run.last())
            .map_or_else(Vec::new, |(a, b)| times_in(text, a.span.to(b.span), cast));
        let is_time = |w: &Word<'_>| timed.iter().any(|e| e.span.overlaps(w.span));
        let in_source = |w: &Word<'_>| statement.source.as_ref().is_some_and(|s| s.overlaps(w.span));
        let free = |w: &Word<'_>| !is_time(w) && !in_source(w);
        for (n, word) in run.iter().enumerate() {
            if found.addressee.is_none() && cue.overlaps(word.span) {
                found.addressee = hearer(run, n, &free)
                    .or_else(|| told(text, statement, run, n))
                    .or_else(|| met(run, n))
                    .or_else(|| sent(text, statement, run, n));
            }
            if !free(word) {
                continue;
            }
            if let Some((kind, span, with)) = phrase(text, run, n, &free) {
                let place = if kind == Kind::Medium { &mut found.medium } else { &mut found.occasion };
                let first = place.is_none();
                place.get_or_insert(span);
                if first {
                    found.addressee = found.addressee.or(with);
                }
            }
        }
    }
    // “told a briefing in Moscow” names the occasion; it says nothing of who heard.
    if let Some(hearer) = found.addressee
        && is_occasion(text, hearer)
    {
        found.addressee = None;
        if found.occasion.is_none() {
            found.occasion = Some(with_place(&runs, hearer));
        }
    }
    found
}

/// The object of a verb of telling: “told RT”, and of “spoke to”, “said to”, “wrote to”.
fn hearer(run: &[Word<'_>], verb: usize, free: &impl Fn(&Word<'_>) -> bool) -> Option<Span> {
    let tells = listed("circumstances/tell", run[verb].text);
    let passive =
        verb > 0 && run[..verb].iter().rev().take(2).any(|w| w.is(&["was", "were", "been", "being", "be"]));
    let start = if tells && !passive {
        verb + 1
    } else if run.get(verb + 1).is_some_and(|w| w.is(&["to"])) && listed("circumstances/to", run[verb].text)
        || run.get(verb + 1).is_some_and(|w| w.is(&["with"])) && listed("circumstances/with", run[verb].text)
    {
        verb + 2
    } else {
        return None;
    };
    let span = noun_phrase(run, start, free)?;
    // “ordered the deployment” tells nobody; “ordered troops to leave” does.
    if words_not_hearers(run, span) {
        return None;
    }
    let asks = run.iter().find(|w| w.span.start() >= span.end()).is_some_and(|w| w.is(&["to"]));
    (asks || !listed("circumstances/object", run[verb].text)).then_some(span)
}

/// Whom the source met for what the cue says: “met with Ada Brandt to discuss”.
fn met(run: &[Word<'_>], cue: usize) -> Option<Span> {
    let first = (1..cue.min(LONGEST)).map(|back| cue - back).find(|&n| run[n].is(&["with"]))?;
    if !run[cue].is(&["to"]) || !listed("circumstances/with", run[first - 1].text) {
        return None;
    }
    let span = noun_phrase(run, first + 1, &|_| true)?;
    run[first + 1..cue].last().is_some_and(|w| w.span.end() == span.end()).then_some(span)
}

/// “told a story”, “replied to a question”: what a phrase names hears nothing.
fn words_not_hearers(run: &[Word<'_>], span: Span) -> bool {
    let inside = run.iter().filter(|w| span.contains(w.span));
    let head = inside.take_while(|w| !w.is(&["of"])).last();
    // “The Washington Post” is no post.
    let common = head.filter(|w| !w.is_capital());
    common.is_some_and(|w| w.listed("circumstances/media") || w.listed("circumstances/unhearing"))
}

/// A noun phrase that begins with a word, with what “of” adds to it.
fn noun_phrase(run: &[Word<'_>], start: usize, free: &impl Fn(&Word<'_>) -> bool) -> Option<Span> {
    let mut end = start;
    while let Some(word) = run.get(end) {
        let next = run.get(end + 1);
        let of =
            word.is(&["of"]) && end > start && next.is_some_and(|w| w.is(&["the", "a"]) || w.is_capital());
        // “CBS This Morning”, “NBC’s “Meet the Press””.
        let titled = end > start && word.is_capital() && next.is_some_and(Word::is_capital);
        if matches!(word.text, "\"" | "“")
            && end > start
            && next.is_some_and(Word::is_capital)
            && let Some(close) = run[end + 1..].iter().take(6).position(|w| matches!(w.text, "\"" | "”"))
        {
            end += close + 2;
            continue;
        }
        let also = word.is(&["and"])
            && end > start
            && next.is_some_and(Word::is_capital)
            && run[end - 1].is_capital();
        let inside = word.is_word() || word.is_possessive() || word.text == "&";
        if end - start >= LONGEST
            || !inside
            || !free(word)
            || (word.listed("grammar/ends-phrase") && !of && !also && !titled)
            || (end > start && !word.is_capital() && (is_adverb(word.text) || is_participle(word)))
            // A second article begins another phrase: “with the dockers the same evening”.
            || (end > start && word.is(&["the", "a", "an"]) && !run[end - 1].is(&["of"]))
        {
            break;
        }
        end += 1;
    }
    let (first, last) = (run.get(start)?, run.get(end.checked_sub(1)?)?);
    let pronoun = ["he", "she", "they", "it", "self"]
        .iter()
        .any(|list| listed(&format!("pronouns/{list}"), first.text))
        && end == start + 1;
    let cut_short = last.is_possessive() || last.is(&["the", "a", "an"]);
    (end > start && !pronoun && !first.listed("grammar/prepositions") && !cut_short)
        .then(|| first.span.to(last.span))
}

/// “a briefing alluding to …” ends before what goes on.
fn is_participle(word: &Word<'_>) -> bool {
    word.text.ends_with("ing") && word.text.len() > 5 && !word.listed("circumstances/occasions")
}

/// “publicly”, but not “weekly”.
fn is_adverb(word: &str) -> bool {
    const OTHERS: [&str; 10] = [
        "weekly",
        "daily",
        "monthly",
        "early",
        "family",
        "friendly",
        "elderly",
        "assembly",
        "only",
        "quarterly",
    ];
    word.ends_with("ly") && !OTHERS.contains(&word)
}

/// The hearer where a content begins with it: “urged Congress to extend the programme”.
fn told(text: &str, statement: &Statement, run: &[Word<'_>], verb: usize) -> Option<Span> {
    // “called on Congress to act” and “a letter to Congress asking for help” tell Congress, too.
    let before = verb.checked_sub(1).map(|n| run[n].text).unwrap_or_default();
    let tells = listed("circumstances/tell", run[verb].text)
        || (run[verb].is(&["on"]) && ["called", "calls", "call", "calling"].contains(&before))
        || (run[verb].is(&["to"]) && listed("circumstances/to", before))
        || (run[verb].is(&["with"]) && listed("circumstances/with", before));
    // “sent a letter on Thursday | to Congress opposing …”
    let letter = statement.cue.as_ref().is_some_and(|cue| {
        let words = cue.spans().iter().flat_map(|s| words(text, *s));
        words.into_iter().any(|w| listed("circumstances/to", w.text) && listed("circumstances/media", w.text))
    });
    if !(tells || letter) || verb + 1 < run.len() {
        return None;
    }
    let content = statement.content.spans().iter().find(|s| s.start() >= run[verb].span.end())?;
    if !text[run[verb].span.end()..content.start()].trim().is_empty() {
        return None;
    }
    let all = words(text, *content);
    let to = usize::from(letter && !tells);
    if to == 1 && !all.first()?.is(&["to"]) {
        return None;
    }
    let span = noun_phrase(&all, to, &|_| true)?;
    let behind = all.iter().position(|w| w.span.start() >= span.end())?;
    // “asked Rolf Meyer, the head of the union, to stay”
    let aside = || {
        let close = all[behind + 1..].iter().take(LONGEST).position(|w| w.text == ",")?;
        all.get(behind + close + 2).filter(|w| w.is(&["to"]))
    };
    let next = if all[behind].text == "," { aside()? } else { &all[behind] };
    const ASKED: [&str; 14] = [
        "to", "that", "not", "about", "whether", "if", "against", "he", "she", "they", "it", "we", "i",
        "there",
    ];
    let asked = next.is(&ASKED) || next.text.ends_with("ing");
    (asked && span.of(text).split_whitespace().count() <= 8).then_some(span)
}

/// Whom a message goes to that the content names: “sent | a short note to Ada Brandt”.
fn sent(text: &str, statement: &Statement, run: &[Word<'_>], verb: usize) -> Option<Span> {
    let behind = |s: &&Span| {
        s.start() >= run[verb].span.end() && text[run[verb].span.end()..s.start()].trim().is_empty()
    };
    let content = statement.content.spans().iter().find(behind)?;
    let all = words(text, *content);
    let to = all.iter().take(6).position(|w| w.is(&["to"]))?;
    let message =
        to > 0 && all[to - 1].listed("circumstances/messages") && all[..to].iter().all(Word::is_word);
    let span = noun_phrase(&all, to + 1, &|_| true).filter(|_| message)?;
    all.iter()
        .find(|w| span.contains(w.span))
        .is_some_and(|w| w.is_capital() || w.is(&["the"]))
        .then_some(span)
}

/// Gives statements whose cue says that somebody was asked, “when asked whether …, Lund said”, the one who answers as
/// hearer.
pub(super) fn asked(article: &Article, statements: &[Statement], found: &mut [Circumstances]) {
    let text = article.text.as_str();
    for (n, statement) in statements.iter().enumerate() {
        let Some(cue) = statement.cue.as_ref().filter(|_| found[n].addressee.is_none()) else { continue };
        let Some(block) = article.block_at(cue.start()) else { continue };
        let here = sentence(text, block.span, cue.start());
        let before = Span::new(here.start(), cue.start()).map_or_else(Vec::new, |b| words(text, b));
        let own = words(text, cue.extent());
        let asked = own.first().is_some_and(|w| w.listed("circumstances/asked"));
        let passive = before.last().is_none_or(|w| w.is(&["when", "if", "while", "as", "being"]));
        if !(asked && passive) {
            continue;
        }
        let near = (n.saturating_sub(3)..statements.len().min(n + 4)).filter(|m| *m != n);
        let answers = near.filter_map(|m| statements[m].source.as_ref()).map(Pieces::extent);
        let answers = answers.filter(|source| {
            here.contains(*source) && statement.source.as_ref().is_none_or(|own| own.extent() != *source)
        });
        let nearest = answers.min_by_key(|source| source.gap(cue.extent()));
        let name = nearest.filter(|span| {
            words(text, *span)
                .first()
                .is_some_and(|w| w.is_capital() && !w.listed("pronouns/he") && !w.listed("pronouns/she"))
        });
        found[n].addressee = name;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Medium,
    Occasion,
}

/// “in a statement”, “on Facebook”, “at a briefing in Moscow”, and whom “with” names: “in an interview with RT”.
fn phrase(
    text: &str,
    run: &[Word<'_>],
    at: usize,
    free: &impl Fn(&Word<'_>) -> bool,
) -> Option<(Kind, Span, Option<Span>)> {
    if !run[at].is(&["in", "at", "on", "during", "via", "through"]) {
        return None;
    }
    let most = run.len().min(at + 8);
    let ends = |n: usize| {
        !run[n].is_word() && !run[n].is_possessive()
            || (run[n].listed("grammar/ends-phrase") && n > at + 1 && !run[n].is(&["this", "last"]))
    };
    let end = (at + 1..most).find(|&n| ends(n) || !free(&run[n])).unwrap_or(most);
    // “at a July 2014 meeting”: the time stands inside.
    let beyond = (end..most).find(|&n| free(&run[n]) || ends(n)).unwrap_or(most);
    let goes_on = beyond > end && run.get(beyond).is_some_and(|w| w.listed("circumstances/occasions"));
    let end = if goes_on { beyond + 1 } else { end };
    let inside = &run[at + 1..end];
    let last = inside.last()?;
    let two =
        inside.len().checked_sub(2).map(|n| text[inside[n].span.start()..last.span.end()].to_lowercase());
    let is = |list: &str| listed(list, last.text) || two.as_deref().is_some_and(|two| listed(list, two));
    let kind = if run[at].is(&["on", "via", "through"]) && listed("circumstances/services", last.text)
        || (!run[at].is(&["at", "during"])
            && is("circumstances/media")
            && !(run[at].is(&["on"]) && last.is(&["note"])))
    {
        Kind::Medium
    } else if is("circumstances/occasions") && !run[at].is(&["via", "through"]) {
        Kind::Occasion
    } else {
        return None;
    };
    let mut span = run[at].span.to(last.span);
    // “in an RT interview”
    let number = |w: &Word<'_>| w.text.bytes().all(|b| b.is_ascii_digit());
    let of_name = |w: &&Word<'_>| w.is_capital() && w.is_word() || number(w);
    let name = inside.iter().rev().skip(1).take_while(of_name).last().filter(|w| !number(w));
    let mut with = name
        .filter(|_| last.listed("circumstances/interviews"))
        .map(|first| first.span.to(inside[inside.len() - 2].span));
    // One more phrase belongs to it: “with RT”, “to investors”, “in Moscow”, “dated 2 March”.
    if let Some(next) = run
        .get(end)
        .filter(|w| w.is(&["with", "to", "of", "in", "at", "on", "for", "from", "about"]) && free(w))
    {
        let object = noun_phrase(run, end + 1, free);
        if let Some(object) = object {
            span = span.to(object);
            let heard = next.is(&["with"]) && listed("circumstances/talk", last.text)
                || next.is(&["to"]) && last.listed("circumstances/to");
            with = heard.then_some(object).or(with);
        }
    } else if run.get(end).is_some_and(|w| w.is(&["dated"])) {
        let date = run[end + 1..].iter().take_while(|w| w.is_word()).last();
        span = date.map_or(span, |d| span.to(d.span));
    }
    Some((kind, span, with))
}

/// Whether a phrase names an occasion and nobody: “a briefing”, “Friday’s rally”.
fn is_occasion(text: &str, span: Span) -> bool {
    let all = words(text, span);
    let head = all.iter().position(|w| w.is(&["of", "on", "in"])).unwrap_or(all.len());
    let occasion = |w: &Word<'_>| {
        w.listed("circumstances/occasions") && !w.is(&["congress", "panel", "forum", "convention"])
    };
    let article = all.first().is_some_and(|w| w.is(&["a", "an", "the", "his", "her", "their"]));
    article && all[..head].last().is_some_and(occasion)
}

/// An occasion with the place behind it: “a briefing in Moscow”.
fn with_place(runs: &[Vec<Word<'_>>], span: Span) -> Span {
    for run in runs {
        let Some(at) = run.iter().position(|w| w.span.start() >= span.end()) else { continue };
        if run[at].span.start() > span.end() + 1 || !run[at].is(&["in", "at", "on", "with"]) {
            continue;
        }
        let free = |w: &Word<'_>| w.is_capital() || w.is(&["the", "a"]);
        if let Some(place) = noun_phrase(run, at + 1, &free) {
            return span.to(place);
        }
    }
    span
}

/// The entity that a phrase is, of those named within it: the last one, where the phrase ends with it.
pub(super) fn entity_of(uses: impl Iterator<Item = (Span, usize)>, span: Span) -> Option<usize> {
    uses.filter(|(u, _)| u.end() == span.end()).last().map(|(_, m)| m)
}
