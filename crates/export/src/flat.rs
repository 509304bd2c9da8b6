//! Tables with the columns that Parquet and CSV share, and the table of statements.

use std::collections::HashMap;
use std::io::Write;
use std::rc::Rc;

use onrecord_text::wire::{self, BETWEEN_NAMES};
use onrecord_text::{Act, Status};

use crate::{ExportError, Item, Options};

/// The value of a cell. All cells of a column are of the kind that its [`Value`] has.
pub enum Cell<'a> {
    Text(Option<&'a str>),
    Integer(i64),
    Real(Option<f64>),
    Truth(bool),
    Texts(Vec<&'a str>),
    Integers(Vec<i64>),
    Spans(&'a [[usize; 2]]),
}

/// A table with a row for each thing of a kind in a record.
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
        Self::COLUMNS.iter().map(|column| column.value.cell(row)).collect()
    }
}

/// A column of a table: its name, its type, and how to get its value from a row.
pub struct Column<T: Table> {
    pub name: &'static str,
    pub value: Value<T>,
}

/// How to get the value of a column from a row, by the type of the column.
pub enum Value<T: Table> {
    Text(for<'r, 'a> fn(&'r T::Row<'a>) -> Option<&'r str>),
    Integer(fn(&T::Row<'_>) -> i64),
    Real(fn(&T::Row<'_>) -> Option<f64>),
    Truth(fn(&T::Row<'_>) -> bool),
    Texts(for<'r, 'a> fn(&'r T::Row<'a>) -> Vec<&'r str>),
    Integers(fn(&T::Row<'_>) -> Vec<i64>),
    Spans(for<'r, 'a> fn(&'r T::Row<'a>) -> &'r [[usize; 2]]),
}

impl<T: Table> Value<T> {
    fn cell<'r>(&self, row: &'r T::Row<'_>) -> Cell<'r> {
        match self {
            Self::Text(of) => Cell::Text(of(row)),
            Self::Integer(of) => Cell::Integer(of(row)),
            Self::Real(of) => Cell::Real(of(row)),
            Self::Truth(of) => Cell::Truth(of(row)),
            Self::Texts(of) => Cell::Texts(of(row)),
            Self::Integers(of) => Cell::Integers(of(row)),
            Self::Spans(of) => Cell::Spans(of(row)),
        }
    }
}

/// The columns of a table, each with its name, its type and a function from a row to a value.
macro_rules! columns {
    ($($name:literal: $kind:ident($value:expr);)*) => {
        [$($crate::flat::Column { name: $name, value: $crate::flat::Value::$kind($value) }),*]
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

    /// Returns the name of the article's entity that a field is linked to.
    fn linked_entity(&self, field: &'a Option<wire::Linked>) -> Option<&'a str> {
        field.as_ref().and_then(|f| f.entity.as_deref()).and_then(|id| self.entity(id))
    }
}

fn spans(spans: Option<&Vec<[usize; 2]>>) -> &[[usize; 2]] {
    spans.map(Vec::as_slice).unwrap_or_default()
}

fn text(field: &Option<wire::Field>) -> Option<&str> {
    field.as_ref().map(|f| f.text.as_str())
}

fn linked_text(field: &Option<wire::Linked>) -> Option<&str> {
    field.as_ref().map(|f| f.text.as_str())
}

fn linked_spans(field: &Option<wire::Linked>) -> &[[usize; 2]] {
    spans(field.as_ref().map(|f| &f.spans))
}

/// The columns.
///
/// Columns may be added at the end, but existing columns keep their names, types and meanings.
const COLUMNS: [Column<Statements>; 47] = columns! {
    "statement": Text(|r| Some(&r.name));
    "article": Integer(|r| r.item.article.map_or(0, |article| article.0));
    "article_id": Text(|r| Some(&r.item.record.article.id));
    "source_id": Text(|r| Some(&r.item.record.article.source_id));
    "url": Text(|r| r.item.record.article.url.as_deref());
    "outlet": Text(|r| r.item.record.article.outlet.as_deref());
    "title": Text(|r| r.item.record.article.title.as_deref());
    "bylines": Texts(|r| r.item.record.article.bylines.iter().map(String::as_str).collect());
    "published": Text(|r| r.item.record.article.dated());
    "language": Text(|r| r.item.record.article.language.as_deref());
    "kind": Text(|r| Some(r.statement.kind.name()));
    "source": Text(|r| text(&r.statement.source));
    "source_spans": Spans(|r| spans(r.statement.source.as_ref().map(|f| &f.spans)));
    "cue": Text(|r| text(&r.statement.cue));
    "cue_spans": Spans(|r| spans(r.statement.cue.as_ref().map(|f| &f.spans)));
    "content": Text(|r| Some(&r.statement.content.text));
    "content_spans": Spans(|r| spans(Some(&r.statement.content.spans)));
    "speaker": Text(|r| r.speaker().and_then(|s| s.name.as_deref()));
    "speaker_kind": Text(|r| r.speaker().map(|s| s.kind.name()));
    "role": Text(|r| r.speaker().and_then(|s| s.role.as_deref()));
    "speaker_confidence": Real(|r| r.speaker().map(|s| s.confidence));
    "speakers": Texts(|r| r.speaker().iter().flat_map(|s| &s.entities).filter_map(|e| r.entity(e)).collect());
    "people": Integers(
        |r| r.speaker().iter().flat_map(|s| &s.entities).filter_map(|e| Some(r.item.people.get(e)?.person.0)).collect()
    );
    "addressee": Text(|r| linked_text(&r.statement.addressee));
    "addressee_spans": Spans(|r| linked_spans(&r.statement.addressee));
    "addressee_entity": Text(|r| r.linked_entity(&r.statement.addressee));
    "medium": Text(|r| linked_text(&r.statement.medium));
    "medium_spans": Spans(|r| linked_spans(&r.statement.medium));
    "medium_entity": Text(|r| r.linked_entity(&r.statement.medium));
    "occasion": Text(|r| linked_text(&r.statement.occasion));
    "occasion_spans": Spans(|r| linked_spans(&r.statement.occasion));
    "occasion_entity": Text(|r| r.linked_entity(&r.statement.occasion));
    "about": Texts(|r| r.statement.about.iter().filter_map(|e| r.entity(e)).collect());
    "time": Text(|r| r.statement.time.as_ref().map(|t| t.text.as_str()));
    "time_spans": Spans(|r| spans(r.statement.time.as_ref().map(|t| &t.spans)));
    "said": Text(|r| r.statement.time.as_ref().and_then(|t| t.value.as_deref()));
    "carried": Truth(|r| r.statement.time.as_ref().is_some_and(|t| t.carried));
    "parent": Text(|r| r.statement.parent.as_deref());
    "confidence": Real(|r| Some(r.statement.confidence));
    "why": Text(|r| Some(&r.statement.why));
    "corrected": Texts(|r| r.statement.corrected.iter().map(|field| field.name()).collect());
    "engine_version": Text(|r| Some(&r.item.record.engine.version));
    "engine_model": Text(|r| Some(&r.item.record.engine.model));
    "act": Text(|r| Some(r.statement.act.map_or("", Act::name)));
    "status": Text(|r| Some(r.statement.status.map_or("", Status::name)));
    "address": Text(|r| r.address);
    "notices": Texts(|r| r.item.record.notices.iter().map(|notice| notice.kind.name()).collect());
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
