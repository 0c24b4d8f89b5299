"""人工核验：两个人各自当面看过本人和证件；登记台读卡也算。"""

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
    """第一人看过；等第二人。"""
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
    """第二人也看过：人工核验完成，待核验的身份由此已实名。"""
    check = _decided(check, Status.DONE, by, seen)
    check.save()

    people.note_hand_check(check.person, by=by)
    record(Event.HAND_CHECKED, check, by=by, person=check.person.name, how=check.get_how_display())
    return check


@transaction.atomic
def decline_check(check: HandCheck, *, reason: str, by: Actor, seen: int | None = None) -> HandCheck:
    """第二人没有看到，或看到的不符。"""
    if not reason.strip():
        raise missing("原因", "reason")
    check = _decided(check, Status.DECLINED, by, seen)
    check.reason = reason.strip()[:200]
    check.save()

    record(Event.HAND_CHECK_DECLINED, check, by=by, person=check.person.name, reason=check.reason)
    return check


@transaction.atomic
def note_card(person: Person, *, by: Actor) -> HandCheck:
    """读卡时本人在登记台前：people.take_card 已记下时间，这里留下是谁办的。"""
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
