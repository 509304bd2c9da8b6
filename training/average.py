"""Averages the weights of networks with the same start (Wortsman et al. 2022), so that one is as good as several."""

import argparse
import os

import torch


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("out", help="output file")
    ap.add_argument("networks", nargs="+", help="the best.pt file of each network")
    a = ap.parse_args()
    kept = [torch.load(path, map_location="cpu", weights_only=True) for path in a.networks]
    mean = {k: sum(one["weights"][k].float() for one in kept) / len(kept) for k in kept[0]["weights"]}
    os.makedirs(os.path.dirname(a.out), exist_ok=True)
    torch.save({"weights": mean, "parts": kept[0]["parts"]}, a.out)


main()
