//! Reports of events in other formats, one row per report.
//!
//! The records must have been read with events. Scores are looked up here and not stored anywhere, because the weight
//! of an act depends on the scale and not on the article.
//!
//! ```
//! use onrecord_export::{Item, Options, events};
//! use onrecord_text::wire;
//!
//! let record = wire::Record { events: Some(vec![wire::Event::default()]), ..wire::Record::default() };
//! let mut out = Vec::new();
//! events::export([Ok(Item::from(record))], events::Format::Csv, Options::default(), &mut out)?;
//! assert!(out.starts_with(b"report,source_id,"));
//! # Ok::<(), onrecord_export::ExportError>(())
//! ```

use std::collections::HashMap;
use std::io::Write;

use onrecord_store::{EventQuery, Reader};
use onrecord_text::wire::{self, ARTICLE, Event, Party};
use onrecord_text::{EntityKind, EventType, Sentences};
use serde_json::{Value, json};

use crate::flat::{self, Cell, Table};
use crate::{ExportError, Item, Options, item};

/// The formats that consist of one file. [`gdelt`] writes the one that does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// One object per report and line.
    JsonLines,
    /// One row per report, with lists and spans as text: for `eventreport` in R, DuckDB and pandas.
    Csv,
    /// One row per report, with lists and spans as lists.
    #[cfg(feature = "parquet")]
    Parquet,
    /// POLECAT's columns, followed by those of [`CLAIM`], separated by tabs.
    ///
    /// Columns for what onrecord does not code are empty: modes, contexts, intensity, coordinates, and identifiers of
    /// other databases.
    Polecat,
}

/// Returns the records of a store with the reports that match a query, in the order of days.
///
/// Each record has the matching reports and the statements that make them. Reports that people rejected are left out,
/// and people's corrections are applied.
///
/// # Errors
///
/// Returns an error if the store can't be read.
pub fn of_store<'s>(
    store: &'s Reader,
    query: &EventQuery,
) -> Result<impl Iterator<Item = Result<Item, ExportError>> + 's, ExportError> {
    let records = store.reported(query)?;
    Ok(records.map(|stored| item(store, stored?)))
}

/// Writes reports in a format.
///
/// # Errors
///
/// Returns the first error among the records, or an error if the output can't be written.
pub fn export(
    items: impl IntoIterator<Item = Result<Item, ExportError>>,
    format: Format,
    options: Options,
    out: impl Write + Send,
) -> Result<(), ExportError> {
    match format {
        Format::JsonLines => jsonl(items, out),
        Format::Csv => flat::csv::<Reports>(items, options, out),
        #[cfg(feature = "parquet")]
        Format::Parquet => crate::parquet::write::<Reports>(items, out),
        Format::Polecat => polecat(items, out),
    }
}

/// A report together with its context.
struct Row<'a> {
    /// The report's name, which is unique across articles.
    name: String,
    /// The sentence around the trigger.
    sentence: String,
    item: &'a Item,
    event: &'a Event,
    /// The statement that reports the event, unless the article itself does, and its permanent address.
    claim: Option<(&'a wire::Statement, Option<&'a str>)>,
}

impl<'a> Row<'a> {
    fn of(
        item: &'a Item,
        event: &'a Event,
        statements: &HashMap<&str, (usize, &'a wire::Statement)>,
        sentences: &Sentences<'_>,
    ) -> Self {
        let claim = statements.get(event.claimant.as_str()).copied();
        let trigger = event.trigger.spans.first();
        Self {
            name: item.name(&event.id),
            sentence: trigger.map(|&trigger| sentences.around(trigger).0).unwrap_or_default(),
            item,
            event,
            claim: claim.map(|(n, statement)| (statement, item.addresses.get(n).map(String::as_str))),
        }
    }

    fn kind(&self) -> EventType {
        self.event.kind
    }

    fn article(&self) -> &'a wire::Article {
        &self.item.record.article
    }

    fn claimant(&self) -> Option<&'a wire::Speaker> {
        self.claim.and_then(|(statement, _)| statement.speaker.as_ref())
    }

    /// Returns the words of the statement that reports the event.
    fn claimed(&self) -> Option<&'a str> {
        self.claim.map(|(statement, _)| statement.content.text.as_str())
    }

    /// Returns the day of the event as `YYYY-MM-DD`, if the exact day is known.
    fn day(&self) -> Option<&'a str> {
        let value = self.event.time.as_ref()?.value.as_deref()?;
        (value.len() == 10 && !value.starts_with('X')).then_some(value)
    }

    /// Returns what the date of the event is based on.
    fn date_basis(&self) -> Option<&'static str> {
        self.event.time.as_ref().map(|time| time.basis.name())
    }

    /// Returns the words that name the place of the event.
    fn place(&self) -> Option<&'a str> {
        self.event.place.as_ref().map(|place| place.text.as_str())
    }

    /// Returns the names of the article's entities of a kind, separated by semicolons.
    fn entities(&self, kind: EntityKind) -> String {
        let entities = self.item.record.entities.iter().filter(|e| e.kind == kind);
        entities.map(|e| e.name.as_str()).collect::<Vec<_>>().join("; ")
    }
}

/// Calls `each` with the rows of some records.
fn rows(
    items: impl IntoIterator<Item = Result<Item, ExportError>>,
    mut each: impl FnMut(&Row<'_>) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    for item in items {
        let item = item?;
        Reports::rows(&item).try_for_each(|row| each(&row))?;
    }
    Ok(())
}

/// A column: its name, and how to get its value from a row.
struct Column {
    name: &'static str,
    cell: for<'a> fn(&'a Row<'a>) -> Cell<'a>,
}

macro_rules! columns {
    ($($name:literal: $cell:expr;)*) => {
        [$(Column { name: $name, cell: $cell }),*]
    };
}

fn text(text: Option<&String>) -> Cell<'_> {
    Cell::Text(text.map(String::as_str))
}

fn actor<'a>(row: &'a Row<'a>, field: impl FnOnce(&'a Party) -> Option<&'a str>) -> Cell<'a> {
    Cell::Text(row.event.actor.as_ref().and_then(field))
}

fn recipient<'a>(row: &'a Row<'a>, field: impl FnOnce(&'a Party) -> Option<&'a str>) -> Cell<'a> {
    Cell::Text(row.event.recipient.as_ref().and_then(field))
}

/// The columns of CSV and Parquet, and the keys of JSON Lines.
///
/// Columns may be added at the end, but existing columns keep their names and meanings.
const COLUMNS: [Column; 46] = columns! {
    "report": |r| Cell::Text(Some(&r.name));
    "source_id": |r| Cell::Text(Some(&r.article().source_id));
    "url": |r| text(r.article().url.as_ref());
    "outlet": |r| text(r.article().outlet.as_ref());
    "title": |r| text(r.article().title.as_ref());
    "published": |r| text(r.article().published.as_ref());
    "type": |r| Cell::Text(Some(r.kind().name()));
    "quad_class": |r| Cell::Text(Some(r.kind().quad_class().name()));
    "status": |r| Cell::Text(Some(r.event.status.name()));
    "historical": |r| Cell::Truth(r.event.historical);
    "trigger": |r| Cell::Text(Some(&r.event.trigger.text));
    "trigger_spans": |r| Cell::Spans(&r.event.trigger.spans);
    "sentence": |r| Cell::Text(Some(&r.sentence));
    "actor": |r| actor(r, |p| p.name.as_deref());
    "actor_text": |r| actor(r, |p| Some(&p.text));
    "actor_kind": |r| actor(r, |p| Some(p.kind.name()));
    "actor_role": |r| actor(r, |p| p.role.as_deref());
    "actor_country": |r| actor(r, |p| p.country.as_deref());
    "actor_sector": |r| actor(r, |p| p.sector.as_deref());
    "recipient": |r| recipient(r, |p| p.name.as_deref());
    "recipient_text": |r| recipient(r, |p| Some(&p.text));
    "recipient_kind": |r| recipient(r, |p| Some(p.kind.name()));
    "recipient_role": |r| recipient(r, |p| p.role.as_deref());
    "recipient_country": |r| recipient(r, |p| p.country.as_deref());
    "recipient_sector": |r| recipient(r, |p| p.sector.as_deref());
    "place": |r| Cell::Text(r.event.place.as_ref().map(|p| p.text.as_str()));
    "place_country": |r| Cell::Text(r.event.place.as_ref().and_then(|p| p.country.as_deref()));
    "date": |r| Cell::Text(r.event.time.as_ref().and_then(|t| t.value.as_deref()));
    "date_text": |r| Cell::Text(r.event.time.as_ref().and_then(|t| t.text.as_deref()));
    "date_basis": |r| Cell::Text(r.event.time.as_ref().map(|t| t.basis.name()));
    "claimant": |r| Cell::Text(Some(if r.event.claimant == ARTICLE { ARTICLE } else { "statement" }));
    "claimant_name": |r| Cell::Text(r.claimant().and_then(|s| s.name.as_deref()));
    "claimant_kind": |r| Cell::Text(r.claimant().map(|s| s.kind.name()));
    "claimant_role": |r| Cell::Text(r.claimant().and_then(|s| s.role.as_deref()));
    "claimant_statement": |r| Cell::Text(r.claimed());
    "goldstein": |r| Cell::Real(Some(goldstein(r.kind())));
    "confidence": |r| Cell::Real(Some(r.event.confidence));
    "engine_model": |r| Cell::Text(Some(&r.item.record.engine.model));
    "claimant_side": |r| Cell::Text(r.event.claimant_side.map(|side| side.name()));
    "claimant_address": |r| Cell::Text(r.claim.and_then(|(_, address)| address));
    "actor_spans": |r| Cell::Spans(r.event.actor.as_ref().map(|p| p.spans.as_slice()).unwrap_or_default());
    "recipient_spans": |r| Cell::Spans(r.event.recipient.as_ref().map(|p| p.spans.as_slice()).unwrap_or_default());
    "corrected": |r| Cell::Texts(r.event.corrected.iter().map(String::as_str).collect());
    "article_id": |r| Cell::Text(Some(&r.article().id));
    "claimant_act": |r| Cell::Text(r.claim.and_then(|(statement, _)| statement.act).map(|act| act.name()));
    "claimant_status": |r| Cell::Text(r.claim.and_then(|(statement, _)| statement.status).map(|status| status.name()));
};

/// Every report as a row.
struct Reports;

impl Table for Reports {
    type Row<'a> = Row<'a>;

    fn names() -> Vec<&'static str> {
        COLUMNS.iter().map(|column| column.name).collect()
    }

    fn rows(item: &Item) -> impl Iterator<Item = Row<'_>> {
        let statements = item.record.statements.iter().enumerate();
        let statements: HashMap<_, _> = statements.map(|(n, s)| (s.id.as_str(), (n, s))).collect();
        let sentences = Sentences::new(&item.record.article.text);
        item.record.events.iter().flatten().map(move |event| Row::of(item, event, &statements, &sentences))
    }

    fn cells<'r>(row: &'r Row<'_>) -> Vec<Cell<'r>> {
        COLUMNS.iter().map(|column| (column.cell)(row)).collect()
    }
}

/// Writes one object per row, with the columns as keys.
fn jsonl(
    items: impl IntoIterator<Item = Result<Item, ExportError>>,
    mut out: impl Write,
) -> Result<(), ExportError> {
    let names = Reports::names();
    rows(items, |row| {
        let value = |cell: Cell<'_>| match cell {
            Cell::Text(text) => json!(text),
            Cell::Integer(n) => json!(n),
            Cell::Real(n) => json!(n),
            Cell::Truth(is) => json!(is),
            Cell::Texts(all) => json!(all),
            Cell::Integers(all) => json!(all),
            Cell::Spans(spans) => json!(spans),
        };
        let cells = Reports::cells(row).into_iter().map(value);
        let object: serde_json::Map<String, Value> =
            names.iter().map(|&name| name.to_owned()).zip(cells).collect();
        serde_json::to_writer(&mut out, &object)?;
        Ok(out.write_all(b"\n")?)
    })?;
    Ok(out.flush()?)
}

/// Returns the score of a type on Goldstein's scale of conflict and cooperation (Goldstein 1992), from −10 to 10.
///
/// It is the score of the CAMEO root that [`cameo_root`] returns: an average over what the root covers.
#[must_use]
pub fn goldstein(kind: EventType) -> f64 {
    match kind {
        EventType::Agree => 4.0,
        EventType::Consult => 1.0,
        EventType::Support => 3.5,
        EventType::Cooperate => 6.0,
        EventType::Aid => 7.0,
        EventType::Yield => 5.0,
        EventType::Request => 3.0,
        EventType::Accuse => -2.0,
        EventType::Reject => -4.0,
        EventType::Threaten => -6.0,
        EventType::Protest => -6.5,
        EventType::Sanction => -4.0,
        EventType::Mobilize => -7.2,
        EventType::Coerce => -7.0,
        EventType::Assault => -9.0,
    }
}

/// Returns the CAMEO root code that corresponds to a PLOVER type.
///
/// If there are several, it is the broadest: REQUEST combines appeals (02) and demands (10), ACCUSE investigations (09)
/// and disapproval (11), ASSAULT assaults (18), fights (19) and mass violence (20).
#[must_use]
pub fn cameo_root(kind: EventType) -> &'static str {
    match kind {
        EventType::Agree => "03",
        EventType::Consult => "04",
        EventType::Support => "05",
        EventType::Cooperate => "06",
        EventType::Aid => "07",
        EventType::Yield => "08",
        EventType::Request => "02",
        EventType::Accuse => "11",
        EventType::Reject => "12",
        EventType::Threaten => "13",
        EventType::Protest => "14",
        EventType::Mobilize => "15",
        EventType::Sanction => "16",
        EventType::Coerce => "17",
        EventType::Assault => "18",
    }
}

/// Returns GDELT's quad class of the type's CAMEO root: 1 verbal cooperation (01–05), 2 material cooperation (06–09), 3
/// verbal conflict (10–13), 4 material conflict (14–20).
///
/// For REQUEST, it differs from PLOVER's class.
fn gdelt_quad(kind: EventType) -> &'static str {
    match cameo_root(kind) {
        "02" | "03" | "04" | "05" => "1",
        "06" | "07" | "08" => "2",
        "11" | "12" | "13" => "3",
        _ => "4",
    }
}

/// A column of text: its name, and how to get its value from a row.
type TextColumn = (&'static str, fn(&Row<'_>) -> String);

/// A column of text in a table with numbered rows, which gets its value from a row and its number.
type NumberedColumn = (&'static str, fn(&Row<'_>, u64) -> String);

/// Returns the names of columns.
const fn names<Cell, const N: usize>(columns: &[(&'static str, Cell); N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut n = 0;
    while n < N {
        names[n] = columns[n].0;
        n += 1;
    }
    names
}

fn owned(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

fn of_party(party: &Option<Party>, field: fn(&Party) -> String) -> String {
    party.as_ref().map(field).unwrap_or_default()
}

/// Returns the first of the codes that a field lists.
fn first_code(codes: &Option<String>) -> String {
    owned(codes.as_deref().and_then(|codes| codes.split(" | ").next()))
}

/// POLECAT's columns.
pub const POLECAT: [&str; 40] = names(&POLECAT_COLUMNS);

const POLECAT_COLUMNS: [TextColumn; 40] = [
    ("Event ID", |r| r.name.clone()),
    ("Event Date", |r| owned(r.day())),
    ("Event Type", |r| r.kind().name().to_owned()),
    ("Event Mode", |_| String::new()),
    ("Intensity", |_| String::new()),
    ("Quad Code", |r| r.kind().quad_class().name().to_uppercase()),
    ("Contexts", |_| String::new()),
    ("Actor Name", |r| of_party(&r.event.actor, |p| owned(p.name.as_deref()))),
    ("Actor Country", |r| of_party(&r.event.actor, |p| owned(p.country.as_deref()))),
    ("Actor COW", |_| String::new()),
    ("Primary Actor Sector", |r| of_party(&r.event.actor, |p| first_code(&p.sector))),
    ("Actor Sectors", |r| of_party(&r.event.actor, |p| owned(p.sector.as_deref()).replace(" | ", "; "))),
    ("Actor Title", |r| of_party(&r.event.actor, |p| owned(p.role.as_deref()))),
    ("Actor Name Raw", |r| of_party(&r.event.actor, |p| p.text.clone())),
    ("Wikipedia Actor ID", |_| String::new()),
    ("Recipient Name", |r| of_party(&r.event.recipient, |p| owned(p.name.as_deref()))),
    ("Recipient Country", |r| of_party(&r.event.recipient, |p| owned(p.country.as_deref()))),
    ("Recipient COW", |_| String::new()),
    ("Primary Recipient Sector", |r| of_party(&r.event.recipient, |p| first_code(&p.sector))),
    ("Recipient Sectors", |r| {
        of_party(&r.event.recipient, |p| owned(p.sector.as_deref()).replace(" | ", "; "))
    }),
    ("Recipient Title", |r| of_party(&r.event.recipient, |p| owned(p.role.as_deref()))),
    ("Recipient Name Raw", |r| of_party(&r.event.recipient, |p| p.text.clone())),
    ("Wikipedia Recipient ID", |_| String::new()),
    ("Placename", |r| owned(r.place())),
    ("City", |_| String::new()),
    ("District", |_| String::new()),
    ("Province", |_| String::new()),
    ("Country", |r| owned(r.event.place.as_ref().and_then(|p| p.country.as_deref()))),
    ("Latitude", |_| String::new()),
    ("Longitude", |_| String::new()),
    ("GeoNames ID", |_| String::new()),
    ("Raw Placename", |r| owned(r.place())),
    ("Feature Type", |_| String::new()),
    ("Source", |r| owned(r.article().outlet.as_deref())),
    ("Publication Date", |r| owned(r.article().published.as_deref())),
    ("Story People", |r| r.entities(EntityKind::Person)),
    ("Story Organizations", |r| r.entities(EntityKind::Organization)),
    ("Story Locations", |r| r.entities(EntityKind::Place)),
    ("Language", |r| owned(r.article().language.as_deref())),
    ("Version", |r| format!("onrecord {} {}", r.item.record.engine.version, r.item.record.engine.model)),
];

/// Columns added after POLECAT's own. Without them, a claim would look like a fact.
pub const CLAIM: [&str; 6] = names(&CLAIM_COLUMNS);

const CLAIM_COLUMNS: [TextColumn; 6] = [
    ("Claimant", |r| {
        r.claimant().map_or_else(|| ARTICLE.to_owned(), |speaker| owned(speaker.name.as_deref()))
    }),
    ("Claimant Statement", |r| owned(r.claimed())),
    ("Status", |r| r.event.status.name().to_owned()),
    ("Historical", |r| r.event.historical.to_string()),
    ("Claimant Side", |r| owned(r.event.claimant_side.map(|side| side.name()))),
    ("Date Basis", |r| owned(r.date_basis())),
];

fn polecat(
    items: impl IntoIterator<Item = Result<Item, ExportError>>,
    out: impl Write,
) -> Result<(), ExportError> {
    let mut out = ::csv::WriterBuilder::new().delimiter(b'\t').from_writer(out);
    out.write_record(POLECAT.iter().chain(&CLAIM))?;
    rows(items, |row| {
        let columns = POLECAT_COLUMNS.iter().chain(&CLAIM_COLUMNS);
        Ok(out.write_record(columns.map(|(_, cell)| on_one_line(&cell(row))))?)
    })?;
    Ok(out.flush()?)
}

/// Returns a text without tabs, line breaks and other control characters, each replaced by a space.
///
/// Many programs that read these tables split a file at every line break and a line at every tab, even in quotation
/// marks.
fn on_one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The 61 columns of GDELT 2.0, in its order. Its files have no header.
pub const GDELT: [&str; 61] = names(&GDELT_COLUMNS);

const GDELT_COLUMNS: [NumberedColumn; 61] = [
    ("GLOBALEVENTID", |_, number| number.to_string()),
    ("SQLDATE", |r, _| digits(r.day())),
    ("MonthYear", |r, _| owned(digits(r.day()).get(..6))),
    ("Year", |r, _| owned(digits(r.day()).get(..4))),
    ("FractionDate", |r, _| fraction(r.day().unwrap_or_default())),
    ("Actor1Code", |r, _| of_party(&r.event.actor, |p| first_code(&p.country) + &first_code(&p.sector))),
    ("Actor1Name", |r, _| of_party(&r.event.actor, |p| owned(p.name.as_deref()).to_uppercase())),
    ("Actor1CountryCode", |r, _| of_party(&r.event.actor, |p| first_code(&p.country))),
    ("Actor1KnownGroupCode", |_, _| String::new()),
    ("Actor1EthnicCode", |_, _| String::new()),
    ("Actor1Religion1Code", |_, _| String::new()),
    ("Actor1Religion2Code", |_, _| String::new()),
    ("Actor1Type1Code", |r, _| of_party(&r.event.actor, |p| first_code(&p.sector))),
    ("Actor1Type2Code", |_, _| String::new()),
    ("Actor1Type3Code", |_, _| String::new()),
    ("Actor2Code", |r, _| of_party(&r.event.recipient, |p| first_code(&p.country) + &first_code(&p.sector))),
    ("Actor2Name", |r, _| of_party(&r.event.recipient, |p| owned(p.name.as_deref()).to_uppercase())),
    ("Actor2CountryCode", |r, _| of_party(&r.event.recipient, |p| first_code(&p.country))),
    ("Actor2KnownGroupCode", |_, _| String::new()),
    ("Actor2EthnicCode", |_, _| String::new()),
    ("Actor2Religion1Code", |_, _| String::new()),
    ("Actor2Religion2Code", |_, _| String::new()),
    ("Actor2Type1Code", |r, _| of_party(&r.event.recipient, |p| first_code(&p.sector))),
    ("Actor2Type2Code", |_, _| String::new()),
    ("Actor2Type3Code", |_, _| String::new()),
    ("IsRootEvent", |_, _| "1".to_owned()),
    ("EventCode", |r, _| cameo_root(r.kind()).to_owned()),
    ("EventBaseCode", |r, _| cameo_root(r.kind()).to_owned()),
    ("EventRootCode", |r, _| cameo_root(r.kind()).to_owned()),
    ("QuadClass", |r, _| gdelt_quad(r.kind()).to_owned()),
    ("GoldsteinScale", |r, _| goldstein(r.kind()).to_string()),
    ("NumMentions", |_, _| "1".to_owned()),
    ("NumSources", |_, _| "1".to_owned()),
    ("NumArticles", |_, _| "1".to_owned()),
    ("AvgTone", |_, _| String::new()),
    ("Actor1Geo_Type", |_, _| String::new()),
    ("Actor1Geo_FullName", |_, _| String::new()),
    ("Actor1Geo_CountryCode", |_, _| String::new()),
    ("Actor1Geo_ADM1Code", |_, _| String::new()),
    ("Actor1Geo_ADM2Code", |_, _| String::new()),
    ("Actor1Geo_Lat", |_, _| String::new()),
    ("Actor1Geo_Long", |_, _| String::new()),
    ("Actor1Geo_FeatureID", |_, _| String::new()),
    ("Actor2Geo_Type", |_, _| String::new()),
    ("Actor2Geo_FullName", |_, _| String::new()),
    ("Actor2Geo_CountryCode", |_, _| String::new()),
    ("Actor2Geo_ADM1Code", |_, _| String::new()),
    ("Actor2Geo_ADM2Code", |_, _| String::new()),
    ("Actor2Geo_Lat", |_, _| String::new()),
    ("Actor2Geo_Long", |_, _| String::new()),
    ("Actor2Geo_FeatureID", |_, _| String::new()),
    ("ActionGeo_Type", |_, _| String::new()),
    ("ActionGeo_FullName", |r, _| owned(r.place())),
    ("ActionGeo_CountryCode", |_, _| String::new()),
    ("ActionGeo_ADM1Code", |_, _| String::new()),
    ("ActionGeo_ADM2Code", |_, _| String::new()),
    ("ActionGeo_Lat", |_, _| String::new()),
    ("ActionGeo_Long", |_, _| String::new()),
    ("ActionGeo_FeatureID", |_, _| String::new()),
    ("DATEADDED", |r, _| midnight(r.article().published.as_deref())),
    ("SOURCEURL", |r, _| owned(r.article().url.as_deref())),
];

/// The columns of the file next to a GDELT table that states who claims each row.
pub const GDELT_CLAIMS: [&str; 10] = names(&GDELT_CLAIMS_COLUMNS);

const GDELT_CLAIMS_COLUMNS: [NumberedColumn; 10] = [
    ("GLOBALEVENTID", |_, number| number.to_string()),
    ("report", |r, _| r.name.clone()),
    ("claimant", |r, _| if r.claim.is_some() { "statement" } else { ARTICLE }.to_owned()),
    ("claimant_name", |r, _| owned(r.claimant().and_then(|s| s.name.as_deref()))),
    ("claimant_kind", |r, _| owned(r.claimant().map(|s| s.kind.name()))),
    ("statement", |r, _| owned(r.claimed())),
    ("status", |r, _| r.event.status.name().to_owned()),
    ("historical", |r, _| r.event.historical.to_string()),
    ("claimant_side", |r, _| owned(r.event.claimant_side.map(|side| side.name()))),
    ("date_basis", |r, _| owned(r.date_basis())),
];

/// Writes reports as a table with GDELT 2.0's columns, and a second file that states who claims each row.
///
/// GDELT has no column for the claimant. Rows are numbered from 1. The columns for CAMEO country codes hold ISO 3166
/// alpha-3 codes. The columns for geography are empty except for the name of the place.
///
/// # Errors
///
/// Returns the first error among the records, or an error if an output can't be written.
pub fn gdelt(
    items: impl IntoIterator<Item = Result<Item, ExportError>>,
    table: impl Write,
    claims: impl Write,
) -> Result<(), ExportError> {
    let tabs = |header| {
        let mut builder = ::csv::WriterBuilder::new();
        builder.delimiter(b'\t').has_headers(header);
        builder
    };
    let mut table = tabs(false).from_writer(table);
    let mut claims = tabs(true).from_writer(claims);
    claims.write_record(GDELT_CLAIMS)?;
    let mut number = 0;
    rows(items, |row| {
        number += 1;
        let cells = |columns: &[NumberedColumn]| -> Vec<String> {
            columns.iter().map(|(_, cell)| on_one_line(&cell(row, number))).collect()
        };
        table.write_record(cells(&GDELT_COLUMNS))?;
        Ok(claims.write_record(cells(&GDELT_CLAIMS_COLUMNS))?)
    })?;
    table.flush()?;
    Ok(claims.flush()?)
}

/// Returns the digits of a date.
fn digits(date: Option<&str>) -> String {
    date.unwrap_or_default().chars().filter(char::is_ascii_digit).collect()
}

/// Returns the first second of a day as 14 digits.
fn midnight(day: Option<&str>) -> String {
    let digits = digits(day);
    if digits.len() == 8 { digits + "000000" } else { String::new() }
}

/// Returns a day as the fraction of its year that GDELT uses: `2015.9260`.
fn fraction(day: &str) -> String {
    let mut parts = day.split('-').map(|p| p.parse::<f64>().ok());
    let (Some(Some(year)), Some(Some(month)), Some(Some(day))) = (parts.next(), parts.next(), parts.next())
    else {
        return String::new();
    };
    format!("{:.4}", year + (month * 30.0 + day) / 365.0)
}

#[cfg(test)]
mod tests {
    use onrecord_text::wire::Record;
    use onrecord_text::{DateBasis, EventStatus, Side, SpeakerKind};

    use super::*;

    /// Brandt says that Turkish police arrested an editor. The article itself reports a march.
    fn record() -> Record {
        let field = |text: &str, start: usize| wire::Field {
            text: text.to_owned(),
            spans: vec![[start, start + text.chars().count()]],
        };
        let party = |name: &str, country: Option<&str>, sector: Option<&str>| {
            Some(Party {
                text: name.to_lowercase(),
                name: Some(name.to_owned()),
                kind: SpeakerKind::Group,
                country: country.map(str::to_owned),
                sector: sector.map(str::to_owned),
                ..Party::default()
            })
        };
        let text =
            "It rained. Ada Brandt said Turkish police arrested an editor. Teachers marched, it\u{a0}seems.";
        let claimed = Event {
            id: "v1".to_owned(),
            kind: EventType::Coerce,
            trigger: field("arrested", 42),
            actor: party("Turkish police", Some("TUR"), Some("COP")),
            recipient: party("an editor", None, Some("JRN")),
            status: EventStatus::Happened,
            time: Some(wire::EventTime {
                text: None,
                spans: Vec::new(),
                value: Some("2024-03-08".to_owned()),
                basis: DateBasis::Article,
            }),
            claimant: "s1".to_owned(),
            claimant_side: Some(Side::Recipient),
            confidence: 0.5,
            ..Event::default()
        };
        let told = Event {
            id: "v2".to_owned(),
            kind: EventType::Protest,
            trigger: field("marched", 71),
            actor: party("A | B", Some("TUR | GRC"), Some("CVL | EDU")),
            status: EventStatus::Planned,
            historical: true,
            claimant: ARTICLE.to_owned(),
            confidence: 0.25,
            ..Event::default()
        };
        let statement = wire::Statement {
            id: "s1".to_owned(),
            content: field("Turkish police arrested an editor", 27),
            speaker: Some(wire::Speaker {
                name: Some("Ada Brandt".to_owned()),
                kind: SpeakerKind::Person,
                role: None,
                entity: None,
                entities: Vec::new(),
                confidence: 1.0,
            }),
            act: Some(onrecord_text::Act::Say),
            status: Some(onrecord_text::Status::Made),
            ..wire::Statement::default()
        };
        Record {
            article: wire::Article {
                source_id: "a".to_owned(),
                outlet: Some("Courier".to_owned()),
                published: Some("2024-03-08".to_owned()),
                text: text.to_owned(),
                ..wire::Article::default()
            },
            statements: vec![statement],
            events: Some(vec![claimed, told]),
            ..Record::default()
        }
    }

    fn written(record: Record, format: Format) -> Vec<u8> {
        let mut out = Vec::new();
        export([Ok(Item::from(record))], format, Options::default(), &mut out).unwrap();
        out
    }

    fn table(format: Format, delimiter: u8) -> Vec<Vec<String>> {
        let out = written(record(), format);
        let mut reader =
            ::csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(out.as_slice());
        reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    fn cell(rows: &[Vec<String>], row: usize, column: &str) -> String {
        let at = rows[0].iter().position(|c| c == column).unwrap_or_else(|| panic!("no column {column}"));
        rows[row][at].clone()
    }

    #[test]
    fn csv_has_a_row_for_each_report_with_its_claimant() {
        let rows = table(Format::Csv, b',');
        assert_eq!(rows.len(), 3);
        for (column, first, second) in [
            ("report", "a.v1", "a.v2"),
            ("type", "COERCE", "PROTEST"),
            ("quad_class", "material conflict", "material conflict"),
            ("status", "happened", "planned"),
            ("historical", "false", "true"),
            ("trigger_spans", "42-50", "71-78"),
            ("actor_country", "TUR", "TUR | GRC"),
            ("actor_text", "turkish police", "a | b"),
            ("recipient_sector", "JRN", ""),
            ("date", "2024-03-08", ""),
            ("date_basis", "article", ""),
            ("claimant", "statement", "article"),
            ("claimant_name", "Ada Brandt", ""),
            ("claimant_statement", "Turkish police arrested an editor", ""),
            ("claimant_side", "recipient", ""),
            ("claimant_act", "say", ""),
            ("claimant_status", "made", ""),
            ("actor_spans", "", ""),
            ("corrected", "", ""),
            ("goldstein", "-7", "-6.5"),
            ("confidence", "0.5", "0.25"),
            ("sentence", "Ada Brandt said Turkish police arrested an editor.", "Teachers marched, it seems."),
        ] {
            assert_eq!(cell(&rows, 1, column), first, "{column}");
            assert_eq!(cell(&rows, 2, column), second, "{column}");
        }
    }

    #[test]
    fn json_lines_have_the_columns_of_csv() {
        let text = String::from_utf8(written(record(), Format::JsonLines)).unwrap();
        let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(first.as_object().unwrap().len(), COLUMNS.len());
        assert_eq!(first["historical"], json!(false));
        assert_eq!(first["goldstein"], json!(-7.0));
        assert_eq!(first["place"], json!(null));
        assert_eq!(first["trigger_spans"], json!([[42, 50]]));
        assert_eq!(first["corrected"], json!([]));
        assert_eq!(text.lines().count(), 2);
    }

    #[test]
    fn a_report_of_a_store_has_the_names_that_the_store_gives() {
        let mut item = Item::from(record());
        (item.article, item.addresses) = (Some(12), vec!["5f0c9a1be2d47738".to_owned()]);
        let mut out = Vec::new();
        export([Ok(item)], Format::Csv, Options::default(), &mut out).unwrap();
        let mut reader = ::csv::Reader::from_reader(out.as_slice());
        let names = reader.headers().unwrap().clone();
        let first = reader.records().next().unwrap().unwrap();
        let cell = |column: &str| &first[names.iter().position(|name| name == column).unwrap()];
        assert_eq!((cell("report"), cell("claimant_address")), ("12.v1", "5f0c9a1be2d47738"));
    }

    #[test]
    fn plain_cells_are_for_spreadsheets() {
        let mut record = record();
        record.events.as_mut().unwrap()[0].actor.as_mut().unwrap().name = Some("=1+1".to_owned());
        for (plain, expected) in [(false, "\n=1+1"), (true, "'=1+1")] {
            let mut out = Vec::new();
            let options = Options::default().with_plain_cells(plain);
            export([Ok(Item::from(record.clone()))], Format::Csv, options, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap().replace(',', "\n");
            assert!(text.contains(expected), "{text}");
        }
    }

    #[test]
    fn polecat_keeps_its_columns_and_the_claim_stands_after_them() {
        let rows = table(Format::Polecat, b'\t');
        assert_eq!(rows[0].len(), 46);
        assert_eq!(rows[0][..40], POLECAT.map(str::to_owned));
        assert_eq!(cell(&rows, 1, "Actor Country"), "TUR");
        assert_eq!(cell(&rows, 2, "Primary Actor Sector"), "CVL");
        assert_eq!(cell(&rows, 2, "Actor Sectors"), "CVL; EDU");
        assert_eq!(cell(&rows, 1, "Quad Code"), "MATERIAL CONFLICT");
        assert_eq!(cell(&rows, 1, "Event Date"), "2024-03-08");
        assert_eq!(cell(&rows, 1, "Claimant"), "Ada Brandt");
        assert_eq!(cell(&rows, 2, "Claimant"), "article");
        assert_eq!(cell(&rows, 2, "Status"), "planned");
        assert_eq!(cell(&rows, 1, "Intensity"), "");
    }

    /// The events and the claims of a record in the columns of GDELT.
    fn gdelt_of(record: Record) -> [String; 2] {
        let (mut events, mut claims) = (Vec::new(), Vec::new());
        gdelt([Ok(Item::from(record))], &mut events, &mut claims).unwrap();
        [events, claims].map(|table| String::from_utf8(table).unwrap())
    }

    #[test]
    fn gdelt_has_61_columns_and_its_claims_beside_it() {
        let [events, claims] = gdelt_of(record());
        let rows: Vec<Vec<&str>> = events.lines().map(|l| l.split('\t').collect()).collect();
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [61, 61]);
        let at = |column: &str| GDELT.iter().position(|c| *c == column).unwrap();
        for (column, value) in [
            ("GLOBALEVENTID", "1"),
            ("SQLDATE", "20240308"),
            ("MonthYear", "202403"),
            ("Year", "2024"),
            ("FractionDate", "2024.2685"),
            ("Actor1Code", "TURCOP"),
            ("Actor1Name", "TURKISH POLICE"),
            ("Actor2Code", "JRN"),
            ("EventRootCode", "17"),
            ("QuadClass", "4"),
            ("GoldsteinScale", "-7"),
            ("DATEADDED", "20240308000000"),
            ("Actor1Geo_FullName", ""),
        ] {
            assert_eq!(rows[0][at(column)], value, "{column}");
        }
        assert_eq!(rows[1][at("SQLDATE")], "");
        let lines: Vec<&str> = claims.lines().collect();
        assert_eq!(lines[0].split('\t').collect::<Vec<_>>(), GDELT_CLAIMS);
        assert!(lines[1].starts_with("1\ta.v1\tstatement\tAda Brandt\tperson\t"), "{}", lines[1]);
        assert!(lines[2].starts_with("2\ta.v2\tarticle\t\t\t\tplanned\ttrue"), "{}", lines[2]);
    }

    #[test]
    fn every_column_is_named_once() {
        let polecat = [POLECAT.as_slice(), &CLAIM].concat();
        for names in [polecat, GDELT.to_vec(), GDELT_CLAIMS.to_vec(), Reports::names()] {
            let unique: std::collections::HashSet<&str> = names.iter().copied().collect();
            assert_eq!(unique.len(), names.len(), "{names:?}");
            assert!(!unique.contains(""));
        }
    }

    #[test]
    fn every_row_is_a_line_and_every_cell_ends_at_a_tab() {
        let mut record = record();
        let odd = |text: &str| text.replace(' ', "\r\n\t \u{2028}");
        record.article.source_id = "a\tb\nc".to_owned();
        record.article.url = Some("https://sound.example/a\tb".to_owned());
        record.article.outlet = Some("The\u{b}Sound\u{1e}Times".to_owned());
        for entity in &mut record.entities {
            entity.name = odd(&entity.name);
        }
        for statement in &mut record.statements {
            statement.content.text = odd("“We are late.” We know that.");
            statement.speaker.as_mut().unwrap().name = Some(odd("Ada Brandt"));
        }
        for event in record.events.iter_mut().flatten() {
            for party in [&mut event.actor, &mut event.recipient].into_iter().flatten() {
                (party.name, party.role) = (Some(odd("Turkish police")), Some(odd("chief of police")));
            }
        }
        let [table, claims] = gdelt_of(record.clone());
        let polecat = String::from_utf8(written(record, Format::Polecat)).unwrap();
        for (written, columns, header) in [(table, 61, 0), (claims, 10, 1), (polecat, 46, 1)] {
            let lines: Vec<&str> = written.split(['\n', '\r', '\u{b}', '\u{1e}', '\u{2028}']).collect();
            assert_eq!(lines.len(), 2 + header + 1, "{written}");
            for line in &lines[..2 + header] {
                assert_eq!(line.split('\t').count(), columns, "{line}");
            }
            assert!(written.contains(if columns == 61 {
                "TURKISH POLICE"
            } else {
                "We are late.” We know"
            }));
        }
    }

    #[test]
    fn a_report_without_a_whole_day_has_no_date_for_programs_that_need_one() {
        let mut record = record();
        record.events.as_mut().unwrap()[0].time.as_mut().unwrap().value = Some("2024-03".to_owned());
        let text = String::from_utf8(written(record, Format::Polecat)).unwrap();
        assert_eq!(text.lines().nth(1).unwrap().split('\t').nth(1), Some(""));
    }

    #[test]
    fn every_type_has_a_root_of_the_same_sign_as_its_score() {
        for kind in EventType::ALL {
            let conflict = matches!(gdelt_quad(kind), "3" | "4");
            assert_eq!(goldstein(kind) < 0.0, conflict, "{}", kind.name());
        }
    }

    #[test]
    fn every_type_has_its_score_its_root_and_its_quad_class() {
        for (kind, score, root, quad) in [
            (EventType::Agree, 4.0, "03", "1"),
            (EventType::Consult, 1.0, "04", "1"),
            (EventType::Support, 3.5, "05", "1"),
            (EventType::Cooperate, 6.0, "06", "2"),
            (EventType::Aid, 7.0, "07", "2"),
            (EventType::Yield, 5.0, "08", "2"),
            (EventType::Request, 3.0, "02", "1"),
            (EventType::Accuse, -2.0, "11", "3"),
            (EventType::Reject, -4.0, "12", "3"),
            (EventType::Threaten, -6.0, "13", "3"),
            (EventType::Protest, -6.5, "14", "4"),
            (EventType::Mobilize, -7.2, "15", "4"),
            (EventType::Sanction, -4.0, "16", "4"),
            (EventType::Coerce, -7.0, "17", "4"),
            (EventType::Assault, -9.0, "18", "4"),
        ] {
            assert_eq!((goldstein(kind), cameo_root(kind), gdelt_quad(kind)), (score, root, quad), "{kind}");
        }
    }

    /// The report of the arrest, with everything that an article may say about it.
    fn full() -> Record {
        let mut record = record();
        let entity = |id: &str, kind, name: &str| wire::Entity {
            id: id.to_owned(),
            name: name.to_owned(),
            kind,
            roles: Vec::new(),
            aliases: Vec::new(),
            mentions: Vec::new(),
        };
        record.entities = vec![
            entity("e1", EntityKind::Person, "Ada Brandt"),
            entity("e2", EntityKind::Person, "Jon Lind"),
            entity("e3", EntityKind::Organization, "Courier"),
            entity("e4", EntityKind::Place, "Tallberg"),
        ];
        record.article.url = Some("https://courier.example/7".to_owned());
        record.article.title = Some("An arrest".to_owned());
        record.article.language = Some("en".to_owned());
        record.engine = wire::Engine { version: "0.1.0".to_owned(), model: "test".to_owned() };
        let report = &mut record.events.as_mut().unwrap()[0];
        report.place = Some(wire::Place {
            text: "Tallberg".to_owned(),
            country: Some("SWE".to_owned()),
            ..wire::Place::default()
        });
        report.actor.as_mut().unwrap().role = Some("border police".to_owned());
        let recipient = report.recipient.as_mut().unwrap();
        recipient.country = Some("GRC | CYP".to_owned());
        recipient.sector = Some("JRN | CVL".to_owned());
        recipient.role = Some("editor of the Courier".to_owned());
        record
    }

    #[test]
    fn polecat_has_a_value_in_each_column_that_onrecord_codes() {
        let out = written(full(), Format::Polecat);
        let mut reader = ::csv::ReaderBuilder::new().delimiter(b'\t').from_reader(out.as_slice());
        let names = reader.headers().unwrap().clone();
        let row = reader.records().next().unwrap().unwrap();
        let filled: Vec<(&str, &str)> =
            names.iter().zip(&row).filter(|(_, value)| !value.is_empty()).collect();
        assert_eq!(
            filled,
            [
                ("Event ID", "a.v1"),
                ("Event Date", "2024-03-08"),
                ("Event Type", "COERCE"),
                ("Quad Code", "MATERIAL CONFLICT"),
                ("Actor Name", "Turkish police"),
                ("Actor Country", "TUR"),
                ("Primary Actor Sector", "COP"),
                ("Actor Sectors", "COP"),
                ("Actor Title", "border police"),
                ("Actor Name Raw", "turkish police"),
                ("Recipient Name", "an editor"),
                ("Recipient Country", "GRC | CYP"),
                ("Primary Recipient Sector", "JRN"),
                ("Recipient Sectors", "JRN; CVL"),
                ("Recipient Title", "editor of the Courier"),
                ("Recipient Name Raw", "an editor"),
                ("Placename", "Tallberg"),
                ("Country", "SWE"),
                ("Raw Placename", "Tallberg"),
                ("Source", "Courier"),
                ("Publication Date", "2024-03-08"),
                ("Story People", "Ada Brandt; Jon Lind"),
                ("Story Organizations", "Courier"),
                ("Story Locations", "Tallberg"),
                ("Language", "en"),
                ("Version", "onrecord 0.1.0 test"),
                ("Claimant", "Ada Brandt"),
                ("Claimant Statement", "Turkish police arrested an editor"),
                ("Status", "happened"),
                ("Historical", "false"),
                ("Claimant Side", "recipient"),
                ("Date Basis", "article"),
            ]
        );
    }

    #[test]
    fn gdelt_has_a_value_in_each_column_that_onrecord_codes() {
        let [events, claims] = gdelt_of(full());
        let row = events.lines().next().unwrap().split('\t');
        let filled: Vec<(&str, &str)> =
            GDELT.iter().copied().zip(row).filter(|(_, value)| !value.is_empty()).collect();
        assert_eq!(
            filled,
            [
                ("GLOBALEVENTID", "1"),
                ("SQLDATE", "20240308"),
                ("MonthYear", "202403"),
                ("Year", "2024"),
                ("FractionDate", "2024.2685"),
                ("Actor1Code", "TURCOP"),
                ("Actor1Name", "TURKISH POLICE"),
                ("Actor1CountryCode", "TUR"),
                ("Actor1Type1Code", "COP"),
                ("Actor2Code", "GRCJRN"),
                ("Actor2Name", "AN EDITOR"),
                ("Actor2CountryCode", "GRC"),
                ("Actor2Type1Code", "JRN"),
                ("IsRootEvent", "1"),
                ("EventCode", "17"),
                ("EventBaseCode", "17"),
                ("EventRootCode", "17"),
                ("QuadClass", "4"),
                ("GoldsteinScale", "-7"),
                ("NumMentions", "1"),
                ("NumSources", "1"),
                ("NumArticles", "1"),
                ("ActionGeo_FullName", "Tallberg"),
                ("DATEADDED", "20240308000000"),
                ("SOURCEURL", "https://courier.example/7"),
            ]
        );
        assert_eq!(
            claims.lines().nth(1),
            Some(
                "1\ta.v1\tstatement\tAda Brandt\tperson\tTurkish police arrested an editor\thappened\tfalse\trecipient\tarticle"
            )
        );
        assert_eq!(claims.lines().nth(2), Some("2\ta.v2\tarticle\t\t\t\tplanned\ttrue\t\t"));
    }

    #[test]
    fn csv_has_a_value_in_each_column_that_the_article_fills() {
        let out = written(full(), Format::Csv);
        let mut reader = ::csv::Reader::from_reader(out.as_slice());
        let names = reader.headers().unwrap().clone();
        let row = reader.records().next().unwrap().unwrap();
        let cell = |column: &str| &row[names.iter().position(|name| name == column).unwrap()];
        for (column, expected) in [
            ("source_id", "a"),
            ("url", "https://courier.example/7"),
            ("outlet", "Courier"),
            ("title", "An arrest"),
            ("published", "2024-03-08"),
            ("trigger", "arrested"),
            ("actor", "Turkish police"),
            ("actor_kind", "group"),
            ("actor_role", "border police"),
            ("recipient", "an editor"),
            ("recipient_text", "an editor"),
            ("recipient_kind", "group"),
            ("recipient_role", "editor of the Courier"),
            ("recipient_country", "GRC | CYP"),
            ("place", "Tallberg"),
            ("place_country", "SWE"),
            ("claimant_kind", "person"),
            ("claimant_role", ""),
            ("engine_model", "test"),
        ] {
            assert_eq!(cell(column), expected, "{column}");
        }
    }

    #[test]
    fn a_day_without_its_year_is_no_date_and_a_month_is_no_day() {
        let row = |value: &str| {
            let mut record = record();
            record.events.as_mut().unwrap()[0].time.as_mut().unwrap().value = Some(value.to_owned());
            record.article.published = Some(value.to_owned());
            let [events, _] = gdelt_of(record);
            let row: Vec<&str> = events.lines().next().unwrap().split('\t').collect();
            ["SQLDATE", "MonthYear", "Year", "FractionDate", "DATEADDED"]
                .map(|column| row[GDELT.iter().position(|c| *c == column).unwrap()].to_owned())
        };
        assert_eq!(row("XXXX-03-08"), ["", "", "", "", ""]);
        assert_eq!(row("2024-03"), ["", "", "", "", ""]);
        assert_eq!(row("2023-12-31"), ["20231231", "202312", "2023", "2024.0712", "20231231000000"]);
        assert_eq!(fraction("2024-03"), "");
        assert_eq!(fraction("2024-03-x"), "");
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn parquet_has_a_row_for_each_report() {
        let bytes = written(record(), Format::Parquet);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let reader = ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        assert_eq!(reader.metadata().file_metadata().num_rows(), 2);
        let columns = reader.schema().fields().iter().map(|field| field.name().as_str());
        assert_eq!(columns.collect::<Vec<_>>(), Reports::names());
    }

    #[test]
    fn a_store_gives_the_reports_that_match() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut store = onrecord_store::Store::create(&folder.path().join("news.db")).unwrap();
        let mut record = record();
        record.schema = wire::SCHEMA.to_owned();
        record.article.id = wire::content_hash(&record.article.text);
        let mut batch = store.batch().unwrap();
        batch.put(&record, &onrecord_store::Digest::of([b"a".as_slice()])).unwrap();
        batch.commit().unwrap();
        let names = |query: &str| -> Vec<String> {
            let query: EventQuery = query.parse().unwrap();
            let items: Vec<Item> = of_store(&store, &query).unwrap().map(Result::unwrap).collect();
            items.iter().flat_map(Reports::rows).map(|row| row.name).collect()
        };
        assert_eq!(names("type:COERCE"), ["1.v1"]);
        assert_eq!(names("type:PROTEST"), ["1.v2"]);
        assert_eq!(names("type:AID"), Vec::<String>::new());
    }
}
