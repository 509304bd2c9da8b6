"""The exceptions and warnings of the package. Their messages are those that the terminal shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onrecord._store import Person

__all__ = [
    "AmbiguousNameError",
    "ExportError",
    "NotFoundError",
    "OnrecordError",
    "QueryError",
    "ReadError",
    "ReadWarning",
    "StoreError",
]


class OnrecordError(Exception):
    """The base class of all exceptions of this package."""


class ReadError(OnrecordError, ValueError):
    """A document can't be read.

    >>> import onrecord
    >>> try:
    ...     onrecord.read(path="missing.txt")
    ... except onrecord.ReadError as error:
    ...     print(error.place)
    missing.txt
    """

    place: str
    """The document: the path of its file, with the number of its line or entry, or its position in an iterable."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message, place)
        self.place = place

    def __str__(self) -> str:
        return str(self.args[0])


class ReadWarning(UserWarning):
    """A document was skipped, or an input contains more than articles."""


class StoreError(OnrecordError):
    """A store can't be opened, read or written."""


class NotFoundError(StoreError, LookupError):
    """There is no such store, or it has no such statement, article, person or decision."""


class AmbiguousNameError(StoreError, LookupError):
    """A name may mean several people."""

    people: tuple[Person, ...]
    """The people whom the name may mean, those in the most articles first."""

    def __init__(self, message: str, people: tuple[Person, ...] = ()) -> None:
        super().__init__(message, people)
        self.people = people

    def __str__(self) -> str:
        return str(self.args[0])


class QueryError(OnrecordError, ValueError):
    """A query can't be understood."""

    query: str
    """The query."""
    at: int
    """The index of the character at which the error is."""

    def __init__(self, message: str, query: str = "", at: int = 0) -> None:
        super().__init__(message, query, at)
        self.query = query
        self.at = at

    def __str__(self) -> str:
        return str(self.args[0])


class ExportError(OnrecordError):
    """An export can't be written."""
