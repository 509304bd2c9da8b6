"""Articles to windows: the encoder's input, as the engine prints it, with the gold roles and links of each piece."""

import json
import random

import torch

from model import LABELS

WINDOW = 126
ROLES = ("source", "cue", "content")
# The pieces . ! ? " and ”, which may end a sentence.
ENDS = {1012, 999, 1029, 1000, 1524}


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(l) for l in f if l.strip()]


class Article:
    """One article's pieces; `roles`: label numbers; `inner`: those of the statements inside contents, where known;
    `link`: for a piece of content the first piece of its cue, for a piece of a cue the first piece of its source, -1
    for none; `soft`: the scores of other networks for every piece, where those are what to learn from."""

    def __init__(self, document, encoded, silver=None):
        self.id, self.text = document.get("id"), document["text"]
        self.ids, self.shapes, self.spans = encoded["ids"], encoded["shapes"], encoded["spans"]
        self.attributions = document.get("attributions", [])
        n = len(self.ids)
        piece_at = {}
        for i, (s, e) in enumerate(self.spans):
            for c in range(s, e):
                piece_at[c] = i
        self.roles, self.link = [0] * n, [-1] * n
        self.contents = []
        for a in self.attributions:
            runs = {r: [self.run(piece_at, s, e) for s, e in a.get(r) or []] for r in ROLES}
            runs = {r: [x for x in v if x] for r, v in runs.items()}
            if not runs["cue"] and not runs["content"]:
                continue
            for role, spans in runs.items():
                begin = LABELS.index("B-" + role)
                for run in spans:
                    if role == "content" and any(self.roles[i] for i in run):
                        continue
                    for i in run:
                        self.roles[i] = begin + (i != run[0])
            cue = runs["cue"][0][0] if runs["cue"] else -1
            source = runs["source"][0][0] if runs["source"] else -1
            self.contents.append(sorted({i for run in runs["content"] for i in run}))
            for run in runs["content"]:
                for i in run:
                    self.link[i] = cue
            for run in runs["cue"]:
                for i in run:
                    self.link[i] = source
        self.inner, self.soft = None, None
        if silver:
            self.inner = silver["inner"]
            if "soft" in silver:
                self.soft, self.roles, self.link = silver["soft"], silver["roles"], silver["link"]

    @staticmethod
    def run(piece_at, s, e):
        return sorted({piece_at[c] for c in range(s, e) if c in piece_at})

    def cuts(self):
        """The pieces at which a line starts."""
        return [i for i, s in enumerate(self.shapes) if s[2] or i == 0]

    def sentence_cuts(self, start, end):
        """The pieces behind the end of a sentence, where a long line may be cut."""
        return [i for i in range(start + 1, min(end, len(self.ids) - 1) + 1) if self.ids[i - 1] in ENDS]

    def windows(self, jitter=None):
        """(start, end) of windows of whole lines, where those fit. With `jitter`, a random generator, the first window
        ends early, so that epochs cut differently."""
        n, cuts, start = len(self.ids), self.cuts()[1:] + [len(self.ids)], 0
        limit = jitter.randint(WINDOW // 4, WINDOW) if jitter else WINDOW
        while start < n:
            fits = [c for c in cuts if start < c <= start + limit] or self.sentence_cuts(start + limit // 2, start + limit)
            end = fits[-1] if fits else min(n, start + limit)
            yield start, end
            start, limit = end, WINDOW


def batches(articles, size, rng):
    """Windows of all articles in random order, batched by similar length, `size` pieces at most a batch."""
    windows = [(a, *w) for a in articles for w in a.windows(rng)]
    rng.shuffle(windows)
    # Sort within buckets only, so that batches stay random.
    bucket = 64
    out = []
    for i in range(0, len(windows), bucket * 8):
        part = sorted(windows[i:i + bucket * 8], key=lambda w: w[2] - w[1])
        batch = []
        for w in part:
            longest = max([x[2] - x[1] for x in batch] + [w[2] - w[1]]) + 2
            if batch and longest * (len(batch) + 1) > size:
                out.append(batch)
                batch = []
            batch.append(w)
        out.append(batch)
    rng.shuffle(out)
    return out


OPENING, CLOSING = 101, 102
# Opening and closing marks by style, as pieces, and the layer that the engine gives to what stands between them.
MARKS = [((1000, 1000), 1), ((1523, 1524), 1), ((1520, 1521), 2), ((1005, 1005), 2), ((1077, 1090), 3)]


def restyled(ids, shapes, rng):
    """The same window with other quotation marks, so that no one outlet's typography is what the network learns."""
    (opening, closing), layer = rng.choice(MARKS)
    ids, shapes, inside = list(ids), [list(s) for s in shapes], False
    for i, (piece, shape) in enumerate(zip(ids, shapes)):
        if shape[1] != 1:
            inside = False
            continue
        if piece in (1000, 1523, 1524):
            # A mark behind another's closing one opens, however close it stands.
            inside = not inside
            ids[i] = opening if inside else closing
        shape[1] = layer
    return ids, shapes


def tensors(batch, rng=None):
    """[(article, start, end)] -> ids, shapes, lengths, roles, inner, link, soft. Row 0 of each window is [CLS]; a link
    to row 0 means none, and -100 means not asked. With `rng`, some windows get other quotation marks."""
    n = max(end - start for _, start, end in batch) + 2
    b = len(batch)
    ids = torch.zeros(b, n, dtype=torch.long)
    shapes = torch.zeros(b, n, 3, dtype=torch.long)
    roles, inner = torch.zeros(b, n, dtype=torch.long), torch.zeros(b, n, dtype=torch.long)
    link = torch.full((b, n), -100, dtype=torch.long)
    lengths = torch.zeros(b, dtype=torch.long)
    soft = torch.zeros(b, n, 2 * len(LABELS)) if batch[0][0].soft is not None else None
    for k, (a, start, end) in enumerate(batch):
        m = end - start
        pieces, shape = a.ids[start:end], a.shapes[start:end]
        if rng and rng.random() < 0.15:
            pieces, shape = restyled(pieces, shape, rng)
        ids[k, :m + 2] = torch.tensor([OPENING] + pieces + [CLOSING])
        shapes[k, 1:m + 1] = torch.tensor(shape)
        roles[k, 1:m + 1] = torch.tensor(a.roles[start:end])
        if a.inner is not None:
            inner[k, 1:m + 1] = torch.tensor(a.inner[start:end])
        if soft is not None:
            soft[k, 1:m + 1] = a.soft[start:end]
        lengths[k] = m + 2
        for i in range(start, end):
            if a.roles[i] >= LABELS.index("B-cue"):
                to = a.link[i]
                if to < 0:
                    link[k, i - start + 1] = 0
                elif start <= to < end:
                    link[k, i - start + 1] = to - start + 1
    # A window that cuts a span starts with its continuation; BIO has no such label, so it begins there.
    for labels in (roles, inner):
        for k in range(b):
            if int(labels[k, 1]) and LABELS[int(labels[k, 1])].startswith("I-"):
                labels[k, 1] -= 1
    return ids, shapes, lengths, roles, inner, link, soft
