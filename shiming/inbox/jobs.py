"""The inbox subscribes to events; no other module calls it."""

from shiming.core.audit import after
from shiming.inbox import commands
from shiming.inbox.notices import CLOSES, NOTICES


@after(*CLOSES, at_once=commands.close_many)
def close(subject, *, by, entry) -> None:
    commands.close(subject, by=by, entry=entry)


@after(*NOTICES, at_once=commands.deliver_many)
def deliver(subject, *, by, entry) -> None:
    commands.deliver(subject, by=by, entry=entry)
