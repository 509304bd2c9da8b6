"""Counts in annotated articles what rules of the engine rely on (stdlib only).

usage: counts.py DATA

DATA is the folder with `world/train.jsonl` and `polnear/who-train.jsonl`. docs/EXPERIMENTS.md has what this prints.
"""

import collections
import datetime
import itertools
import json
import pathlib
import re
import sys

DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
DAY = re.compile(rf"(on |early |late )?({'|'.join(DAYS)})( (morning|afternoon|evening|night))?")
SENTENCE_END = re.compile(r"[.!?][\"”’]? ")
SENTENCE_END_BEFORE_CAPITAL = re.compile(r"[a-z]{3}[.!?][\"”’']?\s+[\"“‘']?[A-Z]")


def articles(folder):
    for name in ["world/train.jsonl", "polnear/who-train.jsonl"]:
        for line in open(pathlib.Path(folder) / name, encoding="utf-8"):
            yield name.split("/")[0], json.loads(line)


def form_of(text, first, second):
    """How the second of two cues in one sentence is joined to the first: by a participle, by a conjunction, otherwise."""
    cue = text[second["cue"][0][0] : second["cue"][-1][1]]
    between = text[first["cue"][-1][1] : second["cue"][0][0]]
    if re.search(r"ing\b", cue.split()[0]) or re.search(r"^(also )?\w+ing\b", cue):
        return "participle"
    if re.search(r"\b(and|but|then)\b[^.,]{0,12}$", between):
        return "second verb"
    return None


def count_times(corpus, article, counts):
    """Of two cues of one speaker in one sentence, the first with a time: whether the second has the same."""
    text = article["text"]
    cues = sorted((a for a in article["attributions"] if a.get("sure", True) and a["cue"]), key=lambda a: a["cue"][0][0])
    for first, second in zip(cues, cues[1:]):
        time = first.get("time") or {}
        between = text[first["cue"][-1][1] : second["cue"][0][0]]
        one = first.get("speaker") and first["speaker"] == second.get("speaker") and second.get("parent") != first.get("id")
        if not time.get("value") or not one or "\n" in between or SENTENCE_END.search(between):
            continue
        form = form_of(text, first, second)
        if form is None:
            continue
        if form == "second verb":
            form += " after a time before both" if time["span"][0] < first["cue"][0][0] else " after a time between them"
        own = second.get("time")
        same = "same" if own and own["span"] == time["span"] else "own" if own else "none"
        counts[f"{form}, {corpus}"][same] += 1


def count_relatives(article, people, counts):
    """Sources such as “Lund's lawyer”, “the wife of Lund” and “a Lund aide”, where Lund speaks in the article: whether he does there.

    `people` matches nouns for people.
    """
    cited = [a for a in article["attributions"] if a.get("speaker_kind") == "person" and a.get("speaker")]
    names = sorted({a["speaker"] for a in cited if " | " not in a["speaker"]})
    for attribution in article["attributions"]:
        source = " ".join(article["text"][start:end] for start, end in attribution["source"])
        for name in names:
            known = f"({re.escape(name)}|{re.escape(name.split()[-1])})"
            title = r"(the |late |former |Mr\.? |Mrs\.? |Ms\.? |President )*"
            forms = {
                "possessive": rf"{title}{known}[’']s? [a-z][^,]*",
                "preposition": rf"([Tt]he|[Aa]n?) [a-z -]+ (of|for|to) {title}{known}",
                "name before a noun": rf"(([Tt]he|[Aa]n?) )?([a-z]+ )*{known} ([a-z]+ )?{people}",
            }
            form = next((form for form, pattern in forms.items() if re.fullmatch(pattern, source)), None)
            if form:
                counts[form]["same" if attribution.get("speaker") == name else "other"] += 1
                break


def nouns(section):
    """The nouns of a section of the engine's list."""
    lines = (pathlib.Path(__file__).parent / "../crates/onrecord/data/nouns.txt").read_text(encoding="utf-8").splitlines()
    start = lines.index(f"[{section}]") + 1
    return set(itertools.takewhile(lambda line: not line.startswith("["), lines[start:]))


def count_described_organizations(article, organizations, counts):
    """Sources such as “the education ministry” that are organisations: whether their names have all words of the source."""
    for attribution in article["attributions"]:
        source = " ".join(article["text"][start:end] for start, end in attribution["source"])
        words = re.fullmatch(r"(?:[Tt]h[ea]t?|[Tt]his|[Ii]ts|[Hh]is|[Hh]er) ((?:[a-z][\w’'-]* ){1,3})([a-z]+)", source)
        if not words or words[2] not in organizations or attribution.get("speaker_kind") != "organization":
            continue
        name = re.sub(r"^the ", "", attribution["speaker"].lower())
        missing = [word for word in words[1].split() if word.rstrip("’'s") not in name]
        own = name == words[1] + words[2] or not missing
        counts["all" if own else "noun alone" if words[2] in re.findall(r"[\w’'-]+", name) else "another"] += 1


def count_named_organizations(article, named, counts):
    """Sources such as “the commission” that are organisations by another name: whether it has the noun."""
    for attribution in article["attributions"]:
        source = " ".join(article["text"][start:end] for start, end in attribution["source"])
        words = re.fullmatch(r"(?:[Tt]h[ea]t?|[Tt]his|[Ii]ts) ([a-z]+)", source)
        if not words or words[1] not in named or attribution.get("speaker_kind") != "organization":
            continue
        name = re.sub(r"^the ", "", attribution["speaker"].lower())
        if name != words[1]:
            counts["with the noun" if words[1] in re.findall(r"[\w’'-]+", name) else "without it"] += 1


def main(folder):
    described, organizations = collections.Counter(), nouns("organization") | nouns("place")
    bare, named = collections.Counter(), nouns("named")
    people = f"({'|'.join(map(re.escape, sorted(nouns('office') | nouns('relation'))))})s?"
    times, days = collections.defaultdict(collections.Counter), collections.Counter()
    links, apart = 0, 0
    relatives = collections.defaultdict(collections.Counter)
    for corpus, article in articles(folder):
        count_times(corpus, article, times)
        count_relatives(article, people, relatives)
        count_described_organizations(article, organizations, described)
        count_named_organizations(article, named, bare)
        text, published = article["text"], article.get("published")
        for a in article["attributions"]:
            time = (a.get("time") or {}) if a.get("sure", True) else {}
            if published and re.fullmatch(r"\d{4}-\d\d-\d\d", time.get("value") or "") and DAY.fullmatch(time["text"].lower()):
                distance = datetime.date.fromisoformat(time["value"]) - datetime.date.fromisoformat(published[:10])
                days[distance.days] += 1
            if a["source"] and a["cue"]:
                links += 1
                source, cue = (a["source"][0][0], a["source"][-1][1]), (a["cue"][0][0], a["cue"][-1][1])
                between = text[source[1] : cue[0]] if source[1] <= cue[0] else text[cue[1] : source[0]]
                apart += bool(SENTENCE_END_BEFORE_CAPITAL.search(between))
    for form, counts in sorted(times.items()):
        print(f"{form}: {counts['same']} of {sum(counts.values())} have the same time, {counts['own']} another")
    print(f"days of the week: {sum(days.values())}; by days from publication: {dict(sorted(days.items()))}")
    print(f"sources with a cue: {links}; in another sentence: {apart}")
    for form, counts in sorted(relatives.items()):
        print(f"somebody by a {form}: {counts['other']} of {sum(counts.values())} are somebody else")
    print(f"organisations by a noun with other words: {sum(described.values())}; names with {dict(described)}")
    print(f"organisations by a noun of [named] alone: {sum(bare.values())}; {bare['with the noun']} have it in their names")


if __name__ == "__main__":
    main(sys.argv[1])
