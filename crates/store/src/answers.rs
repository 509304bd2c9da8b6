//! The store's answers in their public JSON form.

use onrecord_text::answers::{self, ClaimedBy, Fate};
use onrecord_text::wire;

use crate::changes::{Change, Changes};
use crate::events::{Party, Report};
use crate::find::Hits;
use crate::lineage::{Edit, Lineage};
use crate::people::Person;
use crate::reports::{Accounts, RelationCount, Reports};
use crate::rows::Hit;

impl From<&Hit> for answers::Hit {
    fn from(hit: &Hit) -> Self {
        // The matches are in order, so one pass counts the characters.
        let (mut byte, mut points) = (0, 0);
        let mut point = |at: usize| {
            points += hit.content[byte..at].chars().count();
            byte = at;
            points
        };
        Self {
            schema: answers::Schema,
            statement: hit.name.to_string(),
            address: hit.address.clone(),
            kind: hit.kind,
            act: hit.act,
            status: hit.status,
            speaker: hit.speaker.clone(),
            speaker_kind: hit.speaker_kind,
            role: hit.role.clone(),
            cue: hit.cue.clone(),
            content: hit.content.clone(),
            spans: hit.spans.clone(),
            said: hit.said.clone(),
            published: hit.published.clone(),
            outlet: hit.outlet.clone(),
            title: hit.title.clone(),
            url: hit.url.clone(),
            source_id: hit.source_id.clone(),
            confidence: hit.confidence,
            relayed_by: hit.relayed_by.clone(),
            corrected: hit.corrected.clone(),
            rejected: hit.rejected,
            withdrawn: hit.withdrawn,
            matches: hit.matches.iter().map(|&(start, end)| [point(start), point(end)]).collect(),
            relation: None,
        }
    }
}

impl From<&Person> for answers::Person {
    fn from(person: &Person) -> Self {
        Self {
            schema: answers::Schema,
            person: person.id.to_string(),
            name: person.name.clone(),
            kind: person.kind,
            roles: person.roles.clone(),
            articles: person.articles,
        }
    }
}

impl From<&Edit> for answers::Edit {
    fn from(edit: &Edit) -> Self {
        match edit {
            Edit::Kept(words) => Self::Kept(words.clone()),
            Edit::Deleted(words) => Self::Deleted(words.clone()),
            Edit::Inserted(words) => Self::Inserted(words.clone()),
        }
    }
}

impl Lineage {
    /// Returns the versions in their public JSON form.
    pub fn answers(&self) -> impl Iterator<Item = answers::Version> + '_ {
        self.versions.iter().enumerate().map(|(n, version)| answers::Version {
            hit: (&version.hit).into(),
            change: (n > 0).then_some(version.change),
            diff: version.diff.iter().map(Into::into).collect(),
            cue_was: version.cue.as_ref().map(|(was, _)| was.clone()),
            speaker_was: version.speaker.as_ref().map(|(was, _)| was.clone()),
            copy_of: version.copy_of.map(|m| self.versions[m].hit.name.to_string()),
        })
    }
}

impl From<&Lineage> for answers::Lineage {
    fn from(lineage: &Lineage) -> Self {
        Self { schema: answers::Schema, versions: lineage.answers().collect(), more: lineage.more }
    }
}

impl From<&Changes> for answers::Step {
    fn from(changes: &Changes) -> Self {
        Self {
            earlier: changes.earlier.0,
            later: changes.later.0,
            same: changes.same,
            changes: changes.answers().collect(),
        }
    }
}

impl From<&Hits> for answers::Hits {
    fn from(hits: &Hits) -> Self {
        let last = hits.hits.last().filter(|_| hits.more);
        Self {
            schema: answers::Schema,
            hits: hits.hits.iter().map(Into::into).collect(),
            next: last.map(|hit| hit.address.clone()),
            cut: hits.cut,
        }
    }
}

impl Changes {
    /// Returns the changes in their public JSON form.
    pub fn answers(&self) -> impl Iterator<Item = answers::Change> + '_ {
        self.changes.iter().map(|change| {
            let (fate, was, is, diff) = match change {
                Change::Appeared(is) => (Fate::Appeared, None, Some(is), [].as_slice()),
                Change::Vanished(was) => (Fate::Vanished, Some(was), None, [].as_slice()),
                Change::Changed(was, is, diff) => (Fate::Changed, Some(&**was), Some(&**is), diff.as_slice()),
            };
            answers::Change {
                schema: answers::Schema,
                earlier: self.earlier.0,
                later: self.later.0,
                change: fate,
                was: was.map(Into::into),
                is: is.map(Into::into),
                diff: diff.iter().map(Into::into).collect(),
            }
        })
    }
}

impl From<&Party> for answers::ReportParty {
    fn from(party: &Party) -> Self {
        Self {
            name: party.name.clone(),
            kind: party.kind,
            country: wire::joined(&party.countries),
            sector: wire::joined(&party.sectors),
        }
    }
}

impl From<&Report> for answers::Report {
    fn from(report: &Report) -> Self {
        Self {
            schema: answers::Schema,
            report: report.name.to_string(),
            kind: report.kind,
            class: report.kind.quad_class(),
            status: report.status,
            historical: report.historical,
            trigger: report.trigger.clone(),
            actor: report.actor.as_ref().map(Into::into),
            recipient: report.recipient.as_ref().map(Into::into),
            place: report.place.clone(),
            place_country: report.place_country.clone(),
            date: report.date.clone(),
            date_basis: report.date_basis,
            claimant: match &report.claim {
                None => Some(wire::ARTICLE.to_owned()),
                Some(claim) => claim.speaker.clone(),
            },
            claimant_side: report.side,
            claim: report.claim.as_deref().map(Into::into),
            sentence: report.sentence.clone(),
            trigger_at: report.trigger_at.into(),
            published: report.published.clone(),
            outlet: report.outlet.clone(),
            title: report.title.clone(),
            url: report.url.clone(),
            source_id: report.source_id.clone(),
            withdrawn: report.withdrawn,
            confidence: report.confidence,
            corrected: report.corrected.clone(),
        }
    }
}

impl From<&Reports> for answers::Reports {
    fn from(found: &Reports) -> Self {
        let last = found.reports.last().filter(|_| found.more);
        Self {
            schema: answers::Schema,
            reports: found.reports.iter().map(Into::into).collect(),
            next: last.map(|report| report.name.to_string()),
            hint: None,
        }
    }
}

impl RelationCount {
    /// Returns the number in its public JSON form, with the names of the parties as they were asked for.
    #[must_use]
    pub fn answer(&self, [one, other]: [&str; 2]) -> answers::RelationCount {
        let (actor, recipient) = if self.forward { (one, other) } else { (other, one) };
        answers::RelationCount {
            schema: answers::Schema,
            period: self.period.clone(),
            actor: actor.to_owned(),
            recipient: recipient.to_owned(),
            class: self.class,
            claimed_by: ClaimedBy::of(self.claimed, self.side),
            status: self.status,
            reports: self.reports,
        }
    }
}

impl From<&Accounts> for answers::Accounts {
    fn from(accounts: &Accounts) -> Self {
        Self {
            schema: answers::Schema,
            parties: accounts.parties.clone(),
            class: accounts.class,
            days: accounts.days.clone(),
            reports: accounts.reports.iter().map(Into::into).collect(),
        }
    }
}
