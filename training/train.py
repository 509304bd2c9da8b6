"""Trains the network. A run that was stopped resumes from the last saved state. See README.md for the command."""

import argparse
import json
import os
import random
import time

import torch

import data
import losses
from measure import evaluate, line
from model import GUIDES, PARTS, Network


def loss_of(net, batch, rng):
    """The loss of each part per piece, and the number of pieces."""
    pack, windows = batch
    t = pack.tensors(windows, rng)
    pieces = sum(end - start for _, start, end in windows)
    with torch.autocast(t["ids"].device.type, dtype=torch.bfloat16, enabled=fast_halves(t["ids"].device)):
        out = net(t["ids"], t["shapes"], t["guides"], t["lengths"])
    parts = {k: v.sum() for k, v in losses.labels(out, t, net.transitions).items()} | {"mentions": 0.5 * losses.mention_loss(out, t)}
    return {k: v / pieces for k, v in parts.items()}, pieces


def fast_halves(device):
    """Whether products in bf16 are faster than in f32. A CPU without instructions for them is many times slower."""
    return device.type != "cpu" or torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--out", required=True)
    ap.add_argument("--work", default="work")
    ap.add_argument("--epochs", type=int, default=5)
    ap.add_argument("--layers", type=int, default=5)
    ap.add_argument("--rate", type=float, default=1e-4)
    ap.add_argument("--head-rate", type=float, default=1e-3)
    ap.add_argument("--batch", type=int, default=2048, help="word pieces per step")
    ap.add_argument("--dropout", type=float, default=0.1)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--train-words", action="store_true", help="train the word embeddings too")
    ap.add_argument("--leave-out", type=int, nargs="*", help="exclude these folds of the annotated articles from training, and measure on them")
    ap.add_argument("--others", type=float, default=0.4, help="share of the corpora without statements that is used in each epoch")
    ap.add_argument("--polnear", type=float, default=1.0, help="share of PolNeAR's articles that is used in each epoch")
    ap.add_argument("--average", type=float, default=0.998, help="decay of the running average of the weights; the average is what is saved")
    ap.add_argument("--start", required=True, help="start from this network, reduced to --layers, --heads and --units if these are smaller")
    ap.add_argument("--only", nargs="*", help="train only these heads, and leave the encoder and the other heads as they are")
    ap.add_argument("--heads", type=int, default=6, help="attention heads per layer")
    ap.add_argument("--units", type=int, default=448, help="feed-forward units per layer")
    ap.add_argument("--device", default="cpu")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--keep", type=float, default=15, help="minutes between saved states, from which the run can resume")
    ap.add_argument("--measure", type=int, default=1, help="measure after every so many epochs, or never (0)")
    ap.add_argument("--limit", type=int, help="number of steps after which to stop, for measuring speed")
    args = ap.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    device = torch.device(args.device)
    train, dev = (data.Pack.load(f"{args.work}/{part}.pack").to(device) for part in ("train", "dev"))
    inside, asked, part = range(len(train)), range(len(dev)), "dev"
    if args.leave_out is not None:
        left = [train.has_statements(k) and train.fold(k) in args.leave_out for k in inside]
        inside, asked, dev, part = [k for k in inside if not left[k]], [k for k in inside if left[k]], train, "train"
    told, others = ([k for k in inside if train.has_statements(k) == whether] for whether in (True, False))
    read = data.articles(f"{args.work}/{part}.jsonl", f"{args.work}/{part}.in.jsonl", asked) if args.measure else {}
    # The sample is the same for every seed, so that networks keep the same parts and can be averaged.
    some = [pack.tensors(windows) for pack, windows in train.batches(inside, 2048, random.Random(1))[:8]]
    net = Network.load(args.start)[0].smaller(args.layers, args.heads, args.units, [[t[k].cpu() for k in ("ids", "shapes", "guides", "lengths")] for t in some], args.dropout)
    net.to(device)
    net.encoder.words.weight.requires_grad_(args.train_words)
    fixed = None
    if args.only is not None:
        for name, p in net.named_parameters():
            p.requires_grad_(name.startswith("heads."))
        fixed = torch.cat([torch.full((size,), name not in args.only) for name, size in PARTS]).to(device)
    young = lambda name: not name.startswith("encoder.") or "shapes" in name or "guides" in name
    groups = [{"params": [p for n, p in net.named_parameters() if not young(n) and p.requires_grad], "lr": args.rate},
              {"params": [p for n, p in net.named_parameters() if young(n) and p.requires_grad], "lr": args.head_rate}]
    opt = torch.optim.AdamW(groups, weight_decay=0.01 if args.only is None else 0, fused=True)
    epochs = []
    for number in range(args.epochs):
        rng = random.Random(args.seed * 1000 + number)
        some = [k for k in told if GUIDES[train.guide(k)] != "polnear" or rng.random() < args.polnear]
        batches = train.batches(some, args.batch, rng) + train.batches(rng.sample(others, int(args.others * len(others))), args.batch, rng)
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
            parts, pieces = loss_of(net, batch, random.Random(args.seed * 1_000_000 + step))
            sum(parts.values()).backward()
            if fixed is not None:
                net.heads.weight.grad[fixed] = 0
                net.heads.bias.grad[fixed] = 0
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            opt.step(); schedule.step(); opt.zero_grad(set_to_none=False)
            seen += pieces
            # The average covers few steps at first, so that it does not retain the initial weights.
            torch._foreach_lerp_(average, [p.detach() for p in trained], 1 - min(args.average, (step + 1) / (step + 10)))
            for k, v in parts.items():
                sums.setdefault(k, []).append(v.detach())
            if step % 50 == 0 or step == args.limit:
                shown = "  ".join(f"{k} {float(sum(v)) / len(v):.4f}" for k, v in sums.items())
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
        if args.measure and (number + 1) % args.measure == 0:
            scores = evaluate(net, read, dev, args.batch)
            print(f"epoch {number + 1}  {line(scores)}", flush=True)
            json.dump({"epoch": number + 1, **scores}, log); log.write("\n"); log.flush()
        torch.save({"weights": net.state_dict(), "parts": PARTS}, os.path.join(args.out, "best.pt"))
        copy(raw)
        keep()


main()
