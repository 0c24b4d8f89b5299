"""The people the scenes of the last days may still take, and the clock of their commands."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from shiming.core.errors import DomainError
from shiming.demo.city.life import Life
from shiming.demo.city.moments import DAY, clock_at, moment
from shiming.demo.city.plan import Plan


class Town:
    """The people the scenes may still take, and the hour."""

    def __init__(self, plan: Plan, lives: Iterable[Life], now: datetime, seed: int):
        self.plan, self.now, self.rng = plan, now, random.Random(f"today {seed}")
        self.lives = list(lives)
        self.waiting: dict[str, list[Life]] = defaultdict(list)
        for life in self.lives:
            self.waiting[life.fate.name].append(life)
        self.refused: list[str] = []

    def take(self, fate: str, count: int, fits: Callable[[Life], bool] = bool) -> list[Life]:
        """At most `count` of those a fate left here; each person is taken once."""
        taken = [life for life in self.waiting[fate] if fits(life)][:count]
        self.waiting[fate] = [life for life in self.waiting[fate] if life not in taken]
        return taken

    def do(self, days: float, hour: float, command: Callable, *words, **more):
        """Run the command as if it were `days` ago, never later than now. A refusal goes into `refused`."""
        at = min(moment(self.plan.today - days * DAY, hour), self.now - self.rng.random() * timedelta(minutes=20))
        with clock_at(at):
            try:
                return command(*words, **more)
            except DomainError as error:
                self.refused.append(f"{command.__name__}: {error}")
                return None

    def hour(self) -> float:
        return self.rng.uniform(8.5, 17)
