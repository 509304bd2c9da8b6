"""Reads news and puts every statement on the record: who said what, with the exact characters of the article.

>>> import onrecord
>>> record = onrecord.read("“We open in May,” Ada Brandt said. “They will not,” said Pia Lund.")
>>> for statement in record.statements:
...     print(statement.speaker.name, "|", statement.content.text)
Ada Brandt | “We open in May,”
Pia Lund | “They will not,”

`read` and `read_many` return records, `statements` returns an Arrow table, and `Store` keeps an archive in a file. The
module `onrecord.spacy` has a component for spaCy, and `onrecord.spark` has jobs for Spark.
"""

from __future__ import annotations

from onrecord._documents import Document, Errors, InputFormat
from onrecord._errors import (
    AmbiguousNameError,
    ExportError,
    NotFoundError,
    OnrecordError,
    QueryError,
    ReadError,
    ReadWarning,
    StoreError,
)
from onrecord._native import VERSION as __version__
from onrecord._reading import read, read_many
from onrecord._record import Record
from onrecord._store import (
    Change,
    Changes,
    Decision,
    Edit,
    ExportFormat,
    Fault,
    Hit,
    Ingested,
    Lineage,
    Order,
    Person,
    Size,
    Store,
    Version,
    Who,
)
from onrecord._tables import statement_batches, statements
from onrecord._types import (
    Act,
    Article,
    Block,
    BlockKind,
    Dateline,
    Engine,
    Entity,
    EntityKind,
    Event,
    EventStatus,
    EventTime,
    EventType,
    Field,
    Linked,
    Notice,
    NoticeKind,
    PartialDate,
    Party,
    Place,
    Span,
    Speaker,
    SpeakerKind,
    Statement,
    StatementKind,
    Status,
    Time,
)

__all__ = [
    "Act",
    "AmbiguousNameError",
    "Article",
    "Block",
    "BlockKind",
    "Change",
    "Changes",
    "Dateline",
    "Decision",
    "Document",
    "Edit",
    "Engine",
    "Entity",
    "EntityKind",
    "Errors",
    "Event",
    "EventStatus",
    "EventTime",
    "EventType",
    "ExportError",
    "ExportFormat",
    "Fault",
    "Field",
    "Hit",
    "Ingested",
    "InputFormat",
    "Lineage",
    "Linked",
    "NotFoundError",
    "Notice",
    "NoticeKind",
    "OnrecordError",
    "Order",
    "PartialDate",
    "Party",
    "Person",
    "Place",
    "QueryError",
    "ReadError",
    "ReadWarning",
    "Record",
    "Size",
    "Span",
    "Speaker",
    "SpeakerKind",
    "Statement",
    "StatementKind",
    "Status",
    "Store",
    "StoreError",
    "Time",
    "Version",
    "Who",
    "__version__",
    "read",
    "read_many",
    "statement_batches",
    "statements",
]
