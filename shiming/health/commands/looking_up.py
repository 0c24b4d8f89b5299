"""获取健康云信息 (2-10): ask the provider, outside any transaction, because it may take seconds."""

from datetime import timedelta

from django.db import transaction

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import caused_by, record
from shiming.core.errors import Refused, RefusedAll
from shiming.core.events import Event
from shiming.core.limits import Limit
from shiming.core.privacy import mask
from shiming.health import rules
from shiming.health.commands.common import require_overlay
from shiming.health.declarations import Declared, Unreachable, declarations
from shiming.idcard import names
from shiming.people.commands import checked_number, limited
from shiming.people.commands.checks import checked_name, require_same_name
from shiming.people.models import Person
from shiming.projects.models import Project

LOOK_UPS = Limit(300, timedelta(minutes=10), "R-71")


@limited
def look_up(number: str, name: str, *, by: Actor) -> Declared:
    """The declaration under this number and name. Raises R-03, R-07, R-35, and R-90 when the provider is away."""
    parsed, name = checked_number(number), checked_name(name)
    if known := Person.by_id_number(parsed.number):
        require_same_name(known, name)
    _note(parsed.number, known, by)
    try:
        declared = declarations().find(parsed.number, name)
    except Unreachable as away:
        raise Refused("R-90") from away
    if declared is None:
        raise Refused("R-35", field="number")
    if refused := names.difference(declared.name, name):
        raise RefusedAll([refused], "name")
    return declared


@transaction.atomic
def _note(number: str, known: Person | None, by: Actor) -> None:
    require(rules.may_preregister_here, by)
    require_overlay(by.project_id)
    LOOK_UPS.claim(caused_by(by, Event.DECLARATION_ASKED), key=by.user_id)
    site = Project.objects.get(pk=by.project_id)
    scope = {"project_id": site.pk, "company_id": by.company_id, "person_id": known.pk if known else None}
    record(Event.DECLARATION_ASKED, site, by=by, number=mask(number), **scope)
