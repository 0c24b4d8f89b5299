"""健康登记 of the person, for the provider `local` (2-03)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Conflict
from shiming.health import queries, readings, rules
from shiming.health.declarations import Declared
from shiming.health.models import DeclarationOnFile
from shiming.people.models import Person


@transaction.atomic
def declare(
    *,
    reported_place: str,
    temperature: str,
    symptoms: list[str],
    address: str,
    origin: str,
    by: Actor,
    travelled_on: date | None = None,
    travelled_by: str = "",
    from_hubei: bool = False,
    stopped_over: bool = False,
    stayed_at: str = "",
) -> DeclarationOnFile:
    """Keep the declaration of the acting person; a new one replaces it. Raises R-39 and Conflict with another cloud."""
    require(rules.may_declare, by)
    if not queries.declares_here():
        raise Conflict("健康登记请在健康云办理")
    person = Person.objects.select_for_update().get(pk=by.person_id)
    declared = Declared(
        name=person.name,
        reported_at=timezone.now(),
        reported_place=reported_place,
        temperature=str(readings.temperature(temperature)),
        condition="、".join(readings.symptoms(symptoms)),
        travelled_on=travelled_on.isoformat() if travelled_on else "",
        travelled_by=travelled_by,
        from_hubei=from_hubei,
        stopped_over=stopped_over,
        stayed_at=stayed_at,
        address=address,
        origin=origin,
        phone=person.phone.plain if person.phone else "",
    )
    row = DeclarationOnFile.objects.filter(id_digest=person.id_digest).first()
    row = row or DeclarationOnFile(id_digest=person.id_digest)
    row.values = declared.as_dict() | {"phone": declared.phone}
    row.save()
    return row
