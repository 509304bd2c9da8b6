//! The store's answers in their public JSON form.

use onrecord_text::answers;

use crate::changes::{Change, Changes};
use crate::events::{Party, Report};
use crate::find::Hits;
use crate::ids::PersonRef;
use crate::index::{ARTICLE, claimed_by};
use crate::kinds::{Corrected, CorrectedEvent};
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
        let mut answer = Self::default();
        answer.schema = answers::SCHEMA.to_owned();
        answer.statement = hit.name.to_string();
        answer.address.clone_from(&hit.address);
        answer.kind = hit.kind.name().to_owned();
        answer.act = hit.act.map_or_else(String::new, |act| act.name().to_owned());
        answer.status = hit.status.map_or_else(String::new, |status| status.name().to_owned());
        answer.speaker.clone_from(&hit.speaker);
        answer.speaker_kind = hit.speaker_kind.map(|kind| kind.name().to_owned());
        answer.role.clone_from(&hit.role);
        answer.cue.clone_from(&hit.cue);
        answer.content.clone_from(&hit.content);
        answer.spans.clone_from(&hit.spans);
        answer.said.clone_from(&hit.said);
        answer.published.clone_from(&hit.published);
        answer.outlet.clone_from(&hit.outlet);
        answer.title.clone_from(&hit.title);
        answer.url.clone_from(&hit.url);
        answer.source_id.clone_from(&hit.source_id);
        answer.confidence = hit.confidence;
        answer.corrected = hit.corrected.iter().copied().map(Corrected::name).map(str::to_owned).collect();
        (answer.relayed_by, answer.rejected) = (hit.relayed_by.clone(), hit.rejected);
        answer.matches = hit.matches.iter().map(|&(start, end)| [point(start), point(end)]).collect();
        answer
    }
}

impl From<&Person> for answers::Person {
    fn from(person: &Person) -> Self {
        let mut answer = Self::default();
        answer.schema = answers::SCHEMA.to_owned();
        answer.person = PersonRef(person.id).to_string();
        answer.name.clone_from(&person.name);
        answer.kind = person.kind.name().to_owned();
        answer.roles.clone_from(&person.roles);
        answer.articles = person.articles;
        answer
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
        self.versions.iter().enumerate().map(|(n, version)| {
            let mut answer = answers::Version::default();
            answer.hit = (&version.hit).into();
            answer.change = (n > 0).then(|| version.change.name().to_owned());
            answer.diff = version.diff.iter().map(Into::into).collect();
            answer.cue_was = version.cue.as_ref().map(|(was, _)| was.clone());
            answer.speaker_was = version.speaker.as_ref().map(|(was, _)| was.clone());
            answer.copy_of = version.copy_of.map(|m| self.versions[m].hit.name.to_string());
            answer
        })
    }
}

impl From<&Lineage> for answers::Lineage {
    fn from(lineage: &Lineage) -> Self {
        let mut answer = Self::default();
        answer.schema = answers::SCHEMA.to_owned();
        (answer.versions, answer.more) = (lineage.answers().collect(), lineage.more);
        answer
    }
}

impl From<&Changes> for answers::Step {
    fn from(changes: &Changes) -> Self {
        let mut answer = Self::default();
        (answer.earlier, answer.later, answer.same) = (changes.earlier, changes.later, changes.same);
        answer.changes = changes.answers().collect();
        answer
    }
}

impl From<&Hits> for answers::Hits {
    fn from(hits: &Hits) -> Self {
        let mut answer = Self::default();
        answer.schema = answers::SCHEMA.to_owned();
        answer.hits = hits.hits.iter().map(Into::into).collect();
        answer.cut = hits.cut;
        if hits.more {
            answer.next = hits.hits.last().map(|hit| hit.address.clone());
        }
        answer
    }
}

impl Changes {
    /// Returns the changes in their public JSON form.
    pub fn answers(&self) -> impl Iterator<Item = answers::Change> + '_ {
        self.changes.iter().map(|change| {
            let mut answer = answers::Change::default();
            answer.schema = answers::SCHEMA.to_owned();
            (answer.earlier, answer.later) = (self.earlier, self.later);
            let (name, was, is, diff) = match change {
                Change::Appeared(is) => ("appeared", None, Some(is), [].as_slice()),
                Change::Vanished(was) => ("vanished", Some(was), None, [].as_slice()),
                Change::Changed(was, is, diff) => ("changed", Some(&**was), Some(&**is), diff.as_slice()),
            };
            answer.change = name.to_owned();
            (answer.was, answer.is) = (was.map(Into::into), is.map(Into::into));
            answer.diff = diff.iter().map(Into::into).collect();
            answer
        })
    }
}

impl From<&Party> for answers::ReportParty {
    fn from(party: &Party) -> Self {
        let mut answer = Self::default();
        answer.name.clone_from(&party.name);
        answer.kind = party.kind.name().to_owned();
        answer.country.clone_from(&party.country);
        answer.sector.clone_from(&party.sector);
        answer
    }
}

impl From<&Report> for answers::Report {
    fn from(report: &Report) -> Self {
        let mut answer = Self::default();
        answer.schema = answers::SCHEMA.to_owned();
        answer.report = report.name.to_string();
        answer.kind = report.kind.name().to_owned();
        answer.class = report.kind.quad_class().name().to_owned();
        answer.status = report.status.name().to_owned();
        answer.historical = report.historical;
        answer.trigger.clone_from(&report.trigger);
        answer.actor = report.actor.as_ref().map(Into::into);
        answer.recipient = report.recipient.as_ref().map(Into::into);
        answer.place.clone_from(&report.place);
        answer.place_country.clone_from(&report.place_country);
        answer.date.clone_from(&report.date);
        answer.date_basis = report.date_basis.map(|basis| basis.name().to_owned());
        answer.claimant = match &report.claim {
            None => Some(ARTICLE.to_owned()),
            Some(claim) => claim.speaker.clone(),
        };
        answer.claimant_side = report.side.map(|side| side.name().to_owned());
        answer.claim = report.claim.as_deref().map(Into::into);
        answer.sentence.clone_from(&report.sentence);
        answer.trigger_at = report.trigger_at.into();
        answer.published.clone_from(&report.published);
        answer.outlet.clone_from(&report.outlet);
        answer.title.clone_from(&report.title);
        answer.url.clone_from(&report.url);
        answer.source_id.clone_from(&report.source_id);
        answer.confidence = report.confidence;
        answer.corrected =
            report.corrected.iter().copied().map(CorrectedEvent::name).map(str::to_owned).collect();
        answer
    }
}

impl From<&Reports> for answers::Reports {
    fn from(found: &Reports) -> Self {
        let mut answer = Self::default();
        answer.schema = answers::SCHEMA.to_owned();
        answer.reports = found.reports.iter().map(Into::into).collect();
        if found.more {
            answer.next = found.reports.last().map(|report| report.name.to_string());
        }
        answer
    }
}

impl RelationCount {
    /// Returns the number in its public JSON form, with the names of the parties as they were asked for.
    #[must_use]
    pub fn answer(&self, [one, other]: [&str; 2]) -> answers::RelationCount {
        let (actor, recipient) = if self.forward { (one, other) } else { (other, one) };
        let mut answer = answers::RelationCount::default();
        answer.schema = answers::SCHEMA.to_owned();
        answer.period.clone_from(&self.period);
        answer.actor = actor.to_owned();
        answer.recipient = recipient.to_owned();
        answer.class = self.class.name().to_owned();
        answer.claimed_by = claimed_by(self.claimed, self.side).to_owned();
        answer.status = self.status.name().to_owned();
        answer.reports = self.reports;
        answer
    }
}

impl From<&Accounts> for answers::Accounts {
    fn from(accounts: &Accounts) -> Self {
        let mut answer = Self::default();
        answer.schema = answers::SCHEMA.to_owned();
        answer.parties.clone_from(&accounts.parties);
        answer.class = accounts.class.name().to_owned();
        answer.days.clone_from(&accounts.days);
        answer.reports = accounts.reports.iter().map(Into::into).collect();
        answer
    }
}
