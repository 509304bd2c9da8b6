"""The jobs for Spark. They need Java."""

from __future__ import annotations

import datetime
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import onrecord
from conftest import BRIDGE, ROOT

if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("there is no Java", allow_module_level=True)

from pyspark.sql import SparkSession

import onrecord.spark

pytestmark = pytest.mark.filterwarnings("default")

# The tables are small, so starting takes most of the time. Java's second compiler doubles it and has no time to pay off.
OPTIONS = {
    "--driver-java-options": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "--conf spark.ui.enabled": "false",
    "--conf spark.ui.showConsoleProgress": "false",
    "--conf spark.sql.shuffle.partitions": "2",
}
os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ["PYSPARK_SUBMIT_ARGS"] = " ".join(
    [*(f"{name}='{value}'" for name, value in OPTIONS.items()), "pyspark-shell"]
)


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    spark = SparkSession.builder.master("local[2]").appName("tests").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    yield spark
    spark.stop()


def article(n: int) -> dict[str, Any]:
    words = f"Article {n}. “We open in May,” Ada Brandt said. The ferry will stop, according to Baltic Rail."
    return {"id": f"a{n}", "text": words, "published": f"20{10 + n % 3}-03-04", "outlet": "The Sound"}


def write_lines(path: Path, articles: list[Any]) -> None:
    path.write_text("".join(f"{a if isinstance(a, str) else json.dumps(a)}\n" for a in articles), encoding="utf-8")


def table(output: Path, name: str) -> pa.Table:
    # Parquet files are found in the folders of all years.
    return pq.read_table(output / name)


def texts(output: Path, column: str) -> list[str]:
    return sorted(str(value) for value in table(output, "articles")[column].to_pylist())


def rows(found: pa.Table) -> list[tuple[Any, ...]]:
    columns = ["source_id", "published", "content", "speaker", "cue", "kind"]
    return sorted(tuple(row[c] for c in columns) for row in found.to_pylist())


def test_statements_of_a_dataframe(spark: SparkSession) -> None:
    day = datetime.date(2016, 3, 4)
    data = [(7, BRIDGE, None, day, "NOR"), (8, None, f"<p>{article(1)['text']}</p>", None, None)]
    df = spark.createDataFrame(data, "key int, body string, page string, day date, agency string")
    found = onrecord.spark.statements(
        df, text="body", html="page", id="key", published="day", outlet="agency"
    ).toArrow()
    documents: list[onrecord.Document] = [
        {"id": "7", "text": BRIDGE, "published": day, "outlet": "NOR"},
        {"id": "8", "html": f"<p>{article(1)['text']}</p>"},
    ]
    expected = onrecord.statements(documents)
    assert found.column_names == expected.column_names and rows(found) == rows(expected)
    spans = found.column("content_spans").to_pylist()
    assert spans == expected.column("content_spans").to_pylist()


def test_a_row_without_a_text(spark: SparkSession) -> None:
    df = spark.createDataFrame([(article(1)["text"],), (None,)], "text string")
    assert onrecord.spark.statements(df, errors="skip").count() == 2
    with pytest.raises(Exception, match="the document has neither"):
        onrecord.spark.statements(df).count()
    with pytest.raises(ValueError, match="a column with their text or their page"):
        onrecord.spark.statements(df, text=None)


def test_the_job_reads_the_example_archive(spark: SparkSession, tmp_path: Path) -> None:
    examples, output = ROOT / "examples", tmp_path / "out"
    done = onrecord.spark.run(spark, [examples], output)
    expected = onrecord.statements([examples])
    assert done.statements == expected.num_rows == table(output, "statements").num_rows and done.unread == 0
    columns = ["content", "speaker", "cue", "kind"]
    assert sorted(map(str, table(output, "statements").select(columns).to_pylist())) == sorted(
        map(str, expected.select(columns).to_pylist())
    )
    articles = list(onrecord.read_many([examples]))
    assert texts(output, "text") == sorted(r.article.text for r in articles)
    # Partitions are years.
    assert "year=2016" in {path.name for path in (output / "statements").iterdir()}


def test_the_job_reads_every_document_once(spark: SparkSession, tmp_path: Path) -> None:
    inputs, output = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    write_lines(inputs / "a.jsonl", [article(n) for n in range(30)] + [article(3)])
    first = onrecord.spark.run(spark, [inputs], output, chunk=10)
    assert (first.read, first.known, first.unread, first.statements) == (30, 1, 0, 60)
    again = onrecord.spark.run(spark, [inputs], output)
    assert (again.read, again.known, again.statements) == (0, 31, 0)
    with gzip.open(inputs / "b.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(article(n)) + "\n" for n in range(25, 40)))
    pq.write_table(pa.Table.from_pylist([article(n) for n in range(40, 50)]), inputs / "c.parquet")
    later = onrecord.spark.run(spark, [inputs], output)
    assert (later.read, later.unread, later.statements) == (20, 0, 40)
    found = table(output, "statements")
    assert rows(found) == rows(onrecord.statements([article(n) for n in range(50)]))
    assert texts(output, "source_id") == sorted(f"a{n}" for n in range(50))
    assert set(found["digest"].to_pylist()) == set(table(output, "articles")["digest"].to_pylist())


def test_web_archives_are_read_as_the_terminal_reads_them(spark: SparkSession, tmp_path: Path) -> None:
    page = f"<html><body><article><p>{article(1)['text']}</p></article></body></html>"
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://sound.example/7\r\n"
        "WARC-Date: 2016-03-04T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    ).encode()
    (tmp_path / "crawl.warc.gz").write_bytes(gzip.compress(head + http + b"\r\n\r\n"))
    done = onrecord.spark.run(spark, [tmp_path / "crawl.warc.gz"], tmp_path / "out")
    expected = onrecord.statements([tmp_path / "crawl.warc.gz"])
    assert done.read == 1 and expected.num_rows == 2
    assert rows(table(tmp_path / "out", "statements")) == rows(expected)


def test_unreadable_documents_go_to_a_table_of_their_own(spark: SparkSession, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [article(1), {"id": "x", "title": "no text"}, "{broken", article(2)])
    (tmp_path / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    output = tmp_path / "out"
    done = onrecord.spark.run(spark, [tmp_path / "a.jsonl", tmp_path / "picture.html"], output)
    assert (done.unread, done.statements) == (3, 4)
    unread = {(Path(row["place"]).name, row["reason"].split(":")[0]) for row in table(output, "unread").to_pylist()}
    assert ("a.jsonl", "the document has neither “text” nor “html”, nor a body as a ninjs item has it") in unread
    assert ("a.jsonl", "not a JSON document") in unread
    assert any(name == "picture.html" and reason.startswith("a binary file") for name, reason in unread)
    # They are not tried again by the same engine.
    assert onrecord.spark.run(spark, [tmp_path / "a.jsonl", tmp_path / "picture.html"], output).read == 0
    with pytest.raises(FileNotFoundError, match="no articles"):
        (tmp_path / "empty").mkdir()
        onrecord.spark.run(spark, [tmp_path / "empty"], output)


def test_what_a_killed_run_left_is_removed(spark: SparkSession, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [article(n) for n in range(12)])
    output = tmp_path / "out"
    onrecord.spark.run(spark, [tmp_path / "a.jsonl"], output, chunk=4)
    before = rows(table(output, "statements"))
    # As if a run had been killed after it moved some of its files: the chunk has no mark that it is complete.
    chunk = next((output / "_done").iterdir())
    chunk.unlink()
    (output / "_staged" / "x").mkdir(parents=True)
    lost = rows(table(output, "statements"))
    assert lost == before
    done = onrecord.spark.run(spark, [tmp_path / "a.jsonl"], output)
    assert 0 < done.read < 12
    assert rows(table(output, "statements")) == before
    assert not (output / "_staged").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the test kills a group of processes")
def test_a_job_that_is_killed_goes_on_from_there(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [article(n) for n in range(60)])
    output = tmp_path / "out"
    command = [sys.executable, "-m", "onrecord.spark", str(tmp_path / "a.jsonl"), str(output)]
    command += ["--master", "local[2]", "--chunk", "20"]
    job = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", start_new_session=True
    )
    assert job.stdout is not None
    try:
        told = re.search(r"(\d+) documents read", job.stdout.readline())
        time.sleep(0.5)
    finally:
        os.killpg(job.pid, signal.SIGKILL)
        job.wait()
        job.stdout.close()
    # Chunks are made by digest, so the first one has about twenty articles. What the job said it read is kept.
    assert told is not None
    assert 0 < int(told[1]) <= len(texts(output, "source_id")) < 60
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert rows(table(output, "statements")) == rows(onrecord.statements([article(n) for n in range(60)]))
    assert len(table(output, "articles")["digest"].to_pylist()) == 60
