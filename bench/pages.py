"""Scores records of web pages against annotated ones (stdlib only): dates of publication, and strings that the text of
the article must and must not have.

usage: pages.py dates GOLD.json RECORDS.jsonl      {address: {"file", "date"}}, as htmldate's evaluation has them
       pages.py strings GOLD.jsonl RECORDS.jsonl   {"file", "with": […], "without": […]} a line, as trafilatura's has them

RECORDS are what `onrecord read FOLDER` prints; `article.source_id` is the path of the page. With --show, every miss.
"""

import json
import os
import re
import sys


def records(path):
    found = {}
    for line in open(path, encoding="utf-8"):
        article = json.loads(line)["article"]
        found[re.sub(r"\.gz$", "", os.path.basename(article["source_id"]))] = article
    return found


def dates(gold, found, show):
    right = wrong = 0
    gold = {v["file"]: v["date"] for v in json.load(open(gold, encoding="utf-8")).values()}
    # A page that the annotators found no date on has "nan".
    gold = {k: v if re.match(r"\d", str(v)) else None for k, v in gold.items()}
    for file, date in gold.items():
        given = (found.get(file) or {}).get("published")
        given = given if given and len(given) == 10 else None
        right += given == date
        wrong += given is not None and given != date
        if show and given != date:
            print(f"{file}  annotated {date}  found {given}")
    print(f"pages {len(gold)}  right {right}  wrong {wrong}  accuracy {right / len(gold):.3f}")


def strings(gold, found, show):
    has = lacks = stray = clean = 0
    for line in open(gold, encoding="utf-8"):
        page = json.loads(line)
        file = os.path.basename(page["file"])
        text = " ".join((found.get(file) or {"text": ""})["text"].split())
        for wanted, part in ((True, page["with"]), (False, page["without"])):
            for string in part:
                there = " ".join(string.split()) in text
                has, lacks = has + (wanted and there), lacks + (wanted and not there)
                stray, clean = stray + (not wanted and there), clean + (not wanted and not there)
                if show and there != wanted:
                    print(f"{file}  {'lacks' if wanted else 'has'}  {string[:80]!r}")
    precision, recall = has / (has + stray), has / (has + lacks)
    print(f"precision {precision:.3f}  recall {recall:.3f}  F1 {2 * precision * recall / (precision + recall):.3f}")


def main():
    words = [w for w in sys.argv[1:] if w != "--show"]
    kinds = {"dates": dates, "strings": strings}
    if len(words) != 3 or words[0] not in kinds:
        sys.exit(__doc__)
    kinds[words[0]](words[1], records(words[2]), "--show" in sys.argv)


main()
