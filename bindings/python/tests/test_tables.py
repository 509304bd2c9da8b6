"""Statements as Arrow tables."""

from __future__ import annotations

import datetime
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

import onrecord
from conftest import ROOT, Terminal


def article(n: int) -> dict[str, object]:
    words = f"Article {n}. “We open in May,” Ada Brandt said. The ferry will stop, according to Baltic Rail."
    return {"id": f"a{n}", "text": words, "published": datetime.date(2016, 3, 1 + n % 28), "outlet": "The Sound"}


def test_a_table_has_the_statements_of_the_records() -> None:
    articles = [article(n) for n in range(5)]
    table = onrecord.statements(articles)
    records = list(onrecord.read_many(articles))
    statements = [(record, statement) for record in records for statement in record.statements]
    assert len(statements) == table.num_rows == 10
    for row, (record, statement) in zip(table.to_pylist(), statements, strict=True):
        assert row["statement"] == f"{record.article.source_id}.{statement.id}"
        assert (row["source_id"], row["published"]) == (record.article.source_id, record.article.published)
        assert (row["speaker"], row["kind"], row["act"]) == (statement.speaker.name, statement.kind, statement.act)
        assert row["content"] == statement.content.text
        assert [(s["start"], s["end"]) for s in row["content_spans"]] == list(statement.content.spans)
        assert row["confidence"] == statement.confidence
        assert row["article"] == 0 and row["address"] is None
    # Records that were read before give the same table.
    assert onrecord.statements(records).equals(table)


def test_columns_are_those_of_the_parquet_export(tmp_path: Path, examples: Path) -> None:
    with onrecord.Store(tmp_path / "news.db") as store:
        store.ingest([examples])
        store.export(tmp_path / "statements.parquet", "parquet")
        exported = pyarrow.parquet.read_table(tmp_path / "statements.parquet")
        stored = store.statements()
    table = onrecord.statements([examples])
    assert table.schema.equals(exported.schema, check_metadata=False)
    assert stored.equals(exported) and stored.num_rows == table.num_rows
    same = ["content", "speaker", "cue", "kind", "published", "said", "about"]
    key: list[tuple[str, Literal["ascending", "descending"]]] = [
        ("content", "ascending"),
        ("cue", "ascending"),
        ("published", "ascending"),
    ]
    assert exported.select(same).sort_by(key).equals(table.select(same).sort_by(key))


def test_the_parquet_of_the_terminal_is_the_same_table(terminal: Terminal, tmp_path: Path) -> None:
    os.chdir(ROOT)
    terminal("ingest", "examples/", "--store", tmp_path / "news.db")
    terminal("export", "--store", tmp_path / "news.db", "--format", "parquet", "-o", tmp_path / "s.parquet")
    exported = pyarrow.parquet.read_table(tmp_path / "s.parquet")
    with onrecord.Store(tmp_path / "news.db") as store:
        assert store.statements().equals(exported)


def test_pandas_polars_and_duckdb_in_one_line() -> None:
    articles = [article(n) for n in range(3)]
    frame = onrecord.statements(articles).to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame.groupby("speaker").size().to_dict() == {"Ada Brandt": 3, "Baltic Rail": 3}
    table = polars.from_arrow(onrecord.statements(articles))
    assert isinstance(table, polars.DataFrame) and table.height == 6
    assert table["content_spans"][0][0] == {"start": 11, "end": 28}
    said = onrecord.statements(articles)
    sql: Any = duckdb.sql
    counted = sql("SELECT speaker, count(*) FROM said GROUP BY speaker ORDER BY speaker").fetchall()
    assert counted == [("Ada Brandt", 3), ("Baltic Rail", 3)]
    stream = onrecord.statement_batches(articles)
    assert sql("SELECT count(*) FROM stream").fetchall() == [(6,)]
    assert said.num_rows == 6 and stream is not None


def test_batches_come_while_documents_are_read() -> None:
    taken = 0

    def endless() -> Iterator[dict[str, object]]:
        nonlocal taken
        for taken in itertools.count():
            yield article(taken)

    batches = onrecord.statement_batches(endless(), threads=2)
    first, second = next(batches), next(batches)
    assert first.num_rows >= 4096 and second.num_rows >= 4096
    assert taken <= (first.num_rows + second.num_rows) // 2 + 2 * 8 + 1
    assert first.column("source_id")[0].as_py() == "a0"


def test_an_empty_table_has_all_columns() -> None:
    table = onrecord.statements([])
    assert table.num_rows == 0 and table.num_columns == 47
    assert table.schema.field("content_spans").type == pyarrow.list_(
        pyarrow.struct(
            [
                pyarrow.field("start", pyarrow.int64(), nullable=False),
                pyarrow.field("end", pyarrow.int64(), nullable=False),
            ]
        )
    )


def test_a_document_that_cannot_be_read() -> None:
    documents: list[onrecord.Document] = [article(1), {"title": "no text"}, article(2)]
    with pytest.raises(onrecord.ReadError, match="document 2: the document has no “text”") as caught:
        onrecord.statements(documents)
    assert caught.value.place == "document 2"
    with pytest.warns(onrecord.ReadWarning, match="document 2"):
        assert onrecord.statements(documents, errors="skip").num_rows == 4
    with pytest.raises(ValueError, match="errors is “raise” or “skip”"):
        onrecord.statements(documents, errors="yield")  # type: ignore[arg-type]


def test_without_pyarrow_there_is_a_clear_message() -> None:
    program = """\
import sys
sys.modules["pyarrow"] = None
import onrecord
assert onrecord.read("“We open in May,” Ada Brandt said.").statements
try:
    onrecord.statements([])
except ImportError as e:
    print(e)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "tables need pyarrow: pip install pyarrow\n"


def test_the_queries_of_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    articles = [article(n) for n in range(12)]
    accused = (
        "“He lied to all of us,” Ada Brandt said, accusing Rolf Meyer of fraud. Ada Brandt accused Rolf Meyer of theft."
    )
    pyarrow.parquet.write_table(onrecord.statements([*articles, {"text": accused}]), "statements.parquet")
    database = duckdb.connect()
    block = (ROOT / "docs" / "PYTHON.md").read_text(encoding="utf-8").split("```sql\n", 1)[1].split("```", 1)[0]
    by_month, accusations, quoted, unnamed = (
        database.execute(query).fetchall() for query in block.split(";") if query.strip()
    )
    assert by_month[0] == ("Ada Brandt", "2016-03", 12) and ("Baltic Rail", "2016-03", 12) in by_month
    assert accusations[0][:2] == ("Ada Brandt", "Rolf Meyer")
    assert ("The Sound", "Ada Brandt", 1.0, 12) in quoted
    assert ("The Sound", 0.0) in unnamed
