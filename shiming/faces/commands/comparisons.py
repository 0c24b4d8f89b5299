"""Comparison by eye of a face that the engine found unlike the card, by a user other than the enroller."""

from django.db import transaction

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.faces import rules
from shiming.faces.commands.consents import Ended, in_force, withdraw
from shiming.faces.commands.templates import keep_template
from shiming.faces.models import FaceComparison, FaceSession, unpacked

Status = FaceComparison.Status


@transaction.atomic
def compare(comparison: FaceComparison, *, same: bool, by: Actor, note: str = "") -> FaceComparison:
    """Decide a waiting comparison, else Conflict.

    Same: the enrolment takes effect. Different: consent ends, pictures are deleted; a check by hand remains possible.
    """
    person = lock(comparison.person)
    comparison = lock(comparison)
    require(rules.may_compare, by, comparison)
    if comparison.status != Status.WAITING:
        raise Conflict("已经比对过，无需再办")

    embedding, picture = unpacked(comparison.opened("sealed")), comparison.opened("face")
    consent = in_force(person)
    comparison.decided_by_id, comparison.note = by.user_id, note.strip()[:200]
    comparison.close(Status.SAME if same else Status.DIFFERENT)
    comparison.save()
    session = lock(comparison.session)
    session.become(FaceSession.Status.PASSED if same else FaceSession.Status.FAILED)
    session.save()

    answer = comparison.get_status_display()
    record(Event.FACE_COMPARED, comparison, by=by, company_id=by.company_id, person=person.name, answer=answer)
    if same:
        enrolled = {"consent": consent, "enrolled_by": comparison.enrolled_by_id}
        keep_template(person, embedding, picture=picture, engine=comparison.engine, by=by, **enrolled)
    else:
        withdraw(person, by=by, ended=Ended.UNLIKE)
    return comparison
