"""Followers and nightly jobs: continue after verification, expire invitations, flag overdue requests to leave.

Cron times are UTC: 17:00 is 01:00 in Shanghai.
"""

from procrastinate.contrib.django import app

from shiming.core.actor import Actor, system
from shiming.core.audit import after
from shiming.core.events import Event
from shiming.employment import commands
from shiming.people.models import Person


@after(Event.PERSON_VERIFIED)
def continue_what_waited(person: Person, *, by: Actor, entry) -> None:
    commands.continue_awaiting(person, by=system())


@after(Event.PERSON_FAILED)
def give_up_what_waited(person: Person, *, by: Actor, entry) -> None:
    commands.give_up_awaiting(person, reason="身份核验未通过，请本人重新登记后再聘用", by=system())


@app.periodic(cron="10 17 * * *")
@app.task(queue="nightly", queueing_lock="employment.expire")
def expire_invitations(timestamp: int) -> None:
    """Every night: expire invitations past their last day."""
    commands.expire_old(by=system())


@app.periodic(cron="20 17 * * *")
@app.task(queue="nightly", queueing_lock="employment.overdue")
def flag_overdue_leaves(timestamp: int) -> None:
    """Every night: flag leave requests past their answer date."""
    commands.flag_overdue_leaves(by=system())


@app.periodic(cron="47 * * * *")
@app.task(queue="employment", queueing_lock="employment.drafts")
def discard_old_manager_drafts(timestamp: int) -> None:
    """Every hour: drafts of registrations left alone for seven days."""
    commands.discard_old_drafts(by=system())
