#!/usr/bin/env python3
"""Makes the files of codes beside it, and the countries of crates/text/data, from their sources; stdlib only. NOTICE.md has origins and licences.

usage: make.py GAZETTEER     a folder with countries_mledoze.jsonl, factbook_leaders.jsonl,
                             unitedstates+congress-legislators/, openeventdata+Dictionaries/ and ahalterman+NGEC/
"""

import collections
import datetime
import json
import os
import re
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
# What else the PLOVER agents file says of natural events and of nobody in particular.
NO_SECTOR = {"JNK", "UNK", "NON", "SOC", "PRM", "PRE", "IMG", "ELI"}
# Words of the agents file that mostly mean something else in the news.
NO_AGENTS = {"agent", "body", "branch", "cell", "center", "centre", "class", "club", "core", "force of", "front", "host", "house", "line", "lord",
             "member", "model", "operator", "page", "party", "people", "post", "press", "public", "record", "state", "station", "talk", "unit", "wing",
             "world", "camp", "column", "ring", "element", "family", "child", "city", "mother", "woman", "women", "man", "person", "president elect", "general", "spokesman", "spokeswoman",
             "spokesperson", "spokespersons"}
# Peoples that two sovereign countries share, and names of countries that are other places as often.
AMBIGUOUS = {"korean", "koreans", "korea", "congolese", "congo", "guinean", "guineans", "dominican", "dominicans", "georgia", "samoan", "samoans",
             "saint martin", "saint martin islander", "micronesian", "virgin islander",
             # Names that other places, or persons, bear as well, and other words.
             "island", "male", "mann", "reunion", "jamestown", "saint-denis", "jersey", "the valley", "valley", "city of victoria", "victoria", "kingston", "santiago", "georgetown", "hamilton", "stanley", "douglas",
             "san jose", "plymouth", "saint john's", "st george's", "gustavia", "alofi", "willemstad", "road town", "castries", "heard", "jerusalem"}
# Peoples of a country and of its territories.
SHARED = {"american": "USA", "americans": "USA", "british": "GBR", "french": "FRA", "dutch": "NLD", "chinese": "CHN", "irish": "IRL", "indian": "IND",
          "indians": "IND", "norwegian": "NOR", "norwegians": "NOR", "australian": "AUS", "australians": "AUS"}
# Codes of the Phoenix dictionary that ISO 3166 does not have.
PHOENIX = {"ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "KSV": None, "KOS": None, "PAL": "PSE", "SCG": "SRB", "YUG": None}
ODBL = """# Countries by the words for them.
# Format: ISO 3166 alpha-3 code, `|`, then names, peoples and capitals, in small letters without accents and full stops.
# Origin: made by make.py from mledoze/countries, whose data is available under the Open Database License 1.0 (ODbL),
# https://opendatacommons.org/licenses/odbl/1-0/. This file is a derivative database under the same licence; see NOTICE.md.
"""


def folded(s):
    s = "".join(c for c in unicodedata.normalize("NFD", s) if not unicodedata.combining(c)).replace(".", "").replace("’", "'")
    return " ".join(s.lower().split())


def lines(path):
    with open(path, encoding="utf-8") as f:
        return f.read().splitlines()


def write(name, text):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as f:
        f.write(text)
    print(f"{name}: {len(text)} bytes")


def latin(s):
    return all(ord(c) < 0x250 for c in s)


def plural(people):
    return people if people.endswith(("s", "ese", "ish", "ch", "men")) else people + "s"


def countries(folder):
    rows = [json.loads(l) for l in lines(f"{folder}/countries_mledoze.jsonl")]
    for d in rows:
        # ISO 3166 leaves codes that begin with an X to users. XKX is in common use for Kosovo.
        d["cca3"] = d["cca3"].replace("UNK", "XKX")
    by = {d["cca3"]: d for d in rows}
    main = {folded(d["name"]): d["cca3"] for d in rows}
    terms, owners = {}, collections.defaultdict(set)
    for d in rows:
        people = {d["demonyms_eng"].get(k, "") for k in "mf"}
        names = {d["name"], d["official"], *(a for a in d["alt"] if len(a) > 3 and a[0].isupper())}
        own = {folded(t) for t in names | people | {plural(p) for p in people if p} | set(d["capital"]) if latin(t) and "," not in t and "(" not in t}
        own |= {t[4:] for t in own if t.startswith("the ")}
        terms[d["cca3"]] = {t for t in own if len(t) > 3 and t not in AMBIGUOUS}
        for t in terms[d["cca3"]]:
            owners[t].add(d["cca3"])
    for t, who in owners.items():
        if len(who) > 1:
            # The country that is called so; else the one whose name begins as the word for its people does; else nobody's.
            alike = [c for c in who if folded(by[c]["name"])[:4] == t[:4]]
            keep = main.get(t) or SHARED.get(t) or (alike[0] if len(alike) == 1 else None)
            for c in who - {keep}:
                terms[c].discard(t)
    write("../../../text/data/countries.txt", ODBL + "".join(f"{c}|{', '.join(sorted(own))}\n" for c, own in sorted(terms.items()) if own))
    return terms


def agents(folder):
    expand = {"!PERSON!": ["man", "woman", "person"], "!MINIST!": ["minister", "ministry"]}
    out = collections.defaultdict(set)
    for line in lines(f"{folder}/ahalterman+NGEC/PLOVER_agents.txt"):
        m = re.match(r"^([A-Z0-9'&._ \-!]+?)_?\s*(?:\{[^}]*\})?\s*\[~([A-Z]+)\]", line)
        if not m:
            continue
        words, code = m[1], m[2]
        code = code[:3]
        if code in NO_SECTOR:
            continue
        forms = [words]
        for key, values in expand.items():
            forms = [f.replace(key, v) for f in forms for v in ([v for v in values] if key in f else [""])] if any(key in f for f in forms) else forms
        for f in forms:
            f = folded(f.replace("_", " "))
            if len(f) > 2 and f not in NO_AGENTS:
                out[f].add(code)
    by = collections.defaultdict(set)
    for f, codes in out.items():
        if len(codes) == 1:
            by[codes.pop()].add(f)
    text = """# Words for parties to events by their sector.
# Format: a PLOVER sector code in brackets, then words for one, in the singular and in small letters.
# Origin: made by make.py from the agents file of the PLOVER coder NGEC, copyright (c) 2014 Open Event Data Alliance, MIT licence;
# see NOTICE.md.
"""
    for code in sorted(by):
        text += f"[{code}]\n" + "".join(f + "\n" for f in sorted(by[code]))
    write("agents.txt", text)


def year(digits):
    """A date of the Phoenix dictionary, YYMMDD or YYYYMMDD, as YYYY-MM."""
    if len(digits) == 6:
        digits = ("19" if int(digits[:2]) > 30 else "20") + digits
    return f"{digits[:4]}-{digits[4:6]}" if len(digits) == 8 and "01" <= digits[4:6] <= "12" else None


def leaders(folder, codes):
    """Heads of state and of government as the World Factbook lists them, with the family name in capitals."""
    for d in map(json.loads, lines(f"{folder}/factbook_leaders.jsonl")):
        country = next((c for c, terms in codes.items() if folded(d["short"] or "-") in terms or folded(d["long"] or "-") in terms), None)
        for field in ("chief_of_state", "head_of_government"):
            # A monarch or president whom a representative stands for has an office elsewhere.
            if not country or not d[field] or "represented by" in d[field]:
                continue
            for words, day, month, year in re.findall(r"([^();]+)\(since (?:(\d{1,2}) )?(?:(\w+) )?(\d{4})\)", d[field]):
                words = words.split(",")[0].split()
                family = [i for i, w in enumerate(words) if len(w) > 1 and w.isupper() and w not in ("II", "III", "IV", "VI")]
                titles = [i for i, w in enumerate(words) if w.lower() in TITLES and (not family or i < family[0])]
                start = titles[-1] + 1 if titles else 0
                if not family or len(words) - start < 2:
                    continue
                month = datetime.datetime.strptime((month or "Jan")[:3], "%b").month
                forms = {" ".join(words[start:])}
                if start < family[0]:
                    forms.add(" ".join([words[start], *(words[i] for i in family)]))
                for form in forms:
                    yield folded(form), country, "GOV", f"{year}-{month:02}", ""


def persons(folder, codes):
    """(name, country, sector, from, to): who held which office, by full name; months."""
    out = list(leaders(folder, codes))
    for person in re.split(r"\n(?=- id:)", "\n".join(lines(f"{folder}/unitedstates+congress-legislators/legislators-current.yaml"))):
        name = re.search(r"official_full: (.+)", person)
        first, last = re.search(r"\n    first: (.+)", person), re.search(r"\n    last: (.+)", person)
        start = re.search(r"\n  - type: (?:rep|sen)\n    start: '([\d-]+)'", person)
        if first and last and start:
            names = {f"{first[1]} {last[1]}", name[1] if name else ""}
            nick = re.search(r"\n    nickname: (.+)", person)
            if nick:
                names.add(f"{nick[1]} {last[1]}")
            for n in names:
                if n:
                    out.append((folded(n.strip("'\"")), "USA", "LEG", start[1][:7], ""))
    for person in re.split(r"\n(?=- id:)", "\n".join(lines(f"{folder}/unitedstates+congress-legislators/executive.yaml"))):
        first, last = re.search(r"\n    first: (.+)", person), re.search(r"\n    last: (.+)", person)
        for m in re.finditer(r"- type: (?:prez|viceprez)\n    start: '([\d-]+)'\n    end: '([\d-]+)'", person):
            if first and last and m[1] > "1945":
                out.append((folded(f"{first[1]} {last[1]}"), "USA", "GOV", m[1][:7], m[2][:7]))
    out += phoenix(f"{folder}/openeventdata+Dictionaries/Phoenix.Countries.actors.txt", codes)
    owners = collections.defaultdict(set)
    terms = collections.defaultdict(set)
    for name, country, sector, first, last in out:
        owners[name].add(country)
        terms[name, country, sector].add((first, last))
    by = collections.defaultdict(list)
    for (name, country, sector), own in terms.items():
        # A name that persons of two countries bear tells nothing.
        if len(owners[name]) > 1:
            continue
        joined = []
        for first, last in sorted(own):
            # Months that no source names between two terms of the same kind are taken for gaps in the source, not in office.
            if joined and (not joined[-1][1] or int(first[:4]) * 12 + int(first[5:]) - int(joined[-1][1][:4]) * 12 - int(joined[-1][1][5:]) <= 6):
                joined[-1][1] = "" if not last or not joined[-1][1] else max(last, joined[-1][1])
            else:
                joined.append([first, last])
        by[name, country] += [f"{sector} {first}/{last}" for first, last in joined]
    text = """# Persons in office by their full names.
# Format: name in small letters without accents and full stops, `|`, ISO 3166 alpha-3 code, `|`, and PLOVER sector codes with the
# first and the last month in each office, or no last month where the source names none.
# Origin: made by make.py from the World Factbook's lists of leaders and from unitedstates/congress-legislators (both CC0), and from the
# Phoenix dictionary of countries, copyright (c) 2014 Open Event Data Alliance, MIT licence; see NOTICE.md.
"""
    write("persons.txt", text + "".join(f"{n}|{c}|{', '.join(sorted(t))}\n" for (n, c), t in sorted(by.items())))


# When the Phoenix dictionary was made: whoever was in office then may have left it since.
MADE = "2014-01"


def phoenix(path, codes):
    """Persons with the offices that they held since 2000."""
    names, out = [], []
    for line in lines(path):
        line = line.split(";")[0].split("#")[0].rstrip()
        if not line.strip():
            names = []
            continue
        offices = re.findall(r"\[([A-Z]{3})([A-Z]{3})[A-Z]*\s+(>?)([\d]{6,8})(?:-([\d]{6,8}))?\]", line)
        head = re.sub(r"\[.*", "", line).strip()
        if head:
            if not head.startswith("+"):
                names = []
            names.append(folded(head.lstrip("+").strip("_ ").replace("_", " ")))
        for country, sector, after, start, end in offices:
            country = PHOENIX.get(country, country)
            first, last = year(start), year(end) if end else MADE
            if country not in codes or sector not in ("GOV", "MIL", "LEG", "JUD") or not first or not last or last < "2000":
                continue
            for name in names:
                words = name.split()
                if 2 <= len(words) <= 5 and not any(w in TITLES for w in words) and all(re.fullmatch(r"[a-z'\-]+", w) for w in words):
                    out.append((name, country, sector, first, last))
    return out


TITLES = {"president", "minister", "king", "queen", "prince", "general", "secretary", "chancellor", "premier", "sheikh", "sultan", "emir", "prime", "mr",
          "leader", "bundeskanzler", "bundeskanzlerin", "kanzler", "kpa", "president-elect", "taoiseach", "amir", "co-prince", "archbishop", "captain", "crown",
          "grand", "duke", "duchess", "pope", "chairman", "chairperson", "interim", "acting", "transition", "transitional", "head", "state", "vice",
          "mullah", "federal", "council", "brigadier", "gen", "col", "lt", "deputy", "his", "her", "sovereign", "lord", "dr", "admiral", "ambassador", "senator", "of", "the", "chief", "colonel", "army", "party", "government", "national"}


if __name__ == "__main__":
    folder = sys.argv[1]
    codes = countries(folder)
    agents(folder)
    persons(folder, codes)
