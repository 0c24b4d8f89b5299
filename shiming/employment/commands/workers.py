"""现场作业人员 [004] 4-24: a company registers its workers by ID number, which employs them. A person whose identity is not
verified may be registered; their face, or a check by hand, comes before the submission."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.employment import rules
from shiming.employment.commands.common import asked, current_of, held, hold, not_proved, open_here, tell
from shiming.employment.commands.profile import check, facts, fill, tell_change
from shiming.employment.models import Employment
from shiming.people.commands import keep_items, keep_photos, person_typed, update_profile
from shiming.people.commands.checks import checked_number
from shiming.people.commands.submission import Photo, correct_typed_name
from shiming.people.models import Person
from shiming.projects.policies import EmploymentMode

Status = Employment.Status
Items, Photos = dict[str, list[dict]] | None, dict[str, Photo] | None
NOT_SHOWN = ("residence", "residence_detail")  # a page cannot send them back: empty means unchanged


@transaction.atomic
def keep_worker(
    number: str,
    name: str,
    *,
    by: Actor,
    sex: str = "",
    birth_date: date | None = None,
    profile: dict,
    items: Items = None,
    photos: Photos = None,
    **work,
) -> Employment:
    """E6 of this flow: the worker of this number is employed here, and the data are those typed; nothing is emptied.

    R-03, R-07, R-05. An unknown person becomes 待核验 (source 单位录入). For commands that are `limited` themselves.
    """
    require(rules.may_register_directly, by)
    parsed = checked_number(number, birth_date=birth_date, sex=sex or None)
    person = hold(person_typed(parsed, name, by))
    employment = worker_here(person, by) or Employment(
        person=person, company_id=by.company_id, mode=EmploymentMode.DIRECT, status=Status.ACTIVE
    )
    _write(employment, work, by)
    given = {field: value for field, value in not_proved(person, profile).items() if value}
    if given:
        update_profile(person, by=by, **given)
    keep_items(person, items or {}, by=by, more=True)
    keep_photos(person, photos or {}, by=by)
    return employment


@transaction.atomic
def change_worker(
    employment: Employment,
    *,
    by: Actor,
    seen: tuple[int, int] | None = None,
    name: str = "",
    profile: dict,
    items: Items = None,
    photos: Photos = None,
    **work,
) -> Employment:
    """The same form for a worker of the company, who may have been a manager (domain.md §11.12).

    `seen` are the versions of employment and person that the page showed (R-43)."""
    of_employment, of_person = seen or (None, None)
    person = lock(employment.person, seen=of_person)
    employment = held(employment, seen=of_employment)
    require(rules.may_keep_workers, by, employment)
    asked(employment, Status.ACTIVE)
    _write(employment, work, by)
    if name:
        correct_typed_name(person, name, by=by)
    given = {field: value for field, value in profile.items() if value or field not in NOT_SHOWN}
    update_profile(person, by=by, **not_proved(person, given))
    keep_items(person, items or {}, by=by)
    keep_photos(person, photos or {}, by=by)
    return employment


def worker_here(person: Person, by: Actor) -> Employment | None:
    """The employment here that goes on; None where a new one may begin. R-08, Conflict, R-05 for another company."""
    known = open_here(person.pk, by.company_id)
    if known and not known.employed:
        raise Refused("R-08", field="number")
    if known is None and current_of(person.pk):
        raise Refused("R-05", field="number")
    if known:
        asked(known, Status.ACTIVE)
    return known


def _write(employment: Employment, work: dict, by: Actor) -> None:
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
