"""The losses of a network against labels and against a teacher.

Apart from `mention_scores` and `mention_loss`, which look at whole articles, every function returns one value for each window,
summed over its pieces. None of these has a shape that depends on the data, so a GPU can record a training step and replay it.
"""

import torch
import torch.nn.functional as F

from data import UNKNOWN
from model import SETS, crf_loss

# Each query, the key that it is matched with, and the gold link that gives the right answer.
LINKS = [("content_query", "cue_key", "content_link"), ("cue_query", "source_key", "cue_link"), ("inner_query", "cue_key", "inner_link"),
         ("beside_query", "cue_key", "beside_link"), ("office_query", "bearer_key", "bearer"), ("actor_query", "argument_key", "actor"),
         ("recipient_query", "argument_key", "recipient")]
# The weight of each label set relative to the roles of statements.
WEIGHTS = {"names": 0.5, "beside": 1.0, "offices": 0.7, "speakers": 0.7, "events": 1.0, "status": 1.0}
# A mention may refer to one in these windows of its article, counted from its own.
AROUND = (-3, -2, -1, 0, 1)


def matches(out, query, key):
    """[windows, pieces, pieces]: how well each piece's query matches each piece's key."""
    return out[query] @ out[key].transpose(1, 2) / out[key].shape[-1] ** 0.5


def pieces_of(t):
    """[windows, pieces]: true for pieces of the text, false for the first and last of each window and for padding."""
    row = torch.arange(t["ids"].shape[1], device=t["ids"].device)
    return (row > 0) & (row < t["lengths"][:, None] - 1)


def link_loss(scores, target, lengths):
    outside = torch.arange(scores.shape[-1], device=scores.device) >= lengths[:, None]
    each = F.cross_entropy(scores.masked_fill(outside[:, None], -1e4).flatten(0, 1), target.flatten(), reduction="none", ignore_index=UNKNOWN)
    return each.view(target.shape).sum(1)


def label_loss(scores, labels):
    each = F.cross_entropy(scores.flatten(0, 1), labels.flatten(), reduction="none", ignore_index=UNKNOWN)
    return each.view(labels.shape).sum(1)


def moved(x, by):
    """The rows of `x` for the window that is `by` further in the batch; which of them exist is up to the caller."""
    return x.roll(-by, 0)


def around(t):
    """For each of AROUND: which windows of the batch have that neighbour, in the same article."""
    number, count = torch.arange(len(t["articles"]), device=t["articles"].device), len(t["articles"])
    return [(moved(t["articles"], by) == t["articles"]) & (number + by >= 0) & (number + by < count) for by in AROUND]


def mention_shares(out, among):
    """[windows, pieces, windows around * pieces + 1]: the logarithm of the share of each piece that a piece, as a mention, may
    refer to; the last is for nobody. Only those `among` count."""
    keys = torch.cat([moved(out["mention_key"], by) for by in AROUND], 1)
    scores = (out["mention_query"] @ keys.transpose(1, 2)).masked_fill(~among, -1e4 * keys.shape[-1] ** 0.5)
    nobody = (out["mention_query"] * out["mention_key"][:, :1]).sum(-1, keepdim=True)
    return (torch.cat([scores, nobody], -1) / keys.shape[-1] ** 0.5).log_softmax(-1)


def mention_order(t):
    """[windows, pieces, windows around * pieces]: which of those pieces are in the same article, and which of them come
    before the piece."""
    size = t["ids"].shape[1]
    row = torch.arange(size, device=t["ids"].device)
    exists, before = [], []
    for by, there in zip(AROUND, around(t)):
        exists.append((there[:, None] & (row > 0) & (row < moved(t["lengths"], by)[:, None] - 1))[:, None].expand(-1, size, -1))
        before.append((row < row[:, None] if by == 0 else torch.full_like(row, by < 0).bool().expand(size, -1))[None].expand(len(there), -1, -1))
    return torch.cat(exists, 2), torch.cat(before, 2)


def near_mention_loss(out, t):
    """As `mention_loss`, among AROUND, for each window. Only sources may refer to nobody."""
    chains, anchors = t["chains"], t["anchors"]
    candidates = (chains > 0) | t["starts"]
    wide = lambda x: torch.cat([moved(x, by) for by in AROUND], 1)[:, None]
    source = anchors != UNKNOWN
    chain = torch.where(source, anchors, chains)
    exists, before = mention_order(t)
    own = torch.zeros_like(before[0])
    own[:, AROUND.index(0) * chains.shape[1]:][:, :chains.shape[1]].fill_diagonal_(True)
    # A pronoun or noun that is a source may refer to somebody named later; any other mention refers back.
    allowed = exists & wide(candidates) & (before | source[..., None] & ~own & wide(t["starts"]))
    right = allowed & (wide(chains) == chain[..., None]) & (chain > 0)[..., None]
    nobody = source & (anchors == 0)
    right = torch.cat([right, nobody[..., None]], -1)
    each = -mention_shares(out, allowed).masked_fill(~right, -1e4).logsumexp(-1)
    return (each * right.any(-1)).sum(1)


def labels(out, t, transitions):
    """The loss of each part but the mentions against the annotations."""
    lengths, trust, losses = t["lengths"], t["trust"], {}
    for number, name in enumerate(("roles", "inner")):
        each = crf_loss(out[name][:, 1:-1], t[name][:, 1:-1].clamp(min=0), lengths - 2, transitions[number])
        losses[name] = each.masked_fill(t[name][:, 1] == UNKNOWN, 0) * (1.0, 0.7)[number]
    for name, weight in WEIGHTS.items():
        losses[name] = weight * trust * label_loss(out[name], t[name])
    losses["links"] = sum(link_loss(matches(out, q, k), t[target], lengths) for q, k, target in LINKS)
    return losses


def teaching(out, told, t):
    """The losses of a network against its teacher: the scores of each label, as squared distance and as divergence, and
    the piece that each query points to. What the teacher says of pieces that a set is not about does not count."""
    inside = pieces_of(t)
    role, inner, beside, office, event = (told[k].argmax(-1) for k in ("roles", "inner", "beside", "offices", "events"))
    cue, source = (role == 3) | (role == 4) | (inner == 3) | (inner == 4), (role == 1) | (role == 2) | (inner == 1) | (inner == 2)
    about = {"speakers": source, "status": event > 0}
    losses = {"scores": 0, "labels": 0, "shares": 0}
    centred = lambda x: x - x.mean(-1, keepdim=True)
    for name, _ in SETS:
        of = inside & about[name] if name in about else inside
        far = F.smooth_l1_loss(centred(out[name]), centred(told[name]), reduction="none").mean(-1)
        apart = F.kl_div(out[name].log_softmax(-1), told[name].log_softmax(-1), reduction="none", log_target=True).sum(-1)
        losses["scores"] += 0.1 * (far * of).sum(1)
        losses["labels"] += (apart * of).sum(1)
    asks = {"content_query": role >= 5, "cue_query": cue, "inner_query": inner >= 5, "beside_query": beside > 0, "office_query": office == 1,
            "actor_query": event > 0, "recipient_query": event > 0}
    row = torch.arange(inside.shape[1], device=inside.device)
    among = (row < t["lengths"][:, None])[:, None]
    share = lambda scores, among: scores.masked_fill(~among, -1e4).log_softmax(-1)
    for query, key, _ in LINKS:
        log, aim = (share(matches(o, query, key), among) for o in (out, told))
        losses["shares"] += (F.kl_div(log, aim, reduction="none", log_target=True).sum(-1) * (asks[query] & inside)).sum(1)
    exists, before = mention_order(t)
    asked = (told["names"].argmax(-1) % 2 == 1) | (role == 1) | (inner == 1) | t["starts"]
    among = exists & (before | source[..., None])
    log, aim = (mention_shares(o, among) for o in (out, told))
    losses["shares"] += (F.kl_div(log, aim, reduction="none", log_target=True).sum(-1) * (asked & inside)).sum(1)
    return losses


def mention_scores(out, t):
    """For each annotated mention, its scores with every piece of its article in the batch where a mention may begin.
    The last column is for none. Also returns which columns are right (all false if the batch does not contain the right
    one)."""
    chains, anchors = t["chains"], t["anchors"]
    pieces = chains.shape[1]
    flat = lambda x: x.flatten(0, 1)
    asked = flat((chains > 0) | (anchors != UNKNOWN)).nonzero()[:, 0]
    candidates = flat((chains > 0) | t["starts"]).nonzero()[:, 0]
    article = t["articles"].repeat_interleave(pieces)
    query, key = flat(out["mention_query"]), flat(out["mention_key"])
    none = out["mention_key"][:, 0]
    shrink = key.shape[-1] ** -0.5
    scores = torch.cat([query[asked] @ key[candidates].T, (query[asked] * none[asked // pieces]).sum(-1, keepdim=True)], -1) * shrink
    source = flat(anchors)[asked]
    chain = torch.where(source != UNKNOWN, source, flat(chains)[asked])
    same = article[asked][:, None] == article[candidates]
    # A pronoun or noun that is a source may refer to somebody named later; any other mention refers back.
    later = candidates[None] >= asked[:, None]
    allowed = same & (~later | (source != UNKNOWN)[:, None] & (candidates[None] != asked[:, None]) & flat(t["starts"])[candidates])
    right = allowed & (flat(chains)[candidates][None] == chain[:, None]) & (chain > 0)[:, None]
    nobody = ~right.any(-1) & ((source == 0) | (source == UNKNOWN) & t["complete"][asked // pieces])
    allowed = torch.cat([allowed, torch.ones_like(nobody)[:, None]], -1)
    return scores.masked_fill(~allowed, -1e4), torch.cat([right, nobody[:, None]], -1), asked


def mention_loss(out, t):
    """The negative log likelihood of all right mentions of each together (Lee et al. 2017)."""
    scores, right, asked = mention_scores(out, t)
    known = right.any(-1)
    if not known.any():
        return out["mention_query"].sum() * 0
    log = scores.log_softmax(-1)
    each = -log.masked_fill(~right, -1e4).logsumexp(-1)
    return (each * t["trust"][asked // t["chains"].shape[1]])[known].sum()
