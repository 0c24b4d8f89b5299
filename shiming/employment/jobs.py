"""聘用里自己会发生的事：核验一通过待建档就继续；邀请过期；离职逾期。每晚的时刻按 UTC 写，17 点是这里的凌晨 1 点。"""

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
