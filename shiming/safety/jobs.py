"""Reminds of trainings that expire, each morning (UTC)."""

from procrastinate.contrib.django import app

from shiming.core.actor import system
from shiming.safety import commands


@app.periodic(cron="25 7 * * *")
@app.task(queue="nightly", queueing_lock="trainings-expiring")
def remind_of_trainings(timestamp: int) -> None:
    commands.remind(by=system())
