//! What only a store's answers distinguish: decisions, corrections, changes and periods.

use crate::names::names;
use crate::{PartialDate, Side};

/// The kind of a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DecisionKind {
    /// The statement or report is right.
    #[default]
    Accept,
    /// The statement or report is wrong, so search and exports leave it out.
    Reject,
    /// A field of the statement or report gets another value.
    Set,
    /// Two people are the same.
    Merge,
    /// A speaker is not the person of that name in other articles.
    Split,
}

/// The fields that a person may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DecidedField {
    /// Who made the statement.
    Speaker,
    /// The speaker's office or affiliation.
    Role,
    /// The day on which it was said, in EDTF.
    Said,
    /// Of a report: the type of the event.
    Type,
    /// Of a report: whether it happened, according to its claimant.
    Status,
    /// Of a report: who acts.
    Actor,
    /// Of a report: to whom it is done.
    Recipient,
    /// Of a report: who reports it.
    Claimant,
}

impl DecidedField {
    /// Returns the field's name as readers know it: `day` for [`DecidedField::Said`].
    #[must_use]
    pub fn in_words(self) -> &'static str {
        if self == Self::Said { "day" } else { self.name() }
    }

    /// Returns whether the field belongs to reports of events, and not to statements.
    #[must_use]
    pub fn is_of_event(self) -> bool {
        match self {
            Self::Speaker | Self::Role | Self::Said => false,
            Self::Type | Self::Status | Self::Actor | Self::Recipient | Self::Claimant => true,
        }
    }
}

/// What a person may have corrected in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Corrected {
    /// Whether the statement is right.
    Verdict,
    /// Who made the statement.
    Speaker,
    /// The speaker's office or affiliation.
    Role,
    /// The day on which it was said, in EDTF.
    Said,
}

/// What a person may have corrected in a report of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CorrectedEvent {
    /// Whether the report is right.
    Verdict,
    /// The type of the event.
    Type,
    /// Whether it happened, according to its claimant.
    Status,
    /// Who acts.
    Actor,
    /// To whom it is done.
    Recipient,
    /// Who reports it: the article, or a statement.
    Claimant,
}

/// How a later version changes a quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The same words.
    Identical,
    /// Words were left out at an end.
    Cut,
    /// It has more words than the first version, added at an end.
    Extended,
    /// Words were left out in the middle, and dots mark the gap.
    Ellipsis,
    /// Words were put in brackets.
    Bracketed,
    /// Words were left out in the middle without a mark, or the order was changed.
    Spliced,
    /// The quotation marks were removed.
    QuotedIndirectly,
    /// Words were changed.
    Reworded,
}

/// What became of a statement from one version of an article to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fate {
    /// The statement is new.
    #[default]
    Appeared,
    /// The statement is gone.
    Vanished,
    /// Its words, its cue or its speaker changed.
    Changed,
}

/// How a statement relates to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// The person made the statement.
    Said,
    /// Others made the statement about the person.
    About,
}

/// A period over which statements or reports are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// `2015-12-03`
    Day,
    /// `2015-12`
    Month,
    /// `2015`
    Year,
}

impl Period {
    /// Returns the period that a date lies in, or `None` if the date is not exact enough to tell.
    ///
    /// ```
    /// use onrecord_text::answers::Period;
    ///
    /// assert_eq!(Period::Month.of("2015-12-03").as_deref(), Some("2015-12"));
    /// assert_eq!(Period::Month.of("2015"), None);
    /// ```
    #[must_use]
    pub fn of(self, date: &str) -> Option<String> {
        let date: PartialDate = date.parse().ok()?;
        let length = match self {
            Self::Day => date.day().and(Some(10)),
            Self::Month => date.month().and(Some(7)),
            Self::Year => Some(4),
        };
        date.year()?;
        date.to_string().get(..length?).map(str::to_owned)
    }

    /// Returns the periods from one to another, both included, or `None` if there are more than `most` or one of the two is
    /// not a period of this length.
    ///
    /// ```
    /// use onrecord_text::answers::Period;
    ///
    /// let winter = Period::Month.between("2015-12", "2016-02", 400);
    /// assert_eq!(winter.unwrap(), ["2015-12", "2016-01", "2016-02"]);
    /// assert_eq!(Period::Day.between("0001-01-01", "2016-02-28", 400), None);
    /// ```
    #[must_use]
    pub fn between(self, first: &str, last: &str, most: usize) -> Option<Vec<String>> {
        if self.of(last)? != last {
            return None;
        }
        let mut all = vec![self.of(first).filter(|period| period == first)?];
        while all.last()?.as_str() < last {
            all.push(self.after(all.last()?)?);
            if all.len() > most {
                return None;
            }
        }
        (all.last()? == last).then_some(all)
    }

    /// Returns the period after one of this length.
    fn after(self, period: &str) -> Option<String> {
        let date: PartialDate = period.parse().ok()?;
        let year = date.year()?;
        match self {
            Self::Day => date.whole()?.tomorrow().ok().map(|day| day.to_string()),
            Self::Month if date.month()? == 12 => Self::Year.after(period).map(|year| format!("{year}-01")),
            Self::Month => Some(format!("{year:04}-{:02}", date.month()? + 1)),
            Self::Year => year.checked_add(1).filter(|year| *year <= 9999).map(|year| format!("{year:04}")),
        }
    }
}

/// Who reports an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClaimedBy {
    /// The article itself.
    Article,
    /// The actor's side, in a statement.
    Actor,
    /// The recipient's side, in a statement.
    Recipient,
    /// A third party, in a statement.
    Other,
    /// Somebody who can't be placed, in a statement.
    Unknown,
}

impl ClaimedBy {
    /// Returns who claims an event: the article itself unless a statement reports it.
    ///
    /// ```
    /// use onrecord_text::{Side, answers::ClaimedBy};
    ///
    /// assert_eq!(ClaimedBy::of(true, Some(Side::Actor)), ClaimedBy::Actor);
    /// assert_eq!(ClaimedBy::of(true, None), ClaimedBy::Unknown);
    /// assert_eq!(ClaimedBy::of(false, None), ClaimedBy::Article);
    /// ```
    #[must_use]
    pub fn of(in_a_statement: bool, side: Option<Side>) -> Self {
        match side {
            _ if !in_a_statement => Self::Article,
            Some(Side::Actor) => Self::Actor,
            Some(Side::Recipient) => Self::Recipient,
            Some(Side::Other) => Self::Other,
            None => Self::Unknown,
        }
    }
}

/// A field whose values are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FacetField {
    /// Who made the statement.
    Speaker,
    /// What kind of source the speaker is.
    SpeakerKind,
    /// What kind of act the statement is.
    Act,
    /// The publisher of the article.
    Outlet,
    /// The month of publication.
    Month,
    /// Whether the statement is a quotation.
    Kind,
    /// Of a report: the type of the event.
    Type,
    /// Of a report: whether the event happened, according to its claimant.
    Status,
    /// Of a report: the side of the claimant.
    Side,
    /// Of a report: who acts.
    Actor,
    /// Of a report: to whom it is done.
    Recipient,
    /// Of a report: who reports it.
    Claimant,
}

names! {
    FacetField {
        Speaker = "speaker",
        SpeakerKind = "speaker_kind",
        Act = "act",
        Outlet = "outlet",
        Month = "month",
        Kind = "kind",
        Type = "type",
        Status = "status",
        Side = "side",
        Actor = "actor",
        Recipient = "recipient",
        Claimant = "claimant",
    }

    DecisionKind {
        Accept = "accept",
        Reject = "reject",
        Set = "set",
        Merge = "merge",
        Split = "split",
    }

    DecidedField {
        Speaker = "speaker",
        Role = "role",
        Said = "said",
        Type = "type",
        Status = "status",
        Actor = "actor",
        Recipient = "recipient",
        Claimant = "claimant",
    }

    Corrected {
        Verdict = "verdict",
        Speaker = "speaker",
        Role = "role",
        Said = "said",
    }

    CorrectedEvent {
        Verdict = "verdict",
        Type = "type",
        Status = "status",
        Actor = "actor",
        Recipient = "recipient",
        Claimant = "claimant",
    }

    ChangeKind {
        Identical = "identical",
        Cut = "cut",
        Extended = "extended",
        Ellipsis = "ellipsis",
        Bracketed = "bracketed",
        Spliced = "spliced",
        QuotedIndirectly = "quoted indirectly",
        Reworded = "reworded",
    }

    Fate {
        Appeared = "appeared",
        Vanished = "vanished",
        Changed = "changed",
    }

    Relation {
        Said = "said",
        About = "about",
    }

    Period {
        Day = "day",
        Month = "month",
        Year = "year",
    }

    ClaimedBy {
        Article = "article",
        Actor = "actor",
        Recipient = "recipient",
        Other = "other",
        Unknown = "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn a_period_needs_an_exact_date() {
        assert_eq!(Period::Year.of("2015").as_deref(), Some("2015"));
        assert_eq!(Period::Day.of("2015-12-03").as_deref(), Some("2015-12-03"));
        assert_eq!(Period::Day.of("2015-12"), None);
        assert_eq!(Period::Month.of("XXXX-12-03"), None);
    }

    #[test]
    fn periods_between_two_include_both() {
        assert_eq!(
            Period::Month.between("2015-11", "2016-01", 3).unwrap(),
            ["2015-11", "2015-12", "2016-01"]
        );
        assert_eq!(Period::Month.between("2015-11", "2016-01", 2), None, "more than asked for");
        assert_eq!(Period::Year.between("2015", "2017", 400).unwrap(), ["2015", "2016", "2017"]);
        let leap = Period::Day.between("2016-02-28", "2016-03-01", 400);
        assert_eq!(leap.unwrap(), ["2016-02-28", "2016-02-29", "2016-03-01"]);
        assert_eq!(Period::Day.between("2016-02-28", "2016-02-28", 400).unwrap(), ["2016-02-28"]);
    }

    #[test]
    fn only_periods_of_the_same_length_have_others_between_them() {
        assert_eq!(Period::Year.between("x", "2016", 400), None);
        assert_eq!(Period::Month.between("2015", "2016-01", 400), None);
        assert_eq!(Period::Month.between("2015-11", "2016", 400), None);
        assert_eq!(Period::Year.between("2017", "2016", 400), None, "the wrong way round");
        assert_eq!(Period::Year.between("9998", "9999", 400).unwrap(), ["9998", "9999"]);
    }
}
