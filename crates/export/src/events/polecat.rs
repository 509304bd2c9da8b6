//! POLECAT's columns, with who claims a report.

use std::io::Write;

use onrecord_text::EntityKind;
use onrecord_text::wire::ARTICLE;

use super::columns::{TextColumn, first_code, names, of_party, on_one_line, owned};
use super::rows;
use crate::{ExportError, Item};

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
    ("Publication Date", |r| owned(r.article().dated())),
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

pub(super) fn write(
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

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::samples::{cell, full, record, table, written};
    use super::*;

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
    fn a_report_without_a_whole_day_has_no_date_for_programs_that_need_one() {
        let mut record = record();
        record.events.as_mut().unwrap()[0].time.as_mut().unwrap().value = Some("2024-03".to_owned());
        let text = String::from_utf8(written(record, Format::Polecat)).unwrap();
        assert_eq!(text.lines().nth(1).unwrap().split('\t').nth(1), Some(""));
    }
}
