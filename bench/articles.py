"""Articles for measurements, from JSON Lines that may be gzipped."""

from __future__ import annotations

import gzip
import itertools
import json
import os
from typing import Any


def read(path: str | os.PathLike[str], first: int | None = None) -> list[dict[str, Any]]:
    """Returns the articles of a file, or only the first ones."""
    path = os.fspath(path)
    with gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in itertools.islice(file, first)]


def numbered(path: str | os.PathLike[str], first: int | None = None) -> list[dict[str, Any]]:
    """Returns the same with ids that are unique, as they are in a store, but not in every corpus."""
    return [{**article, "id": f"{n:07}"} for n, article in enumerate(read(path, first))]
