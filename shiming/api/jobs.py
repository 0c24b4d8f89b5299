"""Every hour: answers older than 48 hours are forgotten."""

from procrastinate.contrib.django import app

from shiming.api import commands


@app.periodic(cron="41 * * * *")
@app.task(queue="api", queueing_lock="api-answers")
def forget_old_answers(timestamp: int) -> None:
    commands.forget_old_answers()
