"""Fills the annotated pairs of statements with their words: lineage.py CLUSTERS < lineage-pairs.jsonl > pairs.jsonl

lineage-pairs.jsonl holds places and labels alone, because the articles (Giveme5W1H's clusters of news on one event) are
other people's. A pair is `same` where both pass on one utterance or report in words that they share.

Strata, by the longest run of words that both have and the part of the shorter one's words that the other has in the same
order: A1 a run of four or more, 0.9 or more; A2 a run of four or more; B a run of three, 0.3 or more; C a run of two, 0.5 or
more; D the rest of the pairs that share two words in a row. `weight` is how many pairs of its stratum a pair stands for.
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as clusters:
    texts = {d["dId"]: d["text"] for d in map(json.loads, clusters)}


def words(place):
    text = texts[place["article"]]
    return " … ".join(text[start:end] for start, end in place["spans"])


for line in sys.stdin:
    pair = json.loads(line)
    print(json.dumps({**pair, "a": words(pair["a"]), "b": words(pair["b"])}))
