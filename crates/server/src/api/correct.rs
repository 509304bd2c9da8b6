//! Decisions that people make, equivalent to `onrecord correct`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use onrecord_store::decisions::{Judgement, Verdict};
use onrecord_store::{DecidedField, DecisionId, EventRef, Reader, Store, StoreError};
use onrecord_text::answers;
use serde::Deserialize;
use utoipa::ToSchema;

use super::parameters::{Body, Name, person};
use crate::app::App;
use crate::guard::MayDecide;
use crate::problem::Problem;
use crate::public::Public;

/// A decision to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Correction {
    /// The statement is right.
    Accept {
        /// The statement's address or name.
        statement: String,
        /// The name of the person who decides.
        by: Option<String>,
    },
    /// The statement is wrong, so search and exports leave it out.
    Reject {
        /// The statement's address or name.
        statement: String,
        /// The name of the person who decides.
        by: Option<String>,
    },
    /// A field of the statement gets another value.
    Set {
        /// The statement's address or name.
        statement: String,
        /// The field.
        field: FieldName,
        /// The value. For a speaker: a name, or a number such as `p12`.
        value: String,
        /// The name of the person who decides.
        by: Option<String>,
    },
    /// The report of an event is right.
    #[serde(rename = "accept-report")]
    AcceptReport {
        /// The report's name, such as `12.v3`.
        report: String,
        /// The name of the person who decides.
        by: Option<String>,
    },
    /// The report of an event is wrong, so search and exports leave it out.
    #[serde(rename = "reject-report")]
    RejectReport {
        /// The report's name.
        report: String,
        /// The name of the person who decides.
        by: Option<String>,
    },
    /// A field of the report of an event gets another value.
    #[serde(rename = "set-report")]
    SetReport {
        /// The report's name.
        report: String,
        /// The field.
        field: ReportField,
        /// The value. For a party: a name, a number such as `p12`, or the code of a country. For the claimant: `article`,
        /// or the name or the address of a statement of the same article.
        value: String,
        /// The name of the person who decides.
        by: Option<String>,
    },
    /// Two people are the same.
    Merge {
        /// The number of the first person, such as `p12`.
        person: String,
        /// The number of the second person.
        other: String,
        /// The name of the person who decides.
        by: Option<String>,
    },
    /// The statement's speaker is not the person of that name in other articles.
    Split {
        /// The statement's address or name.
        statement: String,
        /// The name of the person who decides.
        by: Option<String>,
    },
}

/// A field that can be set.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CorrectedField)]
pub(super) enum FieldName {
    /// Who made the statement.
    Speaker,
    /// The speaker's office or affiliation.
    Role,
    /// The day on which it was said, in EDTF.
    Said,
}

impl From<FieldName> for DecidedField {
    fn from(field: FieldName) -> Self {
        match field {
            FieldName::Speaker => Self::Speaker,
            FieldName::Role => Self::Role,
            FieldName::Said => Self::Said,
        }
    }
}

/// A field of the report of an event that can be set.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CorrectedReportField)]
pub(super) enum ReportField {
    /// The PLOVER type, such as `ACCUSE`.
    Type,
    /// Whether the event happened, according to its claimant.
    Status,
    /// Who acts.
    Actor,
    /// On whom the actor acts.
    Recipient,
    /// On whose authority the event is reported.
    Claimant,
}

impl From<ReportField> for DecidedField {
    fn from(field: ReportField) -> Self {
        match field {
            ReportField::Type => Self::Type,
            ReportField::Status => Self::Status,
            ReportField::Actor => Self::Actor,
            ReportField::Recipient => Self::Recipient,
            ReportField::Claimant => Self::Claimant,
        }
    }
}

/// What a correction asks for, before the store has looked up the statement that it names.
enum Asked {
    Judge(String, Judgement),
    Split(String),
    /// A decision about what has numbers.
    Known(Verdict),
}

/// Returns a report by its name.
fn report(name: &str) -> Result<EventRef, Problem> {
    Ok(name.parse()?)
}

/// List decisions.
///
/// Returns everything that people decided, including what was taken back.
#[utoipa::path(get, path = "/api/v1/corrections", tag = "Corrections",
    responses((status = 200, description = "The decisions, oldest first", body = answers::Decisions)))]
pub(super) async fn list(State(app): State<App>) -> Result<Json<answers::Decisions>, Problem> {
    let found = app.read(Reader::decisions).await?;
    let decisions = found.iter().map(answers::Decision::from).collect::<Vec<_>>().public();
    Ok(Json(answers::Decisions { schema: answers::Schema, decisions }))
}

/// Record a decision.
///
/// The decision applies at once, and still applies when the article is read again. The server must run with
/// `--allow-corrections`. Send the token as `Authorization: Bearer`, or, without a token, the header `Origin`.
#[utoipa::path(post, path = "/api/v1/corrections", tag = "Corrections", request_body = Correction,
    responses((status = 201, description = "The decision", body = answers::Decision)))]
pub(super) async fn decide(
    _: MayDecide,
    State(app): State<App>,
    Body(correction): Body<Correction>,
) -> Result<(StatusCode, Json<answers::Decision>), Problem> {
    let (asked, by) = match correction {
        Correction::Accept { statement, by } => (Asked::Judge(statement, Judgement::Accept), by),
        Correction::Reject { statement, by } => (Asked::Judge(statement, Judgement::Reject), by),
        Correction::Set { statement, field, value, by } => {
            (Asked::Judge(statement, Judgement::Set(field.into(), value)), by)
        }
        Correction::Split { statement, by } => (Asked::Split(statement), by),
        Correction::AcceptReport { report: name, by } => {
            (Asked::Known(Judgement::Accept.on_report(report(&name)?)), by)
        }
        Correction::RejectReport { report: name, by } => {
            (Asked::Known(Judgement::Reject.on_report(report(&name)?)), by)
        }
        Correction::SetReport { report: name, field, value, by } => {
            (Asked::Known(Judgement::Set(field.into(), value).on_report(report(&name)?)), by)
        }
        Correction::Merge { person: a, other: b, by } => {
            (Asked::Known(Verdict::Merge(person(&a)?, person(&b)?)), by)
        }
    };
    let made = app
        .write(move |store| {
            let verdict = match asked {
                Asked::Judge(name, judgement) => judgement.on_statement(store.named_statement(&name)?),
                Asked::Split(name) => Verdict::Split(store.named_statement(&name)?),
                Asked::Known(verdict) => verdict,
            };
            let number = store.decide(&verdict, Timestamp::now(), by.as_deref())?;
            decision(store, number)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Take a decision back.
///
/// The decision stays in the list, marked as undone. The same conditions apply as for recording a decision.
#[utoipa::path(delete, path = "/api/v1/corrections/{decision}", tag = "Corrections",
    params(("decision" = i64, Path, description = "The number of the decision", example = 1)),
    responses((status = 200, description = "The decision", body = answers::Decision)))]
pub(super) async fn undo(
    _: MayDecide,
    State(app): State<App>,
    Name(number): Name,
) -> Result<Json<answers::Decision>, Problem> {
    let number = number
        .parse()
        .map(DecisionId)
        .map_err(|_| Problem::invalid(format!("“{number}” is not the number of a decision")))?;
    let undone = app
        .write(move |store| {
            store.undo(number)?;
            decision(store, number)
        })
        .await?;
    Ok(Json(undone))
}

fn decision(store: &Store, number: DecisionId) -> Result<answers::Decision, StoreError> {
    let missing = || StoreError::NotFound(format!("decision {number} does not exist"));
    Ok(answers::Decision::from(&store.decision(number)?.ok_or_else(missing)?).public())
}
