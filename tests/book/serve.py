"""Serves a folder on a free port of this machine, and prints the address of its first page: serve.py FOLDER."""

import functools
import http.server
import sys


class Pages(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        # Tells LinkChecker that it need not wait between requests.
        self.send_header("LinkChecker", "welcome")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


handler = functools.partial(Pages, directory=sys.argv[1])
with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
    print(f"http://127.0.0.1:{server.server_port}/index.html", flush=True)
    server.serve_forever()
