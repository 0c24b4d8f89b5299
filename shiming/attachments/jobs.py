"""Discards abandoned and removed papers each hour (UTC)."""

from procrastinate.contrib.django import app

from shiming.attachments import commands
from shiming.core.actor import Actor
from shiming.core.audit import after
from shiming.core.events import Event
from shiming.employment.models import ManagerDraft


@after(Event.MANAGER_DRAFT_DISCARDED)
def draft_was_discarded(draft: ManagerDraft, *, by: Actor, entry) -> None:
    """Also of a draft that changed a registered manager: those papers are the employment's and stay."""
    commands.discard_papers_of(draft, by=by)


@app.periodic(cron="35 * * * *")
@app.task(queue="nightly", queueing_lock="attachments-tidy")
def tidy_up(timestamp: int) -> None:
    while commands.tidy_up():
        pass
