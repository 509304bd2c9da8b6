"""The losses of a network against labels and against a teacher, summed over the pieces of a batch."""

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


def link_loss(query, key, target, lengths):
    pick = target >= 0
    if not pick.any():
        return query.sum() * 0
    scores = (query @ key.transpose(1, 2) / key.shape[-1] ** 0.5)[pick]
    inside = (torch.arange(key.shape[1], device=key.device) < lengths[:, None])[:, None].expand(-1, key.shape[1], -1)[pick]
    return F.cross_entropy(scores.masked_fill(~inside, -1e4), target[pick], reduction="sum")


def label_loss(scores, labels, trust):
    each = F.cross_entropy(scores.flatten(0, 1), labels.flatten(), reduction="none", ignore_index=UNKNOWN)
    return (each.view(labels.shape) * trust[:, None]).sum()


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


def soft_loss(scores, soft):
    """Squared distance of scores, ignoring a constant for each piece, which does not change any decision."""
    centred = lambda t: t - t.mean(-1, keepdim=True)
    return F.smooth_l1_loss(centred(scores), centred(soft), reduction="sum") / scores.shape[-1]


def labels(out, t, transitions):
    """The loss of each part against the annotations."""
    lengths, losses = t["lengths"], {}
    for number, name in enumerate(("roles", "inner")):
        rows = t[name][:, 1] != UNKNOWN
        if rows.any():
            size = int(lengths[rows].max()) - 1
            each = crf_loss(out[name][rows, 1:size], t[name][rows, 1:size].clamp(min=0), lengths[rows] - 2, transitions[number])
            losses[name] = each.sum() * (1.0, 0.7)[number]
    for name, weight in WEIGHTS.items():
        if (t[name] != UNKNOWN).any():
            losses[name] = weight * label_loss(out[name], t[name], t["trust"])
    losses["links"] = sum(link_loss(out[q], out[k], t[target], lengths) for q, k, target in LINKS)
    losses["mentions"] = 0.5 * mention_loss(out, t)
    return losses


def teaching(out, states, told, shown, t):
    """The losses of a network against its teacher: the states after each layer, if both networks have the same number
    and width of layers, relative to the teacher's mean square; the scores of each label; and the piece that each query
    points to."""
    lengths = t["lengths"]
    row = torch.arange(states[0].shape[1], device=lengths.device)
    inside = (row > 0) & (row < lengths[:, None] - 1)
    losses = {}
    if states[-1].shape == shown[-1].shape:
        pairs = list(zip(states, shown)) if len(states) == len(shown) else [(states[-1], shown[-1])]
        far = lambda a, b: (a.float() - b.float())[inside].square().sum() / b.float()[inside].square().mean() / b.shape[-1]
        losses["states"] = sum(far(a, b) for a, b in pairs) / len(pairs)
    losses["scores"] = 0.1 * sum(soft_loss(out[name][inside], told[name][inside]) for name, _ in SETS)
    role, inner, beside, office, event = (told[k].argmax(-1) for k in ("roles", "inner", "beside", "offices", "events"))
    asks = {"content_query": role >= 5, "cue_query": (role == 3) | (role == 4) | (inner == 3) | (inner == 4), "inner_query": inner >= 5,
            "beside_query": beside > 0, "office_query": office == 1, "actor_query": event > 0, "recipient_query": event > 0}
    among = (row < lengths[:, None])[:, None]
    pairs = [(q, k, asks[q], among) for q, k, _ in LINKS]
    pairs.append(("mention_query", "mention_key", (told["names"].argmax(-1) % 2 == 1) | (role == 1) | (inner == 1) | t["starts"], among & (row < row[:, None])[None]))
    losses["shares"] = 0
    for query, key, asked, among in pairs:
        log, aim = ((o[query] @ o[key].transpose(1, 2) / o[key].shape[-1] ** 0.5).masked_fill(~among, -1e4).log_softmax(-1)[asked & inside] for o in (out, told))
        losses["shares"] += F.kl_div(log, aim, reduction="sum", log_target=True)
    return losses
