"""Checks a file of articles written for training: its marks, its names and its dates. README.md has the format."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import corpora  # noqa: E402
from checks import problems  # noqa: E402


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        articles = [corpora.of_marks(item.strip("\n")) for item in f.read().split("\n----\n") if item.strip()]
    found = [p for article in articles for p in problems(article)]
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(articles)} articles, {sum(len(a['attributions']) for a in articles)} statements, {len(found)} problems")
    sys.exit(bool(found))


main()
