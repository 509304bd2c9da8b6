"""Labels that networks give to text without them: statements inside contents, and whole articles of news.

`inner`: no corpus here says in quantity who is quoted inside a quotation, but a content read alone is a text like any
other: what a network finds in it is the silver for the statements inside.

`news`: scores of one or several networks, averaged, for articles that nobody annotated; a student learns from them
(Hinton, Vinyals and Dean 2015).
"""

import argparse
import os
import random

import torch

import data
import decode
from data import ROLES
from model import LABELS, Network, viterbi

MARKS = {1000, 1523, 1524, 1520, 1521, 1005, 1077, 1090}


@torch.no_grad()
def scores_of(network, ids, shapes):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        n = len(ids)
        ids = torch.tensor([[data.OPENING] + ids + [data.CLOSING]])
        shapes = torch.tensor([[[0] * 3] + [list(s) for s in shapes] + [[0] * 3]])
        out = network(ids, shapes, torch.tensor([n + 2]))
    return {k: v[0] for k, v in out.items()}


def inside(network, article):
    """Label numbers for the statements inside the contents of an article."""
    labels = [0] * len(article.ids)
    for content in article.contents:
        pieces = content[:data.WINDOW]
        while pieces and article.ids[pieces[0]] in MARKS:
            pieces = pieces[1:]
        while pieces and article.ids[pieces[-1]] in MARKS:
            pieces = pieces[:-1]
        if len(pieces) < 3:
            continue
        shapes = [list(article.shapes[i]) for i in pieces]
        if all(s[1] for s in shapes):
            for s in shapes:
                s[1] = 0
        alone = Alone([article.ids[i] for i in pieces], shapes)
        out = scores_of(network, alone.ids, alone.shapes)
        for statement in decode.decode(out, network.transitions[0], alone, 0, len(pieces)):
            for role in ROLES:
                for first, last in statement[role]:
                    for k in range(first, last):
                        labels[pieces[k]] = LABELS.index("B-" + role) + (k != first)
    return begun(labels)


def begun(labels):
    """The same labels, where a span that another content cut off begins anew."""
    out = [0]
    for label in labels:
        continues = LABELS[label].startswith("I-")
        out.append(label - 1 if continues and out[-1] not in (label, label - 1) else label)
    return out[1:]


class Alone:
    """A stretch of pieces that stand for themselves: the span of each is its number."""

    def __init__(self, ids, shapes):
        self.ids, self.shapes, self.spans = ids, shapes, [(i, i + 1) for i in range(len(ids))]


def averaged(networks, article):
    """What networks say of an article on average: scores, roles, statements inside, links."""
    n = len(article.ids)
    soft, roles, inner, link = torch.zeros(n, 2 * len(LABELS)), [0] * n, [0] * n, [-1] * n
    transitions = sum(net.transitions[0] for net, _ in networks) / len(networks)
    insiders = [k for k, (_, kept) in enumerate(networks) if kept["inner"]]
    inner_transitions = sum(networks[k][0].transitions[1] for k in insiders) / max(1, len(insiders))
    for start, end in article.windows():
        outs = [scores_of(net, article.ids[start:end], article.shapes[start:end]) for net, _ in networks]
        mean = lambda name, of: sum(outs[k][name] for k in of) / len(of)
        rows = slice(1, end - start + 1)
        soft[start:end, :len(LABELS)] = mean("roles", range(len(outs)))[rows]
        roles[start:end] = viterbi(soft[start:end, :len(LABELS)], transitions)
        if insiders:
            soft[start:end, len(LABELS):] = mean("inner", insiders)[rows]
            inner[start:end] = viterbi(soft[start:end, len(LABELS):], inner_transitions)
        log_share = lambda q, k: sum(torch.log_softmax(o[q] @ o[k].T / 8, -1) for o in outs)
        to_cue, to_source = log_share("content_query", "cue_key").argmax(-1), log_share("cue_query", "source_key").argmax(-1)
        for i in range(start, end):
            role = LABELS[roles[i]][2:]
            to = int((to_cue if role == "content" else to_source)[i - start + 1]) if role in ("cue", "content") else 0
            link[i] = start + to - 1 if to else -1
    return {"soft": soft, "roles": roles, "inner": inner, "link": link}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("what", choices=["inner", "news"])
    ap.add_argument("--networks", nargs="+", required=True, help="best.pt of the networks that label")
    ap.add_argument("--inputs", required=True, help="the engine's inputs")
    ap.add_argument("--documents", help="for inner: the articles with their statements")
    ap.add_argument("--pieces", type=int, default=3_000_000, help="for news: stop behind as many")
    ap.add_argument("--but", help="for news: leave out what this file labels")
    ap.add_argument("--out", required=True)
    args = ap.parse_args()
    torch.set_num_threads(int(os.environ.get("THREADS", "1")))
    networks = [Network.load(path) for path in args.networks]
    if args.what == "inner":
        pairs = zip(data.lines(args.documents), data.lines(args.inputs), strict=True)
        torch.save([{"inner": inside(networks[0][0], data.Article(*pair))} for pair in pairs], args.out)
        return
    inputs = data.lines(args.inputs)
    random.Random(1).shuffle(inputs)
    done = {tuple(a["encoded"]["ids"]) for a in torch.load(args.but)} if args.but else set()
    kept, pieces = [], 0
    for encoded in inputs:
        if pieces >= args.pieces or not data.telling(encoded) or tuple(encoded["ids"]) in done:
            continue
        article = data.Article({"text": ""}, encoded)
        silver = averaged(networks, article)
        silver["soft"] = silver["soft"].half()
        kept.append({"encoded": encoded, **silver})
        pieces += len(article.ids)
        if len(kept) % 200 == 0:
            print(f"{pieces} pieces", flush=True)
    torch.save(kept, args.out)


main()
