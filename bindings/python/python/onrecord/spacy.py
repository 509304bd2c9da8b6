"""A component for spaCy that finds the statements of a document.

The package registers it, so `nlp.add_pipe("onrecord")` is enough. It needs no spaCy model:

>>> import spacy
>>> nlp = spacy.blank("en")
>>> component = nlp.add_pipe("onrecord")
>>> doc = nlp("“We open in May,” Transport Minister Ada Brandt told reporters.")
>>> for span in doc.spans["statements"]:
...     print(span.label_, "|", span._.speaker, "|", span._.cue, "|", span)
direct | Ada Brandt | told | “We open in May,”
>>> list(triples(doc))
[Triple(speaker='Ada Brandt', cue='told', content='“We open in May,”')]
>>> '<mark class="entity"' in spacy.displacy.render(displayed(doc), style="ent", manual=True, jupyter=False)
True
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, NamedTuple, TypeVar

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from onrecord._reading import read_many
from onrecord._record import Record
from onrecord._types import Field, Statement

__all__ = ["Triple", "displayed", "make", "triples"]

T = TypeVar("T")

KEY = "statements"
"""The key of the statements in `doc.spans`."""
KEY_OF_RECORD = "onrecord"
"""The key of the record in `doc.user_data`."""


class Triple(NamedTuple):
    """Who said what, as strings of the document, in the form that textacy made common."""

    speaker: str
    """The speaker's name or, if there is none, the words of the source."""
    cue: str
    content: str


def extensions() -> None:
    """Registers the attributes of documents and spans. Registering them twice does no harm."""
    for name in ("published", "url", "outlet", "title"):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)
    if not Doc.has_extension("onrecord"):
        Doc.set_extension("onrecord", getter=record_of)
    for name, getter in GETTERS.items():
        if not Span.has_extension(name):
            Span.set_extension(name, getter=getter)


def record_of(doc: Doc) -> Record | None:
    """Returns the record of a document. The document has it as JSON, so that it can be saved, copied and sent."""
    json = doc.user_data.get(KEY_OF_RECORD)
    return None if json is None else parsed(json)[0]


@functools.lru_cache(maxsize=16)
def parsed(json: str) -> tuple[Record, dict[str, Statement]]:
    record = Record.from_json(json)
    return record, {statement.id: statement for statement in record.statements}


def statement_of(span: Span) -> Statement | None:
    """Returns the statement that a span of `doc.spans["statements"]` shows."""
    json = span.doc.user_data.get(KEY_OF_RECORD)
    return None if json is None else parsed(json)[1].get(span.id_)


def of_statement(get: Callable[[Doc, Statement], T]) -> Callable[[Span], T | None]:
    """Returns a getter for spans from one for statements."""

    def getter(span: Span) -> T | None:
        statement = statement_of(span)
        return None if statement is None else get(span.doc, statement)

    return getter


def parts_of(doc: Doc, statement: Statement) -> tuple[Span, ...]:
    parts = (aligned(doc, start, end, statement.kind) for start, end in statement.content.spans)
    return tuple(part for part in parts if part is not None)


GETTERS: dict[str, Callable[[Span], Any]] = {
    "statement": statement_of,
    "speaker": of_statement(lambda _, statement: statement.speaker.name),
    "source": of_statement(lambda _, statement: statement.source and statement.source.text),
    "cue": of_statement(lambda _, statement: statement.cue and statement.cue.text),
    "source_span": of_statement(lambda doc, statement: around(doc, statement.source, "source")),
    "cue_span": of_statement(lambda doc, statement: around(doc, statement.cue, "cue")),
    "parts": of_statement(parts_of),
}
"""The attributes of a span. They are computed from the record when they are asked for."""


class Component:
    """Finds the statements of documents.

    Every statement is a span in `doc.spans["statements"]` that covers its content, from the first token to the last. The
    label is its kind (`direct`, `indirect`, `mixed`), and the id is its name in the record. Its attributes are:

    - `span._.speaker`: the name of the speaker, or `None`
    - `span._.source`, `span._.cue`: the words, or `None`; `span._.source_span` and `span._.cue_span` are spans
    - `span._.parts`: the spans of the pieces of a content that the article interrupts
    - `span._.statement`: the whole statement, an `onrecord.Statement`

    `doc._.onrecord` is the record. It stays with the document when it is copied, pickled, saved, or sent to another process,
    unless user data is excluded. Offsets in the record are valid in `doc.text`. Where a span begins or ends inside a
    token, the whole token belongs to it. The attributes `published`, `url`, `outlet` and `title` of the document, if you
    set them before, are what is known about the article; with `nlp.pipe(..., as_tuples=True)`, set them in a component
    before this one.
    """

    def __init__(self, threads: int | None) -> None:
        self._threads = threads

    def __call__(self, doc: Doc) -> Doc:
        (result,) = self.pipe([doc])
        return result

    def pipe(self, stream: Iterable[Doc], batch_size: int = 128) -> Iterator[Doc]:
        # A document is kept until its record is there. Records come in the order of the documents.
        waiting: list[Doc] = []

        def texts() -> Iterator[dict[str, Any]]:
            for doc in stream:
                waiting.append(doc)
                known = {name: doc._.get(name) for name in ("published", "url", "outlet", "title")}
                yield {"text": doc.text, **{name: value for name, value in known.items() if value is not None}}

        for record in read_many(texts(), threads=self._threads):
            yield self._set(waiting.pop(0), record)

    def _set(self, doc: Doc, record: Record) -> Doc:
        doc.user_data[KEY_OF_RECORD] = record.to_json()
        group = SpanGroup(doc, name=KEY)
        for statement in record.statements:
            span = around(doc, statement.content, statement.kind)
            if span is None:
                continue
            span.id_ = statement.id
            group.append(span)
        doc.spans[KEY] = group
        return doc


def aligned(doc: Doc, start: int, end: int, label: str) -> Span | None:
    return doc.char_span(start, end, label=label, alignment_mode="expand")


def around(doc: Doc, field: Field | None, label: str) -> Span | None:
    if field is None or not field.spans:
        return None
    return aligned(doc, field.spans[0].start, field.spans[-1].end, label)


@Language.factory(
    "onrecord",
    assigns=["doc.spans", "doc._.onrecord"],
    default_config={"threads": None},
)
def make(nlp: Language, name: str, threads: int | None) -> Component:
    """Returns the component. spaCy calls this."""
    extensions()
    return Component(threads)


def statements_of(doc: Doc) -> tuple[Statement, ...]:
    record = doc._.get("onrecord") if Doc.has_extension("onrecord") else None
    if record is None:
        raise ValueError('the document has no record: add the component "onrecord" to the pipeline')
    statements: tuple[Statement, ...] = record.statements
    return statements


def triples(doc: Doc) -> Iterator[Triple]:
    """Yields a triple of speaker, cue and content for every statement that has a speaker or a source."""
    for statement in statements_of(doc):
        speaker = statement.speaker.name or (statement.source.text if statement.source else None)
        if speaker is not None:
            yield Triple(speaker, statement.cue.text if statement.cue else "", statement.content.text)


def displayed(doc: Doc, label: Literal["speaker", "kind"] = "speaker") -> dict[str, Any]:
    """Returns the statements in the form that `displacy.render(..., style="ent", manual=True)` shows.

    displaCy shows no nested spans in this style, so of nested statements it shows the outer one.
    """
    shown: list[dict[str, Any]] = []
    end = 0
    pieces = [
        (piece.start, -piece.end, statement) for statement in statements_of(doc) for piece in statement.content.spans
    ]
    for start, negative, statement in sorted(pieces, key=lambda piece: piece[:2]):
        if start >= end:
            end = -negative
            name = statement.kind if label == "kind" else statement.speaker.name or "?"
            shown.append({"start": start, "end": end, "label": name})
    return {"text": doc.text, "ents": shown, "title": None}
