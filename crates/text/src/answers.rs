//! The answers of a store, as JSON: statements, people, lineages and changes, one object per line.
//!
//! As in the record, fields may be added, but existing fields keep their names and meanings. Absent values are `null`.
//! Offsets count Unicode code points of the text that they refer to.

use serde::{Deserialize, Serialize};

/// The name of the format.
pub const SCHEMA: &str = "onrecord-answers/1";

/// A statement that was found, with people's decisions applied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hit {
    /// [`SCHEMA`].
    pub schema: String,
    /// The statement's name in the store: `12.s3`.
    pub statement: String,
    /// The statement's permanent address: sixteen hexadecimal digits.
    pub address: String,
    /// `direct`, `indirect`, `mixed`.
    pub kind: String,
    /// The act, as in the record. Empty in statements found by earlier versions.
    pub act: String,
    /// The status, as in the record. Empty in statements found by earlier versions.
    pub status: String,
    /// Who said it.
    pub speaker: Option<String>,
    /// `person`, `organization`, `group`, `document`, `unnamed`, `none`.
    pub speaker_kind: Option<String>,
    /// The speaker's office or affiliation.
    pub role: Option<String>,
    /// The words that signal the attribution.
    pub cue: Option<String>,
    /// What was said.
    pub content: String,
    /// The day on which it was said, in EDTF.
    pub said: Option<String>,
    /// When the article was published, in EDTF.
    pub published: Option<String>,
    /// The article's publisher.
    pub outlet: Option<String>,
    /// The article's title.
    pub title: Option<String>,
    /// The article's web address.
    pub url: Option<String>,
    /// The caller's name for the article.
    pub source_id: String,
    /// The confidence, from 0 to 1.
    pub confidence: f64,
    /// The fields that a person corrected, plus `verdict` if a person accepted the statement.
    pub corrected: Vec<String>,
    /// The positions in `content` of the words that match the query.
    pub matches: Vec<[usize; 2]>,
    /// How the statement relates to the person asked about. Omitted in other answers.
    ///
    /// `said` if the person made the statement, `about` if others made it about the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
}

/// A person, organisation or place across articles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Person {
    /// [`SCHEMA`].
    pub schema: String,
    /// The person's number in the store: `p12`.
    pub person: String,
    /// The fullest name.
    pub name: String,
    /// `person`, `organization`, `place`.
    pub kind: String,
    /// The roles that articles give, the most frequent first.
    pub roles: Vec<String>,
    /// The number of articles that name this person.
    pub articles: usize,
}

/// One version of a quotation in a lineage. The version published first comes first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Version {
    /// The statement.
    #[serde(flatten)]
    pub hit: Hit,
    /// How this version changes the first one: `identical`, `cut`, `extended`, `ellipsis`, `bracketed`, `spliced`,
    /// `quoted indirectly` or `reworded`. `null` for the first version itself.
    pub change: Option<String>,
    /// The differences between the words of the first version and of this one.
    pub diff: Vec<Edit>,
    /// The first version's cue, if this version has a different one.
    pub cue_was: Option<String>,
    /// The first version's speaker, if this version has a different one.
    pub speaker_was: Option<String>,
    /// The statement of an earlier version, if its article is a copy of the same wire story.
    pub copy_of: Option<String>,
}

/// How a statement changed from one version of an article to the next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// [`SCHEMA`].
    pub schema: String,
    /// The number of the article's earlier version.
    pub earlier: i64,
    /// The number of the article's later version.
    pub later: i64,
    /// `appeared`, `vanished`, `changed`.
    pub change: String,
    /// The statement before the change. Omitted if the statement is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Hit>,
    /// The statement after the change. Omitted if the statement is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Hit>,
    /// The differences between the words before and after. Omitted unless the statement changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diff: Vec<Edit>,
}

/// One piece of a word-by-word comparison: an object with exactly one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edit {
    /// Words in both versions.
    Kept(String),
    /// Words only in the earlier version.
    Deleted(String),
    /// Words only in the later version.
    Inserted(String),
}

/// A report of an event that was found, with people's decisions applied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// The report's name in the store: `12.v3`.
    pub report: String,
    /// The PLOVER type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The class of the type: `verbal cooperation`, `material cooperation`, `verbal conflict`, `material conflict`.
    pub class: String,
    /// `happened`, `planned`, `possible`, `denied`, according to the claimant.
    pub status: String,
    /// Whether the event is reported as history.
    pub historical: bool,
    /// The words that express the act.
    pub trigger: String,
    /// Who acts.
    pub actor: Option<Party>,
    /// To whom it is done.
    pub recipient: Option<Party>,
    /// Where it takes place.
    pub place: Option<String>,
    /// The country of the place, as an ISO 3166 alpha-3 code.
    pub place_country: Option<String>,
    /// The date of the event, in EDTF.
    pub date: Option<String>,
    /// What the date is based on: `text`, `statement`, `article`.
    pub date_basis: Option<String>,
    /// `article`, or who makes the statement that reports the event. `null` for a statement without a speaker.
    pub claimant: Option<String>,
    /// Which side the claimant is on: `actor`, `recipient`, `other`. `null` if that is unknown, or if the article itself
    /// reports the event.
    pub claimant_side: Option<String>,
    /// The statement that reports the event. `null` if the article itself does.
    pub claim: Option<Hit>,
    /// The sentence around the trigger.
    pub sentence: String,
    /// The position of the trigger in `sentence`.
    pub trigger_at: [usize; 2],
    /// When the article was published, in EDTF.
    pub published: Option<String>,
    /// The article's publisher.
    pub outlet: Option<String>,
    /// The article's title.
    pub title: Option<String>,
    /// The article's web address.
    pub url: Option<String>,
    /// The caller's name for the article.
    pub source_id: String,
    /// The confidence, from 0 to 1.
    pub confidence: f64,
    /// The fields that a person corrected, plus `verdict` if a person accepted the report.
    pub corrected: Vec<String>,
}

/// The actor or the recipient of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Party {
    /// The name, or words of the article.
    pub name: String,
    /// `person`, `organization`, `group`, `unnamed`, `none`.
    pub kind: String,
    /// The ISO 3166 alpha-3 codes of its countries, joined by ` | `.
    pub country: Option<String>,
    /// Its PLOVER sector codes, joined by ` | `.
    pub sector: Option<String>,
}

/// The number of reports of one kind between two parties, in one period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Relation {
    /// [`SCHEMA`].
    pub schema: String,
    /// The period: a day, a month or a year. `null` for reports whose date is not exact enough.
    pub period: Option<String>,
    /// Who acts, as asked for.
    pub actor: String,
    /// To whom it is done, as asked for.
    pub recipient: String,
    /// The class of the events.
    pub class: String,
    /// Who reports them: `article`, `actor` (the actor's side), `recipient` (the recipient's), `other` (a third party),
    /// `unknown`.
    pub claimed_by: String,
    /// `happened`, `planned`, `possible`, `denied`, according to the claimants.
    pub status: String,
    /// The number of reports.
    pub reports: usize,
}

/// Reports about the same parties and the same class of events, within two days, by different claimants or with
/// opposing status. Nothing is merged, and no account is preferred.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Accounts {
    /// [`SCHEMA`].
    pub schema: String,
    /// The parties. Either may be the actor.
    pub parties: [String; 2],
    /// The class of the events.
    pub class: String,
    /// The dates of the first and of the last event.
    pub days: [String; 2],
    /// The reports, in the order of their dates.
    pub reports: Vec<Report>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_keep_their_shape() {
        let hit = Hit { schema: SCHEMA.to_owned(), statement: "12.s3".to_owned(), ..Hit::default() };
        let version =
            Version { hit: hit.clone(), diff: vec![Edit::Kept("a".to_owned())], ..Version::default() };
        let json = serde_json::to_value(&version).unwrap();
        assert_eq!(json["statement"], "12.s3");
        assert_eq!(json["diff"], serde_json::json!([{"kept": "a"}]));
        assert!(json["change"].is_null() && json["speaker"].is_null() && json.get("relation").is_none());
        assert_eq!(serde_json::from_value::<Version>(json).unwrap(), version);
        let change = Change { change: "appeared".to_owned(), is: Some(hit), ..Change::default() };
        let json = serde_json::to_value(&change).unwrap();
        assert!(json.get("was").is_none() && json.get("diff").is_none());
        assert_eq!(serde_json::from_value::<Change>(json).unwrap(), change);
    }
}
