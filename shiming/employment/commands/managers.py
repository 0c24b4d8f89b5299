"""管理人员登记 [004] 4-04 … 4-17: a company keeps its own managers; who leaves is moved out by `release` (E14)."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Refused, RefusedAll
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.refusals import refusal
from shiming.employment import rules
from shiming.employment.commands.common import current_of, held, hold, not_proved, open_here, tell
from shiming.employment.commands.profile import check, facts, fill, tell_change
from shiming.employment.guards import check_registration
from shiming.employment.models import Employment
from shiming.people.commands import checked_number, keep_items, keep_photos, limited, person_typed, update_profile
from shiming.people.commands.submission import Photo, correct_typed_name
from shiming.people.models import Person
from shiming.projects.policies import EmploymentMode

Status, Kind = Employment.Status, Employment.Kind
WORK = ("duty", "title", "social_insurance", "contact_phone")
# The stars of the form (domain.md §11.13); what follows from the number and the company is always there.
STARS = {
    "duty": "职务",
    "title": "职称",
    "ethnicity": "民族",
    "household_place": "户口所在地",
    "residence": "现居住地址",
    "residence_detail": "现居住地详细地址",
    "native_place": "籍贯",
    "education": "最高学历",
    "contact_phone": "联系电话",
}


@limited
@transaction.atomic
def register_manager(
    number: str,
    *,
    name: str,
    work: dict,
    about: dict,
    by: Actor,
    items: dict[str, list[dict]] | None = None,
    photos: dict[str, Photo] | None = None,
) -> Employment:
    """E6 for managers: the person, known or new, stands in the company's register at once.

    An unknown number makes a person 待核验. Of a known one the name must agree (R-07), and what was verified stays.
    `work` and `about` hold the fields of the employment and of the person, `items` the rows of the repeating blocks.
    """
    require(rules.may_register_directly, by)
    _require_stars(work | about)
    normal = checked_number(number).number
    check_registration(normal, by=by)
    person = hold(person_typed(normal, name, by))
    require_free(person, by)

    employment = Employment(person=person, company_id=by.company_id, mode=EmploymentMode.DIRECT, status=Status.ACTIVE)
    employment.started_at, employment.profile_completed = timezone.now(), True
    _write(employment, work)
    tell(Event.EMPLOYMENT_STARTED, employment, by=by)

    update_profile(person, by=by, **{field: value for field, value in not_proved(person, about).items() if value})
    keep_items(person, items or {}, by=by, more=True)
    keep_photos(person, photos or {}, by=by)
    return employment


@transaction.atomic
def update_manager(
    employment: Employment,
    *,
    by: Actor,
    work: dict,
    about: dict,
    name: str = "",
    items: dict[str, list[dict]] | None = None,
    photos: dict[str, Photo] | None = None,
    seen: tuple[int, int] | None = None,
) -> Employment:
    """Change a registered manager by the same form; a worker becomes a manager by it (domain.md §11.12).

    `seen` are the versions of employment and person that the page showed (R-43)."""
    of_employment, of_person = seen or (None, None)
    person = lock(employment.person, seen=of_person)
    employment = held(employment, seen=of_employment)
    require(rules.may_keep_manager, by, employment)
    if not employment.employed:
        raise Refused("R-19")
    if employment.kind != Kind.MANAGER:
        check_registration(person.id_number.plain, by=by)
    kept = {"contact_phone": employment.contact_phone, "residence": person.residence}
    kept |= {"residence_detail": person.residence_detail}
    given = {**work, **about}
    _require_stars({field: given[field] or kept.get(field) for field in given}, only=given.keys())

    before, first = facts(employment), not employment.profile_completed
    employment.profile_completed = True
    _write(employment, work)
    tell_change(employment, first, before, by)
    if name:
        correct_typed_name(person, name, by=by)
    update_profile(person, by=by, **not_proved(person, {f: v for f, v in about.items() if v or f not in kept}))
    keep_items(person, items or {}, by=by)
    keep_photos(person, photos or {}, by=by)
    return employment


def require_free(person: Person, by: Actor) -> None:
    """R-04 or R-08 for what is open here, R-05 for another company, which is not named."""
    if existing := open_here(person.pk, by.company_id):
        raise Refused("R-04" if existing.employed else "R-08", field="number")
    if current_of(person.pk):
        raise Refused("R-05", field="number")


def _write(employment: Employment, work: dict) -> None:
    fill(employment, Kind.MANAGER, work)
    check(employment)
    employment.full_clean(exclude=["bank_card", "contact_phone"], validate_unique=False, validate_constraints=False)
    employment.save()


def _require_stars(given: dict, *, only=tuple(STARS)) -> None:
    """R-10 for every star that is empty, all at once."""
    empty = [refusal("R-10", label=STARS[field]) for field in STARS if field in only and not given.get(field)]
    if empty:
        raise RefusedAll(empty)
