"""Bridges on the loopback address, for configured pages only.

Any page in a browser can call 127.0.0.1, so a bridge with real cards checks Host and Origin before it answers.
"""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from shiming.devices.bridges import Source, a, b, c, d, websocket

PLAIN = {"a": a, "b": b, "c": c}
PORTS = {"a": a.PORT, "b": b.PORT, "c": c.PORT, "d": d.PORT}
HERE = {"127.0.0.1", "localhost"}
LONGEST_BODY = 65536


class Bridge(ThreadingHTTPServer):
    """An HTTP server for one protocol over one source. `admits(origin)` returns whether a page may ask."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, letter: str, source: Source, port: int, admits: Callable[[str], bool]):
        super().__init__(("127.0.0.1", port), _Handler)
        self.letter, self.source, self.admits = letter, source, admits
        self.one_at_a_time = threading.Lock()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def start(self) -> "Bridge":
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

    def say(self, does: Callable):
        """Run one question at a time, as readers allow no more; errors of the line become the source's `trouble`."""
        with self.one_at_a_time:
            return does(_Guarded(self.source))


class _Guarded:
    """A source that reads nothing while its reader is unplugged, and gives the reason."""

    def __init__(self, source: Source):
        self.source, self.trouble = source, ""

    def read(self, wait: float):
        try:
            shown = self.source.read(wait)
        except OSError as error:
            self.trouble = str(error)
            return None
        self.trouble = self.source.trouble
        return shown

    def version(self) -> str:
        with suppress(OSError):
            return self.source.version()
        return ""


class _Handler(BaseHTTPRequestHandler):
    server: Bridge
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_OPTIONS(self):
        if not self._welcome():
            return self._answer(403, "")
        self.send_response(204)
        self._cors()
        self.send_header("Access-Control-Allow-Methods", "GET, POST")
        self.send_header("Access-Control-Allow-Headers", "Content-Type")
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def do_GET(self):
        self._reply("GET")

    def do_POST(self):
        self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LONGEST_BODY))
        self._reply("POST")

    def _reply(self, method: str):
        if not self._welcome():
            return self._answer(403, "")
        if self.server.letter == "d":
            return self._converse()
        address = urlsplit(self.path)
        query, protocol = dict(parse_qsl(address.query)), PLAIN[self.server.letter]
        reply = self.server.say(lambda source: protocol.answer(method, address.path, query, source))
        if reply is None:
            return self._answer(404, "")
        self._answer(200, reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False))

    def _converse(self):
        if not websocket.greet(self):
            return
        for word in websocket.words(self.rfile, self.wfile):
            reply = self.server.say(lambda source, word=word: d.answer(word, source))
            websocket.send(self.wfile, json.dumps(reply, ensure_ascii=False))

    def _welcome(self) -> bool:
        host = (self.headers.get("Host") or "").rpartition(":")[0]
        return host in HERE and self.server.admits(self.headers.get("Origin") or "")

    def _answer(self, status: int, text: str):
        body = text.encode()
        self.send_response(status)
        self._cors()
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")  # a kept-alive connection would outlive a stopped bridge
        self.end_headers()
        self.wfile.write(body)

    def _cors(self):
        origin = self.headers.get("Origin") or ""
        if origin and self.server.admits(origin):
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Access-Control-Allow-Private-Network", "true")
            self.send_header("Vary", "Origin")

    def log_message(self, *args):
        """Write no log: a bridge keeps no record of the cards it read."""
