"""What the tests of this module start from: 安泰劳务 on 沿河修缮, people who stood there."""

from django.utils import timezone

from shiming.assignment import commands
from shiming.assignment.models import Assignment
from shiming.core.privacy import Secret
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.projects.models import FiledPerson

WORKER = Assignment.WORKER


def stands_there(person: Person) -> Person:
    Person.objects.filter(pk=person.pk).update(hand_checked_at=timezone.now())
    person.refresh_from_db()
    return person


def worker(cast, name="张三") -> Employment:
    return cast.employment(stands_there(cast.person(name)), mode="direct")


def manager(cast, name="马安全", **more) -> Employment:
    given = {"mode": "direct", "kind": "manager", "trade": "", "duty": "安全员"} | more
    return cast.employment(stands_there(cast.person(name)), **given)


def drafted(cast, name="张三") -> Assignment:
    return commands.draft(worker(cast, name), cast.repair_place, role=WORKER, by=cast.clerk)


def accepted(cast, name="张三") -> Assignment:
    """Bound, and on the site."""
    row = cast.assignment(worker(cast, name), cast.repair_place)
    cast.stay(row, method="approval")
    return row


def filed(cast, person: Person, position="安全员", **more) -> FiledPerson:
    assert cast.clerk
    row = FiledPerson(
        filing=cast.repair_place.filings.get(),
        id_number=Secret(person.id_number.plain),
        id_digest=person.id_digest,
        name=person.name,
        position=position,
        phone=Secret("15499000009"),
        **more,
    )
    row.save()
    return row
