"""Converts documents to tensors: the encoder's input, as the engine prints it, with gold labels and links."""

import bisect
import functools

import numpy as np
import torch

from corpora import lines
from model import BESIDE, EVENTS, GUIDES, LABELS, NAMES, OFFICES, SPEAKERS, STATUS

WINDOW = 126
ROLES = ("source", "cue", "content")
# The pieces . ! ? " and ”, which may end a sentence.
ENDS = {1012, 999, 1029, 1000, 1524}
OPENING, CLOSING = 101, 102
# Opening and closing marks by style, as pieces, with the layer that the engine gives to the text between them.
MARKS = [((1000, 1000), 1), ((1523, 1524), 1), ((1520, 1521), 2), ((1005, 1005), 2), ((1077, 1090), 3)]
# The pieces he she it they his her him their them who i we
PRONOUNS = {2002, 2016, 2009, 2027, 2010, 2014, 2032, 2037, 2068, 2040, 1045, 2057}
# The value for an unknown label.
UNKNOWN = -100


def telling(encoded):
    """Whether an unlabelled article is worth learning from. An article that outweighs a hundred others only teaches
    what one page looks like."""
    return 40 <= len(encoded["ids"]) <= 4000


class Article:
    """One article's pieces, with labels for each piece; a list is None if the corpus has no such labels.

    `roles`, `inner`: labels of statements, and of statements inside others' contents.
    `content_link`, `inner_link`: for a piece of a content, the first piece of its cue, or -1 for none.
    `cue_link`: for a piece of a cue, the first piece of its source, or -1 for none.
    `names`, `beside`, `offices`, `speakers`, `events`, `status`: labels, UNKNOWN if not annotated.
    `beside_link`: for words beside a cue, the first piece of that cue.
    `bearer`: for the first piece of an office, the first piece of its holder's name.
    `actor`, `recipient`: for the first piece of an event, the first piece of that party, or -1 for none.
    `chains`: for the first piece of a mention, the number of its chain, from 1.
    `anchors`: for the first piece of a source, the chain it refers to, or 0 for nobody who is named; UNKNOWN elsewhere.
    """

    def __init__(self, document, encoded, word_starts):
        d = document
        self.id, self.text, self.fold = d.get("id"), d["text"], d.get("fold", 0)
        self.guide = GUIDES.index(d.get("guide") or GUIDES[0])
        self.ids, self.shapes, self.spans = encoded["ids"], encoded["shapes"], encoded["spans"]
        self.n = n = len(self.ids)
        self.starts = [i for i in range(n) if self.ids[i] in PRONOUNS or self.shapes[i][0] in (2, 3, 4, 6) and word_starts[self.ids[i]]]
        self.sure = d.get("sure", True)
        self.complete_chains = d.get("complete_chains", False)
        self.attributions = d.get("statements")
        self.roles = self.inner = self.content_link = self.inner_link = self.cue_link = self.names = self.beside = self.beside_link = None
        self.offices = self.bearer = self.speakers = self.events = self.status = self.actor = self.recipient = self.chains = self.anchors = None
        self.piece_at = {}
        for i, (s, e) in enumerate(self.spans):
            for c in range(s, e):
                self.piece_at[c] = i
        if self.attributions is not None:
            self.set_statements(d)
        if d.get("names") is not None:
            # If not every name is marked, unmarked words may be names too.
            self.names = [0 if d["complete"] else UNKNOWN] * n
            for start, end, kind in d["names"]:
                self.put(self.names, NAMES, kind, self.run(start, end))
        if d.get("chains") is not None:
            self.chains = [0] * n
            # If several mentions begin at one piece, the longest counts.
            for number, start, end in sorted(((k, *m) for k, chain in enumerate(d["chains"], 1) for m in chain), key=lambda m: m[2] - m[1]):
                run = self.run(start, end)
                if run:
                    self.chains[run[0]] = number
        if d.get("anchors") is not None:
            self.anchors = [UNKNOWN] * n
            for start, end, chain in d["anchors"]:
                run = self.run(start, end)
                if run:
                    self.anchors[run[0]] = chain + 1
        if d.get("roles") is not None:
            self.offices, self.bearer = [0] * n, [UNKNOWN] * n
            for start, end, name in d["roles"]:
                run = self.run(start, end)
                if run and not any(self.offices[i] for i in run):
                    self.put(self.offices, OFFICES, "office", run)
                    self.bearer[run[0]] = self.piece_at.get(name, UNKNOWN)
        if d.get("events") is not None:
            self.events, self.status, self.actor, self.recipient = [0] * n, [UNKNOWN] * n, [UNKNOWN] * n, [UNKNOWN] * n
            for e in d["events"]:
                run = self.run(*e["trigger"])
                for i in run:
                    self.events[i], self.status[i] = EVENTS.index(e["type"]), STATUS.index(e["status"])
                for key, links in (("actor", self.actor), ("recipient", self.recipient)):
                    if run and e[key] == "none":
                        links[run[0]] = -1
                    elif run and e[key]:
                        links[run[0]] = self.piece_at.get(e[key][0], UNKNOWN)

    def set_statements(self, d):
        n = self.n
        self.roles, self.inner, self.content_link, self.inner_link, self.cue_link = [0] * n, [0] * n, *([UNKNOWN] * n for _ in range(3))
        told = any(a["beside"] is not None for a in self.attributions)
        if d["guide"] != "world":
            self.inner = None
        if told:
            self.beside, self.beside_link, self.speakers = [0] * n, [UNKNOWN] * n, [UNKNOWN] * n
        for a in self.attributions:
            runs = {r: [x for x in (self.run(s, e) for s, e in a[r]) if x] for r in ROLES}
            if not runs["cue"] and not runs["content"]:
                continue
            labels = self.roles
            if a["inner"]:
                if self.inner is None:
                    continue
                labels = self.inner
            for role, spans in runs.items():
                for run in spans:
                    if role == "content" and any(labels[i] for i in run):
                        continue
                    self.put(labels, LABELS, role, run)
            cue = runs["cue"][0][0] if runs["cue"] else -1
            source = runs["source"][0][0] if runs["source"] else -1
            for run in runs["content"]:
                for i in run:
                    (self.inner_link if a["inner"] else self.content_link)[i] = cue
            for run in runs["cue"]:
                for i in run:
                    self.cue_link[i] = source
            if told and a["kind"] in SPEAKERS:
                for run in runs["source"]:
                    for i in run:
                        self.speakers[i] = SPEAKERS.index(a["kind"])
            for start, end, kind in a["beside"] or []:
                run = self.run(start, end)
                if run and not any(self.beside[i] for i in run):
                    self.put(self.beside, BESIDE, kind, run)
                    for i in run:
                        self.beside_link[i] = cue if cue >= 0 else UNKNOWN

        # Where one span is cut by another, the rest is a span of its own: BIO forbids that it goes on.
        for labels in (self.roles, self.inner or []):
            for i, label in enumerate(labels):
                if label and label % 2 == 0 and (i == 0 or labels[i - 1] not in (label, label - 1)):
                    labels[i] = label - 1

    @staticmethod
    def put(labels, names, kind, run):
        begin = names.index("B-" + kind)
        for i in run:
            labels[i] = begin + (i != run[0])

    def run(self, s, e):
        return sorted({self.piece_at[c] for c in range(s, e) if c in self.piece_at})


def word_starts(vocabulary):
    """Whether each word piece begins a word."""
    with open(vocabulary, encoding="utf-8") as f:
        return [not line.startswith("##") for line in f]


def articles(documents, inputs, numbers=None):
    """The articles of a corpus by number, from the output of corpora.py and of the engine."""
    starts, numbers = word_starts("../models/en/vocab.txt"), numbers if numbers is None else set(numbers)
    pairs = enumerate(zip(lines(documents), lines(inputs), strict=True))
    return {k: Article(d, e, starts) for k, (d, e) in pairs if numbers is None or k in numbers}


LABEL_SETS = ("roles", "inner", "names", "beside", "offices", "speakers", "events", "status")
LINKS = ("content_link", "inner_link", "cue_link", "beside_link", "bearer", "actor", "recipient")


class Pack:
    """The pieces of many articles in one row, so that a batch is gathered at once on the device that trains.

    `at` [articles + 1]: where each article begins in that row, and where the last one ends.
    `marks`: for each article, its guide, whether it is sure, whether its chains are complete, whether it has statements,
    and its fold.
    `columns`: the values of each piece, as `Article` describes them: `ids`, `shapes`, `starts`, `chains`, `anchors`, and
    `labels` and `links` in the order of LABEL_SETS and LINKS. Texts without labels have `ids` and `shapes` only.
    """

    def __init__(self, at, marks, columns):
        self.at, self.marks, self.columns = at, marks, columns
        self.lines = (columns["shapes"][:, 2] > 0).numpy()
        self.ends = torch.isin(columns["ids"], torch.tensor(sorted(ENDS), dtype=torch.int32)).numpy()

    def __len__(self):
        return len(self.at) - 1

    @classmethod
    def of(cls, articles):
        row = lambda kind, values: torch.cat([torch.tensor(v, dtype=kind) for v in values])
        given = lambda a, name, none=UNKNOWN: [none] * a.n if getattr(a, name) is None else getattr(a, name)
        many = lambda kind, names: torch.stack([row(kind, (given(a, name) for a in articles)) for name in names], -1)
        starts = [torch.zeros(a.n, dtype=torch.bool).index_fill(0, torch.tensor(a.starts, dtype=torch.long), True) for a in articles]
        return cls(torch.tensor([0] + [a.n for a in articles]).cumsum(0).tolist(),
                   [(a.guide, a.sure, a.complete_chains, a.attributions is not None, a.fold) for a in articles],
                   {"ids": row(torch.int32, (a.ids for a in articles)), "shapes": row(torch.uint8, (a.shapes for a in articles)),
                    "starts": torch.cat(starts), "labels": many(torch.int8, LABEL_SETS), "links": many(torch.int32, LINKS),
                    "chains": row(torch.int32, (given(a, "chains", 0) for a in articles)),
                    "anchors": row(torch.int32, (given(a, "anchors") for a in articles))})

    def save(self, path):
        torch.save({"at": self.at, "marks": self.marks, "columns": self.columns}, path)

    @classmethod
    def load(cls, path):
        return cls(**torch.load(path, weights_only=True))

    def to(self, device):
        self.columns = {name: column.to(device) for name, column in self.columns.items()}
        return self

    def guide(self, number):
        return self.marks[number][0]

    def has_statements(self, number):
        return self.marks[number][3]

    def fold(self, number):
        return self.marks[number][4]

    def pieces(self, number):
        return self.at[number + 1] - self.at[number]

    def windows(self, number, jitter=None):
        """The (start, end) of an article's windows, made of whole lines where those fit. With `jitter`, a random
        generator, the first window ends early, so that the cuts differ between epochs."""
        at, n, start = self.at[number], self.pieces(number), 0
        cuts = [i + 1 for i in np.flatnonzero(self.lines[at + 1:at + n]).tolist()] + [n]
        limit = jitter.randint(WINDOW // 4, WINDOW) if jitter else WINDOW
        while start < n:
            # A long line is cut after a sentence.
            fits = cuts[bisect.bisect(cuts, start):bisect.bisect(cuts, start + limit)] or [
                i for i in range(start + limit // 2 + 1, min(start + limit, n - 1) + 1) if self.ends[at + i - 1]]
            end = fits[-1] if fits else min(n, start + limit)
            yield start, end
            start, limit = end, WINDOW

    def batches(self, numbers, size, rng, jitter=True):
        """Batches of windows of these articles, of at most `size` pieces each, as (pack, [(article, start, end)]). The
        windows of one article stay together and in order, so that a mention may link back across them."""
        out, batch, pieces = [], [], 0
        for number in rng.sample(numbers, len(numbers)):
            for start, end in self.windows(number, rng if jitter else None):
                length = end - start + 2
                if batch and pieces + length > size:
                    out.append((self, batch))
                    batch, pieces = [], 0
                batch.append((number, start, end))
                pieces += length
        return out + [(self, batch)] if batch else out

    def rows(self, windows, rng=None):
        """[windows, 9]: for each (article, start, end), what `tensors` needs: where its pieces begin among all and in the
        article, where they end, the article's number and marks, and the quotation marks that it gets, or -1 for its own.
        With `rng`, some windows get other quotation marks."""
        style = lambda: rng.randrange(len(MARKS)) if rng and rng.random() < 0.15 else -1
        return torch.tensor([[self.at[k] + start, start, end, k, *map(int, self.marks[k][:3]), self.marks[k][4] if self.has_statements(k) else -1, style()] for k, start, end in windows])

    def tensors(self, windows, rng=None):
        """The tensors of some windows, no wider than the longest needs."""
        return tensors(self.columns, self.rows(windows, rng).to(self.columns["ids"].device), max(end - start for _, start, end in windows) + 2)

    @classmethod
    def joined(cls, packs):
        """One pack with the articles of several, of which only the first need have labels."""
        at, columns = [0], {}
        for pack in packs:
            at += [at[-1] + end for end in pack.at[1:]]
        for name, first in packs[0].columns.items():
            fill = {"labels": UNKNOWN, "links": UNKNOWN, "anchors": UNKNOWN}.get(name, 0)
            columns[name] = torch.cat([pack.columns[name] if name in pack.columns else torch.full((pack.at[-1], *first.shape[1:]), fill, dtype=first.dtype) for pack in packs])
        return cls(at, [mark for pack in packs for mark in pack.marks], columns)


def tensors(columns, rows, width):
    """The windows that Pack.rows describes -> tensors by name. Piece 0 of each window is [CLS]; a link to it means none,
    and UNKNOWN means not annotated. No shape depends on the data."""
    base, start, end, number, guides, sure, complete, fold, style = rows.T
    lengths = end - start + 2
    row = torch.arange(width, device=rows.device)
    inside = (row > 0) & (row < lengths[:, None] - 1)
    places = (base[:, None] + row - 1).masked_fill(~inside, 0)
    blank = lambda fill: torch.full_like(places, fill)
    take = lambda name, fill: columns[name][places].long().masked_fill(~inside, fill) if name in columns else blank(fill)
    many = lambda name, names: dict(zip(names, columns[name][places].long().unbind(-1))) if name in columns else {}
    ids = take("ids", 0).masked_fill(row == 0, OPENING).masked_fill(row == lengths[:, None] - 1, CLOSING)
    ids, shapes = restyled(ids, columns["shapes"][places].long().masked_fill(~inside[..., None], 0), style)
    t = {"ids": ids, "shapes": shapes, "lengths": lengths, "guides": guides, "articles": number, "folds": fold,
         "trust": 0.3 + 0.7 * (sure > 0), "complete": complete > 0, "chains": take("chains", 0),
         "anchors": take("anchors", UNKNOWN), "starts": take("starts", 0) > 0}
    labels, links = many("labels", LABEL_SETS), many("links", LINKS)
    for name in LABEL_SETS:
        t[name] = labels[name].masked_fill(~inside, UNKNOWN) if labels else blank(UNKNOWN)
    for name in LINKS:
        to = links[name] if links else blank(UNKNOWN)
        near = (to >= start[:, None]) & (to < end[:, None])
        t[name] = (to - start[:, None] + 1).masked_fill(to == -1, 0).masked_fill(~inside | ~near & (to != -1), UNKNOWN)
    # A window that cuts a span would start with a continuation label, which BIO forbids, so the span begins there.
    for name in ("roles", "inner"):
        first = t[name][:, 1]
        t[name][:, 1] = first - ((first > 0) & (first % 2 == 0)).long()
    return t


@functools.cache
def styles(device):
    """[styles, 3]: the opening and closing mark of each style and its layer; the last row is for none."""
    return torch.tensor([[*marks, layer] for marks, layer in MARKS] + [[0, 0, 0]], device=device)


def restyled(ids, shapes, style):
    """The same windows with other quotation marks where `style` is the number of some, so that the network does not learn
    the typography of one outlet."""
    chosen = (style >= 0)[:, None]
    opening, closing, layer = styles(ids.device)[style].T[..., None]
    quoted = shapes[..., 1] == 1
    mark = quoted & ((ids == 1000) | (ids == 1523) | (ids == 1524))
    # Marks alternate within a run of quoted pieces: one after a closing mark opens a quotation, even directly after it.
    count = mark.long().cumsum(1)
    opens = (count - count.masked_fill(quoted, 0).cummax(1).values) % 2 == 1
    ids = torch.where(mark & chosen, torch.where(opens, opening, closing), ids)
    return ids, torch.stack([shapes[..., 0], torch.where(quoted & chosen, layer, shapes[..., 1]), shapes[..., 2]], -1)
