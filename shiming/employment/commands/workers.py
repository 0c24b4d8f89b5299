"""现场作业人员 [004] 4-24：企业凭身份证号登记作业人员，登记即在职；身份待核验的也可以，人脸或人工核验后提交。"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Refused
from shiming.core.events import Event
from shiming.employment import rules
from shiming.employment.commands.common import asked, current_of, held, hold, open_here, tell
from shiming.employment.commands.profile import check, facts, fill, tell_change
from shiming.employment.models import Employment
from shiming.people.commands import person_typed, update_profile
from shiming.people.commands.checks import checked_number
from shiming.people.models import Person
from shiming.projects.policies import EmploymentMode

Status = Employment.Status


@transaction.atomic
def keep_worker(
    number: str, name: str, *, by: Actor, sex: str = "", birth_date: date | None = None, profile: dict, **work
) -> Employment:
    """E6 of this flow: the worker of this number is employed here, and the data are those typed.

    R-03, R-07, R-05. An unknown person becomes 待核验 (source 单位录入). For commands that are `limited` themselves.
    """
    require(rules.may_register_directly, by)
    parsed = checked_number(number, birth_date=birth_date, sex=sex or None)
    person = hold(person_typed(parsed.number, name, by))
    known = open_here(person.pk, by.company_id)
    if known and not known.employed:
        raise Refused("R-08", field="number")
    if known is None and current_of(person.pk):
        raise Refused("R-05", field="number")
    employment = known or Employment(
        person=person, company_id=by.company_id, mode=EmploymentMode.DIRECT, status=Status.ACTIVE
    )
    asked(employment, Status.ACTIVE)
    return _note(employment, person, profile, work, by)


@transaction.atomic
def change_worker(employment: Employment, *, by: Actor, seen: int | None = None, profile: dict, **work) -> Employment:
    """编辑：改正作业人员的资料；身份证上的内容只能重新核验。`seen` is the version the page showed (R-43)."""
    employment = held(employment, seen=seen)
    require(rules.may_keep_workers, by, employment)
    asked(employment, Status.ACTIVE)
    return _note(employment, employment.person, profile, work, by)


def _note(employment: Employment, person: Person, profile: dict, work: dict, by: Actor) -> Employment:
    fresh, before = employment._state.adding, facts(employment)
    first = not employment.profile_completed
    employment.started_at, employment.profile_completed = employment.started_at or timezone.now(), True
    fill(employment, Employment.Kind.WORKER, work)
    check(employment, needs_team=False)
    employment.full_clean(exclude=["bank_card", "contact_phone"], validate_unique=fresh, validate_constraints=fresh)
    employment.save()
    if fresh:
        tell(Event.EMPLOYMENT_STARTED, employment, by=by)
    else:
        tell_change(employment, first, before, by)
    _note_profile(person, profile, by)
    return employment


def _note_profile(person: Person, profile: dict, by: Actor) -> None:
    """What the card says of a verified person stays; an empty input empties nothing."""
    kept = {"ethnicity"} if person.verified and person.ethnicity else set()
    given = {name: value for name, value in profile.items() if value and name not in kept}
    if given:
        update_profile(person, by=by, **given)
