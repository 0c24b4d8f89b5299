"""How fast one key may ask: 1,200 requests a minute on average, 200 at once, counted in each web process.

A limit against loops that run wild, not against attackers: whoever has no key is turned away before it.
"""

import threading
import time
from collections import OrderedDict

BURST = 200
PER_SECOND = 20
KEYS_REMEMBERED = 10_000


class Buckets:
    """A bucket per key: each request takes one drop, each second pours in some."""

    def __init__(self, burst: int = BURST, per_second: float = PER_SECOND, clock=time.monotonic):
        self.burst, self.per_second, self.clock = burst, per_second, clock
        self.levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self.lock = threading.Lock()

    def take(self, key: str) -> float:
        """0 when the request may pass, else the seconds until it may."""
        with self.lock:
            now = self.clock()
            level, at = self.levels.pop(key, (self.burst, now))
            level = min(self.burst, level + (now - at) * self.per_second)
            self.levels[key] = (max(level - 1, 0), now) if level >= 1 else (level, now)
            while len(self.levels) > KEYS_REMEMBERED:
                self.levels.popitem(last=False)
        return 0 if level >= 1 else (1 - level) / self.per_second


requests = Buckets()
