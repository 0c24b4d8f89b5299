"""Delivery by the worker, for network providers and for retries."""

from procrastinate.contrib.django import app

from shiming.outbox import commands
from shiming.outbox.models import OutboxMessage
from shiming.outbox.providers import local


@app.task(queue="outbox")
def deliver_message(message_id: str) -> None:
    commands.deliver(OutboxMessage.objects.get(pk=message_id))


@app.periodic(cron="* * * * *")
@app.task(queue="outbox", queueing_lock="deliver_waiting")
def deliver_waiting(timestamp: int) -> None:
    commands.deliver_waiting()


@app.periodic(cron="25 3 * * *")  # 11:25 in Shanghai
@app.task(queue="nightly", queueing_lock="forget_old_messages")
def forget_old_messages(timestamp: int) -> None:
    commands.forget_old()
    local.rotate()
