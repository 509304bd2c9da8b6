//! Reports of events in other formats, one row per report.
//!
//! The records must have been read with events. Scores are looked up here and not stored anywhere, because the weight
//! of an act depends on the scale and not on the article.
//!
//! ```
//! use onrecord_export::{Item, Options, events};
//! use onrecord_text::{EventStatus, EventType, wire};
//!
//! let event = wire::Event::new(EventType::Agree, EventStatus::Happened);
//! let record = wire::Record { events: Some(vec![event]), ..wire::Record::default() };
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

mod columns;
mod gdelt;
mod polecat;
#[cfg(test)]
mod samples;
mod scales;

pub use gdelt::{GDELT, GDELT_CLAIMS, gdelt};
pub use polecat::{CLAIM, POLECAT};
pub use scales::{cameo_root, goldstein};

use crate::flat::{self, Cell, Column, Table, columns};
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
        Format::Polecat => polecat::write(items, out),
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

fn actor<'a>(row: &'a Row<'a>, field: impl FnOnce(&'a Party) -> Option<&'a str>) -> Option<&'a str> {
    row.event.actor.as_ref().and_then(field)
}

fn recipient<'a>(row: &'a Row<'a>, field: impl FnOnce(&'a Party) -> Option<&'a str>) -> Option<&'a str> {
    row.event.recipient.as_ref().and_then(field)
}

/// The columns of CSV and Parquet, and the keys of JSON Lines.
///
/// Columns may be added at the end, but existing columns keep their names and meanings.
const COLUMNS: [Column<Reports>; 47] = columns! {
    "report": Text(|r| Some(&r.name));
    "source_id": Text(|r| Some(&r.article().source_id));
    "url": Text(|r| r.article().url.as_deref());
    "outlet": Text(|r| r.article().outlet.as_deref());
    "title": Text(|r| r.article().title.as_deref());
    "published": Text(|r| r.article().dated());
    "type": Text(|r| Some(r.kind().name()));
    "quad_class": Text(|r| Some(r.kind().quad_class().name()));
    "status": Text(|r| Some(r.event.status.name()));
    "historical": Truth(|r| r.event.historical);
    "trigger": Text(|r| Some(&r.event.trigger.text));
    "trigger_spans": Spans(|r| &r.event.trigger.spans);
    "sentence": Text(|r| Some(&r.sentence));
    "actor": Text(|r| actor(r, |p| p.name.as_deref()));
    "actor_text": Text(|r| actor(r, |p| Some(&p.text)));
    "actor_kind": Text(|r| actor(r, |p| Some(p.kind.name())));
    "actor_role": Text(|r| actor(r, |p| p.role.as_deref()));
    "actor_country": Text(|r| actor(r, |p| p.country.as_deref()));
    "actor_sector": Text(|r| actor(r, |p| p.sector.as_deref()));
    "recipient": Text(|r| recipient(r, |p| p.name.as_deref()));
    "recipient_text": Text(|r| recipient(r, |p| Some(&p.text)));
    "recipient_kind": Text(|r| recipient(r, |p| Some(p.kind.name())));
    "recipient_role": Text(|r| recipient(r, |p| p.role.as_deref()));
    "recipient_country": Text(|r| recipient(r, |p| p.country.as_deref()));
    "recipient_sector": Text(|r| recipient(r, |p| p.sector.as_deref()));
    "place": Text(|r| r.event.place.as_ref().map(|p| p.text.as_str()));
    "place_country": Text(|r| r.event.place.as_ref().and_then(|p| p.country.as_deref()));
    "date": Text(|r| r.event.time.as_ref().and_then(|t| t.value.as_deref()));
    "date_text": Text(|r| r.event.time.as_ref().and_then(|t| t.text.as_deref()));
    "date_basis": Text(|r| r.event.time.as_ref().map(|t| t.basis.name()));
    "claimant": Text(|r| Some(if r.event.claimant == ARTICLE { ARTICLE } else { "statement" }));
    "claimant_name": Text(|r| r.claimant().and_then(|s| s.name.as_deref()));
    "claimant_kind": Text(|r| r.claimant().map(|s| s.kind.name()));
    "claimant_role": Text(|r| r.claimant().and_then(|s| s.role.as_deref()));
    "claimant_statement": Text(|r| r.claimed());
    "goldstein": Real(|r| Some(goldstein(r.kind())));
    "confidence": Real(|r| Some(r.event.confidence));
    "engine_model": Text(|r| Some(&r.item.record.engine.model));
    "claimant_side": Text(|r| r.event.claimant_side.map(|side| side.name()));
    "claimant_address": Text(|r| r.claim.and_then(|(_, address)| address));
    "actor_spans": Spans(|r| r.event.actor.as_ref().map(|p| p.spans.as_slice()).unwrap_or_default());
    "recipient_spans": Spans(|r| r.event.recipient.as_ref().map(|p| p.spans.as_slice()).unwrap_or_default());
    "corrected": Texts(|r| r.event.corrected.iter().map(|field| field.name()).collect());
    "article_id": Text(|r| Some(&r.article().id));
    "claimant_act": Text(|r| r.claim.and_then(|(statement, _)| statement.act).map(|act| act.name()));
    "claimant_status": Text(|r| r.claim.and_then(|(statement, _)| statement.status).map(|status| status.name()));
    "notices": Texts(|r| r.item.record.notices.iter().map(|notice| notice.kind.name()).collect());
};

/// Every report as a row.
struct Reports;

impl Table for Reports {
    type Row<'a> = Row<'a>;

    const COLUMNS: &'static [Column<Self>] = &COLUMNS;

    fn rows(item: &Item) -> impl Iterator<Item = Row<'_>> {
        let statements = item.record.statements.iter().enumerate();
        let statements: HashMap<_, _> = statements.map(|(n, s)| (s.id.as_str(), (n, s))).collect();
        let sentences = Sentences::new(&item.record.article.text);
        item.record.events.iter().flatten().map(move |event| Row::of(item, event, &statements, &sentences))
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

#[cfg(test)]
mod tests {
    use onrecord_store::ArticleId;

    use super::samples::{cell, full, gdelt_of, record, table, written};
    use super::*;

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
        (item.article, item.addresses) = (Some(ArticleId(12)), vec!["5f0c9a1be2d47738".to_owned()]);
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
