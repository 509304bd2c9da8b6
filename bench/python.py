#!/usr/bin/env python3
"""Compares the Python package with the binary on the same articles: user processor time and memory.

    bench/python.py ARTICLES.jsonl [--binary target/release/onrecord] [--rounds 5]

Run it with an interpreter that has onrecord and pyarrow. Every way of reading runs in a process of its own, in turn, with one
thread. The figure is the median over the rounds of the ratio to the binary in the same round, so that other load on the
machine matters little. Time is the processor time of the process itself, without the system's: on a busy machine, that of the
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
    for _ in range(int(sys.argv[2])):
        with open(sys.argv[1], encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
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
    memory: dict[str, list[int]] = {name: [] for name in times}
    with tempfile.TemporaryDirectory() as folder:
        more = Path(folder) / "more.jsonl"
        more.write_text(given.articles.read_text(encoding="utf-8") * 4, encoding="utf-8")

        def command(name: str, copies: int) -> list[str]:
            if name in WAYS:
                return [sys.executable, "-c", PROGRAM + WAYS[name], str(given.articles), str(copies)]
            return [given.binary, "read", "--threads", "1", str(given.articles if copies == 1 else more)]

        for _ in range(given.rounds):
            for name, all in times.items():
                all.append(measured(command(name, 1))[0])
        for name in times:
            memory[name] = [measured(command(name, copies))[1] for copies in (1, 4)]
    binary = times["the binary"]
    print(f"{'':34}{'CPU s':>8}{'ratio':>8}{'least':>8}{'most':>8}{'MB':>7}{'MB, x4':>8}")
    for name, all in times.items():
        ratios = [a / b for a, b in zip(all, binary, strict=True)]
        print(
            f"{name:34}{statistics.median(all):8.2f}{statistics.median(ratios):8.3f}{min(ratios):8.3f}{max(ratios):8.3f}"
            f"{memory[name][0]:7}{memory[name][1]:8}"
        )


if __name__ == "__main__":
    main()
