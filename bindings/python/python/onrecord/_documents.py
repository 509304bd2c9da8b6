"""What the functions of the package accept as documents."""

from __future__ import annotations

import datetime
import json
import math
import os
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

from onrecord._record import Record

__all__ = ["Document", "Errors", "InputFormat"]

Document: TypeAlias = "str | bytes | os.PathLike[str] | Mapping[str, Any] | Record"
"""A document: one of

- a `str`: the text of an article,
- a mapping with the fields of a JSON Lines document: `text` or `html`, and optionally `id`, `published`, `url`, `outlet`
  and `title`; a date may be a string or a `datetime.date`, and a field whose value is missing (`None`, NaN, `NaT`,
  `pandas.NA`) counts as absent,
- a path, such as a `pathlib.Path`: a file in any format that `onrecord read` knows, or a folder of such files; it may
  hold many articles,
- `bytes`: the content of such a file,
- a `Record` that was read before, which is passed on.
"""

InputFormat: TypeAlias = Literal["html", "text", "jsonl", "json", "feed", "newsml", "warc"]
"""The format of an input, for inputs whose name and content don't show it."""

Errors: TypeAlias = Literal["raise", "skip", "yield"]
"""What happens when a document can't be read."""


def as_json(document: Mapping[str, Any]) -> bytes:
    """Returns a document as JSON. The native part calls this."""
    fields = {name: value for name, value in document.items() if not is_missing(value)}
    return json.dumps(fields, ensure_ascii=False, default=plain).encode()


def is_missing(value: object) -> bool:
    """Returns whether a value stands for none: `None`, NaN, and those of pandas."""
    return (
        value is None
        or type(value).__name__ in {"NAType", "NaTType"}
        or (isinstance(value, float) and math.isnan(value))
    )


def plain(value: Any) -> object:
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, bytes):
        raise TypeError("bytes in a field; decode them, or give them as a document of their own")
    # NumPy numbers and pandas dates.
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"a value of type {type(value).__name__} in a field")


def several(documents: Iterable[Document]) -> Iterable[Document]:
    """Returns documents as they are, if they are several and not one mapping or a table, whose items are only names."""
    if isinstance(documents, Mapping):
        raise TypeError("documents is an iterable of documents; put a single mapping in a list")
    if hasattr(documents, "columns"):
        raise TypeError(
            'documents is an iterable of documents; of a table, give the rows, such as df.to_dict("records")'
        )
    return documents


def known(
    *,
    published: str | datetime.date | None = None,
    url: str | None = None,
    outlet: str | None = None,
    title: str | None = None,
    id: str | None = None,
) -> dict[str, str | None]:
    """Returns what the caller knows about documents, in the form that the native part takes."""
    if isinstance(published, datetime.datetime):
        published = published.date()
    if isinstance(published, datetime.date):
        published = published.isoformat()
    return {"published": published, "url": url, "outlet": outlet, "title": title, "id": id}


def thread_count(threads: int | None) -> int:
    """Returns the number of threads: by default, that of the processors that this process may use."""
    if threads is None:
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1
    if not 1 <= threads <= 1024:
        raise ValueError(f"threads is a number from 1 to 1024, not {threads}")
    return threads
