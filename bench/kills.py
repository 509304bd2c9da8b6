#!/usr/bin/env python3
"""Kills `onrecord ingest`, `correct` and `serve` at random moments and looks at what is left. For a night:

    cargo build --release && python3 bench/kills.py target/release/onrecord --rounds 200

In each round a store is filled by runs that are killed (kill -9), one at a time or two at once, from nothing or from a store of
an earlier schema. After each kill `verify` must find the store sound. The run that ends must leave what an undisturbed one
leaves, byte for byte in the exports. Then decisions are made and killed: every one that was acknowledged must be there.
At last servers are killed while clients search and decide and an ingest runs: every decision that was acknowledged must be
there, none may be there twice, and no answer may be an error of the server.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

STORES = Path(__file__).parent.parent / "crates/store/tests/stores"


def articles(path, count):
    """Articles that differ, with shared surnames, twins, versions and joint stories, enough of them for several commits."""
    with open(path, "w") as out:
        for n in range(count):
            m = n // 2 if n % 7 == 0 else n
            text = (
                f"“Bridge {m} opens in May,” Minister Ada Brandt{m % 40} said on Friday. Brandt{m % 40} thanked Rolf Meyer. "
                f"“No,” said Rolf Meyer. “No,” said Pia Lund of Baltic Rail {m}."
            )
            if n % 11 == 0:
                text += f" This is a later version, number {n}."
            day = f"2016-{m % 12 + 1:02}-{m % 28 + 1:02}"
            out.write(json.dumps({"id": str(m), "published": day, "text": text}) + "\n")


class Trouble(Exception):
    pass


def run(binary, *args, store):
    done = subprocess.run([binary, *args, "--store", store], capture_output=True)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def told(binary, store):
    """All that a store says, but for numbers of rows."""
    said = []
    for args in (["export", "--format", "jsonl"], ["export", "--format", "ftm"], ["search", "bridge", "--limit", "100000"]):
        code, out, errors = run(binary, *args, store=store)
        if code != 0:
            raise Trouble(f"{args}: {code} {errors}")
        said.append(out)
    return said


def sound(binary, store, may_be_empty):
    code, out, errors = run(binary, "verify", store=store)
    # Killed before its tables stood, a store is an empty file, and the next run makes them.
    if code == 6 and may_be_empty and ("not an onrecord store" in errors or "no such store" in errors):
        return
    # One of an earlier schema that wasn't brought to this one yet can be, and is then.
    if code != 0:
        raise Trouble(f"verify: {code} {out.decode()[:500]} {errors[:500]}")


def killed(binary, args, store, after):
    child = subprocess.Popen(
        [binary, *args, "--store", store], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    time.sleep(after)
    child.kill()
    out, _ = child.communicate()
    return out


def one(binary, number, dice, folder, source, references):
    start = [None, None, "schema-1.db", "schema-2.db"][number % 4]
    store = str(folder / f"{number}.db")
    if start:
        shutil.copy(STORES / start, store)
    reference, seconds = references[start]
    kills = 0
    for _ in range(dice.randint(3, 6)):
        if dice.random() < 0.3:
            other = subprocess.Popen(
                [binary, "ingest", source, "--store", store], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            killed(binary, ["ingest", source], store, dice.random() * seconds)
            other.kill()
            other.wait()
            kills += 2
        else:
            # Often early, where tables and schemas are made.
            killed(binary, ["ingest", source], store, seconds * dice.random() ** 2)
            kills += 1
        sound(binary, store, may_be_empty=not start)
    code, _, errors = run(binary, "ingest", source, store=store)
    if code != 0:
        raise Trouble(f"the last run: {code} {errors}")
    sound(binary, store, may_be_empty=False)
    if told(binary, store) != reference:
        raise Trouble("the end differs from that of an undisturbed run")
    # Decisions: what was acknowledged holds.
    hits = [json.loads(line) for line in run(binary, "search", "no", "--limit", "40", store=store)[1].splitlines()]
    acknowledged = set()
    for _ in range(4):
        statement = dice.choice(hits)["address"]
        out = killed(binary, ["correct", "set", statement, "role", f"Mayor {number}"], store, dice.random() * 0.1)
        kills += 1
        if out.startswith(b"decision "):
            acknowledged.add(out.split()[1].decode())
        sound(binary, store, may_be_empty=False)
    listed = {line.split()[0].decode() for line in run(binary, "correct", "list", store=store)[1].splitlines()}
    if not acknowledged <= listed:
        raise Trouble(f"decisions {acknowledged - listed} were acknowledged and are gone")
    for path in folder.glob(f"{number}.db*"):
        path.unlink()
    return kills, len(acknowledged)


def client(address, work, troubles):
    """Sends requests until the server is gone. `work` makes a request and looks at its answer."""
    try:
        connection = http.client.HTTPConnection(address, timeout=30)
        while True:
            work(connection)
    except (http.client.HTTPException, OSError):
        pass
    except Trouble as trouble:
        troubles.append(trouble)


def answer(connection, method, path, body=None, headers={}):
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    said = response.read()
    if response.status >= 500:
        raise Trouble(f"{method} {path}: {response.status} {said[:300]}")
    return response.status, said


def served(binary, number, dice, folder, source):
    """Kills servers under load. Returns the number of kills and of decisions that were acknowledged."""
    store = str(folder / f"served-{number}.db")
    code, _, errors = run(binary, "ingest", source, store=store)
    if code != 0:
        raise Trouble(f"ingest: {code} {errors}")
    hits = [json.loads(line) for line in run(binary, "search", "no", "--limit", "40", store=store)[1].splitlines()]
    troubles, acknowledged, numbers, kills = [], set(), itertools.count(), 3
    for turn in range(kills):
        server = subprocess.Popen(
            [binary, "serve", "--store", store, "--listen", "127.0.0.1:0", "--allow-corrections"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        address = re.search(r"http://([\d.:]+\d)", server.stdout.readline())[1]
        more = str(folder / "more.jsonl")
        articles(more, 50 + 50 * turn)
        ingest = subprocess.Popen([binary, "ingest", more, "--store", store], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def search(connection):
            answer(connection, "GET", "/search?q=bridge")

        def decide(connection):
            n = next(numbers)
            role = f"Mayor {n} of Brandt"
            decision = {"kind": "set", "statement": hits[n % len(hits)]["address"], "field": "role", "value": role}
            headers = {"content-type": "application/json", "origin": f"http://{address}"}
            status, said = answer(connection, "POST", "/api/v1/corrections", json.dumps(decision), headers)
            if status != 201:
                raise Trouble(f"a decision: {status} {said[:300]}")
            acknowledged.add(role)

        threads = [
            threading.Thread(target=client, args=(address, work, troubles)) for work in (search, search, decide, decide)
        ]
        for thread in threads:
            thread.start()
        time.sleep(0.05 + dice.random())
        server.kill()
        for process in (server, ingest):
            process.wait()
        for thread in threads:
            thread.join()
        sound(binary, store, may_be_empty=False)
    if troubles:
        raise troubles[0]
    listed = run(binary, "correct", "list", store=store)[1].decode()
    roles = re.findall(r"Mayor \d+ of Brandt", listed)
    if len(roles) != len(set(roles)):
        raise Trouble("a decision is there twice")
    if not acknowledged <= set(roles):
        raise Trouble(f"decisions {acknowledged - set(roles)} were acknowledged and are gone")
    for path in folder.glob(f"served-{number}.db*"):
        path.unlink()
    return kills, len(acknowledged)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("binary")
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--articles", type=int, default=300)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    binary = os.path.abspath(given.binary)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        source = str(folder / "in.jsonl")
        articles(source, given.articles)
        references = {}
        for start in (None, "schema-1.db", "schema-2.db"):
            store = str(folder / "undisturbed.db")
            if start:
                shutil.copy(STORES / start, store)
            begun = time.monotonic()
            code, _, errors = run(binary, "ingest", source, store=store)
            seconds = time.monotonic() - begun
            if code != 0:
                sys.exit(f"ingest: {code} {errors}")
            references[start] = (told(binary, store), seconds)
            for path in folder.glob("undisturbed.db*"):
                path.unlink()
        failed = kills = decisions = 0
        for number in range(given.rounds):
            try:
                dice = random.Random(f"{given.seed}/{number}")
                for done, made in (
                    one(binary, number, dice, folder, source, references),
                    served(binary, number, dice, folder, source),
                ):
                    kills, decisions = kills + done, decisions + made
            except Trouble as trouble:
                failed += 1
                print(f"round {number}: {trouble}")
            if (number + 1) % 10 == 0:
                print(f"{number + 1} rounds, {kills} kills, {decisions} decisions kept, {failed} failed", flush=True)
        print(f"{given.rounds} rounds, {kills} kills, {decisions} decisions kept, {failed} failed")
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
