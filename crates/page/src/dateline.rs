//! Recognises datelines: place, date and agency at the start of a story's first paragraph.
//!
//! `MOSCOW, December 3. /TASS/.`, `FLINT, Mich., Oct. 4 (UPI) —`, `BEIJING --`, `PARIS (AFP) -`, `(Reuters) -`.

use onrecord_text::{Dateline, PartialDate, Span, month_named};

/// A dateline with its position.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) span: Span,
    pub(crate) dateline: Dateline,
}

/// The longest dateline, in bytes; text after that is not examined.
const LONGEST: usize = 120;

/// The dateline at the start of a paragraph.
pub(crate) fn parse(text: &str, paragraph: Span) -> Option<Found> {
    let words = paragraph.of(text);
    let head = &words[..words.floor_char_boundary(LONGEST)];
    let mut cursor = Cursor { text: head, at: 0 };
    let place = cursor.place();
    let capitals =
        place.is_some_and(|p| !p.split([',', ' ']).next().unwrap_or("").chars().any(char::is_lowercase));
    if place.is_some() {
        cursor.eat(&[','], false);
    }
    let mut date = cursor.date();
    cursor.eat(&['.', ','], false);
    let agency = cursor.agency();
    if date.is_none() {
        date = cursor.date();
    }
    let dashed = cursor.dash();
    let stopped = !dashed && cursor.eat(&['.', ':'], true);
    let convincing = match (place, agency, date) {
        (Some(_), Some(_), _) => dashed || stopped,
        (None, Some(_), _) => dashed,
        (Some(_), None, Some(_)) => dashed || stopped && capitals,
        (Some(p), None, None) => dashed && capitals && p.chars().filter(|c| c.is_alphabetic()).count() > 2,
        (None, None, _) => false,
    };
    let span = Span::trimmed(text, paragraph.start()..paragraph.start() + cursor.at)?;
    convincing.then(|| Found {
        span,
        dateline: Dateline { place: place.map(str::to_owned), date, agency: agency.map(str::to_owned) },
    })
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Consumes one of these characters and white space before it; with `ends`, only before more white space or the
    /// end.
    fn eat(&mut self, any: &[char], ends: bool) -> bool {
        let rest = self.rest().trim_start();
        let Some(after) = rest.strip_prefix(any) else { return false };
        if ends && !after.is_empty() && !after.starts_with(char::is_whitespace) {
            return false;
        }
        self.at = self.text.len() - after.len();
        true
    }

    /// `MOSCOW`, `FLINT, Mich.`, `New Delhi`, `WASHINGTON/PARIS`: capitalised words, with an optional region after a
    /// comma.
    fn place(&mut self) -> Option<&'a str> {
        let start = self.at;
        let mut end = self.capitalised(start)?;
        let rest = &self.text[end..];
        if let Some(region) = rest.strip_prefix(", ") {
            let from = end + 2;
            let is_month = month_named(region.split([' ', '.']).next().unwrap_or("")).is_some();
            if let Some(to) = self.capitalised(from).filter(|_| !is_month) {
                end = to
                    + usize::from(self.text[to..].starts_with("., ") || self.text[to..].starts_with(". ("));
                // `Mich. —`
                if self.text[end..].starts_with('.') && to == end {
                    end += 1;
                }
            }
        }
        self.at = end;
        Some(&self.text[start..end])
    }

    /// The end of up to four capitalised words.
    fn capitalised(&self, from: usize) -> Option<usize> {
        let mut end = None;
        let mut at = from;
        for _ in 0..4 {
            let word =
                self.text[at..].split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ':')).next()?;
            let bare = word.trim_end_matches('.');
            let is_name = bare.starts_with(char::is_uppercase)
                && bare.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '/' | '.'))
                && !(end.is_some() && month_named(bare).is_some());
            if !is_name {
                break;
            }
            // In the middle of the name a full stop belongs to an abbreviation (`ST. LOUIS`).
            end = Some(at + bare.len());
            let next = at + word.len();
            if !self.text[next..].starts_with(' ') {
                break;
            }
            at = next + 1;
        }
        end
    }

    /// `December 3`, `Oct. 4`, `3 December`, each with or without a year.
    fn date(&mut self) -> Option<PartialDate> {
        let from = self.at;
        self.skip_space();
        let words: Vec<&str> = self.rest().split_whitespace().take(3).collect();
        let clean = |w: &str| w.trim_end_matches([',', '.']).to_owned();
        let number = |w: &str| clean(w).parse::<i16>().ok();
        let (month, day) = match words.as_slice() {
            [a, b, ..] if month_named(&clean(a)).is_some() => (month_named(&clean(a))?, number(b)),
            [a, b, ..] if month_named(&clean(b)).is_some() => (month_named(&clean(b))?, number(a)),
            _ => {
                self.at = from;
                return None;
            }
        };
        let year = words.get(2).and_then(|w| number(w)).filter(|y| (1800..2200).contains(y));
        let found = day.and_then(|d| PartialDate::new(year, Some(month), i8::try_from(d).ok()));
        if found.is_none() {
            self.at = from;
            return None;
        }
        for word in words.iter().take(if year.is_some() { 3 } else { 2 }) {
            self.skip_space();
            self.at += word.len();
        }
        // The full stop or comma after the date is left for the next step.
        while self.text[..self.at].ends_with([',', '.']) {
            self.at -= 1;
        }
        found
    }

    /// `(UPI)`, `/TASS/`.
    fn agency(&mut self) -> Option<&'a str> {
        let rest = self.rest().trim_start();
        let close = match rest.chars().next()? {
            '(' => ')',
            '/' => '/',
            _ => return None,
        };
        let end = 1 + rest[1..].find(close)?;
        let name = &rest[1..end];
        let fits = (2..=30).contains(&name.len())
            && name.split_whitespace().count() <= 4
            && name.starts_with(char::is_uppercase);
        if !fits {
            return None;
        }
        self.at = self.text.len() - rest.len() + end + 1;
        Some(name)
    }

    /// A dash followed by a space.
    fn dash(&mut self) -> bool {
        let rest = self.rest().trim_start();
        let after = rest.trim_start_matches(['-', '–', '—', '―']);
        let dashes = rest.len() - after.len();
        let spaced = rest.len() < self.rest().len() || dashes > 1;
        if dashes == 0 || !spaced {
            return false;
        }
        self.at = self.text.len() - after.len();
        true
    }
}

/// Adds to a dateline's date the year that the publication date implies: a story is filed on the day of publication or
/// shortly before. Without a publication date the year stays unknown.
pub(crate) fn with_year(date: PartialDate, published: Option<PartialDate>) -> PartialDate {
    let Some(year) = published.and_then(PartialDate::year).filter(|_| date.year().is_none()) else {
        return date;
    };
    let in_year = |y| PartialDate::new(Some(y), date.month(), date.day());
    let month = |d: Option<PartialDate>| d.and_then(PartialDate::month);
    let later = |filed: PartialDate| match filed.whole().zip(published.and_then(PartialDate::whole)) {
        Some((filed, p)) => filed > p && p.until(filed).is_ok_and(|gap| gap.get_days() > 7),
        None => month(Some(filed)).zip(month(published)).is_some_and(|(filed, p)| filed > p),
    };
    in_year(year).filter(|&d| !later(d)).or_else(|| in_year(year - 1)).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the dateline's words, place, date and agency; all are empty if there is no dateline.
    #[track_caller]
    fn check(text: &str, expected: [&str; 4]) {
        let found = parse(text, Span::new(0, text.len()).unwrap());
        let found = found.map_or_else(Default::default, |f| {
            let d = f.dateline;
            let date = d.date.map(|d| d.to_string());
            [Some(f.span.of(text).to_owned()), d.place, date, d.agency].map(Option::unwrap_or_default)
        });
        assert_eq!(found, expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn datelines() {
        check(
            "MOSCOW, December 3. /TASS/. Relations will",
            ["MOSCOW, December 3. /TASS/.", "MOSCOW", "XXXX-12-03", "TASS"],
        );
        check(
            "FLINT, Mich., Oct. 4 (UPI) — The water",
            ["FLINT, Mich., Oct. 4 (UPI) —", "FLINT, Mich.", "XXXX-10-04", "UPI"],
        );
        check("BEIJING -- The plan", ["BEIJING --", "BEIJING", "", ""]);
        check("Paris (AFP) - The plan", ["Paris (AFP) -", "Paris", "", "AFP"]);
        check("(Reuters) - The plan", ["(Reuters) -", "", "", "Reuters"]);
        check("ST. LOUIS (AP) — The plan", ["ST. LOUIS (AP) —", "ST. LOUIS", "", "AP"]);
        check(
            "NEW DELHI, 4 Oct 2016 (IANS): The plan",
            ["NEW DELHI, 4 Oct 2016 (IANS):", "NEW DELHI", "2016-10-04", "IANS"],
        );
        check("WASHINGTON — The plan", ["WASHINGTON —", "WASHINGTON", "", ""]);
    }

    #[test]
    fn the_year_is_that_of_publication_or_the_one_before() {
        let date = |s: &str| s.parse::<PartialDate>().unwrap();
        let full = |filed: &str, published: &str| with_year(date(filed), Some(date(published))).to_string();
        assert_eq!(full("XXXX-12-03", "2015-12-03"), "2015-12-03");
        assert_eq!(full("XXXX-12-31", "2016-01-01"), "2015-12-31");
        // Filed “tomorrow” on the other side of the date line.
        assert_eq!(full("XXXX-12-04", "2015-12-03"), "2015-12-04");
        assert_eq!(full("XXXX-12-10", "2015-12-03"), "2015-12-10");
        assert_eq!(full("XXXX-12-11", "2015-12-03"), "2014-12-11", "more than a week ahead");
        // Of dates without a day, only the months tell.
        assert_eq!(full("XXXX-12-31", "2016-01"), "2015-12-31");
        assert_eq!(full("XXXX-01-31", "2016-01"), "2016-01-31");
        assert_eq!(full("XXXX-12", "2016-01-01"), "2015-12");
        assert_eq!(full("XXXX-12-31", "2016"), "2016-12-31");
        assert_eq!(with_year(date("XXXX-12-03"), None).to_string(), "XXXX-12-03");
    }

    #[test]
    fn openings_that_are_no_datelines() {
        for text in
            ["Trump — who won — spoke", "A — B", "MPs, who met in May. It rained", "WASHINGTON is a city"]
        {
            check(text, [""; 4]);
        }
    }

    #[test]
    fn places_and_agencies_have_bounds() {
        check("Talks in Paris (AFP) - The plan", [""; 4]);
        check(
            "New York City Hall (NOR) - The plan",
            ["New York City Hall (NOR) -", "New York City Hall", "", "NOR"],
        );
        check("(A) - The plan", [""; 4]);
        check("(nor) - The plan", [""; 4]);
        check("(The Five Words Of Nor) - The plan", [""; 4]);
        check(
            "(Nor News Agency Tallberg) - The plan",
            ["(Nor News Agency Tallberg) -", "", "", "Nor News Agency Tallberg"],
        );
        check("(Reuters) The plan", [""; 4]);
        check("TALLBERG /NOR/ - The plan", ["TALLBERG /NOR/ -", "TALLBERG", "", "NOR"]);
    }
}
