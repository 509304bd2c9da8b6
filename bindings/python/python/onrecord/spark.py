"""Jobs for Spark: statements of an archive that is too large for one machine.

`statements` adds the engine to your own job:

```python
from pyspark.sql import SparkSession
import onrecord.spark

spark = SparkSession.builder.getOrCreate()
articles = spark.read.parquet("articles.parquet")
onrecord.spark.statements(articles, text="body", id="key", published="day").write.parquet("statements.parquet")
```

and `python -m onrecord.spark INPUT OUTPUT` is a complete job: it reads JSON Lines, Parquet and web archives, and writes tables
as Parquet. It can be interrupted and run again at any time; see `run`. `join` joins people and quotations across the articles.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import itertools
import json
import os
import re
import shutil
import sys
import urllib.parse
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.pandas.types import from_arrow_schema

from onrecord import _native
from onrecord._across import lineages, people
from onrecord._errors import ReadError
from onrecord._reading import read_many
from onrecord._record import Record
from onrecord._tables import schema as statement_schema
from onrecord._tables import statements as table_of

__all__ = ["Done", "join", "lineages", "main", "people", "run", "statements"]

TOGETHER = 256
"""How many documents an executor reads before it hands their statements on."""
CHUNK = 100_000
"""About how many documents of a job are committed together."""
TABLES = ("statements", "articles", "entities", "unread")
"""The tables that a job writes."""

ARTICLE = pa.schema([
    ("article_id", pa.string()), ("source_id", pa.string()), ("url", pa.string()), ("outlet", pa.string()),
    ("title", pa.string()), ("bylines", pa.list_(pa.string())), ("published", pa.string()), ("language", pa.string()),
    ("text", pa.string()), ("notices", pa.list_(pa.string())), ("statements", pa.int64()), ("day", pa.int64()),
])  # fmt: skip
OF_ENTITY: dict[str, pa.DataType] = {
    "article_id": pa.string(), "source_id": pa.string(), "published": pa.string(), "day": pa.int64(),
    "entity": pa.string(), "number": pa.int64(), "name": pa.string(), "kind": pa.string(),
    "roles": pa.list_(pa.string()), "aliases": pa.list_(pa.string()),
}  # fmt: skip
ENTITY = pa.schema(OF_ENTITY)
UNREAD = pa.schema([("place", pa.string()), ("reason", pa.string())])


def statements(
    df: DataFrame,
    text: str | None = "text",
    *,
    html: str | None = None,
    id: str | None = None,
    published: str | None = None,
    url: str | None = None,
    outlet: str | None = None,
    title: str | None = None,
    errors: Literal["raise", "skip"] = "raise",
) -> DataFrame:
    """Reads the articles of a DataFrame on its executors, and returns one row for every statement.

    The columns are those of the Parquet export. `source_id` is the value of the column `id`, or else the beginning of the
    hash of the content. Every task reads with one thread, so that Spark decides how many articles are read at once.

    Args:
        df: The articles, one in every row.
        text: The column with the text. `None` if there are only pages.
        html: The column with the page. It is used for rows without a text.
        id: The column with your name for the article. Of any type.
        published: The column with the day of publication: a date, a timestamp, or a string.
        url: The column with the web address.
        outlet: The column with the publisher.
        title: The column with the headline.
        errors: What happens when an article can't be read, for example because it has no text: the job
            fails, or the row yields nothing.
    """
    named = {
        "text": text, "html": html, "id": id, "published": published, "url": url, "outlet": outlet, "title": title
    }  # fmt: skip
    columns: list[Column] = [
        F.col(column).cast("string").alias(name) for name, column in named.items() if column is not None
    ]
    contents = [F.col(column).cast("string") for column in (text, html) if column is not None]
    if not contents:
        raise ValueError("the articles need a column with their text or their page")
    if id is None:
        columns.append(F.concat(F.lit("sha256:"), F.substring(F.sha2(F.coalesce(*contents), 256), 1, 16)).alias("id"))

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in pieces(batches):
            documents = ({k: v for k, v in row.items() if v is not None} for row in batch.to_pylist())
            yield from table_of(documents, errors=errors, threads=1).to_batches()

    return df.select(*columns).mapInArrow(read, spark_schema(statement_schema()))


def pieces(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for start in range(0, batch.num_rows, TOGETHER):
            yield batch.slice(start, TOGETHER)


def spark_schema(schema: pa.Schema) -> T.StructType:
    made: T.StructType = from_arrow_schema(schema)
    return made


# The job. An input on its way through it is a row: its digest, its place for messages, and either a document as JSON, or
# the path of a file that is read as a whole, or what is wrong with a file that can't be read. Documents are bytes, because
# not every file is UTF-8, and the engine knows how to deal with that.

INPUT = "digest string, place string, document binary, path string, damage string"
JOINED_BY = [pa.field("number", pa.int64()), pa.field("speaker_entities", pa.list_(pa.string()))]
"""The columns of `statements` by which people and quotations are joined across articles."""
STATEMENT = pa.schema([*statement_schema(), *JOINED_BY])
MADE = pa.schema([
    ("digest", pa.string()),
    ("statement", pa.struct(list(STATEMENT))),
    ("article", pa.struct(list(ARTICLE))),
    ("entity", pa.struct(list(ENTITY))),
    ("unread", pa.struct(list(UNREAD))),
])  # fmt: skip


def made(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Reads inputs into statements, articles, entities, and reasons why there are none."""
    for batch in pieces(batches):
        rows = batch.to_pylist()
        lines = [row for row in rows if row["document"] is not None]
        # As a line, every document has exactly one result. An array would otherwise be several documents, or none.
        found = read_many((row["document"] for row in lines), errors="yield", threads=1, format="jsonl")
        results = zip(lines, found, strict=True)
        yield from written((row, named(row, n, result)) for n, (row, result) in enumerate(results, 1))
        damaged = [row for row in rows if row["damage"] is not None]
        yield from written((row, ReadError(row["damage"], row["place"])) for row in damaged)
        for row in rows:
            if row["path"] is not None:
                found = read_many([Path(row["path"])], errors="yield", threads=1)
                yield from written((row, result) for result in once(found))


def named(row: dict[str, str], number: int, result: Record | ReadError) -> Record | ReadError:
    """Gives an article without an id a name from its file and its content, whichever task reads it and in whatever order."""
    if isinstance(result, ReadError) or result.article.source_id != f"document {number}:1":
        return result
    record = result.to_dict()
    record["article"]["source_id"] = f"{local(row['place'])}#{row['digest'][:16]}"
    return Record.from_dict(record)


def once(results: Iterable[Record | ReadError]) -> Iterator[Record | ReadError]:
    """Leaves out articles that a file repeats under the same name. The tables tell articles apart by name and text."""
    known = set()
    for result in results:
        if isinstance(result, Record):
            name = (result.article.source_id, result.article.id)
            if name in known:
                continue
            known.add(name)
        yield result


def written(all: Iterable[tuple[dict[str, str], Record | ReadError]]) -> Iterator[pa.RecordBatch]:
    all = iter(all)
    while some := list(itertools.islice(all, TOGETHER)):
        records = [(row["digest"], result) for row, result in some if isinstance(result, Record)]
        counts = [record._native.statement_count() for _, record in records]
        digests = [digest for (digest, _), count in zip(records, counts, strict=True) for _ in range(count)]
        table = table_of((record for _, record in records), threads=1)
        said = [statement for _, record in records for statement in record._fields()["statements"]]
        yield from rows_of(digests, "statement", struct_of(with_speakers(table, said)))
        articles = [article_row(record, count) for (_, record), count in zip(records, counts, strict=True)]
        yield from rows_of([digest for digest, _ in records], "article", articles)
        entities = [(digest, row) for digest, record in records for row in entity_rows(record)]
        yield from rows_of([digest for digest, _ in entities], "entity", [row for _, row in entities])
        unread = [(row, result) for row, result in some if isinstance(result, ReadError)]
        reasons = [unread_row(row, error) for row, error in unread]
        yield from rows_of([row["digest"] for row, _ in unread], "unread", reasons)


def with_speakers(table: pa.Table, said: Sequence[dict[str, Any]]) -> pa.Table:
    """Adds the columns by which people and quotations are joined across articles."""
    numbers = [int(statement["id"].removeprefix("s")) for statement in said]
    speakers = [(statement["speaker"] or {}).get("entities", []) for statement in said]
    for field, values in zip(JOINED_BY, (numbers, speakers), strict=True):
        table = table.append_column(field, pa.array(values, field.type))
    return table


def struct_of(table: pa.Table) -> pa.StructArray:
    columns = [
        pa.concat_arrays(column.chunks) if column.chunks else pa.nulls(0, column.type) for column in table.columns
    ]
    return pa.StructArray.from_arrays(columns, fields=list(STATEMENT))


def rows_of(digests: Sequence[str], name: str, values: Any) -> Iterator[pa.RecordBatch]:
    if len(digests) == 0:
        return
    columns = [
        pa.array(digests) if field.name == "digest"
        else pa.nulls(len(digests), field.type) if field.name != name
        else values if isinstance(values, pa.Array)
        else pa.array(values, field.type)
        for field in MADE
    ]  # fmt: skip
    yield pa.RecordBatch.from_arrays(columns, schema=MADE)


def article_row(record: Record, count: int) -> dict[str, Any]:
    article = record.article
    return {
        "article_id": article.id,
        "source_id": article.source_id,
        "url": article.url,
        "outlet": article.outlet,
        "title": article.title,
        "bylines": list(article.bylines),
        "published": article.published,
        "language": article.language,
        "text": article.text,
        "notices": [notice.message for notice in record.notices],
        "statements": count,
        "day": day_of(record),
    }


def entity_rows(record: Record) -> Iterator[dict[str, Any]]:
    article, day = record.article, day_of(record)
    for entity in record.entities:
        yield {
            "article_id": article.id,
            "source_id": article.source_id,
            "published": article.published,
            "day": day,
            "entity": entity.id,
            "number": int(entity.id.removeprefix("e")),
            "name": entity.name,
            "kind": entity.kind,
            "roles": list(entity.roles),
            "aliases": list(entity.aliases),
        }


def day_of(record: Record) -> int | None:
    """Returns a number that orders days: that of publication, or else that of the dateline."""
    article = record.article
    return _native.day(article.published, article.dateline.date if article.dateline else None)


def unread_row(row: dict[str, str], error: ReadError) -> dict[str, str]:
    reason = str(error).removeprefix(error.place).removeprefix(": ")
    # The executor's own name for a document means nothing to whoever reads the table.
    return {"place": error.place if row["path"] is not None else local(row["place"]), "reason": reason}


@dataclass(frozen=True)
class Done:
    """What a job did, as numbers of documents. A web archive or another file that is read as a whole counts once."""

    read: int
    """Documents that were read now."""
    known: int
    """Documents that an earlier run had read, and repetitions of the same document."""
    unread: int
    """Rows that were added to the table `unread`."""
    statements: int
    """The number of statements that were added."""

    def __str__(self) -> str:
        return f"{self.read} documents read, {self.known} known, {self.unread} unreadable; {self.statements} statements"


def uri(path: Path) -> str:
    """Returns the name of a local path for Spark, whose default is often another file system."""
    return f"file://{path}"


def local(path: str) -> str:
    """Returns the path that a name of Spark stands for."""
    return urllib.parse.unquote(path.removeprefix("file://")) if path.startswith("file://") else path


def output_of(output: str | os.PathLike[str]) -> Path:
    """Returns the folder of an output. A folder with files of somebody else is refused, because outputs are cleaned up."""
    out = Path(output).resolve()
    if out.exists() and not (out / "_done").is_dir() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(f"{output}: not an output of this job; give a new or an empty folder")
    return out


def files_of(inputs: Sequence[str | os.PathLike[str]], out: Path) -> list[Path]:
    """Returns the files of every path, those of folders in the order of their names. Tables of the output are no inputs."""
    files: list[Path] = []
    for given in map(Path, inputs):
        if given.is_dir():
            found = sorted(path for path in given.rglob("*") if path.is_file() and not path.name.startswith(("_", ".")))
            files += [path for path in found if path.name.lower().removesuffix(".gz").endswith(KNOWN)]
        elif given.exists():
            files.append(given)
        else:
            raise FileNotFoundError(f"{given}: no such file or folder")
    files = [path for path in (path.resolve() for path in files) if not path.is_relative_to(out)]
    if not files:
        raise FileNotFoundError(f"{', '.join(map(str, inputs))}: no articles (looked for {', '.join(KNOWN)})")
    for path in files:
        if not is_plain(path):
            raise ValueError(
                f"{path}: Spark can't read a file with this name; names must not begin with _ or . or have any of {PATTERN}"
            )
    return files


PATTERN = "{ } [ ] * ? : \\"
"""Characters that Spark takes for a pattern, or for the scheme of an address."""


def is_plain(path: Path) -> bool:
    """Returns whether Spark reads exactly the file with this name, if it reads the file itself."""
    if not path.name.lower().removesuffix(".gz").endswith((*LINES, ".parquet")):
        return True
    return not path.name.startswith(("_", ".")) and not any(mark in str(path) for mark in PATTERN.split())


LINES = (".jsonl", ".ndjson")
FEEDS = (".rss", ".atom", ".xml", ".newsml", ".nitf")
KNOWN = (*LINES, ".parquet", ".warc", ".json", ".ninjs", ".html", ".htm", ".xhtml", ".txt", ".text", *FEEDS)
"""The endings of the files in a folder that are read, each also with `.gz`: those of `onrecord read`, and Parquet."""


def inputs_of(spark: SparkSession, files: Sequence[Path], engine: str) -> DataFrame:
    """Returns the documents of files, with their digests."""
    tables = [path for path in files if path.name.lower().endswith(".parquet")]
    lines = [path for path in files if path.name.lower().removesuffix(".gz").endswith(LINES)]
    # Spark itself would end with an error at the first damaged file.
    compressed = [path for path in lines if path.name.lower().endswith(".gz")]
    damage = damaged(spark, [*tables, *compressed])
    tables, lost = [p for p in tables if p not in damage], [p for p in tables if p in damage]
    lines = [path for path in lines if path not in damage]
    # What is left of damaged lines is read like a web archive.
    whole = [path for path in files if path not in {*tables, *lines, *lost}]
    parts: list[DataFrame] = []
    if lines:
        read = spark.read.text([uri(path) for path in lines]).where(~F.col("value").rlike(r"^\uFEFF?\s*$"))
        parts.append(read.select(F.input_file_name().alias("place"), F.col("value").alias("document")))
    if tables:
        rows = spark.read.option("mergeSchema", True).parquet(*(uri(path) for path in tables))
        # JSON has no bytes. A text in a column of bytes is taken for UTF-8.
        columns = [
            F.col(f"`{field.name}`").cast("string").alias(field.name)
            if isinstance(field.dataType, T.BinaryType)
            else F.col(f"`{field.name}`")
            for field in rows.schema.fields
        ]
        parts.append(rows.select(F.input_file_name().alias("place"), F.to_json(F.struct(*columns)).alias("document")))
    document = F.col("document").cast("binary")
    digest = F.sha2(F.concat(F.lit(engine.encode()), document), 256)
    nothing = F.lit(None).cast("string")
    known = [
        part.select(
            digest.alias("digest"), "place", document.alias("document"), nothing.alias("path"), nothing.alias("damage")
        )
        for part in parts
    ]
    if whole:
        # A file is one row, because a web archive can't be split and may be large.
        found = [(file_digest(engine, path), str(path), None, str(path), None) for path in whole]
        known.append(spark.createDataFrame(found, INPUT).repartition(len(whole)))
    if lost:
        reasons = [(file_digest(engine, path), str(path), None, None, damage[path]) for path in lost]
        known.append(spark.createDataFrame(reasons, INPUT))
    all = known[0]
    for part in known[1:]:
        all = all.unionByName(part)
    return all


def damaged(spark: SparkSession, files: Sequence[Path]) -> dict[Path, str]:
    """Returns which compressed files and tables can't be read to their end, and why."""
    if not files:
        return {}

    def check(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            found = [{"path": row["path"], "damage": damage_of(row["path"])} for row in batch.to_pylist()]
            yield pa.RecordBatch.from_pylist([row for row in found if row["damage"] is not None], CHECKED)

    paths = spark.createDataFrame([(str(path),) for path in files], "path string").repartition(len(files))
    return {Path(row["path"]): row["damage"] for row in paths.mapInArrow(check, spark_schema(CHECKED)).collect()}


CHECKED = pa.schema([("path", pa.string()), ("damage", pa.string())])


def damage_of(path: str) -> str | None:
    """Reads a compressed file or a table to its end, which costs little beside reading its articles."""
    try:
        if path.lower().endswith(".parquet"):
            with pq.ParquetFile(path) as table:
                for _ in table.iter_batches():
                    pass
        else:
            with gzip.open(path) as file:
                while file.read(1 << 20):
                    pass
    except (OSError, EOFError, zlib.error, pa.ArrowException) as e:
        return f"damaged: {e}"
    return None


def file_digest(engine: str, path: Path) -> str:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256") if sys.version_info >= (3, 11) else hashlib.sha256(file.read())
    return hashlib.sha256(f"{engine}{path}\0{content.hexdigest()}".encode()).hexdigest()


def run(
    spark: SparkSession,
    inputs: Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    chunk: int = CHUNK,
    tell: Callable[[str], object] | None = None,
) -> Done:
    """Reads files into tables: `statements`, `articles`, `entities`, and `unread` with the documents that can't be read.

    The output is a folder with a folder of Parquet files for each table. All but `unread` are partitioned by year of
    publication (`year=unknown` if there is none). The columns of `statements` are those of the Parquet export, and
    `digest`, `number` and `speaker_entities`. `digest`, `source_id` and `article_id` together identify an article.

    Documents are committed in chunks. If a run ends early, its complete chunks are kept. The next run removes
    incomplete chunks and reads the remaining documents. A document is identified by the digest of its content and the
    version of the engine, so nothing is read or kept twice. Only one job at a time may write to an output.

    Args:
        spark: The session.
        inputs: Files and folders: JSON Lines, Parquet with the fields of such documents as columns, web archives, and
            all other formats of `onrecord read`. Executors must see them under the same paths.
        output: The folder of the tables: a new or empty one, or the output of an earlier run. Executors must see it under the
            same path. If it lies in a folder of inputs, its tables are not read.
        chunk: About how many documents are committed together.
        tell: A function that is called with a line about every chunk.
    """
    if not isinstance(chunk, int) or chunk < 1:
        raise ValueError(f"chunk is a whole number from 1 on, not {chunk}")
    out = output_of(output)
    files = files_of(inputs, out)
    version, model = _native.engine()
    engine = f"{version} {model}\0"
    done_folder = out / "_done"
    done_folder.mkdir(parents=True, exist_ok=True)
    cleaned(out)
    all = inputs_of(spark, files, engine)
    digests = all.select("digest")
    total, distinct = digests.count(), digests.distinct()
    earlier = known_digests(spark, out)
    fresh = distinct if earlier is None else distinct.join(earlier, "digest", "left_anti")
    fresh = fresh.cache()
    try:
        return chunks(spark, out, all, fresh, total=total, chunk=chunk, tell=tell)
    finally:
        # Otherwise, Spark would take these digests for those of a later run.
        fresh.unpersist()


def chunks(
    spark: SparkSession,
    out: Path,
    all: DataFrame,
    fresh: DataFrame,
    *,
    total: int,
    chunk: int,
    tell: Callable[[str], object] | None,
) -> Done:
    """Reads the documents with the digests `fresh` in chunks, and commits each."""
    count = fresh.count()
    parts = max(1, -(-count // chunk))
    read = unread = said = 0
    for part in range(parts if count else 0):
        bucket = F.pmod(F.conv(F.substring("digest", 1, 8), 16, 10).cast("long"), F.lit(parts)) == part
        wanted = fresh.where(bucket)
        some = all.join(wanted, "digest", "left_semi").dropDuplicates(["digest"])
        # Rows of different sizes are spread over all tasks.
        some = some.repartition(spark.sparkContext.defaultParallelism * 4)
        name = uuid.uuid4().hex
        staged = out / "_staged" / name
        some.mapInArrow(made, spark_schema(MADE)).write.parquet(uri(staged))
        counts = committed(spark, out, name)
        read, unread, said = read + wanted.count(), unread + counts["unread"], said + counts["statements"]
        if tell is not None:
            tell(f"{part + 1} of {parts}: {read} documents read, {said} statements")
    return Done(read=read, known=total - count, unread=unread, statements=said)


def cleaned(out: Path) -> None:
    """Removes what runs that were killed have left of chunks."""
    done = {path.name for path in (out / "_done").iterdir()}
    shutil.rmtree(out / "_staged", ignore_errors=True)
    for table in TABLES:
        # The files of a chunk have its name, in whichever folder of a year they are.
        for path in (out / table).rglob("*.parquet"):
            if CHUNK_FILE.fullmatch(path.name) and path.name.partition("-")[0] not in done:
                path.unlink()


CHUNK_FILE = re.compile(r"[0-9a-f]{32}-\d+\.parquet")
"""The names of the files that `committed` makes."""


def committed(spark: SparkSession, out: Path, name: str) -> dict[str, int]:
    """Makes a staged chunk permanent. It counts only once its name is in the folder `_done`."""
    staged = out / "_staged" / name
    rows = spark.read.schema(spark_schema(MADE)).parquet(uri(staged))
    year = F.regexp_extract(F.coalesce(F.col("published"), F.lit("")), r"^(\d{4})", 1)
    columns = dict(zip(TABLES, ("statement", "article", "entity", "unread"), strict=True))
    counted = rows.agg(*(F.count(column).alias(table) for table, column in columns.items())).collect()[0]
    counts: dict[str, int] = counted.asDict()
    for table, column in columns.items():
        part = rows.where(F.col(column).isNotNull()).select("digest", f"{column}.*")
        sorted_out = staged.with_name(f"{name}-{table}")
        if table == "unread":
            part.coalesce(1).write.parquet(uri(sorted_out))
        else:
            part = part.withColumn("year", F.when(year == "", "unknown").otherwise(year))
            # A year is one file, unless it is so large that several tasks should write it.
            part.hint("rebalance", "year").write.partitionBy("year").parquet(uri(sorted_out))
        for number, path in enumerate(sorted(sorted_out.rglob("*.parquet"))):
            target = out / table / path.parent.relative_to(sorted_out)
            target.mkdir(parents=True, exist_ok=True)
            path.replace(target / f"{name}-{number}.parquet")
    marker = out / "_done" / f".{name}"
    marker.write_text(json.dumps(counts))
    marker.replace(out / "_done" / name)
    shutil.rmtree(out / "_staged", ignore_errors=True)
    return counts


def join(spark: SparkSession, output: str | os.PathLike[str]) -> None:
    """Joins people and quotations across the articles of an output, and writes the tables `people` and `lineages`.

    The rules are those of a store, and so are the results if the store has read the same articles in the order of their
    days. `people` has a row for every identified entity of `entities`; see `people`. `lineages` has a row for every
    version of every quotation; see `lineages`. Both are computed anew and replaced when they are complete.

    The results of the steps are files in the output until then, so the join survives the loss of an executor.
    """
    out = Path(output).resolve()
    if not (out / "_done").is_dir():
        raise FileNotFoundError(f"{output}: not an output of this job")
    steps = out / "_staged" / "steps"
    shutil.rmtree(steps, ignore_errors=True)

    def keep(df: DataFrame) -> DataFrame:
        path = uri(steps / uuid.uuid4().hex)
        df.write.parquet(path)
        return spark.read.schema(df.schema).parquet(path)

    def table(name: str, schema: pa.Schema) -> DataFrame:
        if any((out / name).rglob("*.parquet")):
            return spark.read.parquet(uri(out / name))
        # A table without rows has no files, for example if no article has a statement.
        return spark.createDataFrame([], spark_schema(pa.schema([MADE.field("digest"), *schema])))

    replaced(out, "people", people(table("entities", ENTITY), keep=keep))
    identities = spark.read.parquet(uri(out / "people"))
    said, articles = table("statements", STATEMENT), table("articles", ARTICLE)
    replaced(out, "lineages", lineages(said, articles, identities, keep=keep))
    shutil.rmtree(out / "_staged")


def replaced(out: Path, name: str, rows: DataFrame) -> None:
    staged = out / "_staged" / name
    shutil.rmtree(staged, ignore_errors=True)
    rows.write.parquet(uri(staged))
    shutil.rmtree(out / name, ignore_errors=True)
    staged.replace(out / name)


def known_digests(spark: SparkSession, out: Path) -> DataFrame | None:
    found = [
        spark.read.parquet(*(uri(path) for path in paths)).select("digest")
        for table in ("articles", "unread")
        if (paths := sorted((out / table).rglob("*.parquet")))
    ]
    if not found:
        return None
    all = found[0] if len(found) == 1 else found[0].union(found[1])
    return all.distinct()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the job from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m onrecord.spark",
        description="Reads JSON Lines, Parquet and web archives into tables of statements, articles and unreadable documents.",
    )
    parser.add_argument("input", nargs="+", help="files or folders")
    parser.add_argument("output", help="the folder of the tables")
    parser.add_argument("--master", help="the cluster [default: that of the configuration, or all processors here]")
    parser.add_argument("--chunk", type=int, default=CHUNK, help=f"how many documents are committed together [{CHUNK}]")
    parser.add_argument("--join", action="store_true", help="then join people and quotations across all articles")
    given = parser.parse_args(arguments)
    builder = SparkSession.builder.appName("onrecord")
    if given.master is not None:
        builder = builder.master(given.master)
    spark = builder.getOrCreate()
    try:
        done = run(spark, given.input, given.output, chunk=given.chunk, tell=lambda line: print(line, flush=True))
        if given.join:
            join(spark, given.output)
    except FileNotFoundError as e:
        print(f"onrecord: {e}", file=sys.stderr)
        return 3
    finally:
        spark.stop()
    print(done)
    return 4 if done.unread else 0


if __name__ == "__main__":
    sys.exit(main())
