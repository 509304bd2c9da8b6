//! Statements as Arrow tables.
//!
//! Text is `Utf8`, lists are `List<Utf8>` and `List<Int64>`, and spans are `List<Struct<start: Int64, end: Int64>>`.
//! docs/STORE.md describes the columns. The Parquet export has the same.
//!
//! ```
//! use onrecord_export::{Item, table::Rows};
//! use onrecord_text::{EventStatus, EventType, wire};
//!
//! let statements = vec![wire::Statement::default()];
//! let record = wire::Record { statements, ..wire::Record::default() };
//! let mut rows = Rows::new();
//! rows.add(&Item::from(record));
//! assert_eq!(rows.take()?.num_rows(), 1);
//! # Ok::<(), onrecord_export::ExportError>(())
//! ```

use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder, StructBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};

use crate::flat::{Cell, Statements, Table, Value};
use crate::{ExportError, Item};

/// The number of rows of a batch. [`Rows`] may have more after the last record was added.
pub const TOGETHER: usize = 4_096;

/// A column under construction.
#[derive(Debug)]
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
    /// Creates an empty column.
    fn of<T: Table>(value: &Value<T>) -> Self {
        match value {
            Value::Text(_) => Self::Text(StringBuilder::new()),
            Value::Integer(_) => Self::Integer(Int64Builder::new()),
            Value::Real(_) => Self::Real(Float64Builder::new()),
            Value::Truth(_) => Self::Truth(BooleanBuilder::new()),
            Value::Texts(_) => Self::Texts(ListBuilder::new(StringBuilder::new())),
            Value::Integers(_) => Self::Integers(ListBuilder::new(Int64Builder::new())),
            Value::Spans(_) => Self::Spans(ListBuilder::new(StructBuilder::from_fields(bounds(), 0))),
        }
    }

    /// Adds a cell of the kind of the column.
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
            _ => unreachable!("a column's cells are of the kind of its value"),
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

/// Rows that are collected into a batch.
#[derive(Debug)]
pub struct Rows {
    schema: SchemaRef,
    builders: Vec<Builder>,
    count: usize,
}

impl Default for Rows {
    fn default() -> Self {
        Self::new()
    }
}

impl Rows {
    /// Creates an empty collection of rows.
    #[must_use]
    pub fn new() -> Self {
        Self::of::<Statements>()
    }

    /// Creates an empty collection of rows of a table.
    pub(crate) fn of<T: Table>() -> Self {
        let mut builders: Vec<Builder> = T::COLUMNS.iter().map(|column| Builder::of(&column.value)).collect();
        let fields: Vec<Field> = T::COLUMNS
            .iter()
            .zip(&mut builders)
            .map(|(column, builder)| {
                let may_be_absent = matches!(column.value, Value::Text(_) | Value::Real(_));
                Field::new(column.name, builder.finish().data_type().clone(), may_be_absent)
            })
            .collect();
        Self { schema: Arc::new(Schema::new(fields)), builders, count: 0 }
    }

    /// Returns the columns.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// Adds a row for every statement of a record.
    pub fn add(&mut self, item: &Item) {
        self.add_to::<Statements>(item);
    }

    /// Adds the rows of a record to those of a table.
    pub(crate) fn add_to<T: Table>(&mut self, item: &Item) {
        for row in T::rows(item) {
            self.count += 1;
            for (builder, cell) in self.builders.iter_mut().zip(T::cells(&row)) {
                builder.add(cell);
            }
        }
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Returns whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the rows as a batch, and starts a new one.
    ///
    /// # Errors
    ///
    /// Returns an error if the batch would be larger than Arrow can address.
    pub fn take(&mut self) -> Result<RecordBatch, ExportError> {
        self.count = 0;
        let columns = self.builders.iter_mut().map(Builder::finish).collect();
        Ok(RecordBatch::try_new(self.schema(), columns)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int64Type;
    use onrecord_text::wire;

    #[test]
    fn rows_have_the_cells_of_their_statements() {
        let content = |text: &str, end| wire::Field { text: text.to_owned(), spans: vec![[0, end], [9, 12]] };
        let statement =
            |text: &str| wire::Statement { content: content(text, 7), ..wire::Statement::default() };
        let article = wire::Article { source_id: "a.txt".to_owned(), ..wire::Article::default() };
        let statements = vec![statement("We open"), statement("Nobody")];
        let record = wire::Record { article, statements, ..wire::Record::default() };
        let mut rows = Rows::new();
        rows.add(&record.clone().into());
        rows.add(&wire::Record::default().into());
        assert_eq!(rows.len(), 2);
        let batch = rows.take().unwrap();
        assert!(rows.is_empty() && batch.schema() == rows.schema());
        assert_eq!(batch.num_columns(), Statements::names().len());
        let contents = batch.column_by_name("content").unwrap().as_string::<i32>();
        assert_eq!(contents.iter().flatten().collect::<Vec<_>>(), ["We open", "Nobody"]);
        let spans = batch.column_by_name("content_spans").unwrap().as_list::<i32>().value(1);
        let ends = spans.as_struct().column_by_name("end").unwrap().as_primitive::<Int64Type>();
        assert_eq!(ends.values(), &[7, 12]);
        assert!(batch.column_by_name("speaker").unwrap().is_null(0));
        // The next batch begins without the rows of this one.
        rows.add(&record.into());
        assert_eq!(rows.take().unwrap().num_rows(), 2);
    }
}
