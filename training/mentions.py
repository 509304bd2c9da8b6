"""Texts with names and chains of mentions, in one form for all corpora.

Writes JSON Lines: `id`, `text`, `names` [start, end, kind], `chains` (lists of [start, end]) and `sure`: whether people
marked them. Offsets are code points. `names` or `chains` is null where a corpus doesn't say.
"""

import gzip
import json
import sys

import data

KINDS = ("person", "organization", "place", "other")
KIND_OF = {
    "person": "person", "politician": "person", "organization": "organization", "organisation": "organization",
    "politicalparty": "organization", "location": "place", "country": "place", "facility": "place", "misc": "other",
    "norp": "other", "product": "other", "event": "other", "election": "other"}


def offsets(tokens, text, at=0):
    """Where tokens stand in their text; None where one is not found soon behind the last."""
    out = []
    for token in tokens:
        found = text.find(token, at, at + len(token) + 200)
        if found < 0:
            return None
        out.append((found, found + len(token)))
        at = found + len(token)
    return out


def names(tags, spans):
    """BIO tags and the tokens' spans to names."""
    out = []
    for tag, (start, end) in zip(tags, spans):
        kind = KIND_OF.get(tag[2:].lower())
        if tag.startswith("I-") and kind and out and out[-1][2] == kind and out[-1][3]:
            out[-1][1] = end
        elif kind:
            out.append([start, end, kind, True])
            continue
        if out and not tag.startswith("I-"):
            out[-1][3] = False
    return [[s, e, k] for s, e, k, _ in out]


def worldwide(shared, part):
    with gzip.open(f"{shared}/news/worldwide_newswire.jsonl.gz", "rt") as f:
        texts = {d["id"]: d["text"] for d in map(json.loads, f)}
    for d in data.lines(f"{shared}/ner/worldwide_newswire_{part}.jsonl"):
        text = texts.get(d["doc"])
        spans = offsets([t for s in d["sents"] for t in s["tokens"]], text) if text else None
        if spans:
            yield {"id": d["doc"], "text": text, "names": names([t for s in d["sents"] for t in s["tags"]], spans), "chains": None, "sure": True}


def politics(shared, part):
    """Sentences, of which the corpus keeps the tokens alone."""
    for i, d in enumerate(data.lines(f"{shared}/ner/crossner_politics_{part}.jsonl")):
        text, spans = "", []
        for token in d["tokens"]:
            glued = not text or token in ",.;:)%'s" or text.endswith("(")
            text += ("" if glued else " ") + token
            spans.append((len(text) - len(token), len(text)))
        yield {"id": f"politics-{part}-{i}", "text": text, "names": names(d["tags"], spans), "chains": None, "sure": True}


def gum(shared, part):
    for d in data.lines(f"{shared}/coref/{part}.jsonl"):
        chains = {}
        for e in d["entities"]:
            chains.setdefault(e["id"], []).append([d["offsets"][e["start"]][0], d["offsets"][e["end"] - 1][1]])
        yield {"id": d["doc"], "text": d["text"], "names": None, "chains": list(chains.values()), "sure": True}


def corenlp(shared, part):
    """The machine's own layer of PolNeAR: names and chains with errors."""
    texts = {d["id"]: d["text"] for d in data.lines(f"{shared}/polnear/{part}.jsonl")}
    with gzip.open(f"{shared}/polnear/corenlp-silver-{part}.jsonl.gz", "rt") as f:
        silver = {d["id"]: d for d in map(json.loads, f)}
    for id, text in texts.items():
        d, found = silver.get(id), []
        if not d:
            continue
        for start, end, _, kind, _ in d["tokens"]:
            kind = KIND_OF.get(kind.lower())
            if kind and found and found[-1][2] == kind and text[found[-1][1]:start].strip() == "":
                found[-1][1] = end
            elif kind:
                found.append([start, end, kind])
        # The tagger takes every word of a headline in capitals for a name.
        found = [n for n in found if text[n[0]].isupper()]
        chains = [[[d["tokens"][s][0], d["tokens"][e - 1][1]] for s, e, _ in chain] for chain in d["coref"]]
        yield {"id": id, "text": text, "names": found, "chains": chains, "sure": False}


def main():
    shared, part = sys.argv[1:]
    for corpus in (corenlp, worldwide, politics, gum):
        for document in corpus(shared, part):
            print(json.dumps(document, ensure_ascii=False))


if __name__ == "__main__":
    main()
