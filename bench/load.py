"""A small load generator in a process of its own: raw asyncio sockets, kept alive, prepared requests.

`http.client` in threads uses as much of two cores as the measured server; this one reports its own processor time.
Reads a pickled dict from stdin (port, clients, requests: list of bytes), writes one line of JSON.
"""

import asyncio
import json
import pickle
import re
import sys
import time
from collections import Counter

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Visitor(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last one is complete."""

    def __init__(self, requests, result, done):
        self.requests, self.result, self.done = requests, result, done
        self.buffer, self.ends = b"", 0

    def connection_made(self, transport):
        self.transport = transport
        self.ask()

    def ask(self):
        request = next(self.requests, None)
        if request is None:
            self.transport.close()
            self.done.set_result(None)
            return
        self.buffer, self.ends, self.asked = b"", 0, time.perf_counter()
        self.transport.write(request)

    def data_received(self, data):
        self.buffer += data
        if not self.ends:
            head = self.buffer.find(b"\r\n\r\n")
            if head < 0:
                return
            length = LENGTH.search(self.buffer, 0, head)
            if not length:
                self.fail("no content-length")
                return
            self.ends = head + 4 + int(length[1])
        if len(self.buffer) >= self.ends:
            self.result["took"].append(time.perf_counter() - self.asked)
            self.result["statuses"][self.buffer[9:12].decode()] += 1
            self.ask()

    def connection_lost(self, error):
        if not self.done.done():
            self.fail("the server closed the connection")

    def fail(self, why):
        self.done.set_exception(RuntimeError(f"{why}: {self.buffer[:300]!r}"))


async def load(port: int, clients: int, requests: list[bytes]) -> dict:
    loop, waiting = asyncio.get_running_loop(), iter(requests)
    result = {"took": [], "statuses": Counter()}
    started, own = time.perf_counter(), time.process_time()
    all_done = []
    for _ in range(clients):
        done = loop.create_future()
        all_done.append(done)
        await loop.create_connection(lambda done=done: Visitor(waiting, result, done), "127.0.0.1", port)
    await asyncio.gather(*all_done)
    return result | {"seconds": time.perf_counter() - started, "own": time.process_time() - own}


if __name__ == "__main__":
    order = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  from our own parent process
    print(json.dumps(asyncio.run(load(**order))))
