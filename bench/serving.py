"""The product's server command, with the product's number of processes and threads."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from shiming.runtime.processes import answers, web
from shiming.runtime.system import wait_until


@contextmanager
def server() -> Iterator[int]:
    """Yields the port."""
    port = _free_port()
    child = web("127.0.0.1", port, dict(os.environ) | {"PYTHONWARNINGS": "ignore"}, user=None)
    child.start()
    try:
        if not wait_until(lambda: answers(f"http://127.0.0.1:{port}"), 60):
            raise RuntimeError("the server does not answer")
        yield port
    finally:
        child.ask_to_stop()
        child.stop(8)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
