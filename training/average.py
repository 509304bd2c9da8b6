"""Averages the weights of networks with the same start (Wortsman et al. 2022), so that one is as good as several."""

import argparse
import os

import torch


def part(text):
    path, _, share = text.partition("=")
    return path, float(share or 1)


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("out", help="output file")
    ap.add_argument("networks", nargs="+", type=part, metavar="NETWORK[=SHARE]", help="the best.pt file of each network, and its share if they differ")
    a = ap.parse_args()
    kept = [torch.load(path, map_location="cpu", weights_only=True) for path, _ in a.networks]
    shares = [share / sum(share for _, share in a.networks) for _, share in a.networks]
    mean = {k: sum(share * one["weights"][k].float() for share, one in zip(shares, kept)) for k in kept[0]["weights"]}
    os.makedirs(os.path.dirname(a.out), exist_ok=True)
    torch.save({"weights": mean, "parts": kept[0]["parts"]}, a.out)


main()
