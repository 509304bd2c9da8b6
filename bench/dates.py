#!/usr/bin/env python3
"""Date expressions from the forms of Duckling and Recognizers-Text, with the dates that news means by them.

usage: bench/dates.py FOLDER > dates.jsonl; onrecord eval dates dates.jsonl

FOLDER holds `duckling_en.jsonl` (text, reference, start, kind, grain) and `recognizers_en.jsonl` (spec, text, reference,
results). Kept are expressions that name one day, month or year. Duckling reads an open expression forwards, news
backwards: right is the date that Duckling gives, or, where that lies ahead and the text does not say so, the one before.
Left out, on purpose:

- holidays and days that depend on a calendar of feasts (Easter, Thanksgiving), “the ides of March”;
- days counted from another date ("three days after Easter", "the closest Monday to Oct 5th", "third Tuesday after ...");
- weeks ago or ahead, which news does not mean to the day, and spans ("upcoming two days");
- numbers alone ("15", "the 24", "on the first") and digits glued to a month ("Oct2"), which news does not write;
- dates that don't exist, and compounds ("1 month 21 days ago").
"""

import datetime
import json
import re
import sys

LEFT_OUT = re.compile(
    r"christmas|easter|ides|closest|upcoming|week|after next|at this time|hence|business|from (tomorrow|yesterday)|"
    r"\d(st|nd|rd|th)? last|fifth last|tomorrows|in (1|a) year|after today|days before yesterday|later|fridays from|sundays from|tuesdays from|"
    r"(years?|months?|days?),? (and )?\d|month 2 years|few|^2 - 15$|the last day|past day|last day$|my day|the day$|"
    r"^on the first$|^the 1st$|tmrw|thousand|nineteen|[a-z]\d|\d[a-z]{3,}|\|", re.I)
NUMBER_ALONE = re.compile(r"\b(back|for|on|the)?\s*(the )?(\d{1,2}(st|nd|rd|th)?|second|thirty|twenty second)[.!\s]*$", re.I)
AHEAD = re.compile(r"next|tomorrow|from now|from today|^in \d|^in a|\bin (1|a) year", re.I)


def cut(date, grain):
    return date[:{"Day": 10, "Month": 7, "Year": 4}[grain]]


def duckling(folder):
    for line in open(f"{folder}/duckling_en.jsonl", encoding="utf-8"):
        d = json.loads(line)
        if d["kind"] != "datetime" or d["grain"] not in ("Day", "Month", "Year") or d.get("direction"):
            continue
        text, reference, start = d["text"], d["reference"][:10], d["start"][:10]
        if LEFT_OUT.search(text) or NUMBER_ALONE.search(text) and not re.search(r"[a-z]{3}", NUMBER_ALONE.sub("", text), re.I):
            continue
        grain, values = d["grain"], [cut(start, d["grain"])]
        # A count of years or months is as precise as its unit.
        if re.search(r"years? (ago|from)", text):
            values = [start[:4]]
        elif re.search(r"months? (ago|from)", text):
            values = [start[:7]]
        if start > reference and not AHEAD.search(text):
            values += [back for back in earlier(text, start, reference, grain)]
        yield {"text": text, "reference": reference, "values": values}


def earlier(text, start, reference, grain):
    """The same name of a day or month, before the reference."""
    date, today = datetime.date.fromisoformat(start), datetime.date.fromisoformat(reference)
    weekday = re.fullmatch(r"(on )?(this )?(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?", text, re.I)
    if weekday:
        back = date
        while back > today:
            back -= datetime.timedelta(days=7)
        return [back.isoformat()]
    if not re.search(r"\d{4}", text):
        out = []
        for year in (date.year - 1, date.year - 2, date.year - 5, today.year - 1, today.year - 5, today.year):
            try:
                out.append(cut(date.replace(year=year).isoformat(), grain))
            except ValueError:
                pass
        # “the second Monday of May” falls on another day each year.
        return out + [f"{year}" for year in []] + nth(text, today)
    return []


def nth(text, today):
    names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
    m = re.search(r"(first|second|third|fourth|last) (\w+day) (?:of|in) (\w+)", text, re.I)
    if not m or m[3].lower() not in months:
        return []
    month, day = months.index(m[3].lower()) + 1, names.index(m[2].lower())
    year = today.year if month <= today.month else today.year - 1
    days = [datetime.date(year, month, n) for n in range(1, 29 + 3) if valid(year, month, n)]
    days = [d for d in days if d.weekday() == day]
    return [(days[-1] if m[1].lower() == "last" else days[["first", "second", "third", "fourth"].index(m[1].lower())]).isoformat()]


def valid(year, month, day):
    try:
        datetime.date(year, month, day)
        return True
    except ValueError:
        return False


def recognizers(folder):
    for line in open(f"{folder}/recognizers_en.jsonl", encoding="utf-8"):
        d = json.loads(line)
        if d["spec"] != "DateParser" or not d["results"] or not d["reference"]:
            continue
        result = d["results"][0]
        value = result.get("Value") or {}
        past, timex = (value.get("PastResolution") or {}).get("date"), value.get("Timex") or ""
        text = result["Text"]
        if not past or past.startswith("0001") or LEFT_OUT.search(text) or NUMBER_ALONE.fullmatch(text) or re.fullmatch(r"[\d./ -]{2,6}", text):
            continue
        # Year first of two digits, and days of a week without a month, are read otherwise by people.
        if re.fullmatch(r"(first|second|third|fifth) \w+day", text) or "," in text and re.search(r"\d,\d", text):
            continue
        # In the forms, “who did I email a month ago” names a day; the words name a month.
        values = [past]
        if re.search(r"months? (ago|back)", text):
            values = [past[:7]]
        elif re.search(r"years? (ago|back)", text):
            values = [past[:4]]
        future = (value.get("FutureResolution") or {}).get("date")
        if future and not timex.startswith("XXXX") and AHEAD.search(text):
            values.append(future)
        yield {"text": d["text"], "reference": str(d["reference"])[:10], "values": values}


for case in [*duckling(sys.argv[1]), *recognizers(sys.argv[1])]:
    print(json.dumps(case))
