"""Reading documents into records."""

from __future__ import annotations

import datetime
import gzip
import itertools
import json
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import onrecord
from conftest import BRIDGE, ROOT, Terminal


def text(n: int) -> str:
    return f"Article {n}. “We open in May,” Ada Brandt said. The ferry will stop, according to Baltic Rail."


def test_fields_of_a_record() -> None:
    record = onrecord.read(
        BRIDGE, published="2016-03-04", outlet="The Sound", id="bridge", url="https://sound.example/7"
    )
    article = record.article
    assert article.text == BRIDGE
    assert article.published == "2016-03-04" and article.published.date == datetime.date(2016, 3, 4)
    assert (article.outlet, article.source_id, article.url) == ("The Sound", "bridge", "https://sound.example/7")
    assert article.dateline is not None and article.dateline.place == "TALLBERG"
    assert article.blocks[0].kind == "headline" and article.blocks[0].span.of(BRIDGE) == "Bridge to open in May"
    late = next(s for s in record.statements if s.content.text.startswith("“We are late"))
    assert late.kind == "direct" and late.act == "say" and late.status == "made"
    assert (late.speaker.name, late.speaker.kind, late.speaker.role) == ("Ada Brandt", "person", "Transport Minister")
    assert late.speaker.entity is not None and record.entity(late.speaker.entity).name == "Ada Brandt"
    assert record.statement(late.id) is late
    told = record.statements[0]
    assert told.addressee is not None and told.addressee.text == "reporters"
    assert told.said == datetime.date(2016, 3, 4) and told.time is not None and not told.time.carried
    assert record.engine.version == onrecord.__version__
    assert record.events is None


def test_spans_are_indices_of_the_string() -> None:
    # Characters outside the basic plane and combining marks count as Python counts them.
    words = "🌉🇳🇴 e\u0301 — “We open 🎉 in May,” Åsa Bränd\u0308t said."
    record = onrecord.read(words)
    assert record.statements
    for statement in record.statements:
        for field in (statement.source, statement.cue, statement.content):
            assert field is not None
            assert " … ".join(words[start:end] for start, end in field.spans) == field.text


def test_an_unknown_year_is_no_date(examples: Path) -> None:
    record = onrecord.read(BRIDGE)
    dateline = record.article.dateline
    assert dateline is not None and dateline.date == "XXXX-03-04"
    assert dateline.date.date is None and dateline.date.year is None
    assert record.statements[0].said is None
    said = onrecord.read(examples / "bridge.txt").statements[1].time
    assert said is not None and said.value == "XXXX-03-04"
    assert onrecord.read(examples / "bridge.txt").notices[0].kind == "date"


def test_a_byte_order_mark_is_a_character_of_a_text() -> None:
    words = "\ufeff“We open in May,” Ada Brandt said."
    record = onrecord.read(words)
    assert record.article.text == words
    assert record.statements[0].content.spans[0].of(words) == "“We open in May,”"


def test_records_are_values() -> None:
    one, same, other = onrecord.read(BRIDGE), onrecord.read(BRIDGE), onrecord.read(BRIDGE, outlet="The Sound")
    assert one == same and hash(one) == hash(same) and one != other and one != BRIDGE
    assert len({one, same, other}) == 2
    assert pickle.loads(pickle.dumps(one)) == one
    assert onrecord.Record.from_dict(one.to_dict()) == one
    assert onrecord.Record.from_json(one.to_json().encode()).statements == one.statements
    assert len({*one.statements, *same.statements}) == len(one.statements)
    with pytest.raises(AttributeError):
        one.statements[0].kind = "mixed"  # type: ignore[misc]
    with pytest.raises(ValueError, match="not a record"):
        onrecord.Record.from_json('{"schema": "onrecord/1"}')
    with pytest.raises(ValueError, match="its schema is “onrecord/9”"):
        onrecord.Record.from_json(one.to_json().replace("onrecord/1", "onrecord/9", 1))


def test_representations_are_short_and_say_who() -> None:
    record = onrecord.read(BRIDGE, id="bridge")
    assert repr(record) == f"<Record bridge: {len(record.statements)} statements>"
    assert "Ada Brandt" in repr(record.statements[1]) and len(repr(record.statements[1])) < 120
    assert repr(record.article) == f"<Article 'Bridge to open in May', {len(BRIDGE)} characters>"


def test_json_is_that_of_the_terminal(terminal: Terminal, examples: Path) -> None:
    os.chdir(ROOT)
    lines = terminal("read", "examples/").splitlines()
    assert len(lines) > 4
    assert [r.to_json() for r in onrecord.read_many([Path("examples")])] == lines
    assert [r.to_json() for r in onrecord.read_many([Path("examples")], threads=1)] == lines
    assert onrecord.read(path="examples/bridge.txt").to_json() in lines
    events = terminal("read", "--events", "examples/bridge.txt").strip()
    assert onrecord.read(path="examples/bridge.txt", events=True).to_json() == events
    hinted = terminal("read", "--published", "2016-03-04", "--outlet", "The Sound", "examples/bridge.txt").strip()
    assert onrecord.read(Path("examples/bridge.txt"), published="2016-03-04", outlet="The Sound").to_json() == hinted


def test_messages_are_those_of_the_terminal(terminal: Terminal, tmp_path: Path) -> None:
    os.chdir(ROOT)
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "empty").mkdir()
    (tmp_path / "lines.jsonl").write_text('{"title": "x"}\n{"text": 7}\n')
    for name in ("picture.txt", "empty", "lines.jsonl", "missing.txt"):
        path = tmp_path / name
        said = terminal("read", path, code=3 if name in ("empty", "missing.txt") else 4, error=True)
        results = list(onrecord.read_many([path], errors="yield"))
        assert [f"onrecord: {result}" for result in results] == said.splitlines()


def test_events() -> None:
    record = onrecord.read("Norland sent troops to Tallberg on Friday, Ada Brandt said.", events=True)
    assert record.events is not None
    for event in record.events:
        assert event.trigger.spans[0].of(record.article.text) == event.trigger.text


@pytest.mark.parametrize(
    "document",
    [
        {"id": "a", "text": text(1), "published": datetime.date(2016, 3, 4), "outlet": "The Sound"},
        {"id": "a", "text": text(1), "published": "2016-03-04T10:00:00Z", "outlet": "The Sound"},
        {
            "id": "a",
            "html": f"<html><body><p>{text(1)}</p></body></html>",
            "published": "2016-03-04",
            "outlet": "The Sound",
        },
        json.dumps({"id": "a", "text": text(1), "date": "2016-03-04", "outlet": "The Sound"}).encode(),
        gzip.compress(json.dumps({"id": "a", "text": text(1), "date": "2016-03-04", "outlet": "The Sound"}).encode()),
    ],
)
def test_forms_of_a_document(document: Any) -> None:
    (record,) = onrecord.read_many([document])
    assert (record.article.source_id, record.article.outlet) == ("a", "The Sound")
    assert record.article.published == "2016-03-04"
    assert record.statements[0].speaker.name == "Ada Brandt"


def test_a_page_as_text_and_as_bytes() -> None:
    page = "<html><head><title>Brücke</title></head><body><article><p>„Ja“. “We open in May,” Åsa Brandt said.</p></article>"
    decoded = onrecord.read(html=page, id="p")
    assert decoded.statements[0].speaker.name == "Åsa Brandt"
    declared = page.replace("<head>", '<head><meta charset="utf-8">')
    assert onrecord.read(html=declared.encode(), id="p").article.text == decoded.article.text
    # A page that declares another character set was decoded by whoever has it as a string.
    wrong = page.replace("<head>", '<head><meta charset="iso-8859-1">')
    assert onrecord.read(html=wrong, id="p").article.text == decoded.article.text


def test_results_come_in_order_at_any_number_of_threads() -> None:
    texts = [text(n) * (1 + 20 * (n % 7 == 0)) for n in range(60)]
    expected = [onrecord.read(t, id=f"document {n + 1}") for n, t in enumerate(texts)]
    for threads in (1, 2, 5):
        assert list(onrecord.read_many(texts, threads=threads)) == expected


def test_an_endless_iterable_is_read_as_far_as_needed() -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        for taken in itertools.count(1):
            yield text(taken)

    records = onrecord.read_many(endless(), threads=2)
    for n in range(1, 6):
        assert next(records).article.text == text(n)
    assert taken <= 5 + 2 * 8 + 1


def test_a_bad_document_costs_no_other() -> None:
    documents: list[Any] = [text(1), {"title": "no text"}, text(2), "\ud800", Path("missing.txt"), text(3)]
    results = list(onrecord.read_many(documents, errors="yield"))
    assert [isinstance(r, onrecord.Record) for r in results] == [True, False, True, False, False, True]
    errors = [r for r in results if isinstance(r, onrecord.ReadError)]
    assert [e.place for e in errors] == ["document 2", "document 4", "missing.txt"]
    assert str(errors[2]).startswith("missing.txt: No such file")
    # By default it is raised in its place, and the iteration goes on after it.
    records = onrecord.read_many(documents)
    assert next(records).article.text == text(1)
    with pytest.raises(onrecord.ReadError, match="document 2: the document has no “text”"):
        next(records)
    assert next(records).article.text == text(2)
    with pytest.warns(onrecord.ReadWarning) as warned:
        assert len(list(onrecord.read_many(documents, errors="skip"))) == 3
    assert [str(w.message) for w in warned] == [str(e) for e in errors]


def test_an_exception_of_the_iterable_comes_after_the_documents_before_it() -> None:
    def broken() -> Iterator[str]:
        yield text(1)
        yield text(2)
        raise KeyError("the archive ended")

    records = onrecord.read_many(broken())
    assert [next(records).article.text, next(records).article.text] == [text(1), text(2)]
    with pytest.raises(KeyError, match="the archive ended"):
        next(records)
    with pytest.raises(StopIteration):
        next(records)


def test_what_is_no_document() -> None:
    with pytest.raises(
        TypeError, match="document 1: a document is a str, bytes, a mapping, a path or a Record, not int"
    ):
        next(onrecord.read_many([7]))  # type: ignore[list-item]
    with pytest.raises(TypeError, match="this is one document"):
        onrecord.read_many("a text")
    with pytest.raises(TypeError, match="takes one document"):
        onrecord.read()
    with pytest.raises(TypeError, match="takes one document"):
        onrecord.read("a", html="b")
    with pytest.raises(ValueError, match="“soon” is not a date"):
        onrecord.read("a", published="soon")
    with pytest.raises(ValueError, match="“doc” is not a format"):
        onrecord.read(path="x", format="doc")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="threads is a number from 1"):
        onrecord.read_many([], threads=0)
    with pytest.raises(ValueError, match="errors is “raise”"):
        onrecord.read_many([], errors="ignore")  # type: ignore[call-overload]


def test_a_file_with_many_articles_is_for_read_many(examples: Path) -> None:
    path = examples / "archive" / "agency.jsonl"
    with pytest.raises(ValueError, match="agency.jsonl: more than one article; read_many reads them all"):
        onrecord.read(path)
    assert len(list(onrecord.read_many([path]))) == 2


def test_the_name_of_a_file_is_not_its_text(examples: Path) -> None:
    with pytest.warns(onrecord.ReadWarning, match="a file has this name; give it as path="):
        onrecord.read(str(examples / "bridge.txt"))


def test_an_input_without_articles_says_so(tmp_path: Path) -> None:
    (tmp_path / "feed.rss").write_text("<rss><channel><item><title>x</title></item></channel></rss>")
    with pytest.warns(onrecord.ReadWarning, match="passed over 1 entry without text"):
        assert list(onrecord.read_many([tmp_path])) == []


def test_the_interpreter_is_free_while_threads_read() -> None:
    long = " ".join(text(n) for n in range(400))
    done = threading.Event()
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.001)

    other = threading.Thread(target=tick)
    other.start()
    before = ticks
    onrecord.read(long)
    list(onrecord.read_many([long, long], threads=2))
    done.set()
    other.join()
    assert ticks - before > 10


def test_two_threads_may_share_an_iteration() -> None:
    records = onrecord.read_many([text(n) for n in range(40)], threads=2)
    taken: list[str] = []

    def take() -> None:
        taken.extend(record.article.text for record in records)

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    assert sorted(taken) == sorted(text(n) for n in range(40))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("what", ["read_many", "statements", "ingest"])
def test_ctrl_c_ends_an_iteration(what: str, tmp_path: Path) -> None:
    program = textwrap.dedent(f"""\
        import itertools, sys, onrecord
        def endless():
            for n in itertools.count():
                if n == 40:
                    print("ready", flush=True)
                yield {{"id": n, "text": f"Article {{n}}. “We open in May,” Ada Brandt said. " * 20}}
        try:
            if {what!r} == "read_many":
                for record in onrecord.read_many(endless()): pass
            elif {what!r} == "statements":
                onrecord.statements(endless())
            else:
                onrecord.Store({str(tmp_path / "news.db")!r}).ingest(endless())
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        """)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60)[0] == "interrupted\n"
        assert process.returncode == 0
    if what == "ingest":
        with onrecord.Store(tmp_path / "news.db") as store:
            assert store.size().articles > 0 and not store.verify()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_the_reading_of_one_long_article() -> None:
    program = textwrap.dedent("""\
        import onrecord
        onrecord.read("“We open in May,” Ada Brandt said.")
        try:
            print("ready", flush=True)
            # Reading all of it would take minutes.
            onrecord.read("“We open in May,” Ada Brandt said. It rained in Tallberg.\\n\\n" * 100_000)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        """)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60)[0] == "interrupted\n"


def test_an_iterable_that_uses_the_results_it_feeds_is_an_error() -> None:
    def documents() -> Iterator[onrecord.Document]:
        yield text(1)
        next(results)

    results: Iterator[onrecord.Record] = onrecord.read_many(documents())
    assert next(results).article.text == text(1)
    with pytest.raises(RuntimeError, match="can't use"):
        next(results)


def test_missing_values_among_documents_cost_no_other() -> None:
    documents: list[Any] = [text(1), None, float("nan"), text(2)]
    results = list(onrecord.read_many(documents, errors="yield"))
    assert [str(r) for r in results if isinstance(r, onrecord.ReadError)] == [
        "document 2: a missing value",
        "document 3: a missing value",
    ]
    assert len(results) == 4


def test_html_of_a_hostile_article_is_inert() -> None:
    hostile = '<script>alert(1)</script> “<img src=x onerror=alert(2)> We open,” <b>Ada</b> Brandt said "&amp;".'
    html = onrecord.read(hostile, outlet="<script>", id="<script>")._repr_html_()
    assert "<script" not in html and "<img" not in html and "<b>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and "&amp;amp;" in html


def test_html_shows_who_said_what() -> None:
    html = onrecord.read(BRIDGE)._repr_html_()
    assert html.startswith("<div") and html.endswith("</div>")
    assert 'title="s2: Ada Brandt, Transport Minister' in html
    assert "Jon Aalto" in html and "1 statement</p>" not in html


def test_a_progress_bar_is_shown_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    list(onrecord.read_many([text(n) for n in range(4)], progress=True))
    assert "4/4" in capsys.readouterr().err
    list(onrecord.read_many([text(n) for n in range(4)]))
    assert capsys.readouterr().err == ""


def test_missing_values_of_tables_count_as_absent() -> None:
    text = "“We open in May,” Ada Brandt said."
    rows: list[dict[str, Any]] = [
        {"text": text, "outlet": None, "published": float("nan")},
        {"text": text, "outlet": "Sound", "published": "2016-03-04"},
    ]
    records = list(onrecord.read_many(rows))
    assert [record.article.outlet for record in records] == [None, "Sound"]
    assert [str(record.article.published) for record in records] == ["None", "2016-03-04"]


def test_one_mapping_or_a_table_is_no_iterable_of_documents() -> None:
    class Table:
        columns = ("text",)

        def __iter__(self) -> Iterator[str]:
            return iter(self.columns)

    with pytest.raises(TypeError, match="put a single mapping in a list"):
        onrecord.read_many({"text": "It rained."})
    with pytest.raises(TypeError, match="give the rows"):
        onrecord.read_many(Table())
