"""Statements as Arrow tables."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from onrecord import _native
from onrecord._documents import Document, InputFormat, known, several, thread_count
from onrecord._reading import Results

if TYPE_CHECKING:
    import pyarrow

__all__ = ["statement_batches", "statements"]


def arrow() -> Any:
    """Returns pyarrow, which only tables need."""
    try:
        import pyarrow
    except ImportError as e:
        raise ImportError("tables need pyarrow: pip install pyarrow") from e
    return pyarrow


class Batches(Results[Any]):
    def _made(self, result: Any) -> Any:
        return arrow().record_batch(result)


def reader_of(batches: Iterator[Any]) -> pyarrow.RecordBatchReader:
    """Returns batches as a reader, which raises the exceptions of the iterator as they are."""
    reader: pyarrow.RecordBatchReader = arrow().RecordBatchReader.from_batches(schema(), batches)
    return reader


def schema() -> pyarrow.Schema:
    """Returns the columns of the tables, which are those of the Parquet export."""
    made: pyarrow.Schema = arrow().schema(_native.Schema())
    return made


def statement_batches(
    documents: Iterable[Document],
    *,
    errors: Literal["raise", "skip"] = "raise",
    threads: int | None = None,
    progress: bool = False,
    published: str | datetime.date | None = None,
    outlet: str | None = None,
    format: InputFormat | None = None,
) -> pyarrow.RecordBatchReader:
    """Reads documents and returns their statements as a stream of Arrow batches, for tables larger than memory.

    The arguments are those of `statements`.

    >>> import onrecord
    >>> texts = ["The bridge will open in May, Ada Brandt said."] * 3
    >>> for batch in onrecord.statement_batches(texts):
    ...     print(batch.num_rows)
    3
    """
    arrow()
    if errors not in ("raise", "skip"):
        raise ValueError(f"errors is “raise” or “skip”, not “{errors}”")
    about = known(published=published, outlet=outlet)
    native = _native.Batches(several(documents), about, format, False, thread_count(threads))
    return reader_of(Batches(native, errors, documents, progress))


def statements(
    documents: Iterable[Document],
    *,
    errors: Literal["raise", "skip"] = "raise",
    threads: int | None = None,
    progress: bool = False,
    published: str | datetime.date | None = None,
    outlet: str | None = None,
    format: InputFormat | None = None,
) -> pyarrow.Table:
    """Reads documents and returns a table with one row for every statement.

    The columns are those of the Parquet export, which docs/STORE.md describes. Records that were read before can be
    given in place of documents. The table needs pyarrow (`pip install pyarrow`).

    Args:
        documents: Texts, mappings, paths, `bytes` or records; see `Document`.
        errors: What happens when a document can't be read: an exception, or a warning.
        threads: The number of threads, by default one for every processor. The table doesn't depend on it.
        progress: Whether to show a progress bar.
        published: The day of publication, for documents that don't state their own.
        outlet: The publisher, likewise.
        format: The format of files, if neither name nor content shows it.

    >>> import onrecord
    >>> said = onrecord.statements(
    ...     [{"text": "“It will open in May,” Ada Brandt said. “It will not,” said Pia Lund."}]
    ... )
    >>> said.select(["speaker", "cue", "kind"]).to_pylist()  # doctest: +NORMALIZE_WHITESPACE
    [{'speaker': 'Ada Brandt', 'cue': 'said', 'kind': 'direct'},
     {'speaker': 'Pia Lund', 'cue': 'said', 'kind': 'direct'}]

    In pandas, polars and DuckDB:

    >>> frame = said.to_pandas()
    >>> list(frame["speaker"])
    ['Ada Brandt', 'Pia Lund']
    >>> import polars
    >>> polars.from_arrow(said)["speaker"].to_list()
    ['Ada Brandt', 'Pia Lund']
    >>> import duckdb
    >>> duckdb.sql("FROM said SELECT speaker ORDER BY speaker").fetchall()
    [('Ada Brandt',), ('Pia Lund',)]
    """
    return statement_batches(
        documents,
        errors=errors,
        threads=threads,
        progress=progress,
        published=published,
        outlet=outlet,
        format=format,
    ).read_all()
