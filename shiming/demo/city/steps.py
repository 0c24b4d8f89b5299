"""The steps of a life: the changed rows, and the line of the trail."""

import random
from datetime import datetime, timedelta

from shiming.assignment.models import Assignment
from shiming.core.actor import Actor, Right, system
from shiming.core.events import Event
from shiming.demo import invented
from shiming.demo.city.citizens import settle
from shiming.demo.city.life import Life
from shiming.demo.city.plan import Place
from shiming.demo.city.rows import chooser
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.presence.models import Stay
from shiming.projects import policies

LEAVING = ("回乡秋收", "家中有事", "到外地工作", "身体原因")
DISMISSALS = ("本工程劳务作业已完成", "班组撤场", "连续多日未到岗")
FAILURES = ("证件照片不清晰，号码无法辨认", "姓名与号码不一致", "证件已过有效期")
a_certificate = chooser({"职业技能证": 6, "特种作业操作证": 3, "培训合格证": 5, "无证书": 8})


# identity


def _submit(life: Life) -> None:
    pending = {"identity_status": Person.Status.PENDING, "verified_at": None}
    life.citizen = settle(life.ledger, life.someone, life.at, life.rng, **pending)
    life.tell(Event.PERSON_SUBMITTED, life.citizen.person, life.himself)


def _verify(life: Life) -> None:
    life.citizen.person.identity_status, life.citizen.person.verified_at = Person.Status.VERIFIED, life.at
    life.tell(Event.PERSON_VERIFIED, life.citizen.person, system())


def _fail(life: Life) -> None:
    person = life.citizen.person
    person.identity_status, person.failure = Person.Status.FAILED, life.rng.choice(FAILURES)
    life.tell(Event.PERSON_FAILED, person, system(), reason=person.failure)


def _irregular(life: Life) -> None:
    unread = {"identity_status": Person.Status.UNVERIFIED, "identity_source": Person.Source.IRREGULAR}
    life.citizen = settle(life.ledger, life.someone, life.at, life.rng, verified_at=None, submitted_on=None, **unread)
    of_firm = life.site.flow == policies.TWO_TIER.code  # registration without a card; on a site, irregular registration
    life.tell(Event.PERSON_REGISTERED, life.citizen.person, life.place.firm.hr if of_firm else life.site.contractor.pm)


# employment


def _invite(life: Life) -> None:
    hr = life.place.firm.hr
    life.employment = Employment(person=life.citizen.person, company=life.place.firm.company, mode="invite")
    life.employment.status, life.employment.invited_at = Employment.Status.INVITED, life.at
    life.employment.invited_by_id, life.employment.expires_on = hr.user_id, life.at.date() + timedelta(days=30)
    life.ledger.add(life.employment, life.at)
    life.of_firm(Event.EMPLOYMENT_INVITED, hr)


def _confirm(life: Life) -> None:
    life.employment.status, life.employment.started_at = Employment.Status.ACTIVE, life.at
    life.of_firm(Event.EMPLOYMENT_CONFIRMED, life.himself)


def _decline(life: Life) -> None:
    life.employment.status = Employment.Status.DECLINED
    life.of_firm(Event.EMPLOYMENT_DECLINED, life.himself)


def _withdraw(life: Life) -> None:
    life.employment.status = Employment.Status.WITHDRAWN
    life.of_firm(Event.EMPLOYMENT_WITHDRAWN, life.place.firm.hr)


def _complete(life: Life) -> None:
    fill_profile(life.employment, life.role, life.place, life.at, life.rng)
    life.of_firm(Event.PROFILE_COMPLETED, life.place.firm.hr, kind=life.employment.get_kind_display())


def fill_profile(employment: Employment, role: str, place: Place, at: datetime, rng: random.Random) -> None:
    employment.profile_completed = True
    employment.contract_start, employment.contract_end = at.date(), at.date() + timedelta(days=365)
    employment.bank, employment.bank_card = invented.bank_card(rng)
    if role != Assignment.WORKER:
        employment.kind, employment.duty = Employment.Kind.MANAGER, role
        employment.title, employment.social_insurance = rng.choice(("助理工程师", "工程师", "")), "已参保"
        return
    employment.kind, employment.team = (
        Employment.Kind.WORKER,
        rng.choice(place.firm.crews) if place.firm.crews else None,
    )
    same = employment.team and rng.random() < 0.7
    employment.trade = employment.team.trade if same else invented.trade(rng)
    employment.day_rate = invented.day_rate(rng, employment.trade)
    employment.certificate_type = a_certificate(rng)
    employment.is_temporary, employment.is_safety_assistant = rng.random() < 0.08, rng.random() < 0.04


def _ask_leave(life: Life) -> None:
    reason = life.rng.choice(LEAVING)
    life.employment.leave_requested_at, life.employment.leave_reason = life.at, reason
    life.of_firm(Event.LEAVE_REQUESTED, life.himself, reason=reason)


def _grant_leave(life: Life) -> None:
    life.of_firm(Event.LEAVE_APPROVED, life.place.firm.hr)
    end_employment(life, life.place.firm.hr)


def _dismiss(life: Life) -> None:
    life.employment.dismissal_at, life.employment.end_reason = life.at, life.rng.choice(DISMISSALS)
    life.of_firm(Event.DISMISSAL_PROPOSED, life.place.firm.hr, reason=life.employment.end_reason)


def _agree(life: Life) -> None:
    """Accept the dismissal: the allocation ends and the stay closes on the same day."""
    life.of_firm(Event.DISMISSAL_ACCEPTED, life.himself)
    end_employment(life, life.himself)
    leave_automatically(life)


def end_employment(life: Life, by: Actor) -> None:
    life.employment.status, life.employment.ended_at = Employment.Status.ENDED, life.at
    life.of_firm(Event.EMPLOYMENT_ENDED, by)


# allocation and stays


def _allocate(life: Life) -> None:
    if life.stays:  # a second site of the same firm
        sites = [site for site in life.plan.sites if site.flow == life.site.flow]
        others = [each for site in sites for each in site.labour if each.firm is life.place.firm]
        open_ones = [each for each in others if each.site.project.status == "open" and each.filing.status == "filed"]
        life.place = life.rng.choice([each for each in open_ones if each is not life.place] or [life.place])
    hr = life.place.firm.hr
    life.assignment = Assignment(
        person=life.citizen.person,
        employment=life.employment,
        participation=life.place.row,
        project=life.site.project,
        role=life.role,
        team=life.employment.team,
        trade=life.employment.trade,
        allocated_on=life.at.date(),
        allocated_by_id=hr.user_id,
    )
    life.ledger.add(life.assignment, life.at)
    life.of_site(Event.ASSIGNMENT_PROPOSED, hr)


def _draft(life: Life) -> None:
    """Leave a draft from the 项目二维码 that the company has not submitted."""
    _allocate(life)
    if life.ledger.trail:
        life.ledger.trail.pop()
    life.of_site(Event.ASSIGNMENT_DRAFTED, life.place.firm.hr)
    life.assignment.status, life.assignment.origin = Assignment.Status.DRAFT, Assignment.Origin.QR


def _accept(life: Life) -> None:
    by = life.site.contractor.pm
    life.assignment.status, life.assignment.confirmed_at = Assignment.Status.ACCEPTED, life.at
    life.assignment.confirmed_by_id, life.assignment.lodges_on_site = by.user_id, life.rng.random() < 0.55
    life.of_site(Event.ASSIGNMENT_ACCEPTED, by)


def _remove(life: Life) -> None:
    life.assignment.status, life.assignment.ended_at = Assignment.Status.REMOVED, life.at
    life.of_site(Event.ASSIGNMENT_REMOVED, life.place.firm.hr)


def _enter(life: Life) -> None:
    by = life.gatekeeper(Right.ENTRY)
    method = Stay.Method.SCAN if life.role == Assignment.WORKER else Stay.Method.FORM
    if life.rng.random() < 0.1:
        method = Stay.Method.BATCH
    open_stay(life, by, method)


def open_stay(life: Life, by: Actor, method: str) -> None:
    stay = Stay.of(
        life.assignment,
        entered_on=life.at.date(),
        entered_at=life.at,
        entered_by_id=by.user_id,
        method=method,
    )
    life.stays.append(life.ledger.add(stay, life.at))
    life.of_stay(Event.STAY_OPENED, by, method=stay.get_method_display())


def leave(life: Life) -> None:
    by, stay = life.gatekeeper(Right.EXIT), life.stays[-1]
    stay.exited_on, stay.exited_at, stay.exited_by_id = life.at.date(), life.at, by.user_id
    life.of_stay(Event.STAY_CLOSED, by)
    end_assignment(life, by, "退场")


def leave_automatically(life: Life) -> None:
    """End the allocation with the employment, and close the stay on the same day."""
    end_assignment(life, system(), "聘用结束")
    stay = life.stays[-1]
    stay.exited_on, stay.exited_at, stay.auto = life.at.date(), life.at, True
    life.of_stay(Event.STAY_CLOSED_BY_END, system(), reason="聘用结束")


def end_assignment(life: Life, by: Actor, reason: str) -> None:
    life.assignment.status, life.assignment.ended_at = Assignment.Status.ENDED, life.at
    life.of_site(Event.ASSIGNMENT_ENDED, by, reason=reason)


STEPS = {
    "submit": _submit, "verify": _verify, "fail": _fail, "irregular": _irregular,
    "invite": _invite, "confirm": _confirm, "decline": _decline, "withdraw": _withdraw, "complete": _complete,
    "ask_leave": _ask_leave, "grant_leave": _grant_leave, "dismiss": _dismiss, "agree": _agree,
    "allocate": _allocate, "draft": _draft, "accept": _accept, "remove": _remove,
    "enter": _enter, "exit": leave,
}  # fmt: skip
