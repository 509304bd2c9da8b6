"""Articles to windows: the encoder's input, as the engine prints it, with the gold roles and links of each piece."""

import json
import random

import torch

from model import LABELS, NAMES

WINDOW = 126
ROLES = ("source", "cue", "content")
# The pieces . ! ? " and ”, which may end a sentence.
ENDS = {1012, 999, 1029, 1000, 1524}


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(l) for l in f if l.strip()]


def telling(encoded):
    """Whether an unlabelled article is worth learning from: one that outweighs a hundred others teaches what one page
    looks like."""
    return 40 <= len(encoded["ids"]) <= 4000


class Article:
    """One article's pieces; `roles`: label numbers; `inner`: those of the statements inside contents, where known;
    `link`: for a piece of content the first piece of its cue, for a piece of a cue the first piece of its source, -1
    for none; `soft`: the scores of other networks for every piece, where those are what to learn from; `names`: label
    numbers, `chains`: at the first piece of a mention the number of its chain, from 1 on, 0 elsewhere, both None where
    not known; `sure`: whether people marked names and chains."""

    def __init__(self, document, encoded, silver=None, mentions=None):
        self.id, self.text = document.get("id"), document["text"]
        self.ids, self.shapes, self.spans = encoded["ids"], encoded["shapes"], encoded["spans"]
        self.attributions, self.known = document.get("attributions", []), "attributions" in document or silver is not None
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
        self.names, self.chains, self.sure = None, None, bool(mentions and mentions["sure"])
        if mentions and mentions["names"] is not None:
            self.names = [0] * n
            for start, end, kind in mentions["names"]:
                for k, i in enumerate(self.run(piece_at, start, end)):
                    self.names[i] = NAMES.index("B-" + kind) + (k > 0)
        if mentions and mentions["chains"] is not None:
            self.chains = [0] * n
            # Where several mentions begin at one piece the longest counts.
            for number, start, end in sorted(((k, *m) for k, chain in enumerate(mentions["chains"], 1) for m in chain), key=lambda m: m[2] - m[1]):
                run = self.run(piece_at, start, end)
                if run:
                    self.chains[run[0]] = number

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


def running(articles, size, rng):
    """Windows in their order, so that a mention may go back to the window before; `size` pieces at most a batch."""
    out, batch = [], []
    for article in rng.sample(articles, len(articles)):
        for window in article.windows(rng):
            longest = max(end - start for _, start, end in [*batch, (article, *window)]) + 2
            if batch and longest * (len(batch) + 1) > size:
                out.append(batch)
                batch = []
            batch.append((article, *window))
    return out + [batch] if batch else out


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
    """[(article, start, end)] -> tensors by name. Row 0 of each window is [CLS]; a link to row 0 means none, and -100
    means not asked. `follows`: whether a window goes on where the one before it ended. With `rng`, some windows get
    other quotation marks."""
    n = max(end - start for _, start, end in batch) + 2
    b = len(batch)
    numbers = lambda *shape, fill=0: torch.full((b, n, *shape), fill, dtype=torch.long)
    t = {"ids": numbers(), "shapes": numbers(3), "lengths": torch.zeros(b, dtype=torch.long), "roles": numbers(), "inner": numbers(),
         "link": numbers(fill=-100), "names": numbers(fill=-100), "chains": numbers(), "follows": torch.zeros(b, dtype=torch.bool),
         "soft": torch.zeros(b, n, 2 * len(LABELS)) if batch[0][0].soft is not None else None}
    for k, (a, start, end) in enumerate(batch):
        rows = slice(1, end - start + 1)
        pieces, shape = a.ids[start:end], a.shapes[start:end]
        if rng and rng.random() < 0.15:
            pieces, shape = restyled(pieces, shape, rng)
        t["ids"][k, :end - start + 2] = torch.tensor([OPENING] + pieces + [CLOSING])
        t["shapes"][k, rows] = torch.tensor(shape)
        t["lengths"][k] = end - start + 2
        t["follows"][k] = k > 0 and batch[k - 1][0] is a and batch[k - 1][2] == start
        for name, values in (("roles", a.roles), ("inner", a.inner), ("names", a.names), ("chains", a.chains)):
            if values is not None:
                t[name][k, rows] = torch.tensor(values[start:end])
        if t["soft"] is not None:
            t["soft"][k, rows] = a.soft[start:end]
        for i in range(start, end):
            if a.roles[i] >= LABELS.index("B-cue"):
                to = a.link[i]
                if to < 0:
                    t["link"][k, i - start + 1] = 0
                elif start <= to < end:
                    t["link"][k, i - start + 1] = to - start + 1
    # A window that cuts a span starts with its continuation; BIO has no such label, so it begins there.
    for labels in (t["roles"], t["inner"]):
        for k in range(b):
            if int(labels[k, 1]) and LABELS[int(labels[k, 1])].startswith("I-"):
                labels[k, 1] -= 1
    return t
