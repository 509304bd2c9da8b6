//! What the store says, without changing it.

use axum::Json;
use axum::extract::State;
use onrecord_store::{FACETED, Reader, Start, StoreError, TIMED};
use onrecord_text::answers;

use super::parameters::{
    Beside, Between, Compared, Events, Facets, Name, Named, Page, Params, Prefix, Search, Timeline, Words,
    event_query_of, no_longer_than, page_length, person as number_of, query_of, within,
};
use crate::app::App;
use crate::problem::Problem;
use crate::public::Public;

type Answer<T> = Result<Json<T>, Problem>;

/// Search statements.
///
/// Returns a page of the statements that a query finds. `next` is the cursor of the page after it.
#[utoipa::path(get, path = "/api/v1/search", tag = "Statements", params(Search),
    responses((status = 200, description = "A page of statements", body = answers::Hits)))]
pub(super) async fn search(State(app): State<App>, Params(search): Params<Search>) -> Answer<answers::Hits> {
    let query = query_of(&search.q)?;
    let limit = page_length(search.limit)?;
    let start = search.after.map_or(Start::First, Start::After);
    let found = app.read(move |store| store.page(&query, search.order.into(), limit, &start)).await?;
    Ok(Json(answers::Hits::from(&found).public()))
}

/// Count values.
///
/// Returns how often each speaker, kind of speaker, act, outlet, month and kind of statement occurs among the newest
/// statements that a query finds.
#[utoipa::path(get, path = "/api/v1/facets", tag = "Statements", params(Facets),
    responses((status = 200, description = "Values and how often they occur", body = answers::Facets)))]
pub(super) async fn facets(
    State(app): State<App>,
    Params(facets): Params<Facets>,
) -> Answer<answers::Facets> {
    let query = query_of(&facets.q)?;
    let counted = within("counted", facets.counted.unwrap_or(FACETED), 50_000)?;
    let values = within("values", facets.values, 200)?;
    Ok(Json(app.read(move |store| store.facets(&query, counted, values)).await?))
}

/// Count statements over time.
///
/// Returns how many of the statements that a query finds were published in each day, month or year.
#[utoipa::path(get, path = "/api/v1/timeline", tag = "Statements", params(Timeline),
    responses((status = 200, description = "Numbers of statements over time", body = answers::Timeline)))]
pub(super) async fn timeline(
    State(app): State<App>,
    Params(timeline): Params<Timeline>,
) -> Answer<answers::Timeline> {
    let query = query_of(&timeline.q)?;
    let counted = within("counted", timeline.counted.unwrap_or(TIMED), 2_000_000)?;
    Ok(Json(app.read(move |store| store.timeline(&query, counted)).await?))
}

/// Get a statement.
///
/// Returns a statement with what surrounds it in its article, the people in it, and what people decided about it.
#[utoipa::path(get, path = "/api/v1/statements/{statement}", tag = "Statements",
    params(("statement" = String, Path, description = "The statement's permanent address, or its name such as `12.s3`", example = "5f0c9a1be2d47738", pattern = "^([0-9a-f]{16}|[0-9]{1,9}[.]s[0-9]{1,9})$")),
    responses((status = 200, description = "The statement", body = answers::StoredStatement)))]
pub(super) async fn statement(State(app): State<App>, Name(name): Name) -> Answer<answers::StoredStatement> {
    Ok(Json(app.read(move |store| store.stored_statement(&name)).await?.public()))
}

/// Follow a statement.
///
/// Returns the versions of a statement in all articles, and how each differs from the first one.
#[utoipa::path(get, path = "/api/v1/statements/{statement}/lineage", tag = "Lineage",
    params(("statement" = String, Path, description = "The statement's permanent address, or its name such as `12.s3`", example = "5f0c9a1be2d47738", pattern = "^([0-9a-f]{16}|[0-9]{1,9}[.]s[0-9]{1,9})$")),
    responses((status = 200, description = "The versions, the first published first", body = answers::Lineage)))]
pub(super) async fn statement_lineage(State(app): State<App>, Name(name): Name) -> Answer<answers::Lineage> {
    let found = app.read(move |store| store.lineage(store.named_statement(&name)?)).await?;
    Ok(Json(answers::Lineage::from(&found).public()))
}

/// Follow a quotation.
///
/// Returns the versions of a quotation, given by its words. For a few words, these are the versions of the first
/// statement that has exactly these words.
#[utoipa::path(get, path = "/api/v1/lineage", tag = "Lineage", params(Words),
    responses((status = 200, description = "The versions, the first published first", body = answers::Lineage)))]
pub(super) async fn lineage(
    State(app): State<App>,
    Params(Words { words }): Params<Words>,
) -> Answer<answers::Lineage> {
    no_longer_than(4_000, "words", &words)?;
    let found = app.read(move |store| store.lineage_of(&words)).await?;
    Ok(Json(answers::Lineage::from(&found).public()))
}

/// Get an article.
///
/// Returns one version of an article as a record in wire format 1, with the permanent addresses of its statements, the
/// people in it, and the article's other versions.
#[utoipa::path(get, path = "/api/v1/articles/{article}", tag = "Articles",
    params(("article" = String, Path, description = "The number of a version, or the web address of an article (percent-encoded), which stands for its latest version", example = "1")),
    responses((status = 200, description = "The version", body = answers::StoredArticle)))]
pub(super) async fn article(State(app): State<App>, Name(name): Name) -> Answer<answers::StoredArticle> {
    Ok(Json(app.read(move |store| store.stored_article(&name)).await?.public()))
}

/// Compare versions of an article.
///
/// Returns which statements appeared, vanished or changed from each version of an article to the next.
#[utoipa::path(get, path = "/api/v1/articles/{article}/changes", tag = "Articles",
    params(("article" = String, Path, description = "The number of a version, or the web address of an article (percent-encoded)", example = "1")),
    responses((status = 200, description = "What changed, oldest first", body = answers::ArticleChanges)))]
pub(super) async fn changes(State(app): State<App>, Name(name): Name) -> Answer<answers::ArticleChanges> {
    let found = app.read(move |store| store.changes(&name)).await?;
    let steps = found.iter().map(answers::Step::from).collect::<Vec<_>>().public();
    Ok(Json(answers::ArticleChanges { schema: answers::Schema, steps }))
}

/// Find people.
///
/// Returns the person, organisation or place with exactly this name, or else everyone whose name has its words.
#[utoipa::path(get, path = "/api/v1/people", tag = "People", params(Named),
    responses((status = 200, description = "The people, those in the most articles first", body = answers::People)))]
pub(super) async fn people(State(app): State<App>, Params(named): Params<Named>) -> Answer<answers::People> {
    no_longer_than(1_000, "name", &named.name)?;
    let limit = page_length(named.limit)?;
    let found = app.read(move |store| store.people(&named.name, limit)).await?;
    Ok(Json(answers::People { schema: answers::Schema, people: found.iter().map(Into::into).collect() }))
}

/// Get a person.
///
/// Returns what the store has about a person, organisation or place: roles, numbers over time, whom they mention and
/// who mentions them, and which names were joined and why.
#[utoipa::path(get, path = "/api/v1/people/{person}", tag = "People",
    params(("person" = String, Path, description = "The person's number, such as `p12`", example = "p1", pattern = "^p[0-9]+$")),
    responses((status = 200, description = "The person", body = answers::Profile)))]
pub(super) async fn person(State(app): State<App>, Name(name): Name) -> Answer<answers::Profile> {
    let number = number_of(&name)?;
    Ok(Json(app.read(move |store| store.profile(number)).await?))
}

/// List a person's statements.
///
/// Returns a page of what a person said, or of what others said about them, the newest first.
#[utoipa::path(get, path = "/api/v1/people/{person}/statements", tag = "People",
    params(("person" = String, Path, description = "The person's number, such as `p12`", example = "p1", pattern = "^p[0-9]+$"), Beside),
    responses((status = 200, description = "A page of statements", body = answers::Hits)))]
pub(super) async fn person_statements(
    State(app): State<App>,
    Name(name): Name,
    Params(beside): Params<Beside>,
) -> Answer<answers::Hits> {
    let (number, limit) = (number_of(&name)?, page_length(beside.limit)?);
    let found = app
        .read(move |store| {
            store.statements_by_or_about(number, beside.relation, beside.after.as_deref(), limit)
        })
        .await?;
    Ok(Json(found.public()))
}

/// Complete a name.
///
/// Returns the names that begin with what somebody typed, for example to choose the speaker of a statement. A single word
/// may also begin a surname: `ma` finds “Leo Marchetti”. Several words may stand anywhere in a name.
#[utoipa::path(get, path = "/api/v1/names", tag = "People", params(Prefix),
    responses((status = 200, description = "The names, those in the most articles first", body = answers::Completions)))]
pub(super) async fn names(
    State(app): State<App>,
    Params(prefix): Params<Prefix>,
) -> Answer<answers::Completions> {
    no_longer_than(1_000, "prefix", &prefix.prefix)?;
    let limit = page_length(prefix.limit)?;
    let names = app.read(move |store| store.complete(&prefix.prefix, limit)).await?;
    Ok(Json(answers::Completions { schema: answers::Schema, names }))
}

/// Find reports of events.
///
/// Returns a page of the reports of events that a query finds, the newest first: who did what to whom, according to whom.
/// Only articles that were stored with events have reports. Experimental.
#[utoipa::path(get, path = "/api/v1/events", tag = "Events", params(Events),
    responses((status = 200, description = "A page of reports", body = answers::Reports)))]
pub(super) async fn events(
    State(app): State<App>,
    Params(events): Params<Events>,
) -> Answer<answers::Reports> {
    let (query, limit) = (event_query_of(&events.q)?, page_length(events.limit)?);
    let after = events.after.as_deref().map(str::parse).transpose()?;
    let found = app
        .read(move |store| -> Result<_, StoreError> {
            let mut answer = answers::Reports::from(&store.events(&query, limit, after)?);
            answer.hint = hint(store, answer.reports.is_empty())?;
            Ok(answer)
        })
        .await?;
    Ok(Json(found.public()))
}

/// Count reports of events between two parties.
///
/// Returns how many reports there are of events between two parties, by period, direction, class, claimant and status.
/// Experimental.
#[utoipa::path(get, path = "/api/v1/relations", tag = "Events", params(Between),
    responses((status = 200, description = "The numbers, the earliest period first", body = answers::Relations)))]
pub(super) async fn relations(
    State(app): State<App>,
    Params(Between { one, other, by, q }): Params<Between>,
) -> Answer<answers::Relations> {
    no_longer_than(1_000, "one", &one)?;
    no_longer_than(1_000, "other", &other)?;
    let query = event_query_of(&q)?;
    let (relations, hint) = app
        .read(move |store| -> Result<_, StoreError> {
            // Without reports, the store need not know the parties.
            let hint = hint(store, true)?;
            if hint.is_some() {
                return Ok((Vec::new(), hint));
            }
            let found = store.relations(&one, &other, by, &query)?;
            Ok((found.iter().map(|count| count.answer([&one, &other])).collect(), None))
        })
        .await?;
    Ok(Json(answers::Relations { schema: answers::Schema, relations, hint }))
}

/// Compare rival accounts.
///
/// Returns reports of the same two parties and the same class of events within two days, by different claimants or with
/// opposing status. Nothing is merged, and no account is preferred. Experimental.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "Events", params(Compared),
    responses((status = 200, description = "The accounts, the latest first", body = answers::RivalAccounts)))]
pub(super) async fn accounts(
    State(app): State<App>,
    Params(compared): Params<Compared>,
) -> Answer<answers::RivalAccounts> {
    let (query, limit) = (event_query_of(&compared.q)?, page_length(compared.limit)?);
    let (found, hint) = app
        .read(move |store| -> Result<_, StoreError> {
            let found = store.accounts(&query, limit)?;
            let hint = hint(store, found.is_empty())?;
            Ok((found, hint))
        })
        .await?;
    let accounts = found.iter().map(answers::Accounts::from).collect::<Vec<_>>().public();
    Ok(Json(answers::RivalAccounts { schema: answers::Schema, accounts, hint }))
}

/// What an answer says instead of reports if the store has none.
const NO_REPORTS: &str = "this store has no reports of events; `onrecord ingest --events ARTICLES --store STORE` adds \
     them, also for articles that are already in the store";

/// Returns what to do if the store has no reports at all. Looks only if nothing was found.
fn hint(store: &Reader, nothing_found: bool) -> Result<Option<String>, StoreError> {
    Ok((nothing_found && !store.has_events()?).then(|| NO_REPORTS.to_owned()))
}

/// Get the coverage.
///
/// Returns which outlets and days the store covers, with gaps, notices and engines.
#[utoipa::path(get, path = "/api/v1/coverage", tag = "Store",
    responses((status = 200, description = "What the store covers", body = answers::Coverage)))]
pub(super) async fn coverage(State(app): State<App>) -> Answer<answers::Coverage> {
    Ok(Json(app.read(Reader::coverage).await?))
}

/// List statements to review.
///
/// Returns the statements on which nobody has decided yet, the least certain first.
#[utoipa::path(get, path = "/api/v1/review", tag = "Corrections", params(Page),
    responses((status = 200, description = "A page of statements", body = answers::Hits)))]
pub(super) async fn review(State(app): State<App>, Params(page): Params<Page>) -> Answer<answers::Hits> {
    let limit = page_length(page.limit)?;
    let found = app
        .read(move |store| -> Result<_, StoreError> { store.review(page.after.as_deref(), limit) })
        .await?;
    Ok(Json(found.public()))
}
