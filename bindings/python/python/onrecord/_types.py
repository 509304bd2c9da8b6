"""The parts of a record, and the literals that they use."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

__all__ = [
    "Act",
    "Article",
    "Block",
    "BlockKind",
    "Dateline",
    "Engine",
    "Entity",
    "EntityKind",
    "Event",
    "EventStatus",
    "EventTime",
    "EventType",
    "Field",
    "Linked",
    "Notice",
    "NoticeKind",
    "PartialDate",
    "Party",
    "Place",
    "Span",
    "Speaker",
    "SpeakerKind",
    "Statement",
    "StatementKind",
    "Status",
    "Time",
]

StatementKind: TypeAlias = Literal["direct", "indirect", "mixed"]
"""How a statement is quoted: all of its content in quotation marks, none of it, or a part of it."""

SpeakerKind: TypeAlias = Literal["person", "organization", "group", "document", "unnamed", "none"]
"""What a speaker is. `none` means that the article does not determine the speaker."""

EntityKind: TypeAlias = Literal["person", "organization", "place"]
"""What an entity is."""

Act: TypeAlias = Literal[
    "say", "ask", "demand", "warn", "threaten", "promise", "accuse", "praise", "deny", "admit", "agree", "decline",
    "believe", "want", "find", "",
]  # fmt: skip
"""What kind of act a statement is. It is empty in records of early versions."""

Status: TypeAlias = Literal["made", "not_made", "expected", "possible", "disputed", ""]
"""Whether a statement was made. It is empty in records of early versions."""

BlockKind: TypeAlias = Literal[
    "headline", "lead", "byline", "dateline", "paragraph", "block_quotation", "question", "attribution", "list_item",
    "caption", "credit",
]  # fmt: skip
"""What a part of an article is."""

NoticeKind: TypeAlias = Literal[
    "empty", "language", "encoding", "truncated", "unclosed_quotation", "date", "withdrawn", "embargoed", "repeated"
]
"""What a notice is about."""

EventType: TypeAlias = Literal[
    "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "YIELD", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST",
    "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
"""The PLOVER type of an event."""

EventStatus: TypeAlias = Literal["happened", "planned", "possible", "denied"]
"""Whether an event happened, according to its claimant."""


class Span(NamedTuple):
    """A half-open range of the characters of an article's text: `text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Returns the characters of the text in this span.

        >>> Span(0, 2).of("We open in May")
        'We'
        """
        return text[self.start : self.end]


class PartialDate(str):
    """A date as far as an article gives it, in EDTF.

    It is a string such as `2016-03-04`, `2016-03`, `2016` or, if the year is unknown, `XXXX-03-04`.

    >>> PartialDate("2016-03-04").date
    datetime.date(2016, 3, 4)
    >>> PartialDate("XXXX-03-04").date is None
    True
    >>> PartialDate("2016-03").year
    2016
    """

    __slots__ = ()

    @property
    def date(self) -> datetime.date | None:
        """The day, or `None` if the year, the month or the day is unknown."""
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", self):
            return None
        try:
            return datetime.date.fromisoformat(self)
        except ValueError:
            return None

    @property
    def year(self) -> int | None:
        """The year, or `None` if it is unknown."""
        return int(self[:4]) if re.match(r"\d{4}(-|$)", self) else None

    def __repr__(self) -> str:
        return f"PartialDate({str(self)!r})"


def date_of(value: str | None) -> PartialDate | None:
    return None if value is None else PartialDate(value)


def spans_of(spans: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in spans)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place, date and agency at the beginning of a news story."""

    place: str | None
    date: PartialDate | None
    agency: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """A part of an article."""

    kind: BlockKind
    span: Span


@dataclass(frozen=True, slots=True, repr=False)
class Article:
    """An article."""

    id: str
    """The SHA-256 hash of the text."""
    source_id: str
    """The caller's name for the article."""
    url: str | None
    outlet: str | None
    title: str | None
    bylines: tuple[str, ...]
    published: PartialDate | None
    dateline: Dateline | None
    language: str | None
    text: str
    """The text that all spans refer to."""
    blocks: tuple[Block, ...]

    def __repr__(self) -> str:
        return f"<Article {self.title or self.source_id!r}, {len(self.text)} characters>"


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, an organisation or a place that an article names."""

    id: str
    name: str
    """The fullest name that the article gives."""
    kind: EntityKind
    roles: tuple[str, ...]
    """Offices and affiliations, the fullest one first."""
    aliases: tuple[str, ...]
    mentions: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """Words of the article."""

    text: str
    """The words, with pieces that are apart in the article joined by ` … `."""
    spans: tuple[Span, ...]
    """The places of the pieces in the text of the article."""


@dataclass(frozen=True, slots=True)
class Linked(Field):
    """Words of the article that may name an entity."""

    entity: str | None
    """The id of the entity."""


@dataclass(frozen=True, slots=True)
class Time(Field):
    """When a statement was made."""

    value: PartialDate | None
    """The day that the words mean."""
    carried: bool
    """Whether the words are those of an earlier statement from the same occasion."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who or what made a statement."""

    name: str | None
    """The fullest name that the article gives. The names of joint speakers are joined by ` | `."""
    kind: SpeakerKind
    role: str | None
    """The office or affiliation."""
    entity: str | None
    """The id of the entity that speaks, if there is exactly one."""
    entities: tuple[str, ...]
    """The ids of all entities that speak."""
    confidence: float


NOBODY = Speaker(name=None, kind="none", role=None, entity=None, entities=(), confidence=0.0)


@dataclass(frozen=True, slots=True, repr=False)
class Statement:
    """Something that somebody said, according to an article."""

    id: str
    """The name of the statement within its record, such as `s3`."""
    kind: StatementKind
    source: Field | None
    """The words that name who speaks."""
    cue: Field | None
    """The words that signal the attribution, such as `said`."""
    content: Field
    """What was said."""
    speaker: Speaker
    """Whom the source means. If the article does not determine it, the kind is `none` and there is no name."""
    addressee: Linked | None
    medium: Linked | None
    occasion: Linked | None
    about: tuple[str, ...]
    """The ids of the entities that the content names."""
    time: Time | None
    act: Act
    status: Status
    parent: str | None
    """The id of the statement inside which this one is relayed."""
    confidence: float
    why: str
    """Why the statement was found."""
    corrected: tuple[str, ...] = ()
    """The fields that a person corrected. Only records from a store have any."""

    @property
    def said(self) -> datetime.date | None:
        """The day on which the statement was made, if it is known completely."""
        return self.time.value.date if self.time and self.time.value else None

    def __repr__(self) -> str:
        who = self.speaker.name or (self.source.text if self.source else "somebody")
        content = self.content.text if len(self.content.text) <= 60 else self.content.text[:59] + "…"
        cue = f" {self.cue.text}" if self.cue else ""
        return f"<Statement {self.id}: {who}{cue}: {content!r}>"


@dataclass(frozen=True, slots=True)
class Party(Field):
    """The actor or the recipient of an event."""

    name: str | None
    kind: SpeakerKind
    role: str | None
    entity: str | None
    entities: tuple[str, ...]
    country: str | None
    """The ISO 3166 alpha-3 codes of the party's countries, joined by ` | `."""
    sector: str | None
    """The party's PLOVER sector codes, joined by ` | `."""
    confidence: float


@dataclass(frozen=True, slots=True)
class Place(Field):
    """Where an event takes place."""

    entity: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class EventTime:
    """When an event takes place."""

    text: str | None
    spans: tuple[Span, ...]
    value: PartialDate | None
    basis: Literal["text", "statement", "article"]
    """What the date is based on."""


@dataclass(frozen=True, slots=True)
class Event:
    """A report of a political act, according to its claimant."""

    id: str
    type: EventType
    trigger: Field
    actor: Party | None
    recipient: Party | None
    status: EventStatus
    historical: bool
    place: Place | None
    time: EventTime | None
    claimant: str
    """`article`, or the id of the statement whose content reports the event."""
    claimant_side: Literal["actor", "recipient", "other"] | None
    """Which side the claimant is on. `None` if that is unknown, or if the article itself reports the event."""
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something odd about the input."""

    kind: NoticeKind
    message: str


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine that made a record."""

    version: str
    model: str


# The functions below make the classes above from the JSON of a record. They ignore fields that they don't know, because
# fields may be added to the format.


def article_of(data: Mapping[str, Any]) -> Article:
    dateline = data["dateline"]
    return Article(
        id=data["id"],
        source_id=data["source_id"],
        url=data["url"],
        outlet=data["outlet"],
        title=data["title"],
        bylines=tuple(data["bylines"]),
        published=date_of(data["published"]),
        dateline=dateline
        and Dateline(place=dateline["place"], date=date_of(dateline["date"]), agency=dateline["agency"]),
        language=data["language"],
        text=data["text"],
        blocks=tuple(Block(b["kind"], Span(b["start"], b["end"])) for b in data["blocks"]),
    )


def entity_of(data: Mapping[str, Any]) -> Entity:
    return Entity(
        id=data["id"],
        name=data["name"],
        kind=data["kind"],
        roles=tuple(data["roles"]),
        aliases=tuple(data["aliases"]),
        mentions=tuple(Span(m["start"], m["end"]) for m in data["mentions"]),
    )


def field_of(data: Mapping[str, Any] | None) -> Field | None:
    return None if data is None else Field(data["text"], spans_of(data["spans"]))


def linked_of(data: Mapping[str, Any] | None) -> Linked | None:
    return None if data is None else Linked(data["text"], spans_of(data["spans"]), data["entity"])


def time_of(data: Mapping[str, Any] | None) -> Time | None:
    if data is None:
        return None
    return Time(data["text"], spans_of(data["spans"]), date_of(data["value"]), data["carried"])


def speaker_of(data: Mapping[str, Any] | None) -> Speaker:
    if data is None:
        return NOBODY
    return Speaker(
        name=data["name"],
        kind=data["kind"],
        role=data["role"],
        entity=data["entity"],
        entities=tuple(data["entities"]),
        confidence=data["confidence"],
    )


def statement_of(data: Mapping[str, Any]) -> Statement:
    content = data["content"]
    return Statement(
        id=data["id"],
        kind=data["kind"],
        source=field_of(data["source"]),
        cue=field_of(data["cue"]),
        content=Field(content["text"], spans_of(content["spans"])),
        speaker=speaker_of(data["speaker"]),
        addressee=linked_of(data["addressee"]),
        medium=linked_of(data["medium"]),
        occasion=linked_of(data["occasion"]),
        about=tuple(data["about"]),
        time=time_of(data["time"]),
        act=data["act"],
        status=data["status"],
        parent=data["parent"],
        confidence=data["confidence"],
        why=data["why"],
        corrected=tuple(data.get("corrected", ())),
    )


def party_of(data: Mapping[str, Any] | None) -> Party | None:
    if data is None:
        return None
    return Party(
        text=data["text"],
        spans=spans_of(data["spans"]),
        name=data["name"],
        kind=data["kind"],
        role=data["role"],
        entity=data["entity"],
        entities=tuple(data["entities"]),
        country=data["country"],
        sector=data["sector"],
        confidence=data["confidence"],
    )


def event_of(data: Mapping[str, Any]) -> Event:
    trigger, place, time = data["trigger"], data["place"], data["time"]
    return Event(
        id=data["id"],
        type=data["type"],
        trigger=Field(trigger["text"], spans_of(trigger["spans"])),
        actor=party_of(data["actor"]),
        recipient=party_of(data["recipient"]),
        status=data["status"],
        historical=data["historical"],
        place=place and Place(place["text"], spans_of(place["spans"]), place["entity"], place["country"]),
        time=time and EventTime(time["text"], spans_of(time["spans"]), date_of(time["value"]), time["basis"]),
        claimant=data["claimant"],
        claimant_side=data.get("claimant_side"),
        confidence=data["confidence"],
        why=data["why"],
    )
