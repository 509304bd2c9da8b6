"""The component for spaCy."""

from __future__ import annotations

import pickle

import pytest
import spacy
from spacy import displacy
from spacy.tokens import Doc, DocBin

import onrecord
import onrecord.spacy
from conftest import BRIDGE


@pytest.fixture
def nlp() -> spacy.language.Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("onrecord")
    return nlp


def test_statements_are_spans_of_tokens(nlp: spacy.language.Language) -> None:
    doc = nlp(BRIDGE)
    record = onrecord.read(BRIDGE, id="document 1")
    spans = doc.spans["statements"]
    assert doc._.onrecord == record and doc.text == BRIDGE
    assert [span.id_ for span in spans] == [s.id for s in record.statements]
    for span, statement in zip(spans, record.statements, strict=True):
        assert span.label_ == statement.kind and span._.statement == statement
        assert (span._.speaker, span._.cue) == (statement.speaker.name, statement.cue and statement.cue.text)
        assert span._.source == (statement.source and statement.source.text)
        assert span.start_char <= statement.content.spans[0].start and span.end_char >= statement.content.spans[-1].end
        assert [part.text for part in span._.parts] == [p.of(BRIDGE) for p in statement.content.spans]
        assert span._.cue_span.text == statement.cue.text if statement.cue else span._.cue_span is None


def test_a_content_in_pieces_and_a_boundary_inside_a_token(nlp: spacy.language.Language) -> None:
    text = "“We are late,” Brandt said. “But nobody pays.”"
    doc = nlp(text)
    span = doc.spans["statements"][0]
    assert [part.text for part in span._.parts] == ["“We are late,”", "“But nobody pays.”"]
    assert span.text == text
    # A tokenizer that keeps the quotation mark and the name together: the span has the whole token, and the record the
    # characters.
    words = ["“We", "are", "late,”Brandt", "said."]
    doc = nlp(Doc(nlp.vocab, words=words))
    for span in doc.spans["statements"]:
        statement = span._.statement
        assert span.text == " ".join(words[span.start : span.end])
        assert statement.content.text in doc.text and statement.content.text in span.text


def test_what_is_known_of_a_document(nlp: spacy.language.Language) -> None:
    doc = nlp.make_doc(BRIDGE)
    doc._.published = "2016-03-04"
    doc._.outlet = "The Sound"
    article = nlp(doc)._.onrecord.article
    assert (article.published, article.outlet) == ("2016-03-04", "The Sound")


def test_a_pipe_keeps_the_order(nlp: spacy.language.Language) -> None:
    texts = [f"Article {n}. “We open in May,” Ada Brandt said. {'It rained. ' * (n % 5)}" for n in range(60)]
    docs = list(nlp.pipe(texts, batch_size=7))
    assert [doc.text for doc in docs] == texts
    assert all(doc._.onrecord.article.text == doc.text for doc in docs)


def test_an_empty_document(nlp: spacy.language.Language) -> None:
    doc = nlp("")
    assert len(doc.spans["statements"]) == 0 and list(onrecord.spacy.triples(doc)) == []


def test_triples(nlp: spacy.language.Language) -> None:
    triples = list(onrecord.spacy.triples(nlp(BRIDGE)))
    assert triples[0].speaker == "Ada Brandt" and triples[0].content.startswith("The bridge over the sound")
    assert ("Jon Aalto", "called") in [(t.speaker, t.cue) for t in triples]
    with pytest.raises(ValueError, match='add the component "onrecord"'):
        list(onrecord.spacy.triples(spacy.blank("en")("It rained.")))


def test_displacy(nlp: spacy.language.Language) -> None:
    doc = nlp(BRIDGE + "\n“<b>No</b>,” Pia Lund said.")
    html = displacy.render(onrecord.spacy.displayed(doc), style="ent", manual=True, jupyter=False)
    assert "Ada Brandt" in html and "<b>No" not in html
    html = displacy.render(doc, style="span", options={"spans_key": "statements"}, jupyter=False)
    assert "direct" in html
    kinds = {e["label"] for e in onrecord.spacy.displayed(doc, "kind")["ents"]}
    assert kinds == {"direct", "indirect", "mixed"}


def test_saving_a_pipeline(nlp: spacy.language.Language, tmp_path) -> None:  # type: ignore[no-untyped-def]
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert len(again(BRIDGE).spans["statements"]) == len(nlp(BRIDGE).spans["statements"])


@pytest.mark.parametrize("how", ["bytes", "bin", "copy", "pickle"])
def test_a_document_keeps_its_record(nlp: spacy.language.Language, how: str) -> None:
    doc = nlp(BRIDGE)
    if how == "bytes":
        again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    elif how == "bin":
        stored = DocBin(docs=[doc], store_user_data=True)
        (again,) = DocBin().from_bytes(stored.to_bytes()).get_docs(nlp.vocab)
    elif how == "copy":
        again = doc.copy()
    else:
        again = pickle.loads(pickle.dumps(doc))
    assert again._.onrecord == doc._.onrecord
    attributes = ("statement", "speaker", "source", "cue")
    kept = [[span._.get(name) for name in attributes] for span in again.spans["statements"]]
    assert kept == [[span._.get(name) for name in attributes] for span in doc.spans["statements"]] and kept
    assert [span._.cue_span.text for span in again.spans["statements"] if span._.cue_span] != []
    assert list(onrecord.spacy.triples(again)) == list(onrecord.spacy.triples(doc))


def test_several_processes(nlp: spacy.language.Language) -> None:
    docs = list(nlp.pipe([BRIDGE] * 4, n_process=2))
    assert [doc._.onrecord.article.text for doc in docs] == [BRIDGE] * 4


def test_a_span_that_is_no_statement(nlp: spacy.language.Language) -> None:
    doc = nlp(BRIDGE)
    assert doc[0:2]._.statement is None and doc[0:2]._.speaker is None and doc[0:2]._.parts is None
    # Without user data, spans are there and their statements are not.
    (bare,) = DocBin().from_bytes(DocBin(docs=[doc]).to_bytes()).get_docs(nlp.vocab)
    assert len(bare.spans["statements"]) == len(doc.spans["statements"])
    assert bare.spans["statements"][0]._.statement is None
