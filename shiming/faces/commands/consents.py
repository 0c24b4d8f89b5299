"""Separate consent to a face template (PIPL art. 29): the worker ticks it; declining is as easy as agreeing."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.faces import consent, queries, rules
from shiming.faces.models import FaceComparison, FaceConsent, FacePortrait, FaceSession, FaceTemplate
from shiming.people import commands as people
from shiming.people.models import Person

Answer, Ended = FaceConsent.Answer, FaceConsent.Ended


@transaction.atomic
def agree(person: Person, *, by: Actor, portrait: bool = False) -> FaceConsent:
    """The consent in force: the same one given before, or a new one. `portrait`: the person also agrees that a picture
    is kept, for what the projects of today say."""
    person = lock(person)
    require(rules.may_enrol, by, person)
    purposes = queries.portrait_purposes(person) if portrait else []
    known = in_force(person)
    if known is not None and (known.version, known.portrait_for) == (consent.VERSION, purposes):
        return known
    if known is not None:
        _end(known, Ended.PERSON, by, note="重新答复")

    given = FaceConsent.objects.create(
        person=person,
        answer=Answer.AGREED,
        version=consent.VERSION,
        portrait_for=purposes,
        asked_by_id=by.user_id,
    )
    record(Event.FACE_CONSENTED, given, by=by, person=person.name, version=given.version)
    return given


@transaction.atomic
def decline(person: Person, *, by: Actor) -> FaceConsent:
    """Store the refusal; no picture is taken. A consent given earlier stays in force until it is withdrawn."""
    person = lock(person)
    require(rules.may_enrol, by, person)

    refused = FaceConsent.objects.create(
        person=person, answer=Answer.DECLINED, version=consent.VERSION, asked_by_id=by.user_id
    )
    record(Event.FACE_DECLINED, refused, by=by, person=person.name)
    return refused


@transaction.atomic
def withdraw(person: Person, *, by: Actor, ended: str = Ended.PERSON, note: str = "") -> FaceConsent:
    """Delete the template and waiting pictures at once. The consent row stays, with time, user and reason.

    Raise Conflict when no consent is in force.
    """
    person = lock(person)
    require(rules.may_withdraw, by, person)
    given = in_force(person)
    if given is None:
        raise Conflict("没有可以撤回的人脸登记")

    _end(given, ended, by, note=note)
    if person.face_status == Person.Face.REGISTERED:
        people.forget_face(person)
    record(
        Event.FACE_WITHDRAWN,
        given,
        by=by,
        company_id=by.company_id,
        person=person.name,
        reason=given.get_ended_display(),
    )
    return given


@transaction.atomic
def drop_portrait(person: Person, *, by: Actor) -> None:
    """Delete the kept picture and keep the template: the worker withdraws this part, or the project needs none.

    Raise Conflict when no picture is kept.
    """
    person = lock(person)
    require(rules.may_withdraw, by, person)
    given = in_force(person)
    if given is None or not given.portrait_for:
        raise Conflict("没有留存的照片")

    FacePortrait.objects.filter(person=person).delete()
    given.portrait_for = []
    given.save()
    record(Event.FACE_PORTRAIT_DROPPED, given, by=by, company_id=by.company_id, person=person.name)


def in_force(person: Person) -> FaceConsent | None:
    rows = FaceConsent.objects.select_for_update().filter(person=person, answer=Answer.AGREED, withdrawn_at=None)
    return rows.first()


def _end(given: FaceConsent, ended: str, by: Actor, *, note: str) -> None:
    given.withdrawn_at, given.withdrawn_by_id = timezone.now(), by.user_id
    given.ended, given.note = ended, note.strip()[:200]
    given.save()
    FaceTemplate.objects.filter(person=given.person).delete()
    FacePortrait.objects.filter(person=given.person).delete()
    drop_waiting(given.person)


def drop_waiting(person: Person) -> None:
    """A comparison not yet answered, with its pictures."""
    waiting = FaceComparison.objects.select_for_update().filter(person=person, status=FaceComparison.Status.WAITING)
    for comparison in waiting:
        comparison.close(FaceComparison.Status.DROPPED)
        comparison.save()
        session = lock(comparison.session)
        session.become(FaceSession.Status.FAILED)
        session.save()
