"""Trains a large network on the annotation, and then small ones on the annotation and on what the large one says of it and
of texts without labels (Hinton et al. 2015). See README.md.

Every step has the same shape, so a GPU records one and replays it. Training ends after a given time, and the learning rate
falls with that time.

    teach.py --large FOLDER --large-minutes 2 --student OUT START [LEFT OUT...] --student ... --minutes 6
"""

import argparse
import json
import multiprocessing
import os
import random
import time

import torch

import data
import losses
from model import PARTS, Encoder, Network

WIDTH = data.WINDOW + 2
# The shares of the second guide that texts without labels get, each as often as it is listed here.
MIXTURES = [0.0, 0.0, 0.0, 0.3, 0.3, 1.0]


def windows(pack, labelled, others, share, size, seed, queue):
    """Puts batches of `size` windows into the queue, as rows of Pack.rows. About `share` of the pieces are from the articles
    `labelled`, the rest from `others`. The windows of one article stay together and in order."""
    rng = random.Random(seed)

    def endless(numbers):
        while True:
            yield from rng.sample(numbers, len(numbers))

    sources, pieces, rows = [endless(labelled), endless(others or labelled)], [0, 0], []
    while True:
        which = 0 if not others or pieces[0] * (1 - share) <= pieces[1] * share else 1
        number = next(sources[which])
        pieces[which] += pack.pieces(number)
        own = pack.rows([(number, start, end) for start, end in pack.windows(number, rng)], rng)
        rows += own
        while len(rows) >= size:
            queue.put(torch.stack(rows[:size]).numpy())
            rows = rows[size:]


class Batches:
    """Batches that processes prepare while the device computes."""

    def __init__(self, pack, labelled, others, share, size, seed, workers):
        context = multiprocessing.get_context("fork")
        self.queue = context.Queue(64)
        self.workers = [context.Process(target=windows, args=(pack, labelled, others, share, size, seed + n, self.queue), daemon=True) for n in range(workers)]
        for worker in self.workers:
            worker.start()

    def next(self):
        return torch.from_numpy(self.queue.get())

    def stop(self):
        for worker in self.workers:
            worker.terminate()


class Learner:
    """A network with its optimizer and the running average of its weights."""

    def __init__(self, net, out, rate, head_rate, left_out, device):
        self.net, self.out, self.left_out, self.rates = net.to(device).train(), out, left_out, [rate, head_rate]
        for name, p in net.named_parameters():
            p.requires_grad_(name not in ("encoder.words.weight", "encoder.distances.weight"))
        young = lambda name: not name.startswith("encoder.") or "shapes" in name or "guides" in name
        named = [(n, p) for n, p in net.named_parameters() if p.requires_grad]
        self.trained = [p for _, p in named]
        groups = [{"params": [p for n, p in named if young(n) == heads], "lr": torch.tensor(0.0, device=device)} for heads in (False, True)]
        self.opt = torch.optim.AdamW(groups, weight_decay=0.01, fused=True, capturable=device.type == "cuda")
        self.average = [p.detach().clone() for p in self.trained]

    def set_rate(self, part):
        for group, rate in zip(self.opt.param_groups, self.rates):
            group["lr"].fill_(part * rate)

    def learn(self, loss):
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0, foreach=True)
        self.opt.step()
        self.opt.zero_grad(set_to_none=True)

    def follow(self, decay):
        torch._foreach_lerp_(self.average, [p.detach() for p in self.trained], 1 - decay)

    def weights(self):
        """The averaged weights."""
        names = [n for n, p in self.net.named_parameters() if p.requires_grad]
        return {k: v.detach().cpu().clone() for k, v in self.net.state_dict().items()} | {n: v.detach().cpu().clone() for n, v in zip(names, self.average)}

    def save(self):
        os.makedirs(self.out, exist_ok=True)
        path = os.path.join(self.out, "best.pt")
        torch.save({"weights": self.weights(), "parts": PARTS}, path + ".new")
        os.replace(path + ".new", path)


class Step:
    """One step of training for all learners, which see the same windows and the same teacher. Articles from the number
    `free` on have no labels, so a mixture of guides may be chosen for them."""

    def __init__(self, columns, free, size, learners, teacher, weight, device):
        self.rows = torch.zeros(size, 9, dtype=torch.long, device=device)
        self.guides = torch.zeros(size, device=device)
        self.columns, self.free, self.learners, self.teacher, self.weight, self.device = columns, free, learners, teacher, weight, device
        self.sums, self.graph = {}, None

    def once(self):
        t = data.tensors(self.columns, self.rows, WIDTH)
        t["guides"] = torch.where(self.guides >= 0, self.guides, t["guides"].float())
        inputs = t["ids"], t["shapes"], t["guides"], t["lengths"]
        told = None
        if self.teacher:
            with torch.no_grad():
                told = self.teacher(*inputs, padded=True)
        for number, learner in enumerate(self.learners):
            seen = torch.ones_like(t["trust"])
            for fold in learner.left_out:
                seen = seen * (t["folds"] != fold)
            with torch.autocast(self.device.type, dtype=torch.bfloat16, cache_enabled=False, enabled=self.device.type == "cuda"):
                out = learner.net(*inputs, padded=True)
            marked = losses.labels(out, t, learner.net.transitions) | {"mentions": 0.5 * t["trust"] * losses.near_mention_loss(out, t)}
            parts = {k: self.weight * v for k, v in marked.items()}
            if told:
                parts |= {"told." + k: v for k, v in losses.teaching(out, told, t).items()}
            pieces = ((t["lengths"] - 2) * seen).sum()
            parts = {k: (v * seen).sum() / pieces for k, v in parts.items()}
            learner.learn(sum(parts.values()))
            for k, v in parts.items():
                self.sums.setdefault((number, k), torch.zeros((), device=self.device)).add_(v.detach())

    def prepare(self):
        """Records the step, if the device is a GPU."""
        if self.device.type != "cuda":
            return
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self.once()
        torch.cuda.current_stream().wait_stream(side)
        torch.cuda.synchronize()
        try:
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                self.once()
            self.graph = graph
        except Exception as error:
            print(f"not recorded: {error}", flush=True)
            torch.cuda.synchronize()
        for total in self.sums.values():
            total.zero_()

    def __call__(self):
        self.graph.replay() if self.graph else self.once()


def train(step, batches, minutes, name, keep=None, limit=None, decay=0.998, warm=0.05):
    """Trains for so many minutes, or `limit` steps, and saves every `keep` seconds."""
    rng, done, pieces = random.Random(1), 0, 0

    def load():
        rows = batches.next()
        send = lambda to, values: to.copy_(values.pin_memory() if step.device.type == "cuda" else values, non_blocking=True)
        send(step.rows, rows)
        mixed = [rng.choice(MIXTURES) if free else -1.0 for free in (rows[:, 3] >= step.free).tolist()]
        send(step.guides, torch.tensor(mixed))
        return int((rows[:, 2] - rows[:, 1]).sum())

    load()
    for learner in step.learners:
        learner.set_rate(0.01)
    step.prepare()
    began = kept = time.time()
    shown = 0
    while True:
        passed = (time.time() - began) / 60 / minutes if not limit else done / limit
        if passed >= 1:
            break
        for learner in step.learners:
            learner.set_rate(min(passed / warm, (1 - passed) / (1 - warm)) if passed else 0.01)
        pieces += load()
        step()
        done += 1
        if done % 4 == 0:
            for learner in step.learners:
                learner.follow(min(decay ** 4, (done + 1) / (done + 10)))
        if done % 8 == 0 and step.device.type == "cuda":
            torch.cuda.synchronize()
        if done % 200 == 0 or done == limit:
            line = "  ".join(f"{n}.{k} {float(v) / (done - shown):.3f}" for (n, k), v in step.sums.items())
            print(f"{name} step {done}  {100 * passed:.0f} %  {pieces / (time.time() - began):.0f} pieces/s  {line}", flush=True)
            for total in step.sums.values():
                total.zero_()
            shown = done
        if keep and time.time() - kept > keep:
            for learner in step.learners:
                learner.save()
            kept = time.time()
    print(f"{name}: {done} steps, {pieces} pieces in {time.time() - began:.0f} s", flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--work", default="work")
    ap.add_argument("--texts", help="a pack of texts without labels")
    ap.add_argument("--large", help="train the large network, from the encoder in this folder")
    ap.add_argument("--large-out", default="work/runs/large")
    ap.add_argument("--large-minutes", type=float, default=2)
    ap.add_argument("--large-size", type=int, default=128, help="windows in each step of the large network")
    ap.add_argument("--large-rates", type=float, nargs=2, default=[8e-5, 1e-3])
    ap.add_argument("--student", nargs="+", action="append", default=[], metavar="OUT START FOLD", help="a small network: where to save it, what to start from, and the folds of annotated articles that it must not see")
    ap.add_argument("--layers", type=int, default=5, help="layers of the small networks")
    ap.add_argument("--heads", type=int, default=6, help="attention heads in each of their layers")
    ap.add_argument("--units", type=int, default=448, help="feed-forward units in each of their layers")
    ap.add_argument("--minutes", type=float, default=6)
    ap.add_argument("--size", type=int, default=192, help="windows in each step of the small networks")
    ap.add_argument("--rates", type=float, nargs=2, default=[4e-4, 1e-3])
    ap.add_argument("--labels", type=float, default=0.4, help="weight of the labels beside the teacher")
    ap.add_argument("--share", type=float, default=0.25, help="share of annotated articles in what the small networks read")
    ap.add_argument("--again", type=int, default=400, help="steps in which the small networks then learn from the annotation alone")
    ap.add_argument("--device", default="cpu")
    ap.add_argument("--workers", type=int, default=4)
    ap.add_argument("--limit", type=int, help="number of steps after which to stop, for a test")
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    torch.manual_seed(a.seed)
    device = torch.device(a.device)
    pack = data.Pack.load(f"{a.work}/train.pack")
    labelled = list(range(len(pack)))
    batches = Batches(pack, labelled, [], 1.0, a.large_size, a.seed, a.workers)
    if a.large:
        learner = Learner(Network(Encoder.large(a.large, 0.1)), a.large_out, *a.large_rates, [], device)
        pack.to(device)
        step = Step(pack.columns, len(pack), a.large_size, [learner], None, 1.0, device)
        train(step, batches, a.large_minutes, "large", limit=a.limit)
        learner.save()
        del step, learner
    batches.stop()
    if not a.student:
        return
    teacher = Network.load(os.path.join(a.large_out, "best.pt"))[0].to(device).eval()
    transitions = teacher.transitions.detach().clone()
    if device.type == "cuda":
        teacher.encoder.layers.to(torch.bfloat16)
        teacher.heads.to(torch.bfloat16)
    pack = data.Pack.joined([data.Pack.load(f"{a.work}/train.pack"), data.Pack.load(a.texts)])
    batches = Batches(pack, labelled, list(range(len(labelled), len(pack))), a.share, a.size, a.seed + 100, a.workers)
    pack.to(device)

    def stage(name, nets, rates, teacher, weight, batches, **options):
        """Trains these networks and returns their averages."""
        learners = [Learner(net, f"{out}-{name}", *rates, [int(f) for f in folds], device) for net, (out, _, *folds) in zip(nets, a.student)]
        step = Step(pack.columns, len(labelled), a.size, learners, teacher, weight, device)
        train(step, batches, a.minutes, name, **options)
        for learner in learners:
            learner.save()
        return [learner.weights() for learner in learners]

    sample = [pack.tensors(some) for _, some in pack.batches(labelled, 2048, random.Random(1))[:8]]
    sample = [[t[k].cpu() for k in ("ids", "shapes", "guides", "lengths")] for t in sample]
    nets = [Network.load(start)[0].eval().smaller(a.layers, a.heads, a.units, sample, 0.0).deeper(a.layers, 0.0) for _, start, *_ in a.student]
    for net in nets:
        net.transitions.data.copy_(transitions)
    taught = stage("taught", nets, a.rates, teacher, a.labels, batches, keep=60, limit=a.limit)
    batches.stop()
    del teacher
    batches = Batches(pack, labelled, [], 1.0, a.size, a.seed + 200, a.workers)
    stage("again", [Network.of(w, 0.05) for w in taught], [8e-5, 4e-4], None, 1.0, batches, limit=a.limit or a.again)
    batches.stop()


if __name__ == "__main__":
    main()
