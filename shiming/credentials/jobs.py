"""Reminds of certificates that expire, each morning (UTC)."""

from procrastinate.contrib.django import app

from shiming.core.actor import system
from shiming.credentials import commands


@app.periodic(cron="20 7 * * *")
@app.task(queue="nightly", queueing_lock="credentials-expiring")
def remind_of_credentials(timestamp: int) -> None:
    commands.remind(by=system())
