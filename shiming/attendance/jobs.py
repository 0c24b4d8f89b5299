"""Every hour: close the shifts without an OUT."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shiming.attendance import commands
from shiming.core.actor import system


@app.periodic(cron="5 * * * *")
@app.task(queue="attendance", queueing_lock="auto_close")
def close_forgotten_shifts(timestamp: int) -> int:
    return commands.auto_close(until=timezone.now(), by=system())
