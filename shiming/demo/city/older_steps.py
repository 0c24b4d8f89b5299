"""The steps of the older flows: the entry desk of a site [003], the firm that registers and allocates [000], the audit
of the implementing unit [004]."""

from uuid import uuid4

from shiming.assignment.models import Assignment
from shiming.core.actor import Actor, Right
from shiming.core.events import Event
from shiming.demo import invented
from shiming.demo.city.citizens import settle
from shiming.demo.city.life import Life
from shiming.demo.city.rows import chooser
from shiming.demo.city.steps import end_employment, fill_profile, leave, leave_automatically, open_stay
from shiming.devices.models import CardReading
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.presence.models import Stay
from shiming.projects import policies
from shiming.projects.policies import EmploymentMode

READER = "仿真阅读器"
RATINGS = {
    Stay.Rating.EXCELLENT: "技术熟练，服从安排",
    Stay.Rating.GOOD: "按时完成",
    Stay.Rating.FAIR: "",
    Stay.Rating.POOR: "多次未戴安全帽，屡教不改",
}
a_rating = chooser({Stay.Rating.EXCELLENT: 5, Stay.Rating.GOOD: 9, Stay.Rating.FAIR: 4, Stay.Rating.POOR: 1})
a_reason = chooser({"本工程劳务作业已完成": 4, "班组撤场": 3, "合同到期": 2})


def _read(life: Life) -> None:
    """Read the card at the desk, which verifies the identity, also of a person registered by typing."""
    by = life.site.contractor.pm if life.site.flow == policies.SITE_DIRECT.code else life.place.firm.hr
    if life.citizen is None:
        life.citizen = settle(life.ledger, life.someone, life.at, life.rng, submitted_on=None)
        life.tell(Event.PERSON_REGISTERED, life.citizen.person, by)
    person = life.citizen.person
    person.identity_status, person.identity_source = Person.Status.VERIFIED, Person.Source.READER
    person.verified_at = life.at
    reading = CardReading(person=person, event_id=str(uuid4()), way="a", reader=READER, kind="resident")
    reading.newly_verified, reading.operator, reading.role, reading.user_id = True, by.name, by.role.value, by.user_id
    reading.company_id, reading.project_id = by.company_id, by.project_id
    life.ledger.add(reading, life.at)
    life.tell(Event.PERSON_CARD_READ, person, by, reader=str(reading))
    life.tell(Event.PERSON_VERIFIED, person, by)


def _register_entry(life: Life) -> None:
    """Register at the entry desk: employment, allocation and stay begin together."""
    by = life.gatekeeper(Right.ENTRY)
    _employ(life, EmploymentMode.IMPLICIT, by)
    life.assignment = _assignment(life, by)
    open_stay(life, by, Stay.Method.FORM)


def _employ(life: Life, mode: str, by: Actor) -> None:
    row = Employment(person=life.citizen.person, company=life.place.firm.company, mode=mode)
    row.status, row.started_at = Employment.Status.ACTIVE, life.at
    row.contact_phone = life.someone.phone
    if mode == EmploymentMode.DIRECT:
        fill_profile(row, life.role, life.place, life.at, life.rng)
    else:
        row.kind, row.profile_completed = Employment.Kind.WORKER, True
        row.team = life.rng.choice(life.place.firm.crews) if life.place.firm.crews else None
        row.trade = row.team.trade if row.team else invented.trade(life.rng)
    life.employment = life.ledger.add(row, life.at)
    life.of_firm(Event.EMPLOYMENT_STARTED, by)


def _assignment(life: Life, by: Actor) -> Assignment:
    row = Assignment(
        person=life.citizen.person,
        employment=life.employment,
        participation=life.place.row,
        project=life.site.project,
        origin=Assignment.Origin.DIRECT_ENTRY,
        status=Assignment.Status.ACCEPTED,
        team=life.employment.team,
        trade=life.employment.trade,
        allocated_on=life.at.date(),
        confirmed_at=life.at,
        confirmed_by_id=by.user_id,
    )
    return life.ledger.add(row, life.at)


def _rate(life: Life) -> None:
    """Leave with 用工评价; an employment that began with the entry ends here."""
    leave(life)
    stay = life.stays[-1]
    stay.rating = a_rating(life.rng)
    stay.rating_note = RATINGS[stay.rating] if life.rng.random() < 0.6 else ""
    if life.employment.mode == EmploymentMode.IMPLICIT:
        end_employment(life, life.gatekeeper(Right.EXIT))


def _hire(life: Life) -> None:
    """基本信息登记 with a signed contract: employed at once."""
    _employ(life, EmploymentMode.DIRECT, life.place.firm.hr)


def _receive(life: Life) -> None:
    """进场人员确认 by the company above; the entry is on the same day."""
    by = life.site.above(life.place).pm
    life.assignment.status, life.assignment.confirmed_at = Assignment.Status.ACCEPTED, life.at
    life.assignment.confirmed_by_id, life.assignment.lodges_on_site = by.user_id, life.rng.random() < 0.55
    life.of_site(Event.ASSIGNMENT_ACCEPTED, by)
    open_stay(life, by, Stay.Method.ACCEPTANCE)


def _bind(life: Life) -> None:
    """Bind a hand-checked person: the company submits, the 实施单位 approves, the entry is on the same day."""
    by, firm, person = life.site.auditor, life.place.firm, life.citizen.person
    person.hand_checked_at = person.hand_checked_at or life.at
    life.assignment = row = _assignment(life, by)
    row.role, row.origin = life.role, Assignment.Origin.ALLOCATION
    row.submitted_at, row.submitted_by_id = life.at, firm.clerk.user_id
    life.of_site(Event.ASSIGNMENT_SUBMITTED, firm.clerk)
    life.of_site(Event.ASSIGNMENT_ACCEPTED, by)
    open_stay(life, by, Stay.Method.APPROVAL)


def _release(life: Life) -> None:
    """离职 by the company: employment and allocation end, and the stay closes on the same day."""
    hr, life.employment.end_reason = life.place.firm.hr, a_reason(life.rng)
    life.of_firm(Event.EMPLOYMENT_RELEASED, hr, reason=life.employment.end_reason)
    end_employment(life, hr)
    leave_automatically(life)


STEPS = {
    "read": _read, "register_entry": _register_entry, "rate": _rate, "hire": _hire, "receive": _receive,
    "release": _release, "bind": _bind,
}  # fmt: skip
