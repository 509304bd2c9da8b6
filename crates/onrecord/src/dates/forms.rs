//! The forms in which English writes a date.

use jiff::civil::Weekday;
use onrecord_text::{MONTHS, month_named};

use super::meaning::{Meaning, MonthOf, Unit, Which};
use super::parts::Part;
use super::tables::TABLES;

/// Reads words in sequence; a form that fails leaves the position unchanged.
#[derive(Clone, Copy)]
struct Reader<'a> {
    words: &'a [Part],
    at: usize,
}

/// The meaning of the expression that begins at a word, and the index of the word after the expression.
pub(super) fn at(words: &[Part], at: usize) -> Option<(Meaning, usize)> {
    let mut r = Reader { words, at };
    let inside_word =
        !words[at].apart && at > 0 && (words[at - 1].number.is_some() || words[at - 1].text == "-");
    if inside_word {
        return None;
    }
    let mut led = false;
    while r.one_of(&TABLES.before).is_some() {
        led = true;
        r.word("-");
    }
    let meaning = r.form(led)?;
    r.part_of_day();
    Some((meaning, r.at))
}

impl<'a> Reader<'a> {
    fn peek(&self, ahead: usize) -> Option<&'a Part> {
        self.words.get(self.at + ahead)
    }

    /// Whether the whole block consists of this many parts.
    fn is_whole_block(&self, parts: usize) -> bool {
        self.at == 0 && self.words.len() == parts
    }

    fn word(&mut self, text: &str) -> Option<()> {
        let found = self.peek(0)?.text == text;
        self.at += usize::from(found);
        found.then_some(())
    }

    fn one_of(&mut self, texts: &[&str]) -> Option<usize> {
        let word = self.peek(0)?;
        let n = texts.iter().position(|t| *t == word.text)?;
        self.at += 1;
        Some(n)
    }

    /// The value of the next word in a table.
    fn value_of<T: Copy>(&mut self, table: &[(&str, T)]) -> Option<T> {
        let word = self.peek(0)?;
        let (_, value) = table.iter().find(|(text, _)| *text == word.text)?;
        self.at += 1;
        Some(*value)
    }

    fn all(&mut self, texts: &[&str]) -> Option<()> {
        let fits = texts.iter().enumerate().all(|(n, t)| self.peek(n).is_some_and(|w| w.text == *t));
        self.at += if fits { texts.len() } else { 0 };
        fits.then_some(())
    }

    /// The first of these expressions that fits.
    fn any_of(&mut self, expressions: &[Vec<&str>]) -> Option<()> {
        expressions.iter().find_map(|words| self.all(words))
    }

    /// What `form` reads; if it fails, nothing is consumed.
    fn attempt<T>(&mut self, form: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        let found = form(&mut ahead)?;
        *self = ahead;
        Some(found)
    }

    fn form(&mut self, led: bool) -> Option<Meaning> {
        self.attempt(Self::nth)
            .or_else(|| self.attempt(Self::with_weekday))
            .or_else(|| {
                self.attempt(|r| {
                    let (month, day, year) = r.day_and_month()?;
                    let years = if year.is_none() { r.attempt(Self::years_away) } else { None };
                    Some(match years {
                        Some(years) if years != 0 => Meaning::InYear { month, day: Some(day), years },
                        _ => written(year, month, Some(day), None),
                    })
                })
            })
            .or_else(|| self.attempt(Self::digits))
            .or_else(|| self.attempt(|r| r.month_alone(led)))
            .or_else(|| self.attempt(Self::relative))
            .or_else(|| self.attempt(Self::day_of_month))
            .or_else(|| self.attempt(|r| r.year_alone(led)))
    }

    fn part_of_day(&mut self) {
        self.attempt(|r| {
            let _ = r.one_of(&TABLES.early_or_late);
            r.one_of(&TABLES.parts_of_day)
        });
    }

    /// The name of a month. “may” and “march” count only with a capital, because they are also verbs.
    fn month(&mut self) -> Option<i8> {
        let word = self.peek(0)?;
        let month = month_named(&word.text)?;
        let also_a_word = TABLES.months_and_verbs.contains(&word.text.as_str());
        let day = |w: &Part| {
            w.number.is_some_and(|n| (1..=31).contains(&n)) || TABLES.ordinals.contains(&w.text.as_str())
        };
        let numbered = |w: Option<&Part>| w.is_some_and(day);
        // “the first of march”, “march first”.
        let of = self.at.checked_sub(1).and_then(|n| self.words.get(n)).filter(|w| w.text == "of");
        let before = self.at.checked_sub(1 + usize::from(of.is_some())).and_then(|n| self.words.get(n));
        let before = before
            .filter(|w| !TABLES.ordinal_endings.contains(&w.text.as_str()))
            .or_else(|| self.at.checked_sub(3).and_then(|n| self.words.get(n)));
        if also_a_word
            && !word.capital
            && !numbered(self.peek(1))
            && !numbered(before)
            && !self.is_whole_block(1)
        {
            return None;
        }
        self.at += 1;
        // Takes the full stop of “Dec.”, unless it ends the sentence.
        let number = |w: &Part| w.number.is_some() || w.text == "the";
        if self.peek(0).is_some_and(|w| w.text == "." && !w.apart) && self.peek(1).is_some_and(number) {
            self.at += 1;
        }
        Some(month)
    }

    /// A day of the week, but not that of “Good Friday”.
    fn weekday(&mut self) -> Option<Weekday> {
        let word = self.peek(0)?;
        let before = self.at.checked_sub(1).and_then(|n| self.words.get(n)).filter(|w| w.capital);
        if before.is_some_and(|w| TABLES.named_days.contains(&(w.text.as_str(), word.text.as_str()))) {
            return None;
        }
        let n = abbreviated(&word.text, &TABLES.weekdays, &TABLES.weekday_abbreviations)?;
        let short = word.text.len() < 6;
        // “Sun” and “Mon” are also names; “sat” and “wed” are verbs.
        let dotted = self.peek(1).is_some_and(|w| !w.apart && w.text == ".");
        let dated = self
            .peek(1)
            .is_some_and(|w| w.text == "," || w.number.is_some() || month_named(&w.text).is_some());
        // “Jul 18, Fri”.
        let ends_date =
            self.at > 1 && self.words[self.at - 1].text == "," && self.words[self.at - 2].number.is_some();
        let dated = dated || ends_date;
        if short && !dotted && !dated && !self.is_whole_block(1) {
            return None;
        }
        self.at += 1;
        if short && dotted && self.words.len() > self.at + 1 {
            self.at += 1;
        }
        Weekday::from_monday_zero_offset(i8::try_from(n).ok()?).ok()
    }

    fn year(&mut self) -> Option<i16> {
        let n = self
            .peek(0)?
            .number
            .filter(|n| (1000..=2200).contains(n) && self.words[self.at].text.len() == 4)?;
        self.at += 1;
        i16::try_from(n).ok()
    }

    /// A year after a month or a day: “, 2015”, “2015”, “of last year”.
    fn year_behind(&mut self) -> Option<i16> {
        self.attempt(|r| {
            let _ = r.one_of(&[",", "of", "in"]);
            let year = r.year()?;
            // “On May 4, 2000 buses stood still” looks the same; the comma is rarer before a noun than before a year.
            (r.peek(0).is_none_or(|w| w.text != "%")).then_some(year)
        })
    }

    /// A number in digits or words, up to the highest day of a month.
    fn number(&mut self) -> Option<i8> {
        if let Some(n) = self.peek(0)?.number {
            self.at += 1;
            return i8::try_from(n).ok();
        }
        let tens = self.attempt(|r| {
            let tens = r.one_of(&TABLES.tens)?;
            let _ = r.word("-");
            let ones = r.one_of(&TABLES.numbers[..9])?;
            i8::try_from(10 * tens + 21 + ones).ok()
        });
        tens.or_else(|| i8::try_from(self.one_of(&TABLES.numbers)? + 1).ok())
    }

    /// “3rd”, “third”, “twenty-first”.
    fn ordinal(&mut self) -> Option<i8> {
        self.attempt(|r| {
            if let Some(n) = r.peek(0)?.number {
                r.at += 1;
                let suffix =
                    r.peek(0).is_some_and(|w| !w.apart) && r.one_of(&TABLES.ordinal_endings).is_some();
                return suffix.then(|| i8::try_from(n).ok())?;
            }
            if r.one_of(&["thirtieth"]).is_some() {
                return Some(30);
            }
            if let Some(tens) = r.one_of(&TABLES.tens[..2]) {
                r.word("-");
                let ones = r.one_of(&TABLES.ordinals[..9])?;
                return i8::try_from(10 * tens + 21 + ones).ok();
            }
            i8::try_from(r.one_of(&TABLES.ordinals)? + 1).ok()
        })
    }

    fn day(&mut self) -> Option<i8> {
        let day = self.attempt(Self::ordinal).or_else(|| {
            self.attempt(|r| {
                let n = r.peek(0)?.number?;
                r.at += 1;
                // “3,000” and “3.5” are not days.
                let goes_on =
                    r.peek(0).is_some_and(|w| !w.apart && [",", ".", ":", "%"].contains(&w.text.as_str()))
                        && r.peek(1).is_some_and(|w| !w.apart && w.number.is_some());
                (!goes_on).then(|| i8::try_from(n).ok())?
            })
        })?;
        (1..=31).contains(&day).then_some(day)
    }

    /// A day after its month or its weekday; in this position “twenty one” counts too.
    fn day_in_words(&mut self) -> Option<i8> {
        self.attempt(Self::day).or_else(|| {
            self.attempt(|r| {
                let tens = r.one_of(&TABLES.tens[..2]);
                r.word("-");
                let ones = r.attempt(|r| r.number().filter(|n| tens.is_none() || *n < 10));
                let tens = tens.map_or(0, |t| 20 + 10 * t);
                let day = i8::try_from(tens).ok()? + if tens == 0 { ones? } else { ones.unwrap_or(0) };
                (1..=31).contains(&day).then_some(day)
            })
        })
    }

    /// “December 3, 2015”, “3 December 2015”, “the 3rd of December”, “December the 3rd”.
    fn day_and_month(&mut self) -> Option<(i8, i8, Option<i16>)> {
        let (month, day) = self
            .attempt(|r| {
                let month = r.month()?;
                let _ = r.one_of(&["-", "/"]);
                r.word("the");
                Some((month, r.day_in_words()?))
            })
            .or_else(|| {
                self.attempt(|r| {
                    r.word("the");
                    let day = r.attempt(Self::day)?;
                    let _ = r.one_of(&["-", "/", "."]);
                    r.word("day");
                    r.word("of");
                    Some((r.month()?, day))
                })
            })?;
        let year = self.year_behind().or_else(|| {
            self.attempt(|r| {
                r.one_of(&["-", "/"])?;
                r.year().or_else(|| r.short_year())
            })
        });
        Some((month, day, year))
    }

    /// A year in two digits; from 50 it belongs to the last century.
    fn short_year(&mut self) -> Option<i16> {
        let word = self.peek(0).filter(|w| w.text.len() == 2)?;
        let n = i16::try_from(word.number?).ok()?;
        self.at += 1;
        Some(if n < 50 { 2000 + n } else { 1900 + n })
    }

    /// Weekdays, alone or with a date.
    fn with_weekday(&mut self) -> Option<Meaning> {
        let which = self.which();
        let weekday = self.attempt(|r| {
            if which.is_some() && r.word("week").is_some() {
                r.attempt(|r| r.one_of(&["'", "’"]).and_then(|_| r.word("s")));
                r.word("on");
            }
            r.weekday()
        });
        // “next week on Friday”, “this week Friday”.
        if let (Some(which), Some(day)) = (which, weekday)
            && self.words[..self.at].iter().rev().take(5).any(|w| w.text == "week")
        {
            return Some(Meaning::Weekday(day, in_week(which)));
        }
        let weekday = match weekday {
            Some(day) => day,
            // “Dec. 3, Thursday”.
            None if which.is_none() => {
                let (month, day, year) = self.day_and_month()?;
                self.word(",");
                return Some(written(year, month, Some(day), Some(self.weekday()?)));
            }
            None => return None,
        };
        let dated = self.attempt(|r| {
            r.word(",");
            r.day_and_month()
        });
        if let Some((month, day, year)) = dated.filter(|_| which.is_none()) {
            return Some(written(year, month, Some(day), Some(weekday)));
        }
        if which.is_none() {
            // “Tuesday the 19th”.
            let numbered = self.attempt(|r| {
                r.word("the");
                let day = r.day_in_words()?;
                (!r.before_noun()).then_some(day)
            });
            if let Some(day) = numbered {
                return Some(Meaning::DayOfMonth { day, months: None, weekday: Some(weekday) });
            }
        }
        // “Wednesday of next week”, “Wednesday next week”, “Friday from last week”.
        let week = self.attempt(|r| {
            let _ = r.one_of(&["of", "from", "in"]);
            let which = r.which()?;
            r.word("week").map(|()| which)
        });
        if let Some(week) = week {
            return Some(Meaning::Weekday(weekday, in_week(week)));
        }
        if self.attempt(|r| r.all(&["after", "next"])).is_some() {
            return Some(Meaning::Weekday(weekday, Which::Coming(2)));
        }
        Some(Meaning::Weekday(weekday, which.unwrap_or(Which::Plain)))
    }

    /// “last”, “this past”, “next”, “this”.
    fn which(&mut self) -> Option<Which> {
        self.attempt(|r| {
            r.word("the");
            let this = r.is_this();
            let which = r.value_of(&TABLES.which)?;
            Some(if this && r.one_of(&TABLES.past_again).is_some() { Which::Last } else { which })
        })
    }

    fn is_this(&self) -> bool {
        self.peek(0).is_some_and(|w| w.text == "this")
    }

    /// “the first Monday of October 2014”, “the last day of this month”.
    fn nth(&mut self) -> Option<Meaning> {
        self.word("the");
        let n = match self.attempt(Self::ordinal) {
            Some(n) if self.word("last").is_some() => -n,
            Some(n) => n,
            None => self.word("last").map(|()| -1)?,
        };
        let weekday = self.attempt(Self::weekday);
        if weekday.is_none() {
            self.word("day")?;
        }
        self.one_of(&["of", "in"])?;
        let of = match self.attempt(Self::month) {
            Some(month) => MonthOf::Named(month, self.year_behind()),
            None => MonthOf::From(self.month_away()?),
        };
        Some(Meaning::Nth { n, weekday, of })
    }

    /// “this month”, “the month” or “last month”, as a distance in months.
    fn month_away(&mut self) -> Option<i32> {
        let which = self.which();
        if which.is_none() {
            self.word("the")?;
        }
        self.word("month")?;
        Some(which.map_or(0, away))
    }

    /// “2015-12-03”, “12/3/2015”, “3.12.2015”, “12/2015”, and “12/3” after a preposition.
    fn digits(&mut self) -> Option<Meaning> {
        let first = self.peek(0)?;
        let a = first.number?;
        let mark = self.peek(1).filter(|w| ["/", "-", "."].contains(&w.text.as_str()))?;
        let b = self.peek(2).filter(|w| w.apart == mark.apart)?;
        let third = self.peek(4).filter(|w| self.peek(3).is_some_and(|m| m.text == mark.text) && !w.apart);
        let (month_name, b_number) = (abbreviated(&b.text, &MONTHS, &[]), b.number);
        let small = |n: i32| i8::try_from(n).ok();
        let of = |year: i32, month: i32, day: Option<i32>| {
            let day = match day {
                Some(day) => Some(small(day).filter(|d| (1..=31).contains(d))?),
                None => None,
            };
            let month = small(month).filter(|m| (1..=12).contains(m))?;
            Some(written(Some(i16::try_from(year).ok()?), month, day, None))
        };
        let whole = |w: &Part| match w.text.len() {
            4 => w.number,
            2 => w.number.map(|n| if n < 50 { 2000 + n } else { 1900 + n }),
            _ => None,
        };
        if let Some(third) = third {
            self.at += 5;
            if first.text.len() == 4 {
                let month = month_name.map_or(b_number, |m| i32::try_from(m + 1).ok())?;
                return of(a, month, third.number);
            }
            let year = whole(third)?;
            return match (month_name, b_number) {
                (Some(m), _) => of(year, i32::try_from(m + 1).ok()?, Some(a)),
                // The month comes first, as in the United States, unless the number is too high for one or full stops
                // separate the parts.
                (None, Some(b)) if a > 12 || (mark.text == "." && b <= 12) => of(year, b, Some(a)),
                (None, Some(b)) => of(year, a, Some(b)),
                _ => None,
            };
        }
        let b = b_number?;
        if first.text.len() == 4 && mark.text != "." && (1000..2200).contains(&a) {
            self.at += 3;
            return of(a, b, None);
        }
        if mark.text == "/" && self.words[self.at + 2].text.len() == 4 {
            self.at += 3;
            return of(b, a, None);
        }
        let alone = self.is_whole_block(3);
        let led = self.at > 0 && TABLES.day_openings.contains(&self.words[self.at - 1].text.as_str());
        if mark.text == "." || !(alone || led) {
            return None;
        }
        let (month, day) = if a > 12 { (b, a) } else { (a, b) };
        self.at += 3;
        let (month, day) = (small(month)?, small(day)?);
        ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(written(
            None,
            month,
            Some(day),
            None,
        ))
    }

    /// “May 2014”, “last May”, “in May”. A month's bare name is a date unless it may be another name.
    fn month_alone(&mut self, led: bool) -> Option<Meaning> {
        let which = self.which();
        let also_a_name = |w: &Part| TABLES.months_and_names.contains(&w.text.as_str());
        let name = self.peek(0)?;
        let alone = self.is_whole_block(1);
        let month = self.month()?;
        // “March in a year”.
        if let Some(year) = self.year_behind() {
            return Some(written(Some(year), month, None, None));
        }
        let years = self.attempt(Self::years_away);
        match (which, years) {
            (Some(which), _) => Some(Meaning::Month(
                month,
                match which {
                    Which::InWeek(0) => Which::Plain,
                    which => which,
                },
            )),
            (None, Some(0)) => Some(Meaning::Month(month, Which::Plain)),
            (None, Some(years)) => Some(Meaning::InYear { month, day: None, years }),
            (None, None) if led || !also_a_name(name) || alone => {
                // “September Lund” is a person.
                let surname = self.peek(0).is_some_and(|w| w.capital && w.apart && !led);
                (!surname).then_some(written(None, month, None, None))
            }
            _ => None,
        }
    }

    /// The distance of the year after a month or a day: “last year”, “of this year”.
    fn years_away(&mut self) -> Option<i8> {
        let _ = self.one_of(&["of", ","]);
        let which = self.which()?;
        self.word("year")?;
        i8::try_from(away(which)).ok()
    }

    fn year_alone(&mut self, led: bool) -> Option<Meaning> {
        let alone = self.is_whole_block(1);
        let before = self.at.checked_sub(1).map(|n| self.words[n].text.as_str());
        let asked = led && before.is_some_and(|w| TABLES.year_openings.contains(&w));
        let year = self.year().filter(|y| (1800..2100).contains(y))?;
        let counted = self.peek(0).is_some_and(|w| {
            let goes_on = || self.peek(1).is_some_and(|n| !n.apart);
            // “2000s”, “1900th”, “2000,50”
            w.text == "%"
                || (!w.apart
                    && match w.text.as_str() {
                        "s" => true,
                        "th" | "," | "." => goes_on(),
                        _ => false,
                    })
        });
        ((alone || asked) && !counted).then_some(Meaning::Written {
            year: Some(year),
            month: None,
            day: None,
            weekday: None,
        })
    }

    /// “on the 15th”, “the 20th of last month”.
    fn day_of_month(&mut self) -> Option<Meaning> {
        let on = self.at > 0 && self.words[self.at - 1].text == "on";
        let the = self.word("the").is_some();
        let alone = self.at == usize::from(the) && self.words.len() <= self.at + 2;
        let ordinal = self.attempt(Self::ordinal);
        let day = ordinal.or_else(|| self.attempt(Self::day)).filter(|d| (1..=31).contains(d))?;
        self.word("day");
        let months = self.attempt(|r| {
            r.word("of")?;
            r.month_away()
        });
        let said = ordinal.is_some() || the;
        let meant = months.is_some() || ((on || alone) && said && !self.before_noun());
        meant.then_some(Meaning::DayOfMonth { day, months, weekday: None })
    }

    /// Whether the next word is a noun that the number belongs to: “the 15th amendment”.
    fn before_noun(&self) -> bool {
        self.peek(0).is_some_and(|w| {
            w.text.starts_with(char::is_alphanumeric) && !TABLES.after_day.contains(&w.text.as_str())
                || (!w.apart && w.text == "-")
        })
    }

    /// Distances: “yesterday”, “two days ago”, “last month”, “a day earlier”, “last week”.
    fn relative(&mut self) -> Option<Meaning> {
        // “USA Today”.
        let in_name =
            self.at > 0 && self.peek(0).is_some_and(|w| w.capital) && self.words[self.at - 1].capital;
        if in_name {
            return None;
        }
        if let Some((_, days)) = TABLES.days.iter().find(|(words, _)| self.all(words).is_some()) {
            return Some(Meaning::From(Unit::Day, *days));
        }
        if self.attempt(|r| r.word("this").and_then(|()| r.one_of(&TABLES.parts_of_day))).is_some() {
            return Some(Meaning::From(Unit::Day, 0));
        }
        // “earlier in the day”
        let part = self.at.checked_sub(2).and_then(|n| self.words.get(n..self.at));
        let part = part.is_some_and(|w| TABLES.relative.contains(&w[0].text.as_str()) && w[1].text == "in");
        if part && self.all(&["the", "day"]).is_some() {
            return Some(Meaning::Beside(Unit::Day, 0));
        }
        if self.attempt(|r| r.word("that").and_then(|()| r.one_of(&TABLES.parts_of_day))).is_some() {
            return Some(Meaning::Beside(Unit::Day, 0));
        }
        if let Some((_, days)) = TABLES.days_beside.iter().find(|(words, _)| self.all(words).is_some()) {
            return Some(Meaning::Beside(Unit::Day, *days));
        }
        if let Some(vague) = self.attempt(Self::vague) {
            return Some(vague);
        }
        if let Some(meaning) = self.attempt(|r| {
            let which = r.which()?;
            Some(Meaning::From(r.value_of(&TABLES.single_units)?, away(which)))
        }) {
            return Some(meaning);
        }
        self.counted()
    }

    /// “two years ago”, “a day earlier”, “3 Fridays from now”, “in two months”.
    fn counted(&mut self) -> Option<Meaning> {
        let ahead = self.at > 0 && self.words[self.at - 1].text == "in";
        let n = match self.one_of(&["a", "an"]) {
            Some(_) => 1,
            None => i32::from(self.number()?),
        };
        if let Some(day) = self.attempt(Self::weekdays) {
            let n = i8::try_from(n).ok()?;
            return match self.one_of(&TABLES.back) {
                Some(_) => Some(Meaning::Weekday(day, Which::Back(n))),
                None => self.all(&["from", "now"]).map(|()| Meaning::Weekday(day, Which::Coming(n))),
            };
        }
        let unit = self.value_of(&TABLES.units)?;
        if self.one_of(&TABLES.back).is_some() {
            return Some(unit.map_or(Meaning::Vague, |unit| Meaning::From(unit, -n)));
        }
        let unit = unit?;
        let may_precede = self.peek(0).is_some_and(|w| TABLES.beside_prepositions.contains(&w.text.as_str()));
        if let Some(direction) = self.value_of(&TABLES.beside) {
            // “two days before the vote” counts from the vote.
            let precedes =
                may_precede && self.peek(0).is_some_and(|w| w.text.starts_with(char::is_alphabetic));
            return (!precedes).then_some(Meaning::Beside(unit, direction * n));
        }
        (self.any_of(&TABLES.from_now).is_some() || ahead).then_some(Meaning::From(unit, n))
    }

    fn weekdays(&mut self) -> Option<Weekday> {
        let word = self.peek(0)?;
        let singular = word.text.strip_suffix('s').unwrap_or(&word.text);
        let n = TABLES.weekdays.iter().position(|d| *d == singular)?;
        self.at += 1;
        Weekday::from_monday_zero_offset(i8::try_from(n).ok()?).ok()
    }

    /// Words that name no particular day, month or year.
    fn vague(&mut self) -> Option<Meaning> {
        if self.one_of(&TABLES.vague).is_some() {
            return Some(Meaning::Vague);
        }
        let amount = self.attempt(|r| {
            r.any_of(&TABLES.vague_amounts)?;
            r.one_of(&TABLES.vague_units)?;
            r.one_of(&TABLES.vague_ends)
        });
        let no_amount = |r: &mut Self| r.one_of(&TABLES.vague_units).and_then(|_| r.word("ago"));
        if amount.is_some() || self.attempt(no_amount).is_some() {
            return Some(Meaning::Vague);
        }
        self.word("the");
        let this = self.is_this();
        self.one_of(&TABLES.vague_which)?;
        if this {
            let _ = self.one_of(&TABLES.past_again);
        }
        self.one_of(&TABLES.vague_times)?;
        Some(Meaning::Vague)
    }
}

fn written(year: Option<i16>, month: i8, day: Option<i8>, weekday: Option<Weekday>) -> Meaning {
    Meaning::Written { year, month: Some(month), day, weekday }
}

/// The distance in months or years that a word expresses.
fn away(which: Which) -> i32 {
    match which {
        Which::Last | Which::Back(_) => -1,
        Which::Coming(n) | Which::InWeek(n) => i32::from(n),
        Which::Plain => 0,
    }
}

fn in_week(which: Which) -> Which {
    Which::InWeek(i8::try_from(away(which)).unwrap_or(0))
}

/// The index of the name that a word matches, in full or by its first three letters.
fn abbreviated(word: &str, names: &[&str], others: &[(&str, usize)]) -> Option<usize> {
    let other = others.iter().find(|(short, _)| *short == word).map(|(_, n)| *n);
    other.or_else(|| {
        names.iter().position(|name| *name == word || (word.len() == 3 && name.starts_with(word)))
    })
}
