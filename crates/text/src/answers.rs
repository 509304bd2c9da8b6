//! What a store answers, as JSON: statements, people, lineages, changes. One object a line.
//!
//! As in the record, a field may be added and one that stands keeps its name and its meaning; what is absent is `null`.
//! Offsets count Unicode code points of the text that they are about.

use serde::{Deserialize, Serialize};

/// The name of the format.
pub const SCHEMA: &str = "onrecord-answers/1";

/// A statement that was found, as it stands with what people decided.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hit {
    /// [`SCHEMA`].
    pub schema: String,
    /// The statement's name in the store: `12.s3`.
    pub statement: String,
    /// What names it for ever: sixteen hexadecimal digits.
    pub address: String,
    /// `direct`, `indirect`, `mixed`.
    pub kind: String,
    /// As in the record; empty in what earlier versions found.
    pub act: String,
    /// As in the record; empty in what earlier versions found.
    pub status: String,
    /// Who said it.
    pub speaker: Option<String>,
    /// `person`, `organization`, `group`, `document`, `unnamed`, `none`.
    pub speaker_kind: Option<String>,
    /// In which office.
    pub role: Option<String>,
    /// The words that signal the attribution.
    pub cue: Option<String>,
    /// What was said.
    pub content: String,
    /// On which day, in EDTF.
    pub said: Option<String>,
    /// When the article was published, in EDTF.
    pub published: Option<String>,
    /// Its publisher.
    pub outlet: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its web address.
    pub url: Option<String>,
    /// Its caller's name.
    pub source_id: String,
    /// From 0 to 1.
    pub confidence: f64,
    /// The fields that a person corrected, and `verdict` where one accepted the statement.
    pub corrected: Vec<String>,
    /// Where the words of the query stand in `content`.
    pub matches: Vec<[usize; 2]>,
    /// In an answer about somebody: `said` where they said it, `about` where others said it about them. Left out elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
}

/// Somebody or something across articles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Person {
    /// [`SCHEMA`].
    pub schema: String,
    /// The number in the store: `p12`.
    pub person: String,
    /// The fullest name.
    pub name: String,
    /// `person`, `organization`, `place`.
    pub kind: String,
    /// Roles that articles give, the most frequent first.
    pub roles: Vec<String>,
    /// In how many articles it is named.
    pub articles: usize,
}

/// A quotation in one of the articles that have it; the one published first comes first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Version {
    /// The statement.
    #[serde(flatten)]
    pub hit: Hit,
    /// What was done to the first version; `null` for that one. `identical`, `cut`, `extended`, `ellipsis`, `bracketed`,
    /// `spliced`, `quoted indirectly`, `reworded`.
    pub change: Option<String>,
    /// The first version's words and this one's.
    pub diff: Vec<Edit>,
    /// The first version's cue, where this one has another.
    pub cue_was: Option<String>,
    /// The first version's speaker, where this one has another.
    pub speaker_was: Option<String>,
    /// The statement of an earlier version whose article is the same wire story.
    pub copy_of: Option<String>,
}

/// What became of a statement from one version of an article to the next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// [`SCHEMA`].
    pub schema: String,
    /// The number of the earlier version.
    pub earlier: i64,
    /// The number of the later version.
    pub later: i64,
    /// `appeared`, `vanished`, `changed`.
    pub change: String,
    /// The statement as it was. Left out where it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Hit>,
    /// The statement as it is. Left out where it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Hit>,
    /// The words of both, where it changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diff: Vec<Edit>,
}

/// Words of a comparison: an object with the one key that applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edit {
    /// In both.
    Kept(String),
    /// In the earlier one alone.
    Deleted(String),
    /// In the later one alone.
    Inserted(String),
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
