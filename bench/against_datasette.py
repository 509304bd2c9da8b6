"""Compares `onrecord serve` with Datasette (https://datasette.io) on the same store, with wrk (https://github.com/wg/wrk).

usage: bench/against_datasette.py BINARY DATASETTE STORE [--seconds 8] [--connections 8] [--rounds 2]

Both serve the store on this machine, and take turns. Datasette opens the file as immutable, which is its faster mode. It gets
the closest page of its own: for a search, a query in SQL with the same words; for the others, the page of the row. Prints
requests per second, latencies, and answers that were errors. Write the WAL file into the store first (`sqlite3 STORE "PRAGMA
wal_checkpoint(TRUNCATE)"`), because an immutable file is read without it.
"""

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

import load

SEARCH = (
    "select s.id, s.content, s.speaker, s.role, a.title, a.outlet, a.published from words join statements s on s.id = words.rowid "
    "join articles a on a.id = s.article where words match :q order by words.rowid desc limit 20"
)


def paths(store, name, most=500):
    """Paths by kind of page: those of onrecord, and those of Datasette for the same words, statements, people and articles."""
    words, statements, people, articles = load.sample(store, most)
    sql = urllib.parse.urlencode({"sql": SEARCH})
    datasette = {
        "search": [f"/{name}?{sql}&q={word}" for word in words],
        "statement": [f"/{name}/statements/{id}" for id, _ in statements],
        "person": [f"/{name}/people/{id}" for (id,) in people],
        "article": [f"/{name}/articles/{id}" for (id,) in articles],
    }
    return {kind: (own, datasette[kind]) for kind, own in load.paths(store, most).items()}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(address):
    for _ in range(3000):
        try:
            urllib.request.urlopen(address + "/", timeout=60).read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{address} does not answer")


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("binary")
    ask.add_argument("datasette")
    ask.add_argument("store")
    ask.add_argument("--seconds", type=int, default=8)
    ask.add_argument("--connections", type=int, default=8)
    ask.add_argument("--rounds", type=int, default=2)
    asked = ask.parse_args()
    name = os.path.splitext(os.path.basename(asked.store))[0]
    ports = [free_port(), free_port()]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    servers = [
        subprocess.Popen([asked.binary, "serve", "--store", asked.store, "--listen", str(ports[0])], **quiet),
        subprocess.Popen([asked.datasette, "serve", "-i", asked.store, "--port", str(ports[1])], **quiet),
    ]
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    try:
        for address in addresses:
            wait_for(address)
        print("| page | tool | requests/s | median, ms | 99th percentile, ms | errors |")
        print("|---|---|---|---|---|---|")
        with tempfile.TemporaryDirectory() as folder:
            script, file = f"{folder}/paths.lua", f"{folder}/paths"
            open(script, "w").write(load.LUA)
            for kind, both in paths(asked.store, name).items():
                found = ([], [])
                for _ in range(asked.rounds):
                    for tool, (address, list) in enumerate(zip(addresses, both)):
                        open(file, "w").write("\n".join(list))
                        wrk = ["wrk", "-t1", f"-c{asked.connections}", f"-d{asked.seconds}s", "--timeout", "60s", "-s", script, address]
                        out = subprocess.run(wrk, capture_output=True, text=True, check=True, env={**os.environ, "PATHS": file}).stdout
                        r = json.loads(out.strip().splitlines()[-1])
                        found[tool].append((r["requests"] / (r["time"] / 1e6), r["median"] / 1e3, r["p99"] / 1e3, r["errors"] + r["broken"]))
                for tool, rounds in zip(("onrecord", "Datasette"), found):
                    rate, median, p99, wrong = zip(*rounds)
                    mean = statistics.mean
                    print(f"| {kind} | {tool} | {mean(rate):,.0f} | {mean(median):.1f} | {mean(p99):.0f} | {sum(wrong)} |", flush=True)
    finally:
        for server in servers:
            server.send_signal(signal.SIGINT)
            server.wait(60)


if __name__ == "__main__":
    main()
