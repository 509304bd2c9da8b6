"""The network: a BERT-shaped encoder that also sees letter case, quotation marks and line starts, and its heads.

One pass serves every decision. A head is either a set of labels, scored for each piece, or a query or key, whose dot
products decide which piece belongs to which: a content to its cue, a cue to its source, an office to its holder, a
mention to an earlier one, an event to its actor.
"""

import functools
import json
import math
import os

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn


def bio(kinds):
    return ["O"] + [f"{begin}-{kind}" for kind in kinds for begin in "BI"]


LABELS = bio(["source", "cue", "content"])
NAMES = bio(["person", "organization", "place", "other"])
BESIDE = bio(["addressee", "medium", "occasion", "time"])
OFFICES = bio(["office"])
SPEAKERS = ["person", "organization", "group", "document", "unnamed"]
EVENTS = ["O", "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "YIELD", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION",
          "MOBILIZE", "COERCE", "ASSAULT"]
STATUS = ["happened", "planned", "possible", "denied"]
# Sizes of the three shape vocabularies, as crates/onrecord/src/tokens.rs numbers them.
SHAPES = {"case": 7, "layer": 5, "layout": 3}
# The annotation guides that the statements of a text may follow. The engine reads by the first one.
GUIDES = ["world", "polnear"]
LINK, SMALL = 64, 32
# The width of each attention head in the small encoder, from which training starts, and in the large one.
HEAD, WIDE_HEAD = 32, 64
# Buckets for the large encoder's relative positions, and the distance from which all share the last bucket
# (T5, Raffel et al. 2020).
BUCKETS, FAR = 32, 128
# The scores of every piece.
SETS = [("roles", LABELS), ("inner", LABELS), ("names", NAMES), ("beside", BESIDE), ("offices", OFFICES), ("speakers", SPEAKERS),
        ("events", EVENTS), ("status", STATUS)]
VECTORS = [("content_query", LINK), ("cue_key", LINK), ("cue_query", LINK), ("source_key", LINK), ("inner_query", LINK), ("beside_query", LINK),
           ("mention_query", LINK), ("mention_key", LINK), ("office_query", SMALL), ("bearer_key", SMALL), ("actor_query", SMALL),
           ("recipient_query", SMALL), ("argument_key", SMALL)]
PARTS = [(name, len(labels)) for name, labels in SETS] + VECTORS


class Layer(nn.Module):
    def __init__(self, width, heads, inner, dropout, head=HEAD):
        super().__init__()
        self.heads, self.dropout, self.head = heads, dropout, head
        self.qkv = nn.Linear(width, 3 * heads * head)
        self.out = nn.Linear(heads * head, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x, mask, places):
        """`x` [pieces, width] has no padding; `places` gives the position of each piece among the padded windows. Without
        `places`, `x` is [windows, pieces, width], padding included."""
        if places is None:
            b, n, _ = x.shape
            q, k, v = self.qkv(x).view(b, n, 3, self.heads, self.head).permute(2, 0, 3, 1, 4)
            a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
            a = self.out(a.transpose(1, 2).reshape(b, n, self.heads * self.head))
            x = self.norm1(x + F.dropout(a, self.dropout, self.training))
            return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), self.dropout, self.training))
        n = mask.shape[-1]
        b = mask.shape[0] // self.heads
        qkv = self.qkv(x)
        q, k, v = spread(qkv, places, b * n).view(b, n, 3, self.heads, self.head).permute(2, 0, 3, 1, 4)
        drop = self.dropout if self.training else 0.0
        # Written out, in bf16: on a CPU this is four times as fast as PyTorch's fused attention, whose kernels for
        # bf16 and for dropout are slow there. No dropout on the attention weights for the same reason.
        flat = lambda t: t.reshape(b * self.heads, n, self.head)
        scores = torch.baddbmm(mask, flat(q), flat(k).transpose(1, 2), alpha=self.head ** -0.5)
        a = torch.bmm(scores.softmax(-1).to(v.dtype), flat(v))
        a = self.out(a.view(b, self.heads, n, self.head).transpose(1, 2).reshape(b * n, self.heads * self.head)[places])
        x = self.norm1(x + F.dropout(a, drop))
        h = self.down(F.gelu(self.up(x)))
        return self.norm2(x + F.dropout(h, drop))


def spread(x, places, size):
    """A matrix of `size` rows, with the rows of `x` at these places and zeros elsewhere."""
    return x.new_zeros(size, x.shape[-1]).index_copy(0, places, x)


class Encoder(nn.Module):
    def __init__(self, vocabulary=30522, width=384, layers=6, heads=12, inner=1536, positions=512, dropout=0.1, head=HEAD):
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(positions, width)
        self.shapes = nn.ModuleDict({k: nn.Embedding(n, width) for k, n in SHAPES.items()})
        self.guides = nn.Embedding(len(GUIDES), width)
        for e in [*self.shapes.values(), self.guides]:
            nn.init.zeros_(e.weight)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, heads, inner, dropout, head) for _ in range(layers))
        self.dropout = dropout
        # The large encoder also adds a bias for the distance of the two pieces to each attention score.
        self.distances = nn.Embedding(BUCKETS, heads) if head == WIDE_HEAD else None

    def embedded(self, ids, shapes, guides):
        """The sum of the embeddings of each piece. `guides` has for each window the share of the second guide, from 0 to
        1. Small tables are read by products, whose gradients a GPU computes faster than those of lookups."""
        x = self.words(ids) + self.positions.weight[:ids.shape[1]] + torch.lerp(*self.guides.weight[:, None], guides.float()[:, None])[:, None]
        for i, e in enumerate(self.shapes.values()):
            x = x + (shapes[..., i, None] == torch.arange(len(e.weight), device=ids.device)).to(x.dtype) @ e.weight
        return x

    def padded(self, ids, shapes, guides, lengths):
        """The states after the last layer, computed without any shape that depends on the data."""
        b, n = ids.shape
        x = F.dropout(self.norm(self.embedded(ids, shapes, guides)), self.dropout, self.training)
        dtype = torch.get_autocast_dtype(x.device.type) if torch.is_autocast_enabled(x.device.type) else self.layers[0].up.weight.dtype
        outside = torch.arange(n, device=ids.device) >= lengths[:, None]
        mask = torch.zeros(outside.shape, dtype=dtype, device=x.device).masked_fill(outside, -1e4)[:, None, None]
        if self.distances is not None:
            mask = mask + self.distances(buckets(n, x.device)).permute(2, 0, 1).to(dtype)
        mask, x = mask.expand(b, self.layers[0].heads, n, n).contiguous(), x.to(dtype)
        for layer in self.layers:
            x = layer(x, mask, None)
        return x

    def forward(self, ids, shapes, guides, lengths):
        """The states after the last layer."""
        b, n = ids.shape
        outside = torch.arange(n, device=ids.device) >= lengths[:, None]
        places = (~outside).flatten().nonzero()[:, 0]
        x = self.embedded(ids, shapes, guides)
        x = F.dropout(self.norm(x.flatten(0, 1)[places]), self.dropout, self.training)
        dtype = torch.get_autocast_dtype(x.device.type) if torch.is_autocast_enabled(x.device.type) else x.dtype
        mask = torch.zeros(outside.shape, dtype=dtype, device=x.device).masked_fill(outside, -1e4)
        mask = mask[:, None, None, :].expand(-1, self.layers[0].heads, n, -1)
        if self.distances is not None:
            mask = mask + self.distances(buckets(n, x.device)).permute(2, 0, 1).to(dtype)
        mask = mask.reshape(-1, n, n)
        windows = lambda x: spread(x, places, b * n).view(b, n, -1)
        for layer in self.layers:
            x = layer(x, mask, places)
        return windows(x)

    @classmethod
    def large(cls, folder, dropout):
        """The encoder of all-mpnet-base-v2. It has our word pieces with other numbers: each is four higher, and the
        opening and closing pieces are 0 and 2."""
        conf = json.load(open(os.path.join(folder, "config.json")))
        t = load_file(os.path.join(folder, "model.safetensors"))
        t = {k.removeprefix("mpnet."): v for k, v in t.items()}
        enc = cls(30522, conf["hidden_size"], conf["num_hidden_layers"], conf["num_attention_heads"], conf["intermediate_size"], 512, dropout, WIDE_HEAD)
        words = t["embeddings.word_embeddings.weight"]
        own = {"words.weight": torch.cat([words[4:30526]]),
               # The first two positions are reserved for padding and similar uses.
               "positions.weight": t["embeddings.position_embeddings.weight"][2:514],
               "norm.weight": t["embeddings.LayerNorm.weight"], "norm.bias": t["embeddings.LayerNorm.bias"],
               "distances.weight": t["encoder.relative_attention_bias.weight"]}
        own["words.weight"][101], own["words.weight"][102] = words[0], words[2]
        for i in range(conf["num_hidden_layers"]):
            src = f"encoder.layer.{i}."
            for kind in ("weight", "bias"):
                own[f"layers.{i}.qkv.{kind}"] = torch.cat([t[f"{src}attention.attn.{p}.{kind}"] for p in "qkv"])
                for name, theirs in (("out", "attention.attn.o"), ("norm1", "attention.LayerNorm"), ("up", "intermediate.dense"),
                                     ("down", "output.dense"), ("norm2", "output.LayerNorm")):
                    own[f"layers.{i}.{name}.{kind}"] = t[f"{src}{theirs}.{kind}"]
        missing, unexpected = enc.load_state_dict(own, strict=False)
        assert not unexpected and all(m.startswith(("shapes.", "guides.")) for m in missing), (missing, unexpected)
        return enc


def buckets(n, device):
    """[n, n]: the bucket of each pair's distance; half of the buckets are for preceding pieces, half for following
    ones."""
    at = torch.arange(n, device=device)
    apart = at[:, None] - at[None]
    half = BUCKETS // 2
    side = (apart < 0).long() * half
    apart = apart.abs()
    near = half // 2
    far = near + (torch.log(apart.clamp(min=1).float() / near) / math.log(FAR / near) * (half - near)).long()
    return side + torch.where(apart < near, apart, far.clamp(max=half - 1))


class Network(nn.Module):
    """The encoder with its heads. `heads` is one matrix, so that inference needs one product for all of them."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        width = encoder.norm.weight.shape[0]
        self.heads = nn.Linear(width, sum(n for _, n in PARTS))
        nn.init.normal_(self.heads.weight, std=0.02)
        nn.init.zeros_(self.heads.bias)
        self.transitions = nn.Parameter(torch.zeros(2, len(LABELS) + 1, len(LABELS)))

    @classmethod
    def of(cls, weights, dropout=0.1, parts=PARTS):
        """A network with these weights, whose heads have these parts. Missing parts get the same random values each
        time, so that networks that start from them can be averaged."""
        layers = 1 + max(int(k.split(".")[2]) for k in weights if k.startswith("encoder.layers."))
        rows = lambda name: weights[f"encoder.{name}.weight"].shape[0]
        width = weights["encoder.words.weight"].shape[1]
        head = WIDE_HEAD if "encoder.distances.weight" in weights else HEAD
        net = cls(Encoder(rows("words"), width, layers, rows("layers.0.qkv") // (3 * head), rows("layers.0.up"), rows("positions"), dropout, head))
        at, given = 0, {}
        for name, size in parts:
            given[name] = weights["heads.weight"][at:at + size], weights["heads.bias"][at:at + size]
            at += size
        fresh, width = torch.Generator().manual_seed(1), net.heads.weight.shape[1]
        for name, size in PARTS:
            if name not in given:
                given[name] = torch.randn(size, width, generator=fresh) * 0.02, torch.zeros(size)
        weights = {"encoder.guides.weight": net.encoder.guides.weight.detach()} | weights | {
            "heads.weight": torch.cat([given[name][0] for name, _ in PARTS]), "heads.bias": torch.cat([given[name][1] for name, _ in PARTS])}
        net.load_state_dict(weights)
        return net

    @classmethod
    def load(cls, path, dropout=0.1):
        """A network as saved by train.py, with its training options."""
        kept = torch.load(path, map_location="cpu", weights_only=True)
        return cls.of(kept["weights"], dropout, kept["parts"]).eval(), kept

    @torch.no_grad()
    def smaller(self, layers, heads, inner, sample, dropout):
        """The lowest `layers` layers of this network. Each keeps the `heads` attention heads and the `inner`
        feed-forward units that contribute most to its output on a sample of inputs."""
        weights = {k: v for k, v in self.state_dict().items() if not k.startswith("encoder.layers.") or int(k.split(".")[2]) < layers}
        energy, hooks = {}, []
        def note(key, of):
            def add(_, inputs):
                energy[key] = energy.get(key, 0) + of(inputs[0].float().flatten(0, -2))
            return add
        for i, layer in enumerate(self.encoder.layers[:layers]):
            hooks.append(layer.down.register_forward_pre_hook(note((i, "units"), lambda x, w=layer.down.weight: x.square().sum(0) * w.square().sum(0))))
            hooks.append(layer.out.register_forward_pre_hook(note((i, "heads"), lambda x, w=layer.out.weight: torch.stack(
                [(x[:, at:at + HEAD] @ w[:, at:at + HEAD].T).square().sum() for at in range(0, w.shape[1], HEAD)]))))
        for inputs in sample:
            self(*inputs)
        for hook in hooks:
            hook.remove()
        for i, layer in enumerate(self.encoder.layers[:layers]):
            most = lambda key, count: energy[i, key].topk(count).indices.sort().values
            units, columns = most("units", inner), (most("heads", heads)[:, None] * HEAD + torch.arange(HEAD)).flatten()
            rows = torch.cat([columns + part * layer.heads * HEAD for part in range(3)])
            at = f"encoder.layers.{i}."
            weights |= {at + "qkv.weight": layer.qkv.weight[rows], at + "qkv.bias": layer.qkv.bias[rows], at + "out.weight": layer.out.weight[:, columns],
                        at + "up.weight": layer.up.weight[units], at + "up.bias": layer.up.bias[units], at + "down.weight": layer.down.weight[:, units]}
        return Network.of(weights, dropout)

    def deeper(self, layers, dropout):
        """This network with copies of its last layer on top, whose outputs are a tenth, so that they change little at first."""
        weights = dict(self.state_dict())
        last = len(self.encoder.layers) - 1
        for name in [k for k in weights if k.startswith(f"encoder.layers.{last}.")]:
            for added in range(last + 1, layers):
                weights[name.replace(f"layers.{last}.", f"layers.{added}.")] = weights[name] * (0.1 if ".out." in name or ".down." in name else 1)
        return Network.of(weights, dropout)

    def forward(self, ids, shapes, guides, lengths, padded=False):
        x = (self.encoder.padded if padded else self.encoder)(ids, shapes, guides, lengths)
        x = F.dropout(x, 0.1, self.training)
        out = self.heads(x).float()
        return dict(zip([n for n, _ in PARTS], out.split([n for _, n in PARTS], -1)))


@functools.cache
def forbidden(device):
    """[labels + 1, labels]: true if the column's label may not follow the row's (last row: may not come first)."""
    f = torch.zeros(len(LABELS) + 1, len(LABELS), dtype=torch.bool)
    for j, label in enumerate(LABELS):
        if label.startswith("I-"):
            for i, before in enumerate(LABELS):
                f[i, j] = before[2:] != label[2:]
            f[-1, j] = True
    return f.to(device)


def crf_loss(scores, labels, lengths, transitions):
    """Negative log likelihood of the label sequences, one value for each window (linear-chain CRF, Lafferty 2001).

    `scores` [b, n, l] and `labels` [b, n], padded after `lengths`.
    """
    b, n, l = scores.shape
    t = transitions.masked_fill(forbidden(scores.device), -1e4)
    trans, start = t[:-1], t[-1]
    # The sum over all paths is a product of matrices in the log domain, taken in pairs. Steps after the end are the
    # identity.
    after = (torch.arange(1, n, device=scores.device) >= lengths[:, None])[..., None, None]
    nothing = torch.full((l, l), -1e4, device=scores.device).fill_diagonal_(0)
    paths = torch.where(after, nothing, trans + scores[:, 1:, None])
    while paths.shape[1] > 1:
        left, right = paths[:, 0:-1:2], paths[:, 1::2]
        both = torch.logsumexp(left[..., None] + right[:, :, None], 3)
        paths = torch.cat([both, paths[:, -1:]], 1) if paths.shape[1] % 2 else both
    alpha = start + scores[:, 0]
    total = torch.logsumexp(torch.logsumexp(alpha[:, :, None] + paths[:, 0], 1) if n > 1 else alpha, 1)
    inside = torch.arange(n, device=scores.device) < lengths[:, None]
    gold = (scores.gather(2, labels[..., None])[..., 0] * inside).sum(1) + start[labels[:, 0]]
    return total - gold - (trans[labels[:, :-1], labels[:, 1:]] * inside[:, 1:]).sum(1)


def viterbi(scores, transitions):
    """The best label sequence of one window: scores [n, l] -> list of label numbers."""
    t = transitions.masked_fill(forbidden(scores.device), -1e4)
    trans, best = t[:-1], t[-1] + scores[0]
    back = []
    for row in scores[1:]:
        value, arg = (best[:, None] + trans).max(0)
        back.append(arg)
        best = value + row
    path = [int(best.argmax())]
    for arg in reversed(back):
        path.append(int(arg[path[-1]]))
    return path[::-1]
