"""Employment implied by an entry that the site registered. Source: manual [003].

The entry starts an employment at the employer named; the last exit ends it.
"""

from django.db import transaction
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Refused
from shiming.core.events import Event
from shiming.employment import rules
from shiming.employment.commands.common import current_of, held, hold, open_here, tell
from shiming.employment.commands.leaving import end
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.projects.models import Team
from shiming.projects.policies import EmploymentMode

Status = Employment.Status


@transaction.atomic
def employ(
    person: Person,
    company: Company,
    *,
    by: Actor,
    trade: str,
    team: Team | None,
    is_leader: bool,
    phone: str = "",
    duty: str = "",
) -> Employment:
    """The firm's open employment of the person; else a new one that ends with the work on the site. `duty` makes a
    manager."""
    require(rules.may_employ_implicitly, by)
    person = hold(person)
    employment = open_here(person.pk, company.pk)
    if employment is None:
        employment = Employment(person=person, company=company, mode=EmploymentMode.IMPLICIT, status=Status.ACTIVE)
        employment.kind = Employment.Kind.MANAGER if duty else Employment.Kind.WORKER
        employment.duty, employment.profile_completed = duty, True
        employment.started_at = timezone.now()
    elif not employment.employed:
        raise Refused("R-08", field="number")
    new = employment._state.adding
    _write(employment, trade=trade, team=team, is_leader=is_leader, phone=phone)
    if new:
        tell(Event.EMPLOYMENT_STARTED, employment, by=by)
    return employment


@transaction.atomic
def correct(employment: Employment, *, by: Actor, trade: str, team: Team | None, is_leader: bool, phone: str = ""):
    """Change the site desk's own registration."""
    require(rules.may_employ_implicitly, by)
    employment = held(employment)
    _write(employment, trade=trade, team=team, is_leader=is_leader, phone=phone)
    return employment


@transaction.atomic
def end_if_idle(employment: Employment, *, by: Actor) -> None:
    """End an implied employment without an open allocation on any site; does nothing for other modes."""
    if employment.mode != EmploymentMode.IMPLICIT:
        return
    employment = held(employment)
    if employment.employed and not employment.assignments.filter(status__in=("draft", "pending", "accepted")).exists():
        end(employment, by=by)


def differs(person: Person, company: Company) -> bool:
    """W-02: the person is employed by another firm."""
    current = current_of(person.pk)
    return current is not None and current.company_id != company.pk


def _write(employment: Employment, *, trade, team, is_leader, phone) -> None:
    """Write the fields; in a firm's own employment fill only the empty ones."""
    own = employment.mode != EmploymentMode.IMPLICIT
    employment.trade = employment.trade if own and employment.trade else trade
    employment.team = employment.team if own and employment.team_id else team
    employment.is_leader = employment.is_leader or is_leader if own else is_leader
    if phone and not (own and employment.contact_phone):
        employment.contact_phone = phone
    employment.save()
