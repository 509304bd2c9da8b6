//! Event reports in other formats, one row per report.
//!
//! The records must have been read with events. No store is needed. Scores are looked up here and not stored anywhere,
//! because the weight of an act depends on the scale and not on the article.

use std::io::Write;

use onrecord_text::wire::{self, ARTICLE, Event, Party, Record};
use onrecord_text::{EntityKind, EventType, sentence_around};
use serde_json::json;

use crate::ExportError;

/// A report together with its context.
struct Row<'a> {
    record: &'a Record,
    event: &'a Event,
    /// The statement that reports the event, unless the article itself does.
    claim: Option<&'a wire::Statement>,
}

impl<'a> Row<'a> {
    /// Returns the report's name, which is unique across articles.
    fn id(&self) -> String {
        format!("{}.{}", self.record.article.source_id, self.event.id)
    }

    fn kind(&self) -> EventType {
        self.event.kind
    }

    fn claimant(&self) -> Option<&'a wire::Speaker> {
        self.claim.and_then(|s| s.speaker.as_ref())
    }

    /// Returns the day of the event as `YYYY-MM-DD`, if the exact day is known.
    fn day(&self) -> Option<&'a str> {
        let value = self.event.time.as_ref()?.value.as_deref()?;
        (value.len() == 10 && !value.starts_with('X')).then_some(value)
    }

    /// Returns the sentence around the trigger.
    fn sentence(&self) -> String {
        let Some(&trigger) = self.event.trigger.spans.first() else { return String::new() };
        sentence_around(&self.record.article.text, trigger).0
    }
}

/// Returns the rows of some records.
fn rows<'a>(records: impl IntoIterator<Item = &'a Record>) -> impl Iterator<Item = Row<'a>> {
    records.into_iter().flat_map(|record| {
        record.events.iter().flatten().map(move |event| {
            let claim = record.statements.iter().find(|s| s.id == event.claimant);
            Row { record, event, claim }
        })
    })
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

/// The columns of [`csv()`] and the keys of [`jsonl`].
///
/// Columns may be added at the end, but existing columns keep their names and meanings.
pub const COLUMNS: [&str; 39] = [
    "report",
    "source_id",
    "url",
    "outlet",
    "title",
    "published",
    "type",
    "quad_class",
    "status",
    "historical",
    "trigger",
    "trigger_spans",
    "sentence",
    "actor",
    "actor_text",
    "actor_kind",
    "actor_role",
    "actor_country",
    "actor_sector",
    "recipient",
    "recipient_text",
    "recipient_kind",
    "recipient_role",
    "recipient_country",
    "recipient_sector",
    "place",
    "place_country",
    "date",
    "date_text",
    "date_basis",
    "claimant",
    "claimant_name",
    "claimant_kind",
    "claimant_role",
    "claimant_statement",
    "goldstein",
    "confidence",
    "engine_model",
    "claimant_side",
];

/// Returns the cells of a report in the order of [`COLUMNS`].
fn cells(row: &Row<'_>) -> [Option<String>; COLUMNS.len()] {
    let (article, event) = (&row.record.article, row.event);
    let some = |s: &str| Some(s.to_owned());
    let spans =
        |all: &[[usize; 2]]| all.iter().map(|[s, e]| format!("{s}-{e}")).collect::<Vec<_>>().join(";");
    let party = |p: Option<&Party>| -> [Option<String>; 6] {
        let Some(p) = p else { return Default::default() };
        let text = some(&p.text);
        [p.name.clone(), text, some(p.kind.name()), p.role.clone(), p.country.clone(), p.sector.clone()]
    };
    let [actor, actor_text, actor_kind, actor_role, actor_country, actor_sector] =
        party(event.actor.as_ref());
    let [to, to_text, to_kind, to_role, to_country, to_sector] = party(event.recipient.as_ref());
    let by = row.claimant();
    [
        Some(row.id()),
        some(&article.source_id),
        article.url.clone(),
        article.outlet.clone(),
        article.title.clone(),
        article.published.clone(),
        some(event.kind.name()),
        some(row.kind().quad_class().name()),
        some(event.status.name()),
        Some(event.historical.to_string()),
        some(&event.trigger.text),
        Some(spans(&event.trigger.spans)),
        Some(row.sentence()),
        actor,
        actor_text,
        actor_kind,
        actor_role,
        actor_country,
        actor_sector,
        to,
        to_text,
        to_kind,
        to_role,
        to_country,
        to_sector,
        event.place.as_ref().map(|p| p.text.clone()),
        event.place.as_ref().and_then(|p| p.country.clone()),
        event.time.as_ref().and_then(|t| t.value.clone()),
        event.time.as_ref().and_then(|t| t.text.clone()),
        event.time.as_ref().map(|t| t.basis.name().to_owned()),
        some(if event.claimant == ARTICLE { ARTICLE } else { "statement" }),
        by.and_then(|s| s.name.clone()),
        by.map(|s| s.kind.name().to_owned()),
        by.and_then(|s| s.role.clone()),
        row.claim.map(|s| s.content.text.clone()),
        Some(goldstein(row.kind()).to_string()),
        Some(event.confidence.to_string()),
        some(&row.record.engine.model),
        event.claimant_side.map(|side| side.name().to_owned()),
    ]
}

/// Writes one row per report as CSV with a header, for `eventreport` in R, DuckDB and pandas.
///
/// # Errors
///
/// Returns an error if the output can't be written.
pub fn csv<'a>(records: impl IntoIterator<Item = &'a Record>, out: impl Write) -> Result<(), ExportError> {
    let mut out = ::csv::Writer::from_writer(out);
    out.write_record(COLUMNS)?;
    for row in rows(records) {
        out.write_record(cells(&row).map(Option::unwrap_or_default))?;
    }
    Ok(out.flush()?)
}

/// Writes one object per report as JSON Lines, with the columns of [`csv()`] as keys.
///
/// All values are strings or null, except for `historical`, `goldstein` and `confidence`.
///
/// # Errors
///
/// Returns an error if the output can't be written.
pub fn jsonl<'a>(
    records: impl IntoIterator<Item = &'a Record>,
    mut out: impl Write,
) -> Result<(), ExportError> {
    for row in rows(records) {
        let mut object = serde_json::Map::new();
        for (column, cell) in COLUMNS.iter().zip(cells(&row)) {
            object.insert((*column).to_owned(), json!(cell));
        }
        object.insert("historical".to_owned(), json!(row.event.historical));
        object.insert("goldstein".to_owned(), json!(goldstein(row.kind())));
        object.insert("confidence".to_owned(), json!(row.event.confidence));
        serde_json::to_writer(&mut out, &object)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// POLECAT's columns.
pub const POLECAT: [&str; 40] = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
];

/// Columns added after POLECAT's own. Without them, a claim would look like a fact.
pub const CLAIM: [&str; 4] = ["Claimant", "Claimant Statement", "Status", "Historical"];

/// Writes reports as a tab-separated table with POLECAT's columns, followed by those of [`CLAIM`].
///
/// Columns for what onrecord does not code are empty: modes, contexts, intensity, coordinates, and identifiers of other
/// databases.
///
/// # Errors
///
/// Returns an error if the output can't be written.
pub fn polecat<'a>(
    records: impl IntoIterator<Item = &'a Record>,
    out: impl Write,
) -> Result<(), ExportError> {
    let mut out = ::csv::WriterBuilder::new().delimiter(b'\t').from_writer(out);
    out.write_record(POLECAT.iter().chain(&CLAIM))?;
    for row in rows(records) {
        let (article, event) = (&row.record.article, row.event);
        let of = |kind: EntityKind| {
            let names = row.record.entities.iter().filter(|e| e.kind == kind).map(|e| e.name.as_str());
            names.collect::<Vec<_>>().join("; ")
        };
        let cell = |column: &str| -> String {
            let text = |s: &Option<String>| s.clone().unwrap_or_default();
            let party = |field: &str, p: &Option<Party>| {
                p.as_ref().map(|p| match field {
                    "Name" => text(&p.name),
                    "Country" => text(&p.country),
                    "Sectors" => text(&p.sector).replace(" | ", "; "),
                    "Primary" => text(&p.sector).split(" | ").next().unwrap_or_default().to_owned(),
                    "Title" => text(&p.role),
                    _ => p.text.clone(),
                })
            };
            match column {
                "Event ID" => row.id(),
                "Event Date" => row.day().unwrap_or_default().to_owned(),
                "Event Type" => event.kind.name().to_owned(),
                "Quad Code" => row.kind().quad_class().name().to_uppercase(),
                "Actor Name" => party("Name", &event.actor).unwrap_or_default(),
                "Actor Country" => party("Country", &event.actor).unwrap_or_default(),
                "Primary Actor Sector" => party("Primary", &event.actor).unwrap_or_default(),
                "Actor Sectors" => party("Sectors", &event.actor).unwrap_or_default(),
                "Actor Title" => party("Title", &event.actor).unwrap_or_default(),
                "Actor Name Raw" => party("Raw", &event.actor).unwrap_or_default(),
                "Recipient Name" => party("Name", &event.recipient).unwrap_or_default(),
                "Recipient Country" => party("Country", &event.recipient).unwrap_or_default(),
                "Primary Recipient Sector" => party("Primary", &event.recipient).unwrap_or_default(),
                "Recipient Sectors" => party("Sectors", &event.recipient).unwrap_or_default(),
                "Recipient Title" => party("Title", &event.recipient).unwrap_or_default(),
                "Recipient Name Raw" => party("Raw", &event.recipient).unwrap_or_default(),
                "Placename" | "Raw Placename" => {
                    event.place.as_ref().map(|p| p.text.clone()).unwrap_or_default()
                }
                "Country" => event.place.as_ref().and_then(|p| p.country.clone()).unwrap_or_default(),
                "Source" => text(&article.outlet),
                "Publication Date" => text(&article.published),
                "Story People" => of(EntityKind::Person),
                "Story Organizations" => of(EntityKind::Organization),
                "Story Locations" => of(EntityKind::Place),
                "Language" => text(&article.language),
                "Version" => format!("onrecord {} {}", row.record.engine.version, row.record.engine.model),
                "Claimant" => match row.claimant() {
                    Some(speaker) => text(&speaker.name),
                    None => ARTICLE.to_owned(),
                },
                "Claimant Statement" => row.claim.map(|s| s.content.text.clone()).unwrap_or_default(),
                "Status" => event.status.name().to_owned(),
                "Historical" => event.historical.to_string(),
                _ => String::new(),
            }
        };
        out.write_record(POLECAT.iter().chain(&CLAIM).map(|c| cell(c)))?;
    }
    Ok(out.flush()?)
}

/// The 61 columns of GDELT 2.0, in its order. Its files have no header.
pub const GDELT: [&str; 61] = [
    "GLOBALEVENTID",
    "SQLDATE",
    "MonthYear",
    "Year",
    "FractionDate",
    "Actor1Code",
    "Actor1Name",
    "Actor1CountryCode",
    "Actor1KnownGroupCode",
    "Actor1EthnicCode",
    "Actor1Religion1Code",
    "Actor1Religion2Code",
    "Actor1Type1Code",
    "Actor1Type2Code",
    "Actor1Type3Code",
    "Actor2Code",
    "Actor2Name",
    "Actor2CountryCode",
    "Actor2KnownGroupCode",
    "Actor2EthnicCode",
    "Actor2Religion1Code",
    "Actor2Religion2Code",
    "Actor2Type1Code",
    "Actor2Type2Code",
    "Actor2Type3Code",
    "IsRootEvent",
    "EventCode",
    "EventBaseCode",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "NumSources",
    "NumArticles",
    "AvgTone",
    "Actor1Geo_Type",
    "Actor1Geo_FullName",
    "Actor1Geo_CountryCode",
    "Actor1Geo_ADM1Code",
    "Actor1Geo_ADM2Code",
    "Actor1Geo_Lat",
    "Actor1Geo_Long",
    "Actor1Geo_FeatureID",
    "Actor2Geo_Type",
    "Actor2Geo_FullName",
    "Actor2Geo_CountryCode",
    "Actor2Geo_ADM1Code",
    "Actor2Geo_ADM2Code",
    "Actor2Geo_Lat",
    "Actor2Geo_Long",
    "Actor2Geo_FeatureID",
    "ActionGeo_Type",
    "ActionGeo_FullName",
    "ActionGeo_CountryCode",
    "ActionGeo_ADM1Code",
    "ActionGeo_ADM2Code",
    "ActionGeo_Lat",
    "ActionGeo_Long",
    "ActionGeo_FeatureID",
    "DATEADDED",
    "SOURCEURL",
];

/// The columns of the file next to a GDELT table that states who claims each row.
pub const GDELT_CLAIMS: [&str; 9] = [
    "GLOBALEVENTID",
    "report",
    "claimant",
    "claimant_name",
    "claimant_kind",
    "statement",
    "status",
    "historical",
    "claimant_side",
];

/// Writes reports as a table with GDELT 2.0's columns, and a second file that states who claims each row.
///
/// GDELT has no column for the claimant. Rows are numbered from 1. The columns for CAMEO country codes hold ISO 3166
/// alpha-3 codes. The columns for geography are empty except for the name of the place.
///
/// # Errors
///
/// Returns an error if an output can't be written.
pub fn gdelt<'a>(
    records: impl IntoIterator<Item = &'a Record>,
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
    for (number, row) in rows(records).enumerate() {
        let id = (number + 1).to_string();
        table.write_record(GDELT.iter().map(|column| gdelt_cell(&row, &id, column)))?;
        let speaker = row.claimant();
        let text = |s: Option<&String>| s.cloned().unwrap_or_default();
        claims.write_record([
            id.clone(),
            row.id(),
            if row.claim.is_some() { "statement" } else { ARTICLE }.to_owned(),
            text(speaker.and_then(|s| s.name.as_ref())),
            speaker.map(|s| s.kind.name().to_owned()).unwrap_or_default(),
            row.claim.map(|s| s.content.text.clone()).unwrap_or_default(),
            row.event.status.name().to_owned(),
            row.event.historical.to_string(),
            row.event.claimant_side.map(|side| side.name().to_owned()).unwrap_or_default(),
        ])?;
    }
    table.flush()?;
    Ok(claims.flush()?)
}

/// Returns a cell of a GDELT row.
fn gdelt_cell(row: &Row<'_>, id: &str, column: &str) -> String {
    let event = row.event;
    let day = row.day().unwrap_or_default();
    let digits: String = day.chars().filter(char::is_ascii_digit).collect();
    let part = |length: usize| digits.get(..length).unwrap_or_default().to_owned();
    let party = |p: &Option<Party>, field: &str| -> String {
        let Some(p) = p else { return String::new() };
        let first = |codes: &Option<String>| {
            codes.as_deref().unwrap_or_default().split(" | ").next().unwrap_or_default().to_owned()
        };
        match field {
            "Code" => first(&p.country) + &first(&p.sector),
            "Name" => p.name.as_deref().unwrap_or_default().to_uppercase(),
            "CountryCode" => first(&p.country),
            "Type1Code" => first(&p.sector),
            _ => String::new(),
        }
    };
    if let Some(field) = column.strip_prefix("Actor1") {
        return party(&event.actor, field);
    }
    if let Some(field) = column.strip_prefix("Actor2") {
        return party(&event.recipient, field);
    }
    let root = || cameo_root(row.kind()).to_owned();
    match column {
        "GLOBALEVENTID" => id.to_owned(),
        "SQLDATE" => digits,
        "MonthYear" => part(6),
        "Year" => part(4),
        "FractionDate" => fraction(day),
        "IsRootEvent" => "1".to_owned(),
        "EventCode" | "EventBaseCode" | "EventRootCode" => root(),
        "QuadClass" => gdelt_quad(row.kind()).to_owned(),
        "GoldsteinScale" => goldstein(row.kind()).to_string(),
        "NumMentions" | "NumSources" | "NumArticles" => "1".to_owned(),
        "ActionGeo_FullName" => event.place.as_ref().map(|p| p.text.clone()).unwrap_or_default(),
        "DATEADDED" => {
            let published = row.record.article.published.as_deref().unwrap_or_default();
            let digits: String = published.chars().filter(char::is_ascii_digit).collect();
            if digits.len() == 8 { digits + "000000" } else { String::new() }
        }
        "SOURCEURL" => row.record.article.url.clone().unwrap_or_default(),
        _ => String::new(),
    }
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

    fn table(write: impl FnOnce(&Record, &mut Vec<u8>), delimiter: u8, header: bool) -> Vec<Vec<String>> {
        let mut out = Vec::new();
        write(&record(), &mut out);
        let mut reader =
            ::csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(out.as_slice());
        let all = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect());
        all.skip(usize::from(!header)).collect()
    }

    fn cell(rows: &[Vec<String>], row: usize, column: &str) -> String {
        let at = rows[0].iter().position(|c| c == column).unwrap_or_else(|| panic!("no column {column}"));
        rows[row][at].clone()
    }

    #[test]
    fn csv_has_a_row_for_each_report_with_its_claimant() {
        let rows = table(|r, out| csv([r], out).unwrap(), b',', true);
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
        let mut out = Vec::new();
        jsonl([&record()], &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(first.as_object().unwrap().len(), COLUMNS.len());
        assert_eq!(first["historical"], json!(false));
        assert_eq!(first["goldstein"], json!(-7.0));
        assert_eq!(first["place"], json!(null));
        assert_eq!(text.lines().count(), 2);
    }

    #[test]
    fn polecat_keeps_its_columns_and_the_claim_stands_after_them() {
        let rows = table(|r, out| polecat([r], out).unwrap(), b'\t', true);
        assert_eq!(rows[0].len(), 44);
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

    #[test]
    fn gdelt_has_61_columns_and_its_claims_beside_it() {
        let (mut events, mut claims) = (Vec::new(), Vec::new());
        gdelt([&record()], &mut events, &mut claims).unwrap();
        let events = String::from_utf8(events).unwrap();
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
        let claims = String::from_utf8(claims).unwrap();
        let lines: Vec<&str> = claims.lines().collect();
        assert_eq!(lines[0].split('\t').collect::<Vec<_>>(), GDELT_CLAIMS);
        assert!(lines[1].starts_with("1\ta.v1\tstatement\tAda Brandt\tperson\t"), "{}", lines[1]);
        assert!(lines[2].starts_with("2\ta.v2\tarticle\t\t\t\tplanned\ttrue"), "{}", lines[2]);
    }

    #[test]
    fn a_report_without_a_whole_day_has_no_date_for_programs_that_need_one() {
        let mut record = record();
        record.events.as_mut().unwrap()[0].time.as_mut().unwrap().value = Some("2024-03".to_owned());
        let mut out = Vec::new();
        polecat([&record], &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().nth(1).unwrap().split('\t').nth(1), Some(""));
    }

    #[test]
    fn every_type_has_a_root_of_the_same_sign_as_its_score() {
        for kind in EventType::ALL {
            let conflict = matches!(gdelt_quad(kind), "3" | "4");
            assert_eq!(goldstein(kind) < 0.0, conflict, "{}", kind.name());
        }
    }
}
