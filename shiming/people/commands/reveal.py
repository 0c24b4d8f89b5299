"""查看完整号码：要有权限与用途，每次留痕，本人看得见；每人十分钟至多三十次。"""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import missing
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.core.refusals import refusal
from shiming.people import rules
from shiming.people.commands.guessing import TooMany
from shiming.people.models import Person

REVEALABLE = {"id_number": "身份证号", "phone": "手机号", "register_address": "户籍地址", "residence": "现居住地"}
MOST = 30
WITHIN = timedelta(minutes=10)


@transaction.atomic
def reveal(person: Person, field: str, *, purpose: str, by: Actor) -> str:
    """The whole value, after the trail has a line that says who saw it and what for."""
    require(rules.may_reveal, by, person)
    count_reveal(person, REVEALABLE[field], purpose=purpose, by=by)
    value = getattr(person, field)
    return value.plain if value else ""


def count_reveal(person: Person, label: str, *, purpose: str, by: Actor) -> None:
    """The same limit and the same line for what other modules keep of a person (银行卡). Call it in a transaction."""
    if not purpose.strip():
        raise missing("用途", "purpose")
    _within_limit(by)
    record(
        Event.PERSON_REVEALED,
        person,
        by=by,
        person_id=person.pk,
        company_id=by.company_id,
        reason=purpose.strip()[:200],
        person=person.name,
        field=label,
        firm=by.company_name or by.role.label,
    )


def _within_limit(by: Actor) -> None:
    with connection.cursor() as cursor:  # so that many at once are counted one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"reveal:{by.user_id}"])
    recent = AuditEntry.objects.filter(event=Event.PERSON_REVEALED, user_id=by.user_id, at__gte=timezone.now() - WITHIN)
    if recent.count() >= MOST:
        raise TooMany([refusal("R-49")])
