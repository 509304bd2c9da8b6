//! Recognises bylines and picture credits: lines about who made the article, which contain no statements.

#[cfg(feature = "html")]
use onrecord_text::BlockKind;

use crate::lists::List;

/// Whether a whole line names the reporters or editors: `(Reporting by Jo Dahl; Editing by Pia Lund)`.
#[cfg(feature = "html")]
pub(crate) fn is_reporters(line: &str) -> bool {
    let lower = line.trim().to_lowercase();
    let end = lower.trim_end_matches([')', '.']);
    lower.split_whitespace().count() <= 50
        && (List::Reporters.entries().iter().any(|r| lower.starts_with(r))
            || List::Contributed.entries().iter().any(|c| end.ends_with(c)))
}

/// Whether a whole line is a picture credit: `© Jo Dahl/NORDFOTO`, `(AP Photo/Jo Dahl)`, `Photo: Jo Dahl`.
pub(crate) fn is_credit(line: &str) -> bool {
    let line = line.trim();
    if line.split_whitespace().count() > 12 {
        return false;
    }
    let lower = line.to_lowercase();
    let bare = lower.trim_start_matches(['(', '[']);
    List::Credits.entries().iter().any(|opening| bare.starts_with(opening))
        || (line.starts_with('(') && line.ends_with(')') && line.contains('/') && has_credit_part(line))
        || (trailing(line) == Some(0))
}

fn has_credit_part(s: &str) -> bool {
    let lower = s.to_lowercase();
    List::Agencies.entries().iter().any(|part| lower.contains(part))
}

/// The byte position at which a credit such as `Jo Dahl/NORDFOTO` begins at the end of a caption. If there is a `© `,
/// the credit begins there.
pub(crate) fn trailing(line: &str) -> Option<usize> {
    if let Some(at) = line.rfind('©') {
        return Some(at);
    }
    let slash = line.rfind('/')?;
    let agency = line[slash + 1..].trim_end_matches([')', '.']);
    let is_agency = !agency.is_empty()
        && agency.split_whitespace().count() <= 3
        && (agency.chars().all(|c| !c.is_lowercase() && !c.is_ascii_digit())
            && agency.chars().filter(|c| c.is_alphabetic()).count() > 1
            || has_credit_part(agency));
    if !is_agency {
        return None;
    }
    // The name before the slash: its last two words, if both are capitalised.
    let words: Vec<(usize, &str)> = line[..slash]
        .split(' ')
        .scan(0, |at, w| {
            let from = *at;
            *at += w.len() + 1;
            Some((from, w))
        })
        .collect();
    let name: Vec<_> =
        words.iter().rev().take(2).take_while(|(_, w)| w.starts_with(char::is_uppercase)).collect();
    (name.len() == 2).then(|| name[1].0)
}

/// The parts of a caption that begin with labels, without these: `Image source, Sound TV Image caption, The bridge`.
#[cfg(feature = "html")]
pub(crate) fn labelled(caption: &str) -> Option<Vec<(BlockKind, &str)>> {
    let lower = caption.to_ascii_lowercase();
    let of = |list: List, kind| list.entries().iter().map(move |label| (*label, kind));
    let labels = of(List::CaptionLabels, BlockKind::Caption).chain(of(List::CreditLabels, BlockKind::Credit));
    let found = labels.flat_map(|(label, kind)| {
        let ends = |&(at, _): &(usize, &str)| caption[at + label.len()..].starts_with([',', ':']);
        let places: Vec<usize> = lower.match_indices(label).filter(ends).map(|(at, _)| at).collect();
        places.into_iter().map(move |at| (at, at + label.len() + 1, kind))
    });
    let mut found: Vec<(usize, usize, BlockKind)> = found.collect();
    found.sort_by_key(|(at, ..)| *at);
    let before = (0, 0, BlockKind::Caption);
    let starts: Vec<_> = std::iter::once(before).chain(found).collect();
    let ends = starts.iter().skip(1).map(|(at, ..)| *at).chain([caption.len()]);
    let parts = starts.iter().zip(ends).map(|((_, from, kind), to)| (*kind, caption[*from..to].trim()));
    (starts.len() > 1).then(|| parts.filter(|(_, text)| !text.is_empty()).collect())
}

/// Whether a whole line is a byline: `By Jo Dahl`, `By Jo Dahl and Pia Lund, Staff Writers`.
pub(crate) fn is_byline(line: &str) -> bool {
    let line = line.trim();
    let Some(rest) = after_by(line) else { return false };
    let words = rest.split_whitespace().count();
    line.starts_with(char::is_uppercase)
        && (1..=14).contains(&words)
        && rest.starts_with(char::is_uppercase)
        && !line.ends_with(['.', '!', '?', ':'])
        && rest.split_whitespace().all(is_word_of_byline)
}

fn begins_byline(word: &str) -> bool {
    List::BylineBy.has(&word.to_lowercase())
}

/// What follows `By` or `Written by` at the start of a line.
fn after_by(line: &str) -> Option<&str> {
    let (first, rest) = line.split_once(char::is_whitespace)?;
    if begins_byline(first.trim_end_matches(':')) {
        return Some(rest.trim_start());
    }
    let (second, rest) = rest.trim_start().split_once(char::is_whitespace)?;
    let opens = List::BylineBefore.has(&first.to_lowercase()) && begins_byline(second.trim_end_matches(':'));
    opens.then(|| rest.trim_start())
}

/// Whether a byline may contain a word. Names, outlets and most jobs are capitalised; a sentence such as “By May the
/// bridge will be ready” has other words.
fn is_word_of_byline(word: &str) -> bool {
    const SMALL: [List; 4] = [List::BylineJoining, List::BylineParticles, List::BylineStamp, List::Jobs];
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    // `al-Sayed`, `4th`, `jo@sound.example`, `sound.example`
    bare.chars().any(char::is_uppercase)
        || !bare.starts_with(char::is_alphabetic)
        || bare.contains(['@', '.'])
        || SMALL.iter().any(|list| list.has(bare))
}

/// Whether a whole line only names a person, perhaps with a job: `Jo Dahl`, `Jo Dahl, health reporter`.
#[cfg(feature = "html")]
pub(crate) fn is_name_line(line: &str) -> bool {
    let line = line.trim();
    if line.ends_with([':', '.', '!', '?', '…']) {
        return false;
    }
    let end = line.find([',', '(', '|', '–', '—']).unwrap_or(line.len());
    let rest = line[end..].trim_matches(|c: char| !c.is_alphanumeric());
    is_name(&line[..end]) && (rest.is_empty() || has_job(rest) && rest.split_whitespace().count() <= 8)
}

/// Whether a whole line is only somebody's job: `Political editor`.
#[cfg(feature = "html")]
pub(crate) fn is_job_line(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let is_job = words.next_back().is_some_and(|last| List::Jobs.has(&last.to_lowercase()));
    is_job && words.count() <= 4
}

#[cfg(feature = "html")]
fn has_job(words: &str) -> bool {
    words.split(|c: char| !c.is_alphanumeric()).any(|word| List::Jobs.has(&word.to_lowercase()))
}

/// Whether words have the form of a person's name: two to four capitalised words, with small words between them.
#[cfg(feature = "html")]
fn is_name(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_particle = |word: &&str| List::BylineParticles.has(word);
    let is_part = |word: &&str| {
        let lower = word.to_lowercase();
        word.starts_with(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'))
            && ![List::Jobs, List::Days, List::BylineJoining].iter().any(|list| list.has(&lower))
    };
    let parts = words.iter().filter(|word| is_part(word)).count();
    (2..=4).contains(&parts)
        && words.iter().all(|word| is_part(word) || is_particle(word))
        && words.last().is_some_and(is_part)
}

/// The names in a byline.
pub(crate) fn names(line: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (n, part) in line.split([',', '|', ';', '•', '\n']).enumerate() {
        let shared: Vec<&str> = List::BylineAnd.entries().iter().fold(vec![part], |parts, and| {
            let and = format!(" {and} ");
            parts.iter().flat_map(|part| part.split(&*and).collect::<Vec<_>>()).collect()
        });
        for one in &shared {
            let name = name_alone(one);
            // After a name and a comma, words that end with a job are the job and the outlet.
            let is_job = n > 0 && shared.len() == 1 && name.had_job;
            let name = name.name;
            let fits = (1..=5).contains(&name.split(' ').count()) && name.starts_with(char::is_uppercase);
            if fits && !is_job && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// A name without what stands around it in a byline.
struct Name {
    name: String,
    /// Whether a job followed it.
    had_job: bool,
}

/// The name at the start of a part of a byline, without a job, a place, a note in brackets or a date after it:
/// `Jo Dahl Staff Writer`, `Jo Dahl in Tallberg`, `Jo Dahl (now)`. A job or a date without a name yields an empty string.
fn name_alone(part: &str) -> Name {
    let mut rest = part.trim();
    while let Some(more) = after_by(rest) {
        rest = more;
    }
    let words: Vec<&str> = rest.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let starts_number =
        |at: usize| words.get(at).is_some_and(|w: &&str| w.starts_with(|c: char| c.is_ascii_digit()));
    let is_of_date = |at: usize| {
        let bare = lower[at].trim_end_matches(['.', ':']);
        starts_number(at)
            || onrecord_text::month_named(bare).is_some() && starts_number(at + 1)
            || at == 0 && List::Days.has(bare)
            || List::BylineStamp.has(bare) && (words[at] == bare || List::BylineBefore.has(bare))
    };
    let is_place = |at: usize| {
        at > 1
            && (List::BylinePlace.has(words[at])
                || words[at] == "of" && lower.get(at + 1).is_some_and(|next| next == "the"))
    };
    let ends = |at: &usize| words[*at].starts_with('(') || is_of_date(*at) || is_place(*at);
    let end = (0..words.len()).find(ends).unwrap_or(words.len());
    let jobs = lower[..end].iter().rev().take_while(|word| List::Jobs.has(word)).count();
    let name = &words[..end - jobs];
    // `Last updated`
    let is_stamp = end < words.len() && lower[..name.len()].iter().all(|word| List::Stamp.has(word));
    Name { name: if is_stamp { String::new() } else { name.join(" ") }, had_job: jobs > 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits() {
        for line in [
            "© Jo Dahl/NORDFOTO",
            "(AP Photo/Jo Dahl)",
            "Photo: Jo Dahl",
            "Jo Dahl/Getty Images",
            "Jo Dahl/NORD-FOTO",
        ] {
            assert!(is_credit(line), "{line}");
        }
        for line in [
            "Jo Dahl said it.",
            "The 9/11 report",
            "She read the report and/or the summary",
            "Photographs were taken.",
        ] {
            assert!(!is_credit(line), "{line}");
        }
        assert_eq!(trailing("Minister Ada Brandt Jo Dahl/NORDFOTO"), Some(20));
        assert_eq!(trailing("He ran for 9/11"), None);
    }

    #[test]
    fn bylines() {
        for line in [
            "By Jo Dahl and Pia Lund",
            "By Ada Brandt and Jon Holm in Tallberg",
            "By ADA BRANDT, Staff Writer",
            "BY ADA BRANDT, staff writer",
            "By Ada Brandt of the Sound Post",
            "By Ada van den Berg and Omar al-Sayed for the Sound Post",
            "By Jo Dahl, jo@sound.example | Updated 4 March 2016 at 10:05 am",
        ] {
            assert!(is_byline(line), "{line}");
        }
        for line in [
            "By Monday it was over.",
            "By May the bridge will be ready",
            "By then it was too late",
            "By Tuesday evening Tallberg was empty",
            "By Ada Brandt's account, nobody came",
        ] {
            assert!(!is_byline(line), "{line}");
        }
        assert_eq!(names("By Jo Dahl and Pia Lund, Staff Writers"), ["Jo Dahl", "Pia Lund"]);
        assert_eq!(names("By By Jo Dahl Staff Writer"), ["Jo Dahl"]);
        assert_eq!(names("by: Jo Dahl, Political Correspondent, Jo Dahl"), ["Jo Dahl"]);
        assert_eq!(names("Byron Lund"), ["Byron Lund"]);
    }

    #[test]
    fn a_byline_names_people_and_nothing_else() {
        for line in ["Written by Ada Brandt", "Posted by Ada Brandt and Jon Holm", "Words by Ada Brandt"] {
            assert!(is_byline(line), "{line}");
        }
        for line in ["Written by hand, the letter was long", "Written by May the bridge will be ready"] {
            assert!(!is_byline(line), "{line}");
        }
        for (line, expected) in [
            ("Written by Jo Dahl", &["Jo Dahl"][..]),
            ("Posted by: Jo Dahl", &["Jo Dahl"]),
            ("By Jo Dahl | May 6, 2025", &["Jo Dahl"]),
            ("By May Holm | Friday 6 May 2025", &["May Holm"]),
            ("October 9, 2025", &[]),
            ("October 9, 2025 12:03 PM UTC Updated 2 hours ago", &[]),
            ("Last updated 4 March 2016", &[]),
            ("By Jo Dahl Updated 4 March 2016 at 10:05 am", &["Jo Dahl"]),
            ("By Herbert Read", &["Herbert Read"]),
            ("Pia Lund and Jo Dahl in Tallberg", &["Pia Lund", "Jo Dahl"]),
            ("Jo Dahl (now) and Pia Lund (earlier)", &["Jo Dahl", "Pia Lund"]),
            ("By Ada Brandt of the Sound Post", &["Ada Brandt"]),
            ("By Jo Dahl, Sound Post Farm Writer", &["Jo Dahl"]),
            ("By Jo Dahl, Pia Lund and Erik Sund, Staff Writers", &["Jo Dahl", "Pia Lund", "Erik Sund"]),
            ("By Jo Dahl and Pia Lund Staff Writers", &["Jo Dahl", "Pia Lund"]),
        ] {
            assert_eq!(names(line), expected, "{line}");
        }
    }

    #[cfg(feature = "html")]
    #[test]
    fn lines_that_only_name_a_person() {
        for line in [
            "Jo Dahl",
            "Ada van den Berg",
            "J. R. O’Dahl-Lund",
            "Jo Dahl, health reporter",
            "Jo Dahl – editor",
        ] {
            assert!(is_name_line(line), "{line}");
        }
        for line in [
            "Ferries cancelled",
            "Fire Chief: Nobody Hurt",
            "Jo Dahl:",
            "Jo Dahl, who owns the shop",
            "Political Editor",
            "Good",
            "The Ferries",
            "Jo Dahl said no",
        ] {
            assert!(!is_name_line(line), "{line}");
        }
        assert!(
            is_job_line("Political editor") && !is_job_line("Jo Dahl") && !is_job_line("Ferries cancelled")
        );
    }
}
