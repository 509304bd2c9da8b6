"""Scores records of web pages against annotated ones (stdlib only): the article's text, title and date, and strings that the
text must and must not have.

usage: pages.py text GOLD.json RECORDS.jsonl       {page: {"articleBody", "headline", "datePublished"}}, as the public
                                                   article-extraction-benchmark has them; the last two may be missing
       pages.py dates GOLD.json RECORDS.jsonl      {address: {"file", "date"}}, as htmldate's evaluation has them
       pages.py strings GOLD.jsonl RECORDS.jsonl   {"file", "with": […], "without": […]} a line, as trafilatura's has them
       pages.py trafilatura FOLDER                 prints records that trafilatura makes of the pages of a folder (needs
                                                   `pip install trafilatura lxml_html_clean`)

RECORDS are what `onrecord read FOLDER` prints; `article.source_id` is the path of the page. With --show, every miss.
"""

import collections
import gzip
import json
import os
import re
import sys

# Blocks that are beside the article's own text.
BESIDE = {"headline", "dateline", "caption", "credit", "byline"}


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


def words(text):
    return re.findall(r"\w+", text or "")


def shingles(text):
    all_words = words(text)
    return collections.Counter(tuple(all_words[i : i + 4]) for i in range(max(1, len(all_words) - 3))) if all_words else collections.Counter()


def overlap(gold, text):
    gold, found = shingles(gold), shingles(text)
    both = (gold & found).total()
    # Nothing that is found is nothing wrong.
    return both / found.total() if found else None, both / gold.total() if gold else 0.0


def text(gold, found, show):
    """Precision and recall of four words in a row, means over pages; a page is scored with its headline or without."""
    found = {re.sub(r"\.html?$", "", name): article for name, article in found.items()}
    sums, titles, dates = [], [], []
    for name, page in json.load(open(gold, encoding="utf-8")).items():
        article = found.get(name) or {"text": "", "blocks": []}
        parts = [(b["kind"], article["text"][b["start"] : b["end"]]) for b in article["blocks"]]
        body = "\n".join(part for kind, part in parts if kind not in BESIDE)
        head = "\n".join(part for kind, part in parts if kind == "headline")
        both = [overlap(page["articleBody"], t) for t in ((body, head + "\n" + body) if head else (body,))]
        best = max(both, key=lambda scores: (scores[0] or 0.0) + scores[1])
        sums.append(best)
        if page.get("headline"):
            titles.append([w.lower() for w in words(page["headline"])] == [w.lower() for w in words(article.get("title"))])
        if page.get("datePublished"):
            dates.append((article.get("published") or "")[:10] == page["datePublished"][:10])
        if show and (best[0] or 0.0) + best[1] < 1.8:
            print(f"{name}  precision {best[0] or 0.0:.2f}  recall {best[1]:.2f}")
    precisions = [p for p, r in sums if p is not None]
    precision, recall = sum(precisions) / len(precisions), sum(r for _, r in sums) / len(sums)
    print(f"pages {len(sums)}  precision {precision:.3f}  recall {recall:.3f}  F1 {2 * precision * recall / (precision + recall):.4f}", end="")
    for what, right in (("titles", titles), ("dates", dates)):
        print(f"  {what} {sum(right) / len(right):.3f}" if right else "", end="")
    print()


def trafilatura(folder):
    from trafilatura import bare_extraction

    for name in sorted(os.listdir(folder)):
        page = open(os.path.join(folder, name), "rb").read()
        page = gzip.decompress(page) if name.endswith(".gz") else page
        read = bare_extraction(page, with_metadata=True, include_comments=False)
        read = read.as_dict() if read is not None and not isinstance(read, dict) else read or {}
        body = read.get("text") or ""
        blocks = [{"kind": "paragraph", "start": 0, "end": len(body)}]
        article = {"source_id": name, "text": body, "blocks": blocks, "title": read.get("title"), "published": read.get("date")}
        print(json.dumps({"article": article}))


def main():
    if sys.argv[1:2] == ["trafilatura"] and len(sys.argv) == 3:
        return trafilatura(sys.argv[2])
    words = [w for w in sys.argv[1:] if w != "--show"]
    kinds = {"text": text, "dates": dates, "strings": strings}
    if len(words) != 3 or words[0] not in kinds:
        sys.exit(__doc__)
    kinds[words[0]](words[1], records(words[2]), "--show" in sys.argv)


main()
