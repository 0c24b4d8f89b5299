"""身份核验的结论：通过、失败、留给管理员。"""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.people import rules
from shiming.people.models import Person


@transaction.atomic
def verify(person: Person, *, by: Actor, seen: int | None = None) -> Person:
    """核验通过，自此已实名；等着这一步的聘用由此继续。"""
    person = lock(person, seen=seen)
    require(rules.may_decide_identity, by)

    person.become(Person.Status.VERIFIED)
    person.verified_at = timezone.now()
    person.failure = person.review_note = ""
    person.save()

    record(Event.PERSON_VERIFIED, person, by=by, person_id=person.pk, person=person.name)
    return person


@transaction.atomic
def fail(person: Person, *, reason: str, by: Actor, seen: int | None = None) -> Person:
    """核验失败，写明原因，本人可以重新提交。"""
    person = lock(person, seen=seen)
    require(rules.may_decide_identity, by)
    if not reason.strip():
        raise missing("不通过原因", "reason")

    person.become(Person.Status.FAILED)
    person.failure, person.review_note = reason.strip()[:200], ""
    person.save()

    record(Event.PERSON_FAILED, person, by=by, person_id=person.pk, person=person.name, reason=person.failure)
    return person


@transaction.atomic
def leave_to_administrator(person: Person, *, note: str, by: Actor, seen: int | None = None) -> Person:
    """机器说不清的，记下为什么，等管理员看；人仍是待核验。"""
    person = lock(person, seen=seen)
    require(rules.may_decide_identity, by)

    person.review_note = note[:200]
    person.save(update_fields=["review_note"])
    return person


@transaction.atomic
def open_card(person: Person, *, by: Actor) -> str:
    """核验时打开证件照片与号码，对着看；谁打开都留痕。"""
    require(rules.may_decide_identity, by)

    record(Event.PERSON_REVIEWED, person, by=by, person_id=person.pk, person=person.name, firm=by.role.label)
    return person.id_number.plain
