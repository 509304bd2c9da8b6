"""Converts every corpus to one form, from which the network learns: one document per line.

Writes JSON Lines with these fields: `id`; `text`; `fold`, a number from 0 to 4 by which cross-validation leaves
documents out; `guide`, the annotation guide that the statements follow (`world`, `polnear`, or null if statements are
not annotated). Each of the following is null if the corpus does not annotate it:

statements  [{source, cue, content: [[start, end], ...], inner: bool, kind: the speaker's kind or null,
             beside: [[start, end, "addressee" | "medium" | "occasion" | "time"], ...] or null}]
names       [[start, end, kind], ...], and `complete`: whether every name in the text is marked
chains      [[[start, end], ...], ...]: mentions of the same entity; `complete_chains`: whether mentions
             outside all chains are known to be new
anchors     [[start, end, chain number or -1], ...]: sources, each with the chain it refers to (-1: nobody who is named)
roles       [[start, end, start of the holder's name], ...]
events      [{trigger: [start, end], type, status, actor: [start, end] or null or "none", recipient: likewise}]
sure        whether people marked names and chains

Offsets are code points.

usage: corpora.py DATA train|dev
       corpora.py --speakers DATA FOLD...   unmodified articles with annotated speakers, for the judge
       corpora.py --events DATA FOLD...     unmodified articles with annotated events, for their calibration
"""

import gzip
import json
import os
import re
import sys
import zlib

KIND_OF = {
    "person": "person", "politician": "person", "organization": "organization", "organisation": "organization",
    "politicalparty": "organization", "location": "place", "country": "place", "facility": "place", "misc": "other",
    "norp": "other", "product": "other", "event": "other", "election": "other"}
BESIDE = ("addressee", "medium", "occasion", "time")
FOLDS = 5


def lines(path):
    with (gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")) as f:
        return [json.loads(l) for l in f if l.strip()]


def fold_of(id):
    """The fold of a document, the same on every run and machine, whatever other documents there are."""
    return zlib.crc32(str(id).encode()) % FOLDS


def empty(id, text, guide=None):
    return {"id": id, "text": text, "fold": fold_of(id), "guide": guide, "statements": None, "names": None, "complete": False, "chains": None,
            "complete_chains": False, "anchors": None, "roles": None, "events": None, "sure": True}


def offsets(tokens, text, at=0):
    """The positions of tokens in their text, or None if one is not found soon after the preceding one."""
    out = []
    for token in tokens:
        found = text.find(token, at, at + len(token) + 200)
        if found < 0:
            return None
        out.append((found, found + len(token)))
        at = found + len(token)
    return out


def tagged(tags, spans):
    """The names that BIO tags give, from the spans of their tokens."""
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


def newswire(shared, part):
    texts = {d["id"]: d["text"] for d in lines(f"{shared}/news/worldwide_newswire.jsonl.gz")}
    for d in lines(f"{shared}/ner/worldwide_newswire_{part}.jsonl"):
        text = texts.get(d["doc"])
        spans = offsets([t for s in d["sents"] for t in s["tokens"]], text) if text else None
        if spans:
            yield empty(d["doc"], text) | {"names": tagged([t for s in d["sents"] for t in s["tags"]], spans), "complete": True}


def politics(shared, part):
    """Sentences of which the corpus keeps only the tokens."""
    for i, d in enumerate(lines(f"{shared}/ner/crossner_politics_{part}.jsonl")):
        text, spans = "", []
        for token in d["tokens"]:
            glued = not text or token in ",.;:)%'s" or text.endswith("(")
            text += ("" if glued else " ") + token
            spans.append((len(text) - len(token), len(text)))
        yield empty(f"politics-{part}-{i}", text) | {"names": tagged(d["tags"], spans), "complete": True}


def gum(shared, part):
    for d in lines(f"{shared}/coref/{part}.jsonl"):
        chains = {}
        for e in d["entities"]:
            chains.setdefault(e["id"], []).append([d["offsets"][e["start"]][0], d["offsets"][e["end"] - 1][1]])
        yield empty(d["doc"], d["text"]) | {"chains": list(chains.values()), "complete_chains": True}


def word_at(text, start, end):
    """Whether a span begins and ends at word boundaries."""
    return not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())


def uses(text, name):
    at = text.find(name)
    while at >= 0:
        if word_at(text, at, at + len(name)):
            yield at, at + len(name)
        at = text.find(name, at + 1)


def cast(text, attributions):
    """Chains for the named speakers of an article. A chain has the uses of the full name and, for a person, those of
    its last word if no other full name contains that word. Returns the chains, and the index of the chain for each
    name."""
    kinds = {}
    for a in attributions:
        if a.get("speaker") and a.get("speaker_kind") in ("person", "organization"):
            for name in a["speaker"].split(" | "):
                kinds.setdefault(name, a["speaker_kind"])
    chains, number, taken, names = [], {}, {}, []
    for name in sorted(kinds, key=len, reverse=True):
        own = [s for s in uses(text, name) if not any(t[0] < s[1] and s[0] < t[1] for t in taken)]
        if not own:
            continue
        number[name] = len(chains)
        chains.append([list(s) for s in own])
        taken.update((s, name) for s in own)
    last = {}
    for name in number:
        if kinds[name] == "person" and " " in name:
            last.setdefault(name.split()[-1], []).append(name)
    for word, bearers in last.items():
        if len(bearers) == 1 and word[0].isupper():
            for s in uses(text, word):
                if not any(t[0] < s[1] and s[0] < t[1] for t in taken):
                    chains[number[bearers[0]]].append(list(s))
                    taken[s] = bearers[0]
    names = [[s, e, kinds[name]] for (s, e), name in sorted(taken.items())]
    return chains, number, names


def bearers(text, attributions, chains, number):
    """Roles as spans: the uses of a role's words that are next to a use of the holder's name."""
    out = set()
    for a in attributions:
        if not a.get("role") or a.get("speaker") not in number:
            continue
        for s, e in uses(text, a["role"]):
            for ns, ne in chains[number[a["speaker"]]]:
                gap = text[e:ns] if e <= ns else text[ne:s] if ne <= s else None
                if gap is not None and len(gap) <= 40 and "\n" not in gap and not re.search(r"[.!?;”\"]\s", gap) and len(re.findall(r"\w+", gap)) <= 3:
                    out.add((s, e, ns))
    return [list(r) for r in sorted(out)]


def spoken(d, guide, told):
    """A document with annotated statements. `told` says whether speaker, addressee and time are annotated too."""
    text, attributions = d["text"], d["attributions"]
    out = empty(d["id"], text, guide)
    span = lambda x: x.get("span") if isinstance(x, dict) else None
    out["statements"] = [{
        **{k: a.get(k) or [] for k in ("source", "cue", "content")}, "inner": bool(a.get("parent")),
        "kind": a.get("speaker_kind") if told else None,
        "beside": [[*span(a[k]), k] for k in BESIDE if span(a.get(k))] if told else None} for a in attributions]
    if told:
        out["chains"], number, out["names"] = cast(text, attributions)
        out["roles"] = bearers(text, attributions, out["chains"], number)
        out["anchors"] = []
        for a in attributions:
            if not a.get("source"):
                continue
            start, end = a["source"][0]
            one = number.get(a.get("speaker"), -1) if a.get("speaker_kind") in ("person", "organization") else -1
            if a.get("speaker") and " | " in a["speaker"] and a.get("speaker_kind") in ("person", "organization"):
                continue
            if one >= 0:
                # A source that names its speaker counts as a use of the name, not as a further mention.
                inside = [m for m in out["chains"][one] if start <= m[0] < a["source"][-1][1]]
                if inside:
                    start, end = inside[0]
                elif [start, end] not in out["chains"][one]:
                    out["chains"][one].append([start, end])
            elif a.get("speaker_kind") in ("person", "organization"):
                continue
            out["anchors"].append([start, end, one])
    return out


def place_of(text, argument, trigger):
    """The position of an event's actor: its span, or the use of its name nearest to the trigger."""
    if not argument:
        return "none"
    first = argument[0]
    if first.get("span"):
        return first["span"]
    found = list(uses(text, first["name"])) or list(uses(text, first["name"].split()[-1]))
    return list(min(found, key=lambda s: (abs(s[0] - trigger[0]), s))) if found else None


NAME_KINDS = {"P": "person", "L": "place", "O": "organization", "X": "other"}
FIELDS = {"S": "source", "C": "cue", "T": "content", "A": "addressee", "M": "medium", "O": "occasion", "D": "time"}
MARK = re.compile(r"\[(\d+)([SCTAMOD]) |\{([PLOX]) ")


def made():
    """The articles in `made/`, which were written and annotated for this project, in the form of the world news corpus
    with `names` added. made/README.md describes their format."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "made")
    for file in sorted(f for f in os.listdir(folder) if f.endswith(".txt")):
        with open(os.path.join(folder, file), encoding="utf-8") as f:
            for item in f.read().split("\n----\n"):
                if item.strip():
                    yield of_marks(item.strip("\n"))


def of_marks(item):
    head, rest = item.split("\ntext:\n", 1)
    head = {k: None if v == "-" else v for k, v in (line.split(": ", 1) for line in head.splitlines())}
    marked, table = rest.split("\nstatements:", 1)
    text, open_marks, names, spans, at = "", [], [], {}, 0
    while at < len(marked):
        mark = MARK.match(marked, at)
        if mark:
            open_marks.append((mark, len(text)))
            at = mark.end()
        elif marked[at] in "]}":
            mark, start = open_marks.pop()
            if mark[3]:
                names.append([start, len(text), NAME_KINDS[mark[3]]])
            else:
                spans.setdefault(mark[1], {}).setdefault(FIELDS[mark[2]], []).append([start, len(text)])
            at += 1
        else:
            text += marked[at]
            at += 1
    attributions = []
    for line in table.strip().splitlines():
        number, speaker, kind, role, date, parent = (None if f.strip() == "-" else f.strip() for f in line.split("|"))
        own = spans.get(number, {})
        words = lambda k: {"span": own[k][0], "text": text[slice(*own[k][0])]} if k in own else None
        attributions.append({
            "id": "s" + number, "source": own.get("source", []), "cue": own.get("cue", []), "content": sorted(own["content"]),
            # “Johnson & Johnson” is one name.
            "speaker": speaker and (speaker if speaker in text else " | ".join(speaker.split(" & "))), "speaker_kind": kind, "role": role, "parent": parent and "s" + parent,
            **{k: words(k) for k in ("addressee", "medium", "occasion")}, "time": words("time") and words("time") | {"value": date}})
    return {"id": head["id"], "published": head.get("published"), "text": text, "attributions": attributions, "names": sorted(names)}


def raw(shared):
    """The texts of the articles without labels, by id."""
    folder = f"{shared}/news/raw"
    return {d["id"]: d["text"] for f in sorted(os.listdir(folder)) for d in lines(f"{folder}/{f}")}


def kept(file):
    """The lines of a file in `marked/`: annotation of articles that are in the folder with the corpora."""
    return lines(os.path.join(os.path.dirname(os.path.abspath(__file__)), "marked", file))


def marked(shared):
    """The articles with statements in `marked/`, in the form of the world news corpus."""
    texts = raw(shared)
    for d in kept("statements.jsonl"):
        text = texts[d["id"]]
        words = lambda span: text[slice(*span)]
        beside = lambda a, k: a[k] and {"span": a[k], "text": words(a[k])} | ({"value": a["date"]} if k == "time" else {})
        yield {"id": d["id"], "text": text, "attributions": [
            {k: a[k] for k in ("id", "source", "cue", "content", "parent")} | {k: beside(a, k) for k in BESIDE} | {
                "speaker": " | ".join(map(words, a["speaker"])) or None, "speaker_kind": a["kind"], "role": a["role"] and words(a["role"])}
            for a in d["statements"]]}


def annotated_events(shared, part):
    """Events by article: those of the corpus and, for training, those in `marked/`."""
    out = {d["id"]: d["events"] for d in lines(f"{shared}/events/world-{part}.jsonl")}
    party = lambda spans: [{"span": s} for s in spans]
    for d in kept("events.jsonl") if part == "train" else ():
        out[d["id"]] = [e | {k: party(e[k]) for k in ("actor", "recipient")} for e in d["events"]]
    return out


def statements(shared, part):
    events = annotated_events(shared, part)
    for d in lines(f"{shared}/world/{part}.jsonl") + (list(marked(shared)) if part == "train" else []):
        out = spoken(d, "world", True)
        if d["id"] in events:
            out["events"] = [{k: e[k] for k in ("trigger", "type", "status")} | {
                k: place_of(d["text"], e[k], e["trigger"]) for k in ("actor", "recipient")} for e in events[d["id"]]]
        yield out
    for d in made() if part == "train" else ():
        yield spoken(d, "world", True) | {"names": d["names"], "complete": True}
    told = {d["id"]: d for d in lines(f"{shared}/polnear/who-train.jsonl")} if part == "train" else {}
    layers = {d["id"]: d for d in lines(f"{shared}/polnear/corenlp-silver-{part}.jsonl.gz")}
    for d in lines(f"{shared}/polnear/{part}.jsonl"):
        if d["id"] in told:
            yield spoken(told[d["id"]], "polnear", True)
        else:
            out = spoken(d, "polnear", False)
            if d["id"] in layers:
                out |= machine(d["text"], layers[d["id"]])
            yield out


def machine(text, d):
    """PolNeAR's machine-made layer of names and chains, which contains errors."""
    found = []
    for start, end, _, kind, _ in d["tokens"]:
        kind = KIND_OF.get(kind.lower())
        if kind and found and found[-1][2] == kind and text[found[-1][1]:start].strip() == "":
            found[-1][1] = end
        elif kind:
            found.append([start, end, kind])
    # The tagger takes every word of an all-capitals headline for a name.
    found = [n for n in found if text[n[0]].isupper()]
    chains = [[[d["tokens"][s][0], d["tokens"][e - 1][1]] for s, e, _ in chain] for chain in d["coref"]]
    return {"names": found, "complete": True, "chains": chains, "complete_chains": True, "sure": False}


def speakers(shared, folds):
    """The unmodified articles of some folds with annotated speakers, from which the judge of speakers learns."""
    for documents in (lines(f"{shared}/world/train.jsonl"), lines(f"{shared}/polnear/who-train.jsonl"), made(), marked(shared)):
        for d in documents:
            if fold_of(d["id"]) in folds:
                yield d | {"fold": fold_of(d["id"])}


def events_of(shared, folds):
    """The unmodified articles of some folds with annotated statements and events."""
    yield from (d for d in lines(f"{shared}/events/world-train.jsonl") if fold_of(d["id"]) in folds)
    told = {d["id"]: d for d in [*lines(f"{shared}/world/train.jsonl"), *marked(shared)]}
    for d in kept("events.jsonl"):
        if fold_of(d["id"]) in folds:
            article = told[d["id"]]
            named = lambda spans: [{"span": span, "name": article["text"][slice(*span)]} for span in spans]
            yield {"id": d["id"], "text": article["text"], "statements": [{k: a[k] for k in ("id", "content")} for a in article["attributions"]],
                   "events": [e | {k: named(e[k]) for k in ("actor", "recipient")} for e in d["events"]]}


def main():
    if sys.argv[1] in ("--speakers", "--events"):
        articles = speakers if sys.argv[1] == "--speakers" else events_of
        for document in articles(sys.argv[2], set(map(int, sys.argv[3:]))):
            print(json.dumps(document, ensure_ascii=False))
        return
    shared, part = sys.argv[1:]
    for corpus in (statements, newswire, politics, gum):
        for document in corpus(shared, part):
            print(json.dumps(document, ensure_ascii=False))


if __name__ == "__main__":
    main()
