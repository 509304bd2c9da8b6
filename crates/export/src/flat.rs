//! Tables with the columns that Parquet and CSV share, and the table of statements.

use std::collections::HashMap;
use std::io::Write;
use std::rc::Rc;

use onrecord_text::wire::{self, BETWEEN_NAMES};
use onrecord_text::{Act, Status};

use crate::{ExportError, Item, Options};

/// The value of a cell.
pub enum Cell<'a> {
    Text(Option<&'a str>),
    Integer(i64),
    Real(Option<f64>),
    Truth(bool),
    Texts(Vec<&'a str>),
    Integers(Vec<i64>),
    Spans(&'a [[usize; 2]]),
}

/// A table with a row for each thing of a kind in a record. All cells of a column are of the same kind.
pub trait Table: Sized + 'static {
    /// One of the things, together with its context.
    type Row<'a>;

    /// The columns.
    const COLUMNS: &'static [Column<Self>];

    /// Returns the rows of a record.
    fn rows(item: &Item) -> impl Iterator<Item = Self::Row<'_>>;

    /// Returns the names of the columns.
    fn names() -> Vec<&'static str> {
        Self::COLUMNS.iter().map(|column| column.name).collect()
    }

    /// Returns the cells of a row, in the order of the columns.
    fn cells<'r>(row: &'r Self::Row<'_>) -> Vec<Cell<'r>> {
        Self::COLUMNS.iter().map(|column| (column.cell)(row)).collect()
    }
}

/// A column of a table: its name, and how to get its value from a row.
pub struct Column<T: Table> {
    pub name: &'static str,
    pub cell: for<'r, 'a> fn(&'r T::Row<'a>) -> Cell<'r>,
}

/// The columns of a table, each with its name and a function from a row to a cell.
macro_rules! columns {
    ($($name:literal: $cell:expr;)*) => {
        [$($crate::flat::Column { name: $name, cell: $cell }),*]
    };
}
pub(crate) use columns;

/// A statement together with its context.
pub struct Row<'a> {
    pub name: String,
    pub address: Option<&'a str>,
    pub item: &'a Item,
    pub statement: &'a wire::Statement,
    /// The names of the article's entities by id. The rows of a record share them.
    names: Rc<HashMap<&'a str, &'a str>>,
}

impl<'a> Row<'a> {
    fn speaker(&self) -> Option<&'a wire::Speaker> {
        self.statement.speaker.as_ref()
    }

    /// Returns the name of the article's entity with this id.
    fn entity(&self, id: &str) -> Option<&'a str> {
        self.names.get(id).copied()
    }

    fn linked(&self, field: &'a Option<wire::Linked>) -> (Cell<'a>, Cell<'a>, Cell<'a>) {
        let field = field.as_ref();
        let entity = field.and_then(|f| f.entity.as_deref()).and_then(|id| self.entity(id));
        (Cell::Text(field.map(|f| f.text.as_str())), spans(field.map(|f| &f.spans)), Cell::Text(entity))
    }
}

fn spans(spans: Option<&Vec<[usize; 2]>>) -> Cell<'_> {
    Cell::Spans(spans.map(Vec::as_slice).unwrap_or_default())
}

fn text(field: &Option<wire::Field>) -> Cell<'_> {
    Cell::Text(field.as_ref().map(|f| f.text.as_str()))
}

/// The columns.
///
/// Columns may be added at the end, but existing columns keep their names, types and meanings.
const COLUMNS: [Column<Statements>; 47] = columns! {
    "statement": |r| Cell::Text(Some(&r.name));
    "article": |r| Cell::Integer(r.item.article.map_or(0, |article| article.0));
    "article_id": |r| Cell::Text(Some(&r.item.record.article.id));
    "source_id": |r| Cell::Text(Some(&r.item.record.article.source_id));
    "url": |r| Cell::Text(r.item.record.article.url.as_deref());
    "outlet": |r| Cell::Text(r.item.record.article.outlet.as_deref());
    "title": |r| Cell::Text(r.item.record.article.title.as_deref());
    "bylines": |r| Cell::Texts(r.item.record.article.bylines.iter().map(String::as_str).collect());
    "published": |r| Cell::Text(r.item.record.article.dated());
    "language": |r| Cell::Text(r.item.record.article.language.as_deref());
    "kind": |r| Cell::Text(Some(r.statement.kind.name()));
    "source": |r| text(&r.statement.source);
    "source_spans": |r| spans(r.statement.source.as_ref().map(|f| &f.spans));
    "cue": |r| text(&r.statement.cue);
    "cue_spans": |r| spans(r.statement.cue.as_ref().map(|f| &f.spans));
    "content": |r| Cell::Text(Some(&r.statement.content.text));
    "content_spans": |r| spans(Some(&r.statement.content.spans));
    "speaker": |r| Cell::Text(r.speaker().and_then(|s| s.name.as_deref()));
    "speaker_kind": |r| Cell::Text(r.speaker().map(|s| s.kind.name()));
    "role": |r| Cell::Text(r.speaker().and_then(|s| s.role.as_deref()));
    "speaker_confidence": |r| Cell::Real(r.speaker().map(|s| s.confidence));
    "speakers": |r| Cell::Texts(r.speaker().iter().flat_map(|s| &s.entities).filter_map(|e| r.entity(e)).collect());
    "people": |r| Cell::Integers(
        r.speaker().iter().flat_map(|s| &s.entities).filter_map(|e| Some(r.item.people.get(e)?.person.0)).collect()
    );
    "addressee": |r| r.linked(&r.statement.addressee).0;
    "addressee_spans": |r| r.linked(&r.statement.addressee).1;
    "addressee_entity": |r| r.linked(&r.statement.addressee).2;
    "medium": |r| r.linked(&r.statement.medium).0;
    "medium_spans": |r| r.linked(&r.statement.medium).1;
    "medium_entity": |r| r.linked(&r.statement.medium).2;
    "occasion": |r| r.linked(&r.statement.occasion).0;
    "occasion_spans": |r| r.linked(&r.statement.occasion).1;
    "occasion_entity": |r| r.linked(&r.statement.occasion).2;
    "about": |r| Cell::Texts(r.statement.about.iter().filter_map(|e| r.entity(e)).collect());
    "time": |r| Cell::Text(r.statement.time.as_ref().map(|t| t.text.as_str()));
    "time_spans": |r| spans(r.statement.time.as_ref().map(|t| &t.spans));
    "said": |r| Cell::Text(r.statement.time.as_ref().and_then(|t| t.value.as_deref()));
    "carried": |r| Cell::Truth(r.statement.time.as_ref().is_some_and(|t| t.carried));
    "parent": |r| Cell::Text(r.statement.parent.as_deref());
    "confidence": |r| Cell::Real(Some(r.statement.confidence));
    "why": |r| Cell::Text(Some(&r.statement.why));
    "corrected": |r| Cell::Texts(r.statement.corrected.iter().map(|field| field.name()).collect());
    "engine_version": |r| Cell::Text(Some(&r.item.record.engine.version));
    "engine_model": |r| Cell::Text(Some(&r.item.record.engine.model));
    "act": |r| Cell::Text(Some(r.statement.act.map_or("", Act::name)));
    "status": |r| Cell::Text(Some(r.statement.status.map_or("", Status::name)));
    "address": |r| Cell::Text(r.address);
    "notices": |r| Cell::Texts(r.item.record.notices.iter().map(|notice| notice.kind.name()).collect());
};

/// Every statement as a row.
pub struct Statements;

impl Table for Statements {
    type Row<'a> = Row<'a>;

    const COLUMNS: &'static [Column<Self>] = &COLUMNS;

    fn rows(item: &Item) -> impl Iterator<Item = Row<'_>> {
        // Of two entities with the same id, the first counts.
        let entities = item.record.entities.iter().rev();
        let names: Rc<HashMap<_, _>> = Rc::new(entities.map(|e| (e.id.as_str(), e.name.as_str())).collect());
        item.record.statements.iter().enumerate().map(move |(n, statement)| {
            let address = item.addresses.get(n).map(String::as_str);
            Row { name: item.name(&statement.id), address, item, statement, names: Rc::clone(&names) }
        })
    }
}

/// Writes a table as CSV with a header.
///
/// Lists are joined with ` | `. Spans are written as `start-end` and separated by semicolons.
pub fn csv<T: Table>(
    items: impl IntoIterator<Item = Result<Item, ExportError>>,
    options: Options,
    out: impl Write,
) -> Result<(), ExportError> {
    let mut out = ::csv::Writer::from_writer(out);
    out.write_record(T::names())?;
    let write = |out: &mut ::csv::Writer<_>, cells: Vec<Cell>| -> Result<(), ExportError> {
        let text = |text: String| if options.plain_cells { plain(text) } else { text };
        let cells = cells.into_iter().map(|cell| match cell {
            Cell::Text(cell) => text(cell.unwrap_or_default().to_owned()),
            Cell::Integer(n) => n.to_string(),
            Cell::Real(n) => n.map(|n| n.to_string()).unwrap_or_default(),
            Cell::Truth(is) => is.to_string(),
            Cell::Texts(texts) => text(texts.join(BETWEEN_NAMES)),
            Cell::Integers(all) => joined(all.iter(), BETWEEN_NAMES),
            Cell::Spans(spans) => joined(spans.iter().map(|[start, end]| format!("{start}-{end}")), ";"),
        });
        Ok(out.write_record(cells)?)
    };
    for item in items {
        let item = item?;
        T::rows(&item).try_for_each(|row| write(&mut out, T::cells(&row)))?;
    }
    Ok(out.flush()?)
}

/// Returns text that no spreadsheet takes for a formula, by putting an apostrophe before it if necessary.
fn plain(text: String) -> String {
    // Some programs treat full-width forms like the plain characters.
    let formula = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(formula) { format!("'{text}") } else { text }
}

fn joined(all: impl Iterator<Item = impl ToString>, between: &str) -> String {
    all.map(|one| one.to_string()).collect::<Vec<_>>().join(between)
}
