#!/usr/bin/env python3
"""Times the DuckDB queries of docs/PYTHON.md on a Parquet export.

    bench/queries.py STATEMENTS.parquet [--rounds 5]

Run it with an interpreter that has duckdb. The queries run in turn in every round, on one thread. The figure is the median of
the user processor time, because other load on the machine lengthens only the time on the clock.
"""

from __future__ import annotations

import argparse
import re
import resource
import statistics
from pathlib import Path

import duckdb

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "PYTHON.md"


def queries() -> list[tuple[str, str]]:
    """Returns the queries of the guide, each after the comment that says what it answers."""
    block = GUIDE.read_text(encoding="utf-8").split("```sql\n", 1)[1].split("```", 1)[0]
    return re.findall(r"^-- (.+)\n((?:(?!-- ).*\n?)+)", block, re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("statements", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    database = duckdb.connect(config={"threads": 1})
    asked = [(what, sql.replace("statements.parquet", str(given.statements))) for what, sql in queries()]
    times: dict[str, list[float]] = {what: [] for what, _ in asked}
    found: dict[str, int] = {}
    for _ in range(given.rounds):
        for what, sql in asked:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
            found[what] = len(database.execute(sql).fetchall())
            times[what].append(resource.getrusage(resource.RUSAGE_SELF).ru_utime - before)
    row = database.execute(f"SELECT count(*) FROM '{given.statements}'").fetchone()
    print(f"{row[0] if row else 0} statements, {given.statements.stat().st_size / 1e6:.0f} MB")
    for what, all in times.items():
        print(f"{statistics.median(all):7.3f} s {found[what]:8} rows   {what}")


if __name__ == "__main__":
    main()
