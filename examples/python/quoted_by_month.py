#!/usr/bin/env python3
"""From raw articles to a plot of who was quoted by month.

    pip install ./bindings/python pyarrow pandas matplotlib
    python examples/python/quoted_by_month.py examples/archive --output quoted.png
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas

import onrecord


def quoted_by_month(statements: pandas.DataFrame, most: int) -> pandas.DataFrame:
    """Returns the number of direct and mixed statements by month and speaker, for those who were quoted most."""
    named = statements[statements["speaker_kind"].isin(["person", "organization"])]
    quoted = named[named["kind"].isin(["direct", "mixed"])]
    # A date such as 2016-03-04 begins with its month. A date without a year counts for no month.
    month = quoted["said"].fillna(quoted["published"]).str.extract(r"^(\d{4}-\d\d)", expand=False)
    counts = quoted.assign(month=month).pivot_table(index="month", columns="speaker", aggfunc="size", fill_value=0)
    order = counts.sum().sort_values(ascending=False, kind="stable").index[:most]
    return counts[order]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="+", type=Path, help="files or folders of articles")
    parser.add_argument("--output", type=Path, default=Path("quoted.png"), help="the picture [quoted.png]")
    parser.add_argument("--most", type=int, default=6, help="how many speakers to show [6]")
    arguments = parser.parse_args()

    statements = onrecord.statements(arguments.articles, errors="skip", progress=True).to_pandas()
    counts = quoted_by_month(statements, arguments.most)
    print(counts.to_string())
    if counts.empty:
        raise SystemExit("nobody is quoted in an article with a date")

    axes = counts.plot.bar(stacked=True, figsize=(9, 5), width=0.8, rot=45)
    axes.set(title="Who was quoted", xlabel="", ylabel="quotations")
    axes.legend(title="", frameon=False)
    plt.tight_layout()
    plt.savefig(arguments.output, dpi=150)


if __name__ == "__main__":
    main()
