#!/usr/bin/env python3
"""Compares people and lineages that a Spark job joins with those of a store that has read the same articles.

    bench/across.py ARTICLES.jsonl [--first 2000]

Run it with an interpreter that has the package and pyspark. It prints how many results are the same, the first that differ,
and how long both took.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import articles
import onrecord.spark
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

SHOWN = 5
"""How many differences are shown."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--first", type=int, help="read only so many articles")
    given = parser.parse_args()
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").appName("across").config("spark.ui.enabled", "false")
    spark = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        compare(spark, articles.numbered(given.articles, given.first), Path(folder))
    spark.stop()


def compare(spark: SparkSession, documents: list[dict[str, Any]], folder: Path) -> None:
    lines, output = folder / "articles.jsonl", folder / "tables"
    lines.write_text("".join(f"{json.dumps(document)}\n" for document in documents), encoding="utf-8")
    start = time.monotonic()
    done = onrecord.spark.run(spark, [lines], output)
    read = time.monotonic()
    onrecord.spark.join(spark, output)
    print(f"Spark: {done}; {read - start:.0f} s to read, {time.monotonic() - read:.0f} s to join")

    days = {row["source_id"]: row["day"] or 0 for row in pq.read_table(output / "articles").to_pylist()}
    by_id = {document["id"]: document for document in documents}
    store = onrecord.Store(folder / "news.db")
    start = time.monotonic()
    store.ingest([by_id[name] for _, name in sorted((day, name) for name, day in days.items())])
    said = store.statements().to_pylist()
    names = {row["statement"]: f"{row['source_id']}.{row['statement'].partition('.')[2]}" for row in said}
    read = time.monotonic()
    theirs = {
        names[row["statement"]]: [
            (names[v.hit.statement], v.change, names[v.copy_of] if v.copy_of else None)
            for v in store.lineage(row["statement"]).versions
        ]
        for row in said
    }
    print(
        f"Store: {len(said)} statements; {read - start:.0f} s to read, {time.monotonic() - read:.0f} s for all lineages"
    )

    table = pq.read_table(output / "lineages").to_pylist()
    ours: dict[str, list[tuple[str, str | None, str | None]]] = {}
    for row in sorted(table, key=lambda row: row["position"]):
        name, copy = named(row["statement"]), named(row["copy_of"]) if row["copy_of"] else None
        ours.setdefault(named(row["quotation"]), []).append((name, row["change"], copy))
    several = {name: versions for name, versions in theirs.items() if len(versions) > 1}
    copies = sum(copy is not None for versions in several.values() for _, _, copy in versions)
    told("lineages", {name: (several.get(name), ours.get(name)) for name in {*several, *ours}})
    print(f"  {sum(map(len, several.values()))} versions, {copies} of them in copies of a wire story")

    identities = {
        (row["source_id"], row["entity"]): (row["person"], row["name"])
        for row in pq.read_table(output / "people").to_pylist()
    }
    speakers = {
        row["statement"]: [
            identities[row["source_id"], entity]
            for entity in row["speaker_entities"]
            if (row["source_id"], entity) in identities
        ]
        for row in pq.read_table(output / "statements").to_pylist()
    }
    called: dict[int, str] = {}
    keys: dict[int, set[str]] = {}
    people: dict[str, tuple[Any, Any]] = {}
    for row in said:
        name = names[row["statement"]]
        for person in row["people"]:
            called.setdefault(person, store.people(f"p{person}")[0].name)
        people[name] = ([called[person] for person in row["people"]], [found for _, found in speakers[name]])
        for person, (key, _) in zip(row["people"], speakers[name], strict=False):
            keys.setdefault(person, set()).add(key)
    told("speakers of statements", people)
    told("people", {str(person): (1, len(some)) for person, some in keys.items()})


def named(row: dict[str, Any]) -> str:
    return str(row["statement"])


def told(what: str, all: dict[str, tuple[Any, Any]]) -> None:
    different = {name: both for name, both in all.items() if both[0] != both[1]}
    print(f"{what}: {len(all) - len(different)} the same, {len(different)} different")
    for name, (store, spark) in list(different.items())[:SHOWN]:
        print(f"  {name}\n    store: {store}\n    Spark: {spark}")


if __name__ == "__main__":
    main()
