"""Check by hand: two users each see the worker and the ID document; a card read at the desk counts too."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.faces import rules
from shiming.faces.models import HandCheck
from shiming.people import commands as people
from shiming.people.models import Person

How, Status = HandCheck.How, HandCheck.Status


@transaction.atomic
def ask_check(person: Person, *, place: str, by: Actor, note: str = "") -> HandCheck:
    """Record that the first user has seen the worker; a second user confirms. Conflict while another check waits."""
    person = lock(person)
    require(rules.may_check, by, person)
    if not place.strip():
        raise missing("核对地点", "place")
    if HandCheck.objects.filter(person=person, status=Status.WAITING).exists():
        raise Conflict("该人员已有待第二人核对的人工核验")

    check = HandCheck(person=person, how=How.TWO_PEOPLE, first_id=by.user_id, company_id=by.company_id)
    check.place, check.note = place.strip()[:60], note.strip()[:200]
    check.save()
    record(Event.HAND_CHECK_ASKED, check, by=by, person=person.name)
    return check


@transaction.atomic
def confirm_check(check: HandCheck, *, by: Actor, seen: int | None = None) -> HandCheck:
    """Complete the check as the second user; an identity that waited for verification becomes verified."""
    check = _decided(check, Status.DONE, by, seen)
    check.save()

    people.note_hand_check(check.person, by=by)
    record(Event.HAND_CHECKED, check, by=by, person=check.person.name, how=check.get_how_display())
    return check


@transaction.atomic
def decline_check(check: HandCheck, *, reason: str, by: Actor, seen: int | None = None) -> HandCheck:
    """Decline the check as the second user, with a reason: not seen, or the document does not match."""
    if not reason.strip():
        raise missing("原因", "reason")
    check = _decided(check, Status.DECLINED, by, seen)
    check.reason = reason.strip()[:200]
    check.save()

    record(Event.HAND_CHECK_DECLINED, check, by=by, person=check.person.name, reason=check.reason)
    return check


@transaction.atomic
def note_card(person: Person, *, by: Actor) -> HandCheck:
    """Store which user read the card while the worker stood at the desk; people.take_card has stored the time."""
    place = by.project_name or by.company_name or ""
    check = HandCheck(person=person, how=How.CARD, status=Status.DONE, first_id=by.user_id, place=place[:60])
    check.company_id, check.decided_at = by.company_id, timezone.now()
    check.save()
    return check


def _decided(check: HandCheck, status: str, by: Actor, seen: int | None) -> HandCheck:
    check = lock(check, seen=seen)
    require(rules.may_answer_check, by, check)
    check.become(status)
    check.second_id, check.decided_at = by.user_id, timezone.now()
    return check
