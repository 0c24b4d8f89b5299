"""What the tests of this module start from: 安泰劳务 on 沿河修缮, people who stood there."""

from datetime import timedelta

from django.utils import timezone

from shiming.assignment import commands
from shiming.assignment.models import Assignment
from shiming.attachments.commands import take
from shiming.attachments.holders import Holder
from shiming.attachments.models import SOCIAL_PROOF, Attachment
from shiming.core.privacy import Secret
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.projects.models import FiledPerson

WORKER = Assignment.WORKER
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF"


def stands_there(person: Person) -> Person:
    Person.objects.filter(pk=person.pk).update(hand_checked_at=timezone.now())
    person.refresh_from_db()
    return person


def worker(cast, name="张三") -> Employment:
    return cast.employment(stands_there(cast.person(name)), mode="direct")


def manager(cast, name="马安全", **more) -> Employment:
    given = {"mode": "direct", "kind": "manager", "trade": "", "duty": "安全员"} | more
    return cast.employment(stands_there(cast.person(name)), **given)


def proved(cast, employment: Employment, days: int = 1) -> Employment:
    """The same manager with a 社保缴费证明 of this age."""
    holder = Holder(employment.company_id, employment.person.id_digest, employment.person.name)
    today = timezone.localdate()
    paper = take(holder, kind=SOCIAL_PROOF, name="社保.pdf", whole=PDF, by=cast.clerk, issued_on=today)
    Attachment.objects.filter(pk=paper.pk).update(issued_on=today - timedelta(days=days))
    return employment


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
