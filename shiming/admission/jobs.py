"""Announces checks that start within seven days, each morning (UTC)."""

from procrastinate.contrib.django import app

from shiming.admission import commands
from shiming.core.actor import system


@app.periodic(cron="10 7 * * *")
@app.task(queue="nightly", queueing_lock="checks-start-soon")
def announce_checks(timestamp: int) -> None:
    commands.announce(by=system())
