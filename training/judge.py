"""Trains the judge of speakers, which turns the features of each source's candidates into probabilities.

The engine prints the features. A network with one hidden layer scores each candidate; a softmax over the candidates of
one source gives probabilities, and training maximizes that of the right one. The temperature is part of the weights. It
is chosen on articles left out (Guo et al. 2017), so that a probability matches the share of such cases that are right.
"""

import argparse
import gzip
import json
import random

import torch
import torch.nn.functional as F


def read(paths):
    """[{"id", "fold", "features": [[...], ...], "right": [candidate numbers]}] from files written by
    training_speakers."""
    out = []
    for path in paths:
        with (gzip.open(path, "rt") if path.endswith(".gz") else open(path)) as f:
            out += [json.loads(line) for line in f]
    return out


BATCH = 64


class Judge(torch.nn.Module):
    def __init__(self, features, units):
        super().__init__()
        self.hidden, self.out = torch.nn.Linear(features, units), torch.nn.Linear(units, 1, bias=False)

    def forward(self, x):
        return self.out(self.hidden(x).relu())[..., 0]


def tensors(cases, size):
    """Cases padded to the largest number of candidates: their features, which candidates exist, and which are right."""
    most = max(len(c["features"]) for c in cases)
    x, there, right = torch.zeros(len(cases), most, size), torch.zeros(len(cases), most, dtype=torch.bool), torch.zeros(len(cases), most, dtype=torch.bool)
    for n, c in enumerate(cases):
        x[n, :len(c["features"])] = torch.tensor(c["features"])
        there[n, :len(c["features"])] = True
        right[n, c["right"]] = True
    return x, there, right


def loss_of(scores, there, right):
    log = scores.masked_fill(~there, -1e9).log_softmax(-1)
    return -log.masked_fill(~right, -1e9).logsumexp(-1)


def batches(cases, size):
    """Batches of cases with similar numbers of candidates, to keep padding small."""
    order = sorted(range(len(cases)), key=lambda n: len(cases[n]["features"]))
    return [tensors([cases[n] for n in order[at:at + BATCH]], size) for at in range(0, len(order), BATCH)]


def fit(cases, size, units, epochs, rate, decay, seed):
    torch.manual_seed(seed)
    judge, rng = Judge(size, units), random.Random(seed)
    opt = torch.optim.AdamW(judge.parameters(), lr=rate, weight_decay=decay)
    all_ = batches(cases, size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, rate, total_steps=epochs * len(all_) + 1, pct_start=0.1)
    for _ in range(epochs):
        for x, there, right in rng.sample(all_, len(all_)):
            loss = loss_of(judge(x), there, right).mean()
            opt.zero_grad(); loss.backward(); opt.step(); schedule.step()
    return judge.eval()


def temperature_of(scored, wrong=0.014):
    """The temperature that makes the left-out cases most likely, or the next higher one at which at most this share of
    the cases with a probability of 0.9 or more is wrong. `scored`: [(scores, there, right)]."""
    losses = {t: sum(float(loss_of(s / t, there, right).sum()) for s, there, right in scored) for t in [0.5 + 0.05 * n for n in range(40)]}
    likeliest = min(losses, key=losses.get)
    for t in (t for t in losses if t >= likeliest):
        sure = right_ = 0
        for s, there, right in scored:
            p, best = (s / t).masked_fill(~there, -1e9).softmax(-1).max(-1)
            sure += int((p >= 0.9).sum())
            right_ += int(right.gather(1, best[:, None])[:, 0][p >= 0.9].sum())
        if sure - right_ <= wrong * sure:
            return t
    return likeliest


def report(name, loss, p, right, kinds):
    p, right = torch.cat(p), torch.cat(right).float()
    parts = "  ".join(f"{k} {100 * right[torch.tensor([x == k for x in kinds])].mean():.1f}" for k in sorted(set(kinds)))
    sure = p >= 0.9
    print(f"{name}: loss {loss:.4f}; right {100 * right.mean():.1f} of {len(right)}; at 0.9 and above {100 * (1 - right[sure].mean()):.1f} % wrong of {int(sure.sum())}; {parts}")


def calibrated(cases, size, a):
    """The temperature that calibrates the probabilities, by cross-validation over the folds; prints their accuracy
    there."""
    scored, rights, kinds, sure = [], [], [], []
    for fold in sorted({c["fold"] for c in cases}):
        own, others = [c for c in cases if c["fold"] == fold], [c for c in cases if c["fold"] != fold]
        judge = fit(others, size, a.units, a.epochs, a.rate, a.decay, a.seed)
        own.sort(key=lambda c: len(c["features"]))
        with torch.no_grad():
            scored += [(judge(x), there, right) for x, there, right in batches(own, size)]
        kinds += [c["kind"] for c in own]
    t = temperature_of(scored)
    for scores, there, right in scored:
        p = (scores / t).masked_fill(~there, -1e9).softmax(-1)
        sure.append(p.max(-1).values)
        rights.append(right.gather(1, p.argmax(-1)[:, None])[:, 0])
    loss = sum(float(loss_of(s / t, there, right).sum()) for s, there, right in scored) / len(cases)
    report(f"left out, temperature {t:.2f}", loss, sure, rights, kinds)
    return t


def main():
    torch.set_num_threads(1)
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("cases", nargs="*", help="files written by training_speakers")
    ap.add_argument("--out", required=True)
    ap.add_argument("--start", help="write an initial judge with a few hand-set weights for these features, given as a JSON list")
    ap.add_argument("--units", type=int, default=64)
    ap.add_argument("--epochs", type=int, default=40)
    ap.add_argument("--rate", type=float, default=3e-3)
    ap.add_argument("--decay", type=float, default=0.3)
    ap.add_argument("--networks", type=int, default=1, help="number of networks to average, combined into one with that many times the units")
    ap.add_argument("--temperature", type=float, help="use this temperature and skip cross-validation")
    ap.add_argument("--leave-out", type=int, nargs="*", default=[], help="exclude these folds from training, to measure on them")
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    if a.start:
        features = json.load(open(a.start))
        by_hand = {"inside": 4, "inside_first": 1, "after_preposition": -3, "before_possessive": -3, "before_noun": -2, "share": 4, "described": 1.5,
                   "spoke_last": 1, "same_sentence": 0.5, "nearness": 1, "kind_fits": 2, "gender_differs": -6, "apart": -4, "joint": 1, "earlier": -1}
        row = [float(by_hand.get(f, 0)) for f in features]
        json.dump({"features": features, "hidden": [row, [-v for v in row]], "bias": [0.0, 0.0], "out": [1.0, -1.0]}, open(a.out, "w"))
        return
    cases = read(a.cases)
    features = cases[0]["names"]
    cases = [c for c in cases if c["right"] and c["fold"] not in a.leave_out]
    size = len(features)
    t = a.temperature or calibrated(cases, size, a)
    judges = [fit(cases, size, a.units, a.epochs, a.rate, a.decay, a.seed + n) for n in range(a.networks)]
    rounded = lambda values: [round(float(v.detach()), 4) for v in values]
    json.dump({"features": features,
               "hidden": [rounded(row) for j in judges for row in j.hidden.weight],
               "bias": rounded(v for j in judges for v in j.hidden.bias),
               "out": rounded(v / t / a.networks for j in judges for v in j.out.weight[0])}, open(a.out, "w"))


main()
