"""Restores the network from an exported model, so that training can continue from the weights in the repository.

Weights are converted back from bytes, so each differs from the original by at most half a quantization step.
"""

import argparse
import json
import os

import onnx
import torch
from onnx import numpy_helper


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("model", help="model.onnx as written by export.py")
    ap.add_argument("out", help="output file, in the format of train.py's best.pt")
    a = ap.parse_args()
    model = onnx.load(a.model)
    kept = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in model.graph.initializer}
    properties = {p.key: p.value for p in model.metadata_props}
    weights = {"transitions": torch.tensor(json.loads(properties["transitions"])),
               "encoder.words.weight": kept["words"].float() * kept["words.scale"][:, None],
               "encoder.positions.weight": kept["positions"]}
    for name, value in kept.items():
        to = name if name.startswith("heads") else "encoder." + name
        if name + ".scale" in kept and name != "words":
            weights[to + ".weight"] = (value.float() * kept[name + ".scale"]).T.contiguous()
        elif name.startswith("shapes."):
            weights[to + ".weight"] = value
        elif name.endswith((".weight", ".bias")):
            weights[to] = value
    os.makedirs(os.path.dirname(a.out) or ".", exist_ok=True)
    parts = [(name, int(size)) for name, size in (p.split(":") for p in properties["parts"].split(","))]
    torch.save({"weights": weights, "parts": parts}, a.out)


main()
