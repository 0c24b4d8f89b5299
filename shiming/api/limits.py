"""The rate limit of one key: 1,200 requests a minute on average, 200 at once, counted in each web process.

A limit against runaway loops, not against attackers: requests without a key are refused before it.
"""

import threading
import time
from collections import OrderedDict

BURST = 200
PER_SECOND = 20
KEYS_REMEMBERED = 10_000


class Buckets:
    """A token bucket per key: each request takes one token, each second adds some."""

    def __init__(self, burst: int = BURST, per_second: float = PER_SECOND, clock=time.monotonic):
        self.burst, self.per_second, self.clock = burst, per_second, clock
        self.levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self.lock = threading.Lock()

    def take(self, key: str) -> float:
        """Take a token. Returns 0 when the request may pass, else the seconds to wait."""
        with self.lock:
            now = self.clock()
            level, at = self.levels.pop(key, (self.burst, now))
            level = min(self.burst, level + (now - at) * self.per_second)
            self.levels[key] = (max(level - 1, 0), now) if level >= 1 else (level, now)
            # Drops the keys that have been idle longest.
            while len(self.levels) > KEYS_REMEMBERED:
                self.levels.popitem(last=False)
        return 0 if level >= 1 else (1 - level) / self.per_second


requests = Buckets()
