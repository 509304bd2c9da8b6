"""What must hold for an article that was annotated by hand: its marks, its names and its dates."""

import datetime
import re

import corpora

KINDS = {"person", "organization", "group", "document", "unnamed", "none"}
DATE = re.compile(r"(\d{4}|XXXX)(-\d\d){0,2}")


def problems(article):
    text, known = article["text"], {a["id"]: a for a in article["attributions"]}
    if article["published"]:
        datetime.date.fromisoformat(article["published"])
    for a in article["attributions"]:
        say = lambda what: f"{article['id']} {a['id']}: {what}"
        spans = {k: a[k] for k in ("source", "cue", "content")} | {k: [a[k]["span"]] for k in corpora.BESIDE if a[k]}
        for field, own in spans.items():
            if field != "content" and len(own) > 1:
                yield say(f"several spans of its {field}")
            for start, end in own:
                words = text[start:end]
                if not words or words != words.strip() or "\n" in words:
                    yield say(f"the span of its {field} is {words!r}")
        if a["speaker_kind"] not in KINDS or (a["speaker"] is None) != (a["speaker_kind"] == "none"):
            yield say(f"the kind {a['speaker_kind']} does not fit its speaker")
        for words in [*(a["speaker"] or "").split(" | "), a["role"] or ""]:
            if words not in text:
                yield say(f"{words!r} does not stand in the text")
        date = a["time"] and a["time"]["value"]
        if date and not DATE.fullmatch(date):
            yield say(f"{date!r} is not a date")
        if a["parent"]:
            outer = known.get(a["parent"], {"content": []})["content"]
            if not any(s <= start and end <= e for start, end in a["content"] for s, e in outer):
                yield say(f"it does not stand inside the content of {a['parent']}")
