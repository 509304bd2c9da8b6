"""Progress bars."""

from __future__ import annotations

import sys
import time
from collections.abc import Sized
from typing import Protocol


class Bar(Protocol):
    def update(self, n: int = 1) -> object: ...

    def close(self) -> object: ...


class NoBar:
    def update(self, n: int = 1) -> None:
        pass

    def close(self) -> None:
        pass


class Line:
    """A count on standard error, for when tqdm isn't installed."""

    def __init__(self, total: int | None) -> None:
        self._of = "" if total is None else f" of {total}"
        self._count = 0
        self._begun = self._shown = time.monotonic()

    def update(self, n: int = 1) -> None:
        self._count += n
        now = time.monotonic()
        if now - self._shown >= 0.5:
            self._shown = now
            rate = self._count / (now - self._begun)
            sys.stderr.write(f"\r{self._count}{self._of} articles, {rate:.0f} a second ")
            sys.stderr.flush()

    def close(self) -> None:
        if self._shown != self._begun:
            sys.stderr.write("\n")


def bar(documents: object, shown: bool) -> Bar:
    """Returns a progress bar: that of tqdm if it is installed, which is made for notebooks as well."""
    if not shown:
        return NoBar()
    # A path may hold many articles, so their number isn't known.
    listed = isinstance(documents, (list, tuple)) and not any(hasattr(d, "__fspath__") for d in documents)
    total = len(documents) if listed and isinstance(documents, Sized) else None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return Line(total)
    made: Bar = tqdm(total=total, unit=" articles")
    return made
