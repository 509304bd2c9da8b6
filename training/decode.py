"""Decodes scores to attributions without the engine's rules, to choose between models during training."""

import torch

from model import LABELS, viterbi


def spans_of(path, labels=LABELS):
    """The spans of a label path as [(role, first, end)]; a span may begin with a continuation label."""
    out, last = [], "O"
    for i, p in enumerate(path):
        label = labels[p]
        if label.startswith("I-") and last[2:] == label[2:]:
            out[-1] = (out[-1][0], out[-1][1], i + 1)
        elif label != "O":
            out.append((label[2:], i, i + 1))
        last = label
    return out


def decode(out, transitions, article, start, end):
    n = end - start
    path = viterbi(out["roles"][1:n + 1], transitions)
    spans = [(r, s + start, e + start) for r, s, e in spans_of(path)]
    cues = [s for s in spans if s[0] == "cue"]
    sources = [s for s in spans if s[0] == "source"]
    contents = [s for s in spans if s[0] == "content"]
    row = lambda s: slice(s[1] - start + 1, s[2] - start + 1)
    ccl = torch.log_softmax(out["content_query"] @ out["cue_key"].T / 8, -1)
    csl = torch.log_softmax(out["cue_query"] @ out["source_key"].T / 8, -1)
    score = lambda l, a, b: float(torch.logsumexp(l[row(a), row(b)], -1).mean())
    groups = {c: [] for c in cues}
    for c in contents:
        if cues:
            groups[max(cues, key=lambda q: score(ccl, c, q))].append(c)
    res = []
    for q, cs in groups.items():
        if not cs:
            continue
        none = float(csl[row(q), 0].mean())
        best = max(sources, key=lambda s: score(csl, q, s), default=None)
        if best and score(csl, q, best) < none:
            best = None
        part = lambda s: [article.spans[s[1]][0], article.spans[s[2] - 1][1]]
        res.append({"source": [part(best)] if best else [], "cue": [part(q)], "content": [part(c) for c in cs]})
    return res
