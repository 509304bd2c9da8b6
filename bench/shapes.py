"""Measures how reading grows with its input: odd shapes at n, 2n, 4n and 8n (stdlib only).

usage: shapes.py BINARY [--only NAME] [--base BYTES]

Prints CPU seconds and the largest memory for each size, and the exponent between the last two sizes: 1 is linear. Exits
with 1 where a shape takes more than twice what linear growth would from n to 8n, small times aside.
"""

import argparse
import math
import os
import resource
import subprocess
import sys
import tempfile

PAGE = "<html><head><title>Bridge opens in May</title></head><body><article><h1>Bridge opens in May</h1>%s</article></body></html>"
SAID = "“We open in May,” Minister Ada Brandt said on Friday. "


def fill(unit, size):
    return unit * max(1, size // len(unit.encode()))


def named(n):
    """A word that looks like a name, another one for each number."""
    word = ""
    for _ in range(4):
        word += "bdfgklmnprst"[n % 12] + "aeiou"[n // 12 % 5]
        n = n // 60 + 7 * n
    return word.capitalize()


def numbered(pattern, size):
    out, length, n = [], 0, 0
    while length < size:
        out.append(pattern.replace("%w", named(n)).replace("%d", str(n)))
        length += len(out[-1])
        n += 1
    return "".join(out)


# Name: (ending of the file, text of about this many bytes).
SHAPES = {
    # Pages.
    "nested div": ("html", lambda n: PAGE % (fill("<div>", n) + SAID)),
    "div and stray end": ("html", lambda n: PAGE % (fill("<div></x>", n) + SAID)),
    "span and stray end": ("html", lambda n: PAGE % (fill("<span></x>", n) + SAID)),
    "inline and stray end": ("html", lambda n: PAGE % (fill("<i></x>", n) + SAID)),
    "svg and stray end": ("html", lambda n: PAGE % (fill("<svg><g></x>", n) + SAID)),
    "unclosed font": ("html", lambda n: PAGE % (numbered("<font a=%d>", n // 4) + fill("<p>x", n))),
    "unclosed b, p": ("html", lambda n: PAGE % fill("<b><p>x ", n)),
    "a and b crossed": ("html", lambda n: PAGE % fill("<a><b><p></a>x</b>", n)),
    "attributes": ("html", lambda n: PAGE % ("<p" + numbered(" a%d", n) + ">" + SAID)),
    "attributes of body": ("html", lambda n: PAGE % (numbered("<body a%d>", n) + SAID)),
    "tables": ("html", lambda n: PAGE % fill("<table><tr><td>x", n)),
    "cells": ("html", lambda n: PAGE % ("<table>" + fill("<tr><td>a<td>b", n))),
    "foster parents": ("html", lambda n: PAGE % ("<table>" + fill("<p>x", n))),
    "paragraphs": ("html", lambda n: PAGE % fill("<p>" + SAID + "</p>", n)),
    "paragraphs of a share tool": ("html", lambda n: PAGE % ("<div class=share>" + fill("<p>" + SAID + "</p>", n) + "</div>")),
    "line breaks": ("html", lambda n: PAGE % fill("x<br>", n)),
    "empty elements": ("html", lambda n: PAGE % (SAID + fill("<i></i>", n))),
    "links": ("html", lambda n: PAGE % fill("<p><a href=x>" + SAID + "</a></p>", n)),
    "list items": ("html", lambda n: PAGE % ("<ul>" + fill("<li>" + SAID, n))),
    "quotations": ("html", lambda n: PAGE % fill("<blockquote><p>We are late.</p>— Ada Brandt</blockquote>", n)),
    "nested details": ("html", lambda n: PAGE % numbered("<details>On day %d it rained. " + SAID, n)),
    "nested sections and paragraphs": ("html", lambda n: PAGE % numbered("<section>a<p>On day %d it rained. " + SAID, n)),
    "long texts in nested figures": ("html", lambda n: PAGE % numbered("<figure>" + "On day %d it rained in Tallberg. " * 20, n)),
    "a text twice": ("html", lambda n: PAGE % (2 * ("<div>" + numbered("<p>On day %d it rained all the time in Tallberg, and nobody came.</p>", n // 2) + "</div>"))),
    "shadow roots": ("html", lambda n: PAGE % fill("<x-a><template shadowrootmode=open><p><slot></slot></p></template>" + SAID + "</x-a>", n)),
    "nested shadow roots": ("html", lambda n: PAGE % fill("<x-a><template shadowrootmode=open><p><slot></slot></p></template>" + SAID, n)),
    "shadow roots in shadow roots": ("html", lambda n: PAGE % fill("<x-a>" + SAID + "<template shadowrootmode=open><slot></slot>", n)),
    "nested quotations": ("html", lambda n: PAGE % (fill("<blockquote>We are late. ", n))),
    "pull quotes": ("html", lambda n: PAGE % fill("<aside class=pullquote>We are late.</aside><p>" + SAID, n)),
    "different pull quotes": ("html", lambda n: PAGE % numbered("<aside class=pullquote>We are %d.</aside><p>It rained all day, she said.", n)),
    "sections": ("html", lambda n: PAGE % fill("<section><div class=widget><p>" + SAID * 2 + "</p></div></section>", n)),
    "comments section": ("html", lambda n: PAGE % (SAID + "<div class=comments>" + fill("<div class=comment><p>" + SAID * 2 + "</p></div>", n))),
    "text in divs": ("html", lambda n: PAGE % fill("<div data-x=1>" + SAID * 2 + "</div>", n)),
    "teasers": ("html", lambda n: PAGE % fill("<div><a href=x><h3>Ferries</h3></a><p>" + SAID * 2 + "</p></div>", n)),
    "items": ("html", lambda n: PAGE % ("<ol>" + fill("<li><h2>A</h2><p>" + SAID * 2 + "</p><p>" + SAID * 2 + "</p></li>", n))),
    "dates": ("html", lambda n: PAGE % fill("<div class=date>March <b>4</b></div>", n)),
    "meta": ("html", lambda n: fill("<meta name=a content=b>", n) + PAGE % SAID),
    "linked data": ("html", lambda n: "<script type='application/ld+json'>" + fill("[", n // 2) + fill("]", n // 2) + "</script>" + PAGE % SAID),
    "scripts": ("html", lambda n: fill("<script>a<b</script>", n) + PAGE % SAID),
    "comments": ("html", lambda n: PAGE % (fill("<!-- x -->", n) + SAID)),
    "open comments": ("html", lambda n: PAGE % (fill("<!--", n) + SAID)),
    "less than": ("html", lambda n: PAGE % fill("< ", n)),
    "end tags": ("html", lambda n: PAGE % (fill("</p>", n) + SAID)),
    "references": ("html", lambda n: PAGE % fill("&#x", n)),
    "templates": ("html", lambda n: PAGE % (fill("<template>", n) + SAID)),
    "selects": ("html", lambda n: PAGE % (fill("<select><option>x", n) + SAID)),
    "forms": ("html", lambda n: PAGE % (fill("<form><input>", n) + SAID)),
    "long class": ("html", lambda n: PAGE % ("<p class='" + fill("a-b ", n) + "'>" + SAID)),
    "long title": ("html", lambda n: "<title>" + fill("a - b ", n) + "</title>" + PAGE % SAID),
    "questions": ("html", lambda n: PAGE % fill("<h3>When?</h3><p>In May.</p>", n)),
    "headings": ("html", lambda n: "<title>Bridge opens in May</title>" + fill("<h1><div>bridge opens ", n)),
    "lower headings": ("html", lambda n: "<title>Bridge opens in May</title>" + fill("<h2><div>bridge opens ", n)),
    "without scripts": ("html", lambda n: PAGE % (fill("<noscript>", n // 4) + fill("<p>" + SAID, n))),
    "times": ("html", lambda n: PAGE % fill("<time class=updated datetime=2016-03-04>x</time>", n)),
    "dates before": ("html", lambda n: fill("<p>4 March 2016", n) + PAGE % SAID),
    "marked dates": ("html", lambda n: fill("<div class=date>", n // 4) + fill("<i></i>", n)),
    "first letters": ("html", lambda n: PAGE % fill("<p>T</p><p>he bridge opens.</p>", n)),
    "encoded twice": ("html", lambda n: PAGE % fill("â€™â€Â", n)),
    # Feeds and news items.
    "feed of items": ("rss", lambda n: "<rss><channel>" + fill("<item><title>a</title><description>" + SAID + "</description></item>", n) + "</channel></rss>"),
    "feed title of tags": ("rss", lambda n: "<rss><channel><item><title>" + fill("&lt;div>", n) + "</title><description>" + SAID + "</description></item></channel></rss>"),
    "feed of open tags": ("rss", lambda n: "<rss><channel><item><description>" + fill("<div>", n) + SAID),
    "feed of open items": ("rss", lambda n: "<rss><channel>" + fill("<item>", n)),
    "feed attributes": ("rss", lambda n: "<rss" + numbered(" a%d", n) + "><channel><item><description>" + SAID),
    "feed escaped": ("rss", lambda n: "<rss><channel><item><description>" + fill("&amp;amp;#8220;a ", n)),
    "news items": ("xml", lambda n: "<newsMessage>" + fill("<newsItem><inlineData>" + SAID + "</inlineData></newsItem>", n)),
    "news item open": ("xml", lambda n: "<newsMessage><newsItem>" + fill("<a>", n)),
    # Quotation marks.
    "single quotes": ("txt", lambda n: fill("'a ", n)),
    "single quotes in words": ("txt", lambda n: fill("‘it was late’ ", n)),
    "open single quotes": ("txt", lambda n: fill("‘a ", n)),
    "plurals": ("txt", lambda n: fill("‘the dogs’ ", n)),
    "nested quotes": ("txt", lambda n: fill("“‘", n // 2) + "a" + fill("’”", n // 2)),
    "closing quotes": ("txt", lambda n: fill("a” ", n)),
    "mistyped quotes": ("txt", lambda n: fill(" ”a", n)),
    "straight quotes": ("txt", lambda n: fill('"a ', n)),
    "quoted statements": ("txt", lambda n: fill(SAID, n)),
    "one long quotation": ("txt", lambda n: "“" + fill("He said that it was late. ", n) + "” she said."),
    # Names, and sentences without end.
    "abbreviations": ("txt", lambda n: numbered("The %w Group (%wG) said it rained. ", n)),
    "one abbreviation": ("txt", lambda n: numbered("The Alpha %w Group (AG) said it rained. ", n)),
    "former names": ("txt", lambda n: numbered("The %w Group, formerly the %w Board, said it rained. ", n)),
    "one sentence": ("txt", lambda n: fill("“We open in May,” Minister Ada Brandt said and ", n)),
    # JSON.
    "lines": ("jsonl", lambda n: fill('{"text": "It rained, she said."}\n', n)),
    "list": ("json", lambda n: "[" + fill('{"text": "It rained, she said."},', n) + '{"text": "a"}]'),
    "nested lists": ("json", lambda n: "[" * n),
}


def measure(binary, path):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([binary, "read", "--threads", "1", "--format", "jsonl", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, run.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--only")
    parser.add_argument("--base", type=int, default=16_000)
    args = parser.parse_args()
    steep = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (ending, shape) in SHAPES.items():
            if args.only and args.only != name:
                continue
            times, codes = [], set()
            for factor in (1, 2, 4, 8):
                path = os.path.join(folder, f"in.{ending}")
                with open(path, "w", encoding="utf-8") as out:
                    out.write(shape(args.base * factor))
                seconds, code = measure(args.binary, path)
                times.append(seconds)
                codes.add(code)
            slope = math.log2(max(times[3], 0.01) / max(times[2], 0.01))
            bad = times[3] > 16 * max(times[0], 0.03)
            died = any(code < 0 for code in codes)
            steep += [name] if bad or died else []
            print(f"{name:28} " + " ".join(f"{t:7.2f}" for t in times) + f"  exponent {slope:5.2f}" + ("  DIED" if died else "  STEEP" if bad else ""), flush=True)
    if steep:
        sys.exit("more than linear: " + ", ".join(steep))


main()
