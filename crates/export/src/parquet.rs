//! Rows as Parquet, by way of [`table`](crate::table).

use std::io::Write;

use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::flat::Table;
use crate::table::{Rows, TOGETHER};
use crate::{ExportError, Item};

/// The number of rows in a row group.
const GROUP: usize = 65_536;

pub fn write<T: Table>(
    items: impl IntoIterator<Item = Result<Item, ExportError>>,
    out: impl Write + Send,
) -> Result<(), ExportError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP))
        .build();
    let mut rows = Rows::of::<T>();
    let mut writer = ArrowWriter::try_new(out, rows.schema(), Some(properties))?;
    for item in items {
        rows.add_to::<T>(&item?);
        if rows.len() >= TOGETHER {
            writer.write(&rows.take()?)?;
        }
    }
    writer.write(&rows.take()?)?;
    writer.close()?;
    Ok(())
}
