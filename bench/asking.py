"""Requests as bytes, and the measured answers."""

import json
import pickle
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import urlencode

TOKEN = "b" * 32  # the same in cookie and header, as a browser sends it


@dataclass(frozen=True)
class Measured:
    seconds: float
    took: list[float]
    statuses: dict[str, int]
    own: float  # processor seconds of the load generator

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds

    def at(self, share: float) -> float:
        """The milliseconds within which this share of requests was answered."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000

    @property
    def strange(self) -> str:
        others = {status: count for status, count in self.statuses.items() if status != "200"}
        return f"  答复不是 200：{others}" if others else ""


def get(path: str, cookie: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: {cookie}\r\n\r\n".encode()


def post(path: str, cookie: str, **fields: str | list[str]) -> bytes:
    body = urlencode(fields, doseq=True)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def send(port: int, clients: int, requests: list[bytes]) -> Measured:
    order = pickle.dumps({"port": port, "clients": clients, "requests": requests})
    done = subprocess.run([sys.executable, "-m", "bench.load"], input=order, capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-2000:])
    return Measured(**json.loads(done.stdout))


def cookie_of(actor) -> str:
    from tests.doors import client_of

    morsel = next(iter(client_of(actor).cookies.values()))
    return f"{morsel.key}={morsel.value}"
