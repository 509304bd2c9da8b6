#!/usr/bin/env python3
"""Compares the Python package with the binary on the same articles: user processor time and memory.

    bench/python.py ARTICLES.jsonl [--binary target/release/onrecord] [--rounds 5]

Run it with an interpreter that has onrecord and pyarrow. Every way of reading runs in a process of its own, in turn, with one
thread. The figure is the median over the rounds of the ratio to the binary in the same round, so that other load on the
machine matters little. It is given for the whole process, and without its start, which is the time for a single article. Time is the processor time of the process itself, without the system's: on a busy machine, that of the
system depends on what else runs. Memory is the peak of a process for the articles once and four times.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

WAYS = {
    "read_many": """
for record in onrecord.read_many(lines(), threads=1):
    pass
""",
    "read_many, every statement used": """
for record in onrecord.read_many(lines(), threads=1):
    for statement in record.statements:
        statement.speaker.name, statement.content.spans
""",
    "read_many, to_json": """
for record in onrecord.read_many(lines(), threads=1):
    record.to_json()
""",
    "statement_batches": """
import pyarrow
for batch in onrecord.statement_batches(lines(), threads=1):
    pass
""",
}
PROGRAM = """
import json, sys
import onrecord
def lines():
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
"""
SHARE = """
import time
import pyarrow
start = time.process_time()
records = list(onrecord.read_many(lines(), threads=1))
reading = time.process_time() - start
start = time.process_time()
for _ in range(10):
    for batch in onrecord.statement_batches(records, threads=1):
        pass
batches = (time.process_time() - start) / 10
print(f"batches of records: {batches * 1000:.1f} ms, {batches / reading:.2%} of the time in which the records were read")
"""


def measured(command: list[str]) -> tuple[float, int]:
    """Returns the user processor time in seconds and the peak memory in MB of a command."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]}: failed with status {status}")
    return usage.ru_utime, usage.ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--binary", default="target/release/onrecord")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    times: dict[str, list[float]] = {name: [] for name in ("the binary", *WAYS)}
    starts: dict[str, list[float]] = {name: [] for name in times}
    memory: dict[str, list[int]] = {name: [] for name in times}
    with tempfile.TemporaryDirectory() as folder:
        more = Path(folder) / "more.jsonl"
        more.write_text(given.articles.read_text(encoding="utf-8") * 4, encoding="utf-8")
        one = Path(folder) / "one.jsonl"
        one.write_text(given.articles.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")

        def command(name: str, articles: Path) -> list[str]:
            if name in WAYS:
                return [sys.executable, "-c", PROGRAM + WAYS[name], str(articles)]
            return [given.binary, "read", "--threads", "1", str(articles)]

        for _ in range(given.rounds):
            for name, all in times.items():
                all.append(measured(command(name, given.articles))[0])
                starts[name].append(measured(command(name, one))[0])
        for name in times:
            memory[name] = [measured(command(name, articles))[1] for articles in (given.articles, more)]
    binary = times["the binary"]
    # A start on a busy machine is sometimes much slower, never much faster.
    start = {name: min(some) for name, some in starts.items()}
    print(
        f"{'':34}{'CPU s':>8}{'ratio':>8}{'least':>8}{'most':>8}{'start':>8}{'without':>8}{'least':>8}{'most':>8}"
        f"{'MB':>7}{'MB, x4':>8}"
    )
    for name, all in times.items():
        ratios = [a / b for a, b in zip(all, binary, strict=True)]
        without = [(a - start[name]) / (b - start["the binary"]) for a, b in zip(all, binary, strict=True)]
        print(
            f"{name:34}{statistics.median(all):8.2f}{statistics.median(ratios):8.3f}{min(ratios):8.3f}{max(ratios):8.3f}"
            f"{start[name]:8.2f}{statistics.median(without):8.3f}{min(without):8.3f}{max(without):8.3f}"
            f"{memory[name][0]:7}{memory[name][1]:8}"
        )
    subprocess.run([sys.executable, "-c", PROGRAM + SHARE, str(given.articles)], check=True)


if __name__ == "__main__":
    main()
