"""Pre-registration and accompanying family (2-10 to 2-12)."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Invalid, Refused, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.refusals import refusal
from shiming.health import notice, queries, readings, rules
from shiming.health.commands.common import Unsure, require_overlay
from shiming.health.declarations import Declared
from shiming.health.feed.queries import receiver_of
from shiming.health.models import FamilyMember, PreRegistration
from shiming.idcard.number import age_on
from shiming.people.commands import checked_number, checked_phone, limited
from shiming.people.commands.announced import register_announced
from shiming.people.commands.checks import checked_name
from shiming.presence.eligibility import ADULT
from shiming.projects.models import ContractFiling, Participation


@limited
@transaction.atomic
def pre_register(
    place: Participation,
    filing: ContractFiling | None,
    *,
    number: str,
    name: str,
    origin: str,
    declared: Declared,
    by: Actor,
    phone: str = "",
    sure: bool = False,
) -> PreRegistration:
    """Register before the entry; `declared` is what `look_up` has just answered.

    Raises R-36 without a filed contract, R-91 for a second open one, R-10 and R-13 for a phone that was not delivered,
    and Unsure with W-01 and W-04 unless `sure`.
    """
    require(rules.may_preregister, by, place)
    require_overlay(place.project_id)
    _require_contract(place, filing)
    parsed, name = checked_number(number), checked_name(name)
    reached = _phone(declared, phone)
    _require_sure(declared, place.project_id, sure)
    person = register_announced(parsed, name, by=by)
    if PreRegistration.objects.filter(person=person, project=place.project_id, ended_at=None).exists():
        raise Refused("R-91", field="number")

    row = PreRegistration(person=person, project_id=place.project_id, participation=place, filing=filing)
    row.registered_on, row.registered_by_id, row.phone = timezone.localdate(), by.user_id, reached
    row.values = {"origin": origin, "declaration": declared.as_dict()}
    row.notice_version = notice.VERSION
    row.save()
    details = {"person": person.name, "company": place.company.name, "receiver": receiver_of(place.project_id)}
    record(Event.PREREGISTERED, row, by=by, **details)
    return row


@transaction.atomic
def correct(
    row: PreRegistration,
    place: Participation,
    filing: ContractFiling | None,
    *,
    origin: str,
    phone: str,
    by: Actor,
    seen: int | None = None,
) -> PreRegistration:
    """Correct employer, origin and phone of an open pre-registration; an empty phone keeps the known one."""
    person = row.person
    row = lock(row, seen=seen)
    require(rules.may_preregister, by, row.participation)
    require(rules.may_preregister, by, place)
    require_overlay(row.project_id)
    if not row.open:
        raise Conflict("预登记已随退场结束，不能修改")
    _require_contract(place, filing)
    values = row.values
    changed = [
        label
        for label, now, then in (
            ("用人单位", (place.pk, filing.pk), (row.participation_id, row.filing_id)),
            ("出发地", origin, values["origin"]),
            ("手机号", bool(phone.strip()), False),
        )
        if now != then
    ]
    if not changed:
        return row
    row.participation, row.filing, row.values = place, filing, values | {"origin": origin}
    if phone.strip():
        row.phone = checked_phone(phone)
    row.save()
    record(Event.PREREGISTRATION_CHANGED, row, by=by, person=person.name, fields="、".join(changed))
    return row


@transaction.atomic
def end_with_stay(person_id, project_id, *, by: Actor) -> None:
    """The exit ends the pre-registration: a return needs a new one."""
    rows = PreRegistration.objects.select_for_update(of=("self",)).filter(person=person_id, project=project_id)
    for row in rows.filter(ended_at=None).select_related("person", "project", "participation"):
        row.ended_at = timezone.now()
        row.save()
        record(Event.PREREGISTRATION_ENDED, row, by=by, person=row.person.name, project=row.project.name)


@limited
@transaction.atomic
def add_family_member(
    row: PreRegistration,
    *,
    number: str,
    name: str,
    origin: str,
    declared: Declared,
    by: Actor,
    phone: str = "",
    sure: bool = False,
) -> FamilyMember:
    """携带家属登记: the same questions as `pre_register`; a child needs no phone."""
    worker, place = row.person, row.participation
    row = lock(row)
    require(rules.may_preregister, by, place)
    require_overlay(row.project_id)
    if not row.open:
        raise Conflict("预登记已随退场结束，不能再登记家属")
    parsed, name = checked_number(number), checked_name(name)
    if parsed.number == worker.id_number.plain:
        raise Invalid("这是本人的身份证号", next_step="填写家属的身份证号", field="number")
    child = age_on(parsed.birth_date, timezone.localdate()) < ADULT
    reached = _phone(declared, phone, optional=child)
    _require_sure(declared, row.project_id, sure)
    person = register_announced(parsed, name, by=by)

    member = FamilyMember(preregistration=row, person=person, registered_on=timezone.localdate())
    member.registered_by_id, member.phone = by.user_id, reached
    member.values = {"origin": origin, "declaration": declared.as_dict()}
    member.full_clean()
    member.save()
    about = {"person_id": worker.pk, "project_id": row.project_id, "company_id": place.company_id}
    record(Event.FAMILY_ADDED, member, by=by, person=worker.name, **about)
    return member


def _require_contract(place: Participation, filing: ContractFiling | None) -> None:
    if filing is None or filing.participation_id != place.pk or filing.status != ContractFiling.Status.FILED:
        raise Refused("R-36", field="employer")


def _phone(declared: Declared, typed: str, *, optional: bool = False) -> str | None:
    """The delivered phone, whatever was typed; else the typed one."""
    if declared.phone:
        return checked_phone(declared.phone)
    if not typed.strip():
        if optional:
            return None
        raise missing("手机号", "phone")
    return checked_phone(typed)


def _require_sure(declared: Declared, project_id, sure: bool) -> None:
    if (found := list(_warnings(declared, project_id))) and not sure:
        raise Unsure(found)


def _warnings(declared: Declared, project_id):
    days: int = queries.declaration_days(project_id)
    if declared.reported_at < timezone.now() - timedelta(days=days):
        yield refusal("W-04", days=days)
    if declared.temperature and declared.condition:
        ticked = [readings.FEVER] if readings.FEVER in declared.condition else []
        if readings.contradict(ticked, Decimal(declared.temperature)):
            yield refusal("W-01")
