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
print(f"{len(rows)} statements in Parquet, CSV and Web Annotation, {len(entities)} FollowTheMoney entities: as recorded")
