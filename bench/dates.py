#!/usr/bin/env python3
"""Date expressions from the forms of Duckling and Recognizers-Text, with the dates that news means by them.

usage: bench/dates.py FOLDER > dates.jsonl; onrecord eval dates dates.jsonl

FOLDER holds `duckling_en.jsonl` (text, reference, start, kind, grain) and `recognizers_en.jsonl` (spec, text, reference,
results). Kept are expressions that name one day, month or year. The forms are taken, not the direction: where Duckling reads an
open expression forwards, the date before it that has the same name is right, too; of Recognizers-Text the resolution to the
past is. Left out, on purpose:

- holidays and days that depend on a calendar of feasts (Easter, Thanksgiving), “the ides of March”;
- days counted from another date (“three days after Easter”, “the closest Monday to Oct 5th”, “March in a year”);
- weeks ago or ahead, which news does not mean to the day, and spans (“upcoming two days”);
- numbers alone (“15”, “the 24”, “on the first”), “12-5”, digits glued to a month (“Oct2”), years in words;
- dates that don't exist, and compounds (“1 month 21 days ago”).
"""

import datetime
import json
import re
import sys

LEFT_OUT = re.compile(
    r"christmas|easter|ides|closest|upcoming|week|after next|at this time|hence|business|from (tomorrow|yesterday)|last day of|"
    r"(fifth|5th) last|after today|days before yesterday|later|days from now|in (1|a) year|tomorrows|(years?|months?|days?),? (and )?\d|"
    r"month 2 years|few|^2 - 15$|last day|past day|my day|the day$|tmrw|thousand|nineteen|[a-z]\d|\d[a-z]{3,}|\|", re.I)
NUMBER_ALONE = re.compile(r"(on |back |for )?(the )?(\d{1,2}(st|nd|rd|th)?|first|second|thirty|twenty second)[.! ]*", re.I)
TWO_NUMBERS = re.compile(r"[\d./ -]{2,6}")
AHEAD = re.compile(r"next|tomorrow|from now|from today|^in (\d|an? |two |three )", re.I)
WEEKDAY = re.compile(r"(on |this )?(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?", re.I)
NTH = re.compile(r"(first|second|third|fourth|last) (\w+day) (?:of|in) (\w+)$", re.I)
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONTHS = "january february march april may june july august september october november december".split()


def precise(date, text, grain):
    """A date as precise as the expression: a count of years means a year."""
    if re.search(r"years? (ago|back|from)", text):
        grain = "Year"
    elif re.search(r"months? (ago|back|from)", text):
        grain = "Month"
    return date[:{"Day": 10, "Month": 7, "Year": 4}[grain]]


def before(text, date, today):
    """The last date before a day that has the same name as a later one."""
    if WEEKDAY.fullmatch(text):
        return date - datetime.timedelta(days=7 * (((date - today).days + 6) // 7))
    if nth := NTH.match(text):
        return nth_of(nth[1].lower(), DAYS.index(nth[2].lower()), MONTHS.index(nth[3].lower()) + 1, today)
    # A day of the week beside the date picks the year.
    weekday = next((n for n, day in enumerate(DAYS) if re.search(rf"\b{day[:3]}", text, re.I)), None)
    for year in range(today.year, today.year - 8, -1):
        earlier = date.replace(year=year)
        if earlier <= today and weekday in (None, earlier.weekday()):
            return earlier
    return date


def nth_of(which, weekday, month, today):
    for year in (today.year, today.year - 1):
        first = datetime.date(year, month, 1)
        days = [d for d in (first + datetime.timedelta(n) for n in range(31)) if d.month == month and d.weekday() == weekday]
        day = days[-1] if which == "last" else days[["first", "second", "third", "fourth"].index(which)]
        if day <= today:
            return day
    return day


def duckling(folder):
    for line in open(f"{folder}/duckling_en.jsonl", encoding="utf-8"):
        d = json.loads(line)
        text, reference, start = d["text"], d["reference"][:10], (d["start"] or "")[:10]
        if d["kind"] != "datetime" or d["grain"] not in ("Day", "Month", "Year") or d.get("direction"):
            continue
        if LEFT_OUT.search(text) or NUMBER_ALONE.fullmatch(text):
            continue
        values = [precise(start, text, d["grain"])]
        if start > reference and not AHEAD.search(text) and not re.search(r"\d{4}", text):
            past = before(text, datetime.date.fromisoformat(start), datetime.date.fromisoformat(reference))
            values.append(precise(past.isoformat(), text, d["grain"]))
        yield {"text": text, "reference": reference, "values": values}


def recognizers(folder):
    for line in open(f"{folder}/recognizers_en.jsonl", encoding="utf-8"):
        d = json.loads(line)
        if d["spec"] != "DateParser" or not d["results"] or not d["reference"]:
            continue
        result = d["results"][0]
        text, value = result["Text"], result.get("Value") or {}
        past = (value.get("PastResolution") or {}).get("date") or "0001"
        alone = NUMBER_ALONE.fullmatch(text) or TWO_NUMBERS.fullmatch(text) or re.fullmatch(r"\w+ \w+day", text)
        if past.startswith("0001") or LEFT_OUT.search(text) or (alone and not re.match("this|last|next", text)) or re.search(r"\d,\d", text):
            continue
        yield {"text": d["text"], "reference": str(d["reference"])[:10], "values": [precise(past, text, "Day")]}


for case in [*duckling(sys.argv[1]), *recognizers(sys.argv[1])]:
    print(json.dumps(case))
