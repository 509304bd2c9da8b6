"""Fits the settings for event reports in the model file: thresholds, and the calibration from evidence to confidence.

The engine prints the evidence (examples/training_events.rs) for annotated articles that its encoder had not seen, with
a low threshold for triggers. A logistic regression over its log odds gives the probability that type, actor, recipient
and claimant are all right and that the report is right about whether the event happened. The threshold for triggers is
the one with the best F1 of triggers and their types; `sure` is the lowest confidence above which the required share of
reports is right in every respect.

usage: events.py GOLD RECORDS > events.json
"""

import argparse
import json
import math
import os
import sys

import torch


def load(scorer):
    sys.path.insert(0, os.path.dirname(os.path.abspath(scorer)))
    import score_events
    import score_speakers
    return score_events, score_speakers


def pairs(gold, record, tools):
    """The reports that count, as [(report index, type right, all right)], by the definitions of `onrecord eval
    events`."""
    score_events, s = tools
    text, reports = gold["text"], record["events"]
    asked = {x["id"]: s.toks(text, x["content"]) for x in gold["statements"]}
    told = {x["id"]: s.toks(text, s.spans(x["content"])) for x in record["statements"]}
    names = lambda p: score_events.last(((p or {}).get("name") or "").split(" | "))
    wanted = lambda all_: score_events.last([n["name"] for n in all_])
    same = lambda a, b: (not a and not b) or bool(a & b)
    found = sorted(((r["type"] == g["type"]) + 0.5 * same(wanted(g["actor"]), names(r["actor"])), i, j)
                   for i, g in enumerate(gold["events"]) for j, r in enumerate(reports)
                   if any(a < g["trigger"][1] and g["trigger"][0] < b for a, b in s.spans(r["trigger"])))[::-1]
    stands, used = {}, set()
    for _, i, j in found:
        if i not in stands and j not in used:
            stands[i] = j
            used.add(j)
    by = {j: gold["events"][i] for i, j in stands.items()}
    for j, r in enumerate(reports):
        g = by.get(j)
        if g is not None and g.get("sure") is False:
            continue
        typed = g is not None and g["type"] == r["type"]
        claimed = typed and (r["claimant"] == "article" if g["claimant"] in ("article", "unmarked")
                             else r["claimant"] in told and s.f1(asked.get(g["claimant"], set()), told[r["claimant"]]) >= 0.5)
        right = claimed and same(wanted(g["actor"]), names(r["actor"])) and same(wanted(g["recipient"]), names(r["recipient"])) and (
            (r["status"] == "happened") == (g["status"] == "happened"))
        yield j, typed, right


def logit(p):
    p = min(max(p, 0.0067), 0.9933)
    return math.log(p / (1 - p))


def regression(rows, labels, decay=1.0):
    """Weights and bias of the regression by Newton's method, with a penalty on large weights."""
    x = torch.tensor(rows, dtype=torch.float64)
    x = torch.cat([x, torch.ones(len(x), 1, dtype=torch.float64)], 1)
    y, w = torch.tensor(labels, dtype=torch.float64), torch.zeros(x.shape[1], dtype=torch.float64)
    penalty = torch.full_like(w, decay)
    penalty[-1] = 1e-6
    for _ in range(50):
        p = torch.sigmoid(x @ w)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + torch.diag(penalty)
        w = w - torch.linalg.solve(hessian, x.T @ (p - y) + penalty * w)
    return [round(float(v), 4) for v in w[:-1]], round(float(w[-1]), 4)


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("gold"); ap.add_argument("records")
    ap.add_argument("--scorer", required=True, help="path of score_events.py, which defines what is right")
    ap.add_argument("--precision", type=float, default=0.6, help="the share of sure reports that must be right in every respect")
    a = ap.parse_args()
    tools = load(a.scorer)
    lines = lambda path: [json.loads(l) for l in open(path, encoding="utf-8") if l.strip()]
    records = {r["article"]["source_id"]: r for r in lines(a.records)}
    rows, typed, right, asked, names = [], [], [], 0, None
    for gold in lines(a.gold):
        record = records[gold["id"]]
        asked += sum(e.get("sure") is not False for e in gold["events"])
        for j, is_typed, is_right in pairs(gold, record, tools):
            names = record["features"]
            rows.append(record["evidence"][j])
            typed.append(is_typed)
            right.append(is_right)
    # The threshold with the best F1 of triggers and their types.
    score = names.index("trigger")
    order = sorted(range(len(rows)), key=lambda n: -rows[n][score])
    best, hits = (0.0, 0.5), 0
    for given, n in enumerate(order, 1):
        hits += typed[n]
        best = max(best, (2 * hits / (given + asked), rows[n][score]))
    kept = [n for n in range(len(rows)) if rows[n][score] >= best[1]]
    weights, bias = regression([[logit(v) for v in rows[n]] for n in kept], [float(right[n]) for n in kept])
    confidence = lambda row: 1 / (1 + math.exp(-bias - sum(w * logit(v) for w, v in zip(weights, row))))
    order = sorted(((confidence(rows[n]), right[n]) for n in kept), reverse=True)
    sure, hits = 1.0, 0
    for given, (c, is_right) in enumerate(order, 1):
        hits += is_right
        if hits / given >= a.precision:
            sure = c
    json.dump({"trigger": round(best[1], 4), "sure": round(sure, 4), "calibration": {"features": names, "weights": weights, "bias": bias}}, sys.stdout)
    print(f"\n{len(kept)} reports, {sum(right[n] for n in kept)} right in all; typed F1 {best[0]:.4f}", file=sys.stderr)


if __name__ == "__main__":
    main()
