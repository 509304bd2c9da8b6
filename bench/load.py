"""Measures a running `onrecord serve` under load, with wrk (https://github.com/wg/wrk), and prints tables.

usage: bench/load.py BINARY STORE [--seconds 10] [--connections 1,8,64] [--while ARTICLES]

Starts `BINARY serve --store STORE` on a free port and asks for pages of four kinds: searches for words from the most common
on, and statements, people and articles taken from all over the store. Prints latencies, requests per second, requests per
second of the server's CPU time, answers that were errors, and the server's peak memory. With `--while`, `BINARY ingest
ARTICLES` runs into the same store all the time. Use a copy of the store. wrk runs on the same machine and takes CPU time too.
"""

import argparse
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

LUA = """
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local at = 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
done = function(summary, latency, requests)
  io.write(string.format('{"requests": %d, "errors": %d, "broken": %d, "median": %d, "p99": %d, "worst": %d, "time": %d}\\n',
    summary.requests, summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max, summary.duration))
end
"""


def sample(store, most):
    """Words from the most common on, and rows of statements, people and articles, spread over the whole store."""
    db = sqlite3.connect(f"file:{urllib.parse.quote(store)}?mode=ro", uri=True)
    spread = lambda columns, table: db.execute(f"select {columns} from {table} order by id * 7919 % 10007 limit {most}").fetchall()
    words = {}
    for (content,) in spread("content", "statements"):
        for word in set(re.findall(r"[a-z]{4,}", content.lower())):
            words[word] = words.get(word, 0) + 1
    common = sorted(words, key=lambda word: (-words[word], word))
    return common[:50] + common[50:2000:20], spread("id, address", "statements"), spread("id", "people"), spread("id", "articles")


def paths(store, most=2000):
    """Paths of pages by kind."""
    words, statements, people, articles = sample(store, most)
    return {
        "search": [f"/search?q={word}" for word in words],
        "statement": [f"/statement/{address}" for _, address in statements],
        "person": [f"/person/p{id}" for (id,) in people],
        "article": [f"/article/{id}" for (id,) in articles],
    }


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid):
    return int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{pid}/status").read())[1]) >> 10


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("binary")
    ask.add_argument("store")
    ask.add_argument("--seconds", type=int, default=10)
    ask.add_argument("--connections", default="1,8,64")
    ask.add_argument("--while", dest="ingest")
    asked = ask.parse_args()
    server = subprocess.Popen([asked.binary, "serve", "--store", asked.store, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
    address = re.search(r"http://[\d.:]+", server.stdout.readline())[0]
    ingest = None
    print("| page | connections | requests/s | … per core | median, ms | 99th percentile, ms | worst, ms | errors |")
    print("|---|---|---|---|---|---|---|---|")
    failed = False
    try:
        with tempfile.TemporaryDirectory() as folder:
            script = f"{folder}/paths.lua"
            open(script, "w").write(LUA)
            kinds = paths(asked.store)
            if asked.ingest:
                ingest = subprocess.Popen([asked.binary, "ingest", asked.ingest, "--store", asked.store, "--threads", "1"],
                                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for kind, list in kinds.items():
                file = f"{folder}/{kind}"
                open(file, "w").write("\n".join(list))
                for connections in asked.connections.split(","):
                    before = cpu(server.pid)
                    wrk = ["wrk", "-t1", f"-c{connections}", f"-d{asked.seconds}s", "--timeout", "60s", "-s", script, address]
                    out = subprocess.run(wrk, capture_output=True, text=True, check=True, env={**os.environ, "PATHS": file}).stdout
                    r = json.loads(out.strip().splitlines()[-1])
                    used = cpu(server.pid) - before
                    rate = r["requests"] / (r["time"] / 1e6)
                    wrong = r["errors"] + r["broken"]
                    failed |= wrong > 0
                    print(f"| {kind} | {connections} | {rate:,.0f} | {r['requests'] / max(used, 0.01):,.0f} | {r['median'] / 1e3:.1f} | "
                          f"{r['p99'] / 1e3:.1f} | {r['worst'] / 1e3:.1f} | {wrong} |", flush=True)
        print(f"\npeak memory {peak(server.pid)} MiB" + ("; the ingest " + ("went on" if ingest.poll() is None else "ended") if ingest else ""))
    finally:
        for process in filter(None, (ingest, server)):
            process.send_signal(signal.SIGINT)
            process.wait(60)
    sys.exit(failed)


if __name__ == "__main__":
    main()
