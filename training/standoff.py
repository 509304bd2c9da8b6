"""Converts articles that were annotated by hand into annotation without text, for `marked/`, and checks them.

The articles belong to their publishers, so only positions are kept. Statements are annotated in a copy of the article, with
the marks of `made/`; events, one a line, with the words of the article. marked/README.md describes both forms.

usage: standoff.py statements DATA FILE... > marked/statements.jsonl
       standoff.py events DATA FILE... > marked/events.jsonl
Problems go to standard error, and a file that has any is left out.
"""

import json
import os
import re
import sys

import corpora

KINDS = {"person", "organization", "group", "document", "unnamed", "none"}
TYPES = set("AGREE CONSULT SUPPORT COOPERATE AID YIELD REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT".split())
STATUS = {"happened", "planned", "possible", "denied"}
DATE = re.compile(r"(\d{4}|XXXX)(-\d\d){0,2}(T\d\d(:\d\d)?)?")


def first_use(text, words, problem):
    found = text.find(words)
    if found < 0:
        problem(f"{words!r} is not in the text")
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
    move = lambda span: [span[0] + shift, span[1] + shift]
    out = []
    for a in article["attributions"]:
        say = lambda what: problem(f"{a['id']}: {what}")
        one = {k: [move(s) for s in a[k]] for k in ("source", "cue", "content")}
        one |= {k: a[k] and move(a[k]["span"]) for k in corpora.BESIDE}
        for span in one["source"] + one["cue"] + one["content"] + [one[k] for k in corpora.BESIDE if one[k]]:
            words = text[slice(*span)]
            if not words or words != words.strip() or "\n" in words:
                say(f"it has the span {words!r}")
        if a["speaker_kind"] not in KINDS or (a["speaker"] is None) != (a["speaker_kind"] == "none"):
            say(f"the kind {a['speaker_kind']} does not fit its speaker")
        date = a["time"] and a["time"].get("value")
        if date and not DATE.fullmatch(date):
            say(f"{date!r} is not a date")
        out.append({"id": a["id"], **one, "date": date, "parent": a["parent"], "kind": a["speaker_kind"],
                    "speaker": [first_use(text, name, say) for name in a["speaker"].split(" | ")] if a["speaker"] else [],
                    "role": first_use(text, a["role"], say) if a["role"] else None})
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
        if kind not in TYPES or status not in STATUS or claimant not in known or historical not in "h-":
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


def main():
    what, data, *files = sys.argv[1:]
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
