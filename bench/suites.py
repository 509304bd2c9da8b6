"""Reads the test files of other projects, where they are on this machine, and compares what is found with what those suites
expect (stdlib only). Nothing of them is kept here.

usage: suites.py BINARY FOLDER...

A folder may hold, at any depth:
  feeds with a comment `Expect: ... entries[0]['title'] == '...'`, as feedparser has them: an entry with an expected text
  must be read, its title and its date must be the expected ones;
  web archives (.warc, .warc.gz) and news items (.xml, .json, .ninjs): whatever they hold must be read or said to be left out.
Prints lost documents, wrong titles and wrong dates, and crashes.
"""

import collections
import html
import json
import os
import re
import subprocess
import sys

EXPECTED = re.compile(r"Expect:(.*)")
FIELD = r"entries\[0\]\['%s'\]\s*==\s*u?(['\"])(.*?)\1"
TEXT = re.compile(r"entries\[0\](\.content\[0\]\.value|\['(summary|description|content)'\](\[0\]\['value'\])?)\s*==\s*u?(['\"])(.+?)\4")
DATE = re.compile(r"entries\[0\]\['(published|updated|date)_parsed'\]\s*==\s*\((\d{4}), (\d+), (\d+)")


def words(text):
    return re.sub(r"\W+", " ", html.unescape(re.sub(r"<[^>]*>", "", html.unescape(text or "")))).strip().lower()


def read(binary, path, kind=None):
    command = [binary, "read", "--threads", "1", "--format", "jsonl"] + (["--from", kind] if kind else []) + [path]
    run = subprocess.run(command, capture_output=True, text=True, errors="replace")
    records = [json.loads(line) for line in run.stdout.splitlines() if line.strip()]
    return records, run.stderr.strip(), run.returncode


def main():
    binary, folders = sys.argv[1], sys.argv[2:]
    if not folders:
        sys.exit(__doc__)
    count = collections.Counter()
    for path in sorted(os.path.join(at, name) for folder in folders for at, _, names in os.walk(folder) for name in names):
        ending = path.removesuffix(".gz").rsplit(".", 1)[-1]
        if ending not in ("xml", "rss", "atom", "warc", "json", "ninjs"):
            continue
        head = open(path, "rb").read(4096).decode("utf-8", "replace")
        expected = EXPECTED.search(head)
        records, said, code = read(binary, path, "feed" if expected else None)
        count["files"] += 1
        count["articles"] += len(records)
        if code not in (0, 3, 4):
            count["crashes"] += 1
            print(f"crash {code}  {path}")
        elif not records and not said:
            count["silent"] += 1
            print(f"silent  {path}")
        if not expected:
            continue
        expected = expected.group(1)
        text = TEXT.search(expected)
        if text and words(text.group(5)) and not records:
            count["lost"] += 1
            print(f"lost  {path}  {said[-80:]}")
        if not records:
            continue
        article = records[0]["article"]
        title = re.search(FIELD % "title", expected)
        if title and "\\" not in title.group(2):
            count["titles"] += 1
            if words(title.group(2)) != words(article["title"]):
                count["wrong titles"] += 1
                print(f"title  {path}  {article['title']!r}, not {title.group(2)!r}")
        date = DATE.search(expected)
        if date:
            count["dates"] += 1
            # Those are in universal time; the day stated may be the one before or after.
            day = "%s-%02d-%02d" % (date.group(2), int(date.group(3)), int(date.group(4)))
            if (article["published"] or "")[:7] != day[:7] and (article["published"] or "")[:4] != day[:4]:
                count["wrong dates"] += 1
                print(f"date  {path}  {article['published']}, not {day}")
    print(json.dumps(count))


main()
