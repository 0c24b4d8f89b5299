"""The trail: one sentence per event, written in the transaction of the event."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from shiming.core import bulk, prepared_statements
from shiming.core.actor import Actor
from shiming.core.events import Event
from shiming.core.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Origin:
    """Address and id of the current request, and the values cached for it (per_request.py). Jobs have none."""

    address: str = ""
    request_id: str = ""
    known: dict = field(default_factory=dict, repr=False)


NOWHERE = Origin()
origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)
_followers: dict[Event, list[Callable]] = defaultdict(list)
_at_once: dict[Callable, Callable] = {}


def record(
    event: Event,
    subject: models.Model,
    *,
    by: Actor,
    person_id=None,
    company_id=None,
    project_id=None,
    before: dict | None = None,
    after: dict | None = None,
    reason: str = "",
    **params,
) -> AuditEntry:
    """Write one trail row, then call the followers of the event, all in the current transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() 只能在命令的事务里调用")
    about = _about(subject, person_id, company_id, project_id, before, after, reason, params)
    entry = AuditEntry(**_shared(event, by, timezone.now()), **about)
    prepared_statements.insert(entry)
    for follower in _followers[event]:
        follower(subject, by=by, entry=entry)
    return entry


def record_many(event: Event, lines: Iterable[tuple[models.Model, dict[str, Any]]], *, by: Actor) -> None:
    """Write the rows of `record()` for many (subject, params) pairs in one statement."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record_many() 只能在命令的事务里调用")
    shared = _shared(event, by, timezone.now())
    happened = [(subject, _of_many(shared, subject, params)) for subject, params in lines]
    bulk.copy_rows(AuditEntry, [entry for _, entry in happened])
    for follower in _followers[event] if happened else ():
        if follower in _at_once:
            _at_once[follower](happened, by=by)
        else:
            for subject, entry in happened:
                follower(subject, by=by, entry=entry)


def after(*events: Event, at_once: Callable | None = None):
    """Decorate `def follower(subject, *, by, entry)` of a module above this one: called on each of the events.

    `at_once(happened, *, by)` receives all (subject, entry) pairs of `record_many` together, where single calls are
    slow.
    """

    def register(function):
        for event in events:
            _followers[event].append(function)
        if at_once:
            _at_once[function] = at_once
        return function

    return register


def followers(event: Event) -> list[Callable]:
    """The followers in calling order."""
    return list(_followers[event])


def trail_of(subject: models.Model):
    """The trail rows of one object, newest first."""
    return AuditEntry.objects.filter(object_id=str(subject.pk)).order_by("-id")


def caused_by(by: Actor, event: Event):
    """The entries of this event by one user: the rows that a limit counts."""
    return AuditEntry.objects.filter(event=event, user_id=by.user_id)


def _of_many(shared: dict, subject, params) -> SimpleNamespace:
    """`params` may hold the named arguments of `record()`: person_id, company_id, project_id, before, after, reason.

    Returns plain values, not an AuditEntry: building ten thousand models would dominate the run time.
    """
    named = [params.pop(name, None) for name in ("person_id", "company_id", "project_id", "before", "after")]
    return SimpleNamespace(**shared, **_about(subject, *named, params.pop("reason", ""), params))


def _shared(event: Event, by: Actor, at) -> dict:
    where = origin.get()
    return {
        "at": at,
        "event": event,
        "by": by.name,
        "role": by.role,
        "door": by.door,
        "user_id": by.user_id,
        "address": where.address,
        "request_id": where.request_id,
    }


def _about(subject, person_id, company_id, project_id, before, after, reason, params) -> dict:
    return {
        "object_type": subject._meta.label_lower,
        "object_id": str(subject.pk),
        "person_id": person_id or getattr(subject, "person_id", None),
        "company_id": company_id or getattr(subject, "company_id", None),
        "project_id": project_id or getattr(subject, "project_id", None),
        "params": {name: str(value) for name, value in params.items()},
        "before": before,
        "after": after,
        "reason": reason,
    }
