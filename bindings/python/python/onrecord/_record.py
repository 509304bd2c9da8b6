"""Records."""

from __future__ import annotations

import json
from typing import Any

from onrecord._native import Record as NativeRecord
from onrecord._types import (
    Article,
    Engine,
    Entity,
    Event,
    Notice,
    Statement,
    article_of,
    entity_of,
    event_of,
    statement_of,
)

__all__ = ["Record"]


class Record:
    """What reading one article yields: its text, its statements, and the entities that it names.

    A record never changes. Records that say the same are equal.

    >>> import onrecord
    >>> record = onrecord.read("“We open in May,” Transport Minister Ada Brandt said.")
    >>> record
    <Record document: 1 statement>
    >>> record.statements[0].speaker.name
    'Ada Brandt'
    >>> record.statements[0].content.spans[0].of(record.article.text)
    '“We open in May,”'
    >>> record == Record.from_json(record.to_json())
    True
    """

    __slots__ = ("_article", "_data", "_entities", "_events", "_native", "_statements")

    def __init__(self, native: NativeRecord) -> None:
        self._native = native
        self._data: dict[str, Any] | None = None
        self._article: Article | None = None
        self._statements: tuple[Statement, ...] | None = None
        self._entities: tuple[Entity, ...] | None = None
        self._events: tuple[Event, ...] | None = None

    @staticmethod
    def from_json(text: str | bytes) -> Record:
        """Returns the record that a line of `onrecord read` contains.

        Raises:
            ValueError: It is not a record.
        """
        return Record(NativeRecord.from_json(text if isinstance(text, str) else text.decode()))

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Record:
        """Returns the record that `to_dict` turned into a dictionary."""
        return Record.from_json(json.dumps(data, ensure_ascii=False))

    def to_json(self) -> str:
        """Returns the record in wire format 1, exactly as `onrecord read` prints it."""
        return self._native.to_json()

    def to_dict(self) -> dict[str, Any]:
        """Returns the record in wire format 1, as dictionaries and lists."""
        data: dict[str, Any] = json.loads(self.to_json())
        return data

    def _fields(self) -> dict[str, Any]:
        if self._data is None:
            self._data = self.to_dict()
        return self._data

    @property
    def article(self) -> Article:
        """The article."""
        if self._article is None:
            self._article = article_of(self._fields()["article"])
        return self._article

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements in the order of the text, each parent before its children."""
        if self._statements is None:
            self._statements = tuple(statement_of(s) for s in self._fields()["statements"])
        return self._statements

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The persons, organisations and places that the article names."""
        if self._entities is None:
            self._entities = tuple(entity_of(e) for e in self._fields()["entities"])
        return self._entities

    @property
    def events(self) -> tuple[Event, ...] | None:
        """The event reports, or `None` if the article was read without `events=True`."""
        events = self._fields().get("events")
        if self._events is None and events is not None:
            self._events = tuple(event_of(e) for e in events)
        return self._events

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was odd about the input."""
        return tuple(Notice(n["kind"], n["message"]) for n in self._fields()["notices"])

    @property
    def engine(self) -> Engine:
        """The engine that made the record."""
        engine = self._fields()["engine"]
        return Engine(engine["version"], engine["model"])

    def statement(self, id: str) -> Statement:
        """Returns the statement with this id, such as `s3`.

        Raises:
            KeyError: There is no such statement.
        """
        for statement in self.statements:
            if statement.id == id:
                return statement
        raise KeyError(id)

    def entity(self, id: str) -> Entity:
        """Returns the entity with this id, such as `e1`.

        Raises:
            KeyError: There is no such entity.
        """
        for entity in self.entities:
            if entity.id == id:
                return entity
        raise KeyError(id)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return self._native.equals(other._native)

    def __hash__(self) -> int:
        return hash(self._native.article_id())

    def __repr__(self) -> str:
        count = len(self._fields()["statements"])
        return f"<Record {self.article.source_id}: {count} statement{'' if count == 1 else 's'}>"

    def _repr_html_(self) -> str:
        """Returns the article with its statements in the colours of their speakers. Jupyter shows it."""
        return self._native.to_html()

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Record.from_json, (self.to_json(),)
