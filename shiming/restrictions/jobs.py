"""Deletes entries whose retention has passed, each night (UTC)."""

from procrastinate.contrib.django import app

from shiming.core.actor import system
from shiming.restrictions.commands import forget_ended


@app.periodic(cron="55 17 * * *")
@app.task(queue="nightly", queueing_lock="restrictions-retention")
def forget_ended_restrictions(timestamp: int) -> None:
    forget_ended(by=system("保存期限"))
