"""An exit ends the pre-registration of that site; jobs remind of ended isolations and delete old records (UTC)."""

from procrastinate.contrib.django import app

from shiming.core.actor import system
from shiming.core.audit import after
from shiming.core.events import Event
from shiming.health.commands import end_with_stay, forget_ended, remind_due
from shiming.health.feed import commands as feed
from shiming.health.proposals.commands import forget_old


@after(Event.STAY_CLOSED, Event.STAY_CLOSED_BY_END)
def stay_ended(stay, *, by, entry) -> None:
    end_with_stay(stay.person_id, stay.project_id, by=by)


@app.periodic(cron="20 23 * * *")
@app.task(queue="nightly", queueing_lock="dispositions-due")
def remind_of_due_dispositions(timestamp: int) -> None:
    remind_due(by=system())


@app.periodic(cron="50 17 * * *")
@app.task(queue="nightly", queueing_lock="health-retention")
def forget_ended_sites(timestamp: int) -> None:
    forget_ended(by=system("保存期限"))
    forget_old(by=system("保存期限"))


@app.periodic(cron="20 16 * * *")
@app.task(queue="nightly", queueing_lock="feed-files")
def make_feed_files(timestamp: int) -> None:
    """At 00:20 in Shanghai: the files of the day that has ended."""
    feed.prepare_due(by=system("预登记报送"))
    feed.deliver_due(by=system("预登记报送"))


@app.periodic(cron="*/10 * * * *")
@app.task(queue="nightly", queueing_lock="feed-deliveries")
def deliver_feed_files(timestamp: int) -> None:
    """Files that have not arrived yet, and those of a night in which this system stood still."""
    feed.prepare_due(by=system("预登记报送"))
    feed.deliver_due(by=system("预登记报送"))
