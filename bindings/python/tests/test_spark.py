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

from pyspark.sql import DataFrame, SparkSession

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


def test_rows_without_an_id_are_named_after_their_content(spark: SparkSession) -> None:
    df = spark.createDataFrame([(article(n)["text"],) for n in (1, 2, 3)], "text string").repartition(3)
    names = onrecord.spark.statements(df).toArrow()["source_id"].to_pylist()
    assert len(set(names)) == 3 and all(str(name).startswith("sha256:") for name in names)
    assert set(names) == set(onrecord.spark.statements(df.coalesce(1)).toArrow()["source_id"].to_pylist())


def test_a_row_without_a_text(spark: SparkSession) -> None:
    df = spark.createDataFrame([(article(1)["text"],), (None,)], "text string")
    assert onrecord.spark.statements(df, errors="skip").count() == 2
    with pytest.raises(Exception, match="the document has no “text”"):
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


def test_an_article_that_a_file_repeats_is_kept_once(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([article(1), article(2), article(1)]), encoding="utf-8")
    done = onrecord.spark.run(spark, [tmp_path / "a.json"], tmp_path / "out")
    assert done.statements == table(tmp_path / "out", "statements").num_rows == 4
    assert texts(tmp_path / "out", "source_id") == ["a1", "a2"]


def test_unreadable_documents_go_to_a_table_of_their_own(spark: SparkSession, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [article(1), {"id": "x", "title": "no text"}, "{broken", "[]", "\t", article(2)])
    (tmp_path / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    output = tmp_path / "out"
    done = onrecord.spark.run(spark, [tmp_path / "a.jsonl", tmp_path / "picture.html"], output)
    assert (done.unread, done.statements) == (4, 4)
    unread = {(Path(row["place"]).name, row["reason"].split(":")[0]) for row in table(output, "unread").to_pylist()}
    assert ("a.jsonl", "the document has no “text”, “html” or “body”, nor a body as a ninjs item has it") in unread
    assert ("a.jsonl", "not a JSON document") in unread
    assert any(name == "picture.html" and reason.startswith("a binary file") for name, reason in unread)
    # They are not tried again by the same engine.
    assert onrecord.spark.run(spark, [tmp_path / "a.jsonl", tmp_path / "picture.html"], output).read == 0
    with pytest.raises(FileNotFoundError, match="no articles"):
        (tmp_path / "empty").mkdir()
        onrecord.spark.run(spark, [tmp_path / "empty"], output)


def test_a_damaged_file_costs_only_what_is_damaged(spark: SparkSession, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    good = json.dumps(article(1), ensure_ascii=False).encode()
    (folder / "byte.jsonl").write_bytes(good + b"\n" + good.replace(b"Article 1", b"Article \xe9") + b"\n")
    lines = "".join(f"{json.dumps(article(n))}\n" for n in range(10, 400))
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(lines.encode())[:-100])
    pq.write_table(pa.Table.from_pylist([article(n) for n in range(400, 410)]), folder / "cut.parquet")
    content = (folder / "cut.parquet").read_bytes()
    (folder / "cut.parquet").write_bytes(content[:-20])
    (folder / "page.parquet").write_bytes(content[:8] + bytes(byte ^ 0xFF for byte in content[8:200]) + content[200:])
    output = tmp_path / "out"
    done = onrecord.spark.run(spark, [folder], output)
    names = texts(output, "source_id")
    # The beginning of the archive is read as the terminal reads it.
    known = [
        r.article.source_id
        for r in onrecord.read_many([folder / "cut.jsonl.gz"], errors="yield")
        if isinstance(r, onrecord.Record)
    ]
    assert len(known) > 100 and set(known) == set(names) - {"a1"}
    unread = {Path(row["place"]).name: row["reason"] for row in table(output, "unread").to_pylist()}
    assert set(unread) == {"byte.jsonl", "cut.jsonl.gz", "cut.parquet", "page.parquet"} and done.unread == 4
    assert unread["byte.jsonl"].startswith("not a JSON document: invalid")
    assert unread["cut.parquet"].startswith("damaged: ") and unread["page.parquet"].startswith("damaged: ")
    assert onrecord.spark.run(spark, [folder], output).read == 0
    # A file that was mended is read.
    (folder / "cut.parquet").write_bytes(content)
    assert onrecord.spark.run(spark, [folder], output).read == 10


def test_texts_in_a_column_of_bytes(spark: SparkSession, tmp_path: Path) -> None:
    row = {name: value.encode() for name, value in article(1).items()}
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "bytes.parquet")
    onrecord.spark.run(spark, [tmp_path / "bytes.parquet"], tmp_path / "out")
    assert texts(tmp_path / "out", "text") == [article(1)["text"]] and texts(tmp_path / "out", "source_id") == ["a1"]


def test_articles_without_an_id_are_named_after_their_file(spark: SparkSession, tmp_path: Path) -> None:
    articles = [{key: value for key, value in article(n).items() if key != "id"} for n in range(9)]
    write_lines(tmp_path / "a.jsonl", [*articles, article(9)])
    for output in ("one", "other"):
        onrecord.spark.run(spark, [tmp_path / "a.jsonl"], tmp_path / output, chunk=5 if output == "other" else 10)
    names = texts(tmp_path / "one", "source_id")
    assert names == texts(tmp_path / "other", "source_id") and len(set(names)) == 10
    assert [name for name in names if not name.startswith(f"{tmp_path / 'a.jsonl'}#")] == ["a9"]
    said = table(tmp_path / "one", "statements")
    assert set(said["source_id"].to_pylist()) == set(names)


def test_a_large_year_of_a_chunk_is_several_files(spark: SparkSession, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [article(n) for n in range(60)])
    size = "spark.sql.adaptive.advisoryPartitionSizeInBytes"
    before = spark.conf.get(size)
    years = {}
    try:
        for most in ("64m", "1k"):
            spark.conf.set(size, most)
            onrecord.spark.run(spark, [tmp_path / "a.jsonl"], tmp_path / most)
            years[most] = [len(list(year.iterdir())) for year in (tmp_path / most / "articles").iterdir()]
            assert texts(tmp_path / most, "source_id") == sorted(f"a{n}" for n in range(60))
    finally:
        spark.conf.set(size, before or "64m")
    assert years["64m"] == [1, 1, 1]
    assert len(years["1k"]) == 3 and min(years["1k"]) > 1


def test_the_articles_of_one_large_file_are_spread_over_all_tasks(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    for name, numbers in (("large", range(76)), ("small", range(76, 80))):
        with gzip.open(tmp_path / "in" / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write("".join(json.dumps(article(n)) + "\n" for n in numbers))
    tasks: list[int] = []
    commit = onrecord.spark.committed

    def committed(spark: SparkSession, out: Path, name: str) -> dict[str, int]:
        # What is staged has a file for every task.
        staged = [pq.read_table(path)["digest"].to_pylist() for path in (out / "_staged" / name).glob("*.parquet")]
        tasks.extend(len(set(digests)) for digests in staged)
        return commit(spark, out, name)

    monkeypatch.setattr(onrecord.spark, "committed", committed)
    onrecord.spark.run(spark, [tmp_path / "in"], tmp_path / "out")
    assert tasks == [10] * 8


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


def across() -> list[dict[str, Any]]:
    """Returns articles with everything that joins people and quotations: the examples, and some more."""
    documents: list[dict[str, Any]] = [
        {"id": record.article.source_id, "text": record.article.text, "published": record.article.published}
        for record in onrecord.read_many([ROOT / "examples"])
    ]
    toll = "“Nobody in this country will ever pay a toll to cross the new bridge, whatever the ministry says,”"
    company = "Pia Lund, Rolf Meyer and Jon Aalto listened. Baltic Rail did not reply."
    texts = {
        "2016-05-01": [
            f"{toll} Transport Minister Ada Brandt said in Tallberg. {company}",
            "King Oren opened the games. “Let them run,” King Oren said.",
            "Bishop Mirel opened the fair. “Let them sell,” Bishop Mirel said.",
            "Brandt said that the bridge was late. The striker Jon Brandt said the pitch was wet.",
        ],
        "2016-05-02": [
            f"{toll} the transport minister, Brandt, said. {company}",
            "“Nobody in this country will ever pay a toll,” Ms Brandt said, according to Pia Lund.",
            "“Let them run and run,” King Oren said. “It is late,” said Oren.",
            "“Let them sell and sell,” Bishop Mirel said. “It is dear,” said Mirel.",
        ],
        "2016-07-20": [
            "“Nobody in this country will pay a toll to cross the new bridge,” Brandt, the striker, said.",
            "Jon Brandt, the striker, scored. “We ran and we won, and nobody will forget it,” said Brandt, the striker.",
        ],
        "": ["“Nobody in this country will ever pay a toll to cross the new bridge,” Ada Brandt said."],
    }
    for day, all in texts.items():
        for n, text in enumerate(all):
            documents.append({"id": f"x{day}-{n}", "text": text, **({"published": day} if day else {})})
    # A wire story in two papers, and words that too many statements share.
    story = (
        "TALLBERG (NOR) -- The council of the old harbour town met late on Friday and talked about boats, nets and "
        "the price of ice for six hours without a break. “The boats will stay where they are until the last net is "
        "mended,” Mayor Eva Holm said after the vote. The vote was close, and the fishers who waited outside in the "
        "rain went home without a word."
    )
    documents.append({"id": "w1", "text": story, "published": "2016-06-01", "outlet": "The Sound"})
    documents.append({"id": "w2", "text": f"{story} More to come.", "published": "2016-06-02", "outlet": "Shore Post"})
    # All share the common words, and two at a time some others. Only the last has nothing else to be found by.
    for n in range(305):
        more = "" if n == 304 else f", and ship{n // 2} pier{n // 2} crew{n // 2} dock{n // 2} rope{n // 2} will wait"
        words = f"“We will not comment on pending matters at this time of the year{more},” Rolf Meyer said."
        documents.append({"id": f"c{n:03}", "text": words, "published": f"2017-01-{n % 28 + 1:02}"})
    return documents


def test_people_and_quotations_are_joined_as_a_store_joins_them(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = across()
    write_lines(tmp_path / "in.jsonl", documents)
    output = tmp_path / "out"
    onrecord.spark.run(spark, [tmp_path / "in.jsonl"], output)
    with monkeypatch.context() as patch:
        # A local checkpoint is lost with an executor.
        patch.delattr(DataFrame, "localCheckpoint")
        onrecord.spark.join(spark, output)
    assert not (output / "_staged").exists()
    # In a job of one's own, there is no folder for the steps.
    alone = onrecord.spark.people(spark.read.parquet(f"file://{output / 'entities'}")).toArrow().to_pylist()
    joined = table(output, "people").to_pylist()
    assert sorted(map(str, alone)) == sorted(map(str, joined))
    store = onrecord.Store(tmp_path / "news.db")
    by_id = {document["id"]: document for document in documents}
    day = {row["source_id"]: row["day"] or 0 for row in table(output, "articles").to_pylist()}
    store.ingest([by_id[name] for _, name in sorted((day[name], name) for name in by_id)])

    said = store.statements().to_pylist()
    names = {row["statement"]: f"{row['source_id']}.{row['statement'].partition('.')[2]}" for row in said}
    entities = {
        (row["source_id"], row["entity"]): (row["person"], row["name"]) for row in table(output, "people").to_pylist()
    }
    ours = {
        row["statement"]: [
            entities[row["source_id"], entity]
            for entity in row["speaker_entities"]
            if (row["source_id"], entity) in entities
        ]
        for row in table(output, "statements").to_pylist()
    }
    assert set(ours) == set(names.values())
    called: dict[int, str] = {}
    keys: dict[int, set[str]] = {}
    for row in said:
        for person, (key, name) in zip(row["people"], ours[names[row["statement"]]], strict=True):
            called.setdefault(person, store.people(f"p{person}")[0].name)
            keys.setdefault(person, set()).add(key)
            assert called[person] == name, row["content"]
    assert all(len(some) == 1 for some in keys.values())
    assert len({key for some in keys.values() for key in some}) == len(keys)
    evidence = " ".join(row["evidence"] for row in table(output, "people").to_pylist())
    assert "the surname brandt; the role: " in evidence and "the same name and role: bishop" in evidence

    found: dict[str, list[tuple[str, str | None, str | None]]] = {}
    for row in sorted(table(output, "lineages").to_pylist(), key=lambda row: row["position"]):
        copy = row["copy_of"]["statement"] if row["copy_of"] else None
        found.setdefault(row["quotation"]["statement"], []).append((row["statement"]["statement"], row["change"], copy))
    several = 0
    for row in said:
        # The lineages of all statements with the common words are alike.
        if row["source_id"].startswith("c") and row["source_id"] not in ("c000", "c001", "c200", "c304"):
            continue
        versions = [
            (names[v.hit.statement], v.change, names[v.copy_of] if v.copy_of else None)
            for v in store.lineage(row["statement"]).versions
        ]
        name = names[row["statement"]]
        if len(versions) > 1:
            several += 1
            assert found[name] == versions, name
        else:
            assert name not in found, name
    assert several > 10
    assert any(copy is not None and copy.startswith("w1.") for all in found.values() for _, _, copy in all)


def test_a_folder_of_somebody_else_is_no_output(spark: SparkSession, tmp_path: Path) -> None:
    theirs = tmp_path / "project" / "articles" / "mine.parquet"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"theirs")
    with pytest.raises(FileExistsError, match="not an output of this job"):
        onrecord.spark.run(spark, [ROOT / "examples" / "bridge.txt"], tmp_path / "project")
    with pytest.raises(FileNotFoundError, match="not an output of this job"):
        onrecord.spark.join(spark, tmp_path / "project")
    assert theirs.read_bytes() == b"theirs"


def test_only_files_of_the_job_are_removed_from_an_output(spark: SparkSession, tmp_path: Path) -> None:
    out = tmp_path / "out"
    onrecord.spark.run(spark, [ROOT / "examples" / "bridge.txt"], out)
    theirs = out / "articles" / "mine.parquet"
    left = out / "articles" / f"{'0' * 32}-0.parquet"
    theirs.write_bytes(b"theirs")
    left.write_bytes(b"half")
    onrecord.spark.cleaned(out)
    assert theirs.exists() and not left.exists()


def test_an_output_inside_the_input_is_not_read(spark: SparkSession, tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "bridge.txt", tmp_path / "bridge.txt")
    for known in (0, 1):
        done = onrecord.spark.run(spark, [tmp_path], tmp_path / "tables")
        assert (done.known, done.unread) == (known, 0)


def test_a_failed_run_leaves_nothing_that_a_later_one_skips(spark: SparkSession, tmp_path: Path) -> None:
    lines = tmp_path / "some.jsonl"
    lines.write_text("".join(json.dumps(article(n)) + "\n" for n in range(2)))

    def fail(_line: str) -> None:
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        onrecord.spark.run(spark, [lines], tmp_path / "out", tell=fail, chunk=1)
    done = onrecord.spark.run(spark, [lines], tmp_path / "out")
    assert done.read + done.known == 2
    assert pq.read_table(tmp_path / "out" / "articles").num_rows == 2


@pytest.mark.parametrize("name", ["_some.jsonl", "some[1].jsonl", "so*e.jsonl"])
def test_a_name_that_spark_takes_for_a_pattern_is_refused(spark: SparkSession, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(json.dumps(article(1)) + "\n")
    with pytest.raises(ValueError, match="names must not begin"):
        onrecord.spark.run(spark, [tmp_path / name], tmp_path / "out")


def test_a_chunk_has_at_least_one_document(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="chunk"):
        onrecord.spark.run(spark, [ROOT / "examples" / "bridge.txt"], tmp_path / "out", chunk=0)


def test_a_folder_is_read_as_the_terminal_reads_it(spark: SparkSession, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "a.xhtml").write_text(f"<html><body><article><p>{article(1)['text']}</p></article></body></html>")
    (files / "b.text").write_text(article(2)["text"])
    (files / "c.ninjs").write_text(json.dumps({"uri": "c", "body_text": article(3)["text"]}))
    (files / "d.csv").write_text("no,article")
    done = onrecord.spark.run(spark, [files], tmp_path / "out")
    assert (done.read, done.unread) == (3, 0)
