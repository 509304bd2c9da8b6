//! Rows as Parquet, by way of Arrow.
//!
//! Text is `Utf8`, lists are `List<Utf8>` and `List<Int64>`, and spans are `List<Struct<start: Int64, end: Int64>>`.
//! docs/STORE.md describes the columns.

use std::io::Write;
use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder, StructBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::ExportError;
use crate::flat::{Cell, Table};

/// The number of rows that are written at once.
const TOGETHER: usize = 4_096;
/// The number of rows in a row group.
const GROUP: usize = 65_536;

/// A column under construction.
enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Real(Float64Builder),
    Truth(BooleanBuilder),
    Texts(ListBuilder<StringBuilder>),
    Integers(ListBuilder<Int64Builder>),
    Spans(ListBuilder<StructBuilder>),
}

fn bounds() -> Fields {
    Fields::from(vec![Field::new("start", DataType::Int64, false), Field::new("end", DataType::Int64, false)])
}

impl Builder {
    fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Text(_) => Self::Text(StringBuilder::new()),
            Cell::Integer(_) => Self::Integer(Int64Builder::new()),
            Cell::Real(_) => Self::Real(Float64Builder::new()),
            Cell::Truth(_) => Self::Truth(BooleanBuilder::new()),
            Cell::Texts(_) => Self::Texts(ListBuilder::new(StringBuilder::new())),
            Cell::Integers(_) => Self::Integers(ListBuilder::new(Int64Builder::new())),
            Cell::Spans(_) => Self::Spans(ListBuilder::new(StructBuilder::from_fields(bounds(), 0))),
        }
    }

    /// Adds a cell. All cells of a column are of the same kind.
    fn add(&mut self, cell: Cell) {
        match (self, cell) {
            (Self::Text(b), Cell::Text(text)) => b.append_option(text),
            (Self::Integer(b), Cell::Integer(n)) => b.append_value(n),
            (Self::Real(b), Cell::Real(n)) => b.append_option(n),
            (Self::Truth(b), Cell::Truth(is)) => b.append_value(is),
            (Self::Texts(b), Cell::Texts(all)) => {
                all.iter().for_each(|text| b.values().append_value(text));
                b.append(true);
            }
            (Self::Integers(b), Cell::Integers(all)) => {
                b.values().append_slice(&all);
                b.append(true);
            }
            (Self::Spans(b), Cell::Spans(spans)) => {
                for span in spans {
                    let one = b.values();
                    for (n, &bound) in span.iter().enumerate() {
                        if let Some(field) = one.field_builder::<Int64Builder>(n) {
                            field.append_value(i64::try_from(bound).unwrap_or(i64::MAX));
                        }
                    }
                    one.append(true);
                }
                b.append(true);
            }
            _ => unreachable!("a column has cells of one kind"),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        let builder: &mut dyn ArrayBuilder = match self {
            Self::Text(b) => b,
            Self::Integer(b) => b,
            Self::Real(b) => b,
            Self::Truth(b) => b,
            Self::Texts(b) => b,
            Self::Integers(b) => b,
            Self::Spans(b) => b,
        };
        builder.finish()
    }
}

pub fn write(table: impl Table, out: impl Write + Send) -> Result<(), ExportError> {
    let mut builders: Vec<Builder> = Vec::new();
    table.empty(&mut |row| {
        builders = row.iter().map(Builder::of).collect();
        Ok(())
    })?;
    let fields: Vec<Field> = table
        .names()
        .into_iter()
        .zip(&mut builders)
        .map(|(name, builder)| {
            let may_be_absent = matches!(builder, Builder::Text(_) | Builder::Real(_));
            Field::new(name, builder.finish().data_type().clone(), may_be_absent)
        })
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP))
        .build();
    let mut writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties))?;
    let mut waiting = 0;
    let mut flush = |builders: &mut Vec<Builder>| -> Result<(), ExportError> {
        let columns = builders.iter_mut().map(Builder::finish).collect();
        Ok(writer.write(&RecordBatch::try_new(Arc::clone(&schema), columns)?)?)
    };
    table.fill(&mut |row| {
        for (builder, cell) in builders.iter_mut().zip(row) {
            builder.add(cell);
        }
        waiting += 1;
        if waiting == TOGETHER {
            waiting = 0;
            flush(&mut builders)?;
        }
        Ok(())
    })?;
    flush(&mut builders)?;
    writer.close()?;
    Ok(())
}
