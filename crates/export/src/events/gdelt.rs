//! GDELT's columns, with a second table of who claims each row.

use std::io::Write;

use onrecord_text::wire::ARTICLE;

use super::columns::{NumberedColumn, first_code, names, of_party, on_one_line, owned};
use super::rows;
use super::scales::{cameo_root, gdelt_quad, goldstein};
use crate::{ExportError, Item};

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
    ("DATEADDED", |r, _| midnight(r.article().dated())),
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

    use super::super::samples::{full, gdelt_of, record};
    use super::*;

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
}
