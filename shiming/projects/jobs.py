"""Jobs and followers: warn before a grant ends, save the last use of a grant."""

from procrastinate.contrib.django import app

from shiming.core.actor import system
from shiming.core.audit import after
from shiming.core.events import Event
from shiming.projects import commands


@app.periodic(cron="10 7 * * *")
@app.task(queue="nightly", queueing_lock="grants-expiring")
def tell_expiring_grants(timestamp: int) -> None:
    commands.note_expiring(by=system())


@app.periodic(cron="0 17 * * *")
@app.task(queue="nightly", queueing_lock="filed-people-expired")
def withdraw_expired_filed_people(timestamp: int) -> None:
    """Every night at one o'clock here: 报送人员 whose term has passed."""
    commands.withdraw_expired(by=system())


def note_last_uses(happened, *, by) -> None:
    commands.note_use(by)


@after(
    *(Event.LOGIN_SUCCEEDED, Event.HAT_CHANGED, Event.ASSIGNMENT_ACCEPTED, Event.ASSIGNMENT_REJECTED),
    *(Event.STAY_CLOSED, Event.CORRECTION_APPROVED, Event.CORRECTION_DENIED),
    at_once=note_last_uses,
)
def note_last_use(subject, *, by, entry) -> None:
    commands.note_use(by)
