"""Reading documents into records."""

from __future__ import annotations

import datetime
import os
import warnings
from collections.abc import Iterable, Iterator
from typing import Any, Generic, Literal, TypeVar, overload

from onrecord import _native
from onrecord._documents import Document, Errors, InputFormat, known, several, thread_count
from onrecord._errors import ReadError, ReadWarning
from onrecord._progress import bar
from onrecord._record import Record

__all__ = ["read", "read_many"]

T = TypeVar("T")


def read(
    text: str | os.PathLike[str] | None = None,
    *,
    html: str | bytes | None = None,
    path: str | os.PathLike[str] | None = None,
    published: str | datetime.date | None = None,
    url: str | None = None,
    outlet: str | None = None,
    title: str | None = None,
    id: str | None = None,
    format: InputFormat | None = None,
    events: bool = False,
) -> Record:
    """Reads one article, given as its text, as a page, or as a file.

    Args:
        text: The text. It is kept as it is, so spans are valid in your own copy. A `pathlib.Path` is read as a file.
        html: A page. Give `bytes` if it isn't decoded yet; its character set is then detected as browsers do.
        path: A file in any format that `onrecord read` knows.
        published: The day of publication, from which days such as “on Thursday” are counted.
        url: The web address.
        outlet: The publisher.
        title: The headline.
        id: Your name for the article.
        format: The format of the file, if neither its name nor its content shows it.
        events: Whether to report events as well, which is experimental.

    Raises:
        ReadError: The document can't be read.
        ValueError: The file holds more than one article, or an argument makes no sense.

    >>> import onrecord
    >>> record = onrecord.read(
    ...     "TALLBERG, March 4 -- The bridge will open in May, Transport Minister Ada Brandt told "
    ...     "reporters on Friday.",
    ...     published="2016-03-04",
    ... )
    >>> statement = record.statements[0]
    >>> statement.speaker.name, statement.speaker.role
    ('Ada Brandt', 'Transport Minister')
    >>> statement.addressee.text, statement.said
    ('reporters', datetime.date(2016, 3, 4))
    """
    if isinstance(text, os.PathLike):
        if path is not None:
            raise TypeError("read takes one document: a path was given twice")
        text, path = None, text
    if sum(given is not None for given in (text, html, path)) != 1:
        raise TypeError("read takes one document: a text, html=, or path=")
    about = known(published=published, url=url, outlet=outlet, title=title, id=id)
    value: Any
    if path is not None:
        value = _File(path)
    elif html is not None:
        value, format = html, "html"
    else:
        value, format = text, "text"
        if isinstance(text, str) and "\n" not in text and len(text) < 250 and os.path.isfile(text):
            warnings.warn(f"{text}: this is read as a text, but a file has this name; give it as path=", ReadWarning, 2)
    return Record(_native.read(value, about, format, events))


class _File:
    """A path, even if it was given as a string."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = path

    def __fspath__(self) -> str:
        return os.fspath(self._path)

    def __str__(self) -> str:
        return os.fspath(self._path)


class Results(Iterator[T], Generic[T]):
    """The results of an iteration in native code, with exceptions handled as the caller asked."""

    def __init__(self, native: Iterator[Any], errors: Errors, documents: object, progress: bool) -> None:
        if errors not in ("raise", "skip", "yield"):
            raise ValueError(f"errors is “raise”, “skip” or “yield”, not “{errors}”")
        self._native = native
        self._errors = errors
        self._bar = bar(documents, progress)

    def _made(self, result: Any) -> Any:
        return Record(result)

    def __iter__(self) -> Results[T]:
        return self

    def __next__(self) -> T:
        while True:
            try:
                result = next(self._native)
            except BaseException:
                self._bar.close()
                raise
            self._bar.update(getattr(result, "articles", 1))
            if not isinstance(result, ReadError):
                made: T = self._made(result)
                return made
            if self._errors == "raise":
                raise result
            if self._errors == "yield":
                error: Any = result
                return error  # type: ignore[no-any-return]
            warnings.warn(str(result), ReadWarning, 2)


@overload
def read_many(
    documents: Iterable[Document],
    *,
    errors: Literal["raise", "skip"] = "raise",
    threads: int | None = None,
    progress: bool = False,
    published: str | datetime.date | None = None,
    outlet: str | None = None,
    format: InputFormat | None = None,
    events: bool = False,
) -> Iterator[Record]: ...


@overload
def read_many(
    documents: Iterable[Document],
    *,
    errors: Literal["yield"],
    threads: int | None = None,
    progress: bool = False,
    published: str | datetime.date | None = None,
    outlet: str | None = None,
    format: InputFormat | None = None,
    events: bool = False,
) -> Iterator[Record | ReadError]: ...


def read_many(
    documents: Iterable[Document],
    *,
    errors: Errors = "raise",
    threads: int | None = None,
    progress: bool = False,
    published: str | datetime.date | None = None,
    outlet: str | None = None,
    format: InputFormat | None = None,
    events: bool = False,
) -> Iterator[Any]:
    """Reads many documents on several threads, and yields their records in the order of the documents.

    The iterable may be infinite: at most eight documents for every thread are in progress. The interpreter is free while
    the threads work, and Ctrl-C ends the iteration.

    A document that can't be read doesn't affect the others. With `errors="raise"`, its `ReadError` is raised in its
    place, and the iteration can go on with `next()`. With `"yield"`, the `ReadError` is yielded in its place, so that
    results and documents correspond. With `"skip"`, it becomes a `ReadWarning`.

    Args:
        documents: Texts, mappings, paths or `bytes`; see `Document`.
        errors: What happens when a document can't be read.
        threads: The number of threads, by default one for every processor. Results don't depend on it.
        progress: Whether to show a progress bar.
        published: The day of publication, for documents that don't state their own.
        outlet: The publisher, likewise.
        format: The format of files, if neither name nor content shows it.
        events: Whether to report events as well, which is experimental.

    >>> import onrecord
    >>> articles = [
    ...     {"id": "a", "text": "The bridge will open in May, Ada Brandt said."},
    ...     {"id": "b", "headline": "A document without a text"},
    ...     {"id": "c", "text": "“It will not,” said Pia Lund."},
    ... ]
    >>> for result in onrecord.read_many(articles, errors="yield"):
    ...     print(repr(result) if isinstance(result, onrecord.Record) else f"not read: {result}")
    <Record a: 1 statement>
    not read: document 2: the document has no “text”, “html” or “body”, nor a body as a ninjs item has it
    <Record c: 1 statement>
    """
    about = known(published=published, outlet=outlet)
    native = _native.Results(several(documents), about, format, events, thread_count(threads))
    return Results[Any](native, errors, documents, progress)
