"""The entry desk ([003] 现场直接登记): entry without a scan, correction and undo of a registration."""

from dataclasses import dataclass, field, replace
from datetime import date, time

from django.db import transaction
from django.utils import timezone

from shiming.assignment import commands as assignment_commands
from shiming.assignment.models import Assignment
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Invalid, Refused, RefusedAll, missing, together
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.refusals import Refusal, refusal
from shiming.employment.commands import implicit
from shiming.people.commands import limited
from shiming.people.commands.checks import checked_phone, require_same_name
from shiming.people.commands.desk import note_education, register_irregular, registered
from shiming.people.models import Person
from shiming.presence import rules
from shiming.presence.commands import moment, note_refusal, open_stay, undo_entry
from shiming.presence.eligibility import ADULT, EARLIER, facts_for, judge, warnings
from shiming.presence.models import Stay
from shiming.projects.commands.desk_teams import team_led_by, team_led_from_outside
from shiming.projects.flows import enters_by_form
from shiming.projects.models import Participation, Team
from shiming.projects.queries import policy_of


@dataclass(frozen=True, slots=True)
class Work:
    """The work data (用工信息) of a registration; `position` in place of the trade makes a manager."""

    trade: str
    education: str
    on: date | None = None
    phone: str = ""
    is_leader: bool = False
    team: Team | None = None
    off_site_leader: str = ""
    position: str = ""

    @property
    def day(self) -> date:
        return self.on or timezone.localdate()


@dataclass(frozen=True, slots=True)
class Registered:
    stay: Stay
    person: Person
    warnings: list[Refusal] = field(default_factory=list)


class Turned(RefusedAll):
    """The refusals of the entry checks for a registered worker."""

    def __init__(self, reasons, person_id):
        super().__init__(reasons)
        self.person_id = person_id


@limited
def register(
    place: Participation, work: Work, *, by: Actor, number: str | Person, name: str = "", card: dict | None = None
):
    """S1: the entry creates allocation and employment (A9).

    `number` is the person after a card was read. With `card` (typed card data) the registration is irregular, and the
    worker stays without a verified identity.
    """
    try:
        return _register(place, work, by, number, name, card)
    except Turned as turned:
        if facts := facts_for(turned.person_id, place.project_id):  # None for a new worker, whose row was rolled back
            with transaction.atomic():
                note_refusal(facts, turned.refusals, by)
        raise


@transaction.atomic
def change(stay: Stay, work: Work, *, by: Actor, seen: int | None = None) -> Stay:
    """Correct the registration of a worker on site. `seen` is the version of the allocation that was shown (R-43)."""
    person, project = stay.person, stay.project
    assignment = lock(stay.assignment, seen=seen)
    stay = lock(stay)
    require(rules.may_enter, by, assignment)
    _require_form(project)
    if not stay.on_site:
        raise Refused("R-32")
    kept = assignment.employment.contact_phone
    work = checked(work, phone_known=bool(kept))
    before = _shown(stay, assignment, person)

    team = _team(assignment.participation, work, person, by)
    if work.day != stay.entered_on:
        _move(stay, assignment, work.day, person)
    note_education(person, work.education, by=by)
    employment = implicit.correct(
        assignment.employment, by=by, trade=work.trade, team=team, is_leader=work.is_leader, phone=work.phone
    )
    assignment.team, assignment.trade, assignment.employment = team, work.trade, employment
    assignment.save()
    stay.team, stay.trade = team, work.trade
    stay.save()

    _record_change(stay, assignment, person, project, before, by)
    return stay


@transaction.atomic
def undo(stay: Stay, *, by: Actor) -> None:
    """As `undo_entry`; the allocation and employment created by the registration end as well."""
    assignment = stay.assignment
    undo_entry(stay, by=by, what="登记")
    if assignment.origin == Assignment.Origin.DIRECT_ENTRY:
        assignment_commands.end(assignment, reason="撤销登记", by=by)


@transaction.atomic
def _register(place, work: Work, by: Actor, number: str | Person, name: str, card: dict | None) -> Registered:
    require(rules.may_register_entry, by, place)
    _require_form(place.project)
    person = register_irregular(number=number, name=name, by=by, **card) if card is not None else registered(number)
    if name:
        require_same_name(person, name)
    work = checked(work)
    if Stay.objects.filter(person=person, project=place.project_id, exited_on=None).exists():
        raise Turned([refusal("R-22")], person.pk)

    differs = implicit.differs(person, place.company)
    if differs and policy_of(place.project).single_employer:
        raise Turned([refusal("R-05")], person.pk)
    team = _team(place, work, person, by)
    employment = implicit.employ(
        person,
        place.company,
        by=by,
        trade=work.trade,
        team=team,
        is_leader=work.is_leader,
        phone=work.phone,
        duty=work.position,
    )
    employment.person = person
    given = {"team": team, "trade": work.trade, "on": work.day, "role": work.position or Assignment.WORKER}
    assignment_commands.allocate_directly(employment, place, **given, by=by)
    facts = facts_for(person.pk, place.project_id, work.day, hold=True)
    if reasons := judge(facts, work.day):
        raise Turned(reasons, person.pk)
    stay = open_stay(facts, Stay.Method.FORM, by, work.day, None)
    note_education(person, work.education, by=by)

    return Registered(stay, person, [*([refusal("W-02")] if differs else []), *warnings(facts, work.day)])


def checked(work: Work, *, phone_known: bool = False) -> Work:
    """R-10 for trade or position and education, R-12 for a leader without a phone number, R-13 for a wrong one."""
    together(
        lambda: _filled(work.position or work.trade, "从事主要工种", "trade"),
        lambda: _filled(work.education, "文化程度", "education"),
        lambda: check_phone(work.phone, is_leader=work.is_leader and not phone_known),
    )
    return replace(work, phone=checked_phone(work.phone)) if work.phone else work


def check_phone(phone: str, *, is_leader: bool) -> None:
    if phone:
        checked_phone(phone)
    elif is_leader:
        raise Refused("R-12", field="phone")


def check_day(day: date) -> None:
    if day > timezone.localdate():
        raise Refused("R-45", problem="晚于今天", field="on")


def _filled(value: str, label: str, name: str) -> None:
    if not value:
        raise missing(label, name)


def _team(place: Participation, work: Work, person: Person, by: Actor) -> Team | None:
    if work.is_leader:
        return team_led_by(place.company, person, trade=work.trade, by=by)
    if work.off_site_leader:
        return team_led_from_outside(place.company, work.off_site_leader, trade=work.trade, by=by)
    if work.team and work.team.company_id != place.company_id:
        raise Invalid("所选劳务队长不属于该用人单位", next_step="选择该用人单位的劳务队长", field="team")
    return work.team


def _require_form(project) -> None:
    if not enters_by_form(policy_of(project)):
        raise Invalid("本项目不用现场直接登记", next_step="请按本项目的用工流程办理进场")


def _move(stay: Stay, assignment: Assignment, day: date, person: Person) -> None:
    """A corrected day of entry passes the same checks as the first: R-45, R-46."""
    check_day(day)
    others = Stay.objects.filter(person=person, project=stay.project_id).exclude(pk=stay.pk)
    if others.filter(exited_on__gt=day).exists():
        raise Refused("R-45", problem=EARLIER, field="on")
    if person.age_on(day) < ADULT:
        raise Refused("R-46", field="on")
    stay.entered_on, stay.entered_at = day, moment(day, time.min)
    assignment.allocated_on = min(assignment.allocated_on, day)


def _shown(stay: Stay, assignment: Assignment, person: Person) -> dict[str, str]:
    employment = assignment.employment
    return {
        "从事主要工种": assignment.trade,
        "文化程度": person.education,
        "劳务队长": str(assignment.team or ""),
        "是否劳务队长": "是" if employment.is_leader else "否",
        "手机号": str(employment.contact_phone or ""),
        "进场日期": f"{stay.entered_on}",
    }


def _record_change(stay, assignment, person, project, before, by) -> None:
    now = _shown(stay, assignment, Person.objects.get(pk=person.pk))
    changed = [label for label in now if now[label] != before[label]]
    if not changed:
        return
    record(
        Event.STAY_CHANGED,
        stay,
        by=by,
        company_id=stay.company_id,
        person=person,
        project=project,
        fields="、".join(changed),
        before={label: before[label] for label in changed},
        after={label: now[label] for label in changed},
    )
