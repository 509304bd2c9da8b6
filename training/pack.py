"""Packs articles for training, from the output of the engine (training_input) and, if they are annotated, of corpora.py.

    pack.py OUT --inputs FILE --documents FILE          annotated articles
    pack.py OUT --inputs FILE... --without PACK...      texts without labels, except those that are in these packs
"""

import argparse
import random

import numpy as np
import torch

import data

# Two texts are about the same if they have so many runs of so many pieces in common, of every fourth run that is
# looked up. Pages of one outlet share a line or two.
RUN, COMMON, STEP = 16, 3, 4


def runs(ids):
    """A hash of each run of pieces."""
    ids, hashes = ids.numpy().astype(np.uint64), np.zeros(max(0, len(ids) - RUN + 1), np.uint64)
    for i in range(RUN if len(hashes) else 0):
        hashes = hashes * np.uint64(1_000_003) + ids[i:len(hashes) + i]
    return hashes


def texts(paths, packs, seed):
    """The texts of these files that are worth learning from, each once and in random order, without those in `packs`."""
    known = np.unique(np.concatenate([np.empty(0, np.uint64)] + [
        runs(pack.columns["ids"][start:end]) for pack in packs for start, end in zip(pack.at, pack.at[1:])]))
    rng, ids, shapes, seen = random.Random(seed), [], [], set()
    for path in paths:
        found = [(torch.tensor(e["ids"], dtype=torch.int32), torch.tensor(e["shapes"], dtype=torch.uint8)) for e in data.lines(path) if data.telling(e)]
        for pieces, shape in rng.sample(found, len(found)):
            opening = pieces[:40].numpy().tobytes()
            hashes = runs(pieces)[::STEP]
            common = (known[np.searchsorted(known, hashes).clip(max=len(known) - 1)] == hashes).sum() if len(known) else 0
            if opening not in seen and common < COMMON:
                seen.add(opening)
                ids.append(pieces)
                shapes.append(shape)
    at = torch.tensor([0] + [len(i) for i in ids]).cumsum(0).tolist()
    return data.Pack(at, [(0, False, False, False, 0)] * len(ids), {"ids": torch.cat(ids), "shapes": torch.cat(shapes)})


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("out")
    ap.add_argument("--inputs", nargs="+", required=True)
    ap.add_argument("--documents")
    ap.add_argument("--without", nargs="*", default=[])
    ap.add_argument("--seed", type=int, default=5)
    a = ap.parse_args()
    if a.documents:
        pack = data.Pack.of(list(data.articles(a.documents, a.inputs[0]).values()))
    else:
        pack = texts(a.inputs, [data.Pack.load(p) for p in a.without], a.seed)
    pack.save(a.out)
    print(f"{a.out}: {len(pack)} articles, {pack.at[-1]} pieces")


main()
