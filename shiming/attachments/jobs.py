"""Reminds of expiring certificates each morning; discards abandoned and removed papers each hour (UTC)."""

from procrastinate.contrib.django import app

from shiming.attachments import commands
from shiming.core.actor import system


@app.periodic(cron="20 7 * * *")
@app.task(queue="nightly", queueing_lock="credentials-expiring")
def remind_of_credentials(timestamp: int) -> None:
    commands.remind(by=system())


@app.periodic(cron="35 * * * *")
@app.task(queue="nightly", queueing_lock="attachments-tidy")
def tidy_up(timestamp: int) -> None:
    while commands.tidy_up():
        pass
