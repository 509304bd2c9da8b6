"""Converts articles that were annotated by hand into annotation without text, for `marked/`, and checks them.

The articles belong to their publishers, so only positions are kept. Statements are annotated in a copy of the article, with
the marks of `made/`; events, one a line, with the words of the article. marked/README.md describes both forms.

usage: standoff.py statements DATA FILE... > marked/statements.jsonl
       standoff.py events DATA FILE... > marked/events.jsonl
       standoff.py agreement DATA LINES   how far events, as printed by the second form, agree with those of the corpus
Problems go to standard error, and a file that has any is left out.
"""

import json
import os
import re
import sys

import checks
import corpora
from model import EVENTS, STATUS


def first_use(text, words):
    found = text.find(words)
    return [found, found + len(words)]


def statements(item, texts, problem):
    """The annotation of one article with marks, as spans of its original."""
    article = corpora.of_marks(item.strip("\n"))
    text = texts.get(article["id"])
    if text is None:
        problem(f"no article {article['id']}")
        return None
    shift = len(text) - len(text.lstrip())
    if text.strip() != article["text"].strip():
        problem("its text differs from the original")
        return None
    for found in checks.problems(article):
        problem(found)
    move = lambda span: [span[0] + shift, span[1] + shift]
    out = []
    for a in article["attributions"]:
        one = {k: [move(s) for s in a[k]] for k in ("source", "cue", "content")}
        one |= {k: a[k] and move(a[k]["span"]) for k in corpora.BESIDE}
        out.append({"id": a["id"], **one, "date": a["time"] and a["time"].get("value"), "parent": a["parent"], "kind": a["speaker_kind"],
                    "speaker": [first_use(text, name) for name in a["speaker"].split(" | ")] if a["speaker"] else [],
                    "role": first_use(text, a["role"]) if a["role"] else None})
    return {"id": article["id"], "statements": out}


def paragraphs(text):
    """The spans of the lines that are not empty."""
    at, out = 0, []
    for line in text.split("\n"):
        if line.strip():
            out.append((at, at + len(line)))
        at += len(line) + 1
    return out


def events(id, table, article, problem):
    """The events of one article, from lines with paragraph and trigger, type, actor, recipient, status, claimant, and
    whether it is historical."""
    text, lines, known = article["text"], paragraphs(article["text"]), {a["id"] for a in article["attributions"]} | {"article", "unmarked"}
    out = []
    for line in table.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        cells = [c.strip() for c in line.split("|")]
        place = re.fullmatch(r"P(\d+): (.+?)(?: #(\d+))?", cells[0])
        if len(cells) != 7 or not place or not 0 < int(place[1]) <= len(lines):
            problem(f"{line!r} has another form")
            continue
        start, end = lines[int(place[1]) - 1]
        found = list(corpora.uses(text[start:end], place[2]))
        nth = int(place[3] or 1) - 1
        if nth >= len(found) or (len(found) > 1 and not place[3]):
            problem(f"{place[2]!r} stands {len(found)} times in paragraph {place[1]}")
            continue
        trigger = [start + found[nth][0], start + found[nth][1]]
        _, kind, actor, recipient, status, claimant, historical = cells
        if kind not in EVENTS[1:] or status not in STATUS or claimant not in known or historical not in "h-":
            problem(f"{line!r} has an unknown type, status or claimant")
        parties = []
        for cell in (actor, recipient):
            party = []
            for name in () if cell == "-" else cell.split(" & "):
                found = list(corpora.uses(text, name))
                if found:
                    party.append(list(min(found, key=lambda s: (abs(s[0] - trigger[0]), s))))
                else:
                    problem(f"{name!r} is not in the text")
            parties.append(party)
        out.append({"trigger": trigger, "type": kind, "actor": parties[0], "recipient": parties[1], "status": status, "claimant": claimant,
                    "historical": historical == "h"})
    return {"id": id, "events": out}


def agreement(data, file):
    """Prints the F1 of triggers, which agree if they overlap, and the shares of types and so on that are the same on these."""
    gold = {d["id"]: d["events"] for part in ("train", "dev") for d in corpora.lines(f"{data}/events/world-{part}.jsonl")}
    both, count = [], [0, 0]
    for d in corpora.lines(file):
        left = list(gold[d["id"]])
        count = [count[0] + len(left), count[1] + len(d["events"])]
        for e in d["events"]:
            start, end = e["trigger"]
            same = next((g for g in left if start < g["trigger"][1] and g["trigger"][0] < end), None)
            if same:
                left.remove(same)
                both.append((e, same))
    print(f"{count[0]} events in the corpus, {count[1]} here: triggers F1 {2 * len(both) / sum(count):.3f}")
    for field in ("type", "status", "claimant"):
        print(f"{field}: {sum(e[field] == g[field] for e, g in both) / len(both):.3f} of {len(both)}")


def main():
    what, data, *files = sys.argv[1:]
    if what == "agreement":
        return agreement(data, files[0])
    if what == "events":
        texts = {d["id"]: d for d in [*corpora.lines(f"{data}/world/train.jsonl"), *corpora.marked(data)]}
        for d in corpora.lines(f"{data}/events/world-dev.jsonl"):
            texts.pop(d["id"], None)
    else:
        texts = corpora.raw(data)
    bad = 0
    for file in files:
        problems = []
        with open(file, encoding="utf-8") as f:
            item = f.read()
        id = re.sub(r"^\d+-|\.txt$", "", os.path.basename(file))
        if what == "statements":
            one = statements(item, texts, problems.append)
        elif id in texts:
            one = events(id, item, texts[id], problems.append)
        else:
            one = problems.append(f"no article {id} to train on")
        for p in problems:
            print(f"{file}: {p}", file=sys.stderr)
        bad += bool(problems)
        if one and not problems:
            print(json.dumps(one, separators=(",", ":")))
    print(f"{len(files)} files, {bad} left out", file=sys.stderr)


if __name__ == "__main__":
    main()
