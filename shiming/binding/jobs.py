"""What follows from the filing and from a project that comes back, the nightly sync, and what is forgotten after its
time (domain.md §7.10). Cron hours are UTC."""

import logging

from procrastinate.contrib.django import app

from shiming.binding import commands
from shiming.binding.self_forms.commands import forget_old
from shiming.core.actor import system
from shiming.core.audit import after, trail_of
from shiming.core.events import Event
from shiming.projects.flows import implementer_audits
from shiming.projects.models import Participation
from shiming.projects.queries import following

log = logging.getLogger(__name__)


@after(Event.FILED_PERSON_WITHDRAWN)
def draft_goes(filed, *, by, entry) -> None:
    commands.drop_draft_of(filed, by=by)


@after(Event.PARTICIPATION_RESTORED)
def drafts_come_back(place, *, by, entry) -> None:
    removed = trail_of(place).filter(event=Event.PARTICIPATION_REMOVED).first()
    commands.restore_drafts(place, removed.at, by=by)


@app.periodic(cron="30 17 * * *")
@app.task(queue="nightly", queueing_lock="filed-people-sync")
def sync_filed_people(timestamp: int) -> None:
    """Every night, each company for itself: one contract that cannot be read does not keep the others waiting."""
    places = Participation.objects.filter(left_on=None, project__in=following(implementer_audits))
    for place in places.exclude(project__status="finished").select_related("project", "company").order_by("pk"):
        try:
            commands.sync(place, by=system())
        except Exception:
            log.exception("sync of the people filed for place %s", place.pk)


@app.periodic(cron="45 17 * * *")
@app.task(queue="nightly", queueing_lock="self-forms")
def forget_old_self_forms(timestamp: int) -> None:
    forget_old(by=system("保存期限"))
