//! What clients send: parameters, paths and bodies, with errors that say what is wrong.

use std::error::Error;

use axum::extract::rejection::JsonRejection;
use axum::extract::{self, FromRequest, FromRequestParts, Json, Path, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri, header};
use onrecord_store::{EventQuery, Order, Period, PersonRef, Query, Relation};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;

/// The parameters of a request. Unknown ones are refused, because they are usually misspelt.
///
/// Browsers send every field of a form, so for them an empty one is the same as none.
pub(crate) struct Params<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let accepted = parts.headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok());
        let browser = accepted.is_some_and(|accepted| accepted.contains("text/html"));
        let given = parts.uri.query().unwrap_or_default().split('&');
        let given: Vec<&str> = given.filter(|pair| !(browser && pair.ends_with('='))).collect();
        let uri: Uri = format!("/?{}", given.join("&"))
            .parse()
            .map_err(|_| Problem::invalid("the parameters are not a query string"))?;
        let extract::Query(params) =
            extract::Query::try_from_uri(&uri).map_err(|e| refused(e.status(), "the parameters", &e))?;
        Ok(Self(params))
    }
}

/// Returns what is wrong with a part of a request, without the words of the libraries that read it.
fn refused(status: StatusCode, part: &str, error: &(dyn Error + 'static)) -> Problem {
    let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    // The library that reads numbers says what is wrong with a digit, not what is wanted.
    let cause = cause.replace("invalid digit found in string", "not a whole number");
    Problem::new(status, format!("{part} can't be read: {cause}"))
}

/// A part of the path.
pub(super) struct Name(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(name) =
            Path::from_request_parts(parts, state).await.map_err(|e| refused(e.status(), "the path", &e))?;
        Ok(Self(name))
    }
}

/// A body in JSON.
pub(super) struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let why = |e: JsonRejection| refused(e.status(), "the body", &e);
        let Json(body) = Json::from_request(request, state).await.map_err(why)?;
        Ok(Self(body))
    }
}

/// Returns a query. An empty text finds every statement.
pub(crate) fn query_of(text: &str) -> Result<Query, Problem> {
    Ok(text.parse::<Query>()?)
}

/// Returns a query for reports of events. An empty text finds every report.
pub(crate) fn event_query_of(text: &str) -> Result<EventQuery, Problem> {
    Ok(text.parse::<EventQuery>()?)
}

/// The most statements on a page.
const LONGEST_PAGE: usize = 200;

/// Returns the number of statements on a page, or a problem if there can't be so many.
pub(crate) fn page_length(limit: usize) -> Result<usize, Problem> {
    within("limit", limit, LONGEST_PAGE)
}

/// Returns a parameter that is a number from 1 to `most`, or a problem if it is another.
pub(super) fn within(name: &str, number: usize, most: usize) -> Result<usize, Problem> {
    if (1..=most).contains(&number) {
        Ok(number)
    } else {
        Err(Problem::invalid(format!("{name} is a number from 1 to {most}")))
    }
}

/// Returns a problem if a parameter is longer than described.
pub(crate) fn no_longer_than(most: usize, name: &str, value: &str) -> Result<(), Problem> {
    if value.chars().count() <= most {
        Ok(())
    } else {
        Err(Problem::invalid(format!("{name} has at most {most} characters")))
    }
}

fn twenty() -> usize {
    20
}

fn ten() -> usize {
    10
}

fn said() -> Relation {
    Relation::Said
}

fn monthly() -> Period {
    Period::Month
}

/// The order of statements.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Order)]
pub(crate) enum OrderName {
    /// The latest published first.
    #[default]
    Newest,
    /// The earliest published first.
    Oldest,
    /// The most relevant first, among the newest 2,000.
    Best,
}

impl From<OrderName> for Order {
    fn from(order: OrderName) -> Self {
        match order {
            OrderName::Newest => Self::Newest,
            OrderName::Oldest => Self::Oldest,
            OrderName::Best => Self::Best,
        }
    }
}

/// What to search for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// The query. An empty one finds every statement.
    #[serde(default)]
    #[param(required = false, example = "speaker:brandt toll", max_length = 4000)]
    pub q: String,
    /// The order.
    #[serde(default)]
    #[param(required = false, inline)]
    pub order: OrderName,
    /// The number of statements on a page.
    #[serde(default = "twenty")]
    #[param(required = false, minimum = 1, maximum = 200, default = 20)]
    pub limit: usize,
    /// The cursor: `next` of the page before.
    #[param(example = "5f0c9a1be2d47738")]
    pub after: Option<String>,
}

/// What to count.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Facets {
    /// The query. An empty one finds every statement.
    #[serde(default)]
    #[param(required = false, example = "toll", max_length = 4000)]
    pub q: String,
    /// The number of newest statements to count.
    #[serde(default)]
    #[param(required = false, minimum = 1, maximum = 50000, default = 2000)]
    pub counted: Option<usize>,
    /// The number of values to list for each field.
    #[serde(default = "ten")]
    #[param(required = false, minimum = 1, maximum = 200, default = 10)]
    pub values: usize,
}

/// What to count over time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Timeline {
    /// The query. An empty one finds every statement.
    #[serde(default)]
    #[param(required = false, example = "toll", max_length = 4000)]
    pub q: String,
    /// The number of newest statements to count.
    #[serde(default)]
    #[param(required = false, minimum = 1, maximum = 2000000, default = 200000)]
    pub counted: Option<usize>,
}

/// The words of a quotation.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Words {
    /// The words. They need not stand in any article in exactly this form.
    #[param(example = "nobody will pay a toll to cross it", max_length = 4000)]
    pub words: String,
}

/// The name of somebody.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Named {
    /// The name, or some of its words, or a number such as `p12`.
    #[param(example = "Ada Brandt", max_length = 1000)]
    pub name: String,
    /// The number of people to list.
    #[serde(default = "ten")]
    #[param(required = false, minimum = 1, maximum = 200, default = 10)]
    pub limit: usize,
}

/// The beginning of a name.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Prefix {
    /// What somebody began to type.
    #[param(example = "bra", max_length = 1000)]
    pub prefix: String,
    /// The number of names to list.
    #[serde(default = "ten")]
    #[param(required = false, minimum = 1, maximum = 200, default = 10)]
    pub limit: usize,
}

/// Which statements by or about a person.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Beside {
    /// How the statements relate to the person.
    #[serde(default = "said")]
    #[param(required = false, inline, default = "said")]
    pub relation: Relation,
    /// The number of statements on a page.
    #[serde(default = "twenty")]
    #[param(required = false, minimum = 1, maximum = 200, default = 20)]
    pub limit: usize,
    /// The cursor: `next` of the page before.
    pub after: Option<String>,
}

/// Which reports of events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Events {
    /// The query, as for `onrecord events`. An empty one finds every report.
    #[serde(default)]
    #[param(required = false, example = "class:material-conflict -side:actor", max_length = 4000)]
    pub q: String,
    /// The number of reports on a page.
    #[serde(default = "twenty")]
    #[param(required = false, minimum = 1, maximum = 200, default = 20)]
    pub limit: usize,
    /// The cursor: `next` of the page before.
    #[param(example = "12.v3", pattern = "^[0-9]{1,9}[.]v[0-9]{1,9}$")]
    pub after: Option<String>,
}

/// Two parties, and which reports of events between them to count.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Between {
    /// A party: an ISO 3166 alpha-3 code, a name in the store, or a number such as `p12`.
    #[param(example = "Norland Republic", max_length = 1000)]
    pub one: String,
    /// The other party.
    #[param(example = "Sund Republic", max_length = 1000)]
    pub other: String,
    /// The period.
    #[serde(default = "monthly")]
    #[param(required = false, inline, default = "month")]
    pub by: Period,
    /// Which reports to count, with a query as for `onrecord events`. An empty one counts all.
    #[serde(default)]
    #[param(required = false, example = "historical:no", max_length = 4000)]
    pub q: String,
}

/// Which reports of events to compare.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Compared {
    /// The query, as for `onrecord events`. An empty one compares all reports.
    #[serde(default)]
    #[param(required = false, example = "class:material-conflict", max_length = 4000)]
    pub q: String,
    /// The number of rival accounts to list.
    #[serde(default = "twenty")]
    #[param(required = false, minimum = 1, maximum = 200, default = 20)]
    pub limit: usize,
}

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// The number of statements on a page.
    #[serde(default = "twenty")]
    #[param(required = false, minimum = 1, maximum = 200, default = 20)]
    pub limit: usize,
    /// The cursor: `next` of the page before.
    pub after: Option<String>,
}

/// Returns a number of a person, such as `p12`.
pub(crate) fn person(name: &str) -> Result<PersonRef, Problem> {
    Ok(name.parse()?)
}
