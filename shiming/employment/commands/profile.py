"""E7: the work data of an employment. Allocations require complete data; the trail keeps replaced values."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Invalid, Refused, together
from shiming.core.events import Event
from shiming.employment import rules
from shiming.employment.commands.common import held, tell
from shiming.employment.models import Employment
from shiming.people.commands.checks import checked_phone
from shiming.projects.commands.desk_teams import team_led_by
from shiming.projects.models import Team

COMMON = ("contract_start", "contract_end", "is_temporary", "day_rate", "bank", "bank_card", "contact_phone")
FIELDS = {
    Employment.Kind.WORKER: ("trade", "certificate_type", "is_leader", "team", "is_safety_assistant", *COMMON, "duty"),
    Employment.Kind.MANAGER: ("duty", "title", "social_insurance", "certificate_type", *COMMON),
}
EVERY = tuple(dict.fromkeys(name for names in FIELDS.values() for name in names))
EMPTY = {name: Employment._meta.get_field(name).get_default() for name in EVERY}
MANDATORY = {Employment.Kind.WORKER: "trade", Employment.Kind.MANAGER: "duty"}
# Empty input keeps these values: the page shows them masked and cannot send them back.
KEPT_WHEN_EMPTY = ("bank_card", "contact_phone")


@transaction.atomic
def complete_profile(employment: Employment, *, kind: str, by: Actor, seen: int | None = None, **fields) -> Employment:
    """E7: set the kind, worker or manager, and its data. `seen` is the version on the page (R-43)."""
    employment = held(employment, seen=seen)
    require(rules.may_manage, by, employment)
    if not employment.employed:
        raise Refused("R-19")
    before = facts(employment)
    fill(employment, Employment.Kind(kind), fields)
    check(employment)
    lead_own_team(employment, by)
    first = not employment.profile_completed
    employment.profile_completed = True
    employment.full_clean(exclude=["bank_card", "contact_phone"], validate_unique=False, validate_constraints=False)
    employment.save()

    tell_change(employment, first, before, by)
    return employment


def luhn(number: str) -> bool:
    """The check digit of a bank card. Used for a warning only: not every bank's cards follow it."""
    digits = [int(character) for character in number if character.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return len(digits) > 11 and (sum(digits[::-2]) + sum(doubled)) % 10 == 0


def fill(employment: Employment, kind: str, fields: dict) -> None:
    """Set the given fields and clear those of the other kind: a manager has no trade, and a duty or certificate belongs
    to the kind it was given for."""
    if unknown := fields.keys() - EMPTY.keys():
        raise TypeError(f"complete_profile() 没有 {', '.join(sorted(unknown))}")
    switches, employment.kind = employment.kind not in ("", kind), kind
    for name in EVERY:
        if name not in FIELDS[kind] or (switches and name not in (*COMMON, *fields)):
            setattr(employment, name, EMPTY[name])
        elif name in fields and (fields[name] or name not in KEPT_WHEN_EMPTY):
            setattr(employment, name, fields[name])


def check(employment: Employment, *, needs_team: bool = True) -> None:
    """R-10 for trade or duty, R-14 and R-12 for the leader, R-13 for the phone, R-11 for the dates of the contract."""
    in_a_team = employment.kind == Employment.Kind.WORKER and needs_team
    together(
        lambda: _check_work(employment),
        lambda: _check_phone(employment, is_leader=in_a_team and employment.is_leader),
        lambda: in_a_team and _check_team(employment),
        lambda: check_contract(employment.contract_start, employment.contract_end),
        lambda: check_day_rate(employment.day_rate),
    )


def _check_work(employment: Employment) -> None:
    needed = MANDATORY[employment.kind]
    if not getattr(employment, needed):
        raise Refused("R-10", label=Employment._meta.get_field(needed).verbose_name, field=needed)


def _check_phone(employment: Employment, *, is_leader: bool) -> None:
    if employment.contact_phone:
        employment.contact_phone = checked_phone(employment.contact_phone.plain, "contact_phone")
    elif is_leader and not employment.person.phone:
        raise Refused("R-12", field="contact_phone")


def _check_team(employment: Employment) -> None:
    if employment.team and employment.team.company_id != employment.company_id:
        raise Refused("R-14", field="team")
    check_leader(employment.is_leader, employment.team, employment.company_id)


def check_leader(is_leader: bool, team: Team | None, company_id: UUID) -> None:
    """R-14; the first workers of a firm that has no team yet need none."""
    if not is_leader and team is None and Team.objects.filter(company=company_id, closed_on=None).exists():
        raise Refused("R-14", field="team")


def check_contract(start: date | None, end: date | None) -> None:
    if start and end and end < start:
        raise Refused("R-11", field="contract_end")


def check_day_rate(rate: Decimal | None) -> None:
    if rate is not None and rate < 0:
        raise Invalid("点工日工资不能小于 0", field="day_rate")


def lead_own_team(employment: Employment, by: Actor) -> None:
    """Give a leader without a team a new team, which other workers can then choose."""
    if employment.is_leader and employment.team is None:
        employment.team = team_led_by(employment.company, employment.person, trade=employment.trade, by=by)


def facts(employment: Employment) -> dict[str, str]:
    """The filled fields as printed: card and phone masked."""
    return {name: str(value) for name in ("kind", *EVERY) if (value := getattr(employment, name)) not in (None, "")}


def tell_change(employment: Employment, first: bool, before: dict, by: Actor) -> None:
    now = facts(employment)
    changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    if first:
        tell(Event.PROFILE_COMPLETED, employment, by=by, kind=employment.get_kind_display())
    elif changed:
        labels = "、".join(str(Employment._meta.get_field(name).verbose_name) for name in changed)
        then, after = ({name: values.get(name, "") for name in changed} for values in (before, now))
        tell(Event.PROFILE_CHANGED, employment, by=by, fields=labels, before=then, after=after)
