"""Periodic counts: quick troubles and people every few minutes, slow troubles hourly, past days nightly."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from shiming.oversight import commands
from shiming.oversight.overview import DAYS


@app.periodic(cron="*/5 * * * *")
@app.task(queue="nightly", queueing_lock="oversight.troubles")
def count_troubles(timestamp: int) -> None:
    """Every five minutes: the quick kinds of trouble, and the people of today."""
    commands.count_troubles(slow=False)
    commands.count_days([timezone.localdate()])
    commands.count_groups()


@app.periodic(cron="17 * * * *")
@app.task(queue="nightly", queueing_lock="oversight.slow_troubles")
def count_slow_troubles(timestamp: int) -> None:
    """Every hour: the kinds of trouble that search many rows."""
    commands.count_troubles()


@app.periodic(cron="20 17 * * *")  # 01:20 in Shanghai
@app.task(queue="nightly", queueing_lock="oversight.days")
def count_past_days(timestamp: int) -> None:
    """Every night: the last 30 days again, for entries and exits registered late."""
    today = timezone.localdate()
    commands.count_days(today - timedelta(days=number) for number in range(DAYS))
