"""Measures a network on the development part, by plain decoding: measure.py NETWORK [--work FOLDER] [--device cuda]"""

import argparse
import os
import random
import sys

import torch

import data
import decode
import losses
from data import UNKNOWN
from model import BESIDE, GUIDES, NAMES, Network

sys.path.insert(0, os.environ.get("ONRECORD_TOOLS", "../../shared/tools"))
SHOWN = ["source.exact", "cue.exact", "content.exact", "rel.relaxed", "rel.relaxed.direct", "rel.relaxed.core", "rel.strict"]


def f1(hits, guesses, gold):
    return 2 * hits / max(1, guesses + gold)


@torch.no_grad()
def evaluate(net, articles, pack, size):
    """F1 of statements by guide, of words beside cues, and of names; and the share of sources and mentions that link to
    the right mention, or to none if none is right."""
    import score_attribution as scorer
    net.eval()
    found, beside = ({number: [] for number in articles} for _ in range(2))
    hits = guesses = gold = right = mentions = meant = sources = events = told = marked = 0
    for _, batch in pack.batches(list(articles), size, random.Random(1), jitter=False):
        t = pack.tensors(batch)
        with torch.autocast(t["ids"].device.type, dtype=torch.bfloat16):
            out = net(t["ids"], t["shapes"], t["guides"], t["lengths"])
        log, good, which = losses.mention_scores(out, t)
        if len(which):
            known = good.any(-1)
            ok = good.gather(1, log.argmax(-1)[:, None])[:, 0]
            source = t["anchors"].flatten()[which] != UNKNOWN
            meant, sources = meant + int((ok & known & source).sum()), sources + int((known & source).sum())
            right, mentions = right + int((ok & known & ~source).sum()), mentions + int((known & ~source).sum())
        asked = t["events"] != UNKNOWN
        want, got = t["events"][asked], out["events"].argmax(-1)[asked]
        events, told, marked = events + int(((want == got) & (want > 0)).sum()), told + int((got > 0).sum()), marked + int((want > 0).sum())
        out = {k: v.cpu() for k, v in out.items()}
        for k, (number, start, end) in enumerate(batch):
            a, own = articles[number], {name: scores[k] for name, scores in out.items()}
            if a.attributions is not None:
                found[number] += decode.decode(own, net.transitions[0].cpu(), a, start, end)
                spans = decode.spans_of(own["beside"][1:end - start + 1].argmax(-1).tolist(), BESIDE)
                beside[number] += [(kind, s + start, e + start) for kind, s, e in spans]
            if a.names is not None and UNKNOWN not in a.names:
                want, got = (set(decode.spans_of(labels, NAMES)) for labels in (a.names[start:end], own["names"][1:end - start + 1].argmax(-1).tolist()))
                hits, guesses, gold = hits + len(want & got), guesses + len(got), gold + len(want)
    scores = {"names": f1(hits, guesses, gold), "mentions": right / max(1, mentions), "sources": meant / max(1, sources), "events": f1(events, told, marked)}
    for guide, name in reversed(list(enumerate(GUIDES))):
        own = [k for k, a in articles.items() if a.attributions is not None and a.guide == guide]
        if own:
            total = scorer.add_up([scorer.score_doc(articles[k].text, [s for s in articles[k].attributions if not s["inner"]], found[k]) for k in own])
            pairs = [(set(decode.spans_of(articles[k].beside, BESIDE)), set(beside[k])) for k in own if articles[k].beside is not None]
            scores = {f"{name}.{k}": scorer.prf(total[k])[2] for k in SHOWN} | {
                f"{name}.beside": f1(*(sum(map(len, part)) for part in zip(*((w & g, g, w) for w, g in pairs)))) if pairs else 0.0} | scores
    return scores


def line(scores):
    return "  ".join(f"{k} {100 * v:.1f}" for k, v in scores.items())


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("network")
    ap.add_argument("--work", default="work")
    ap.add_argument("--device", default="cpu")
    ap.add_argument("--batch", type=int, default=2048)
    a = ap.parse_args()
    dev = data.Pack.load(f"{a.work}/dev.pack").to(a.device)
    net = Network.load(a.network)[0].to(a.device)
    print(line(evaluate(net, data.articles(f"{a.work}/dev.jsonl", f"{a.work}/dev.in.jsonl"), dev, a.batch)))


if __name__ == "__main__":
    main()
