#!/usr/bin/env python3
"""Measures the Spark job: executors, growth, skew, and the loss of an executor.

    bench/spark.py executors ARTICLES.jsonl     articles per second with one and two executors
    bench/spark.py growth ARTICLES.jsonl        the archive 1, 4 and 16 times, with the join
    bench/spark.py skew ARTICLES.jsonl          one file with nearly everything; one phrase in a tenth of all articles
    bench/spark.py lost ARTICLES.jsonl          an executor is killed while the job reads, and another while it joins

Run it with an interpreter that has the package and pyspark, on Linux. `--first N` takes the first N articles, and `--rounds N`
repeats what is compared, in turn. Times are elapsed seconds, which depend on other work on the machine, and processor seconds of
all processes of a job, which depend on it less. `lost` compares the tables with those of an undisturbed job, and ends with an
error if a row is missing, repeated or different.
"""

from __future__ import annotations

import argparse
import ctypes
import gzip
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from articles import numbered

CLUSTER = "local-cluster[{},1,1024]"
"""Executors with a processor each, in processes of their own."""
PHRASE = "“We will look into this matter and we will publish what we find in due course,” Eva Holm said."
"""What a tenth of all articles say, for the skew."""
SUBREAPER = 36
"""The option of prctl with which a process becomes the parent of the orphans among its descendants."""

Article = dict[str, Any]


@dataclass
class Took:
    elapsed: float
    processor: float
    output: str

    def __str__(self) -> str:
        return f"{self.elapsed:6.1f} s elapsed, {self.processor:6.1f} s of processors"


def job(inputs: Path, output: Path, master: str, *options: str, watch: Callable[[int], object] | None = None) -> Took:
    """Runs the job from the command line. `watch` is called in a thread of its own with the number of the process."""
    command = [sys.executable, "-m", "onrecord.spark", str(inputs), str(output), "--master", master, *options]
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    before, start = used(), time.monotonic()
    with (output.parent / "errors").open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment, encoding="utf-8")
    watcher = threading.Thread(target=watch, args=(process.pid,)) if watch is not None else None
    if watcher is not None:
        watcher.start()
    told, _ = process.communicate()
    elapsed = time.monotonic() - start
    if watcher is not None:
        watcher.join()
    # Java and the workers may outlive the job by a moment, and are ours then.
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    if process.returncode not in (0, 4):
        raise SystemExit(f"the job failed:\n{(output.parent / 'errors').read_text()[-4000:]}")
    return Took(elapsed, used() - before, told.strip().rpartition("\n")[2])


def used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def written(path: Path, articles: list[Article], *, times: int = 1) -> Path:
    """Writes articles to a file, as often as asked under other names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") if path.suffix == ".gz" else path.open("w", encoding="utf-8") as file:
        for copy in range(times):
            for article in articles:
                file.write(json.dumps({**article, "id": f"{article['id']}-{copy}"}) + "\n")
    return path


def executors(articles: list[Article], folder: Path, rounds: int) -> None:
    """Reads a fifth of the articles and then all. What the rest took is the time of reading, without that of the start."""
    few = len(articles) // 5
    inputs = {few: written(folder / "few.jsonl", articles[:few]), len(articles): written(folder / "in.jsonl", articles)}
    rates: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(rounds):
        for count, measured in rates.items():
            first, second = (job(path, fresh(folder), CLUSTER.format(count)) for path in inputs.values())
            for number, took in zip(inputs, (first, second), strict=True):
                print(f"{count} executors, {number} articles: {took.elapsed:.1f} s; {took.output}")
            measured.append((len(articles) - few) / (second.elapsed - first.elapsed))
            print(f"    {measured[-1]:.1f} articles/s without the start")
    one, two = statistics.median(rates[1]), statistics.median(rates[2])
    print(f"median: {one:.1f} articles/s with one executor, {two:.1f} with two, ratio {two / one:.2f}")


def growth(articles: list[Article], folder: Path, rounds: int) -> None:
    for _ in range(rounds):
        for times in (1, 4, 16):
            output = fresh(folder)
            inputs = written(folder / "in.jsonl", articles, times=times)
            read = job(inputs, output, "local[2]")
            joined = job(inputs, output, "local[2]", "--join")
            rows = {name: pq.read_table(output / name, columns=[]).num_rows for name in ("people", "lineages")}
            print(f"{times:2} copies, {len(articles) * times} articles: reading {read}; joining {joined}; {rows}")


def skew(articles: list[Article], folder: Path, rounds: int) -> None:
    files = 20
    even, uneven, common = folder / "even", folder / "uneven", folder / "common"
    for n in range(files):
        written(even / f"{n}.jsonl.gz", articles[n::files])
    few = len(articles) // 20
    written(uneven / "most.jsonl.gz", articles[few:])
    for n in range(files - 1):
        written(uneven / f"{n}.jsonl.gz", articles[:few][n :: files - 1])
    phrase = [{**a, "text": f"{a['text']}\n\n{PHRASE}"} if n % 10 == 0 else a for n, a in enumerate(articles)]
    written(common / "in.jsonl", phrase)
    for _ in range(rounds):
        for what, inputs in (("20 even files", even), ("95 % in one of 20 files", uneven)):
            print(f"{what}: {job(inputs, fresh(folder), 'local[2]')}")
        for what, inputs in (("no common phrase", even), ("a phrase in a tenth of all articles", common)):
            output = fresh(folder)
            job(inputs, output, "local[2]")
            joined = job(inputs, output, "local[2]", "--join")
            rows = pq.read_table(output / "lineages", columns=[]).num_rows
            print(f"{what}: joining {joined}; {rows} rows of lineages")


def lost(articles: list[Article], folder: Path, rounds: int) -> None:
    inputs = written(folder / "in.jsonl", articles)
    options = ("--chunk", str(max(1, len(articles) // 3)), "--join")
    calm = folder / "calm"
    print(f"undisturbed: {job(inputs, calm, CLUSTER.format(2), *options)}")
    expected = tables(calm)
    for _ in range(rounds):
        output = fresh(folder)
        killed: list[str] = []

        def watch(pid: int, output: Path = output, killed: list[str] = killed) -> None:
            moments: dict[str, Callable[[], bool]] = {
                "while it read": lambda: any((output / "_done").glob("[!.]*")),
                "while it joined": lambda: len(list((output / "_staged" / "steps").glob("*"))) > 3,
            }
            for name, reached in moments.items():
                while not reached():
                    if not Path(f"/proc/{pid}").exists():
                        return
                    time.sleep(0.05)
                time.sleep(0.3)
                if (executor := next(executors_of(pid), None)) is not None:
                    os.kill(executor, signal.SIGKILL)
                    killed.append(name)

        took = job(inputs, output, CLUSTER.format(2), *options, watch=watch)
        print(f"an executor was killed {' and '.join(killed) or 'never'}: {took}")
        if len(killed) < 2:
            raise SystemExit("the job was over before an executor was killed: give it more articles")
        for name, rows in tables(output).items():
            wrong = (rows - expected[name]).total() + (expected[name] - rows).total()
            print(f"  {name}: {rows.total()} rows, {wrong} missing, repeated or different")
            if wrong:
                raise SystemExit("the tables differ from those of the undisturbed job")


def executors_of(pid: int) -> Iterator[int]:
    """Returns the executors among the descendants of a process."""
    for child in children_of(pid):
        with suppress(OSError):
            if b"CoarseGrainedExecutorBackend" in Path(f"/proc/{child}/cmdline").read_bytes():
                yield child
        yield from executors_of(child)


def children_of(pid: int) -> list[int]:
    found: list[int] = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, tasks.read_text().split())
    return found


def tables(output: Path) -> dict[str, Counter[str]]:
    names = ("statements", "articles", "entities", "people", "lineages")
    return {name: Counter(map(repr, pq.read_table(output / name).to_pylist())) for name in names}


def fresh(folder: Path) -> Path:
    output = folder / "out"
    shutil.rmtree(output, ignore_errors=True)
    return output


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    measures = {"executors": executors, "growth": growth, "skew": skew, "lost": lost}
    parser.add_argument("measure", choices=measures)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--first", type=int, help="take only so many articles")
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args()
    articles = numbered(given.articles, given.first)
    ctypes.CDLL(None).prctl(SUBREAPER, 1)
    with tempfile.TemporaryDirectory() as folder:
        measures[given.measure](articles, Path(folder), given.rounds)


if __name__ == "__main__":
    main()
