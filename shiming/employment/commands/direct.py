"""Direct registration and release by the company (E6, E14); the worker is notified and may object."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Conflict, Refused, missing
from shiming.core.events import Event
from shiming.employment import rules
from shiming.employment.commands.common import asked, current_of, held, hold, open_here, tell
from shiming.employment.commands.leaving import end
from shiming.employment.commands.profile import check, fill, lead_own_team
from shiming.employment.guards import check_dismissal
from shiming.employment.models import Employment
from shiming.people.commands import limited, update_profile
from shiming.people.commands.desk import registered
from shiming.people.models import Person
from shiming.projects.policies import EmploymentMode

Status = Employment.Status


@limited
@transaction.atomic
def register(number: str | Person, *, by: Actor, education="", political_status="", **fields) -> Employment:
    """Register a verified person with a labour contract as employed (E6).

    `number` is the ID number, or the person whose card was just read. Raise missing without `contract_start`.
    """
    require(rules.may_register_directly, by)
    person = hold(registered(number))
    _require_free(person, by)
    if not fields.get("contract_start"):
        raise missing("劳动合同生效日期", "contract_start")

    employment = Employment(person=person, company_id=by.company_id, mode=EmploymentMode.DIRECT, status=Status.ACTIVE)
    employment.started_at, employment.profile_completed = timezone.now(), True
    fill(employment, Employment.Kind.WORKER, fields)
    check(employment)
    lead_own_team(employment, by)
    employment.full_clean(exclude=["bank_card", "contact_phone"])
    employment.save()

    tell(Event.EMPLOYMENT_STARTED, employment, by=by)
    known = {"education": education, "political_status": political_status}
    update_profile(person, by=by, **{name: value for name, value in known.items() if value})
    return employment


@transaction.atomic
def release(employment: Employment, *, reason: str = "", by: Actor) -> Employment:
    """End the employment without the worker's answer (E14). The row stays; allocations and stays end with it."""
    employment = held(employment)
    require(rules.may_release, by, employment)
    asked(employment, Status.ACTIVE)
    check_dismissal(employment)

    employment.end_reason = reason.strip()[:200]
    tell(Event.EMPLOYMENT_RELEASED, employment, by=by, reason=employment.end_reason or "单位办理离职")
    return end(employment, by=by)


@transaction.atomic
def answer_registration(employment: Employment, *, agree: bool, note: str = "", by: Actor) -> Employment:
    """Take the worker's answer to a direct registration or release: no objection, or an objection.

    An objection changes no status; company and authority see it, and a later answer without one withdraws it. Raise
    Conflict for an employment that was made by invitation.
    """
    employment = held(employment)
    require(rules.may_answer, by, employment)
    if employment.mode == EmploymentMode.INVITE:
        raise Conflict("这份聘用由本人确认，不用提出异议")
    employment.objected_at = None if agree else timezone.now()
    employment.objection = "" if agree else note.strip()[:200]
    employment.save()
    if agree:
        tell(Event.EMPLOYMENT_KNOWN, employment, by=by)
        return employment
    suffix = f"：{employment.objection}" if employment.objection else ""
    tell(Event.EMPLOYMENT_OBJECTED, employment, by=by, objection=suffix)
    return employment


def _require_free(person: Person, by: Actor) -> None:
    if existing := open_here(person.pk, by.company_id):
        raise Refused("R-04" if existing.employed else "R-08", field="number")
    if current_of(person.pk):
        raise Refused("R-05", field="number")
