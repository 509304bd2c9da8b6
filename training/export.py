"""Exports a trained network as ONNX with byte weights: one file that the engine reads and any runtime can run.

Each weight matrix holds signed bytes with one scale per output (per row for the word embeddings). In the graph the
weights are dequantized and the products are in f32; the engine also quantizes the activations to bytes.
"""

import argparse
import hashlib
import json
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from model import HEAD, PARTS, Network

POSITIONS = 256


def quantized(w, axis):
    """The matrix as bytes, with one scale for each index of `axis`."""
    largest = np.abs(w).max(axis=1 - axis, keepdims=True)
    scale = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return np.rint(w / scale).astype(np.int8), scale.reshape(-1)


class Graph:
    def __init__(self):
        self.nodes, self.weights, self.count = [], [], 0

    def weight(self, name, value):
        self.weights.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def op(self, kind, *inputs, **attributes):
        self.count += 1
        out = attributes.pop("out", None) or f"t{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], name=f"n{self.count}", **attributes))
        return out

    def ints(self, *values, scalar=False):
        name = f"i{len(self.weights)}"
        return self.weight(name, np.array(values[0] if scalar else values, dtype=np.int64))

    def linear(self, x, name, layer):
        q, scale = quantized(layer.weight.detach().float().numpy().T, 1)
        w = self.op("DequantizeLinear", self.weight(name, q), self.weight(name + ".scale", scale), axis=1)
        return self.op("Add", self.op("MatMul", x, w), self.weight(name + ".bias", layer.bias.detach().float().numpy()))

    def norm(self, x, name, layer):
        return self.op("LayerNormalization", x, self.weight(name + ".weight", layer.weight.detach().numpy()),
                       self.weight(name + ".bias", layer.bias.detach().numpy()), axis=-1, epsilon=1e-12)


def build(net, name, judge, polnear, events=None):
    """The network as an ONNX model, with the judge of speakers and the settings for events as properties. The
    annotation guide is a constant that is added at every position: `polnear` is the weight of PolNeAR's guide against
    that of world news."""
    enc, g = net.encoder, Graph()
    heads = enc.layers[0].heads
    q, scale = quantized(enc.words.weight.detach().numpy(), 0)
    words = g.op("Cast", g.op("Gather", g.weight("words", q), "ids"), to=TensorProto.FLOAT)
    x = g.op("Mul", words, g.op("Unsqueeze", g.op("Gather", g.weight("words.scale", scale), "ids"), g.ints(1)))
    n = g.op("Squeeze", g.op("Shape", "ids"), g.ints(0))
    where = g.op("Range", g.ints(0, scalar=True), n, g.ints(1, scalar=True))
    x = g.op("Add", x, g.op("Gather", g.weight("positions", (enc.positions.weight + (1 - polnear) * enc.guides.weight[0] + polnear * enc.guides.weight[1]).detach().numpy()[:POSITIONS]), where))
    for i, (kind, e) in enumerate(enc.shapes.items()):
        column = g.op("Gather", "shapes", g.ints(i, scalar=True), axis=1)
        x = g.op("Add", x, g.op("Gather", g.weight("shapes." + kind, e.weight.detach().numpy()), column))
    x = g.norm(x, "norm", enc.norm)
    for i, layer in enumerate(enc.layers):
        at = f"layers.{i}."
        qkv = g.op("Reshape", g.linear(x, at + "qkv", layer.qkv), g.ints(-1, 3, heads, HEAD))
        qkv = g.op("Transpose", qkv, perm=[1, 2, 0, 3])
        q, k, v = (g.op("Gather", qkv, g.ints(j, scalar=True), axis=0) for j in range(3))
        s = g.op("MatMul", q, g.op("Transpose", k, perm=[0, 2, 1]))
        s = g.op("Softmax", g.op("Mul", s, g.weight(at + "shrink", np.float32(HEAD ** -0.5).reshape(1))), axis=-1)
        a = g.op("Reshape", g.op("Transpose", g.op("MatMul", s, v), perm=[1, 0, 2]), g.ints(-1, heads * HEAD))
        x = g.norm(g.op("Add", x, g.linear(a, at + "out", layer.out)), at + "norm1", layer.norm1)
        h = g.linear(x, at + "up", layer.up)
        erf = g.op("Erf", g.op("Mul", h, g.weight(at + "root", np.float32([0.5 ** 0.5]))))
        h = g.op("Mul", g.op("Mul", h, g.weight(at + "half", np.float32([0.5]))), g.op("Add", erf, g.weight(at + "one", np.float32([1]))))
        x = g.norm(g.op("Add", x, g.linear(h, at + "down", layer.down)), at + "norm2", layer.norm2)
    out = g.linear(x, "heads", net.heads)
    g.op("Identity", out, out="scores")
    graph = helper.make_graph(
        g.nodes, "onrecord", [helper.make_tensor_value_info("ids", TensorProto.INT64, ["n"]), helper.make_tensor_value_info("shapes", TensorProto.INT64, ["n", 3])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", net.heads.bias.shape[0]])], g.weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    transitions = net.transitions.detach().float().numpy()
    helper.set_model_props(model, ({"events": events} if events else {}) | {
        "name": name, "layers": str(len(enc.layers)), "attention_heads": str(heads),
        "parts": ",".join(f"{n}:{s}" for n, s in PARTS),
        "judge": judge,
        "transitions": json.dumps([[[round(float(v), 4) for v in row] for row in m] for m in transitions])})
    onnx.checker.check_model(model)
    return model


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("weights"); ap.add_argument("folder")
    ap.add_argument("--name", required=True)
    ap.add_argument("--polnear", type=float, default=0.3, help="weight of PolNeAR's guide, from 0 to 1")
    ap.add_argument("--judge", required=True, help="the judge of speakers, from judge.py")
    ap.add_argument("--events", help="the settings for event reports, from events.py; the engine's defaults apply without them")
    a = ap.parse_args()
    net, _ = Network.load(a.weights)
    os.makedirs(a.folder, exist_ok=True)
    path = os.path.join(a.folder, "model.onnx")
    onnx.save(build(net, a.name, open(a.judge, encoding="utf-8").read(), a.polnear,
                    a.events and open(a.events, encoding="utf-8").read()), path)
    digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
    with open(os.path.join(a.folder, "SHA256SUMS"), "w") as f:
        for file in ("model.onnx", "vocab.txt"):
            if os.path.exists(os.path.join(a.folder, file)):
                f.write(f"{hashlib.sha256(open(os.path.join(a.folder, file), 'rb').read()).hexdigest()}  {file}\n")
    print(path, os.path.getsize(path), digest)


if __name__ == "__main__":
    main()
