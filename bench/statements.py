"""Asks a running `onrecord serve` for the pages of statements one after another, over one connection, again and again, and
prints pages per second of the server's CPU time: once for pages that are seen for the first time, then for known ones.

usage: bench/statements.py BINARY STORE [--count 500] [--rounds 2]

Starts `BINARY serve --store STORE` on a free port. The statements come from all over the store.
"""

import argparse
import http.client
import os
import re
import signal
import subprocess

from load import sample


def cpu(process):
    """The CPU time that a process has taken, in seconds."""
    with open(f"/proc/{process.pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("store")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=2)
    a = parser.parse_args()
    addresses = [address for _, address in sample(a.store, a.count)[1]]
    server = subprocess.Popen([a.binary, "serve", "--store", a.store, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    try:
        port = int(re.search(r"http://[\d.]+:(\d+)", server.stdout.readline())[1])
        client = http.client.HTTPConnection("127.0.0.1", port)
        for n in range(a.rounds):
            before = cpu(server)
            for address in addresses:
                client.request("GET", f"/statement/{address}")
                answer = client.getresponse()
                answer.read()
                assert answer.status == 200, (address, answer.status)
            print(f"{'again' if n else 'first'}: {len(addresses) / (cpu(server) - before):.0f} pages per CPU second", flush=True)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


if __name__ == "__main__":
    main()
