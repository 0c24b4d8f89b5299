"""Rows in bulk: the rows of the models and of the trail, streamed into the tables by COPY."""

import random
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from itertools import accumulate
from typing import TypeVar

from django.db import models

from shiming.core.actor import Actor
from shiming.core.bulk import copy_rows as copy_rows
from shiming.core.bulk import copy_tuples as copy_tuples
from shiming.core.events import Event
from shiming.core.models import AuditEntry

T = TypeVar("T")


class Ledger:
    """The rows of one part of the city until they are written."""

    def __init__(self, *, with_accounts: bool = True, with_trail: bool = True):
        self.with_accounts, self.with_trail = with_accounts, with_trail
        self.rows: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self.trail: list[AuditEntry] = []

    def add(self, row: models.Model, at: datetime | None = None) -> models.Model:
        """Add a row. `at` becomes its 建立时间; a Lifecycle row counts as saved once."""
        if at is not None:
            row.created_at = at
        if hasattr(row, "version"):
            row.version = 1
        self.rows[type(row)].append(row)
        return row

    def tell(self, at: datetime, event: Event, subject: models.Model, by: Actor, *, reason: str = "", **params) -> None:
        """One line of the trail, as `record()` would have written it at that hour."""
        if not self.with_trail:
            return
        scope = {
            name: params.pop(name, None) or getattr(subject, name, None)
            for name in ("person_id", "company_id", "project_id")
        }
        self.trail.append(
            AuditEntry(
                at=at,
                event=event.value,
                by=by.name,
                role=by.role.value,
                door=by.door.value,
                user_id=by.user_id,
                object_type=subject._meta.label_lower,
                object_id=str(subject.pk),
                params={name: str(value) for name, value in params.items()},
                reason=reason,
                **scope,
            )
        )

    def write(self) -> int:
        """Write all rows in the caller's transaction; foreign keys are checked at its end, so tables need no order."""
        self.trail.sort(key=lambda entry: entry.at)
        self.rows[AuditEntry] = self.trail
        written = sum(copy_rows(model, rows) for model, rows in self.rows.items())
        self.rows, self.trail = defaultdict(list), []
        return written


def chooser(weights: dict[T, int]) -> Callable[[random.Random], T]:
    """A function that draws one of the keys in proportion to its weight."""
    keys, sums = list(weights), list(accumulate(weights.values()))
    return lambda rng: keys[bisect(sums, rng.random() * sums[-1])]
