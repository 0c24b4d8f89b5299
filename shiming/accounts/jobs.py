"""Every night: delete expired sessions, attempts and codes."""

from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

from shiming.accounts import throttle
from shiming.accounts.commands import codes


@app.periodic(cron="40 3 * * *")
@app.task(queue="nightly", queueing_lock="accounts")
def forget_what_has_ended(timestamp: int) -> None:
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    throttle.forget_old()
    codes.forget_old()
