"""Every hour: delete answers older than 48 hours. Every night: delete raw copies after their days."""

from procrastinate.contrib.django import app

from shiming.api import commands


@app.periodic(cron="41 * * * *")
@app.task(queue="api", queueing_lock="api-answers")
def forget_old_answers(timestamp: int) -> None:
    commands.forget_old_answers()


@app.periodic(cron="11 3 * * *")
@app.task(queue="api", queueing_lock="api-received")
def forget_old_received(timestamp: int) -> None:
    commands.forget_old_received()
