//! Recognises bylines and picture credits: lines about who made the article, which contain no statements.

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

/// Whether a whole line is a byline: `By Jo Dahl`, `By Jo Dahl and Pia Lund, Staff Writers`.
pub(crate) fn is_byline(line: &str) -> bool {
    let line = line.trim();
    let Some((by, rest)) = line.split_once(' ').filter(|(by, _)| begins_byline(by)) else { return false };
    let words = rest.split_whitespace().count();
    by.starts_with(char::is_uppercase)
        && (1..=14).contains(&words)
        && rest.starts_with(char::is_uppercase)
        && !line.ends_with(['.', '!', '?', ':'])
        && rest.split_whitespace().all(is_word_of_byline)
}

fn begins_byline(word: &str) -> bool {
    List::BylineBy.has(&word.to_lowercase())
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

/// The names in a byline.
pub(crate) fn names(line: &str) -> Vec<String> {
    let mut rest = line.trim();
    while let Some((first, more)) = rest.split_once(char::is_whitespace)
        && begins_byline(first.trim_end_matches(':'))
    {
        rest = more.trim_start();
    }
    let mut names: Vec<String> = Vec::new();
    let parts = rest.split([',', '|', ';', '•', '\n']).map(str::to_owned).collect();
    let parts: Vec<String> = List::BylineAnd.entries().iter().fold(parts, |parts: Vec<String>, and| {
        let and = format!(" {and} ");
        parts.iter().flat_map(|part| part.split(&and)).map(str::to_owned).collect()
    });
    for part in &parts {
        let name = without_job(part);
        let fits = (1..=5).contains(&name.split(' ').count()) && name.starts_with(char::is_uppercase);
        if fits && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A name without the job after it: `Jo Dahl Staff Writer`. A job without a name yields an empty string.
fn without_job(part: &str) -> String {
    let words: Vec<&str> = part.split_whitespace().collect();
    let is_job = |word: &&str| List::Jobs.has(&word.to_lowercase());
    let jobs = words.iter().rev().take_while(|w| is_job(w)).count();
    words[..words.len() - jobs].join(" ")
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
}
