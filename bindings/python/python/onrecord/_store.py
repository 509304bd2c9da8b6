"""Stores: archives of records in one file."""

from __future__ import annotations

import datetime
import json
import os
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from onrecord import _native
from onrecord._documents import Document, InputFormat, known, several, thread_count
from onrecord._errors import AmbiguousNameError, NotFoundError, ReadError, ReadWarning
from onrecord._progress import bar
from onrecord._record import Record
from onrecord._tables import arrow, reader_of
from onrecord._types import Act, EntityKind, PartialDate, Span, SpeakerKind, StatementKind, Status, date_of

if TYPE_CHECKING:
    import pyarrow
    from typing_extensions import Self

__all__ = [
    "Change",
    "Changes",
    "Decision",
    "Edit",
    "ExportFormat",
    "Fault",
    "Hit",
    "Ingested",
    "Lineage",
    "Order",
    "Person",
    "Size",
    "Store",
    "Version",
    "Who",
]

Order: TypeAlias = Literal["newest", "oldest", "best"]
"""The order of search results."""

ExportFormat: TypeAlias = Literal["jsonl", "parquet", "csv", "webannotation", "brat", "ftm"]
"""The format of an export."""

ChangeKind: TypeAlias = Literal[
    "identical", "cut", "extended", "ellipsis", "bracketed", "spliced", "quoted indirectly", "reworded"
]
"""How a later version changes a quotation."""

PAGE = 200
"""How many statements are fetched at once."""


@dataclass(frozen=True, slots=True, repr=False)
class Hit:
    """A statement in a store, with people's decisions applied."""

    statement: str
    """The name of the statement in the store, such as `12.s3`."""
    address: str
    """The permanent address of the statement."""
    kind: StatementKind
    act: Act
    status: Status
    speaker: str | None
    speaker_kind: SpeakerKind | None
    role: str | None
    cue: str | None
    content: str
    spans: tuple[Span, ...]
    """The places of the pieces of `content` in the article's text."""
    said: PartialDate | None
    published: PartialDate | None
    outlet: str | None
    title: str | None
    url: str | None
    source_id: str
    confidence: float
    corrected: tuple[str, ...]
    """The fields that a person corrected, and `verdict` if a person accepted or rejected the statement."""
    matches: tuple[Span, ...]
    """The places in `content` of the words that match the query."""
    relation: Literal["said", "about"] | None = None
    """How the statement relates to the person asked about."""
    relayed_by: str | None = None
    """Who passed the statement on, if it stands inside a statement by somebody else."""
    rejected: bool = False
    """Whether a person rejected the statement, so that search and exports leave it out."""
    withdrawn: bool = False
    """Whether the publisher withdrew the article, with this version or with a later item."""

    def __repr__(self) -> str:
        content = self.content if len(self.content) <= 60 else self.content[:59] + "…"
        return f"<Hit {self.statement}: {self.speaker or 'somebody'}: {content!r}>"


@dataclass(frozen=True, slots=True)
class Person:
    """A person, an organisation or a place across articles."""

    person: str
    """The number in the store, such as `p12`."""
    name: str
    kind: EntityKind
    roles: tuple[str, ...]
    """The roles that articles give, the most frequent first."""
    articles: int
    """The number of articles that name this person."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of a comparison, word by word."""

    change: Literal["kept", "deleted", "inserted"]
    words: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a quotation in one article."""

    hit: Hit
    change: ChangeKind | None
    """How it changes the first version. `None` for the first version itself."""
    diff: tuple[Edit, ...]
    """The differences from the words of the first version."""
    cue_was: str | None
    """The cue of the first version, if this one has a different cue."""
    speaker_was: str | None
    """The speaker of the first version, if this one has a different speaker."""
    copy_of: str | None
    """The statement of an earlier version in a copy of the same wire story."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """The versions of a quotation, beginning with the one that was published first."""

    versions: tuple[Version, ...]
    more: bool
    """Whether there are further statements with these words, which were not compared."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a statement changed from one version of an article to the next."""

    change: Literal["appeared", "vanished", "changed"]
    before: Hit | None
    after: Hit | None
    diff: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed from one version of an article to the next."""

    earlier: int
    """The number of the earlier version."""
    later: int
    """The number of the later version."""
    changes: tuple[Change, ...]
    same: int
    """The number of statements that stayed the same."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that a person made."""

    number: int
    made: datetime.datetime
    by: str | None
    kind: str
    article: str | None
    content: str | None
    field: Literal["speaker", "role", "said"] | None
    value: str | None
    person: str | None
    other: str | None
    undone: bool
    statements: tuple[str, ...]
    """The statements to which the decision applies now."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much a store holds."""

    articles: int
    versions: int
    """The number of versions of all articles."""
    statements: int
    """The number of statements in all versions."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest did with the documents, as numbers of documents."""

    new: int
    changed: int
    """New texts of articles that were in the store."""
    again: int
    """Texts that were in the store and whose other information was replaced."""
    known: int
    """Documents whose record was in the store."""
    failed: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a store that is not as it was written."""

    place: str
    what: str


class Who:
    """A person in a store: what they said, and what others said about them, oldest first."""

    def __init__(self, store: Store, person: Person) -> None:
        self._store = store
        self.person = person

    def said(self) -> Iterator[Hit]:
        """Yields what the person said."""
        return self._store._beside(self.person.person, "said")

    def about(self) -> Iterator[Hit]:
        """Yields what others said about the person."""
        return self._store._beside(self.person.person, "about")

    def __repr__(self) -> str:
        return f"<Who {self.person.person}: {self.person.name}>"


class Store:
    """An archive of records in one SQLite file, in which statements can be searched.

    The file is opened when it is first needed. The first ingest creates it. A store can be used by several threads, and
    by several programs at once.

    >>> import onrecord, tempfile
    >>> articles = [
    ...     {"id": "a", "published": "2016-03-04", "outlet": "The Sound",
    ...      "text": "“Nobody in this country will ever pay a toll to cross it,” Ada Brandt said."},
    ...     {"id": "b", "published": "2016-03-05", "outlet": "Shore Post",
    ...      "text": "“Nobody in this country will ever pay a toll to cross [the bridge],” Brandt admitted."},
    ... ]
    >>> with tempfile.TemporaryDirectory() as folder, onrecord.Store(f"{folder}/news.db") as store:
    ...     store.ingest(articles)
    ...     for hit in store.search("toll", order="oldest"):
    ...         print(hit.speaker, hit.published, hit.outlet)
    ...     for version in store.lineage("nobody in this country will ever pay a toll").versions:
    ...         print(version.hit.statement, version.change)
    Ingested(new=2, changed=0, again=0, known=0, failed=0)
    Ada Brandt 2016-03-04 The Sound
    Brandt 2016-03-05 Shore Post
    1.s1 None
    2.s1 bracketed
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._native = _native.Store(self._path)

    @property
    def path(self) -> str:
        """The path of the file."""
        return self._path

    def __repr__(self) -> str:
        return f"Store({self._path!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file. If the store is used again, it is opened again."""
        self._native.close()

    def __getstate__(self) -> str:
        return self._path

    def __setstate__(self, path: str) -> None:
        self._path = path
        self._native = _native.Store(path)

    def size(self) -> Size:
        """Returns how much the store holds."""
        return Size(*self._native.size())

    def ingest(
        self,
        documents: Iterable[Document],
        *,
        errors: Literal["raise", "skip"] = "raise",
        threads: int | None = None,
        progress: bool = False,
        published: str | datetime.date | None = None,
        outlet: str | None = None,
        format: InputFormat | None = None,
    ) -> Ingested:
        """Reads documents and keeps their records. Documents that are in the store already are not read again.

        An ingest can be interrupted at any time. What was committed is kept, and the same call resumes from there. A
        text without an `id` or `url` is identified by its words.

        Args:
            documents: Texts, mappings, paths or `bytes`; see `Document`.
            errors: What happens when a document can't be read. With `"raise"`, the ingest ends with a `ReadError`, and
                the documents before are kept. With `"skip"`, there is a `ReadWarning`, and the ingest goes on.
            threads: The number of threads, by default one for every processor. The store doesn't depend on it.
            progress: Whether to show a progress bar.
            published: The day of publication, for documents that don't state their own.
            outlet: The publisher, likewise.
            format: The format of files, if neither name nor content shows it.
        """
        if errors not in ("raise", "skip"):
            raise ValueError(f"errors is “raise” or “skip”, not “{errors}”")
        shown = bar(documents, progress)
        first: list[ReadError] = []
        done = 0

        def tell(error: ReadError | None, counts: list[int] | None) -> bool:
            nonlocal done
            if counts is not None:
                shown.update(sum(counts) - done)
                done = sum(counts)
            if error is None:
                return True
            if errors == "raise":
                first.append(error)
                return False
            warnings.warn(str(error), ReadWarning, 3)
            return True

        about = known(published=published, outlet=outlet)
        try:
            counts = self._native.ingest(several(documents), about, format, thread_count(threads), tell)
        finally:
            shown.close()
        if first:
            raise first[0]
        return Ingested(*counts)

    def statement(self, name: str) -> Hit:
        """Returns the statement with this name (`12.s3`) or address.

        Raises:
            NotFoundError: There is no such statement.
        """
        return hit_of(json.loads(self._native.statement(name)))

    def search(self, query: str, *, order: Order = "newest", limit: int | None = None) -> Iterator[Hit]:
        """Yields the statements that match a query. `onrecord search --help` describes the language.

        With `order="best"`, only the newest 2,000 matches are ranked.

        Raises:
            QueryError: The query can't be understood.
            NotFoundError: There is no such store.
        """
        # The first page is fetched now, so that a wrong query is an error here and not where the results are used.
        first = self._page(query, order, limit, None)
        return self._search(query, order, limit, first)

    def _page(self, query: str, order: Order, limit: int | None, after: str | None) -> dict[str, Any]:
        size = PAGE if limit is None else min(PAGE, limit)
        page: dict[str, Any] = json.loads(self._native.page(query, order, size, after))
        return page

    def _search(self, query: str, order: Order, limit: int | None, page: dict[str, Any]) -> Iterator[Hit]:
        while True:
            hit = None
            for hit in map(hit_of, page["hits"]):
                yield hit
            if limit is not None:
                limit -= len(page["hits"])
            if hit is None or not page["more"] or limit == 0:
                return
            page = self._page(query, order, limit, hit.address)

    def people(self, name: str, *, limit: int = 100) -> tuple[Person, ...]:
        """Returns the people whom a name may mean, those in the most articles first. `p12` is the one with this number.

        Args:
            name: A name, a part of one, or a number.
            limit: How many people are returned at most.
        """
        if limit < 0:
            raise ValueError(f"limit is a number from 0 on, not {limit}")
        return tuple(person_of(p) for p in json.loads(self._native.people(name, limit)))

    def who(self, name: str) -> Who:
        """Returns what somebody said, and what others said about them.

        Raises:
            NotFoundError: Nobody in the store has this name.
            AmbiguousNameError: Several people have it. They are its `people`.
        """
        people = self.people(name)
        if len(people) != 1:
            if people:
                what = f"“{name}” may be any of several people: ask for one by its number"
                raise AmbiguousNameError(what, people)
            raise NotFoundError(f"“{name}”: nobody in this store has this name")
        return Who(self, people[0])

    def _beside(self, person: str, relation: str) -> Iterator[Hit]:
        skip = 0
        while True:
            page = json.loads(self._native.beside(person, relation, PAGE, skip))
            yield from map(hit_of, page["hits"])
            if not page["more"]:
                return
            skip += PAGE

    def lineage(self, quotation: str) -> Lineage:
        """Returns the versions of a quotation: of a statement, given by its name or address, or of any words."""
        data = json.loads(self._native.lineage(quotation))
        return Lineage(tuple(version_of(v) for v in data["versions"]), data["more"])

    def changes(self, article: str | int) -> tuple[Changes, ...]:
        """Returns what changed from version to version of an article.

        Args:
            article: The article's number in the store, its web address, or the name under which it was ingested.

        Raises:
            NotFoundError: There is no such article.
        """
        return tuple(changes_of(step) for step in json.loads(self._native.changes(str(article))))

    def accept(self, statement: str, *, by: str | None = None) -> int:
        """Decides that a statement is right, and returns the number of the decision."""
        return self._native.decide("accept", statement, None, by)

    def reject(self, statement: str, *, by: str | None = None) -> int:
        """Decides that a statement is wrong, so that search and exports leave it out."""
        return self._native.decide("reject", statement, None, by)

    def set_speaker(self, statement: str, speaker: str | Person, *, by: str | None = None) -> int:
        """Decides who made a statement. The speaker is given by name, or as a `Person` of the store."""
        value = speaker.person if isinstance(speaker, Person) else speaker
        return self._native.decide("speaker", statement, value, by)

    def set_role(self, statement: str, role: str, *, by: str | None = None) -> int:
        """Decides which office or affiliation the speaker of a statement has."""
        return self._native.decide("role", statement, role, by)

    def set_said(self, statement: str, said: str | datetime.date, *, by: str | None = None) -> int:
        """Decides on which day a statement was made."""
        return self._native.decide("said", statement, str(said), by)

    def merge(self, person: str | Person, other: str | Person, *, by: str | None = None) -> int:
        """Decides that two people are the same. They are given by name, by number (`p12`), or as a `Person`."""
        return self._native.merge(self._number(person), self._number(other), by)

    def _number(self, person: str | Person) -> int:
        if isinstance(person, Person):
            return int(person.person[1:])
        if person.startswith("p") and person[1:].isdecimal():
            return int(person[1:])
        return int(self.who(person).person.person[1:])

    def split(self, statement: str, *, by: str | None = None) -> int:
        """Decides that the speaker of a statement is not the person of that name in other articles."""
        return self._native.decide("split", statement, None, by)

    def undo(self, decision: int) -> None:
        """Takes a decision back.

        Raises:
            NotFoundError: There is no such decision, or it was taken back already.
        """
        self._native.undo(decision)

    def decisions(self) -> tuple[Decision, ...]:
        """Returns all decisions, oldest first."""
        return tuple(decision_of(d) for d in json.loads(self._native.decisions()))

    def records(self, query: str | None = None) -> Iterator[Record]:
        """Yields the records of all articles, or of those with statements that match a query, in the order of days.

        With a query, records have only the matching statements and those that they are relayed inside. Writes to the
        store during the iteration don't affect it.
        """
        return map(Record, self._native.records(query))

    def statement_batches(self, query: str | None = None) -> pyarrow.RecordBatchReader:
        """Returns the statements as a stream of Arrow batches, for tables larger than memory."""
        arrow()
        records = self._native.records(query)
        native = iter(records.next_batch, None)
        return reader_of(arrow().record_batch(batch) for batch in native)

    def statements(self, query: str | None = None) -> pyarrow.Table:
        """Returns all statements, or those that match a query, as a table with the columns of the Parquet export."""
        return self.statement_batches(query).read_all()

    def export(
        self,
        path: str | os.PathLike[str],
        format: ExportFormat,
        *,
        query: str | None = None,
        plain_cells: bool = False,
    ) -> None:
        """Writes all statements, or those that match a query, to a file, or for brat to a folder.

        An existing file is replaced once the new one is complete.

        Args:
            path: The file or folder.
            format: The format.
            query: Which statements.
            plain_cells: In CSV, whether text that a spreadsheet would take for a formula gets an apostrophe before it.
        """
        if plain_cells and format != "csv":
            raise ValueError("plain_cells is for CSV")
        self._native.export(os.fspath(path), format, query, plain_cells)

    def verify(self) -> tuple[Fault, ...]:
        """Checks that the store is as it was written, and returns its faults."""
        return tuple(Fault(place, what) for place, what in self._native.verify())


def hit_of(data: dict[str, Any]) -> Hit:
    return Hit(
        statement=data["statement"],
        address=data["address"],
        kind=data["kind"],
        act=data["act"],
        status=data["status"],
        speaker=data["speaker"],
        speaker_kind=data["speaker_kind"],
        role=data["role"],
        cue=data["cue"],
        content=data["content"],
        spans=spans_of(data["spans"]),
        said=date_of(data["said"]),
        published=date_of(data["published"]),
        outlet=data["outlet"],
        title=data["title"],
        url=data["url"],
        source_id=data["source_id"],
        confidence=data["confidence"],
        corrected=tuple(data["corrected"]),
        matches=spans_of(data["matches"]),
        relation=data.get("relation"),
        relayed_by=data.get("relayed_by"),
        rejected=data.get("rejected", False),
        withdrawn=data.get("withdrawn", False),
    )


def spans_of(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)


def person_of(data: dict[str, Any]) -> Person:
    return Person(data["person"], data["name"], data["kind"], tuple(data["roles"]), data["articles"])


def diff_of(edits: list[dict[str, str]]) -> tuple[Edit, ...]:
    diff = []
    for edit in edits:
        ((change, words),) = edit.items()
        diff.append(Edit(change, words))  # type: ignore[arg-type]
    return tuple(diff)


def version_of(data: dict[str, Any]) -> Version:
    return Version(
        hit=hit_of(data),
        change=data["change"],
        diff=diff_of(data["diff"]),
        cue_was=data["cue_was"],
        speaker_was=data["speaker_was"],
        copy_of=data["copy_of"],
    )


def changes_of(data: dict[str, Any]) -> Changes:
    def hit(data: dict[str, Any] | None) -> Hit | None:
        return None if data is None else hit_of(data)

    changes = (
        Change(change=c["change"], before=hit(c.get("was")), after=hit(c.get("is")), diff=diff_of(c.get("diff", [])))
        for c in data["changes"]
    )
    return Changes(earlier=data["earlier"], later=data["later"], changes=tuple(changes), same=data["same"])


def decision_of(data: dict[str, Any]) -> Decision:
    made = datetime.datetime.strptime(data["made"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    return Decision(
        number=data["number"],
        made=made,
        by=data["by"],
        kind=data["kind"],
        article=data["article"],
        content=data["content"],
        field=data["field"],
        value=data["value"],
        person=data["person"],
        other=data["other"],
        undone=data["undone"],
        statements=tuple(data["statements"]),
    )
