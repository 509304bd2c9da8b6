"""Converts documents to tensors: the encoder's input, as the engine prints it, with gold labels and links."""

import random

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

    @staticmethod
    def put(labels, names, kind, run):
        begin = names.index("B-" + kind)
        for i in run:
            labels[i] = begin + (i != run[0])

    def run(self, s, e):
        return sorted({self.piece_at[c] for c in range(s, e) if c in self.piece_at})

    def cuts(self):
        """The pieces that start a line."""
        return [i for i, s in enumerate(self.shapes) if s[2] or i == 0]

    def sentence_cuts(self, start, end):
        """The pieces that follow the end of a sentence, where a long line may be cut."""
        return [i for i in range(start + 1, min(end, self.n - 1) + 1) if self.ids[i - 1] in ENDS]

    def windows(self, jitter=None):
        """The (start, end) of windows, made of whole lines where those fit. With `jitter`, a random generator, the
        first window ends early, so that the cuts differ between epochs."""
        cuts, start = self.cuts()[1:] + [self.n], 0
        limit = jitter.randint(WINDOW // 4, WINDOW) if jitter else WINDOW
        while start < self.n:
            fits = [c for c in cuts if start < c <= start + limit] or self.sentence_cuts(start + limit // 2, start + limit)
            end = fits[-1] if fits else min(self.n, start + limit)
            yield start, end
            start, limit = end, WINDOW


def word_starts(vocabulary):
    """Whether each word piece begins a word."""
    with open(vocabulary, encoding="utf-8") as f:
        return [not line.startswith("##") for line in f]


def articles(documents, inputs, starts):
    """The articles of a corpus, from the output of corpora.py and of the engine."""
    return [Article(d, e, starts) for d, e in zip(lines(documents), lines(inputs), strict=True)]


def batches(articles, size, rng):
    """Batches of windows of all articles, of at most `size` pieces each. The windows of one article stay together and
    in order, so that a mention may link back across them."""
    out, batch, pieces = [], [], 0
    for article in rng.sample(articles, len(articles)):
        for window in article.windows(rng):
            length = window[1] - window[0] + 2
            if batch and pieces + length > size:
                out.append(batch)
                batch, pieces = [], 0
            batch.append((article, *window))
            pieces += length
    return out + [batch] if batch else out


def restyled(ids, shapes, rng):
    """The same window with other quotation marks, so that the network does not learn the typography of one outlet."""
    (opening, closing), layer = rng.choice(MARKS)
    ids, shapes, inside = list(ids), [list(s) for s in shapes], False
    for i, (piece, shape) in enumerate(zip(ids, shapes)):
        if shape[1] != 1:
            inside = False
            continue
        if piece in (1000, 1523, 1524):
            # A mark after a closing mark opens a quotation, even directly after it.
            inside = not inside
            ids[i] = opening if inside else closing
        shape[1] = layer
    return ids, shapes


LABEL_SETS = ("roles", "inner", "names", "beside", "offices", "speakers", "events", "status")
LINKS = ("content_link", "inner_link", "cue_link", "beside_link", "bearer", "actor", "recipient")


def tensors(batch, rng=None):
    """[(article, start, end)] -> tensors by name. Row 0 of each window is [CLS]; a link to row 0 means none, and
    UNKNOWN means not annotated. With `rng`, some windows get other quotation marks."""
    n = max(end - start for _, start, end in batch) + 2
    b = len(batch)
    numbers = lambda *shape, fill=0: torch.full((b, n, *shape), fill, dtype=torch.long)
    t = {"ids": numbers(), "shapes": numbers(3), "lengths": torch.zeros(b, dtype=torch.long), "guides": torch.zeros(b, dtype=torch.long),
         "articles": torch.zeros(b, dtype=torch.long), "trust": torch.zeros(b), "complete": torch.zeros(b, dtype=torch.bool),
         "chains": numbers(), "anchors": numbers(fill=UNKNOWN), "starts": torch.zeros(b, n, dtype=torch.bool),
         **{name: numbers(fill=UNKNOWN) for name in (*LABEL_SETS, *LINKS)}}
    number = {id(a): k for k, (a, _, _) in enumerate(batch)}
    for k, (a, start, end) in enumerate(batch):
        rows = slice(1, end - start + 1)
        pieces, shape = a.ids[start:end], a.shapes[start:end]
        if rng and rng.random() < 0.15:
            pieces, shape = restyled(pieces, shape, rng)
        t["ids"][k, :end - start + 2] = torch.tensor([OPENING] + pieces + [CLOSING])
        t["shapes"][k, rows] = torch.tensor(shape)
        t["lengths"][k], t["guides"][k], t["articles"][k] = end - start + 2, a.guide, number[id(a)]
        t["trust"][k], t["complete"][k] = 1.0 if a.sure else 0.3, a.complete_chains
        for name in (*LABEL_SETS, "chains", "anchors"):
            values = getattr(a, name)
            if values is not None:
                t[name][k, rows] = torch.tensor(values[start:end])
        for i in a.starts:
            if start <= i < end:
                t["starts"][k, i - start + 1] = True
        for name in LINKS:
            links = getattr(a, name)
            if links is None:
                continue
            for i in range(start, end):
                if links[i] == -1:
                    t[name][k, i - start + 1] = 0
                elif start <= links[i] < end:
                    t[name][k, i - start + 1] = links[i] - start + 1
    # A window that cuts a span would start with a continuation label, which BIO forbids, so the span begins there.
    for labels in (t["roles"], t["inner"]):
        for k in range(b):
            if int(labels[k, 1]) > 0 and LABELS[int(labels[k, 1])].startswith("I-"):
                labels[k, 1] -= 1
    return t
