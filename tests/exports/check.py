"""Checks exports against the records that they came from: check.py FOLDER."""

import json
import sys

import duckdb
from followthemoney import model

folder = sys.argv[1]
with open(f"{folder}/news.jsonl", encoding="utf-8") as lines:
    records = [json.loads(line) for line in lines]
statements = [(r, s) for r in records for s in r["statements"]]

rows = duckdb.sql(f"SELECT article_id, content, content_spans, speaker, said, about FROM '{folder}/news.parquet'").fetchall()
assert len(rows) == len(statements)
texts = {r["article"]["id"]: r["article"]["text"] for r in records}
for row, (record, statement) in zip(rows, statements, strict=True):
    article, content, spans, speaker, said, about = row
    assert content == " … ".join(texts[article][s["start"] : s["end"]] for s in spans), row
    assert speaker == statement["speaker"]["name"], row
    assert said == (statement["time"] or {}).get("value"), row
    names = {e["id"]: e["name"] for e in record["entities"]}
    assert about == [names[e] for e in statement["about"]], row

csv = duckdb.sql(f"SELECT content FROM read_csv('{folder}/news.csv', all_varchar=true)").fetchall()
assert [content for (content,) in csv] == [content for _, content, *_ in rows]

with open(f"{folder}/news.ftm", encoding="utf-8") as lines:
    entities = [json.loads(line) for line in lines]
for entity in entities:
    model.get(entity["schema"]).validate({"properties": entity["properties"]})
    # A value that FollowTheMoney doesn't take for one of its type is left out when it reads an entity.
    assert set(model.get_proxy(entity).to_dict()["properties"]) == {k for k, v in entity["properties"].items() if v}, entity
ids = {e["id"] for e in entities}
linked = [e for e in entities if e["schema"] == "Documentation"]
assert linked and all(e["properties"][k][0] in ids for e in linked for k in ("document", "entity"))

with open(f"{folder}/news.webannotation", encoding="utf-8") as page:
    annotations = json.load(page)["items"]
assert len(annotations) == len(statements)
for annotation, (record, _) in zip(annotations, statements, strict=True):
    for target in annotation["target"]:
        position, quote = target["selector"]
        assert record["article"]["text"][position["start"] : position["end"]] == quote["exact"]
# Reports of events: one row each, in every format.
with open(f"{folder}/events.jsonl", encoding="utf-8") as lines:
    reports = [json.loads(line) for line in lines]
events = {(r["article"]["source_id"], e["id"]): (r, e) for r in records for e in r["events"]}
assert reports and len(reports) == len(events)
statements_of = {r["article"]["id"]: {s["id"]: s for s in r["statements"]} for r in records}
for report in reports:
    record, event = events[report["source_id"], report["report"].rsplit(".", 1)[1]]
    text = record["article"]["text"]
    assert report["type"] == event["type"] and report["status"] == event["status"], report
    assert report["trigger"] == " … ".join(text[start:end] for start, end in report["trigger_spans"]), report
    assert report["trigger"] in report["sentence"], report
    assert (report["claimant"] == "article") == (event["claimant"] == "article"), report
    claim = statements_of[record["article"]["id"]].get(event["claimant"])
    assert report["claimant_statement"] == (claim and claim["content"]["text"]), report
names = list(reports[0])
table = duckdb.sql(f"SELECT * FROM '{folder}/events.parquet'")
assert sorted(table.columns) == sorted(names)
for row, report in zip(table.fetchall(), reports, strict=True):
    for name, value in zip(table.columns, row, strict=True):
        if name.endswith("_spans"):
            value = [[span["start"], span["end"]] for span in value]
        assert value == report[name], (name, value, report[name])
csv = duckdb.sql(f"SELECT report, claimant_name, date FROM read_csv('{folder}/events.csv', all_varchar=true)").fetchall()
assert csv == [(r["report"], r["claimant_name"], r["date"]) for r in reports]
counted = duckdb.sql(f"SELECT claimant, count(*) FROM '{folder}/events.parquet' GROUP BY ALL").fetchall()
assert sum(n for _, n in counted) == len(reports) and {"article", "statement"} == {claimant for claimant, _ in counted}
polecat = duckdb.sql(f"SELECT \"Event ID\", \"Event Type\" FROM read_csv('{folder}/events.polecat', delim='\t', header=true, all_varchar=true)").fetchall()
assert polecat == [(r["report"], r["type"]) for r in reports]
gdelt = duckdb.sql(f"SELECT * FROM read_csv('{folder}/events.gdelt', delim='\t', header=false, all_varchar=true)")
claims = duckdb.sql(f"SELECT GLOBALEVENTID, report, status FROM read_csv('{folder}/events.claims.gdelt', delim='\t', header=true, all_varchar=true)")
assert len(gdelt.columns) == 61
assert claims.fetchall() == [(str(n), r["report"], r["status"]) for n, r in enumerate(reports, 1)]
assert [row[0] for row in gdelt.fetchall()] == [str(n) for n in range(1, len(reports) + 1)]
print(f"{len(reports)} reports in JSON Lines, Parquet, CSV, POLECAT's and GDELT's columns: as recorded")
print(f"{len(rows)} statements in Parquet, CSV and Web Annotation, {len(entities)} FollowTheMoney entities: as recorded")
