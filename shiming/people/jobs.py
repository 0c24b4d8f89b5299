"""Jobs: the nightly identity batch, and the deletion of drafts unchanged for a day."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from shiming.core.actor import system
from shiming.people import commands
from shiming.people.models import RegistrationDraft

KEPT = timedelta(hours=24)


@app.periodic(cron="0 17 * * *")  # 01:00 in Shanghai
@app.task(queue="people", queueing_lock="identity", lock="identity")
def nightly_identity_batch(timestamp: int) -> None:
    commands.run_identity_batch(by=system("身份核验"))


@app.task(queue="people", queueing_lock="identity-now", lock="identity")
def identity_batch_now() -> None:
    commands.run_identity_batch(by=system("身份核验"))


@app.periodic(cron="17 * * * *")
@app.task(queue="people", queueing_lock="drafts")
def discard_old_drafts(timestamp: int) -> None:
    for draft in RegistrationDraft.objects.filter(updated_at__lt=timezone.now() - KEPT):
        commands.discard_draft(draft)
