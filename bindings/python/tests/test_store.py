"""Stores."""

from __future__ import annotations

import datetime
import json
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import onrecord
from conftest import ROOT, Terminal


@pytest.fixture
def store(tmp_path: Path, examples: Path) -> onrecord.Store:
    store = onrecord.Store(tmp_path / "news.db")
    assert store.ingest([examples / "archive", examples / "bridge.txt"]).failed == 0
    return store


def article(n: int, words: str = "“We open in May,” Ada Brandt said.") -> dict[str, object]:
    return {"id": f"a{n}", "text": f"Article {n}. {words}", "published": "2016-03-04"}


def test_ingest_reads_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with onrecord.Store(path) as store:
        first = store.ingest(article(n) for n in range(250))
        assert first == onrecord.Ingested(new=250, changed=0, again=0, known=0, failed=0)
        again = store.ingest([*(article(n) for n in range(250)), article(7, "“We open in June,” Ada Brandt said.")])
        assert (again.known, again.changed, again.new) == (250, 1, 0)
        assert store.size() == onrecord.Size(articles=250, versions=251, statements=251)
        (step,) = store.changes("a7")
        assert step.same == 0 and [c.change for c in step.changes] == ["changed"]
        change = step.changes[0]
        assert change.before is not None and change.after is not None
        assert (change.before.content, change.after.content) == ("“We open in May,”", "“We open in June,”")
        assert onrecord.Edit("deleted", "May") in change.diff and onrecord.Edit("inserted", "June") in change.diff
        assert store.changes("a8") == ()
        assert not store.verify()


def test_texts_without_a_name_are_known_by_their_words(tmp_path: Path) -> None:
    store = onrecord.Store(tmp_path / "news.db")
    texts = ["“We open in May,” Ada Brandt said.", "“We will not,” said Pia Lund."]
    assert store.ingest(texts).new == 2
    # In another order, beside others: neither new articles nor new versions of one another.
    more = ["Nobody knew, Rolf Meyer said.", *reversed(texts)]
    assert store.ingest(more) == onrecord.Ingested(new=1, changed=0, again=0, known=2, failed=0)
    assert store.size().articles == store.size().versions == 3


def test_the_store_is_that_of_the_terminal(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    theirs, ours = tmp_path / "theirs.db", tmp_path / "ours.db"
    terminal("ingest", "examples/", "--store", theirs)
    store = onrecord.Store(ours)
    store.ingest([Path("examples/")])
    assert [r.to_json() for r in store.records()] == [r.to_json() for r in onrecord.Store(theirs).records()]
    # Whichever of the two ingested it, the other knows it.
    known = onrecord.Store(theirs).ingest([Path("examples/").resolve()])
    assert known.new == known.changed == known.again == 0 and known.known > 5
    for query in ("toll", "speaker:brandt", "act:decline OR kind:direct"):
        lines = terminal("search", query, "--store", ours, "--limit", "100").splitlines()
        hits = list(store.search(query))
        assert [h.statement for h in hits] == [json.loads(line)["statement"] for line in lines]
    lines = terminal("lineage", "1.s2", "--store", ours).splitlines()
    assert [v.hit.address for v in store.lineage("1.s2").versions] == [json.loads(line)["address"] for line in lines]
    said = terminal("search", "bridge speeker:x", "--store", ours, code=2, error=True)
    with pytest.raises(onrecord.QueryError) as query_error:
        store.search("bridge speeker:x")
    assert f"onrecord: {query_error.value}\n" == said
    assert query_error.value.at == 7 and query_error.value.query == "bridge speeker:x"
    said = terminal("changes", "nothing", "--store", ours, code=6, error=True)
    with pytest.raises(onrecord.NotFoundError) as not_found:
        store.changes("nothing")
    assert f"onrecord: {not_found.value}\n" == said


def test_search(store: onrecord.Store) -> None:
    hits = list(store.search("speaker:brandt toll", order="oldest"))
    assert [h.outlet for h in hits] == ["NOR", "The Sound", "Shore Post"]
    first = hits[0]
    assert first.speaker == "Ada Brandt" and first.published is not None
    assert first.published.date == datetime.date(2016, 3, 4)
    assert [span.of(first.content) for span in first.matches] == ["toll"]
    texts = {record.article.source_id: record.article.text for record in store.records()}
    for hit in hits:
        assert " … ".join(span.of(texts[hit.source_id]) for span in hit.spans) == hit.content
    assert store.statement(first.statement) == store.statement(first.address)
    assert [h.statement for h in store.search("toll", limit=2)] == [h.statement for h in store.search("toll")][:2]
    assert list(store.search("kangaroo")) == []
    with pytest.raises(ValueError, match="“latest” is not an order"):
        store.search("toll", order="latest")  # type: ignore[arg-type]


def test_search_goes_on_over_all_pages(tmp_path: Path) -> None:
    store = onrecord.Store(tmp_path / "news.db")
    store.ingest(article(n) for n in range(450))
    for order in ("newest", "oldest", "best"):
        hits = list(store.search("may", order=order))
        assert len(hits) == len({h.statement for h in hits}) == 450
    assert len(list(store.search("may", limit=401))) == 401
    assert len(list(store.search("may", limit=0))) == 0
    who = store.who("Ada Brandt")
    assert len(list(who.said())) == 450


def test_who(store: onrecord.Store) -> None:
    who = store.who("Ada Brandt")
    assert (
        who.person.kind == "person"
        and who.person.articles > 1
        and repr(who) == f"<Who {who.person.person}: Ada Brandt>"
    )
    assert {h.relation for h in who.said()} == {"said"}
    assert all(h.relation == "about" for h in who.about())
    assert store.who(who.person.person).person == who.person
    with pytest.raises(onrecord.NotFoundError, match="“Nora Quist”: nobody in this store has this name"):
        store.who("Nora Quist")


def test_a_name_of_several_people(tmp_path: Path) -> None:
    store = onrecord.Store(tmp_path / "news.db")
    store.ingest([article(1, "“No,” Jon Aalto said."), article(2, "“Yes,” Mika Aalto said.")])
    with pytest.raises(onrecord.AmbiguousNameError, match="may be any of several people") as caught:
        store.who("Aalto")
    people = caught.value.people
    assert {p.name for p in people} == {"Jon Aalto", "Mika Aalto"}
    assert store.who(people[0].person).person == people[0]


def test_lineage(store: onrecord.Store) -> None:
    lineage = store.lineage("nobody in this country will ever pay a toll to cross")
    assert [v.change for v in lineage.versions][:3] == [None, "identical", "bracketed"]
    assert not lineage.more
    bracketed = lineage.versions[2]
    assert bracketed.cue_was == "told" and bracketed.hit.cue == "admitted"
    assert onrecord.Edit("inserted", "the bridge") in bracketed.diff
    assert any(v.copy_of for v in lineage.versions)
    with pytest.raises(onrecord.NotFoundError):
        store.lineage("999.s1")


def test_corrections(store: onrecord.Store) -> None:
    first = next(store.search("speaker:brandt toll", order="oldest"))
    number = store.set_speaker(first.address, "Pia Lund", by="Nora Falk")
    hit = store.statement(first.statement)
    assert (hit.speaker, hit.corrected) == ("Pia Lund", ("speaker",))
    (decision,) = store.decisions()
    assert (decision.number, decision.by, decision.field, decision.value) == (
        number,
        "Nora Falk",
        "speaker",
        "Pia Lund",
    )
    assert decision.statements == (first.statement,)
    assert abs(datetime.datetime.now(datetime.timezone.utc) - decision.made) < datetime.timedelta(minutes=5)
    store.undo(number)
    assert store.statement(first.statement) == store.statement(first.address)
    assert store.statement(first.statement).speaker == "Ada Brandt"
    assert store.decisions()[0].undone
    with pytest.raises(onrecord.NotFoundError, match="does not exist or was undone"):
        store.undo(number)
    store.set_said(first.statement, datetime.date(2016, 3, 3))
    store.set_role(first.statement, "Minister of Bridges")
    store.accept(first.statement)
    hit = store.statement(first.statement)
    assert hit.said == "2016-03-03" and hit.role == "Minister of Bridges"
    assert sorted(hit.corrected) == ["role", "said", "verdict"]
    store.reject(first.statement)
    assert first.statement not in [h.statement for h in store.search("toll")]
    with pytest.raises(onrecord.StoreError, match="is not a date"):
        store.set_said(first.statement, "soon")


def test_merge_and_split(tmp_path: Path) -> None:
    store = onrecord.Store(tmp_path / "news.db")
    store.ingest([article(1, "“No,” Jon Aalto said."), article(2, "“Yes,” Mika Aalto said.")])
    number = store.merge("Jon Aalto", store.who("Mika Aalto").person)
    assert store.who("Mika Aalto").person == store.who("Jon Aalto").person
    assert len(list(store.who("Jon Aalto").said())) == 2
    store.undo(number)
    assert store.who("Mika Aalto").person != store.who("Jon Aalto").person
    store.split("1.s1")
    assert len(list(store.who("Jon Aalto").said())) == 1, "nobody else has the name"
    store.ingest([article(3, "“Perhaps,” Jon Aalto said.")])
    with pytest.raises(onrecord.AmbiguousNameError):
        store.who("Jon Aalto")
    store.undo(number + 1)
    assert len(list(store.who("Jon Aalto").said())) == 2
    with pytest.raises(onrecord.NotFoundError):
        store.merge("Jon Aalto", "p999")


@pytest.mark.parametrize("format", ["jsonl", "parquet", "csv", "webannotation", "ftm"])
def test_export_of_every_format(
    format: onrecord.ExportFormat, store: onrecord.Store, terminal: Terminal, tmp_path: Path
) -> None:
    store.export(tmp_path / "ours", format, query="speaker:brandt")
    terminal("export", "speaker:brandt", "--store", store.path, "--format", format, "-o", tmp_path / "theirs")
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()


def test_export_of_brat(store: onrecord.Store, tmp_path: Path) -> None:
    store.export(tmp_path / "brat", "brat")
    assert len(list((tmp_path / "brat").glob("**/*.ann"))) == store.size().articles


def test_an_export_never_replaces_the_store(store: onrecord.Store, tmp_path: Path) -> None:
    with pytest.raises(onrecord.ExportError, match="this is the store itself"):
        store.export(store.path, "csv")
    with pytest.raises(onrecord.ExportError, match="this is a folder"):
        store.export(tmp_path, "csv")
    with pytest.raises(onrecord.ExportError, match="the output could not be written"):
        store.export(tmp_path / "none" / "s.csv", "csv")
    with pytest.raises(ValueError, match="“xls” is not a format"):
        store.export(tmp_path / "s.xls", "xls")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="plain_cells is for CSV"):
        store.export(tmp_path / "s.jsonl", "jsonl", plain_cells=True)
    assert not store.verify()


def test_records_of_a_store(store: onrecord.Store) -> None:
    records = list(store.records())
    assert len(records) == store.size().articles
    assert sum(len(r.statements) for r in records) == store.statements().num_rows
    some = list(store.records("speaker:brandt toll"))
    assert 0 < len(some) < len(records)
    # An iteration that nobody finishes does no harm.
    iteration = store.records()
    next(iteration)
    del iteration
    store.close()
    assert list(store.records()) == records


def test_what_is_no_store(tmp_path: Path) -> None:
    missing = onrecord.Store(tmp_path / "missing.db")
    for ask in (missing.size, missing.verify, missing.records, missing.statements, lambda: missing.accept("1.s1")):
        with pytest.raises(onrecord.NotFoundError, match=r"missing\.db: no such store$"):
            ask()
    assert not (tmp_path / "missing.db").exists()
    (tmp_path / "text.db").write_text("It rained.")
    with pytest.raises(onrecord.StoreError, match=r"text\.db: not an onrecord store"):
        onrecord.Store(tmp_path / "text.db").size()
    with pytest.raises(onrecord.StoreError, match=r"text\.db: not an onrecord store"):
        onrecord.Store(tmp_path / "text.db").ingest([article(1)])


def test_a_bad_document_in_an_ingest(tmp_path: Path) -> None:
    store = onrecord.Store(tmp_path / "news.db")
    documents: list[onrecord.Document] = [article(1), {"id": "x"}, Path("missing.txt"), article(2)]
    with pytest.raises(onrecord.ReadError, match="document 2: the document has no “text”"):
        store.ingest(documents)
    assert store.size().articles == 1
    with pytest.warns(onrecord.ReadWarning) as warned:
        assert store.ingest(documents, errors="skip") == onrecord.Ingested(1, 0, 0, 1, 2)
    assert [str(w.message).split(":")[0] for w in warned] == ["document 2", "missing.txt"]


def test_an_exception_of_the_iterable_keeps_what_came_before(tmp_path: Path) -> None:
    store = onrecord.Store(tmp_path / "news.db")

    def broken() -> Iterator[onrecord.Document]:
        yield article(1)
        yield article(2)
        raise KeyError("the archive ended")

    with pytest.raises(KeyError, match="the archive ended"):
        store.ingest(broken())
    assert store.size().articles == 2


def test_a_store_of_an_earlier_version_is_upgraded(tmp_path: Path) -> None:
    old = ROOT / "crates" / "store" / "tests" / "stores" / "schema-1.db"
    path = tmp_path / "old.db"
    path.write_bytes(old.read_bytes())
    store = onrecord.Store(path)
    assert store.size().articles > 0 and not store.verify()


def test_threads_may_share_a_store(store: onrecord.Store) -> None:
    expected = [h.statement for h in store.search("toll")]
    found: list[list[str]] = []

    def ask() -> None:
        for _ in range(20):
            found.append([h.statement for h in store.search("toll")])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    store.ingest(article(n, "Nothing was said.") for n in range(50))
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    assert len(found) == 80 and all(f == expected for f in found)


def test_a_store_can_be_sent_to_another_process(store: onrecord.Store) -> None:
    assert repr(store) == f"Store({store.path!r})"
    assert pickle.loads(pickle.dumps(store)).size() == store.size()


def test_an_iterable_that_writes_to_the_store_that_reads_it_is_an_error(store: onrecord.Store) -> None:
    def documents() -> Iterator[onrecord.Document]:
        yield article(1)
        # Reading is possible, writing would wait for itself.
        assert store.size().articles > 0
        store.accept("1.s1")

    with pytest.raises(RuntimeError, match="can't use the store"):
        store.ingest(documents())
    assert store.accept("1.s1") > 0


def test_verify_after_corrections_of_the_same_object(store: onrecord.Store) -> None:
    assert list(store.search("toll"))
    # So many changes that SQLite merges the parts of its index.
    for n in range(12):
        store.set_role("4.s1", f"Minister {n}")
    assert store.verify() == ()


def test_all_people_of_a_name(tmp_path: Path) -> None:
    names = ["Ada", "Bea", "Cleo", "Dora", "Edda", "Fay", "Gro", "Hanne", "Ida", "Jo", "Kaja", "Lise"]
    with onrecord.Store(tmp_path / "news.db") as store:
        store.ingest({"id": name, "text": f"“We open in May,” {name} Brandt said."} for name in names)
        assert {p.name for p in store.people("Brandt")} == {f"{name} Brandt" for name in names}
        assert len(store.people("Brandt", limit=3)) == 3
        with pytest.raises(onrecord.AmbiguousNameError) as e:
            store.who("Brandt")
        assert len(e.value.people) == len(names)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("what", ["store.verify()", "store.export('all.jsonl', 'jsonl')", "list(store.search('may'))"])
def test_ctrl_c_ends_a_request(what: str, tmp_path: Path) -> None:
    with onrecord.Store(tmp_path / "news.db") as store:
        store.ingest(article(n) for n in range(30))
    program = textwrap.dedent(f"""\
        import onrecord
        store = onrecord.Store("news.db")
        try:
            print("ready", flush=True)
            while True:
                {what}
        except KeyboardInterrupt:
            print("interrupted", store.size().articles, flush=True)
        """)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, encoding="utf-8", cwd=tmp_path
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60)[0] == "interrupted 30\n"
