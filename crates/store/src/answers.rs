//! The store's answers in their public JSON form.

use onrecord_text::answers;

use crate::changes::{Change, Changes};
use crate::find::Hits;
use crate::kinds::Corrected;
use crate::lineage::{Edit, Lineage};
use crate::people::Person;
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
        answer.matches = hit.matches.iter().map(|&(start, end)| [point(start), point(end)]).collect();
        answer
    }
}

impl From<&Person> for answers::Person {
    fn from(person: &Person) -> Self {
        let mut answer = Self::default();
        answer.schema = answers::SCHEMA.to_owned();
        answer.person = format!("p{}", person.id);
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
